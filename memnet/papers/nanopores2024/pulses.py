"""Figures 19 d and 34 a: trains of pulses that open a pore step by step, and close it again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from memnet import drive
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.devices import RetentiveNanopore
from memnet.papers import _pages
from memnet.papers._registry import Example
from memnet.papers.nanopores2024 import cycles, panels
from memnet.papers.nanopores2024.common import PAPER
from memnet.theory import steady_curve

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Train:
    """`count` pulses of one voltage, then as many of another, each followed by 0 V for a time."""

    count: int
    up: float
    down: float
    width: float
    gap: float

    @staticmethod
    def of(count: Any, up: Any, down: Any, width: Any, gap: Any) -> Train:
        """Return that of arguments of a figure, which are checked."""
        return Train(
            check.integer("count", count, 1),
            check.real("up", up),
            check.real("down", down),
            check.real("width", width, 0.0, np.inf, "()", "s"),
            check.real("gap", gap, 0.0, np.inf, "()", "s"),
        )

    @property
    def voltage(self) -> Floats:
        """Of each pulse (V)."""
        return np.repeat([self.up, self.down], self.count)

    @property
    def starts(self) -> Floats:
        """Of each pulse (s)."""
        return (self.width + self.gap) * np.arange(2.0 * self.count)

    @property
    def wave(self) -> drive.Waveform:
        """The voltage over time."""
        volts = np.c_[self.voltage, np.zeros(2 * self.count)].ravel()
        return drive.steps(volts, np.c_[self.starts, self.starts + self.width].ravel())


@PAPER.figure(
    "19d",
    title="currents of a retentive pore under pulses that open and close it",
    place="Fig. 19 d",
    quick={"rows": 10},
    example=Example("count=2, rows=5", {"time": 41}, panels=2),
)
def figure19d(
    *,
    count: int = 20,
    up: float = 0.8,
    down: float = -1.2,
    width: float = 0.5e-3,
    gap: float = 0.5e-3,
    rows: int = 50,
) -> xr.Dataset:
    """Return the current of `RetentiveNanopore` pulses over time.

    Parameters
    ----------
    count : int
        Pulses of each voltage, >= 1.
    up, down : float
        Of the first and of the second half of them (V).
    width, gap : float
        How long a pulse is (s), and how long 0 V after it: one is a whole number of `rows`-th parts of the other.
    rows : int
        Rows in a pulse, >= 2.

    Returns
    -------
    xarray.Dataset
        `current`, `x`, `conductance` and `voltage` (time).

    Notes
    -----
    The paper shows measurements. Pore and pulses are ours, after its equations 65 to 70. Steps of a fixed length are
    exact here: the voltage holds in each, and x is affine.
    """
    import xarray as xr

    train = Train.of(count, up, down, width, gap)
    spacing = train.width / check.integer("rows", rows, 2)
    run = _run(train, spacing)
    return xr.Dataset(
        {
            "voltage": ("time", run["voltage"].sel(electrode="in").values, {"units": "V"}),
            "current": ("time", run["current"].sel(electrode="in").values, {"units": "A"}),
            "conductance": ("time", run["conductance"].values, {"units": "S"}),
            "x": ("time", run["state_x"].values[:, 0], {"units": "1"}),
        },
        {"time": ("time", run["time"].values, {"units": "s"})},
    )


def _run(train: Train, spacing: float) -> xr.Dataset:
    """Return the run of the pore under a train, in steps of a length that divides pulses and gaps."""
    steps = [round(span / spacing) for span in (train.width, train.gap)]
    for name, span, n in zip(("width", "gap"), (train.width, train.gap), steps, strict=True):
        if n < 1 or abs(n * spacing - span) > 1e-9 * span:
            raise ValueError(f"{name} must be a whole number of rows of {spacing!r} s, got {span!r} s")
    circuit = cycles.pores(("in", "out", RetentiveNanopore.preset("pulses")))
    sim = circuit.simulation({"in": train.wave, "out": 0.0}, dt=spacing)
    sim.warned_of_steps = True  # they are exact at constant voltages
    data: xr.Dataset = sim.run(2 * train.count * sum(steps) + 1, record=["current", "state:x"])
    return data


@PAPER.drawing("19d")
def plot_figure19d(data: xr.Dataset) -> Figure:
    """Draw the current (left) under the voltage (right) over time."""
    figure, axes = _pages.grid(2, 2, side=3.4)
    milli = panels.MILLI * data["time"].values
    axes[0].plot(milli, panels.MICRO * data["current"], color=_pages.RED, lw=0.9)
    axes[0].set(xlabel="$t$ (ms)", ylabel="$I$ (µA)")
    axes[1].plot(milli, data["voltage"], color=_pages.BLUE, lw=0.9, drawstyle="steps-post")
    axes[1].set(xlabel="$t$ (ms)", ylabel="$V$ (V)")
    _pages.letters(axes)
    return figure


@PAPER.figure(
    "34a",
    title="long-term potentiation and depression of a retentive pore",
    place="Fig. 34 a",
    example=Example("count=3", {"pulse": 6, "end": 2}, panels=1),
)
def figure34a(
    *,
    count: int = 20,
    up: float = 0.8,
    down: float = -1.2,
    width: float = 0.5e-3,
    gap: float = 0.5e-3,
) -> xr.Dataset:
    """Return the conductance of `RetentiveNanopore` pulses that is read at 0 V after each pulse and its gap.

    Parameters
    ----------
    count, up, down, width, gap
        As for `figure19d`; `width` is a whole number of times `gap`, or the other way round.

    Returns
    -------
    xarray.Dataset
        `conductance`, `x` and the `voltage` of the pulse (pulse), which counts from 1; `range` (S), the conductances
        at rest at 0 V and of the open pore; and `retention` (s), the relaxation time at 0 V.

    Notes
    -----
    As for `figure19d`.
    """
    import xarray as xr

    train = Train.of(count, up, down, width, gap)
    run = _run(train, min(train.width, train.gap))
    each = (run.sizes["time"] - 1) // (2 * train.count)
    pore = RetentiveNanopore.preset("pulses")
    rest = steady_curve(pore, [0.0]).isel(voltage=0)
    return xr.Dataset(
        {
            "conductance": ("pulse", run["conductance"].values[each::each], {"units": "S"}),
            "x": ("pulse", run["state_x"].values[each::each, 0], {"units": "1"}),
            "voltage": ("pulse", train.voltage, {"units": "V"}),
            "range": ("end", [float(run["conductance"][0]), float(pore.parameters["g_H"])], {"units": "S"}),
            "retention": ((), float(rest["tau_x"]), {"units": "s"}),
        },
        {"pulse": np.arange(1, 2 * train.count + 1)},
    )


@PAPER.drawing("34a")
def plot_figure34a(data: xr.Dataset) -> Figure:
    """Draw the conductance after each pulse: potentiation (green), then depression (red)."""
    figure, axes = _pages.grid(1, 1, side=3.6)
    ax, pulse = axes[0], data["pulse"].values
    half = pulse.size // 2
    micro = panels.MICRO * data["conductance"].values
    ax.plot(pulse[:half], micro[:half], "o", color=_pages.GREEN, ms=4, label="potentiation")
    ax.plot(pulse[half:], micro[half:], "o", color=_pages.RED, ms=4, label="depression")
    for level in panels.MICRO * data["range"].values:
        ax.axhline(level, color="0.7", lw=0.8, ls="--")
    ax.set(xlabel="pulse", ylabel="$G$ at 0 V (µS)")
    ax.legend(frameon=False, fontsize="small")
    ax.spines[["top", "right"]].set_visible(False)
    return figure
