"""Networks of nanowires: straight wires, junctions where they meet, and pads that they touch."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from memnet import _core
from memnet.base import check, memory
from memnet.base.arrays import Floats, Ids
from memnet.network import _electrodes, _plane
from memnet.network._electrodes import Place, Region
from memnet.network._generators import generator
from memnet.network._network import Network, build
from memnet.network._shapes import Contacts, Members, Rectangle
from memnet.network._wire_layout import UNIT, Wires

# What coordinates must stay within, so that their squares are doubles (2^900, rounded down).
FARTHEST = 1e270
# Beyond it a direction (rad) has lost too many digits to mean one.
LARGEST_ANGLE = 1e6
# The share of a network's memory that the C library needs for wires and junctions, measured with many junctions: 56
# bytes of 80 a junction where wires are nodes, of 320 where they have nodes at their junctions.
CORE_SHARE = 0.7
CORE_SHARE_SEGMENTS = 0.17
# Wires that become Python lists at a time, between which Ctrl-C is seen and other threads go on.
PIECE = 1 << 16


@generator(
    _electrodes.WIRES,
    n_wires=30,
    size=40.0,
    length=20.0,
    length_sd=1.0,
    angles=(0.0, 180.0),
    electrodes=("left", "right"),
    wire_resistance=1.0,
    shared="first",
    seed=1,
)
@check.known_keywords
def nanowires(
    n_wires: int | None = None,
    density: float | None = None,
    *,
    size: float | Sequence[float],
    length: float,
    length_sd: float = 0.0,
    angles: float | Sequence[float] | None = None,
    electrodes: Sequence[str] | Mapping[str, Any] = ("left", "right"),
    wire_resistance: float | None = None,
    shared: str = "error",
    seed: int | None = None,
) -> Network:
    """Return a network of nanowires thrown at random; two wires that meet are joined by a junction.

    Without `wire_resistance` every wire is a node and every junction an edge. With it, a wire has a node at each of its
    junctions and where it enters a pad, neighbouring nodes of a wire are joined by a segment with the resistance of
    that piece, and a junction joins the nodes of its two wires; the free ends beyond the last node carry no current and
    are left out. `wire_devices` puts devices on such a network.

    Whether two wires meet is decided exactly, for ends rounded to 2^-49 of the network's extent: wires that touch or
    overlap along a line have one junction. Time and memory grow in proportion to the wires and junctions; a network
    that would take more than half of the machine's memory is refused before the work is done.

    Parameters
    ----------
    n_wires : int, optional
        Number of wires. Either this or `density` is given.
    density : float, optional
        Wires per area (1/µm^2); there are round(density width height) of them.
    size : float or (float, float)
        Side of the square, or width and height (µm), that the centres of the wires are uniform in. Wires reach out of
        it.
    length : float
        Mean (µm) of the normal distribution that lengths are drawn from.
    length_sd : float
        Its standard deviation (µm). Lengths that are not positive are drawn again, so where it is not small beside
        `length` the wires are longer in the mean and vary less: 17.9 µm with length=5 and length_sd=20.
    angles : None, float or (float, float)
        Directions of the wires (rad, from the x axis): None for all alike, one direction, or a direction and the
        standard deviation around it.
    electrodes : sequence of str, or dict
        Sides, out of "left", "right", "top" and "bottom": the wires that reach the side of the box. Or a dict from a
        name to a side, to a rectangle (x_low, x_high, y_low, y_high) or a disc (x, y, radius) in µm, as a tuple or as
        a list of floats, or to wires by number, as a list of integers. ``{"rectangle": [...]}``, ``{"disc": [...]}``
        and ``{"wires": [...]}`` say the same in so many words; so do ``{"polygon": [(x, y), ...]}`` and the classes of
        `memnet.network`, such as `Polygon`, for other shapes. A wire belongs to the pad it touches.
    wire_resistance : float, optional
        Resistance per length of the wires (ohm/µm); None neglects it.
    shared : {"error", "first"}
        What happens to a wire (or, with a wire resistance, to a place on a wire) that touches two pads: it is refused,
        since it would short them, or it belongs to the one that is named first.
    seed : int, optional
        Fixes the wires, on every platform. One that is not given is drawn, and recorded in `provenance` and `info`.

    Returns
    -------
    Network
        Positions are the middles of the wires, or the places of the nodes on them (µm). `Network.wires`, `.junctions`,
        `.segments` and `.segment_conductance` say what is what. A network in which no path leads from pad to pad is no
        error: ``info["percolates"]`` is False, ``info["path_gaps"]`` None, and no current flows.

    Raises
    ------
    ValueError
        An argument outside its range, wires without length, a pad that no wire touches, or pads that name one wire.
    ShortCircuit
        A ValueError, too: a wire touches two pads.
    TypeError
        An argument of the wrong type, neither or both of `n_wires` and `density`, or an unknown keyword.
    MemoryError
        More wires or junctions than fit into half of the machine's memory.

    Notes
    -----
    With one seed and otherwise equal arguments the wires of a smaller network are the first ones of a larger network.
    The networks are those of Milano, Miranda and Ricciardi, Neural Networks 150 (2022) 137: 1,500 wires, size 500 µm,
    length 40 and standard deviation 14 µm.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.nanowires(200, size=100, length=20, length_sd=5, seed=1)
    >>> net.n_nodes, net.n_edges == len(net.junctions)
    (200, True)
    """
    width, height = _electrodes.box_size(size, UNIT)
    if (n_wires is None) == (density is None):
        raise TypeError(
            f"give either n_wires or density, got n_wires={check.shown(n_wires)} and density={check.shown(density)}"
        )
    if density is not None:
        density = check.real("density", density, 0.0, np.inf, unit=f"1/{UNIT}^2")
        count = density * width * height
        if not 0.5 <= count < 2**31 - 1:
            raise ValueError(f"density times the area of size must be 1 to 2^31 - 2 wires, got {count:g}")
        number = round(count)
    else:
        number = check.integer("n_wires", n_wires, 1, 2**31 - 2)
    length = check.real("length", length, 0.0, np.inf, unit=UNIT)
    length_sd = check.real("length_sd", length_sd, 0.0, np.inf, "[)", UNIT)
    _check_extent("size, length and length_sd", max(width, height) + length + 12.2 * length_sd)
    direction, spread = _directions(angles)
    resistance = _resistance(wire_resistance)
    pads = _electrodes.placed(electrodes, _electrodes.WIRES)
    check.one_of("shared", shared, _electrodes.SHARED)
    seed = check.seed("seed", seed)
    turn = 2.0 * np.pi
    with _within_memory(resistance) as most:
        wires = _core.Wires(width, height, number, length, length_sd, direction / turn, spread / turn, seed, most)
    arguments = {
        "n_wires": None if density is not None else number,
        "density": density,
        "size": [width, height],
        "length": length,
        "length_sd": length_sd,
        "angles": None if np.isinf(spread) else [direction, spread],
        "electrodes": _electrodes.plain(pads, _electrodes.WIRES),
        "wire_resistance": resistance,
        "shared": shared,
        "seed": seed,
    }
    told = ("length", "length_sd", "angles", "wire_resistance", "size", "seed")
    return _network(wires, (width, height), pads, resistance, function="nanowires", arguments=arguments, told=told)


@generator(
    _electrodes.WIRES,
    ends=[[(0.0, 0.0), (9.0, 0.0)], [(4.0, -4.0), (4.0, 4.0)]],
    size=10.0,
    electrodes={"a": [0], "b": [1]},
    wire_resistance=1.0,
    shared="error",
)
@check.known_keywords
def nanowires_at(
    ends: ArrayLike,
    *,
    size: float | Sequence[float] | None = None,
    electrodes: Sequence[str] | Mapping[str, Any] = ("left", "right"),
    wire_resistance: float | None = None,
    shared: str = "error",
) -> Network:
    """Return the network of wires with given ends, such as those traced on a micrograph.

    Parameters
    ----------
    ends : array_like of float, (n_wires, 2, 2) or (n_wires, 4)
        x and y of both ends of each wire (µm).
    size : float or (float, float), optional
        Width and height of the box from (0, 0) whose sides "left", "right", "top" and "bottom" stand for (µm). Default:
        the smallest box that holds all wires, wherever it is, so that each side is reached by at least one.
    electrodes, wire_resistance, shared
        As in `nanowires`.

    Returns
    -------
    Network
        As that of `nanowires`.

    Raises
    ------
    ValueError
        A wire without length, an argument outside its range, a pad that no wire touches, or pads that name one wire.
    ShortCircuit
        A ValueError, too: a wire touches two pads.
    TypeError
        An argument of the wrong type, or an unknown keyword.
    MemoryError
        As for `nanowires`.

    Examples
    --------
    >>> import memnet as mn
    >>> cross = [(0, 0, 4, 4), (0, 4, 4, 0)]
    >>> net = mn.nanowires_at(cross, electrodes={"a": [0], "b": [1]})
    >>> net.edges.tolist(), net.wires.junction_position.tolist()
    ([[0, 1]], [[2.0, 2.0]])
    """
    points = check.given_array("ends", ends)
    rows = check.array("ends", points.reshape(-1, 4) if points.shape[1:] == (2, 2) else points, (None, 4))
    if not len(rows):
        raise ValueError("ends must hold at least one wire, got none")
    _check_extent("ends", float(np.abs(rows).max()))
    empty = np.flatnonzero((rows[:, :2] == rows[:, 2:]).all(axis=1))
    if empty.size:
        raise ValueError(f"ends must be two different points a wire, got wire {empty[0]} of zero length")
    box = None if size is None else _electrodes.box_size(size, UNIT)
    resistance = _resistance(wire_resistance)
    pads = _electrodes.placed(electrodes, _electrodes.WIRES)
    check.one_of("shared", shared, _electrodes.SHARED)
    arguments = {
        "ends": [row for k in range(0, len(rows), PIECE) for row in rows[k : k + PIECE].tolist()],
        "size": None if box is None else list(box),
        "electrodes": _electrodes.plain(pads, _electrodes.WIRES),
        "wire_resistance": resistance,
        "shared": shared,
    }
    with _within_memory(resistance) as most:
        wires = _core.Wires.place(rows, most)
    told = ("wire_resistance",)
    return _network(wires, box, pads, resistance, function="nanowires_at", arguments=arguments, told=told)


def _check_extent(names: str, extent: float) -> None:
    if 0.0 < extent < 1.0 / FARTHEST or extent > FARTHEST:
        raise ValueError(
            f"{names} must give the network an extent in [{1.0 / FARTHEST:g}, {FARTHEST:g}] {UNIT}, got {extent:g}"
        )


def _directions(angles: Any) -> tuple[float, float]:
    """Return direction and standard deviation (rad), inf for all directions alike."""
    if angles is None:
        return 0.0, np.inf
    if np.ndim(angles) == 0:
        return check.real("angles", angles, -LARGEST_ANGLE, LARGEST_ANGLE, "[]", "rad"), 0.0
    if not isinstance(angles, (Sequence, np.ndarray)) or len(angles) != 2:
        raise ValueError(
            f"angles must be None, a direction or (direction, standard deviation), got {check.shown(angles)}"
        )
    direction = check.real("angles[0]", angles[0], -LARGEST_ANGLE, LARGEST_ANGLE, "[]", "rad")
    return direction, check.real("angles[1]", angles[1], 0.0, LARGEST_ANGLE, "[]", "rad")


@contextlib.contextmanager
def _within_memory(resistance: float | None) -> Iterator[int]:
    """Give the bytes that the C library may use for wires, and say what to do where they do not do."""
    share = CORE_SHARE if resistance is None else CORE_SHARE_SEGMENTS
    most = int(min(share * memory.usable(), 2.0**62))
    try:
        yield most
    except MemoryError as error:
        raise MemoryError(
            f"{error}. At most {most / 1e9:.3g} GB may go to wires and junctions here: use fewer or shorter wires, or a"
            f" larger size"
        ) from error


def _resistance(value: Any) -> float | None:
    return None if value is None else check.real("wire_resistance", value, 0.0, np.inf, unit=f"ohm/{UNIT}")


def _beyond(box: tuple[float, ...]) -> dict[str, Region]:
    """Return the rectangle of each side of a box x_low, x_high, y_low, y_high: everything on the side and beyond."""
    inf = np.inf
    return {
        "left": Rectangle(-inf, box[0], -inf, inf),
        "right": Rectangle(box[1], inf, -inf, inf),
        "bottom": Rectangle(-inf, inf, -inf, box[2]),
        "top": Rectangle(-inf, inf, box[3], inf),
    }


def _contacts(wires: _core.Wires, name: str, pad: Place, region: Region) -> Contacts:
    """Return the parts of wires that are inside a pad. `region` is the pad with the rectangle of a side."""
    if isinstance(region, Members):
        ids = _electrodes.nodes(name, region.numbers, wires.n_wires, "wires")
        return ids, np.tile([0.0, 1.0], (len(ids), 1))
    try:
        wire, part = region.contacts(wires)
    except ValueError as error:
        raise ValueError(f"electrodes[{name!r}] must be {error}, got {check.shown(region.numbers)}") from error
    if not len(wire):
        where = f"side {pad!r}" if isinstance(pad, str) else f"{region.word} {check.shown(region.numbers)}"
        raise ValueError(
            f"no wire touches electrode {name!r} ({where}); use a larger or another pad, or more or longer wires"
        )
    return wire, part


def _network(
    wires: _core.Wires,
    size: tuple[float, float] | None,
    pads: dict[str, Place],
    resistance: float | None,
    *,
    function: str,
    arguments: Mapping[str, Any],
    told: tuple[str, ...],
) -> Network:
    end = wires.end.reshape(-1, 2, 2)
    low, high = (end.min(axis=(0, 1)), end.max(axis=(0, 1))) if size is None else (np.zeros(2), np.array(size))
    box = (float(low[0]), float(high[0]), float(low[1]), float(high[1]))
    regions = _electrodes.resolved(pads, _beyond(box))
    contacts = {name: _contacts(wires, name, pad, regions[name]) for name, pad in pads.items()}
    split = _as_nodes(wires, contacts) if resistance is None else _as_segments(wires, contacts)
    nodes = len(split.node_wire)
    members = _electrodes.apart(
        split.touched,
        regions,
        nodes,
        shared=arguments["shared"],
        one="wire",
        number=split.node_wire,
        seed=arguments.get("seed"),
    )
    m = wires.n_junctions
    lengths = split.segment_length
    with np.errstate(divide="ignore", over="ignore"):
        conductance = np.zeros(0) if resistance is None else 1.0 / (resistance * lengths)
    if not np.isfinite(conductance).all():
        raise ValueError(f"wire_resistance={resistance!r} gives a segment an infinite conductance; use a larger one")
    return build(
        n_nodes=nodes,
        edges=split.edges,
        length=None,
        position=end[split.node_wire, 0] + split.place[:, None] * (end[:, 1] - end[:, 0])[split.node_wire],
        electrodes=members,
        layout=Wires(
            function=function,
            arguments=arguments,
            told=told,
            places=pads,
            end=end,
            length=wires.length,
            node_wire=split.node_wire,
            junctions=np.arange(m, dtype=np.int32),
            junction_position=wires.point,
            segments=np.arange(m, m + len(lengths), dtype=np.int32),
            segment_length=lengths,
            segment_conductance=conductance,
            wire_resistance=resistance,
            box_size=size,
        ),
    )


@dataclass(frozen=True)
class _Graph:
    node_wire: Ids  # (n_nodes,)
    place: Floats  # (n_nodes,): fraction of the wire
    edges: Ids  # (n_edges, 2): junctions, then segments
    segment_length: Floats
    touched: dict[str, Ids]  # the nodes that each pad touches, ascending


def _as_nodes(wires: _core.Wires, contacts: Mapping[str, Contacts]) -> _Graph:
    """Wires without resistance: one node each."""
    touched = {name: np.unique(wire) for name, (wire, _) in contacts.items()}
    middle = np.full(wires.n_wires, 0.5)
    return _Graph(np.arange(wires.n_wires, dtype=np.int32), middle, wires.junction, np.zeros(0), touched)


def _as_segments(wires: _core.Wires, contacts: Mapping[str, Contacts]) -> _Graph:
    """Wires with resistance: nodes at junctions and where a wire enters or leaves a pad, one for equal places."""
    m = wires.n_junctions
    on = np.concatenate([wires.junction.T.reshape(-1), *(np.repeat(wire, 2) for wire, _ in contacts.values())])
    at = np.concatenate([wires.along.T.reshape(-1), *(part.reshape(-1) for _, part in contacts.values())])
    if not on.size:
        raise ValueError("no two wires meet and no wire touches a pad: with a wire resistance nothing is left")
    node_wire, place, node = _plane.distinct(on, at)
    start = np.flatnonzero(node_wire[1:] == node_wire[:-1]).astype(np.int32)
    edges = np.concatenate([node[: 2 * m].reshape(2, m).T, np.stack([start, start + 1], axis=1)]).astype(np.int32)
    lengths = (place[start + 1] - place[start]) * wires.length[node_wire[start]]
    touched = {}
    first = 2 * m
    for name, (wire, _) in contacts.items():
        enters, leaves = node[first : first + 2 * len(wire)].reshape(-1, 2).T
        inside = _plane.between(np.stack([enters, leaves + 1], axis=1), len(node_wire))
        touched[name] = np.flatnonzero(inside).astype(np.int32)
        first += 2 * len(wire)
    return _Graph(node_wire, place, np.ascontiguousarray(edges), lengths, touched)
