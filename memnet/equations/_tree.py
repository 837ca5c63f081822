"""Expressions as trees: read with Python's grammar, of which only arithmetic is allowed; nothing is evaluated."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from memnet.base import check
from memnet.equations._fault import EquationError, Place
from memnet.equations._tokens import check_words

# The longest expression, and how deep it may nest: what reads it is recursive.
MOST_CHARACTERS = 10_000
MOST_DEPTH = 200

# The functions of the language, and how many arguments each takes; min and max take more, too.
FUNCTIONS = {
    **dict.fromkeys(("exp", "expm1", "log", "log1p", "sqrt", "sin", "cos", "tan", "tanh", "sinh", "cosh", "atan"), 1),
    **dict.fromkeys(("abs", "sign", "floor"), 1),
    **dict.fromkeys(("min", "max", "pow"), 2),
    "where": 3,
}
BINARY = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "pow"}
# What Python has and the language has not.
_OTHERS = {
    ast.IfExp: "`a if c else b`, which is where(c, a, b),",
    ast.Tuple: "a list of expressions",
    ast.Lambda: "lambda",
    ast.Await: "await",
    ast.Yield: "yield",
}
# What others call what is called something else here.
_ELSEWHERE = {
    "ln": "log(x)",
    "log10": "log(x)/log(10)",
    "log2": "log(x)/log(2)",
    "power": "pow(x, y)",
    "sgn": "sign(x)",
    "fabs": "abs(x)",
    "arctan": "atan(x)",
    "int": "floor(x)",
    "exprel": "expm1(x)/x",
    "maximum": "max(x, y)",
    "minimum": "min(x, y)",
    "clip": "min(max(x, low), high)",
    "heaviside": "where(x > 0, 1, 0)",
    "step": "where(x > 0, 1, 0)",
    "IF": "where(c, x, y)",
    "sigmoid": "1/(1 + exp(-x))",
}
COMPARISONS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}


@dataclass(frozen=True)
class Number:
    """A number of the text."""

    value: float
    place: Place

    def __str__(self) -> str:
        return repr(self.value)


@dataclass(frozen=True)
class Name:
    """A symbol: of a parameter, a state, a definition, a constant; of the linked edge as "linked.v"."""

    name: str
    place: Place

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Call:
    """An operation or a function of expressions; "neg" is the sign."""

    function: str
    of: tuple[Expression, ...]
    place: Place

    def __str__(self) -> str:
        if self.function in FUNCTIONS:
            return f"{self.function}({', '.join(map(str, self.of))})"
        if len(self.of) == 1:
            return f"({'-' if self.function == 'neg' else 'not '}{self.of[0]})"
        return f"({self.of[0]} {self.function} {self.of[1]})"


Expression = Number | Name | Call


def names_of(expression: Expression) -> Iterator[Name]:
    """Return the symbols of an expression in the order of the text."""
    if isinstance(expression, Name):
        yield expression
    elif isinstance(expression, Call):
        for part in expression.of:
            yield from names_of(part)


def read(source: str, start: Place) -> Expression:
    """Return the tree of an expression whose first letter stands at `start`.

    Raises
    ------
    EquationError
        It is no expression of the language, too long or too deep.
    """
    if not source.strip():
        raise EquationError("an expression is missing", start)
    if len(source) > MOST_CHARACTERS:
        raise EquationError(f"an expression has at most {MOST_CHARACTERS} characters, got {len(source)}", start)
    check_words(source, start)
    try:
        # Of words alone, so letters are bytes; on one line, so a column is an offset.
        tree = ast.parse(re.sub(r"\s", " ", source).strip(), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError) as fault:
        offset = (getattr(fault, "offset", None) or 1) - 1
        raise EquationError(f"this is no expression: {_reason(fault)}", start.after(source[:offset])) from None
    return _Reader(source, start).expression(tree.body, 0)


def _reason(fault: BaseException) -> str:
    if not isinstance(fault, SyntaxError):
        return "it nests too deeply" if isinstance(fault, (MemoryError, RecursionError)) else str(fault)
    reason = (fault.msg or "").replace("Perhaps you forgot a comma?", "").strip().rstrip(".")
    return reason[:1].lower() + reason[1:]


class _Reader:
    """Takes over what the language has of a Python expression."""

    def __init__(self, source: str, start: Place) -> None:
        self.source, self.start = source, start

    def expression(self, node: ast.expr, depth: int) -> Expression:
        place = self.start.after(self.source[: node.col_offset])
        if depth > MOST_DEPTH:
            raise EquationError(f"expressions nest at most {MOST_DEPTH} deep; name a part of it", place)
        if isinstance(node, ast.Constant):
            return Number(self.number(node, place), place)
        if isinstance(node, (ast.Name, ast.Attribute)):
            return Name(self.symbol(node, place), place)
        if isinstance(node, ast.Compare):
            return self.comparison(node, depth, place)
        if isinstance(node, ast.BoolOp):
            return self.chain("and" if isinstance(node.op, ast.And) else "or", node.values, depth, place)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.UAdd):
            return self.expression(node.operand, depth + 1)
        function, parts = self.operation(node, place)
        if function in ("min", "max"):
            return self.chain(function, parts, depth, place)
        return Call(function, tuple(self.expression(part, depth + 1) for part in parts), place)

    def number(self, node: ast.Constant, place: Place) -> float:
        if isinstance(node.value, bool) or not isinstance(node.value, (int, float)):
            raise EquationError(f"{check.shown(node.value)} is no number", place)
        try:
            value = float(node.value)
        except OverflowError:
            value = math.inf
        if not math.isfinite(value):
            raise EquationError("numbers must be finite", place)
        return value

    def symbol(self, node: ast.Name | ast.Attribute, place: Place) -> str:
        if isinstance(node, ast.Name):
            return node.id
        if isinstance(node.value, ast.Name) and node.value.id == "linked" and not node.attr.startswith("_"):
            return f"linked.{node.attr}"
        raise EquationError("a dot stands in numbers and after linked only: there are no attributes", place)

    def comparison(self, node: ast.Compare, depth: int, place: Place) -> Expression:
        values = [self.expression(part, depth + len(node.ops)) for part in (node.left, *node.comparators)]
        for operator in node.ops:
            if type(operator) not in COMPARISONS:
                raise EquationError("compare with <, <=, >, >=, == or !=", place)
        pairs = [
            Call(COMPARISONS[type(operator)], (a, b), place)
            for operator, a, b in zip(node.ops, values[:-1], values[1:], strict=True)
        ]
        whole: Expression = pairs[0]
        for pair in pairs[1:]:
            whole = Call("and", (whole, pair), place)
        return whole

    def chain(self, function: str, parts: list[ast.expr], depth: int, place: Place) -> Expression:
        # The first stands deepest.
        whole, *rest = (self.expression(part, depth + max(len(parts) - k, 1)) for k, part in enumerate(parts, 1))
        for part in rest:
            whole = Call(function, (whole, part), place)
        return whole

    def operation(self, node: ast.expr, place: Place) -> tuple[str, list[ast.expr]]:
        """Return the name of an operation and what it is of."""
        if isinstance(node, ast.BinOp) and type(node.op) in BINARY:
            return BINARY[type(node.op)], [node.left, node.right]
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return "neg", [node.operand]
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return "not", [node.operand]
        if isinstance(node, ast.Call):
            return self.function(node, place), node.args
        what = _OTHERS.get(type(node), "this")
        raise EquationError(f"{what} is not part of the language", place)

    def function(self, node: ast.Call, place: Place) -> str:
        if not isinstance(node.func, ast.Name):
            last = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            plain = f": write {last}(...)" if last in FUNCTIONS else ""
            raise EquationError(f"only functions of the language can be called{plain}", place)
        name, n_given = node.func.id, len(node.args)
        if name not in FUNCTIONS:
            raise EquationError(_no_function(name), place)
        if node.keywords or any(isinstance(one, ast.Starred) for one in node.args):
            raise EquationError(f"{name} takes plain arguments only", place)
        count, or_more = FUNCTIONS[name], name in ("min", "max")
        if n_given < count or (n_given > count and not or_more):
            needed = f"{count} argument{'s' * (count > 1)}{' or more' * or_more}"
            raise EquationError(f"{name} takes {needed}, got {n_given}", place)
        return name


def _no_function(name: str) -> str:
    if name in _ELSEWHERE:
        return f"there is no function {name}: write {_ELSEWHERE[name]}"
    near = check.did_you_mean(name, FUNCTIONS) or "; a product is written with *"
    return f"there is no function {name}{near}; there are {', '.join(FUNCTIONS)}"
