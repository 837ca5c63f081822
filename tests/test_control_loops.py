"""Controls that lag behind: an edge that reads another one step late, and feeds back to it."""

import pickle
import warnings

import numpy as np
import pytest

import memnet as mn

# A sink of current g_m u at a control u, linear in its own voltage, so that fixed steps read u one step late; with
# c > 0 it is not linear, so that steps are implicit and read u at the same moment.
SINK = """
i = g_m*linked.v + c*v*v*v
parameter g_m = 1 mS
parameter c   = 0 S/V^2
"""
LATE = mn.device_model("LateSink", SINK.replace(" + c*v*v*v", "").replace("parameter c   = 0 S/V^2\n", ""))
SAME = mn.device_model("SameSink", SINK)

# Leak (S), capacitance (F) and step (s) of a node: the bound of g_m is g + 2 C/dt.
NODES = [(1e-3, 1e-6, 1e-3), (1e-3, 0.0, 1e-3), (1e-6, 1e-9, 1e-4), (0.5, 2e-3, 1e-2), (1e-3, 1e-6, 1e-2)]


def loop(g_m, node=NODES[0], *, rule="backward-euler", sink=LATE, **options):
    """A node with a leak and a capacitance that reads its own voltage, beside a source that holds it near 0.1 V."""
    g, c, dt = node
    circuit = mn.Circuit()
    circuit.add("x", "gnd", mn.Resistor(conductance=0.9 * g), name="leak")
    if c > 0.0:
        circuit.add("x", "gnd", mn.Capacitor(capacitance=c, method=rule), name="C")
    circuit.add("in", "x", mn.Resistor(conductance=0.1 * g), name="R")
    circuit.add("x", "gnd", mn.link(sink(g_m=g_m), to="leak"), name="sink")
    return circuit.simulation({"in": 1.0, "gnd": 0.0}, dt=dt, **options)


def bound(node):
    g, c, dt = node
    return g + 2.0 * c / dt


def voltage(sim, n_steps):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mn.StepWarning)
        return sim.run(n_steps, record="potential").potential.sel(potential_node="x").values


def warned(sim, n_steps=5):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        sim.run(n_steps)
    return [one for one in caught if issubclass(one.category, mn.StepWarning)]


# ------------------------------------------------------------------ the bound


@pytest.mark.parametrize("node", NODES)
@pytest.mark.parametrize("share", [0.5, 0.9, 0.98, 1.02, 1.1, 3.0])
def test_a_late_control_is_stable_below_the_bound(node, share):
    """Steps of backward Euler: the distance from rest goes by (C/dt - g_m)/(g + C/dt) a step, and so the warning."""
    g, c, dt = node
    g_m = share * bound(node)
    v = voltage(loop(g_m, node), 40)
    factor = (c / dt - g_m) / (g + c / dt)
    swing = np.diff(v)
    far = np.abs(swing[1:]) > 1e-8 * np.abs(v[1:-1])
    np.testing.assert_allclose(swing[1:][far] / swing[:-1][far], factor, rtol=1e-6)
    assert (abs(factor) > 1.0) == (share > 1.0) == (abs(swing[-1]) > abs(swing[0]))
    assert len(warned(loop(g_m, node))) == (share > 1.0)


@pytest.mark.parametrize("node", [node for node in NODES if node[1] > 0.0])
@pytest.mark.parametrize("share", [0.5, 0.9, 0.98, 1.02, 1.1, 3.0])
def test_the_bound_of_trapezoidal_steps_is_the_same(node, share):
    """Its factors are the roots of (a + g) r^2 + (g + g_m - a) r + g_m = 0, a = 2 C/dt."""
    g, c, dt = node
    g_m = share * bound(node)
    a = 2.0 * c / dt
    roots = np.roots([a + g, g + g_m - a, g_m])
    assert (np.abs(roots).max() > 1.0) == (share > 1.0)
    assert len(warned(loop(g_m, node, rule="trapezoidal"))) == (share > 1.0)


@pytest.mark.parametrize("sink", [LATE, SAME])
@pytest.mark.parametrize("share", [0.5, 0.9, 1.1, 3.0])
def test_adaptive_steps_are_stable_where_a_capacitance_is(share, sink):
    """Errors keep them below their own bound, g_m < (4 d - 1) g + 2 C/h with d = 1/(2 + sqrt 2)."""
    g_m = share * bound(NODES[0])
    sim = loop(g_m, sink=sink, method="adaptive", rtol=1e-4)
    v = sim.run(50, record="potential").potential.sel(potential_node="x").values
    assert v[-1] == pytest.approx(1e-4 / (1e-3 + g_m), rel=1e-3)
    assert not warned(sim)


@pytest.mark.parametrize("share", [0.5, 3.0])
def test_steps_that_read_controls_of_the_same_moment_do_not_swing(share):
    g_m = share * bound(NODES[0])
    sim = loop(g_m, rule="trapezoidal", sink=SAME)
    assert voltage(sim, 50)[-1] == pytest.approx(1e-4 / (1e-3 + g_m), rel=1e-6)
    assert not warned(sim)


def test_where_their_iteration_does_not_end_links_are_named():
    sim = loop(-30.0, rule="trapezoidal", sink=SAME)
    with pytest.raises(ArithmeticError, match="feed back to its own control more than the conductance there"):
        sim.run(50)


# ------------------------------------------------------------------ the warning


def test_the_warning_says_which_edge_and_what_to_do():
    sim = loop(1.1 * bound(NODES[0]))
    (one,) = warned(sim)
    assert one.filename == __file__
    message = one.message
    assert str(message) == (
        "LateSink of element sink from x to gnd reads its control one step late, and feeds back to it so much (0.0033"
        " S) that with dt = 0.001 s this swings from side to side from step to step, and grows 1.15 times in each; take"
        ' a shorter dt beside a capacitance where the control is, or method="adaptive"'
    )
    assert message.edge == sim.edge("sink")
    assert message.growth == pytest.approx(1.15, rel=1e-6)
    assert np.isnan(message.difference)
    assert not warned(sim)  # once for a simulation
    again = pickle.loads(pickle.dumps(message))
    assert (str(again), again.edge, again.growth) == (str(message), message.edge, message.growth)


def test_a_shorter_step_is_stable():
    g, c, dt = NODES[0]
    assert warned(loop(1.1 * bound(NODES[0]), (g, c, dt)))
    assert not warned(loop(1.1 * bound(NODES[0]), (g, c, 0.8 * dt)))


def test_what_the_circuit_itself_does_is_no_fault_of_steps():
    """Positive feedback above g runs away in any steps."""
    sim = loop(-1.5e-3)
    v = voltage(sim, 40)
    assert v[-1] > 1e2 * v[5] > 0.0
    assert not warned(loop(-1.5e-3), 40)


def test_amplifiers_in_a_chain_feed_nothing_back():
    """Ten stages of gain 10, with and without capacitances: what goes through them grows, and nothing swings."""
    for capacitance in (0.0, 1e-6, 1e-3):
        circuit = mn.Circuit()
        circuit.add("n0", "gnd", mn.Resistor(conductance=0.0), name="leak0")
        for k in range(10):
            circuit.add(f"n{k + 1}", "gnd", mn.Resistor(conductance=1e-3), name=f"leak{k + 1}")
            circuit.add(f"n{k + 1}", "gnd", mn.link(LATE(g_m=1e-2), to=f"leak{k}"), name=f"sink{k}")
            if capacitance > 0.0:
                circuit.add(f"n{k + 1}", "gnd", mn.Capacitor(capacitance=capacitance))
        sim = circuit.simulation({"n0": mn.drive.sine(1e-3, 20.0), "gnd": 0.0}, dt=1e-3)
        assert not warned(sim, 300)


def test_a_ring_swings_where_its_modes_do():
    """Three stages: the mode in which all move together swings above g + 2 C/dt, as that of one stage does; the others
    are the ring oscillator that the circuit is, above 2 g."""
    g, c, dt = NODES[0]
    for share in (0.9, 1.1):
        circuit = mn.Circuit()
        for k in range(3):
            circuit.add(f"n{k}", "gnd", mn.Resistor(conductance=g), name=f"leak{k}")
            circuit.add(f"n{k}", "gnd", mn.Capacitor(capacitance=c, v_initial=0.1 * k))
        for k in range(3):
            sink = LATE(g_m=share * bound(NODES[0]))
            circuit.add(f"n{(k + 1) % 3}", "gnd", mn.link(sink, to=f"leak{k}"), name=f"sink{k}")
        circuit.add("in", "n0", mn.Resistor(conductance=1e-12))
        assert len(warned(circuit.simulation({"in": 1.0, "gnd": 0.0}, dt=dt))) == (share > 1.0)


def test_a_control_that_is_driven_feeds_nothing_back():
    channel = mn.device_model("SteepChannel", "i = g*exp(linked.v/V_0)*v\nparameter g = 1 uS\nparameter V_0 = 10 mV")
    circuit = mn.Circuit()
    circuit.add("gate", "gnd", mn.Resistor(conductance=1e-3), name="gate")
    circuit.add("drain", "x", mn.link(channel(), to="gate"), name="channel")
    circuit.add("x", "gnd", mn.Resistor(conductance=1e-3))
    drive = {"gate": mn.drive.triangle(0.0, 0.3, 4e-3), "drain": 1.0, "gnd": 0.0}
    assert not warned(circuit.simulation(drive, dt=1e-3), 300)


def test_a_control_at_a_jump_of_its_law_counts_as_beside_it():
    gated = mn.device_model("Comparator", "i = where(linked.v > V_T, g, 0)*v\nparameter g = 1 S\nparameter V_T = 0.5 V")
    circuit = mn.Circuit()
    circuit.add("in", "x", mn.Resistor(conductance=1e-3), name="R")
    circuit.add("x", "gnd", mn.Resistor(conductance=1e-3), name="leak")
    circuit.add("x", "gnd", mn.link(gated(), to="leak"), name="gated")
    assert not warned(circuit.simulation({"in": 1.0, "gnd": 0.0}, dt=1e-3), 1)


def test_an_unstable_state_that_comes_later_is_found():
    """The control opens with the drive. It swings until it overflows: the warning comes with the error."""
    square = mn.device_model("SquareSink", "i = k*linked.v*abs(linked.v)\nparameter k = 1 mS/V")
    circuit = mn.Circuit()
    circuit.add("x", "gnd", mn.Resistor(conductance=1e-3), name="leak")
    circuit.add("x", "gnd", mn.link(square(), to="leak"), name="sink")
    ramp = mn.drive.piecewise_linear([0.0, 0.1], [0.0, 1e-2])
    sim = circuit.simulation({"x": mn.drive.current(ramp), "gnd": 0.0}, dt=1e-3)
    assert not warned(sim, 10)
    with pytest.warns(mn.StepWarning, match="SquareSink of element sink"), pytest.raises(ValueError, match="is inf"):
        sim.run(150)


def test_a_swing_that_is_bounded_is_found():
    """A control that saturates swings between two voltages; at one of them it does nothing."""
    gate = mn.device_model(
        "SoftSink",
        "i = i_0*(1 + tanh((linked.v - V_T)/V_0))\nparameter i_0 = 1 mA\nparameter V_T = 0.5 V\nparameter V_0 = 50 mV",
    )
    circuit = mn.Circuit()
    circuit.add("in", "x", mn.Resistor(conductance=1e-3), name="R")
    circuit.add("x", "gnd", mn.Resistor(conductance=1e-6), name="leak")
    circuit.add("x", "gnd", mn.link(gate(), to="leak"), name="sink")
    ramp = mn.drive.piecewise_linear([0.02, 0.05], [0.0, 1.0])
    sim = circuit.simulation({"in": ramp, "gnd": 0.0}, dt=1e-3)
    assert not warned(sim, 20)
    (one,) = warned(sim, 60)
    assert 0.999 < one.message.growth < 1.1


def test_looking_changes_nothing():
    for rule in ("backward-euler", "trapezoidal"):
        seen, unseen = (loop(0.9 * bound(NODES[0]), rule=rule) for _ in range(2))
        data = seen.run(20, record="potential")
        unseen.warned_of_steps = unseen.warned_of_controls = True
        np.testing.assert_array_equal(data.potential, unseen.run(20, record="potential").potential)
        assert seen.counters == unseen.counters
        assert seen.info["counters"] == unseen.info["counters"]


def test_it_is_found_at_the_same_steps_in_pieces():
    whole, pieces = (loop(1.05 * bound(NODES[0])) for _ in range(2))
    assert len(warned(whole, 40)) == 1
    assert sum(len(warned(pieces, n)) for n in (1, 2, 3, 34)) == 1
