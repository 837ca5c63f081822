"""Which way the edges of a network point."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from memnet.base import check
from memnet.base.arrays import Floats
from memnet.circuit._solve import solve_conductances
from memnet.network import Network, turned


@check.known_keywords
def oriented(
    net: Network, potential: ArrayLike | Mapping[str, float | None], *, conductance: float | ArrayLike | None = None
) -> Network:
    """Return a network whose edges point downhill: from the node of higher potential to that of lower potential.

    Bipolar devices count the sign of their voltage along their edge, and edges point as the network was made. Here all
    of them point with the current, so that a drive of one sign writes every device and one of the other sign erases
    it. Nothing but the order of the two nodes of an edge changes: lengths, positions, electrodes, discs, wires, labels
    and the numbers of nodes and edges stay.

    Parameters
    ----------
    net : Network
        The network; it is not changed.
    potential : array_like of float, (n_nodes,), or dict
        Potentials of the nodes (V), such as `Simulation.potential`; nan where a node has none. Or a drive: electrode
        to voltage (V), to `drive.current`, or to None where it floats, under which the potentials are solved for.
    conductance : float or array_like, (n_edges,), optional
        Conductances (S) with which a drive is solved; all 1 S by default. Only beside a drive.

    Returns
    -------
    Network
        Edges between nodes of equal potential, or without one, point as they did.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong type, shape or range, or a drive under which no edge has a voltage.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.Network(3, [(1, 0), (1, 2)], electrodes={"in": 0, "out": 2})
    >>> mn.oriented(net, {"in": 1.0, "out": 0.0}).edges.tolist()
    [[0, 1], [1, 2]]
    """
    check.instance("net", net, Network, "a Network")
    level = _potentials(net, potential, conductance)
    first, second = level[net.edges[:, 0]], level[net.edges[:, 1]]
    if not (first != second)[~np.isnan(first - second)].any():
        raise ValueError("potential gives no edge a voltage, so none has a direction")
    return turned(net, np.flatnonzero((first < second)[: net.n_own_edges]))


def _potentials(net: Network, potential: Any, conductance: Any) -> Floats:
    """Return what `oriented` compares: one potential a node, nan where there is none."""
    if not isinstance(potential, Mapping):
        if conductance is not None:
            raise ValueError(
                f"conductance is for a drive, and potential is none; got conductance={check.shown(conductance)}"
            )
        level = check.array("potential", potential, (net.n_nodes,), finite=False)
        if np.isinf(level).any():
            raise ValueError(f"potential must be finite or nan, got {level[np.isinf(level)][0]}")
        return level
    given = 1.0 if conductance is None else check.numeric("conductance", conductance)
    solved: Floats = np.asarray(solve_conductances(net, given, potential).potential)
    if np.iscomplexobj(solved):
        raise TypeError(
            f"potential must be a drive of real voltages, which have a direction, got {check.shown(potential)}"
        )
    return solved
