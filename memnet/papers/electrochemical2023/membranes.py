"""Table 1: concentrations and Nernst potentials of ions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from memnet import electrochemistry
from memnet.papers import _pages
from memnet.papers._registry import Example
from memnet.papers.electrochemical2023.common import PAPER

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure


@PAPER.figure(
    "table1",
    title="concentrations of ions and their Nernst potentials",
    place="table 1",
    example=Example("", {"ion": 7}, panels=2),
)
def table1(*, temperature: float = 300.0) -> xr.Dataset:
    """Return the ions of a cell and the potentials at which each rests.

    Parameters
    ----------
    temperature : float
        In K.

    Returns
    -------
    xarray.Dataset
        Over `ion`: charges `z`, concentrations `inside` and `outside` (mol/m3), `potential` (V) of the inside, and
        `printed`, what the paper has for it (V).

    Raises
    ------
    TypeError, ValueError
        A temperature of the wrong kind, or not above 0.

    Notes
    -----
    EC23 table 1, eq. 4. It has chloride and hydrogen carbonate with the sign of cations, and calcium 0.2 mV too high.
    """
    import xarray as xr

    rows = electrochemistry.TABLE_1
    columns = {name: np.array([getattr(row, name) for row in rows]) for name in ("z", "inside", "outside", "printed")}
    potential = electrochemistry.nernst(columns["z"], columns["inside"], columns["outside"], temperature)
    units = {"inside": "mol/m3", "outside": "mol/m3", "printed": "V", "potential": "V", "z": "1"}
    return xr.Dataset(
        {name: ("ion", values, {"units": units[name]}) for name, values in {**columns, "potential": potential}.items()},
        {"ion": [row.ion for row in rows]},
    )


@PAPER.drawing("table1")
def plot_table1(data: xr.Dataset) -> Figure:
    """Draw the concentrations on both sides, and potentials beside those that are printed."""
    figure = _pages.page(8.0, 3.4)
    left, right = figure.subplots(1, 2)
    place = np.arange(data.sizes["ion"])
    for name, shift, colour in (("inside", -0.2, _pages.ORANGE), ("outside", 0.2, _pages.BLUE)):
        left.bar(place + shift, data[name], 0.4, color=colour, label=name)
    left.set(yscale="log", ylabel="concentration (mmol/l)")
    left.legend(frameon=False)
    right.bar(place, 1e3 * data["potential"], 0.6, color=_pages.GREY, label="eq. 4")
    right.plot(place, 1e3 * data["printed"], "D", color=_pages.RED, ms=5, label="as printed")
    right.axhline(0.0, color="0.3", lw=0.6)
    right.set_ylabel("Nernst potential (mV)")
    right.legend(frameon=False)
    for ax in (left, right):
        ax.set_xticks(place, [str(name) for name in data["ion"].values], fontsize="small")
    _pages.letters([left, right])
    return figure
