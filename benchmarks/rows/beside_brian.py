"""What Brian 2 simulates, too, where MEMNET_BRIAN names a Python that has it: membranes and neurons."""

from __future__ import annotations

from collections.abc import Iterator

import membranes as sheets
import neurons as spiking
from measuring import Row


def membranes(quick: bool) -> Iterator[Row]:
    """A sheet of nerve membranes with a wave through it, and the same sheet in Brian 2."""
    size, duration = (30, 0.01) if quick else (100, 0.05)
    what = f"{size} x {size} membranes of Hodgkin and Huxley, {1e3 * duration:g} ms"
    ours = sheets.wave(size, duration, rtol=0.1)
    half = sheets.wave(size, duration, rtol=0.1 / 8.0)  # errors go with the third power of a step
    off = abs(ours.speed / half.speed - 1.0)
    yield Row(
        f"{what}: adaptive, rtol 0.1", f"**{ours.seconds:.1f} s**", "< 60 s", ours.seconds < 60.0, [ours.seconds], "s"
    )
    yield Row(
        f"the same: speed of the wave against half the step ({half.seconds:.1f} s)",
        f"**{off:.0e}**",
        "< 1e-3",
        off < 1e-3,
        [off],
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
        ratio = theirs.seconds / ours.seconds
        yield Row(name, f"**{ratio:.2f}x** ({theirs.seconds:.1f} s)", "", None, [ratio], "x")
    fixed, theirs_step = sheets.fixed_step(size, 20 * same, dt=same), theirs.seconds / theirs.steps
    name = f"the same: a step of {1e6 * same:g} us, fixed and implicit, against one of Brian 2"
    ratio = theirs_step / fixed
    shown = f"**{ratio:.2f}x** ({1e3 * theirs_step:.2f} ms against {1e3 * fixed:.1f} ms)"
    yield Row(name, shown, "", None, [ratio], "x")


def neurons(quick: bool) -> Iterator[Row]:
    """An array with neurons at virtual ground, and the same network in Brian 2, without a circuit."""
    n_steps = 200 if quick else 2000
    what = "1,000 neurons at virtual ground behind 80,000 memristors, with reactions, 1 s in steps of 0.1 ms"
    ours = spiking.cost(spiking.NEURON, n_steps)
    seconds = ours.step / spiking.DT
    yield Row(what, f"**{seconds:.1f} s**", "< 60 s", seconds < 60.0, [seconds], "s")
    python = sheets.brian_python()
    if python is None:
        yield Row("the same in Brian 2", "skipped: set MEMNET_BRIAN to a Python that has it", "", None)
        return
    for name, memristive in (("without a circuit", True), ("without a circuit, synapses that do not change", False)):
        theirs = spiking.brian_cost(python, n_steps, memristive=memristive)
        ratio = theirs.step / ours.step
        shown = f"**{ratio:.2f}x** ({theirs.step / spiking.DT:.1f} s)"
        yield Row(f"the same: Brian 2, {name}", shown, "", None, [ratio], "x")
