"""Which potentials are unknown at direct current, and which are held."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from memnet.circuit import refuse_undefined, undefined_nodes
from memnet.drive import ROLE_CURRENT, ROLE_VOLTAGE
from memnet.network import Network
from memnet.response._system import Nodes

Floats = NDArray[np.float64]


def sorted_nodes(
    net: Network,
    conducts: NDArray[np.bool_],
    role: NDArray[np.uint8],
    base: Floats,
    slope: Floats,
    joins: NDArray[np.bool_] | None = None,
) -> Nodes:
    """Return what each node's potential is, where electrodes have the values `base + load * slope` (V or A).

    Parameters
    ----------
    net : Network
    conducts : ndarray, (n_edges,)
        Which edges may carry a direct current that depends on their voltage.
    role : ndarray, (n_electrodes,)
        Of each electrode.
    base, slope : ndarray, (n_electrodes,)
    joins : ndarray of bool, (n_edges,), optional
        Which edges carry anything at all; all without it. What no path of them joins to a held electrode has no
        potential.

    Raises
    ------
    ValueError
        A node, reached from a held one, that nothing defines at direct current; a current into a part of the network
        that no voltage holds, or currents alone that do not sum to 0.
    """
    electrode = np.full(net.n_nodes, -1)
    for number, members in enumerate(net.electrodes.values()):
        electrode[members] = number
    holds = role == ROLE_VOLTAGE
    if not holds.any():
        holds = _grounded(role, base, slope)
    merged = np.where(electrode >= 0, electrode, len(role) + np.arange(net.n_nodes))
    held = (electrode >= 0) & holds[electrode]
    names = [name for name, holds_it in zip(net.electrodes, holds, strict=True) if holds_it]
    defined = np.ones(net.n_nodes, dtype=bool)
    defined[undefined_nodes(net, np.ones(net.n_edges, dtype=bool) if joins is None else joins, names)] = False
    fed = (electrode >= 0) & (role == ROLE_CURRENT)[electrode]
    if (fed & ~defined).any():
        name = list(net.electrodes)[electrode[np.flatnonzero(fed & ~defined)[0]]]
        raise ValueError(f"drive[{name!r}] is a current into a part of the network that no voltage holds")
    loose = undefined_nodes(net, conducts, names)
    refuse_undefined(net, loose[defined[loose]])
    volts = role == ROLE_VOLTAGE
    places, free = np.unique(merged[defined & ~held], return_inverse=True)
    place = np.full(net.n_nodes, -1)
    place[defined & ~held] = free
    into = [np.zeros(len(places)), np.zeros(len(places))]
    for k in np.flatnonzero((role == ROLE_CURRENT) & ~holds):
        for values, given in zip(into, (base, slope), strict=True):
            values[np.searchsorted(places, k)] += given[k]
    at = np.where(electrode >= 0, electrode, 0)
    held_values = [np.where(held & volts[at], given[at], 0.0) for given in (base, slope)]
    return Nodes(place, defined, (held_values[0], held_values[1]), (into[0], into[1]))


def _grounded(role: NDArray[np.uint8], base: Floats, slope: Floats) -> NDArray[np.bool_]:
    """Return the electrode that is at 0 V where currents alone are driven: the first of these."""
    fed = role == ROLE_CURRENT
    for values in (base, slope):
        if abs(values[fed].sum()) > 1e-12 * np.abs(values[fed]).sum():
            raise ValueError("drive must hold an electrode at a voltage, or its currents must sum to 0 at every load")
    first: NDArray[np.bool_] = np.arange(len(role)) == int(np.argmax(fed))
    return first
