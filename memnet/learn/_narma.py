"""Nonlinear autoregressive moving averages of a random input."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from memnet.base import check
from memnet.base.arrays import Floats

__all__ = ["narma"]

# A sequence of the system is taken as diverging above this: what does not diverge stays below 1.
BOUND = 1.0
# Inputs that are drawn before it is given up: of order 10 about one in a thousand of 10,000 steps diverges.
DRAWS = 100


@check.known_keywords
def narma(
    n: int,
    *,
    order: int = 10,
    coefficients: ArrayLike = (0.3, 0.05, 1.5, 0.1),
    saturated: bool = False,
    seed: int | None = None,
) -> tuple[Floats, Floats]:
    """Return a random input and what the NARMA system of an order makes of it, the usual task for memory.

    With (a, b, c, d) the coefficients and u uniform in [0, 0.5],

        y(t+1) = a y(t) + b y(t) sum_{i < order} y(t-i) + c u(t-order+1) u(t) + d.

    It starts with `order` steps that are not returned, from y = 0 [1]_.

    Parameters
    ----------
    n : int
        Number of steps, >= 1.
    order : int
        Steps that the system remembers, >= 1.
    coefficients : array_like, (4,)
        a, b, c and d; by default those of NARMA-10.
    saturated : bool
        Take tanh of the right-hand side, as is done for orders above 10, where the plain system diverges.
    seed : int, optional
        Fixes the input; drawn where it is not given.

    Returns
    -------
    input : ndarray, (n, 1)
    target : ndarray, (n,)
        ``target[t]`` is y(t+1), the first that ``input[t]`` has a part in.

    Raises
    ------
    TypeError, ValueError
        An argument outside its range; a system that diverges, above 1, for 100 inputs.

    Notes
    -----
    NARMA-10 diverges for a few inputs. Such an input is dropped and the next one of the same generator taken, so what
    is returned is bounded by 1 and depends on the seed alone.

    References
    ----------
    .. [1] A. F. Atiya and A. G. Parlos, IEEE Trans. Neural Netw. 2000, 11, 697, doi 10.1109/72.846741.

    Examples
    --------
    >>> import memnet as mn
    >>> u, y = mn.learn.narma(1000, seed=0)
    >>> u.shape, y.shape, bool(0.1 < y.min() < y.max() < 1.0)
    ((1000, 1), (1000,), True)
    """
    n = check.integer("n", n, 1, 2**31)
    order = check.integer("order", order, 1, 2**20)
    given = check.array("coefficients", coefficients, (4,))
    check.flag("saturated", saturated)
    random = np.random.default_rng(check.seed("seed", seed))
    for _ in range(DRAWS):
        u = random.uniform(0.0, 0.5, size=n + order)
        y = _system(u, order, given, saturated)
        if y is not None:
            return u[order:, np.newaxis], y[order + 1 :]
    raise ValueError(
        f"coefficients must be of a system that stays below {BOUND:g}, got {check.shown(given.tolist())} of order"
        f" {order}, which diverged for {DRAWS} inputs; saturated=True bounds it"
    )


def _system(u: Floats, order: int, coefficients: Floats, saturated: bool) -> Floats | None:
    """Return y (n + 1,) from y = 0, or None where it diverges."""
    a, b, c, d = coefficients.tolist()
    y = np.zeros(len(u) + 1)
    for t in range(len(u)):
        before = u[t - order + 1] if t >= order - 1 else 0.0
        value = a * y[t] + b * y[t] * y[max(t - order + 1, 0) : t + 1].sum() + c * before * u[t] + d
        y[t + 1] = np.tanh(value) if saturated else value
        if not abs(value) <= BOUND and not saturated:
            return None
    return y
