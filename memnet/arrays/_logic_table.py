"""The truth table that a circuit has: resistances at the end of each case beside what they should mean."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from memnet.arrays._logic_levels import LogicLevels
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.base.read_only import ReadOnlyArrays, read_only
from memnet.base.text import Summary, quantity

__all__ = ["LogicTable"]

# More inputs than these are more cases than anybody reads.
MOST_INPUTS = 12
Bits: TypeAlias = NDArray[np.int8]
Expected: TypeAlias = Mapping[str, Callable[..., Any] | ArrayLike]


@dataclass(frozen=True, repr=False, eq=False)
class LogicTable(ReadOnlyArrays, Summary):
    """What a circuit made of every combination of its inputs.

    Attributes
    ----------
    inputs, outputs : tuple of str
        Cells that are given and cells that are to be right. One may be both, as q of q <- p IMP q.
    cells : tuple of str
        Those whose resistance was read.
    levels : LogicLevels
        What resistances mean.
    cases : ndarray of int8, (case, input)
        All combinations, the last input fastest.
    expected : ndarray of int8, (case, cell)
        Bits that the cells should have at the end: inputs as they were, outputs as their functions say; -1 of a cell
        of which nothing is expected.
    resistance : ndarray, (case, cell)
        Of each cell at the end (ohm).

    Examples
    --------
    >>> import memnet as mn
    >>> device = mn.VTEAM(R_on=1e3, R_off=1e6, D=3e-9, v_on=-1.0, v_off=1.0, k_on=-3.0, k_off=3.0, alpha_on=1.0)
    >>> found = mn.arrays.imp(device, load=5e3, v_cond=0.9, v_set=1.6, width=200e-9, polarity=-1)
    >>> print(found)
    p q   q at the end         margin
    0 0   1  8.354 kohm        0.3854
    0 1   1  1 kohm            1
    1 0   0  1 Mohm            1
    1 1   1  1 kohm            1
    >>> found.bits.tolist(), found.right, found.right_cases.tolist(), found.wrong
    ([[0, 1], [0, 1], [1, 0], [1, 1]], True, [True, True, True, True], ())
    >>> round(found.margin, 4), found.worst[1:], found.margins[0].round(4)
    (0.3854, ('q', {'p': 0, 'q': 0}), array([1.    , 0.3854]))
    >>> found.resistance_of("q").round()
    array([   8354.,    1000., 1000000.,    1000.])
    """

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    cells: tuple[str, ...]
    levels: LogicLevels
    cases: Bits
    expected: Bits
    resistance: Floats

    def __post_init__(self) -> None:
        for values in (self.cases, self.expected, self.resistance):
            read_only(values)

    @property
    def bits(self) -> Bits:
        """Bits that the cells have at the end, (case, cell)."""
        return self.levels.bits(self.resistance)

    @property
    def margins(self) -> Floats:
        """How far each resistance is on the right side, (case, cell): see `LogicLevels.margins`; nan: not expected."""
        known = self.levels.margins(self.resistance, np.maximum(self.expected, 0))
        return np.where(self.expected < 0, np.nan, known)

    @property
    def right(self) -> bool:
        """Whether all outputs are right in all cases."""
        return bool(self.right_cases.all())

    @property
    def right_cases(self) -> NDArray[np.bool_]:
        """Whether all outputs are right, (case,)."""
        at = self._places(self.outputs)
        return np.asarray((self.bits == self.expected)[:, at].all(axis=1))

    @property
    def wrong(self) -> tuple[str, ...]:
        """Cells whose bit is another than expected in some case: outputs, what leads to them, inputs that changed."""
        missed = ((self.bits != self.expected) & (self.expected >= 0)).any(axis=0)
        return tuple(cell for cell, one in zip(self.cells, missed, strict=True) if one)

    @property
    def margin(self) -> float:
        """The least margin of an output."""
        return self.worst[0]

    @property
    def worst(self) -> tuple[float, str, dict[str, int]]:
        """The least margin of an output, that output, and the inputs of the case."""
        of_outputs = self.margins[:, self._places(self.outputs)]
        case, place = np.unravel_index(int(np.argmin(of_outputs)), of_outputs.shape)
        bits = dict(zip(self.inputs, self.cases[case].tolist(), strict=True))
        return float(of_outputs[case, place]), self.outputs[int(place)], bits

    def resistance_of(self, cell: str) -> Floats:
        """Return the resistance of a cell at the end of each case (ohm).

        Raises
        ------
        TypeError, ValueError
            An unknown cell (with the nearest one).
        """
        check.known_name("cell", cell, dict.fromkeys(self.cells))
        return self.resistance[:, self.cells.index(cell)]

    def _places(self, names: Any) -> list[int]:
        return [self.cells.index(name) for name in names]

    def _summary(self) -> dict[str, str]:
        margin, output, case = self.worst
        at = ", ".join(f"{name} = {bit}" for name, bit in case.items())
        return {
            "": f"{', '.join(self.inputs)} to {', '.join(self.outputs)}: right in"
            f" {int(self.right_cases.sum())} of {len(self.cases)} cases",
            "wrong": ", ".join(self.wrong),
            "least margin": f"{margin:.4g}, {output} at {at}",
        }

    def __str__(self) -> str:
        at = self._places(self.outputs)
        titles = [f"{name} at the end" for name in self.outputs]
        wide = max(20, *(len(title) + 2 for title in titles))
        heads = " ".join(self.inputs)
        rows = [f"{heads}   {' '.join(f'{title:<{wide}}' for title in titles)} margin"]
        bits, margins = self.bits[:, at], self.margins[:, at].min(axis=1)
        for case, found, wanted, ohms, margin in zip(
            self.cases, bits, self.expected[:, at], self.resistance[:, at], margins, strict=True
        ):
            given = " ".join(f"{bit:<{len(name)}}" for name, bit in zip(self.inputs, case.tolist(), strict=True))
            cells = [
                f"{bit}  {quantity(ohm, 'ohm')}{'' if bit == right else ', wrong'}"
                for bit, right, ohm in zip(found, wanted, ohms, strict=True)
            ]
            rows.append(f"{given}   {' '.join(f'{cell:<{wide}}' for cell in cells)} {margin:.4g}")
        return "\n".join(rows)


def all_cases(n_inputs: int) -> Bits:
    """Return all combinations of bits, (case, input), the last input fastest."""
    return np.array(list(itertools.product((0, 1), repeat=n_inputs)), dtype=np.int8)


def names_of(name: str, value: Any, cells: Sequence[str], least: int = 1) -> tuple[str, ...]:
    """Return names of cells, each once, or raise TypeError or ValueError."""
    check.instance(name, value, (list, tuple), "a list of cells")
    found = tuple(check.known_name(f"cell in {name}", one, dict.fromkeys(cells)) for one in value)
    if len(found) < least or len(set(found)) < len(found):
        raise ValueError(f"{name} must name {least} cells or more, each once, got {check.shown(value)}")
    return found


def expected_bits(expected: Expected, inputs: Sequence[str], cells: Sequence[str], fixed: Mapping[str, int]) -> Bits:
    """Return what cells should be at the end of each case, (case, cell); -1 where nothing is said.

    Raises
    ------
    TypeError, ValueError
        Values that are neither a function of the inputs nor a bit a case.
    """
    check.instance("expected", expected, Mapping, "a dict from cells to functions of the inputs or bits")
    if not expected:
        raise ValueError("expected must say what at least one cell should be, got nothing")
    cases = all_cases(len(inputs))
    found = np.full((len(cases), len(cells)), -1, dtype=np.int8)
    for cell, bit in fixed.items():
        found[:, cells.index(cell)] = bit
    for k, cell in enumerate(inputs):
        found[:, cells.index(cell)] = cases[:, k]
    for cell, what in expected.items():
        check.known_name("cell in expected", cell, dict.fromkeys(cells))
        found[:, cells.index(cell)] = _column(f"expected[{cell!r}]", what, cases)
    return found


def _column(name: str, what: Any, cases: Bits) -> Bits:
    if callable(what):
        what = [int(bool(what(*case))) for case in cases.tolist()]
    bits = check.array(name, what, (len(cases),))
    if not np.isin(bits, (0.0, 1.0)).all():
        raise ValueError(f"{name} must be a function of the inputs, or 0 or 1 for each case, got {check.shown(what)}")
    return bits.astype(np.int8)
