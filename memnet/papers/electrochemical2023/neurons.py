"""Figs 2 and 3: an action potential and a stimulus that makes none, and the circuit of a membrane."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from memnet import drive
from memnet.base import check
from memnet.devices import Capacitor, VoltageSource
from memnet.papers import _pages
from memnet.papers._registry import Example
from memnet.papers.electrochemical2023 import _elements as elements, _traces as traces
from memnet.papers.electrochemical2023.common import PAPER
from memnet.simulate import Circuit

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

GATES = ("m", "h", "n")
# Of the capacitance of Fig. 3, which is an element of its own, the share that each path keeps.
LEFT = 1e-6
MILLI = 1e3


# ---------------------------------------------------------------- Fig. 2


@PAPER.figure(
    "2",
    title="an action potential, a stimulus that makes none, and the conductances behind them",
    place="Fig. 2 b",
    quick={"duration": 0.015},
    example=Example("duration=2e-3", {"stimulus": 2, "time": 100, "gate": 3}, panels=3),
)
def figure2(*, currents: Sequence[float] = (20e-6, 10e-6), pulse: float = 0.5e-3, duration: float = 0.03) -> xr.Dataset:
    """Return the potential and the open channels of a membrane after pulses of a current.

    Parameters
    ----------
    currents : sequence of float
        Strengths of the pulses (A, into 1 cm2): one above the threshold, one below it.
    pulse, duration : float
        How long the pulse is, and how long is watched (s).

    Returns
    -------
    xarray.Dataset
        Over `stimulus` and `time` (s): `potential` of the inside (V), `sodium` and `potassium`, the open conductances
        (S), and `opened` (gate, stimulus, time). Over `stimulus`: `peak` (V) and `lowest` (V).

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or outside its range.

    Notes
    -----
    EC23 Fig. 2 b, eqs 14 to 19. The constants of its section 2.2.2, per cm2; E_K -77 and E_Na 50 mV are customary, and
    the rates are those of 6.3 degrees Celsius. The figure has no axes; the pulses are ours.
    """
    import xarray as xr

    amperes = np.array(elements.several("currents", currents))
    check.real("pulse", pulse, 0.0, np.inf, "()", "s")
    check.real("duration", duration, pulse, np.inf, "()", "s")
    constants = traces.membrane().parameters
    record = [f"state:{gate}" for gate in GATES]
    runs = [
        traces.run(traces.alone(), traces.pulse(one / traces.MICROAMPERE, pulse), duration, record=record)
        for one in amperes
    ]
    potential = np.array([one["voltage"].sel(electrode="inside").values for one in runs])
    m, h, n = (np.array([one[f"state_{gate}"].values[:, 0] for one in runs]) for gate in GATES)
    of_time, siemens = ("stimulus", "time"), {"units": "S"}
    area = constants["area"]
    peaks = [traces.Trace.of(one, one["voltage"].sel(electrode="inside")).peak() / MILLI for one in runs]
    return xr.Dataset(
        {
            "potential": (of_time, potential, {"units": "V"}),
            "sodium": (of_time, area * constants["g_Na"] * m**3 * h, siemens),
            "potassium": (of_time, area * constants["g_K"] * n**4, siemens),
            "opened": (("gate", *of_time), np.array([m, h, n])),
            "peak": ("stimulus", peaks, {"units": "V"}),
            "lowest": ("stimulus", potential.min(axis=1), {"units": "V"}),
        },
        {
            "stimulus": ("stimulus", amperes, {"units": "A"}),
            "time": ("time", runs[0]["time"].values, {"units": "s"}),
            "gate": list(GATES),
        },
    )


@PAPER.drawing("2")
def plot_figure2(data: xr.Dataset) -> Figure:
    """Draw the potentials, the conductances and the gates of the first stimulus."""
    figure = _pages.page(11.0, 3.4)
    axes = figure.subplots(1, 3)
    time = MILLI * data["time"].values
    tints = [_pages.RED, _pages.GREEN, _pages.BLUE, _pages.ORANGE, _pages.PURPLE]
    for k in range(data.sizes["stimulus"]):
        one = data.isel(stimulus=k)
        label = f"{1e6 * float(one['stimulus']):g} µA/cm²"
        axes[0].plot(time, MILLI * one["potential"], color=tints[k % len(tints)], label=label)
    first = data.isel(stimulus=0)
    axes[1].plot(time, MILLI * first["sodium"], color=_pages.BLUE, label="sodium")
    axes[1].plot(time, MILLI * first["potassium"], color=_pages.ORANGE, label="potassium")
    for gate, colour in zip(GATES, (_pages.BLUE, _pages.GREEN, _pages.ORANGE), strict=True):
        axes[2].plot(time, first["opened"].sel(gate=gate), color=colour, label=f"${gate}$")
    for ax, word in zip(axes, (r"$\Delta\varphi_M$ (mV)", "conductance (mS/cm²)", "gate"), strict=True):
        ax.set(xlabel="time (ms)", ylabel=word)
        ax.legend(frameon=False, fontsize="small")
    _pages.letters(list(axes))
    return figure


# ---------------------------------------------------------------- Fig. 3


def equivalent_circuit() -> Circuit:
    """Return the circuit of Fig. 3 of 1 cm2: paths of sodium and potassium, a leak behind its source, a capacitance."""
    constants = traces.membrane().parameters
    whole, area = constants["area"] * constants["C_m"], constants["area"]
    rest = {"C_m": LEFT * constants["C_m"], "g_leak": 0.0}
    leak = VoltageSource(voltage=constants["V_R"] + constants["E_leak"], resistance=1.0 / (area * constants["g_leak"]))
    made = Circuit()
    made.add("inside", "outside", traces.membrane(g_K=0.0, **rest), name="sodium")
    made.add("inside", "outside", traces.membrane(g_Na=0.0, **rest), name="potassium")
    made.add("inside", "outside", leak, name="leak")
    condenser = Capacitor(capacitance=(1.0 - 2.0 * LEFT) * whole, v_initial=constants["V_R"])
    made.add("inside", "outside", condenser, name="capacitance")
    return made


@PAPER.figure(
    "3",
    title="currents through the circuit of a membrane that fires again and again",
    quick={"duration": 0.03},
    example=Example("duration=2e-3", {"time": 100, "path": 4, "spike": 1}, panels=3),
)
def figure3(*, current: float = 10e-6, pump: float = 0.0, duration: float = 0.06) -> xr.Dataset:
    """Return the potential and the currents of each path of the equivalent circuit under a constant current.

    Parameters
    ----------
    current : float
        What enters the inside (A, into 1 cm2).
    pump : float
        What the sodium-potassium pump carries out (A), against `current`.
    duration : float
        In s.

    Returns
    -------
    xarray.Dataset
        Over `time` (s): `potential` of the inside (V), `whole`, that of one `HodgkinHuxley` element (V), and `current`
        (path, time), outwards (A). Over `spike`: `spike_time`, when it rises through 0 V (s).

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or outside its range.

    Notes
    -----
    EC23 Fig. 3, eqs 14 to 19. Its g_Cl is the leak of the text; its I_p flows in, as in eq. 15, which makes the inside
    more positive, whereas the pump takes out three charges for two that it brings in.
    """
    import xarray as xr

    check.real("current", current, unit="A")
    check.real("pump", pump, unit="A")
    check.real("duration", duration, 0.0, np.inf, "()", "s")
    wave = drive.constant(current - pump)
    data = traces.run(equivalent_circuit(), wave, duration, record=["branch_current"])
    whole = traces.run(traces.alone(), wave, duration)
    inside = data["voltage"].sel(electrode="inside")
    rises = traces.Trace.of(data, inside).rises()
    flows = data["branch_current"]
    volts = {"units": "V"}
    return xr.Dataset(
        {
            "potential": ("time", inside.values, volts),
            "whole": ("time", whole["voltage"].sel(electrode="inside").values, volts),
            "current": (("path", "time"), flows.values.T, {"units": "A"}),
            "spike_time": ("spike", rises / MILLI, {"units": "s"}),
        },
        {
            "time": ("time", data["time"].values, {"units": "s"}),
            "path": [str(name) for name in flows["branch_current_edge"].values],
        },
    )


@PAPER.drawing("3")
def plot_figure3(data: xr.Dataset) -> Figure:
    """Draw the potential, currents of the paths, and both around the first spike."""
    figure = _pages.page(11.0, 3.4)
    axes = figure.subplots(1, 3)
    time = MILLI * data["time"].values
    axes[0].plot(time, MILLI * data["potential"], color=_pages.RED, label="circuit of Fig. 3")
    axes[0].plot(time, MILLI * data["whole"], color="black", ls=":", label="one element")
    axes[0].set_ylabel(r"$\Delta\varphi_M$ (mV)")
    for ax in axes[1:]:
        _draw_paths(ax, time, data)
    first = MILLI * float(data["spike_time"][0]) if data.sizes["spike"] else 0.5 * time[-1]
    axes[2].set_xlim(max(first - 1.5, 0.0), min(first + 5.5, time[-1]))
    for ax in axes:
        ax.set_xlabel("time (ms)")
    axes[0].set_ylim(top=85.0)
    axes[0].legend(frameon=False, fontsize="small", loc="upper right")
    axes[2].legend(frameon=False, fontsize="small", loc="upper right")
    _pages.letters(list(axes))
    return figure


def _draw_paths(ax: Axes, time: Any, data: xr.Dataset) -> None:
    tints = (_pages.BLUE, _pages.ORANGE, _pages.GREEN, _pages.GREY)
    for name, colour in zip(data["path"].values, tints, strict=True):
        ax.plot(time, MILLI * data["current"].sel(path=name), color=colour, label=str(name))
    ax.axhline(0.0, color="0.6", lw=0.6)
    ax.set_ylabel("current outwards (mA/cm²)")
