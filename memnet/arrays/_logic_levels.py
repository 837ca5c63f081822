"""What resistances mean as logic values, under a convention that has a name."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from memnet.base import check
from memnet.base.arrays import Floats
from memnet.base.text import Summary, quantity

__all__ = ["LogicLevels"]


@check.known_fields
@dataclass(frozen=True, repr=False)
class LogicLevels(Summary):
    """Two resistances and which of them is logic 1: the convention of a circuit.

    Material implication and MAGIC take the low resistance as 1, ``LogicLevels(zero=1e6, one=1e3)``. Boolean logic after
    Snider takes R_on as 0, ``LogicLevels(zero=1e3, one=1e6)``, and so do minterms on a crossbar (EC23 section 4.5.2).

    Parameters
    ----------
    zero : float
        Resistance of logic 0 (ohm), > 0.
    one : float
        Resistance of logic 1 (ohm), > 0, another.

    Raises
    ------
    TypeError, ValueError
        Resistances that are no numbers, not > 0 and finite, or equal.

    Examples
    --------
    >>> import memnet as mn
    >>> levels = mn.arrays.LogicLevels(zero=1e6, one=1e3)
    >>> levels.bits([8354.2, 5e5]).tolist()
    [1, 0]
    >>> round(levels.threshold), levels.margins([1e3, 1e6], [1, 1]).round(3)
    (31623, array([ 1., -1.]))
    """

    zero: float
    one: float

    def __post_init__(self) -> None:
        for name in ("zero", "one"):
            object.__setattr__(self, name, check.real(name, getattr(self, name), 0.0, math.inf, "()", "ohm"))
        if self.zero == self.one:
            raise ValueError(f"zero and one must be two resistances, got {self.zero:g} ohm for both")

    @property
    def threshold(self) -> float:
        """The resistance between 0 and 1 (ohm): the geometric mean of both."""
        return math.sqrt(self.zero) * math.sqrt(self.one)

    @check.known_keywords
    def bits(self, resistance: ArrayLike) -> NDArray[np.int8]:
        """Return 0 or 1 for each resistance: the side of the threshold on which it is.

        Parameters
        ----------
        resistance : array_like
            Of any shape (ohm), >= 0; inf is an open cell.

        Raises
        ------
        TypeError, ValueError
            No numbers, negative ones, nan.
        """
        given = _resistances(resistance)
        low = given < self.threshold
        return np.asarray(low if self.one < self.zero else ~low, dtype=np.int8)

    @check.known_keywords
    def margins(self, resistance: ArrayLike, expected: ArrayLike) -> Floats:
        """Return how far each resistance is on the right side of the threshold, as a share of where it should be.

        Parameters
        ----------
        resistance : array_like
            As in `bits`.
        expected : array_like
            0 or 1 for each, or for all.

        Returns
        -------
        ndarray
            ln(R/threshold) over that of the level: 1 at the level, 0 at the threshold, negative where the bit is wrong.

        Raises
        ------
        TypeError, ValueError
            As for `bits`; expected values other than 0 and 1, or of a shape that does not fit.
        """
        given, wanted = _resistances(resistance), _bits("expected", expected)
        if np.broadcast_shapes(given.shape, wanted.shape) != given.shape:
            raise ValueError(f"expected must have the shape of resistance, {given.shape}, got {wanted.shape}")
        with np.errstate(divide="ignore"):
            above = np.log(given / self.threshold) / math.log(self.one / self.threshold)
        return np.where(wanted == 1, above, -above)

    def _summary(self) -> dict[str, str]:
        return {"0 is": quantity(self.zero, "ohm"), "1 is": quantity(self.one, "ohm")}


def _resistances(value: ArrayLike) -> Floats:
    return check.numbers_within("resistance", value, 0.0, math.inf, "[]", "ohm", finite=False)


def _bits(name: str, value: ArrayLike) -> NDArray[np.int8]:
    """Return zeros and ones of any shape, or raise TypeError or ValueError."""
    given = check.given_array(name, value)
    if given.dtype.kind not in "biu":
        raise TypeError(f"{name} must be 0 and 1, got {check.shown(value)}")
    if not np.isin(given, (0, 1)).all():
        raise ValueError(f"{name} must be 0 and 1, got {check.shown(value)}")
    return given.astype(np.int8)
