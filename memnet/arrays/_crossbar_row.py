"""A row of logic inside a crossbar: other cells, lines that float and lines with a resistance belong to the circuit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from memnet.arrays._logic_cells import LogicCells, Run, bits_of, checked_steps, pieces, read_after, wave, widths_of
from memnet.arrays._logic_step import LogicStep
from memnet.arrays._one_layer import one_layer
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.devices import Resistor, cell_devices
from memnet.network import Network
from memnet.simulate import Simulation

__all__ = ["CrossbarRow"]


@check.known_fields
@dataclass(frozen=True, repr=False, eq=False, kw_only=True)
class CrossbarRow(LogicCells):
    """Cells on one word line of a crossbar that compute, or on one bit line; all other lines float.

    Parameters
    ----------
    device : Device
        What every cell of the crossbar is. Its first node is at the word line: one that positive voltages set, from a
        cell's own line to the shared one, computes on a bit line, VTEAM and TEAM on a word line.
    net : Network
        Of `mn.crossbar` with one layer, with or without line and contact resistances.
    cells : dict
        For each name a line that crosses the shared one, such as ``{"p": "b0", "q": "b3"}``.
    line : str
        The shared line, such as "w0".
    others : array_like, (rows, columns)
        Bits of the other cells at the start, 0 or 1; by default 0. Places of named cells do not count.
    load, levels, states, write, v_read, dt, method, rtol, seed
        As for `LogicRow`.

    Raises
    ------
    TypeError, ValueError
        A network that is no crossbar of one layer, or has gate lines or heat; unknown lines, lines that do not cross,
        one that two cells have; others of another shape; numbers out of range.

    Examples
    --------
    >>> import memnet as mn
    >>> device = mn.VTEAM(R_on=1e3, R_off=1e6, D=3e-9, v_on=-1.0, v_off=1.0, k_on=-3.0, k_off=3.0, alpha_on=1.0)
    >>> net = mn.crossbar(4, 4, line_resistance=1.0)
    >>> row = mn.arrays.CrossbarRow(device, net, {"p": "b0", "q": "b3"}, line="w1", load=5e3)
    >>> step = mn.arrays.LogicStep.imp("p", "q", v_cond=0.9, v_set=1.6, width=200e-9)
    >>> row.table([step], inputs=["p", "q"], expected={"q": lambda p, q: not p or q})
    <LogicTable: p, q to q: right in 4 of 4 cases; least margin 0.3832, q at p = 0, q = 0>
    >>> row.names, row.edges, row.simulation([step], start={"p": 1}).steps_done
    (('p', 'q'), [4, 7], 0)
    """

    net: Network = field(kw_only=False)
    cells: Mapping[str, str] = field(kw_only=False)
    line: str
    others: ArrayLike = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        layout = one_layer(self.net)
        if layout.gates is not None or layout.heat is not None:
            raise ValueError(
                "net must be a crossbar without gates and thermal_conductance, whose lines steps do not drive"
            )
        shape = layout.cell.shape[1:]
        lines = dict.fromkeys([*(f"w{k}" for k in range(shape[0])), *(f"b{k}" for k in range(shape[1]))])
        check.known_name("line", self.line, lines)
        check.instance("cells", self.cells, Mapping, "a dict from names to lines")
        if not self.cells:
            raise ValueError("cells must have at least one name, got none")
        for name, crossing in self.cells.items():
            check.new_name("cell", name)
            check.known_name(f"line of cell {name!r}", crossing, lines)
            if crossing[0] == self.line[0]:
                raise ValueError(f"line of cell {name!r} must cross {self.line!r}, got {crossing!r}")
        if len(set(self.cells.values())) < len(self.cells):
            raise ValueError(f"cells must have a line each, got {check.shown(dict(self.cells))}")
        background = check.given_array("others", self.others)
        if background.dtype.kind not in "biu" or not np.isin(background, (0, 1)).all():
            raise ValueError(f"others must be 0 and 1, got {check.shown(self.others)}")
        if background.ndim:
            check.check_shape("others", background.shape, shape)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the cells."""
        return tuple(self.cells)

    @property
    def edges(self) -> list[int]:
        """The edge of each named cell."""
        word = self.line[0] == "w"
        pairs = [(self.line, own) if word else (own, self.line) for own in self.cells.values()]
        return [int(self.net.cell[0, int(row[1:]), int(column[1:])]) for row, column in pairs]

    @check.known_keywords
    def simulation(self, steps: Sequence[LogicStep], *, start: Mapping[str, int] | None = None) -> Simulation:
        """Return a simulation that takes steps.

        Parameters
        ----------
        steps : sequence of LogicStep
            One after the other.
        start : dict, optional
            Bits of the named cells at the start; 0 for those that are not named. Without it all cells of the crossbar
            are as the device makes them.

        Returns
        -------
        Simulation
            Of the crossbar, with the load between its shared line, which is then "<line>.inner", and ground, "<line>".

        Raises
        ------
        TypeError, ValueError
            As for `LogicRow.simulation`.
        """
        return self._begun(self.begun(checked_steps(steps, self.names), start))

    def final_resistances(self, runs: Sequence[Run]) -> Floats:
        """Return the resistance of each named cell after each run (ohm), (run, cell)."""
        inner = self.line if self.load is None else f"{self.line}.inner"
        read = {**dict.fromkeys(self.cells.values(), self.v_read), self.line: 0.0, inner: 0.0}
        found = []
        for run in runs:
            sim = self._begun(run)
            floating: dict[str, Any] = {name: None for name in sim.drive if name not in read}
            found.append(read_after(sim, widths_of(run[0]), {**read, **floating}, self.edges))
        return np.array(found)

    def _begun(self, run: Run) -> Simulation:
        """Return a simulation at the start of a run."""
        steps, bits = run
        widths = widths_of(steps)
        drive: dict[str, Any] = dict.fromkeys(self.net.electrodes)
        for name, own in self.cells.items():
            drive[own] = wave(pieces([step.volts.get(name) for step in steps], widths))
        held = wave(pieces([step.line for step in steps], widths))
        net = self.net
        if self.load is None:
            drive[self.line] = held
        else:
            net = net.attach(self.line, Resistor(conductance=1.0 / self.load))
            drive[f"{self.line}.inner"] = held
            drive[self.line] = wave(pieces([0.0 if step.load else None for step in steps], widths))
        sim = Simulation(net, cell_devices(self.net, self.device), drive, **self.options(widths))
        if bits is not None:
            known = bits_of("start", bits, self.names)
            all_bits = np.array(np.broadcast_to(np.asarray(self.others), self.net.cell.shape[1:])).ravel()
            all_bits[self.edges] = [known[name] for name in self.names]
            self.put(sim, all_bits)
        return sim
