"""Figure 13: pillars through planes, what cells that are not linear save of a read, and how cells warm each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from memnet import arrays
from memnet.base.arrays import Floats
from memnet.devices import Resistor, Selector, cell_devices, device_model, series
from memnet.network import crossbar
from memnet.papers import _pages
from memnet.papers._registry import Example
from memnet.papers.electrochemical2023 import _elements as elements
from memnet.papers.electrochemical2023.common import PAPER
from memnet.papers.electrochemical2023.crossbars import G_OFF, G_ON
from memnet.simulate import Simulation

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

__all__ = ["figure13", "plot_figure13"]

# The voltage that reads (V), and cells: resistors alone, and behind an interface that is not linear.
READ, CELLS = 1.0, ("linear", "not linear")
# Heat that leaves a cell for its surroundings (W/K), and layers and sides of the stack whose middle is heated.
SINK, LAYERS, SIDE = 1e-7, 3, 5

HEAT = """
    doc The heat of a cell: what leaves it for its surroundings, less what its current brings. Volts of this edge stand
    doc for kelvins and amperes for watts.
    i = G_th*v - g*linked.v*linked.v
    parameter G_th = 100 nS in (0, inf) : conductance to the surroundings
    parameter g    = 100 uA/V^2 in [0, inf)   : conductance of the cell
"""


def states(kind: str) -> tuple[Any, Any]:
    """Return a cell in its state of low and of high resistance."""
    if kind == "linear":
        return G_ON, G_OFF
    interface = Selector(i_0=1e-9, v_0=0.1)
    on, off = (series(interface, Resistor(conductance=one)) for one in (G_ON, G_OFF))
    return on, off


def margin(kind: str, side: int, layers: int) -> float:
    """Return by which part the current of a cell falls if its resistance becomes high, among pillars each way."""
    net = crossbar(side, side, layers=layers, stacking="vertical")
    return float(arrays.read_margin(net, *states(kind), READ).margin)


def rises(coupling: float) -> Floats:
    """Return how much warmer cells (layer, row, column) are, over the middle cell of a stack, the only one heated.

    Between neighbours heat flows by a conductance that is `coupling` times that to the surroundings.
    """
    net = crossbar(SIDE, SIDE, layers=LAYERS, stacking="isolated", thermal_conductance=coupling * SINK)
    layer, row, column = LAYERS // 2, SIDE // 2, SIDE // 2
    conductance = np.zeros(net.cell.shape)
    conductance[layer, row, column] = G_ON
    heat = device_model("CellHeat", HEAT)(G_th=SINK, g=conductance.ravel())
    held = dict.fromkeys(net.electrodes, 0.0) | {f"w{layer}_{row}": READ}
    sim = Simulation(net, cell_devices(net, Resistor(), heat=heat, conductance=conductance), held, dt=1.0)
    sim.step(3)  # heat of a step is that of the voltages one before
    warm = net.edges[net.edges[:, 1] == net.electrodes["sink"][0], 0]
    temperature: Floats = sim.potential[warm].reshape(net.cell.shape)
    share: Floats = temperature / temperature[layer, row, column]
    return share


@PAPER.figure(
    "13",
    title="pillars through planes: reads of cells that are linear or not, and heat that goes to neighbours",
    quick={"sides": (2, 4), "layers": (2, 4)},
    example=Example(
        "sides=(2,), layers=(2,), couplings=(1.0,)",
        {"cell": 2, "side": 1, "layers": 1, "coupling": 1, "neighbour": 2, "row": 5, "column": 5},
        panels=4,
    ),
)
def figure13(
    *,
    sides: Sequence[int] = (2, 4, 8, 16),
    layers: Sequence[int] = (1, 2, 4, 8),
    couplings: Sequence[float] = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0),
) -> xr.Dataset:
    """Return what can be read of a cell between a pillar and a plane, and how warm the neighbours of a cell become.

    Parameters
    ----------
    sides : sequence of int
        Pillars each way, 1 to 32.
    layers : sequence of int
        Planes, 1 to 16; the paper's array has 8.
    couplings : sequence of float
        Conductance of heat between neighbours over that of a cell to its surroundings, > 0; temperatures are shown at
        the last one.

    Returns
    -------
    xarray.Dataset
        `margin` (cell, side, layers), by which part the current of a cell falls, among others of low resistance, if its
        own becomes high: a resistor, and one behind an interface whose current is a hyperbolic sine. `rise` (coupling,
        neighbour): how much warmer than the surroundings the nearest cell of the same layer and of the next one is,
        over the only cell that is heated; `map` (row, column), of the middle layer, and `above` (row, column), of the
        next one.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or outside its range.

    Notes
    -----
    The paper shows Yu et al., ACS Nano 2013, 7, 2320, and an array of eight layers, as schemes and photographs. Pillars
    and planes are ideal here; the interface is `Selector`. Its text cites a theory of heat in stacks, Sun et al., Sci.
    Rep. 2015, 5, 13504; here each cell is a node of a circuit of heat.
    """
    import xarray as xr

    across, high = elements.whole("sides", sides, 1, 32), elements.whole("layers", layers, 1, 16)
    links = elements.several("couplings", couplings, 0.0)
    warm = [rises(one) for one in links]
    layer, row, column = LAYERS // 2, SIDE // 2, SIDE // 2
    return xr.Dataset(
        {
            "margin": (
                ("cell", "side", "layers"),
                [[[margin(kind, one, planes) for planes in high] for one in across] for kind in CELLS],
            ),
            "rise": (
                ("coupling", "neighbour"),
                [[one[layer, row, column + 1], one[layer + 1, row, column]] for one in warm],
            ),
            "map": (("row", "column"), warm[-1][layer]),
            "above": (("row", "column"), warm[-1][layer + 1]),
        },
        {
            "cell": list(CELLS),
            "side": across,
            "layers": high,
            "coupling": links,
            "neighbour": ["same layer", "next layer"],
        },
    )


@PAPER.drawing("13")
def plot_figure13(data: xr.Dataset) -> Figure:
    """Draw the margin over the pillars, for all numbers of planes, and how warm neighbours become, with a map."""
    figure, axes = _pages.grid(3, 3, side=3.2)
    for kind, look in zip(data["cell"].values, ("o:", "s-"), strict=True):
        for k, colour in enumerate(_pages.shades(data.sizes["layers"])):
            one = data.sel(cell=kind).isel(layers=k)
            label = f"{int(one['layers'])} planes" if look == "s-" else None
            axes[0].semilogx(data["side"], one["margin"], look, color=colour, ms=4, lw=0.9, label=label)
    axes[0].set(xlabel="pillars each way", ylabel="read margin", ylim=(0.0, 1.05))
    axes[0].legend(frameon=False, fontsize="x-small", title="full: not linear, dots: linear", title_fontsize="x-small")
    _pages.ticks(axes[0], data["side"].values.tolist())
    for one, colour in zip(data["neighbour"].values, (_pages.ORANGE, _pages.PURPLE), strict=True):
        rise = data["rise"].sel(neighbour=one)
        axes[1].loglog(
            data["coupling"], rise, "o-" if colour == _pages.ORANGE else "s--", color=colour, ms=4, label=str(one)
        )
    axes[1].set(xlabel="to a neighbour / to the surroundings", ylabel="rise / that of the heated cell")
    axes[1].legend(frameon=False, fontsize="x-small")
    gap = np.full((data.sizes["row"], 1), np.nan)
    image = axes[2].imshow(np.hstack([data["map"], gap, data["above"]]), cmap="inferno", vmin=0.0)
    axes[2].set(xlabel="column: its layer, next layer", ylabel="row")
    axes[2].set_xticks([])
    figure.colorbar(image, ax=axes[2], label="rise / that of the heated cell", shrink=0.6)
    _pages.letters(axes)
    return figure
