"""Statements of sections 5, 6, 10 and 11 about steady currents, their stability, and relaxation times."""

from __future__ import annotations

from typing import Any

import numpy as np

from memnet import drive, response
from memnet.devices import DeactivatingNanopore, Device, MembraneNanopore, Nanopore, PlainNanopore, RetentiveNanopore
from memnet.papers._statement import Numbers, Statement, in_order, near, rounded
from memnet.papers.nanopores2024 import _curves as curves, _runs as runs
from memnet.papers.nanopores2024.spectra import membrane_pore
from memnet.papers.nanopores2024.steady import figure12, figure14, figure16, figure24

# The pore of Figs 12 and 14 has g_H/g_L = 10; its V_m (V).
V_M = 0.1
TO_MICRO = 1e6

STATEMENTS = (
    Statement(
        "Sec. 4, Fig. 12: a pore rectifies, with a nearly constant conductance in each wing",
        "current 1 V above E_0 over that 1 V below, above 5; slopes within 5 % of g_H and g_L",
        "steady",
        ("rectification", "slope 1 V above (uS)", "slope 1 V below (uS)"),
        lambda n: (
            n["rectification"] > 5.0
            and near(n["slope 1 V above (uS)"], 1.0, 0.05)
            and near(n["slope 1 V below (uS)"], 0.1, 0.05)
        ),
    ),
    Statement(
        "Fig. 12: with V_B > E_0 there is no negative resistance",
        "smallest slope of the steady current, above 0",
        "steady",
        ("smallest slope, Fig. 12 (uS)",),
        lambda n: n["smallest slope, Fig. 12 (uS)"] > 0.0,
    ),
    Statement(
        "Fig. 14: with V_B < E_0 there is a negative resistance",
        "smallest slope of the steady current at V_B - E_0 = -0.1 V_m; the V_B - E_0 at which it is 0, by root-finding,"
        " and V_m (ln(g_H/g_L) - 2 (g_H + g_L)/(g_H - g_L))",
        "steady",
        ("smallest slope at -0.1 V_m (uS)", "found (V_m)", "formula (V_m)", "smallest slope, Fig. 14 (uS)"),
        lambda n: n["smallest slope at -0.1 V_m (uS)"] < 0.0,
        "V_B - E_0 is below {formula (V_m):.5g} V_m",
        lambda n: near(n["found (V_m)"], n["formula (V_m)"], 1e-5) and n["smallest slope, Fig. 14 (uS)"] < 0.0,
    ),
    Statement(
        "Sec. 6: the negative resistance becomes large where V_B is far below E_0",
        "smallest slope of the steady current at V_B - E_0 = -2, -4 and -7 V_m, each below the one before",
        "steady",
        ("smallest slope at -2 V_m (uS)", "smallest slope at -4 V_m (uS)", "smallest slope, Fig. 14 (uS)"),
        lambda n: in_order(
            n, "smallest slope, Fig. 14 (uS)", "smallest slope at -4 V_m (uS)", "smallest slope at -2 V_m (uS)"
        ),
    ),
    Statement(
        "Fig. 14: the pore has a negative resistance",
        "resistance at u = -0.6 V to voltages that are slow and that are fast against tau",
        "steady",
        ("slow resistance (Mohm)", "fast resistance (Mohm)"),
        lambda n: max(n["slow resistance (Mohm)"], n["fast resistance (Mohm)"]) < 0.0,
        "voltages are slow against tau: at a constant x the slope is G(x) > 0",
        lambda n: n["slow resistance (Mohm)"] < 0.0 < n["fast resistance (Mohm)"],
    ),
    Statement(
        "Fig. 16: deactivation makes the one region of negative resistance, behind the normal rise",
        "regions in which the steady current falls, V_B = -0.5 V as printed and +0.5 V",
        "steady",
        ("regions, -0.5 V", "regions, +0.5 V"),
        lambda n: n["regions, -0.5 V"] == 1.0,
        "V_B is +0.5 V; the region that is too many is that of Fig. 14",
        lambda n: n["regions, +0.5 V"] == 1.0,
    ),
    Statement(
        "Sec. 6: eqs 22 and 23 describe a pore with deactivation",
        "largest change of current if y relaxes in 10 s, not in 1 s: of the steady one, and of a loop at 0.1 Hz",
        "deactivation",
        ("change, steady (nA)", "change, 0.1 Hz (nA)"),
        lambda n: max(n["change, steady (nA)"], n["change, 0.1 Hz (nA)"]) < 1e-6,
        "the voltage is slow; y has no relaxation time in the paper",
        lambda n: n["change, steady (nA)"] < 1e-6,
    ),
    Statement(
        "Sec. 6: a negative resistance makes the system unstable",
        "rightmost eigenvalue at u = -0.6 V without a conductance in series, and in the middle between the folds behind"
        " 0.5 uS; the largest conductance that leaves folds, g_s + g_dc(u) = 0",
        "folds",
        ("growth without (1/s)", "growth behind 0.5 uS (1/s)", "largest g_s with folds (uS)"),
        lambda n: min(n["growth without (1/s)"], n["growth behind 0.5 uS (1/s)"]) > 0.0,
        "it is behind a conductance below {largest g_s with folds (uS):.8g} uS",
        lambda n: n["growth behind 0.5 uS (1/s)"] > 0.0 and n["largest g_s with folds (uS)"] > 0.5,
    ),
    Statement(
        "Sec. 9: a bistable system has two metastable states at one voltage",
        "static states of Fig. 14's pore behind 0.5 uS, in the middle between the folds",
        "folds",
        ("fold at (V)", "other fold at (V)", "states", "stable states"),
        lambda n: (n["states"], n["stable states"]) == (3.0, 2.0),
    ),
    Statement(
        "Sec. 9: such a system switches at the voltage at which a state ends",
        "how far behind the fold a ramp of 1 mV/s, and one of 1/8 of that, switches: less than 1 mV; the exponent of"
        " the rate, 2/3 for slow ramps",
        "folds",
        ("late, 1 mV/s (mV)", "late, 1/8 mV/s (mV)", "exponent"),
        lambda n: max(n["late, 1 mV/s (mV)"], n["late, 1/8 mV/s (mV)"]) < 1.0,
        "the ramp is infinitely slow: the delay falls with its rate",
        lambda n: abs(n["exponent"] - 2.0 / 3.0) < 0.05,
    ),
    Statement(
        "Sec. 9: rectification and hysteresis are not nonvolatile switching",
        "static states of the pores of Figs 12, 21 and 29 at 0 V; how much of x is left 10 tau behind 1 V",
        "folds",
        ("states at 0 V", "left of x"),
        lambda n: n["states at 0 V"] == 1.0 and n["left of x"] < 1e-3,
    ),
    Statement(
        "Sec. 11.1: eqs 46 to 49 are in detailed balance with the parameters of Fig. 28",
        "1/n_A + 1/n_D; slope at -0.2 V, where the impedance shows no negative resistance",
        "times",
        ("1/n_A + 1/n_D, n_D 2", "1/n_A + 1/n_D, n_D 3", "slope, n_A 1.5 (uS)", "slope, n_A 2 (uS)"),
        lambda n: abs(n["1/n_A + 1/n_D, n_D 2"] - 1.0) < 1e-12,
        "n_D is 3; with n_A = n_D = 2 the slope would be negative",
        lambda n: (
            abs(n["1/n_A + 1/n_D, n_D 3"] - 1.0) < 1e-12 and n["slope, n_A 1.5 (uS)"] > 0.0 > n["slope, n_A 2 (uS)"]
        ),
    ),
    Statement(
        "Sec. 11.1: the maximum of tau_k and the transition of x_eq are both at V_B",
        "peak less V_B in Fig. 24 (n_A = n_D = 2) and 28 (1.5, 3); V_m ln(n_A/n_D) there",
        "times",
        ("n_A 2 (V)", "n_A 1.5 (V)", "V_m ln(n_A/n_D) (V)"),
        lambda n: abs(n["n_A 2 (V)"]) < 1e-7 and abs(n["n_A 1.5 (V)"]) < 1e-7,
        "n_A is 2, so n_A = n_D; in general it is at V_B + V_m ln(n_A/n_D)",
        lambda n: abs(n["n_A 2 (V)"]) < 1e-7 and abs(n["n_A 1.5 (V)"] - n["V_m ln(n_A/n_D) (V)"]) < 1e-7,
    ),
    Statement(
        "Sec. 11.1: n_A and n_D are the slopes of tau_k in its wings",
        "-d u/d ln tau_k over V_m, 3 V above and below, for n_A = 1.5 and n_D = 3",
        "times",
        ("above", "below"),
        lambda n: near(n["above"], 1.5, 1e-6) and near(n["below"], -3.0, 1e-6),
    ),
    Statement(
        "Sec. 11.2: tau_A or tau_D alone is a large error in the central domain",
        "tau_A/tau_k - 1 at V_B, above 0.5, and 5 V_m above, below 0.01",
        "times",
        ("at V_B", "5 V_m above"),
        lambda n: n["at V_B"] > 0.5 and n["5 V_m above"] < 0.01,
    ),
    Statement(
        "Sec. 11.5: tau_M belongs to the maximum velocity of the relaxation",
        "largest and smallest tau_k from -2 to 2 V in the pores of pulses with tau_M = 20 and 40 ms",
        "times",
        ("longest, 20 ms (ms)", "longest, 40 ms (ms)", "shortest, 20 ms (ms)", "shortest, 40 ms (ms)"),
        lambda n: (
            not near(n["shortest, 20 ms (ms)"], n["shortest, 40 ms (ms)"], 0.1)
            and near(n["longest, 20 ms (ms)"], n["longest, 40 ms (ms)"], 0.1)
        ),
    ),
    Statement(
        "Sec. 11.5, Fig. 33: x_eq has its transition at V_Bx = 0.5 V, tau_k its peak at V_Bz = 0 V",
        "where x_eq is 1/2, and the peak",
        "times",
        ("half open (V)", "peak (V)"),
        lambda n: near(n["half open (V)"], 0.5, 1e-9) and abs(n["peak (V)"]) < 1e-7,
    ),
)


def pore(figure: str, **parameters: float) -> Device:
    """Return the pore with a constant time of a figure."""
    return PlainNanopore.preset(f"figure-{figure}", **parameters)


def smallest_slope(below: float) -> float:
    """Return the smallest slope (S) of the steady current of the pore of Fig. 14 with V_B - E_0 = -below V_m."""
    slope = curves.of(pore("14", V_B=0.2 - below * V_M), "conductance")
    return curves.lowest(slope, 0.2 - (below + 5.0) * V_M, 0.3)[1]


def measure_steady() -> Numbers:
    """Return slopes of steady currents, and where they become negative."""
    from scipy import optimize

    wide = figure12(points=3)
    current, slope = (curves.of(pore("12"), name) for name in ("current", "conductance"))
    above, below = current([1.2, -0.8])
    ratio = 10.0
    threshold = optimize.brentq(lambda one: smallest_slope(one) / 1e-6, 0.05, 0.3, xtol=1e-9)
    both = figure16(points=3)
    sim = runs.circuit(pore("14")).simulation({"in": -0.6, "gnd": 0.0}, method="adaptive")
    slow, fast = response.impedance(sim, ("in", "gnd"), [1e-5, 1e5]).values.real
    return {
        "rectification": float(abs(above / below)),
        "slope 1 V above (uS)": TO_MICRO * float(slope(1.2)[0]),
        "slope 1 V below (uS)": TO_MICRO * float(slope(-0.8)[0]),
        "smallest slope, Fig. 12 (uS)": TO_MICRO * wide.attrs["smallest_conductance"],
        "smallest slope, Fig. 14 (uS)": TO_MICRO * figure14(points=3).attrs["smallest_conductance"],
        **{f"smallest slope at -{one:g} V_m (uS)": TO_MICRO * smallest_slope(one) for one in (0.1, 2.0, 4.0)},
        "found (V_m)": -float(threshold),
        "formula (V_m)": float(np.log(ratio) - 2.0 * (ratio + 1.0) / (ratio - 1.0)),
        "slow resistance (Mohm)": 1e-6 * float(slow),
        "fast resistance (Mohm)": 1e-6 * float(fast),
        "regions, -0.5 V": float(both["printed"].attrs["falling_regions"]),
        "regions, +0.5 V": float(both["text"].attrs["falling_regions"]),
    }


def measure_deactivation() -> Numbers:
    """Return what the relaxation time of y changes."""
    quick, slow = (DeactivatingNanopore.preset("figure-16-text", tau_y=tau) for tau in (1.0, 10.0))
    volts = np.linspace(-1.5, 1.5, 101)
    steady = curves.of(quick, "current")(volts) - curves.of(slow, "current")(volts)
    one, other = (runs.of(runs.loop(device, 1.5, 0.1, rtol=1e-5))[1] for device in (quick, slow))
    return {
        "change, steady (nA)": 1e9 * float(np.abs(steady).max()),
        "change, 0.1 Hz (nA)": 1e9 * float(np.abs(one - other).max()),
    }


def measure_folds() -> Numbers:
    """Return the static states of a pore with a negative resistance behind a conductance, and how ramps pass a fold."""
    g_s = 0.5e-6
    device = pore("14")
    slope, current = (curves.of(device, name) for name in ("conductance", "current"))
    folds = curves.zeros(lambda volts: g_s + slope(volts), -1.5, 0.5)
    applied = folds + current(folds) / g_s
    circuit = membrane_pore(device, g_s)
    middle = {"in": float(applied.mean()), "gnd": 0.0}
    states = response.equilibria(circuit, middle)
    alone = runs.circuit(device).simulation({"in": -0.6, "gnd": 0.0}, method="adaptive")
    late = {rate: _late(circuit, rate, float(applied.min()), float(folds.mean())) for rate in (1e-3, 1.25e-4)}
    pores = [pore("12"), pore("21"), Nanopore.preset("figure-29a")]
    at_0 = max(len(response.equilibria(runs.circuit(one), {"in": 0.0, "gnd": 0.0})) for one in pores)
    opened = runs.simulation(pore("21", v_initial=1.0), 0.0, 1.0).run(11, record=["state:x"])["state_x"].values[:, 0]
    x_0 = float(curves.of(pore("21"), "state_x")(0.0)[0])
    return {
        "growth without (1/s)": float(response.eigenvalues(alone)[0].real),
        "growth behind 0.5 uS (1/s)": float(states.eigenvalues.real.max()),
        "largest g_s with folds (uS)": -TO_MICRO * figure14(points=3).attrs["smallest_conductance"],
        "fold at (V)": float(applied.max()),
        "other fold at (V)": float(applied.min()),
        "states": float(len(states)),
        "stable states": float(states.stable.sum()),
        "late, 1 mV/s (mV)": 1e3 * late[1e-3],
        "late, 1/8 mV/s (mV)": 1e3 * late[1.25e-4],
        "exponent": float(np.log(late[1e-3] / late[1.25e-4]) / np.log(8.0)),
        "states at 0 V": float(at_0),
        "left of x": float((opened[10] - x_0) / (opened[0] - x_0)),
    }


def _late(circuit: Any, rate: float, fold: float, between: float) -> float:
    """Return how far below a fold (V) a falling ramp of a rate (V/s) is where u passes a voltage between states (V)."""
    first, last = fold + 0.05, fold - 0.1
    duration = (first - last) / rate
    rows = 2000
    wave = drive.piecewise_linear([0.0, duration], [first, last])
    sim = circuit.simulation({"in": wave, "gnd": 0.0}, dt=duration / rows, method="adaptive", rtol=1e-5)
    sim.run(1)
    data = sim.run(rows, record=["potential"])
    u = data["potential"].sel(potential_node="u").values
    k = int((u < between).argmax())
    return fold - float(wave(data["time"].values[k]))


def measure_times() -> Numbers:
    """Return where relaxation times peak, how they fall on both sides, and what tau_M changes."""
    model = MembraneNanopore
    skew, even = model.preset("figure-28"), model.preset("figure-28", n_A=2.0)
    tau = curves.of(skew, "tau_x")
    of_24 = figure24(points=3).attrs
    peak = curves.peak(tau, -1.0, 1.0)[0]
    log_tau = np.log(tau([3.0, 3.1, -3.0, -3.1]))
    center = Nanopore.preset("figure-24")
    x = curves.of(center, "state_x")([of_24["V_B"], of_24["V_B"] + 5.0 * V_M])
    retentive = RetentiveNanopore
    of_33 = retentive.preset("figure-33")
    numbers = {
        "1/n_A + 1/n_D, n_D 2": 1.0 / skew.parameters["n_A"] + 1.0 / 2.0,
        "1/n_A + 1/n_D, n_D 3": 1.0 / skew.parameters["n_A"] + 1.0 / skew.n_D,
        "slope, n_A 1.5 (uS)": TO_MICRO * float(curves.of(skew, "conductance")(-0.2)[0]),
        "slope, n_A 2 (uS)": TO_MICRO * float(curves.of(even, "conductance")(-0.2)[0]),
        "n_A 2 (V)": rounded(of_24["peak_voltage"] - of_24["V_B"], 7),
        "n_A 1.5 (V)": rounded(float(peak - skew.V_B), 7),
        "V_m ln(n_A/n_D) (V)": V_M * float(np.log(skew.parameters["n_A"] / skew.n_D)),
        "above": -0.1 / V_M / float(log_tau[1] - log_tau[0]),
        "below": 0.1 / V_M / float(log_tau[3] - log_tau[2]),
        "at V_B": float(1.0 / x[0] - 1.0),
        "5 V_m above": float(1.0 / x[1] - 1.0),
        "half open (V)": float(curves.zeros(lambda volts: curves.of(of_33, "state_x")(volts) - 0.5, -1.0, 1.003)[0]),
        "peak (V)": rounded(curves.peak(curves.of(of_33, "tau_x"), -1.0, 1.0)[0], 7),
    }
    for tau_M in (20, 40):
        times = curves.of(retentive.preset("pulses", tau_M=1e-3 * tau_M), "tau_x")
        numbers[f"longest, {tau_M} ms (ms)"] = 1e3 * curves.peak(times, -2.0, 2.0)[1]
        numbers[f"shortest, {tau_M} ms (ms)"] = 1e3 * float(times([-2.0, 2.0]).min())
    return numbers


MEASURES = {
    "steady": measure_steady,
    "deactivation": measure_deactivation,
    "folds": measure_folds,
    "times": measure_times,
}
