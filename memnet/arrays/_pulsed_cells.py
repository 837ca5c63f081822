"""Cells that are devices, pulsed through the circuit: what an update becomes in whole pulses."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from memnet.base.arrays import Floats
from memnet.devices import Device, cell_devices
from memnet.network import Network
from memnet.simulate import Simulation

# Pulses that one update may give a cell, so that an absurd change ends.
MOST_PULSES = 1000


class PulsedCells:
    """The devices of a crossbar in a simulation whose steps are pulses, by the scheme of half voltages.

    Parameters
    ----------
    net : Network
        Of `mn.crossbar`.
    device : Device
    volts, seconds : float
        Voltage and length of a pulse.
    span : float
        Range of a cell (S), of which changes are shares.
    seed : int
    """

    def __init__(self, net: Network, device: Device, volts: float, seconds: float, span: float, seed: int) -> None:
        self.device = device
        self._net, self._volts = net, volts
        self._cell = net.cell[0]
        self._rng = np.random.default_rng(seed)
        self._ground = dict.fromkeys(net.electrodes, 0.0)
        self._sim = Simulation(net, cell_devices(net, device), self._ground, dt=seconds, seed=seed)
        self._sim.step()
        self.shares = self._measured(span)

    def conductances(self) -> Floats:
        """Return the conductance of each cell (S)."""
        return np.asarray(self._sim.conductance[self._cell])

    def _measured(self, span: float) -> tuple[float, float]:
        """Return by which share of the range a pulse moves the mean cell from where it stands, up and down."""
        found = []
        for sign in (1.0, -1.0):
            trial = self._sim.copy()
            before = trial.conductance[self._cell].mean()
            for drive in (self._selected(range(self._cell.shape[0]), range(self._cell.shape[1]), sign), self._ground):
                trial.set_drive(drive)
                trial.step()
            moved = float(trial.conductance[self._cell].mean() - before) / span
            if not sign * moved > 0.0:
                raise ValueError(
                    f"pulse of {sign * self._volts:g} V must move the device {'up' if sign > 0 else 'down'}, it moved"
                    f" {moved:.3g} of its range: give another voltage or length, or a device that learns both ways"
                )
            found.append(abs(moved))
        return found[0], found[1]

    def move(self, change: Floats) -> None:
        """Pulse cells until they have moved by about a change, shares of their range."""
        for sign, share in ((1.0, self.shares[0]), (-1.0, self.shares[1])):
            wanted = np.maximum(sign * change, 0.0) / share
            count = np.minimum(np.floor(wanted + self._rng.random(wanted.shape)), MOST_PULSES).astype(int)
            for column in np.flatnonzero(count.any(axis=0)):
                for pulse in range(count[:, column].max()):
                    rows = np.flatnonzero(count[:, column] > pulse)
                    self._sim.set_drive(self._selected(rows, [int(column)], sign))
                    self._sim.step()
        self._sim.set_drive(self._ground)
        self._sim.step()

    def _selected(self, rows: Iterable[int], columns: Iterable[int], sign: float) -> dict[str, float]:
        """Return the drive that puts the voltage of a sign on some cells, and at most half of it on others."""
        half = 0.5 * sign * self._volts
        return {**self._ground, **{f"w{k}": half for k in rows}, **{f"b{k}": -half for k in columns}}
