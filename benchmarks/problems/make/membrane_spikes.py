"""Spikes of the membrane of Hodgkin and Huxley under a constant current."""

from __future__ import annotations

from typing import Any

import numpy as np
from parts import asked, constant, device, network, problem, reference
from scipy.integrate import solve_ivp

G_NA, G_K, G_LEAK, E_NA, E_K, E_LEAK, C_M = 120e-3, 36e-3, 0.3e-3, 115e-3, -12e-3, 10.6e-3, 1e-6
CURRENT, END, LEVEL = 10e-6, 0.1, 50e-3  # A, s, V
TIMES = np.linspace(0.0, END, 26)[1:].round(6)
LAW = [
    "i = g_Na*m**3*h*(v - E_Na) + g_K*n**4*(v - E_K) + g_leak*(v - E_leak)",
    "q = C_m*v",
    "dm/dt = (a_m*(1 - m) - b_m*m)/tau_0",
    "dh/dt = (a_h*(1 - h) - b_h*h)/tau_0",
    "dn/dt = (a_n*(1 - n) - b_n*n)/tau_0",
    "u = v/V_0",
    "a_m = 0.1*(25 - u)/(exp((25 - u)/10) - 1)",
    "b_m = 4*exp(-u/18)",
    "a_h = 0.07*exp(-u/20)",
    "b_h = 1/(exp((30 - u)/10) + 1)",
    "a_n = 0.01*(10 - u)/(exp((10 - u)/10) - 1)",
    "b_n = 0.125*exp(-u/80)",
]


def rates_of(u: float) -> tuple[tuple[float, float], ...]:
    """Return opening and closing of m, h and n (1/ms) at a voltage in mV."""

    def linear(z: float) -> float:
        return 1 - z / 2 + z * z / 12 if abs(z) < 1e-5 else z / np.expm1(z)

    return (
        (linear((25 - u) / 10), 4 * np.exp(-u / 18)),
        (0.07 * np.exp(-u / 20), 1 / (np.exp((30 - u) / 10) + 1)),
        (0.1 * linear((10 - u) / 10), 0.125 * np.exp(-u / 80)),
    )


def made() -> dict[str, Any]:
    start = [0.0, *(up / (up + down) for up, down in rates_of(0.0))]

    def rates(_: float, y: Any) -> list[float]:
        v, m, h, n = y
        ionic = G_NA * m**3 * h * (v - E_NA) + G_K * n**4 * (v - E_K) + G_LEAK * (v - E_LEAK)
        gates = [1e3 * (up * (1 - x) - down * x) for (up, down), x in zip(rates_of(1e3 * v), (m, h, n), strict=True)]
        return [(CURRENT - ionic) / C_M, *gates]

    def crossing(_: float, y: Any) -> float:
        return float(y[0] - LEVEL)

    crossing.direction = 1.0  # type: ignore[attr-defined]

    def run(method: str, rtol: float) -> dict[str, Any]:
        done = solve_ivp(
            rates, (0.0, END), start, method=method, t_eval=TIMES, rtol=rtol, atol=rtol * 1e-3, events=crossing
        )
        return {"spikes": done.t_events[0], "potential": done.y[0]}

    found, other = run("DOP853", 1e-12), run("Radau", 1e-11)
    values = {"g_Na": (G_NA, "S"), "g_K": (G_K, "S"), "g_leak": (G_LEAK, "S"), "E_Na": (E_NA, "V"), "E_K": (E_K, "V")}
    values |= {"E_leak": (E_LEAK, "V"), "C_m": (C_M, "F"), "V_0": (1e-3, "V"), "tau_0": (1e-3, "s")}
    gates = {name: (float(value), "1") for name, value in zip("mhn", start[1:], strict=True)}
    return problem(
        "membrane-spikes",
        "Spikes of a nerve membrane",
        "Codes that carry charge beside a current with three gates, where errors in each spike add up in the"
        " times of all later ones.",
        ["Hodgkin and Huxley, J. Physiol. 1952, 117, 500, doi 10.1113/jphysiol.1952.sp004764, for 1 cm^2"],
        {
            "network": network(2, [[0, 1]], "membrane", {"inside": [0], "outside": [1]}),
            "devices": {"membrane": device(LAW, values, {"v": (0.0, "V"), **gates})},
            "drive": {"inside": {"kind": "current", "value": CURRENT}, "outside": constant(0.0)},
            "ask": {
                "spikes": asked(
                    "s", f"when the potential of inside passes {LEVEL} V upwards", events=len(found["spikes"])
                ),
                "potential": asked("V", "the potential of inside", times=TIMES.tolist()),
            },
        },
        {"spikes": reference(found["spikes"], atol=1e-5), "potential": reference(found["potential"], atol=5e-4)},
        "SciPy DOP853 at 1e-12",
        {"SciPy Radau at 1e-11": other},
    )
