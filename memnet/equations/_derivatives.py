"""Derivatives by the chain rule, operation by operation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from memnet.equations._graph import Graph, Input, Operation


@dataclass(frozen=True)
class _Change:
    """An operation of a graph whose operands change: its value, they, and by what they change."""

    graph: Graph
    value: int
    of: tuple[int, ...]
    by: tuple[int, ...]


Rule = Callable[[_Change], int]


def derivative(graph: Graph, value: int, name: str) -> int:
    """Return the derivative of a value with respect to an input.

    At a kink (abs, min, max, a comparison in where) it is that of one side. Steps, as floor and sign are, have 0.
    """
    zero = graph.constant(0.0)
    changes: dict[int, int] = {}
    for k in graph.needed([value]):
        what = graph.values[k]
        if isinstance(what, Operation):
            by = tuple(changes[one] for one in what.of)
            still = all(one == zero for one in by) or what.name in STEPS
            changes[k] = zero if still else _RULES[what.name](_Change(graph, k, what.of, by))
        else:
            changes[k] = graph.constant(1.0) if what == Input(name) else zero
    return changes[value]


# What changes in steps or not at all.
STEPS = frozenset(("FLOOR", "SIGN", "LESS", "LESS_EQUAL", "EQUAL", "AND", "OR", "NOT"))


def _add(change: _Change) -> int:
    return change.graph.sum(*change.by)


def _subtract(change: _Change) -> int:
    return change.graph.difference(*change.by)


def _multiply(change: _Change) -> int:
    graph, (a, b), (by_a, by_b) = change.graph, change.of, change.by
    return graph.sum(graph.product(by_a, b), graph.product(a, by_b))


def _divide(change: _Change) -> int:
    graph, below, (by_above, by_below) = change.graph, change.of[1], change.by
    return graph("DIVIDE", graph.difference(by_above, graph.product(change.value, by_below)), below)


def _negate(change: _Change) -> int:
    return change.graph("NEGATE", change.by[0])


def _abs(change: _Change) -> int:
    graph, by = change.graph, change.by[0]
    return graph("WHERE", graph("LESS", change.of[0], graph.constant(0.0)), graph("NEGATE", by), by)


def _min(change: _Change) -> int:
    return change.graph("WHERE", change.graph("LESS", *change.of), *change.by)


def _max(change: _Change) -> int:
    return change.graph("WHERE", change.graph("LESS", *reversed(change.of)), *change.by)


def _where(change: _Change) -> int:
    return change.graph("WHERE", change.of[0], *change.by[1:])


def _pow(change: _Change) -> int:
    graph, (x, exponent), (by_x, by_exponent) = change.graph, change.of, change.by
    one, zero = graph.constant(1.0), graph.constant(0.0)
    of_base = of_exponent = zero
    if by_x != zero:
        slope = graph.product(exponent, graph("POW", x, graph.difference(exponent, one)))
        of_base = graph.product(slope, by_x)
    if by_exponent != zero:
        # 0 to a positive power stays 0, whatever the power.
        slope = graph("WHERE", graph("EQUAL", change.value, zero), zero, graph.product(change.value, graph("LOG", x)))
        of_exponent = graph.product(slope, by_exponent)
    return graph.sum(of_base, of_exponent)


def _times(slope: Callable[[_Change], int]) -> Rule:
    """Return the rule of a function of one operand with this slope."""
    return lambda change: change.graph.product(slope(change), change.by[0])


def _over(below: Callable[[_Change], int]) -> Rule:
    """Return the rule of a function of one operand with a slope of 1 over this."""
    return lambda change: change.graph("DIVIDE", change.by[0], below(change))


def _of(name: str) -> Callable[[_Change], int]:
    """Return what an operation is of the operand."""
    return lambda change: change.graph(name, change.of[0])


def _one_plus(graph: Graph, x: int) -> int:
    return graph.sum(graph.constant(1.0), x)


def _square(graph: Graph, x: int) -> int:
    return graph.product(x, x)


_RULES: Mapping[str, Rule] = {
    "ADD": _add,
    "SUBTRACT": _subtract,
    "MULTIPLY": _multiply,
    "DIVIDE": _divide,
    "NEGATE": _negate,
    "ABS": _abs,
    "MIN": _min,
    "MAX": _max,
    "WHERE": _where,
    "POW": _pow,
    "EXP": _times(lambda change: change.value),
    "EXPM1": _times(_of("EXP")),
    "LOG": _over(lambda change: change.of[0]),
    "LOG1P": _over(lambda change: _one_plus(change.graph, change.of[0])),
    "SQRT": _over(lambda change: change.graph.product(change.graph.constant(2.0), change.value)),
    "SIN": _times(_of("COS")),
    "COS": _times(lambda change: change.graph("NEGATE", change.graph("SIN", change.of[0]))),
    "TAN": _times(lambda change: _one_plus(change.graph, _square(change.graph, change.value))),
    "SINH": _times(_of("COSH")),
    "COSH": _times(_of("SINH")),
    # 1 - tanh^2 would cancel where tanh is near 1.
    "TANH": _over(lambda change: _square(change.graph, change.graph("COSH", change.of[0]))),
    "ATAN": _over(lambda change: _one_plus(change.graph, _square(change.graph, change.of[0]))),
}
