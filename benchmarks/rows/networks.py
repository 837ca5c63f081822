"""Factor + solve and steps of wires, lattices, crossbars with lines, random networks; CHOLMOD and KLU beside them."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
from compiled import Unavailable
from laplacian import reduced
from measuring import Row, Times, in_turn, ratios, shown
from peers import PEERS, Peer, blas
from systems import SYSTEMS, System, driven_solver, factor_and_solve, moving

from memnet import _core

# Those that must be three times as fast as the best peer, those that are only shown, and those that take minutes there.
AGAINST_PEERS = ("wires1k", "dense1k", "wires10k", "wires50k", "dense50k")
BESIDE_PEERS = ("dense10k", "grid200", "crossbar128", "crossbar256", "discs200")
SLOW_PEERS = ("dense50k", "crossbar256")
PEER_BAR = 3.0
LATTICES = ("dense1k", "dense10k", "dense50k", "grid200", "grid500", "random8k")
CROSSBARS = ("crossbar128", "crossbar256", "crossbar512")
# Seconds: of the analysis and of factor + solve.
BARS = {"crossbar512": (15.0, 3.0)}


def analysed(name: str) -> tuple[System, _core.Solver, float]:
    """Return a system, its solver, and the CPU seconds that the analysis took."""
    system = SYSTEMS[name]()
    start = time.process_time()
    solver = driven_solver(system.net)
    return system, solver, time.process_time() - start


def timed(what: str, times: Times, bar: float | None = None) -> Row:
    """Return the row of a time, with a bar in seconds."""
    good = None if bar is None else times.median < bar
    return Row(what, f"**{shown(times.median)}**", "" if bar is None else f"< {bar:g} s", good, times.each, "s")


def rounds_of(times: float, quick: bool) -> int:
    """Return how many rounds suit what takes so many seconds."""
    return 3 if quick or times > 1.0 else 5 if times > 0.1 else 15


def lattices(quick: bool) -> Iterator[Row]:
    """Dense wires, grids and random networks."""
    for name in LATTICES:
        yield from factoring(name, quick)


def crossbars(quick: bool) -> Iterator[Row]:
    """Crossbars with line resistance, and a step of rate balance in them."""
    for name in CROSSBARS[:2] if quick else CROSSBARS:
        yield from factoring(name, quick)
        sim = moving(SYSTEMS[name]())
        (times,) = in_turn(rounds_of(0.2, quick), lambda sim=sim: sim.step(1))
        yield timed(f"{name}: a step of rate balance", times)


def factoring(name: str, quick: bool) -> Iterator[Row]:
    """The analysis, once, and factor + solve."""
    system, solver, seconds = analysed(name)
    analysis, least = BARS.get(name, (None, None))
    size = f"{system.net.n_nodes:,} nodes, {system.net.n_edges:,} edges"
    yield timed(f"{name} ({size}): analysis", Times([seconds]), analysis)
    once = factor_and_solve(system, solver)
    (first,) = in_turn(1, once)
    (times,) = in_turn(rounds_of(first.least, quick), once, calls=max(1, round(0.02 / first.least)))
    info = solver.info()
    yield timed(f"{name}: factor + solve", times, least)
    million = info["n_updates"] / 1e6
    yield Row(f"{name}: millions of updates", f"{million:.4g}", "", None, [million], "M")
    yield Row(f"{name}: memory of the solver", f"{info['bytes'] / 1e6:.1f} MB", "", None, [info["bytes"] / 1e6], "MB")


def peers(quick: bool) -> Iterator[Row]:
    """Factor + solve against the best of CHOLMOD and KLU, which get their matrix ready."""
    for name in AGAINST_PEERS + BESIDE_PEERS:
        what = f"{name}: factor + solve, kron against the best of CHOLMOD and KLU"
        if quick and name in SLOW_PEERS:
            yield Row(what, "skipped: takes minutes, not with --quick", "", None)
            continue
        try:
            yield against_peers(name, what, quick)
        except Unavailable as error:
            yield Row(what, f"skipped: {error}", "", None)
            return
    yield Row("the BLAS of CHOLMOD's supernodal form", blas(), "", None)


def against_peers(name: str, what: str, quick: bool) -> Row:
    """Time each peer thrice, then take turns with the fastest."""
    system, solver, _ = analysed(name)
    ours = factor_and_solve(system, solver)
    system_of_peers = reduced(*system)
    tried: dict[str, float] = {}
    for one in PEERS:
        peer = Peer(one, system_of_peers)
        found = peer()
        potential = ours()["potential"][system_of_peers.free]
        # Nothing but conductances over many decades parts them, by which the peers suffer.
        assert np.abs(found - potential).max() <= 1e-3 * np.abs(system.voltage).max()
        (times,) = in_turn(1 if name in SLOW_PEERS else 3, peer)
        tried[one] = times.least
        peer.close()
    best = min(tried, key=lambda one: tried[one])
    peer = Peer(best, system_of_peers)
    calls = max(1, round(0.05 / tried[best]))
    kron, other = in_turn(rounds_of(tried[best], quick), ours, peer, calls=calls)
    peer.close()
    ratio = other.median / kron.median
    others = ", ".join(f"{one} {shown(seconds)}" for one, seconds in tried.items() if one != best)
    measured = f"**{ratio:.1f}x** ({shown(kron.median)} against {shown(other.median)} of {best}; least {others})"
    bar = f">= {PEER_BAR:g}x" if name in AGAINST_PEERS else ""
    return Row(what, measured, bar, ratio >= PEER_BAR if bar else None, ratios(other, kron), "x")
