"""Oscillators and neurons of threshold switches: closed forms, published figures and ngspice, fixed and adaptive."""

import shutil
import subprocess

import numpy as np
import pytest

import memnet as mn

FIXED = {}
ADAPTIVE = {"method": "adaptive", "rtol": 1e-4}


def farads(capacitance):
    return mn.Capacitor(capacitance=capacitance, method="trapezoidal")


# ------------------------------------------------------------------ a relaxation oscillator

OPEN, CLOSED = 20e3 * 1e6 / (20e3 + 1e6), 20e3 * 500.0 / (20e3 + 500.0)  # ohm, with the resistance in series
TO_OPEN, TO_CLOSED = 2.0 * OPEN / 20e3, 2.0 * CLOSED / 20e3  # V
RISE = OPEN * 1e-9 * np.log((TO_OPEN - 0.4) / (TO_OPEN - 1.2))
PERIOD = RISE + CLOSED * 1e-9 * np.log((1.2 - TO_CLOSED) / (0.4 - TO_CLOSED))
FIRST = OPEN * 1e-9 * np.log(TO_OPEN / (TO_OPEN - 1.2))


def oscillator(source, dt, options):
    circuit, driven = mn.Circuit(), {"gnd": 0.0}
    if source == "VoltageSource":
        circuit.add("a", "gnd", mn.VoltageSource(voltage=2.0, resistance=20e3))
    elif source == "VoltageSource and resistor":
        circuit.add("in", "gnd", mn.VoltageSource(voltage=2.0, resistance=8e3))
        circuit.add("in", "a", mn.Resistor(conductance=1 / 12e3))
    elif source == "CurrentSource":
        circuit.add("gnd", "a", mn.CurrentSource(current=1e-4))
        circuit.add("a", "gnd", mn.Resistor(conductance=1 / 20e3))
    else:
        driven["in"] = 2.0
        circuit.add("in", "a", mn.Resistor(conductance=1 / 20e3))
    circuit.add("a", "gnd", farads(1e-9))
    circuit.add("a", "gnd", mn.ThresholdSwitch(v_on=1.2, v_off=0.4, r_on=500.0, r_off=1e6))
    return circuit.simulation(driven, dt=dt, **options)


def test_the_closed_form_is_the_published_one():
    assert pytest.approx(14.6691806e-6, rel=1e-8) == PERIOD
    assert pytest.approx(18.5637e-6, rel=2e-6) == FIRST


@pytest.mark.parametrize("source", ["electrode", "VoltageSource", "VoltageSource and resistor", "CurrentSource"])
@pytest.mark.parametrize(
    ("options", "rows", "bar"),
    [
        (FIXED, 150, 1e-3),
        (FIXED, 1500, 1e-5),
        (ADAPTIVE, 400, 1e-4),
        (ADAPTIVE, 2, 1e-3),
        (ADAPTIVE, 0.1, 1e-3),
    ],
)
def test_a_relaxation_oscillator_has_its_period(source, options, rows, bar):
    sim = oscillator(source, PERIOD / rows, options)
    data = sim.run(max(round(12 * rows), 2))
    closed = data.event_time.values[data.event_kind.values == 1]
    assert closed.size >= 11
    assert closed[0] == pytest.approx(FIRST, rel=min(bar, 1e-3))
    np.testing.assert_allclose(np.diff(closed), PERIOD, rtol=bar)


# ------------------------------------------------------------------ a neuron of two switches


def neuristors(wave, dt, options, n=1):
    """Two switches each, between -0.9 and +0.9 V; coupled from the second node to the first of the next."""
    circuit = mn.Circuit()
    switch = mn.ThresholdSwitch(v_on=1.0, v_off=0.5, r_on=50e3, r_off=10e6)
    for k in range(n):
        circuit.add(f"1_{k}", "low", switch, name=f"S1_{k}")
        circuit.add(f"1_{k}", "gnd", farads(3e-9))
        circuit.add(f"2_{k}", "high", switch, name=f"S2_{k}")
        circuit.add(f"2_{k}", "gnd", farads(2e-9))
        circuit.add(f"2_{k}", "gnd", mn.Resistor(conductance=1e-9))
        circuit.add(f"1_{k}", f"2_{k}", mn.Resistor(conductance=1e-5))
        if k > 0:
            circuit.add(f"2_{k - 1}", f"1_{k}", mn.Resistor(conductance=1 / 200e3))
    driven = {"1_0": mn.drive.current(wave), "low": -0.9, "high": 0.9, "gnd": 0.0}
    return circuit.simulation(driven, dt=dt, **options)


def upward(t, v, level):
    k = np.flatnonzero((v[:-1] < level) & (v[1:] >= level))
    return t[k] + (level - v[k]) / (v[k + 1] - v[k]) * (t[k + 1] - t[k])


def pulse(current, length):
    return mn.drive.pulses(0.0, current, length=length, spacing=10.0, start=0.1, count=1)


@pytest.mark.parametrize(
    ("options", "dt", "bar"),
    [(FIXED, 2e-6, 1e-4), (ADAPTIVE, 2e-6, 1e-4), ({"method": "adaptive", "rtol": 1e-5}, 2e-6, 1e-5)],
)
def test_a_neuristor_spikes_as_published(options, dt, bar):
    sim = neuristors(pulse(1e-6, 10e-3), dt, options)
    sim.step(round(0.1 / dt))
    assert sim["1_0"] == pytest.approx(-0.0045, abs=3e-5)
    data = sim.run(duration=15e-3, record={"potential": "2_0"})
    v = data.potential.values[:, 0]
    spikes = upward(data.time.values, v, 0.2)
    second = data.event_edge.values == sim.edge("S2_0")
    fired = data.event_time.values[second & (data.event_kind.values == 1)]
    assert spikes.size == fired.size == 18
    assert np.diff(spikes).mean() == pytest.approx(0.5357995e-3, rel=bar)
    assert np.diff(fired).mean() == pytest.approx(0.5358541e-3, rel=bar)
    assert v.min() == pytest.approx(-0.1, abs=1e-3)
    assert v.max() == pytest.approx(0.4, abs=1e-3)


@pytest.mark.parametrize(("current", "n_spikes"), [(21.26e-9, 0), (21.3e-9, 1)])
@pytest.mark.parametrize("options", [FIXED, ADAPTIVE])
def test_a_neuristor_fires_all_or_nothing(options, current, n_spikes):
    sim = neuristors(pulse(current, 0.1), 2e-5, options)
    data = sim.run(duration=0.21, record={"potential": "2_0"})
    v = data.potential.values[:, 0]
    assert upward(data.time.values, v, 0.2).size == n_spikes
    assert v.max() > 0.35 if n_spikes else v.max() < 0.12


@pytest.mark.skipif(shutil.which("ngspice") is None, reason="no ngspice here")
@pytest.mark.slow
def test_a_neuristor_agrees_with_ngspice(tmp_path):
    sim = neuristors(1e-6, 1e-6, FIXED)
    data = sim.run(duration=8e-3, record={"potential": "2_0"})
    netlist = mn.to_spice(neuristors(1e-6, 1e-6, FIXED), 8e-3, step=1e-6)
    node = f"n{sim.net.layout.nodes.index('2_0')}"
    assert f" {node} " in netlist
    lines = [f"print v({node})" if line.startswith("print") else line for line in netlist.splitlines()]
    (tmp_path / "neuristor.cir").write_text("\n".join(lines))
    call = ["ngspice", "-b", str(tmp_path / "neuristor.cir")]
    done = subprocess.run(call, capture_output=True, text=True, timeout=300, check=True)
    rows = np.array([line.split()[1:] for line in done.stdout.splitlines() if line[:1].isdigit()], dtype=float)
    theirs = upward(rows[:, 0], rows[:, 1], 0.2)
    ours = upward(data.time.values, data.potential.values[:, 0], 0.2)
    assert ours.size == theirs.size > 10
    assert np.diff(ours).mean() == pytest.approx(np.diff(theirs).mean(), rel=3e-4)
    np.testing.assert_allclose(ours, theirs, rtol=3e-4)


def test_coupled_neuristors_pass_spikes_on_alike_in_both_methods():
    fired = []
    for options in (FIXED, ADAPTIVE):
        sim = neuristors(mn.drive.pulses(0.0, 1e-6, length=3e-3, spacing=1.0), 5e-6, options, n=3)
        data = sim.run(duration=6e-3)
        closed = data.event_kind.values == 1
        of_neuron = [data.event_edge.values == sim.edge(f"S2_{k}") for k in range(3)]
        fired.append([data.event_time.values[closed & own] for own in of_neuron])
    assert [times.size for times in fired[0]] == [4, 2, 1]
    for fixed, adaptive in zip(*fired, strict=True):
        np.testing.assert_allclose(adaptive, fixed, rtol=1e-3)


# ------------------------------------------------------------------ rows far apart


@pytest.mark.parametrize("method", ["fixed", "adaptive"])
def test_any_number_of_events_fits_between_two_rows(method):
    spacing = 5200 * PERIOD / 2
    options = ADAPTIVE if method == "adaptive" else FIXED
    whole = oscillator("electrode", spacing, options)
    data = whole.run(2)
    closed = data.event_time.values[data.event_kind.values == 1]
    assert data.sizes["event"] > 8192
    assert (np.diff(data.event_time.values) > 0.0).all()
    parted = oscillator("electrode", spacing, options)
    for row in range(2):
        part = parted.run(1)
        np.testing.assert_array_equal(part.event_time.values, data.event_time.values[data.event_step.values == row])
    if method == "adaptive":
        assert np.diff(closed).mean() == pytest.approx(PERIOD, rel=1e-3)
        close = oscillator("electrode", spacing / 50, options)
        near = close.run(50).event_time.values
        assert near.size == pytest.approx((data.event_step.values == 0).sum(), abs=4)


def test_analyses_have_the_times_of_events_and_not_those_of_rows():
    for rows in (0.4, 3, 40):
        data = oscillator("electrode", PERIOD / rows, ADAPTIVE).run(round(20.5 * rows))
        found = mn.analysis.events(data)
        assert found.located
        assert not found.in_steps
        np.testing.assert_array_equal(found.time, data.event_time.values)
        intervals = mn.analysis.inter_event_intervals(data)
        assert intervals.size == len(found) - 1
        assert intervals[:-1].reshape(-1, 2)[1:].sum(axis=1) == pytest.approx(PERIOD, rel=2e-3)
        part = mn.analysis.events(data, start=data.sizes["time"] // 2)
        assert (part.time >= data.time.values[data.sizes["time"] // 2]).all()
        assert len(part) > 0
    avalanches = mn.analysis.avalanches(data, bin=PERIOD / 4)
    assert avalanches.unit == "s"
    assert (avalanches.size == 2).all()
    assert mn.analysis.autocorrelation(data, n_surrogates=0).n_events == np.unique(found.step).size
