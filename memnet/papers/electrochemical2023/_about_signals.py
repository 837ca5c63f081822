"""Statements of section 2.2.3 about axons, chemical and electrical synapses, and the timing of spikes."""

from __future__ import annotations

import numpy as np

from memnet import drive
from memnet.devices import Resistor
from memnet.papers._statement import Numbers, Statement
from memnet.papers.electrochemical2023 import _traces as traces, axons, synapses
from memnet.simulate import Circuit

# Of axons: how many membranes, between which of them it is timed, and every how many are bare with myelin.
COUNT, TIMED, BARE = 31, (10, 20), 5
# Of a strong gap junction (S), and a stimulus that is enough for both sides (A).
STRONG, BOTH = 5e-3, 40e-6
# Currents (A) into two membranes that fire on, how long, and the gap junction between them (S).
UNEQUAL, LONG, BETWEEN = (10e-6, 11e-6), 0.12, 1e-4

STATEMENTS = (
    Statement(
        "Sec. 2.2.3: an action potential lifts the potential nearby, where a new one is made",
        "membranes of 31 in a chain that fire after a pulse at the first, all; the smallest of their peaks, above 0",
        "axon",
        ("fire", "smallest peak (mV)"),
        lambda n: n["fire"] == COUNT and n["smallest peak (mV)"] > 0.0,
    ),
    Statement(
        "Sec. 2.2.3: it goes in one direction, as the Na+ channels behind it are refractory",
        "spikes of each membrane after a pulse at one end, one; membranes on either side that fire after one in the"
        " middle, none on one of them",
        "axon",
        ("spikes of each", "before the middle", "behind the middle"),
        lambda n: n["spikes of each"] == 1.0 and min(n["before the middle"], n["behind the middle"]) == 0.0,
        "it begins at an end; from the middle it goes both ways, but neither turns round",
        lambda n: n["spikes of each"] == 1.0,
    ),
    Statement(
        "Sec. 2.2.3: it cannot go where channels are refractory",
        "spikes of each membrane where one from either end meet, one",
        "axon",
        ("spikes where two meet",),
        lambda n: n["spikes where two meet"] == 1.0,
    ),
    Statement(
        "Sec. 2.2.3: without myelin it works only for short distances",
        "peak at membrane 20 over that at membrane 10, below 0.9",
        "axon",
        ("peak there / here",),
        lambda n: n["peak there / here"] < 0.9,
    ),
    Statement(
        "Sec. 2.2.3: with myelin it is faster",
        "membranes a ms, 10 to 20, without and with myelin over four of five",
        "axon",
        ("without (1/ms)", "with (1/ms)"),
        lambda n: n["with (1/ms)"] > n["without (1/ms)"],
    ),
    Statement(
        "Sec. 2.2.3: a chemical synapse passes an action potential on, in one direction",
        "spikes of B where A is stimulated, and of A where B is; 1 and 0",
        "synapse",
        ("chemical, A to B", "chemical, B to A"),
        lambda n: n["chemical, A to B"] == 1.0 and n["chemical, B to A"] == 0.0,
    ),
    Statement(
        "Sec. 2.2.3: an electrical synapse passes it on in both directions",
        "the same; 1 and 1",
        "synapse",
        ("electrical, A to B", "electrical, B to A"),
        lambda n: n["electrical, A to B"] == 1.0 and n["electrical, B to A"] == 1.0,
    ),
    Statement(
        "Sec. 2.2.3: it has practically no delay, and a chemical one has",
        "from the rise of A through 0 V to that of B: chemical, and gap junctions of 0.3 and of 5 mS/cm2; these below"
        " 0.1 ms",
        "synapse",
        ("chemical (ms)", "0.3 mS/cm2 (ms)", "5 mS/cm2 (ms)"),
        lambda n: n["0.3 mS/cm2 (ms)"] < 0.1 < n["chemical (ms)"],
        "the junction conducts as much as open channels do, 5 mS/cm2, and the stimulus is enough for both",
        lambda n: n["5 mS/cm2 (ms)"] < 0.1 < n["chemical (ms)"],
    ),
    Statement(
        "Sec. 2.2.3: electrical synapses make neurons act synchronously",
        "two membranes at 10 and 11 uA/cm2: by how much the lag between their last five spikes changes, without and"
        " with 0.1 mS/cm2; below 0.1 ms",
        "synapse",
        ("lag changes, without (ms)", "lag changes, with (ms)"),
        lambda n: n["lag changes, with (ms)"] < 0.1 < n["lag changes, without (ms)"],
    ),
    Statement(
        "Fig. 5: B shortly after A strengthens the synapse",
        "change of a weight of 1/2 of `BipolarThreshold`, spike pairs 1, 5 and 20 ms apart; above 0, falling",
        "window",
        tuple(f"{delay:+d} ms" for delay in (1, 5, 20)),
        lambda n: n["+1 ms"] > n["+5 ms"] > n["+20 ms"] > 0.0,
    ),
    Statement(
        "Fig. 5: B before A weakens it",
        "the same, the other way round; below 0, rising",
        "window",
        tuple(f"{delay:+d} ms" for delay in (-1, -5, -20)),
        lambda n: n["-1 ms"] < n["-5 ms"] < n["-20 ms"] < 0.0,
    ),
    Statement(
        "Sec. 2.2.3: spikes of B that X makes, without a relation to those of A, decrease the weight",
        "mean change over delays from -79 to 79 ms, over the largest; below -0.01",
        "window",
        ("mean, equal spikes", "mean, deeper tail of B"),
        lambda n: n["mean, equal spikes"] < -0.01,
        "the window has more area where B is first, as with a tail of -0.35 V behind a spike of B",
        lambda n: n["mean, deeper tail of B"] < -0.01,
    ),
)


def measure_axon() -> Numbers:
    """Return where and when a chain of membranes fires."""
    found = {name: one.potential(0.009) for name, one in axons.cases(COUNT, BARE).items()}
    times = {name: axons.spike_times(*one) for name, one in found.items()}
    peaks = 1e3 * found["end"][1].max(axis=1)
    counts = {name: np.array([one.size for one in nodes]) for name, nodes in times.items()}
    middle, (first, last) = COUNT // 2, TIMED

    def speed(name: str) -> float:
        return (last - first) / float(1e3 * (times[name][last][0] - times[name][first][0]))

    return {
        "fire": float((counts["end"] > 0).sum()),
        "smallest peak (mV)": float(peaks.min()),
        "spikes of each": float(counts["end"].max()),
        "before the middle": float((counts["middle"][:middle] > 0).sum()),
        "behind the middle": float((counts["middle"][middle + 1 :] > 0).sum()),
        "spikes where two meet": float(counts["both ends"].max()),
        "peak there / here": float(peaks[last] / peaks[first]),
        "without (1/ms)": speed("end"),
        "with (1/ms)": speed("myelin"),
    }


def measure_synapse() -> Numbers:
    """Return what synapses of both kinds pass on, and when."""
    weak = synapses.figure4(duration=0.015)
    first = weak["first_spike"]
    strong = synapses.passed(synapses.pair("electrical", STRONG), "A", BOTH, 0.006)
    numbers = {}
    for kind in synapses.KINDS:
        for one, other in ("AB", "BA"):
            fired = bool(np.isfinite(first.sel(kind=kind, stimulated=one, side=other)))
            numbers[f"{kind}, {one} to {other}"] = float(fired)
    lag = 1e3 * (first.sel(stimulated="A", side="B") - first.sel(stimulated="A", side="A"))
    return numbers | {
        "chemical (ms)": float(lag.sel(kind="chemical")),
        "0.3 mS/cm2 (ms)": float(lag.sel(kind="electrical")),
        "5 mS/cm2 (ms)": float(strong["B"].rises()[0] - strong["A"].rises()[0]),
        "lag changes, without (ms)": _lag_changes(0.0),
        "lag changes, with (ms)": _lag_changes(BETWEEN),
    }


def measure_window() -> Numbers:
    """Return what pairs of spikes do, and what they do on average."""
    delays = np.array([-20.0, -5.0, -1.0, 1.0, 5.0, 20.0])
    change = synapses.window(1e-3 * delays)
    every = synapses.figure5()
    share = every["unrelated"].values / np.abs(every["change"].values).max(axis=1)
    return {
        **{f"{int(delay):+d} ms": float(one) for delay, one in zip(delays, change, strict=True)},
        "mean, equal spikes": float(share[0]),
        "mean, deeper tail of B": float(share[1]),
    }


def _lag_changes(gap: float) -> float:
    """Return by how much (ms) the lag between two membranes changes in five spikes, with a junction (S)."""
    made = Circuit()
    for side in synapses.SIDES:
        made.add(side, "outside", traces.membrane())
    made.add("A", "B", Resistor(conductance=gap))
    sources = {side: drive.current(current) for side, current in zip(synapses.SIDES, UNEQUAL, strict=True)}
    sim = made.simulation({**sources, "outside": 0.0}, dt=1e-4, method="adaptive", rtol=1e-4)
    data = sim.run(duration=LONG, record=["potential"])
    first, second = (
        traces.Trace.of(data, data["potential"].sel(potential_node=side)).rises()[-5:] for side in synapses.SIDES
    )
    return float(np.ptp(first - second))


MEASURES = {"axon": measure_axon, "synapse": measure_synapse, "window": measure_window}
