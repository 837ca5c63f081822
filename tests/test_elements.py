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


@pytest.mark.parametrize("device", [mn.Inductor(), mn.Diode(), mn.Selector(), mn.CubicResistor(), mn.ThresholdSwitch()])
def test_what_the_time_loop_cannot_step_is_named(device):
    net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
    with pytest.raises(ValueError, match=device.model):
        mn.Simulation(net, device, {"in": 1.0, "out": 0.0})


def test_values_per_edge():
    scale = np.array([0.1, 0.2])
    assert mn.Selector(v_0=scale).v_0.tolist() == [0.1, 0.2]
