"""Waveforms against plain NumPy, their text, their files, and what is refused."""

import copy
import json
import math
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tree
from hypothesis import given, settings, strategies as st

import memnet as mn
from memnet import drive
from memnet.base import plain

volts = st.floats(-1e3, 1e3)
seconds = st.floats(1e-3, 1e3)


def exact(t, period):
    """The place in the period in [0, 1); away from boundaries, where rounding decides."""
    turns = np.asarray(t) / period
    return turns - np.floor(turns)


@given(volts, volts, seconds, st.floats(-3, 3), st.lists(st.floats(0, 1e4), min_size=1, max_size=20))
def test_triangle(low, high, period, phase, t):
    x = exact(np.asarray(t) / period + phase, 1.0)
    want = low + (high - low) * (1 - np.abs(2 * x - 1))
    scale = abs(low) + abs(high) + 1e-300
    turns = np.max(np.abs(np.asarray(t) / period)) + 4
    np.testing.assert_allclose(mn.drive.triangle(low, high, period, phase)(t), want, atol=1e-15 * 8 * turns * scale)


@given(volts, st.floats(1e-3, 1e2), volts, st.floats(-2, 2), st.lists(st.floats(0, 1e3), min_size=1, max_size=20))
def test_sine(amplitude, frequency, offset, phase, t):
    turns = frequency * np.asarray(t) + phase
    want = offset + amplitude * np.sin(2 * np.pi * (turns - np.round(turns)))
    slack = 1e-15 * 16 * (np.abs(turns).max() + 1) * abs(amplitude) + 1e-15 * abs(offset)
    np.testing.assert_allclose(mn.drive.sine(amplitude, frequency, offset, phase)(t), want, rtol=0, atol=slack + 1e-300)


@given(volts, volts, st.integers(1, 9), st.integers(1, 9), st.integers(1, 5), st.integers(0, 20))
def test_pulses(low, high, length, spacing, count, start):
    t = np.arange(150) + 0.5
    k, rest = np.divmod(t - start, length + spacing)
    want = np.where((k >= 0) & (k < count) & (rest < length), high, low)
    made = mn.drive.pulses(low, high, length, spacing, count, start)
    assert made(t).tolist() == want.tolist()
    ever = mn.drive.pulses(low, high, length, spacing, start=start)
    assert ever(t).tolist() == np.where((k >= 0) & (rest < length), high, low).tolist()


@given(st.lists(volts, min_size=1, max_size=8), st.booleans())
def test_from_array(values, repeat):
    t = np.arange(40) * 0.25 + 0.125
    k = (t / 0.5).astype(int)
    k = k % len(values) if repeat else np.minimum(k, len(values) - 1)
    assert mn.drive.from_array(values, 0.5, repeat)(t).tolist() == np.asarray(values)[k].tolist()


def test_steps():
    wave = mn.drive.steps([1.0, -2.0, 5.0], [3.0, 10.0, 11.0])
    assert wave([0.0, 3.0, 9.9, 10.0, 10.9, 11.0, 1e6]).tolist() == [1.0, 1.0, 1.0, -2.0, -2.0, 5.0, 5.0]


@given(
    st.lists(st.floats(-50, 50), min_size=1, max_size=8, unique=True).map(sorted),
    st.data(),
    st.lists(st.floats(-100, 100), max_size=20),
)
def test_piecewise_linear_is_that_of_numpy(times, data, t):
    values = data.draw(st.lists(volts, min_size=len(times), max_size=len(times)))
    wave = mn.drive.piecewise_linear(times, values)
    # NumPy's slope overflows where points are closer than rounding.
    gaps = np.diff(times)
    scale = 1e-12 * (1.0 + max(map(abs, values)))
    if not gaps.size or gaps.min() > 1e-6:
        np.testing.assert_allclose(wave(t), np.interp(t, times, values), rtol=0, atol=scale)
    assert wave(times).tolist() == values
    ends = [times[0] - 1.0, times[-1] + 1.0, -1e300, 1e300]
    assert wave(ends).tolist() == [values[0], values[-1]] * 2
    assert (np.abs(wave(t)) <= max(map(abs, values)) * (1 + 1e-15)).all() if t else True


def test_a_time_that_stands_twice_is_a_jump():
    wave = mn.drive.piecewise_linear([0.0, 1.0, 1.0, 2.0, 2.0], [0.0, 2.0, 5.0, 6.0, 0.0])
    assert wave([0.5, 1.0, 1.5, 2.0, 3.0]).tolist() == [1.0, 5.0, 5.5, 0.0, 0.0]
    assert wave(np.nextafter(1.0, 0.0)) == 5.0  # rounding of a time does not miss it
    assert wave(1.0 - 1e-6) == pytest.approx(2.0, abs=1e-5)
    assert wave.corners(-1.0, 9.0, jumps=True).tolist() == [1.0, 2.0]
    assert wave.corners(-1.0, 9.0, jumps=False).tolist() == [0.0]
    first = mn.drive.piecewise_linear([0.7, 0.7], [1.0, 2.0])
    assert first([0.6, 7 * 0.1, 0.7, 0.8]).tolist() == [1.0, 2.0, 2.0, 2.0]


def test_boundaries_that_rounding_moves_count_as_reached():
    dt = 0.1
    pulses = mn.drive.pulses(0.0, 1.0, length=0.3, spacing=0.3)
    got = [pulses(step * dt) for step in range(12)]
    assert got == [1.0, 1.0, 1.0, 0.0, 0.0, 0.0] * 2


@given(volts, volts, st.floats(0, 100))
def test_sums(offset, amplitude, t):
    wave = mn.drive.sine(amplitude, 0.25)
    assert (wave + offset)(t) == wave(t) + offset
    assert (offset + wave)(t) == offset + wave(t)
    assert (wave + 1 + mn.drive.constant(2.0))(t) == pytest.approx(wave(t) + 3.0, abs=1e-12)


SHAPES = {
    "constant": mn.drive.constant(-0.3),
    "triangle": mn.drive.triangle(-1.0, 2.5, period=7.0, phase=0.2),
    "sine": mn.drive.sine(2.0, frequency=0.3, offset=0.7, phase=0.1),
    "pulses": mn.drive.pulses(0.25, 6.0, length=2.0, spacing=3.0, count=4, start=1.0),
    "steps": mn.drive.steps([1.0, -2.0, 5.0], [3.0, 10.0, 11.0]),
    "array": mn.drive.from_array([0.1, -0.4, 0.9], dt=1.5, repeat=True),
}
SHAPES["linear"] = mn.drive.piecewise_linear([-1.0, 2.0, 2.0, 6.5], [0.5, 1.5, -1.0, 2.0])
SHAPES["sum"] = SHAPES["triangle"] + SHAPES["pulses"] + 1.0
SHAPES["concat"] = mn.drive.concat([(SHAPES["sine"], 4.0), (None, 5.0), (SHAPES["sum"], None)])
SHAPES["current"] = mn.drive.current(SHAPES["sum"])


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("factor", [8.0, -0.3, 0, np.float32(0.5), np.float64(3.0)])
def test_products_are_those_of_numpy(name, factor):
    wave, t = SHAPES[name], np.arange(300) * 0.1 + 0.05
    want = float(factor) * wave(t)
    for product in (factor * wave, wave * factor):
        np.testing.assert_allclose(product(t), want, rtol=0, atol=1e-14 * np.nanmax(np.abs(wave(t))) * max(factor, 1))
        assert product.roles == wave.roles
        assert product.kind == wave.kind
    # Times, counts and the waveform itself stay.
    assert repr(1.0 * wave) == repr(wave)
    assert drive.from_spec(drive.to_spec(wave * factor))(t).tobytes() == (wave * factor)(t).tobytes()


def test_what_is_no_product():
    wave = mn.drive.sine(1e300, 0.5)
    for other in ("8", None, True, 1j, wave, [2.0]):
        with pytest.raises(TypeError):
            wave * other
        with pytest.raises(TypeError):
            other * wave
    for operation in (np.multiply, np.add):
        with pytest.raises(TypeError):
            operation(np.array([1.0, 2.0]), wave)
    with pytest.raises(TypeError):
        np.array([1.0, 2.0]) * wave
    for many in (np.nan, np.inf, 1e10):
        with pytest.raises(ValueError, match="factor must"):
            many * wave
        with pytest.raises(ValueError, match="factor must"):
            mn.drive.from_array([1e300], 1.0) * many


def test_sums_of_other_things_are_refused():
    wave = mn.drive.sine(1.0, 1.0)
    with pytest.raises(ValueError, match="voltages or of currents"):
        wave + mn.drive.current(1.0)
    with pytest.raises(ValueError, match="voltages or of currents"):
        wave + mn.drive.concat([(1.0, 1.0), (None, None)])
    with pytest.raises(TypeError):
        wave + "1"
    assert (mn.drive.current(1.0) + mn.drive.current(2.0))(0.0) == 3.0


def test_concat_starts_each_part_at_its_own_zero():
    wave = mn.drive.concat(
        [(mn.drive.triangle(0, 1, 10), 5), (7.0, 2.0), (None, 3.0), (mn.drive.from_array([1, 2], 1), None)]
    )
    t = [0.0, 2.5, 4.999, 5.0, 6.9, 7.0, 9.9, 10.0, 10.9, 11.0, 100.0]
    got = wave(t)
    np.testing.assert_allclose(got[:3], [0.0, 0.5, 0.9998], rtol=1e-12)
    assert got[3:5].tolist() == [7.0, 7.0]
    assert np.isnan(got[5:7]).all()
    assert got[7:].tolist() == [1.0, 1.0, 2.0, 2.0]
    assert wave.roles == {drive.ROLE_FLOATING, drive.ROLE_VOLTAGE}


def test_calling_keeps_the_shape():
    wave = mn.drive.constant(2.0)
    assert wave(0.0) == 2.0
    assert isinstance(wave(0.0), float)
    assert wave(np.zeros((2, 3))).shape == (2, 3)
    assert wave([]).shape == (0,)
    with pytest.raises(ValueError, match="t must be finite"):
        wave(np.nan)


WAVES = [
    mn.drive.constant(3.0),
    mn.drive.triangle(0.0, 2.0, 200.0, phase=0.25),
    mn.drive.sine(1.0, 0.5, offset=0.1, phase=0.2),
    mn.drive.pulses(1.25, 6.0, 250.0, 250.0, 7, start=10.0),
    mn.drive.pulses(1.25, 6.0, 250.0, 250.0),
    mn.drive.steps([0.0, 3.0], [0.0, 100.0]),
    mn.drive.from_array([0.0, 0.1, 0.3], 2.0, repeat=True),
    mn.drive.piecewise_linear([0.0, 100.0, 100.0, 400.0], [0.0, 1.0, 0.5, -3.0]),
    mn.drive.current(1e-6),
    mn.drive.current(mn.drive.sine(1e-6, 0.5)),
    mn.drive.concat([(3.0, 10.0), (None, 5.0), (mn.drive.current(1.0), None)]),
    mn.drive.sine(1.0, 0.5) + mn.drive.sine(2.0, 0.25) + 1.0,
]


@pytest.mark.parametrize("wave", WAVES, ids=repr)
def test_text_and_files_give_the_same_waveform(wave):
    t = np.linspace(0.0, 600.0, 1201)
    again = eval(repr(wave), vars(drive))
    stored = drive.from_spec(plain.decode(json.loads(json.dumps(plain.encode(drive.to_spec(wave)), allow_nan=False))))
    for other in (again, stored):
        assert repr(other) == repr(wave)
        assert other(t).tobytes() == wave(t).tobytes()


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: mn.drive.constant(np.nan), ValueError, "value"),
        (lambda: mn.drive.constant("3"), TypeError, "value"),
        (lambda: mn.drive.triangle(0, 1, 0), ValueError, "period"),
        (lambda: mn.drive.triangle(0, np.inf, 1), ValueError, "high"),
        (lambda: mn.drive.sine(1, -1), ValueError, "frequency.*Hz"),
        (lambda: mn.drive.pulses(0, 1, 0, 1), ValueError, "length"),
        (lambda: mn.drive.pulses(0, 1, 1, -1), ValueError, "spacing"),
        (lambda: mn.drive.pulses(0, 1, 1, 1, 0), ValueError, "count"),
        (lambda: mn.drive.pulses(0, 1, 1, 1, 1.5), TypeError, "count"),
        (lambda: mn.drive.steps([1, 2], [1, 1]), ValueError, "increase"),
        (lambda: mn.drive.steps([1, 2], [1]), ValueError, "shape"),
        (lambda: mn.drive.from_array(np.zeros((2, 2)), 1), ValueError, "one-dimensional"),
        (lambda: mn.drive.from_array([], 1), ValueError, "at least one"),
        (lambda: mn.drive.from_array([1, np.nan], 1), ValueError, "finite.*nan"),
        (lambda: mn.drive.from_array([1, 2], 0), ValueError, "dt"),
        (lambda: mn.drive.from_array([1, 2], 1, repeat=2), TypeError, "repeat"),
        (lambda: mn.drive.piecewise_linear([0, 2, 1], [1, 2, 3]), ValueError, "times must not decrease"),
        (
            lambda: mn.drive.piecewise_linear([0, 1, 1, 1], [1, 2, 3, 4]),
            ValueError,
            "times must hold no time",
        ),
        (lambda: mn.drive.piecewise_linear([0, 1], [1, 2, 3]), ValueError, r"values must have shape \(2,\)"),
        (lambda: mn.drive.piecewise_linear([[0, 1]], [[1, 2]]), ValueError, "times must be one-dimensional"),
        (lambda: mn.drive.piecewise_linear([], []), ValueError, "times must hold at least one value"),
        (lambda: mn.drive.piecewise_linear([0, np.inf], [1, 2]), ValueError, "times must be finite"),
        (lambda: mn.drive.piecewise_linear([0, 1e301], [1, 2]), ValueError, "times must be in"),
        (lambda: mn.drive.piecewise_linear([0, 1], [1e308, -1e308]), ValueError, "sum and difference are finite"),
        (lambda: mn.drive.triangle(-1e308, 1e308, 1), ValueError, "low and high must.*-1e[+]308 and 1e[+]308"),
        (lambda: mn.drive.triangle(0, 1), TypeError, r"triangle\(\).*'period'"),
        (lambda: mn.drive.triangle(0, 1, 2, 3, 4), TypeError, r"triangle\(\).*too many"),
        (lambda: mn.drive.triangle(0, 1, period=1, phas=1), TypeError, "did you mean 'phase'"),
        (lambda: mn.drive.current(None), ValueError, "current"),
        (lambda: mn.drive.current(mn.drive.current(1.0)), ValueError, "current"),
        (lambda: mn.drive.concat([]), ValueError, "at least one"),
        (lambda: mn.drive.concat([(1.0, None), (2.0, 1.0)]), TypeError, r"parts\[0\]"),
        (lambda: mn.drive.concat([(1.0, 0.0), (2.0, 1.0)]), ValueError, r"parts\[0\]"),
        (lambda: mn.drive.concat([1.0, 2.0]), TypeError, "pair"),
    ],
)
def test_bad_waveforms_are_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()


@pytest.mark.parametrize(
    ("given_drive", "error", "message"),
    [
        ({"left": 1.0, "rigth": 0.0}, ValueError, "did you mean 'right'"),
        ({"left": 1.0}, ValueError, "None to let it float"),
        ({"left": None, "right": None}, ValueError, "at least one electrode"),
        ({"left": np.nan, "right": 0.0}, ValueError, r"drive\['left'\]"),
        ({"left": [1.0, 2.0], "right": 0.0}, TypeError, "from_array"),
        ({"left": "1", "right": 0.0}, TypeError, r"drive\['left'\]"),
        (1.0, TypeError, "dict"),
    ],
)
def test_bad_drives_are_refused(given_drive, error, message):
    with pytest.raises(error, match=message):
        drive.checked(given_drive, ["left", "right"])


def test_roles_of_constants():
    assert drive.role_and_value("left", 2) == (drive.ROLE_VOLTAGE, 2.0)
    assert drive.role_and_value("left", None) == (drive.ROLE_FLOATING, 0.0)
    assert drive.role_and_value("left", mn.drive.constant(3.0)) == (drive.ROLE_VOLTAGE, 3.0)
    assert drive.role_and_value("left", mn.drive.current(4.0)) == (drive.ROLE_CURRENT, 4.0)
    with pytest.raises(ValueError, match="left must be constant"):
        drive.role_and_value("left", mn.drive.sine(1.0, 1.0))


def test_shared_waveforms_are_sent_once():
    wave = mn.drive.sine(1.0, 1.0)
    waves, root = drive.flatten({"a": wave, "b": wave + 1.0, "c": None, "d": wave}, ["a", "b", "c", "d"])
    assert root.tolist() == [0, 2, -1, 0]
    assert [w[0] for w in waves] == [drive.KINDS[name] for name in ("sine", "constant", "sum")]
    assert waves[2][3] == (0, 1)


@pytest.mark.parametrize("masked", [np.ma.masked, np.ma.array([1.0, 2.0], mask=[True, False]), np.ma.array(1.0)])
def test_a8_waveforms_and_masked_arrays_do_not_mix(masked):
    wave = mn.drive.sine(1.0, 1.0)
    for call in (lambda: wave + masked, lambda: masked + wave, lambda: wave * masked, lambda: masked * wave):
        with pytest.raises(TypeError, match="a waveform takes numbers and waveforms beside it"):
            call()


# ---------------------------------------------------------------- the table


def arguments(row):
    """Arguments of a waveform that a grid of 1e-3 s resolves, from its row of the table."""
    size = st.integers(1, 5)
    drawn = {}
    for argument in row["arguments"]:
        numbers = {"V": st.floats(-1, 1), "Hz": st.floats(0.05, 0.5), "1": st.floats(-2, 2), "s": st.floats(-5, 5)}
        number = st.floats(0.3, 4) if argument["unit"] == "s" and argument["low"] > 0 else numbers[argument["unit"]]
        drawn[argument["name"]] = {
            "number": number,
            "count": st.none() | st.integers(1, 5),
            "flag": st.booleans(),
            "values": size.flatmap(lambda n: st.lists(st.floats(-1, 1), min_size=n, max_size=n)),
            "times": size.flatmap(lambda n: gaps(n, 0.3)),
            "times with jumps": size.flatmap(lambda n: gaps(n, 0.3) | gaps(n, 0.0)),
        }[argument["kind"]]

    def equal(given):
        lists = [name for name, value in given.items() if isinstance(value, list)]
        n = min((len(given[name]) for name in lists), default=0)
        return {name: value[:n] if name in lists else value for name, value in given.items()}

    return st.fixed_dictionaries(drawn).map(equal)


def gaps(n, least):
    """Increasing times; with `least` 0 some stand twice."""
    return st.lists(st.floats(0.3, 3), min_size=n, max_size=n).map(
        lambda steps: np.cumsum([0.0 if not least and k % 2 else step for k, step in enumerate(steps)]).tolist()
    )


LEAF = st.sampled_from(list(drive.LEAVES)).flatmap(
    lambda name: arguments(drive._table.ROWS[drive.KINDS[name]]).map(lambda given: drive.LEAVES[name](**given))
)


def composed(parts):
    pair = st.tuples(parts, st.floats(0.3, 4))
    return (
        st.lists(pair, min_size=1, max_size=3).map(drive.concat)
        | st.tuples(parts, parts).map(lambda both: both[0] + both[1])
        | st.tuples(st.floats(-2, 2), parts).map(lambda both: both[0] * both[1])
    )


WAVE = st.recursive(LEAF, composed, max_leaves=4)


@settings(deadline=None)
@given(WAVE)
def test_between_its_corners_a_waveform_is_smooth(wave):
    """Second differences on a grid of 1e-3 s: a jump would show whole, a change of slope with 1e-3 of it."""
    h = 1e-3
    t = np.arange(-4000, 12000) * h + 0.5e-3
    value = wave(t)
    corners = wave.corners(t[0], t[-1])
    assert (np.diff(corners) > 0.0).all()
    assert not corners.flags.writeable
    # how many corners lie between the outer points of each difference, with room for the times that count as reached
    inside = np.searchsorted(corners, t[2:] + 1e-6) - np.searchsorted(corners, t[:-2])
    bend = np.abs(value[2:] - 2.0 * value[1:-1] + value[:-2])
    sines = 4 * 2.0**4 * (np.pi * h) ** 2  # four sines of 0.5 Hz and 1 V, each up to four times doubled
    assert bend[inside == 0].max(initial=0.0) <= (1e-12 if wave.flat else sines)
    if wave.flat:
        step = np.abs(np.diff(value))
        assert step[np.searchsorted(corners, t[1:] + 1e-6) == np.searchsorted(corners, t[:-1])].max() <= 1e-12


@settings(deadline=None)
@given(WAVE, st.floats(-5, 5), st.floats(0, 5), st.floats(0, 5))
def test_corners_of_an_interval_are_those_of_its_parts(wave, start, first, second):
    middle, stop = start + first, start + first + second
    whole = wave.corners(start, stop)
    assert sorted({*wave.corners(start, middle), *wave.corners(middle, stop)}) == whole.tolist()
    kinds = [wave.corners(start, stop, jumps=jumps) for jumps in (True, False)]
    assert sorted(np.concatenate(kinds)) == whole.tolist()


@pytest.mark.parametrize("name", SHAPES)
def test_at_its_corners_a_waveform_is_not_smooth(name):
    wave = SHAPES[name]
    for corner in wave.corners(-4.0, 12.0, jumps=True):
        assert not np.allclose(wave(corner), wave(corner - 1e-6), rtol=0, atol=1e-3)
    for corner in wave.corners(-4.0, 12.0, jumps=False):
        before, at, after = wave(corner + np.array([-1e-4, 0.0, 1e-4]))
        assert abs(after - 2 * at + before) > 1e-5
        assert abs(at - before) < 1e-3
    assert wave.flat == (name not in ("triangle", "sine", "linear", "sum", "concat", "current"))


def test_corners_of_many_samples_are_exact():
    wave = mn.drive.from_array(np.random.default_rng(1).normal(size=5_000), 0.1)
    assert wave.corners(-3.0, 1e6).tolist() == (0.1 * np.arange(1, 5_000)).tolist()
    assert wave.corners(0.1, 0.1).tolist() == [0.1]
    with pytest.raises(ValueError, match=r"stop must be nearer to start, got 1e\+06"):
        mn.drive.triangle(0.0, 1.0, 1e-3).corners(0.0, 1e6)
    with pytest.raises(ValueError, match=r"stop must be in \[1, inf\) s, got 0"):
        wave.corners(1.0, 0.0)
    assert drive.waveform("gate", None).corners(0.0, 1.0).size == 0
    assert np.isnan(drive.waveform("gate", None)(0.0))


@settings(deadline=None)
@given(WAVE, st.floats(-3, 3))
def test_every_row_of_the_table_is_written_scaled_and_read(wave, factor):
    t = np.linspace(-5.0, 20.0, 301)
    again = eval(repr(wave), vars(drive))
    stored = drive.from_spec(results_of(wave))
    for other in (again, stored):
        assert repr(other) == repr(wave)
        assert other(t).tobytes() == wave(t).tobytes()
    np.testing.assert_allclose((factor * wave)(t), factor * wave(t), rtol=0, atol=1e-12)
    assert mn.drive.current(wave)(t).tobytes() == wave(t).tobytes()


def results_of(wave):
    return plain.decode(json.loads(json.dumps(plain.encode(drive.to_spec(wave)), allow_nan=False)))


@pytest.mark.parametrize(
    "spec",
    [
        {"kind": "triangle", "parameters": [0.0, 1.0, 2.0]},
        {"kind": "triangle", "parameters": [0.0, 1.0, -2.0, 0.0]},
        {"kind": "constant", "parameters": [1.0], "samples": [1.0]},
        {"kind": "constant", "parameters": [1.0], "children": [{"kind": "floating"}]},
        {"kind": "from_array", "parameters": [1.0, 0.5], "samples": [1.0]},
        {"kind": "pulses", "parameters": [0.0, 1.0, 1.0, 1.0, 2.5, 0.0]},
        {"kind": "pulses", "parameters": [0.0, 1.0, 1.0, 1.0, float("nan"), 0.0]},
        {"kind": "steps", "samples": [1.0, 2.0, 3.0]},
        {"kind": "steps"},
        {"kind": "current"},
        {"kind": "concat", "samples": [1.0, 2.0], "children": [{"kind": "floating"}]},
        {"kind": "sum", "parameters": [1.0], "children": [{"kind": "floating"}]},
        {"kind": "sawtooth"},
    ],
)
def test_plain_data_of_no_waveform_is_refused(spec):
    with pytest.raises((TypeError, ValueError)):
        drive.from_spec(spec)


def test_a_run_under_straight_lines_goes_on_from_its_checkpoint_and_is_repeated_from_its_attributes(tmp_path):
    net = mn.Network(2, [(0, 1)], electrodes={"left": 0, "right": 1})
    wave = mn.drive.piecewise_linear([0.0, 2.0, 2.0, 5.0], [0.0, 1.0, 3.0, -1.0])

    def simulation():
        return mn.Simulation(net, mn.RateBalance(), {"left": wave, "right": 0.0}, dt=0.1, seed=0)

    whole = simulation().run(60)
    assert whole.voltage.sel(electrode="left").values.tobytes() == wave(0.1 * np.arange(60)).tobytes()
    half = simulation()
    half.run(15)
    half.save(tmp_path / "half.mnc")
    later = mn.Simulation.load(tmp_path / "half.mnc")
    assert repr(later.drive["left"]) == repr(wave)
    assert later.run(45).current.values.tobytes() == whole.current.values[15:].tobytes()
    assert mn.rerun(whole).current.values.tobytes() == whole.current.values.tobytes()


@tree.needs_sources
def test_the_stub_is_up_to_date():
    script = Path(__file__).resolve().parent.parent / "scripts" / "generate_waveforms.py"
    done = subprocess.run([sys.executable, str(script), "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


# ---------------------------------------------------------------- corners that rounding moves

# Times that meet after rounding: multiples of 0.05 s, and what is a rounding away from them.
TICK = st.integers(1, 30).map(lambda k: 0.05 * k)


def ticks(n):
    return st.lists(st.integers(1, 40), min_size=n, max_size=n, unique=True).map(
        lambda k: [0.05 * x for x in sorted(k)]
    )


def jumping(times):
    """Straight lines whose every other point jumps by 1 V."""
    twice = [time for k, time in enumerate(times) for _ in range(1 + k % 2)]
    return mn.drive.piecewise_linear(twice, [float(k) for k in range(len(twice))])


TICKING = st.one_of(
    TICK.map(lambda dt: mn.drive.from_array([0.0, 1.0, 3.0, 7.0], dt)),
    TICK.map(lambda dt: mn.drive.from_array([0.0, 2.0], dt, repeat=True)),
    st.tuples(TICK, st.sampled_from([0.0, 0.25, 0.5])).map(lambda a: mn.drive.triangle(0.0, 1.0, a[0], phase=a[1])),
    st.tuples(TICK, TICK, TICK).map(lambda a: mn.drive.pulses(0.0, 1.0, a[0], a[1], 3, start=a[2])),
    st.integers(2, 5).flatmap(ticks).map(jumping),
    st.integers(2, 5).flatmap(ticks).map(lambda times: mn.drive.steps(np.arange(len(times)), times)),
)


def nested(parts):
    pair = st.tuples(parts | st.none(), TICK | st.sampled_from([1e3 + 0.1, 1e6 + 0.7, 1e9 + 0.3]))
    joined = st.lists(pair, min_size=1, max_size=3)
    whole = st.tuples(parts, parts).filter(lambda both: not any(drive.ROLE_FLOATING in w.roles for w in both))
    return joined.map(drive.concat) | whole.map(lambda both: both[0] + both[1])


NESTED = st.recursive(TICKING, nested, max_leaves=6)


def corners_by_hand(wave, start, stop):
    """Every corner in [start, stop] by time, and whether any that comes out there jumps, from the corners of leaves."""
    row = drive._table.ROWS[wave.kind]
    if row["leaf"]:
        jumps = wave.corners(start, stop, jumps=True).tolist()
        return {time: time in jumps for time in wave.corners(start, stop).tolist()}
    found = {}
    begin = 0.0
    for k, child in enumerate(wave.children):
        is_part = row["name"] == "concat"
        end, last = math.inf, math.inf
        if is_part and k + 1 < len(wave.children):
            end = math.fsum(wave.samples[: k + 1])
            following = math.fsum(wave.samples[: k + 2]) - end if k + 2 < len(wave.children) else math.inf
            last = end - 1e-9 * min(end - begin, max(following, 1e-6 * end))
            if start <= end <= stop:
                found[end] = True
        room = 1e-6 * (1.0 + begin)
        for time, jump in corners_by_hand(child, start - begin - room, stop - begin + room).items():
            time = begin + time
            if start <= time <= stop and (not is_part or k == 0 or time > begin) and time < last:
                found[time] = found.get(time, False) or jump
        begin = end if is_part else 0.0
    return found


def same_corners_as_by_hand(wave, near, length):
    start, stop = near - 0.5, near + length
    want = corners_by_hand(wave, start, stop)
    assert wave.corners(start, stop).tolist() == sorted(want)
    assert wave.corners(start, stop, jumps=True).tolist() == sorted(time for time in want if want[time])


NEAR = st.sampled_from([0.0, 1e3, 1e6, 1e9])


@settings(deadline=None, max_examples=25)
@given(NESTED, NEAR, st.floats(0, 3))
def test_a4_corners_are_those_of_all_parts_moved_to_their_places(wave, near, length):
    same_corners_as_by_hand(wave, near, length)


@pytest.mark.slow
@settings(deadline=None, max_examples=600)
@given(NESTED, NEAR, st.floats(0, 3))
def test_a4_corners_of_many_waveforms_are_those_of_all_parts(wave, near, length):
    same_corners_as_by_hand(wave, near, length)


@settings(deadline=None, max_examples=300)
@given(NESTED)
def test_a4_every_jump_of_the_values_is_a_corner_that_jumps(wave):
    t = 0.05 * np.arange(-10, 100)
    step = np.abs(wave(t + 1e-6) - wave(t - 1e-6))
    jumps = wave.corners(-1.0, 6.0, jumps=True)
    for time in t[step > 1e-3]:
        assert np.abs(jumps - time).min(initial=1.0) < 1e-9


def test_a4_rounding_joins_corners_and_keeps_jumps():
    saw = mn.drive.from_array([0.0, 0.0, 0.0, 1.0], 0.25) + mn.drive.triangle(0.0, 1.0, 0.3, phase=0.5)
    late = mn.drive.concat([(0.0, 0.7), (saw, None)])
    assert late.corners(1.4, 1.5).tolist() == [np.nextafter(1.45, 0.0), 1.45]
    assert late.corners(1.4, 1.5, jumps=True).tolist() == [1.45]
    assert late(1.45) - late(1.45 - 1e-6) == pytest.approx(1.0, abs=1e-4)
    lines = mn.drive.piecewise_linear([0, 0.3, 0.5], [0, 1, 0]) + mn.drive.from_array([0.0, 0.0, 0.0, 5.0], 0.1)
    for deep in range(60):
        lines = mn.drive.concat([(0.0, 1.0), (lines, None)])
        assert lines.corners(deep + 1.25, deep + 1.35, jumps=True).size == 1


def test_a4_a_part_has_more_corners_than_times():
    fine = mn.drive.triangle(0.0, 1.0, 1e-15) + mn.drive.from_array([0.0, 1.0], 1.0)
    late = mn.drive.concat([(0.0, 1e9), (fine, None)])
    times = 1e9 + 2.0**-23 * np.arange(80)
    assert late.corners(1e9, times[-1]).tolist() == times.tolist()
    assert late.corners(1e9, times[-1], jumps=True).tolist() == [1e9]
    assert late.corners(1e9 + 1 - 1e-5, 1e9 + 1 + 1e-5, jumps=True).tolist() == [1e9 + 1]


# ---------------------------------------------------------------- one law for waveforms however they are made

ONE = {"kind": "constant", "parameters": [1.0]}
FLOATS = {"kind": "floating"}
CURRENT = {"kind": "current", "children": [ONE]}


def pulses_of(count):
    return {"kind": "pulses", "parameters": [0.0, 1.0, 1.0, 1.0, count, 0.0]}


def nested_spec(levels, n_children=1):
    spec = ONE
    for _ in range(levels):
        spec = {"kind": "concat", "samples": [1.0] * n_children, "children": [spec] * n_children}
    return spec


CYCLE = {"kind": "concat", "samples": [1.0, 1.0]}
CYCLE["children"] = [CYCLE, CYCLE]
BAD_SPECS = [
    *[({"kind": "concat", "samples": [x, 1.0], "children": [ONE, ONE]}, "duration of parts") for x in (np.nan, -1.0)],
    *[({"kind": "concat", "samples": [x, 1.0], "children": [ONE, ONE]}, "duration of parts") for x in (0.0, np.inf)],
    ({"kind": "sum", "children": [ONE, FLOATS]}, "a sum must be of voltages or of currents alone"),
    ({"kind": "sum", "children": [ONE, CURRENT]}, "a sum must be of voltages or of currents alone"),
    ({"kind": "sum", "children": [FLOATS]}, "a sum must be of voltages or of currents alone"),
    ({"kind": "current", "children": [CURRENT]}, "value of a current must be"),
    ({"kind": "current", "children": [FLOATS]}, "value of a current must be"),
    *[({"kind": "constant", "parameters": x}, "parameters must be a list") for x in ("5", {"1": 2}, 5, None)],
    *[({"kind": "constant", "parameters": [x]}, "a parameter must be") for x in ("5", True, 10**400, None, [1.0])],
    *[(pulses_of(count), "count must be an integer") for count in (-np.inf, 2.5, 0.0)],
    (pulses_of(np.nan), "a parameter must be"),
    ({"kind": "sum", "children": 5}, "children must be a list"),
    ({"kind": "sum", "children": [5]}, "spec must be a dict"),
    ({"kind": "piecewise_linear", "samples": [0.0, 1.0, 1e308, -1e308]}, "sum and difference are finite"),
    (nested_spec(900), "spec must be nested at most 100 deep"),
    (CYCLE, "spec must be nested at most 100 deep"),
    (nested_spec(30, 2), "at most 10,000,000 others"),
]


@pytest.mark.parametrize(("spec", "message"), BAD_SPECS, ids=range(len(BAD_SPECS)))
def test_b3_plain_data_is_checked_as_arguments_are(spec, message):
    with pytest.raises((TypeError, ValueError), match=message):
        drive.from_spec(spec)


@pytest.mark.parametrize(
    "parts",
    [
        (1,),
        (99,),
        (-1,),
        ("sine",),
        (2.5,),
        (1, (1.0,), np.ones(2)),
        (1, (np.nan,)),
        (1, 5.0),
        (1, (1.0,), None, (3,)),
        (1, (1.0,), None, (mn.drive.constant(1.0),)),
        (drive.KINDS["pulses"], (0.0, 1.0, 1.0, 1.0, 0.0, 0.0)),
        (drive.KINDS["from_array"], (1.0, 2.0), np.ones(2)),
        (drive.KINDS["steps"], (), np.ones((2, 2))),
        (drive.KINDS["steps"], (), np.array([1.0, 2.0, 1.0, np.nan])),
        (drive.KINDS["concat"], (), np.array([-1.0]), (mn.drive.constant(1.0),)),
    ],
)
def test_b4_a_waveform_by_hand_is_what_the_table_allows(parts):
    with pytest.raises((TypeError, ValueError)):
        mn.drive.Waveform(*parts)


def test_b4_a_waveform_by_hand_keeps_copies():
    given = np.array([1.0, 2.0, 0.0, 1.0])
    wave = mn.drive.Waveform(drive.KINDS["steps"], [], given)
    given[0] = 5.0
    assert wave(0.0) == 1.0
    assert repr(wave) == repr(mn.drive.steps([1.0, 2.0], [0.0, 1.0]))
    assert not wave.samples.flags.writeable
    assert wave.parameters == ()


def test_b6_shared_parts_are_looked_at_once():
    wave = mn.drive.sine(1.0, 1.0)
    for k in range(22):
        wave = mn.drive.concat([(wave, 2.0**k), (wave, 2.0**k)])
    assert wave.roles == {drive.ROLE_VOLTAGE}
    assert not wave.flat
    double = 2.0 * wave
    assert len(drive.flatten({"a": double}, ["a"])[0]) == 23
    assert double(0.25) == 2.0
    with pytest.raises(ValueError, match="at most 10,000,000 others, got 16,777,215 written out"):
        mn.drive.concat([(wave, 1.0), (wave, None)])


def test_b6_waveforms_are_nested_as_deep_as_python_copies_them():
    wave = mn.drive.constant(1.0)
    for _ in range(99):
        wave = mn.drive.concat([(2.0, 1.0), (wave, None)])
    assert wave.depth == 100
    for other in (pickle.loads(pickle.dumps(wave)), copy.deepcopy(wave), drive.from_spec(drive.to_spec(wave))):
        assert repr(other) == repr(wave)
        assert other(200.0) == 1.0
    for make in (lambda: mn.drive.concat([(wave, None)]), lambda: wave + 1.0, lambda: mn.drive.current(wave)):
        with pytest.raises(ValueError, match="nested at most 100 deep"):
            make()


# ---------------------------------------------------------------- ends of the range, messages


@pytest.mark.parametrize("name", SHAPES)
def test_b7_corners_from_the_least_time_on(name, monkeypatch):
    if name != "triangle":  # one reaches the limit as it is, the others a nearer one
        monkeypatch.setattr("memnet.drive._waveform.MOST_CORNERS", 100_000)
    least = -np.finfo(float).max
    if SHAPES[name].corners(-1e3, -1e2).size:  # for ever, so too many to list
        with pytest.raises(ValueError, match="stop must be nearer to start"):
            SHAPES[name].corners(-1e9, 0.0)
    else:
        assert SHAPES[name].corners(least, 2.0).tolist() == SHAPES[name].corners(-10.0, 2.0).tolist()


def test_b7_messages_are_short_and_name_the_mistake():
    with pytest.raises(TypeError, match="did you mean 'jumps'"):
        mn.drive.constant(1.0).corners(0.0, 1.0, jump=True)
    for call in (lambda: mn.drive.steps([1, 2], "ab"), lambda: mn.drive.steps("ab", [1, 2])):
        with pytest.raises(TypeError, match=r"must be an array of numbers.*text such as 'ab'"):
            call()

    class Hostile:
        def __repr__(self):
            raise RuntimeError("no text")

    for bad in ("x" * 10**6, {"x" * 10**6: 1.0}, {Hostile(): 1.0}, Hostile(), {"left": Hostile()}):
        with pytest.raises((TypeError, ValueError)) as caught:
            drive.checked(bad, ["left"])
        assert len(str(caught.value)) < 400
    with pytest.raises(ValueError, match="left must be constant") as caught:
        drive.role_and_value("left", mn.drive.from_array(np.zeros(10_000), 1.0))
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("wave", "jump", "gap"),
    [
        (mn.drive.piecewise_linear([1.7e9, 1.7e9, 1.7e9 + 10], [0, 5, 0]), 1.7e9, 1e-5),
        (mn.drive.piecewise_linear([0, 1e9, 1e9, 1e9 + 1], [0, 0, 5, 5]), 1e9, 1e-5),
        (mn.drive.piecewise_linear([0, 10, 10, 11], [0, 0, 5, 5]), 10.0, 2e-9),
        (mn.drive.steps([0, 5, 2], [0, 1e9, 1e9 + 1]), 1e9, 1e-5),
        (mn.drive.concat([(0.0, 1e9), (5.0, 1.0), (2.0, None)]), 1e9, 1e-5),
    ],
)
def test_b8_a_jump_is_reached_early_by_a_part_of_the_shorter_interval_beside_it(wave, jump, gap):
    assert wave(jump - gap) == 0.0
    assert wave(jump - 0.5) == 0.0
    assert wave(np.nextafter(jump, 0.0)) == 5.0  # rounding of a time does not miss it
    assert jump in wave.corners(jump - 1.0, jump + 0.5, jumps=True)


def test_b8_phases_have_a_limit():
    for make in (lambda x: mn.drive.sine(1.0, 1.0, phase=x), lambda x: mn.drive.triangle(0.0, 1.0, 1.0, x)):
        assert make(-1e6)(0.25) == make(0.0)(0.25)
        with pytest.raises(ValueError, match=r"phase must be in \[-1e\+06, 1e\+06\], got 1e\+308"):
            make(1e308)


def test_a_mean_field_says_that_its_drive_changes_too_often():
    net = mn.Network(2, [(0, 1)], electrodes={"a": 0, "b": 1})
    field = mn.theory.mean_field(net, mn.RateBalance(g_min=1e-6, g_max=1e-3))
    with pytest.raises(
        ValueError, match=r"the drive changes more than 10,000,000 times within 1e\+09 s; give fewer times"
    ):
        field.integrate([0.0, 1e9], mn.drive.pulses(0.0, 1.0, 1e-3, 1e-3))
