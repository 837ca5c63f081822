"""Crossbars against badcrossbar, which solves static arrays with resistance of lines, and against device updates alone.

    python benchmarks/crossbar.py [--size 128] [--rounds 5]

Prints a Markdown table. badcrossbar has a Python of its own, which MEMNET_BADCROSSBAR names (pip install badcrossbar;
it draws with pycairo, which is not needed here). Its arrays have a segment between each line and its contact, which is
`contact_resistance`. It builds everything anew in each call; memnet keeps the elimination order with the network, so a
static solution has two rows: with the network made in the same call, and on a network that was solved before. Times
are processor times of one core, medians of rounds in which the sides take turns.
"""

from __future__ import annotations

# ruff: noqa: E402
import os

# One BLAS thread for everybody; read when NumPy and SciPy load their BLAS.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import argparse
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

import memnet as mn

RESISTANCE = 1.0  # ohm, of a segment
SEED = 1
STATIC_BAR, STEP_BAR = 6.0, 50.0
STEPS = 50  # in a turn, as in a run: the other side has emptied the caches before

# Answers each line with the time that it took; the array and the currents go by files.
BADCROSSBAR = """
import sys, time, unittest.mock
answers, sys.stdout = sys.stdout, sys.stderr  # where its log goes
sys.modules.setdefault("cairo", unittest.mock.MagicMock())
import numpy as np, badcrossbar
given = np.load(sys.argv[1])
for _ in sys.stdin:
    before = time.process_time()
    found = badcrossbar.compute(given["volts"], given["resistances"], r_i=float(given["r"]))
    took = time.process_time() - before
    np.savez(sys.argv[2], output=found.currents.output, device=found.currents.device)
    print(took, file=answers, flush=True)
"""


def array(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return random conductances (S) of n x n cells, and voltages of their rows."""
    rng = np.random.default_rng(SEED)
    return 10.0 ** rng.uniform(-6.0, -4.0, (n, n)), rng.uniform(0.1, 1.0, n)


def resistive(n: int) -> mn.Network:
    return mn.crossbar(n, n, line_resistance=RESISTANCE, contact_resistance=RESISTANCE)


def from_nothing(n: int, g: np.ndarray, volts: np.ndarray) -> None:
    """Make the network and solve it."""
    net = resistive(n)
    mn.solve(net, mn.cell_conductances(net, g), mn.arrays.vmm_drive(net, volts))


def measured(side: Callable[[], object], calls: int = 1) -> float:
    before = time.process_time()
    for _ in range(calls):
        side()
    return (time.process_time() - before) / calls


def stepping(net: mn.Network, volts: np.ndarray) -> mn.Simulation:
    """Return a run of memristors whose rows follow sines, so that each step is another circuit."""
    waves = [mn.drive.sine(float(v), 1.0) for v in volts]
    devices = mn.cell_devices(net, mn.RateBalance(g_min=1e-6, g_max=1e-4))
    return mn.Simulation(net, devices, mn.arrays.vmm_drive(net, waves), dt=1e-3)


def against_badcrossbar(n: int, rounds: int, python: str) -> None:
    """Print the rows of one size."""
    g, volts = array(n)
    net = resistive(n)
    drive = mn.arrays.vmm_drive(net, volts)
    each = mn.cell_conductances(net, g)
    sim = stepping(net, volts)
    sim.step(2)
    with tempfile.TemporaryDirectory() as folder:
        given, answer = Path(folder) / "given.npz", Path(folder) / "answer.npz"
        np.savez(given, volts=volts[:, None], resistances=1.0 / g, r=RESISTANCE)
        with subprocess.Popen(
            [python, "-c", BADCROSSBAR, str(given), str(answer)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as other:
            assert other.stdin is not None
            assert other.stdout is not None

            def theirs() -> float:
                other.stdin.write("\n")
                other.stdin.flush()
                return float(other.stdout.readline())

            theirs()  # loads what a first call does
            times = [
                (
                    theirs(),
                    measured(lambda: from_nothing(n, g, volts)),
                    measured(lambda: mn.solve(net, each, drive)),
                    measured(lambda: sim.step(STEPS)) / STEPS,
                )
                for _ in range(rounds)
            ]
            other.stdin.close()
        found = np.load(answer)
        solution = mn.solve(net, each, drive)
    layout = net.layout
    device = g * (solution.potential[layout.word_node[0]] - solution.potential[layout.bit_node[0]])
    output = -solution.current[n:]
    off = max(
        float(np.abs(found["output"].ravel() / output - 1.0).max()),
        float(np.abs(found["device"].reshape(n, n) - device).max() / np.abs(device).max()),
    )
    bad, first, static, step = (statistics.median(one) for one in zip(*times, strict=True))
    print(f"| {n} x {n}: badcrossbar, static | {1e3 * bad:.1f} ms | |")
    anew = f"{1e3 * first:.2f} ms, {bad / first:.1f} times faster"
    print(f"| {n} x {n}: static, network made anew | {anew} | >= {STATIC_BAR:g} |")
    print(f"| {n} x {n}: static, next | {1e3 * static:.1f} ms, {bad / static:.1f} times faster | >= {STATIC_BAR:g} |")
    print(f"| {n} x {n}: a step of the engine | {1e3 * step:.2f} ms, {bad / step:.0f} times faster | >= {STEP_BAR:g} |")
    print(f"| {n} x {n}: largest difference of currents | {off:.1e} | 1e-11 |", flush=True)


def without_lines(n: int, rounds: int) -> None:
    """Print a step of an all-driven array, and of as many devices in parallel between two electrodes."""
    volts = np.ones(n)
    sim = stepping(mn.crossbar(n, n), volts)
    pair = mn.Network(2, np.tile([[0, 1]], (n * n, 1)), electrodes={"a": 0, "b": 1})
    alone = mn.Simulation(
        pair, mn.RateBalance(g_min=1e-6, g_max=1e-4), {"a": mn.drive.sine(1.0, 1.0), "b": 0.0}, dt=1e-3
    )
    for one in (sim, alone):
        one.step(2)
    times = [(measured(lambda: sim.step(20)) / 20, measured(lambda: alone.step(20)) / 20) for _ in range(rounds)]
    step, update = (statistics.median(one) for one in zip(*times, strict=True))
    print(f"| {n} x {n} without lines, all driven: a step | {1e3 * step:.2f} ms | |")
    print(f"| of the same devices in parallel | {1e3 * update:.2f} ms; ratio {step / update:.2f} | <= 3 |", flush=True)


def large(n: int) -> None:
    """Print a solution and a step of an array with lines."""
    g, volts = array(n)
    net = resistive(n)
    drive, each = mn.arrays.vmm_drive(net, volts), mn.cell_conductances(net, g)
    static = measured(lambda: mn.solve(net, each, drive))
    sim = stepping(net, volts)
    sim.step(2)
    print(f"| {n} x {n} with lines: static | {static:.2f} s | < 1 s |")
    print(f"| {n} x {n} with lines: a step | {measured(lambda: sim.step(1), 5):.2f} s | < 0.5 s |", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--size", type=int, nargs="+", default=[16, 32, 64, 128])
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    print(f"load of the machine {os.getloadavg()[0]:.1f}\n")
    print("| what | measured | bar |\n|---|---|---|")
    bad_python = os.environ.get("MEMNET_BADCROSSBAR")
    if bad_python is None:
        print("| badcrossbar | set MEMNET_BADCROSSBAR to a Python that has it | |")
    for size in arguments.size if bad_python else ():
        against_badcrossbar(size, arguments.rounds, bad_python)
    without_lines(512, arguments.rounds)
    large(256)
