"""Plasticity: synthetic answers to pulses with known gain and decay."""

import numpy as np
import pytest
from scipy import stats

import memnet as mn

plasticity, trend = mn.analysis.plasticity, mn.analysis.trend
LENGTH, SPACING = 50, 150


def protocol(count, gain, tau):
    """Pulses of 50 samples that each set G to 1 + gain k, then decay with tau towards 0 for 150 samples."""
    time = np.arange(count * (LENGTH + SPACING), dtype=float)
    phase = time % (LENGTH + SPACING)
    number = time // (LENGTH + SPACING)
    level = 1.0 + gain * number
    conductance = np.where(phase < LENGTH, level, level * np.exp(-(phase - LENGTH + 1) / tau))
    return time, conductance, np.where(phase < LENGTH, 6.0, 1.25)


def test_gain_and_decay_come_back():
    time, conductance, voltage = protocol(7, gain=0.5, tau=60.0)
    found = plasticity(time, conductance, voltage, window=1)
    np.testing.assert_array_equal(found.start, np.arange(7) * 200)
    np.testing.assert_array_equal(found.stop, np.arange(7) * 200 + 50)
    g = found.conductance
    np.testing.assert_allclose(g.pulse, 1.0 + 0.5 * np.arange(7))
    np.testing.assert_allclose(g.forgetting, 1.0 - np.exp(-150.0 / 60.0), rtol=1e-12)
    assert g.potentiation == pytest.approx(3.0)
    assert g.paired_pulse_index == pytest.approx(1.5)
    assert g.trend.tau == 1.0
    assert g.trend.p_rising == pytest.approx(1.0 / 5040.0)  # one order in 7!
    assert g.trend.slope == pytest.approx(0.5)
    assert found.rate is None


def test_averages_follow_the_geometric_series():
    time, conductance, voltage = protocol(4, gain=0.0, tau=30.0)
    found = plasticity(time, conductance, voltage, window=20).conductance
    decay = np.exp(-1.0 / 30.0)
    expected = decay**131 * (1.0 - decay**20) / (1.0 - decay) / 20.0
    np.testing.assert_allclose(found.trough, expected, rtol=1e-9)
    np.testing.assert_allclose(found.peak, 1.0)
    assert found.trend.tau == 0.0
    assert found.trend.p_rising == 1.0
    rest = decay * (1.0 - decay**150) / (1.0 - decay) / 150.0
    np.testing.assert_allclose(found.rest, rest, rtol=1e-9)


def test_event_rates_count_what_falls_into_pulses():
    time, conductance, voltage = protocol(4, gain=0.0, tau=30.0)
    events = np.concatenate([200.0 * k + np.arange(0, 50, 10 // (k + 1)) + 0.25 for k in range(4)])
    found = plasticity(time, conductance, voltage, event_times=np.r_[events, -5.0, 5e6], window=10)
    counts = [sum(1 for t in events if 200 * k <= t < 200 * k + 50) for k in range(4)]
    np.testing.assert_allclose(found.rate.pulse, np.array(counts) / 50.0)
    np.testing.assert_allclose(found.rate.rest, 0.0)
    np.testing.assert_allclose(found.rate.forgetting, 1.0)
    data = found.to_dataset()
    np.testing.assert_array_equal(data["rate_pulse"].values, found.rate.pulse)
    assert data.attrs["conductance_potentiation"] == 0.0


def test_a_moving_average_is_the_mean_of_what_came_before():
    values = np.random.default_rng(3).normal(size=200) + 1e6
    expected = [values[max(0, k - 29) : k + 1].mean() for k in range(200)]
    np.testing.assert_allclose(mn.analysis.moving_average(values, 30), expected, rtol=1e-15, atol=1e-9)
    assert mn.analysis.moving_average([], 3).size == 0


@pytest.mark.parametrize("seed", range(5))
def test_the_trend_test_is_mann_kendall(seed):
    rng = np.random.default_rng(seed)
    values = rng.permutation(9).astype(float)
    found = trend(values)
    concordant = sum(np.sign(values[j] - values[i]) for i in range(9) for j in range(i + 1, 9))
    assert found.tau == pytest.approx(concordant / 36.0)
    # By brute force over random orders: the share that has at least this many rising pairs.
    orders = np.array([rng.permutation(9) for _ in range(20_000)])
    i, j = np.triu_indices(9, 1)
    scores = np.sign(orders[:, j] - orders[:, i]).sum(axis=1)
    share = (scores >= concordant).mean()
    assert found.p_rising == pytest.approx(share, abs=5.0 * np.sqrt(0.25 / 20_000))
    assert found.slope == pytest.approx(stats.theilslopes(values, np.arange(9)).slope)
    assert trend(-values).p_falling == pytest.approx(found.p_rising)


def test_few_values_have_no_trend():
    found = trend([1.0, 2.0, 3.0])
    assert np.isnan(found.tau)
    assert found.message == "not enough data: 3 values"
    time, conductance, voltage = protocol(2, 0.5, 60.0)
    assert plasticity(time, conductance, voltage).conductance.trend.message == "not enough data: 2 values"


def test_a_single_pulse_up_to_the_end_has_no_rest_and_no_ratio():
    found = plasticity(np.arange(10.0), np.ones(10), np.r_[np.zeros(5), np.ones(5)]).conductance
    assert np.isnan(found.rest).all()
    assert np.isnan(found.trough).all()
    assert np.isnan(found.forgetting).all()
    assert np.isnan(found.potentiation)


def test_a_run_is_taken_as_it_is():
    net = mn.percolating(30, 0.6, seed=1)
    drive = {"left": mn.drive.pulses(1.25, 6.0, 30.0, 20.0, 5), "right": 0.0}
    run = mn.Simulation(net, mn.TunnelGap(r_d=1e-3), drive, dt=0.5, seed=0).run(500)
    found = plasticity(run, window=10)
    assert found.start.size == 5
    counts = np.bincount(run["event_step"].values, minlength=500)
    np.testing.assert_allclose(
        found.rate.pulse, [counts[a:b].mean() for a, b in zip(found.start, found.stop, strict=True)]
    )
    assert counts.sum() > 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((np.arange(5.0), np.ones(5), np.ones(5)), "voltage must change"),
        ((np.arange(5.0), np.full(5, np.nan), np.arange(5.0)), "conductance must be finite, got nan"),
        ((np.r_[0.0, 2.0, 1.0], np.ones(3), np.arange(3.0)), "time must increase, got 2 and then 1 at index 2"),
        ((np.arange(5.0), np.ones(4), np.arange(5.0)), "conductance must have shape"),
        ((np.arange(5.0), np.ones(5)), "needs conductance and voltage"),
    ],
)
def test_bad_input_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        plasticity(*arguments)


def test_a_threshold_that_leaves_no_pulse_is_refused():
    with pytest.raises(ValueError, match=r"threshold=5.0 V leaves no pulse: .* the highest is 1 V"):
        plasticity(np.arange(6.0), np.ones(6), np.r_[0, 1, 0, 1, 0, 0.0], threshold=5.0)
    with pytest.raises(ValueError, match="there are no samples"):
        plasticity([], [], [], threshold=5.0)


def test_a_threshold_finds_pulses_where_the_voltage_never_changes():
    assert mn.analysis.pulse_windows(np.ones(4), threshold=0.5).tolist() == [[0, 4]]
    assert mn.analysis.pulse_windows(np.zeros(4), threshold=0.5).size == 0
    with pytest.raises(ValueError, match="window must be an integer"):
        mn.analysis.moving_average([1.0], 0)
