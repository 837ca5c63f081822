"""Distributions that a power law is compared with, on the same range, by maximum likelihood.

Each takes distinct values and their numbers, and returns the log-probability (density) of each value and the
parameters found.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from memnet.analysis.power_sums import log_norm, log_norm_cutoff

Floats = NDArray[np.float64]
Fitted = tuple[Floats, dict[str, float]]

# The widest log-normal that is tried: its parabola bends by this much per squared decade, so it is a power law.
SMALLEST_BEND = 1e-6


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
    """Return the fit of a log-normal cut to the range; integers get what lies within half a unit of them.

    It is looked for as a power law whose exponent at xmin is s and grows with log x by `bend`: mu = log xmin -
    (s - 1)/bend, sigma = bend**-1/2. Fits of power-law data run off to bend = 0, and these parameters stay bounded.
    """
    log_min = math.log(xmin)

    log = np.log(x) - log_min
    n, first, second = float(count.sum()), float(np.dot(count, log)), float(np.dot(count, log * log))
    reach = math.log(xmax) - log_min

    def parameters(point: Floats) -> tuple[float, float]:
        return log_min - (point[0] - 1.0) * math.exp(-point[1]), math.exp(-0.5 * point[1])

    def log_integers(point: Floats) -> Floats:
        mu, sigma = parameters(point)
        whole = _log_normal_mass(np.array([xmin - 0.5]), np.array([xmax + 0.5]), mu, sigma)
        return np.asarray(_log_normal_mass(x - 0.5, x + 0.5, mu, sigma) - whole)

    def log_likelihood(point: Floats) -> float:
        if discrete:
            return float(np.dot(count, log_integers(point)))
        bend = math.exp(point[1])
        return float(-point[0] * first - 0.5 * bend * second - n * _log_bent(point[0], bend, reach))

    best = _maximise(
        log_likelihood,
        [np.array([exponent, math.log(bend)]) for bend in (1e-3, 0.3)] + [np.array([1.0, 0.0])],
        [(-200.0, 200.0), (math.log(SMALLEST_BEND), 10.0)],
    )
    mu, sigma = parameters(best)
    if discrete:
        return log_integers(best), {"mu": float(mu), "sigma": sigma}
    bend = math.exp(best[1])
    density = -best[0] * log - 0.5 * bend * log**2 - _log_bent(best[0], bend, reach) - log_min
    return density, {"mu": float(mu), "sigma": sigma}


def _log_bent(s: float, bend: float, reach: float) -> float:
    """Return the log of the integral of exp(-(s - 1) y - bend y**2 / 2) over y from 0 to `reach`."""
    from scipy.special import erfcx, log_ndtr

    root = math.sqrt(bend)
    z, z_end = (s - 1.0) / root, (s - 1.0) / root + root * reach
    unit = 0.5 * math.log(2 * math.pi / bend)
    if z < 0:  # the maximum may be inside
        low, high = float(log_ndtr(z)), float(log_ndtr(z_end))
        return unit + 0.5 * z * z + high + math.log(-math.expm1(min(low - high, -1e-300)))
    whole = float(erfcx(z / math.sqrt(2)))
    end = float(erfcx(z_end / math.sqrt(2))) * math.exp(0.5 * (z - z_end) * (z + z_end)) if reach < math.inf else 0.0
    return unit + math.log(0.5 * (whole - end))


def _log_normal_mass(low: Floats, high: Floats, mu: float, sigma: float) -> Floats:
    """Return the log of the log-normal's probability between low and high, from the tail that they lie in."""
    from scipy.special import log_ndtr

    with np.errstate(divide="ignore", over="ignore"):
        a, b = (np.log(low) - mu) / sigma, (np.log(high) - mu) / sigma
    upper = a + b > 0
    large = np.where(upper, log_ndtr(-a), log_ndtr(b))
    small = np.where(upper, log_ndtr(-b), log_ndtr(a))
    with np.errstate(divide="ignore"):
        return np.asarray(large + np.log(-np.expm1(np.minimum(small - large, 0.0))))


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

    found = [
        optimize.minimize(
            minus, start, method="Nelder-Mead", bounds=bounds, options={"xatol": 1e-5, "fatol": 1e-5, "maxiter": 500}
        )
        for start in starts
    ]
    return np.asarray(min(found, key=lambda result: float(result.fun)).x, dtype=np.float64)


ALTERNATIVES: dict[str, Callable[..., Fitted]] = {
    "exponential": exponential,
    "lognormal": lognormal,
    "truncated_power_law": truncated_power_law,
}
NESTED = frozenset({"truncated_power_law"})
