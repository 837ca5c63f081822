"""Fig. 37: material implication by two pores and a resistor, as a circuit.

The line of each pore is an electrode, and what both pores share is grounded through the load. One pulse on both lines,
V_cond on P and V_set on Q, and Q becomes P IMP Q: an open P lifts the shared node, so that Q no longer has the voltage
that would open it within the pulse. Three things must hold at once:

* V_set - V_cond is so large that P, with the smaller voltage, stays closed where Q opens;
* V_cond g_H/(g_H + g_load) is so large that Q behind an open P stays closed as P does;
* the load is small beside 1/g_L, or a Q that begins to open takes its own voltage away, and large beside 1/g_H, or an
  open P lifts nothing.

With g_H = 10 g_L all of this needs pores whose time falls steeply with the voltage: a tenth of a volt makes the pores
of Fig. 33 1.6 times as fast. V_A and V_D are further out here than there, so that pores keep what was written.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from memnet.arrays import LogicRow, LogicStep
from memnet.base.arrays import Floats
from memnet.devices import RetentiveNanopore, lognormal, spread
from memnet.papers import _pages
from memnet.papers._registry import Example
from memnet.papers.nanopores2024.common import PAPER

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LINES = ("P", "Q")
CASES = ((0, 0), (0, 1), (1, 0), (1, 1))
# The read current of a 1 is this many times that of the closed pore, as in Fig. 37 f.
THRESHOLD = 1.4
MOMENTS = ("before", "after")
COLOURS = {"P": "#1f5fd0", "Q": "#c8282d"}
STATES = {"P = 0": "#c8282d", "P = 1": "#1f5fd0"}


@dataclass(frozen=True)
class GatePulses:
    """Voltages (V) and lengths (s) of the pulses, and of the pauses after each (s)."""

    v_cond: float
    v_set: float
    operate: float
    v_write: float = 5.0
    write: float = 1e-2
    v_read: float = 0.2
    read: float = 1e-3
    pause: float = 1e-3

    def steps(self, state: Sequence[int]) -> list[LogicStep]:
        """Return the pulses, `pause` apart: both pores are written and read, the operation, both are read."""

        def one_by_one(volts: Sequence[float], length: float) -> list[LogicStep]:
            return [LogicStep({line: volt}, length) for line, volt in zip(LINES, volts, strict=True)]

        read = one_by_one([self.v_read, self.v_read], self.read)
        write = one_by_one([bit * self.v_write for bit in state], self.write)
        operate = LogicStep.imp(*LINES, v_cond=self.v_cond, v_set=self.v_set, width=self.operate)
        return [*write, *read, operate, *read]

    @property
    def written(self) -> float:
        """When both pores are written (s)."""
        return 2.0 * (self.write + self.pause)

    @property
    def operation(self) -> float:
        """When the operation begins (s)."""
        return self.written + 2.0 * (self.read + self.pause)

    def reading(self, line: str, moment: str) -> float:
        """Return a time in the middle of a read pulse (s)."""
        start = self.operation + self.operate + self.pause if moment == "after" else self.written
        return start + 0.5 * self.read + LINES.index(line) * (self.read + self.pause)

    @property
    def duration(self) -> float:
        """From the first pulse to the end of the last one (s)."""
        return self.operation + self.operate + 2.0 * self.read + 3.0 * self.pause


@dataclass(frozen=True)
class Gate:
    """Pores, a load (ohm) and pulses; `dt` is the spacing of rows (s)."""

    pore: RetentiveNanopore
    load: float
    pulses: GatePulses
    dt: float

    def run(self, state: Sequence[int], *, copies: int = 1, sigma: float = 0.0, seed: int = 0) -> xr.Dataset:
        """Return a run of gates side by side that share nothing, from pores written to a state.

        With `sigma` each pore draws g_L, g_H, tau_0 and tau_M by itself; equal seeds draw from equal numbers.
        """
        pores = self.pore
        if sigma > 0.0:
            by = lognormal(sigma)
            pores = spread(pores, seed=seed, g_L=by, g_H=by, tau_0=by, tau_M=by)
        row = LogicRow(pores, LINES, load=self.load, dt=self.dt, rtol=1e-6)
        sim = row.simulation(self.pulses.steps(state), pause=self.pulses.pause, copies=copies)
        record = ["current"] if copies > 1 else ["current", "branch_voltage", "state:x"]
        return sim.run(math.ceil(self.pulses.duration / self.dt), record=record, progress=False)

    def reads(self, run: xr.Dataset, copies: int = 1) -> Floats:
        """Return the currents of the read pulses (A), (copy, line, moment)."""
        found = np.empty((copies, len(LINES), len(MOMENTS)))
        for j, line in enumerate(LINES):
            currents = run["current"].sel(electrode=[line, *(f"{line}@{k}" for k in range(1, copies))])
            for m, moment in enumerate(MOMENTS):
                found[:, j, m] = currents.sel(time=self.pulses.reading(line, moment), method="nearest")
        return found

    def table(self, *, copies: int, sigma: float, seed: int) -> Floats:
        """Return read currents over those of the closed pore, (copy, case, line, moment)."""
        found = [self.reads(self.run(case, copies=copies, sigma=sigma, seed=seed), copies) for case in CASES]
        closed = found[CASES.index((0, 0))][:, :, MOMENTS.index("before")]
        return np.stack(found, axis=1) / closed[:, None, :, None]


def expected() -> Floats:
    """Return the truth table: states (case, line, moment), where Q after is P IMP Q."""
    return np.array([[[p, p], [q, int(not p or q)]] for p, q in CASES], dtype=np.float64)


@PAPER.figure(
    "37",
    title="material implication by two pores and a resistor",
    quick={"draws": 5, "sigmas": (0.1, 0.3)},
    example=Example(
        "draws=2, sigmas=(0.2,)",
        {"case": 4, "line": 2, "time": 3130, "moment": 2, "sigma": 1, "draw": 2},
        panels=8,
    ),
)
def figure37(
    *,
    load: float = 2e6,
    v_cond: float = 2.2,
    v_set: float = 2.8,
    operate: float = 3e-4,
    sigmas: Sequence[float] = (0.05, 0.1, 0.2, 0.3, 0.5),
    draws: int = 50,
    seed: int = 0,
) -> xr.Dataset:
    """Return the runs of P IMP Q from all four states, and how often the table is right where pores differ.

    The paper shows a measurement; pores, pulses and load are ours. The pores are those of Fig. 33, with V_A and V_D at
    +-2 V and tau_M = 10 s, so that they keep what was written.

    Parameters
    ----------
    load : float
        Resistance between the pores and ground (ohm).
    v_cond, v_set : float
        Voltages of the operation, on P and on Q (V).
    operate : float
        Its length (s).
    sigmas : sequence of float
        Standard deviations of the logarithms of g_L, g_H, tau_0 and tau_M, of each pore by itself.
    draws : int
        Pairs of pores at each of them.
    seed : int
        Of the draws, the same standard normal numbers at every sigma.

    Returns
    -------
    xarray.Dataset
        `voltage`, `current`, `pore_voltage` and `open` (x) of the runs (case, line, time); `read` (case, line, moment)
        and `spread_read` (sigma, draw, case, line, moment), read currents over those of the closed pore; `expected`
        states; `right` (sigma, draw), 1 where all states of all cases are those, with 1 from 1.4 times on.
    """
    import xarray as xr

    pore = RetentiveNanopore.preset("figure-33", V_A=2.0, V_D=-2.0, tau_M=10.0)
    gate = Gate(pore, load, GatePulses(v_cond, v_set, operate), dt=1e-5)
    runs = [gate.run(case) for case in CASES]
    nominal = np.stack([gate.reads(run)[0] for run in runs])
    nominal /= nominal[CASES.index((0, 0)), :, :1]
    study = Gate(pore, load, gate.pulses, dt=1e-4)
    spread_reads = np.stack([study.table(copies=draws, sigma=sigma, seed=seed) for sigma in sigmas])
    right = ((spread_reads >= THRESHOLD) == (expected() == 1.0)).all(axis=(2, 3, 4))

    def lines(name: str, dim: str) -> Floats:
        return np.stack([run[name].sel({dim: list(LINES)}).values.T for run in runs])

    over = ("case", "line", "time")
    return xr.Dataset(
        {
            "voltage": (over, lines("voltage", "electrode"), {"units": "V"}),
            "current": (over, lines("current", "electrode"), {"units": "A"}),
            "pore_voltage": (over, lines("branch_voltage", "branch_voltage_edge"), {"units": "V"}),
            "open": (over, lines("state_x", "state_x_edge"), {"units": "1"}),
            "read": (("case", "line", "moment"), nominal, {"units": "1"}),
            "spread_read": (("sigma", "draw", "case", "line", "moment"), spread_reads, {"units": "1"}),
            "expected": (("case", "line", "moment"), expected()),
            "right": (("sigma", "draw"), right.astype(np.int8)),
        },
        {
            "case": [f"{p}{q}" for p, q in CASES],
            "line": list(LINES),
            "time": ("time", runs[0]["time"].values, {"units": "s"}),
            "moment": list(MOMENTS),
            "sigma": list(sigmas),
        },
        {
            "written": gate.pulses.written,
            "operation": gate.pulses.operation,
            "operate": operate,
            "threshold": THRESHOLD,
        },
    )


@PAPER.drawing("37")
def plot_figure37(data: xr.Dataset) -> Figure:
    """Draw the currents of all cases, the operation where P is 0 and where it is 1, and how many tables are right."""
    figure = _pages.page(11.0, 5.2)
    axes = figure.subplots(2, 4)
    shown = data.sel(time=slice(data.attrs["written"], None))
    for ax, case in zip(axes[0], data["case"].values, strict=True):
        one = shown.sel(case=case)
        for line, colour in COLOURS.items():
            ax.plot(1e3 * one["time"], 1e6 * one["current"].sel(line=line), color=colour, lw=0.9, label=line)
        p, q = one["expected"].sel(moment="after").values.astype(int)
        ax.set(xlabel="time (ms)", ylim=(-0.05, 1.25e6 * float(shown["current"].max())))
        ax.annotate(
            f"P, Q: {case[0]}, {case[1]} to {p}, {q}", (0.5, 0.97), xycoords="axes fraction", ha="center", va="top"
        )
    axes[0, 0].set_ylabel("current (µA)")
    axes[0, 0].legend(frameon=False, loc="center right")
    _draw_operation(axes[1, 0], data, "pore_voltage", "voltage of Q's pore (V)")
    _draw_operation(axes[1, 1], data, "open", "open share of Q's pore")
    axes[1, 1].legend(frameon=False)
    _draw_reads(axes[1, 2], data)
    axes[1, 3].plot(data["sigma"], data["right"].mean("draw"), "ko-")
    axes[1, 3].set(xlabel="sigma of ln g and ln tau", ylabel="tables that are right", ylim=(0.0, 1.05))
    _pages.letters(list(axes.flat))
    return figure


def _draw_operation(ax: Axes, data: xr.Dataset, name: str, label: str) -> None:
    """Draw what Q's pore does in the operation from Q = 0, with P closed and open."""
    start = data.attrs["operation"] - 1e-9  # rows are at multiples of dt but for rounding
    shown = data.sel(time=slice(start, start + data.attrs["operate"]))
    for case, text in (("00", "P = 0"), ("10", "P = 1")):
        time = 1e3 * (shown["time"] - data.attrs["operation"])
        ax.plot(time, shown[name].sel(case=case, line="Q"), color=STATES[text], label=text)
    ax.set(xlabel="time in the operation (ms)", ylabel=label)


def _draw_reads(ax: Axes, data: xr.Dataset) -> None:
    """Draw read currents after the operation, those of the smallest spread as points."""
    for j, (line, colour) in enumerate(COLOURS.items()):
        places = np.arange(data.sizes["case"]) + 0.3 * j - 0.15
        ax.bar(places, data["read"].sel(line=line, moment="after"), width=0.28, color=colour, alpha=0.6)
        drawn = data["spread_read"].isel(sigma=0).sel(line=line, moment="after").values
        ax.plot(np.broadcast_to(places, drawn.shape), drawn, ".", color="0.2", ms=2)
    ax.axhline(data.attrs["threshold"], color="k", lw=0.6, ls=":")
    ax.set_xticks(range(data.sizes["case"]), data["case"].values)
    ax.set(xlabel="P and Q before", ylabel="read current / closed")
