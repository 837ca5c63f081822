"""What an ensemble takes beside its replicas one after the other, in seconds of one processor core.

    python benchmarks/ensembles.py                    interleaved pieces of both, until each has 1,000 steps
    python benchmarks/ensembles.py --steps 10000      the same, longer
    python benchmarks/ensembles.py --whole            10,000 steps of either in one call

The network is that of README.md on an area of 200 x 200: tunnel gaps and synapses, 3 : 1. Every replica has its own
voltage and seed. At the end the states of both are compared, bit by bit.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from typing import NamedTuple

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # idle threads of a library count as time of the process

import numpy as np

import memnet as mn
from memnet import study

WHOLE = 10_000


class Found(NamedTuple):
    """CPU seconds of all replicas as an ensemble and one after the other, their ratio piece by piece, equal bits."""

    together: float
    apart: float
    ratios: list[float]
    same: bool


def made(n: int, size: float) -> tuple[study.Ensemble, list[mn.Simulation]]:
    """Return an ensemble, and simulations that are its replicas."""
    net = mn.percolating(size=size, coverage=0.65, seed=1)
    devices = mn.mix(net, {mn.TunnelGap(): 0.75, mn.RateBalance(): 0.25}, seed=2)
    voltages = 10.0 + 0.01 * np.arange(n)
    sim = mn.Simulation(net, devices, {"left": 10.0, "right": 0.0}, seed=0)
    alone = [mn.Simulation(net, devices, {"left": v, "right": 0.0}, seed=k) for k, v in enumerate(voltages)]
    return mn.ensemble(sim, n, seeds=range(n), drives={"left": list(voltages)}), alone


def seconds(work: Callable[[], object]) -> float:
    """Return the processor time of a call."""
    start = time.process_time()
    work()
    return time.process_time() - start


def interleaved(ens: study.Ensemble, alone: list[mn.Simulation], steps: int, piece: int) -> Found:
    """Step both in pieces that take turns, and compare their states."""
    together, apart, ratios = 0.0, 0.0, []
    for _ in range(steps // piece):
        one = seconds(lambda: [sim.step(piece) for sim in alone])
        other = seconds(lambda: ens.step(piece))
        apart, together = apart + one, together + other
        ratios.append(one / other)
    same = all(
        np.array_equal(ens[k].state(device, name), sim.state(device, name))
        for k, sim in enumerate(alone)
        for device, name in zip(sim.devices, ("d", "g"), strict=True)
    )
    return Found(together, apart, ratios, same)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replicas", type=int, default=64)
    parser.add_argument("--size", type=float, default=200.0)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--piece", type=int, default=100)
    parser.add_argument("--whole", action="store_true")
    given = parser.parse_args()
    steps, piece = (WHOLE, WHOLE) if given.whole else (given.steps, given.piece)
    ens, alone = made(given.replicas, given.size)
    net = alone[0].net
    print(f"{given.replicas} replicas of {net.n_nodes} nodes, {net.n_edges} edges", flush=True)
    found = interleaved(ens, alone, steps, piece)
    each = 1e6 / (steps * given.replicas)
    print(f"one after the other {found.apart:.1f} s, {found.apart * each:.1f} us a step of one")
    print(f"as an ensemble      {found.together:.1f} s, {found.together * each:.1f} us")
    ratios = f"ratio {found.apart / found.together:.2f}, of pieces {min(found.ratios):.2f} to {max(found.ratios):.2f}"
    print(f"{ratios}; same bits: {found.same}")


if __name__ == "__main__":
    main()
