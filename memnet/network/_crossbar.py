"""Crossbars: lines that cross, with a cell at each crossing, in one or more layers."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from memnet.base import check, memory
from memnet.base.arrays import Floats, Ids
from memnet.network import _electrodes
from memnet.network._crossbar_layout import SHIFT, Crossbar
from memnet.network._generators import generator
from memnet.network._network import Network, build

STACKINGS = ("shared", "isolated", "vertical")
# Edges that 32-bit numbers can name, and lines, each of which is an electrode with a name.
MOST_EDGES = 2**31 - 1
MOST_LINES = 100_000
# Ohm; the conductance of a smaller one is no number.
LEAST_RESISTANCE = 1e-300
# Bytes that an edge takes while a network is made.
EDGE_BYTES = 150
# How far lines reach beyond the outermost cells on a map, at their contacts and at the other end, in cells.
REACH, BEYOND = 0.6, 0.3

Shape3: TypeAlias = tuple[int, int, int]
Cell: TypeAlias = tuple[int, int, int]  # layer, row, column


@dataclass(frozen=True)
class Lines:
    """Word lines, or bit lines: what they consist of, before nodes are numbered among those of the other kind."""

    line: Ids  # the line of each cell, (layers, rows, columns)
    site: Ids  # the node of each cell, (layers, rows, columns)
    electrode: Ids  # the node of each line that is its electrode, (n_lines,)
    node_line: Ids  # the line of each node, (n_nodes,)
    pieces: Ids  # the nodes of each segment, (n_segments, 2)
    contacts: Ids  # the nodes of each contact, (n_contacts, 2)


@generator(
    _electrodes.NUMBERED_NODES,
    rows=2,
    columns=3,
    layers=2,
    stacking="shared",
    line_resistance=1.0,
    contact_resistance=[5.0, 10.0],
    dummy_lines=1,
)
@check.known_keywords
def crossbar(
    rows: int,
    columns: int,
    *,
    layers: int = 1,
    stacking: str = "shared",
    line_resistance: float | Sequence[float] | None = None,
    contact_resistance: float | Sequence[float] | None = None,
    dummy_lines: int = 0,
) -> Network:
    """Return a crossbar: word lines and bit lines that cross, with a cell for a device at each crossing.

    Rows are word lines, which are electrodes "w0", "w1", ...; columns are bit lines, "b0", "b1", ... Row 0 is drawn at
    the top. A word line has its contact at the left end, at column 0, a bit line at the lower end, at the last row.

    Parameters
    ----------
    rows, columns : int
        Number of word lines and of bit lines that a layer has, or of rows and columns of pillars.
    layers : int
        Number of layers of cells.
    stacking : {"shared", "isolated", "vertical"}
        How more than one layer is stacked. "shared": neighbouring layers share the lines between them, which are word
        lines "w0_3" (plane of word lines, row) and bit lines "b0_3" in turn from below. "isolated": each layer has
        lines of its own, "w1_3" (layer, row) and "b1_3". "vertical": pillars "w2_3" (row, column), with their contacts
        at layer 0, go through planes "b0", "b1", ..., a plane a layer, with their contacts along column 0.
    line_resistance : float or (float, float), optional
        Resistance of a line from one cell to the next (ohm), or that of word lines and of bit lines. None or 0: lines
        are ideal, and each is one node. Of a plane it is the resistance of a square.
    contact_resistance : float or (float, float), optional
        Resistance between an electrode and the cell nearest to it on its line (ohm), in the same way.
    dummy_lines : int
        Number of lines beside the array at each of its sides, with cells like others where they cross, that make the
        outer lines alike inner ones. They are electrodes "dw0", "db0", ... (of several layers "dw1_0", of pillars
        "dw0", ... along rows), which float unless driven.

    Returns
    -------
    Network
        `Network.cell` has the edge of each cell, (layers, rows, columns), from word line to bit line; they come first,
        in the order of the array. Then come dummy cells, segments and contacts. Positions are in cells.

    Raises
    ------
    ValueError
        An argument outside its range; more than 2^31 - 1 edges, or more than 100,000 lines.
    TypeError
        An argument of the wrong type, or an unknown keyword.
    MemoryError
        A network that is larger than half of the machine's memory.

    See Also
    --------
    cell_devices : Devices for `Simulation`, resistors on lines included.
    cell_conductances : Conductances for `solve`.

    Notes
    -----
    Stacks with shared middle electrodes, isolated layers and pillars through planes are those of figures 12 and 13 of
    "Electrochemical neurons and synapses" (EC23); its figure 11 has dummy lines.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.crossbar(2, 3)
    >>> net.cell.tolist(), list(net.electrodes)
    ([[[0, 1, 2], [3, 4, 5]]], ['w0', 'w1', 'b0', 'b1', 'b2'])
    >>> list(mn.crossbar(1, 2, layers=2).electrodes)
    ['w0_0', 'w1_0', 'b0_0', 'b0_1']
    >>> mn.crossbar(64, 64, line_resistance=1.0, contact_resistance=10.0).info["n_segments"]
    8064
    """
    size = tuple(
        check.integer(name, value, 1, MOST_EDGES)
        for name, value in (("layers", layers), ("rows", rows), ("columns", columns))
    )
    check.one_of("stacking", stacking, STACKINGS)
    word_line, bit_line = _resistances("line_resistance", line_resistance)
    word_contact, bit_contact = _resistances("contact_resistance", contact_resistance)
    dummy_lines = check.integer("dummy_lines", dummy_lines, 0, MOST_LINES)
    arguments = {
        "rows": size[1],
        "columns": size[2],
        "layers": size[0],
        "stacking": stacking,
        "line_resistance": _plain(word_line, bit_line),
        "contact_resistance": _plain(word_contact, bit_contact),
        "dummy_lines": dummy_lines,
    }
    whole: Shape3 = (size[0], size[1] + 2 * dummy_lines, size[2] + 2 * dummy_lines)
    _refuse_size(whole, stacking)
    words = _contacted(_words(whole, stacking, bool(word_line)), bool(word_contact))
    bits = _contacted(_bits(whole, stacking, bool(bit_line)), bool(bit_contact))
    return _network(arguments, whole, words, bits, (word_line, bit_line), (word_contact, bit_contact))


def _resistances(name: str, value: Any) -> tuple[float, float]:
    """Return the resistance of word lines and of bit lines, 0 where they are ideal."""
    if value is None:
        return 0.0, 0.0
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, Sequence) and not isinstance(value, str):
        if len(value) != 2:
            raise ValueError(
                f"{name} must be a number or (that of word lines, that of bit lines), got {check.shown(value)}"
            )
        return _resistance(f"{name}[0]", value[0]), _resistance(f"{name}[1]", value[1])
    one = _resistance(name, value)
    return one, one


def _resistance(name: str, value: Any) -> float:
    ohms = check.real(name, value, 0.0, math.inf, "[)", "ohm")
    if 0.0 < ohms < LEAST_RESISTANCE:
        raise ValueError(f"{name} must be 0 or so large that its inverse is finite, got {ohms:g}")
    return ohms


def _plain(word: float, bit: float) -> float | list[float] | None:
    if word == bit:
        return word or None
    return [word, bit]


def _refuse_size(whole: Shape3, stacking: str) -> None:
    """Raise ValueError or MemoryError for arrays with more cells or lines than there can be."""
    layers, rows, columns = whole
    of = f"{layers:,} x {rows:,} x {columns:,} cells, dummy cells among them"
    lines = {
        "shared": (layers // 2 + 1) * rows + (layers + 1) // 2 * columns,
        "isolated": layers * (rows + columns),
        "vertical": rows * columns + layers,
    }[stacking]
    cells = math.prod(whole)
    # A cell brings at most two segments, of planes three.
    if cells > MOST_EDGES // (4 if stacking == "vertical" else 3):
        raise ValueError(f"layers, rows and columns must make at most {MOST_EDGES:,} edges with lines, got {of}")
    if lines > MOST_LINES:
        raise ValueError(f"layers, rows and columns must make at most {MOST_LINES:,} lines, got {lines:,} for {of}")
    if cells * EDGE_BYTES > memory.usable():
        raise MemoryError(
            f"layers, rows and columns must leave half of the machine's memory free, got {of}, of"
            f" {cells * EDGE_BYTES / 1e9:.3g} GB"
        )


def _words(whole: Shape3, stacking: str, resistive: bool) -> Lines:
    """Return word lines along rows, contacted at column 0, or pillars, contacted at layer 0."""
    layer, row, column = np.indices(whole, dtype=np.int32)
    layers, rows, columns = whole
    if stacking == "vertical":
        return _straight(row * columns + column, layer, rows * columns, layers if resistive else 1, 0)
    plane, planes = ((layer + 1) // 2, layers // 2 + 1) if stacking == "shared" else (layer, layers)
    return _straight(plane * rows + row, column, planes * rows, columns if resistive else 1, 0)


def _bits(whole: Shape3, stacking: str, resistive: bool) -> Lines:
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
        pieces=_pairs(node[:, :-1], node[:, 1:]),
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
        pieces=np.concatenate([_pairs(node[:, :, :-1], node[:, :, 1:]), _pairs(node[:, :-1, 1:], node[:, 1:, 1:])]),
        contacts=np.empty((0, 2), dtype=np.int32),
    )


def _pairs(first: Ids, second: Ids) -> Ids:
    return np.stack([first.ravel(), second.ravel()], axis=1)


def _contacted(lines: Lines, resistive: bool) -> Lines:
    """Return lines with electrodes behind contacts, where these have a resistance."""
    if not resistive:
        return lines
    n_lines, n_nodes = len(lines.electrode), len(lines.node_line)
    electrode = np.arange(n_nodes, n_nodes + n_lines, dtype=np.int32)
    node_line = np.append(lines.node_line, np.arange(n_lines, dtype=np.int32))
    return replace(lines, electrode=electrode, node_line=node_line, contacts=_pairs(electrode, lines.electrode))


def _network(
    arguments: dict[str, Any],
    whole: Shape3,
    words: Lines,
    bits: Lines,
    line: tuple[float, float],
    contact: tuple[float, float],
) -> Network:
    """Return the network of word lines and bit lines, with cells where they cross."""
    shape = (arguments["layers"], arguments["rows"], arguments["columns"])
    order = _inner_first(whole, arguments["dummy_lines"])
    inner = order[: math.prod(shape)]
    base, first_bit = np.int32(len(words.node_line)), len(words.electrode)  # numbers of the first of the bit lines
    site = _pairs(words.site, bits.site + base)[order]
    counts = [len(order), len(words.pieces) + len(bits.pieces), len(words.contacts) + len(bits.contacts)]
    cells, segments, contacts = np.split(np.arange(sum(counts), dtype=np.int32), np.cumsum(counts)[:-1])
    names, dummies = _names(whole, arguments["stacking"], arguments["dummy_lines"])
    name = np.array(names)
    electrode = np.append(words.electrode, bits.electrode + base)
    place, line_ends, position = _places(whole, arguments["stacking"], words, bits)
    layout = Crossbar(
        function="crossbar",
        arguments=arguments,
        told=tuple(arguments),
        cell=cells[: inner.size].reshape(shape),
        dummy_cells=cells[inner.size :],
        words=name[words.line.ravel()[inner]].reshape(shape),
        bits=name[first_bit + bits.line.ravel()[inner]].reshape(shape),
        dummies=dummies,
        word_node=site[: inner.size, 0].reshape(shape),
        bit_node=site[: inner.size, 1].reshape(shape),
        segments=segments,
        contacts=contacts,
        segment_resistance=np.repeat(line, (len(words.pieces), len(bits.pieces))),
        contact_resistance=np.repeat(contact, (len(words.contacts), len(bits.contacts))),
        line_ends=line_ends,
        node_line=np.append(words.node_line, bits.node_line + np.int32(first_bit)),
        cell_place=place[order],
    )
    return build(
        n_nodes=len(layout.node_line),
        edges=np.concatenate([site, words.pieces, bits.pieces + base, words.contacts, bits.contacts + base]),
        length=None,
        position=position,
        electrodes={one: electrode[k : k + 1] for k, one in enumerate(names)},
        layout=layout,
    )


def _inner_first(whole: Shape3, dummy: int) -> NDArray[np.intp]:
    """Return the places of cells in an array with dummy lines around, those of the array itself first."""
    _, rows, columns = whole
    inner = np.zeros(whole, dtype=bool)
    inner[:, dummy : rows - dummy, dummy : columns - dummy] = True
    return np.concatenate([np.flatnonzero(inner), np.flatnonzero(~inner)])


def _names(whole: Shape3, stacking: str, dummy: int) -> tuple[list[str], tuple[str, ...]]:
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


def _places(whole: Shape3, stacking: str, words: Lines, bits: Lines) -> tuple[Floats, Floats, Floats]:
    """Return where on a map cells are, where lines begin (at their contacts) and end, and where nodes are."""
    layer, row, column = (one.ravel() for one in np.indices(whole))
    lift = np.multiply.outer(layer.astype(float), SHIFT)
    place = lift + np.stack([column, whole[1] - 1 - row], axis=1)
    ends, nodes = [], []
    for lines, kind in ((words, "pillar" if stacking == "vertical" else "word"), (bits, "bit")):
        low, high, middle = _extent(lines.line.ravel(), len(lines.electrode), place)
        if kind == "pillar":
            start, stop = low - np.multiply(REACH, SHIFT), high + np.multiply(BEYOND, SHIFT)
        elif kind == "word":
            start, stop = _beside(low[:, 0] - REACH, middle[:, 1]), _beside(high[:, 0] + BEYOND, middle[:, 1])
        elif stacking == "vertical":
            start, stop = _beside(low[:, 0] - REACH, low[:, 1]), _beside(low[:, 0] - REACH, high[:, 1])
        else:
            start, stop = _beside(middle[:, 0], low[:, 1] - REACH), _beside(middle[:, 0], high[:, 1] + BEYOND)
        *_, node = _extent(lines.site.ravel(), len(lines.node_line), place)
        node[lines.electrode] = start
        ends.append(np.stack([start, stop], axis=1))
        nodes.append(node)
    return place, np.concatenate(ends), np.concatenate(nodes)


def _beside(x: Floats, y: Floats) -> Floats:
    return np.stack([x, y], axis=1)


def _extent(of: Ids, count: int, place: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the least, the largest and the mean coordinates of places that belong to each of `count` things."""
    low, high = np.full((count, 2), np.inf), np.full((count, 2), -np.inf)
    np.minimum.at(low, of, place)
    np.maximum.at(high, of, place)
    many = np.maximum(np.bincount(of, minlength=count), 1)
    sums = [np.bincount(of, weights=place[:, k], minlength=count) for k in (0, 1)]
    return low, high, np.stack(sums, axis=1) / many[:, None]


def crossbar_layout(net: Any) -> Crossbar:
    """Return the layout of a crossbar, or raise TypeError for anything else."""
    check.instance("net", net, Network, "a network that mn.crossbar made")
    if not isinstance(net.layout, Crossbar):
        raise TypeError(f"net must be a network that mn.crossbar made, got {check.shown(net)}")
    return net.layout


def checked_cell(layout: Crossbar, cell: Any, layer: Any = 0) -> Cell:
    """Return layer, row and column of a cell, or raise TypeError or ValueError."""
    if isinstance(cell, np.ndarray):
        cell = cell.tolist()
    if not isinstance(cell, Sequence) or isinstance(cell, (str, bytes)) or len(cell) not in (2, 3):
        raise TypeError(f"cell must be (row, column) or (layer, row, column), got {check.shown(cell)}")
    named = zip(("layer", "row of cell", "column of cell"), (layer, *cell)[-3:], layout.cell.shape, strict=True)
    first, row, column = (check.integer(name, value, 0, count - 1) for name, value, count in named)
    return first, row, column


@check.known_keywords
def cell_conductances(net: Network, conductance: ArrayLike, *, dummy: float = 0.0) -> Floats:
    """Return the conductances of all edges of a crossbar, for `solve`, given those of its cells.

    Parameters
    ----------
    net : Network
        A network that `crossbar` made.
    conductance : float or array_like, (rows, columns), (layers, rows, columns) or (r, layers, rows, columns)
        Conductance of each cell (S), >= 0; 0 is an open cell. Without an axis of layers it is that of the only one;
        with four axes it is that of r replicas, which `solve` takes in one call.
    dummy : float
        Conductance of each cell of dummy lines (S).

    Returns
    -------
    ndarray of float64, (n_edges,) or (r, n_edges)
        Segments and contacts have the conductances that `crossbar` was given resistances for.

    Raises
    ------
    TypeError, ValueError
        A network that is no crossbar, or one with attached circuits; an array of another shape; a conductance that is
        negative or not finite.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.crossbar(2, 2, line_resistance=1.0)
    >>> mn.cell_conductances(net, [[1e-4, 2e-4], [3e-4, 0.0]])
    array([1.e-04, 2.e-04, 3.e-04, 0.e+00, 1.e+00, 1.e+00, 1.e+00, 1.e+00])
    """
    layout = crossbar_layout(net)
    if net.attached:
        raise ValueError("net must have no attached circuits, whose conductances are not known; use devices")
    cells = check.numbers_within("conductance", conductance, 0.0, math.inf, "[)", "S")
    shape = layout.cell.shape
    allowed = cells.ndim in (0, 4) or cells.ndim == 3 or (cells.ndim == 2 and shape[0] == 1)
    if not allowed or (cells.ndim and cells.shape[-3:] != shape[-cells.ndim :]):
        one = f"{shape[1:]}, " if shape[0] == 1 else ""
        raise ValueError(f"conductance must have shape (), {one}{shape} or (r, {str(shape)[1:]}, got {cells.shape}")
    each = np.empty((*cells.shape[:-3], net.n_edges))
    each[..., layout.cell] = cells
    each[..., layout.dummy_cells] = check.real("dummy", dummy, 0.0, math.inf, "[)", "S")
    each[..., layout.segments] = 1.0 / layout.segment_resistance
    each[..., layout.contacts] = 1.0 / layout.contact_resistance
    return each
