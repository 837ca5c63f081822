"""Word lines and bit lines of a crossbar: nodes, pieces between them, contacts and names."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from memnet.base.arrays import Ids

Shape3: TypeAlias = tuple[int, int, int]

# The ends of edges that are not there.
NO_PAIRS: Ids = np.empty((0, 2), dtype=np.int32)
# Which cells of an array are its own: without dummy lines all, in their order.
ALL = slice(None)


class Lines(NamedTuple):
    """Word lines, or bit lines: what they consist of."""

    site: Ids  # the node of each cell, (layers, rows, columns)
    electrode: Ids  # the node of each line that is its electrode, (n_lines,)
    n_sites: int  # of a line: the nodes at its cells
    pieces: Ids  # the nodes of each segment, (n_segments, 2)
    contacts: Ids  # the nodes of each contact, (n_contacts, 2)

    @property
    def n_nodes(self) -> int:
        return len(self.electrode) * self.n_sites + len(self.contacts)

    @property
    def node_line(self) -> Ids:
        """The line of each node, (n_nodes,)."""
        number = np.arange(len(self.electrode), dtype=np.int32)
        return np.append(np.repeat(number, self.n_sites), number[: len(self.contacts)])


def whole_shape(arguments: Mapping[str, Any]) -> Shape3:
    """Return layers, rows and columns of a crossbar with its dummy lines."""
    beside = 2 * arguments["dummy_lines"]
    return arguments["layers"], arguments["rows"] + beside, arguments["columns"] + beside


def all_lines(arguments: Mapping[str, Any]) -> tuple[Lines, Lines]:
    """Return the word lines and the bit lines, whose nodes come after theirs, of checked arguments of `crossbar`."""
    whole, stacking = whole_shape(arguments), arguments["stacking"]
    line, contact = (by_kind(arguments[name]) for name in ("line_resistance", "contact_resistance"))
    words = word_lines(whole, stacking, bool(line[0]), bool(contact[0]))
    return words, bit_lines(whole, stacking, bool(line[1]), bool(contact[1]), words.n_nodes)


def by_kind(resistance: float | list[float] | None) -> tuple[float, float]:
    """Return the resistance of word lines and of bit lines, 0 where they are ideal."""
    if isinstance(resistance, list):
        return resistance[0], resistance[1]
    return resistance or 0.0, resistance or 0.0


def line_counts(whole: Shape3, stacking: str) -> tuple[int, int]:
    """Return how many word lines and bit lines there are."""
    layers, rows, columns = whole
    if stacking == "vertical":
        return rows * columns, layers
    planes = (layers // 2 + 1, (layers + 1) // 2) if stacking == "shared" else (layers, layers)
    return planes[0] * rows, planes[1] * columns


def word_lines(whole: Shape3, stacking: str, resistive: bool, contacted: bool) -> Lines:
    """Return word lines along rows, contacted at column 0, or pillars, contacted at layer 0."""
    n_sites = whole[0 if stacking == "vertical" else 2] if resistive else 1
    n_lines, _ = line_counts(whole, stacking)
    node = np.arange(n_lines * n_sites, dtype=np.int32).reshape(n_lines, n_sites)
    return _straight(node, at_words(node, whole, stacking), whole, 0, contacted)


def bit_lines(whole: Shape3, stacking: str, resistive: bool, contacted: bool, first: int) -> Lines:
    """Return bit lines along columns, contacted at the last row, or planes, contacted along column 0.

    Their nodes are numbered from `first` on.
    """
    if stacking == "vertical" and resistive:
        return _planes(whole, contacted, first)
    n_sites = whole[1] if resistive else 1
    _, n_lines = line_counts(whole, stacking)
    node = np.arange(first, first + n_lines * n_sites, dtype=np.int32).reshape(n_lines, n_sites)
    return _straight(node, at_bits(node, whole, stacking), whole, -1, contacted)


def at_words(values: Ids, whole: Shape3, stacking: str) -> Ids:
    """Return values of word lines, or of the places along them, (n_lines, n_sites), at cells, to be spread over all."""
    layers, rows, columns = whole
    if stacking == "vertical":
        pillars: Ids = values.reshape(rows, columns, -1).transpose(2, 0, 1)
        return pillars
    planes: Ids = values.reshape(-1, rows, values.shape[1])
    return planes if layers == 1 or stacking == "isolated" else planes[[(k + 1) // 2 for k in range(layers)]]


def at_bits(values: Ids, whole: Shape3, stacking: str) -> Ids:
    """Return values of bit lines at cells, as `at_words` does; planes are one line each."""
    layers, _, columns = whole
    if stacking == "vertical":
        return values.reshape(layers, 1, 1)
    planes: Ids = values.reshape(-1, columns, values.shape[1]).transpose(0, 2, 1)
    return planes if layers == 1 or stacking == "isolated" else planes[[k // 2 for k in range(layers)]]


def _straight(node: Ids, site: Ids, whole: Shape3, end: int, contacted: bool) -> Lines:
    """Return lines with nodes in a row, one alone where they are ideal, and the electrode at one of the ends."""
    pieces = pairs(node[:, :-1], node[:, 1:]) if node.shape[1] > 1 else NO_PAIRS
    return _ended(node, site if site.shape == whole else np.broadcast_to(site, whole), node[:, end], pieces, contacted)


def _planes(whole: Shape3, contacted: bool, first: int) -> Lines:
    """Return planes with a node at each pillar; those of column 0 are one, along which the contact lies."""
    layers, rows, columns = whole
    node = np.arange(first, first + layers * (1 + rows * (columns - 1)), dtype=np.int32).reshape(layers, -1)
    touched = np.broadcast_to(node[:, :1, None], (layers, rows, 1))
    site = np.concatenate([touched, node[:, 1:].reshape(layers, rows, columns - 1)], axis=2)
    pieces = np.concatenate([pairs(site[:, :, :-1], site[:, :, 1:]), pairs(site[:, :-1, 1:], site[:, 1:, 1:])])
    return _ended(node, site, node[:, 0], pieces, contacted)


def _ended(node: Ids, site: Ids, touched: Ids, pieces: Ids, contacted: bool) -> Lines:
    """Return lines with electrodes at nodes of theirs, or behind contacts, whose nodes come next."""
    if not contacted:
        return Lines(site, touched, node.shape[1], pieces, NO_PAIRS)
    first = int(node[-1, -1]) + 1
    electrode = np.arange(first, first + len(node), dtype=np.int32)
    return Lines(site, electrode, node.shape[1], pieces, pairs(electrode, touched))


def pairs(first: Ids, second: Ids) -> Ids:
    both = np.empty((*first.shape, 2), dtype=np.int32)
    both[..., 0] = first
    both[..., 1] = second
    return both.reshape(-1, 2)


def inner_first(whole: Shape3, dummy: int) -> NDArray[np.intp] | slice:
    """Return the places of cells in an array with dummy lines around, those of the array itself first."""
    if not dummy:
        return ALL
    _, rows, columns = whole
    inner = np.zeros(whole, dtype=bool)
    inner[:, dummy : rows - dummy, dummy : columns - dummy] = True
    return np.concatenate([np.flatnonzero(inner), np.flatnonzero(~inner)])


def gate_line(shape: Shape3, kind: str) -> Ids:
    """Return the gate line of each cell, (layers, rows, columns)."""
    layers, rows, columns = shape
    axes = (rows, 1) if kind == "rows" else (1, columns)
    return np.broadcast_to(np.arange(layers * max(axes), dtype=np.int32).reshape(layers, *axes), shape)


def gate_names(shape: Shape3, kind: str | None) -> list[str]:
    """Return the names of gate lines along rows or columns of each layer, none where there is no `kind`."""
    if kind is None:
        return []
    levels = [f"{k}_" if shape[0] > 1 else "" for k in range(shape[0])]
    return [f"g{level}{k}" for level in levels for k in range(shape[1] if kind == "rows" else shape[2])]


def line_names(whole: Shape3, stacking: str, dummy: int) -> tuple[list[str], tuple[str, ...]]:
    """Return the names of all lines, word lines first, and those of dummy lines alone."""
    layers, rows, columns = whole
    if not dummy and stacking != "vertical" and layers == 1:
        return [f"w{k}" for k in range(rows)] + [f"b{k}" for k in range(columns)], ()
    beside = {n: [k < dummy or k >= n - dummy for k in range(n)] for n in (rows, columns)}
    if stacking == "vertical":
        pillars = [(r, c) for r in range(rows) for c in range(columns)]
        outer = [beside[rows][r] or beside[columns][c] for r, c in pillars]
        own = [f"w{r - dummy}_{c - dummy}" for r, c in pillars]
        through = _numbered("dw", own, outer)
        return through + [f"b{k}" for k in range(layers)], tuple(itertools.compress(through, outer))
    both = (layers // 2 + 1, (layers + 1) // 2) if stacking == "shared" else (layers, layers)
    names: list[str] = []
    dummies: list[str] = []
    for letter, planes, count in (("w", both[0], rows), ("b", both[1], columns)):
        for plane in range(planes):
            level = f"{plane}_" if layers > 1 else ""
            own = [f"{letter}{level}{k - dummy}" for k in range(count)]
            here = _numbered(f"d{letter}{level}", own, beside[count])
            names += here
            dummies += itertools.compress(here, beside[count])
    return names, tuple(dummies)


def _numbered(prefix: str, names: list[str], dummy: list[bool]) -> list[str]:
    """Return names of lines in which those of dummy lines are a prefix and a number of their own."""
    number = itertools.count()
    return [f"{prefix}{next(number)}" if outer else name for name, outer in zip(names, dummy, strict=True)]
