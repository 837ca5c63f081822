"""Figure 12: crossbars on top of each other, with shared or isolated lines, and cells that rectify."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from memnet.base import check
from memnet.base.arrays import Floats
from memnet.devices import Device, Diode, Resistor, cell_devices, series
from memnet.network import Network, crossbar
from memnet.papers import _pages
from memnet.papers._registry import Example
from memnet.papers.electrochemical2023 import _elements as elements
from memnet.papers.electrochemical2023.common import PAPER
from memnet.papers.electrochemical2023.crossbars import G_OFF, G_ON
from memnet.simulate import Simulation

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

__all__ = ["figure12", "plot_figure12"]

MICRO = 1e6
# The voltage that reads (V), above that of a diode, and what a diode leaks (S).
READ, LEAK = 1.0, 1e-9
CELLS, STACKINGS, PLACES = ("linear", "rectifying"), ("shared", "isolated"), ("selected", "its layer", "other layers")


def cell(kind: str) -> tuple[Device, str]:
    """Return a cell, and the name of its conductance: a resistor, or one behind a diode."""
    if kind == "linear":
        return Resistor(), "conductance"
    return series(Resistor(), Diode(g_min=LEAK)), "conductance_1"


def middle(net: Network) -> int:
    """Return the layer that is read: one in the middle, as its lines have most neighbours."""
    return int(net.cell.shape[0]) // 2


def lines(net: Network) -> dict[str, Any]:
    """Return voltages of lines that read the first cell of a layer (V); other lines of its stack float.

    Isolated layers reach no line that is held, so theirs are at 0 V.
    """
    row, column = net.edges[net.cell[middle(net), 0, 0]]
    apart = np.setdiff1d(net.edges[net.cell.ravel()], _reached(net))
    held: dict[str, Any] = {}
    for name, (node, *_) in net.electrodes.items():
        held[name] = READ if node == row else 0.0 if node == column or node in apart else None
    return held


def _reached(net: Network) -> Any:
    """Return the nodes that cells connect with the layer that is read."""
    if net.info["stacking"] == "shared":
        return net.edges[net.cell.ravel()]
    return net.edges[net.cell[middle(net)].ravel()]


def reading(net: Network, kind: str, first: float = G_ON) -> Simulation:
    """Return a stack at rest whose first cell of the middle layer, with its own conductance (S), is read."""
    conductance = np.full(net.cell.shape, G_ON)
    conductance[middle(net), 0, 0] = first
    device, name = cell(kind)
    parameters: dict[str, Any] = {name: conductance}
    sim = Simulation(net, cell_devices(net, device, **parameters), lines(net), dt=1.0)
    sim.step()
    return sim


def margin(net: Network, kind: str) -> float:
    """Return by which part the current falls where the cell that is read has a high resistance."""
    row = net.cell[middle(net), 0, 0]
    electrode = next(name for name, nodes in net.electrodes.items() if net.edges[row, 0] in nodes)
    at = list(net.electrodes).index(electrode)
    on, off = (float(reading(net, kind, first).current[at]) for first in (G_ON, G_OFF))
    return 1.0 - off / on


def sneaking(net: Network, kind: str) -> tuple[float, float]:
    """Return the current (A) of the cell that is read, and what else its column brings; all resistances are low."""
    sim, cell_ = reading(net, kind), net.cell[middle(net), 0, 0]
    electrode = next(name for name, nodes in net.electrodes.items() if net.edges[cell_, 1] in nodes)
    own = float(sim.branch_current[cell_])
    return own, -float(sim.current[list(net.electrodes).index(electrode)]) - own


def powers(net: Network, kind: str) -> Floats:
    """Return the power (W) in the cell that is read, in others of its layer, and in other layers."""
    sim, layer = reading(net, kind), middle(net)
    power = (sim.branch_current * sim.branch_voltage)[net.cell]
    own = power[layer].sum()
    return np.array([power[layer, 0, 0], own - power[layer, 0, 0], power.sum() - own])


def reversed_cells(extent: int) -> int:
    """Return how many diodes a sneak path in a shared stack meets in reverse at least that goes some layers up.

    From the row that is read to its column, not through the cell between them, by way of a line in the upper plane of
    the layer `extent` above the one that is read.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import dijkstra

    net = crossbar(4, 4, layers=extent + 1)
    word, bit = net.edges[net.cell.ravel()[1:]].T
    start, end = net.edges[net.cell[0, 0, 0]]
    # A forward cell costs one, a reversed one a thousand: paths are ordered by reversed cells.
    cost = np.repeat([1.0, 1000.0], word.size)
    graph = coo_array((cost, (np.r_[word, bit], np.r_[bit, word])), shape=(net.n_nodes,) * 2).tocsr()
    below = net.edges[net.cell[:extent].ravel()]
    top = np.setdiff1d(net.edges[net.cell[extent].ravel()], [*below.ravel(), start, end])
    whole = dijkstra(graph, indices=start) + dijkstra(graph.T, indices=end)
    return int(whole[top].min() // 1000)


@PAPER.figure(
    "12",
    title="stacked crossbars: what layers do to a read, with shared or isolated lines, and with cells that rectify",
    quick={"size": 4},
    example=Example(
        "size=2, layers=(1, 2)", {"cell": 2, "stacking": 2, "layers": 2, "place": 3, "extent": 4}, panels=3
    ),
)
def figure12(*, size: int = 10, layers: Sequence[int] = (1, 2, 3, 4, 6)) -> xr.Dataset:
    """Return what can be read of a cell in a stack, and where the power goes.

    Parameters
    ----------
    size : int
        Rows and columns of each layer, 2 to 64; the paper's stack has 10 of each.
    layers : sequence of int
        Numbers of layers, 1 to 16.

    Returns
    -------
    xarray.Dataset
        For cells that are linear and cells that rectify, in stacks with shared and with isolated lines: `margin` (cell,
        stacking, layers), by which part the current of a cell in the middle layer falls, among others of low
        resistance, if its own becomes high; `power` (cell, stacking, layers, place) where all resistances are low,
        of the cell that is read, of others in its layer, and of other layers (W). `reversed` (extent): how many
        diodes in reverse a sneak path meets at least that goes so many layers up.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or outside its range.

    Notes
    -----
    The paper shows stacks of Adam et al., IEEE Trans. Electron Devices 2017, 64, 312, Li et al., Nat. Commun. 2017, 8,
    15666, and a flexible one, as photographs and schemes. Here a cell is a resistor, or one behind a diode from word to
    bit line, which in a shared stack are in turn above each other; lines that are not read float.
    """
    import xarray as xr

    n = check.integer("size", size, 2, 64)
    counts = elements.whole("layers", layers, 1, 16)
    nets = [[crossbar(n, n, layers=one, stacking=stacking) for one in counts] for stacking in STACKINGS]
    extents = range(4)
    margins = [[[margin(net, kind) for net in row] for row in nets] for kind in CELLS]
    return xr.Dataset(
        {
            "margin": (("cell", "stacking", "layers"), margins),
            "power": (
                ("cell", "stacking", "layers", "place"),
                [[[powers(net, kind) for net in row] for row in nets] for kind in CELLS],
                {"units": "W"},
            ),
            "reversed": ("extent", [reversed_cells(one) for one in extents]),
        },
        {
            "cell": list(CELLS),
            "stacking": list(STACKINGS),
            "layers": counts,
            "place": list(PLACES),
            "extent": list(extents),
        },
    )  # fmt: skip


@PAPER.drawing("12")
def plot_figure12(data: xr.Dataset) -> Figure:
    """Draw the margin and the power over the number of layers, and diodes that sneak paths meet in reverse."""
    figure, axes = _pages.grid(3, 3, side=3.2)
    looks = {"shared": "o-", "isolated": "s--"}
    for kind, colour in zip(data["cell"].values, (_pages.RED, _pages.BLUE), strict=True):
        for stacking in data["stacking"].values:
            one = data.sel(cell=kind, stacking=stacking)
            look: dict[str, Any] = {"color": colour, "ms": 4, "lw": 0.9, "label": f"{kind}, {stacking}"}
            axes[0].plot(data["layers"], one["margin"], looks[str(stacking)], **look)
            axes[1].semilogy(data["layers"], MICRO * one["power"].sum("place"), looks[str(stacking)], **look)
    axes[0].set(xlabel="layers", ylabel="read margin", ylim=(0.0, 1.05))
    axes[0].legend(frameon=False, fontsize="x-small", loc="center right", bbox_to_anchor=(1.0, 0.73))
    axes[1].set(xlabel="layers", ylabel="power of a read (µW)")
    axes[2].bar(data["extent"], data["reversed"], color=_pages.PURPLE, width=0.6)
    axes[2].set(xlabel="layers that a path goes up", ylabel="diodes in reverse")
    axes[2].set_xticks(data["extent"].values)
    axes[2].set_yticks(range(int(data["reversed"].max()) + 1))
    _pages.letters(axes)
    return figure
