"""FilamentSwitch: its regimes against closed forms and SciPy, the neuron and the pulse of its sets, noise of cycles."""

import shutil

import numpy as np
import pytest
from filaments import FILAMENT, RESIDUE, THICKNESS, VOLTAGE, Divider, Filament, Neuron, cut_noise, follow
from hypothesis import given, settings, strategies as st
from scipy.stats import norm
from test_spice_equations import compare

import memnet as mn

EDGE = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
NEURON = {"source": 1.0, "resistor": 150e3, "capacitor": 6e-9}


def numbers_of(device):
    return {name: float(value) for name, value in device.parameters.items()}


def alone(device, drive, **how):
    return mn.Simulation(EDGE, device, {"in": drive, "out": 0.0}, **how)


def neuron_of(device, **how):
    circuit = mn.Circuit()
    circuit.add("in", "n", mn.Resistor(conductance=1 / NEURON["resistor"]))
    circuit.add("n", "gnd", mn.Capacitor(capacitance=NEURON["capacitor"]))
    circuit.add("n", "gnd", device, name="F")
    return circuit.simulation({"in": NEURON["source"], "gnd": 0.0}, **how)


def rises_of(time, v, level=0.3):
    """Return when a voltage rose through a level, on straight lines between rows."""
    k = np.flatnonzero((v[:-1] <= level) & (v[1:] > level))
    return time[k] + (time[k + 1] - time[k]) * (level - v[k]) / (v[k + 1] - v[k])


# ------------------------------------------------------------------ the current


@pytest.mark.parametrize("lam", [0.05, 0.1, 1.0, 30.0])
def test_resistance_is_that_of_the_paper(lam):
    device = mn.FilamentSwitch(lam=lam)
    filament = Filament(numbers_of(device))
    for m, thickness in ((0.0, 1.0), (0.3, 1.0), (0.97, 1.0), (1.0, 1.0), (1.0, 1.7)):
        sim = alone(device, 0.5, dt=1e-9)
        sim.set_state(device, m=m, S=thickness)
        assert 0.5 / sim.run(1).current.values[0, 0] == pytest.approx(filament.resistance(m, thickness), rel=1e-12)


@pytest.mark.parametrize("lam", [1e-6, 1e-3, 1e6])
def test_resistance_is_finite_at_any_lam(lam):
    """At the ends it is R_off and R_on; (e^(1/lam) - 1) itself would overflow."""
    device = mn.FilamentSwitch(lam=lam)
    for m, expected in ((0.0, 1e9), (1.0, 40e3)):
        sim = alone(device, 1.0, dt=1e-12)
        sim.set_state(device, m=m)
        assert 1 / sim.run(1).current.values[0, 0] == pytest.approx(expected, rel=1e-9)


# ------------------------------------------------------------------ closed forms


def test_filament_and_residue_decay():
    """Without a voltage: f by gamma1 + beta, r by gamma2 from what f has become."""
    device = mn.FilamentSwitch()
    sim = alone(device, 0.0, dt=1e-4, method="adaptive", rtol=1e-9)
    sim.set_state(device, m=0.9, r=0.2)
    data = sim.run(101, record=["state:m", "state:r"])
    t, m, r = data.time.values, data.state_m.values[:, 0], data.state_r.values[:, 0]
    f = 0.7 * np.exp(-880 * t)
    residue = 0.2 * np.exp(-10 * t) + 80 * 0.7 / 870 * (np.exp(-10 * t) - np.exp(-880 * t))
    np.testing.assert_allclose(m - r, f, rtol=0, atol=1e-7)
    np.testing.assert_allclose(r, residue, rtol=1e-7)


def test_residue_alone_decays_in_any_step():
    device = mn.FilamentSwitch(beta=0.0, gamma1=0.0)
    for dt in (1e-3, 0.3):
        sim = alone(device, 0.0, dt=dt)
        sim.set_state(device, m=0.5, r=0.5)
        sim.step(3)
        assert sim.state(device, "r")[0] == pytest.approx(0.5 * np.exp(-30 * dt), rel=1e-12)


def test_gap_closes_when_its_closed_form_says_so():
    """Without losses t = ((1 + alpha) - 1/2) / (mu v)."""
    device = mn.FilamentSwitch(gamma1=0.0, gamma2=0.0, beta=0.0, theta=0.0)
    expected = (1.01 - 0.5) / (100 * 2.0)
    for how, tolerance in (({"method": "adaptive", "rtol": 1e-8}, 1e-6), ({}, 2e-3)):
        sim = alone(device, -2.0, dt=1e-6, **how)
        m = sim.run(2700, record="state:m").state_m.values[:, 0]
        assert 1e-6 * np.argmax(m == 1.0) == pytest.approx(expected, rel=tolerance, abs=1.5e-6)
        assert (m[np.argmax(m == 1.0) :] == 1.0).all()


def thickness_at(t, volts, start):
    """Return S where e^(S - 1) = z and dz/dt = theta v - gamma3 z^2 with the set of the neuron."""
    rest, z = np.sqrt(200 * volts / 10), np.exp(start - 1)
    slope = np.tanh(10 * rest * t)
    return 1 + np.log(rest * (z + rest * slope) / (rest + z * slope))


def test_bridge_thickens_and_freezes():
    device = mn.FilamentSwitch.preset("neuron")
    sim = alone(device, 0.8, dt=1e-3, method="adaptive", rtol=1e-8)
    sim.set_state(device, m=1.0, r=0.2)
    data = sim.run(101, record=["state:S", "state:m", "state:r"])
    np.testing.assert_allclose(data.state_S.values[:, 0], thickness_at(data.time.values, 0.8, 1.0), rtol=1e-6)
    assert (data.state_m.values == 1.0).all()
    np.testing.assert_allclose(data.state_r.values, 0.2, rtol=1e-6)
    apart = []
    for dt in (1e-3, 5e-4):
        sim = alone(device, 0.8, dt=dt)
        sim.set_state(device, m=1.0, r=0.2)
        sim.step(round(0.02 / dt))
        apart.append(abs(sim.state(device, "S")[0] - thickness_at(0.02, 0.8, 1.0)))
    assert apart[1] < 0.6 * apart[0] < 1e-2


@pytest.mark.parametrize("how", [{}, {"method": "adaptive", "rtol": 1e-6}])
def test_bridge_thins_to_1_and_releases(how):
    """Without a voltage e^(1 - S) grows as gamma3 t; it comes to 1 exactly, and only then does anything dissolve."""
    device = mn.FilamentSwitch.preset("neuron", sigma1=0.0, sigma2=0.0)
    sim = alone(device, 0.0, dt=1e-5, **how)
    sim.set_state(device, m=1.0, r=0.25, S=1.01)
    released = (1 - np.exp(-0.01)) / 10
    data = sim.run(round(1.5 * released / 1e-5), record=["state:S", "state:m", "state:r"])
    t, s, m = data.time.values, data.state_S.values[:, 0], data.state_m.values[:, 0]
    thick = s > 1 + 1e-7
    assert t[thick][-1] == pytest.approx(released, abs=2.1e-5)
    assert (m[thick] == 1.0).all()
    assert (data.state_r.values[thick] == 0.25).all()
    assert (s[~thick] == 1.0).all()
    assert m[-1] == pytest.approx(1 - (200 * 0.75 + 20 * 0.25) * (t[-1] - released), rel=5e-3)
    assert (np.diff(m[~thick]) <= 0).all()


def test_mean_of_the_cut_noise():
    """What the logistic stands for: the mean of max(0, 1 + s z) with normal z."""
    s = np.geomspace(1e-3, 100, 400)
    exact = norm.cdf(1 / s) + s * norm.pdf(1 / s)
    assert np.abs(cut_noise(s) / exact - 1).max() < 0.01
    assert np.abs(cut_noise(s[s > 10]) / exact[s > 10] - 1).max() < 1e-3
    assert (cut_noise(np.array([0.0, 1e-3])) == 1.0).all()


# ------------------------------------------------------------------ regimes, by SciPy


@pytest.mark.parametrize("volts", [0.3, 0.08, 0.06, 0.04, 0.01, 0.0, -0.2])
@pytest.mark.parametrize("start", [(0.55, 0.1, 1.0), (0.85, 0.15, 1.0), (0.6, 0.4, 1.0), (0.8, 0.2, 1.003)])
def test_every_regime_agrees_with_scipy(volts, start):
    """0.08 V holds a bridge of 0.6 and 0.4 and thickens it; one of 0.85 dissolves at 0.06 V, beyond gamma3/theta."""
    device = mn.FilamentSwitch.preset("neuron", dS_free=1e-8)
    sim = alone(device, volts, dt=5e-5, method="adaptive", rtol=1e-6)
    sim.set_state(device, m=sum(start[:2]), r=start[1], S=start[2])
    data = sim.run(81, record=["state:m", "state:r", "state:S"])
    way = follow(Divider(Filament(numbers_of(device)), volts, 0.0), [*start, 0.0], data.time.values)
    m, r, s = (data[f"state_{name}"].values[:, 0] for name in "mrS")
    np.testing.assert_allclose(m, way.y[:, FILAMENT] + way.y[:, RESIDUE], rtol=0, atol=2e-5)
    np.testing.assert_allclose(r, way.y[:, RESIDUE], rtol=0, atol=2e-5)
    np.testing.assert_allclose(s, way.y[:, THICKNESS], rtol=0, atol=2e-5)


def test_bridge_that_dissolves_does_not_thicken():
    """Beyond gamma3/theta and below what holds it: where both moved, m < 1 would stay frozen with S > 1."""
    device = mn.FilamentSwitch.preset("neuron")
    sim = alone(device, 0.06, dt=1e-6)
    sim.set_state(device, m=1.0, r=0.15)
    data = sim.run(2000, record=["state:m", "state:S"])
    assert (data.state_S.values == 1.0).all()
    assert (np.diff(data.state_m.values[:, 0]) < 0).all()


@pytest.mark.parametrize("method", ["fixed", "adaptive"])
@given(
    volts=st.lists(st.floats(-3, 3), min_size=2, max_size=5),
    width=st.floats(1e-5, 3e-3),
    series=st.sampled_from([1e3, 22e3, 1e6]),
    preset=st.sampled_from(["pulse", "pulse-noise", "neuron"]),
)
@settings(max_examples=12, deadline=None)
def test_states_stay_where_they_belong(method, volts, width, series, preset):
    """0 <= r <= 1, 0 <= m <= 1, S >= 1, and only a whole bridge is thick."""
    net = mn.Network(3, [(0, 1), (1, 2)], electrodes={"in": 0, "out": 2})
    device = mn.FilamentSwitch.preset(preset)
    levels = mn.drive.steps(volts, [k * width for k in range(len(volts))])
    dt = width / 40
    sim = mn.Simulation(net, [mn.Resistor(conductance=1 / series), device], {"in": levels, "out": 0.0}, dt=dt,
                        method=method)  # fmt: skip
    data = sim.run(40 * len(volts), record=["state:m", "state:r", "state:S", "current"])
    m, r, s = (data[f"state_{name}"].values for name in "mrS")
    assert ((m >= 0) & (m <= 1) & (r >= 0) & (r <= 1) & (s >= 1)).all()
    assert (m[s > 1 + float(device.dS_free)] == 1.0).all()
    assert np.isfinite(data.current.values).all()


# ------------------------------------------------------------------ the neuron


@pytest.fixture(scope="module")
def neuron_by_scipy():
    device = mn.FilamentSwitch.preset("neuron")
    circuit = Neuron(Filament(numbers_of(device)), **NEURON)
    return follow(circuit, [0.0, 0.1, 1.0, 0.0], 1e-5 * np.arange(5001), level=0.3)


@pytest.mark.parametrize(
    ("how", "tolerance"),
    [
        ({"dt": 1e-5, "method": "adaptive", "rtol": 0.1}, 5e-5),
        ({"dt": 1e-5, "method": "adaptive", "rtol": 1e-3}, 2e-5),
        ({"dt": 5e-7}, 1e-3),
        ({"dt": 2.5e-7}, 5e-4),
    ],
)
def test_neuron_has_the_periods_of_scipy(how, tolerance, neuron_by_scipy):
    data = neuron_of(mn.FilamentSwitch.preset("neuron"), **how).run(duration=0.05, record="potential")
    expected = np.diff(neuron_by_scipy.rises)
    found = np.diff(rises_of(data.time.values, data.potential.values[:, 1]))
    assert len(expected) == len(found) == 13
    assert found.mean() == pytest.approx(expected.mean(), rel=tolerance)
    np.testing.assert_allclose(found, expected, rtol=3 * tolerance)


def test_neuron_has_the_voltage_of_scipy(neuron_by_scipy):
    sim = neuron_of(mn.FilamentSwitch.preset("neuron"), dt=1e-5, method="adaptive", rtol=1e-4)
    data = sim.run(5001, record=["potential", "state:S"])
    v, expected = data.potential.values[:, 1], neuron_by_scipy.y[:, VOLTAGE]
    assert np.mean(np.abs(v - expected)) < 1e-4
    assert data.state_S.values.max() == pytest.approx(neuron_by_scipy.y[:, THICKNESS].max(), abs=1e-5)


def test_error_of_fixed_steps_is_of_first_order(neuron_by_scipy):
    apart = []
    for dt in (2e-6, 1e-6, 5e-7):
        data = neuron_of(mn.FilamentSwitch.preset("neuron"), dt=dt).run(duration=0.05, record="potential")
        found = np.diff(rises_of(data.time.values, data.potential.values[:, 1])).mean()
        apart.append(found / np.diff(neuron_by_scipy.rises).mean() - 1)
    assert 0 < apart[2] < 0.6 * apart[1] < 0.36 * apart[0] < 2e-3


def test_neuron_without_the_noise_closes_once():
    """The bare law rests at R_on: the drive there, mu v/alpha, is five times what dissolves."""
    sim = neuron_of(mn.FilamentSwitch.preset("neuron", sigma1=0.0, sigma2=0.0), dt=1e-4, method="adaptive")
    data = sim.run(duration=0.1, record=["potential", "state:m"])
    assert len(rises_of(data.time.values, data.potential.values[:, 1])) == 1
    assert data.potential.values[-1, 1] == pytest.approx(5 / 155, rel=1e-6)
    assert (data.state_m.values[100:] == 1.0).all()


def test_neuron_has_the_same_bits_in_any_chunks():
    for how in ({"dt": 1e-6}, {"dt": 1e-5, "method": "adaptive"}):
        whole, parts = (neuron_of(mn.FilamentSwitch.preset("neuron"), **how) for _ in range(2))
        n = round(0.013 / how["dt"])
        expected = whole.run(n, record="potential").potential.values
        found = np.concatenate([parts.run(k, record="potential").potential.values for k in (1, n // 3, n - 1 - n // 3)])
        assert found.tobytes() == expected.tobytes()


# ------------------------------------------------------------------ the pulse


PULSE = ((1e-3, 0.05), (20e-3, 1.0), (30e-3, 0.05))


@pytest.mark.parametrize("preset", ["pulse", "pulse-noise"])
def test_pulse_agrees_with_scipy(preset):
    """Delay, current against time, and relaxation; read at 0.05 V before and behind 20 ms of 1 V."""
    device = mn.FilamentSwitch.preset(preset)
    filament = Filament(numbers_of(device))
    y, expected = [0.0, 0.4, 1.0, 0.0], []
    for length, volts in PULSE:
        n = round(length / 1e-4)
        y = follow(Divider(filament, volts, 22e3), y, 1e-4 * np.arange(n + 1)).y
        own = filament.resistance(y[:, FILAMENT] + y[:, RESIDUE], y[:, THICKNESS])
        expected.append((volts / (22e3 + own))[:n])
        y = y[-1]
    expected = np.concatenate(expected)
    ends = np.cumsum([length for length, _ in PULSE])
    wave = mn.drive.steps([volts for _, volts in PULSE], [0.0, ends[0], ends[1]])
    net = mn.Network(3, [(0, 1), (1, 2)], electrodes={"in": 0, "out": 2})
    for how, rows, typical, tolerance in (
        ({"dt": 1e-4, "method": "adaptive", "rtol": 1e-5}, 1, 1e-5, 1e-4),
        ({"dt": 1e-6}, 100, 1e-2, 0.03),
    ):
        sim = mn.Simulation(net, [mn.Resistor(conductance=1 / 22e3), device], {"in": wave, "out": 0.0}, **how)
        current = sim.run(rows * len(expected), record="current").current.values[::rows, 0]
        apart = np.abs(np.log(current / expected))
        assert np.median(apart) < typical
        assert np.mean(np.abs(current - expected)) < tolerance * expected.max()
        for level in (1e-7, 1e-6):
            apart = np.flatnonzero(current > level)[[0, -1]] - np.flatnonzero(expected > level)[[0, -1]]
            assert np.abs(apart).max() <= 1


# ------------------------------------------------------------------ noise of cycles


CYCLE = {"m < 0.5": {"mu": mn.lognormal(0.2)}}


def delays_of(device, n_pulses):
    """Return when bridges close in each of some pulses (pulse, edge), and what mu was drawn."""
    net = mn.Network(2, [(0, 1)] * 60, electrodes={"in": 0, "out": 1})
    pulses = mn.drive.pulses(0.0, 1.0, length=3e-3, spacing=12e-3)
    sim = mn.Simulation(net, device, {"in": pulses, "out": 0.0}, dt=1e-5)
    delays, drawn = [], []
    for _ in range(n_pulses):
        high = sim.run(300, record={"state:m": device}).state_m.values
        assert (high[-1] == 1.0).all()
        drawn.append(np.array(sim.parameter(device, "mu")))
        delays.append(np.argmax(high == 1.0, axis=0) * 1e-5)
        sim.step(1200)
    return np.array(delays), np.array(drawn)


def test_delays_of_cycles_spread_as_set():
    """A cycle begins where a bridge has dissolved; each delay is that of a device which has the drawn mu for good."""
    bare = {"mu": 1000.0, "gamma1": 800.0, "beta": 0.0, "theta": 0.0}
    device = mn.spread(mn.FilamentSwitch(**bare), cycle=CYCLE, seed=3)
    delays, drawn = delays_of(device, 6)
    logs = np.log(drawn / 1000.0)
    assert logs.std() == pytest.approx(0.2, abs=3 * 0.2 / np.sqrt(2 * logs.size))
    assert abs(logs.mean()) < 3 * 0.2 / np.sqrt(logs.size)
    assert len(np.unique(drawn)) == drawn.size
    for k in (0, 3, 5):
        expected, _ = delays_of(mn.FilamentSwitch(**{**bare, "mu": drawn[k]}), 1)
        np.testing.assert_allclose(delays[k], expected[0], rtol=0, atol=1.1e-5)
    assert np.log(delays).std() > 0.15
    again, _ = delays_of(mn.spread(mn.FilamentSwitch(**bare), cycle=CYCLE, seed=3), 6)
    assert again.tobytes() == delays.tobytes()


@pytest.mark.parametrize("how", [{"dt": 2e-6}, {"dt": 1e-5, "method": "adaptive"}])
def test_cycles_of_the_neuron_differ(how):
    """Each period has a gamma1 of its own, in the same bits for any chunks; none without the spread."""

    def one():
        noisy = mn.spread(mn.FilamentSwitch.preset("neuron"), cycle={"m < 0.95": {"gamma1": mn.lognormal(0.1)}}, seed=2)
        return noisy, neuron_of(noisy, **how)

    noisy, sim = one()
    n = round(0.03 / how["dt"])
    found, drawn = [], []
    for _ in range(30):
        found.append(sim.run(n // 30, record="potential").potential.values[:, 1])
        drawn.append(float(sim.parameter(noisy, "gamma1")[0]))
    whole = one()[1].run(30 * (n // 30), record="potential").potential.values[:, 1]
    assert np.concatenate(found).tobytes() == whole.tobytes()
    periods = np.diff(rises_of(how["dt"] * np.arange(whole.size), whole))
    assert len(np.unique(drawn)) in (len(periods) + 1, len(periods) + 2)
    plain = neuron_of(mn.FilamentSwitch.preset("neuron"), **how).run(whole.size, record="potential")
    regular = np.diff(rises_of(plain.time.values, plain.potential.values[:, 1]))
    n = min(len(periods), len(regular))
    assert np.std(periods[:n] / regular[:n]) > 0.02


# ------------------------------------------------------------------ other programs, bits, bad input


@pytest.mark.skipif(shutil.which("ngspice") is None, reason="no ngspice here")
@pytest.mark.parametrize("preset", ["pulse", "pulse-noise"])
def test_pulse_agrees_with_ngspice(preset, tmp_path):
    """Through all regimes, there and back."""
    net = mn.Network(3, [(0, 1), (1, 2)], electrodes={"in": 0, "out": 2})
    wave = mn.drive.piecewise_linear([0.0, 1e-3, 15e-3, 16e-3], [0.0, 1.0, 1.0, 0.02])
    device = mn.FilamentSwitch.preset(preset)
    sim = mn.Simulation(net, [mn.Resistor(conductance=1 / 22e3), device], {"in": wave, "out": 0.0}, dt=1e-4,
                        method="adaptive", rtol=1e-6)  # fmt: skip
    assert compare(sim, 30e-3, tmp_path, steps=4000) < 5e-3


def test_neuron_has_the_same_bits_interpreted_or_compiled():
    interpreted = mn.device_model("FilamentSwitchInterpreted", mn.FilamentSwitch._table["text"])
    for how in ({"dt": 1e-6}, {"dt": 1e-5, "method": "adaptive"}):
        one, other = (
            neuron_of(model.preset("neuron"), **how).run(duration=0.012, record="potential").potential.values
            for model in (mn.FilamentSwitch, interpreted)
        )
        assert one.tobytes() == other.tobytes()


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("R_on", 0.0, "(0, inf)"),
        ("R_off", -1.0, "(0, inf)"),
        ("lam", 0.0, "(0, inf)"),
        ("alpha", 0.0, "(0, inf)"),
        ("alpha", np.nan, "(0, inf)"),
        ("mu", -1.0, "[0, inf)"),
        ("theta", -1.0, "[0, inf)"),
        ("gamma3", -1.0, "[0, inf)"),
        ("sigma1", -0.1, "[0, inf)"),
        ("r_initial", 1.1, "[0, 1]"),
    ],
)
def test_bad_parameters_are_named(name, value, allowed):
    with pytest.raises(ValueError, match=f"FilamentSwitch.{name} must be ") as refused:
        mn.FilamentSwitch(**{name: value})
    assert allowed in str(refused.value) or "finite" in str(refused.value)


@pytest.mark.parametrize("state", [{"m": 1.01}, {"m": -0.1}, {"r": 1.2}, {"S": 0.9}])
def test_states_outside_are_refused(state):
    device = mn.FilamentSwitch()
    sim = alone(device, 1.0, dt=1e-5)
    with pytest.raises(ValueError, match=next(iter(state))):
        sim.set_state(device, **state)


def test_more_residue_than_share_is_no_filament():
    """Residue above m, which set_state allows, counts as no filament; it fades, and the device goes on."""
    device = mn.FilamentSwitch()
    sim = alone(device, 1.0, dt=1e-5)
    sim.set_state(device, m=0.2, r=0.9)
    data = sim.run(2000, record=["state:m", "state:r"])
    assert (np.diff(data.state_m.values[:5, 0]) > 0).all()
    assert data.state_r.values[1, 0] == pytest.approx(0.9 * np.exp(-1e-4), rel=1e-9)
    assert data.state_m.values[-1, 0] >= data.state_r.values[-1, 0]
