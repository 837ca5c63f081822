"""Figure 18: Boolean functions by minterms on a crossbar, gates of memtransistors, and bits that are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from memnet import arrays, drive
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.devices import VTEAM, Memtransistor, Resistor, StochasticSwitch, link
from memnet.papers import _pages
from memnet.papers._registry import Example
from memnet.papers.electrochemical2023 import _elements as elements
from memnet.papers.electrochemical2023.common import PAPER
from memnet.simulate import Circuit

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

__all__ = ["figure18", "plot_figure18"]

MICRO = 1e6
# As the paper has it, the low resistance is logic 0 (ohm).
R_ON, R_OFF = 1e3, 1e6
LEVELS = arrays.LogicLevels(zero=R_ON, one=R_OFF)
INPUTS, WIDTH = "abc", 200e-9
# Sums of products: the combinations of a, b, c for which each function is 1.
FUNCTIONS = {
    "parity": ((0, 0, 1), (0, 1, 0), (1, 0, 0), (1, 1, 1)),
    "majority": ((0, 1, 1), (1, 0, 1), (1, 1, 0), (1, 1, 1)),
}
# Pulses that draw bits (s), and for how long pulses write a memtransistor (s, V).
DRAW, PROGRAM, GATE = 1e-6, 2e-4, 6.0


def memristor() -> VTEAM:
    """Return a memristor with thresholds, as the figure's part a sketches it."""
    return VTEAM(R_on=R_ON, R_off=R_OFF, D=3e-9, v_on=-1.0, v_off=0.3, k_on=-3.0, k_off=3.0, alpha_on=1.0)


def minterms(name: str, voltage: float) -> arrays.LogicTable:
    """Return what two levels of cells make of a function at a voltage (V): cells for products, and one for the sum.

    A pulse resets a cell where a line of inputs has a low resistance. With that as 0 it is a NAND, and NANDs of NANDs
    are a sum of products.
    """
    terms = FUNCTIONS[name]
    inverted, products = [f"not {one}" for one in INPUTS], [f"product {k}" for k in range(len(terms))]
    nand = arrays.LogicStep.nor
    of: dict[str, Any] = {"voltage": voltage, "width": WIDTH}
    steps = [nand([one], f"not {one}", **of) for one in INPUTS]
    for cell, term in zip(products, terms, strict=True):
        steps.append(nand([one if bit else f"not {one}" for one, bit in zip(INPUTS, term, strict=True)], cell, **of))
    steps.append(nand(products, "sum", **of))
    row = arrays.LogicRow(memristor(), [*INPUTS, *inverted, *products, "sum"], levels=LEVELS, polarity=-1)
    start = dict.fromkeys([*inverted, *products, "sum"], 0)
    return row.table(steps, inputs=list(INPUTS), expected={"sum": lambda *bits: bits in terms}, start=start)


def wrong(table: arrays.LogicTable) -> int:
    """Return in how many cases the sum is wrong."""
    found = LEVELS.bits(table.resistance_of("sum"))
    return int(np.sum(found != table.expected[:, table.cells.index("sum")]))


def transfer_of(pulses: int, gates: Floats) -> Floats:
    """Return currents (A) of a memtransistor at 1 V over voltages at its gate, after some pulses there."""
    circuit = Circuit()
    circuit.add("gate", "source", Resistor(conductance=0.0), name="gate")
    circuit.add("drain", "source", link(Memtransistor(), to="gate"), name="channel")
    both = drive.pulses(0.0, GATE, length=PROGRAM, spacing=PROGRAM, count=max(pulses, 1))
    wave = both if pulses else 0.0
    dt = PROGRAM
    sim = circuit.simulation({"gate": wave, "source": 0.0, "drain": 0.0}, dt=dt, method="adaptive", rtol=1e-5)
    sim.run(2 * pulses + 1)
    steps = drive.steps(gates, dt * (2 * pulses + 1 + np.arange(gates.size)))
    sim.set_drive({"gate": steps, "source": 0.0, "drain": 1.0})
    run = sim.run(gates.size, record={"branch_current": "channel"})
    current: Floats = run["branch_current"].values[:, 0]
    return current


def drawn(probability: float, count: int, seed: int) -> Floats:
    """Return bits whose probability a voltage sets."""
    volts = float(arrays.switching_voltage(probability, DRAW))
    return np.asarray(arrays.stochastic_bits(count, volts, DRAW, seed=seed))


@PAPER.figure(
    "18",
    title="logic: minterms on two levels of cells, memtransistors, and bits with a probability",
    quick={"voltages": (0.5, 1.0, 1.6), "bits": 10_000},
    example=Example(
        "voltages=(1.0,), functions=('parity',), bits=100",
        {"function": 1, "case": 8, "voltage": 1, "pulses": 4, "gate": 13, "draw": 26, "probability": 7},
        panels=5,
    ),
)
def figure18(
    *,
    voltages: Sequence[float] = (0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.2, 1.3, 1.6),
    functions: Sequence[str] = tuple(FUNCTIONS),
    bits: int = 100_000,
    seed: int = 0,
) -> xr.Dataset:
    """Return what cells make of Boolean functions, what a memtransistor keeps, and bits that switches draw.

    Parameters
    ----------
    voltages : sequence of float
        Of the pulses of the gates (V), > 0; at that next to 1 V the resistances are shown.
    functions : sequence of str
        Of three inputs: "parity", "majority".
    bits : int
        Drawn bits of each stream, 1 to 10,000,000.
    seed : int
        Of the draws.

    Returns
    -------
    xarray.Dataset
        `sum` (function, case), the resistance of the last cell (ohm), of which a low one is logic 0, `expected`
        (function, case), and `wrong` (function, voltage), the number of cases that are wrong. `current` (pulses, gate)
        of a memtransistor at 1 V (A). `share` (voltage of draws) of drawn bits that are 1 and its `law`; `selected`
        (probability), the share of a stream that a multiplexer of three NANDs and a NOT takes from streams of 0.9 and
        0.1, if a third one selects with that probability.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or outside its range.

    Notes
    -----
    The paper shows Tunali et al., IEEE Micro 2018, 38, 22, and Zheng et al., Nat. Commun. 2022, 13, 5578. Cells are
    `VTEAM` and `Memtransistor`, with memnet's numbers; draws are those of `StochasticSwitch`.
    """
    import xarray as xr

    volts = elements.several("voltages", voltages, 0.0)
    names = elements.words("functions", functions, FUNCTIONS)
    count, first = check.integer("bits", bits, 1, 10_000_000), check.integer("seed", seed, 0)
    tables = [[minterms(name, one) for one in volts] for name in names]
    shown = int(np.abs(np.array(volts) - 1.0).argmin())
    cell = [row[shown].resistance_of("sum") for row in tables]
    expected = [[float(case in FUNCTIONS[name]) for case in product((0, 1), repeat=3)] for name in names]
    gates, pulses = np.linspace(-1.0, 5.0, 13), (0, 1, 2, 4)
    draws, chances = np.linspace(0.55, 0.8, 26), np.linspace(0.05, 0.95, 7)
    tau = StochasticSwitch().parameters
    law = -np.expm1(-DRAW / (float(tau["tau0"]) * np.exp(-draws / float(tau["V0"]))))
    streams = [drawn(0.9, count, first + 1), drawn(0.1, count, first + 2)]
    chosen = [arrays.multiplexer(drawn(one, count, first + 3), *streams).mean() for one in chances.tolist()]
    return xr.Dataset(
        {
            "sum": (("function", "case"), cell, {"units": "ohm"}),
            "expected": (("function", "case"), expected),
            "wrong": (("function", "voltage"), [[wrong(table) for table in row] for row in tables]),
            "current": (("pulses", "gate"), [transfer_of(one, gates) for one in pulses], {"units": "A"}),
            "share": ("draw", [arrays.stochastic_bits(count, one, DRAW, seed=first).mean() for one in draws.tolist()]),
            "law": ("draw", law),
            "selected": ("probability", chosen),
        },
        {
            "function": names,
            "case": ["".join(map(str, case)) for case in product((0, 1), repeat=3)],
            "voltage": ("voltage", volts, {"units": "V"}),
            "pulses": list(pulses),
            "gate": ("gate", gates, {"units": "V"}),
            "draw": ("draw", draws, {"units": "V"}),
            "probability": chances,
        },
    )  # fmt: skip


@PAPER.drawing("18")
def plot_figure18(data: xr.Dataset) -> Figure:
    """Draw resistances of sums, wrong cases over the voltage, the memtransistor, and drawn bits with their law."""
    figure, axes = _pages.grid(4, 2, side=3.2)
    place, shift = np.arange(data.sizes["case"]), 0.2
    colours = (_pages.BLUE, _pages.ORANGE)
    for k, (name, colour) in enumerate(zip(data["function"].values, colours, strict=False)):
        one = data.sel(function=name)
        axes[0].bar(place + (2 * k - 1) * shift, one["sum"], 0.35, color=colour, label=str(name))
        axes[1].plot(data["voltage"], one["wrong"], "o-", color=colour, ms=4, label=str(name))
    axes[0].set(yscale="log", ylim=(1e2, 1e7), xlabel="inputs a, b, c", ylabel="resistance of the sum (ohm)")
    axes[0].set_xticks(place, [str(one) for one in data["case"].values], fontsize="x-small")
    for resistance, text in ((R_OFF, "logic 1"), (R_ON, "logic 0")):
        axes[0].axhline(resistance, color="0.6", ls="--", lw=0.8)
        axes[0].text(1.01, resistance, text, va="center", fontsize="x-small", transform=axes[0].get_yaxis_transform())
    axes[0].legend(frameon=False, fontsize="x-small", loc="upper left", ncols=2)
    axes[1].set(xlabel="voltage of a gate (V)", ylabel="cases that are wrong, of 8")
    for k, colour in enumerate(_pages.shades(data.sizes["pulses"])):
        one = data.isel(pulses=k)
        axes[2].semilogy(data["gate"], MICRO * one["current"], color=colour, label=f"{int(one['pulses'])} pulses")
    axes[2].set(xlabel="gate (V)", ylabel="drain current (µA)", ylim=(1e-6, 1e3))
    axes[2].legend(frameon=False, fontsize="x-small")
    axes[3].plot(data["draw"], data["law"], color="0.6", lw=1.0)
    axes[3].plot(data["draw"], data["share"], "o", color=_pages.PURPLE, ms=3, label="bits that are 1")
    axes[3].set(xlabel="voltage of a draw (V)", ylabel="share", ylim=(-0.03, 1.03))
    upper = axes[3].twiny()
    upper.plot(data["probability"], data["selected"], "s-", color=_pages.GREEN, ms=4, lw=0.8)
    upper.set_xlabel("probability to select (squares)", color=_pages.GREEN)
    axes[3].legend(frameon=False, fontsize="x-small", loc="upper left")
    _pages.letters(axes)
    axes[3].spines[["top"]].set_visible(True)
    return figure
