"""Crossbars: lines that cross, with a cell at each crossing, in one or more layers."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from memnet.base import check, memory, read_only
from memnet.base.arrays import Floats, Ids
from memnet.network import _electrodes
from memnet.network._crossbar_layout import SINK, Crossbar
from memnet.network._crossbar_lines import (
    NO_PAIRS,
    Shape3,
    all_lines,
    gate_line,
    gate_names,
    inner_first,
    line_counts,
    pairs,
    whole_shape,
)
from memnet.network._crossbar_places import node_places
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
# Sequences that are no list of numbers, though bytes would pass for one.
TEXT = (str, bytes, bytearray, memoryview)
# Which cells a gate line opens together.
GATES = ("rows", "columns")

Cell: TypeAlias = tuple[int, int, int]  # layer, row, column


@generator(
    _electrodes.NUMBERED_NODES,
    rows=2,
    columns=3,
    layers=2,
    stacking="shared",
    line_resistance=1.0,
    contact_resistance=[5.0, 10.0],
    dummy_lines=1,
    gates="rows",
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
    gates: str | None = None,
    thermal_conductance: float | None = None,
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
    gates : {"rows", "columns"}, optional
        Add gate lines for cells with a transistor (1T1R): one a row or one a column of each layer, electrodes "g0",
        "g1", ... (of several layers "g1_0"), with a probe, an edge that carries nothing, from the gate line to the bit
        line at each cell. A transistor that is the last part of a cell reads it: its source is the bit line. Not of
        pillars.
    thermal_conductance : float, optional
        Add a second circuit in which heat flows, with potentials in K above the surroundings and currents in W: a node
        for each cell, an edge for a device from it to the surroundings, electrode "sink", and conductances between
        the nodes of neighbouring cells (W/K), along rows, columns and layers. Default: cells do not warm each other.

    Returns
    -------
    Network
        `Network.cell` has the edge of each cell, (layers, rows, columns), from word line to bit line; they come first,
        in the order of the array. Then come dummy cells, segments, contacts, probes, and edges of heat: one a cell, and
        those between cells. Positions are in cells.

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
    >>> list(mn.crossbar(2, 1, gates="rows").electrodes)
    ['w0', 'w1', 'b0', 'g0', 'g1']
    >>> mn.crossbar(64, 64, line_resistance=1.0, contact_resistance=10.0).info["n_segments"]
    8064
    """
    layers, rows, columns = (
        check.integer(name, value, 1, MOST_EDGES)
        for name, value in (("layers", layers), ("rows", rows), ("columns", columns))
    )
    check.one_of("stacking", stacking, STACKINGS)
    word_line, bit_line = _resistances("line_resistance", line_resistance)
    word_contact, bit_contact = _resistances("contact_resistance", contact_resistance)
    dummy_lines = check.integer("dummy_lines", dummy_lines, 0, MOST_LINES)
    if gates is not None and thermal_conductance is not None:
        raise ValueError("gates and thermal_conductance must not both be given: a cell reads one other edge")
    if gates is not None:
        check.one_of("gates", gates, GATES)
        if stacking == "vertical":
            raise ValueError('gates must be None with stacking="vertical": a pillar goes through all layers')
    arguments = {
        "rows": rows,
        "columns": columns,
        "layers": layers,
        "stacking": stacking,
        "line_resistance": _plain(word_line, bit_line),
        "contact_resistance": _plain(word_contact, bit_contact),
        "dummy_lines": dummy_lines,
        "gates": gates,
        "thermal_conductance": None
        if thermal_conductance is None
        else check.real("thermal_conductance", thermal_conductance, 0.0, math.inf, "[)", "W/K"),
    }
    _refuse_size(whole_shape(arguments), stacking)
    return _network(arguments, (word_line, bit_line), (word_contact, bit_contact))


def _resistances(name: str, value: Any) -> tuple[float, float]:
    """Return the resistance of word lines and of bit lines, 0 where they are ideal."""
    if value is None:
        return 0.0, 0.0
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if not isinstance(value, float) and isinstance(value, Sequence) and not isinstance(value, TEXT):
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
    lines, cells = sum(line_counts(whole, stacking)), math.prod(whole)
    if 4 * cells <= MOST_EDGES and lines <= MOST_LINES and cells * EDGE_BYTES <= memory.usable():
        return
    of = f"{layers:,} x {rows:,} x {columns:,} cells, dummy cells among them"
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


def _network(arguments: dict[str, Any], line: tuple[float, float], contact: tuple[float, float]) -> Network:
    """Return the network of word lines and bit lines, with cells where they cross."""
    shape, whole = (arguments["layers"], arguments["rows"], arguments["columns"]), whole_shape(arguments)
    n_cells, order = math.prod(shape), inner_first(whole, arguments["dummy_lines"])
    words, bits = all_lines(arguments)
    site = pairs(words.site, bits.site)[order]
    first_gate = words.n_nodes + bits.n_nodes
    gates, probe = _probes(arguments["gates"], shape, site[:n_cells, 1], first_gate)
    n_gates = len(gate_names(shape, arguments["gates"]))
    heat, couplings, sink = _heat(arguments["thermal_conductance"], shape, first_gate + n_gates)
    parts = [[site], [words.pieces, bits.pieces], [words.contacts, bits.contacts], [gates], [heat], [couplings]]
    ends = list(itertools.accumulate((sum(map(len, part)) for part in parts), initial=0))
    number = read_only.read_only(np.arange(ends[-1], dtype=np.int32))
    cells, segments, contacts, probes, warm, between = (number[slice(*one)] for one in itertools.pairwise(ends))
    layout = Crossbar(
        function="crossbar",
        arguments=arguments,
        told=tuple(arguments),
        cell=cells[:n_cells].reshape(shape),
        dummy_cells=cells[n_cells:],
        word_node=site[:n_cells, 0].reshape(shape),
        bit_node=site[:n_cells, 1].reshape(shape),
        segments=segments,
        contacts=contacts,
        segment_resistance=_each(line, len(words.pieces), len(segments)),
        contact_resistance=_each(contact, len(words.contacts), len(contacts)),
        probe=None if probe is None else probes[probe],
        probes=probes,
        heat=warm.reshape(shape) if sink.size else None,
        couplings=between,
    )
    names = [*layout.lines, *([SINK] if sink.size else [])]
    gate_node = np.arange(first_gate, first_gate + n_gates, dtype=np.int32)
    electrode = read_only.read_only(
        np.concatenate([words.electrode, bits.electrode, gate_node, sink])
    )  # so that parts of it need no copies
    position = [node_places(whole, arguments["stacking"], words, bits)]
    if n_gates or sink.size:
        position.append(layout.line_ends[len(words.electrode) + len(bits.electrode) :, 0])
    return build(
        n_nodes=first_gate + n_gates + (n_cells + 1 if sink.size else 0),
        edges=read_only.read_only(np.concatenate(list(itertools.chain(*parts)))),
        length=None,
        position=read_only.read_only(np.concatenate(position)),
        electrodes=dict(zip(names, electrode[:, None], strict=True)),
        layout=layout,
        are_ours=("edges", "position", "electrodes"),
    )


def _each(resistance: tuple[float, float], n_words: int, n_edges: int) -> Floats:
    """Return the resistance of each edge along word lines, and behind them along bit lines."""
    each = np.empty(n_edges)
    each[:n_words], each[n_words:] = resistance
    return read_only.read_only(each)


def _probes(kind: str | None, shape: Shape3, bit_node: Ids, first: int) -> tuple[Ids, Ids | None]:
    """Return the ends of probes from gate lines, whose nodes begin at `first`, and the probe of each cell."""
    if kind is None:
        return NO_PAIRS, None
    line = gate_line(shape, kind).ravel()
    ends, probe = np.unique(pairs(first + line, bit_node), axis=0, return_inverse=True)
    return ends, np.asarray(probe, dtype=np.int32).reshape(shape)


def _heat(conductance: float | None, shape: Shape3, first: int) -> tuple[Ids, Ids, Ids]:
    """Return the ends of edges in which heat flows, to the surroundings and between cells, and the node of those.

    The nodes of cells begin at `first`.
    """
    if conductance is None:
        return NO_PAIRS, NO_PAIRS, NO_PAIRS[:, 0]
    warm = np.arange(first, first + math.prod(shape) + 1, dtype=np.int32)
    cells, sink = warm[:-1], warm[-1:]
    return pairs(cells, np.broadcast_to(sink, cells.shape)), np.int32(first) + _neighbours(shape), sink


def _neighbours(shape: Shape3) -> Ids:
    """Return the numbers of cells that are next to each other, along rows, columns and layers."""
    number = np.arange(math.prod(shape), dtype=np.int32).reshape(shape)
    return np.concatenate(
        [
            pairs(number[:, :, :-1], number[:, :, 1:]),
            pairs(number[:, :-1], number[:, 1:]),
            pairs(number[:-1], number[1:]),
        ]
    )


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
    if not isinstance(cell, Sequence) or isinstance(cell, TEXT) or len(cell) not in (2, 3):
        raise TypeError(f"cell must be (row, column) or (layer, row, column), got {check.shown(cell)}")
    named = zip(("layer", "row of cell", "column of cell"), (layer, *cell)[-3:], layout.cell.shape, strict=True)
    first, row, column = (check.integer(name, value, 0, count - 1) for name, value, count in named)
    said = check.integer("layer", layer, 0, layout.cell.shape[0] - 1)
    if said not in (0, first):
        raise ValueError(f"layer must be that of cell where cell has three numbers, got {said} and {check.shown(cell)}")
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
    dummy = check.real("dummy", dummy, 0.0, math.inf, "[)", "S")
    each = np.empty((*cells.shape[:-3], net.n_edges))
    each[..., : layout.cell.size] = cells.reshape(*cells.shape[:-3], -1)
    first = layout.cell.size
    for edges, value in (
        (layout.dummy_cells, dummy),
        (layout.segments, 1.0 / layout.segment_resistance),
        (layout.contacts, 1.0 / layout.contact_resistance),
        (layout.probes, 0.0),
        (() if layout.heat is None else layout.heat.ravel(), 0.0),
        (layout.couplings, layout.arguments["thermal_conductance"]),
    ):
        each[..., first : first + len(edges)] = value
        first += len(edges)
    return each
