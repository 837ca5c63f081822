"""Solutions of (s M - J) dy = r with the states of each edge eliminated, by the solvers of networks.

What is left are conductances, which `kron` solves without cancellation where they are >= 0: in networks whose
conductances cover a hundred decades a sparse LU of all unknowns has no digit left. Where edges read others, or a
state's own equation is singular, that LU is all there is.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from memnet import _core
from memnet.drive import ROLE_CURRENT, ROLE_FLOATING, ROLE_VOLTAGE
from memnet.network import Network
from memnet.response._pencil import Assembly, Coupling, Pencil
from memnet.simulate import Linear

Floats = NDArray[np.float64]


class Boundary:
    """A network as small departures see it: which electrodes are held, and where each free potential is."""

    def __init__(self, net: Network, role: NDArray[np.uint8], assembly: Assembly) -> None:
        self.net = net
        self.role = np.where(role == ROLE_CURRENT, ROLE_FLOATING, role).astype(np.uint8)
        if not (self.role == ROLE_VOLTAGE).any():  # the one that is at 0 V where currents alone are driven
            self.role[int(np.argmax(role == ROLE_CURRENT))] = ROLE_VOLTAGE
        free = assembly.nodes.free
        known = np.flatnonzero(free >= 0)
        self.node = known[np.unique(free[known], return_index=True)[1]]


class Reduced:
    """(s M - J) dy = r at one point and one real s (1/s).

    Raises
    ------
    ValueError
        It cannot be reduced: edges read others, or a state has no equation of its own.
    """

    def __init__(
        self, boundary: Boundary, assembly: Assembly, linear: Linear, coupled: list[Coupling], pencil: Pencil, s: float
    ) -> None:
        self._assembly, self._boundary = assembly, boundary
        moving, equations = assembly.moving, assembly.equations
        if (equations.linked >= 0).any():
            raise ValueError("edges read others")
        self._still = pencil.still[assembly.n_free :]
        self._full = np.zeros(equations.n_states)
        own = s - linear.f_x
        own[moving[self._still]] = 1.0
        unmoved = np.ones(equations.n_states, dtype=bool)
        unmoved[moving] = False
        own[unmoved] = 1.0
        if (own == 0.0).any():
            raise ValueError("a state has no equation of its own")
        self._own = own
        self._blocks = [_inverse(one, own) for one in coupled]
        self._gain = s * linear.q_x + linear.i_x
        by_voltage = self._states(np.where(unmoved, 0.0, linear.f_v))
        self._by_voltage = by_voltage
        conductance = linear.i_v + s * linear.q_v
        np.add.at(conductance, equations.edge, self._gain * by_voltage)
        self._solver = _core.Solver(boundary.net.core, "kron" if (conductance >= 0.0).all() else "umfpack")
        self._solver.factor(np.ascontiguousarray(conductance))

    def _states(self, right: Floats) -> Floats:
        """Return (s - f_x)^-1 times something, (n_states,)."""
        x = right / self._own
        for part, inverse in self._blocks:
            of_part = right[part.block].reshape(part.shape).T
            x[part.block] = np.einsum("mrc,mc->rm", inverse, of_part).ravel()
        x[self._assembly.moving[self._still]] = 0.0
        return x

    def solve(self, right: Floats) -> Floats:
        """Return dy."""
        assembly, boundary = self._assembly, self._boundary
        n_free, edge, moving = assembly.n_free, assembly.equations.edge, assembly.moving
        full = self._full.copy()
        full[moving] = right[n_free:]
        alone = self._states(full)
        through = np.zeros(assembly.equations.n_edges)
        np.add.at(through, edge, self._gain * alone)
        into = np.zeros(boundary.net.n_nodes)
        into[boundary.node] = right[:n_free] - assembly.incidence.T @ (through * assembly.alive)
        zeros = np.zeros(len(boundary.role))
        try:
            potential = self._solver.solve(boundary.role, zeros, None, into)["potential"]
        except (ValueError, ArithmeticError):  # currents into what only charges reach, where s is 0
            return np.full(len(right), np.nan)
        u = np.nan_to_num(potential[boundary.node])
        v = assembly.incidence @ u
        return np.concatenate([u, (alone + self._by_voltage * v[edge])[moving]])


def _inverse(coupling: Coupling, own: Floats) -> tuple[Any, Floats]:
    """Return a device and the inverse of s - f_x of each member.

    Raises
    ------
    ValueError
        There is none.
    """
    part = coupling.part
    n_states = part.shape[0]
    matrix = -coupling.slopes
    k = np.arange(n_states)
    matrix[:, k, k] += own[part.block].reshape(part.shape).T
    try:
        inverse = np.linalg.inv(matrix).astype(np.float64)
    except np.linalg.LinAlgError:
        raise ValueError("states of an edge have no equations of their own") from None
    return part, inverse


def solution(
    boundary: Boundary, assembly: Assembly, linear: Linear, coupled: list[Coupling], pencil: Pencil, s: float
) -> Any:
    """Return a function that solves (s M - J) dy = r; nan where there is no solution."""
    try:
        return Reduced(boundary, assembly, linear, coupled, pencil, s).solve
    except (ValueError, ArithmeticError):
        return sparse_solution(s * pencil.mass - pencil.jacobian, pencil.still)


def sparse_solution(matrix: Any, still: NDArray[np.bool_]) -> Any:
    """Return a function that solves a sparse system in which what is still stays; nan where there is no solution."""
    from scipy import sparse
    from scipy.sparse import linalg

    keep = np.flatnonzero(~still)
    inner = sparse.csc_array(matrix)[keep][:, keep]
    sizes = abs(inner).max(axis=1).toarray().ravel() if len(keep) else np.empty(0)
    scale = 1.0 / np.where(sizes > 0.0, sizes, 1.0)
    try:
        factor = linalg.splu(sparse.csc_array(sparse.diags_array(scale) @ inner)) if len(keep) else None
    except (RuntimeError, ValueError):
        return lambda right: np.full(len(right), np.nan)

    def solve(right: Floats) -> Floats:
        x = np.zeros(len(right))
        if factor is not None:
            x[keep] = factor.solve(scale * right[keep])
        return x

    return solve
