"""Events: what a simulation reports exactly, or what a threshold finds in a conductance trace."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from memnet.analysis import _grid as grid
from memnet.base import check
from memnet.base.arrays import Floats, Steps
from memnet.base.text import Summary, quantity

__all__ = ["Events", "events"]


# What a dataset says of its events, the last where they were located inside steps.
COLUMNS = {"event_step": np.int64, "event_edge": np.int32, "event_kind": np.int8, "event_time": np.float64}
# Times beyond this have squares that are no numbers.
LATEST = 1e150


@dataclass(frozen=True, repr=False)
class Events(Summary):
    """Events in order of time, and the window of steps in which they were looked for.

    Attributes
    ----------
    step : ndarray of int64, shape (n_events,)
        Step, or sample of a measured trace, of each event; never decreasing.
    time : ndarray of float, shape (n_events,)
        The same in seconds; where events were located inside steps, when they happened.
    start, stop : int
        The window: steps start to stop - 1.
    dt : float
        Length of a step in seconds; the mean one for a trace whose samples are not equally spaced.
    edge : ndarray of int32, optional
        Edge of each event; None where it is not known (traces, merged events).
    kind : ndarray of int8, optional
        +1 closed, -1 opened, or the model's own; for a trace the sign of the change. None for merged events.
    even : bool
        Whether all steps are equally long.
    located : bool
        Whether events happened at times of their own, those of `event_time`, and not at steps.
    gaps : tuple of (int, int)
        Steps a to b - 1 inside the window that are missing, because rows of the dataset are. No interval and no
        avalanche spans one.
    cut : (bool, bool)
        Whether the window begins, and ends, inside a longer record: avalanches there may not be whole.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> conductance = np.repeat([1.0, 2.0, 1.0], 5)
    >>> found = mn.analysis.events(np.arange(15.0), conductance, absolute=0.1)
    >>> found.time, found.kind
    (array([4., 9.]), array([ 1, -1], dtype=int8))
    >>> found.in_steps, round(found.rate, 3), len(found.between(0, 6)), len(found.parts())
    (True, 0.133, 1, 1)
    >>> found.counts(), len(found.merged())
    (array([0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]), 2)
    """

    step: Steps
    time: Floats
    start: int
    stop: int
    dt: float = 1.0
    edge: NDArray[np.int32] | None = None
    kind: NDArray[np.int8] | None = None
    even: bool = True
    located: bool = False
    gaps: tuple[tuple[int, int], ...] = ()
    cut: tuple[bool, bool] = (False, False)

    def __len__(self) -> int:
        return int(self.step.size)

    def _summary(self) -> dict[str, str]:
        return {
            "events": f"{len(self):,} in {quantity(self._steps, self._unit)}{self._balance}",
            "rate": f"{self.rate:.3g} per {self._unit}",
            "dt": quantity(self.dt, "s") + ("" if self.even else " on average"),
        }

    def _details(self) -> dict[str, str]:
        missing = sum(stop - start for start, stop in self.gaps)
        return {
            **self._summary(),
            "window": f"{self._unit}s {self.start:,} to {self.stop - 1:,}",
            "missing": quantity(missing, self._unit) if missing else "",
        }

    @property
    def _unit(self) -> str:
        return "step" if self.even else "sample"

    @property
    def _steps(self) -> int:
        """Number of steps that are there."""
        return self.stop - self.start - sum(b - a for a, b in self.gaps)

    @property
    def _balance(self) -> str:
        if self.kind is None:
            return ""
        return f", {int((self.kind > 0).sum()):,} up and {int((self.kind < 0).sum()):,} down"

    @property
    def in_steps(self) -> bool:
        """Whether intervals and avalanches are in steps; else in seconds."""
        return self.even and not self.located

    @property
    def rate(self) -> float:
        """Events per step of the window, missing ones left out."""
        return len(self) / self._steps if self._steps > 0 else float("nan")

    def merged(self) -> Events:
        """Return one event for each step that has any; edges and kinds are lost."""
        step, first = np.unique(self.step, return_index=True)
        return replace(self, step=step, time=self.time[first], edge=None, kind=None)

    def between(self, start: int | None = None, stop: int | None = None) -> Events:
        """Return the events of steps start to stop - 1, and that window."""
        first = self.start if start is None else max(self.start, check.integer("start", start))
        last = self.stop if stop is None else min(self.stop, check.integer("stop", stop))
        if last <= first:
            raise ValueError(
                f"start={start} and stop={stop} leave no step of the window {self.start} to {self.stop - 1}"
            )
        low, high = np.searchsorted(self.step, [first, last])
        part = slice(low, high)
        return replace(
            self,
            step=self.step[part],
            time=self.time[part],
            start=first,
            stop=last,
            edge=None if self.edge is None else self.edge[part],
            kind=None if self.kind is None else self.kind[part],
            gaps=tuple((max(a, first), min(b, last)) for a, b in self.gaps if a < last and b > first),
            cut=(self.cut[0] or first > self.start, self.cut[1] or last < self.stop),
        )

    def parts(self) -> list[Events]:
        """Return the stretches between the gaps, each as events of its own window."""
        edges = [self.start, *(step for gap in self.gaps for step in gap), self.stop]
        return [self.between(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b > a]

    def counts(self) -> Steps:
        """Return the number of events of every step of the window, shape (stop - start,)."""
        return np.bincount(self.step - self.start, minlength=self.stop - self.start).astype(np.int64)


def events(
    data: Any,
    conductance: ArrayLike | None = None,
    *,
    absolute: float | None = None,
    relative: float | None = None,
    floor: float | None = None,
    per_step: bool = False,
    start: int | None = None,
    stop: int | None = None,
) -> Events:
    """Return the switching events of a run, or the threshold events of a conductance trace.

    Without a threshold `data` is the dataset of a run and every event that a device reported is returned, with its
    edge and kind. With one, events are found in a trace: the change of the conductance per sample is the central
    difference D_k = (G_{k+1} - G_{k-1})/2 (one-sided at the ends), an excursion is a run of samples with
    abs(D) > `absolute` or abs(D)/G > `relative`, and each excursion is one event, at the sample where it exceeds its
    threshold by the largest factor. A single jump spreads over two samples in D and is one event: at the first of them,
    but at the second for a jump down that a relative threshold finds.

    Parameters
    ----------
    data : xarray.Dataset or array_like, shape (n,)
        What `Simulation.run` returned, or the times of a trace in seconds, increasing.
    conductance : array_like, shape (n,), optional
        Conductance of the trace in siemens, where `data` holds times.
    absolute : float, optional
        Threshold of abs(D) in siemens.
    relative : float, optional
        Threshold of abs(D)/G.
    floor : float, optional
        Smaller conductances of a trace, in siemens, count as this one, so that noise at zero current is no event.
    per_step : bool
        Merge the events of one step into one.
    start, stop : int, optional
        Keep steps (samples) start to stop - 1, by default all.

    Returns
    -------
    Events
        Possibly empty: a network that never switches, or a constant trace, has no events. Those of a part of a run
        (``data.sel(time=slice(2000, None))``) are those of the times that are there.

    Raises
    ------
    ValueError
        No threshold for a trace, times that do not increase, nan, too short a trace, a window without a step; a dataset
        of a run that has lost its attributes, or whose times were shifted or resampled.
    TypeError
        Something that is neither a dataset nor an array.

    Notes
    -----
    The rule for traces is the one of Hochstetter et al., Nat. Commun. 12, 4008 (2021). Their thresholds for measured
    conductances were 5e-8 S and 0.03. Two jumps in adjacent samples are one excursion and so one event: a trace that is
    sampled too coarsely loses events, which the exact events of a simulation never do.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> conductance = np.r_[np.full(5, 1.0), np.full(5, 2.0), np.full(5, 1.0)]
    >>> mn.analysis.events(np.arange(15.0), conductance, absolute=0.1).step
    array([4, 9])
    """
    check.flag("per_step", per_step)
    for name, value in (("absolute", absolute), ("relative", relative), ("floor", floor)):
        if value is not None:
            check.real(name, value, 0.0)
    if absolute is None and relative is None:
        if conductance is not None or not hasattr(data, "data_vars"):
            raise ValueError("events of a conductance trace need a threshold: give absolute= (S), relative= or both")
        result = _exact(data)
    else:
        result = _threshold(*_trace(data, conductance), absolute, relative, floor)
    result = result if start is None and stop is None else result.between(start, stop)
    return result.merged() if per_step else result


def _exact(data: Any) -> Events:
    """Return the events that the devices of a run reported, of the times that the dataset still has."""
    if "event_step" not in data:
        raise ValueError(
            f"data has no variable event_step, only {sorted(map(str, data.data_vars))}; give the dataset of a run, or a"
            " threshold to look for events in its conductance"
        )
    step, edge, kind, time, there = _reported(data)
    check.increasing("event_step", step, strictly=False)
    spec = json.loads(data.attrs["parameters"]) if "parameters" in data.attrs else None
    if spec is None and "time" in data.coords:
        raise ValueError(
            "data has lost its attribute parameters, which says how long a step is, so events cannot be told from those"
            " of other times; keep attributes (xarray.set_options(keep_attrs=True))"
        )
    if spec is None:
        window: dict[str, Any] = {"start": 0, "stop": int(step[-1]) + 1 if step.size else 0, "dt": 1.0}
    else:
        _refuse_lost_time(data)
        window, keep = _window(data, spec, there, step)
        step, edge, kind, time = (None if one is None else one[keep] for one in (step, edge, kind, time))
    located = time is not None
    time = time if located else np.asarray(step * window["dt"], dtype=np.float64)
    return Events(step=step, time=time, edge=edge, kind=kind, located=located, **window)


def _reported(data: Any) -> tuple[Any, ...]:
    """Return steps, edges, kinds and times of a dataset's events, and which of its rows `where` has left (None: all).

    `Dataset.where` with a condition on time gives every event a value at each time, nan where the condition fails.
    """
    columns, there = [], None
    for name, dtype in COLUMNS.items():
        values = data.get(name)
        if values is not None and "time" in values.dims:
            valid = values.notnull()
            if values.sizes["event"]:
                there = valid.any("event").values
            values = values.max("time")
        columns.append((values, dtype))
    step: Any = columns[0][0]
    valid = step.notnull().values if step.dtype.kind == "f" else slice(None)
    arrays = [None if one is None else np.asarray(one.values[valid], dtype=dtype) for one, dtype in columns]
    return *arrays, there


def _refuse_lost_time(data: Any) -> None:
    """Raise ValueError for rows without times, some of which may be missing; a dataset of events alone is whole."""
    rows = [str(name) for name in data.data_vars if not str(name).startswith("event_")]
    if "time" not in data.coords and rows:
        raise ValueError(
            f"data has no coordinate time beside {', '.join(rows)}, so nothing says of which times its events are; take"
            " events before time is renamed, dropped or averaged over, or give the events alone:"
            ' data[["event_step", "event_edge", "event_kind"]]'
        )


def _window(data: Any, spec: Any, there: Any, step: Steps) -> tuple[dict[str, Any], NDArray[np.bool_] | slice]:
    """Return the window of a dataset of a run, of several that were concatenated, or of a part; and its events.

    A row at step k stands for steps k to k + every - 1, the first one of the run for those before it, too.
    """
    dt, every, first = float(spec["dt"]), int(spec.get("every", 1)), int(spec["first_step"])
    stop = first + int(spec["n_steps"])
    lowest = -(-first // every) * every
    if "time" not in data.coords or (lowest >= stop and not data["time"].size):
        window = {"start": min([first, *step[:1]]), "stop": max([stop, *(step[-1:] + 1)]), "dt": dt}
        return window, slice(None)
    time = np.atleast_1d(np.asarray(data["time"].values, dtype=np.float64))
    rows = _rows(time if there is None else time[there], dt, first)
    row = np.maximum(step // every * every, lowest)
    if not rows.size:
        return {"start": first, "stop": first, "dt": dt, "cut": (True, True)}, np.zeros(step.size, bool)
    begin = np.where(rows == lowest, first, rows)
    end = np.where(rows < stop, np.minimum(rows + every, stop), rows + every)
    apart = np.flatnonzero(begin[1:] > end[:-1])
    return {
        "start": int(begin[0]),
        "stop": int(end[-1]),
        "dt": dt,
        "gaps": tuple((int(end[k]), int(begin[k + 1])) for k in apart),
        "cut": (int(begin[0]) > first, int(end[-1]) < stop),
    }, np.isin(row, rows)


def _rows(time: Floats, dt: float, first: int) -> Steps:
    """Return the steps of times, each once and in order."""
    steps = np.rint(time / dt)
    wrong = np.flatnonzero((np.abs(time - steps * dt) > 1e-3 * dt) | (steps < first))
    if wrong.size:
        raise ValueError(
            f"time of data must hold steps of the run, multiples of dt = {dt:g} s from {first * dt:g} s on, for events"
            f" to be found at them, got {time[wrong[0]]:g} s; take events before times are shifted or resampled"
        )
    return np.unique(steps.astype(np.int64))


def _trace(data: Any, conductance: ArrayLike | None) -> tuple[Floats, Floats]:
    """Return time and conductance of a trace, checked."""
    if hasattr(data, "data_vars"):
        if conductance is not None:
            raise ValueError("conductance is taken from the dataset; give times as data to use an array")
        check.rows_of_run(data, "conductance")
        data, conductance = data["time"].values, data["conductance"].values
    elif conductance is None:
        raise ValueError("threshold events need conductance beside the times in data, or the dataset of a run")
    time = check.array("time", data, (None,))
    trace = check.array("conductance", conductance, time.shape)
    if time.size < 2:
        raise ValueError(f"a trace needs at least 2 samples, got {time.size}")
    check.increasing("time", time)
    return time, trace


def _threshold(
    time: Floats, conductance: Floats, absolute: float | None, relative: float | None, floor: float | None
) -> Events:
    """Return one event for each excursion of the change above its threshold, at its peak."""
    trace = conductance if floor is None else np.maximum(conductance, floor)
    if relative is not None and trace.min() < 0:
        raise ValueError(f"a relative threshold needs conductances >= 0, got {trace.min():g} S; set floor")
    change = np.gradient(trace)
    excess = np.zeros_like(change)
    if absolute is not None:
        excess = np.abs(change) / absolute
    if relative is not None:
        with np.errstate(divide="ignore", invalid="ignore"):
            excess = np.fmax(excess, np.abs(change) / trace / relative)  # 0/0 is no change, and fmax drops it
    peak = _peaks(excess)
    samples = grid.find_grid(time)
    return Events(
        step=peak,
        time=time[peak],
        start=0,
        stop=int(time.size),
        dt=float((time[-1] - time[0]) / (time.size - 1)),
        kind=np.sign(change[peak]).astype(np.int8),
        even=samples is not None and bool((np.diff(samples.number, n=2) == 0).all()),
    )


def _peaks(excess: Floats) -> Steps:
    """Return where each run of values above 1 has its first maximum."""
    above = np.flatnonzero(excess > 1)
    if not above.size:
        return np.empty(0, np.int64)
    run = np.cumsum(np.r_[0, np.diff(above) > 1])
    order = np.lexsort((above, -excess[above], run))
    return above[order[np.r_[True, np.diff(run[order]) > 0]]].astype(np.int64)


def as_times(name: str, source: Any) -> NDArray[Any]:
    """Return when events are, never decreasing: steps as int64, seconds (or whatever the caller's unit is) as float.

    Takes `Events`, the dataset of a run, or an array of times, whose integers stay integers.
    """
    if hasattr(source, "data_vars"):
        source = events(source)
    if isinstance(source, Events):
        return source.step if source.in_steps else source.time
    times = check.given_array(name, source)
    if times.dtype.kind not in "iuf":
        if times.size:
            raise TypeError(f"{name} must be Events, the dataset of a run or an array of event times, got {source!r}")
        times = times.astype(np.float64)
    check.check_shape(name, times.shape, (None,))
    if times.dtype.kind == "f" and not np.isfinite(times).all():
        raise ValueError(f"{name} must be finite, got {times[~np.isfinite(times)][0]}")
    if times.size and max(abs(float(times.max())), abs(float(times.min()))) > LATEST:
        raise ValueError(f"{name} must be in [{-LATEST:g}, {LATEST:g}], got {times[np.abs(times).argmax()]:g}")
    times = times.astype(np.float64 if times.dtype.kind == "f" else np.int64)
    if times.dtype.kind == "i":
        check.increasing(name, times, strictly=False)
        return times
    check.increasing(name, times, strictly=False, slack=grid.slack(times))
    return np.asarray(np.maximum.accumulate(times))


def stretches(source: Any) -> list[Any]:
    """Return what `as_times` takes in stretches without a gap, across which no interval is known."""
    record = events(source) if hasattr(source, "data_vars") else source
    return list(record.parts()) if isinstance(record, Events) and record.gaps else [record]
