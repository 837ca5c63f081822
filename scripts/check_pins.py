"""Test memnet with the oldest and the newest versions of what it needs, on the oldest and newest Python found here.

    python scripts/check_pins.py            all that can be done here; `make check-pins`
    python scripts/check_pins.py --list     say what would be done

The oldest versions are the lower bounds of pyproject.toml. Interpreters are looked for as python3.10, python3.11, ...
on PATH and among those of pyenv. Each run has a copy of the tree and an environment of its own in build/pins.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

from pythons import interpreters
from source_copy import ROOT, copy_tree

FOLDER = ROOT / "build" / "pins"
EXTRAS = ("zarr", "learn", "edf", "cluster", "view", "test")
# What of the packages memnet uses: SciPy and networkx, xarray with its files, matplotlib, typer, and lmfit in examples.
TESTS = ("network", "networkx", "namespace", "results", "plot", "cli", "docstrings")
# A worker a processor, each with whole files.
PARALLEL = ("-n", str(os.cpu_count()), "--dist", "loadfile")
BOUND = re.compile(r"([A-Za-z0-9_.-]+)>=([0-9.]+)")


@dataclass(frozen=True)
class Run:
    """One environment: an interpreter, and which versions it gets."""

    minor: int
    python: str
    pins: str

    @property
    def name(self) -> str:
        """Return what messages and folders call it."""
        return f"python3.{self.minor}-{self.pins}"


def requirements() -> list[str]:
    """Return what memnet and its tests need, and what builds it."""
    tables = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = tables["project"]
    named = [*tables["build-system"]["requires"], *project["dependencies"]]
    for extra in EXTRAS:
        named += project["optional-dependencies"][extra]
    return [one for one in named if not one.startswith(project["name"])]


def lower_bounds(named: list[str]) -> list[str]:
    """Return a constraint for each requirement: its oldest version."""
    found = []
    for one in named:
        match = BOUND.match(one)
        if match is None:
            raise ValueError(f"a requirement must have the form name>=version, got {one!r}")
        found.append(f"{match[1]}=={match[2]}")
    return found


def runs(found: dict[int, str]) -> list[Run]:
    """Return what is tested: the oldest pins on the oldest Python, the newest on the oldest and the newest one."""
    if not found:
        return []
    oldest, newest = min(found), max(found)
    plan = [Run(oldest, found[oldest], "oldest"), Run(oldest, found[oldest], "newest")]
    return plan if oldest == newest else [*plan, Run(newest, found[newest], "newest")]


def check(run: Run) -> bool:
    """Make an environment, install memnet into it and run its tests; return whether all went well."""
    place = FOLDER / run.name
    shutil.rmtree(place, ignore_errors=True)
    source, python = place / "source", str(place / "venv" / "bin" / "python")
    copy_tree(source)
    named = requirements()
    constraints = place / "constraints.txt"
    constraints.write_text("\n".join(lower_bounds(named) if run.pins == "oldest" else []) + "\n", encoding="utf-8")
    pip = [python, "-m", "pip", "--disable-pip-version-check", "install", "-q"]
    tests = [f"tests/test_{name}.py" for name in TESTS]
    # Old packages warn about new ones that they use; memnet's own warnings are errors in the other runs.
    quiet = ["-W", "ignore::DeprecationWarning"] if run.pins == "oldest" else []
    commands = [
        [run.python, "-m", "venv", str(place / "venv")],
        [*pip, "-c", str(constraints), *named],
        [*pip, "--no-deps", "--no-build-isolation", "-e", "."],
        [python, "-m", "pytest", "-q", "-m", "not slow", *PARALLEL, *quiet, *tests],
    ]
    with log_of(run).open("wb") as log:
        return all(
            subprocess.run(command, cwd=source, stdout=log, stderr=subprocess.STDOUT).returncode == 0
            for command in commands
        )


def log_of(run: Run) -> Path:
    """Return where the output of a run goes."""
    return FOLDER / run.name / "log.txt"


def timed(run: Run) -> tuple[bool, float]:
    """Return whether a run went well, and how many seconds it took."""
    start = time.monotonic()
    return check(run), time.monotonic() - start


def main() -> int:
    """Run all, and say how each ended."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true", help="say what would be done")
    asked = parser.parse_args()
    plan = runs(interpreters())
    if not plan:
        print("check-pins: no Python to test with, skipped")
    if asked.list:
        for run in plan:
            print(f"check-pins: {run.name} with {run.python}")
        return 0
    failed = []
    with ThreadPoolExecutor(os.cpu_count()) as threads:  # most of a run is one process that installs
        for run, (good, seconds) in zip(plan, threads.map(timed, plan), strict=True):
            print(log_of(run).read_text(encoding="utf-8", errors="replace"))
            failed += [] if good else [run.name]
            print(f"check-pins: {run.name} {'passed' if good else 'FAILED'}, {seconds:.0f} s", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
