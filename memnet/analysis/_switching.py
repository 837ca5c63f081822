"""Threshold switching: how long after a voltage pulse begins a device conducts, and how long after its end it stops."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from memnet.analysis import _grid as grid
from memnet.analysis._censored import mean_time, quantile_time
from memnet.analysis._pulses import find_pulses
from memnet.base import check
from memnet.base.arrays import Flags, Floats
from memnet.base.read_only import ReadOnlyArrays, read_only
from memnet.base.text import Summary, quantity, span

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Switching", "switching"]

# What `Switching` has times of, each with what it is at least.
TIMES = ("delay", "rise", "relaxation")
# Differences and ratios of larger conductances may be no numbers (S).
MAX_CONDUCTANCE = 1e150


@dataclass(frozen=True, repr=False)
class Switching(ReadOnlyArrays, Summary):
    """When devices switch on in pulses and relax after them. Arrays are (pulse, realisation) but for `on` and `off`.

    A time is nan where it is not known; where it is cut short by the end of what was seen, its `_at_least` is how long
    that was, so that the time is longer. Both are nan where there is nothing to wait for.

    Attributes
    ----------
    on, off : ndarray, shape (n_pulses,)
        When each pulse begins and ends (s); `on` is nan where only the end is known.
    delay, delay_at_least : ndarray
        From the beginning of the pulse until the conductance reaches `level` (s).
    switched : ndarray of bool
        Whether it does, from below and within the pulse.
    on_before : ndarray of bool
        Whether it is above `level` already when the pulse begins: the delay is nan, and no mean counts it.
    rise, rise_at_least : ndarray
        From 10 % to 90 % of the way up within the pulse (s).
    relaxation, relaxation_at_least : ndarray
        From the end of the pulse until the conductance is down at `relaxed_level` (s).
    relaxed : ndarray of bool
        Whether it is down before the next pulse or the end of the record.
    level, relaxed_level : float
        The conductances (S) at which a device has switched and is relaxed.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> time = np.linspace(0.0, 10.0, 1001)
    >>> g = 1e-6 * np.exp(np.where(time < 4.0, time, 8.0 - time))
    >>> mn.analysis.switching(time, g, on=0.0, off=4.0)
    <Switching: pulses 1; realisations 1; delay 1.697 s, 1 of 1; relaxation 3.912 s, 1 of 1>
    """

    on: Floats
    off: Floats
    delay: Floats
    delay_at_least: Floats
    switched: Flags
    on_before: Flags
    rise: Floats
    rise_at_least: Floats
    relaxation: Floats
    relaxation_at_least: Floats
    relaxed: Flags
    level: float
    relaxed_level: float

    def quantile(self, what: str, share: float = 0.5, *, axis: int | None = 1) -> Any:
        """Return the time that a share of the devices needs at most, by the Kaplan-Meier estimate.

        Parameters
        ----------
        what : {"delay", "rise", "relaxation"}
            Which time.
        share : float
            Share of the devices, in (0, 1); the median by default.
        axis : int or None
            Over realisations (1), over pulses (0), or over both (None).

        Returns
        -------
        ndarray or float
            Time (s), nan where so many have not been seen to do it. Without censored times it is that of
            `numpy.quantile` with ``method="averaged_inverted_cdf"``.

        Raises
        ------
        TypeError, ValueError
            An unknown time, a share outside, another axis.

        Examples
        --------
        >>> import numpy as np, memnet as mn
        >>> time = np.linspace(0.0, 3.0, 301)
        >>> g = np.exp(np.outer(time, [1.0, 2.0, 0.1]))
        >>> found = mn.analysis.switching(time, g, on=0.0, g_max=10.0, level=0.5)
        >>> found.switched.tolist(), found.quantile("delay").round(3).tolist()
        ([[True, True, False]], [1.609])
        """
        part = check.real("share", share, 0.0, 1.0)
        return self._over(what, axis, lambda known, least: quantile_time(known, least, part))

    def mean(self, what: str, *, axis: int | None = 1, horizon: float | None = None) -> Any:
        """Return the mean time; with censored ones among them only that up to a horizon is known.

        Parameters
        ----------
        what : {"delay", "rise", "relaxation"}
            Which time.
        axis : int or None
            Over realisations (1), over pulses (0), or over both (None).
        horizon : float, optional
            Return the restricted mean, that of the smaller of time and horizon (s), by the Kaplan-Meier estimate.

        Returns
        -------
        ndarray or float
            Mean (s). Without a horizon nan where a time is censored, with one where that lies beyond what was seen.

        Raises
        ------
        TypeError, ValueError
            An unknown time, a horizon that is not above 0, another axis.

        Examples
        --------
        >>> import numpy as np, memnet as mn
        >>> time = np.linspace(0.0, 3.0, 301)
        >>> g = np.exp(np.outer(time, [1.0, 2.0, 0.1]))
        >>> found = mn.analysis.switching(time, g, on=0.0, g_max=10.0, level=0.5)
        >>> found.mean("delay").tolist(), found.mean("delay", horizon=2.0).round(3).tolist()
        ([nan], [1.471])
        """
        end = None if horizon is None else check.real("horizon", horizon, 0.0, unit="s")
        return self._over(what, axis, lambda known, least: mean_time(known, least, end))

    def to_dataset(self) -> xr.Dataset:
        """Return all arrays as one dataset, with dimensions `pulse` and `realisation`.

        Examples
        --------
        >>> import numpy as np, memnet as mn
        >>> time = np.linspace(0.0, 10.0, 1001)
        >>> found = mn.analysis.switching(time, np.exp(time), on=0.0)
        >>> found.to_dataset()["delay"].dims
        ('pulse', 'realisation')
        """
        import xarray as xr

        arrays = {name: value for name, value in vars(self).items() if isinstance(value, np.ndarray)}
        units = {name: {} if value.dtype == bool else {"units": "s"} for name, value in arrays.items()}
        dims = {1: ("pulse",), 2: ("pulse", "realisation")}
        levels = {"level": self.level, "relaxed_level": self.relaxed_level}
        return xr.Dataset(
            {name: (dims[value.ndim], value, units[name]) for name, value in arrays.items()}, attrs=levels
        )

    def _over(self, what: str, axis: int | None, estimate: Any) -> Any:
        """Return an estimate of times and of what they are at least, along an axis."""
        name = check.one_of("what", what, TIMES)
        is_number = isinstance(axis, (int, np.integer)) and not isinstance(axis, bool)
        if axis is not None and not (is_number and axis in (0, 1)):
            raise ValueError(f"axis must be 1 (realisations), 0 (pulses) or None (both), got {check.shown(axis)}")
        known, least = getattr(self, name), getattr(self, f"{name}_at_least")
        if axis is None:
            return estimate(known.ravel(), least.ravel())
        rows = zip(np.moveaxis(known, axis, -1), np.moveaxis(least, axis, -1), strict=True)
        return np.array([estimate(*row) for row in rows])

    def _summary(self) -> dict[str, str]:
        pulses, realisations = self.delay.shape
        rows = {"pulses": f"{pulses:,}", "realisations": f"{realisations:,}"}
        for name in ("delay", "relaxation"):
            values = getattr(self, name)
            known, possible = (np.count_nonzero(~np.isnan(one)) for one in (values, getattr(self, f"{name}_at_least")))
            times = f"{span(values, 's')}, " if known else ""
            rows[name] = f"{times}{known:,} of {possible:,}" if possible else ""
        before = np.count_nonzero(self.on_before)
        return rows | {"on before": f"{before:,}" if before else ""}

    def _details(self) -> dict[str, str]:
        levels = f"{quantity(self.level, 'S')} on, {quantity(self.relaxed_level, 'S')} relaxed"
        return self._summary() | {"rise": span(self.rise, "s"), "levels": levels}


@check.known_keywords
def switching(
    time: Any,
    g: Any = None,
    *,
    voltage: ArrayLike | None = None,
    on: ArrayLike | None = None,
    off: ArrayLike | None = None,
    rest: float | None = None,
    tolerance: float | None = None,
    g_max: float | None = None,
    level: float = 0.1,
    relaxed: float = 0.02,
    rise: tuple[float, float] = (0.1, 0.9),
    top: float | None = None,
    hold: float = 0.0,
) -> Switching:
    """Measure threshold switching: the delay of each pulse, the rise in it, the relaxation after it.

    Parameters
    ----------
    time : array_like, shape (n,), or xarray.Dataset
        Times (s), which increase, evenly or not; or the result of `Simulation.run`.
    g : array_like, shape (n,) or (n, n_realisations), or xarray.DataArray
        Conductances (S). A DataArray has a dimension `time` and at most one other. Of a run it is by default
        `edge_conductance` where that was recorded, each edge a realisation, else `conductance`.
    voltage : array_like, shape (n,), optional
        Voltage (V) whose departures from its rest level are the pulses, by `find_pulses`; a run brings its own. A pulse
        begins at its first sample, and ends at the first behind it.
    on, off : float or array_like, shape (n_pulses,), optional
        When pulses begin and end (s), in place of a voltage. Without `off` a pulse lasts until the next, or the end of
        the record; `off` alone asks for relaxation only.
    rest, tolerance : float, optional
        Rest level of the voltage and distance from it (V), as in `find_pulses`.
    g_max : float, optional
        Conductance that levels are shares of (S), by default the largest of the record, of all realisations. Give it
        where none may have switched. With ``g_max=1.0`` levels are in S.
    level : float
        A device has switched where its conductance is at least this share of g_max.
    relaxed : float
        It is relaxed where it is at most this share, which is at most `level`.
    rise : (float, float)
        Shares of the way from the conductance at the beginning of the pulse to `top` between which the rise is timed,
        back from the first time at the second one.
    top : float, optional
        Conductance at the end of the way (S), by default the largest in the pulse, of each realisation. One that is
        given may not be reached: the rise is then censored.
    hold : float
        How long a conductance must stay beyond a level for its arrival there to count (s).

    Returns
    -------
    Switching
        Times in arrays (pulse, realisation), and which of them are censored.

    Raises
    ------
    TypeError, ValueError
        Arrays of anything but finite numbers or of other lengths, times that do not increase, pulses outside the
        record, out of order or given twice, levels that are not above 0 or out of order.

    See Also
    --------
    memnet.analysis.arrhenius : the activation energy of times at several temperatures.

    Notes
    -----
    Times are where the logarithm of the conductance, taken as straight between rows, is at the level; where a
    conductance is not positive, the conductance itself. Tunnelling conductances are exponential in gaps, which move
    evenly within a row. With rows h apart the error is at most h^2 |y''|/(8 |y'|), y the logarithm.

    The first time at a level counts, later ones do not. The delay of a device that does not switch is longer than the
    pulse, its relaxation where it stays up longer than the rest that was seen; both are right-censored. A stretch
    beyond the level that is cut off before `hold` has passed is censored where it begins.

    Noise brings a conductance to a level before its mean is there: `hold` longer than the noise keeps it from counting.
    What goes to a level and back between two rows is not seen.

    Examples
    --------
    Three devices side by side under a pulse of 2 s; their conductances grow as e^t, e^2t and e^0.1t.

    >>> import numpy as np, memnet as mn
    >>> time = np.linspace(0.0, 8.0, 801)
    >>> g = np.exp(np.outer(np.minimum(time, 4.0 - time), [1.0, 2.0, 0.1]))
    >>> found = mn.analysis.switching(time, g, on=0.0, off=2.0, g_max=10.0, level=0.5, relaxed=0.2)
    >>> found.delay.round(3).tolist(), found.switched.tolist()
    ([[1.609, 0.805, nan]], [[True, True, False]])
    >>> found.delay_at_least.round(3).tolist()
    [[1.609, 0.805, 2.0]]
    >>> found.relaxation.round(3).tolist()
    [[1.307, 1.653, nan]]
    """
    t, siemens, volts = _samples(time, g, voltage, on is None and off is None)
    begin, end = _pulses(t, volts, on, off, rest, tolerance)
    levels = _levels(siemens, g_max, level, relaxed, rise, top, hold)
    until = np.append(np.where(np.isnan(begin), end, begin)[1:], math.inf)
    times = {
        name: np.full((begin.size, siemens.shape[1]), math.nan) for one in TIMES for name in (one, f"{one}_at_least")
    }
    on_before = np.zeros((begin.size, siemens.shape[1]), bool)
    for pulse, (start, stop, following) in enumerate(zip(begin, end, until, strict=True)):
        for realisation, one in enumerate(siemens.T):
            found, on_before[pulse, realisation] = levels.times(t, one, start, stop, following)
            for name, (known, least) in found.items():
                times[name][pulse, realisation] = known
                times[f"{name}_at_least"][pulse, realisation] = least
    return Switching(
        on=read_only(begin),
        off=read_only(end),
        **{name: read_only(values) for name, values in times.items()},
        switched=read_only(~np.isnan(times["delay"])),
        on_before=read_only(on_before),
        relaxed=read_only(~np.isnan(times["relaxation"])),
        level=levels.level,
        relaxed_level=levels.relaxed,
    )


def _levels(
    siemens: Floats,
    g_max: float | None,
    level: float,
    relaxed: float,
    rise: tuple[float, float],
    top: float | None,
    hold: float,
) -> _Levels:
    """Return the levels that shares of the largest conductance are."""
    largest = float(siemens.max()) if g_max is None else check.real("g_max", g_max, 0.0, unit="S")
    if not largest > 0.0:
        raise ValueError(f"g must have a value above 0 S for levels to be shares of, or give g_max; got {largest:g} S")
    high = check.real("level", level, 0.0)
    low = check.real("relaxed", relaxed, 0.0, high, bounds="(]")
    first, last = check.array("rise", rise, (2,)).tolist()
    if not 0.0 <= first < last <= 1.0:
        raise ValueError(f"rise must be two rising shares in [0, 1], got {check.shown(rise)}")
    return _Levels(
        level=high * largest,
        relaxed=low * largest,
        rise=(first, last),
        top=None if top is None else check.real("top", top, 0.0, unit="S"),
        hold=check.real("hold", hold, 0.0, bounds="[)", unit="s"),
    )


def _samples(time: Any, g: Any, voltage: Any, needs_voltage: bool) -> tuple[Floats, Floats, Floats | None]:
    """Return times, conductances (n, realisations), and the voltage where pulses are to be found in it."""
    if hasattr(time, "data_vars"):
        if g is None:
            name = "edge_conductance" if "edge_conductance" in time else "conductance"
            if name not in time:
                raise ValueError(
                    'data has neither edge_conductance nor conductance; run(..., record=["edge_conductance"])'
                )
            g = time[name]
        if voltage is None and needs_voltage:
            check.rows_of_run(time, "voltage")
            volts = time["voltage"].values
            voltage = volts[:, int(np.ptp(volts, axis=0).argmax())] if len(volts) else volts[:, 0]
        time = time["time"].values
    elif g is None:
        raise ValueError("switching needs conductances g beside the times, or the dataset of a run")
    if hasattr(g, "dims") and g.ndim > 1:
        if "time" not in g.dims:
            raise ValueError(f"g must have a dimension time, got {g.dims}")
        g = g.transpose("time", ...).values
    t = check.array("time", time, (None,))
    if t.size < 2:
        raise ValueError(f"time must hold at least 2 samples, got {t.size}")
    check.increasing("time", t)
    given = check.given_array("g", g)
    if given.ndim == 2 and given.shape[0] != t.size == given.shape[1]:
        raise ValueError(f"g must have a row for each time, ({t.size}, any), got {given.shape}; give its transpose")
    siemens = check.array("g", given, (t.size,) if given.ndim == 1 else (t.size, None), finite=False)
    unknown = np.argwhere(~np.isfinite(siemens))
    if unknown.size:
        where = tuple(unknown[0].tolist())
        raise ValueError(
            f"g must be finite, got {siemens[where]} at index {where}; current / voltage is no number at 0 V, so leave"
            " out such samples, with their times"
        )
    check.numbers_within("g", siemens, -MAX_CONDUCTANCE, MAX_CONDUCTANCE)
    if not siemens.size:
        raise ValueError("g must hold at least one realisation, got none")
    return t, siemens.reshape(t.size, -1), None if voltage is None else check.array("voltage", voltage, t.shape)


def _pulses(
    t: Floats, volts: Floats | None, on: Any, off: Any, rest: float | None, tolerance: float | None
) -> tuple[Floats, Floats]:
    """Return when pulses begin and end, within the record; what begins before it began at nan."""
    if on is None and off is None:
        if volts is None:
            raise ValueError("switching needs to know its pulses: give voltage, or their times on and off")
        if rest is None and volts.size and np.ptp(volts) == 0.0:
            raise ValueError(
                f"voltage must change for pulses to be found in it, got {volts[0]:g} V throughout; give on, when it was"
                f" applied, as in on={t[0]:g}, or rest"
            )
        found = find_pulses(volts, rest=rest, tolerance=tolerance)
        if not len(found):
            raise ValueError(f"voltage has no pulse: it does not depart from its rest level of {found.rest:g} V")
        return t[found.start], np.append(t, t[-1])[found.stop]
    for name, value in (("voltage", volts), ("rest", rest), ("tolerance", tolerance)):
        if value is not None:
            raise ValueError(f"pulses are given by on and off; {name} finds them, so give one or the other")
    begin = None if on is None else _times("on", on, t)
    if off is None:
        assert begin is not None
        end = np.append(begin[1:], t[-1])
    else:
        end = _times("off", off, t)
    if begin is None:
        return np.full(end.shape, math.nan), end
    if begin.shape != end.shape:
        raise ValueError(f"off must have a time for each of on, {begin.size}, got {end.size}")
    for k, (start, stop) in enumerate(zip(begin, end, strict=True)):
        if not start < stop:
            raise ValueError(f"a pulse must end after it is on, got {start:g} s and off at {stop:g} s at index {k}")
        if k + 1 < begin.size and stop > begin[k + 1]:
            raise ValueError(f"a pulse must be off before the next, got {stop:g} s and {begin[k + 1]:g} s at index {k}")
    return begin, end


def _times(name: str, value: Any, t: Floats) -> Floats:
    """Return one or several times within the record that increase."""
    times = np.array(check.array(name, np.atleast_1d(check.numeric(name, value)), (None,)))
    if not times.size:
        raise ValueError(f"{name} must hold at least one time, got none")
    check.increasing(name, times, unit="s")
    near = grid.slack(t)
    if times[0] < t[0] - near or times[-1] > t[-1] + near:
        outside = times[0] if times[0] < t[0] - near else times[-1]
        raise ValueError(f"{name} must be within the record, {t[0]:g} to {t[-1]:g} s, got {outside:g}")
    return np.clip(times, t[0], t[-1])


@dataclass(frozen=True)
class _Levels:
    """What one pulse of one realisation is timed at (S), and how long a conductance must be beyond (s)."""

    level: float
    relaxed: float
    rise: tuple[float, float]
    top: float | None
    hold: float

    def times(
        self, t: Floats, g: Floats, on: float, off: float, following: float
    ) -> tuple[dict[str, tuple[float, float]], bool]:
        """Return the times that are known and what they are at least, by name; and whether the device was on before."""
        found: dict[str, tuple[float, float]] = {}
        before = False
        if not math.isnan(on):
            time, siemens = _part(t, g, on, off)
            known, least = _first(time, siemens, self.level, 1, self.hold)
            before = known == on
            if not before:
                found["delay"] = (known - on, least - on)
                if math.isnan(known):
                    return found, before
                found["rise"] = self._rise(time, siemens)
        time, siemens = _part(t, g, off, min(following, float(t[-1])))
        known, least = _first(time, siemens, self.relaxed, -1, self.hold)
        if time.size > 1 and known != off:
            found["relaxation"] = (known - off, least - off)
        return found, before

    def _rise(self, t: Floats, g: Floats) -> tuple[float, float]:
        """Return the rise within a pulse, and what it is at least."""
        bottom = float(g[0])
        way = (float(g.max()) if self.top is None else self.top) - bottom
        low, high = (bottom + share * way for share in self.rise)
        if not bottom < high:
            return math.nan, math.nan
        there = np.flatnonzero(g >= high)
        end = int(there[0]) if there.size else g.size - 1
        below = np.flatnonzero(g[:end] < low)
        start = _crossing(t, g, int(below[-1]) + 1, low) if below.size else float(t[0])
        if not there.size:
            return math.nan, max(float(t[-1]) - start, 0.0)
        rise = _crossing(t, g, end, high) - start
        return rise, rise


def _part(t: Floats, g: Floats, start: float, stop: float) -> tuple[Floats, Floats]:
    """Return the rows between two times, and rows at these, between which they lie."""
    ends = [start, stop] if stop > start else [start]
    rows = slice(int(np.searchsorted(t, start, "right")), int(np.searchsorted(t, stop, "left")))
    at = [_value(t, g, one) for one in ends]
    return np.concatenate((ends[:1], t[rows], ends[1:])), np.concatenate((at[:1], g[rows], at[1:]))


def _value(t: Floats, g: Floats, time: float) -> float:
    """Return the conductance at a time within the record, between rows by their logarithms."""
    k = int(np.clip(np.searchsorted(t, time), 1, t.size - 1))
    share = (time - t[k - 1]) / (t[k] - t[k - 1])
    scale, back = (np.log, np.exp) if min(g[k - 1], g[k]) > 0.0 else (np.asarray, np.asarray)
    if share in (0.0, 1.0):
        return float(g[k - 1 + int(share)])
    return float(back((1.0 - share) * scale(g[k - 1]) + share * scale(g[k])))


def _crossing(t: Floats, g: Floats, k: int, level: float) -> float:
    """Return when the conductance is at a level that is between rows k - 1 and k, by their logarithms."""
    ends = np.array([g[k - 1], g[k], level])
    first, last, at = np.log(ends) if ends.min() > 0.0 else ends
    return float(t[k - 1] + (at - first) / (last - first) * (t[k] - t[k - 1]))


def _first(t: Floats, g: Floats, level: float, sign: int, hold: float) -> tuple[float, float]:
    """Return when a conductance first is beyond a level for so long, and until when it was not."""
    beyond = np.concatenate(([False], g >= level if sign > 0 else g <= level, [False]))
    starts, stops = (np.flatnonzero(np.diff(beyond.astype(np.int8)) == edge) for edge in (1, -1))
    for start, stop in zip(starts, stops, strict=True):
        enter = float(t[0]) if start == 0 else _crossing(t, g, int(start), level)
        open_end = stop == t.size
        leave = float(t[-1]) if open_end else _crossing(t, g, int(stop), level)
        if leave - enter >= hold:
            return enter, enter
        if open_end:
            return math.nan, enter
    return math.nan, float(t[-1])
