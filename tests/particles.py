"""Diffusive memristors side by side, and closed forms of their letters."""

import numpy as np

import memnet as mn


def parallel(device, voltage=0.0, *, n=1, dt=0.01, seed=1, others=(), **options):
    """So many realisations side by side between two electrodes, and after them further devices, one edge each."""
    net = mn.Network(2, [(0, 1)] * (n + len(others)), electrodes={"a": 0, "b": 1})
    devices = [*[device] * n, *others] if others else device
    return mn.Simulation(net, devices, {"a": voltage, "b": 0.0}, dt=dt, seed=seed, **options)


def placed(device, x, voltage=0.0, **options):
    """Edges whose particles are at the rows of x."""
    x = np.atleast_2d(x)
    sim = parallel(device, voltage, n=len(x), **options)
    sim.set_state(device, x=x)
    return sim


def largest_conductance(device):
    n = device.n + 1
    return 1.0 / (n * np.exp(2.0 / (n * device.lam)) * device.r_t)


def potential(device, x):
    """The energy of one particle of wells, or of all of pairs."""
    pinning = device.w_p / 2.0 * np.sin(2.0 * np.pi * (x / device.r_p + device.phase))
    near = np.exp(-((x + device.x_c) ** 2) / device.r_i**2) + np.exp(-((x - device.x_c) ** 2) / device.r_i**2)
    if device.potential == "wells":
        return pinning - device.w_i * near
    each = np.exp(-(np.subtract.outer(x, x) ** 2) / device.r_i**2)
    return (pinning - 0.5 * device.w_i * near).sum() - device.w_i / device.n * np.triu(each, 1).sum()


def longest_substep(device):
    terminals = (2.0 if device.potential == "wells" else 3.0) * device.w_i / device.r_i**2
    return device.eta / (device.kappa * (terminals + 2.0 * np.pi**2 * device.w_p / device.r_p**2))
