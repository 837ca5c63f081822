"""Avalanches and criticality on trains that were written by hand, and on a critical branching process."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, special

from memnet import analysis as an


def branching_process(n, seed, mean=1.0, largest=20_000):
    """Steps of the events of n avalanches, a generation a step, dropping larger ones.

    Each event has a geometric number of offspring, for which a critical process is known exactly: an avalanche lasts
    t generations with probability 1/(t (t + 1)) and has n events with probability C(n - 1)/2**(2 n - 1), C the Catalan
    numbers.
    """
    rng = np.random.default_rng(seed)
    alive = np.ones(n, np.int64)
    total = alive.copy()
    generations = [alive]
    while alive.any():
        alive = np.where(
            (total <= largest) & (alive > 0), rng.negative_binomial(np.maximum(alive, 1), 1 / (1 + mean)), 0
        )
        total = total + alive
        generations.append(alive)
    shape = np.array(generations)[:, total <= largest]
    duration = (shape > 0).sum(axis=0)
    offset = np.cumsum(np.r_[0, duration + 1])
    step = (offset[:-1] + np.arange(len(shape))[:, None])[shape > 0]
    number = shape[shape > 0]
    order = np.argsort(step)
    return np.repeat(step[order], number[order]), total[total <= largest], duration


@pytest.fixture(scope="module")
def critical():
    steps, size, duration = branching_process(20_000, seed=1)
    return an.avalanches(steps, bin=1), size, duration


def test_avalanches_of_a_written_train():
    steps = np.r_[[0, 0, 1, 2, 5, 5, 9, 10], np.arange(20, 100, 2)]
    found = an.avalanches(np.r_[steps, steps[-1] + 10, steps[-1] + 10], bin=1)
    assert found.size[:4].tolist() == [4, 2, 2, 1]
    assert found.duration[:4].tolist() == [3, 1, 2, 1]
    assert found.start[:4].tolist() == [0, 5, 9, 20]
    assert found.size[-1] == 2
    assert found.shape_of(0).tolist() == [2, 1, 1]
    assert found.shape_of(2).tolist() == [1, 1]
    assert len(found) == 3 + 40 + 1
    wide = an.avalanches(np.r_[steps, steps[-1] + 10, steps[-1] + 10], bin=3)
    assert wide.shape_of(0).tolist() == [4, 2]  # bins 0-2, 3-5; 6-8 is empty
    assert wide.shape_of(1).tolist() == [2]  # bin 9-11


def test_default_bin_is_the_rounded_mean_interval():
    steps = np.cumsum(np.r_[0, np.tile([1, 2, 7], 30)])
    assert an.avalanches(steps).bin == 3  # 10/3
    assert an.avalanches(steps, multiple=2).bin == 7  # 20/3
    assert an.avalanches(steps, multiple=0.01).bin == 1
    assert an.avalanches(steps * 0.1).bin == pytest.approx(1 / 3)


@given(
    steps=st.lists(st.integers(0, 3000), min_size=60, max_size=300).map(sorted),
    width=st.integers(1, 20),
)
def test_avalanches_are_those_of_a_loop(steps, width):
    bins = [0] * ((steps[-1] - steps[0]) // width + 1)
    for step in steps:
        bins[(step - steps[0]) // width] += 1
    expected, run = [], []
    for number in [*bins, 0]:
        if number:
            run.append(number)
        elif run:
            expected.append(run)
            run = []
    if steps[-1] == steps[0]:
        return
    found = an.avalanches(steps, bin=width)
    assert [found.shape_of(k).tolist() for k in range(len(found))] == expected
    assert found.size.tolist() == [sum(run) for run in expected]
    assert found.size.sum() == len(steps)
    assert found.branching()[0] == pytest.approx(
        np.mean([run[1] / run[0] if len(run) > 1 else 0 for run in expected])
    ) or (len(expected) < 2)
    ratios = [b / a for run in expected for a, b in zip(run, [*run[1:], 0], strict=True)]
    assert found.sigma()[0] == pytest.approx(np.mean(ratios)) or len(ratios) < 2


def test_the_process_is_taken_apart_again(critical):
    found, size, duration = critical
    np.testing.assert_array_equal(found.size, size)
    np.testing.assert_array_equal(found.duration, duration)


def expected_exponent(values, probability):
    """What maximum likelihood tends to where the law is a power law only in its tail."""
    mean_log = np.dot(probability, np.log(values)) / probability.sum()
    return optimize.brentq(lambda s: np.dot(values**-s, np.log(values)) / (values**-s).sum() - mean_log, 0.5, 5)


def test_critical_branching_process_has_its_exponents(critical):
    found, _, _ = critical
    result = an.criticality(
        found, size_min=10, size_max=3000, duration_min=20, duration_max=100, n_bootstrap=40, n_p=20, seed=1
    )
    n, t = np.arange(10.0, 3001), np.arange(20.0, 101)
    catalan = special.gammaln(2 * n - 1) - special.gammaln(n) - special.gammaln(n + 1)
    tau = expected_exponent(n, np.exp(catalan - (2 * n - 1) * math.log(2)))
    alpha = expected_exponent(t, 1 / (t * (t + 1)))
    assert tau == pytest.approx(1.5, abs=0.01)
    assert alpha == pytest.approx(2.0, abs=0.05)
    assert abs(result.tau.exponent - tau) < 3 * result.tau.error
    assert abs(result.alpha.exponent - alpha) < 3 * result.alpha.error
    assert result.tau.error < 0.03
    assert result.alpha.error < 0.2
    assert abs(result.branching.value - 1.0) < 3.5 * result.branching.error
    assert abs(result.crackling.value - 2.0) < 3 * result.crackling.error
    assert result.mean_size.value == pytest.approx(2.0, abs=0.25)
    assert result.shape.value == pytest.approx(2.0, abs=0.25)
    assert 0 < result.shape.error < 0.2
    expected = result.crackling.value * math.sqrt(
        (result.alpha.error / (result.alpha.exponent - 1)) ** 2 + (result.tau.error / (result.tau.exponent - 1)) ** 2
    )
    assert result.crackling.error == pytest.approx(expected, rel=1e-12)
    assert result.message == ""


def test_sizes_and_durations_follow_their_exact_laws(critical):
    _, size, duration = critical
    for n in (1, 2, 3, 5, 10):
        exact = special.comb(2 * n - 2, n - 1, exact=True) / n / 2 ** (2 * n - 1)
        assert abs((size == n).mean() - exact) < 4 * math.sqrt(exact / size.size)
        assert abs((duration == n).mean() - 1 / (n * (n + 1))) < 4 * math.sqrt(1 / (n * (n + 1)) / size.size)


def test_subcritical_process_branches_less():
    steps, _, _ = branching_process(5000, seed=2, mean=0.6)
    found = an.avalanches(steps, bin=1)
    value, error = found.branching()
    assert abs(value - 0.6) < 4 * error
    result = an.criticality(found, size_min=1, n_bootstrap=0, n_p=20, seed=1)
    assert result.tau.p_value == 0
    assert result.tau.compare("truncated_power_law").p < 1e-6


def test_shapes_that_collapse_by_construction_give_their_gamma():
    from memnet.analysis.criticality import GRID, _best_gamma

    duration = np.array([5.0, 8.0, 13.0, 20.0, 40.0])
    for gamma in (0.3, 1.0, 1.57):
        assert _best_gamma(duration, duration[:, None] ** gamma * (GRID * (1 - GRID))) == pytest.approx(
            gamma, abs=0.006
        )


def test_flat_shapes_are_no_collapse():
    # every avalanche has one event a bin, whatever its duration
    rng = np.random.default_rng(3)
    lengths = rng.integers(5, 9, size=600)
    steps = np.concatenate([start + np.arange(n) for start, n in zip(np.cumsum(lengths + 3), lengths, strict=True)])
    steps = np.sort(steps)
    result = an.criticality(an.avalanches(steps, bin=1), seed=1, n_bootstrap=0, n_p=0)
    assert math.isnan(result.shape.value)
    assert "no collapse" in result.shape.message


def test_mean_size_at_duration(critical):
    found, size, duration = critical
    result = an.criticality(found, n_bootstrap=0, n_p=0, n_shape=0, seed=1)
    for t in (1, 2, 7):
        assert result.size_at[result.duration == t][0] == pytest.approx(size[duration == t].mean())


def test_seed_decides(critical):
    options = {"size_min": 10, "size_max": 1000, "duration_min": 5, "duration_max": 40, "n_bootstrap": 5, "n_p": 5}
    first = an.criticality(critical[0], **options)
    again = an.criticality(critical[0], **options, seed=first.seed)
    assert (first.tau, first.alpha, first.shape, first.mean_size) == (
        again.tau,
        again.alpha,
        again.shape,
        again.mean_size,
    )


def test_too_few_events_or_avalanches_give_no_numbers():
    few = an.avalanches(np.arange(0, 98, 2))
    assert few.message == "not enough data: 49 events"
    assert len(few) == 0
    result = an.criticality(few, seed=1)
    assert result.message == "not enough data: 49 events"
    assert result.tau.message == "not enough data: 0 values"
    for part in (result.crackling, result.mean_size, result.shape, result.branching, result.sigma):
        assert math.isnan(part.value)
        assert part.message.startswith("not enough data")
    assert an.avalanches([5] * 60).message == "not enough data: all events at one time"
    assert an.avalanches([]).message == "not enough data: 0 events"
    one = an.criticality(an.avalanches(np.arange(100), bin=1), seed=1)
    assert one.message == "not enough data: 1 avalanches"
    assert math.isnan(one.crackling.value)


@pytest.mark.parametrize(
    ("events", "options", "message"),
    [
        (np.arange(100)[::-1], {}, "must not decrease"),
        ([0.0, np.nan] * 50, {}, "must be finite"),
        (np.arange(100), {"bin": 0}, r"bin must be in \(0, inf\)"),
        (np.arange(100), {"bin": 1.5}, "whole number of steps"),
        (np.arange(100), {"multiple": -1}, "multiple must be in"),
        (np.arange(100) * 1.0, {"bin": 1e-9}, "use a wider one"),
    ],
)
def test_bad_input_is_refused(events, options, message):
    with pytest.raises(ValueError, match=message):
        an.avalanches(events, **options)
