"""The static equations of a circuit: Kirchhoff's current law at its free potentials, and rates that vanish.

The unknowns are y = (u, x): potentials of what no electrode holds, and states. What is driven depends on one number,
the load, and the equations are F(y, load) = 0 with F = (current into a node, rate of a state), so that C du/dt and
dx/dt are F. A state that an end of its range holds is pinned: its equation is then x = that end.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from memnet.response._survey import Survey
from memnet.simulate import Equations, Linear, Part

Floats = NDArray[np.float64]
# How near to the ends of their range models see states, and below which part of a scale a rate counts as 0.
NEAR, RESTS = 1e-14, 1e-12
# How far a state is moved for the slope of another state's rate, as a part of its scale.
SHIFT = 1e-3


@dataclass(frozen=True)
class Point:
    """A solution of the static equations at one load; `pins` says which end of its range holds a state: -1, 0, 1."""

    y: Floats
    load: float
    pins: NDArray[np.int8]
    tangent: Floats = field(default_factory=lambda: np.empty(0))


@dataclass(frozen=True)
class Nodes:
    """What each node's potential is: a free one or one that is held, and what flows into the free ones.

    Held potentials and injected currents are affine in the load: `base + load * slope`.
    """

    free: NDArray[np.int64]  # (n_nodes,): place among the unknowns, -1 where it is held or has no potential
    defined: NDArray[np.bool_]  # (n_nodes,): whether it has a potential
    held: tuple[Floats, Floats]  # base and slope (n_nodes,) (V), 0 where it is free
    injected: tuple[Floats, Floats]  # base and slope (n_free,) (A)

    @property
    def n_free(self) -> int:
        """Number of unknown potentials."""
        return len(self.injected[0])


class System:
    """F(y, load), its derivatives, and the scales in which distances are measured."""

    def __init__(
        self, equations: Equations, survey: Survey, ends: NDArray[np.int32], nodes: Nodes, volts: float, load: float
    ) -> None:
        self.equations = equations
        self.nodes = nodes
        self._a, self._b = ends[:, 0], ends[:, 1]
        self.alive = nodes.defined[self._a] & nodes.defined[self._b]
        self.volts, self.load_scale = volts, load
        self.folding = survey.folding
        self.low, self.high = survey.low, survey.high
        self.moving = np.flatnonzero(survey.moving)
        self.bounded = bool(np.isfinite([self.low[self.moving], self.high[self.moving]]).any())
        self.frozen = equations.present.copy()
        self.n_free = nodes.n_free
        self.n = self.n_free + len(self.moving)
        self.scale = self._scales()
        self._coupled = self._couplings()
        self._incidence = self._incidences()
        self._edge = equations.edge[self.moving]  # of each moving state
        self._by_state = self._incidence[self._edge]
        self._linked = np.flatnonzero(equations.linked >= 0)
        self._ends = self.low[self.moving], self.high[self.moving]
        margin = NEAR * self.scale[self.n_free :]
        self._inner_ends = self._ends[0] + margin, self._ends[1] - margin
        self._by_load = self._across(nodes.held[1])

    def _scales(self) -> Floats:
        low, high = self.low[self.moving], self.high[self.moving]
        size = np.abs(self.frozen[self.moving])
        spread = np.where(np.isfinite(high - low), high - low, np.where(size > 0.0, size, 1.0))
        return np.concatenate([np.full(self.n_free, self.volts), spread])

    def _couplings(self) -> list[tuple[Part, NDArray[np.int64], list[tuple[NDArray[np.int64], NDArray[np.int64]]]]]:
        """Return parts and sets of states that are moved together, with pairs (moved, other state of a member)."""
        place = np.full(self.equations.n_states, -1)
        place[self.moving] = np.arange(len(self.moving))
        groups = []
        for part in self.equations.parts:
            rows = place[part.block].reshape(part.shape)
            for k, row in enumerate(rows):
                both = [(row >= 0) & (other >= 0) for other in np.delete(rows, k, axis=0)]
                others = np.delete(rows, k, axis=0)
                pairs = [(row[b], other[b]) for b, other in zip(both, others, strict=True) if b.any()]
                if pairs:
                    groups.append((part, row[row >= 0], pairs))
        return groups

    def _incidences(self) -> Floats:
        """Return d(branch voltage)/d(free potential), (n_edges, n_free)."""
        matrix = np.zeros((self.equations.n_edges, self.n_free))
        for node, sign in ((self._a, 1.0), (self._b, -1.0)):
            free = self.nodes.free[node]
            known = self.alive & (free >= 0)
            np.add.at(matrix, (np.flatnonzero(known), free[known]), sign)
        return matrix

    def fed(self, place: int, at: float, amperes: float) -> System:
        """Return the same equations at one load, with a current into one free potential as their load instead."""
        into = np.zeros(self.n_free)
        into[place] = 1.0
        base = [one[0] + at * one[1] for one in (self.nodes.held, self.nodes.injected)]
        other = copy.copy(self)
        other.nodes = replace(self.nodes, held=(base[0], np.zeros_like(base[0])), injected=(base[1], into))
        other._by_load = self._across(other.nodes.held[1])
        other.load_scale = amperes
        return other

    def suspects(self) -> list[int]:
        """Return the free potentials at which edges end that may have several steady states, in order."""
        ends = np.concatenate([self._a[self.folding & self.alive], self._b[self.folding & self.alive]])
        places = np.unique(self.nodes.free[ends])
        return [int(place) for place in places if place >= 0]

    def kinds(self) -> list[NDArray[np.int64]]:
        """Return the places of the moving states, those of one name and device together."""
        place = np.full(self.equations.n_states, -1)
        place[self.moving] = np.arange(len(self.moving))
        rows = [place[part.row(name)] for part in self.equations.parts for name in part.names]
        return [row[row >= 0] for row in rows if (row >= 0).any()]

    # ------------------------------------------------------------ parts of a point

    def potential(self, y: Floats, load: float) -> Floats:
        """Return the potential of each node (V), nan where it has none."""
        values = self.nodes.held[0] + load * self.nodes.held[1]
        free = self.nodes.free >= 0
        values[free] = y[self.nodes.free[free]]
        values[~self.nodes.defined] = np.nan
        return values

    def voltage(self, y: Floats, load: float) -> Floats:
        """Return the branch voltages (V), 0 where an end has no potential."""
        return self._across(self.potential(y, load))

    def _across(self, potential: Floats) -> Floats:
        across: Floats = np.where(self.alive, potential[self._a] - potential[self._b], 0.0)
        return across

    def states(self, y: Floats, pins: NDArray[np.int8]) -> Floats:
        """Return all states, inside their ranges."""
        values: Floats = self.frozen.copy()
        low, high = self._ends
        x = np.clip(y[self.n_free :], low, high)
        values[self.moving] = np.where(pins > 0, high, np.where(pins < 0, low, x))
        return values

    def linear(self, point: Point) -> Linear:
        """Return the equations of all edges at a point, with its states exactly as they are."""
        return self.equations.at(self.voltage(point.y, point.load), self.states(point.y, point.pins))

    # ------------------------------------------------------------ the equations

    def _inside(self, y: Floats, pins: NDArray[np.int8]) -> tuple[Floats, Floats]:
        """Return all states as the models see them, strictly inside their ranges, and how far y is from them."""
        low, high = self._ends
        x = np.where(pins > 0, high, np.where(pins < 0, low, y[self.n_free :]))
        inner = np.clip(x, *self._inner_ends)
        values = self.frozen.copy()
        values[self.moving] = inner
        return values, np.where(pins == 0, x - inner, 0.0)

    def _extended(self, voltage: Floats, states: Floats, beyond: Floats) -> tuple[Floats, Floats, Linear]:
        """Return currents (n_edges,) and rates (moving,), continued on straight lines beyond the ends of ranges."""
        linear = self.equations.at(voltage, states)
        current = linear.i.copy()
        np.add.at(current, self._edge, linear.i_x[self.moving] * beyond)
        return current, linear.f[self.moving] + linear.f_x[self.moving] * beyond, linear

    def rates(self, y: Floats, load: float, pins: NDArray[np.int8]) -> Floats:
        """Return the rates of the moving states, 0 where rounding hides it; of a pinned one what would move it."""
        states, beyond = self._inside(y, pins)
        _, rate, linear = self._extended(self.voltage(y, load), states, beyond)
        slope = np.abs(linear.f_x[self.moving]) * self.scale[self.n_free :]
        size = slope + np.abs(linear.f_v[self.moving]) * self.volts
        return np.where(np.abs(rate) > RESTS * size, rate, 0.0)

    def residual(self, y: Floats, load: float, pins: NDArray[np.int8]) -> tuple[Floats, Floats, Floats]:
        """Return F (n,), dF/dy (n, n) and dF/dload (n,), pinned states with their own equation."""
        residual, jacobian, slope = self.raw(y, load, pins)
        rows = self.n_free + np.flatnonzero(pins)
        end = np.where(pins > 0, self._ends[1], self._ends[0])
        residual[rows] = (y[self.n_free :] - end)[pins != 0]
        jacobian[rows] = 0.0
        jacobian[rows, rows] = 1.0
        slope[rows] = 0.0
        return residual, jacobian, slope

    def raw(self, y: Floats, load: float, pins: NDArray[np.int8]) -> tuple[Floats, Floats, Floats]:
        """Return what `residual` does with rates for all states, also those that are pinned."""
        states, beyond = self._inside(y, pins)
        voltage = self.voltage(y, load)
        current, rate, linear = self._extended(voltage, states, beyond)
        inj = self.nodes.injected[0] + load * self.nodes.injected[1]
        residual = np.concatenate([inj - self._incidence.T @ (current * self.alive), rate])
        return residual, self._jacobian(linear, states, voltage), self._slope(linear)

    def _jacobian(self, linear: Linear, states: Floats, voltage: Floats) -> Floats:
        n, edge, incidence = self.n_free, self._edge, self._incidence
        matrix = np.zeros((self.n, self.n))
        matrix[:n, :n] = -incidence.T @ (linear.i_v[:, None] * incidence)
        matrix[:n, n:] = -self._by_state.T * (linear.i_x[self.moving] * self.alive[edge])
        matrix[n:, :n] = linear.f_v[self.moving][:, None] * self._by_state
        if self._linked.size:
            linked, of = self._linked, self.equations.linked
            matrix[:n, :n] -= incidence[linked].T @ (linear.i_u[linked, None] * incidence[of[linked]])
            read = of[edge]
            matrix[n:, :n] += np.where(read >= 0, linear.f_u[self.moving], 0.0)[:, None] * incidence[read]
        k = np.arange(n, self.n)
        matrix[k, k] = linear.f_x[self.moving]
        for part, moved, pairs in self._coupled:
            slopes = self._slopes_by(part, moved, states, voltage)
            for by, other in pairs:
                matrix[n + other, n + by] = slopes[other]
        return matrix

    def _slopes_by(self, part: Part, moved: NDArray[np.int64], states: Floats, voltage: Floats) -> Floats:
        """Return what a part's rates change by with the state `moved`: central differences of fourth order."""
        where = self.moving[moved]
        scale = self.scale[self.n_free + moved]
        room = np.minimum(states[where] - self.low[where], self.high[where] - states[where])
        h = np.clip(0.4 * room, 1e-4 * SHIFT * scale, SHIFT * scale)
        of_edge = np.ones(self.equations.n_edges)
        of_edge[self.equations.edge[where]] = h
        at = {}
        for times in (-2, -1, 1, 2):
            other = states.copy()
            other[where] += times * h
            at[times] = self.equations.rates(part, voltage, other)
        rise = np.zeros(self.equations.n_states)
        rise[part.block] = 8.0 * (at[1] - at[-1]) - (at[2] - at[-2])
        slopes: Floats = rise[self.moving] / (12.0 * of_edge[self._edge])
        return slopes

    def _slope(self, linear: Linear) -> Floats:
        by_load, edge = self._by_load, self._edge
        rise, rates = linear.i_v * by_load, linear.f_v[self.moving] * by_load[edge]
        if self._linked.size:
            read = by_load[self.equations.linked]
            rise += linear.i_u * read
            rates += linear.f_u[self.moving] * read[edge]
        into = self.nodes.injected[1] - self._incidence.T @ (rise * self.alive)
        return np.concatenate([into, rates])

    def capacitance(self, linear: Linear) -> Floats:
        """Return the matrix of capacitances between the free potentials (F)."""
        matrix: Floats = self._incidence.T @ (linear.q_v[:, None] * self._incidence)
        return matrix

    def charge_by_states(self, linear: Linear) -> Floats:
        """Return the charge that each moving state puts on each free potential, (n_free, moving) (C/[x])."""
        slopes: Floats = self._by_state.T * (linear.q_x[self.moving] * self.alive[self._edge])
        return slopes
