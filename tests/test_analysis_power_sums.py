"""What power laws and their alternatives are divided by: sums and integrals, against mpmath and direct ones."""

import math

import mpmath
import numpy as np
import pytest
from scipy import integrate

from memnet.analysis import _power_sums as power_sums


@pytest.mark.parametrize("s", [1.0001, 1.2, 1.5, 2.0, 2.5, 4.0, 9.9])
@pytest.mark.parametrize("first", [1, 2, 7, 23, 24, 25, 100, 12345, 10**7])
def test_infinite_sums_are_the_hurwitz_zeta_function(s, first):
    with mpmath.workdps(40):
        exact = mpmath.zeta(mpmath.mpf(s), first)
    assert abs(float(power_sums.power_sum(s, first, math.inf) / exact - 1)) < 2e-13


@pytest.mark.parametrize("s", [-5.0, -1.0, 0.0, 0.5, 1.0, 1 + 1e-9, 1.2, 2.0, 9.9])
@pytest.mark.parametrize(
    ("first", "last"), [(1, 1), (1, 5), (3, 23), (5, 24), (24, 24), (24, 25), (20, 300), (7, 3000)]
)
def test_finite_sums_are_the_direct_ones(s, first, last):
    exact = math.fsum(float(k) ** -s for k in range(first, last + 1))
    assert float(power_sums.power_sum(s, first, last)) == pytest.approx(exact, rel=5e-13)


def test_sums_broadcast_and_are_empty_beyond_their_end():
    first = np.array([1, 10, 30, 31])
    found = power_sums.power_sum(np.array([[1.5], [2.5]]), first, 30)
    assert found.shape == (2, 4)
    assert found[1, 1] == pytest.approx(sum(k**-2.5 for k in range(10, 31)), rel=1e-13)
    np.testing.assert_array_equal(found[:, 3], 0)


@pytest.mark.parametrize("s", [-1.0, 0.5, 1.5, 2.5])
@pytest.mark.parametrize("rate", [1e-4, 0.01, 0.3, 3.0])
@pytest.mark.parametrize("xmin", [1, 30])
def test_norms_with_a_cutoff_are_sums_and_integrals(s, rate, xmin):
    k = np.arange(xmin, xmin + 5000)
    exact = math.fsum(np.exp(-s * np.log(k) - rate * (k - xmin)))
    found = power_sums.log_norm_cutoff(s, rate, xmin, xmin + 4999, discrete=True)
    assert found == pytest.approx(math.log(exact), abs=1e-11)
    integral = mpmath.mpf(rate) ** (s - 1) * mpmath.gammainc(1 - s, rate * xmin) * mpmath.exp(rate * xmin)
    found = power_sums.log_norm_cutoff(s, rate, xmin, math.inf, discrete=False)
    assert found == pytest.approx(float(mpmath.log(integral)), abs=1e-11)
    part, _ = integrate.quad(lambda x: x**-s * math.exp(-rate * (x - xmin)), xmin, 2 * xmin, epsabs=0, epsrel=1e-12)
    found = power_sums.log_norm_cutoff(s, rate, xmin, 2 * xmin, discrete=False)
    assert found == pytest.approx(math.log(part), abs=1e-10)


def mp_log_sum(log_term, first, last, integral=None):
    """The logarithm of a sum over integers by mpmath: term by term, or to 1,000 and the rest by Euler-Maclaurin."""
    with mpmath.workdps(20):
        near = 1_000 if last == math.inf else last
        total = mpmath.fsum(mpmath.exp(log_term(mpmath.mpf(k))) for k in range(first, near + 1))
        if last == math.inf:
            start = mpmath.mpf(near + 1)
            decades = [mpmath.log(start) + step for step in (0, 5, 20, 60)]
            tail = (
                integral(start)
                if integral
                else mpmath.quad(lambda y: mpmath.exp(log_term(mpmath.exp(y)) + y), [*decades, mpmath.inf])
            )
            end = mpmath.exp(log_term(start))
            total += tail + end / 2 - mpmath.diff(lambda x: mpmath.exp(log_term(x)), start) / 12
        return float(mpmath.log(total))


SUMS = [(1, 30), (1, 3000), (40, 40 + 1000), (1, math.inf), (40, math.inf)]


@pytest.mark.parametrize(("first", "last"), SUMS)
@pytest.mark.parametrize(("s", "bend"), [(-2.0, 0.3), (0.5, 1e-3), (1.5, 1e-3), (1.5, 0.1), (2.5, 2.0)])
def test_a6_lognormal_sums_are_those_of_mpmath(s, bend, first, last):
    if (s, last) in ((-2.0, math.inf), (0.5, math.inf)):
        pytest.skip("the sum goes far beyond what is summed term by term here")
    expected = mp_log_sum(
        lambda x: -(s + mpmath.mpf(bend) / 2 * mpmath.log(x / first)) * mpmath.log(x / first), first, last
    )
    assert power_sums.log_norm_bent(s, bend, first, last, discrete=True) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("first", "last"), SUMS)
@pytest.mark.parametrize(("stretch", "rate"), [(1e-3, 500.0), (0.1, 5.0), (0.3, 2.0), (1.0, 0.01), (2.0, 0.001)])
def test_a6_stretched_exponential_sums_are_those_of_mpmath(stretch, rate, first, last):
    def log_term(x):
        y = mpmath.log(x / first)
        return (stretch - 1) * y - rate * mpmath.expm1(stretch * y)

    def integral(x):
        return first / (mpmath.mpf(stretch) * rate) * mpmath.exp(-rate * ((x / first) ** stretch - 1))

    expected = mp_log_sum(log_term, first, last, integral)
    assert power_sums.log_norm_stretched(stretch, rate, first, last, discrete=True) == pytest.approx(
        expected, abs=1e-12
    )


@pytest.mark.parametrize(("first", "last"), SUMS)
@pytest.mark.parametrize(("s", "rate"), [(0.5, 1e-3), (1.5, 1e-3), (2.5, 0.3)])
def test_a6_cutoff_sums_are_those_of_mpmath(s, rate, first, last):
    def integral(x):
        return mpmath.mpf(rate) ** (s - 1) * mpmath.gammainc(1 - s, rate * x) * mpmath.exp(rate * first)

    expected = mp_log_sum(lambda x: -s * mpmath.log(x) - rate * (x - first), first, last, integral)
    assert power_sums.log_norm_cutoff(s, rate, first, last, discrete=True) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("s", [10.5, 30.0, 120.0, 480.0])
@pytest.mark.parametrize("first", [1, 20, 100, 1000])
def test_a14_steep_sums_are_the_direct_ones(s, first):
    exact = math.fsum(math.exp(-s * math.log(k / first)) for k in range(first, 60 * first + 100))
    assert float(power_sums.relative_sum(s, first, math.inf)) == pytest.approx(exact, rel=1e-12)
