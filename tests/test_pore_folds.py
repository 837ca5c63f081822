"""Negative resistance of a pore behind a conductance: static states, folds, and where there are none."""

import numpy as np
import pytest
from pore_loops import MICRO, combined
from scipy.optimize import brentq

import memnet as mn
from memnet import theory

PORE = mn.PlainNanopore.preset("figure-14")
# The steepest fall of its steady current, in uS.
STEEPEST = 1.1472319030


def states(g_s, values):
    made = combined(("in", "u", mn.Resistor(conductance=g_s)), ("u", "out", PORE))
    sim = made({"in": -1.0, "out": 0.0}, method="adaptive")
    return mn.equilibria(sim, electrode="in", values=values)


def test_folds_of_figure_14_behind_half_a_microsiemens():
    found = states(0.5e-6, [-2.0, -1.1913053532, 0.5])
    order = np.argsort(found.folds.potential[:, 1])
    assert found.folds.potential[order, 1] == pytest.approx([-0.7326926601, -0.4232711178], abs=1e-9)
    assert found.folds.value[order] == pytest.approx([-1.0685097629, -1.3141009435], abs=1e-9)
    between = np.isclose(found.value, -1.1913053532)
    assert found.potential[between, 1] == pytest.approx([-0.9383761852, -0.5642157547, -0.2992345488], abs=1e-8)
    assert found.stable[between].tolist() == [True, False, True]
    assert found.stable[~between].all()


@pytest.mark.parametrize("share", [0.5, 0.9, 0.97])
def test_folds_are_where_g_s_and_the_slope_balance(share):
    g_s = share * STEEPEST / MICRO
    found = states(g_s, [-2.0, 0.5])

    def total(u):
        return MICRO * (g_s + theory.branch_circuit(PORE, u).g_dc)

    expected = [brentq(total, -0.9, -0.5551, xtol=1e-14), brentq(total, -0.5551, -0.36, xtol=1e-14)]
    assert np.sort(found.folds.potential[:, 1]) == pytest.approx(expected, abs=1e-7)
    applied = sorted(theory.branch_circuit(PORE, u, g_s=g_s).applied for u in expected)
    assert np.sort(found.folds.value) == pytest.approx(applied, abs=1e-9)


@pytest.mark.parametrize("share", [1.0 + 1e-6, 1.1, 10.0])
def test_above_the_steepest_fall_there_are_none(share):
    g_s = share * STEEPEST / MICRO
    found = states(g_s, [-2.0, -0.84, 0.5])
    assert len(found.folds) == 0
    assert len(found) == 3
    assert found.stable.all()
    u = np.linspace(-0.6, -0.5, 41)
    assert all(theory.branch_circuit(PORE, volts, g_s=g_s).slow_rate > 0.0 for volts in u)


@pytest.mark.parametrize("u", [-0.8, -0.7326926601 - 1e-6, -0.7326926601 + 1e-6, -0.5, -0.4232711178 + 1e-6, 0.2])
def test_a_point_is_stable_where_g_s_is_above_the_fall(u):
    """With and without a capacitance: g_s + g_dc > 0, also where g_dc alone is below 0."""
    at = theory.branch_circuit(PORE, u, g_s=0.5e-6)
    rests = 0.5e-6 + at.g_dc > 0.0
    assert rests == (not -0.7326926601 < u < -0.4232711178)
    assert (at.slow_rate > 0.0) == rests
    assert (at.eigenvalues[0].real < 0.0) == rests


@pytest.mark.parametrize("share", [0.99, 0.998, 1.0 - 1e-5])
def test_folds_that_are_close_to_each_other_are_both_found(share):
    """Both within one step along the branch, and two states between them besides the third."""
    g_s = share * STEEPEST / MICRO
    found = states(g_s, [-2.0, 0.5])

    def total(u):
        return MICRO * (g_s + theory.branch_circuit(PORE, u).g_dc)

    middle = -0.554326
    expected = [brentq(total, middle - 0.1, middle, xtol=1e-14), brentq(total, middle, middle + 0.1, xtol=1e-14)]
    assert np.sort(found.folds.potential[:, 1]) == pytest.approx(expected, abs=1e-7)
    low, high = np.sort(found.folds.value)
    between = states(g_s, [0.5 * (low + high)])
    if high - low > 1e-6:
        assert between.stable.tolist() == [True, False, True]
        outer = between.potential[:, 1]
        assert outer[0] < expected[0] < outer[1] < expected[1] < outer[2]


@pytest.mark.parametrize("inside", [1e-2, 1e-4, 1e-6, 1e-8])
def test_states_next_to_a_fold_are_both_found(inside):
    """They meet there as the root of the distance."""
    found = states(0.5e-6, [-1.0685097628775 - inside, -1.0685097628775 + inside])
    first = found.value < -1.0685097628775
    assert (first.sum(), (~first).sum()) == (3, 1)
    pair = found.potential[first, 1][:2]
    assert pair[0] < -0.7326926601 < pair[1]
    assert found.stable[first].tolist() == [True, False, True]
    assert np.diff(pair)[0] == pytest.approx(0.3135 * np.sqrt(inside / 1e-1), rel=0.1)
