"""Whether small departures from a static state die out: eigenvalues of the linearised equations C du/dt, dx/dt = F."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memnet.base import job
from memnet.response._system import Point, System

Floats = NDArray[np.float64]
# Of an algebraic part whose least singular value is below this part of its largest, nothing is eliminated.
SINGULAR = 1e-12
# Rows so many times as large as the next ones are taken apart from them, if that can be done as exactly as this.
APART, DECOUPLED = 1e4, 1e-12
MOST_TURNS = 40
# Entries of the linearised equations are known to this share of the terms of which they are sums.
ENTRIES = 1e-12


@dataclass(frozen=True)
class Spectrum:
    """Eigenvalues of a linearised circuit, the rightmost first, each with what rounding may have made of it."""

    values: NDArray[np.complex128]  # (1/s)
    errors: Floats  # (1/s)
    settles: bool  # whether potentials without a charge come to rest

    @property
    def stable(self) -> bool:
        """Whether every small departure dies out, beyond doubt."""
        return self.settles and bool((self.values.real < -self.errors).all())

    @property
    def growth(self) -> complex | None:
        """The rightmost one that grows beyond doubt, inf for a potential that runs away at once, None for none."""
        grows = self.values[self.values.real > self.errors]
        if len(grows):
            return complex(grows[0])
        return None if self.settles else complex(np.inf)


def stability(system: System, point: Point) -> Spectrum:
    """Return the eigenvalues (1/s) of the charges and states, one each.

    A potential without a charge follows the others at once, as if a very small capacitor went from it to ground, which
    must come to rest, too. A state that an end of its range holds has -inf: it is back there in finite time.
    """
    linear = system.linear(point)
    jacobian = system.raw(point.y, point.load, point.pins)[1]
    pinned = _held(system, point)
    mass = system.capacitance(linear)
    basis, n_charges = _charges(mass)
    n_free, free_states = system.n_free, np.flatnonzero(~pinned)
    # Charges follow states: C du/dt = current - q_x dx/dt, where states that an end holds stand still.
    following = system.charge_by_states(linear) * ~pinned
    jacobian[:n_free] -= following @ jacobian[n_free:]
    keep = np.concatenate([np.arange(n_free), n_free + free_states])
    matrix = jacobian[np.ix_(keep, keep)]
    turn = np.eye(len(keep))
    turn[:n_free, :n_free] = basis
    matrix = turn.T @ matrix @ turn
    mass = basis.T @ mass @ basis
    dynamic = np.concatenate([np.arange(n_charges), np.arange(n_free, len(keep))])
    algebraic = np.arange(n_charges, n_free)
    weights = np.eye(len(dynamic))
    weights[:n_charges, :n_charges] = mass[:n_charges, :n_charges]
    found = _eigenvalues(matrix, weights, dynamic, algebraic)
    values = np.concatenate([found.values, np.full(int(pinned.sum()), -np.inf)])
    errors = np.concatenate([found.errors, np.zeros(int(pinned.sum()))])
    order = np.lexsort((values.imag, -values.real))
    return Spectrum(values[order], errors[order], found.settles)


def _held(system: System, point: Point) -> NDArray[np.bool_]:
    """Return which states an end of their range holds; one whose rate is 0 there by its own law is not held."""
    held: NDArray[np.bool_] = system.rates(point.y, point.load, point.pins) * point.pins > 0.0
    return held


def _charges(mass: Floats) -> tuple[Floats, int]:
    """Return an orthogonal basis of the free potentials, and how many of its first vectors carry charge.

    Capacitors that join free potentials only leave one of their common potentials without a charge.
    """
    n = len(mass)
    if not n:
        return np.empty((0, 0)), 0
    size = np.sqrt(np.abs(np.diag(mass)))
    size = np.where(size > 0.0, size, 1.0)
    group = _joined(mass)
    columns, rest = [], []
    for one in np.unique(group):
        members = np.flatnonzero(group == one)
        block = mass[np.ix_(members, members)] / np.outer(size[members], size[members])
        grounded = np.abs(np.linalg.eigvalsh(block)).min() > 1e-12
        if mass[members[0], members[0]] == 0.0:
            rest.append(_unit(n, members[:1]))
        elif grounded:
            columns += [_unit(n, np.array([k])) for k in members]
        else:
            columns += [_unit(n, np.array([k])) for k in members[1:]]
            rest.append(_unit(n, members))
    return np.column_stack(columns + rest), len(columns)


def _unit(n: int, members: NDArray[np.int64]) -> Floats:
    vector = np.zeros(n)
    vector[members] = 1.0
    return vector


def _joined(matrix: Floats) -> NDArray[np.int64]:
    """Return a number for each row, the same for rows that entries of the matrix join."""
    group = np.arange(len(matrix))
    for a, b in np.argwhere(matrix != 0.0):
        group[group == group[b]] = group[a]
    return group


def _eigenvalues(matrix: Floats, weights: Floats, dynamic: NDArray[np.int64], algebraic: NDArray[np.int64]) -> Spectrum:
    """Return the finite eigenvalues of a pencil whose algebraic rows have no mass, and whether that part settles."""
    inner, terms = matrix[np.ix_(algebraic, algebraic)], np.abs(matrix)[np.ix_(dynamic, dynamic)]
    settles = True
    if len(algebraic):
        rows = np.abs(inner).max(axis=1)
        scaled = inner / np.where(rows > 0.0, rows, 1.0)[:, None]
        singular = np.linalg.svd(scaled, compute_uv=False)
        is_singular = singular[-1] <= SINGULAR * max(singular[0], 1.0)
        if not len(dynamic):
            settles = not is_singular and bool((np.linalg.eigvals(inner).real < 0.0).all())
            return Spectrum(np.empty(0, dtype=np.complex128), np.empty(0), settles)
        if is_singular:
            return _pencil(matrix, weights, dynamic, algebraic)
        settles = bool((np.linalg.eigvals(inner).real < 0.0).all())
        back = np.linalg.solve(inner, matrix[np.ix_(algebraic, dynamic)])
        terms = terms + np.abs(matrix[np.ix_(dynamic, algebraic)]) @ np.abs(back)
        matrix = matrix[np.ix_(dynamic, dynamic)] - matrix[np.ix_(dynamic, algebraic)] @ back
    else:
        matrix = matrix[np.ix_(dynamic, dynamic)]
    if not len(dynamic):
        return Spectrum(np.empty(0, dtype=np.complex128), np.empty(0), True)
    inverse = np.linalg.inv(weights)
    return Spectrum(*spectrum(inverse @ matrix, np.abs(inverse) @ terms), settles)


def spectrum(matrix: Floats, terms: Floats) -> tuple[NDArray[np.complex128], Floats]:
    """Return the eigenvalues of a matrix, the small ones as exactly as the large ones, and how wrong each may be.

    A pore far from its midpoint is faster than the rest of a circuit by tens of decades, and of such a matrix LAPACK
    gives the small eigenvalues with the rounding of the large ones, with any sign. So the fast is taken apart first.
    `terms` are the sizes of what each entry is a sum of.
    """
    if not (np.isfinite(matrix).all() and np.isfinite(terms).all()):
        return np.linalg.eigvals(matrix).astype(np.complex128), np.full(len(matrix), np.inf)
    job.load("scipy.linalg")
    import scipy.linalg

    balanced, (scale, _) = scipy.linalg.matrix_balance(matrix, permute=False, separate=True)
    found = [_of_block(*block) for block in _decoupled(balanced, terms * scale / scale[:, None])]
    return np.concatenate([values for values, _ in found]), np.concatenate([errors for _, errors in found])


def _of_block(matrix: Floats, terms: Floats) -> tuple[NDArray[np.complex128], Floats]:
    """Return the eigenvalues of a matrix, and how wrong each may be: to first order, from its own two vectors.

    They tell what LAPACK left undone, and what the entries' errors do to it.
    """
    import scipy.linalg

    values, left, right = scipy.linalg.eig(matrix, left=True)
    undone = np.abs(matrix @ right - right * values) + ENTRIES * (terms @ np.abs(right))
    with np.errstate(divide="ignore", invalid="ignore"):
        errors = (np.abs(left) * undone).sum(axis=0) / np.abs((left.conj() * right).sum(axis=0))
    largest = float(np.abs(terms).sum(axis=1).max())
    return values.astype(np.complex128), np.minimum(np.nan_to_num(errors, nan=largest), largest)


def _decoupled(matrix: Floats, terms: Floats) -> list[tuple[Floats, Floats]]:
    """Return matrices that have the eigenvalues of one together, one for each of its time scales that are far apart.

    With x_fast = K x_slow wherever x_fast has come to rest, K solves A_ff K + A_fs = K (A_ss + A_sf K): by iteration,
    which gains the ratio of both scales each turn (Kokotovic, IEEE Trans. Autom. Control 1975, 20, 812). Beside each
    matrix are the sizes of the terms of its entries.
    """
    size = np.abs(matrix).max(axis=1)
    order = np.argsort(-size, kind="stable")
    matrix, terms, size = matrix[np.ix_(order, order)], terms[np.ix_(order, order)], size[order]
    with np.errstate(divide="ignore", invalid="ignore"):
        gaps = np.nan_to_num(size[:-1] / size[1:], nan=1.0)
    if not (gaps > APART).any():
        return [(matrix, terms)]
    k = int(np.argmax(gaps)) + 1
    fast, into_fast, into_slow, slow = matrix[:k, :k], matrix[:k, k:], matrix[k:, :k], matrix[k:, k:]
    along = _slow_manifold(fast, into_fast, into_slow, slow)
    if along is None:
        return [(matrix, terms)]
    of_fast = terms[:k, :k] + np.abs(along) @ terms[k:, :k]
    of_slow = terms[k:, k:] + terms[k:, :k] @ np.abs(along)
    return _decoupled(fast - along @ into_slow, of_fast) + _decoupled(slow + into_slow @ along, of_slow)


def _slow_manifold(fast: Floats, into_fast: Floats, into_slow: Floats, slow: Floats) -> Floats | None:
    """Return K of `_decoupled`; None where the iteration finds none."""
    scale = np.abs(fast).max(axis=1)[:, None]
    if not scale.all() or np.linalg.cond(fast / scale) > 1.0 / DECOUPLED:
        return None
    along, before = np.zeros_like(into_fast), np.inf
    with np.errstate(all="ignore"):
        for _ in range(MOST_TURNS):
            new = np.linalg.solve(fast / scale, (along @ (slow + into_slow @ along) - into_fast) / scale)
            change = float(np.abs(new - along).max())
            along = new
            if not change < before:
                break
            before = change
        largest = float(np.abs(along).max())
    return along if before <= DECOUPLED * largest or largest == 0.0 else None


def _pencil(matrix: Floats, weights: Floats, dynamic: NDArray[np.int64], algebraic: NDArray[np.int64]) -> Spectrum:
    """Return the finite eigenvalues where potentials hang on inductors alone, so that states constrain each other."""
    job.load("scipy.linalg")
    import scipy.linalg

    order = np.concatenate([dynamic, algebraic])
    mass = np.zeros((len(order), len(order)))
    mass[: len(dynamic), : len(dynamic)] = weights
    size = np.abs(matrix).max() / max(np.abs(mass).max(), np.finfo(float).tiny)
    pairs = scipy.linalg.eigvals(matrix[np.ix_(order, order)], mass * size, homogeneous_eigvals=True)
    finite = np.abs(pairs[1]) > 1e-10 * np.abs(pairs[0])
    values = np.full(len(dynamic), -np.inf, dtype=np.complex128)
    values[: finite.sum()] = pairs[0][finite] / pairs[1][finite] * size
    largest = float(np.abs(values[: finite.sum()]).max(initial=0.0))
    return Spectrum(values, np.where(np.isfinite(values), ENTRIES * largest, 0.0), True)
