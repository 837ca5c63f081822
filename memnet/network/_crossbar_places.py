"""Where cells, lines and nodes of a crossbar are on a map."""

from __future__ import annotations

import numpy as np

from memnet.base.arrays import Floats, Ids
from memnet.network._crossbar_layout import SHIFT
from memnet.network._crossbar_lines import Gates, Lines, Shape3

# How far beside the lines of its cells a gate line is drawn, in cells.
GATE_ASIDE = 0.2
# How far lines reach beyond the outermost cells on a map, at their contacts and at the other end, in cells.
REACH, BEYOND = 0.6, 0.3


def places(whole: Shape3, stacking: str, words: Lines, bits: Lines) -> tuple[Floats, Floats, Floats]:
    """Return where on a map cells are, where lines begin (at their contacts) and end, and where nodes are."""
    layer, row, column = (one.ravel() for one in np.indices(whole))
    lift = np.multiply.outer(layer.astype(float), SHIFT)
    place = lift + _beside(column, whole[1] - 1 - row)
    ends, nodes = [], []
    for lines, kind in ((words, "pillar" if stacking == "vertical" else "word"), (bits, "bit")):
        line, n_lines = lines.line.ravel(), len(lines.electrode)
        (low, high), middle = _range(line, n_lines, place), _mean(line, n_lines, place)
        if kind == "pillar":
            start, stop = low - np.multiply(REACH, SHIFT), high + np.multiply(BEYOND, SHIFT)
        elif kind == "word":
            start, stop = _beside(low[:, 0] - REACH, middle[:, 1]), _beside(high[:, 0] + BEYOND, middle[:, 1])
        elif stacking == "vertical":
            start, stop = _beside(low[:, 0] - REACH, low[:, 1]), _beside(low[:, 0] - REACH, high[:, 1])
        else:
            start, stop = _beside(middle[:, 0], low[:, 1] - REACH), _beside(middle[:, 0], high[:, 1] + BEYOND)
        node = _mean(lines.site.ravel(), len(lines.node_line), place)
        node[lines.electrode] = start
        ends.append(np.stack([start, stop], axis=1))
        nodes.append(node)
    return place, np.concatenate(ends), np.concatenate(nodes)


def gate_ends(kind: str | None, gates: Gates, place: Floats) -> Floats:
    """Return where gate lines begin and end on a map: beside the lines of their cells."""
    if kind is None:
        return np.empty((0, 2, 2))
    line, n_lines = gates.line.ravel(), len(gates.names)
    (low, high), middle = _range(line, n_lines, place), _mean(line, n_lines, place)
    if kind == "rows":
        y = middle[:, 1] - GATE_ASIDE
        return np.stack([_beside(low[:, 0] - REACH, y), _beside(high[:, 0] + BEYOND, y)], axis=1)
    x = middle[:, 0] + GATE_ASIDE
    return np.stack([_beside(x, low[:, 1] - REACH), _beside(x, high[:, 1] + BEYOND)], axis=1)


def warm_ends(place: Floats) -> Floats:
    """Return where nodes of heat are on a map, as lines without length: beside their cells, the sink in a corner."""
    if not len(place):
        return np.empty((0, 2, 2))
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
