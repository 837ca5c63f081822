"""Several threads for one network, on a free machine and on a busy one: the ratio on the clock, and the bits."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import numpy as np
from measuring import Row, in_turn, ratios, shown
from systems import SYSTEMS, mixture, moving, sample

import memnet as mn

THREADS = 2
BAR = 1.5
BAR_BUSY = 0.9
MAKERS: dict[str, Callable[..., mn.Simulation]] = {
    "wires50k": lambda **options: moving(SYSTEMS["wires50k"](), **options),
    "A:C, 800x800": lambda **options: mixture(sample(800.0), **options),
    "crossbar256": lambda **options: moving(SYSTEMS["crossbar256"](), **options),
}


def state(sim: mn.Simulation) -> bytes:
    """Return everything that must be the same in the last bit."""
    return b"".join(np.ascontiguousarray(part).tobytes() for part in (sim.potential, sim.conductance))


@contextlib.contextmanager
def busy(n: int) -> Iterator[None]:
    """Keep n processors busy with programs that never wait."""
    programs = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(n)]
    try:
        yield
    finally:
        for program in programs:
            program.kill()
            program.wait()


def row(name: str, sims: list[mn.Simulation], rounds: int, calls: int, bar: float) -> Row:
    """Steps of one simulation with one thread and with two."""
    steps = [lambda sim=sim: sim.step(1) for sim in sims]
    one, several = in_turn(rounds, *steps, calls=calls, clock=time.perf_counter)
    same = state(sims[0]) == state(sims[1])
    ratio = one.median / several.median
    return Row(
        f"{name}: a step with {THREADS} threads against one, on the clock ({os.cpu_count()} cores)",
        f"**{ratio:.2f}x** ({shown(several.median)} against {shown(one.median)}); {'same' if same else 'OTHER'} bits",
        f">= {bar:g}x, same bits",
        ratio >= bar and same,
        ratios(one, several),
        "x",
    )


def threads(quick: bool) -> Iterator[Row]:
    """On this machine as it is, and with another program on every core but one."""
    rounds = 3 if quick else 9
    for name, made in MAKERS.items():
        sims = [made(threads=n) for n in (1, THREADS)]
        start = time.perf_counter()
        sims[0].step(3)
        sims[1].step(3)
        calls = max(1, round(0.2 * 6 / (time.perf_counter() - start)))
        yield row(name, sims, rounds, calls, BAR)
        others = max(1, (os.cpu_count() or 1) - 1)
        with busy(others):
            yield row(f"{name}, beside {others} busy", sims, rounds, calls, BAR_BUSY)
