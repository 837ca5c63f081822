"""The mean field of a network: one equation for the mean state <g> in place of one for every junction."""

from __future__ import annotations

import itertools
import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from memnet import _check
from memnet.theory.drives import Drive, as_function
from memnet.theory.potential import rate_balance_potential
from memnet.theory.projector import terminals

if TYPE_CHECKING:
    import xarray as xr

    from memnet.device import Device
    from memnet.network import Network

Floats = NDArray[np.float64]

DRIVES = ("current", "voltage", "effective")
# Rate with which a state beyond its clamp is pulled back, times the length of the interval.
WALL = 1e6
UNITS = {"current": "A", "voltage": "V", "effective": "V"}


@dataclass(frozen=True)
class FixedPoint:
    """An equilibrium of the mean field: where <g> rests, and whether it comes back after a push."""

    g: float
    stable: bool


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
    """

    drive: str = "effective"
    scale: float = 1.0
    gain: float = 1.0

    # ------------------------------------------------------------ what a model says

    @property
    def lower(self) -> float:
        """Smallest state."""
        return 0.0

    @property
    def upper(self) -> float:
        """Largest state: the clamp, or where the equation ends."""
        return 1.0

    @abstractmethod
    def rate(self, g: Any, u: Any) -> Any:
        """Return d<g>/dt (1/s) at states and drives."""

    @abstractmethod
    def conductance(self, g: ArrayLike) -> Any:
        """Return the conductance of the network (S) at states <g>."""

    @abstractmethod
    def drive_at(self, g: ArrayLike) -> Any:
        """Return the drive at which <g> is an equilibrium; below 0 where none is."""

    @abstractmethod
    def drive_slope(self, g: ArrayLike) -> Any:
        """Return the derivative of `drive_at`."""

    @abstractmethod
    def step(self, g: float, u: float, dt: float) -> float:
        """Return the state after one step of the device model, its branch voltage held at the step's start."""

    # ------------------------------------------------------------ what follows

    def potential(self, g: ArrayLike, u: float) -> Floats:
        """Return V(<g>) - V(lower) with d<g>/dt = -dV/d<g> (1/s), by quadrature unless the model has a closed form.

        Parameters
        ----------
        g : array_like
            States.
        u : float
            The drive.
        """
        from scipy.integrate import quad

        states = np.asarray(g, dtype=np.float64)
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

    def fixed_points(self, u: float) -> list[FixedPoint]:
        """Return the equilibria at a drive, in order of g; an end where the state is held counts as a stable one."""
        from scipy.optimize import brentq

        u = abs(_check.real("u", u))
        ends = [self.lower, *(g for g, _ in self.turning_points()), self._top()]
        found = []
        for low, high in itertools.pairwise(ends):
            at_low, at_high = float(self.drive_at(low)) - u, float(self.drive_at(high)) - u
            if at_low == 0.0:
                found.append(FixedPoint(low, at_high > at_low))
            elif at_low * at_high < 0.0:
                g = float(brentq(lambda x: float(self.drive_at(x)) - u, low, high, xtol=1e-16, rtol=1e-14))
                found.append(FixedPoint(g, at_high > at_low))
        if self.upper == self._top() and float(self.drive_at(self.upper)) <= u:
            found.append(FixedPoint(self.upper, True))
        return found

    def bistable_region(self) -> tuple[float, float] | None:
        """Return the drives between which two stable equilibria exist, or None where the transition is continuous."""
        folds = [u for _, u in self.turning_points()]
        if not folds:
            return None
        top = float(self.drive_at(self._top()))
        upward = max(folds)
        downward = min([*folds, *([max(top, 0.0)] if top < upward else [])])
        if downward == upward:
            downward = 0.0
        return downward, upward

    def jump(self) -> tuple[float, float] | None:
        """Return <g> just before and after the jump on a rising drive, or None where the transition is continuous.

        After is nan where nothing stops the state: the equation runs into its singularity.
        """
        folds = self.turning_points()
        if not folds:
            return None
        g, u = max(folds, key=lambda fold: fold[1])
        above = [point.g for point in self.fixed_points(u * (1.0 + 1e-9)) if point.stable and point.g > g]
        return g, min(above) if above else math.nan

    def switching_drive(self, g: float = 0.5) -> float:
        """Return the drive at which the potential's minimum passes a state, or at which the lower branch ends before.

        Parameters
        ----------
        g : float
            The state that separates low from high.
        """
        g = _check.real("g", g, self.lower, self.upper)
        folds = [u for at, u in self.turning_points() if at <= g]
        return max([float(self.drive_at(g)), *folds])

    def bifurcation(self, u: ArrayLike) -> xr.Dataset:
        """Return every equilibrium over a range of drives, and where a slow sweep up and down rests.

        Parameters
        ----------
        u : array_like, (n,)
            Drives, ascending.

        Returns
        -------
        xarray.Dataset
            ``equilibrium`` and ``stable`` (drive, branch), nan where there are fewer; ``up`` and ``down`` (drive), the
            state of a sweep; ``conductance_up``, ``conductance_down`` (S).
        """
        import xarray as xr

        drives = _check.array("u", u, (None,))
        if (np.diff(drives) <= 0).any():
            raise ValueError("u must ascend")
        points = [self.fixed_points(float(x)) for x in drives]
        width = max([1, *map(len, points)])
        g = np.full((len(drives), width), np.nan)
        stable = np.zeros((len(drives), width), dtype=bool)
        for k, row in enumerate(points):
            g[k, : len(row)] = [point.g for point in row]
            stable[k, : len(row)] = [point.stable for point in row]
        up, down = self._sweep(points, self.lower), self._sweep(points[::-1], self._top())[::-1]
        data = {
            "equilibrium": (("drive", "branch"), g),
            "stable": (("drive", "branch"), stable),
            "up": ("drive", up),
            "down": ("drive", down),
            "conductance_up": ("drive", self.conductance(up), {"units": "S"}),
            "conductance_down": ("drive", self.conductance(down), {"units": "S"}),
        }
        return xr.Dataset(data, {"drive": ("drive", drives, {"units": UNITS[self.drive]})}, {"drive_kind": self.drive})

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
            State at the first time; default: the lowest equilibrium without drive.
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
            Times that do not ascend, an array of another length, a state out of range.
        ArithmeticError
            The state reaches the singularity of an unclamped equation, or the rates overflow.
        """
        import xarray as xr

        times = _check.array("time", time, (None,))
        if times.size < 1 or (np.diff(times) <= 0).any():
            raise ValueError("time must hold at least one time and ascend")
        _check.one_of("method", method, ("ode", "steps"))
        if g0 is None:
            g0 = self.fixed_points(0.0)[0].g
        start = _check.real("g0", g0, self.lower, self.upper, "[]")
        value, jumps, flat = as_function(drive, times, breaks)
        shown = np.array([value(t) for t in times])
        if method == "steps":
            g = self._stepped(times, shown, start)
        else:
            g = self._integrated(times, value, jumps, flat, start, rtol, atol)
        data = {
            "g": ("time", g, {"units": "1"}),
            "conductance": ("time", np.asarray(self.conductance(g)), {"units": "S"}),
            "drive": ("time", shown, {"units": UNITS[self.drive]}),
        }
        return xr.Dataset(data, {"time": ("time", times, {"units": "s"})}, {"drive_kind": self.drive, "method": method})

    # ------------------------------------------------------------ inside

    def _top(self) -> float:
        """Largest state where the curve of equilibria has a value."""
        return self.upper

    def _grid(self) -> Floats:
        return np.linspace(self.lower, self._top(), 4001)

    def _sweep(self, points: Sequence[Sequence[FixedPoint]], start: float) -> Floats:
        """Follow the stable equilibrium that the state runs into, row by row."""
        state, result = start, []
        for row in points:
            unstable = [point.g for point in row if not point.stable]
            low = max([g for g in unstable if g < state], default=-math.inf)
            high = min([g for g in unstable if g > state], default=math.inf)
            reached = [point.g for point in row if point.stable and low < point.g < high]
            if not reached:
                result.append(math.nan)
                state = self._top()
                continue
            state = min(reached, key=lambda g: abs(g - state))
            result.append(state)
        return np.array(result)

    def _stepped(self, times: Floats, drives: Floats, g: float) -> Floats:
        result = [g]
        for dt, u in zip(np.diff(times), drives[:-1], strict=True):
            g = self.step(g, float(u), float(dt))
            result.append(g)
        return np.array(result)

    def _integrated(
        self,
        times: Floats,
        value: Callable[[float], float],
        jumps: Floats,
        flat: bool,
        g: float,
        rtol: float,
        atol: float,
    ) -> Floats:
        from scipy.integrate import solve_ivp

        inside = jumps[(jumps > times[0]) & (jumps < times[-1])]
        corners = np.unique(np.concatenate((times[:1], inside, times[-1:])))
        result = np.full(len(times), g)
        for start, end in itertools.pairwise(corners):
            # The value that holds inside, not the one that starts at an end; waveforms round times to steps.
            held = value(0.5 * (start + end)) if flat else None
            pull = WALL / (end - start)
            low, high = start + 1e-7 * (end - start), end - 1e-7 * (end - start)
            wanted = (times > start) & (times <= end)
            found = solve_ivp(
                self._right_side(value, held, pull, start, low, high),
                (0.0, end - start),
                [g],
                method="LSODA",
                t_eval=np.unique(np.append(times[wanted], end)) - start,
                rtol=rtol,
                atol=atol,
            )
            if not found.success or not np.isfinite(found.y).all() or found.t[-1] != end - start:
                raise ArithmeticError(f"the mean field cannot be followed beyond t = {start:g} s: {found.message}")
            states = np.clip(found.y[0], self.lower, self.upper)
            result[wanted] = states[: int(wanted.sum())]
            g = float(states[-1])
        return result

    def _right_side(
        self, value: Callable[[float], float], held: float | None, pull: float, start: float, low: float, high: float
    ) -> Callable[[float, Floats], list[float]]:
        if held is not None:
            return lambda _, y: [self._held(float(y[0]), held, pull)]
        return lambda t, y: [self._held(float(y[0]), value(min(max(start + t, low), high)), pull)]

    def _held(self, g: float, u: float, pull: float) -> float:
        """Rate with a steep wall outside [lower, upper]; one that ended at once would stop the integrator there."""
        inside = min(max(g, self.lower), self.upper)
        rate = float(self.rate(inside, u))
        if not math.isfinite(rate) or (self._top() > self.upper and g >= self.upper):
            raise ArithmeticError(f"the mean field cannot be followed beyond <g> = {inside:g} at a drive of {u:g}")
        return rate - pull * (g - inside)


@dataclass(frozen=True, kw_only=True)
class RateBalanceField(MeanField):
    """Rate balance: kappa_p0 exp(eta_p x) (1 - <g>) - kappa_d0 exp(-eta_d x) <g>.

    x = scale u / (1 + chi <g>) under a current and in the effective equation (MF23 eq. 8-10), scale u under a voltage.
    It has one equilibrium at every drive, and that is stable: x falls as <g> grows.

    Attributes
    ----------
    kappa_p0, kappa_d0 : float
        Rates at 0 V (1/s), > 0.
    eta_p, eta_d : float
        Growth and decay of the rates with voltage (1/V), >= 0.
    g_min, chi : float
        Conductance of a junction is g_min (1 + chi <g>) (S).
    """

    kappa_p0: float
    kappa_d0: float
    eta_p: float
    eta_d: float
    g_min: float
    chi: float

    def __post_init__(self) -> None:
        _check.real("kappa_p0", self.kappa_p0, 0.0, math.inf, "()", "1/s")
        _check.real("kappa_d0", self.kappa_d0, 0.0, math.inf, "()", "1/s")
        _check.real("eta_p", self.eta_p, 0.0, math.inf, "[)", "1/V")
        _check.real("eta_d", self.eta_d, 0.0, math.inf, "[)", "1/V")
        _check.real("g_min", self.g_min, 0.0, math.inf, "()", "S")
        _check.real("chi", self.chi, 0.0, math.inf, "[)")
        _check_drive(self)

    def branch_voltage(self, g: Any, u: Any) -> Any:
        """Return the mean branch voltage (V)."""
        x = np.abs(u) * self.scale
        return x if self.drive == "voltage" else x / (1.0 + self.chi * g)

    def rate(self, g: Any, u: Any) -> Any:
        """Return d<g>/dt (1/s) at states and drives."""
        x = self.branch_voltage(g, u)
        up = self.kappa_p0 * np.exp(self.eta_p * x)
        return up * (1.0 - g) - self.kappa_d0 * np.exp(-self.eta_d * x) * g

    def conductance(self, g: ArrayLike) -> Any:
        """Return the conductance of the network (S)."""
        return self.gain * self.g_min * (1.0 + self.chi * np.asarray(g, dtype=np.float64))

    def drive_at(self, g: ArrayLike) -> Any:
        """Return ln(s g / (1 - g)) (1 + chi g) / ((eta_p + eta_d) scale), s = kappa_d0 / kappa_p0 (MF23 eq. 12)."""
        from scipy.special import logit

        state = np.asarray(g, dtype=np.float64)
        x = (math.log(self.kappa_d0 / self.kappa_p0) + logit(state)) / (self.eta_p + self.eta_d)
        return x * self._share(state) / self.scale

    def drive_slope(self, g: ArrayLike) -> Any:
        """Return the derivative of `drive_at`."""
        from scipy.special import logit

        state = np.asarray(g, dtype=np.float64)
        x = math.log(self.kappa_d0 / self.kappa_p0) + logit(state)
        growth = 0.0 if self.drive == "voltage" else self.chi * x
        return (self._share(state) / (state * (1.0 - state)) + growth) / ((self.eta_p + self.eta_d) * self.scale)

    def turning_points(self) -> list[tuple[float, float]]:
        """Return none: the right-hand side of the equilibrium falls with <g>, so there is one at every drive."""
        return []

    def fixed_points(self, u: float) -> list[FixedPoint]:
        """Return the one equilibrium at a drive."""
        from scipy.optimize import brentq
        from scipy.special import expit

        u = abs(_check.real("u", u))
        offset, eta = math.log(self.kappa_d0 / self.kappa_p0), self.eta_p + self.eta_d

        def short(g: float) -> float:
            return float(expit(eta * self.branch_voltage(g, u) - offset)) - g

        low, high = float(expit(-offset)), float(expit(eta * self.scale * u - offset))
        if self.drive == "voltage" or short(high) >= 0.0:
            return [FixedPoint(high, True)]
        if short(low) <= 0.0:
            return [FixedPoint(low, True)]
        return [FixedPoint(float(brentq(short, low, high, xtol=1e-16, rtol=1e-14)), True)]

    def switching_drive(self, g: float = 0.5) -> float:
        """Return the drive at which the equilibrium passes a state: for one half, (1 + chi/2) ln s / (eta scale)."""
        return float(self.drive_at(_check.real("g", g, 0.0, 1.0)))

    def potential(self, g: ArrayLike, u: float) -> Floats:
        """Return V(<g>) - V(0) (1/s) in closed form; see `rate_balance_potential`.

        Raises
        ------
        OverflowError
            eta_p times the branch voltage is beyond 700.
        """
        x = abs(_check.real("u", u)) * self.scale
        return rate_balance_potential(
            g,
            chi=0.0 if self.drive == "voltage" else self.chi,
            kappa_p0=self.kappa_p0,
            kappa_d0=self.kappa_d0,
            a=self.eta_p * x,
            b=self.eta_d * x,
        )

    def step(self, g: float, u: float, dt: float) -> float:
        """Return the state after the exact step at constant branch voltage that RateBalance takes."""
        x = float(self.branch_voltage(g, u))
        down = self.kappa_d0 * math.exp(-self.eta_d * x)
        try:
            up = self.kappa_p0 * math.exp(self.eta_p * x)
        except OverflowError:
            return 1.0
        kept = math.exp(-(up + down) * dt)
        return up / (up + down) * (1.0 - kept) + g * kept

    def _share(self, g: Any) -> Any:
        return 1.0 if self.drive == "voltage" else 1.0 + self.chi * g


@dataclass(frozen=True, kw_only=True)
class HillockField(MeanField):
    """Hillocks in gaps of one length: (strength scale u / ((1 - <g>) (1 + chi f(<g>))) - <g>) / tau, <g> = z / D.

    f(x) = (exp(a x) - 1) / (exp(a) - 1) and chi = exp(a) - 1, so that the factor is exp(a <g>): the conductance is
    g_min exp(a <g>) with a = beta D. Under an applied voltage that factor is absent. Without the clamp the lower branch
    ends in a fold; a clamp at or below 1/2 comes before it.

    Attributes
    ----------
    strength : float
        mu / (kappa D^2) (1/V).
    tau : float
        Relaxation time (s).
    a : float
        beta D, > 0.
    g_min : float
        Conductance of a junction without a hillock (S).
    clamp : float or None
        Largest <g> (z_max_fraction), or None for an unclamped equation, which is singular at 1.
    """

    strength: float
    tau: float
    a: float
    g_min: float = 1.0
    clamp: float | None = 0.5

    def __post_init__(self) -> None:
        _check.real("strength", self.strength, 0.0, math.inf, "()", "1/V")
        _check.real("tau", self.tau, 0.0, math.inf, "()", "s")
        _check.real("a", self.a, 0.0, 700.0, "()")
        _check.real("g_min", self.g_min, 0.0, math.inf, "()", "S")
        if self.clamp is not None:
            _check.real("clamp", self.clamp, 0.0, 1.0)
        _check_drive(self)

    @property
    def chi(self) -> float:
        """Range of the conductance: exp(a) - 1."""
        return math.expm1(self.a)

    @property
    def upper(self) -> float:
        """The clamp, or just below the singularity."""
        return self.clamp if self.clamp is not None else math.nextafter(1.0, 0.0)

    def _top(self) -> float:
        return self.clamp if self.clamp is not None else 1.0

    def rate(self, g: Any, u: Any) -> Any:
        """Return d<g>/dt (1/s) at states and drives."""
        push = self.strength * self.scale * np.abs(u)
        return (push / ((1.0 - g) * self._factor(g)) - g) / self.tau

    def conductance(self, g: ArrayLike) -> Any:
        """Return the conductance of the network (S)."""
        return self.gain * self.g_min * np.exp(self.a * np.asarray(g, dtype=np.float64))

    def drive_at(self, g: ArrayLike) -> Any:
        """Return <g> (1 - <g>) (1 + chi f(<g>)) / (strength scale)."""
        state = np.asarray(g, dtype=np.float64)
        return state * (1.0 - state) * self._factor(state) / (self.strength * self.scale)

    def drive_slope(self, g: ArrayLike) -> Any:
        """Return the derivative of `drive_at`."""
        state = np.asarray(g, dtype=np.float64)
        a = 0.0 if self.drive == "voltage" else self.a
        return (1.0 - 2.0 * state + a * state * (1.0 - state)) * self._factor(state) / (self.strength * self.scale)

    def turning_points(self) -> list[tuple[float, float]]:
        """Return the fold, if it lies inside the clamp."""
        return [(g, u) for g, u in super().turning_points() if self.clamp is None or g < self.clamp]

    def step(self, g: float, u: float, dt: float) -> float:
        """Return the state after the explicit Euler step that Hillock takes."""
        return min(max(g + float(self.rate(g, u)) * dt, 0.0), self.upper)

    def _factor(self, g: Any) -> Any:
        return np.ones_like(g) if self.drive == "voltage" else np.exp(self.a * g)


@dataclass(frozen=True, kw_only=True)
class LinearDriftField(MeanField):
    """Linear drift with decay: strength i - decay <x>, i the mean current of a junction, R = r_off (1 - chi <x>).

    Here the state follows the current, so the factor 1 / (1 - chi <x>) belongs to a voltage drive (MF23 eq. 15 and
    Sci. Adv. 2021, 7, eabh1542) and is absent under a current. For chi > 1/2 a voltage drive is bistable.

    Attributes
    ----------
    strength : float
        mu r_on / D^2 (1/C): drift of the state per charge.
    decay : float
        Relaxation rate (1/s), > 0.
    r_off, chi : float
        Resistance of a junction at <x> = 0 (ohm), and (r_off - r_on) / r_off in (0, 1).
    """

    strength: float
    decay: float
    r_off: float
    chi: float

    def __post_init__(self) -> None:
        _check.real("strength", self.strength, 0.0, math.inf, "()", "1/C")
        _check.real("decay", self.decay, 0.0, math.inf, "()", "1/s")
        _check.real("r_off", self.r_off, 0.0, math.inf, "()", "ohm")
        _check.real("chi", self.chi, 0.0, 1.0, "()")
        _check_drive(self)

    def rate(self, g: Any, u: Any) -> Any:
        """Return d<x>/dt (1/s) at states and drives."""
        return self.strength * self.scale / self.r_off * u / self._share(g) - self.decay * g

    def conductance(self, g: ArrayLike) -> Any:
        """Return the conductance of the network (S)."""
        return self.gain / (self.r_off * (1.0 - self.chi * np.asarray(g, dtype=np.float64)))

    def drive_at(self, g: ArrayLike) -> Any:
        """Return decay <x> (1 - chi <x>) r_off / (strength scale), without the factor under a current."""
        state = np.asarray(g, dtype=np.float64)
        return self.decay * state * self._share(state) * self.r_off / (self.strength * self.scale)

    def drive_slope(self, g: ArrayLike) -> Any:
        """Return the derivative of `drive_at`."""
        state = np.asarray(g, dtype=np.float64)
        curve = np.ones_like(state) if self.drive == "current" else 1.0 - 2.0 * self.chi * state
        return self.decay * curve * self.r_off / (self.strength * self.scale)

    def potential(self, g: ArrayLike, u: float) -> Floats:
        """Return V(<x>) - V(0) (1/s): decay x^2 / 2 + (v / chi) log(1 - chi x), linear in x under a current."""
        state = np.asarray(g, dtype=np.float64)
        push = self.strength * self.scale / self.r_off * _check.real("u", u)
        driven = -push * state if self.drive == "current" else push / self.chi * np.log1p(-self.chi * state)
        result: Floats = 0.5 * self.decay * state**2 + driven
        return result

    def step(self, g: float, u: float, dt: float) -> float:
        """Return the state after an explicit Euler step."""
        return min(max(g + float(self.rate(g, u)) * dt, 0.0), 1.0)

    def _share(self, g: Any) -> Any:
        return np.ones_like(g) if self.drive == "current" else 1.0 - self.chi * g


# ---------------------------------------------------------------- from a network


def mean_field(
    net: Network,
    device: Device,
    *,
    drive: str = "voltage",
    source: str | None = None,
    drain: str | None = None,
    average: str = "uniform",
    length: float | None = None,
    clamp: bool = True,
) -> MeanField:
    """Return the mean-field equation of a network that carries one device on every edge.

    With equal junctions the branch voltages are fixed shares of the applied voltage, whatever the state; under a
    current they are those shares of j / G_eff(<g>). The one approximation left is that all junctions see the mean of
    their magnitudes. In chains and bundles of equal edges nothing is left, and the equation is exact.

    Parameters
    ----------
    net : Network
        With two electrodes.
    device : device
        A RateBalance, Hillock or LinearDrift with the same parameters on every edge.
    drive : {"voltage", "current"}
        What is applied. The factor 1 / (1 + chi <g>) of MF23 eq. 8-10 comes with a current (it is 1 / G_eff); under an
        applied voltage it is absent.
    source, drain : str, optional
        The electrodes; the first two by default.
    average : {"uniform", "power"}
        Mean of the branch voltages over the edges that carry current: plain, as MF23 does, or weighted by v^2, the
        weight with which an edge's conductance enters that of the network.
    length : float, optional
        Length of every gap (pd), for devices that have one; default: the network's, if they are all equal.
    clamp : bool
        Whether a hillock stops at z_max_fraction of its gap, as the device does.

    Returns
    -------
    MeanField
        A RateBalanceField, HillockField or LinearDriftField.

    Raises
    ------
    TypeError, ValueError
        A device without a mean field or with parameters per edge, a network without a path between the electrodes,
        gaps of different length.

    Notes
    -----
    MF23 (doi 10.1002/andp.202300090) eq. 25-31 in the form of docs/theory.md. Takes one solve of the network.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.Network(3, [(0, 1), (1, 2)], electrodes={"in": 0, "out": 2})
    >>> device = mn.RateBalance(g_min=1e-3, g_max=1e-1)
    >>> field = mn.theory.mean_field(net, device, drive="current")
    >>> round(field.conductance(0.0).item(), 12)
    0.0005
    """
    from memnet.device import Device

    if not isinstance(device, Device):
        raise TypeError(f"device must be a device model, got {type(device).__name__}")
    name = type(device).__name__
    _check.one_of("drive", drive, ("voltage", "current"))
    make: dict[str, Callable[..., MeanField]] = {
        "RateBalance": _rate_balance,
        "Hillock": _hillock,
        "LinearDrift": _linear_drift,
    }
    if name not in make:
        raise ValueError(f"{name} has no mean field; the models that have one: {', '.join(make)}")
    share, gain = homogeneous_shares(net, source=source, drain=drain)
    mean = _mean_share(share, average)
    against = bool((share < -1e-12).any())
    return make[name](net, device, drive, mean, gain, length=length, clamp=clamp, against=against)


def homogeneous_shares(net: Network, *, source: str | None = None, drain: str | None = None) -> tuple[Floats, float]:
    """Return the branch voltage of each edge per applied volt when all edges are equal, and the network's gain.

    Shares are Omega_source / Omega of the projector, the gain is (1 - Omega) / Omega, both by one sparse solve.
    """
    from memnet.solve import solve

    names = terminals(net, source, drain)
    volts: dict[str, float | None] = dict.fromkeys(net.electrodes)
    volts.update({names[0]: 1.0, names[1]: 0.0})
    found = solve(net, 1.0, volts)
    gain = float(found.current_of(names[0]))
    if not gain > 0.0:
        raise ValueError(f"net has no path between {names[0]!r} and {names[1]!r}, so nothing drives its junctions")
    ends = found.potential[net.edges]
    return np.nan_to_num(ends[:, 0] - ends[:, 1]), gain


def _mean_share(share: Floats, average: str) -> float:
    _check.one_of("average", average, ("uniform", "power"))
    size = np.abs(share)
    carrying = size[size > 1e-12 * size.max()]
    return float(carrying.mean() if average == "uniform" else (carrying**3).sum() / (carrying**2).sum())


def _number(device: Device, name: str) -> float:
    value = getattr(device, name)
    if np.ndim(value) != 0:
        raise ValueError(f"{type(device).__name__}.{name} must be one number for a mean field, got one for each edge")
    return float(value)


def _rate_balance(net: Network, device: Device, drive: str, share: float, gain: float, **_: Any) -> RateBalanceField:
    del net
    names = ("kappa_p0", "kappa_d0", "eta_p", "eta_d", "g_min", "g_max")
    kappa_p0, kappa_d0, eta_p, eta_d, g_min, g_max = (_number(device, name) for name in names)
    if not g_min > 0.0:
        raise ValueError("RateBalance.g_min must be > 0 S for a mean field: chi = g_max / g_min - 1 enters it")
    if g_max < g_min:
        raise ValueError(f"RateBalance.g_max must be at least g_min = {g_min:g} S for a mean field, got {g_max:g}")
    return RateBalanceField(
        drive=drive,
        scale=share if drive == "voltage" else share / (gain * g_min),
        gain=gain,
        kappa_p0=kappa_p0,
        kappa_d0=kappa_d0,
        eta_p=eta_p,
        eta_d=eta_d,
        g_min=g_min,
        chi=g_max / g_min - 1.0,
    )


def _hillock(
    net: Network, device: Device, drive: str, share: float, gain: float, *, length: float | None, clamp: bool, **_: Any
) -> HillockField:
    if length is None:
        if net.length is None or np.ptp(net.length) > 1e-12 * net.length.max():
            raise ValueError("length must be given: the network's gaps are not all of one length, a mean field's are")
        length = float(net.length[0])
    _check.real("length", length, 0.0, math.inf, "()", "pd")
    mu, kappa, alpha, beta, tau, top = (
        _number(device, name) for name in ("mu", "kappa", "alpha", "beta", "tau", "z_max_fraction")
    )
    g_min = alpha * math.exp(-beta * length)
    return HillockField(
        drive=drive,
        scale=share if drive == "voltage" else share / (gain * g_min),
        gain=gain,
        strength=mu / (kappa * length**2),
        tau=tau,
        a=beta * length,
        g_min=g_min,
        clamp=top if clamp else None,
    )


def _linear_drift(
    net: Network, device: Device, drive: str, share: float, gain: float, *, against: bool, **_: Any
) -> LinearDriftField:
    del net
    r_on, r_off, mu, thickness, decay = (_number(device, name) for name in ("r_on", "r_off", "mu", "d", "decay"))
    if device.window != "none" or _number(device, "v_threshold") != 0.0:  # type: ignore[attr-defined]
        raise ValueError("LinearDrift must have window='none' and v_threshold=0 for a mean field")
    if not decay > 0.0:
        raise ValueError("LinearDrift.decay must be > 0 1/s for a mean field: without decay the state never rests")
    if not r_off > r_on:
        raise ValueError(f"LinearDrift.r_off must be above r_on = {r_on:g} ohm for a mean field, got {r_off:g}")
    if against:
        raise ValueError("LinearDrift is bipolar: every edge must point from source to drain for a mean field")
    return LinearDriftField(
        drive=drive,
        scale=share if drive == "voltage" else share * r_off / gain,
        gain=gain,
        strength=mu * r_on / thickness**2,
        decay=decay,
        r_off=r_off,
        chi=(r_off - r_on) / r_off,
    )


def _check_drive(field: MeanField) -> None:
    _check.one_of("drive", field.drive, DRIVES)
    _check.real("scale", field.scale, 0.0, math.inf, "()")
    _check.real("gain", field.gain, 0.0, math.inf, "()")
