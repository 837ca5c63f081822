"""Newton's method for the static equations at one load, and the search for all of their solutions."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from memnet.response._system import RESTS, Point, System

Floats = NDArray[np.float64]
# Steps of Newton's method, and the longest one in units of the scales.
MOST_STEPS = 40
LONGEST = 0.5
# A solution is good when the last step was below this, in units of the scales.
GOOD = 1e-10
# Of so many kinds of states every combination of ends is a guess.
MOST_KINDS = 4
# Nearer than this, in units of the scales, two solutions are one.
SAME = 1e-7


def solved(matrix: Floats, right: Floats, scale: Floats) -> Floats:
    """Return the solution of a linear system with rows and columns of very different sizes.

    Where it has none, or many, it is the least one of those that come nearest.
    """
    if not len(right):
        return np.zeros(0)
    scaled = matrix * scale
    rows = np.abs(scaled).max(axis=1)
    rows = np.where(rows > 0.0, rows, 1.0)
    scaled, right = scaled / rows[:, None], right / rows
    if not (np.isfinite(scaled).all() and np.isfinite(right).all()):
        return np.full(len(right), np.nan)
    try:
        step = np.linalg.solve(scaled, right)
    except np.linalg.LinAlgError:
        step = np.full(len(right), np.inf)
    if not np.abs(step).max() < 1e9:
        step = np.linalg.lstsq(scaled, right, rcond=1e-13)[0]
    return step * scale


def newton(system: System, start: Point, known: Sequence[Point] = (), *, repin: bool = False) -> Point | None:
    """Return a solution, away from the solutions that are known; None where none came.

    With `repin` states that leave their range are pinned on the way, and those that are pushed inwards let go; else the
    pins are those of the start, and a state may be beyond an end.
    """
    point, best = start, np.inf
    for _ in range(MOST_STEPS):
        residual, jacobian, _ = system.residual(point.y, point.load, point.pins)
        step = solved(jacobian, -residual, system.scale)
        size = _size(system, step)
        if not np.isfinite(size):
            return None
        if size < 1e-13 or (size < GOOD and size >= 0.5 * best):
            if not _vanishes(system, residual, jacobian):
                return None
            point = replace(point, y=point.y + step)
            pins = repinned(system, point) if repin else point.pins
            if (pins == point.pins).all():
                return point
            point, best = replace(point, pins=pins), np.inf
            continue
        best = min(best, size)
        step = _deflected(system, point.y, step, known)
        point = replace(point, y=point.y + step * min(1.0, LONGEST / max(_size(system, step), 1e-300)))
        if repin:
            point = replace(point, pins=repinned(system, point))
    return None


def _size(system: System, step: Floats) -> float:
    return float(np.abs(step / system.scale).max(initial=0.0))


def _vanishes(system: System, residual: Floats, jacobian: Floats) -> bool:
    """Return whether a step that is small is so because F is: a singular system may have no better one."""
    size = np.abs(jacobian * system.scale).max(axis=1, initial=0.0)
    return bool((np.abs(residual) <= SAME * size).all())


def _deflected(system: System, y: Floats, step: Floats, known: Sequence[Point]) -> Floats:
    """Return Newton's step for F times the product of 1/|y - y_k|^2 + 1 over known solutions y_k.

    Farrell, Birkisson and Funke, SIAM J. Sci. Comput. 2015, 37, A2026: that product has no zero at y_k, and of its
    logarithm only the slope along the step matters.
    """
    slope = 0.0
    for one in known:
        away = (y - one.y) / system.scale
        square = float(away @ away)
        if square == 0.0:
            return step + system.scale * 1e-3
        slope -= 2.0 * float(away @ (step / system.scale)) / (square * (1.0 + square))
    return step / (1.0 - slope) if slope != 1.0 else step


def solution(system: System, start: Point, known: Sequence[Point]) -> Point | None:
    """Return a solution whose pins are right: with those of the start where they are, else with what they become."""
    found = newton(system, start, known)
    if (found is None and system.bounded) or (found is not None and (repinned(system, found) != found.pins).any()):
        return newton(system, found or start, known, repin=True)
    return found


def repinned(system: System, point: Point) -> NDArray[np.int8]:
    """Return the pins that a solution asks for: what left its range is held, what is pushed inwards is let go."""
    x = point.y[system.n_free :]
    pins = point.pins.copy()
    slack = RESTS * system.scale[system.n_free :]
    low, high = system.low[system.moving] - slack, system.high[system.moving] + slack
    free = pins == 0
    pins[free & (x > high)] = 1
    pins[free & (x < low)] = -1
    if not free.all():
        rate = system.rates(point.y, point.load, point.pins)
        pins[~free & (rate * point.pins < 0.0)] = 0
    return np.asarray(pins, dtype=np.int8)


def same(system: System, first: Floats, second: Floats, within: float = SAME) -> bool:
    """Return whether two sets of unknowns are one."""
    return bool(np.abs((first - second) / system.scale).max(initial=0.0) < within)


def guesses(system: System, load: float, at_rest: Floats | None) -> list[Point]:
    """Return the guesses that are not random: the present states, and states at their ends.

    Newton's method here has no way through exponentials, so where the potentials with the present states are known
    they are a guess, too.
    """
    present, bottom, top = _levels(system)
    u = np.full(system.n_free, _volts(system, load)[0])
    free = np.zeros(len(present), dtype=np.int8)
    found = [Point(np.concatenate([u, x]), load, free) for x in (present, bottom, top)]
    for pins in _corners(system):
        x = np.where(pins > 0, top, np.where(pins < 0, bottom, present))
        found.append(Point(np.concatenate([u, x]), load, pins))
    if at_rest is not None:
        place = system.nodes.free
        u[place[place >= 0]] = np.nan_to_num(at_rest[place >= 0])
        found.append(Point(np.concatenate([u, present]), load, free))
    return found


def _corners(system: System) -> list[NDArray[np.int8]]:
    """Return pins: each state at either end, in all edges of a device at the same, or all states at one end."""
    kinds = system.kinds()
    if len(kinds) <= MOST_KINDS:
        sides = list(itertools.product((-1, 1), repeat=len(kinds)))
    else:
        sides = [(-1,) * len(kinds), (1,) * len(kinds)]
    corners = {}
    for one in sides:
        pins = np.zeros(len(system.moving), dtype=np.int8)
        for side, members in zip(one, kinds, strict=True):
            pins[members] = side
        pins = _possible(system, pins)
        corners[pins.tobytes()] = pins
    return list(corners.values())


def _possible(system: System, pins: NDArray[np.int8]) -> NDArray[np.int8]:
    """Return pins without those at an end that is nowhere."""
    end = np.where(pins > 0, system.high[system.moving], system.low[system.moving])
    return np.where(np.isfinite(end), pins, 0).astype(np.int8)


def _levels(system: System) -> tuple[Floats, Floats, Floats]:
    """Return the present values of states, and low and high ones: their ends, where they have some."""
    low, high = system.low[system.moving], system.high[system.moving]
    present, spread = system.frozen[system.moving], system.scale[system.n_free :]
    bottom = np.where(np.isfinite(low), low, np.where(np.isfinite(high), high - spread, present - spread))
    top = np.where(np.isfinite(high), high, np.where(np.isfinite(low), low + spread, present + spread))
    return present, bottom, top


def _volts(system: System, load: float) -> tuple[float, float]:
    """Return the middle of the held potentials and how far around it others are guessed (V)."""
    volts = system.nodes.held[0] + load * system.nodes.held[1]
    return float(volts.max() + volts.min()) / 2, max(float(np.ptp(volts)), system.volts)


def random_guesses(system: System, load: float, seed: int) -> Iterator[Point]:
    """Give guesses at random, for ever."""
    rng = np.random.default_rng(seed)
    _, bottom, top = _levels(system)
    middle, width = _volts(system, load)
    free = np.zeros(len(bottom), dtype=np.int8)
    while True:
        u = middle + width * 10.0 ** rng.uniform(-1.0, 2.0) * rng.uniform(-1.0, 1.0, system.n_free)
        x = rng.uniform(bottom, top)
        yield Point(np.concatenate([u, x]), load, free)
        pins = _possible(system, rng.integers(-1, 2, len(bottom)).astype(np.int8))
        if pins.any():
            x = np.where(pins > 0, top, np.where(pins < 0, bottom, x))
            yield Point(np.concatenate([u, x]), load, pins)
