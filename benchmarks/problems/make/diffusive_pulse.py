"""A volatile switch of one particle without noise: on under a pulse, off behind it."""

from __future__ import annotations

from typing import Any

import numpy as np
from parts import RESISTOR, asked, constant, device, integrated, network, problem, reference, steps

X_C, R_I, W_I, ETA, TILT, LAM, R_T = 0.85, 0.8, 4.5, 1.0, 6.0, 0.12, 0.1
SERIES, START = 1e-4, -0.9  # S, 1
PULSE_TIMES, PULSE_VOLTS, END = [0.0, 0.5, 1.5], [0.0, 2.0, 0.0], 4.0
TIMES = [0.4, 0.51, 0.52, 0.54, 0.56, 0.58, 0.6, 0.65, 0.7, 0.8, 1.0, 1.4, 1.51, 1.55, 1.6, 1.7, 1.8, 2.0, 2.5, 4.0]


def made() -> dict[str, Any]:
    def resistance(x: Any) -> Any:
        return 2 * R_T * np.exp(1 / LAM) * np.cosh(x / LAM)

    def rates(t: float, x: Any) -> Any:
        applied = PULSE_VOLTS[int(np.searchsorted(PULSE_TIMES, t, side="right")) - 1]
        v = applied * resistance(x) / (resistance(x) + 1 / SERIES)
        pull = sum((x - c) * np.exp(-(((x - c) / R_I) ** 2)) for c in (-X_C, X_C))
        return (TILT * v - 2 * W_I / R_I**2 * pull) / ETA

    def run(method: str, rtol: float) -> dict[str, Any]:
        x = integrated(rates, [START], [*PULSE_TIMES, END], TIMES, method, rtol)[:, 0]
        return {"x": x, "resistance": resistance(x)}

    found, other = run("DOP853", 1e-12), run("Radau", 1e-11)
    law = [
        "i = v/r",
        "r = 2*r_t*exp(1/lam)*cosh(x/lam)",
        "dx/dt = (tilt*v - 2*w_i/r_i**2*(left + right))/eta",
        "left = (x + x_c)*exp(-((x + x_c)/r_i)**2)",
        "right = (x - x_c)*exp(-((x - x_c)/r_i)**2)",
    ]
    parameters = {"r_t": (R_T, "ohm"), "lam": (LAM, "1"), "x_c": (X_C, "1"), "r_i": (R_I, "1"), "w_i": (W_I, "1")}
    parameters |= {"eta": (ETA, "s"), "tilt": (TILT, "1/V")}
    return problem(
        "diffusive-pulse",
        "A diffusive memristor without noise",
        "Codes that solve a device and the resistor before it together: the resistance falls seventyfold within a tenth"
        " of a second, takes its own voltage away by that, and comes back when the pulse is over.",
        [
            (
                "Wang et al., Nat. Mater. 2017, 16, 101, doi 10.1038/nmat4756, for one particle at temperature 0"
                " and without pinning"
            )
        ],
        {
            "network": network(3, [[0, 1], [1, 2]], ["series", "switch"], {"in": [0], "ground": [2]}),
            "devices": {
                "series": device(RESISTOR, {"g": (SERIES, "S")}),
                "switch": device(law, parameters, {"x": (START, "1")}),
            },
            "drive": {"in": steps(PULSE_TIMES, PULSE_VOLTS), "ground": constant(0.0)},
            "ask": {
                "x": asked("1", "the place of the particle", times=TIMES),
                "resistance": asked("ohm", "r of the switch", times=TIMES),
            },
        },
        {"x": reference(found["x"], atol=2e-4), "resistance": reference(found["resistance"], rtol=2e-3)},
        "SciPy DOP853 at 1e-12, anew from each jump of the drive",
        {"SciPy Radau at 1e-11": other},
    )
