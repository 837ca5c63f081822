"""Stochastic bits: the law of their probability, its inverse, products and weighted sums of streams."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy import stats

import memnet as mn
from memnet import arrays

N = 100_000
PULSE = 1e-6


def fits(bits, p):
    return stats.chisquare([bits.sum(), bits.size - bits.sum()], [bits.size * p, bits.size * (1 - p)]).pvalue > 0.01


def test_numbers_of_the_review():
    assert arrays.switching_voltage(0.5, PULSE) == pytest.approx(0.672450, abs=5e-7)
    assert arrays.switching_probability(0.66, PULSE) == pytest.approx(0.417464, abs=5e-7)


@pytest.mark.parametrize("volts", [0.6, 0.65, 0.672450, 0.7])
def test_bits_have_the_probability_of_the_law(volts):
    bits = arrays.stochastic_bits(N, volts, PULSE, seed=round(1e6 * volts))
    assert bits.dtype == np.bool_
    assert fits(bits, -np.expm1(-PULSE * np.exp(volts / 0.05)))


def test_bits_are_independent_and_reproducible():
    a, b = (arrays.stochastic_bits(N, 0.672450, PULSE, seed=seed) for seed in (1, 2))
    np.testing.assert_array_equal(a, arrays.stochastic_bits(N, 0.672450, PULSE, seed=1))
    for one, two in ((a, b), (a[1:], a[:-1])):
        table = np.histogram2d(one, two, bins=2)[0]
        assert stats.chi2_contingency(table).pvalue > 0.01


def test_and_multiplies_and_a_multiplexer_adds():
    p_a, p_b, p_s = 0.3, 0.8, 0.25
    a, b, s = (
        arrays.stochastic_bits(N, arrays.switching_voltage(p, PULSE), PULSE, seed=seed)
        for p, seed in ((p_a, 11), (p_b, 12), (p_s, 13))
    )
    assert fits(a & b, p_a * p_b)
    assert fits(~a, 1 - p_a)
    assert fits(arrays.multiplexer(s, a, b), p_s * p_a + (1 - p_s) * p_b)
    assert not fits(a & a, p_a * p_a)


@given(p=st.floats(1e-6, 1 - 1e-6), width=st.floats(1e-9, 10.0), tau0=st.floats(1e-3, 1e3), v0=st.floats(0.01, 0.5))
def test_voltage_and_probability_are_inverse(p, width, tau0, v0):
    switch = mn.StochasticSwitch(tau0=tau0, V0=v0)
    volts = arrays.switching_voltage(p, width, device=switch)
    assert arrays.switching_probability(volts, width, device=switch) == pytest.approx(p, rel=1e-9)


def test_a_pulse_of_no_length_closes_nothing():
    assert arrays.switching_probability(1e308, 0.0) == 0.0
    np.testing.assert_array_equal(arrays.switching_probability([0.0, 1e308], [0.0, 1e-6]), [0.0, 1.0])


@pytest.mark.parametrize("of", [arrays.switching_probability, arrays.switching_voltage])
@pytest.mark.parametrize("device", [None, mn.StochasticSwitch(V0=[0.05, 0.1])])
def test_shapes_that_do_not_go_together_are_named(of, device):
    with pytest.raises(ValueError, match=r"must have a shape that goes with the others, got .*width \(3,\)"):
        of([0.5] * (3 if device else 2), [1e-6] * 3, device=device)


def test_devices_of_ones_own_and_shapes():
    switch = mn.StochasticSwitch(tau0=2.0, V0=0.1)
    volts = arrays.switching_voltage([0.2, 0.5], PULSE, device=switch)
    assert volts.shape == (2,)
    assert fits(arrays.stochastic_bits(N, volts[0], PULSE, device=switch, seed=4), 0.2)
    spread = mn.StochasticSwitch(tau0=np.where(np.arange(N) < N // 2, 1.0, 4.0))
    bits = arrays.stochastic_bits(N, 0.65, PULSE, device=spread, seed=5)
    halves = arrays.switching_probability(0.65, PULSE, device=spread)[[0, -1]]
    assert fits(bits[: N // 2], halves[0])
    assert fits(bits[N // 2 :], halves[1])


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: arrays.stochastic_bits(0, 0.6, PULSE), "n must be"),
        (lambda: arrays.stochastic_bits(10, np.nan, PULSE), "voltage"),
        (lambda: arrays.stochastic_bits(10, 0.6, 0.0), "width"),
        (
            lambda: arrays.stochastic_bits(10, 0.6, PULSE, device=mn.StochasticSwitch(on_initial=True)),
            "open at the start",
        ),
        (lambda: arrays.stochastic_bits(10, 0.6, PULSE, device=mn.Switch()), "StochasticSwitch"),
        (lambda: arrays.switching_voltage(1.0, PULSE), "probability"),
        (lambda: arrays.multiplexer([0, 1], [1], [0, 1]), "as many bits"),
        (lambda: arrays.multiplexer([0, 2], [1, 1], [0, 1]), "0 and 1"),
    ],
)
def test_bad_input(call, says):
    with pytest.raises((TypeError, ValueError), match=says):
        call()
