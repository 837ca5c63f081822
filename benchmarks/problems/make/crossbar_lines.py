"""A crossbar whose lines have resistance: products of voltages and conductances, and what lines make of them."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import mpmath as mp
import numpy as np
import spice
from linear import by_lu, by_stars, into
from parts import RESISTOR, asked, constant, device, network, problem, reference

SIDE, LINE, CONTACT = 8, 2.0, 50.0  # lines, ohm, ohm
UNFORMED = 5


def wired() -> tuple[int, list[list[int]], dict[str, list[int]]]:
    """Return nodes, edges (cells, word segments, bit segments, contacts) and electrodes."""
    word = np.arange(SIDE * SIDE).reshape(SIDE, SIDE)
    bit = word + SIDE * SIDE
    outer = 2 * SIDE * SIDE + np.arange(2 * SIDE)
    cells = np.stack([word.ravel(), bit.ravel()], axis=1)
    segments = [[int(a), int(b)] for row in word for a, b in pairwise(row)]
    segments += [[int(a), int(b)] for row in bit.T for a, b in pairwise(row)]
    contacts = [[int(a), int(b)] for a, b in zip(outer, [*word[:, 0], *bit[-1]], strict=True)]
    names = [f"w{k}" for k in range(SIDE)] + [f"b{k}" for k in range(SIDE)]
    electrodes = {name: [int(node)] for name, node in zip(names, outer, strict=True)}
    return 2 * SIDE * SIDE + 2 * SIDE, cells.tolist() + segments + contacts, electrodes


def made() -> dict[str, Any]:
    rng = np.random.default_rng(2)
    nodes, edges, electrodes = wired()
    cell = 10.0 ** rng.uniform(-6.0, -4.0, (SIDE, SIDE)).round(3)
    cell[:, UNFORMED] = 1e-18  # a column in which nothing was formed
    cell[2, 3] = 1e-2  # one that is stuck
    n_segments = 2 * SIDE * (SIDE - 1)
    g = [*cell.ravel().tolist(), *[1 / LINE] * n_segments, *[1 / CONTACT] * 2 * SIDE]
    volts = {**{f"w{k}": round(float(v), 3) for k, v in enumerate(rng.uniform(-0.2, 0.2, SIDE))}}
    volts |= {f"b{k}": 0.0 for k in range(SIDE)}
    held = {electrodes[name][0]: mp.mpf(value) for name, value in volts.items()}

    def solved(way: Any) -> dict[str, list[Any]]:
        with mp.workdps(60):
            exact = [mp.mpf(one) for one in g]
            potential = way(nodes, edges, exact, held)
            return {"current": [into(node[0], edges, exact, potential) for node in electrodes.values()]}

    found, other = solved(by_lu), solved(by_stars)
    others = {"60 digits (mpmath), stars to meshes": other}
    if spice.available():
        spiced = spice.currents(edges, g, {k: float(v) for k, v in held.items()}, electrodes)
        spiced[SIDE + UNFORMED] = float(found["current"][SIDE + UNFORMED])
        others["ngspice, but for the column of unformed cells"] = {"current": spiced}
    names = ["cell"] * SIDE**2 + ["line"] * n_segments + ["contact"] * (2 * SIDE)
    return problem(
        "crossbar-lines",
        "A crossbar with line resistance",
        "Codes that solve a wired array from those that multiply matrices: lines change the current of a"
        " column by a quarter or a half, and the bit line of unformed cells carries thirteen orders less"
        " than its neighbours.",
        ["Line resistance: Chen et al., Adv. Mater. 2023, doi 10.1002/adma.202301924, section 4.2"],
        {
            "network": network(nodes, edges, names, electrodes, g=g),
            "devices": {name: device(RESISTOR, {}) for name in ("cell", "line", "contact")},
            "drive": {name: constant(value) for name, value in volts.items()},
            "ask": {"current": asked("A", "the current into the network at each electrode", electrodes=list(volts))},
        },
        {"current": reference(found["current"], rtol=1e-9)},
        "60 digits (mpmath), Gaussian elimination of Kirchhoff's equations",
        others,
    )
