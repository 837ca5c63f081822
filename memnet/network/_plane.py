"""Points, segments and polygons in the plane. Who touches whom is decided exactly, as csrc/network/pads.c does."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memnet.base import job
from memnet.base.arrays import Flags, Floats, Ids

# Share of a determinant's two products below which it is computed exactly, and sizes beyond which they are no doubles.
DOUBT, TINY, HUGE = 1e-6, 1e-280, 1e307
# Steps of the grid of wires from which on every double is on it, and the power of two below which corners are taken.
ON_GRID, LARGEST_EXPONENT = 2.0**52, 960


def turns(start: Floats, end: Floats, points: Floats) -> Floats:
    """Return the determinant of start to end and start to each point: above 0 on the left.

    Signs are exact; sizes are cut where they are beyond those of doubles.
    """
    start, end, points = np.broadcast_arrays(start, end, points)
    with np.errstate(all="ignore"):
        (ax, ay), (bx, by) = (end - start).T, (points - start).T
        left, right = ax * by, ay * bx
        size = np.abs(left) + np.abs(right)
        level = ((ax == 0.0) | (by == 0.0)) & ((ay == 0.0) | (bx == 0.0))
        value: Floats = np.clip(np.where(level, 0.0, left - right), -HUGE, HUGE)
    for k in np.flatnonzero(~((np.abs(value) > DOUBT * size) & (size > TINY) | level)):
        exact = _exact_turn(start[k], end[k], points[k])
        value[k] = float(min(max(abs(exact), Fraction(TINY)), Fraction(HUGE)) * ((exact > 0) - (exact < 0)))
    return value


def _exact_turn(start: Floats, end: Floats, point: Floats) -> Fraction:
    (x, y), (p, q), (r, s) = ([Fraction(number) for number in one.tolist()] for one in (start, end, point))
    return (p - x) * (s - y) - (q - y) * (r - x)


def contains(corners: Floats, points: Floats) -> Flags:
    """Return whether each point is in a polygon or on its rim."""
    inside: Flags = ((points >= corners.min(axis=0)) & (points <= corners.max(axis=0))).all(axis=1)
    upwards = np.flatnonzero(inside)
    upwards = upwards[np.argsort(points[upwards, 1])]
    some = points[upwards]
    odd = np.zeros(len(some), dtype=np.bool_)
    rim = odd.copy()
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        level = slice(*_between(some[:, 1], min(start[1], end[1]), max(start[1], end[1])))
        x, y = some[level].T
        side = turns(start, end, some[level])
        rim[level] |= (side == 0.0) & (x >= min(start[0], end[0])) & (x <= max(start[0], end[0]))
        odd[level] ^= ((start[1] > y) != (end[1] > y)) & ((side > 0.0) == (end[1] > start[1]))
    inside[upwards] = odd | rim
    return inside


def _between(ascending: Floats, low: float, high: float) -> tuple[int, int]:
    """Return the first of some numbers that is at least `low`, and the first above `high`."""
    return int(np.searchsorted(ascending, low)), int(np.searchsorted(ascending, high, side="right"))


def is_simple(corners: Floats) -> bool:
    """Return whether no two sides of a polygon meet but in the corner that neighbours share."""
    ends = np.roll(corners, -1, axis=0)
    ways = 1.0 * (ends > corners) - (ends < corners)
    ahead = np.roll(ways, -1, axis=0)
    back = (turns(corners, ends, np.roll(ends, -1, axis=0)) == 0.0) & ((ways * ahead).sum(axis=1) <= 0.0)
    if back.any():
        return False
    for k in range(len(corners) - 2):
        others = slice(k + 2, len(corners) - (k == 0))
        if _meetings(corners[others], ends[others], corners[k], ends[k])[0].size:
            return False
    return True


def _meetings(start: Floats, end: Floats, first: Floats, last: Floats) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Return which segments meet the one from first to last, and the turns from it to their starts and ends."""
    low, high = np.minimum(first, last), np.maximum(first, last)
    near = (np.maximum(start, end) >= low) & (np.minimum(start, end) <= high)
    k = np.flatnonzero(near.all(axis=1))
    of_start, of_end = turns(first, last, start[k]), turns(first, last, end[k])
    beside = np.sign(of_start) * np.sign(of_end) > 0.0
    beside |= np.sign(turns(start[k], end[k], first)) * np.sign(turns(start[k], end[k], last)) > 0.0
    return k[~beside], of_start[~beside], of_end[~beside]


def contacts(corners: Floats, ends: Floats, grid: float) -> tuple[Ids, Floats]:
    """Return the parts of wires with ends (n_wires, 4) that are in a polygon: as `Contacts` says."""
    # All is divided by a power of two, which rounds nothing; corners are rounded to the grid.
    unit = max(grid, math.ldexp(1.0, math.frexp(np.abs(corners).max())[1] - LARGEST_EXPONENT))
    between_steps = np.abs(corners) < ON_GRID * grid
    snapped = np.rint(np.where(between_steps, corners, 0.0) / grid) * (grid / unit)
    corners = np.where(between_steps, snapped, corners / unit)
    start, end = ends[:, :2] / unit, ends[:, 2:] / unit
    reach = (np.maximum(start, end) >= corners.min(axis=0)) & (np.minimum(start, end) <= corners.max(axis=0))
    near = np.flatnonzero(reach.all(axis=1))
    start, end = start[near], end[near]
    meets, rims = _meets_with_sides(corners, start, end)
    every = np.arange(len(near))
    on = np.concatenate([meets[0], every, every])
    at = np.concatenate([meets[1], np.zeros(len(near)), np.ones(len(near))])
    on, at, number = distinct(on.astype(np.int32), at)
    # Cuts are where a wire meets a side, and its ends; a piece between two of them is in the polygon or not.
    middle = start[on[:-1]] + (0.5 * (at[:-1] + at[1:]))[:, None] * (end - start)[on[:-1]]
    joined = (contains(corners, middle) | between(number[rims], len(on))[:-1]) & (on[:-1] == on[1:])
    before, after = np.append(False, joined), np.append(joined, False)
    inside = before | after
    inside[number[: len(meets[0])]] = True
    first, last = np.flatnonzero(inside & ~before), np.flatnonzero(inside & ~after)
    return near[on[first]].astype(np.int32), np.stack([at[first], at[last]], axis=1)


def _meets_with_sides(corners: Floats, start: Floats, end: Floats) -> tuple[tuple[Ids, Floats], NDArray[np.int64]]:
    """Return wires and places where they meet sides, and which pairs of these lie on one, (n, 2)."""
    on, at, rims = [], [], [np.empty((0, 2), dtype=np.int64)]
    total = 0
    lows = np.minimum(start[:, 1], end[:, 1])
    upwards = np.argsort(lows)
    lows = lows[upwards]
    tallest = np.abs(end[:, 1] - start[:, 1]).max(initial=0.0)
    for first, last in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        near = upwards[slice(*_between(lows, min(first[1], last[1]) - tallest, max(first[1], last[1])))]
        k, of_start, of_end = _meetings(start[near], end[near], first, last)
        k = near[k]
        along = (of_start == 0.0) & (of_end == 0.0)
        across = ~along
        level = k[along]
        way = end[level] - start[level]
        ahead = way / 2.0 ** np.frexp(np.abs(way).max(axis=1, keepdims=True))[1]  # its squares do not underflow
        square = (way * ahead).sum(axis=1)
        with np.errstate(over="ignore"):
            reached = [((corner - start[level]) * ahead).sum(axis=1) / square for corner in (first, last)]
        stretch = np.clip(reached, 0.0, 1.0)
        on += [k[across], level, level]
        share = np.abs(of_start[across]) / (size := np.abs(of_start[across]) + np.abs(of_end[across]))
        for j in np.flatnonzero(~((size > TINY / DOUBT**3) & (size < HUGE))):
            turn, back = (abs(_exact_turn(first, last, one[k[across][j]])) for one in (start, end))
            share[j] = float(turn / (turn + back))
        at += [share, *stretch]
        begin = total + len(k) - len(level)
        rims.append(begin + np.arange(2 * len(level)).reshape(2, -1).T)
        total = begin + 2 * len(level)
    return (np.concatenate(on).astype(np.int32), np.concatenate(at)), np.concatenate(rims)


def distinct(on: Ids, at: Floats) -> tuple[Ids, Floats, Ids]:
    """Return different places on wires, by wire and place, and which of them each given one is."""
    order = job.interruptible(np.lexsort, (at, on))
    on, at = on[order], at[order]
    first = np.ones(len(on), dtype=np.bool_)
    first[1:] = (on[1:] != on[:-1]) | (at[1:] != at[:-1])
    number: Ids = np.empty(len(on), dtype=np.int32)
    number[order] = np.cumsum(first) - 1
    return on[first].astype(np.int32), at[first], number


def between(ranges: NDArray[Any], count: int) -> Flags:
    """Return which pieces between `count` neighbouring places are within ranges from place to place, (n, 2)."""
    steps = np.zeros(count + 1, dtype=np.int64)
    np.add.at(steps, ranges.min(axis=1), 1)
    np.add.at(steps, ranges.max(axis=1), -1)
    inside: Flags = np.cumsum(steps)[:count] > 0
    return inside
