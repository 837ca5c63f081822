"""Gates of memristors on one line: material implication, NOR and NAND, and an adder of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from memnet.arrays._logic_row import LogicRow
from memnet.arrays._logic_step import LogicStep
from memnet.arrays._logic_table import LogicTable
from memnet.base import check
from memnet.devices import Device

__all__ = ["full_adder", "imp", "nand", "nor"]

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
    step = LogicStep.imp("p", "q", v_cond=v_cond, v_set=v_set, width=width)
    made = LogicRow(device, ["p", "q"], load=load, **row)
    return made.table([step], inputs=["p", "q"], expected={"q": lambda p, q: not p or q})


def nand(device: Device, *, load: float, v_cond: float, v_set: float, width: float, **row: Any) -> LogicTable:
    steps = [LogicStep.imp(cell, "s", v_cond=v_cond, v_set=v_set, width=width) for cell in ("p", "q")]
    made = LogicRow(device, ["p", "q", "s"], load=load, **row)
    return made.table(steps, inputs=["p", "q"], expected={"s": lambda p, q: not (p and q)})


def nor(device: Device, *, voltage: float, width: float, n_inputs: int = 2, **row: Any) -> LogicTable:
    cells = [f"in{k + 1}" for k in range(check.integer("n_inputs", n_inputs, 1, 8))]
    step = LogicStep.nor(cells, "out", voltage=voltage, width=width)
    made = LogicRow(device, [*cells, "out"], **row)
    return made.table([step], inputs=cells, expected={"out": lambda *bits: not any(bits)}, start={"out": 1})


def full_adder(device: Device, *, voltage: float, width: float, **row: Any) -> LogicTable:
    steps = [LogicStep.nor(read, cell, voltage=voltage, width=width) for cell, read in ADDER.items()]
    made = LogicRow(device, ["a", "b", "c", *ADDER], **row)
    expected = {"sum": lambda a, b, c: (a + b + c) % 2, "carry": lambda a, b, c: (a + b + c) // 2}
    return made.table(steps, inputs=["a", "b", "c"], expected=expected, start=dict.fromkeys(ADDER, 1))
