"""Cells on one line: the circuit in which memristors compute with their own resistances."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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
from memnet.devices import Device, Resistor
from memnet.simulate import Circuit, Simulation, step_count

__all__ = ["LogicRow"]

# What a row calls nodes and elements beside its cells.
LINE, GROUND, LOAD = "line", "ground", "load"
# Electrodes that may float in one simulation: the matrix between electrodes is dense. And copies in one.
MOST_FLOATING = 16
MOST_COPIES = 2048
# Rows of one step, and how far a width may miss a whole number of them, as a part of it.
MOST_STEPS = 2**40
STEP_TOLERANCE = 1e-9
# What an electrode does, piece by piece: volts, or None where it floats, and for how long (s).
Parts: TypeAlias = tuple[tuple[float | None, float], ...]


@check.known_fields
@dataclass(frozen=True, repr=False, eq=False)
class LogicRow(Summary):
    """Cells that share a line, each with a line of its own, and a load from the shared line to ground.

    Parameters
    ----------
    device : Device
        What every cell is.
    cells : sequence of str
        Names of the cells.
    load : float, optional
        Resistance from the shared line to ground (ohm), > 0. Without one the line floats unless a step holds it.
    levels : LogicLevels, optional
        Which resistance is 0 and which 1. By default those of the two `states`, the lower one 1.
    states : tuple of two dicts, optional
        States of the device at 0 and at 1, such as ``({"x": 1.0}, {"x": 0.0})``. By default the two ends of the range
        of its only state, in the order that `levels` asks for.
    polarity : int
        1 where a device's first node is at the cell's own line, -1 where it is at the shared line. VTEAM and TEAM,
        whose resistance falls under negative voltages, take -1: positive voltages at a cell's line then set it.
    write : LogicWrite, optional
        Pulses that write the cells at the start, one after the other, from the device's own initial state. By default
        cells are set to the states of 0 and 1.
    v_read : float
        Voltage at the cells' lines at which resistances are read at the end (V), not 0. No state moves meanwhile.
    dt : float, optional
        Time between rows of a run (s), by default the narrowest width; for a table, and with fixed steps, all widths
        are whole numbers of it.
    method : str
        "adaptive" or "fixed", as for `Simulation`.
    rtol : float
        Of adaptive steps.
    seed : int
        As for `Simulation`.

    Raises
    ------
    TypeError, ValueError
        No device; no cells, names that occur twice, are "line", "ground" or "load", or have an "@" in them; numbers out
        of range.

    Examples
    --------
    >>> import memnet as mn
    >>> device = mn.VTEAM(R_on=1e3, R_off=1e6, D=3e-9, v_on=-1.0, v_off=1.0, k_on=-3.0, k_off=3.0, alpha_on=1.0)
    >>> row = mn.arrays.LogicRow(device, ["p", "q", "s"], load=5e3, polarity=-1)
    >>> steps = [mn.arrays.LogicStep.imp(cell, "s", v_cond=0.9, v_set=1.6, width=200e-9) for cell in "pq"]
    >>> row.table(steps, inputs=["p", "q"], expected={"s": lambda p, q: not (p and q)})
    <LogicTable: p, q to s: right in 4 of 4 cases; least margin 0.3854, s at p = 0, q = 0>
    """

    device: Device
    cells: Sequence[str]
    load: float | None = None
    levels: LogicLevels | None = None
    states: tuple[States, States] | None = None
    polarity: int = 1
    write: LogicWrite | None = None
    v_read: float = 0.1
    dt: float | None = None
    method: str = "adaptive"
    rtol: float = 1e-4
    seed: int = 0

    def __post_init__(self) -> None:
        check.instance("device", self.device, Device, "a device")
        object.__setattr__(self, "cells", _cells(self.cells))
        if self.load is not None:
            check.real("load", self.load, 0.0, math.inf, "()", "ohm")
        check.instance("levels", self.levels, (LogicLevels, type(None)), "LogicLevels, or None")
        check.instance("write", self.write, (LogicWrite, type(None)), "a LogicWrite, or None")
        if self.states is not None:
            object.__setattr__(self, "states", pair_of_states(self.states))
        if check.integer("polarity", self.polarity, -1, 1) == 0:
            raise ValueError("polarity must be 1 or -1, got 0")
        check.real("v_read", self.v_read, bounds="()0", unit="V")
        if self.dt is not None:
            check.real("dt", self.dt, 0.0, math.inf, "()", "s")
        check.one_of("method", self.method, ("adaptive", "fixed"))
        check.seed("seed", self.seed)

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
    def circuit(self, copies: int = 1) -> Circuit:
        """Return the row as a circuit, or several of it side by side that share ground alone.

        Parameters
        ----------
        copies : int
            How many, >= 1.

        Returns
        -------
        Circuit
            A cell is an element, and its own line a node, of its name; further nodes are "line" and "ground", a further
            element "load". In copy k > 0 "@k" stands behind each name but "ground".

        Raises
        ------
        TypeError, ValueError
            Copies that are no integer >= 1.
        """
        return _wired(self, check.integer("copies", copies, 1), _own_node)

    @check.known_keywords
    def simulation(
        self,
        steps: Sequence[LogicStep],
        *,
        start: Mapping[str, int] | None = None,
        pause: float = 0.0,
        copies: int = 1,
    ) -> Simulation:
        """Return a simulation that takes steps, to record what happens in them.

        Parameters
        ----------
        steps : sequence of LogicStep
        start : dict, optional
            Bits of the cells at the start; 0 for those that are not named. Without it all are as the device makes them.
        pause : float
            How long all cells are at 0 V after each step (s), >= 0.
        copies : int
            As for `circuit`; all take the same steps.

        Returns
        -------
        Simulation
            Of `circuit`, with a row every `dt`. Where the row has a `write` its pulses come before the steps.

        Raises
        ------
        TypeError, ValueError
            Steps with a cell that is not there; a start that is no bits; with fixed steps widths that are no whole
            numbers of dt.
        """
        many = check.integer("copies", copies, 1)
        rest = check.real("pause", pause, 0.0, math.inf, "[)", "s")
        taken, bits = _begun(self, _steps(steps, self.cells), start)
        drive = {name: _wave(parts) for name, parts in _parts(self, taken, rest).items()}
        every = {GROUND: drive.pop(GROUND)} if GROUND in drive else {}
        every |= {renamed(name, k): wave for k in range(many) for name, wave in drive.items()}
        sim = self.circuit(many).simulation(every, **_options(self, taken, rest))
        if bits is not None:
            _put(self, sim, [bits] * many)
        return sim

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
        return tables(self, [Program(inputs, steps, expected, start or {}, outputs)])[0]

    def _summary(self) -> dict[str, str]:
        return {
            "": f"{len(self.cells)} cells of {self.device.model}: {listed(list(self.cells), 'cells')}",
            "load": "" if self.load is None else quantity(self.load, "ohm"),
        }


@dataclass(frozen=True)
class Program:
    """What a gate does in a row: the arguments of `LogicRow.table`."""

    inputs: Sequence[str]
    steps: Sequence[LogicStep]
    expected: Expected
    start: Mapping[str, int]
    outputs: Sequence[str] | None = None


def tables(row: LogicRow, programs: Sequence[Program]) -> list[LogicTable]:
    """Return the table of each program; the cases of all run side by side."""
    levels, runs, made = row.known_levels, [], []
    for one in programs:
        inputs = names_of("inputs", one.inputs, row.cells)
        if len(inputs) > MOST_INPUTS:
            raise ValueError(f"inputs must be at most {MOST_INPUTS} cells, got {len(inputs)}")
        steps, cases = _steps(one.steps, row.cells), all_cases(len(inputs))
        start = dict.fromkeys(row.cells, 0) | _bits_of("start", one.start, row.cells)
        driven = {cell for step in steps for cell in step.volts}
        idle = {cell: bit for cell, bit in start.items() if cell not in driven}
        expected = expected_bits(one.expected, inputs, row.cells, idle)
        runs += [_begun(row, steps, start | dict(zip(inputs, case, strict=True))) for case in cases.tolist()]
        outputs = tuple(one.expected) if one.outputs is None else names_of("outputs", one.outputs, tuple(one.expected))
        made.append((inputs, outputs, tuple(row.cells), levels, cases, expected))
    ohms = np.concatenate([_read(row, few) for few in _batches(row, runs)])
    parts = np.split(ohms, np.cumsum([len(one[4]) for one in made])[:-1])
    return [LogicTable(*one, resistance=part.copy()) for one, part in zip(made, parts, strict=True)]


def renamed(name: str, k: int) -> str:
    """Return what a node or an element is called in copy k: as in copy 0, or with the number behind it."""
    return f"{name}@{k}" if k else name


def _own_node(name: str, k: int) -> str:
    """Return the node of a copy; ground is that of all."""
    return name if name == GROUND else renamed(name, k)


# What one copy does: the steps, those that write included, and the bits that are set (None: as the device makes them).
Run: TypeAlias = tuple[list[LogicStep], "Mapping[str, int] | None"]


def _batches(row: LogicRow, runs: Sequence[Run]) -> Iterator[Sequence[Run]]:
    """Give runs that one simulation takes side by side: of the same widths, and few electrodes that float."""
    first = 0
    while first < len(runs):
        widths, floating, last = [step.width for step in runs[first][0]], 0, first
        while last < len(runs) and last - first < MOST_COPIES and [step.width for step in runs[last][0]] == widths:
            floating += sum(_floats(parts) for parts in _parts(row, runs[last][0], 0.0).values())
            if last > first and floating > MOST_FLOATING:
                break
            last += 1
        yield runs[first:last]
        first = last


def _read(row: LogicRow, runs: Sequence[Run]) -> Floats:
    """Take the steps of each run in a copy of the row, then read all cells: resistances (copy, cell).

    Nodes that are never left to float and have the same voltages are one electrode, whichever copies they are of.
    """
    node: dict[tuple[str, int], str] = {}
    shared: dict[Parts, str] = {}
    drive: dict[str, Any] = {}
    for k, (steps, _) in enumerate(runs):
        for name, parts in _parts(row, steps, 0.0).items():
            own = renamed(name, k)
            node[name, k] = own if _floats(parts) else shared.setdefault(parts, own)
            drive[node[name, k]] = _wave(parts)
    circuit = _wired(row, len(runs), lambda name, k: node.get((name, k), renamed(name, k)))
    sim = circuit.simulation(drive, **_options(row, runs[0][0], 0.0))
    bits = [one for _, one in runs if one is not None]
    if bits:
        _put(row, sim, bits)
    widths = [step.width for step in runs[0][0]]
    _refuse_parts(widths, sim.dt)
    sim.step(step_count(None, math.fsum(widths), sim.dt, 0))
    cells = {node[cell, k] for k in range(len(runs)) for cell in row.cells}
    sim.set_drive({name: row.v_read if name in cells else 0.0 for name in drive})
    edges = [renamed(cell, k) for k in range(len(runs)) for cell in row.cells]
    data = sim.run(1, record={"branch_voltage": edges, "branch_current": edges})
    with np.errstate(divide="ignore"):
        ohms = data["branch_voltage"].values[0] / data["branch_current"].values[0]
    return np.asarray(np.abs(ohms).reshape(len(runs), len(row.cells)))


def _wired(row: LogicRow, copies: int, node: Callable[[str, int], str]) -> Circuit:
    """Return copies of the row as a circuit, whose nodes are called as `node` says."""
    made = Circuit()
    for k in range(copies):
        for cell in row.cells:
            own, line = node(cell, k), node(LINE, k)
            ends = (own, line) if row.polarity == 1 else (line, own)
            made.add(*ends, row.device, name=renamed(cell, k))
        if row.load is not None:
            made.add(node(LINE, k), node(GROUND, k), Resistor(conductance=1.0 / row.load), name=renamed(LOAD, k))
    return made


def _parts(row: LogicRow, steps: Sequence[LogicStep], pause: float) -> dict[str, Parts]:
    """Return what each electrode of a row does, piece by piece; the line is one where nothing else holds it."""

    def pieces(volt: Callable[[LogicStep], float | None]) -> Parts:
        found: list[tuple[float | None, float]] = []
        for step in steps:
            found += [(volt(step), step.width)] + ([(0.0, pause)] if pause else [])
        return tuple(found)

    found = {cell: pieces(_volts_of(cell)) for cell in row.cells}
    if row.load is None or any(step.line is not None for step in steps):
        found[LINE] = pieces(lambda step: step.line)
    if row.load is not None:
        found[GROUND] = pieces(lambda step: 0.0 if step.load else None)
    return found


def _volts_of(cell: str) -> Callable[[LogicStep], float | None]:
    return lambda step: step.volts.get(cell)


def _floats(parts: Parts) -> bool:
    return any(volt is None for volt, _ in parts)


def _wave(parts: Parts) -> Any:
    """Return the waveform of some pieces, at 0 V after them."""
    if all(volt == 0.0 for volt, _ in parts):
        return 0.0
    return drives.concat([*parts, (0.0, None)])


def _options(row: LogicRow, steps: Sequence[LogicStep], pause: float) -> dict[str, Any]:
    """Return how a simulation of steps is made; widths must be whole numbers of its rows."""
    lengths = [step.width for step in steps] + ([pause] if pause else [])
    dt = row.dt or min(lengths)
    if row.method == "fixed":
        _refuse_parts(lengths, dt)
    rtol = {"rtol": row.rtol} if row.method == "adaptive" else {}
    return {"dt": dt, "method": row.method, "seed": row.seed, **rtol}


def _refuse_parts(lengths: Sequence[float], dt: float) -> None:
    """Raise ValueError where a width or a pause is no whole number of rows of dt (s)."""
    for seconds in lengths:
        exact = seconds / dt
        if not 0.5 < exact < MOST_STEPS or abs(round(exact) * dt - seconds) > STEP_TOLERANCE * seconds:
            raise ValueError(f"widths must be whole numbers of rows of dt = {dt:g} s, got {seconds:g} s; choose dt")


def _begun(row: LogicRow, steps: list[LogicStep], start: Mapping[str, int] | None) -> Run:
    """Return the steps with those before them that write, and the bits that are set without pulses."""
    if start is None:
        return steps, None
    bits = dict.fromkeys(row.cells, 0) | _bits_of("start", start, row.cells)
    if row.write is None:
        return steps, bits
    return [*row.write.steps(bits), *steps], None


def _put(row: LogicRow, sim: Simulation, bits: Sequence[Mapping[str, int]]) -> None:
    """Set the states of all cells of all copies to those of their bits."""
    states = row.known_states
    ones = np.array([[one[cell] for cell in row.cells] for one in bits]).ravel()
    sim.set_state(row.device, **{name: np.where(ones, states[1][name], states[0][name]) for name in states[0]})


def _cells(value: Any) -> tuple[str, ...]:
    """Return names of cells, or raise TypeError or ValueError."""
    check.instance("cells", value, (list, tuple), "a list of names")
    found = tuple(check.new_name("cell", one) for one in value)
    if not found or len(set(found)) < len(found):
        raise ValueError(f"cells must have at least one name, each once, got {check.shown(value)}")
    for name in found:
        if name in (LINE, GROUND, LOAD) or "@" in name:
            raise ValueError(f'cells must not be "{LINE}", "{GROUND}" or "{LOAD}", or have an "@", got {name!r}')
    return found


def _steps(value: Any, cells: Sequence[str]) -> list[LogicStep]:
    """Return steps, each of cells that there are, or raise TypeError or ValueError."""
    check.instance("steps", value, (list, tuple), "a list of LogicStep")
    for k, step in enumerate(value):
        check.instance(f"steps[{k}]", step, LogicStep, "a LogicStep")
        for cell in step.volts:
            check.known_name(f"cell in steps[{k}]", cell, dict.fromkeys(cells))
    if not value:
        raise ValueError("steps must hold at least one LogicStep, got none")
    return list(value)


def _bits_of(name: str, value: Any, cells: Sequence[str]) -> dict[str, int]:
    """Return bits of cells, or raise TypeError or ValueError."""
    check.instance(name, value, Mapping, "a dict from cells to 0 or 1")
    for cell, bit in value.items():
        check.known_name(f"cell in {name}", cell, dict.fromkeys(cells))
        check.integer(f"{name}[{cell!r}]", int(bit) if isinstance(bit, (bool, np.bool_)) else bit, 0, 1)
    return {cell: int(bit) for cell, bit in value.items()}
