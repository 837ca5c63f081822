"""What a network knows of being a crossbar: its cells, its lines and what they are made of."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from memnet.base import read_only
from memnet.base.arrays import Floats, Ids
from memnet.network._crossbar_lines import (
    Shape3,
    all_lines,
    at_bits,
    at_words,
    gate_line,
    gate_names,
    inner_first,
    line_counts,
    line_names,
    whole_shape,
)
from memnet.network._crossbar_places import cell_places, gate_ends, line_ends, warm_ends
from memnet.network._layout import Layout, LineMarks, Marks

# The electrode of the surroundings, in the circuit in which heat flows.
SINK = "sink"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Crossbar(Layout):
    """The cells and lines of a crossbar: the layout of networks that `crossbar` makes. Arrays are read-only.

    Attributes
    ----------
    cell : ndarray of int32, (layers, rows, columns)
        The edge of each cell, which points from its word line to its bit line.
    dummy_cells : ndarray of int32, (n_dummy_cells,)
        The edges where dummy lines cross others.
    words, bits : ndarray of str, (layers, rows, columns)
        The electrodes of the word line and of the bit line of each cell.
    lines : tuple of str
        The electrodes of all lines: word lines, bit lines, then gate lines.
    dummies : tuple of str
        The electrodes of dummy lines.
    word_node, bit_node : ndarray of int32, (layers, rows, columns)
        The nodes at each cell, on its word line and on its bit line; all along a line are one where lines are ideal.
    segments, contacts : ndarray of int32
        The edges that are pieces of lines, and those between electrodes and lines; none where these are ideal.
    segment_resistance, contact_resistance : ndarray of float64
        The resistance of each of them (ohm).
    gates : ndarray of str, (layers, rows, columns), or None
        The electrode of the gate line of each cell.
    probe : ndarray of int32, (layers, rows, columns), or None
        The edge from the gate line to the bit line of each cell, whose voltage a transistor there reads.
    probes : ndarray of int32
        All such edges: cells between the same two lines have one, where these are ideal.
    heat : ndarray of int32, (layers, rows, columns), or None
        The edge from the node of heat of each cell to the surroundings.
    couplings : ndarray of int32
        The edges between nodes of heat of neighbouring cells.
    line_ends : ndarray of float64, (n_lines, 2, 2)
        Where each line begins and ends on a map (cells).
    node_line : ndarray of int32, (n_own_nodes,)
        The line that each node of the network itself is on, or is.

    Examples
    --------
    >>> import memnet as mn
    >>> layout = mn.crossbar(2, 3, line_resistance=1.0).layout
    >>> layout.cell.tolist(), layout.bits[0, 1].tolist(), len(layout.segments)
    ([[[0, 1, 2], [3, 4, 5]]], ['b0', 'b1', 'b2'], 7)
    >>> layout.counts(), layout.caption()
    ({'n_cells': 6, 'n_lines': 5, 'n_segments': 7}, 'crossbar of 2 x 3')
    >>> layout.box(), type(layout.marks()).__name__
    ((array([-0.8, -0.8]), array([2.5, 1.5])), 'LineMarks')
    """

    cell: Ids
    dummy_cells: Ids
    word_node: Ids
    bit_node: Ids
    segments: Ids
    contacts: Ids
    segment_resistance: Floats
    contact_resistance: Floats
    probe: Ids | None
    probes: Ids
    heat: Ids | None
    couplings: Ids

    units: ClassVar[Mapping[str, str]] = {
        "line_resistance": "ohm",
        "contact_resistance": "ohm",
        "thermal_conductance": "W/K",
    }

    def counts(self) -> dict[str, int]:
        return {"n_cells": self.cell.size, "n_lines": len(self.lines), "n_segments": len(self.segments)}

    def caption(self) -> str:
        layers, rows, columns = self.cell.shape
        stacked = f" in {layers} {self.arguments['stacking']} layers" if layers > 1 else ""
        return f"crossbar of {rows} x {columns}{stacked}"

    # ---------------------------------------------------------- made of the arguments when first asked for

    @functools.cached_property
    def lines(self) -> tuple[str, ...]:
        return (*self._line_names()[0], *gate_names(self.cell.shape, self.arguments["gates"]))

    @functools.cached_property
    def dummies(self) -> tuple[str, ...]:
        return self._line_names()[1]

    def _line_names(self) -> tuple[list[str], tuple[str, ...]]:
        given = self.arguments
        return line_names(whole_shape(given), given["stacking"], given["dummy_lines"])

    def lines_of_layer(self, layer: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the word lines and the bit lines of a layer, in the order of rows and columns; not of pillars."""
        whole, beside = whole_shape(self.arguments), self.arguments["dummy_lines"]
        _, rows, columns = whole
        word, bit = ((layer + 1) // 2, layer // 2) if self.arguments["stacking"] == "shared" else (layer, layer)
        first_word, first_bit = word * rows, line_counts(whole, self.arguments["stacking"])[0] + bit * columns
        words = self.lines[first_word + beside : first_word + rows - beside]
        return words, self.lines[first_bit + beside : first_bit + columns - beside]

    @functools.cached_property
    def words(self) -> NDArray[np.str_]:
        return self._name_of_cell(at_words, 0)

    @functools.cached_property
    def bits(self) -> NDArray[np.str_]:
        return self._name_of_cell(at_bits, 1)

    @functools.cached_property
    def gates(self) -> NDArray[np.str_] | None:
        kind = self.arguments["gates"]
        if kind is None:
            return None
        names = np.array(gate_names(self.cell.shape, kind))
        return read_only.read_only(names[gate_line(self.cell.shape, kind)])

    def _name_of_cell(self, at: Callable[[Ids, Shape3, str], Ids], kind: int) -> NDArray[np.str_]:
        """Return the name of the word line (kind 0) or the bit line (kind 1) of each cell."""
        whole, beside, stacking = whole_shape(self.arguments), self.arguments["dummy_lines"], self.arguments["stacking"]
        counts = line_counts(whole, stacking)
        number = np.arange(kind * counts[0], counts[0] + kind * counts[1], dtype=np.int32)[:, None]
        names = np.broadcast_to(np.array(self.lines)[at(number, whole, stacking)], whole)
        _, rows, columns = whole
        return read_only.read_only(names[:, beside : rows - beside, beside : columns - beside])

    @functools.cached_property
    def cell_place(self) -> Floats:
        """Where cells and dummy cells are on a map, in the order of their edges."""
        whole = whole_shape(self.arguments)
        return read_only.read_only(cell_places(whole)[inner_first(whole, self.arguments["dummy_lines"])])

    @functools.cached_property
    def line_ends(self) -> Floats:
        given, own = self.arguments, self.cell_place[: self.cell.size]
        ends = [line_ends(given["stacking"], *all_lines(given), cell_places(whole_shape(given)))]
        if given["gates"] is not None:
            ends.append(gate_ends(given["gates"], self.cell.shape, own))
        if self.heat is not None:
            ends.append(warm_ends(own))
        return read_only.read_only(np.concatenate(ends))

    @functools.cached_property
    def node_line(self) -> Ids:
        words, bits = all_lines(self.arguments)
        first = len(words.electrode)
        others = np.arange(first + len(bits.electrode), len(self.line_ends), dtype=np.int32)
        return read_only.read_only(np.concatenate([words.node_line, first + bits.node_line, others]))

    def marks(self) -> Marks:
        pieces = np.concatenate([self.segments, self.contacts])
        return LineMarks(self.line_ends, self.node_line, pieces, np.arange(len(self.cell_place), dtype=np.int32))

    def box(self) -> tuple[Floats, Floats]:
        points = self.line_ends.reshape(-1, 2)
        return points.min(axis=0) - 0.2, points.max(axis=0) + 0.2

    def edge_ends(self, edges: Ids, position: Floats, marks: Marks) -> Floats:
        """Return both ends of each edge; a cell is a line so short that its round ends make it a dot."""
        ends: Floats = position[edges]
        if isinstance(marks, LineMarks):
            dot = 1.5e-3 * float(np.ptp(self.line_ends.reshape(-1, 2), axis=0).max())
            ends[: len(self.cell_place)] = self.cell_place[:, None] + np.array([[-dot, 0.0], [dot, 0.0]])
        return ends
