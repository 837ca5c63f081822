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
# # 20. Which networks compute
#
# A sequence drives a memristive network; what is read of it holds a fading, nonlinear memory of the sequence, and a
# linear readout computes with that ([reservoirs](../docs/reservoirs.md)). Here six kinds of networks do the same task
# from one input electrode, many times over, each beside what needs no memristor.

# %%
import os
import warnings

import matplotlib.pyplot as plt
import networkx as nx
import numpy as np
from sklearn.linear_model import RidgeCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import memnet as mn
from memnet import learn

warnings.simplefilter("ignore", mn.StepWarning)  # steps are as long as those of the data: a part of the model
QUICK = os.environ.get("MEMNET_QUICK") == "1"
SEEDS = range(2 if QUICK else 20)
WASHOUT, LEARNT, STEPS = 100, 1000, 1500

# %% [markdown]
# ## Six networks
#
# Five have the same edges: synapses whose potentiation and depression balance, each with a rate of its own, which
# forget within some steps. The sixth has nanopores that rectify. Each has one input and one electrode at 0 V.


# %%
def balanced(shape, seed):
    rates = 0.8 * 10.0 ** np.random.default_rng(seed).uniform(-0.5, 0.5, shape)
    return {"kappa_p0": 0.04 * rates, "kappa_d0": rates}


SYNAPSE = {"eta_p": 1.5, "eta_d": 1.2, "g_min": 0.006, "g_max": 1.0}


def two_of(n, seed):
    first, second = np.random.default_rng(seed).permutation(n)[:2]
    return {"in": int(first), "ground": int(second)}


def synapses(net, seed):
    return net, mn.RateBalance(**balanced(net.n_edges, seed), **SYNAPSE)


def grid(seed):
    return synapses(mn.grid(7, 7, seed=seed, electrodes=two_of(49, seed)), seed)


def wires(seed):
    net = mn.nanowires(90, size=60.0, length=15.0, length_sd=3.0, seed=seed, electrodes={"all": {"wires": [0]}})
    part = sorted(max(nx.connected_components(net.to_networkx()), key=len))
    place = {node: k for k, node in enumerate(part)}
    edges = [(place[a], place[b]) for a, b in net.edges.tolist() if a in place]
    return synapses(mn.Network(len(part), edges, electrodes=two_of(len(part), seed)), seed)


def discs(seed):
    return synapses(mn.percolating(20, 0.6, seed=seed), seed)


def random_graph(seed):
    return synapses(mn.random_network(49, 5.0, seed=seed, electrodes=two_of(49, seed)), seed)


def crossbar(seed):
    net = mn.crossbar(7, 7, line_resistance=1.0)
    return net, mn.cell_devices(net, mn.RateBalance(**SYNAPSE), **balanced((7, 7), seed))


def pores(seed):
    return mn.grid(7, 7, seed=seed, electrodes=two_of(49, seed)), mn.Nanopore()


# Of each: how it is made, its input and its ground, volts of an input of 1 and of 0, and the step.
KINDS = {
    "grid": (grid, "in", "ground", 0.23, 3.0, 1.0),
    "wires": (wires, "in", "ground", 0.23, 3.0, 1.0),
    "discs": (discs, "left", "right", 0.23, 3.0, 1.0),
    "random graph": (random_graph, "in", "ground", 0.23, 3.0, 1.0),
    "crossbar": (crossbar, "w0", "b6", 0.23, 3.0, 1.0),
    "pores": (pores, "in", "ground", 4.0, 2.0, 1e-3),
}


def states(kind, seed, u):
    make, start, end, scaling, offset, dt = KINDS[kind]
    net, device = make(seed)
    drive = {name: 0.0 if name in (start, end) else None for name in net.electrodes}
    sim = mn.Simulation(net, device, drive, dt=dt, seed=seed)
    known = np.flatnonzero(np.isfinite(sim.potential)).tolist()  # what hangs at no electrode has no potential
    held = {int(node) for name in (start, end) for node in net.electrodes[name]}
    free = np.array(sorted(set(known) - held))
    free = np.random.default_rng(seed).permutation(free)[:40].tolist()
    read = {"potential": free, "current": [start, end]}
    reservoir = learn.Reservoir(sim, [start], read, mask="identity", scaling=scaling, offset=offset)
    return reservoir.fit_transform(u)


# %% [markdown]
# ## The task
#
# NARMA-10 asks for products of inputs up to ten steps apart. Up to 40 potentials and two currents are read. The error
# is the root of the mean squared error over the standard deviation, on steps that the readout has not seen: 1 is a guess.
# The memory capacity is that of the same states, of directions above a millionth of the largest.


# %%
def error(features, y):
    model = make_pipeline(StandardScaler(), RidgeCV(np.logspace(-9, 2, 12)))
    model.fit(features[WASHOUT:LEARNT], y[WASHOUT:LEARNT])
    return learn.nrmse(y[LEARNT:], model.predict(features[LEARNT:]))


def memory(features, u):
    return learn.memory_capacity(features, u, max_delay=60, washout=WASHOUT, tolerance=1e-6).total


found = {kind: [] for kind in (*KINDS, "tanh on the grid", "delay line of 10", "input")}
kept = []
for seed in SEEDS:
    u, y = learn.narma(STEPS, seed=seed)
    made = {kind: states(kind, seed, u) for kind in KINDS}
    kept.append((y, dict(made)))
    made["tanh on the grid"] = learn.EchoState(grid(seed)[0], scaling=0.3, bias=0.1, random_state=seed).fit_transform(u)
    made["delay line of 10"] = learn.DelayLine(10).fit_transform(u)
    made["input"] = u
    for kind, features in made.items():
        found[kind].append((error(features, y), memory(features, u)))

print(f"mean and standard error over {len(SEEDS)} seeds")
for kind, pairs in found.items():
    mean, spread = np.mean(pairs, axis=0), np.std(pairs, axis=0, ddof=1) / np.sqrt(len(pairs))
    print(f"{kind:18s} NRMSE {mean[0]:.3f} ± {spread[0]:.3f}, memory capacity {mean[1]:5.2f} ± {spread[1]:.2f}")

# %%
fig, ax = plt.subplots(figsize=(6.5, 4), layout="constrained")
for k, (kind, pairs) in enumerate(found.items()):
    errors, capacities = np.transpose(pairs)
    marker = "o" if kind in KINDS else "s"
    bars = [one.std(ddof=1) / np.sqrt(len(pairs)) for one in (errors, capacities)]
    ax.errorbar(capacities.mean(), errors.mean(), *bars, fmt=marker, color=f"C{k}", label=kind)
ax.set(xlabel="memory capacity (steps)", ylabel="NRMSE of NARMA-10", ylim=(0.3, 1.0))
ax.legend(fontsize=8, ncols=2);

# %% [markdown]
# Every kind of network does better than a readout of its input. Networks of synapses remember about the ten steps that
# the task asks for; pores, which follow the voltage within a few steps, forget sooner. The same grid with units of tanh
# remembers more, and does better than any of them.
#
# ## What an instrument leaves of it
#
# A simulation reads potentials to 16 digits, and the far past is in the last of them. With noise on each value, in shares
# of its standard deviation, a network keeps less of it; the grey line is the readout of the input.

# %%
noises = [0.0, 1e-5, 1e-4, 1e-3, 1e-2]
fig, ax = plt.subplots(figsize=(6.5, 3.2), layout="constrained")
for kind in ("grid", "random graph", "pores"):
    rows = []
    for seed, (y, made) in zip(SEEDS, kept, strict=True):
        clean = made[kind]
        noise = np.random.default_rng(seed).normal(size=clean.shape) * clean[WASHOUT:].std(axis=0)
        rows.append([error(clean + share * noise, y) for share in noises])
    mean, bars = np.mean(rows, axis=0), np.std(rows, axis=0, ddof=1) / np.sqrt(len(rows))
    ax.errorbar(range(len(noises)), mean, bars, fmt="o-", label=kind)
    print(kind, dict(zip(noises, mean.round(3).tolist(), strict=True)))
ax.axhline(np.mean([one for one, _ in found["input"]]), color="grey", lw=0.8)
ax.set_xticks(range(len(noises)), [f"{one:g}" for one in noises])
ax.set(xlabel="noise of a read", ylabel="NRMSE", ylim=(0.3, 1.0))
ax.legend(fontsize=8);
