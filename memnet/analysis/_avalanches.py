"""Avalanches: runs of time bins with events between bins without."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memnet.analysis import _grid as grid
from memnet.analysis._events import Events, as_times, stretches
from memnet.analysis._intervals import intervals_of
from memnet.analysis._line import not_enough
from memnet.base import check
from memnet.base.arrays import Floats, Steps
from memnet.base.text import Summary, quantity

__all__ = ["Avalanches", "avalanches"]


# Bins between the first event and the last are an array.
MAX_BINS = 2**28
# Whole steps below this leave room for their differences in 64 bits.
MAX_STEP = 2.0**62


@dataclass(frozen=True, repr=False)
class Avalanches(Summary):
    """Avalanches in order of time, run after run.

    Attributes
    ----------
    size : ndarray of int64, shape (n,)
        Events of each avalanche.
    duration : ndarray of int64, shape (n,)
        Bins of each avalanche.
    start : ndarray of int64, shape (n,)
        First bin of each avalanche; bin 0 begins at the origin, by default the first event of its train.
    profile : ndarray of int64, shape (sum of duration,)
        Events in the bins of all avalanches, one avalanche after the other; `shape_of` cuts out one.
    bin : float
        Width of a bin, in steps or in the unit of the times.
    n_events : int
        Number of all events, those of avalanches that were left out too.
    message : str
        Empty, or "not enough data: ..."; then there are no avalanches.
    run : ndarray of int64, shape (n,)
        Which of the runs given each avalanche is of.
    n_cut : int
        Number of avalanches that were left out because a window cuts them.
    unit : str
        Unit of `bin`: "step", "s", or "" for times of an array.
    trains : tuple of ndarray
        Times of the events, a train for each run, or for each part of a run between gaps.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> found = mn.analysis.avalanches(np.r_[0, 0, 1, 2, 5, 5, 9:60], bin=1)
    >>> found.shape_of(0), len(found)
    (array([2, 1, 1]), 3)
    >>> found.first, found.size, found.duration
    (array([0, 3, 4]), array([ 4,  2, 51]), array([ 3,  1, 51]))
    >>> found.branching()[0]
    0.5
    >>> [round(one, 3) for one in found.sigma()]
    [0.936, 0.032]
    """

    size: Steps
    duration: Steps
    start: Steps
    profile: Steps
    bin: float
    n_events: int
    message: str = ""
    run: Steps = field(default_factory=lambda: np.empty(0, np.int64))
    n_cut: int = 0
    unit: str = ""
    trains: tuple[NDArray[Any], ...] = ()

    def __len__(self) -> int:
        return int(self.size.size)

    def _summary(self) -> dict[str, str]:
        return {
            "": self.message,
            "avalanches": "" if self.message else f"{len(self):,}",
            "events": f"{self.n_events:,}",
            "bin": "" if math.isnan(self.bin) else quantity(self.bin, self.unit),
            "largest": f"{self.size.max():,} events" if len(self) else "",
            "longest": quantity(self.duration.max(), "bin") if len(self) else "",
            "trains": str(len(self.trains)) if len(self.trains) > 1 else "",
            "cut by a window": f"{self.n_cut} left out" if self.n_cut else "",
        }

    @property
    def first(self) -> Steps:
        """Where each avalanche begins in `profile`."""
        return np.asarray(np.cumsum(self.duration) - self.duration, dtype=np.int64)

    def shape_of(self, k: int) -> Steps:
        """Return the events in each bin of avalanche k, counted from 0, or from the end where k is negative.

        Raises
        ------
        TypeError, ValueError
            `k` is not an integer, or there is no such avalanche.
        """
        if not len(self):
            raise ValueError(
                f"k must name an avalanche, got {k!r}, but there are none{self.message and ': '}{self.message}"
            )
        k = check.integer("k", k, -len(self), len(self) - 1)
        begin = int(self.first[k])
        return self.profile[begin : begin + int(self.duration[k])]

    def branching(self) -> tuple[float, float]:
        """Return the mean of n(second bin)/n(first bin) over the avalanches, and its standard error.

        An avalanche of one bin counts as 0. 1 in a critical branching process; less if the process is subcritical, and
        also if bins merge or split generations.
        """
        begin = self.first
        second = np.where(self.duration > 1, np.r_[self.profile, 0][np.minimum(begin + 1, self.profile.size)], 0)
        return _mean_and_error(second / self.profile[begin])

    def sigma(self) -> tuple[float, float]:
        """Return the mean of n(next bin)/n(bin) over all bins of all avalanches, and its standard error.

        The last bin of an avalanche counts as 0.
        """
        following = np.r_[self.profile[1:], 0]
        if len(self):
            following[np.cumsum(self.duration) - 1] = 0
        return _mean_and_error(following[: self.profile.size] / self.profile)


def _mean_and_error(ratios: Floats) -> tuple[float, float]:
    """Return mean and standard error; nan of nothing."""
    if ratios.size < 2:
        return math.nan, math.nan
    return float(ratios.mean()), float(ratios.std(ddof=1) / math.sqrt(ratios.size))


@dataclass(frozen=True)
class _Train:
    """Times of events without a gap, and where a window cuts the record: -inf and inf where it does not."""

    times: NDArray[Any]
    run: int
    unit: str
    low: float = -math.inf
    high: float = math.inf


def avalanches(
    events: Any,
    *,
    bin: float | None = None,  # noqa: A002
    multiple: float = 1.0,
    origin: float | None = None,
    window: tuple[float, float] | None = None,
) -> Avalanches:
    """Return the avalanches of an event train, or of those of several runs.

    Time is cut into bins. An avalanche is a run of bins with events between two bins without; its size is the number of
    its events, its duration the number of its bins. No avalanche spans two runs, or a gap in one.

    Parameters
    ----------
    events : Events, xarray.Dataset or array_like, shape (n,), or a list of them
        Events, the dataset of a run, or times of events that never decrease; several in one step all count. Of a list,
        each entry is a run of its own.
    bin : float, optional
        Width of a bin in steps (in the unit of the times; in seconds for an unevenly sampled trace); a whole number
        where times are integers. By default the mean inter-event interval of all runs, rounded to whole steps where
        times are integers.
    multiple : float
        Factor on the default bin. Exponents that depend on it are no property of the data: try 0.5 and 2.
    origin : float, optional
        Where bin 0 begins, in the unit of `bin`, in every run; by default at the first event of each.
    window : (float, float), optional
        Take the events from the first of these times until before the second, and leave out avalanches that they cut.
        Where `Events` are a part of a longer record (`Events.cut`), the ends of that part cut anyway.

    Returns
    -------
    Avalanches
        Without avalanches and with a `message` where there are fewer than 50 events. An avalanche is cut, and left out,
        where the empty bin before it or after it is not wholly inside the window.

    Raises
    ------
    TypeError
        Something that is no train of events, or runs of which some are in steps and some in seconds.
    ValueError
        Times that decrease or are not finite; a bin that is not positive, or so narrow that there are 2**28 of them;
        runs whose steps differ; a window that ends before it begins.

    Notes
    -----
    Times on a grid (whole numbers of a step, however they were multiplied, shifted, summed or written) are binned as
    integers, so that rounding moves none into a neighbouring bin.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> steps = np.r_[0, 0, 1, 2, 5, 5, 9 : 60]
    >>> found = mn.analysis.avalanches(steps, bin=1)
    >>> found.size, found.duration
    (array([ 4,  2, 51]), array([ 3,  1, 51]))
    >>> len(mn.analysis.avalanches([steps, steps + 60], bin=1))
    6
    """
    check.real("multiple", multiple, 0.0)
    trains = _trains(events, window)
    whole = bool(trains) and all(train.times.dtype.kind == "i" for train in trains)
    for name, value in (("bin", bin), ("origin", origin)):
        if value is not None:
            check.real(name, value, 0.0 if name == "bin" else -math.inf)
            if whole and value != math.floor(value):
                raise ValueError(f"{name} must be a whole number of steps, got {value!r}")
            if whole and abs(value) >= MAX_STEP:
                raise ValueError(f"{name} must be below {MAX_STEP:g} steps, got {value!r}")
    number = sum(int(train.times.size) for train in trains)
    intervals = np.concatenate([np.empty(0), *(intervals_of(train.times) for train in trains)])
    message = not_enough(number, "events")
    if not message and not intervals.size:
        message = "not enough data: all events at one time"
    unit = trains[0].unit if trains else ""
    if message:
        nothing = np.empty(0, np.int64)
        return Avalanches(nothing, nothing, nothing, nothing, float(bin or math.nan), number, message, unit=unit)
    width = float(bin) if bin is not None else float(intervals.mean()) * multiple
    if whole and bin is None:
        width = max(1.0, float(math.floor(width + 0.5)))
    return _joined([_cut_up(train, width, origin) for train in trains], width, number, trains)


def avalanches_of(trains: Sequence[NDArray[Any]], width: float) -> Avalanches:
    """Return the avalanches of trains of times, in bins that begin at the first event of each."""
    parts = [_Train(times, k, "") for k, times in enumerate(trains)]
    return _joined([_cut_up(part, width, None) for part in parts], width, sum(one.size for one in trains), parts)


def _trains(source: Any, window: tuple[float, float] | None) -> list[_Train]:
    """Return the trains of all runs, in one unit."""
    several = isinstance(source, (list, tuple)) and any(_is_run(one) or np.ndim(one) > 0 for one in source)
    runs = list(source) if several else [source]
    parts = [(k, part) for k, one in enumerate(runs) for part in stretches(one)]
    trains = [_train(f"events[{k}]" if several else "events", one, k) for k, one in parts]
    trains = [train for train in trains if train.times.size]
    steps = {one.dt for _, one in parts if isinstance(one, Events) and one.in_steps and len(one)}
    units = {train.unit for train in trains}
    if len(units) > 1:
        raise TypeError(
            f"events of several runs must have one unit, got {sorted(units)}; give times in seconds for all"
        )
    if max(steps, default=0.0) - min(steps, default=0.0) > 1e-9 * max(steps, default=0.0):
        raise ValueError(
            f"events of several runs must have steps of one length, got {sorted(steps)} s; give their times"
        )
    if any(train.times.dtype.kind == "f" for train in trains):
        trains = [replace(train, times=train.times.astype(np.float64)) for train in trains]
    return trains if window is None else [train for one in trains if (train := _within(one, window)).times.size]


def _is_run(one: Any) -> bool:
    return isinstance(one, Events) or hasattr(one, "data_vars")


def _unit(one: Any) -> str:
    return ("step" if one.in_steps else "s") if isinstance(one, Events) else ""


def _train(name: str, one: Any, run: int) -> _Train:
    """Return a train; where samples are uneven the ends of its window are known by its events only."""
    times = as_times(name, one)
    if not isinstance(one, Events) or not times.size:
        return _Train(times, run, _unit(one))
    low, high = (one.start, one.stop) if one.even else (times[0], times[-1])
    if one.located:
        low, high = low * one.dt, high * one.dt
    return _Train(times, run, _unit(one), low if one.cut[0] else -math.inf, high if one.cut[1] else math.inf)


def _within(train: _Train, window: tuple[float, float]) -> _Train:
    """Return the events of a window, which cuts the record."""
    if not isinstance(window, Sequence) or len(window) != 2:
        raise TypeError(f"window must be a pair of times, got {window!r}")
    low, high = (check.real("window", value) for value in window)
    if high <= low:
        raise ValueError(f"window must end after it begins, got {window!r}")
    times = train.times
    near = 0.0 if times.dtype.kind == "i" else grid.slack(times, low, high)
    inside = times[(times >= low - near) & (times < high - near)]
    return replace(train, times=inside, low=max(low, train.low), high=min(high, train.high))


def _cut_up(train: _Train, width: float, origin: float | None) -> tuple[Steps, Steps, Steps, Steps, int]:
    """Return size, duration, start, profile of the avalanches of one train, and how many a window cuts."""
    times = train.times
    begin = times[0] if origin is None else origin
    if float(times[-1] - times[0]) / width > MAX_BINS:
        span = float(times[-1] - times[0])
        raise ValueError(f"bin={width:g} cuts {span:g} into more than {MAX_BINS} bins; use a wider one")
    if abs(float(begin)) + abs(float(times[0])) > MAX_BINS**2 * width:
        raise ValueError(f"origin={origin!r} is more than {MAX_BINS**2:g} bins from the events; use a nearer one")
    whole = times.dtype.kind == "i"
    place = (times - int(begin)) // int(width) if whole else grid.bins_of(times, width, origin)
    counts = np.bincount(place - place[0])
    filled = np.flatnonzero(counts)
    first = np.flatnonzero(np.r_[True, np.diff(filled) > 1])
    profile = counts[filled].astype(np.int64)
    size = np.add.reduceat(profile, first)
    duration = np.diff(np.r_[first, filled.size]).astype(np.int64)
    start = (filled[first] + place[0]).astype(np.int64)
    near = 0.0 if whole else grid.slack(times, float(begin))
    known = (begin + (start - 1) * width >= train.low - near) & (
        begin + (start + duration + 1) * width <= train.high + near
    )
    return size[known], duration[known], start[known], profile[np.repeat(known, duration)], int((~known).sum())


def _joined(
    found: list[tuple[Steps, Steps, Steps, Steps, int]], width: float, number: int, trains: list[_Train]
) -> Avalanches:
    run = np.repeat([train.run for train in trains], [one[0].size for one in found]).astype(np.int64)
    size, duration, start, profile = (np.concatenate([one[k] for one in found]) for k in range(4))
    return Avalanches(
        size=size,
        duration=duration,
        start=start,
        profile=profile,
        bin=width,
        n_events=number,
        run=run,
        n_cut=sum(one[4] for one in found),
        unit=trains[0].unit,
        trains=tuple(train.times for train in trains),
    )
