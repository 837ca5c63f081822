"""Figures 6 b and 6 d: a weight that follows the rate of pulses, and the time between spikes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from memnet import analysis
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.papers import _pages
from memnet.papers._registry import Example
from memnet.papers.diffusive2017 import common, synapse
from memnet.papers.diffusive2017.common import PAPER

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@PAPER.figure(
    "6b",
    title="spike-rate-dependent plasticity of a diffusive and a drift memristor in series",
    quick={"intervals": (0.1, 1.0, 3.0, 10.0), "runs": 24},
    example=Example("intervals=(0.1, 1.0), count=3, runs=4", {"interval": 2, "run": 4}, panels=1),
)
def figure6b(
    *,
    intervals: Sequence[float] = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0),
    amplitude: float = 6.5,
    width: float = 0.1,
    count: int = 15,
    weight: float = 0.0,
    runs: int = 60,
    dt: float = 0.02,
    seed: int = 1,
    preset: str = "dm2017",
) -> xr.Dataset:
    """Return by how much 15 pulses change the weight of the drift memristor, against the time t_zero between them.

    Parameters
    ----------
    intervals : sequence of float
        t_zero, from the end of a pulse to the start of the next one (1/kappa).
    amplitude, width : float
        Of the pulses (V_th, 1/kappa) at the synapse, a diffusive and a drift memristor in series.
    count : int
        Pulses of a train.
    weight : float
        State of the drift memristor at the start: 0 is its high resistance.
    runs : int
        Realisations, >= 2.
    dt : float
        Step (1/kappa), of which width and intervals are whole numbers.
    seed : int
        Of the noise.
    preset : str
        Published set of the diffusive memristor.

    Returns
    -------
    xarray.Dataset
        `change` (interval, run) of the state, from 0 to 1, `mean` and `error` (interval); `conductance_change`
        (interval, run), that of the drift memristor in units of its largest conductance.

    Notes
    -----
    The drift memristor is ours: 1,000 r_t at state 0 and 200 r_t at state 1, dx/dt = 400 i above 3 V_th.
    """
    import xarray as xr

    found = analysis.srdp(
        synapse.synapse(common.memristor(preset), weight), list(intervals), amplitude=amplitude, width=width,
        count=count, weight=synapse.DRIFT, state=synapse.WEIGHT, dt=dt, realisations=check.integer("runs", runs, 2),
        seed=seed,
    )  # fmt: skip
    return xr.Dataset(
        _changes("interval", found),
        {"interval": ("interval", list(intervals), {"units": "1/kappa"})},
        {"particles": preset},
    )


def _changes(axis: str, found: xr.Dataset) -> dict[str, Any]:
    """Return changes of the state and of the conductance that a protocol measured."""
    before, after = (synapse.conductance_of(found[name].values) for name in ("before", "after"))
    return {
        "change": ((axis, "run"), found["change"].values),
        "mean": (axis, found["change_mean"].values),
        "error": (axis, found["change_error"].values),
        "conductance_change": ((axis, "run"), after - before, {"units": "1/R_on"}),
    }


@PAPER.drawing("6b")
def plot_figure6b(data: xr.Dataset) -> Figure:
    """Draw the change of the weight against t_zero: each realisation (grey), and mean and standard error (red)."""
    figure, axes = _pages.grid(1, 1, side=3.6)
    ax = axes[0]
    runs(ax, data["interval"].values, data["change"].values)
    ax.errorbar(data["interval"], data["mean"], data["error"], fmt="o--", ms=4, color=_pages.RED, label="mean")
    ax.set(xlabel=r"$t_\mathrm{zero}\kappa$", ylabel=r"$\Delta w$ after the train", xscale="log", ylim=(-0.05, 1.05))
    ax.legend(frameon=False, fontsize="small")
    ax.spines[["top", "right"]].set_visible(False)
    return figure


def runs(ax: Axes, times: Floats, change: Floats) -> None:
    """Draw single realisations as points."""
    ax.plot(np.repeat(times, change.shape[1]), change.ravel(), ".", ms=3, color="0.8", label="realisations")


@PAPER.figure(
    "6d",
    title="spike-timing-dependent plasticity with spikes that do not overlap, and the spikes (6 c)",
    place="Fig. 6 c, d",
    quick={"delays": (1.0, 10.0, 40.0), "runs": 24},
    example=Example("delays=(1.0,), long=1.0, runs=4", {"delay": 2, "run": 4, "order": 2, "time": 8}, panels=2),
)
def figure6d(
    *,
    delays: Sequence[float] = (0.5, 1.0, 3.0, 10.0, 20.0, 40.0, 80.0, 160.0),
    high: float = synapse.HIGH,
    short: float = synapse.SHORT,
    low: float = synapse.LOW,
    long: float = synapse.LONG,
    weight: float = 0.5,
    runs: int = 60,
    dt: float = 0.02,
    seed: int = 1,
    preset: str = "dm2017",
) -> xr.Dataset:
    """Return by how much a pair of spikes changes the weight of the drift memristor, against the time between them.

    Parameters
    ----------
    delays : sequence of float
        Sizes of delta t, from the end of the first spike to the start of the second one (1/kappa), > 0. Each is
        applied with either order: positive where pre comes first.
    high, short : float
        Voltage and length of the first part of a spike (V_th, 1/kappa).
    low, long : float
        Of the second part.
    weight : float
        State of the drift memristor at the start.
    runs, dt, seed, preset
        As for `figure6b`.

    Returns
    -------
    xarray.Dataset
        `change` (delay, run) of the state, `mean` and `error` (delay), `first` (delay, run), the change by the first
        spike alone, and `conductance_change` as in `figure6b`; `voltage` (order, time) across the synapse, a schematic
        of the pair with pre first and with post first and the second shortest delay.

    Notes
    -----
    Both spikes are negative voltages at their own ports, so pre is negative across the synapse and post positive, and
    a positive current lets the weight grow.
    """
    import xarray as xr

    shape = {"high": high, "short": short, "low": low, "long": long}
    sizes = np.sort(np.asarray(check.array("delays", delays, (None,))))
    signed = np.r_[-sizes[::-1], sizes]
    device = common.memristor(preset)
    found = analysis.stdp(
        synapse.synapse(device, weight, ("pre", "post")), signed, pre=synapse.spike(-1.0, **shape), delay_from="end",
        weight=synapse.DRIFT, state=synapse.WEIGHT, dt=dt, realisations=check.integer("runs", runs, 2), seed=seed,
    )  # fmt: skip
    time, volts = _schematic(float(sizes[min(1, sizes.size - 1)]), **shape)
    return xr.Dataset(
        {
            **_changes("delay", found),
            "first": (("delay", "run"), found["change_first"].values),
            "voltage": (("order", "time"), [volts, -volts], {"units": "V_th"}),
        },
        {
            "delay": ("delay", signed, {"units": "1/kappa"}),
            "order": ["pre first", "post first"],
            "time": ("time", time, {"units": "1/kappa"}),
        },
    )


def _schematic(delay: float, *, high: float, short: float, low: float, long: float) -> tuple[Floats, Floats]:
    """Return corners (1/kappa) and voltages (V_th) across the synapse from there on, of a pair with pre first."""
    whole = short + long
    second = whole + delay
    rest = 0.1 * second
    time = [-rest, 0.0, short, whole, second, second + short, second + whole, second + whole + rest]
    volts = [0.0, -high, -low, 0.0, high, low, 0.0, 0.0]
    return np.array(time), np.array(volts)


@PAPER.drawing("6d")
def plot_figure6d(data: xr.Dataset) -> Figure:
    """Draw the spikes (left), and the change of the weight against delta t (right): red where pre comes first."""
    figure, axes = _pages.grid(2, 2, side=3.4)
    ax = axes[0]
    for order, colour, level in zip(data["order"].values, (_pages.RED, _pages.BLUE), (0.0, -14.0), strict=True):
        ax.step(data["time"], level + data["voltage"].sel(order=order), where="post", color=colour, label=order)
        ax.axhline(level, color="0.85", lw=0.8, zorder=0)
    ax.set(xlabel=r"$t\kappa$", ylabel=r"$V / V_\mathrm{th}$ across the synapse")
    ax.set_yticks([0.0, -synapse.HIGH, synapse.HIGH])
    ax.legend(frameon=False, fontsize="small", loc="center left")
    ax = axes[1]
    runs(ax, data["delay"].values, data["change"].values)
    for side, colour in ((data["delay"] < 0.0, _pages.BLUE), (data["delay"] > 0.0, _pages.RED)):
        one = data.isel(delay=np.flatnonzero(side))
        ax.errorbar(one["delay"], one["mean"], one["error"], fmt="o-", ms=4, color=colour)
    ax.axhline(0.0, color="0.7", lw=0.8, ls="--")
    ax.set(xlabel=r"$\Delta t\,\kappa$", ylabel=r"$\Delta w$")
    _pages.letters(axes)
    return figure
