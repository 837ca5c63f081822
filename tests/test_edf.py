"""Recordings in EDF: what pyedflib writes is read back; what is damaged or truncated is refused with a reason."""

import datetime

import numpy as np
import pyedflib
import pytest

import memnet as mn

START = datetime.datetime(2026, 1, 2, 3, 4, 5)


def header(label, rate, unit="uV", **others):
    return {
        "label": label,
        "dimension": unit,
        "sample_frequency": rate,
        "physical_max": 400.0,
        "physical_min": -400.0,
        "digital_max": 2047,
        "digital_min": -2048,
        "transducer": "",
        "prefilter": "",
        **others,
    }


def write(path, signals, headers, annotations=(), file_type=pyedflib.FILETYPE_EDFPLUS):
    with pyedflib.EdfWriter(str(path), len(signals), file_type=file_type) as writer:
        writer.setSignalHeaders(headers)
        writer.setStartdatetime(START)
        writer.writeSamples(signals, digital=True)
        for one in annotations:
            writer.writeAnnotation(*one)
    return path


def waves(*rates, seconds=3):
    """Return what a converter of 12 bits makes of sines."""
    turns = [np.arange(rate * seconds) * (k + 1) / 20.0 for k, rate in enumerate(rates)]
    return [np.rint(2047.0 * np.sin(one)).astype(np.int32) for one in turns]


def scaled(signal):
    """Return the values that the header gives to numbers of the converter."""
    return -400.0 + (signal + 2048) * 800.0 / 4095


@pytest.fixture
def plain(tmp_path):
    return write(tmp_path / "plain.edf", waves(200, 200), [header("Fp1", 200), header("Fp2", 200, "mV")])


def test_signals_units_times_and_annotations_come_back(tmp_path):
    signals = waves(200, 200)
    headers = [header("Fp1", 200), header("SpO2", 200, "%")]
    path = write(tmp_path / "a.edf", signals, headers, [(0.5, 1.5, "seizure"), (2.0, -1, "blink")])
    data = mn.arrays.read_edf(path)
    assert data.signal.dims == ("channel", "time")
    assert np.allclose(data.signal.sel(channel="Fp1"), 1e-6 * scaled(signals[0]), rtol=1e-12, atol=1e-18)
    assert np.allclose(data.signal.sel(channel="SpO2"), scaled(signals[1]), rtol=1e-12, atol=1e-12)
    assert data.unit.values.tolist() == ["V", "%"]
    assert np.array_equal(data.time, np.arange(600) / 200.0)
    assert data.sampling_rate == 200.0
    assert data.start_time == START.isoformat()
    assert data.annotation.values.tolist() == ["seizure", "blink"]
    assert np.array_equal(data.onset, [0.5, 2.0])
    assert np.array_equal(data.duration, [1.5, np.nan], equal_nan=True)


@pytest.mark.parametrize("kind", [pyedflib.FILETYPE_EDF, pyedflib.FILETYPE_BDF, pyedflib.FILETYPE_BDFPLUS])
def test_other_kinds_of_files(tmp_path, kind):
    (signal,) = waves(100)
    data = mn.arrays.read_edf(write(tmp_path / "other", [signal], [header("C3", 100)], file_type=kind))
    assert np.allclose(data.signal[0], 1e-6 * scaled(signal), rtol=1e-12, atol=1e-18)
    assert data.annotation.size == 0


def test_channels_by_label_and_number(plain):
    both = mn.arrays.read_edf(plain)
    for channels in ("Fp2", ["Fp2"], [1], (np.int64(1),)):
        one = mn.arrays.read_edf(plain, channels)
        assert one.channel.values.tolist() == ["Fp2"]
        assert np.array_equal(one.signal[0], both.signal[1])
    assert mn.arrays.read_edf(plain, ["Fp2", "Fp1"]).channel.values.tolist() == ["Fp2", "Fp1"]


def test_channels_that_are_refused(tmp_path, plain):
    for channels, said in (("Fp3", "did you mean 'Fp"), ([2], "channels"), ([], "at least one"), (3, "sequence")):
        with pytest.raises((TypeError, ValueError), match=said):
            mn.arrays.read_edf(plain, channels)
    same = write(tmp_path / "same.edf", waves(100, 100), [header("C3", 100)] * 2)
    with pytest.raises(ValueError, match="label of 2 signals; give their numbers"):
        mn.arrays.read_edf(same, "C3")
    assert mn.arrays.read_edf(same, [1]).signal.size == 300


def test_channels_of_two_rates(tmp_path):
    path = write(tmp_path / "two.edf", waves(100, 200), [header("slow", 100), header("fast", 200)])
    with pytest.raises(ValueError, match="slow 100 Hz, fast 200 Hz; read those of one rate"):
        mn.arrays.read_edf(path)
    assert mn.arrays.read_edf(path, "fast").sampling_rate == 200.0


def test_truncated_and_damaged_files_say_so(tmp_path, plain):
    good = plain.read_bytes()
    path = tmp_path / "bad.edf"
    for cut in (0, 1, 100, 255, 256, 500, 767, 1000, len(good) - 1):
        path.write_bytes(good[:cut])
        with pytest.raises(OSError, match="is truncated"):
            mn.arrays.read_edf(path)
    for place, text, said in ((0, b"9", "EDF"), (184, b"99", "Bytes Header"), (244, b"x", "Duration")):
        path.write_bytes(good[:place] + text + good[place + len(text) :])
        with pytest.raises(OSError, match=f"bad.edf cannot be read as EDF or BDF.*{said}"):
            mn.arrays.read_edf(path)
    with pytest.raises(FileNotFoundError):
        mn.arrays.read_edf(tmp_path / "none.edf")
    with pytest.raises(OSError, match="directory"):
        mn.arrays.read_edf(tmp_path)


def test_any_damage_is_refused_or_read(tmp_path, plain, capfd):
    good = plain.read_bytes()
    rng = np.random.default_rng(2)
    path = tmp_path / "fuzz.edf"
    letters = b"0123456789-. \x00\xffA"
    refused = 0
    for k in range(400):
        bad = bytearray(good)
        for place in rng.integers(0, 1024, 1 + k % 3):
            bad[place] = letters[rng.integers(len(letters))]
        path.write_bytes(bytes(bad[: len(bad) if k % 7 else rng.integers(len(bad))]))
        try:
            mn.arrays.read_edf(path)
        except (OSError, ValueError):
            refused += 1
    assert 100 < refused < 400
    assert not capfd.readouterr().out


def test_without_pyedflib_the_extra_is_named(plain, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pyedflib", None)
    with pytest.raises(ImportError, match=r"memnet-sim\[edf\]"):
        mn.arrays.read_edf(plain)
