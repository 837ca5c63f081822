"""Filters on crossbars against SciPy, made signals, and detection by bands and a perceptron."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy import signal

import memnet as mn

RATE = 173.61
BANDS = ((0.5, 4.0), (4.0, 8.0), (8.0, 13.0), (13.0, 30.0))
TAPS = np.array([signal.firwin(129, band, fs=RATE, pass_zero=False) for band in BANDS])
WHITE = np.random.default_rng(0).standard_normal(4096)


def filtered(taps, values=WHITE):
    return np.stack([signal.lfilter(one, 1.0, values) for one in taps], axis=1)


def decibels(found, wanted):
    """Return power of each signal over that of its error."""
    return 10 * np.log10((wanted**2).sum(axis=0) / ((found - wanted) ** 2).sum(axis=0))


def bank(bits=None, **options):
    return mn.arrays.FilterBank.of_bands(RATE, encoding=mn.arrays.Differential(1e-6, 100e-6, bits), **options)


def test_ideal_bands_are_those_of_scipy():
    found = bank()
    assert found.conductances.shape == (129, 8)
    assert decibels(found.apply(WHITE), filtered(TAPS)).min() >= 300.0
    assert np.abs(found.taps - TAPS).max() <= 1e-15


# From an independent prototype in NumPy: these four bands, pairs, each filter with its own scale, white noise.
@pytest.mark.parametrize(("bits", "low", "high"), [(6, 32.7, 39.1), (4, 22.1, 28.3)])
def test_bands_of_few_bits(bits, low, high):
    error = decibels(bank(bits).apply(WHITE), filtered(TAPS))
    assert abs(error.min() - low) < 1.0
    assert abs(error.max() - high) < 1.0


@pytest.mark.parametrize("bits", [6, 4])
def test_bits_are_rounded_as_in_numpy(bits):
    """Each filter fills the range by itself; the other cell of a pair stays at its least."""
    found, levels = bank(bits), 2**bits - 1
    share = TAPS / np.abs(TAPS).max(axis=1, keepdims=True)
    plus, minus = (np.rint(np.maximum(part, 0.0) * levels) / levels for part in (share, -share))
    np.testing.assert_allclose(found.conductances[:, ::2].T, 1e-6 + 99e-6 * plus, rtol=1e-12)
    np.testing.assert_allclose(found.conductances[:, 1::2].T, 1e-6 + 99e-6 * minus, rtol=1e-12)
    wanted = (plus - minus) * np.abs(TAPS).max(axis=1, keepdims=True)
    assert decibels(found.apply(WHITE), filtered(wanted)).min() >= 300.0


def test_lines_make_other_taps_and_no_other_thing():
    """The delay line in the test, one vector of voltages after the other, through the circuit."""
    taps, values = TAPS[:, 50:80], WHITE[:40]
    one = mn.arrays.FilterBank(taps, line_resistance=20.0, contact_resistance=50.0, voltage=0.1)
    net = mn.crossbar(30, 8, line_resistance=20.0, contact_resistance=50.0)
    cells = mn.cell_conductances(net, one.conductances)
    line = np.concatenate([np.zeros(29), values])
    wanted = []
    for k in range(40):
        volts = {f"w{j}": 0.1 * line[29 + k - j] for j in range(30)} | {f"b{j}": 0.0 for j in range(8)}
        solved = mn.solve(net, cells, volts)
        amperes = np.array([-float(solved.current_of(f"b{j}")) for j in range(8)])
        wanted.append((amperes[::2] - amperes[1::2]) / 0.1 / 99e-6 * np.abs(taps).max(axis=1))
    np.testing.assert_allclose(one.apply(values), wanted, rtol=1e-9, atol=1e-12)
    lost = 1.0 - np.abs(one.taps).max(axis=1) / np.abs(taps).max(axis=1)
    assert 0.05 < lost.min() < lost.max() < 0.6
    np.testing.assert_array_equal(mn.arrays.FilterBank(taps, line_resistance=0.0).transfer, one.conductances)


def test_lines_of_the_whole_array():
    """Bit lines are the long ones: the more their cells conduct in all, the more a band loses."""
    lossy = bank(line_resistance=1.0)
    error = decibels(lossy.apply(WHITE), filtered(TAPS))
    assert error.max() < 30.0
    total = lossy.conductances.sum(axis=0)
    assert np.argsort(error).tolist() == np.argsort(-(total[::2] + total[1::2])).tolist()
    assert decibels(bank(line_resistance=1e-9).apply(WHITE), filtered(TAPS)).min() > 150.0


@settings(max_examples=20, deadline=None)
@given(
    cuts=st.lists(st.integers(0, 4096), max_size=6),
    keep=st.sampled_from([128, 129, 4096]),
    bits=st.sampled_from([None, 4]),
)
def test_chunks_of_any_size_give_the_same_bits(cuts, keep, bits):
    ends = sorted({0, 4096, *cuts})
    one = bank(bits, voltage=0.3)
    parts = [one.apply(WHITE[a:b], WHITE[max(a - keep, 0) : a]) for a, b in itertools.pairwise(ends)]
    assert np.concatenate(parts).tobytes() == one.apply(WHITE).tobytes()


@settings(max_examples=50, deadline=None)
@given(
    taps=st.lists(st.floats(-10, 10).filter(lambda one: abs(one) > 1e-6), min_size=1, max_size=20),
    values=st.lists(st.floats(-1e3, 1e3), max_size=30),
    scheme=st.sampled_from([mn.arrays.Differential(0.0, 1e-3), mn.arrays.Offset(1e-6, 1e-4, largest=2.0)]),
)
def test_any_filter_and_signal(taps, values, scheme):
    found = mn.arrays.FilterBank(taps, scheme, voltage=0.2).apply(values)
    wanted = signal.lfilter(taps, 1.0, values) if values else np.empty(0)
    size = max(map(abs, taps)) * max(map(abs, values), default=0.0) * len(taps)
    np.testing.assert_allclose(found[:, 0], wanted, rtol=0, atol=1e-13 * size + 1e-300)


def test_bit_slices_hold_filters_too():
    slices = mn.arrays.BitSlices(0.0, 1e-6, bits=8, cell_bits=4)
    found = mn.arrays.FilterBank(TAPS, slices)
    assert found.conductances.shape == (129, 16)
    assert 40 < decibels(found.apply(WHITE), filtered(TAPS)).min() < 60


def test_converters_at_both_ends_as_in_numpy():
    """A converter of 9 bits from -2 to 2 V in front, one of 8 bits from -50 to 50 uA behind."""
    taps, values = TAPS[3], WHITE[:500]
    dac, adc = mn.arrays.DAC(9, -2.0, 2.0), mn.arrays.ADC(8, -50e-6, 50e-6, rounding="nearest")
    found = mn.arrays.FilterBank(taps, dac=dac, adc=adc)
    step = 4.0 / 511
    before = np.concatenate([np.zeros(128), values])  # 0 V is no level either
    held = np.clip(np.rint((np.clip(before, -2.0, 2.0) + 2.0) / step) * step - 2.0, -2.0, 2.0)
    scale = np.abs(taps).max() / 99e-6
    sides = [signal.lfilter(1e-6 + np.maximum(side, 0.0) / scale, 1.0, held)[128:] for side in (taps, -taps)]
    read = [np.rint((np.clip(one, -50e-6, 50e-6) + 50e-6) / 1e-4 * 255) / 255 * 1e-4 - 50e-6 for one in sides]
    step_out = scale * 1e-4 / 255
    apart = np.abs(found.apply(values)[:, 0] - scale * (read[0] - read[1]))
    assert (apart < 1e-9 * step_out).mean() > 0.99  # a current between two levels may be rounded otherwise
    assert found.clipped["dac"] == (np.abs(values) > 2.0).sum() > 0
    assert found.clipped["adc"] == sum((np.abs(one) > 50e-6).sum() for one in sides) > 0
    found.apply(values[400:], values[:400])
    assert found.clipped["dac"] == (np.abs(values[400:]) > 2.0).sum()
    strict = mn.arrays.FilterBank(taps, dac=mn.arrays.DAC(9, -2.0, 2.0, on_clip="raise"))
    with pytest.raises(ValueError, match="outside"):
        strict.apply(values)


def test_filters_that_are_refused():
    for taps, said in (
        ([], "at least one filter"),
        ([[0.0, 0.0], [1.0, 0.0]], "other than 0 in each"),
        ([np.nan], "finite"),
        (np.ones((2, 2, 2)), "shape"),
    ):
        with pytest.raises(ValueError, match=said):
            mn.arrays.FilterBank(taps)
    for bands in ([(4.0, 0.5)], [(0.0, 4.0)], [(1.0, 90.0)]):
        with pytest.raises(ValueError, match="0 < lower < upper < 86"):
            mn.arrays.FilterBank.of_bands(RATE, bands)
    with pytest.raises(TypeError, match="encoding must be a Differential"):
        mn.arrays.FilterBank([1.0], 6)
    with pytest.raises(ValueError, match="line_resistance"):
        mn.arrays.FilterBank([1.0], line_resistance=-1.0)
    with pytest.raises(ArithmeticError, match="smaller signal"):
        mn.arrays.FilterBank([1.0, 1.0], voltage=1e6).apply([1e305])
    with pytest.raises(ValueError, match="signal must be finite"):
        bank().apply([np.nan])


def made(seed, **options):
    return mn.arrays.synthetic_eeg(300.0, bursts=15, burst_duration=6.0, seed=seed, **options)


def test_made_signal_has_the_background_and_bursts_that_were_asked_for():
    quiet = mn.arrays.synthetic_eeg(600.0, bursts=0, background=20e-6, seed=3)
    assert not quiet.seizure.any()
    assert quiet.signal.values.std() == pytest.approx(20e-6, rel=1e-12)
    frequency, density = signal.welch(quiet.signal.values, RATE, nperseg=2048)
    chosen = (frequency > 1.0) & (frequency < 60.0)
    slope = np.polyfit(np.log(frequency[chosen]), np.log(density[chosen]), 1)[0]
    assert slope == pytest.approx(-1.0, abs=0.05)
    bare = mn.arrays.synthetic_eeg(300.0, bursts=15, burst_duration=6.0, background=0.0, frequency=3.0, seed=3)
    assert bare.seizure.values.mean() == pytest.approx(15 * 6.0 / 300.0, abs=0.001)
    assert not bare.signal.values[~bare.seizure.values].any()
    begins = np.flatnonzero(np.diff(bare.seizure.values.astype(int)) == 1)
    assert begins.size == 15
    assert ((begins / RATE) // 20.0 == np.arange(15)).all()
    peaks, _ = signal.find_peaks(bare.signal.values, height=50e-6)
    between = np.diff(peaks) / RATE
    assert between[between < 1.0] == pytest.approx(1 / 3, abs=2 / RATE)
    assert bare.signal.values.max() == pytest.approx(100e-6, rel=0.01)


def test_made_signal_depends_on_the_seed_alone():
    assert made(1).identical(made(1))
    assert not np.array_equal(made(1).signal, made(2).signal)


def test_signals_beyond_the_range_of_numbers_are_refused(recordings):
    signal, seizure = recordings[0].signal.values, recordings[0].seizure
    with pytest.raises(ArithmeticError, match="background"):
        mn.arrays.synthetic_eeg(10.0, background=1e308)
    with pytest.raises(ArithmeticError, match="power"):
        mn.arrays.window_powers([1e200, 1e200], 2)
    with pytest.raises(ArithmeticError, match="power"):
        mn.arrays.SeizureDetector(RATE).fit(1e180 * signal, seizure)


def test_made_signals_that_are_refused():
    for options, said in (
        ({"duration": 0.0}, "duration"),
        ({"duration": 1e9}, "duration must give 2 to"),
        ({"bursts": 3, "burst_duration": 4.0}, r"at most 3\.33333 s for 3"),
        ({"bursts": 2**27, "burst_duration": 1e-12}, "bursts"),
        ({"frequency": 30.0}, "frequency must be in"),
        ({"background": -1.0}, "background"),
        ({"seed": -1}, "seed"),
    ):
        with pytest.raises(ValueError, match=said):
            mn.arrays.synthetic_eeg(**{"duration": 10.0, **options})


@settings(max_examples=50, deadline=None)
@given(data=st.data(), count=st.integers(1, 40), bands=st.sampled_from([None, 1, 3]))
def test_powers_of_windows(data, count, bands):
    length, step = data.draw(st.integers(1, count)), data.draw(st.integers(1, 50))
    values = np.random.default_rng(count).standard_normal((count,) if bands is None else (count, bands))
    wanted = [(values[k : k + length] ** 2).mean(axis=0) for k in range(0, count - length + 1, step)]
    np.testing.assert_allclose(mn.arrays.window_powers(values, length, step), wanted, rtol=1e-12)


@pytest.fixture(scope="module")
def recordings():
    return made(1), made(2)


def test_seizures_are_detected_and_shuffled_labels_are_at_chance(recordings):
    learn, other = recordings
    detector = mn.arrays.SeizureDetector(RATE, encoding=mn.arrays.Differential(1e-6, 100e-6, bits=6))
    scores = detector.fit(learn.signal, learn.seizure).score(other.signal, other.seizure)
    assert scores.sensitivity > 0.75
    assert scores.specificity > 0.95
    told, wanted = detector.predict(other.signal), detector.windows(other.seizure, other.signal.size)
    assert scores.sensitivity == told[wanted].mean()
    assert scores.specificity == (~told[~wanted]).mean()
    assert (scores.seizures, scores.others) == (wanted.sum(), (~wanted).sum())
    rng = np.random.default_rng(0)
    chance = [told[one].mean() - told[~one].mean() for one in (rng.permutation(wanted) for _ in range(200))]
    assert abs(np.mean(chance)) < 4 * np.std(chance) / 200**0.5 + 1e-12
    assert scores.balanced - 0.5 > 5 * np.std(chance) / 2


def test_decisions_are_those_of_the_parts(recordings):
    learn, _ = recordings
    detector = mn.arrays.SeizureDetector(RATE, window=1.5).fit(learn.signal, learn.seizure)
    length = round(1.5 * RATE)
    bands = filtered(TAPS, learn.signal.values)
    powers = np.log([(bands[k : k + length] ** 2).mean(axis=0) for k in range(0, len(bands) - length + 1, length)])
    inputs = (powers - powers.mean(axis=0)) / powers.std(axis=0)
    wanted = inputs @ detector.weights[:-1] + detector.weights[-1]
    np.testing.assert_allclose(detector.decision_function(learn.signal), wanted, rtol=1e-6, atol=1e-9)


def test_lines_of_arrays_shift_decisions(recordings):
    learn, other = recordings
    plain, lossy = (
        mn.arrays.SeizureDetector(RATE, line_resistance=ohm).fit(learn.signal, learn.seizure) for ohm in (None, 10.0)
    )
    assert not np.allclose(plain.weights, lossy.weights)
    assert lossy.score(other.signal, other.seizure).balanced > 0.85  # it learns what its lossy filters give


def test_detectors_that_are_refused(recordings):
    learn, _ = recordings
    detector = mn.arrays.SeizureDetector(RATE)
    with pytest.raises(ValueError, match="call fit"):
        detector.predict(learn.signal)
    with pytest.raises(ValueError, match="windows of both kinds"):
        detector.fit(learn.signal, np.zeros(learn.signal.size, dtype=bool))
    with pytest.raises(TypeError, match="True and False"):
        detector.fit(learn.signal, np.zeros(learn.signal.size))
    with pytest.raises(ValueError, match="seizure must have shape"):
        detector.fit(learn.signal, learn.seizure[:-1])
    with pytest.raises(ValueError, match="window must be at least"):
        mn.arrays.SeizureDetector(RATE, window=1e-3)
    detector.fit(learn.signal, learn.seizure)
    with pytest.raises(ValueError, match="at least one window long"):
        detector.predict(learn.signal[:10])
    assert np.isfinite(detector.decision_function(np.zeros(1000))).all()
