"""The class of a model, made from its table: signature, docstring, a property for each parameter."""

from __future__ import annotations

import inspect
import textwrap
from types import MappingProxyType
from typing import Any

from memnet import _core
from memnet.devices._device import Device, DeviceWithPresets
from memnet.devices._field import (
    argument_fields,
    default,
    default_text,
    field_text,
    set_text,
    state_fields,
    unit_text,
    vector_text,
)
from memnet.devices._preset import model_presets, preset_text

# What an argument of each kind is in words; a choice has its own.
KINDS = {"real": "float or array", "flag": "bool", "count": "int", "waveform": "float or Waveform"}


def docstring(model: _core.Model, *, is_listed: bool = True) -> str:
    """Return the numpydoc docstring of a model's class, from its table; models in no list are no names of memnet."""
    first, _, rest = model["doc"].partition(". ")
    parts = [textwrap.fill(first.rstrip(".") + ".", 112)]
    if rest:
        parts.append(textwrap.fill(rest, 116))
    lines = []
    for name, field in argument_fields(model).items():
        kind = KINDS.get(field["kind"]) or str(set_text(field))
        shown = default_text(field)
        lines.append(f"{name} : {kind}, default {'None' if default(field) is None else shown}")
        said = field_text(field) + (f" {shown}." if default(field) is None else "")
        lines.append(textwrap.indent(textwrap.fill(said, 112), "    "))
    if lines:
        parts.append("Parameters\n----------\n" + "\n".join(lines))
    states = [
        f"{name} : array{vector_text(field)}\n" + textwrap.indent(textwrap.fill(field_text(field), 112), "    ")
        for name, field in state_fields(model).items()
    ]
    if states:
        parts.append("States\n------\n" + "\n".join(states))
    presets = [
        f"{preset.name}\n" + textwrap.indent(textwrap.fill(f"{preset_text(preset)} {preset.citation}.", 112), "    ")
        for preset in model_presets(model).values()
    ]
    if presets:
        parts.append("Presets\n-------\n" + "\n".join(presets))
    call = f">>> import memnet as mn\n>>> mn.{model['name']}()" if is_listed else f">>> {model['name']}()"
    parts.append(f"Examples\n--------\n{call}\n{model['name']}()")
    parts.append("Source\n------\n" + textwrap.fill(model["citation"], 116))
    return "\n\n".join(parts) + "\n"


def device_class(model: _core.Model, made: _core.MadeModel | None = None) -> type[Device]:
    """Make the class of a model from its table; `made` is the model itself where it is in no list."""
    body: dict[str, Any] = {
        "__doc__": docstring(model, is_listed=made is None),
        "__module__": "memnet.devices",
        "__signature__": signature(model),
        "model": model["name"],
        "_table": model,
        "_made": made,
    }
    for name, field in argument_fields(model).items():
        body[name] = parameter_property(name, field_text(field))
    presets = model_presets(model)
    if not presets:
        return type(model["name"], (Device,), body)
    return type(model["name"], (DeviceWithPresets,), {**body, "_presets": MappingProxyType(presets)})


def signature(model: _core.Model) -> inspect.Signature:
    """Return how a model's class is called: keywords with their units and defaults, for help and completion."""
    return inspect.Signature(
        [
            inspect.Parameter(
                name, inspect.Parameter.KEYWORD_ONLY, default=default(field), annotation=annotation_text(field)
            )
            for name, field in argument_fields(model).items()
        ]
    )


def annotation_text(field: _core.Field) -> str:
    """Return what a parameter takes, as in "float or array, ohm"."""
    if field["kind"] == "choice":
        return set_text(field)
    if field["kind"] in ("flag", "count"):
        return KINDS[field["kind"]]
    return ", ".join(filter(None, (KINDS[field["kind"]], unit_text(field))))


def parameter_property(name: str, doc: str) -> property:
    """Return a read-only property of a device for one of its parameters."""

    def value(device: Device) -> Any:
        return device.parameters[name]

    return property(value, doc=doc)
