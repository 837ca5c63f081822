"""The wires of a network of nanowires."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from memnet.base import read_only, text
from memnet.base.arrays import Floats, Ids
from memnet.network._layout import Layout, LineMarks, Marks
from memnet.network._shapes import Members

UNIT = "µm"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Wires(Layout):
    """The wires of a network: `Network.wires`, and the layout, of networks of nanowires. Arrays are read-only.

    Attributes
    ----------
    end : ndarray of float64, (n_wires, 2, 2)
        Both ends of each wire, as points x, y (µm).
    length : ndarray of float64, (n_wires,)
        Length of each wire (µm).
    node_wire : ndarray of int32, (n_own_nodes,)
        The wire that each node of the network itself is on, or is.
    junctions : ndarray of int32, (n_junctions,)
        The edges that are junctions between two wires.
    junction_position : ndarray of float64, (n_junctions, 2)
        Place of each junction (µm).
    segments : ndarray of int32, (n_segments,)
        The edges that are pieces of a wire; none where the resistance of the wires is neglected.
    segment_length : ndarray of float64, (n_segments,)
        Length of each piece (µm).
    segment_conductance : ndarray of float64, (n_segments,)
        Conductance of each piece (S): 1 / (wire_resistance length).
    wire_resistance : float or None
        Resistance per length (ohm/µm), None where it is neglected.
    pads : mapping from str to a side, the numbers of a shape, or wires
        The pad of each electrode.
    places : mapping from str to a side, a shape or wires
        The same as objects, such as `Rectangle`.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.nanowires_at([[[0, 5], [6, 5]], [[4, 0], [4, 9]], [[2, 8], [9, 8]]])
    >>> net.wires.length, net.wires.junction_position.tolist()
    (array([6., 9., 7.]), [[4.0, 5.0], [4.0, 8.0]])
    >>> net.layout.counts(), net.layout.caption()
    ({'n_wires': 3, 'n_junctions': 2, 'n_segments': 0}, '3 wires')
    >>> net.layout.box(), type(net.layout.marks()).__name__
    ((array([-0.09, -0.09]), array([9.09, 9.09])), 'LineMarks')
    """

    end: Floats
    length: Floats
    node_wire: Ids
    junctions: Ids
    junction_position: Floats
    segments: Ids
    segment_length: Floats
    segment_conductance: Floats
    wire_resistance: float | None
    box_size: tuple[float, float] | None

    unit = UNIT
    units: ClassVar[Mapping[str, str]] = {
        "size": UNIT,
        "length": UNIT,
        "length_sd": UNIT,
        "wire_resistance": f"ohm/{UNIT}",
        "angles": "rad",
    }

    @property
    def pads(self) -> Mapping[str, Any]:
        numbers = {name: getattr(place, "numbers", place) for name, place in self.places.items()}
        members = {name: list(place.numbers) for name, place in self.places.items() if isinstance(place, Members)}
        pads: Mapping[str, Any] = read_only.frozen_plain({**numbers, **members})
        return pads

    @property
    def size(self) -> tuple[float, float] | None:
        return self.box_size

    def counts(self) -> dict[str, int]:
        return {"n_wires": len(self.length), "n_junctions": len(self.junctions), "n_segments": len(self.segments)}

    def caption(self) -> str:
        return f"{len(self.length)} wires"

    def marks(self) -> Marks:
        return LineMarks(self.end, self.node_wire, self.segments, self.junctions)

    def box(self) -> tuple[Floats, Floats]:
        points = self.end.reshape(-1, 2)
        edge = 0.01 * float(np.ptp(points, axis=0).max())
        return points.min(axis=0) - edge, points.max(axis=0) + edge

    def edge_ends(self, edges: Ids, position: Floats, marks: Marks) -> Floats:
        """Return both ends of each edge; a junction is a line so short that its round ends make it a dot."""
        ends: Floats = position[edges]
        if isinstance(marks, LineMarks):
            dot = 1.5e-3 * float(np.ptp(self.end.reshape(-1, 2), axis=0).max())
            ends[self.junctions] = self.junction_position[:, None] + np.array([[-dot, 0.0], [dot, 0.0]])
        return ends

    def _summary(self) -> dict[str, str]:
        pieces = "none"
        if self.wire_resistance is not None:
            conductance = text.span(self.segment_conductance, "S")
            pieces = f"{len(self.segments)}, of {self.wire_resistance:g} ohm/µm, {conductance}"
        return {
            "wires": f"{len(self.length)}, length {text.span(self.length)} µm",
            "junctions": str(len(self.junctions)),
            "segments": pieces,
            "pads": text.listed([f"{name} ({pad!s:.60})" for name, pad in self.pads.items()], "pads"),
        }
