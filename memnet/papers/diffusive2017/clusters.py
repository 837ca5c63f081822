"""Figures 4 a and b: where the particles are under a pulse, and under a train of pulses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from memnet import analysis, drive
from memnet.base import check
from memnet.papers import _pages
from memnet.papers._registry import Example
from memnet.papers.diffusive2017 import _relaxations as relaxations, common
from memnet.papers.diffusive2017.common import PAPER

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BEFORE = 1.0  # 1/kappa before the pulse of 4 a
TRAIN_STEP = 0.02  # of the pulses and gaps of 4 b, a step of the simulation


# ---------------------------------------------------------------- 4 a: one pulse


@PAPER.figure(
    "4a",
    title="conductance and particles under a pulse, and the relaxation time over the temperature",
    place="Fig. 4 a",
    quick={"runs": 6, "moments": (0.5, 4.0, 14.0, 60.0), "duration": 60.0, "temperatures": (0.4, 0.45)},
    example=Example(
        "runs=2, duration=2.0, moments=(1.0, 3.0), temperatures=(0.6, 0.7)", ["pulse", "relaxation"], panels=4
    ),
)
def figure4a(
    *,
    amplitude: float = 2.0,
    width: float = 3.0,
    duration: float = 100.0,
    moments: Sequence[float] = (0.5, 4.0, 14.0, 100.0),
    window: float = 0.2,
    temperatures: Sequence[float] = relaxations.TEMPERATURES,
    runs: int = 30,
    seed: int = 1,
    preset: str = "dm2017",
) -> dict[str, xr.Dataset]:
    """Return conductances under a pulse, where the particles are at some moments, and relaxation times.

    Parameters
    ----------
    amplitude, width : float
        Of the pulse (V_th, 1/kappa), which begins at 1/kappa. Neither is in the paper.
    duration : float
        How long is seen after the pulse (1/kappa).
    moments : sequence of float
        When densities are taken (1/kappa): before the pulse, at its end, while the memristor relaxes, and after that.
    window : float
        Time over which a density is averaged around its moment (1/kappa); it is averaged over the realisations, too.
    temperatures : sequence of float
        For the inset, as k_B T/w_p, two or more; the pulse is at 0.45.
    runs : int
        Realisations, >= 1.
    seed : int
        Of the noise.
    preset : {"dm2017", "dm2017-printed"}
        Published set.

    Returns
    -------
    dict of xarray.Dataset
        `pulse`: `voltage` (time) in V_th, `conductance` (time, run) in G_max, `density` (moment, place) of the
        particles in their number per half the device, `x` (moment, run, particle), their places, and the `delay` of the
        mean conductance to 0.1 G_max (1/kappa).
        `relaxation`: `relaxation` (temperature, run) to 0.02 G_max in 1/kappa, and `A` and `B`, with standard errors,
        of its law ln(kappa tau) = A + B w_p/(k_B T) through the means.

    Notes
    -----
    A pulse of 2 V_th leaves the distribution of the particles almost restored, as the paper says, if it is not much
    longer than 3/kappa: 17 of 20 particles are then back at the left terminal, after 5/kappa 10 of 20. The line of the
    paper goes from 10/kappa to 31/kappa; with the friction that makes hops as slow as its text says, relaxation takes
    5 to 6 times as long, with the same activation. The relaxations start from one bridge (see `figure3b`). With all
    particles in their wells the conductance is 0.017 G_max, so the last of them decides when 0.02 G_max is reached.
    """
    import xarray as xr

    device, dt = common.memristor(preset), 0.02
    start, length = BEFORE, check.real("width", width, 0.0)
    volts = check.real("amplitude", amplitude)
    end = start + length
    wave = drive.steps([0.0, volts, 0.0], [0.0, start, end])
    sim = common.realisations(device, wave, runs=runs, dt=dt, seed=seed)
    pulse = common.run_with_densities(
        sim, device, end + check.real("duration", duration, 0.0), moments=moments, width=window, every=5
    )
    found = analysis.switching(
        pulse["time"].values, pulse["conductance"].mean("run").values, on=start, off=end, g_max=1.0
    )
    pulse["delay"] = ((), float(found.delay[0, 0]), {"units": "1/kappa"})
    pulse.attrs["pulse"] = [start, end]
    thetas = relaxations.temperatures(temperatures)
    times = relaxations.relaxation_times(thetas, preset=preset, runs=runs, seed=seed)
    law = relaxations.law(thetas, times)
    numbers = {
        "A": law.log_prefactor,
        "A_error": law.log_prefactor_error,
        "B": law.energy,
        "B_error": law.energy_error,
    }
    relaxation = xr.Dataset(
        {
            "relaxation": (("temperature", "run"), times, {"units": "1/kappa"}),
            **{name: ((), value, {"units": "1"}) for name, value in numbers.items()},
        },
        {"temperature": ("temperature", thetas, {"units": "w_p/k_B"})},
    )
    return {"pulse": pulse, "relaxation": relaxation}


# ---------------------------------------------------------------- 4 b: a train of pulses


@PAPER.figure(
    "4b",
    title="conductance and particles under a train of pulses: facilitation, then depression",
    place="Fig. 4 b",
    quick={"runs": 8},
    example=Example(
        "runs=2, count=2, moments=(0, 2)",
        {"time": 41, "run": 2, "moment": 2, "place": 40, "particle": 40, "pulse": 2},
        panels=4,
    ),
)
def figure4b(
    *,
    amplitude: float = 5.0,
    width: float = 0.1,
    gap: float = 0.1,
    count: int = 40,
    moments: Sequence[int] = (0, 1, 4, 10, 20, 40),
    window: float = 0.02,
    runs: int = 30,
    seed: int = 1,
    preset: str = "dm2017",
) -> xr.Dataset:
    """Return conductances under a train of pulses, and where the particles are after some of them.

    Parameters
    ----------
    amplitude, width, gap : float
        Of the pulses (V_th, 1/kappa), and between two of them (1/kappa); the first begins at once.
    count : int
        Pulses, >= 1.
    moments : sequence of int
        Densities are taken at the end of these pulses, counted from 1; 0 is the start.
    window : float
        Time over which a density is averaged around its moment (1/kappa); it is averaged over the realisations, too.
    runs : int
        Realisations, >= 1.
    seed : int
        Of the noise.
    preset : {"dm2017", "dm2017-printed"}
        Published set.

    Returns
    -------
    xarray.Dataset
        `voltage` (time) in V_th, `conductance` (time, run) in G_max, `density` (moment, place) of the particles in
        their number per half the device, `x` (moment, run, particle), their places, and `after` (pulse), the mean
        conductance at the end of each pulse in G_max.

    Notes
    -----
    The paper has 25 % of G_max after 4 pulses and about 75 % after 7; here it is 0.2 and 0.7, at the ends of these
    pulses, and the largest mean, 0.9, comes after 11. From there on the particles of the left terminal run out.
    """
    device = common.memristor(preset)
    length, rest = (check.real(name, one, 0.0) for name, one in (("width", width), ("gap", gap)))
    pulses, volts = check.integer("count", count, 1), check.real("amplitude", amplitude)
    dt = TRAIN_STEP * min(length, rest)
    period = length + rest
    shown = [check.integer("moments", one, 0, pulses) for one in moments]
    middles = [max(number * period - rest, 0.0) for number in shown]
    wave = drive.pulses(0.0, volts, length=length, spacing=rest, count=pulses)
    sim = common.realisations(device, wave, runs=runs, dt=dt, seed=seed)
    data = common.run_with_densities(sim, device, pulses * period, moments=middles, width=window, every=5)
    ends = period * np.arange(1.0, pulses + 1.0) - rest
    mean = data["conductance"].mean("run")
    data["after"] = ("pulse", mean.sel(time=ends, method="nearest").values, {"units": "G_max"})
    data.coords["pulse"] = np.arange(1, pulses + 1)
    return data


# ---------------------------------------------------------------- drawings


@PAPER.drawing("4a")
def plot_figure4a(data: dict[str, xr.Dataset]) -> Figure:
    """Draw the mean conductance (blue) above the pulse (red), and a panel of densities for each moment.

    Thin lines are the realisations. In the panels red dots are the particles of that nearest to the mean. The inset
    has the relaxation times over the inverse temperature, their law (blue) and the paper's, A = 0.1 and B = 1 (red).
    """
    figure, ax = _page(data["pulse"], columns=4)
    _inset(ax.inset_axes((0.62, 0.45, 0.37, 0.53)), data["relaxation"])
    return figure


@PAPER.drawing("4b")
def plot_figure4b(data: xr.Dataset) -> Figure:
    """Draw the mean conductance (blue) above the pulses (red), and a panel of densities for each moment.

    Thin lines are the realisations. In the panels red dots are the particles of that nearest to the mean.
    """
    return _page(data, columns=3)[0]


def _page(data: xr.Dataset, columns: int) -> tuple[Figure, Axes]:
    """Return a page with conductance, voltage and densities, and the panel of the conductance."""
    count = data.sizes["moment"]
    rows = -(-count // columns)
    figure = _pages.page(8.0, 3.6 + 1.7 * rows)
    above, below = figure.subfigures(2, 1, squeeze=False, height_ratios=(3.6, 1.7 * rows))[:, 0]
    ax, bottom = above.subplots(2, 1, sharex=True, height_ratios=(5.0, 1.0))
    _conductance(ax, data)
    bottom.step(data["time"], data["voltage"], color=_pages.RED, lw=0.9, where="post")
    bottom.set(xlabel=r"time ($1/\kappa$)", ylabel=r"$V/V_\mathrm{th}$")
    bottom.spines[["top", "right"]].set_visible(False)
    _densities([below.add_subplot(rows, columns, k + 1) for k in range(count)], data)
    return figure, ax


def _conductance(ax: Axes, data: xr.Dataset) -> None:
    """Draw conductances over time, and moments as orange dots with their numbers."""
    time, mean = data["time"].values, data["conductance"].mean("run").values
    ax.plot(time, data["conductance"].values, color=_pages.BLUE, lw=0.3, alpha=0.15)
    ax.plot(time, mean, color=_pages.BLUE, lw=1.6)
    moments, length = data["moment"].values, time[-1] - time[0]
    heights = np.interp(moments, time, mean)
    ax.plot(moments, heights, "o", color=_pages.ORANGE, ms=5.0, zorder=3, clip_on=False)
    crowded = np.diff(moments, prepend=-np.inf) < 0.03 * length
    for k, (moment, height) in enumerate(zip(moments, heights, strict=True)):
        lift = 18.0 if crowded[k] else 7.0  # points
        ax.annotate(str(k + 1), (moment, height), (0.0, lift), textcoords="offset points", ha="center")
    ax.set(ylabel=r"$G/G_\mathrm{max}$", ylim=(0.0, 1.05), xlim=(time[0] - 0.02 * length, time[-1]))
    ax.spines[["top", "right"]].set_visible(False)


def _densities(panels: Sequence[Axes], data: xr.Dataset) -> None:
    """Draw a density, linear up to 10, and the particles of a typical realisation in each panel."""
    top, edges = 5.0 * float(data["density"].max()), np.linspace(-1.0, 1.0, data.sizes["place"] + 1)
    apart = data["conductance"] - data["conductance"].mean("run")
    typical = int((apart**2).sum("time").argmin("run"))  # the realisation nearest to the mean
    for k, ax in enumerate(panels):
        x = data["x"].values[k, typical]
        ax.stairs(data["density"].values[k], edges, color=_pages.BLUE, lw=1.1)
        ax.plot(x, np.full(x.size, 0.9), ".", color=_pages.RED, ms=3.0, alpha=0.7, transform=ax.get_xaxis_transform())
        ax.set_yscale("symlog", linthresh=10.0, linscale=0.6)
        ax.set(xlim=(-1.0, 1.0), ylim=(0.0, top), xlabel="$x/L$", ylabel="particles per $L$")
        ax.set_title(rf"{k + 1}: {float(data['moment'][k]):.3g}/$\kappa$", fontsize="small")
        ax.label_outer()


def _inset(ax: Axes, relaxation: xr.Dataset) -> None:
    """Draw relaxation times over the inverse temperature with our law and the paper's."""
    inverse, times = 1.0 / relaxation["temperature"].values, relaxation["relaxation"].values
    ax.errorbar(inverse, times.mean(axis=1), common.standard_error(times), fmt="ko", ms=3.5, lw=0.9)
    line = np.linspace(inverse.min(), inverse.max(), 2)
    a, b = float(relaxation["A"]), float(relaxation["B"])
    ax.semilogy(line, np.exp(a + b * line), color=_pages.BLUE, lw=1.0, label=f"A = {a:.2f}, B = {b:.2f}")
    printed = f"A = {relaxations.PRINTED_A:g}, B = {relaxations.PRINTED_B:g} (paper)"
    ax.semilogy(
        line, np.exp(relaxations.PRINTED_A + relaxations.PRINTED_B * line), color=_pages.RED, lw=1.0, label=printed
    )
    ax.set_xlabel(r"$w_p/k_\mathrm{B}T$", fontsize="small")
    ax.set_ylabel(r"$\kappa\tau$", fontsize="small")
    ax.tick_params(labelsize="small")
    ax.legend(frameon=False, fontsize="x-small")
