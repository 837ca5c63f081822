"""Voltage pulses: where a trace departs from its rest level, to which side, and by how much."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from memnet.base import check
from memnet.base.arrays import Floats, Steps
from memnet.base.text import Summary, quantity, span

__all__ = ["Pulses", "find_pulses"]


# Noise of independent samples over the 0.4 quantile of their distance to the nearest of four neighbours.
NOISE = 4.5
# A level is a set of samples without a hole wider than 2 standard deviations; a departure is more than 6 of them.
HOLE, DEPARTURE = 2.0, 6.0
# Where there is no noise, both are at least this share of the range of the voltage.
SHARE = 0.01
# Levels that hold a smaller share of what the longest one holds are none to rest at.
HELD = 0.1
# Differences of larger voltages may be no numbers.
MAX_VOLTAGE = 1e150


@dataclass(frozen=True, repr=False)
class Pulses(Summary):
    """Departures of a voltage from its rest level.

    Attributes
    ----------
    start, stop : ndarray of int64, shape (n_pulses,)
        Samples start to stop - 1 are a pulse.
    sign : ndarray of int64, shape (n_pulses,)
        +1 for a pulse above the rest level, -1 for one below.
    amplitude : ndarray, shape (n_pulses,)
        Voltage of the pulse less the rest level (V): its median where half of the pulse or more is held there, so that
        an overshoot does not count; else, as in a triangle or a decay, what the pulse reaches.
    rest : float
        The rest level (V).
    tolerance : float
        Distance from the rest level beyond which a sample is part of a pulse (V).

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> found = mn.analysis.find_pulses(np.r_[[0.1] * 5, [-2.0] * 3, [0.1] * 5])
    >>> len(found), found.start, found.stop
    (1, array([5]), array([8]))
    """

    start: Steps
    stop: Steps
    sign: Steps
    amplitude: Floats
    rest: float
    tolerance: float

    def __len__(self) -> int:
        return int(self.start.size)

    def _summary(self) -> dict[str, str]:
        count = f"{(self.sign > 0).sum()} above and {(self.sign < 0).sum()} below a rest of {quantity(self.rest, 'V')}"
        return {"": count, "amplitude": span(self.amplitude, "V") if len(self) else ""}


def find_pulses(voltage: ArrayLike, *, rest: float | None = None, tolerance: float | None = None) -> Pulses:
    """Return the pulses of a trace: its departures from the rest level, of either sign and any height.

    Parameters
    ----------
    voltage : array_like, shape (n,)
        Voltage (V).
    rest : float, optional
        Rest level (V), found where it is not given: see Notes.
    tolerance : float, optional
        Distance from the rest level beyond which a sample is part of a pulse (V), by default 6 standard deviations of
        the noise, and at least 1 % of the range of the voltage. Give it for pulses that are smaller.

    Returns
    -------
    Pulses
        A stretch on one side of the rest level is one pulse, whatever its shape. Pulses of opposite sign may follow
        each other without rest. None where nothing departs from a given rest level.

    Raises
    ------
    ValueError
        Without `rest`: a voltage that does not change, or in which no level is one to rest at, as in a sweep or in a
        square wave around 0 V.

    Notes
    -----
    Levels are sets of samples without a hole in their values. Of those that are held often enough (a tenth of what the
    longest is), the rest level is the one that two of these name: the level that is held longest; the level at which
    the trace both begins and ends (unless with stretches that are cut short); the level nearest to 0 V. If no two
    agree, it is the one of the longest held and the nearest to 0 V that the trace comes back to more often, or else the
    longest held where that has more than twice the samples of the other, or else the one nearest to 0 V. A train of
    long pulses of one height with short rests that begins in a pulse may so be taken for its own negative: give `rest`.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> voltage = np.r_[[0.1] * 5, [-2.0] * 3, [0.1] * 5, [1.5] * 2, [0.1] * 5]
    >>> found = mn.analysis.find_pulses(voltage)
    >>> found.start.tolist(), found.sign.tolist(), found.amplitude.round(3).tolist()
    ([5, 13], [-1, 1], [-2.1, 1.4])
    """
    volts = check.array("voltage", voltage, (None,))
    check.numbers_within("voltage", volts, -MAX_VOLTAGE, MAX_VOLTAGE)
    rest_level = None if rest is None else check.real("rest", rest, unit="V")
    apart = None if tolerance is None else check.real("tolerance", tolerance, 0.0, unit="V")
    span = float(np.ptp(volts)) if volts.size else 0.0
    if rest_level is None and span == 0.0:
        raise ValueError("voltage must change, or have a rest level (rest=), for pulses to be found in it")
    noise = _noise(volts)
    level = _rest(volts, max(HOLE * noise, SHARE * span)) if rest_level is None else rest_level
    reach = float(np.abs(volts - level).max()) if volts.size else 0.0
    unlike = max(DEPARTURE * noise, SHARE * max(span, reach))
    away = unlike if apart is None else apart
    side = np.where(np.abs(volts - level) > away, np.sign(volts - level), 0.0).astype(np.int64)
    start, stop = _stretches(side)
    inside = side[start] != 0 if volts.size else np.empty(0, bool)
    start, stop = start[inside], stop[inside]
    return Pulses(start, stop, side[start], _amplitudes(volts - level, start, stop, unlike), level, away)


def above_threshold(volts: Floats, threshold: float, rest: float | None) -> Pulses:
    """Return the stretches above a threshold as pulses; rest is the median of what is not above it."""
    high = volts > threshold
    level = rest
    if level is None:
        level = float(np.median(volts[~high])) if (~high).any() else 0.0
    edge = np.diff(np.concatenate(([0], high.astype(np.int8), [0])))
    start, stop = np.flatnonzero(edge > 0), np.flatnonzero(edge < 0)
    unlike = max(DEPARTURE * _noise(volts), SHARE * float(np.ptp(volts))) if volts.size else 0.0
    amplitude = _amplitudes(volts - level, start, stop, unlike)
    return Pulses(start, stop, np.ones(start.size, np.int64), amplitude, level, threshold - level)


def _amplitudes(height: Floats, start: Steps, stop: Steps, unlike: float) -> Floats:
    """Return the level that each pulse holds, or else reaches; heights nearer than `unlike` to each other are one."""
    amplitudes = np.empty(start.size)
    for k, (a, b) in enumerate(zip(start, stop, strict=True)):
        pulse = height[a:b]
        median = float(np.median(pulse))
        top = float(pulse[np.abs(pulse).argmax()])
        flat = 2 * np.count_nonzero(np.abs(pulse - median) <= unlike) >= pulse.size
        amplitudes[k] = median if flat else np.median(pulse[np.abs(pulse - top) <= unlike])
    return amplitudes


def _noise(volts: Floats) -> float:
    """Return the standard deviation of the noise: of samples beside each other, most are of one level."""
    if volts.size < 3:
        return 0.0
    padded = np.pad(volts, 2, constant_values=np.inf)
    near = np.min([np.abs(padded[2 + k : volts.size + 2 + k] - volts) for k in (-2, -1, 1, 2)], axis=0)
    return NOISE * float(np.quantile(near, 0.4, method="lower"))


def _stretches(labels: Steps) -> tuple[Steps, Steps]:
    """Return first, and last + 1, of each stretch of equal labels."""
    change = np.flatnonzero(np.diff(labels)) + 1
    edges = np.concatenate(([0], change, [labels.size])) if labels.size else np.zeros(1, np.int64)
    return edges[:-1], edges[1:]


def _both_ends(label: Steps, length: Steps) -> int:
    """Return the level at which a trace begins and ends, or -1.

    Where neither the first nor the last stretch is as long as those of its level between them, the trace was begun and
    ended in the midst of one, and its ends say nothing.
    """
    between = length[1:-1][label[1:-1] == label[0]]
    whole = not between.size or max(length[0], length[-1]) >= np.median(between)
    return int(label[0]) if label[0] == label[-1] and whole else -1


def _rest(volts: Floats, hole: float) -> float:
    """Return the level to which a trace comes back, as the notes of `find_pulses` say."""
    order = np.argsort(volts, kind="stable")
    label = np.empty(volts.size, np.int64)
    label[order] = np.cumsum(np.concatenate(([0], np.diff(volts[order]) > hole)))
    count = np.bincount(label)
    if count.size == 1:
        raise ValueError(
            "voltage has no level that differs from the others, as in a sweep or in noise; give the rest level (rest=)"
        )
    value = np.array([np.median(volts[label == k]) for k in range(count.size)])
    start, stop = _stretches(label)
    visits = np.bincount(label[start], minlength=count.size)
    known = count >= HELD * count.max()
    longest = int(count.argmax())
    nearest = int(np.where(known, np.abs(value), np.inf).argmin())
    ends = _both_ends(label[start], stop - start)
    two = np.flatnonzero(known)
    if count.max() < 2 or (
        two.size == 2 and abs(value[two].sum()) <= hole and count[two].max() <= 2 * count[two].min()
    ):
        raise ValueError(
            f"voltage has no level to rest at: {value[nearest]:g} V and its negative are held alike, or no level is"
            " held for two samples; give the rest level (rest=)"
        )
    if ends in (longest, nearest):
        return float(value[ends])
    if longest != nearest and abs(int(visits[longest]) - int(visits[nearest])) > 1:
        return float(value[longest if visits[longest] > visits[nearest] else nearest])
    return float(value[longest if count[longest] > 2 * count[nearest] else nearest])
