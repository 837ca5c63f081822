"""What a run of the bench leaves behind: a file in results/ with its rows, machine, commit and versions.

The machine is named by its processor and cores, not by its host. A row keeps the median, the lower and the upper
quartile of its samples (the least and the largest where they are fewer than five).
"""

from __future__ import annotations

import datetime
import json
import os
import platform
import re
import statistics
import subprocess
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from measuring import ROOT, Row, load, processor

FOLDER = ROOT / "benchmarks" / "results"
ENOUGH = 5  # samples for quartiles
PACKAGES = ("numpy", "scipy", "xarray")


def spread(samples: Sequence[float]) -> tuple[float, float]:
    """Return the quartiles of samples, or the ends of few."""
    if len(samples) < ENOUGH:
        return min(samples), max(samples)
    low, _, high = statistics.quantiles(samples, n=4, method="inclusive")
    return low, high


def commit() -> str:
    """Return the short hash of the checkout, "changed" behind it where files differ, "unknown" without git."""
    try:
        found, changed = (
            subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
            for words in (("rev-parse", "--short=10", "HEAD"), ("status", "--porcelain", "--untracked-files=no"))
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return f"{found}-changed" if changed else found


def machine() -> str:
    """Return a name for the kind of machine."""
    return re.sub(r"[^a-z0-9]+", "-", f"{processor()} {os.cpu_count()} cores".lower()).strip("-")


class Record:
    """The rows of one run, written anew after each, so that a run that is stopped keeps what it has."""

    def __init__(self, quick: bool, memnet: str, folder: Path = FOLDER) -> None:
        self.about: dict[str, Any] = {
            "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
            "commit": commit(),
            "machine": machine(),
            "processor": processor(),
            "cores": os.cpu_count(),
            "load": round(load(), 2),
            "versions": {"memnet": memnet, "python": platform.python_version()}
            | {name: metadata.version(name) for name in PACKAGES},
            "quick": quick,
        }
        self.rows: list[dict[str, Any]] = []
        name = f"{self.about['date'][:10]}-{self.about['commit']}-{self.about['machine']}"
        free = (folder / f"{name}{more}.json" for more in ("", *(f"-{k}" for k in range(2, 1000))))
        self.file = next(file for file in free if not file.exists())

    def add(self, benchmark: str, row: Row) -> None:
        """Add a row and write the file."""
        told: dict[str, Any] = {"benchmark": benchmark, **row._asdict()}
        samples = [float(x) for x in told.pop("samples")]
        if samples:
            low, high = spread(samples)
            told |= {"median": statistics.median(samples), "low": low, "high": high, "samples": len(samples)}
        told["load"] = round(load(), 2)
        self.rows.append(told)
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(json.dumps({**self.about, "rows": self.rows}, indent=1, ensure_ascii=False) + "\n")


def read(file: Path) -> dict[str, Any]:
    """Return what a file of results holds.

    Raises
    ------
    ValueError
        Where it is none.
    """
    try:
        held = json.loads(file.read_text())
    except (OSError, ValueError) as error:
        raise ValueError(f"{file} holds no results: {error}") from None
    if not isinstance(held, dict) or not isinstance(held.get("rows"), list):
        raise ValueError(f"{file} holds no results: it has no rows")
    return held
