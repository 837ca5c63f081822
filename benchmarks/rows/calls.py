"""What is around a simulation: short runs, importing, Ctrl-C."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

import interrupts
from measuring import Row, child, in_turn
from systems import DRIVE

import memnet as mn

SHORT_RUNS = """
import memnet as mn

def resident():
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * 4096

net = mn.percolating(40, coverage=0.65, seed=1)
simulation = mn.Simulation(net, mn.TunnelGap(), {"left": 1.0, "right": 0.0})
for _ in range(1_000):
    simulation.run(1)
before = resident()
for _ in range(%d):
    simulation.run(1)
print(resident() - before)
"""


def short_runs(quick: bool) -> Iterator[Row]:
    """What a run of one step costs beside the step, and whether many of them leave anything behind."""
    simulation = mn.Simulation(mn.percolating(40, coverage=0.65, seed=1), mn.TunnelGap(), DRIVE)
    run, step = in_turn(5 if quick else 21, lambda: simulation.run(1), simulation.step, calls=20)
    above = 1e3 * (run.median - step.median)
    each = [a - b for a, b in zip(run.each, step.each, strict=True)]
    what = "`run(1)`, above a step"
    yield Row(what, f"**{above:.2f} ms**", "< 0.8 ms (xarray: 0.5 ms)", above < 0.8, each, "s")
    count = 10_000 if quick else 100_000
    growth = int(child(SHORT_RUNS % count))
    yield Row(
        f"memory after {count:,} of them, above that after 1,000",
        f"**{growth / 1e6:.1f} MB**",
        "no growth (1 MB)",
        growth < 1e6,
        [growth / 1e6],
        "MB",
    )


IMPORT = """
import time
start = time.perf_counter()
import memnet
seconds = time.perf_counter() - start
import sys
print(seconds, int("matplotlib" in sys.modules or "xarray" in sys.modules))
"""


def importing(quick: bool) -> Iterator[Row]:
    """How long `import memnet` takes in a fresh process: the shortest, since what else runs can only add to it."""
    found = [child(IMPORT).split() for _ in range(5 if quick else 15)]
    seconds = min(float(time_taken) for time_taken, _ in found)
    lazy = not any(int(loaded) for _, loaded in found)
    yield Row(
        f"import memnet, best of {len(found)} ({'without' if lazy else 'WITH'} matplotlib and xarray)",
        f"**{seconds:.3f} s**",
        "< 0.3 s",
        seconds < 0.3 and lazy,
        [float(time_taken) for time_taken, _ in found],
        "s",
    )


def interrupt(quick: bool) -> Iterator[Row]:
    """From Ctrl-C to KeyboardInterrupt, at different moments of each long call; `interrupts.py` tells more."""
    for name, call in interrupts.CALLS.items():
        found = interrupts.measure(call, 2 if quick else 5)
        if found.delays:
            middle, worst = statistics.median(found.delays), max(found.delays)
            yield Row(
                f"Ctrl-C in {name}: median, worst of {len(found.delays)}",
                f"**{middle:.2f} s, {worst:.2f} s**",
                "0.2 s, 0.5 s",
                middle <= 0.2 and worst <= 0.5,
                found.delays,
                "s",
            )
