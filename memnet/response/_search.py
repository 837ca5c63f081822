"""All static states: many starts with deflation, and the branches through what they find."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from memnet.response._branches import Branch, crossings, decided, followed, has_branch, stands
from memnet.response._newton import SAME, guesses, random_guesses, same, solution
from memnet.response._system import Point, System

# How far a current into a node is followed, in units of what moves the potential there by about a volt.
FAR = 1e4
# Guesses until a search that has found nothing ends.
MOST_GUESSES = 64
# At most so many nodes have a current followed through them.
MOST_FED = 8


class Found(NamedTuple):
    """A static state, and the number of the branch that it lies on; -1 where that could not be followed."""

    point: Point
    branch: int


@dataclass
class Search:
    """States at some loads, and the branches that were followed between the ends of a window."""

    system: System
    window: tuple[float, float]
    branches: list[Branch]

    def follow(self, root: Point) -> int:
        """Follow the branch through a state to both ends, and return its number; -1 where there is no direction."""
        if not has_branch(self.system, root) or stands(self.system, root):
            return -1
        ahead = followed(self.system, root, 1.0, self.window)
        if not ahead.closed:
            behind = followed(self.system, root, -1.0, self.window)
            back = [replace(one, tangent=-one.tangent) for one in reversed(behind.points[1:])]
            ahead = Branch(back + ahead.points, behind.folds[::-1] + ahead.folds)
        self.branches.append(ahead)
        return len(self.branches) - 1

    def at(self, load: float, at_rest: NDArray[np.float64] | None, n_starts: int, seed: int) -> list[Found]:
        """Return the states at a load: those on known branches, then new ones until many starts find nothing.

        `at_rest` are the nodes' potentials where the present states stay as they are, if these are known.
        """
        found = self.known(load)
        misses = 0
        fixed = guesses(self.system, load, at_rest)
        most = len(fixed) + n_starts
        for start in itertools.chain(fixed, random_guesses(self.system, load, seed)):
            root = solution(self.system, start, [one.point for one in found])
            misses += 1
            if root is not None and self._is_new(found, root):
                misses = 0
                self._take(found, root, load)
            if misses >= (most if found else max(most, MOST_GUESSES)):
                break
        return found

    def _take(self, found: list[Found], root: Point, load: float) -> None:
        """Add a state, what lies on its branch, and what currents into nodes lead to from there, again and again."""
        n_known = len(found)
        waiting = [root]
        places = self.system.suspects()[:MOST_FED]
        curves: dict[int, list[Point]] = {place: [] for place in places}
        while waiting:
            one = waiting.pop()
            if self._is_new(found, one):
                number = self.follow(one)
                if number >= 0:
                    self._add(found, number, load)
                if self._is_new(found, one):
                    found.append(Found(one, number))
            for point in (other.point for other in found[n_known:]):
                for place, passed in curves.items():
                    if not any(same(self.system, point.y, other.y) for other in passed):
                        on_curve = [point, *_fed(self.system, point, place)]
                        passed += on_curve
                        waiting += on_curve

    def known(self, load: float) -> list[Found]:
        """Return the states at a load that lie on branches which were followed."""
        found: list[Found] = []
        for number in range(len(self.branches)):
            self._add(found, number, load)
        return found

    def _add(self, found: list[Found], number: int, load: float) -> None:
        for _, root in crossings(self.system, self.branches[number], load):
            if self._is_new(found, root):
                found.append(Found(root, number))

    def _is_new(self, found: list[Found], root: Point) -> bool:
        return allowed(self.system, root) and not any(_one(self.system, other.point, root) for other in found)


def _fed(system: System, root: Point, place: int) -> list[Point]:
    """Return the states on the curve that a current into one free potential leads along, from 0 back to 0.

    That is all of them where the rest of the circuit has one state for each value of that potential.
    """
    steepness = abs(float(system.residual(root.y, root.load, root.pins)[1][place, place]))
    amperes = steepness * system.volts
    if not 0.0 < amperes < np.inf:
        return []
    fed = system.fed(place, root.load, amperes)
    start = replace(root, load=0.0)
    if not has_branch(fed, start):
        return []
    points: list[Point] = []
    for direction in (1.0, -1.0):
        branch = followed(fed, start, direction, (-FAR * amperes, FAR * amperes))
        points += [replace(point, load=root.load) for _, point in crossings(fed, branch, 0.0)]
        if branch.closed:
            break
    return points


def _one(system: System, first: Point, second: Point) -> bool:
    """Return whether two solutions are one, or belong to one continuum: the same potentials, and nothing decides x."""
    if same(system, first.y, second.y):
        return True
    alike = np.abs(first.y - second.y)[: system.n_free] < SAME * system.volts
    return bool(alike.all()) and not (decided(system, first) or decided(system, second))


def allowed(system: System, point: Point) -> bool:
    """Return whether no edge's law has changed before it came to a point."""
    return not bool((system.linear(point).crossing >= 0.0).any())
