"""The networks that are measured, by name: each with conductances (S) and voltages of its electrodes (V).

Whatever needs one by its name (run.py, against.py, scaling.py) makes it here, so that a name is one system everywhere.
Imported under old commits of memnet, too (against.py), so it keeps to what those have.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

import memnet as mn
from memnet import _core

FLOOR = 1e-12  # S; the other solvers fail below
SEED = 1
DRIVE = {"left": 3.0, "right": 0.0}
VOLTAGE_ROLE = 1
LINE_RESISTANCE = 1.0  # ohm, of a segment
WIRES_SIDE = 500.0  # of 1,500 wires
DECADES = (-6.0, -4.0)  # of conductances, where the network has no gaps of its own


class System(NamedTuple):
    """A network, its conductances (S), and the voltage (V) of each electrode."""

    net: mn.Network
    conductance: np.ndarray
    voltage: np.ndarray


# ---------------------------------------------------------------- kinds


def sample(size: float = 200.0, seed: int = SEED) -> mn.Network:
    """Return the percolating network of A:C."""
    return mn.percolating(size=size, coverage=0.65, seed=seed)


def tunnelling(net: mn.Network) -> np.ndarray:
    """Return conductances of open gaps (S): exp(-200 L), floored so that every solver can run."""
    return np.maximum(_core.exp(-200.0 * np.asarray(net.length)), FLOOR)


def discs(size: float) -> System:
    net = sample(size)
    return System(net, tunnelling(net), np.array([DRIVE[name] for name in net.electrodes]))


def wires(n: int, length: float = 40.0) -> System:
    """Return nanowires at the density of 1,500 in 500 x 500; twice the length is dense."""
    side = WIRES_SIDE * (n / 1_500) ** 0.5
    return spread(mn.nanowires(n, size=side, length=length, length_sd=0.35 * length, seed=40))


def grid(side: int) -> System:
    return spread(mn.grid(side, side, "none"))


def random_network(n: int, degree: float = 6.0) -> System:
    return spread(mn.random_network(n, degree, seed=SEED, electrodes={"left": 0, "right": 1}))


def crossbar(n: int) -> System:
    """Return n x n cells with line resistance, words at 0.1 to 1 V, bits at 0 V."""
    net = mn.crossbar(n, n, line_resistance=LINE_RESISTANCE, contact_resistance=LINE_RESISTANCE)
    cells = 10.0 ** np.random.default_rng(SEED).uniform(*DECADES, (n, n))
    voltage = np.where(np.arange(2 * n) < n, 0.1 + 0.9 * (np.arange(2 * n) * 7 % 13) / 13.0, 0.0)
    return System(net, np.asarray(mn.cell_conductances(net, cells), dtype=float), voltage)


def spread(net: mn.Network) -> System:
    """Return a network with conductances over two decades, its first electrode at 3 V and the others at 0."""
    conductance = 10.0 ** np.random.default_rng(SEED).uniform(*DECADES, net.n_edges)
    voltage = np.zeros(len(net.electrodes))
    voltage[0] = 3.0
    return System(net, conductance, voltage)


SYSTEMS: dict[str, Callable[[], System]] = {
    "discs200": lambda: discs(200.0),
    "discs800": lambda: discs(800.0),
    "wires1k": lambda: wires(1_000),
    "wires10k": lambda: wires(10_000),
    "wires50k": lambda: wires(50_000),
    "dense1k": lambda: wires(1_000, 80.0),
    "dense10k": lambda: wires(10_000, 80.0),
    "dense50k": lambda: wires(50_000, 80.0),
    "grid200": lambda: grid(200),
    "grid500": lambda: grid(500),
    "crossbar128": lambda: crossbar(128),
    "crossbar256": lambda: crossbar(256),
    "crossbar512": lambda: crossbar(512),
    "random8k": lambda: random_network(8_000),
}


# ---------------------------------------------------------------- what is done with them


def driven_solver(net: mn.Network) -> _core.Solver:
    """Return a solver for electrodes that are all driven, which commits before that keyword have not."""
    try:
        return _core.Solver(net.core, "kron", driven=True)
    except TypeError:
        return _core.Solver(net.core, "kron")


def factor_and_solve(system: System, solver: _core.Solver) -> Callable[[], dict[str, np.ndarray]]:
    """Return a call that factors anew and solves with every electrode driven."""
    role = np.full(len(system.voltage), VOLTAGE_ROLE, dtype=np.uint8)

    def once() -> dict[str, np.ndarray]:
        solver.factor(system.conductance)
        return solver.solve(role, system.voltage)

    return once


def mixture(net: mn.Network, **options: object) -> mn.Simulation:
    """Return a run of A:C = 75:25."""
    devices = mn.mix(net, {mn.TunnelGap(): 0.75, mn.RateBalance(): 0.25}, seed=SEED + 1)
    return mn.Simulation(net, devices, drive=DRIVE, dt=1.0, seed=0, **options)


def moving(system: System, **options: object) -> mn.Simulation:
    """Return a run of rate balance on every edge but the segments of lines, whose resistance is fixed."""
    net = system.net
    device = mn.RateBalance(g_min=1e-6, g_max=1e-4)
    devices = mn.cell_devices(net, device) if hasattr(net.layout, "word_node") else device
    drive = dict(zip(net.electrodes, map(float, system.voltage), strict=True))
    return mn.Simulation(net, devices, drive, dt=1e-3, **options)
