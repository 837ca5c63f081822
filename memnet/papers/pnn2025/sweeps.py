"""Fig. 3 and Fig. S2: hysteresis of single memristors, of networks of them, and of mixtures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from memnet import analysis, drive
from memnet.base import check
from memnet.network import Network
from memnet.papers.pnn2025 import common
from memnet.simulate import Simulation

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

KINDS = ("B", "C")


def weighted_median(values: common.Floats, weights: common.Floats) -> float:
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


def figure3(
    *,
    size: float = 200.0,
    steps: int = 400,
    seed: int = common.SEED,
    cycles: int = 2,
    high: float = 2.0,
    ratio: float = 10.0,
    fractions: Sequence[float] = (0.25, 0.5, 0.75),
    parameters: common.Parameters | None = None,
    coverage: float = common.COVERAGE,
    progress: bool = False,
) -> xr.Dataset:
    """Return the hysteresis of single memristors and of networks of them, Types B and C, and of mixtures with A.

    Parameters
    ----------
    size : float
        Side of the network (pd).
    steps : int
        Steps of 1 s for all cycles; the period is steps/cycles. One more closes the last cycle.
    seed : int
        Seed of the network; memristors are placed with seed + 1.
    cycles : int
        Number of cycles, >= 2: the second one is compared.
    high : float
        Largest voltage on the network (V).
    ratio : float
        Voltage on the network over that on the single memristor: the number of gaps in series.
    fractions : sequence of float
        Fractions of memristors in the mixtures.
    parameters : dict, optional
        Device parameters, as in ``{"C": {"g_max": 0.1}}``.
    coverage : float
        Coverage of the network.
    progress : bool
        Show progress bars.

    Returns
    -------
    xarray.Dataset
        Traces over (kind, time), mixtures over (kind, fraction, time); `distance` (kind) is that of the second loops by
        `analysis.loop_distance`. The single Type B memristor has the current-weighted median of the network's gaps at
        the last peak, `single_length`.

    Notes
    -----
    PNN25 Fig. 3 and the question of Fig. S2.

    Examples
    --------
    >>> from memnet.papers import pnn2025
    >>> data = pnn2025.figure3(size=50, seed=3, steps=80, fractions=(0.5,))
    >>> dict(data.sizes)
    {'kind': 2, 'time': 81, 'fraction': 1}
    """
    import xarray as xr

    cycles = check.integer("cycles", cycles, 2)
    period = check.integer("steps", steps, 4 * cycles) // cycles
    net = common.network(size, seed, coverage)
    assert net.length is not None
    wave = drive.triangle(0.0, high, float(period))
    n_steps = cycles * period + 1
    peak = (cycles - 1) * period + period // 2
    columns: dict[str, list[Any]] = {}

    def keep(**values: Any) -> None:
        for name, value in values.items():
            columns.setdefault(name, []).append(value)

    time: Any = None
    for kind in KINDS:
        sim = common.simulation(net, kind, wave, seed=seed, parameters=parameters)
        run = sim.run(n_steps, record={"snapshot:branch_current": [peak]}, progress=progress)
        time = run["time"]
        middle = weighted_median(np.asarray(net.length), np.abs(run["snapshot_branch_current"].values[0]))
        alone = Network(2, [(0, 1)], length=[middle], electrodes={"left": 0, "right": 1})
        one = Simulation(
            alone,
            common.device(kind, size, parameters),
            {"left": drive.triangle(0.0, high / ratio, float(period)), "right": 0.0},
            seed=seed,
        ).run(n_steps)
        loops = [analysis.hysteresis(data).cycles[1] for data in (one, run)]
        keep(
            network_conductance=run["conductance"].values,
            network_current=run["current"].values[:, 0],
            single_conductance=one["conductance"].values,
            single_current=one["current"].values[:, 0],
            single_length=middle,
            distance=analysis.loop_distance(*loops),
            single_opening=loops[0].opening,
            network_opening=loops[1].opening,
            single_area=loops[0].area,
            network_area=loops[1].area,
        )
        mixed = [
            common.simulation(net, f"A:{kind}", wave, seed=seed, fraction=fraction, parameters=parameters).run(
                n_steps, progress=progress
            )
            for fraction in fractions
        ]
        found = [analysis.hysteresis(data).cycles[1] for data in mixed]
        keep(
            mixture_conductance=[data["conductance"].values for data in mixed],
            mixture_current=[data["current"].values[:, 0] for data in mixed],
            mixture_events=[data.sizes["event"] for data in mixed],
            mixture_distance=[analysis.loop_distance(loop, loops[1]) for loop in found],
        )
    units = {"conductance": "S", "current": "A", "length": "pd", "area": "W"}
    variables = {}
    for name, value in columns.items():
        array = np.asarray(value)
        dims = ("kind", "fraction", "time") if name.startswith("mixture") else ("kind", "time")
        unit = units.get(name.rsplit("_", 1)[-1], "1")
        variables[name] = (dims[: array.ndim], array, {"units": unit})
    volts = np.array([wave(t) for t in time.values])
    variables["voltage"] = (("time",), volts, {"units": "V", "long_name": "voltage on the networks"})
    data = xr.Dataset(variables, {"kind": list(KINDS), "fraction": list(fractions), "time": time})
    data.attrs = common.attributes(
        "Fig. 3",
        net,
        {
            "size": size,
            "steps": steps,
            "seed": seed,
            "cycles": cycles,
            "high": high,
            "ratio": ratio,
            "fractions": list(fractions),
            "parameters": parameters,
            "coverage": coverage,
        },
    )
    data.attrs["ratio"] = ratio
    return data


def plot_figure3(data: xr.Dataset) -> Figure:
    """Draw Fig. 3: B on the left, C on the right; G-V, I-V, G-t, I-t, and below them the mixtures of Fig. S2.

    Single memristors (dashed) are scaled to the network at the largest voltage of the second cycle.

    Examples
    --------
    >>> from memnet.papers import pnn2025
    >>> data = pnn2025.figure3(size=50, seed=3, steps=80, fractions=(0.5,))
    >>> picture = pnn2025.plot_figure3(data)
    >>> len(picture.axes)
    14
    """
    figure = common.page(9.0, 14.0)
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
    common.letters([*axes[:4, 0], *axes[:4, 1], *axes[4]])
    return figure


def _second_cycle(volts: common.Floats) -> slice:
    cycle = analysis.hysteresis(volts, conductance=np.ones_like(volts)).cycles[1]
    return slice(cycle.start, cycle.stop)
