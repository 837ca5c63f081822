"""Conductance from a measured current: what an instrument adds at 0 V, and local fits away from there."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from memnet.analysis._cycles import Branch, scatter
from memnet.base.arrays import Floats

# As shares of the largest voltage: below the first a sample is "at 0 V", below the second a current says nothing about
# the conductance, and a local fit takes what lies within the third of its voltage.
AT_ZERO, NEAR_ZERO, WINDOW = 1e-4, 0.05, 0.025


def zero_current(voltage: Floats, current: Floats, branches: tuple[Branch, ...]) -> float:
    """Return the current (A) that an instrument adds, seen at 0 V; 0 where it is not above the noise.

    It is that of the samples at 0 V. Without any, currents are continued to 0 V from either side, and the side that
    says less counts, because a rectifier bends on one. Rising and falling branches weigh alike, so that the current of
    a capacitor cancels. A sweep that does not reach 0 V says only what would make the device a source, i v < 0.
    """
    at_zero = np.abs(voltage) <= AT_ZERO * float(np.abs(voltage).max())
    if at_zero.any():
        ways = [current[_way(branches, direction, voltage.size) & at_zero] for direction in (1, -1)]
        sides = [ways]
    else:
        sides = [_continued(side * voltage, current) for side in (1.0, -1.0)]
    seen = [[way for way in ways if way.size] for ways in sides]
    offsets = [(float(np.mean([np.median(way) for way in ways])), sum(map(len, ways))) for ways in seen if ways]
    if offsets:
        offset, count = min(offsets, key=lambda one: abs(one[0]))
        return offset if abs(offset) > 3.0 * _noise(voltage, current) / math.sqrt(count) else 0.0
    least = float(current[voltage < 0.0].max(initial=-math.inf))
    most = float(current[voltage > 0.0].min(initial=math.inf))
    return min(max(0.0, least), most)


def _noise(voltage: Floats, current: Floats) -> float:
    """Return the standard deviation (A) of the current at 0 V: its own noise, and that of the voltage it is read at."""
    near = np.abs(voltage) <= NEAR_ZERO * float(np.abs(voltage).max())
    volts, amps = (math.sqrt(float(np.mean(one[near] ** 2))) if near.any() else 0.0 for one in (voltage, current))
    siemens = amps / volts if volts > 0.0 else 0.0
    return math.hypot(scatter(current), siemens * scatter(voltage))


def _continued(voltage: Floats, current: Floats) -> list[Floats]:
    """Return the currents at 0 V by the lines through the two samples above it, at each fall below it and each rise."""
    currents = []
    for stride in (1, -1):  # in the order of time and against it
        v, i = voltage[::stride], current[::stride]
        last = 1 + np.flatnonzero((v[:-2] > v[1:-1]) & (v[1:-1] > 0.0) & (v[2:] < 0.0))
        currents.append(i[last] - v[last] * (i[last - 1] - i[last]) / (v[last - 1] - v[last]))
    return currents


def _way(branches: tuple[Branch, ...], direction: int, n: int) -> NDArray[np.bool_]:
    """Return which samples lie on branches of one direction."""
    way = np.zeros(n, dtype=bool)
    for branch in branches:
        if branch.direction == direction:
            way[branch.start : branch.stop] = True
    return way


def chord(voltage: Floats, current: Floats, offset: float) -> Floats:
    """Return (current - offset)/voltage (S), nan near 0 V, where it says nothing."""
    magnitude = np.abs(voltage)
    conductance = np.full(voltage.shape, np.nan)
    np.divide(current - offset, voltage, out=conductance, where=magnitude >= NEAR_ZERO * float(magnitude.max()))
    return conductance


def smoothed(voltage: Floats, conductance: Floats, at: Floats, width: float) -> Floats:
    """Return the least-squares conductance of i = g v over the samples within `width` of each voltage of `at`.

    `voltage` ascends from above 0. Where no sample is that near, the conductance is the line between the two beside.
    """
    weight = voltage * voltage
    sums = np.r_[0.0, np.cumsum(weight)], np.r_[0.0, np.cumsum(weight * conductance)]
    first, stop = np.searchsorted(voltage, at - width), np.searchsorted(voltage, at + width, "right")
    line = np.interp(at, voltage, conductance)
    total, product = (one[stop] - one[first] for one in sums)
    return np.where(stop - first > 1, product / np.where(stop > first, total, 1.0), line)
