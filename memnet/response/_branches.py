"""Solutions of the static equations as the load changes: branches by pseudo-arclength, with their folds.

Keller, "Numerical solution of bifurcation and nonlinear eigenvalue problems" (1977); a fold is a zero of the bordering
function of Griewank and Reddien, SIAM J. Numer. Anal. 1984, 21, 176.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from memnet.response._newton import GOOD, newton, repinned, solved
from memnet.response._system import Point, System

Floats = NDArray[np.float64]
# Steps along a branch, in units of the scales: the first, the longest, the shortest.
FIRST, LONGEST, SHORTEST = 1e-2, 0.1, 1e-12
# Beyond that many scales steps grow with the distance, by this part of it, so that far ends are near in steps.
FAR, GROWTH = 2.0, 0.5
# No branch is followed further than this many scales.
FARTHEST = 1e6
# A step is refused where it ends further beside the tangent than this part of its length: at another branch, maybe.
OFF = 0.05
# Of a matrix whose least singular value is below this, with rows of size 1, a direction is not decided.
REGULAR = 1e-11
# A tangent with less than this along the load is at one load.
UPRIGHT = 1e-9
# Where the load goes on less than this part of what it does at both ends of a step, it may turn back twice within it.
DIP = 0.5
# Halvings of a step in which folds are looked for.
MOST_HALVINGS = 12
# A fold further than this part of a step from its chord is on another one.
ASIDE = 0.2
# Most points of a branch in one direction.
MOST_POINTS = 2_000
# Cosines between tangents of neighbours: below the first a step is refused, above the second the next one is longer.
TURN, STRAIGHT = 0.9, 0.99


@dataclass
class Branch:
    """Points in the order of a branch, and where it turns back: at folds, and where an end holds a state."""

    points: list[Point] = field(default_factory=list)
    folds: list[Point] = field(default_factory=list)
    closed: bool = False


# ---------------------------------------------------------------- one step


def _directions(system: System, point: Point) -> Floats:
    """Return dF/d(y, load) with rows of size 1, in units of the scales."""
    _, jacobian, slope = system.residual(point.y, point.load, point.pins)
    matrix = np.column_stack([jacobian * system.scale, slope * system.load_scale])
    rows = np.abs(matrix).max(axis=1, initial=0.0)
    return np.nan_to_num(matrix / np.where(rows > 0.0, rows, 1.0)[:, None])


def tangent_at(system: System, point: Point) -> Floats:
    """Return the unit direction of the branch through a point, in units of the scales, towards higher loads."""
    matrix = _directions(system, point)
    direction: Floats = np.linalg.svd(matrix)[2][-1] if len(matrix) else np.ones(1)
    if abs(direction[-1]) < UPRIGHT:
        direction[-1] = 0.0
    return direction if direction[-1] >= 0.0 else -direction


def has_branch(system: System, point: Point) -> bool:
    """Return whether one branch goes through a point: not where several meet, nor in a continuum."""
    matrix = _directions(system, point)
    return not len(matrix) or bool(np.linalg.svd(matrix, compute_uv=False)[-1] > REGULAR)


def stands(system: System, point: Point) -> bool:
    """Return whether the branch through a point is a continuum: it goes on at the load where it is."""
    tangent = tangent_at(system, point)
    if tangent[-1] != 0.0:
        return False
    there = corrected(system, _moved(system, replace(point, tangent=tangent), FIRST))
    return there is not None and abs(there.load - point.load) < GOOD * system.load_scale


def decided(system: System, point: Point) -> bool:
    """Return whether the unknowns at a point are the only ones nearby at its load."""
    rests = system.rates(point.y, point.load, point.pins) == 0.0
    matrix = _directions(system, replace(point, pins=np.where(rests, 0, point.pins).astype(np.int8)))[:, :-1]
    return not len(matrix) or bool(np.linalg.svd(matrix, compute_uv=False)[-1] > REGULAR)


def _placed(system: System, point: Point, along: Floats) -> Point:
    """Return a point with its tangent, in the half-space of `along`."""
    tangent = tangent_at(system, point)
    return replace(point, tangent=tangent if tangent @ along >= 0.0 else -tangent)


def _longest(system: System, point: Point) -> float:
    """Return the longest step at a point."""
    return LONGEST + GROWTH * max(_distance(system, point) - FAR, 0.0)


def _distance(system: System, point: Point) -> float:
    """Return the largest unknown, or the load, in units of its scale."""
    return float(np.abs(_unknowns(point) / _scales(system)).max())


def _moved(system: System, point: Point, length: float) -> Point:
    scale = _scales(system)
    z = _unknowns(point) + length * point.tangent * scale
    return replace(point, y=z[:-1], load=float(z[-1]))


def _scales(system: System) -> Floats:
    return np.append(system.scale, system.load_scale)


def _unknowns(point: Point) -> Floats:
    return np.append(point.y, point.load)


def _root(
    system: System,
    guess: Point,
    first: Floats,
    condition: Callable[[Floats], tuple[float, Floats]],
    *,
    most: int = 30,
    longest: float = 1.0,
) -> Point | None:
    """Return where F = 0 and one condition is 0, too, by Newton's method on (y, load) with the pins of the guess.

    `condition` gives its value and its gradient. None where a step is `longest` scales, or where `most` steps are not
    enough.
    """
    scale, z, before = _scales(system), first, np.inf
    for _ in range(most):
        residual, jacobian, slope = system.residual(z[:-1], float(z[-1]), guess.pins)
        value, gradient = condition(z)
        matrix = np.vstack([np.column_stack([jacobian, slope]), gradient])
        step = solved(matrix, -np.append(residual, value), scale)
        size = float(np.abs(step / scale).max())
        if not size < longest:
            return None
        z = z + step
        if size < 1e-13 or (size < GOOD and size >= 0.5 * before):
            return replace(guess, y=z[:-1], load=float(z[-1]))
        before = size
    return None


def corrected(system: System, guess: Point) -> Point | None:
    """Return the point of the branch in the plane through a guess, across its tangent."""
    scale, first = _scales(system), _unknowns(guess)

    def plane(z: Floats) -> tuple[float, Floats]:
        return float(guess.tangent @ ((z - first) / scale)), guess.tangent / scale

    return _root(system, guess, first, plane, most=12, longest=2.0 * _longest(system, guess))


# ---------------------------------------------------------------- special points


def fold_near(system: System, guess: Point) -> Point | None:
    """Return the fold near a guess: F = 0 where dF/dy has a zero eigenvalue, by Newton's method on both at once."""
    border = _border(system, guess)
    return _root(system, guess, _unknowns(guess), lambda z: _singularity(system, z, guess.pins, border))


def _border(system: System, point: Point) -> tuple[Floats, Floats, Floats]:
    """Return sizes of rows, and the left and right singular vector of the smallest singular value of dF/dy."""
    scaled = system.residual(point.y, point.load, point.pins)[1] * system.scale
    rows = np.abs(scaled).max(axis=1)
    rows = np.where(rows > 0.0, rows, 1.0)
    left, _, right = np.linalg.svd(scaled / rows[:, None])
    return rows, left[:, -1], right[-1]


def _bordered(
    system: System, z: Floats, pins: NDArray[np.int8], border: tuple[Floats, Floats, Floats]
) -> tuple[Floats, Floats]:
    """Return the bordered matrix, and the right null vector with the value that is 0 where dF/dy is singular."""
    rows, left, right = border
    scaled = system.residual(z[:-1], float(z[-1]), pins)[1] * system.scale / rows[:, None]
    matrix = np.block([[scaled, left[:, None]], [right[None, :], np.zeros((1, 1))]])
    return matrix, np.linalg.solve(matrix, np.append(np.zeros(len(rows)), 1.0))


def _singularity(
    system: System, z: Floats, pins: NDArray[np.int8], border: tuple[Floats, Floats, Floats]
) -> tuple[float, Floats]:
    """Return the value that is 0 where dF/dy is singular, and its gradient by differences along each unknown."""
    scale = _scales(system)
    value = float(_bordered(system, z, pins, border)[1][-1])
    gradient = np.empty(len(z))
    for k in range(len(z)):
        step = np.zeros(len(z))
        step[k] = 1e-5 * scale[k]
        up, down = (float(_bordered(system, z + s, pins, border)[1][-1]) for s in (step, -step))
        gradient[k] = (up - down) / (2.0 * step[k])
    return value, gradient


def corner_near(system: System, guess: Point, state: int) -> Point | None:
    """Return where a branch meets the end of a state's range: F = 0 with the state there and its own rate 0."""
    k, side = system.n_free + state, guess.pins[state]
    end = (system.high if side > 0 else system.low)[system.moving[state]]
    pins, row, first = guess.pins.copy(), np.zeros(system.n + 1), _unknowns(guess)
    pins[state], row[k], first[k] = 0, 1.0, end
    corner = _root(system, replace(guess, pins=pins), first, lambda z: (float(z[k] - end), row))
    if corner is not None:
        corner.y[k] = end
    return None if corner is None else replace(corner, pins=guess.pins)


# ---------------------------------------------------------------- a whole branch


def _violation(system: System, before: Point, after: Point) -> tuple[float, int, int] | None:
    """Return the first state that leaves its range, or its pin, between two points: how far along, state, end."""
    pins = repinned(system, after)
    found = []
    for state in np.flatnonzero(pins != after.pins):
        if after.pins[state] == 0:
            side = int(pins[state])
            k = system.n_free + state
            end = (system.high if side > 0 else system.low)[system.moving[state]]
            was, now = before.y[k] - end, after.y[k] - end
        else:
            side = int(after.pins[state])
            was, now = (system.rates(p.y, p.load, after.pins)[state] for p in (before, after))
        found.append((float(np.clip(was / (was - now) if was != now else 1.0, 0.0, 1.0)), int(state), side))
    return min(found) if found else None


def _turned(system: System, before: Point, after: Point) -> tuple[Point, Point] | None:
    """Return the corner that lies between two points, and the same with the pins and the tangent that follow."""
    first = _violation(system, before, after)
    if first is None:
        return None
    part, state, side = first
    let_go = before.pins[state] != 0
    if not let_go and _goes_inside(system, before, state, side):
        return None  # the step was too long for what bends there
    pins = before.pins.copy()
    pins[state] = side
    guess = replace(
        before,
        y=before.y + part * (after.y - before.y),
        load=before.load + part * (after.load - before.load),
        pins=pins,
    )
    corner = corner_near(system, guess, state)
    if corner is None:
        return None
    arrived = replace(corner, pins=before.pins, tangent=before.tangent)
    pins = pins.copy()
    pins[state] = 0 if let_go else side
    leaving = replace(corner, pins=pins)
    return arrived, replace(leaving, tangent=_outgoing(system, leaving, state, side, let_go=let_go))


def _goes_inside(system: System, point: Point, state: int, side: int) -> bool:
    """Return whether a branch begins at an end of a state's range, and leads inside."""
    k = system.n_free + state
    end = (system.high if side > 0 else system.low)[system.moving[state]]
    return bool(point.y[k] == end and side * point.tangent[k] < 0.0)


def _outgoing(system: System, corner: Point, state: int, side: int, *, let_go: bool) -> Floats:
    """Return the tangent on which a state goes inside that is let go, or is pushed outwards that is pinned."""
    tangent = tangent_at(system, corner)
    if let_go:
        sense = -side * tangent[system.n_free + state]
    else:
        _, jacobian, slope = system.raw(corner.y, corner.load, corner.pins)
        k = system.n_free + state
        sense = side * float(np.append(jacobian[k] * system.scale, slope[k] * system.load_scale) @ tangent)
    return tangent if sense >= 0.0 else -tangent


def _switches(system: System, point: Point) -> bool:
    """Return whether the law of an edge has changed before the branch came to a point."""
    return bool((system.linear(point).crossing >= 0.0).any())


def followed(system: System, start: Point, direction: float, window: tuple[float, float]) -> Branch:
    """Return the branch through a solution, in one direction, until its load leaves a window."""
    branch = Branch()
    tangent = tangent_at(system, start) * direction
    here = replace(start, tangent=tangent)
    branch.points.append(here)
    length = FIRST
    for _ in range(MOST_POINTS):
        step = _step(system, here, length)
        if step is None:
            length /= 2.0
            if length < SHORTEST:
                return branch
            continue
        corner, there = step
        if _switches(system, there):
            length /= 4.0
            if length < SHORTEST:
                return branch
            continue
        if not has_branch(system, there):
            return branch
        _note_folds(system, branch, here, corner, there)
        branch.points += [there] if corner is None else [corner, there]
        if _came_back(system, branch.points[0], here, there, len(branch.points)):
            branch.closed = True
            return branch
        if not window[0] <= there.load <= window[1] or _distance(system, there) > FARTHEST:
            return branch
        cosine = float(here.tangent @ there.tangent)
        length = (
            FIRST if corner is not None else min(length * 1.5, _longest(system, there)) if cosine > STRAIGHT else length
        )
        here = there
    return branch


def _step(system: System, here: Point, length: float) -> tuple[Point | None, Point] | None:
    """Return the next point, behind the corner that it was cut at, if any; None where a shorter step is needed."""
    guess = _moved(system, here, length)
    there = corrected(system, guess)
    if there is not None:
        if not _near(system, there, guess, OFF * length):
            return None
        there = _placed(system, there, here.tangent)
        if (repinned(system, there) == here.pins).all():
            return (None, there) if there.tangent @ here.tangent > TURN else None
        guess = there
    turned = _turned(system, here, guess)
    return None if turned is None or not _near(system, here, turned[0], 2.0 * length) else turned


def _near(system: System, first: Point, second: Point, within: float) -> bool:
    away = np.append((first.y - second.y) / system.scale, (first.load - second.load) / system.load_scale)
    return float(np.linalg.norm(away)) <= within


def _note_folds(system: System, branch: Branch, here: Point, corner: Point | None, there: Point) -> None:
    """Add the points between two others at which the load turns back."""
    if corner is not None:
        if here.tangent[-1] * there.tangent[-1] < 0.0:
            branch.folds.append(corner)
        return
    for first, last in _turns(system, here, there, 0):
        fold = _fold_between(system, first, last)
        if fold is not None:
            branch.folds.append(fold)


def _turns(system: System, here: Point, there: Point, halvings: int) -> Iterator[tuple[Point, Point]]:
    """Give the pieces between two points in which the load turns back, also where it does so twice within a step."""
    if here.tangent[-1] * there.tangent[-1] < 0.0:
        yield here, there
        return
    share = _dip(system, here, there) if halvings < MOST_HALVINGS else None
    middle = None if share is None else _part_way(system, here, there, share)
    if middle is not None:
        yield from _turns(system, here, middle, halvings + 1)
        yield from _turns(system, middle, there, halvings + 1)


def _dip(system: System, here: Point, there: Point) -> float | None:
    """Return where, as a share of the way, the load goes on least between two points; None where that is at an end.

    It is taken as the cubic polynomial with its values and slopes at both points.
    """
    length = float(np.linalg.norm((_unknowns(there) - _unknowns(here)) / _scales(system)))
    if length == 0.0:
        return None
    rise = (there.load - here.load) / system.load_scale / length
    t = np.linspace(0.0, 1.0, 65)
    slope = 6.0 * t * (1.0 - t) * rise
    slope += here.tangent[-1] * (1.0 - t) * (1.0 - 3.0 * t) + there.tangent[-1] * t * (3.0 * t - 2.0)
    slope *= math.copysign(1.0, here.tangent[-1] + there.tangent[-1])
    least = int(np.argmin(slope))
    return float(t[least]) if 0 < least < 64 and slope[least] < DIP * min(slope[0], slope[-1]) else None


def _part_way(system: System, here: Point, there: Point, share: float) -> Point | None:
    """Return the point of a branch at a share of the way between two others."""
    y, load = here.y + share * (there.y - here.y), here.load + share * (there.load - here.load)
    middle = corrected(system, replace(here, y=y, load=load))
    return None if middle is None else _placed(system, middle, here.tangent)


def _fold_between(system: System, here: Point, there: Point) -> Point | None:
    """Return the fold between two points of a branch, of which one is before it and one behind it.

    The piece is halved until Newton's method ends in it: another fold may be as near.
    """
    fold = None
    for _ in range(MOST_HALVINGS):
        share = here.tangent[-1] / (here.tangent[-1] - there.tangent[-1])
        y, load = here.y + share * (there.y - here.y), here.load + share * (there.load - here.load)
        fold = fold_near(system, replace(here, y=y, load=load))
        if fold is not None and _lies_between(system, here, fold, there):
            return fold
        middle = _part_way(system, here, there, 0.5)
        if middle is None:
            return fold
        here, there = (here, middle) if here.tangent[-1] * middle.tangent[-1] < 0.0 else (middle, there)
    return fold


def _lies_between(system: System, here: Point, point: Point, there: Point) -> bool:
    """Return whether a point is beside the chord between two others, not beyond its ends."""
    scale = _scales(system)
    chord, away = ((_unknowns(one) - _unknowns(here)) / scale for one in (there, point))
    return bool(0.0 <= float(chord @ away) / float(chord @ chord) <= 1.0)


def _came_back(system: System, first: Point, here: Point, there: Point, n_points: int) -> bool:
    """Return whether the first point of a branch lies on its last piece."""
    if n_points < 4 or (first.pins != there.pins).any() or there.tangent @ first.tangent < TURN:
        return False
    scale = _scales(system)
    away = (_unknowns(first) - _unknowns(here)) / scale
    step = (_unknowns(there) - _unknowns(here)) / scale
    along = float(away @ step) / float(step @ step)
    return 0.0 <= along <= 1.0 and float(np.linalg.norm(away - along * step)) < 0.3 * float(np.linalg.norm(step))


def _between(system: System, here: Point, there: Point, load: float) -> Point | None:
    """Return the solution at one load on the piece of a branch between two points that have it between them.

    The piece is halved until Newton's method, begun on its chord, ends no further away than the piece is long.
    """
    scale = _scales(system)
    for _ in range(50):
        chord = np.append(there.y - here.y, there.load - here.load)
        part = (load - here.load) / chord[-1]
        guess = replace(here, y=here.y + part * chord[:-1], load=load)
        found = newton(system, guess)
        if found is not None and _near(system, found, guess, float(np.linalg.norm(chord / scale))):
            return found
        middle = corrected(system, replace(here, y=here.y + chord[:-1] / 2.0, load=here.load + chord[-1] / 2.0))
        if middle is None or middle.load in (here.load, there.load):
            return None
        if (middle.load - load) * (here.load - load) <= 0.0:
            there = middle
        else:
            here = replace(middle, tangent=tangent_at(system, middle) * math.copysign(1.0, chord[-1]))
    return None


def _folds_on(system: System, branch: Branch, here: Point, there: Point) -> list[Point]:
    """Return the folds of a branch on the piece between two of its points, in order."""
    scale, found = _scales(system), []
    chord = (_unknowns(there) - _unknowns(here)) / scale
    length = float(np.linalg.norm(chord))
    for fold in branch.folds:
        away = (_unknowns(fold) - _unknowns(here)) / scale
        share = float(away @ chord) / length**2 if length > 0.0 else 0.0
        if 1e-9 < share < 1.0 - 1e-9 and float(np.linalg.norm(away - share * chord)) < ASIDE * length:
            found.append((share, fold))
    return [fold for _, fold in sorted(found, key=lambda one: one[0])]


def crossings(system: System, branch: Branch, load: float) -> Iterator[tuple[int, Point]]:
    """Give the solutions at one load that lie on a branch, each with the index of the point before it."""
    for k, (here, there) in enumerate(itertools.pairwise(branch.points)):
        if (here.pins != there.pins).any():
            continue
        turns = _folds_on(system, branch, here, there) if branch.folds else []
        if any(_is_at(system, fold, load) for fold in turns):
            continue  # both states beside it are that one
        for first, last in itertools.pairwise([here, *turns, there]):
            below, above = first.load - load, last.load - load
            if below * above > 0.0 or below == above:
                continue
            found = _between(system, first, last, load)
            if found is not None and (repinned(system, found) == found.pins).all():
                yield k, found
    for fold in branch.folds:
        if _is_at(system, fold, load):
            yield -1, replace(fold, load=load)


def _is_at(system: System, fold: Point, load: float) -> bool:
    return abs(fold.load - load) < GOOD * system.load_scale
