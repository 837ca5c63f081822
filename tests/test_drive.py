"""Waveforms against plain NumPy, their text, their files, and what is refused."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    assert [w[0] for w in waves] == [drive.SINE, drive.CONSTANT, drive.SUM]
    assert waves[2][3] == (0, 1)


@pytest.mark.parametrize("masked", [np.ma.masked, np.ma.array([1.0, 2.0], mask=[True, False]), np.ma.array(1.0)])
def test_a8_waveforms_and_masked_arrays_do_not_mix(masked):
    wave = mn.drive.sine(1.0, 1.0)
    for call in (lambda: wave + masked, lambda: masked + wave, lambda: wave * masked, lambda: masked * wave):
        with pytest.raises(TypeError, match="a waveform takes numbers and waveforms beside it"):
            call()
