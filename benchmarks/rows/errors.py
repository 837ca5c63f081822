"""Errors of potentials and currents on everything that is measured: against quad precision, or proved bounds."""

from __future__ import annotations

from collections.abc import Iterator

import exact
import numpy as np
from compiled import Unavailable
from measuring import Row
from systems import SYSTEMS, System, driven_solver, factor_and_solve, sample

from memnet import _core

BAR = 1e-13
FILAMENTS, FILAMENT = 0.1, 10.0  # their part of the gaps, and S
# Solved in quad precision, in at most a minute each; the others have proved bounds, which discs with nothing floored
# cannot have: groups behind gaps of 1e-87 S are as good as cut off, and no residual tells where they are.
SMALL = ("discs200", "discs800", "wires1k", "dense1k", "wires10k")
MIDDLE = ("wires50k", "grid200", "crossbar128", "discs4000")
LARGE = ("dense10k", "dense50k", "grid500", "crossbar256", "crossbar512", "random8k")


def spiking(size: float) -> System:
    """Return discs with nothing floored, exp(-200 L), some of whose gaps have closed."""
    net = sample(size)
    conductance = _core.exp(-200.0 * np.asarray(net.length))
    closed = np.random.default_rng(1).random(net.n_edges) < FILAMENTS
    voltage = np.array([3.0 if name == "left" else 0.0 for name in net.electrodes])
    return System(net, np.where(closed, FILAMENT, conductance), voltage)


def made(name: str) -> System:
    """Return a system whose terminal currents do not cancel, or their relative errors would have no bound.

    With words at several voltages the current of a word in the middle can be any small difference of what comes from
    some words and goes to others.
    """
    if name.startswith("discs"):
        return spiking(float(name.removeprefix("discs")))
    system = SYSTEMS[name]()
    return system._replace(voltage=np.where(system.voltage > 0.0, 1.0, 0.0))


def errors(quick: bool) -> Iterator[Row]:
    """Largest relative error of a potential and of a terminal current of each network, all electrodes driven."""
    solved = SMALL if quick else SMALL + MIDDLE
    proved = MIDDLE[:3] if quick else LARGE
    for name in solved + proved:
        system = made(name)
        found = factor_and_solve(system, driven_solver(system.net))()
        try:
            if name in solved:
                how, truth = "against an elimination in quad precision", exact.eliminated(system)[0]
            else:
                how, truth = "proved by residuals in quad precision", exact.enclosed(system, found["potential"])
        except Unavailable as error:
            yield Row("errors", f"skipped: {error}", "", None)
            return
        off = exact.errors(system, truth, found["potential"], found["current"])
        for what, error in (("potentials", off.potential), ("terminal currents, none of which cancels", off.current)):
            yield Row(
                f"{name}: relative error of {what}, {how}", f"**{error:.1e}**", f"<= {BAR:g}", error <= BAR, [error]
            )
