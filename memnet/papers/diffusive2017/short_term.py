"""Figures 5 b and 5 c: what a diffusive memristor alone remembers of the pulses before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from memnet import analysis, drive
from memnet.base import check
from memnet.base.arrays import Floats, Steps
from memnet.papers import _pages
from memnet.papers._registry import Example
from memnet.papers.diffusive2017 import common
from memnet.papers.diffusive2017.common import PAPER

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

# Pulses (V_th, 1/kappa): far from a bridge, nearly one, and one each.
SHAPES = ((5.0, 0.1), (5.0, 0.6), (3.0, 2.0))


@PAPER.figure(
    "5b",
    title="paired pulses: facilitation and depression against the interval",
    quick={"intervals": (0.1, 1.0, 10.0), "runs": 16},
    example=Example(
        "shapes=((5.0, 0.1),), intervals=(0.1, 1.0), count=3, runs=4",
        {"shape": 1, "interval": 2, "run": 4, "pulse": 3},
        panels=2,
    ),
)
def figure5b(
    *,
    shapes: Sequence[tuple[float, float]] = SHAPES,
    intervals: Sequence[float] = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 60.0),
    count: int = 10,
    runs: int = 60,
    dt: float = 0.05,
    seed: int = 1,
    preset: str = "dm2017",
    c_t: float = 20.0,
) -> xr.Dataset:
    """Return the conductance at the end of each pulse of a train, for intervals t_zero between pulses.

    Parameters
    ----------
    shapes : sequence of (float, float)
        Of the pulses: amplitude (V_th) and width (1/kappa).
    intervals : sequence of float
        t_zero, from the end of a pulse to the start of the next one (1/kappa).
    count : int
        Pulses of a train, >= 2.
    runs : int
        Realisations, >= 2.
    dt : float
        Step (1/kappa), of which widths and intervals are whole numbers.
    seed : int
        Of the noise.
    preset : str
        Published set of the memristor.
    c_t : float
        Its heat capacity C_T.

    Returns
    -------
    xarray.Dataset
        `conductance` (shape, interval, run, pulse) in G_max; `index` (shape, interval, pulse), G_n/G_1 of the means,
        and `index_error`, its standard error; `change` (shape, interval), what the last pulse adds to the first
        (percent), and `change_error`; `amplitude` and `width` (shape).

    Notes
    -----
    The paper measures pulses of 3 V and 1 ms. Pulses that are far from a bridge facilitate at all intervals, less at
    long ones; those that make one depress.
    """
    import xarray as xr

    device = common.memristor(preset, c_t=c_t)
    found = xr.concat(
        [
            analysis.paired_pulse(
                device, list(intervals), amplitude=volts, width=width, count=count, dt=dt,
                realisations=check.integer("runs", runs, 2), seed=seed,
            )
            for volts, width in shapes
        ],
        dim="shape",
        combine_attrs="drop",
    )  # fmt: skip
    last = {"pulse": -1}
    return xr.Dataset(
        {
            "conductance": (
                ("shape", "interval", "run", "pulse"),
                found["conductance"].transpose("shape", "interval", "realisation", "pulse").values
                / common.largest_conductance(device),
                {"units": "G_max"},
            ),
            "index": (("shape", "interval", "pulse"), found["index"].values),
            "index_error": (("shape", "interval", "pulse"), found["index_error"].values),
            "change": (("shape", "interval"), 100.0 * (found["index"].isel(last).values - 1.0), {"units": "percent"}),
            "change_error": (
                ("shape", "interval"),
                100.0 * found["index_error"].isel(last).values,
                {"units": "percent"},
            ),
            "amplitude": ("shape", [one[0] for one in shapes], {"units": "V_th"}),
            "width": ("shape", [one[1] for one in shapes], {"units": "1/kappa"}),
        },
        {"interval": ("interval", list(intervals), {"units": "1/kappa"}), "pulse": np.arange(1, count + 1)},
    )


@PAPER.drawing("5b")
def plot_figure5b(data: xr.Dataset) -> Figure:
    """Draw G_n/G_1 against the pulse, a panel a shape of the pulses, and the change in percent against t_zero."""
    shapes = data.sizes["shape"]
    figure, axes = _pages.grid(shapes + 1, 2, side=3.2)
    for k, ax in enumerate(axes[:-1]):
        one = data.isel(shape=k)
        for colour, interval in zip(_pages.shades(data.sizes["interval"]), data["interval"].values, strict=True):
            row = one.sel(interval=interval)
            ax.errorbar(
                data["pulse"],
                row["index"],
                row["index_error"],
                fmt="o-",
                ms=3,
                lw=1,
                color=colour,
                label=f"{interval:g}",
            )
        ax.axhline(1.0, color="0.7", lw=0.8, ls="--")
        ax.set(xlabel="pulse", ylabel="$G_n / G_1$", yscale="log")
        ax.text(0.5, 1.02, pulse_text(one), transform=ax.transAxes, ha="center", fontsize="small")
    title = r"$t_\mathrm{zero}\kappa$"
    axes[0].legend(title=title, frameon=False, fontsize="x-small", title_fontsize="x-small", ncols=2)
    ax = axes[-1]
    for k, colour in zip(range(shapes), (_pages.BLUE, _pages.ORANGE, _pages.RED, _pages.GREEN) * shapes, strict=False):
        one = data.isel(shape=k)
        ax.errorbar(
            data["interval"], one["change"], one["change_error"], fmt="o-", ms=4, color=colour, label=pulse_text(one)
        )
    ax.axhline(0.0, color="0.7", lw=0.8, ls="--")
    ax.set(xlabel=r"$t_\mathrm{zero}\kappa$", ylabel="change of $G$ (%)", xscale="log")
    ax.set_yscale("symlog", linthresh=100.0)
    ax.set_ylim(-200.0, 1e4)
    ax.legend(frameon=False, fontsize="x-small")
    _pages.letters(axes)
    return figure


def pulse_text(one: xr.Dataset) -> str:
    """Return the shape of pulses in words."""
    return f"{float(one['amplitude']):g} $V_\\mathrm{{th}}$ for {float(one['width']):g}/$\\kappa$"


@PAPER.figure(
    "5c",
    title="pulses of low, high and low rate: facilitation, then depression",
    quick={"runs": 24, "counts": (3, 30, 5)},
    example=Example("counts=(1, 3, 1), runs=4", {"pulse": 5, "run": 4}, panels=2),
)
def figure5c(
    *,
    amplitude: float = 5.0,
    width: float = 0.1,
    gaps: Sequence[float] = (5.0, 0.1, 5.0),
    counts: Sequence[int] = (10, 40, 10),
    runs: int = 100,
    dt: float = 0.05,
    seed: int = 1,
    preset: str = "dm2017",
    c_t: float = 1.0,
) -> xr.Dataset:
    """Return the conductance at the end of each pulse of a train whose rate is low, high and low again.

    Parameters
    ----------
    amplitude, width : float
        Of the pulses (V_th, 1/kappa).
    gaps : sequence of float
        The time in front of a pulse of each part of the train (1/kappa).
    counts : sequence of int
        Pulses of each part, >= 1.
    runs, dt, seed, preset, c_t
        As for `figure5b`; gaps are whole numbers of dt.

    Returns
    -------
    xarray.Dataset
        `conductance` (pulse, run) in G_max; `mean` and `error` (pulse), with the standard error over realisations;
        `median`; `left` and `left_error` (pulse), the particles in the left half; `gap` and `part` (pulse), the time
        in front of it and to which part it belongs; `inflection`, the pulse with the largest mean, counted from the
        first one of its part.
    """
    import xarray as xr

    device = common.memristor(preset, c_t=c_t)
    if len(counts) != len(gaps):
        raise ValueError(f"counts must be as many as gaps, {len(gaps)}, got {check.shown(counts)}")
    part = np.repeat(np.arange(len(gaps)), [check.integer("counts", one, 1) for one in counts])
    gap = np.asarray(gaps, dtype=np.float64)[part]
    starts, stops = _train(gap, width, dt)
    volts = np.c_[np.full(part.size, check.real("amplitude", amplitude)), np.zeros(part.size)].ravel()
    wave = drive.steps(volts, dt * np.c_[starts, stops].ravel())
    sim = common.realisations(device, wave, runs=check.integer("runs", runs, 2), dt=dt, seed=seed)
    rows = stops.tolist()
    data = sim.run(int(stops[-1]) + 1, record={"snapshot:state:r": (device, rows), "snapshot:state:x": (device, rows)})
    g = common.shares(data["snapshot_state_r"].values, device)
    left = (data["snapshot_state_x"].values < 0.0).sum(axis=-1)
    mean = g.mean(axis=1)
    top = int(mean.argmax())
    return xr.Dataset(
        {
            "conductance": (("pulse", "run"), g, {"units": "G_max"}),
            "mean": ("pulse", mean, {"units": "G_max"}),
            "error": ("pulse", common.standard_error(g), {"units": "G_max"}),
            "median": ("pulse", np.median(g, axis=1), {"units": "G_max"}),
            "left": ("pulse", left.mean(axis=1)),
            "left_error": ("pulse", common.standard_error(left)),
            "gap": ("pulse", gap, {"units": "1/kappa"}),
            "part": ("pulse", part),
            "inflection": ((), top - int(np.searchsorted(part, part[top])) + 1),
        },
        {"pulse": np.arange(1, part.size + 1)},
    )


def _train(gap: Floats, width: float, dt: float) -> tuple[Steps, Steps]:
    """Return steps at which pulses begin and end, the first of them without its gap."""
    spans = np.c_[np.r_[0.0, gap[1:]], np.full(gap.size, width)] / check.real("dt", dt, 0.0, np.inf, "()", "1/kappa")
    steps = np.rint(spans)
    if (steps[:, 1] < 1.0).any() or (steps[1:, 0] < 1.0).any() or np.abs(steps - spans).max() > 1e-6:
        raise ValueError(f"width and gaps must be whole numbers of dt = {dt!r}, got {width!r} and {gap.tolist()!r}")
    at = np.cumsum(steps.ravel()).astype(np.int64).reshape(-1, 2)
    return at[:, 0], at[:, 1]


@PAPER.drawing("5c")
def plot_figure5c(data: xr.Dataset) -> Figure:
    """Draw conductance (left) and particles in the left half (right) against the pulse; the high rate is shaded."""
    figure, axes = _pages.grid(2, 2, side=3.4)
    pulse = data["pulse"].values
    ax = axes[0]
    ax.plot(pulse, data["conductance"].values[:, :8], color="0.85", lw=0.7)
    ax.errorbar(pulse, data["mean"], data["error"], fmt="o-", ms=3, color=_pages.BLUE, label="mean")
    ax.plot(pulse, data["median"], color=_pages.ORANGE, lw=1.2, label="median")
    ax.set(xlabel="pulse", ylabel=r"$G / G_\mathrm{max}$", ylim=(0.0, 1.0))
    ax.legend(frameon=False, fontsize="small")
    axes[1].errorbar(pulse, data["left"], data["left_error"], fmt="o-", ms=3, color=_pages.GREEN)
    axes[1].set(xlabel="pulse", ylabel="particles in the left half")
    fast = pulse[data["gap"].values == data["gap"].values.min()]
    for ax in axes:
        ax.axvspan(fast[0] - 0.5, fast[-1] + 0.5, color="0.95", zorder=0)
    _pages.letters(axes)
    return figure
