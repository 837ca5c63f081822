"""Figure 16: synapses with transistors drive diffusive neurons, and a passive array learns with threshold switches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from memnet.base import check
from memnet.base.arrays import Floats
from memnet.devices import Capacitor, Device, DiffusiveMemristor, Resistor, Transistor, link
from memnet.network import Network
from memnet.papers import _pages
from memnet.papers._registry import Example
from memnet.papers.electrochemical2023 import _elements as elements
from memnet.papers.electrochemical2023.common import PAPER
from memnet.simulate import Simulation

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

__all__ = ["figure16a", "plot_figure16a"]

MILLI, MICRO = 1e3, 1e6
# Letters of 3 x 3 pixels, five of which are black.
LETTERS = {"T": "111010010", "L": "100100111", "X": "101010101", "+": "010111010"}
PATTERNS = np.array([[float(pixel) for pixel in letter] for letter in LETTERS.values()])
# Synapses (S), and what is beside a neuron (F); gates of their transistors (V).
G_ON, G_OFF, BESIDE, GATE = 1e-4, 1e-6, 1e-7, 2.0
# A diffusive neuron: scales of its voltage (V), time (1/s) and resistance (ohm), and the share of its largest
# conductance at which it fires.
SCALES: dict[str, Any] = {"v_th": 0.375, "kappa": 1e3, "r_t": 100.0}
FIRES, STEP = 0.1, 5e-5


def synapses_with_transistors(conductances: Floats) -> tuple[Network, list[Device]]:
    """Return cells of a memristor and a transistor, and a diffusive neuron beside a capacitance at each column.

    Inputs are "w0" and on, columns "b0" and on, and all gates are one electrode, as all rows are read at once.
    """
    rows, columns = conductances.shape
    cells = rows * columns
    row, column = (one.ravel() for one in np.indices((rows, columns)))
    bits, inner = rows + column, rows + columns + np.arange(cells)
    gates, ground = rows + columns + cells, rows + columns + cells + 1
    ends = np.arange(rows, rows + columns)
    edges = np.vstack([
        np.c_[row, inner], np.c_[inner, bits], np.c_[np.full(columns, gates), ends],
        np.c_[ends, np.full(columns, ground)], np.c_[ends, np.full(columns, ground)],
    ])  # fmt: skip
    electrodes = {f"w{k}": k for k in range(rows)} | {f"b{k}": rows + k for k in range(columns)}
    net = Network(ground + 1, edges, electrodes={**electrodes, "gates": gates, "gnd": ground})
    memristor, probe = Resistor(conductance=conductances.ravel()), Resistor(conductance=0.0)
    channel = link(Transistor(k=1e-2, v_t=0.5), to=2 * cells + column)
    beside = Capacitor(capacitance=BESIDE, method="trapezoidal")
    neuron = DiffusiveMemristor(**SCALES)
    counts = ((memristor, cells), (channel, cells), (probe, columns), (beside, columns), (neuron, columns))
    return net, [device for device, count in counts for _ in range(count)]


def most_of_film() -> float:
    """Return the largest conductance of a diffusive neuron (S)."""
    of = DiffusiveMemristor(**SCALES)
    gaps = int(of.n) + 1
    return float(1.0 / (gaps * of.r_t * np.exp(2.0 / (gaps * of.lam))))


def shown(pattern: int, voltage: float, duration: float, seed: int) -> tuple[Floats, Floats, Floats]:
    """Return times (s), potentials of columns (V) and when their neurons fire (s, nan where not) under a letter."""
    net, devices = synapses_with_transistors(np.where(PATTERNS.T > 0.0, G_ON, G_OFF))
    sources: dict[str, Any] = {f"w{k}": voltage * pixel for k, pixel in enumerate(PATTERNS[pattern].tolist())}
    columns = PATTERNS.shape[0]
    floating: dict[str, Any] = {f"b{k}": None for k in range(columns)}
    sim = Simulation(net, devices, {**sources, **floating, "gates": GATE, "gnd": 0.0}, dt=STEP, seed=seed)
    neurons = list(range(net.n_edges - columns, net.n_edges))
    run = sim.run(round(duration / STEP), record={"edge_conductance": neurons})
    beyond = run["edge_conductance"].values > FIRES * most_of_film()
    time = run["time"].values
    fired = np.where(beyond.any(axis=0), time[beyond.argmax(axis=0)], np.nan)
    potential = run["voltage"].sel(electrode=[f"b{k}" for k in range(columns)]).values
    return time, potential, fired


@PAPER.figure(
    "16a",
    title="synapses with transistors that drive diffusive neurons: letters and who fires first",
    place="Fig. 16 a",
    quick={"voltages": (0.75,), "runs": 2},
    example=Example(
        "voltages=(0.75,), runs=1, duration=1e-3",
        {"input": 9, "column": 4, "voltage": 1, "letter": 4, "time": 20, "run": 1},
        panels=5,
    ),
)
def figure16a(
    *, voltages: Sequence[float] = (0.5, 0.75, 1.0, 1.5), duration: float = 6e-3, runs: int = 8, seed: int = 0
) -> xr.Dataset:
    """Return when each of four neurons fires under each of four letters.

    Parameters
    ----------
    voltages : sequence of float
        At the inputs of black pixels (V); those of white ones are at 0 V.
    duration : float
        How long a letter is shown (s), at least 0.05 ms.
    runs, seed : int
        Realisations of the noise of the neurons, >= 1, and its seed.

    Returns
    -------
    xarray.Dataset
        `conductance` (input, column) of the synapses (S); `potential` (voltage, letter, time, column) of the columns in
        the first run (V); `fires` (voltage, run, letter, column), when a neuron has a tenth of its largest conductance
        (s), nan where it has not; `right` (voltage), the share of runs and letters in which the neuron of the letter
        fires first.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or outside its range.

    Notes
    -----
    The paper shows a photograph of the chip of Wang et al., Nat. Electron. 2018, 1, 137, doi
    10.1038/s41928-018-0023-2. Letters, values and the scales of `DiffusiveMemristor` are memnet's.
    """
    import xarray as xr

    volts = elements.several("voltages", voltages, 0.0)
    length = check.real("duration", duration, STEP, 1.0, "[]")
    seeds = check.integer("seed", seed, 0) + np.arange(check.integer("runs", runs, 1, 1000))
    letters = range(len(LETTERS))
    found = [[[shown(k, one, length, int(s)) for k in letters] for s in seeds] for one in volts]
    fires = np.array([[[letter[2] for letter in run] for run in of_voltage] for of_voltage in found])
    return xr.Dataset(
        {
            "conductance": (("input", "column"), np.where(PATTERNS.T > 0.0, G_ON, G_OFF), {"units": "S"}),
            "potential": (
                ("voltage", "letter", "time", "column"),
                [[letter[1] for letter in of_voltage[0]] for of_voltage in found],
                {"units": "V"},
            ),
            "fires": (("voltage", "run", "letter", "column"), fires, {"units": "s"}),
            "right": ("voltage", _first_is_right(fires)),
        },
        {
            "voltage": ("voltage", volts, {"units": "V"}),
            "letter": list(LETTERS),
            "time": ("time", found[0][0][0][0], {"units": "s"}),
        },
    )


def _first_is_right(fires: Floats) -> Floats:
    """Return the share of letters whose own neuron fires, and before all others."""
    order = np.where(np.isfinite(fires), fires, np.inf)
    own = np.einsum("vrll->vrl", order)
    others = np.where(np.eye(order.shape[-1], dtype=bool), np.inf, order).min(axis=-1)
    return np.asarray((own < others).mean(axis=(1, 2)))


@PAPER.drawing("16a")
def plot_figure16a(data: xr.Dataset) -> Figure:
    """Draw synapses, potentials under one letter, when neurons fire, and how often the right one is first."""
    figure, axes = _pages.grid(4, 2, side=3.2)
    letters = [str(one) for one in data["letter"].values]
    axes[0].imshow(MICRO * data["conductance"], cmap="Greys", aspect="auto")
    axes[0].set(xlabel="column", ylabel="input")
    axes[0].set_xticks(range(len(letters)), letters)
    middle = min(1, data.sizes["voltage"] - 1)
    one = data.isel(voltage=middle)
    for k, colour in enumerate((_pages.BLUE, _pages.RED, _pages.GREEN, _pages.ORANGE)):
        trace = one["potential"].isel(letter=0, column=k)
        axes[1].plot(MILLI * data["time"], trace, color=colour, lw=1.0, label=f"neuron {letters[k]}")
    axes[1].set(xlabel="$t$ (ms)", ylabel=f"column (V), letter {letters[0]}")
    axes[1].legend(frameon=False, fontsize="x-small")
    late = np.where(np.isfinite(one["fires"].values), one["fires"].values, float(data["time"][-1]))
    image = axes[2].imshow(MILLI * np.median(late, axis=0), cmap="viridis_r")
    axes[2].set_xticks(range(len(letters)), letters)
    axes[2].set_yticks(range(len(letters)), letters)
    axes[2].set(xlabel="neuron", ylabel="letter")
    axes[2].set_title(f"{float(one['voltage']):g} V", fontsize="medium")
    figure.colorbar(image, ax=axes[2], label="fires at (ms), median")
    axes[3].plot(data["voltage"], data["right"], "o-", color=_pages.PURPLE, ms=4)
    axes[3].axhline(1.0 / len(letters), color="0.6", ls="--", lw=0.8)
    axes[3].set(xlabel="voltage at the inputs (V)", ylabel="share, right neuron first", ylim=(0.0, 1.05))
    _pages.letters(axes)
    return figure
