"""Events, intervals and their distributions on data with known answers."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import memnet as mn
from memnet import analysis as an


@pytest.fixture(scope="module")
def data():
    net = mn.percolating(size=40, coverage=0.6, seed=1)
    sim = mn.Simulation(net, mn.TunnelGap(r_d=1e-4), {"left": 3.0, "right": 0.0}, dt=0.5)
    sim.run(100)
    return sim.run(2000)


def test_exact_events_are_those_of_the_run(data):
    found = an.events(data)
    assert len(found) == data.sizes["event"] > 100
    np.testing.assert_array_equal(found.step, data.event_step)
    np.testing.assert_array_equal(found.edge, data.event_edge)
    np.testing.assert_array_equal(found.kind, data.event_kind)
    np.testing.assert_array_equal(found.time, 0.5 * found.step)
    assert (found.start, found.stop, found.dt) == (100, 2100, 0.5)
    assert found.rate == len(found) / 2000


def test_merging_leaves_one_event_a_step(data):
    merged = an.events(data, per_step=True)
    np.testing.assert_array_equal(merged.step, sorted(set(data.event_step.values.tolist())))
    assert merged.edge is None
    assert len(merged) < data.sizes["event"]


def test_a_window_keeps_its_steps(data):
    part = an.events(data, start=500, stop=900)
    expected = [s for s in data.event_step.values if 500 <= s < 900]
    np.testing.assert_array_equal(part.step, expected)
    assert part.edge.size == part.kind.size == part.time.size == len(expected)
    counts = part.counts()
    assert counts.size == 400
    for k in (0, 57, 399):
        assert counts[k] == expected.count(500 + k)
    with pytest.raises(ValueError, match="leave no step of the window 100 to 2099"):
        an.events(data, start=3000)


def test_events_survive_a_file(data, tmp_path):
    import xarray as xr

    data.to_netcdf(tmp_path / "run.nc", engine="h5netcdf")
    with xr.open_dataset(tmp_path / "run.nc", engine="h5netcdf") as again:
        found = an.events(again)
    np.testing.assert_array_equal(found.step, an.events(data).step)
    assert (found.start, found.stop) == (100, 2100)


# ---------------------------------------------------------------- parts of a run (row A12)


def brute(data, rows, every=1):
    """Events whose step belongs to one of the rows."""
    return [s for s in data.event_step.values.tolist() if s // every * every in set(rows)]


PARTS = {
    "later": lambda d: d.sel(time=slice(500, None)),
    "earlier": lambda d: d.sel(time=slice(None, 400)),
    "between": lambda d: d.sel(time=slice(300, 700)),
    "isel": lambda d: d.isel(time=slice(-700, None)),
    "one row": lambda d: d.isel(time=slice(7, 8)),
    "a scalar": lambda d: d.isel(time=12),
    "a gap": lambda d: d.isel(time=np.r_[0:300, 900:1400]),
    "thinned": lambda d: d.isel(time=slice(None, None, 7)),
    "none": lambda d: d.isel(time=slice(0, 0)),
    "reversed": lambda d: d.isel(time=slice(None, None, -1)),
    "where, dropped": lambda d: d.where(d.time >= 500, drop=True),
    "where, filled": lambda d: d.where((d.time >= 300) & (d.time < 700)),
}


@pytest.mark.parametrize("name", PARTS)
def test_a12_events_belong_to_the_times_that_are_there(data, name):
    part = PARTS[name](data)
    time = np.atleast_1d(part.time.values)
    if name == "where, filled":
        time = time[(time >= 300) & (time < 700)]
    rows = np.rint(time / 0.5).astype(int)
    found = an.events(part)
    expected = brute(data, rows.tolist())
    np.testing.assert_array_equal(found.step, expected)
    assert len(found.edge) == len(found.kind) == len(expected)
    if name not in ("one row", "a scalar", "thinned", "none"):
        assert len(expected) > 20
    if rows.size:
        assert (found.start, found.stop) == (rows.min(), rows.max() + 1)
    assert found.cut == (rows.size == 0 or rows.min() > 100, rows.size == 0 or rows.max() < 2099)


def test_a12_a_part_without_times_is_refused(data):
    parts = {
        "dropped": data.isel(time=slice(300, 700)).drop_vars("time"),
        "renamed": data.rename(time="t").isel(t=slice(300, 700)),
        "swapped": data.isel(time=slice(300, 700)).assign_coords(row=("time", np.arange(400))).swap_dims(time="row"),
    }
    for name in ("dropped", "renamed"):
        with pytest.raises(ValueError, match="data has no coordinate time beside"):
            an.events(parts[name])
    alone = data[["event_step", "event_edge"]].drop_dims("time", errors="ignore")
    np.testing.assert_array_equal(an.events(alone).step, an.events(data).step)
    np.testing.assert_array_equal(an.events(parts["swapped"]).step, an.events(data.isel(time=slice(300, 700))).step)


def test_a12_parts_survive_files(data, tmp_path):
    import xarray as xr

    part = data.sel(time=slice(300, 700))
    expected = an.events(part)
    part.to_netcdf(tmp_path / "part.nc", engine="h5netcdf")
    data.to_zarr(tmp_path / "run.zarr", zarr_format=2, consolidated=False)
    with xr.open_dataset(tmp_path / "part.nc", engine="h5netcdf") as again:
        np.testing.assert_array_equal(an.events(again).step, expected.step)
        assert an.events(again).cut == (True, True)
    with xr.open_zarr(tmp_path / "run.zarr", consolidated=False) as lazy:
        np.testing.assert_array_equal(an.events(lazy.sel(time=slice(300, 700))).step, expected.step)


@pytest.mark.parametrize("every", [10, 7, 5000])
def test_a12_rows_of_every_tenth_step_stand_for_all_steps(every):
    net = mn.percolating(size=40, coverage=0.6, seed=1)
    sim = mn.Simulation(net, mn.TunnelGap(r_d=1e-4), {"left": 3.0, "right": 0.0}, dt=0.1)
    sim.run(103)
    run = sim.run(1500, every=every)
    found = an.events(run)
    np.testing.assert_array_equal(found.step, run.event_step)
    assert (found.start, found.stop, found.gaps, found.cut) == (103, 1603, (), (False, False))
    if every < 5000:
        part = run.sel(time=slice(60.0, 120.0))
        rows = np.rint(part.time.values / 0.1).astype(int).tolist()
        np.testing.assert_array_equal(an.events(part).step, brute(run, rows, every))


LOST = {
    "renamed": lambda data: data.rename(time="t").sel(t=slice(300, None)),
    "dropped": lambda data: data.drop_vars("time").isel(time=slice(300, None)),
    "averaged": lambda data: data.mean("time", keep_attrs=True),
}


@pytest.mark.parametrize("how", LOST)
def test_a12_rows_without_their_times_are_refused(data, how):
    with pytest.raises(ValueError, match=r"data has no coordinate time beside .*before time is renamed"):
        an.events(LOST[how](data))
    alone = data[["event_step", "event_edge", "event_kind"]].drop_vars("time", errors="ignore")
    assert len(an.events(alone)) == data.sizes["event"]


def test_a12_nothing_spans_a_gap(data):
    part = data.isel(time=np.r_[0:300, 900:1400])
    found = an.events(part)
    assert found.gaps == ((400, 1000),)
    assert found.rate == len(found) / 800
    first, second = found.parts()
    np.testing.assert_array_equal(
        an.inter_event_intervals(found),
        np.r_[an.inter_event_intervals(first.step), an.inter_event_intervals(second.step)],
    )
    assert an.inter_event_intervals(part).max() < 600
    with pytest.raises(ValueError, match="no gaps, got 1"):
        an.autocorrelation(found)


def test_a12_events_chosen_by_edge_stay_chosen(data):
    edge = int(data.event_edge[0])
    chosen = data.where(data.event_edge == edge, drop=True)
    np.testing.assert_array_equal(an.events(chosen).step, data.event_step[data.event_edge == edge])
    assert len(an.events(data.isel(event=slice(0, 5)))) == 5


def test_a12_times_that_are_no_steps_are_refused(data):
    with pytest.raises(ValueError, match=r"multiples of dt = 0\.5 s"):
        an.events(data.assign_coords(time=data.time + 0.2))
    with pytest.raises(ValueError, match="before times are shifted"):
        an.events(data.assign_coords(time=data.time - data.time[0]))
    with pytest.raises(ValueError, match="lost its attribute parameters"):
        an.events(data.drop_attrs())


def test_a12_plasticity_counts_events_of_the_times_that_are_there():
    net = mn.percolating(30, 0.6, seed=1)
    drive = {"left": mn.drive.pulses(1.25, 6.0, 30.0, 20.0, 5), "right": 0.0}
    run = mn.Simulation(net, mn.TunnelGap(r_d=1e-3), drive, dt=0.5, seed=0).run(500)
    part = run.isel(time=slice(100, 400))
    found = an.plasticity(part, window=10)
    counts = np.bincount(run["event_step"].values, minlength=500)[100:400]
    np.testing.assert_allclose(
        found.rate.pulse, [counts[a:b].mean() for a, b in zip(found.start, found.stop, strict=True)]
    )


# ---------------------------------------------------------------- uneven traces (row A13)


def uneven(n=400, seed=1):
    """Times with one-second and ten-second steps, and a trace that jumps at every fourth sample or so."""
    rng = np.random.default_rng(seed)
    time = np.cumsum(rng.choice([1.0, 10.0], size=n))
    jumps = np.cumsum(rng.integers(3, 6, size=n))
    jumps = jumps[jumps < n]
    trace = np.ones(n)
    for k, at in enumerate(jumps):
        trace[at:] += 1.0 if k % 2 == 0 else -1.0
    return time, trace


def test_a13_intervals_of_an_uneven_trace_are_in_seconds():
    time, trace = uneven()
    found = an.events(time, trace, absolute=0.1)
    assert not found.even
    np.testing.assert_array_equal(found.time, time[found.step])
    np.testing.assert_array_equal(an.inter_event_intervals(found), np.diff(found.time))
    by_time = an.avalanches(found.time, bin=15.0)
    by_events = an.avalanches(found, bin=15.0)
    np.testing.assert_array_equal(by_events.size, by_time.size)
    np.testing.assert_array_equal(by_events.duration, by_time.duration)
    assert by_events.unit == "s"
    assert an.avalanches(found).bin == pytest.approx(np.diff(found.time).mean())
    with pytest.raises(ValueError, match="evenly spaced"):
        an.autocorrelation(found)


@pytest.mark.parametrize("dt", [0.1, 1 / 3, 1e-3])
def test_a13_even_traces_stay_in_samples(dt):
    _, trace = uneven()
    steps = np.arange(trace.size)
    for time in (steps * dt, 1e6 + steps * dt, np.cumsum(np.full(steps.size, dt)), np.round(steps * dt, 5)):
        found = an.events(time, trace, absolute=0.1)
        assert found.even
        np.testing.assert_array_equal(an.inter_event_intervals(found), np.diff(found.step))


def test_a13_a_trace_with_missing_samples_is_uneven():
    _, trace = uneven()
    time = np.arange(trace.size) * 0.1
    keep = np.r_[0:100, 200:400]
    assert not an.events(time[keep], trace[keep], absolute=0.1).even


def test_results_say_in_a_line_what_they_are(data):
    found = an.events(data)
    assert repr(found).startswith(f"<Events: events {len(found)} in 2,000 steps")
    assert "dt 500 ms" in repr(found)
    assert ">steps 100 to 2,099</td>" in found._repr_html_()
    for one in (found, an.autocorrelation(found, n_surrogates=2, seed=1), an.iei_distribution(np.arange(1, 100))):
        assert "\n" not in repr(one)
        assert len(repr(one)) < 200
        assert one._repr_html_().startswith("<table>")


def test_a_run_without_events_has_none():
    net = mn.percolating(size=30, coverage=0.6, seed=1)
    found = an.events(mn.Simulation(net, mn.RateBalance(), {"left": 1.0, "right": 0.0}).run(50))
    assert len(found) == 0
    assert found.rate == 0
    assert found.counts().sum() == 0
    assert an.inter_event_intervals(found).size == 0
    assert an.iei_distribution(an.inter_event_intervals(found)).message == "not enough data: 0 intervals"
    assert an.autocorrelation(found).message == "not enough data: 0 steps with events"


# ---------------------------------------------------------------- threshold events


def staircase(jumps, n=200, base=1.0):
    trace = np.full(n, base)
    for k, size in jumps:
        trace[k:] += size
    return trace


def test_each_jump_is_one_event_of_its_sign():
    trace = staircase([(20, 0.5), (60, -0.3), (100, 0.2), (103, 0.4)])
    found = an.events(np.arange(200) * 0.1, trace, absolute=0.05)
    np.testing.assert_array_equal(found.step, [19, 59, 99, 102])
    np.testing.assert_array_equal(found.kind, [1, -1, 1, 1])
    np.testing.assert_allclose(found.time, found.step * 0.1, rtol=1e-15)
    assert found.dt == pytest.approx(0.1)


def test_absolute_and_relative_thresholds_are_strict_and_act_on_half_a_jump():
    trace = staircase([(50, 0.5), (150, 0.5)])  # D = 0.25 twice; D/G at the first sample: 0.25/1, then 0.25/1.5
    time = np.arange(200.0)
    assert len(an.events(time, trace, absolute=0.2499)) == 2
    assert len(an.events(time, trace, absolute=0.25)) == 0
    assert len(an.events(time, trace, relative=0.2)) == 1
    assert len(an.events(time, trace, relative=0.16)) == 2
    assert len(an.events(time, trace, relative=0.2, absolute=0.2)) == 2


def test_an_excursion_is_one_event_at_its_peak():
    k = np.arange(400)
    trace = 2.0 + np.tanh((k - 200) / 12.0)  # a slow rise, steepest at 200
    found = an.events(k * 1.0, trace, absolute=0.01)
    np.testing.assert_array_equal(found.step, [200])
    # of abs(D)/G the peak comes earlier, where G is still small: d/dk of log G
    expected = np.argmax(np.gradient(trace) / trace)
    assert expected < 200
    np.testing.assert_array_equal(an.events(k * 1.0, trace, relative=0.01).step, [expected])


def test_noise_below_the_floor_is_no_event():
    rng = np.random.default_rng(1)
    trace = 1e-9 * rng.random(300)
    trace[150:] = 1e-6
    assert len(an.events(np.arange(300.0), trace, relative=0.1)) > 20
    np.testing.assert_array_equal(an.events(np.arange(300.0), trace, relative=0.1, floor=1e-8).step, [149])


def test_threshold_events_of_a_run_are_its_switching_events(data):
    # one event in a step, none within three steps of it, and a change far above rounding
    conductance = data.conductance.values
    found = an.events(data, relative=1e-9)
    exact = an.events(data, per_step=True)
    lonely = [
        s
        for s in exact.step - 100
        if s < 1990 and not np.isin([s - 3, s - 2, s - 1, s + 1, s + 2, s + 3], exact.step - 100).any()
    ]
    seen = [s for s in lonely if abs(conductance[s + 1] / conductance[s] - 1) > 1e-6]
    assert len(seen) > 10
    # a jump up is steepest relative to G before it, a jump down after it
    rises = np.array([conductance[s + 1] > conductance[s] for s in seen])
    assert rises.any()
    assert not rises.all()
    assert set(np.where(rises, seen, np.add(seen, 1)).tolist()) <= set(found.step.tolist())


def test_constant_trace_has_no_events():
    assert len(an.events(np.arange(100.0), np.full(100, 3.0), relative=1e-6, absolute=1e-6)) == 0
    assert len(an.events(np.arange(100.0), np.zeros(100), relative=1e-6)) == 0


@pytest.mark.parametrize(
    ("time", "trace", "options", "message"),
    [
        ([0, 1, 1], [1, 1, 1], {"absolute": 1}, "time must increase, got 1 and then 1 at index 2"),
        ([0, 2, 1], [1, 1, 1], {"absolute": 1}, "time must increase"),
        ([0, 1, 2], [1, np.nan, 1], {"absolute": 1}, "conductance must be finite, got nan at index"),
        ([0, np.nan, 2], [1, 1, 1], {"absolute": 1}, "time must be finite"),
        ([0, 1, 2], [1, 1], {"absolute": 1}, r"conductance must have shape \(3,\)"),
        ([0], [1], {"absolute": 1}, "at least 2 samples, got 1"),
        ([], [], {"absolute": 1}, "at least 2 samples, got 0"),
        ([0, 1, 2], [1, 1, 1], {}, "need a threshold"),
        ([0, 1, 2], None, {}, "need a threshold"),
        ([0, 1, 2], None, {"absolute": 1}, "need conductance"),
        ([0, 1, 2], [1, 1, 1], {"absolute": 0}, r"absolute must be in \(0, inf\)"),
        ([0, 1, 2], [1, 1, 1], {"relative": -1}, r"relative must be in"),
        ([0, 1, 2], [1, -1, 1], {"relative": 1}, "conductances >= 0"),
    ],
)
def test_bad_traces_are_refused(time, trace, options, message):
    with pytest.raises(ValueError, match=message):
        an.events(time, trace, **options)


def test_a_dataset_without_events_says_what_it_has(data):
    with pytest.raises(ValueError, match=r"no variable event_step, only \['conductance'\]"):
        an.events(data[["conductance"]])
    with pytest.raises(ValueError, match="no variable conductance"):
        an.events(data[["current"]], absolute=1.0)
    shuffled = data.isel(event=slice(None, None, -1))
    with pytest.raises(ValueError, match="event_step must not decrease"):
        an.events(shuffled)


# ---------------------------------------------------------------- intervals


def test_intervals_count_events_of_one_step_once():
    np.testing.assert_array_equal(an.inter_event_intervals([1, 1, 4, 4, 4, 10]), [3, 6])
    assert an.inter_event_intervals(np.array([1, 3])).dtype == np.int64
    np.testing.assert_allclose(an.inter_event_intervals([0.5, 0.75, 2.0]), [0.25, 1.25])
    assert an.inter_event_intervals([]).size == an.inter_event_intervals([4]).size == 0


@pytest.mark.parametrize(
    ("times", "error", "message"),
    [
        ([3, 1], ValueError, "events must not decrease, got 3 and then 1 at index 1"),
        ([1.0, np.nan], ValueError, "events must be finite"),
        ([[1, 2]], ValueError, r"events must have shape \(any,\)"),
        (["a"], TypeError, "array of event times"),
    ],
)
def test_bad_times_are_refused(times, error, message):
    with pytest.raises(error, match=message):
        an.inter_event_intervals(times)


@given(
    values=st.lists(st.integers(1, 10**6), min_size=50, max_size=200),
    per_decade=st.floats(0.5, 30),
    bins=st.integers(1, 500),
)
@settings(max_examples=60)
def test_integer_bins_hold_every_value_once(values, per_decade, bins):
    found = an.iei_distribution(values, linear=bins, log=per_decade)
    for histogram in (found.linear, found.log):
        assert histogram.count.sum() == len(values)
        assert (histogram.edges == np.floor(histogram.edges)).all()
        assert (np.diff(histogram.edges) >= 1).all()
        assert histogram.edges[0] == min(values)
        assert np.sum(histogram.density * np.diff(histogram.edges)) == pytest.approx(1, rel=1e-12)
        assert (histogram.center >= histogram.edges[:-1]).all()
        assert (histogram.center <= histogram.edges[1:] - 1).all()
        brute = [
            sum(low <= v < high for v in values)
            for low, high in zip(histogram.edges[:-1], histogram.edges[1:], strict=True)
        ]
        np.testing.assert_array_equal(histogram.count, brute)


@given(values=st.lists(st.floats(1e-6, 1e6), min_size=50, max_size=200), per_decade=st.floats(0.5, 30))
@settings(max_examples=60)
def test_real_bins_hold_every_value_once(values, per_decade):
    found = an.iei_distribution(values, log=per_decade)
    for histogram in (found.linear, found.log):
        assert histogram.count.sum() == len(values)
        assert np.sum(histogram.density * np.diff(histogram.edges)) == pytest.approx(1, rel=1e-9)


def test_density_of_geometric_intervals_is_their_probability():
    p = 0.02
    values = np.random.default_rng(3).geometric(p, size=200_000)
    found = an.iei_distribution(values, log=10)
    for histogram in (found.linear, found.log):
        low, high = histogram.edges[:-1], histogram.edges[1:]
        exact = ((1 - p) ** (low - 1) - (1 - p) ** (high - 1)) / (high - low)
        often = histogram.count >= 50
        pull = (histogram.density - exact)[often] / histogram.error[often]
        assert often.sum() > 15
        assert np.abs(pull).max() < 5
        assert 0.7 < pull.std() < 1.3  # the errors are neither too small nor too large
    np.testing.assert_array_equal(np.diff(found.linear.edges), 1)


def test_slope_of_a_power_law_in_log_bins():
    values = (1 - np.random.default_rng(4).random(200_000)) ** (-1 / 0.8)
    line = an.iei_distribution(values, log=5).log.slope(high=1e4)
    assert line.slope == pytest.approx(-1.8, abs=0.02)
    assert line.n > 15


def test_the_line_is_that_of_closed_form_least_squares():
    x, y = np.array([1.0, 2.0, 5.0, 9.0]), np.array([3.0, 1.0, 0.7, 0.1])
    line = an.log_slope(np.r_[x, 10.0, 20.0], np.r_[y, 0.0, np.nan])
    a, b = np.log(x), np.log(y)
    slope = np.cov(a, b)[0, 1] / a.var(ddof=1)
    residual = b - b.mean() - slope * (a - a.mean())
    assert line.slope == pytest.approx(slope, rel=1e-12)
    assert line.error == pytest.approx(np.sqrt(residual @ residual / 2 / ((a - a.mean()) ** 2).sum()), rel=1e-12)
    assert line.n == 4
    assert np.isnan(an.log_slope([1.0, 2.0], [1.0, 2.0]).slope)


def test_given_edges_are_taken_and_what_is_outside_still_counts_in_the_norm():
    found = an.iei_distribution(np.r_[np.full(60, 2), np.full(40, 50)], linear=[1, 3, 5], log=[1, 4, 16])
    np.testing.assert_array_equal(found.linear.count, [60, 0])
    np.testing.assert_allclose(found.linear.density, [0.3, 0.0])
    np.testing.assert_allclose(found.log.density, [0.2, 0.0])
    data = found.to_dataset()
    assert data.sizes == {"linear_bin": 2, "log_bin": 2}
    assert data.attrs["n"] == 100


@pytest.mark.parametrize(
    ("values", "options", "message"),
    [
        ([0] * 60, {}, "intervals must be positive, got 0"),
        ([1.0, np.nan], {}, "intervals must be finite"),
        ([1] * 60, {"linear": 0}, "linear must be an integer in"),
        ([1] * 60, {"log": 0}, r"log must be in \(0, 1000\]"),
        ([1] * 60, {"log": [0, 1]}, "log must hold at least 2 increasing positive edges"),
        ([1] * 60, {"linear": [2, 1]}, "linear must hold at least 2 increasing edges"),
        ([1] * 60, {"linear": [0.5, 1.5]}, "must be integers"),
    ],
)
def test_bad_intervals_are_refused(values, options, message):
    with pytest.raises(ValueError, match=message):
        an.iei_distribution(values, **options)


def test_few_intervals_give_no_numbers():
    found = an.iei_distribution(np.arange(1, 32))
    assert found.message == "not enough data: 31 intervals"
    assert found.n == 31
    assert found.log.density.size == found.linear.density.size == 0
    assert np.isnan(found.log.slope().slope)
    assert found.to_dataset().attrs["message"] == found.message


def test_all_equal_intervals_have_one_bin():
    found = an.iei_distribution([7] * 60)
    np.testing.assert_array_equal(found.linear.count, [60])
    np.testing.assert_array_equal(found.linear.density, [1.0])
    np.testing.assert_array_equal(found.log.edges, [7, 8])


def test_a12_runs_joined_in_time_have_the_events_of_both():
    import xarray as xr

    net = mn.percolating(size=40, coverage=0.6, seed=1)
    sim = mn.Simulation(net, mn.TunnelGap(r_d=1e-4), {"left": 3.0, "right": 0.0}, dt=0.1)
    runs = [sim.run(1000), sim.run(1000)]
    of_events = ["event_step", "event_edge", "event_kind"]
    rows = xr.concat([run.drop_dims("event") for run in runs], "time")
    whole = rows.merge(xr.concat([run[of_events] for run in runs], "event"))
    found = an.events(whole)
    np.testing.assert_array_equal(found.step, np.r_[runs[0].event_step, runs[1].event_step])
    assert (found.start, found.stop, found.gaps, found.cut) == (0, 2000, (), (False, False))
    part = an.events(whole.sel(time=slice(90.0, None)))
    np.testing.assert_array_equal(part.step, found.step[found.step >= 900])
