"""Where cells, lines and nodes of a crossbar are on a map."""

from __future__ import annotations

import numpy as np

from memnet.base.arrays import Floats, Ids
from memnet.network._crossbar_lines import Lines, Shape3, at_bits, at_words, gate_line

# How far each layer stands from the one below it on a map, in cells.
SHIFT = (0.35, 0.35)
# How far beside the lines of its cells a gate line is drawn, in cells.
GATE_ASIDE = 0.2
# How far lines reach beyond the outermost cells on a map, at their contacts and at the other end, in cells.
REACH, BEYOND = 0.6, 0.3


def cell_places(whole: Shape3) -> Floats:
    """Return where cells are on a map."""
    layer, row, column = (one.ravel() for one in np.indices(whole))
    lift = np.multiply.outer(layer.astype(float), SHIFT)
    return np.asarray(lift + _beside(column, whole[1] - 1 - row))


def line_ends(stacking: str, words: Lines, bits: Lines, place: Floats) -> Floats:
    """Return where lines begin, at their contacts, and end on a map, given where cells are."""
    kinds = ("pillar", "plane") if stacking == "vertical" else ("word", "bit")
    ends = []
    for lines, kind, at in zip((words, bits), kinds, (at_words, at_bits), strict=True):
        number = np.arange(len(lines.electrode), dtype=np.int32)[:, None]
        of_cell = np.broadcast_to(at(number, lines.site.shape, stacking), lines.site.shape).ravel()
        ends.append(_ends(of_cell, len(number), kind, place))
    return np.concatenate(ends)


def node_places(whole: Shape3, stacking: str, words: Lines, bits: Lines) -> Floats:
    """Return where the nodes of lines are on a map."""
    if whole[0] == 1 and stacking != "vertical":
        return _node_places_of_one_layer(whole, words, bits)
    place, first, both = cell_places(whole), 0, []
    start = line_ends(stacking, words, bits, place)[:, 0]
    for lines, own in ((words, start[: len(words.electrode)]), (bits, start[len(words.electrode) :])):
        node = _mean(lines.site.ravel() - first, lines.n_nodes, place)
        node[lines.electrode - first] = own
        both.append(node)
        first += lines.n_nodes
    return np.concatenate(both)


def _node_places_of_one_layer(whole: Shape3, words: Lines, bits: Lines) -> Floats:
    """Return where nodes are on a map where each is at one cell, at a contact, or in the middle of its line."""
    _, rows, columns = whole
    x, y = np.arange(columns, dtype=float), np.arange(rows - 1, -1, -1, dtype=float)
    node = np.empty((words.n_nodes + bits.n_nodes, 2))
    for lines, first, of_line, along, axis in ((words, 0, y, x, 0), (bits, words.n_nodes, x, y, 1)):
        sites = node[first : first + len(of_line) * lines.n_sites].reshape(len(of_line), lines.n_sites, 2)
        sites[..., axis] = along if lines.n_sites > 1 else along.mean()
        sites[..., 1 - axis] = of_line[:, None]
        node[lines.electrode, axis] = -REACH
        node[lines.electrode, 1 - axis] = of_line
    return node


def _ends(line: Ids, n_lines: int, kind: str, place: Floats) -> Floats:
    """Return where word lines, bit lines, pillars or planes begin and end, given the line of each cell."""
    (low, high), middle = _range(line, n_lines, place), _mean(line, n_lines, place)
    if kind == "pillar":
        start, stop = low - np.multiply(REACH, SHIFT), high + np.multiply(BEYOND, SHIFT)
    elif kind == "word":
        start, stop = _beside(low[:, 0] - REACH, middle[:, 1]), _beside(high[:, 0] + BEYOND, middle[:, 1])
    elif kind == "plane":
        start, stop = _beside(low[:, 0] - REACH, low[:, 1]), _beside(low[:, 0] - REACH, high[:, 1])
    else:
        start, stop = _beside(middle[:, 0], low[:, 1] - REACH), _beside(middle[:, 0], high[:, 1] + BEYOND)
    return np.stack([start, stop], axis=1)


def gate_ends(kind: str, shape: Shape3, place: Floats) -> Floats:
    """Return where gate lines begin and end on a map: beside the lines of their cells."""
    line = gate_line(shape, kind).ravel()
    n_lines = shape[0] * (shape[1] if kind == "rows" else shape[2])
    (low, high), middle = _range(line, n_lines, place), _mean(line, n_lines, place)
    if kind == "rows":
        y = middle[:, 1] - GATE_ASIDE
        return np.stack([_beside(low[:, 0] - REACH, y), _beside(high[:, 0] + BEYOND, y)], axis=1)
    x = middle[:, 0] + GATE_ASIDE
    return np.stack([_beside(x, low[:, 1] - REACH), _beside(x, high[:, 1] + BEYOND)], axis=1)


def warm_ends(place: Floats) -> Floats:
    """Return where nodes of heat are on a map, as lines without length: beside their cells, the sink in a corner."""
    sink = place.max(axis=0) + 2.0 * BEYOND
    at = np.concatenate([place + GATE_ASIDE, [sink]])
    return np.stack([at, at], axis=1)


def _beside(x: Floats, y: Floats) -> Floats:
    both = np.empty((len(x), 2))
    both[:, 0] = x
    both[:, 1] = y
    return both


def _range(of: Ids, count: int, place: Floats) -> tuple[Floats, Floats]:
    """Return the least and the largest coordinates of places, of which each of `count` things has some."""
    order = np.argsort(of, kind="stable")
    first, own = np.searchsorted(of[order], np.arange(count)), place[order]
    return np.minimum.reduceat(own, first), np.maximum.reduceat(own, first)


def _mean(of: Ids, count: int, place: Floats) -> Floats:
    """Return the mean coordinates of places that belong to each of `count` things, 0 where there are none."""
    many = np.maximum(np.bincount(of, minlength=count), 1)
    x, y = (np.bincount(of, weights=place[:, k], minlength=count) / many for k in (0, 1))
    return _beside(x, y)
