"""The error of a prediction beside what it predicts."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from memnet.base import check

__all__ = ["nrmse"]

UNITS = {
    "std": lambda true: true.std(axis=0),
    "range": lambda true: np.ptp(true, axis=0),
    "mean": lambda true: np.abs(true.mean(axis=0)),
}


@check.known_keywords
def nrmse(true: ArrayLike, predicted: ArrayLike, *, norm: str = "std") -> float:
    """Return the root of the mean squared error, divided by the standard deviation of what is true.

    1 is the error of the mean as a prediction. Papers divide by other things, too, and seldom say so: the root of the
    mean squared error over the range is smaller by a factor of 3 to 6.

    Parameters
    ----------
    true : array_like, (n,) or (n, n_outputs)
        What the predictions should be.
    predicted : array_like
        Of the same shape.
    norm : {"std", "range", "mean"}
        What is divided by: the standard deviation of `true` (with n below the sum), its range, or the magnitude of its
        mean. Of more outputs each has its own, and the root is of the mean of all squares.

    Returns
    -------
    float

    Raises
    ------
    TypeError, ValueError
        No finite numbers, other shapes, or a `true` whose standard deviation, range or mean is 0.

    Examples
    --------
    >>> import memnet as mn
    >>> mn.learn.nrmse([0.0, 2.0, 0.0, 2.0], [1.0, 1.0, 1.0, 1.0])
    1.0
    >>> mn.learn.nrmse([0.0, 2.0, 0.0, 2.0], [1.0, 1.0, 1.0, 1.0], norm="range")
    0.5
    """
    of_one = check.given_array("true", true).ndim == 1
    wanted = check.array("true", true, (None,) if of_one else (None, None))
    found = check.array("predicted", predicted, wanted.shape)
    check.one_of("norm", norm, UNITS)
    if not wanted.size:
        raise ValueError("true must have a value or more, got none")
    unit = UNITS[norm](wanted)
    # What is left of a constant is rounding.
    if not np.all(unit > 1e-14 * np.abs(wanted).max(axis=0)):
        raise ValueError(f"true must have a {norm} above 0 to divide by, got {check.shown(np.min(unit))}")
    return float(np.sqrt(np.mean(((found - wanted) / unit) ** 2)))
