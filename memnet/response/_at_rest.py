"""The way of a circuit from its present state to a static one, in steps that grow, for networks of any size.

A step solves (M/h - J) dy = F: with a short h it follows the circuit in time (linearly implicit Euler), with a long one
it is Newton's method. So it comes to the state that the circuit itself would come to, as far as steps are short beside
what it does (pseudo-transient continuation: Kelley and Keyes, SIAM J. Numer. Anal. 1998, 35, 508).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memnet.response._pencil import Assembly, Coupling, Pencil, couplings
from memnet.response._reduced import Boundary, solution
from memnet.response._survey import Survey
from memnet.simulate import Linear

Floats = NDArray[np.float64]
MOST_STEPS, MOST_ITERATIONS = 400, 40
# Of Newton's method: from a first step below this (in units of the scales) it is tried; below that one it is over.
NEAR, GOOD = 1e-2, 1e-9
# The longest step, and how much longer the next one may be.
LONGEST, GROWTH = 0.2, 4.0
# Below this part of what its slopes make of the scales a residual counts as 0.
RESTS = 1e-12


@dataclass(frozen=True)
class _At:
    """A circuit at a point: F, its slopes, and the matrices."""

    linear: Linear
    coupled: list[Coupling]
    pencil: Pencil
    residual: Floats

    @property
    def is_finite(self) -> bool:
        """Whether nothing overflows here."""
        return bool(np.isfinite(self.residual).all() and np.isfinite(self.pencil.jacobian.data).all())


def came_to_rest(boundary: Boundary, assembly: Assembly, seen: Survey, start: Floats, volts: float) -> Floats:
    """Return potentials and states at rest.

    Raises
    ------
    ArithmeticError
        None was come to: the message says what still moves.
    """
    way = _Way(boundary, assembly, seen, volts)
    with np.errstate(all="ignore"):
        y = way.newton(start)
        return y if y is not None else way.followed(start)


class _Way:
    def __init__(self, boundary: Boundary, assembly: Assembly, seen: Survey, volts: float) -> None:
        self.boundary, self.assembly, self.seen = boundary, assembly, seen
        moving, n_free = assembly.moving, assembly.n_free
        self.low, self.high = seen.low[moving], seen.high[moving]
        size = np.abs(assembly.equations.present[moving])
        width = self.high - self.low
        spread = np.where(np.isfinite(width), width, np.where(size > 0.0, size, 1.0))
        self.base_scale = np.concatenate([np.full(n_free, volts), spread])

    def scale(self, y: Floats) -> Floats:
        """Return in which units steps are measured: what has no range is measured by itself."""
        size: Floats = np.maximum(self.base_scale, np.abs(y))
        return size

    def at(self, y: Floats) -> _At:
        """Return what the circuit is at a point."""
        equations = self.assembly.equations
        states = equations.present.copy()
        states[self.assembly.moving] = y[self.assembly.n_free :]
        voltage = self.assembly.voltage(y)
        linear = equations.at(voltage, states)
        coupled = couplings(equations, voltage, states, self.seen)
        return _At(linear, coupled, self.assembly.pencil(linear, coupled), self.assembly.residual(linear))

    def step(self, at: _At, s: float) -> Floats:
        """Return the solution of (s M - J) dy = F."""
        solve = solution(self.boundary, self.assembly, at.linear, at.coupled, at.pencil, s)
        found: Floats = solve(at.residual)
        return found

    def inside(self, y: Floats) -> Floats:
        """Return potentials and states, these in their ranges."""
        n = self.assembly.n_free
        return np.concatenate([y[:n], np.clip(y[n:], self.low, self.high)])

    def newton(self, y: Floats, known: _At | None = None) -> Floats | None:
        """Return the solution near a point, what is `known` of it; None where there is none so near."""
        best = np.inf
        for k in range(MOST_ITERATIONS):
            step = self.step(self.at(y) if known is None else known, 0.0)
            known = None
            size = float(np.abs(step / self.scale(y)).max(initial=0.0))
            if not np.isfinite(size) or (k == 0 and size > NEAR) or size > 10.0 * max(best, GOOD):
                return None
            y = self.inside(y + step)
            if size < GOOD and size >= 0.3 * best:
                return y if self.rests(self.at(y), y) else None
            best = min(best, size)
        return None

    def rests(self, at: _At, y: Floats) -> bool:
        """Return whether nothing moves, beside what a whole scale would move."""
        size = abs(at.pencil.jacobian) @ self.scale(y)
        return bool((np.abs(at.residual) <= RESTS * size).all())

    def followed(self, y: Floats) -> Floats:
        """Return where steps in time lead to.

        Raises
        ------
        ArithmeticError
            Nowhere.
        """
        at = self.at(y)
        if at.is_finite and self.rests(at, y):  # where its slopes are singular Newton's method does not say so
            return y
        rates = abs(at.pencil.jacobian).sum(axis=1)[self.assembly.n_free :]
        h = 1.0 / max(float(np.max(rates, initial=0.0)), 1e-30)
        failed = None
        for _ in range(MOST_STEPS):
            if not at.is_finite or h == 0.0:  # shorter ones lead nowhere either
                break
            step = self.step(at, 1.0 / h)
            size = float(np.abs(step / self.scale(y)).max(initial=0.0))
            new = self.inside(y + step * min(1.0, LONGEST / size)) if size > 0.0 else y
            found = self.at(new) if np.isfinite(size) else None
            if found is None or not found.is_finite:
                failed = found
                h = max(h / GROWTH**2, np.finfo(float).tiny)
                continue
            h *= GROWTH if size < LONGEST else 1.0 / GROWTH
            y, at, failed = new, found, None
            if self.rests(at, y):
                return self._polished(y, at)
            if size < NEAR and (root := self.newton(y, at)) is not None:
                return root
        raise ArithmeticError(self._said(at if failed is None else failed, y))

    def _polished(self, y: Floats, at: _At) -> Floats:
        root = self.newton(y, at)
        return y if root is None else root

    def _said(self, at: _At, y: Floats) -> str:
        """Return what still moves, or overflows."""
        linear, edge = at.linear, self.assembly.equations.edge
        if not at.is_finite:
            overflows = ~(np.isfinite(linear.i) & np.isfinite(linear.i_v))
            overflows[edge[~(np.isfinite(linear.f) & np.isfinite(linear.f_x) & np.isfinite(linear.f_v))]] = True
            place = int(np.argmax(overflows))
            return f"an exponent overflows in {self._named(place)}, near {self.assembly.voltage(y)[place]:.3g} V"
        with np.errstate(all="ignore"):
            size = np.abs(at.residual) / (abs(at.pencil.jacobian) @ self.scale(y))
        worst, n = int(np.nanargmax(np.where(np.isnan(size), -1.0, size))), self.assembly.n_free
        if worst < n:
            node = int(np.flatnonzero(self.assembly.nodes.free == worst)[0])
            return f"currents into node {node} still differ by {at.residual[worst]:.3g} A after {MOST_STEPS} steps"
        state = self.assembly.moving[worst - n]
        part = next(one for one in self.assembly.equations.parts if one.block.start <= state < one.block.stop)
        name = part.names[(state - part.block.start) // part.shape[1]]
        return f"state {name} of {self._named(int(edge[state]))} still moves after {MOST_STEPS} steps"

    def _named(self, edge: int) -> str:
        """Return an edge with its model."""
        parts = self.assembly.equations.parts
        model = next((part.device.model for part in parts if edge in part.edges), "a device")
        return f"{model} on edge {edge}"
