"""Word lines and bit lines of a crossbar: nodes, pieces between them, contacts and names."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from memnet.base.arrays import Ids

Shape3: TypeAlias = tuple[int, int, int]


@dataclass(frozen=True)
class Lines:
    """Word lines, or bit lines: what they consist of, before nodes are numbered among those of the other kind."""

    line: Ids  # the line of each cell, (layers, rows, columns)
    site: Ids  # the node of each cell, (layers, rows, columns)
    electrode: Ids  # the node of each line that is its electrode, (n_lines,)
    node_line: Ids  # the line of each node, (n_nodes,)
    pieces: Ids  # the nodes of each segment, (n_segments, 2)
    contacts: Ids  # the nodes of each contact, (n_contacts, 2)


@dataclass(frozen=True)
class Gates:
    """Gate lines, which carry nothing: a probe runs from each to each node that is a source beside it."""

    names: tuple[str, ...]
    line: Ids  # the gate line of each cell, (layers, rows, columns)
    probe: Ids  # the probe of each cell, (layers, rows, columns)
    pairs: Ids  # the gate line and the node of each probe, (n_probes, 2)


def word_lines(whole: Shape3, stacking: str, resistive: bool) -> Lines:
    """Return word lines along rows, contacted at column 0, or pillars, contacted at layer 0."""
    layer, row, column = np.indices(whole, dtype=np.int32)
    layers, rows, columns = whole
    if stacking == "vertical":
        return _straight(row * columns + column, layer, rows * columns, layers if resistive else 1, 0)
    plane, planes = ((layer + 1) // 2, layers // 2 + 1) if stacking == "shared" else (layer, layers)
    return _straight(plane * rows + row, column, planes * rows, columns if resistive else 1, 0)


def bit_lines(whole: Shape3, stacking: str, resistive: bool) -> Lines:
    """Return bit lines along columns, contacted at the last row, or planes, contacted along column 0."""
    layer, row, column = np.indices(whole, dtype=np.int32)
    layers, rows, columns = whole
    if stacking == "vertical":
        return _planes(whole) if resistive else _straight(layer, row, layers, 1, 0)
    plane, planes = (layer // 2, (layers + 1) // 2) if stacking == "shared" else (layer, layers)
    return _straight(plane * columns + column, row, planes * columns, rows if resistive else 1, -1)


def _straight(line: Ids, along: Ids, n_lines: int, n_sites: int, end: int) -> Lines:
    """Return lines with nodes in a row, one alone where they are ideal, and the electrode at one of the ends."""
    node = np.arange(n_lines * n_sites, dtype=np.int32).reshape(n_lines, n_sites)
    return Lines(
        line=line,
        site=node[line, along if n_sites > 1 else 0],
        electrode=node[:, end],
        node_line=np.repeat(np.arange(n_lines, dtype=np.int32), n_sites),
        pieces=pairs(node[:, :-1], node[:, 1:]),
        contacts=np.empty((0, 2), dtype=np.int32),
    )


def _planes(whole: Shape3) -> Lines:
    """Return planes with a node at each pillar; those of column 0 are one, along which the contact lies."""
    layers, rows, columns = whole
    n_sites = 1 + rows * (columns - 1)
    layer, row, column = np.indices(whole, dtype=np.int32)
    node = layer * n_sites + np.where(column == 0, 0, row * (columns - 1) + column).astype(np.int32)
    return Lines(
        line=layer,
        site=node,
        electrode=node[:, 0, 0],
        node_line=np.repeat(np.arange(layers, dtype=np.int32), n_sites),
        pieces=np.concatenate([pairs(node[:, :, :-1], node[:, :, 1:]), pairs(node[:, :-1, 1:], node[:, 1:, 1:])]),
        contacts=np.empty((0, 2), dtype=np.int32),
    )


def pairs(first: Ids, second: Ids) -> Ids:
    both = np.empty((first.size, 2), dtype=np.int32)
    both[:, 0] = first.ravel()
    both[:, 1] = second.ravel()
    return both


def contacted(lines: Lines, resistive: bool) -> Lines:
    """Return lines with electrodes behind contacts, where these have a resistance."""
    if not resistive:
        return lines
    n_lines, n_nodes = len(lines.electrode), len(lines.node_line)
    electrode = np.arange(n_nodes, n_nodes + n_lines, dtype=np.int32)
    node_line = np.append(lines.node_line, np.arange(n_lines, dtype=np.int32))
    return replace(lines, electrode=electrode, node_line=node_line, contacts=pairs(electrode, lines.electrode))


def inner_first(whole: Shape3, dummy: int) -> NDArray[np.intp]:
    """Return the places of cells in an array with dummy lines around, those of the array itself first."""
    _, rows, columns = whole
    inner = np.zeros(whole, dtype=bool)
    inner[:, dummy : rows - dummy, dummy : columns - dummy] = True
    return np.concatenate([np.flatnonzero(inner), np.flatnonzero(~inner)])


def line_names(whole: Shape3, stacking: str, dummy: int) -> tuple[list[str], tuple[str, ...]]:
    """Return the names of all lines, word lines first, and those of dummy lines alone."""
    layers, rows, columns = whole
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
