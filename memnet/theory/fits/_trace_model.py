"""Models of a conductance trace: which numbers are fitted, where fits start, and how parameters follow from them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from memnet import _core
from memnet.base.arrays import Floats
from memnet.theory.fits import _trace as traces

# What is fitted, all of it as logarithms; see `Model`.
FITTED = _core.TRACE_PARAMETERS
NATURAL = ("g_min", "chi", "kappa_p0", "kappa_d0", "eta_p", "eta_d", "g0")
UNITS = {"g_min": "S", "chi": "1", "kappa_p0": "1/s", "kappa_d0": "1/s", "eta_p": "1/V", "eta_d": "1/V", "g0": "1"}

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


# Parameters that can be held within limits, and the fitted numbers that they are.
LIMITED = {"g_min": "g_min", "g_max - g_min": "range", "kappa_d0": "kappa_d0"}


@dataclass(frozen=True)
class Model:
    """What a fit needs to know: the trace of a model, and how its fitted numbers become parameters.

    The fitted numbers are logarithms of g_min, range = g_max - g_min, k_p, kappa_d0, slope_p, slope_d and G(0) - g_min,
    conductances in units of the largest one measured.
    """

    name: str
    trace: Callable[..., Floats]
    jacobian: Callable[..., Floats]
    natural: Callable[[Floats, float], Floats]
    combinations: dict[str, dict[str, float]]
    draw: Callable[[Any, dict[str, tuple[float, float]], dict[str, float]], Floats]
    boxes: Callable[[dict[str, float]], dict[str, tuple[float, float]]]


def facts_of(t: Floats, v: Floats, g: Floats) -> dict[str, float]:
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


# Their logarithms are fitted numbers or differences of such, free of what the trace does not determine.
_RANGE_ONLY = {"g_min chi": {"range": 1.0}}
_COMBINATIONS = {
    "eta_p g_min": {"slope_p": 1.0},
    "eta_d g_min": {"slope_d": 1.0},
    "eta_p / chi": {"slope_p": 1.0, "range": -1.0},
    "eta_d / chi": {"slope_d": 1.0, "range": -1.0},
}

MEAN_FIELD = Model(
    "mean field",
    traces.mean_field_trace,
    traces.mean_field_jacobian,
    _mean_field_natural,
    _RANGE_ONLY | _COMBINATIONS,
    _draw_mean_field,
    _mean_field_boxes,
)
RATE_BALANCE = Model(
    "rate balance",
    traces.rate_balance_trace,
    traces.rate_balance_jacobian,
    _rate_balance_natural,
    _RANGE_ONLY,
    _draw_rate_balance,
    _rate_balance_boxes,
)
