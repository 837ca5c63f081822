"""Fits of a measured conductance trace: the effective mean field, or one rate balance."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from memnet.base import blas, check, docstrings
from memnet.base.arrays import Floats
from memnet.base.long_calls import progress_bar
from memnet.theory.fits import _problem as problems, _trace as traces
from memnet.theory.fits._problem import Problem
from memnet.theory.fits._trace_model import (
    EDGES,
    FITTED,
    LIMITED,
    MEAN_FIELD,
    NATURAL,
    RATE_BALANCE,
    UNITS,
    Model,
    facts_of,
)

# Standard deviation of a logarithm from which on a parameter counts as not determined: a factor of two.
UNDETERMINED = math.log(2.0)
CORRELATED = 0.99
# Starts whose RMSE is within this share of the best one's ended at the same fit.
SAME = 1e-3
# Relative changes of the sum of squares at which starts end, within half of SAME of where they go, and the best one.
EXPLORING, FINISHED = 1e-5, 1e-9


class NotIdentifiable(UserWarning):
    """Parameters of a fit that the trace does not determine.

    Examples
    --------
    >>> import warnings, memnet as mn
    >>> warnings.simplefilter("ignore", mn.theory.NotIdentifiable)
    """


@dataclass(frozen=True)
class Start:
    """One random start of a fit: its RMSE (S) and parameters at the end, and its parameters at the start."""

    rmse: float
    params: dict[str, float]
    initial: dict[str, float]
    n_evaluations: int


@dataclass(frozen=True)
class Jump:
    """An interval over which the voltage jumps.

    Attributes
    ----------
    time, duration : float
        Its start and length (s).
    voltage, error : float
        The voltage fitted for it (V), between 0 and the larger of the two around it, and the error of that.
    """

    time: float
    duration: float
    voltage: float
    error: float


@dataclass(frozen=True, eq=False, repr=False)
class TraceFit:
    """A fit of a trace.

    Attributes
    ----------
    model : str
        "mean field" or "rate balance".
    params : lmfit.Parameters
        g_min (S), chi, kappa_p0, kappa_d0 (1/s), eta_p, eta_d (1/V) and g0 with `value`, `stderr` and `correl`, from
        the Jacobian at the best fit; see `interval`.
    determined : dict
        Combinations that a trace may determine better, with their errors: g_min chi (S) and, of a mean field, eta g_min
        (S/V) and eta / chi (1/V).
    best_fit : ndarray, (n,)
        Conductance over time (S).
    residual : ndarray, (n,)
        best_fit minus the trace (S).
    rmse : float
        Root of the mean squared residual (S).
    aic, bic : float
        Akaike's and the Bayesian information criterion of lmfit, from n samples and 7 parameters, and one more for each
        of `jumps`.
    jumps : list of Jump
        Intervals whose voltage was fitted, too (`hold="fitted"`).
    starts : list of Start
        All starts, best first.
    boxes : dict
        What the starts were drawn from, uniformly in the logarithm: name to (low, high).
    condition : float
        Condition number of the Jacobian with respect to the logarithms of `params`.
    undetermined : list of str
        Parameters whose error is a factor of two or more, which differ that much between equally good starts, or
        that ended at the edge of their range.
    correlated : list of (str, str, float)
        Pairs with a correlation beyond 0.99.
    result : lmfit MinimizerResult
        lmfit's result of the best start, in the fitted logarithms.
    problem : Problem
        What was solved; `interval` goes on from there.

    Examples
    --------
    >>> import warnings, memnet as mn
    >>> net = mn.Network(2, [(0, 1)], electrodes={"left": 0, "right": 1})
    >>> device = mn.RateBalance(kappa_p0=2e-3, kappa_d0=0.08, eta_p=1.5, eta_d=0.4, g_min=1e-3, g_max=3e-3)
    >>> drive = {"left": mn.drive.triangle(0.05, 2.0, period=40), "right": 0.0}
    >>> data = mn.Simulation(net, device, drive, dt=1.0).run(100)
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     volts = data.voltage.sel(electrode="left")
    ...     found = mn.theory.fit_rate_balance(data.time, volts, data.conductance, seed=1, n_starts=2)
    >>> found.model, found.best_fit.shape, len(found.starts)
    ('rate balance', (100,), 2)
    >>> found.successes, "kappa_d0" in found.report()
    (2, True)
    """

    model: str
    params: Any
    determined: dict[str, tuple[float, float]]
    best_fit: Floats
    residual: Floats
    rmse: float
    aic: float
    bic: float
    jumps: list[Jump]
    starts: list[Start]
    boxes: dict[str, tuple[float, float]]
    condition: float
    undetermined: list[str]
    correlated: list[tuple[str, str, float]]
    result: Any = field(repr=False)
    problem: Problem = field(repr=False)

    def interval(self, name: str, *, sigma: float = 1.0) -> tuple[float, float]:
        """Return the interval of a parameter by its profile: the others are fitted anew for each of its values.

        The errors of `params` and `determined` are those of a fit that is linear near its best. This one is not where
        parameters hang together: then the interval is wider than they say, and not symmetric. Like them it takes
        residuals as independent; where they drift slowly, as where the model is not quite right, it is too narrow.

        Parameters
        ----------
        name : str
            A parameter of `params`, or a combination in `determined`.
        sigma : float
            Where the interval ends: where the sum of squared residuals is sigma^2 times the residual variance above
            the least.

        Returns
        -------
        tuple of float
            Both ends, in the unit of the parameter, within the `limits` of the fit; 0 or inf where nothing limits it.

        Raises
        ------
        TypeError, ValueError
            An unknown name, or a sigma that is no number > 0.

        Examples
        --------
        >>> import numpy as np, warnings, memnet as mn
        >>> t = np.linspace(0.0, 60.0, 61)
        >>> v = np.where((t > 0) & (t < 30), 2.0, 0.1)
        >>> g = 1e-3 + 5e-4 * (1 - np.exp(-t / 9)) * (v > 1) + 1e-6 * np.random.default_rng(0).standard_normal(61)
        >>> with warnings.catch_warnings():
        ...     warnings.simplefilter("ignore")
        ...     found = mn.theory.fit_rate_balance(t, v, g, seed=1, n_starts=2)
        >>> low, high = found.interval("kappa_d0")
        >>> low < found.params["kappa_d0"].value < high
        True
        """
        check.one_of("name", name, (*NATURAL, *self.determined))
        sigma = check.real("sigma", sigma, 0.0, math.inf, "()")
        q = problems.values_of(self.problem, self.result)
        row, constant = problems.combination(self.problem, name)
        with blas.one_thread():
            down, up = (problems.profile_end(self.problem, q, row, sigma, side) for side in (-1, 1))
        at = float(row @ q) + constant
        return math.exp(at - down), math.exp(min(at + up, 700.0)) if up < math.inf else math.inf

    def __repr__(self) -> str:
        """Return one line; `report` says the rest."""
        return f"TraceFit({self.model!r}, rmse={self.rmse:.4g} S, {len(self.best_fit):,} samples)"

    @property
    def successes(self) -> int:
        """Number of starts that reached the best RMSE within 0.1 %."""
        return sum(start.rmse <= (1.0 + SAME) * self.rmse for start in self.starts)

    def report(self) -> str:
        """Return parameters, starts and their boxes as text."""
        n_best = self.successes
        lines = [
            f"{self.model}: RMSE {self.rmse:.4g} S on {len(self.best_fit):,} samples",
            f"AIC {self.aic:.1f}, BIC {self.bic:.1f}; {n_best} of {len(self.starts)} starts within 0.1 % of that RMSE",
            "parameters (error)",
        ]
        for name in NATURAL:
            mark = "   not determined" if name in self.undetermined else ""
            value, error = self.params[name].value, self.params[name].stderr
            lines.append(f"  {name:<10} {value:12.5g} ({error:.2g}) {UNITS[name]}{mark}")
        lines += [f"  {name:<12} {value:10.5g} ({error:.2g})" for name, (value, error) in self.determined.items()]
        lines += [
            f"  {jump.voltage:.5g} ({jump.error:.2g}) V in the {jump.duration:.3g} s after t = {jump.time:.6g} s, "
            f"in which the voltage jumps{'' if jump.error < jump.voltage else '   not determined'}"
            for jump in self.jumps
        ]
        lines.append("start boxes (uniform in the logarithm)")
        lines += [f"  {name:<34} {low:10.3g} to {high:.3g}" for name, (low, high) in self.boxes.items()]
        lines.append("RMSE of the starts (S): " + ", ".join(f"{start.rmse:.4g}" for start in self.starts))
        return "\n".join(lines)


def fit_mean_field(
    time: ArrayLike,
    voltage: ArrayLike,
    conductance: ArrayLike,
    *,
    seed: int | None = None,
    n_starts: int = 10,
    hold: str = "fitted",
    boxes: Mapping[str, tuple[float, float]] | None = None,
    limits: Mapping[str, tuple[float, float]] | None = None,
    max_gap: float | None = None,
    progress: bool = False,
) -> TraceFit:
    """Fit the effective mean field (MF23 eq. 7-10) to a measured conductance trace.

    Seven numbers are free, the state at the first sample among them, and the voltage of each interval over which it
    jumps. Fitted are the combinations that the trace can determine (see Notes), from several random starts.

    Parameters
    ----------
    time, voltage, conductance : array_like, (n,)
        The trace (s, V, S), n >= 20. The sign of the voltage does not matter.
    seed : int, optional
        Fixes the starts; drawn if not given.
    n_starts : int
        Number of starts.
    hold : {"fitted", "next", "previous"}
        Which voltage holds between two samples: that of the later one ("next", for instruments that set a voltage and
        then measure) or of the earlier one ("previous", for the results of `Simulation.run`). "fitted" is as "next",
        but where the voltage jumps, by more than 5 % of its largest value and ten times as much as around, what held in
        between was not recorded: one more number is fitted for it, between 0 and the larger of both voltages.
    boxes : dict, optional
        Name to (low, high), to replace some of the boxes the starts are drawn from; the names are those of
        `TraceFit.boxes`.
    limits : dict, optional
        Name to (low, high), what a fit must stay within: "g_min" and "g_max - g_min" (S), "kappa_d0" (1/s). A limit of
        g_max - g_min keeps chi finite where the trace does not.
    max_gap : float, optional
        Longest interval between samples (s); default: ten times the median of those around.
    progress : bool
        Show a progress bar over the starts.

    Returns
    -------
    TraceFit
        With `best_fit`, `params`, `rmse`, all `starts`, `boxes`, and what the trace does not determine.

    Raises
    ------
    TypeError, ValueError
        A trace with nan, of unequal lengths, too short, with decreasing times or gaps, or with more than 100 jumps to
        fit.
    RuntimeError
        No start led to a finite trace.

    Warns
    -----
    NotIdentifiable
        Some parameters are not determined by the trace; chi and the two eta hardly ever are, one by one.

    Notes
    -----
    With G in place of <g> the equation holds eta g_min, kappa_p0 (g_max - g_min), kappa_d0, g_min and
    1 / (g_max - g_min); where the last two vanish, chi and eta go to infinity and the fit does
    not change. The equation is integrated to a tolerance (csrc/theory/trace.c), not stepped once a sample. Uses
    lmfit (least squares in trust regions within bounds); errors come from the Jacobian at the best fit.
    MF23: doi 10.1002/andp.202300090.

    Examples
    --------
    >>> import numpy as np, warnings, memnet as mn
    >>> t = np.linspace(0.0, 60.0, 61)
    >>> v = np.where((t > 0) & (t < 30), 2.0, 0.1)
    >>> field = mn.theory.RateBalanceField(
    ...     kappa_p0=1e-3, kappa_d0=2.0, eta_p=20.0, eta_d=100.0, g_min=2e-4, chi=10.0)
    >>> g = field.integrate(t, mn.drive.steps(np.append(v[1:], v[-1]), t), g0=0.3)["conductance"]
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     found = mn.theory.fit_mean_field(t, v, g, seed=1, n_starts=2)
    >>> found.rmse < 1e-6
    True
    """
    return _fit(MEAN_FIELD, time, voltage, conductance, seed, n_starts, hold, boxes, limits, max_gap, progress)


@docstrings.like(fit_mean_field)
def fit_rate_balance(
    time: ArrayLike,
    voltage: ArrayLike,
    conductance: ArrayLike,
    *,
    seed: int | None = None,
    n_starts: int = 10,
    hold: str = "fitted",
    boxes: Mapping[str, tuple[float, float]] | None = None,
    limits: Mapping[str, tuple[float, float]] | None = None,
    max_gap: float | None = None,
    progress: bool = False,
) -> TraceFit:
    """Fit one rate balance, driven by the whole voltage, to a measured conductance trace.

    Seven numbers are free, the state at the first sample among them, and the voltage of each interval over which it
    jumps. Arguments, results and errors are those of `fit_mean_field`.

    Notes
    -----
    The step between samples is the exact one of PNN25 eq. 9 (doi 10.1039/D5NH00407A), in csrc/theory/trace.c.

    Examples
    --------
    A junction simulated, and its parameters found again.

    >>> import warnings, memnet as mn
    >>> device = mn.RateBalance(kappa_p0=2e-3, kappa_d0=0.08, eta_p=1.5, eta_d=0.4, g_min=1e-3, g_max=3e-3)
    >>> net = mn.Network(2, [(0, 1)], electrodes={"left": 0, "right": 1})
    >>> drive = {"left": mn.drive.triangle(0.05, 2.0, period=40), "right": 0}
    >>> data = mn.Simulation(net, device, drive, dt=1.0).run(100)
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     found = mn.theory.fit_rate_balance(
    ...         data.time, data.voltage.sel(electrode="left"), data.conductance, hold="previous", seed=1, n_starts=4)
    >>> round(found.params["kappa_d0"].value, 4), found.rmse < 1e-9
    (0.08, True)
    """
    return _fit(RATE_BALANCE, time, voltage, conductance, seed, n_starts, hold, boxes, limits, max_gap, progress)


def _fit(
    model: Model,
    time: ArrayLike,
    voltage: ArrayLike,
    conductance: ArrayLike,
    seed: int | None,
    n_starts: int,
    hold: str,
    boxes: Mapping[str, tuple[float, float]] | None,
    limits: Mapping[str, tuple[float, float]] | None,
    max_gap: float | None,
    progress: bool,
) -> TraceFit:
    t, v, g = traces.checked(time, voltage, conductance, max_gap)
    n_starts = check.integer("n_starts", n_starts, 1)
    check.flag("progress", progress)
    check.one_of("hold", hold, ("fitted", "next", "previous"))
    problem = problems.make_problem(model, t, v, g, hold, _pairs("limits", limits, tuple(LIMITED)))
    facts = facts_of(t, v, g)
    drawn_from = model.boxes(facts)
    drawn_from |= _pairs("boxes", boxes, tuple(drawn_from))
    rng = np.random.default_rng(check.seed("seed", seed))

    ends = []
    with blas.one_thread(), progress_bar(progress, n_starts, "starts") as bar:
        for _ in range(n_starts):
            start = problems.start_of(problem, model.draw(rng, drawn_from, facts))
            ends.append((start, *problems.minimise(problem, start, EXPLORING)))
            bar.update(1)
        ends.sort(key=lambda end: end[2])
        ends[0] = _finished(problem, *ends[0])
    _, result, best, _ = ends[0]
    if not math.isfinite(best):
        raise RuntimeError("no start led to a finite trace; give other boxes, or more starts")
    starts = [
        Start(
            rmse * problem.top,
            _named(problem.natural(problems.values_of(problem, end))),
            _named(problem.natural(start)),
            n_evaluations,
        )
        for start, end, rmse, n_evaluations in ends
    ]
    return _found(problem, t, g, result, starts, drawn_from)


def _finished(problem: Problem, start: Floats, result: Any, rmse: float, n: int) -> tuple[Floats, Any, float, int]:
    """Return the best start after it has gone on to the end, its evaluations added."""
    if not math.isfinite(rmse):
        return start, result, rmse, n
    further, better, more = problems.minimise(problem, problems.values_of(problem, result), FINISHED)
    return (start, further, better, n + more) if better <= rmse else (start, result, rmse, n + more)


def _found(
    problem: Problem,
    t: Floats,
    g: Floats,
    result: Any,
    starts: list[Start],
    boxes: dict[str, tuple[float, float]],
) -> TraceFit:
    q = problems.values_of(problem, result)
    shown = problem.top * problem.trace(q)
    jacobian, to_natural = problem.jacobian(q), problems.to_natural(problem, q)
    covariance = problems.covariance_at(problem, q, jacobian)
    natural = (to_natural @ covariance @ to_natural.T)[: len(NATURAL), : len(NATURAL)]
    undetermined = _undetermined(q, natural, starts)
    params, correlated = _parameters(problem.natural(q), natural)
    rmse = float(np.sqrt(np.mean((shown - g) ** 2)))
    n, k = g.size, len(q)
    misfit = n * math.log(max(rmse**2, 1e-300))
    if undetermined:
        pairs = "; ".join(f"{a} with {b}" for a, b, _ in correlated) or "none"
        warnings.warn(
            f"the trace does not determine {', '.join(undetermined)} one by one (correlated beyond {CORRELATED:g}: "
            f"{pairs}); judge the fit by its RMSE and by the combinations in `determined`",
            NotIdentifiable,
            stacklevel=4,
        )
    return TraceFit(
        model=problem.model.name,
        params=params,
        determined=_determined(problem, q, covariance),
        best_fit=shown,
        residual=shown - g,
        rmse=rmse,
        aic=misfit + 2 * k,
        bic=misfit + k * math.log(n),
        jumps=_jumps(problem, t, q, covariance),
        starts=starts,
        boxes=boxes,
        condition=problems.condition_of(jacobian, to_natural),
        undetermined=undetermined,
        correlated=correlated,
        result=result,
        problem=problem,
    )


def _pairs(name: str, given: Any, allowed: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Return a checked dict of (low, high), 0 < low <= high."""
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise TypeError(f"{name} must be a dict of (low, high), got {given!r:.80}")
    found = {}
    for key, pair in given.items():
        check.one_of(f"key of {name}", key, allowed)
        low, high = check.array(f"{name}[{key!r}]", pair, (2,)).tolist()
        if not 0.0 < low <= high:
            raise ValueError(f"{name}[{key!r}] must be (low, high) with 0 < low <= high, got ({low:g}, {high:g})")
        found[key] = (low, high)
    return found


# ---------------------------------------------------------------- what the trace determines


def _named(logarithms: Floats) -> dict[str, float]:
    return {name: float(np.exp(x)) for name, x in zip(NATURAL, logarithms, strict=False)}


def _jumps(problem: Problem, t: Floats, q: Floats, covariance: Floats) -> list[Jump]:
    n = len(FITTED)
    voltage, error = np.exp(q[n:]), np.sqrt(np.diag(covariance)[n:])
    return [
        Jump(float(t[k]), float(problem.dt[k]), float(v), float(v * e))
        for k, v, e in zip(problem.jumps, voltage, error, strict=True)
    ]


def _undetermined(q: Floats, covariance: Floats, starts: Sequence[Start]) -> list[str]:
    wide = {name for name, x in zip(NATURAL, np.diag(covariance), strict=True) if math.sqrt(x) > UNDETERMINED}
    same = [start.params for start in starts if start.rmse <= (1.0 + SAME) * starts[0].rmse]
    for name in NATURAL:
        values = [params[name] for params in same]
        if max(values) > 2.0 * min(values):
            wide.add(name)
    at_edge = {name for name, x in zip(FITTED, q, strict=False) if min(x - EDGES[name][0], EDGES[name][1] - x) < 0.1}
    if at_edge & {"g_min", "range"}:
        wide.add("chi")
    return [name for name in NATURAL if name in wide]


def _parameters(logarithms: Floats, covariance: Floats) -> tuple[Any, list[tuple[str, str, float]]]:
    import lmfit

    deviation = np.sqrt(np.diag(covariance))
    scale = np.where(deviation > 0.0, deviation, 1.0)
    correlation = covariance / np.outer(scale, scale)
    params = lmfit.Parameters()
    pairs = []
    for i, name in enumerate(NATURAL):
        value = float(np.exp(logarithms[i]))
        params.add(name, value=value, min=0.0)
        params[name].stderr = value * float(deviation[i])
        params[name].correl = {other: float(correlation[i, j]) for j, other in enumerate(NATURAL) if j != i}
        close = [j for j in range(i) if abs(correlation[i, j]) > CORRELATED]
        pairs += [(NATURAL[j], name, float(correlation[i, j])) for j in close]
    return params, pairs


def _determined(problem: Problem, q: Floats, covariance: Floats) -> dict[str, tuple[float, float]]:
    found = {}
    for label in problem.model.combinations:
        row, constant = problems.combination(problem, label)
        value = math.exp(row @ q + constant)
        found[label] = value, value * math.sqrt(max(float(row @ covariance @ row), 0.0))
    return found
