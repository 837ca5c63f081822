"""Gates of memristors on one line: material implication, NOR and NAND, and an adder of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from memnet.arrays._logic_cells import Program
from memnet.arrays._logic_row import LogicRow
from memnet.arrays._logic_step import LogicStep
from memnet.arrays._logic_table import LogicTable, all_cases
from memnet.base import check
from memnet.devices import Device

__all__ = ["full_adder", "imp", "nand", "nor"]

MOST_NOR_INPUTS = 8
# A full adder of nine NORs: which cells each reads.
ADDER = {
    "n1": ("a", "b"),
    "n2": ("a", "n1"),
    "n3": ("b", "n1"),
    "n4": ("n2", "n3"),
    "n5": ("n4", "c"),
    "n6": ("n4", "n5"),
    "n7": ("c", "n5"),
    "sum": ("n6", "n7"),
    "carry": ("n1", "n5"),
}


def imp(device: Device, *, load: float, v_cond: float, v_set: float, width: float, **row: Any) -> LogicTable:
    """Return the truth table that q <- p IMP q has in the circuit: two cells and a load on one line, one pulse on both.

    A p of low resistance lifts the line, so that q no longer has the voltage that would set it.

    Parameters
    ----------
    device : Device
        What both cells are.
    load : float
        Resistance from the line to ground (ohm), > 0.
    v_cond, v_set : float
        Voltages of p and of q in the pulse (V).
    width : float
        Its length (s), > 0.
    **row
        Further ones of `LogicRow`: `levels`, `states`, `polarity`, `write` and so on.

    Returns
    -------
    LogicTable
        Of the cells "p" and "q"; the output is "q".

    Raises
    ------
    TypeError, ValueError
        As for `LogicRow` and `LogicStep`.

    Notes
    -----
    A device with a threshold limits itself: q stops where its own voltage has come down to the threshold, at
    load V_th/(v_set - V_th) and not at R_on. Such a 1 is too weak to be the p of a further step.

    References
    ----------
    .. [1] J. Borghetti et al., Nature 2010, 464, 873, doi 10.1038/nature08940.

    Examples
    --------
    >>> import memnet as mn
    >>> device = mn.VTEAM(R_on=1e3, R_off=1e6, D=3e-9, v_on=-1.0, v_off=1.0, k_on=-3.0, k_off=3.0, alpha_on=1.0)
    >>> mn.arrays.imp(device, load=5e3, v_cond=0.9, v_set=1.6, width=200e-9, polarity=-1)
    <LogicTable: p, q to q: right in 4 of 4 cases; least margin 0.3854, q at p = 0, q = 0>
    """
    return _table(device, imp_program(v_cond=v_cond, v_set=v_set, width=width), load=load, **row)


def nand(device: Device, *, load: float, v_cond: float, v_set: float, width: float, **row: Any) -> LogicTable:
    """Return the truth table that NAND has in the circuit: two steps of implication onto a third cell that is 0.

    Parameters
    ----------
    device, load, v_cond, v_set, width, **row
        As for `imp`.

    Returns
    -------
    LogicTable
        Of the cells "p", "q" and "s"; the output is "s" <- q IMP (p IMP 0).

    Raises
    ------
    TypeError, ValueError
        As for `imp`.

    Examples
    --------
    >>> import memnet as mn
    >>> device = mn.VTEAM(R_on=1e3, R_off=1e6, D=3e-9, v_on=-1.0, v_off=1.0, k_on=-3.0, k_off=3.0, alpha_on=1.0)
    >>> mn.arrays.nand(device, load=5e3, v_cond=0.9, v_set=1.6, width=200e-9, polarity=-1)
    <LogicTable: p, q to s: right in 4 of 4 cases; least margin 0.3854, s at p = 0, q = 0>
    """
    return _table(device, nand_program(v_cond=v_cond, v_set=v_set, width=width), load=load, **row)


def nor(device: Device, *, voltage: float, width: float, n_inputs: int = 2, **row: Any) -> LogicTable:
    """Return the truth table that NOR has in the circuit after MAGIC: inputs side by side, the output in series.

    The output is 1 before; an input of low resistance leaves it so much of the voltage that it is reset.

    Parameters
    ----------
    device : Device
        What all cells are.
    voltage : float
        At the inputs, with the output's own line grounded (V).
    width : float
        Length of the pulse (s), > 0.
    n_inputs : int
        From 1 (NOT) to 8.
    **row
        Further ones of `LogicRow`.

    Returns
    -------
    LogicTable
        Of the cells "in1", "in2", ... and "out".

    Raises
    ------
    TypeError, ValueError
        As for `LogicRow` and `LogicStep`; n_inputs outside 1 to 8.

    References
    ----------
    .. [1] S. Kvatinsky et al., IEEE Trans. Circuits Syst. II 2014, 61, 895, doi 10.1109/TCSII.2014.2357292.

    Examples
    --------
    >>> import memnet as mn
    >>> device = mn.VTEAM(R_on=1e3, R_off=1e6, D=3e-9, v_on=-1.0, v_off=0.3, k_on=-3.0, k_off=3.0, alpha_on=1.0)
    >>> mn.arrays.nor(device, voltage=0.8, width=200e-9, polarity=-1)
    <LogicTable: in1, in2 to out: right in 4 of 4 cases; least margin 1, out at in1 = 0, in2 = 0>
    """
    return _table(device, nor_program(voltage=voltage, width=width, n_inputs=n_inputs), **row)


def full_adder(device: Device, *, voltage: float, width: float, **row: Any) -> LogicTable:
    """Return the truth table that a full adder has in the circuit: nine NORs one after the other on one line.

    Parameters
    ----------
    device, voltage, width, **row
        As for `nor`.

    Returns
    -------
    LogicTable
        Of the cells "a", "b", "c" (the carry that comes in), "n1" to "n7", "sum" and "carry", the outputs the last two.
        `wrong` names all cells that are not what NORs would have made of them.

    Raises
    ------
    TypeError, ValueError
        As for `nor`.

    Notes
    -----
    Sum and carry are self-dual. Where a voltage is so low that one input at 1 does not reset, each NOR is a NAND, and
    nine NANDs joined like this add as well: `right` is then true, and `wrong` has what lies between.

    Examples
    --------
    >>> import memnet as mn
    >>> device = mn.VTEAM(R_on=1e3, R_off=1e6, D=3e-9, v_on=-1.0, v_off=0.3, k_on=-3.0, k_off=3.0, alpha_on=1.0)
    >>> found = mn.arrays.full_adder(device, voltage=0.8, width=200e-9, polarity=-1)
    >>> found
    <LogicTable: a, b, c to sum, carry: right in 8 of 8 cases; least margin 1, sum at a = 0, b = 0, c = 0>
    """
    return _table(device, adder_program(voltage=voltage, width=width), **row)


def imp_program(*, v_cond: float, v_set: float, width: float) -> Program:
    """Return what `imp` does."""
    step = LogicStep.imp("p", "q", v_cond=v_cond, v_set=v_set, width=width)
    return Program(("p", "q"), [step], {"q": lambda p, q: not p or q}, {})


def nand_program(*, v_cond: float, v_set: float, width: float) -> Program:
    """Return what `nand` does."""
    steps = [LogicStep.imp(cell, "s", v_cond=v_cond, v_set=v_set, width=width) for cell in ("p", "q")]
    return Program(("p", "q"), steps, {"s": lambda p, q: not (p and q)}, {"s": 0})


def nor_program(*, voltage: float, width: float, n_inputs: int = 2) -> Program:
    """Return what `nor` does."""
    cells = tuple(f"in{k + 1}" for k in range(check.integer("n_inputs", n_inputs, 1, MOST_NOR_INPUTS)))
    step = LogicStep.nor(cells, "out", voltage=voltage, width=width)
    return Program(cells, [step], {"out": lambda *bits: not any(bits)}, {"out": 1})


def adder_program(*, voltage: float, width: float) -> Program:
    """Return what `full_adder` does."""
    steps = [LogicStep.nor(read, cell, voltage=voltage, width=width) for cell, read in ADDER.items()]
    bits = dict(zip("abc", all_cases(3).T, strict=True))
    for cell, (one, other) in ADDER.items():
        bits[cell] = 1 - (bits[one] | bits[other])
    expected: Mapping[str, Any] = {cell: bits[cell] for cell in ADDER}
    return Program(("a", "b", "c"), steps, expected, dict.fromkeys(ADDER, 1), ("sum", "carry"))


def _table(device: Device, program: Program, **row: Any) -> LogicTable:
    cells = list(dict.fromkeys([*program.inputs, *program.start]))
    return LogicRow(device, cells, **row).tables([program])[0]
