"""Series circuits at electrodes: the nodes, edges and electrodes that a network with one more of them has.

A chain of k devices brings k edges and k + 1 nodes of its own, so no node of the network itself gets an edge. Its
first node is the outer end. In series at an electrode its last node is held together with the nodes that the electrode
had, as one further electrode (`inner`) which floats; beside the network (`to`) its ends belong to the two electrodes.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from memnet.base import check, read_only, text
from memnet.base.arrays import Floats, Ids
from memnet.base.carried import carried
from memnet.base.read_only import frozen

# What the name of an electrode is followed by where its former nodes hang behind a series circuit.
INNER = ".inner"
# Distance between nodes of a chain on a map, as a share of the network's extent.
STRIDE = 0.06


@dataclass(frozen=True, eq=False, repr=False)
class Attached(text.Summary, read_only.ReadOnlyArrays):
    """A series circuit that `Network.attach` put at an electrode.

    Attributes
    ----------
    electrode : str
        The electrode that it is at.
    to : str or None
        The electrode that its other end is at, where it lies beside the network.
    inner : str or None
        The electrode that the former nodes of `electrode` became, where it lies in series.
    devices : tuple of Device
        From the electrode on.
    nodes : ndarray of int32, (n_devices + 1,)
        Its own nodes, from the electrode on.
    edges : ndarray of int32, (n_devices,)
        The edge of each device, which points away from the electrode.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.grid(3, 3, diagonals="none").attach("left", mn.Resistor(conductance=1e-4))
    >>> net.attached[0]
    <Attached: Resistor(conductance=0.0001) at left, in series with left.inner>
    >>> net.attached[0].edges
    array([12], dtype=int32)
    >>> net.attached[0].plain()
    {'electrode': 'left', 'to': None, 'devices': ['Resistor']}
    """

    electrode: str
    to: str | None
    inner: str | None
    devices: tuple[Any, ...]  # each a `Carried`, of which this room knows no more
    nodes: Ids
    edges: Ids

    def plain(self) -> dict[str, Any]:
        """Return what JSON can hold of it: the models of its devices."""
        return {"electrode": self.electrode, "to": self.to, "devices": [device.model for device in self.devices]}

    def _summary(self) -> dict[str, str]:
        chain = text.listed([repr(device) for device in self.devices], "devices", " - ")
        other = f"to {self.to}" if self.inner is None else f"in series with {self.inner}"
        return {"": f"{chain} at {self.electrode}, {other}"}


def extended(state: Mapping[str, Any], electrode: str, devices: Sequence[Any], to: str | None) -> dict[str, Any]:
    """Return the parts of a network with one more series circuit.

    Parameters
    ----------
    state : mapping
        What a network is made of.
    electrode, devices, to : str, sequence of Device, str or None
        As `Network.attach` takes them.

    Raises
    ------
    TypeError, ValueError
        Something that is no device, or none at all; an unknown electrode; two ends at one electrode.
    """
    electrodes: dict[str, Ids] = dict(state["electrodes"])
    check.one_of("electrode", electrode, electrodes)
    if to is not None and check.one_of("to", to, electrodes) == electrode:
        raise ValueError(f"to must be another electrode than {electrode!r}, which a device would join to itself")
    chain = tuple(carried(f"devices[{k}]", device) for k, device in enumerate(devices))
    if not chain:
        raise ValueError(f"devices must hold at least one device to attach at {electrode!r}, got none")
    nodes = np.arange(state["n_nodes"], state["n_nodes"] + len(chain) + 1, dtype=np.int32)
    first_edge = len(state["edges"])
    edges = np.arange(first_edge, first_edge + len(chain), dtype=np.int32)
    here, there = electrodes[electrode], None if to is None else electrodes[to]
    inner = None
    if to is None:
        inner = _free_name(f"{electrode}{INNER}", electrodes)
        electrodes[electrode] = nodes[:1]
        electrodes[inner] = np.append(here, nodes[-1])
    else:
        electrodes[electrode] = np.append(here, nodes[0])
        electrodes[to] = np.append(electrodes[to], nodes[-1])
    position, length = state["position"], state["length"]
    if position is not None:
        position = np.concatenate([position, _placed(position, here, there, len(nodes))])
    return {
        **state,
        "n_nodes": state["n_nodes"] + len(nodes),
        "edges": np.concatenate([state["edges"], np.stack([nodes[:-1], nodes[1:]], axis=1)]),
        "length": None if length is None else np.append(length, np.zeros(len(chain))),
        "position": position,
        "electrodes": electrodes,
        "attached": (*state["attached"], Attached(electrode, to, inner, chain, frozen(nodes), frozen(edges))),
    }


def _free_name(name: str, taken: Mapping[str, Any]) -> str:
    """Return a name that no electrode has."""
    further = (f"{name}{k}" for k in itertools.count(2))
    return next(one for one in itertools.chain([name], further) if one not in taken)


def _placed(position: Floats, here: Ids, there: Ids | None, count: int) -> Floats:
    """Return where the nodes of a chain stand: in a row away from the network, or from one electrode to the other."""
    start = position[here].mean(axis=0)
    share = np.arange(count)[:, None]
    if there is not None:
        between: Floats = start + (position[there].mean(axis=0) - start) * (share / (count - 1))
        return between
    middle = position.mean(axis=0)
    extent = float(np.ptp(position, axis=0).max())
    away = start - middle
    size = float(np.hypot(*away))
    way = away / size if size > 1e-9 * extent else np.array([-1.0, 0.0])
    steps: Floats = start + (STRIDE * (extent or 1.0)) * way * share[::-1]
    return steps


def distinct_devices(attached: Sequence[Attached]) -> tuple[Any, ...]:
    """Return the different devices of series circuits, in the order in which they were attached."""
    return tuple({id(device): device for one in attached for device in one.devices}.values())


def contacts(electrodes: Mapping[str, Ids], joints: Mapping[str, str], n_own_nodes: int) -> Iterator[tuple[str, Ids]]:
    """Give each electrode that is no joint, and the nodes of the network itself that its circuits lead to."""
    touched: dict[str, Ids] = {}
    for name, nodes in electrodes.items():
        own = nodes[nodes < n_own_nodes]
        while name in joints:
            name = joints[name]
        if own.size:
            touched[name] = own
    return ((name, touched[name]) for name in electrodes if name not in joints)
