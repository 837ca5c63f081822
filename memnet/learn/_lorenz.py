"""The Lorenz system."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from memnet.base import check
from memnet.base.arrays import Floats

__all__ = ["lorenz"]


@check.known_keywords
def lorenz(
    n: int,
    *,
    sigma: float = 10.0,
    rho: float = 28.0,
    beta: float = 8.0 / 3.0,
    dt: float = 0.02,
    start: ArrayLike = (1.0, 1.0, 1.0),
    transient: int = 500,
) -> Floats:
    """Return the trajectory of Lorenz: x' = sigma (y - x), y' = x (rho - z) - y, z' = x y - beta z.

    The equations are (25) to (27) of [1]_.

    Parameters
    ----------
    n : int
        Number of points, >= 1.
    sigma, rho, beta : float
        Its parameters, in [0, 1000].
    dt : float
        Time between points, in (0, 1].
    start : array_like, (3,)
        x, y and z at t = 0, each in [-1000, 1000].
    transient : int
        Points before the first that is returned, >= 0.

    Returns
    -------
    ndarray, (n, 3)
        A sequence of three channels.

    Raises
    ------
    TypeError, ValueError
        An argument outside its range.

    Notes
    -----
    By SciPy's DOP853 with rtol = 1e-10 from point to point: errors grow with the largest Lyapunov exponent, 0.9, so
    after a time of about 25 no two solvers, and no two versions of one, agree.

    References
    ----------
    .. [1] E. N. Lorenz, J. Atmos. Sci. 1963, 20, 130.

    Examples
    --------
    >>> import memnet as mn
    >>> mn.learn.lorenz(1000).shape
    (1000, 3)
    """
    from scipy.integrate import solve_ivp

    n = check.integer("n", n, 1, 2**31)
    law = ((name, one) for name, one in (("sigma", sigma), ("rho", rho), ("beta", beta)))
    sigma, rho, beta = (check.real(name, one, 0.0, 1000.0, "[]") for name, one in law)
    dt = check.real("dt", dt, 0.0, 1.0, "(]")
    first = check.array("start", check.numbers_within("start", start, -1000.0, 1000.0), (3,))
    transient = check.integer("transient", transient, 0, 2**31)

    def flow(_t: float, at: Any) -> list[float]:
        x, y, z = at
        return [sigma * (y - x), x * (rho - z) - y, x * y - beta * z]

    times = np.arange(n + transient) * dt
    if len(times) == 1:
        return first[np.newaxis]
    found = solve_ivp(flow, (0.0, times[-1]), first, "DOP853", t_eval=times, rtol=1e-10, atol=1e-12)
    return np.ascontiguousarray(found.y.T[transient:])
