"""The median slope found by counting is that of all pairs, and Ctrl-C stops the search."""

import signal
import sys

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy import stats

from memnet import analysis as an

trends = sys.modules["memnet.analysis._trend"]


def of_all_pairs(values):
    i, j = np.triu_indices(values.size, 1)
    return float(np.median((values[j] - values[i]) / (j - i)))


KINDS = {
    "noise": lambda rng, n: rng.normal(size=n),
    "few values": lambda rng, n: rng.integers(0, 4, n).astype(float),
    "a walk": lambda rng, n: np.cumsum(rng.normal(size=n)),
    "ties on a slope": lambda rng, n: rng.integers(0, 30, n) + 0.1 * np.arange(n),
    "an offset": lambda rng, n: 1e6 + 1e-3 * rng.normal(size=n),
    "half constant": lambda rng, n: np.r_[np.zeros(n // 2), rng.normal(size=n - n // 2)],
    "a line": lambda rng, n: 3.0 - 0.25 * np.arange(n),
    "one step": lambda rng, n: np.r_[np.zeros(n - 1), 1.0],
    "huge": lambda rng, n: 1e150 * rng.normal(size=n),
    "tiny": lambda rng, n: 1e-150 * rng.normal(size=n),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_median_slope_is_that_of_all_pairs(kind, monkeypatch):
    monkeypatch.setattr(trends, "PAIRS", 200)  # so that short series are searched, too
    for seed in range(12):
        rng = np.random.default_rng(seed)
        values = KINDS[kind](rng, int(rng.integers(30, 300)))
        found = trends.median_slope(values)
        assert found == pytest.approx(of_all_pairs(values), rel=1e-12, abs=1e-15 * np.abs(values).max())


@given(values=st.lists(st.integers(-5, 5).map(float) | st.floats(-10, 10), min_size=30, max_size=80))
@settings(max_examples=100, deadline=None)
def test_the_median_slope_of_any_values(values):
    given_values = np.array(values)
    kept, trends.PAIRS = trends.PAIRS, 50
    try:
        found = trends.median_slope(given_values)
    finally:
        trends.PAIRS = kept
    assert found == pytest.approx(of_all_pairs(given_values), rel=1e-12, abs=1e-14)


def test_long_series_have_the_slope_of_their_pairs():
    rng = np.random.default_rng(4)
    values = rng.normal(size=3000) + 1e-4 * np.arange(3000)
    assert trends.PAIRS < 3000 * 2999 // 2
    found = an.trend(values)
    assert found.slope == pytest.approx(of_all_pairs(values), rel=1e-11)
    assert found.tau == pytest.approx(stats.kendalltau(np.arange(3000), values).statistic)
    assert an.trend(np.arange(50_000) * 0.5).slope == 0.5
    assert an.trend(np.repeat([0.0, 1.0], [40_000, 20_000])).slope == 0.0


def test_slopes_of_the_largest_numbers_do_not_overflow():
    assert an.trend([-1.5e308, -0.5e308, 0.5e308, 1.5e308]).slope == pytest.approx(1e308)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no interval timer")
def test_c_ctrl_c_stops_a_long_trend():
    values = np.random.default_rng(5).normal(size=400_000)
    signal.setitimer(signal.ITIMER_REAL, 0.5)
    kept = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            an.trend(values)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, kept)
