"""Several threads for one network: the ratio on the clock, and whether the bits are the same."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator

import numpy as np
from measuring import Row, in_turn, ratios, shown
from systems import SYSTEMS, mixture, moving, sample

import memnet as mn

THREADS = 2
BAR = 1.5
MAKERS: dict[str, Callable[..., mn.Simulation]] = {
    "wires50k": lambda **options: moving(SYSTEMS["wires50k"](), **options),
    "A:C, 800x800": lambda **options: mixture(sample(800.0), **options),
    "crossbar256": lambda **options: moving(SYSTEMS["crossbar256"](), **options),
}


def state(sim: mn.Simulation) -> bytes:
    """Return everything that must be the same in the last bit."""
    return b"".join(np.ascontiguousarray(part).tobytes() for part in (sim.potential, sim.conductance))


def threads(quick: bool) -> Iterator[Row]:
    """Steps of one simulation with one thread and with two."""
    for name, made in MAKERS.items():
        sims = [made(threads=n) for n in (1, THREADS)]
        start = time.perf_counter()
        sims[0].step(3)
        sims[1].step(3)
        calls = max(1, round(0.2 * 6 / (time.perf_counter() - start)))
        steps = [lambda sim=sim: sim.step(1) for sim in sims]
        one, several = in_turn(3 if quick else 9, *steps, calls=calls, clock=time.perf_counter)
        same = state(sims[0]) == state(sims[1])
        ratio = one.median / several.median
        yield Row(
            f"{name}: a step with {THREADS} threads against one, on the clock ({os.cpu_count()} cores)",
            f"**{ratio:.2f}x** ({shown(several.median)} against {shown(one.median)});"
            f" {'same' if same else 'OTHER'} bits",
            f">= {BAR:g}x, same bits",
            ratio >= BAR and same,
            ratios(one, several),
            "x",
        )
