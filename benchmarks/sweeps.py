"""What a sweep costs beside the work of its points, and whether many short runs leave memory behind.

    python benchmarks/sweeps.py speed [--points 200] [--seconds 1.0] [--work sleep|busy] [--workers 2]
    python benchmarks/sweeps.py memory [--points 100000]

`speed` calls a function in a plain loop, and sweeps it in one process and in several, with a store. It prints how much
faster several are, and what a point takes beside its work: against the plain loop, and against a share of it. Points
that sleep show that on a machine with other work, too; busy ones run a simulation until their thread has had so much
processor time, so that the ratio means something on an idle machine only. `memory` takes 10^5 runs of one step, and
sweeps over 10^5 points in one process, and prints what the process holds meanwhile.
"""

from __future__ import annotations

import argparse
import gc
import os
import tempfile
import time
from pathlib import Path

import numpy as np

import memnet as mn


def sleeping(number: int, seconds: float) -> float:
    time.sleep(seconds)
    return number / 3


def busy(number: int, seconds: float) -> float:
    end = time.thread_time() + seconds
    net = mn.grid(12, 12, seed=1)
    sim = mn.Simulation(net, mn.RateBalance(), {"left": 1.0 + number / 200, "right": 0.0}, dt=1e-3)
    while time.thread_time() < end:
        sim.step(20)
    return number / 3


def timed(function: object, points: int, seconds: float, workers: int, store: Path | None) -> float:
    axes = {"number": range(points), "seconds": [seconds]}
    start = time.perf_counter()
    data = mn.sweep(function, axes, workers=workers, store=store, progress=False)
    took = time.perf_counter() - start
    assert data.result.values.ravel().tolist() == [number / 3 for number in range(points)]
    return took


def speed(points: int, seconds: float, work: str, workers: int) -> None:
    function = {"sleep": sleeping, "busy": busy}[work]
    with tempfile.TemporaryDirectory() as folder:
        timed(function, workers, 0.0, workers, Path(folder) / "first")  # imports
        start = timed(function, workers, 0.0, workers, Path(folder) / "start")
        begin = time.perf_counter()
        for number in range(points):
            function(number, seconds)
        plain = time.perf_counter() - begin
        one = timed(function, points, seconds, 1, Path(folder) / "one")
        several = timed(function, points, seconds, workers, Path(folder) / "several")
    print(f"{points} points of {seconds:g} s ({work}), with a store; load average {os.getloadavg()[0]:.1f}\n")
    print("| | s | beside the work (ms a point) |\n|---|---|---|")
    print(f"| plain loop | {plain:.2f} | |")
    print(f"| one process | {one:.2f} | {1e3 * (one - plain) / points:.2f} |")
    print(f"| {workers} processes | {several:.2f} | {1e3 * (several - plain / workers) / points:.2f} |")
    print(f"| a sweep of {workers} points without work: start and end | {start:.2f} | |")
    print(f"\n{workers} processes are {one / several:.3f} times as fast as one")


def resident() -> float:
    """Return what the process holds now (MB)."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def memory(points: int) -> None:
    sim = mn.Simulation(mn.grid(4, 4, seed=1), mn.RateBalance(), {"left": 1.0, "right": 0.0}, dt=1e-3)
    marks = sorted({points // 100, points // 10, points // 2, points})
    print("| runs of one step | held (MB) |\n|---|---|")
    for k in range(1, points + 1):
        sim.run(1)
        if k in marks:
            print(f"| {k:,} | {resident():.2f} |", flush=True)

    held: dict[int, float] = {}

    def point(k: int) -> float:
        if k in marks:
            held[k] = resident()
        return k / 7

    data = mn.sweep(point, {"k": np.arange(1, points + 1)}, workers=1, progress=False)
    print(
        f"\n| points of a sweep in one process, whose result takes {data.nbytes / 1e6:.1f} MB | held (MB) |\n|---|---|"
    )
    for k in marks:
        print(f"| {k:,} | {held[k]:.2f} |")
    print(f"| ended | {resident():.2f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("speed", "memory"))
    parser.add_argument("--points", type=int)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--work", choices=("sleep", "busy"), default="sleep")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    if given.what == "speed":
        speed(given.points or 200, given.seconds, given.work, given.workers)
    else:
        memory(given.points or 100_000)


if __name__ == "__main__":
    main()
