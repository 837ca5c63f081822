"""Diodes, transistors and driven switches in time: against SciPy, closed forms, and one method against the other."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

import memnet as mn

THERMAL = 1.380649e-23 * 300.15 / 1.602176634e-19
SATURATION = 1e-9


def ohms(resistance):
    return mn.Resistor(conductance=1.0 / resistance)


def farads(capacitance, **further):
    return mn.Capacitor(capacitance=capacitance, method="trapezoidal", **further)


# ------------------------------------------------------------------ a buck converter

PERIOD, DUTY = 20e-6, 0.4
INDUCTANCE, CAPACITANCE, LOAD = 100e-6, 47e-6, 5.0
R_ON, R_OFF = 0.1, 1e7


def buck():
    circuit = mn.Circuit()
    control = mn.drive.pulses(0.0, 1.0, length=DUTY * PERIOD, spacing=(1.0 - DUTY) * PERIOD)
    circuit.add("in", "sw", mn.Switch(r_on=R_ON, r_off=R_OFF, threshold=0.5, control=control))
    circuit.add("gnd", "sw", mn.Diode(saturation_current=SATURATION))
    circuit.add("sw", "out", mn.Inductor(inductance=INDUCTANCE), name="L")
    circuit.add("out", "gnd", farads(CAPACITANCE))
    circuit.add("out", "gnd", ohms(LOAD))
    return circuit


def at_switch(current, resistance):
    """Return the potential between switch and diode, by a scalar root."""

    def lack(v):
        return (12.0 - v) / resistance + SATURATION * np.expm1(-v / THERMAL) - current

    high = 13.0
    while lack(high) > 0.0:
        high += 1.0 + abs(current) * resistance
    return brentq(lack, -THERMAL * np.log1p((abs(current) + 2.0) / SATURATION), high, xtol=1e-14, rtol=1e-14)


def integrated(n_periods):
    """Return current and voltage at the end of each part of each period: Radau from switch to switch."""
    state, rows = np.zeros(2), []
    for _ in range(n_periods):
        for part, resistance in ((DUTY, R_ON), (1.0 - DUTY, R_OFF)):

            def rate(_, y, resistance=resistance):
                return [(at_switch(y[0], resistance) - y[1]) / INDUCTANCE, (y[0] - y[1] / LOAD) / CAPACITANCE]

            found = solve_ivp(rate, (0.0, part * PERIOD), state, "Radau", rtol=1e-9, atol=1e-11)
            state = found.y[:, -1]
            rows.append(state)
    return np.array(rows)


@pytest.mark.slow
def test_a_buck_converter_follows_radau_from_switch_to_switch():
    want = integrated(12)
    for options, steps, bar in (
        ({}, 20, 5e-4),
        ({}, 400, 2e-5),
        ({"method": "adaptive", "rtol": 1e-3}, 20, 1e-2),
        ({"method": "adaptive", "rtol": 1e-5}, 20, 1e-4),
    ):
        sim = buck().simulation({"in": 12.0, "gnd": 0.0}, dt=PERIOD / steps, **options)
        data = sim.run(12 * steps + 1, record={"potential": "out", "branch_current": "L"})
        at = np.ravel([[k * steps + round(DUTY * steps), (k + 1) * steps] for k in range(12)])
        found = np.stack([data.branch_current.values[at, 0], data.potential.values[at, 0]], axis=1)
        assert (np.abs(found - want).max(axis=0) < bar * np.abs(want).max(axis=0)).all()
        assert data.sizes["event"] == 25


# ------------------------------------------------------------------ diodes


def rectifier():
    circuit = mn.Circuit()
    circuit.add("in", "a", ohms(10.0))
    circuit.add("a", "out", mn.Diode(saturation_current=SATURATION))
    circuit.add("out", "gnd", farads(100e-6))
    circuit.add("out", "gnd", ohms(1e3))
    return circuit


def clipper():
    circuit = mn.Circuit()
    circuit.add("in", "out", ohms(1e3))
    circuit.add("out", "gnd", mn.Diode(saturation_current=SATURATION))
    circuit.add("gnd", "out", mn.Diode(saturation_current=SATURATION))
    circuit.add("out", "gnd", farads(100e-9))
    return circuit


def rectified(t, y):
    """Return the rate of the voltage behind a diode, whose current is a scalar root."""
    drop = 5.0 * np.sin(2.0 * np.pi * 50.0 * t) - y[0]
    v = brentq(lambda v: SATURATION * np.expm1(v / THERMAL) - (drop - v) / 10.0, -20.0, 2.0, xtol=1e-15, rtol=1e-14)
    return [((drop - v) / 10.0 - y[0] / 1e3) / 100e-6]


def clipped(t, y):
    through = 2.0 * SATURATION * np.sinh(y[0] / THERMAL)
    return [((5.0 * np.sin(2.0 * np.pi * 50.0 * t) - y[0]) / 1e3 - through) / 100e-9]


@pytest.mark.parametrize(("make", "rate"), [(rectifier, rectified), (clipper, clipped)])
def test_diodes_follow_radau(make, rate):
    drive = {"in": mn.drive.sine(5.0, 50.0), "gnd": 0.0}
    t = np.arange(81) * 5e-4
    want = solve_ivp(rate, (0.0, t[-1]), [0.0], "Radau", t, rtol=1e-9, atol=1e-12, max_step=1e-4).y[0]
    errors = []
    for rtol in (1e-2, 1e-3, 1e-4, 1e-5):
        sim = make().simulation(drive, dt=5e-4, method="adaptive", rtol=rtol)
        found = sim.run(81, record={"potential": "out"}).potential.values[:, 0]
        errors.append(np.abs(found - want).max() / 5.0)
        assert errors[-1] <= 10.0 * rtol
    assert errors[-1] < errors[0]


# ------------------------------------------------------------------ a transistor


def inverter():
    circuit = mn.Circuit()
    circuit.add("g", "gnd", ohms(1e12), name="gate")
    circuit.add("vdd", "out", ohms(10e3))
    circuit.add("out", "gnd", farads(1e-9))
    circuit.add("out", "gnd", mn.link(mn.Transistor(k=1e-4, v_t=1.0), to="gate"), name="M")
    return circuit


def drained(t, y):
    high = 5.0 if t < 60e-6 else 0.0
    over, v = max(high - 1.0, 0.0), y[0]
    through = 0.5e-4 * (over**2 - max(high - v - 1.0, 0.0) ** 2)
    return [((5.0 - v) / 10e3 - through) / 1e-9]


@pytest.mark.parametrize("options", [{}, {"method": "adaptive", "rtol": 1e-4}])
def test_an_inverter_pulls_down_and_lets_go(options):
    drive = {"vdd": 5.0, "g": mn.drive.concat([(5.0, 60e-6), (0.0, None)]), "gnd": 0.0}
    sim = inverter().simulation(drive, dt=2e-7, **options)
    data = sim.run(601, record={"potential": "out"})
    t, found = data.time.values, data.potential.values[:, 0]
    first = solve_ivp(drained, (0.0, 60e-6), [0.0], "Radau", t[:301].clip(0.0, 60e-6), rtol=1e-10, atol=1e-12).y[0]
    then = solve_ivp(drained, (60.0000001e-6, t[-1]), [first[-1]], "Radau", t[301:], rtol=1e-10, atol=1e-12).y[0]
    assert np.abs(found - np.concatenate([first, then])).max() < 5e-3
    assert first[-1] < 1.5 < 4.9 < then[-1]
    assert sim.device("M").linked_to == sim.edge("gate")


def test_names_of_links_are_those_of_the_circuit():
    circuit = inverter()
    assert [getattr(device, "linked_to", None) for device in circuit.devices] == [None, None, None, 0]
    found = mn.solve(
        circuit.network(["vdd", "g", "gnd"]), drive={"vdd": 5.0, "g": 5.0, "gnd": 0.0}, devices=circuit.devices
    )
    v = found.potential[circuit.nodes.index("out")]
    assert (5.0 - v) / 10e3 == pytest.approx(0.5e-4 * (16.0 - max(4.0 - v, 0.0) ** 2), rel=1e-9)
    for to, said in (("gat", "did you mean 'gate'"), ("M", "must name other edges")):
        wrong = mn.Circuit()
        wrong.add("g", "gnd", ohms(1.0), name="gate")
        wrong.add("out", "gnd", mn.link(mn.Transistor(), to=to), name="M")
        with pytest.raises(ValueError, match=said):
            wrong.simulation({"g": 1.0, "out": 1.0, "gnd": 0.0})


# ------------------------------------------------------------------ any circuit


@st.composite
def circuits(draw):
    """A chain of resistors and charged capacitors with anything smooth between its nodes, in some unit of time."""
    unit = 10.0 ** draw(st.sampled_from([-9, -3, 0, 7]))
    n, decades = draw(st.integers(2, 6)), st.floats(-1.5, 1.0)
    circuit, names = mn.Circuit(), ["in", *(f"n{k}" for k in range(n)), "gnd"]
    for k in range(n):
        circuit.add(names[k], names[k + 1], ohms(10.0 ** draw(decades)))
        charged = draw(st.floats(-1.0, 1.0))
        circuit.add(names[k + 1], "gnd", farads(unit * 10.0 ** draw(decades), v_initial=charged))
    makes = {
        "R": lambda: ohms(10.0 ** draw(decades)),
        "L": lambda: mn.Inductor(inductance=unit * 10.0 ** draw(decades)),
        "D": lambda: mn.Diode(saturation_current=SATURATION),
        "V": lambda: mn.VoltageSource(voltage=mn.drive.sine(1.0, 0.2 / unit), resistance=0.5),
    }
    for _ in range(draw(st.integers(1, 5))):
        a, b = draw(st.permutations(names))[:2]
        circuit.add(a, b, makes[draw(st.sampled_from(sorted(makes)))]())
    waves = [
        mn.drive.constant(1.5),
        mn.drive.sine(1.5, 0.3 / unit),
        mn.drive.pulses(0.0, 1.5, length=1.234 * unit, spacing=0.777 * unit),
        mn.drive.triangle(-1.5, 1.5, 3.1 * unit),
        mn.drive.current(mn.drive.sine(1.0, 0.3 / unit)),
    ]
    return circuit, draw(st.sampled_from(waves)), unit


@settings(max_examples=25, deadline=None)
@given(circuits())
def test_adaptive_steps_agree_with_finer_ones_and_with_short_fixed_ones(case):
    circuit, wave, unit = case
    drive = {"in": wave, "gnd": 0.0}
    coarse, fine = (
        circuit.simulation(drive, dt=0.2 * unit, method="adaptive", rtol=rtol).run(20, record=["potential"])
        for rtol in (1e-4, 1e-6)
    )
    want = fine.potential.values
    assert np.abs(coarse.potential.values - want).max() <= 1e-3 * np.abs(want).max()
    if not any(isinstance(device, mn.Diode) for device in circuit.devices):
        fixed = circuit.simulation(drive, dt=0.2 * unit / 100).run(2000, record=["potential"])
        assert np.abs(fixed.potential.values[::100] - want).max() <= 3e-3 * np.abs(want).max()


def test_a_charge_may_begin_at_the_smallest_voltage_there_is():
    circuit = mn.Circuit()
    circuit.add("in", "a", ohms(1.0))
    circuit.add("a", "gnd", farads(1.0, v_initial=5e-324))
    data = circuit.simulation({"in": 1.0, "gnd": 0.0}, dt=1.0, method="adaptive", rtol=1e-4).run(
        2, record=["potential"]
    )
    assert abs(data.potential.values[1, 1] - (1.0 - np.exp(-1.0))) <= 1e-3
