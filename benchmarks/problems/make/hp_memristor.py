"""The memristor of Strukov et al. under a sine: a loop in closed form."""

from __future__ import annotations

from typing import Any

import numpy as np
from parts import asked, device, integrated, network, problem, reference

R_ON, R_OFF, MU, D, START = 100.0, 16e3, 1e-14, 10e-9, 0.1
VOLTS, HERTZ = 1.0, 1.0
TIMES = np.linspace(0.0, 1.5, 37)[1:]
DRIFT = MU * R_ON / D**2  # 1/C


def volts(t: Any) -> Any:
    return VOLTS * np.sin(2 * np.pi * HERTZ * t)


def made() -> dict[str, Any]:
    flux = VOLTS / (2 * np.pi * HERTZ) * (1 - np.cos(2 * np.pi * HERTZ * TIMES))
    moved = R_OFF * START - (R_OFF - R_ON) * START**2 / 2 + DRIFT * flux
    x = 2 * moved / (R_OFF + np.sqrt(R_OFF**2 - 2 * (R_OFF - R_ON) * moved))
    found = {"x": x, "current": volts(TIMES) / (R_ON * x + R_OFF * (1 - x))}

    def rates(t: float, y: Any) -> Any:
        return DRIFT * volts(t) / (R_ON * y + R_OFF * (1 - y))

    followed = integrated(rates, [START], [0.0, 1.5], TIMES, "DOP853", 1e-12)[:, 0]
    other = {"x": followed, "current": volts(TIMES) / (R_ON * followed + R_OFF * (1 - followed))}
    return problem(
        "hp-memristor",
        "The loop of a linear drift memristor",
        "Codes that follow a state from those that lag a step behind: the loop closes in itself, and one"
        " that is late opens it.",
        ["Strukov et al., Nature 2008, 453, 80, doi 10.1038/nature06932, equations 5 and 6"],
        {
            "network": network(2, [[0, 1]], "memristor", {"in": [0], "ground": [1]}),
            "devices": {
                "memristor": device(
                    ["i = v/(r_on*x + r_off*(1 - x))", "dx/dt = mu*r_on/d**2*i"],
                    {"r_on": (R_ON, "ohm"), "r_off": (R_OFF, "ohm"), "mu": (MU, "m^2/(V s)"), "d": (D, "m")},
                    {"x": (START, "1")},
                )
            },
            "drive": {
                "in": {"kind": "sine", "amplitude": VOLTS, "frequency": HERTZ, "offset": 0.0},
                "ground": {"kind": "constant", "value": 0.0},
            },
            "ask": {
                "x": asked("1", "the state", times=TIMES.tolist()),
                "current": asked("A", "the current into the network at in", times=TIMES.tolist()),
            },
        },
        {"x": reference(found["x"], rtol=1e-4), "current": reference(found["current"], rtol=1e-4, atol=1e-9)},
        "closed form: r_off x - (r_off - r_on) x^2/2 grows by mu r_on/d^2 times the flux",
        {"SciPy DOP853 at 1e-12": other},
    )
