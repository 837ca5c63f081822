"""Expressions as values of a graph."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from memnet.equations._fault import EquationError
from memnet.equations._graph import Graph
from memnet.equations._model import CONSTANTS, Model
from memnet.equations._tree import FUNCTIONS, Call, Expression, Name, Number

# The operation of a function or sign, where it is one.
DIRECT = {name: name.upper() for name in FUNCTIONS} | {
    "+": "ADD",
    "-": "SUBTRACT",
    "*": "MULTIPLY",
    "/": "DIVIDE",
    "neg": "NEGATE",
    "<": "LESS",
    "<=": "LESS_EQUAL",
    "==": "EQUAL",
    "and": "AND",
    "or": "OR",
    "not": "NOT",
}
SWAPPED = {">": "LESS", ">=": "LESS_EQUAL"}


class Lowering:
    """Puts the expressions of one model into one graph; a definition is computed once.

    Attributes
    ----------
    graph : Graph
        Where values are put.
    noise : list of str
        The inputs that stand for the uses of xi, in the order of the text.
    """

    def __init__(self, model: Model) -> None:
        self.model, self.graph = model, Graph()
        self.noise: list[str] = []
        self._symbols: dict[str, int] = {}
        for name, expression in model.definitions.items():
            self._symbols[name] = self.value(expression)

    def definition(self, name: str) -> int:
        """Return the value of a definition."""
        return self._symbols[name]

    def value(self, expression: Expression) -> int:
        """Return the value of an expression."""
        if isinstance(expression, Number):
            return self.graph.constant(expression.value)
        if isinstance(expression, Name):
            return self._symbol(expression)
        return self._call(expression)

    def _symbol(self, name: Name) -> int:
        if name.name in self._symbols:
            return self._symbols[name.name]
        if name.name == "xi":
            self.noise.append(f"xi.{len(self.noise)}")
            return self.graph.input(self.noise[-1])
        declared = name.name in self.model.parameters or name.name in self.model.states
        if name.name in CONSTANTS and not declared:
            return self.graph.constant(CONSTANTS[name.name][0])
        return self.graph.input(name.name)

    def _call(self, call: Call) -> int:
        of = [self.value(one) for one in call.of]
        if call.function in SWAPPED:
            value = self.graph(SWAPPED[call.function], *reversed(of))
        elif call.function == "!=":
            value = self.graph("NOT", self.graph("EQUAL", *of))
        else:
            value = self.graph(DIRECT[call.function], *of)
        number = self.graph.known(value)
        if number is not None and not math.isfinite(number):
            raise EquationError(f"numbers must be finite, and {call} is {number}", call.place)
        return value


def distance(lowering: Lowering, condition: Expression) -> int:
    """Return how far a condition is from coming true: negative where it does not hold, 0 and above where it does.

    Comparisons are differences, so that the moment can be found as a root; a symbol alone jumps from -1 to 1.
    """
    graph = lowering.graph
    if isinstance(condition, Call) and condition.function in _DISTANCES:
        return _DISTANCES[condition.function](lowering, condition)
    return graph("WHERE", lowering.value(condition), graph.constant(1.0), graph.constant(-1.0))


def _above(lowering: Lowering, call: Call) -> int:
    return lowering.graph.difference(lowering.value(call.of[0]), lowering.value(call.of[1]))


def _below(lowering: Lowering, call: Call) -> int:
    return lowering.graph.difference(lowering.value(call.of[1]), lowering.value(call.of[0]))


def _both(lowering: Lowering, call: Call) -> int:
    return lowering.graph("MIN", *(distance(lowering, one) for one in call.of))


def _either(lowering: Lowering, call: Call) -> int:
    return lowering.graph("MAX", *(distance(lowering, one) for one in call.of))


def _opposite(lowering: Lowering, call: Call) -> int:
    return lowering.graph("NEGATE", distance(lowering, call.of[0]))


_DISTANCES: Mapping[str, Callable[[Lowering, Call], int]] = {
    **dict.fromkeys((">", ">="), _above),
    **dict.fromkeys(("<", "<="), _below),
    "and": _both,
    "or": _either,
    "not": _opposite,
}
