"""Expressions in the languages of other programs, with all parentheses; what a language lacks is rewritten or refused.

A dialect is a table: how each operation is written of its written operands, and functions of its own for those that
the program lacks, which stand in what it reads only where they are used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from memnet.equations._tree import Call, Expression, Name, Number

# The longest expression: definitions may be written out wherever they stand, which can make short texts long.
MOST_CHARACTERS = 100_000
COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")


@dataclass(frozen=True)
class Dialect:
    """How a program writes expressions; conditions and choices are those of C in all of them.

    Attributes
    ----------
    name : str
        For messages.
    functions : mapping
        How an operation is written, with {0} and {1} for its operands.
    own : mapping
        The definition of each function that `functions` names and the program has not got.
    number : callable
        How a number is written.
    """

    name: str
    functions: Mapping[str, str]
    own: Mapping[str, str]
    number: Callable[[float], str]

    def definitions(self, text: str) -> Iterator[str]:
        """Return the definitions of the functions that are used in a text."""
        return (definition for name, definition in self.own.items() if f"{name}(" in text)


def number(value: float) -> str:
    """Return a number with all its digits."""
    return repr(value) if value >= 0.0 else f"({value!r})"


_SAME = {
    **{sign: f"({{0}} {sign} {{1}})" for sign in ("+", "-", "*", "/")},
    "neg": "(-{0})",
    **{name: f"{name}({{0}})" for name in ("exp", "sqrt", "sin", "cos", "tan", "tanh", "sinh", "cosh", "atan", "abs")},
    **{name: f"{name}({{0}}, {{1}})" for name in ("min", "max")},
    "log": "ln({0})",
    "floor": "floor({0})",
    "expm1": "mn_expm1({0})",
    "log1p": "mn_log1p({0})",
}

# pow() of ngspice is that of the magnitude of the base, and so is its derivative.
NGSPICE = Dialect(
    "ngspice",
    {**_SAME, "sign": "sgn({0})", "pow": "mn_pow({0}, {1})"},
    {
        "mn_expm1": ".func mn_expm1(x) {(2.0*exp(0.5*(x))*sinh(0.5*(x)))}",
        "mn_log1p": ".func mn_log1p(x) {((abs(x) < 0.5) ? (2.0*atanh((x)/(2.0+(x)))) : ln(1.0+(x)))}",
        "mn_pow": (
            ".func mn_pow(x,y) {(((((x) < 0.0) && (((y)-2.0*floor(0.5*(y))) == 1.0)) ? (-1.0) : 1.0)*pow(abs(x),(y)))}"
        ),
    },
    number,
)


def _analog(name: str, value: str) -> str:
    return f"  analog function real {name};\n    input x; real x;\n    {name} = {value};\n  endfunction"


VERILOG_A = Dialect(
    "Verilog-A",
    {**_SAME, "sign": "mn_sign({0})", "pow": "pow({0}, {1})"},
    {
        "mn_expm1": _analog("mn_expm1", "2.0*exp(0.5*x)*sinh(0.5*x)"),
        "mn_log1p": _analog("mn_log1p", "(abs(x) < 0.5) ? 2.0*atanh(x/(2.0 + x)) : ln(1.0 + x)"),
        "mn_sign": _analog("mn_sign", "(x > 0.0) ? 1.0 : ((x < 0.0) ? -1.0 : 0.0)"),
    },
    number,
)


def rendered(expression: Expression, symbols: Mapping[str, str], dialect: Dialect) -> str:
    """Return an expression with the texts of its symbols.

    Raises
    ------
    ValueError
        The dialect has not got a function, or the text is longer than 100,000 characters.
    """
    if isinstance(expression, Number):
        return dialect.number(expression.value)
    if isinstance(expression, Name):
        return symbols[expression.name]
    text = _call(expression, symbols, dialect)
    if len(text) > MOST_CHARACTERS:
        raise ValueError(
            f"line {expression.place.line} is too long for {dialect.name}, where definitions are written out: more than"
            f" {MOST_CHARACTERS:,} characters"
        )
    return text


def _call(call: Call, symbols: Mapping[str, str], dialect: Dialect) -> str:
    if call.function in (*COMPARISONS, "and", "or", "not"):
        return f"({_condition(call, symbols, dialect)} ? 1.0 : 0.0)"
    if call.function == "where":
        yes, no = (rendered(one, symbols, dialect) for one in call.of[1:])
        return f"({_condition(call.of[0], symbols, dialect)} ? {yes} : {no})"
    if call.function not in dialect.functions:
        raise ValueError(f"{dialect.name} has no function {call.function}")
    return dialect.functions[call.function].format(*(rendered(one, symbols, dialect) for one in call.of))


def _condition(expression: Expression, symbols: Mapping[str, str], dialect: Dialect) -> str:
    """Return an expression as a condition: a number holds where it is not 0."""
    of = expression.of if isinstance(expression, Call) else ()
    function = expression.function if isinstance(expression, Call) else ""
    if function in COMPARISONS:
        a, b = (rendered(one, symbols, dialect) for one in of)
        return f"({a} {function} {b})"
    if function in ("and", "or"):
        a, b = (_condition(one, symbols, dialect) for one in of)
        return f"({a} {'&&' if function == 'and' else '||'} {b})"
    if function == "not":
        return f"(!{_condition(of[0], symbols, dialect)})"
    return f"({rendered(expression, symbols, dialect)} != 0.0)"


def distinct(names: Mapping[str, str], taken: set[str], *, ignore_case: bool = False) -> dict[str, str]:
    """Return words for names, as wanted where those are free, else with a number behind; `taken` gets them, too."""
    found: dict[str, str] = {}
    for name, wanted in names.items():
        word, k = wanted, 2
        while (word.lower() if ignore_case else word) in taken:
            word, k = f"{wanted}_{k}", k + 1
        taken.add(word.lower() if ignore_case else word)
        found[name] = word
    return found
