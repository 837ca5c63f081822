"""How times are taken: one BLAS thread for everybody, sides in turn, fresh processes. Import it first."""

from __future__ import annotations

# ruff: noqa: E402
import os

# Read when NumPy, SciPy and SuiteSparse load their BLAS.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
MEGABYTES = 1e6 if sys.platform == "darwin" else 1e3  # what ru_maxrss is divided by


class Times(NamedTuple):
    """The CPU times (s) of one call of one side, one of each round."""

    each: list[float]

    @property
    def median(self) -> float:
        return statistics.median(self.each)

    @property
    def least(self) -> float:
        return min(self.each)


def in_turn(
    rounds: int, *sides: Callable[[], object], calls: int = 1, clock: Callable[[], float] = time.process_time
) -> list[Times]:
    """Times of one call of each side, measured one after the other in every round.

    With several calls a round a side finds its data in the caches, as in a run of many steps.
    """
    times: list[list[float]] = [[] for _ in sides]
    for side in sides:
        side()
    for _ in range(rounds):
        for side, own in zip(sides, times, strict=True):
            start = clock()
            for _ in range(calls):
                side()
            own.append((clock() - start) / calls)
    return [Times(own) for own in times]


def child(code: str, timeout: float = 600.0) -> str:
    """What a fresh Python prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=timeout, check=True)
    return done.stdout.strip()


def processor() -> str:
    """The CPU's own name."""
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def load() -> float:
    """The machine's load of the last minute."""
    return os.getloadavg()[0]


def shown(seconds: float) -> str:
    """Return a time in the unit that suits it."""
    unit, factor = ("s", 1.0) if seconds >= 1.0 else ("ms", 1e3) if seconds >= 1e-3 else ("us", 1e6)
    return f"{seconds * factor:.3g} {unit}" if seconds * factor < 1000.0 else f"{seconds * factor:.0f} {unit}"


class Row(NamedTuple):
    """One line of the table, and the numbers behind it: one of each round, or one alone."""

    what: str
    measured: str
    bar: str
    good: bool | None
    samples: Sequence[float] = ()
    unit: str = ""


def ratios(longer: Times, shorter: Times) -> list[float]:
    """Return the quotient of each round."""
    return [a / b for a, b in zip(longer.each, shorter.each, strict=True)]
