"""How much faster this checkout is than another commit, or than another directory:

    python benchmarks/against.py f6490dc                       # a commit: built in build/against/, once
    python benchmarks/against.py --other ../elsewhere          # a checkout that is built already
    python benchmarks/against.py --this DIR --other DIR [--quick] [--rounds 15] [name ...]

Two processes, one a side, have memnet from their own directory and take turns by pipes: while one measures the other
waits. A turn is as many calls as take TURN seconds after one call that is not counted (it fetches what the other side
has pushed out of the caches). Both sides make their networks themselves; the row says so where their edges differ, and
how far their currents are apart. Times are CPU times. A ratio is that of the other side's time to this side's: the
median of the rounds' ratios, and that of the least times of all rounds. Prints a Markdown table.
"""

from __future__ import annotations

import measuring  # first: one BLAS thread

# isort: split
import argparse
import contextlib
import hashlib
import json
import os
import resource
import select
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = measuring.ROOT
TURN = 0.1  # s
PATIENCE = 240.0  # s that a side may take to make its system, or for a turn
MEMORY_BAR = 1.3  # times the other side's schedule
PURE_A_STEPS, PURE_A_QUICK = 500_000, 50_000


class Task(NamedTuple):
    """What is measured: the kind of work, its system, and the ratio that is asked for."""

    kind: str
    system: str
    bar: float | None


TASKS = {
    "step200": Task("step", "200", 1.7),
    "step800": Task("step", "800", 1.7),
    "wires1k": Task("factor", "wires1k", 1.15),
    "dense1k": Task("factor", "dense1k", 1.3),
    "wires10k": Task("factor", "wires10k", 1.3),
    "wires50k": Task("factor", "wires50k", 1.4),
    "dense50k": Task("factor", "dense50k", 2.0),
    "grid200": Task("factor", "grid200", 1.9),
    "grid500": Task("factor", "grid500", 2.5),
    "crossbar128": Task("factor", "crossbar128", 3.0),
    "crossbar256": Task("factor", "crossbar256", 4.5),
    "random8k": Task("factor", "random8k", 1.3),
    "crossbar128-step": Task("moving", "crossbar128", None),
    "crossbar256-step": Task("moving", "crossbar256", None),
    "discs200": Task("factor", "discs200", None),
    "discs800": Task("factor", "discs800", None),
    "pure_a": Task("pure_a", "200", 1.0),
    "crossbar512": Task("factor", "crossbar512", None),
    "step4000": Task("step", "4000", None),
}
# Bars that are absolute: of this side alone. The key of what is told, its unit, the bar.
ABSOLUTE = {
    "crossbar512": (("analysis", "s", 15.0), ("least", "s", 3.0)),
    "step4000": (("least", "s", 0.07), ("generation", "s", 10.0), ("peak", "MB", 1500.0)),
}
WHAT = {
    "factor": "{}: factor + solve",
    "step": "A:C, {0} x {0}: a step",
    "moving": "{}: a step of rate balance",
    "pure_a": "pure A, {0} x {0}, 2 V: a run",
}


# ---------------------------------------------------------------- a side, in its own process


class Work(NamedTuple):
    """A call that can be timed, how many units it is, and what is told about it."""

    call: Callable[[], object]
    units: int
    told: dict[str, Any]


def digest(net: Any) -> str:
    """Return the sum of a network's edges, which tells whether both sides number alike."""
    import numpy as np

    return hashlib.sha256(np.ascontiguousarray(net.edges, dtype=np.int64).tobytes()).hexdigest()[:12]


def factor_work(name: str, _: bool) -> Work:
    import systems

    start = time.process_time()
    system = systems.SYSTEMS[name]()
    made = time.process_time()
    solver = systems.driven_solver(system.net)
    analysed = time.process_time()
    once = systems.factor_and_solve(system, solver)
    current = once()["current"]
    info = solver.info()
    told = {"generation": made - start, "analysis": analysed - made, "edges": digest(system.net)}
    told |= {"bytes": info["bytes"], "updates": info["n_updates"], "current": [float(i) for i in current]}
    return Work(once, 1, told)


def simulation_work(net: Any, make: Callable[[], Any], steps: int, start: float) -> Work:
    """Return steps of a simulation, which goes on from turn to turn."""
    made = time.process_time()
    sim = make()
    told = {"generation": made - start, "analysis": time.process_time() - made, "edges": digest(net)}
    data = sim.run(20, record=["current"])
    told |= {"current": [float(i) for i in data["current"].values[-1]]}
    return Work(lambda: sim.run(steps, record=["current"]), steps, told)


def step_work(size: str, _: bool) -> Work:
    import systems

    start = time.process_time()
    net = systems.sample(float(size))
    return simulation_work(net, lambda: systems.mixture(net), {"200": 200, "800": 20}.get(size, 3), start)


def moving_work(name: str, _: bool) -> Work:
    import systems

    start = time.process_time()
    system = systems.SYSTEMS[name]()
    return simulation_work(system.net, lambda: systems.moving(system), 5, start)


def pure_a_work(size: str, quick: bool) -> Work:
    import systems

    import memnet as mn

    steps = PURE_A_QUICK if quick else PURE_A_STEPS
    start = time.process_time()
    net = systems.sample(float(size))
    told: dict[str, Any] = {"generation": time.process_time() - start, "edges": digest(net)}

    def once() -> None:
        sim = mn.Simulation(net, mn.TunnelGap(), drive={"left": 2.0, "right": 0.0}, dt=1.0, seed=0)
        data = sim.run(steps, record=["current"])
        told["current"] = [float(i) for i in data["current"].values[-1]]

    once()
    return Work(once, 1, told)


KINDS: dict[str, Callable[[str, bool], Work]] = {
    "factor": factor_work,
    "step": step_work,
    "moving": moving_work,
    "pure_a": pure_a_work,
}


def serve(directory: str) -> None:
    """Answer lines of JSON: a task to prepare, then numbers of calls to time."""
    answers, sys.stdout = sys.stdout, sys.stderr
    import memnet as mn

    if not Path(mn.__file__ or "").resolve().is_relative_to(Path(directory).resolve()):
        raise SystemExit(f"memnet comes from {mn.__file__}, not from {directory}")
    work: Work | None = None
    for line in sys.stdin:
        asked = json.loads(line)
        if work is None:
            work = KINDS[asked["kind"]](asked["system"], asked["quick"])
            found = work.told
        else:
            work.call()
            start = time.process_time()
            for _ in range(asked["calls"]):
                work.call()
            found = {"seconds": (time.process_time() - start) / asked["calls"] / work.units, "units": work.units}
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / measuring.MEGABYTES
        print(json.dumps({**found, "peak": peak}), file=answers, flush=True)


# ---------------------------------------------------------------- both sides


class Failed(Exception):
    """A side could not do its task; the text says why."""


class Side:
    """A process that has memnet from one directory."""

    def __init__(self, directory: Path) -> None:
        environment = {**os.environ, "PYTHONPATH": str(directory)}
        self.errors = tempfile.TemporaryFile("w+")  # noqa: SIM115
        self.process = subprocess.Popen(
            [sys.executable, __file__, "--serve", str(directory)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            text=True,
        )

    def ask(self, **what: object) -> dict[str, Any]:
        """Send a line and return the answer."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with contextlib.suppress(BrokenPipeError):  # it has ended; the answer is empty
            self.process.stdin.write(json.dumps(what) + "\n")
            self.process.stdin.flush()
        if not select.select([self.process.stdout], [], [], PATIENCE)[0]:
            raise Failed(f"not in {PATIENCE:g} s")
        line = self.process.stdout.readline()
        if not line:
            self.process.wait()
            self.errors.seek(0)
            raise Failed((self.errors.read().strip().splitlines() or [f"ended with {self.process.returncode}"])[-1])
        return dict(json.loads(line))

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()
        self.errors.close()


class Found(NamedTuple):
    """What two sides told, and their seconds of each round; a text where a side failed."""

    told: list[dict[str, Any] | str]
    seconds: list[list[float]]


def measure(task: Task, directories: list[Path], rounds: int, quick: bool) -> Found:
    """Prepare both sides, then let them take turns."""
    sides = [Side(directory) for directory in directories]
    told: list[dict[str, Any] | str] = []
    seconds: list[list[float]] = [[], []]
    try:
        for side in sides:
            try:
                told.append(side.ask(kind=task.kind, system=task.system, quick=quick))
            except Failed as failed:
                told.append(str(failed))
        able = [k for k in range(2) if isinstance(told[k], dict)]
        first = [sides[k].ask(calls=1) for k in able]
        longest = max((one["seconds"] * one["units"] for one in first), default=TURN)
        calls = max(1, round(TURN / longest))
        for turn in range(rounds if longest < 1.0 else max(3, rounds // 3)):
            for k in able if turn % 2 else able[::-1]:
                answer = sides[k].ask(calls=calls)
                seconds[k].append(answer["seconds"])
                told[k]["peak"] = answer["peak"]  # type: ignore[index]
    finally:
        for side in sides:
            side.end()
    return Found(told, seconds)


# ---------------------------------------------------------------- the table


def remark(told: list[dict[str, Any] | str]) -> str:
    """Return what the two sides have in common, or do not."""
    here, other = told
    if isinstance(here, str) or isinstance(other, str):
        return "; ".join(
            f"{name} side: {one}" for name, one in (("this", here), ("other", other)) if isinstance(one, str)
        )
    parts = [] if here["edges"] == other["edges"] else ["edges numbered differently"]
    if len(here["current"]) == len(other["current"]):
        most = max(map(abs, here["current"]))
        apart = max(abs(a - b) for a, b in zip(here["current"], other["current"], strict=True))
        parts.append(f"currents apart {apart / most:.0e}" if most > 0.0 else "no current")
    if "bytes" in here:
        parts.append(f"updates {here['updates'] / 1e6:.3g} M of {other['updates'] / 1e6:.3g} M")
        memory = here["bytes"] / other["bytes"]
        parts.append(f"memory {memory:.2f}" if memory <= MEMORY_BAR else f"**memory {memory:.2f}, above {MEMORY_BAR}**")
    if "analysis" in here:
        parts.append(f"analysis {measuring.shown(here['analysis'])} of {measuring.shown(other['analysis'])}")
    return "; ".join(parts)


def verdict(good: bool) -> str:
    return "met" if good else "**missed**"


def lines(name: str, found: Found) -> Iterator[str]:
    """Yield the rows of a task."""
    task = TASKS[name]
    here, other = found.seconds
    what = WHAT[task.kind].format(task.system)
    times = [
        f"{measuring.shown(statistics.median(one))} ({measuring.shown(min(one))})" if one else "-"
        for one in (here, other)
    ]
    if here and other:
        ratio = statistics.median(b / a for a, b in zip(here, other, strict=True))
        ratios, good = (
            f"**{ratio:.2f}x** ({min(other) / min(here):.2f}x)",
            None if task.bar is None else ratio >= task.bar,
        )
    else:
        ratios, good = "-", None if task.bar is None else False
    bar = "" if task.bar is None else f">= {task.bar:g}x"
    judged = "" if good is None else verdict(good)
    yield f"| {name} | {what} | {times[1]} | {times[0]} | {ratios} | {bar} | {judged} | {remark(found.told)} |"
    this = found.told[0]
    for key, unit, most in ABSOLUTE.get(name, ()):
        if isinstance(this, dict) and here:
            value = min(here) if key == "least" else this[key]
            mark = verdict(value < most)
            yield f"| {name} | {what}: {key} | | {value:.3g} {unit} | | < {most:g} {unit} | {mark} | |"


# ---------------------------------------------------------------- the other commit


def is_built(directory: Path) -> bool:
    return any(directory.glob("memnet/_core*.so"))


def built(commit: str) -> Path:
    """Return a directory with that commit, built: in build/against/, where it stays."""
    whole = subprocess.run(
        ["git", "rev-parse", "--verify", f"{commit}^{{commit}}"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if whole.returncode != 0:
        raise SystemExit(f"{commit} is no commit of {ROOT}")
    directory = ROOT / "build" / "against" / whole.stdout.strip()
    if not is_built(directory):
        print(f"building {commit} in {directory}", file=sys.stderr, flush=True)
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile() as archive:
            subprocess.run(["git", "archive", whole.stdout.strip()], cwd=ROOT, stdout=archive, check=True)
            archive.seek(0)
            with tarfile.open(fileobj=archive) as files:
                files.extractall(directory, filter="data")
        subprocess.run([sys.executable, "setup.py", "-q", "build_ext", "--inplace"], cwd=directory, check=True)
    return directory


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("commit", nargs="?", help="the other side: a commit, unless --other names a directory")
    parser.add_argument("--other", type=Path, help="the other side: a directory in which memnet is built")
    parser.add_argument("--this", type=Path, default=ROOT, help="this side, by default the checkout of this file")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, a shorter run of pure A")
    parser.add_argument("--rounds", type=int, help="turns of each side (15, quick: 5)")
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(TASKS)}")
    options = parser.parse_intermixed_args()
    if options.serve:
        serve(options.serve)
        return
    names = list(options.names)
    if options.other is not None and options.commit is not None:
        names.insert(0, options.commit)  # with a directory, all that is not an option is a name
    if options.other is None and options.commit is None:
        parser.error("name a commit, or a directory by --other")
    if unknown := [name for name in names if name not in TASKS]:
        parser.error(f"{', '.join(unknown)}: not one of {', '.join(TASKS)}")
    other = options.other.resolve() if options.other is not None else built(options.commit)
    rounds = options.rounds or (5 if options.quick else 15)
    directories = [options.this.resolve(), other]
    for directory in directories:
        if not is_built(directory):
            parser.error(f"{directory}: memnet is not built there")
    print(f"{measuring.processor()}, {os.cpu_count()} cores, load {measuring.load():.1f} when it began")
    print(f"this side: {directories[0]}; other side: {other}. Medians, least times in brackets.\n")
    print("| name | what | other | this | ratio | bar | | |\n|---|---|---|---|---|---|---|---|", flush=True)
    for name in names or TASKS:
        for line in lines(name, measure(TASKS[name], directories, rounds, options.quick)):
            print(line, flush=True)


if __name__ == "__main__":
    main()
