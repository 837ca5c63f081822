"""Equilibria and order of transitions against closed forms."""

import math

import numpy as np
import pytest

from memnet.theory import critical_chi, landau


def drift(chi, **options):
    """Linear drift under a voltage: dQ/ds = x (1 - chi x) / chi."""
    return landau(lambda x: x**2 / 2, lambda x: 1 / (1 - chi * x) - 1, **options)


def test_linear_drift_turns_at_one_over_two_chi():
    theory = drift(0.8)
    ((x, av),) = theory.turning_points
    assert x == pytest.approx(1 / 1.6, abs=2e-9)
    assert av == pytest.approx(1 / (4 * 0.8**2), rel=1e-11)
    assert theory.order == "first"
    assert not theory.convex
    # x (1 - chi x) = chi av: two equilibria between the value at x = 1 and the fold, one below, none above.
    end = (1 - 0.8) / 0.8
    assert theory.count([0.5 * end, 0.5 * (end + av), 1.1 * av]).tolist() == [1, 2, 0]
    x = theory.equilibria(0.35)
    np.testing.assert_allclose(x, np.sort(np.roots([0.8, -1.0, 0.8 * 0.35])), rtol=0, atol=1e-11)
    assert theory.jump() == (av, pytest.approx(1 / 1.6, abs=2e-9), 1.0)


@pytest.mark.parametrize("n", [51, 801])
def test_equilibria_are_roots_of_the_curve(n):
    """The splines of a cubic and of s = r are exact, so what is left is rounding, between points as on them."""
    theory = landau(lambda s: s - 1.2 * s**2 + s**3, np.expm1, form="graphical", r_max=1.6, n=n)
    ((r, low),) = theory.turning_points
    assert (r, low) == (pytest.approx(0.6, abs=1e-9), pytest.approx(0.64, rel=1e-12))
    assert theory.threshold == pytest.approx(low, rel=1e-15)
    for av in (0.640001, 0.7, 0.9999):
        root = math.sqrt(0.36 - (1 - av))
        np.testing.assert_allclose(theory.equilibria(av), [0.6 - root, 0.6 + root], rtol=0, atol=1e-12)
    # x (1 - x / 2) = av / 2; a drive this small has its equilibrium before the second point.
    drifts = drift(0.5, n=n)
    for av in (0.001, 0.4, 0.9):
        np.testing.assert_allclose(drifts.equilibria(av), [1 - math.sqrt(1 - av)], rtol=0, atol=1e-7)
    np.testing.assert_array_equal(drifts.count([-0.1, 0.0, 0.5]), [0, 0, 1])


def test_order_changes_at_half():
    assert drift(0.45).order == "continuous"
    assert drift(0.45).convex
    assert drift(0.45).jump() is None
    assert critical_chi(drift, 0.1, 0.9, tolerance=1e-6) == pytest.approx(0.5, abs=1e-6)
    with pytest.raises(ValueError, match="at both chi"):
        critical_chi(drift, 0.1, 0.2)


def test_critical_chi_of_a_chi_that_multiplies_p():
    # load = (r / k)(1 + c exp(-k r)), c = (1 - chi) / chi, falls for some r as soon as c > e^2.
    def theory(chi):
        return landau(lambda r: r**2 / 2, lambda r: np.expm1(4 * r), chi=chi)

    found = critical_chi(theory, 0.05, 0.5, tolerance=1e-6)
    assert found == pytest.approx(1 / (1 + math.e**2), abs=1e-6)


def test_larger_chi_needs_less_drive():
    loads = [landau(lambda r: r**2 / 2 + r, lambda r: r, chi=chi).threshold for chi in (1.0, 10.0, 100.0)]
    # dQ/ds = (r + 1)(1 + chi r) / chi is smallest at r = 0, where it is 1 / chi.
    np.testing.assert_allclose(loads, [1.0, 0.1, 0.01], rtol=1e-6)


def test_graphical_form():
    # With P = e^r - 1, s is r: Q / s of s^2 (1 - s + s^2 / 2) is s - s^2 + s^3 / 2, which rises throughout.
    p = np.expm1
    assert landau(lambda s: s**2 * (1 - s + s**2 / 2), p, form="graphical").order == "continuous"
    # s^2 (3 - 4 s + 2 s^2): Q / s = 3 s - 4 s^2 + 2 s^3 has slope 3 - 8 s + 6 s^2 with roots (4 +- sqrt(-2)) / 6: none.
    # s^2 (3 - 5 s + 2.5 s^2): slope 3 - 10 s + 7.5 s^2, roots (10 -+ sqrt(10)) / 15.
    theory = landau(lambda s: s**2 * (3 - 5 * s + 2.5 * s**2), p, form="graphical", r_max=1.3)
    roots = [(10 - math.sqrt(10)) / 15, (10 + math.sqrt(10)) / 15]
    np.testing.assert_allclose([s for s, _ in theory.turning_points], roots, rtol=0, atol=1e-11)
    high, low = theory.turning_points[0][1], theory.turning_points[1][1]
    assert theory.count([0.5 * (low + high)])[0] == 3
    av, before, after = theory.jump()
    assert av == pytest.approx(high)
    assert before == pytest.approx(roots[0], abs=1e-11)
    assert after > roots[1]


def test_a_load_that_only_falls_is_first_order():
    theory = landau(lambda r: r**2 / 2, lambda r: r**3 / 2 + 1e-3 * r, chi=0.1, r_max=1.0)
    assert theory.order == "first"
    # Q/s = 1 - 1.2 s + s^2: s = 0 is left at a v = 1, for s = 1.2.
    theory = landau(lambda s: s - 1.2 * s**2 + s**3, np.expm1, form="graphical", r_max=1.6)
    assert theory.load[0] == pytest.approx(1.0, abs=1e-11)
    np.testing.assert_allclose(theory.jump(), (1.0, 0.0, 1.2), rtol=0, atol=2e-9)


def test_bad_input():
    with pytest.raises(ValueError, match="vanish"):
        landau(lambda r: r + 1, lambda r: r)
    with pytest.raises(ValueError, match="positive"):
        landau(lambda r: r**2, lambda r: -2 * r)
    with pytest.raises(ValueError, match="increase"):
        landau(lambda r: r**2, lambda r: r * (1 - r))
    with pytest.raises(ValueError, match="unknown form"):
        drift(0.2, form="graph")
    with pytest.raises(ValueError, match="tolerance must be in"):
        critical_chi(drift, 0.1, 0.9, tolerance=0.0)
    for call, match in (
        (lambda: landau(3, np.expm1), r"q must be a function of r, got 3 \(int\)"),
        (lambda: landau(np.square, None), r"p must be a function of r, got None"),
        (lambda: critical_chi(3, 0.1, 0.9), "theory must be a function from chi"),
        (lambda: critical_chi(lambda chi: chi, 0.1, 0.9), r"theory\(0.1\) must be a Landau"),
        (lambda: drift(0.8).equilibria(aw=0.1), r"Landau.equilibria\(\) got an unknown keyword 'aw'; allowed: av"),
    ):
        with pytest.raises(TypeError, match=match):
            call()
