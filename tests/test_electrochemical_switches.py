"""Butler-Volmer, ion hopping, ECM: closed forms of currents in series, set times, and a cycle. The explicit JART."""

import numpy as np
import pytest
from scipy import constants

import memnet as mn

EDGE = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
KT = constants.k * 300 / constants.e


def current(device, volts):
    sim = mn.Simulation(EDGE, device, {"in": volts, "out": 0.0}, dt=1.0)
    return sim.run(1, record="branch_current").branch_current.values[0, 0]


# ------------------------------------------------------------------ currents of ions


@pytest.mark.parametrize("volts", [1e-12, -1e-6, 1e-3, 0.1, 0.5, -0.7, 3.0])
def test_two_equal_interfaces_in_series(volts):
    """2 A j_0 sinh(z e V/(4 k_B T)) with alpha = 1/2."""
    pair = mn.series(mn.ButlerVolmer(z=2.0), mn.ButlerVolmer(z=2.0))
    assert current(pair, volts) == pytest.approx(2 * 1e-16 * 3e5 * np.sinh(2 * volts / (4 * KT)), rel=1e-12)


@pytest.mark.parametrize("alpha", [0.0, 0.3, 1.0])
def test_one_interface(alpha):
    for volts in (-0.4, -1e-4, 1e-4, 0.4):
        expected = 3e-11 * (np.expm1((1 - alpha) * volts / KT) - np.expm1(-alpha * volts / KT))
        assert current(mn.ButlerVolmer(alpha=alpha), volts) == pytest.approx(expected, rel=1e-11)


@pytest.mark.parametrize("volts", [1e-15, -1e-9, 1e-6])
def test_small_voltages_keep_their_digits(volts):
    """Of an interface, and of a cell with a nucleus in a film so thick that no electron tunnels: A j_0 (e^f - e^b)."""
    forwards, backwards = np.expm1(0.7 * volts / KT), np.expm1(-0.3 * volts / KT)
    assert current(mn.ButlerVolmer(alpha=0.3), volts) == pytest.approx(3e-11 * (forwards - backwards), rel=1e-13)
    cell = mn.ElectrochemicalMetallization(alpha=0.7, L=60e-9)
    sim = mn.Simulation(EDGE, cell, {"in": volts, "out": 0.0}, dt=1e-9)
    sim.set_state(cell, nucleus=1.0)
    found = sim.run(1, record="branch_current").branch_current.values[0, 0]
    assert found == pytest.approx(3e-11 * (forwards - backwards), rel=1e-13)


def test_hops_in_a_field():
    for volts in (-2.0, 0.01, 2.0):
        expected = 1e-16 * 1e11 * np.sinh(0.5 * volts / (2 * KT * 20))
        assert current(mn.IonHopping(), volts) == pytest.approx(expected, rel=1e-12)


def test_interfaces_and_film_in_series_share_the_voltage():
    """The current that the parts carry at voltages that add up, each inverted by itself."""
    cell = mn.series(mn.ButlerVolmer(), mn.IonHopping(j_0=1e6), mn.ButlerVolmer())
    for volts in (0.2, 1.0):
        ions = current(cell, volts) / 1e-16
        parts = 4 * KT * np.arcsinh(ions / 6e5) + 2 * KT * 20 / 0.5 * np.arcsinh(ions / 1e6)
        assert parts == pytest.approx(volts, rel=1e-9)


def test_no_voltage_overflows():
    for device in (mn.ButlerVolmer(), mn.IonHopping()):
        assert np.isfinite(current(device, 1e4))
        assert np.isfinite(current(device, -1e4))


# ------------------------------------------------------------------ set times


def nucleated_after(volts, **parameters):
    device = mn.ElectrochemicalMetallization(**parameters)
    waits = 1e-8 * np.exp(0.8 / KT - (float(device.N_c) + 0.5) * volts / KT)
    sim = mn.Simulation(EDGE, device, {"in": volts, "out": 0.0}, dt=waits / 20, method="adaptive", rtol=1e-8)
    data = sim.run(30)
    assert (data.event_kind.values[0], data.event_edge.values[0]) == (1, 0)
    return data.event_time.values[0], waits


@pytest.mark.parametrize("n_c", [1.0, 3.0])
def test_nucleation_limited_set(n_c):
    """A decade of the time is k_B T ln 10/((N_c + alpha) z e), 17.01 mV at N_c = 3."""
    volts = np.array([0.2, 0.25])
    times, expected = np.transpose([nucleated_after(v, N_c=n_c) for v in volts])
    np.testing.assert_allclose(times, expected, rtol=1e-7)
    per_decade = -np.diff(volts) / np.diff(np.log10(times))
    assert per_decade == pytest.approx(KT * np.log(10) / (n_c + 0.5), rel=1e-6)
    if n_c == 3.0:
        assert 1e3 * per_decade[0] == pytest.approx(17.01, rel=1e-3)


def closed_after(volts):
    device = mn.ElectrochemicalMetallization(t_0=1e-40, R_s=0.0, j_0=3.0)
    whole = (20e-9 - 1e-10) * constants.e / (1.7e-29 * 6.0 * np.sinh(volts / (2 * KT)))
    sim = mn.Simulation(EDGE, device, {"in": volts, "out": 0.0}, dt=whole / 20, method="adaptive", rtol=1e-8)
    data = sim.run(21, record="state:x")
    time, x = data.time.values, data.state_x.values[:, 0]
    return np.interp(-0.5, -x, time), 0.5 * whole


def test_set_limited_by_the_transfer_of_electrons():
    """A decade of the time is k_B T ln 10/(alpha z e), 119.05 mV."""
    volts = np.array([0.4, 0.6])
    times, expected = np.transpose([closed_after(v) for v in volts])
    np.testing.assert_allclose(times, expected, rtol=1e-9)
    assert 1e3 * -np.diff(volts) / np.diff(np.log10(times)) == pytest.approx(119.05, rel=1e-3)


def test_a_cycle_of_a_cell():
    """It nucleates, closes, stays closed at 0 V, opens below, and its nucleus is gone."""
    device = mn.ElectrochemicalMetallization()
    wave = mn.drive.piecewise_linear([0, 1, 3, 4], [0.0, 0.5, -0.5, 0.0])
    sim = mn.Simulation(EDGE, device, {"in": wave, "out": 0.0}, dt=0.05, method="adaptive", rtol=1e-4)
    data = sim.run(81, record=["state:x", "state:nucleus", "branch_current"])
    assert list(data.event_kind.values) == [1, 2]
    x, n, i = (data[name].values[:, 0] for name in ("state_x", "state_nucleus", "branch_current"))
    assert (x[0], x[40], x[-1]) == (1.0, 0.0, 1.0)
    assert (n[0], n[40], n[-1]) == (0.0, 1.0, 0.0)
    assert i[20] > 1e-6 > 1e-12 > abs(i[75])


# ------------------------------------------------------------------ the explicit form of JART


def test_explicit_current_of_the_source():
    """In NumPy, of the nominal filament, at five voltages and six concentrations."""
    device = mn.ExplicitJART()
    sim = mn.Simulation(EDGE, device, {"in": 0.0, "out": 0.0}, dt=1.0)
    for x in np.linspace(0, 1, 6):
        y = np.log(8e23 / 4e23) + x * np.log(2e27 / 8e23)
        sim.set_state(device, x=x)
        for v in (-1.5, -0.6, -0.1, 0.2, 1.3):
            found = sim._core.linearise(0, np.array([v]))["i"][0]
            assert found == pytest.approx(explicit_current(v, y), rel=1e-10)


def explicit_current(v, y):
    if v > 0:
        p5 = 1.3769e-3 * (1 - np.exp(-8.1819e-2 * v))
        p6, p8 = 1.9687e-1 - 2.1833e-2 * v, 1.1713e-1 + 8.1370e-2 * v
        p7 = -9.7606e1 + 7.8250 * v + 9.9296e1 * np.exp(-7.1092e-2 * v)
        p10 = 9.7733e-1 + 3.5214e-2 * v + 1.2856e-2 * v**2
        p11 = 9.4207e-1 + 3.8953e-2 * v + 2.3436e-2 * v**2
        return p5 / (p6 + p7 * (p8 * np.exp(y)) ** -p10) ** (1 / p11)
    p1 = 1.1830 * (-2.7034e-3 * v - 4.5379e-6 * v**2) / (1 + 9.9115e-1 * v + 4.4093e-1 * v**2)
    p3, p4 = 6.8845 - 5.8995e-1 * v, 2.5890e3 + 2.9537 * np.exp(5.4031e-1 * v)
    p5 = 6.4705e-4 * v + 5.1529e-5 * v**2
    p9 = 3.9052 + (9.6130 - 3.9052) / (1 + np.exp((v + 4.5637e-1) / 1.4310))
    p10 = 4.6925e-1 + (3.4731 - 4.6925e-1) / (1 + np.exp((v + 1.1871) / 5.6947e-1))
    p11 = 1.0667e1 + (1.2812e-1 - 1.0667e1) / (1 + np.exp((v - 7.4414e-1) / 4.2381e-1))
    return (
        p1 * (-2.5955e3 * (np.exp((y - p3) / p4) - 1) + y - p3) + p5 / (1 + 1.1708e-1 * np.exp(y - p9) ** -p10) ** p11
    )


@pytest.fixture(scope="module")
def sweep():
    """From 0 to -1.5 and 1.5 V and back, at 1 V/s."""
    device = mn.ExplicitJART(N_0=8e23)
    time, volts = [0, 1.5, 4.5, 6], [0.0, -1.5, 1.5, 0.0]
    wave = mn.drive.piecewise_linear(time, volts)
    sim = mn.Simulation(EDGE, device, {"in": wave, "out": 0.0}, dt=2e-3, method="adaptive", rtol=1e-4)
    data = sim.run(3000, record=["branch_current", "state:x"])
    return np.interp(data.time.values, time, volts), data.branch_current.values[:, 0], data.state_x.values[:, 0]


def test_reset_peak_of_the_explicit_form(sweep):
    v, i, _ = sweep
    assert i.max() == pytest.approx(0.55e-3, rel=0.02)
    assert v[i.argmax()] == pytest.approx(0.915, abs=0.015)


def test_set_of_the_explicit_form(sweep):
    """It sets 15 mV later than the inner equation, tests/test_jart.py."""
    v, _, x = sweep
    assert v[np.argmax(x > 0.9)] == pytest.approx(-0.605, abs=0.005)
    assert x.min() >= 0.0


@pytest.mark.parametrize(
    ("model", "wrong", "says"),
    [
        ("ButlerVolmer", {"T": 0.0}, r"T must be in \(0, inf\) K"),
        ("ButlerVolmer", {"z": 0.0}, r"z must be in \(0, inf\)"),
        ("ButlerVolmer", {"alpha": 1.5}, r"alpha must be in \[0, 1\]"),
        ("IonHopping", {"L": -1e-9}, r"L must be in \(0, inf\) m"),
        ("ElectrochemicalMetallization", {"x_min": 30e-9}, r"x_min must be below L"),
        ("ElectrochemicalMetallization", {"T": [300.0, -1.0]}, r"T must be in .* at index 1"),
        ("ExplicitJART", {"r": 0.0}, r"r must be in \(0, inf\) m"),
        ("ExplicitJART", {"N_min": 3e27}, r"N_min must be below N_max"),
    ],
)
def test_bad_parameters_are_refused(model, wrong, says):
    with pytest.raises(ValueError, match=rf"{model}\.{says}"):
        getattr(mn, model)(**wrong)
