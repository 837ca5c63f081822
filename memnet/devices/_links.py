"""Devices whose edges read other edges of the network."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from memnet import equations
from memnet.base import check
from memnet.base.read_only import read_only
from memnet.devices._device import Device

D = TypeVar("D", bound=Device)


@check.known_keywords
def link(device: D, to: int | str | ArrayLike) -> D:
    """Return a device like another whose edges each read one other edge of the network.

    What is read is that edge's voltage, and those of its states that the model names: a transistor reads the voltage
    between its gate and its source. A Resistor of conductance 0 makes an edge that carries nothing and can be read.

    Parameters
    ----------
    device : Device
        A device whose model reads another edge, such as `Transistor`, or a `series` in which one does. One that is
        linked already is linked anew.
    to : int, array of int (edges of the device,) or str
        The edge that is read: one for all edges of the device, or one for each, in the order of `edges_of`. A name is
        that of an edge of a circuit, which alone knows names.

    Returns
    -------
    Device
        Of the same class, with the same parameters; `linked_to` is what it reads. It is another device: they compare
        by identity.

    Raises
    ------
    TypeError, ValueError
        No device, one whose model reads no other edge, or no edges.

    Examples
    --------
    >>> import memnet as mn
    >>> mn.link(mn.Transistor(v_t=0.7), to=2)
    link(Transistor(v_t=0.7), to=2)
    """
    check.instance("device", device, Device, "a device")
    if device._table["linked_states"] is None:
        raise ValueError(f"device must be one that reads another edge, which {device.model} does not, got {device!r}")
    return device.relinked(checked_edges(to))


def with_edges(device: Device, edges: Mapping[str, int]) -> Device:
    """Return a device whose link is a number, where it is a name: of the edges that there are.

    Raises
    ------
    ValueError
        An unknown name (with the nearest one).
    """
    if not isinstance(device.linked_to, str):
        return device
    return device.relinked(edges[check.known_name(f"name of an element in to of {device!r}", device.linked_to, edges)])


def checked_edges(to: Any) -> Any:
    """Return one edge, the name of one, or an array of edges that nobody changes."""
    if isinstance(to, str):
        return to
    if np.ndim(to) == 0:
        return check.integer("to", to, 0, 2**31 - 1)
    return read_only(np.array(check.ids("to", to, (None,), 2**31 - 1, "edges")))


def refuse_linked_units(devices: Sequence[Device], edges: Sequence[NDArray[np.int32]]) -> None:
    """Raise ValueError where a text says another unit of a state that it reads than the edge's own model has.

    Parameters
    ----------
    devices : sequence of Device
        Those of a network, linked to edges that there are.
    edges : sequence of array of int
        The edges of each.
    """
    for whole, own in zip(devices, edges, strict=True):
        device = next((part for part in whole.own_parts if part._table["linked_states"]), whole)
        text = device._table["text"]
        if text is None or not device._table["linked_states"] or not own.size:
            continue
        units = _linked_units(device.model, text, tuple(_state_units(device).items()))
        for other, of_other in zip(devices, edges, strict=True):
            read = np.intersect1d(np.asarray(whole.linked_to), of_other)
            if read.size:
                _refuse_units(device, other, units, int(read[0]))


def _state_units(device: Device) -> dict[str, str]:
    return {field["name"]: field["unit"] for field in device._table["fields"] if field["role"] != "parameter"}


@functools.lru_cache(maxsize=256)
def _linked_units(name: str, text: str, own: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    """Return the units of the states that a text reads, where it says one or has a state of the name itself."""
    model = equations.parse(name, text)
    said = {**dict(own), **{state: one.unit.unit for state, one in model.linked_units.items()}}
    return {state: said[state] for state in model.linked_states if state in said}


def _refuse_units(device: Device, other: Device, units: Mapping[str, str], edge: int) -> None:
    has = _state_units(other)
    for name, unit in units.items():
        if name in has and not equations.same_unit(unit, has[name]):
            raise ValueError(
                f"{device.model} takes linked.{name} {_in(unit)}, but {name} of {other.model}, which is on edge {edge},"
                f" is {_in(has[name])}; the text of {device.model} may say `linked {name} in {has[name]}`"
            )


def _in(unit: str) -> str:
    return "without a unit" if unit == "1" else f"in {unit}"
