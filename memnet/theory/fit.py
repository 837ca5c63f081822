"""Fits of a measured conductance trace: the effective mean field, or one rate balance."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from memnet import _check
from memnet.theory import trace as traces

Floats = NDArray[np.float64]

# What is fitted, all of it as logarithms; see `Model`.
FITTED = ("g_min", "range", "k_p", "kappa_d0", "slope_p", "slope_d", "above")
NATURAL = ("g_min", "chi", "kappa_p0", "kappa_d0", "eta_p", "eta_d", "g0")
UNITS = {"g_min": "S", "chi": "1", "kappa_p0": "1/s", "kappa_d0": "1/s", "eta_p": "1/V", "eta_d": "1/V", "g0": "1"}

# Standard deviation of a logarithm from which on a parameter counts as not determined: a factor of two.
UNDETERMINED = math.log(2.0)
CORRELATED = 0.99
# Starts whose RMSE is within this share of the best one's ended at the same fit.
SAME = 1e-3
# Samples that the first stage keeps: every so-many-th, and those after a jump of the voltage.
COARSE_ABOVE = 800
COARSE = 200
AFTER_JUMP = 25
STEPS_A_SAMPLE = 20
STEPS_MORE = 2_000


class NotIdentifiable(UserWarning):
    """Parameters of a fit that the trace does not determine."""


@dataclass(frozen=True)
class Start:
    """One random start of a fit: its RMSE (S) and parameters at the end, and its parameters at the start."""

    rmse: float
    params: dict[str, float]
    initial: dict[str, float]
    n_evaluations: int


@dataclass(frozen=True, eq=False)
class TraceFit:
    """A fit of a trace.

    Attributes
    ----------
    model : str
        "mean field" or "rate balance".
    params : lmfit.Parameters
        g_min (S), chi, kappa_p0, kappa_d0 (1/s), eta_p, eta_d (1/V) and g0 with `value`, `stderr` and `correl`.
    determined : dict
        The combinations g_min chi (S), eta_p / chi and eta_d / chi (1/V) of a mean field with their errors.
    best_fit : ndarray, (n,)
        Conductance over time (S).
    residual : ndarray, (n,)
        best_fit minus the trace (S).
    rmse : float
        Root of the mean squared residual (S).
    aic, bic : float
        Akaike's and the Bayesian information criterion of lmfit, from n samples and 7 parameters.
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
    """

    model: str
    params: Any
    determined: dict[str, tuple[float, float]]
    best_fit: Floats
    residual: Floats
    rmse: float
    aic: float
    bic: float
    starts: list[Start]
    boxes: dict[str, tuple[float, float]]
    condition: float
    undetermined: list[str]
    correlated: list[tuple[str, str, float]]
    result: Any = field(repr=False)

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
        lines.append("start boxes (uniform in the logarithm)")
        lines += [f"  {name:<34} {low:10.3g} to {high:.3g}" for name, (low, high) in self.boxes.items()]
        lines.append("RMSE of the starts (S): " + ", ".join(f"{start.rmse:.4g}" for start in self.starts))
        return "\n".join(lines)


@dataclass(frozen=True)
class Model:
    """What a fit needs to know: the trace of a model, and how its fitted numbers become parameters.

    The fitted numbers are logarithms of g_min, range = g_max - g_min, k_p, kappa_d0, slope_p, slope_d and G(0) - g_min,
    conductances in units of the largest one measured.
    """

    name: str
    trace: Callable[..., Floats]
    natural: Callable[[Floats, float], Floats]
    draw: Callable[[Any, dict[str, tuple[float, float]], dict[str, float]], Floats]
    boxes: Callable[[dict[str, float]], dict[str, tuple[float, float]]]


def fit_mean_field(
    time: ArrayLike,
    voltage: ArrayLike,
    conductance: ArrayLike,
    *,
    seed: int | None = None,
    n_starts: int = 10,
    hold: str = "next",
    boxes: Mapping[str, tuple[float, float]] | None = None,
    max_gap: float | None = None,
) -> TraceFit:
    """Fit the effective mean field (MF23 eq. 7-10) to a measured conductance trace.

    Seven numbers are free, the state at the first sample among them. Fitted are the combinations that the trace can
    determine (see Notes), from several random starts, on a thinned trace first where it is long and then on all of it.

    Parameters
    ----------
    time, voltage, conductance : array_like, (n,)
        The trace (s, V, S), n >= 20. The sign of the voltage does not matter.
    seed : int, optional
        Fixes the starts; drawn if not given.
    n_starts : int
        Number of starts.
    hold : {"next", "previous"}
        Which sample's voltage holds between two samples. "next" suits instruments that set a voltage and then measure.
    boxes : dict, optional
        Name to (low, high), to replace some of the boxes the starts are drawn from; the names are those of
        `TraceFit.boxes`.
    max_gap : float, optional
        Longest interval between samples (s); default: ten times the median of those around.

    Returns
    -------
    TraceFit
        With `best_fit`, `params`, `rmse`, all `starts`, `boxes`, and what the trace does not determine.

    Warns
    -----
    NotIdentifiable
        Some parameters are not determined by the trace; chi and the two eta hardly ever are, one by one.

    Raises
    ------
    TypeError, ValueError
        A trace with nan, of unequal lengths, too short, with decreasing times or gaps.
    RuntimeError
        No start led to a finite trace.

    Notes
    -----
    With G in place of <g> the equation holds eta g_min, kappa_p0 (g_max - g_min), kappa_d0, g_min and
    1 / (g_max - g_min); where the last two vanish, chi and eta go to infinity and the fit does
    not change. The equation is integrated to a tolerance (`trace.mean_field_trace`), not stepped once a sample. Uses
    lmfit (least squares after Levenberg-Marquardt); errors come from the Jacobian at the best fit.
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
    return _fit(MEAN_FIELD, time, voltage, conductance, seed, n_starts, hold, boxes, max_gap)


def fit_rate_balance(
    time: ArrayLike,
    voltage: ArrayLike,
    conductance: ArrayLike,
    *,
    seed: int | None = None,
    n_starts: int = 10,
    hold: str = "next",
    boxes: Mapping[str, tuple[float, float]] | None = None,
    max_gap: float | None = None,
) -> TraceFit:
    """Fit one rate balance, driven by the whole voltage, to a measured conductance trace.

    Parameters, result, warnings and errors are those of `fit_mean_field`; the step between samples is the exact one.
    """
    return _fit(RATE_BALANCE, time, voltage, conductance, seed, n_starts, hold, boxes, max_gap)


# ---------------------------------------------------------------- the models


def _facts(t: Floats, v: Floats, g: Floats) -> dict[str, float]:
    """Return what the boxes are made of, conductances relative to the largest."""
    top = float(g.max())
    driven = v[v > 1e-9 * max(float(v.max()), 1e-300)]
    return {
        "low": float(g.min()) / top,
        "first": float(g[0]) / top,
        "seconds": float(t[-1] - t[0]),
        "interval": float(np.median(np.diff(t))),
        "high_voltage": float(v.max()) if v.max() > 0.0 else 1.0,
        "low_voltage": float(driven.min()) if driven.size else 1.0,
    }


_HIGH = "rate at the highest voltage (1/s)"
_LOW = "rate at the lowest voltage (1/s)"
_EXPONENT_P = "exponent eta_p x at the highest voltage"
_EXPONENT_D = "exponent eta_d x at the lowest voltage"
_G_MIN = "g_min / smallest G"
_RANGE = "g_max - g_min / largest G"


def _mean_field_boxes(facts: dict[str, float]) -> dict[str, tuple[float, float]]:
    per_second = 1.0 / facts["seconds"]
    return {
        _G_MIN: (0.02, 0.9),
        _RANGE: (1.0, 30.0),
        _EXPONENT_P: (1.0, 30.0),
        _EXPONENT_D: (0.5, 20.0),
        _HIGH: (per_second, 100.0 * per_second),
        _LOW: (per_second, 100.0 * per_second),
    }


def _rate_balance_boxes(facts: dict[str, float]) -> dict[str, tuple[float, float]]:
    rates = (1.0 / facts["seconds"], 1.0 / facts["interval"])
    return {
        _G_MIN: (0.1, 0.999),
        _RANGE: (0.1, 10.0),
        _EXPONENT_P: (0.1, 20.0),
        _EXPONENT_D: (1e-4, 1.0),
        _HIGH: rates,
        _LOW: rates,
    }


def _draw_mean_field(rng: Any, boxes: dict[str, tuple[float, float]], facts: dict[str, float]) -> Floats:
    x = {name: float(np.exp(rng.uniform(*np.log(box)))) for name, box in boxes.items()}
    middle = 0.5 * (1.0 + facts["low"])
    g_min = x[_G_MIN] * facts["low"]
    start = [
        math.log(g_min),
        math.log(x[_RANGE]),
        math.log(x[_HIGH] * middle) - x[_EXPONENT_P],
        math.log(x[_LOW]) + x[_EXPONENT_D] * facts["low"] / middle,
        math.log(x[_EXPONENT_P] / facts["high_voltage"]),
        math.log(x[_EXPONENT_D] * facts["low"] / facts["low_voltage"]),
        math.log(max(facts["first"] - g_min, 0.01 * facts["low"])),
    ]
    return np.array(start)


def _draw_rate_balance(rng: Any, boxes: dict[str, tuple[float, float]], facts: dict[str, float]) -> Floats:
    x = {name: float(np.exp(rng.uniform(*np.log(box)))) for name, box in boxes.items()}
    g_min = x[_G_MIN] * facts["low"]
    start = [
        math.log(g_min),
        math.log(x[_RANGE]),
        math.log(x[_HIGH]) - x[_EXPONENT_P],
        math.log(x[_LOW]) + x[_EXPONENT_D],
        math.log(x[_EXPONENT_P] / facts["high_voltage"]),
        math.log(x[_EXPONENT_D] / facts["low_voltage"]),
        math.log(max(facts["first"] - g_min, 0.01 * facts["low"])),
    ]
    return np.array(start)


def _mean_field_natural(q: Floats, top: float) -> Floats:
    """Return logarithms of the parameters from the fitted logarithms."""
    g_min, span, k_p, k_d, slope_p, slope_d, above = q
    return np.array(
        [g_min + math.log(top), span - g_min, k_p - span, k_d, slope_p - g_min, slope_d - g_min, above - span]
    )


def _rate_balance_natural(q: Floats, top: float) -> Floats:
    g_min, span, k_p, k_d, slope_p, slope_d, above = q
    return np.array([g_min + math.log(top), span - g_min, k_p, k_d, slope_p, slope_d, above - span])


MEAN_FIELD = Model("mean field", traces.mean_field_trace, _mean_field_natural, _draw_mean_field, _mean_field_boxes)
RATE_BALANCE = Model(
    "rate balance", traces.rate_balance_trace, _rate_balance_natural, _draw_rate_balance, _rate_balance_boxes
)

# Edges of the fitted logarithms: conductances relative to the largest one measured.
EDGES = {
    "g_min": (math.log(1e-6), math.log(0.999)),
    "range": (math.log(1e-3), math.log(1e4)),
    "k_p": (-90.0, 30.0),
    "kappa_d0": (-40.0, 40.0),
    "slope_p": (-14.0, 14.0),
    "slope_d": (-14.0, 14.0),
    "above": (math.log(1e-6), math.log(10.0)),
}


# ---------------------------------------------------------------- fitting


def _fit(
    model: Model,
    time: ArrayLike,
    voltage: ArrayLike,
    conductance: ArrayLike,
    seed: int | None,
    n_starts: int,
    hold: str,
    boxes: Mapping[str, tuple[float, float]] | None,
    max_gap: float | None,
) -> TraceFit:
    t, v, g = traces.checked(time, voltage, conductance, max_gap)
    n_starts = _check.integer("n_starts", n_starts, 1)
    _check.one_of("hold", hold, ("next", "previous"))
    facts = _facts(t, v, g)
    drawn_from = _boxes(model, facts, boxes)
    rng = np.random.default_rng(_check.seed("seed", seed))
    top = float(g.max())

    ends = []
    for _ in range(n_starts):
        start = model.draw(rng, drawn_from, facts)
        ends.append((start, *_from(model, start, t, v, g / top, hold)))
    ends.sort(key=lambda end: end[2])
    _, result, best, _ = ends[0]
    if not math.isfinite(best):
        raise RuntimeError("no start led to a finite trace; give other boxes, or more starts")

    q = _values(result)
    shown = top * _trace(model, q, t, v, hold)
    starts = [
        Start(rmse * top, _named(model.natural(_values(end), top)), _named(model.natural(start, top)), n)
        for start, end, rmse, n in ends
    ]
    covariance, condition = _covariance(model, q, t, v, g / top, hold, top)
    undetermined = _undetermined(q, covariance, starts)
    params, correlated = _parameters(model.natural(q, top), covariance)
    determined = _determined(model, params, covariance)
    n, k = g.size, len(FITTED)
    misfit = n * math.log(max(best**2 * top**2, 1e-300))
    if undetermined:
        pairs = "; ".join(f"{a} with {b}" for a, b, _ in correlated) or "none"
        warnings.warn(
            f"the trace does not determine {', '.join(undetermined)} one by one (correlated beyond {CORRELATED:g}: "
            f"{pairs}); judge the fit by its RMSE and by combinations such as g_min chi and eta / chi",
            NotIdentifiable,
            stacklevel=3,
        )
    return TraceFit(
        model=model.name,
        params=params,
        determined=determined,
        best_fit=shown,
        residual=shown - g,
        rmse=float(np.sqrt(np.mean((shown - g) ** 2))),
        aic=misfit + 2 * k,
        bic=misfit + k * math.log(n),
        starts=starts,
        boxes=drawn_from,
        condition=condition,
        undetermined=undetermined,
        correlated=correlated,
        result=result,
    )


def _boxes(
    model: Model, facts: dict[str, float], given: Mapping[str, tuple[float, float]] | None
) -> dict[str, tuple[float, float]]:
    boxes = model.boxes(facts)
    for name, box in (given or {}).items():
        _check.one_of("box", name, boxes)
        low, high = box
        low = _check.real(f"boxes[{name!r}][0]", low, 0.0, math.inf)
        boxes[name] = low, _check.real(f"boxes[{name!r}][1]", high, low, math.inf, "[)")
    return boxes


def _coarse(v: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Return samples for the first stage and the square roots of how many each stands for."""
    n = v.size
    jumps = np.flatnonzero(np.abs(np.diff(v)) > 0.05 * max(float(v.max()), 1e-300))[:20]
    after = [np.arange(k, min(k + AFTER_JUMP, n)) for k in jumps]
    kept = np.unique(np.concatenate([np.arange(0, n, max(n // COARSE, 1)), [n - 1], *after])).astype(np.int64)
    middle = 0.5 * (kept[1:] + kept[:-1])
    edges = np.concatenate(([-0.5], middle, [n - 0.5]))
    return kept, np.sqrt(np.diff(edges))


def _from(model: Model, start: Floats, t: Floats, v: Floats, g: Floats, hold: str) -> tuple[Any, float, int]:
    """Return lmfit's result, RMSE (relative) and number of evaluations of one start."""
    used, q = 0, start
    if t.size > COARSE_ABOVE:
        kept, weight = _coarse(v)
        rough, _, used = _minimise(model, q, t[kept], v[kept], g[kept], weight, hold, 1e-5, 1_200)
        q = _values(rough)
    result, rmse, n = _minimise(model, q, t, v, g, np.ones(t.size), hold, 1e-6, 400)
    return result, rmse, used + n


def _minimise(
    model: Model,
    start: Floats,
    t: Floats,
    v: Floats,
    g: Floats,
    weight: Floats,
    hold: str,
    tolerance: float,
    most: int,
) -> tuple[Any, float, int]:
    import lmfit

    dt, held = traces.intervals(t, v, hold)
    far = np.full(t.size, 1e2)
    # A candidate that is harder to follow than this is no candidate.
    most_steps = STEPS_A_SAMPLE * t.size + STEPS_MORE

    def residual(params: Any) -> Floats:
        q = np.array([params[name].value for name in FITTED])
        try:
            found = model.trace(dt, held, np.exp(q).tolist(), tolerance, most_steps)
        except ArithmeticError:
            return far
        with np.errstate(all="ignore"):
            difference: Floats = (found - g) * weight
        return np.where(np.isfinite(difference), difference, far)

    params = lmfit.Parameters()
    for name, value in zip(FITTED, start, strict=True):
        low, high = EDGES[name]
        params.add(name, value=float(np.clip(value, low + 1e-3, high - 1e-3)), min=low, max=high)
    minimiser = lmfit.Minimizer(residual, params, calc_covar=False)
    result = minimiser.leastsq(max_nfev=most, ftol=1e-7, xtol=1e-7, epsfcn=1e-9)
    rmse = float(np.sqrt(np.sum(np.square(result.residual)) / np.sum(weight**2)))
    return result, rmse if rmse < 10.0 else math.inf, int(result.nfev)


def _values(result: Any) -> Floats:
    return np.array([result.params[name].value for name in FITTED])


def _trace(model: Model, q: Floats, t: Floats, v: Floats, hold: str, tolerance: float = 1e-9) -> Floats:
    dt, held = traces.intervals(t, v, hold)
    return model.trace(dt, held, np.exp(q).tolist(), tolerance)


# ---------------------------------------------------------------- what the trace determines


def _named(logarithms: Floats) -> dict[str, float]:
    return {name: float(np.exp(x)) for name, x in zip(NATURAL, logarithms, strict=True)}


def _covariance(
    model: Model, q: Floats, t: Floats, v: Floats, g: Floats, hold: str, top: float
) -> tuple[Floats, float]:
    """Return the covariance of the logarithms of the parameters, and the condition number of their Jacobian."""
    n = len(q)
    step = 1e-4
    columns = []
    for k in range(n):
        shift = np.zeros(n)
        shift[k] = step
        high = _trace(model, q + shift, t, v, hold)
        columns.append((high - _trace(model, q - shift, t, v, hold)) / (2.0 * step))
    # Both sets are logarithms joined by a linear map.
    at = model.natural(q, top)
    to_natural = np.column_stack([model.natural(q + unit, top) - at for unit in np.eye(n)])
    jacobian = np.column_stack(columns) @ np.linalg.inv(to_natural)
    variance = float(np.sum((_trace(model, q, t, v, hold) - g) ** 2)) / max(t.size - n, 1)
    _, s, rotation = np.linalg.svd(jacobian, full_matrices=False)
    floor = max(s[0], 1e-300) * 1e-12
    scaled = rotation.T / np.maximum(s, floor)
    return variance * scaled @ scaled.T, float(s[0] / max(s[-1], floor))


def _undetermined(q: Floats, covariance: Floats, starts: Sequence[Start]) -> list[str]:
    wide = {name for name, x in zip(NATURAL, np.diag(covariance), strict=True) if math.sqrt(x) > UNDETERMINED}
    same = [start.params for start in starts if start.rmse <= (1.0 + SAME) * starts[0].rmse]
    for name in NATURAL:
        values = [params[name] for params in same]
        if max(values) > 2.0 * min(values):
            wide.add(name)
    at_edge = {name for name, x in zip(FITTED, q, strict=True) if min(x - EDGES[name][0], EDGES[name][1] - x) < 0.1}
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


def _determined(model: Model, params: Any, covariance: Floats) -> dict[str, tuple[float, float]]:
    combinations = {"g_min chi": {"g_min": 1.0, "chi": 1.0}}
    if model is MEAN_FIELD:
        combinations["eta_p g_min"] = {"eta_p": 1.0, "g_min": 1.0}
        combinations["eta_d g_min"] = {"eta_d": 1.0, "g_min": 1.0}
        combinations["eta_p / chi"] = {"eta_p": 1.0, "chi": -1.0}
        combinations["eta_d / chi"] = {"eta_d": 1.0, "chi": -1.0}
    found = {}
    for label, powers in combinations.items():
        row = np.array([powers.get(name, 0.0) for name in NATURAL])
        value = math.exp(sum(power * math.log(params[name].value) for name, power in powers.items()))
        found[label] = value, value * math.sqrt(max(float(row @ covariance @ row), 0.0))
    return found
