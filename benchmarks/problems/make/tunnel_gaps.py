"""Tunnel gaps whose conductances span 288 decades, at rest."""

from __future__ import annotations

from typing import Any

import mpmath as mp
import numpy as np
from linear import by_lu, by_stars, into
from parts import asked, constant, device, network, problem, reference

NODES, LONGEST, VOLTS = 30, 3.45, 1.0  # 1, particle diameters, V


def made() -> dict[str, Any]:
    rng = np.random.default_rng(4)
    pairs = {(k, int(rng.integers(k))) for k in range(1, NODES)}  # a tree, so that all hangs together
    while len(pairs) < 75:
        a, b = sorted((int(k) for k in rng.choice(NODES, 2, replace=False)), reverse=True)
        pairs.add((a, b))
    edges = sorted(pairs)
    length = (LONGEST * rng.random(len(edges)) ** 3).round(6)  # most short, as gaps are
    electrodes = {"left": [0], "right": [NODES - 1], "probe": [NODES // 2]}
    held = {0: mp.mpf(VOLTS), NODES - 1: mp.mpf(0), NODES // 2: mp.mpf(0)}

    def solved(digits: int, way: Any) -> dict[str, list[Any]]:
        with mp.workdps(digits):
            g = [mp.exp(-200 * mp.mpf(str(one))) for one in length]
            potential = way(NODES, edges, g, held)
            out = [into(electrodes[name][0], edges, g, potential) for name in ("right", "probe")]
            return {"potential": potential, "current": [-mp.fsum(out), *out]}

    found, other = solved(60, by_stars), solved(900, by_lu)
    return problem(
        "tunnel-gaps",
        "Tunnel gaps over 288 decades",
        "Codes that eliminate in sums of positive numbers from those whose matrices lose digits: beside a"
        " conductance of 1 S one of 1e-20 S is rounded away in a diagonal, and with it all that follows from"
        " it.",
        ["Gaps of percolating networks: Nanoscale Horiz. 2025, 10, 2475, doi 10.1039/D5NH00407A, section 5.1"],
        {
            "network": network(NODES, edges, "gap", electrodes, L=length.tolist()),
            "devices": {"gap": device(["i = alpha*exp(-beta*L)*v"], {"alpha": (1.0, "S"), "beta": (200.0, "1/pd")})},
            "drive": {"left": constant(VOLTS), "right": constant(0.0), "probe": constant(0.0)},
            "ask": {
                "potential": asked("V", "the potential of each node"),
                "current": asked("A", "the current into the network at each electrode", electrodes=list(electrodes)),
            },
        },
        {name: reference(values, rtol=1e-10) for name, values in found.items()},
        "60 digits (mpmath), stars to meshes: sums of positive numbers",
        {"Gaussian elimination of Kirchhoff's equations with 900 digits (mpmath)": other},
    )
