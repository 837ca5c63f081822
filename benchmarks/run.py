"""What memnet is measured against: `make bench`, or `python benchmarks/run.py --quick`.

Prints a Markdown table. The two sides of a ratio are measured in turn in one process, and the median of several rounds
is taken. Times are CPU times of one thread, which on an idle machine are the times on the clock; what waits for
something else (Ctrl-C, importing) goes by the clock. Nothing here is asserted by a test.
"""

from __future__ import annotations

# ruff: noqa: E402
import os

# One BLAS thread for everybody; read when NumPy, SciPy and UMFPACK load their BLAS.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import argparse
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import interrupts
import membranes as sheets
import neurons as spiking
import numpy as np

import memnet as mn
from memnet import _core

FLOOR = 1e-12  # S; the other solvers fail below
SEED = 1
SEED_EVENTS = 1
PURE_A_STEPS = 500_000
DRIVE = {"left": 3.0, "right": 0.0}
VOLTAGE_ROLE = 1


class Row(NamedTuple):
    """One line of the table."""

    what: str
    measured: str
    bar: str
    good: bool | None


# ---------------------------------------------------------------- measuring


def in_turn(rounds: int, *sides: Callable[[], object], calls: int = 1) -> list[float]:
    """Median CPU time (s) of one call of each side, measured one after the other in every round.

    With several calls a round a side finds its data in the caches, as in a run of many steps.
    """
    times: list[list[float]] = [[] for _ in sides]
    for side in sides:
        side()
    for _ in range(rounds):
        for side, own in zip(sides, times, strict=True):
            start = time.process_time()
            for _ in range(calls):
                side()
            own.append((time.process_time() - start) / calls)
    return [statistics.median(own) for own in times]


def child(code: str, timeout: float = 600.0) -> str:
    """What a fresh Python prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=timeout, check=True)
    return done.stdout.strip()


def processor() -> str:
    """The CPU's own name."""
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


# ---------------------------------------------------------------- what is measured


def sample(size: float = 200.0, seed: int = SEED) -> mn.Network:
    return mn.percolating(size=size, coverage=0.65, seed=seed)


def mixture(net: mn.Network) -> mn.Simulation:
    devices = mn.mix(net, {mn.TunnelGap(): 0.75, mn.RateBalance(): 0.25}, seed=SEED + 1)
    return mn.Simulation(net, devices, drive=DRIVE, dt=1.0, seed=0)


def tunnelling(net: mn.Network) -> np.ndarray:
    """Conductances of open gaps (S): exp(-200 L), floored so that every solver can run."""
    return np.maximum(_core.exp(-200.0 * np.asarray(net.length)), FLOOR)


def factor_and_solve(net: mn.Network, backend: str, conductance: np.ndarray) -> Callable[[], object]:
    solver = _core.Solver(net.core, backend)
    names = list(net.electrodes)
    role = np.full(len(names), VOLTAGE_ROLE, dtype=np.uint8)
    value = np.array([DRIVE[name] for name in names])

    def once() -> object:
        solver.factor(conductance)
        return solver.solve(role, value)

    return once


def scipy_solve(net: mn.Network, conductance: np.ndarray, **options: object) -> Callable[[], object]:
    """SuperLU on the free nodes' Laplacian; the matrix is made outside of what is timed."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.linalg import splu

    a, b = np.asarray(net.edges).T
    n = net.n_nodes
    rows, columns = np.r_[a, b, a, b], np.r_[a, b, b, a]
    entries = np.r_[conductance, conductance, -conductance, -conductance]
    laplacian = coo_matrix((entries, (rows, columns)), shape=(n, n)).tocsc()
    fixed = np.zeros(n)
    free = np.ones(n, dtype=bool)
    for name, nodes in net.electrodes.items():
        fixed[nodes] = DRIVE[name]
        free[nodes] = False
    free &= connected(net)
    matrix = laplacian[free][:, free].tocsc()
    right = -(laplacian[free] @ fixed)

    def once() -> object:
        return splu(matrix, **options).solve(right)

    return once


def connected(net: mn.Network) -> np.ndarray:
    """Nodes with a path to an electrode."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    a, b = np.asarray(net.edges).T
    graph = coo_matrix((np.ones(len(a)), (a, b)), shape=(net.n_nodes, net.n_nodes))
    component = connected_components(graph, directed=False)[1]
    reached = {int(component[node]) for nodes in net.electrodes.values() for node in nodes}
    return np.isin(component, list(reached))


def solvers(quick: bool) -> Iterator[Row]:
    """One factorisation and solve against UMFPACK and SuperLU."""
    net = sample()
    g = tunnelling(net)
    best = {"permc_spec": "MMD_AT_PLUS_A", "diag_pivot_thresh": 0.0, "options": {"SymmetricMode": True}}
    backends = (factor_and_solve(net, name, g) for name in ("kron", "umfpack"))
    sides = (*backends, scipy_solve(net, g), scipy_solve(net, g, **best))
    kron, *others = in_turn(5 if quick else 21, *sides, calls=10)
    names = (
        "factor + solve, 200x200, floored at 1e-12 S: kron against umfpack (numeric + solve)",
        "the same: kron against SciPy splu + solve",
        "the same: kron against splu told that the matrix is symmetric (minimum degree, no pivoting)",
    )
    for name, other in zip(names, others, strict=True):
        ratio = other / kron
        yield Row(name, f"**{ratio:.0f}x** ({1e3 * kron:.3f} ms against {1e3 * other:.2f} ms)", ">= 40x", ratio >= 40.0)


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
    part, all_of_it = in_turn(3 if quick else 15, flips(partly, True), flips(whole, False))
    yield Row(
        f"one switched gap, 200x200: redo what it reaches (median {statistics.median(columns):.0f} columns)"
        " against all of it",
        f"**{all_of_it / part:.1f}x** ({1e6 * part / len(edges):.1f} us against {1e6 * all_of_it / len(edges):.1f} us)",
        "",
        None,
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
    many, each = in_turn(9 if quick else 41, lambda: solver.solve_many(g, role, value), one_by_one, calls=calls)
    yield Row(
        f"factor + solve of {n} replicas, 200x200: in SIMD lanes against one by one",
        f"**{each / many:.1f}x** ({1e6 * many / n:.1f} us a replica against {1e6 * each / n:.1f} us)",
        "",
        None,
    )


def stepping(quick: bool) -> Iterator[Row]:
    """A step of a mixture, everything included, against one factorisation and solve."""
    net = sample()
    simulation = mixture(net)
    simulation.run(200)
    solve = factor_and_solve(net, "kron", np.array(simulation.conductance))
    steps = 1_000 if quick else 4_000
    solves = 200 if quick else 800

    def many() -> None:
        for _ in range(solves):
            solve()

    run, reference = in_turn(3 if quick else 11, lambda: simulation.run(steps, record=["current"]), many)
    run, reference = run / steps, reference / solves
    yield Row(
        "a step of A:C = 75:25, 200x200, recording every step, against one factor + solve",
        f"**{run / reference:.2f}x** ({1e3 * run:.3f} ms; 500,000 steps in {run * 5e5:.0f} s)",
        "<= 2.5x (target 0.06 ms)",
        run / reference <= 2.5,
    )


def particles(quick: bool) -> Iterator[Row]:
    """A sub-step of diffusive memristors, everything included, against steps of rate balance."""
    net = mn.grid(24, 24, diagonals="none")
    drive = {"left": 1.0, "right": 0.0}
    of_particles, of_rates = (
        mn.Simulation(net, device, drive, dt=1e-3) for device in (mn.DiffusiveMemristor(), mn.RateBalance())
    )
    steps = 50 if quick else 200
    sides = (lambda: of_particles.step(steps), lambda: of_rates.step(20 * steps))
    one, twenty = in_turn(5 if quick else 15, *sides)
    one, other = one / steps, twenty / steps / 20
    n_particles = 40 * net.n_edges
    yield Row(
        f"a step of {net.n_edges} diffusive memristors of 40 particles, one sub-step, against one of RateBalance",
        f"**{one / other:.1f}x** ({1e6 * one:.0f} us, {1e9 * one / n_particles:.1f} ns a particle)",
        "<= 20x",
        one / other <= 20.0,
    )


def silver_mixture(quick: bool) -> Iterator[Row]:
    """Spiking gaps with a few diffusive memristors among them, over 200 / kappa: what a step costs, and what spikes."""
    kappa, dt = 0.05, 1.0
    steps = 400 if quick else round(200.0 / kappa / dt)
    nets = [sample(seed=seed) for seed in range(1, 2 if quick else 4)]
    silver = mn.DiffusiveMemristor(kappa=kappa, v_th=0.1, r_t=1.0)

    def run(net: mn.Network, device: mn.devices.Device, share: float) -> tuple[float, int]:
        devices = mn.mix(net, {mn.TunnelGap(): 1.0 - share, device: share}, seed=SEED + 1) if share else mn.TunnelGap()
        simulation = mn.Simulation(net, devices, drive={"left": 2.0, "right": 0.0}, dt=dt, seed=0)
        start = time.process_time()
        data = simulation.run(steps, record=["current"])
        return time.process_time() - start, data.sizes["event"]

    share = 0.01
    pure, rates, mixed = (
        [run(net, device, part) for net in nets]
        for device, part in ((mn.TunnelGap(), 0.0), (mn.RateBalance(), share), (silver, share))
    )
    one, other = (statistics.median(seconds for seconds, _ in side) / steps for side in (mixed, rates))
    events = "; ".join(f"{a} and {b}" for (_, a), (_, b) in zip(mixed, pure, strict=True))
    yield Row(
        f"A with {share:.0%} diffusive memristors ({round(share * nets[0].n_edges)} of {nets[0].n_edges}), 200x200,"
        f" {steps:,} steps of 0.05 / kappa, against A with {share:.0%} RateBalance; events with and without,"
        f" {len(nets)} networks",
        f"**{one / other:.1f}x** ({1e3 * one:.2f} ms a step, {one * steps:.1f} s); {events}",
        "",
        None,
    )


def pure_a(quick: bool) -> Iterator[Row]:
    """A network of spiking gaps alone: stepped between events, or solved incrementally at every step."""
    net = sample(seed=SEED_EVENTS)
    steps = 50_000 if quick else PURE_A_STEPS
    drive = {"left": 2.0, "right": 0.0}

    def run(event_driven: bool) -> tuple[float, int]:
        simulation = mn.Simulation(net, mn.TunnelGap(), drive=drive, dt=1.0, seed=0, event_driven=event_driven)
        start = time.process_time()
        data = simulation.run(steps, record=["current"])
        return time.process_time() - start, data.sizes["event"]

    pairs = [(run(True), run(False)) for _ in range(1 if quick else 3)]
    assert all(fast[1] == slow[1] for fast, slow in pairs)
    fast = statistics.median(pair[0][0] for pair in pairs)
    slow = statistics.median(pair[1][0] for pair in pairs)
    rate = pairs[0][0][1] / steps
    yield Row(
        f"pure A, 200x200, 2 V, seed {SEED_EVENTS}, {steps:,} steps, {rate:.4f} events a step",
        f"**{fast:.2f} s**",
        f"< {5.0 * steps / PURE_A_STEPS:g} s",
        fast < 5.0 * steps / PURE_A_STEPS,
    )
    yield Row(
        "the same against solving incrementally at every step",
        f"**{slow / fast:.1f}x** ({slow:.2f} s)",
        ">= 5x",
        slow / fast >= 5.0,
    )


LARGE = """
import resource, time
import memnet as mn
start = time.process_time()
net = mn.percolating(size=800, coverage=0.65, seed={seed})
print(time.process_time() - start)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / {unit})
print(net.info["n_discs"])
"""


def large(quick: bool) -> Iterator[Row]:
    """The 800x800 network: made in a fresh process, then stepped here."""
    unit = 1e6 if sys.platform == "darwin" else 1e3
    code = LARGE.format(seed=SEED, unit=unit)
    runs = [[float(x) for x in child(code).split()] for _ in range(1 if quick else 5)]
    seconds = statistics.median(run[0] for run in runs)
    peak = max(run[1] for run in runs)
    yield Row(f"800x800 ({runs[0][2]:,.0f} discs): generation", f"**{seconds:.2f} s**", "< 2 s", seconds < 2.0)
    yield Row("the same: peak memory of the process", f"**{peak:.0f} MB**", "< 600 MB", peak < 600.0)
    simulation = mixture(sample(size=800.0))
    simulation.run(20)
    steps = 50 if quick else 200
    (step,) = in_turn(3 if quick else 7, lambda: simulation.run(steps, record=["current"]))
    step /= steps
    yield Row("the same: a step of A:C = 75:25, recording", f"**{1e3 * step:.2f} ms**", "< 2.5 ms", step < 2.5e-3)


MEMORY = """
import resource
import memnet as mn, xarray
net = mn.percolating(size=200, coverage=0.65, seed={seed})
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / {unit}
def now():
    for line in open("/proc/self/status"):
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1e3
    return peak()
before = now()
devices = {devices}
simulation = mn.Simulation(net, devices, drive={{"left": 3.0, "right": 0.0}}, dt=1.0, seed=0)
data = simulation.run({steps}, record=["current"])
print(peak() - before, data.sizes["event"])
"""


def memory(quick: bool) -> Iterator[Row]:
    """What a long recorded run takes above the network it runs on."""
    unit = 1e6 if sys.platform == "darwin" else 1e3
    steps = 50_000 if quick else 500_000
    mixed = "mn.mix(net, {mn.TunnelGap(): 0.75, mn.RateBalance(): 0.25}, seed=2)"
    above, events = child(MEMORY.format(seed=SEED, unit=unit, steps=steps, devices=mixed)).split()
    yield Row(
        f"A:C = 75:25, {steps:,} steps, two currents and {int(events):,} events recorded: memory above the network",
        f"**{float(above):.0f} MB**",
        "< 200 MB",
        float(above) < 200.0,
    )


IMPORT = """
import time
start = time.perf_counter()
import memnet
seconds = time.perf_counter() - start
import sys
print(seconds, int("matplotlib" in sys.modules or "xarray" in sys.modules))
"""


def importing(quick: bool) -> Iterator[Row]:
    """How long `import memnet` takes in a fresh process: the shortest, since what else runs can only add to it."""
    found = [child(IMPORT).split() for _ in range(5 if quick else 15)]
    seconds = min(float(time_taken) for time_taken, _ in found)
    lazy = not any(int(loaded) for _, loaded in found)
    yield Row(
        f"import memnet, best of {len(found)} ({'without' if lazy else 'WITH'} matplotlib and xarray)",
        f"**{seconds:.3f} s**",
        "< 0.3 s",
        seconds < 0.3 and lazy,
    )


def interrupt(quick: bool) -> Iterator[Row]:
    """From Ctrl-C to KeyboardInterrupt, at different moments of each long call; `interrupts.py` tells more."""
    for name, call in interrupts.CALLS.items():
        found = interrupts.measure(call, 2 if quick else 5)
        if found.delays:
            middle, worst = statistics.median(found.delays), max(found.delays)
            yield Row(
                f"Ctrl-C in {name}: median, worst of {len(found.delays)}",
                f"**{middle:.2f} s, {worst:.2f} s**",
                "0.2 s, 0.5 s",
                middle <= 0.2 and worst <= 0.5,
            )


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
    (small,) = in_turn(rounds, lambda: made(1_500, 500.0), calls=5)
    what = "nanowires, 500x500, length 40 +- 14"
    yield Row(f"1,500 {what}: generation", f"**{1e3 * small:.1f} ms**", "< 20 ms", small < 0.02)
    (large,) = in_turn(min(rounds, 5), lambda: made(50_000, side))
    yield Row("50,000 of the same density: generation", f"**{large:.3f} s**", "< 0.5 s", large < 0.5)

    net = made(1_500, 500.0)
    dt = 0.05
    best = {"permc_spec": "MMD_AT_PLUS_A", "diag_pivot_thresh": 0.0, "options": {"SymmetricMode": True}}
    plain, told = by_hand(net, device, drive, dt), by_hand(net, device, drive, dt, **best)
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

    run, *slow = in_turn(rounds, fresh, many(plain), many(told))
    yield Row("1,500 wires: the first 1,000 rate-balance steps, recorded", f"**{run:.3f} s**", "< 0.3 s", run < 0.3)
    for name, seconds, bar in (
        ("the same steps by hand with NumPy and SciPy (pattern kept, splu)", slow[0], 20.0),
        ("the same with splu told that the matrix is symmetric (minimum degree, no pivoting)", slow[1], None),
    ):
        ratio = 20.0 * seconds / run
        shown = f"**{ratio:.0f}x** ({1e3 * seconds / 50:.2f} ms a step against {run:.3f} ms)"
        yield Row(name, shown, "" if bar is None else f">= {bar:g}x", None if bar is None else ratio >= bar)
    simulation = mn.Simulation(made(50_000, side), device, drive, dt=dt)
    (step,) = in_turn(3, lambda: simulation.run(10 if quick else 30))
    step /= 10 if quick else 30
    yield Row("50,000 wires: a rate-balance step, recorded", f"**{1e3 * step:.1f} ms**", "< 40 ms", step < 0.04)


def spectra(quick: bool) -> Iterator[Row]:
    """Impedances of networks, and whether a sine in time measures the same."""
    net = sample()
    wires = mn.nanowires(1_500, size=500.0, length=40.0, length_sd=14.0, seed=40)
    mixed = mn.mix(net, {mn.TunnelGap(): 0.75, mn.RateBalance(): 0.25}, seed=2)
    frequency = np.geomspace(1e-3, 1e3, 60)
    for what, simulation in (
        ("A:C = 75:25, 200x200", mn.Simulation(net, mixed, {"left": 0.5, "right": 0.0})),
        ("1,500 wires", mn.Simulation(wires, mn.RateBalance(), {"left": 0.5, "right": 0.0})),
    ):
        (took,) = in_turn(1 if quick else 3, lambda sim=simulation: mn.impedance(sim, frequency=frequency))
        yield Row(f"{what}: impedance at 60 frequencies", f"**{took:.2f} s**", "< 10 s", took < 10.0)
        few = [1e-3, 1e-2, 1e-1]
        exact = mn.impedance(simulation, frequency=few)
        measured = mn.impedance_by_sine(simulation, frequency=few, rtol=1e-6)
        off = float(np.abs(measured.values / exact.values - 1.0).max())
        yield Row(f"{what}: largest difference from a sine at 3 frequencies", f"**{off:.0e}**", "< 1e-5", off < 1e-5)


def membranes(quick: bool) -> Iterator[Row]:
    """A sheet of nerve membranes with a wave through it, and the same sheet in Brian 2."""
    size, duration = (30, 0.01) if quick else (100, 0.05)
    what = f"{size} x {size} membranes of Hodgkin and Huxley, {1e3 * duration:g} ms"
    ours = sheets.wave(size, duration, rtol=0.1)
    half = sheets.wave(size, duration, rtol=0.1 / 8.0)  # errors go with the third power of a step
    off = abs(ours.speed / half.speed - 1.0)
    yield Row(f"{what}: adaptive, rtol 0.1", f"**{ours.seconds:.1f} s**", "< 60 s", ours.seconds < 60.0)
    yield Row(
        f"the same: speed of the wave against half the step ({half.seconds:.1f} s)",
        f"**{off:.0e}**",
        "< 1e-3",
        off < 1e-3,
    )
    python = sheets.brian_python()
    if python is None:
        yield Row("the same in Brian 2", "skipped: set MEMNET_BRIAN to a Python that has it", "", None)
        return
    same, shorter = 1e-5, 2.5e-6
    for dt in (same, shorter):
        theirs = sheets.brian_wave(python, size, duration, dt=dt)
        off = abs(theirs.speed / half.speed - 1.0)
        name = f"the same: Brian 2, rk4, dt {1e6 * dt:g} us, whose speed is off by {off:.0e}"
        yield Row(name, f"**{theirs.seconds / ours.seconds:.2f}x** ({theirs.seconds:.1f} s)", "", None)
    fixed, theirs_step = sheets.fixed_step(size, 20 * same, dt=same), theirs.seconds / theirs.steps
    name = f"the same: a step of {1e6 * same:g} us, fixed and implicit, against one of Brian 2"
    yield Row(
        name, f"**{theirs_step / fixed:.2f}x** ({1e3 * theirs_step:.2f} ms against {1e3 * fixed:.1f} ms)", "", None
    )


def neurons(quick: bool) -> Iterator[Row]:
    """An array with neurons at virtual ground, and the same network in Brian 2, without a circuit."""
    n_steps = 200 if quick else 2000
    what = "1,000 neurons at virtual ground behind 80,000 memristors, with reactions, 1 s in steps of 0.1 ms"
    ours = spiking.cost(spiking.NEURON, n_steps)
    seconds = ours.step / spiking.DT
    yield Row(what, f"**{seconds:.1f} s**", "< 60 s", seconds < 60.0)
    python = sheets.brian_python()
    if python is None:
        yield Row("the same in Brian 2", "skipped: set MEMNET_BRIAN to a Python that has it", "", None)
        return
    for name, memristive in (("without a circuit", True), ("without a circuit, synapses that do not change", False)):
        theirs = spiking.brian_cost(python, n_steps, memristive=memristive)
        ratio = f"**{theirs.step / ours.step:.2f}x** ({theirs.step / spiking.DT:.1f} s)"
        yield Row(f"the same: Brian 2, {name}", ratio, "", None)


SHORT_RUNS = """
import memnet as mn

def resident():
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * 4096

net = mn.percolating(40, coverage=0.65, seed=1)
simulation = mn.Simulation(net, mn.TunnelGap(), {"left": 1.0, "right": 0.0})
for _ in range(1_000):
    simulation.run(1)
before = resident()
for _ in range(%d):
    simulation.run(1)
print(resident() - before)
"""


def short_runs(quick: bool) -> Iterator[Row]:
    """What a run of one step costs beside the step, and whether many of them leave anything behind."""
    simulation = mn.Simulation(mn.percolating(40, coverage=0.65, seed=1), mn.TunnelGap(), DRIVE)
    run, step = in_turn(5 if quick else 21, lambda: simulation.run(1), simulation.step, calls=20)
    above = 1e3 * (run - step)
    yield Row("`run(1)`, above a step", f"**{above:.2f} ms**", "< 0.8 ms (xarray: 0.5 ms)", above < 0.8)
    count = 10_000 if quick else 100_000
    growth = int(child(SHORT_RUNS % count))
    yield Row(
        f"memory after {count:,} of them, above that after 1,000",
        f"**{growth / 1e6:.1f} MB**",
        "no growth (1 MB)",
        growth < 1e6,
    )


BENCHMARKS: dict[str, Callable[[bool], Iterator[Row]]] = {
    "solvers": solvers,
    "gather": gather,
    "replicas": replicas,
    "stepping": stepping,
    "particles": particles,
    "silver_mixture": silver_mixture,
    "pure_a": pure_a,
    "large": large,
    "nanowires": nanowires,
    "spectra": spectra,
    "membranes": membranes,
    "neurons": neurons,
    "memory": memory,
    "short_runs": short_runs,
    "importing": importing,
    "interrupt": interrupt,
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure memnet; prints a Markdown table.")
    parser.add_argument("--quick", action="store_true", help="fewer rounds and shorter runs")
    parser.add_argument("names", nargs="*", choices=[[], *BENCHMARKS], help="only these")
    options = parser.parse_args()
    versions = f"Python {platform.python_version()}, memnet {mn.__version__}"
    print(f"{processor()}, {os.cpu_count()} cores, one used; {versions}")
    load = os.getloadavg()[0]
    print(f"Load of the machine when it began: {load:.1f}. Both sides of a ratio are measured in turn; CPU times.\n")
    print("| what | measured | bar | |\n|---|---|---|---|")
    for name in options.names or BENCHMARKS:
        for row in BENCHMARKS[name](options.quick):
            verdict = "" if row.good is None else "met" if row.good else "**missed**"
            print(f"| {row.what} | {row.measured} | {row.bar} | {verdict} |", flush=True)


if __name__ == "__main__":
    main()
