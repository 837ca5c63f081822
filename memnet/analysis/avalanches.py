"""Avalanches: runs of time bins with events between bins without."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from memnet import _check
from memnet.analysis.events import Events, as_times
from memnet.analysis.intervals import inter_event_intervals
from memnet.analysis.line import not_enough

Floats = NDArray[np.float64]
Steps = NDArray[np.int64]

# Bins between the first event and the last are an array.
MAX_BINS = 2**28


@dataclass(frozen=True)
class Avalanches:
    """Avalanches in order of time.

    Attributes
    ----------
    size : ndarray of int64, shape (n,)
        Events of each avalanche.
    duration : ndarray of int64, shape (n,)
        Bins of each avalanche.
    start : ndarray of int64, shape (n,)
        First bin of each avalanche; bin 0 begins with the first event.
    profile : ndarray of int64, shape (sum of duration,)
        Events in the bins of all avalanches, one avalanche after the other; `shape_of` cuts out one.
    bin : float
        Width of a bin, in steps or in the unit of the times.
    n_events : int
        Number of all events.
    message : str
        Empty, or "not enough data: ..."; then there are no avalanches.
    """

    size: Steps
    duration: Steps
    start: Steps
    profile: Steps
    bin: float
    n_events: int
    message: str = ""

    def __len__(self) -> int:
        return int(self.size.size)

    @property
    def first(self) -> Steps:
        """Where each avalanche begins in `profile`."""
        return np.asarray(np.cumsum(self.duration) - self.duration, dtype=np.int64)

    def shape_of(self, k: int) -> Steps:
        """Return the events in each bin of avalanche k."""
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


def avalanches(events: Events | ArrayLike, *, bin: float | None = None, multiple: float = 1.0) -> Avalanches:  # noqa: A002
    """Return the avalanches of an event train.

    Time is cut into bins from the first event on. An avalanche is a run of bins with events between two bins without;
    its size is the number of its events, its duration the number of its bins.

    Parameters
    ----------
    events : Events or array_like, shape (n,)
        Events, or times of events that never decrease. Several in one step all count.
    bin : float, optional
        Width of a bin in steps (in the unit of the times); a whole number where times are integers. By default the mean
        inter-event interval, rounded to whole steps where times are integers.
    multiple : float
        Factor on the default bin. Exponents that depend on it are no property of the data: try 0.5 and 2.

    Returns
    -------
    Avalanches
        Without avalanches and with a `message` where there are fewer than 50 events.

    Raises
    ------
    ValueError
        Times that decrease or are not finite; a bin that is not positive, or so narrow that there are 2**28 of them.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> steps = np.r_[0, 0, 1, 2, 5, 5, 9 : 60]
    >>> found = mn.analysis.avalanches(steps, bin=1)
    >>> found.size, found.duration
    (array([ 4,  2, 51]), array([ 3,  1, 51]))
    """
    times = as_times("events", events)
    whole = times.dtype.kind == "i"
    _check.real("multiple", multiple, 0.0)
    if bin is not None:
        _check.real("bin", bin, 0.0)
        if whole and bin != math.floor(bin):
            raise ValueError(f"bin must be a whole number of steps, got {bin!r}")
    message = not_enough(times.size, "events")
    intervals = inter_event_intervals(times)
    if not message and not intervals.size:
        message = "not enough data: all events at one time"
    if message:
        nothing = np.empty(0, np.int64)
        return Avalanches(nothing, nothing, nothing, nothing, float(bin or math.nan), int(times.size), message)
    width = float(bin) if bin is not None else float(intervals.mean()) * multiple
    if whole and bin is None:
        width = max(1.0, float(math.floor(width + 0.5)))
    span = float(times[-1] - times[0])
    if span / width > MAX_BINS:
        raise ValueError(f"bin={width:g} cuts {span:g} into more than {MAX_BINS} bins; use a wider one")
    place = (times - times[0]) // int(width) if whole else np.floor((times - times[0]) / width)
    counts = np.bincount(place.astype(np.int64))
    filled = np.flatnonzero(counts)
    begins = np.r_[True, np.diff(filled) > 1]
    first = np.flatnonzero(begins)
    profile = counts[filled].astype(np.int64)
    return Avalanches(
        size=np.add.reduceat(profile, first),
        duration=np.diff(np.r_[first, filled.size]).astype(np.int64),
        start=filled[first].astype(np.int64),
        profile=profile,
        bin=width,
        n_events=int(times.size),
    )
