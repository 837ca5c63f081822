"""Figures 21, 29, 30, 31 and 33: loops of pores under a sine, over its frequency and its amplitude."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from memnet.base import check
from memnet.base.arrays import Floats
from memnet.devices import CapacitivePore, Device, Nanopore, PlainNanopore, RetentiveNanopore
from memnet.papers import _pages
from memnet.papers._registry import Example
from memnet.papers.nanopores2024 import cycles, panels
from memnet.papers.nanopores2024.common import PAPER
from memnet.papers.nanopores2024.cycles import Loop, Sampling
from memnet.theory import steady_curve

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# The paper does not print the frequencies and amplitudes of its loops; all that are given here by default are ours.
FAST = 0.01, 0.03, 0.1, 0.3, 1.0, 10.0, 100.0


def _positive(frequencies: Sequence[float], amplitudes: Sequence[float], amplitude: float, frequency: float) -> None:
    """Raise ValueError where arguments of a figure are not above 0."""
    cycles.positive("frequencies", frequencies)
    cycles.positive("amplitudes", amplitudes)
    cycles.positive("amplitude and frequency", (amplitude, frequency))


def _over_frequency(pore: Device, amplitude: float, frequencies: Sequence[float], sampling: Sampling) -> xr.Dataset:
    circuit = cycles.pores(("in", "out", pore))
    loops = [cycles.periodic_loop(circuit, amplitude, one, sampling) for one in frequencies]
    return cycles.tabulated(loops, {"frequency": frequencies})


def _over_amplitude(
    pore: Device, amplitudes: Sequence[float], frequency: float, sampling: Sampling, *, same_rate: bool = False
) -> xr.Dataset:
    """Return loops over the amplitude, at one frequency or with one largest rate of the voltage."""
    circuit = cycles.pores(("in", "out", pore))
    largest = max(amplitudes)

    def loop(amplitude: float) -> Loop:
        speed = frequency * largest / amplitude if same_rate else frequency
        return cycles.periodic_loop(circuit, amplitude, speed, sampling)

    loops = [loop(one) for one in amplitudes]
    data = cycles.tabulated(loops, {"amplitude": amplitudes})
    widest = loops[int(np.argmax(amplitudes))]
    data["deviation"] = ("amplitude", [_deviation(loop, widest) for loop in loops], {"units": "1"})
    return data


def _ways(loop: Loop) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
    """Return voltages, ascending, and currents of the way up and of the way down."""
    volts, amps = loop.voltage[:-1], loop.current[:-1]
    high, low = int(volts.argmax()), int(volts.argmin())
    up = np.r_[low : volts.size, 0 : high + 1]
    down = np.arange(high, low + 1)[::-1]
    return (volts[up], amps[up]), (volts[down], amps[down])


def _deviation(loop: Loop, widest: Loop) -> float:
    """Return how far a loop is from the widest one at its voltages, as a share of its own largest current."""
    apart = [
        np.abs(amps - np.interp(volts, *wide)).max()
        for (volts, amps), wide in zip(_ways(loop), _ways(widest), strict=True)
    ]
    return float(max(apart) / np.abs(loop.current).max())


def _curve(pore: Device, amplitude: float) -> xr.Dataset:
    """Return the steady curve of a pore, with the parameters that a drawing shows."""
    curve = steady_curve(pore, np.linspace(-1.05 * amplitude, 1.05 * amplitude, 421))
    shown = {name: pore.parameters[name] for name in ("g_L", "g_H", "E_0")}
    curve.attrs.update({name: float(value) for name, value in shown.items()})
    return curve


# ---------------------------------------------------------------- 21: a constant relaxation time


@PAPER.figure(
    "21",
    title="loops of a pore with a constant relaxation time, over the frequency",
    quick={**cycles.QUICK, "n": 9},
    example=Example("rows=200, rtol=1e-5, frequencies=(0.1, 1.0), n=3", ["loops", "opening", "steady"], panels=3),
)
def figure21(
    *, frequencies: Sequence[float] = FAST, amplitude: float = 1.0, rows: int = 4000, rtol: float = 1e-8, n: int = 41
) -> dict[str, xr.Dataset]:
    """Return the loops of `PlainNanopore` figure-21 in the first cycle and in the periodic state.

    Parameters
    ----------
    frequencies : sequence of float
        Of the sine (Hz).
    amplitude : float
        Of the sine (V).
    rows : int
        Rows in a cycle, >= 16.
    rtol : float
        Error of adaptive steps, in [1e-12, 1e-3].
    n : int
        Frequencies between 0.01 and 10 Hz, evenly spaced on a logarithmic scale, at which the opening is found, >= 3.

    Returns
    -------
    dict of xarray.Dataset
        `loops` (cycle, frequency, ...), as `cycles.tabulated` says: "first" starts at rest at 0 V, "periodic" repeats;
        `mean_x_eq` is the mean of where x settles, to which the periodic x tends at high frequencies. `opening`
        (frequency): the areas above and below E_0, and `peak_frequency` (Hz), at which the one above is largest, to
        1e-3. `steady` (voltage): the steady current, and the one of g_L alone.
    """
    pore, sampling = PlainNanopore.preset("figure-21"), Sampling.of(rows, rtol)
    circuit = cycles.pores(("in", "out", pore))
    hertz, _ = cycles.positive("frequencies", frequencies), cycles.positive("amplitude", [amplitude])
    loops = [cycles.first_loop(circuit, amplitude, one, sampling) for one in hertz]
    loops += [cycles.periodic_loop(circuit, amplitude, one, sampling) for one in hertz]
    table = cycles.tabulated(loops, {"cycle": ["first", "periodic"], "frequency": frequencies})
    angle = 2.0 * np.pi * np.arange(rows) / rows
    settled = steady_curve(pore, amplitude * np.sin(angle))["state_x"]
    table["mean_x_eq"] = ((), float(settled.mean()), {"units": "1"})
    steady = _curve(pore, amplitude)
    steady["fast_current"] = steady.attrs["g_L"] * (steady["voltage"] - steady.attrs["E_0"])
    steady["fast_current"].attrs["units"] = "A"
    return {"loops": table, "opening": _opening(pore, amplitude, n, sampling.coarse()), "steady": steady}


def _opening(pore: PlainNanopore, amplitude: float, n: int, sampling: Sampling) -> xr.Dataset:
    """Return the areas of periodic loops over the frequency, and where the one above E_0 is largest."""
    import xarray as xr
    from scipy import optimize

    frequency = np.geomspace(0.01, 10.0, check.integer("n", n, 3))
    areas = _over_frequency(pore, amplitude, frequency.tolist(), sampling)["wing_area"].values
    above, circuit = areas[:, -1], cycles.pores(("in", "out", pore))

    def less(log_frequency: float) -> float:
        loop = cycles.periodic_loop(circuit, amplitude, math.exp(log_frequency), sampling)
        return -loop.classified().wings[-1].area / float(above.max())

    k = int(np.clip(above.argmax(), 1, n - 2))
    ends = np.log(frequency[[k - 1, k + 1]])
    peak = math.exp(float(optimize.minimize_scalar(less, bounds=ends, options={"xatol": 1e-3}).x))
    return xr.Dataset(
        {
            "area_above": ("frequency", above, {"units": "W"}),
            "area_below": ("frequency", areas[:, 0], {"units": "W"}),
            "peak_frequency": ((), peak, {"units": "Hz"}),
        },
        {"frequency": ("frequency", frequency, {"units": "Hz"})},
    )


@PAPER.drawing("21")
def plot_figure21(data: dict[str, xr.Dataset]) -> Figure:
    """Draw a panel a frequency: steady current (brown), current of g_L (purple), loop, first cycle (dotted).

    The last panel has the areas of the periodic loops over the frequency.
    """
    loops, steady, opening = data["loops"], data["steady"], data["opening"]
    frequencies = loops["frequency"].values
    figure, axes = _pages.grid(frequencies.size + 1, 4)
    volts = steady["voltage"].values
    low = panels.MICRO * float(loops["current"].min())
    for ax, frequency in zip(axes, frequencies, strict=False):
        ax.plot(volts, panels.MICRO * steady["current"], color=_pages.BROWN, lw=1.0, label="steady")
        ax.plot(volts, panels.MICRO * steady["fast_current"], color=_pages.PURPLE, lw=1.0, label="$g_L$")
        first, last = (loops.sel(cycle=name, frequency=frequency) for name in ("first", "periodic"))
        ax.plot(first["voltage"], panels.MICRO * first["current"], color="0.5", lw=1.0, ls=":", label="first cycle")
        u, micro = last["voltage"].values, panels.MICRO * last["current"].values
        ax.plot(u, micro, color=_pages.BLUE, lw=1.3, label="periodic")
        panels.arrow(ax, u, micro, _pages.BLUE)
        ax.set(xlabel="$u$ (V)", ylabel="$I_{tot}$ (µA)", ylim=(1.05 * low, None))
        ax.text(0.5, 1.02, rf"$f_\Omega$ = {frequency:g} Hz", transform=ax.transAxes, ha="center", fontsize="small")
    axes[0].legend(frameon=False, fontsize="x-small")
    ax, peak = axes[-1], float(opening["peak_frequency"])
    for name, colour, text in (("area_above", _pages.RED, "above $E_0$"), ("area_below", _pages.GREY, "below")):
        ax.semilogx(opening["frequency"], panels.MICRO * np.abs(opening[name]), color=colour, label=text)
    ax.axvline(peak, color="0.6", lw=0.8, ls="--", label=f"{peak:.3f} Hz")
    ax.set(xlabel=r"$f_\Omega$ (Hz)", ylabel="area (µW)")
    ax.legend(frameon=False, fontsize="x-small")
    _pages.letters(axes)
    return figure


# ---------------------------------------------------------------- 29 and 33: a relaxation time with a peak


@PAPER.figure(
    "29",
    title="loops of a pore whose relaxation time has a peak, over frequency and amplitude",
    quick={**cycles.QUICK},
    example=Example(
        "rows=200, rtol=1e-5, frequencies=(100.0,), amplitudes=(1.0, 1.5)",
        ["amplitudes", "early", "early_rate", "early_steady", "frequencies", "steady"],
        panels=12,
    ),
)
def figure29(
    *,
    frequencies: Sequence[float] = (10.0, 50.0, 100.0, 500.0),
    amplitudes: Sequence[float] = (0.5, 0.75, 1.0, 1.5),
    amplitude: float = 1.5,
    frequency: float = 100.0,
    rows: int = 4000,
    rtol: float = 1e-8,
) -> dict[str, xr.Dataset]:
    """Return the periodic loops of `Nanopore` figure-29a and figure-29e.

    Parameters
    ----------
    frequencies, amplitudes : sequence of float
        Of the sine (Hz, V), where these are changed.
    amplitude, frequency : float
        Of the sine (V, Hz), where the other one is changed.
    rows : int
        Rows in a cycle, >= 16.
    rtol : float
        Error of adaptive steps, in [1e-12, 1e-3].

    Returns
    -------
    dict of xarray.Dataset
        As `cycles.tabulated` says: `frequencies` (panels a, b) and `amplitudes` (c, d) with V_A = 1 V, `early` (e, f)
        with V_A = 0.6 V over the amplitude, and `early_rate` the same with one largest rate of the voltage, that of the
        largest amplitude at `frequency`. `deviation` (amplitude) is how far a loop is from that of the largest
        amplitude at the same voltages, as a share of its own largest current: what the paper calls not affected by the
        amplitude. `steady` and `early_steady` are the steady curves of both pores.
    """
    _positive(frequencies, amplitudes, amplitude, frequency)
    late, early = (Nanopore.preset(name) for name in ("figure-29a", "figure-29e"))
    sampling = Sampling.of(rows, rtol)
    widest = max(amplitude, *amplitudes)
    return {
        "frequencies": _over_frequency(late, amplitude, frequencies, sampling),
        "amplitudes": _over_amplitude(late, amplitudes, frequency, sampling),
        "early": _over_amplitude(early, amplitudes, frequency, sampling),
        "early_rate": _over_amplitude(early, amplitudes, frequency, sampling, same_rate=True),
        "steady": _curve(late, widest),
        "early_steady": _curve(early, widest),
    }


@PAPER.drawing("29")
def plot_figure29(data: dict[str, xr.Dataset]) -> Figure:
    """Draw currents above and x with the relaxation time (purple) below: a and b over the frequency, others over U_0.

    c and d have V_A = 1 V, e and f 0.6 V at one frequency, g and h 0.6 V at one largest rate of the voltage.
    """
    columns = [
        ("frequencies", "steady", "$V_A$ = 1 V"),
        ("amplitudes", "steady", "$V_A$ = 1 V"),
        ("early", "early_steady", "$V_A$ = 0.6 V"),
        ("early_rate", "early_steady", "$V_A$ = 0.6 V, one rate"),
    ]
    figure = _pages.page(15.0, 6.4)
    axes = figure.subplots(2, len(columns))
    for (name, curve, text), (top, bottom) in zip(columns, axes.T, strict=True):
        _draw_column(top, bottom, data[name], data[curve], _pages.PURPLE)
        top.set_title(text, fontsize="small")
    _pages.letters(list(axes.T.flat))
    return figure


def _draw_column(top: Axes, bottom: Axes, loops: xr.Dataset, curve: xr.Dataset, colour: str) -> None:
    """Draw currents, with the lines of both conductances, above states."""
    panels.currents(top, loops)
    panels.branches(top, curve)
    panels.states(bottom, loops, curve, colour)


@PAPER.figure(
    "33",
    title="loops of a pore that opens elsewhere than where it is slowest",
    quick={**cycles.QUICK},
    example=Example(
        "rows=200, rtol=1e-5, frequencies=(100.0,), amplitudes=(1.0, 1.5)",
        ["amplitudes", "frequencies", "steady"],
        panels=6,
    ),
)
def figure33(
    *,
    frequencies: Sequence[float] = (10.0, 50.0, 100.0, 500.0),
    amplitudes: Sequence[float] = (0.5, 1.0, 1.5, 2.0),
    amplitude: float = 1.5,
    frequency: float = 100.0,
    rows: int = 4000,
    rtol: float = 1e-8,
) -> dict[str, xr.Dataset]:
    """Return the periodic loops of `RetentiveNanopore` figure-33, which closes far below the voltage that opens it.

    Parameters
    ----------
    frequencies, amplitudes, amplitude, frequency, rows, rtol
        As for `figure29`.

    Returns
    -------
    dict of xarray.Dataset
        `frequencies` and `amplitudes` as for `figure29`; `steady`, with `peak_voltage` (V), at which the relaxation
        time is largest, and `retention` (s), that time. How far from V_Bx = 0.5 V the pore closes say `x_rises_at` and
        `x_falls_at` of the loops.
    """
    _positive(frequencies, amplitudes, amplitude, frequency)
    pore, sampling = RetentiveNanopore.preset("figure-33"), Sampling.of(rows, rtol)
    curve = _curve(pore, max(amplitude, *amplitudes))
    slowest = curve["tau_x"].idxmax()
    curve["peak_voltage"] = ((), float(slowest), {"units": "V"})
    curve["retention"] = ((), float(curve["tau_x"].max()), {"units": "s"})
    return {
        "frequencies": _over_frequency(pore, amplitude, frequencies, sampling),
        "amplitudes": _over_amplitude(pore, amplitudes, frequency, sampling),
        "steady": curve,
    }


@PAPER.drawing("33")
def plot_figure33(data: dict[str, xr.Dataset]) -> Figure:
    """Draw currents, x and the relaxation time (grey): a and b over the frequency, c and d over the amplitude."""
    figure = _pages.page(8.0, 6.4)
    axes = figure.subplots(2, 2)
    for name, (top, bottom) in zip(("frequencies", "amplitudes"), axes.T, strict=True):
        _draw_column(top, bottom, data[name], data["steady"], _pages.GREY)
    _pages.letters(list(axes.T.flat))
    return figure


# ---------------------------------------------------------------- 30: a voltage closes it


@PAPER.figure(
    "30",
    title="loops of a pore that a voltage closes",
    quick={**cycles.QUICK},
    example=Example(
        "rows=200, rtol=1e-5, frequencies=(100.0,), amplitudes=(1.0, 1.5)",
        ["amplitudes", "frequencies", "steady"],
        panels=7,
    ),
)
def figure30(
    *,
    frequencies: Sequence[float] = (10.0, 100.0, 500.0, 2000.0),
    amplitudes: Sequence[float] = (0.25, 0.5, 1.0, 1.5),
    amplitude: float = 1.5,
    frequency: float = 500.0,
    rows: int = 4000,
    rtol: float = 1e-8,
) -> dict[str, xr.Dataset]:
    """Return the periodic loops of `Nanopore` figure-30, whose g_L is above its g_H.

    Parameters
    ----------
    frequencies, amplitudes, amplitude, frequency, rows, rtol
        As for `figure29`.

    Returns
    -------
    dict of xarray.Dataset
        `frequencies` and `amplitudes` as for `figure29`, and with `forward_fall` (A), by how much the current falls on
        the way up above E_0 before it rises again or the way ends; `steady`.
    """
    _positive(frequencies, amplitudes, amplitude, frequency)
    pore, sampling = Nanopore.preset("figure-30"), Sampling.of(rows, rtol)
    data = {
        "frequencies": _over_frequency(pore, amplitude, frequencies, sampling),
        "amplitudes": _over_amplitude(pore, amplitudes, frequency, sampling),
        "steady": _curve(pore, max(amplitude, *amplitudes)),
    }
    for name in ("frequencies", "amplitudes"):
        loops, e_0 = data[name], data["steady"].attrs["E_0"]
        over = panels.dimension(loops)
        falls = [_fall(loops.isel({over: k}), e_0) for k in range(loops.sizes[over])]
        loops["forward_fall"] = (over, falls, {"units": "A"})
    return data


def _fall(loop: xr.Dataset, above: float) -> float:
    """Return the largest fall of the current on the way up, above a voltage."""
    (volts, amps), _ = _ways(Loop(loop["voltage"].values, loop["current"].values, np.empty((0, 0))))
    rising = amps[volts > above]
    return float((np.maximum.accumulate(rising) - rising).max())


@PAPER.drawing("30")
def plot_figure30(data: dict[str, xr.Dataset]) -> Figure:
    """Draw the steady current (a), then currents, x and the relaxation time (grey) over frequency and amplitude."""
    figure = _pages.page(11.5, 6.4)
    axes = figure.subplot_mosaic([["a", "b", "d"], ["a", "c", "e"]])
    steady = data["steady"]
    axes["a"].plot(steady["voltage"], panels.MICRO * steady["current"], color=_pages.BROWN, lw=1.4)
    axes["a"].set(xlabel="$u$ (V)", ylabel="$I_{dc}$ (µA)")
    panels.branches(axes["a"], steady)
    for name, top, bottom in (("frequencies", "b", "c"), ("amplitudes", "d", "e")):
        _draw_column(axes[top], axes[bottom], data[name], steady, _pages.GREY)
    _pages.letters([axes[letter] for letter in "abcde"])
    return figure


# ---------------------------------------------------------------- 31: a polarisation


@PAPER.figure(
    "31",
    title="loops of a capacitive pore, which never cross",
    quick={**cycles.QUICK, "n": 7},
    example=Example("rows=200, rtol=1e-5, n=2", ["frequencies", "loops"], panels=3),
)
def figure31(
    *,
    amplitude: float = 1.5,
    frequency: float = 100.0,
    n: int = 40,
    p_m: Sequence[float] = (0.5, 0.0, 1.0),
    rows: int = 4000,
    rtol: float = 1e-8,
) -> dict[str, xr.Dataset]:
    """Return the periodic loops of `CapacitivePore` figure-31.

    Parameters
    ----------
    amplitude, frequency : float
        Of the sine (V, Hz).
    n : int
        Frequencies between 1 Hz and 10 kHz, evenly spaced on a logarithmic scale, >= 2.
    p_m : sequence of float
        Polarisations that count as none, the first one of which is that of the other loops.
    rows : int
        Rows in a cycle, >= 16; over the frequency at most 1,000.
    rtol : float
        Error of adaptive steps, in [1e-12, 1e-3]; over the frequency at least 1e-7.

    Returns
    -------
    dict of xarray.Dataset
        `loops` (p_m, ...), as `cycles.tabulated` says, and `current_difference` (p_m), by how much the current of
        cycles in fixed steps differs from that of the first p_m, as a share of its largest value. `frequencies`
        (frequency): `type` and `n_crossings` of the loops, `area` (W) and `largest_current` (A).
    """
    import xarray as xr

    sampling = Sampling.of(rows, rtol)
    cycles.positive("amplitude and frequency", (amplitude, frequency))
    pores = [CapacitivePore.preset("figure-31", p_m=check.real("p_m", one, 0.0, 1.0, "[]")) for one in p_m]
    circuits = [cycles.pores(("in", "out", pore)) for pore in pores]
    loops = [cycles.periodic_loop(circuit, amplitude, frequency, sampling, "p") for circuit in circuits]
    table = cycles.tabulated(loops, {"p_m": p_m}, state="p")
    fixed = np.array([cycles.fixed_current(circuit, amplitude, frequency, rows) for circuit in circuits])
    share = np.abs(fixed - fixed[0]).max(axis=1) / np.abs(fixed[0]).max()
    table["current_difference"] = ("p_m", share, {"units": "1"})

    frequencies = np.geomspace(1.0, 1e4, check.integer("n", n, 2))
    over = [cycles.periodic_loop(circuits[0], amplitude, one, sampling.coarse(), "p") for one in frequencies]
    classes = [one.classified() for one in over]
    data = {
        "type": ("frequency", [one.type for one in classes]),
        "n_crossings": ("frequency", [one.crossings.size for one in classes]),
        "area": ("frequency", [one.area for one in classes], {"units": "W"}),
        "largest_current": ("frequency", [cycles.largest(one.current) for one in over], {"units": "A"}),
    }
    return {
        "loops": table,
        "frequencies": xr.Dataset(data, {"frequency": ("frequency", frequencies, {"units": "Hz"})}),
    }


@PAPER.drawing("31")
def plot_figure31(data: dict[str, xr.Dataset]) -> Figure:
    """Draw current (a) and polarisation (b) of a loop, and its area over the frequency (c)."""
    loops, over = data["loops"], data["frequencies"]
    figure, axes = _pages.grid(3, 3)
    first = loops.isel(p_m=0)
    volts, micro = first["voltage"].values, panels.MICRO * first["current"].values
    axes[0].plot(volts, micro, color=_pages.BLUE)
    panels.arrow(axes[0], volts, micro, _pages.BLUE)
    axes[0].set(xlabel="$u$ (V)", ylabel="$I_{tot}$ (µA)")
    for k, colour in enumerate(_pages.shades(loops.sizes["p_m"])):
        one = loops.isel(p_m=k)
        axes[1].plot(one["voltage"], one["p"], color=colour, label=f"$p_m$ = {float(one['p_m']):g}")
    axes[1].set(xlabel="$u$ (V)", ylabel="$p$")
    axes[1].legend(frameon=False, fontsize="x-small")
    kilo = panels.KILO * over["frequency"].values
    for name in np.unique(over["type"].values):
        here = (over["type"] == name).values
        axes[2].loglog(kilo[here], panels.MICRO * over["area"].values[here], "o", ms=4, label=str(name))
    axes[2].set(xlabel=r"$f_\Omega$ (kHz)", ylabel="area (µW)")
    axes[2].legend(frameon=False, fontsize="x-small")
    _pages.letters(axes)
    return figure
