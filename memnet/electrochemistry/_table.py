"""Ions of a nerve cell and of what is around it: table 1 of Adv. Mater. 2023, doi 10.1002/adma.202301924."""

from __future__ import annotations

from dataclasses import dataclass

from memnet.electrochemistry._membranes import nernst

__all__ = ["TABLE_1", "Ion"]

SOURCE = "Adv. Mater. 2023, doi 10.1002/adma.202301924, table 1"


@dataclass(frozen=True)
class Ion:
    """An ion on both sides of a membrane.

    Attributes
    ----------
    ion : str
        Its name, such as "Na+".
    z : int
        Its charges, with sign.
    inside, outside : float
        Concentrations (mol/m^3, which is mmol/l).
    potential : float
        Nernst potential (V) of the inside from the outside at 300 K.
    printed : float
        What the source prints for it (V).
    source : str
        Where concentrations and `printed` come from.

    Examples
    --------
    >>> import memnet as mn
    >>> chloride = mn.electrochemistry.TABLE_1[2]
    >>> chloride.ion, chloride.z, round(chloride.potential, 6), chloride.printed
    ('Cl-', -1, -0.06314, 0.063)
    """

    ion: str
    z: int
    inside: float
    outside: float
    potential: float
    printed: float
    source: str = SOURCE


# K, at which the source has its potentials.
ROOM = 300.0


def _row(ion: str, z: int, inside: float, outside: float, printed: float) -> Ion:
    """Return an ion with its Nernst potential."""
    return Ion(ion, z, inside, outside, float(nernst(z, inside, outside, ROOM)), printed)


# The source prints the anions with the signs of cations, and calcium, 124.294 mV at 300 K, as 124.5 mV.
TABLE_1: tuple[Ion, ...] = (
    _row("Na+", 1, 12.0, 145.0, 64.4e-3),
    _row("K+", 1, 150.0, 4.5, -90.7e-3),
    _row("Cl-", -1, 10.0, 115.0, 63e-3),
    _row("Ca2+", 2, 0.0001, 1.5, 124.5e-3),
    _row("Mg2+", 2, 0.5, 0.5, 0.0),
    _row("HCO3-", -1, 10.0, 25.0, 23.7e-3),
    _row("H+", 1, 0.0001, 0.00004, -24e-3),
)
