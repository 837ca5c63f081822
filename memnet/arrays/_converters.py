"""Converters at the edges of an array: digital to analogue and back, amplifiers, sample and hold, all with a range."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from memnet.base import check
from memnet.base.arrays import Flags, Floats
from memnet.base.text import Summary, ends, quantity, span

__all__ = ["ADC", "DAC", "TIA", "Converted", "SampleAndHold"]

MOST_BITS = 24
ON_CLIP = ("count", "raise")
ROUNDING = ("down", "nearest")
# A sample is on time within this part of an interval, whatever rounding says of multiples of it.
ON_TIME = 1e-9
MOST = float(np.finfo(np.float64).max)


@dataclass(frozen=True, eq=False, repr=False)
class Converted(Summary):
    """What a converter made of values; NumPy and `vmm` take it for the array `values`.

    Attributes
    ----------
    values : ndarray
        What comes out, of the shape of what went in.
    clipped : int
        How many values were outside of the range and are at its nearer end.
    outside : ndarray of bool
        Which ones.
    codes : ndarray of int, or None
        Digital numbers of a DAC or an ADC, from 0; None where there are none.

    Examples
    --------
    >>> import memnet as mn
    >>> made = mn.arrays.DAC(2, 0.0, 0.3)([0.1, 0.5])
    >>> made
    <Converted: 0.1 to 0.3; 1 of 2 clipped>
    >>> made.values, made.codes, made.outside
    (array([0.1, 0.3]), array([1, 3]), array([False,  True]))
    """

    values: Floats
    clipped: int
    outside: Flags
    codes: NDArray[np.int64] | None = None

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        """Return `values`, for NumPy."""
        return np.array(self.values, dtype=dtype, copy=copy)

    def _summary(self) -> dict[str, str]:
        found = span(self.values) if self.values.size else "no values"
        return {"": found, " ": f"{self.clipped} of {self.values.size} clipped"}


class Ranged(Summary):
    """What has a range, and an opinion on values outside of it."""

    low: float
    high: float
    on_clip: str

    def _check_range(self, bounds: str, unit: str) -> None:
        low = check.real("low", self.low, bounds=bounds, unit=unit)
        high = check.real("high", self.high, bounds=bounds, unit=unit)
        if not low < high:
            raise ValueError(f"low must be below high, got low = {low:g} and high = {high:g}")
        if bounds == "()" and not math.isfinite(high - low):
            raise ValueError(f"high - low must be at most 1.8e308, got low = {low:g} and high = {high:g}")
        check.one_of("on_clip", self.on_clip, ON_CLIP)

    def _outside(self, name: str, values: Floats) -> Flags:
        """Return which values are outside of the range; where that is a fault, raise ValueError for the first."""
        outside = np.asarray((values < self.low) | (values > self.high))
        if self.on_clip == "raise" and outside.any():
            raise ValueError(
                f"{name} must be in {check.interval(self.low, self.high, '[]')} where on_clip is 'raise',"
                f" got {values[outside][0]:g}, one of {int(outside.sum())} outside"
            )
        return outside

    def _clipped(self, name: str, values: Floats) -> Converted:
        """Return values inside the range."""
        outside = self._outside(name, values)
        return Converted(np.clip(values, self.low, self.high), int(outside.sum()), outside)

    def _range(self, unit: str) -> dict[str, str]:
        return {"": ends(self.low, self.high, unit), " ": "clipping refused" if self.on_clip == "raise" else ""}


class Converter(Ranged):
    """What has equal steps from the one end of a range to the other."""

    bits: int

    def __post_init__(self) -> None:
        check.integer("bits", self.bits, 1, MOST_BITS)
        self._check_range("()", "")

    @property
    def step(self) -> float:
        """Distance of two levels, (high - low)/(2**bits - 1)."""
        return float((self.high - self.low) / (2**self.bits - 1))

    @check.known_keywords
    def level(self, codes: ArrayLike) -> Floats:
        """Return the values of codes, integers from 0, which is `low`, to 2**bits - 1, which is `high`."""
        given = check.given_array("codes", codes)
        top = 2**self.bits - 1
        return self._level(check.ids("codes", given.ravel(), (None,), top + 1, "levels").reshape(given.shape))

    def _level(self, codes: NDArray[Any]) -> Floats:
        share = codes / (2**self.bits - 1)
        return np.asarray(np.where(share == 1.0, self.high, self.low + share * (self.high - self.low)))

    def _converted(self, name: str, values: ArrayLike, rounding: str) -> Converted:
        held = self._clipped(name, check.numbers_within(name, values, -math.inf, math.inf, "()"))
        top = 2**self.bits - 1
        position = (held.values - self.low) / (self.high - self.low) * top
        codes = np.asarray(np.rint(position), dtype=np.int64)
        if rounding == "down":  # by the levels themselves, so that a level is its own
            codes = np.asarray(codes - (self._level(codes) > held.values))
        return Converted(self._level(codes), held.clipped, held.outside, codes)

    def _summary(self) -> dict[str, str]:
        return {"bits": str(self.bits), **self._range("")}


@check.known_fields
@dataclass(frozen=True, repr=False)
class DAC(Converter):
    """Digital to analogue: a function that gives voltages at the nearest of 2**bits levels.

    Parameters
    ----------
    bits : int
        From 1 to 24.
    low, high : float
        Voltages of the lowest and the highest code (V), low < high.
    on_clip : {"count", "raise"}
        Whether what is outside is counted and held at the nearer end, or refused with a ValueError.

    Attributes
    ----------
    step : float
        Distance of two levels, (high - low)/(2**bits - 1) (V).

    Raises
    ------
    TypeError, ValueError
        bits outside 1 to 24, low >= high, ends that are not finite.

    Examples
    --------
    >>> import memnet as mn
    >>> dac = mn.arrays.DAC(2, 0.0, 0.3)
    >>> volts = dac([0.04, 0.16, 0.31])
    >>> volts.values, volts.clipped
    (array([0. , 0.2, 0.3]), 1)
    >>> dac.level([0, 1, 2, 3])
    array([0. , 0.1, 0.2, 0.3])
    """

    bits: int
    low: float
    high: float
    on_clip: str = "count"

    @check.known_keywords
    def __call__(self, values: ArrayLike) -> Converted:
        """Return voltages at levels for values (V), finite and of any shape."""
        return self._converted("values", values, "nearest")


@check.known_fields
@dataclass(frozen=True, repr=False)
class ADC(Converter):
    """Analogue to digital: a function that gives codes, and the levels that they stand for.

    Parameters
    ----------
    bits : int
        From 1 to 24.
    low, high : float
        Values of the lowest and the highest code, in the unit of what is converted (V or A), low < high.
    rounding : {"down", "nearest"}
        Whether a value becomes the level below it, as with a ramp that is compared, or the nearest one.
    on_clip : {"count", "raise"}
        Whether what is outside is counted and held at the nearer end, or refused with a ValueError.

    Attributes
    ----------
    step : float
        Distance of two levels, (high - low)/(2**bits - 1).

    Raises
    ------
    TypeError, ValueError
        bits outside 1 to 24, low >= high, ends that are not finite, an unknown rounding.

    Examples
    --------
    >>> import memnet as mn
    >>> read = mn.arrays.ADC(3, -7e-6, 7e-6)([-8e-6, 0.9e-6, 1.1e-6])
    >>> read.codes, read.clipped
    (array([0, 3, 4]), 1)
    >>> mn.arrays.ADC(3, -7e-6, 7e-6, rounding="nearest")(0.1e-6).codes
    array(4)
    """

    bits: int
    low: float
    high: float
    rounding: str = "down"
    on_clip: str = "count"

    def __post_init__(self) -> None:
        super().__post_init__()
        check.one_of("rounding", self.rounding, ROUNDING)

    @check.known_keywords
    def __call__(self, values: ArrayLike) -> Converted:
        """Return codes and levels for values, finite and of any shape."""
        return self._converted("values", values, self.rounding)


@check.known_fields
@dataclass(frozen=True, repr=False)
class TIA(Ranged):
    """Transimpedance amplifier: a function that gives ``gain * current``, held at the limits of its output.

    Its input is at 0 V, as `vmm` has bit lines.

    Parameters
    ----------
    gain : float
        Feedback resistance (ohm), not 0; below 0 for an amplifier that inverts.
    low, high : float
        Limits of the output (V), low < high; by default there are none.
    on_clip : {"count", "raise"}
        Whether what is outside is counted and held at the nearer end, or refused with a ValueError.

    Raises
    ------
    TypeError, ValueError
        A gain of 0, low >= high, numbers that are nan.

    Examples
    --------
    >>> import memnet as mn
    >>> volts = mn.arrays.TIA(1e5, 0.0, 1.0)([2e-6, 2e-5])
    >>> volts.values, volts.clipped
    (array([0.2, 1. ]), 1)
    """

    gain: float
    low: float = -math.inf
    high: float = math.inf
    on_clip: str = "count"

    def __post_init__(self) -> None:
        check.real("gain", self.gain, bounds="()0", unit="ohm")
        self._check_range("[]", "V")

    @check.known_keywords
    def __call__(self, currents: ArrayLike) -> Converted:
        """Return voltages for currents (A), finite and of any shape."""
        given = check.numbers_within("currents", currents, -math.inf, math.inf, "()", "A")
        with np.errstate(over="ignore"):
            return self._clipped("gain * currents", np.asarray(self.gain * given))

    def _summary(self) -> dict[str, str]:
        limited = math.isfinite(self.low) or math.isfinite(self.high)
        return {"gain": quantity(self.gain, "ohm"), **(self._range("V") if limited else {})}


@check.known_fields
@dataclass(frozen=True, repr=False)
class SampleAndHold(Ranged):
    """Sample and hold: a function that follows a voltage at instants, and holds it from one to the next.

    It samples at the first time and every `interval` after it. What is held leaks to 0 V with the time constant `leak`:
    what shared converters read late is less than what was sampled.

    Parameters
    ----------
    interval : float
        Time from one sample to the next (s), > 0; inf samples once.
    leak : float
        Time constant of the capacitor that holds (s), > 0; by default it holds for good.
    low, high : float
        Limits of what it can hold (V), low < high; by default there are none.
    on_clip : {"count", "raise"}
        Whether samples outside are counted and held at the nearer end, or refused with a ValueError.

    Raises
    ------
    TypeError, ValueError
        Times that are not > 0, low >= high, numbers that are nan.

    Examples
    --------
    >>> import memnet as mn
    >>> hold = mn.arrays.SampleAndHold(2.0)
    >>> hold([0.0, 1.0, 2.0, 3.0], [0.1, 0.2, 0.3, 0.4]).values
    array([0.1, 0.1, 0.3, 0.3])
    """

    interval: float
    leak: float = math.inf
    low: float = -math.inf
    high: float = math.inf
    on_clip: str = "count"

    def __post_init__(self) -> None:
        check.real("interval", self.interval, 0.0, bounds="(]", unit="s")
        check.real("leak", self.leak, 0.0, bounds="(]", unit="s")
        self._check_range("[]", "V")

    @check.known_keywords
    def __call__(self, time: ArrayLike, values: ArrayLike) -> Converted:
        """Return what is held at each time.

        Parameters
        ----------
        time : array_like, (n,)
            Increasing times (s), n >= 1.
        values : array_like, (n, ...)
            Voltages at these times (V); between two times the first of them counts.

        Returns
        -------
        Converted
            Of the shape of `values`; `clipped` counts held values whose sample was outside.

        Raises
        ------
        TypeError, ValueError
            Times that do not increase, or values of another length, or not finite.
        """
        at = check.array("time", time, (None,))
        check.increasing("time", at, unit="s")
        given = check.numbers_within("values", values, -math.inf, math.inf, "()", "V")
        if not at.size or given.shape[:1] != at.shape:
            raise ValueError(f"values must have a row for each time, got shapes {given.shape} and {at.shape}")
        sampled = self._sampled(at)
        row = np.searchsorted(at, sampled + ON_TIME * min(self.interval, at[-1] - at[0]), side="right") - 1
        held = self._clipped("values", given[row])
        with np.errstate(over="ignore"):
            kept = np.exp((sampled - at) / self.leak).reshape(-1, *[1] * (given.ndim - 1))
        return Converted(held.values * kept, held.clipped, held.outside)

    def _sampled(self, at: Floats) -> Floats:
        """Return when what is held at each time was sampled."""
        if not math.isfinite(float(at[-1]) - float(at[0])):
            raise ValueError(f"time must span at most 1.8e308 s, got {at[0]:g} to {at[-1]:g} s")
        with np.errstate(over="ignore"):  # with the shortest of intervals every time is a sample
            count = np.floor((at - at[0]) / self.interval + ON_TIME)
            since = np.where(count > 0.0, count * min(self.interval, MOST), 0.0)
            return np.asarray(np.minimum(at[0] + since, at))

    def _summary(self) -> dict[str, str]:
        limited = math.isfinite(self.low) or math.isfinite(self.high)
        leak = quantity(self.leak, "s") if math.isfinite(self.leak) else ""
        return {"interval": quantity(self.interval, "s"), "leak": leak, **(self._range("V") if limited else {})}
