"""Sweep of what PNN25 leaves open in Type A: the rates, the field, what a broken filament keeps.

    python benchmarks/tuning.py run [--stage rates ...] [--minutes 20]   # add what is missing to results/tuning.csv
    python benchmarks/tuning.py pulses [--minutes 5]                     # the same for results/tuning_pulses.csv
    python benchmarks/tuning.py table [--stage rates ...] [--each]       # what docs/models/tunnel_gap.md quotes
    python benchmarks/tuning.py pulse-table                              # and this
    python benchmarks/tuning.py null                                     # the measure on trains without correlation
    python benchmarks/tuning.py map                                      # draw docs/images/pnn2025_map.png

One process, no randomness beyond the seeds in the table: networks by `seed`, places of the memristors and surrogates by
the same number. A row is written when its run is done and is never made again, so a sweep that was stopped goes on. The
first fifth of each run is left out.

Each run is put into one class (`classify`):

    silent       no event in the last 80 %
    sparse       fewer than 50 steps with an event there: too few to say more
    saturated    events in more than half of the steps, or, without memristors, whose conductance rises by itself, more
                 than 90 % of the time in the high state
    correlated   the autocorrelation of the events is above the 95 % quantile of its surrogates (the same intervals in
                 random order) over a decade of lag or more without a break
    renewal      it is not

High is a conductance above half of g_on / (gaps on the least-resistance path): that path half bridged.
"""

from __future__ import annotations

# ruff: noqa: E402
import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import argparse
import csv
import itertools
import math
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

import memnet as mn

HERE = Path(__file__).resolve().parent
RUNS = HERE / "results" / "tuning.csv"
PULSES = HERE / "results" / "tuning_pulses.csv"
MAP = HERE.parent / "docs" / "images" / "pnn2025_map.png"

MEMRISTORS = {"B": mn.Hillock, "C": mn.RateBalance}
WARM_UP = 0.2  # fraction of a run that is left out
N_SURROGATES = 20
LAGS = (30, 1000)  # where the excess over the surrogates is averaged
ENOUGH = 50  # steps with events
DECADES = 1.0  # of lag above the surrogates make a run "correlated"
DRIFT = 1.5  # factor between the event rates of the first and the last quarter of the window that the map marks
BUSY = 0.5  # share of steps with events above which a run is saturated
HIGH = 0.9  # share of time in the high state above which it is
# Networks of 200x200 pd by the number of gaps on their least-resistance path (net.info["path_gaps"]), coverage 0.65.
BY_PATH = {5: 3, 10: 5, 15: 4, 20: 38}
# Six more with 8 to 12 gaps, the paper's "about 10".
NEAR_TEN = (1, 8, 15, 20, 11, 13)

CLASSES = {
    "silent": "#f0f0f0",
    "sparse": "#c8c8c8",
    "renewal": "#8ebfe0",
    "correlated": "#f5a742",
    "saturated": "#7a2a4d",
}
LEGEND = {
    "silent": "silent",
    "sparse": f"fewer than {ENOUGH} events",
    "renewal": "renewal-like",
    "correlated": f"correlated: {DECADES:g} decade or more",
    "saturated": "saturated",
}
SHOWN = [
    "path_gaps",
    "rate",
    "baseline",
    "spike",
    "over_baseline",
    "high_share",
    "iei_cv",
    "iei_q99",
    "decades",
    "decades_below",
    "excess",
    "surrogate",
    "excess_quarters",
    "slope",
]


@dataclass(frozen=True)
class Setting:
    """One run: what stands in the first columns of the table."""

    stage: str
    size: int = 200
    coverage: float = 0.65
    seed: int = 5
    voltage: float = 2.0
    r_d: float = 1e-6
    r_w: float = 1e-2
    field: str = "remaining"
    d_after_break: float = 0.0
    d_leak: float = 0.0
    memristor: str = "A"
    fraction: float = 0.0
    steps: int = 200_000


def rates() -> Iterator[Setting]:
    """Both rates and both fields, at 2 V."""
    grid = itertools.product((1e-7, 1e-6, 1e-5, 1e-4), (1e-3, 1e-2, 1e-1, 1.0, 10.0), (10, 5, 15))
    for r_d, r_w, gaps in grid:
        for field in ("remaining", "gap"):
            yield Setting("rates", seed=BY_PATH[gaps], r_d=r_d, r_w=r_w, field=field)


def voltage() -> Iterator[Setting]:
    """Voltage against path length; the longer paths have a coverage of 0.63 and 0.60."""
    nets = [(0.65, seed) for seed in BY_PATH.values()] + [(0.63, 7), (0.60, 3)]
    for r_w, volts, (coverage, seed) in itertools.product((1e-2, 1e-1), (1.0, 1.5, 2.0, 3.0, 4.0), nets):
        yield Setting("voltage", coverage=coverage, seed=seed, voltage=volts, r_w=r_w)


def paths() -> Iterator[Setting]:
    """Single networks by path length at 3 V, and one at other lengths of the run."""
    nets = [(0.60, seed) for seed in range(1, 7)] + [(0.63, seed) for seed in range(1, 8)]
    for coverage, seed in nets + [(0.65, seed) for seed in (3, 1, 5, 8, 13, 4, 31, 38, 27, 18)]:
        yield Setting("paths", coverage=coverage, seed=seed, voltage=3.0, steps=500_000)
    for steps in (200_000, 2_000_000):
        yield Setting("paths", coverage=0.60, seed=3, voltage=3.0, steps=steps)


def memory() -> Iterator[Setting]:
    """What a broken filament keeps, and a filament that retracts while it does not grow."""
    nets = [BY_PATH[gaps] for gaps in (10, 5, 15)]
    for kept, seed in itertools.product((0.6, 0.9), nets):
        yield Setting("memory", seed=seed, d_after_break=kept, r_w=1e-1)
    for kept, field, seed in itertools.product((0.3, 0.6, 0.9), ("remaining", "gap"), nets):
        yield Setting("memory", seed=seed, d_after_break=kept, field=field)
    for leak, seed in itertools.product((1e-4, 1e-3), nets):
        yield Setting("memory", seed=seed, d_leak=leak)


def fraction() -> Iterator[Setting]:
    """Share of the memristors at three voltages for Type C, at 3 V for Type B."""
    nets = [BY_PATH[gaps] for gaps in (10, 5, 15)]
    volts = (3.0, 2.0, 1.0)
    for seed, volt in itertools.product(nets, volts):
        yield Setting("fraction", seed=seed, voltage=volt, steps=25_000)
    for seed, (memristor, volt) in itertools.product(nets, [("C", volt) for volt in volts] + [("B", 3.0)]):
        for share in (0.25, 0.1, 0.5, 1.0):
            setting = Setting("fraction", seed=seed, voltage=volt, steps=25_000)
            yield replace(setting, memristor=memristor, fraction=share)


def seeds() -> Iterator[Setting]:
    """Single networks of 8 to 12 gaps at the paper's voltage and length."""
    for seed in NEAR_TEN:
        yield Setting("seeds", seed=seed, steps=500_000)


def mixtures() -> Iterator[Setting]:
    """The paper's three networks: A at 2 V, A:B and A:C at 3 V, for two candidates of r_w."""
    paper = (("A", 0.0, 2.0), ("B", 0.25, 3.0), ("C", 0.25, 3.0))
    for seed, r_w, (memristor, share, volt) in itertools.product(NEAR_TEN[:5], (1e-2, 1e-1), paper):
        setting = Setting("mixtures", seed=seed, r_w=r_w, voltage=volt, steps=60_000)
        yield replace(setting, memristor=memristor, fraction=share)


def large() -> Iterator[Setting]:
    """The event rate of 800x800 networks at 2 V, pure A."""
    for r_d, r_w in ((1e-6, 1e-2), (1e-6, 1e-1), (1e-5, 1e-2), (1e-5, 1e-1), (1e-7, 1e-2)):
        yield Setting("large", size=800, seed=1, r_d=r_d, r_w=r_w, steps=10_000)


STAGES: dict[str, Callable[[], Iterator[Setting]]] = {
    stage.__name__: stage for stage in (rates, voltage, paths, seeds, mixtures, fraction, memory, large)
}

# ---------------------------------------------------------------- one run


@cache
def network(size: int, coverage: float, seed: int) -> mn.Network:
    return mn.percolating(size, coverage, seed=seed)


def devices(net: mn.Network, setting: Any) -> Any:
    """Devices of a run; a memristor fraction of 1 leaves no Type A gap."""
    gap = mn.TunnelGap(
        r_d=setting.r_d,
        r_w=setting.r_w,
        field=setting.field,
        d_after_break=setting.d_after_break,
        d_leak=setting.d_leak,
    )
    if setting.memristor == "A":
        return gap
    memristor = MEMRISTORS[setting.memristor]()
    return mn.mix(net, [(gap, 1 - setting.fraction), (memristor, setting.fraction)], seed=setting.seed)


def measure(setting: Setting) -> dict[str, Any]:
    """Run one setting and return its row."""
    net = network(setting.size, setting.coverage, setting.seed)
    sim = mn.Simulation(net, devices(net, setting), drive={"left": setting.voltage, "right": 0.0})
    begin = time.process_time()
    data = sim.run(setting.steps)
    seconds = time.process_time() - begin
    start = int(WARM_UP * setting.steps)
    events = mn.analysis.events(data, start=start)
    trace = np.asarray(data["conductance"].values)
    gaps = int(net.info["path_gaps"])
    row = {"path_gaps": gaps, "rate": events.rate, "busy": len(events.merged()) / (setting.steps - start)}
    row |= conductance(trace, events.merged().step, start, 0.5 * mn.TunnelGap().g_on / max(gaps, 1))
    row |= intervals(events) | correlation(events, setting.seed)
    row["drift"] = drift(events)
    row["class"] = classify(asdict(setting) | row)
    row["cpu_seconds"] = seconds
    return row


def conductance(trace: np.ndarray, steps: np.ndarray, start: int, high: float) -> dict[str, float]:
    """Baseline and spikes: the change of an event of step k is seen in row k + 1."""
    seen = steps[steps + 1 < trace.size]
    jumps = np.abs(trace[seen + 1] - trace[seen])
    part = trace[start:]
    middle = float(np.median(part))
    return {
        "baseline": middle,
        "spike": float(np.median(jumps)) if jumps.size else math.nan,
        "over_baseline": float(np.quantile(part, 0.95)) - middle,
        "high_share": float((part > high).mean()),
    }


def intervals(events: Any) -> dict[str, float]:
    """Number, coefficient of variation, 99 % quantile and largest of the intervals, in steps."""
    iei = mn.analysis.inter_event_intervals(events)
    if iei.size < ENOUGH:
        return {"n_iei": int(iei.size), "iei_cv": math.nan, "iei_q99": math.nan, "iei_max": math.nan}
    return {
        "n_iei": int(iei.size),
        "iei_cv": float(iei.std() / iei.mean()),
        "iei_q99": float(np.quantile(iei, 0.99)),
        "iei_max": int(iei.max()),
    }


def correlation(events: Any, seed: int) -> dict[str, float]:
    """Autocorrelation against its surrogates, of the whole and, without slow drift, of quarters."""
    names = ("decades", "decades_below", "excess", "surrogate", "excess_quarters", "slope", "slope_error", "drift")
    row = dict.fromkeys(names, math.nan)
    step = events.merged().step
    if step.size < ENOUGH or step.size == step[-1] - step[0] + 1:
        return row
    found = mn.analysis.autocorrelation(events, n_surrogates=N_SURROGATES, seed=seed)
    if found.message:
        return row
    row["decades"] = found.decades_above()
    row["decades_below"] = longest_run(found.lag, found.value < found.low)
    row["excess"], row["surrogate"] = excess(found)
    quarters = [excess(mn.analysis.autocorrelation(part, n_surrogates=5, seed=seed))[0] for part in split(events)]
    row["excess_quarters"] = float(np.mean(quarters)) if len(quarters) == 4 else math.nan
    line = found.slope(1, 1000)
    row["slope"], row["slope_error"] = line.slope, line.error
    return row


def drift(events: Any) -> float:
    """Events of the last quarter of the window over those of the first one."""
    counts = events.counts()
    quarter = counts.size // 4
    first = int(counts[:quarter].sum())
    return int(counts[-quarter:].sum()) / first if first else math.nan


def split(events: Any) -> Iterator[Any]:
    """Quarters of the window that hold enough events."""
    edges = np.linspace(events.start, events.stop, 5).astype(int)
    for low, high in itertools.pairwise(edges):
        part = events.between(int(low), int(high))
        step = part.merged().step
        if step.size >= ENOUGH and step.size < step[-1] - step[0] + 1:
            yield part


def excess(found: Any) -> tuple[float, float]:
    """Mean over the bins at lags 30 to 1000 of autocorrelation minus surrogate, and of the surrogate."""
    inside = (found.lag >= LAGS[0]) & (found.lag <= LAGS[1])
    if not inside.any():
        return math.nan, math.nan
    return float((found.value - found.surrogate)[inside].mean()), float(found.surrogate[inside].mean())


def longest_run(lag: np.ndarray, here: np.ndarray) -> float:
    """Decades of lag of the longest run of neighbouring bins."""
    longest, first = 0.0, -1
    for k, inside in enumerate(here):
        first = (first if first >= 0 else k) if inside else -1
        if first >= 0:
            longest = max(longest, math.log10(lag[k] / lag[first]))
    return longest


def classify(row: dict[str, Any]) -> str:
    if row["rate"] == 0:
        return "silent"
    if row["busy"] > BUSY or (row["memristor"] == "A" and row["high_share"] > HIGH):
        return "saturated"
    if row["n_iei"] + 1 < ENOUGH or math.isnan(row["decades"]):
        return "sparse"
    return "correlated" if row["decades"] >= DECADES else "renewal"


# ---------------------------------------------------------------- pulses (PNN25 Fig. 7)


@dataclass(frozen=True)
class Pulsed:
    """One run of seven pulses, 1.25 to 6 V, 250 steps long and 250 apart, after 250 steps at 1.25 V."""

    size: int = 800
    coverage: float = 0.65
    seed: int = 1
    r_d: float = 1e-6
    r_w: float = 1e-2
    field: str = "remaining"
    d_after_break: float = 0.0
    d_leak: float = 0.0
    memristor: str = "C"
    fraction: float = 0.25
    dt: float = 1.0


def pulsed() -> Iterator[Pulsed]:
    """200x200 networks with B, C and without (the control), and 800x800 with other rates."""
    mixed = (("C", 0.25), ("B", 0.25), ("A", 0.0))
    for r_w, seed, (memristor, share) in itertools.product((1e-2, 1e-1), NEAR_TEN[:5], mixed):
        yield Pulsed(size=200, seed=seed, r_w=r_w, memristor=memristor, fraction=share)
    for r_d, r_w in ((1e-6, 1e-2), (1e-6, 1e-1), (1e-5, 1e-2), (1e-5, 1e-1)):
        for memristor, share in mixed[::2]:
            yield Pulsed(r_d=r_d, r_w=r_w, memristor=memristor, fraction=share)
    yield Pulsed(memristor="B")
    for r_d, r_w in ((2e-6, 1e-2), (2e-6, 2e-2), (1.5e-6, 1e-2)):
        yield Pulsed(r_d=r_d, r_w=r_w)


def measure_pulses(setting: Pulsed) -> dict[str, Any]:
    """Mean conductance and events a step of each pulse and of the last 100 steps of each pause."""
    net = network(setting.size, setting.coverage, setting.seed)
    drive = {"left": mn.drive.pulses(1.25, 6.0, length=250, spacing=250, count=7, start=250), "right": 0.0}
    sim = mn.Simulation(net, devices(net, setting), drive=drive, dt=setting.dt)
    begin = time.process_time()
    data = sim.run(3750)
    row: dict[str, Any] = {"path_gaps": net.info["path_gaps"], "cpu_seconds": time.process_time() - begin}
    trace = np.asarray(data["conductance"].values)
    counts = mn.analysis.events(data).counts()
    for k in range(7):
        pulse, pause = slice(250 + 500 * k, 500 + 500 * k), slice(650 + 500 * k, 750 + 500 * k)
        row |= {f"g{k + 1}": float(trace[pulse].mean()), f"er{k + 1}": float(counts[pulse].mean())}
        row |= {f"g{k + 1}_after": float(trace[pause].mean()), f"er{k + 1}_after": float(counts[pause].mean())}
    return row


# ---------------------------------------------------------------- tables


def read(path: Path) -> list[dict[str, Any]]:
    """Rows of a table, numbers as numbers."""
    if not path.exists():
        return []
    with path.open(newline="") as file:
        return [{name: _value(text) for name, text in row.items()} for row in csv.DictReader(file)]


def _value(text: str) -> Any:
    try:
        return float(text or "nan")
    except ValueError:
        return text


def key(row: dict[str, Any], kind: type) -> tuple[str, ...]:
    return tuple(f"{row[f.name]:g}" if isinstance(row[f.name], (int, float)) else row[f.name] for f in fields(kind))


def sweep(
    path: Path, kind: type, settings: Iterable[Any], work: Callable[[Any], dict[str, Any]], minutes: float
) -> None:
    """Append the rows that are missing, until the time is up."""
    path.parent.mkdir(exist_ok=True)
    done = {key(row, kind) for row in read(path)}
    end = time.monotonic() + 60 * minutes
    for setting in settings:
        given = asdict(setting)
        if key(given, kind) in done:
            continue
        if time.monotonic() > end:
            print("out of time; run again to go on")
            return
        row = given | {name: _short(value) for name, value in work(setting).items()}
        new = not path.exists()
        with path.open("a", newline="") as file:
            writer = csv.DictWriter(file, list(row), lineterminator="\n")
            if new:
                writer.writeheader()
            writer.writerow(row)
        print(*(f"{name}={value}" for name, value in row.items()), flush=True)


def _short(value: Any) -> Any:
    return f"{value:.4g}" if isinstance(value, float) else value


def table(stages: Iterable[str], each: bool) -> None:
    """Print medians over the networks of each setting, with their range; with `each` every run on its own line."""
    rows = read(RUNS)
    for stage in stages:
        mine = [row for row in rows if row["stage"] == stage]
        swept = [f.name for f in fields(Setting) if len({row[f.name] for row in mine}) > 1]
        named = swept if each else [name for name in swept if name not in ("seed", "coverage")]
        groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
        for row in mine:
            groups.setdefault(tuple(row[name] for name in named), []).append(row)
        print(f"\n{stage}: {len(mine)} runs, {counted(mine)}; {sum(row['cpu_seconds'] for row in mine):.0f} s of CPU")
        for group in sorted(groups, key=str):
            what = " ".join(f"{name}={_short(value)}" for name, value in zip(named, group, strict=True))
            print(f"  {what}: {counted(groups[group])}")
            print("    " + "  ".join(f"{name} {spread(groups[group], name)}" for name in SHOWN))


def pulse_table() -> None:
    """Print conductance and events a step, pulse by pulse: medians over the networks."""
    rows = read(PULSES)
    swept = [f.name for f in fields(Pulsed) if f.name != "seed" and len({row[f.name] for row in rows}) > 1]
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(tuple(row[name] for name in swept), []).append(row)
    for group, mine in groups.items():
        what = " ".join(f"{name}={_short(value)}" for name, value in zip(swept, group, strict=True))
        print(f"{what}: {len(mine)} networks")
        for name in ("g{}", "g{}_after", "er{}", "er{}_after"):
            values = (f"{np.median([row[name.format(k)] for row in mine]):.3f}" for k in range(1, 8))
            print(f"  {name.format('')[:2].strip('_'):2s} {'pause' if 'after' in name else 'pulse'}", *values)


def counted(rows: list[dict[str, Any]]) -> str:
    classes = [row["class"] for row in rows]
    return ", ".join(f"{classes.count(name)} {name}" for name in CLASSES if name in classes)


def spread(rows: list[dict[str, Any]], name: str) -> str:
    values = [row[name] for row in rows if not math.isnan(row[name])]
    if not values:
        return "-"
    middle, low, high = np.median(values), min(values), max(values)
    return f"{middle:.3g}" if len(values) == 1 else f"{middle:.3g} [{low:.2g}, {high:.2g}]"


def null() -> None:
    """Print how many decades trains without correlation between intervals reach: what `DECADES` must exclude."""
    rng = np.random.default_rng(1)
    for name, draw in (
        ("geometric, mean 10", lambda: rng.geometric(0.1, 16_000)),
        ("power law, exponent 1.8, up to 1000", lambda: np.floor(_bounded(rng.random(8_000))).astype(int)),
    ):
        decades = []
        for k in range(100):
            found = mn.analysis.autocorrelation(np.cumsum(draw()), n_surrogates=N_SURROGATES, seed=k)
            decades.append(found.decades_above())
        reached = sum(value >= DECADES for value in decades)
        print(f"{name}: median {np.median(decades):.2f}, largest {max(decades):.2f}; {reached} of 100 reach {DECADES}")


def _bounded(uniform: np.ndarray) -> np.ndarray:
    """Continuous power law x**-1.8 on [1, 1000] by its inverse distribution."""
    return np.asarray((1 - uniform * (1 - 1000**-0.8)) ** (-1 / 0.8))


# ---------------------------------------------------------------- map


def draw_map() -> None:
    """Six panels: where the dynamics is silent, renewal-like, correlated beyond its surrogate, or saturated."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt
    from matplotlib.patches import Patch

    rows = read(RUNS)
    figure, axes = plt.subplots(2, 3, figsize=(15, 9.6), layout="constrained")
    exponents = "$10^{{{}}}$".format
    for ax, letter, gaps in zip(axes[0], "abc", (5, 10, 15), strict=True):
        mine = [r for r in rows if r["stage"] == "rates" and r["seed"] == BY_PATH[gaps]]
        parts = [[r for r in mine if r["field"] == name] for name in ("remaining", "gap")]
        panel(ax, parts, "r_w", "r_d", lambda v: exponents(round(math.log10(v))))
        ax.set(xlabel="thinning rate $r_w$ (1/(A s))", ylabel="growth rate $r_d$ (pd²/(V s))")
        ax.set_title(
            f"{letter}  pure A, 2 V, path of {gaps} gaps\nleft half: field over what remains; right: over the gap"
        )
    mine = [r for r in rows if r["stage"] == "voltage"]
    panel(
        axes[1, 0], [[r for r in mine if r["r_w"] == r_w] for r_w in (0.01, 0.1)], "voltage", "path_gaps", "{:g}".format
    )
    axes[1, 0].set(xlabel="applied voltage (V)", ylabel="gaps on the least-resistance path")
    axes[1, 0].set_title("d  pure A, $r_d=10^{-6}$, by path length\nleft half: $r_w=10^{-2}$; right: $10^{-1}$")
    mine = [r for r in rows if r["stage"] == "fraction" and r["memristor"] in ("A", "C")]
    panel(
        axes[1, 1],
        [[r for r in mine if r["seed"] == BY_PATH[gaps]] for gaps in (5, 10, 15)],
        "voltage",
        "fraction",
        "{:g}".format,
    )
    axes[1, 1].set(xlabel="applied voltage (V)", ylabel="share of Type C memristors")
    axes[1, 1].set_title(
        "e  A:C mixtures, $r_d=10^{-6}$, $r_w=10^{-2}$\nthirds: paths of 5, 10 and 15 gaps; 25,000 steps"
    )
    lengths(axes[1, 2], [r for r in rows if r["stage"] == "paths"])
    axes[1, 2].set_title(
        "f  pure A, 3 V, single networks, 500,000 steps\nline: one of them from 200,000 to 2,000,000 steps"
    )
    handles = [Patch(facecolor=color, edgecolor="0.4", label=LEGEND[name]) for name, color in CLASSES.items()]
    figure.legend(handles=handles, loc="outside lower center", ncols=len(handles), frameon=False, fontsize=11)
    figure.suptitle(
        "Type A dynamics on 200x200 networks. Number in a cell: decades of lag over which the events' autocorrelation"
        " exceeds 95 % of its shuffled-interval surrogates\n*, hatched: not steady, the event rate of the last quarter"
        f" differs from that of the first by more than a factor {DRIFT:g}",
        fontsize=12,
    )
    MAP.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(MAP, dpi=110)
    print(MAP)


def panel(ax: Any, parts: list[list[dict[str, Any]]], x: str, y: str, text: Callable[[float], str]) -> None:
    """Colour one cell for each pair of values, cut into a strip for each part."""
    xs = sorted({row[x] for part in parts for row in part})
    ys = sorted({row[y] for part in parts for row in part})
    width = 0.94 / len(parts)
    for k, part in enumerate(parts):
        for row in part:
            left, bottom = xs.index(row[x]) - 0.47 + k * width, ys.index(row[y]) - 0.47
            color = CLASSES[row["class"]]
            ax.add_patch(rectangle(left, bottom, width, 0.94, color, hatched=drifts(row)))
            if row["class"] in ("renewal", "correlated", "saturated") and not math.isnan(row["decades"]):
                dark = row["class"] == "saturated"
                middle = (left + width / 2, ys.index(row[y]))
                ax.text(
                    *middle,
                    f"{row['decades']:.1f}{'*' * drifts(row)}",
                    ha="center",
                    va="center",
                    fontsize=8.5,
                    color="w" if dark else "k",
                )
    ax.set(xlim=(-0.5, len(xs) - 0.5), ylim=(-0.5, len(ys) - 0.5))
    ax.set_xticks(range(len(xs)), [text(value) for value in xs])
    ax.set_yticks(range(len(ys)), [text(value) for value in ys])
    ax.tick_params(length=0)


def lengths(ax: Any, rows: list[dict[str, Any]]) -> None:
    """Decades by path length, one mark a network, with the effect of the length of the run on some."""
    for coverage, marker in ((0.65, "o"), (0.63, "s"), (0.60, "^")):
        mine = [r for r in rows if r["coverage"] == coverage and r["steps"] == 500_000 and not math.isnan(r["decades"])]
        colors = [CLASSES[r["class"]] for r in mine]
        points = ([r["path_gaps"] for r in mine], [r["decades"] for r in mine])
        ax.scatter(*points, c=colors, marker=marker, s=70, edgecolor="0.25", zorder=3, label=f"coverage {coverage:g}")
        for row, x, y in zip(mine, *points, strict=True):
            if drifts(row):
                ax.annotate("*", (x, y), (5, 1), textcoords="offset points", fontsize=13)
        for seed in {r["seed"] for r in rows if r["steps"] == 2_000_000 and r["coverage"] == coverage}:
            same = sorted(
                (r for r in rows if r["seed"] == seed and r["coverage"] == coverage), key=lambda r: r["steps"]
            )
            x = [r["path_gaps"] * (1 + 0.012 * k) for k, r in enumerate(same)]
            ax.plot(x, [r["decades"] for r in same], "-", color="0.55", lw=1, zorder=1)
            for k, row in enumerate(same):
                ax.plot(x[k], row["decades"], ".", color="0.55", ms=4 + 1.5 * k, zorder=2)
    ax.axhline(DECADES, color="0.5", ls=":", lw=1)
    ax.set(xscale="log", xlabel="gaps on the least-resistance path", ylabel="decades of lag above the surrogates")
    ax.set_xticks([5, 10, 20, 40], ["5", "10", "20", "40"])
    ax.minorticks_off()
    ax.legend(frameon=False, fontsize=9, loc="upper left")


def drifts(row: dict[str, Any]) -> bool:
    """Whether the rate of the last quarter differs from that of the first one by more than a factor DRIFT."""
    return bool(max(row["drift"], 1 / row["drift"]) > DRIFT) if row["drift"] > 0 else False


def rectangle(left: float, bottom: float, width: float, height: float, color: str, hatched: bool) -> Any:
    from matplotlib.patches import Rectangle

    look = {"edgecolor": "w", "linewidth": 1.0, "hatch": "//" if hatched else None}
    return Rectangle((left, bottom), width, height, facecolor=color, **look)


# ---------------------------------------------------------------- command line


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("run", "pulses", "table", "pulse-table", "null", "map"))
    parser.add_argument("--stage", nargs="*", choices=list(STAGES), default=list(STAGES))
    parser.add_argument("--minutes", type=float, default=60.0, help="start no run after that")
    parser.add_argument("--each", action="store_true", help="table: every run, not medians over networks")
    given = parser.parse_args()
    if given.what == "run":
        settings = itertools.chain.from_iterable(STAGES[name]() for name in given.stage)
        sweep(RUNS, Setting, settings, measure, given.minutes)
    elif given.what == "pulses":
        sweep(PULSES, Pulsed, pulsed(), measure_pulses, given.minutes)
    elif given.what == "table":
        table(given.stage, given.each)
    elif given.what == "pulse-table":
        pulse_table()
    elif given.what == "null":
        null()
    else:
        draw_map()


if __name__ == "__main__":
    main()
