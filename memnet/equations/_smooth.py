"""A model as differential equations, for programs that solve these: what is left of it without events and noise."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from memnet.equations._fault import Place
from memnet.equations._model import CHARGE, CONSTANTS, CURRENT, INFLOW, Model
from memnet.equations._statements import Bound, Quantity
from memnet.equations._table import Field, Table
from memnet.equations._tree import Call, Expression, Name, Number, names_of

# Within this of an end of its range, in parts of the range, a rate that leads out of it falls to nothing.
MARGIN = 1e-6
# Of what is made here, not read.
NOWHERE = Place(1, 1)


@dataclass(frozen=True)
class SmoothState:
    """A state with its rate.

    Attributes
    ----------
    field : Field
        Its row of the table.
    start : Expression
        Where it begins.
    rate : Expression
        dx/dt, which does not know of the range.
    unit : Expression
        Of what size it is, so that numbers near 1 can stand for it: its range, else its start. It needs parameters,
        the length and definitions of these.
    limited : Expression
        The rate in units a second, which leads nowhere outside the range. Its symbols are ``rate.<name>``, the rate in
        these units; ``unit.<name>``; and ``in_units.<name>``, the state in units.
    within : Expression
        The state held in its range: of ``unit.<name>`` and ``in_units.<name>``.
    """

    field: Field
    start: Expression
    rate: Expression
    unit: Expression
    limited: Expression
    within: Expression


@dataclass(frozen=True)
class Smooth:
    """A model without events and noise.

    Attributes
    ----------
    model, table
        The model and its table.
    definitions : mapping
        Those that current, charge and rates need, each behind those that it needs itself.
    current, charge : Expression or None
        i and q; one of them is there.
    states : mapping of str to SmoothState
        By name.
    """

    model: Model
    table: Table
    definitions: Mapping[str, Expression]
    current: Expression | None
    charge: Expression | None
    states: Mapping[str, SmoothState]

    @property
    def uses_length(self) -> bool:
        """Whether the length of the edge stands in the equations."""
        return any(one.name == "length" for expression in self._expressions() for one in names_of(expression))

    @property
    def linked(self) -> bool:
        """Whether another edge is read."""
        return self.model.links

    def _expressions(self) -> Iterable[Expression]:
        yield from self.definitions.values()
        yield from (one for one in (self.current, self.charge) if one is not None)
        yield from (one for state in self.states.values() for one in (state.rate, state.unit, state.within))


def smooth(model: Model, table: Table, target: str) -> Smooth:
    """Return a model as differential equations; `target` says in messages for what.

    Raises
    ------
    ValueError
        It has events or noise, or reads the current of an electrode, which is named.
    """
    if model.events:
        each = " of each step" if model.events[0].each_step else ""
        raise ValueError(f"{model.name} has the event {model.events[0].name!r}{each}, which {target} cannot have")
    if model.uses("xi"):
        raise ValueError(f"{model.name} has noise (xi), which {target} cannot have")
    if model.uses(INFLOW):
        raise ValueError(f"{model.name} reads the current of its electrode (inflow), which {target} cannot have")
    current, charge = model.definitions.get(CURRENT), model.definitions.get(CHARGE)
    states = {name: _state(model, table.states[name]) for name in model.states}
    roots = [one for one in (current, charge, *model.rates.values()) if one is not None]
    roots += [one for state in states.values() for one in (state.unit, state.limited, state.within)]
    return Smooth(model, table, definitions_of(model, roots), current, charge, states)


def constants(model: Model) -> dict[str, float]:
    """Return the constants of the language by name, without those whose names a text has taken."""
    declared = {*model.parameters, *model.states, *model.definitions}
    return {name: value for name, (value, _) in CONSTANTS.items() if name not in declared}


def definitions_of(model: Model, roots: Iterable[Expression]) -> dict[str, Expression]:
    """Return the definitions that expressions need, each behind those that it needs itself."""
    found: set[str] = set()
    path = list(roots)
    while path:
        new = {one.name for one in names_of(path.pop())} & model.definitions.keys() - found
        found |= new
        path.extend(model.definitions[name] for name in new)
    return {name: expression for name, expression in model.definitions.items() if name in found}


def _state(model: Model, field: Field) -> SmoothState:
    start = model.states[field.name].start
    begin = Number(field.initial or 0.0, NOWHERE) if isinstance(start, Quantity) else start
    low, high = _end(field.low, field.low_of), _end(field.high, field.high_of)
    unit: Expression = Number(1.0, NOWHERE)
    if low is not None and high is not None:
        unit = _of("-", high, low)
    elif isinstance(begin, Number) and begin.value != 0.0:
        unit = Number(abs(begin.value), NOWHERE)
    range_in_units = tuple(None if end is None else _of("/", end, _symbol("unit", field)) for end in (low, high))
    return SmoothState(
        field, begin, model.rates[field.name], unit, _limited(field, *range_in_units), _within(field, *range_in_units)
    )


def _end(number: float, bound: Bound | None) -> Expression | None:
    """Return an end of a range; None where there is none."""
    if bound is not None:
        name = Name(bound.name, NOWHERE)
        return _of("neg", name) if bound.is_negative else name
    return Number(number, NOWHERE) if math.isfinite(number) else None


def _within(field: Field, low: Expression | None, high: Expression | None) -> Expression:
    x: Expression = _symbol("in_units", field)
    x = x if high is None else _of("min", x, high)
    x = x if low is None else _of("max", x, low)
    return _of("*", _symbol("unit", field), x)


def _limited(field: Field, low: Expression | None, high: Expression | None) -> Expression:
    """Return a rate that falls to nothing at the end it leads to, and beyond it leads back.

    A rate that is cut at the end itself would leave implicit steps that have no solution.
    """
    rate, x = _symbol("rate", field), _symbol("in_units", field)
    if low is None and high is None:
        return rate
    rise = rate if high is None else _falling(rate, _of("-", high, x))
    fall = rate if low is None else _falling(rate, _of("-", x, low))
    return _of("where", _of(">", rate, Number(0.0, NOWHERE)), rise, fall)


def _falling(rate: Name, room: Expression) -> Expression:
    return _of("*", rate, _of("min", Number(1.0, NOWHERE), _of("/", room, Number(MARGIN, NOWHERE))))


def _symbol(what: str, field: Field) -> Name:
    return Name(f"{what}.{field.name}", NOWHERE)


def _of(function: str, *of: Expression) -> Call:
    return Call(function, of, NOWHERE)
