# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 5. Your own device mixture
#
# Every device is an edge, so any mixture on any graph is one line. This notebook builds one that no paper has:
# spiking gaps, two kinds of synapses, a few leaky resistors and capacitors, with several electrodes.

# %%
import os

import matplotlib.pyplot as plt
import numpy as np

import memnet as mn

QUICK = os.environ.get("MEMNET_QUICK") == "1"
STEPS = 3_000 if QUICK else 30_000

size = 80.0
bands = {
    "in": (0.0, 0.5, 0.0, size),
    "low": (size - 0.5, size, 0.0, 0.4 * size),
    "high": (size - 0.5, size, 0.6 * size, size),
}
for seed in range(1, 50):
    try:
        net = mn.percolating(size, coverage=0.62, electrodes=bands, seed=seed)
        break
    except mn.ShortCircuit as reason:  # a group spans from one band to the other: the next seed
        print(reason)
net

# %% [markdown]
# Devices compare by identity: two `RateBalance` with different parameters are two populations. Any real parameter may
# be an array over all edges, here a spread of thresholds.

# %%
rng = np.random.default_rng(7)
spiking = mn.TunnelGap(e_t=rng.normal(10.0, 1.0, net.n_edges), r_w=0.05)
quick, slow = mn.RateBalance(), mn.RateBalance(kappa_p0=5e-5, kappa_d0=5e-3)
leak, storage = mn.Resistor(conductance=1e-3), mn.Capacitor(capacitance=1e-3)
devices = mn.mix(net, [(spiking, 0.6), (quick, 0.15), (slow, 0.15), (leak, 0.05), (storage, 0.05)], seed=3)
devices.counts

# %% [markdown]
# A drive is an expression: waveforms add up and follow each other, and an electrode may change its role, from a
# voltage to floating to a current. Here the input writes for a third of the run, floats, and is then read at a low
# voltage.

# %%
third = STEPS / 3
write = mn.drive.sine(amplitude=0.5, frequency=2e-3) + 2.5
drive = {"in": mn.drive.concat([(write, third), (None, third), (0.2, np.inf)]), "low": 0.0, "high": None}
fig, ax = plt.subplots(figsize=(9, 2))
times = np.arange(STEPS, dtype=float)
ax.plot(times, drive["in"](times))
ax.set(xlabel="time (s)", ylabel="input (V)", title="Where there is no line the input floats");

# %%
sim = mn.Simulation(net, devices, drive, seed=0)
data = sim.run(STEPS, record={"state:g": [quick, slow]}, every=10)
data

# %%
fig, (top, bottom) = plt.subplots(2, 1, figsize=(9, 5), sharex=True)
for name in ("in", "high"):
    top.plot(data.time, data.voltage.sel(electrode=name), lw=0.7, label=name)
top.set(ylabel="voltage (V)")
top.legend()
for device, label in ((quick, "quick synapses"), (slow, "slow synapses")):
    states = data[f"state_g_{sim.index_of(device)}"]
    bottom.plot(data.time, states.mean(states.dims[1]), label=label)
bottom.set(xlabel="time (s)", ylabel="mean g")
bottom.legend();

# %% [markdown]
# Stop, save, go on elsewhere: a checkpoint continues with the same bits.

# %%
path = "mixture.checkpoint"
sim.save(path)
copy = mn.Simulation.load(path)
first, second = sim.run(100), copy.run(100)
assert first.current.values.tobytes() == second.current.values.tobytes()
os.remove(path)

# %% [markdown]
# **Exercises.** 1. Make a crossbar: build its edges with NumPy and pass them to `mn.Network`. 2. Take a graph from
# networkx (`mn.from_networkx`) and put the same mixture on it. 3. Write your own model in C:
# [adding-a-device.md](../docs/adding-a-device.md).
