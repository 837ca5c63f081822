"""The membrane of Hodgkin and Huxley against numbers of independent integrators at 1e-10, and its laws."""

import membranes
import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.interpolate import CubicSpline
from scipy.optimize import brentq

import memnet as mn

REST = 0.00027757e-3
MICRO = 1e-6
PRESETS = ["figure-6", "absolute"]
# For long runs, as the second is the first at other potentials.
ONE_PRESET = ["figure-6", pytest.param("absolute", marks=pytest.mark.slow)]


def circuit(device):
    made = mn.Circuit()
    made.add("in", "gnd", device)
    return made


def spikes(device, wave, duration, *, rtol=1e-7, dt=1e-5):
    """Times (ms) and potentials from V_R (mV) of rows, and a curve through them."""
    sim = circuit(device).simulation({"in": mn.drive.current(wave), "gnd": 0.0}, dt=dt, method="adaptive", rtol=rtol)
    data = sim.run(duration=duration, record=["voltage"], progress=False)
    time, u = 1e3 * data.time.values, 1e3 * (data.voltage.values[:, 0] - device.parameters["V_R"])
    return time, u, CubicSpline(time, u)


def crossings(curve, level, rising):
    times = curve.solve(level, extrapolate=False)
    return times[(curve(times, 1) > 0.0) == rising]


def pulse(current):
    return mn.drive.steps([current * MICRO, 0.0], [0.0, 0.5e-3])


def at_rest(preset):
    resting = mn.HodgkinHuxley.preset(preset).parameters["V_R"]
    return mn.HodgkinHuxley.preset(preset, v_initial=resting + REST)


@pytest.mark.parametrize("preset", PRESETS)
def test_it_rests_where_the_leak_leaves_it(preset):
    device = mn.HodgkinHuxley.preset(preset)
    states = mn.equilibria(circuit(device), {"in": mn.drive.current(0.0), "gnd": 0.0})
    assert len(states) == 1
    assert states.stable.all()
    assert 1e3 * (states.potential[0, 0] - device.parameters["V_R"]) == pytest.approx(0.00027757, abs=1e-8)
    assert preset != "absolute" or f"{1e3 * states.potential[0, 0]:.3f}" == "-65.000"


@pytest.mark.parametrize("offset", [-0.065, 0.0, 0.1])
def test_absolute_potentials_are_shifted_ones(offset):
    volts = np.linspace(-0.1, 0.15, 26)
    relative = mn.theory.steady_curve(mn.HodgkinHuxley(), volts)
    shifted = mn.theory.steady_curve(mn.HodgkinHuxley(V_R=offset), volts + offset)
    for name in relative:
        np.testing.assert_allclose(shifted[name], relative[name], rtol=1e-10, atol=1e-18)


def test_rates_at_the_removable_singularities():
    """a_m = 1 at u = 25 mV, a_n = 0.1 at 10 mV; their slopes there are L'(0) = -1/2 over -10 mV."""
    u = np.array([10.0, 25.0])
    curve = mn.theory.steady_curve(mn.HodgkinHuxley(), 1e-3 * u)
    a_m = 1e-3 * curve.state_m / curve.tau_m
    a_n = 1e-3 * curve.state_n / curve.tau_n
    assert a_m.values[1] == pytest.approx(1.0, rel=1e-15)
    assert a_n.values[0] == pytest.approx(0.1, rel=1e-15)


@given(st.floats(-200.0, 300.0))
def test_steady_curves_are_those_of_the_rates(u):
    def linear_over_exponential(z):
        return z / np.expm1(z) if z != 0.0 else 1.0

    a = {
        "m": linear_over_exponential((25 - u) / 10),
        "h": 0.07 * np.exp(-u / 20),
        "n": 0.1 * linear_over_exponential((10 - u) / 10),
    }
    b = {"m": 4 * np.exp(-u / 18), "h": 1 / (np.exp((30 - u) / 10) + 1), "n": 0.125 * np.exp(-u / 80)}
    curve = mn.theory.steady_curve(mn.HodgkinHuxley(), 1e-3 * u)
    for gate in a:
        assert curve[f"state_{gate}"].values[0] == pytest.approx(a[gate] / (a[gate] + b[gate]), rel=1e-12)
        assert 1e3 * curve[f"tau_{gate}"].values[0] == pytest.approx(1 / (a[gate] + b[gate]), rel=1e-12)


@pytest.mark.parametrize(("gate", "u", "tau"), [("m", 26.16, 0.50143), ("h", -1.81, 8.58240), ("n", -12.17, 5.79234)])
def test_peaks_of_relaxation_times(gate, u, tau):
    grid = np.round(np.arange(-60.0, 60.0, 0.01), 2)
    found = mn.theory.steady_curve(mn.HodgkinHuxley(), 1e-3 * grid)[f"tau_{gate}"].values
    assert 1e3 * found.max() == pytest.approx(tau, abs=5e-6)
    assert grid[found.argmax()] == pytest.approx(u, abs=0.011)


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize(("share", "fires"), [(1.0 + 1e-4, True), (1.0 - 1e-4, False)])
def test_threshold_of_a_short_pulse(share, fires, preset):
    """13.27981 uA/cm2 for 0.5 ms."""
    _, u, _ = spikes(at_rest(preset), pulse(13.27981 * share), 0.02)
    assert (u.max() > 50.0) == fires


@pytest.mark.parametrize("preset", PRESETS)
def test_a_spike(preset):
    """20 uA/cm2 for 0.5 ms."""
    time, u, curve = spikes(at_rest(preset), pulse(20.0), 0.01)
    peak = curve.derivative().roots(extrapolate=False)
    peak = peak[np.argmax(curve(peak))]
    assert curve(peak) == pytest.approx(104.3205, abs=0.01)
    assert peak == pytest.approx(2.1129, abs=1e-3)
    width = crossings(curve, 50.0, rising=False)[0] - crossings(curve, 50.0, rising=True)[0]
    assert width == pytest.approx(1.514445, rel=1e-5)
    assert u.max() <= curve(peak) + 1e-6
    assert time[0] == 0.0


def test_a_spike_by_scipy():
    rows = np.arange(0.0, 10.0, 0.01)
    stimuli = [(0.5, np.array([20.0])), (10.0, np.zeros(1))]
    by_scipy = membranes.coupled(membranes.at_rest(1e3 * REST), np.zeros_like, stimuli, rows)[:, 0]
    _, u, _ = spikes(at_rest("figure-6"), pulse(20.0), 0.01)
    np.testing.assert_allclose(u[: len(rows)], by_scipy, atol=1e-3)


@pytest.mark.parametrize("preset", ONE_PRESET)
def test_repetitive_firing_at_10(preset):
    _, _, curve = spikes(at_rest(preset), mn.drive.constant(10.0 * MICRO), 0.15)
    times = crossings(curve, 50.0, rising=True)
    assert times[0] == pytest.approx(1.843146738, rel=1e-6)
    assert np.diff(times)[-2:] == pytest.approx([14.638324789, 14.638324789], rel=1e-6)
    assert np.diff(times)[-1] == pytest.approx(14.638307, rel=1e-5)  # of a public integrator, in absolute potentials
    assert curve(curve.derivative().roots(extrapolate=False)).max() - 65.0 == pytest.approx(40.266, abs=0.01)


@pytest.mark.parametrize("preset", ONE_PRESET)
@pytest.mark.parametrize(("share", "fires"), [(1.0 + 1e-4, True), (1.0 - 1e-4, False)])
def test_where_it_fires_for_ever(share, fires, preset):
    """From rest above 6.26281 uA/cm2."""
    wave = mn.drive.constant(6.26281 * share * MICRO)
    _, _, curve = spikes(at_rest(preset), wave, 0.6, rtol=1e-5, dt=1e-4)
    assert (len(crossings(curve, 50.0, rising=True)) > 20) == fires


# ------------------------------------------------------------------ Hopf points


def rightmost(preset, current):
    """Return the eigenvalue of the resting state (1/s) at a current in uA/cm2."""
    sim = circuit(mn.HodgkinHuxley.preset(preset)).simulation(
        {"in": mn.drive.current(current * MICRO), "gnd": 0.0}, method="adaptive"
    )
    return mn.eigenvalues(sim)[0]


def rightmost_by_differences(u):
    """Return that of the resting state at u (1/ms), from NumPy alone."""
    state, step = membranes.at_rest(u)[:, 0], 1e-5
    shifted = [
        membranes.derivative(state + sign * step * one, membranes.steady_current(u))
        for one in np.eye(4)
        for sign in (1.0, -1.0)
    ]
    slopes = np.array([(shifted[2 * k] - shifted[2 * k + 1]) / (2 * step) for k in range(4)]).T
    found = np.linalg.eigvals(slopes)
    return found[np.argmax(found.real)]


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize(
    ("low", "high", "current", "hertz"), [(9.0, 10.5, 9.779338, 93.302), (150, 160, 154.526334, None)]
)
def test_hopf_points(low, high, current, hertz, preset):
    found = brentq(lambda i: rightmost(preset, i).real, low, high, xtol=1e-9)
    assert found == pytest.approx(current, rel=1e-6)
    cycle = abs(rightmost(preset, found).imag) / (2 * np.pi)
    assert hertz is None or cycle == pytest.approx(hertz, rel=1e-5)


@pytest.mark.parametrize(("low", "high", "current"), [(3.0, 8.0, 9.779338), (15.0, 30.0, 154.526334)])
def test_hopf_points_by_scipy(low, high, current):
    u = brentq(lambda u: rightmost_by_differences(u).real, low, high)
    assert membranes.steady_current(u) == pytest.approx(current, rel=1e-6)
    cycle = 1e3 * abs(rightmost_by_differences(u).imag)
    assert abs(rightmost("figure-6", current).imag) == pytest.approx(cycle, rel=1e-5)


@pytest.mark.parametrize("preset", ONE_PRESET)
def test_rest_and_firing_are_both_stable_in_between(preset):
    """At 8 uA/cm2: from the static state nothing moves, from the rest without a current it fires for ever."""
    current = 8.0
    u = 1e-3 * brentq(lambda u: membranes.steady_current(u) - current, -5.0, 20.0, xtol=1e-14)
    resting = mn.HodgkinHuxley.preset(preset).parameters["V_R"]
    wave = mn.drive.constant(current * MICRO)
    assert rightmost(preset, current).real < 0.0
    _, still, _ = spikes(mn.HodgkinHuxley.preset(preset, v_initial=resting + u), wave, 0.3, rtol=1e-6, dt=1e-4)
    assert np.ptp(still) < 1e-3
    _, _, curve = spikes(at_rest(preset), wave, 0.3, rtol=1e-6, dt=1e-4)
    intervals = np.diff(crossings(curve, 50.0, rising=True))
    assert len(intervals) > 10
    assert np.ptp(intervals[-3:]) < 1e-2


@pytest.mark.parametrize(("current", "stable"), [(9.7, True), (9.9, False), (154.4, False), (154.7, True)])
def test_what_eigenvalues_say_at_rest_around_the_hopf_points(current, stable):
    assert (rightmost("figure-6", current).real < 0.0) == stable


def test_phi_makes_gates_faster_and_nothing_else():
    volts = np.linspace(-0.05, 0.1, 7)
    one, three = (mn.theory.steady_curve(mn.HodgkinHuxley(phi=phi), volts) for phi in (1.0, 3.0))
    np.testing.assert_allclose(three.current, one.current, rtol=1e-14)
    for gate in "mhn":
        np.testing.assert_allclose(3.0 * three[f"tau_{gate}"], one[f"tau_{gate}"], rtol=1e-14)


@pytest.mark.parametrize("volts", [-1e3, -30.0, 30.0, 1e3])
def test_voltages_where_exponents_overflow(volts):
    curve = mn.theory.steady_curve(mn.HodgkinHuxley(), volts)
    assert np.isfinite(curve.to_array()).all()


def test_it_starts_where_its_gates_rested():
    device = mn.HodgkinHuxley(v_initial=0.02)
    curve = mn.theory.steady_curve(device, 0.02)
    sim = circuit(device).simulation({"in": mn.drive.current(0.0), "gnd": 0.0}, dt=1e-5, method="adaptive")
    for gate in "mhn":
        assert sim.state(device, gate)[0] == pytest.approx(curve[f"state_{gate}"].values[0], rel=1e-13)
