"""Figs 5 and 6: spiking at constant voltage; what the memristors' number and conductance do to it."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from memnet import analysis
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

NETWORKS = ("A", "A:B", "A:C")
MEMRISTORS = ("B", "C")
# Quantile of the current that counts as its baseline.
BASELINE = 0.1
# A step of the current below this fraction of the baseline is not seen as a spike.
VISIBLE = 0.01
SHORT = 5_000
QUICK = {"size": 100.0, "seed": 4}


@dataclass(frozen=True)
class Observation:
    """A run at constant voltage: all events, and the current of the last steps."""

    events: analysis.Events
    current: Floats
    start: int
    voltage: float


def observe(
    setting: common.Setting,
    net: Network,
    name: str,
    *,
    steps: int,
    kept: int,
    voltage: float | None = None,
    progress: bool = False,
) -> Observation:
    """Run a network at constant voltage; the current of the last `kept` steps is recorded, the events of all."""
    steps = check.integer("steps", steps, 2)
    kept = check.integer("kept", kept, 1, steps)
    volts = setting.voltage.get(name, 3.0) if voltage is None else voltage
    sim = setting.simulation(net, name, volts)
    first = analysis.events(common.skip(sim, steps - kept, progress)) if kept < steps else None
    run = sim.run(kept, progress=progress)
    last = analysis.events(run)
    events = last if first is None else _joined(first, last)
    return Observation(events, run["current"].values[:, 0].copy(), steps - kept, volts)


def _joined(first: analysis.Events, last: analysis.Events) -> analysis.Events:
    return analysis.Events(
        step=np.concatenate((first.step, last.step)),
        time=np.concatenate((first.time, last.time)),
        start=first.start,
        stop=last.stop,
        dt=last.dt,
    )


def spikes(seen: Observation) -> dict[str, float]:
    """Return baseline and spikes of an observed current.

    `baseline` is its 10 % quantile (A). A spike is a step of the current, by more than 1 % of the baseline, from a step
    with events to the next one; `spike_size` is the median of their magnitudes (A) and `spike_count` their number.
    `spike_height` is the 99 % quantile of the current above the baseline (A). `event_rate` is per step.
    """
    baseline, top = np.quantile(seen.current, (BASELINE, 0.99))
    here = np.unique(seen.events.step) - seen.start
    here = here[(here >= 0) & (here < seen.current.size - 1)]
    change = np.abs(seen.current[here + 1] - seen.current[here])
    visible = change[change > VISIBLE * baseline]
    return {
        "baseline": float(baseline),
        "spike_size": float(np.median(visible)) if visible.size else math.nan,
        "spike_count": float(visible.size),
        "spike_height": float(top - baseline),
        "event_rate": seen.events.between(seen.start).rate,
    }


# ---------------------------------------------------------------- Fig. 5


@PAPER.figure(
    "5",
    title="current traces at constant voltage",
    quick={**QUICK, "steps": 50_000},
    example=Example("size=50, seed=3, steps=500", {"network": 3, "time": 100}, panels=6),
)
def figure5(
    *,
    size: float = SETTING.size,
    steps: int = 500_000,
    seed: int = SETTING.seed,
    kept: int | None = None,
    fraction: float = SETTING.fraction,
    parameters: common.Parameters | None = None,
    coverage: float = SETTING.coverage,
    progress: bool = False,
) -> xr.Dataset:
    """Return current traces of A at 2 V, A:B and A:C at 3 V.

    Parameters
    ----------
    size, seed, fraction, parameters, coverage, progress
        As for `figure4`.
    steps : int
        Steps of 1 s.
    kept : int, optional
        The last steps, which are recorded; by default a fifth of all.

    Returns
    -------
    xarray.Dataset
        `current` (network, time), and what `spikes` measures (network).

    Notes
    -----
    PNN25 Fig. 5: the last 100,000 of 500,000 steps.
    """
    setting = replace(SETTING, size=size, seed=seed, fraction=fraction, parameters=parameters, coverage=coverage)
    net = setting.network()
    last = max(1, steps // 5) if kept is None else kept
    seen = {name: observe(setting, net, name, steps=steps, kept=last, progress=progress) for name in NETWORKS}
    data = traces(seen)
    data.attrs = {**common.described(net), "fraction": fraction, "kept": last}
    return data


def traces(seen: dict[str, Observation]) -> xr.Dataset:
    """Return the data of Fig. 5 from runs."""
    import xarray as xr

    measured = [spikes(one) for one in seen.values()]
    units = {"baseline": "A", "spike_size": "A", "spike_height": "A"}
    first = next(iter(seen.values()))
    time = first.start + np.arange(first.current.size, dtype=np.float64)
    return xr.Dataset(
        {
            "current": (("network", "time"), np.stack([one.current for one in seen.values()]), {"units": "A"}),
            "voltage": ("network", [one.voltage for one in seen.values()], {"units": "V"}),
            **{
                name: ("network", [one[name] for one in measured], {"units": units.get(name, "1")})
                for name in measured[0]
            },
        },
        {"network": list(seen), "time": ("time", time, {"units": "s"})},
    )


@PAPER.drawing("5")
def plot_figure5(data: xr.Dataset) -> Figure:
    """Draw Fig. 5: a row a network; the whole trace on the left, its last 5,000 steps (a tenth of few) on the right."""
    figure = _pages.page(11.0, 7.0)
    axes = figure.subplots(data.sizes["network"], 2, squeeze=False)
    time = data["time"].values
    short = min(SHORT, max(1, time.size // 10))
    for row, name in enumerate(data["network"].values):
        one = data.sel(network=name)
        for column, part in enumerate((slice(None), slice(-short, None))):
            ax = axes[row, column]
            ax.plot(time[part], one["current"].values[part], color=common.colour(str(name)), lw=0.6)
            ax.set_ylim(bottom=0.0)
            ax.margins(x=0.0)
        axes[row, 0].axhline(float(one["baseline"]), color="0.3", lw=0.6, ls="--")
        axes[row, 0].set_ylabel("current (A)")
        text = common.label(str(name), float(data.attrs["fraction"]))
        axes[row, 0].set_title(f"{text}, {float(one['voltage']):g} V", fontsize="medium")
    for ax in axes[-1]:
        ax.set_xlabel("time (s)")
    _pages.letters(list(axes.ravel()))
    return figure


# ---------------------------------------------------------------- Fig. 6


@PAPER.figure(
    "6",
    title="inter-event intervals and autocorrelations",
    quick={**QUICK, "steps": 50_000, "n_surrogates": 10, "n_bootstrap": 5},
    example=Example("size=50, seed=3, steps=1000, n_surrogates=3, n_bootstrap=0", ["A", "A:B", "A:C"], panels=6),
)
def figure6(
    *,
    size: float = SETTING.size,
    steps: int = 500_000,
    seed: int = SETTING.seed,
    kept: int | None = None,
    fraction: float = SETTING.fraction,
    n_surrogates: int = 20,
    n_bootstrap: int = 20,
    parameters: common.Parameters | None = None,
    coverage: float = SETTING.coverage,
    progress: bool = False,
) -> dict[str, xr.Dataset]:
    """Return distributions of inter-event intervals and autocorrelations for A at 2 V, A:B and A:C at 3 V.

    Parameters
    ----------
    size, steps, seed, fraction, parameters, coverage, progress
        As for `figure4`.
    kept : int, optional
        The last steps, whose events are analysed; by default four fifths of all.
    n_surrogates : int
        Event trains with shuffled intervals beside the autocorrelation.
    n_bootstrap : int
        Resamplings behind the error of the exponent.

    Returns
    -------
    dict of xarray.Dataset
        For each network the intervals, their densities in linear and logarithmic bins, the autocorrelation over `lag`
        with its surrogates, and the fit in the attributes.

    Notes
    -----
    PNN25 Fig. 6: the last 400,000 of 500,000 steps.
    """
    setting = replace(SETTING, size=size, seed=seed, fraction=fraction, parameters=parameters, coverage=coverage)
    net = setting.network()
    last = max(1, 4 * steps // 5) if kept is None else kept
    attrs = {**common.described(net), "fraction": fraction, "kept": last}
    parts = {}
    for name in NETWORKS:
        volts = setting.voltage[name]
        run = common.skip(setting.simulation(net, name, volts), steps, progress)
        part = statistics(
            analysis.events(run).between(steps - last), seed=seed, n_surrogates=n_surrogates, n_bootstrap=n_bootstrap
        )
        parts[name] = part.assign_attrs(attrs, voltage=volts, network_name=name)
    return parts


def statistics(events: analysis.Events, *, seed: int, n_surrogates: int, n_bootstrap: int) -> xr.Dataset:
    """Return intervals, densities, fit and autocorrelation of events as one dataset.

    Attributes: `exponent`, `exponent_error`, `xmin`, `xmax`, `fit_n`; `p_exponential` and `ratio_exponential` of the
    power law against the exponential (`_truncated`: of the exponentially truncated one); `tail_ratio` and `tail_p` of
    `heavy_tail`; `interval_range`, the 99 % quantile of the intervals over their median; `cv`; `decades_above` (of the
    autocorrelation above its surrogates) and `acf_slope`; what could not be had is nan, and `fit_message` says why.
    """
    import xarray as xr

    intervals = analysis.inter_event_intervals(events)
    density = analysis.iei_distribution(intervals)
    acf = analysis.autocorrelation(events, n_surrogates=n_surrogates, seed=seed)
    data = xr.merge(
        [
            density.to_dataset().drop_attrs(),
            acf.to_dataset().drop_attrs(),
            xr.Dataset({"interval": ("event", intervals, {"units": "step"})}),
        ]
    )
    some = intervals.size > 0
    low, middle, high = np.quantile(intervals, (0.01, 0.5, 0.99)) if some else (math.nan,) * 3
    slope = acf.slope(1.0, 1000.0)
    data.attrs = {
        "n_events": len(events),
        "event_rate": events.rate,
        "cv": float(intervals.std() / intervals.mean()) if some else math.nan,
        "interval_range": float(high / middle),
        "interval_decades": math.log10(high / low) if some else math.nan,
        "interval_max": int(intervals.max()) if some else 0,
        "decades_above": acf.decades_above(),
        "acf_slope": slope.slope,
        "acf_message": acf.message,
        **fitted(intervals, seed=seed, n_bootstrap=n_bootstrap),
    }
    return data


def fitted(intervals: Any, *, seed: int, n_bootstrap: int) -> dict[str, Any]:
    """Return the power-law fit of intervals and its comparisons, flat."""
    fit = analysis.fit_power_law(intervals, discrete=True, seed=seed, n_bootstrap=n_bootstrap, n_p=0)
    numbers: dict[str, Any] = {
        "exponent": float(fit.exponent),
        "exponent_error": float(fit.error),
        "xmin": float(fit.xmin),
        "fit_n": int(fit.n),
        "fit_message": str(fit.message),
    }
    for name in ("exponential", "truncated_power_law"):
        if fit.message:
            numbers |= {f"ratio_{name}": math.nan, f"p_{name}": math.nan}
            continue
        against = fit.compare(name)
        numbers |= {f"ratio_{name}": float(against.ratio), f"p_{name}": float(against.p)}
    return numbers | heavy_tail(intervals, seed=seed)


def heavy_tail(intervals: Any, *, seed: int) -> dict[str, float]:
    """Return how all intervals, from 1 on, take a truncated power law against an exponential.

    A searched lower end may leave a stretch so short that nothing is decided, so here there is none. The exponential is
    the truncated power law of exponent 0, so twice the log-likelihood ratio is chi-squared with one degree of freedom.
    """
    from scipy import stats

    fit = analysis.fit_power_law(intervals, discrete=True, xmin=1, seed=seed, n_bootstrap=0, n_p=0)
    if fit.message:
        return {"tail_ratio": math.nan, "tail_p": math.nan}
    ratio = float(fit.compare("exponential").ratio - fit.compare("truncated_power_law").ratio)
    return {"tail_ratio": ratio, "tail_p": float(stats.chi2.sf(max(2.0 * ratio, 0.0), 1))}


@PAPER.drawing("6")
def plot_figure6(data: dict[str, xr.Dataset]) -> Figure:
    """Draw Fig. 6: densities of the intervals above (linear bins grey, log bins coloured, fit dashed), ACFs below."""
    figure = _pages.page(11.0, 7.0)
    axes = figure.subplots(2, len(data), sharex="row", sharey="row", squeeze=False)
    for column, (name, one) in enumerate(data.items()):
        tint = common.colour(name)
        ax = axes[0, column]
        title = f"{common.label(name, float(one.attrs['fraction']))}, {one.attrs['voltage']:g} V"
        ax.set_title(title, fontsize="medium")
        if one.sizes["log_bin"]:
            filled = one["linear_count"].values > 0
            ax.loglog(
                one["linear_center"].values[filled], one["linear_density"].values[filled], ".", color="0.75", ms=3
            )
            filled = one["log_count"].values > 0
            ax.loglog(one["log_center"].values[filled], one["log_density"].values[filled], "o", color=tint, ms=4)
            _draw_fit(ax, one)
        ax.set_xlabel("inter-event interval (steps)")
        ax = axes[1, column]
        if one.sizes["lag"]:
            lag = one["lag"].values
            positive = one["value"].values > 0
            ax.loglog(lag[positive], one["value"].values[positive], "o", color=tint, ms=4, label="events")
            ax.fill_between(
                lag,
                np.maximum(one["low"].values, 1e-9),
                np.maximum(one["high"].values, 1e-9),
                color="0.8",
                label="shuffled intervals",
            )
            ax.set_ylim(1e-5, 1.0)
            ax.legend(frameon=False, fontsize="small")
        else:
            ax.text(0.5, 0.5, one.attrs["acf_message"], ha="center", transform=ax.transAxes)
        ax.set_xlabel("lag (steps)")
    axes[0, 0].set_ylabel("P(IEI)")
    axes[1, 0].set_ylabel("autocorrelation")
    _pages.letters(list(axes.ravel()))
    return figure


def _draw_fit(ax: Any, one: xr.Dataset) -> None:
    """Draw the fitted power law over its range, through the share of intervals that it describes."""
    exponent, low = float(one.attrs["exponent"]), float(one.attrs["xmin"])
    if not math.isfinite(exponent):
        ax.text(0.05, 0.05, one.attrs["fit_message"], transform=ax.transAxes, fontsize="small")
        return
    intervals = one["interval"].values
    x = np.geomspace(low, intervals.max(), 50)
    share = float((intervals >= low).mean())
    scale = share * (exponent - 1.0) / low if exponent > 1.0 else share
    ax.loglog(x, scale * (x / low) ** -exponent, "k--", lw=1.0)
    ax.text(0.97, 0.93, f"{exponent:.2f} ± {one.attrs['exponent_error']:.2f}", transform=ax.transAxes, ha="right")


# ---------------------------------------------------------------- how many memristors, and how conducting


@PAPER.figure(
    "ratio",
    title="spiking against the fraction of memristors (sec. 3.1)",
    place="sec. 3.1",
    quick={**QUICK, "steps": 10_000},
    example=Example("size=50, seed=3, steps=100, fractions=(0.0, 1.0)", {"kind": 2, "fraction": 2}, panels=3),
)
def ratio(
    *,
    size: float = SETTING.size,
    steps: int = 50_000,
    seed: int = SETTING.seed,
    voltage: float = 3.0,
    fractions: Sequence[float] = (0.0, 0.1, 0.25, 0.5, 0.75, 1.0),
    parameters: common.Parameters | None = None,
    coverage: float = SETTING.coverage,
    progress: bool = False,
) -> xr.Dataset:
    """Return event rate, baseline and spikes against the fraction of memristors, for B and C at one voltage.

    Parameters are those of `figure5`; a fifth of the steps is left out at the start.

    Notes
    -----
    PNN25 sec. 3.1: spikes become fewer, and there are none with 100 % memristors.
    """
    setting = replace(SETTING, size=size, seed=seed, parameters=parameters, coverage=coverage)
    net = setting.network()
    rows = []
    for kind in MEMRISTORS:
        for fraction in fractions:
            here = replace(setting, fraction=fraction)
            seen = observe(here, net, f"A:{kind}", steps=steps, kept=4 * steps // 5, voltage=voltage, progress=progress)
            rows.append({**spikes(seen), "n_events": float(len(seen.events))})
    return _grid(rows, "fraction", fractions, common.described(net))


@PAPER.figure(
    "scaling",
    title="spiking against the memristors' conductance (S1.4)",
    place="sec. S1.4",
    quick={**QUICK, "steps": 20_000, "n_surrogates": 5},
    example=Example(
        "size=50, seed=3, steps=200, n_surrogates=2, factors=(1.0, 10.0)", {"kind": 2, "factor": 2}, panels=6
    ),
)
def scaling(
    *,
    size: float = SETTING.size,
    steps: int = 100_000,
    seed: int = SETTING.seed,
    voltage: float = 3.0,
    fraction: float = SETTING.fraction,
    factors: Sequence[float] = (0.1, 1.0, 10.0),
    n_surrogates: int = 10,
    parameters: common.Parameters | None = None,
    coverage: float = SETTING.coverage,
    progress: bool = False,
) -> xr.Dataset:
    """Return what multiplying the memristors' conductance (alpha of B, G_max of C) does to the spiking.

    Parameters are those of `figure5` and `figure6`, and `factors` on the conductance.

    Notes
    -----
    The question of PNN25 sec. S1.4.
    """
    setting = replace(SETTING, size=size, seed=seed, fraction=fraction, parameters=parameters, coverage=coverage)
    net = setting.network()
    rows = []
    for kind, name in zip(MEMRISTORS, ("alpha", "g_max"), strict=True):
        base = float(np.asarray(getattr(setting.device(kind), name)))
        for factor in factors:
            changes = {letter: dict(values) for letter, values in (parameters or {}).items()}
            changes.setdefault(kind, {})[name] = base * factor
            here = replace(setting, parameters=changes)
            seen = observe(here, net, f"A:{kind}", steps=steps, kept=4 * steps // 5, voltage=voltage, progress=progress)
            late = seen.events.between(seen.start)
            measured = statistics(late, seed=seed, n_surrogates=n_surrogates, n_bootstrap=0).attrs
            numbers = ("exponent", "cv", "interval_range", "decades_above", "acf_slope")
            rows.append({**spikes(seen), **{number: float(measured[number]) for number in numbers}})
    return _grid(rows, "factor", factors, common.described(net))


def _grid(rows: list[dict[str, float]], dim: str, values: Sequence[float], attrs: dict[str, Any]) -> xr.Dataset:
    """Return rows, memristors first, as a dataset over (kind, dim)."""
    import xarray as xr

    shape = (len(MEMRISTORS), len(values))
    units = {"baseline": "A", "spike_size": "A", "spike_height": "A"}
    return xr.Dataset(
        {
            name: (("kind", dim), np.reshape([row[name] for row in rows], shape), {"units": units.get(name, "1")})
            for name in rows[0]
        },
        {"kind": list(MEMRISTORS), dim: list(values)},
        attrs,
    )


@PAPER.drawing("ratio")
def plot_ratio(data: xr.Dataset) -> Figure:
    """Draw event rate, baseline and size of the spikes against the fraction of memristors."""
    return _panels(data, "fraction", "fraction of memristors", ("event_rate", "baseline", "spike_size"), log=False)


@PAPER.drawing("scaling")
def plot_scaling(data: xr.Dataset) -> Figure:
    """Draw event rate, baseline, exponent and autocorrelation against the factor on the conductance."""
    shown = ("event_rate", "baseline", "spike_size", "exponent", "acf_slope", "decades_above")
    return _panels(data, "factor", "factor on alpha (B), G_max (C)", shown, log=True)


def _panels(data: xr.Dataset, dim: str, text: str, names: Sequence[str], *, log: bool) -> Figure:
    columns = 3
    rows = -(-len(names) // columns)
    figure = _pages.page(11.0, 3.4 * rows)
    axes = figure.subplots(rows, columns, squeeze=False).ravel()
    voltage = json.loads(data.attrs["arguments"])["voltage"]
    for ax, name in zip(axes, names, strict=True):
        for kind in data["kind"].values:
            ax.plot(data[dim], data[name].sel(kind=kind), "o-", color=common.COLOURS[str(kind)], label=f"A:{kind}")
        unit = data[name].attrs["units"]
        ax.set(xlabel=text, ylabel=name.replace("_", " ") + ("" if unit == "1" else f" ({unit})"))
        if log:
            ax.set_xscale("log")
        if unit == "A" and bool((data[name] > 0.0).any()):
            ax.set_yscale("log")
    axes[0].legend(frameon=False, title=f"{voltage:g} V")
    _pages.letters(list(axes))
    return figure
