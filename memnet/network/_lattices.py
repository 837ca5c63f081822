"""Networks that are graphs without geometry of their own: grids with diagonals, and random graphs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from memnet import _core
from memnet.base import check
from memnet.base.arrays import Ids
from memnet.base.read_only import read_only
from memnet.network import _electrodes
from memnet.network._electrodes import Place
from memnet.network._generators import generator
from memnet.network._layout import Layout
from memnet.network._network import Network, build

# Nodes of a grid, which has up to four edges a node, so that edges have 32-bit numbers, too.
MOST = (2**31 - 1) // 4
# Nodes that are placed at a time, between which Ctrl-C is seen.
PIECE = 1 << 20


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Lattice(Layout):
    """The layout of grids and random graphs, which have no lengths.

    Examples
    --------
    >>> import memnet as mn
    >>> mn.grid(3, 4, seed=1).layout.info
    {'rows': 3, 'columns': 4, 'diagonals': 'random', 'seed': 1}
    """


@generator(_electrodes.NODES, rows=3, columns=3, diagonals="random", seed=1, electrodes=("left", "right"))
@check.known_keywords
def grid(
    rows: int,
    columns: int,
    diagonals: str = "random",
    seed: int | None = None,
    electrodes: Sequence[str] | Mapping[str, Any] = ("left", "right"),
    *,
    shared: str = "error",
) -> Network:
    """Return a square grid of nodes with diagonals: the grid-graph model of a nanowire network.

    Node ``row * columns + column`` is joined to its neighbours along its row and its column; each cell has no diagonal,
    one of its two with equal chance, or both.

    Parameters
    ----------
    rows, columns : int
        Number of rows and columns, >= 1.
    diagonals : {"random", "none", "both"}
        Diagonals of each cell.
    seed : int, optional
        Fixes the random diagonals. One that is not given is drawn, and recorded in `provenance` and `info`.
    electrodes : sequence of str, or dict
        Sides, out of "left" and "right" (first and last column) and "bottom" and "top" (first and last row). Or a dict
        from a name to a side, a node or a list of nodes.
    shared : {"error", "first"}
        What happens to a node that is part of two electrodes, as the corners are with all four sides: it is refused, or
        it belongs to the one that is named first.

    Returns
    -------
    Network
        Positions are (column, row).

    Raises
    ------
    ValueError
        An argument outside its range, or electrodes that name one node.
    ShortCircuit
        A ValueError, too: a side shares a node with another electrode.
    TypeError
        An argument of the wrong type, or an unknown keyword.

    Notes
    -----
    The model of Milano et al., Nature Materials 21 (2022) 195: 21 x 21 nodes with one random diagonal a cell.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.grid(21, 21, seed=2, electrodes={"source": 31, "ground": 409})
    >>> net.n_nodes, net.n_edges
    (441, 1240)
    """
    rows = check.integer("rows", rows, 1, 2**31 - 1)
    columns = check.integer("columns", columns, 1, 2**31 - 1)
    if rows * columns > MOST:
        raise ValueError(f"rows times columns must be at most {MOST:,}, got {rows:,} x {columns:,}")
    check.one_of("diagonals", diagonals, _core.DIAGONALS)
    check.one_of("shared", shared, _electrodes.SHARED)
    seed = check.seed("seed", seed)
    places = _electrodes.placed(electrodes, _electrodes.NODES)
    edges = _core.grid(rows, columns, _core.DIAGONALS.index(diagonals), seed)
    number = np.arange(rows * columns, dtype=np.int32).reshape(rows, columns)
    sides = {"left": number[:, 0], "right": number[:, -1], "bottom": number[0], "top": number[-1]}
    position = np.empty((rows * columns, 2))
    place = position.reshape(rows, columns, 2)
    for first in range(0, rows, block := max(1, PIECE // columns)):
        place[first : first + block, :, 0] = np.arange(columns)
        place[first : first + block, :, 1] = np.arange(rows)[first : first + block, None]
    arguments = {"rows": rows, "columns": columns, "diagonals": diagonals, "shared": shared, "seed": seed}
    told = ("rows", "columns", "diagonals", "seed")
    return _network("grid", arguments, told, rows * columns, edges, places, sides, position)


@generator(_electrodes.NUMBERED_NODES, n=10, degree=3.0, seed=1, electrodes={"a": 0})
@check.known_keywords
def random_network(
    n: int,
    degree: float,
    seed: int | None = None,
    electrodes: Mapping[str, Any] | None = None,
) -> Network:
    """Return a random graph with n degree / 2 edges, rounded, halves up, all such graphs being equally likely.

    Parameters
    ----------
    n : int
        Number of nodes, >= 1.
    degree : float
        Mean number of edges at a node, 0 to n - 1.
    seed : int, optional
        Fixes the edges. One that is not given is drawn, and recorded in `provenance` and `info`.
    electrodes : dict, optional
        Name to a node or a list of nodes. Default: "source" at the first node and "ground" at the last.

    Returns
    -------
    Network
        It need not be connected: ``info["percolates"]`` says whether the electrodes are.

    Raises
    ------
    ValueError
        An argument outside its range, or electrodes that share a node.
    TypeError
        An argument of the wrong type, or an unknown keyword.

    Notes
    -----
    The G(n, m) of Erdős and Rényi.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.random_network(50, 4, seed=1)
    >>> net.n_nodes, net.n_edges, list(net.electrodes)
    (50, 100, ['source', 'ground'])
    """
    n = check.integer("n", n, 1, 2**31 - 2)
    degree = check.real("degree", degree, 0.0, float(n - 1), "[]")
    if 0.5 * degree * n >= 2 * MOST:
        raise ValueError(f"n degree / 2 must be below {2 * MOST:,} edges, got n={n:,} and degree={degree:g}")
    seed = check.seed("seed", seed)
    if electrodes is None:
        electrodes = {"source": [0], "ground": [n - 1]} if n > 1 else {"source": [0]}
    places = _electrodes.placed(electrodes, _electrodes.NUMBERED_NODES)
    edges = _core.random_network(n, degree, seed)
    arguments = {"n": n, "degree": degree, "seed": seed}
    return _network("random_network", arguments, ("degree", "seed"), n, edges, places, {}, None)


def _network(
    function: str,
    arguments: dict[str, Any],
    told: tuple[str, ...],
    n_nodes: int,
    edges: Ids,
    places: Mapping[str, Place],
    sides: Mapping[str, Ids],
    position: Any,
) -> Network:
    arguments = {**arguments, "electrodes": _electrodes.plain(places, _electrodes.NODES)}
    return build(
        n_nodes=n_nodes,
        # Made here and nobody else's: to copy large ones takes long, and Ctrl-C would wait.
        edges=edges,
        are_ours=("edges",),
        length=None,
        position=None if position is None else read_only(position),
        electrodes=_electrodes.apart_by_number(places, sides, n_nodes, shared=arguments.get("shared", "error")),
        layout=Lattice(function=function, arguments=arguments, told=told, places=places),
    )
