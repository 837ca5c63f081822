"""Events: what a simulation reports exactly, or what a threshold finds in a conductance trace."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from memnet import _check

Floats = NDArray[np.float64]
Steps = NDArray[np.int64]


@dataclass(frozen=True)
class Events:
    """Events in order of time, and the window of steps in which they were looked for.

    Attributes
    ----------
    step : ndarray of int64, shape (n_events,)
        Step, or sample of a measured trace, of each event; never decreasing.
    time : ndarray of float, shape (n_events,)
        The same in seconds.
    start, stop : int
        The window: steps start to stop - 1.
    dt : float
        Length of a step in seconds; the mean one for a trace whose samples are not equally spaced.
    edge : ndarray of int32, optional
        Edge of each event; None where it is not known (traces, merged events).
    kind : ndarray of int8, optional
        +1 closed, -1 opened, or the model's own; for a trace the sign of the change. None for merged events.
    """

    step: Steps
    time: Floats
    start: int
    stop: int
    dt: float = 1.0
    edge: NDArray[np.int32] | None = None
    kind: NDArray[np.int8] | None = None

    def __len__(self) -> int:
        return int(self.step.size)

    @property
    def rate(self) -> float:
        """Events per step of the window."""
        return len(self) / (self.stop - self.start) if self.stop > self.start else float("nan")

    def merged(self) -> Events:
        """Return one event for each step that has any; edges and kinds are lost."""
        step, first = np.unique(self.step, return_index=True)
        return replace(self, step=step, time=self.time[first], edge=None, kind=None)

    def between(self, start: int | None = None, stop: int | None = None) -> Events:
        """Return the events of steps start to stop - 1, and that window."""
        first = self.start if start is None else max(self.start, _check.integer("start", start))
        last = self.stop if stop is None else min(self.stop, _check.integer("stop", stop))
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
        )

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
        Possibly empty: a network that never switches, or a constant trace, has no events.

    Raises
    ------
    ValueError
        No threshold for a trace, times that do not increase, nan, too short a trace, a window without a step.
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
    for name, value in (("absolute", absolute), ("relative", relative), ("floor", floor)):
        if value is not None:
            _check.real(name, value, 0.0)
    if absolute is None and relative is None:
        if conductance is not None or not hasattr(data, "data_vars"):
            raise ValueError("events of a conductance trace need a threshold: give absolute= (S), relative= or both")
        found = _exact(data)
    else:
        found = _threshold(*_trace(data, conductance), absolute, relative, floor)
    found = found if start is None and stop is None else found.between(start, stop)
    return found.merged() if per_step else found


def _exact(data: Any) -> Events:
    """Return the events that the devices of a run reported."""
    if "event_step" not in data:
        raise ValueError(
            f"data has no variable event_step, only {sorted(map(str, data.data_vars))}; give the dataset of a run, or a"
            " threshold to look for events in its conductance"
        )
    step = np.asarray(data["event_step"].values, dtype=np.int64)
    _increasing("event_step", step, strictly=False)
    start, stop, dt = _window(data, step)
    return Events(
        step=step,
        time=np.asarray(step * dt, dtype=np.float64),
        start=start,
        stop=stop,
        dt=dt,
        edge=np.asarray(data["event_edge"].values, dtype=np.int32) if "event_edge" in data else None,
        kind=np.asarray(data["event_kind"].values, dtype=np.int8) if "event_kind" in data else None,
    )


def _window(data: Any, step: Steps) -> tuple[int, int, float]:
    """Return first step, last step + 1 and the step's length of a run, also of several that were concatenated."""
    spec = json.loads(data.attrs["parameters"]) if "parameters" in data.attrs else {}
    dt = float(spec.get("dt", 1.0))
    start, stop = int(spec.get("first_step", 0)), int(spec.get("first_step", 0) + spec.get("n_steps", 0))
    if "time" in data.coords and data.sizes["time"]:
        start = min(start, round(float(data["time"].values[0]) / dt)) if spec else 0
        stop = max(stop, round(float(data["time"].values[-1]) / dt) + 1)
    if step.size:
        start, stop = min(start, int(step[0])), max(stop, int(step[-1]) + 1)
    return start, stop, dt


def _trace(data: Any, conductance: ArrayLike | None) -> tuple[Floats, Floats]:
    """Return time and conductance of a trace, checked."""
    if hasattr(data, "data_vars"):
        if conductance is not None:
            raise ValueError("conductance is taken from the dataset; give times as data to use an array")
        if "conductance" not in data:
            raise ValueError(f"data has no variable conductance, only {sorted(map(str, data.data_vars))}")
        data, conductance = data["time"].values, data["conductance"].values
    elif conductance is None:
        raise ValueError("threshold events need conductance beside the times in data, or the dataset of a run")
    time = _check.array("time", data, (None,))
    trace = _check.array("conductance", conductance, time.shape)
    if time.size < 2:
        raise ValueError(f"a trace needs at least 2 samples, got {time.size}")
    _increasing("time", time, strictly=True)
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
    return Events(
        step=peak,
        time=time[peak],
        start=0,
        stop=int(time.size),
        dt=float((time[-1] - time[0]) / (time.size - 1)),
        kind=np.sign(change[peak]).astype(np.int8),
    )


def _peaks(excess: Floats) -> Steps:
    """Return where each run of values above 1 has its first maximum."""
    above = np.flatnonzero(excess > 1)
    if not above.size:
        return np.empty(0, np.int64)
    run = np.cumsum(np.r_[0, np.diff(above) > 1])
    order = np.lexsort((above, -excess[above], run))
    return above[order[np.r_[True, np.diff(run[order]) > 0]]].astype(np.int64)


def _increasing(name: str, values: NDArray[Any], *, strictly: bool) -> None:
    """Raise ValueError at the first value that is not after (strictly) or at least not before the one before it."""
    step = np.diff(values)
    bad = np.flatnonzero(step <= 0 if strictly else step < 0)
    if bad.size:
        k = int(bad[0])
        raise ValueError(
            f"{name} must {'increase' if strictly else 'not decrease'}, got {values[k]:g} and then {values[k + 1]:g}"
            f" at index {k + 1}"
        )


def as_times(name: str, given: Any) -> NDArray[Any]:
    """Return the steps of `Events`, or an array of event times that never decreases, integers left as integers."""
    if isinstance(given, Events):
        return given.step
    times = np.asarray(given)
    if times.dtype.kind not in "iuf":
        if times.size:
            raise TypeError(f"{name} must be Events or an array of event times, got dtype {times.dtype}")
        times = times.astype(np.float64)
    _check.check_shape(name, times.shape, (None,))
    if times.dtype.kind == "f" and not np.isfinite(times).all():
        raise ValueError(f"{name} must be finite, got {times[~np.isfinite(times)][0]}")
    times = times.astype(np.float64 if times.dtype.kind == "f" else np.int64)
    _increasing(name, times, strictly=False)
    return times
