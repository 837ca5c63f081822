"""Statements of section 2.1 about Nernst potentials, fluxes, the potential at which a membrane rests, and pumps."""

from __future__ import annotations

import numpy as np

from memnet import electrochemistry
from memnet.base.arrays import Floats
from memnet.papers._statement import Numbers, Statement, near
from memnet.papers.electrochemical2023 import membranes
from memnet.papers.electrochemical2023.membranes import BODY, IONS, ROOM, SHARES

MILLI = 1e3
# What the print rounds: half a unit of the last digit that it has (mV).
ROUNDING = {"Na+": 0.05, "K+": 0.05, "Cl-": 0.5, "Ca2+": 0.05, "Mg2+": 0.5, "HCO3-": 0.05, "H+": 0.5}
CATIONS = ("Na+", "K+", "Mg2+", "H+")
ANIONS = ("Cl-", "HCO3-")
# What three charges out for two in make of potassium beside sodium, without the rest of the current.
PUMPED = 1.5

STATEMENTS = (
    Statement(
        "Sec. 2.1: RT/F is about 25.8 mV at room temperature, and 12 and 145 mmol/l of sodium give 64.4 mV",
        "both at 300 K, within 0.1 mV",
        "nernst",
        ("RT/F (mV)", "Na+ (mV)"),
        lambda n: abs(n["RT/F (mV)"] - 25.8) < 0.1 and abs(n["Na+ (mV)"] - 64.4) < 0.1,
    ),
    Statement(
        "Table 1: Na+ +64.4, K+ -90.7, Mg2+ 0, H+ -24 mV",
        "eq. 4 at 300 K, each within half a unit of its last digit",
        "nernst",
        tuple(f"{ion} (mV)" for ion in CATIONS),
        lambda n: all(_as_printed(n, ion) for ion in CATIONS),
    ),
    Statement(
        "Table 1: Cl- +63, HCO3- +23.7 mV",
        "the same",
        "nernst",
        tuple(f"{ion} (mV)" for ion in ANIONS),
        lambda n: all(_as_printed(n, ion) for ion in ANIONS),
        "they have the other sign, as z is -1 in eq. 4",
        lambda n: all(_as_printed(n, ion, -1.0) for ion in ANIONS),
    ),
    Statement(
        "Table 1: Ca2+ +124.5 mV",
        "the same; the temperature that gives it, and what sodium has there",
        "nernst",
        ("Ca2+ (mV)", "T for 124.5 mV (K)", "Na+ at that T (mV)"),
        lambda n: _as_printed(n, "Ca2+"),
    ),
    Statement(
        "Eqs 1 to 4: at its equilibrium potential chemical and electrical force of an ion are in balance",
        "flux at the Nernst potential over the one at 0 V, largest of six ions; below 1e-12",
        "nernst",
        ("largest flux",),
        lambda n: n["largest flux"] < 1e-12,
    ),
    Statement(
        "Eqs 6 and 7: the drift flux is e z n mu E with mu = D e/kT = D F/RT",
        "it over the one of eq. 8, in SI units; within 1e-6 of 1",
        "flux",
        ("with e in both", "with e once"),
        lambda n: near(n["with e in both"], 1.0, 1e-6),
        "e stands in one of them",
        lambda n: near(n["with e once"], 1.0, 1e-6),
    ),
    Statement(
        "Eq. 10: integrating eq. 8 over the membrane gives its flux",
        "sodium at -75 mV, P = 1 m/s: by integrating eq. 8, by eq. 10, and with both concentrations exchanged",
        "flux",
        ("eq. 8 (mol/(m2 s))", "eq. 10", "exchanged"),
        lambda n: near(n["eq. 10"], n["eq. 8 (mol/(m2 s))"], 1e-9),
        "[A]I and [A]II are exchanged: [A]I - [A]II exp(-z F V/RT)",
        lambda n: near(n["exchanged"], n["eq. 8 (mol/(m2 s))"], 1e-9),
    ),
    Statement(
        "Eqs 11 and 13: the total flux sum j is 0 at the potential of eq. 13",
        "where sum j, and where sum z j is 0, against eq. 13; within 1e-6 mV",
        "flux",
        ("eq. 13 (mV)", "sum j (mV)", "sum z j (mV)"),
        lambda n: abs(n["sum j (mV)"] - n["eq. 13 (mV)"]) < 1e-6,
        "charges are counted: sum z j",
        lambda n: abs(n["sum z j (mV)"] - n["eq. 13 (mV)"]) < 1e-6,
    ),
    Statement(
        "Sec. 2.1.1: the condition is satisfied for a single potential only",
        "changes of the sign of sum z j over 2001 potentials from -0.5 to 0.5 V, one",
        "flux",
        ("changes of sign",),
        lambda n: n["changes of sign"] == 1.0,
    ),
    Statement(
        "Eq. 12 holds for cations and anions",
        "with calcium (p = 1) in the sums, against where sum z j is 0, and the same for ions of one charge; within"
        " 0.01 mV",
        "flux",
        ("eq. 12 with Ca2+ (mV)", "sum z j with Ca2+ (mV)", "eq. 13 (mV)", "sum z j (mV)"),
        lambda n: abs(n["eq. 12 with Ca2+ (mV)"] - n["sum z j with Ca2+ (mV)"]) < 0.01,
        "all have one charge",
        lambda n: abs(n["eq. 13 (mV)"] - n["sum z j (mV)"]) < 0.01,
    ),
    Statement(
        "Sec. 2.1.1: permeabilities 1 : 0.1 : 0.03 give a resting potential of -75 mV at 310 K",
        "eq. 13 there, and at the 300 K of Table 1; within 0.5 mV",
        "rest",
        ("at rest (mV)", "at 300 K (mV)"),
        lambda n: abs(n["at rest (mV)"] + 75.0) < 0.5,
    ),
    Statement(
        "Sec. 2.1.1: K+ and Cl- carry most of the ionic current",
        "their share of the sizes of all net currents at rest, and of all one-way fluxes; above 3/4",
        "rest",
        ("of net currents", "of one-way fluxes", "Cl- of one-way fluxes", "Na+ of one-way fluxes"),
        lambda n: n["of net currents"] > 0.75,
        "what goes each way is counted: of net currents potassium takes out what sodium brings in",
        lambda n: n["of one-way fluxes"] > 0.75,
    ),
    Statement(
        "Sec. 2.1.1: the resting potential is close to that of potassium",
        "distance to the Nernst potentials at 310 K; that of potassium the smallest",
        "rest",
        ("to K+ (mV)", "to Cl- (mV)", "to Na+ (mV)"),
        lambda n: n["to K+ (mV)"] < min(n["to Cl- (mV)"], n["to Na+ (mV)"]),
        "chloride is left aside, whose potential of -65.2 mV Table 1 prints with the other sign",
        lambda n: n["to K+ (mV)"] < n["to Na+ (mV)"],
    ),
    Statement(
        "Eqs 11 and 12: in this steady state the flux of ions is 0",
        "net flux of sodium and of potassium at rest without chloride, over the one-way flux of potassium; below 1e-9;"
        " with a pump that carries 3 Na+ out for 2 K+ in, what each lacks",
        "rest",
        ("net Na+", "net K+", "Na+ with a pump", "K+ with a pump"),
        lambda n: max(abs(n["net Na+"]), abs(n["net K+"])) < 1e-9,
        "the pump is there, which makes the inside {pump (mV):.2f} mV more negative",
        lambda n: max(abs(n["Na+ with a pump"]), abs(n["K+ with a pump"])) < 1e-9,
    ),
    Statement(
        "Sec. 2.2.1: as the permeability of Na+ grows, by orders of magnitude, the potential goes towards that of Na+",
        "p_Na/p_K at which eq. 13 gives -55, 0, +30 and +40 mV; the last above 10 times 0.03",
        "rest",
        tuple(f"p at {v:+d} mV" for v in (-55, 0, 30, 40)),
        lambda n: n["p at +40 mV"] > 10.0 * SHARES["Na+"],
    ),
    Statement(
        "Sec. 2.2.1: for a short time p_Na > p_K",
        "p_Na/p_K at the +40 mV of an action potential, and at 0 mV; above 1",
        "rest",
        ("p at +40 mV", "p at +0 mV"),
        lambda n: min(n["p at +40 mV"], n["p at +0 mV"]) > 1.0,
    ),
)


def measure_nernst() -> Numbers:
    """Return RT/F and the Nernst potentials of table 1, and the fluxes there."""
    found = {f"{ion} (mV)": MILLI * _nernst(ion, ROOM) for ion in IONS}
    warm = ROOM * IONS["Ca2+"].printed / _nernst("Ca2+", ROOM)
    across = [row for row in IONS.values() if row.inside != row.outside]
    flux = [
        electrochemistry.ghk_flux(row.z, 1.0, row.inside, row.outside, [_nernst(row.ion, BODY), 0.0]) for row in across
    ]
    return {
        "RT/F (mV)": MILLI * membranes.thermal(ROOM),
        **found,
        "T for 124.5 mV (K)": warm,
        "Na+ at that T (mV)": MILLI * _nernst("Na+", warm),
        "largest flux": float(max(abs(one[0] / one[1]) for one in flux)),
    }


def measure_flux() -> Numbers:
    """Return what the equations of fluxes give as printed and as they must be."""
    from scipy import constants, optimize

    sodium = (1, 1.0, IONS["Na+"].inside, IONS["Na+"].outside)
    at = np.array([-0.075])
    # z n E and the diffusion coefficient are 1 everywhere.
    mobility, of_eq_8 = constants.e / (constants.k * BODY), 1.0 / membranes.thermal(BODY)
    chosen, with_calcium = _columns("K+", "Cl-", "Na+"), _columns("K+", "Cl-", "Na+", "Ca2+")
    grid = np.linspace(-0.5, 0.5, 2001)
    sums = np.array([_sum(chosen, volt) for volt in grid])

    def root(columns: tuple[Floats, ...], *, charges: bool) -> float:
        found = optimize.brentq(lambda volt: _sum(columns, volt, charges=charges), -0.5, 0.5, xtol=1e-15)
        return MILLI * float(found)

    return {
        "with e in both": constants.e * mobility / of_eq_8,
        "with e once": mobility / of_eq_8,
        "eq. 8 (mol/(m2 s))": float(membranes.integrated_flux(*sodium, at)[0]),
        "eq. 10": float(membranes.printed_flux(*sodium, at)[0]),
        "exchanged": float(electrochemistry.ghk_flux(*sodium, at)[0]),
        "eq. 13 (mV)": MILLI * _of_eq_12(chosen),
        "sum j (mV)": root(chosen, charges=False),
        "sum z j (mV)": root(chosen, charges=True),
        "changes of sign": float((np.sign(sums[1:]) != np.sign(sums[:-1])).sum()),
        "eq. 12 with Ca2+ (mV)": MILLI * _of_eq_12(with_calcium),
        "sum z j with Ca2+ (mV)": root(with_calcium, charges=True),
    }


def measure_rest() -> Numbers:
    """Return where a membrane rests, what carries its current, and what a pump does."""
    at_rest = float(membranes.resting())
    z, permeability, inside, outside = _columns("K+", "Cl-", "Na+")
    flux = electrochemistry.ghk_flux(z, permeability, inside, outside, at_rest)
    one_way = _one_way(z, permeability, inside, at_rest) + _one_way(-z, permeability, outside, at_rest)
    numbers = {
        "at rest (mV)": MILLI * at_rest,
        "at 300 K (mV)": MILLI * float(membranes.resting(temperature=ROOM)),
        "of net currents": float(np.abs(flux[:2]).sum() / np.abs(flux).sum()),
        "of one-way fluxes": float(one_way[:2].sum() / one_way.sum()),
        "Cl- of one-way fluxes": float(one_way[1] / one_way.sum()),
        "Na+ of one-way fluxes": float(one_way[2] / one_way.sum()),
    }
    for ion in ("K+", "Cl-", "Na+"):
        numbers[f"to {ion} (mV)"] = MILLI * abs(_nernst(ion, BODY) - at_rest)
    for volt in (-55, 0, 30, 40):
        numbers[f"p at {volt:+d} mV"] = _sodium_for(1e-3 * volt)
    return numbers | _with_pump()


def _with_pump() -> Numbers:
    """Return net fluxes of sodium and potassium at rest, without a pump and with one, over the one-way flux."""
    z, permeability, inside, outside = _columns("K+", "Na+")
    weights = np.array([PUMPED, 1.0]) * permeability
    still, pumped = (
        float(electrochemistry.ghk_voltage(z, one, inside, outside, BODY)) for one in (permeability, weights)
    )
    scale = _one_way(z, permeability, inside, still)[0]
    without, flux = (electrochemistry.ghk_flux(z, permeability, inside, outside, one) for one in (still, pumped))
    # A pump that takes in the potassium that leaks out, and 3/2 as much sodium out.
    turns = flux[0] / 2.0
    return {
        "net Na+": float(without[1] / scale),
        "net K+": float(without[0] / scale),
        "Na+ with a pump": float((flux[1] + 3.0 * turns) / scale),
        "K+ with a pump": float((flux[0] - 2.0 * turns) / scale),
        "pump (mV)": MILLI * (still - pumped),
    }


def _as_printed(numbers: Numbers, ion: str, sign: float = 1.0) -> bool:
    return abs(numbers[f"{ion} (mV)"] - sign * MILLI * IONS[ion].printed) <= ROUNDING[ion]


def _nernst(ion: str, temperature: float) -> float:
    row = IONS[ion]
    return float(electrochemistry.nernst(row.z, row.inside, row.outside, temperature))


def _columns(*ions: str) -> tuple[Floats, ...]:
    """Return charges, relative permeabilities and concentrations of ions; calcium as permeable as potassium."""
    rows = [(IONS[name].z, SHARES.get(name, 1.0), IONS[name].inside, IONS[name].outside) for name in ions]
    return tuple(np.array(rows, dtype=float).T)


def _sum(columns: tuple[Floats, ...], volt: float, *, charges: bool = True) -> float:
    """Return sum z j, or sum j, over ions at a potential (V)."""
    z, permeability, inside, outside = columns
    flux = electrochemistry.ghk_flux(z, permeability, inside, outside, volt, BODY)
    return float((z * flux if charges else flux).sum())


def _of_eq_12(columns: tuple[Floats, ...]) -> float:
    """Return the potential (V) of eq. 12, which asks for the sign of an ion's charge alone."""
    z, permeability, inside, outside = columns
    above = (permeability * np.where(z > 0.0, outside, inside)).sum()
    below = (permeability * np.where(z > 0.0, inside, outside)).sum()
    return float(membranes.thermal(BODY) * np.log(above / below))


def _one_way(z: Floats, permeability: Floats, concentration: Floats, volt: float) -> Floats:
    """Return what leaves a side with these concentrations if there is nothing on the other one."""
    return np.asarray(electrochemistry.ghk_flux(z, permeability, concentration, 1e-300, volt, BODY))


def _sodium_for(volt: float) -> float:
    """Return p_Na/p_K with which a membrane rests at a potential (V)."""
    from scipy import optimize

    return float(optimize.brentq(lambda share: float(membranes.resting(sodium=share)) - volt, 1e-3, 1e3, xtol=1e-12))


MEASURES = {"nernst": measure_nernst, "flux": measure_flux, "rest": measure_rest}
