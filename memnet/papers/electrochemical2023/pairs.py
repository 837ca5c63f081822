"""Figures 8 b and 8 c: two spikes at a synapse, the voltage between its ends, and what the pair changes."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from memnet import analysis, drive
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.papers import _pages
from memnet.papers._registry import Example
from memnet.papers.electrochemical2023 import _elements as elements
from memnet.papers.electrochemical2023.common import PAPER

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

DELAYS = (-60e-3, -40e-3, -20e-3, -10e-3, -5e-3, -2e-3, -1e-3, 1e-3, 2e-3, 5e-3, 10e-3, 20e-3, 40e-3, 60e-3)
# The synapse: threshold, voltage over which its rate grows by e (V), rate (1/s).
V_TH, V_0, I_0 = 1.0, 1.0 / 7.0, 0.5


@dataclass(frozen=True)
class Spike:
    """What both neurons send, and where it is not smooth (s), its start and its end included."""

    wave: drive.Waveform
    corners: tuple[float, ...]


# An exponential that rises to a jump with another one behind it, and two steps (V, s).
SPIKES = {
    "exponential": Spike(drive.spike(1.0, -0.25, rise=2e-3, fall=30e-3, before=5e-3, after=75e-3), (0.0, 5e-3, 80e-3)),
    "rectangular": Spike(drive.concat([(0.8, 5e-3), (-0.22, 30e-3), (0.0, None)]), (0.0, 5e-3, 35e-3)),
}


def shifted(wave: drive.Waveform, by: float) -> drive.Waveform:
    """Return a wave that begins later (s)."""
    return wave if by == 0.0 else drive.concat([(0.0, by), (wave, None)])


@PAPER.figure(
    "8b",
    title="a spike at either end of a synapse, and the voltage between the ends",
    place="Fig. 8 b",
    example=Example("delays=(5e-3,), rows=50", {"delay": 1, "time": 50}, panels=1),
)
def figure8b(*, delays: Sequence[float] = (-10e-3, 10e-3), shape: str = "exponential", rows: int = 1000) -> xr.Dataset:
    """Return spikes of a presynaptic and a postsynaptic neuron over time, and their difference.

    Parameters
    ----------
    delays : sequence of float
        From the spike of pre to that of post (s).
    shape : str
        "exponential" or "rectangular".
    rows : int
        Moments, >= 2.

    Returns
    -------
    xarray.Dataset
        `pre`, `post` and `across` = post - pre (delay, time), in V; `threshold`, beyond which the synapse moves (V).

    Notes
    -----
    The paper shows spikes without numbers. The exponential shape and the threshold are those of Zamarreno-Ramos et al.,
    Front. Neurosci. 2011, 5, 26, with memnet's numbers.
    """
    import xarray as xr

    between = elements.several("delays", delays)
    spike = _spike(shape)
    length = spike.corners[-1] + max(abs(one) for one in between)
    time = np.linspace(0.0, length, check.integer("rows", rows, 2))
    pre = np.array([shifted(spike.wave, max(-one, 0.0))(time) for one in between])
    post = np.array([shifted(spike.wave, max(one, 0.0))(time) for one in between])
    traces = {"pre": pre, "post": post, "across": post - pre}
    return xr.Dataset(
        {
            **{name: (("delay", "time"), volts, {"units": "V"}) for name, volts in traces.items()},
            "threshold": ((), V_TH, {"units": "V"}),
        },
        {"delay": ("delay", between, {"units": "s"}), "time": ("time", time, {"units": "s"})},
    )


@PAPER.drawing("8b")
def plot_figure8b(data: xr.Dataset) -> Figure:
    """Draw both spikes and their difference, a panel a delay; the synapse moves where the line is red."""
    figure, axes = _pages.grid(data.sizes["delay"], 2, side=3.4)
    milli, threshold = 1e3 * data["time"].values, float(data["threshold"])
    for k, ax in enumerate(axes):
        one = data.isel(delay=k)
        across = one["across"].values
        ax.plot(milli, one["pre"], color=_pages.BLUE, lw=1.0, label="pre")
        ax.plot(milli, one["post"], color=_pages.ORANGE, lw=1.0, label="post")
        ax.plot(milli, across, color="k", lw=1.0, ls="--", label="post - pre")
        beyond = np.where(np.abs(across) > threshold, across, np.nan)
        ax.plot(milli, beyond, color=_pages.RED, lw=3.0, label="beyond the threshold")
        for sign in (1.0, -1.0):
            ax.axhline(sign * threshold, color="0.7", lw=0.7, ls=":")
        ax.set(xlabel="$t$ (ms)", ylabel="voltage (V)")
        ax.text(0.98, 0.02, rf"$\Delta t = {1e3 * float(one['delay']):+g}$ ms", transform=ax.transAxes, ha="right")
    axes[0].legend(frameon=False, fontsize="x-small", loc="upper right", bbox_to_anchor=(1.0, 0.93))
    _pages.letters(axes)
    return figure


@PAPER.figure(
    "8c",
    title="spike-timing-dependent plasticity of a bipolar synapse with a threshold",
    place="Fig. 8 c",
    quick={"delays": (-20e-3, -5e-3, 5e-3, 20e-3)},
    example=Example("delays=(-5e-3, 5e-3)", {"shape": 2, "delay": 2, "law": 61}, panels=1),
)
def figure8c(*, delays: Sequence[float] = DELAYS, shapes: Sequence[str] = tuple(SPIKES)) -> xr.Dataset:
    """Return by how much a pair of spikes changes the weight of a synapse, against the time between the two.

    Parameters
    ----------
    delays : sequence of float
        From the spike of pre to that of post (s), whole numbers of 1 ms.
    shapes : sequence of str
        Of the spikes: "exponential", "rectangular".

    Returns
    -------
    xarray.Dataset
        `change` (shape, delay) of the weight, from 0 to 1; `exact` (shape, law), the integral of its rate over the same
        voltage, at times between the smallest and the largest delay; `first` (shape, delay), what the earlier spike
        changes alone.

    Notes
    -----
    The paper shows a measurement. Spikes are those of `figure8b`; `BipolarThreshold` lies from post to pre.
    """
    import xarray as xr

    names, between = elements.words("shapes", shapes, SPIKES), elements.several("delays", delays)
    spikes = [SPIKES[one] for one in names]
    found = [
        analysis.stdp(
            elements.synapse(I_0=I_0, v_0=V_0, v_th=V_TH), between, pre=one.wave, state="w", dt=1e-3,
            method="adaptive", rtol=1e-6,
        )
        for one in spikes
    ]  # fmt: skip
    law = np.linspace(min(between), max(between), 61)
    return xr.Dataset(
        {
            "change": (("shape", "delay"), [one["change_mean"].values for one in found]),
            "first": (("shape", "delay"), [one["change_first"].values[:, 0] for one in found]),
            "exact": (("shape", "law"), [[exact_change(one, delay) for delay in law.tolist()] for one in spikes]),
        },
        {
            "shape": names,
            "delay": ("delay", between, {"units": "s"}),
            "law": ("law", law, {"units": "s"}),
        },
    )


def _spike(shape: str) -> Spike:
    return SPIKES[check.one_of("shape", shape, SPIKES)]


def exact_change(spike: Spike, delay: float) -> float:
    """Return the integral of the rate of the weight under a pair of spikes (s) by Gauss, piece for piece."""
    node, weight = np.polynomial.legendre.leggauss(40)
    ends = np.unique([*spike.corners, *(abs(delay) + one for one in spike.corners)])
    pre, post = shifted(spike.wave, max(-delay, 0.0)), shifted(spike.wave, max(delay, 0.0))

    def across(time: Any) -> Floats:
        return np.asarray(post(time) - pre(time))

    # Where the voltage passes the threshold the integrand has a corner: pieces end there, too.
    corners = [root for low, high in itertools.pairwise(ends) for root in _crossings(across, low, high)]
    ends = np.unique([*ends, *corners])
    middle, half = 0.5 * (ends[1:] + ends[:-1]), 0.5 * (ends[1:] - ends[:-1])
    time = middle[:, None] + half[:, None] * node
    return float(np.sum(half[:, None] * weight * _rate(across(time))))


def _rate(volts: Floats) -> Floats:
    size = np.abs(volts)
    beyond = np.exp(size / V_0) - np.exp(V_TH / V_0)
    return np.asarray(np.where(size > V_TH, I_0 * np.sign(volts) * beyond, 0.0))


def _crossings(across: Callable[[Any], Floats], low: float, high: float) -> list[float]:
    """Return moments (s) between two ends of a piece at which the size of the voltage passes the threshold."""
    from scipy import optimize

    def excess(time: Any) -> Floats:
        return np.abs(across(time)) - V_TH

    # It jumps at both ends, and may be beyond the threshold close to one of them alone; waves jump within rounding.
    inside = low + (high - low) * np.r_[1e-6, np.linspace(0.0, 1.0, 18)[1:-1], 1.0 - 1e-6]
    sign = np.sign(excess(inside))
    return [
        float(optimize.brentq(excess, inside[k], inside[k + 1], xtol=1e-13))
        for k in np.flatnonzero(sign[1:] * sign[:-1] < 0.0)
    ]


@PAPER.drawing("8c")
def plot_figure8c(data: xr.Dataset) -> Figure:
    """Draw the change of the weight against the time between spikes, and its integral (line), for each shape."""
    figure, axes = _pages.grid(1, 1, side=3.6)
    ax = axes[0]
    for shape, colour in zip(data["shape"].values, (_pages.RED, _pages.BLUE), strict=False):
        one = data.sel(shape=shape)
        ax.plot(1e3 * data["law"], one["exact"], color=colour, lw=0.8)
        ax.plot(1e3 * data["delay"], one["change"], "o", color=colour, ms=4, label=str(shape))
    for line in (ax.axhline, ax.axvline):
        line(0.0, color="0.8", lw=0.6, zorder=0)
    ax.set(xlabel=r"$\Delta t$ (ms)", ylabel=r"$\Delta w$")
    ax.legend(frameon=False, fontsize="small")
    ax.spines[["top", "right"]].set_visible(False)
    return figure
