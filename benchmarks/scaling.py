"""How factor + solve and steps grow with the size of a network: exponents, with their errors, and a picture.

    python benchmarks/scaling.py [--quick] [--into build/bench] [kind ...]

A line through the logarithms of times (least of some rounds) and of numbers of nodes, by least squares; the error of
an exponent is the standard error of that slope, so it tells how far from a power law the times are. Small networks lie
in the caches and large ones do not, which the picture shows as bends. Prints a Markdown table and draws
`scaling.png`, with matplotlib.
"""

from __future__ import annotations

import measuring  # first: one BLAS thread

# isort: split
import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import systems
from systems import System

import memnet as mn

TURN = 0.02  # s of calls in a round


class Kind(NamedTuple):
    """Networks of several sizes, smallest first, and the run that is stepped on them."""

    made: Callable[[int], System]
    sizes: Sequence[int]
    stepped: Callable[[System], mn.Simulation]


class Exponent(NamedTuple):
    """The slope of a line through logarithms, its standard error, and the factor before the power."""

    value: float
    error: float
    factor: float


class Curve(NamedTuple):
    """Seconds of each size of a kind."""

    nodes: list[int]
    solve: list[float]
    step: list[float]


def of_mixture(system: System) -> mn.Simulation:
    return systems.mixture(system.net)


KINDS = {
    "discs": Kind(lambda side: systems.discs(float(side)), (100, 200, 400, 800, 1600), of_mixture),
    "wires": Kind(systems.wires, (1_000, 3_000, 10_000, 30_000, 100_000), systems.moving),
    "grids": Kind(systems.grid, (30, 60, 120, 240, 480), systems.moving),
    "crossbars": Kind(systems.crossbar, (16, 32, 64, 128, 256), systems.moving),
}
KEPT = 3  # sizes with --quick: the smallest


def exponent(sizes: Sequence[float], seconds: Sequence[float]) -> Exponent:
    """Return the exponent of a power law through three sizes or more."""
    if len(sizes) < 3:
        raise ValueError(f"an exponent with an error needs 3 sizes or more, got {len(sizes)}")
    x, y = np.log(sizes), np.log(seconds)
    away = x - x.mean()
    slope = float(away @ (y - y.mean()) / (away @ away))
    offset = float(y.mean() - slope * x.mean())
    left = y - offset - slope * x
    return Exponent(slope, float(np.sqrt(left @ left / (len(x) - 2) / (away @ away))), float(np.exp(offset)))


def least(call: Callable[[], object], rounds: int) -> float:
    """Return the least seconds of a call."""
    (first,) = measuring.in_turn(1, call)
    calls = max(1, round(TURN / max(first.least, 1e-9)))
    (times,) = measuring.in_turn(rounds, call, calls=calls)
    return times.least


def measured(kind: Kind, quick: bool) -> Curve:
    """Time every size of a kind."""
    curve = Curve([], [], [])
    for size in kind.sizes[:KEPT] if quick else kind.sizes:
        system = kind.made(size)
        curve.nodes.append(system.net.n_nodes)
        solver = systems.driven_solver(system.net)
        rounds = 3 if quick else 7
        curve.solve.append(least(systems.factor_and_solve(system, solver), rounds))
        sim = kind.stepped(system)
        sim.step(20)
        curve.step.append(least(sim.step, rounds))
    return curve


def draw(curves: dict[str, Curve], file: Path) -> None:
    """Draw the times and the lines through them."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, panels = pyplot.subplots(1, 2, figsize=(9.0, 4.0), sharey=True, constrained_layout=True)
    for panel, what in zip(panels, ("solve", "step"), strict=True):
        for k, (name, curve) in enumerate(curves.items()):
            seconds = getattr(curve, what)
            law = exponent(curve.nodes, seconds)
            colour = f"C{k}"
            panel.loglog(curve.nodes, 1e3 * np.array(seconds), "o", color=colour)
            ends = np.array([curve.nodes[0], curve.nodes[-1]])
            label = f"{name}: {law.value:.2f} ± {law.error:.2f}"
            panel.loglog(ends, 1e3 * law.factor * ends**law.value, color=colour, lw=1.0, label=label)
        panel.set(xlabel="nodes", title="factor + solve" if what == "solve" else "a step")
        panel.legend(title="exponent")
    panels[0].set_ylabel("time (ms)")
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=150)
    pyplot.close(figure)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help=f"the {KEPT} smallest sizes, fewer rounds")
    parser.add_argument("--into", type=Path, default=measuring.ROOT / "build" / "bench", help="where the picture goes")
    parser.add_argument("kinds", nargs="*", choices=[[], *KINDS], help="only these")
    options = parser.parse_args()
    print(f"{measuring.processor()}, load {measuring.load():.1f} when it began\n")
    print("| kind | nodes | factor + solve | exponent | a step | exponent |\n|---|---|---|---|---|---|")
    curves = {}
    for name in options.kinds or KINDS:
        curve = curves[name] = measured(KINDS[name], options.quick)
        solve, step = (exponent(curve.nodes, seconds) for seconds in (curve.solve, curve.step))
        nodes = f"{curve.nodes[0]:,} to {curve.nodes[-1]:,}"
        times = [f"{measuring.shown(one[0])} to {measuring.shown(one[-1])}" for one in (curve.solve, curve.step)]
        laws = [f"{law.value:.2f} ± {law.error:.2f}" for law in (solve, step)]
        print(f"| {name} | {nodes} | {times[0]} | {laws[0]} | {times[1]} | {laws[1]} |", flush=True)
    file = options.into / "scaling.png"
    draw(curves, file)
    print(f"\ndrawn in {file}")


if __name__ == "__main__":
    main()
