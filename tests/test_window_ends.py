"""Windowed drift near the ends of a device: the boundary comes near them and back, as the equation has it."""

import numpy as np
import pytest
import reference_devices as more
from hypothesis import given, settings
from hypothesis import strategies as st

import memnet as mn

NET = mn.Network(2, [(0, 1)], electrodes={"left": [0], "right": [1]})


def after_periods(device, n, periods, amplitude=1.0, frequency=1.0, state="x"):
    """The state at the end of each period of a sine of n steps."""
    wave = mn.drive.sine(amplitude, frequency)
    sim = mn.Simulation(NET, device, {"left": wave, "right": 0.0}, dt=1.0 / (frequency * n), seed=1)
    found = []
    for _ in range(periods):
        sim.run(n)
        found.append(float(sim.state(device, state)[0]))
    return np.array(found)


@pytest.mark.parametrize("p", [0.5, 1.0, 2.0, 5.0, 10.0])
@pytest.mark.parametrize("amplitude", [1.0, -1.0])
def test_a15_a_sine_leaves_a_joglekar_boundary_where_it_was(p, amplitude):
    device = mn.LinearDrift(window="joglekar", p=p, x_initial=0.5)
    coarse, fine = (after_periods(device, n, 3, amplitude) - 0.5 for n in (200, 2000))
    assert np.abs(coarse).max() < 0.04  # the rest is Euler's, far from the ends, and falls with dt
    assert np.abs(fine).max() < 0.006


def test_a15_a_slow_sine_brings_a_strukov_boundary_back():
    device = mn.LinearDrift(window="strukov", x_initial=0.5)
    assert np.abs(after_periods(device, 1000, 3, frequency=0.1) - 0.5).max() < 0.005


def test_a15_short_long_term_drift_comes_back_too():
    """Without decay (tau large, sigma 0) it is the linear drift, and one step of 0.1 s carries it past the end."""
    device = mn.ShortLongTermDrift(window="joglekar", w_initial=0.5, tau_initial=1e12, sigma=0.0, theta=0.0)
    there = mn.Simulation(NET, device, {"left": 20.0, "right": 0.0}, dt=0.1, seed=1)
    there.run(3)
    assert there.state(device, "w")[0] > 1.0 - 1e-12
    assert np.abs(after_periods(device, 200, 3, state="w") - 0.5).max() < 0.04


@settings(max_examples=60)
@given(
    window=st.sampled_from(["strukov", "joglekar"]),
    p=st.sampled_from([0.5, 1.0, 2.0, 2.5, 10.0]),
    x=st.floats(1e-9, 0.05),
    high=st.booleans(),
    voltage=st.floats(0.1, 60.0),
    sign=st.sampled_from([-1.0, 1.0]),
    dt=st.floats(1e-3, 1.0),
    decay=st.sampled_from([0.0, 1.0, 40.0]),
)
def test_a15_a_step_near_an_end_is_exact(window, p, x, high, voltage, sign, dt, decay):
    x = 1.0 - x if high else x
    device = mn.LinearDrift(window=window, p=p, x_initial=x, decay=decay)
    sim = mn.Simulation(NET, device, {"left": sign * voltage, "right": 0.0}, dt=dt, seed=1)
    sim.run(1)
    s = np.log(x) - np.log1p(-x)
    rate = 1e4 * sign * voltage / (100.0 * x + 16e3 * (1.0 - x)) * more.steepness(window, p, s) * x * (1.0 - x)
    euler = x + (rate - decay * x) * dt
    found, kept = float(sim.state(device, "x")[0]), float(sim.state(device, "logit")[0])
    if abs(found - euler) <= 1e-12:
        assert abs(euler - x) < min(x, 1.0 - x, euler, 1.0 - euler) / 15.0 or min(x, euler, 1.0 - euler) >= 1.0 / 16.0
        return
    exact = more.exact_logit(s, dt, 1e4 * sign * voltage, 100.0, 16e3, window, p, decay=decay)
    mine = kept if kept != 0.0 else np.log(found) - np.log1p(-found)
    assert abs(mine - exact) <= 1e-8 * (1.0 + abs(exact))


@pytest.mark.parametrize("window", ["strukov", "joglekar"])
@pytest.mark.parametrize("end", [0.0, 1.0])
def test_a15_a_boundary_that_was_put_on_an_end_stays(window, end):
    device = mn.LinearDrift(window=window, x_initial=end)
    assert after_periods(device, 100, 2).tolist() == [end, end]


def test_a15_decay_leaves_the_upper_end_and_never_reaches_the_lower_one():
    device = mn.LinearDrift(window="joglekar", x_initial=1.0, decay=5.0)
    sim = mn.Simulation(NET, device, {"left": mn.drive.steps([0.0, 1.0], [0.0, 9.0]), "right": 0.0}, dt=1.0, seed=1)
    data = sim.run(40, record={"state:x": device})
    x = data.state_x.to_numpy()[:, 0]
    np.testing.assert_allclose(x[1:9], np.exp(-5.0 * np.arange(1, 9)), rtol=1e-8)
    drift = mn.LinearDrift(window="joglekar", x_initial=0.5, decay=5.0)
    back = mn.Simulation(NET, drift, {"left": mn.drive.steps([0.0, 300.0], [0.0, 9.0]), "right": 0.0}, dt=1.0, seed=1)
    back.run(40)
    assert back.state(drift, "x")[0] > 0.9


def test_a15_a_run_in_pieces_and_from_a_checkpoint_has_the_same_bits(tmp_path):
    device = mn.LinearDrift(window="joglekar", p=10.0, x_initial=0.5)

    def begin():
        return mn.Simulation(NET, device, {"left": mn.drive.sine(1.0, 1.0), "right": 0.0}, dt=1 / 200, seed=1)

    whole, pieces = begin(), begin()
    whole.run(200)
    pieces.run(67)
    assert pieces.state(device, "logit")[0] > 100.0
    pieces.save(tmp_path / "drift.mn")
    again = mn.Simulation.load(tmp_path / "drift.mn")
    again.run(133)
    assert again.state(again.devices[0], "x").tobytes() == whole.state(device, "x").tobytes()
