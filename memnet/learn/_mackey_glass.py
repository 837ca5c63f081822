"""The Mackey-Glass series: chaos of a delay."""

from __future__ import annotations

import math

import numpy as np

from memnet.base import check
from memnet.base.arrays import Floats

__all__ = ["mackey_glass"]

SOLVERS = ("rk4", "euler")
# Steps of RK4 for a unit of time, at least: with 20 the error of a step is about 1e-8.
SUBSTEPS = 20


@check.known_keywords
def mackey_glass(
    n: int,
    *,
    beta: float = 0.2,
    gamma: float = 0.1,
    tau: float = 17.0,
    exponent: float = 10.0,
    theta: float = 1.0,
    dt: float = 1.0,
    start: float = 1.2,
    transient: int = 200,
    solver: str = "rk4",
) -> Floats:
    """Return the series of Mackey and Glass, dx/dt = beta x(t-tau) / (theta + x(t-tau)^exponent) - gamma x.

    It is the one with a maximum in the production [1]_.

    Parameters
    ----------
    n : int
        Number of values, >= 1.
    beta, gamma : float
        Rates of production and decay, >= 0.
    tau : float
        The delay, > 0; with beta = 0.2 and gamma = 0.1 it is chaotic from 16.8 on. Rounded to a whole number of steps
        of the solver.
    exponent, theta : float
        Of the production, > 0.
    dt : float
        Time between values, > 0.
    start : float
        x up to t = 0, > 0.
    transient : int
        Values before the first that is returned, >= 0.
    solver : {"rk4", "euler"}
        "rk4": the differential equation, by the method of Runge and Kutta of fourth order with steps of at most 0.05,
        and cubic interpolation between the delayed values. "euler": the map x + dt dx/dt that some papers take for
        it, with the delay in steps of `dt`.

    Returns
    -------
    ndarray, (n, 1)
        A sequence for `Reservoir`.

    Raises
    ------
    TypeError, ValueError
        An argument outside its range.
    ArithmeticError
        The map left the finite numbers.

    References
    ----------
    .. [1] M. C. Mackey and L. Glass, Science 1977, 197, 287, doi 10.1126/science.267326.

    Examples
    --------
    >>> import memnet as mn
    >>> x = mn.learn.mackey_glass(1000)
    >>> x.shape, bool(0.2 < x.min() < 0.5), bool(1.2 < x.max() < 1.4)
    ((1000, 1), True, True)
    """
    n = check.integer("n", n, 1, 2**31)
    rates = [check.real(name, one, 0.0, 1e6, "[]") for name, one in (("beta", beta), ("gamma", gamma))]
    tau = check.real("tau", tau, 0.0, 1e9)
    exponent = check.real("exponent", exponent, 0.0, 1e3)
    theta = check.real("theta", theta, 0.0, 1e9)
    dt = check.real("dt", dt, 0.0, 1e6)
    start = check.real("start", start, 0.0, 1e6)
    transient = check.integer("transient", transient, 0, 2**31)
    between = math.ceil(dt * SUBSTEPS) if check.one_of("solver", solver, SOLVERS) == "rk4" else 1
    lag = round(tau / (dt / between))
    if not 1 <= lag <= 2**31:
        raise ValueError(f"tau must be between 1 and 2**31 steps of the solver, {dt / between:g}, got {tau:g}")
    series = _series((n + transient - 1) * between, lag, dt / between, start, (*rates, exponent, theta), solver)
    if not np.isfinite(series).all():
        raise ArithmeticError("the series left the finite numbers: take a shorter dt, or other rates")
    return np.asarray(series[transient * between :: between, np.newaxis])


def _series(n_steps: int, lag: int, h: float, start: float, law: tuple[float, ...], solver: str) -> Floats:
    """Return x at all steps of the solver, that at t = 0 first."""
    beta, gamma, exponent, theta = law
    x = [start] * (n_steps + lag + 3)
    made = [beta * start / (theta + start**exponent)] * (lag + 3)

    for k in range(lag + 2, lag + 2 + n_steps):
        now = x[k]
        first, last = made[k - lag], made[k - lag + 1]
        if solver == "euler":
            after = now + h * (first - gamma * now)
        else:
            middle = _middle(made, k - lag, lag + 2)
            k1 = first - gamma * now
            k2 = middle - gamma * (now + 0.5 * h * k1)
            k3 = middle - gamma * (now + 0.5 * h * k2)
            k4 = last - gamma * (now + h * k3)
            after = now + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
        x[k + 1] = after
        made.append(beta * after / (theta + abs(after) ** exponent) if abs(after) < 1e6 else 0.0)
    return np.array(x[lag + 2 :])


def _middle(values: list[float], k: int, start: int) -> float:
    """Return the cubic through four values at equal distances, half-way between values k and k + 1.

    At `start` the series turns, before it is constant, and beside it what lies on one side is taken alone.
    """
    if k < start:
        return values[k]
    if k + 2 >= len(values):
        return 0.5 * (values[k] + values[k + 1])
    if k == start:
        after = values[k + 3] if k + 3 < len(values) else 2.0 * values[k + 2] - values[k + 1]
        return (5.0 * values[k] + 15.0 * values[k + 1] - 5.0 * values[k + 2] + after) / 16.0
    return (9.0 * (values[k] + values[k + 1]) - values[k - 1] - values[k + 2]) / 16.0
