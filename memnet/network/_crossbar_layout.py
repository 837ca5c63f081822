"""What a network knows of being a crossbar: its cells, its lines and what they are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from memnet.base.arrays import Floats, Ids
from memnet.network._layout import Layout, LineMarks, Marks

# How far each layer stands from the one below it on a map, in cells.
SHIFT = (0.35, 0.35)


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
    words: NDArray[np.str_]
    bits: NDArray[np.str_]
    dummies: tuple[str, ...]
    word_node: Ids
    bit_node: Ids
    segments: Ids
    contacts: Ids
    segment_resistance: Floats
    contact_resistance: Floats
    gates: NDArray[np.str_] | None
    probe: Ids | None
    probes: Ids
    heat: Ids | None
    couplings: Ids
    line_ends: Floats
    node_line: Ids
    cell_place: Floats  # of cells and dummy cells, in the order of their edges

    units: ClassVar[Mapping[str, str]] = {
        "line_resistance": "ohm",
        "contact_resistance": "ohm",
        "thermal_conductance": "W/K",
    }

    def counts(self) -> dict[str, int]:
        n_lines = len(self.line_ends) - (0 if self.heat is None else self.heat.size + 1)
        return {"n_cells": self.cell.size, "n_lines": n_lines, "n_segments": len(self.segments)}

    def caption(self) -> str:
        layers, rows, columns = self.cell.shape
        stacked = f" in {layers} {self.arguments['stacking']} layers" if layers > 1 else ""
        return f"crossbar of {rows} x {columns}{stacked}"

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
