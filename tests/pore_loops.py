"""What tests of pores share: one edge, loops under a sine, the largest value between rows."""

import numpy as np

import memnet as mn

EDGE = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
# From the devices' units to those of the paper: uA.
MICRO = 1e6


def periodic_loop(simulation, amplitude, frequency, *, rows=4000, rtol=1e-8, tolerance=1e-8, **more):
    """The periodic state under a sine, from a function that makes the simulation of (drive, dt, method, rtol)."""
    wave = mn.drive.sine(amplitude, frequency=frequency)
    sim = simulation({"in": wave, "out": 0.0}, dt=1.0 / frequency / rows, method="adaptive", rtol=rtol)
    return mn.periodic(sim, 1.0 / frequency, tolerance, **more)


def single(device):
    """What makes simulations of one device."""
    return lambda drive, **options: mn.Simulation(EDGE, device, drive, **options)


def combined(*elements):
    """What makes simulations of a circuit of (from, to, device)."""
    circuit = mn.Circuit()
    for a, b, device in elements:
        circuit.add(a, b, device)
    return circuit.simulation


def largest(values):
    """The maximum of a smooth curve of evenly spaced values: of the parabola through the three around it."""
    k = int(np.argmax(values))
    before, here, after = values[k - 1 : k + 2]
    return here + (after - before) ** 2 / (8.0 * (2.0 * here - before - after))
