"""Windowed drift near the ends of a device: the boundary comes near them and back, as the equation has it."""

import numpy as np
import pytest
import reference_devices as more
from hypothesis import given, settings, strategies as st

import memnet as mn

# Steps are coarse here: what is compared does not depend on them.
pytestmark = pytest.mark.filterwarnings("ignore::memnet.StepWarning")

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


@pytest.mark.parametrize("p", [0.5, 1.0, 2.0, 2.5, 10.0])
@pytest.mark.parametrize("amplitude", [1.0, -1.0])
def test_a15_a_sine_leaves_a_joglekar_boundary_where_it_was(p, amplitude):
    """The voltage's sum over a period is 0, and the step is exact: no step is so long that it would drift."""
    device = mn.LinearDrift(window="joglekar", p=p, x_initial=0.5)
    for n in (20, 200, 2000):
        assert np.abs(after_periods(device, n, 3, amplitude) - 0.5).max() < 1e-8


@pytest.mark.parametrize("n", [50, 1000])
@pytest.mark.parametrize("x", [0.01, 0.5, 0.999])
def test_a15_a_slow_sine_brings_a_strukov_boundary_back(n, x):
    device = mn.LinearDrift(window="strukov", x_initial=x)
    assert np.abs(after_periods(device, n, 3, frequency=0.1) - x).max() < 1e-8


@settings(max_examples=40)
@given(
    window=st.sampled_from(["strukov", "joglekar"]),
    x=st.floats(0.001, 0.999),
    voltage=st.floats(-3.0, 3.0),
    dt=st.floats(1e-4, 0.3),
    ratio=st.floats(0.5, 1000.0),
)
def test_a15_the_window_makes_a_function_of_x_grow_with_the_flux(window, x, voltage, dt, ratio):
    """r / f dx is r_off d ln x - r_on d ln(1 - x) for strukov, a quarter of it for joglekar's p = 1."""
    device = mn.LinearDrift(window=window, x_initial=x, r_on=100.0, r_off=100.0 * ratio)
    sim = mn.Simulation(NET, device, {"left": voltage, "right": 0.0}, dt=dt)
    sim.run(10)
    kept, after = float(sim.state(device, "logit")[0]), float(sim.state(device, "x")[0])
    s, start = kept or np.log(after) - np.log1p(-after), np.log(x) - np.log1p(-x)

    def grown(logit):
        return -100.0 * ratio * np.logaddexp(0.0, -logit) + 100.0 * np.logaddexp(0.0, logit)

    expected = 1e4 * voltage * dt * 10 * (4.0 if window == "joglekar" else 1.0)
    resistance = 100.0 * after + 100.0 * ratio * (1.0 - after)
    assert abs(grown(s) - grown(start) - expected) <= 1e-8 * (1.0 + abs(s)) * max(resistance, 100.0)


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
    x=st.floats(1e-9, 0.5),
    high=st.booleans(),
    voltage=st.floats(0.1, 60.0),
    sign=st.sampled_from([-1.0, 1.0]),
    dt=st.floats(1e-3, 1.0),
    decay=st.sampled_from([0.0, 1.0, 40.0]),
)
def test_a15_a_step_is_exact(window, p, x, high, voltage, sign, dt, decay):
    x = 1.0 - x if high else x
    device = mn.LinearDrift(window=window, p=p, x_initial=x, decay=decay)
    sim = mn.Simulation(NET, device, {"left": sign * voltage, "right": 0.0}, dt=dt, seed=1)
    sim.run(1)
    s = np.log(x) - np.log1p(-x)
    found, kept = float(sim.state(device, "x")[0]), float(sim.state(device, "logit")[0])
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
