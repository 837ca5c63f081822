"""Fig. 3 and Fig. S2: hysteresis of single memristors, of networks of them, and of mixtures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from memnet import analysis, drive
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.network import Network
from memnet.papers import _pages
from memnet.papers._registry import Example
from memnet.papers.pnn2025 import common
from memnet.papers.pnn2025.common import PAPER, SETTING
from memnet.simulate import Simulation

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

KINDS = ("B", "C")


def weighted_median(values: Floats, weights: Floats) -> float:
    """Return the value below which half of the weight lies.

    Examples
    --------
    >>> import numpy as np
    >>> weighted_median(np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 5.0]))
    2.0
    """
    order = np.argsort(values, kind="stable")
    total = np.cumsum(weights[order])
    if not total.size or not total[-1] > 0.0:
        raise ValueError("no current flows in the network, so no gap is its median")
    return float(values[order][np.searchsorted(total, 0.5 * total[-1])])


@dataclass(frozen=True)
class Sweep:
    """Cycles of a triangular voltage on networks, and `ratio` times less on a single memristor."""

    high: float
    cycles: int
    period: int
    ratio: float
    progress: bool

    @property
    def wave(self) -> drive.Waveform:
        """The voltage on the networks."""
        return drive.triangle(0.0, self.high, float(self.period))

    @property
    def steps(self) -> int:
        """Steps of all cycles, and one that closes the last."""
        return self.cycles * self.period + 1

    def of_network(self, setting: common.Setting, net: Network, name: str) -> xr.Dataset:
        """Return the run of a network, with the currents of its edges at the last peak."""
        peak = (self.cycles - 1) * self.period + self.period // 2
        sim = setting.simulation(net, name, self.wave)
        return sim.run(self.steps, record={"snapshot:branch_current": [peak]}, progress=self.progress)

    def of_one(self, setting: common.Setting, letter: str, length: float) -> xr.Dataset:
        """Return the run of a single memristor in a gap of a length."""
        alone = Network(2, [(0, 1)], length=[length], electrodes={"left": 0, "right": 1})
        wave = drive.triangle(0.0, self.high / self.ratio, float(self.period))
        device = setting.device(letter)
        sim = Simulation(alone, device, {"left": wave, "right": 0.0}, seed=setting.seed)
        sim.warned_of_steps = True  # the step is the paper's
        return sim.run(self.steps)


@PAPER.figure(
    "3",
    title="hysteresis of single memristors, networks and mixtures",
    quick={"steps": 200},
    example=Example("size=50, seed=3, steps=80, fractions=(0.5,)", {"kind": 2, "time": 81, "fraction": 1}, panels=14),
)
def figure3(
    *,
    size: float = SETTING.size,
    steps: int = 400,
    seed: int = SETTING.seed,
    cycles: int = 2,
    high: float = 2.0,
    ratio: float = 10.0,
    fractions: Sequence[float] = (0.25, 0.5, 0.75),
    parameters: common.Parameters | None = None,
    coverage: float = SETTING.coverage,
    progress: bool = False,
) -> xr.Dataset:
    """Return the hysteresis of single memristors and of networks of them, Types B and C, and of mixtures with A.

    Parameters
    ----------
    size, seed, parameters, coverage, progress
        As for `figure4`.
    steps : int
        Steps of 1 s for all cycles; the period is steps/cycles. One more closes the last cycle.
    cycles : int
        Number of cycles, >= 2: the second one is compared.
    high : float
        Largest voltage on the network (V).
    ratio : float
        Voltage on the network over that on the single memristor: the number of gaps in series.
    fractions : sequence of float
        Fractions of memristors in the mixtures.

    Returns
    -------
    xarray.Dataset
        Traces over (kind, time), mixtures over (kind, fraction, time); `distance` (kind) is that of the second loops by
        `analysis.loop_distance`. The single Type B memristor has the current-weighted median of the network's gaps at
        the last peak, `single_length`.

    Notes
    -----
    PNN25 Fig. 3 and the question of Fig. S2.
    """
    import xarray as xr

    cycles = check.integer("cycles", cycles, 2)
    period = check.integer("steps", steps, 4 * cycles) // cycles
    setting = replace(SETTING, size=size, seed=seed, parameters=parameters, coverage=coverage)
    sweep = Sweep(high, cycles, period, ratio, progress)
    net = setting.network()
    rows = []
    for kind in KINDS:
        run = sweep.of_network(setting, net, kind)
        rows.append(_pair(setting, sweep, net, kind, run) | _mixtures(setting, sweep, net, kind, fractions, run))
    time = run["time"]
    data = xr.Dataset(
        {name: _variable(name, np.asarray([row[name] for row in rows])) for name in rows[0]},
        {"kind": list(KINDS), "fraction": list(fractions), "time": time},
        {**common.described(net), "ratio": ratio},
    )
    volts = np.array([sweep.wave(t) for t in time.values])
    data["voltage"] = (("time",), volts, {"units": "V", "long_name": "voltage on the networks"})
    return data


def _second_loop(run: xr.Dataset) -> analysis.Cycle:
    return analysis.hysteresis(run).cycles[1]


def _pair(setting: common.Setting, sweep: Sweep, net: Network, kind: str, run: xr.Dataset) -> dict[str, Any]:
    """Return traces and second loops of a network, from its run, and of its median gap alone."""
    assert net.length is not None
    length = weighted_median(np.asarray(net.length), np.abs(run["snapshot_branch_current"].values[0]))
    one = sweep.of_one(setting, kind, length)
    alone, whole = _second_loop(one), _second_loop(run)
    return {
        "network_conductance": run["conductance"].values,
        "network_current": run["current"].values[:, 0],
        "single_conductance": one["conductance"].values,
        "single_current": one["current"].values[:, 0],
        "single_length": length,
        "distance": analysis.loop_distance(alone, whole),
        "single_opening": alone.opening,
        "network_opening": whole.opening,
        "single_area": alone.area,
        "network_area": whole.area,
    }


def _mixtures(
    setting: common.Setting, sweep: Sweep, net: Network, kind: str, fractions: Sequence[float], pure: xr.Dataset
) -> dict[str, Any]:
    """Return traces of mixtures with Type A, and how far their loops are from that of the pure network."""
    runs = [sweep.of_network(replace(setting, fraction=fraction), net, f"A:{kind}") for fraction in fractions]
    whole = _second_loop(pure)
    return {
        "mixture_conductance": [run["conductance"].values for run in runs],
        "mixture_current": [run["current"].values[:, 0] for run in runs],
        "mixture_events": [run.sizes["event"] for run in runs],
        "mixture_distance": [analysis.loop_distance(_second_loop(run), whole) for run in runs],
    }


def _variable(name: str, values: Any) -> tuple[tuple[str, ...], Any, dict[str, str]]:
    """Return the values of all kinds as a variable; its name says which dimensions and unit they have."""
    dims = ("kind", "fraction", "time") if name.startswith("mixture") else ("kind", "time")
    units = {"conductance": "S", "current": "A", "length": "pd", "area": "W"}
    return dims[: values.ndim], values, {"units": units.get(name.rsplit("_", 1)[-1], "1")}


@PAPER.drawing("3")
def plot_figure3(data: xr.Dataset) -> Figure:
    """Draw Fig. 3: B on the left, C on the right; G-V, I-V, G-t, I-t, and below them the mixtures of Fig. S2.

    Single memristors (dashed) are scaled to the network at the largest voltage of the second cycle.
    """
    figure = _pages.page(9.0, 14.0)
    axes = figure.subplots(5, 2)
    time, volts, ratio = data["time"].values, data["voltage"].values, float(data.attrs["ratio"])
    second = _second_cycle(volts)
    top = second.start + int(volts[second].argmax())
    for column, kind in enumerate(data["kind"].values):
        one, tint = data.sel(kind=kind), common.COLOURS[str(kind)]
        scaled = {}
        for quantity in ("conductance", "current"):
            alone, whole = one[f"single_{quantity}"].values, one[f"network_{quantity}"].values
            scaled[quantity] = (alone * whole[top] / alone[top], whole)
        for row, (quantity, unit) in enumerate((("conductance", "S"), ("current", "A"))):
            ax = axes[row, column]
            alone, whole = scaled[quantity]
            ax.plot(volts, whole, color=tint, lw=1.2, label="network")
            ax.plot(volts, alone, color=tint, lw=1.2, ls="--", label=f"single (V/{ratio:g})")
            ax.set(xlabel="applied voltage (V)", ylabel=f"{quantity} ({unit})")
            ax = axes[row + 2, column]
            ax.plot(time, whole, color=tint, lw=1.2)
            ax.plot(time, alone, color=tint, lw=1.2, ls="--")
            ax.set(xlabel="time (s)", ylabel=f"{quantity} ({unit})")
            ramp = ax.twinx()
            ramp.plot(time, volts, color="0.6", lw=0.8, ls="--")
            ramp.set_ylabel("voltage (V)", color="0.5")
            ramp.tick_params(colors="0.5")
        axes[0, column].set_title(f"Type {kind}, distance {float(one['distance']):.3g}")
        axes[0, column].legend(frameon=False, fontsize="small")
        ax = axes[4, column]
        for k, fraction in enumerate(data["fraction"].values):
            mixed = one["mixture_conductance"].sel(fraction=fraction).values
            events = int(one["mixture_events"].sel(fraction=fraction))
            text = f"{100 * fraction:g}% {kind}, {events} events"
            shade = 0.35 + 0.5 * k / max(1, data.sizes["fraction"])
            ax.plot(volts[second], mixed[second] / mixed[top], color=tint, alpha=shade, lw=1.2, label=text)
        whole = one["network_conductance"].values
        ax.plot(volts[second], whole[second] / whole[top], color="k", lw=1.0, ls=":", label=f"100% {kind}")
        ax.set(xlabel="applied voltage (V)", ylabel="conductance / value at peak")
        ax.legend(frameon=False, fontsize="small", ncols=2, loc="lower center", bbox_to_anchor=(0.5, 1.0))
    _pages.letters([*axes[:4, 0], *axes[:4, 1], *axes[4]])
    return figure


def _second_cycle(volts: Floats) -> slice:
    cycle = analysis.hysteresis(volts, conductance=np.ones_like(volts)).cycles[1]
    return slice(cycle.start, cycle.stop)
