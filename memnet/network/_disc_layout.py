"""The discs of a percolating network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from memnet.base.arrays import Floats, Ids
from memnet.network._layout import DiscMarks, Layout, Marks

# A particle's diameter.
UNIT = "pd"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Discs(Layout):
    """The discs of a network: the layout of percolating networks. Arrays are read-only.

    Attributes
    ----------
    position : ndarray of float64, (n_discs, 2)
        Centre of each disc (pd).
    group : ndarray of int32, (n_discs,)
        The node that each disc belongs to.
    gap_discs : ndarray of int32, (n_own_edges, 2)
        The two discs nearest to each other at each edge of the network itself.

    Examples
    --------
    >>> import memnet as mn
    >>> len(mn.percolating(30, 0.6, seed=1).layout.position)
    1050
    >>> layout = mn.percolating(30, 0.6, seed=1).layout
    >>> layout.counts(), layout.caption()
    ({'n_discs': 1050}, 'coverage 0.6, seed 1')
    >>> layout.box(), type(layout.marks()).__name__, layout.turned([0, 2]).size
    ((array([0., 0.]), array([30., 30.])), 'DiscMarks', (30.0, 30.0))
    """

    position: Floats
    group: Ids
    gap_discs: Ids

    unit = UNIT
    units: ClassVar[Mapping[str, str]] = {"size": UNIT, "max_gap": UNIT}

    @property
    def size(self) -> tuple[float, float]:
        width, height = self.arguments["size"]
        return width, height

    def counts(self) -> dict[str, int]:
        return {"n_discs": len(self.position)}

    def caption(self) -> str:
        return f"coverage {self.arguments['coverage']:g}, seed {self.arguments['seed']}"

    def turned(self, edges: Ids) -> Discs:
        pairs = self.gap_discs.copy()
        pairs[edges] = pairs[edges, ::-1]
        return replace(self, gap_discs=pairs)

    def marks(self) -> Marks:
        return DiscMarks(self.position, self.group)

    def box(self) -> tuple[Floats, Floats]:
        return np.zeros(2), np.array(self.size)

    def edge_ends(self, edges: Ids, position: Floats, marks: Marks) -> Floats:
        """Return both ends of each edge; across a periodic boundary by the nearest image."""
        near = self.position[self.gap_discs]
        ends: Floats = position[edges]
        own = slice(len(near))  # what is attached to electrodes has no gaps
        if isinstance(marks, DiscMarks):
            ends[own] = near
        for axis, name in enumerate("xy"):
            if name in (self.arguments["periodic"] or ""):
                turns = np.round((near[:, 1, axis] - near[:, 0, axis]) / self.size[axis])
                ends[own, 1, axis] -= turns * self.size[axis]
        return ends
