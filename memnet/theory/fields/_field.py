"""Mean fields: one equation for the mean state <g> of a network in place of one for every junction."""

from __future__ import annotations

import itertools
import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from memnet.base import check, docstrings
from memnet.base.arrays import Floats
from memnet.devices import Device
from memnet.network import Network
from memnet.theory.fields import _integration as integration
from memnet.theory.fields._drives import Drive, as_function

if TYPE_CHECKING:
    import xarray as xr

# A number, or an array of numbers of any shape; `check.numeric_arguments` makes a float64 array of the latter.
Numbers: TypeAlias = Any

UNITS = {"current": "A", "voltage": "V", "effective": "V"}


@dataclass(frozen=True)
class FixedPoint:
    """An equilibrium of the mean field: where <g> rests, and whether it comes back after a push.

    Attributes
    ----------
    g : float
        The state <g>.
    stable : bool
        Whether it comes back.

    Examples
    --------
    >>> import memnet as mn
    >>> field = mn.theory.LinearDriftField(drive="voltage", strength=1.0, decay=2.0, r_off=1.0, chi=0.8)
    >>> field.fixed_points(0.5)[-1]
    FixedPoint(g=1.0, stable=True)
    """

    g: float
    stable: bool


@dataclass(frozen=True, kw_only=True)
class Junctions:
    """The equal junctions of a network between two electrodes, of which a mean field is made.

    Attributes
    ----------
    net, device, drive
        As `mean_field` takes them.
    share : float
        Mean branch voltage per volt between the electrodes.
    gain : float
        Conductance of the network over that of a junction.
    against : bool
        Whether an edge points from the drain to the source.
    length : float or None
        Length of every gap (pd) where it was given.
    clamp : bool
        Whether a hillock stops where its device stops it.
    """

    net: Network
    device: Device
    drive: str
    share: float
    gain: float
    against: bool
    length: float | None
    clamp: bool

    def number(self, name: str) -> float:
        """Return a parameter of the device that has one value for all edges."""
        value = self.device.parameters[name]
        varies = any(name in one.parameters or name in one.per_cycle for one in self.device.variations)
        if np.ndim(value) != 0 or varies:
            raise ValueError(f"{self.device.model}.{name} must be one number for a mean field, got one for each edge")
        return float(value)


@dataclass(frozen=True, kw_only=True)
class MeanField(ABC):
    """d<g>/dt = rate(<g>, u) for a drive u; one subclass a device model.

    The drive is a current through the network (A), the voltage applied to it (V), or the voltage of the paper's
    effective equation (V). Its sign matters to linear drift only. Every rate grows with the drive, so the equilibria
    are one curve, `drive_at`: an equilibrium is stable where that curve rises.

    Attributes
    ----------
    drive : {"current", "voltage", "effective"}
        What drives the network; "effective" has the equation of "current" with the voltage in the current's place.
    scale : float
        Mean branch voltage per drive with every junction at <g> = 0 (V/A or 1).
    gain : float
        Conductance of the network over that of its junctions, where all are equal: (1 - Omega) / Omega of the source.

    Raises
    ------
    TypeError, ValueError
        A parameter out of its range, an unknown keyword.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.Network(3, [(0, 1), (1, 2)], electrodes={"in": 0, "out": 2})
    >>> field = mn.theory.mean_field(net, mn.RateBalance(g_min=1e-3, g_max=1e-1), drive="current")
    >>> isinstance(field, mn.theory.MeanField), field.gain
    (True, 0.5)
    >>> field.lower, field.upper, field.bounded
    (0.0, 1.0, True)
    >>> [round(float(f(0.5)), 6) for f in (field.conductance, field.drive_at, field.drive_slope)]
    [0.02525, 0.011628, 0.032896]
    >>> round(float(field.rate(0.5, 0.0)), 6), round(field.step(0.5, 0.0, 1.0), 6)
    (-0.02475, 0.475865)
    """

    # The device model that the equation belongs to: its law stands in csrc/devices, and tests/test_theory_mean_field.py
    # compares the steps of both. A subclass that names none is not found by `mean_field`.
    _model: ClassVar[str] = ""

    drive: str = "effective"
    scale: float = 1.0
    gain: float = 1.0

    def __init_subclass__(cls) -> None:
        docstrings.inherit(cls)

    def __post_init__(self) -> None:
        check.one_of("drive", self.drive, UNITS)
        check.real("scale", self.scale, 0.0, math.inf, "()")
        check.real("gain", self.gain, 0.0, math.inf, "()")

    # ------------------------------------------------------------ what a model says

    @classmethod
    def _of(cls, junctions: Junctions) -> MeanField:
        """Return the field of a network's junctions, or raise ValueError where their parameters have none."""
        raise NotImplementedError

    @property
    def lower(self) -> float:
        """Smallest state."""
        return 0.0

    @property
    def upper(self) -> float:
        """Largest state: the clamp, or where the equation ends."""
        return 1.0

    @property
    def bounded(self) -> bool:
        """Whether the state is held at `upper`; else the equation runs into a singularity beyond it."""
        return True

    @abstractmethod
    def rate(self, g: Numbers, u: Numbers) -> Any:
        """Return d<g>/dt (1/s) at states and drives.

        Parameters
        ----------
        g : float or ndarray
            States <g>.
        u : float or ndarray
            Drives (A or V, see `drive`), of a shape that broadcasts with g's.

        Returns
        -------
        float or ndarray
            In 1/s.
        """

    @abstractmethod
    def conductance(self, g: Numbers) -> Any:
        """Return the conductance of the network (S) at states <g>.

        Parameters
        ----------
        g : array_like
            States <g>.

        Returns
        -------
        float or ndarray
            In S, of g's shape.
        """

    @abstractmethod
    def drive_at(self, g: Numbers) -> Any:
        """Return the drive at which <g> is an equilibrium; below 0 where none is.

        Parameters
        ----------
        g : array_like
            States <g>.

        Returns
        -------
        float or ndarray
            In A or V, of g's shape.
        """

    @abstractmethod
    def drive_slope(self, g: Numbers) -> Any:
        """Return the derivative of `drive_at`.

        Parameters
        ----------
        g : array_like
            States <g>.

        Returns
        -------
        float or ndarray
            In A or V per unit of <g>, of g's shape.
        """

    @abstractmethod
    def step(self, g: float, u: float, dt: float) -> float:
        """Return the state after one step of the device model, its branch voltage held at the step's start.

        Parameters
        ----------
        g : float
            The state <g> before.
        u : float
            The drive (A or V).
        dt : float
            Time step (s).

        Returns
        -------
        float
            The state after, in [lower, upper].
        """

    # ------------------------------------------------------------ what follows

    @check.known_keywords
    def potential(self, g: ArrayLike, u: float) -> Floats:
        """Return V(<g>) - V(lower) with d<g>/dt = -dV/d<g> (1/s), by quadrature unless the model has a closed form.

        Parameters
        ----------
        g : array_like
            States, in [lower, upper]; of a hillock in [0, 1), whatever the clamp.
        u : float
            The drive (A or V).

        Returns
        -------
        ndarray
            In 1/s, of g's shape.

        Raises
        ------
        TypeError, ValueError
            States or a drive that are no finite numbers, or states out of range.

        Examples
        --------
        >>> import memnet as mn
        >>> field = mn.theory.LinearDriftField(drive="voltage", strength=1.0, decay=2.0, r_off=1.0, chi=0.8)
        >>> field.potential([0.0, 0.3, 1.0], 0.5).round(4)
        array([ 0.    , -0.0815, -0.0059])
        """
        from scipy.integrate import quad

        u = check.real("u", u)
        states = self._states(g)
        order = np.argsort(states, axis=None)
        result = np.empty(states.size)
        at, total = self.lower, 0.0
        for k in order:
            here = float(states.flat[k])
            total -= quad(self.rate, at, here, args=(u,), epsabs=0.0, epsrel=1e-12, limit=200)[0]
            at = here
            result[k] = total
        return result.reshape(states.shape)

    def turning_points(self) -> list[tuple[float, float]]:
        """Return (g, drive) of every fold, where a stable and an unstable equilibrium meet, in order of g.

        Found as roots of `drive_slope`, between neighbours of a fine grid where it changes sign.

        Returns
        -------
        list of (float, float)
            <g> and the drive (A or V) of each; empty where the transition is continuous.

        Examples
        --------
        Linear drift under a voltage folds at 1 / (2 chi).

        >>> import memnet as mn
        >>> field = mn.theory.LinearDriftField(drive="voltage", strength=1.0, decay=2.0, r_off=1.0, chi=0.8)
        >>> field.turning_points()
        [(0.625, 0.625)]
        """
        from scipy.optimize import brentq

        grid = self._grid()
        slope = np.sign(self.drive_slope(grid))
        found = []
        for k in np.flatnonzero(slope[:-1] * slope[1:] < 0):
            g = float(brentq(self.drive_slope, grid[k], grid[k + 1], xtol=1e-15, rtol=1e-14))
            found.append((g, float(self.drive_at(g))))
        found += [(float(g), float(self.drive_at(g))) for g in grid[1:-1][slope[1:-1] == 0]]
        return sorted(found)

    @check.known_keywords
    def fixed_points(self, u: float) -> list[FixedPoint]:
        """Return the equilibria at a drive, in order of g; an end where the state is held counts as a stable one.

        Parameters
        ----------
        u : float
            The drive (A or V); its sign counts for linear drift only.

        Returns
        -------
        list of FixedPoint
            Empty where the equation runs into its singularity.

        Raises
        ------
        TypeError, ValueError
            A drive that is no finite number.

        Examples
        --------
        >>> import memnet as mn
        >>> field = mn.theory.LinearDriftField(drive="voltage", strength=1.0, decay=2.0, r_off=1.0, chi=0.8)
        >>> [(round(point.g, 3), point.stable) for point in field.fixed_points(0.5)]
        [(0.345, True), (0.905, False), (1.0, True)]
        """
        from scipy.optimize import brentq

        u = abs(check.real("u", u))
        ends = [self.lower, *(g for g, _ in self.turning_points()), self._top()]
        found = []
        for low, high in itertools.pairwise(ends):
            at_low, at_high = float(self.drive_at(low)) - u, float(self.drive_at(high)) - u
            if at_low == 0.0:
                found.append(FixedPoint(low, at_high > at_low))
            elif at_low * at_high < 0.0:
                g = float(brentq(lambda x: float(self.drive_at(x)) - u, low, high, xtol=1e-16, rtol=1e-14))
                found.append(FixedPoint(g, at_high > at_low))
        if self.bounded and float(self.drive_at(self.upper)) <= u:
            found.append(FixedPoint(self.upper, True))
        return found

    def bistable_region(self) -> tuple[float, float] | None:
        """Return the drives between which two stable equilibria exist, or None where there are none.

        None, too, where nothing stops the state (a hillock without the clamp): what lies beyond the fold is a runaway,
        not an equilibrium.

        Returns
        -------
        (float, float) or None
            The lower and the upper drive (A or V).

        Examples
        --------
        >>> import memnet as mn
        >>> field = mn.theory.HillockField(strength=1.0, tau=1.0, a=1.0, clamp=0.7)
        >>> low, high = field.bistable_region()
        >>> round(low, 4), round(high, 4)
        (0.4229, 0.438)
        """
        folds = [u for _, u in self.turning_points()]
        upward = max(folds, default=math.nan)
        # The end where the state is held is an equilibrium from here on.
        held = [max(float(self.drive_at(self.upper)), 0.0)] if self.bounded else []
        downward = min([u for u in [*folds, *held] if u < upward], default=math.nan)
        return None if math.isnan(downward) else (downward, upward)

    def jump(self) -> tuple[float, float] | None:
        """Return <g> just before and after the jump on a rising drive, or None where the transition is continuous.

        After is nan where nothing stops the state: the equation runs into its singularity.

        Returns
        -------
        (float, float) or None
            <g> at the last fold, and the stable state that a slightly larger drive leads to.

        Examples
        --------
        >>> import memnet as mn
        >>> field = mn.theory.LinearDriftField(drive="voltage", strength=1.0, decay=2.0, r_off=1.0, chi=0.8)
        >>> field.jump()
        (0.625, 1.0)
        """
        folds = self.turning_points()
        if not folds:
            return None
        g, u = max(folds, key=lambda fold: fold[1])
        above = [point.g for point in self.fixed_points(u * (1.0 + 1e-9)) if point.stable and point.g > g]
        return g, min(above) if above else math.nan

    @check.known_keywords
    def switching_drive(self, g: float | None = None) -> float:
        """Return the drive at which the potential's minimum passes a state, or at which the lower branch ends before.

        Parameters
        ----------
        g : float, optional
            The state that separates low from high; default: the middle of the range.

        Returns
        -------
        float
            In A or V.

        Raises
        ------
        TypeError, ValueError
            A state that is no number between lower and upper.

        Examples
        --------
        >>> import memnet as mn
        >>> field = mn.theory.LinearDriftField(drive="voltage", strength=1.0, decay=2.0, r_off=1.0, chi=0.8)
        >>> field.switching_drive(), field.switching_drive(0.9)
        (0.6, 0.625)
        """
        g = 0.5 * (self.lower + self._top()) if g is None else check.real("g", g, self.lower, self.upper)
        folds = [u for at, u in self.turning_points() if at <= g]
        return max([float(self.drive_at(g)), *folds])

    @check.known_keywords
    def bifurcation(self, u: ArrayLike) -> xr.Dataset:
        """Return every equilibrium over a range of drives, and where a slow sweep up and down rests.

        Parameters
        ----------
        u : array_like, (n,)
            Drives (A or V), ascending.

        Returns
        -------
        xarray.Dataset
            ``equilibrium`` and ``stable`` (drive, branch), nan where there are fewer; ``up`` and ``down`` (drive), the
            state of a sweep, nan where it runs away; ``conductance_up``, ``conductance_down`` (S).

        Raises
        ------
        TypeError, ValueError
            Drives that are no finite numbers or do not ascend.

        Examples
        --------
        >>> import memnet as mn
        >>> field = mn.theory.LinearDriftField(drive="voltage", strength=1.0, decay=2.0, r_off=1.0, chi=0.8)
        >>> found = field.bifurcation([0.2, 0.5, 0.7])
        >>> found["up"].to_numpy().round(3), found["down"].to_numpy().round(3)
        (array([0.11 , 0.345, 1.   ]), array([0.11, 1.  , 1.  ]))
        """
        import xarray as xr

        drives = check.array("u", u, (None,))
        if (np.diff(drives) <= 0).any():
            raise ValueError("u must ascend")
        points = [self.fixed_points(float(x)) for x in drives]
        width = max([1, *map(len, points)])
        g = np.full((len(drives), width), np.nan)
        stable = np.zeros((len(drives), width), dtype=bool)
        for k, row in enumerate(points):
            g[k, : len(row)] = [point.g for point in row]
            stable[k, : len(row)] = [point.stable for point in row]
        up, down = _sweep(points, self.lower, self._top()), _sweep(points[::-1], self._top(), self._top())[::-1]
        data = {
            "equilibrium": (("drive", "branch"), g),
            "stable": (("drive", "branch"), stable),
            "up": ("drive", up),
            "down": ("drive", down),
            "conductance_up": ("drive", self.conductance(up), {"units": "S"}),
            "conductance_down": ("drive", self.conductance(down), {"units": "S"}),
        }
        return xr.Dataset(data, {"drive": ("drive", drives, {"units": UNITS[self.drive]})}, {"drive_kind": self.drive})

    @check.known_keywords
    def integrate(
        self,
        time: ArrayLike,
        drive: Drive,
        *,
        g0: float | None = None,
        method: str = "ode",
        breaks: Sequence[float] = (),
        rtol: float = 1e-10,
        atol: float = 1e-13,
    ) -> xr.Dataset:
        """Return <g> and the conductance over time.

        Parameters
        ----------
        time : array_like, (n,)
            Times of the result (s), ascending; the state is `g0` at the first.
        drive : float, waveform, callable or array_like, (n,)
            A or V over time. An array holds each value from its time to the next one.
        g0 : float, optional
            State at the first time (lower to upper); default: the lowest equilibrium without drive.
        method : {"ode", "steps"}
            The differential equation (LSODA of SciPy, restarted wherever the drive jumps), or the step rule of the
            device model from each time to the next, which is what `Simulation` takes.
        breaks : sequence of float
            Times at which a callable jumps (s).
        rtol, atol : float
            Tolerances of the integrator.

        Returns
        -------
        xarray.Dataset
            ``g``, ``conductance`` (S) and ``drive`` over ``time``.

        Raises
        ------
        TypeError, ValueError
            Times that do not ascend, an array of another length, a callable that returns no finite number, a state or
            a tolerance out of range.
        ArithmeticError
            The state reaches the singularity of an unclamped equation, the rates overflow, or they are too large for an
            integrator.

        Examples
        --------
        At 0.5 V the states below 0.905 belong to the lower one of two equilibria.

        >>> import memnet as mn
        >>> field = mn.theory.LinearDriftField(drive="voltage", strength=1.0, decay=2.0, r_off=1.0, chi=0.8)
        >>> field.integrate([0.0, 1.0, 100.0], 0.5, g0=0.8)["g"].to_numpy().round(4)
        array([0.8   , 0.5549, 0.3455])
        """
        import xarray as xr

        rtol, atol = check.real("rtol", rtol, 1e-13, 1.0), check.real("atol", atol, 0.0, math.inf)
        times = check.array("time", time, (None,))
        if times.size < 1 or (np.diff(times) <= 0).any():
            raise ValueError("time must hold at least one time and ascend")
        check.one_of("method", method, ("ode", "steps"))
        if g0 is None:
            g0 = self.fixed_points(0.0)[0].g
        start = check.real("g0", g0, self.lower, self.upper, "[]")
        value, jumps, flat = as_function(drive, times, breaks)
        shown = np.array([value(t) for t in times])
        if method == "steps":
            g = integration.stepped(self, times, shown, start)
        else:
            g = integration.integrated(self, times, value, jumps, flat, start, rtol=rtol, atol=atol)
        data = {
            "g": ("time", g, {"units": "1"}),
            "conductance": ("time", np.asarray(self.conductance(g)), {"units": "S"}),
            "drive": ("time", shown, {"units": UNITS[self.drive]}),
        }
        return xr.Dataset(data, {"time": ("time", times, {"units": "s"})}, {"drive_kind": self.drive, "method": method})

    # ------------------------------------------------------------ inside

    def _step_arguments(self, g: Any, u: Any, dt: Any) -> tuple[float, float, float]:
        """Return the arguments of `step`, checked."""
        return (
            check.real("g", g, self.lower, self.upper, "[]"),
            check.real("u", u),
            check.real("dt", dt, 0.0, math.inf, "[)", "s"),
        )

    def _states(self, g: ArrayLike) -> Floats:
        return check.numbers_within("g", g, self.lower, self.upper)

    def _top(self) -> float:
        """Largest state where the curve of equilibria has a value."""
        return self.upper

    def _grid(self) -> Floats:
        return np.linspace(self.lower, self._top(), 4001)


def _sweep(points: Sequence[Sequence[FixedPoint]], start: float, top: float) -> Floats:
    """Follow the stable equilibrium that the state runs into, row by row; a runaway comes back from the top."""
    state, result = start, []
    for row in points:
        unstable = [point.g for point in row if not point.stable]
        low = max([g for g in unstable if g < state], default=-math.inf)
        high = min([g for g in unstable if g > state], default=math.inf)
        reached = [point.g for point in row if point.stable and low < point.g < high]
        if not reached:
            result.append(math.nan)
            state = top
            continue
        state = min(reached, key=lambda g: abs(g - state))
        result.append(state)
    return np.array(result)
