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

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # idle threads of a library count as time of the process

import numpy as np

import memnet as mn
from memnet import study

WHOLE = 10_000


def made(n: int, size: float) -> tuple[study.Ensemble, list[mn.Simulation]]:
    """Return an ensemble, and simulations that are its replicas."""
    net = mn.percolating(size=size, coverage=0.65, seed=1)
    devices = mn.mix(net, {mn.TunnelGap(): 0.75, mn.RateBalance(): 0.25}, seed=2)
    voltages = 10.0 + 0.01 * np.arange(n)
    sim = mn.Simulation(net, devices, {"left": 10.0, "right": 0.0}, seed=0)
    print(f"{n} replicas of {net.n_nodes} nodes, {net.n_edges} edges", flush=True)
    alone = [mn.Simulation(net, devices, {"left": v, "right": 0.0}, seed=k) for k, v in enumerate(voltages)]
    return mn.ensemble(sim, n, seeds=range(n), drives={"left": list(voltages)}), alone


def seconds(work: object) -> float:
    """Return the processor time of a call."""
    start = time.process_time()
    work()  # type: ignore[operator]
    return time.process_time() - start


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
    together, apart, ratios = 0.0, 0.0, []
    for _ in range(steps // piece):
        one = seconds(lambda: [sim.step(piece) for sim in alone])
        other = seconds(lambda: ens.step(piece))
        apart, together = apart + one, together + other
        ratios.append(one / other)
    each = 1e6 / (steps * given.replicas)
    same = all(
        np.array_equal(ens[k].state(device, name), sim.state(device, name))
        for k, sim in enumerate(alone)
        for device, name in zip(sim.devices, ("d", "g"), strict=True)
    )
    print(f"one after the other {apart:.1f} s, {apart * each:.1f} us a step of one")
    print(f"as an ensemble      {together:.1f} s, {together * each:.1f} us")
    print(f"ratio {apart / together:.2f}, of pieces {min(ratios):.2f} to {max(ratios):.2f}; same bits: {same}")


if __name__ == "__main__":
    main()
