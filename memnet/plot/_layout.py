"""Where the parts of a map lie: nodes, discs, edges, and the whole."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from memnet.network import Network, Wires
from memnet.plot._style import Floats


def discs_of(net: Network) -> tuple[Floats, NDArray[np.int32], NDArray[np.int32]] | None:
    """Return the centres of the discs, their groups and the pair of discs at each gap."""
    if net.disc_position is None or net.disc_group is None or net.gap_discs is None:
        return None
    return net.disc_position, net.disc_group, net.gap_discs


def node_position(net: Network) -> Floats:
    """Return where the nodes are, (n_nodes, 2); by springs where the network does not say."""
    if net.position is not None:
        return np.asarray(net.position, dtype=np.float64)
    if net.n_nodes > 2_000:
        raise ValueError(f"a network of {net.n_nodes} nodes needs positions to be drawn: Network(..., position=...)")
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(range(net.n_nodes))
    graph.add_edges_from(np.asarray(net.edges).tolist())
    layout = nx.spring_layout(graph, seed=1)
    return np.array([layout[k] for k in range(net.n_nodes)], dtype=np.float64).reshape(-1, 2)


def segments_of(net: Network, position: Floats, style: str) -> Floats:
    """Return both ends of every edge, (n_edges, 2, 2); across a periodic boundary by the nearest image."""
    discs = discs_of(net)
    if style == "wires" and net.wires is not None:
        return _junctions_and_segments(net, net.wires, position)
    ends: Floats = discs[0][discs[2]] if style == "discs" and discs is not None else position[net.edges]
    if discs is not None and net.size is not None:
        near = discs[0][discs[2]]
        for axis, name in enumerate("xy"):
            if name in (net.info["periodic"] or ""):
                turns = np.round((near[:, 1, axis] - near[:, 0, axis]) / net.size[axis])
                ends[:, 1, axis] -= turns * net.size[axis]
    return ends


def _junctions_and_segments(net: Network, wires: Wires, position: Floats) -> Floats:
    """Return both ends of every edge; a junction is a line so short that its round ends make it a dot."""
    ends: Floats = position[net.edges]
    dot = 1.5e-3 * float(np.ptp(wires.end.reshape(-1, 2), axis=0).max())
    ends[wires.junctions] = wires.junction_position[:, None] + np.array([[-dot, 0.0], [dot, 0.0]])
    return ends


def extent(net: Network, position: Floats) -> tuple[Floats, Floats]:
    """Return the lower left and the upper right corner of a map."""
    if net.wires is not None:
        points = net.wires.end.reshape(-1, 2)
        edge = 0.01 * float(np.ptp(points, axis=0).max())
        return points.min(axis=0) - edge, points.max(axis=0) + edge
    if net.size is not None:
        return np.zeros(2), np.array(net.size, dtype=np.float64)
    if not len(position):
        return np.zeros(2), np.ones(2)
    margin = 0.03 * max(1e-12, float(np.ptp(position, axis=0).max()))
    return position.min(axis=0) - margin, position.max(axis=0) + margin
