"""Statements of sections 11.2 and 12 about transients, impedances, combinations of pores, and pulses."""

from __future__ import annotations

from typing import Any

import numpy as np

from memnet import analysis, drive, response
from memnet.base.arrays import Floats
from memnet.devices import Device, MembraneNanopore, Nanopore, RetentiveNanopore
from memnet.papers._statement import Numbers, Statement, in_order, near
from memnet.papers.nanopores2024 import _curves as curves, _runs as runs
from memnet.papers.nanopores2024.spectra import branches, figure28, membrane_pore

TO_MICRO, TO_MILLI = 1e6, 1e3
# Conductance in series (S) in Figs 26 and 27.
SERIES = {"26": 5e-6, "27": 1e-6}

STATEMENTS = (
    Statement(
        "Sec. 11.2, Fig. 26 c, e: a transient has a fast and a slow domain",
        "time constants from the eigenvalues at 1 V; slow over fast above 5",
        "transients",
        ("slow (ms)", "fast (ms)"),
        lambda n: n["slow (ms)"] > 5.0 * n["fast (ms)"],
    ),
    Statement(
        "Sec. 11.2, Fig. 26 e: in the fast domain the conductance is that of the start, g_L + x_0 (g_H - g_L)",
        "conductance after 3 fast time constants over that; within 10 % of 1",
        "transients",
        ("conductance over that of x_0",),
        lambda n: near(n["conductance over that of x_0"], 1.0, 0.1),
    ),
    Statement(
        "Sec. 11.2: the slow domain is governed by tau_k at the target voltage V_0 + dV",
        "rate of the eigenvalue over 1/tau_k at V_app, over 1/tau_k at u_inf, and over (1 + g_a/(g_s + g_b))/tau_k at"
        " u_inf, in Fig. 27 at 0.5 V; within 3 % of 1",
        "transients",
        ("at V_app", "at u_inf", "at u_inf, with g_a/(g_s + g_b)"),
        lambda n: near(n["at V_app"], 1.0, 0.03),
        "the voltage is the internal one, u_inf, and the rate is 1 + g_a/(g_s + g_b) times as large",
        lambda n: near(n["at u_inf, with g_a/(g_s + g_b)"], 1.0, 0.03),
    ),
    Statement(
        "Sec. 11.2, Fig. 26 f: what remains of the current, eq. 54, falls exponentially",
        "rate of its last decades in a run, over that of the slow eigenvalue; within 0.1 % of 1",
        "transients",
        ("rate over eigenvalue",),
        lambda n: near(n["rate over eigenvalue"], 1.0, 1e-3),
    ),
    Statement(
        "Sec. 11.2: equilibration is faster at a larger voltage",
        "slow time constant of Fig. 26 at 0.25, 0.5 and 1 V, each below the one before",
        "transients",
        tuple(f"slow at {volt:g} V (ms)" for volt in (0.25, 0.5, 1.0)),
        lambda n: in_order(n, *(f"slow at {volt:g} V (ms)" for volt in (1.0, 0.5, 0.25))),
    ),
    Statement(
        "Sec. 11.2, Fig. 26 d (printed as 6d): the return takes much longer than the rise",
        "slow time constant of Fig. 26 at 0 V over that at 1 V, above 3",
        "transients",
        ("return / rise",),
        lambda n: n["return / rise"] > 3.0,
    ),
    Statement(
        "Sec. 11.2, Fig. 27 b: the current begins at dV g_s",
        "current at t0+, with the states and the voltage of the capacitor held, over dV g_s; within 1e-12 of 1",
        "transients",
        ("first current / (dV g_s)",),
        lambda n: near(n["first current / (dV g_s)"], 1.0, 1e-12),
    ),
    Statement(
        "Eq. 55: the capacitive time constant is C_m/g_s",
        "that of the fast eigenvalue of Fig. 27 at 0.5 V over C_m/g_s, and over C_m/(g_s + g_b); within 5 % of 1",
        "transients",
        ("over C_m/g_s", "over C_m/(g_s + g_b)"),
        lambda n: near(n["over C_m/g_s"], 1.0, 0.05),
        "g_b is small beside g_s; in general it is C_m/(g_s + g_b)",
        lambda n: near(n["over C_m/(g_s + g_b)"], 1.0, 0.05),
    ),
    Statement(
        "Sec. 11.2, Fig. 27 b: the capacitive peak is inverted where the voltage is disconnected",
        "first current, 0.5 to 0 V, and -g_s u there; within 1e-6",
        "transients",
        ("first current off (uA)", "-g_s u (uA)"),
        lambda n: n["first current off (uA)"] < 0.0 and near(n["first current off (uA)"], n["-g_s u (uA)"], 1e-6),
    ),
    Statement(
        "Sec. 11.2, Fig. 27 d: behind the spike the current rises under a positive voltage and falls under a negative",
        "size of the current 0.05 ms behind the jumps to 0.5 V and to -0.5 V and at the end, over each other",
        "transients",
        ("end / start, positive", "end / start, negative"),
        lambda n: n["end / start, positive"] > 1.0 > n["end / start, negative"],
    ),
    Statement(
        "Sec. 11.2: g_a has the sign of the voltage, so that capacitance is negative at positive voltages",
        "slow capacitance of Fig. 28's pore (nF) at 0.2 and -0.2 V; g_a at 0.05 V with E_0 = 0 and with E_0 = 0.1 V",
        "spectrum",
        ("at 0.2 V (nF)", "at -0.2 V (nF)", "g_a, E_0 0 (uS)", "g_a, E_0 0.1 V (uS)"),
        lambda n: n["at 0.2 V (nF)"] < 0.0 < n["at -0.2 V (nF)"] and n["g_a, E_0 0.1 V (uS)"] > 0.0,
        "E_0 is 0; the sign is that of u - E_0",
        lambda n: n["at 0.2 V (nF)"] < 0.0 < n["at -0.2 V (nF)"] and n["g_a, E_0 0 (uS)"] > 0.0,
    ),
    Statement(
        "Fig. 28: a capacitive arc of C_m at high frequency at all voltages; at low frequency an arc that goes from"
        " positive to negative as the voltage goes from negative to positive",
        "reactance (Mohm) at the top of both arcs, largest and smallest over u = -0.3 to 0.3 V; largest relative"
        " difference from the formula",
        "spectrum",
        ("fast, largest", "slow, u < 0, largest", "slow, u > 0, smallest", "deviation"),
        lambda n: (
            max(n["fast, largest"], n["slow, u < 0, largest"]) < 0.0 < n["slow, u > 0, smallest"]
            and n["deviation"] < 1e-10
        ),
    ),
    Statement(
        "Fig. 28 a, eq. 56: the spectrum is that of g_s, C_m, g_b and g_a with L_a, and tau_k = g_a L_a",
        "that circuit fitted at u = 0.2 V: residual, and L_a g_a over tau_k; within 1e-4 of 1",
        "spectrum",
        ("residual", "L_a g_a / tau_k"),
        lambda n: n["residual"] < 1e-4 and near(n["L_a g_a / tau_k"], 1.0, 1e-4),
    ),
    Statement(
        "Fig. 38 a: two pores in series of the same polarity duplicate the original function",
        "largest difference of I(V) from I_1(V/2) over the largest current, below 1e-4",
        "together",
        ("difference",),
        lambda n: n["difference"] < 1e-4,
    ),
    Statement(
        "Fig. 38 b: in opposite polarities the loop is all capacitive and does not cross",
        "area that is inductive, as a share, and crossings at 0.5 kHz, without C_m and with 0.01 nF on each pore",
        "together",
        tuple(f"{what}, {c}" for c in ("no C_m", "C_m") for what in ("inductive share", "crossings")),
        lambda n: n["inductive share, no C_m"] == n["crossings, no C_m"] == 0.0,
        "each pore has a C_m; without it the loop touches itself at 0 and is inductive",
        lambda n: n["inductive share, C_m"] == n["crossings, C_m"] == 0.0,
    ),
    Statement(
        "Fig. 39 b: antiparallel pores cross twice, with capacitive parts between the crossings",
        "crossings at 0.5 kHz, without C_m and with 0.01 nF on each pore, and where",
        "together",
        ("antiparallel crossings, no C_m", "antiparallel crossings, C_m", "upper one (V)", "area between (nW)"),
        lambda n: n["antiparallel crossings, no C_m"] == 2.0,
        "each pore has a C_m; without it the loop touches itself at 0",
        lambda n: n["antiparallel crossings, C_m"] == 2.0 and n["area between (nW)"] < 0.0,
    ),
    Statement(
        "Figs 19 d, 34 a: positive pulses potentiate, negative ones depress",
        "conductance read at 0 V behind each of 20 pulses of 0.8 V, rising, and of 20 of -1.2 V behind them, falling",
        "pulses",
        ("1st (uS)", "20th (uS)", "21st (uS)", "40th (uS)", "wrong steps"),
        lambda n: n["1st (uS)"] < n["20th (uS)"] and n["21st (uS)"] > n["40th (uS)"] and n["wrong steps"] == 0.0,
    ),
    Statement(
        "Fig. 22: a RESET turns the system to the LRS",
        "conductance behind 20 pulses of 0.8 V and behind 20 of -1.2 V: the second one is the larger",
        "pulses",
        ("20th (uS)", "40th (uS)"),
        lambda n: n["40th (uS)"] > n["20th (uS)"],
    ),
    Statement(
        "Sec. 12.3, Fig. 38 d: in opposite series no potentiation of the conductivity occurs",
        "conductance behind the 20th over that behind the first pulse of 1.6 V: same polarity, opposite polarity; below"
        " 1.05",
        "pulses",
        ("same series", "opposite series"),
        lambda n: n["opposite series"] < 1.05 < n["same series"],
    ),
    Statement(
        "Sec. 12.3, Fig. 39 d: antiparallel pores potentiate at positive and at negative pulses",
        "conductance behind the 20th over that behind the first pulse of 0.8 V, and of -0.8 V; above 1",
        "pulses",
        ("antiparallel, 0.8 V", "antiparallel, -0.8 V"),
        lambda n: min(n["antiparallel, 0.8 V"], n["antiparallel, -0.8 V"]) > 1.0,
    ),
)


def behind(figure: str) -> tuple[Device, Any]:
    """Return the pore of Fig. 26 or 27 and a simulation of it behind its series conductance, at 0 V."""
    device = MembraneNanopore.preset(f"figure-{figure}")
    circuit = membrane_pore(device, SERIES[figure])
    return device, circuit.simulation({"in": 0.0, "gnd": 0.0}, method="adaptive")


def rates(sim: Any, volt: float) -> Floats:
    """Return the slow and the fast rate of a circuit at a voltage (1/s)."""
    slow, fast = -response.eigenvalues(sim, bias={"in": volt}).real
    return np.array([slow, fast])


def at_rest(device: Device, g_s: float, volt: float) -> float:
    """Return the internal voltage u_inf (V) under a voltage in front of a conductance (S)."""
    current = curves.of(device, "current")
    return float(curves.zeros(lambda u: current(u) / g_s + u - volt, -abs(volt) - 0.01, abs(volt) + 0.01)[0])


def stepped(figure: str, wave: Any, duration: float, rows: int, rtol: float) -> Any:
    """Return a run of the pore of Fig. 26 or 27 behind its series conductance."""
    device = MembraneNanopore.preset(f"figure-{figure}")
    circuit = membrane_pore(device, SERIES[figure])
    sim = circuit.simulation({"in": wave, "gnd": 0.0}, dt=duration / rows, method="adaptive", rtol=rtol)
    return sim.run(rows + 1, record=["current", "potential", "state:x"])


def measure_transients() -> Numbers:
    """Return time constants and runs of Figs 26 and 27."""
    one, sim = behind("26")
    other, second = behind("27")
    g_s = SERIES["27"]
    slow, fast = rates(second, 0.5)
    u = at_rest(other, g_s, 0.5)
    parts = {name: float(value[0]) for name, value in branches(other, np.array([u])).items()}
    tau_applied = float(curves.of(other, "tau_x")(0.5)[0])
    c_m = other.parameters["C_m"]
    of_26 = {volt: 1.0 / rates(sim, volt) for volt in (0.0, 0.25, 0.5, 1.0)}
    jump = drive.steps([0.5, 0.0, -0.5], [0.0, 6e-3, 50e-3])
    data = stepped("27", jump, 100e-3, 2000, 1e-6)
    current = data["current"].sel(electrode="in").values
    inner = float(data["potential"].sel(potential_node="u").values[120])
    return {
        "slow (ms)": TO_MILLI * float(of_26[1.0][0]),
        "fast (ms)": TO_MILLI * float(of_26[1.0][1]),
        **{f"slow at {volt:g} V (ms)": TO_MILLI * float(of_26[volt][0]) for volt in (0.25, 0.5, 1.0)},
        "return / rise": float(of_26[0.0][0] / of_26[1.0][0]),
        "conductance over that of x_0": _held(one, float(of_26[1.0][1])),
        "rate over eigenvalue": _tail() / float(rates(sim, 1.0)[0]),
        "at V_app": float(slow) * tau_applied,
        "at u_inf": float(slow) * parts["tau"],
        "at u_inf, with g_a/(g_s + g_b)": float(slow) * parts["tau"] / (1.0 + parts["g_a"] / (g_s + parts["g_b"])),
        "over C_m/g_s": g_s / c_m / float(fast),
        "over C_m/(g_s + g_b)": (g_s + parts["g_b"]) / c_m / float(fast),
        "first current / (dV g_s)": float(current[0]) / (0.5 * g_s),
        "first current off (uA)": TO_MICRO * float(current[120]),
        "-g_s u (uA)": -TO_MICRO * g_s * inner,
        "end / start, positive": float(current[119] / current[1]),
        "end / start, negative": float(current[2000] / current[1001]),
    }


def _held(device: Device, fast: float) -> float:
    """Return the conductance of Fig. 26 after 3 fast time constants (s), over that of the start."""
    data = stepped("26", 1.0, 3.0 * fast, 30, 1e-7)
    g_L, g_H = device.parameters["g_L"], device.parameters["g_H"]
    first, last = g_L + (g_H - g_L) * data["state_x"].values[[0, -1], 0]
    return float(last / first)


def _tail() -> float:
    """Return the rate (1/s) at which what remains of the current of Fig. 26 at 1 V falls, over its last decades."""
    device = MembraneNanopore.preset("figure-26")
    g_s = SERIES["26"]
    u = at_rest(device, g_s, 1.0)
    data = stepped("26", 1.0, 2e-3, 200, 1e-7)
    left = float(curves.of(device, "current")(u)[0]) - data["current"].sel(electrode="in").values
    late = (left > 1e-5 * left.max()) & (left < 1e-2 * left.max())
    return -float(np.polyfit(data["time"].values[late], np.log(left[late]), 1)[0])


def measure_spectrum() -> Numbers:
    """Return arcs and elements of Fig. 28."""
    data = figure28(voltages=(-0.3, -0.2, -0.1, 0.1, 0.2, 0.3), points=81)
    u = data["voltage"].values
    slow, fast = 1e-6 * data["slow_arc"].values, 1e-6 * data["fast_arc"].values
    capacitance = 1e9 * data["capacitance"].isel(frequency=0)
    one = data.sel(voltage=0.2)
    z = one["resistance"].values + 1j * one["reactance"].values
    fit = analysis.fit_impedance(data["frequency"].values, z, "R0-p(C1,R1,R2-L2)", seed=1)
    g_a = {}
    for e_0 in (0.0, 0.1):
        device = MembraneNanopore.preset("figure-28", E_0=e_0)
        g_a[e_0] = TO_MICRO * float(branches(device, np.array([0.05]))["g_a"][0])
    return {
        "at 0.2 V (nF)": float(capacitance.sel(voltage=0.2)),
        "at -0.2 V (nF)": float(capacitance.sel(voltage=-0.2)),
        "g_a, E_0 0 (uS)": g_a[0.0],
        "g_a, E_0 0.1 V (uS)": g_a[0.1],
        "fast, largest": float(fast.max()),
        "slow, u < 0, largest": float(slow[u < 0.0].max()),
        "slow, u > 0, smallest": float(slow[u > 0.0].min()),
        "deviation": data.attrs["deviation"],
        "residual": fit.rms,
        "L_a g_a / tau_k": fit.params["L2"].value / fit.params["R2"].value / float(one["tau"]),
    }


def measure_together() -> Numbers:
    """Return loops of two pores at 1.5 V."""
    pore = Nanopore.preset("figure-29a")
    half = runs.of(runs.loop(pore, 0.75, 100.0))[1]
    series = runs.of(runs.loop([("in", "n", pore), ("n", "gnd", pore)], 1.5, 100.0))[1]
    numbers = {"difference": float(np.abs(series - half).max() / np.abs(half).max())}
    for name, device in (("no C_m", pore), ("C_m", MembraneNanopore(V_A=1.0, V_D=0.0, C_m=1e-11))):
        against = _loop_class([("in", "n", device), ("gnd", "n", device)])
        beside = _loop_class([("in", "gnd", device), ("gnd", "in", device)])
        inductive = sum(wing.area for wing in against.wings if wing.area > 0.0)
        numbers[f"inductive share, {name}"] = inductive / against.area
        numbers[f"crossings, {name}"] = float(against.crossings.size)
        numbers[f"antiparallel crossings, {name}"] = float(beside.crossings.size)
    return numbers | {
        "upper one (V)": float(beside.crossings[-1]),
        "area between (nW)": 1e9 * beside.wings[1].area,
    }


def _loop_class(elements: Any) -> analysis.LoopClass:
    return analysis.loop_class(*runs.of(runs.loop(elements, 1.5, 500.0)))


def measure_pulses() -> Numbers:
    """Return conductances behind pulses of 0.5 ms."""
    pore = RetentiveNanopore.preset("pulses")
    read = TO_MICRO * runs.pulsed(pore, [0.8] * 20 + [-1.2] * 20, 5e-4)
    steps = np.diff(read)
    wrong = int((steps[:19] <= 0.0).sum() + (steps[20:] >= 0.0).sum())
    numbers = {
        "1st (uS)": float(read[0]),
        "20th (uS)": float(read[19]),
        "21st (uS)": float(read[20]),
        "40th (uS)": float(read[39]),
        "wrong steps": float(wrong),
    }
    for name, elements, volt in (
        ("same series", [("in", "n", pore), ("n", "gnd", pore)], 1.6),
        ("opposite series", [("in", "n", pore), ("gnd", "n", pore)], 1.6),
        ("antiparallel, 0.8 V", [("in", "gnd", pore), ("gnd", "in", pore)], 0.8),
        ("antiparallel, -0.8 V", [("in", "gnd", pore), ("gnd", "in", pore)], -0.8),
    ):
        behind_each = runs.pulsed(elements, [volt] * 20, 5e-4)
        numbers[name] = float(behind_each[-1] / behind_each[0])
    return numbers


MEASURES = {
    "transients": measure_transients,
    "spectrum": measure_spectrum,
    "together": measure_together,
    "pulses": measure_pulses,
}
