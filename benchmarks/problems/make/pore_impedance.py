"""The impedance of a pore at an operating point, inductive at low frequencies."""

from __future__ import annotations

from typing import Any

import mpmath as mp
import numpy as np
from parts import PORE, apart, asked, constant, device, integrated, network, problem, reference

G_L, G_H, E_0, V_M, V_A, V_D, N_A, TAU_0 = 1e-7, 1e-6, 0.0, 0.1, 1.0, 0.0, 2.0, 5e-4
CAPACITANCE, BIAS = 1e-10, 0.45  # F, V
HERTZ = np.geomspace(0.1, 1e5, 19).round(6)
AMPLITUDE, IN_TIME = 1e-5, (3, 9, 12)  # V; the frequencies that are looked at in time


def steady(v: Any) -> Any:
    return 1 / (1 + mp.exp(-(v - V_A / N_A) / V_M))


def tau(v: Any) -> Any:
    return TAU_0 / (mp.exp((v - V_A) / (N_A * V_M)) + mp.exp(-(v - V_D) / (N_A / (N_A - 1) * V_M)))


def made() -> dict[str, Any]:
    with mp.workdps(40):
        v, c = mp.mpf(BIAS), mp.mpf(CAPACITANCE)
        x, slope, time = steady(v), mp.diff(steady, v), tau(v)
        admittance = [
            G_L + (G_H - G_L) * x + (G_H - G_L) * (v - E_0) * slope / (1 + 2j * mp.pi * f * time) + 2j * mp.pi * f * c
            for f in map(mp.mpf, HERTZ)
        ]
        impedance = [[complex(1 / y).real, complex(1 / y).imag] for y in admittance]
    known = reference(impedance, rtol=1e-5)
    values = {"g_L": (G_L, "S"), "g_H": (G_H, "S"), "E_0": (E_0, "V"), "V_m": (V_M, "V"), "V_A": (V_A, "V")}
    values |= {"V_D": (V_D, "V"), "n_A": (N_A, "1"), "tau_0": (TAU_0, "s")}
    made = problem(
        "pore-impedance",
        "Impedance of a pore",
        "Codes that linearise devices with states: a pore that opens with the voltage is an inductance at low"
        " frequencies.",
        ["Bisquert, Adv. Phys. Res. 2024, doi 10.1002/apxr.202400029, equations 33 to 50"],
        {
            "network": network(2, [[0, 1], [0, 1]], ["pore", "capacitor"], {"in": [0], "ground": [1]}),
            "devices": {
                "pore": device(PORE, values, {"x": (float(x), "1")}),
                "capacitor": device(["q = C*v"], {"C": (CAPACITANCE, "F")}),
            },
            "drive": {"in": constant(BIAS), "ground": constant(0.0)},
            "ask": {
                "impedance": asked(
                    "ohm",
                    "real and imaginary part of the impedance between in and ground, at rest at the drive",
                    frequencies=HERTZ.tolist(),
                )
            },
        },
        {"impedance": known},
        "closed form with 40 digits (mpmath)",
        {},
    )
    followed = np.array(impedance)
    for k in IN_TIME:
        z = in_time(float(HERTZ[k]), float(x))
        followed[k] = z.real, z.imag
    by = f"a sine of {AMPLITUDE:g} V in time at three of the frequencies (SciPy Radau at 1e-11)"
    made["reference"]["checked"].append({"by": by, "apart": float(f"{apart(known, followed):.1e}")})
    return made


def in_time(hertz: float, start: float) -> complex:
    """Return the impedance from the response to a small sine, when what was before is forgotten."""
    period = 1 / hertz
    settle = np.ceil(20 * float(tau(BIAS)) / period) * period
    phases = np.arange(32) / 32

    def volts(t: Any) -> Any:
        return BIAS + AMPLITUDE * np.sin(2 * np.pi * hertz * t)

    def rates(t: float, x: Any) -> Any:
        v = volts(t)
        speed = (np.exp((v - V_A) / (N_A * V_M)) + np.exp(-(v - V_D) / (N_A / (N_A - 1) * V_M))) / TAU_0
        return (1 / (1 + np.exp(-(v - V_A / N_A) / V_M)) - x) * speed

    times = settle + phases * period
    x = integrated(rates, [start], [0.0, times[-1] + period], times, "Radau", 1e-11)[:, 0]
    current = (G_L + (G_H - G_L) * x) * (volts(times) - E_0)
    first = 2 * np.mean(current * np.exp(-2j * np.pi * phases))  # of sin(wt) it is -1j
    return complex(AMPLITUDE / (1j * first + 2j * np.pi * hertz * CAPACITANCE * AMPLITUDE))
