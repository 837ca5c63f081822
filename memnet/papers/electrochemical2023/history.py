"""Figures 10 c and 10 d: what a synapse learns, after a priming pulse and under the voltage of a third terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from memnet import analysis, drive
from memnet.base import check
from memnet.papers import _pages
from memnet.papers._registry import Example
from memnet.papers.electrochemical2023 import _elements as elements
from memnet.papers.electrochemical2023.common import PAPER

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

# A priming pulse is this long (s); a sweep goes to this voltage (V) at 1 V/s; the speed of the gated synapse (1/s).
PRIMING, SWEEP, SPEED = 5.0, 3.0, 0.03


@PAPER.figure(
    "10c",
    title="metaplasticity: what a priming pulse does to the potentiation and depression that follow",
    place="Fig. 10 c",
    example=Example("voltages=(0.0, 0.8), count=3", {"priming": 2, "direction": 2, "pulse": 4}, panels=1),
)
def figure10c(*, voltages: Sequence[float] = (-0.8, 0.0, 0.8), count: int = 10, amplitude: float = 1.5) -> xr.Dataset:
    """Return the weight of a primed synapse under a train of pulses that potentiate and one that depress.

    Parameters
    ----------
    voltages : sequence of float
        Of priming pulses of 5 s (V); 0 for none.
    count : int
        Pulses of each train, of 1 s, >= 2.
    amplitude : float
        Of the pulses (V).

    Returns
    -------
    xarray.Dataset
        `weight` (priming, direction, pulse), from 0 to 1; `moved` (priming), what the priming pulse itself changed.

    Notes
    -----
    The paper shows a measurement without an equation. The synapse is ours: pulses beyond 1 V move its weight, smaller
    voltages only how fast they do.
    """
    import xarray as xr

    volts = elements.several("voltages", voltages)
    found = [
        analysis.potentiation(
            elements.primed(), amplitude=amplitude, width=1.0, interval=1.0, count=count, dt=1.0, state="w",
            priming=None if one == 0.0 else (one, PRIMING),
        )
        for one in volts
    ]  # fmt: skip
    weights = np.array([one["weight_mean"].values for one in found])
    return xr.Dataset(
        {
            "weight": (("priming", "direction", "pulse"), weights),
            "moved": ("priming", weights[:, 0, 0] - elements.primed().parameters["w_0"]),
        },
        {"priming": ("priming", volts, {"units": "V"}), "direction": ["up", "down"], "pulse": np.arange(count + 1)},
    )


@PAPER.drawing("10c")
def plot_figure10c(data: xr.Dataset) -> Figure:
    """Draw the weight against the pulse, up and then down, a line a priming pulse."""
    figure, axes = _pages.grid(1, 1, side=3.6)
    ax, count = axes[0], data.sizes["pulse"] - 1
    for k, colour in enumerate(_pages.shades(data.sizes["priming"])):
        one = data.isel(priming=k)
        volts = float(one["priming"])
        row = np.r_[one["weight"].sel(direction="up").values, one["weight"].sel(direction="down").values[1:]]
        label = f"primed with ${volts:+g}$ V" if volts != 0.0 else "not primed"
        ax.plot(np.arange(2 * count + 1), row, "o-", color=colour, ms=3, lw=0.8, label=label)
    ax.set(xlabel="pulse", ylabel="$w$")
    ax.legend(frameon=False, fontsize="small")
    ax.spines[["top", "right"]].set_visible(False)
    return figure


@PAPER.figure(
    "10d",
    title="heterosynaptic plasticity: a third terminal that tunes set, reset and potentiation",
    place="Fig. 10 d",
    quick={"gates": (-1.0, 1.0)},
    example=Example(
        "gates=(0.0, 1.0), count=3, rows=60", {"time": 61, "gate": 2, "direction": 2, "pulse": 4}, panels=2
    ),
)
def figure10d(
    *, gates: Sequence[float] = (-1.0, 0.0, 1.0), count: int = 10, amplitude: float = 2.0, rows: int = 1200
) -> xr.Dataset:
    """Return loops of a synapse, and trains at it, under constant voltages at a third terminal.

    Parameters
    ----------
    gates : sequence of float
        Voltages at the third terminal (V).
    count, amplitude : int, float
        Pulses of each train of 0.1 s, >= 2, and their voltage (V).
    rows : int
        Of a sweep to 3 V, to -3 V and back, at 1 V/s.

    Returns
    -------
    xarray.Dataset
        `voltage` (time) in V, `current` (gate, time) in A; `set_voltage` and `reset_voltage` (gate), where half the
        range is passed, upwards and downwards (V), nan where it is not; `weight` (gate, direction, pulse) in S.

    Notes
    -----
    The paper shows a device of tantalum oxide without an equation. The synapse is `GatedMemristor`, whose rate grows by
    e for each volt at its gate.
    """
    import xarray as xr

    volts = elements.several("gates", gates)
    sweeps = [_swept(one, check.integer("rows", rows, 20)) for one in volts]
    pulse: dict[str, Any] = {"amplitude": amplitude, "width": 0.1, "interval": 0.1, "dt": 0.1, "count": count}
    trains = [
        analysis.potentiation(
            elements.gated(SPEED), weight="channel", others={"gate": one}, method="adaptive", rtol=1e-5, **pulse
        )
        for one in volts
    ]
    turned = np.array([_turns(one) for one in sweeps])
    return xr.Dataset(
        {
            "voltage": ("time", sweeps[0]["voltage"].sel(electrode="in").values, {"units": "V"}),
            "current": (
                ("gate", "time"),
                [one["current"].sel(electrode="in").values for one in sweeps],
                {"units": "A"},
            ),
            "set_voltage": ("gate", turned[:, 0], {"units": "V"}),
            "reset_voltage": ("gate", turned[:, 1], {"units": "V"}),
            "weight": (
                ("gate", "direction", "pulse"),
                [one["weight_mean"].values for one in trains],
                {"units": "S"},
            ),
        },
        {
            "gate": ("gate", volts, {"units": "V"}),
            "time": ("time", sweeps[0]["time"].values, {"units": "s"}),
            "direction": ["up", "down"],
            "pulse": np.arange(count + 1),
        },
    )


def _swept(gate: float, rows: int) -> xr.Dataset:
    """Return a sweep at 1 V/s with a voltage (V) at the gate."""
    duration = 4.0 * SWEEP
    wave = drive.triangle(-SWEEP, SWEEP, duration, phase=0.25)
    held: dict[str, Any] = {"in": wave, "out": 0.0, "gate": gate}
    sim = elements.gated(SPEED).simulation(held, dt=duration / rows, method="adaptive", rtol=1e-5)
    return sim.run(rows + 1, record=["current", "state:x"])


def _turns(run: xr.Dataset) -> tuple[float, float]:
    """Return the voltages (V) at which half of the range is passed first, upwards and downwards; nan for none."""
    time, x = run["time"].values, run["state_x"].values[:, 0]
    volts = run["voltage"].sel(electrode="in").values
    ups, downs = elements.upward(time, x, 0.5), elements.upward(time, -x, -0.5)
    up, down = (float(np.interp(t[0], time, volts)) if t.size else float("nan") for t in (ups, downs))
    return up, down


@PAPER.drawing("10d")
def plot_figure10d(data: xr.Dataset) -> Figure:
    """Draw the size of the current against the voltage, and the weight against the pulse, a line a gate voltage."""
    figure, axes = _pages.grid(2, 2, side=3.4)
    count = data.sizes["pulse"] - 1
    for k, colour in enumerate(_pages.shades(data.sizes["gate"])):
        one = data.isel(gate=k)
        axes[0].semilogy(data["voltage"], np.abs(one["current"]), color=colour, lw=1.0)
        row = np.r_[one["weight"].sel(direction="up").values, one["weight"].sel(direction="down").values[1:]]
        label = f"${float(one['gate']):+g}$ V"
        axes[1].plot(np.arange(2 * count + 1), 1e6 * row, "o-", color=colour, ms=3, lw=0.8, label=label)
    axes[0].set(xlabel="$V$ (V)", ylabel="$|I|$ (A)")
    axes[1].set(xlabel="pulse", ylabel="$G$ (µS)")
    axes[1].legend(title="gate", frameon=False, fontsize="small", title_fontsize="small")
    _pages.letters(axes)
    return figure
