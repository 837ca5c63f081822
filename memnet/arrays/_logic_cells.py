"""What rows of cells that compute have in common: states and levels, how steps become waveforms, truth tables."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from memnet import drive as drives
from memnet.arrays._logic_levels import LogicLevels
from memnet.arrays._logic_states import States, ends_of_state, pair_of_states, resistances
from memnet.arrays._logic_step import LogicStep, LogicWrite
from memnet.arrays._logic_table import MOST_INPUTS, Expected, LogicTable, all_cases, expected_bits, names_of
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.base.text import Summary, listed, quantity
from memnet.devices import Device
from memnet.simulate import Simulation, step_count

# Rows of one step, and how far a width may miss a whole number of them, as a part of it.
MOST_STEPS = 2**40
STEP_TOLERANCE = 1e-9
# What an electrode does, piece by piece: volts, or None where it floats, and for how long (s).
Parts: TypeAlias = tuple[tuple[float | None, float], ...]
# Steps, those that write included, and the bits that are set before them (None: cells are as the device makes them).
Run: TypeAlias = tuple[list[LogicStep], Mapping[str, int] | None]


@dataclass(frozen=True)
class Program:
    """What a gate does in a row: the arguments of `LogicRow.table`."""

    inputs: Sequence[str]
    steps: Sequence[LogicStep]
    expected: Expected
    start: Mapping[str, int]
    outputs: Sequence[str] | None = None


@dataclass(frozen=True, repr=False, eq=False, kw_only=True)
class LogicCells(Summary):
    """Cells that share a line, whatever circuit they are in; `LogicRow` documents the fields."""

    device: Device = field(kw_only=False)
    load: float | None = None
    levels: LogicLevels | None = None
    states: tuple[States, States] | None = None
    write: LogicWrite | None = None
    v_read: float = 0.1
    dt: float | None = None
    method: str = "adaptive"
    rtol: float = 1e-4
    seed: int = 0

    def __post_init__(self) -> None:
        check.instance("device", self.device, Device, "a device")
        if self.load is not None:
            check.real("load", self.load, 0.0, math.inf, "()", "ohm")
        check.instance("levels", self.levels, (LogicLevels, type(None)), "LogicLevels, or None")
        check.instance("write", self.write, (LogicWrite, type(None)), "a LogicWrite, or None")
        if self.states is not None:
            object.__setattr__(self, "states", pair_of_states(self.states))
        check.real("v_read", self.v_read, bounds="()0", unit="V")
        if self.dt is not None:
            check.real("dt", self.dt, 0.0, math.inf, "()", "s")
        check.one_of("method", self.method, ("adaptive", "fixed"))
        check.real("rtol", self.rtol, 0.0, 1.0, "()")
        check.seed("seed", self.seed)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the cells."""
        raise NotImplementedError

    def final_resistances(self, runs: Sequence[Run]) -> Floats:
        """Return the resistance of each cell after each run (ohm), (run, cell)."""
        raise NotImplementedError

    @property
    def known_states(self) -> tuple[States, States]:
        """The states of 0 and 1: those that were given, or the ends of the range of the device's only state."""
        if self.states is not None:
            return self.states
        ends = ends_of_state(self.device)
        first, last = resistances(self.device, ends, self.v_read)
        low_is_one = self.levels is None or self.levels.one < self.levels.zero
        return ends if (first > last) == low_is_one else (ends[1], ends[0])

    @property
    def known_levels(self) -> LogicLevels:
        """The levels: those that were given, or the resistances of the states of 0 and 1."""
        if self.levels is not None:
            return self.levels
        zero, one = resistances(self.device, self.known_states, self.v_read)
        return LogicLevels(float(zero), float(one))

    @check.known_keywords
    def table(
        self,
        steps: Sequence[LogicStep],
        *,
        inputs: Sequence[str],
        expected: Expected,
        outputs: Sequence[str] | None = None,
        start: Mapping[str, int] | None = None,
    ) -> LogicTable:
        """Return the truth table of steps: what the circuit makes of every combination of the inputs.

        Parameters
        ----------
        steps : sequence of LogicStep
            A cascade, in its order.
        inputs : sequence of str
            Cells that are given, at most 12.
        expected : dict
            What cells should be at the end: for each a function of the inputs, in their order, or a bit for each case.
        outputs : sequence of str, optional
            Those of them that have to be right. By default all.
        start : dict, optional
            Bits of other cells at the start; 0 for those that are not named.

        Returns
        -------
        LogicTable

        Raises
        ------
        TypeError, ValueError
            As for `simulation`; inputs or outputs that are no cells; expected values that are no bits.

        Notes
        -----
        All cases run side by side in one simulation, on circuits that share nothing but ground.
        """
        return self.tables([Program(inputs, steps, expected, {} if start is None else start, outputs)])[0]

    def tables(self, programs: Sequence[Program]) -> list[LogicTable]:
        """Return the table of each program."""
        levels, runs, made = self.known_levels, [], []
        for one in programs:
            inputs = names_of("inputs", one.inputs, self.names)
            if len(inputs) > MOST_INPUTS:
                raise ValueError(f"inputs must be at most {MOST_INPUTS} cells, got {len(inputs)}")
            steps, cases = checked_steps(one.steps, self.names), all_cases(len(inputs))
            start = dict.fromkeys(self.names, 0) | bits_of("start", one.start, self.names)
            driven = {cell for step in steps for cell in step.volts}
            idle = {cell: bit for cell, bit in start.items() if cell not in driven}
            expected = expected_bits(one.expected, inputs, self.names, idle)
            runs += [self.begun(steps, start | dict(zip(inputs, case, strict=True))) for case in cases.tolist()]
            known = tuple(one.expected)
            outputs = known if one.outputs is None else names_of("outputs", one.outputs, known)
            made.append((inputs, outputs, self.names, levels, cases, expected))
        ohms = self.final_resistances(runs)
        parts = np.split(ohms, np.cumsum([len(one[4]) for one in made])[:-1])
        return [LogicTable(*one, resistance=part.copy()) for one, part in zip(made, parts, strict=True)]

    def begun(self, steps: list[LogicStep], start: Mapping[str, int] | None) -> Run:
        """Return a run of steps from bits at the start, which are set, or written by steps before them."""
        if start is None:
            return steps, None
        bits = dict.fromkeys(self.names, 0) | bits_of("start", start, self.names)
        if self.write is None:
            return steps, bits
        return [*self.write.steps(bits), *steps], None

    def options(self, widths: Sequence[float], pause: float = 0.0) -> dict[str, Any]:
        """Return how a simulation of steps of some widths is made."""
        lengths = [*widths, pause] if pause else widths
        dt = self.dt or min(lengths)
        if self.method == "fixed":
            _refuse_parts(lengths, dt)
        rtol = {"rtol": self.rtol} if self.method == "adaptive" else {}
        return {"dt": dt, "method": self.method, "seed": self.seed, **rtol}

    def put(self, sim: Simulation, bits: Any) -> None:
        """Set the states of the device's edges to those of bits, in the order of the edges."""
        zero, one = self.known_states
        sim.set_state(self.device, **{name: np.where(bits, one[name], zero[name]) for name in zero})

    def _summary(self) -> dict[str, str]:
        return {
            "": f"{len(self.names)} cells of {self.device.model}: {listed(list(self.names), 'cells')}",
            "load": "" if self.load is None else quantity(self.load, "ohm"),
        }


def widths_of(steps: Sequence[LogicStep]) -> list[float]:
    """Return how long each step lasts (s)."""
    return [step.width for step in steps]


def read_after(sim: Simulation, widths: Sequence[float], drive: Mapping[str, Any], edges: Sequence[Any]) -> Floats:
    """Take steps to their end, then read edges under another drive: resistances (ohm); no state moves meanwhile."""
    _refuse_parts(widths, sim.dt)
    sim.step(step_count(None, math.fsum(widths), sim.dt, 0))
    sim.set_drive(drive)
    data = sim.run(1, record={"branch_voltage": edges, "branch_current": edges})
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.abs(data["branch_voltage"].values[0] / data["branch_current"].values[0]))


def pieces(volts: Sequence[float | None], widths: Sequence[float], pause: float = 0.0) -> Parts:
    """Return what an electrode does that has a voltage in each step, or floats, and is at 0 V in pauses."""
    found: list[tuple[float | None, float]] = []
    for volt, width in zip(volts, widths, strict=True):
        found += [(volt, width)] + ([(0.0, pause)] if pause else [])
    return tuple(found)


def floats(parts: Parts) -> bool:
    """Return whether an electrode floats at some time."""
    return any(volt is None for volt, _ in parts)


def wave(parts: Parts) -> Any:
    """Return the waveform of some pieces, at 0 V after them."""
    if all(volt == 0.0 for volt, _ in parts):
        return 0.0
    return drives.concat([*parts, (0.0, None)])


def cell_names(value: Any) -> tuple[str, ...]:
    """Return names of cells, or raise TypeError or ValueError."""
    check.instance("cells", value, (list, tuple), "a list of names")
    found = tuple(check.new_name("name in cells", one) for one in value)
    if not found or len(set(found)) < len(found):
        raise ValueError(f"cells must have at least one name, each once, got {check.shown(value)}")
    return found


def checked_steps(value: Any, cells: Sequence[str]) -> list[LogicStep]:
    """Return steps, each of cells that there are, or raise TypeError or ValueError."""
    check.instance("steps", value, (list, tuple), "a list of LogicStep")
    for k, step in enumerate(value):
        check.instance(f"steps[{k}]", step, LogicStep, "a LogicStep")
        for cell in step.volts:
            check.known_name(f"cell in steps[{k}]", cell, dict.fromkeys(cells))
    if not value:
        raise ValueError("steps must hold at least one LogicStep, got none")
    return list(value)


def bits_of(name: str, value: Any, cells: Sequence[str]) -> dict[str, int]:
    """Return bits of cells, or raise TypeError or ValueError."""
    check.instance(name, value, Mapping, "a dict from cells to 0 or 1")
    for cell, bit in value.items():
        check.known_name(f"cell in {name}", cell, dict.fromkeys(cells))
        check.integer(f"{name}[{cell!r}]", int(bit) if isinstance(bit, (bool, np.bool_)) else bit, 0, 1)
    return {cell: int(bit) for cell, bit in value.items()}


def _refuse_parts(lengths: Sequence[float], dt: float) -> None:
    """Raise ValueError where a width or a pause is no whole number of rows of dt (s)."""
    for seconds in lengths:
        exact = seconds / dt
        if not 0.5 < exact < MOST_STEPS or abs(round(exact) * dt - seconds) > STEP_TOLERANCE * seconds:
            raise ValueError(f"widths must be whole numbers of rows of dt = {dt:g} s, got {seconds:g} s; choose dt")
