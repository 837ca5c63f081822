"""Device models from equations."""

from __future__ import annotations

import functools
import math
from typing import Any, ClassVar, TypeVar

from memnet import _core, equations
from memnet.base import check
from memnet.devices._description import RECIPES, describe_parts, rebuild_of
from memnet.devices._device import Device, device_class
from memnet.devices._models import MODELS

D = TypeVar("D", bound="EquationDevice")

NO_DOC = "not described"
# The kinds of events that have names of their own; others are numbered.
KINDS = {"closed": 1, "opened": -1}


class EquationDevice(Device):
    """A device whose model is a text: the base of the classes that `device_model` returns.

    Attributes
    ----------
    text : str
        The equations.
    citation : str
        Where they come from.

    Examples
    --------
    >>> import memnet as mn
    >>> Ohmic = mn.device_model("Ohmic", "i = g*v\\nparameter g = 1 mS in [0, inf) : conductance")
    >>> issubclass(Ohmic, mn.devices.EquationDevice), Ohmic(g=2e-3).g
    (True, 0.002)
    """

    text: ClassVar[str]
    citation: ClassVar[str]

    def __reduce__(self) -> tuple[Any, ...]:
        return RECIPES["equations"], (self.recipe[1],)

    @property
    def recipe(self) -> tuple[str, Any]:
        """How the device is made again: of its text and its parameters."""
        return "equations", {"name": self.model, "text": self.text, "citation": self.citation, **describe_parts(self)}


@check.known_keywords
def device_model(name: str, text: str, *, citation: str = "") -> type[EquationDevice]:
    """Make a device model from its equations."""
    return _device_model(name, text, citation)


@functools.lru_cache(maxsize=256)
def _device_model(name: str, text: str, citation: str) -> type[EquationDevice]:
    if not name.isidentifier() or name in MODELS:
        raise ValueError(f"name of a model must be a Python name that no model of memnet has, got {check.shown(name)}")
    model = equations.parse(name, text, citation)
    made = _made(model, equations.check_units(model), equations.programs(model))
    body: dict[str, Any] = {"text": text, "citation": citation, "__module__": "memnet.devices"}
    of_table = device_class(made.table, made)
    body["__doc__"] = of_table.__doc__
    return type(name, (EquationDevice, of_table), body)


def _rebuilt(spec: dict[str, Any]) -> EquationDevice:
    device = rebuild_of(_device_model(spec["name"], spec["text"], spec["citation"]), spec)
    assert isinstance(device, EquationDevice)
    return device


RECIPES["equations"] = _rebuilt


def _made(model: equations.Model, units: Any, programs: equations.Programs) -> _core.MadeModel:
    """Return a model as the C library has it."""
    located = equations.located_events(model)
    events = [event.name for event in (*located, *equations.each_step_events(model))]
    return _core.equation_model(
        name=model.name,
        doc=f"A device model from equations: {model.name}.",
        citation=model.citation or "its equations",
        check=next(iter(model.parameters), None),
        voltage_field="v_q" if equations.CHARGE in model.definitions else None,
        flags=tuple(_flags(model, programs)),
        n_noises=programs.noises,
        fields=tuple(_fields(model, units)),
        events=tuple(_kinds(events)),
        linked_states=model.linked_states,
        programs=(tuple(map(_core_program, programs.hooks())), tuple(map(_core_program, programs.jumps))),
    )


def _core_program(program: equations.Program | None) -> Any:
    return None if program is None else (program.core(), program.inputs, program.uniforms)


def _flags(model: equations.Model, programs: equations.Programs) -> list[str]:
    charged = equations.CHARGE in model.definitions
    flags = {
        "has_source": programs.source,
        "has_charge": charged,
        "implicit": programs.implicit,
        "needs_length": model.uses("length"),
        "has_link": model.links,
        "falls": not programs.linear,
    }
    return [name for name, holds in flags.items() if holds]


def _kinds(events: list[str]) -> list[tuple[str, int]]:
    free = iter(k for k in range(1, 128) if k not in {KINDS[name] for name in events if name in KINDS})
    return [(name, KINDS[name] if name in KINDS else next(free)) for name in events]


def _fields(model: equations.Model, units: Any) -> list[tuple[Any, ...]]:
    """Return the rows of the model's table: parameters, states, and those that the engine needs."""
    rows = [
        _row(one.name, units[one.name], one.doc, False, equations.in_si(one.default), one.range)
        for one in model.parameters.values()
    ]
    rows += [_row(one.name, units[one.name], one.doc, True, 0.0, one.range) for one in model.states.values()]
    if equations.CHARGE in model.definitions:
        rows.append(_row("v_q", "V", "voltage of the charge at the last step", True, 0.0, None))
    for event in equations.located_events(model):
        doc = f"1 while the condition of {event.name} holds"
        rows.append((equations.HOLDS.format(event.name), "1", doc, True, True, 0.0, 0.0, 1.0, "[]"))
    return rows


def _row(name: str, unit: str, doc: str, is_state: bool, initial: float, allowed: Any) -> tuple[Any, ...]:
    low, high, bounds = -math.inf, math.inf, "()"
    if allowed is not None:
        low, high = (
            end.value if math.isinf(end.value) else equations.in_si(end) for end in (allowed.low, allowed.high)
        )
        bounds = allowed.bounds
    return name, unit, doc or NO_DOC, is_state, False, initial, low, high, bounds
