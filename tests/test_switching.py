"""Delays, rises and relaxations of threshold switching, of closed forms and with censored ones among them."""

import copy
import pickle

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, strategies as st
from particles import largest_conductance, parallel

import memnet as mn

switching = mn.analysis.switching

IN_SIEMENS = {"g_max": 1.0, "level": 0.1, "relaxed": 0.02}


def exponentials(time, rates, *, on=1.0, off=6.0, low=0.01):
    """Conductances that grow exponentially in a pulse and fall as fast after it; and those at its end."""
    top = low * np.exp((off - on) * np.asarray(rates))
    up = low * np.exp(np.outer(np.clip(time, on, off) - on, rates))
    down = top * np.exp(-np.outer(np.maximum(time - off, 0.0), rates))
    return np.where((time <= off)[:, None], up, down), top


def stairs(*levels, dt=1.0):
    """A record that holds each level for one row, and its times."""
    return dt * np.arange(len(levels)), np.array(levels, dtype=float)


def waits(times, at_least):
    """What `switching` makes of waiting times that are known, or cut short: one pulse each."""
    time, g, on, off = [], [], [], []
    for k, (wait, least) in enumerate(zip(times, at_least, strict=True)):
        start = 1e3 * k
        on.append(start)
        off.append(start + least + 1.0 if wait == wait else start + least)
        time += [start, start + least, *([off[-1]] if wait == wait else []), off[-1] + 1.0, start + 999.0]
        g += [0.01, 0.1 if wait == wait else 0.05, *([1.0] if wait == wait else []), 0.01, 0.01]
    return switching(time, g, on=on, off=off, **IN_SIEMENS)


# ------------------------------------------------------------------ closed forms


@given(st.lists(st.floats(0.0, 12.0), min_size=2, max_size=60), st.lists(st.floats(0.5, 3.0), min_size=1, max_size=4))
def test_exponential_times_are_exact_at_any_rows(times, rates):
    time = np.unique([0.0, 1.0, 6.0, 14.0, *times])
    rates = np.array(rates)
    g, top = exponentials(time, rates)
    found = switching(time, g, on=1.0, off=6.0, **IN_SIEMENS)
    np.testing.assert_allclose(found.delay[0], np.log(10.0) / rates, rtol=1e-12)
    np.testing.assert_allclose(found.relaxation[0], np.log(top / 0.02) / rates, rtol=1e-12)
    low, high = (0.01 + share * (top - 0.01) for share in (0.1, 0.9))
    np.testing.assert_allclose(found.rise[0], np.log(high / low) / rates, rtol=1e-12)
    for name in ("delay", "rise", "relaxation"):
        np.testing.assert_array_equal(getattr(found, name), getattr(found, f"{name}_at_least"))
    assert found.switched.all()
    assert found.relaxed.all()
    assert not found.on_before.any()


@pytest.mark.parametrize("h", [0.2, 0.05, 0.0125])
def test_the_error_of_a_bent_logarithm_is_within_its_bound(h):
    # y = ln g = a t^2 - 4: y'' = 2 a, y' = 2 a t; the level 0.1 is between rows
    a = 0.5
    time = np.arange(0.0, 4.0, h)
    crossing = np.sqrt((4.0 + np.log(0.1)) / a)
    found = switching(time, np.exp(a * time**2 - 4.0), on=0.0, **IN_SIEMENS)
    bound = h**2 * 2.0 * a / (8.0 * 2.0 * a * (crossing - h))
    assert 0.0 < abs(found.delay[0, 0] - crossing) <= bound


def test_a_straight_conductance_is_taken_as_straight_where_it_is_not_positive():
    time = np.array([0.0, 1.0, 2.0, 3.0])
    found = switching(time, [-1.0, -1.0, 1.0, -3.0], on=0.0, off=2.0, g_max=1.0, level=0.5, relaxed=0.5)
    assert found.delay[0, 0] == pytest.approx(1.75, rel=1e-15)
    assert found.relaxation[0, 0] == pytest.approx(0.125, rel=1e-15)


def test_pulses_may_begin_and_end_between_rows():
    time = np.linspace(0.0, 14.0, 15)
    g = np.exp(np.minimum(time, 12.0 - time) - 5.0)
    found = switching(time, g, on=0.37, off=8.62, **IN_SIEMENS)
    assert found.delay[0, 0] == pytest.approx(5.0 + np.log(0.1) - 0.37, rel=1e-13)
    assert found.relaxation[0, 0] == pytest.approx(12.0 - (5.0 + np.log(0.02)) - 8.62, rel=1e-13)


# ------------------------------------------------------------------ which pulses


def test_pulses_of_a_voltage_are_those_of_their_times():
    time = np.linspace(0.0, 20.0, 401)
    volts = np.where((time % 10.0 >= 2.0) & (time % 10.0 < 5.0), -2.0, 0.1)
    g = np.exp(np.where(time % 10.0 < 5.0, time % 10.0, 10.0 - time % 10.0) - 5.0)
    found = switching(time, g, voltage=volts, **IN_SIEMENS)
    assert found.on.tolist() == [2.0, 12.0]
    assert found.off.tolist() == [5.0, 15.0]
    again = switching(time, g, on=found.on, off=found.off, **IN_SIEMENS)
    np.testing.assert_array_equal(found.delay, again.delay)
    np.testing.assert_array_equal(found.relaxation, again.relaxation)


def test_a_pulse_without_an_end_lasts_until_the_next_or_the_record_ends():
    time, g = stairs(0.01, 0.02, 0.2, 0.01, 0.02, 0.03)
    found = switching(time, g, on=[0.0, 3.0], **IN_SIEMENS)
    assert found.off.tolist() == [3.0, 5.0]
    assert found.switched.tolist() == [[True], [False]]
    assert found.delay_at_least[1, 0] == 2.0
    assert np.isnan(found.relaxation_at_least).all()  # no rest in which to relax


def test_an_end_alone_asks_for_relaxation():
    time = np.linspace(0.0, 5.0, 51)
    found = switching(time, np.exp(-time), off=0.0, **IN_SIEMENS)
    assert found.relaxation[0, 0] == pytest.approx(-np.log(0.02), rel=1e-12)
    assert np.isnan([found.on[0], found.delay[0, 0], found.delay_at_least[0, 0], found.rise[0, 0]]).all()


def test_runs_are_taken_as_they_are():
    device = mn.DiffusiveMemristor()
    g_max = largest_conductance(device)
    sim = parallel(device, mn.drive.pulses(0.0, 3.0, length=1.0, spacing=1.0), n=5, dt=0.02)
    data = sim.run(100, record=["edge_conductance", "voltage", "conductance"])
    found = switching(data, g_max=g_max)
    assert found.delay.shape == (1, 5)
    assert (found.on[0], found.off[0]) == (0.0, 1.0)
    for g in (data.edge_conductance, data.edge_conductance.T, data.edge_conductance.values):
        again = switching(data.time, g, on=0.0, off=1.0, g_max=g_max)
        np.testing.assert_array_equal(again.delay, found.delay)
    whole = switching(data, data.conductance, g_max=5.0 * g_max)
    assert whole.delay.shape == (1, 1)
    np.testing.assert_array_equal(switching(data.drop_vars("edge_conductance"), g_max=5.0 * g_max).delay, whole.delay)


# ------------------------------------------------------------------ censored ones


def test_what_does_not_switch_or_relax_is_marked_and_has_no_time():
    time = np.linspace(0.0, 10.0, 1001)
    rates = np.array([1.0, 0.2, 3.0])
    g = 0.05 * np.exp(np.outer(np.minimum(time, 6.0 - time), rates))
    g[:, 2] = 0.05
    found = switching(time, g, on=0.0, off=3.0, **IN_SIEMENS | {"relaxed": 0.04})
    assert found.switched.tolist() == [[True, False, False]]
    assert np.isnan(found.delay).tolist() == [[False, True, True]]
    assert found.delay_at_least[0, 1:].tolist() == [3.0, 3.0]
    assert np.isnan(found.rise).tolist() == [[False, True, True]]
    assert found.relaxed.tolist() == [[True, False, False]]
    assert np.isnan(found.relaxation_at_least).tolist() == [[False, True, True]]  # what is not on cannot relax
    soon = switching(time, g, on=[0.0, 4.0], off=[3.0, 5.0], **IN_SIEMENS | {"relaxed": 0.04})
    assert not soon.relaxed[0, 0]
    assert soon.relaxation_at_least[0, 0] == 1.0  # the next pulse comes before it is down
    assert soon.on_before[1].tolist() == [True, False, False]
    assert np.isnan(soon.delay_at_least[1, 0])
    assert "on before 1" in repr(soon)
    assert "delay 0 of 2" in repr(switching(time, g[:, 1:], on=0.0, off=3.0, **IN_SIEMENS))


def test_a_top_that_is_not_reached_censors_the_rise():
    time = np.linspace(0.0, 5.0, 501)
    g = 0.01 * np.exp(time)
    known = switching(time, g, on=0.0, top=1.0, **IN_SIEMENS)
    assert known.rise[0, 0] == pytest.approx(np.log((0.01 + 0.9 * 0.99) / (0.01 + 0.1 * 0.99)), rel=1e-9)
    cut = switching(time, g, on=0.0, top=10.0, **IN_SIEMENS)
    assert np.isnan(cut.rise[0, 0])
    assert cut.rise_at_least[0, 0] == pytest.approx(5.0 - np.log((0.01 + 0.1 * 9.99) / 0.01), rel=1e-9)


def test_hold_keeps_spikes_from_counting():
    time, g = stairs(0.01, 0.2, 0.01, 0.01, 0.2, 0.2, 0.2, 0.01, 0.2, 0.01, 0.01, 0.01)
    log_half = np.log(10.0) / np.log(20.0)
    at_once = switching(time, g, on=0.0, off=6.0, **IN_SIEMENS)
    assert at_once.delay[0, 0] == pytest.approx(log_half, rel=1e-12)
    assert at_once.relaxation[0, 0] == pytest.approx(np.log(10.0) / np.log(20.0), rel=1e-12)
    later = switching(time, g, on=0.0, off=6.0, hold=1.5, **IN_SIEMENS)
    assert later.delay[0, 0] == pytest.approx(3.0 + log_half, rel=1e-12)
    assert later.relaxation[0, 0] == pytest.approx(2.0 + log_half, rel=1e-12)
    never = switching(time, g, on=0.0, off=6.0, hold=10.0, **IN_SIEMENS)
    assert not never.switched[0, 0]
    assert never.delay_at_least[0, 0] == pytest.approx(
        3.0 + log_half, rel=1e-12
    )  # whether it would have stayed is open


def test_a_spike_at_the_beginning_is_not_on_before_where_it_does_not_hold():
    time, g = stairs(0.2, 0.01, 0.01, 0.2, 0.2, 0.2)
    assert switching(time, g, on=0.0, **IN_SIEMENS).on_before[0, 0]
    found = switching(time, g, on=0.0, hold=1.0, **IN_SIEMENS)
    assert not found.on_before[0, 0]
    assert found.delay[0, 0] == pytest.approx(2.0 + np.log(10.0) / np.log(20.0), rel=1e-12)


# ------------------------------------------------------------------ means and quantiles

# Weeks of remission under 6-mercaptopurine, Freireich et al., Blood 21, 699 (1963); True where still in remission.
REMISSION = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
STILL = [0, 0, 0, 1, 0, 1, 0, 1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1]


def test_quantiles_and_restricted_means_are_those_of_kaplan_and_meier():
    at_least = np.array(REMISSION, dtype=float)
    found = waits(np.where(STILL, np.nan, at_least), at_least)
    assert found.switched[:, 0].tolist() == [not one for one in STILL]
    np.testing.assert_allclose(found.delay_at_least[:, 0], at_least, rtol=1e-12)
    # the estimate as it is in textbooks: at 6, 7, 10, 13, 16, 22, 23
    survival = np.cumprod([18 / 21, 16 / 17, 14 / 15, 11 / 12, 10 / 11, 6 / 7, 5 / 6])
    assert survival[-2:].round(3).tolist() == [0.538, 0.448]
    assert found.quantile("delay", axis=None) == pytest.approx(23.0, rel=1e-12)
    assert found.quantile("delay", 0.25, axis=0)[0] == pytest.approx(13.0, rel=1e-12)
    assert np.isnan(found.quantile("delay", 0.9, axis=None))
    assert np.isnan(found.mean("delay", axis=None))
    edges = np.array([0.0, 6.0, 7.0, 10.0, 13.0, 16.0, 20.0])
    want = np.diff(edges) @ np.r_[1.0, survival[:5]]
    assert found.mean("delay", axis=None, horizon=20.0) == pytest.approx(want, rel=1e-12)
    assert np.isnan(found.mean("delay", axis=None, horizon=36.0))  # beyond what was seen


@given(st.lists(st.integers(1, 50), min_size=1, max_size=12))
def test_without_censored_ones_they_are_those_of_numpy(times):
    at_least = np.array(times, dtype=float)
    found = waits(at_least, at_least)
    assert found.mean("delay", axis=None) == pytest.approx(at_least.mean(), rel=1e-12)
    assert found.mean("delay", axis=None, horizon=20.5) == pytest.approx(np.minimum(at_least, 20.5).mean(), rel=1e-12)
    assert found.mean("delay", axis=None, horizon=99.0) == pytest.approx(at_least.mean(), rel=1e-12)
    assert found.quantile("delay", axis=None) == pytest.approx(np.median(at_least), rel=1e-12)
    for share in (0.1, 0.25, 0.3, 0.75, 0.9):
        want = np.quantile(at_least, share, method="averaged_inverted_cdf")
        assert found.quantile("delay", share, axis=None) == pytest.approx(want, rel=1e-12)


def test_the_median_of_exponential_waits_is_not_biased_by_censoring():
    rng = np.random.default_rng(1)
    wait, cut = rng.exponential(10.0, 400), rng.uniform(0.0, 20.0, 400)
    found = waits(np.where(wait <= cut, wait, np.nan), np.minimum(wait, cut))
    assert 0.3 < found.switched.mean() < 0.7
    median = found.quantile("delay", axis=None)
    assert median == pytest.approx(10.0 * np.log(2.0), abs=3.0 * 10.0 / np.sqrt(400 * found.switched.mean()))
    known = found.delay[found.switched]
    assert np.median(known) < 0.8 * median  # what leaving them out would give


def test_without_anything_to_see_there_is_no_number():
    time, g = stairs(0.2, 0.2, 0.2)
    found = switching(time, g, on=0.0, **IN_SIEMENS)
    for what in ("delay", "rise", "relaxation"):
        assert np.isnan(found.quantile(what)).all()
        assert np.isnan(found.mean(what)).all()
        assert np.isnan(found.mean(what, horizon=1.0)).all()


# ------------------------------------------------------------------ results and bad input


def test_results_are_read_only_in_copies_and_pickles_and_as_datasets():
    time = np.linspace(0.0, 10.0, 101)
    found = switching(time, np.exp(np.outer(np.minimum(time, 8.0 - time), [1.0, 2.0])), on=0.0, off=4.0)
    for one in (found, copy.deepcopy(found), pickle.loads(pickle.dumps(found))):
        with pytest.raises(ValueError, match="read-only"):
            one.delay[0, 0] = 1.0
        np.testing.assert_array_equal(one.delay, found.delay)
    data = found.to_dataset()
    assert isinstance(data, xr.Dataset)
    assert data.delay.dims == ("pulse", "realisation")
    assert data.attrs["level"] == found.level
    assert "delay" in found._repr_html_()


GOOD = {"time": [0.0, 1.0, 2.0], "g": [0.01, 0.1, 1.0], "on": 0.0}


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"time": [0.0, 2.0, 1.0]}, "time must increase"),
        ({"time": [0.0, 1.0]}, "g must have shape"),
        ({"time": [0.0], "g": [1.0]}, "at least 2 samples"),
        ({"g": [0.01, np.nan, 1.0]}, r"g must be finite, got nan at index \(1,\).*0 V"),
        ({"g": [[0.01], [0.1], [np.inf]]}, r"g must be finite, got inf at index \(2, 0\)"),
        ({"g": np.ones((2, 2))}, "g must have shape"),
        ({"g": [[0.01, 0.1, 1.0], [0.01, 0.1, 1.0]]}, "give its transpose"),
        ({"g": [0.01, 0.1, 1e200]}, "g must be in"),
        ({"g": np.ones((3, 0))}, "at least one realisation"),
        ({"g": np.ones((3, 1, 1))}, "g must have shape"),
        ({"g": np.zeros(3)}, "above 0 S"),
        ({"g": None}, "needs conductances g"),
        ({"g": xr.DataArray(np.ones((3, 2)), dims=("row", "edge"))}, "dimension time"),
        ({"on": None}, "give voltage, or their times"),
        ({"on": []}, "at least one time"),
        ({"on": [1.0, 0.0]}, "on must increase"),
        ({"on": -1.0}, "within the record"),
        ({"on": 2.0}, "end after it is on"),
        ({"on": np.nan}, "on must be finite"),
        ({"off": 3.0}, "within the record"),
        ({"off": 0.0}, "end after it is on"),
        ({"off": [1.0, 2.0]}, "a time for each of on"),
        ({"on": [0.0, 1.0], "off": [1.5, 2.0]}, "off before the next"),
        ({"voltage": [0.0, 1.0, 0.0]}, "give one or the other"),
        ({"rest": 0.0}, "give one or the other"),
        ({"on": None, "voltage": [1.0, 1.0, 1.0]}, "voltage must change.*got 1 V throughout.*on=0"),
        ({"on": None, "voltage": [1.0, 1.0, 1.0], "rest": 1.0}, "no pulse"),
        ({"g_max": 0.0}, "g_max must be in"),
        ({"level": 0.0}, "level must be in"),
        ({"relaxed": 0.2}, "relaxed must be in"),
        ({"rise": (0.9, 0.1)}, "two rising shares"),
        ({"rise": (0.1, 1.1)}, "two rising shares"),
        ({"top": -1.0}, "top must be in"),
        ({"hold": -1.0}, "hold must be in"),
        ({"levels": 0.1}, "did you mean 'level'"),
    ],
)
def test_bad_input_is_named(bad, message):
    with pytest.raises((TypeError, ValueError), match=message):
        switching(**GOOD | bad)


def test_bad_questions_are_named():
    found = switching(**GOOD)
    with pytest.raises(ValueError, match="did you mean 'delay'"):
        found.quantile("delays")
    for axis in (2, True, "pulse", -0.0, np.array([None])):
        with pytest.raises(ValueError, match="axis must be"):
            found.mean("delay", axis=axis)
    with pytest.raises(ValueError, match="share must be in"):
        found.quantile("delay", 1.0)
    with pytest.raises(ValueError, match="horizon must be in"):
        found.mean("delay", horizon=0.0)
    with pytest.raises(ValueError, match="edge_conductance nor conductance"):
        switching(xr.Dataset(coords={"time": [0.0, 1.0]}), on=0.0)
