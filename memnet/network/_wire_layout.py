"""The wires of a network of nanowires."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from memnet.base import read_only, text
from memnet.network._electrodes import Ids, Place

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class Wires(text.Summary):
    """The wires of a network: what `Network.wires` is for networks of nanowires. Arrays are read-only.

    Attributes
    ----------
    end : ndarray of float64, (n_wires, 2, 2)
        Both ends of each wire, as points x, y (µm).
    length : ndarray of float64, (n_wires,)
        Length of each wire (µm).
    node_wire : ndarray of int32, (n_nodes,)
        The wire that each node is on, or is.
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
    pads : mapping from str to a side, a rectangle, a disc or wires
        The pad of each electrode.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.nanowires_at([[[0, 5], [6, 5]], [[4, 0], [4, 9]], [[2, 8], [9, 8]]])
    >>> net.wires.length, net.wires.junction_position.tolist()
    (array([6., 9., 7.]), [[4.0, 5.0], [4.0, 8.0]])
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
    pads: Mapping[str, Place]

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if isinstance(value, np.ndarray):
                object.__setattr__(self, name, read_only.frozen(value))
        object.__setattr__(self, "pads", MappingProxyType(dict(self.pads)))

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, ({**vars(self), "pads": dict(self.pads)},)

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


def _restored(fields: dict[str, Any]) -> Wires:
    return Wires(**fields)
