"""A model from equations as the C library wants it: fields, flags, events, presets and programs."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass

from memnet import equations

NO_DOC = "not described"
NO_SOURCE = "its equations"
# The kinds of events that have names of their own; others are numbered.
KINDS = {"closed": 1, "opened": -1}


@dataclass(frozen=True)
class FieldRow:
    """A row of the table of fields, as `mn_field` has it."""

    name: str
    unit: str
    doc: str
    is_state: bool
    is_flag: bool
    initial: float
    low: float
    high: float
    bounds: str
    own_range: str | None
    below: str | None = None


@dataclass(frozen=True)
class PresetRow:
    """A preset, as `mn_preset` has it."""

    name: str
    doc: str
    citation: str
    values: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class EquationTable:
    """A model as `mn_equation_model` has it.

    Attributes
    ----------
    name, doc, citation, text : str
        What it is; the text with its equations.
    check, voltage_field : str or None
        The parameter that errors point to, and the state that is the voltage of the charge.
    flags : tuple of str
        The flags of the model by their names without MN_, in small letters.
    fields : tuple of FieldRow
        Parameters, states, and the states that the engine needs.
    presets : tuple of PresetRow
        Published sets.
    events : tuple of (str, int)
        Names and kinds, located ones first.
    linked_states : tuple of str
        What it reads of the linked edge.
    programs : equations.Programs
        What its hooks run.
    """

    name: str
    doc: str
    citation: str
    text: str
    check: str | None
    voltage_field: str | None
    flags: tuple[str, ...]
    fields: tuple[FieldRow, ...]
    presets: tuple[PresetRow, ...]
    events: tuple[tuple[str, int], ...]
    linked_states: tuple[str, ...]
    programs: equations.Programs


def equation_table(
    name: str, text: str, doc: str = "", citation: str = "", taken: Collection[str] = ()
) -> EquationTable:
    """Return the model of a text; `doc` and `citation` stand before what it says; parameters have no name of `taken`.

    Raises
    ------
    EquationError
        The text is no model.
    """
    model = equations.parse(name, text, taken)
    table = equations.table(model)
    programs = equations.programs(model, table)
    events = [*equations.located_events(model), *equations.each_step_events(model)]
    citation = citation or model.citation or NO_SOURCE
    return EquationTable(
        name=name,
        doc=doc or model.doc or f"A device model from equations: {name}.",
        citation=citation,
        text=text,
        check=next(iter(model.parameters), None),
        voltage_field=equations.CHARGE_VOLTAGE if equations.CHARGE in model.definitions else None,
        flags=tuple(_flags(model, programs)),
        fields=tuple(_fields(model, table)),
        presets=tuple(
            PresetRow(one.name, one.doc or NO_DOC, one.source or citation, tuple(table.presets[one.name].items()))
            for one in model.presets.values()
        ),
        events=tuple(_kinds([event.name for event in events])),
        linked_states=model.linked_states,
        programs=programs,
    )


def _flags(model: equations.Model, programs: equations.Programs) -> list[str]:
    flags = {
        "has_source": programs.source,
        "has_charge": equations.CHARGE in model.definitions,
        "implicit": programs.implicit,
        "needs_length": model.uses("length"),
        "has_link": model.links,
        "falls": not programs.linear,
        "reads_inflow": model.uses(equations.INFLOW),
        "events_at_steps": not programs.implicit and equations.events_at_steps(model),
    }
    return [name for name, holds in flags.items() if holds]


def _kinds(events: list[str]) -> list[tuple[str, int]]:
    free = iter(k for k in range(1, 128) if k not in {KINDS[name] for name in events if name in KINDS})
    return [(name, KINDS[name] if name in KINDS else next(free)) for name in events]


def _fields(model: equations.Model, table: equations.Table) -> list[FieldRow]:
    rows = [_row(one, is_state=False) for one in table.parameters.values()]
    rows += [_row(one, is_state=True, start=_start_text(model, one)) for one in table.states.values()]
    if equations.CHARGE in model.definitions:
        doc = "voltage of the charge at the last step"
        rows.append(FieldRow(equations.CHARGE_VOLTAGE, "V", doc, True, False, 0.0, -math.inf, math.inf, "()", None))
    for event in equations.located_events(model):
        doc = f"1 while the condition of {event.name} holds"
        rows.append(FieldRow(equations.HOLDS.format(event.name), "1", doc, True, True, 0.0, 0.0, 1.0, "[]", None))
    return rows


def _start_text(model: equations.Model, one: equations.Field) -> str:
    """Return of which voltage and time the start of a state is, for its description; nothing where it has neither."""
    start = model.states[one.name].start
    if isinstance(start, equations.Quantity):
        return ""
    known = equations.START_VOLTAGE if equations.START_VOLTAGE in model.parameters else "0"
    at = [f"{name} = {value}" for name, value in (("v", known), ("t", "0")) if name in model.behind(start)]
    return f"; its start is that of {' and '.join(at)}" if at else ""


def _row(one: equations.Field, *, is_state: bool, start: str = "") -> FieldRow:
    # The start of a state may be an expression: until it is worked out, the state is in its range.
    initial = min(max(0.0, one.low), one.high) if is_state or one.initial is None else one.initial
    doc = (one.doc or NO_DOC).rstrip(".") + start if start else one.doc or NO_DOC
    return FieldRow(
        one.name, one.unit, doc, is_state, False, initial, one.low, one.high, one.bounds, one.own_range, one.below
    )
