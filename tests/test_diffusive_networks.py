"""Diffusive memristors among other devices: length of steps, edges side by side, circuits, selectors, mixtures."""

import warnings

import numpy as np
import pytest
from cases import assert_same_data, assert_same_states
from hypothesis import given, settings, strategies as st
from particles import parallel

import memnet as mn

DEVICE = mn.DiffusiveMemristor()
FREE = mn.DiffusiveMemristor(w_i=0.0, w_p=0.0, c_t=0.0)


def behind_resistors(dt, voltage=4.0, *, n=1, resistance=500.0, device=DEVICE, seed=1):
    """Devices, each with a resistor of its own in series."""
    middle = range(2, 2 + n)
    net = mn.Network(2 + n, [(0, k) for k in middle] + [(k, 1) for k in middle], electrodes={"a": 0, "b": 1})
    devices = [mn.Resistor(conductance=1.0 / resistance)] * n + [device] * n
    return mn.Simulation(net, devices, {"a": voltage, "b": 0.0}, dt=dt, seed=seed)


def warnings_of(sim, n_steps):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        sim.run(n_steps)
    assert all(issubclass(one.category, mn.StepWarning) for one in caught)
    return caught


# ------------------------------------------------------------------ one step against two halves


@settings(max_examples=20, deadline=None)
@given(st.sampled_from([0.001, 0.0021, 0.05, 0.7, 3.0]), st.integers(0, 2**32 - 1), st.sampled_from(["wells", "pairs"]))
def test_halves_have_the_noise_of_the_whole(dt, seed, kind):
    """Where the drive holds the voltage nothing else is left, so nothing is: not a bit, at any dt."""
    device = mn.DiffusiveMemristor(n=5, potential=kind, substep=1.3e-3)
    other = mn.DiffusiveMemristor(n=5, substep=0.8e-3)
    sim = parallel(device, 3.0, n=2, dt=dt, seed=seed, others=[other])
    for _ in range(3):
        assert sim.check_step() == 0.0
        sim.step(1)


def test_without_noise_it_is_the_comparison_by_hand():
    """Of steps that both have whole sub-steps, from copies with half the dt."""
    cold, dt = mn.DiffusiveMemristor(n=7, theta0=0.0, c_t=0.0, substep=1e-3), 0.5
    whole = behind_resistors(dt, 6.0, n=3, device=cold)
    x = np.random.default_rng(3).uniform(-1.0, 1.0, (3, 7))
    whole.set_state(cold, x=x)
    found = whole.check_step()
    whole.step(1)
    halves = behind_resistors(dt / 2, 6.0, n=3, device=cold)
    halves.set_state(cold, x=x)
    halves.step(2)
    g = [1.0 / sim.state(cold, "r") for sim in (whole, halves)]
    of_edges = np.abs(g[0] - g[1]).sum() / (g[0] + g[1]).sum()
    network = [one.run(1).conductance.values[0] for one in (whole, halves)]
    assert found == pytest.approx(max(of_edges, abs(network[0] - network[1]) / sum(network)), rel=1e-9)
    assert found > 1e-5


def test_it_falls_with_dt_where_the_voltage_is_shared():
    found = []
    for dt in (0.4, 0.1, 0.025):
        sim = behind_resistors(dt, 5.0, n=64)
        sim.step(round(0.4 / dt))
        found.append(sim.check_step())
    assert 0.0 < found[2] < found[1] / 4.0 < found[0] / 16.0


def test_a_look_changes_nothing():
    looked, plain = (behind_resistors(0.3, n=4) for _ in range(2))
    for _ in range(4):
        counters = looked.info["counters"]
        looked.check_step()
        assert looked.info["counters"] == counters
        looked.step(2)
        plain.step(2)
    assert_same_states(looked, plain)


def test_a_run_that_looks_has_the_bits_of_one_that_does_not():
    watched, plain = (behind_resistors(1.0, 8.0, n=4) for _ in range(2))
    assert len(warnings_of(watched, 20)) == 1
    plain.step(20)
    assert_same_states(watched, plain)


def test_a_run_warns_once_where_the_voltage_is_shared_and_dt_is_long():
    for seed in range(4):
        sim = behind_resistors(1.0, 8.0, seed=seed)
        (caught,) = warnings_of(sim, 20)
        assert caught.message.difference > 0.05
        said = str(caught.message)
        assert "dt = 1 s" in said
        assert "with the same noise" in said
        assert "take a shorter dt, 0." in said
        assert "adaptive" not in said
        assert not warnings_of(sim, 20)


@pytest.mark.parametrize(("resistance", "voltage"), [(50.0, 3.0), (500.0, 4.0), (500.0, 8.0), (5000.0, 5.0)])
def test_the_recommended_dt_does_not_warn(resistance, voltage):
    for n, seed in ((1, 1), (1, 2), (32, 3)):
        assert not warnings_of(behind_resistors(0.05, voltage, n=n, resistance=resistance, seed=seed), 100)


@pytest.mark.parametrize("dt", [0.05, 1.0, 5.0])
def test_edges_between_electrodes_do_not_warn(dt):
    assert not warnings_of(parallel(DEVICE, 5.0, n=8, dt=dt), 20)


def test_what_has_dt_in_its_model_is_named_and_does_not_warn():
    net = mn.percolating(size=20, coverage=0.65, seed=1)
    sim = mn.Simulation(
        net, mn.mix(net, {DEVICE: 0.05, mn.TunnelGap(): 0.95}, seed=1), {"left": 9.0, "right": 0.0}, dt=5.0
    )
    assert not warnings_of(sim, 20)
    with pytest.raises(ValueError, match=r"check_step\(\) compares steps of any length, but TunnelGap"):
        sim.check_step()
    with pytest.raises(ValueError, match=r"DiffusiveMemristor.* draws random numbers"):
        mn.Simulation(net, DEVICE, {"left": 1.0, "right": 0.0}, method="adaptive")


# ------------------------------------------------------------------ realisations side by side


def test_edges_side_by_side_are_independent():
    n, rows = 48, 2500
    sim = parallel(FREE, n=n, dt=0.01, seed=5)
    data = sim.run(rows, record=["state:x"])
    moved = np.diff(data.state_x.values.reshape(rows, n, FREE.n)[:, :, 0], axis=0)
    correlation = np.corrcoef(moved.T)[np.triu_indices(n, 1)]
    assert np.abs(correlation).max() < 5.0 / np.sqrt(rows)  # of 1,128 pairs
    assert correlation.std() == pytest.approx(1.0 / np.sqrt(rows), rel=0.1)


def test_edges_that_are_added_change_no_bit_of_those_before():
    few, many = (parallel(DEVICE, 3.0, n=n, dt=0.05, seed=2) for n in (3, 21))
    options = {"record": ["state:x", "state:theta", "state:r"]}
    first, second = few.run(60, **options), many.run(60, **options)
    for name in ("state_x", "state_theta", "state_r"):
        assert first[name].values.tobytes() == second[name].values[:, :3].tobytes()


# ------------------------------------------------------------------ circuits in implicit steps


def mixed(dt, *, n=6, drive=4.0, seed=1):
    """Diode, inductor, charge of both kinds, resistor and diffusive memristor: a circuit of implicit steps."""
    circuit = mn.Circuit()
    circuit.add("in", "a", mn.Diode())
    circuit.add("a", "b", mn.Inductor(inductance=1e-3))
    circuit.add("a", "gnd", mn.Resistor(conductance=1e-3))
    circuit.add("b", "gnd", mn.Capacitor(capacitance=1e-6, method="trapezoidal"))
    for k in range(n):
        circuit.add("b", f"m{k}", mn.Resistor(conductance=1e-3))
        circuit.add(f"m{k}", "gnd", DEVICE)
    return circuit.simulation({"in": drive, "gnd": 0.0}, dt=dt, seed=seed)


def test_implicit_steps_leave_the_plain_ones_where_all_else_is_a_resistor():
    """A diode between electrodes makes steps implicit; voltages beside it are the same, and so are the particles."""
    n, dt = 5, 0.05
    plain = behind_resistors(dt, n=n)
    net = mn.Network(2 + n, [*map(tuple, plain.net.edges), (0, 1)], electrodes={"a": 0, "b": 1})
    devices = [mn.Resistor(conductance=1.0 / 500.0)] * n + [DEVICE] * n + [mn.Diode()]
    implicit = mn.Simulation(net, devices, {"a": 4.0, "b": 0.0}, dt=dt, seed=1)
    options = {"record": ["potential", "state:r"]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mn.StepWarning)
        want, got = plain.run(80, **options), implicit.run(80, **options)
    np.testing.assert_allclose(got.potential.values, want.potential.values, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(got.state_r.values, want.state_r.values, rtol=1e-6)


def test_rows_of_implicit_steps_have_the_resistance_of_their_particles():
    sim = mixed(0.02)
    for _ in range(20):
        row = sim.run(1, record=["state:x", "state:r", "branch_current", "branch_voltage"])
        r = row.state_r.values[0]
        v, i = (row[name].values[0, 5::2] for name in ("branch_voltage", "branch_current"))
        np.testing.assert_allclose(i * r, v, rtol=1e-9, atol=1e-12)
        placed_again = parallel(DEVICE, n=len(r))
        placed_again.set_state(DEVICE, x=row.state_x.values.reshape(len(r), DEVICE.n))
        assert placed_again.state(DEVICE, "r").tobytes() == r.tobytes()


@settings(max_examples=6, deadline=None)
@given(st.integers(1, 39), st.integers(0, 2**32 - 1))
def test_implicit_steps_have_one_set_of_bits(tmp_path_factory, cut, seed):
    wave = mn.drive.pulses(0.0, 4.0, length=0.13, spacing=0.11)
    options = {"record": ["potential", "state:x", "state:r", "state:theta"]}
    whole = mixed(0.02, n=2, drive=wave, seed=seed).run(40, **options)
    sim = mixed(0.02, n=2, drive=wave, seed=seed)
    first = sim.run(cut, **options)
    path = tmp_path_factory.mktemp("implicit") / "kept"
    sim.save(path)
    assert_same_data(mn.concat([first, mn.Simulation.load(path).run(40 - cut, **options)]), whole)


def test_check_step_of_implicit_steps_sees_shared_voltages():
    assert 0.0 < mixed(0.01).check_step() < 0.05


def test_a_series_on_one_edge_is_refused_and_two_edges_are_not():
    with pytest.raises(ValueError, match=r"no noise.*put a node between the devices.*DiffusiveMemristor"):
        mn.series(DEVICE, mn.LinearDrift())
    assert np.isfinite(behind_resistors(0.05).run(5).conductance).all()


# ------------------------------------------------------------------ mixtures in percolating networks


def mixture(size, share, gap):
    net = mn.percolating(size=size, coverage=0.65, seed=1)
    silver = mn.DiffusiveMemristor(kappa=0.05, v_th=0.1, r_t=1.0)
    devices = mn.mix(net, {gap: 1.0 - share, silver: share}, seed=2)
    return silver, mn.Simulation(net, devices, {"left": 2.0, "right": 0.0}, dt=1.0, seed=0)


def check_bits(size, share, gap, rows, path):
    silver, sim = mixture(size, share, gap)
    options = {"record": ["current", "conductance"]}
    whole = sim.run(rows, **options)
    again = mixture(size, share, gap)[1]
    again.step(rows)  # records nothing
    assert_same_states(sim, again)
    pieces = mixture(size, share, gap)[1]
    first = pieces.run(rows // 3, **options)
    pieces.save(path)
    kept = mn.Simulation.load(path)
    assert_same_data(mn.concat([first, kept.run(rows - rows // 3, **options)]), whole)
    assert_same_states(sim, kept)
    assert whole.sizes["event"] > 0
    assert np.ptp(sim.state(silver, "r")) > 0.0


def test_a_mixture_has_one_set_of_bits(tmp_path):
    check_bits(40, 0.05, mn.TunnelGap(r_d=1e-4), 150, tmp_path / "kept")


@pytest.mark.slow
def test_a_large_mixture_has_one_set_of_bits(tmp_path):
    """200x200, one in a hundred, over 200 / kappa."""
    check_bits(200, 0.01, mn.TunnelGap(), 4000, tmp_path / "kept")
