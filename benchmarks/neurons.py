"""How good spike times are, and what neurons behind an array of memristors cost.

    python benchmarks/neurons.py times
    python benchmarks/neurons.py array [--steps 1000]

Prints Markdown tables. Errors are those of the period of a leaky membrane at 1 nA, against its closed form, and of an
exponential one, against the integral of 1/(dv/dt); steps are those of 0.4 s. The array is 80 driven rows, 1,000
columns, a memristor (RateBalance) at each crossing, and a neuron from each column to ground; each spike of the first
80 neurons starts a ramp at a row. Times are processor times of one core. Brian 2 has a Python of its own, which
MEMNET_BRIAN names (membranes.py).
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import time
from dataclasses import dataclass

import numpy as np
from membranes import brian_python
from scipy.integrate import quad

import memnet as mn

CURRENT, PERIOD = 1e-9, 281e-12 / 30e-9 * math.log((1e-9 / 30e-9) / (1e-9 / 30e-9 - 20.2e-3))
ROWS, COLUMNS, DT = 80, 1000, 1e-4
PULSE, LENGTH, SPACING = 0.1, 1e-3, 9e-3  # V, s, s: what drives the rows
SPIKE, SPIKE_LENGTH = 0.05, 1e-3  # V, s: a ramp to 0 that a spike starts at a row
T_REF = 2e-3
SYNAPSE = mn.RateBalance(g_min=2e-9, g_max=2e-7)
NEURON = mn.ElectrodeIntegrateAndFire(t_ref=T_REF)


def exponential_period() -> float:
    """Return the time (s) in which an exponential membrane comes from its reset to its cut."""
    c, g, rest, threshold, sharp, cut, reset = (
        float(mn.ExponentialIntegrateAndFire().parameters[name])
        for name in ("C_m", "g_L", "E_L", "V_T", "D_T", "V_cut", "V_r")
    )

    def slowness(v: float) -> float:
        return c / (CURRENT - g * (v - rest) + g * sharp * math.exp((v - threshold) / sharp))

    return float(quad(slowness, reset, cut, epsrel=1e-12)[0])


def error(neuron: mn.devices.Device, expected: float = PERIOD, **options: object) -> tuple[float, int]:
    """Return the largest relative error of a period, and how many steps were taken."""
    circuit = mn.Circuit()
    circuit.add("in", "gnd", neuron)
    sim = circuit.simulation({"in": mn.drive.current(CURRENT), "gnd": 0.0}, **options)
    run = sim.run(duration=0.4, progress=False)
    return float(abs(np.diff(run.event_time.values) / expected - 1.0).max()), sim.counters["steps"]


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
    expected = exponential_period()
    for dt in (2e-4, 1e-4, 1e-5):
        off, steps = error(mn.ExponentialIntegrateAndFire(), expected, dt=dt)
        print(f"| exponential, fixed, dt = {1e3 * dt:g} ms | {steps} | {off:.1e} |")
    for rtol in (1e-3, 1e-5):
        off, steps = error(mn.ExponentialIntegrateAndFire(), expected, dt=1e-3, method="adaptive", rtol=rtol)
        print(f"| exponential, adaptive, rtol = {rtol:g} | {steps} | {off:.1e} |")


def array(neuron: mn.devices.Device, *, with_reactions: bool = True) -> mn.Simulation:
    """Return driven rows, a memristor from each to each column, and a neuron from each column to ground.

    The columns of neurons that read an electrode's current are electrodes at 0 V, those of others are nodes.
    """
    crossings = [(row, ROWS + column) for column in range(COLUMNS) for row in range(ROWS)]
    to_ground = [(ROWS + column, ROWS + COLUMNS) for column in range(COLUMNS)]
    electrodes = {f"w{row}": row for row in range(ROWS)} | {"gnd": ROWS + COLUMNS}
    if isinstance(neuron, mn.ElectrodeIntegrateAndFire):
        electrodes |= {f"b{column}": ROWS + column for column in range(COLUMNS)}
    net = mn.Network(ROWS + COLUMNS + 1, [*crossings, *to_ground], electrodes=electrodes)
    pulses = mn.drive.pulses(0.0, PULSE, length=LENGTH, spacing=SPACING)
    drive = dict.fromkeys(electrodes, 0.0) | {f"w{row}": pulses for row in range(ROWS)}
    spike = mn.drive.piecewise_linear([0.0, SPIKE_LENGTH], [SPIKE, 0.0])
    reactions = [
        mn.react(
            neuron,
            "spike",
            electrode=f"w{row}",
            wave=spike,
            edges=[len(crossings) + row],
            refractory=SPIKE_LENGTH,
            overlap="last",
        )
        for row in range(ROWS if with_reactions else 0)
    ]
    devices = [*([SYNAPSE] * len(crossings)), *([neuron] * COLUMNS)]
    return mn.Simulation(net, devices, drive, dt=DT, reactions=reactions)


@dataclass(frozen=True)
class Cost:
    """What a step takes (s), and how many spikes are in one."""

    step: float
    spikes: float


def cost(neuron: mn.devices.Device, n_steps: int, **options: bool) -> Cost:
    """Return what neurons of a kind cost behind the array; building it does not count."""
    sim = array(neuron, **options)
    sim.run(2, progress=False)  # loads what a first run does
    before = time.process_time()
    run = sim.run(n_steps, progress=False)
    took = time.process_time() - before
    return Cost(took / n_steps, int((run.event_kind.values == 1).sum()) / n_steps)


BRIAN = '''
import json, sys, time
import brian2 as b, numpy as np
given, memristive = json.loads(sys.argv[1])
units = {"second": "dt length spacing spike_length t_ref", "volt": "pulse spike E_L V_T V_r", "farad": "C_m",
         "siemens": "g_L g_min g_max"}
names = dict(given)
names |= {name: given[name] * getattr(b, unit) for unit, those in units.items() for name in those.split()}
b.prefs.codegen.target = "cython"
b.defaultclock.dt = names.pop("dt")
rows = b.NeuronGroup(given["rows"], """
v = pulse*int(t % (length + spacing) < length) + spike*clip(1 - (t - last)/spike_length, 0, 1)*int(t > last) : volt
last : second
""", namespace=names)
rows.last = -1 * b.second
neurons = b.NeuronGroup(given["columns"], """
du/dt = (E_L - u + current/g_L)*g_L/C_m : volt (unless refractory)
current : amp
""", threshold="u > V_T", reset="u = V_r", refractory="t_ref", method="exponential_euler", namespace=names)
neurons.u = names["V_r"]
law = """
dg/dt = (k_p*(1 - g) - k_d*g)/second : 1 (clock-driven)
k_p = kappa_p0*exp(eta_p*abs(v_pre)/volt) : 1
k_d = kappa_d0*exp(-eta_d*abs(v_pre)/volt) : 1
"""
synapses = b.Synapses(rows, neurons, (law if memristive else "g : 1") + """
current_post = (g_min*(1 - g) + g_max*g)*v_pre : amp (summed)
""", method="exponential_euler", namespace=names)
synapses.connect()
synapses.g = names["kappa_p0"] / (names["kappa_p0"] + names["kappa_d0"])
counts = "last_post = last_post + (t - last_post)*int(t - last_post > 0.9999*spike_length)"
back = b.Synapses(neurons, rows, on_pre=counts, namespace=names)
back.connect(i=np.arange(given["rows"]), j=np.arange(given["rows"]))
spikes = b.SpikeMonitor(neurons)
net = b.Network(rows, neurons, synapses, back, spikes)
net.run(0 * b.second)
start = time.process_time()
net.run(given["n_steps"] * b.defaultclock.dt)
took = time.process_time() - start
print(json.dumps([took / given["n_steps"], spikes.num_spikes / given["n_steps"]]))
'''


def brian_cost(python: str, n_steps: int, *, memristive: bool) -> Cost:
    """The same in Brian 2, without a circuit: currents are sums over synapses; what compiling takes does not count."""
    synapse = {name: SYNAPSE.parameters[name] for name in ("kappa_p0", "kappa_d0", "eta_p", "eta_d", "g_min", "g_max")}
    given = {"rows": ROWS, "columns": COLUMNS, "dt": DT, "n_steps": n_steps, **NEURON.parameters, **synapse}
    given |= {"pulse": PULSE, "length": LENGTH, "spacing": SPACING, "spike": SPIKE, "spike_length": SPIKE_LENGTH}
    run = subprocess.run(
        [python, "-c", BRIAN, json.dumps([given, memristive])], capture_output=True, text=True, check=True
    )
    return Cost(*json.loads(run.stdout.strip().splitlines()[-1]))


def arrays(n_steps: int) -> None:
    """Print what a step of an array with neurons takes."""
    print(f"load of the machine {os.getloadavg()[0]:.1f}\n")
    print("| neurons | a step (ms) | 1 s at 0.1 ms (s) | spikes a step |\n|---|---|---|---|")

    def show(name: str, one: Cost) -> Cost:
        print(f"| {name} | {1e3 * one.step:.2f} | {one.step / DT:.1f} | {one.spikes:.1f} |", flush=True)
        return one

    ours = show("columns are electrodes", cost(NEURON, n_steps))
    show("the same without reactions", cost(NEURON, n_steps, with_reactions=False))
    python = brian_python()
    if python is None:
        print("| the same in Brian 2 | set MEMNET_BRIAN to a Python that has it | | |")
    else:
        theirs = show("the same in Brian 2, without a circuit", brian_cost(python, n_steps, memristive=True))
        plain = show("and with synapses that do not change", brian_cost(python, n_steps, memristive=False))
    few = max(n_steps // 10, 1)
    show("columns are nodes", cost(mn.CurrentIntegrateAndFire(t_ref=T_REF), few))
    show("membranes", cost(mn.IntegrateAndFire(t_ref=T_REF), few))
    if python is not None:
        ratios = f"{theirs.step / ours.step:.2f} times as long, {plain.step / ours.step:.2f} with plain synapses"
        print(f"\nBrian 2 takes {ratios}.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("what", choices=["times", "array"])
    parser.add_argument("--steps", type=int, default=1000)
    arguments = parser.parse_args()
    if arguments.what == "times":
        times()
    else:
        arrays(arguments.steps)
