"""Weights as conductances: what a weight is worth in cells, and what currents of columns are worth in weights."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from memnet.base import check
from memnet.base.arrays import Floats
from memnet.base.text import Summary, ends, quantity

__all__ = ["BitSlices", "Differential", "Offset", "quantise"]

MOST_BITS = 24

Same = TypeVar("Same", bound="Encoding")


@check.known_keywords
def quantise(weights: ArrayLike, bits: int, *, largest: float | None = None) -> Floats:
    """Return weights rounded to the nearest of those that pairs of cells with `bits` bits can hold.

    Parameters
    ----------
    weights : array_like
        Finite numbers of any shape.
    bits : int
        From 1 to 24. A cell has 2**bits conductances, so the magnitude of a weight has 2**bits - 1 equal steps, and
        both signs and 0 are there.
    largest : float, optional
        Magnitude of the largest weight that can be held, > 0; by default that of `weights`.

    Returns
    -------
    ndarray
        Of the shape of `weights`.

    Raises
    ------
    TypeError, ValueError
        Weights that are no finite numbers or are beyond `largest`; bits outside 1 to 24.

    Examples
    --------
    >>> import memnet as mn
    >>> mn.arrays.quantise([-1.0, -0.4, 0.1, 0.6], 2)
    array([-1.        , -0.33333333,  0.        ,  0.66666667])
    """
    given = check.numbers_within("weights", weights, -math.inf, math.inf, "()")
    top = 2 ** check.integer("bits", bits, 1, MOST_BITS) - 1
    size = float(np.abs(given).max(initial=0.0)) or 1.0
    most = size if largest is None else check.real("largest", largest, 0.0, math.inf, "()")
    _refuse_beyond(given, most)
    return np.asarray(np.rint(given / most * top) / top * most)


@dataclass(frozen=True, repr=False)
class Encoding(Summary):
    """What encodings have in common: the range of a cell, and the largest weight."""

    g_min: float
    g_max: float
    bits: int | None = None
    largest: float = 1.0

    def __post_init__(self) -> None:
        low = check.real("g_min", self.g_min, 0.0, math.inf, "[)", "S")
        high = check.real("g_max", self.g_max, 0.0, math.inf, "()", "S")
        if low >= high:
            raise ValueError(f"g_min must be below g_max, got g_min = {low:g} S and g_max = {high:g} S")
        if self.bits is not None:
            check.integer("bits", self.bits, 1, MOST_BITS)
        check.real("largest", self.largest, 0.0, math.inf, "()")
        if not 0.0 < self.scale < math.inf:
            raise ValueError(f"largest must make a scale that doubles hold, got {self.largest:g} and {self.scale:g} S")

    @property
    def scale(self) -> float:
        """Conductance that a weight of 1 is worth (S), after `decode` has joined the cells of a weight."""
        return (self.g_max - self.g_min) / self.largest

    @check.known_keywords
    def fitted(self: Same, weights: ArrayLike) -> Same:
        """Return this encoding with `largest` that of some weights (1 where all are 0)."""
        given = check.numbers_within("weights", weights, -math.inf, math.inf, "()")
        return dataclasses.replace(self, largest=float(np.abs(given).max(initial=0.0)) or 1.0)

    @check.known_keywords
    def encode(self, weights: ArrayLike) -> Floats:
        """Return the conductances that hold weights.

        Parameters
        ----------
        weights : array_like, (inputs, outputs)
            Finite, of magnitudes up to `largest`.

        Returns
        -------
        ndarray, (inputs, columns)
            Conductance of each cell (S), within `g_min` and `g_max`.

        Raises
        ------
        TypeError, ValueError
            Weights of another shape, that are not finite, or beyond `largest`, which `fitted` finds.
        """
        given = check.array("weights", weights, (None, None))
        _refuse_beyond(given, self.largest)
        return self._encoded(given / self.largest)

    @check.known_keywords
    def decode(self, values: ArrayLike) -> Floats:
        """Return weights from conductances of cells, or products of inputs and weights from currents of columns.

        Parameters
        ----------
        values : array_like, (..., columns)
            Conductances (S), which become weights; or currents (A), which become volts times weights.

        Returns
        -------
        ndarray, (..., outputs)

        Raises
        ------
        TypeError, ValueError
            Values that are no numbers, or not as many columns as some outputs have; nan stays nan.
        """
        given = np.asarray(check.given_array("values", values))
        given = check.array("values", given, given.shape or (None,), finite=False)
        own, shared = self._columns
        if given.shape[-1] < own + shared or (given.shape[-1] - shared) % own:
            and_one = f" and {shared} more" if shared else ""
            raise ValueError(f"values must have {own} columns an output{and_one}, got shape {given.shape}")
        with np.errstate(over="ignore", invalid="ignore"):
            return self._joined(given) / self.scale

    @property
    def _columns(self) -> tuple[int, int]:
        """Return how many columns an output has, and how many all of them share."""
        raise NotImplementedError

    def _encoded(self, share: Floats) -> Floats:
        """Return conductances for weights as shares of the largest one."""
        raise NotImplementedError

    def _joined(self, values: Floats) -> Floats:
        """Return the sum of an output's columns with their signs and powers."""
        raise NotImplementedError

    def _cell(self, share: Floats) -> Floats:
        """Return the conductance at a share from 0 to 1 of the range, at one of the levels where there are bits."""
        if self.bits is not None:
            top = 2**self.bits - 1
            share = np.rint(share * top) / top
        return np.minimum(self.g_min + share * (self.g_max - self.g_min), self.g_max)

    def _summary(self) -> dict[str, str]:
        return {
            "cells": ends(self.g_min, self.g_max, "S"),
            "bits": "" if self.bits is None else str(self.bits),
            "largest weight": f"{self.largest:.6g}",
            "scale": quantity(self.scale, "S"),
        }


@check.known_fields
@dataclass(frozen=True, repr=False)
class Differential(Encoding):
    """Weights as pairs of cells: w = (G+ - G-)/scale, the other cell of a pair at `g_min`.

    Columns 2j and 2j + 1 are G+ and G- of output j: neighbours, so that both lose alike along the lines.

    Parameters
    ----------
    g_min, g_max : float
        Range of a cell (S), 0 <= g_min < g_max.
    bits : int, optional
        From 1 to 24: a cell has 2**bits conductances at equal distances. By default any conductance in the range.
    largest : float
        Magnitude of the weight that is worth ``g_max - g_min``; `fitted` takes it from weights.

    Attributes
    ----------
    scale : float
        Conductance that a weight of 1 is worth, (g_max - g_min)/largest (S).

    Raises
    ------
    TypeError, ValueError
        g_min >= g_max, bits outside 1 to 24, numbers that are not finite.

    Examples
    --------
    >>> import memnet as mn
    >>> pairs = mn.arrays.Differential(1e-6, 101e-6)
    >>> pairs
    <Differential: cells 1 µS to 101 µS; largest weight 1; scale 100 µS>
    >>> conductances = pairs.encode([[0.5, -1.0]])
    >>> (1e6 * conductances).round(6)
    array([[ 51.,   1.,   1., 101.]])
    >>> pairs.decode(conductances).round(12)
    array([[ 0.5, -1. ]])
    """

    @property
    def _columns(self) -> tuple[int, int]:
        return 2, 0

    def _encoded(self, share: Floats) -> Floats:
        return _interleaved(self._cell(np.maximum(share, 0.0)), self._cell(np.maximum(-share, 0.0)))

    def _joined(self, values: Floats) -> Floats:
        return np.asarray(values[..., 0::2] - values[..., 1::2])


@check.known_fields
@dataclass(frozen=True, repr=False)
class Offset(Encoding):
    """Weights as one cell each and a column of reference cells: w = (G - G_ref)/scale.

    The last column is the reference, halfway between `g_min` and `g_max`. With bits the levels lie about it in equal
    numbers, so that 0 is none of them: the nearest is half a step away.

    Parameters
    ----------
    g_min, g_max : float
        Range of a cell (S), 0 <= g_min < g_max.
    bits : int, optional
        From 1 to 24: a cell has 2**bits conductances at equal distances. By default any conductance in the range.
    largest : float
        Magnitude of the weight that is worth ``(g_max - g_min)/2``; `fitted` takes it from weights.

    Attributes
    ----------
    scale : float
        Conductance that a weight of 1 is worth, (g_max - g_min)/(2 largest) (S).

    Raises
    ------
    TypeError, ValueError
        g_min >= g_max, bits outside 1 to 24, numbers that are not finite.

    Examples
    --------
    >>> import memnet as mn
    >>> cells = mn.arrays.Offset(1e-6, 101e-6)
    >>> conductances = cells.encode([[0.5, -1.0]])
    >>> (1e6 * conductances).round(6)
    array([[76.,  1., 51.]])
    >>> cells.decode(conductances).round(12)
    array([[ 0.5, -1. ]])
    >>> cells.scale
    5e-05
    """

    @property
    def scale(self) -> float:
        """Conductance that a weight of 1 is worth (S)."""
        return 0.5 * (self.g_max - self.g_min) / self.largest

    @property
    def _columns(self) -> tuple[int, int]:
        return 1, 1

    def _encoded(self, share: Floats) -> Floats:
        reference = np.full((len(share), 1), self.g_min + 0.5 * (self.g_max - self.g_min))
        return np.hstack([self._cell(0.5 + 0.5 * share), reference])

    def _joined(self, values: Floats) -> Floats:
        return np.asarray(values[..., :-1] - values[..., -1:])


@check.known_fields
@dataclass(frozen=True, repr=False)
class BitSlices(Encoding):
    """Weights of many bits in cells of few: digits of the magnitude, each in a pair of cells of its own.

    The magnitude of a weight is a whole number of ``largest/(2**bits - 1)``, written in digits of `cell_bits` bits. An
    output has 2 n columns, n = bits/cell_bits rounded up: G+ and G- of the lowest digit first. `decode` joins them with
    powers of 2, as an adder behind the converters does.

    Parameters
    ----------
    g_min, g_max : float
        Range of a cell (S), 0 <= g_min < g_max.
    bits : int
        Bits of the magnitude of a weight, from 1 to 24.
    largest : float
        Magnitude of the largest weight; `fitted` takes it from weights.
    cell_bits : int
        Bits of a cell, from 1 to `bits`.

    Attributes
    ----------
    scale : float
        Conductance that a weight of 1 is worth after `decode` has joined its digits, (g_max - g_min)(2**bits -
        1)/((2**cell_bits - 1) largest) (S).

    Raises
    ------
    TypeError, ValueError
        g_min >= g_max, bits outside 1 to 24, cell_bits outside 1 to bits, numbers that are not finite.

    Examples
    --------
    >>> import memnet as mn
    >>> slices = mn.arrays.BitSlices(0.0, 1e-6, bits=3)
    >>> conductances = slices.encode([[5 / 7, -3 / 7]])
    >>> (1e6 * conductances).round(6)
    array([[1., 0., 0., 0., 1., 0., 0., 1., 0., 1., 0., 0.]])
    >>> (7 * slices.decode(conductances)).round(12)
    array([[ 5., -3.]])
    >>> slices.scale
    7e-06
    """

    bits: int = 8
    cell_bits: int = 1

    def __post_init__(self) -> None:
        bits = check.integer("bits", self.bits, 1, MOST_BITS)
        check.integer("cell_bits", self.cell_bits, 1, bits)
        super().__post_init__()

    @property
    def scale(self) -> float:
        """Conductance that a weight of 1 is worth (S)."""
        steps, top = 2.0**self.bits - 1.0, 2.0**self.cell_bits - 1.0
        return float((self.g_max - self.g_min) * steps / (top * self.largest))

    @property
    def _digits(self) -> int:
        return -(-self.bits // self.cell_bits)

    @property
    def _columns(self) -> tuple[int, int]:
        return 2 * self._digits, 0

    def _encoded(self, share: Floats) -> Floats:
        steps = np.rint(share * (2**self.bits - 1)).astype(np.int64)
        top = 2**self.cell_bits - 1
        parts: list[Floats] = []
        for digit in range(self._digits):
            for signed in (steps, -steps):
                part = (np.maximum(signed, 0) >> (digit * self.cell_bits)) & top
                parts.append(np.minimum(self.g_min + part / top * (self.g_max - self.g_min), self.g_max))
        return _interleaved(*parts)

    def _joined(self, values: Floats) -> Floats:
        digits = values.reshape(*values.shape[:-1], values.shape[-1] // (2 * self._digits), self._digits, 2)
        powers = 2.0 ** (self.cell_bits * np.arange(self._digits))
        return np.asarray((digits[..., 0] - digits[..., 1]) @ powers)

    def _summary(self) -> dict[str, str]:
        return {**super()._summary(), "columns": f"{2 * self._digits} an output"}


def _interleaved(*parts: Floats) -> Floats:
    """Return arrays (inputs, outputs) as one (inputs, outputs * parts), the parts of an output beside each other."""
    inputs, outputs = parts[0].shape
    return np.stack(parts, axis=-1).reshape(inputs, outputs * len(parts))


def _refuse_beyond(weights: Any, largest: float) -> None:
    """Raise ValueError for the first weight beyond the largest that can be held."""
    beyond = np.abs(weights) > largest
    if beyond.any():
        where = tuple(int(k) for k in np.argwhere(beyond)[0])
        raise ValueError(
            f"weights must be within -largest and largest = {largest:g}, got {weights[where]:g} at index {where}"
        )
