"""The least-squares problem of a fit: candidates, their distance from the trace, and the errors of the best one."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memnet.base import job
from memnet.base.arrays import Floats
from memnet.theory.fits import _trace as traces
from memnet.theory.fits._trace_model import EDGES, FITTED, LIMITED, NATURAL, Model

# Singular values of a Jacobian below this part of the largest are rounding.
SINGULAR = 1e-12
# A candidate that takes more steps than this to follow is none; where the voltage jumps many are needed.
STEPS_A_SAMPLE = 20
STEPS_A_JUMP = 1_000
# Error of a step of the integration while a fit looks around, relative to the largest conductance.
TOLERANCE = 1e-7
# Distance, relative to the largest conductance, of a candidate that is none.
FAR = 1e2
MOST_JUMPS = 100
MOST_EVALUATIONS = 4_000
# Smallest voltage that is tried in a jump, relative to the larger of the two around it.
SMALLEST_VOLTAGE = 1e-6
# Farthest that the search for an interval goes, as a logarithm, and how closely it finds the end, in sigma.
FARTHEST = 20.0
CLOSE = 0.01
# Differences of a logarithm that do not count.
NEAREST = 1e-9
# Largest change of a fitted number, relative to that of the combination, with which a search starts.
FOLLOWS = 3.0


@dataclass(frozen=True, eq=False)
class Problem:
    """A trace to be fitted by a model.

    The fitted numbers are those of `FITTED`, then the logarithms of the voltages (V) in jumps; conductances are in
    units of the largest one measured.
    """

    model: Model
    dt: Floats
    voltage: Floats
    g: Floats
    top: float
    jumps: NDArray[np.int64]
    low: Floats
    high: Floats

    @property
    def names(self) -> list[str]:
        """Names of the fitted numbers."""
        return [*FITTED, *(f"jump_{k}" for k in self.jumps)]

    def trace(self, q: Floats, tolerance: float = 1e-9, most: int = 10**9) -> Floats:
        """Return the trace of the fitted numbers q."""
        x = np.exp(q)
        return self.model.trace(self.dt, self._held(x), x[: len(FITTED)], tolerance, most)

    def jacobian(self, q: Floats, tolerance: float = 1e-9, most: int = 10**9) -> Floats:
        """Return derivatives of the trace with respect to the fitted numbers, (n, fitted)."""
        x = np.exp(q)
        # The fitted numbers are logarithms.
        by_number: Floats = self.model.jacobian(self.dt, self._held(x), x[: len(FITTED)], self.jumps, tolerance, most)
        return x * by_number

    def _held(self, x: Floats) -> Floats:
        """Return the voltages of the intervals, those in jumps from what is fitted."""
        if not self.jumps.size:
            return self.voltage
        voltage: Floats = self.voltage.copy()
        voltage[self.jumps] = x[len(FITTED) :]
        return voltage

    def natural(self, q: Floats) -> Floats:
        """Return logarithms of the parameters, then of the voltages in jumps."""
        n = len(FITTED)
        return np.concatenate([self.model.natural(q[:n], self.top), q[n:]])

    @property
    def most_steps(self) -> int:
        """Steps after which a candidate is given up."""
        change = np.abs(np.diff(self.voltage))
        n_jumps = int((change > traces.JUMP * self.voltage.max()).sum())
        return STEPS_A_SAMPLE * self.g.size + STEPS_A_JUMP * max(n_jumps, 2)

    def widened(self) -> tuple[Floats, Floats]:
        """Return low and high without the edges that only keep a fit from running away."""
        edges = np.array([EDGES[name] for name in FITTED]).T
        low, high = self.low.copy(), self.high.copy()
        n = len(FITTED)
        low[:n] -= np.where(low[:n] == edges[0], 2.0 * FARTHEST, 0.0)
        high[:n] += np.where(high[:n] == edges[1], 2.0 * FARTHEST, 0.0)
        return low, high

    def inside(self, q: Floats, margin: float) -> Floats:
        """Return q, or where it is outside of its range, the range's end less the margin."""
        return np.clip(q, self.low + margin, self.high - margin)


def make_problem(
    model: Model, t: Floats, v: Floats, g: Floats, hold: str, limits: Mapping[str, tuple[float, float]]
) -> Problem:
    """Return the problem of a checked trace; limits of parameters in S and 1/s."""
    dt, voltage, jumps = traces.intervals(t, v, hold)
    if jumps.size > MOST_JUMPS:
        raise ValueError(
            f"the voltage jumps in {jumps.size} intervals, more than {MOST_JUMPS}: too many to fit a voltage for each; "
            'say which sample\'s voltage holds between two, hold="next" or hold="previous"'
        )
    largest = np.log(np.maximum(v[jumps], v[jumps + 1]))
    top = float(g.max())
    low, high = np.array([EDGES[name] for name in FITTED]).T
    for name, ends in limits.items():
        k = FITTED.index(LIMITED[name])
        unit = 1.0 if name == "kappa_d0" else top
        with np.errstate(divide="ignore"):
            low[k], high[k] = np.clip(np.log(np.array(ends) / unit), low[k], high[k])
        if not low[k] < high[k]:
            raise ValueError(f"limits[{name!r}] leave no range within what fits look at, got {tuple(ends)}")
    return Problem(
        model,
        dt,
        voltage,
        g / top,
        top,
        jumps,
        np.concatenate([low, largest + math.log(SMALLEST_VOLTAGE)]),
        np.concatenate([high, largest]),
    )


def start_of(problem: Problem, q: Floats) -> Floats:
    """Return where a fit begins: in jumps with the later sample's voltage."""
    with np.errstate(divide="ignore"):
        return problem.inside(np.concatenate([q, np.log(problem.voltage[problem.jumps])]), 1e-3)


def residual(problem: Problem, q: Floats) -> Floats:
    """Return how far a candidate is from the trace while a fit looks around; far away where it cannot be followed."""
    try:
        return problem.trace(q, TOLERANCE, problem.most_steps) - problem.g
    except ArithmeticError:
        return np.full(problem.g.size, FAR)


def residual_jacobian(problem: Problem, q: Floats) -> Floats:
    """Return the derivatives of `residual`, (n, fitted)."""
    try:
        return problem.jacobian(q, TOLERANCE, problem.most_steps)
    except ArithmeticError:
        return np.zeros((problem.g.size, len(q)))


def _numbers(problem: Problem, params: Any) -> Floats:
    """Return the fitted numbers as lmfit has them."""
    return np.array([params[name].value for name in problem.names])


def _residual_of(problem: Problem, params: Any) -> Floats:
    return residual(problem, _numbers(problem, params))


def _jacobian_of(problem: Problem, params: Any) -> Floats:
    return residual_jacobian(problem, _numbers(problem, params))


def minimise(problem: Problem, start: Floats, ftol: float) -> tuple[Any, float, int]:
    """Return lmfit's result, RMSE (relative) and number of evaluations of one start.

    `ftol` is the relative change of the sum of squares at which it ends.
    """
    job.load("lmfit")
    import lmfit

    params = lmfit.Parameters()
    for name, value, low, high in zip(problem.names, start, problem.low, problem.high, strict=True):
        params.add(name, value=float(value), min=float(low), max=float(high))
    # Functions of the module, not of this call: a result keeps them, and can then be pickled.
    minimiser = lmfit.Minimizer(functools.partial(_residual_of, problem), params, calc_covar=False)
    # Trust regions that know the bounds: best fits of traces lie on some of them, where Levenberg-Marquardt gets stuck.
    with np.errstate(invalid="ignore"):  # lmfit's own errors, which are not used, may be roots of negative rounding
        result = minimiser.least_squares(
            max_nfev=MOST_EVALUATIONS,
            ftol=ftol,
            xtol=1e-9,
            x_scale="jac",
            jac=functools.partial(_jacobian_of, problem),
        )
    rmse = float(np.sqrt(np.mean(np.square(result.residual))))
    return result, rmse if rmse < 0.1 * FAR else math.inf, int(result.nfev)


def values_of(problem: Problem, result: Any) -> Floats:
    """Return the fitted numbers of a result of lmfit."""
    return _numbers(problem, result.params)


def to_natural(problem: Problem, q: Floats) -> Floats:
    """Return the matrix that takes changes of the fitted numbers to those of the parameters' logarithms."""
    at = problem.natural(q)
    return np.column_stack([problem.natural(q + unit) - at for unit in np.eye(len(q))])


def covariance_at(problem: Problem, q: Floats, jacobian: Floats) -> Floats:
    """Return the covariance of the fitted numbers.

    No trace is known better than it is integrated: where it is followed to rounding, the tolerance takes the place of
    the noise.
    """
    squares = float(np.sum((problem.trace(q) - problem.g) ** 2))
    variance = max(squares / max(problem.g.size - len(q), 1), TOLERANCE**2)
    _, s, rotation = np.linalg.svd(jacobian, full_matrices=False)
    scaled = rotation.T / np.maximum(s, max(float(s[0]), 1e-300) * SINGULAR)
    return np.asarray(variance * scaled @ scaled.T)


def condition_of(jacobian: Floats, to_natural: Floats) -> float:
    """Return the condition number of the Jacobian with respect to the logarithms of the parameters."""
    natural = (jacobian @ np.linalg.inv(to_natural))[:, : len(NATURAL)]
    s = np.linalg.svd(natural, compute_uv=False)
    return float(s[0] / max(float(s[-1]), max(float(s[0]), 1e-300) * SINGULAR))


def combination(problem: Problem, name: str) -> tuple[Floats, float]:
    """Return the row r and the constant c with which r q + c is the logarithm of a parameter or of a combination."""
    n = len(problem.low)
    zero = problem.natural(np.zeros(n))
    if name in NATURAL:
        k = NATURAL.index(name)
        return np.array([problem.natural(unit)[k] - zero[k] for unit in np.eye(n)]), float(zero[k])
    row = np.zeros(n)
    for fitted, power in problem.model.combinations[name].items():
        row[FITTED.index(fitted)] = power
    return row, math.log(problem.top) * float(row.sum())


def _room(problem: Problem, row: Floats, pivot: int, target: float) -> tuple[Floats, Floats]:
    """Return the ranges of the fitted numbers in which row q = target leaves the pivot within its own.

    A row has one other entry at most. An empty range means that the limits of the fit do not allow the target.
    """
    low, high = problem.widened()
    first, last = sorted(target - row[pivot] * end for end in (low[pivot], high[pivot]))
    for k in np.flatnonzero(row):
        if k != pivot:
            first, last = sorted((first / row[k], last / row[k]))
            low[k], high[k] = max(low[k], first), min(high[k], last)
            return low, high
    if not first <= 0.0 <= last:
        low[pivot], high[pivot] = math.inf, -math.inf
    return low, high


def _best_with(problem: Problem, q: Floats, row: Floats, response: Floats, target: float) -> tuple[Floats, float]:
    """Return the best candidate with row q = target, from q on, and its sum of squares.

    `response` is how q follows a change of row q at the best fit; what follows most is what the condition fixes.
    """
    from scipy.optimize import least_squares

    pivot = int(np.argmax(np.abs(row) * np.maximum(np.abs(response), 1e-9)))  # where none responds, still of the row
    q = q + (target - row @ q) * response
    free = np.arange(len(q)) != pivot
    low, high = _room(problem, row, pivot, target)
    if not (low < high).all():
        return q, math.inf
    margin = np.minimum(NEAREST, 0.25 * (high - low))

    def whole(others: Floats) -> Floats:
        full = np.empty(len(q))
        full[free] = others
        full[pivot] = (target - row[free] @ others) / row[pivot]
        return full

    def derivatives(others: Floats) -> Floats:
        full = residual_jacobian(problem, whole(others))
        return full[:, free] - np.outer(full[:, pivot], row[free] / row[pivot])

    found = least_squares(
        lambda others: residual(problem, whole(others)),
        np.clip(q, low + margin, high - margin)[free],
        bounds=(low[free], high[free]),
        jac=derivatives,
        x_scale="jac",
        ftol=1e-8,
        xtol=1e-8,
        gtol=1e-15,  # the residuals of a trace without noise are small themselves
        max_nfev=100,
    )
    return whole(found.x), 2.0 * float(found.cost)


def profile_end(problem: Problem, q: Floats, row: Floats, sigma: float, side: int) -> float:
    """Return how far row q can go to one side; inf where nothing stops it.

    What stops it is the best sum of squares under that condition, when it has risen by sigma^2 times the variance.
    """
    least = float(np.sum((problem.trace(q) - problem.g) ** 2))
    variance = max(least / max(problem.g.size - len(q), 1), TOLERANCE**2)
    at = float(row @ q)
    covariance = covariance_at(problem, q, problem.jacobian(q))
    # How q follows; what runs far away with the least change of the trace is left where it is.
    response = covariance @ row / (row @ covariance @ row)
    response[np.abs(response) > FOLLOWS] = 0.0

    def excess(distance: float, start: Floats) -> tuple[float, Floats]:
        there, squares = _best_with(problem, start, row, response, at + side * distance)
        return math.sqrt(max(squares - least, 0.0) / variance) - sigma, there

    low, high, near = 0.0, 1e-3, q
    over, there = excess(high, near)
    while over < 0.0:
        if high == FARTHEST:
            return math.inf
        low, near, high = high, there, min(2.0 * high, FARTHEST)
        over, there = excess(high, near)
    while abs(over) > CLOSE and high - low > 1e-3 * high + NEAREST:
        middle = 0.5 * (low + high)
        over, there = excess(middle, near)
        if over < 0.0:
            low, near = middle, there
        else:
            high = middle
    return 0.5 * (low + high) if abs(over) > CLOSE else (low if over < 0.0 else high)
