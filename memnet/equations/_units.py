"""Units: what a unit of the text is in SI, and whether both sides of every equation have the same."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from memnet.equations._fault import EquationError
from memnet.equations._model import CHARGE, CONSTANTS, CURRENT, GIVEN, Model
from memnet.equations._statements import Bound, Event, Parameter, Quantity, State
from memnet.equations._tree import Call, Expression, Name, Number

if TYPE_CHECKING:
    import pint

# Exponents of the base units, in this order. Lengths of percolating networks are in particle diameters.
BASE = (
    "[length]",
    "[mass]",
    "[time]",
    "[current]",
    "[temperature]",
    "[substance]",
    "[luminosity]",
    "[particle_diameter]",
)
SYMBOLS = ("m", "kg", "s", "A", "K", "mol", "cd", "pd")
# Units by which a message and a table name a dimension, the first that fits.
NAMED = (
    *("V", "A", "S", "ohm", "C", "F", "H", "Wb", "W", "J", "N", "Pa", "1/s", "1/V", "1/A", "1/C", "A/s", "V/s", "m/s"),
    *("m^2/(V s)", "C/mol", "J/K", "J/(mol K)", "S/m", "V/m", "V/K", "W/K", "J/(K m^3)"),
)


@dataclass(frozen=True)
class Dimension:
    """A dimension as exponents of the base units."""

    exponents: tuple[Fraction, ...] = (Fraction(0),) * len(BASE)

    def __mul__(self, other: Dimension) -> Dimension:
        return Dimension(tuple(a + b for a, b in zip(self.exponents, other.exponents, strict=True)))

    def __truediv__(self, other: Dimension) -> Dimension:
        return self * other**-1

    def __pow__(self, power: Fraction | int) -> Dimension:
        return Dimension(tuple(a * power for a in self.exponents))

    def __bool__(self) -> bool:
        return any(self.exponents)

    def __str__(self) -> str:
        return _symbol(self)


NUMBER = Dimension()


@functools.cache
def _registry() -> pint.UnitRegistry[Any]:
    import pint

    registry: pint.UnitRegistry[Any] = pint.UnitRegistry(cache_folder=None)
    registry.define("particle_diameter = [particle_diameter] = pd")
    return registry


@functools.cache
def _parsed(unit: str) -> tuple[float, Dimension]:
    """Return what a unit is of the SI's own, and its dimension. ValueError says why it is none."""
    import pint

    registry = _registry()
    if not unit or unit == "1":
        return 1.0, NUMBER
    try:
        of_pint = registry.parse_units(unit.replace("Ω", "ohm"))
        quantity = registry.Quantity(1.0, of_pint).to_base_units()
        zero = registry.Quantity(0.0, of_pint).to_base_units()
    except pint.OffsetUnitCalculusError:
        raise ValueError(f"{unit} has its zero elsewhere; take K") from None
    except pint.UndefinedUnitError as fault:
        raise ValueError(
            f"{fault.args[0] if fault.args and isinstance(fault.args[0], str) else unit} is no unit"
        ) from None
    except Exception:  # pint's parser raises what its tokenizer does
        raise ValueError(f"{unit!r} is no unit") from None
    if zero.magnitude != 0.0:
        raise ValueError(f"{unit} has its zero elsewhere; take K")
    table = dict(quantity.dimensionality)
    exponents = tuple(Fraction(str(table.pop(name, 0))).limit_denominator(1000) for name in BASE)
    if table:
        raise ValueError(f"{unit} is no unit of the SI")
    return float(quantity.magnitude), Dimension(exponents)


@functools.cache
def _symbol(dimension: Dimension) -> str:
    if not dimension:
        return "1"
    for name in NAMED:
        if _parsed(name)[1] == dimension:
            return name
    return _product_text([(s, e) for s, e in zip(SYMBOLS, dimension.exponents, strict=True) if e])


def _product_text(powers: list[tuple[str, Fraction]]) -> str:
    """Return "V s", "1/(V s)" or "m^2/(V s)" of symbols and powers."""
    above = " ".join(_power(s, e) for s, e in powers if e > 0) or "1"
    below = [_power(s, -e) for s, e in powers if e < 0]
    if not below:
        return above
    return f"{above}/{below[0]}" if len(below) == 1 else f"{above}/({' '.join(below)})"


def _power(symbol: str, exponent: Fraction) -> str:
    return symbol if exponent == 1 else f"{symbol}^{float(exponent):g}"


@functools.cache
def without_prefixes(unit: str) -> str:
    """Return a unit as it was written but for prefixes, "S/V" of "uS/mV"; where that is not one of the SI, its own."""
    registry = _registry()
    powers: dict[str, Fraction] = {}
    for name, power in registry.parse_units(unit.replace("Ω", "ohm"))._units.items() if unit else ():
        symbol = registry.get_symbol(registry.parse_unit_name(name)[0][1])
        symbol = "ohm" if symbol == "Ω" else symbol
        powers[symbol] = powers.get(symbol, Fraction(0)) + Fraction(str(power)).limit_denominator(1000)
    plain = _product_text([(symbol, power) for symbol, power in powers.items() if power])
    return plain if _parsed(plain) == (1.0, _parsed(unit)[1]) else _symbol(_parsed(unit)[1])


def unit_of(quantity: Quantity) -> Dimension:
    """Return the dimension of a number's unit, or raise EquationError."""
    return _at(quantity)[1]


def in_si(quantity: Quantity) -> float:
    """Return a number in the SI's own units, or raise EquationError."""
    return quantity.value * _at(quantity)[0]


def _at(quantity: Quantity) -> tuple[float, Dimension]:
    try:
        return _parsed(quantity.unit)
    except ValueError as fault:
        raise EquationError(str(fault), quantity.place) from None


class Checker:
    """Finds the dimension of every expression of a model; `None` is that of a bare 0, which has any.

    Attributes
    ----------
    parameters, states : dict
        Their dimensions by name.
    """

    def __init__(self, model: Model) -> None:
        self.model = model
        self.known: dict[str, Dimension | None] = {name: _parsed(unit)[1] for name, unit in GIVEN.items()}
        self.known |= {name: _parsed(unit)[1] for name, (_, unit) in CONSTANTS.items()}
        self.parameters = {name: unit_of(one.default) for name, one in model.parameters.items()}
        self.known |= self.parameters
        self.states: dict[str, Dimension] = {}

    def check(self) -> None:
        """Check every equation.

        Raises
        ------
        EquationError
            Two units that must be equal are not; the message has both.
        """
        model = self.model
        for name, one in model.states.items():
            self.states[name] = unit_of(one.start) if isinstance(one.start, Quantity) else NUMBER
        self.known |= self.states
        computed = {n: one.start for n, one in model.states.items() if not isinstance(one.start, Quantity)}
        for name, start in computed.items():
            # A start needs no state, so its definitions have their units before the states have theirs.
            self.states[name] = self.known[name] = self._start(start)
        for name, expression in model.definitions.items():
            self.known[name] = self.of(expression)
        for name, unit in ((CURRENT, "A"), (CHARGE, "C")):
            if name in model.definitions:
                self._must_be(f"{name} must be", model.definitions[name], _parsed(unit)[1])
        for name, rate in model.rates.items():
            self._must_be(f"d{name}/dt must be", rate, self.states[name] / _parsed("s")[1])
        for event in model.events:
            self._event(event)
        self._numbers()

    def _numbers(self) -> None:
        """Check ranges and presets."""
        known = {**self.parameters, **self.states}
        declared: list[Parameter | State] = [*self.model.parameters.values(), *self.model.states.values()]
        for one in declared:
            for end in (one.range.low, one.range.high) if one.range is not None else ():
                self._same_unit(f"an end of the range of {one.name}", end, known[one.name])
        for preset in self.model.presets.values():
            for name, value in preset.values:
                self._same_unit(f"{name} of preset {preset.name}", value, self.parameters[name])

    def _start(self, start: Expression) -> Dimension:
        return _Start(self).of(start) or NUMBER

    def _event(self, event: Event) -> None:
        self.of(event.condition)
        for jump in event.jumps:
            self._must_be(f"{jump.name} must be", jump.expression, self.states[jump.name])

    def _must_be(self, what: str, expression: Expression, wanted: Dimension) -> None:
        got = self.of(expression)
        if got is not None and got != wanted:
            raise EquationError(f"{what} in {wanted}, got {got}", expression.place)

    def _same_unit(self, what: str, value: Quantity | Bound, wanted: Dimension) -> None:
        """Check a number of the text; without a unit it has that of what it belongs to."""
        of_text = wanted if isinstance(value, Bound) or not value.unit else unit_of(value)
        got = self.parameters[value.name] if isinstance(value, Bound) else of_text
        if got != wanted:
            raise EquationError(f"{what} must be in {wanted}, got {got}", value.place)

    def symbol(self, name: Name) -> Dimension | None:
        """Return the dimension of a symbol."""
        if name.name == "linked.v":
            return _parsed("V")[1]
        if name.name.startswith("linked."):
            return self.states.get(name.name.removeprefix("linked."), NUMBER)
        return self.known[name.name]

    def of(self, expression: Expression) -> Dimension | None:
        """Return the dimension of an expression."""
        if isinstance(expression, Number):
            return None if expression.value == 0 else NUMBER
        if isinstance(expression, Name):
            return self.symbol(expression)
        return _RULES[expression.function](self, expression)

    def same(self, of: tuple[Expression, ...], what: str) -> Dimension | None:
        """Return the one dimension of some expressions."""
        found: Dimension | None = None
        for one in of:
            got = self.of(one)
            if got is not None and found is not None and got != found:
                raise EquationError(f"{what}: {of[0]} is in {found}, {one} in {got}", one.place)
            found = got if found is None else found
        return found

    def number(self, expression: Expression, what: str) -> None:
        """Refuse an expression that has a unit."""
        got = self.of(expression)
        if got:
            raise EquationError(f"{what} must be a number without unit, got {expression} in {got}", expression.place)


class _Start(Checker):
    """Computes definitions as it meets them, for starts."""

    def __init__(self, of: Checker) -> None:
        self.model, self.known, self.states, self.parameters = of.model, of.known, of.states, of.parameters
        self.defined: dict[str, Dimension | None] = {}

    def symbol(self, name: Name) -> Dimension | None:
        if name.name not in self.model.definitions:
            return super().symbol(name)
        if name.name not in self.defined:
            self.defined[name.name] = self.of(self.model.definitions[name.name])
        return self.defined[name.name]


def _sum(checker: Checker, call: Call) -> Dimension | None:
    return checker.same(call.of, f"the two sides of {call.function} must have one unit")


def _product(checker: Checker, call: Call) -> Dimension | None:
    a, b = (checker.of(one) for one in call.of)
    if a is None or (b is None and call.function == "*"):
        return None
    return a * (b or NUMBER) if call.function == "*" else a / (b or NUMBER)


def _kept(checker: Checker, call: Call) -> Dimension | None:
    return checker.of(call.of[0])


def _compared(checker: Checker, call: Call) -> Dimension | None:
    checker.same(call.of, f"the two sides of {call.function} must have one unit")
    return NUMBER


def _truth(checker: Checker, call: Call) -> Dimension | None:
    for one in call.of:
        checker.number(one, f"what stands at {call.function}")
    return NUMBER


def _of_number(checker: Checker, call: Call) -> Dimension | None:
    checker.number(call.of[0], f"the argument of {call.function}")
    return NUMBER


def _root(checker: Checker, call: Call) -> Dimension | None:
    got = checker.of(call.of[0])
    return None if got is None else got ** Fraction(1, 2)


def _sign(checker: Checker, call: Call) -> Dimension | None:
    checker.of(call.of[0])
    return NUMBER


def _extreme(checker: Checker, call: Call) -> Dimension | None:
    return checker.same(call.of, f"the arguments of {call.function} must have one unit")


def _where(checker: Checker, call: Call) -> Dimension | None:
    checker.number(call.of[0], "the condition of where")
    return checker.same(call.of[1:], "the two values of where must have one unit")


def _pow(checker: Checker, call: Call) -> Dimension | None:
    base, exponent = call.of
    checker.number(exponent, "an exponent")
    got = checker.of(base)
    if not got:
        return NUMBER if got is not None else None
    power = literal(exponent)
    if power is None:
        raise EquationError(f"{base} is in {got}, so its exponent must be a number of the text", exponent.place)
    return got ** Fraction(power).limit_denominator(1000)


def literal(expression: Expression) -> float | None:
    """Return the number that an expression of numbers is, such as -2 or 1/3; None where it has symbols."""
    if isinstance(expression, Number):
        return expression.value
    if not isinstance(expression, Call):
        return None
    values = [literal(one) for one in expression.of]
    if any(one is None for one in values):
        return None
    a, b = (values[0] or 0.0), (values[-1] or 0.0)
    if expression.function == "neg":
        return -a
    if expression.function == "/":
        return a / b if b else None
    return {"*": a * b, "+": a + b, "-": a - b}.get(expression.function)


_RULES = {
    **dict.fromkeys(("+", "-"), _sum),
    **dict.fromkeys(("*", "/"), _product),
    **dict.fromkeys(("neg", "abs"), _kept),
    **dict.fromkeys(("<", "<=", ">", ">=", "==", "!="), _compared),
    **dict.fromkeys(("and", "or", "not"), _truth),
    **dict.fromkeys(("min", "max"), _extreme),
    **dict.fromkeys(
        ("exp", "expm1", "log", "log1p", "sin", "cos", "tan", "tanh", "sinh", "cosh", "atan", "floor"), _of_number
    ),
    "sqrt": _root,
    "sign": _sign,
    "where": _where,
    "pow": _pow,
}


def check_units(model: Model) -> Mapping[str, str]:
    """Return the SI units of parameters and states by name.

    Raises
    ------
    EquationError
        A unit that is none, or two units that must be equal and are not.
    """
    checker = Checker(model)
    checker.check()
    units = {name: without_prefixes(one.default.unit) for name, one in model.parameters.items()}
    for name, one in model.states.items():
        units[name] = without_prefixes(one.start.unit) if isinstance(one.start, Quantity) else str(checker.states[name])
    return units
