"""The diffusive memristor against closed forms, mpmath, SciPy and a plain NumPy twin; its bits, what it refuses."""

import copy
import itertools
import json
import os
import signal
import threading

import mpmath
import numpy as np
import pytest
import reference as ref
import reference_devices as more
import xarray as xr
from cases import assert_same_data, assert_same_states
from hypothesis import given, settings, strategies as st
from particles import largest_conductance, longest_substep, parallel, placed, potential
from scipy.integrate import solve_ivp

import memnet as mn
from memnet.study import read_run_file

NO_HEAT = {"theta0": 0.0, "c_t": 0.0}
OUTPUTS = ["state:x", "state:theta", "state:r", "state:largest_gap"]


# ------------------------------------------------------------------ resistance


def exact_resistance(x, device):
    with mpmath.workdps(40):
        places = [mpmath.mpf(-1), *sorted(map(mpmath.mpf, map(float, x))), mpmath.mpf(1)]
        gaps = [b - a for a, b in itertools.pairwise(places)]
        return mpmath.mpf(device.r_t) * sum(mpmath.exp(gap / mpmath.mpf(device.lam)) for gap in gaps), max(gaps)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([1, 2, 3, 40, 127, 128]), st.sampled_from([0.004, 0.02, 0.2, 0.7]), st.integers(0, 2**32 - 1))
def test_the_resistance_of_given_places(n, lam, seed):
    device = mn.DiffusiveMemristor(n=n, lam=lam, r_t=1e4)
    x = np.random.default_rng(seed).uniform(-1.0, 1.0, n)
    sim = placed(device, x)
    r, gap = exact_resistance(x, device)
    assert abs(sim.state(device, "r")[0] / r - 1) <= 1e-14
    assert abs(sim.state(device, "largest_gap")[0] - gap) <= 2e-16
    assert 1.0 / sim.state(device, "r")[0] == sim.run(1).conductance[0]


def test_the_resistance_of_clusters_at_the_terminals_and_of_equal_gaps():
    device = mn.DiffusiveMemristor(n=1)
    for x in (-1.0, -0.3, 0.0, 0.85):
        want = 2.0 * np.exp(5.0) * np.cosh(x / 0.2)
        np.testing.assert_allclose(placed(device, [x]).state(device, "r"), want, rtol=1e-14)
    device = mn.DiffusiveMemristor()
    equal = np.linspace(-1.0, 1.0, 42)[1:-1]
    assert placed(device, equal).state(device, "r")[0] == pytest.approx(52.325, rel=1e-5)
    np.testing.assert_allclose(placed(device, equal).state(device, "r") * largest_conductance(device), 1.0, rtol=1e-14)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 128), st.integers(0, 2**32 - 1))
def test_the_order_of_particles_changes_no_bit_of_the_resistance(n, seed):
    rng = np.random.default_rng(seed)
    x = rng.choice([rng.uniform(-1.0, 1.0), *rng.uniform(-1.0, 1.0, n)], n)  # some at one place
    device = mn.DiffusiveMemristor(n=n)
    sim = placed(device, [x, rng.permutation(x), np.sort(x), np.sort(x)[::-1]])
    assert len({r.tobytes() for r in sim.state(device, "r")}) == 1
    assert len({gap.tobytes() for gap in sim.state(device, "largest_gap")}) == 1


# ------------------------------------------------------------------ bounds


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from([0.0, 0.5, -3.0, 30.0, 1e6]),
    st.sampled_from(["wells", "pairs"]),
    st.integers(1, 12),
)
def test_every_row_is_within_bounds(seed, voltage, kind, n):
    rng = np.random.default_rng(seed)
    device = mn.DiffusiveMemristor(n=n, potential=kind, c_t=rng.choice([0.0, 20.0]), theta0=rng.choice([0.0, 0.45]))
    data = parallel(device, voltage, n=3, seed=seed).run(60, record=OUTPUTS)
    g = 1.0 / data.state_r.values / largest_conductance(device)
    m = n + 1
    least = m * np.exp(2.0 / (m * device.lam)) / (n + np.exp(2.0 / device.lam))  # all at one terminal
    assert (np.abs(data.state_x.values) <= 1.0).all()
    assert (data.state_theta.values >= device.theta0).all()
    assert (g <= 1.0 + 1e-14).all()
    assert (g >= least * (1.0 - 1e-14)).all()
    assert ((data.state_largest_gap.values >= 2.0 / m - 1e-15) & (data.state_largest_gap.values <= 2.0)).all()


def test_the_least_conductance():
    device = mn.DiffusiveMemristor()
    sim = placed(device, [-np.ones(40), np.ones(40)])
    np.testing.assert_allclose(1.0 / sim.state(device, "r") / largest_conductance(device), 0.002371, atol=1e-6)


def test_a_voltage_beyond_all_measure_stays_finite_or_names_the_heating():
    device = mn.DiffusiveMemristor()
    data = parallel(device, 1e6).run(50, record=OUTPUTS)
    assert np.isfinite(data.state_theta.values).all()
    assert (np.abs(data.state_x.values) <= 1.0).all()
    with pytest.raises(
        ArithmeticError, match=r"DiffusiveMemristor\.\w+ of edge 0 .* is .*; check DiffusiveMemristor\.c_t"
    ):
        parallel(device, 1e200).run(5)


# ------------------------------------------------------------------ forces, without noise


def force_of(device, x, substep=1e-9):
    """What moves particles, from one short step without noise and heat."""
    sim = placed(device, x, dt=substep)
    before = sim.state(device, "x")[0]
    sim.step(1)
    return (sim.state(device, "x")[0] - before) * device.eta / (device.kappa * substep)


@pytest.mark.parametrize("kind", ["wells", "pairs"])
@pytest.mark.parametrize("phase", [0.0, 0.25, -0.4])
def test_the_force_is_the_slope_of_the_potential(kind, phase):
    n, h = 12, 1e-6
    device = mn.DiffusiveMemristor(n=n, potential=kind, phase=phase, eta=1e-3, **NO_HEAT)
    x = np.random.default_rng(5).uniform(-0.99, 0.99, n)
    want = np.empty(n)
    for j in range(n):
        up, down = x.copy(), x.copy()
        up[j] += h
        down[j] -= h
        of = (up[j], down[j]) if kind == "wells" else (up, down)
        want[j] = -(potential(device, of[0]) - potential(device, of[1])) / (2.0 * h)
    np.testing.assert_allclose(force_of(device, x), want, rtol=1e-6, atol=1e-6 * np.abs(want).max())


def test_pairs_push_each_other_equally():
    device = mn.DiffusiveMemristor(n=9, potential="pairs", w_p=0.0, x_c=1.0, eta=1e-3, **NO_HEAT)
    x = np.random.default_rng(1).uniform(-0.3, 0.3, 9)  # far from the terminals
    force = force_of(device, x)
    assert np.abs(force).max() > 1.0
    assert abs(force.sum()) <= 1e-6 * np.abs(force).max()


def test_full_clusters_hold_a_particle_as_wells_do():
    x = np.concatenate([np.full(20, -0.85), np.full(20, 0.85)])
    for away in (0.05, 0.1):
        x[0] = -0.85 + away
        pairs, wells = (
            mn.DiffusiveMemristor(potential=kind, w_p=0.0, eta=1e-3, **NO_HEAT) for kind in ("pairs", "wells")
        )
        np.testing.assert_allclose(force_of(pairs, x)[0], force_of(wells, x)[0] * (0.5 + 19.0 / 40.0), rtol=1e-6)


def test_a_voltage_tilts():
    device = mn.DiffusiveMemristor(n=1, w_i=0.0, w_p=0.0, tilt=9.0, v_th=0.4, kappa=100.0, **NO_HEAT)
    sim = placed(device, [0.0], 0.2, dt=1e-4)
    sim.step(1)
    np.testing.assert_allclose(sim.state(device, "x")[0, 0], 100.0 * 1e-4 / 30.0 * 9.0 * 0.5, rtol=1e-14)


def trajectory(substep, kind="wells"):
    device = mn.DiffusiveMemristor(n=3, substep=substep, potential=kind, **NO_HEAT)
    sim = placed(device, [-0.7, 0.05, 0.62], 0.6, dt=0.05)
    sim.step(20)
    return device, sim.state(device, "x")[0]


@pytest.mark.parametrize("kind", ["wells", "pairs"])
def test_without_noise_it_is_the_differential_equation(kind):
    coarse, fine = (trajectory(h, kind)[1] for h in (2e-5, 1e-5))
    device, _ = trajectory(2e-3, kind)

    def rate(_, x):
        phase = 2.0 * np.pi * (x / device.r_p + device.phase)
        total = device.tilt * 0.6 - np.pi * device.w_p / device.r_p * np.cos(phase)
        wells, each = (device.w_i, 0.0) if kind == "wells" else (0.5 * device.w_i, device.w_i / device.n)
        for at, depth in [(-device.x_c, wells), (device.x_c, wells), *[(y, each) for y in x]]:
            total = total - 2.0 * depth * (x - at) / device.r_i**2 * np.exp(-((x - at) ** 2) / device.r_i**2)
        return total / device.eta

    want = solve_ivp(rate, (0.0, 1.0), [-0.7, 0.05, 0.62], rtol=1e-12, atol=1e-12).y[:, -1]
    np.testing.assert_allclose(2.0 * fine - coarse, want, atol=1e-6)


def test_sub_steps_are_of_first_order():
    finest = 2.0 * trajectory(2.5e-5)[1] - trajectory(5e-5)[1]
    errors = [np.abs(trajectory(h)[1] - finest).max() for h in (8e-4, 4e-4, 2e-4)]
    np.testing.assert_allclose(np.log2(np.divide(errors[:-1], errors[1:])), 1.0, atol=0.1)


@pytest.mark.parametrize("dt", [1e-3, 2e-3, 0.0061, 0.05])
def test_a_step_is_as_many_equal_sub_steps_as_it_takes(dt):
    whole = mn.DiffusiveMemristor(n=5, substep=2e-3, **NO_HEAT)
    count = int(np.ceil(dt / 2e-3 - 1e-9))
    parts = mn.DiffusiveMemristor(n=5, substep=1e-2, **NO_HEAT)
    x = np.linspace(-0.8, 0.5, 5)
    one, other = placed(whole, x, 1.0, dt=dt), placed(parts, x, 1.0, dt=dt / count)
    one.step(4)
    other.step(4 * count)
    np.testing.assert_allclose(one.state(whole, "x"), other.state(parts, "x"), rtol=0.0, atol=1e-13)


def test_terminals_are_mirrors():
    device = mn.DiffusiveMemristor(n=2, w_i=0.0, w_p=0.0, tilt=1.0, eta=1.0, **NO_HEAT)
    for v in (0.7, -1.3, 2.5, 7.0, -123.456, 1e5):
        sim = placed(device, [[0.25, -0.9]], v, dt=1.0)
        device_substep = sim.parameter(device, "substep")[0]
        sim = placed(
            mn.DiffusiveMemristor(n=2, w_i=0.0, w_p=0.0, tilt=1.0, eta=1.0, substep=1.0, **NO_HEAT),
            [[0.25, -0.9]],
            v,
            dt=1.0,
        )
        assert device_substep == 0.01
        sim.step(1)
        want = more.mirrored(np.array([0.25, -0.9]) + v)
        np.testing.assert_allclose(sim.state(sim.devices[0], "x")[0], want, atol=1e-15 * max(1.0, abs(v)))


# ------------------------------------------------------------------ heat


@pytest.mark.parametrize("substep", [1e-3, 0.02, 0.5, 3.0])
def test_heat_has_its_closed_form_at_any_sub_step(substep):
    device = mn.DiffusiveMemristor(n=4, eta=1e30, kappa=2.0, theta0=0.3, c_t=5.0, r_t=50.0, substep=substep)
    x = np.array([-0.5, -0.1, 0.3, 0.6])
    drive = mn.drive.pulses(0.0, 1.5, length=6.0, spacing=100.0)
    sim = placed(device, x, drive, dt=0.05 if substep < 0.05 else substep)
    data = sim.run(round(12.0 / sim.dt), record=["state:theta", "state:r"])
    t, heated = data.time.values, 5.0 * 1.5**2 * 50.0 / data.state_r.values[0, 0]
    rise = 0.3 + heated * -np.expm1(-2.0 * np.minimum(t, 6.0))
    want = np.where(t <= 6.0, rise, 0.3 + (rise - 0.3) * np.exp(-2.0 * (t - 6.0)))
    np.testing.assert_allclose(data.state_theta[:, 0], want, rtol=1e-12)


def test_what_is_colder_than_its_surroundings_warms_up():
    device = mn.DiffusiveMemristor(eta=1e30, theta0=0.4)
    sim = parallel(device, dt=0.1)
    sim.set_state(device, theta=0.1)
    data = sim.run(20, record="state:theta")
    np.testing.assert_allclose(data.state_theta[:, 0], 0.4 - 0.3 * np.exp(-data.time), rtol=1e-13)


# ------------------------------------------------------------------ the twin, with noise


@pytest.mark.parametrize("kind", ["wells", "pairs"])
@pytest.mark.parametrize("n", [1, 6, 40])
def test_it_takes_the_steps_of_its_twin_in_a_network(kind, n):
    net = mn.Network(4, [(0, 1), (1, 2), (0, 2), (2, 3), (1, 3)], electrodes={"a": 0, "b": 3})
    given = {"n": n, "potential": kind, "lam": [0.2, 0.3, 0.25], "eta": 20.0, "r_t": 2.0, "substep": 1.2e-3}
    device, resistor = mn.DiffusiveMemristor(**given), mn.Resistor(conductance=0.01)
    sim = mn.Simulation(net, [device, resistor, device, resistor, device], {"a": 3.0, "b": 0.0}, dt=3e-3, seed=7)
    edges = sim.edges_of(device)
    twin = more.DiffusiveMemristor(3, **given).draw_from(7, edges, sim.state(device, "x"))
    passive = ref.Resistor(2, conductance=0.01)
    data = sim.run(25, record=[*OUTPUTS, "edge_conductance"])
    role, value = np.full((25, 2), ref.VOLTAGE), np.tile([3.0, 0.0], (25, 1))
    want = ref.run(4, net.edges, [0, -1, -1, 1], [(twin, edges), (passive, [1, 3])], role, value, 25, 3e-3)
    for name in twin.states:
        np.testing.assert_allclose(data[f"state_{name}"], want.states[0][name][:-1], rtol=1e-10, atol=1e-12)
        np.testing.assert_allclose(sim.state(device, name), want.states[0][name][-1], rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(data.edge_conductance, want.edge_conductance, rtol=1e-10)


def test_it_starts_as_two_clusters_in_their_wells():
    for left, n_left in ((0.5, 20), (0.0, 0), (1.0, 40), (0.3, 12)):
        device = mn.DiffusiveMemristor(left=left)
        x = parallel(device, n=200).state(device, "x")
        assert ((x < 0.0).sum(axis=1) == n_left).all()
        away = np.abs(x) - 0.85
        assert abs(away.mean()) < 4.0 * away.std() / np.sqrt(x.size)
        assert away.std() == pytest.approx(0.1 * np.sqrt(0.45 / 9.0), rel=0.03)
        assert (parallel(device, n=200).state(device, "theta") == 0.45).all()
    cold = mn.DiffusiveMemristor(theta0=0.0, left=0.25, n=4)
    np.testing.assert_array_equal(parallel(cold).state(cold, "x"), [[-0.85, 0.85, 0.85, 0.85]])


# ------------------------------------------------------------------ bits


@settings(max_examples=10, deadline=None)
@given(st.integers(1, 99), st.integers(0, 2**32 - 1), st.sampled_from(["wells", "pairs"]))
def test_runs_in_pieces_and_checkpoints_have_the_same_bits(cut, seed, kind):
    device = mn.DiffusiveMemristor(n=7, potential=kind)
    whole, sim = (parallel(device, 4.0, n=3, seed=seed) for _ in range(2))
    data = whole.run(100, record=OUTPUTS)
    sim.run(cut)
    again = copy.deepcopy(sim)
    rest = [one.run(100 - cut, record=list(OUTPUTS)) for one in (sim, again)]
    assert_same_data(*rest)
    np.testing.assert_array_equal(rest[0].state_x, data.state_x[cut:])
    np.testing.assert_array_equal(rest[0].state_r, data.state_r[cut:])
    assert_same_states(sim, whole)


def test_a_hundred_runs_of_a_step_are_one_of_a_hundred(tmp_path):
    device = mn.DiffusiveMemristor()
    whole, steps = (parallel(device, 5.0, n=2) for _ in range(2))
    data = whole.run(100, record=OUTPUTS)
    rows = [steps.run(1, record=OUTPUTS) for _ in range(100)]
    for name in ("x", "theta", "r", "largest_gap"):
        np.testing.assert_array_equal(np.concatenate([row[f"state_{name}"] for row in rows]), data[f"state_{name}"])
    steps.save(tmp_path / "middle.mn")
    loaded = mn.Simulation.load(tmp_path / "middle.mn")
    assert_same_data(loaded.run(50, record=["state:x"]), whole.run(50, record=["state:x"]))
    assert_same_data(mn.rerun(data), data)


def test_other_devices_change_no_bit():
    device = mn.DiffusiveMemristor(n=11)
    alone = parallel(device, 3.0, n=3).run(40, record={"state:x": device})
    others = [mn.Resistor(), mn.StochasticRateBalance(), mn.DiffusiveMemristor(n=30), *[device] * 9]
    beside = parallel(device, 3.0, n=3, others=others)
    data = beside.run(40, record={"state:x": device})
    np.testing.assert_array_equal(data.state_x[:, :3], alone.state_x)
    net = mn.Network(2, [(0, 1)] * 4, electrodes={"a": 0, "b": 1})
    first = mn.Simulation(net, [device, device, device, mn.Resistor()], {"a": 3.0, "b": 0.0}, dt=0.01, seed=1)
    # a device that is named before it, which gives it another number
    named = mn.mix(net, {mn.Resistor(): 0.0, mn.StochasticRateBalance(): 0.0, device: 1.0}, seed=0)
    second = mn.Simulation(net, named, {"a": 3.0, "b": 0.0}, dt=0.01, seed=1)
    np.testing.assert_array_equal(first.run(40, record="state:x").state_x, alone.state_x)
    np.testing.assert_array_equal(second.run(40, record="state:x").state_x[:, :3], alone.state_x)


def test_noise_is_of_seed_edge_and_place():
    device = mn.DiffusiveMemristor(n=8, w_i=0.0, w_p=0.0, theta0=1.0, c_t=0.0)
    one, other = (placed(device, np.zeros((9, 8)), seed=seed) for seed in (1, 2))
    moved = []
    for sim in (one, other):
        for _ in range(3):
            before = sim.state(device, "x")
            sim.step(1)
            moved.append(sim.state(device, "x") - before)
    assert np.unique(np.round(moved, 14)).size == np.size(moved)


# ------------------------------------------------------------------ what is set, and refused


def test_outputs_follow_what_is_set():
    device = mn.DiffusiveMemristor(n=2)
    sim = parallel(device, 1.0)
    before = sim.run(1).conductance[0]
    sim.set_state(device, x=[[0.0, 0.5]], theta=2.0)
    assert (sim.state(device, "largest_gap")[0], sim.state(device, "theta")[0]) == (1.0, 2.0)
    wanted = 1.0 / sim.state(device, "r")[0]
    assert sim.run(1).conductance[0] == wanted != before


@pytest.mark.parametrize(
    ("states", "message"),
    [
        (
            {"x": np.full((1, 3), 1.0000001)},
            r"DiffusiveMemristor\.x must be in \[-1, 1\], got 1.0000001 at index \(0, 0\)",
        ),
        ({"x": [[0.0, -2.0, 0.0]]}, r"DiffusiveMemristor\.x must be in \[-1, 1\], got -2.0 at index \(0, 1\)"),
        ({"x": [[0.0, np.nan, 0.0]]}, r"must be in \[-1, 1\], got nan"),
        ({"x": np.zeros(3)}, r"DiffusiveMemristor\.x must have shape \(1, 3\), got \(3,\)"),
        ({"x": np.zeros((1, 40))}, r"DiffusiveMemristor\.x must have shape \(1, 3\), got \(1, 40\)"),
        ({"theta": -1.0}, r"DiffusiveMemristor\.theta must be in \[0, inf\), got -1"),
        ({"r": 5.0}, r"DiffusiveMemristor\.r follows from x and theta: set these"),
        ({"x": 0.0, "largest_gap": 1.0}, r"DiffusiveMemristor\.largest_gap follows from x and theta: set these"),
    ],
)
def test_states_that_cannot_be_are_refused(states, message):
    device = mn.DiffusiveMemristor(n=3)
    sim = parallel(device)
    before = sim.state(device, "x")
    with pytest.raises(ValueError, match=message):
        sim.set_state(device, **states)
    np.testing.assert_array_equal(sim.state(device, "x"), before)


@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ({"n": 0}, ValueError, r"\.n must be an integer in \[1, 128\], got 0"),
        ({"n": 2.5}, ValueError, r"\.n must be a whole number in \[1, 128\], got 2\.5"),
        ({"n": 129}, ValueError, r"\.n must be an integer in \[1, 128\], got 129"),
        ({"n": [40, 40]}, ValueError, r"\.n must be one whole number for all edges of the device, got \[40, 40\]"),
        ({"n": "40"}, TypeError, r"\.n must be an integer"),
        ({"theta0": -0.1}, ValueError, r"\.theta0 must be in \[0, 1e\+60\], got -0\.1"),
        ({"lam": 0.0}, ValueError, r"\.lam must be in \(0, inf\), got 0"),
        ({"lam": 1e-3}, ValueError, r"overflows: DiffusiveMemristor\.lam is 0\.001, must be at least 0\.00287"),
        ({"lam": [0.2, 1e-3]}, ValueError, r"overflows: .*\.lam of edge 1 is 0\.001, must be at least 0\.00287"),
        (
            {"lam": 0.004, "r_t": [1e99]},
            ValueError,
            r"overflows: .* edge 0 is 0\.004, must be at least 0\.0042",
        ),
        ({"x_c": 1.2}, ValueError, r"\.x_c must be in \[0, 1\], got 1\.2"),
        ({"eta": 0.0}, ValueError, r"\.eta must be in \[1e-60, 1e\+60\], got 0"),
        ({"kappa": 0.0}, ValueError, r"\.kappa must be in \[1e-60, 1e\+60\] 1/s, got 0"),
        ({"v_th": 0.0}, ValueError, r"\.v_th must be in \[1e-60, 1e\+60\] V, got 0"),
        ({"substep": 0.0}, ValueError, r"\.substep must be in \(0, inf\) s, got 0"),
        ({"substep": 0.02}, ValueError, r"too long .*\.substep is 0\.02, must be at most 0\.016879\d* s"),
        ({"substep": 0.01, "kappa": 2.0}, ValueError, r"\.substep is 0\.01, must be at most 0\.0084"),
        ({"substep": 0.015, "potential": "pairs"}, ValueError, r"\.substep is 0\.015, must be at most 0\.0134"),
        ({"left": 1.1}, ValueError, r"\.left must be in \[0, 1\]"),
        ({"potential": "springs"}, ValueError, r"unknown .*\.potential 'springs'; allowed: wells, pairs"),
    ],
)
def test_parameters_that_cannot_be_are_refused(parameters, error, message):
    with pytest.raises(error, match=message):
        mn.DiffusiveMemristor(**parameters)


def test_what_only_a_simulation_can_know_is_refused_there():
    net = mn.Network(2, [(0, 1)] * 3, electrodes={"a": 0, "b": 1})
    mixed = mn.DiffusiveMemristor(substep=[0.01, 0.01], kappa=[1.0, 1.0, 5.0])
    with pytest.raises(ValueError, match=r"too long .*\.substep of edge 2 is 0\.01, must be at most 0\.0033"):
        mn.Simulation(net, [mn.Resistor(), mixed, mixed], {"a": 1.0, "b": 0.0})
    narrow = mn.spread(mn.DiffusiveMemristor(lam=0.003), lam=mn.uniform(0.0029), seed=1)
    with pytest.raises(ValueError, match=r"overflows: DiffusiveMemristor\.lam of edge \d"):
        mn.Simulation(net, narrow, {"a": 1.0, "b": 0.0})
    with pytest.raises(ValueError, match=r"DiffusiveMemristor"):
        mn.Simulation(net, mn.DiffusiveMemristor(), {"a": 1.0, "b": 0.0}, method="adaptive")


@pytest.mark.parametrize("kind", ["wells", "pairs"])
def test_the_sub_step_of_its_own(kind):
    device = mn.DiffusiveMemristor(potential=kind, kappa=50.0)
    np.testing.assert_allclose(
        parallel(device).parameter(device, "substep"), 0.12 * longest_substep(device), rtol=1e-14
    )
    allowed = mn.DiffusiveMemristor(potential=kind, kappa=50.0, substep=0.999999 * longest_substep(device))
    assert parallel(allowed).parameter(allowed, "substep")[0] == allowed.substep


def test_presets():
    assert mn.DiffusiveMemristor.preset("dm2017").parameters == mn.DiffusiveMemristor().parameters
    printed = mn.DiffusiveMemristor.preset("dm2017-printed", kappa=1000.0)
    assert (printed.eta, printed.c_t, printed.kappa, printed.n) == (1.0, 1.0, 1000.0, 40)
    assert isinstance(printed.n, int)


def test_devices_of_several_lengths_in_one_simulation(tmp_path):
    one, other = mn.DiffusiveMemristor(n=3), mn.DiffusiveMemristor(n=5)
    net = mn.Network(2, [(0, 1)] * 3, electrodes={"a": 0, "b": 1})
    sim = mn.Simulation(net, [one, other, one], {"a": 2.0, "b": 0.0}, dt=0.01, seed=1)
    assert sim.state(one, "x").shape == (2, 3)
    assert sim.state(other, "x").shape == (1, 5)
    assert sim.run(4, record={"state:x": other}).state_x.shape == (4, 1, 5)
    with pytest.raises(ValueError, match="state_x_0 with 3 and state_x_1 with 5 along the dimension 'particle'"):
        sim.run(4, record={"state:x": [one, other]})
    sim.save(tmp_path / "run.mn")
    again = mn.Simulation.load(tmp_path / "run.mn")
    assert_same_states(again, sim)
    assert "x : array (edges, n particle)\n" in mn.DiffusiveMemristor.__doc__


@pytest.mark.skipif(os.name != "posix", reason="sends SIGINT")
def test_ctrl_c_ends_a_long_step_and_leaves_no_trace():
    device = mn.DiffusiveMemristor(n=4)
    sim = parallel(device, 2.0, dt=5e4)  # tens of millions of sub-steps
    before = sim.state(device, "x")
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))

    def interrupted():
        timer.start()
        sim.run(1)

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    timer.join()
    assert sim.steps_done == 0
    np.testing.assert_array_equal(sim.state(device, "x"), before)


# ------------------------------------------------------------------ files, spread and links


def test_files_have_what_memory_has(tmp_path, monkeypatch):
    pytest.importorskip("zarr")
    monkeypatch.setattr("memnet.simulate._record.BLOCK_ROWS", 6)
    device = mn.DiffusiveMemristor(n=4, potential="pairs")
    streamed, kept = (parallel(device, 3.0, n=2) for _ in range(2))
    data = streamed.run(20, record=OUTPUTS, out=tmp_path / "run.zarr").load()
    whole = kept.copy().run(30, record=OUTPUTS)
    assert_same_data(data, kept.run(20, record=OUTPUTS))
    assert_same_data(mn.resume(tmp_path / "run.zarr", n_steps=30).load(), whole)
    whole.to_netcdf(tmp_path / "run.nc")
    with xr.open_dataset(tmp_path / "run.nc", engine="h5netcdf") as again:
        assert dict(again.state_x.sizes) == {"time": 30, "state_x_edge": 2, "particle": 4}
        assert_same_data(again, whole)
    assert_same_data(mn.rerun(tmp_path / "run.nc"), whole)


def test_a_run_file_says_how_many(tmp_path):
    given = {"model": "DiffusiveMemristor", "n": 5, "potential": "pairs"}
    content = {
        "network": {"kind": "grid", "rows": 3, "columns": 3, "seed": 1},
        "devices": [given],
        "drive": {"left": 2.0, "right": 0.0},
        "simulation": {"dt": 0.01, "seed": 1},
        "run": {"steps": 3, "record": ["state:x"]},
    }
    path = tmp_path / "run.json"
    path.write_text(json.dumps(content))
    job = read_run_file(path)
    assert job.simulation.run(job.steps, record=["state:x"]).sizes["particle"] == 5
    path.write_text(json.dumps({**content, "devices": [{**given, "n": 5.5}]}))
    with pytest.raises(ValueError, match=r"DiffusiveMemristor\.n must be a whole number in \[1, 128\], got 5\.5"):
        read_run_file(path)


def test_parameters_that_are_drawn_change_what_follows_from_them():
    device = mn.DiffusiveMemristor(n=10, r_t=100.0)
    spread = mn.spread(
        device, eta=mn.normal(0.1, relative=True), cycle={"theta > 0.46": {"r_t": mn.normal(10.0)}}, seed=3
    )
    sim = parallel(spread, 5.0, n=8)
    data = sim.run(60, record=["state:r", "state:x", "edge_conductance"])
    assert np.unique(sim.parameter(spread, "eta")).size == 8
    drawn = sim.parameter(spread, "r_t")
    assert np.unique(drawn).size == 8
    np.testing.assert_array_equal(data.edge_conductance, 1.0 / data.state_r.values)
    at_units = placed(mn.DiffusiveMemristor(n=10), sim.state(spread, "x"))
    np.testing.assert_allclose(sim.state(spread, "r"), drawn * at_units.state(at_units.devices[0], "r"), rtol=1e-14)
    with pytest.raises(ValueError, match=r"DiffusiveMemristor\.n is a count; only numbers are spread"):
        mn.spread(device, n=mn.normal(1.0), seed=1)


def test_another_device_may_read_what_follows():
    follower = mn.device_model(
        "Follower", "i = g*linked.theta*v\nparameter g = 1 S in (0, inf) : conductance at theta 1"
    )
    device = mn.DiffusiveMemristor(n=4)
    net = mn.Network(2, [(0, 1)] * 2, electrodes={"a": 0, "b": 1})
    sim = mn.Simulation(net, [device, mn.link(follower(), to=0)], {"a": 4.0, "b": 0.0}, dt=0.01, seed=1)
    data = sim.run(30, record=["edge_conductance", "state:theta"])
    np.testing.assert_allclose(data.edge_conductance[:, 1], data.state_theta[:, 0], rtol=1e-14)
