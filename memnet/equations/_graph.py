"""Programs before they have registers: values in single assignment, each of an operation on earlier ones.

Equal operations on equal values are one value, and what is known without inputs is a constant at once: sums with 0,
products with 0 and 1, and anything of constants, computed by the operations that runs have.
"""

from __future__ import annotations

import functools
import struct
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from memnet import _core
from memnet.equations._fault import EquationError, Place

# Operations by name: their numbers, and how many operands they have.
OPERATIONS = _core.operations()
# The most values of one model.
MOST_VALUES = 20_000


@dataclass(frozen=True)
class Input:
    """What a run is given, by name."""

    name: str


@dataclass(frozen=True)
class Constant:
    """A number; two are equal where their bits are."""

    bits: bytes

    @property
    def value(self) -> float:
        return float(struct.unpack("<d", self.bits)[0])


@dataclass(frozen=True)
class Operation:
    """An operation on values, by their numbers."""

    name: str
    of: tuple[int, ...]


Value = Input | Constant | Operation


def compute(name: str, *of: float) -> float:
    """Return an operation of numbers, with the bits that a run has."""
    return _computed(name, struct.pack(f"<{len(of)}d", *of))


@functools.lru_cache(maxsize=4096)
def _computed(name: str, bits: bytes) -> float:
    # By their bits, as 0.0 and -0.0 are equal.
    of = struct.unpack(f"<{len(bits) // 8}d", bits)
    number, n_operands = OPERATIONS[name]
    operands = [*range(n_operands), *[0] * (5 - n_operands)]
    instructions = np.array([[number, n_operands, *operands]], dtype=np.int16)
    program = _core.Program(n_operands, 0, np.empty(0), 0, 1, instructions)
    return float(program.run(np.array(of, dtype=np.float64).reshape(n_operands, 1), np.empty(0))[0, 0])


class Graph:
    """Values, numbered in an order in which they can be computed."""

    def __init__(self) -> None:
        self.values: list[Value] = []
        self._numbers: dict[Value, int] = {}

    def _number(self, value: Value) -> int:
        if value not in self._numbers:
            if len(self.values) >= MOST_VALUES:
                raise EquationError(f"a model has at most {MOST_VALUES} operations", Place(1, 1))
            self._numbers[value] = len(self.values)
            self.values.append(value)
        return self._numbers[value]

    def input(self, name: str) -> int:
        """Return the value of an input."""
        return self._number(Input(name))

    def constant(self, number: float) -> int:
        """Return the value of a number."""
        return self._number(Constant(struct.pack("<d", number)))

    def known(self, value: int) -> float | None:
        """Return the number that a value is without any input, None where it depends on one."""
        what = self.values[value]
        return what.value if isinstance(what, Constant) else None

    def __call__(self, name: str, *of: int) -> int:
        """Return the value of an operation."""
        numbers = tuple(self.known(one) for one in of)
        known = [one for one in numbers if one is not None]
        if len(known) == len(of):
            return self.constant(compute(name, *known))
        simpler = _SIMPLER[name](_Wanted(self, of, numbers)) if name in _SIMPLER else None
        return self._number(Operation(name, of)) if simpler is None else simpler

    def sum(self, a: int, b: int) -> int:
        return self("ADD", a, b)

    def difference(self, a: int, b: int) -> int:
        return self("SUBTRACT", a, b)

    def product(self, a: int, b: int) -> int:
        return self("MULTIPLY", a, b)

    def inputs_of(self, value: int) -> frozenset[str]:
        """Return the inputs on which a value depends."""
        return frozenset(one.name for k in self.needed([value]) if isinstance(one := self.values[k], Input))

    def needed(self, values: Iterable[int]) -> list[int]:
        """Return what must be computed for some values, themselves included, in order."""
        found, path = set(values), list(values)
        while path:
            what = self.values[path.pop()]
            for one in what.of if isinstance(what, Operation) else ():
                if one not in found:
                    found.add(one)
                    path.append(one)
        return sorted(found)

    def replaced(self, value: int, name: str, by: int) -> int:
        """Return a value with one input replaced by another value."""
        return self.substitution({name: by})(value)

    def substitution(self, by: Mapping[str, int]) -> Callable[[int], int]:
        """Return what replaces inputs by other values, all at once; it remembers what it has done."""
        new = {self._numbers[Input(name)]: value for name, value in by.items() if Input(name) in self._numbers}

        def replaced(value: int) -> int:
            path = [value]
            while path:
                k = path.pop()
                what = self.values[k]
                if k in new:
                    continue
                if not isinstance(what, Operation):
                    new[k] = k
                elif all(one in new for one in what.of):
                    of = tuple(new[one] for one in what.of)
                    new[k] = k if of == what.of else self(what.name, *of)
                else:
                    path += [k, *(one for one in what.of if one not in new)]
            return new[value]

        return replaced


@dataclass(frozen=True)
class _Wanted:
    """An operation that is asked for: its operands, and what is known of them."""

    graph: Graph
    of: tuple[int, ...]
    known: tuple[float | None, ...]


def _add(wanted: _Wanted) -> int | None:
    (a, b), (known_a, known_b) = wanted.of, wanted.known
    return b if known_a == 0 else a if known_b == 0 else None


def _subtract(wanted: _Wanted) -> int | None:
    (a, b), (known_a, known_b) = wanted.of, wanted.known
    return wanted.graph("NEGATE", b) if known_a == 0 else a if known_b == 0 else None


def _multiply(wanted: _Wanted) -> int | None:
    for this, other in ((0, 1), (1, 0)):
        if wanted.known[this] == 0:
            return wanted.graph.constant(0.0)
        if wanted.known[this] == 1:
            return wanted.of[other]
        if wanted.known[this] == -1:
            return wanted.graph("NEGATE", wanted.of[other])
    return None


def _divide(wanted: _Wanted) -> int | None:
    above, below = wanted.known
    return wanted.graph.constant(0.0) if above == 0 else wanted.of[0] if below == 1 else None


def _negate(wanted: _Wanted) -> int | None:
    what = wanted.graph.values[wanted.of[0]]
    return what.of[0] if isinstance(what, Operation) and what.name == "NEGATE" else None


def _where(wanted: _Wanted) -> int | None:
    yes, no = wanted.of[1:]
    if wanted.known[0] is not None:
        return yes if wanted.known[0] != 0 else no
    return yes if yes == no else None


def _pow(wanted: _Wanted) -> int | None:
    """Whole powers up to 4 are products."""
    graph, x, exponent = wanted.graph, wanted.of[0], wanted.known[1]
    if exponent == 0:
        return graph.constant(1.0)
    if exponent is None or abs(exponent) not in (1.0, 2.0, 3.0, 4.0):
        return None
    square = graph.product(x, x)
    power = {1.0: x, 2.0: square, 3.0: graph.product(square, x), 4.0: graph.product(square, square)}[abs(exponent)]
    return power if exponent > 0 else graph("DIVIDE", graph.constant(1.0), power)


_SIMPLER: dict[str, Callable[[_Wanted], int | None]] = {
    "ADD": _add,
    "SUBTRACT": _subtract,
    "MULTIPLY": _multiply,
    "DIVIDE": _divide,
    "NEGATE": _negate,
    "WHERE": _where,
    "POW": _pow,
}
