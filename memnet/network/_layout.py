"""Layouts: what a network knows of the function that made it, and how a map draws it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from memnet.base import read_only, text
from memnet.base.arrays import Floats, Ids
from memnet.network._electrodes import Place


@dataclass(frozen=True, eq=False)
class Marks:
    """What stands for the nodes on a map: circles at their positions; its subclasses are other forms."""

    word: ClassVar[str] = "nodes"  # what `groups` of `memnet.plot.network` calls it
    maker: ClassVar[str] = ""  # what has it, for messages
    with_edges: ClassVar[bool] = True  # whether it is drawn where edges show a quantity, unless asked for

    def weight(self, n_nodes: int) -> Floats:
        """Return how much each node stands for, (n_nodes,)."""
        return np.ones(n_nodes)


@dataclass(frozen=True, eq=False)
class DiscMarks(Marks):
    """Each node as one or more discs: their centres (n_discs, 2), the node of each, and their diameter."""

    centre: Floats
    node: Ids
    diameter: float = 1.0

    word = "discs"
    maker = "a network of discs, such as percolating() makes"
    with_edges = False

    def weight(self, n_nodes: int) -> Floats:
        members = np.bincount(self.node, minlength=n_nodes)
        weights: Floats = 0.4 + members / max(1.0, float(members.mean()))
        return weights


@dataclass(frozen=True, eq=False)
class LineMarks(Marks):
    """Each node as a line or a place on one: both ends (n_lines, 2, 2), and the line of each node.

    `pieces` are edges along lines, which show the potential in place of whole lines; `dots` are the other edges.
    """

    ends: Floats
    line: Ids
    pieces: Ids
    dots: Ids

    word = "wires"
    maker = "a network of wires, such as nanowires() makes"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Layout(text.Summary, read_only.ReadOnlyArrays):
    """What a network knows of the function that made it: `Network.layout`. Arrays are read-only.

    Attributes
    ----------
    function : str
        The function: ``"Network"`` for networks made by hand.
    arguments : mapping
        Its arguments, checked, the seed included, as JSON holds them; read-only, as `provenance` and `info` have them.
    info : dict
        What `Network.info` says of it.
    unit : str
        The unit of positions; "" where they are no lengths.
    size : (float, float) or None
        Width and height.

    Examples
    --------
    >>> import memnet as mn
    >>> mn.Network(2, [(0, 1)]).layout.function
    'Network'
    >>> layout = mn.Network(2, [(0, 1)], position=[(0.0, 0.0), (1.0, 0.0)]).layout
    >>> layout.counts(), layout.caption(), layout.size, layout.info
    ({}, '', None, {})
    >>> layout.plain()
    {'function': 'Network', 'arguments': {'n_nodes': 2, 'n_edges': 1}}
    >>> layout.box(), layout.marks()
    (None, Marks())
    """

    function: str
    arguments: Mapping[str, Any]
    told: tuple[str, ...] = ()  # the arguments that `info` repeats
    places: Mapping[str, Place] = field(default_factory=dict)  # where each electrode is

    unit: ClassVar[str] = ""
    may_attach: ClassVar[bool] = True  # whether its nodes and edges need no names, so that there may be more of them
    units: ClassVar[Mapping[str, str]] = {}  # of what `info` says

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if isinstance(value, np.ndarray):
                object.__setattr__(self, name, read_only.frozen(value))
            elif not isinstance(value, read_only.PLAIN) and isinstance(value, Mapping):
                object.__setattr__(self, name, read_only.frozen_plain(value))

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        super().__setstate__(state)
        self.__post_init__()

    @property
    def info(self) -> dict[str, Any]:
        return {**self.counts(), **{name: self.arguments[name] for name in self.told}}

    @property
    def size(self) -> tuple[float, float] | None:
        return None

    def counts(self) -> dict[str, int]:
        """Return how many there are of what it consists of."""
        return {}

    def caption(self) -> str:
        """Return what the short form of a network says of it."""
        return ""

    def plain(self) -> dict[str, Any]:
        """Return the call that made the network, from which `rebuild_network` makes it again."""
        return {"function": self.function, "arguments": self.arguments}

    def turned(self, edges: Ids) -> Layout:
        """Return the layout of the network in which some edges point the other way."""
        del edges
        return self

    def marks(self) -> Marks:
        """Return what stands for the nodes on a map."""
        return Marks()

    def box(self) -> tuple[Floats, Floats] | None:
        """Return the lower left and the upper right corner of a map; None where positions decide."""
        return None

    def edge_ends(self, edges: Ids, position: Floats, marks: Marks) -> Floats:
        """Return both ends of each edge on a map with these marks, (n_edges, 2, 2)."""
        del marks
        ends: Floats = position[edges]
        return ends

    def _summary(self) -> dict[str, str]:
        return {"": self.function, **{name: str(value) for name, value in self.info.items() if value is not None}}
