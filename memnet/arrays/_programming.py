"""What becomes of conductances that were wanted: spread when written, noise when read, and time."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from memnet.base import check
from memnet.base.arrays import Floats

__all__ = ["drift", "noisy_read", "program", "relax"]


@check.known_keywords
def program(
    conductances: ArrayLike, *, spread: float, seed: int | None = None, g_min: float = 0.0, g_max: float = math.inf
) -> Floats:
    r"""Return what cells hold after they were programmed without a look at them: a lognormal spread about targets.

    .. math:: g = g_0 e^{\sigma z}

    with a standard normal z for each cell; the median is the target. `write_verify` programs through the circuit.

    Parameters
    ----------
    conductances : array_like
        Targets (S), finite and >= 0, of any shape.
    spread : float
        Standard deviation of ln g, >= 0.
    seed : int, optional
        The same seed gives the same numbers; drawn from the system where it is None.
    g_min, g_max : float
        What cells can hold (S), 0 <= g_min < g_max: those that would be beyond stop there.

    Returns
    -------
    ndarray
        Conductances (S), of the shape of `conductances`.

    Raises
    ------
    TypeError, ValueError
        Numbers that are not finite or negative, g_min >= g_max.

    Examples
    --------
    >>> import memnet as mn
    >>> (1e6 * mn.arrays.program([10e-6, 20e-6], spread=0.1, seed=1)).round(3)
    array([10.352, 21.713])
    """
    given = _conductances(conductances)
    sigma = check.real("spread", spread, 0.0, math.inf, "[)")
    low = check.real("g_min", g_min, 0.0, math.inf, "[)", "S")
    high = check.real("g_max", g_max, 0.0, math.inf, "(]", "S")
    if low >= high:
        raise ValueError(f"g_min must be below g_max, got g_min = {low:g} S and g_max = {high:g} S")
    with np.errstate(over="ignore", invalid="ignore"):
        written = np.where(given == 0.0, 0.0, given * _factors(sigma, seed, given.shape))
    return _held("conductances", np.clip(written, low, high))


@check.known_keywords
def noisy_read(values: ArrayLike, *, noise: float, floor: float = 0.0, seed: int | None = None) -> Floats:
    r"""Return what a read gives of conductances or currents: each with Gaussian noise of its own.

    .. math:: y = x (1 + \sigma z_1) + \sigma_0 z_2

    with standard normal z: fluctuations of a cell grow with its current, those of an amplifier do not.

    Parameters
    ----------
    values : array_like
        Finite conductances (S) or currents (A), of any shape.
    noise : float
        Relative standard deviation, >= 0.
    floor : float
        Standard deviation of what does not depend on the value, in the unit of `values`, >= 0.
    seed : int, optional
        The same seed gives the same numbers; drawn from the system where it is None.

    Returns
    -------
    ndarray
        Of the shape of `values`. What is near 0 may come out negative, as in a measurement.

    Raises
    ------
    TypeError, ValueError
        Numbers that are not finite, or a negative deviation.

    Examples
    --------
    >>> import memnet as mn
    >>> (1e6 * mn.arrays.noisy_read([10e-6, 20e-6], noise=0.01, seed=1)).round(3)
    array([10.035, 20.164])
    """
    given = check.numbers_within("values", values, -math.inf, math.inf, "()")
    relative = check.real("noise", noise, 0.0, math.inf, "[)")
    absolute = check.real("floor", floor, 0.0, math.inf, "[)")
    rng = np.random.default_rng(check.seed("seed", seed))
    own, amplifier = rng.standard_normal(given.shape), rng.standard_normal(given.shape)
    with np.errstate(over="ignore", invalid="ignore"):
        return _held("values", given * (1.0 + relative * own) + absolute * amplifier)


@check.known_keywords
def relax(
    conductances: ArrayLike,
    time: ArrayLike,
    *,
    tau: float,
    to: ArrayLike,
    exponent: float = 1.0,
    spread: float = 0.0,
    seed: int | None = None,
) -> Floats:
    r"""Return conductances some time after they were written, as volatile cells relax to a rest value.

    .. math:: g(t) = g_\infty + (g - g_\infty) e^{-(t/\tau)^\beta}

    Parameters
    ----------
    conductances : array_like
        What was written (S), finite and >= 0, of any shape.
    time : float or array_like, (n,)
        Time since then (s), >= 0; of an array the result has a first axis of its length.
    tau : float
        Time constant (s), > 0.
    to : float or array_like
        Conductance at rest (S), finite and >= 0; of the shape of `conductances` or one that broadcasts to it.
    exponent : float
        beta, in (0, 1]: 1 is an exponential, less a stretched one.
    spread : float
        Standard deviation of ln tau from cell to cell, >= 0.
    seed : int, optional
        The same seed gives the same numbers; drawn from the system where it is None.

    Returns
    -------
    ndarray
        Conductances (S).

    Raises
    ------
    TypeError, ValueError
        Numbers outside of their ranges, shapes that do not fit.

    Examples
    --------
    >>> import memnet as mn
    >>> (1e6 * mn.arrays.relax([10e-6, 20e-6], [0.0, 100.0], tau=100.0, to=1e-6)).round(3)
    array([[10.   , 20.   ],
           [ 4.311,  7.99 ]])
    """
    given = _conductances(conductances)
    mean = check.real("tau", tau, 0.0, math.inf, "()", "s")
    rest = check.numbers_within("to", to, 0.0, math.inf, "[)", "S")
    if rest.ndim > given.ndim or any(
        a not in (1, b) for a, b in zip(rest.shape[::-1], given.shape[::-1], strict=False)
    ):
        raise ValueError(f"to must have the shape of conductances, {given.shape}, or broadcast to it, got {rest.shape}")
    beta = check.real("exponent", exponent, 0.0, 1.0, "(]")
    sigma = check.real("spread", spread, 0.0, math.inf, "[)")
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        share = _times(time, given.ndim, 0.0) / (mean * _factors(sigma, seed, given.shape))
        power = np.where(np.isnan(share), 0.0, share) ** beta
    # In this form what was written is there at time 0, and the rest value in the end, to the last bit.
    return np.asarray(given * np.exp(-power) - rest * np.expm1(-power))


@check.known_keywords
def drift(
    conductances: ArrayLike,
    time: ArrayLike,
    *,
    exponent: float,
    spread: float = 0.0,
    time_0: float = 1.0,
    seed: int | None = None,
) -> Floats:
    r"""Return conductances some time after they were written, which drift by a power law, as phase change does.

    .. math:: g(t) = g (t/t_0)^{-\nu}

    Parameters
    ----------
    conductances : array_like
        What was read at `time_0` (S), finite and >= 0, of any shape.
    time : float or array_like, (n,)
        Time since they were written (s), >= `time_0`; of an array the result has a first axis of its length.
    exponent : float
        nu, finite; about 0.05 for reset phase-change cells, 0 for cells that keep.
    spread : float
        Standard deviation of nu from cell to cell, >= 0.
    time_0 : float
        When `conductances` were read (s), > 0.
    seed : int, optional
        The same seed gives the same numbers; drawn from the system where it is None.

    Returns
    -------
    ndarray
        Conductances (S).

    Raises
    ------
    TypeError, ValueError
        Numbers outside of their ranges.
    ArithmeticError
        A conductance above 1.8e308 S.

    Examples
    --------
    >>> import memnet as mn
    >>> (1e6 * mn.arrays.drift([10e-6, 20e-6], [1.0, 1000.0], exponent=0.05)).round(3)
    array([[10.   , 20.   ],
           [ 7.079, 14.159]])
    """
    given = _conductances(conductances)
    nu = check.real("exponent", exponent)
    sigma = check.real("spread", spread, 0.0, math.inf, "[)")
    first = check.real("time_0", time_0, 0.0, math.inf, "()", "s")
    rng = np.random.default_rng(check.seed("seed", seed))
    elapsed = np.log(_times(time, given.ndim, first)) - math.log(first)
    with np.errstate(over="ignore", invalid="ignore"):
        power = -(nu + sigma * rng.standard_normal(given.shape)) * elapsed
        factors = np.exp(np.where(elapsed == 0.0, 0.0, power))
        return _held("conductances", np.where(given == 0.0, 0.0, given * factors))


def _conductances(value: Any) -> Floats:
    return check.numbers_within("conductances", value, 0.0, math.inf, "[)", "S")


def _factors(sigma: float, seed: Any, shape: tuple[int, ...]) -> Floats:
    """Return lognormal factors of median 1."""
    rng = np.random.default_rng(check.seed("seed", seed))
    with np.errstate(over="ignore"):
        return np.exp(sigma * rng.standard_normal(shape))


def _times(time: Any, ndim: int, least: float) -> Floats:
    """Return times with as many axes behind theirs as conductances have."""
    given = check.numbers_within("time", time, least, math.inf, "[)", "s")
    if given.ndim > 1:
        raise ValueError(f"time must be a number or have shape (any,), got {given.shape}")
    return given.reshape(given.shape + (1,) * ndim) if given.ndim else given


def _held(name: str, values: Floats) -> Floats:
    """Return values, or raise ArithmeticError where one is more than doubles hold."""
    if not np.isfinite(values).all():
        raise ArithmeticError(f"a value of {name} became more than 1.8e308: give a smaller spread, noise or exponent")
    return np.asarray(values)
