"""One factorisation and solution of discs: against SuperLU and UMFPACK, in part, of replicas."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator

import numpy as np
from laplacian import connected, reduced
from measuring import Row, in_turn, ratios
from systems import DRIVE, SYSTEMS, VOLTAGE_ROLE, System, driven_solver, factor_and_solve, sample, tunnelling

from memnet import _core

SYMMETRIC = {"permc_spec": "MMD_AT_PLUS_A", "diag_pivot_thresh": 0.0, "options": {"SymmetricMode": True}}


def scipy_solve(system: System, **options: object) -> Callable[[], object]:
    """SuperLU on the free nodes' Laplacian; the matrix is made outside of what is timed."""
    from scipy.sparse.linalg import splu

    matrix, right, _ = reduced(*system)

    def once() -> object:
        return splu(matrix, **options).solve(right)

    return once


def solvers(quick: bool) -> Iterator[Row]:
    """One factorisation and solve against UMFPACK and SuperLU."""
    system = SYSTEMS["discs200"]()
    solvers_of = (driven_solver(system.net), _core.Solver(system.net.core, "umfpack"))
    backends = (factor_and_solve(system, solver) for solver in solvers_of)
    sides = (*backends, scipy_solve(system), scipy_solve(system, **SYMMETRIC))
    kron, *others = in_turn(5 if quick else 21, *sides, calls=10)
    names = (
        ("factor + solve, 200x200, floored at 1e-12 S: kron against umfpack (numeric + solve)", 40.0),
        ("the same: kron against SciPy splu + solve", 65.0),
        ("the same: kron against splu told that the matrix is symmetric (minimum degree, no pivoting)", 40.0),
    )
    for (name, bar), other in zip(names, others, strict=True):
        ratio = other.median / kron.median
        shown = f"**{ratio:.0f}x** ({1e3 * kron.median:.3f} ms against {1e3 * other.median:.2f} ms)"
        yield Row(name, shown, f">= {bar:g}x", ratio >= bar, ratios(other, kron), "x")


def gather(quick: bool) -> Iterator[Row]:
    """One gap switches to and fro: redo what it reaches, or everything."""
    net = sample()
    g = _core.exp(-200.0 * np.asarray(net.length))
    short = np.flatnonzero((np.asarray(net.length) < 0.1) & connected(net)[np.asarray(net.edges)[:, 0]])
    edges = np.random.default_rng(0).choice(short, 200, replace=False).astype(np.int32)
    partly, whole = (_core.Solver(net.core, "kron") for _ in range(2))
    partly.factor(g)
    columns: list[int] = []

    def flips(solver: _core.Solver, given: bool) -> Callable[[], object]:
        now = g.copy()

        def once() -> None:
            for edge in edges:
                now[edge] = 10.0 if now[edge] != 10.0 else g[edge]
                if given:
                    solver.factor(now, None, edge.reshape(1))
                else:
                    solver.factor(now)

        return once

    for edge in edges:
        flipped = g.copy()
        flipped[edge] = 10.0
        partly.factor(flipped, None, edge.reshape(1))
        columns.append(partly.info()["n_columns"])
        partly.factor(g, None, edge.reshape(1))
    rounds = in_turn(3 if quick else 15, flips(partly, True), flips(whole, False))
    part, all_of_it = (side.median for side in rounds)
    yield Row(
        f"one switched gap, 200x200: redo what it reaches (median {statistics.median(columns):.0f} columns)"
        " against all of it",
        f"**{all_of_it / part:.1f}x** ({1e6 * part / len(edges):.1f} us against {1e6 * all_of_it / len(edges):.1f} us)",
        "",
        None,
        ratios(*rounds[::-1]),
        "x",
    )


def replicas(quick: bool) -> Iterator[Row]:
    """Eight sets of conductances at once, or one after the other."""
    net = sample()
    n = 8
    g = tunnelling(net) * np.random.default_rng(0).uniform(0.5, 2.0, (n, net.n_edges))
    solver, single = (_core.Solver(net.core, "kron") for _ in range(2))
    role = np.full(len(net.electrodes), VOLTAGE_ROLE, dtype=np.uint8)
    value = np.tile([DRIVE[name] for name in net.electrodes], (n, 1))

    def one_by_one() -> None:
        for r in range(n):
            single.factor(g[r])
            single.solve(role, value[r])

    calls = 20 if quick else 50
    rounds = in_turn(9 if quick else 41, lambda: solver.solve_many(g, role, value), one_by_one, calls=calls)
    many, each = (side.median for side in rounds)
    yield Row(
        f"factor + solve of {n} replicas, 200x200: in SIMD lanes against one by one",
        f"**{each / many:.1f}x** ({1e6 * many / n:.1f} us a replica against {1e6 * each / n:.1f} us)",
        "",
        None,
        ratios(*rounds[::-1]),
        "x",
    )
