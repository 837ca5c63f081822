"""The change of a synapse over the time between two spikes, in closed form."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import mpmath as mp
import numpy as np
from parts import asked, device, lines, network, problem, reference
from scipy.integrate import quad

RATE, V_0, V_TH, G_ON, G_OFF, START = 1e-3, 1 / 7, 1.0, 1e-5, 1e-7, 0.5
SPIKE = ((-5e-3, 0.0), (-4.99e-3, 0.3), (0.0, 0.9), (1e-5, -0.7), (40e-3, 0.0))  # s, V: rises, turns over, fades
ARRIVES, END = 0.1, 0.2  # s
DELAYS = [-35e-3, -25e-3, -15e-3, -8e-3, -4e-3, -2e-3, -1e-3, 1e-3, 2e-3, 4e-3, 8e-3, 15e-3, 25e-3, 35e-3]


def made() -> dict[str, Any]:
    time, volts = np.array(SPIKE).T
    drive: dict[str, Any] = {"pre": lines((time + ARRIVES).round(6).tolist(), volts.tolist())}
    for k, delay in enumerate(DELAYS):
        drive[f"post{k}"] = lines((time + ARRIVES + delay).round(6).tolist(), volts.tolist())

    changes, others = [], []
    for k in range(len(DELAYS)):
        one, other = drive[f"post{k}"], drive["pre"]
        # The synapse lies from post to pre: a post that comes behind sees the tail of the pre and adds to it.
        corners = sorted({0.0, END, *one["times"], *other["times"]})
        at = [
            np.interp(t, one["times"], one["values"]) - np.interp(t, other["times"], other["values"]) for t in corners
        ]
        pieces = zip(pairwise(corners), pairwise(at), strict=True)
        changes.append(mp.fsum(_piece(*ends, *values) for ends, values in pieces))

        def rate(t: float, one: Any = one, other: Any = other) -> float:
            v = np.interp(t, one["times"], one["values"]) - np.interp(t, other["times"], other["values"])
            beyond = max(np.exp(abs(v) / V_0) - np.exp(V_TH / V_0), 0.0)
            return float(RATE * np.sign(v) * beyond)

        others.append(sum(quad(rate, a, b, epsabs=1e-14, epsrel=1e-11, limit=500)[0] for a, b in pairwise(corners)))
    n = len(DELAYS)
    electrodes = {"pre": [n], **{f"post{k}": [k] for k in range(n)}}
    parameters = {
        "I_0": (RATE, "1/s"),
        "v_0": (V_0, "V"),
        "v_th": (V_TH, "V"),
        "g_on": (G_ON, "S"),
        "g_off": (G_OFF, "S"),
    }
    law = [
        "i = (g_off + (g_on - g_off)*w)*v",
        "dw/dt = I_0*sign(v)*max(exp(abs(v)/v_0) - exp(v_th/v_0), 0)",
    ]
    return problem(
        "stdp-curve",
        "Plasticity by the time between spikes",
        "Codes that find the short times in which a voltage is beyond a threshold, where rates grow by e"
        " each seventh of a volt, and that take delayed copies of a waveform.",
        ["Zamarreno-Ramos et al., Front. Neurosci. 2011, 5, 26, doi 10.3389/fnins.2011.00026"],
        {
            "network": network(n + 1, [[k, n] for k in range(n)], "synapse", electrodes),
            "devices": {"synapse": device(law, parameters, {"w": (START, "1")})},
            "drive": drive,
            "ask": {
                "change": asked("1", f"w - {START} of each synapse, which are behind post0, post1, ...", times=[END])
            },
        },
        {"change": reference(changes, rtol=1e-3, atol=1e-7)},
        "closed form: the voltage is straight between corners, and its exponential has an integral (mpmath)",
        {"SciPy quad at 1e-11": {"change": others}},
    )


def _piece(begin: float, end: float, first: float, last: float) -> Any:
    """Return the change of w while the voltage goes straight from one value to another."""
    total = mp.mpf(0)
    for sign in (1, -1):
        low, high = sorted((sign * mp.mpf(first), sign * mp.mpf(last)))
        if high <= V_TH:
            continue
        span = mp.mpf(end) - mp.mpf(begin)
        threshold = mp.exp(mp.mpf(V_TH) / V_0)
        if low == high:
            total += sign * RATE * span * (mp.exp(high / V_0) - threshold)
            continue
        above = max(low, mp.mpf(V_TH))
        lasts = span * (high - above) / (high - low)
        swept = V_0 * (mp.exp(high / V_0) - mp.exp(above / V_0)) / (high - above)
        total += sign * RATE * lasts * (swept - threshold)
    return total
