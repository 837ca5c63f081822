"""Statements of section 3 about figures 7 and 8: a battery that relaxes, pairs of spikes, kinds of switching."""

from __future__ import annotations

from typing import Any

import numpy as np

from memnet import analysis, drive
from memnet.devices import RateBalance
from memnet.papers._statement import Numbers, Statement, in_order, rounded
from memnet.papers.electrochemical2023 import _traces, batteries, pairs
from memnet.papers.electrochemical2023.scaling import figure8d

STATEMENTS = (
    Statement(
        "Sec. 3.1, Fig. 7: when the voltage is switched off the Nernst potential dominates, and the emf is negative",
        "voltage of an open Nanobattery, n = 1, E_N -0.2 V, tau_N 50 s, at the start; below 0",
        "battery",
        ("at the start (mV)",),
        lambda n: n["at the start (mV)"] < 0.0,
    ),
    Statement(
        "Sec. 3.1, Fig. 7: the gradient that dissolving leaves has the opposite sign and brings the potential to"
        " positive values",
        "largest voltage behind that, E_D 0.25 V, for ions that spread in 300 s, in 30 s and in 20 s;"
        " E_D tau_D/(tau_N - tau_D) for the two that are below tau_N; above 0",
        "battery",
        (
            "largest, 300 s (mV)",
            "largest, 30 s (mV)",
            "largest, 20 s (mV)",
            "E_D tau_D/(tau_N - tau_D), 30 s (mV)",
            "E_D tau_D/(tau_N - tau_D), 20 s (mV)",
        ),
        lambda n: min(n["largest, 300 s (mV)"], n["largest, 30 s (mV)"], n["largest, 20 s (mV)"]) > 1.0,
        "ions spread in a longer time than metal dissolves, or E_D tau_D/(tau_N - tau_D) > -E_N",
        lambda n: (
            min(n["largest, 300 s (mV)"], n["largest, 30 s (mV)"]) > 1.0
            and n["E_D tau_D/(tau_N - tau_D), 30 s (mV)"] > 200.0 > n["E_D tau_D/(tau_N - tau_D), 20 s (mV)"]
        ),
    ),
    Statement(
        "Sec. 3.1: the lower the mobility of the ions, or the thicker the film, the slower the relaxation",
        "when the voltage is down to a tenth of its peak, for tau_D 100, 300 and 900 s; in this order",
        "battery",
        ("gone, 100 s (s)", "gone, 300 s (s)", "gone, 900 s (s)"),
        lambda n: in_order(n, "gone, 100 s (s)", "gone, 300 s (s)", "gone, 900 s (s)"),
    ),
    Statement(
        "Sec. 3.1: the curve over time is practically identical to an action potential",
        "turning points of the voltage, and where it ends above where it began, as a part of its range: of the"
        " battery, tau_D 300 s, and of a Hodgkin-Huxley membrane after a short push; the same number, and both ends"
        " within 0.05",
        "battery",
        (
            "turns, battery",
            "turns, membrane",
            "end less start, battery",
            "end less start, membrane",
            "rise / fall, battery",
            "rise / fall, membrane",
        ),
        lambda n: (
            n["turns, battery"] == n["turns, membrane"]
            and max(abs(n["end less start, battery"]), abs(n["end less start, membrane"])) < 0.05
        ),
        "the peak is meant, with its rise faster than its fall; the battery begins below its rest, and has no"
        " undershoot at the end",
        lambda n: max(n["rise / fall, battery"], n["rise / fall, membrane"]) < 1.0,
    ),
    Statement(
        "Sec. 3.2, Fig. 8 b: the difference of two spikes changes the conductance, where one spike alone does not",
        "largest change of the weight by the earlier of two spikes, 14 delays, exactly 0; and by the pair, above 0.1",
        "pair",
        ("by one spike", "by a pair"),
        lambda n: n["by one spike"] == 0.0 and n["by a pair"] > 0.1,
    ),
    Statement(
        "Sec. 3.2, Fig. 8 c: the timing of the spikes decides what is learned: potentiation where pre comes first,"
        " depression where post does, less the further apart",
        "change at 14 delays of 1 to 60 ms: signs, order, largest relative distance from the integral of the rate,"
        " below 1e-3, and largest sum of both signs of a delay, below 1e-5",
        "pair",
        ("change at 5 ms", "change at -5 ms", "in order", "from the integral", "oddness"),
        lambda n: (
            n["change at 5 ms"] > 0.0 > n["change at -5 ms"]
            and n["in order"] == 1.0
            and n["from the integral"] < 1e-3
            and n["oddness"] < 1e-5
        ),
    ),
    Statement(
        "Sec. 3.2: so memristive devices can learn by spike-timing-dependent plasticity",
        "change at -5 and 5 ms of the bipolar synapse, and of RateBalance under spikes of 1 and -0.5 V at -1 and 1 s;"
        " signs differ",
        "pair",
        ("change at -5 ms", "change at 5 ms", "RateBalance, post first (S)", "RateBalance, pre first (S)"),
        lambda n: n["RateBalance, post first (S)"] < 0.0 < n["RateBalance, pre first (S)"],
        "their state follows the sign of the voltage",
        lambda n: n["change at -5 ms"] < 0.0 < n["change at 5 ms"],
    ),
    Statement(
        "Fig. 8 d: a conductive filament short-circuits the cell",
        "networks of 4 to 256 parts side by side: d ln R/d ln area when on, within 0.01 of 0, and R_off/R_on of the"
        " widest, above 10",
        "kinds",
        ("filament, area", "filament, off / on"),
        lambda n: abs(n["filament, area"]) < 0.01 and n["filament, off / on"] > 10.0,
    ),
    Statement(
        "Fig. 8 e: with volume switching the conductivity of the whole volume changes",
        "d ln(R_off - R_on) by ln area and by ln thickness, within 1e-6 of -1 and 1",
        "kinds",
        ("volume, area", "volume, thickness"),
        lambda n: abs(n["volume, area"] + 1.0) < 1e-6 and abs(n["volume, thickness"] - 1.0) < 1e-6,
    ),
    Statement(
        "Fig. 8 f: with surface switching the change depends on the area, but only the interface is modified",
        "the same, within 1e-6 of -1 and 0",
        "kinds",
        ("surface, area", "surface, thickness"),
        lambda n: abs(n["surface, area"] + 1.0) < 1e-6 and abs(n["surface, thickness"]) < 1e-6,
    ),
)


def measure_battery() -> Numbers:
    """Return what the emf of figure 7 does, and what a membrane does."""
    data = batteries.figure7(tau_D=(20.0, 30.0, 100.0, 300.0, 900.0), duration=4000.0, rows=4000)
    milli, time = 1e3 * data["voltage"].values, data["time"].values
    tau = [f"{one:g} s" for one in data["tau_D"].values]
    peaks = milli.argmax(axis=1)
    numbers: Numbers = {"at the start (mV)": float(milli[0, 0])}
    numbers |= {f"largest, {name} (mV)": rounded(float(row.max()), 3) for name, row in zip(tau, milli, strict=True)}
    for one in (20.0, 30.0):
        numbers[f"E_D tau_D/(tau_N - tau_D), {one:g} s (mV)"] = 250.0 * one / (50.0 - one)
    for name, row, k in list(zip(tau, milli, peaks, strict=True))[2:]:
        numbers[f"gone, {name} (s)"] = float(time[k + int((row[k:] < 0.1 * row[k]).argmax())])
    membrane = _traces.trace(_traces.alone(), _traces.pulse(20.0), 30e-3)
    for name, t, volts in (
        ("battery", time, milli[tau.index("300 s")]),
        ("membrane", membrane.time, membrane.potential),
    ):
        numbers |= {f"{what}, {name}": value for what, value in _shape(t, volts).items()}
    return numbers


def _shape(time: Any, volts: Any) -> Numbers:
    """Return turning points of a trace that leave its rest by a hundredth of its range, and how it rises and falls."""
    whole = float(np.ptp(volts))
    slope = np.sign(np.diff(volts))
    turns = np.flatnonzero(slope[1:] * slope[:-1] < 0.0) + 1
    away = np.abs(volts[turns] - volts[-1]) > 0.01 * whole
    top, half = int(volts.argmax()), 0.5 * (volts.max() + volts[-1])
    before = top - int((volts[top::-1] < half).argmax())
    after = top + int((volts[top:] < half).argmax())
    return {
        "turns": float(away.sum()),
        "end less start": float(volts[-1] - volts[0]) / whole,
        "rise / fall": float((time[top] - time[before]) / (time[after] - time[top])),
    }


def measure_pair() -> Numbers:
    """Return the window of figure 8 c, and what a device does that sees no sign."""
    data = pairs.figure8c(shapes=("exponential",)).isel(shape=0)
    change, delay = data["change"].values, data["delay"].values
    exact = np.array([pairs.exact_change(pairs.SPIKES["exponential"], one) for one in delay.tolist()])
    spike = drive.concat([(1.0, 0.5), (-0.5, 1.0), (0.0, None)])
    blind = analysis.stdp(RateBalance(), [-1.0, 1.0], pre=spike, dt=0.5)["change_mean"].values
    later = change[delay > 0.0]
    return {
        "by one spike": float(np.abs(data["first"].values).max()),
        "by a pair": float(np.abs(change).max()),
        "change at 5 ms": float(data["change"].sel(delay=5e-3)),
        "change at -5 ms": float(data["change"].sel(delay=-5e-3)),
        "in order": float((np.diff(later) < 0.0).all() and (later > 0.0).all()),
        "from the integral": float(np.abs(change / exact - 1.0).max()),
        "oddness": float(np.abs(change + change[::-1]).max()),
        "RateBalance, post first (S)": float(blind[0]),
        "RateBalance, pre first (S)": float(blind[1]),
    }


def measure_kinds() -> Numbers:
    """Return how resistances go with the size of a cell."""
    r = figure8d()["resistance"]
    change = r.sel(state="off") - r.sel(state="on")
    numbers: Numbers = {}
    for kind, ohms in (("filament", r.sel(state="on")), ("volume", change), ("surface", change)):
        for name, fixed in (("area", "thickness"), ("thickness", "area")):
            row = ohms.sel(kind=kind).isel({fixed: -1})
            ends = row.values[[0, -1]], row[name].values[[0, -1]]
            numbers[f"{kind}, {name}"] = rounded(float(np.diff(np.log(ends[0]))[0] / np.diff(np.log(ends[1]))[0]), 9)
    widest = r.sel(kind="filament").isel(area=-1, thickness=-1)
    return numbers | {"filament, off / on": float(widest.sel(state="off") / widest.sel(state="on"))}


MEASURES = {"battery": measure_battery, "pair": measure_pair, "kinds": measure_kinds}
