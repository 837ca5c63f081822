"""Nanowires whose junctions learn and forget, under pulses."""

from __future__ import annotations

from typing import Any

import numpy as np
from parts import RATE_BALANCE, asked, device, integrated, network, problem, reference, steps

N_WIRES, LENGTH = 26, 0.5  # wires in a square of side 1
RATE_P, RATE_D, ETA_P, ETA_D, G_MIN, G_MAX = 1e-4, 0.5, 10.0, 1.0, 1e-3, 0.1
PULSE_TIMES, PULSE_VOLTS = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 8.0], [0.1, 6.0, 0.1, 6.0, 0.1, 8.0, 0.1]
END = 10.0
TIMES = [0.9, 1.000001, 1.0001, 1.01, 1.1, 1.9, 2.001, 2.1, 2.9, 3.000001, 3.0001, 3.01, 3.9]
TIMES += [4.1, 4.9, 5.000001, 5.0001, 5.1, 6.0, 7.9, 8.1, 9.0, 10.0]


def wires() -> tuple[int, list[list[int]], dict[str, list[int]]]:
    """Return what the pieces of sticks make: nodes are wires, edges their crossings."""
    rng = np.random.default_rng(11)
    middle, angle = rng.random((N_WIRES, 2)), rng.random(N_WIRES) * np.pi
    along = 0.5 * LENGTH * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    start, step = middle - along, 2 * along
    crossing = []
    for one in range(N_WIRES):
        for other in range(one + 1, N_WIRES):
            across = step[one, 0] * step[other, 1] - step[one, 1] * step[other, 0]
            away = start[other] - start[one]
            s = (away[0] * step[other, 1] - away[1] * step[other, 0]) / across
            t = (away[0] * step[one, 1] - away[1] * step[one, 0]) / across
            if 0 < s < 1 and 0 < t < 1:
                crossing.append([one, other])
    left = start[:, 0].clip(max=(start + step)[:, 0]) < 0.0
    right = start[:, 0].clip(min=(start + step)[:, 0]) > 1.0
    return _connected(crossing, left, right & ~left)


def _connected(crossing: list[list[int]], left: Any, right: Any) -> tuple[int, list[list[int]], dict[str, list[int]]]:
    """Return the part that hangs together with the electrodes."""
    group = np.arange(len(left))
    for _ in group:
        for a, b in crossing:
            group[a] = group[b] = min(group[a], group[b])
    main = np.bincount(group).argmax()
    kept = np.flatnonzero(group == main)
    number = {int(node): k for k, node in enumerate(kept)}
    edges = [[number[a], number[b]] for a, b in crossing if a in number]
    ends = {"left": [number[int(k)] for k in kept if left[k]], "right": [number[int(k)] for k in kept if right[k]]}
    return len(kept), edges, ends


def made() -> dict[str, Any]:
    nodes, edges, ends = wires()
    incidence = np.zeros((len(edges), nodes))
    for k, (a, b) in enumerate(edges):
        incidence[k, a], incidence[k, b] = 1.0, -1.0
    free = [k for k in range(nodes) if k not in ends["left"] + ends["right"]]
    at_left = incidence[:, ends["left"]].sum(axis=1)

    def drops(state: Any) -> Any:
        """Return the voltage of each edge at 1 V (V)."""
        g = G_MIN + (G_MAX - G_MIN) * state
        laplacian = (incidence[:, free].T * g) @ incidence[:, free]
        return at_left - incidence[:, free] @ np.linalg.solve(laplacian, incidence[:, free].T @ (g * at_left))

    def rates(t: float, state: Any) -> Any:
        volts = abs(PULSE_VOLTS[np.searchsorted(PULSE_TIMES, t, side="right") - 1] * drops(state))
        return RATE_P * np.exp(ETA_P * volts) * (1 - state) - RATE_D * np.exp(-ETA_D * volts) * state

    start = np.full(len(edges), RATE_P / (RATE_P + RATE_D))

    def run(method: str, rtol: float) -> dict[str, Any]:
        states = integrated(rates, start, [*PULSE_TIMES, END], TIMES, method, rtol)
        conductances = [float(((G_MIN + (G_MAX - G_MIN) * g) * drops(g)) @ at_left) for g in states]
        return {"conductance": conductances, "g": states[-1]}

    found, other = run("LSODA", 1e-11), run("Radau", 1e-10)
    parameters = {"kappa_p0": (RATE_P, "1/s"), "kappa_d0": (RATE_D, "1/s"), "eta_p": (ETA_P, "1/V")}
    parameters |= {"eta_d": (ETA_D, "1/V"), "g_min": (G_MIN, "S"), "g_max": (G_MAX, "S")}
    return problem(
        "wire-pulses",
        "Nanowires under pulses",
        "Codes that control the error of a step: right after a pulse begins junctions race for the voltage"
        " within microseconds, and whoever lets them all switch at once is wrong for seconds.",
        [
            (
                "Junctions: Neural Netw. 2022, doi 10.1016/j.neunet.2022.02.022, and Ann. Phys. 2023, 535,"
                " 2300090, doi 10.1002/andp.202300090, equations 2 to 4"
            )
        ],
        {
            "network": network(nodes, edges, "junction", ends),
            "devices": {"junction": device(RATE_BALANCE, parameters, {"g": (float(start[0]), "1")})},
            "drive": {"left": steps(PULSE_TIMES, PULSE_VOLTS), "right": {"kind": "constant", "value": 0.0}},
            "ask": {
                "conductance": asked("S", "the current into the network at left over its voltage", times=TIMES),
                "g": asked("1", "the state of each edge", times=[END]),
            },
        },
        {"conductance": reference(found["conductance"], rtol=1e-3), "g": reference(found["g"], rtol=1e-3, atol=1e-6)},
        "SciPy LSODA at 1e-11 with the circuit solved densely in each rate, anew from each jump of the drive",
        {"SciPy Radau at 1e-10": other},
    )
