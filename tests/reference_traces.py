"""Traces of one-variable models in plain Python: the twin of csrc/theory/trace.c, same steps, libm's functions."""

import math
from math import exp, expm1

import numpy as np


def phi(z):
    """(e^z - 1) / z and (e^z - 1 - z - z^2 / 2) / z^3."""
    if abs(z) < 0.1:
        terms = [z**k for k in range(12)]
        first = sum(term / math.factorial(k + 1) for k, term in enumerate(terms))
        return first, sum(term / math.factorial(k + 3) for k, term in enumerate(terms))
    first = expm1(z) / z
    return first, ((first - 1.0) / z - 0.5) / z


def mean_field_trace(dt, voltage, p, tolerance):
    """MF23 eq. 7-10 in terms of G, by exprb32 with error control (Hochbruck, Ostermann and Schweitzer 2009)."""
    g_min, span, k_p, kappa_d0, slope_p, slope_d, above = p
    g = g_min + above
    result, trial = [g], dt[0]
    for length, v in zip(dt, voltage, strict=True):
        x_p, x_d, left = slope_p * v, slope_d * v, length

        def force(g, x_p=x_p, x_d=x_d):
            return k_p * exp(x_p / g) * (1.0 - (g - g_min) / span) - kappa_d0 * exp(-x_d / g) * (g - g_min)

        while left > 1e-12 * length:
            h = left if trial >= left else (trial if left > 1.5 * trial else 0.5 * left)
            up, down = k_p * exp(x_p / g), kappa_d0 * exp(-x_d / g)
            slope = -up * (1.0 / span + x_p / g**2 * (1.0 - (g - g_min) / span))
            slope -= down * (1.0 + x_d / g**2 * (g - g_min))
            phi_1, phi_3 = phi(h * slope)
            stage = g + h * phi_1 * force(g)
            if stage < 0.2 * g:
                trial = 0.25 * h
                continue
            correction = 2.0 * h * phi_3 * (force(stage) - force(g) - slope * (stage - g))
            error = abs(correction)
            change = min(4.0, max(0.1, 0.9 * (tolerance / error) ** (1.0 / 3.0))) if error > 0.0 else 4.0
            if error > tolerance and h > 1e-9 * length:
                trial = h * min(change, 0.9)
                continue
            g, left = stage + correction, left - h
            if h >= trial or left > 1e-12 * length:
                trial = h * change
        result.append(g)
    return np.array(result)


def rate_balance_trace(dt, voltage, p):
    """PNN25 eq. 9, exact in each interval."""
    g_min, span, kappa_p0, kappa_d0, eta_p, eta_d, above = p
    g = above / span
    result = [g]
    for length, v in zip(dt, voltage, strict=True):
        up, down = kappa_p0 * exp(eta_p * v), kappa_d0 * exp(-eta_d * v)
        kept = exp(-(up + down) * length)
        g = up / (up + down) * (1.0 - kept) + g * kept
        result.append(g)
    return g_min + span * np.array(result)
