"""What memristive networks compute, beside what computes as much without memristors. Prints tables.

    python benchmarks/reservoirs.py                  all tables, 20 seeds: some minutes
    python benchmarks/reservoirs.py narma --seeds 5  one of narma, waveforms, capacity, patterns, mackey-glass

Of each seed all see the same data, and as many numbers are read of each: networks; echo states, tanh on the same graph
with the best of some spectral radii and scalings, as conn2res has it; a delay line of as many taps; one of ten; the
input itself. Ridge strengths are chosen by leave-one-out among the steps that are learnt from, echo states by the last
quarter of these. A line has the mean over seeds, its standard error, and the least and the largest value.
"""

from __future__ import annotations

import argparse
import warnings

import networkx as nx
import numpy as np
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge, RidgeCV
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import memnet as mn
from memnet import learn

RIDGES = np.logspace(-9.0, 2.0, 12)
RADII = (0.6, 0.8, 0.9, 1.0, 1.1)
SCALINGS = (0.1, 0.3, 1.0, 3.0)
# Steps of NARMA-10: what is left out, learnt from, and predicted.
WASHOUT, LEARNT, STEPS = 100, 1300, 2000
# Waveforms: how many are learnt from, and told, and the steps of each.
TAUGHT, TOLD, LENGTH = 300, 200, 40


def places(n_nodes, seed):
    """Return random nodes as electrodes: one carries the input, one is at 0 V."""
    first, second = np.random.default_rng(seed).permutation(n_nodes)[:2]
    return {"in": int(first), "ground": int(second)}


def device(n_edges, seed):
    """Return edges that forget within some steps, each at a rate of its own."""
    rates = 0.8 * 10.0 ** np.random.default_rng(seed).uniform(-0.5, 0.5, n_edges)
    return mn.RateBalance(kappa_p0=0.04 * rates, kappa_d0=rates, eta_p=1.5, eta_d=1.2, g_min=0.006, g_max=1.0)


def grid(seed):
    return mn.grid(7, 7, seed=seed, electrodes=places(49, seed))


def wires(seed):
    """Return the largest part of 90 wires, each wire a node."""
    net = mn.nanowires(90, size=60.0, length=15.0, length_sd=3.0, seed=seed, electrodes={"all": {"wires": [0]}})
    part = sorted(max(nx.connected_components(net.to_networkx()), key=len))
    place = {node: k for k, node in enumerate(part)}
    edges = [(place[a], place[b]) for a, b in net.edges.tolist() if a in place]
    return mn.Network(len(part), edges, electrodes=places(len(part), seed))


NETWORKS = {"grid 7 x 7": grid, "wires": wires}


def reservoir(net, seed, **parameters):
    """Return a network whose free potentials and currents are read."""
    sim = mn.Simulation(net, device(net.n_edges, seed), {"in": 0.0, "ground": 0.0}, dt=1.0, seed=seed)
    free = sorted(set(range(net.n_nodes)) - {int(nodes[0]) for nodes in net.electrodes.values()})
    read = {"potential": free, "current": list(net.electrodes)}
    return learn.Reservoir(sim, ["in"], read, mask="identity", **parameters)


def predicted(features, y, start, end, last):
    """Return the error of a linear readout that learns from some steps, on those after them."""
    model = make_pipeline(StandardScaler(), RidgeCV(RIDGES)).fit(features[start:end], y[start:end])
    return learn.nrmse(y[end:last], model.predict(features[end:last]))


def echo_states(net, n_read, u, seed, error, radii=RADII):
    """Return the states on a graph that are best by a function: of the radii and scalings of an echo state network."""
    nodes = np.random.default_rng(seed).permutation(net.n_nodes)[:n_read]
    made = []
    for radius in radii:
        for scaling in SCALINGS:
            given = {"spectral_radius": radius, "scaling": scaling, "read": nodes, "random_state": seed, "bias": 0.1}
            states = learn.EchoState(net, **given).fit_transform(u)
            made.append((error(states), states))
    return min(made, key=lambda one: one[0])[1]


def narma(seeds):
    """Print the errors of NARMA-10."""
    found = {}
    quarter = LEARNT - (LEARNT - WASHOUT) // 4
    for seed in range(seeds):
        u, y = learn.narma(STEPS, seed=seed)

        def add(name, states, y=y):
            found.setdefault(name, []).append(predicted(states, y, WASHOUT, LEARNT, STEPS))

        for name, make in NETWORKS.items():
            net = make(seed)
            states = reservoir(net, seed, scaling=0.23, offset=3.0).fit_transform(u)
            add(name, states)
            noise = np.random.default_rng(seed).normal(size=states.shape)
            add(f"{name}, noise of 0.1 %", states + 1e-3 * states[WASHOUT:].std(axis=0) * noise)

            def error(one, y=y):
                return predicted(one, y, WASHOUT, quarter, LEARNT)

            add(f"tanh on the same {name}", echo_states(net, states.shape[1], u, seed, error))
        for name, taps in (("delay line of 49", 49), ("delay line of 10", 10), ("the input itself", 1)):
            add(name, learn.DelayLine(taps).fit_transform(u))
    table("NARMA-10: NRMSE, divided by the standard deviation", found)


def waveforms(seeds):
    """Print the shares of waveforms that are told: one follows another without rest, means over its steps are read."""
    found = {}
    for seed in range(seeds):
        X, y = learn.waveforms(TAUGHT + TOLD, length=LENGTH, seed=seed)
        u = X.reshape(-1, 1)

        def score(states, first=0, taught=TAUGHT, last=TAUGHT + TOLD, y=y):
            model = make_pipeline(StandardScaler(), LogisticRegression(C=100.0, max_iter=5000))
            model.fit(states[first:taught], y[first:taught])
            return model.score(states[taught:last], y[taught:last])

        for name, make in NETWORKS.items():
            net = make(seed)
            states = means(reservoir(net, seed, scaling=3.0, offset=3.0).fit_transform(u))
            found.setdefault(name, []).append(score(states))

            def error(one, score=score):
                return -score(means(one), 0, TAUGHT * 3 // 4, TAUGHT)

            tanh = echo_states(net, states.shape[1], u, seed, error, RADII[::2])
            found.setdefault(f"tanh on the same {name}", []).append(score(means(tanh)))
        line = learn.DelayLine(LENGTH).fit_transform(u)
        found.setdefault("delay line of 40, its means", []).append(score(means(line)))
        found.setdefault("the input, all 40 steps", []).append(score(X))
    table("Waveforms: share of 200 that are told, of four kinds", found)


def means(states):
    """Return the means over the steps of each waveform."""
    return states.reshape(TAUGHT + TOLD, LENGTH, -1).mean(axis=1)


def capacity(seeds):
    """Print capacities, of memory and for products, of what is read of networks, and of all units of tanh on them."""
    memory, processing, ranks = {}, {}, {}
    for seed in range(seeds):
        u = np.random.default_rng(seed).uniform(-1.0, 1.0, size=(4000, 1))
        for name, make in NETWORKS.items():
            net = make(seed)
            states = reservoir(net, seed, scaling=0.06, offset=3.06).fit_transform(u)
            made = {name: states}
            made[f"tanh on the same {name}"] = learn.EchoState(net, scaling=0.3, random_state=seed).fit_transform(u)
            for what, one in made.items():
                found = learn.memory_capacity(one, u, max_delay=100, washout=100, tolerance=1e-6)
                memory.setdefault(what, []).append(found.total)
                given = {"max_delays": [60, 20, 8], "washout": 100, "tolerance": 1e-6}
                found = learn.information_processing_capacity(one, u, **given)
                processing.setdefault(what, []).append(found.by_degree[2:].sum())
                ranks.setdefault(what, []).append(found.rank)
    table("Memory capacity, delays 0 to 100", memory)
    table("Capacities for products of degree 2 and 3", processing)
    table("Independent directions of the values, above 1e-6 of the largest", ranks)


# ---------------------------------------------------------------- protocols of the grid graphs


PATTERNS = {
    "diagonal": np.eye(4),
    "other diagonal": np.eye(4)[::-1],
    "row": np.repeat([[0.0], [0.0], [1.0], [0.0]], 4, axis=1),
    "column": np.repeat([[0.0, 0.0, 1.0, 0.0]], 4, axis=0),
}


def pads(side=21, frame=2):
    """Return the nodes of the pads north, east, south and west of the 21 x 21 grid."""
    north = side - 1 + side * (frame + 2) - frame + side * 6
    east = side * side - 1 - side * frame - frame - 8
    south = side * (frame + 2) + frame + side * 6
    west = (side - 1) * (frame + 1) - 8
    return {"N": north, "E": east, "S": south, "W": west}


def pattern_reservoir(step="as-published"):
    """Return the network of Milano et al. 2022, figures 3 and 4, as a transformer of patterns (n, 4 rows x 5 steps).

    Each row of an image drives a pad through 82 ohm, with 5 V for 10 ms a pixel; 0.1 V at W reads. A fifth step of 0
    is the pause of 5.5 ms before the read.
    """
    net = mn.grid(21, 21, seed=2, electrodes=pads())
    for name in "NESW":
        net = net.attach(name, mn.Resistor(conductance=1.0 / 82.0))
    device = mn.RateBalance.preset("north-pulse", step=step)
    sim = mn.Simulation(net, device, dict.fromkeys("NESW", 0.0), dt=250e-6, seed=0)
    read = {"voltage": ["N.inner", "E.inner", "S.inner"]}
    shape = np.r_[np.zeros(2), np.ones(40), np.zeros(2)]
    drive = {"scaling": 5.0, "offset": [0.0, 0.0, 0.0, 0.1], "mask": "identity", "steps": 44, "shape": shape, "at": 21}
    return learn.Reservoir(sim, list("NESW"), read, sequences="columns", channels=4, keep="last", **drive)


def images(noise, copies, seed):
    """Return patterns, each pixel with normal noise, as rows (n, 20), and their names."""
    random = np.random.default_rng(seed)
    y = np.repeat(list(PATTERNS), copies)
    X = np.stack([np.r_[PATTERNS[name].T.ravel(), np.zeros(4)] for name in y])
    X[:, :16] += noise * random.normal(size=(len(X), 16))
    return X, y


def flipped():
    """Return the patterns and each of them with one pixel flipped, as rows (68, 20), and their names."""
    X, y = images(0.0, 17, 0)
    for k in range(len(X)):
        if k % 17:
            X[k, k % 17 - 1] = 1.0 - X[k, k % 17 - 1]
    return X, y


def told(features, y):
    """Return the share that logistic regression tells in five folds."""
    model = make_pipeline(StandardScaler(), LogisticRegression(C=1e3, max_iter=10000))
    return cross_val_score(model, features, y, cv=StratifiedKFold(5, shuffle=True, random_state=0)).mean()


def patterns(_seeds):
    """Print how many patterns are told by three voltages at the end."""
    print("\nPatterns on 21 x 21: share that is told in five folds, by the potentials of N, E and S at the end")
    sets = {f"noise of {noise:g}": images(noise, 20, 1) for noise in (0.05, 0.1, 0.2)} | {"a pixel flipped": flipped()}
    for name, (X, y) in sets.items():
        found = {step: told(pattern_reservoir(step).fit_transform(X), y) for step in ("as-published", "exact")}
        last, sums = told(X[:, 12:16], y), told(X.reshape(-1, 5, 4).sum(axis=1)[:, :3], y)
        texts = ", ".join(f"{step} {share:.3f}" for step, share in found.items())
        print(f"{name:18s} {texts}; without a network: last pixels {last:.3f}, sums of rows {sums:.3f}")


def mackey_glass_reservoir(step="as-published"):
    """Return the network of Milano et al. 2022, figure 5: 29 x 29, 196 pads through 82 ohm, every other one driven."""
    side, frame, apart = 29, 1, 2
    first = (frame + 1) * (side - 1)
    places = np.array([[first + apart * side * i - apart * j for i in range(14)] for j in range(14)]).ravel()
    drives = (np.add.outer(np.arange(14), np.arange(14)) % 2 == 0).ravel()
    base = mn.grid(side, side, seed=2, electrodes={"any": 0})
    outer = base.n_nodes + np.arange(196)
    edges = np.vstack([base.edges, np.stack([outer, places], axis=1)])
    electrodes = {"in": outer[drives].tolist(), "ground": outer[~drives].tolist()}
    net = mn.Network(base.n_nodes + 196, edges, electrodes=electrodes)
    devices = [mn.RateBalance.preset("north-pulse", step=step)] * base.n_edges + [mn.Resistor(conductance=1 / 82)] * 196
    sim = mn.Simulation(net, devices, {"in": 0.0, "ground": 0.0}, dt=250e-6, seed=0)
    read = {"potential": places[~drives].tolist()}
    return learn.Reservoir(sim, ["in"], read, mask="identity", scaling=5.0, offset=1.0, steps=4)


def mackey_glass(_seeds):
    """Print the errors of predictions one step ahead: 900 steps are learnt from, 1,200 predicted."""
    x = learn.mackey_glass(2121, gamma=0.1, tau=18, theta=0.8, start=0.6, transient=0, solver="euler")
    u, y = (x[:-1] - x.min()) / np.ptp(x), x[1:, 0]
    print("\nMackey-Glass on 29 x 29: NRMSE one step ahead, by the present values and those of 20 steps before")
    states = {step: mackey_glass_reservoir(step).fit_transform(u) for step in ("as-published", "exact")}
    for name, one in {**states, "the series itself": u}.items():
        lines = {taps: learn.DelayLine(taps).fit_transform(one) for taps in (1, 21)}
        fits = {taps: LinearRegression().fit(line[20:920], y[20:920]) for taps, line in lines.items()}
        errors = {taps: learn.nrmse(y[920:], fits[taps].predict(line[920:])) for taps, line in lines.items()}
        print(f"{name:18s} present {errors[1]:.5f}, with 20 before {errors[21]:.5f}")
    whole = (x - x.min()) / np.ptp(x)
    print(
        "fed back from step 920 on, with 20 before, ridge of 1e-9: steps until an error passes 0.1 and 0.4 of the std"
    )
    for name, first in {step: [mackey_glass_reservoir(step)] for step in ("as-published", "exact")}.items():
        print(f"{name:18s} {followed(first, whole)}", flush=True)
    print(f"{'the series itself':18s} {followed([], whole)}")


def followed(first, x, known=921, n=300):
    """Return how many steps predictions that are fed back follow a series, and the error of the first 100."""
    model = make_pipeline(*first, learn.DelayLine(21), StandardScaler(), Ridge(1e-9))
    model.fit(x[: known - 1], x[1:known], ridge__sample_weight=np.arange(known - 1) >= 20)
    found, true = learn.free_run(model, x[:known], n), x[known : known + n]
    off = np.abs(found - true)[:, 0] / true.std()
    steps = [np.argmax(np.append(off, np.inf) > level) for level in (0.1, 0.4)]
    return f"{steps[0]}, {steps[1]} of {n}; NRMSE of the first 100 {learn.nrmse(true[:100], found[:100]):.3f}"


def table(title, found):
    """Print means over seeds."""
    print(f"\n{title}")
    for name, values in found.items():
        error = np.std(values, ddof=1) / np.sqrt(len(values)) if len(values) > 1 else np.nan
        print(f"{name:32s} {np.mean(values):8.4f} ± {error:.4f}   {min(values):.4f} to {max(values):.4f}", flush=True)


TABLES = {
    "narma": narma,
    "waveforms": waveforms,
    "capacity": capacity,
    "patterns": patterns,
    "mackey-glass": mackey_glass,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tables", nargs="*", choices=[*TABLES, []], help="all by default")
    parser.add_argument("--seeds", type=int, default=20)
    given = parser.parse_args()
    # Steps are part of these models: they are as long as the data have them.
    warnings.simplefilter("ignore", mn.StepWarning)
    warnings.simplefilter("ignore", mn.devices.PresetWarning)
    for name in given.tables or TABLES:
        TABLES[name](given.seeds)


if __name__ == "__main__":
    main()
