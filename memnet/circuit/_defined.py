"""What a circuit leaves open: nodes that nothing holds at rest, and electrodes that only capacitors keep apart."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from memnet.base import text
from memnet.base.arrays import Flags, Ids
from memnet.network import Named, Network


def connected(net: Network, edges: Flags) -> Ids:
    """Return the number of the part that each node is in when only some edges join nodes, and electrodes theirs.

    Parameters
    ----------
    net : Network
        The network.
    edges : ndarray of bool, (n_edges,)
        The edges that join their nodes.

    Returns
    -------
    ndarray of int32, (n_nodes,)
    """
    from scipy import sparse
    from scipy.sparse import csgraph

    chains = [np.stack([nodes[:-1], nodes[1:]], axis=1) for nodes in net.electrodes.values()]
    first, second = np.concatenate([net.edges[edges], *chains]).T
    graph = sparse.coo_array((np.ones(len(first), dtype=np.int8), (first, second)), shape=(net.n_nodes, net.n_nodes))
    part: Ids = csgraph.connected_components(graph, directed=False)[1].astype(np.int32)
    return part


def undefined_nodes(net: Network, conducting: Flags, held: Iterable[str]) -> Ids:
    """Return the nodes that have no potential at rest: no path of conducting edges leads to an electrode that is held.

    Parameters
    ----------
    net : Network
        The network.
    conducting : ndarray of bool, (n_edges,)
        The edges that let a constant current pass; a capacitor does not.
    held : iterable of str
        The electrodes that are held at a voltage.

    Returns
    -------
    ndarray of int32
        Ascending.
    """
    part = connected(net, conducting)
    fixed = [part[net.electrodes[name][0]] for name in held]
    return np.flatnonzero(~np.isin(part, fixed)).astype(np.int32)


def refuse_undefined(net: Network, nodes: Ids) -> None:
    """Raise ValueError for the first of some `undefined_nodes` and the edges that end there, if there is one."""
    if nodes.size:
        node = int(nodes[0])
        edges = np.flatnonzero((net.edges == node).any(axis=1))
        others = f" (and {nodes.size - 1} further nodes)" if nodes.size > 1 else ""
        raise ValueError(
            f"{shown(net, 'node', [node])}{others} has no potential at rest: no path that conducts leads to a held"
            f" electrode, and it has {shown(net, 'edge', edges)}; put a resistor beside a capacitor, or to ground"
        )


def capacitor_paths(net: Network, charged: Flags, held: Iterable[str]) -> list[tuple[list[str], NDArray[np.int64]]]:
    """Return groups of electrodes that are held and between which nothing but capacitors lies on some path.

    Where their voltages jump against each other, the current has no bound.

    Parameters
    ----------
    net : Network
        The network.
    charged : ndarray of bool, (n_edges,)
        The edges whose charge follows their voltage without a resistance in series.
    held : iterable of str
        The electrodes that are held at a voltage.

    Returns
    -------
    list of (list of str, ndarray of int)
        Two or more electrodes each, and the edges among which their paths are.
    """
    part = connected(net, charged)
    groups: dict[int, list[str]] = {}
    for name in held:
        groups.setdefault(int(part[net.electrodes[name][0]]), []).append(name)
    of_edge = np.where(charged, part[net.edges[:, 0]], -1)
    return [(names, np.flatnonzero(of_edge == k)) for k, names in groups.items() if len(names) > 1]


def shown(net: Network, over: str, ids: Iterable[int]) -> str:
    """Return nodes or edges for a message: by name where the network has names, else by number."""
    layout = net.layout
    if isinstance(layout, Named):
        word, names = {"node": "node", "edge": "element"}[over], [layout.of(over)[k] for k in ids]
    else:
        word, names = over, [str(k) for k in ids]
    return f"{word}{'' if len(names) == 1 else 's'} {text.listed(names, f'{word}s')}" if names else f"no {word}"
