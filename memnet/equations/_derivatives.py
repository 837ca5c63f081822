"""Derivatives by the chain rule, operation by operation."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from memnet.equations._graph import Graph, Input, Operation

# What an operation changes by where its operands change: of the graph, the operation's value, its operands, and theirs.
Rule = Callable[[Graph, int, tuple[int, ...], list[int]], int]


def derivative(graph: Graph, value: int, name: str) -> int:
    """Return the derivative of a value with respect to an input.

    At a kink (abs, min, max, a comparison in where) it is that of one side. Steps, as floor and sign are, have 0.
    """
    zero, changes = graph.constant(0.0), {}
    for k in graph.needed([value]):
        what = graph.values[k]
        if isinstance(what, Operation):
            of = [changes[one] for one in what.of]
            still = all(one == zero for one in of) or what.name in STEPS
            changes[k] = zero if still else _RULES[what.name](graph, k, what.of, of)
        else:
            changes[k] = graph.constant(1.0) if what == Input(name) else zero
    return changes[value]


# What changes in steps or not at all.
STEPS = frozenset(("FLOOR", "SIGN", "LESS", "LESS_EQUAL", "EQUAL", "AND", "OR", "NOT"))


def _add(graph: Graph, value: int, of: tuple[int, ...], by: list[int]) -> int:
    return graph.sum(by[0], by[1])


def _subtract(graph: Graph, value: int, of: tuple[int, ...], by: list[int]) -> int:
    return graph.difference(by[0], by[1])


def _multiply(graph: Graph, value: int, of: tuple[int, ...], by: list[int]) -> int:
    return graph.sum(graph.product(by[0], of[1]), graph.product(of[0], by[1]))


def _divide(graph: Graph, value: int, of: tuple[int, ...], by: list[int]) -> int:
    return graph("DIVIDE", graph.difference(by[0], graph.product(value, by[1])), of[1])


def _negate(graph: Graph, value: int, of: tuple[int, ...], by: list[int]) -> int:
    return graph("NEGATE", by[0])


def _abs(graph: Graph, value: int, of: tuple[int, ...], by: list[int]) -> int:
    return graph("WHERE", graph("LESS", of[0], graph.constant(0.0)), graph("NEGATE", by[0]), by[0])


def _min(graph: Graph, value: int, of: tuple[int, ...], by: list[int]) -> int:
    return graph("WHERE", graph("LESS", of[0], of[1]), by[0], by[1])


def _max(graph: Graph, value: int, of: tuple[int, ...], by: list[int]) -> int:
    return graph("WHERE", graph("LESS", of[1], of[0]), by[0], by[1])


def _where(graph: Graph, value: int, of: tuple[int, ...], by: list[int]) -> int:
    return graph("WHERE", of[0], by[1], by[2])


def _pow(graph: Graph, value: int, of: tuple[int, ...], by: list[int]) -> int:
    x, exponent = of
    one, zero = graph.constant(1.0), graph.constant(0.0)
    of_base = zero
    if by[0] != zero:
        slope = graph.product(exponent, graph("POW", x, graph.difference(exponent, one)))
        of_base = graph.product(slope, by[0])
    of_exponent = zero
    if by[1] != zero:
        # 0 to a positive power stays 0, whatever the power.
        slope = graph("WHERE", graph("EQUAL", value, zero), zero, graph.product(value, graph("LOG", x)))
        of_exponent = graph.product(slope, by[1])
    return graph.sum(of_base, of_exponent)


def _times(slope: Callable[[Graph, int, int], int]) -> Rule:
    """Return the rule of a function of one operand with this slope, of the graph, the function's value and operand."""

    def rule(graph: Graph, value: int, of: tuple[int, ...], by: list[int]) -> int:
        return graph.product(slope(graph, value, of[0]), by[0])

    return rule


def _over(below: Callable[[Graph, int, int], int]) -> Rule:
    """Return the rule of a function of one operand with a slope of 1 over this."""

    def rule(graph: Graph, value: int, of: tuple[int, ...], by: list[int]) -> int:
        return graph("DIVIDE", by[0], below(graph, value, of[0]))

    return rule


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
    "EXP": _times(lambda graph, value, x: value),
    "EXPM1": _times(lambda graph, value, x: graph("EXP", x)),
    "LOG": _over(lambda graph, value, x: x),
    "LOG1P": _over(lambda graph, value, x: _one_plus(graph, x)),
    "SQRT": _over(lambda graph, value, x: graph.product(graph.constant(2.0), value)),
    "SIN": _times(lambda graph, value, x: graph("COS", x)),
    "COS": _times(lambda graph, value, x: graph("NEGATE", graph("SIN", x))),
    "TAN": _times(lambda graph, value, x: _one_plus(graph, _square(graph, value))),
    "SINH": _times(lambda graph, value, x: graph("COSH", x)),
    "COSH": _times(lambda graph, value, x: graph("SINH", x)),
    # 1 - tanh^2 would cancel where tanh is near 1.
    "TANH": _over(lambda graph, value, x: _square(graph, graph("COSH", x))),
    "ATAN": _over(lambda graph, value, x: _one_plus(graph, _square(graph, x))),
}
