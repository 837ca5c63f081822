"""A text as a model: names known, states with their equations, definitions each behind those it needs."""

from __future__ import annotations

import keyword
import textwrap
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from memnet import _core
from memnet.base import check
from memnet.equations._fault import EquationError, Place
from memnet.equations._statements import (
    Bound,
    Definition,
    Event,
    LinkedState,
    Note,
    Parameter,
    Preset,
    Quantity,
    Rate,
    State,
    Statement,
    statements,
)
from memnet.equations._tokens import is_unit, unit_hint
from memnet.equations._tree import FUNCTIONS, Expression, Name, names_of

T = TypeVar("T", Parameter, State, LinkedState, Definition, Event, Preset)

# The most parameters and states, of which a charge and each located event need one more; sources of noise; events.
MOST_FIELDS = _core.EQUATION_FIELDS
MOST_NOISES = _core.EQUATION_NOISES
MOST_EVENTS = _core.EQUATION_EVENTS
# The state that says whether the condition of a located event holds, and the one of the voltage of a charge.
HOLDS, CHARGE_VOLTAGE = "{}_holds", "v_q"
# The parameter that is the voltage of the charge at the start, and v in starts of states, before there is a circuit.
START_VOLTAGE = "v_initial"

# Exact by the SI of 2019: value and unit.
CONSTANTS = {
    "pi": (3.141592653589793, ""),
    "e_charge": (1.602176634e-19, "C"),
    "k_B": (1.380649e-23, "J/K"),
    "N_A": (6.02214076e23, "1/mol"),
    "F": (96485.33212331001, "C/mol"),
    "R": (8.31446261815324, "J/(mol K)"),
}
# What a member is told, with its unit; xi is white noise, of which each use in the text is a source of its own; inflow
# the current that the electrode at the first node takes from the network.
GIVEN = {"v": "V", "t": "s", "length": "pd", "xi": "1/s^0.5", "inflow": "A"}
# Letters that circuits want for themselves: as parameters a text may have them, and then has not got the constant.
MAY_BE_DECLARED = ("F", "R")
RESERVED = {*GIVEN, *FUNCTIONS, *CONSTANTS, "linked", "dt", "inf", "nan", CHARGE_VOLTAGE} - {*MAY_BE_DECLARED}
CURRENT, CHARGE, VOLTAGE, INFLOW = "i", "q", "v", "inflow"


@dataclass(frozen=True)
class Model:
    """What a text says, in dependency order.

    Attributes
    ----------
    name, text : str
        As they were given.
    doc, citation : str
        What its lines `doc` and `source` say.
    parameters, states : mapping
        By name, in the order of the text.
    definitions : mapping
        The expressions by name, i and q among them, each behind those that it needs.
    rates : mapping
        The right-hand sides by state. A state that only events set has none.
    events : tuple of Event
        In the order of the text.
    presets : mapping
        By name, in the order of the text.
    linked_states : tuple of str
        The states that are read of the linked edge, in the order of their first use.
    linked_units : mapping
        What the text says of them, by name.
    """

    name: str
    text: str
    doc: str
    citation: str
    parameters: Mapping[str, Parameter]
    states: Mapping[str, State]
    definitions: Mapping[str, Expression]
    rates: Mapping[str, Expression]
    events: tuple[Event, ...]
    presets: Mapping[str, Preset]
    linked_states: tuple[str, ...]
    linked_units: Mapping[str, LinkedState]

    def lines(self) -> list[str]:
        """Return the text without what all its lines are indented by, for comments."""
        return textwrap.dedent(self.text).strip().splitlines()

    @property
    def links(self) -> bool:
        """Whether another edge is read."""
        return any(name.name.startswith("linked.") for name in self.all_names())

    def uses(self, name: str) -> bool:
        """Return whether a symbol stands anywhere in the text."""
        return any(one.name == name for one in self.all_names())

    def all_names(self) -> Iterable[Name]:
        """Return every symbol that stands in an expression."""
        return (name for expression in self.expressions() for name in names_of(expression))

    def behind(self, expression: Expression) -> dict[str, Name]:
        """Return every symbol on which an expression depends, through definitions, too, where it stands first."""
        found: dict[str, Name] = {}
        path = list(names_of(expression))
        while path:
            one = path.pop()
            if one.name not in found:
                found[one.name] = one
                path.extend(names_of(self.definitions[one.name]) if one.name in self.definitions else ())
        return found

    def expressions(self) -> Iterable[Expression]:
        """Return every expression of the text."""
        yield from self.definitions.values()
        yield from self.rates.values()
        yield from (state.start for state in self.states.values() if not isinstance(state.start, Quantity))
        for event in self.events:
            yield event.condition
            yield from (jump.expression for jump in event.jumps)


def parse(name: str, text: str, taken: Collection[str] = ()) -> Model:
    """Return the model that a text describes; no parameter has a name of `taken`.

    Raises
    ------
    EquationError
        With line, column and reason.
    """
    try:
        model = _model(name, text)
        for one in model.parameters.values():
            if one.name in taken:
                raise EquationError(f"{one.name} is something else of every device; take another name", one.place)
        return model
    except EquationError as fault:
        raise fault.located(text, name) from None


def _model(name: str, text: str) -> Model:
    found = statements(text)
    parameters, states = _by_name(found, Parameter), _by_name(found, State)
    definitions, events = _by_name(found, Definition), _by_name(found, Event)
    _check_clashes([*parameters.values(), *states.values(), *definitions.values()])
    rates = _rates(found, parameters, states, definitions)
    model = Model(
        name,
        text,
        _note(found, "doc"),
        _note(found, "source"),
        parameters,
        states,
        _in_order(definitions),
        rates,
        tuple(events.values()),
        _by_name(found, Preset),
        tuple(dict.fromkeys(_linked_states(found))),
        _by_name(found, LinkedState),
    )
    _check_symbols(model)
    _check_linked(model)
    _check_states(model)
    _check_sizes(model)
    _check_ranges(model)
    _check_presets(model)
    if CURRENT not in definitions and CHARGE not in definitions:
        raise EquationError("a model needs its current `i = ...` or its charge `q = ...`, or both", Place(1, 1))
    return model


def _by_name(found: list[Statement], kind: type[T]) -> dict[str, T]:
    table: dict[str, T] = {}
    for one in found:
        if isinstance(one, kind):
            if one.name in table:
                raise EquationError(f"{one.name} stands in line {table[one.name].place.line} already", one.place)
            table[one.name] = one
    return table


def _note(found: list[Statement], kind: str) -> str:
    return " ".join(one.text for one in found if isinstance(one, Note) and one.kind == kind)


def _check_clashes(declared: list[Parameter | State | Definition]) -> None:
    """Refuse names that are taken, by the language or by another declaration."""
    lines: dict[str, int] = {}
    for one in sorted(declared, key=lambda one: (one.place.line, one.place.column)):
        if one.name in RESERVED:
            raise EquationError(f"{one.name} has a meaning in the language; take another name", one.place)
        if one.name in CONSTANTS and not isinstance(one, Parameter):
            reason = f"{one.name} is a constant of the language, which only a parameter may replace; take another name"
            raise EquationError(reason, one.place)
        if keyword.iskeyword(one.name):
            raise EquationError(f"{one.name} is a word of Python; take another name, as {one.name}_", one.place)
        if one.name in lines:
            raise EquationError(f"{one.name} stands in line {lines[one.name]} already", one.place)
        if one.name in (CURRENT, CHARGE) and not isinstance(one, Definition):
            raise EquationError(f"{one.name} is the device's own; write `{one.name} = ...`", one.place)
        lines[one.name] = one.place.line


def _rates(
    found: list[Statement],
    parameters: Mapping[str, Parameter],
    states: Mapping[str, State],
    definitions: Mapping[str, Definition],
) -> dict[str, Expression]:
    what = {"v": "the voltage that the circuit gives; a capacitance is a charge `q = C*v`"}
    what |= dict.fromkeys(parameters, "a parameter, which stays as it is")
    what |= dict.fromkeys(definitions, "a definition; a state has a rate or a definition, not both")
    rates: dict[str, Rate] = {}
    for one in found:
        if isinstance(one, Rate):
            if one.state not in states:
                reason = what.get(one.state, f"no state: declare `state {one.state} = ...`")
                near = "" if one.state in what else check.did_you_mean(one.state, states)
                raise EquationError(f"{one.state} is {reason}{near}", one.place)
            if one.state in rates:
                line = rates[one.state].place.line
                raise EquationError(f"{one.state} has an equation in line {line} already", one.place)
            rates[one.state] = one
    return {state: rates[state].expression for state in states if state in rates}


def _in_order(definitions: Mapping[str, Definition]) -> dict[str, Expression]:
    """Return the definitions, each behind those it needs; one that needs itself is refused."""
    order: dict[str, Expression] = {}
    for first in definitions:
        # The definitions that wait for those behind them, each with the symbols that it has left.
        path = {} if first in order else {first: names_of(definitions[first].expression)}
        while path:
            name, left = next(reversed(path.items()))
            needed = next((n for n in left if n.name in definitions and n.name not in order), None)
            if needed is None:
                order[name] = definitions[name].expression
                path.pop(name)
            elif needed.name in path:
                names = list(path)
                circle = " needs ".join([*names[names.index(needed.name) :], needed.name])
                raise EquationError(f"a definition needs itself: {circle}", needed.place)
            else:
                path[needed.name] = names_of(definitions[needed.name].expression)
    return order


def _linked_states(found: list[Statement]) -> Iterable[str]:
    for one in found:
        expressions: list[Expression] = []
        if isinstance(one, (Definition, Rate)):
            expressions = [one.expression]
        elif isinstance(one, Event):
            expressions = [one.condition, *(jump.expression for jump in one.jumps)]
        for name in (name for expression in expressions for name in names_of(expression)):
            if name.name.startswith("linked.") and name.name != "linked.v":
                yield name.name.removeprefix("linked.")


def _check_symbols(model: Model) -> None:
    known = {*model.parameters, *model.states, *model.definitions, *GIVEN, *CONSTANTS}
    for name in model.all_names():
        if name.name in FUNCTIONS:
            raise EquationError(f"{name.name} is a function: {name.name}(...)", name.place)
        if name.name == "linked":
            raise EquationError("of the linked edge say what is read: linked.v or a state, as linked.x", name.place)
        if name.name not in known and not name.name.startswith("linked."):
            raise EquationError(f"{name.name} is not defined{_meant(name.name, known)}", name.place)
    _check_noise(model)
    _check_inflow(model)
    for state in model.states.values():
        if not isinstance(state.start, Quantity):
            _check_start(model, state.start)


def _check_linked(model: Model) -> None:
    for name, one in model.linked_units.items():
        if name == "v":
            raise EquationError("linked.v is the voltage of the linked edge, in V", one.place)
        if name not in model.linked_states:
            near = check.did_you_mean(name, model.linked_states)
            raise EquationError(f"nothing reads linked.{name}{near}", one.place)


def _meant(name: str, known: Iterable[str]) -> str:
    """Return what a name that is not defined may mean."""
    if name in ("inf", "nan"):
        return ": numbers must be finite"
    if name in ("e", "E"):
        return ": write exp(x) for e**x"
    if is_unit(name):
        return f"{check.did_you_mean(name, known)}; if it is the unit, {unit_hint(f'0.5 {name}')}"
    if name == "dt":
        return ": a model does not know how long steps are"
    if name.startswith("d") and name[1:] in known:
        return ": rates `dx/dt` stand on the left; the current of a charge q is i + dq/dt"
    return check.did_you_mean(name, known)


def _check_noise(model: Model) -> None:
    """Noise moves states: through their rates, and through definitions that only these use."""
    noisy = {"xi"}
    for name, expression in model.definitions.items():
        if any(one.name in noisy for one in names_of(expression)):
            noisy.add(name)
    allowed = {id(expression) for expression in model.rates.values()}
    allowed |= {id(expression) for name, expression in model.definitions.items() if name in noisy - {CURRENT, CHARGE}}
    for expression in model.expressions():
        for one in names_of(expression):
            if one.name in noisy and id(expression) not in allowed:
                raise EquationError("xi is white noise, which only rates `dx/dt = ...` may have", one.place)


def _check_inflow(model: Model) -> None:
    """Refuse what knows the current of an electrode before the circuit is solved, or between two rows."""
    place = next((name.place for name in model.all_names() if name.name == INFLOW), None)
    if place is None:
        return
    if CHARGE in model.definitions:
        raise EquationError("a model with a charge q cannot know inflow, which is found in fixed steps alone", place)
    current = model.definitions.get(CURRENT)
    if current is not None and INFLOW in model.behind(current):
        raise EquationError(
            "the current i cannot know inflow, of which it is a part; states may, by their rates and events", place
        )
    for event in model.events:
        if not event.each_step:
            reason = f"a model with inflow takes fixed steps: write `event {event.name} each step when ...`"
            raise EquationError(reason, event.place)


def _check_start(model: Model, start: Expression) -> None:
    """Refuse what is not there yet: a start is computed before there is a circuit or another edge."""
    for one in model.behind(start).values():
        if one.name in ("xi", INFLOW) or one.name.startswith("linked."):
            raise EquationError(f"a start cannot know {one.name}", one.place)
        if one.name in model.states:
            raise EquationError(f"a start cannot know {one.name}, which is a state", one.place)


def _check_states(model: Model) -> None:
    jumps: set[str] = set()
    for event in model.events:
        here: set[str] = set()
        for jump in event.jumps:
            if jump.name == VOLTAGE and CHARGE not in model.definitions:
                raise EquationError("v jumps only across a charge: the model needs `q = C*v`", jump.place)
            if jump.name not in {*model.states, VOLTAGE}:
                near = check.did_you_mean(jump.name, model.states)
                raise EquationError(f"{jump.name} is no state; only states jump at an event{near}", jump.place)
            if jump.name in here:
                raise EquationError(f"event {event.name} sets {jump.name} already", jump.place)
            here.add(jump.name)
        jumps |= here
    for name, state in model.states.items():
        if name not in model.rates and name not in jumps:
            raise EquationError(f"state {name} has no equation: write `d{name}/dt = ...`", state.place)


def _check_sizes(model: Model) -> None:
    """Refuse more than the engine has room for, and names that it needs."""
    if len(model.events) > MOST_EVENTS:
        place = model.events[MOST_EVENTS].place
        raise EquationError(f"a model has at most {MOST_EVENTS} events, got {len(model.events)}", place)
    located = [event for event in model.events if not event.each_step]
    for event in located:
        name = HOLDS.format(event.name)
        if name in model.parameters or name in model.states:
            raise EquationError(f"event {event.name} needs the name {name} for a state of its own", event.place)
    fields: list[Parameter | State] = [*model.parameters.values(), *model.states.values()]
    most = MOST_FIELDS - len(located) - (CHARGE in model.definitions)
    if len(fields) > most:
        raise EquationError(
            f"a model has at most {most} parameters and states here, got {len(fields)}", fields[most].place
        )
    noise = [name for name in model.all_names() if name.name == "xi"]
    if len(noise) > MOST_NOISES:
        raise EquationError(f"a model has at most {MOST_NOISES} uses of xi, got {len(noise)}", noise[MOST_NOISES].place)


def _check_ranges(model: Model) -> None:
    """Refuse ends of ranges that parameters and lengths do not give, and names in the ranges of parameters."""
    declared: list[Parameter | State] = [*model.parameters.values(), *model.states.values()]
    for one in declared:
        for end in (one.range.low, one.range.high) if one.range is not None else ():
            if isinstance(end, Bound) and isinstance(one, Parameter):
                _check_limit(model, one, end)
            elif isinstance(end, Bound):
                _check_end(model, end)


def _check_limit(model: Model, one: Parameter, end: Bound) -> None:
    """Refuse an end of a parameter's range but another parameter, which this one stays below."""
    limits = one.range is not None and one.range.high is end and one.range.bounds[1] == ")"
    if end.is_negative or not limits or end.name == one.name or end.name not in model.parameters:
        reason = "the range of a parameter has numbers, or ends below another parameter, as `(-inf, V_T)`"
        raise EquationError(f"{end}: {reason}", end.place)


def _check_end(model: Model, end: Bound) -> None:
    known = {*model.parameters, *model.definitions}
    if end.name not in known:
        near = check.did_you_mean(end.name, known)
        raise EquationError(f"{end.name}: neither parameter nor definition{near}", end.place)
    for needed in model.behind(Name(end.name, end.place)):
        if needed not in {*known, *CONSTANTS, "length"}:
            raise EquationError(f"an end of a range cannot know {needed}: it stays as it is", end.place)


def _check_presets(model: Model) -> None:
    for preset in model.presets.values():
        names = [name for name, _ in preset.values]
        for k, (name, value) in enumerate(preset.values):
            if name not in model.parameters:
                near = check.did_you_mean(name, model.parameters)
                raise EquationError(f"{name} is no parameter{near}", value.place)
            if name in names[:k]:
                raise EquationError(f"preset {preset.name} has {name} already", value.place)
