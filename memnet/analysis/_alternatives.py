"""Distributions that a power law is compared with, on the same range, by maximum likelihood.

Each takes distinct values and their numbers, and returns the log-probability (density) of each value and the
parameters found. Of integers, each is its function of x summed over the integers of the range, as the power law is: two
laws can only be compared where both are discrete in the same way.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from memnet.analysis._power_sums import log_norm, log_norm_bent, log_norm_cutoff, log_norm_stretched
from memnet.base.arrays import Floats

Fitted = tuple[Floats, dict[str, float]]

# The widest log-normal that is tried: its parabola bends by this much per squared decade, so it is a power law.
SMALLEST_BEND = 1e-6
# The most stretched exponential that is tried: its local exponent grows by this much per factor e, in relation.
SMALLEST_STRETCH = 1e-5


def exponential(x: Floats, count: Floats, xmin: float, xmax: float, *, discrete: bool, exponent: float) -> Fitted:  # noqa: ARG001
    """Return the fit of exp(-rate x); between two ends the rate may be negative."""
    excess = float(np.dot(count, x - xmin) / count.sum())
    if math.isinf(xmax):
        rate = (math.log1p(1.0 / excess) if discrete else 1.0 / excess) if excess > 0 else math.inf
    else:
        rate = _truncated_rate(excess, xmax - xmin + discrete, discrete)
    norm = _log_geometric(rate, xmax - xmin + discrete, discrete)
    return -rate * (x - xmin) - norm, {"rate": rate}


def _log_geometric(rate: float, width: float, discrete: bool) -> float:
    """Return log of the sum (integral) of exp(-rate y) over y from 0, below (to) `width`."""
    if abs(rate) < 1e-12 and math.isfinite(width):
        return math.log(width)
    top = 1.0 if math.isinf(width) else -math.expm1(-rate * width)
    bottom = -math.expm1(-rate) if discrete else rate
    return math.log(top / bottom)


def _truncated_rate(excess: float, width: float, discrete: bool) -> float:
    """Return the rate whose mean over the range is the one found."""
    from scipy import optimize

    limit = 500.0 / width
    best = optimize.minimize_scalar(
        lambda rate: rate * excess + _log_geometric(rate, width, discrete),
        bounds=(-limit, max(limit, 30.0 / max(excess, 1e-300))),
        method="bounded",
        options={"xatol": 1e-10 * limit},
    )
    return float(best.x)


def lognormal(x: Floats, count: Floats, xmin: float, xmax: float, *, discrete: bool, exponent: float) -> Fitted:
    """Return the fit of x**-1 exp(-(log x - mu)**2/(2 sigma**2)).

    It is looked for as a power law whose exponent at xmin is s and grows with log x by `bend`: mu = log xmin -
    (s - 1)/bend, sigma = bend**-1/2. Fits of power-law data run off to bend = 0, and these parameters stay bounded.
    """
    log = np.log(x / xmin)
    n, first, second = float(count.sum()), float(np.dot(count, log)), float(np.dot(count, log * log))

    def log_likelihood(point: Floats) -> float:
        bend = math.exp(point[1])
        norm = log_norm_bent(point[0], bend, xmin, xmax, discrete=discrete)
        return float(-point[0] * first - 0.5 * bend * second - n * norm)

    best = _maximise(
        log_likelihood,
        [np.array([exponent, math.log(bend)]) for bend in (1e-3, 0.3)] + [np.array([1.0, 0.0])],
        [(-200.0, 200.0), (math.log(SMALLEST_BEND), 10.0)],
    )
    s, bend = float(best[0]), math.exp(best[1])
    density = -s * log - 0.5 * bend * log**2 - log_norm_bent(s, bend, xmin, xmax, discrete=discrete)
    return density, {"mu": math.log(xmin) - (s - 1.0) / bend, "sigma": bend**-0.5}


def stretched_exponential(
    x: Floats,
    count: Floats,
    xmin: float,
    xmax: float,
    *,
    discrete: bool,
    exponent: float,
) -> Fitted:
    """Return the fit of x**(stretch - 1) exp(-(rate x)**stretch); its limit stretch = 0 is a power law.

    It is looked for in stretch and in the `fall` that the exponential adds to the exponent at xmin, stretch times the
    rate**stretch of x/xmin: towards a power law that one stays bounded.
    """
    log = np.log(x / xmin)
    n, first = float(count.sum()), float(np.dot(count, log))

    def log_likelihood(point: Floats) -> float:
        stretch, rate = math.exp(point[0]), math.exp(point[1] - point[0])
        with np.errstate(over="ignore"):
            grown = float(np.dot(count, np.expm1(stretch * log)))
            norm = log_norm_stretched(stretch, rate, xmin, xmax, discrete=discrete)
        return (stretch - 1.0) * first - rate * grown - n * norm

    mean = max(float(np.dot(count, x / xmin - 1.0)) / n, 1e-9)
    starts = [np.log([stretch, max(exponent - 1.0, 0.1)]) for stretch in (0.01, 0.3)] + [np.log([1.0, 1.0 / mean])]
    best = _maximise(log_likelihood, starts, [(math.log(SMALLEST_STRETCH), math.log(20.0)), (-25.0, 7.0)])
    stretch, rate = math.exp(best[0]), math.exp(best[1] - best[0])
    norm = log_norm_stretched(stretch, rate, xmin, xmax, discrete=discrete)
    density = (stretch - 1.0) * log - rate * np.expm1(stretch * log) - norm
    with np.errstate(over="ignore"):  # without end for a power law, whose stretch is 0
        return density, {"stretch": stretch, "rate": float(np.exp(np.log(rate) / stretch - np.log(xmin)))}


def truncated_power_law(
    x: Floats, count: Floats, xmin: float, xmax: float, *, discrete: bool, exponent: float
) -> Fitted:
    """Return the fit of x**-s exp(-rate x) with rate >= 0; rate = 0 is the power law itself."""
    n, log_x = float(count.sum()), np.log(x)
    mean_log, excess = float(np.dot(count, log_x)) / n, float(np.dot(count, x - xmin)) / n

    def log_likelihood(point: Floats) -> float:
        rate = math.exp(point[1])
        return -n * float(
            point[0] * mean_log + rate * excess + log_norm_cutoff(point[0], rate, xmin, xmax, discrete=discrete)
        )

    unit = 1.0 / max(excess, 1e-300)
    starts = [np.array([exponent, math.log(1e-3 * unit)]), np.array([min(exponent, 1.0), math.log(0.3 * unit)])]
    best = _maximise(log_likelihood, starts, [(-20.0, 20.0), (math.log(1e-9 * unit), math.log(100.0 * unit))])
    pure = -n * (exponent * mean_log + float(log_norm(exponent, xmin, xmax, discrete=discrete)))
    if log_likelihood(best) <= pure:
        norm = float(log_norm(exponent, xmin, xmax, discrete=discrete))
        return -exponent * log_x - norm, {"exponent": exponent, "rate": 0.0}
    rate = math.exp(best[1])
    norm = log_norm_cutoff(best[0], rate, xmin, xmax, discrete=discrete)
    return -best[0] * log_x - rate * (x - xmin) - norm, {"exponent": float(best[0]), "rate": rate}


def _maximise(function: Callable[[Floats], float], starts: list[Floats], bounds: list[tuple[float, float]]) -> Floats:
    """Return the best point that simplices from several starts reach."""
    from scipy import optimize

    def minus(point: Floats) -> float:
        value = function(point)
        return -value if math.isfinite(value) else 1e300

    results = [
        optimize.minimize(
            minus, start, method="Nelder-Mead", bounds=bounds, options={"xatol": 1e-5, "fatol": 1e-5, "maxiter": 500}
        )
        for start in starts
    ]
    return np.asarray(min(results, key=lambda result: float(result.fun)).x, dtype=np.float64)


ALTERNATIVES: dict[str, Callable[..., Fitted]] = {
    "exponential": exponential,
    "lognormal": lognormal,
    "stretched_exponential": stretched_exponential,
    "truncated_power_law": truncated_power_law,
}
NESTED = frozenset({"truncated_power_law"})
# These come as near to a power law as one likes, so that they are never worse than one.
LIMITS = frozenset({"lognormal", "stretched_exponential"})
