"""Devices that vary: draws against plain Python, what they depend on and what not, messages."""

import math

import numpy as np
import pytest
from draws import FEW, MANY, ON, N, drawn, twin
from hypothesis import given, settings, strategies as st

import memnet as mn
from memnet import _core, devices

HOW = [
    mn.normal(0.1),
    mn.normal(0.2, relative=True),
    mn.lognormal(0.4),
    mn.uniform(0.6),
    mn.uniform(0.5, relative=True),
]


# ---------------------------------------------------------------- distributions


@pytest.mark.parametrize("how", HOW, ids=repr)
def test_means_and_standard_deviations_are_those_of_the_formulas(how):
    """Within 4 standard errors of 100,000 draws; of the lognormal those of the logarithm, and of the value itself."""
    x = drawn(mn.spread(mn.Resistor(conductance=2.0), conductance=how, seed=11), "conductance", MANY)
    part = 2.0 if how.relative else 1.0
    size, fourth = {
        "normal": (part * how.size, 3.0),
        "lognormal": (how.size, 3.0),
        "uniform": (part * how.size / math.sqrt(12.0), 1.8),
    }[how.kind]
    y, center = (np.log(x), math.log(2.0)) if how.kind == "lognormal" else (x, 2.0)
    assert abs(y.mean() - center) < 4.0 * size / math.sqrt(N)
    assert abs(y.var() - size**2) < 4.0 * size**2 * math.sqrt((fourth - 1.0) / N)
    if how.kind == "lognormal":
        mean = 2.0 * math.exp(0.5 * how.size**2)
        sigma = mean * math.sqrt(math.expm1(how.size**2))
        assert abs(x.mean() - mean) < 4.0 * sigma / math.sqrt(N)
    assert len(np.unique(x)) == N


@pytest.mark.parametrize("how", HOW, ids=repr)
def test_draws_are_those_of_plain_python(how):
    x = drawn(mn.spread(mn.Resistor(conductance=1.5), conductance=how, seed=2**64 - 3), "conductance")
    again = [twin(how, 2**64 - 3, "conductance", edge, 0, 1.5) for edge in range(6)]
    np.testing.assert_allclose(x, again, rtol=1e-14)


def test_what_is_outside_the_range_is_drawn_again():
    """A half normal: its mean and its standard deviation, none below 0, and none at 0."""
    x = drawn(mn.spread(mn.RateBalance(kappa_p0=0.0), kappa_p0=mn.normal(0.5), seed=1), "kappa_p0", MANY)
    assert (x > 0.0).all()
    sigma = 0.5 * math.sqrt(1.0 - 2.0 / math.pi)
    assert abs(x.mean() - 0.5 * math.sqrt(2.0 / math.pi)) < 4.0 * sigma / math.sqrt(N)
    few = drawn(mn.spread(mn.RateBalance(kappa_p0=0.0), kappa_p0=mn.normal(0.5), seed=1), "kappa_p0")
    again = [twin(mn.normal(0.5), 1, "kappa_p0", edge, 0, 0.0, low=0.0) for edge in range(6)]
    np.testing.assert_allclose(few, again, rtol=1e-14)


def test_parameters_in_an_order_stay_in_it():
    one = mn.ThresholdSwitch(v_on=0.5, v_off=0.4)
    both = mn.spread(one, v_on=mn.normal(0.05), v_off=mn.normal(0.05), seed=4)
    upper = mn.spread(one, v_on=mn.normal(0.05), seed=4)
    sim = mn.Simulation(MANY, both, ON)
    assert (sim.parameter(both, "v_off") < sim.parameter(both, "v_on")).all()
    assert (sim.parameter(both, "v_on") < 0.4).any()
    assert (sim.parameter(both, "v_off") > 0.5).any()
    assert (drawn(upper, "v_on", MANY) > 0.4).all()


# ---------------------------------------------------------------- what draws depend on


def test_streams_depend_on_seed_name_and_edge_alone():
    how, conductances = mn.lognormal(0.3), []
    net = mn.Network(2, [(0, 1)] * 40, electrodes={"in": 0, "out": 1})
    whole = mn.spread(mn.Resistor(), conductance=how, emf=mn.normal(0.1), seed=5)
    x = drawn(whole, "conductance", net)
    for other in (mn.RateBalance(), mn.spread(mn.Resistor(), conductance=how, seed=9)):
        mine = mn.spread(mn.Resistor(), conductance=how, seed=5)
        given = [mine if edge % 3 else other for edge in range(40)]
        sim = mn.Simulation(net, given, ON, seed=77)
        np.testing.assert_array_equal(sim.parameter(mine, "conductance"), x[sim.edges_of(mine)])
        conductances.append(sim.parameter(mine, "conductance"))
    np.testing.assert_array_equal(*conductances)
    assert not (drawn(mn.spread(mn.Resistor(), conductance=how, seed=6), "conductance", net) == x).any()


def test_streams_of_names_edges_and_seeds_are_not_correlated():
    """Correlations of 100,000 pairs within 4 standard errors of 0: neighbours, other parameters, seeds and cycles."""
    one = mn.spread(mn.RateBalance(), g_max=mn.lognormal(0.1), kappa_p0=mn.lognormal(0.1), seed=1)
    two = mn.spread(mn.RateBalance(), g_max=mn.lognormal(0.1), seed=2)
    sim = mn.Simulation(MANY, one, ON)
    z = np.log(sim.parameter(one, "g_max"))
    others = [np.roll(z, 1), np.log(sim.parameter(one, "kappa_p0")), np.log(drawn(two, "g_max", MANY))]
    again = mn.spread(mn.RateBalance(), cycle={"g > 0.5": {"g_max": mn.lognormal(0.1)}}, seed=1)
    others.append(np.log(drawn(again, "g_max", MANY)))
    for other in others:
        assert abs(np.corrcoef(z, other)[0, 1]) < 4.0 / math.sqrt(N)


@given(order=st.permutations(range(6)), seed=st.integers(0, 2**64 - 1))
@settings(max_examples=20)
def test_an_edge_has_its_draw_whatever_else_there_is(order, seed):
    """Each of six devices alone, in any order, has what one device on all six edges has."""
    how = mn.uniform(1.0, relative=True)
    whole = drawn(mn.spread(mn.Resistor(), conductance=how, seed=seed), "conductance")
    each = [mn.spread(mn.Resistor(), conductance=how, seed=seed) for _ in range(6)]
    sim = mn.Simulation(FEW, [each[k] for k in order], ON)
    found = [sim.parameter(each[order[edge]], "conductance")[0] for edge in range(6)]
    np.testing.assert_array_equal(found, whole)


def test_arrays_are_what_draws_are_around():
    center = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    how = mn.normal(0.1, relative=True)
    x = drawn(mn.spread(mn.Resistor(conductance=center), conductance=how, seed=3), "conductance")
    one = drawn(mn.spread(mn.Resistor(conductance=1.0), conductance=how, seed=3), "conductance")
    np.testing.assert_allclose(x, center * one, rtol=1e-15)


def test_a_spread_of_a_spread_keeps_both():
    inner = mn.spread(mn.RateBalance(), g_max=mn.lognormal(0.1), seed=1)
    outer = mn.spread(inner, kappa_p0=mn.lognormal(0.1), seed=2)
    assert repr(outer) == f"spread({inner!r}, kappa_p0=lognormal(0.1), seed=2)"
    np.testing.assert_array_equal(drawn(outer, "g_max"), drawn(inner, "g_max"))
    assert isinstance(outer, mn.RateBalance)
    assert outer.parameters["g_max"] == 1.0


# ---------------------------------------------------------------- messages

OK = mn.normal(0.1)
BAD = [
    (lambda: mn.spread(mn.RateBalance(), kappa_po=OK), TypeError, "spread of RateBalance.*did you mean 'kappa_p0'"),
    (lambda: mn.spread(mn.RateBalance(), gmax=0.1), TypeError, "did you mean 'g_max'"),
    (lambda: mn.spread(mn.RateBalance(), g_max=0.1), TypeError, "RateBalance.g_max must be a distribution.*0.1"),
    (lambda: mn.spread(mn.RateBalance(), step=OK), ValueError, 'RateBalance.step is a choice between {"exact"'),
    (lambda: mn.spread(mn.ThresholdSwitch(), on_initial=OK), ValueError, "on_initial is a flag"),
    (lambda: mn.spread(mn.VoltageSource(), voltage=OK), ValueError, "voltage is a waveform"),
    (lambda: mn.spread(mn.RateBalance(), g_initial=OK), ValueError, "g_initial is None, the model's own choice"),
    (lambda: mn.spread(mn.RateBalance), TypeError, "device must be a device"),
    (lambda: mn.spread(3.0, g_max=OK), TypeError, "device must be a device, got 3.0"),
    (lambda: mn.spread(mn.RateBalance()), ValueError, "got nothing to draw"),
    (lambda: mn.spread(mn.RateBalance(), cycle={}), ValueError, "got nothing to draw"),
    (lambda: mn.spread(mn.RateBalance(), g_max=OK, seed=-1), ValueError, "seed must be an integer in .0, 184"),
    (lambda: mn.spread(mn.RateBalance(), g_max=OK, seed=1.5), TypeError, "seed must be an integer, got 1.5"),
    (lambda: mn.spread(mn.RateBalance(), read=0.1), TypeError, "read must be a distribution"),
    (lambda: mn.spread(mn.spread(mn.RateBalance(), g_max=OK), g_max=OK), ValueError, "g_max is drawn already"),
    (lambda: mn.spread(mn.AtomicSwitch(), cycle=OK), TypeError, "cycle must be a dict"),
    (lambda: mn.spread(mn.AtomicSwitch(), cycle="closd", b=OK), ValueError, "did you mean 'closed'"),
    (lambda: mn.spread(mn.AtomicSwitch(), cycle="closed"), ValueError, "got nothing to draw"),
    (lambda: mn.spread(mn.AtomicSwitch(), cycle={"close": {"b": OK}}), ValueError, "did you mean 'closed'"),
    (lambda: mn.spread(mn.AtomicSwitch(), cycle={"closed": OK, "any": {"b": OK}}), TypeError, "a dict from parameters"),
    (lambda: mn.spread(mn.AtomicSwitch(), cycle={"closed": {"v_sat": OK}}), TypeError, "did you mean 'v_set'"),
    (lambda: mn.spread(mn.AtomicSwitch(), cycle={"lamda > 1": {"b": OK}}), ValueError, "did you mean 'lambda'"),
    (lambda: mn.spread(mn.AtomicSwitch(), cycle={"lambda > nan": {"b": OK}}), ValueError, "finite number, got 'nan'"),
    (
        lambda: mn.spread(mn.FilamentSwitch(), cycle={"S < 1": {"mu": OK}}),
        ValueError,
        r"cycle 'S < 1.0' never begins: FilamentSwitch.S is in \[1, inf\), so it does not come to be below 1",
    ),
    (lambda: mn.spread(mn.FilamentSwitch(), cycle={"m > 1": {"mu": OK}}), ValueError, "not come to be above 1"),
    (lambda: mn.spread(mn.FilamentSwitch(), cycle={"m < -0.5": {"mu": OK}}), ValueError, "never begins"),
    (lambda: mn.spread(mn.AtomicSwitch(), cycle={3: {"b": OK}}), TypeError, "an event such as"),
    (lambda: mn.spread(mn.AtomicSwitch(), cycle={"closed": {"b": 0.1}}), TypeError, "AtomicSwitch.b must be a dist"),
    (
        lambda: mn.spread(mn.AtomicSwitch(), cycle={"closed": {"b": OK}, "opened": {"b": OK}}),
        ValueError,
        "b is drawn already",
    ),
    (lambda: mn.spread(mn.RateBalance(), cycle={"closed": {"g_max": OK}}), ValueError, 'has no events.*"g > 0.5"'),
    (lambda: mn.normal(-0.1), ValueError, r"sigma must be in \[0, inf\), got -0.1"),
    (lambda: mn.normal(math.nan), ValueError, r"sigma must be in \[0, inf\), got nan"),
    (lambda: mn.lognormal(math.inf), ValueError, r"sigma must be in \[0, inf\), got inf"),
    (lambda: mn.uniform(-1.0), ValueError, "width must be in"),
    (lambda: mn.uniform("1"), TypeError, "width must be a number, got '1'"),
    (lambda: mn.normal(0.1, relative=1), TypeError, "relative must be True or False"),
    (lambda: mn.normal(0.1, relativ=True), TypeError, "did you mean 'relative'"),
    (lambda: mn.lognormal(sgma=0.1), TypeError, "did you mean 'sigma'"),
    (
        lambda: drawn(mn.spread(mn.ThresholdSwitch(), v_off=mn.uniform(1e6), seed=1), "v_off"),
        ValueError,
        "ThresholdSwitch.v_off must be in .*1,000 draws of uniform.* around 0.4 for edge .*spread it less",
    ),
    (
        lambda: mn.series(mn.spread(mn.series(mn.Selector(), mn.Diode()), i_0_1=OK), mn.Resistor()),
        ValueError,
        "a series in a series is taken apart",
    ),
    (
        lambda: mn.series(mn.spread(mn.ThresholdSwitch(), cycle={"closed": {"v_on": OK}}), mn.ThresholdSwitch()),
        ValueError,
        "does not tell which part",
    ),
    (lambda: drawn(mn.RateBalance(), "gmax"), ValueError, "is not in this simulation|did you mean 'g_max'"),
]


@pytest.mark.parametrize(("call", "error", "message"), BAD, ids=range(len(BAD)))
def test_messages_name_what_is_wrong(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_an_unknown_parameter_of_a_simulation_is_named():
    device = mn.RateBalance()
    sim = mn.Simulation(FEW, device, ON)
    with pytest.raises(ValueError, match="unknown parameter of RateBalance 'gmax', did you mean 'g_max'"):
        sim.parameter(device, "gmax")


def core_draw(distribution, center=1.0):
    edge, draw = np.zeros(1, np.int32), np.zeros(1, np.int64)
    return _core.draw(distribution, 1, 2, edge, draw, np.full(1, center), np.zeros(1), np.full(1, 2.0))


def test_the_core_takes_what_functions_give_and_nothing_else():
    for make in devices.DISTRIBUTIONS.values():
        assert core_draw(make(0.0).core) == 1.0
        assert np.isnan(core_draw(make(0.0).core, math.nan))
        assert np.isnan(core_draw(make(0.0).core, 3.0))
    with pytest.raises(ValueError, match="distribution must be the name of one, got 'cauchy'"):
        core_draw(("cauchy", 1.0, False))
    with pytest.raises(TypeError, match=r"distribution must be .name, size, relative., got 'normal'"):
        core_draw("normal")
