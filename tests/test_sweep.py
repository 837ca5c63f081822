"""Sweeps: what comes of a function at all points, from one process or several, and from a store."""

import functools
import os
import signal
import threading
import time
import warnings

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings, strategies as st

import memnet as mn
from memnet.study import FailedPoint, _journal as journals
from memnet.study._outcome import outcome
from memnet.study._source import digest_of

sweep = functools.partial(mn.sweep, workers=1, progress=False)


def product(a, b):
    return a * b


def current(voltage, seed):
    """What a run of a small network gives, with dimensions of its own."""
    net = mn.grid(4, 4, seed=seed)
    return mn.Simulation(net, mn.RateBalance(), {"left": voltage, "right": 0.0}).run(5).current


def test_the_result_is_the_function_on_the_grid():
    data = sweep(product, {"a": [1.0, 2.0, 3.0], "b": np.array([0.5, 4.0])})
    assert data.result.dims == ("a", "b")
    assert data.result.values.tolist() == np.outer([1.0, 2.0, 3.0], [0.5, 4.0]).tolist()
    assert data.a.values.tolist() == [1.0, 2.0, 3.0]
    assert data.result.sel(a=2.0, b=4.0) == 8.0


def test_dimensions_of_a_run_stand_behind_the_axes():
    data = sweep(current, {"voltage": [1.0, 2.0], "seed": range(3)})
    assert data.current.dims == ("voltage", "seed", "time", "electrode")
    assert data.current.attrs["units"] == "A"
    assert data.electrode.values.tolist() == ["left", "right"]
    for volts in (1.0, 2.0):
        for seed in range(3):
            np.testing.assert_array_equal(
                data.current.sel(voltage=volts, seed=seed).values, current(volts, seed).values
            )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, {"result": ((), 3)}),
        (True, {"result": ((), True)}),
        ("on", {"result": ((), "on")}),
        (1 + 2j, {"result": ((), 1 + 2j)}),
        ([1.0, 2.0], {"result": (("result_0",), [1.0, 2.0])}),
        ({"n": 1, "x": ("q", [1, 2], {"units": "V"})}, {"n": ((), 1), "x": (("q",), [1, 2])}),
        (xr.DataArray([1.0], dims="q", name="y"), {"y": (("q",), [1.0])}),
        ({"z": xr.DataArray([1.0], dims="q", name="y")}, {"z": (("q",), [1.0])}),
        (xr.Dataset({"y": ("q", [5])}, {"q": [7], "k": 3}), {"y": (("q",), [5]), "k": ((), 3)}),
    ],
)
def test_what_a_function_may_return(value, expected):
    data = sweep(lambda a: value, {"a": [0, 1]})
    for name, (dims, values) in expected.items():
        assert data[name].dims == ("a", *dims)
        assert data[name].values.tolist() == [values, values]
        assert data[name].values.dtype == np.asarray(values).dtype
    if "x" in expected:
        assert data.x.attrs == {"units": "V"}
    if "k" in expected:
        assert "k" in data.coords
        assert data.q.values.tolist() == [7]


@pytest.mark.parametrize("value", [None, object(), {"a_b": None}, [[1.0], [1.0, 2.0]], {1: 2}, {"x": ("q", 1.0)}])
def test_what_it_may_not_return(value):
    with pytest.raises((TypeError, ValueError), match=r"must be|must have"):
        sweep(lambda a: value, {"a": [0]})


def test_types_grow_as_points_need():
    assert sweep(lambda a: a, {"a": [1, 2]}).result.dtype == np.int64
    assert sweep(lambda a: a if a else 0.5, {"a": [1, 0]}).result.values.tolist() == [1.0, 0.5]
    assert sweep(lambda a: "x" * a, {"a": [1, 3]}).result.values.tolist() == ["x", "xxx"]
    with pytest.raises(ValueError, match=r"of int64 in a=1 and of <U1 in a=2"):
        sweep(lambda a: a if a == 1 else "x", {"a": [1, 2]})


class Plain:
    pass


@pytest.mark.parametrize(
    ("values", "coordinate"),
    [
        ([1, 2], [1, 2]),
        ([1, 2.5], [1.0, 2.5]),
        ([True, False], [True, False]),
        (["a", "b"], ["a", "b"]),
        ([None, 1e-3], ["None", "0.001"]),
        ([(1, 2), (1, 3)], ["(1, 2)", "(1, 3)"]),
        ([np.sin, np.cos], ["sin", "cos"]),
        ([mn.RateBalance(), mn.RateBalance(eta_p=9.0)], ["RateBalance()", "RateBalance(eta_p=9.0)"]),
        ([Plain(), Plain()], ["Plain 0", "Plain 1"]),
        ({"first": Plain(), "second": [1]}, ["first", "second"]),
        ([2**64], [str(2**64)]),
        (xr.DataArray([0.1, 0.2], dims="a"), [0.1, 0.2]),
    ],
)
def test_values_of_an_axis_reach_the_function_and_name_the_points(values, coordinate):
    seen = []
    data = sweep(lambda a: seen.append(a) or len(seen), {"a": values})
    assert data.a.values.tolist() == coordinate
    given = list(values.values()) if isinstance(values, dict) else list(values)
    assert all(one is other or one == other for one, other in zip(seen, given, strict=True))


def test_numbers_of_arrays_reach_the_function_as_pythons():
    assert sweep(lambda a: type(a).__name__, {"a": np.arange(2.0)}).result.values.tolist() == ["float", "float"]


def test_values_that_go_together_are_one_dimension():
    data = sweep(
        lambda size, cover, seed: size * cover + seed, {("size", "cover"): [(10, 0.5), (20, 0.6)], "seed": [0, 1]}
    )
    assert data.result.dims == ("size_cover", "seed")
    assert data.result.values.tolist() == [[5.0, 6.0], [12.0, 13.0]]
    assert data.cover.dims == ("size_cover",)
    assert data.result.where(data["size"] == 20, drop=True).values.tolist() == [[12.0, 13.0]]


@pytest.mark.parametrize(
    ("axes", "said"),
    [
        ({}, "at least one axis"),
        ([1], "a mapping"),
        ({"a": 3.0}, "a list of values"),
        ({"a": "text"}, "a list of values"),
        ({"a": {1, 2}}, "a list of values"),
        ({"a": []}, "at least one value"),
        ({"a": [1, 1]}, "different values"),
        ({"a": [1.0, 1]}, "different values"),
        ({"a": [0.0, -0.0]}, "different values"),
        ({"a": [2**53, 2**53 + 1, 0.5]}, "different values"),
        ({"a": np.zeros((2, 2))}, "one dimension"),
        ({"a": np.ma.array([1.0, 2.0], mask=[False, True])}, "masked"),
        ({"a": range(10**9)}, "at most"),
        ({"a": range(10**400)}, "at most"),
        ({3: [1]}, "string"),
        ({("a", "b"): [(1, 2, 3)]}, "rows of 2 values"),
        ({("a",): [(1,)]}, "two or more"),
        ({("a", "b"): [(1, 2), (1, 2)]}, "different values"),
        ({"a": [1], ("a", "b"): [(1, 2)]}, "names of their own"),
        ({"a": ["None", None]}, "different values"),
    ],
)
def test_axes_that_are_none(axes, said):
    with pytest.raises((TypeError, ValueError), match=said):
        sweep(lambda **point: 0, axes)


def test_a_function_that_does_not_take_the_axes_is_refused_before_it_is_called():
    with pytest.raises(TypeError, match=r"no argument 'voltag', did you mean 'voltage'\?"):
        sweep(current, {"voltag": [1.0], "seed": [1]})
    with pytest.raises(TypeError, match=r"no argument beside the axes voltage: missing a required argument: 'seed'"):
        sweep(current, {"voltage": [1.0]})


def test_points_that_do_not_go_together_are_named():
    with pytest.raises(ValueError, match=r"'result' has the shape \(1,\) in a=1 and \(2,\) in a=2; ragged=True"):
        sweep(lambda a: np.ones(a), {"a": [1, 2]})
    with pytest.raises(ValueError, match=r"a=1 has 'x' and a=2 has not; ragged=True"):
        sweep(lambda a: {"x": 1} if a == 1 else {}, {"a": [1, 2]})
    with pytest.raises(ValueError, match=r"dimensions \(\) in a=1 and \('x_0',\) in a=2"):
        sweep(lambda a: {"x": 1 if a == 1 else [1]}, {"a": [1, 2]}, ragged=True)
    with pytest.raises(ValueError, match=r"same coordinate 't', but a=1 and a=2 differ"):
        sweep(lambda a: xr.DataArray([1.0], {"t": [a]}, "t"), {"a": [1, 2]}, ragged=True)
    with pytest.raises(ValueError, match=r"no 'a', which is a name of the sweep itself"):
        sweep(lambda a: {"a": 1}, {"a": [1]})


def test_ragged_points_are_filled_up():
    def times(a):
        return xr.Dataset({"x": ("t", np.arange(a))}, {"t": np.arange(a) * 0.1}).assign({"only": 1} if a == 2 else {})

    data = sweep(times, {"a": [1, 3, 2]}, ragged=True)
    np.testing.assert_array_equal(data.x.values, [[0, np.nan, np.nan], [0, 1, 2], [0, 1, np.nan]])
    np.testing.assert_array_equal(data.only.values, [np.nan, np.nan, 1.0])
    assert data.t.values.tolist() == (np.arange(3) * 0.1).tolist()


def short(a):
    if a == 1:
        raise mn.ShortCircuit("in touches out")
    if a == 3:
        raise KeyError("no")
    return {"n": a, "text": str(a), "far": a > 1}


def test_errors_are_kept_where_it_is_asked_for():
    with pytest.warns(
        mn.FailedPointsWarning, match=r"2 of 4 points failed: 1 ShortCircuit, 1 KeyError; the first is a=1"
    ):
        data = sweep(short, {"a": range(4)}, errors="keep")
    np.testing.assert_array_equal(data.n.values, [0.0, np.nan, 2.0, np.nan])
    np.testing.assert_array_equal(data.far.values, [0.0, np.nan, 1.0, np.nan])
    assert data.text.values.tolist() == ["0", "", "2", ""]
    assert data.sweep_error.values.tolist() == ["", "ShortCircuit: in touches out", "", "KeyError: 'no'"]
    assert data.attrs["failed"].startswith("2 of 4 points failed")


def test_an_error_stops_the_sweep_and_says_where():
    with pytest.raises(mn.ShortCircuit, match="in touches out") as caught:
        sweep(short, {"a": range(4)})
    assert isinstance(caught.value.__cause__, FailedPoint)
    assert caught.value.__cause__.place == "a=1"
    assert "in short" in str(caught.value.__cause__)


def test_equal_numbers_have_equal_seeds():
    values = [0, 0.0, -0.0, np.float32(0.0), 3, 3.0, 2.5, 1e300]
    found = [int(sweep(lambda a, seed: seed, {"a": [value]}, seeds=5).result[0]) for value in values]
    assert len(set(found[:4])) == 1
    assert found[4] == found[5]
    assert len(set(found)) == 4


def test_seeds_belong_to_points_and_not_to_the_order_of_axes():
    few = sweep(lambda a, b, seed: seed, {"a": [1, 2], "b": ["x"]}, seeds=5)
    many = sweep(lambda b, a, seed: seed, {"b": ["y", "x"], "a": [3, 2, 1]}, seeds=5)
    assert few.result.dtype == np.int64
    for a in (1, 2):
        assert few.result.sel(a=a, b="x") == many.result.sel(a=a, b="x") == few.seed.sel(a=a, b="x")
    other = sweep(lambda a, b, seed: seed, {"a": [1, 2], "b": ["x"]}, seeds=6)
    drawn = {
        *few.result.values.ravel().tolist(),
        *many.result.values.ravel().tolist(),
        *other.result.values.ravel().tolist(),
    }
    assert len(drawn) == 6 + 2
    with pytest.raises(ValueError, match=r"'seed' twice; leave out seeds="):
        sweep(current, {"voltage": [1.0], "seed": [1]}, seeds=3)


def test_attributes_tell_where_the_result_is_from():
    data = sweep(product, {"a": [1], "b": [2]})
    assert data.attrs["function"] == "test_sweep.product"
    assert data.attrs["function_source"] == "def product(a, b):\n    return a * b\n"
    assert data.attrs["memnet_version"] == mn.__version__
    typed = eval("lambda a: a")
    assert sweep(typed, {"a": [1]}).attrs["function_source"].startswith("not known")


def made(k):
    return lambda a: a * k


SIZE = 3


def helper(a):
    return a + SIZE


def through(a):
    return helper(a)


def test_a_digest_tells_functions_apart(monkeypatch):
    digests = [digest_of(one) for one in (made(1), made(2), eval("lambda a: a + 1"), eval("lambda a: a + 2"), through)]
    digests += [digest_of(functools.partial(product, b=one)) for one in (1, 2, [3])]
    assert len(set(digests)) == len(digests)
    assert digest_of(made(1)) == digests[0]
    monkeypatch.setitem(globals(), "SIZE", 4)
    assert digest_of(through) != digests[4]


def test_workers_give_the_bits_of_one_process_although_one_is_killed(tmp_path):
    scale = 0.1
    here, killed = os.getpid(), tmp_path / "killed"

    def point(a, b):
        if a == 3 and b == 0:
            raise mn.ShortCircuit("here")
        if a == 5 and b == 1 and not killed.exists():
            killed.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return {
            "x": np.sin(a * scale) + b,
            "elsewhere": os.getpid() != here,
            "threads": os.environ.get("OMP_NUM_THREADS"),
        }

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mn.FailedPointsWarning)
        axes, store = {"a": range(8), "b": [0, 1]}, tmp_path / "s.zarr"
        data = mn.sweep(point, axes, workers=2, progress=False, errors="keep", store=store)
        opened = mn.open_sweep(store)
        assert opened.identical(data.assign_attrs(created=opened.created))
        assert xr.open_zarr(store).load().equals(data)
    assert killed.exists()
    assert np.nansum(data.elsewhere) == 15
    assert set(np.unique(data.threads)) == {"", "1"}
    alone = np.sin(np.arange(8) * scale)[:, None] + [0, 1]
    alone[3, 0] = np.nan
    np.testing.assert_array_equal(data.x.values, alone)


def counted(calls, stop=None):
    def point(a):
        if a == stop:
            raise ArithmeticError("stop")
        calls.append(a)
        return {"x": ("q", np.arange(3) / (a + 7)), "n": a, "s": "é" * a, "z": 1j * a}

    return point


def test_a_store_computes_nothing_twice(tmp_path):
    store, calls = tmp_path / "deep" / "s.zarr", []
    for _ in range(2):
        with pytest.raises(ArithmeticError):
            sweep(counted(calls, 2), {"a": range(4)}, store=store)
    assert calls == [0, 1]
    with pytest.warns(mn.UnfinishedRunWarning, match=r"2 of 4 points"):
        part = mn.open_sweep(store)
    np.testing.assert_array_equal(part.n.values, [0, 1, np.nan, np.nan])
    with pytest.raises(ValueError, match=r"store .* is of other function: .*changed"):
        sweep(counted(calls), {"a": range(4)}, store=store)
    data = sweep(counted(calls), {"a": range(4)}, store=store, accept=["function"])
    assert calls == [0, 1, 2, 3]
    whole = sweep(counted([]), {"a": range(4)})
    assert data.equals(whole)
    assert data.attrs["accepted"] == "some points are of other function"
    assert xr.open_zarr(store).load().equals(whole)
    assert sweep(counted(calls), {"a": range(4)}, store=store).equals(whole)
    assert calls == [0, 1, 2, 3]


def test_a_store_takes_further_points(tmp_path):
    store, calls = tmp_path / "s.zarr", []
    sweep(counted(calls), {"a": [0, 2]}, store=store)
    with pytest.raises(ValueError, match=r"of other axes: a has other values \(2 values there, 4 values here\)"):
        sweep(counted(calls), {"a": range(4)}, store=store)
    assert xr.open_zarr(store).sizes["a"] == 2
    data = sweep(counted(calls), {"a": range(4)}, store=store, accept=["axes"])
    assert calls == [0, 2, 1, 3]
    assert data.equals(sweep(counted([]), {"a": range(4)}))
    assert "accepted" not in data.attrs
    assert xr.open_zarr(store).load().equals(data)


def test_a_store_of_other_versions_or_seeds_is_refused(tmp_path, monkeypatch):
    store = tmp_path / "s.zarr"
    sweep(counted([]), {"a": [0]}, store=store)
    with pytest.raises(ValueError, match=r"of other seeds: None there, 3 here"):
        sweep(lambda a, seed: seed, {"a": [0]}, store=store, seeds=3, accept=["function"])
    versions = mn.study._sweep.versions()
    monkeypatch.setattr("memnet.study._sweep.versions", lambda: {**versions, "memnet_version": "99"})
    with pytest.raises(ValueError, match=r"of other versions: memnet_version .* there, 99 here"):
        sweep(counted([]), {"a": [0]}, store=store)


def test_errors_in_a_store_are_not_tried_again_unless_asked(tmp_path):
    store, calls = tmp_path / "s.zarr", []

    def failing(a):
        calls.append(a)
        if a and len(calls) < 4:
            raise mn.ShortCircuit("near")
        return a

    keep = functools.partial(sweep, failing, {"a": [0, 1]}, store=store, errors="keep")
    for _ in range(2):
        with pytest.warns(mn.FailedPointsWarning):
            assert keep().sweep_error.values.tolist() == ["", "ShortCircuit: near"]
    assert calls == [0, 1]
    with pytest.raises(mn.ShortCircuit):
        sweep(failing, {"a": [0, 1]}, store=store)
    data = keep(retry=True)
    assert data.result.values.tolist() == [0, 1]
    assert mn.open_sweep(store).equals(data)
    assert calls == [0, 1, 1, 1]
    assert sweep(failing, {"a": [0, 1]}, store=store).result.values.tolist() == [0, 1]


def test_what_cannot_be_known_again_needs_a_label(tmp_path):
    with pytest.raises(ValueError, match=r"axes\['a'\] must have labels for a store, since values such as 'Plain 0'"):
        sweep(lambda a: 1, {"a": [Plain()]}, store=tmp_path / "s.zarr")
    sweep(lambda a: 1, {"a": {"one": Plain()}}, store=tmp_path / "s.zarr")


def test_what_is_no_store_is_refused(tmp_path):
    (tmp_path / "folder").mkdir()
    for name in ("folder", "file"):
        (tmp_path / "file").touch()
        with pytest.raises(FileExistsError):
            sweep(product, {"a": [1], "b": [1]}, store=tmp_path / name)
        with pytest.raises(ValueError, match="no store of a sweep"):
            mn.open_sweep(tmp_path / name)
    with pytest.raises(FileNotFoundError):
        mn.open_sweep(tmp_path / "none")


def test_one_process_at_a_time_writes_a_store(tmp_path):
    store = tmp_path / "s.zarr"

    def inside(a):
        with pytest.raises(BlockingIOError, match="another process is sweeping"):
            sweep(product, {"a": [1], "b": [1]}, store=store)
        return a

    assert sweep(inside, {"a": [1]}, store=store).result.values.tolist() == [1]


@pytest.fixture(scope="module")
def whole_store(tmp_path_factory):
    """A store of four points, its records, and where each of them ends."""
    store = tmp_path_factory.mktemp("whole") / "s.zarr"
    data = sweep(counted([]), {"a": range(4)}, store=store)
    return (
        store,
        data,
        (store / journals.OURS / journals.RECORDS).read_bytes(),
        [end for end, *_ in journals._records(store)],
    )


@settings(max_examples=30)
@given(cut=st.integers(0, 10**6))
def test_a_store_that_was_cut_anywhere_has_the_points_before_the_cut_and_goes_on(whole_store, cut):
    store, data, text, ends = whole_store
    cut %= len(text) + 1
    (store / journals.OURS / journals.RECORDS).write_bytes(text[:cut])
    left = sum(end <= cut for end in ends)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mn.UnfinishedRunWarning)
        part = mn.open_sweep(store)
    assert left == 0 or part.n.isel(a=slice(left)).equals(data.n.isel(a=slice(left)).astype(part.n.dtype))
    journal = journals.Journal(store)
    try:
        assert [key for key, _ in journal.entries()] == [f'{{"a": {a}}}' for a in range(left)]
        for a in range(left, 4):
            journal.append(f'{{"a": {a}}}', outcome(counted([])(a)))
    finally:
        journal.close()
    assert (store / journals.OURS / journals.RECORDS).read_bytes() == text


@settings(max_examples=30)
@given(place=st.integers(0, 10**6), bit=st.integers(0, 7))
def test_a_changed_byte_is_never_another_number(whole_store, place, bit):
    store, data, text, _ = whole_store
    changed = bytearray(text)
    changed[place % len(text)] ^= 1 << bit
    (store / journals.OURS / journals.RECORDS).write_bytes(bytes(changed))
    said = ""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", mn.UnfinishedRunWarning)
            found = mn.open_sweep(store)
    except ValueError as error:
        said = str(error)
    if said:
        assert "damaged" in said
        return
    assert found.attrs["unfinished"]
    for name in found.data_vars:
        there = found.n.notnull()
        assert found[name].where(there, drop=True).equals(data[name].where(there, drop=True).astype(found[name].dtype))


def test_ctrl_c_stops_and_leaves_the_store_whole(tmp_path):
    def point(a):
        if a == 2:
            threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT)).start()
            time.sleep(20)
        return a

    with pytest.raises(KeyboardInterrupt, match=r"stopped by Ctrl-C after 2 of 4 points; the same sweep with store="):
        sweep(point, {"a": range(4)}, store=tmp_path / "s.zarr")
    with pytest.warns(mn.UnfinishedRunWarning):
        assert int(mn.open_sweep(tmp_path / "s.zarr").result.notnull().sum()) == 2


def test_progress_is_shown(capsys):
    mn.sweep(product, {"a": [1, 2], "b": [3]}, workers=1)
    assert "2/2" in capsys.readouterr().err


# ------------------------------------------------------------ what must not be taken for something else


class Gain:
    """An object whose method is swept."""

    def __init__(self, gain):
        self.gain = gain

    def times(self, a):
        return self.gain * a

    __call__ = times


def closing_over(value):
    return lambda a: value


def test_a_digest_knows_what_partials_methods_and_objects_hold():
    def given(a, by, gain=1.0):
        return by(a) * gain

    nets = [mn.grid(4, 4, seed=seed) for seed in (1, 2)]  # which read alike
    late = [mn.RateBalance(g_initial=[*np.linspace(0.1, 0.9, 9), last]) for last in (0.1, 0.2)]
    pairs = [
        [functools.partial(given, by=helper, gain=gain) for gain in (1.0, 2.0)],
        [Gain(gain).times for gain in (1.0, 2.0)],
        [functools.partial(Gain(gain)) for gain in (1.0, 2.0)],
        *([functools.partial(given, by=one) for one in some] for some in (nets, late)),
        *([closing_over(one) for one in some] for some in (nets, late)),
    ]
    for one, other in pairs:
        assert digest_of(one) != digest_of(other)
        assert digest_of(one) == digest_of(one)


def test_objects_that_read_alike_are_not_taken_from_a_store_for_each_other(tmp_path):
    store = tmp_path / "nets.zarr"
    sweep(lambda net: 1.0, {"net": [mn.grid(4, 4, seed=1)]}, store=store)
    with pytest.raises(ValueError, match="other axes"):
        sweep(lambda net: 1.0, {"net": [mn.grid(4, 4, seed=2)]}, store=store)
    dates = {"day": np.array(["2026-01-01", "2026-01-02"], dtype="M8[D]")}
    assert sweep(lambda day: 1.0, dates, store=tmp_path / "days.zarr").sizes == {"day": 2}


def test_names_that_a_store_cannot_have_are_refused_before_anything_is_lost(tmp_path):
    assert sweep(lambda points: points, {"points": [1, 2]}, store=tmp_path / "a.zarr").sizes == {"points": 2}
    for k, name in enumerate([".zgroup", "..", "a/b", journals.OURS]):
        with pytest.raises(ValueError, match="cannot have the name"):
            sweep(lambda **_: 1.0, {name: [1, 2]}, store=tmp_path / f"b{k}.zarr")
        with pytest.raises(ValueError, match="cannot have the name"):
            sweep(lambda a, name=name: {name: 1.0}, {"a": [1, 2]}, store=tmp_path / f"c{k}.zarr")


def test_arrays_of_a_store_go_before_it_gets_other_points(tmp_path):
    store, broken = tmp_path / "a.zarr", [True]

    def point(a):
        if broken:
            raise ValueError(a)
        return 1.0

    def killed(*_):
        raise SystemExit

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mn.FailedPointsWarning)
        sweep(point, {"a": [1, 2]}, store=store, errors="keep")
    broken.clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(journals.Journal, "write_arrays", killed)
        with pytest.raises(SystemExit):
            sweep(point, {"a": [1, 2]}, store=store, errors="keep", retry=True)
    sweep(point, {"a": [1, 2]}, store=store, errors="keep")
    with xr.open_zarr(store) as data:
        assert data.result.values.tolist() == [1.0, 1.0]


def test_no_changed_byte_of_a_header_opens_as_another_sweep(whole_store):
    folder, whole, records, _ = whole_store
    (folder / journals.OURS / journals.RECORDS).write_bytes(records)
    header = folder / journals.OURS / journals.HEADER
    text = header.read_bytes()
    try:
        for place in range(0, len(text), 7):
            header.write_bytes(text[:place] + bytes([text[place] ^ 1]) + text[place + 1 :])
            said = ""
            try:
                xr.testing.assert_equal(mn.open_sweep(folder), whole)
            except ValueError as error:
                said = str(error)
            assert not said or "no store of a sweep" in said
    finally:
        header.write_bytes(text)


def test_a_function_may_end_or_copy_its_process(tmp_path):
    def point(a):
        if a == 0:
            raise SystemExit(3)
        if a == 1:
            raise KeyboardInterrupt
        if os.fork() == 0 and a == 2:  # a child that is left behind holds the connection of a dead process open
            time.sleep(60)
        if a == 2 and not (tmp_path / "once").exists():
            (tmp_path / "once").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return a

    with pytest.warns(mn.FailedPointsWarning):
        data = mn.sweep(point, {"a": range(6)}, workers=2, progress=False, errors="keep")
    assert data.result.values[2:].tolist() == [2, 3, 4, 5]
    assert data.sweep_error.values[:2].tolist() == ["SystemExit: 3", "KeyboardInterrupt"]
    with pytest.warns(mn.FailedPointsWarning):
        assert sweep(point, {"a": [0]}, errors="keep").sweep_error.values.tolist() == ["SystemExit: 3"]


def test_what_cannot_go_to_other_processes_is_said():
    lock = threading.Lock()
    with pytest.raises(TypeError, match="workers=1"):
        mn.sweep(lambda a: lock.locked(), {"a": [1, 2]}, workers=2, progress=False)


def test_coordinates_of_ragged_points_are_filled_up_and_may_have_nan():
    def point(a):
        return {"k": ("k", [np.nan, 2.0]), "v": ("k", [1.0, 2.0])} if a == 1 else {"v": ("k", [1.0, 2.0, 3.0])}

    data = sweep(point, {"a": [1, 2]}, ragged=True)
    np.testing.assert_array_equal(data.k, [np.nan, 2.0, np.nan])
    np.testing.assert_array_equal(data.v, [[1.0, 2.0, np.nan], [1.0, 2.0, 3.0]])
    for dims in (("k", "q"), ("q", "k")):
        with pytest.raises(ValueError, match="all points must give the same"):
            sweep(lambda a, dims=dims: {"k": (dims[a], [1.0])}, {"a": [0, 1]}, ragged=True)
    for values in ((1, np.timedelta64(1, "s")), (np.timedelta64(1, "s"), 1)):
        with pytest.raises(ValueError, match="all points must give the same"):
            sweep(lambda a, values=values: values[a], {"a": [0, 1]})


def test_values_of_an_axis_that_no_float_holds_are_texts():
    assert sweep(lambda a: 1.0, {"a": [10**400, 0.5]}).a.dtype.kind == "U"


@pytest.mark.parametrize(
    "entries",
    [
        {"axes": 5},
        {"axes": []},
        {"axes": [{"dim": "a"}]},
        {"axes": [{"dim": "a", "columns": []}]},
        {"axes": [{"dim": "a", "columns": [{"name": "a", "keys": [0, 1], "coordinate": [0]}]}]},
        {
            "axes": [
                {"dim": f"d{k}", "columns": [{"name": f"c{k}", "keys": [0] * 100, "coordinate": [0] * 100}]}
                for k in range(9)
            ]
        },
        {"seeds": [1]},
        {"versions": 3},
        {"accepted": 3},
    ],
)
def test_a_header_of_a_stranger_is_refused(whole_store, entries):
    store = whole_store[0]
    header = store / journals.OURS / journals.HEADER
    text = header.read_bytes()
    try:
        header.write_bytes(journals._header_bytes({**journals.read_header(store), **entries}))
        with pytest.raises(ValueError, match="no store of a sweep that this memnet can read"):
            mn.open_sweep(store)
        with pytest.raises(ValueError, match="no store of a sweep that this memnet can read"):
            sweep(counted([]), {"a": range(4)}, store=store)
    finally:
        header.write_bytes(text)
