"""Plasticity: responses to voltage pulses, potentiation from pulse to pulse, and forgetting between them."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from memnet.analysis import _grid as grid
from memnet.analysis._events import events as events_of
from memnet.analysis._pulses import Pulses, above_threshold, find_pulses
from memnet.analysis._trend import Trend, trend
from memnet.base import check
from memnet.base.arrays import Floats, Steps
from memnet.base.text import Summary, named, quantity

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Plasticity", "Response", "Train", "moving_average", "plasticity", "pulse_windows"]


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

    Raises
    ------
    ValueError, TypeError
        Values that are not finite numbers, a window below 1.

    Examples
    --------
    >>> import memnet as mn
    >>> mn.analysis.moving_average([1.0, 3.0, 5.0], 2)
    array([1., 2., 4.])
    """
    samples = check.array("values", values, (None,))
    width = check.integer("window", window, 1)
    if not samples.size:
        return samples
    middle = samples.mean()  # small sums keep their digits
    total = np.concatenate(([0.0], np.cumsum(samples - middle)))
    stop = np.arange(1, samples.size + 1)
    start = np.maximum(stop - width, 0)
    return np.asarray(middle + (total[stop] - total[start]) / (stop - start))


def pulse_windows(
    voltage: ArrayLike, threshold: float | None = None, *, rest: float | None = None, tolerance: float | None = None
) -> Steps:
    """Return the pulses of a trace: first sample, and the one behind the last, of each departure from the rest level.

    Parameters
    ----------
    voltage : array_like, shape (n,)
        Voltage (V).
    threshold : float, optional
        Take instead what exceeds this voltage (V).
    rest, tolerance : float, optional
        As in `find_pulses`, which also tells sign and amplitude of each pulse.

    Returns
    -------
    ndarray of int64, shape (n_pulses, 2)

    Raises
    ------
    ValueError
        A constant voltage, or one without a level to rest at, where neither `threshold` nor `rest` is given; a
        tolerance beside a threshold.

    Examples
    --------
    >>> import memnet as mn
    >>> mn.analysis.pulse_windows([0, 6, 6, 0, 6]).tolist()
    [[1, 3], [4, 5]]
    """
    pulses = _pulses(check.array("voltage", voltage, (None,)), threshold, rest, tolerance)
    return np.stack((pulses.start, pulses.stop), axis=1)


def _pulses(volts: Floats, threshold: float | None, rest: float | None, tolerance: float | None) -> Pulses:
    """Return departures from the rest level, or what is above a threshold."""
    if threshold is None:
        return find_pulses(volts, rest=rest, tolerance=tolerance)
    if tolerance is not None:
        raise ValueError(
            f"tolerance={check.shown(tolerance)} is a distance from the rest level; give it without threshold"
        )
    level = None if rest is None else check.real("rest", rest, unit="V")
    return above_threshold(volts, check.real("threshold", threshold, unit="V"), level)


@dataclass(frozen=True, repr=False)
class Response(Summary):
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
        Last response over the first one, less 1: positive for potentiation, negative for depression. nan for a first
        response of 0, and where pulses have both signs: see `Plasticity.trains`.
    paired_pulse_index : float
        Second response over the first one; nan for a first response of 0, and where pulses have both signs.
    trend : Trend
        Of the responses over the pulses; without numbers where pulses have both signs.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> voltage = np.tile(np.repeat([0.1, 1.0], 10), 4)
    >>> conductance = np.cumsum(voltage)
    >>> found = mn.analysis.plasticity(np.arange(80.0), conductance, voltage, window=1)
    >>> found.conductance.pulse, round(found.conductance.potentiation, 3)
    (array([ 6.5, 17.5, 28.5, 39.5]), 5.077)
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

    def _summary(self) -> dict[str, str]:
        return {
            "pulses": str(self.pulse.size),
            "potentiation": "none" if math.isnan(self.potentiation) else f"{self.potentiation:+.1%}",
            "trend": named(self.trend._summary(), ", "),
        }


@dataclass(frozen=True, repr=False)
class Train(Summary):
    """Pulses of one sign in a row, and the answer to them.

    Attributes
    ----------
    sign : int
        +1 for pulses above the rest level, -1 for pulses below it.
    first, last : int
        Pulses first to last - 1 of the `Plasticity`.
    conductance : Response
        Of the conductance (S).
    rate : Response or None
        Of the number of events a sample; None where events are not known.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> voltage = np.tile(np.repeat([0.1, 1.0], 10), 4)
    >>> conductance = np.cumsum(voltage)
    >>> found = mn.analysis.plasticity(np.arange(80.0), conductance, voltage, window=1)
    >>> [(train.sign, train.first, train.last) for train in found.trains]
    [(1, 0, 4)]
    """

    sign: int
    first: int
    last: int
    conductance: Response
    rate: Response | None

    def _summary(self) -> dict[str, str]:
        side = "above" if self.sign > 0 else "below"
        return {**self.conductance._summary(), "pulses": f"{self.last - self.first} {side} the rest level"}


@dataclass(frozen=True, repr=False)
class Plasticity(Summary):
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
    sign : ndarray of int64, shape (n_pulses,)
        +1 for a pulse above the rest level, -1 for one below.
    amplitude : ndarray, shape (n_pulses,)
        Median voltage of the pulse less the rest level (V).
    rest_voltage : float
        The rest level (V).
    trains : tuple of Train
        Pulses of one sign in a row, in order: potentiation and depression, each with its own response.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> voltage = np.tile(np.repeat([0.1, 1.0], 10), 4)
    >>> conductance = np.cumsum(voltage)
    >>> found = mn.analysis.plasticity(np.arange(80.0), conductance, voltage, window=1)
    >>> found.start, found.rest_voltage, len(found.trains)
    (array([10, 30, 50, 70]), 0.1, 1)
    >>> sorted(found.to_dataset())[:4]
    ['conductance_average', 'conductance_forgetting', 'conductance_peak', 'conductance_pulse']
    """

    time: Floats
    window: int
    start: Steps
    stop: Steps
    conductance: Response
    rate: Response | None
    sign: Steps
    amplitude: Floats
    rest_voltage: float
    trains: tuple[Train, ...]

    def _summary(self) -> dict[str, str]:
        return self._first_trains(4)

    def _details(self) -> dict[str, str]:
        return self._first_trains(20)

    def _first_trains(self, most: int) -> dict[str, str]:
        trains = {f"train {k}": named(train._summary(), ", ") for k, train in enumerate(self.trains[:most])}
        more = len(self.trains) - len(trains)
        return {"rest level": quantity(self.rest_voltage, "V"), **trains, "and": f"{more} more" if more else ""}

    def to_dataset(self) -> xr.Dataset:
        """Return everything as one dataset with dimensions `time` and `pulse`."""
        import xarray as xr

        variables: dict[str, Any] = {"pulse_start": ("pulse", self.start), "pulse_stop": ("pulse", self.stop)}
        variables["pulse_sign"] = ("pulse", self.sign)
        variables["pulse_amplitude"] = ("pulse", self.amplitude, {"units": "V"})
        attrs: dict[str, Any] = {"window": self.window, "rest_voltage": self.rest_voltage}
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
    rest: float | None = None,
    tolerance: float | None = None,
) -> Plasticity:
    """Measure how a network answers voltage pulses: potentiation from pulse to pulse, forgetting between them.

    Pulses are departures of the voltage from its rest level, of either sign and any height (`find_pulses`).

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
        Take as pulses what exceeds this voltage (V).
    rest, tolerance : float, optional
        Rest level and distance from it (V), as in `find_pulses`; found where they are not given.

    Returns
    -------
    Plasticity
        Its trends say "not enough data" below 4 pulses.

    Raises
    ------
    ValueError
        A constant voltage, or one without a level to rest at; a threshold that no voltage exceeds, or a rest level that
        no voltage departs from; values that are not finite, times that do not increase, different lengths.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.percolating(size=30, coverage=0.6, seed=1)
    >>> drive = {"left": mn.drive.pulses(0.1, 3.0, length=50, spacing=50, count=4), "right": 0.0}
    >>> sim = mn.Simulation(net, mn.RateBalance(), drive, dt=1.0, method="adaptive")
    >>> found = mn.analysis.plasticity(sim.run(400), window=10)
    >>> found.conductance.pulse.shape, bool((found.conductance.forgetting > 0).all())
    ((4,), True)
    """
    width = check.integer("window", window, 1)
    if hasattr(data, "data_vars"):
        if conductance is not None or voltage is not None or event_times is not None:
            raise ValueError("conductance, voltage and events are taken from the dataset; give times to use arrays")
        data, conductance, voltage, event_times = _of_run(data)
    elif conductance is None or voltage is None:
        raise ValueError("plasticity needs conductance and voltage beside times")
    time = check.array("time", data, (None,))
    check.increasing("time", time)
    siemens = check.array("conductance", conductance, time.shape)
    volts = check.array("voltage", voltage, time.shape)
    pulses = _pulses(volts, threshold, rest, tolerance)
    if not len(pulses):
        raise ValueError(_no_pulse(volts, threshold, pulses))
    quantities: list[Floats | None] = [siemens, None]
    if event_times is not None:
        quantities[1] = _counts(time, check.array("event_times", event_times, (None,)))
    conductance_answer, rate = (None if one is None else _response(one, pulses, width) for one in quantities)
    assert conductance_answer is not None
    return Plasticity(
        time=time,
        window=width,
        start=pulses.start,
        stop=pulses.stop,
        conductance=conductance_answer,
        rate=rate,
        sign=pulses.sign,
        amplitude=pulses.amplitude,
        rest_voltage=pulses.rest,
        trains=_trains(pulses.sign, conductance_answer, rate),
    )


def _no_pulse(volts: Floats, threshold: float | None, pulses: Pulses) -> str:
    """Return why there is no pulse."""
    if not volts.size:
        return f"threshold={threshold!r} V and rest={pulses.rest:g} V leave no pulse: there are no samples"
    if threshold is not None:
        return f"threshold={threshold!r} V leaves no pulse: no voltage exceeds it, the highest is {volts.max():g} V"
    return (
        f"rest={pulses.rest:g} V leaves no pulse: no voltage departs from it by more than {pulses.tolerance:g} V, they"
        f" are {volts.min():g} to {volts.max():g} V"
    )


def _of_run(data: xr.Dataset) -> tuple[Any, Any, Any, Any]:
    """Return times, conductance, applied voltage and event times of a run."""
    check.rows_of_run(data, "voltage", "conductance")
    volts = data["voltage"].values
    moving = np.ptp(volts, axis=0) if len(volts) else np.zeros(volts.shape[1])
    known = "event_step" in data and "parameters" in data.attrs
    events = events_of(data).time if known else None
    return data["time"].values, data["conductance"].values, volts[:, int(moving.argmax())], events


def _counts(time: Floats, events: Floats) -> Floats:
    """Return the number of events from each sample until the next one, those at a sample up to rounding on it."""
    if time.size < 2:
        return np.zeros(time.size)
    end = time[-1] + (time[-1] - time[-2])
    near = grid.slack(time, events)
    inside = events[(events >= time[0] - near) & (events < end - near)]
    place = np.searchsorted(time, inside + near, side="right") - 1
    return np.bincount(place, minlength=time.size).astype(np.float64)


def _response(values: Floats, pulses: Pulses, width: int) -> Response:
    """Return how values answer pulses."""
    average = moving_average(values, width)
    ends = np.append(pulses.start[1:], values.size)
    response = np.array([values[a:b].mean() for a, b in zip(pulses.start, pulses.stop, strict=True)])
    resting = list(zip(pulses.stop, ends, strict=True))
    rest = np.array([values[stop:end].mean() if end > stop else math.nan for stop, end in resting])
    peak = average[pulses.stop - 1]
    trough = np.array([average[end - 1] if end > stop else math.nan for stop, end in resting])
    forgetting = np.full(peak.shape, math.nan)
    np.divide(peak - trough, peak, out=forgetting, where=peak != 0.0)
    numbers = (math.nan, math.nan, Trend(math.nan, math.nan, math.nan, math.nan, response.size, "pulses of both signs"))
    if (pulses.sign == pulses.sign[0]).all():
        numbers = _growth(response)
    return Response(average, response, rest, peak, trough, forgetting, *numbers)


def _growth(response: Floats) -> tuple[float, float, Trend]:
    """Return potentiation, paired-pulse index and trend of responses."""
    first = float(response[0]) if response.size > 1 else 0.0
    if first == 0.0:
        return math.nan, math.nan, trend(response)
    return float(response[-1]) / first - 1.0, float(response[1]) / first, trend(response)


def _trains(sign: Steps, conductance: Response, rate: Response | None) -> tuple[Train, ...]:
    """Return the pulses of one sign in a row, each row with its response."""
    edges = [0, *(np.flatnonzero(np.diff(sign)) + 1).tolist(), int(sign.size)]
    return tuple(
        Train(int(sign[a]), a, b, _part(conductance, a, b), None if rate is None else _part(rate, a, b))
        for a, b in itertools.pairwise(edges)
    )


def _part(whole: Response, first: int, last: int) -> Response:
    """Return the response to some of the pulses."""
    pulses = {name: getattr(whole, name)[first:last] for name in ("pulse", "rest", "peak", "trough", "forgetting")}
    potentiation, index, rising = _growth(pulses["pulse"])
    return Response(average=whole.average, **pulses, potentiation=potentiation, paired_pulse_index=index, trend=rising)
