"""The potential of the rate-balance mean field in closed form.

The rate stands in RateBalanceField too; tests/test_theory_mean_field.py compares.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from memnet.base import check
from memnet.base.arrays import Floats

# exp() of more than this is no double.
LARGEST_EXPONENT = 700.0
# A smaller chi changes no digit.
SMALLEST_CHI = 1e-30
# Terms of the series below chi = 1, whose ratio is at most chi / (1 + chi) <= 1/2.
SERIES_TERMS = 64


@check.known_keywords
def rate_balance_potential(g: ArrayLike, *, chi: float, kappa_p0: float, kappa_d0: float, a: float, b: float) -> Floats:
    """Return V(g) - V(0) with -dV/dg = kappa_p0 exp(a/u) (1 - g) - kappa_d0 exp(-b/u) g and u = 1 + chi g.

    Parameters
    ----------
    g : array_like
        States in [0, 1].
    chi : float
        Range of the conductance, g_max / g_min - 1, >= 0.
    kappa_p0, kappa_d0 : float
        Rates at 0 V (1/s).
    a, b : float
        eta_p v and eta_d v, both >= 0.

    Returns
    -------
    ndarray
        In 1/s, of g's shape.

    Raises
    ------
    TypeError, ValueError
        An argument that is no number, or out of its range.
    OverflowError
        `a` beyond 700, where the rate itself is no double.

    Notes
    -----
    Exponential integrals from chi = 1 on; below it a series in chi g / (1 + chi g) whose terms have one sign, because
    the closed form loses as 1 / chi^2. chi = 0 and v = 0 give the quadratic.

    Examples
    --------
    >>> import memnet as mn
    >>> mn.theory.rate_balance_potential([0.0, 0.5, 1.0], chi=10.0, kappa_p0=1e-3, kappa_d0=1.0, a=2.0, b=1.0).round(6)
    array([0.      , 0.096282, 0.429726])
    """
    chi = check.real("chi", chi, 0.0, np.inf, "[)")
    chi = 0.0 if chi < SMALLEST_CHI else chi
    kappa_p0 = check.real("kappa_p0", kappa_p0, 0.0, np.inf, "[)", "1/s")
    kappa_d0 = check.real("kappa_d0", kappa_d0, 0.0, np.inf, "[)", "1/s")
    a, b = check.real("a", a, 0.0, np.inf, "[]"), check.real("b", b, 0.0, np.inf, "[)")
    if a > LARGEST_EXPONENT:
        raise OverflowError(f"eta_p v = {a:g} is beyond {LARGEST_EXPONENT:g}: the potentiation rate overflows")
    state = check.numbers_within("g", g, 0.0, 1.0)
    if chi < 1.0:
        potentiation, depression = _series(state, chi, a, b)
    else:
        u = 1.0 + chi * state
        one = np.float64(1.0)
        potentiation = (_rise(u, a, chi) - _rise(one, a, chi)) / chi**2
        depression = (_fall(u, b) - _fall(one, b)) / chi**2
    result: Floats = -kappa_p0 * potentiation + kappa_d0 * depression
    return result


def _first(u: Any, a: float) -> Any:
    """Integral of exp(a / u) over u."""
    from scipy.special import exp1, expi

    if a == 0.0:
        return u
    x = a / u
    return u * np.exp(x) - a * (expi(x) if a > 0.0 else -exp1(-x))


def _second(u: Any, a: float) -> Any:
    """Integral of u exp(a / u) over u."""
    from scipy.special import exp1, expi

    if a == 0.0:
        return 0.5 * u * u
    x = a / u
    return 0.5 * (u * (u + a) * np.exp(x) - a * a * (expi(x) if a > 0.0 else -exp1(-x)))


def _rise(u: Any, a: float, chi: float) -> Any:
    """chi^2 times the integral of exp(a / u) (1 - g) over g."""
    return (chi + 1.0) * _first(u, a) - _second(u, a)


def _fall(u: Any, b: float) -> Any:
    """chi^2 times the integral of exp(-b / u) g over g."""
    return _second(u, -b) - _first(u, -b)


def _series(g: Floats, chi: float, a: float, b: float) -> tuple[Floats, Floats]:
    """Return the two integrals in powers of chi t with t = g / (1 + chi g), where exp(a / u) = exp(a) exp(-a chi t).

    With M_n = integral of exp(-+ c chi t) t^n from 0 to t, g = t / (1 - chi t) and dg = dt / (1 - chi t)^2,
    integral of exp(a / u) = e^a sum_n (n + 1) chi^n M_n, and with a further factor g
    e^a sum_n (n + 1)(n + 2) / 2 chi^n M_(n+1).
    """
    t = g / (1.0 + chi * g)
    rise_one, rise_g = _moments(t, chi, -a * chi, 0.0)
    _, fall_g = _moments(t, chi, b * chi, -b)
    return np.exp(a) * (rise_one - rise_g), fall_g


def _moments(t: Floats, chi: float, c: float, shift: float) -> tuple[Floats, Floats]:
    """Return the sums of (n + 1) chi^n M_n and (n + 1)(n + 2) / 2 chi^n M_(n+1) times exp(shift).

    M_n is the integral of exp(c t) t^n from 0 to t.
    """
    from scipy.special import hyp1f1

    y = c * t
    one = np.zeros_like(t)
    with_g = np.zeros_like(t)
    power = np.array(t)
    for n in range(SERIES_TERMS):
        # 1F1(n+1; n+2; y) = e^y 1F1(1; n+2; -y). Of the second, asymptotic for large y, the exponential is joined with
        # that in front: alone it would overflow.
        moment = power / (n + 1) * np.exp(y + shift) * hyp1f1(1.0, n + 2.0, -y)
        one += (n + 1) * chi**n * moment
        if n > 0:
            with_g += 0.5 * n * (n + 1) * chi ** (n - 1) * moment
        power = power * t
    return one, with_g
