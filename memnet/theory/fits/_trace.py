"""Measured conductance traces: what is refused, which voltage held between two samples, and the traces of models."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from memnet import _core
from memnet.base import check
from memnet.base.arrays import Floats

# Intervals this many times the median of those around them are gaps; changes of the voltage likewise are jumps, if they
# are this part of the largest voltage at least.
GAP = 10.0
JUMP = 0.05
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
    t = check.array("time", time, (None,))
    v = check.array("voltage", voltage, t.shape)
    g = check.array("conductance", conductance, t.shape)
    if t.size < SHORTEST:
        raise ValueError(f"time must hold at least {SHORTEST} samples for a fit, got {t.size}")
    check.increasing("time", t, unit="s")
    dt = np.diff(t)
    _refuse_gaps(t, dt, max_gap)
    if (g <= 0.0).any():
        k = int(np.argmax(g <= 0.0))
        raise ValueError(f"conductance must be > 0 S, got {g[k]:g} at index {k}")
    return t, np.abs(v), g


def _around(x: Floats) -> Floats:
    from scipy.ndimage import median_filter

    median: Floats = median_filter(x, size=min(AROUND, x.size), mode="mirror")
    return median


def _refuse_gaps(t: Floats, dt: Floats, max_gap: float | None) -> None:
    if max_gap is None:
        wide = dt > GAP * _around(dt)
        usual = f"{GAP:g} times the usual interval there"
    else:
        max_gap = check.real("max_gap", max_gap, 0.0, math.inf, "(]", "s")
        wide = dt > max_gap
        usual = f"max_gap = {max_gap:g} s"
    if wide.any():
        k = int(np.argmax(wide))
        raise ValueError(
            f"time has a gap of {dt[k]:g} s after {t[k]:g} s (index {k}), more than {usual}: the voltage in it is not "
            "known; cut the trace there, or pass max_gap= if the voltage of the trace held in it"
        )


def intervals(t: Floats, v: Floats, hold: str) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Return lengths (s) and voltages (V) of the intervals between samples, and which voltages are to be fitted.

    "next": an interval has the voltage of the sample that ends it (set, then measured); "previous": of the one that
    starts it; "fitted": as "next", but where the voltage jumps, on its own among its neighbours, nobody knows.
    """
    held = np.array(v[:-1] if hold == "previous" else v[1:])
    if hold != "fitted":
        return np.diff(t), held, np.zeros(0, dtype=np.int64)
    change = np.abs(np.diff(v))
    return np.diff(t), held, np.flatnonzero((change > JUMP * v.max()) & (change > GAP * _around(change)))


def mean_field_trace(dt: Floats, voltage: Floats, p: Floats, tolerance: float = 1e-9, most: int = 10**9) -> Floats:
    """Return G at the start and after each interval for the effective mean field, the voltage constant in each.

    In terms of G = g_min (1 + chi <g>) the equation is dG/dt = k exp(a_p v / G) (1 - (G - g_min) / range)
    - kappa_d0 exp(-a_d v / G) (G - g_min), with k = kappa_p0 range and a = eta g_min: it stays finite where g_min or
    1 / range vanish and chi and eta do not.

    Parameters
    ----------
    dt, voltage : ndarray, (n,)
        Length of each interval (s) and its voltage (V).
    p : ndarray, (7,)
        g_min, range (unit of G), k (G/s), kappa_d0 (1/s), a_p, a_d (G/V), G - g_min at the start.
    tolerance : float
        Error of a step (unit of G).
    most : int
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
    limit the step. In csrc/theory/trace.c.
    """
    return _core.mean_field_trace(dt, voltage, p, tolerance, most)


def mean_field_jacobian(
    dt: Floats, voltage: Floats, p: Floats, jumps: NDArray[np.int64], tolerance: float = 1e-9, most: int = 10**9
) -> Floats:
    """Return derivatives of `mean_field_trace`, those of its steps as they were taken.

    Parameters
    ----------
    dt, voltage, p, tolerance, most
        As for `mean_field_trace`.
    jumps : ndarray, (n_jumps,)
        Intervals whose voltages are asked for, too.

    Returns
    -------
    ndarray, (n + 1, 7 + n_jumps)
        With respect to p, then to the voltages of `jumps`.

    Raises
    ------
    ArithmeticError
        Overflow, or more than `most` steps.
    """
    return _core.mean_field_trace(dt, voltage, p, tolerance, most, jumps)[1]


def rate_balance_trace(dt: Floats, voltage: Floats, p: Floats, tolerance: float = 0.0, most: int = 0) -> Floats:
    """Return G at the start and after each interval for one rate balance, by its exact step.

    Parameters
    ----------
    dt, voltage : ndarray, (n,)
        Length of each interval (s) and its voltage (V).
    p : ndarray, (7,)
        g_min, range (unit of G), kappa_p0, kappa_d0 (1/s), eta_p, eta_d (1/V), G - g_min at the start.
    tolerance, most : float, int
        Not used: the step is exact.

    Raises
    ------
    ArithmeticError
        Overflow.
    """
    del tolerance, most
    return _core.rate_balance_trace(dt, voltage, p)


def rate_balance_jacobian(
    dt: Floats, voltage: Floats, p: Floats, jumps: NDArray[np.int64], tolerance: float = 0.0, most: int = 0
) -> Floats:
    """Return derivatives of `rate_balance_trace`, in closed form, as `mean_field_jacobian` returns them."""
    del tolerance, most
    return _core.rate_balance_trace(dt, voltage, p, jumps)[1]
