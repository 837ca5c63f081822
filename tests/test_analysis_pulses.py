"""Pulses (row A7): departures from a rest level, of either sign and any height."""

import numpy as np
import pytest
from hypothesis import assume, given, settings, strategies as st

from memnet import analysis as an

UP_DOWN = np.array([0.05] * 10 + 5 * ([1] * 10 + [0.05] * 10) + 5 * ([-1] * 10 + [0.05] * 10))
STARTS = 10 + 20 * np.arange(10)


def noise(size, seed=1):
    return np.random.default_rng(seed).normal(size=size)


def train(rest, heights, held=10, apart=10, lead=10):
    return np.concatenate(
        [np.full(lead, rest), *(np.r_[np.full(held, rest + h), np.full(apart, rest)] for h in heights)]
    )


@pytest.mark.parametrize("scale", [1.0, 1e-3, 1e3])
@pytest.mark.parametrize("offset", [0.0, 3.0, -0.4])
@pytest.mark.parametrize("spread", [0.0, 1e-3, 0.02, 0.05])
def test_a7_potentiation_then_depression(scale, offset, spread):
    found = an.find_pulses(scale * (UP_DOWN + offset + spread * noise(UP_DOWN.size)))
    np.testing.assert_array_equal(found.start, STARTS)
    np.testing.assert_array_equal(found.stop, STARTS + 10)
    np.testing.assert_array_equal(found.sign, [1] * 5 + [-1] * 5)
    np.testing.assert_allclose(
        found.amplitude, scale * np.array([0.95] * 5 + [-1.05] * 5), atol=2 * spread * scale + 1e-12
    )
    assert found.rest == pytest.approx(scale * (0.05 + offset), abs=scale * (spread + 1e-12))


def test_a7_negative_pulses_over_a_small_read():
    volts = train(0.1, [-2.1] * 5)
    for part, starts in ((volts, 10 + 20 * np.arange(5)), (volts[12:], [0, 18, 38, 58, 78]), (volts[:-12], None)):
        found = an.find_pulses(part)
        assert found.sign.tolist() == [-1] * 5
        assert found.rest == 0.1
        if starts is not None:
            np.testing.assert_array_equal(found.start, starts)
    assert an.find_pulses(volts[12:-12]).rest == 0.1  # begins and ends in a pulse


def test_a7_a_staircase_has_all_its_heights():
    heights = 0.05 * np.arange(1, 21)
    for spread in (0.0, 1e-3):
        for sign in (1, -1):
            volts = train(0.05, sign * heights)
            found = an.find_pulses(volts + spread * noise(volts.size))
            assert found.sign.tolist() == [sign] * 20
            np.testing.assert_allclose(found.amplitude, sign * heights, atol=3 * spread + 1e-12)


def test_a7_long_pulses_and_short_rests():
    for heights in ([1.0] * 5, [1.0] * 5 + [-1.0] * 5):
        volts = train(0.05, heights, held=40)
        assert an.find_pulses(volts).amplitude.tolist() == pytest.approx(heights)
    inside = train(0.05, [1.0] * 5 + [-1.0] * 5, held=40)[20:-20]
    assert an.find_pulses(inside).rest == 0.05
    # nothing tells which of two levels is the rest; given, it is
    blind = train(0.05, [1.0] * 5, held=40)[10:]
    assert an.find_pulses(blind, rest=0.05).amplitude.tolist() == pytest.approx([1.0] * 5)


def test_a7_a_rest_far_from_zero_is_found_where_it_is_held_longest():
    found = an.find_pulses(train(1.0, [-0.8] * 5, held=3))
    assert found.rest == 1.0
    assert found.sign.tolist() == [-1] * 5


def test_a7_pulses_of_opposite_sign_need_no_rest_between():
    volts = np.concatenate([np.r_[[1.0] * 4, [-1.0] * 4, [0.1] * 6] for _ in range(3)])
    found = an.find_pulses(volts)
    assert found.start.tolist() == [0, 4, 14, 18, 28, 32]
    assert found.sign.tolist() == [1, -1] * 3


def test_a7_slopes_and_steps_within_a_pulse_do_not_split_it():
    volts = np.array([0.0] * 10 + 4 * ([0.5] + [1.0] * 4 + [1.5] * 4 + [0.7] + [0.0] * 10))
    found = an.find_pulses(volts)
    assert found.stop.tolist() == (found.start + 10).tolist()
    assert len(found) == 4


def test_a7_digits_of_an_instrument_are_no_pulses():
    unit = 0.005
    volts = np.round((UP_DOWN + 0.004 * noise(UP_DOWN.size)) / unit) * unit
    np.testing.assert_array_equal(an.find_pulses(volts).start, STARTS)


@pytest.mark.parametrize(
    "volts",
    [
        np.sin(np.arange(400) / 20),
        np.linspace(0, 1, 50),
        np.tile([1.0] * 10 + [-1.0] * 10, 4),
        0.1 + 0.01 * noise(300),
        np.full(10, 0.3),
        [],
    ],
)
def test_a7_no_rest_at_all_is_said(volts):
    with pytest.raises(ValueError, match=r"rest="):
        an.find_pulses(volts)


def test_a7_a_given_rest_is_taken():
    square = np.tile([1.0] * 10 + [-1.0] * 10, 3)
    assert an.find_pulses(square, rest=0.0).sign.tolist() == [1, -1] * 3
    assert len(an.find_pulses(np.zeros(5), rest=0.0)) == 0
    assert an.find_pulses(np.ones(5), rest=0.0).amplitude.tolist() == [1.0]
    small = train(0.0, [0.001, 1.0])
    assert len(an.find_pulses(small)) == 1
    assert len(an.find_pulses(small, tolerance=5e-4)) == 2


@given(
    rest=st.floats(-1, 1),
    heights=st.lists(st.floats(0.2, 5) | st.floats(-5, -0.2), min_size=2, max_size=12),
    held=st.integers(1, 12),
    apart=st.integers(2, 12),
)
@settings(max_examples=200, deadline=None)
def test_a7_any_train_that_rests_at_both_ends(rest, heights, held, apart):
    assume(held <= apart)  # else it may be held longer, and a pulse may end at the lower voltage
    assume(any(abs(2 * rest + height) > 0.2 for height in heights))  # else a square wave around 0 V
    found = an.find_pulses(train(rest, heights, held, apart, lead=apart))
    np.testing.assert_array_equal(found.start, apart + (held + apart) * np.arange(len(heights)))
    np.testing.assert_array_equal(found.sign, np.sign(heights))
    np.testing.assert_allclose(found.amplitude, heights, rtol=1e-9, atol=1e-12)


def conductance_of(volts):
    """Grow by a tenth in each positive pulse, shrink by a tenth in each negative one, and read as it is."""
    edge = np.r_[0, np.diff(np.where(np.abs(volts) > 0.5, np.sign(volts), 0.0))]
    begins = (edge != 0) & (np.abs(volts) > 0.5)
    return np.cumprod(np.where(begins, 1 + 0.1 * np.sign(volts), 1.0))


def test_a7_trains_have_responses_of_their_own():
    time = np.arange(UP_DOWN.size) * 0.1
    found = an.plasticity(time, conductance_of(UP_DOWN), UP_DOWN, window=5, event_times=time[STARTS])
    up, down = found.trains
    assert (up.sign, up.first, up.last, down.sign, down.first, down.last) == (1, 0, 5, -1, 5, 10)
    assert up.conductance.potentiation == pytest.approx(1.1**4 - 1)
    assert down.conductance.potentiation == pytest.approx(0.9**4 - 1)
    assert up.conductance.trend.tau == pytest.approx(1)
    assert down.conductance.trend.p_falling < 0.02
    np.testing.assert_allclose(up.conductance.pulse, 1.1 ** np.arange(1, 6))
    np.testing.assert_allclose(down.rate.pulse, 0.1)
    np.testing.assert_array_equal(found.sign, [1] * 5 + [-1] * 5)
    assert found.rest_voltage == 0.05
    # over both, a first and a last response say nothing
    assert np.isnan(found.conductance.potentiation)
    assert found.conductance.trend.message == "pulses of both signs"
    assert found.conductance.pulse.size == 10
    data = found.to_dataset()
    np.testing.assert_array_equal(data.pulse_sign, found.sign)
    assert data.attrs["rest_voltage"] == 0.05


def test_a7_negative_pulses_depress():
    volts = train(0.1, [-2.1] * 5)
    found = an.plasticity(np.arange(volts.size) * 1.0, conductance_of(volts), volts, window=5)
    assert found.conductance.potentiation == pytest.approx(0.9**4 - 1)
    assert len(found.trains) == 1
    np.testing.assert_array_equal(an.pulse_windows(volts)[:, 0], 10 + 20 * np.arange(5))


def test_a7_events_at_a_sample_count_there_up_to_rounding():
    time = np.arange(UP_DOWN.size) * 0.1
    events = np.nextafter(time[STARTS], 0)
    found = an.plasticity(time, np.ones(time.size), UP_DOWN, event_times=events, window=1)
    np.testing.assert_allclose(found.rate.pulse, 0.1)
    np.testing.assert_allclose(found.rate.rest, 0.0)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"rest": 0.05, "tolerance": 5.0}, ValueError, r"rest=0\.05 V leaves no pulse: no voltage departs"),
        ({"rest": "x"}, TypeError, "rest must be a number"),
        ({"rest": np.nan}, ValueError, "rest must be in"),
        ({"tolerance": 0.0}, ValueError, "tolerance must be in"),
        ({"threshold": 0.5, "tolerance": 0.1}, ValueError, "give it without threshold"),
    ],
)
def test_bad_levels_are_refused(options, error, message):
    time = np.arange(UP_DOWN.size) * 1.0
    with pytest.raises(error, match=message):
        an.plasticity(time, np.ones(time.size), UP_DOWN, **options)


def test_pulses_are_short_in_words():
    time = np.arange(UP_DOWN.size) * 1.0
    found = an.plasticity(time, conductance_of(UP_DOWN), UP_DOWN, window=5)
    pulses = an.find_pulses(UP_DOWN)
    assert repr(pulses) == "<Pulses: 5 above and 5 below a rest of 50 mV; amplitude -1.05 V to 950 mV>"
    assert "pulses 5 above the rest level, potentiation +46.4%" in repr(found)
    for one in (pulses, found, found.conductance, found.trains[0], found.conductance.trend):
        assert "\n" not in repr(one)
        assert len(repr(one)) < 400
        assert one._repr_html_().startswith("<table>")


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("noise", [0.0, 0.002])
def test_a7_the_amplitude_is_what_a_pulse_holds_or_else_reaches(sign, noise):
    shapes = {
        "triangle": 1.0 - np.abs(np.linspace(-1.0, 1.0, 25)[1:-1]),
        "half a sine": np.sin(np.pi * np.arange(1, 30) / 30),
        "charging": 1.0 - np.exp(-np.arange(1, 20) / 3.0),
        "discharging": np.exp(-np.arange(20) / 3.0),
        "overshoot": np.r_[1.3, 0.9, 1.05, np.ones(12)],
        "square": np.ones(10),
        "one sample": np.ones(1),
    }
    for name, shape in shapes.items():
        rest = np.full(40, 0.1)
        volts = np.r_[rest, np.tile(np.r_[0.1 + 2.0 * sign * shape, rest], 5)]
        volts += noise * np.random.default_rng(1).standard_normal(volts.size)
        found = an.find_pulses(volts)
        np.testing.assert_array_equal(found.sign, [sign] * 5, err_msg=name)
        np.testing.assert_allclose(found.amplitude, [2.0 * sign] * 5, rtol=0.02, err_msg=name)
