"""A page about a run: maps and traces together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from memnet.base import check
from memnet.plot._maps import network
from memnet.plot._style import check_dataset, check_figure, pad
from memnet.plot._traces import trace
from memnet.simulate import Simulation

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

__all__ = ["overview"]

# Rows of the close-up in `overview`.
CLOSE_UP = 1_000


@check.known_keywords
def overview(simulation: Simulation, data: xr.Dataset, *, figure: Figure | None = None) -> Figure:
    """Draw one page about a run: the potential map, the current map, the conductance trace and its last part.

    Parameters
    ----------
    simulation : Simulation
        The simulation, at the moment that the maps show.
    data : xarray.Dataset
        What its run returned.
    figure : matplotlib Figure, optional
        Where to draw; a new one by default.

    Returns
    -------
    matplotlib Figure
        The figure.

    Raises
    ------
    TypeError
        No Simulation, or no Dataset.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.percolating(size=30, coverage=0.6, seed=1)
    >>> sim = mn.Simulation(net, mn.TunnelGap(), drive={"left": 2.0, "right": 0.0})
    >>> figure = mn.plot.overview(sim, sim.run(100))
    """
    check.instance("simulation", simulation, Simulation, "a Simulation")
    check_dataset(data)
    check_figure(figure)
    if figure is None:
        from matplotlib import pyplot

        figure = pyplot.figure(figsize=(12.0, 8.6), layout="constrained")
    pad(figure)
    grid = figure.add_gridspec(2, 2, height_ratios=(2.35, 1.0))
    net = simulation.net
    moment = f"t = {simulation.time:,.6g} s"
    network(net, ax=figure.add_subplot(grid[0, 0]), potential=simulation.potential, title=f"Potential at {moment}")
    network(
        net,
        ax=figure.add_subplot(grid[0, 1]),
        current=simulation.branch_current,
        title=f"Current through the gaps at {moment}",
    )
    rows = data.sizes["time"]
    if rows <= 2 * CLOSE_UP:
        trace(data, ax=figure.add_subplot(grid[1, :]))
        return figure
    whole = trace(data, ax=figure.add_subplot(grid[1, 0])).ax
    whole.set_title(f"Conductance, {rows:,} rows")
    close = trace(_last(data, CLOSE_UP), ax=figure.add_subplot(grid[1, 1])).ax
    close.set_title(f"The last {CLOSE_UP:,}")
    close.set_ylabel("")
    close.set_ylim(whole.get_ylim())
    return figure


def _last(data: xr.Dataset, rows: int) -> xr.Dataset:
    """Return the last rows; events belong to the rows that are there."""
    part: xr.Dataset = data.isel(time=slice(-rows, None))
    return part
