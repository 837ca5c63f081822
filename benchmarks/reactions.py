"""What reactions cost: a step with some beside one without, on one network, in turns.

    python benchmarks/reactions.py [--steps 400]

Prints a Markdown table. The network switches all the time, so events are looked at in nearly every step; no waveform of
these reactions is ever over, and none counts twice.
"""

from __future__ import annotations

import argparse
import time

import memnet as mn

SIZES = (40, 100)
COUNTS = (1, 10, 100)
ROUNDS = 9


def simulation(net: mn.Network, count: int) -> mn.Simulation:
    """Return a network of switches whose first edge starts a sine for ever in each of `count` reactions."""
    device = mn.TunnelSwitch()
    drive = {"left": mn.drive.triangle(-8.0, 8.0, period=1.0), "right": 0.0}
    wave = mn.drive.sine(1e-9, frequency=1.0)
    one = mn.react(device, "any", electrode="left", wave=wave, overlap="sum", refractory=1e9, edges=[0])
    return mn.Simulation(net, device, drive, dt=1e-3, seed=1, reactions=[one] * count)


def seconds(net: mn.Network, count: int, steps: int) -> float:
    """Return the processor time of a step once the waveforms run."""
    sim = simulation(net, count)
    sim.step(600)
    start = time.thread_time()
    sim.step(steps)
    return (time.thread_time() - start) / steps


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=400)
    steps = parser.parse_args().steps
    print("| edges | reactions | a step without (us) | a step with (us) | each (us) | ratio |")
    print("|---|---|---|---|---|---|")
    for size in SIZES:
        net = mn.percolating(size=size, coverage=0.6, seed=1)
        for count in COUNTS:
            pairs = [(seconds(net, 0, steps), seconds(net, count, steps)) for _ in range(ROUNDS)]
            without, with_them = (1e6 * min(times) for times in zip(*pairs, strict=True))
            each, ratio = (with_them - without) / count, with_them / without
            print(f"| {net.n_edges} | {count} | {without:.1f} | {with_them:.1f} | {each:.2f} | {ratio:.2f} |")


if __name__ == "__main__":
    main()
