"""Intervals between events and their distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from memnet.analysis import _grid as grid
from memnet.analysis._events import as_times, stretches
from memnet.analysis._line import Line, log_slope, not_enough
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.base.text import Summary, ends

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Histogram", "IntervalDistribution", "iei_distribution", "inter_event_intervals"]


# Above this many linear bins a bin holds several integers.
# What a number of bins may be, beside edges.
NUMBER = (int, float, np.integer, np.floating)
MAX_LINEAR_BINS = 100_000
# Relative rounding of an interval and of an edge: values this close to an edge are on it.
ROUNDING = 16 * float(np.finfo(np.float64).eps)


def inter_event_intervals(events: Any) -> NDArray[Any]:
    """Return the times between successive events, those of one step, or of one time, counted as one event.

    Parameters
    ----------
    events : Events, xarray.Dataset or array_like, shape (n,)
        Events, the dataset of a run, or times of events that never decrease.

    Returns
    -------
    ndarray, shape (m,)
        Positive intervals in order: int64 steps for `Events` and for integers, float for other times; seconds for those
        of an unevenly sampled trace, and where events were located inside steps (`Events.located`). Times that are
        equal up to rounding are one time, and intervals of times on a grid are multiples of one number. Empty where
        there are fewer than two distinct times. To pool several runs, concatenate their intervals, not their events.

    Raises
    ------
    ValueError
        Times that decrease or are not finite.

    Examples
    --------
    >>> import memnet as mn
    >>> mn.analysis.inter_event_intervals([3, 4, 4, 9])
    array([1, 5])
    """
    parts = [intervals_of(as_times("events", part)) for part in stretches(events)]
    return np.concatenate(parts) if parts else np.empty(0, np.int64)


def intervals_of(times: NDArray[Any]) -> NDArray[Any]:
    """Return the intervals between different times, which never decrease."""
    intervals = np.diff(times) if times.dtype.kind == "i" else grid.differences(times)
    return np.asarray(intervals[intervals > 0])


@dataclass(frozen=True)
class Histogram:
    """A probability density in bins.

    Attributes
    ----------
    edges : ndarray, shape (n + 1,)
        Bin k holds edges[k] <= x < edges[k + 1]; integer edges for integer data.
    count : ndarray of int64, shape (n,)
        Values in each bin.
    center : ndarray, shape (n,)
        Where to draw a bin: its middle for linear bins, its geometric middle for logarithmic ones. Of integer data the
        middle of the integers that it holds.
    density : ndarray, shape (n,)
        Fraction of all values in the bin over its width; the sum over density times width is the fraction inside the
        edges. For integer data the width is the number of integers, so this is the probability of one integer.
    error : ndarray, shape (n,)
        Poisson error of the density, sqrt(count) over the number of all values and the width.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> values = np.repeat([1, 2, 3], [40, 30, 20])
    >>> found = mn.analysis.iei_distribution(values).linear
    >>> found.count[:3], found.density[:3].round(3)
    (array([40, 30, 20]), array([0.444, 0.333, 0.222]))
    """

    edges: Floats
    count: NDArray[np.int64]
    center: Floats
    density: Floats
    error: Floats

    def slope(self, low: float = 0.0, high: float = math.inf) -> Line:
        """Return the least-squares line through the logarithms of the filled bins with low <= center <= high."""
        return log_slope(self.center, self.density, low=low, high=high)


@dataclass(frozen=True, repr=False)
class IntervalDistribution(Summary):
    """Distribution of intervals in linear and in logarithmic bins; no bins and a `message` where they are too few.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> mn.analysis.iei_distribution(np.array([3, 4, 5])).message
    'not enough data: 3 intervals'
    >>> sorted(mn.analysis.iei_distribution(np.repeat([1, 2, 3], 40)).to_dataset())[:2]
    ['linear_center', 'linear_count']
    """

    linear: Histogram
    log: Histogram
    n: int
    message: str = ""

    def _summary(self) -> dict[str, str]:
        if self.message:
            return {"": self.message}
        return {
            "intervals": f"{self.n:,}",
            "from": ends(self.log.edges[0], self.log.edges[-1]),
            "bins": f"{self.linear.count.size:,} linear, {self.log.count.size} logarithmic",
        }

    def to_dataset(self) -> xr.Dataset:
        """Return both histograms as one dataset, with dimensions `linear_bin` and `log_bin`."""
        import xarray as xr

        variables = {}
        for name, bins in (("linear", self.linear), ("log", self.log)):
            dim = f"{name}_bin"
            for part in ("count", "center", "density", "error"):
                variables[f"{name}_{part}"] = ((dim,), getattr(bins, part))
            variables[f"{name}_low"] = ((dim,), bins.edges[:-1])
            variables[f"{name}_high"] = ((dim,), bins.edges[1:])
        return xr.Dataset(variables, attrs={"n": self.n, "message": self.message})


def iei_distribution(
    intervals: ArrayLike, *, linear: int | ArrayLike | None = None, log: float | ArrayLike = 8
) -> IntervalDistribution:
    """Return the probability density of inter-event intervals in linear and in logarithmic bins.

    Parameters
    ----------
    intervals : array_like, shape (n,)
        Positive intervals. Integers (steps) get bins with integer edges, each only once, so short logarithmic bins hold
        one integer each.
    linear : int or array_like, optional
        Number of linear bins, or their edges. By default one bin for each integer (each ten where there would be more
        than 100,000, and so on), and 100 bins for other intervals.
    log : float or array_like
        Logarithmic bins per decade, or their edges.

    Returns
    -------
    IntervalDistribution
        With fewer than 50 intervals it has no bins and says so in `message`.

    Raises
    ------
    ValueError
        Intervals that are not positive or not finite; edges that do not increase.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> intervals = np.random.default_rng(1).geometric(0.1, size=10_000)
    >>> found = mn.analysis.iei_distribution(intervals)
    >>> bool(abs(found.linear.density[0] - 0.1) < 4 * found.linear.error[0])
    True
    """
    values = check.given_array("intervals", intervals)
    whole = values.dtype.kind in "iu"
    checked = check.array("intervals", values, (None,))
    if checked.size and checked.min() <= 0:
        raise ValueError(f"intervals must be positive, got {checked.min():g}")
    low, high = (float(checked.min()), float(checked.max())) if checked.size else (1.0, 1.0)
    equal_bins, growing_bins = _linear_edges(linear, low, high, whole), _log_edges(log, low, high, whole)
    message = not_enough(checked.size, "intervals")
    if message:
        nothing = np.empty(0)
        none = Histogram(nothing, np.empty(0, np.int64), nothing, nothing, nothing)
        return IntervalDistribution(none, none, checked.size, message)
    return IntervalDistribution(
        linear=_histogram(checked, equal_bins, whole, log=False),
        log=_histogram(checked, growing_bins, whole, log=True),
        n=checked.size,
    )


def _linear_edges(linear: int | ArrayLike | None, low: float, high: float, whole: bool) -> Floats:
    """Return edges of equal bins that hold all values."""
    if linear is not None and not isinstance(linear, NUMBER):
        return _given_edges("linear", linear, whole)
    if linear is None:
        width = 10.0 ** max(0, math.ceil(math.log10((high - low + 1) / MAX_LINEAR_BINS)))
        number = math.ceil((high - low + 1) / width) if whole else 100
    else:
        number = check.integer("linear", linear, 1, MAX_LINEAR_BINS)
        width = math.ceil((high - low + 1) / number)
    if whole:
        return low + width * np.arange(number + 1.0)
    if high - low < 1e-9 * high:  # one value, or its rounding: bins would be narrower than numbers are
        low, high = low * (1 - 1e-6), high * (1 + 1e-6)
    edges = np.linspace(low, high, number + 1)
    edges[-1] = high * (1 + 2 * ROUNDING)
    return edges


def _log_edges(log: float | ArrayLike, low: float, high: float, whole: bool) -> Floats:
    """Return edges at equal ratios that hold all values."""
    if not isinstance(log, NUMBER):
        return _given_edges("log", log, whole)
    per_decade = check.real("log", log, 0.0, 1000.0, "(]")
    return log_edges(low, high, per_decade, whole)


def log_edges(low: float, high: float, per_decade: float, whole: bool) -> Floats:
    """Return edges that grow by 10**(1/per_decade) from `low` until `high` is inside; integer ones are unique."""
    number = math.floor(math.log10(high / low) * per_decade) + 1
    edges = low * 10.0 ** (np.arange(number + 1) / per_decade)
    if whole:
        edges = np.unique(np.floor(edges * (1 + 1e-12)))
        edges = np.r_[edges[edges <= high], high + 1]  # the last bin ends with the largest value
    else:
        edges[-1] = max(edges[-1], high * (1 + 2 * ROUNDING))  # rounding may have left it outside
    return edges


def _given_edges(name: str, edges: Any, whole: bool) -> Floats:
    """Return edges that the caller gave, checked."""
    given = check.array(name, edges, (None,))
    if given.size < 2 or (np.diff(given) <= 0).any() or (name == "log" and given[0] <= 0):
        raise ValueError(f"{name} must hold at least 2 increasing{' positive' if name == 'log' else ''} edges")
    if whole and (given != np.floor(given)).any():
        raise ValueError(f"edges in {name} must be integers, because the intervals are")
    return given


def bin_centers(edges: Floats, *, whole: bool, log: bool) -> Floats:
    """Return the (geometric) middle of each bin, of integers that of the first and last one inside."""
    last = edges[1:] - 1 if whole else edges[1:]
    middle = np.sqrt(edges[:-1] * last) if log else 0.5 * (edges[:-1] + last)
    return np.asarray(middle)


def _histogram(values: Floats, edges: Floats, whole: bool, log: bool) -> Histogram:
    """Return the density of values in half-open bins; a value at an edge up to rounding is on it."""
    place = np.searchsorted(edges, values if whole else values * (1 + ROUNDING), side="right") - 1
    inside = (place >= 0) & (place < edges.size - 1)
    count = np.bincount(place[inside], minlength=edges.size - 1).astype(np.int64)
    scale = values.size * np.diff(edges)
    return Histogram(
        edges=edges,
        count=count,
        center=bin_centers(edges, whole=whole, log=log),
        density=count / scale,
        error=np.sqrt(count) / scale,
    )
