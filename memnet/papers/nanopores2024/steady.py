"""Figs 6, 12, 14, 16 and 24: steady currents, conductances, gates and relaxation times over the voltage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from memnet import theory
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.devices import DeactivatingNanopore, Device, HodgkinHuxley, Nanopore, PlainNanopore
from memnet.papers import _pages
from memnet.papers._registry import Example
from memnet.papers.nanopores2024 import _curves as curves
from memnet.papers.nanopores2024.common import PAPER

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

GATES = ("m", "h", "n")
# Colours of the captions.
GREEN, BROWN, PURPLE, ORANGE, BLUE, GREY = "#2f9e44", "#8a5a2b", "#7b3fa0", "#e8710a", "#1f5fd0", "#8a8f98"
TO_MILLI, TO_MICRO = 1e3, 1e6


def grid(low: float, high: float, points: int) -> Floats:
    """Return evenly spaced voltages (V).

    Raises
    ------
    ValueError
        `high` is not above `low`; fewer than three points.
    """
    check.real("low", low, unit="V")
    check.real("high", high, low, np.inf, "()", "V")
    return np.linspace(low, high, check.integer("points", points, 3))


# ---------------------------------------------------------------- Fig. 6


@PAPER.figure(
    "6",
    title="gates, relaxation times and currents of the membrane of Hodgkin and Huxley",
    quick={"points": 141},
    example=Example("points=71", {"gate": 3, "voltage": 71}, panels=7),
)
def figure6(*, low: float = -0.15, high: float = 0.2, points: int = 701) -> xr.Dataset:
    """Return steady gates and currents of a Hodgkin-Huxley membrane, and the relaxation times of its gates.

    Parameters
    ----------
    low, high : float
        Range of the voltage u, counted from the resting potential (V).
    points : int
        How many voltages, >= 3.

    Returns
    -------
    xarray.Dataset
        Over `voltage` (V): `equilibrium` and `tau` (gate, voltage), `current`, `conductance`, `sodium`,
        `sodium_open` (without deactivation, h = 1) and `potassium`, per area (A/m2, S/m2). Over `gate`:
        `peak_voltage` and `peak_tau`, where a relaxation time is longest. Attributes: `rest`, where the current is 0
        (V), `potassium_dip` and `sodium_dip`, the most negative currents (A/m2), and `potassium_dip_voltage`.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or outside its range.

    Notes
    -----
    NP24 Fig. 6, eqs 1 to 17. The reversal potentials of its caption count from V_R: 115, -12 and 10.6 mV.
    """
    import xarray as xr

    volts = grid(low, high, points)
    whole = membrane()
    curve = theory.steady_curve(whole, volts)
    potassium = curves.of(membrane(g_Na=0.0, g_leak=0.0), "current")
    sodium = curves.of(membrane(g_K=0.0, g_leak=0.0), "current")
    peaks = np.array([curves.peak(curves.of(whole, f"tau_{gate}"), -0.1, 0.1) for gate in GATES])
    rest = curves.zeros(curves.of(whole, "current"), -0.02, 0.02)
    dip_at, dip = curves.lowest(potassium, -0.1, 0.0)
    of_gate, density = ("gate", "voltage"), {"units": "A/m2"}
    return xr.Dataset(
        {
            "equilibrium": (of_gate, np.array([curve[f"state_{gate}"].values for gate in GATES])),
            "tau": (of_gate, np.array([curve[f"tau_{gate}"].values for gate in GATES]), {"units": "s"}),
            "current": ("voltage", curve["current"].values, density),
            "conductance": ("voltage", curve["conductance"].values, {"units": "S/m2"}),
            "sodium": ("voltage", sodium(volts), density),
            "sodium_open": ("voltage", open_sodium(volts), density),
            "potassium": ("voltage", potassium(volts), density),
            "peak_voltage": ("gate", peaks[:, 0], {"units": "V"}),
            "peak_tau": ("gate", peaks[:, 1], {"units": "s"}),
        },
        {"voltage": ("voltage", volts, {"units": "V"}), "gate": list(GATES)},
        {
            "rest": float(rest[0]),
            "potassium_dip": dip,
            "potassium_dip_voltage": dip_at,
            "sodium_dip": curves.lowest(sodium, -0.1, 0.115)[1],
            "sodium_open_dip": curves.lowest(open_sodium, -0.1, 0.115)[1],
            **{name: whole.parameters[name] for name in ("E_Na", "E_K", "E_leak")},
        },
    )


def membrane(**parameters: float) -> Device:
    """Return the membrane of Fig. 6, of 1 m2, so that currents are per area."""
    return HodgkinHuxley.preset("figure-6", area=1.0, **parameters)


def open_sodium(volts: Any) -> Floats:
    """Return the steady sodium current per area (A/m2) at voltages (V), without deactivation: h = 1."""
    device = membrane()
    at = np.atleast_1d(volts)
    g, e = device.parameters["g_Na"], device.parameters["E_Na"]
    current: Floats = g * curves.of(device, "state_m")(at) ** 3 * (at - e)
    return current


@PAPER.drawing("6")
def plot_figure6(data: xr.Dataset) -> Figure:
    """Draw gates, current, conductance, currents of the channels with that of potassium enlarged, and the times."""
    figure = _pages.page(12.0, 6.2)
    axes = figure.subplots(2, 4).ravel()
    axes[-1].remove()
    a, b, c, d, e, f, g = axes[:-1]
    u = TO_MILLI * data["voltage"].values
    colours = dict(zip(GATES, (BLUE, GREEN, ORANGE), strict=True))
    for gate, colour in colours.items():
        one = data.sel(gate=gate)
        a.plot(u, one["equilibrium"], color=colour, label=rf"${gate}_{{eq}}$")
        peak = TO_MILLI * float(one["peak_voltage"]), TO_MILLI * float(one["peak_tau"])
        for ax in (f, g):
            ax.plot(u, TO_MILLI * one["tau"], color=colour, label=rf"$\tau_{gate}$")
            ax.plot(*peak, ".", color=colour)
    a.plot(TO_MILLI * data.attrs["E_Na"], 0.0, "o", color=BLUE, ms=5, clip_on=False)
    a.plot(TO_MILLI * data.attrs["E_K"], 0.0, "o", color=ORANGE, ms=5, clip_on=False)
    # 1 A/m2 is 0.1 mA/cm2.
    b.plot(u, 0.1 * data["current"], color=BROWN)
    b.plot(TO_MILLI * data.attrs["rest"], 0.0, "o", color="black", ms=4)
    c.plot(u, 0.1 * data["conductance"], color=BROWN)
    d.plot(u, 0.1 * data["sodium"], color=BLUE, label="Na")
    d.plot(u, 0.1 * data["sodium_open"], color=BLUE, ls="--", label="Na, h = 1")
    d.plot(u, 0.1 * data["potassium"], color=ORANGE, label="K")
    e.plot(u, 100.0 * data["potassium"], color=ORANGE)
    inner = (max(-50.0, u[0]), min(150.0, u[-1]))
    for ax in (a, b, c, d, f):
        ax.set_xlim(*inner)
    b.set_ylim(-0.5, 5.0)
    d.set_ylim(-8.0, 8.0)
    e.set_xlim(-50.0, 0.0)
    e.set_ylim(300.0 * data.attrs["potassium_dip"], -200.0 * data.attrs["potassium_dip"])
    g.set_yscale("log")
    words = ("gate", "I (mA/cm²)", "dI/du (mS/cm²)", "I (mA/cm²)", "I of K (µA/cm²)", "τ (ms)", "τ (ms)")
    for ax, word in zip(axes[:-1], words, strict=True):
        ax.set_xlabel("u (mV)")
        ax.set_ylabel(word)
        if word[0] in "Id":
            ax.axhline(0.0, color=GREY, lw=0.6)
    for ax in (a, d, f):
        ax.legend(frameon=False, fontsize=8)
    _pages.letters(list(axes[:-1]))
    return figure


# ---------------------------------------------------------------- Figs 12, 14, 16


def channel(device: Device, volts: Floats) -> xr.Dataset:
    """Return the steady current of a pore and its parts over the voltage, with the extrema of the current."""
    curve = theory.steady_curve(device, volts)
    falling = curves.Falling.of(device, float(volts[0]), float(volts[-1]))
    driving = volts - device.parameters["E_0"]
    data: xr.Dataset = curve.drop_vars([name for name in curve if str(name).startswith("tau_")])
    amps = {"units": "A"}
    data = data.assign(
        low_current=("voltage", device.parameters["g_L"] * driving, amps),
        high_current=("voltage", device.parameters["g_H"] * driving, amps),
        extremum_voltage=("extremum", falling.voltage, {"units": "V"}),
        extremum_current=("extremum", falling.current, amps),
    )
    data.attrs |= {
        "smallest_conductance": falling.conductance,
        "smallest_conductance_voltage": falling.at,
        "falling_regions": len(falling.regions()),
    }
    return data


@PAPER.figure(
    "12",
    title="steady current of a rectifying pore that opens above E_0",
    quick={"points": 101},
    example=Example("points=51", {"voltage": 51, "extremum": 0}, panels=3),
)
def figure12(*, low: float = -1.0, high: float = 1.5, points: int = 501) -> xr.Dataset:
    """Return the steady current of a rectifying pore, its parts, and its conductance.

    Parameters
    ----------
    low, high : float
        Range of the voltage (V).
    points : int
        How many voltages, >= 3.

    Returns
    -------
    xarray.Dataset
        Over `voltage` (V): `current` (A), `low_current` and `high_current`, those of the closed and of the open pore,
        `conductance`, the slope (S), and `state_x`, the open share. Over `extremum`: `extremum_voltage` and
        `extremum_current`, where the current turns. Attributes: the `smallest_conductance` (S) and its voltage, and
        `falling_regions`, in how many regions the current falls.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or outside its range.

    Notes
    -----
    NP24 Fig. 12, eqs 16 and 18 to 21. Its caption calls the conductance in c a resistance.
    """
    return channel(PlainNanopore.preset("figure-12"), grid(low, high, points))


@PAPER.figure(
    "14",
    title="steady current of a rectifying pore that opens far below E_0",
    quick={"points": 101},
    example=Example("points=51", {"voltage": 51, "extremum": 2}, panels=3),
)
def figure14(*, low: float = -1.5, high: float = 1.0, points: int = 501) -> xr.Dataset:
    """Return the steady current of a pore with a negative differential resistance.

    Parameters, data and errors are those of `figure12`.

    Returns
    -------
    xarray.Dataset
        As that of `figure12`.

    Notes
    -----
    NP24 Fig. 14, eqs 16 and 18 to 21.
    """
    return channel(PlainNanopore.preset("figure-14"), grid(low, high, points))


@PAPER.figure(
    "16",
    title="steady current of a pore that closes again, as printed and as the text has it",
    quick={"points": 101},
    example=Example("points=51", ["printed", "text"], panels=6),
)
def figure16(*, low: float = -1.5, high: float = 1.5, points: int = 601) -> dict[str, xr.Dataset]:
    """Return the steady current of a pore with deactivation, with the V_B that is printed and with that of the text.

    Parameters and errors are those of `figure12`.

    Returns
    -------
    dict of xarray.Dataset
        "printed" with V_B = -0.5 V and "text" with V_B = +0.5 V, each as that of `figure12`, with `state_y`, the share
        that is not deactivated.

    Notes
    -----
    NP24 Fig. 16, eqs 16, 22 and 23. With the V_B of its caption, that of Fig. 14, the current falls in two regions; the
    text describes the one that deactivation makes.
    """
    volts = grid(low, high, points)
    presets = {"printed": "figure-16", "text": "figure-16-text"}
    return {name: channel(DeactivatingNanopore.preset(one), volts) for name, one in presets.items()}


@PAPER.drawing("12", "14")
def plot_channel(data: xr.Dataset) -> Figure:
    """Draw the current, its parts with the open share, and the conductance."""
    figure = _pages.page(11.0, 3.4)
    axes = figure.subplots(1, 3)
    _draw_channel(axes, data)
    _pages.letters(list(axes))
    return figure


@PAPER.drawing("16")
def plot_figure16(data: dict[str, xr.Dataset]) -> Figure:
    """Draw the current, its parts with both shares, and the conductance, a row for each V_B."""
    figure = _pages.page(11.0, 6.4)
    axes = figure.subplots(2, 3)
    for row, one in zip(axes, data.values(), strict=True):
        _draw_channel(row, one)
    for row, words in zip(axes, ("as printed, $V_B$ = -0.5 V", "as in the text, $V_B$ = +0.5 V"), strict=True):
        row[0].legend([], title=words, frameon=False, loc="upper left")
    _pages.letters(list(axes.ravel()))
    return figure


def _draw_channel(axes: Any, data: xr.Dataset) -> None:
    total, parts, slope = axes
    u = data["voltage"].values
    falls = data["conductance"].values < 0.0
    for ax, name in ((total, "current"), (slope, "conductance")):
        values = TO_MICRO * data[name].values
        ax.plot(u, values, color=BROWN)
        ax.plot(u, np.where(falls, values, np.nan), color="#d9480f", lw=2.5)
    total.plot(data["extremum_voltage"], TO_MICRO * data["extremum_current"], "o", color="black", ms=4)
    parts.plot(u, TO_MICRO * data["current"], color=GREY, lw=0.8)
    parts.plot(u, TO_MICRO * data["low_current"], color=GREEN, label=r"$I_D = g_L(u - E_0)$")
    parts.plot(u, TO_MICRO * data["high_current"], color=BROWN, label=r"$I_A = g_H(u - E_0)$")
    parts.plot(u, data["state_x"], color=PURPLE, label=r"$x_{eq}$")
    if "state_y" in data:
        parts.plot(u, data["state_y"], color=ORANGE, label=r"$y_{eq}$")
    parts.set_ylim(-1.2, 1.2)
    parts.legend(frameon=False, fontsize=8, loc="lower right")
    for ax, word in zip(axes, ("I (µA)", "I (µA), open share", "dI/du (µS)"), strict=True):
        _frame(ax, "u (V)", word)


def _frame(ax: Axes, below: str, beside: str) -> None:
    ax.axhline(0.0, color=GREY, lw=0.6)
    ax.set_xlabel(below)
    ax.set_ylabel(beside)


# ---------------------------------------------------------------- Fig. 24


@PAPER.figure(
    "24",
    title="times of activation, deactivation and relaxation, and the open share",
    quick={"points": 101},
    example=Example("points=51", {"voltage": 51}, panels=2),
)
def figure24(*, low: float = -0.6, high: float = 1.0, points: int = 401) -> xr.Dataset:
    """Return the times of activation, deactivation and relaxation of a pore, and the share that they leave open.

    Parameters and errors are those of `figure12`.

    Returns
    -------
    xarray.Dataset
        Over `voltage` (V): `tau_activation`, `tau_deactivation` and `tau` (s), and `state_x`. Attributes: `V_B` (V),
        `peak_voltage` (V) and `peak_tau` (s), where the relaxation time is longest.

    Notes
    -----
    NP24 Fig. 24, eqs 42, 43, 46 to 50.
    """
    import xarray as xr

    device = Nanopore.preset("figure-24")
    curve = theory.steady_curve(device, grid(low, high, points))
    x, tau = curve["state_x"].values, curve["tau_x"].values
    at, longest = curves.peak(curves.of(device, "tau_x"), low, high)
    seconds = {"units": "s"}
    return xr.Dataset(
        {
            "tau_activation": ("voltage", tau / x, seconds),
            "tau_deactivation": ("voltage", tau / (1.0 - x), seconds),
            "tau": ("voltage", tau, seconds),
            "state_x": ("voltage", x),
        },
        {"voltage": curve["voltage"]},
        {"V_B": device.V_B, "peak_voltage": at, "peak_tau": longest},
    )


@PAPER.drawing("24")
def plot_figure24(data: xr.Dataset) -> Figure:
    """Draw the times with the open share, once in linear and once in logarithmic scale."""
    figure = _pages.page(9.0, 3.6)
    axes = figure.subplots(1, 2)
    u = data["voltage"].values
    for ax in axes:
        ax.plot(u, TO_MILLI * data["tau_activation"], color=BLUE, label=r"$\tau_A$")
        ax.plot(u, TO_MILLI * data["tau_deactivation"], color=ORANGE, label=r"$\tau_D$")
        ax.plot(u, TO_MILLI * data["tau"], color="black", ls="--", label=r"$\tau_k$")
        ax.plot(u, data["state_x"], color=PURPLE, label=r"$x_{eq}$")
        ax.axvline(data.attrs["V_B"], color=GREY, lw=0.6)
        ax.set_xlabel("u (V)")
        ax.set_ylabel(r"$\tau$ (ms), $x_{eq}$")
    axes[0].set_ylim(0.0, 3.0 * TO_MILLI * data.attrs["peak_tau"])
    axes[1].set_yscale("log")
    axes[1].set_ylim(1e-3, 1e3)
    axes[0].legend(frameon=False)
    _pages.letters(list(axes))
    return figure
