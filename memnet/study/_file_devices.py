"""Devices of run files: models, presets, series, links and spread as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from memnet.base import check
from memnet.devices import MODELS, Device, argument_fields, device_model, link, series, spread, table_of
from memnet.equations import EquationError
from memnet.study._file_waves import waveform
from memnet.study._tables import known, within

# What a table of [model] says of a model, as `device_model` takes it.
MODEL_KEYS = ("text", "doc", "citation")
Models = Mapping[str, type[Device]]


def models(tables: Mapping[str, Any]) -> dict[str, type[Device]]:
    """Return the classes of models by name: memnet's, and the file's own, a text each or a table with a text."""
    return {**MODELS, **{name: _model(name, given) for name, given in tables.items()}}


def _model(name: str, given: Any) -> type[Device]:
    section = f"[model.{name}]"
    table = {"text": given} if isinstance(given, str) else given
    if not isinstance(table, Mapping):
        raise TypeError(f"{section} must be a table with a key 'text', or the text itself, got {check.shown(given)}")
    known(section, table, MODEL_KEYS)
    if "text" not in table:
        raise ValueError(f"{section} needs a key 'text'")
    try:
        return device_model(name, **table)
    except EquationError as error:
        raise error.located(table["text"], f"{section} text") from error
    except (TypeError, ValueError) as error:
        raise type(error)(f"{section}: {error}") from error


def of_model(table: Mapping[str, Any]) -> str:
    """Return the model of a table in brackets, for messages."""
    return f" ({table['model']})" if isinstance(table.get("model"), str) else ""


def device(section: str, table: dict[str, Any], models: Models, taken: Sequence[str] = ()) -> Device:
    """Return the device of a table without the keys `taken`, which were allowed beside it."""
    if "series" in table:
        return _in_series(section, table, models, taken)
    if "model" not in table:
        raise ValueError(f"{section} needs a key 'model', one of {', '.join(models)}, or a key 'series'")
    model = models[check.one_of(f"{section} model", table.pop("model"), models)]
    arguments = argument_fields(table_of(model))
    reads = table_of(model)["linked_states"] is not None
    derived = getattr(model, "derived", ())  # what follows from other parameters may be given, and must agree
    others = (*taken, *(["link"] if reads else []), "preset", "spread")
    known(f"{section} ({model.model})", table, ("model", *others, *arguments, *derived))
    for name in table.keys() & {name for name, field in arguments.items() if field["kind"] == "waveform"}:
        table[name] = within(f"{section} {name}", waveform, table[name])
    to, drawn = table.pop("link", None), table.pop("spread", None)
    preset = table.pop("preset", None)
    made: Device = within(section, model, **table) if preset is None else _preset(section, model, preset, table)
    made = made if drawn is None else within(f"{section} spread", _spread, made, drawn)
    return made if to is None else within(section, link, made, to)


def _preset(section: str, model: type[Device], name: Any, overrides: Mapping[str, Any]) -> Device:
    if not isinstance(name, str):
        raise TypeError(f"{section} preset must be a name, got {check.shown(name)}")
    if not hasattr(model, "preset"):
        raise ValueError(f"{section} preset {name!r}: {model.model} has none")
    made: Device = within(section, model.preset, name, **overrides)
    return made


def _in_series(section: str, table: dict[str, Any], models: Models, taken: Sequence[str]) -> Device:
    """Return the devices of a list of tables in series on one edge, in the order from its first node to its second."""
    known(f"{section} (series)", table, ("series", *taken, "link", "spread"))
    parts = table["series"]
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        raise TypeError(f"{section} series must be a list of one table a device, got {check.shown(parts)}")
    if any("series" in part for part in parts):
        raise ValueError(f"{section} series has a part that is a series itself; name its parts in this one")
    made = [device(f"{section} series {k}", dict(part), models) for k, part in enumerate(parts, 1)]
    whole: Device = within(f"{section} series", series, *made)
    whole = whole if "spread" not in table else within(f"{section} spread", _spread, whole, table["spread"])
    return whole if "link" not in table else within(section, link, whole, table["link"])


def _spread(device: Device, table: Any) -> Device:
    """Return a device that is spread as a table says, in which distributions are tables with a `kind`."""
    check.instance("it", table, Mapping, "a table of parameters, seed, cycle and read")
    if "seed" not in table:
        raise ValueError("a spread needs a key 'seed'")
    return spread(device, **table)
