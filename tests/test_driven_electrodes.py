"""Networks whose electrodes are all driven by voltages, which are solved with the electrodes joined to one: the same
numbers as with electrodes apart, and the same bits whatever is recorded, changed, saved or asked in between."""

import copy

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import memnet as mn
from memnet import _core

SIDE = 20


@pytest.fixture(scope="module")
def array():
    return mn.crossbar(SIDE, SIDE, line_resistance=1.0, contact_resistance=1.0)


def volts(net, seed=0):
    rng = np.random.default_rng(seed)
    return {name: float(v) for name, v in zip(net.electrodes, rng.uniform(-1.0, 1.0, len(net.electrodes)), strict=True)}


def simulated(net, drive, order="auto"):
    waves = {name: mn.drive.sine(v, 10.0) if name == "w0" else v for name, v in drive.items()}
    return mn.Simulation(net, mn.RateBalance(g_min=1e-6, g_max=1e-3), waves, dt=1e-3, seed=1, order=order)


def updates(sim):
    return sim.info["solver"]["n_updates"]


def test_joined_electrodes_save_updates(array):
    drive = volts(array)
    assert updates(simulated(array, drive)) < 0.7 * updates(simulated(array, drive | {"b3": None}))
    apart, joined = (_core.Solver(array.core, "kron", driven=driven).info() for driven in (False, True))
    assert joined["n_updates"] < 0.7 * apart["n_updates"]
    assert joined["bytes"] <= 1.3 * apart["bytes"]


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 10**6), st.sampled_from([1e-4, 1.0, 1e3]), st.sampled_from([0.0, 0.2]), st.sampled_from([0.0, 5.0])
)
def test_it_agrees_with_electrodes_apart(array, seed, line, open_part, offset):
    rng = np.random.default_rng(seed)
    cells = np.where(rng.random((SIDE, SIDE)) < open_part, 0.0, 10.0 ** rng.uniform(-9.0, -3.0, (SIDE, SIDE)))
    g = mn.cell_conductances(array, cells)
    g = np.where(g == 1.0, 1.0 / line, g)
    value = offset + rng.choice([rng.random(), 0.0, 0.5, rng.random()], len(array.electrodes))
    role = np.full(len(value), 1, dtype=np.uint8)
    found = []
    for driven in (True, False):
        core = _core.Solver(array.core, "kron", driven=driven)
        core.factor(g)
        found.append(core.solve(role, value))
    matrix = core_matrix(array, g)
    apart = (np.abs(matrix) * (1.0 - np.eye(len(value))) * np.abs(value - value[:, None])).sum(axis=1)
    joined, full = found
    np.testing.assert_allclose(joined["potential"], full["potential"], rtol=1e-13)
    assert (np.abs(joined["current"] - full["current"]) <= 1e-13 * apart).all()
    np.testing.assert_allclose(joined["conductance"], full["conductance"], rtol=1e-13)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([0.0, 9.0]), st.booleans())
def test_kirchhoffs_law_where_potentials_have_both_signs(array, seed, decades, apart):
    rng = np.random.default_rng(seed)
    net = mn.grid(30, 30) if apart else array
    n, eps = len(net.electrodes), np.finfo(float).eps
    g = 10.0 ** rng.uniform(-9.0, 0.0, net.n_edges)
    value = rng.choice([-1.0, 1.0], n) * 10.0 ** rng.uniform(-decades, 0.0, n)
    core = _core.Solver(net.core, "kron", driven=True)
    core.factor(g)
    v, size = (core.solve(np.full(n, 1, dtype=np.uint8), one)["potential"] for one in (value, np.abs(value)))
    free = np.setdiff1d(np.arange(net.n_nodes), np.concatenate(list(net.electrodes.values())))
    a, b = net.edges.T
    flow, rounding = g * (v[a] - v[b]), g * (size[a] + size[b])
    residual = np.bincount(a, flow, net.n_nodes) - np.bincount(b, flow, net.n_nodes)
    bound = 8.0 * eps * (np.bincount(a, rounding, net.n_nodes) + np.bincount(b, rounding, net.n_nodes))
    assert (np.abs(residual) <= bound)[free].all()


def core_matrix(net, g):
    core = _core.Solver(net.core, "kron")
    core.factor(g)
    return core.terminal()


def test_what_is_recorded_and_asked_changes_no_bit(array):
    drive = volts(array)
    plain, recorded, looked = (simulated(array, drive) for _ in range(3))
    plain.run(40)
    data = recorded.run(40, record=["conductance", "current"])
    for _ in range(40):
        looked.step(1)
        assert looked.terminal_conductance > 0.0
    for other in (recorded, looked):
        assert (other.potential == plain.potential).all()
        assert (other.current == plain.current).all()
        assert other.terminal_conductance == plain.terminal_conductance
    assert data.conductance.values[-1] == plain.terminal_conductance


def at_once(net, sim):
    """Return what a solver finds that is asked for potentials and currents in one call."""
    core = _core.Solver(net.core, "kron", driven=True)
    core.factor(np.array(sim.conductance))
    return core.solve(np.ones(len(net.electrodes), dtype=np.uint8), np.array(sim.voltage))


@pytest.mark.parametrize("conductance_first", [False, True])
@pytest.mark.parametrize("offset", [-5.0, 0.0, 5.0])
def test_currents_that_are_asked_for_later_have_the_bits_of_those_at_once(array, offset, conductance_first):
    sim = simulated(array, {name: v + offset for name, v in volts(array, 7).items()})
    for n_steps in (1, 2):
        sim.step(n_steps)
        if conductance_first:
            assert sim.terminal_conductance > 0.0
        copied = copy.deepcopy(sim)
        found = at_once(array, sim)
        np.testing.assert_array_equal(sim.current, found["current"])
        np.testing.assert_array_equal(copied.current, found["current"])
        np.testing.assert_array_equal(sim.potential, found["potential"])


def test_a_step_that_was_stopped_changes_no_bit(array):
    sim, asked, plain = (simulated(array, volts(array)) for _ in range(3))
    for one in (sim, asked, plain):
        one.step(3)
    assert np.isfinite(asked.current).all()
    for one in (sim, asked):
        one._core.cancel(True)
        with pytest.raises(KeyboardInterrupt):
            one.step(1)
    np.testing.assert_array_equal(sim.current, asked.current)
    assert np.isfinite(sim.current).all()
    for one in (plain, sim, asked):
        one.step(2)
        np.testing.assert_array_equal(one.current, plain.current)
        np.testing.assert_array_equal(one.potential, plain.potential)


def test_terminal_conductance_is_that_of_the_matrix(array):
    sim = simulated(array, volts(array))
    sim.step(5)
    g = np.array(sim.conductance)
    matrix = core_matrix(array, g)
    np.testing.assert_allclose(sim.terminal_conductance, matrix[0, 0], rtol=1e-13)
    again = copy.deepcopy(sim)
    assert again.terminal_conductance == sim.terminal_conductance


def test_another_drive_takes_the_solver_that_it_needs(array):
    drive = volts(array)
    floating = drive | {"b3": None, "w4": None}
    changing, apart, back = (simulated(array, one) for one in (drive, floating, drive))
    n_joined, n_apart = updates(changing), updates(apart)
    for sim, one in ((changing, floating), (apart, floating), (back, drive)):
        sim.step(4)
        assert updates(sim) == (n_apart if sim is apart else n_joined)
        sim.set_drive(one)
    changing.step(3)
    assert updates(changing) == n_apart
    assert np.isfinite(changing.terminal_conductance)
    kept = copy.deepcopy(changing)
    assert updates(kept) == n_apart
    for sim in (changing, kept):
        sim.set_drive(drive)
        sim.step(3)
        assert updates(sim) == n_joined
    back.step(6)
    assert (kept.current == changing.current).all()
    assert np.isfinite(back.current).all()


def test_replicas_have_the_bits_of_one(array):
    rng = np.random.default_rng(3)
    g = 10.0 ** rng.uniform(-6.0, -3.0, (3, array.n_edges))
    together = mn.solve(array, g, volts(array))
    for k in range(3):
        alone = mn.solve(array, g[k], volts(array))
        assert (alone.potential == together.potential[k]).all()
        assert (alone.current == together.current[k]).all()
