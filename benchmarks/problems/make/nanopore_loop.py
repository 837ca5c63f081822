"""Loops of a rectifying nanopore at three frequencies."""

from __future__ import annotations

from typing import Any

import numpy as np
from parts import PORE, asked, constant, device, integrated, lines, network, problem, reference

G_L, G_H, E_0, V_M, V_A, V_D, N_A, TAU_0 = 1e-7, 1e-6, 0.0, 0.1, 1.0, 0.0, 2.0, 5e-4
PERIODS = {"slow": 1.0, "middle": 0.02, "fast": 1e-3}  # s
TURNS = (0.0, 0.25, 0.75, 1.0)  # of a triangle between -HIGH and HIGH, in periods
HIGH, N_PERIODS = 1.0, 2
PHASES = np.arange(1, 33) / 16


def made() -> dict[str, Any]:
    v_b, n_d = V_A / N_A + V_D * (N_A - 1) / N_A, N_A / (N_A - 1)
    start = float(1 / (1 + np.exp(v_b / V_M)))
    drive: dict[str, Any] = {"ground": constant(0.0)}
    corners: dict[str, list[float]] = {}
    for name, period in PERIODS.items():
        corners[name] = [round((k + turn) * period, 9) for k in range(N_PERIODS) for turn in TURNS[:-1]]
        corners[name].append(N_PERIODS * period)
        drive[name] = lines(corners[name], [0.0, HIGH, -HIGH] * N_PERIODS + [0.0])

    def run(method: str, rtol: float) -> dict[str, Any]:
        found = {}
        for name, period in PERIODS.items():
            times, values = drive[name]["times"], drive[name]["values"]

            def rates(t: float, x: Any, times: Any = times, values: Any = values) -> Any:
                v = np.interp(t, times, values)
                speed = (np.exp((v - V_A) / (N_A * V_M)) + np.exp(-(v - V_D) / (n_d * V_M))) / TAU_0
                return (1 / (1 + np.exp(-(v - v_b) / V_M)) - x) * speed

            at = (PHASES * period).round(9)
            x = integrated(rates, [start], corners[name], at, method, rtol)[:, 0]
            found[f"current_{name}"] = (G_L + (G_H - G_L) * x) * (np.interp(at, times, values) - E_0)
        return found

    found, other = run("Radau", 1e-12), run("LSODA", 1e-12)
    edges = [[k, 3] for k in range(3)]
    electrodes = {**{name: [k] for k, name in enumerate(PERIODS)}, "ground": [3]}
    parameters = {"g_L": (G_L, "S"), "g_H": (G_H, "S"), "E_0": (E_0, "V"), "V_m": (V_M, "V"), "V_A": (V_A, "V")}
    parameters |= {"V_D": (V_D, "V"), "n_A": (N_A, "1"), "tau_0": (TAU_0, "s")}
    return problem(
        "nanopore-loop",
        "Loops of a nanopore",
        "Codes that take rates which change nine-hundredfold along a ramp, at three speeds: at the slowest the"
        " state follows at once and the problem is stiff, at the fastest it hardly moves.",
        ["Bisquert, Adv. Phys. Res. 2024, doi 10.1002/apxr.202400029, equations 33 to 50, parameters of figure 29 a"],
        {
            "network": network(4, edges, "pore", electrodes),
            "devices": {"pore": device(PORE, parameters, {"x": (start, "1")})},
            "drive": drive,
            "ask": {
                f"current_{name}": asked(
                    "A",
                    f"the current into the network at {name}",
                    electrodes=[name],
                    times=(PHASES * period).round(9).tolist(),
                )
                for name, period in PERIODS.items()
            },
        },
        {name: reference(values, rtol=1e-3, atol=1e-12) for name, values in found.items()},
        "SciPy Radau at 1e-12, anew from each corner of the drive",
        {"SciPy LSODA at 1e-12": other},
    )
