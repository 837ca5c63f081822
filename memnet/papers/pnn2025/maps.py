"""Fig. 4 and section S3: where voltage falls and current flows, and how both are distributed over memristors."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from memnet import analysis, plot
from memnet.base.arrays import Floats
from memnet.papers import _pages
from memnet.papers._registry import Example
from memnet.papers.pnn2025 import common
from memnet.papers.pnn2025.common import PAPER, SETTING

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

NETWORKS = ("A", "A:B", "A:C")
# Logarithmic bins per decade of distributions.
PER_DECADE = 5
# Smallest conductance drawn (S): what is below carries no current that could be measured.
LEAST = 1e-12


@PAPER.figure(
    "4",
    title="topology, potentials and currents with memristors in the same gaps",
    quick={"size": 100.0, "seed": 4, "steps": 20_000},
    example=Example("size=50, seed=3, steps=50", {"network": 3, "node": 183, "edge": 399}, panels=15),
)
def figure4(
    *,
    size: float = SETTING.size,
    steps: int = 500_000,
    seed: int = SETTING.seed,
    voltage: float = 2.0,
    fraction: float = SETTING.fraction,
    parameters: common.Parameters | None = None,
    coverage: float = SETTING.coverage,
    progress: bool = False,
) -> xr.Dataset:
    """Return topology, potentials and currents of A, A:B and A:C, with the memristors in the same gaps.

    Parameters
    ----------
    size : float
        Side of the network (pd).
    steps : int
        Steps of 1 s; the maps are of the last one.
    seed : int
        Seed of the network; memristors are placed with seed + 1.
    voltage : float
        Applied voltage (V).
    fraction : float
        Fraction of memristors.
    parameters : dict, optional
        Device parameters, as in ``{"A": {"r_d": 1e-5}}``.
    coverage : float
        Coverage of the network.
    progress : bool
        Show progress bars.

    Returns
    -------
    xarray.Dataset
        `potential` (network, node), `branch_current` (network, edge) and `memristor` (network, edge); the network
        itself is described in the attributes.

    Notes
    -----
    PNN25 Fig. 4: at step 500,000, at 2 V.
    """
    import xarray as xr

    setting = replace(SETTING, size=size, seed=seed, fraction=fraction, parameters=parameters, coverage=coverage)
    net = setting.network()
    potential, current, memristor = [], [], []
    for name in NETWORKS:
        sim = setting.simulation(net, name, voltage)
        common.skip(sim, steps, progress)
        potential.append(sim.potential)
        current.append(sim.conductance * sim.branch_voltage)
        memristor.append(np.isin(np.arange(net.n_edges), common.memristors(sim)))
    return xr.Dataset(
        {
            "potential": (("network", "node"), np.stack(potential), {"units": "V"}),
            "branch_current": (("network", "edge"), np.stack(current), {"units": "A"}),
            "memristor": (("network", "edge"), np.stack(memristor).astype(np.int8), {"units": "1"}),
        },
        {"network": list(NETWORKS)},
        {**common.described(net), "fraction": fraction, "steps": steps, "voltage": voltage},
    )


@PAPER.drawing("4")
def plot_figure4(data: xr.Dataset) -> Figure:
    """Draw Fig. 4: a column a network; graph with memristors in colour, potentials, currents."""
    net = common.rebuilt_network(data.attrs)
    figure = _pages.page(13.0, 11.0)
    axes = figure.subplots(3, data.sizes["network"])
    for column, name in enumerate(data["network"].values):
        one = data.sel(network=name)
        text = common.label(str(name), float(data.attrs["fraction"]))
        chosen = one["memristor"].values.astype(bool)
        drawn = plot.network(net, ax=axes[0, column], groups="nodes", title=text)
        _colour_edges(drawn, chosen, common.colour(str(name)))
        plot.network(net, ax=axes[1, column], groups="discs", potential=one["potential"].values)
        plot.network(net, ax=axes[2, column], groups="nodes", current=one["branch_current"].values)
    for k, ax in enumerate(axes.ravel()):
        ax.text(0.0, 1.02, f"({chr(ord('a') + k)})", transform=ax.transAxes, weight="bold")
    figure.suptitle(f"{data.attrs['voltage']:g} V, step {int(data.attrs['steps']):,}", fontsize="medium")
    return figure


def _colour_edges(drawn: plot.NetworkPlot, memristor: Any, tint: str) -> None:
    """Draw gaps black and memristors in their colour, a little thicker and on top."""
    from matplotlib.collections import LineCollection

    lines = drawn.edges[0]
    segments = np.asarray(lines.get_segments(), dtype=np.float64)
    width = float(np.atleast_1d(lines.get_linewidth())[0])
    lines.set_color("#20242b")
    top = LineCollection(list(segments[memristor]), colors=tint, linewidths=2.5 * width, zorder=1.8)
    drawn.ax.add_collection(top, autolim=False)


# ---------------------------------------------------------------- section S3


@PAPER.figure(
    "distributions",
    title="voltages and conductances of the memristors (S3)",
    place="sec. S3",
    quick={"steps": 5_000, "n_bootstrap": 5},
    example=Example("size=50, seed=3, steps=50, n_bootstrap=0", ["A:B", "A:C"], panels=2),
)
def distributions(
    *,
    size: float = SETTING.size,
    steps: int = 100_000,
    seed: int = SETTING.seed,
    voltage: float = 3.0,
    fraction: float = SETTING.fraction,
    n_bootstrap: int = 20,
    parameters: common.Parameters | None = None,
    coverage: float = SETTING.coverage,
    progress: bool = False,
) -> dict[str, xr.Dataset]:
    """Return the voltages across memristors and their conductances at the end of a run, for A:B and A:C.

    Parameters are those of `figure4`, and the number of resamplings behind the error of the exponent.

    Returns
    -------
    dict of xarray.Dataset
        For each network `voltage` and `conductance` over memristors, their densities in logarithmic bins, and in the
        attributes a power-law fit of the voltages (`exponent`; `p_exponential`, `ratio_exponential`) and
        `voltage_decades`, `conductance_decades`: the logarithm of the 95 % over the 5 % quantile.

    Notes
    -----
    The question of PNN25 sec. S3. Voltages below 1e-9 of the applied one are differences of equal potentials within
    rounding and are left out.
    """
    setting = replace(SETTING, size=size, seed=seed, fraction=fraction, parameters=parameters, coverage=coverage)
    net = setting.network()
    parts = {}
    for name in ("A:B", "A:C"):
        sim = setting.simulation(net, name, voltage)
        common.skip(sim, steps, progress)
        edges = common.memristors(sim)
        volts, siemens = np.abs(sim.branch_voltage[edges]), sim.conductance[edges]
        known = (volts > 1e-9 * voltage) & (siemens > 0.0)
        part = _distribution(volts[known], siemens[known])
        fit = analysis.fit_power_law(volts[known], discrete=False, seed=seed, n_bootstrap=n_bootstrap, n_p=0)
        counts = {"n": int(known.sum()), "n_memristors": int(edges.size)}
        parts[name] = part.assign_attrs({**common.described(net), **counts, **_fitted(fit)}, network_name=name)
    return parts


def _distribution(volts: Floats, siemens: Floats) -> xr.Dataset:
    """Return voltages and conductances of memristors, their densities and ranges."""
    import xarray as xr

    quantities = (("voltage", volts, "V"), ("conductance", siemens, "S"))
    variables: dict[str, Any] = {name: ("memristor", values, {"units": unit}) for name, values, unit in quantities}
    decades = {}
    for quantity, values, unit in quantities:
        center, density = _density(values)
        variables[f"{quantity}_center"] = (f"{quantity}_bin", center, {"units": unit})
        variables[f"{quantity}_density"] = (f"{quantity}_bin", density)
        low, high = np.quantile(values, (0.05, 0.95)) if values.size else (math.nan, math.nan)
        decades[f"{quantity}_decades"] = math.log10(high / low) if values.size else math.nan
    return xr.Dataset(variables, attrs=decades)


def _fitted(fit: analysis.PowerLaw) -> dict[str, Any]:
    """Return a power law and its comparison with the exponential, flat."""
    against = None if fit.message else fit.compare("exponential")
    return {
        "exponent": float(fit.exponent),
        "exponent_error": float(fit.error),
        "xmin": float(fit.xmin),
        "fit_n": int(fit.n),
        "fit_message": str(fit.message),
        "ratio_exponential": math.nan if against is None else float(against.ratio),
        "p_exponential": math.nan if against is None else float(against.p),
    }


def _density(values: Floats) -> tuple[Floats, Floats]:
    """Return centres and densities of logarithmic bins, without empty ones."""
    if values.size < 2:
        return np.empty(0), np.empty(0)
    decades = np.log10(values)
    low, high = math.floor(decades.min()), math.ceil(decades.max() + 1e-12)
    edges = np.logspace(low, high, max(1, (high - low)) * PER_DECADE + 1)
    count, _ = np.histogram(values, edges)
    filled = count > 0
    density = count / (values.size * np.diff(edges))
    return np.sqrt(edges[:-1] * edges[1:])[filled], density[filled]


@PAPER.drawing("distributions")
def plot_distributions(data: dict[str, xr.Dataset]) -> Figure:
    """Draw densities of the memristors' voltages (left) and conductances (right)."""
    figure = _pages.page(10.0, 4.2)
    axes = figure.subplots(1, 2)
    for name, one in data.items():
        for ax, quantity in zip(axes, ("voltage", "conductance"), strict=True):
            decades = float(one.attrs[f"{quantity}_decades"])
            ax.loglog(
                one[f"{quantity}_center"],
                one[f"{quantity}_density"],
                "o-",
                ms=4,
                lw=0.8,
                color=common.colour(name),
                label=f"{name}, {decades:.1f} decades",
            )
    axes[0].set(xlabel="voltage across a memristor (V)", ylabel="density (1/V)")
    axes[1].set(xlabel="conductance of a memristor (S)", ylabel="density (1/S)")
    axes[1].set_xlim(left=LEAST, right=100.0)
    axes[1].set_ylim(1e-6, 1e15)
    for ax in axes:
        ax.legend(frameon=False, title="5 % to 95 %")
    _pages.letters(list(axes))
    return figure
