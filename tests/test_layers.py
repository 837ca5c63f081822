"""Charges that move in much less time than a fixed step has, switches that cross together, nodes between inductors."""

import numpy as np
import pytest
from hypothesis import example, given, settings, strategies as st

import memnet as mn


def ohms(resistance):
    return mn.Resistor(conductance=1.0 / resistance)


def farads(capacitance):
    return mn.Capacitor(capacitance=capacitance, method="trapezoidal")


def circuit(*elements):
    made = mn.Circuit()
    for a, b, device in elements:
        made.add(a, b, device)
    return made


# ------------------------------------------------------------------ layers

DIODE = mn.Diode()
RAMPS = mn.drive.piecewise_linear([0.0, 2e-3, 2e-3 + 1e-9, 7e-3, 7e-3 + 1e-9, 1.0], [0.0, 0.0, 1.5, 1.5, -1.0, -1.0])
PULSES = mn.drive.pulses(-1.0, 1.5, length=5e-3, spacing=5e-3)


def charger(wave):
    return circuit(("in", "a", DIODE), ("a", "gnd", farads(1e-6)), ("a", "gnd", ohms(1e4))), wave, "a"


def half_wave():
    return charger(mn.drive.sine(5.0, 50.0))


def full_wave():
    made = circuit(("in", "p", DIODE), ("gnd", "p", DIODE), ("n", "in", DIODE), ("n", "gnd", DIODE))
    made.add("p", "n", farads(1e-6))
    made.add("p", "n", ohms(1e4))
    made.add("n", "gnd", ohms(1e9))
    return made, mn.drive.sine(5.0, 50.0), "p"


def charge_pump():
    made = circuit(("in", "a", farads(2e-6)), ("gnd", "a", DIODE), ("a", "out", DIODE), ("out", "gnd", farads(2e-6)))
    made.add("out", "gnd", ohms(5e3))
    return made, mn.drive.sine(3.0, 50.0), "out"


def buck():
    control = mn.drive.pulses(0.0, 1.0, length=4e-4, spacing=6e-4)
    made = circuit(("in", "sw", mn.Switch(control=control, r_on=0.1, r_off=1e7)), ("gnd", "sw", DIODE))
    made.add("sw", "out", mn.Inductor(inductance=1e-2))
    made.add("out", "gnd", farads(1e-3))
    made.add("out", "gnd", ohms(10.0))
    return made, mn.drive.constant(12.0), "out"


def rows(made, dt, end, **options):
    made, wave, node = made
    data = made.simulation({"in": wave, "gnd": 0.0}, dt=dt, **options).run(
        round(end / dt) + 1, record={"potential": node}
    )
    return data.potential.values[:, 0]


def error(made, dt, end, exact):
    found = rows(made, dt, end)
    return np.abs(found[:: round((found.size - 1) / (exact.size - 1))] - exact).max()


@pytest.mark.parametrize("wave", [mn.drive.constant(1.5), PULSES, RAMPS], ids=["constant", "pulses", "ramps"])
@pytest.mark.parametrize("dt", [1e-3, 1e-4])
def test_a_bare_diode_does_not_charge_a_capacitor_too_far(wave, dt):
    """One damped step left up to 1 V too much, which the diode does not take back."""
    exact = rows(charger(wave), 1e-3, 0.02, method="adaptive", rtol=1e-6)
    assert error(charger(wave), dt, 0.02, exact) < 3e-4 * 1.5


@pytest.mark.parametrize(
    ("made", "end", "coarse", "bar"),
    [
        (half_wave, 0.06, 1e-4, 5e-3),
        (full_wave, 0.06, 1e-4, 2e-3),
        (charge_pump, 0.2, 1e-4, 5e-3),
        (buck, 0.02, 1e-4, 5e-3),
    ],
)
def test_rectifiers_and_converters_are_of_second_order(made, end, coarse, bar):
    exact = rows(made(), coarse, end, method="adaptive", rtol=1e-7)
    errors = [error(made(), coarse / n, end, exact) for n in (1, 2, 4)]
    assert errors[0] < bar * np.abs(exact).max()
    assert np.log2(errors[0] / errors[2]) / 2.0 > 1.4
    assert errors[2] < 0.1 * bar * np.abs(exact).max()


THERMAL = 1.380649e-23 / 1.602176634e-19 * 300.15


@settings(max_examples=30)
@example(-1.0, 0.375, -7.0)
@example(-5.0, 0.4, -10.413)  # half a time constant in a step: no layer yet, and the farthest from it
@given(st.floats(-9.0, -1.0), st.floats(0.02, 5.0), st.floats(-9.0, -3.0))
def test_a_diode_alone_charges_a_capacitor_as_its_closed_form_says(log_dt, volts, log_c):
    dt, capacitance = 10.0**log_dt, 10.0**log_c
    made = circuit(("in", "a", DIODE), ("a", "gnd", farads(capacitance)))
    v = rows((made, mn.drive.constant(volts), "a"), dt, 20.0 * dt)
    first = np.exp(-volts / THERMAL)
    grown = -np.expm1(-np.arange(v.size) * dt * 1e-14 / (capacitance * THERMAL))
    exact = volts + THERMAL * np.log(first + (1.0 - first) * grown)
    np.testing.assert_allclose(v, exact, rtol=0.0, atol=max(3e-4 * volts, 7e-3 * THERMAL))
    assert (np.diff(v) >= -1e-12 * volts).all()


@pytest.mark.parametrize("volts", [14.0, 14.4, 15.0, 17.0, 19.0, 20.0, 100.0])
def test_a_diode_far_in_reverse_is_no_part_of_a_step(volts):
    """A stage of a step may overshoot so far that the diode conducts less than any solve carries beside the charge."""
    v = rows((circuit(("in", "a", DIODE), ("a", "gnd", farads(1e-6))), mn.drive.constant(volts), "a"), 1e-3, 0.01)
    grown = np.arange(1, v.size) * 1e-3 * 1e-14 / (1e-6 * THERMAL)
    exact = volts + THERMAL * np.log(np.exp(-volts / THERMAL) + grown)
    np.testing.assert_allclose(v[1:], exact, rtol=0.0, atol=3e-4 * volts)


@pytest.mark.parametrize(("volts", "steps", "most"), [(-0.3, 11.22, 1.0), (-5.0, 193.87, 2.5), (-10.0, 193.87, 3.0)])
def test_rows_in_which_a_reverse_current_stops_are_some_thermal_voltages_off(volts, steps, most):
    """A step has so many times the time in which the current moves kT/e; it is no layer."""
    capacitance = 1e-3 * 1e-14 / (steps * THERMAL)
    v = rows(
        (circuit(("in", "a", DIODE), ("a", "gnd", farads(capacitance))), mn.drive.constant(volts), "a"), 1e-3, 0.02
    )
    left = np.log(np.expm1(-volts / THERMAL)) - steps * np.arange(v.size)
    off = np.abs(v - (volts + THERMAL * np.logaddexp(0.0, left)))
    assert off.max() < most * THERMAL
    assert off[-1] < 1e-4 * THERMAL


@pytest.mark.parametrize("late", [-5e-13, -9e-19, 9e-19, 5e-13])
def test_a_layer_begins_with_a_jump_that_is_as_good_as_at_its_row(late):
    """Times of rows and of jumps are rounded apart, and a layer may be shorter than what lies between them."""
    made = circuit(("in", "a", DIODE), ("a", "gnd", farads(1e-9)))
    v = rows((made, mn.drive.concat([(0.0, 5e-3 + late), (1.5, None)]), "a"), 1e-3, 0.02)
    grown = np.maximum(np.arange(v.size) - 5, 0) * 1e-3 * 1e-14 / (1e-9 * THERMAL)
    exact = 1.5 + THERMAL * np.log(np.exp(-1.5 / THERMAL) - np.expm1(-grown))
    np.testing.assert_allclose(v, exact, rtol=0.0, atol=3e-4 * 1.5)


@pytest.mark.parametrize("resistance", [1e-3, 0.1])
def test_currents_of_capacitors_do_not_ring_after_corners_of_the_drive(resistance):
    made = circuit(("in", "a", ohms(resistance)), ("a", "gnd", farads(1.0)))
    sim = made.simulation({"in": mn.drive.triangle(0.0, 1.0, period=8.0), "gnd": 0.0}, dt=1.0)
    current = sim.run(20).current.values[1:, 0]
    exact = np.where(np.arange(1, 20) % 8 < 4, 0.25, -0.25)
    exact[(np.arange(1, 20) % 4) == 0] *= -1.0  # at a corner the current is still that before it
    np.testing.assert_allclose(current, exact, atol=4e-3)


def test_a_resolved_linear_circuit_has_one_damped_step_after_each_jump():
    made = circuit(("in", "a", ohms(1.0)), ("a", "gnd", farads(1.0)))
    wave = mn.drive.pulses(0.0, 1.0, length=2.0, spacing=2.0, start=1.0)
    sim = made.simulation({"in": wave, "gnd": 0.0}, dt=0.1)
    data = sim.run(81, record={"potential": "a"})
    v, h, stage = 0.0, 0.1, 1.0 - np.sqrt(0.5)
    for k in range(80):
        u = float((k - 10) % 40 in range(20)) if k >= 10 else 0.0
        if k == 0 or (k - 10) % 20 == 0:
            first = (u - v) / (1.0 + stage * h)
            v += h * ((1.0 - stage) * first + stage * (u - v - h * (1.0 - stage) * first) / (1.0 + stage * h))
        else:
            v += h * (u - v) / (1.0 + 0.5 * h)
        assert data.potential.values[k + 1, 0] == pytest.approx(v, abs=1e-13)
    assert sim._core.step_counters["refused"] == 0


def test_layers_have_the_same_bits_in_any_chunks_and_through_a_checkpoint(tmp_path):
    made, wave, _ = charger(PULSES)
    whole = made.simulation({"in": wave, "gnd": 0.0}, dt=1e-3).run(25)
    for chunk in (1, 7):
        sim = made.simulation({"in": wave, "gnd": 0.0}, dt=1e-3)
        parts = np.concatenate([sim.run(min(chunk, 25 - k)).current for k in range(0, 25, chunk)])
        assert parts.tobytes() == whole.current.values.tobytes()
    sim = made.simulation({"in": wave, "gnd": 0.0}, dt=1e-3)
    sim.step(6)
    sim.save(tmp_path / "here")
    assert mn.Simulation.load(tmp_path / "here").run(19).current.values.tobytes() == whole.current.values[6:].tobytes()


# ------------------------------------------------------------------ switches that cross together

METHODS = [{}, {"method": "adaptive", "rtol": 1e-3}]


@pytest.mark.parametrize("options", METHODS)
def test_of_two_switches_that_cannot_both_close_one_does(options):
    """Together they pull the node below their hold voltage, and one alone does not."""
    switch = mn.ThresholdSwitch(v_on=1.2, v_off=0.5, r_on=500.0, r_off=1e9)
    made = circuit(("in", "a", ohms(1e3)), ("a", "gnd", switch), ("a", "gnd", switch))
    data = made.simulation({"in": 2.0, "gnd": 0.0}, dt=0.1, **options).run(5, record={"potential": "a"})
    assert data.potential.values[-1, 0] == pytest.approx(2.0 * 500.0 / 1500.0, rel=1e-5)
    assert data.event_kind.values.sum() == 1


@settings(max_examples=60)
@given(st.integers(0, 100_000), st.sampled_from(METHODS))
def test_switches_come_to_rest_where_none_is_beyond_its_threshold(seed, options):
    random = np.random.default_rng(seed)
    made = circuit(("in", "n0", ohms(float(10 ** random.uniform(3, 5)))))
    switches, n = [], int(random.integers(2, 5))
    for k in range(n):
        for other in ["gnd", *(f"n{j}" for j in range(k)), "in"]:
            if random.random() < 0.6 or other == "gnd":
                made.add(f"n{k}", other, ohms(float(10 ** random.uniform(3, 5))))
            if random.random() < 0.7 and other != "in":
                on = random.uniform(0.1, 0.6)
                off = on * random.uniform(0.1, 0.9)
                switches.append(mn.ThresholdSwitch(v_on=on, v_off=off, r_on=300.0, r_off=1e6))
                made.add(f"n{k}", other, switches[-1])
    sim = made.simulation({"in": 2.0, "gnd": 0.0}, dt=1e-3, **options)
    try:
        sim.run(2)
    except ArithmeticError:
        return  # they go round for ever
    for device in switches:
        v = abs(sim.branch_voltage[sim.edges_of(device)[0]])
        assert v > device.v_off if sim.state(device, "on")[0] else v < device.v_on


# ------------------------------------------------------------------ nodes between inductors

JUMP = 1.2345


FIXED = [(order, {"dt": dt}) for order in ("RLLR", "LRLR", "RLRL") for dt in (0.01, JUMP)]


# adaptive runs: docs/time.md says what they cannot
@pytest.mark.parametrize(("order", "options"), [*FIXED, ("RLLR", {"dt": 0.5, "method": "adaptive", "rtol": 1e-5})])
def test_nodes_between_inductors_have_potentials_at_any_moment(order, options):
    values, inductances = {"R": 0.5, "L": 1.0}, iter((1.0, 2.0))
    made, nodes = mn.Circuit(), ["in", "n0", "n1", "n2", "gnd"]
    drops = []
    for a, b, kind in zip(nodes[:-1], nodes[1:], order, strict=True):
        value = next(inductances) if kind == "L" else values["R"]
        made.add(a, b, mn.Inductor(inductance=value) if kind == "L" else ohms(value))
        drops.append((kind, value))
    wave = mn.drive.concat([(0.3, JUMP), (1.0, None)])
    data = made.simulation({"in": wave, "gnd": 0.0}, **options).run(round(5.0 / options["dt"]), record=["potential"])
    t = data.time.values
    at_jump = 0.3 * -np.expm1(-JUMP / 3.0)
    late = t >= JUMP * (1.0 - 1e-12)
    u = np.where(late, 1.0, 0.3)
    current = np.where(late, 1.0 + (at_jump - 1.0) * np.exp(-(t - JUMP) / 3.0), 0.3 * -np.expm1(-t / 3.0))
    exact = [u]
    for kind, value in drops[:-1]:
        exact.append(exact[-1] - value * (current if kind == "R" else (u - current) / 3.0))
    bar = 1e-2 if options["dt"] == JUMP else 2e-4
    np.testing.assert_allclose(data.potential.values[:, :4], np.stack(exact, axis=1), atol=bar)


@pytest.mark.parametrize("options", METHODS)
def test_currents_that_cannot_stay_are_named(options):
    made = circuit(("in", "gnd", ohms(1.0)), ("gnd", "a", mn.CurrentSource(current=1e-3)))
    made.add("a", "gnd", mn.Inductor(inductance=1e-3))
    with pytest.raises(ValueError, match=r"currents of inductors and sources.*node 'a' is 0\.001"):
        made.simulation({"in": 1.0, "gnd": 0.0}, dt=1e-7, **options).run(2)
    good = circuit(("in", "gnd", ohms(1.0)), ("gnd", "a", mn.CurrentSource(current=1e-3)))
    good.add("a", "gnd", mn.Inductor(inductance=1e-3, i_initial=1e-3))
    data = good.simulation({"in": 1.0, "gnd": 0.0}, dt=1e-7).run(3, record={"potential": "a"})
    assert np.abs(data.potential.values).max() < 1e-9


def test_a_source_into_a_node_that_nothing_else_defines_is_named_at_rest():
    made = circuit(("in", "gnd", ohms(1.0)), ("gnd", "a", mn.CurrentSource(current=1e-3)), ("a", "b", ohms(1.0)))
    net = made.network(["in", "gnd"])
    with pytest.raises(ValueError, match=r"node a .*has no potential at rest.*elements CurrentSource1, Resistor2"):
        mn.solve(net, drive={"in": 1.0, "gnd": 0.0}, devices=made.devices)
    made.add("b", "gnd", ohms(1.0))
    found = mn.solve(made.network(["in", "gnd"]), drive={"in": 1.0, "gnd": 0.0}, devices=made.devices)
    assert found.potential[2] == pytest.approx(2e-3)
