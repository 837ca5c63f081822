"""What the paper says of one switching: threshold, delay, heat, relaxation, and loops of a sweep."""

from __future__ import annotations

import numpy as np

from memnet import drive
from memnet.devices import DiffusiveMemristor
from memnet.papers._statement import Numbers, Statement, in_order, near
from memnet.papers.diffusive2017 import _relaxations, common, sweeps
from memnet.papers.diffusive2017._observed import Observed, observe

THETAS = _relaxations.TEMPERATURES

STATEMENTS = (
    Statement(
        "Fig. 3 a: under a pulse of 0.75 V and 5 ms the device switches after a delay of milliseconds",
        "when half of 200 runs at 2 V_th have 0.1 G_max (1/kappa, which is 1 ms where V_th is 0.375 V): 0.5 to 5; of"
        " the printed set, eta and C_T about 1, and of eta 30, C_T 20",
        "switching",
        ("delay, printed", "delay"),
        lambda n: 0.5 <= n["delay, printed"] <= 5.0,
        "eta is 30",
        lambda n: 0.5 <= n["delay"] <= 5.0,
    ),
    Statement(
        "Sec. 1: the delay is a function of the voltage",
        "when half of 200 runs have 0.1 G_max, falling from 1.5 over 2 and 3 to 4 V_th",
        "switching",
        tuple(f"delay at {v:g} V_th" for v in (1.5, 2, 3, 4)),
        lambda n: in_order(n, *(f"delay at {v:g} V_th" for v in (4, 3, 2, 1.5))),
    ),
    Statement(
        "Fig. 3 a: then the current jumps by several orders of magnitude",
        "largest mean conductance at 2 V_th over that at the start; above 1,000",
        "switching",
        ("largest / start",),
        lambda n: n["largest / start"] > 1000.0,
    ),
    Statement(
        "Sec. 1: switching is unipolar in nature, symmetric for both polarities",
        "delays at +2 and -2 V_th within 10 % of each other, with the pinning as printed and with phase 0.25",
        "switching",
        ("delay at 2 V_th", "delay at -2 V_th", "delay at 2 V_th, phase 0.25", "delay at -2 V_th, phase 0.25"),
        lambda n: near(n["delay at 2 V_th"], n["delay at -2 V_th"], 0.1),
        "the pinning is symmetric (phase 0.25); the printed sine is odd and makes the wells differ",
        lambda n: near(n["delay at 2 V_th, phase 0.25"], n["delay at -2 V_th, phase 0.25"], 0.1),
    ),
    Statement(
        "Methods: heat feeds back: fluctuations that Joule heat induces break up the clusters",
        "largest rise of the mean temperature at 2 V_th over k_B T_0, and largest conductance over that without heat,"
        " less 1, with C_T about 1 as printed and with 20; both above 0.5",
        "switching",
        ("rise, C_T 1", "rise, C_T 20", "gain, C_T 1", "gain, C_T 20"),
        lambda n: min(n["rise, C_T 1"], n["gain, C_T 1"]) > 0.5,
        "C_T is 20",
        lambda n: min(n["rise, C_T 20"], n["gain, C_T 20"]) > 0.5,
    ),
    Statement(
        "Methods: V_th is where the conductance of a sweep reaches 10 % of its largest",
        "voltage at which the mean of 100 runs has 0.1 G_max while it rises by 3 V_th in 10, 30 and 100/kappa; within"
        " 15 % of V_th at each",
        "sweeps",
        tuple(f"threshold, {span:g}/kappa (V_th)" for span in (10, 30, 100)),
        lambda n: all(near(n[f"threshold, {span:g}/kappa (V_th)"], 1.0, 0.15) for span in (10, 30, 100)),
        "it takes about 100/kappa: the threshold depends on how fast the voltage rises",
        lambda n: near(n["threshold, 100/kappa (V_th)"], 1.0, 0.15),
    ),
    Statement(
        "Fig. 1 b: loops of positive voltages alone are repeatable",
        "share of 20 realisations that reach 0.1 G_max in the fifth loop up to 3 V_th, as `figure1b`, without and with"
        " a compliance current; above 0.9",
        "sweeps",
        ("fifth loop", "fifth loop, compliance", "left after it, compliance"),
        lambda n: n["fifth loop"] > 0.9,
        "a compliance current takes the voltage away, as in the measurement; else the first loop empties one terminal",
        lambda n: n["fifth loop, compliance"] > 0.9,
    ),
    Statement(
        "Fig. 1 d: bipolar pulses switch it again and again",
        "largest mean conductance of the last 10 of 100 cycles over that of the first 10, above 0.8, and above 0.1"
        " G_max: pulses of +-3.7 V_th (1.4 V) for 0.2/kappa, and 0.2/kappa at a tenth of it behind each",
        "sweeps",
        ("last / first, 3.7 V_th", "largest, 3.7 V_th"),
        lambda n: n["last / first, 3.7 V_th"] > 0.8 and n["largest, 3.7 V_th"] > common.SWITCHED,
    ),
    Statement(
        "Fig. 4 a, inset: ln(kappa tau) is A + B w_p/k_B T with A = 0.1 and B = 1",
        "mean time in which 48 strings, 14 particles left, 12 evenly spaced, 14 right, fall to 0.02 G_max at k_B T/w_p"
        " = 0.3, 0.35, 0.4, 0.45; B within 0.25 of 1 and A within 0.5 of 0.1",
        "relaxation",
        ("A", "B"),
        lambda n: near(n["B"], _relaxations.PRINTED_B, 0.25) and abs(n["A"] - _relaxations.PRINTED_A) < 0.5,
        "A is {A:.1f}: relaxations take {longer:.0f} times as long at 0.45",
        lambda n: near(n["B"], _relaxations.PRINTED_B, 0.25),
    ),
    Statement(
        "Fig. 3 b: the relaxation time decreases as the temperature increases",
        "these four times, falling",
        "relaxation",
        tuple(f"tau at {theta:g}" for theta in THETAS),
        lambda n: in_order(n, *(f"tau at {theta:g}" for theta in reversed(THETAS))),
    ),
    Statement(
        "Methods: the diffusion relaxation time goes from 20/kappa to 60/kappa",
        "of these, the times at 0.45 and 0.3, and their ratio, within 30 %",
        "relaxation",
        ("tau at 0.45", "tau at 0.3", "ratio"),
        lambda n: near(n["tau at 0.45"], 20.0, 0.3) and near(n["tau at 0.3"], 60.0, 0.3),
        "only the ratio, 3, is compared",
        lambda n: near(n["ratio"], 3.0, 0.3),
    ),
    Statement(
        "Methods: relaxation is governed by diffusion, not by the temperature",
        "mean time to 0.02 G_max after 2 V_th for 3/kappa at 0.45, and time in which the rise of the temperature falls"
        " to 1/e; the first above 5 times the second",
        "relaxation",
        ("tau after a pulse", "cooling"),
        lambda n: n["tau after a pulse"] > 5.0 * n["cooling"],
    ),
    Statement(
        "Methods, Fig. 4 a: the relaxation takes 10/kappa to 20/kappa",
        "that time after the pulse, with C_T 20 and with C_T about 1",
        "relaxation",
        ("tau after a pulse", "tau after a pulse, C_T 1"),
        lambda n: 10.0 <= n["tau after a pulse, C_T 1"] <= 20.0 or 10.0 <= n["tau after a pulse"] <= 20.0,
    ),
    Statement(
        "Fig. 4 a1, a4: after a pulse the original distribution is almost restored",
        "particles in the left half, 20 at the start, 200/kappa after 2 V_th for 3/kappa, and for 2/kappa with C_T"
        " 20 and 1; within 4",
        "relaxation",
        ("left, 3/kappa", "left, 2/kappa", "left, 2/kappa, C_T 1"),
        lambda n: abs(n["left, 3/kappa"] - 20.0) < 4.0,
        "the pulse ends soon after the bridge is there",
        lambda n: abs(n["left, 2/kappa, C_T 1"] - 20.0) < 4.0,
    ),
    Statement(
        "Methods: without heat fluctuations are too weak to destroy the clusters",
        "mean conductance after 100/kappa at 0 V over that of the start, below 2, and particles farther than 0.2 from"
        " the wells, below 2 of 40",
        "relaxation",
        ("conductance after 100/kappa", "strays"),
        lambda n: n["conductance after 100/kappa"] < 2.0 and n["strays"] < 2.0,
    ),
)


def measure_switching() -> Numbers:
    """Return delays, and what heat does."""
    spans = {1.5: 12.0, 2.0: 5.0, 3.0: 2.0, 4.0: 1.0}
    device = common.memristor("dm2017")
    runs = {v: observe(device, v, span, runs=200, dt=0.01) for v, span in spans.items()}
    printed = observe(common.memristor("dm2017-printed"), 2.0, 2.0, runs=200, dt=0.005)
    heated = {c_t: _steady(common.memristor("dm2017", c_t=c_t)) for c_t in (0.0, 1.0, 20.0)}
    symmetric = common.memristor("dm2017", phase=0.25)
    other = {
        "delay at -2 V_th": observe(device, -2.0, 5.0, runs=200, dt=0.01),
        "delay at 2 V_th, phase 0.25": observe(symmetric, 2.0, 5.0, runs=200, dt=0.01),
        "delay at -2 V_th, phase 0.25": observe(symmetric, -2.0, 5.0, runs=200, dt=0.01),
    }
    numbers = {f"delay at {v:g} V_th": run.delay() for v, run in runs.items()}
    for c_t in (1.0, 20.0):
        theta = heated[c_t].theta.mean(axis=1)
        numbers[f"rise, C_T {c_t:g}"] = float(theta.max() / theta[0] - 1.0)
        numbers[f"gain, C_T {c_t:g}"] = float(heated[c_t].mean.max() / heated[0.0].mean.max() - 1.0)
    return numbers | {
        "delay, printed": printed.delay(),
        "delay": numbers["delay at 2 V_th"],
        "largest / start": float(runs[2.0].mean.max() / runs[2.0].mean[0]),
        **{name: run.delay() for name, run in other.items()},
    }


def _steady(device: DiffusiveMemristor) -> Observed:
    return observe(device, 2.0, 6.0, runs=100)


def measure_sweeps() -> Numbers:
    """Return thresholds of sweeps, and how sweeps and pulses repeat."""
    device = common.memristor("dm2017")
    numbers: Numbers = {}
    for span in (10.0, 30.0, 100.0):
        run = observe(device, drive.triangle(0.0, 3.0, period=2.0 * span), span, runs=100)
        numbers[f"threshold, {span:g}/kappa (V_th)"] = float(
            run.voltage[(run.mean >= common.SWITCHED).argmax()] if run.peak(0.0, span) >= common.SWITCHED else np.nan
        )
    loops = sweeps.figure1b(loops=5, runs=20, rest=20.0)
    for name, sweep in (("fifth loop", "unlimited"), ("fifth loop, compliance", "unipolar")):
        numbers[name] = float((loops[sweep]["largest"].sel(loop=5) >= common.SWITCHED).mean())
    numbers["left after it, compliance"] = float(loops["unipolar"]["left"].sel(loop=5).mean())
    volts = 3.7 * np.tile([1.0, 0.1, -1.0, -0.1], 100)
    run = observe(device, drive.steps(volts, 0.2 * np.arange(volts.size)), 80.0, runs=60)
    first, last = run.peak(0.0, 8.0), run.peak(72.0, 80.0)
    return numbers | {"last / first, 3.7 V_th": last / first, "largest, 3.7 V_th": last}


def measure_relaxation() -> Numbers:
    """Return relaxation times of a string and after a pulse, and what is restored."""
    thetas = np.array(THETAS)
    known = _relaxations.relaxation_times(thetas, preset="dm2017", runs=48, seed=4)
    tau, law = known.mean(axis=1), _relaxations.law(thetas, known)
    printed = np.exp(_relaxations.PRINTED_A + _relaxations.PRINTED_B / 0.45)
    after = {
        (c_t, width): _pulsed(common.memristor("dm2017", c_t=c_t), width)
        for c_t, width in ((20.0, 3.0), (1.0, 3.0), (20.0, 2.0), (1.0, 2.0))
    }
    hot = after[20.0, 3.0]
    rise = hot.theta.mean(axis=1) - hot.theta[0, 0]
    off = int(np.searchsorted(hot.time, 3.0 - 1e-9))
    cooled = int((rise[off:] <= rise[off] / np.e).argmax())
    device = common.memristor("dm2017")
    rest = observe(device, 0.0, 100.0, runs=60, dt=0.5)
    strays = (np.abs(np.abs(rest.x) - float(device.parameters["x_c"])) > 0.2).sum(axis=1).mean()
    return {
        **{f"tau at {theta:g}": float(one) for theta, one in zip(THETAS, tau, strict=True)},
        "A": law.log_prefactor,
        "B": law.energy,
        "longer": float(law.times(0.45)[0] / printed),
        "ratio": float(tau[0] / tau[-1]),
        "tau after a pulse": hot.relaxation(3.0),
        "tau after a pulse, C_T 1": after[1.0, 3.0].relaxation(3.0),
        "cooling": float(hot.time[off + cooled] - hot.time[off]),
        "left, 3/kappa": hot.left,
        "left, 2/kappa": after[20.0, 2.0].left,
        "left, 2/kappa, C_T 1": after[1.0, 2.0].left,
        "conductance after 100/kappa": float(rest.mean[-1] / rest.mean[0]),
        "strays": float(strays),
    }


def _pulsed(device: DiffusiveMemristor, width: float) -> Observed:
    """Return 40 runs of a pulse of 2 V_th and 200/kappa behind it."""
    return observe(device, drive.steps([2.0, 0.0], [0.0, width]), width + 200.0, runs=40, dt=0.1)


MEASURES = {"switching": measure_switching, "sweeps": measure_sweeps, "relaxation": measure_relaxation}
