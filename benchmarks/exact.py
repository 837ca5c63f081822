"""What networks are without rounding: an elimination in quad precision, or bounds that are proved for one.

`eliminated` solves in quad precision (exact.c), in SuperLU's order of minimum degree, without a subtraction: its error
is some 1e-30 of each potential. For networks that are too large for it, `enclosed` refines memnet's own potentials by
residuals in quad precision and proves how far the result is from the exact one. The matrix A of the free nodes is an
M-matrix, whose inverse has no negative entry; so where A w >= |residual| at every node, which is looked at in quad
precision, no potential is off by more than w. Neither w nor the refinement has to be trusted for that. The residual
counts with the most that its sums in quad precision can have rounded.
"""

from __future__ import annotations

import ctypes
import functools
from typing import NamedTuple

import compiled
import numpy as np
from laplacian import connected, reduced
from systems import VOLTAGE_ROLE, System, driven_solver

EPS = np.finfo(float).eps
REFINEMENTS = 4
SAFE = 1.0 + 1e-9  # covers what is rounded in double precision on the way to the comparison
QUAD_EPS = 2.0**-112
FLOOR_OF_BOUND = 64.0 * EPS  # of the currents of a bound, which a solution in double precision leaves


class Exact(NamedTuple):
    """Potentials high + low (V) of all nodes, nan where none is set, and how far they may be off (V)."""

    high: np.ndarray
    low: np.ndarray
    bound: np.ndarray


class Errors(NamedTuple):
    """Largest relative errors of potentials and of terminal currents, bounds included."""

    potential: float
    current: float


@functools.cache
def library() -> ctypes.CDLL:
    """Return what is compiled from exact.c; compiled.Unavailable where the compiler has no quad precision."""
    calls = compiled.library("exact.c")
    pointer, integer = ctypes.c_void_p, ctypes.c_int64
    calls.exact_solve.restype = integer
    calls.exact_solve.argtypes = [integer, integer, *[pointer] * 3, integer, *[pointer] * 3]
    calls.exact_residual.restype = None
    calls.exact_residual.argtypes = [integer, *[pointer] * 3, integer, *[pointer] * 3]
    return calls


def voltages(system: System) -> np.ndarray:
    """Return the voltage of each node of an electrode, 0 at the others."""
    at = np.zeros(system.net.n_nodes)
    for nodes, voltage in zip(system.net.electrodes.values(), system.voltage, strict=True):
        at[nodes] = voltage
    return at


def free_nodes(system: System) -> np.ndarray:
    free = connected(system.net)
    for nodes in system.net.electrodes.values():
        free[nodes] = False
    return free


def eliminated(system: System) -> tuple[Exact, int]:
    """Return the potentials by elimination in quad precision, and how many updates that took."""
    from scipy.sparse.linalg import splu

    net = system.net
    order = reduced(net, np.ones(net.n_edges), system.voltage)
    best = splu(order.matrix, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
    free, known = order.free, connected(net)
    n_free, n_known = int(free.sum()), int(known.sum())
    number = np.full(net.n_nodes, -1, dtype=np.int32)
    number[free] = best.perm_c
    number[known & ~free] = np.arange(n_free, n_known)
    a, b = (np.ascontiguousarray(number[ends]) for ends in np.asarray(net.edges).T)
    inside = (a >= 0) & (b >= 0)
    a, b, g = a[inside], b[inside], np.ascontiguousarray(system.conductance[inside])
    given = np.zeros(n_known)
    given[number[known]] = voltages(system)[known]
    high, low = np.empty(n_known), np.empty(n_known)
    sides = (a, b, g)
    updates = library().exact_solve(
        n_free, len(g), *(x.ctypes.data for x in sides), n_known, *(x.ctypes.data for x in (given, high, low))
    )
    if updates < 0:
        raise MemoryError("an elimination in quad precision")
    whole = Exact(np.full(net.n_nodes, np.nan), np.zeros(net.n_nodes), np.zeros(net.n_nodes))
    whole.high[known], whole.low[known] = high[number[known]], low[number[known]]
    return whole, int(updates)


def flow(system: System, high: np.ndarray, low: np.ndarray) -> np.ndarray:
    """Return the current (A) into each node, summed in quad precision."""
    a, b = (np.ascontiguousarray(ends, dtype=np.int32) for ends in np.asarray(system.net.edges).T)
    g, into = np.ascontiguousarray(system.conductance), np.empty(system.net.n_nodes)
    parts = (a, b, g)
    library().exact_residual(
        len(g), *(x.ctypes.data for x in parts), len(into), *(x.ctypes.data for x in (high, low, into))
    )
    return into


def sum_of_two(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the rounded sum and what was rounded off (Knuth)."""
    total = x + y
    part = total - x
    return total, (x - (total - part)) + (y - part)


def enclosed(system: System, potential: np.ndarray) -> Exact:
    """Return refined potentials with a proved bound, inf where the proof fails."""
    net = system.net
    free = free_nodes(system)
    solver = driven_solver(net)
    solver.factor(system.conductance)
    role = np.full(len(system.voltage), VOLTAGE_ROLE, dtype=np.uint8)

    def solved(currents: np.ndarray) -> np.ndarray:
        """Return the potentials that injected currents make, electrodes at 0 V."""
        found = solver.solve(role, np.zeros(len(role)), injected=np.where(free, currents, 0.0))["potential"]
        return np.where(free, found, 0.0)

    zero = np.zeros(net.n_nodes)
    high, low = np.where(free, potential, voltages(system)), zero.copy()
    for _ in range(REFINEMENTS):
        high, rest = sum_of_two(high, solved(flow(system, high, low)))
        high, low = sum_of_two(high, low + rest)
    ends = np.asarray(net.edges).T
    total, degree = (
        np.bincount(ends.ravel(), weights, minlength=net.n_nodes) for weights in (np.tile(system.conductance, 2), None)
    )
    currents = np.tile(system.conductance * np.abs(high)[ends].sum(axis=0), 2)
    rounded = QUAD_EPS * (degree + 4.0) * np.bincount(ends.ravel(), currents, minlength=net.n_nodes)
    left = np.where(free, np.abs(flow(system, high, low)) + rounded, 0.0)
    first = solved(left)
    bound = solved(2.0 * (left + FLOOR_OF_BOUND * total * first))
    proved = bool(np.all(-flow(system, bound, zero)[free] >= SAFE * left[free])) and bool(np.all(bound[free] >= 0.0))
    known = connected(net)
    return Exact(np.where(known, high, np.nan), low, bound if proved else np.full(net.n_nodes, np.inf))


def errors(system: System, exact: Exact, potential: np.ndarray, current: np.ndarray) -> Errors:
    """Return how far potentials (V) of nodes and currents (A) of electrodes are from exact ones."""
    known = ~np.isnan(exact.high)
    if not np.array_equal(known, ~np.isnan(potential)):
        return Errors(np.inf, np.inf)
    apart = np.abs((potential - exact.high) - exact.low) + exact.bound
    least = np.abs(exact.high) - exact.bound
    of_potential = relative(apart[known], least[known])
    high, low = np.where(known, exact.high, 0.0), np.where(known, exact.low, 0.0)
    into = -flow(system, high, low)
    a, b = np.asarray(system.net.edges).T
    blur = np.zeros(system.net.n_nodes)
    np.add.at(blur, a, system.conductance * exact.bound[b])
    np.add.at(blur, b, system.conductance * exact.bound[a])
    nodes = list(system.net.electrodes.values())
    exact_current = np.array([into[one].sum() for one in nodes])
    off = np.abs(current - exact_current) + np.array([blur[one].sum() for one in nodes])
    return Errors(of_potential, relative(off, np.abs(exact_current)))


def relative(off: np.ndarray, size: np.ndarray) -> float:
    """Return the largest quotient; 0 of anything is no error, more of nothing an endless one."""
    wrong = off > 0.0
    if np.any(size[wrong] <= 0.0):
        return np.inf
    return float((off[wrong] / size[wrong]).max(initial=0.0))
