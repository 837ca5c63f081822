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
# # 6. A network of nanowires
#
# Silver nanowires with an insulating shell, thrown on a substrate, conduct only where two of them cross: at a
# *junction*, through which a filament of silver grows under voltage and dissolves without it. Here such a network is
# thrown, solved, taught by a pulse and left to forget. Then it is taken apart: what do the wires themselves cost, and
# how many of them are needed at all? Lengths are in µm.

# %%
import os
import warnings

import matplotlib.pyplot as plt
import numpy as np

import memnet as mn

QUICK = os.environ.get("MEMNET_QUICK") == "1"

box = {"size": 100.0, "length": 20.0, "length_sd": 5.0, "seed": 3}
net = mn.nanowires(300, **box)
net

# %% [markdown]
# Every wire is a node, every junction an edge. A pad is a side of the box here (it may be a rectangle, a disc or a
# list of wires), and its electrode is made of all wires that reach it. The wires without a path to a pad are
# "islands".

# %%
for name in ("n_wires", "n_junctions", "mean_degree", "n_island_nodes", "percolates", "path_gaps"):
    print(f"{name:15s} {net.info[name]}")

# %%
fig, ax = plt.subplots(figsize=(6.5, 5.6), layout="constrained")
mn.plot.network(net, ax=ax, title="Wires, pads, and a dot for each junction");

# %% [markdown]
# ## Where the current goes
#
# Give all junctions the same conductance and apply 1 V. The potential falls in steps, from wire to wire; the current
# takes many ways at once, and most junctions see only a small part of the voltage. Remember this: the junctions
# that see most of it will switch first.

# %%
low, high = 1e-3, 0.1  # conductance of a junction without and with its filament (S)
solution = mn.solve(net, low, {"left": 1.0, "right": 0.0})
drop = abs(np.diff(solution.potential[net.edges])[:, 0])
print(f"conductance {solution.conductance:.3e} S, that of {solution.conductance / low:.2f} junctions in parallel")
print(f"voltage of a junction per applied volt: median {np.nanmedian(drop):.4f}, largest {np.nanmax(drop):.3f}")

# %%
fig, axes = plt.subplots(1, 2, figsize=(11.5, 4.6), layout="constrained")
mn.plot.network(net, ax=axes[0], potential=solution.potential, title="Potential of the wires at 1 V")
mn.plot.network(net, ax=axes[1], current=low * drop, decades=3, title="Current through the junctions");

# %% [markdown]
# ## Junctions that learn
#
# `RateBalance` grows a junction's state $g$ at the rate $\kappa_P = \kappa_{P0}\,e^{\eta_P |v|}$ and lets it decay at
# $\kappa_D = \kappa_{D0}\,e^{-\eta_D |v|}$. Parameters for nanowire junctions are published, and memnet has them by
# name, but this set comes with a warning, which we catch and print:

# %%
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    junction = mn.RateBalance.preset("connectome-2022")
for warning in caught:
    print(f"{warning.category.__name__}: {warning.message}")
junction

# %% [markdown]
# The published scripts step these equations by a recursion that depends on the time step ([the model's
# page](../docs/models/rate_balance.md) shows how much). memnet takes the exact solution of a step instead, so the set
# is a good rate balance like any other, but it does not repeat the published curves. That is what the warning says,
# and here it is all right: nothing published is repeated. Written out, without a warning:

# %%
junction = mn.RateBalance(kappa_p0=1e-4, kappa_d0=0.5, eta_p=10.0, eta_d=1.0, g_min=low, g_max=high)
equal = np.log(junction.kappa_d0 / junction.kappa_p0) / (junction.eta_p + junction.eta_d)
print(f"potentiation and depression are equal at {equal:.3f} V on a junction")
print(f"without voltage the state decays in {1 / (junction.kappa_p0 + junction.kappa_d0):.3f} s")

# %% [markdown]
# Read at 0.1 V, write at 8 V for 20 s, read again. `method="adaptive"` chooses its steps by their errors, and `dt` is
# only how far apart the rows are. The simulation stops twice so that we can look at the junctions.

# %%
read, write = 0.1, 8.0
steps = {"dt": 0.1 if QUICK else 0.05, "method": "adaptive"}
before, pulse, after = 10.0, 20.0, 20.0
drive = mn.drive.concat([(read, before), (write, pulse), (read, np.inf)])


sim = mn.Simulation(net, junction, {"left": drive, "right": 0.0}, **steps)
looks, runs = [], []
for title, seconds in (("At the end of the pulse", before + pulse), ("2 s later", 2.0), ("20 s later", after - 2.0)):
    runs.append(sim.run(duration=seconds))
    looks.append((title, sim.conductance.copy()))
data = mn.concat(runs)

# %%
fig, (top, bottom) = plt.subplots(2, 1, figsize=(10, 5), sharex=True, height_ratios=(1, 3), layout="constrained")
top.step(data.time, drive(data.time.values), where="post", color="#d9480f")
top.set(ylabel="voltage (V)")
bottom.semilogy(data.time, data.conductance)
bottom.set(xlabel="time (s)", ylabel="conductance (S)");

# %% [markdown]
# ## The step that is exact, and the one that is not
#
# A step of `RateBalance` is exact as long as the voltage of a junction stays what it was. In a network it does not:
# a junction that switches takes the voltage off itself and puts it on its neighbours. When the pulse begins, some
# junctions have volts, and $e^{\eta_P |v|}$ makes them very fast. Steps of a fixed length, memnet's default, hold the
# voltages: all of these junctions switch at once, where in truth the first of them decide what is left for the others.
# memnet warns of that.

# %%
fig, ax = plt.subplots(figsize=(8, 3.6), layout="constrained")
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    for dt in (0.05, 0.01) if QUICK else (0.05, 0.005, 0.0005):
        one = mn.Simulation(net, junction, {"left": write, "right": 0.0}, dt=dt)
        fixed = one.run(duration=10.0)
        ax.semilogx(fixed.time[1:], fixed.conductance[1:], label=f"fixed, dt = {dt:g} s")
        g = fixed.conductance
        print(f"dt = {dt:6g} s: largest conductance {float(g.max()):.5f} S, at the end {float(g[-1]):.5f} S")
print(f"{caught[0].category.__name__}: {caught[0].message}")
one = mn.Simulation(net, junction, {"left": write, "right": 0.0}, dt=0.005, method="adaptive")
free = one.run(duration=10.0)
ax.semilogx(free.time[1:], free.conductance[1:], "k", label="adaptive")
g = free.conductance
print(f"adaptive     : largest conductance {float(g.max()):.5f} S, at the end {float(g[-1]):.5f} S")
ax.set(xlabel="time since the pulse began (s)", ylabel="conductance (S)")
ax.legend();

# %% [markdown]
# The end hardly depends on the step, the way there does. The conductance rises over seconds, and neither the leap at
# the first steps nor the overshoot of the longer ones is physics. [Notebook 9](09_does_my_answer_depend_on_dt.ipynb) has
# more on this; here all runs are adaptive from now on.
#
# ## What was written
#
# The maps of the junctions share one scale, `limits`. The pulse wrote paths from pad to pad, and reading does not
# refresh them.

# %%
fig, axes = plt.subplots(1, 3, figsize=(13, 4.2), layout="constrained")
for ax, (title, g) in zip(axes, looks, strict=True):
    mn.plot.network(net, ax=ax, conductance=g, limits=(low, high), title=title, colorbar=ax is axes[-1])

# %% [markdown]
# How fast is it forgotten? At the reading voltage a junction has next to no voltage, so each decays by itself.

# %%
fig, ax = plt.subplots(figsize=(6, 3.4), layout="constrained")
for voltage in (read, read / 100.0):
    reading = mn.drive.concat([(voltage, before), (write, pulse), (voltage, np.inf)])
    data = mn.Simulation(net, junction, {"left": reading, "right": 0.0}, **steps).run(duration=before + pulse + after)
    settled = data.conductance.sel(time=before - steps["dt"], method="nearest")  # it was read for long enough
    above = (data.conductance - settled).where(data.time > before + pulse - steps["dt"] / 2, drop=True)
    elapsed = above.time - before - pulse
    constants = []
    for first in (0.0, 6.0, 16.0):
        part = (elapsed >= first) & (elapsed < first + 4.0)
        constants.append(-1.0 / np.polyfit(elapsed[part], np.log(above[part]), 1)[0])
    print(f"read at {voltage:5g} V: time constants early, later and last", np.round(constants, 3), "s")
    ax.semilogy(elapsed, above, label=f"network, read at {voltage:g} V")
ax.semilogy(elapsed, above[0] * np.exp(-elapsed * (junction.kappa_p0 + junction.kappa_d0)), "k:", label="one junction")
ax.set(xlabel="time after the pulse (s)", ylabel="conductance above rest (S)")
ax.legend();

# %% [markdown]
# The network forgets nearly as fast as one junction, and what is missing has two reasons. Reading slows the decay down
# a little, and does so less at a smaller voltage. And the conductance of a network is proportional to that of its
# junctions only if all of them change in proportion, but those that were never written do not fade: on the way down
# they carry more and more of the current.
#
# ## What the wires cost
#
# So far wires had no resistance. A silver wire has some, and with `wire_resistance=` it becomes part of the circuit: a
# node at each junction of a wire, a resistor between two of them. The same seed gives the same wires. Bulk silver in
# a wire 100 nm thick is the least one can expect; surfaces and grain boundaries add to it.

# %%
resistivity, diameter = 1.6e-8, 100e-9  # ohm m, m
print(f"bulk silver: {resistivity / (np.pi * diameter**2 / 4) * 1e-6:.2f} ohm/µm")
fig, ax = plt.subplots(figsize=(8, 3.6), layout="constrained")
table, kept = [], {}
for resistance in (None, 2.0, 50.0) if QUICK else (None, 2.0, 10.0, 50.0):
    wired = mn.nanowires(300, **box, wire_resistance=resistance)
    sim = mn.Simulation(wired, mn.wire_devices(wired, junction), {"left": drive, "right": 0.0}, **steps)
    runs, shares = [], []
    for seconds in (before, pulse, after):
        runs.append(sim.run(duration=seconds))
        power = sim.conductance * np.nan_to_num(sim.branch_voltage) ** 2
        shares.append(power[wired.wires.segments].sum() / power.sum())
        kept[resistance, len(runs)] = (wired, sim.potential.copy())
    data = mn.concat(runs)
    ax.semilogy(data.time, data.conductance, label="none" if resistance is None else f"{resistance:g} ohm/µm")
    first, last = float(runs[0].conductance[0]), float(runs[1].conductance[-1])
    table.append((resistance or 0.0, first, last, last / first, *shares[:2]))
ax.set(xlabel="time (s)", ylabel="conductance (S)")
ax.legend(title="wire resistance", loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False)
print("ohm/µm   at rest (S)   in the pulse (S)   ratio   share of the power in wires, at rest and in the pulse")
for row in table:
    print("{:6.0f}   {:11.5f}   {:16.5f}   {:5.1f}   {:6.3f} {:6.3f}".format(*row))

# %% [markdown]
# At rest most of the power goes into junctions, unless the wires are very bad. In the pulse junctions with filaments
# conduct better than the pieces of wire between them, the share of the wires grows, and already those of bulk silver
# decide how far the network can switch. A model that leaves the wires out puts their resistance into its `g_max`.

# %%
fig, axes = plt.subplots(1, 2, figsize=(11.5, 4.6), layout="constrained")
for ax, resistance in zip(axes, (None, 50.0), strict=True):
    wired, potential = kept[resistance, 2]
    words = "without resistance" if resistance is None else f"of {resistance:g} ohm/µm"
    mn.plot.network(wired, ax=ax, potential=potential, title=f"Potential in the pulse, wires {words}")

# %% [markdown]
# ## How many wires make a network
#
# Thin sticks of length $\ell$ percolate, in an infinite plane, at about $5.637/\ell^2$ of them per area. In a box
# of finite size the share of networks that join both pads rises over a range of densities, which shrinks as the box
# grows. A pad that no wire touches at all is an error in memnet, since it is nearly always a mistake; here it means
# "does not percolate".

# %%
length = 20.0
threshold = 5.637 / length**2


def percolates(density, size, seed):
    """Whether a network of this density joins its pads."""
    try:
        return mn.nanowires(density=density, size=size, length=length, seed=seed).info["percolates"]
    except ValueError as reason:
        if "no wire touches" not in str(reason):
            raise
        return False


networks = 15 if QUICK else 100
relative = np.linspace(0.4, 1.7, 14)
fig, ax = plt.subplots(figsize=(7, 3.8), layout="constrained")
for size in (100.0, 200.0) if QUICK else (100.0, 200.0, 400.0):
    share = [np.mean([percolates(x * threshold, size, seed) for seed in range(networks)]) for x in relative]
    ax.plot(relative, share, "o-", ms=3, label=f"{size:g} µm = {size / length:g} wire lengths")
ax.axvline(1.0, color="0.5", lw=0.8)
ax.set(xlabel="density of wires / threshold of the infinite plane", ylabel="share that percolates")
ax.legend(title="side of the box");

# %% [markdown]
# A network that does not percolate is a network like any other: it can be solved and simulated. `info` says that no
# path leads from pad to pad, and the current is exactly zero: on each side the wires are at the potential of their
# pad, the islands between them (grey) at none.

# %%
for seed in range(100):
    if not percolates(0.8 * threshold, 100.0, seed):
        break
broken = mn.nanowires(density=0.8 * threshold, size=100.0, length=length, seed=seed)
print(f"percolates {broken.info['percolates']}, path_gaps {broken.info['path_gaps']}")
sim = mn.Simulation(broken, junction, {"left": write, "right": 0.0}, **steps)
data = sim.run(100)
print(f"largest current in {data.sizes['time']} rows at {write:g} V: {float(abs(data.current).max())} A")
fig, ax = plt.subplots(figsize=(6.5, 5.4), layout="constrained")
mn.plot.network(broken, ax=ax, potential=sim.potential, title="No path from pad to pad");

# %% [markdown]
# Beyond the threshold density and voltage decide together. `mn.theory.phase_diagram` throws networks at each density,
# holds each at each voltage, and turns the conductance at the end into the $\langle g\rangle$ that equal junctions
# would need for it: 0 with all junctions low, 1 with all high. Denser networks have shorter paths, hence more voltage
# for a junction, and switch at a somewhat lower voltage; close to the threshold one network differs much from the next.

# %%
phase = mn.theory.phase_diagram(
    threshold * np.linspace(0.5, 3.0, 4 if QUICK else 11),
    np.linspace(2.0, 22.0, 4 if QUICK else 11),
    device=junction,
    length=length,
    n_networks=1 if QUICK else 3,
    seed=1,
    method="adaptive",
)
order = phase.order.mean("network", skipna=True)
fig, ax = plt.subplots(figsize=(7, 4.4), layout="constrained")
ax.set_facecolor("0.85")
mesh = ax.pcolormesh(phase.density / threshold, phase.voltage, order.T, vmin=0.0, vmax=1.0, shading="nearest")
fig.colorbar(mesh, ax=ax, label=r"$\langle g\rangle$ from the conductance")
ax.axvline(1.0, color="#d9480f", label="percolation threshold")
ax.set(xlabel="density of wires / threshold", ylabel="voltage (V)", title="Grey: no network percolates")
ax.legend(loc="lower right");

# %% [markdown]
# **Exercises.** 1. Put the pads at two discs, `electrodes={"in": (20, 50, 5), "out": (80, 50, 5)}`, and map the
# current. 2. Pulse twice with a pause between: for which pauses does the second pulse start higher? 3. Align the wires
# (`angles=(0.0, 0.3)`). Does the network percolate earlier along them? 4. Give every junction its own `g_max`, an array
# over all edges, and see whether the map of the pulse still looks like that of the paths.
