"""Whether values rise or fall in the order given: rank correlation and median slope."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from memnet.base import check
from memnet.base.arrays import Floats
from memnet.base.text import Summary, quantity

__all__ = ["Trend", "trend"]

Integers = NDArray[np.int64]

# Below this many values no order of them is significant: even 3 in order have p = 1/6.
ENOUGH_FOR_TREND = 4
# Slopes of this many pairs are sorted at once.
PAIRS = 2_000_000
# Pairs drawn to guess where the median slope is, and how far beyond its guessed rank the search begins.
GUESSES, MARGIN = 20_000, 0.02


@dataclass(frozen=True, repr=False)
class Trend(Summary):
    """Whether values rise or fall in order: the Mann-Kendall test.

    Attributes
    ----------
    tau : float
        Kendall's rank correlation with the order, 1 for values that always rise; 0 for constant ones.
    p_rising, p_falling : float
        One-sided p values; exact without ties up to 33 values.
    slope : float
        Theil-Sen slope: the median slope over all pairs, per value.
    n : int
        Number of values.
    message : str
        Empty, or "not enough data: 3 values"; then the numbers are nan.

    Examples
    --------
    >>> import memnet as mn
    >>> found = mn.analysis.trend([1.0, 2.0, 4.0, 8.0])
    >>> found.tau, round(found.slope, 3), round(found.p_rising, 3)
    (1.0, 2.167, 0.042)
    """

    tau: float
    p_rising: float
    p_falling: float
    slope: float
    n: int
    message: str = ""

    def _summary(self) -> dict[str, str]:
        if self.message:
            return {"": self.message}
        return {
            "values": f"{self.n:,}",
            "tau": f"{self.tau:+.3f}",
            "p": f"rising {self.p_rising:.2g}, falling {self.p_falling:.2g}",
            "slope": f"{quantity(self.slope)} a value",
        }


def trend(values: ArrayLike) -> Trend:
    """Test whether values rise or fall in the order given (Mann-Kendall).

    Parameters
    ----------
    values : array_like, shape (n,)
        Values in order, finite.

    Returns
    -------
    Trend
        Without numbers and with a message below 4 values.

    Raises
    ------
    TypeError, ValueError
        Values that are no one-dimensional array of finite numbers.

    Notes
    -----
    Both the correlation and the slope take a time that grows as n log n: the median of the n(n - 1)/2 slopes is found
    by counting, as in Cole, Salowe, Steiger and Szemeredi, SIAM J. Comput. 18, 792 (1989).

    Examples
    --------
    >>> import memnet as mn
    >>> found = mn.analysis.trend([0.1, 0.2, 0.4, 0.3, 0.5, 0.6, 0.7])
    >>> round(found.tau, 3), round(found.p_rising, 4)
    (0.905, 0.0014)
    """
    series = check.array("values", values, (None,))
    n = int(series.size)
    if n < ENOUGH_FOR_TREND:
        return Trend(math.nan, math.nan, math.nan, math.nan, n, f"not enough data: {n} values")
    if series.min() == series.max():
        return Trend(0.0, 1.0, 1.0, 0.0, n)
    from scipy import stats

    order = np.arange(n)
    rising = stats.kendalltau(order, series, alternative="greater")
    falling = stats.kendalltau(order, series, alternative="less")
    return Trend(float(rising.statistic), float(rising.pvalue), float(falling.pvalue), median_slope(series), n)


def median_slope(values: Floats) -> float:
    """Return the median of (values[j] - values[i])/(j - i) over all pairs i < j."""
    power = math.frexp(float(np.abs(values).max()))[1]
    scaled = np.ldexp(values, -power)  # by a power of two: no rounding, no overflow
    pairs = values.size * (values.size - 1) // 2
    if pairs <= PAIRS:
        i, j = np.triu_indices(values.size, 1)
        return float(np.ldexp(np.median((scaled[j] - scaled[i]) / (j - i)), power))
    low = _slope_of_rank(scaled, (pairs - 1) // 2)
    high = low if pairs % 2 else _slope_of_rank(scaled, pairs // 2)
    return float(np.ldexp(0.5 * (low + high), power))


def _slope_of_rank(values: Floats, rank: int) -> float:
    """Return the slope that `rank` slopes of pairs are below: a bracket around it shrinks until its slopes are few.

    The number of slopes below s is that of pairs that values - s order puts the wrong way round. The magnitude of the
    values is at most 1, so that slopes closer than a few eps are one slope.
    """
    eps = 4 * float(np.finfo(np.float64).eps)
    low, high = _guess(values, rank)
    low, high = low - eps, high + eps
    below, upto = _count_below(values, low), _count_below(values, high)
    while not below <= rank < upto:  # a bad guess
        low, high = low - (high - low), high + (high - low)
        below, upto = _count_below(values, low), _count_below(values, high)
    halve = False
    while upto - below > PAIRS and high - low > 2 * eps:
        share = 0.5 if halve else min(max((rank - below + 0.5) / (upto - below), 0.05), 0.95)
        middle = low + (high - low) * share
        count = _count_below(values, middle)
        low, below, high, upto = (middle, count, high, upto) if count <= rank else (low, below, middle, count)
        halve = not halve
    i, j = _turned(values, low, high)
    slopes = (values[j] - values[i]) / (j - i)
    place = rank - below if upto - below <= PAIRS else slopes.size // 2
    return float(np.partition(slopes, min(place, slopes.size - 1))[min(place, slopes.size - 1)])


def _guess(values: Floats, rank: int) -> tuple[float, float]:
    """Return slopes between which the one of that rank should be, from pairs drawn at random with a fixed seed."""
    rng = np.random.default_rng(1)
    i = rng.integers(0, values.size, GUESSES)
    j = rng.integers(0, values.size - 1, GUESSES)
    j += j >= i
    share = rank / (values.size * (values.size - 1) // 2)
    low, high = np.quantile((values[j] - values[i]) / (j - i), (max(share - MARGIN, 0), min(share + MARGIN, 1)))
    return float(low), float(high)


def _order(values: Floats, slope: float) -> Integers:
    """Return the order of values - slope k; equal ones stay as they are."""
    return np.argsort(values - slope * np.arange(values.size), kind="stable")


def _count_below(values: Floats, slope: float) -> int:
    """Return the number of pairs whose slope is below this one."""
    rank = np.empty(values.size, np.int64)
    rank[_order(values, slope)] = np.arange(values.size)
    return sum(int(larger.sum()) for _, larger, _, _ in _levels(rank))


def _turned(values: Floats, low: float, high: float) -> tuple[Integers, Integers]:
    """Return the pairs i < j whose slopes are between two, at most `PAIRS` of them."""
    rank = np.empty(values.size, np.int64)
    rank[_order(values, high)] = np.arange(values.size)
    index = _order(values, low)
    pairs: list[tuple[Integers, Integers]] = []
    left = PAIRS
    for zeros, larger, moved, first in _levels(rank[index]):
        turned = np.empty_like(index)
        turned[moved] = index
        some = np.flatnonzero(larger)[: int(np.searchsorted(np.cumsum(larger[larger > 0]), left, side="right"))]
        number = larger[some]
        within = np.arange(int(number.sum())) - np.repeat(np.cumsum(number) - number, number)
        one, other = turned[np.repeat(first[some], number) + within], np.repeat(index[zeros[some]], number)
        pairs.append((np.minimum(one, other), np.maximum(one, other)))
        left -= one.size
        index = turned
    return np.concatenate([i for i, _ in pairs]), np.concatenate([j for _, j in pairs])


def _levels(rank: Integers) -> Iterator[tuple[Integers, Integers, Integers, Integers]]:
    """Sort a permutation by its bits, the highest first, and yield which pairs each bit finds in the wrong order.

    Each level yields the places of zero bits, how many ones stand before each in its group, where every place moves,
    and where, after the move, the ones of each zero's group begin.
    """
    place = np.arange(rank.size)
    for bit in reversed(range(int(rank.size - 1).bit_length())):
        group = place >> (bit + 1) << (bit + 1)
        ones = rank >> bit & 1
        before = np.cumsum(ones) - ones
        before -= before[group]
        split = np.minimum(group + (1 << bit), rank.size)
        moved = np.where(ones == 1, split + before, place - before)
        zeros = np.flatnonzero(ones == 0)
        yield zeros, before[zeros], moved, split[zeros]
        there = np.empty_like(rank)
        there[moved] = rank
        rank = there
