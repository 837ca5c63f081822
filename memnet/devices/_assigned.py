"""Which edge carries which device: one device on all, one an edge, or a mixture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from memnet.base.read_only import read_only
from memnet.devices._cell_devices import cell_devices
from memnet.devices._device import Device
from memnet.devices._mix import Mix, has_lines
from memnet.network import Network

# The different devices, how those given were assigned, and the edges of each.
Assigned: TypeAlias = tuple[tuple[Device, ...], Mix | NDArray[np.int32] | None, list[NDArray[np.int32]]]


def assigned(devices: Any, net: Network) -> Assigned:
    """Return the different devices of a network, how those given were assigned to its own edges, and each one's edges.

    One device is that of all edges, of a crossbar that of all cells unless it has a value for each edge. Devices
    attached to electrodes follow those given, unless they are among them.

    Raises
    ------
    TypeError, ValueError
        Something else than devices, or not one for each edge.
    """
    if isinstance(devices, Device) and has_lines(net) and not _has_all_edges(devices, net.n_own_edges):
        devices = cell_devices(net, devices)
    given, assignment, edges = _assigned_to_own(devices, net.n_own_edges)
    if not net.attached:
        return given, assignment, edges
    place = {id(device): k for k, device in enumerate(given)}
    different, members = list(given), [list(part) for part in edges]
    for one in net.attached:
        for device, edge in zip(one.devices, one.edges.tolist(), strict=True):
            k = place.setdefault(id(device), len(different))
            if k == len(different):
                different.append(device)
                members.append([])
            members[k].append(edge)
    return tuple(different), assignment, [read_only(np.array(part, dtype=np.int32)) for part in members]


def reassigned(
    devices: Sequence[Device], assignment: Mix | NDArray[np.int32] | None, changed: Mapping[int, Device]
) -> Device | Mix | list[Device]:
    """Return devices as `Simulation` takes them, some of them changed.

    Parameters
    ----------
    devices, assignment : sequence of Device, Mix or array
        What `assigned` has returned.
    changed : mapping
        What takes the place of a device, by the id of that.
    """
    other = [changed.get(id(device), device) for device in devices]
    if assignment is None:
        return other[0]
    if isinstance(assignment, Mix):
        return Mix(other[: len(assignment.devices)], assignment.fractions, assignment.seed, len(assignment))
    return [other[k] for k in assignment]


def _assigned_to_own(devices: Any, n_edges: int) -> Assigned:
    """Return what `assigned` does, for the edges that are the network's own."""
    if isinstance(devices, Device):
        return (devices,), None, [read_only(np.arange(n_edges, dtype=np.int32))]
    if isinstance(devices, Mix):
        _check_count(len(devices), n_edges)
        return devices.devices, devices, [devices.edges_of(device) for device in devices.devices]
    if isinstance(devices, Mapping):
        raise TypeError("devices must be a Device, a Mix or one device an edge; use mn.mix(net, {...}) for fractions")
    if isinstance(devices, str) or not isinstance(devices, Sequence):
        raise TypeError(f"devices must be a Device, a Mix or a list with one device an edge, got {devices!r}")
    _check_count(len(devices), n_edges)
    place: dict[int, int] = {}
    different: list[Device] = []
    assignment = np.empty(n_edges, dtype=np.int32)
    for edge, device in enumerate(devices):
        if not isinstance(device, Device):
            raise TypeError(f"devices[{edge}] must be a Device, got {device!r}")
        if id(device) not in place:
            place[id(device)] = len(different)
            different.append(device)
        assignment[edge] = place[id(device)]
    order = np.argsort(assignment, kind="stable").astype(np.int32)
    ends = np.cumsum(np.bincount(assignment, minlength=len(different)))[:-1]
    edges = [read_only(part.copy()) for part in np.split(order, ends)] if different else []
    return tuple(different), read_only(assignment), edges


def _has_all_edges(device: Device, n_edges: int) -> bool:
    """Return whether a parameter of a device has a value for each edge of the network."""
    return any(np.ndim(value) == 1 and np.size(value) == n_edges for value in device.parameters.values())


def _check_count(count: int, n_edges: int) -> None:
    if count != n_edges:
        raise ValueError(f"devices must hold one device for each of the network's {n_edges} edges, got {count}")
