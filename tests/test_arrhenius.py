"""Activation energies: exact without noise, with errors that hold the truth as often as they say, and bad input."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy import stats
from scipy.constants import Boltzmann, e

import memnet as mn

arrhenius = mn.analysis.arrhenius

THETA = np.array([0.3, 0.35, 0.4, 0.45])
# Errors hold the truth so often, within four standard errors of so many seeds.
SEEDS = 600


def share_within(share):
    return pytest.approx(share, abs=4.0 * np.sqrt(share * (1.0 - share) / SEEDS))


@given(st.floats(-20.0, 20.0), st.floats(-10.0, 10.0), st.permutations(THETA.tolist()))
def test_without_noise_the_energy_is_exact(energy, log_prefactor, theta):
    found = arrhenius(theta, np.exp(log_prefactor + energy / np.array(theta)))
    assert found.energy == pytest.approx(energy, abs=1e-12)
    assert found.log_prefactor == pytest.approx(log_prefactor, abs=1e-11)
    assert np.abs(found.residual).max() < 1e-12
    assert found.energy_error < 1e-11
    assert found.message == ""


def test_kelvins_give_joules_and_electronvolts():
    kelvins = np.array([280.0, 300.0, 320.0, 360.0])
    found = arrhenius(kelvins, 1e-13 * np.exp(0.27 * e / (Boltzmann * kelvins)))
    assert found.electronvolts == pytest.approx(0.27, rel=1e-12)
    assert found.joules == pytest.approx(0.27 * e, rel=1e-12)
    assert found.energy == pytest.approx(0.27 * e / Boltzmann, rel=1e-12)
    np.testing.assert_allclose(found.times(kelvins), np.exp(found.log_time), rtol=1e-10)
    assert found.times(1e-3)[0] == np.inf


def test_weights_and_covariance_are_those_of_the_normal_equations():
    rng = np.random.default_rng(1)
    error = rng.uniform(0.05, 0.3, 4)
    y = 1.0 + 1.5 / THETA + error * rng.normal(size=4)
    found = arrhenius(THETA, np.exp(y), log_error=error)
    rows = np.stack([1.0 / THETA, np.ones(4)], axis=1) / error[:, None]
    cov = np.linalg.inv(rows.T @ rows)
    energy, log_prefactor = cov @ rows.T @ (y / error)
    assert found.energy == pytest.approx(energy, rel=1e-10)
    assert found.log_prefactor == pytest.approx(log_prefactor, rel=1e-10)
    np.testing.assert_allclose(found.covariance, cov, rtol=1e-10)
    assert found.energy_error == pytest.approx(np.sqrt(cov[0, 0]), rel=1e-10)
    chi_square = (((y - log_prefactor - energy / THETA) / error) ** 2).sum()
    assert found.chi_square == pytest.approx(chi_square, rel=1e-9)
    assert found.p_value == pytest.approx(stats.chi2.sf(chi_square, 2), rel=1e-9)


def test_without_errors_it_is_the_line_of_linregress():
    times = np.exp(1.2 / THETA + np.random.default_rng(2).normal(0.0, 0.2, 4))
    found, line = arrhenius(THETA, times), stats.linregress(1.0 / THETA, np.log(times))
    assert found.energy == pytest.approx(line.slope, rel=1e-11)
    assert found.energy_error == pytest.approx(line.stderr, rel=1e-11)
    assert found.log_prefactor_error == pytest.approx(line.intercept_stderr, rel=1e-11)
    assert np.isnan([found.chi_square, found.p_value]).all()
    assert found.freedom == 2


def test_errors_of_samples_hold_the_truth_as_often_as_they_say():
    pulls, chances = np.empty(SEEDS), np.empty(SEEDS)
    for seed in range(SEEDS):
        times = np.random.default_rng(seed).exponential(5.0 * np.exp(1.2 / THETA)[:, None], (4, 60))
        found = arrhenius(THETA, times)
        pulls[seed], chances[seed] = (found.energy - 1.2) / found.energy_error, found.p_value
    assert (np.abs(pulls) < 1.0).mean() == share_within(0.68)
    assert (np.abs(pulls) < 2.0).mean() == share_within(0.9545)
    assert (chances < 0.3).mean() == share_within(0.3)


@pytest.mark.parametrize("confidence", [0.68, 0.95])
def test_intervals_hold_the_truth_as_often_as_they_say(confidence):
    inside = {"scatter": 0, "errors": 0}
    for seed in range(SEEDS):
        times = np.exp(1.2 / THETA + np.random.default_rng(seed).normal(0.0, 0.1, 4))
        for name, error in (("scatter", None), ("errors", np.full(4, 0.1))):
            low, high = arrhenius(THETA, times, log_error=error).interval(confidence)
            inside[name] += low < 1.2 < high
    for count in inside.values():
        assert count / SEEDS == share_within(confidence)


@pytest.mark.parametrize("count", [2, 3, 5])
def test_intervals_of_few_samples_hold_the_truth_at_least_as_often_as_they_say(count):
    inside = 0
    for seed in range(SEEDS):
        times = np.random.default_rng(seed).exponential(5.0 * np.exp(1.2 / THETA)[:, None], (4, count))
        found = arrhenius(THETA, times)
        low, high = found.interval(0.95)
        inside += low < 1.2 < high
        assert found.error_freedom == count - 1
    assert inside / SEEDS > 0.95 - 4.0 * np.sqrt(0.95 * 0.05 / SEEDS)


@given(st.lists(st.floats(-29.0, 29.0), min_size=3, max_size=3, unique=True), st.permutations([1e-30, 1.0, 1e30]))
def test_any_allowed_temperatures_and_errors_give_numbers_without_warnings(exponents, error):
    kelvins = 10.0 ** np.array(exponents)
    if np.unique(kelvins.mean() / kelvins).size < 3:
        return
    for log_error in (None, error):
        found = arrhenius(kelvins, [8.0, 4.0, 3.0], log_error=log_error)
        numbers = [found.energy, found.energy_error, found.log_prefactor, found.log_prefactor_error, *found.residual]
        assert np.isfinite(numbers).all()
        assert found.message == ""


def test_two_temperatures_of_three_times_have_errors():
    found = arrhenius([300.0, 300.0, 400.0], [9.0, 4.0, 2.0])
    assert found.energy == pytest.approx(np.log(3.0) / (1.0 / 300.0 - 1.0 / 400.0), rel=1e-12)
    assert found.energy_error > 0.0
    assert found.message == ""


def test_few_temperatures_have_no_errors_and_say_so():
    two = arrhenius([1.0, 2.0], [8.0, 4.0])
    assert two.energy == pytest.approx(2.0 * np.log(2.0), rel=1e-14)
    assert np.isnan([two.energy_error, two.log_prefactor_error, two.chi_square, *two.interval()]).all()
    assert two.message == "not enough data: 2 temperatures"
    known = arrhenius([1.0, 2.0], [8.0, 4.0], log_error=[0.1, 0.1])
    assert known.energy_error == pytest.approx(2.0 * 0.1 * np.sqrt(2.0), rel=1e-12)
    assert np.isnan(known.p_value)
    assert known.message == two.message
    one = arrhenius([1.0, 1.0], [8.0, 4.0])
    assert np.isnan([one.energy, one.log_prefactor]).all()
    assert one.message == "not enough data: 1 temperature"
    assert arrhenius([], []).message == "not enough data: 0 temperatures"


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"temperature": [0.0, 1.0, 2.0]}, "temperature must be above 0"),
        ({"temperature": [1e300, 2e300, 3e300]}, "temperature must be in"),
        ({"log_error": [1e-300, 1.0, 1.0]}, "log_error must be in"),
        ({"temperature": [1.0, 2.0]}, "time must have shape"),
        ({"temperature": 1.0}, "temperature must have shape"),
        ({"time": [1.0, 0.0, 2.0]}, "time must be above 0"),
        ({"time": [1.0, np.nan, 2.0]}, "censored"),
        ({"time": [[1.0, 2.0], [1.0, np.nan], [1.0, 2.0]]}, "censored"),
        ({"time": [1.0, np.inf, 2.0]}, "time must be finite"),
        ({"time": [[1.0], [2.0], [3.0]]}, "2 samples or more"),
        ({"time": [[1.0, 1.0], [2.0, 3.0], [3.0, 4.0]]}, "samples that differ"),
        ({"time": np.ones((3, 2, 2))}, "time must have shape"),
        ({"log_error": [0.1, 0.0, 0.1]}, "log_error must be above 0"),
        ({"log_error": [0.1, 0.1]}, "log_error must have shape"),
        ({"time": [[1.0, 2.0], [1.0, 3.0], [1.0, 2.0]], "log_error": [0.1, 0.1, 0.1]}, "of one time each"),
        ({"error": [0.1, 0.1, 0.1]}, "unknown keyword 'error'"),
    ],
)
def test_bad_input_is_named(bad, message):
    good = {"temperature": [1.0, 2.0, 3.0], "time": [8.0, 4.0, 2.0]}
    with pytest.raises((TypeError, ValueError), match=message):
        arrhenius(**good | bad)
    with pytest.raises(ValueError, match="confidence must be in"):
        arrhenius(**good).interval(1.0)
    with pytest.raises(ValueError, match="temperature must be above 0"):
        arrhenius(**good).times([1.0, -1.0])
