"""What memristive networks compute, beside what computes as much without memristors. Prints tables.

    python benchmarks/reservoirs.py                  all tables, 20 seeds: some minutes
    python benchmarks/reservoirs.py narma --seeds 5  one of narma, waveforms, capacity, patterns, mackey-glass

Of each seed all readouts see the same data and the same numbers of read values: networks, an echo state network of tanh
on the same graph with the best of some spectral radii and scalings (as conn2res has it), a delay line of as many taps, one
of ten, and the input itself. Ridge strengths are chosen by leave-one-out on the steps that are learnt from, those of the echo
state networks by their last quarter. A line is the mean and its standard error.
"""

from __future__ import annotations

import argparse
import time
import warnings

import numpy as np
from sklearn.linear_model import LinearRegression, LogisticRegression, RidgeCV
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import memnet as mn
from memnet import learn

RIDGES = np.logspace(-9.0, 2.0, 12)
RADII = (0.6, 0.8, 0.9, 1.0, 1.1)
SCALINGS = (0.1, 0.3, 1.0)
# Steps of NARMA-10: what is left out, learnt from, and predicted.
WASHOUT, LEARNT, STEPS = 100, 1300, 2000
N_INPUTS, N_GROUNDS = 6, 2


def places(n_nodes, seed):
    """Return random nodes as electrodes: i0, i1, ... carry the input, g0, g1, ... are at 0 V."""
    nodes = np.random.default_rng(seed).permutation(n_nodes)
    names = [f"i{k}" for k in range(N_INPUTS)] + [f"g{k}" for k in range(N_GROUNDS)]
    return {name: int(node) for name, node in zip(names, nodes, strict=False)}


def device(n_edges, seed):
    """Return edges that forget within one to ten steps, each at a rate of its own."""
    rates = 0.5 * 10.0 ** np.random.default_rng(seed).uniform(-0.5, 0.5, n_edges)
    return mn.RateBalance(kappa_p0=0.006 * rates, kappa_d0=rates, eta_p=1.5, eta_d=3.0, g_min=0.01, g_max=1.0)


def grid(seed):
    return mn.grid(7, 7, seed=seed, electrodes=places(49, seed))


def wires(seed):
    """Return the largest part of 120 wires, each wire a node."""
    import networkx as nx

    graph = mn.nanowires(90, size=60.0, length=15.0, length_sd=3.0, seed=seed, electrodes={"all": {"wires": [0]}})
    parts = nx.Graph(graph.to_networkx())
    part = sorted(max(nx.connected_components(parts), key=len))
    place = {node: k for k, node in enumerate(part)}
    edges = [(place[a], place[b]) for a, b in graph.edges.tolist() if a in place]
    return mn.Network(len(part), edges, electrodes=places(len(part), seed))


NETWORKS = {"grid 7 x 7": grid, "wires": wires}


def reservoir(net, seed, **parameters):
    drive = dict.fromkeys(net.electrodes, 0.0)
    sim = mn.Simulation(net, device(net.n_edges, seed), drive, dt=1.0, seed=seed)
    inputs = [name for name in net.electrodes if name.startswith("i")]
    free = sorted(set(range(net.n_nodes)) - {int(nodes[0]) for nodes in net.electrodes.values()})
    read = {"potential": free, "current": list(net.electrodes)}
    given = {"scaling": 0.7, "offset": 2.9, "random_state": seed, **parameters}
    return learn.Reservoir(sim, inputs, read, **given)


def predicted(features, y, start, end, last):
    """Return the error of a linear readout that learns from some steps, on those after them."""
    model = make_pipeline(StandardScaler(), RidgeCV(RIDGES)).fit(features[start:end], y[start:end])
    return learn.nrmse(y[end:last], model.predict(features[end:last]))


def echo_states(net, n_read, u, y, seed):
    """Return the error of the echo state network on the graph that is best on the last quarter of what is learnt from."""
    nodes = np.random.default_rng(seed).permutation(net.n_nodes)[:n_read]
    quarter = LEARNT - (LEARNT - WASHOUT) // 4
    made = []
    for radius in RADII:
        for scaling in SCALINGS:
            given = {"spectral_radius": radius, "scaling": scaling, "read": nodes, "random_state": seed, "bias": 0.1}
            states = learn.EchoState(net, **given).fit_transform(u)
            made.append((predicted(states, y, WASHOUT, quarter, LEARNT), states))
    return predicted(min(made, key=lambda one: one[0])[1], y, WASHOUT, LEARNT, STEPS)


def narma(seeds):
    """Print the errors of NARMA-10."""
    found = {}
    for seed in range(seeds):
        u, y = learn.narma(STEPS, seed=seed)
        for name, make in NETWORKS.items():
            net = make(seed)
            states = reservoir(net, seed).fit_transform(u)
            found.setdefault(name, []).append(predicted(states, y, WASHOUT, LEARNT, STEPS))
            tanh = echo_states(net, states.shape[1], u, y, seed)
            found.setdefault(f"tanh on the same {name}", []).append(tanh)
        for taps in (states.shape[1], 10, 1):
            line = learn.DelayLine(taps).fit_transform(u)
            name = {1: "the input itself", 10: "delay line of 10"}.get(taps, "delay line of as many")
            found.setdefault(name, []).append(predicted(line, y, WASHOUT, LEARNT, STEPS))
    table("NARMA-10, NRMSE", found)


def table(title, found):
    print(f"\n{title}")
    for name, values in found.items():
        error = np.std(values, ddof=1) / np.sqrt(len(values)) if len(values) > 1 else np.nan
        print(f"{name:28s} {np.mean(values):8.4f} +- {error:.4f}   ({min(values):.4f} to {max(values):.4f})")


if __name__ == "__main__":
    import sys
    warnings.simplefilter("ignore")
    t=time.time(); narma(int(sys.argv[1])); print(time.time()-t)
