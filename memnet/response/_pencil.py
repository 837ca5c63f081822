"""The linearised circuit as sparse matrices: M dy/dt = J y + F for departures of potentials and states."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memnet.base import job
from memnet.response._survey import Survey
from memnet.response._system import SHIFT, Nodes
from memnet.simulate import Equations, Linear, Part

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Coupling:
    """Of each device with several states an edge, the slope of rate r by state c of the same edge, (members, r, c)."""

    part: Part
    slopes: Floats


def couplings(equations: Equations, voltage: Floats, states: Floats, seen: Survey) -> list[Coupling]:
    """Return how states of one edge move each other, by central differences of fourth order.

    For a state by itself there is 0.
    """
    found = []
    for part in equations.parts:
        n_states, n_members = part.shape
        moves = [name for name in part.names if seen.moving[part.row(name)].any()]
        if len(moves) < 2:
            continue
        slopes = np.zeros((n_members, n_states, n_states))
        for c, name in enumerate(part.names):
            where = part.row(name)
            if name in moves:
                slopes[:, :, c] = _slopes_by(equations, part, where, voltage, states, (seen.low, seen.high))
                slopes[:, c, c] = 0.0
        if slopes.any():
            found.append(Coupling(part, slopes))
    return found


def _slopes_by(
    equations: Equations, part: Part, where: slice, voltage: Floats, states: Floats, ends: tuple[Floats, Floats]
) -> Floats:
    """Return what the rates of a device change by with one of its states, (members, states)."""
    x, low, high = states[where], ends[0][where], ends[1][where]
    spread = np.where(np.isfinite(high - low), high - low, np.where(x != 0.0, np.abs(x), 1.0))
    room = np.minimum(x - low, high - x)
    h = np.clip(0.4 * room, 1e-4 * SHIFT * spread, SHIFT * spread)
    at = {}
    for times in (-2, -1, 1, 2):
        other = states.copy()
        other[where] = x + times * h
        at[times] = equations.rates(part, voltage, other).reshape(part.shape)
    slopes: Floats = ((8.0 * (at[1] - at[-1]) - (at[2] - at[-2])) / (12.0 * h)).T
    return slopes


@dataclass(frozen=True)
class Pencil:
    """Sparse matrices over (free potentials, moving states)."""

    jacobian: Any  # J, (n, n)
    mass: Any  # M, (n, n): capacitances, and 1 for each state
    still: NDArray[np.bool_]  # (n,): states that nothing moves here, without a row of their own


@dataclass(frozen=True)
class Ends:
    """Free ends of what has a number, an edge or a state."""

    number: NDArray[np.int64]
    node: NDArray[np.int64]  # place among the free potentials
    sign: Floats  # of the voltage there in that of the edge


@dataclass(frozen=True)
class Pairs:
    """Free ends of edges, and free ends of what they follow."""

    edge: NDArray[np.int64]
    row: NDArray[np.int64]  # places among the free potentials
    column: NDArray[np.int64]
    sign: Floats


class Assembly:
    """Which unknowns there are, and where edges and states of a circuit stand among them."""

    def __init__(self, equations: Equations, ends: NDArray[np.int32], nodes: Nodes, moving: NDArray[np.int64]) -> None:
        job.load("scipy.sparse.linalg")
        from scipy import sparse

        self.equations, self.nodes, self.moving = equations, nodes, moving
        self.n_free, self.n = nodes.n_free, nodes.n_free + len(moving)
        self.alive = nodes.defined[ends[:, 0]] & nodes.defined[ends[:, 1]]
        rows, columns, signs = [], [], []
        for end, sign in ((0, 1.0), (1, -1.0)):
            place = nodes.free[ends[:, end]]
            known = np.flatnonzero(self.alive & (place >= 0))
            rows.append(known)
            columns.append(place[known])
            signs.append(np.full(len(known), sign))
        entries = (np.concatenate(signs), (np.concatenate(rows), np.concatenate(columns)))
        self.incidence = sparse.csr_array(entries, shape=(len(ends), self.n_free))
        self._ends = ends
        self._place = np.full(equations.n_states, -1)
        self._place[moving] = np.arange(len(moving))
        every, own, states = np.arange(len(ends)), equations.edge[moving], np.arange(len(moving))
        reads = np.flatnonzero(equations.linked >= 0)
        reading = np.flatnonzero(equations.linked[own] >= 0)
        self._own = self._between(every, every)
        self._reads = self._between(reads, equations.linked[reads])
        self._at_states = self._ends_of(own, states)
        self._read_by_states = self._ends_of(equations.linked[own[reading]], reading)

    def _ends_of(self, edges: NDArray[Any], number: NDArray[Any]) -> Ends:
        """Return the free ends of some edges, which have numbers."""
        at = [np.stack([self._free_end(edges, end), number]) for end in (0, 1)]
        node, numbers = np.concatenate(at, axis=1)
        sign = np.repeat([1.0, -1.0], len(edges))
        free = node >= 0
        return Ends(numbers[free], node[free], sign[free])

    def _between(self, edges: NDArray[Any], others: NDArray[Any]) -> Pairs:
        """Return the pairs of a free end of an edge, where current flows, and one of another edge, which it follows."""
        found = []
        for end, sign in ((0, 1.0), (1, -1.0)):
            for other, again in ((0, 1.0), (1, -1.0)):
                row, column = self._free_end(edges, end), self._free_end(others, other)
                both = (row >= 0) & (column >= 0)
                found.append((edges[both], row[both], column[both], np.full(int(both.sum()), sign * again)))
        return Pairs(*(np.concatenate(one) for one in zip(*found, strict=True)))

    def _free_end(self, edges: NDArray[Any], end: int) -> NDArray[Any]:
        """Return the places among the free potentials of ends of edges, -1 for those that have none."""
        place: NDArray[Any] = np.where(self.alive[edges], self.nodes.free[self._ends[edges, end]], -1)
        return place

    def potential(self, y: Floats) -> Floats:
        """Return the potential of each node (V), nan where it has none."""
        values: Floats = self.nodes.held[0].copy()
        free = self.nodes.free >= 0
        values[free] = y[self.nodes.free[free]]
        values[~self.nodes.defined] = np.nan
        return values

    def voltage(self, y: Floats) -> Floats:
        """Return the branch voltages (V), 0 where an end has no potential."""
        values = self.potential(y)
        across: Floats = np.where(self.alive, values[self._ends[:, 0]] - values[self._ends[:, 1]], 0.0)
        return across

    def residual(self, linear: Linear) -> Floats:
        """Return the currents into the free potentials (A) and the rates of the moving states."""
        into = self.nodes.injected[0] - self.incidence.T @ (linear.i * self.alive)
        return np.concatenate([into, linear.f[self.moving]])

    def pencil(self, linear: Linear, coupled: list[Coupling]) -> Pencil:
        """Return the matrices at a point."""
        moving, n_free, own, at = self.moving, self.n_free, self._own, self._at_states
        read, reads = self._read_by_states, self._reads
        among, entries = self._among(linear, coupled)
        still = (linear.f[moving] == 0.0) & (linear.f_x[moving] == 0.0) & (linear.f_v[moving] == 0.0)
        still &= (linear.f_u[moving] == 0.0) & ~entries
        slopes = [
            (own.row, own.column, -own.sign * linear.i_v[own.edge]),
            (reads.row, reads.column, -reads.sign * linear.i_u[reads.edge]),
            (at.node, n_free + at.number, -at.sign * linear.i_x[moving][at.number]),
            (n_free + at.number, at.node, at.sign * linear.f_v[moving][at.number]),
            (n_free + read.number, read.node, read.sign * linear.f_u[moving][read.number]),
            among,
        ]
        states = np.arange(n_free, self.n)
        masses = [
            (own.row, own.column, own.sign * linear.q_v[own.edge]),
            (at.node, n_free + at.number, at.sign * linear.q_x[moving][at.number]),
            (states, states, np.ones(len(moving))),
        ]
        still = np.concatenate([np.zeros(n_free, dtype=bool), still])
        return Pencil(self._matrix(slopes), self._matrix(masses), still)

    def _matrix(self, entries: list[tuple[Any, Any, Any]]) -> Any:
        """Return a sparse matrix with the sums of (row, column, value) at the same place."""
        from scipy import sparse

        rows, columns, values = (np.concatenate(part) for part in zip(*entries, strict=True))
        return sparse.csc_array((values, (rows, columns)), shape=(self.n, self.n))

    def _among(self, linear: Linear, coupled: list[Coupling]) -> tuple[tuple[Any, Any, Any], NDArray[np.bool_]]:
        """Return the slopes of rates by states, as entries, and which states another one of their edge moves."""
        n = len(self.moving)
        moved = np.zeros(n, dtype=bool)
        rows, columns, values = [np.arange(n)], [np.arange(n)], [linear.f_x[self.moving]]
        for one in coupled:
            place = self._place[one.part.block].reshape(one.part.shape)
            for r, c in zip(*np.nonzero(np.any(one.slopes, axis=0)), strict=True):
                both = (place[r] >= 0) & (place[c] >= 0)
                rows.append(place[r][both])
                columns.append(place[c][both])
                values.append(one.slopes[both, r, c])
                moved[place[r][both]] |= one.slopes[both, r, c] != 0.0
        row, column, value = (np.concatenate(one) for one in (rows, columns, values))
        return (self.n_free + row, self.n_free + column, value), moved
