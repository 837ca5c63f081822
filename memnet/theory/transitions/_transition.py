"""Conductance transitions a la Landau: how many equilibria, and of which order the transition is."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from memnet.base import check
from memnet.base.arrays import Floats

Function = Callable[[Any], Floats]

FORMS = ("stationary", "graphical")


@dataclass(frozen=True, eq=False)
class Landau:
    """The mean-field theory of a potential V(r) = Q(r) - a v log(1 + chi P(r)); made by `landau`.

    Attributes
    ----------
    r : ndarray, (n,)
        Order parameter.
    s : ndarray, (n,)
        log(1 + chi P(r)), increasing from 0.
    q : ndarray, (n,)
        Q as a function of s, on the same points.
    load : ndarray, (n,)
        The drive a v at which each point is an equilibrium: dQ/ds ("stationary") or Q/s ("graphical").
    form : {"stationary", "graphical"}
        Which equation the equilibria solve.
    turning_points : tuple of (float, float)
        (r, a v) where the number of equilibria changes inside the range.
    load_at : callable
        The load at any r in the range: the curve of which `load` are points.

    Examples
    --------
    Linear drift under a voltage, chi = 0.8, folds at 1 / (2 chi).

    >>> import memnet as mn
    >>> theory = mn.theory.landau(lambda r: r**2 / 2, lambda r: 1 / (1 - 0.8 * r) - 1)
    >>> theory.order, theory.convex
    ('first', False)
    >>> ((r, av),) = theory.turning_points
    >>> round(r, 6), round(av, 6)
    (0.625, 0.390625)
    >>> abs(theory.threshold) < 1e-12
    True
    """

    r: Floats
    s: Floats
    q: Floats
    load: Floats
    form: str
    turning_points: tuple[tuple[float, float], ...]
    load_at: Function = field(repr=False)

    @property
    def order(self) -> str:
        """Order of the transition: "first" where r jumps somewhere, else "continuous"."""
        return "first" if self.turning_points or self.load[-1] < self.load[0] else "continuous"

    @property
    def convex(self) -> bool:
        """Whether Q is convex as a function of s, within rounding."""
        slope = np.diff(self.q) / np.diff(self.s)
        return bool((np.diff(slope) >= -1e-9 * np.abs(slope).max()).all())

    @property
    def threshold(self) -> float:
        """Infimum of the drives a v with an equilibrium away from s = 0."""
        return min([float(self.load.min()), *(av for _, av in self.turning_points)])

    @check.known_keywords
    def equilibria(self, av: float) -> Floats:
        """Return r of the equilibria with s > 0 at a drive a v, ascending.

        s = 0 itself solves the graphical form at every drive; the stationary form rests there for v = 0.

        Parameters
        ----------
        av : float
            The drive.

        Returns
        -------
        ndarray
            Roots of `load_at`, as many as there are.

        Raises
        ------
        TypeError, ValueError
            A drive that is no finite number.

        Examples
        --------
        >>> import memnet as mn
        >>> theory = mn.theory.landau(lambda r: r**2 / 2, lambda r: 1 / (1 - 0.8 * r) - 1)
        >>> theory.equilibria(0.35).round(6)
        array([0.423444, 0.826556])
        """
        from scipy.optimize import brentq

        av = check.real("av", av)
        # Between these the load is monotonic, as far as the points of r resolve it.
        ends = np.union1d(self.r, [r for r, _ in self.turning_points])
        excess = self.load_at(ends) - av
        if abs(excess[0]) <= 1e-12 * np.abs(self.load).max():
            excess[0] = 0.0  # s = 0 is the equilibrium, not a point beside it
        roots = [float(r) for r in ends[1:][excess[1:] == 0.0]]
        for k in np.flatnonzero(excess[:-1] * excess[1:] < 0.0):
            low, high = ends[k], ends[k + 1]
            roots.append(float(brentq(lambda r: float(self.load_at(r)) - av, low, high, xtol=1e-15, rtol=1e-14)))
        return np.array(sorted(roots), dtype=np.float64)

    @check.known_keywords
    def count(self, av: ArrayLike) -> NDArray[np.int64]:
        """Return the number of equilibria with s > 0 at each drive a v.

        Parameters
        ----------
        av : array_like, (n,)
            The drives.

        Returns
        -------
        ndarray of int, (n,)

        Raises
        ------
        TypeError, ValueError
            Drives that are no finite numbers.

        Examples
        --------
        >>> import memnet as mn
        >>> theory = mn.theory.landau(lambda r: r**2 / 2, lambda r: 1 / (1 - 0.8 * r) - 1)
        >>> theory.count([0.1, 0.35, 0.5])
        array([1, 2, 0])
        """
        drives = check.array("av", np.atleast_1d(check.given_array("av", av)), (None,))
        return np.array([len(self.equilibria(float(x))) for x in drives], dtype=np.int64)

    def jump(self) -> tuple[float, float, float] | None:
        """Return (a v, r before, r after) of the jump on a rising drive, or None where r is continuous.

        After is the end of the range where nothing but that holds r.

        Returns
        -------
        (float, float, float) or None

        Examples
        --------
        >>> import memnet as mn
        >>> theory = mn.theory.landau(lambda r: r**2 / 2, lambda r: 1 / (1 - 0.8 * r) - 1)
        >>> [round(x, 6) for x in theory.jump()]
        [0.390625, 0.625, 1.0]
        """
        peaks = [(g, u) for g, u in self.turning_points if self._is_peak(g)]
        if not peaks:
            if self.order == "continuous":
                return None
            # The load falls from the start: s = 0 is left by a jump.
            peaks = [(float(self.r[0]), float(self.load[0]))]
        r, av = max(peaks, key=lambda peak: peak[1])
        above = self.equilibria(av * (1.0 + 1e-9))
        above = above[above > r]
        return av, r, float(above[0]) if above.size else float(self.r[-1])

    def _is_peak(self, r: float) -> bool:
        k = int(np.clip(np.searchsorted(self.r, r), 2, len(self.r) - 2))
        return bool(self.load[k - 1] > self.load[k - 2] or self.load[k] > self.load[k + 1])


@check.known_keywords
def landau(
    q: Function,
    p: Function,
    *,
    chi: float = 1.0,
    r_max: float = 1.0,
    form: str = "stationary",
    n: int = 4001,
) -> Landau:
    """Return the Landau theory of given Q and P: equilibria, order of the transition, role of chi.

    Parameters
    ----------
    q, p : callable
        Q(r) and P(r) on arrays, with Q(0) = P(0) = 0; 1 + chi P positive and monotonic on [0, r_max].
    chi : float
        Multiplies P: the larger the range of the conductance, the smaller the drive of the transition.
    r_max : float
        End of the range of r.
    form : {"stationary", "graphical"}
        dQ/ds = a v, the extrema of the potential (MF23 eq. 17); or Q(s) = a v s, the intersections of MF23 eq. 18 and
        Fig. 4. The two differ by a factor for powers of s and have different thresholds elsewhere.
    n : int
        Points on [0, r_max].

    Returns
    -------
    Landau

    Raises
    ------
    TypeError, ValueError
        No functions, numbers out of range, Q(0) or P(0) not 0, 1 + chi P not positive or not monotonic.

    Notes
    -----
    dQ/ds falls somewhere exactly where Q is not convex in s, and then two drives share a stable equilibrium: the
    transition is of first order. For Q(s) = a v s it is Q/s that must rise; convexity is enough for that.
    MF23: doi 10.1002/andp.202300090, eq. 16-19. Derivatives are those of a quintic spline.

    Examples
    --------
    >>> import memnet as mn
    >>> theory = mn.theory.landau(lambda r: r**2 / 2, lambda r: 1 / (1 - 0.8 * r) - 1)
    >>> theory.order
    'first'
    """
    for name, function in (("q", q), ("p", p)):
        if not callable(function):
            raise TypeError(f"{name} must be a function of r, got {function!r} ({type(function).__name__})")
    check.one_of("form", form, FORMS)
    chi = check.real("chi", chi, 0.0, math.inf, "()")
    r_max = check.real("r_max", r_max, 0.0, math.inf, "()")
    n = check.integer("n", n, 11, 1_000_000)
    r = np.linspace(0.0, r_max, n)
    cost = check.array("q(r)", q(r), (n,))
    share = 1.0 + chi * check.array("p(r)", p(r), (n,))
    if abs(cost[0]) > 1e-12 or abs(share[0] - 1.0) > 1e-12:
        raise ValueError(f"q and p must vanish at r = 0, got {cost[0]:g} and {(share[0] - 1.0) / chi:g}")
    if not (share > 0.0).all():
        raise ValueError(f"1 + chi P must stay positive, it is {share.min():g} at r = {r[np.argmin(share)]:g}")
    s = np.log(share)
    if not (np.diff(s) > 0.0).all():
        raise ValueError("P must increase with r, so that s = log(1 + chi P) can stand for it")
    load = Load(r, cost, s, form)
    values = load(r)
    # Q/s is a limit at s = 0, with less accuracy beside it: no turn is looked for there.
    first = 0 if form == "stationary" else 1
    return Landau(r, s, cost, values, form, tuple(_turning_points(load, r[first:], values[first:])), load)


class Load:
    """dQ/ds ("stationary") or Q/s ("graphical") as a function of r, from quintic splines of Q and s."""

    def __init__(self, r: Floats, q: Floats, s: Floats, form: str) -> None:
        from scipy.interpolate import make_interp_spline

        self.form = form
        self._q, self._s = make_interp_spline(r, q, k=5), make_interp_spline(r, s, k=5)
        self._slope_q, self._slope_s = self._q.derivative(), self._s.derivative()
        self._at_zero = float(self._stationary(0.0))

    def __call__(self, r: ArrayLike) -> Floats:
        """Return the load at r, inside the range it was made from."""
        return self._stationary(r) if self.form == "stationary" else self._graphical(r)

    def _stationary(self, r: ArrayLike) -> Floats:
        value: Floats = self._slope_q(r) / self._slope_s(r)
        return value

    def _graphical(self, r: ArrayLike) -> Floats:
        at = np.asarray(r, dtype=np.float64)
        # The limit of Q/s at s = 0 is dQ/ds.
        value: Floats = np.where(at > 0.0, self._q(at) / np.where(at > 0.0, self._s(at), 1.0), self._at_zero)
        return value


def _turning_points(load: Function, r: Floats, values: Floats) -> list[tuple[float, float]]:
    """Return (r, load) wherever the load turns, from a quintic spline of its values."""
    from scipy.interpolate import make_interp_spline
    from scipy.optimize import brentq

    curve = make_interp_spline(r, values, k=5).derivative()
    slope = curve(r)
    # Flat pieces are rounding, not turns.
    slope[np.abs(slope) < 1e-7 * np.abs(values).max() / r[-1]] = 0.0
    points = []
    for j, k in itertools.pairwise(np.flatnonzero(slope)):
        if slope[j] * slope[k] < 0.0:
            at = float(brentq(curve, r[j], r[k], xtol=1e-14))
            points.append((at, float(load(at))))
    return points


@check.known_keywords
def critical_chi(theory: Callable[[float], Landau], low: float, high: float, *, tolerance: float = 1e-6) -> float:
    """Return the chi between `low` and `high` at which the order of the transition changes, by bisection.

    Parameters
    ----------
    theory : callable
        From chi to a `Landau`; for a P that chi multiplies, ``lambda chi: landau(q, p, chi=chi)``.
    low, high : float
        Two chi with transitions of different order.
    tolerance : float
        Width at which the bisection ends.

    Raises
    ------
    TypeError, ValueError
        No function, numbers out of range, the same order at both ends.

    Examples
    --------
    Linear drift under a voltage turns to first order at chi = 1/2.

    >>> import memnet as mn
    >>> def drift(chi):
    ...     return mn.theory.landau(lambda r: r**2 / 2, lambda r: 1 / (1 - chi * r) - 1)
    >>> round(mn.theory.critical_chi(drift, 0.1, 0.9), 2)
    0.5
    """
    low, high = check.real("low", low), check.real("high", high)
    tolerance = check.real("tolerance", tolerance, 1e-14, math.inf)
    if not callable(theory):
        raise TypeError(f"theory must be a function from chi to a Landau, got {theory!r} ({type(theory).__name__})")
    orders = [_order(theory, chi) for chi in (low, high)]
    if orders[0] == orders[1]:
        raise ValueError(f"the transition is {orders[0]} at both chi = {low:g} and chi = {high:g}")
    while abs(high - low) > tolerance:
        middle = 0.5 * (low + high)
        if _order(theory, middle) == orders[0]:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def _order(theory: Callable[[float], Landau], chi: float) -> str:
    transition = theory(chi)
    check.instance(f"theory({chi:g})", transition, Landau, "a Landau, as landau() returns it")
    return transition.order
