"""Nanowire networks: generation, steps, and the same steps by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from laplacian import connected
from measuring import Row, in_turn, ratios

import memnet as mn
from rows.solvers import SYMMETRIC


def by_hand(
    net: mn.Network, device: mn.RateBalance, drive: dict[str, float], dt: float, **options: object
) -> Callable[[], object]:
    """A step of a rate-balance network written with NumPy and SciPy by someone who knows both.

    The pattern of the matrix and the way from conductances to its entries are worked out once, and everything else is
    vectorised; `options` are those of splu.
    """
    from scipy.sparse import coo_array, csc_array
    from scipy.sparse.linalg import splu

    a, b = np.asarray(net.edges).T
    fixed = np.zeros(net.n_nodes)
    free = connected(net)
    for name, nodes in net.electrodes.items():
        fixed[nodes] = drive[name]
        free[nodes] = False
    number = np.cumsum(free) - 1
    n, m = int(free.sum()), net.n_edges
    edge = np.arange(m)
    rows, columns = np.r_[a, b, a, b], np.r_[a, b, b, a]
    sign, of = np.r_[np.ones(2 * m), -np.ones(2 * m)], np.r_[edge, edge, edge, edge]
    inside = free[rows] & free[columns]
    keys = number[columns[inside]] * n + number[rows[inside]]
    places, entry = np.unique(keys, return_inverse=True)
    fill = coo_array((sign[inside], (entry, of[inside])), shape=(len(places), m)).tocsr()
    pointers = np.searchsorted(places, np.arange(n + 1) * n)
    matrix = csc_array((np.ones(len(places)), places % n, pointers), shape=(n, n))
    outside = free[rows] & ~free[columns]
    weight = -sign[outside] * fixed[columns[outside]]
    right = coo_array((weight, (number[rows[outside]], of[outside])), shape=(n, m)).tocsr()
    p = device.parameters
    state = np.full(m, p["kappa_p0"] / (p["kappa_p0"] + p["kappa_d0"]))
    potential = fixed.copy()

    def once() -> object:
        g = p["g_min"] * (1.0 - state) + p["g_max"] * state
        matrix.data[:] = fill @ g
        factor = splu(matrix, **options)
        potential[free] = factor.solve(right @ g)
        v = np.abs(potential[a] - potential[b])
        rise, fall = p["kappa_p0"] * np.exp(p["eta_p"] * v), p["kappa_d0"] * np.exp(-p["eta_d"] * v)
        rest = np.exp(-(rise + fall) * dt)
        state[:] = rise / (rise + fall) * (1.0 - rest) + state * rest
        return g, potential

    return once


def nanowires(quick: bool) -> Iterator[Row]:
    """Nanowire networks: generation, steps, and the same steps by hand."""

    def made(n: int, side: float) -> mn.Network:
        return mn.nanowires(n, size=side, length=40.0, length_sd=14.0, seed=40)

    device = mn.RateBalance(kappa_p0=1e-4, kappa_d0=0.5, eta_p=10.0, eta_d=1.0, g_min=1e-3, g_max=0.1)
    drive = {"left": 10.0, "right": 0.0}
    side = 500.0 * (50_000 / 1_500) ** 0.5
    rounds = 3 if quick else 9
    (times,) = in_turn(rounds, lambda: made(1_500, 500.0), calls=5)
    small = times.median
    what = "nanowires, 500x500, length 40 +- 14"
    yield Row(f"1,500 {what}: generation", f"**{1e3 * small:.1f} ms**", "< 20 ms", small < 0.02, times.each, "s")
    (times,) = in_turn(min(rounds, 5), lambda: made(50_000, side))
    large = times.median
    what = "50,000 of the same density: generation"
    yield Row(what, f"**{large:.3f} s**", "< 0.5 s", large < 0.5, times.each, "s")

    net = made(1_500, 500.0)
    dt = 0.05
    plain, told = by_hand(net, device, drive, dt), by_hand(net, device, drive, dt, **SYMMETRIC)
    simulation = mn.Simulation(net, device, drive, dt=dt)
    reached = connected(net)
    for _ in range(3):
        simulation.step()
        for hand in (plain, told):
            g, potential = hand()  # type: ignore[misc]
            assert np.allclose(simulation.conductance, g, rtol=1e-9, atol=0.0)
            assert np.allclose(simulation.potential[reached], potential[reached], rtol=0.0, atol=1e-9)

    def many(hand: Callable[[], object]) -> Callable[[], object]:
        return lambda: [hand() for _ in range(50)]

    def fresh() -> object:
        return mn.Simulation(net, device, drive, dt=dt).run(1_000)

    times, *slow = in_turn(rounds, fresh, many(plain), many(told))
    run = times.median
    what = "1,500 wires: the first 1,000 rate-balance steps, recorded"
    yield Row(what, f"**{run:.3f} s**", "< 0.3 s", run < 0.3, times.each, "s")
    for name, hand, bar in (
        ("the same steps by hand with NumPy and SciPy (pattern kept, splu)", slow[0], 20.0),
        ("the same with splu told that the matrix is symmetric (minimum degree, no pivoting)", slow[1], None),
    ):
        ratio = 20.0 * hand.median / run
        shown = f"**{ratio:.0f}x** ({1e3 * hand.median / 50:.2f} ms a step against {run:.3f} ms)"
        each = [20.0 * one for one in ratios(hand, times)]
        yield Row(name, shown, "" if bar is None else f">= {bar:g}x", None if bar is None else ratio >= bar, each, "x")
    simulation = mn.Simulation(made(50_000, side), device, drive, dt=dt)
    steps = 10 if quick else 30
    (times,) = in_turn(3, lambda: simulation.run(steps))
    each, step = [seconds / steps for seconds in times.each], times.median / steps
    what = "50,000 wires: a rate-balance step, recorded"
    yield Row(what, f"**{1e3 * step:.1f} ms**", "< 40 ms", step < 0.04, each, "s")
