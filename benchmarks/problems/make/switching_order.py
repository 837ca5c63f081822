"""Gaps that close and break one after the other: the order of events is the answer."""

from __future__ import annotations

from typing import Any

import mpmath as mp
import numpy as np
from linear import by_lu, by_stars
from parts import asked, constant, device, network, problem, reference

NODES, LEFT, RIGHT, VOLTS = 22, 0, 21, 3.0
G_ON, E_T, I_T, R_D, R_W = 10.0, 10.0, 0.01, 1e-4, 1e-2
EVENTS = 24


def made() -> dict[str, Any]:
    edges, length, width = gaps()
    found = run(edges, length, width, by_stars, 60)
    other = run(edges, length, width, by_lu, 120)
    gap = ["i = where(closed, g_on, alpha*exp(-beta*L))*v"]
    gap += [
        "open: dd/dt = r_d*max(abs(v)/L - E_T, 0)",
        "closed: dw/dt = -r_w*max(abs(i) - I_T, 0)",
        "when d >= L: closed, with w = w_0",
        "when w <= 0: open, with d = 0",
    ]
    parameters = {"alpha": (1.0, "S"), "beta": (200.0, "1/pd"), "g_on": (G_ON, "S"), "E_T": (E_T, "V/pd")}
    parameters |= {"I_T": (I_T, "A"), "r_d": (R_D, "pd^2/(V s)"), "r_w": (R_W, "1/(A s)")}
    states = {"closed": (0.0, "1"), "d": (0.0, "pd"), "w": (0.0, "1")}
    return problem(
        "switching-order",
        "Which gap switches next",
        "Codes that solve a network of gaps right after each event: every closing moves the voltage to other"
        " gaps, over conductances of many orders, and one wrong voltage changes all events behind it.",
        ["After the rule of Nanoscale Horiz. 2025, 10, 2475, doi 10.1039/D5NH00407A, section 5.1 and 5.2"],
        {
            "network": network(NODES, edges, "gap", {"left": [LEFT], "right": [RIGHT]}, L=length, w_0=width),
            "devices": {"gap": device(gap, parameters, states)},
            "drive": {"left": constant(VOLTS), "right": constant(0.0)},
            "ask": {
                "edge": asked("1", f"the edge of each of the first {EVENTS} events", events=EVENTS),
                "kind": asked("1", "1 where it closes, -1 where it opens", events=EVENTS),
                "time": asked("s", "when that is", events=EVENTS),
            },
        },
        {
            "edge": reference(found["edge"], atol=0.5),
            "kind": reference(found["kind"], atol=0.5),
            "time": reference(found["time"], rtol=1e-3),
        },
        "60 digits (mpmath): between events rates are constant, so each event has a closed form",
        {"the same with Gaussian elimination and 120 digits": other},
    )


def gaps(seed: int = 12) -> tuple[list[list[int]], list[float], list[float]]:
    """Return gaps between near ones of random points, their lengths (pd), and the widths of new filaments.

    Widths differ, as filaments in series thin by one current and would otherwise break together.
    """
    rng = np.random.default_rng(seed)
    place = np.c_[np.linspace(0.0, 1.0, NODES), rng.random(NODES)]
    place[[LEFT, RIGHT], 1] = 0.5
    away = np.linalg.norm(place[:, None] - place[None], axis=2)
    edges = []
    for one in range(NODES):
        for other in np.argsort(away[one])[1:4]:
            edge = sorted((one, int(other)))
            if edge not in edges:
                edges.append(edge)
    edges.sort()
    length = (0.02 + 0.12 * rng.random(len(edges))).round(6)
    return edges, length.tolist(), (0.5 + rng.random(len(edges))).round(6).tolist()


def run(edges: list[list[int]], length: list[float], width: list[float], way: Any, digits: int) -> dict[str, list[Any]]:
    """Return the first events."""
    with mp.workdps(digits):
        span = [mp.mpf(one) for one in length]
        tunnelling = [mp.exp(-200 * one) for one in span]
        closed, left = [False] * len(edges), list(span)  # what is left of a gap to grow, or of a filament to lose
        now, found = mp.mpf(0), {"edge": [], "kind": [], "time": []}
        for _ in range(EVENTS):
            g = [mp.mpf(G_ON) if shut else open_ for shut, open_ in zip(closed, tunnelling, strict=True)]
            potential = way(NODES, edges, g, {LEFT: mp.mpf(VOLTS), RIGHT: mp.mpf(0)})
            rate = []
            for k, (a, b) in enumerate(edges):
                v = abs(potential[a] - potential[b])
                open_rate, shut_rate = R_D * (v / span[k] - E_T), R_W * (G_ON * v - mp.mpf(I_T))
                rate.append(max(shut_rate if closed[k] else open_rate, mp.mpf(0)))
            wait, k = min((left[k] / rate[k], k) for k in range(len(edges)) if rate[k] > 0)
            now += wait
            left = [one - wait * speed for one, speed in zip(left, rate, strict=True)]
            closed[k] = not closed[k]
            left[k] = mp.mpf(width[k]) if closed[k] else span[k]
            found["edge"].append(k)
            found["kind"].append(1 if closed[k] else -1)
            found["time"].append(now)
        return found
