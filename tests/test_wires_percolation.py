"""Percolation of wires of equal length: the critical density known from much larger simulations."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

import memnet as mn

# Critical number of sticks per square of their length: 5.63726 (Li and Zhang, Phys. Rev. E 80 (2009) 040104; Mertens
# and Moore, Phys. Rev. E 86 (2012) 061109: 5.6372858).
CRITICAL = 5.6372858


def crosses(net: mn.Network, n: int) -> bool:
    """Whether the first n wires connect left with right."""
    edges = net.edges[net.edges[:, 1] < n]
    ends = [nodes[nodes < n] for nodes in net.electrodes.values()]
    a = np.concatenate([edges[:, 0], ends[0], ends[1]])
    b = np.concatenate([edges[:, 1], np.full(len(ends[0]), n), np.full(len(ends[1]), n + 1)])
    graph = coo_array((np.ones(len(a), dtype=np.int8), (a, b)), shape=(n + 2, n + 2))
    label = connected_components(graph, directed=False)[1]
    return bool(label[n] == label[n + 1])


def wires_until_crossing(side: float, seed: int) -> int:
    """Number of wires of length 1 that are thrown into a square until they cross it."""
    high = round(1.5 * CRITICAL * side**2)
    net = mn.nanowires(high, size=side, length=1.0, shared="first", seed=seed)
    assert crosses(net, high)
    low = 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if crosses(net, middle) else (middle, high)
    return high


def half_density(side: float, seeds: range) -> tuple[float, float]:
    """Density at which half of the squares are crossed, and its standard error (of a median)."""
    found = np.sort([wires_until_crossing(side, seed) for seed in seeds]) / side**2
    n = len(found)
    spread = 0.5 * np.sqrt(n)
    error = 0.5 * (found[round(0.5 * n + spread)] - found[round(0.5 * n - spread)])
    return float(np.median(found)), float(error)


@pytest.mark.slow
def test_critical_density_of_sticks():
    """The density of crossing probability 1/2 nears the critical one as side^-(1 + 3/4): the boundary, of a width of
    about a length, shifts the side, and 1/nu = 3/4 is how the crossing probability depends on it."""
    sides = np.array([8.0, 12.0, 16.0, 24.0, 32.0])
    found = np.array([half_density(side, range(1_000 * k, 1_000 * k + 400)) for k, side in enumerate(sides)])
    density, error = found.T
    design = np.stack([np.ones(len(sides)), sides**-1.75], axis=1) / error[:, None]
    (critical, _), *_ = np.linalg.lstsq(design, density / error, rcond=None)
    uncertainty = np.sqrt(np.linalg.inv(design.T @ design)[0, 0])
    print(f"critical density {critical:.4f} ± {uncertainty:.4f}; by side {dict(zip(sides, density, strict=True))}")
    assert uncertainty < 0.01 * CRITICAL / 3
    assert abs(critical / CRITICAL - 1) < 0.01
