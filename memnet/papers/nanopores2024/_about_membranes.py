"""Statements of sections 3, 6 and 10 about the membrane of Hodgkin and Huxley."""

from __future__ import annotations

from typing import Any

import numpy as np

from memnet import drive, response
from memnet.base.arrays import Floats
from memnet.devices import Device, HodgkinHuxley
from memnet.papers._statement import Numbers, Statement, rounded
from memnet.papers.nanopores2024 import _curves as curves, _runs as runs
from memnet.papers.nanopores2024.steady import GATES, figure6, membrane, open_sodium

# 1 uA/cm2 of a membrane of 1 cm2, in A.
MICROAMPERE = 1e-6
# Between rows of runs (s).
ROW = 5e-5
# Where times are to be constant (V), and what a spike reaches (mV).
FAR, SPIKE = 0.3, 50.0

STATEMENTS = (
    Statement(
        "Fig. 6 b: the steady current is 0 at the resting potential",
        "u at which it is 0, below 1e-9 mV",
        "membrane",
        ("u (mV)", "E_leak (mV)", "u with that E_leak (mV)"),
        lambda n: abs(n["u (mV)"]) < 1e-9,
        "E_leak is {E_leak (mV):.6g} mV, which the paper rounds to 10.6 mV",
        lambda n: abs(n["u with that E_leak (mV)"]) < 1e-9,
    ),
    Statement(
        "Fig. 6: eq. 1 takes the reversal potentials of the caption, V_R + 115, V_R - 12 and V_R + 10.6 mV",
        "u at which the steady current is 0, within 0.01 mV of 0",
        "membrane",
        ("u as printed (mV)", "u (mV)"),
        lambda n: abs(n["u as printed (mV)"]) < 0.01,
        "they count from V_R as u does: 115, -12 and 10.6 mV",
        lambda n: abs(n["u (mV)"]) < 0.01,
    ),
    Statement(
        "Sec. 3.1: the model has action potentials with the constants of Fig. 6",
        "largest u after 20 uA/cm2 for 0.5 ms; C_m, which is not printed, decides",
        "membrane",
        ("largest u, C_m 1 uF/cm2 (mV)", "largest u, C_m 10 uF/cm2 (mV)"),
        lambda n: min(n["largest u, C_m 1 uF/cm2 (mV)"], n["largest u, C_m 10 uF/cm2 (mV)"]) > SPIKE,
        "C_m is 1 uF/cm2, as in 1952",
        lambda n: n["largest u, C_m 1 uF/cm2 (mV)"] > SPIKE,
    ),
    Statement(
        "Fig. 6 e: the potassium current has a very small region of negative resistance",
        "most negative current; below 0, and below 1/1000 of that at 50 mV",
        "membrane",
        ("K dip (uA/cm2)", "at (mV)", "K at 50 mV (uA/cm2)"),
        lambda n: n["K dip (uA/cm2)"] < 0.0 and -n["K dip (uA/cm2)"] < 1e-3 * n["K at 50 mV (uA/cm2)"],
    ),
    Statement(
        "Sec. 6: that region comes from the interplay of voltages in Fig. 14, V_B < E_0",
        "midpoint of n_eq below E_K; where it is not, the region is there because the closed path conducts nothing",
        "membrane",
        ("midpoint of n_eq (mV)", "E_K (mV)"),
        lambda n: n["midpoint of n_eq (mV)"] < n["E_K (mV)"],
    ),
    Statement(
        "Sec. 6: deactivation suppresses the sodium current",
        "most negative steady current without and with it, more than tenfold",
        "membrane",
        ("Na dip, h = 1 (uA/cm2)", "Na dip (uA/cm2)"),
        lambda n: n["Na dip, h = 1 (uA/cm2)"] < 10.0 * n["Na dip (uA/cm2)"] < 0.0,
    ),
    Statement(
        "Sec. 3.1: the sodium current without deactivation is larger than that of potassium",
        "both at 150 mV; where they are equal, and both at 10 mV above that",
        "membrane",
        ("Na, h = 1, at 150 mV (mA/cm2)", "K at 150 mV (mA/cm2)", "equal at (mV)", "Na/K above"),
        lambda n: n["Na, h = 1, at 150 mV (mA/cm2)"] > n["K at 150 mV (mA/cm2)"],
        "u is above {equal at (mV):.4g} mV",
        lambda n: n["Na/K above"] > 1.0,
    ),
    Statement(
        "Sec. 10: relaxation times of the gates peak and become constant at large voltages",
        "d ln tau/d ln u at u = 300 mV, below 0.01",
        "membrane",
        tuple(f"slope of tau_{gate}" for gate in GATES),
        lambda n: all(abs(n[f"slope of tau_{gate}"]) < 0.01 for gate in GATES),
        "the gate is h; those of m and n fall as 1/u",
        lambda n: abs(n["slope of tau_h"]) < 0.01,
    ),
    Statement(
        "Sec. 3.2: below the Hopf bifurcation there is no firing at all, so there is either rest or spiking",
        "spikes between 100 and 200 ms at 8 uA/cm2, started from u = 0; rightmost eigenvalue of rest there",
        "firing",
        ("Hopf bifurcation (uA/cm2)", "spikes at 8 uA/cm2", "growth of rest at 8 uA/cm2 (1/s)"),
        lambda n: n["spikes at 8 uA/cm2"] == 0.0 and n["growth of rest at 8 uA/cm2 (1/s)"] < 0.0,
    ),
    Statement(
        "Sec. 3.2: there is a minimum frequency of firing",
        "spikes between 100 and 200 ms, just below the smallest current that fires on and just above",
        "firing",
        ("spikes at 6 uA/cm2", "rate at 6.5 uA/cm2 (Hz)", "rate at the Hopf bifurcation (Hz)"),
        lambda n: n["spikes at 6 uA/cm2"] == 0.0 and n["rate at 6.5 uA/cm2 (Hz)"] > 40.0,
    ),
)


def measure_membrane() -> Numbers:
    """Return where a membrane rests, currents of its paths, and how its times end."""
    data = figure6(points=3).attrs
    exact = float(curves.of(membrane(E_leak=0.0), "current")(0.0)[0]) / membrane().parameters["g_leak"]
    potassium = curves.of(membrane(g_Na=0.0, g_leak=0.0), "current")
    sodium = curves.of(membrane(g_K=0.0, g_leak=0.0), "current")
    half = curves.zeros(lambda volts: curves.of(membrane(), "state_n")(volts) - 0.5, -0.1, 0.1)
    equal = 1e3 * curves.zeros(lambda volts: open_sodium(volts) - potassium(volts), 0.116, 0.3)[0]
    high = 1e-3 * (equal + 10.0)
    numbers = {
        "u (mV)": 1e3 * data["rest"],
        "E_leak (mV)": 1e3 * exact,
        "u with that E_leak (mV)": rounded(1e3 * _rest(E_leak=exact), 12),
        "u as printed (mV)": 1e3 * _rest(E_Na=0.05, E_K=-0.077, E_leak=-0.0544),
        # 1 A/m2 is 100 uA/cm2.
        "K dip (uA/cm2)": 100.0 * data["potassium_dip"],
        "at (mV)": 1e3 * data["potassium_dip_voltage"],
        "K at 50 mV (uA/cm2)": 100.0 * float(potassium(0.05)[0]),
        "midpoint of n_eq (mV)": 1e3 * float(half[0]),
        "E_K (mV)": 1e3 * data["E_K"],
        "Na dip, h = 1 (uA/cm2)": 100.0 * data["sodium_open_dip"],
        "Na dip (uA/cm2)": 100.0 * curves.lowest(sodium, -0.1, 0.115)[1],
        "Na, h = 1, at 150 mV (mA/cm2)": 0.1 * float(open_sodium(0.15)[0]),
        "K at 150 mV (mA/cm2)": 0.1 * float(potassium(0.15)[0]),
        "equal at (mV)": float(equal),
        "Na/K above": float(open_sodium(high)[0] / potassium(high)[0]),
    }
    for gate in GATES:
        low, up = curves.of(membrane(), f"tau_{gate}")([FAR, 1.01 * FAR])
        numbers[f"slope of tau_{gate}"] = float(np.log(up / low) / np.log(1.01))
    short = drive.steps([20.0 * MICROAMPERE, 0.0], [0.0, 0.5e-3])
    for c_m in (1.0, 10.0):
        spike = _potential(_cell(C_m=0.01 * c_m), short, 0.02)
        numbers[f"largest u, C_m {c_m:g} uF/cm2 (mV)"] = float(spike.max())
    return numbers


def measure_firing() -> Numbers:
    """Return where rest becomes unstable, and how often a membrane fires at currents around."""
    from scipy import optimize

    sim = runs.circuit(_cell()).simulation({"in": drive.current(0.0), "gnd": 0.0}, method="adaptive")

    def growth(current: float) -> Any:
        return response.eigenvalues(sim, bias={"in": drive.current(current * MICROAMPERE)})[0]

    hopf = float(optimize.brentq(lambda current: growth(current).real, 8.0, 12.0, xtol=1e-9))
    rates = {current: _late_spikes(current) for current in (6.0, 6.5, 8.0)}
    return {
        "Hopf bifurcation (uA/cm2)": hopf,
        "rate at the Hopf bifurcation (Hz)": float(abs(growth(hopf).imag) / (2.0 * np.pi)),
        "growth of rest at 8 uA/cm2 (1/s)": float(growth(8.0).real),
        "spikes at 8 uA/cm2": float(rates[8.0].size),
        "spikes at 6 uA/cm2": float(rates[6.0].size),
        "rate at 6.5 uA/cm2 (Hz)": float(1.0 / np.diff(rates[6.5]).mean()) if rates[6.5].size > 1 else 0.0,
    }


def _rest(**potentials: float) -> float:
    return float(curves.zeros(curves.of(membrane(**potentials), "current"), -0.1, 0.06)[0])


def _cell(**parameters: float) -> Device:
    """Return the membrane of Fig. 6, of 1 cm2."""
    return HodgkinHuxley.preset("figure-6", **parameters)


def _potential(device: Device, current: Any, duration: float) -> Floats:
    """Return u (mV) every `ROW` seconds under a current (A)."""
    sim = runs.simulation(device, drive.current(current), ROW)
    data = sim.run(duration=duration, record=["voltage"])
    u: Floats = 1e3 * data["voltage"].sel(electrode="in").values
    return u


def _late_spikes(current: float) -> Floats:
    """Return when u rises through 50 mV between 100 and 200 ms of a constant current (uA/cm2) from u = 0 on (s)."""
    u = _potential(_cell(), drive.constant(current * MICROAMPERE), 0.2)
    rises = np.flatnonzero((u[1:] >= SPIKE) & (u[:-1] < SPIKE))
    times = ROW * (rises + (SPIKE - u[rises]) / (u[rises + 1] - u[rises]))
    late: Floats = times[times > 0.1]
    return late


MEASURES = {"membrane": measure_membrane, "firing": measure_firing}
