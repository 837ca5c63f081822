"""Devices whose edges read other edges of the network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from memnet.base import check
from memnet.base.read_only import read_only
from memnet.devices._device import Device, altered

D = TypeVar("D", bound=Device)


@check.known_keywords
def link(device: D, to: int | str | ArrayLike) -> D:
    """Return a device like another whose edges each read one other edge of the network.

    What is read is that edge's voltage, and those of its states that the model names: a transistor reads the voltage
    between its gate and its source. A Resistor of conductance 0 makes an edge that carries nothing and can be read.

    Parameters
    ----------
    device : Device
        A device whose model reads another edge, such as `Transistor`. One that is linked already is linked anew.
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
    return altered(device, linked_to=checked_edges(to))


def with_edges(device: Device, edges: Mapping[str, int]) -> Device:
    """Return a device whose link is a number, where it is a name: of the edges that there are.

    Raises
    ------
    ValueError
        An unknown name (with the nearest one).
    """
    if not isinstance(device.linked_to, str):
        return device
    return altered(
        device, linked_to=edges[check.known_name(f"name of an element in to of {device!r}", device.linked_to, edges)]
    )


def checked_edges(to: Any) -> Any:
    """Return one edge, the name of one, or an array of edges that nobody changes."""
    if isinstance(to, str):
        return to
    if np.ndim(to) == 0:
        return check.integer("to", to, 0, 2**31 - 1)
    return read_only(np.array(check.ids("to", to, (None,), 2**31 - 1, "edges")))
