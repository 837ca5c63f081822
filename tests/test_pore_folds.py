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
