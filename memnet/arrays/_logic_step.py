"""Steps of logic in a row of cells: which voltages, for how long, and what the shared line is joined to."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from memnet.base import check
from memnet.base.text import Summary, quantity

__all__ = ["LogicStep", "LogicWrite"]


@check.known_fields
@dataclass(frozen=True, repr=False)
class LogicStep(Summary):
    """One pulse on several cells of a `LogicRow`; the other cells float.

    Parameters
    ----------
    volts : dict
        Voltage of the own line of each cell that is driven (V), by name.
    width : float
        How long (s), > 0.
    line : float, optional
        Voltage at which the shared line is held (V). By default it is left to the cells and the load.
    load : bool
        Whether the load joins the shared line to ground, where the row has one.

    Raises
    ------
    TypeError, ValueError
        No cell driven, voltages that are not finite, a width that is not > 0.

    Examples
    --------
    >>> import memnet as mn
    >>> mn.arrays.LogicStep.imp("p", "q", v_cond=0.9, v_set=1.6, width=200e-9)
    <LogicStep: p 900 mV, q 1.6 V; 200 ns; with the load>
    >>> mn.arrays.LogicStep.nor(["p", "q"], "out", voltage=1.5, width=1e-6)
    <LogicStep: p 1.5 V, q 1.5 V, out 0 V; 1 µs; without a load>
    >>> mn.arrays.LogicStep.write("p", -1.5, width=1e-6)
    <LogicStep: p -1.5 V; 1 µs; line at 0 V>
    """

    volts: Mapping[str, float]
    width: float
    line: float | None = None
    load: bool = True

    def __post_init__(self) -> None:
        check.instance("volts", self.volts, Mapping, "a dict from cells to voltages")
        if not self.volts:
            raise ValueError("volts must drive at least one cell, got none")
        checked = {check.new_name("cell in volts", cell): _volts(f"volts[{cell!r}]", volt)
                   for cell, volt in self.volts.items()}  # fmt: skip
        object.__setattr__(self, "volts", MappingProxyType(checked))
        object.__setattr__(self, "width", _width(self.width))
        if self.line is not None:
            object.__setattr__(self, "line", _volts("line", self.line))
        check.flag("load", self.load)

    @classmethod
    @check.known_keywords
    def imp(cls, p: str, q: str, *, v_cond: float, v_set: float, width: float) -> LogicStep:
        """Return the step q <- p IMP q: v_cond on p, v_set on q, the line grounded through the load.

        Raises
        ------
        TypeError, ValueError
            As for `LogicStep`; the same cell twice.
        """
        check.new_name("p", p)
        if p == check.new_name("q", q):
            raise ValueError(f"p and q must be two cells, got {check.shown(p)} for both")
        return cls({p: _volts("v_cond", v_cond), q: _volts("v_set", v_set)}, width)

    @classmethod
    @check.known_keywords
    def nor(cls, inputs: Sequence[str], output: str, *, voltage: float, width: float) -> LogicStep:
        """Return the step output <- NOR(inputs) after MAGIC: a voltage on the inputs, the output grounded, no load.

        The output has to be 1 before.

        Raises
        ------
        TypeError, ValueError
            As for `LogicStep`; the output among the inputs, or one of them twice.
        """
        check.instance("inputs", inputs, (list, tuple), "a list of cells")
        cells = [*(check.new_name("name in inputs", one) for one in inputs), check.new_name("output", output)]
        if len(inputs) < 1 or any(one in cells[:k] for k, one in enumerate(cells)):
            raise ValueError(f"inputs and output must be different cells, got {check.shown(cells)}")
        volt = _volts("voltage", voltage)
        return cls({**dict.fromkeys(inputs, volt), output: 0.0}, width, load=False)

    @classmethod
    @check.known_keywords
    def write(cls, cell: str, volt: float, *, width: float) -> LogicStep:
        """Return a step that writes one cell: its voltage, the line held at 0 V, no load.

        Raises
        ------
        TypeError, ValueError
            As for `LogicStep`.
        """
        return cls({check.new_name("cell", cell): _volts("volt", volt)}, width, line=0.0, load=False)

    def __reduce__(self) -> tuple[Any, ...]:
        """Rebuild it from plain arguments, since nothing copies or pickles a read-only view of a dict."""
        return type(self), (dict(self.volts), self.width, self.line, self.load)

    def __hash__(self) -> int:
        return hash((frozenset(self.volts.items()), self.width, self.line, self.load))

    def _summary(self) -> dict[str, str]:
        driven = ", ".join(f"{cell} {quantity(volt, 'V')}" for cell, volt in self.volts.items())
        held = "with the load" if self.load else "without a load"
        line = held if self.line is None else f"line at {quantity(self.line, 'V')}"
        return {"": f"{driven}; {quantity(self.width, 's')}; {line}"}


@check.known_fields
@dataclass(frozen=True, repr=False)
class LogicWrite(Summary):
    """Pulses that write a logic value into a cell whose shared line is held at 0 V.

    Parameters
    ----------
    zero, one : float
        Voltage of the cell's own line that writes 0 and 1 (V).
    width : float
        Length of a pulse (s), > 0.

    Raises
    ------
    TypeError, ValueError
        Numbers that are not finite, a width that is not > 0.

    Examples
    --------
    >>> import memnet as mn
    >>> mn.arrays.LogicWrite(zero=-1.5, one=1.5, width=200e-9)
    <LogicWrite: 0 by -1.5 V; 1 by 1.5 V; width 200 ns>
    >>> mn.arrays.LogicWrite(zero=-1.5, one=1.5, width=200e-9).steps({"p": 1})
    [<LogicStep: p 1.5 V; 200 ns; line at 0 V>]
    """

    zero: float
    one: float
    width: float

    def __post_init__(self) -> None:
        for name in ("zero", "one"):
            object.__setattr__(self, name, _volts(name, getattr(self, name)))
        object.__setattr__(self, "width", _width(self.width))

    def steps(self, bits: Mapping[str, int]) -> list[LogicStep]:
        """Return the steps that write cells one after the other, each its bit.

        Raises
        ------
        TypeError, ValueError
            No dict of zeros and ones.
        """
        check.instance("bits", bits, Mapping, "a dict from cells to 0 or 1")
        for cell, bit in bits.items():
            check.integer(f"bits[{cell!r}]", bit, 0, 1)
        return [LogicStep.write(cell, self.one if bit else self.zero, width=self.width) for cell, bit in bits.items()]

    def _summary(self) -> dict[str, str]:
        return {
            "0 by": quantity(self.zero, "V"),
            "1 by": quantity(self.one, "V"),
            "width": quantity(self.width, "s"),
        }


def _volts(name: str, value: float) -> float:
    return check.real(name, value, unit="V")


def _width(value: float) -> float:
    return check.real("width", value, 0.0, math.inf, "()", "s")
