"""Steps, everything included: of mixtures, of particles, of spiking gaps between their events."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator

import numpy as np
from measuring import Row, Times, in_turn, ratios
from systems import DRIVE, SEED, SYSTEMS, System, driven_solver, factor_and_solve, mixture, sample

import memnet as mn
from rows.solvers import scipy_solve

PURE_A_STEPS = 500_000


SEED_EVENTS = 1


def stepping(quick: bool) -> Iterator[Row]:
    """A step of a mixture, everything included, against one factorisation and solve."""
    net = sample()
    simulation = mixture(net)
    simulation.run(200)
    voltage = np.array([DRIVE[name] for name in net.electrodes])
    system = System(net, np.array(simulation.conductance), voltage)
    solve = factor_and_solve(system, driven_solver(net))
    superlu = scipy_solve(SYSTEMS["discs200"]())
    steps = 1_000 if quick else 4_000
    solves = 200 if quick else 800

    def many() -> None:
        for _ in range(solves):
            solve()

    sides = in_turn(3 if quick else 11, lambda: simulation.run(steps, record=["current"]), many, superlu)
    each = [Times([t / n for t in side.each]) for side, n in zip(sides, (steps, solves, 1), strict=True)]
    run, reference, other = (side.median for side in each)
    yield Row(
        "a step of A:C = 75:25, 200x200, recording every step, against one factor + solve",
        f"**{run / reference:.2f}x** ({1e3 * run:.3f} ms; 500,000 steps in {run * 5e5:.0f} s)",
        "<= 2.5x (target 0.06 ms)",
        run / reference <= 2.5,
        ratios(each[0], each[1]),
        "x",
    )
    yield Row(
        "the same step, against SciPy's splu + solve alone",
        f"**{other / run:.0f}x** ({1e3 * other:.2f} ms)",
        ">= 65x",
        other / run >= 65.0,
        ratios(each[2], each[0]),
        "x",
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
    rounds = in_turn(5 if quick else 15, *sides)
    one, other = rounds[0].median / steps, rounds[1].median / steps / 20
    n_particles = 40 * net.n_edges
    yield Row(
        f"a step of {net.n_edges} diffusive memristors of 40 particles, one sub-step, against one of RateBalance",
        f"**{one / other:.1f}x** ({1e6 * one:.0f} us, {1e9 * one / n_particles:.1f} ns a particle)",
        "<= 20x",
        one / other <= 20.0,
        [20.0 * ratio for ratio in ratios(*rounds)],
        "x",
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
        [a / b for (a, _), (b, _) in zip(mixed, rates, strict=True)],
        "x",
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
        [seconds for (seconds, _), _ in pairs],
        "s",
    )
    yield Row(
        "the same against solving incrementally at every step",
        f"**{slow / fast:.1f}x** ({slow:.2f} s)",
        ">= 5x",
        slow / fast >= 5.0,
        [b / a for (a, _), (b, _) in pairs],
        "x",
    )
