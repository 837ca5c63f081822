"""What a live view draws of a network and never changes: places of nodes and edges, electrodes, names of devices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memnet.base import job
from memnet.base.arrays import Floats
from memnet.live._message import packed
from memnet.network import Crossbar, DiscMarks, LineMarks, Network
from memnet.simulate import Simulation

# The most nodes that are placed by springs, which takes some seconds then.
MOST_SPRINGS = 2_000
# The radius of a node that is drawn as a circle, beside the length of the edges.
NODE_RADIUS = 0.2
# Half the side of a cell of a crossbar, and the radius of a junction of wires beside the box.
CELL_RADIUS, JUNCTION_RADIUS = 0.3, 0.004

Arrays = dict[str, NDArray[Any]]


def scene(simulation: Simulation, traced: tuple[str, ...]) -> bytes:
    """Return the message that a browser draws everything from, but for the colours."""
    net = simulation.net
    position = node_position(net)
    nodes = _nodes(net, position)
    arrays: Arrays = {**nodes, **_edges(net, position), "edge_device": _device_of_edge(simulation)}
    low, high = _box(net, position)
    header = {
        "kind": "scene",
        "title": _title(net),
        "n_nodes": net.n_nodes,
        "n_edges": net.n_edges,
        "box": [*low.tolist(), *high.tolist()],
        "unit": net.layout.unit,
        "electrodes": list(_electrodes(net, position, low, high)),
        "devices": [repr(device) for device in simulation.devices],
        "traced": list(traced),
        "dt": simulation.dt,
        "squares": isinstance(net.layout, Crossbar),
    }
    return packed(header, {name: _flat(values) for name, values in arrays.items()})


def node_position(net: Network) -> Floats:
    """Return where the nodes are, (n_nodes, 2), by springs where the network does not say.

    Raises
    ------
    ValueError
        More nodes than springs can place.
    """
    if net.position is not None:
        return np.asarray(net.position, dtype=np.float64)
    if net.n_nodes > MOST_SPRINGS:
        raise ValueError(
            f"a network of {net.n_nodes} nodes needs positions to be viewed, as springs take too long beyond"
            f" {MOST_SPRINGS}: Network(..., position=...)"
        )
    job.load("networkx")
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(range(net.n_nodes))
    graph.add_edges_from(np.asarray(net.edges).tolist())
    places = nx.spring_layout(graph, seed=1)
    return np.array([places[k] for k in range(net.n_nodes)], dtype=np.float64).reshape(-1, 2)


def _nodes(net: Network, position: Floats) -> Arrays:
    """Return what shows the potential: discs, each of a node, and lines, each between two nodes."""
    marks = net.layout.marks()
    if isinstance(marks, DiscMarks):
        radius = np.full(len(marks.centre), 0.5 * marks.diameter)
        return _discs(marks.centre, radius, marks.node)
    if isinstance(marks, LineMarks):
        if len(marks.pieces):
            pair = np.asarray(net.edges)[marks.pieces]
            ends = position[pair]
        else:
            pair = np.repeat(np.arange(len(marks.line))[:, None], 2, axis=1)
            ends = marks.ends[marks.line]
        return {"base_ends": marks.ends, "line_ends": ends, "line_nodes": pair}
    shown = net.n_own_nodes if net.layout.box() is not None else net.n_nodes
    radius = np.full(shown, NODE_RADIUS * _typical_length(net, position))
    return _discs(position[:shown], radius, np.arange(shown))


def _discs(place: Floats, radius: Floats, node: NDArray[Any]) -> Arrays:
    return {"disc_place": place, "disc_radius": radius, "disc_node": node}


def _edges(net: Network, position: Floats) -> Arrays:
    """Return what shows edges: lines, or spots where an edge is a place on a map; pieces of wires are lines already."""
    marks = net.layout.marks()
    shown = net.n_own_edges if net.layout.box() is not None else net.n_edges
    ends = net.layout.edge_ends(np.asarray(net.edges), position, marks)
    if not isinstance(marks, LineMarks):
        return {"edge_ends": ends[:shown], "edge": np.arange(shown)}
    own = np.ones(shown, dtype=np.bool_)
    own[marks.dots] = own[marks.pieces] = False
    low, high = _box(net, position)
    radius = CELL_RADIUS if isinstance(net.layout, Crossbar) else JUNCTION_RADIUS * float((high - low).max())
    return {
        "edge_ends": ends[:shown][own],
        "edge": np.flatnonzero(own),
        "spot_place": ends[marks.dots].mean(axis=1),
        "spot_radius": np.full(len(marks.dots), radius),
        "spot_edge": marks.dots,
    }


def _typical_length(net: Network, position: Floats) -> float:
    """Return the length of an edge in the middle of all, or where there is none the distance in a square lattice."""
    lengths = np.linalg.norm(np.diff(position[np.asarray(net.edges)], axis=1)[:, 0], axis=1)
    lengths = lengths[lengths > 0.0]
    if lengths.size:
        return float(np.median(lengths))
    return float(np.ptp(position, axis=0).max(initial=0.0)) / max(1.0, net.n_nodes**0.5) or 1.0


def _box(net: Network, position: Floats) -> tuple[Floats, Floats]:
    """Return the lower left and the upper right corner of the map."""
    box = net.layout.box()
    if box is not None:
        return np.asarray(box[0], dtype=np.float64), np.asarray(box[1], dtype=np.float64)
    if not len(position):
        return np.zeros(2), np.ones(2)
    margin = NODE_RADIUS * 1.5 * _typical_length(net, position)
    return position.min(axis=0) - margin, position.max(axis=0) + margin


def _electrodes(net: Network, position: Floats, low: Floats, high: Floats) -> Iterator[dict[str, Any]]:
    """Give the name of each electrode and where it belongs: the middle of its nodes."""
    for name in net.electrodes:
        nodes = np.asarray(net.contacts.get(name, net.electrodes[name]))
        where = np.clip(position[nodes].mean(axis=0), low, high) if len(nodes) else low
        yield {"name": name, "place": where.tolist(), "node": int(net.electrodes[name][0])}


def _device_of_edge(simulation: Simulation) -> NDArray[Any]:
    number = np.zeros(simulation.net.n_edges, dtype=np.int32)
    for k, device in enumerate(simulation.devices):
        number[simulation.edges_of(device)] = k
    return number


def _title(net: Network) -> str:
    said = net.layout.caption()
    counts = f"{net.n_nodes:,} nodes, {net.n_edges:,} edges"
    discs = net.layout.info.get("n_discs")
    counts = f"{discs:,} discs, {counts}" if discs else counts
    return f"{net.layout.function}: {said}, {counts}" if said else f"{net.layout.function}: {counts}"


def _flat(values: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(values).ravel().astype(np.int32 if values.dtype.kind in "iu" else np.float32)
