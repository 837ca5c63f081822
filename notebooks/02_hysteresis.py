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
# # 2. Hysteresis: from one memristor to a network of them
#
# A memristor is a conductor that remembers. Drive it up and down in voltage and its current-voltage curve is a loop,
# pinched at the origin. Two models of volatile memristors are compared here:
#
# * **Type B**, `Hillock`: the field raises a hillock in a gap, which relaxes when the field goes. Every gap has its own
#   length, so every gap behaves differently.
# * **Type C**, `RateBalance`: potentiation against depression, with rates exponential in voltage. All alike.

# %%
import os

import matplotlib.pyplot as plt
import numpy as np

import memnet as mn

QUICK = os.environ.get("MEMNET_QUICK") == "1"


def sweep(net, device, high, period=200.0, cycles=2):
    """Drive `left` with a triangle from 0 V and measure the loops."""
    drive = {"left": mn.drive.triangle(0.0, high, period=period), "right": 0.0}
    data = mn.Simulation(net, device, drive).run(duration=cycles * period + 1.0)  # the last step closes the loop
    return mn.analysis.hysteresis(data)


# %% [markdown]
# ## One device
#
# A network of two nodes and one edge is a single device between two electrodes. Above, the current; below, the
# conductance, in which a loop that is pinched at the origin opens.

# %%
one = mn.Network(2, [(0, 1)], length=[0.02], electrodes={"left": [0], "right": [1]})
single = {"B": sweep(one, mn.Hillock(), 0.2), "C": sweep(one, mn.RateBalance(), 0.2)}
for name, loops in single.items():
    cycle = loops.cycles[1]
    print(f"{name}: opening {cycle.opening:.2f}, conductance ratio {cycle.ratio:.2f}, {cycle.direction}")

# %%
fig, axes = plt.subplots(2, 2, figsize=(10, 7), layout="constrained")
for (top, bottom), (name, loops) in zip(axes.T, single.items(), strict=True):
    mn.plot.loop(loops, ax=top)
    top.set_title(f"one Type {name} device", loc="left")
    cycle = loops.cycles[1]
    bottom.plot(cycle.voltage, cycle.conductance)
    bottom.set(xlabel="voltage (V)", ylabel="conductance (S)")

# %% [markdown]
# ## A network of the same devices
#
# The voltage on the network is ten times higher, because it drops over about ten gaps. How similar is the loop? Scale
# both loops to the same peak and take the root mean square distance over the range of the network's loop.

# %%
net = mn.percolating(size=80 if QUICK else 200, coverage=0.65, seed=5)
print(net.info["path_gaps"], "gaps on the path of least resistance")
network = {"B": sweep(net, mn.Hillock(), 2.0), "C": sweep(net, mn.RateBalance(), 2.0)}

# %%
fig, axes = plt.subplots(1, 2, figsize=(10, 3.5))
for ax, name in zip(axes, "BC", strict=True):
    alone, together = single[name].cycles[1], network[name].cycles[1]
    distance = mn.analysis.loop_distance(alone, together)
    ax.plot(alone.voltage * 10, alone.conductance / alone.conductance.max(), "--", label="one device, V x 10")
    ax.plot(together.voltage, together.conductance / together.conductance.max(), label="network")
    ax.set(xlabel="voltage on the network (V)", ylabel="G / peak", title=f"Type {name}: distance {distance:.3f}")
    ax.legend()

# %% [markdown]
# Identical devices (C) give a network that looks like one of them. Different devices (B) average out: the network's
# loop is none of the single loops. The choice of the single gap length matters for B; try some.

# %%
lengths = np.linspace(0.005, 0.06, 6 if QUICK else 12)
distance = []
for length in lengths:
    gap = mn.Network(2, [(0, 1)], length=[length], electrodes={"left": [0], "right": [1]})
    distance.append(mn.analysis.loop_distance(sweep(gap, mn.Hillock(), 0.2).cycles[1], network["B"].cycles[1]))
fig, ax = plt.subplots(figsize=(5, 3))
ax.plot(lengths, distance, "o-")
ax.set(xlabel="length of the single gap (pd)", ylabel="distance to the network's loop");

# %% [markdown]
# **Exercises.** 1. Sweep faster and slower than the memory time of 20 s: when does the loop close? 2. Apply a bipolar
# triangle. Both models use $|V|$: what does the loop look like? 3. `memnet reproduce pnn2025 --figure 3` draws the
# published figure; compare.
