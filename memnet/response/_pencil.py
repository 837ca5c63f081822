"""The linearised circuit as sparse matrices: M dy/dt = J y + F for departures of potentials and states."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memnet.base import job
from memnet.response._system import SHIFT, Nodes
from memnet.simulate import Equations, Linear, Part

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Coupling:
    """Of each device with several states an edge, the slope of rate r by state c of the same edge, (members, r, c)."""

    part: Part
    slopes: Floats


def couplings(equations: Equations, voltage: Floats, states: Floats, low: Floats, high: Floats) -> list[Coupling]:
    """Return how states of one edge move each other, by central differences of fourth order; 0 for a state by itself.

    `low` and `high` are the ends between which states stay, (n_states,).
    """
    found = []
    for part in equations.parts:
        n_states, n_members = part.shape
        if n_states < 2:
            continue
        slopes = np.zeros((n_members, n_states, n_states))
        for c, name in enumerate(part.names):
            where = part.row(name)
            if not equations.discrete[where].any():
                slopes[:, :, c] = _slopes_by(equations, part, where, voltage, states, (low, high))
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
        at[times] = equations.at(voltage, other).f[part.block].reshape(part.shape)
    slopes: Floats = ((8.0 * (at[1] - at[-1]) - (at[2] - at[-2])) / (12.0 * h)).T
    return slopes


@dataclass(frozen=True)
class Pencil:
    """Sparse matrices over (free potentials, moving states)."""

    jacobian: Any  # J, (n, n)
    mass: Any  # M, (n, n): capacitances, and 1 for each state
    still: NDArray[np.bool_]  # (n,): states that nothing moves here, without a row of their own


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
        from scipy import sparse

        moving, incidence = self.moving, self.incidence
        edge = self.equations.edge[moving]
        own, alive = incidence[edge], self.alive.astype(float)
        to_nodes = -incidence.T @ sparse.diags_array(linear.i_v * alive) @ incidence
        to_states = sparse.diags_array(linear.f_v[moving]) @ own
        linked = self.equations.linked
        if (linked >= 0).any():
            reads = np.flatnonzero(linked >= 0)
            gain = sparse.diags_array((linear.i_u * alive)[reads])
            to_nodes = to_nodes - incidence[reads].T @ gain @ incidence[linked[reads]]
            gain = sparse.diags_array(linear.f_u[moving] * (linked[edge] >= 0))
            to_states = to_states + gain @ incidence[linked[edge]]
        among, entries = self._among(linear, coupled)
        still = (linear.f[moving] == 0.0) & (linear.f_x[moving] == 0.0) & (linear.f_v[moving] == 0.0)
        still &= (linear.f_u[moving] == 0.0) & ~entries
        into = -own.T @ sparse.diags_array(linear.i_x[moving] * alive[edge])
        charges = incidence.T @ sparse.diags_array(linear.q_v * alive) @ incidence
        following = own.T @ sparse.diags_array(linear.q_x[moving] * alive[edge])
        unit = sparse.eye_array(len(moving))
        return Pencil(
            sparse.block_array([[to_nodes, into], [to_states, among]], format="csc"),
            sparse.block_array([[charges, following], [None, unit]], format="csc"),
            np.concatenate([np.zeros(self.n_free, dtype=bool), still]),
        )

    def _among(self, linear: Linear, coupled: list[Coupling]) -> tuple[Any, NDArray[np.bool_]]:
        """Return the slopes of rates by states, and which states another one of their edge moves."""
        from scipy import sparse

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
        entries = (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns)))
        return sparse.csr_array(entries, shape=(n, n)), moved
