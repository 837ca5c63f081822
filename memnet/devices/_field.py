"""Fields of a model's table: parameters, states, the waveform that it carries; defaults, and what each is in words."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from memnet import _core, drive
from memnet.base import check

ALL_NUMBERS = check.interval(-math.inf, math.inf, "()")


def parameter_fields(model: _core.Model) -> dict[str, _core.Field]:
    """Return the fields a user sets, by name, in table order."""
    return {field["name"]: field for field in model["fields"] if field["role"] == "parameter"}


def signal_field(model: _core.Model) -> _core.Field | None:
    """Return the waveform that devices of a model carry as a field of kind "waveform", None where they carry none."""
    signal = model["signal"]
    if signal is None:
        return None
    return {
        **signal,
        "kind": "waveform",
        "role": "signal",
        "low": -math.inf,
        "high": math.inf,
        "bounds": "()",
        "choices": (),
        "otherwise": None,
        "below": None,
        "own_range": None,
        "added_later": False,
        "dimension": None,
        "width": 1,
        "width_field": None,
    }


def argument_fields(model: _core.Model) -> dict[str, _core.Field]:
    """Return what a device is made of, by name: the parameters in table order, then the waveform that it carries."""
    signal = signal_field(model)
    return {**parameter_fields(model), **({} if signal is None else {signal["name"]: signal})}


def state_fields(model: _core.Model) -> dict[str, _core.Field]:
    """Return the fields that a run changes (states), by name, in table order."""
    return {field["name"]: field for field in model["fields"] if field["role"] != "parameter"}


def field_index(model: _core.Model, name: str) -> int:
    """Return the place of a field in the model's table."""
    return [field["name"] for field in model["fields"]].index(name)


def from_number(field: _core.Field, value: float) -> Any:
    """Return a parameter as Python shows it from the number in the C library."""
    if field["kind"] == "choice":
        return field["choices"][int(value)]
    if field["kind"] == "flag":
        return bool(value)
    if field["kind"] == "count":
        return int(value)
    return None if math.isnan(value) else value


def default(field: _core.Field) -> Any:
    """Return a parameter's default as Python shows it: a float, a word, a bool, or None for the model's own choice."""
    return from_number(field, field["initial"])


def is_default(value: Any, field: _core.Field) -> bool:
    """Return whether a parameter as it is kept is what it is without being given."""
    if isinstance(value, drive.Waveform):
        return drive.constant_value(value) == (drive.ROLE_VOLTAGE, default(field))
    return not isinstance(value, np.ndarray) and bool(value == default(field))


def number(field: _core.Field, value: Any) -> float:
    """Return the number that stands for a parameter's scalar value in the C library."""
    if field["kind"] == "choice":
        return float(field["choices"].index(value))
    return math.nan if value is None else float(value)


def field_text(field: _core.Field) -> str:
    """Return what a field is, with its unit and its range."""
    unit = "" if field["unit"] == "1" else f" ({field['unit']})"
    sentence = f"{field['doc'].rstrip('.')}{unit}"
    if field["kind"] in ("real", "count") and range_text(field) != ALL_NUMBERS:
        sentence += f"; in {range_text(field)}"
    return sentence + "."


def range_text(field: _core.Field) -> str:
    """Return the range of a number, whose end may be another parameter, or one of each edge."""
    if field["below"] is not None:
        return f"{field['bounds'][0]}{field['low']:g}, {field['below']}{field['bounds'][1]}"
    return field["own_range"] or check.interval(field["low"], field["high"], field["bounds"])


def vector_text(field: _core.Field) -> str:
    """Return the shape of a state that is a vector for each edge, nothing for others."""
    return (
        "" if field["dimension"] is None else f" (edges, {field['width_field'] or field['width']} {field['dimension']})"
    )


def default_text(field: _core.Field) -> str:
    """Return a parameter's default for people: what None stands for is spelled out."""
    value = default(field)
    if value is None:
        return f"None: {field['otherwise']}"
    return f"{value:g}" if isinstance(value, float) else repr(value)


def unit_text(field: _core.Field) -> str:
    """Return a field's unit, nothing for a number and for words."""
    return "" if field["unit"] == "1" else field["unit"]


def unit_behind(field: _core.Field) -> str:
    """Return a field's unit as it stands behind a number."""
    return f" {unit_text(field)}".rstrip()


def set_text(field: _core.Field) -> str:
    """Return the words of a choice, as in {"remaining", "gap"}."""
    return "{" + ", ".join(f'"{word}"' for word in field["choices"]) + "}"
