"""Score a code on the problems beside this file; README.md says how to take part.

    python benchmarks/problems/score.py                                    # memnet, and a plain one beside it
    python benchmarks/problems/score.py --adapter my_adapter.py:MyCode     # a class with a method a problem
    python benchmarks/problems/score.py --command "my-solver"              # a command: my-solver FOLDER RESULT.json

An error is in units of the tolerance of its reference: 1 or less is right. A time is the shorter of two runs, in
wall-clock seconds on this machine; a command's has its start in it.
"""

from __future__ import annotations

import argparse
import copy
import importlib.util
import json
import math
import shlex
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

FOLDER = Path(__file__).resolve().parent
if str(FOLDER) not in sys.path:
    sys.path.insert(0, str(FOLDER))
OWN = ("adapters/with_memnet.py:Memnet", "adapters/plain.py:Plain")
PATIENCE = 3600.0  # s, for a command
REPEATS = 2  # runs, as the first one imports what it needs


@dataclass(frozen=True)
class Score:
    """What a code did on a problem.

    `error` is the largest of all quantities in tolerances, `of` the one that it is of; `said` is why there is none.
    """

    problem: str
    error: float = math.inf
    of: str = ""
    seconds: float = math.nan
    steps: int | None = None
    said: str = ""

    @property
    def right(self) -> bool:
        return self.error <= 1.0

    @property
    def tried(self) -> bool:
        return self.said != "not tried"


class Command:
    """A code that is a command, called with a folder that holds a problem and with the file that it is to write.

    That is a JSON object with the quantities and perhaps "steps"; an empty one, or no file, says that it has no answer.
    """

    def __init__(self, command: str) -> None:
        self.words = shlex.split(command)
        self.name = Path(self.words[0]).name

    def solve(self, problem: dict[str, Any]) -> dict[str, Any] | None:
        sys.path.insert(0, str(FOLDER / "make"))
        import files

        with tempfile.TemporaryDirectory() as folder:
            result = Path(folder) / "result.json"
            files.write(problem, Path(folder))
            subprocess.run([*self.words, folder, str(result)], check=True, timeout=PATIENCE)
            return (json.loads(result.read_text()) or None) if result.exists() else None


def names() -> list[str]:
    """Return the problems, in the order of README.md's table."""
    listed = [line.split("`")[1] for line in (FOLDER / "README.md").read_text().splitlines() if line.startswith("| `")]
    return [name for name in listed if (FOLDER / name / "problem.json").exists()]


def load(name: str) -> dict[str, Any]:
    problem: dict[str, Any] = json.loads((FOLDER / name / "problem.json").read_text(encoding="utf-8"))
    return problem


def adapter(where: str) -> Any:
    """Return an object of a class that is given as FILE.py:Class."""
    path, _, name = where.rpartition(":")
    file = Path(path) if Path(path).exists() else FOLDER / path
    spec = importlib.util.spec_from_file_location(file.stem, file)
    if not path or spec is None or spec.loader is None:
        raise SystemExit(f"score: an adapter is FILE.py:Class, got {where}")
    if not file.is_file():
        raise SystemExit(f"score: {path}: no such file, from {Path.cwd()}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if not hasattr(module, name):
        raise SystemExit(f"score: {path} has no class {name!r}")
    return getattr(module, name)()


def errors(problem: dict[str, Any], answer: dict[str, Any]) -> dict[str, float]:
    """Return the largest error of each quantity in tolerances; inf where it is missing, not finite or misshapen."""
    found = {}
    for name, known in problem["reference"]["quantities"].items():
        values = np.asarray(known["values"], dtype=float)
        try:
            given = np.asarray(answer.get(name, math.nan), dtype=float)
        except (TypeError, ValueError):
            given = np.array(math.nan)
        if given.shape != values.shape or not np.isfinite(given).all():
            found[name] = math.inf
            continue
        off, allowed = abs(given - values), known["atol"] + known["rtol"] * abs(values)
        with np.errstate(divide="ignore", invalid="ignore"):
            found[name] = float(np.where(off == 0.0, 0.0, off / allowed).max())
    return found


def score(code: Any, name: str) -> Score:
    """Return what a code does on a problem, of which it does not see the reference."""
    problem = load(name)
    shown = {key: value for key, value in problem.items() if key != "reference"}
    taken = []
    for _ in range(REPEATS):
        begin = perf_counter()
        try:
            answer = code.solve(copy.deepcopy(shown))
        except Exception as error:
            said = " ".join(str(error).split())
            return Score(name, seconds=perf_counter() - begin, said=f"{type(error).__name__}: {said[:80]}")
        taken.append(perf_counter() - begin)
        if answer is None:
            break
    if answer is None:
        return Score(name, said="not tried")
    each = errors(problem, answer)
    worst = max(each, key=lambda one: each[one])
    steps = answer.get("steps")
    if math.isinf(each[worst]):
        shape = np.shape(problem["reference"]["quantities"][worst]["values"])
        worst_said = f"{worst}: missing, not finite, or not of shape {shape}"
    else:
        worst_said = worst
    return Score(name, each[worst], worst_said, min(taken), None if steps is None else int(steps))


def table(code: Any, scores: list[Score]) -> str:
    """Return a table in Markdown."""
    lines = [f"| {code.name} | error (tolerances) | of | time (s) | steps |", "|---|---|---|---|---|"]
    for one in scores:
        error = one.said or f"{one.error:.2g}{'' if one.right else ' (wrong)'}"
        seconds = "" if math.isnan(one.seconds) else f"{one.seconds:.3g}"
        lines.append(f"| {one.problem} | {error} | {one.of} | {seconds} | {one.steps or ''} |")
    tried = [one for one in scores if one.tried]
    right = sum(one.right for one in tried)
    return "\n".join([*lines, "", f"{code.name}: {right} right of {len(tried)} tried, of {len(scores)} problems"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--adapter", action="append", default=[], metavar="FILE.py:Class", help="a Python class")
    parser.add_argument("--command", action="append", default=[], help="a command that takes FOLDER RESULT.json")
    parser.add_argument("--problem", action="append", choices=names(), help="only this one; may be repeated")
    given = parser.parse_args()
    codes = [*map(adapter, given.adapter), *map(Command, given.command)] or [adapter(where) for where in OWN]
    for code in codes:
        print(table(code, [score(code, name) for name in given.problem or names()]), end="\n\n", flush=True)


if __name__ == "__main__":
    main()
