"""Pulses of a millisecond, ten seconds apart, on one synapse: closed form."""

from __future__ import annotations

from typing import Any

import mpmath as mp
import numpy as np
from parts import RATE_BALANCE, asked, constant, device, integrated, network, problem, reference, steps

RATE_P, RATE_D, ETA, G_MIN, G_MAX = 5e-4, 0.05, 10.0, 1e-6, 1e-3
WIDTH, SPACING, COUNT = 1e-3, 10.0, 20  # s, s, 1


def made() -> dict[str, Any]:
    begins = [SPACING * (k + 1) for k in range(COUNT)]
    heights = [round(1.0 + 0.05 * (7 * k % COUNT), 3) for k in range(COUNT)]
    times, volts = [0.0], [0.05]
    for begin, height in zip(begins, heights, strict=True):
        times += [begin, round(begin + WIDTH, 6)]
        volts += [height, 0.05]
    end = SPACING * (COUNT + 1)
    start = RATE_P / (RATE_P + RATE_D)
    g, states = mp.mpf(start), []
    for begin, after, height in zip(times, [*times[1:], end], volts, strict=True):
        up, down = RATE_P * mp.exp(ETA * mp.mpf(height)), RATE_D * mp.exp(-ETA * mp.mpf(height))
        g = up / (up + down) + (g - up / (up + down)) * mp.exp(-(up + down) * (mp.mpf(after) - mp.mpf(begin)))
        states.append(g)
    asked_at = [*times[1:], end]

    def rates(t: float, y: Any) -> Any:
        v = volts[int(np.searchsorted(times, t, side="right")) - 1]
        return RATE_P * np.exp(ETA * v) * (1 - y) - RATE_D * np.exp(-ETA * v) * y

    other = integrated(rates, [start], [*times, end], asked_at, "DOP853", 1e-13)[:, 0]
    parameters = {
        "kappa_p0": (RATE_P, "1/s"),
        "kappa_d0": (RATE_D, "1/s"),
        "eta_p": (ETA, "1/V"),
        "eta_d": (ETA, "1/V"),
    }
    parameters |= {"g_min": (G_MIN, "S"), "g_max": (G_MAX, "S")}
    return problem(
        "narrow-pulses",
        "Narrow pulses far apart",
        "Codes that know when their drive jumps from those that step over a pulse: between pulses nothing"
        " happens, and steps of a second are right.",
        ["Synapse: Nanoscale Horiz. 2025, 10, 2475, doi 10.1039/D5NH00407A, equations 8 to 10"],
        {
            "network": network(2, [[0, 1]], "synapse", {"in": [0], "ground": [1]}),
            "devices": {"synapse": device(RATE_BALANCE, parameters, {"g": (start, "1")})},
            "drive": {"in": steps(times, volts), "ground": constant(0.0)},
            "ask": {"g": asked("1", "the state where each pulse begins and ends, and at the end", times=asked_at)},
        },
        {"g": reference(states, rtol=1e-5)},
        "closed form: relaxation to the balance at the voltage of each piece (mpmath)",
        {"SciPy DOP853 at 1e-13": {"g": other}},
    )
