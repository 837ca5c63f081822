"""Figures 8 d, e and f: filament, volume and surface, told apart by the resistance of wider and of thicker cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from memnet.base import check
from memnet.base.arrays import Floats
from memnet.circuit import solve_conductances
from memnet.network import Network
from memnet.papers import _pages
from memnet.papers._registry import Example
from memnet.papers.electrochemical2023 import _elements as elements
from memnet.papers.electrochemical2023.common import PAPER

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

SWITCHING = ("filament", "volume", "surface")
STATES = ("off", "on")
# The most parts of a cell.
MOST_PARTS = 10**6


@PAPER.figure(
    "8d",
    title="resistance of cells that switch by a filament, their volume or their surface, against area and thickness",
    place="Fig. 8 d, e, f",
    quick={"areas": (4, 16, 64)},
    example=Example("areas=(1, 4), thicknesses=(1, 3)", {"kind": 3, "state": 2, "area": 2, "thickness": 2}, panels=2),
)
def figure8d(
    *,
    areas: Sequence[int] = (4, 16, 64, 256),
    thicknesses: Sequence[int] = (2, 4, 8, 16),
    on: float = 1e4,
    off: float = 1e9,
) -> xr.Dataset:
    """Return resistances of cells of equal parts, which are a network between two electrodes, off and on.

    Parameters
    ----------
    areas : sequence of int
        Parts side by side.
    thicknesses : sequence of int
        Layers of parts from electrode to electrode.
    on, off : float
        Resistance of a part that conducts, and of one that does not (ohm).

    Returns
    -------
    xarray.Dataset
        `resistance` (kind, state, area, thickness) in ohm.

    Raises
    ------
    TypeError, ValueError
        Sizes and resistances that are not > 0, on that is not below off, a cell of more than a million parts.

    Notes
    -----
    The paper sketches the three. With a filament one column of parts conducts when it is on; with the volume all do;
    with the surface the first layer switches, and all others always conduct. Neighbours in a layer are joined by off.
    """
    import xarray as xr

    high = check.real("off", off, 0.0, np.inf, "()", "ohm")
    low = check.real("on", on, 0.0, high, "()", "ohm")
    wide, thick = (
        [check.whole(name, one, 1, MOST_PARTS) for one in elements.several(name, values, 0.0)]
        for name, values in (("areas", areas), ("thicknesses", thicknesses))
    )
    if max(wide) * max(thick) > MOST_PARTS:
        raise ValueError(f"areas and thicknesses must make at most {MOST_PARTS} parts, got {wide} and {thick}")
    found = [[_resistances(area, layers, low, high) for layers in thick] for area in wide]
    values = np.moveaxis(np.reshape(found, (len(wide), len(thick), len(SWITCHING), len(STATES))), (2, 3), (0, 1))
    return xr.Dataset(
        {"resistance": (("kind", "state", "area", "thickness"), values, {"units": "ohm"})},
        {"kind": list(SWITCHING), "state": list(STATES), "area": wide, "thickness": thick},
    )


def _resistances(area: int, layers: int, on: float, off: float) -> Floats:
    """Return the resistances (ohm) of a cell of a size: (kind, state)."""
    # Nodes: the first electrode, the planes between the layers, the second electrode.
    planes = np.repeat(np.arange(layers + 1)[:, None], area, axis=1)
    node = np.where(planes == 0, 0, 1 + (planes - 1) * area + np.arange(area))
    node[-1] = 1 + (layers - 1) * area
    across = np.stack([node[:-1], node[1:]], axis=-1)  # (layer, column, end)
    beside = np.stack([node[1:-1, :-1], node[1:-1, 1:]], axis=-1).reshape(-1, 2)
    net = Network(
        int(node[-1, 0]) + 1, np.r_[across.reshape(-1, 2), beside], electrodes={"top": 0, "bottom": int(node[-1, 0])}
    )
    filament = np.full((layers, area), off)
    filament[:, 0] = on
    surface = np.full((layers, area), on)
    surface[0] = off
    parts = [np.full((layers, area), off), filament, np.full((layers, area), off), np.full((layers, area), on)]
    parts += [surface, np.full((layers, area), on)]
    siemens = [np.r_[1.0 / one.ravel(), np.full(len(beside), 1.0 / off)] for one in parts]
    current = solve_conductances(net, np.array(siemens), {"top": 1.0, "bottom": 0.0}).current
    return np.asarray(1.0 / current[:, 0].reshape(len(SWITCHING), len(STATES)))


@PAPER.drawing("8d")
def plot_figure8d(data: xr.Dataset) -> Figure:
    """Draw the resistance on (full) and off (dashed) against the area of thick cells and thickness of wide ones."""
    figure, axes = _pages.grid(2, 2, side=3.4)
    # Filament and volume are the same where they are off, volume and surface where they are on.
    marks = (("s", 7.0, _pages.RED), ("o", 5.0, _pages.BLUE), ("^", 3.0, _pages.GREEN))
    for kind, (mark, size, colour) in zip(data["kind"].values, marks, strict=True):
        for state, line in zip(data["state"].values, ("--", "-"), strict=True):
            one = data["resistance"].sel(kind=kind, state=state)
            style: dict[str, Any] = {"color": colour, "marker": mark, "ms": size, "ls": line, "lw": 0.3 * size}
            label = str(kind) if state == "on" else None
            axes[0].loglog(data["area"], one.isel(thickness=-1), **style, label=label)
            axes[1].loglog(data["thickness"], one.isel(area=-1), **style, label=label)
    for ax, name in zip(axes, ("area", "thickness"), strict=True):
        ax.set_xticks(data[name].values, [str(one) for one in data[name].values])
        ax.set_xticks([], minor=True)
    axes[0].set(xlabel="area (parts)", ylabel=r"$R$ ($\Omega$)")
    axes[1].set(xlabel="thickness (parts)", ylabel=r"$R$ ($\Omega$)")
    axes[0].legend(title="on full, off dashed", frameon=False, fontsize="small", title_fontsize="small")
    _pages.letters(axes)
    return figure
