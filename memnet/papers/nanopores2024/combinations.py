"""Figures 38 and 39: two pores in series or in parallel, in the same or in opposite directions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from memnet import drive
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.devices import Device, MembraneNanopore, Nanopore
from memnet.papers import _pages
from memnet.papers._registry import Example
from memnet.papers.nanopores2024 import cycles, panels
from memnet.papers.nanopores2024.common import PAPER
from memnet.papers.nanopores2024.cycles import Loop, Sampling
from memnet.simulate import Circuit

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# So much lower a frequency is the low one that steady curves are measured at.
LOW = 0.01
# From where to where each pore of an arrangement goes.
ENDS = {
    "one": [("in", "out")],
    "series": [("in", "mid"), ("mid", "out")],
    "antiseries": [("in", "mid"), ("out", "mid")],
    "parallel": [("in", "out"), ("in", "out")],
    "antiparallel": [("in", "out"), ("out", "in")],
}


def arranged(name: str, pore: Device) -> Circuit:
    """Return a circuit of pores in one of the arrangements.

    Examples
    --------
    >>> import memnet as mn
    >>> arranged("antiparallel", mn.Nanopore())
    <Circuit: 2 nodes, 2 elements: Nanopore1 from in to out, Nanopore2 from out to in>
    """
    return cycles.pores(*((a, b, pore) for a, b in ENDS[check.one_of("name", name, ENDS)]))


@dataclass(frozen=True)
class Pulses:
    """Pulses of a voltage, then as many of its negative, with 0 V between them."""

    count: int
    width: float
    gap: float

    @staticmethod
    def of(count: Any, width: Any, gap: Any) -> Pulses:
        """Return those of arguments of a figure, which are checked."""
        spans = {"width": width, "gap": gap}
        seconds = [check.real(name, span, 1e-9, 1.0, "[]", "s") for name, span in spans.items()]
        return Pulses(check.integer("count", count, 1), *seconds)

    def conductances(self, circuit: Circuit, volt: float, rtol: float) -> Floats:
        """Return I/V at the end of each pulse (S)."""
        volts = np.repeat([volt, -volt], self.count)
        starts = (self.width + self.gap) * np.arange(2.0 * self.count)
        ends = starts + self.width
        wave = drive.steps(np.c_[volts, np.zeros(volts.size)].ravel(), np.c_[starts, ends].ravel())
        spacing = np.gcd(round(1e9 * self.width), round(1e9 * self.gap)) * 1e-9
        sim = circuit.simulation({"in": wave, "out": 0.0}, dt=spacing, method="adaptive", rtol=rtol)
        run = sim.run(round(ends[-1] / spacing) + 1, record={"current": True, "left": True})
        amps = run["current_left"].sel(electrode="in").values[np.round(ends / spacing).astype(int)]
        values: Floats = amps / volts
        return values


@dataclass(frozen=True)
class Arrangements:
    """What a figure shows of pores in the same and in opposite directions."""

    names: tuple[str, str]
    amplitude: float
    sampling: Sampling

    def loops(self, pore: Device, frequencies: Sequence[float]) -> xr.Dataset:
        """Return the periodic loops of one pore and of both arrangements, over the frequency."""
        names = ["one", *self.names]
        loops: list[Loop] = []
        for name in names:
            loops += [self.loop(name, pore, frequency) for frequency in frequencies]
        # A single pore has one state, others have two; they stay out of the table.
        alike = [replace(one, states=one.states[:, :1]) for one in loops]
        table = cycles.tabulated(alike, {"arrangement": names, "frequency": frequencies})
        stateless: xr.Dataset = table.drop_vars(["x", "largest_x", "x_rises_at", "x_falls_at"])
        return stateless

    def loop(self, name: str, pore: Device, frequency: float) -> Loop:
        """Return a periodic loop."""
        return cycles.periodic_loop(arranged(name, pore), self.amplitude, frequency, self.sampling)

    def pulses(self, pore: Device, volts: Sequence[float], train: Pulses) -> xr.Dataset:
        """Return conductances over the pulses of two trains, and how much the last of each half has of the first."""
        import xarray as xr

        table = np.array(
            [
                [train.conductances(arranged(name, pore), volt, self.sampling.rtol) for volt in volts]
                for name in self.names
            ]
        )
        last = table.reshape(len(self.names), len(volts), 2, train.count)
        return xr.Dataset(
            {
                "conductance": (("arrangement", "amplitude", "pulse"), table, {"units": "S"}),
                "potentiation": (("arrangement", "amplitude", "sign"), last[..., -1] / last[..., 0], {"units": "1"}),
            },
            {
                "arrangement": list(self.names),
                "amplitude": ("amplitude", list(volts), {"units": "V"}),
                "sign": [1, -1],
                "pulse": np.arange(1, 2 * train.count + 1),
            },
        )


def _figure(
    pair: Arrangements, frequency: float, charged: tuple[float, float], volts: Sequence[float], train: Pulses
) -> dict[str, xr.Dataset]:
    """Return what both figures have in common: pores without a capacitance, with one at a frequency, and pulses."""
    pore, (c_m, fast) = Nanopore.preset("figure-29a"), charged
    low = LOW * frequency
    with_c_m = MembraneNanopore(V_A=pore.V_A, V_D=pore.V_D, tau_0=pore.tau_0, C_m=c_m)
    return {
        "loops": pair.loops(pore, [low, frequency]),
        "charged": pair.loops(with_c_m, [fast]).assign_attrs(C_m=c_m),
        "pulses": pair.pulses(pore, volts, train),
    }


def _even(rows: Any, rtol: Any) -> Sampling:
    """Return a sampling whose rows have one half a period later."""
    if check.integer("rows", rows, 16) % 2:
        raise ValueError(f"rows must be even, got {rows}")
    return Sampling.of(rows, rtol)


def _apart(found: Floats, expected: Floats) -> float:
    return float(np.abs(found - expected).max() / np.abs(expected).max())


@PAPER.figure(
    "38",
    title="two pores in series, in the same and in opposite directions",
    quick=cycles.QUICK,
    example=Example("rows=200, rtol=1e-4, count=2", ["charged", "loops", "pulses"], panels=6),
)
def figure38(
    *,
    amplitude: float = 1.5,
    frequency: float = 100.0,
    charged_frequency: float = 500.0,
    C_m: float = 1e-11,
    voltages: Sequence[float] = (1.2, 1.6),
    count: int = 20,
    width: float = 0.5e-3,
    gap: float = 0.1e-3,
    rows: int = 4000,
    rtol: float = 1e-8,
) -> dict[str, xr.Dataset]:
    """Return loops and pulses of two pores of figure 29 a in series.

    Parameters
    ----------
    amplitude, frequency : float
        Of the sine (V, Hz) on pores without a capacitance.
    charged_frequency, C_m : float
        The frequency (Hz) where each pore has a capacitance, and that (F).
    voltages : sequence of float
        Of pulses (V); negative ones follow positive ones.
    count : int
        Pulses of each sign, >= 1.
    width, gap : float
        How long a pulse is (s), and how long 0 V after it, in whole nanoseconds.
    rows, rtol
        As for `figure29`; the number of rows is even.

    Returns
    -------
    dict of xarray.Dataset
        `loops` (arrangement, frequency, ...), as `cycles.tabulated` says but without states: of "one" pore and of both
        arrangements, at a hundredth of `frequency`, which is nearly steady, and at `frequency`; `identity_error`
        is by how much the current of the arrangement in the same direction is off the one that follows from a single
        pore, I_1(V/2), as a share of the largest. `charged`: the same with C_m at one frequency. `pulses`
        (arrangement, amplitude, pulse): I/V at the end of each pulse, and `potentiation` (arrangement, amplitude,
        sign), the last one of each sign over its first one.

    Notes
    -----
    The paper shows measurements. That an antiseries is capacitive all over follows with C_m alone.
    """
    cycles.positive("amplitude, frequency and charged_frequency", (amplitude, frequency, charged_frequency))
    pair = Arrangements(("series", "antiseries"), amplitude, _even(rows, rtol))
    train = Pulses.of(count, width, gap)
    data = _figure(pair, frequency, (C_m, charged_frequency), voltages, train)
    pore, n = Nanopore.preset("figure-29a"), min(rows, 1000)
    half = cycles.fixed_current(arranged("one", pore), 0.5 * amplitude, frequency, n)
    both = cycles.fixed_current(arranged("series", pore), amplitude, frequency, n)
    data["loops"]["identity_error"] = ("arrangement", [0.0, _apart(both, half), np.nan], {"units": "1"})
    return data


@PAPER.figure(
    "39",
    title="two pores in parallel, in the same and in opposite directions",
    quick=cycles.QUICK,
    example=Example("rows=200, rtol=1e-4, count=2", ["charged", "loops", "pulses"], panels=6),
)
def figure39(
    *,
    amplitude: float = 1.5,
    frequency: float = 100.0,
    charged_frequency: float = 500.0,
    C_m: float = 1e-11,
    voltages: Sequence[float] = (0.6, 0.8),
    count: int = 20,
    width: float = 0.5e-3,
    gap: float = 0.1e-3,
    rows: int = 4000,
    rtol: float = 1e-8,
) -> dict[str, xr.Dataset]:
    """Return loops and pulses of two pores of figure 29 a in parallel.

    Parameters
    ----------
    amplitude, frequency, charged_frequency, C_m, voltages, count, width, gap, rows, rtol
        As for `figure38`.

    Returns
    -------
    dict of xarray.Dataset
        As for `figure38`; a single pore gives 2 I_1 in parallel, and I_1(t) - I_1(t + T/2) in antiparallel.

    Notes
    -----
    The paper shows measurements. That an antiparallel crosses twice follows with C_m alone; without it, it touches.
    """
    cycles.positive("amplitude, frequency and charged_frequency", (amplitude, frequency, charged_frequency))
    pair = Arrangements(("parallel", "antiparallel"), amplitude, _even(rows, rtol))
    train = Pulses.of(count, width, gap)
    data = _figure(pair, frequency, (C_m, charged_frequency), voltages, train)
    pore, n = Nanopore.preset("figure-29a"), min(rows, 1000) // 2 * 2
    one, same, opposite = (
        cycles.fixed_current(arranged(name, pore), amplitude, frequency, n) for name in ("one", *pair.names)
    )
    errors = [0.0, _apart(same, 2.0 * one), _apart(opposite, one - np.roll(one, -n // 2))]
    data["loops"]["identity_error"] = ("arrangement", errors, {"units": "1"})
    return data


# ---------------------------------------------------------------- pictures


@PAPER.drawing("38", "39")
def plot_combination(data: dict[str, xr.Dataset]) -> Figure:
    """Draw loops (red) with the steady curve (blue) in the same (a) and in opposite directions (b), then pulses (c, d).

    e and f are the loops with a capacitance.
    """
    loops, charged, pulses = data["loops"], data["charged"], data["pulses"]
    figure, axes = _pages.grid(6, 2)
    for k, name in enumerate(pulses["arrangement"].values):
        both = loops.sel(arrangement=name)
        slow, fast = (both.isel(frequency=k) for k in (0, 1))
        axes[k].plot(slow["voltage"], panels.MICRO * slow["current"], color=_pages.BLUE, lw=1.0)
        _draw_loop(axes[k], fast, f"{name}, {panels.KILO * float(fast['frequency']):g} kHz")
        _draw_pulses(axes[2 + k], pulses.sel(arrangement=name))
        one = charged.sel(arrangement=name).isel(frequency=0)
        text = f"$C_m$ = {1e9 * charged.attrs['C_m']:g} nF, {panels.KILO * float(one['frequency']):g} kHz"
        _draw_loop(axes[4 + k], one, text)
        for volt in one["crossing"].values[np.isfinite(one["crossing"].values)]:
            axes[4 + k].axvline(volt, color="0.6", lw=0.8, ls=":")
    _pages.letters(axes)
    return figure


def _draw_loop(ax: Axes, loop: xr.Dataset, text: str) -> None:
    volts, micro = loop["voltage"].values, panels.MICRO * loop["current"].values
    ax.plot(volts, micro, color=_pages.RED, lw=1.2)
    panels.arrow(ax, volts, micro, _pages.RED)
    kinds = ", ".join(str(kind) for kind in loop["wing_type"].values if kind)
    ax.text(0.03, 0.97, f"{text}\n{kinds}", transform=ax.transAxes, va="top", fontsize="x-small")
    ax.axhline(0.0, color="0.8", lw=0.6, zorder=0)
    ax.set(xlabel="$V$ (V)", ylabel="$I$ (µA)")


def _draw_pulses(ax: Axes, pulses: xr.Dataset) -> None:
    half = pulses.sizes["pulse"] // 2
    number, top = pulses["pulse"].values, panels.MICRO * float(pulses["conductance"].max())
    for k, colour in enumerate(_pages.shades(pulses.sizes["amplitude"])):
        micro = panels.MICRO * pulses["conductance"].isel(amplitude=k).values
        text = f"$V_p$ = {float(pulses['amplitude'][k]):g} V"
        ax.plot(number[:half], micro[:half], "o", color=colour, ms=3, label=text)
        ax.plot(number[half:], micro[half:], "o", color=colour, ms=3, mfc="none")
    ax.axvline(half + 0.5, color="0.8", lw=0.6)
    ax.set(xlabel="pulse, positive then negative", ylabel="$G$ (µS)", ylim=(0.0, 1.08 * top))
    ax.legend(frameon=False, fontsize="x-small")
