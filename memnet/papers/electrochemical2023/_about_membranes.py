"""Statements of section 2 about Nernst potentials, fluxes and the potential at which a membrane rests."""

from __future__ import annotations

from memnet import electrochemistry
from memnet.papers._statement import Numbers, Statement

MILLI = 1e3

STATEMENTS = (
    Statement(
        "Sec. 2.1: RT/F is about 25.8 mV at room temperature, and 12 and 145 mmol/l of sodium give 64.4 mV",
        "both at 300 K, within 0.1 mV",
        "nernst",
        ("RT/F (mV)", "Na+ (mV)"),
        lambda n: abs(n["RT/F (mV)"] - 25.8) < 0.1 and abs(n["Na+ (mV)"] - 64.4) < 0.1,
    ),
)


def measure_nernst() -> Numbers:
    """Return RT/F and the Nernst potentials of table 1."""
    e = 2.718281828459045
    return {
        "RT/F (mV)": MILLI * float(electrochemistry.nernst(1, 1.0, e, temperature=300.0)),
        "Na+ (mV)": MILLI * float(electrochemistry.nernst(1, 12.0, 145.0, temperature=300.0)),
    }


MEASURES = {"nernst": measure_nernst}
