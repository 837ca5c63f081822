"""All static states: many starts with deflation, and the branches through what they find."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from memnet.response._branches import Branch, crossings, decided, followed, has_branch
from memnet.response._newton import N_GUESSES, SAME, same, solution, starts
from memnet.response._system import Point, System

# Loads between which a branch is followed to find the other states at load 1, which is the drive that was given.
WINDOW = (-1.0, 10.0)


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
        if not has_branch(self.system, root):
            return -1
        ahead = followed(self.system, root, 1.0, self.window)
        if not ahead.closed:
            behind = followed(self.system, root, -1.0, self.window)
            back = [replace(one, tangent=-one.tangent) for one in reversed(behind.points[1:])]
            ahead = Branch(back + ahead.points, behind.folds[::-1] + ahead.folds)
        self.branches.append(ahead)
        return len(self.branches) - 1

    def at(self, load: float, n_starts: int, seed: int) -> list[Found]:
        """Return the states at a load: those on known branches, then new ones until many starts find nothing."""
        found = self.known(load)
        misses = 0
        for start in starts(self.system, load, seed):
            root = solution(self.system, start, [one.point for one in found])
            misses += 1
            if root is not None and self._is_new(found, root):
                misses = 0
                number = self.follow(root)
                if number >= 0:
                    self._add(found, number, load)
                if self._is_new(found, root):
                    found.append(Found(root, number))
            if misses >= n_starts + N_GUESSES:
                break
        return found

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


def _one(system: System, first: Point, second: Point) -> bool:
    """Return whether two solutions are one, or belong to one continuum: the same potentials, and nothing decides x."""
    if same(system, first.y, second.y):
        return True
    alike = np.abs(first.y - second.y)[: system.n_free] < SAME * system.volts
    return bool(alike.all()) and not (decided(system, first) or decided(system, second))


def allowed(system: System, point: Point) -> bool:
    """Return whether no edge's law has changed before it came to a point."""
    return not bool((system.linear(point).crossing >= 0.0).any())
