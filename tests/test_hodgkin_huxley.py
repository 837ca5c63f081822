"""The membrane of Hodgkin and Huxley against numbers of independent integrators at 1e-10, and its laws."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.interpolate import CubicSpline

import memnet as mn

REST = 0.00027757e-3
MICRO = 1e-6


def circuit(device):
    made = mn.Circuit()
    made.add("in", "gnd", device)
    return made


def spikes(device, wave, duration, *, rtol=1e-7, dt=1e-5):
    """Times (ms) and potentials (mV) of rows, and a curve through them."""
    sim = circuit(device).simulation({"in": mn.drive.current(wave), "gnd": 0.0}, dt=dt, method="adaptive", rtol=rtol)
    data = sim.run(duration=duration, record=["voltage"], progress=False)
    time, u = 1e3 * data.time.values, 1e3 * data.voltage.values[:, 0]
    return time, u, CubicSpline(time, u)


def crossings(curve, level, rising):
    times = curve.solve(level, extrapolate=False)
    return times[(curve(times, 1) > 0.0) == rising]


def pulse(current):
    return mn.drive.steps([current * MICRO, 0.0], [0.0, 0.5e-3])


def at_rest():
    return mn.HodgkinHuxley.preset("figure-6", v_initial=REST)


def test_it_rests_where_the_leak_leaves_it():
    states = mn.equilibria(circuit(mn.HodgkinHuxley()), {"in": mn.drive.current(0.0), "gnd": 0.0})
    assert len(states) == 1
    assert states.stable.all()
    assert 1e3 * states.potential[0, 0] == pytest.approx(0.00027757, abs=1e-8)


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


@pytest.mark.parametrize(("share", "fires"), [(1.0 + 1e-4, True), (1.0 - 1e-4, False)])
def test_threshold_of_a_short_pulse(share, fires):
    """13.27981 uA/cm2 for 0.5 ms."""
    _, u, _ = spikes(at_rest(), pulse(13.27981 * share), 0.02)
    assert (u.max() > 50.0) == fires


def test_a_spike():
    """20 uA/cm2 for 0.5 ms."""
    time, u, curve = spikes(at_rest(), pulse(20.0), 0.01)
    peak = curve.derivative().roots(extrapolate=False)
    peak = peak[np.argmax(curve(peak))]
    assert curve(peak) == pytest.approx(104.3205, abs=0.01)
    assert peak == pytest.approx(2.1129, abs=1e-3)
    width = crossings(curve, 50.0, rising=False)[0] - crossings(curve, 50.0, rising=True)[0]
    assert width == pytest.approx(1.514445, rel=1e-5)
    assert u.max() <= curve(peak) + 1e-6
    assert time[0] == 0.0


def test_repetitive_firing_at_10():
    _, _, curve = spikes(at_rest(), mn.drive.constant(10.0 * MICRO), 0.15)
    times = crossings(curve, 50.0, rising=True)
    assert times[0] == pytest.approx(1.843146738, rel=1e-6)
    assert np.diff(times)[-2:] == pytest.approx([14.638324789, 14.638324789], rel=1e-6)


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
