"""Figure 7: a switching film as a battery whose voltage relaxes, as its metal dissolves and its ions spread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from memnet import drive
from memnet.base import check
from memnet.devices import Nanobattery
from memnet.papers import _pages
from memnet.papers._registry import Example
from memnet.papers.electrochemical2023 import _elements as elements
from memnet.papers.electrochemical2023.common import PAPER
from memnet.simulate import Circuit

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure


@PAPER.figure(
    "7",
    title="emf of a film that relaxes: the Nernst potential against the diffusion potential",
    place="Fig. 7 b, c",
    quick={"rows": 100},
    example=Example("tau_D=(100.0,), rows=20", {"tau_D": 1, "time": 21}, panels=2),
)
def figure7(
    *,
    E_N: float = -0.2,
    E_D: float = 0.25,
    tau_N: float = 50.0,
    tau_D: Sequence[float] = (100.0, 300.0, 900.0),
    duration: float = 1500.0,
    rows: int = 500,
) -> xr.Dataset:
    """Return the voltage of an open `Nanobattery` on which metal has been deposited, from then on.

    Parameters
    ----------
    E_N : float
        Nernst potential of what was deposited, n = 1 (V), <= 0.
    E_D : float
        Diffusion potential of the gradient that it leaves (V), >= 0.
    tau_N : float
        Time in which the metal dissolves (s).
    tau_D : sequence of float
        Times in which the ions spread (s): the lower their mobility, and the thicker the film, the longer.
    duration : float
        How long (s).
    rows : int
        Rows behind the first.

    Returns
    -------
    xarray.Dataset
        `voltage`, `n` and `d` (tau_D, time): the metal and the gradient; `E_N` and `E_D`.

    Notes
    -----
    The paper shows a measurement and sketches, without an equation. Rates and numbers are memnet's.
    """
    import xarray as xr

    times = elements.several("tau_D", tau_D, 0.0)
    dt = check.real("duration", duration, 0.0, np.inf, "()", "s") / check.integer("rows", rows, 2)
    runs = []
    for tau in times:
        film = Nanobattery(E=0.0, E_N=E_N, E_D=E_D, tau_N=tau_N, tau_D=tau, G_e=0.0, n_0=1.0)
        cell = Circuit()
        cell.add("silver", "platinum", film)
        sim = cell.simulation({"silver": drive.current(0.0), "platinum": 0.0}, dt=dt, method="adaptive", rtol=1e-6)
        runs.append(sim.run(rows + 1, record=["state:n", "state:d"]))
    traces = {
        "voltage": ("V", [one["voltage"].sel(electrode="silver").values for one in runs]),
        "n": ("1", [one["state_n"].values[:, 0] for one in runs]),
        "d": ("1", [one["state_d"].values[:, 0] for one in runs]),
    }
    return xr.Dataset(
        {
            **{name: (("tau_D", "time"), trace, {"units": unit}) for name, (unit, trace) in traces.items()},
            "E_N": ((), E_N, {"units": "V"}),
            "E_D": ((), E_D, {"units": "V"}),
        },
        {"tau_D": ("tau_D", times, {"units": "s"}), "time": ("time", runs[0]["time"].values, {"units": "s"})},
    )


@PAPER.drawing("7")
def plot_figure7(data: xr.Dataset) -> Figure:
    """Draw the voltage (b), and of what it is the sum where the ions spread in the middle one of the times (c)."""
    figure, axes = _pages.grid(2, 2, side=3.4)
    time, count = data["time"].values, data.sizes["tau_D"]
    for k, colour in enumerate(_pages.shades(count)):
        one = data.isel(tau_D=k)
        text = rf"$\tau_D$ = {float(one['tau_D']):g} s"
        axes[0].plot(time, 1e3 * one["voltage"].values, color=colour, lw=1.3, label=text)
    one = data.isel(tau_D=count // 2)
    for state, potential, colour, text in (
        ("n", "E_N", _pages.BLUE, "Nernst potential"),
        ("d", "E_D", _pages.ORANGE, "diffusion potential"),
    ):
        milli = 1e3 * float(data[potential]) * one[state].values
        axes[1].plot(time, milli, color=colour, lw=1.3, label=text)
    axes[1].plot(time, 1e3 * one["voltage"].values, color="k", lw=0.8, ls="--", label="sum")
    for ax in axes:
        ax.axhline(0.0, color="0.8", lw=0.6, zorder=0)
        ax.set(xlabel="$t$ (s)", ylabel="emf (mV)")
        ax.legend(frameon=False, fontsize="small")
    _pages.letters(axes)
    return figure
