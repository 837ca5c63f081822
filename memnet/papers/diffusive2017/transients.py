"""Figures 3 a and b: a pulse that switches a memristor, and how it relaxes, warm and cold."""

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

# kappa (1/s) and v_th (V) make 2 V_th and 5/kappa of 0.75 V and 5 ms; r_t (ohm) is ours, currents scale with it.
SCALES = {"kappa": 1000.0, "v_th": 0.375, "r_t": 100.0}
MILLI, MICRO = 1e3, 1e6

BEFORE = 10  # reads' lengths before the pulse


def _steps(name: str, value: float, dt: float) -> int:
    """Return a time as the number of steps that it is."""
    steps = round(check.real(name, value, 0.0, common.MOST_STEPS * dt, unit="s") / dt)
    if steps < 1 or abs(steps * dt - value) > 1e-9 * value:
        raise ValueError(f"{name} must be a whole number of reads of {dt!r} s, got {value!r} s")
    return steps


def _reading(read: float, interval: float, duration: float) -> tuple[float, int, int]:
    """Return the length of a step (s), which is that of a read, steps from a read to the next, and how many reads."""
    dt = check.real("read", read, 0.0, unit="s")
    apart = _steps("interval", interval, dt)
    if apart < 2:
        raise ValueError(f"interval must be two reads of {dt!r} s or more, got {interval!r} s")
    longest = common.MOST_STEPS * interval
    return dt, apart, int(check.real("duration", duration, 0.0, longest, unit="s") / interval + 1e-9)


def _reads(voltage: float, start: float, length: float, interval: float, count: int) -> list[tuple[float, float]]:
    """Return changes of the voltage, each as (V, s): from the start on a read after each interval."""
    begins = start + interval * np.arange(1.0, count + 1.0)
    return [change for one in begins for change in ((voltage, float(one)), (0.0, float(one) + length))]


def _wave(changes: list[tuple[float, float]]) -> drive.Waveform:
    values, times = zip(*changes, strict=True)
    return drive.steps(values, times)


@PAPER.figure(
    "3a",
    title="delay and relaxation of a memristor under a pulse and reads",
    place="Fig. 3 a",
    quick={"runs": 4, "duration": 0.06},
    example=Example("runs=2, duration=2e-3", {"time": 512, "run": 2}, panels=4),
)
def figure3a(
    *,
    voltage: float = 0.75,
    width: float = 5e-3,
    read_voltage: float = 0.05,
    read: float = 10e-6,
    interval: float = 1e-3,
    duration: float = 0.2,
    runs: int = 30,
    seed: int = 1,
    preset: str = "dm2017",
) -> xr.Dataset:
    """Return the current under a pulse that switches a memristor, and under short reads after it.

    Parameters
    ----------
    voltage, width : float
        Of the pulse (V, s), a whole number of reads long; it begins ten reads after the start.
    read_voltage, read : float
        Voltage and length of a read (V, s); steps are as long.
    interval : float
        From the end of the pulse to the first read, and from one to the next (s), two reads or more. Not in the paper.
    duration : float
        How long is read after the pulse (s).
    runs : int
        Realisations, >= 1.
    seed : int
        Of the noise.
    preset : {"dm2017", "dm2017-printed"}
        Published set; kappa is 1000/s, v_th 0.375 V and r_t 100 ohm.

    Returns
    -------
    xarray.Dataset
        `voltage` (time), `current` and `conductance` (time, run) in the rows before and in the pulse and in the reads;
        of each run the `delay` to 0.1 G_max and the `relaxation` to 0.02 G_max from the end of the pulse (s), nan where
        none was seen; the attribute `pulse`, when it begins and ends (s).

    Notes
    -----
    The figure is a measurement. This is the model of Fig. 4 with the scales that make 2 V_th of 0.75 V and 5/kappa of
    5 ms; r_t is ours and scales currents only. The mean delay is 1.9 ms and the mean relaxation 60 ms; the paper says
    tens of milliseconds. The current rises by a factor of about 50, where the measured one jumps by several decades.
    """
    import xarray as xr

    device = common.memristor(preset, **SCALES)
    dt, apart, count = _reading(read, interval, duration)
    on = _steps("width", width, dt)
    begin, end = BEFORE * dt, (BEFORE + on) * dt
    pulse = [(0.0, 0.0), (check.real("voltage", voltage), begin), (0.0, end)]
    wave = _wave(pulse + _reads(check.real("read_voltage", read_voltage), end, dt, interval, count))
    sim = common.realisations(device, wave, runs=runs, dt=dt, seed=seed)
    data = sim.run(BEFORE + on + apart * count + 1, record="state:r")
    time, volts, siemens = data["time"].values, data["voltage"].sel(electrode="in").values, 1.0 / data["state_r"].values
    found = analysis.switching(time, siemens, on=begin, off=end, g_max=common.largest_conductance(device))
    shown = np.flatnonzero((volts != 0.0) | (time < begin))
    return xr.Dataset(
        {
            "voltage": ("time", volts[shown], {"units": "V"}),
            "current": (("time", "run"), volts[shown, np.newaxis] * siemens[shown], {"units": "A"}),
            "conductance": (("time", "run"), siemens[shown], {"units": "S"}),
            "delay": ("run", found.delay[0], {"units": "s"}),
            "relaxation": ("run", found.relaxation[0], {"units": "s"}),
        },
        {"time": ("time", time[shown], {"units": "s"})},
        {"pulse": [begin, end]},
    )


@PAPER.drawing("3a")
def plot_figure3a(data: xr.Dataset) -> Figure:
    """Draw voltage (red) and current (blue) of a realisation, in the pulse on the left and in the reads on the right.

    Of the realisations that switch and relax it is the one whose delay is the middle one; the others are grey.
    """
    figure = _pages.page(10.0, 3.8)
    axes = figure.subplots(1, 2, width_ratios=(1.0, 1.5))
    begin, end = (float(one) for one in data.attrs["pulse"])
    time, volts, micro = data["time"].values - begin, data["voltage"].values, MICRO * data["current"].values
    inside, shown = time < end - begin, _middle(data)
    for ax, rows, line in ((axes[0], inside, "-"), (axes[1], ~inside, ".")):
        ax.plot(MILLI * time[rows], micro[rows], line, color="0.8", lw=0.5, ms=1.5, zorder=0)
        ax.plot(MILLI * time[rows], micro[rows, shown], line, color=_pages.BLUE, lw=1.3, ms=4.0)
        ax.set(xlabel="time since the pulse began (ms)")
        ax.set_ylabel("current (µA)", color=_pages.BLUE)
        ax.set_ylim(0.0, 1.2 * max(float(micro[rows].max(initial=0.0)), 1e-9))
    delay, relaxation = (float(data[name][shown]) for name in ("delay", "relaxation"))
    _mark(axes[0], 0.0, delay, r"$\tau_d$")
    _mark(axes[1], end - begin, relaxation, r"$\tau_r$")
    _pages.letters(axes)
    for ax, rows in zip(axes, (inside, ~inside), strict=True):
        twin = ax.twinx()
        if ax is axes[0]:
            twin.step(MILLI * time[rows], volts[rows], color=_pages.RED, lw=1.0, where="post")
            twin.set_ylim(0.0, 1.25 * volts.max())
        else:
            twin.vlines(MILLI * time[rows], 0.0, volts[rows], color=_pages.RED, lw=0.4)
            twin.set_ylim(0.0, 8.0 * max(volts[rows].max(initial=0.0), 1e-3))
        twin.set_ylabel("voltage (V)", color=_pages.RED)
        ax.set_zorder(twin.get_zorder() + 1.0)  # reads must not hide the currents that they measure
        ax.patch.set_visible(False)
        twin.spines["top"].set_visible(False)
    return figure


def _middle(data: xr.Dataset) -> int:
    """Return the run whose delay is the middle one of those that switch and relax, where there are any."""
    delay = data["delay"].values
    whole = np.flatnonzero(np.isfinite(delay + data["relaxation"].values))
    return int(whole[np.argsort(delay[whole])[whole.size // 2]]) if whole.size else 0


def _mark(ax: Axes, start: float, length: float, name: str) -> None:
    """Draw an arrow from a time (s) on over a length (s), where there is one, with its name and length."""
    if not np.isfinite(length):
        return
    height = 0.93
    ends = [(MILLI * one, height) for one in (start + length, start)]
    across = ax.get_xaxis_transform()
    ax.annotate("", ends[0], ends[1], across, across, arrowprops={"arrowstyle": "<->", "lw": 0.9})
    text = f"{name} = {MILLI * length:.3g} ms"
    ax.text(MILLI * (start + length), height, f" {text}", transform=across, va="center", fontsize="small")
    ax.axvline(MILLI * (start + length), color="0.6", lw=0.7, ls="--", zorder=0)


# ---------------------------------------------------------------- 3 b: warm and cold


@PAPER.figure(
    "3b",
    title="relaxation of a memristor at several temperatures, and its activation energy",
    place="Fig. 3 b",
    quick={"runs": 4, "temperatures": (0.4, 0.45), "duration": 0.05},
    example=Example(
        "runs=2, temperatures=(0.6, 0.7), interval=1e-4, duration=0.001",
        {"temperature": 2, "time": 11, "run": 2},
        panels=2,
    ),
)
def figure3b(
    *,
    temperatures: Sequence[float] = relaxations.TEMPERATURES,
    read_voltage: float = 0.05,
    read: float = 10e-6,
    interval: float = 1e-3,
    duration: float = 0.3,
    runs: int = 10,
    seed: int = 1,
    preset: str = "dm2017",
) -> xr.Dataset:
    """Return the current under reads while memristors relax, warm and cold, and the Arrhenius law of their times.

    Parameters
    ----------
    temperatures : sequence of float
        Around the device, as k_B T/w_p, two or more.
    read_voltage, read, interval : float
        Of a read (V, s), and from one to the next (s), as for `figure3a`.
    duration : float
        How long is read (s).
    runs : int
        Realisations at each temperature: the caption's 10.
    seed : int
        Of the noise.
    preset : {"dm2017", "dm2017-printed"}
        Published set, with the scales of `figure3a`.

    Returns
    -------
    xarray.Dataset
        `current` (temperature, time, run) of the reads (A); `relaxation` (temperature, run) to 0.02 G_max (s), which
        may be longer than `duration`; `energy` of the Arrhenius law of the mean times in w_p with its standard error
        `energy_error`, and `prefactor` (s).

    Notes
    -----
    All start from the same bridge, three tenths of the particles in a string between the clusters. What a pulse leaves
    depends on the temperature in the pulse: after 0.75 V for 5 ms, 8 of 20 memristors have switched at 0.3 and all at
    0.45, and the mean times follow no Arrhenius law. The 0.27 eV of the paper are w_p there; in the simulation only
    w_p/(k_B T) counts, 2.2 to 3.3, where 0.27 eV at 300 K would be 10.4.
    """
    import xarray as xr

    thetas = relaxations.temperatures(temperatures)
    dt, apart, count = _reading(read, interval, duration)
    wave = drive.pulses(0.0, check.real("read_voltage", read_voltage), length=dt, spacing=interval - dt)
    current, times = [], []
    for theta in thetas:
        device = common.memristor(preset, theta0=float(theta), **SCALES)
        sim = relaxations.bridges(device, runs=runs, dt=dt, seed=seed, wave=wave)
        shares = relaxations.until_relaxed(sim, device, count + 1, every=apart)
        current.append(read_voltage * common.largest_conductance(device) * shares[: count + 1])
        times.append(relaxations.times(shares, interval))
    law = relaxations.law(thetas, np.array(times))
    return xr.Dataset(
        {
            "current": (("temperature", "time", "run"), np.array(current), {"units": "A"}),
            "relaxation": (("temperature", "run"), times, {"units": "s"}),
            "energy": ((), law.energy, {"units": "w_p"}),
            "energy_error": ((), law.energy_error, {"units": "w_p"}),
            "prefactor": ((), float(np.exp(law.log_prefactor)), {"units": "s"}),
        },
        {
            "temperature": ("temperature", thetas, {"units": "w_p/k_B"}),
            "time": ("time", interval * np.arange(count + 1.0), {"units": "s"}),
        },
    )


@PAPER.drawing("3b")
def plot_figure3b(data: xr.Dataset) -> Figure:
    """Draw the mean current of reads, cold (dark) to warm, and on the right the Arrhenius plot.

    A point there is a mean over realisations with its standard error; the energy has one of three temperatures or more.
    """
    figure, (ax, right) = _pages.grid(2, 2, side=3.8)
    thetas, colours = data["temperature"].values, _pages.shades(data.sizes["temperature"])
    for theta, colour, one in zip(thetas, colours, data["current"].values, strict=True):
        micro = MICRO * one.mean(axis=1)
        ax.plot(MILLI * data["time"], micro, color=colour, lw=1.2, label=f"{theta:g}")
    ax.set(xlabel="time (ms)", ylabel="current of reads (µA)", yscale="log")
    ax.legend(title=r"$k_\mathrm{B}T/w_p$", frameon=False, fontsize="small", loc="lower left")
    times = data["relaxation"].values
    error = MILLI * common.standard_error(times)
    inverse = 1.0 / thetas
    right.errorbar(inverse, MILLI * times.mean(axis=1), error, fmt="ko", ms=3.5, lw=0.9)
    line = np.linspace(inverse.min(), inverse.max(), 2)
    energy, scatter = float(data["energy"]), float(data["energy_error"])
    law = float(data["prefactor"]) * np.exp(energy * line)
    known = rf" \pm {scatter:.2f}" if np.isfinite(scatter) else ""
    right.semilogy(line, MILLI * law, color=_pages.BLUE, lw=1.0, label=rf"$E = {energy:.2f}{known}\,w_p$")
    right.set(xlabel=r"$w_p/k_\mathrm{B}T$", ylabel=r"$\tau_r$ (ms)")
    right.legend(frameon=False, fontsize="small", loc="upper left")
    _pages.letters([ax, right])
    return figure
