"""Impedances of networks, and whether a sine in time measures the same."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from measuring import Row, in_turn
from systems import sample

import memnet as mn


def spectra(quick: bool) -> Iterator[Row]:
    """Impedances of networks, and whether a sine in time measures the same."""
    net = sample()
    wires = mn.nanowires(1_500, size=500.0, length=40.0, length_sd=14.0, seed=40)
    mixed = mn.mix(net, {mn.TunnelGap(): 0.75, mn.RateBalance(): 0.25}, seed=2)
    frequency = np.geomspace(1e-3, 1e3, 60)
    for what, simulation in (
        ("A:C = 75:25, 200x200", mn.Simulation(net, mixed, {"left": 0.5, "right": 0.0})),
        ("1,500 wires", mn.Simulation(wires, mn.RateBalance(), {"left": 0.5, "right": 0.0})),
    ):
        (times,) = in_turn(1 if quick else 3, lambda sim=simulation: mn.impedance(sim, frequency=frequency))
        took, name = times.median, f"{what}: impedance at 60 frequencies"
        yield Row(name, f"**{took:.2f} s**", "< 10 s", took < 10.0, times.each, "s")
        few = [1e-3, 1e-2, 1e-1]
        exact = mn.impedance(simulation, frequency=few)
        measured = mn.impedance_by_sine(simulation, frequency=few, rtol=1e-6)
        off = float(np.abs(measured.values / exact.values - 1.0).max())
        name = f"{what}: largest difference from a sine at 3 frequencies"
        yield Row(name, f"**{off:.0e}**", "< 1e-5", off < 1e-5, [off])
