"""How soon Ctrl-C stops each long call, and how far another thread gets meanwhile: `make bench`, or

    python benchmarks/interrupts.py [--presses 5] [name ...]

Each call is made in a process of its own, with input that takes seconds. Once it runs by itself; then SIGINT is sent at
moments spread over the time that it took (its first LONGEST seconds), so that each press meets another part. Prints a
Markdown table. Beside the latency it tells the longest time in which a second thread, which wakes up every 5 ms, could
not go on.
"""

from __future__ import annotations

import argparse
import json
import os
import select
import signal
import statistics
import subprocess
import sys
import time
from typing import NamedTuple

LONGEST = 10.0  # s of a call that are looked at


class Call(NamedTuple):
    """A long call: what is needed before it, and the call."""

    before: str
    call: str


class Found(NamedTuple):
    """What was seen of one call; times in s."""

    delays: list[float]
    stalls: list[float]


WIDE = """
net = mn.grid(1000, 1000, 'none', electrodes={'a': 0, 'b': 999999})
g = np.random.default_rng(1).random(net.n_edges)
"""
FAN = """
t = np.linspace(0.0, 1.0, 400_000)
ends = np.stack([t * 1e-3, 0 * t, t * 1e-3 + 1.0, 0 * t + 1.0], axis=1)
"""
SWEEP = """
t = np.linspace(0.0, 4.0, {n}); v = 1.5 * np.abs(np.sin(np.pi * t)); g = 1e-4 + 1e-4 * np.cumsum(v) / np.sum(v)
"""
SIMULATION = """
net = mn.percolating(200, 0.65, seed=1)
devices = mn.mix(net, {mn.TunnelGap(): 0.75, mn.RateBalance(): 0.25}, seed=2)
sim = mn.Simulation(net, devices, drive={"left": 3.0, "right": 0.0}, dt=1.0, seed=0)
"""

CALLS = {
    "random_network": Call("", "mn.random_network(8_000_000, 6.0, seed=1)"),
    "grid": Call("", "mn.grid(5_000, 5_000, seed=1)"),
    "percolating": Call("", "mn.percolating(1_500, 0.6, seed=1)"),
    "percolating, huge max_gap": Call("", "mn.percolating(300, 0.6, max_gap=200.0, seed=1)"),
    "nanowires": Call("", "mn.nanowires(600_000, size=2000, length=20, seed=1)"),
    "nanowires, resistive": Call("", "mn.nanowires(200_000, size=1000, length=20, wire_resistance=5.0, seed=1)"),
    "nanowires_at": Call(FAN, "mn.nanowires_at(ends, electrodes={'a': [0], 'b': [1]})"),
    "from_networkx": Call(
        "import networkx as nx; graph = nx.path_graph(1_500_000)",
        "mn.from_networkx(graph, electrodes={'a': 0, 'b': 9})",
    ),
    "Network": Call(
        "edges = np.random.default_rng(1).integers(0, 10**6, (10**7, 2)); edges = edges[edges[:, 0] != edges[:, 1]]",
        "mn.Network(10**6, edges, electrodes={'a': 0, 'b': 9})",
    ),
    "Simulation": Call(WIDE, "mn.Simulation(net, mn.RateBalance(), {'a': 1.0, 'b': 0.0})"),
    "solve, kron": Call(WIDE, "mn.solve(net, g, {'a': 1.0, 'b': 0.0})"),
    "solve, umfpack": Call(WIDE, "mn.solve(net, g, {'a': 1.0, 'b': 0.0}, solver='umfpack')"),
    "solve, replicas": Call(
        "net = mn.percolating(150, 0.6, seed=1); g = np.random.default_rng(1).random((20_000, net.n_edges))",
        "mn.solve(net, g, {'left': 1.0, 'right': 0.0})",
    ),
    "terminal_conductance": Call(
        "net = mn.grid(500, 500, 'none', electrodes={f'e{k}': 500 * k for k in range(500)})",
        "mn.terminal_conductance(net, 1.0)",
    ),
    "trend": Call("y = np.random.default_rng(1).random(40_000)", "mn.analysis.trend(y)"),
    "fit_power_law": Call(
        "y = np.random.default_rng(1).zipf(2.2, 300_000)", "mn.analysis.fit_power_law(y, discrete=True)"
    ),
    "fit_mean_field": Call(SWEEP.format(n=20_000), "mn.theory.fit_mean_field(t, v, g, n_starts=40, seed=1)"),
    "mean field": Call(
        "field = mn.theory.RateBalanceField(kappa_p0=0.1, kappa_d0=0.1, eta_p=2.0, eta_d=2.0, g_min=1e-4, chi=10.0)",
        "field.integrate(np.linspace(0.0, 500.0, 200_000), mn.drive.sine(1.0, 50.0))",
    ),
    "run": Call(SIMULATION, "sim.run(20_000_000, every=1000)"),
    "run, long steps": Call(WIDE + "sim = mn.Simulation(net, mn.RateBalance(), {'a': 1.0, 'b': 0.0})", "sim.run(1000)"),
    "save": Call(
        "net = mn.grid(1000, 1000, 'none', electrodes={'a': 0, 'b': 1})\n"
        "sim = mn.Simulation(net, mn.RateBalance(), {'a': 1.0, 'b': 0.0}); import tempfile, os",
        "[sim.save(os.path.join(tempfile.gettempdir(), f'memnet-{os.getpid()}.mn')) for _ in range(100)]",
    ),
}

# What a shell starts in the background or under nohup ignores SIGINT, and hands that on to its children.
CHILD = """
import json, os, signal, sys, threading, time
signal.signal(signal.SIGINT, signal.default_int_handler)
import numpy as np
import memnet as mn
{before}
stalls, on = [0.0], True
def count():
    last = time.monotonic()
    while on:
        time.sleep(0.005)
        now = time.monotonic()
        stalls.append(now - last)
        last = now
thread = threading.Thread(target=count)
thread.start()
print("ready", flush=True)
ended = None
try:
    result = {call}
except KeyboardInterrupt:
    ended = time.monotonic()
on = False
print(json.dumps(dict(ended=ended, stall=max(stalls))), flush=True)
os._exit(0)
"""


def press(call: Call, after: float | None) -> tuple[float | None, float]:
    """Seconds from Ctrl-C to KeyboardInterrupt, None where the call was over before; the longest stall.

    With no moment to press it at, the time that the call takes, and 0.
    """
    code = CHILD.format(before=call.before, call=call.call)
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        if running.stdout.readline() != "ready\n":
            raise RuntimeError(f"{call.call} could not be prepared")
        if after is None:
            start = time.monotonic()
            over = select.select([running.stdout], [], [], LONGEST)[0]
            if over:
                running.stdout.readline()
            else:
                running.kill()
            return time.monotonic() - start, 0.0
        time.sleep(after)
        sent = time.monotonic()
        running.send_signal(signal.SIGINT)
        answer = running.stdout.readline()
    if not answer:
        return None, 0.0
    found = json.loads(answer)
    return None if found["ended"] is None else found["ended"] - sent, found["stall"]


def measure(call: Call, presses: int) -> Found:
    """Latencies and stalls of several presses at different moments."""
    delays, stalls = [], []
    duration, _ = press(call, None)
    assert duration is not None
    for k in range(presses):
        delay, stall = press(call, duration * (k + 0.5) / presses)
        if delay is not None:
            delays.append(delay)
            stalls.append(stall)
    return Found(delays, stalls)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure Ctrl-C in memnet's long calls; prints a Markdown table.")
    parser.add_argument("--presses", type=int, default=5, help="times that Ctrl-C is pressed in each call")
    parser.add_argument("names", nargs="*", choices=[[], *CALLS], help="only these")
    options = parser.parse_args()
    print(f"Load of the machine when it began: {os.getloadavg()[0]:.1f}. Times on the clock.\n")
    print("| call | Ctrl-C, median | worst | longest stall of another thread | presses |\n|---|---|---|---|---|")
    for name in options.names or CALLS:
        found = measure(CALLS[name], options.presses)
        if not found.delays:
            print(f"| {name} | over before Ctrl-C | | | 0 |", flush=True)
            continue
        median, worst, stall = statistics.median(found.delays), max(found.delays), max(found.stalls)
        print(f"| {name} | {median:.3f} s | {worst:.3f} s | {stall:.3f} s | {len(found.delays)} |", flush=True)


if __name__ == "__main__":
    main()
