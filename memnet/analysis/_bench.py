"""A system on the bench: copies of it side by side in a simulation, and where each copy has its parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from memnet.base import check
from memnet.devices import Device, assigned, link
from memnet.network import Named, Network
from memnet.simulate import Circuit, Simulation


@dataclass(frozen=True)
class Bench:
    """Copies of a system: what makes a simulation of them, and where each copy has its parts.

    Attributes
    ----------
    start : callable
        From a drive, and further options of `Simulation`, to a simulation.
    electrodes : tuple of str
        The names that electrodes have in copy 0.
    renamed : callable
        From such a name and the number of a copy to the copy's electrode.
    edge : callable
        From what a user calls an element (None: the only one) and the number of a copy to the copy's edge.
    device : callable
        From an edge to what it carries.
    n_copies : int
        Copies in one simulation.
    """

    start: Callable[..., Simulation]
    electrodes: tuple[str, ...]
    renamed: Callable[[str, int], str]
    edge: Callable[[Any, int], int]
    device: Callable[[int], Device]
    n_copies: int


def bench(system: Any, electrodes: tuple[str, ...], realisations: int) -> Bench:
    """Return a system laid out: a network and its devices once, a device or circuit in as many copies as realisations.

    Parameters
    ----------
    system : Device, Circuit or (Network, devices)
    electrodes : tuple of str
        The two ports, and others that are driven.
    realisations : int

    Raises
    ------
    TypeError, ValueError
        Another system, an electrode that it has not.
    """
    if isinstance(system, Device):
        return _of_device(system, electrodes, realisations)
    if isinstance(system, Circuit):
        return _of_circuit(system, electrodes, realisations)
    if isinstance(system, tuple) and len(system) == 2 and isinstance(system[0], Network):
        return _of_network(*system, electrodes)
    raise TypeError(f"system must be a Device, a Circuit or a pair (network, devices), got {check.shown(system)}")


def _of_device(device: Device, electrodes: tuple[str, ...], n_copies: int) -> Bench:
    """Lay out copies of one device, each between two electrodes of its own: edge k is copy k."""
    if len(electrodes) > 2:
        raise ValueError(f"others must be empty where the system is one device, got {', '.join(electrodes[2:])}")
    renamed = _renaming(electrodes)
    nodes = {renamed(name, k): 2 * k + end for k in range(n_copies) for end, name in enumerate(electrodes)}
    net = Network(2 * n_copies, np.arange(2 * n_copies).reshape(-1, 2), electrodes=nodes)

    def start(drive: Any, **options: Any) -> Simulation:
        return Simulation(net, device, drive, **options)

    def edge(element: Any, k: int) -> int:
        if element is not None and not (isinstance(element, str) and element == device.model):
            raise ValueError(f"weight must be None or {device.model!r} of one device, got {check.shown(element)}")
        return k

    return Bench(start, electrodes, renamed, edge, lambda _: device, n_copies)


def _of_circuit(circuit: Circuit, electrodes: tuple[str, ...], n_copies: int) -> Bench:
    """Lay out copies of a circuit, which share no node."""
    for name in electrodes:
        check.known_name("node in ports or others", name, dict.fromkeys(circuit.nodes))
    node, element_name = _renaming(circuit.nodes), _renaming(tuple(circuit.elements))
    copies = Circuit()
    for k in range(n_copies):
        mine: dict[int, Device] = {}
        for one in circuit:
            if id(one.device) not in mine:
                mine[id(one.device)] = _of_copy(one.device, k, len(circuit), element_name)
            copies.add(node(one.a, k), node(one.b, k), mine[id(one.device)], name=element_name(one.name, k))
    place = {name: number for number, name in enumerate(circuit.elements)}

    def edge(element: Any, k: int) -> int:
        if element is None and len(place) == 1:
            return k
        if element is None:
            raise ValueError(f"weight must name the element whose state it is: {', '.join(place)}")
        return place[check.known_name("element in weight", element, place)] + k * len(place)

    return Bench(copies.simulation, electrodes, node, edge, lambda k: copies.devices[k], n_copies)


def _of_network(net: Network, devices: Any, electrodes: tuple[str, ...]) -> Bench:
    """Take a network as it is: realisations are simulations with other seeds. Electrodes that are not named float."""
    for name in electrodes:
        check.known_name("electrode in ports or others", name, net.electrodes)

    def start(drive: Any, **options: Any) -> Simulation:
        floating = {name: None for name in net.electrodes if name not in drive}
        return Simulation(net, devices, {**drive, **floating}, **options)

    def edge(element: Any, _: int) -> int:
        if element is None and net.n_edges == 1:
            return 0
        if isinstance(element, str) and isinstance(net.layout, Named):
            places = net.layout.element_number
            return places[check.known_name("element in weight", element, places)]
        return check.integer("weight", element, 0, int(net.n_edges) - 1)

    def device(number: int) -> Device:
        different, _, edges = assigned(devices, net)
        return next(one for one, mine in zip(different, edges, strict=True) if number in mine)

    return Bench(start, electrodes, lambda name, _: name, edge, device, 1)


def _renaming(names: Sequence[str]) -> Callable[[str, int], str]:
    """Return how things are called in copies: as they are in copy 0, then with a number that no name has yet."""
    mark = "@"
    while any(mark in name for name in names):
        mark += "@"
    return lambda name, k: f"{name}{mark}{k + 1}" if k else name


def _of_copy(device: Device, k: int, n_elements: int, element_name: Callable[[str, int], str]) -> Device:
    """Return the device that an element has in copy k: the same one if it can, so that copies are stepped together.

    One that reads another element reads that of its own copy.
    """
    if device.linked_to is None:
        return device
    if isinstance(device.linked_to, str):
        return link(device, to=element_name(device.linked_to, k))
    return link(device, to=np.asarray(device.linked_to) + k * n_elements if k else device.linked_to)
