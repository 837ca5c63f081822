"""Figs 4 and 5: what a chemical and an electrical synapse pass on, and which way; timing of spikes and the weight."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from memnet import analysis, drive
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.devices import Device, Resistor, device_model, link
from memnet.drive import Waveform
from memnet.papers import _pages
from memnet.papers._registry import Example
from memnet.papers.electrochemical2023 import _elements as elements, _traces as traces
from memnet.papers.electrochemical2023.common import PAPER
from memnet.simulate import Circuit

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

MILLI = 1e3
KINDS, SIDES = ("chemical", "electrical"), ("A", "B")
# Conductances of receptors that are all open, and of a gap junction (S), between membranes of 1 cm2.
RECEPTORS, GAP = 0.3e-3, 0.3e-3

CHEMICAL = """
    doc A one-way synapse: where calcium gets in, on the other side of the cleft, transmitter is released; it opens
    doc channels of sodium, and is gone again. The numbers are memnet's.
    i        = g_open*r*(v - E_rev)
    dc/dt    = (released - c)/tau_c
    dr/dt    = c*(1 - r)/tau_bind - r/tau_off
    released = 1/(1 + exp(-max(min((linked.v - V_half)/V_s, 700), -700)))
    parameter g_open = 0.3 mS in [0, inf) : conductance of all receptors
    parameter E_rev = 50 mV               : potential of the sodium that they let in
    parameter V_half = 0 mV               : potential of the other membrane at which half of the transmitter is released
    parameter V_s = 2 mV in (0, inf)      : over which this changes by e
    parameter tau_c = 0.5 ms in (0, inf)  : time in which the transmitter comes and goes
    parameter tau_bind = 1 ms in (0, inf) : time in which a full cleft opens a receptor
    parameter tau_off = 2 ms in (0, inf)  : time in which it closes
    state c = 0 in [0, 1]                 : transmitter in the cleft
    state r = 0 in [0, 1]                 : open share of the receptors
"""


# ---------------------------------------------------------------- Fig. 4


@functools.cache
def chemical() -> Any:
    """Return the class of a chemical synapse, on an edge from the inside of the postsynaptic side to the outside."""
    return device_model("ChemicalSynapse", CHEMICAL)


def pair(kind: str, conductance: float) -> Circuit:
    """Return two membranes of 1 cm2, "A" and "B", with a synapse of a kind and a conductance (S) from A to B."""
    made = Circuit()
    for side in SIDES:
        made.add(side, "outside", traces.membrane(), name=f"membrane {side}")
    if check.one_of("kind", kind, KINDS) == "electrical":
        made.add("A", "B", Resistor(conductance=conductance), name="gap junction")
    else:
        receptors: Device = link(chemical()(g_open=conductance), to="membrane A")
        made.add("B", "outside", receptors, name="receptors")
    return made


def passed(circuit: Circuit, side: str, current: float, duration: float) -> dict[str, traces.Trace]:
    """Return the potentials of both sides after a pulse (A, 0.5 ms) into one of them."""
    wave: dict[str, Any] = {side: drive.current(traces.pulse(current / traces.MICROAMPERE)), "outside": 0.0}
    sim = circuit.simulation(wave, dt=traces.ROW, method="adaptive", rtol=1e-5)
    data = sim.run(duration=duration, record=["potential"])
    return {one: traces.Trace.of(data, data["potential"].sel(potential_node=one)) for one in SIDES}


@PAPER.figure(
    "4",
    title="two neurons with a chemical and with an electrical synapse, either of which is stimulated",
    quick={"duration": 0.015},
    example=Example("duration=2e-3", {"kind": 2, "stimulated": 2, "side": 2, "time": 100}, panels=4),
)
def figure4(
    *, current: float = 20e-6, receptors: float = RECEPTORS, gap: float = GAP, duration: float = 0.025
) -> xr.Dataset:
    """Return the potentials of two neurons A and B, with a synapse of either kind from A to B.

    Parameters
    ----------
    current : float
        Of a pulse of 0.5 ms into A or into B (A, into 1 cm2).
    receptors, gap : float
        Conductances of the receptors of a chemical synapse, all open, and of an electrical synapse (S).
    duration : float
        In s.

    Returns
    -------
    xarray.Dataset
        `potential` (kind, stimulated, side, time) in V, and `first_spike` (kind, stimulated, side), when it rises
        through 0 V, nan where it does not (s).

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or outside its range.

    Notes
    -----
    EC23 Fig. 4 and sec. 2.2.3, which have no numbers: conductances, times and pulses are ours. The chemical synapse is
    the chain of the text, calcium, transmitter, receptors, sodium, as two rates.
    """
    import xarray as xr

    check.real("current", current, unit="A")
    check.real("duration", duration, 0.5e-3, np.inf, "()", "s")
    strength = {
        "chemical": check.real("receptors", receptors, 0.0, np.inf, "[)", "S"),
        "electrical": check.real("gap", gap, 0.0, np.inf, "[)", "S"),
    }
    runs = [[passed(pair(kind, strength[kind]), side, current, duration) for side in SIDES] for kind in KINDS]
    rows = runs[0][0]["A"].time / MILLI
    volts = np.array([[[one[side].potential / MILLI for side in SIDES] for one in kind] for kind in runs])
    first = np.array([[[np.append(one[side].rises(), np.nan)[0] for side in SIDES] for one in kind] for kind in runs])
    dims = ("kind", "stimulated", "side")
    return xr.Dataset(
        {
            "potential": ((*dims, "time"), volts, {"units": "V"}),
            "first_spike": (dims, first / MILLI, {"units": "s"}),
        },
        {
            "kind": list(KINDS),
            "stimulated": list(SIDES),
            "side": list(SIDES),
            "time": ("time", rows, {"units": "s"}),
        },
    )


@PAPER.drawing("4")
def plot_figure4(data: xr.Dataset) -> Figure:
    """Draw both potentials, a panel for each kind and each side that is stimulated."""
    figure = _pages.page(9.0, 5.6)
    axes = figure.subplots(2, 2, sharex=True, sharey=True)
    time = MILLI * data["time"].values
    for row, kind in zip(axes, data["kind"].values, strict=True):
        for ax, stimulated in zip(row, data["stimulated"].values, strict=True):
            one = data.sel(kind=kind, stimulated=stimulated)
            for side, colour in zip(data["side"].values, (_pages.BLUE, _pages.ORANGE), strict=True):
                ax.plot(time, MILLI * one["potential"].sel(side=side), color=colour, label=str(side))
            ax.text(0.97, 0.9, f"{kind}, {stimulated} stimulated", transform=ax.transAxes, ha="right")
    for ax in axes[-1]:
        ax.set_xlabel("time (ms)")
    for ax in axes[:, 0]:
        ax.set_ylabel(r"$\Delta\varphi_M$ (mV)")
    axes[0, 0].legend(frameon=False, loc="center right")
    _pages.letters(list(axes.ravel()))
    return figure


# ---------------------------------------------------------------- Fig. 5


# How far the potential falls behind a spike: at neuron A, and at B if more than that, by which weights fall on average.
TAIL, DEEPER = -0.25, -0.35
# With this rate a weight of 1/2 stays within its bounds (1/s).
RATE = 0.02


def spike(tail: float = TAIL) -> Waveform:
    """Return a spike of a memristive synapse, an exponential before its jump and one behind it (V)."""
    return drive.spike(1.0, tail, rise=2e-3, fall=30e-3, before=5e-3, after=75e-3)


def window(delays: Floats, tail: float = TAIL) -> Floats:
    """Return by how much a pair of spikes, B later by delays (s), changes a weight of 1/2."""
    found: Floats = analysis.stdp(
        elements.synapse(I_0=RATE),
        delays,
        pre=spike(),
        post=spike(tail),
        state="w",
        dt=1e-3,
        method="adaptive",
        rtol=1e-5,
    )["change_mean"].values
    return found


@PAPER.figure(
    "5",
    title="change of a weight over the time between two spikes, and what spikes without a relation do",
    quick={"delays": [-40e-3, -10e-3, -2e-3, 2e-3, 10e-3, 40e-3]},
    example=Example("delays=[-5e-3, 5e-3]", {"tail": 2, "delay": 2}, panels=1),
)
def figure5(*, delays: Sequence[float] | None = None, tails: Sequence[float] = (TAIL, DEEPER)) -> xr.Dataset:
    """Return by how much pairs of spikes change the weight of a memristive synapse.

    Parameters
    ----------
    delays : sequence of float, optional
        From the spike of A to that of B, in whole ms, none 0 (s); by default from -79 to 79 ms, every 2 ms.
    tails : sequence of float
        How far the potential falls behind a spike of B; behind one of A it is -0.25 V.

    Returns
    -------
    xarray.Dataset
        `change` (tail, delay) of a weight that was 1/2. Over `tail`: `unrelated`, its mean over these delays, which is
        what a pair does whose delay may be any of them, as one with a spike of B that neuron X makes.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or outside its range.

    Notes
    -----
    EC23 Fig. 5 is a measurement; this is the synapse of `BipolarThreshold` with `drive.spike`. With equal spikes the
    window is odd.
    """
    import xarray as xr

    given = 1e-3 * np.arange(-79.0, 80.0, 2.0) if delays is None else np.array(elements.several("delays", delays))
    bottoms = np.array(elements.several("tails", tails))
    change = np.array([window(given, float(one)) for one in bottoms])
    return xr.Dataset(
        {"change": (("tail", "delay"), change), "unrelated": ("tail", change.mean(axis=1))},
        {"tail": ("tail", bottoms, {"units": "V"}), "delay": ("delay", given, {"units": "s"})},
    )


@PAPER.drawing("5")
def plot_figure5(data: xr.Dataset) -> Figure:
    """Draw the change over the delay, a line for each tail."""
    figure = _pages.page(5.5, 4.0)
    ax = figure.subplots()
    for k, colour in zip(range(data.sizes["tail"]), _pages.shades(data.sizes["tail"]), strict=True):
        one = data.isel(tail=k)
        label = f"${float(one['tail']):g}$ V behind a spike of B, mean ${round(float(one['unrelated']), 4) + 0.0:g}$"
        ax.plot(MILLI * one["delay"], one["change"], "o", color=colour, ms=3, label=label)
    ax.axhline(0.0, color=_pages.GREY, lw=0.6)
    ax.axvline(0.0, color=_pages.GREY, lw=0.6)
    ax.set(xlabel="from the spike of A to that of B (ms)", ylabel=r"$\Delta w$")
    ax.legend(frameon=False, fontsize="small", loc="lower center", bbox_to_anchor=(0.5, 1.0))
    ax.spines[["top", "right"]].set_visible(False)
    return figure
