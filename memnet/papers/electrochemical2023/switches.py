"""Figures 9 a and 9 b: a threshold switch as a neuron that leaks, integrates and fires, and as an oscillator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from memnet import drive
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.papers import _pages
from memnet.papers._registry import Example
from memnet.papers.electrochemical2023 import _elements as elements
from memnet.papers.electrochemical2023.common import PAPER

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

# Rows of a train of pulses or of an oscillation are so far apart (s).
ROW = 0.5e-6


@PAPER.figure(
    "9a",
    title="a threshold switch under pulses: it integrates, leaks and fires",
    place="Fig. 9 a",
    quick={"gaps": (1e-6, 4e-6)},
    example=Example("gaps=(1e-6,), duration=20e-6", {"gap": 1, "time": 40, "law": 200}, panels=2),
)
def figure9a(
    *,
    gaps: Sequence[float] = (1e-6, 3e-6, 5e-6),
    width: float = 5e-6,
    amplitude: float = elements.SUPPLY,
    duration: float = 100e-6,
) -> xr.Dataset:
    """Return the voltage of a threshold switch beside 1 nF, behind 20 kohm, under trains of pulses.

    Parameters
    ----------
    gaps : sequence of float
        From the end of a pulse to the start of the next one (s), at 0 V.
    width, amplitude : float
        Of the pulses (s, V).
    duration : float
        Of the trains (s), a whole number of 0.5 us.

    Returns
    -------
    xarray.Dataset
        `potential` and `input` (gap, time) in V; `pulses` (gap), with which pulse it first fires in that time, nan
        where it does not; `law` (law), the same in closed form at gaps of its own, nan where it never does.

    Notes
    -----
    The paper shows a neuron of niobium oxide without its numbers. These are memnet's.
    """
    import xarray as xr

    spans = elements.several("gaps", gaps, 0.0)
    check.real("width", width, 0.0, np.inf, "()", "s")
    waves = [drive.pulses(0.0, amplitude, length=width, spacing=one) for one in spans]
    runs = [_run(wave, duration) for wave in waves]
    time = runs[0]["time"].values
    first = [elements.closings(one, one.attrs["switch"])[:1] for one in runs]
    with_pulse = [np.ceil(t[0] / (width + gap)) if t.size else np.nan for t, gap in zip(first, spans, strict=True)]
    law = np.linspace(min(spans), max(spans), 200) if len(spans) > 1 else np.linspace(0.1, 2.0, 200) * spans[0]
    needed = np.array([elements.pulses_to_fire(one, width, amplitude) for one in law.tolist()])
    return xr.Dataset(
        {
            "potential": (("gap", "time"), [_of_node(one) for one in runs], {"units": "V"}),
            "input": (("gap", "time"), [one(time) for one in waves], {"units": "V"}),
            "pulses": ("gap", with_pulse),
            "needed": ("law", np.where(np.isfinite(needed), needed, np.nan)),
        },
        {
            "gap": ("gap", spans, {"units": "s"}),
            "time": ("time", time, {"units": "s"}),
            "law": ("law", law, {"units": "s"}),
        },
    )


def _run(wave: Any, duration: float, series: float = elements.SERIES) -> xr.Dataset:
    """Return the run of a threshold switch behind a resistance (ohm); an attribute says which edge the switch is."""
    sim = elements.oscillator(series=series).simulation({"in": wave, "gnd": 0.0}, dt=ROW, **elements.ADAPTIVE)
    run = sim.run(duration=duration, record="potential")
    run.attrs["switch"] = sim.edge("switch")
    return run


def _of_node(run: xr.Dataset) -> Floats:
    volts: Floats = run["potential"].sel(potential_node="a").values
    return volts


@PAPER.drawing("9a")
def plot_figure9a(data: xr.Dataset) -> Figure:
    """Draw the voltage for each gap between pulses, and how many pulses it takes to fire (line: closed form)."""
    figure, axes = _pages.grid(2, 2, side=3.4)
    micro = 1e6 * data["time"].values
    for k, colour in enumerate(_pages.shades(data.sizes["gap"])):
        one = data.isel(gap=k)
        axes[0].plot(micro, one["potential"], color=colour, lw=1.0, label=f"{1e6 * float(one['gap']):g} µs")
    axes[0].axhline(elements.V_ON, color="0.7", lw=0.7, ls=":")
    axes[0].set(xlabel="$t$ (µs)", ylabel="$V$ (V)")
    axes[0].legend(title="gap", frameon=False, fontsize="x-small", title_fontsize="x-small", ncols=2)
    axes[1].plot(1e6 * data["law"], data["needed"], color="0.6", lw=1.0)
    axes[1].plot(1e6 * data["gap"], data["pulses"], "o", color=_pages.RED, ms=5)
    axes[1].set(xlabel="gap (µs)", ylabel="pulses until it fires", ylim=(0.0, None))
    _pages.letters(axes)
    return figure


@PAPER.figure(
    "9b",
    title="a threshold switch as an oscillator: its frequency against the voltage and the resistance in series",
    place="Fig. 9 b",
    quick={"voltages": (1.5, 2.0, 3.0), "series": (20e3,)},
    example=Example(
        "voltages=(1.5, 2.0), series=(20e3,), periods=3", {"series": 1, "voltage": 2, "time": 200}, panels=2
    ),
)
def figure9b(
    *,
    voltages: Sequence[float] = (1.3, 1.5, 2.0, 3.0, 4.0, 5.0),
    series: Sequence[float] = (10e3, 20e3, 40e3),
    periods: int = 10,
) -> xr.Dataset:
    """Return the frequency of a threshold switch beside 1 nF behind a resistance, at constant voltages.

    Parameters
    ----------
    voltages : sequence of float
        In V.
    series : sequence of float
        Resistances (ohm).
    periods : int
        Of which the mean is taken, >= 1, where the closed form says that it oscillates; else it is watched for as long
        as 1 ms.

    Returns
    -------
    xarray.Dataset
        `frequency` and `law` (series, voltage), measured and in closed form (Hz), 0 where it does not oscillate;
        `trace` (time), the voltage (V) at 2 V behind 20 kohm.
    """
    import xarray as xr

    volts = elements.several("voltages", voltages)
    behind = elements.several("series", series, 0.0)
    count = check.integer("periods", periods, 1, 10**4)
    law = np.array([[elements.period(one, ohm) for one in volts] for ohm in behind])
    found = [
        [frequency(one, ohm, count, t) for one, t in zip(volts, row, strict=True)]
        for ohm, row in zip(behind, law.tolist(), strict=True)
    ]
    trace = _run(elements.SUPPLY, 100e-6)
    return xr.Dataset(
        {
            "frequency": (("series", "voltage"), found, {"units": "Hz"}),
            "law": (("series", "voltage"), np.where(np.isnan(law), 0.0, 1.0 / law), {"units": "Hz"}),
            "trace": ("time", _of_node(trace), {"units": "V"}),
        },
        {
            "series": ("series", behind, {"units": "ohm"}),
            "voltage": ("voltage", volts, {"units": "V"}),
            "time": ("time", trace["time"].values, {"units": "s"}),
        },
    )


def frequency(voltage: float, series: float, periods: int, expected: float) -> float:
    """Return the mean frequency (Hz) at a voltage (V) behind a resistance (ohm); 0 where it fires less than twice.

    It is watched for some periods of the expected length (s), and the time before the first.
    """
    length = 1e-3 if np.isnan(expected) else (periods + 2) * expected + 10.0 * series * elements.CAPACITANCE
    circuit = elements.oscillator(series=series)
    sim = circuit.simulation({"in": voltage, "gnd": 0.0}, dt=length / 20, **elements.ADAPTIVE)
    times = elements.closings(sim.run(21), sim.edge("switch"))[: periods + 1]
    return float(1.0 / np.diff(times).mean()) if times.size > 1 else 0.0


@PAPER.drawing("9b")
def plot_figure9b(data: xr.Dataset) -> Figure:
    """Draw an oscillation, and the frequency against the voltage, a line a resistance (dashed: closed form)."""
    figure, axes = _pages.grid(2, 2, side=3.4)
    axes[0].plot(1e6 * data["time"], data["trace"], color=_pages.BLUE, lw=1.0)
    axes[0].set(xlabel="$t$ (µs)", ylabel="$V$ (V)")
    for k, colour in enumerate(_pages.shades(data.sizes["series"])):
        one = data.isel(series=k)
        text = rf"{1e-3 * float(one['series']):g} k$\Omega$"
        axes[1].plot(one["voltage"], 1e-3 * one["law"], "--", color=colour, lw=1.0)
        axes[1].plot(one["voltage"], 1e-3 * one["frequency"], "o", color=colour, ms=4, label=text)
    axes[1].set(xlabel="applied voltage (V)", ylabel="frequency (kHz)")
    axes[1].legend(frameon=False, fontsize="small")
    _pages.letters(axes)
    return figure
