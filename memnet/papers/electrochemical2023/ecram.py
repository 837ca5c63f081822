"""Figure 15: synapses of three terminals, whose gate writes what their channel says, alone and in an array."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from memnet import analysis, drive
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.devices import Ecram, EcramGate, link
from memnet.network import Network
from memnet.papers import _pages
from memnet.papers._registry import Example
from memnet.papers.electrochemical2023 import _elements as elements
from memnet.papers.electrochemical2023.common import PAPER
from memnet.simulate import Circuit, Simulation

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

__all__ = ["figure15", "plot_figure15"]

MICRO = 1e6
# Pulses at one gate (s), and how much of a full channel each current pulse moves.
WIDTH, SHARE = 1e-2, 0.08
# What writes one cell: a current, or a voltage (V) at a channel whose charge holds none, or this much, itself (V).
WRITTEN, HELD = ("current", "voltage", "voltage, held"), 0.25
SCHEMES = {"V/2": (0.5, 0.5), "V/3": (1.0 / 3.0, 2.0 / 3.0)}


def gate(v_x: float) -> EcramGate:
    """Return a gate whose full channel holds a voltage (V) itself."""
    return EcramGate(V_x=v_x)


def full(v_x: float = 0.0) -> float:
    """Return the charge of a full channel (C)."""
    return float(gate(v_x).parameters["Q_max"])


def pulse_voltage() -> float:
    """Return the voltage (V) that moves `SHARE` of a full channel in one pulse where the channel holds none."""
    of = gate(0.0).parameters
    return float(of["v_0"] * np.arcsinh(SHARE * of["Q_max"] / (of["i_0"] * WIDTH)))


def train(written: str, count: int) -> Floats:
    """Return the charge x of one channel after 0 to `count` pulses up, and then as many down."""
    circuit = Circuit()
    circuit.add("gate", "out", gate(HELD if written == "voltage, held" else 0.0), name="gate")
    circuit.add("gate", "pulses", elements.ohms(1e-3))
    size = SHARE * full() / WIDTH if written == "current" else pulse_voltage()
    signs = np.repeat([1.0, -1.0], count)
    wave = drive.steps([*size * signs, 0.0], WIDTH * np.arange(2 * count + 1))
    source = drive.current(wave) if written == "current" else wave
    sim = circuit.simulation({"pulses": source, "out": 0.0}, dt=WIDTH, method="adaptive", rtol=1e-6)
    x: Floats = sim.run(2 * count + 1, record="state:x")["state_x"].values[:, 0]
    return x


def lines(size: int) -> tuple[Network, list[Any]]:
    """Return an array of cells, a gate from its gate line to its row and a channel from there to its column."""
    row, column = (one.ravel() for one in np.indices((size, size)))
    edges = np.vstack([np.c_[2 * size + column, row], np.c_[row, size + column]])
    names = [f"{kind}{k}" for kind in "wbg" for k in range(size)]
    net = Network(3 * size, edges, electrodes={name: k for k, name in enumerate(names)})
    cells = size * size
    channel = link(Ecram(), to=np.arange(cells))
    return net, [gate(0.0)] * cells + [channel] * cells


def pulse_times(target: Floats, voltage: float) -> Floats:
    """Return how long each cell must be pulsed (s) for its charge, were it alone."""
    of = gate(0.0).parameters
    return np.asarray(np.abs(target) * of["Q_max"] / (of["i_0"] * np.sinh(voltage / of["v_0"])))


def written(target: Floats, voltage: float, scheme: str) -> Floats:
    """Return conductances (S) of channels of an array whose cells were written one by one by pulses of a voltage (V).

    Of other gate lines and rows V/2 holds all at 0; V/3 puts a third of the voltage across every other cell.
    """
    size, times = target.shape[0], pulse_times(target, voltage)
    gates, rows = np.zeros((target.size, size)), np.zeros((target.size, size))
    up, down = SCHEMES[scheme]
    for k, (i, j) in enumerate(np.ndindex(target.shape)):
        sign = voltage * np.sign(target[i, j])
        if scheme == "V/2":
            gates[k, j], rows[k, i] = up * sign, -down * sign
        else:
            gates[k], rows[k] = up * sign, down * sign
            gates[k, j], rows[k, i] = sign, 0.0
    starts = np.r_[0.0, np.cumsum(times.ravel())]
    sources: dict[str, Any] = {f"b{k}": 0.0 for k in range(size)}
    for k in range(size):
        sources[f"g{k}"] = drive.steps([*gates[:, k], 0.0], starts)
        sources[f"w{k}"] = drive.steps([*rows[:, k], 0.0], starts)
    net, devices = lines(size)
    sim = Simulation(net, devices, sources, dt=float(starts[-1]), method="adaptive", rtol=1e-4)
    behind: Floats = sim.run(2, record="edge_conductance")["edge_conductance"].values[1]
    return behind[target.size :].reshape(target.shape)


@PAPER.figure(
    "15",
    title="synapses of three terminals: trains at one, and what is written into an array",
    quick={"size": 4, "voltages": (0.3, 0.6)},
    example=Example(
        "size=2, count=3, voltages=(0.5,)",
        {"written": 3, "pulse": 7, "direction": 2, "row": 2, "column": 2, "scheme": 2, "voltage": 1},
        panels=5,
    ),
)
def figure15(
    *, size: int = 8, count: int = 10, voltages: Sequence[float] = (0.2, 0.3, 0.4, 0.5, 0.6, 0.8), seed: int = 0
) -> xr.Dataset:
    """Return trains of pulses at one gate, and conductances of an array whose cells were written one by one.

    Parameters
    ----------
    size : int
        Rows and columns of the array, 2 to 32.
    count : int
        Pulses up, and as many down, at one gate, 2 to 10.
    voltages : sequence of float
        Across the cell that is written (V), the first of which wrote what is mapped.
    seed : int
        Of the conductances that are to be written.

    Returns
    -------
    xarray.Dataset
        `charge` (written, pulse) of one channel, as a share of a full one, by pulses of a current, of a voltage, and of
        a voltage where a full channel holds 0.25 V itself; `linearity` (written, direction), as
        `memnet.analysis.linearity`. `target` (row, column) and `result` (scheme, voltage, row, column), conductances
        (S); `error` (scheme, voltage), the root mean square of what is missing, over the range of the target.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or outside its range.

    Notes
    -----
    The paper shows an array of Choi et al., Nat. Commun. 2020, 11, 4595, and two others, as schemes and photographs.
    Here the gate of each cell lies between a gate line and its row, and its channel between row and column: `Ecram`
    and `EcramGate`, whose charge holds no voltage here, as one that did would leave through its gate's line. Pulses
    are as long as the cell needs alone.
    """
    import xarray as xr

    cells = check.integer("size", size, 2, 32)
    pulses = check.integer("count", count, 2, 10)
    across = [check.real("voltages", one, 0.0, 2.0, "(]") for one in elements.several("voltages", voltages)]
    rng = np.random.default_rng(check.integer("seed", seed, 0))
    charge = np.array([train(one, pulses) for one in WRITTEN])
    ways = np.stack([charge[:, : pulses + 1], charge[:, pulses:]], axis=1)
    target = rng.uniform(-0.8, 0.8, (cells, cells))
    of = Ecram().parameters
    wanted = of["g_0"] + of["g_x"] * target
    found = np.array([[written(target, one, scheme) for one in across] for scheme in SCHEMES])
    missing = np.sqrt(((found - wanted) ** 2).mean(axis=(2, 3))) / np.ptp(wanted)
    return xr.Dataset(
        {
            "charge": (("written", "pulse"), charge),
            "linearity": (("written", "direction"), [[analysis.linearity(way) for way in one] for one in ways]),
            "target": (("row", "column"), wanted, {"units": "S"}),
            "result": (("scheme", "voltage", "row", "column"), found, {"units": "S"}),
            "error": (("scheme", "voltage"), missing),
        },
        {
            "written": list(WRITTEN),
            "pulse": np.arange(2 * pulses + 1),
            "direction": ["up", "down"],
            "scheme": list(SCHEMES),
            "voltage": ("voltage", across, {"units": "V"}),
        },
    )


@PAPER.drawing("15")
def plot_figure15(data: xr.Dataset) -> Figure:
    """Draw charges against pulses, what was to be written and what came out, and the error against the voltage."""
    figure, axes = _pages.grid(4, 2, side=3.2)
    looks = ((_pages.BLUE, 6), (_pages.ORANGE, 3), (_pages.RED, 3))  # the first two lie on each other
    for one, (colour, size) in zip(data["written"].values, looks, strict=True):
        row = data["charge"].sel(written=one)
        axes[0].plot(data["pulse"], row, "o-", color=colour, ms=size, lw=0.8, label=str(one))
    axes[0].set(xlabel="pulse at the gate", ylabel="charge / full")
    axes[0].legend(frameon=False, fontsize="x-small")
    for scheme, colour in zip(data["scheme"].values, (_pages.ORANGE, _pages.PURPLE), strict=True):
        axes[1].semilogy(
            data["voltage"], data["error"].sel(scheme=scheme), "o-", color=colour, ms=4, lw=0.8, label=str(scheme)
        )
    axes[1].set(xlabel="write voltage (V)", ylabel="error / range")
    axes[1].legend(frameon=False, fontsize="x-small")
    first = data["result"].sel(scheme="V/2").isel(voltage=0)
    shown = ((data["target"], "to be written"), (first, f"after V/2 at {float(first['voltage']):g} V"))
    low, high = (MICRO * float(f(data["target"].values)) for f in (np.min, np.max))
    for ax, (values, title) in zip(axes[2:], shown, strict=True):
        image = ax.imshow(MICRO * values, vmin=low, vmax=high, cmap="viridis")
        ax.set(xlabel="column", ylabel="row")
        ax.locator_params(integer=True)
        ax.set_title(title, fontsize="medium")
    figure.colorbar(image, ax=axes[2:], label="$G$ (µS)", shrink=0.8)
    _pages.letters(axes)
    return figure
