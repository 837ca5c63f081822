"""Plasticity: responses to voltage pulses, potentiation from pulse to pulse, and forgetting between them."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from memnet import _check

if TYPE_CHECKING:
    import xarray as xr

Floats = NDArray[np.float64]
Steps = NDArray[np.int64]

# Below this many values no order of them is significant: even 3 in order have p = 1/6.
ENOUGH_FOR_TREND = 4


@dataclass(frozen=True)
class Trend:
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
    """

    tau: float
    p_rising: float
    p_falling: float
    slope: float
    n: int
    message: str = ""


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

    Examples
    --------
    >>> import memnet as mn
    >>> found = mn.analysis.trend([0.1, 0.2, 0.4, 0.3, 0.5, 0.6, 0.7])
    >>> round(found.tau, 3), round(found.p_rising, 4)
    (0.905, 0.0014)
    """
    given = _check.array("values", values, (None,))
    n = int(given.size)
    if n < ENOUGH_FOR_TREND:
        return Trend(math.nan, math.nan, math.nan, math.nan, n, f"not enough data: {n} values")
    if given.min() == given.max():
        return Trend(0.0, 1.0, 1.0, 0.0, n)
    from scipy import stats

    order = np.arange(n)
    rising = stats.kendalltau(order, given, alternative="greater")
    falling = stats.kendalltau(order, given, alternative="less")
    slope = float(stats.theilslopes(given, order).slope)
    return Trend(float(rising.statistic), float(rising.pvalue), float(falling.pvalue), slope, n)


def moving_average(values: ArrayLike, window: int) -> Floats:
    """Return the mean of the last `window` values at each place; at the start, of those that there are.

    Parameters
    ----------
    values : array_like, shape (n,)
        Values, finite.
    window : int
        Number of values, >= 1.

    Returns
    -------
    ndarray, shape (n,)

    Examples
    --------
    >>> import memnet as mn
    >>> mn.analysis.moving_average([1.0, 3.0, 5.0], 2)
    array([1., 2., 4.])
    """
    given = _check.array("values", values, (None,))
    width = _check.integer("window", window, 1)
    if not given.size:
        return given
    middle = given.mean()  # small sums keep their digits
    total = np.concatenate(([0.0], np.cumsum(given - middle)))
    stop = np.arange(1, given.size + 1)
    start = np.maximum(stop - width, 0)
    return np.asarray(middle + (total[stop] - total[start]) / (stop - start))


def pulse_windows(voltage: ArrayLike, threshold: float | None = None) -> Steps:
    """Return the pulses of a trace: first sample, and the one behind the last, of each stretch above a threshold.

    Parameters
    ----------
    voltage : array_like, shape (n,)
        Voltage (V).
    threshold : float, optional
        What a pulse exceeds (V), by default the middle between the smallest and the largest voltage.

    Returns
    -------
    ndarray of int64, shape (n_pulses, 2)

    Raises
    ------
    ValueError
        A constant voltage without a threshold.

    Examples
    --------
    >>> import memnet as mn
    >>> mn.analysis.pulse_windows([0, 6, 6, 0, 6]).tolist()
    [[1, 3], [4, 5]]
    """
    volts = _check.array("voltage", voltage, (None,))
    if threshold is None:
        if not volts.size or volts.min() == volts.max():
            raise ValueError("voltage must change, or have a threshold, for pulses to be found in it")
        level = 0.5 * float(volts.min() + volts.max())
    else:
        level = _check.real("threshold", threshold, unit="V")
    edge = np.diff(np.concatenate(([0], (volts > level).astype(np.int8), [0])))
    return np.stack((np.flatnonzero(edge > 0), np.flatnonzero(edge < 0)), axis=1)


@dataclass(frozen=True)
class Response:
    """How one quantity answers a sequence of pulses.

    Attributes
    ----------
    average : ndarray, shape (n,)
        Moving average of the quantity.
    pulse : ndarray, shape (n_pulses,)
        Mean over each pulse: its response.
    rest : ndarray, shape (n_pulses,)
        Mean over the rest after each pulse, until the next one or the end; nan where there is none.
    peak : ndarray, shape (n_pulses,)
        Moving average at the end of each pulse.
    trough : ndarray, shape (n_pulses,)
        Moving average at the end of the rest after it; nan where there is none.
    forgetting : ndarray, shape (n_pulses,)
        (peak - trough)/peak: 0 where nothing is forgotten, 1 where all is; nan for a peak of 0.
    potentiation : float
        Last response over the first one, less 1; nan for a first response of 0.
    paired_pulse_index : float
        Second response over the first one; nan for a first response of 0.
    trend : Trend
        Of the responses over the pulses.
    """

    average: Floats
    pulse: Floats
    rest: Floats
    peak: Floats
    trough: Floats
    forgetting: Floats
    potentiation: float
    paired_pulse_index: float
    trend: Trend


@dataclass(frozen=True)
class Plasticity:
    """Potentiation and forgetting of a run with pulses.

    Attributes
    ----------
    time : ndarray, shape (n,)
        Times of the samples (s).
    window : int
        Samples that the moving averages are over.
    start, stop : ndarray of int64, shape (n_pulses,)
        Samples start to stop - 1 are a pulse.
    conductance : Response
        Of the conductance (S).
    rate : Response or None
        Of the number of events a sample; None where events are not known.
    """

    time: Floats
    window: int
    start: Steps
    stop: Steps
    conductance: Response
    rate: Response | None

    def to_dataset(self) -> xr.Dataset:
        """Return everything as one dataset with dimensions `time` and `pulse`."""
        import xarray as xr

        variables: dict[str, Any] = {"pulse_start": ("pulse", self.start), "pulse_stop": ("pulse", self.stop)}
        attrs: dict[str, Any] = {"window": self.window}
        for name, unit, found in (("conductance", "S", self.conductance), ("rate", "1", self.rate)):
            if found is not None:
                variables[f"{name}_average"] = ("time", found.average, {"units": unit})
                for part in ("pulse", "rest", "peak", "trough", "forgetting"):
                    unit_here = "1" if part == "forgetting" else unit
                    variables[f"{name}_{part}"] = ("pulse", getattr(found, part), {"units": unit_here})
                attrs |= {f"{name}_potentiation": found.potentiation}
                attrs |= {f"{name}_paired_pulse_index": found.paired_pulse_index}
                attrs |= {f"{name}_trend_tau": found.trend.tau, f"{name}_trend_p_rising": found.trend.p_rising}
        return xr.Dataset(variables, {"time": ("time", self.time, {"units": "s"})}, attrs)


def plasticity(
    data: Any,
    conductance: ArrayLike | None = None,
    voltage: ArrayLike | None = None,
    *,
    event_times: ArrayLike | None = None,
    window: int = 100,
    threshold: float | None = None,
) -> Plasticity:
    """Measure how a network answers voltage pulses: potentiation from pulse to pulse, forgetting between them.

    Parameters
    ----------
    data : xarray.Dataset or array_like, shape (n,)
        The result of `Simulation.run` with its current recorded in every step, or times (s), increasing.
    conductance, voltage : array_like, shape (n,)
        Conductance (S) and applied voltage (V), beside times.
    event_times : array_like, shape (n_events,), optional
        Times of switching events (s); those outside the samples do not count. A dataset brings its own.
    window : int
        Samples that the moving averages are over, >= 1.
    threshold : float, optional
        Voltage above which a pulse is on (V), by default half-way between the smallest and the largest one.

    Returns
    -------
    Plasticity
        Its trends say "not enough data" below 4 pulses.

    Raises
    ------
    ValueError
        A constant voltage, a threshold that no voltage exceeds, values that are not finite, times that do not increase,
        different lengths.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.percolating(size=30, coverage=0.6, seed=1)
    >>> drive = {"left": mn.drive.pulses(0.1, 3.0, length=50, spacing=50, count=4), "right": 0.0}
    >>> found = mn.analysis.plasticity(mn.Simulation(net, mn.RateBalance(), drive).run(400), window=10)
    >>> found.conductance.pulse.shape, bool((found.conductance.forgetting > 0).all())
    ((4,), True)
    """
    width = _check.integer("window", window, 1)
    if hasattr(data, "data_vars"):
        if conductance is not None or voltage is not None or event_times is not None:
            raise ValueError("conductance, voltage and events are taken from the dataset; give times to use arrays")
        data, conductance, voltage, event_times = _of_run(data)
    elif conductance is None or voltage is None:
        raise ValueError("plasticity needs conductance and voltage beside times")
    time = _check.array("time", data, (None,))
    bad = np.flatnonzero(np.diff(time) <= 0)
    if bad.size:
        k = int(bad[0])
        raise ValueError(f"time must increase, got {time[k]:g} and then {time[k + 1]:g} at index {k + 1}")
    siemens = _check.array("conductance", conductance, time.shape)
    volts = _check.array("voltage", voltage, time.shape)
    pulses = pulse_windows(volts, threshold)
    if not len(pulses):
        highest = f"the highest is {volts.max():g} V" if volts.size else "there are no samples"
        raise ValueError(f"threshold={threshold!r} V leaves no pulse: no voltage exceeds it, {highest}")
    rate = None
    if event_times is not None:
        rate = _response(_counts(time, _check.array("event_times", event_times, (None,))), pulses, width)
    return Plasticity(time, width, pulses[:, 0], pulses[:, 1], _response(siemens, pulses, width), rate)


def _of_run(data: xr.Dataset) -> tuple[Any, Any, Any, Any]:
    """Return times, conductance, applied voltage and event times of a run."""
    missing = [name for name in ("voltage", "conductance") if name not in data]
    if missing:
        raise ValueError(f"data has no variable {missing[0]}; record the current of the run")
    volts = data["voltage"].values
    moving = np.ptp(volts, axis=0) if len(volts) else np.zeros(volts.shape[1])
    events = None
    if "event_step" in data and "parameters" in data.attrs:
        events = data["event_step"].values * float(json.loads(data.attrs["parameters"])["dt"])
    return data["time"].values, data["conductance"].values, volts[:, int(moving.argmax())], events


def _counts(time: Floats, events: Floats) -> Floats:
    """Return the number of events from each sample until the next one."""
    if time.size < 2:
        return np.zeros(time.size)
    end = time[-1] + (time[-1] - time[-2])
    inside = events[(events >= time[0]) & (events < end)]
    place = np.searchsorted(time, inside, side="right") - 1
    return np.bincount(place, minlength=time.size).astype(np.float64)


def _response(values: Floats, pulses: Steps, width: int) -> Response:
    average = moving_average(values, width)
    ends = np.append(pulses[1:, 0], values.size)
    response = np.array([values[start:stop].mean() for start, stop in pulses])
    resting = list(zip(pulses[:, 1], ends, strict=True))
    rest = np.array([values[stop:end].mean() if end > stop else math.nan for stop, end in resting])
    peak = average[pulses[:, 1] - 1]
    trough = np.array([average[end - 1] if end > stop else math.nan for stop, end in resting])
    forgetting = np.full(peak.shape, math.nan)
    np.divide(peak - trough, peak, out=forgetting, where=peak != 0.0)
    first = float(response[0]) if response.size > 1 else 0.0
    return Response(
        average=average,
        pulse=response,
        rest=rest,
        peak=peak,
        trough=trough,
        forgetting=forgetting,
        potentiation=float(response[-1]) / first - 1.0 if first != 0.0 else math.nan,
        paired_pulse_index=float(response[1]) / first if first != 0.0 else math.nan,
        trend=trend(response),
    )
