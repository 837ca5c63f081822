"""A read with floating lines, in closed form."""

from __future__ import annotations

from typing import Any

import mpmath as mp
from linear import by_stars, into
from parts import RESISTOR, asked, constant, device, network, problem, reference

SIDE, OPEN, VOLTS = 16, 3, mp.mpf("0.5")  # lines, the column of open cells, V
SELECTED, OTHERS = mp.mpf("1e-9"), mp.mpf("1e-4")  # S


def made() -> dict[str, Any]:
    edges = [[row, SIDE + column] for row in range(SIDE) for column in range(SIDE)]
    g = [mp.mpf(0) if edge[1] == SIDE + OPEN else OTHERS for edge in edges]
    g[0] = SELECTED
    rows, columns = SIDE - 1, SIDE - 2  # that are not selected, and have cells
    with mp.workdps(60):
        first, middle, last = OTHERS * columns, OTHERS * rows * columns, OTHERS * rows
        sneak = VOLTS / (1 / first + 1 / middle + 1 / last)
        found = {
            "current": [-(VOLTS * SELECTED + sneak)],
            "sneak": [sneak],
            "potential": [sneak / last, VOLTS - sneak / first],
        }
        held = {0: VOLTS, SIDE: mp.mpf(0)}
        kept = [k for k in range(2 * SIDE) if k != SIDE + OPEN]
        number = {node: k for k, node in enumerate(kept)}
        there = [k for k, one in enumerate(g) if one != 0]
        ends = [[number[node] for node in edges[k]] for k in there]
        potential = by_stars(len(kept), ends, [g[k] for k in there], {number[k]: v for k, v in held.items()})
        current = into(number[SIDE], ends, [g[k] for k in there], potential)
        other = {
            "current": [current],
            "sneak": [-current - VOLTS * SELECTED],
            "potential": [potential[number[1]], potential[number[SIDE + 1]]],
        }
    electrodes = {f"{letter}{k}": [side * SIDE + k] for side, letter in enumerate("wb") for k in range(SIDE)}
    drive: dict[str, Any] = {name: {"kind": "floating"} for name in electrodes}
    drive |= {"w0": constant(float(VOLTS)), "b0": constant(0.0)}
    return problem(
        "floating-read",
        "The floating read",
        "Codes that let electrodes float, and have a line whose cells are all open beside others, where"
        " matrices are singular.",
        ["Sneak paths: Chen et al., Adv. Mater. 2023, doi 10.1002/adma.202301924, section 4.2"],
        {
            "network": network(2 * SIDE, edges, "cell", electrodes, g=[float(one) for one in g]),
            "devices": {"cell": device(RESISTOR, {})},
            "drive": drive,
            "ask": {
                "current": asked("A", "the current into the network at b0", electrodes=["b0"]),
                "sneak": asked("A", "the current out of b0 that does not come through cell (w0, b0)"),
                "potential": asked("V", "the potentials of w1 and b1", electrodes=["w1", "b1"]),
            },
        },
        {name: reference(values, rtol=1e-11) for name, values in found.items()},
        "closed form: the selected cell beside three conductances in series",
        {"60 digits (mpmath), stars to meshes": other},
    )
