"""Branches and cycles of a voltage sweep: where the drive turns, and what comes back to where it began.

A turning point is one that the eye sees: beyond the noise, and of the drive. Behind a series resistor the voltage of a
device falls back where it switches on and then goes on rising; that is a jump of the device and no turning point.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memnet.base.arrays import Floats

__all__ = ["Branch"]


# Noise of a voltage is looked for in its differences of these orders: a smooth sweep vanishes from the higher ones.
ORDERS = range(2, 7)
# Reversals are never taken for noise above this share of the range, and never seen below the second one.
LARGEST_NOISE, SMALLEST_SEEN = 0.5, 0.01
# Below that share they are not seen either where all others are at least so many times as high.
BESIDE = 10.0
# Rounding, as a share of the range.
ROUNDING = 1e-9
# A jump takes at most so many samples and is so many times as fast as the sweep; a shorter one may be as slow.
JUMP_SAMPLES, JUMP_SPEED, BLINK = 5, 3.0, 3
# The branches of the sweep are so many times as long.
JUMP_SHARE = 4
# Behind a jump the voltage is more than this share of what it still rises to: on an ohmic branch, that is the drive at
# which the device switches over the largest one. A sawtooth falls to its base instead.
JUMP_REST = 0.05
# A current that grows by this share of the largest while the voltage falls is no turn of the drive.
CONTRARY = 0.1
# A sweep whose smaller side is at most this share of the range is one of the other sign, with an offset.
BOTH_SIGNS = 0.1
# A sweep that stops so close to the start of its last cycle, as a share of the range, has made that cycle.
RETURN = 0.05


@dataclass(frozen=True)
class Branch:
    """Samples start to stop - 1, over which the voltage rises (direction +1) or falls (-1).

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> phase = np.linspace(0.0, 2.0 * np.pi, 2001)
    >>> loop = mn.analysis.hysteresis(np.sin(phase), conductance=1.3 - 0.3 * np.cos(phase))
    >>> [(branch.start, branch.stop, branch.direction) for branch in loop.branches]
    [(0, 501, 1), (500, 1501, -1), (1500, 2001, 1)]
    """

    start: int
    stop: int
    direction: int


@dataclass(frozen=True)
class Sweep:
    """A voltage in branches and cycles.

    Attributes
    ----------
    branches : tuple of Branch
        In order of time; a turning point belongs to both of its branches.
    cycles : tuple of (int, int)
        First sample of each whole cycle and the one behind its last.
    closed : bool
        Whether the last sample comes back to the voltage of the first.
    tolerance : float
        Reversals up to this fraction of the voltage's range are noise.
    """

    branches: tuple[Branch, ...]
    cycles: tuple[tuple[int, int], ...]
    closed: bool
    tolerance: float


def split(voltage: Floats, tolerance: float | None, current: Floats | None = None) -> Sweep:
    """Return the branches and cycles of a voltage; the tolerance is found from its noise where it is None.

    `current` tells slow jumps of a device behind a series resistor from turns of the drive.
    """
    span = float(np.ptp(voltage))
    noise = noise_tolerance(voltage) if tolerance is None else tolerance * span
    branches = _branches(voltage, turning_points(voltage, noise), noise, current)
    used = noise / span if span > 0.0 else 0.0
    if len(branches) < 2:
        return Sweep(branches, (), False, used)
    near = min(noise + 1.5 * _step(voltage), 0.5 * span)
    closed = bool(abs(voltage[-1] - voltage[0]) <= near)
    bounds = _bounds(voltage, branches, noise, near, closed)
    return Sweep(branches, tuple((first, stop + 1) for first, stop in itertools.pairwise(bounds)), closed, used)


def noise_tolerance(voltage: Floats) -> float:
    """Return the height (V) up to which reversals of a voltage are its noise.

    The scatter is the robust one of differences of several orders. Noise of that size makes reversals up to a few
    times as high; where coarse sampling is taken for scatter, a wide gap between the heights of reversals tells them
    apart, because those of noise lie close together.
    """
    seen = voltage[np.r_[True, np.diff(voltage) != 0.0]]
    span = float(np.ptp(voltage))
    heights = _reversal_heights(seen[_extremes(seen)])
    quantum = float(np.abs(np.diff(seen)).min(initial=span))  # no reversal is smaller
    flickers = (heights < 1.5 * quantum).sum() > (heights > 2.5 * quantum).sum()
    digits = (2.5 if flickers else 1.5) * quantum
    deviations = 2.4 * math.sqrt(2.0 * math.log(max(seen.size, 2)))
    deviation = scatter(seen)
    upper = min(max(deviations * deviation + digits, ROUNDING * span), LARGEST_NOISE * span)
    upper = max(upper, _unseen(heights, span))
    below, above = heights[heights <= upper], heights[heights > upper]
    floor = min(upper, max(SMALLEST_SEEN * span, deviation, quantum))
    top = float(above.min()) if above.size else span
    levels = np.unique(np.r_[floor, below[below > floor], max(top, floor)])
    if levels.size < 2 or floor <= 0.0:
        return upper
    gap = int(np.argmax(levels[1:] / levels[:-1]))
    level = levels[gap] * min(2.0, math.sqrt(levels[gap + 1] / levels[gap]))
    return float(min(level, LARGEST_NOISE * span))


def _unseen(heights: Floats, span: float) -> float:
    """Return a height above those that nobody sees beside the others: of a drift between the steps of a staircase."""
    small, large = heights[heights <= SMALLEST_SEEN * span], heights[heights > SMALLEST_SEEN * span]
    most = float(small.max(initial=0.0))
    return 1.5 * most if large.size and large.min() >= BESIDE * most else 0.0


def scatter(values: Floats, at: Floats | None = None) -> float:
    """Return the standard deviation of the noise on a curve, from the medians of its differences.

    `at` is where the samples are, ascending; without it they are equally far from each other.
    """
    if at is not None:
        middles = [departures(values, at, order) for order in ORDERS if values.size > order]
        return min((float(np.nanmedian(one)) / 0.6745 for one in middles if not np.isnan(one).all()), default=0.0)
    deviations = [
        float(np.median(np.abs(np.diff(values, order)))) / (0.6745 * math.sqrt(math.comb(2 * order, order)))
        for order in ORDERS
        if values.size > order
    ]
    return min(deviations, default=0.0)


def departures(values: Floats, at: Floats, order: int) -> Floats:
    """Return by how much samples depart from the polynomial through so many around them, in units of their noise.

    These are differences of that order, divided by what noise of 1 makes of them; at equal distances those of
    `scatter`. They are as many as `values` less the order, nan where two samples are at one place.
    """
    index = np.arange(values.size - order)[:, None] + np.arange(order + 1)
    x = at[index]
    weights = np.ones(x.shape)
    with np.errstate(divide="ignore", invalid="ignore"):
        x = (x - x[:, :1]) / (x[:, -1:] - x[:, :1])
        for k in range(order + 1):
            weights[:, k] = 1.0 / np.prod(x[:, k, None] - np.delete(x, k, axis=1), axis=1)
        apart: Floats = np.abs((weights * values[index]).sum(axis=1)) / np.sqrt(np.square(weights).sum(axis=1))
    return np.where(np.isfinite(apart), apart, np.nan)


def turning_points(voltage: Floats, noise: float) -> list[int]:
    """Return the first sample, those at which the voltage turns by more than `noise`, and the last one."""
    turns = [0]
    direction, extreme = 0, 0
    for k in _extremes(voltage)[1:].tolist():
        change = float(voltage[k] - voltage[extreme])
        if direction == 0:
            if abs(change) > noise:
                direction, extreme = (1 if change > 0 else -1), k
        elif change * direction >= 0:
            extreme = k
        elif abs(change) > noise:
            turns.append(extreme)
            direction, extreme = -direction, k
    return [*turns, voltage.size - 1] if direction else []


def _extremes(voltage: Floats) -> NDArray[np.intp]:
    """Return the first sample, the last ones of all local extremes, and the last one."""
    moves = np.flatnonzero(np.diff(voltage))
    signs = np.sign(voltage[moves + 1] - voltage[moves])
    return np.unique(np.r_[0, moves[1:][signs[1:] != signs[:-1]], voltage.size - 1])


def _reversal_heights(extremes: Floats) -> Floats:
    """Return the heights of all reversals: a small one inside a larger one is taken out before that is measured."""
    heights: list[float] = []
    stack: list[float] = []
    for value in extremes.tolist():
        stack.append(value)
        while len(stack) > 3:
            before, inner, after = (abs(stack[k + 1] - stack[k]) for k in (-4, -3, -2))
            if inner > min(before, after):
                break
            heights.append(inner)
            del stack[-3:-1]
    return np.array([*heights, *(abs(b - a) for a, b in itertools.pairwise(stack))])


def _step(voltage: Floats) -> float:
    """Return by how much the voltage changes between two samples at its ends; where it rests there, usually."""
    steps = np.abs(np.diff(voltage))
    moving = steps[steps > 0.0]
    return max(float(steps[0]), float(steps[-1])) or (float(np.median(moving)) if moving.size else 0.0)


# ---------------------------------------------------------------- jumps of a device are no turning points


def _without_jumps(voltage: Floats, turns: list[int], noise: float, current: Floats | None) -> list[int]:
    """Return the turning points of the drive, without those between which the device jumps.

    Between two branches the device may jump back once, or back and forth. After an odd number of jumps the drive goes
    on; after an even one it has turned, and the outermost of their ends stands for that.
    """
    jumps = _jumps(voltage, turns, noise, current)
    drive_turns = [turns[0]]
    end = 1  # turns[end] ends a branch
    while end < len(turns):
        stop = end
        while stop < len(jumps) and jumps[stop]:
            stop += 1
        if (stop - end) % 2 == 0:
            direction = 1.0 if voltage[turns[end]] > voltage[turns[end - 1]] else -1.0
            drive_turns.append(max(turns[end : stop + 1], key=lambda k: direction * voltage[k]))
        end = stop + 1
    return drive_turns


def _jumps(voltage: Floats, turns: list[int], noise: float, current: Floats | None) -> list[bool]:
    """Return which legs between turning points are jumps of the device, against its sweep, which is slower and longer.

    What the sweep is like is the median over its samples. The first leg and the last one are branches. Where voltage
    and current go opposite ways along a leg, the device jumps, however slowly.
    """
    length = np.diff(turns)
    weight = np.argsort(length)
    usual = int(length[weight[np.searchsorted(np.cumsum(length[weight]), 0.5 * length.sum())]])
    speeds = np.abs(np.diff(voltage[turns])) / length
    order = np.argsort(speeds)
    speed = float(speeds[order[np.searchsorted(np.cumsum(length[order]), 0.5 * length.sum())]])
    height = _height(voltage, noise)
    amps = np.zeros(voltage.shape) if current is None else np.abs(current)
    jumps = [False] * length.size
    for k in range(1, length.size - 1):
        before, first, last, after = turns[k - 1 : k + 3]
        low, beside = (last, after) if height[last] < height[first] else (first, before)
        at_rest = height[low] <= JUMP_REST * height[beside] + noise
        gained = float(amps[last] - amps[first]) * np.sign(height[first] - height[last])
        opposite = gained > CONTRARY * float(amps.max())
        if voltage[first] * voltage[last] < 0.0 or 2 * length[k] > usual or (at_rest and not opposite):
            continue
        samples, fast = _passage(voltage[first : last + 1])
        brief = length[k] <= BLINK or (samples <= JUMP_SAMPLES and fast >= JUMP_SPEED * speed)
        jumps[k] = opposite or (brief and JUMP_SHARE * samples <= usual)
    return jumps


def _passage(leg: Floats) -> tuple[int, float]:
    """Return in how many samples a leg passes its middle part, and how fast (V a sample): noise at its ends is left."""
    share = (leg - leg[0]) / (leg[-1] - leg[0])
    begin = int(np.flatnonzero(share <= 0.2)[-1])
    end = begin + int(np.flatnonzero(share[begin:] >= 0.8)[0])
    return end - begin, abs(float(leg[end] - leg[begin])) / (end - begin)


def _height(voltage: Floats, noise: float) -> Floats:
    """Return how far each voltage is from rest: from 0 V in a sweep of both signs, else from what is nearest to it."""
    if _both_signs(voltage, noise):
        return np.abs(voltage)
    outward = voltage if voltage.max() > -voltage.min() else -voltage
    return np.asarray(outward - outward.min())


def _both_signs(voltage: Floats, noise: float) -> bool:
    return bool(min(-voltage.min(), voltage.max()) > max(noise, BOTH_SIGNS * float(np.ptp(voltage))))


def _branches(voltage: Floats, turns: list[int], noise: float, current: Floats | None) -> tuple[Branch, ...]:
    """Return the branches between turning points, whose directions alternate whatever jumps they hold."""
    if not turns:
        return ()
    first = 1 if voltage[turns[1]] > voltage[turns[0]] else -1
    legs = itertools.pairwise(_without_jumps(voltage, turns, noise, current))
    return tuple(Branch(a, b + 1, first if k % 2 == 0 else -first) for k, (a, b) in enumerate(legs))


# ---------------------------------------------------------------- cycles


def _bounds(voltage: Floats, branches: tuple[Branch, ...], noise: float, near: float, closed: bool) -> list[int]:
    """Return the samples between which whole cycles lie: the first, and those that come back to its phase.

    A cycle begins on each branch that runs in the direction of the first one, at the voltage of the first sample or
    what is nearest to it. In a sweep of both signs such a branch passes 0 V.
    """
    direction, first, last = branches[0].direction, float(voltage[0]), voltage.size - 1
    both = _both_signs(voltage, noise)
    short = RETURN * float(np.ptp(voltage))
    bounds = [0]
    for branch in branches[2:-1:2]:
        ends = direction * voltage[branch.start], direction * voltage[branch.stop - 1]
        if not both or (ends[0] < -noise and ends[1] > noise):
            bounds.append(_nearest(voltage, branch, first))
    end = branches[-1]
    if end.direction == direction and len(branches) > 2:
        begun = not both or direction * voltage[end.start] < -noise
        if begun and direction * (voltage[last] - first) >= -near - short:
            bounds.append(last if closed else _nearest(voltage, end, first))
    elif end.direction != direction:
        # It comes back against the direction of the start: the same phase only where it turns there. So does a sweep
        # that only goes and comes back, whatever higher voltage the device fell back from on the way.
        turns_here = (
            len(branches) == 2 or direction * voltage[bounds[-1]] - float((direction * voltage).min()) <= noise + short
        )
        if turns_here and abs(voltage[last] - voltage[bounds[-1]]) <= near + short:
            bounds.append(last)
    return bounds


def _nearest(voltage: Floats, branch: Branch, level: float) -> int:
    """Return the sample of a branch whose voltage is nearest to a level."""
    return branch.start + int(np.abs(voltage[branch.start : branch.stop] - level).argmin())
