"""Units: whether both sides of every equation have the same."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction

from memnet.equations._dimensions import MOST_POWER, NUMBER, Dimension, parsed, unit_of, without_prefixes
from memnet.equations._fault import EquationError, Place
from memnet.equations._model import CHARGE, CONSTANTS, CURRENT, GIVEN, START_VOLTAGE, VOLTAGE, Model
from memnet.equations._statements import Bound, Event, Parameter, Quantity, State
from memnet.equations._tree import Call, Expression, Name, Number


class Checker:
    """Finds the dimension of every expression of a model; `None` is that of a bare 0, which has any.

    Attributes
    ----------
    parameters, states : dict
        Their dimensions by name.
    """

    def __init__(self, model: Model) -> None:
        self.model = model
        self.known: dict[str, Dimension | None] = {name: parsed(unit)[1] for name, unit in GIVEN.items()}
        self.known |= {name: parsed(unit)[1] for name, (_, unit) in CONSTANTS.items()}
        self.parameters = {name: unit_of(one.default) for name, one in model.parameters.items()}
        self.known |= self.parameters
        self.states: dict[str, Dimension] = {}
        self.linked = {name: unit_of(one.unit) for name, one in model.linked_units.items()}

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
            self._define(model.behind(start))
            self.states[name] = self.known[name] = self.of(start) or NUMBER
        self._start_voltage()
        self._define(model.definitions)
        for name, unit in ((CURRENT, "A"), (CHARGE, "C")):
            if name in model.definitions:
                self._must_be(f"{name} must be", model.definitions[name], parsed(unit)[1])
        for name, rate in model.rates.items():
            self._must_be(f"d{name}/dt must be", rate, self.states[name] / parsed("s")[1])
        for event in model.events:
            self._event(event)
        self._numbers()

    def _start_voltage(self) -> None:
        one = self.model.parameters.get(START_VOLTAGE)
        wanted = parsed("V")[1]
        if one is not None and self.parameters[START_VOLTAGE] != wanted:
            got = self.parameters[START_VOLTAGE]
            raise EquationError(
                f"{START_VOLTAGE} is the voltage at the start: it must be in {wanted}, got {got}", one.default.place
            )

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

    def _define(self, names: Collection[str]) -> None:
        """Find the units of some definitions, all of those that they need among them."""
        for name, expression in self.model.definitions.items():
            if name in names and name not in self.known:
                self.known[name] = self.of(expression)

    def _event(self, event: Event) -> None:
        self.of(event.condition)
        for jump in event.jumps:
            wanted = parsed("V")[1] if jump.name == VOLTAGE else self.states[jump.name]
            self._must_be(f"{jump.name} must be", jump.expression, wanted)

    def _must_be(self, what: str, expression: Expression, wanted: Dimension) -> None:
        got = self.of(expression)
        if got is not None and got != wanted:
            raise EquationError(f"{what} in {wanted}, got {got}", expression.place)

    def _same_unit(self, what: str, value: Quantity | Bound, wanted: Dimension) -> None:
        """Check a number of the text; without a unit it has that of what it belongs to."""
        of_text = wanted if isinstance(value, Bound) or not value.unit else unit_of(value)
        got = self.known[value.name] if isinstance(value, Bound) else of_text
        if got is not None and got != wanted:
            raise EquationError(f"{what} must be in {wanted}, got {got}", value.place)

    def symbol(self, name: Name) -> Dimension | None:
        """Return the dimension of a symbol."""
        if name.name == "linked.v":
            return parsed("V")[1]
        if name.name.startswith("linked."):
            state = name.name.removeprefix("linked.")
            return self.linked.get(state, self.states.get(state, NUMBER))
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


def _sum(checker: Checker, call: Call) -> Dimension | None:
    return checker.same(call.of, f"the two sides of {call.function} must have one unit")


def _product(checker: Checker, call: Call) -> Dimension | None:
    a, b = (checker.of(one) for one in call.of)
    if a is None or (b is None and call.function == "*"):
        return None
    return _bounded(a * (b or NUMBER) if call.function == "*" else a / (b or NUMBER), call.place)


def _bounded(dimension: Dimension, place: Place) -> Dimension:
    if any(abs(power) > MOST_POWER for power in dimension.exponents):
        raise EquationError(f"powers of units are at most {MOST_POWER}", place)
    return dimension


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
    if not abs(power) <= MOST_POWER:
        raise EquationError(f"powers of units are at most {MOST_POWER}", exponent.place)
    return _bounded(got ** Fraction(power).limit_denominator(1000), call.place)


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


def same_unit(a: str, b: str) -> bool:
    """Return whether two units are of one dimension."""
    return a == b or parsed(a)[1] == parsed(b)[1]
