"""One device at voltages, its states where they settle, and its linearisation there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from memnet.base import check
from memnet.base.arrays import Floats
from memnet.devices import Device, state_fields, table_of
from memnet.network import Network
from memnet.simulate import Equations, Linear, Simulation

# Rates that are affine in a state lead to it in one step; more take away what that one has lost to rounding.
MOST_STEPS = 4
# By which part a slope may differ at other states and still be that of an affine rate, which knows its own state alone.
ROUNDING = 1e-9


def checked_device(device: Any) -> Device:
    """Return a device that has one steady state at each voltage, as far as its parameters tell.

    Raises
    ------
    TypeError, ValueError
        No device; one with a parameter for each edge, or that reads another edge.
    """
    check.instance("device", device, Device, "a device, such as mn.Nanopore()")
    for name, value in device.parameters.items():
        if isinstance(value, np.ndarray):
            raise ValueError(f"device must have one number for each parameter, got {value.size} for {name}")
    if device.linked_to is not None:
        raise ValueError(f"device must not read another edge, got {device!r}")
    checked: Device = device
    return checked


@dataclass(frozen=True)
class Settled:
    """One edge for each voltage, whose states are those at which all rates are 0.

    Raises
    ------
    ValueError
        A model without a differential equation; a rate that is not affine in its state, or knows another one; one that
        leads nowhere.
    """

    device: Device
    volts: Floats

    @cached_property
    def equations(self) -> Equations:
        """The device as a differential equation."""
        edges = [(0, 1)] * self.volts.size
        net = Network(2, edges, electrodes={"a": 0, "b": 1})
        return Equations(Simulation(net, self.device, {"a": 0.0, "b": 0.0}, dt=1.0))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The states that a rate moves."""
        charged = table_of(self.device)["voltage_field"]
        fields = state_fields(table_of(self.device))
        return tuple(name for name, field in fields.items() if name != charged and field["kind"] == "real")

    @cached_property
    def states(self) -> Floats:
        """Where they settle, (n_states,), rows as those of the equations."""
        states: Floats = self.equations.present.copy()
        first = self.equations.at(self.volts, states)
        for _ in range(MOST_STEPS):
            linear = self.equations.at(self.volts, states)
            for name in self.names:
                row = self.row(name)
                self._check_decay(name, first.f_x[row], linear.f_x[row])
                states[row] -= linear.f[row] / linear.f_x[row]
        self._check_apart(states)
        return states

    @cached_property
    def linear(self) -> Linear:
        """Currents, charges and rates there, with their slopes."""
        return self.equations.at(self.volts, self.states)

    def row(self, name: str) -> slice:
        """Return where a state stands among all of them."""
        return self.equations.part_of(self.device).row(name)

    def _check_decay(self, name: str, first: Floats, slope: Floats) -> None:
        bad = ~((slope < 0.0) & (np.abs(slope - first) <= ROUNDING * np.abs(first)))
        if bad.any():
            volt = self.volts[np.flatnonzero(bad)[0]]
            raise ValueError(
                f"device must have states with rates (x_eq - x)/tau; that of {name} of {self.device.model} is no such"
                f" one at {volt:g} V: mn.equilibria finds static states of any device"
            )

    def _check_apart(self, states: Floats) -> None:
        """Refuse states of which one moves another: with the others elsewhere each must settle where it did."""
        if len(self.names) < 2:
            return
        for name in self.names:
            other = states.copy()
            for one in self.names:
                other[self.row(one)] = states[self.row(one)] if one == name else 0.37 * states[self.row(one)] + 0.29
            row = self.row(name)
            linear = self.equations.at(self.volts, other)
            off = np.abs(linear.f[row] / linear.f_x[row])
            if (off > ROUNDING * np.maximum(np.abs(states[row]), 1.0)).any():
                raise ValueError(
                    f"device must have states that do not move one another, and {name} of {self.device.model} is moved"
                    " by others: mn.equilibria finds static states of any device"
                )
