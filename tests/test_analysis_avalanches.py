"""Avalanches and criticality on trains that were written by hand, and on a critical branching process."""

import math

import numpy as np
import pytest
from hypothesis import given, strategies as st
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


@pytest.fixture(scope="module")
def short():
    """A critical process of fewer avalanches."""
    return an.avalanches(branching_process(3000, 3)[0], bin=1)


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


def trains(least, most):
    """Steps of events: one in every fifth step or so, two in some. A byte a step is drawn much sooner than a list."""
    return st.binary(min_size=least, max_size=most).map(
        lambda drawn: np.repeat(
            np.arange(len(drawn)), np.searchsorted([205, 250], np.frombuffer(drawn, np.uint8), "right")
        )
    )


@given(steps=trains(400, 1500).map(np.ndarray.tolist).filter(lambda steps: len(steps) >= 60), width=st.integers(1, 20))
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
    ranges = {"size_min": 10, "size_max": 3000, "duration_min": 20, "duration_max": 100}
    result = an.criticality(critical[0], **ranges, n_bootstrap=40, n_p=0, n_surrogates=0, seed=1)
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
    from memnet.analysis._criticality import GRID, _best_gamma

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
    result = an.criticality(found, n_bootstrap=0, n_p=0, n_shape=0, n_surrogates=0, seed=1)
    for t in (1, 2, 7):
        assert result.size_at[result.duration == t][0] == pytest.approx(size[duration == t].mean())


def test_seed_decides(short):
    ranges = {"size_min": 10, "size_max": 1000, "duration_min": 5, "duration_max": 40}
    options = {**ranges, "n_bootstrap": 5, "n_p": 5, "n_surrogates": 2}
    first = an.criticality(short, **options)
    again = an.criticality(short, **options, seed=first.seed)
    assert first.surrogates == again.surrogates
    assert (first.tau, first.alpha, first.shape, first.mean_size) == (
        again.tau,
        again.alpha,
        again.shape,
        again.mean_size,
    )


# ---------------------------------------------------------------- runs, origins, windows


def poisson(n=2000, rate=0.3, seed=1):
    return np.flatnonzero(np.random.default_rng(seed).random(n) < rate)


def test_avalanches_of_several_runs_are_those_of_each():
    runs = [poisson(seed=seed) for seed in range(4)]
    found = an.avalanches(runs, bin=1)
    each = [an.avalanches(run, bin=1) for run in runs]
    np.testing.assert_array_equal(found.size, np.concatenate([one.size for one in each]))
    np.testing.assert_array_equal(found.profile, np.concatenate([one.profile for one in each]))
    np.testing.assert_array_equal(found.start, np.concatenate([one.start for one in each]))
    np.testing.assert_array_equal(found.run, np.repeat(range(4), [len(one) for one in each]))
    assert found.n_events == sum(run.size for run in runs)
    assert found.branching()[0] == pytest.approx(
        np.average([one.branching()[0] for one in each], weights=[len(one) for one in each])
    )
    last = an.avalanches(runs[::-1], bin=1)
    assert sorted(last.size.tolist()) == sorted(found.size.tolist())


def test_no_avalanche_spans_runs_and_joins_are_no_intervals():
    one = np.arange(30)
    found = an.avalanches([one, one + 30, one], bin=1)
    assert found.size.tolist() == [30, 30, 30]
    assert an.avalanches([one * 1000, one * 1000 + 5]).bin == 1000


def test_runs_may_be_events_or_times_but_of_one_unit():
    steps = poisson()
    events = an.Events(step=steps, time=steps * 0.1, start=0, stop=2000, dt=0.1)
    whole = an.avalanches([events, events], bin=2)
    np.testing.assert_array_equal(whole.size, np.tile(an.avalanches(events, bin=2).size, 2))
    np.testing.assert_array_equal(an.avalanches([events.time, (steps * 0.1).tolist()], bin=0.2).size, whole.size)
    with pytest.raises(TypeError, match="one unit"):
        an.avalanches([events, steps])
    other = an.Events(step=steps, time=steps * 0.2, start=0, stop=2000, dt=0.2)
    with pytest.raises(ValueError, match="steps of one length"):
        an.avalanches([events, other])
    with pytest.raises(ValueError, match=r"events\[1\] must not decrease"):
        an.avalanches([steps, steps[::-1]])
    for nothing in ("abc", None, {"a": 1}):
        with pytest.raises(TypeError, match="events must be Events"):
            an.avalanches(nothing)


def test_bins_begin_at_the_origin():
    steps = np.r_[5, 7, np.arange(20, 120, 2)]
    assert an.avalanches(steps, bin=3).start[:2].tolist() == [0, 5]  # 5-7, 20-22
    found = an.avalanches(steps, bin=3, origin=0)
    assert found.start[:2].tolist() == [1, 6]  # 3-5 and 6-8, 18-20
    assert found.shape_of(0).tolist() == [1, 1]
    assert an.avalanches(steps, bin=3, origin=6).start[0] == -1
    with pytest.raises(ValueError, match="origin must be a whole number of steps"):
        an.avalanches(steps, bin=3, origin=0.5)
    with pytest.raises(ValueError, match="use a nearer one"):
        an.avalanches(steps * 1.0, bin=3, origin=1e300)


@given(
    steps=trains(1501, 1501),
    first=st.integers(0, 500),
    length=st.integers(700, 1000),
    width=st.integers(1, 4),
)
def test_avalanches_cut_by_a_window_are_left_out(steps, first, length, width):
    whole = an.avalanches(steps, bin=width, origin=0)
    events = an.Events(step=steps, time=steps * 1.0, start=0, stop=1501)
    part = an.avalanches(events.between(first, first + length), bin=width, origin=0)
    if part.message or whole.message:
        return
    # those whose empty bins before and after are inside, too
    begin, end = (whole.start - 1) * width, (whole.start + whole.duration + 1) * width
    inside = (begin >= first) & (end <= first + length)
    if first == 0:
        inside |= (whole.start * width < width) & (end <= first + length)
    np.testing.assert_array_equal(part.size, whole.size[inside])
    np.testing.assert_array_equal(part.start, whole.start[inside])
    np.testing.assert_array_equal(
        part.profile, np.concatenate([whole.shape_of(k) for k in np.flatnonzero(inside)] or [np.empty(0, int)])
    )
    if first > 0:
        again = an.avalanches(steps, bin=width, origin=0, window=(first, first + length))
        np.testing.assert_array_equal(part.size, again.size)
        seconds = an.avalanches(steps * 0.1, bin=width * 0.1, origin=0, window=(first * 0.1, (first + length) * 0.1))
        np.testing.assert_array_equal(part.size, seconds.size)
        assert again.n_cut == part.n_cut


def test_a_part_of_a_run_loses_what_its_ends_cut():
    import memnet as mn

    net = mn.percolating(size=40, coverage=0.6, seed=1)
    run = mn.Simulation(net, mn.TunnelGap(r_d=1e-3), {"left": 3.0, "right": 0.0}, dt=0.1).run(3000)
    whole = an.avalanches(run, bin=1, origin=0)
    part = an.avalanches(run.sel(time=slice(100, 250)), bin=1, origin=0)
    assert part.n_events > 50
    pairs = set(zip(whole.start.tolist(), whole.size.tolist(), strict=True))
    assert set(zip(part.start.tolist(), part.size.tolist(), strict=True)) <= pairs
    assert an.avalanches(an.events(run, start=1000, stop=2501), bin=1, origin=0).size.tolist() == part.size.tolist()


@pytest.mark.parametrize(
    ("window", "error", "message"),
    [
        ((5, 5), ValueError, "window must end after it begins"),
        ((0, np.nan), ValueError, "window must be in"),
        (7, TypeError, "window must be a pair"),
        ((1, 2, 3), TypeError, "window must be a pair"),
    ],
)
def test_bad_windows_are_refused(window, error, message):
    with pytest.raises(error, match=message):
        an.avalanches(poisson(), window=window)


# ---------------------------------------------------------------- words


def test_a_critical_process_is_called_one(critical):
    ranges = {"size_min": 10, "size_max": 3000, "duration_min": 10, "duration_max": 110}
    result = an.criticality(critical[0], **ranges, n_bootstrap=20, n_p=40, seed=1)
    assert result.verdict == "consistent with criticality"
    text = result.summary()
    assert "verdict      consistent with criticality" in text
    assert text.count("\n  + ") == 4
    assert "19 of shuffled intervals" in text
    assert result.surrogates.p == 1 / 20


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 5))])
def test_independent_intervals_are_not_called_critical(seed):
    found = an.avalanches(poisson(30_000, seed=seed))
    result = an.criticality(found, size_min=1, duration_min=1, n_bootstrap=10, n_p=20, n_shape=5, seed=1)
    assert result.verdict == "not critical"
    assert "described better by an exponential" in result.summary()


@pytest.mark.slow
def test_surrogates_of_independent_intervals_are_no_different():
    p = [
        an.criticality(an.avalanches(poisson(20_000, seed=seed)), n_bootstrap=0, n_p=0, n_shape=0, seed=1).surrogates.p
        for seed in range(20)
    ]
    assert np.mean(np.array(p) <= 0.05) <= 0.2
    assert np.mean(p) > 0.25


def test_surrogates_keep_intervals_and_numbers_at_one_time():
    from memnet.analysis._criticality import _shuffled

    steps = np.repeat(poisson(), np.random.default_rng(2).integers(1, 4, size=poisson().size))
    for times in (steps, steps * 0.1):
        found = _shuffled(times, np.random.default_rng(3))
        assert found.size == times.size
        assert sorted(np.unique(found, return_counts=True)[1]) == sorted(np.unique(times, return_counts=True)[1])
        np.testing.assert_allclose(
            np.sort(an.inter_event_intervals(found)), np.sort(an.inter_event_intervals(times)), rtol=1e-12
        )
        assert (found != times).any()


def test_what_cannot_be_told_is_said(short):
    few = an.criticality(an.avalanches(np.arange(30)), seed=1)
    assert few.verdict == "cannot tell"
    assert "not enough data: 30 events" in few.summary()
    ranges = {"size_min": 10, "size_max": 1000, "duration_min": 5, "duration_max": 60}
    blind = an.criticality(short, **ranges, n_bootstrap=0, n_p=0, n_shape=0, seed=1)
    assert blind.verdict == "cannot tell"
    assert "no p value (n_p=0)" in blind.summary()
    assert "exponents without errors" in blind.summary()
    cut_off = an.avalanches(branching_process(3000, 3, largest=300)[0], bin=1)
    cut = an.criticality(cut_off, size_min=2, n_bootstrap=20, n_p=20, n_surrogates=5, seed=1)
    assert "sizes are cut off" in cut.summary()
    assert "fits that run into a cut-off are not compared" in cut.summary()
    alone = an.criticality(an.avalanches(poisson()), n_surrogates=0, n_bootstrap=0, n_p=0, seed=1)
    assert "no surrogates to compare with" in alone.summary()
    assert (
        "too few for p"
        in an.criticality(an.avalanches(poisson()), n_surrogates=5, n_bootstrap=0, n_p=0, seed=1).summary()
    )


def test_avalanches_and_criticality_are_short_in_words(critical):
    found = critical[0]
    assert repr(found).startswith(f"<Avalanches: avalanches {len(found):,}; events {found.n_events:,}; bin 1")
    assert "Avalanches: not enough data: 3 events" in repr(an.avalanches([1, 2, 3]))
    result = an.criticality(found, n_bootstrap=0, n_p=0, n_shape=0, n_surrogates=0, seed=1)
    assert "cannot tell" in repr(result)
    for one in (found, result):
        assert len(repr(one)) < 200
        assert one._repr_html_().startswith("<table>")
    assert ">cannot tell</td>" in result._repr_html_()


@pytest.mark.parametrize("given", [[1, 2], np.arange(100), None, "x", {"size": 1}])
def test_c_criticality_of_something_else_is_refused(given):
    with pytest.raises(TypeError, match=r"avalanches must be what analysis\.avalanches returns, got"):
        an.criticality(given)


def test_c_shapes_that_do_not_exist_are_refused():
    with pytest.raises(ValueError, match="k must name an avalanche, got 0, but there are none: not enough data"):
        an.avalanches([1, 2, 3]).shape_of(0)
    found = an.avalanches(poisson(), bin=1)
    assert found.shape_of(-1).tolist() == found.shape_of(len(found) - 1).tolist()
    for bad, error in (
        (len(found), ValueError),
        (1.0, TypeError),
        (True, TypeError),
        ("0", TypeError),
        (None, TypeError),
    ):
        with pytest.raises(error, match="k must be an integer"):
            found.shape_of(bad)


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
