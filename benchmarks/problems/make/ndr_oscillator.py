"""A threshold switch beside a capacitor: the period of an oscillator, in closed form."""

from __future__ import annotations

from typing import Any

import mpmath as mp
import numpy as np
import spice
from parts import RESISTOR, asked, constant, device, network, problem, reference

SUPPLY, SERIES, CAPACITANCE = 2.0, 5e-5, 1e-9  # V, S, F
V_ON, V_OFF, R_ON, R_OFF = 1.2, 0.4, 500.0, 1e6
PERIODS = 10


def made() -> dict[str, Any]:
    behind = 1 / mp.mpf(SERIES)

    def towards(r: float) -> tuple[Any, Any]:
        """Return the time constant and the final voltage with the switch at a resistance."""
        return behind * r / (behind + r) * CAPACITANCE, SUPPLY * mp.mpf(r) / (behind + r)

    (slow, high), (quick, low) = towards(R_OFF), towards(R_ON)
    first = slow * mp.log(high / (high - V_ON))
    up = slow * mp.log((high - V_OFF) / (high - V_ON))
    down = quick * mp.log((V_ON - low) / (V_OFF - low))
    period = up + down
    closing = [first + k * period for k in range(PERIODS)]
    other = stepped()
    law = [
        "i = v/where(on, r_on, r_off)",
        "when abs(v) rises to v_on: on",
        "when abs(v) falls to v_off: not on",
    ]
    parameters = {"v_on": (V_ON, "V"), "v_off": (V_OFF, "V"), "r_on": (R_ON, "ohm"), "r_off": (R_OFF, "ohm")}
    return problem(
        "ndr-oscillator",
        "The period of a threshold switch",
        "Codes that find where inside a step a switch falls from those that see it at the end of one: an"
        " oscillator forgets no error.",
        [
            (
                "Pickett, Medeiros-Ribeiro and Williams, Nat. Mater. 2013, 12, 114, doi 10.1038/nmat3510; the"
                " circuit is that of Pearson and Anson"
            )
        ],
        {
            "network": network(
                3, [[0, 1], [1, 2], [1, 2]], ["resistor", "capacitor", "switch"], {"in": [0], "ground": [2]}
            ),
            "devices": {
                "resistor": device(RESISTOR, {"g": (SERIES, "S")}),
                "capacitor": device(["q = C*v"], {"C": (CAPACITANCE, "F")}, {"v": (0.0, "V")}),
                "switch": device(law, parameters, {"on": (0.0, "1")}),
            },
            "drive": {"in": constant(SUPPLY), "ground": constant(0.0)},
            "ask": {
                "closing": asked("s", f"when the switch closes, the first {PERIODS} times", events=PERIODS),
                "period": asked("s", "the time from one closing to the next, in the mean over these"),
            },
        },
        {"closing": reference(closing, rtol=1e-4), "period": reference([period], rtol=1e-4)},
        "closed form: relaxation towards two voltages with two time constants",
        {"exact relaxation in steps of 1 ns, NumPy": other} | ({"ngspice": spiced()} if spice.available() else {}),
    )


def stepped(dt: float = 1e-9) -> dict[str, Any]:
    """Return the same by steps that know nothing of the period: each exact, the crossing by its chord."""
    volts, on, now, closing = 0.0, False, 0.0, []
    while len(closing) < PERIODS:
        g = 1 / (R_ON if on else R_OFF)
        rate, final = (SERIES + g) / CAPACITANCE, SUPPLY * SERIES / (SERIES + g)
        after = final + (volts - final) * np.exp(-rate * dt)
        level = V_OFF if on else V_ON
        if (after <= level) if on else (after >= level):
            share = (level - volts) / (after - volts)
            now += share * dt
            volts, on = level, not on
            if on:
                closing.append(now)
            continue
        volts, now = after, now + dt
    return {"closing": closing, "period": [(closing[-1] - closing[0]) / (PERIODS - 1)]}


def spiced() -> dict[str, Any]:
    """Return the same by ngspice, with its switch with hysteresis, whose edge is where the current jumps."""
    centre, half = (V_ON + V_OFF) / 2, (V_ON - V_OFF) / 2
    deck = f"""* a threshold switch
V1 in 0 {SUPPLY}
R1 in out {1 / SERIES:.17g}
C1 out 0 {CAPACITANCE} ic=0
S1 out 0 out 0 sw off
.model sw sw(vt={centre} vh={half} ron={R_ON} roff={R_OFF})
.options reltol=1e-6 abstol=1e-15 vntol=1e-9 method=gear
.tran 1n 170u 0 1n uic
"""
    time, volts = spice.table(deck, ["time", "v(out)"]).T
    top = np.flatnonzero((volts[1:-1] > volts[:-2]) & (volts[1:-1] >= volts[2:]) & (volts[1:-1] > 1.0)) + 1
    closing = time[top][:PERIODS]
    return {"closing": closing, "period": [(closing[-1] - closing[0]) / (PERIODS - 1)]}
