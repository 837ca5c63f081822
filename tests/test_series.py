"""Devices in series on one edge, from keywords to files; see tests/c/test_series.c, too."""

import copy
import json
import math
import pickle

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

import memnet as mn

THERMAL = 1.380649e-23 / 1.602176634e-19 * 300.15


def pair():
    """Two electrodes with one edge between them."""
    return mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})


def run(device, drive, n=1, *, net=None, record=(), rtol=1e-3, dt=0.1, **options):
    options = {"seed": 1, "method": "adaptive", "rtol": rtol, "dt": dt, **options}
    return mn.Simulation(net or pair(), device, {"in": drive, "out": 0.0}, **options).run(n, record=record)


# ------------------------------------------------------------------ what it is


def test_a_series_is_a_device_with_the_fields_of_its_parts():
    selector, memristor = mn.Selector(v_0=0.05), mn.RateBalance(g_min=[1e-6, 1e-5], step="exact")
    cell = mn.series(selector, memristor)
    assert isinstance(cell, mn.devices.Device)
    assert cell.parts == (selector, memristor)
    assert cell.model == "series(Selector, RateBalance)"
    assert repr(cell) == "series(Selector(v_0=0.05), RateBalance(g_min=array([1e-06, 1e-05])))"
    assert cell.v_0_1 == 0.05
    assert cell.g_min_2.tolist() == [1e-6, 1e-5]
    assert cell.g_initial_2 is None
    assert list(cell.parameters) == [
        *(f"{name}_1" for name in selector.parameters),
        *(f"{name}_2" for name in memristor.parameters),
    ]
    assert type(mn.series(mn.Selector(), mn.RateBalance())) is type(cell)
    with pytest.raises(AttributeError, match="frozen"):
        cell.parts = ()


def test_a_series_among_the_parts_is_taken_apart():
    one, two, three = mn.Selector(), mn.Resistor(), mn.Diode()
    assert mn.series(mn.series(one, two), three).parts == (one, two, three)
    assert mn.series(one, mn.series(two, three)).parts == (one, two, three)


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda d: pickle.loads(pickle.dumps(d))])
def test_copies(again):
    cell = mn.series(mn.Selector(v_0=[0.1, 0.2]), mn.ThresholdSwitch(on_initial=True))
    twin = again(cell)
    assert twin is not cell
    assert repr(twin) == repr(cell)
    assert type(twin) is type(cell)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: mn.series(), ValueError, "two or more devices, got 0"),
        (lambda: mn.series(mn.Diode()), ValueError, "two or more devices, got 1"),
        (lambda: mn.series(mn.Diode(), mn.Resistor), TypeError, "device 2 of a series must be a Device"),
        (lambda: mn.series(mn.Diode(), mn.Capacitor()), ValueError, "part of a series .*: Capacitor"),
        (lambda: mn.series(mn.CubicResistor(), mn.Diode()), ValueError, "part of a series .*: CubicResistor"),
        (lambda: mn.series(mn.Diode(), mn.StochasticRateBalance()), ValueError, ": StochasticRateBalance"),
        (lambda: mn.series(mn.VoltageSource(), mn.Diode()), ValueError, "part of a series .*waveform.*: VoltageSource"),
        (lambda: run(mn.series(mn.Resistor(conductance=-1.0), mn.Diode()), 1.0), ValueError, "rises with its voltage"),
        (lambda: run(mn.series(mn.Resistor(), mn.RateBalance(step="as-published")), 1.0), ValueError, "of its own"),
    ],
)
def test_what_cannot_be_a_part_is_named(make, error, message):
    with pytest.raises(error, match=message):
        make()


# ------------------------------------------------------------------ how the voltage divides

PARTS = st.one_of(
    st.builds(lambda e: mn.Resistor(conductance=10.0**e), st.floats(-9, 0)),
    st.builds(lambda e, emf: mn.Resistor(conductance=10.0**e, emf=emf), st.floats(-9, 0), st.floats(-1, 1)),
    st.builds(lambda e, v: mn.Selector(i_0=10.0**e, v_0=v), st.floats(-12, -6), st.floats(0.02, 0.5)),
    st.builds(lambda e, n: mn.Diode(saturation_current=10.0**e, ideality=n), st.floats(-14, -6), st.floats(1, 2)),
)


def voltage_at(device, i):
    """Return the voltage of a part that carries i (A)."""
    if device.model == "Selector":
        return device.v_0 * math.asinh(i / device.i_0)
    if device.model == "Diode":
        ratio = i / device.saturation_current
        return device.ideality * THERMAL * math.log1p(ratio) if ratio > -1.0 else -math.inf
    return i / device.conductance + device.emf


@given(parts=st.lists(PARTS, min_size=2, max_size=4), v=st.floats(-3.0, 3.0))
def test_the_parts_carry_one_current_and_divide_the_voltage(parts, v):
    """By the voltages that the current asks of the parts, which know nothing of how it was found."""
    data = run(mn.series(*parts), v)
    i = float(data.current.values[0, 0])

    def total(current):
        return math.fsum(voltage_at(part, current) for part in parts)

    low, high = sorted((i * (1 - 1e-13), i * (1 + 1e-13)))
    spread = 1e-15 * (abs(v) + sum(abs(voltage_at(part, i)) for part in parts if i > -1e-14)) + 1e-14
    assert total(low - 1e-24) - spread <= v <= total(high + 1e-24) + spread


@pytest.mark.parametrize("v", [1e-3, 0.2, 1.0, -1.0, 2.5])
@pytest.mark.parametrize("resistance", [1e4, 1e6])
def test_the_cell_of_a_selector_and_a_resistor(v, resistance):
    cell = mn.series(mn.Selector(i_0=1e-9, v_0=0.1), mn.Resistor(conductance=1.0 / resistance))
    i = brentq(lambda i: resistance * i + 0.1 * math.asinh(i / 1e-9) - v, -1e-3, 1e-3, xtol=1e-25, rtol=1e-15)
    slope = math.hypot(i, 1e-9) / 0.1
    sim = mn.Simulation(pair(), cell, {"in": v, "out": 0.0}, method="adaptive")
    assert sim.current[0] == pytest.approx(i, rel=1e-13)
    assert sim.conductance[0] == pytest.approx(1.0 / (1.0 / slope + resistance), rel=1e-11)


def carried(groups):
    """Return the current at 1 V through groups in a row, each of some equal cells side by side (ohm, how many)."""

    def missing(i):
        return math.fsum(r * i / m + 0.1 * math.asinh(i / m / 1e-9) for r, m in groups) - 1.0

    return brentq(missing, 0.0, 1.0, xtol=1e-20, rtol=1e-14)


@pytest.mark.parametrize(("n", "ratio"), [(8, 11.67), (128, 1.73)])
def test_sneak_paths_of_an_array_of_selected_cells(n, ratio):
    """All lines but those of one cell float; what is read is the selected cell in parallel with three in series."""
    net = mn.Network(2 * n, [(row, n + column) for row in range(n) for column in range(n)], electrodes={"w": 0, "b": n})
    read = []
    for own in (1e4, 1e6):
        conductance = np.full(n * n, 1e-4)
        conductance[0] = 1.0 / own
        cell = mn.series(mn.Selector(i_0=1e-9, v_0=0.1), mn.Resistor(conductance=conductance))
        sim = mn.Simulation(net, cell, {"w": 1.0, "b": 0.0})
        read.append(sim.current[0])

        around = carried([(1e4, n - 1), (1e4, (n - 1) ** 2), (1e4, n - 1)])
        assert read[-1] == pytest.approx(carried([(own, 1)]) + around, rel=1e-10)
    assert read[0] / read[1] == pytest.approx(ratio, abs=5e-3)


def test_parameters_per_edge():
    net = mn.Network(2, [(0, 1)] * 3, electrodes={"in": 0, "out": 1})
    conductance = np.array([1e-3, 1e-4, 1e-5])
    both = mn.series(mn.Resistor(conductance=conductance), mn.Resistor(conductance=2e-4))
    data = run(both, 2.0, net=net, record="branch_current")
    want = 2.0 / (1.0 / conductance + 1.0 / 2e-4)
    np.testing.assert_allclose(data.branch_current.values[0], want, rtol=1e-13)


# ------------------------------------------------------------------ in time


def test_a_memristor_behind_a_selector_against_radau():
    memristor = mn.RateBalance(g_min=1e-6, g_max=1e-4, kappa_p0=1e-2, g_initial=0.1)
    data = run(mn.series(mn.Selector(), memristor), 1.0, 101, record="state:g_2", rtol=1e-5)

    def rate(_, y):
        conductance = 1e-6 * (1.0 - y[0]) + 1e-4 * y[0]
        w = 1.0 - brentq(lambda u: 1e-9 * np.sinh(u / 0.1) - conductance * (1.0 - u), 0.0, 1.0, xtol=1e-15, rtol=1e-14)
        return [1e-2 * np.exp(10.0 * w) * (1.0 - y[0]) - 5e-2 * np.exp(-10.0 * w) * y[0]]

    time = data.time.values
    want = solve_ivp(rate, (0.0, time[-1]), [0.1], "Radau", time, rtol=1e-10, atol=1e-13).y[0]
    np.testing.assert_allclose(data.state_g_2.values[:, 0], want, rtol=1e-5)


def test_two_memristors_are_what_they_are_with_a_node_between_them():
    given = {"g_min": [1e-4, 3e-4], "g_max": [1e-2, 2e-2], "kappa_p0": [1e-2, 3e-2], "g_initial": [0.2, 0.05]}
    one, other = (mn.RateBalance(**{name: values[k] for name, values in given.items()}) for k in range(2))
    chain = mn.Network(3, [(0, 1), (1, 2)], electrodes={"in": 0, "out": 2})
    wave = mn.drive.sine(0.6, 0.2)
    joined = run(mn.series(one, other), wave, 101, record=["state:g_1", "state:g_2"], rtol=1e-5)
    apart = run(mn.RateBalance(**given), wave, 101, net=chain, record="state:g", rtol=1e-5)
    np.testing.assert_allclose(joined.current.values, apart.current.values, rtol=2e-4, atol=1e-8)
    for k in range(2):
        np.testing.assert_allclose(joined[f"state_g_{k + 1}"].values[:, 0], apart.state_g.values[:, k], rtol=1e-4)


def test_a_coil_with_its_resistance():
    data = run(mn.series(mn.Inductor(inductance=0.5), mn.Resistor(conductance=0.25)), 2.0, 11, rtol=1e-6)
    want = 0.5 * (1.0 - np.exp(-8.0 * data.time.values))
    np.testing.assert_allclose(data.current.values[:, 0], want, rtol=0, atol=1e-5)


# ------------------------------------------------------------------ kept


def test_series_come_through_runs_and_checkpoints(tmp_path):
    cell = mn.series(mn.Selector(), mn.RateBalance(g_min=1e-6, g_max=1e-4, g_initial=0.1))
    other = mn.Resistor(conductance=1e-7)
    net = mn.Network(3, [(0, 1), (1, 2), (0, 2)], electrodes={"in": 0, "out": 2})
    drive = {"in": mn.drive.sine(1.5, 0.5), "out": 0.0}
    sim = mn.Simulation(net, [cell, other, cell], drive, dt=0.1, method="adaptive", seed=1)
    data = sim.run(8, record={"state:g_2": cell})
    described = json.loads(data.attrs["parameters"])["devices"][0]
    assert described["recipe"] == "series"
    assert [part["model"] for part in described["of"]] == ["Selector", "RateBalance"]
    again = mn.rerun(data)
    assert again.current.equals(data.current)
    assert again.state_g_2.equals(data.state_g_2)
    sim.save(tmp_path / "cell.mn")
    loaded = mn.Simulation.load(tmp_path / "cell.mn")
    twin = next(device for device in loaded.devices if isinstance(device, mn.devices.Series))
    assert repr(twin) == repr(cell)
    assert np.array_equal(loaded.state(twin, "g_2"), sim.state(cell, "g_2"))


def test_states_are_set_by_their_names():
    cell = mn.series(mn.Resistor(), mn.RateBalance())
    sim = mn.Simulation(pair(), cell, {"in": 1.0, "out": 0.0}, method="adaptive")
    sim.set_state(cell, g_2=0.25)
    assert sim.state(cell, "g_2").tolist() == [0.25]
    with pytest.raises(ValueError, match="did you mean 'g_2'"):
        sim.state(cell, "g_1")
