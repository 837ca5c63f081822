"""Figure 14: cells with transistors, whose gates select, and a product of a vector and a matrix with its converters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from memnet import arrays
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.devices import BipolarThreshold, Device, Resistor, Transistor, cell_devices, series
from memnet.network import cell_conductances, crossbar
from memnet.papers import _pages
from memnet.papers._registry import Example
from memnet.papers.electrochemical2023 import _elements as elements
from memnet.papers.electrochemical2023.common import PAPER
from memnet.papers.electrochemical2023.crossbars import G_OFF, G_ON, READ, margin
from memnet.simulate import Simulation, solve

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

__all__ = ["figure14", "plot_figure14"]

# Transistors (A/V2, V), voltages of open gates (V), and of a pulse that writes (V, s).
K, V_T, OPEN, WRITE, LENGTH = 1e-2, 0.7, 3.0, 1.3, 1e-2
ARRAYS = ("passive", "with transistors")


def transistor() -> Transistor:
    """Return the transistor of a cell."""
    return Transistor(k=K, v_t=V_T)


def margin_with_transistors(size: int) -> float:
    """Return by which part the current of a cell falls if its resistance becomes high, one column open."""
    net = crossbar(size, size, gates="columns")
    drive = arrays.read_drive(net, (0, 0), READ, "ground") | arrays.gate_drive(net, OPEN, (0, 0))
    drive |= {f"b{k}": 0.0 for k in range(size)}
    found = []
    for first in (G_ON, G_OFF):
        conductance = np.full((size, size), G_ON)
        conductance[0, 0] = first
        devices = cell_devices(net, series(Resistor(), transistor()), conductance_1=conductance)
        found.append(-solve(net, devices=devices, drive=drive).current_of("b0"))
    return float(1.0 - found[1] / found[0])


def moved(size: int, kind: str) -> Floats:
    """Return by how much weights (row, column) move where the middle cell of an array is written."""
    row = column = size // 2
    synapse = BipolarThreshold(soft=1.0, v_th=0.6)
    if kind == "passive":
        net, suffix = crossbar(size, size), ""
        device: Device = synapse
        drive: dict[str, Any] = dict(arrays.write_drive(net, (row, column), WRITE, scheme="V/2", width=LENGTH))
    else:
        net, suffix = crossbar(size, size, gates="columns"), "_1"
        device = series(synapse, transistor())
        words, bits = ({f"{letter}{k}": 0.0 for k in range(size)} for letter in "wb")
        drive = {**words, **bits, f"w{row}": WRITE, **arrays.gate_drive(net, OPEN, (row, column))}
    sim = Simulation(net, cell_devices(net, device), drive, dt=LENGTH, method="adaptive", rtol=1e-5)
    before = np.array(sim.state(sim.devices[0], f"w{suffix}"))
    sim.step()
    after = np.array(sim.state(sim.devices[0], f"w{suffix}"))
    return (after - before).reshape(size, size)


def error_of_chain(bits: int, size: int, seed: int) -> tuple[float, int]:
    """Return by which part products are wrong, root mean square, and how many values were clipped.

    Voltages come from converters of these bits, cells hold as many, and behind the lines stand amplifiers and
    converters whose range is what the products need.
    """
    rng = np.random.default_rng(seed)
    weights, inputs = rng.uniform(-1.0, 1.0, (size, size)), rng.uniform(-1.0, 1.0, (20, size))
    exact = inputs @ weights
    encoding = arrays.Differential(G_OFF, G_ON, bits=bits)
    volts = arrays.DAC(bits, -READ, READ)(READ * inputs)
    net = crossbar(size, 2 * size)
    current = arrays.vmm(net, cell_conductances(net, encoding.encode(weights)), volts.values)
    amplified = arrays.TIA(READ / np.abs(current).max())(current)
    read = arrays.ADC(bits, -READ, READ, rounding="nearest")(amplified.values)
    found = encoding.decode(read.values * np.abs(current).max() / READ) / READ
    return float(np.sqrt(((found - exact) ** 2).mean() / (exact**2).mean())), volts.clipped + read.clipped


@PAPER.figure(
    "14",
    title="cells with transistors: reads and writes of one cell; a product with converters at both ends",
    quick={"sizes": (2, 8), "size": 3, "seeds": 1},
    example=Example(
        "sizes=(2,), size=3, bits=(4,), seeds=1", {"array": 2, "n": 1, "row": 3, "column": 3, "bits": 1}, panels=5
    ),
)
def figure14(
    *,
    sizes: Sequence[int] = (2, 4, 8, 16, 32, 64),
    size: int = 8,
    bits: Sequence[int] = (2, 3, 4, 5, 6, 8, 10, 12),
    seeds: int = 5,
) -> xr.Dataset:
    """Return what transistors leave of sneak paths and of disturbed cells, and errors of products by bits.

    Parameters
    ----------
    sizes : sequence of int
        Rows and columns of arrays in which one cell is read, 2 to 128.
    size : int
        Rows and columns of the array in which one cell is written, 2 to 64.
    bits : sequence of int
        Of converters at both ends and of cells, 1 to 16.
    seeds : int
        Random matrices of 32 x 32 over which errors are averaged, >= 1.

    Returns
    -------
    xarray.Dataset
        `margin` (array, n), by which part the current of a cell falls, among others of low resistance, if its own
        becomes high: in a passive array whose other lines float, and with one open column of gates. `moved` (array,
        row, column), by how much weights move where the one in the middle is written, by halves of the voltage and with
        one open gate. `error` (bits) of products, root mean square, over their size, and `clipped` (bits), how many
        values were.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or outside its range.

    Notes
    -----
    The paper shows the crossing circuits of Strukov and Williams, Proc. Natl. Acad. Sci. USA 2009, 106, 20155, a scheme
    of Hu et al., Adv. Mater. 2018, 30, 1705914, and a chip of Li et al., Nat. Electron. 2018, 1, 52. Transistors are of
    level 1; word lines are rows, bit lines and gate lines columns.
    """
    import xarray as xr

    ns = elements.whole("sizes", sizes, 2, 128)
    n, digits = check.integer("size", size, 2, 64), elements.whole("bits", bits, 1, 16)
    draws = range(check.integer("seeds", seeds, 1, 1000))
    chains = np.array([[error_of_chain(one, 32, k) for k in draws] for one in digits])
    margins = [[margin(one, "float") for one in ns], [margin_with_transistors(one) for one in ns]]
    return xr.Dataset(
        {
            "margin": (("array", "n"), margins),
            "moved": (("array", "row", "column"), [moved(n, kind) for kind in ARRAYS]),
            "error": ("bits", chains[..., 0].mean(axis=1)),
            "clipped": ("bits", chains[..., 1].sum(axis=1)),
        },
        {"array": list(ARRAYS), "n": ns, "bits": digits},
    )


@PAPER.drawing("14")
def plot_figure14(data: xr.Dataset) -> Figure:
    """Draw the margin over the size, weights that move, and the error of products over the bits."""
    from matplotlib.colors import SymLogNorm
    from matplotlib.ticker import MaxNLocator

    figure, axes = _pages.grid(4, 2, side=3.2)
    for kind, colour in zip(data["array"].values, (_pages.RED, _pages.BLUE), strict=True):
        axes[0].loglog(data["n"], data["margin"].sel(array=kind), "o-", color=colour, ms=4, lw=0.9, label=str(kind))
    axes[0].set(xlabel="lines each way", ylabel="read margin")
    axes[0].legend(frameon=False, fontsize="x-small")
    _pages.ticks(axes[0], data["n"].values.tolist())
    axes[1].semilogy(data["bits"], data["error"], "o-", color=_pages.PURPLE, ms=4, lw=0.9)
    axes[1].set(xlabel="bits of converters and cells", ylabel="error of products")
    axes[1].xaxis.set_major_locator(MaxNLocator("auto", integer=True))
    most = float(data["moved"].max())
    for ax, kind in zip(axes[2:], data["array"].values, strict=True):
        norm = SymLogNorm(linthresh=1e-3 * most, vmin=0.0, vmax=most)
        image = ax.imshow(data["moved"].sel(array=kind), norm=norm, cmap="magma")
        ax.set(xlabel="column", ylabel="row")
        ax.locator_params(integer=True)
        ax.set_title(f"written, {kind}", fontsize="medium")
    figure.colorbar(image, ax=axes[2:], label=r"$\Delta w$", shrink=0.8)
    _pages.letters(axes)
    return figure
