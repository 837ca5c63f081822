"""Cycles of pores under a sine, and what is told of a loop: class, crossings, areas, where a pore opens and closes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from memnet import analysis, drive
from memnet.analysis import LoopClass
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.devices import Device
from memnet.response import periodic
from memnet.simulate import Circuit, Simulation

if TYPE_CHECKING:
    import xarray as xr

# After the first, which tells how quickly a pore forgets, others take away what errors of steps have left of it.
MOST_LEAPS = 4
# Arguments of loops for a look.
QUICK = {"rows": 400, "rtol": 1e-6}
# Cycles of fixed steps that differ by this share are one.
EQUAL = 1e-12


@dataclass(frozen=True)
class Sampling:
    """How cycles are computed: rows in each, and the error of steps."""

    rows: int
    rtol: float

    @staticmethod
    def of(rows: Any, rtol: Any) -> Sampling:
        """Return that of two arguments of a figure, which are checked."""
        return Sampling(check.integer("rows", rows, 16), check.real("rtol", rtol, 1e-12, 1e-3, "[]"))

    def coarse(self) -> Sampling:
        """Return what is enough for an area or a class, of which there are many."""
        return Sampling(min(self.rows, 1000), max(self.rtol, 1e-7))

    @property
    def repeats(self) -> float:
        """How much a cycle may differ from the one before, as a share."""
        return 0.1 * self.rtol


@dataclass(frozen=True)
class Loop:
    """A cycle whose last row is the first one of the next: voltage (V), current (A), states (rows, pores)."""

    voltage: Floats
    current: Floats
    states: Floats

    def classified(self) -> LoopClass:
        """Return its class."""
        return analysis.loop_class(self.voltage, self.current)

    def passes(self, level: float, *, rising: bool) -> float:
        """Return the voltage (V) at which the state of its first pore first passes a level, nan where it does not."""
        above = self.states[:, 0] > level
        turns = np.flatnonzero(~above[:-1] & above[1:] if rising else above[:-1] & ~above[1:])
        if not turns.size:
            return math.nan
        k = int(turns[0])
        share = (level - self.states[k, 0]) / (self.states[k + 1, 0] - self.states[k, 0])
        return float(self.voltage[k] + share * (self.voltage[k + 1] - self.voltage[k]))


def largest(values: Floats) -> float:
    """Return the maximum of a smooth curve of evenly spaced values: of the parabola through the three around it.

    Examples
    --------
    >>> import numpy as np
    >>> round(largest(np.cos(np.linspace(-1.0, 1.01, 100))), 8)
    1.0
    """
    k = int(values.argmax())
    if not 0 < k < values.size - 1:
        return float(values[k])
    before, here, after = values[k - 1 : k + 2]
    bend = 2.0 * here - before - after
    return float(here + (after - before) ** 2 / (8.0 * bend)) if bend > 0.0 else float(here)


# ---------------------------------------------------------------- cycles


def pores(*elements: tuple[str, str, Device]) -> Circuit:
    """Return a circuit of elements (from, to, device) between "in" and "out"."""
    circuit = Circuit()
    for a, b, device in elements:
        circuit.add(a, b, device)
    return circuit


def periodic_loop(circuit: Circuit, amplitude: float, frequency: float, sampling: Sampling, state: str = "x") -> Loop:
    """Return the cycle that repeats under a sine, of an amplitude (V) and a frequency (Hz), from where it rises."""
    sim = _simulation(circuit, amplitude, frequency, sampling)
    if len(sim.net.edges) == 1:
        _leap(sim, state, sampling)
    data = periodic(sim, 1.0 / frequency, sampling.repeats, record=_recorded(state))
    values = _values(data, state)
    return Loop(*(np.concatenate([one, one[:1]]) for one in values))


def first_loop(circuit: Circuit, amplitude: float, frequency: float, sampling: Sampling, state: str = "x") -> Loop:
    """Return the first cycle under a sine, from the state at rest at 0 V."""
    sim = _simulation(circuit, amplitude, frequency, sampling)
    return Loop(*_values(sim.run(sampling.rows + 1, record=_recorded(state)), state))


def fixed_current(circuit: Circuit, amplitude: float, frequency: float, rows: int) -> Floats:
    """Return the current (A) of the cycle that repeats in so many fixed steps, in which identities hold to rounding."""
    wave = drive.sine(amplitude, frequency=frequency)
    sim = circuit.simulation({"in": wave, "out": 0.0}, dt=1.0 / frequency / rows)
    sim.warned_of_steps = True  # steps are rows here, and what is compared does not depend on them
    values: Floats = periodic(sim, 1.0 / frequency, EQUAL)["current"].sel(electrode="in").values
    return values


def _simulation(circuit: Circuit, amplitude: float, frequency: float, sampling: Sampling) -> Simulation:
    wave = drive.sine(amplitude, frequency=frequency)
    spacing = 1.0 / frequency / sampling.rows
    return circuit.simulation({"in": wave, "out": 0.0}, dt=spacing, method="adaptive", rtol=sampling.rtol)


def _recorded(state: str) -> list[str]:
    return ["current", f"state:{state}"]


def _values(data: xr.Dataset, state: str) -> tuple[Floats, Floats, Floats]:
    volts = data["voltage"].sel(electrode="in").values
    return volts, data["current"].sel(electrode="in").values, data[f"state_{state}"].values


def _leap(sim: Simulation, name: str, sampling: Sampling) -> None:
    """Bring the state of a pore that sees the drive itself to where it repeats.

    Its equation is affine in the state: each cycle takes it `kept` times as far from there as it was. At high
    frequencies it would need hundreds of cycles.
    """
    (device,) = sim.devices
    kept = None
    for _ in range(MOST_LEAPS):
        seen = []
        for _ in range(3):  # the first one begins with steps of another length
            sim.step(sampling.rows)
            seen.append(float(sim.state(device, name)[0]))
        first, second = seen[1] - seen[0], seen[2] - seen[1]
        if abs(second) <= sampling.repeats:
            return
        kept = second / first if kept is None else kept
        sim.set_state(device, **{name: seen[0] + first / (1.0 - kept)})


# ---------------------------------------------------------------- tables of loops


def tabulated(loops: Sequence[Loop], over: Mapping[str, Sequence[Any]], *, state: str = "x") -> xr.Dataset:
    """Return loops over one or several dimensions, the last of which changes fastest, with what is told of each.

    `voltage`, `current` and the state of the first pore over `phase`, the share of the cycle from 0 to 1; `type` is the
    class of the loop, `crossing` (V) are the voltages at which it crosses itself, ascending, then nan; `wing_type` and
    `wing_area` (W) are those of its parts between them, "" and nan where there are fewer; `largest_current` (A) and
    `largest_<state>` are those between rows; `<state>_rises_at` and `<state>_falls_at` (V) are where a state passes
    the middle of its range in the cycle.
    """
    import xarray as xr

    shape = tuple(len(values) for values in over.values())
    dims = tuple(over)
    middle = 0.5 if state == "x" else 0.0

    def variable(values: Any, units: str, *more: str) -> tuple[tuple[str, ...], Any, dict[str, str]]:
        array = np.asarray(values)
        return (*dims, *more), array.reshape(shape + array.shape[1:]), {"units": units}

    classes = [loop.classified() for loop in loops]
    wings = max(len(one.wings) for one in classes)
    data = {
        "voltage": variable([one.voltage for one in loops], "V", "phase"),
        "current": variable([one.current for one in loops], "A", "phase"),
        state: variable([one.states[:, 0] for one in loops], "1", "phase"),
        "type": variable([one.type for one in classes], "1"),
        "crossing": variable(_padded([one.crossings for one in classes], max(wings - 1, 1)), "V", "crossings"),
        "wing_type": variable(
            [[wing.type for wing in one.wings] + [""] * (wings - len(one.wings)) for one in classes], "1", "wing"
        ),
        "wing_area": variable(_padded([[wing.area for wing in one.wings] for one in classes], wings), "W", "wing"),
        "largest_current": variable([largest(one.current) for one in loops], "A"),
        f"largest_{state}": variable([largest(one.states[:, 0]) for one in loops], "1"),
        f"{state}_rises_at": variable([one.passes(middle, rising=True) for one in loops], "V"),
        f"{state}_falls_at": variable([one.passes(middle, rising=False) for one in loops], "V"),
    }
    phase = np.linspace(0.0, 1.0, loops[0].voltage.size)
    return xr.Dataset(data, {**{dim: list(values) for dim, values in over.items()}, "phase": phase})


def _padded(rows: Sequence[Any], width: int) -> Floats:
    return np.array([[*row, *[math.nan] * (width - len(row))] for row in rows])


def positive(name: str, values: Sequence[float]) -> list[float]:
    """Return an argument of a figure that is some numbers above 0."""
    if not len(values):
        raise ValueError(f"{name} must hold at least one number, got none")
    return [check.real(name, value, 0.0, math.inf, "()") for value in values]
