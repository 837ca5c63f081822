"""Models of C files written once more as texts: the same runs, to rounding, and the same events."""

import numpy as np
import pytest
from models_as_texts import (
    RATE_BALANCE,
    TUNNEL_GAP,
    fixed_pairs,
    lattice,
    mixed,
    smooth_pairs,
    wires,
)

import memnet as mn
from memnet.simulate import Equations


@pytest.mark.parametrize("network", ["wires", "percolating"])
def test_rate_balance(network):
    if network == "wires":
        net, volts = mn.nanowires(300, size=100, length=20, length_sd=5, seed=3), 8.0
    else:
        net, volts = mn.percolating(size=200, coverage=0.65, seed=1), 12.0
    text = mn.device_model("RateBalanceText", RATE_BALANCE)
    c_file = mn.RateBalance(kappa_p0=1e-4, kappa_d0=0.5, eta_p=10.0, eta_d=1.0, g_min=1e-3, g_max=0.1, g_initial=0.0)
    found, expected = (
        mn.Simulation(net, device, {"left": volts, "right": 0.0}, dt=1e-4).run(2000, record=["state:g"])
        for device in (text(), c_file)
    )
    assert expected.state_g.values[-1].max() > 0.1
    np.testing.assert_allclose(found.state_g, expected.state_g, rtol=1e-12, atol=0)
    np.testing.assert_allclose(found.conductance, expected.conductance, rtol=1e-12)


def test_tunnel_gap_has_the_same_events_at_the_same_steps():
    """With field="gap". With "remaining" the C file takes a step of Euler, and a text one along the slope."""
    net = mn.percolating(size=200, coverage=0.65, seed=1)
    text = mn.device_model("TunnelGapText", TUNNEL_GAP)
    found, expected = (
        mn.Simulation(net, device, {"left": 8.0, "right": 0.0}, dt=1e-3).run(2000)
        for device in (text(), mn.TunnelGap(r_d=1e-3, r_w=10.0, field="gap"))
    )
    assert expected.event_step.size > 100
    for name in ("event_step", "event_edge", "event_kind"):
        assert np.array_equal(found[name], expected[name])
    np.testing.assert_allclose(found.conductance, expected.conductance, rtol=1e-12)


SELECTOR = """
i = i_0*(sinh(u) + (v/v_0 - u)*cosh(u))
u = max(min(v/v_0, 200), -200)
parameter i_0 = 1 nA in (0, inf)
parameter v_0 = 0.1 V in (0, inf)
"""
TRANSISTOR = """
i          = k/2*difference*(source_side + drain_side)*(1 + modulation*abs(v))
over       = linked.v - v_t
source_side = max(over, 0)
drain_side  = max(over - v, 0)
difference = where(source_side > 0 and drain_side > 0, v, source_side - drain_side)
parameter k = 1e-4 A/V^2 in (0, inf)
parameter v_t = 1 V
parameter modulation = 0 1/V in [0, inf)
"""


@pytest.mark.parametrize("volts", [1e-9, 0.03, 0.7, -1.1, 25.0, -30.0])
def test_selector(volts):
    net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
    text = mn.device_model("SelectorText", SELECTOR)
    found, expected = (
        mn.Simulation(net, device, {"in": volts, "out": 0.0}).run(1).current.values[0, 0]
        for device in (text(), mn.Selector())
    )
    assert found == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("drain", [0.2, 1.4, 3.0, -0.5, -2.0])
@pytest.mark.parametrize("gate", [0.5, 1.8, 3.0])
def test_transistor(drain, gate):
    """Cut off, linear, saturated, reversed."""
    net = mn.Network(3, [(0, 1), (2, 1)], electrodes={"drain": 0, "source": 1, "gate": 2})
    text = mn.device_model("TransistorText", TRANSISTOR)
    found, expected = (
        mn.Simulation(net, [mn.link(device, to=1), mn.Resistor(conductance=0.0)],
                      {"drain": drain, "source": 0.0, "gate": gate}).run(1).current.values[0]
        for device in (text(modulation=0.05), mn.Transistor(modulation=0.05))
    )  # fmt: skip
    np.testing.assert_allclose(found, expected, rtol=1e-15)


# ---------------------------------------------------------------- mixed in one network


def mixed_runs(net, pairs, weights, drive, steps, dt, **options):
    """Run a network of texts and one of C files, each edge with the same model in both."""
    sides = []
    for side in (0, 1):
        devices = [pair[side] for pair in pairs.values()]
        simulation = mn.Simulation(
            net, mixed(net, devices, weights), {"left": drive, "right": 0.0}, dt=dt, seed=7, **options
        )
        sides.append((simulation, devices, simulation.run(steps)))
    return sides


def check_states(pairs, found, expected, bar):
    """Compare all states, each within a part of the range that it has gone through, which is not little."""
    for (name, (_, _, states)), text, c_file in zip(pairs.items(), found[1], expected[1], strict=True):
        for of_text, of_c in states.items():
            x, y = found[0].state(text, of_text), expected[0].state(c_file, of_c)
            assert np.ptp(y) > 1e-4 * np.abs(y).max(), name
            np.testing.assert_allclose(x, y, rtol=0, atol=bar * np.abs(y).max(), err_msg=f"{name} {of_text}")


def switchings(run, simulation, devices):
    """Return steps, edges and kinds of what the texts and the C files both call closed and opened."""
    edges = np.concatenate([simulation.edges_of(device) for device in devices])
    these = np.isin(run.event_edge.values, edges) & (np.abs(run.event_kind.values) == 1)
    return np.array([run[f"event_{what}"].values[these] for what in ("step", "edge", "kind")])


def check_mixed(net, weights, volts, steps, least_events):
    pairs = fixed_pairs()
    drive = mn.drive.triangle(-volts, volts, period=steps * 1e-3 / 2.5)
    found, expected = mixed_runs(net, pairs, weights, drive, steps, 1e-3)
    check_states(pairs, found, expected, 1e-12)
    np.testing.assert_allclose(found[2].conductance, expected[2].conductance, rtol=1e-12)
    for k, name in enumerate(pairs):
        if name in ("TunnelGap", "AtomicSwitch"):
            of_text, of_c = (switchings(run, sim, [devices[k]]) for sim, devices, run in (found, expected))
            assert of_c.shape[1] > least_events
            assert set(of_c[2]) == {1, -1}
            assert np.array_equal(of_text, of_c)


def test_all_models_mixed_in_a_wire_network():
    """The same events at the same steps, the same draws; states to 1e-12 of what they went through."""
    check_mixed(wires(), [1] * 7, 0.8, 2000, 20)


def test_all_models_mixed_in_a_small_lattice():
    check_mixed(lattice(20), [1] * 7, 3.0, 300, 10)


@pytest.mark.parametrize("between", [1e-17, 0.0, -1e-17])
def test_a_memory_that_has_lost_its_time_constant(between):
    """At tau = 0 the last bit of a voltage near 0 says whether tau stays; text and C file go on alike either way."""
    net = mn.Network(2, [(0, 1)], electrodes={"a": 0, "b": 1})
    text, c_file, states = fixed_pairs()["ShortLongTermDrift"]
    drive = {"a": mn.drive.steps([0.5, between, -0.5], [0.0, 0.3, 0.301]), "b": 0.0}
    found, expected = (mn.Simulation(net, device, drive, dt=1e-3) for device in (text, c_file))
    for steps in (300, 1, 1, 1):
        found.step(steps)
        expected.step(steps)
        for of_text, of_c in states.items():
            x, y = found.state(text, of_text)[0], expected.state(c_file, of_c)[0]
            assert x == pytest.approx(y, rel=1e-12, abs=1e-15)
        if steps == 300:
            assert expected.state(c_file, "tau")[0] == 0.0


@pytest.mark.slow
def test_all_models_mixed_in_a_lattice():
    """Texts that take Euler's step log an event of each, so there are few of them."""
    check_mixed(lattice(200), [30, 30, 30, 30, 1, 1, 1], 30.0, 2000, 1000)


# ---------------------------------------------------------------- where a text takes another step than its C file


def check_mixed_adaptive(net, volts, rows, dt, rtol):
    """Voltages keep their signs: where steps meet kinks, as abs(v) has one, the last bit may decide where they end."""
    pairs = smooth_pairs()
    drive = mn.drive.triangle(0.4 * volts, volts, period=1.2)
    weights, options = [1] * len(pairs), {"method": "adaptive", "rtol": rtol}
    found, expected = mixed_runs(net, pairs, weights, drive, rows, dt, **options)
    assert found[0].counters["steps"] == expected[0].counters["steps"]
    check_states(pairs, found, expected, 1e-12)
    np.testing.assert_allclose(found[2].conductance, expected[2].conductance, rtol=1e-12)
    return expected


def test_differential_equations_mixed_in_adaptive_runs():
    """Text and C file are one differential equation, hillocks up to the ends of their own ranges; 2,000 steps."""
    simulation, devices, _ = check_mixed_adaptive(wires(), 0.8, 45, 1e-2, 1e-6)
    assert simulation.counters["steps"] > 2000
    hillock = devices[list(smooth_pairs()).index("Hillock")]
    ends = hillock.z_max_fraction * simulation.net.length[simulation.edges_of(hillock)]
    z = simulation.state(hillock, "z")
    assert (z <= ends).all()
    assert (z == ends).any()


def phi1(z):
    return np.where(z == 0.0, 1.0, np.expm1(z) / np.where(z == 0.0, 1.0, z))


@pytest.mark.parametrize("name", [name for name in smooth_pairs() if name != "RateBalance"])
def test_fixed_steps_are_the_documented_rule_on_the_law_of_the_c_file(name):
    """x + dt phi1(J dt) f with f and J = df/dx as the C file has them, held in the range."""
    text, c_file, states = smooth_pairs()[name]
    n = 20
    length = np.linspace(0.5, 1.5, n)
    net = mn.Network(n + 1, [(k, k + 1) for k in range(n)], length=length, electrodes={"a": 0, "b": n})
    dt, drive = 6e-3, {"a": 2.5, "b": 0.0}
    by_text, by_rule = (mn.Simulation(net, device, drive, dt=dt) for device in (text, c_file))
    by_text.run(600)
    for _ in range(600):
        equations = Equations(by_rule)
        at = equations.at(by_rule.branch_voltage, equations.present)
        new = np.clip(equations.present + dt * phi1(at.f_x * dt) * at.f, equations.low, equations.high)
        by_rule.set_state(c_file, **{of: new[equations.parts[0].row(of)] for of in states.values()})
    for of_text, of_c in states.items():
        x, y = by_text.state(text, of_text), by_rule.state(c_file, of_c)
        np.testing.assert_allclose(x, y, rtol=0, atol=1e-12 * np.abs(y).max())


@pytest.mark.parametrize("name", [name for name in smooth_pairs() if name != "RateBalance"])
def test_fixed_steps_come_together_as_dt_gets_shorter(name):
    """The C files take Euler's step (Hillock, no window), or one that is exact at the step's voltage, which a text
    follows to second order."""
    text, c_file, states = smooth_pairs()[name]
    net = mn.Network(2, [(0, 1)], length=[1.2], electrodes={"a": 0, "b": 1})
    apart = []
    for steps in (100, 200, 400):
        ends = []
        for device, of in ((text, next(iter(states))), (c_file, next(iter(states.values())))):
            simulation = mn.Simulation(net, device, {"a": 0.05, "b": 0.0}, dt=0.4 / steps)
            simulation.run(steps)
            ends.append(simulation.state(device, of)[0])
        apart.append(abs(ends[0] - ends[1]))
    order = np.log2(np.array(apart[:-1]) / apart[1:])
    second = name.startswith("LinearDrift") and "none" not in name
    np.testing.assert_allclose(order, 2.0 if second else 1.0, atol=0.1)
