"""Devices for networks of nanowires."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from memnet.base import check
from memnet.devices._device import Device
from memnet.devices._models import MODELS
from memnet.network import Network


@check.known_keywords
def wire_devices(net: Network, junction: Device | Sequence[Device]) -> list[Device]:
    """Return one device an edge for a network of nanowires: `junction` on the junctions, resistors on the segments.

    Parameters
    ----------
    net : Network
        A network that `nanowires` or `nanowires_at` made.
    junction : Device, or sequence of Device (n_junctions,)
        The device on all junctions, or one a junction. Parameters given per edge are arrays over all edges.

    Returns
    -------
    list of Device
        What `Simulation` takes. Without a wire resistance there are no segments, and all are `junction`.

    Raises
    ------
    TypeError, ValueError
        A network without wires, something that is no device, or a sequence of another length.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.nanowires(200, size=100, length=20, wire_resistance=5.0, seed=1)
    >>> sim = mn.Simulation(net, mn.wire_devices(net, mn.RateBalance()), {"left": 1.0, "right": 0.0})
    """
    if not isinstance(net, Network) or net.wires is None:
        raise TypeError(f"net must be a network of nanowires, got {net!r}")
    wires = net.wires
    given = [junction] * len(wires.junctions) if isinstance(junction, Device) else junction
    each = list(given) if isinstance(given, Sequence) else [given]
    if not all(isinstance(one, Device) for one in each):
        raise TypeError(f"junction must be a device or a sequence of devices, got {junction!r:.80}")
    if len(each) != len(wires.junctions):
        raise ValueError(f"junction must have one device a junction, {len(wires.junctions)}, got {len(each)}")
    if not len(wires.segments):
        return each
    conductance = np.zeros(net.n_own_edges)
    conductance[wires.segments] = wires.segment_conductance
    return each + [MODELS["Resistor"](conductance=conductance)] * len(wires.segments)
