"""Handwritten digits by a linear classifier on pairs of cells, 65 x 20: what bits, converters, spread and lines cost.

The numbers are those of issue 15 (a table of its own making, not of a paper): scikit-learn's digits, 1200 to train and
597 to test, logistic regression, pairs of 1 to 100 uS. What it leaves open is said at each test.
"""

import functools

import numpy as np
import pytest

import memnet as mn
from memnet import arrays

datasets = pytest.importorskip("sklearn.datasets")
linear_model = pytest.importorskip("sklearn.linear_model")

READ = 0.2  # volts of a white pixel
WITHIN = 0.005


@functools.cache
def classifier():
    """Return weights with a row for the bias, inputs of the test set with a 1 for it, labels, and software's score."""
    pixels, labels = datasets.load_digits(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(labels))
    train, test = order[:1200], order[1200:]
    model = linear_model.LogisticRegression(max_iter=1000).fit(pixels[train] / 16.0, labels[train])
    weights = np.vstack([model.coef_.T, model.intercept_])
    inputs = np.hstack([pixels[test] / 16.0, np.ones((len(test), 1))])
    return weights, inputs, labels[test], model.score(pixels[test] / 16.0, labels[test])


def pairs(bits=None):
    return arrays.Differential(1e-6, 100e-6, bits).fitted(classifier()[0])


def score(code, cells, resistance=None, convert=np.asarray):
    """Return the share of digits that an array gets right; of equal outputs, whatever rounding says, the first wins."""
    _, inputs, labels, _ = classifier()
    net = mn.crossbar(*cells.shape, line_resistance=resistance, contact_resistance=resistance)
    outputs = code.decode(arrays.vmm(net, cells, READ * inputs))
    return float((convert(outputs).round(9).argmax(axis=1) == labels).mean())


def test_software_and_ideal_pairs():
    weights, _, labels, software = classifier()
    assert len(labels) == 597
    assert round(software, 4) == 0.9782
    assert score(pairs(), pairs().encode(weights)) == software


@pytest.mark.parametrize(("bits", "wanted"), [(6, 0.9765), (4, 0.9732), (3, 0.9665), (2, 0.9296)])
def test_bits_of_cells(bits, wanted):
    """A cell has 2**bits conductances, and a weight 2**bits - 1 magnitudes; the bias is a weight like others."""
    code = pairs(bits)
    assert score(code, code.encode(classifier()[0])) == pytest.approx(wanted, abs=WITHIN)


@pytest.mark.parametrize(("bits", "wanted"), [(8, 0.9782), (4, 0.9564), (3, 0.9079)])
def test_bits_of_converters(bits, wanted):
    """One converter an output behind the difference of its pair, from -s to s, s the largest output; rounded down."""
    code = pairs()

    def convert(outputs):
        largest = float(np.abs(outputs).max())
        read = arrays.ADC(bits, -largest, largest)(outputs)
        assert read.clipped == 0
        return read.codes

    assert score(code, code.encode(classifier()[0]), convert=convert) == pytest.approx(wanted, abs=WITHIN)


@pytest.mark.parametrize(("spread", "wanted"), [(0.1, 0.968), (0.4, 0.886)])
def test_spread_of_cells(spread, wanted):
    """Every cell is off by a lognormal factor, beyond the range as well, those at the lower end included."""
    code = pairs()
    cells = code.encode(classifier()[0])
    scores = [score(code, arrays.program(cells, spread=spread, seed=seed)) for seed in range(10)]
    assert abs(np.mean(scores) - wanted) <= 2.0 * np.std(scores, ddof=1)


@pytest.mark.parametrize(("resistance", "wanted"), [(1.0, 0.9782), (10.0, 0.9665), (30.0, 0.9162), (100.0, 0.6784)])
def test_lines(resistance, wanted):
    """Neighbouring columns for a pair; the same resistance from an electrode to its first cell as from cell to cell."""
    code = pairs()
    assert score(code, code.encode(classifier()[0]), resistance) == pytest.approx(wanted, abs=WITHIN)


def test_many_inputs_cost_one_factorisation():
    """The matrix is that of one solve, so 597 inputs have the currents that each has alone."""
    weights, inputs, _, _ = classifier()
    cells = pairs().encode(weights)
    net = mn.crossbar(65, 20, line_resistance=30.0)
    together = arrays.vmm(net, cells, inputs)
    np.testing.assert_allclose(together[5], arrays.vmm(net, cells, inputs[5]), rtol=1e-12)
    np.testing.assert_allclose(together, inputs @ arrays.transfer(net, cells), rtol=1e-12)
