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

    line: Ids  # the line of each cell, spread over (layers, rows, columns) by broadcasting
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


def word_lines(whole: Shape3, stacking: str, resistive: bool, contacted: bool) -> Lines:
    """Return word lines along rows, contacted at column 0, or pillars, contacted at layer 0."""
    line, along, n_lines, n_sites = word_numbers(whole, stacking)
    return _straight(whole, line, along, n_lines, n_sites if resistive else 1, 0, 0, contacted)


def bit_lines(whole: Shape3, stacking: str, resistive: bool, contacted: bool, first: int) -> Lines:
    """Return bit lines along columns, contacted at the last row, or planes, contacted along column 0.

    Their nodes are numbered from `first` on.
    """
    if stacking == "vertical" and resistive:
        return _planes(whole, contacted, first)
    line, along, n_lines, n_sites = bit_numbers(whole, stacking)
    return _straight(whole, line, along, n_lines, n_sites if resistive else 1, -1, first, contacted)


def word_numbers(whole: Shape3, stacking: str) -> tuple[Ids, Ids, int, int]:
    """Return the word line of each cell and its place along it, to be spread by broadcasting, and how many there are."""
    layers, rows, columns = whole
    layer, row, column = _indices(whole)
    if stacking == "vertical":
        return row * columns + column, layer, rows * columns, layers
    plane, planes = ((layer + 1) // 2, layers // 2 + 1) if stacking == "shared" else (layer, layers)
    return plane * rows + row, column, planes * rows, columns


def bit_numbers(whole: Shape3, stacking: str) -> tuple[Ids, Ids, int, int]:
    """Return the bit line of each cell and its place along it, as `word_numbers` does; planes are one line each."""
    layers, rows, columns = whole
    layer, row, column = _indices(whole)
    if stacking == "vertical":
        return layer, row, layers, 1
    plane, planes = (layer // 2, (layers + 1) // 2) if stacking == "shared" else (layer, layers)
    return plane * columns + column, row, planes * columns, rows


def _indices(whole: Shape3) -> tuple[Ids, Ids, Ids]:
    """Return the layer, the row and the column of each cell, to be spread by broadcasting."""
    layer, row, column = (np.arange(n, dtype=np.int32) for n in whole)
    return layer[:, None, None], row[:, None], column


def _straight(
    whole: Shape3, line: Ids, along: Ids, n_lines: int, n_sites: int, end: int, first: int, contacted: bool
) -> Lines:
    """Return lines with nodes in a row, one alone where they are ideal, and the electrode at one of the ends."""
    stop = first + n_lines * n_sites
    node = np.arange(first, stop, dtype=np.int32).reshape(n_lines, n_sites)
    start = node[:, 0][line]
    site = start + along if n_sites > 1 else np.broadcast_to(start, whole)
    pieces = pairs(node[:, :-1], node[:, 1:]) if n_sites > 1 else NO_PAIRS
    return _ended(Lines(line, site, node[:, end], n_sites, pieces, NO_PAIRS), stop, contacted)


def _planes(whole: Shape3, contacted: bool, first: int) -> Lines:
    """Return planes with a node at each pillar; those of column 0 are one, along which the contact lies."""
    layers, rows, columns = whole
    n_sites = 1 + rows * (columns - 1)
    layer, row, column = _indices(whole)
    node = layer * n_sites + np.where(column == 0, 0, row * (columns - 1) + column).astype(np.int32) + np.int32(first)
    pieces = np.concatenate([pairs(node[:, :, :-1], node[:, :, 1:]), pairs(node[:, :-1, 1:], node[:, 1:, 1:])])
    return _ended(Lines(layer, node, node[:, 0, 0], n_sites, pieces, NO_PAIRS), first + layers * n_sites, contacted)


def _ended(lines: Lines, stop: int, contacted: bool) -> Lines:
    """Return lines with electrodes behind contacts, whose nodes are the next from `stop` on, where there are contacts."""
    if not contacted:
        return lines
    electrode = np.arange(stop, stop + len(lines.electrode), dtype=np.int32)
    return lines._replace(electrode=electrode, contacts=pairs(electrode, lines.electrode))


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
    """Return the gate line of each cell, to be spread by broadcasting."""
    layer, row, column = _indices(shape)
    return np.asarray(layer * shape[1] + row if kind == "rows" else layer * shape[2] + column)


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
