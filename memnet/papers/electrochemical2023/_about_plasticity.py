"""Statements of section 4.1.2: long-term and short-term plasticity, priming pulses, and a third terminal."""

from __future__ import annotations

from typing import Any

import numpy as np

from memnet import analysis, drive
from memnet.devices import (
    BipolarThreshold,
    Device,
    DiffusiveMemristor,
    Ecram,
    EcramGate,
    ElectrochemicalMetallization,
    ExplicitJART,
    RateBalance,
    link,
)
from memnet.papers._statement import Numbers, Statement, in_order
from memnet.papers.electrochemical2023 import _elements as elements, history, trains
from memnet.simulate import Circuit, Simulation

STATEMENTS = (
    Statement(
        "Sec. 4.1.2: long-term plasticity is durable, in synapses that are non-volatile",
        "what is left of the change by 10 pulses after 1000 s at 0 V, of the conductance of BipolarThreshold and of"
        " RateBalance; both above 0.99",
        "long-term",
        ("left, BipolarThreshold", "left, RateBalance"),
        lambda n: min(n["left, BipolarThreshold"], n["left, RateBalance"]) > 0.99,
        "nothing moves below a threshold; what relaxes at 0 V is short-term",
        lambda n: n["left, BipolarThreshold"] == 1.0 and abs(n["left, RateBalance"]) < 1e-6,
    ),
    Statement(
        "Sec. 4.1.2: cells of electrochemical metallization show potentiation and depression",
        "ElectrochemicalMetallization, 20 pulses of 0.3 V for 1 us, then as many of -0.3 V: part of the film that the"
        " filament bridges before, between and after; up by more than 0.5, and down again by more than 0.5",
        "long-term",
        ("metal, before", "metal, between", "metal, after"),
        lambda n: min(n["metal, between"] - n["metal, before"], n["metal, between"] - n["metal, after"]) > 0.5,
    ),
    Statement(
        "Sec. 4.1.2: cells of valence change show potentiation and depression",
        "ExplicitJART, 20 pulses of -0.6 V for 1 ms, then as many of 1 V: state x before, between and after; the same",
        "long-term",
        ("vacancies, before", "vacancies, between", "vacancies, after"),
        lambda n: (
            min(n["vacancies, between"] - n["vacancies, before"], n["vacancies, between"] - n["vacancies, after"]) > 0.5
        ),
    ),
    Statement(
        "Sec. 4.1.2: long-term potentiation and depression are generally nonlinear",
        "linearity of the way up (1: each pulse changes alike), below 0.9: both cells, BipolarThreshold with soft and"
        " with hard bounds; largest distance of the soft ones from 1 - (1 - w_0)(1 - d)^n",
        "long-term",
        ("linearity, metal", "linearity, vacancies", "linearity, soft", "linearity, hard", "from the closed form"),
        lambda n: max(n[f"linearity, {one}"] for one in ("metal", "vacancies", "soft", "hard")) < 0.9,
        "the change depends on the state; with hard bounds it does not",
        lambda n: (
            max(n[f"linearity, {one}"] for one in ("metal", "vacancies", "soft")) < 0.9
            and n["linearity, hard"] > 1.0 - 1e-9
            and n["from the closed form"] < 1e-12
        ),
    ),
    Statement(
        "Sec. 4.1.2, Fig. 10 a: a layer that limits how many vacancies move makes it more linear",
        "linearity of soft bounds, and at a tenth of the rate; the range of both trains of 20 pulses",
        "long-term",
        ("linearity, soft", "linearity, limited", "range, soft", "range, limited"),
        lambda n: n["linearity, limited"] > n["linearity, soft"] and n["range, limited"] > 0.9 * n["range, soft"],
        "the same number of pulses may go through less of the range",
        lambda n: n["linearity, limited"] > 2.0 * n["linearity, soft"],
    ),
    Statement(
        "Sec. 4.1.2: short-term plasticity changes weights for milliseconds to minutes",
        "RateBalance behind 10 pulses of 0.5 V for 1 s: part of the change that is left after 10 and 75 s",
        "short-term",
        ("left, 10 s", "left, 75 s"),
        lambda n: n["left, 10 s"] > 0.5 and n["left, 75 s"] < 0.05,
    ),
    Statement(
        "Sec. 4.1.2: a pulse answers more strongly behind another one, the more the sooner",
        "G_2/G_1 of RateBalance at 1, 5 and 20 s, falling to above 1; largest distance from the closed form",
        "short-term",
        ("G_2/G_1, 1 s", "G_2/G_1, 5 s", "G_2/G_1, 20 s", "from the closed form"),
        lambda n: (
            1.0 < n["G_2/G_1, 20 s"] < n["G_2/G_1, 5 s"] < n["G_2/G_1, 1 s"] and n["from the closed form"] < 1e-14
        ),
    ),
    Statement(
        "Sec. 4.1.2: a higher rate of pulses leaves more behind",
        "what 10 pulses at RateBalance change, with intervals of 1, 5 and 20 s; falling",
        "short-term",
        ("change, 1 s (S)", "change, 5 s (S)", "change, 20 s (S)"),
        lambda n: in_order(n, "change, 20 s (S)", "change, 5 s (S)", "change, 1 s (S)"),
    ),
    Statement(
        "Sec. 4.1.2, Fig. 10 b: filaments of silver show short-term potentiation and depression",
        "G_10/G_1 of DiffusiveMemristor: 5 V_th for 0.1/kappa with gaps of 0.05/kappa, above 1 by 3 standard errors;"
        " 3 V_th for 2/kappa with 60/kappa, below 1 by 3",
        "short-term",
        ("fast", "error, fast", "slow", "error, slow"),
        lambda n: n["fast"] - 3.0 * n["error, fast"] > 1.0 > n["slow"] + 3.0 * n["error, slow"],
    ),
    Statement(
        "Sec. 4.1.2, Fig. 10 b: weak pulses make weak filaments, which dissolve",
        "current over voltage of DiffusiveMemristor at the end of a spike of 2, 3 and 5 V_th for 1/kappa, mean of 16,"
        " rising; what two pulses of 3 V_th for 2/kappa have left after 60/kappa over that after 5/kappa, below 1/2",
        "short-term",
        ("G, 2 V_th (mS)", "G, 3 V_th (mS)", "G, 5 V_th (mS)", "60/kappa over 5/kappa"),
        lambda n: (
            in_order(n, "G, 2 V_th (mS)", "G, 3 V_th (mS)", "G, 5 V_th (mS)") and n["60/kappa over 5/kappa"] < 0.5
        ),
    ),
    Statement(
        "Sec. 4.1.2, Fig. 10 c: a small pulse that leaves the conductance makes potentiation stronger or weaker",
        "a synapse of two states primed with 0.8 and -0.8 V for 5 s: what that changes in its weight, exactly 0, and"
        " what 10 pulses then do; the same with BipolarThreshold, which has one state",
        "priming",
        ("by priming", "+0.8 V", "0 V", "-0.8 V", "one state, +0.8 V", "one state, 0 V"),
        lambda n: (
            n["by priming"] == 0.0
            and n["+0.8 V"] > n["0 V"] > n["-0.8 V"]
            and n["one state, +0.8 V"] != n["one state, 0 V"]
        ),
        "a second state remembers it",
        lambda n: (
            n["by priming"] == 0.0
            and n["+0.8 V"] > n["0 V"] > n["-0.8 V"]
            and n["one state, +0.8 V"] == n["one state, 0 V"]
        ),
    ),
    Statement(
        "Sec. 4.1.2, Fig. 10 d: voltages at a third terminal modulate set and reset voltages",
        "GatedMemristor with -1, 0 and 1 V at its gate, swept at 1 V/s: voltage at which half the range is passed; both"
        " sizes fall",
        "gate",
        tuple(f"{way}, {gate:+d} V (V)" for way in ("set", "reset") for gate in (-1, 0, 1)),
        lambda n: (
            in_order(n, *(f"set, {gate:+d} V (V)" for gate in (1, 0, -1)))
            and in_order(n, *(f"reset, {gate:+d} V (V)" for gate in (-1, 0, 1)))
        ),
    ),
    Statement(
        "Sec. 4.1.2: and potentiation and depression",
        "its conductance after 10 pulses of 2 V, and what as many of -2 V take from that; both rise with the gate",
        "gate",
        tuple(f"{way}, {gate:+d} V (uS)" for way in ("up", "down") for gate in (-1, 0, 1)),
        lambda n: all(in_order(n, *(f"{way}, {gate:+d} V (uS)" for gate in (-1, 0, 1))) for way in ("up", "down")),
    ),
    Statement(
        "Sec. 4.1.2: heterosynaptic plasticity changes a weight without direct stimulation",
        "part by which 1 s of 0.5 V at the gate alone changes the conductance of GatedMemristor and of Ecram; both"
        " above 0.01",
        "gate",
        ("GatedMemristor", "Ecram"),
        lambda n: min(n["GatedMemristor"], n["Ecram"]) > 0.01,
        "the third terminal drives ions into the channel; one that only tunes its speed does nothing alone",
        lambda n: n["GatedMemristor"] == 0.0 and n["Ecram"] > 0.01,
    ),
)


def measure_long_term() -> Numbers:
    """Return what trains leave in synapses, for how long, and how linear they are."""
    data = trains.figure10a()
    linear, through = data["linearity"].sel(direction="up"), data["range"]
    metal = analysis.potentiation(
        ElectrochemicalMetallization(), amplitude=0.3, width=1e-6, interval=1e-6, count=20, dt=1e-6, state="x",
        **elements.ADAPTIVE,
    )  # fmt: skip
    vacancies = analysis.potentiation(
        ExplicitJART(), amplitude=-0.6, depression=1.0, width=1e-3, interval=1e-3, count=20, dt=1e-3, state="x",
        **elements.ADAPTIVE,
    )  # fmt: skip
    numbers: Numbers = {}
    for name, weight in (("metal", 1.0 - metal["weight_mean"].values), ("vacancies", vacancies["weight_mean"].values)):
        numbers |= {f"{name}, before": float(weight[0, 0]), f"{name}, between": float(weight[0, -1])}
        numbers |= {f"{name}, after": float(weight[1, -1]), f"linearity, {name}": analysis.linearity(weight[0])}
    for name, kind in (("soft", "soft bounds"), ("hard", "hard bounds"), ("limited", "soft, limited")):
        numbers |= {
            f"linearity, {name}": float(linear.sel(synapse=kind)),
            f"range, {name}": float(through.sel(synapse=kind)),
        }
    soft = analysis.potentiation(trains.keeping("soft bounds"), count=20, state="w", **trains.PULSE)
    w = soft["weight_mean"].values[0]
    share = (w[1] - w[0]) / (1.0 - w[0])
    law = 1.0 - (1.0 - w[0]) * (1.0 - share) ** np.arange(w.size)
    kept = {
        "left, BipolarThreshold": _left(BipolarThreshold(w_initial=0.1, I_0=1e-3), 1.2, 1e-2),
        "left, RateBalance": _left(RateBalance(), 0.5, 1.0),
    }
    return numbers | {"from the closed form": float(np.abs(w - law).max())} | kept


def _left(device: Device, amplitude: float, width: float) -> float:
    """Return what is left after 1000 s of what 10 pulses (V, s) change in a conductance."""
    train: dict[str, Any] = {"amplitude": amplitude, "width": width, "count": 10, "dt": width}
    now, later = (float(analysis.srdp(device, width, settle=time, **train)["change_mean"][0]) for time in (0.0, 1e3))
    return later / now


def measure_short_term() -> Numbers:
    """Return what pulses leave in synapses that forget."""
    data = trains.figure10b(intervals=(1.0, 5.0, 20.0))
    numbers: Numbers = {f"left, {one:g} s": float(data["left"][data["since"] == one][0]) for one in (10.0, 75.0)}
    for one in data["interval"].values:
        numbers[f"G_2/G_1, {one:g} s"] = float(data["index"].sel(interval=one))
        numbers[f"change, {one:g} s (S)"] = float(data["change"].sel(interval=one))
    numbers["from the closed form"] = float(np.abs(data["index"] / data["law"] - 1.0).max())
    film = DiffusiveMemristor()
    runs: dict[str, Any] = {"realisations": 16, "seed": 0}
    spikes = analysis.epsc(film, amplitude=[2.0, 3.0, 5.0], duration=1.0, dt=0.05, **runs)
    for volts, amps in zip((2, 3, 5), spikes["epsc"].values.ravel(), strict=True):
        numbers[f"G, {volts} V_th (mS)"] = 1e3 * float(amps) / volts
    pulses: dict[str, Any] = {"amplitude": 3.0, "width": 2.0, "count": 2, "dt": 0.05, **runs}
    soon, late = (float(analysis.srdp(film, 0.05, settle=time, **pulses)["change_mean"][0]) for time in (5.0, 60.0))
    numbers["60/kappa over 5/kappa"] = late / soon
    last = data.isel(pulse=-1)
    for train in ("fast", "slow"):
        numbers |= {
            train: float(last["mean"].sel(train=train)),
            f"error, {train}": float(last["error"].sel(train=train)),
        }
    return numbers


def measure_priming() -> Numbers:
    """Return what pulses do behind a priming pulse."""
    data = history.figure10c()
    gained = data["weight"].sel(direction="up").isel(pulse=-1) - data["weight"].sel(direction="up").isel(pulse=0)
    pulse: dict[str, Any] = {"amplitude": 1.2, "width": 1e-2, "interval": 1e-2, "dt": 1e-2, "count": 10, "state": "w"}
    numbers: Numbers = {"by priming": float(np.abs(data["moved"]).max())}
    numbers |= {
        name: float(gained.sel(priming=volts)) for name, volts in (("+0.8 V", 0.8), ("0 V", 0.0), ("-0.8 V", -0.8))
    }
    for name, priming in (("+0.8 V", (0.8, history.PRIMING)), ("0 V", None)):
        found = analysis.potentiation(BipolarThreshold(w_initial=0.1, I_0=1e-3), priming=priming, **pulse)
        numbers[f"one state, {name}"] = float(np.ptp(found["weight_mean"].values[0]))
    return numbers


def measure_gate() -> Numbers:
    """Return what a third terminal does, and what it does alone."""
    data = history.figure10d()
    numbers: Numbers = {}
    for gate in (-1, 0, 1):
        one = data.sel(gate=gate)
        up, down = 1e6 * one["weight"].values
        numbers |= {f"set, {gate:+d} V (V)": float(one["set_voltage"])}
        numbers |= {f"reset, {gate:+d} V (V)": float(one["reset_voltage"])}
        numbers |= {f"up, {gate:+d} V (uS)": float(up[-1]), f"down, {gate:+d} V (uS)": float(down[0] - down[-1])}
    channel = Circuit()
    channel.add("gate", "out", EcramGate(), name="gate")
    channel.add("in", "out", link(Ecram(), to="gate"), name="channel")
    return numbers | {"GatedMemristor": _by_gate(elements.gated(history.SPEED)), "Ecram": _by_gate(channel)}


def _by_gate(circuit: Circuit) -> float:
    """Return by which part 1 s of 0.5 V at the gate alone changes the conductance of the channel."""
    wave = drive.steps([0.5, 0.0], [0.0, 1.0])
    sim = circuit.simulation({"in": 0.0, "out": 0.0, "gate": wave}, dt=0.1, method="adaptive", rtol=1e-5)
    before = _channel(sim)
    sim.run(duration=1.5)
    return abs(_channel(sim) / before - 1.0)


def _channel(sim: Simulation) -> float:
    return float(sim.conductance[sim.edge("channel")])


MEASURES = {
    "long-term": measure_long_term,
    "short-term": measure_short_term,
    "priming": measure_priming,
    "gate": measure_gate,
}
