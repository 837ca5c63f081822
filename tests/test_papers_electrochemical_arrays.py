"""EC23, figures 11 to 20 and sections 4.2 to 4.5: against closed forms and plain NumPy, and verdicts of statements."""

import numpy as np
import pytest
from figures_again import drawn_again

from memnet.papers import electrochemical2023 as ec23
from memnet.papers.electrochemical2023 import (
    _about_applications,
    _about_arrays,
    brains,
    classifiers,
    crossbars,
    ecram,
    hybrids,
    logic,
    neuron_arrays,
    neuron_learning,
    pillars,
    seizures,
    stacks,
)

# ---------------------------------------------------------------- figures are computed, written, read and drawn

SMALL = {
    "11": {"sizes": (2, 4), "size": 4, "seeds": 1},
    "12": {"size": 2, "layers": (1, 2)},
    "13": {"sides": (2,), "layers": (2,), "couplings": (1.0,)},
    "14": {"sizes": (2,), "size": 3, "bits": (4,), "seeds": 1},
    "15": {"size": 2, "count": 2, "voltages": (0.5,)},
    "16a": {"voltages": (0.75,), "runs": 1, "duration": 5e-4},
    "16b": {"epochs": 1, "wrong": 1, "delays": (1e-6,)},
    "17c": {"digit": 7},
    "18": {"voltages": (1.0,), "functions": ("parity",), "bits": 100},
    "19": {"phase": 0.02, "weights": (0.0,)},
    "20": {"duration": 40.0, "bits": (4,), "seeds": 1},
}
SLOW = {"17a": {"spreads": (0.4,), "epochs": 1}}


@pytest.mark.parametrize("key", SMALL)
def test_every_figure_is_computed_written_read_and_drawn(key, tmp_path, monkeypatch):
    for theirs in drawn_again(ec23.FIGURES[key], SMALL[key], tmp_path, monkeypatch):
        assert theirs.attrs["title"].startswith("EC23, ")


@pytest.mark.slow
@pytest.mark.parametrize("key", SLOW)
def test_figures_that_learn_are_computed_written_read_and_drawn(key, tmp_path, monkeypatch):
    for theirs in drawn_again(ec23.FIGURES[key], SLOW[key], tmp_path, monkeypatch):
        assert theirs.attrs["title"].startswith("EC23, ")


@pytest.mark.parametrize(
    ("compute", "arguments", "words"),
    [
        (ec23.figure11, {"sizes": ()}, "sizes must hold at least one"),
        (ec23.figure11, {"sizes": (1,)}, "sizes must be"),
        (ec23.figure11, {"size": 1}, "size must be"),
        (ec23.figure11, {"lines": (-1.0,)}, "lines must be"),
        (ec23.figure11, {"lines": (np.nan,)}, "lines must be finite"),
        (ec23.figure11, {"stuck": (1.1,)}, "stuck must be"),
        (ec23.figure11, {"seeds": 0}, "seeds must be"),
        (ec23.figure12, {"layers": (0,)}, "layers must be"),
        (ec23.figure12, {"size": 65}, "size must be"),
        (ec23.figure13, {"sides": (33,)}, "sides must be"),
        (ec23.figure13, {"couplings": (0.0,)}, "couplings must be"),
        (ec23.figure14, {"bits": (0,)}, "bits must be"),
        (ec23.figure14, {"size": 1}, "size must be"),
        (ec23.figure15, {"size": 1}, "size must be"),
        (ec23.figure15, {"count": 11}, "count must be"),
        (ec23.figure15, {"voltages": (0.0,)}, "voltages must be"),
        (ec23.figure15, {"seed": -1}, "seed must be"),
        (ec23.figure16a, {"runs": 0}, "runs must be"),
        (ec23.figure16a, {"duration": 0.0}, "duration must be"),
        (ec23.figure16b, {"epochs": 0}, "epochs must be"),
        (ec23.figure16b, {"wrong": 10}, "wrong must be"),
        (ec23.figure16b, {"delays": (-1e-6,)}, "delays must be"),
        (ec23.figure17a, {"spreads": (-0.1,)}, "spreads must be"),
        (ec23.figure17a, {"epochs": -1}, "epochs must be"),
        (ec23.figure17c, {"digit": 1797}, "digit must be"),
        (ec23.figure18, {"functions": ("parety",)}, "did you mean 'parity'"),
        (ec23.figure18, {"voltages": (0.0,)}, "voltages must be"),
        (ec23.figure18, {"bits": 0}, "bits must be"),
        (ec23.figure19, {"weights": (1.5,)}, "weights must be"),
        (ec23.figure19, {"phase": 0.0}, "phase must be"),
        (ec23.figure20, {"duration": 10.0}, "duration must be"),
        (ec23.figure20, {"bits": (25,)}, "bits must be"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(compute, arguments, words):
    with pytest.raises(ValueError, match=words):
        compute(**arguments)


# ---------------------------------------------------------------- the figures say what is


def test_figure11_has_closed_forms():
    data = ec23.figure11(sizes=(2, 8, 32), size=8, lines=(0.0, 1.0), seeds=1)
    np.testing.assert_allclose(data["margin"].sel(scheme="float"), data["law"], rtol=1e-12)
    n = data["n"].values
    for scheme, share in (("V/2", 0.5), ("V/3", 1.0 / 3.0), ("ground", 0.0)):
        around = share * (n - 1.0)  # what other rows bring into the column, over the current of the cell
        np.testing.assert_allclose(data["margin"].sel(scheme=scheme), 0.99 / (1.0 + around), rtol=1e-12)
    assert np.abs(data["current"].sum("row")[1:]).max() < 1e-18  # columns float
    assert data["error"].sel(line=0.0, stuck=0.0) < 1e-14
    assert (np.diff(data["error"].sel(line=0.0)) >= 0.0).all()


def test_lines_take_what_kirchhoff_says():
    """Word and bit nodes of 5 x 5 crossings: rows are held at the left, columns at the lower end."""
    size, line = 5, 20.0
    word = np.arange(size * size).reshape(size, size)
    bit = size * size + word
    edges = [(word[i, j], bit[i, j], crossbars.G_ON) for i in range(size) for j in range(size)]
    edges += [(word[i, j], word[i, j + 1], 1.0 / line) for i in range(size) for j in range(size - 1)]
    edges += [(bit[i, j], bit[i + 1, j], 1.0 / line) for i in range(size - 1) for j in range(size)]
    matrix = np.zeros((2 * size * size,) * 2)
    for a, b, g in edges:
        matrix[[a, b], [a, b]] += g
        matrix[[a, b], [b, a]] -= g
    held = np.r_[word[:, 0], bit[-1]]
    free = np.setdiff1d(np.arange(len(matrix)), held)
    potential = np.zeros(len(matrix))
    potential[word[:, 0]] = crossbars.READ
    potential[free] = np.linalg.solve(matrix[np.ix_(free, free)], -matrix[free] @ potential)
    current = -(matrix @ potential)[bit[-1]]
    ideal = size * crossbars.G_ON * crossbars.READ
    np.testing.assert_allclose(crossbars.lost(size, line), 1.0 - current / ideal, rtol=1e-9)


def test_sneak_paths_of_stacks_meet_as_many_diodes_as_they_go_up():
    assert [stacks.reversed_cells(extent) for extent in range(5)] == [1, 1, 2, 3, 4]
    data = ec23.figure12(size=3, layers=(1, 3))
    linear = data["margin"].sel(cell="linear")
    assert float(linear.sel(stacking="isolated", layers=3)) == pytest.approx(
        float(linear.sel(stacking="shared", layers=1))
    )
    assert float(linear.sel(stacking="shared", layers=3)) < float(linear.sel(stacking="shared", layers=1))
    power = data["power"].sel(cell="rectifying", stacking="shared", layers=3)
    assert power.sel(place="other layers") < 1e-2 * power.sel(place="selected")


def test_heat_of_figure13_is_that_of_a_lattice():
    rise = pillars.rises(0.5)
    shape = rise.shape
    count = rise.size
    number = np.arange(count).reshape(shape)
    matrix = np.eye(count)
    for axis in range(3):
        one = np.take(number, range(shape[axis] - 1), axis).ravel()
        two = np.take(number, range(1, shape[axis]), axis).ravel()
        for a, b in ((one, two), (two, one)):
            matrix[a, a] += 0.5
            matrix[a, b] -= 0.5
    exact = np.linalg.solve(matrix, np.eye(count)[count // 2]).reshape(shape)
    np.testing.assert_allclose(rise, exact / exact.max(), rtol=1e-9)


def test_transistors_leave_other_cells_alone():
    assert hybrids.margin_with_transistors(4) == pytest.approx(0.98996, abs=1e-5)
    moved = hybrids.moved(3, "with transistors")
    assert moved[1, 1] > 0.1
    assert np.count_nonzero(moved) == 1
    assert np.count_nonzero(hybrids.moved(3, "passive")) == 5


def test_errors_of_converters_halve_with_a_bit():
    errors = [error_of(bits) for bits in (6, 8, 10)]
    assert 3.0 < errors[0] / errors[1] < 5.0
    assert 3.0 < errors[1] / errors[2] < 5.0


def error_of(bits):
    return np.mean([hybrids.error_of_chain(bits, 32, seed)[0] for seed in range(3)])


def test_pulses_at_a_gate_move_what_their_charge_says():
    for kind in ("current", "voltage"):
        x = ecram.train(kind, 3)
        np.testing.assert_allclose(x, ecram.SHARE * np.array([0, 1, 2, 3, 2, 1, 0]), atol=1e-9)
    target = np.array([[0.5, -0.5], [0.2, 0.7]])
    found = ecram.written(target, 0.8, "V/3")
    np.testing.assert_allclose(found, 10e-6 + 8e-6 * target, rtol=1e-3)


def test_columns_of_figure16a_are_at_the_share_of_their_black_pixels():
    """Until neurons fire their nodes relax to what the inputs divide, without transistors' small resistances."""
    time, potential, fired = neuron_arrays.shown(0, 0.3, 3e-3, seed=0)  # below V_th
    weight = np.where(neuron_arrays.PATTERNS.T > 0.0, neuron_arrays.G_ON, neuron_arrays.G_OFF)
    divided = 0.3 * (neuron_arrays.PATTERNS[0] @ weight) / weight.sum(axis=0)
    assert time[-1] == pytest.approx(2.95e-3)
    np.testing.assert_allclose(potential[-1, 1:], divided[1:], rtol=0.02)
    assert np.isnan(fired[1:]).all()


def test_a_neuron_fires_within_the_window_of_coincidence():
    window = neuron_learning.window()
    assert window == pytest.approx(8.4012e-6, rel=1e-4)
    assert neuron_learning.coincides(0.98 * window)
    assert not neuron_learning.coincides(1.02 * window)


def test_figure17c_is_the_correlation():
    data = ec23.figure17c(digit=3)
    np.testing.assert_allclose(data["convolved"], data["exact"], atol=1e-14)
    assert classifiers.convolved(np.ones((5, 5))) == pytest.approx(0.0, abs=1e-13)


@pytest.mark.parametrize("name", logic.FUNCTIONS)
def test_minterms_are_right_at_one_volt(name):
    table = logic.minterms(name, 1.0)
    bits = np.array([int(tuple(case) in logic.FUNCTIONS[name]) for case in table.cases.tolist()])
    np.testing.assert_allclose(table.resistance_of("sum"), np.where(bits, logic.R_OFF, logic.R_ON), rtol=1e-3)
    assert logic.wrong(table) == 0


def test_answers_of_the_nerve_cell_are_graded_and_then_whole():
    peaks = [1e3 * brains.response(weight).max() for weight in (0.0, 0.3, 0.6, 1.0)]
    assert peaks[0] < peaks[1] < 20.0
    assert peaks[2] > 100.0
    assert peaks[3] > 100.0


def test_filters_of_figure20_have_the_gains_of_scipy():
    from scipy.signal import firwin, freqz

    frequency = np.linspace(0.5, 30.0, 20)
    gains = seizures.response(seizures.filters(), frequency)
    for gain, band in zip(gains, seizures.BANDS.values(), strict=True):
        taps = firwin(129, band, pass_zero=False, fs=seizures.RATE)
        np.testing.assert_allclose(gain, np.abs(freqz(taps, worN=frequency, fs=seizures.RATE)[1]), atol=1e-12)


# ---------------------------------------------------------------- statements

GROUPS = {**_about_arrays.MEASURES, **_about_applications.MEASURES}
STATEMENTS = (*_about_arrays.STATEMENTS, *_about_applications.STATEMENTS)
# Cells grow with layers as layers do.
FALSE = {"Sec. 4.2.1: layers on top of each other allow an exponential increase in the number of connections"}


@pytest.mark.slow
@pytest.mark.parametrize("group", GROUPS)
def test_statements_have_the_verdicts_that_their_conditions_name(group):
    numbers = GROUPS[group]()
    mine = [one for one in STATEMENTS if one.group == group]
    assert mine
    for one in mine:
        verdict = one.verdict(numbers)
        assert (verdict == "does not hold") == (one.text in FALSE)
        assert verdict.startswith("holds if") == (one.holds_if is not None)
        assert set(one.shown) <= set(numbers)
