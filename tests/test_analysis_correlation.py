"""Autocorrelations with known answers, and the surrogates that they are judged by."""

import sys

import numpy as np
import pytest

from memnet import analysis as an


def direct(values, max_lag):
    """The definition, summed term by term."""
    x = np.asarray(values, dtype=float) - np.mean(values)
    n = len(x)
    return np.array([sum(x[t] * x[t + k] for t in range(n - k)) for k in range(max_lag + 1)]) / (x @ x)


def poisson(rate, n, seed):
    return np.flatnonzero(np.random.default_rng(seed).random(n) < rate)


@pytest.mark.parametrize("n", [2, 3, 17, 100, 257])
def test_fft_gives_the_direct_sums(n):
    values = np.random.default_rng(n).normal(3.0, 2.0, n)
    np.testing.assert_allclose(an.series_autocorrelation(values, n - 1), direct(values, n - 1), atol=1e-13)
    np.testing.assert_allclose(
        an.series_autocorrelation(values, n - 1, unbiased=True),
        direct(values, n - 1) * n / (n - np.arange(n)),
        atol=1e-12,
    )


def test_autoregressive_process_has_its_known_autocorrelation():
    from scipy.signal import lfilter

    phi, n = 0.9, 300_000
    series = lfilter([1.0], [1.0, -phi], np.random.default_rng(5).normal(size=n + 1000))[1000:]
    found = an.series_autocorrelation(series, 60)
    # Bartlett's formula: the variance of A(k) of an AR(1) process
    k = np.arange(61)
    variance = ((1 + phi**2) * (1 - phi ** (2 * k)) / (1 - phi**2) - 2 * k * phi ** (2 * k)) / n
    pull = (found[1:] - phi ** k[1:]) / np.sqrt(variance[1:])
    assert np.abs(pull).max() < 4


def test_renewal_process_has_its_known_autocorrelation():
    # intervals 1 with probability q, 2 otherwise: P(event k steps after an event) = (1 - (q - 1)^(k + 1)) / (2 - q)
    q, n = 0.3, 100_000
    steps = np.cumsum(np.where(np.random.default_rng(6).random(n) < q, 1, 2))
    found = an.autocorrelation(steps, max_lag=8, n_surrogates=10, seed=1, per_decade=100)
    np.testing.assert_array_equal(found.lag, np.arange(1, 9))
    exact = (q - 1.0) ** found.lag
    np.testing.assert_allclose(found.value, exact, atol=5 / np.sqrt(n))
    np.testing.assert_allclose(found.surrogate, exact, atol=5 / np.sqrt(n))


def test_bins_are_means_over_their_lags():
    steps = poisson(0.2, 3000, seed=7)
    train = np.bincount(steps - steps[0]).astype(float)
    raw = an.series_autocorrelation(train, 200)
    found = an.autocorrelation(steps, max_lag=200, n_surrogates=0, per_decade=6)
    assert found.edges[0] == 1
    assert found.edges[-1] == 201
    for k, (low, high) in enumerate(zip(found.edges[:-1].astype(int), found.edges[1:].astype(int), strict=True)):
        assert found.value[k] == pytest.approx(np.mean([raw[lag] for lag in range(low, high)]), abs=1e-14)
        assert found.lag[k] == pytest.approx(np.sqrt(low * (high - 1)))
    assert np.isnan(found.surrogate).all()
    assert np.isnan(found.decades_above())


def test_surrogates_have_the_same_intervals_in_another_order(monkeypatch):
    seen = []

    def keep(intervals, *_):
        seen.append(intervals.copy())
        return np.zeros(1)

    monkeypatch.setattr(sys.modules["memnet.analysis._correlation"], "_binned", keep)
    steps = poisson(0.1, 20_000, seed=8)
    an.autocorrelation(steps, max_lag=1, n_surrogates=3, seed=1)
    intervals = np.diff(steps)
    np.testing.assert_array_equal(seen[0], intervals)
    for shuffled in seen[1:]:
        np.testing.assert_array_equal(np.sort(shuffled), np.sort(intervals))
        assert (shuffled != intervals).any()
    assert (seen[1] != seen[2]).any()


def test_poisson_trains_are_not_correlated():
    above = 0
    bins = 0
    for seed in range(5):
        found = an.autocorrelation(poisson(0.1, 50_000, seed), n_surrogates=40, seed=seed)
        assert found.decades_above() < 0.5
        above += int((found.value > found.high).sum())
        bins += found.value.size
        error = 1 / np.sqrt(np.diff(found.edges) * 50_000)
        assert np.abs(found.value / error).max() < 5
    # the band is the 0.95 quantile: about one bin in twenty is above it
    assert above / bins < 0.12


def correlated(seed, n_blocks=200):
    """Fast and slow stretches in turn: intervals of one stretch are alike, so shuffling them removes a correlation."""
    rng = np.random.default_rng(seed)
    stretches = [rng.geometric(0.5 if k % 2 else 0.02, size=20 * (25 if k % 2 else 1)) for k in range(n_blocks)]
    return np.cumsum(np.concatenate(stretches))


def test_constructed_correlations_rise_above_the_surrogates_and_vanish_in_them():
    steps = correlated(9)
    found = an.autocorrelation(steps, max_lag=5000, n_surrogates=40, seed=1)
    assert found.decades_above() > 1.5
    shuffled = np.cumsum(np.random.default_rng(10).permutation(np.diff(steps)))
    after = an.autocorrelation(shuffled, max_lag=5000, n_surrogates=40, seed=1)
    assert after.decades_above() < 0.5
    # a stretch takes about 1000 steps; within one, but beyond the range of its intervals, only their order correlates
    inside = (found.lag > 150) & (found.lag < 310)
    assert inside.sum() >= 3
    assert (found.value[inside] > 0.1).all()
    assert (np.abs(after.value[inside]) < 0.02).all()


def test_slope_of_a_heavy_tailed_renewal_process():
    # P(interval > t) = t^-a with a < 1 gives A(k) ~ k^(a - 1): flat-topped intervals alone make a long correlation
    rng = np.random.default_rng(11)
    steps = np.cumsum(np.floor((1 - rng.random(20_000)) ** (-1 / 0.5)).clip(max=2000).astype(int))
    found = an.autocorrelation(steps, max_lag=300, n_surrogates=10, seed=1)
    line = found.slope(low=3, high=100)
    assert line.slope == pytest.approx(-0.5, abs=0.1)
    assert found.decades_above() < 0.5


def test_the_seed_decides_and_is_reported():
    steps = poisson(0.1, 5000, seed=12)
    first, second, other = (an.autocorrelation(steps, seed=s, n_surrogates=5) for s in (3, 3, 4))
    np.testing.assert_array_equal(first.high, second.high)
    assert (first.high != other.high).any()
    drawn = an.autocorrelation(steps, n_surrogates=5)
    np.testing.assert_array_equal(an.autocorrelation(steps, seed=drawn.seed, n_surrogates=5).high, drawn.high)


def test_dataset_goes_to_a_file(tmp_path):
    import xarray as xr

    found = an.autocorrelation(poisson(0.1, 5000, seed=13), n_surrogates=5)
    found.to_dataset().to_netcdf(tmp_path / "acf.nc", engine="h5netcdf")
    with xr.open_dataset(tmp_path / "acf.nc", engine="h5netcdf") as again:
        np.testing.assert_array_equal(again.value, found.value)
        assert int(again.attrs["seed"]) == found.seed


def test_decades_are_those_of_the_longest_run():
    lag = 10.0 ** np.arange(0, 4, 0.5)
    above = np.array([True, True, False, True, True, True, False, True])
    band = np.full(lag.size, 0.1)
    nothing = np.zeros(lag.size)
    made = an.Autocorrelation(lag, np.where(above, 0.2, 0.05), nothing, nothing, band, nothing, 100, 5, 0)
    assert made.decades_above() == pytest.approx(1.0)
    negative = an.Autocorrelation(lag, np.full(lag.size, -0.1), nothing, nothing, -2 * band, nothing, 100, 5, 0)
    assert negative.decades_above() == 0


def test_several_events_in_a_step_count_once():
    steps = poisson(0.1, 5000, seed=14)
    np.testing.assert_array_equal(
        an.autocorrelation(steps, n_surrogates=0).value, an.autocorrelation(np.repeat(steps, 2), n_surrogates=0).value
    )


def test_too_few_events_give_no_numbers():
    found = an.autocorrelation(np.arange(0, 98, 2))
    assert found.message == "not enough data: 49 steps with events"
    assert found.value.size == 0
    assert np.isnan(found.decades_above())
    assert np.isnan(found.slope().slope)
    assert found.to_dataset().sizes["lag"] == 0
    assert an.autocorrelation(np.arange(200)).message == "not enough data: all steps have an event"
    assert np.isnan(an.series_autocorrelation(np.ones(100), 5)).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: an.autocorrelation(np.arange(100)[::-1]), "must not decrease"),
        (lambda: an.autocorrelation([0.5, 1.0]), "integer steps"),
        (lambda: an.autocorrelation(np.r_[np.arange(60), 2**40]), "more than"),
        (lambda: an.autocorrelation(np.arange(0, 200, 2), quantiles=(0.9, 0.1)), "in order"),
        (lambda: an.autocorrelation(np.arange(0, 200, 2), max_lag=0), "max_lag must be an integer"),
        (lambda: an.autocorrelation(np.arange(0, 200, 2), n_surrogates=-1), "n_surrogates must be"),
        (lambda: an.series_autocorrelation([1.0]), "at least 2 numbers, got 1"),
        (lambda: an.series_autocorrelation([1.0, np.nan, 2.0]), "must be finite"),
        (lambda: an.series_autocorrelation([1.0, 2.0], 2), "max_lag must be an integer"),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
