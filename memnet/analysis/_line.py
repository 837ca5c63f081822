"""Straight lines by least squares on logarithms, and how much data is enough."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from memnet.base import check
from memnet.base.text import Summary, estimate, quantity

__all__ = ["Line", "log_slope"]

# A distribution or a correlation of fewer values is not reported: at 50 the error of an exponent of 2 is 0.14.
ENOUGH = 50


def not_enough(count: int, what: str) -> str:
    """Return the message of a result without numbers, or an empty string where `count` values are enough."""
    return "" if count >= ENOUGH else f"not enough data: {count} {what}"


@dataclass(frozen=True, repr=False)
class Line(Summary):
    """A power law y = prefactor * x**slope through points, by least squares on their logarithms.

    Attributes
    ----------
    slope, error : float
        Slope of log y against log x and its standard error; nan below three points.
    prefactor : float
        y at x = 1.
    n : int
        Number of points.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> x = np.array([1.0, 2.0, 4.0, 8.0])
    >>> mn.analysis.log_slope(x, 3.0 * x**-1.5)
    <Line: slope -1.5 ± 0; prefactor 3; points 4>
    """

    slope: float
    error: float
    prefactor: float
    n: int

    def _summary(self) -> dict[str, str]:
        return {
            "slope": estimate(self.slope, self.error),
            "prefactor": quantity(self.prefactor),
            "points": str(self.n),
        }


def log_slope(x: ArrayLike, y: ArrayLike, *, low: float = 0.0, high: float = math.inf) -> Line:
    """Fit a line to log y against log x, all points alike, over the positive points with low <= x <= high.

    The error assumes independent points with one scatter. Bins of an autocorrelation are not independent and those of
    a histogram do not scatter alike, so slope and error are indicative; `fit_power_law` is the estimate to quote.

    Parameters
    ----------
    x, y : array_like, shape (n,)
        Points; those that are nan, zero or negative are left out.
    low, high : float
        Range of x.

    Returns
    -------
    Line

    Raises
    ------
    ValueError
        Arrays of different lengths, a range that ends before it begins.
    TypeError
        Anything but numbers.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> x = np.array([1.0, 2.0, 4.0, 8.0])
    >>> round(mn.analysis.log_slope(x, 3.0 * x**-1.5).slope, 6)
    -1.5
    """
    xs = check.array("x", x, (None,), finite=False)
    ys = check.array("y", y, xs.shape, finite=False)
    least = check.real("low", low, bounds="[]")
    most = check.real("high", high, least, bounds="[]")
    keep = (xs > 0) & (ys > 0) & (xs >= least) & (xs <= most) & np.isfinite(xs) & np.isfinite(ys)
    n = int(keep.sum())
    if n < 3:
        return Line(math.nan, math.nan, math.nan, n)
    from scipy import stats

    fit = stats.linregress(np.log(xs[keep]), np.log(ys[keep]))
    return Line(float(fit.slope), float(fit.stderr), math.exp(float(fit.intercept)), n)
