"""States of a device that stand for 0 and 1, and the resistances that it has in them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from memnet.base import check
from memnet.base.arrays import Floats
from memnet.devices import Device, state_fields, table_of
from memnet.network import Network
from memnet.simulate import Simulation

States: TypeAlias = Mapping[str, float]


def pair_of_states(value: Any) -> tuple[States, States]:
    """Return the states of 0 and of 1, or raise TypeError or ValueError."""
    what = 'the states of 0 and of 1, such as ({"x": 1.0}, {"x": 0.0})'
    check.instance("states", value, (tuple, list), what)
    if len(value) != 2 or not all(isinstance(one, Mapping) and one for one in value):
        raise TypeError(f"states must be {what}, got {check.shown(value)}")
    zero, one = ({name: check.real(f"states: {name}", number) for name, number in each.items()} for each in value)
    if set(zero) != set(one):
        raise ValueError(f"states must set the same states at 0 and at 1, got {check.shown(value)}")
    return zero, one


def ends_of_state(device: Device) -> tuple[States, States]:
    """Return both ends of the range of the only state of a device whose range is finite.

    Raises
    ------
    ValueError
        None, or several: then nobody but the user knows which states are 0 and 1.
    """
    table = state_fields(table_of(device))
    bounded = [
        name
        for name, field in table.items()
        if field["role"] == "state" and field["dimension"] is None and field["own_range"] is None
        if math.isfinite(field["low"]) and math.isfinite(field["high"])
    ]
    if len(bounded) != 1:
        raise ValueError(
            f"states must be given for {device.model}, whose states with a finite range are"
            f" {', '.join(bounded) or 'none'}: its states at 0 and at 1"
        )
    name = bounded[0]
    return {name: table[name]["low"]}, {name: table[name]["high"]}


def resistances(device: Device, states: Sequence[States], volts: float) -> Floats:
    """Return the resistance of a device in each of some states at a voltage (ohm)."""
    n = len(states)
    net = Network(2, [(0, 1)] * n, electrodes={"in": 0, "out": 1})
    sim = Simulation(net, device, {"in": volts, "out": 0.0})
    sim.set_state(device, **{name: np.array([one[name] for one in states]) for name in states[0]})
    current = sim.run(1, record="branch_current")["branch_current"].values[0]
    with np.errstate(divide="ignore"):
        return np.asarray(volts / current)
