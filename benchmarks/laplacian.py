"""The matrix that other solvers get: of the free nodes, with driven electrodes moved to the right-hand side."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_matrix, csc_matrix
from scipy.sparse.csgraph import connected_components

import memnet as mn


class Reduced(NamedTuple):
    """`matrix` times the potentials (V) of the nodes where `free` equals `right` (A)."""

    matrix: csc_matrix
    right: np.ndarray
    free: np.ndarray


def connected(net: mn.Network) -> np.ndarray:
    """Nodes with a path to an electrode."""
    a, b = np.asarray(net.edges).T
    graph = coo_matrix((np.ones(len(a)), (a, b)), shape=(net.n_nodes, net.n_nodes))
    component = connected_components(graph, directed=False)[1]
    reached = {int(component[node]) for nodes in net.electrodes.values() for node in nodes}
    return np.isin(component, list(reached))


def reduced(net: mn.Network, conductance: np.ndarray, voltage: np.ndarray) -> Reduced:
    """Return what is solved where each electrode is at its voltage."""
    a, b = np.asarray(net.edges).T
    n = net.n_nodes
    rows, columns = np.r_[a, b, a, b], np.r_[a, b, b, a]
    entries = np.r_[conductance, conductance, -conductance, -conductance]
    laplacian = coo_matrix((entries, (rows, columns)), shape=(n, n)).tocsc()
    fixed = np.zeros(n)
    free = np.ones(n, dtype=bool)
    for nodes, at in zip(net.electrodes.values(), voltage, strict=True):
        fixed[nodes] = at
        free[nodes] = False
    free &= connected(net)
    matrix = laplacian[free][:, free].tocsc()
    matrix.sort_indices()
    return Reduced(matrix, -(laplacian[free] @ fixed), free)
