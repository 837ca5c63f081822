"""Fig. 6: built-in potentials of a cell of a nerve and of switching films, and what one measures of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from memnet import drive, electrochemistry
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.devices import Goldman, LinearDrift, Nanobattery
from memnet.electrochemistry import Electrode
from memnet.papers import _pages
from memnet.papers._registry import Example
from memnet.papers.electrochemical2023 import _elements as elements, membranes
from memnet.papers.electrochemical2023.common import PAPER
from memnet.simulate import Circuit

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MILLI, MICRO = 1e3, 1e6
PRESETS = {"K+": "potassium", "Cl-": "chloride", "Na+": "sodium"}
# Area of a membrane (m2), emf (V) and ionic conductance (S) of a battery, and of the sweep of its loop (V, Hz).
AREA, EMF, IONIC, SWEEP, FREQUENCY = 1e-8, 0.1, 1e-6, 0.5, 1.0

# Standard potentials (V) from tables; activities, the surface energy (J/m2) and the radius (m) are examples.
SILVER = Electrode(standard=0.7996, oxidised=1e-3)
ALLOY = Electrode(standard=0.7996, oxidised=1e-3, reduced=0.1)
TIP = Electrode(standard=0.7996, oxidised=1e-3, radius=5e-9, surface_energy=1.2, molar_volume=10.27e-6)


def oxygen(pressure: float) -> Electrode:
    """Return an inert electrode at which oxygen of a pressure (bar) and water of pH 7 react."""
    return Electrode(z=4, standard=1.229, oxidised=pressure * 1e-28)


def gradient() -> float:
    """Return the potential (V) across a gradient of a salt whose anions are twice as fast."""
    found = electrochemistry.diffusion_potential(z=[1, -1], diffusivity=[1.0, 2.0], first=[10, 10], second=[1, 1])
    return float(found)


def origins() -> dict[str, float]:
    """Return the electromotive force (V) of a cell for each origin that the text names, and of two at once."""
    emf, across = electrochemistry.emf, gradient()
    return {
        "Ag, Pt": float(emf(SILVER, oxygen(0.21))),
        "Ag, alloy": float(emf(SILVER, ALLOY)),
        "O2, less O2": float(emf(oxygen(0.21), oxygen(1e-3))),
        "flat, 5 nm": float(emf(SILVER, TIP)),
        "gradient": float(emf(SILVER, SILVER, diffusion=across)),
        "Ag, Pt and gradient": float(emf(SILVER, oxygen(0.21), diffusion=across)),
        "Ag, Pt less gradient": float(emf(SILVER, oxygen(0.21), diffusion=-across)),
    }


def battery(leak: float) -> Circuit:
    """Return a nanobattery whose electrons conduct `leak` times as much as its ions."""
    made = Circuit()
    made.add("top", "bottom", Nanobattery(E=EMF, G_i=IONIC, G_e=leak * IONIC), name="battery")
    return made


def open_voltage(leak: float) -> float:
    """Return the voltage (V) that one measures at such a battery without a current, in a simulation."""
    sim = battery(leak).simulation({"top": drive.current(0.0), "bottom": 0.0}, dt=1e-3)
    return float(sim.run(2)["voltage"].sel(electrode="top")[-1])


def current_at_zero(leak: float) -> float:
    """Return the current (A) of such a battery at 0 V, in a simulation."""
    sim = battery(leak).simulation({"top": 0.0, "bottom": 0.0}, dt=1e-3)
    return float(sim.run(2)["current"].sel(electrode="top")[-1])


def loop(with_battery: bool, rows: int) -> xr.Dataset:
    """Return two cycles of a memristor under a sine, alone or beside a battery."""
    made = battery(0.0) if with_battery else Circuit()
    made.add("top", "bottom", LinearDrift(r_on=1e4, r_off=1e6, x_initial=0.3), name="memristor")
    wave: dict[str, Any] = {"top": drive.sine(SWEEP, frequency=FREQUENCY), "bottom": 0.0}
    sim = made.simulation(wave, dt=1.0 / FREQUENCY / rows, method="adaptive", rtol=1e-6)
    return sim.run(2 * rows + 1)


def membrane_current(volts: Floats) -> Floats:
    """Return the current density (A/m2) of a membrane of potassium, chloride and sodium, in a simulation."""
    made = Circuit()
    for ion, preset in PRESETS.items():
        permeability = membranes.POTASSIUM * membranes.SHARES[ion]
        made.add("inside", "outside", Goldman.preset(preset, P=permeability * AREA), name=preset)
    sim = made.simulation({"inside": drive.from_array(volts, dt=1.0), "outside": 0.0}, dt=1.0)
    found: Floats = sim.run(len(volts))["current"].sel(electrode="inside").values / AREA
    return found


@PAPER.figure(
    "6",
    title="built-in potentials of a nerve cell and of switching films, what one measures of them, and a loop",
    quick={"points": 21, "rows": 200},
    example=Example("points=5, rows=100", ["leak", "loop", "membrane", "origins"], panels=4),
)
def figure6(
    *, points: int = 81, rows: int = 1000, leaks: Sequence[float] = (0.0, 0.01, 0.1, 1.0, 10.0, 100.0)
) -> dict[str, xr.Dataset]:
    """Return built-in potentials of biological and of artificial cells.

    Parameters
    ----------
    points : int
        Potentials of the membrane, >= 3.
    rows : int
        Of a cycle, >= 8.
    leaks : sequence of float
        Conductances of electrons over those of ions.

    Returns
    -------
    dict of xarray.Dataset
        "membrane": `current` (A/m2) over `voltage` (V), and the attribute `resting` (V). "origins": `emf` (V) over
        `origin`. "leak": over `leak` `open_voltage` (V), `current_at_zero` (A) and `share`, 1/(1 + leak). "loop":
        `voltage` (V) and `current` (A) over `kind` ("memristor", "with a battery") and `time` (s).

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or outside its range.

    Notes
    -----
    EC23 Fig. 6 and sec. 3.1, a scheme. Standard potentials are those of tables; activities and the other numbers are
    examples. What a difference of temperatures adds is not in it.
    """
    import xarray as xr

    volts = np.linspace(-0.15, 0.1, check.integer("points", points, 3))
    check.integer("rows", rows, 8)
    ratios = check.numbers_within("leaks", elements.several("leaks", leaks), 0.0, np.inf, "[)")
    found, ways = origins(), {"memristor": False, "with a battery": True}
    loops = [loop(one, rows) for one in ways.values()]
    volt, ampere = {"units": "V"}, {"units": "A"}
    return {
        "membrane": xr.Dataset(
            {"current": ("voltage", membrane_current(volts), {"units": "A/m2"})},
            {"voltage": ("voltage", volts, volt)},
            {"resting": float(membranes.resting())},
        ),
        "origins": xr.Dataset({"emf": ("origin", list(found.values()), volt)}, {"origin": list(found)}),
        "leak": _measured(ratios),
        "loop": xr.Dataset(
            {
                name: (("kind", "time"), np.array([one[name].sel(electrode="top").values for one in loops]), units)
                for name, units in (("voltage", volt), ("current", ampere))
            },
            {"kind": list(ways), "time": ("time", loops[0]["time"].values, {"units": "s"})},
        ),
    }


def _measured(leaks: Floats) -> xr.Dataset:
    """Return what one measures of batteries with leaks."""
    import xarray as xr

    return xr.Dataset(
        {
            "open_voltage": ("leak", [open_voltage(one) for one in leaks], {"units": "V"}),
            "current_at_zero": ("leak", [current_at_zero(one) for one in leaks], {"units": "A"}),
            "share": ("leak", 1.0 / (1.0 + leaks)),
        },
        {"leak": leaks},
    )


@PAPER.drawing("6")
def plot_figure6(data: dict[str, xr.Dataset]) -> Figure:
    """Draw the current of a membrane, the emf of each origin, what a leak leaves of one, and loops."""
    figure = _pages.page(9.5, 6.6)
    axes = figure.subplots(2, 2).ravel()
    one = data["membrane"]
    axes[0].plot(MILLI * one["voltage"], one["current"], color=_pages.BROWN)
    axes[0].plot(MILLI * one.attrs["resting"], 0.0, "o", color="black", ms=4)
    axes[0].set(xlabel=r"$\Delta\varphi_M$ (mV)", ylabel="current outwards (A/m²)")
    names = [str(name) for name in data["origins"]["origin"].values]
    axes[1].barh(names, MILLI * data["origins"]["emf"], color=_pages.PURPLE)
    axes[1].invert_yaxis()
    axes[1].set_xlabel("emf, first from second (mV)")
    one = data["leak"]
    axes[2].plot(one["leak"], MILLI * one["open_voltage"], "o", color=_pages.ORANGE, label="measured without a current")
    axes[2].plot(one["leak"], MILLI * EMF * one["share"], color=_pages.GREY, lw=0.8, label="$E/(1 + G_e/G_i)$")
    axes[2].plot(one["leak"], -MILLI * one["current_at_zero"] / IONIC, "x", color=_pages.BLUE, label="$-I(0)/G_i$")
    axes[2].set(xlabel="$G_e/G_i$", ylabel="voltage (mV)")
    axes[2].set_xscale("symlog", linthresh=0.01)
    _draw_loops(axes[3], data["loop"])
    for ax in (axes[0], axes[3]):
        ax.axhline(0.0, color=_pages.GREY, lw=0.6)
    for ax in axes[2:]:
        ax.legend(frameon=False, fontsize="small")
    _pages.letters(list(axes))
    return figure


def _draw_loops(ax: Axes, loops: xr.Dataset) -> None:
    later = loops.isel(time=slice(loops.sizes["time"] // 2, None))
    for kind, colour in zip(loops["kind"].values, (_pages.BLUE, _pages.RED), strict=True):
        one = later.sel(kind=kind)
        ax.plot(one["voltage"], MICRO * one["current"], color=colour, label=str(kind))
    ax.axvline(0.0, color=_pages.GREY, lw=0.6)
    ax.set(xlabel="voltage (V)", ylabel="current (µA)")
