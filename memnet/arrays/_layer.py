"""A layer: one array of pairs of cells that multiplies, passes errors back, and learns where it stands."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from memnet.arrays._encodings import Differential
from memnet.arrays._programming import program
from memnet.arrays._pulsed_cells import PulsedCells
from memnet.arrays._vmm import transfer
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.base.text import Summary, ends
from memnet.devices import Device
from memnet.network import cell_conductances, crossbar

__all__ = ["Layer"]

# Rows or columns of an array, and cells in it.
MOST_LINES = 2**20
MOST_CELLS = 2**27


class Layer(Summary):
    """Weights as pairs of cells of one crossbar: products, errors passed back, and updates where the cells stand.

    A weight is a share of the range of a cell, (G+ - G-)/(g_max - g_min), from -1 to 1. Inputs are voltages at word
    lines, outputs differences of the currents of two neighbouring bit lines, which are held at 0 V.

    Parameters
    ----------
    inputs, outputs : int
        Word lines, and pairs of bit lines.
    g_min, g_max : float
        Range of a cell (S), 0 <= g_min < g_max. All cells begin in the middle of it, which are weights of 0.
    line_resistance : float
        Resistance of a line from one cell to the next, and from its contact to the first one (ohm), >= 0. At 0 lines
        are ideal, and no circuit is solved.
    bounds : {"hard", "soft"}
        How cells move under `update`: by what is asked for, up to the end of their range; or by its product with the
        share of the range that is left in its direction.
    device : Device, optional
        The cells, instead of ideal ones: `update` pulses them in a simulation of the crossbar. They begin in the states
        of the device.
    pulse : (float, float)
        Voltage (V) and length (s) of a pulse that writes a device, both > 0; selected word lines are at half the
        voltage of one sign, the selected bit line at half of it of the other, so other cells see no more than half.
    seed : int, optional
        Of the rounding of updates to whole pulses; drawn where it is not given.

    Attributes
    ----------
    conductances : ndarray, (inputs, 2 * outputs)
        Conductance of each cell (S); G+ and G- of an output are neighbours.
    weights : ndarray, (inputs, outputs)
        What the cells hold.
    matrix : ndarray, (inputs, outputs)
        What the circuit makes of it: product and errors go through this matrix. Without lines it is `weights`.

    Raises
    ------
    TypeError, ValueError
        No or too many lines, numbers that are not finite or outside their range, g_min >= g_max.

    Notes
    -----
    A circuit of resistors is reciprocal: with bit lines driven and currents read at word lines it multiplies with the
    transpose of the same matrix. So `back` needs no copy of the weights.

    Examples
    --------
    >>> import memnet as mn
    >>> layer = mn.arrays.Layer(2, 1)
    >>> layer.program([[0.5], [-0.25]])
    >>> layer(([1.0, 0.0], [1.0, 1.0])).round(12)
    array([[0.5 ],
           [0.25]])
    >>> layer.update([[0.1], [0.0]])
    >>> layer.weights.round(12)
    array([[ 0.6 ],
           [-0.25]])
    >>> (1e6 * layer.conductances).round(3)
    array([[60.4 ,  1.  ],
           [ 1.  , 25.75]])
    >>> layer.matrix.round(12), layer.back([1.0]).round(12)
    (array([[ 0.6 ],
           [-0.25]]), array([ 0.6 , -0.25]))
    """

    @check.known_keywords
    def __init__(
        self,
        inputs: int,
        outputs: int,
        *,
        g_min: float = 1e-6,
        g_max: float = 1e-4,
        line_resistance: float = 0.0,
        bounds: str = "hard",
        device: Device | None = None,
        pulse: tuple[float, float] = (1.2, 1e-3),
        seed: int | None = None,
    ) -> None:
        rows = check.integer("inputs", inputs, 1, MOST_LINES)
        columns = 2 * check.integer("outputs", outputs, 1, MOST_LINES)
        if rows * columns > MOST_CELLS:
            raise ValueError(f"inputs * outputs must make no more than {MOST_CELLS:,} cells, got {rows * columns:,}")
        self.pairs = Differential(g_min, g_max)
        ohm = check.real("line_resistance", line_resistance, 0.0, math.inf, "[)", "ohm")
        self.bounds = check.one_of("bounds", bounds, ("hard", "soft"))
        volts, seconds = _pulse(pulse)
        number = check.seed("seed", seed)
        self._g: Floats = np.full((rows, columns), 0.5 * (g_min + g_max))
        self._absent = np.zeros((rows, columns // 2), dtype=bool)
        self._lines = self._pulsed = None
        if ohm > 0.0:
            self._lines = crossbar(rows, columns, line_resistance=ohm, contact_resistance=ohm)
        if device is not None:
            check.instance("device", device, Device, "a device, or None")
            net = self._lines or crossbar(rows, columns)
            self._pulsed = PulsedCells(net, device, volts, seconds, g_max - g_min, number)
            self._g = self._pulsed.conductances()
        self._matrix: Floats | None = None

    @property
    def conductances(self) -> Floats:
        """Conductance of each cell (inputs, 2 * outputs) (S)."""
        return np.array(self._g)

    @property
    def weights(self) -> Floats:
        """What the cells hold (inputs, outputs), as shares of their range."""
        return self.pairs.decode(self._g)

    @property
    def matrix(self) -> Floats:
        """What the circuit makes of the weights (inputs, outputs)."""
        if self._matrix is None:
            net = self._lines
            g = self._g if net is None else transfer(net, cell_conductances(net, self._g))
            self._matrix = (g[:, 0::2] - g[:, 1::2]) / self.pairs.scale
        return self._matrix

    @check.known_keywords
    def program(
        self,
        weights: ArrayLike,
        *,
        bits: int | None = None,
        spread: float = 0.0,
        seed: int | None = None,
        rows: slice = slice(None),
        columns: slice = slice(None),
    ) -> None:
        """Set the cells to weights.

        Parameters
        ----------
        weights : array_like, (inputs, outputs)
            From -1 to 1; nan is a pair of cells that is not there.
        bits : int, optional
            From 1 to 24: a cell has 2**bits conductances.
        spread : float
            Standard deviation of the logarithm of the factor by which a cell misses its conductance, in [0, 100].
        seed : int, optional
            Of the spread.
        rows, columns : slice
            Which inputs and outputs; the other cells stay as they are.

        Raises
        ------
        TypeError, ValueError
            Weights of another shape or beyond 1; cells that are devices, which only pulses move.
        """
        if self._pulsed is not None:
            raise ValueError("weights cannot be set where cells are devices: update() pulses them")
        for name, part in (("rows", rows), ("columns", columns)):
            check.instance(name, part, slice, "a slice")
        given = check.array("weights", weights, self._absent[rows, columns].shape, finite=False)
        absent = np.isnan(given)
        g = Differential(self.pairs.g_min, self.pairs.g_max, bits).encode(np.where(absent, 0.0, given))
        g = program(g, spread=check.real("spread", spread, 0.0, 100.0, "[]"), seed=seed)
        self._absent[rows, columns] = absent
        cells = self._g.reshape(*self._absent.shape, 2).copy()
        cells[rows, columns] = np.where(absent[..., np.newaxis], 0.0, g.reshape(*absent.shape, 2))
        self._set(cells.reshape(self._g.shape))

    @check.known_keywords
    def __call__(self, values: ArrayLike) -> Floats:
        """Return products of inputs and weights, read through the circuit.

        Parameters
        ----------
        values : array_like, (inputs,) or (batch, inputs)
            Inputs, in units of the voltage that reads.

        Returns
        -------
        ndarray, (outputs,) or (batch, outputs)
            Differences of currents, in units of that voltage times the range of a cell.
        """
        return np.asarray(vectors("values", values, self._shape[0]) @ self.matrix)

    @check.known_keywords
    def back(self, errors: ArrayLike) -> Floats:
        """Return products of errors at the outputs and the transposed weights, read through the same circuit.

        Parameters
        ----------
        errors : array_like, (outputs,) or (batch, outputs)
            What is multiplied with the transposed matrix.

        Returns
        -------
        ndarray, (inputs,) or (batch, inputs)
        """
        return np.asarray(vectors("errors", errors, self._shape[1]) @ self.matrix.T)

    @check.known_keywords
    def update(self, change: ArrayLike) -> None:
        """Move the cells: G+ of a pair by a change, G- by the opposite.

        Parameters
        ----------
        change : array_like, (inputs, outputs)
            Shares of the range of a cell. With soft bounds, cells move by less; devices by whole pulses, whose number
            is drawn so that its mean is what was asked for.

        Raises
        ------
        TypeError, ValueError
            A change of another shape, or not finite.
        """
        given = check.array("change", change, self._shape)
        both = np.repeat(given, 2, axis=1)
        both[:, 1::2] *= -1.0
        if self._pulsed is not None:
            self._pulsed.move(both)
            self._set(self._pulsed.conductances())
            return
        low, high = self.pairs.g_min, self.pairs.g_max
        room = high - low if self.bounds == "hard" else np.where(both > 0.0, high - self._g, self._g - low)
        moved = self._g + both * np.maximum(room, 0.0)
        # A cell that was programmed beyond its range is not moved further, nor drawn back by what does not ask for it.
        moved = np.clip(moved, np.minimum(low, self._g), np.maximum(high, self._g))
        moved[np.repeat(self._absent, 2, axis=1)] = 0.0
        self._set(moved)

    @property
    def _shape(self) -> tuple[int, int]:
        return self._g.shape[0], self._g.shape[1] // 2

    def _set(self, conductances: Floats) -> None:
        self._g, self._matrix = conductances, None

    def _summary(self) -> dict[str, str]:
        inputs, outputs = self._shape
        return {
            "": f"{inputs} inputs, {outputs} outputs",
            "cells": ends(self.pairs.g_min, self.pairs.g_max, "S"),
            "bounds": self.bounds if self._pulsed is None else "",
            "device": "" if self._pulsed is None else repr(self._pulsed.device),
        }


def vectors(name: str, value: ArrayLike, length: int) -> Floats:
    """Return inputs or errors of a layer, one or a batch."""
    given = check.numbers_within(name, value, -math.inf, math.inf, "()")
    if given.ndim not in (1, 2) or given.shape[-1] != length:
        raise ValueError(f"{name} must have shape ({length},) or (any, {length}), got {given.shape}")
    return given


def _pulse(value: Any) -> tuple[float, float]:
    """Return voltage and length of a pulse, both > 0."""
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        raise TypeError(f"pulse must be a voltage (V) and a length (s), got {check.shown(value)}")
    volts = check.real("pulse[0]", value[0], 0.0, math.inf, "()", "V")
    return volts, check.real("pulse[1]", value[1], 0.0, math.inf, "()", "s")
