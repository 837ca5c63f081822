"""Membranes of Hodgkin and Huxley in networks: an axon and a sheet, against SciPy and shorter steps."""

import membranes
import numpy as np
import pytest
from scipy.optimize import brentq

import memnet as mn

REST = brentq(membranes.steady_current, -5.0, 5.0, xtol=1e-15)  # mV
CORE = 5e-3  # S, between membranes of 1 cm2
PULSE, STRENGTH = 0.5, 1e-4  # ms, A


def axon(n, preset="figure-6", **options):
    """Return membranes that resistors join, with a pulse at the first."""
    resting = mn.HodgkinHuxley.preset(preset).parameters["V_R"]
    membrane = mn.HodgkinHuxley.preset(preset, v_initial=resting + 1e-3 * REST)
    circuit, core = mn.Circuit(), mn.Resistor(conductance=CORE)
    for k in range(n):
        circuit.add(f"n{k}", "outside", membrane)
    for k in range(1, n):
        circuit.add(f"n{k - 1}", f"n{k}", core)
    pulse = mn.drive.steps([STRENGTH, 0.0], [0.0, 1e-3 * PULSE])
    return circuit.simulation({"n0": mn.drive.current(pulse), "outside": 0.0}, method="adaptive", **options), resting


def along(x):
    """Return what flows out of each membrane of a chain whose neighbours a conductance of 1 joins."""
    flows = np.diff(x)
    return np.append(0.0, flows) - np.append(flows, 0.0)


def axon_by_scipy(n, duration, rows):
    stimulus = np.zeros(n)
    stimulus[0] = 1e6 * STRENGTH
    stimuli = [(PULSE, stimulus), (duration, np.zeros(n))]
    return membranes.coupled(membranes.at_rest(REST, n), lambda u: 1e3 * CORE * along(u), stimuli, rows, rtol=1e-8)


@pytest.mark.parametrize("preset", ["figure-6", "absolute"])
def test_conduction_along_an_axon_of_50(preset):
    n, duration, ends = 50, 12.0, [10, 40]
    sim, resting = axon(n, preset, dt=2e-5, rtol=1e-3)
    data = sim.run(duration=1e-3 * duration, record=["potential"], progress=False)
    u = 1e3 * (np.stack([data.potential.sel(potential_node=f"n{k}").values for k in range(n)], axis=1) - resting)
    time = 1e3 * data.time.values
    exact = axon_by_scipy(n, duration, time)
    first, last = membranes.arrivals(time, u[:, ends])
    first_exact, last_exact = membranes.arrivals(time, exact[:, ends])
    assert u.max(axis=0).min() > 90.0
    assert last - first == pytest.approx(last_exact - first_exact, rel=1e-3)
    assert [first, last] == pytest.approx([first_exact, last_exact], rel=1e-3)


def sheet(size, preset, **options):
    """Return membranes at the nodes of a grid, and a pulse into six of them in a corner."""
    cells = mn.grid(size, size, diagonals="none")
    n = cells.n_nodes
    outside = np.stack([np.arange(n), np.full(n, n)], axis=1)
    corner = [0, 1, 2, size, size + 1, 2 * size]
    net = mn.Network(n + 1, np.concatenate([cells.edges, outside]), electrodes={"corner": corner, "ground": n})
    resting = mn.HodgkinHuxley.preset(preset).parameters["V_R"]
    membrane = mn.HodgkinHuxley.preset(preset, area=1e-10, v_initial=resting + 1e-3 * REST)
    devices = [mn.Resistor(conductance=20e-9)] * cells.n_edges + [membrane] * n
    pulse = mn.drive.steps([1.8e-9, 0.0], [0.0, 0.5e-3])
    return mn.Simulation(net, devices, {"corner": mn.drive.current(pulse), "ground": 0.0}, **options), resting


def passage(size, ends, preset, duration, dt=2e-4, **options):
    """Return the time (ms) that a wave takes between two nodes, and how many steps it took."""
    sim, resting = sheet(size, preset, dt=dt, **options)
    data = sim.run(duration=duration, record={"potential": ends}, progress=False)
    first, last = membranes.arrivals(1e3 * data.time.values, 1e3 * (data.potential.values - resting))
    return last - first, sim.counters["steps"]


@pytest.mark.parametrize("preset", ["figure-6", "absolute"])
def test_a_wave_through_a_small_sheet(preset):
    """Half the step is an eighth of rtol, as errors go with the third power."""
    whole, _ = passage(16, [4, 12], preset, 8e-3, dt=1e-4, method="adaptive", rtol=1e-2)
    half, _ = passage(16, [4, 12], preset, 8e-3, dt=1e-4, method="adaptive", rtol=1e-2 / 8)
    assert whole == pytest.approx(half, rel=1e-3)


def test_fixed_steps_and_adaptive_ones_see_one_wave():
    adaptive, _ = passage(12, [3, 9], "figure-6", 6e-3, dt=5e-5, method="adaptive", rtol=1e-3)
    fixed, _ = passage(12, [3, 9], "figure-6", 6e-3, dt=1e-5, method="fixed")
    assert fixed == pytest.approx(adaptive, rel=1e-3)


def test_steps_do_not_depend_on_where_potentials_count_from():
    """At V_R = 0 a membrane rests at 0 V, where its current is nothing beside what its states could move."""
    _, from_zero = passage(12, [3, 9], "figure-6", 8e-3, method="adaptive", rtol=1e-2)
    _, absolute = passage(12, [3, 9], "absolute", 8e-3, method="adaptive", rtol=1e-2)
    assert 0.8 * absolute < from_zero < 1.25 * absolute


def test_newton_ends_where_what_cancels_at_rest_leaves_nothing_but_rounding():
    """A few solves a step, with potentials from rest as with absolute ones."""
    solves = []
    for preset in ("figure-6", "absolute"):
        sim, _ = sheet(24, preset, dt=2e-5, method="fixed")
        sim.step(50)
        solves.append(sim.counters["solves"])
    assert solves[0] < 1.5 * solves[1]


@pytest.mark.slow
def test_a_wave_through_a_sheet_of_100_x_100():
    whole, steps = passage(100, [25, 75], "absolute", 10e-3, method="adaptive", rtol=0.1)
    half, more = passage(100, [25, 75], "absolute", 10e-3, method="adaptive", rtol=0.1 / 8)
    assert more > 1.5 * steps
    assert whole == pytest.approx(half, rel=1e-3)
