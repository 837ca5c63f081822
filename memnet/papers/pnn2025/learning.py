"""Fig. 7, Fig. S18 and section S4.2: potentiation by voltage pulses and forgetting between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from memnet import analysis, drive
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.network import Network
from memnet.papers import _pages
from memnet.papers._registry import Example
from memnet.papers.pnn2025 import common
from memnet.papers.pnn2025.common import PAPER, SETTING

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

# Runs of Fig. 7: mixtures as the paper has them, pure A as the control, and both after a warm-up.
RUNS = ("A:C", "A:B", "A", "A:C warm", "A warm")
WARM = " warm"


@dataclass(frozen=True)
class Pulses:
    """A train of voltage pulses, in V and steps of 1 s."""

    low: float
    high: float
    length: int
    spacing: int
    count: int

    @property
    def steps(self) -> int:
        """Steps of the whole train."""
        return self.count * (self.length + self.spacing)

    @property
    def warm_up(self) -> int:
        """Steps of a warm-up."""
        return self.count * self.length + self.spacing

    def wave(self, *, warm: bool) -> drive.Waveform:
        """Return the voltage, with a warm-up before the train where asked for.

        It has the high voltage for as long as all pulses together, then the low one for one spacing: filaments have
        then grown as far as the pulses would make them, and memristors have relaxed.
        """
        train = drive.pulses(self.low, self.high, float(self.length), float(self.spacing), self.count)
        if not warm:
            return train
        return drive.concat(
            [(self.high, float(self.count * self.length)), (self.low, float(self.spacing)), (train, None)]
        )


def pulsed(
    setting: common.Setting, net: Network, name: str, pulses: Pulses, *, outputs: int, window: int, progress: bool
) -> xr.Dataset:
    """Return one pulse train: currents, events, and what `analysis.plasticity` measures; " warm" names a warm-up."""
    warm = name.endswith(WARM)
    before = pulses.warm_up if warm else 0
    sim = setting.simulation(net, name.removesuffix(WARM), pulses.wave(warm=warm))
    if before:
        common.skip(sim, before, progress)
    run = sim.run(pulses.steps, record={"member_current": "right"} if outputs else ("current",), progress=progress)
    event_times = run["event_step"].values.astype(np.float64) - before
    volts, siemens = run["voltage"].values[:, 0], run["conductance"].values
    answers = analysis.plasticity(
        run["time"].values - before, siemens, volts, event_times=event_times, window=window, rest=pulses.low
    )
    data = answers.to_dataset()
    counts = np.bincount(event_times.astype(np.int64), minlength=pulses.steps)[: pulses.steps]
    data["voltage"] = ("time", volts, {"units": "V"})
    data["current"] = ("time", run["current"].values[:, 0], {"units": "A"})
    data["conductance"] = ("time", siemens, {"units": "S"})
    data["events"] = ("time", counts.astype(np.int32), {"units": "1"})
    if outputs:
        text = "current out of the groups at the right edge, in bands from bottom to top"
        bands = _output_currents(net, run, outputs)
        data["output_current"] = (("output", "time"), bands, {"units": "A", "long_name": text})
    complete: xr.Dataset = data.assign(_measures(answers)).drop_attrs(deep=False)
    return complete


def _output_currents(net: Network, run: xr.Dataset, outputs: int) -> Floats:
    """Return the current out of each of the bands of the right edge, (outputs, time)."""
    assert net.position is not None
    assert net.size is not None
    height = net.position[run["member_current_node"].values, 1] / net.size[1]
    band = np.clip((height * outputs).astype(np.int64), 0, outputs - 1)
    leaving = -run["member_current"].values
    return np.stack([leaving[:, band == k].sum(axis=1) for k in range(outputs)])


def _measures(answers: analysis.Plasticity) -> dict[str, tuple[tuple[()], float]]:
    """Return trends, potentiation and paired-pulse index of conductance and event rate, as scalars of a dataset."""
    known = {"conductance": answers.conductance, "rate": answers.rate}
    scalars: dict[str, float] = {}
    for quantity, answer in known.items():
        if answer is not None and answer.trend is not None:
            scalars |= {f"{quantity}_tau": answer.trend.tau, f"{quantity}_p_rising": answer.trend.p_rising}
    for quantity, answer in known.items():
        if answer is not None:
            scalars |= {
                f"{quantity}_potentiation": answer.potentiation,
                f"{quantity}_paired_pulse_index": answer.paired_pulse_index,
            }
    return {name: ((), value) for name, value in scalars.items()}


def _durations(steps: int | None, count: int) -> tuple[int, int]:
    """Return length and spacing of the pulses: the paper's, or those that make as many steps."""
    if steps is None:
        return 250, 250
    half = check.integer("steps", steps, 2 * count) // (2 * count)
    return half, half


@PAPER.figure(
    "7",
    title="potentiation by voltage pulses, with controls",
    quick={"size": 200.0, "steps": 1400},
    example=Example(
        'size=50, seed=3, steps=140, runs=("A:C", "A warm")',
        {"run": 2, "pulse": 7, "time": 140, "output": 6},
        panels=14,
    ),
)
def figure7(
    *,
    size: float = SETTING.pulsed_size,
    steps: int | None = None,
    seed: int = SETTING.seed,
    low: float = SETTING.low,
    high: float = SETTING.high,
    count: int = 7,
    outputs: int = 6,
    window: int = 100,
    runs: Sequence[str] = RUNS,
    fraction: float = SETTING.fraction,
    parameters: common.Parameters | None = None,
    coverage: float = SETTING.coverage,
    progress: bool = False,
) -> xr.Dataset:
    """Return the answer of networks to a train of voltage pulses.

    Parameters
    ----------
    size, seed, fraction, parameters, coverage, progress
        As for `figure4`.
    steps : int, optional
        Steps of 1 s of the whole train, half of them in pulses; by default pulses of 250 with 250 between them.
    low, high : float
        Voltage between and in the pulses (V).
    count : int
        Number of pulses.
    outputs : int
        Bands of the right edge whose currents are kept; 0 for none.
    window : int
        Steps of the moving averages.
    runs : sequence of str
        "A", "A:B" or "A:C", with " warm" behind it for one after a warm-up: the high voltage for as long as all pulses
        together, then one spacing of the low one.

    Returns
    -------
    xarray.Dataset
        Over (run, time), (run, pulse) and (run, output, time): currents, events, moving averages, and the measures of
        `analysis.plasticity`.

    Notes
    -----
    PNN25 Fig. 7 (A:C), Fig. S15 (A:B); the controls are ours.
    """
    import xarray as xr

    pulses = Pulses(low, high, *_durations(steps, count), count)
    window = min(window, pulses.length)
    setting = replace(SETTING, size=size, seed=seed, fraction=fraction, parameters=parameters, coverage=coverage)
    net = setting.network()
    parts = [pulsed(setting, net, name, pulses, outputs=outputs, window=window, progress=progress) for name in runs]
    data = xr.concat(parts, dim=xr.Variable("run", list(runs)), join="exact", coords="different", compat="equals")
    data["voltage"] = data["voltage"].isel(run=0)
    data.attrs = {**common.described(net), "fraction": fraction, "window": window}
    return data


@PAPER.figure(
    "small",
    title="potentiation of a 200 x 200 network (S4.2)",
    quick={"steps": 1400},
    example=Example(
        'size=50, seed=3, steps=140, runs=("A:C",)', {"run": 1, "pulse": 7, "time": 140, "output": 6}, panels=7
    ),
)
def small(
    *,
    size: float = SETTING.size,
    steps: int | None = None,
    seed: int = SETTING.seed,
    low: float = SETTING.low,
    high: float = SETTING.high,
    runs: Sequence[str] = RUNS,
    fraction: float = SETTING.fraction,
    parameters: common.Parameters | None = None,
    coverage: float = SETTING.coverage,
    progress: bool = False,
) -> xr.Dataset:
    """Return `figure7` on a network of the smaller size, where a few memristors decide.

    Parameters are those of `figure7`.

    Notes
    -----
    The question of PNN25 sec. S4.2.
    """
    return figure7(
        size=size,
        steps=steps,
        seed=seed,
        low=low,
        high=high,
        runs=runs,
        fraction=fraction,
        parameters=parameters,
        coverage=coverage,
        progress=progress,
    )


@PAPER.drawing("7", "small")
def plot_figure7(data: xr.Dataset) -> Figure:
    """Draw Fig. 7, a column a run: currents, changes of the conductance, moving averages of conductance and events."""
    columns = data.sizes["run"]
    figure = _pages.page(4.2 * columns + 0.6, 8.5)
    axes = figure.subplots(3, columns, sharex=True, sharey="row", squeeze=False)
    time, volts = data["time"].values, data["voltage"].values
    rates = []
    for column, name in enumerate(data["run"].values):
        one = data.sel(run=name)
        top, middle, bottom = axes[:, column]
        top.set_title(common.label(str(name), float(data.attrs["fraction"])), fontsize="medium")
        if "output_current" in one:
            for band in one["output_current"].values:
                top.plot(time, band, lw=0.5)
        top.plot(time, one["current"], color="#1f5fd0", lw=0.7)
        middle.plot(time[1:], np.diff(one["conductance"].values), color="#1f5fd0", lw=0.5)
        bottom.plot(time, one["conductance_average"], color="#7b3fa0", lw=1.2)
        right = bottom.twinx()
        right.plot(time, one["rate_average"], color="#1f5fd0", lw=1.2)
        right.spines["top"].set_visible(False)
        right.tick_params(axis="y", colors="#1f5fd0", labelright=column == columns - 1)
        rates.append(right)
        rise = float(one["conductance_potentiation"])
        note = f"response {'+' if rise >= 0 else ''}{100 * rise:.0f} %, p = {float(one['conductance_p_rising']):.2g}"
        bottom.set_title(note, fontsize="small", color="#7b3fa0")
        for ax in (top, middle, bottom):
            grey = ax.twinx()
            grey.plot(time, volts, color="0.75", lw=0.8, zorder=0)
            grey.set_yticks([])
            grey.spines[:].set_visible(False)
            ax.set_zorder(grey.get_zorder() + 1)
            ax.patch.set_visible(False)
            ax.margins(x=0.0)
        right.set_zorder(bottom.get_zorder() + 1)
        bottom.set_xlabel("time (s)")
    highest = max(float(ax.get_ylim()[1]) for ax in rates)
    for ax in rates:
        ax.set_ylim(0.0, highest)
    rates[-1].set_ylabel("<ER> (events per step)", color="#1f5fd0")
    for ax, text in zip(axes[:, 0], ("current (A)", "change of G (S)", "<G> (S)"), strict=True):
        ax.set_ylabel(text)
    _pages.letters(list(axes[:, 0]))
    return figure


# ---------------------------------------------------------------- spacing


@PAPER.figure(
    "spacing",
    title="forgetting against the spacing of pulses (S18)",
    place="Fig. S18",
    quick={"size": 200.0, "length": 100, "spacings": (100, 200, 400), "count": 5},
    example=Example("size=50, seed=3, length=10, spacings=(10, 20), count=4", ["10", "20"], panels=6),
)
def spacing(
    *,
    size: float = SETTING.pulsed_size,
    seed: int = SETTING.seed,
    low: float = SETTING.low,
    high: float = SETTING.high,
    length: int = 250,
    spacings: Sequence[int] = (125, 250, 500, 1000),
    count: int = 7,
    window: int = 100,
    name: str = "A:C",
    fraction: float = SETTING.fraction,
    parameters: common.Parameters | None = None,
    coverage: float = SETTING.coverage,
    progress: bool = False,
) -> dict[str, xr.Dataset]:
    """Return pulse trains with different spacings between the pulses.

    Parameters are those of `figure7`; `length` and `spacings` in steps, `name` of the run.

    Returns
    -------
    dict of xarray.Dataset
        One for each spacing, named by it, with `conductance_forgetting` (pulse) and the traces.

    Notes
    -----
    The question of PNN25 Fig. S18.
    """
    setting = replace(SETTING, size=size, seed=seed, fraction=fraction, parameters=parameters, coverage=coverage)
    net = setting.network()
    attrs = {**common.described(net), "fraction": fraction, "name": name}
    window = min(window, length, *spacings)
    parts = {}
    for gap in spacings:
        pulses = Pulses(low, high, length, check.integer("spacings", gap, 1), count)
        part = pulsed(setting, net, name, pulses, outputs=0, window=window, progress=progress)
        parts[str(gap)] = part.assign_attrs(attrs, spacing=gap)
    return parts


def forgetting(data: dict[str, xr.Dataset], quantity: str = "conductance") -> tuple[Floats, Floats]:
    """Return the spacings, ascending, and the mean forgetting over the pulses at each, nan where there is none."""
    gaps = np.array(sorted(int(name) for name in data), dtype=np.float64)
    lost = [data[str(int(gap))][f"{quantity}_forgetting"].values for gap in gaps]
    means = [float(values[np.isfinite(values)].mean()) if np.isfinite(values).any() else np.nan for values in lost]
    return gaps, np.array(means)


@PAPER.drawing("spacing")
def plot_spacing(data: dict[str, xr.Dataset]) -> Figure:
    """Draw moving averages for each spacing, and forgetting and the last response against the spacing."""
    figure = _pages.page(12.0, 2.2 * len(data) + 0.6)
    grid = figure.add_gridspec(len(data), 3)
    traces = []
    for row, (gap, one) in enumerate(data.items()):
        ax = figure.add_subplot(grid[row, :2])
        ax.plot(one["time"], one["conductance_average"], color="#7b3fa0", lw=1.1)
        ax.set(ylabel="<G> (S)", title=f"spacing {gap} s")
        ax.margins(x=0.0)
        right = ax.twinx()
        right.plot(one["time"], one["rate_average"], color="#1f5fd0", lw=0.8)
        right.set_ylabel("<ER>", color="#1f5fd0")
        traces.append(ax)
    traces[-1].set_xlabel("time (s)")
    low = min(float(ax.get_ylim()[0]) for ax in traces)
    high = max(float(ax.get_ylim()[1]) for ax in traces)
    for ax in traces:
        ax.set_ylim(low, high)
    half = len(data) // 2
    upper = figure.add_subplot(grid[: max(1, half), 2])
    for quantity, tint in (("conductance", "#7b3fa0"), ("rate", "#1f5fd0")):
        upper.plot(*forgetting(data, quantity), "o-", color=tint, label="<G>" if quantity == "conductance" else "<ER>")
    upper.set(xlabel="spacing (s)", ylabel="forgotten between pulses")
    upper.legend(frameon=False)
    panels = [*traces, upper]
    if half:
        lower = figure.add_subplot(grid[half:, 2])
        gaps = sorted(int(gap) for gap in data)
        lower.plot(gaps, [float(data[str(gap)]["conductance_potentiation"]) for gap in gaps], "o-", color="#7b3fa0")
        lower.set(xlabel="spacing (s)", ylabel="last response / first - 1")
        panels.append(lower)
    _pages.letters(panels)
    return figure
