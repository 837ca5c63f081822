"""Times on a grid: how they were rounded, and bins and differences that the rounding does not change.

Times of events are whole numbers of steps that were multiplied by a step, shifted, summed up, written with a few digits
or in single precision. Cut into bins as they are, those that lie on an edge fall on either side of it by chance. So the
step is looked for first, and where there is one, times become integers again and are binned as integers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from memnet.base.arrays import Floats, Steps

# Roundings that one time may have gone through in double precision: product, shift, difference.
ULPS = 4
# A step smaller than this many units of the last digit, decimal or binary, cannot be told from the digits.
CLEAR, CLEAR_WHOLE, CLEAR_BINARY = 4, 16, 64
# Chance of finding a step in digits of times that have none.
CHANCE = 1e-9
# p/q is no coincidence if the fractions as simple, of which there are about p q, hit its relative range more seldom.
SIMPLE = 1e-2


@dataclass(frozen=True)
class Grid:
    """Times as origin + number * step.

    Attributes
    ----------
    number : ndarray of int64, shape (n,)
        Which point of the grid each time is; the first is 0.
    step : float
        Distance of the points.
    error : float
        How far the step may be off, for the rounding of the times.
    rounding : float
        How far a time may be off its point.
    """

    number: Steps
    step: float
    error: float
    rounding: float


def last_place(*values: float | Floats) -> float:
    """Return the distance of double-precision numbers at the largest magnitude given."""
    return float(np.spacing(max(float(np.max(np.abs(one), initial=0.0)) for one in values)))


def slack(*values: float | Floats) -> float:
    """Return what two numbers of this magnitude may differ by and yet be one, for rounding."""
    return 2 * ULPS * last_place(*values)


def find_grid(times: Floats) -> Grid | None:
    """Return the grid that times lie on within their rounding; None where there is none, or no two different times.

    Times that never decrease are first taken as written with a few digits, then as differences of larger numbers, then
    as single-precision numbers, at last as double-precision ones. All but the last need more evidence: as many times
    as make a coincidence impossible.
    """
    if times.size < 2 or times[-1] - times[0] <= slack(times):
        return None
    exact = np.full(times.shape, ULPS * last_place(times))
    whole = bool((times == np.floor(times)).all())
    roundings = [(_digits(times), CLEAR_WHOLE if whole else CLEAR)]
    if not whole:
        roundings += [(_binary(times), CLEAR_BINARY), (_single(times), CLEAR)]
    for error, clear in roundings:
        candidate = None if error is None else _on_grid(times, error + exact, clear)
        if candidate is not None and error is not None and _convincing(candidate, float(error.max())):
            return candidate
    return _on_grid(times, exact, 1.0)


def _digits(times: Floats) -> Floats | None:
    """Return half a unit of the last digit of each time where all were written with few decimals."""
    fine = ULPS * last_place(times)

    def written(scale: Floats | float) -> bool:
        return bool((np.abs(np.rint(times * scale) / scale - times) <= fine).all())

    decimals = next((d for d in range(17) if 10.0**-d > 16 * fine and written(10.0**d)), None)
    if decimals is None:
        return None
    magnitude = np.floor(np.log10(np.maximum(np.abs(times), 10.0**-decimals)))
    significant = next((s for s in range(1, 17) if written(10.0 ** (s - 1 - magnitude))), 17)
    return np.asarray(0.5 * np.maximum(10.0**-decimals, 10.0 ** (magnitude - significant + 1)))


def _single(times: Floats) -> Floats | None:
    """Return the rounding of each time where all are single-precision numbers."""
    with np.errstate(over="ignore"):
        single = times.astype(np.float32)
    return None if (single != times).any() else 0.5 * np.spacing(np.abs(single)).astype(np.float64)


def _binary(times: Floats) -> Floats | None:
    """Return the unit of which all times are multiples, if it is coarser than double precision at their magnitude.

    Times from which a large offset was subtracted keep the rounding of the sum.
    """
    fraction, exponent = np.frexp(times[times != 0.0])
    digits = np.abs(fraction * 2.0**53).astype(np.int64)
    unit = float(np.ldexp((digits & -digits).astype(np.float64), exponent - 53).min())
    return np.full(times.shape, unit) if unit > last_place(times) else None


def _convincing(grid: Grid, error: float) -> bool:
    """Return whether times without a step would hardly ever lie this close to the points of such a grid."""
    share = min(1.0, 4 * error / grid.step)
    points = np.count_nonzero(np.diff(grid.number)) + 1
    return float(share ** (points - 2)) < CHANCE if points > 2 else False


def _on_grid(times: Floats, error: Floats, clear: float) -> Grid | None:
    """Return the coarsest grid that no time misses by more than its error, or None."""
    gap = np.diff(times)
    unsure = error[1:] + error[:-1]
    apart = gap > unsure
    if not apart.any() or (clear > 1.0 and (gap[~apart] > 0).any()):
        return None  # one time has one text, so times that differ are on different points
    drift = last_place(times)
    step = _common_step(gap[apart], unsure[apart], drift, clear * float(unsure.max()))
    if step is None:
        return None
    number = np.zeros(times.size, np.int64)
    number[1:][apart] = np.rint(gap[apart] / step)
    number = np.cumsum(number)
    return _fit(times, number, error, drift)


def _common_step(gaps: Floats, unsure: Floats, drift: float, smallest: float) -> float | None:
    """Return the largest step of which all gaps are multiples: Euclid's algorithm among numbers with errors.

    A gap of q steps may be off by its own error and by q times that of the step, which long gaps make small; `drift` is
    what a step of a sum, t = t + dt, may be off each time.
    """
    order = np.argsort(gaps, kind="stable")
    gaps, unsure = gaps[order], unsure[order]
    step, error = float(gaps[0]), float(unsure[0])
    for _ in range(200):
        if step < smallest or step <= 4 * error:
            return None
        number = np.rint(gaps / step)
        noise = unsure + number * max(error, drift)
        counted = noise < step / 4
        rest = np.abs(gaps - number * step)
        left = np.flatnonzero(counted & (rest > noise))
        if left.size:
            step, error = float(rest[left[0]]), float(noise[left[0]])
            continue
        if counted.all():
            return step
        known = counted & (number > 0)
        each, off = gaps[known] / number[known], unsure[known] / number[known] + drift
        low, high = float((each - off).max(initial=-math.inf)), float((each + off).min(initial=math.inf))
        if not abs(high - low) < 2 * error:
            return None
        step, error = 0.5 * (low + high), 0.5 * abs(high - low)
    return None


def _fit(times: Floats, number: Steps, error: Floats, drift: float) -> Grid | None:
    """Return the grid through times of known numbers, or None where one lies off it."""
    last = int(number[-1])
    weight = error.min() / error
    position = number - np.average(number, weights=weight**2)
    middle = float(np.average(times, weights=weight**2))
    step = float(np.dot(position * weight, (times - middle) * weight) / np.dot(position * weight, position * weight))
    if (np.abs(times - middle - step * position) > 2 * error + last * drift).any():
        return None
    tight = 2 * float(error.max()) / last
    simple = _simple(step - tight, step + tight)
    return Grid(number, step if simple is None else float(simple), tight + drift, float(error.max()))


def bins_of(times: Floats, width: float, origin: float | None = None) -> Steps:
    """Return the bin of each time: n where origin + n width <= time < origin + (n + 1) width, up to rounding.

    Bin 0 begins at `origin`, by default the first time. Where the times lie on a grid, and the width is a simple
    fraction of its step, bins are found among integers.
    """
    first = float(times[0]) if times.size else 0.0
    start = first if origin is None else origin
    grid = find_grid(times)
    if grid is not None:
        ratio = _simple(width / (grid.step + grid.error), width / max(grid.step - grid.error, 0.5 * grid.step))
        shift = Fraction(0)
        if origin is not None:
            unsure = slack(times, origin) + grid.error * abs(first - origin) / grid.step
            found = _simple((first - origin - unsure) / grid.step, (first - origin + unsure) / grid.step)
            shift, ratio = (found, ratio) if found is not None else (shift, None)
        if ratio is not None:
            factor, offset = shift.denominator * ratio.denominator, shift.numerator * ratio.denominator
            if (int(grid.number[-1]) + 1) * factor + abs(offset) < 2**62:
                placed = (grid.number * factor + offset) // (shift.denominator * ratio.numerator)
                return np.asarray(placed, dtype=np.int64)
        times = np.asarray(first + grid.number * grid.step, dtype=np.float64)
    unsure = max(slack(times, start), 0.0 if grid is None else 2 * grid.rounding)
    return np.floor((times - start + unsure) / width).astype(np.int64)


def differences(times: Floats) -> Floats:
    """Return the differences of neighbours: 0 where they are equal up to rounding, multiples of the step on a grid."""
    grid = find_grid(times)
    if grid is not None:
        return np.asarray(np.diff(grid.number) * grid.step)
    gap = np.diff(times)
    return np.where(gap <= slack(times), 0.0, gap)


def _simple(low: float, high: float) -> Fraction | None:
    """Return the simplest fraction between two numbers, or None where it is no simpler than chance would have it."""
    found = _simplest(Fraction(low), Fraction(high))
    size = max(abs(low), abs(high))
    if found == 0:
        return found
    return found if abs(found.numerator) * found.denominator * (high - low) < SIMPLE * size else None


def _simplest(low: Fraction, high: Fraction) -> Fraction:
    """Return the fraction of smallest terms in [low, high], by continued fractions."""
    if low <= 0 <= high:
        return Fraction(0)
    if high < 0:
        return -_simplest(-high, -low)
    whole = math.ceil(low)
    if whole <= high:
        return Fraction(whole)
    below = whole - 1
    return below + 1 / _simplest(1 / (high - below), 1 / (low - below))
