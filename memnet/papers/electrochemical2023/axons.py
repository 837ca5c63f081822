"""Sec. 2.2.3: an action potential that goes along an axon, both ways, into another one, and through myelin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from memnet import drive
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.devices import HodgkinHuxley, Resistor
from memnet.papers import _pages
from memnet.papers._registry import Example
from memnet.papers.electrochemical2023 import _traces as traces
from memnet.papers.electrochemical2023.common import PAPER
from memnet.simulate import Circuit

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

MILLI = 1e3
# Between membranes of 1 cm2 (S), and what starts an action potential (A) for 0.5 ms.
CORE, STRENGTH = 5e-3, 1e-4
# Of the capacitance and of the leak of a membrane, the share that myelin leaves.
THROUGH_MYELIN = 0.01
ROW, RTOL = 1e-4, 1e-3


@dataclass(frozen=True)
class Axon:
    """A chain of membranes that resistors join.

    Attributes
    ----------
    count : int
        Of membranes.
    starts : tuple of int
        Where a pulse enters.
    bare : int
        Every how many membranes one has no myelin.
    """

    count: int
    starts: tuple[int, ...] = (0,)
    bare: int = 1

    def circuit(self) -> Circuit:
        """Return it."""
        made, core, node = Circuit(), Resistor(conductance=CORE), traces.membrane()
        for k in range(self.count):
            made.add(f"n{k}", "outside", node if k % self.bare == 0 else _covered())
            if k > 0:
                made.add(f"n{k - 1}", f"n{k}", core)
        return made

    def potential(self, duration: float) -> tuple[Floats, Floats]:
        """Return rows (s) and potentials (node, row) in V."""
        wave = drive.current(drive.steps([STRENGTH, 0.0], [0.0, 0.5e-3]))
        sources: dict[str, Any] = {"outside": 0.0, **{f"n{k}": wave for k in self.starts}}
        sim = self.circuit().simulation(sources, dt=ROW, method="adaptive", rtol=RTOL)
        data = sim.run(duration=duration, record=["potential"])
        names = [f"n{k}" for k in range(self.count)]
        return data["time"].values, data["potential"].sel(potential_node=names).values.T


def _covered() -> HodgkinHuxley:
    """Return a membrane below myelin, without channels, which rests where the others do."""
    open_one = traces.membrane().parameters
    thin = {name: THROUGH_MYELIN * open_one[name] for name in ("C_m", "g_leak")}
    return traces.membrane(g_Na=0.0, g_K=0.0, E_leak=0.0, **thin)


def spike_times(time: Floats, potential: Floats) -> list[Floats]:
    """Return when each node rises through 0 V (s)."""
    return [traces.Trace(MILLI * time, MILLI * one).rises() / MILLI for one in potential]


def cases(count: int, bare: int) -> dict[str, Axon]:
    """Return the axons of the figure: a pulse at one end, in the middle, at both ends, and at one end of myelin."""
    return {
        "end": Axon(count),
        "middle": Axon(count, (count // 2,)),
        "both ends": Axon(count, (0, count - 1)),
        "myelin": Axon(count, bare=bare),
    }


@PAPER.figure(
    "axon",
    title="an action potential goes along an axon: from an end, from the middle, from both ends, and through myelin",
    place="Sec. 2.2.3",
    quick={"count": 17, "duration": 8e-3},
    example=Example("count=5, bare=2, duration=3e-3", {"case": 4, "node": 5, "time": 30, "spike": 1}, panels=5),
)
def axon(*, count: int = 41, bare: int = 5, duration: float = 0.013) -> xr.Dataset:
    """Return how an action potential goes along a chain of membranes.

    Parameters
    ----------
    count : int
        Membranes of 1 cm2, >= 3, with 5 mS between two.
    bare : int
        With myelin, every how many of them one is free; the others have no channels, and 1 % of capacitance and leak.
    duration : float
        In s.

    Returns
    -------
    xarray.Dataset
        Over `case` ("end", "middle", "both ends", "myelin") and `node`: `potential` (case, node, time) in V, and
        `spike_time` (case, node, spike), when it rises through 0 V, nan where it does not (s).

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or outside its range.

    Notes
    -----
    EC23 sec. 2.2.3, without numbers there: conductances and pulses are ours.
    """
    import xarray as xr

    check.integer("count", count, 3)
    check.integer("bare", bare, 1)
    check.real("duration", duration, 0.5e-3, np.inf, "()", "s")
    chosen = cases(count, bare)
    runs = [one.potential(duration) for one in chosen.values()]
    times = [spike_times(*one) for one in runs]
    most = max([1, *(found.size for nodes in times for found in nodes)])
    padded = [[np.pad(one, (0, most - one.size), constant_values=np.nan) for one in nodes] for nodes in times]
    return xr.Dataset(
        {
            "potential": (("case", "node", "time"), np.array([one for _, one in runs]), {"units": "V"}),
            "spike_time": (("case", "node", "spike"), np.array(padded), {"units": "s"}),
        },
        {"case": list(chosen), "node": np.arange(count), "time": ("time", runs[0][0], {"units": "s"})},
    )


@PAPER.drawing("axon")
def plot_axon(data: xr.Dataset) -> Figure:
    """Draw the potential over node and time, a panel a case, with where spikes are."""
    figure = _pages.page(13.0, 3.4)
    axes = list(figure.subplots(1, data.sizes["case"], sharey=True))
    time, node = MILLI * data["time"].values, data["node"].values
    for ax, case in zip(axes, data["case"].values, strict=True):
        one = data.sel(case=case)
        volts = MILLI * one["potential"].values.T
        image = ax.pcolormesh(node, time, volts, cmap="viridis", vmin=-80.0, vmax=45.0, shading="nearest")
        for k in range(data.sizes["spike"]):
            ax.plot(node, MILLI * one["spike_time"].isel(spike=k), ".", color=_pages.RED, ms=3)
        ax.set(xlabel="node", title=str(case))
    axes[0].set_ylabel("time (ms)")
    figure.colorbar(image, ax=axes, label=r"$\Delta\varphi_M$ (mV)")
    return figure
