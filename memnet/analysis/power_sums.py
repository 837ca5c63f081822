"""Normalisation of power laws: sums and integrals over any range, for any exponent."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# From here on Euler-Maclaurin takes over; below, integers are summed one by one.
NEAR = 24
# B_2j / (2j)! of the Euler-Maclaurin formula
BERNOULLI = (1 / 12, -1 / 720, 1 / 30240, -1 / 1209600, 1 / 47900160, -691 / 1307674368000, 1 / 74724249600)
# Sums with an exponential cut-off are taken term by term so far beyond their start.
NEAR_CUTOFF = 256


def power_sum(s: Any, first: Any, last: float) -> Floats:
    """Return sum_{k=first}^{last} k**-s; `s` and `first` broadcast, `last` may be inf where s > 1.

    With last = inf this is the Hurwitz zeta function. Finite sums hold for any s, also s <= 1, because they are not
    taken as a difference of two zeta functions. Relative error about 1e-13 for s in [-5, 10].
    """
    exponent, begin = np.broadcast_arrays(np.asarray(s, np.float64), np.asarray(first, np.float64))
    shape = begin.shape
    exponent, begin = np.atleast_1d(exponent), np.atleast_1d(begin)
    start = np.maximum(begin, NEAR)
    total = _euler_maclaurin(exponent, np.minimum(start, last), last)
    small = begin < NEAR
    if small.any():
        low, power = begin[small], exponent[small]
        part = total[small] if last >= NEAR else np.zeros(low.shape)
        for k in range(int(low.min()), int(min(NEAR - 1, last)) + 1):
            part += np.where(low <= k, float(k) ** -power, 0.0)
        total[small] = part
    return np.where(begin <= last, total, 0.0).reshape(shape)


def _euler_maclaurin(s: Floats, start: Floats, last: float) -> Floats:
    """Return the sum from start to last by the Euler-Maclaurin formula."""
    f = np.exp(-s * np.log(start))
    inverse = 1.0 / start
    finite = np.isfinite(last)
    f_last = np.exp(-s * np.log(last)) if finite else np.zeros_like(s)
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
        return np.asarray(np.log(power_sum(s, xmin, xmax)))
    log_min = np.log(xmin)
    if np.isinf(xmax):
        return np.asarray((1.0 - s) * log_min - np.log(np.asarray(s) - 1.0))
    return np.asarray((1.0 - s) * log_min + np.log(_growth(s, np.log(xmax) - log_min)))


def log_norm_cutoff(s: float, rate: float, xmin: float, xmax: float, *, discrete: bool) -> float:
    """Return the logarithm of what x**-s exp(-rate (x - xmin)) sums or integrates to over [xmin, xmax]; rate > 0."""
    if not discrete:
        return float(-s * np.log(xmin) + np.log(xmin) + np.log(_integral_cutoff(s, rate, xmin, xmax)))
    k = np.arange(xmin, min(xmin + NEAR_CUTOFF, xmax + 1))
    total = float(np.sum(np.exp(-s * np.log(k / xmin) - rate * (k - xmin))))
    start = xmin + NEAR_CUTOFF
    if start <= xmax:
        scale = np.exp(-s * np.log(start / xmin) - rate * (start - xmin))
        total += scale * start * _integral_cutoff(s, rate, start, xmax) + _ends(s, rate, start) * scale
        if np.isfinite(xmax):
            total += np.exp(-s * np.log(xmax / xmin) - rate * (xmax - xmin)) * (1.0 - _ends(s, rate, xmax))
    return float(np.log(total) - s * np.log(xmin))


def _ends(s: float, rate: float, x: float) -> float:
    """Return what Euler-Maclaurin adds to the integral at its lower end, relative to the integrand there."""
    u = rate + s / x
    third = u**3 + 3 * u * s / x**2 + 2 * s / x**3
    return 0.5 + u / 12 - third / 720


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
