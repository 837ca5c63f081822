"""The paper's statements against what memnet measures, over several networks; scripts/statements.py writes a page."""

from __future__ import annotations

import hashlib
import itertools
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from memnet import analysis
from memnet.base import check, files
from memnet.papers.pnn2025 import common, learning, spiking, sweeps
from memnet.papers.pnn2025.common import SETTING

# Networks with 8 to 12 gaps on the least-resistance path of 200 x 200 (seed 5: 10).
SEEDS = (5, 8, 11, 13, 15)
HEAD = ("| statement | judged by | median (range) | holds on |", "|---|---|---|---|")

Numbers = dict[str, float]


@dataclass(frozen=True)
class Statement:
    """A statement of the paper and how it is judged.

    Attributes
    ----------
    text : str
        The statement, in our words.
    judged : str
        How.
    group : str
        Which measurement it needs.
    shown : tuple of str
        The numbers in its row, by the names that the measurement gives them.
    holds : function
        From the numbers of one network to whether it holds there; None where they do not say.
    """

    text: str
    judged: str
    group: str
    shown: tuple[str, ...]
    holds: Callable[[Numbers], bool | None]


def _ordered(*names: str) -> Callable[[Numbers], bool | None]:
    """Return whether numbers rise in this order."""

    def holds(numbers: Numbers) -> bool | None:
        values = [numbers[name] for name in names]
        return None if any(map(math.isnan, values)) else all(a < b for a, b in itertools.pairwise(values))

    return holds


def _all(*tests: tuple[str, Callable[[float], bool]]) -> Callable[[Numbers], bool | None]:
    """Return whether every named number passes its test."""

    def holds(numbers: Numbers) -> bool | None:
        values = [numbers[name] for name, _ in tests]
        return None if any(map(math.isnan, values)) else all(test(numbers[name]) for name, test in tests)

    return holds


STATEMENTS = (
    Statement(
        "Fig. 3: a single C loop is very similar to that of a network of C, a B loop is not",
        "distance of the G-V loops, second cycle, scaled to the same peak; C at most half of B",
        "sweeps",
        ("distance B", "distance C", "distance C / B"),
        _all(("distance C / B", lambda x: x <= 0.5)),
    ),
    Statement(
        "Fig. 5: the baseline current grows from A to A:B to A:C",
        "10 % quantile of the current over the last fifth (A)",
        "spiking",
        ("baseline A", "baseline A:B", "baseline A:C"),
        _ordered("baseline A", "baseline A:B", "baseline A:C"),
    ),
    Statement(
        "Fig. 5: spikes get smaller from A to A:B to A:C",
        "median step of the current at events that show (A)",
        "spiking",
        ("spike A", "spike A:B", "spike A:C"),
        _ordered("spike A:C", "spike A:B", "spike A"),
    ),
    Statement(
        "Fig. 6: the intervals of A are heavy-tailed",
        "truncated power law preferred to the exponential over all intervals, p < 0.01, and CV above 1, because more"
        " regular intervals prefer it, too; exponent of the pure power law above its best lower end",
        "spiking",
        ("log-likelihood ratio A", "p A", "exponent A", "interval CV A"),
        _all(
            ("log-likelihood ratio A", lambda x: x > 0.0),
            ("p A", lambda x: x < 0.01),
            ("interval CV A", lambda x: x > 1.0),
        ),
    ),
    *(
        Statement(
            f"Fig. 6: correlations over long times ({name})",
            "autocorrelation above the surrogates' 95 % quantile over at least 1.5 decades of lag",
            "spiking",
            (f"decades above {name}", f"ACF slope {name}"),
            _all((f"decades above {name}", lambda x: x >= 1.5)),
        )
        for name in spiking.NETWORKS
    ),
    Statement(
        "Fig. 6: the range of intervals is narrower with C than with B",
        "99 % quantile over median; ratio C / B below 1",
        "spiking",
        ("interval range A:B", "interval range A:C", "range C / B"),
        _all(("range C / B", lambda x: x < 1.0)),
    ),
    *(
        Statement(
            text,
            "Mann-Kendall test of the mean over each pulse, p < 0.05; last response over the first, less 1",
            "learning",
            (f"{quantity} gain {run}", f"{quantity} p {run}", f"{quantity} forgotten {run}"),
            _all((f"{quantity} p {run}", lambda x: x < 0.05), (f"{quantity} forgotten {run}", lambda x: x > 0.0)),
        )
        for run, words in (
            ("A:C", "A:C"),
            ("A:B", "A:B"),
            ("A", "control, pure A"),
            ("A:C warm", "A:C after a warm-up"),
            ("A warm", "control, pure A after a warm-up"),
        )
        for quantity, text in (
            ("G", f"Fig. 7: G rises pulse by pulse and decays between pulses ({words})"),
            ("rate", f"Fig. 7: the event rate rises pulse by pulse and decays between pulses ({words})"),
        )
    ),
    Statement(
        "Fig. 7: memristors add potentiation to what filaments do",
        "G of the last pulse less that of the first (S), A:C less pure A, without and with a warm-up (a relative gain"
        " says little of pure A, which starts from next to nothing)",
        "learning",
        ("G rise A:C", "G rise A:B", "G rise A", "G rise A:C - A", "G rise A:C warm - A warm"),
        _all(("G rise A:C - A", lambda x: x > 0.0), ("G rise A:C warm - A warm", lambda x: x > 0.0)),
    ),
    Statement(
        "S18: longer spacing, more forgetting",
        "mean forgetting of <G> over the pulses is monotone in the spacing (Kendall's tau = 1)",
        "spacing",
        ("tau", "forgotten, shortest", "forgotten, longest"),
        _all(("tau", lambda x: x >= 1.0 - 1e-12)),
    ),
    Statement(
        "100 % memristors: no spikes",
        "number of events at 3 V",
        "full",
        ("events B", "events C"),
        _all(("events B", lambda x: x == 0.0), ("events C", lambda x: x == 0.0)),
    ),
)


# ---------------------------------------------------------------- measurements, one network


def measure_sweeps(*, seed: int, size: float, steps: int = 400, **more: Any) -> Numbers:
    """Return the distances of Fig. 3."""
    data = sweeps.figure3(seed=seed, size=size, steps=steps, fractions=(), **more)
    b, c = (float(data["distance"].sel(kind=kind)) for kind in ("B", "C"))
    return {"distance B": b, "distance C": c, "distance C / B": c / b if b > 0.0 else math.nan}


def measure_spiking(*, seed: int, size: float, steps: int = 500_000, n_surrogates: int = 20, **more: Any) -> Numbers:
    """Return baseline, spikes, intervals and correlations of Figs 5 and 6, from one run of each network."""
    setting = replace(SETTING, seed=seed, size=size, **more)
    net = setting.network()
    numbers: Numbers = {"path gaps": float(net.info["path_gaps"] or 0)}
    for name in spiking.NETWORKS:
        seen = spiking.observe(setting, net, name, steps=steps, kept=max(1, steps // 5))
        spikes = spiking.spikes(seen)
        late = seen.events.between(steps - 4 * steps // 5)
        stats = spiking.statistics(late, seed=seed, n_surrogates=n_surrogates, n_bootstrap=0).attrs
        numbers |= {
            f"baseline {name}": spikes["baseline"],
            f"spike {name}": spikes["spike_size"],
            f"event rate {name}": float(stats["event_rate"]),
            f"exponent {name}": float(stats["exponent"]),
            f"log-likelihood ratio {name}": float(stats["tail_ratio"]),
            f"p {name}": float(stats["tail_p"]),
            f"interval CV {name}": float(stats["cv"]),
            f"interval range {name}": float(stats["interval_range"]),
            f"decades above {name}": float(stats["decades_above"]),
            f"ACF slope {name}": float(stats["acf_slope"]),
        }
    numbers["range C / B"] = numbers["interval range A:C"] / numbers["interval range A:B"]
    return numbers


def measure_learning(*, seed: int, size: float, steps: int | None = None, **more: Any) -> Numbers:
    """Return gains, trends and forgetting of Fig. 7."""
    data = learning.figure7(seed=seed, size=size, steps=steps, outputs=0, **more)
    numbers: Numbers = {}
    for run in data["run"].values:
        one = data.sel(run=run)
        for quantity, name in (("conductance", "G"), ("rate", "rate")):
            lost = one[f"{quantity}_forgetting"].values
            numbers |= {
                f"{name} gain {run}": float(one[f"{quantity}_potentiation"]),
                f"{name} p {run}": float(one[f"{quantity}_p_rising"]),
                f"{name} forgotten {run}": float(np.nanmean(lost)) if np.isfinite(lost).any() else math.nan,
                f"{name} rise {run}": float(np.diff(one[f"{quantity}_pulse"].values[[0, -1]])[0]),
            }
    numbers["G rise A:C - A"] = numbers["G rise A:C"] - numbers["G rise A"]
    numbers["G rise A:C warm - A warm"] = numbers["G rise A:C warm"] - numbers["G rise A warm"]
    return numbers


def measure_spacing(*, seed: int, size: float, **more: Any) -> Numbers:
    """Return how forgetting depends on the spacing of the pulses."""
    gaps, lost = learning.forgetting(learning.spacing(seed=seed, size=size, **more))
    if gaps.size < 2 or not np.isfinite(lost).all():
        return {"tau": math.nan, "forgotten, shortest": math.nan, "forgotten, longest": math.nan}
    from scipy import stats

    tau = float(stats.kendalltau(gaps, lost).statistic)
    return {"tau": tau, "forgotten, shortest": float(lost[0]), "forgotten, longest": float(lost[-1])}


def measure_full(*, seed: int, size: float, steps: int = 20_000, **more: Any) -> Numbers:
    """Return the number of events of networks of memristors alone."""
    setting = replace(SETTING, seed=seed, size=size, **more)
    net = setting.network()
    counts = {}
    for letter in spiking.MEMRISTORS:
        run = common.skip(setting.simulation(net, letter, 3.0), steps, False)
        counts[f"events {letter}"] = float(len(analysis.events(run)))
    return counts


MEASURES: dict[str, Callable[..., Numbers]] = {
    "sweeps": measure_sweeps,
    "spiking": measure_spiking,
    "learning": measure_learning,
    "spacing": measure_spacing,
    "full": measure_full,
}
SIZES = {group: SETTING.pulsed_size if group in ("learning", "spacing") else SETTING.size for group in MEASURES}


# ---------------------------------------------------------------- the table


def measured(group: str, seed: int, folder: Path, arguments: Mapping[str, Any]) -> Numbers:
    """Return the numbers of one measurement on one network, from its file in `folder` where it is there.

    A file of other arguments or other rates of Type A is not taken. It appears when it is whole, so a table that was
    stopped goes on where it was.
    """
    rates = replace(SETTING, size=arguments.get("size", 0.0)).rates()
    question = {"group": group, "seed": seed, **arguments, "rates": dict(rates)}
    text = json.dumps(question, sort_keys=True, default=list)
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    path = folder / f"{group}-seed{seed}-{digest}.json"
    if path.is_file():
        stored = json.loads(path.read_text(encoding="utf-8"))["numbers"]
        return {name: math.nan if value is None else float(value) for name, value in stored.items()}
    numbers = MEASURES[group](seed=seed, **arguments)
    written = {name: float(value) if math.isfinite(value) else None for name, value in numbers.items()}
    files.write_text(path, json.dumps({"asked": question, "numbers": written}, indent=1, default=list))
    return {name: math.nan if value is None else value for name, value in written.items()}


def table(
    out: str | Path,
    *,
    seeds: Sequence[int] = SEEDS,
    options: Mapping[str, Mapping[str, Any]] | None = None,
    groups: Sequence[str] | None = None,
    say: Callable[[str], object] = len,
) -> str:
    """Judge the paper's statements over several networks and return the rows as Markdown.

    Parameters
    ----------
    out : path
        Folder for one file of numbers a measurement and network, which a later call takes from there, and `table.md`.
    seeds : sequence of int
        Seeds of the networks.
    options : dict, optional
        Arguments of the measurements, as in ``{"learning": {"size": 200.0}}``.
    groups : sequence of str, optional
        Which measurements: "sweeps", "spiking", "learning", "spacing", "full"; all by default.
    say : function, optional
        Gets a line for each measurement.

    Returns
    -------
    str
        A row a statement: how it is judged, median and range of its numbers, on how many networks it holds.

    Raises
    ------
    ValueError
        No seed, an unknown measurement.

    Examples
    --------
    >>> from memnet.papers import pnn2025
    >>> options = {"full": {"size": 50, "steps": 20}}
    >>> text = pnn2025.table("numbers", seeds=(3,), groups=["full"], options=options)
    >>> len(text.splitlines())
    3
    """
    folder = Path(out)
    chosen = list(MEASURES) if groups is None else [check.one_of("group", group, MEASURES) for group in groups]
    check.keywords("options", options or {}, MEASURES)
    networks = [check.seed("seeds", seed) for seed in seeds]
    if not networks:
        raise ValueError("seeds must hold at least one seed, got none")
    folder.mkdir(parents=True, exist_ok=True)
    numbers: dict[str, list[Numbers]] = {group: [] for group in chosen}
    for seed in networks:
        for group in chosen:
            arguments = {"size": SIZES[group], **(options or {}).get(group, {})}
            numbers[group].append(measured(group, seed, folder, arguments))
            say(f"seed {seed}: {group}")
    rows = [row(one, numbers[one.group]) for one in STATEMENTS if one.group in chosen]
    text = "\n".join([*HEAD, *rows]) + "\n"
    files.write_text(folder / "table.md", text)
    return text


def row(statement: Statement, networks: Sequence[Numbers]) -> str:
    """Return the row of a statement."""
    cells = []
    for name in statement.shown:
        values = np.array([numbers[name] for numbers in networks])
        known = values[np.isfinite(values)]
        if not known.size:
            cells.append(f"{name}: not enough data")
            continue
        missing = f", {values.size - known.size} without" if known.size < values.size else ""
        spread = f"{known.min():.3g} to {known.max():.3g}"
        cells.append(f"{name}: {np.median(known):.3g} ({spread}{missing})")
    verdicts = [statement.holds(numbers) for numbers in networks]
    judged = f"{verdicts.count(True)} of {len(verdicts)}"
    unknown = verdicts.count(None)
    tail = f", {unknown} without enough data" if unknown else ""
    return f"| {statement.text} | {statement.judged} | {'<br>'.join(cells)} | {judged}{tail} |"
