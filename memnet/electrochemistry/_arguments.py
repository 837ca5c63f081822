"""Arguments of electrochemistry: their ranges, the shapes that they have together, and the constants of nature."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy import constants

from memnet.base import check
from memnet.base.arrays import Floats

R: float = constants.R  # J/(mol K)
F: float = constants.e * constants.N_A  # C/mol


def positive(name: str, value: ArrayLike, unit: str) -> Floats:
    """Return finite numbers above 0."""
    return check.numbers_within(name, value, 0.0, math.inf, "()", unit)


def not_negative(name: str, value: ArrayLike, unit: str) -> Floats:
    """Return finite numbers, 0 or above."""
    return check.numbers_within(name, value, 0.0, math.inf, "[)", unit)


def finite(name: str, value: ArrayLike, unit: str = "") -> Floats:
    """Return finite numbers."""
    return check.numbers_within(name, value, -math.inf, math.inf, "()", unit)


def charges(name: str, value: ArrayLike) -> Floats:
    """Return charge numbers, none of which is 0."""
    z = finite(name, value)
    if not z.all():
        raise ValueError(f"{name} must not be 0, as an ion has a charge, got {check.shown(value)}")
    return z


def together(**arrays: Floats) -> tuple[int, ...]:
    """Return the shape to which arrays broadcast.

    Raises
    ------
    ValueError
        Shapes that do not go together, with the names that they have.
    """
    try:
        return np.broadcast_shapes(*(one.shape for one in arrays.values()))
    except ValueError:
        shapes = ", ".join(f"{name} {one.shape}" for name, one in arrays.items())
        raise ValueError(f"shapes must broadcast to one, got {shapes}") from None


def log_ratio(above: Floats, below: Floats) -> Floats:
    """Return the logarithm of a ratio of positive numbers, also of one that is no normal double or next to 1.

    Of numbers within a factor of 2 the difference is exact, and log1p keeps the digits that their ratio would lose.
    """
    with np.errstate(over="ignore", under="ignore"):
        ratio = above / below
    tiny = np.finfo(np.float64).tiny
    normal, alike = (ratio >= tiny) & (ratio < np.inf), (ratio > 0.5) & (ratio < 2.0)
    far = np.where(normal, np.log(np.where(normal, ratio, 1.0)), np.log(above) - np.log(below))
    return np.where(alike, np.log1p(np.where(alike, above - below, 0.0) / below), far)
