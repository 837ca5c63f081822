"""How good spike times are, and what neurons behind an array of memristors cost.

    python benchmarks/neurons.py times
    python benchmarks/neurons.py array [--steps 100]

Prints Markdown tables. Errors are those of the period of a leaky membrane at 1 nA, against its closed form; steps are
those of 0.4 s. The array is 80 driven rows, 1,000 columns, a memristor at each crossing, and a neuron from each
column to ground; 80 reactions wait for spikes. Times are processor times of one core.
"""

from __future__ import annotations

import argparse
import math
import time

import numpy as np

import memnet as mn

CURRENT, PERIOD = 1e-9, 281e-12 / 30e-9 * math.log((1e-9 / 30e-9) / (1e-9 / 30e-9 - 20.2e-3))
ROWS, COLUMNS = 80, 1000


def error(neuron: mn.devices.Device, **options: object) -> tuple[float, int]:
    """Return the largest relative error of a period, and how many steps were taken."""
    circuit = mn.Circuit()
    circuit.add("in", "gnd", neuron)
    sim = circuit.simulation({"in": mn.drive.current(CURRENT), "gnd": 0.0}, **options)
    run = sim.run(duration=0.4, progress=False)
    return float(abs(np.diff(run.event_time.values) / PERIOD - 1.0).max()), sim.counters["steps"]


def times() -> None:
    """Print errors over steps."""
    print("| steps | of 0.4 s | error of the period |\n|---|---|---|")
    for dt in (1e-3, 5e-4, 2e-4, 1e-4, 1e-5):
        off, steps = error(mn.IntegrateAndFire(), dt=dt)
        print(f"| fixed, dt = {1e3 * dt:g} ms | {steps} | {off:.1e} |")
    for rtol in (1e-3, 1e-4, 1e-5, 1e-6):
        off, steps = error(mn.IntegrateAndFire(), dt=1e-3, method="adaptive", rtol=rtol)
        print(f"| adaptive, rtol = {rtol:g} | {steps} | {off:.1e} |")
    for dt in (1e-4, 1e-5):
        off, steps = error(mn.CurrentIntegrateAndFire(), dt=dt)
        print(f"| at virtual ground, fixed, dt = {1e3 * dt:g} ms | {round(0.4 / dt)} | {off:.1e} |")


def array(n_steps: int) -> None:
    """Print what a step of an array with neurons takes."""
    crossings = [(row, ROWS + column) for column in range(COLUMNS) for row in range(ROWS)]
    n_synapses = len(crossings)
    to_ground = [(ROWS + column, ROWS + COLUMNS) for column in range(COLUMNS)]
    electrodes = {f"w{row}": row for row in range(ROWS)} | {"gnd": ROWS + COLUMNS}
    net = mn.Network(ROWS + COLUMNS + 1, [*crossings, *to_ground], electrodes=electrodes)
    synapse = mn.RateBalance(g_min=2e-9, g_max=2e-7)
    pulses = mn.drive.pulses(0.0, 0.1, length=1e-3, spacing=9e-3)
    drive = dict.fromkeys(electrodes, pulses) | {"gnd": 0.0}
    spike = mn.drive.piecewise_linear([0.0, 1e-3], [0.05, 0.0])
    kinds = {"at virtual ground": mn.CurrentIntegrateAndFire(t_ref=2e-3), "membranes": mn.IntegrateAndFire(t_ref=2e-3)}
    print("| neurons | a step (ms) | 1 s at 0.1 ms (s) | spikes a step |\n|---|---|---|---|")
    for name, neuron in kinds.items():
        options = {"refractory": 1e-3, "overlap": "last"}
        reactions = [
            mn.react(neuron, "spike", electrode=f"w{k}", wave=spike, edges=[n_synapses + k], **options)
            for k in range(ROWS)
        ]
        devices = [*([synapse] * n_synapses), *([neuron] * COLUMNS)]
        sim = mn.Simulation(net, devices, drive, dt=1e-4, reactions=reactions)
        sim.step(2)
        before = time.process_time()
        run = sim.run(n_steps, record=["current"], progress=False)
        took = (time.process_time() - before) / n_steps
        n_spikes = int((run.event_kind.values == 1).sum())
        print(f"| {name} | {1e3 * took:.1f} | {1e4 * took:.0f} | {n_spikes / n_steps:.0f} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("what", choices=["times", "array"])
    parser.add_argument("--steps", type=int, default=100)
    arguments = parser.parse_args()
    if arguments.what == "times":
        times()
    else:
        array(arguments.steps)
