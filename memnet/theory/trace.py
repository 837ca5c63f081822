"""Conductance traces of single-variable models under sampled voltages, fast enough to be fitted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from math import exp, expm1
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from memnet import _check

Floats = NDArray[np.float64]

# Intervals this many times the median of those around them are gaps.
GAP = 10.0
# Neighbours that count as "around", and how few samples still make a trace.
AROUND = 21
SHORTEST = 20


def checked(
    time: ArrayLike, voltage: ArrayLike, conductance: ArrayLike, max_gap: float | None
) -> tuple[Floats, Floats, Floats]:
    """Return a measured trace as arrays: times (s) that increase without gaps, voltages (V), conductances (S) > 0.

    Raises
    ------
    TypeError, ValueError
        Arrays of other shapes, nan, fewer than 20 samples, times that do not increase, gaps, a conductance <= 0.
    """
    t = _check.array("time", time, (None,))
    v = _check.array("voltage", voltage, t.shape)
    g = _check.array("conductance", conductance, t.shape)
    if t.size < SHORTEST:
        raise ValueError(f"time must hold at least {SHORTEST} samples for a fit, got {t.size}")
    dt = np.diff(t)
    if (dt <= 0.0).any():
        k = int(np.argmax(dt <= 0.0))
        raise ValueError(f"time must increase, got {t[k]:g} s and then {t[k + 1]:g} s at index {k + 1}")
    _refuse_gaps(t, dt, max_gap)
    if (g <= 0.0).any():
        k = int(np.argmax(g <= 0.0))
        raise ValueError(f"conductance must be > 0 S, got {g[k]:g} at index {k}")
    return t, np.abs(v), g


def _refuse_gaps(t: Floats, dt: Floats, max_gap: float | None) -> None:
    if max_gap is None:
        from scipy.ndimage import median_filter

        around = median_filter(dt, size=min(AROUND, dt.size), mode="nearest")
        wide = dt > GAP * around
        usual = f"{GAP:g} times the usual interval there"
    else:
        wide = dt > _check.real("max_gap", max_gap, 0.0, math.inf, "(]", "s")
        usual = f"max_gap = {max_gap:g} s"
    if wide.any():
        k = int(np.argmax(wide))
        raise ValueError(
            f"time has a gap of {dt[k]:g} s after {t[k]:g} s (index {k}), more than {usual}: the voltage in it is not "
            "known; cut the trace there, or pass max_gap= if the voltage of the trace held in it"
        )


def mean_field_trace(
    dt: Sequence[float],
    voltage: Sequence[float],
    p: Sequence[float],
    tolerance: float = 1e-9,
    most: float = math.inf,
) -> Floats:
    """Return G at the start and after each interval for the effective mean field, the voltage constant in each.

    In terms of G = g_min (1 + chi <g>) the equation is dG/dt = k exp(a_p v / G) (1 - (G - g_min) / range)
    - kappa_d0 exp(-a_d v / G) (G - g_min), with k = kappa_p0 range and a = eta g_min: it stays finite where g_min or
    1 / range vanish and chi and eta do not.

    Parameters
    ----------
    dt, voltage : sequence of float, (n,)
        Length of each interval (s) and its voltage (V), as lists: this is a loop of plain numbers.
    p : sequence of float
        g_min, range (unit of G), k (G/s), kappa_d0 (1/s), a_p, a_d (G/V), G - g_min at the start.
    tolerance : float
        Error of a step (unit of G).
    most : float
        Number of steps after which to give up.

    Returns
    -------
    ndarray, (n + 1,)

    Raises
    ------
    ArithmeticError
        Overflow, or more than `most` steps.

    Notes
    -----
    Exponential Rosenbrock method of order 3 with its second-order stage as error estimate (exprb32; Hochbruck,
    Ostermann and Schweitzer, SIAM J. Numer. Anal. 47 (2009) 786): exact for a linear equation, so stiff rates do not
    limit the step.
    """
    g_min, span, k, k_d, a_p, a_d, above = p
    inverse = 1.0 / span
    g = g_min + above
    result = [g]
    trial = dt[0] if len(dt) else 0.0
    steps = 0
    for length, v in zip(dt, voltage, strict=True):
        left = length
        x_p, x_d = a_p * v, a_d * v
        while left > 1e-12 * length:
            steps += 1
            if steps > most:
                raise ArithmeticError(f"the trace takes more than {most:g} steps")
            h = left if trial >= left else (trial if left > 1.5 * trial else 0.5 * left)
            w = 1.0 / g
            y = g - g_min
            up, down = k * exp(x_p * w), k_d * exp(-x_d * w)
            room = 1.0 - y * inverse
            force = up * room - down * y
            slope = -up * (inverse + x_p * w * w * room) - down * (1.0 + x_d * w * w * y)
            z = h * slope
            if -1e-2 < z < 1e-2:
                phi_1 = 1.0 + z / 2.0 * (1.0 + z / 3.0 * (1.0 + z / 4.0 * (1.0 + z / 5.0)))
                phi_3 = (1.0 + z / 4.0 * (1.0 + z / 5.0 * (1.0 + z / 6.0))) / 6.0
            else:
                phi_1 = expm1(z) / z
                phi_3 = ((phi_1 - 1.0) / z - 0.5) / z
            stage = g + h * phi_1 * force
            if stage < 0.2 * g:
                trial = 0.25 * h
                continue
            w = 1.0 / stage
            y = stage - g_min
            there = k * exp(x_p * w) * (1.0 - y * inverse) - k_d * exp(-x_d * w) * y
            correction = 2.0 * h * phi_3 * ((there - force) - slope * (stage - g))
            error = abs(correction)
            change = 4.0 if error == 0.0 else min(4.0, max(0.1, 0.9 * (tolerance / error) ** (1.0 / 3.0)))
            if error > tolerance and h > 1e-9 * length:
                trial = h * min(change, 0.9)
                continue
            g = stage + correction
            left -= h
            if h >= trial or left > 1e-12 * length:
                trial = h * change
        result.append(g)
    return np.array(result)


def rate_balance_trace(
    dt: Sequence[float],
    voltage: Sequence[float],
    p: Sequence[float],
    tolerance: float = 0.0,
    most: float = math.inf,
) -> Floats:
    """Return G at the start and after each interval for one rate balance, by its exact step.

    Parameters
    ----------
    dt, voltage : sequence of float, (n,)
        Length of each interval (s) and its voltage (V).
    p : sequence of float
        g_min, range (unit of G), kappa_p0, kappa_d0 (1/s), eta_p, eta_d (1/V), G - g_min at the start.
    tolerance, most : float
        Not used: the step is exact.

    Raises
    ------
    ArithmeticError
        Overflow.
    """
    del tolerance, most
    g_min, span, k_p, k_d, eta_p, eta_d, above = p
    g = above / span
    result = [g]
    for length, v in zip(dt, voltage, strict=True):
        up, down = k_p * exp(eta_p * v), k_d * exp(-eta_d * v)
        total = up + down
        kept = exp(-total * length)
        g = up / total * (1.0 - kept) + g * kept
        result.append(g)
    return g_min + span * np.array(result)


def intervals(t: Floats, v: Floats, hold: str) -> tuple[Any, Any]:
    """Return lengths and voltages of the intervals between samples as lists.

    "next": each interval has the voltage of the sample that ends it (set, then measured); "previous": of the one that
    starts it.
    """
    return np.diff(t).tolist(), (v[1:] if hold == "next" else v[:-1]).tolist()
