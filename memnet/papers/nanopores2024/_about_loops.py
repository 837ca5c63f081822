"""Statements of sections 7 to 9 and 11.3 to 11.5 about loops: their classes, crossings, and areas."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from memnet import analysis, drive, response
from memnet.base.arrays import Floats
from memnet.devices import CapacitivePore, Device, MembraneNanopore, Nanopore, PlainNanopore, RetentiveNanopore
from memnet.papers._statement import Numbers, Statement, in_order, near
from memnet.papers.nanopores2024 import _curves as curves, _runs as runs
from memnet.papers.nanopores2024.cycles import largest
from memnet.papers.nanopores2024.spectra import figure17

TO_MICRO, TO_NANO = 1e6, 1e9
# Frequencies (Hz) of Fig. 21 and (kHz) of Fig. 29.
SLOW, FAST = 0.01, 100.0
KILO = 1e3

STATEMENTS = (
    Statement(
        "Sec. 7, Fig. 17: a capacitor opens a loop clockwise, an inductor counter-clockwise",
        "areas of the loops, positive counter-clockwise",
        "loops",
        ("area, capacitive (uW)", "area, inductive (uW)"),
        lambda n: n["area, capacitive (uW)"] < 0.0 < n["area, inductive (uW)"],
    ),
    Statement(
        "Sec. 7.2, Figs 17 d and e (printed as 18e): an inductor has the effective capacitance -1/(w^2 L)",
        "that of its circuit from the impedance at the highest frequency, times -w^2 L",
        "loops",
        ("ratio",),
        lambda n: near(n["ratio"], 1.0, 1e-4),
    ),
    Statement(
        "Sec. 7.2: inductive loops stay between the fast current, g_L, and the slow one, g_H",
        "smallest and largest I/(u - E_0) of Fig. 21 at 1 Hz",
        "loops",
        ("smallest (uS)", "largest (uS)"),
        lambda n: 0.1 <= n["smallest (uS)"] < n["largest (uS)"] <= 1.0,
    ),
    Statement(
        "Fig. 21 a to e: the conductance of the positive lobe falls with the frequency",
        "largest current at 0.01, 0.1, 1 and 10 Hz, each below the one before",
        "loops",
        tuple(f"I at {f:g} Hz (uA)" for f in (0.01, 0.1, 1.0, 10.0)),
        lambda n: in_order(n, *(f"I at {f:g} Hz (uA)" for f in (10.0, 1.0, 0.1, 0.01))),
    ),
    Statement(
        "Fig. 21: parameters V_T = 0.5 and V_T = 0.1; slow loops follow the equilibrium curve of Fig. 12 a",
        "largest distance of the loop at 0.01 Hz from that curve, over its range; below 0.1",
        "loops",
        ("V_B 0.5, V_m 0.1", "V_B 0.1, V_m 0.5"),
        lambda n: max(n["V_B 0.5, V_m 0.1"], n["V_B 0.1, V_m 0.5"]) < 0.1,
        "the first is V_B and the second V_m",
        lambda n: n["V_B 0.5, V_m 0.1"] < 0.1,
    ),
    Statement(
        "Sec. 8: the loop crosses itself at u = E_0, inductive above and capacitive below",
        "crossings of Fig. 21 at 1 Hz (E_0 0.2 V), and of Fig. 29 a's pore with E_0 = 0 and C_m = 0.01 nF at 0.01 Hz"
        " with where C_m = g_a tau_k",
        "loops",
        ("crossing (V)", "with C_m (V)", "also with C_m (V)", "C_m = g_a tau_k at (V)", "and at (V)"),
        lambda n: near(n["crossing (V)"], 0.2, 5e-9) and abs(n["with C_m (V)"]) < 1e-9,
        "there is no C_m; with it a slow loop crosses where C_m = g_a tau_k",
        lambda n: (
            near(n["crossing (V)"], 0.2, 5e-9)
            and near(n["with C_m (V)"], n["C_m = g_a tau_k at (V)"], 1e-3)
            and near(n["also with C_m (V)"], n["and at (V)"], 1e-3)
        ),
    ),
    Statement(
        "Sec. 7.3: the spectrum turns from capacitive to inductive where the loop crosses",
        "Fig. 29 a's pore with C_m = 0.01 nF: where its reactance at 0.01 Hz is 0, and the lower crossing of its loop"
        " at that frequency; within 1e-3",
        "loops",
        ("reactance 0 at (V)", "with C_m (V)"),
        lambda n: near(n["reactance 0 at (V)"], n["with C_m (V)"], 1e-3),
    ),
    Statement(
        "Sec. 8, Fig. 21 f and g: at very high frequency only the g_L branch is active",
        "largest conductance at 100 Hz over g_L, below 1.1: in the periodic state, and in the first cycle from rest;"
        " mean of x_eq over a cycle",
        "loops",
        ("periodic", "first cycle", "x, periodic", "mean of x_eq"),
        lambda n: n["periodic"] < 1.1,
        "it is the first cycle from rest; later x goes to the mean of x_eq",
        lambda n: n["first cycle"] < 1.1 and near(n["x, periodic"], n["mean of x_eq"], 0.01),
    ),
    Statement(
        "Sec. 8: hysteresis increases with the frequency of the sweep",
        "area above E_0 of Fig. 21 at 0.03, 0.06, 0.12 and 10 Hz, rising; frequency at which it is largest",
        "loops",
        (*(f"area at {f:g} Hz (nW)" for f in (0.03, 0.06, 0.12, 10.0)), "widest at (Hz)"),
        lambda n: in_order(n, *(f"area at {f:g} Hz (nW)" for f in (0.03, 0.06, 0.12, 10.0))),
        "it is below {widest at (Hz):.3g} Hz",
        lambda n: in_order(n, *(f"area at {f:g} Hz (nW)" for f in (0.03, 0.06, 0.12))),
    ),
    Statement(
        "Sec. 8: the opening disappears at very high frequency",
        "area above E_0 of Fig. 21 at 100 Hz over the largest one, below 1/100",
        "loops",
        ("area at 100 Hz / largest",),
        lambda n: n["area at 100 Hz / largest"] < 0.01,
    ),
    Statement(
        "Sec. 9: systems with dynamic hysteresis alone lose it if operated slowly",
        "area above E_0 of Fig. 21 at 0.001 Hz over the largest one, below 1/10",
        "loops",
        ("area at 0.001 Hz / largest",),
        lambda n: n["area at 0.001 Hz / largest"] < 0.1,
    ),
    Statement(
        "Fig. 29 a, b: the conductance is smaller at higher frequency",
        "current on the way up at 0.75 V, at 0.01, 0.05 and 0.1 kHz, each below the one before",
        "relaxing",
        tuple(f"I at {f:g} kHz (uA)" for f in (0.01, 0.05, 0.1)),
        lambda n: in_order(n, *(f"I at {f:g} kHz (uA)" for f in (0.1, 0.05, 0.01))),
    ),
    Statement(
        "Fig. 29 c, d: a smaller amplitude diminishes the state of high current",
        "largest x at 0.1 kHz with U_0 = 0.5, 0.75 and 1.5 V, rising",
        "relaxing",
        tuple(f"x, {u:g} V" for u in (0.5, 0.75, 1.5)),
        lambda n: in_order(n, *(f"x, {u:g} V" for u in (0.5, 0.75, 1.5))),
    ),
    Statement(
        "Fig. 29 e, f: where tau_k is small the hysteresis is gone and the current is on the g_H line",
        "I/(g_H u) on both ways at 1.2 V, 0.1 kHz, within 5 % of 1",
        "relaxing",
        ("up", "down"),
        lambda n: near(n["up"], 1.0, 0.05) and near(n["down"], 1.0, 0.05),
    ),
    Statement(
        "Sec. 11.3: then the hysteresis does not depend on the amplitude U_0",
        "area above 0 of Fig. 29 e, with U_0 = 1.5 V over that with 1.2 V: at the same frequency, and at the same scan"
        " rate of triangles; within 2 % of 1",
        "relaxing",
        ("same frequency", "same scan rate"),
        lambda n: near(n["same frequency"], 1.0, 0.02),
        "the scan rate is the same, not the frequency",
        lambda n: near(n["same scan rate"], 1.0, 0.02),
    ),
    Statement(
        "Fig. 30: with g_L > g_H the high branch is at negative voltages and positive ones are capacitive",
        "current at -1.5 V over that at 1.5 V, at rest, above 5; areas below and above 0 at 0.1 kHz",
        "relaxing",
        ("rectification", "area below 0 (nW)", "area above 0 (nW)"),
        lambda n: n["rectification"] > 5.0 and n["area below 0 (nW)"] > 0.0 > n["area above 0 (nW)"],
    ),
    Statement(
        "Sec. 11.5, Fig. 33: the reset can be far from the voltage that opens the pore",
        "V_Bx less the voltage at which x falls through 1/2, at 0.5 kHz; above 10 V_m, and more than in Fig. 29 a",
        "relaxing",
        ("Fig. 33 (V)", "Fig. 29 (V)"),
        lambda n: n["Fig. 33 (V)"] > max(1.0, n["Fig. 29 (V)"]),
    ),
    Statement(
        "Sec. 11.4, Fig. 31: loops are capacitive, do not cross, and are symmetric",
        "crossings at 12 frequencies from 0.001 to 10 kHz; largest I(t) + I(t + T/2) over the largest current",
        "capacitive",
        ("crossings", "inductive wings", "asymmetry"),
        lambda n: n["crossings"] == 0.0 and n["inductive wings"] == 0.0 and n["asymmetry"] < 1e-6,
    ),
    Statement(
        "Sec. 8: hysteresis does not require rectification",
        "currents of Fig. 31 at 1.5 and -1.5 V, at rest, and the area of its loop",
        "capacitive",
        ("rectification of Fig. 31", "area (nW)"),
        lambda n: near(n["rectification of Fig. 31"], 1.0, 1e-9) and n["area (nW)"] < 0.0,
    ),
    Statement(
        "Eq. 64: p_eq is antisymmetric with its midpoint at V_D",
        "largest p_eq(u) + p_eq(-u) with the midpoint V_B = 0 of the caption, and with a V_D = -0.5 V (Fig. 30)",
        "capacitive",
        ("with 0 V", "with -0.5 V"),
        lambda n: max(n["with 0 V"], n["with -0.5 V"]) < 1e-9,
        "V_D stands for V_B",
        lambda n: n["with 0 V"] < 1e-9,
    ),
    Statement(
        "Fig. 31: p_m is a parameter of the loops",
        "largest change of the current, over its range, between p_m = 0.5 and 0, in fixed steps of 10 us at 0.1 kHz",
        "capacitive",
        ("change with p_m",),
        lambda n: n["change with p_m"] > 1e-9,
    ),
    Statement(
        "Sec. 12.2: transient currents of capacitive pores decrease with time",
        "current right behind a step of 0.5 V, 1 and 10 ms later, falling",
        "capacitive",
        ("at once (uA)", "after 1 ms (uA)", "after 10 ms (uA)"),
        lambda n: in_order(n, "after 10 ms (uA)", "after 1 ms (uA)", "at once (uA)"),
    ),
)


def of_21(frequency: float, **parameters: float) -> Any:
    """Return the periodic state of Fig. 21 at a frequency (Hz), from where fast states go to."""
    device = PlainNanopore.preset("figure-21", **parameters)
    mean = mean_open(device)
    start = (lambda sim: sim.set_state(sim.devices[0], x=mean)) if frequency > 1.0 else None
    return runs.loop(device, 1.0, frequency, start=start, record=("current", "state:x"))


def mean_open(device: Device) -> float:
    """Return the mean of x_eq over a cycle of a sine of 1 V."""
    phase = 2.0 * np.pi * np.arange(1000) / 1000
    return float(curves.of(device, "state_x")(np.sin(phase)).mean())


def upper_area(data: Any) -> float:
    """Return the area of the highest wing of a loop (W), 0 where it does not open."""
    wings = analysis.loop_class(*runs.of(data)).wings
    return wings[-1].area if wings else 0.0


def at_voltage(data: Any, volt: float) -> tuple[float, float]:
    """Return the current (A) at a voltage on the way up and on the way down, by cubic splines in time."""
    from scipy import interpolate

    u, current = runs.of(data)
    k = np.arange(u.size + 1)
    u, current = (interpolate.CubicSpline(k, np.append(one, one[0]), bc_type="periodic") for one in (u, current))
    up, down = sorted(u.solve(volt, extrapolate=False), key=lambda at: float(u(at, 1)), reverse=True)
    return float(current(up)), float(current(down))


def measure_loops() -> Numbers:
    """Return classes, crossings and areas of loops with a constant relaxation time."""
    from scipy import optimize

    both = figure17(rows=400, points=3)
    w = 2.0 * np.pi * float(both["inductive"]["frequency"][-1])
    inductance = 1e-3 / 0.9e-6
    area = functools.cache(lambda f: upper_area(of_21(f)))
    widest = optimize.minimize_scalar(
        lambda x: -area(10.0**x), bounds=(-1.2, -0.6), method="bounded", options={"xatol": 1e-3}
    )
    at_1 = of_21(1.0)
    u, current = runs.of(at_1)
    away = np.abs(u - 0.2) > 0.05
    conductance = TO_MICRO * current[away] / (u[away] - 0.2)
    fast = of_21(FAST)
    device = PlainNanopore.preset("figure-21")
    sim = runs.simulation(device, drive.sine(1.0, FAST), 1e-5)
    first = sim.run(1000, record=["state:x"])["state_x"].values[:, 0]
    numbers = {
        "area, capacitive (uW)": TO_MICRO * both["capacitive"].attrs["area"],
        "area, inductive (uW)": TO_MICRO * both["inductive"].attrs["area"],
        "ratio": -float(both["inductive"]["capacitance"][-1]) * w**2 * inductance,
        "smallest (uS)": float(conductance.min()),
        "largest (uS)": float(conductance.max()),
        "V_B 0.5, V_m 0.1": _distance(of_21(SLOW)),
        "V_B 0.1, V_m 0.5": _distance(of_21(SLOW, V_B=0.1, V_m=0.5)),
        "periodic": 1.0 + 9.0 * float(fast["state_x"].max()),
        "first cycle": 1.0 + 9.0 * float(first.max()),
        "x, periodic": float(fast["state_x"].mean()),
        "mean of x_eq": mean_open(device),
        "widest at (Hz)": float(10.0**widest.x),
        "area at 100 Hz / largest": -area(FAST) / widest.fun,
        "area at 0.001 Hz / largest": -area(0.001) / widest.fun,
        **{f"area at {f:g} Hz (nW)": TO_NANO * area(f) for f in (0.03, 0.06, 0.12, 10.0)},
        **{f"I at {f:g} Hz (uA)": TO_MICRO * largest(runs.of(of_21(f))[1]) for f in (0.01, 0.1, 1.0, 10.0)},
        "crossing (V)": float(analysis.loop_class(u, current).crossings[0]),
    }
    return numbers | _balance()


def _distance(data: Any) -> float:
    """Return how far a loop is at most from the steady curve of Fig. 12, over the range of that."""
    u, current = runs.of(data)
    steady = curves.of(PlainNanopore.preset("figure-12"), "current")(u)
    return float(np.abs(current - steady).max() / np.ptp(steady))


def _balance() -> Numbers:
    """Return where a slow loop of a pore with a capacitance crosses, and where C_m = g_a tau_k."""
    from scipy import optimize

    device = MembraneNanopore(V_A=1.0, V_D=0.0, C_m=1e-11)
    loop = analysis.loop_class(*runs.of(runs.loop(device, 1.5, 0.01, rows=2000, rtol=1e-7)))
    slope, x, tau = (curves.of(device, name) for name in ("conductance", "state_x", "tau_x"))

    def more(volts: Any) -> Floats:
        slow: Floats = (slope(volts) - 1e-7 - 0.9e-6 * x(volts)) * tau(volts) - 1e-11
        return slow / 1e-11

    balanced = curves.zeros(more, -1.5, 1.5)
    sim = runs.circuit(device).simulation({"in": 0.0, "gnd": 0.0}, method="adaptive")

    def reactance(volt: float) -> float:
        return float(response.impedance(sim, ("in", "gnd"), 0.01, bias={"in": volt}).values.imag[0])

    return {
        "reactance 0 at (V)": float(optimize.brentq(reactance, 0.01, 0.5, xtol=1e-12)),
        "with C_m (V)": float(loop.crossings[0]),
        "also with C_m (V)": float(loop.crossings[-1]),
        "C_m = g_a tau_k at (V)": float(balanced[0]),
        "and at (V)": float(balanced[-1]),
    }


def measure_relaxing() -> Numbers:
    """Return loops with relaxation times that follow the voltage."""
    pore = Nanopore
    a, e, other = (pore.preset(f"figure-{name}") for name in ("29a", "29e", "30"))
    up, down = at_voltage(runs.loop(e, 1.5, 0.1 * KILO), 1.2)
    same = [upper_area(runs.loop(e, u, 0.1 * KILO, wave=runs.triangle)) for u in (1.5, 1.2)]
    slower = upper_area(runs.loop(e, 1.5, 0.08 * KILO, wave=runs.triangle))
    wings = analysis.loop_class(*runs.of(runs.loop(other, 1.5, 0.1 * KILO))).wings
    steady = curves.of(other, "current")([-1.5, 1.5])
    numbers = {
        "up": up / 1.2e-6,
        "down": down / 1.2e-6,
        "same frequency": same[0] / same[1],
        "same scan rate": slower / same[1],
        "rectification": float(abs(steady[0] / steady[1])),
        "area below 0 (nW)": TO_NANO * wings[0].area,
        "area above 0 (nW)": TO_NANO * wings[-1].area,
        "Fig. 33 (V)": 0.5 - _closes(RetentiveNanopore.preset("figure-33")),
        "Fig. 29 (V)": 0.5 - _closes(a),
    }
    for f in (0.01, 0.05, 0.1):
        numbers[f"I at {f:g} kHz (uA)"] = TO_MICRO * at_voltage(runs.loop(a, 1.5, f * KILO), 0.75)[0]
    for u in (0.5, 0.75, 1.5):
        data = runs.loop(a, u, 0.1 * KILO, record=("current", "state:x"))
        numbers[f"x, {u:g} V"] = largest(data["state_x"].values[:, 0])
    return numbers


def _closes(device: Device) -> float:
    """Return the voltage at which x falls through 1/2 at 0.5 kHz and 1.5 V."""
    data = runs.loop(device, 1.5, 0.5 * KILO, record=("current", "state:x"))
    x, u = data["state_x"].values[:, 0], runs.of(data)[0]
    k = int(np.flatnonzero((x >= 0.5) & (np.roll(x, -1) < 0.5))[0])
    share = (x[k] - 0.5) / (x[k] - x[(k + 1) % x.size])
    return float(u[k] + share * (u[(k + 1) % u.size] - u[k]))


def measure_capacitive() -> Numbers:
    """Return loops and a transient of the capacitive pore."""
    model = CapacitivePore
    device = model.preset("figure-31")
    crossings, inductive = 0, 0
    for f in np.geomspace(1.0, 1e4, 12):
        loop = analysis.loop_class(*runs.of(runs.loop(device, 1.5, float(f))))
        crossings += loop.crossings.size
        inductive += sum(wing.area > 0.0 for wing in loop.wings)
    data = runs.loop(device, 1.5, 100.0)
    current = runs.of(data)[1]
    one, other = (_fixed_steps(model.preset("figure-31", p_m=p_m)) for p_m in (0.5, 0.0))
    steady = curves.of(device, "current")([1.5, -1.5])
    volts = np.linspace(0.0, 1.5, 101)
    at_0, at_d = (curves.of(model.preset("figure-31", V_B=one), "state_p") for one in (0.0, -0.5))
    step = runs.of(runs.simulation(device, 0.5, 1e-3).run(11))[1]
    return {
        "crossings": float(crossings),
        "inductive wings": float(inductive),
        "asymmetry": float(np.abs(current + np.roll(current, -current.size // 2)).max() / np.abs(current).max()),
        "rectification of Fig. 31": float(abs(steady[0] / steady[1])),
        "area (nW)": TO_NANO * sum(wing.area for wing in analysis.loop_class(*runs.of(data)).wings),
        "with 0 V": float(np.abs(at_0(volts) + at_0(-volts)).max()),
        "with -0.5 V": float(np.abs(at_d(volts) + at_d(-volts)).max()),
        "change with p_m": float(np.abs(one - other).max() / np.ptp(one)),
        "at once (uA)": TO_MICRO * float(step[0]),
        "after 1 ms (uA)": TO_MICRO * float(step[1]),
        "after 10 ms (uA)": TO_MICRO * float(step[10]),
    }


def _fixed_steps(device: Device) -> Floats:
    """Return the current (A) of a cycle of 1.5 V at 100 Hz in steps that no state decides about."""
    sim = runs.circuit(device).simulation({"in": drive.sine(1.5, 100.0), "gnd": 0.0}, dt=1e-5)
    return runs.of(sim.run(1000))[1]


MEASURES = {"loops": measure_loops, "relaxing": measure_relaxing, "capacitive": measure_capacitive}
