"""Figure 11: passive crossbars, which sneak paths limit, with lines that have resistances and cells that stick."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from memnet import arrays
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.network import cell_conductances, crossbar
from memnet.papers import _pages
from memnet.papers._registry import Example
from memnet.papers.electrochemical2023 import _elements as elements
from memnet.papers.electrochemical2023.common import PAPER
from memnet.simulate import solve

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

__all__ = ["figure11", "plot_figure11"]

MICRO = 1e6
# Conductances of cells (S), and the voltage that reads (V).
G_ON, G_OFF, READ = 1e-4, 1e-6, 0.2
SCHEMES = ("float", "V/2", "V/3", "ground")
# Errors of products below this are rounding, and have no place on a logarithmic axis.
ROUNDING = 1e-12


def margin(size: int, scheme: str, line: float = 0.0) -> float:
    """Return by which part the current of a cell of a crossbar of low resistances falls where it has a high one."""
    net = crossbar(size, size, line_resistance=line)
    return float(arrays.read_margin(net, G_ON, G_OFF, READ, scheme=scheme).margin)


def margin_of_floating_lines(size: int) -> float:
    """Return the same of floating lines without resistances in closed form."""
    n = size - 1.0
    around = n**2 * G_ON / (2.0 * n + 1.0) if n else 0.0
    return float(1.0 - (G_OFF + around) / (G_ON + around))


def lost(size: int, line: float) -> Floats:
    """Return the part of each column's current that lines take where all cells are on and all rows are driven."""
    net = crossbar(size, size, line_resistance=line)
    current = arrays.vmm(net, cell_conductances(net, G_ON), np.full(size, READ))
    return 1.0 - current / (size * G_ON * READ)


def error_of_stuck(size: int, share: float, line: float, seed: int) -> float:
    """Return by which part products are wrong, root mean square, where a share of random cells sticks at off or on."""
    rng = np.random.default_rng(seed)
    weights = rng.uniform(G_OFF, G_ON, (size, size))
    stuck = np.where(rng.random((size, size)) < 0.5, G_ON, G_OFF)
    chosen = rng.permutation(size * size).reshape(size, size) < round(share * size * size)
    volts = rng.uniform(0.0, READ, (10, size))
    exact = volts @ weights
    net = crossbar(size, size, line_resistance=line)
    found = arrays.vmm(net, cell_conductances(net, np.where(chosen, stuck, weights)), volts)
    return float(np.sqrt(((found - exact) ** 2).mean() / (exact**2).mean()))


@PAPER.figure(
    "11",
    title="a passive crossbar: what sneak paths and lines leave of a current, and cells that stick",
    quick={"sizes": (2, 4, 8, 16), "size": 16, "seeds": 2},
    example=Example(
        "sizes=(2, 4), size=4, seeds=1",
        {"scheme": 4, "n": 2, "row": 4, "column": 4, "line": 3, "wide": 4, "stuck": 4},
        panels=5,
    ),
)
def figure11(
    *,
    sizes: Sequence[int] = (2, 4, 8, 16, 32, 64, 128),
    size: int = 64,
    lines: Sequence[float] = (0.0, 0.1, 1.0),
    stuck: Sequence[float] = (0.0, 0.001, 0.01, 0.1),
    seeds: int = 5,
) -> xr.Dataset:
    """Return what can be read of a cell in a passive crossbar, what lines take, and what cells do that stick.

    Parameters
    ----------
    sizes : sequence of int
        Rows and columns of arrays in which one cell is read, 2 to 512.
    size : int
        Rows and columns of the array that multiplies, 2 to 512; the paper's has 64 of each.
    lines : sequence of float
        Resistances of a line from cell to cell (ohm), >= 0.
    stuck : sequence of float
        Shares of cells that do not function, 0 to 1; the paper's array has 1 %.
    seeds : int
        Random arrays and inputs over which errors are averaged, >= 1.

    Returns
    -------
    xarray.Dataset
        `margin` (scheme, n): by which part the current of a cell falls, among others of low resistance, with ideal
        lines, if its own resistance becomes high; `law` (n), of floating lines in closed form. `current` (row,
        column) in cells of an array of at most 16 lines each way that float, where the first one is read (A). Of the
        array that multiplies: `lost` (line, column), the part of a column's current that lines take where all cells are
        on; `error` (line, stuck), what is wrong with products of random numbers, root mean square, over their size.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or outside its range.

    Notes
    -----
    The paper shows an array of 64 x 64 cells of Kim et al., Nat. Commun. 2021, 12, 5198, and one of Pi et al., Nat.
    Nanotechnol. 2019, 14, 35, as photographs. Cells here are resistors of 10 kohm and 1 Mohm.
    """
    import xarray as xr

    ns = elements.whole("sizes", sizes, 2, 512)
    n = check.integer("size", size, 2, 512)
    ohms = [check.real("lines", one, 0.0, np.inf, "[)") for one in elements.several("lines", lines)]
    shares = [check.real("stuck", one, 0.0, 1.0, "[]") for one in elements.several("stuck", stuck)]
    draws = range(check.integer("seeds", seeds, 1, 1000))
    small = crossbar(min(n, 16), min(n, 16))
    at = solve(small, cell_conductances(small, G_ON), drive=arrays.read_drive(small, (0, 0), READ)).potential
    sneaking = G_ON * (at[small.edges[:, 0]] - at[small.edges[:, 1]])[small.cell[0]]
    return xr.Dataset(
        {
            "margin": (("scheme", "n"), [[margin(one, scheme) for one in ns] for scheme in SCHEMES]),
            "law": ("n", [margin_of_floating_lines(one) for one in ns]),
            "current": (("row", "column"), sneaking, {"units": "A"}),
            "lost": (("line", "wide"), [lost(n, one) for one in ohms]),
            "error": (
                ("line", "stuck"),
                [[np.mean([error_of_stuck(n, share, one, k) for k in draws]) for share in shares] for one in ohms],
            ),
        },
        {"scheme": list(SCHEMES), "n": ns, "line": ("line", ohms, {"units": "ohm"}), "stuck": shares},
    )


@PAPER.drawing("11")
def plot_figure11(data: xr.Dataset) -> Figure:
    """Draw the margin over the size (line: closed form), sneak currents, what lines take, and errors of products."""
    from matplotlib.colors import LogNorm

    figure, axes = _pages.grid(4, 2, side=3.2)
    colours = (_pages.RED, _pages.ORANGE, _pages.GREEN, _pages.BLUE)
    axes[0].loglog(data["n"], data["law"], color="0.6", lw=1.0)
    for scheme, colour in zip(data["scheme"].values, colours, strict=True):
        axes[0].loglog(data["n"], data["margin"].sel(scheme=scheme), "o", color=colour, ms=4, label=str(scheme))
    axes[0].set(xlabel="lines each way", ylabel="read margin")
    axes[0].legend(frameon=False, fontsize="x-small", title="lines not selected", title_fontsize="x-small")
    _pages.ticks(axes[0], data["n"].values.tolist())
    image = axes[1].imshow(MICRO * np.abs(data["current"]), norm=LogNorm(), cmap="magma")
    axes[1].set(xlabel="column", ylabel="row")
    figure.colorbar(image, ax=axes[1], label="$|I|$ of a cell (µA)")
    shades = _pages.shades(data.sizes["line"])
    for k, colour in enumerate(shades):
        one = data.isel(line=k)
        label = f"{float(one['line']):g} ohm"
        axes[2].plot(100.0 * one["lost"], color=colour, label=label)
        shown = one["error"].where(one["error"] > ROUNDING)
        axes[3].plot(100.0 * one["stuck"], 100.0 * shown, "o-", color=colour, ms=4, lw=0.8, label=label)
    axes[2].set(xlabel="column", ylabel="current lost (%)")
    axes[2].legend(frameon=False, fontsize="x-small", title="a segment of a line", title_fontsize="x-small")
    axes[3].set(xlabel="cells that stick (%)", ylabel="error of products (%)", yscale="log")
    axes[3].set_xscale("symlog", linthresh=0.1)
    axes[3].set_xlim(-0.03, None)
    _pages.letters(axes)
    return figure
