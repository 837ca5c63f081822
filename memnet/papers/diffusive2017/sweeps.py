"""Figure 1 b: loops of current against voltage, with and without a compliance current."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from memnet import analysis, drive
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.devices import DiffusiveMemristor
from memnet.network import Network
from memnet.papers import _pages
from memnet.papers._registry import Example
from memnet.papers.diffusive2017 import common
from memnet.papers.diffusive2017.common import PAPER
from memnet.simulate import Simulation

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STEP, EVERY = 0.02, 5  # 1/kappa: of the circuit, in which source and device share the voltage; steps a row
SHOWN = {"unipolar": "unipolar, limited", "bipolar": "bipolar, limited", "unlimited": "unipolar, not limited"}


@PAPER.figure(
    "1b",
    title="loops of threshold switching, with and without a compliance current",
    place="Fig. 1 b",
    quick={"runs": 3, "loops": 2, "period": 20.0, "rest": 40.0},
    example=Example("runs=1, loops=1, period=2.0, rest=1.0", ["bipolar", "unipolar", "unlimited"], panels=6),
)
def figure1b(
    *,
    peak: float = 3.0,
    period: float = 60.0,
    rest: float = 100.0,
    loops: int = 6,
    compliance: float = 0.1,
    runs: int = 10,
    seed: int = 1,
    preset: str = "dm2017",
) -> dict[str, xr.Dataset]:
    """Return loops of the current while the voltage goes up to a peak and back, one after the other.

    Parameters
    ----------
    peak : float
        Of the voltage (V_th).
    period, rest : float
        How long a loop takes, and how long is waited at 0 V after it (1/kappa); rows are 0.1/kappa apart.
    loops : int
        How many one after the other, >= 1; in the bipolar sweep every second one is negative.
    compliance : float
        Limit of the current (G_max V_th). Neither it nor the times are in the paper.
    runs : int
        Realisations, >= 1, each with a source of its own.
    seed : int
        Of the noise.
    preset : {"dm2017", "dm2017-printed"}
        Published set.

    Returns
    -------
    dict of xarray.Dataset
        `unipolar` and `bipolar`, with the compliance, and `unlimited`, unipolar without. Each has the `voltage` of the
        source (loop, time) in V_th, the `current` (loop, time, run) in G_max V_th, the `threshold` (loop, run) at which
        0.1 G_max is reached on the way up in V_th, nan where it is not or was from the beginning, the largest
        conductance `largest` (loop, run) in G_max, and `left` (loop, run), how many particles are at the left terminal
        after the rest.

    Notes
    -----
    The figure is a measurement, with loops that repeat. Those of the model do, up to 3 V_th, as far as a compliance
    takes the voltage from the device once it conducts, as in the paper: all of 10 realisations switch in each of six
    loops. But a unipolar loop carries about 3 of the particles to the other terminal, and they do not come back without
    a voltage, so that 2 of 20 are left after six; a bipolar sweep carries them to and fro and goes on. Without a
    compliance the first loop empties the terminal on its way up, and there is hardly a second one, however long the
    rest. At the threshold the current rises by a factor of 60, not of five decades: no two states have conductances
    more than a factor of 422 apart, with lam = 0.2. Below 0.05 G_max V_th a compliance is met by the current of the
    device that has not switched.
    """
    loop, wait = _rows("period", period), _rows("rest", rest)
    count, high = check.integer("loops", loops, 1), check.real("peak", peak, 0.0, unit="V_th")
    limit = check.real("compliance", compliance, 0.0, unit="G_max V_th")
    device = common.memristor(preset)
    up, alternating = [1.0] * count, [(-1.0) ** k for k in range(count)]
    sweeps = {"unipolar": (up, limit), "bipolar": (alternating, limit), "unlimited": (up, None)}
    return {
        name: _Sweep(device, high * np.array(signs), loop, wait, amps).run(runs, seed)
        for name, (signs, amps) in sweeps.items()
    }


def _rows(name: str, value: Any) -> int:
    """Return a time as the number of rows that it is."""
    spacing = STEP * EVERY
    rows = round(check.real(name, value, 0.0, common.MOST_STEPS * spacing, unit="1/kappa") / spacing)
    if rows < 2 or abs(rows * spacing - value) > 1e-9 * value:
        raise ValueError(
            f"{name} must be a whole number of rows of {spacing!r}/kappa, two or more, got {value!r}/kappa"
        )
    return rows


@dataclass(frozen=True)
class _Sweep:
    """Loops up to voltages (V_th) that take so many rows, rests between them, and a limit of the current, or None."""

    device: DiffusiveMemristor
    peaks: Floats
    rows: int
    rest: int
    limit: float | None

    @property
    def wave(self) -> drive.Waveform:
        """The voltage of the source before its limit (V)."""
        period, rest = (STEP * EVERY * one for one in (self.rows, self.rest))
        v_th = float(self.device.parameters["v_th"])
        up = drive.triangle(0.0, v_th, period=period)
        return drive.concat([part for one in self.peaks for part in ((up * float(one), period), (0.0, rest))])

    def run(self, runs: int, seed: int | None) -> xr.Dataset:
        """Return what `figure1b` says of one sweep."""
        import xarray as xr

        largest, wave = common.largest_conductance(self.device), self.wave
        source = wave if self.limit is None else drive.limited(wave, current=self.limit * largest)
        kappa, v_th = (float(self.device.parameters[name]) for name in ("kappa", "v_th"))
        each, loops = self.rows + self.rest, self.peaks.size
        ends = [EVERY * each * (k + 1) for k in range(loops)]
        data = _sources(self.device, source, runs, seed).run(
            EVERY * each * loops + 1,
            record={"state:r": self.device, "branch_voltage": True, "snapshot:state:x": (self.device, ends)},
            every=EVERY,
        )
        time, shares = data["time"].values, common.shares(data["state_r"].values, self.device)
        amps = data["branch_voltage"].values * shares
        begins = time[: each * loops : each]
        found = analysis.switching(time, shares, on=begins, off=begins + 0.5 * time[self.rows], g_max=1.0)
        loop = (each * np.arange(loops))[:, np.newaxis] + np.arange(self.rows + 1)  # its rows
        height = np.abs(self.peaks)[:, np.newaxis] / (0.5 * time[self.rows])
        left = (data["snapshot_state_x"].values < 0.0).sum(axis=-1)
        over = ("loop", "run")
        return xr.Dataset(
            {
                "voltage": (("loop", "time"), np.array([wave(one) for one in time])[loop] / v_th, {"units": "V_th"}),
                "current": (("loop", "time", "run"), amps[loop] / v_th, {"units": "G_max V_th"}),
                "threshold": (over, height * found.delay, {"units": "V_th"}),
                "largest": (over, shares[loop].max(axis=1), {"units": "G_max"}),
                "left": (over, left),
            },
            {"loop": np.arange(1, loops + 1), "time": ("time", time[: self.rows + 1] * kappa, {"units": "1/kappa"})},
            {} if self.limit is None else {"compliance": self.limit},
        )


def _sources(device: DiffusiveMemristor, source: drive.Waveform, runs: int, seed: int | None) -> Simulation:
    """Return realisations that each have a source of their own, which a limit needs."""
    count = check.integer("runs", runs, 1)
    electrodes = {f"in {k + 1}": k for k in range(count)} | {"out": count}
    net = Network(count + 1, [(k, count) for k in range(count)], electrodes=electrodes)
    driven = {name: 0.0 if name == "out" else source for name in electrodes}
    return Simulation(net, device, driven, dt=STEP, seed=seed)


@PAPER.drawing("1b")
def plot_figure1b(data: dict[str, xr.Dataset]) -> Figure:
    """Draw the loops of one realisation, first to last (dark to bright), above what loops do to all of them.

    Below are the particles at the left terminal after each loop, the mean of the realisations (dots), and how many of
    these have switched in it (numbers).
    """
    figure = _pages.page(11.0, 5.6)
    axes = figure.subplots(2, len(SHOWN), sharey="row", height_ratios=(2.2, 1.0))
    for (name, text), (top, bottom) in zip(SHOWN.items(), axes.T, strict=True):
        _loops(top, data[name])
        top.set_title(text, fontsize="small")
        _after(bottom, data[name])
    axes[0, 0].set_ylabel(r"current ($G_\mathrm{max}V_\mathrm{th}$)")
    axes[1, 0].set_ylabel("particles at left")
    runs = data["unipolar"].sizes["run"]
    axes[1, 1].set_title(f"numbers: how many of {runs} switched", loc="right", fontsize="small")
    _pages.letters(list(axes.flat))
    return figure


def _loops(ax: Axes, sweep: xr.Dataset) -> None:
    """Draw the loops of the first realisation."""
    for colour, volts, amps in zip(
        _pages.shades(sweep.sizes["loop"]), sweep["voltage"].values, sweep["current"].values[..., 0], strict=True
    ):
        ax.semilogy(volts, np.where(amps == 0.0, np.nan, np.abs(amps)), color=colour, lw=0.9)
    if "compliance" in sweep.attrs:
        ax.axhline(float(sweep.attrs["compliance"]), color="0.5", lw=0.8, ls="--", zorder=0)
    ax.set(xlabel=r"$V/V_\mathrm{th}$", ylim=(5e-4, 5.0))


def _after(ax: Axes, sweep: xr.Dataset) -> None:
    """Draw what is at the left terminal after each loop, and how many realisations have switched in it."""
    left = sweep["left"].values.mean(axis=1)
    ax.plot(sweep["loop"], left, "o-", color=_pages.BLUE, ms=4.0, lw=0.9)
    switched = (sweep["largest"].values >= common.SWITCHED).sum(axis=1)
    for number, height, count in zip(sweep["loop"].values, left, switched, strict=True):
        ax.annotate(str(count), (number, height), (0.0, 6.0), textcoords="offset points", ha="center", fontsize="small")
    ax.set(xlabel="loop", ylim=(-2.0, 48.0), xticks=sweep["loop"].values)
