"""What reactions cost: a step with some beside one without, in turns.

    python benchmarks/reactions.py [--steps 400]

Prints a Markdown table. The networks switch all the time, so there are events to look at in nearly every step.
Reactions that run have each started a sine for ever, and no event counts twice; those that are idle hear edges that
never switch. The circuit is an oscillator in implicit steps of a 150th of its period, whose reaction starts one pulse a
period.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections.abc import Callable, Iterator

import memnet as mn

SIZES = (40, 100)
COUNTS = (1, 10, 100)
ROUNDS = 9
LEAD = 600  # steps until all waveforms run
PERIOD = 18e-6  # s, of the oscillator, nearly

Make = Callable[[int], mn.Simulation]


def network(size: int, kind: str) -> tuple[int, Make]:
    """Return how many edges a network of switches has, and what makes its simulation with some reactions."""
    net = mn.percolating(size=size, coverage=0.6, seed=1)
    device = mn.TunnelSwitch()
    drive = {"left": mn.drive.triangle(-8.0, 8.0, period=1.0), "right": 0.0}
    wave = mn.drive.sine(1e-9, frequency=1.0)

    def simulate(edges: list[int]) -> mn.Simulation:
        reactions = [
            mn.react(device, "any", electrode="left", wave=wave, overlap="sum", refractory=1e9, edges=[edge])
            for edge in edges
        ]
        return mn.Simulation(net, device, drive, dt=1e-3, seed=1, reactions=reactions)

    switching = set(simulate([]).run(5 * LEAD).event_edge.values.tolist())
    still = [edge for edge in range(net.n_edges) if edge not in switching]
    return net.n_edges, lambda count: simulate([0] * count if kind == "run" else still[:count])


def oscillator(count: int) -> mn.Simulation:
    """Return a switch beside a capacitor, coupled to another capacitor at which a reaction, or none, starts pulses."""
    circuit = mn.Circuit()
    capacitor = mn.Capacitor(capacitance=1e-9, method="trapezoidal")
    switch = mn.ThresholdSwitch(v_on=1.2, v_off=0.4, r_on=500.0, r_off=1e6)
    circuit.add("in", "a", mn.Resistor(conductance=50e-6))
    circuit.add("a", "gnd", capacitor)
    circuit.add("a", "gnd", switch)
    circuit.add("other", "b", mn.Resistor(conductance=40e-6))
    circuit.add("b", "gnd", capacitor)
    circuit.add("a", "b", mn.Resistor(conductance=1e-7))
    pulse = mn.drive.pulses(0.0, 0.1, length=PERIOD / 10, spacing=PERIOD, count=1)
    reactions = [mn.react(switch, "closed", electrode="other", wave=pulse, overlap="sum")] * count
    return circuit.simulation({"in": 2.0, "other": 0.5, "gnd": 0.0}, dt=PERIOD / 150, reactions=reactions)


def seconds(sim: mn.Simulation, steps: int) -> float:
    """Return the processor time of a step once the waveforms run."""
    sim.step(LEAD)
    start = time.process_time()
    sim.step(steps)
    return (time.process_time() - start) / steps


def cases() -> Iterator[tuple[str, str, int, Make]]:
    """Give what is simulated, what its reactions do, how many there are, and what makes it."""
    for kind in ("run", "idle"):
        for size in SIZES:
            n_edges, make = network(size, kind)
            for count in COUNTS:
                yield f"switches, {n_edges} edges", kind, count, make
    yield "oscillator, 6 edges", "run", 1, oscillator


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=400)
    steps = parser.parse_args().steps
    warnings.simplefilter("ignore", mn.StepWarning)  # nobody asks how right these results are
    print("| circuit | reactions | a step without (us) | a step with (us) | each (us) | ratio |")
    print("|---|---|---|---|---|---|")
    for circuit, kind, count, make in cases():
        pairs = [(seconds(make(0), steps), seconds(make(count), steps)) for _ in range(ROUNDS)]
        without, with_them = (1e6 * min(times) for times in zip(*pairs, strict=True))
        each, ratio = (with_them - without) / count, with_them / without
        verb = {"run": "runs" if count == 1 else "run", "idle": "is idle" if count == 1 else "are idle"}[kind]
        print(f"| {circuit} | {count} {verb} | {without:.1f} | {with_them:.1f} | {each:.2f} | {ratio:.2f} |")


if __name__ == "__main__":
    main()
