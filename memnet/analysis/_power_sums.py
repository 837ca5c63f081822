"""Normalisation of power laws and of what they are compared with: sums and integrals over any range."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from memnet.base.arrays import Floats

# From here on Euler-Maclaurin takes over, for steep laws later; below, integers are summed one by one.
NEAR, NEAR_EXPONENT = 24, 16.0
# B_2j / (2j)! of the Euler-Maclaurin formula
BERNOULLI = (1 / 12, -1 / 720, 1 / 30240, -1 / 1209600, 1 / 47900160, -691 / 1307674368000, 1 / 74724249600)
# Other sums are taken term by term so far beyond their start.
NEAR_START = 256


def power_sum(s: Any, first: Any, last: float) -> Floats:
    """Return sum_{k=first}^{last} k**-s; `s` and `first` broadcast, `last` may be inf where s > 1.

    With last = inf this is the Hurwitz zeta function. Finite sums hold for any s, also s <= 1, because they are not
    taken as a difference of two zeta functions. Relative error about 1e-13 for s in [-5, 500], below the smallest
    number apart: see `relative_sum`.
    """
    return np.asarray(np.exp(-np.asarray(s) * np.log(first)) * relative_sum(s, first, last))


def relative_sum(s: Any, first: Any, last: float) -> Floats:
    """Return sum_{k=first}^{last} (k/first)**-s, which neither underflows nor overflows where the exponent is large."""
    exponent, begin = np.broadcast_arrays(np.asarray(s, np.float64), np.asarray(first, np.float64))
    shape = begin.shape
    exponent, begin = np.atleast_1d(exponent), np.atleast_1d(begin)
    near = max(NEAR, int(np.ceil(exponent.max(initial=0.0) + NEAR_EXPONENT)))
    start = np.maximum(begin, near)
    total = _euler_maclaurin(exponent, np.minimum(start, last), last, begin)
    small = begin < near
    if small.any():
        low, power = begin[small], exponent[small]
        part = total[small] if last >= near else np.zeros(low.shape)
        for k in range(int(low.min()), int(min(near - 1, last)) + 1):
            part += np.where(low <= k, np.exp(-power * np.log(k / np.minimum(low, k))), 0.0)
        total[small] = part
    return np.where(begin <= last, total, 0.0).reshape(shape)


def _euler_maclaurin(s: Floats, start: Floats, last: float, unit: Floats) -> Floats:
    """Return the sum of (k/unit)**-s from start to last by the Euler-Maclaurin formula."""
    f = np.exp(-s * np.log(start / unit))
    inverse = 1.0 / start
    finite = np.isfinite(last)
    f_last = np.exp(-s * np.log(last / unit)) if finite else np.zeros_like(s)
    inverse_last = 1.0 / last if finite else 0.0
    total = f * start * _growth(s, np.log(last / start)) if finite else f * start / (s - 1.0)
    total = total + 0.5 * (f + f_last)
    rising = s * 1.0
    power, power_last = f * inverse, f_last * inverse_last
    for j, coefficient in enumerate(BERNOULLI):
        total = total + coefficient * rising * (power - power_last)
        rising = rising * (s + 2 * j + 1) * (s + 2 * j + 2)
        power, power_last = power * inverse**2, power_last * inverse_last**2
    return np.asarray(total)


def _growth(s: Any, log_ratio: Any) -> Floats:
    """Return the integral of x**-s from 1 to exp(log_ratio), smooth through s = 1."""
    u = (1.0 - np.asarray(s)) * log_ratio
    with np.errstate(invalid="ignore", divide="ignore"):
        relative = np.where(np.abs(u) < 1e-8, 1.0 + 0.5 * u, np.expm1(u) / u)
    return np.asarray(log_ratio * relative)


def log_norm(s: Any, xmin: Any, xmax: float, *, discrete: bool) -> Floats:
    """Return the logarithm of what x**-s sums or integrates to over [xmin, xmax]."""
    if discrete:
        return np.asarray(np.log(relative_sum(s, xmin, xmax)) - s * np.log(xmin))
    log_min = np.log(xmin)
    if np.isinf(xmax):
        return np.asarray((1.0 - s) * log_min - np.log(np.asarray(s) - 1.0))
    return np.asarray((1.0 - s) * log_min + np.log(_growth(s, np.log(xmax) - log_min)))


@dataclass(frozen=True)
class Term:
    """What is summed over integers: a smooth positive function f of x.

    Attributes
    ----------
    log : callable
        log f at an array of x.
    log_integral : callable
        Logarithm of the integral of f from x to the end of the range.
    slopes : callable
        The first three derivatives of log f at x.
    """

    log: Callable[[Floats], Floats]
    log_integral: Callable[[float], float]
    slopes: Callable[[float], tuple[float, float, float]]


def log_sum(term: Term, xmin: float, xmax: float) -> float:
    """Return the logarithm of the sum over the integers from xmin to xmax: first one by one, then Euler-Maclaurin."""
    from scipy.special import logsumexp

    near = np.asarray(term.log(np.arange(xmin, min(xmin + NEAR_START, xmax + 1))))
    start = xmin + NEAR_START
    if start > xmax:
        return float(logsumexp(near))
    parts, signs = [*near.tolist(), term.log_integral(start)], [1.0] * (near.size + 1)
    ends = [(start, _ends(*term.slopes(start)))]
    if np.isfinite(xmax):
        ends.append((xmax, 1.0 - _ends(*term.slopes(xmax))))
    for x, weight in ends:
        parts.append(float(term.log(np.array([x]))[0]))
        signs.append(weight)
    return float(logsumexp(parts, b=signs))


def _ends(first: float, second: float, third: float) -> float:
    """Return what Euler-Maclaurin adds to an integral at its lower end, relative to the integrand f there.

    The derivatives are those of log f; the third one of f is f (first**3 + 3 first second + third).
    """
    return 0.5 - first / 12 + (first**3 + 3 * first * second + third) / 720


def log_norm_cutoff(s: float, rate: float, xmin: float, xmax: float, *, discrete: bool) -> float:
    """Return the logarithm of what x**-s exp(-rate (x - xmin)) sums or integrates to over [xmin, xmax]; rate > 0."""

    def log(x: Any) -> Any:
        return -s * np.log(x) - rate * (x - xmin)

    def log_integral(x: float) -> float:
        return float(log(x) + np.log(x) + np.log(_integral_cutoff(s, rate, x, xmax)))

    def slopes(x: float) -> tuple[float, float, float]:
        return -rate - s / x, s / x**2, -2.0 * s / x**3

    return log_sum(Term(log, log_integral, slopes), xmin, xmax) if discrete else log_integral(xmin)


def log_norm_bent(s: float, bend: float, xmin: float, xmax: float, *, discrete: bool) -> float:
    """Return the logarithm of what y**-s exp(-bend log(y)**2 / 2), y = x/xmin, sums or integrates to over [xmin, xmax].

    That is a log-normal whose exponent at xmin is s and grows with log x by `bend`; bend > 0.
    """

    def log(x: Any) -> Any:
        y = np.log(x / xmin)
        return -(s + 0.5 * bend * y) * y

    def log_integral(x: float) -> float:
        return float(log(x) + np.log(x) + _log_bent(s + bend * np.log(x / xmin), bend, np.log(xmax / x)))

    def slopes(x: float) -> tuple[float, float, float]:
        local = s + bend * np.log(x / xmin)
        return -local / x, (local - bend) / x**2, (3.0 * bend - 2.0 * local) / x**3

    return log_sum(Term(log, log_integral, slopes), xmin, xmax) if discrete else log_integral(xmin)


def _log_bent(s: float, bend: float, reach: float) -> float:
    """Return the log of the integral of exp(-(s - 1) y - bend y**2 / 2) over y from 0 to `reach`."""
    from scipy.special import erfcx, log_ndtr

    root = np.sqrt(bend)
    z, z_end = (s - 1.0) / root, (s - 1.0) / root + root * reach
    unit = 0.5 * np.log(2 * np.pi / bend)
    if z < 0:  # the maximum may be inside
        low, high = float(log_ndtr(z)), float(log_ndtr(z_end))
        return float(unit + 0.5 * z * z + high + np.log(-np.expm1(min(low - high, -1e-300))))
    whole = float(erfcx(z / np.sqrt(2)))
    end = float(erfcx(z_end / np.sqrt(2))) * np.exp(0.5 * (z - z_end) * (z + z_end)) if reach < np.inf else 0.0
    return float(unit + np.log(0.5 * (whole - end)))


def log_norm_stretched(stretch: float, rate: float, xmin: float, xmax: float, *, discrete: bool) -> float:
    """Return the logarithm of what y**(stretch - 1) exp(-rate (y**stretch - 1)), y = x/xmin, sums or integrates to.

    That is a stretched exponential, the law of Weibull; rate > 0 and stretch > 0.
    """

    def log(x: Any) -> Any:
        y = np.log(x / xmin)
        return (stretch - 1.0) * y - rate * np.expm1(stretch * y)

    def log_integral(x: float) -> float:
        y = np.log(x / xmin)
        share = -np.expm1(-rate * np.exp(stretch * y) * np.expm1(stretch * np.log(xmax / x))) if xmax < np.inf else 1.0
        return float(-rate * np.expm1(stretch * y) + np.log(share * xmin / (stretch * rate)))

    def slopes(x: float) -> tuple[float, float, float]:
        k, fall = stretch, rate * stretch * (x / xmin) ** stretch
        first, second = k - 1.0 - fall, 1.0 - k - (k - 1.0) * fall
        return first / x, second / x**2, (2.0 * (k - 1.0) - (k - 1.0) * (k - 2.0) * fall) / x**3

    return log_sum(Term(log, log_integral, slopes), xmin, xmax) if discrete else log_integral(xmin)


def _integral_cutoff(s: float, rate: float, start: float, xmax: float) -> float:
    """Return the integral of y**-s exp(-rate start (y - 1)) over y = x/start, in panels of log y."""
    reach = np.log1p(745.0 / (rate * start))
    end = min(float(np.log(xmax / start)), float(reach))
    node, weight = _LEGENDRE
    panels = np.linspace(0.0, end, PANELS + 1)
    half = 0.5 * np.diff(panels)[:, None]
    log_y = panels[:-1, None] + half * (1.0 + node)
    return float(np.sum(half * weight * np.exp((1.0 - s) * log_y - rate * start * np.expm1(log_y))))


PANELS = 40
_LEGENDRE = np.polynomial.legendre.leggauss(16)
