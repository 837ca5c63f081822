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
# # 18. A crossbar reads, writes, computes
#
# Lines that cross, with a memristor at each crossing: a memory, and a matrix that multiplies what is put on its rows.
# What the circuit adds is the subject here: paths around the cell that is read, and lines that are no ideal conductors.
# After section 4.2 of Chen et al., Adv. Mater. 2023, doi 10.1002/adma.202301924 ([arrays](../docs/arrays.md)).

# %%
import os

import matplotlib.pyplot as plt
import numpy as np

import memnet as mn

QUICK = os.environ.get("MEMNET_QUICK") == "1"

# %% [markdown]
# ## Read
#
# Each cell is 10 or 1,000 kohm. One is read at 0.2 V while all other lines float.

# %%
rng = np.random.default_rng(1)
net = mn.crossbar(6, 8)
pattern = rng.random((6, 8)) < 0.5
pattern[1, 5] = False
g = np.where(pattern, 1e-4, 1e-6)
drive = mn.arrays.read_drive(net, (1, 5), 0.2)
drawn = mn.plot.crossbar(net, values=g, log=True, cell=(1, 5), drive=drive)
solution = mn.solve(net, mn.cell_conductances(net, g), drive)
print(f"the cell is {0.2 * g[1, 5]:.1e} A, its bit line gives {-solution.current_of('b5'):.1e} A")

# %% [markdown]
# The cell is off, and reads as if it were on: the current goes around it.

# %%
found = mn.arrays.sneak_paths(net, g, (1, 5), 0.2, longest=5)
print(found)
for path in found.paths[:3]:
    print(" - ".join(f"({row}, {column})" for _, row, column in path.cells), f"{path.current:.2e} A")

# %% [markdown]
# How far a read tells the two states apart in arrays of n x n, for three schemes, with and without a selector in each
# cell.

# %%
selector = mn.Selector(i_0=1e-9, v_0=0.1)
plain = (1e-4, 1e-6)
selected = tuple(mn.series(selector, mn.Resistor(conductance=g)) for g in plain)
sizes = [2, 4, 8, 16] if QUICK else [2, 4, 8, 16, 32, 64]
fig, ax = plt.subplots(figsize=(6.0, 3.6), layout="constrained")
for scheme, style in (("float", "-"), ("V/2", "--"), ("V/3", ":")):
    for name, states, colour in (("resistors", plain, "#1f4e8c"), ("with selectors", selected, "#b4530a")):
        ratios = [mn.arrays.read_margin(mn.crossbar(n, n), *states, 1.0, scheme=scheme).ratio for n in sizes]
        ax.semilogy(sizes, ratios, style, marker=".", color=colour, label=f"{name}, {scheme}")
ax.set_xscale("log", base=2)
ax.set(xlabel="lines, n", ylabel="current on / off", ylim=(0.9, 90.0))
ax.legend(fontsize="small", ncols=2, frameon=False);
# %% [markdown]
# ## Write
#
# Memristors with thresholds: a pulse of 1.5 V with half of it on all other lines moves one of them. Without a
# threshold, half of the voltage moves all cells of both lines.

# %%
net = mn.crossbar(8, 8, line_resistance=2.0, contact_resistance=20.0)
changes = []
for device in (mn.BipolarThreshold(), mn.RateBalance(kappa_p0=0.5, eta_p=2.0, g_min=1e-6, g_max=1e-4)):
    pulse = mn.arrays.write_drive(net, (2, 5), 1.5, width=0.02, scheme="V/2")
    sim = mn.Simulation(net, mn.cell_devices(net, device), pulse, dt=1e-3, seed=0)
    before = sim.conductance[net.cell[0]].copy()
    sim.step(20)
    changes.append(sim.conductance[net.cell[0]] / before - 1.0)
fig, axes = plt.subplots(1, 2, figsize=(8.0, 3.4), layout="constrained")
for ax, change, title in zip(axes, changes, ("with a threshold", "without"), strict=True):
    mn.plot.cells(net, change, ax=ax, cell=(2, 5), label="change of conductance", title=title)
print([f"{np.delete(change.ravel(), 2 * 8 + 5).max() / change[2, 5]:.3f}" for change in changes])

# %% [markdown]
# ## Compute
#
# Voltages on rows, bit lines at 0 V: the currents out of bit lines are the product with the matrix of conductances, as
# far as the lines let them.

# %%
n = 32 if QUICK else 64
weights = rng.uniform(1e-6, 1e-4, (n, n))
volts = rng.uniform(0.0, 0.3, n)
fig, ax = plt.subplots(figsize=(5.0, 3.6), layout="constrained")
for ohms in (0.0, 1.0, 5.0):
    net = mn.crossbar(n, n, line_resistance=ohms, contact_resistance=ohms)
    solution = mn.solve(net, mn.cell_conductances(net, weights), mn.arrays.vmm_drive(net, volts))
    ax.plot(1e6 * (volts @ weights), -1e6 * solution.current[n:], ".", label=f"{ohms:g} ohm a segment")
    print(f"{ohms:g} ohm: off by {np.abs(1.0 + solution.current[n:] / (volts @ weights)).max():.1e}")
ax.axline((0.0, 0.0), slope=1.0, color="0.7", lw=0.8)
ax.set(xlabel="product (µA)", ylabel="current out of bit lines (µA)")
ax.legend(fontsize="small");
# %% [markdown]
# Where the voltage goes, and what cells have left of it:

# %%
drawn = mn.plot.line_drops(net, solution.potential)
across = solution.potential[net.layout.word_node] - solution.potential[net.layout.bit_node]
drawn = mn.plot.cells(net, volts[:, None] - across, label="voltage lost (V)")

# %% [markdown]
# ## Layers
#
# Two layers that share the lines between them, and pillars through planes.

# %%
fig, axes = plt.subplots(1, 2, figsize=(9.0, 4.2), layout="constrained")
for ax, stacking, layers in ((axes[0], "shared", 2), (axes[1], "vertical", 3)):
    stack = mn.crossbar(3, 4, layers=layers, stacking=stacking)
    mn.plot.crossbar(stack, ax=ax, cell=(1, 0, 3), title=stacking)
