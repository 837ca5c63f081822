"""Figure 9 c: a neuron of two threshold switches, all or nothing; and one of a film of vanadium dioxide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from memnet.base import check
from memnet.papers import _pages
from memnet.papers._registry import Example
from memnet.papers.electrochemical2023 import _elements as elements
from memnet.papers.electrochemical2023.common import PAPER

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

# Rows of a neuristor while it rests, and while it fires (s).
REST, ROW = 1e-4, 5e-6


@PAPER.figure(
    "9c",
    title="a Hodgkin-Huxley neuron of two threshold switches: spikes under a current, all or nothing",
    place="Fig. 9 c",
    quick={"currents": (0.5e-6, 1.5e-6)},
    example=Example("currents=(2e-6,), length=1e-3", {"time": 200, "push": 1}, panels=3),
)
def figure9c(
    *,
    current: float = 1e-6,
    length: float = 10e-3,
    currents: Sequence[float] = (0.5e-6, 0.8e-6, 0.9e-6, 1.0e-6, 1.5e-6, 2.0e-6),
    push: float = 0.5e-3,
) -> xr.Dataset:
    """Return potentials of the neuron under a long pulse of a current, and the peaks that short ones make.

    Parameters
    ----------
    current, length : float
        Of the long pulse (A, s); the length is a whole number of 5 us.
    currents : sequence of float
        Of short pulses (A).
    push : float
        How long those are (s).

    Returns
    -------
    xarray.Dataset
        `first` and `second` (time), the potentials of both nodes (V) from the start of the long pulse; `spikes`, when
        the second crosses 0.2 V upwards, as an attribute of it (s); `peak` (push), the largest potential of the second
        node under each short pulse (V).

    Notes
    -----
    The paper shows niobium oxide without numbers. Switches and capacitances are those of a public script; the pulse
    comes after 0.1 s, when all is at rest.
    """
    import xarray as xr

    rows = round(check.real("length", length, 0.0, 1.0, "()", "s") / ROW)
    if abs(rows * ROW - length) > 1e-9 * length:
        raise ValueError(f"length must be a whole number of rows of {ROW:g} s, got {length!r}")
    sim = elements.neuristor(elements.pushed(current, length), dt=ROW)
    sim.step(round(elements.RESTED / ROW))
    run = sim.run(rows, record={"potential": ["1", "2"]})
    time = run["time"].values - elements.RESTED
    nodes = [run["potential"].sel(potential_node=one).values for one in "12"]
    pushes = elements.several("currents", currents)
    return xr.Dataset(
        {
            "first": ("time", nodes[0], {"units": "V"}),
            "second": (
                "time",
                nodes[1],
                {"units": "V", "spikes": elements.upward(time, nodes[1], elements.CROSSED).tolist()},
            ),
            "peak": ("push", [peak(one, push) for one in pushes], {"units": "V"}),
        },
        {"time": ("time", time, {"units": "s"}), "push": ("push", pushes, {"units": "A"})},
        {"current": current},
    )


def peak(current: float, length: float, node: str = "2") -> float:
    """Return the largest potential (V) of a node until 2 ms after a short pulse of a current (A) and a length (s)."""
    sim = elements.neuristor(elements.pushed(current, check.real("push", length, 0.0, 1.0, "()", "s")), dt=ROW)
    sim.step(round(elements.RESTED / ROW))
    run = sim.run(round((length + 2e-3) / ROW), record={"potential": [node]})
    return float(run["potential"].values.max())


@PAPER.drawing("9c")
def plot_figure9c(data: xr.Dataset) -> Figure:
    """Draw the potentials of both nodes under a long pulse, and the peaks of the second one under short ones."""
    figure, axes = _pages.grid(3, 3, side=3.2)
    milli = 1e3 * data["time"].values
    for ax, node, colour in zip(axes, ("first", "second"), (_pages.BLUE, _pages.RED), strict=False):
        ax.plot(milli, 1e3 * data[node], color=colour, lw=1.0)
        ax.set(xlabel="$t$ (ms)", ylabel=f"{node} node (mV)")
    axes[2].plot(1e6 * data["push"], 1e3 * data["peak"], "o", color=_pages.RED, ms=4)
    axes[2].set(xlabel="current of a short pulse (µA)", ylabel="peak of the second node (mV)", ylim=(0.0, None))
    _pages.letters(axes)
    return figure


@PAPER.figure(
    "vo2",
    title="a neuron of a film of vanadium dioxide: silent, spiking, and on",
    place="sec. 4.1.1",
    quick={"duration": 15e-6},
    example=Example("voltages=(12.0,), duration=8e-6", {"voltage": 1, "time": 800}, panels=2),
)
def vo2(*, voltages: Sequence[float] = (10.0, 12.0, 16.0), duration: float = 30e-6) -> xr.Dataset:
    """Return the voltage of a film behind 12 kohm and beside 145 pF, at constant voltages.

    Parameters
    ----------
    voltages : sequence of float
        In V.
    duration : float
        How long (s), a whole number of 10 ns.

    Returns
    -------
    xarray.Dataset
        `potential` of the film (V) and its `temperature` (K), both (voltage, time); `period` (voltage), the mean time
        between spikes (s), nan where there are fewer than two of them.

    Notes
    -----
    Published model and parameters: `ThermalSwitch.preset("vo2")`. A spike is where the potential falls through 4 V.
    """
    import xarray as xr

    volts = elements.several("voltages", voltages)
    runs = [_film(one, duration) for one in volts]
    falls = [elements.upward(one["time"].values, -one["potential"].values[:, 0], -4.0) for one in runs]
    traces = {"potential": ("V", [one["potential"].values[:, 0] for one in runs])}
    traces["temperature"] = ("K", [one["state_T"].values[:, 0] for one in runs])
    return xr.Dataset(
        {
            **{name: (("voltage", "time"), trace, {"units": unit}) for name, (unit, trace) in traces.items()},
            "period": ("voltage", [np.diff(t).mean() if t.size > 1 else np.nan for t in falls], {"units": "s"}),
        },
        {"voltage": ("voltage", volts, {"units": "V"}), "time": ("time", runs[0]["time"].values, {"units": "s"})},
    )


def _film(voltage: float, duration: float) -> xr.Dataset:
    sim = elements.vo2().simulation({"in": voltage, "gnd": 0.0}, dt=10e-9, **elements.ADAPTIVE)
    return sim.run(duration=duration, record={"potential": "a", "state:T": True})


@PAPER.drawing("vo2")
def plot_vo2(data: xr.Dataset) -> Figure:
    """Draw the potential and the temperature of the film, a line a voltage."""
    figure, axes = _pages.grid(2, 2, side=3.4)
    micro = 1e6 * data["time"].values
    for k, colour in enumerate(_pages.shades(data.sizes["voltage"])):
        one = data.isel(voltage=k)
        axes[0].plot(micro, one["potential"], color=colour, lw=1.0, label=f"{float(one['voltage']):g} V")
        axes[1].plot(micro, one["temperature"], color=colour, lw=1.0)
    for ax, label in zip(axes, ("$V$ (V)", "$T$ (K)"), strict=True):
        ax.set(xlabel="$t$ (µs)", ylabel=label)
    axes[0].legend(frameon=False, fontsize="x-small", ncols=2)
    _pages.letters(axes)
    return figure
