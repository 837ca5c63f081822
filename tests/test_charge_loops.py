"""What capacitors carry in loops with driven voltages: C dV/dt, which no balance of currents tells."""

import math

import numpy as np
import pytest
from hypothesis import example, given, settings, strategies as st

import memnet as mn

# how steps are taken, and by how much currents at rows may be off there, relatively, for dt = 1/64 of a sine's period
ROWS = {"adaptive": 1e-9, "fixed": 2e-3}
DT = 2.0**-6
RECORD = ["potential", "branch_current"]


def capacitor(farads, method):
    """A capacitor that is charged between rows."""
    return (
        mn.Capacitor(capacitance=farads, method="trapezoidal")
        if method == "fixed"
        else mn.Capacitor(capacitance=farads)
    )


def run(circuit, drive, method, n=65, dt=DT, rtol=1e-4, record=RECORD):
    options = {"rtol": rtol} if method == "adaptive" else {}
    return circuit.simulation(drive, dt=dt, method=method, **options).run(n, record=record)


def follow(circuit, wave, method, **options):
    """Time, currents into the source, currents of edges."""
    data = run(circuit, {"in": wave, "gnd": 0.0}, method, **options)
    return data.time.values, data.current.sel(electrode="in").values, data.branch_current.values


@pytest.mark.parametrize("method", ROWS)
def test_a_capacitor_across_a_ramp_carries_its_slope_from_the_first_row_on(method):
    circuit = mn.Circuit()
    circuit.add("in", "gnd", capacitor(2e-12, method))
    t, into, through = follow(circuit, mn.drive.triangle(0.0, 1.0, period=1.0), method)
    slope = np.where(t % 1.0 < 0.5, 2.0, -2.0)  # of a row at a corner what follows it
    np.testing.assert_allclose(into, 2e-12 * slope, rtol=1e-10)
    np.testing.assert_allclose(through[:, 0], into, rtol=1e-12)


@pytest.mark.parametrize(("method", "rtol"), ROWS.items())
def test_a_capacitor_across_a_sine(method, rtol):
    circuit = mn.Circuit()
    circuit.add("in", "gnd", capacitor(1e-9, method))
    t, into, _ = follow(circuit, mn.drive.sine(0.2, frequency=1.0), method)
    largest = 1e-9 * 0.2 * 2.0 * math.pi
    np.testing.assert_allclose(into, largest * np.cos(2.0 * math.pi * t), rtol=0.0, atol=rtol * largest)


@pytest.mark.parametrize(("method", "rtol"), ROWS.items())
def test_two_capacitors_in_series_share_the_slope(method, rtol):
    circuit = mn.Circuit()
    circuit.add("in", "middle", capacitor(1e-9, method))
    circuit.add("middle", "gnd", capacitor(3e-9, method))
    t, into, through = follow(circuit, mn.drive.sine(1.0, frequency=1.0), method)
    largest = 0.75e-9 * 2.0 * math.pi
    np.testing.assert_allclose(into, largest * np.cos(2.0 * math.pi * t), rtol=0.0, atol=rtol * largest)
    np.testing.assert_allclose(through[:, 0], through[:, 1], rtol=0.0, atol=1e-12 * largest)


@pytest.mark.parametrize("method", ROWS)
def test_between_two_ramps_only_their_difference_counts(method):
    circuit = mn.Circuit()
    circuit.add("in", "out", capacitor(1e-9, method))
    line = mn.drive.piecewise_linear([0.0, 1.0, 2.0], [0.0, 3.0, 1.0])
    data = run(circuit, {"in": line, "out": 2.0 / 3.0 * line}, method, n=128)
    expected = 1e-9 * np.where(data.time < 1.0, 1.0, -2.0 / 3.0)
    np.testing.assert_allclose(data.current.sel(electrode="in"), expected, rtol=1e-10)
    np.testing.assert_allclose(data.current.sel(electrode="out"), -expected, rtol=1e-10)


def test_a_membrane_beside_a_memristor():
    """The current is that of the pore, and C dV/dt beside it; the pore is as without the capacitor."""
    pore = mn.RateBalance(kappa_p0=1.0, kappa_d0=5.0, eta_p=3.0, eta_d=3.0, g_min=1e-9, g_max=1e-7)
    wave = mn.drive.sine(0.5, frequency=1.0)
    alone, circuit = mn.Circuit(), mn.Circuit()
    alone.add("in", "gnd", pore)
    circuit.add("in", "gnd", pore)
    circuit.add("in", "gnd", mn.Capacitor(capacitance=1e-9))
    t, of_pore, _ = follow(alone, wave, "adaptive", rtol=1e-6)
    _, into, through = follow(circuit, wave, "adaptive", rtol=1e-6)
    charging = 1e-9 * 0.5 * 2.0 * math.pi * np.cos(2.0 * math.pi * t)
    np.testing.assert_allclose(through[:, 1], charging, rtol=0.0, atol=1e-18)
    np.testing.assert_allclose(into, of_pore + charging, rtol=0.0, atol=1e-5 * np.abs(into).max())


def test_a_capacitance_that_nothing_drives_beside_one_that_something_does():
    """A divider of capacitors with a leak, and a charge that runs out on its own."""
    circuit = mn.Circuit()
    circuit.add("in", "middle", mn.Capacitor(capacitance=1e-9))
    circuit.add("middle", "gnd", mn.Capacitor(capacitance=3e-9))
    circuit.add("middle", "gnd", mn.Resistor(conductance=1e-8))
    circuit.add("lone", "gnd", mn.Capacitor(capacitance=2e-9, v_initial=1.0))
    circuit.add("lone", "gnd", mn.Resistor(conductance=4e-9))
    t, _, through = follow(circuit, mn.drive.piecewise_linear([0.0, 10.0], [0.0, 10.0]), "adaptive", rtol=1e-5)
    middle = 0.1 * (1.0 - np.exp(-t / 0.4))  # 4e-9 dv/dt + 1e-8 v = 1e-9, with a time constant of 4e-9 / 1e-8
    rate = 0.25 * np.exp(-t / 0.4)
    np.testing.assert_allclose(through[:, 0], 1e-9 * (1.0 - rate), rtol=1e-3)
    np.testing.assert_allclose(through[:, 1], 3e-9 * rate, rtol=1e-3)
    np.testing.assert_allclose(through[:, 2], 1e-8 * middle, rtol=0.0, atol=1e-12)
    np.testing.assert_allclose(through[:, 3], -4e-9 * np.exp(-2.0 * t), rtol=1e-3)


def test_both_sides_of_a_jump_elsewhere():
    """Where another electrode jumps, a ramp goes on, and both sides of the row have what it charges with."""
    circuit = mn.Circuit()
    circuit.add("in", "gnd", mn.Capacitor(capacitance=1e-9))
    circuit.add("pulse", "gnd", mn.Resistor(conductance=1e-9))
    wave = mn.drive.piecewise_linear([0.0, 0.5, 1.0], [0.0, 1.0, 0.0])
    drive = {"in": wave, "pulse": mn.drive.steps([0.0, 1.0], [0.0, 0.5]), "gnd": 0.0}
    data = run(circuit, drive, "adaptive", n=4, dt=0.25, record={"left": True, "branch_current": True})
    np.testing.assert_allclose(data.current.sel(electrode="in"), [2e-9, 2e-9, -2e-9, -2e-9], rtol=1e-9)
    np.testing.assert_allclose(data.current_left.sel(electrode="in"), [2e-9, 2e-9, 2e-9, -2e-9], rtol=1e-9)


def test_a_current_that_is_limited_charges_no_faster():
    """A source that would have to charge faster than its limit falls behind its ramp, and catches up."""
    circuit = mn.Circuit()
    circuit.add("in", "gnd", mn.Capacitor(capacitance=1e-9))
    line = mn.drive.piecewise_linear([0.0, 1.0, 1.5], [0.0, 3.0, 3.0])
    data = run(circuit, {"in": mn.drive.limited(line, current=2.1e-9), "gnd": 0.0}, "adaptive", n=128)
    t = data.time.values
    np.testing.assert_allclose(data.voltage.sel(electrode="in"), np.minimum(2.1 * t, 3.0), rtol=0.0, atol=1e-9)
    np.testing.assert_allclose(
        data.current.sel(electrode="in"), np.where(2.1 * t < 3.0, 2.1e-9, 0.0), rtol=0.0, atol=1e-17
    )


def test_a_slope_that_grows_past_the_limit_is_noticed_where_it_does():
    """C dV/dt = 2e-9 sin(2 pi t) passes 1e-9 at 1/12: from then on the voltage is a line."""
    circuit = mn.Circuit()
    circuit.add("in", "gnd", mn.Capacitor(capacitance=1e-9, v_initial=-1.0 / math.pi))
    wave = mn.drive.sine(1.0 / math.pi, frequency=1.0, phase=-0.25)
    data = run(circuit, {"in": mn.drive.limited(wave, current=1e-9), "gnd": 0.0}, "adaptive", n=20)
    t = data.time.values
    turned = -math.cos(math.pi / 6.0) / math.pi
    expected = np.where(t < 1 / 12, -np.cos(2.0 * math.pi * t) / math.pi, turned + (t - 1 / 12))
    np.testing.assert_allclose(data.voltage.sel(electrode="in"), expected, rtol=0.0, atol=1e-6)
    assert np.abs(data.current.values).max() <= 1e-9 * (1.0 + 1e-9)


@settings(max_examples=30, deadline=None)
@example(farads=[4.697421654488582e-07, 1.8562535996335627e-07], slopes=[1.1125369292536007e-308, 0.0], seed=0)
@given(
    farads=st.lists(st.floats(1e-15, 1e-6), min_size=2, max_size=6),
    slopes=st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=2),
    seed=st.integers(0, 99),
)
def test_networks_of_capacitors_divide_slopes_as_conductances_divide_voltages(farads, slopes, seed):
    """Capacitors alone, and ramps: what they carry is what conductances of their size carry at the slopes."""
    random = np.random.default_rng(seed)
    names = ["in", "out", "gnd", "p", "q"]
    pairs = [("in", "p"), ("p", "q"), ("q", "gnd"), ("out", "p"), ("in", "gnd"), ("out", "q")][: len(farads)]
    random.shuffle(pairs)
    charges, conductances = mn.Circuit(), mn.Circuit()
    for (a, b), c in zip(pairs, farads, strict=False):
        charges.add(a, b, mn.Capacitor(capacitance=c))
        conductances.add(a, b, mn.Resistor(conductance=c))
    used = {name for pair in pairs for name in pair}
    lines = {"in": slopes[0], "out": slopes[1], "gnd": 0.0}
    driven = {name: slope for name, slope in lines.items() if name in used}
    for circuit in (charges, conductances):
        for name in set(names) & used - set(driven):
            circuit.add(name, "gnd", mn.Resistor(conductance=1e-30))  # so that no end is loose
    ramps = {name: mn.drive.piecewise_linear([0.0, 1.0], [0.0, slope]) for name, slope in driven.items()} | {"gnd": 0.0}
    carried = run(charges, ramps, "adaptive", n=3, dt=2.0**-10).branch_current.values
    divided = run(conductances, driven | {"gnd": 0.0}, "adaptive", n=1).branch_current.values[0]
    scale = max(farads) * max(abs(slope) for slope in slopes)
    for row in carried:
        np.testing.assert_allclose(row[: len(farads)], divided[: len(farads)], rtol=1e-6, atol=1e-9 * scale)
