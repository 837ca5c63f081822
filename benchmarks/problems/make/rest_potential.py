"""Potentials of membranes that let ions pass: Goldman, Hodgkin and Katz."""

from __future__ import annotations

from typing import Any

import mpmath as mp
import numpy as np
from parts import asked, constant, device, network, problem, reference
from scipy.optimize import brentq

T, R, F = 310.0, 8.31446261815324, 96485.33212331  # K, J/(mol K), C/mol; as SI has them
IONS = {  # charges, concentrations inside and outside (mol/m^3)
    "potassium": (1, 150.0, 4.5),
    "sodium": (1, 12.0, 145.0),
    "chloride": (-1, 10.0, 115.0),
    "calcium": (2, 1e-4, 1.5),
}
CELLS = {  # permeabilities times areas of a cell (m^3/s), by ion
    "potassium-alone": {"potassium": 1e-15},
    "rest": {"potassium": 1e-15, "sodium": 4e-17, "chloride": 4.5e-16},
    "spike": {"potassium": 1e-15, "sodium": 2e-14, "chloride": 4.5e-16},
    "calcium-too": {"potassium": 1e-15, "sodium": 4e-17, "calcium": 1e-14},
}


def current(v: Any, cell: dict[str, float], module: Any) -> Any:
    total = 0
    for ion, p in cell.items():
        z, inside, outside = IONS[ion]
        u = z * F * v / (R * T)
        total += p * z * F * u * (inside - outside * module.exp(-u)) / (1 - module.exp(-u))
    return total


def goldman(cell: dict[str, float]) -> Any:
    """Return the voltage of Goldman, Hodgkin and Katz, for ions of one charge."""
    out = mp.fsum(p * IONS[ion][2 if IONS[ion][0] > 0 else 1] for ion, p in cell.items())
    inner = mp.fsum(p * IONS[ion][1 if IONS[ion][0] > 0 else 2] for ion, p in cell.items())
    return R * mp.mpf(T) / F * mp.log(out / inner)


def made() -> dict[str, Any]:
    with mp.workdps(60):
        volts = [goldman(cell) for name, cell in CELLS.items() if name != "calcium-too"]
        volts.append(mp.findroot(lambda v: current(v, CELLS["calcium-too"], mp), (-0.08, -0.02), solver="anderson"))
    other = [brentq(current, -0.2001, 0.2003, args=(cell, np), xtol=1e-16, rtol=1e-14) for cell in CELLS.values()]
    edges, names, electrodes = [], [], {}
    devices: dict[str, Any] = {}
    law = ["i = P*z*F*u*(c_a - c_b*exp(-u))/(1 - exp(-u))", "u = z*F*v/(R*T)"]
    for k, (name, cell) in enumerate(CELLS.items()):
        electrodes[name] = [k]
        for ion, p in cell.items():
            edges.append([k, len(CELLS)])
            names.append(f"{ion} of {name}")
            z, inside, outside = IONS[ion]
            values = {"P": (p, "m^3/s"), "z": (float(z), "1"), "c_a": (inside, "mol/m^3"), "c_b": (outside, "mol/m^3")}
            values |= {"T": (T, "K"), "R": (R, "J/(mol K)"), "F": (F, "C/mol")}
            devices[names[-1]] = device(law, values)
    electrodes["outside"] = [len(CELLS)]
    return problem(
        "rest-potential",
        "Rest potentials of four cells",
        "Codes that find an operating point of elements that are batteries and rectifiers at once, and whose"
        " equation is 0/0 at 0 V.",
        [
            (
                "Goldman, J. Gen. Physiol. 1943, 27, 37, doi 10.1085/jgp.27.1.37; concentrations of table 1 of"
                " Chen et al., Adv. Mater. 2023, doi 10.1002/adma.202301924"
            )
        ],
        {
            "network": network(len(CELLS) + 1, edges, names, electrodes),
            "devices": devices,
            "drive": {name: {"kind": "floating"} for name in CELLS} | {"outside": constant(0.0)},
            "ask": {"potential": asked("V", "the potential of each cell at rest", electrodes=list(CELLS))},
        },
        {"potential": reference(volts, atol=1e-9)},
        "closed form of Goldman, Hodgkin and Katz, and with calcium a root with 60 digits (mpmath)",
        {"SciPy brentq": {"potential": other}},
    )
