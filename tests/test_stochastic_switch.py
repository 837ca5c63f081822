"""StochasticSwitch: the law of its waiting time for any steps, against closed forms, a twin and the two-state chain."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy import stats

import memnet as mn
from memnet import _core

N_DRAWS = 200_000
PULSE = 1e-6


def parallel(n):
    return mn.Network(2, [(0, 1)] * n, electrodes={"in": 0, "out": 1})


MANY = parallel(N_DRAWS)
FEW = parallel(500)


def simulated(device, volts, net=FEW, **how):
    return mn.Simulation(net, device, {"in": volts, "out": 0.0}, **how)


def closed_after(volts, n_steps, seed, device=None):
    device = mn.StochasticSwitch() if device is None else device
    sim = simulated(device, volts, MANY, dt=PULSE / n_steps, seed=seed)
    sim.step(n_steps)
    return int(sim.state(device, "on").sum())


def chance(volts, length=PULSE, tau0=1.0, v0=0.05):
    return -np.expm1(-length * np.exp(volts / v0) / tau0)


def two_sided(count, n, p):
    return stats.chisquare([count, n - count], [n * p, n * (1 - p)]).pvalue


def test_chances_of_the_review():
    assert chance(0.66) == pytest.approx(0.417464, abs=5e-7)
    assert chance(0.672450) == pytest.approx(0.5, abs=1e-6)


@pytest.mark.parametrize("volts", [0.55, 0.6, 0.65, 0.672450, 0.7])
def test_chance_to_close_in_a_pulse(volts):
    """The same law, and even the same switches, in one step and in 7."""
    counts = {n: closed_after(volts, n, seed=round(1e6 * volts)) for n in (1, 7)}
    assert counts[1] == counts[7]
    assert two_sided(counts[1], N_DRAWS, chance(volts)) > 0.01


def test_steps_of_different_lengths_and_voltages_add_their_hazards():
    """Two pulses of 0.6 and 0.65 V, and a gap at 0 V: P = 1 - exp(-sum T/tau)."""
    device = mn.StochasticSwitch()
    wave = mn.drive.steps([0.6, 0.0, 0.65], [0.0, PULSE, 5 * PULSE])
    sim = simulated(device, wave, MANY, dt=PULSE, seed=5)
    sim.step(6)
    gathered = PULSE * (np.exp(0.6 / 0.05) + 4.0 + np.exp(0.65 / 0.05))
    assert two_sided(int(sim.state(device, "on").sum()), N_DRAWS, -np.expm1(-gathered)) > 0.01


@pytest.mark.parametrize("method", ["fixed", "adaptive"])
def test_times_are_exponential(method):
    device = mn.StochasticSwitch(tau0=1.0, V0=0.1)
    tau = np.exp(-0.3 / 0.1)
    sim = simulated(device, 0.3, dt=tau / 20, method=method, seed=9)
    data = sim.run(400)
    assert (data.event_kind.values == 1).all()
    assert len(data.event_time) == FEW.n_edges
    half = tau / 40 if method == "fixed" else 0.0
    assert stats.kstest(data.event_time.values - half, "expon", args=(0.0, tau)).pvalue > 0.01


def test_adaptive_steps_find_the_moment():
    """Of the same draws: a hazard t/tau reaches what is needed."""
    device = mn.StochasticSwitch(V0=0.1)
    sim = simulated(device, 0.3, parallel(20), dt=1e-2, method="adaptive", rtol=1e-6, seed=2)
    needed = np.array(sim.state(device, "needed"))
    data = sim.run(100)
    expected = needed * np.exp(-3.0)
    found = np.full(20, np.inf)
    found[data.event_edge.values] = data.event_time.values
    np.testing.assert_allclose(found[expected < 0.99], expected[expected < 0.99], rtol=1e-6)


def test_draws_are_those_of_the_counters():
    """Of seed, stream, edge, and the number of switches before."""
    device = mn.StochasticSwitch(k_off=1.0, V_off=0.1)
    sim = simulated(device, mn.drive.steps([0.9, -0.9], [0.0, 1.0]), parallel(5), dt=1.0, seed=77)
    found = [np.array(sim.state(device, "needed"))]
    for _ in range(2):
        sim.step(1)
        found.append(np.array(sim.state(device, "needed")))
    word = np.array([[_core.philox(77, 1000, edge, n) for edge in range(5)] for n in range(3)]).astype(np.uint64)
    u = ((word[..., 1] << np.uint64(32) | word[..., 0]) >> np.uint64(11)) * 2.0**-53
    np.testing.assert_allclose(found, -np.log1p(-u), rtol=1e-14)
    assert (sim.state(device, "switches") == 2).all()


@pytest.mark.parametrize(("volts", "k_off"), [(0.0, 3.0), (0.03, 0.5), (-0.02, 40.0)])
@pytest.mark.parametrize("n_steps", [1, 5])
def test_two_rates_are_the_chain_of_two_states(volts, k_off, n_steps):
    """p = p_inf (1 - exp(-(a + b) T)), also where many switches fall within a step."""
    device = mn.StochasticSwitch(tau0=0.5, V0=0.05, k_off=k_off, V_off=0.08)
    closes, opens = np.exp(volts / 0.05) / 0.5, k_off * np.exp(-volts / 0.08)
    sim = simulated(device, volts, MANY, dt=2.0 / n_steps, seed=4)
    sim.step(n_steps)
    p = closes / (closes + opens) * -np.expm1(-(closes + opens) * 2.0)
    assert two_sided(int(sim.state(device, "on").sum()), N_DRAWS, p) > 0.01


@given(
    volts=st.lists(st.floats(-1.0, 1.0), min_size=1, max_size=6),
    k_off=st.sampled_from([0.0, 0.1, 30.0]),
    seed=st.integers(0, 2**32),
)
@settings(max_examples=15, deadline=None)
def test_pieces_checkpoints_and_events_agree(tmp_path_factory, volts, k_off, seed):
    device = mn.StochasticSwitch(tau0=1.0, V0=0.2, k_off=k_off, V_off=0.2)
    wave = mn.drive.steps(volts, [float(k) for k in range(len(volts))])
    whole, parts = (simulated(device, wave, dt=0.05, seed=seed) for _ in range(2))
    expected = whole.run(20 * len(volts), record="state:on")
    parts.run(7)
    place = tmp_path_factory.mktemp("stochastic") / "half.mn"
    parts.save(place)
    again = mn.Simulation.load(place)
    rest = again.run(20 * len(volts) - 7, record="state:on")
    np.testing.assert_array_equal(rest.state_on.values, expected.state_on.values[7:])
    on = np.zeros(FEW.n_edges)
    np.add.at(on, expected.event_edge.values, expected.event_kind.values)
    np.testing.assert_array_equal(on, whole.state(device, "on"))
    if k_off == 0.0:
        assert (expected.event_kind.values == 1).all()


def test_seeds_and_edges_are_independent():
    device = mn.StochasticSwitch()
    first, second = (np.array(simulated(device, 0.0, MANY, dt=1.0, seed=k).state(device, "needed")) for k in (1, 2))
    bound = 4.0 / np.sqrt(N_DRAWS)
    for one, two in ((first, second), (first[1:], first[:-1])):
        assert abs(np.corrcoef(one, two)[0, 1]) < bound


def test_a_divider_settles_once_it_has_switched():
    """Behind 100 kohm: v = 10/11 of the drive before, 1/11 after, and so no way back without k_off."""
    circuit = mn.Circuit()
    circuit.add("in", "n", mn.Resistor(conductance=1e-5))
    circuit.add("n", "gnd", mn.StochasticSwitch(), name="S")
    data = circuit.simulation({"in": 0.75, "gnd": 0.0}, dt=1e-7, seed=3).run(200, record="potential")
    v = data.potential.values[:, 1]
    assert v[0] == pytest.approx(0.75 * 10 / 11)
    assert v[-1] == pytest.approx(0.75 / 11)
    assert len(data.event_time) == 1


def test_extreme_voltages():
    """A hazard that overflows closes at the first step; at the other sign nothing ever happens."""
    for volts, on in ((1e3, 1.0), (-1e3, 0.0)):
        device = mn.StochasticSwitch()
        sim = simulated(device, volts, dt=1e-9, seed=1)
        sim.step(3)
        assert (sim.state(device, "on") == on).all()
        assert np.isfinite(sim.state(device, "hazard")).all()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"tau0": 0.0}, r"StochasticSwitch\.tau0 must be in \(0, inf\) s"),
        ({"V0": -0.05}, r"StochasticSwitch\.V0 must be in \(0, inf\) V"),
        ({"k_off": -1.0}, r"StochasticSwitch\.k_off must be in \[0, inf\) 1/s"),
        ({"V_off": 0.0}, r"StochasticSwitch\.V_off"),
        ({"tau0": np.nan}, r"StochasticSwitch\.tau0"),
    ],
)
def test_bad_parameters_are_refused(wrong, says):
    with pytest.raises(ValueError, match=says):
        mn.StochasticSwitch(**wrong)
