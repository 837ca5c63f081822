"""Figure 19: two memristors link a silicon neuron to a nerve cell, and the nerve cell to another silicon neuron."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from memnet import drive
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.devices import (
    CurrentIntegrateAndFire,
    Device,
    HodgkinHuxley,
    IntegrateAndFire,
    ThresholdSwitch,
    device_model,
)
from memnet.papers import _pages
from memnet.papers._registry import Example
from memnet.papers.electrochemical2023 import _elements as elements
from memnet.papers.electrochemical2023.common import PAPER
from memnet.simulate import Circuit, Simulation, react

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

__all__ = ["figure19", "plot_figure19"]

MILLI = 1e3
ROW = 0.5e-3
CASES, NEURONS, SYNAPSES = ("plastic", "fixed"), ("ANpre", "BN", "ANpost"), ("ABSyn", "BASyn")
# A spike of silicon (V, s), and the currents that push the first neuron (A).
SPIKE, SLOW, FAST = (0.5, 2e-3), 0.8e-9, 1.35e-9
# The area of the nerve cell (m2), and the weight with which both synapses begin.
AREA, WEIGHT = 1e-7, 0.5
# Conductances without a weight, and by a full one (S).
SIEMENS = {"ABSyn": (4e-9, 12e-9), "BASyn": (2e-9, 8e-9)}

RATE_SYNAPSE = """
    doc A synapse of two states: each spike leaves a trace that fades, and moves the weight by how far that is above a
    doc level. It is a memristor of second order, as of Kim et al., Nano Lett. 2015, 15, 2203; equations are memnet's.
    i     = (g_0 + g_1*w)*v
    dc/dt = where(v > v_th, k, 0) - c/tau
    dw/dt = where(v > v_th, r*(c - c_0), 0)
    parameter g_0 = 4 nS in (0, inf)   : conductance without weight
    parameter g_1 = 12 nS in (0, inf)  : conductance by weight
    parameter v_th = 0.3 V in (0, inf) : threshold of the voltage
    parameter k = 500 1/s in (0, inf)  : how fast a spike leaves its trace
    parameter tau = 30 ms in (0, inf)  : how long that lasts
    parameter c_0 = 1 in (0, inf)      : trace at which the weight stays
    parameter r = 40 1/s in [0, inf)   : speed
    parameter w_0 = 0.5 in [0, 1]      : weight at the start
    state w = w_0 in [0, 1]            : weight
    state c = 0 in [0, inf)            : what recent spikes have left
"""


@functools.cache
def _model() -> type[Device]:
    return device_model("RateSynapse", RATE_SYNAPSE)


def synapse(name: str, *, plastic: bool = True, weight: float = WEIGHT) -> Device:
    """Return ABSyn or BASyn; one that is not plastic keeps its weight."""
    g_0, g_1 = SIEMENS[name]
    speed = {} if plastic else {"r": 0.0}
    return _model()(g_0=g_0, g_1=g_1, w_0=weight, **speed)


def link(currents: Sequence[float], phase: float, *, plastic: bool) -> Simulation:
    """Return silicon, nerve cell and silicon under a current (A) in each phase (s).

    A patch clamp, which closes where the cell passes 50 mV above rest, reads it.
    """
    circuit = Circuit()
    circuit.add("input", "gnd", IntegrateAndFire(C_m=1e-9), name="ANpre")
    circuit.add("stimulus", "cell", synapse("ABSyn", plastic=plastic), name="ABSyn")
    circuit.add("cell", "gnd", HodgkinHuxley(area=AREA), name="membrane")
    circuit.add("cell", "gnd", ThresholdSwitch(v_on=50e-3, v_off=20e-3, r_on=1e12, r_off=1.1e12), name="BN")
    circuit.add("reading", "column", synapse("BASyn", plastic=plastic), name="BASyn")
    circuit.add("column", "gnd", CurrentIntegrateAndFire(), name="ANpost")
    spike = drive.concat([SPIKE, (0.0, None)])
    reactions = [
        react(circuit["ANpre"].device, "spike", electrode="stimulus", wave=spike),
        react(circuit["BN"].device, "closed", electrode="reading", wave=spike),
    ]
    push = drive.steps(currents, phase * np.arange(len(currents)))
    sources: dict[str, Any] = {"input": drive.current(push), "stimulus": 0.0, "reading": 0.0, "gnd": 0.0}
    return circuit.simulation(sources, dt=ROW, method="adaptive", rtol=1e-3, reactions=reactions)


def spikes(currents: Sequence[float], phase: float, *, plastic: bool = True) -> dict[str, Floats]:
    """Return when each neuron fires (s) with synapses that learn, or with fixed ones."""
    sim = link(currents, phase, plastic=plastic)
    run = sim.run(duration=phase * len(currents))
    return {name: elements.closings(run, sim.edge(name)) for name in NEURONS}


def response(weight: float, duration: float = 12e-3) -> Floats:
    """Return the potential of a nerve cell (V) above rest over time after one spike through ABSyn, rows of 0.1 ms."""
    circuit = Circuit()
    circuit.add("stimulus", "cell", synapse("ABSyn", plastic=False, weight=weight))
    circuit.add("cell", "gnd", HodgkinHuxley(area=AREA), name="membrane")
    wave = drive.concat([(0.0, 1e-3), SPIKE, (0.0, None)])
    sim = circuit.simulation({"stimulus": wave, "gnd": 0.0}, dt=1e-4, method="adaptive", rtol=1e-4)
    run = sim.run(duration=duration, record={"potential": "cell"})
    potential: Floats = run["potential"].values[:, 0]
    above: Floats = potential - potential[0]
    return above


@PAPER.figure(
    "19",
    title="a silicon neuron, a nerve cell and a silicon neuron, linked by two memristors",
    quick={"phase": 0.4},
    example=Example(
        "phase=0.05, weights=(0.0, 1.0)",
        {"case": 2, "neuron": 3, "spike": 3, "synapse": 2, "time": 200, "initial": 2, "moment": 120},
        panels=4,
    ),
)
def figure19(
    *,
    currents: Sequence[float] = (SLOW, FAST),
    phase: float = 1.0,
    weights: Sequence[float] = (0.0, 0.15, 0.3, 0.45, 0.6, 1.0),
) -> xr.Dataset:
    """Return what goes from silicon to a nerve cell and on to silicon, with synapses that learn and with fixed ones.

    Parameters
    ----------
    currents : sequence of float
        Into the first silicon neuron, one a phase (A).
    phase : float
        How long each of them lasts (s), a whole number of 0.5 ms.
    weights : sequence of float
        Of ABSyn, from 0 to 1, at which the answer of the cell to one spike is shown.

    Returns
    -------
    xarray.Dataset
        For the cases "plastic" and "fixed": `spike_time` (case, neuron, spike) of ANpre, the nerve cell BN and ANpost
        (s, nan behind the last one), `weight` (case, synapse, time) of ABSyn and BASyn, and `potential` (case, time) of
        the cell above rest (V). `answer` (initial, moment), that potential behind one spike (V).

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or outside its range.

    Notes
    -----
    The paper shows Serb et al., Sci. Rep. 2020, 10, 2590, doi 10.1038/s41598-020-58831-9: silicon and a nerve cell of
    the rat, and weights that a computer moves by rules of the rates. Here the memristors themselves learn by rate, and
    the cell is Hodgkin and Huxley's; numbers are memnet's. `docs/learning-circuits.md` has the same loop as a listing.
    """
    import xarray as xr

    pushes = elements.several("currents", currents)
    length = check.real("phase", phase, 0.0, np.inf, "()")
    given = [check.real("weights", one, 0.0, 1.0, "[]") for one in elements.several("weights", weights)]
    runs, fired, moved = [], [], []
    for case in CASES:
        sim = link(pushes, length, plastic=case == "plastic")
        edges = {name: sim.edge(name) for name in NEURONS}
        recorded: dict[str, Any] = {"potential": "cell", "state:w": [sim.device(name) for name in SYNAPSES]}
        run = sim.run(duration=length * len(pushes), record=recorded)
        runs.append(run)
        moved.append([run[f"state_w_{sim.edge(name)}"].values[:, 0] for name in SYNAPSES])
        fired.append([elements.closings(run, edges[name]) for name in NEURONS])
    most = max(times.size for case in fired for times in case)
    padded = [[np.pad(times, (0, most - times.size), constant_values=np.nan) for times in case] for case in fired]
    answers = np.array([response(one) for one in given])
    return xr.Dataset(
        {
            "spike_time": (("case", "neuron", "spike"), np.array(padded), {"units": "s"}),
            "weight": (("case", "synapse", "time"), moved),
            "potential": (("case", "time"), [run["potential"].values[:, 0] for run in runs], {"units": "V"}),
            "answer": (("initial", "moment"), answers, {"units": "V"}),
        },
        {
            "case": list(CASES),
            "neuron": list(NEURONS),
            "synapse": list(SYNAPSES),
            "time": ("time", runs[0]["time"].values, {"units": "s"}),
            "initial": given,
            "moment": ("moment", 1e-4 * np.arange(answers.shape[1]), {"units": "s"}),
        },
        {"phase": length},
    )


@PAPER.drawing("19")
def plot_figure19(data: xr.Dataset) -> Figure:
    """Draw spikes of all neurons, weights, and what a spike does to the cell at several weights."""
    figure, axes = _pages.grid(4, 2, side=3.2)
    colours = (_pages.BLUE, _pages.RED, _pages.PURPLE)
    for ax, case in zip(axes[:2], data["case"].values, strict=True):
        trains = data["spike_time"].sel(case=case).values
        ax.eventplot(
            [one[np.isfinite(one)] for one in trains], lineoffsets=[2, 1, 0], linelengths=0.7, lw=0.8, colors=colours
        )
        ax.set_yticks([2, 1, 0], [str(one) for one in data["neuron"].values])
        ax.set(xlabel="$t$ (s)", ylim=(-0.6, 2.9), xlim=(0.0, float(data["time"][-1])))
        ax.set_title(f"synapses {case}", fontsize="medium")
    for synapse_, colour in zip(data["synapse"].values, (_pages.GREEN, _pages.ORANGE), strict=True):
        for case, style in zip(data["case"].values, ("-", ":"), strict=True):
            row = data["weight"].sel(case=case, synapse=synapse_)
            axes[2].plot(data["time"], row, style, color=colour, lw=1.2, label=f"{synapse_}, {case}")
    axes[2].set(xlabel="$t$ (s)", ylabel="weight", ylim=(-0.05, 1.05))
    axes[2].legend(frameon=False, fontsize="x-small")
    for k, colour in enumerate(_pages.shades(data.sizes["initial"])):
        one = data.isel(initial=k)
        label = f"{float(one['initial']):g}"
        axes[3].plot(MILLI * data["moment"], MILLI * one["answer"], color=colour, lw=1.2, label=label)
    axes[3].set(xlabel="$t$ (ms)", ylabel="cell above rest (mV)")
    axes[3].legend(frameon=False, fontsize="x-small", title="weight of ABSyn", title_fontsize="x-small")
    for ax in axes[:3]:
        for edge in float(data.attrs["phase"]) * np.arange(1, round(float(data["time"][-1]) / data.attrs["phase"])):
            ax.axvline(edge, color="0.7", lw=0.7, ls="--", zorder=0)
    _pages.letters(axes)
    return figure
