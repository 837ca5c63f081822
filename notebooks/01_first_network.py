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
# # 1. Your first network
#
# This course takes you from a drop of nanoparticles to learning. Each notebook stands on the one before it and runs
# in less than a minute when the environment variable `MEMNET_QUICK=1` is set, in a few minutes without it.
#
# A *percolating network of nanoparticles* (PNN) is a film of metal particles, stopped just before it conducts:
# particles that touch form *groups*, and between the groups there are *gaps* of a few nanometres or less through
# which electrons tunnel. memnet throws discs of diameter 1 at a square; lengths are in particle diameters (pd),
# everything else is in SI units.

# %%
import os

import matplotlib.pyplot as plt
import numpy as np

import memnet as mn

QUICK = os.environ.get("MEMNET_QUICK") == "1"

net = mn.percolating(size=60 if QUICK else 200, coverage=0.65, seed=4)
net

# %% [markdown]
# Nodes are groups, edges are gaps. `info` tells you what you got: the number of groups, the gaps, the groups that no
# path joins to an electrode ("islands"), and the number of gaps on the path of least resistance between the
# electrodes. Look at that last number whenever you compare networks: the voltage drops over about so many gaps in
# series.

# %%
net.info

# %%
fig, (left, right) = plt.subplots(1, 2, figsize=(11, 4))
mn.plot.network(net, ax=left, groups="discs", title="Groups of particles, each in one colour")
right.hist(net.length, bins=50)
right.set(xlabel="gap length (pd)", ylabel="gaps", title="Most gaps are far too long to matter");

# %% [markdown]
# ## Why solving it is hard
#
# A gap of length $L$ conducts $G = \alpha\,e^{-\beta L}$ with $\alpha = 1$ S and $\beta = 200$ per pd. Gaps up to 1
# pd therefore span 87 decades, and a sparse solver that subtracts loses the small ones in the rounding of the large
# ones. memnet eliminates nodes by star-mesh transforms, which only add and multiply positive numbers. Nothing is cut
# off.

# %%
conductance = np.exp(-200.0 * net.length)
solution = mn.solve(net, conductance, {"left": 1.0, "right": 0.0})
print(f"conductances from {conductance.min():.1e} to {conductance.max():.1e} S")
print(f"current {solution.current_of('left'):.3e} A in, {solution.current_of('right'):.3e} A out")

# %% [markdown]
# Kirchhoff's law as a check: at each free node the currents cancel, to rounding.

# %%
a, b = net.edges.T
v = np.nan_to_num(solution.potential)
flow = conductance * (v[a] - v[b])
residual = np.bincount(a, flow, net.n_nodes) - np.bincount(b, flow, net.n_nodes)
scale = np.bincount(a, conductance * (abs(v[a]) + abs(v[b])), net.n_nodes)
scale += np.bincount(b, conductance * (abs(v[a]) + abs(v[b])), net.n_nodes)
free = np.setdiff1d(np.arange(net.n_nodes), np.concatenate(list(net.electrodes.values())))
worst = (abs(residual[free]) / np.maximum(scale[free], 1e-300)).max() / np.finfo(float).eps
print(f"worst residual: {worst:.2f} eps")
assert worst < 8

# %% [markdown]
# ## A first simulation
#
# Put a spiking gap (`TunnelGap`, "Type A") on every edge: in a strong field a filament of atoms grows until it
# bridges the gap (an event, +1); a large current thins it until it breaks (an event, -1). Both rates and thresholds
# are parameters.

# %%
gap = mn.TunnelGap()
sim = mn.Simulation(net, gap, {"left": 2.0, "right": 0.0}, dt=1.0, seed=0)
data = sim.run(5_000 if QUICK else 50_000)
data

# %%
fig, ax = plt.subplots(figsize=(11, 3.5))
mn.plot.trace(data, variable="conductance", ax=ax, log=True);

# %% [markdown]
# The ticks below the curve are the events: a filament closed a gap, a filament broke. `data` is an `xarray.Dataset`: it knows units, seeds and parameters, goes to a file with `data.to_netcdf("run.nc")`,
# and `mn.rerun(data)` repeats the run bit for bit.

# %%
again = mn.rerun(data)
assert (again.conductance.values == data.conductance.values).all()

# %% [markdown]
# **Exercises.** 1. Change the seed: how much do `path_gaps` and the conductance move? 2. Raise the voltage step by
# step. When do events begin? A gap can only switch if $V/L$ exceeds 10 V/pd somewhere: which gaps can switch at 2 V
# at all?
# 3. Read [the model's page](../docs/models/tunnel_gap.md) and make a gap that leaks.
