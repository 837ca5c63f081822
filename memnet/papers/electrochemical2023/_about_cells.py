"""Statements of section 3.1 about built-in potentials of artificial cells, and what one measures of them."""

from __future__ import annotations

import numpy as np

from memnet import analysis, electrochemistry
from memnet.electrochemistry import Electrode
from memnet.papers._statement import Numbers, Statement, near
from memnet.papers.electrochemical2023 import cells, membranes

MILLI, MICRO = 1e3, 1e6
# A metal that is more noble and one that is less, from tables of standard potentials (V); a little more of an ion.
NOBLE, BASE, LITTLE = 1.498, -3.040, 1.0001
# Electrons that hide an emf: how many times as much as ions they conduct.
HIDING = 99.0

STATEMENTS = (
    Statement(
        "Sec. 3.1: built-in potentials of artificial cells range from microvolts to a few volts",
        "emf of silver at 1 and 1.0001 mmol/l of its ions, and of gold against lithium by standard potentials",
        "cells",
        ("smallest (uV)", "largest (V)"),
        lambda n: 0.0 < n["smallest (uV)"] < 10.0 and 1.0 < n["largest (V)"] < 10.0,
    ),
    Statement(
        "Fig. 6: the potential of biological cells is -70 to about -90 mV for most species",
        "of the one that section 2 describes: eq. 13 at 310 K and at the 300 K of Table 1; both from -90 to -70 mV",
        "cells",
        ("resting (mV)", "resting, 300 K (mV)"),
        lambda n: -90.0 <= n["resting, 300 K (mV)"] <= -70.0 and -90.0 <= n["resting (mV)"] <= -70.0,
    ),
    Statement(
        "Sec. 3.1: any chemical asymmetry requires electrical compensation",
        "emf of electrodes of silver and platinum, silver and an alloy, oxygen and less of it, flat and 5 nm, and of a"
        " gradient; none below 1 mV",
        "cells",
        tuple(f"{name} (mV)" for name in ("Ag, Pt", "Ag, alloy", "O2, less O2", "flat, 5 nm", "gradient")),
        lambda n: (
            min(abs(n[f"{name} (mV)"]) for name in ("Ag, Pt", "Ag, alloy", "O2, less O2", "flat, 5 nm", "gradient"))
            > 1.0
        ),
    ),
    Statement(
        "Sec. 3.1: of Ag and Pt silver is the negative electrode",
        "emf of silver in 1 mmol/l of its ions against platinum in air; below 0",
        "cells",
        ("Ag, Pt (mV)",),
        lambda n: n["Ag, Pt (mV)"] < 0.0,
    ),
    Statement(
        "Sec. 3.1: platinum is inert, and the cell is at its end where silver covers it",
        "emf with silver on both sides, 0",
        "cells",
        ("Ag, Ag (mV)",),
        lambda n: n["Ag, Ag (mV)"] == 0.0,
    ),
    Statement(
        "Sec. 3.1: driving forces may add up or diminish each other",
        "emf of silver and platinum with a gradient either way against the sum and the difference; within 1e-9 mV",
        "cells",
        ("Ag, Pt (mV)", "gradient (mV)", "Ag, Pt and gradient (mV)", "Ag, Pt less gradient (mV)"),
        lambda n: (
            near(n["Ag, Pt and gradient (mV)"], n["Ag, Pt (mV)"] + n["gradient (mV)"], 1e-12)
            and near(n["Ag, Pt less gradient (mV)"], n["Ag, Pt (mV)"] - n["gradient (mV)"], 1e-12)
        ),
    ),
    Statement(
        "Sec. 3.1: this potential cannot always be measured, where electrons conduct too well",
        "voltage without a current in a simulation, of 100 mV, electrons conducting 99 times as much as ions, against"
        " E G_i/(G_i + G_e); below 2 mV",
        "cells",
        ("measured (mV)", "closed form (mV)"),
        lambda n: n["measured (mV)"] < 2.0 and near(n["measured (mV)"], n["closed form (mV)"], 1e-12),
    ),
    Statement(
        "Sec. 3.1: its effects are there nevertheless",
        "current at 0 V in a simulation over -G_i E, without and with these electrons; 1 to 1e-12",
        "cells",
        ("current, no electrons", "current, electrons"),
        lambda n: near(n["current, no electrons"], 1.0, 1e-12) and near(n["current, electrons"], 1.0, 1e-12),
    ),
    Statement(
        "Fig. 6: a built-in potential modulates the electrical behaviour",
        "loop of a memristor, and beside a battery: whether it is pinched at the origin, and where not, the current"
        " at 0 V on both ways",
        "loops",
        ("memristor pinched", "with a battery pinched", "at 0 V, up (uA)", "at 0 V, down (uA)"),
        lambda n: n["memristor pinched"] == 1.0 and n["with a battery pinched"] == 0.0,
    ),
)


def measure_cells() -> Numbers:
    """Return electromotive forces of cells, and what is measured of one."""
    silver, more = (Electrode(standard=0.7996, oxidised=one * 1e-3) for one in (1.0, LITTLE))
    largest = electrochemistry.emf(Electrode(standard=NOBLE), Electrode(standard=BASE))
    return {
        "smallest (uV)": MICRO * float(abs(electrochemistry.emf(silver, more))),
        "largest (V)": float(largest),
        "resting (mV)": MILLI * float(membranes.resting()),
        "resting, 300 K (mV)": MILLI * float(membranes.resting(temperature=membranes.ROOM)),
        **{f"{name} (mV)": MILLI * volts for name, volts in cells.origins().items()},
        "Ag, Ag (mV)": MILLI * float(electrochemistry.emf(silver, silver)),
        "measured (mV)": MILLI * cells.open_voltage(HIDING),
        "closed form (mV)": MILLI * cells.EMF / (1.0 + HIDING),
        "current, no electrons": cells.current_at_zero(0.0) / (-cells.IONIC * cells.EMF),
        "current, electrons": cells.current_at_zero(HIDING) / (-cells.IONIC * cells.EMF),
    }


def measure_loops() -> Numbers:
    """Return whether loops with and without a battery are pinched."""
    alone, beside = (analysis.loop_class(cells.loop(one, 500)) for one in (False, True))
    up, down = (MICRO * np.asarray(beside.at_zero)).tolist()
    return {
        "memristor pinched": float(alone.pinched),
        "with a battery pinched": float(beside.pinched),
        "at 0 V, up (uA)": up,
        "at 0 V, down (uA)": down,
    }


MEASURES = {"cells": measure_cells, "loops": measure_loops}
