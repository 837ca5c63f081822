"""Table 1 and sec. 2.1: Nernst potentials, fluxes through a membrane, and where all ions and a pump rest together."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from memnet import electrochemistry
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.papers import _pages
from memnet.papers._registry import Example
from memnet.papers.electrochemical2023.common import PAPER

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

MILLI, MICRO = 1e3, 1e6
IONS = {row.ion: row for row in electrochemistry.TABLE_1}
# Relative permeabilities of sec. 2.1.1, and one for potassium that the paper does not print (m/s).
SHARES, POTASSIUM = {"K+": 1.0, "Cl-": 0.1, "Na+": 0.03}, 1e-8
BODY, ROOM = 310.0, 300.0
TINTS = {"Na+": _pages.BLUE, "K+": _pages.ORANGE, "Cl-": _pages.GREEN}


@PAPER.figure(
    "table1",
    title="concentrations of ions and their Nernst potentials",
    place="table 1",
    example=Example("", {"ion": 7}, panels=2),
)
def table1(*, temperature: float = ROOM) -> xr.Dataset:
    """Return the ions of a cell and the potentials at which each rests.

    Parameters
    ----------
    temperature : float
        In K.

    Returns
    -------
    xarray.Dataset
        Over `ion`: charges `z`, concentrations `inside` and `outside` (mol/m3), `potential` (V) of the inside, and
        `printed`, what the paper has for it (V).

    Raises
    ------
    TypeError, ValueError
        A temperature of the wrong kind, or not above 0.

    Notes
    -----
    EC23 table 1, eq. 4. It has chloride and hydrogen carbonate with the sign of cations, and calcium 0.2 mV too high.
    """
    import xarray as xr

    check.real("temperature", temperature, 0.0, np.inf, "()", "K")
    rows = electrochemistry.TABLE_1
    columns = {name: np.array([getattr(row, name) for row in rows]) for name in ("z", "inside", "outside", "printed")}
    potential = electrochemistry.nernst(columns["z"], columns["inside"], columns["outside"], temperature)
    units = {"inside": "mol/m3", "outside": "mol/m3", "printed": "V", "potential": "V", "z": "1"}
    return xr.Dataset(
        {name: ("ion", values, {"units": units[name]}) for name, values in {**columns, "potential": potential}.items()},
        {"ion": [row.ion for row in rows]},
    )


@PAPER.drawing("table1")
def plot_table1(data: xr.Dataset) -> Figure:
    """Draw the concentrations on both sides, and potentials beside those that are printed."""
    figure = _pages.page(8.0, 3.4)
    left, right = figure.subplots(1, 2)
    place = np.arange(data.sizes["ion"])
    for name, shift, colour in (("inside", -0.2, _pages.ORANGE), ("outside", 0.2, _pages.BLUE)):
        left.bar(place + shift, data[name], 0.4, color=colour, label=name)
    left.set(yscale="log", ylabel="concentration (mmol/l)", ylim=(1e-5, 1e4))
    left.legend(frameon=False, ncols=2)
    right.bar(place, 1e3 * data["potential"], 0.6, color=_pages.GREY, label="eq. 4")
    right.plot(place, 1e3 * data["printed"], "D", color=_pages.RED, ms=5, label="as printed")
    right.axhline(0.0, color="0.3", lw=0.6)
    right.set(ylabel="Nernst potential (mV)", ylim=(-110.0, 190.0))
    right.legend(frameon=False, ncols=2)
    for ax in (left, right):
        ax.set_xticks(place, [str(name) for name in data["ion"].values], fontsize="small")
    _pages.letters([left, right])
    return figure


# ---------------------------------------------------------------- eqs 8 to 10


@PAPER.figure(
    "flux",
    title="flux of ions through a membrane over its potential, as printed and as the equation before it has it",
    place="eqs 8 to 10",
    quick={"points": 41},
    example=Example("points=5", {"ion": 3, "voltage": 5}, panels=3),
)
def flux(*, low: float = -0.15, high: float = 0.15, points: int = 121, temperature: float = BODY) -> xr.Dataset:
    """Return the flux of sodium, potassium and chloride over the potential of a membrane.

    Parameters
    ----------
    low, high : float
        Range of the potential of the inside (V).
    points : int
        How many potentials, >= 3.
    temperature : float
        In K.

    Returns
    -------
    xarray.Dataset
        Over `ion` and `voltage` (V), in mol/(m2 s), out of the cell: `flux`, `printed`, by eq. 10 as it stands, and
        `integrated`, by integrating eq. 8 from the inside to the outside. Over `ion`: `potential`, where it is 0 (V).

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or outside its range.

    Notes
    -----
    EC23 eqs 8 to 10, with its relative permeabilities and 1e-8 m/s for potassium. Eq. 10 has both concentrations
    exchanged.
    """
    import xarray as xr

    check.real("low", low, unit="V")
    check.real("temperature", temperature, 0.0, np.inf, "()", "K")
    check.real("high", high, low, np.inf, "()", "V")
    volts = np.linspace(low, high, check.integer("points", points, 3))
    rows = [IONS[name] for name in TINTS]
    columns = [(row.z, POTASSIUM * SHARES[row.ion], row.inside, row.outside) for row in rows]
    of_both, units = ("ion", "voltage"), {"units": "mol/(m2 s)"}
    found = [electrochemistry.ghk_flux(*one, volts, temperature) for one in columns]
    return xr.Dataset(
        {
            "flux": (of_both, np.array(found), units),
            "printed": (of_both, np.array([printed_flux(*one, volts, temperature) for one in columns]), units),
            "integrated": (of_both, np.array([integrated_flux(*one, volts, temperature) for one in columns]), units),
            "potential": (
                "ion",
                [electrochemistry.nernst(row.z, row.inside, row.outside, temperature) for row in rows],
                {"units": "V"},
            ),
        },
        {"ion": list(TINTS), "voltage": ("voltage", volts, {"units": "V"})},
    )


def printed_flux(
    z: float, permeability: float, inside: float, outside: float, volts: Floats, temperature: float = BODY
) -> Floats:
    """Return what eq. 10 gives as it is printed (mol/(m2 s)), and its limit at 0 V."""
    x = z * volts / thermal(temperature)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = permeability * x * (outside - inside * np.exp(-x)) / -np.expm1(-x)
    return np.where(x == 0.0, permeability * (outside - inside), found)


def integrated_flux(
    z: float, permeability: float, inside: float, outside: float, volts: Floats, temperature: float = BODY
) -> Floats:
    """Return the flux (mol/(m2 s)) with which eq. 8 leads from the concentration inside to that outside.

    Over the thickness c' = x c - j/P, which is linear: its solution for no flux, and that for a unit of it from no
    concentration, make the one that ends where it must.
    """
    from scipy import integrate

    x = z * np.atleast_1d(volts) / thermal(temperature)

    def slope(_: float, state: Floats) -> Floats:
        alone, forced = state.reshape(2, -1)
        return np.concatenate([x * alone, x * forced - 1.0])

    start = np.r_[np.full(x.size, inside), np.zeros(x.size)]
    ends = integrate.solve_ivp(slope, (0.0, 1.0), start, method="DOP853", rtol=1e-12, atol=1e-12).y[:, -1]
    alone, forced = ends.reshape(2, -1)
    found: Floats = permeability * (outside - alone) / forced
    return found


def thermal(temperature: float) -> float:
    """Return R T/F (V)."""
    return float(electrochemistry.nernst(1, 1.0, math.e, temperature))


@PAPER.drawing("flux")
def plot_flux(data: xr.Dataset) -> Figure:
    """Draw the fluxes of each ion: by integration, in closed form, and as printed."""
    figure = _pages.page(11.0, 3.4)
    axes = figure.subplots(1, 3)
    volts = MILLI * data["voltage"].values
    for ax, ion in zip(axes, data["ion"].values, strict=True):
        one = data.sel(ion=ion)
        ax.plot(volts, MICRO * one["printed"], color=_pages.RED, ls="--", label="eq. 10 as printed")
        ax.plot(volts, MICRO * one["flux"], color=TINTS[str(ion)], label="eq. 10, exchanged")
        every = max(volts.size // 20, 1)
        ax.plot(volts[::every], MICRO * one["integrated"][::every], ".", color="black", ms=4, label="eq. 8")
        ax.axvline(MILLI * float(one["potential"]), color=_pages.GREY, lw=0.6)
        ax.axhline(0.0, color=_pages.GREY, lw=0.6)
        ax.set(xlabel=r"$\Delta\varphi_M$ (mV)", ylabel=f"flux of {ion} (µmol/(m² s))")
    axes[0].legend(frameon=False, fontsize="small")
    _pages.letters(list(axes))
    return figure


# ---------------------------------------------------------------- eq. 13 and Fig. 1 c


@PAPER.figure(
    "rest",
    title="where a membrane rests, over the permeability of sodium and over the current of a pump",
    place="eqs 11 to 13, Fig. 1 c",
    quick={"points": 41},
    example=Example("points=5", {"share": 5, "pump": 5}, panels=2),
)
def rest(*, points: int = 121, largest_pump: float = 0.02, temperature: float = BODY) -> xr.Dataset:
    """Return the resting potential as sodium channels open, and as a pump carries charge out.

    Parameters
    ----------
    points : int
        How many permeabilities and pump currents, >= 3.
    largest_pump : float
        Largest current of the pump (A/m2).
    temperature : float
        In K.

    Returns
    -------
    xarray.Dataset
        Over `share`, the permeability of sodium over that of potassium: `potential` (V). Over `pump`, its current out
        of the cell (A/m2): `pumped` (V), with the paper's permeabilities and 1e-8 m/s for potassium. Attributes, in V:
        `resting`, `potassium`, `sodium` and `chloride`, at which each is alone at rest.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or outside its range.

    Notes
    -----
    EC23 eq. 13, secs 2.1.1, 2.1.2 and 2.2.1. The pump of its Fig. 1 c brings out three charges for two that it brings
    in.
    """
    import xarray as xr

    count = check.integer("points", points, 3)
    check.real("temperature", temperature, 0.0, np.inf, "()", "K")
    most = check.real("largest_pump", largest_pump, 0.0, unit="A/m2")
    shares, pumps = np.geomspace(1e-3, 1e2, count), np.linspace(0.0, most, count)
    alone = {
        name: float(electrochemistry.nernst(IONS[ion].z, IONS[ion].inside, IONS[ion].outside, temperature))
        for name, ion in {"sodium": "Na+", "potassium": "K+", "chloride": "Cl-"}.items()
    }
    return xr.Dataset(
        {
            "potential": ("share", resting(sodium=shares, temperature=temperature), {"units": "V"}),
            "pumped": ("pump", resting(pump=pumps, temperature=temperature), {"units": "V"}),
        },
        {"share": shares, "pump": ("pump", pumps, {"units": "A/m2"})},
        {"resting": float(resting(temperature=temperature)), **alone},
    )


def resting(
    *,
    sodium: Floats | float = SHARES["Na+"],
    chloride: float = SHARES["Cl-"],
    pump: Floats | float = 0.0,
    temperature: float = BODY,
) -> Floats:
    """Return where a membrane rests (V), with permeabilities beside that of potassium and a pump (A/m2)."""
    rows = [IONS[name] for name in ("K+", "Cl-", "Na+")]
    sodium, pump = np.broadcast_arrays(sodium, pump)
    shares = np.stack([np.ones_like(sodium), np.full_like(sodium, chloride), sodium], axis=-1)
    z, inside, outside = (np.array([getattr(row, name) for row in rows]) for name in ("z", "inside", "outside"))
    found: Floats = electrochemistry.ghk_voltage(z, POTASSIUM * shares, inside, outside, temperature, pump_current=pump)
    return found


@PAPER.drawing("rest")
def plot_rest(data: xr.Dataset) -> Figure:
    """Draw the potentials over the permeability and over the pump."""
    figure = _pages.page(8.0, 3.4)
    left, right = figure.subplots(1, 2)
    left.semilogx(data["share"], MILLI * data["potential"], color=_pages.PURPLE)
    for name, colour in (("sodium", _pages.BLUE), ("potassium", _pages.ORANGE), ("chloride", _pages.GREEN)):
        left.axhline(MILLI * data.attrs[name], color=colour, lw=0.8, ls="--", label=name)
    left.plot(SHARES["Na+"], MILLI * data.attrs["resting"], "o", color="black", ms=4)
    left.set(xlabel="$p_{Na}/p_K$", ylabel=r"$\Delta\varphi_M$ (mV)")
    left.legend(frameon=False, fontsize="small", loc="center left")
    right.plot(MILLI * data["pump"], MILLI * data["pumped"], color=_pages.PURPLE)
    right.set(xlabel="current of the pump outwards (mA/m²)", ylabel=r"$\Delta\varphi_M$ (mV)")
    _pages.letters([left, right])
    return figure
