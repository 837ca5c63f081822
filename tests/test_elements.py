"""Elements of circuits as Python has them; their laws are compared in tests/c/test_elements.c."""

import json
import pickle
import re

import numpy as np
import pytest

import memnet as mn


@pytest.mark.parametrize(
    ("v_on", "v_off", "message"),
    [
        (1.2, 1.2, "ThresholdSwitch.v_off must be below v_on (1.2 V), got 1.2"),
        (0.4, 1.2, "ThresholdSwitch.v_off must be below v_on (0.4 V), got 1.2"),
        ([1.0, 0.3], 0.4, "ThresholdSwitch.v_off must be below v_on (0.3 V), got 0.4 at index 1"),
        (1.0, [0.2, 1.5], "ThresholdSwitch.v_off must be below v_on (1 V), got 1.5 at index 1"),
        ([1.0, 2.0], [0.9, 2.0], "ThresholdSwitch.v_off must be below v_on (2 V), got 2 at index 1"),
    ],
)
def test_a_hold_voltage_is_below_the_threshold(v_on, v_off, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        mn.ThresholdSwitch(v_on=v_on, v_off=v_off)


def test_thresholds_over_edges_of_different_sets_are_compared_where_they_meet():
    net = mn.Network(3, [(0, 1), (1, 2)], electrodes={"in": 0, "out": 2})
    switch = mn.ThresholdSwitch(v_on=[1.0, 0.3], v_off=[0.4])
    with pytest.raises(ValueError, match=r"ThresholdSwitch\.v_off of edge 1 is 0.4; check .*v_on \(0.3 V\)"):
        mn.Simulation(net, [mn.Resistor(), switch], {"in": 1.0, "out": 0.0})


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: mn.Inductor(inductance=0.0), "Inductor.inductance must be in (0, inf) H, got 0"),
        (lambda: mn.Capacitor(capacitance=0.0), "Capacitor.capacitance must be in (0, inf) F, got 0"),
        (lambda: mn.Capacitor(capacitance=[1.0, -1.0]), "Capacitor.capacitance must be in (0, inf) F, got -1.0"),
        (lambda: mn.Capacitor(method="trapezoid"), "'trapezoid', did you mean 'trapezoidal'?"),
        (lambda: mn.Diode(ideality=0), "Diode.ideality must be in (0, inf), got 0"),
        (lambda: mn.Diode(temperature=-1), "Diode.temperature must be in (0, inf) K, got -1"),
    ],
)
def test_bad_values_are_named(make, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        make()


def test_the_rule_of_a_capacitor_is_a_word_that_is_kept():
    assert mn.Capacitor().method == "backward-euler"
    assert repr(mn.Capacitor(capacitance=2.0)) == "Capacitor(capacitance=2.0)"
    assert repr(mn.Capacitor(method="trapezoidal")) == "Capacitor(method='trapezoidal')"


def test_runs_and_checkpoints_of_capacitors_are_those_of_before_there_was_a_choice():
    net = mn.Network(3, [(0, 1), (1, 2)], electrodes={"in": 0, "out": 2})
    made = {method: mn.Capacitor(capacitance=0.5, method=method) for method in ("backward-euler", "trapezoidal")}
    runs = {}
    for method, device in made.items():
        sim = mn.Simulation(net, [mn.Resistor(), device], {"in": 1.0, "out": 0.0}, seed=1)
        runs[method] = json.loads(sim.run(3).attrs["parameters"])["devices"][1]["parameters"]
        again = pickle.loads(pickle.dumps(sim))
        assert again.devices[1].method == method
        assert again.state(again.devices[1], "v").tolist() == sim.state(device, "v").tolist()
    assert runs["backward-euler"] == {"capacitance": 0.5, "v_initial": 0.0}
    assert runs["trapezoidal"] == {**runs["backward-euler"], "method": "trapezoidal"}


def test_a_switch_may_start_closed():
    assert mn.ThresholdSwitch().on_initial is False
    assert repr(mn.ThresholdSwitch(on_initial=True)) == "ThresholdSwitch(on_initial=True)"
    with pytest.raises(TypeError, match=r"ThresholdSwitch\.on_initial"):
        mn.ThresholdSwitch(on_initial=1.0)


def test_values_per_edge():
    scale = np.array([0.1, 0.2])
    assert mn.Selector(v_0=scale).v_0.tolist() == [0.1, 0.2]


# ------------------------------------------------------------------ sources


def between(devices, drive=0.0, **options):
    """Devices side by side from node 1 to an electrode at 0 V, behind 1 ohm to another one."""
    edges = [(0, 1), *([(1, 2)] * len(devices))]
    net = mn.Network(3, edges, electrodes={"in": 0, "out": 2})
    return mn.Simulation(net, [mn.Resistor(), *devices], {"in": drive, "out": 0.0}, **{"dt": 0.1, "seed": 1, **options})


def test_a_voltage_source_holds_its_first_node_above_its_second():
    sim = between([mn.VoltageSource(voltage=3.0, resistance=2.0)])
    data = sim.run(1, record=["potential", "branch_current"])
    assert data.potential.values[0, 1] == pytest.approx(1.0, rel=1e-15)
    assert data.branch_current.values[0, 1] == pytest.approx(-1.0, rel=1e-15)  # out of its positive end


def test_a_current_source_drives_from_its_first_node_to_its_second():
    sim = between([mn.CurrentSource(current=0.25), mn.Resistor()])
    data = sim.run(1, record=["potential", "branch_current"])
    assert data.potential.values[0, 1] == pytest.approx(-0.125, rel=1e-15)
    assert data.branch_current.values[0].tolist() == pytest.approx([0.125, 0.25, -0.125], rel=1e-15)


@pytest.mark.parametrize("method", ["fixed", "adaptive"])
@pytest.mark.parametrize("make", [lambda x: mn.VoltageSource(voltage=x), lambda x: mn.CurrentSource(current=x)])
def test_sources_follow_their_waveforms(make, method):
    wave = mn.drive.piecewise_linear([0.0, 0.2, 0.2, 0.5], [0.0, 1.0, -1.0, 0.5])
    data = between([make(wave)], method=method).run(6, record="potential")
    whole = {True: -1.0, False: 0.5}[isinstance(make(1.0), mn.CurrentSource)]
    np.testing.assert_allclose(data.potential.values[:, 1], whole * wave(data.time.values), rtol=1e-12, atol=1e-15)


def test_sources_come_through_files(tmp_path):
    waves = mn.drive.sine(1.0, 2.0), mn.drive.pulses(1, 1, 1, 1)
    sim = between([mn.VoltageSource(voltage=waves[0]), mn.CurrentSource(current=waves[1])])
    data = sim.run(5, record="potential")
    assert mn.rerun(data).potential.equals(data.potential)
    sim.save(tmp_path / "sources.mn")
    again = mn.Simulation.load(tmp_path / "sources.mn")
    assert again.run(5, record="potential").potential.equals(sim.run(5, record="potential").potential)


# ------------------------------------------------------------------ switches


@pytest.mark.parametrize("method", ["fixed", "adaptive"])
def test_a_switch_closes_and_opens_where_its_control_passes_the_threshold(method):
    """A triangle of period 1 s from 0 to 1 is above 1/4 from 1/8 to 7/8 s."""
    switch = mn.Switch(control=mn.drive.triangle(0.0, 1.0, 1.0), threshold=0.25, r_on=1.0, r_off=3.0)
    data = between([switch], 1.0, method=method).run(21, record="edge_conductance")
    assert data.event_kind.values.tolist() == [1, -1, 1, -1]
    np.testing.assert_allclose(data.event_time.values, [0.125, 0.875, 1.125, 1.875], rtol=0, atol=2e-3)
    above = switch.control(data.time.values) > 0.25
    np.testing.assert_allclose(data.current.values[:, 0], np.where(above, 0.5, 0.25), rtol=1e-12)


@pytest.mark.parametrize("method", ["fixed", "adaptive"])
def test_a_switch_follows_jumps_of_its_control(method):
    switch = mn.Switch(control=mn.drive.pulses(0.0, 1.0, 0.25, 0.25, start=0.15), r_on=1.0, r_off=3.0)
    data = between([switch], 1.0, method=method).run(11)
    np.testing.assert_allclose(data.event_time.values, [0.15, 0.4, 0.65, 0.9], rtol=0, atol=1e-12)


@pytest.mark.parametrize("method", ["fixed", "adaptive"])
def test_a_threshold_in_series_is_met_at_the_voltage_of_the_part(method):
    """A switch of 3 ohm behind 1 ohm sees 3/4 of a ramp of 1 V/s, until it has 1 ohm and sees a half."""
    cell = mn.series(mn.Resistor(), mn.ThresholdSwitch(v_on=0.6, v_off=0.1, r_on=1.0, r_off=3.0))
    net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
    wave = mn.drive.piecewise_linear([0.0, 1.0, 2.0], [0.0, 1.0, 0.0])
    sim = mn.Simulation(net, cell, {"in": wave, "out": 0.0}, dt=0.1, seed=1, method=method)
    data = sim.run(21, record="state:on_2")
    assert data.event_kind.values.tolist() == [1, -1]
    np.testing.assert_allclose(data.event_time.values, [0.8, 1.8], rtol=0, atol=2e-3)
    assert data.state_on_2.values[[7, 9, 17, 19], 0].tolist() == [0.0, 1.0, 1.0, 0.0]
