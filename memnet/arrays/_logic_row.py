"""Cells on one line: the circuit in which memristors compute with their own resistances."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from memnet.arrays._logic_cells import (
    LogicCells,
    Parts,
    Run,
    cell_names,
    checked_steps,
    floats,
    pieces,
    read_after,
    wave,
    widths_of,
)
from memnet.arrays._logic_step import LogicStep
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.devices import Resistor
from memnet.simulate import Circuit, Simulation

__all__ = ["LogicRow"]

# What a row calls nodes and elements beside its cells.
LINE, GROUND, LOAD = "line", "ground", "load"
# Electrodes that may float in one simulation, whose matrix between electrodes is dense; and copies in one: adaptive
# steps are as short as the fastest of them needs.
MOST_FLOATING = 16
MOST_COPIES = 16
# Copies that a user may ask for in one circuit.
MOST_SIDE_BY_SIDE = 65_536


@check.known_fields
@dataclass(frozen=True, repr=False, eq=False, kw_only=True)
class LogicRow(LogicCells):
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
        "adaptive" or "fixed", as for `Simulation`. With fixed steps `dt` must be far below the time that a cell takes
        to switch: a cell that limits itself goes past its end in one step otherwise.
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
    >>> row.names, row.circuit().nodes, row.simulation(steps, start={"p": 1, "q": 0}).steps_done
    (('p', 'q', 's'), ('line', 'p', 'q', 's', 'ground'), 0)
    """

    cells: Sequence[str] = field(kw_only=False)
    polarity: int = 1

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "cells", cell_names(self.cells))
        for name in self.cells:
            if name in (LINE, GROUND, LOAD) or "@" in name:
                raise ValueError(f'cells must not be "{LINE}", "{GROUND}" or "{LOAD}", or have an "@", got {name!r}')
        if check.integer("polarity", self.polarity, -1, 1) == 0:
            raise ValueError("polarity must be 1 or -1, got 0")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the cells."""
        return tuple(self.cells)

    @check.known_keywords
    def circuit(self, copies: int = 1) -> Circuit:
        """Return the row as a circuit, or several of it side by side that share ground alone.

        Parameters
        ----------
        copies : int
            How many, from 1 to 65,536.

        Returns
        -------
        Circuit
            A cell is an element, and its own line a node, of its name; further nodes are "line" and "ground", a further
            element "load". In copy k > 0 "@k" stands behind each name but "ground".

        Raises
        ------
        TypeError, ValueError
            Copies that are no integer in that range.
        """
        return _wired(self, check.integer("copies", copies, 1, MOST_SIDE_BY_SIDE), _own_node)

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
            One after the other.
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
        many = check.integer("copies", copies, 1, MOST_SIDE_BY_SIDE)
        rest = check.real("pause", pause, 0.0, math.inf, "[)", "s")
        taken, bits = self.begun(checked_steps(steps, self.names), start)
        drive = {name: wave(parts) for name, parts in _parts(self, taken, rest).items()}
        every = {GROUND: drive.pop(GROUND)} if GROUND in drive else {}
        every |= {renamed(name, k): one for k in range(many) for name, one in drive.items()}
        sim = self.circuit(many).simulation(every, **self.options(widths_of(taken), rest))
        if bits is not None:
            self.put(sim, [bits[cell] for _ in range(many) for cell in self.names])
        return sim

    def final_resistances(self, runs: Sequence[Run]) -> Floats:
        """Return the resistance of each cell after each run (ohm), (run, cell); runs are copies side by side."""
        return np.concatenate([_read(self, few) for few in _batches(self, runs)])


def renamed(name: str, k: int) -> str:
    """Return what a node or an element is called in copy k: as in copy 0, or with the number behind it."""
    return f"{name}@{k}" if k else name


def _own_node(name: str, k: int) -> str:
    """Return the node of a copy; ground is that of all."""
    return name if name == GROUND else renamed(name, k)


def _batches(row: LogicRow, runs: Sequence[Run]) -> Iterator[Sequence[Run]]:
    """Give runs that one simulation takes side by side: of the same widths, and few electrodes that float."""
    first = 0
    while first < len(runs):
        widths, floating, last = widths_of(runs[first][0]), 0, first
        while last < len(runs) and last - first < MOST_COPIES and widths_of(runs[last][0]) == widths:
            floating += sum(floats(parts) for parts in _parts(row, runs[last][0]).values())
            if last > first and floating > MOST_FLOATING:
                break
            last += 1
        yield runs[first:last]
        first = last


def _read(row: LogicRow, runs: Sequence[Run]) -> Floats:
    """Take the steps of each run in a copy of the row, then read all cells: resistances (copy, cell).

    Nodes that are never left to float and have the same voltages are one electrode, whichever copies they are of.
    """
    widths = widths_of(runs[0][0])
    node: dict[tuple[str, int], str] = {}
    shared: dict[Parts, str] = {}
    drive: dict[str, Any] = {}
    for k, (steps, _) in enumerate(runs):
        for name, parts in _parts(row, steps).items():
            own = renamed(name, k)
            node[name, k] = own if floats(parts) else shared.setdefault(parts, own)
            drive[node[name, k]] = wave(parts)
    circuit = _wired(row, len(runs), lambda name, k: node.get((name, k), renamed(name, k)))
    sim = circuit.simulation(drive, **row.options(widths))
    bits = [one[cell] for _, one in runs if one is not None for cell in row.names]
    if bits:
        row.put(sim, bits)
    cells = {node[cell, k] for k in range(len(runs)) for cell in row.names}
    read = {name: row.v_read if name in cells else 0.0 for name in drive}
    edges = [renamed(cell, k) for k in range(len(runs)) for cell in row.names]
    return read_after(sim, widths, read, edges).reshape(len(runs), -1)


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


def _parts(row: LogicRow, steps: Sequence[LogicStep], pause: float = 0.0) -> dict[str, Parts]:
    """Return what each electrode of a row does, piece by piece; the line is one where nothing else holds it."""
    widths = widths_of(steps)
    found = {cell: pieces([step.volts.get(cell) for step in steps], widths, pause) for cell in row.names}
    if row.load is None or any(step.line is not None for step in steps):
        found[LINE] = pieces([step.line for step in steps], widths, pause)
    if row.load is not None:
        found[GROUND] = pieces([0.0 if step.load else None for step in steps], widths, pause)
    return found
