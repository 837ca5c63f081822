"""Device models from equations."""

from __future__ import annotations

import functools
import keyword
import math
from typing import Any, ClassVar

from memnet import _core, equations
from memnet.base import check
from memnet.devices._description import RECIPES, describe_parts, rebuild_of
from memnet.devices._device import Device, device_class
from memnet.devices._models import MODELS

NO_DOC = "not described"
# The kinds of events that have names of their own; others are numbered.
KINDS = {"closed": 1, "opened": -1}


class EquationDevice(Device):
    r"""A device whose model is a text: the base of the classes that `device_model` returns.

    Attributes
    ----------
    text : str
        The equations.
    doc, citation : str
        What was said of them where the model was made, besides the text.

    Examples
    --------
    >>> import memnet as mn
    >>> Ohmic = mn.device_model("Ohmic", "i = g*v\nparameter g = 1 mS in [0, inf) : conductance")
    >>> issubclass(Ohmic, mn.devices.EquationDevice), Ohmic(g=2e-3).g
    (True, 0.002)
    """

    text: ClassVar[str]
    doc: ClassVar[str]
    citation: ClassVar[str]

    def __reduce__(self) -> tuple[Any, ...]:
        return RECIPES["equations"], (self.recipe[1],)

    @property
    def recipe(self) -> tuple[str, Any]:
        """How the device is made again: of its text and its parameters."""
        of_model = {"name": self.model, "text": self.text, "doc": self.doc, "citation": self.citation}
        return "equations", {**of_model, **describe_parts(self)}


@check.known_keywords
def device_model(name: str, text: str, *, doc: str = "", citation: str = "") -> type[EquationDevice]:
    """Make a device model from its equations.

    Parameters
    ----------
    name : str
        Of the class, a Python name.
    text : str
        The equations, with parameters and states, as docs/equations.md describes them.
    doc, citation : str, optional
        What it is, and where it comes from; else what the text's lines ``doc`` and ``source`` say.

    Returns
    -------
    type
        A class of devices like those of memnet: keywords with units, defaults and ranges, presets, docstring, recorder,
        checkpoints and run files. The same text gives the same class.

    Raises
    ------
    EquationError
        The text is no model: it says line, column and reason.
    ValueError
        The name is no Python name, or one of memnet's own models.

    Examples
    --------
    >>> import memnet as mn
    >>> Forgetful = mn.device_model("Forgetful", '''
    ...     i     = (g_off + (g_on - g_off)*x)*v
    ...     dx/dt = k*abs(v)*(1 - x) - x/tau
    ...     parameter g_on  = 1 mS in (0, inf)       : conductance at x = 1
    ...     parameter g_off = 1 uS in (0, inf)       : conductance at x = 0
    ...     parameter k     = 5 1/(V s) in [0, inf)  : how fast a voltage opens it
    ...     parameter tau   = 20 ms in (0, inf)      : how long it remembers
    ...     state x = 0 in [0, 1]                    : memory
    ... ''')
    >>> Forgetful(tau=0.1)
    Forgetful(tau=0.1)
    """
    for what, value in (("name", name), ("text", text), ("doc", doc), ("citation", citation)):
        check.instance(f"{what} of a device model", value, str, "a str")
    if not name.isidentifier() or keyword.iskeyword(name) or name in MODELS:
        raise ValueError(f"name must be a Python name that no model of memnet has, got {check.shown(name)}")
    return _device_model(name, text, doc, citation)


@functools.lru_cache(maxsize=256)
def _device_model(name: str, text: str, doc: str, citation: str) -> type[EquationDevice]:
    model = equations.parse(name, text)
    table = equations.table(model)
    made = _made(model, table, equations.programs(model, table), doc or model.doc, citation or model.citation)
    of_table = device_class(made.table, made)
    body: dict[str, Any] = {
        "text": text,
        "doc": doc,
        "citation": citation,
        "__module__": "memnet.devices",
        "__doc__": of_table.__doc__,
    }
    return type(name, (EquationDevice, of_table), body)


def _rebuilt(spec: dict[str, Any]) -> EquationDevice:
    device = rebuild_of(_device_model(*(spec[part] for part in ("name", "text", "doc", "citation"))), spec)
    assert isinstance(device, EquationDevice)
    return device


RECIPES["equations"] = _rebuilt


def _made(
    model: equations.Model, table: equations.Table, programs: equations.Programs, doc: str, citation: str
) -> _core.MadeModel:
    """Return a model as the C library has it."""
    located = equations.located_events(model)
    events = [event.name for event in (*located, *equations.each_step_events(model))]
    return _core.equation_model(
        name=model.name,
        doc=doc or f"A device model from equations: {model.name}.",
        citation=citation or "its equations",
        check=next(iter(model.parameters), None),
        voltage_field="v_q" if equations.CHARGE in model.definitions else None,
        flags=tuple(_flags(model, programs)),
        n_noises=programs.noises,
        fields=tuple(_fields(model, table)),
        presets=tuple(_presets(model, table)),
        events=tuple(_kinds(events)),
        linked_states=model.linked_states,
        programs=(tuple(map(_core_program, programs.hooks())), tuple(map(_core_program, programs.jumps))),
    )


def _core_program(program: equations.Program | None) -> Any:
    return None if program is None else (program.core(), program.inputs, program.uniforms)


def _flags(model: equations.Model, programs: equations.Programs) -> list[str]:
    flags = {
        "has_source": programs.source,
        "has_charge": equations.CHARGE in model.definitions,
        "implicit": programs.implicit,
        "needs_length": model.uses("length"),
        "has_link": model.links,
        "falls": not programs.linear,
        "events_at_steps": not programs.implicit and equations.events_at_steps(model),
    }
    return [name for name, holds in flags.items() if holds]


def _kinds(events: list[str]) -> list[tuple[str, int]]:
    free = iter(k for k in range(1, 128) if k not in {KINDS[name] for name in events if name in KINDS})
    return [(name, KINDS[name] if name in KINDS else next(free)) for name in events]


def _presets(model: equations.Model, table: equations.Table) -> list[tuple[Any, ...]]:
    return [
        (one.name, one.doc or NO_DOC, one.source or model.citation, tuple(table.presets[one.name].items()))
        for one in model.presets.values()
    ]


def _fields(model: equations.Model, table: equations.Table) -> list[tuple[Any, ...]]:
    """Return the rows of the model's table: parameters, states, and those that the engine needs."""
    rows = [_row(one, is_state=False) for one in table.parameters.values()]
    rows += [_row(one, is_state=True) for one in table.states.values()]
    if equations.CHARGE in model.definitions:
        doc = "voltage of the charge at the last step"
        rows.append(("v_q", "V", doc, True, False, 0.0, -math.inf, math.inf, "()"))
    for event in equations.located_events(model):
        doc = f"1 while the condition of {event.name} holds"
        rows.append((equations.HOLDS.format(event.name), "1", doc, True, True, 0.0, 0.0, 1.0, "[]"))
    return rows


def _row(one: equations.Field, *, is_state: bool) -> tuple[Any, ...]:
    initial = 0.0 if is_state or one.initial is None else one.initial
    return one.name, one.unit, one.doc or NO_DOC, is_state, False, initial, one.low, one.high, one.bounds
