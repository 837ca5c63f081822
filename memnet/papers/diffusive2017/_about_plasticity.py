"""What the paper says of trains of pulses, and of the synapse with a drift memristor."""

from __future__ import annotations

import numpy as np

from memnet import drive
from memnet.devices import DiffusiveMemristor
from memnet.papers._statement import Numbers, Statement, in_order, near
from memnet.papers.diffusive2017 import common, long_term, short_term, synapse
from memnet.papers.diffusive2017._observed import observe

# Realisations of synapses and long trains, and of what is cheap.
RUNS, MANY = 60, 200

STATEMENTS = (
    Statement(
        "Fig. 4 b2: a single short pulse makes no bridge",
        "mean conductance of 200 runs at the end of the first of pulses of 5 V_th for 0.1/kappa, below 0.1 G_max",
        "train",
        ("G after 1",),
        lambda n: n["G after 1"] < common.SWITCHED,
    ),
    Statement(
        "Methods, Fig. 4 b: 25 % of the largest conductance after 4 pulses and about 75 % after 7",
        "such pulses with gaps of 0.1/kappa: mean at the ends of the 4th and 7th within 0.15 of that",
        "train",
        ("G after 4", "G after 7"),
        lambda n: abs(n["G after 4"] - 0.25) < 0.15 and abs(n["G after 7"] - 0.75) < 0.15,
    ),
    Statement(
        "Fig. 4 b: facilitation until a bridge is there, then depression (PPF, then PPD)",
        "pulse with the largest mean, of 40, above 1 and below 40; the mean there above 0.5 and after the 40th below"
        " a tenth of it",
        "train",
        ("peak at pulse", "peak", "G after 40"),
        lambda n: 1.0 < n["peak at pulse"] < 40.0 and n["peak"] > 0.5 and n["G after 40"] < 0.1 * n["peak"],
    ),
    Statement(
        "Fig. 4 b4 to b6: depression, as the pulses carry the particles to one terminal",
        "particles in the left half of 40 after the 40th pulse, below 5",
        "train",
        ("left after 40",),
        lambda n: n["left after 40"] < 5.0,
    ),
    Statement(
        "Methods: interfacial energy as an interaction of particles gives a similar result",
        "the same train, attraction of pairs in place of half of the wells: peak above 0.5, after the 40th pulse below"
        " a tenth of it",
        "train",
        ("peak, pairs", "peak at pulse, pairs", "G after 40, pairs"),
        lambda n: n["peak, pairs"] > 0.5 and n["G after 40, pairs"] < 0.1 * n["peak, pairs"],
    ),
    Statement(
        "Sec. 1, Fig. 5 b: at short t_zero the conductance rises from pulse to pulse (PPF)",
        "G_10/G_1 of means at t_zero = 0.1/kappa, 5 V_th for 0.1/kappa; 1 less by 3 standard errors",
        "intervals",
        ("G_10/G_1 at 0.1", "error at 0.1"),
        lambda n: n["G_10/G_1 at 0.1"] - 3.0 * n["error at 0.1"] > 1.0,
    ),
    Statement(
        "Fig. 5 b: a longer t_zero slows the rise",
        "G_10/G_1 of these pulses falling from 0.1 over 1 and 10 to 60/kappa",
        "intervals",
        tuple(f"G_10/G_1 at {t:g}" for t in (0.1, 1, 10, 60)),
        lambda n: in_order(n, *(f"G_10/G_1 at {t:g}" for t in (60, 10, 1, 0.1))),
    ),
    Statement(
        "Fig. 5 b: and at last makes it negative, PPD, as t_zero grows from 1 to 160 times the pulse",
        "G_n/G_1 at t_zero = 60/kappa, below 1 by 3 standard errors: 10th pulse of 5 V_th for 0.1/kappa; of 5 V_th for"
        " 0.6/kappa, the 2nd at 0.1/kappa above 1, and the 10th at 60/kappa",
        "intervals",
        ("G_10/G_1 at 60", "error at 60", "long, G_2/G_1 at 0.1", "long, G_10/G_1 at 60", "long, error at 60"),
        lambda n: n["G_10/G_1 at 60"] + 3.0 * n["error at 60"] < 1.0,
        "a pulse nearly makes a bridge of its own; then a short t_zero facilitates a pulse or two and depresses, too",
        lambda n: n["long, G_2/G_1 at 0.1"] > 1.0 > n["long, G_10/G_1 at 60"] + 3.0 * n["long, error at 60"],
    ),
    Statement(
        "Sec. 1: high voltages at a low frequency depress from the first pulse on",
        "G_2/G_1 and G_10/G_1 at 60/kappa, below 1 by 2 and by 3 standard errors: pulses of 5 V_th for 0.1/kappa, and"
        " of 3 V_th for 2/kappa",
        "intervals",
        ("G_10/G_1 at 60", "bridge, G_2/G_1", "bridge, error, 2", "bridge, G_10/G_1", "bridge, error, 10"),
        lambda n: n["G_10/G_1 at 60"] + 3.0 * n["error at 60"] < 1.0,
        "a pulse makes a bridge of its own",
        lambda n: (
            n["bridge, G_2/G_1"] + 2.0 * n["bridge, error, 2"] < 1.0
            and n["bridge, G_10/G_1"] + 3.0 * n["bridge, error, 10"] < 1.0
        ),
    ),
    Statement(
        "Fig. 5 c: the train begins with depression at the low rate",
        "mean at the last of 10 pulses with gaps of 5/kappa over that at the first, 5 V_th for 0.1/kappa, C_T 1; < 1",
        "rates",
        ("low rate, 10th / 1st",),
        lambda n: n["low rate, 10th / 1st"] < 1.0,
    ),
    Statement(
        "Fig. 5 c: at the high rate the current increases",
        "peak of the 40 pulses behind these with gaps of 0.1/kappa, over the mean before; above 2",
        "rates",
        ("high rate, peak / before", "inflection at pulse"),
        lambda n: n["high rate, peak / before"] > 2.0,
    ),
    Statement(
        "Fig. 5 c: facilitation turns into depression at the same rate",
        "mean at the last pulse of the high rate over that of the peak, below 0.5, and the peak neither first nor last",
        "rates",
        ("high rate, last / peak", "inflection at pulse"),
        lambda n: n["high rate, last / peak"] < 0.5 and 1.0 < n["inflection at pulse"] < 40.0,
    ),
    Statement(
        "Fig. 5 c: the low rate behind it brings the device back to a state close to its initial one",
        "mean at the last of 10 pulses over that at the first of all, within 50 % of 1; particles left of 40, at the"
        " start 20, within 4",
        "rates",
        ("end / start", "left at the end"),
        lambda n: near(n["end / start"], 1.0, 0.5) and abs(n["left at the end"] - 20.0) < 4.0,
        "the conductance is meant; nearly all particles are at one terminal",
        lambda n: near(n["end / start"], 1.0, 0.5),
    ),
    Statement(
        "Fig. 6 b: a longer t_zero changes the weight less (SRDP)",
        "change of the drift memristor's state by 15 pulses of 6.5 V_th for 0.1/kappa, mean of 60 runs, falling from"
        " t_zero = 1 over 3 and 10 to 30/kappa, and 1 at 0.1/kappa within 0.1",
        "rate",
        tuple(f"change at {t:g}" for t in (0.1, 1, 3, 10, 30)),
        lambda n: in_order(n, *(f"change at {t:g}" for t in (30, 10, 3, 1))) and n["change at 0.1"] > 0.9,
    ),
    Statement(
        "Fig. 6 b: at a long t_zero the change is not detectable",
        "that at 100/kappa, below 0.2",
        "rate",
        ("change at 30", "change at 100"),
        lambda n: n["change at 100"] < 0.2,
    ),
    Statement(
        "Sec. 1: the resistance of the diffusive memristor is far above that of the other when OFF, far below when ON",
        "mean at the start over the 600 r_t of the drift memristor, above 3, and median of the smallest in the first"
        " spike over that, below 1/3",
        "timing",
        ("OFF / drift", "ON / drift"),
        lambda n: n["OFF / drift"] > 3.0 and n["ON / drift"] < 1.0 / 3.0,
    ),
    Statement(
        "Sec. 1: the short high pulse does not turn the diffusive memristor on, the long low one does",
        "share of 60 runs that have 0.1 G_max: until the end of 5 V_th for 0.1/kappa across a synapse, below 0.1, and"
        " until that of 2.5 V_th for 10/kappa behind it, above 0.9",
        "timing",
        ("on after the short pulse", "on in the long pulse"),
        lambda n: n["on after the short pulse"] < 0.1 and n["on in the long pulse"] > 0.9,
    ),
    Statement(
        "Sec. 1: the first spike does not switch the drift memristor",
        "largest change of its state by the first spike in 480 runs: exactly 0",
        "timing",
        ("largest change, first spike",),
        lambda n: n["largest change, first spike"] == 0.0,
    ),
    Statement(
        "Fig. 6 d: potentiation where the pre-spike comes first, depression where it comes second",
        "mean change of the state, delta t = +-1/kappa, away from 0 by 5 standard errors",
        "timing",
        ("change at 1", "error at 1", "change at -1", "error at -1"),
        lambda n: n["change at 1"] > 5.0 * n["error at 1"] and n["change at -1"] < -5.0 * n["error at -1"],
    ),
    Statement(
        "Fig. 6 d: a smaller delta t changes the weight more",
        "size of the mean change, falling from 1 over 10 and 40 to 160/kappa with either sign",
        "timing",
        tuple(f"change at {sign * t:g}" for sign in (1, -1) for t in (1, 10, 40, 160)),
        lambda n: (
            in_order(n, *(f"change at {t:g}" for t in (160, 40, 10, 1)))
            and in_order(n, *(f"change at {-t:g}" for t in (1, 10, 40, 160)))
        ),
    ),
    Statement(
        "Sec. 1: changes of the diffusive memristor vanish over time, those of the drift memristor stay",
        "mean conductance of the diffusive memristor 200/kappa after 15 pulses of Fig. 6 b with t_zero = 0.1/kappa over"
        " that at the start, within 50 % of 1; change of the drift memristor's state in that time",
        "rate",
        ("diffusive, later / start", "drift, later change"),
        lambda n: near(n["diffusive, later / start"], 1.0, 0.5) and n["drift, later change"] == 0.0,
    ),
)


def measure_train() -> Numbers:
    """Return the train of Fig. 4 b, for particles in wells and for pairs."""
    wave = drive.pulses(0.0, 5.0, length=0.1, spacing=0.1)
    numbers: Numbers = {}
    pairs = DiffusiveMemristor.preset("dm2017", potential="pairs")
    for name, device in (("", common.memristor("dm2017")), (", pairs", pairs)):
        run = observe(device, wave, 7.9, runs=MANY)
        ends = run.mean[[round((0.2 * k + 0.1) / 0.05) for k in range(40)]]
        numbers |= {f"G after {k}{name}": float(ends[k - 1]) for k in (1, 4, 7, 40)}
        numbers |= {f"peak at pulse{name}": float(ends.argmax() + 1), f"peak{name}": float(ends.max())}
        numbers |= {f"left after 40{name}": run.left}
    return numbers


def measure_intervals() -> Numbers:
    """Return indices of Fig. 5 b."""
    data = short_term.figure5b(intervals=(0.1, 1.0, 10.0, 60.0), runs=RUNS)
    index, error = data["index"].values, data["index_error"].values  # (shape, interval, pulse)
    numbers = {f"G_10/G_1 at {t:g}": float(index[0, k, -1]) for k, t in enumerate(data["interval"].values)}
    return numbers | {
        "error at 0.1": float(error[0, 0, -1]),
        "error at 60": float(error[0, -1, -1]),
        "long, G_2/G_1 at 0.1": float(index[1, 0, 1]),
        "long, G_10/G_1 at 60": float(index[1, -1, -1]),
        "long, error at 60": float(error[1, -1, -1]),
        **{f"bridge, G_{k}/G_1": float(index[2, -1, k - 1]) for k in (2, 10)},
        **{f"bridge, error, {k}": float(error[2, -1, k - 1]) for k in (2, 10)},
    }


def measure_rates() -> Numbers:
    """Return levels of Fig. 5 c."""
    data = short_term.figure5c(runs=MANY)
    mean, part = data["mean"].values, data["part"].values
    low, high = mean[part == 0], mean[part == 1]
    return {
        "low rate, 10th / 1st": float(low[-1] / low[0]),
        "high rate, peak / before": float(high.max() / low[-1]),
        "inflection at pulse": float(high.argmax() + 1),
        "high rate, last / peak": float(high[-1] / high.max()),
        "end / start": float(mean[-1] / mean[0]),
        "left at the end": float(data["left"].values[-1]),
    }


def measure_rate() -> Numbers:
    """Return changes of Fig. 6 b, and what is left of them."""
    data = long_term.figure6b(intervals=(0.1, 1.0, 3.0, 10.0, 30.0), runs=RUNS)
    seldom = long_term.figure6b(intervals=(100.0,), runs=RUNS, dt=0.05)
    changes = zip([*data["interval"].values, 100.0], [*data["mean"].values, *seldom["mean"].values], strict=True)
    circuit = synapse.synapse(common.memristor("dm2017"), 0.0, runs=RUNS)
    diffusive, drift = (circuit[name].device for name in (synapse.DIFFUSIVE, synapse.DRIFT))
    wave = drive.pulses(0.0, 6.5, length=0.1, spacing=0.1, count=15)
    sim = circuit.simulation({"in": wave, "out": 0.0}, dt=0.02, seed=1)
    start = 1.0 / sim.state(diffusive, "r").mean()
    sim.step(150)
    weights = sim.state(drift, synapse.WEIGHT)
    sim.step(10_000)
    return {f"change at {t:g}": float(one) for t, one in changes} | {
        "diffusive, later / start": float((1.0 / sim.state(diffusive, "r")).mean() / start),
        "drift, later change": float(np.abs(sim.state(drift, synapse.WEIGHT) - weights).max()),
    }


def measure_timing() -> Numbers:
    """Return changes of Fig. 6 d, and what the first spike does."""
    data = long_term.figure6d(delays=(1.0, 10.0, 40.0, 160.0), runs=RUNS)
    circuit = synapse.synapse(common.memristor("dm2017"), 0.5, runs=RUNS)
    device = circuit[synapse.DIFFUSIVE].device
    sim = circuit.simulation({"in": synapse.spike(-1.0), "out": 0.0}, dt=0.02, seed=1)
    rows = sim.run(round((synapse.SHORT + synapse.LONG) / sim.dt) + 1, record="state:r")["state_r"].values
    on = common.shares(rows, device) >= common.SWITCHED
    short = round(synapse.SHORT / sim.dt)
    drift = synapse.R_ON / float(synapse.conductance_of(np.array(0.5)))
    numbers: Numbers = {}
    for delay, mean, error in zip(data["delay"].values, data["mean"].values, data["error"].values, strict=True):
        numbers |= {f"change at {delay:g}": float(mean), f"error at {delay:g}": float(error)}
    return numbers | {
        "OFF / drift": float(rows[0].mean() / drift),
        "ON / drift": float(np.median(rows.min(axis=0)) / drift),
        "on after the short pulse": float(on[: short + 1].any(axis=0).mean()),
        "on in the long pulse": float(on.any(axis=0).mean()),
        "largest change, first spike": float(np.abs(data["first"].values).max()),
    }


MEASURES = {
    "train": measure_train,
    "intervals": measure_intervals,
    "rates": measure_rates,
    "rate": measure_rate,
    "timing": measure_timing,
}
