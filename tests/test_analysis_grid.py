"""Times on a grid (row A1): binned and differenced as the integers that they are, however they were rounded."""

import io

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from memnet import analysis as an
from memnet.analysis._grid import bins_of, differences, find_grid


def train(density, n=400, seed=1):
    return np.cumsum(np.random.default_rng(seed).geometric(density, size=n))


def through_csv(times, text):
    file = io.StringIO()
    np.savetxt(file, times, fmt=text)
    file.seek(0)
    return np.loadtxt(file)


def same(found, expected):
    np.testing.assert_array_equal(found.size, expected.size)
    np.testing.assert_array_equal(found.duration, expected.duration)
    np.testing.assert_array_equal(found.profile, expected.profile)


def test_a1_a_train_without_a_gap_is_one_avalanche():
    for dt in (0.1, 0.3, 0.7, 1e-3, 1 / 3, np.pi, 2.5e-9, 1 / 44100):
        found = an.avalanches(np.arange(20_000) * dt, bin=dt)
        assert len(found) == 1
        assert found.size.tolist() == [20_000]
        assert found.duration.tolist() == [20_000]


@pytest.mark.parametrize("dt", [0.1, 0.3, 1 / 3, 1e-3, 0.033, 7.0, np.pi * 1e-2, 1 / 44100, 2.5e-9])
@pytest.mark.parametrize("bins", [1, 2, 7, 2.5, 100])
@pytest.mark.parametrize("density", [1, 0.3, 0.01])
def test_a1_times_on_a_grid_stay_in_their_bins(dt, bins, density):
    steps = train(density)
    expected = 2 * (steps - steps[0]) // int(2 * bins)
    last = int(steps[-1])
    roundings = {
        "product": steps * dt,
        "half a step": steps * dt + 0.5 * dt,
        "large offset": steps * dt + 1e6 * dt,
        "offset taken off again": (steps * dt + 1e5 * dt) - 1e5 * dt,
        "negative": steps * dt - 5000 * dt,
        "sum of steps": np.cumsum(np.r_[0.0, np.full(last, dt)])[steps],
        "linspace": np.linspace(0, last * dt, last + 1)[steps],
        "nine digits": through_csv(steps * dt, "%.8e"),
    }
    for name, times in roundings.items():
        np.testing.assert_array_equal(bins_of(times, bins * dt), expected, err_msg=name)


@pytest.mark.parametrize("units", [9.1, 12.3456, 14.2, 17.77])
@pytest.mark.parametrize("density", [0.8, 0.2, 0.05])
def test_a1_steps_of_few_units_of_the_last_digit_are_found(units, density):
    """Each gap alone leaves the step uncertain by a unit; together they do not."""
    steps = train(density, n=2000)
    times = through_csv(steps * units * 1e-3, "%.3f")
    for bins in (1, 2, 5):
        np.testing.assert_array_equal(bins_of(times, bins * units * 1e-3), (steps - steps[0]) // bins)
    assert len(np.unique(differences(times))) == len(np.unique(np.diff(steps)))


@pytest.mark.parametrize(
    ("dt", "text"), [(1 / 3, "%.3f"), (1 / 3, "%.6g"), (1 / 7, "%.2f"), (0.0333, "%.4f"), (33.3, "%.1f")]
)
@pytest.mark.parametrize("density", [1, 0.3])
def test_a1_digits_of_a_csv_file_move_no_event(dt, text, density):
    steps = train(density)
    times = through_csv(steps * dt, text)
    for width in (1, 3, 2.5):
        np.testing.assert_array_equal(bins_of(times, width * dt), 2 * (steps - steps[0]) // int(2 * width))


def test_a1_single_precision_moves_no_event():
    steps = train(0.3)
    times = (steps * 0.1).astype(np.float32)
    same(an.avalanches(times, bin=0.1), an.avalanches(steps, bin=1))


def test_a1_seconds_since_1970_move_no_event():
    steps = train(0.3)
    same(an.avalanches(1.7e9 + steps * 0.1, bin=0.1), an.avalanches(steps, bin=1))
    np.testing.assert_allclose(an.inter_event_intervals(1.7e9 + steps * 0.1), np.diff(steps) * 0.1, rtol=1e-12)


@given(
    steps=st.lists(st.integers(0, 5000), min_size=60, max_size=120).map(sorted).filter(lambda s: s[-1] > s[0]),
    dt=st.floats(1e-9, 1e9),
    offset=st.integers(-(10**6), 10**6),
    bins=st.integers(1, 30),
)
@settings(max_examples=200, deadline=None)
def test_a1_any_step_and_offset(steps, dt, offset, bins):
    same(an.avalanches(np.array(steps) * dt + offset * dt, bin=bins * dt), an.avalanches(steps, bin=bins))


def test_a1_steps_and_seconds_of_one_run_agree():
    import memnet as mn

    net = mn.percolating(size=40, coverage=0.6, seed=1)
    for dt in (0.1, 0.3, 1e-3):
        run = mn.Simulation(net, mn.TunnelGap(r_d=1e-4), {"left": 3.0, "right": 0.0}, dt=dt).run(2000)
        events = an.events(run)
        for bins in (1, 3, 10):
            same(an.avalanches(events, bin=bins), an.avalanches(events.time, bin=bins * dt))
        np.testing.assert_allclose(
            an.inter_event_intervals(events.time), an.inter_event_intervals(events) * dt, rtol=1e-13
        )


def test_a1_equal_times_are_equal_up_to_rounding():
    assert an.inter_event_intervals([0.3, 0.1 + 0.2]).size == 0
    assert an.inter_event_intervals([0.1 + 0.2, 0.3]).size == 0  # runs backwards by rounding only
    np.testing.assert_array_equal(an.inter_event_intervals([0.3, 0.1 + 0.2, 1.0]), [0.7])
    steps = np.arange(1000)
    twice = np.sort(np.r_[steps * 0.1, steps / 10, (steps + 5) * 0.1 - 0.5])
    np.testing.assert_array_equal(an.inter_event_intervals(twice), np.full(999, 0.1))


def test_a1_intervals_on_a_grid_are_multiples_of_one_number():
    steps = train(0.2)
    found = an.inter_event_intervals(steps * 0.1)
    np.testing.assert_array_equal(found, np.diff(steps) * 0.1)
    counted = an.iei_distribution(found, linear=np.arange(1, 60) * 0.1, log=np.arange(1, 60, 5) * 0.1)
    expected = an.iei_distribution(np.diff(steps), linear=np.arange(1, 60), log=np.arange(1, 60, 5))
    np.testing.assert_array_equal(counted.linear.count, expected.linear.count)
    np.testing.assert_array_equal(counted.log.count, expected.log.count)


def test_a1_the_default_bin_cuts_alike_in_any_unit():
    steps = train(0.3) * 1.0
    expected = an.avalanches(steps)
    for unit in (0.1, 1 / 3, 1e-3, 1e4):
        found = an.avalanches(steps * unit)
        assert found.bin == pytest.approx(expected.bin * unit, rel=1e-12)
        same(found, expected)


def test_a1_origins_are_up_to_rounding_too():
    steps = train(0.3)
    for origin in (0, 3, -7):
        expected = an.avalanches(steps, bin=4, origin=origin)
        found = an.avalanches(steps * 0.1, bin=0.4, origin=origin * 0.1)
        same(found, expected)
        np.testing.assert_array_equal(found.start, expected.start)


def test_a1_steps_of_an_autocorrelation_may_carry_rounding():
    steps = train(0.3)
    found = an.autocorrelation(steps * 0.1 / 0.1, n_surrogates=0)
    np.testing.assert_array_equal(found.value, an.autocorrelation(steps, n_surrogates=0).value)


def test_times_without_a_step_are_left_alone():
    times = np.sort(np.random.default_rng(2).random(3000) * 100)
    assert find_grid(times) is None
    np.testing.assert_array_equal(bins_of(times, 0.37), np.floor((times - times[0]) / 0.37))
    np.testing.assert_array_equal(differences(times), np.diff(times))


def test_exact_decimals_are_no_coarser_than_they_are_written():
    times = np.array([0.0, 0.1, 0.2, 0.5, 0.5, 0.9])
    assert find_grid(times).step == 0.1
    np.testing.assert_array_equal(bins_of(times, 0.25), [0, 0, 0, 2, 2, 3])
    whole = np.array([0.0, 2.0, 3.0, 5.0, 10.0])
    np.testing.assert_array_equal(bins_of(whole, 2.5), [0, 0, 1, 2, 4])


def test_one_time_or_none_has_no_grid():
    assert find_grid(np.empty(0)) is None
    assert find_grid(np.array([3.0, 3.0])) is None
    assert bins_of(np.array([3.0, 3.0]), 0.1).tolist() == [0, 0]
