"""Boolean functions on a crossbar in two levels: rows of minterms, and what they give together, after Snider."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from memnet.arrays._logic_cells import LogicCells, pieces, read_after, wave
from memnet.arrays._logic_levels import LogicLevels
from memnet.arrays._logic_states import ends_of_state, resistances
from memnet.arrays._logic_table import MOST_INPUTS, Bits, LogicTable, all_cases
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.devices import Device, Resistor, cell_devices
from memnet.network import Network, crossbar
from memnet.simulate import Simulation

__all__ = ["minterm_crossbar"]

# A product of literals: for each input whether it, or its complement, is in it.
Product = tuple[tuple[str, bool], ...]


def minterm_crossbar(
    device: Device,
    functions: Mapping[str, Sequence[str]],
    *,
    load: float,
    result_load: float,
    v_cond: float,
    v_set: float,
    width: float,
    polarity: int = 1,
    line_resistance: float | None = None,
    **cells: Any,
) -> LogicTable:
    """Return the truth table of Boolean functions on a crossbar: a row a product, a column a literal.

    Logic 0 is the low resistance and 1 the high one, after Snider (EC23 section 4.5.2, fig. 18 b). A cell is active
    where its literal is in the product of its row: it holds the literal's value; all others are disabled, at high
    resistance. In the first level all rows of a function make the NAND of their literals at once, each in its cell of
    the function's column; in the second the column makes the NAND of these in a row of its own: the sum of products.

    Parameters
    ----------
    device : Device
        What all cells are.
    functions : dict
        For each output its products, such as ``{"xor": ["a ~b", "~a b"]}``: literals with spaces between, ``~`` for a
        complement. At most 12 inputs in all.
    load : float
        From each row to ground, in the first level (ohm), > 0.
    result_load : float
        From each column of a function to ground, in the second level (ohm), > 0. Where cells limit themselves a 0 of
        the first level is weak, `load` V_th/(v_set - V_th), and this load has to be larger than that.
    v_cond, v_set : float
        Voltages of cells that are read and of cells that are to be set (V).
    width : float
        Length of each of the two pulses a function (s), > 0.
    polarity : int
        -1 where voltages that are positive from bit line to word line set a cell, as of VTEAM and TEAM; 1 for others.
    line_resistance : float, optional
        Of a line from one cell to the next (ohm), as for `mn.crossbar`.
    **cells
        Further ones of `LogicRow`: `levels`, `states`, `v_read`, `dt`, `method`, `rtol`, `seed`. Cells are set to
        states, not written.

    Returns
    -------
    LogicTable
        Of the cells of the results, which are the outputs, and of products, called such as "xor: a ~b", whose value is
        the NAND.

    Raises
    ------
    TypeError, ValueError
        Functions without products, products that are no literals, or hold an input and its complement; more than 12
        inputs; numbers out of range.

    Notes
    -----
    One simulation a case, in which the functions follow one another. Columns and rows that take no part float; rows
    without a product of the function are held at v_cond meanwhile, so that their cells stay.

    References
    ----------
    .. [1] O. Tunali, M. C. Morgul and M. Altun, IEEE Micro 2018, 38, 22.

    Examples
    --------
    >>> import memnet as mn
    >>> device = mn.VTEAM(R_on=1e3, R_off=1e6, D=3e-9, v_on=-1.0, v_off=1.0, k_on=-3.0, k_off=3.0, alpha_on=1.0)
    >>> pulses = {"v_cond": 0.9, "v_set": 1.6, "width": 200e-9, "polarity": -1}
    >>> found = mn.arrays.minterm_crossbar(device, {"xor": ["a ~b", "~a b"]}, load=2.5e3, result_load=12e3, **pulses)
    >>> found
    <LogicTable: a, b to xor: right in 4 of 4 cases; least margin 0.1292, xor at a = 0, b = 0>
    >>> found.levels
    <LogicLevels: 0 is 1 kohm; 1 is 1 Mohm>
    """
    parsed = _parsed(functions)
    shared = MintermCells(device, load=load, **{"levels": _snider(device, cells), **cells})
    if shared.write is not None:
        raise ValueError("write must be None, cells of minterms are set to states")
    sign = -float(polarity if check.integer("polarity", polarity, -1, 1) else _no_polarity())
    inputs = tuple(dict.fromkeys(name for products in parsed.values() for one in products for name, _ in one))
    if len(inputs) > MOST_INPUTS:
        raise ValueError(f"functions must have at most {MOST_INPUTS} inputs, got {len(inputs)}")
    plan = Plan(
        shared,
        parsed,
        inputs,
        (
            check.real("load", load, 0.0, bounds="()", unit="ohm"),
            check.real("result_load", result_load, 0.0, bounds="()", unit="ohm"),
        ),
        sign * check.real("v_cond", v_cond, unit="V"),
        sign * check.real("v_set", v_set, unit="V"),
        check.real("width", width, 0.0, bounds="()", unit="s"),
        line_resistance,
    )
    return plan.table()


@check.known_fields
@dataclass(frozen=True, repr=False, eq=False, kw_only=True)
class MintermCells(LogicCells):
    """The device, its states and its levels; which cells there are is a matter of the plan."""


@dataclass(frozen=True)
class Plan:
    """Which cell of a crossbar is what, and which lines are driven when."""

    shared: MintermCells
    functions: Mapping[str, Sequence[Product]]
    inputs: tuple[str, ...]
    loads: tuple[float, float]
    v_cond: float
    v_set: float
    width: float
    line_resistance: float | None

    @property
    def rows(self) -> list[Product]:
        """The product of each row; the row behind them has the results."""
        return list(dict.fromkeys(one for products in self.functions.values() for one in products))

    @property
    def literals(self) -> list[tuple[str, bool]]:
        """The literal of each of the first columns; one column a function follows."""
        return list(dict.fromkeys(literal for row in self.rows for literal in row))

    def table(self) -> LogicTable:
        """Run all cases and return what came of them."""
        names, places = self._read()
        cases = all_cases(len(self.inputs))
        ohms = np.array([self._run(case, places) for case in cases.tolist()])
        levels = self.shared.known_levels
        outputs = tuple(self.functions)
        return LogicTable(self.inputs, outputs, names, levels, cases, self._expected(cases), ohms)

    def _read(self) -> tuple[tuple[str, ...], list[tuple[int, int]]]:
        """Return names and places of the cells that are read: products, then results."""
        rows, first = self.rows, len(self.literals)
        names, places = [], []
        for k, (output, products) in enumerate(self.functions.items()):
            for one in products:
                names.append(f"{output}: {' '.join(name if plain else f'~{name}' for name, plain in one)}")
                places.append((rows.index(one), first + k))
        names += self.functions
        places += [(len(rows), first + k) for k in range(len(self.functions))]
        return tuple(names), places

    def _expected(self, cases: Bits) -> Bits:
        """Return the bits of the cells that are read, (case, cell)."""
        bit = {name: cases[:, k] == 1 for k, name in enumerate(self.inputs)}
        true = [
            [np.logical_and.reduce([bit[name] == plain for name, plain in one]) for one in products]
            for products in self.functions.values()
        ]
        columns = [~one for products in true for one in products]
        columns += [np.logical_or.reduce(products) for products in true]
        return np.asarray(np.array(columns, dtype=np.int8).T.copy())

    def _run(self, case: Sequence[int], places: Sequence[tuple[int, int]]) -> Floats:
        """Return the resistances of cells at the end of one case (ohm)."""
        net = crossbar(
            len(self.rows) + 1, len(self.literals) + len(self.functions), line_resistance=self.line_resistance
        )
        loaded = self._loaded(net)
        drive, widths = self._drive(loaded), [self.width] * (2 * len(self.functions))
        sim = Simulation(loaded, cell_devices(net, self.shared.device), drive, **self.shared.options(widths))
        self.shared.put(sim, self._bits(net, case))
        edges = [int(net.cell[0, row, column]) for row, column in places]
        last = {name: 0.0 if name[0] == "w" else self.shared.v_read for name in drive}
        return read_after(sim, widths, last, edges)

    def _loaded(self, net: Network) -> Network:
        """Return the crossbar with a load at each row of a product and each column of a function."""
        for row in range(len(self.rows)):
            net = net.attach(f"w{row}", Resistor(conductance=1.0 / self.loads[0]))
        for k in range(len(self.functions)):
            net = net.attach(f"b{len(self.literals) + k}", Resistor(conductance=1.0 / self.loads[1]))
        return net

    def _drive(self, net: Network) -> dict[str, Any]:
        """Return the waveforms: two pulses a function, and what takes no part floats."""
        volts: list[dict[str, float]] = []
        for k, products in enumerate(self.functions.values()):
            result, column = f"w{len(self.rows)}", f"b{len(self.literals) + k}"
            first = {f"b{j}": self.v_cond for j in range(len(self.literals))} | {f"{column}.inner": self.v_set}
            second = {result: -self.v_set, column: 0.0}
            for row, one in enumerate(self.rows):
                mine = one in products
                first |= {f"w{row}": 0.0} if mine else {f"w{row}.inner": self.v_cond}
                second |= {f"w{row}.inner": -self.v_cond} if mine else {}
            volts += [first, second]
        widths = [self.width] * len(volts)
        return {name: wave(pieces([one.get(name) for one in volts], widths)) for name in net.electrodes}

    def _bits(self, net: Network, case: Sequence[int]) -> Bits:
        """Return the bit of every cell at the start: 1 but where an active literal is 0."""
        bits = np.ones(net.cell.shape[1:], dtype=np.int8)
        given = dict(zip(self.inputs, case, strict=True))
        for row, product in enumerate(self.rows):
            for name, plain in product:
                bits[row, self.literals.index((name, plain))] = int(given[name] == plain)
        return np.asarray(bits.ravel())


def _snider(device: Any, cells: Mapping[str, Any]) -> LogicLevels | None:
    """Return the levels of the device with the low resistance as 0, where none are given."""
    check.instance("device", device, Device, "a device")
    if cells.get("states") is not None:
        return None
    low, high = sorted(resistances(device, ends_of_state(device), cells.get("v_read", 0.1)))
    return LogicLevels(zero=float(low), one=float(high))


def _no_polarity() -> int:
    raise ValueError("polarity must be 1 or -1, got 0")


def _parsed(functions: Any) -> dict[str, list[Product]]:
    """Return the products of each function, or raise TypeError or ValueError."""
    check.instance("functions", functions, Mapping, "a dict from outputs to products")
    if not functions:
        raise ValueError("functions must have at least one output, got none")
    found = {}
    for output, products in functions.items():
        check.new_name("output", output)
        check.instance(f"functions[{output!r}]", products, (list, tuple), "a list of products")
        if not products:
            raise ValueError(f"functions[{output!r}] must have at least one product, got none")
        found[output] = list(dict.fromkeys(_product(output, one) for one in products))
    return found


def _product(output: str, text: Any) -> Product:
    """Return the literals of a product, or raise TypeError or ValueError."""
    check.instance(f"product of {output!r}", text, str, 'literals such as "a ~b"')
    literals = dict.fromkeys((word.removeprefix("~"), not word.startswith("~")) for word in text.split())
    names = [name for name, _ in literals]
    if not names or len(set(names)) < len(names) or not all(name.isidentifier() for name in names):
        raise ValueError(
            f'product of {output!r} must be literals such as "a ~b", none with its complement, got {check.shown(text)}'
        )
    return tuple(literals)
