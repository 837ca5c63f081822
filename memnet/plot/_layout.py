"""Where the parts of a map lie: nodes, discs, edges, and the whole."""

from __future__ import annotations

from typing import Any

import numpy as np

from memnet.base.arrays import Floats
from memnet.network import Network, Shape


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


def extent(net: Network, position: Floats) -> tuple[Floats, Floats]:
    """Return the lower left and the upper right corner of a map."""
    box = net.layout.box()
    if box is not None:
        return box
    if not len(position):
        return np.zeros(2), np.ones(2)
    margin = 0.03 * max(1e-12, float(np.ptp(position, axis=0).max()))
    return position.min(axis=0) - margin, position.max(axis=0) + margin


def on_map(net: Network, values: Floats, own: int) -> Floats:
    """Return values of nodes or edges, nan for all after the network's own ones where a map has no place for those.

    Such a map is of a box; what is attached to electrodes lies outside, and would only stretch the scales.
    """
    if not net.attached or net.layout.box() is None:
        return values
    shown: Floats = values.copy()
    shown[..., own:] = np.nan
    return shown


def contact_points(place: Any, touching: Floats, nodes: Floats) -> Floats:
    """Return points around which the name of an electrode belongs: on its pad, else on its lines, (n_lines, 2, 2)."""
    if isinstance(place, Shape) and place.is_finite():
        return place.centre[None]
    if not isinstance(place, str):
        return nodes
    axis = 0 if place in ("left", "right") else 1
    reach = touching[..., axis]
    pick = reach.argmin(axis=1) if place in ("left", "bottom") else reach.argmax(axis=1)
    reached: Floats = touching[np.arange(len(touching)), pick]
    return reached
