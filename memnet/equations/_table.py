"""The fields of a model with their numbers in SI units: what a device class is made of."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from memnet.base import check
from memnet.equations._dimensions import in_si
from memnet.equations._fault import EquationError
from memnet.equations._model import Model
from memnet.equations._statements import Bound, Parameter, Quantity, State
from memnet.equations._units import check_units


@dataclass(frozen=True)
class Field:
    """A parameter or a state.

    Attributes
    ----------
    name, unit, doc : str
        The unit is one of the SI.
    initial : float or None
        Default of a parameter, start of a state; None where that is an expression.
    low, high : float
        Ends of the range.
    bounds : str
        Whether they are allowed, as "[)"; with a third letter, as "[)0", 0 is not.
    low_of, high_of : Bound or None
        What bounds a state of each edge within that range: parameters, or definitions of parameters and length.
    below : str or None
        The parameter that a parameter stays below.
    """

    name: str
    unit: str
    doc: str
    initial: float | None
    low: float
    high: float
    bounds: str
    low_of: Bound | None = None
    high_of: Bound | None = None
    below: str | None = None

    @property
    def own_range(self) -> str | None:
        """The range in words where each edge has one of its own, as "[0, x_max]"."""
        if self.low_of is None and self.high_of is None:
            return None
        low = f"{self.low:g}" if self.low_of is None else str(self.low_of)
        high = f"{self.high:g}" if self.high_of is None else str(self.high_of)
        first = "(" if self.low_of is None and math.isinf(self.low) else "["
        last = ")" if self.high_of is None and math.isinf(self.high) else "]"
        return f"{first}{low}, {high}{last}"

    def allows(self, value: float) -> bool:
        """Return whether a value lies in the range."""
        return bool(check.inside(value, self.low, self.high, self.bounds))


@dataclass(frozen=True)
class Table:
    """The parameters and states of a model by name, and the values of its presets."""

    parameters: Mapping[str, Field]
    states: Mapping[str, Field]
    presets: Mapping[str, Mapping[str, float]]


def table(model: Model) -> Table:
    """Return the table of a model.

    Raises
    ------
    EquationError
        Units do not agree, or a number lies outside its range.
    """
    try:
        return _table(model)
    except EquationError as fault:
        raise fault.located(model.text, model.name) from None


def _table(model: Model) -> Table:
    units = check_units(model)
    parameters = {name: _field(one, one.default, units[name]) for name, one in model.parameters.items()}
    states = {name: _field(one, one.start, units[name]) for name, one in model.states.items()}
    presets: dict[str, dict[str, float]] = {}
    for preset in model.presets.values():
        presets[preset.name] = {}
        for name, value in preset.values:
            number = _like(value, model.parameters[name].default)
            _check(parameters[name], number, value)
            presets[preset.name][name] = number
    _check_order(model, parameters, presets)
    return Table(parameters, states, presets)


def _check_order(model: Model, parameters: Mapping[str, Field], presets: Mapping[str, Mapping[str, float]]) -> None:
    """Refuse defaults and presets in which a parameter is not below the one that it stays below."""
    defaults = {name: field.initial for name, field in parameters.items() if field.initial is not None}
    sets = [("", defaults), *((f"preset {name}: ", {**defaults, **values}) for name, values in presets.items())]
    for what, values in sets:
        for name, field in parameters.items():
            if field.below is not None and not values[name] < values[field.below]:
                unit = "" if field.unit == "1" else f" {field.unit}"
                limit = f"{field.below} ({values[field.below]:g}{unit})"
                reason = f"{what}{name} must be below {limit}, got {values[name]:g}"
                raise EquationError(reason, model.parameters[name].place)


def _field(one: Parameter | State, initial: object, unit: str) -> Field:
    of = initial if isinstance(initial, Quantity) else None
    low, high, bounds = -math.inf, math.inf, "()"
    low_of = high_of = None
    if one.range is not None:
        ends, marks = (one.range.low, one.range.high), one.range.bounds
        low, high = (
            _like(end, of) if isinstance(end, Quantity) else far for end, far in zip(ends, (low, high), strict=True)
        )
        low_of, high_of = (None if isinstance(end, Quantity) else end for end in ends)
        bounds = ("(" if math.isinf(low) else marks[0]) + (")" if math.isinf(high) else marks[1]) + marks[2:]
        if not low < high:
            raise EquationError(f"the range of {one.name} is empty", ends[0].place)
    below = high_of.name if isinstance(one, Parameter) and high_of is not None else None
    bound_by = (None, None) if isinstance(one, Parameter) else (low_of, high_of)
    field = Field(one.name, unit, one.doc, None if of is None else in_si(of), low, high, bounds, *bound_by, below)
    if of is not None:
        _check(field, in_si(of), of)
    return field


def _like(number: Quantity, of: Quantity | None) -> float:
    """Return a number in SI units; without a unit it has that of what it belongs to."""
    if math.isinf(number.value):
        return number.value
    return in_si(number if number.unit or of is None else Quantity(number.value, of.unit, number.place))


def _check(field: Field, value: float, number: Quantity) -> None:
    if not field.allows(value):
        unit = "" if field.unit == "1" else f" {field.unit}"
        interval = check.interval(field.low, field.high, field.bounds)
        raise EquationError(f"{field.name} must be in {interval}{unit}, got {value:g}", number.place)
