"""Figure 16 b: a passive array with threshold switches as neurons learns letters; one neuron detects coincidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from memnet import drive
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.devices import BipolarThreshold, Capacitor, ThresholdSwitch
from memnet.network import Network
from memnet.papers import _pages
from memnet.papers._registry import Example
from memnet.papers.electrochemical2023 import _elements as elements
from memnet.papers.electrochemical2023.common import PAPER
from memnet.papers.electrochemical2023.neuron_arrays import LETTERS, PATTERNS
from memnet.simulate import Circuit, Simulation

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

__all__ = ["figure16b", "plot_figure16b"]

MICRO = 1e6
COLUMNS, ROWS = PATTERNS.shape
CELLS = ROWS * COLUMNS
# Voltages that read and write (V), and how long each lasts (s); synapses move beyond 1 V only.
READ, WRITE, SHOWN, WRITTEN = 0.8, 1.3, 2e-4, 5e-4
SYNAPSE = {"g_on": 2e-5, "g_off": 2e-6}
# The neuron (V, ohm) and the capacitance beside it (F), in the array and where it detects coincidence.
V_ON, V_OFF, R_ON, R_OFF = 0.55, 0.1, 500.0, 1e6
BESIDE, COINCIDENCE = 1e-9, 0.2e-9
# Two inputs: their resistances (ohm), and their pulses (V, s).
SERIES, PULSE, LENGTH = 100e3, 2.0, 5e-6


class Learner:
    """A passive array whose columns end at neurons, which are off while it is written, as by switches."""

    def __init__(self, weights: Floats) -> None:
        row, column = (one.ravel() for one in np.indices((ROWS, COLUMNS)))
        cells = np.c_[row, ROWS + column]
        ends = np.c_[ROWS + np.arange(COLUMNS), np.full(COLUMNS, ROWS + COLUMNS)]
        names = {f"w{k}": k for k in range(ROWS)} | {f"b{k}": ROWS + k for k in range(COLUMNS)}
        ground = ROWS + COLUMNS
        whole = Network(ground + 1, np.vstack([cells, ends, ends]), electrodes={**names, "gnd": ground})
        self.synapses = BipolarThreshold(**SYNAPSE, w_initial=weights.ravel())
        beside = Capacitor(capacitance=BESIDE, method="trapezoidal")
        devices = [self.synapses] * CELLS + [beside] * COLUMNS + [_switch()] * COLUMNS
        self.rest: dict[str, Any] = {name: 0.0 if name[0] == "w" else None for name in names} | {"gnd": 0.0}
        self.reading = Simulation(whole, devices, self.rest, dt=SHOWN, method="adaptive", rtol=1e-3)
        alone = Network(ground, cells, electrodes=names)
        self.written = BipolarThreshold(**SYNAPSE, w_initial=weights.ravel())
        self.writing = Simulation(alone, self.written, dict.fromkeys(names, 0.0), dt=WRITTEN, method="adaptive")

    @property
    def weights(self) -> Floats:
        """Return the weights (input, column)."""
        found: Floats = np.array(self.reading.state(self.synapses, "w")).reshape(ROWS, COLUMNS)
        return found

    def spikes(self, letter: Floats) -> Floats:
        """Return how often each neuron fires under a letter; all have come to rest before and behind it."""
        self.reading.set_drive(self.rest | {f"w{k}": READ * pixel for k, pixel in enumerate(letter.tolist())})
        run = self.reading.run(duration=SHOWN)
        closed = run["event_edge"].values[run["event_kind"].values == 1]
        self.reading.set_drive(self.rest)
        self.reading.run(duration=SHOWN)
        return np.array([np.sum(closed == CELLS + COLUMNS + k) for k in range(COLUMNS)], dtype=float)

    def right(self, letter: Floats, own: int) -> bool:
        """Return whether the neuron `own` fires more often than all others."""
        spikes = self.spikes(letter)
        return bool(spikes[own] > np.delete(spikes, own).max())

    def learn(self, letter: Floats, own: int) -> None:
        """Move the weights of neurons that fire and should not, or do not and should: the rule of the sign of delta."""
        delta = np.eye(COLUMNS)[own] - (self.spikes(letter) > 0.0)
        for sign in (1.0, -1.0):
            rows = 0.5 * WRITE * sign * (2.0 * letter - 1.0)
            for side in (-1.0, 1.0):  # black pixels get both halves on one side, white ones on the other
                columns = 0.5 * WRITE * side * (delta == sign)
                if columns.any():
                    lines = {f"w{k}": v for k, v in enumerate(rows.tolist())}
                    lines |= {f"b{k}": v for k, v in enumerate(columns.tolist())}
                    self.writing.set_drive(lines)
                    self.writing.step()
        self.reading.set_state(self.synapses, w=self.writing.state(self.written, "w"))


def _switch() -> ThresholdSwitch:
    return ThresholdSwitch(v_on=V_ON, v_off=V_OFF, r_on=R_ON, r_off=R_OFF)


def coincides(delay: float) -> bool:
    """Return whether a neuron fires at two pulses through two resistances, the second later by a delay (s)."""
    circuit = Circuit()
    for name in ("first", "second"):
        circuit.add(name, "a", elements.ohms(SERIES))
    circuit.add("a", "gnd", elements.farads(COINCIDENCE))
    circuit.add("a", "gnd", _switch(), name="neuron")
    waves = [drive.concat([(0.0, 1e-6 + start), (PULSE, LENGTH), (0.0, None)]) for start in (0.0, delay)]
    sources: dict[str, Any] = {"first": waves[0], "second": waves[1], "gnd": 0.0}
    sim = circuit.simulation(sources, dt=LENGTH, **elements.ADAPTIVE)
    run = sim.run(duration=LENGTH * np.ceil((delay + 4.0 * LENGTH) / LENGTH))
    return bool(elements.closings(run, sim.edge("neuron")).size)


def window() -> float:
    """Return the largest delay (s) at which it does, in closed form: what the first has left lifts the peak."""
    whole = 1.0 / (2.0 / SERIES + 1.0 / R_OFF)
    tau = whole * COINCIDENCE
    lift = PULSE * whole / SERIES * -np.expm1(-LENGTH / tau)
    return float(-tau * np.log(V_ON / lift - 1.0))


def wrong_by_one(pixels: int) -> list[tuple[int, Floats]]:
    """Return letters with one of the first pixels wrong, each behind its number."""
    return [(k, np.abs(PATTERNS[k] - np.eye(ROWS)[pixel])) for k in range(COLUMNS) for pixel in range(pixels)]


@PAPER.figure(
    "16b",
    title="a passive array with threshold switches learns letters; one switch detects coincidence",
    place="Fig. 16 b",
    quick={"epochs": 3, "wrong": 2, "delays": (1e-6, 15e-6)},
    example=Example(
        "epochs=1, wrong=1, delays=(1e-6,)",
        {"shown": 2, "epoch": 2, "moment": 2, "input": 9, "column": 4, "letter": 4, "delay": 1},
        panels=5,
    ),
)
def figure16b(
    *,
    epochs: int = 8,
    wrong: int = ROWS,
    delays: Sequence[float] = tuple(float(f"{k}e-6") for k in range(17)),
    seed: int = 0,
) -> xr.Dataset:
    """Return what an array learns by the sign of the error of its neurons, and when a neuron fires at two pulses.

    Parameters
    ----------
    epochs : int
        How often all four letters are learned, 1 to 1000.
    wrong : int
        How many of the pixels of each letter are wrong in turn where that is tried, 1 to 9.
    delays : sequence of float
        Between two pulses (s), >= 0.
    seed : int
        Of the weights at the start and of the order of letters.

    Returns
    -------
    xarray.Dataset
        `right` (shown, epoch), the share of letters, and of letters with one pixel wrong, whose own neuron fires most
        often, which a silent one does not; `weight` (moment, input, column), before and after learning; `spikes`
        (letter, column) after it; `coincides` (delay), whether two pulses make a neuron fire, and `window`, the delay
        up to which they do by the closed form (s).

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or outside its range.

    Notes
    -----
    The paper shows photographs of the array of Duan et al., Nat. Commun. 2020, 11, 3399, doi
    10.1038/s41467-020-17215-3. Synapses are `BipolarThreshold`, neurons `ThresholdSwitch` beside capacitances; a weight
    is written by two halves of a voltage. Numbers are memnet's.
    """
    import xarray as xr

    rounds = check.integer("epochs", epochs, 1, 1000)
    between = [check.real("delays", one, 0.0, 1.0, "[]") for one in elements.several("delays", delays)]
    rng = np.random.default_rng(check.integer("seed", seed, 0))
    array = Learner(rng.uniform(0.3, 0.7, (ROWS, COLUMNS)))
    before, others = array.weights, wrong_by_one(check.integer("wrong", wrong, 1, ROWS))
    right = [_share(array, others)]
    for _ in range(rounds):
        for letter in rng.permutation(COLUMNS):
            array.learn(PATTERNS[letter], int(letter))
        right.append(_share(array, others))
    return xr.Dataset(
        {
            "right": (("shown", "epoch"), np.transpose(right)),
            "weight": (("moment", "input", "column"), [before, array.weights]),
            "spikes": (("letter", "column"), [array.spikes(one) for one in PATTERNS]),
            "coincides": ("delay", [float(coincides(one)) for one in between]),
            "window": ((), window(), {"units": "s"}),
        },
        {
            "shown": ["letters", "one pixel wrong"],
            "epoch": np.arange(rounds + 1),
            "moment": ["before", "after"],
            "letter": list(LETTERS),
            "delay": ("delay", between, {"units": "s"}),
        },
    )


def _share(array: Learner, wrong: Sequence[tuple[int, Floats]]) -> list[float]:
    clean = [array.right(PATTERNS[k], k) for k in range(COLUMNS)]
    return [float(np.mean(clean)), float(np.mean([array.right(letter, k) for k, letter in wrong]))]


@PAPER.drawing("16b")
def plot_figure16b(data: xr.Dataset) -> Figure:
    """Draw how many letters are right over epochs, the weights, spikes after learning, and coincidence."""
    figure, axes = _pages.grid(4, 2, side=3.2)
    letters = [str(one) for one in data["letter"].values]
    for shown, colour in zip(data["shown"].values, (_pages.BLUE, _pages.ORANGE), strict=True):
        axes[0].plot(data["epoch"], data["right"].sel(shown=shown), "o-", color=colour, ms=4, label=str(shown))
    axes[0].axhline(1.0 / len(letters), color="0.6", ls="--", lw=0.8)
    axes[0].set(xlabel="epoch", ylabel="share that is right", ylim=(-0.03, 1.05))
    axes[0].legend(frameon=False, fontsize="x-small", loc="upper left")
    both = data["weight"].values
    image = axes[1].imshow(np.hstack([both[0], np.full((ROWS, 1), np.nan), both[1]]), vmin=0.0, vmax=1.0, aspect="auto")
    axes[1].set_xticks([*range(COLUMNS), *range(COLUMNS + 1, 2 * COLUMNS + 1)], 2 * letters)
    axes[1].set(xlabel="neuron, before and after", ylabel="input")
    figure.colorbar(image, ax=axes[1], label="weight")
    axes[2].imshow(data["spikes"], cmap="Greys")
    for k, row in enumerate(data["spikes"].values):
        for j, count in enumerate(row):
            axes[2].text(j, k, f"{count:.0f}", ha="center", va="center", color="w" if j == k else "k")
    axes[2].set_xticks(range(COLUMNS), letters)
    axes[2].set_yticks(range(COLUMNS), letters)
    axes[2].set(xlabel="neuron", ylabel="letter")
    axes[2].set_title("spikes", fontsize="medium")
    axes[3].plot(MICRO * data["delay"], data["coincides"], "o", color=_pages.PURPLE, ms=4)
    axes[3].axvline(MICRO * float(data["window"]), color="0.6", ls="--", lw=0.8)
    axes[3].set(xlabel="delay of the second pulse (µs)", ylim=(-0.1, 1.1))
    axes[3].set_yticks([0, 1], ["silent", "fires"])
    _pages.letters(axes)
    return figure
