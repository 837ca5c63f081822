"""Device models from equations."""

from __future__ import annotations

import copyreg
import functools
import keyword
from collections.abc import Mapping
from typing import Any

from memnet import _core, equations
from memnet.base import check
from memnet.devices._description import RECIPES
from memnet.devices._device import DeviceWithPresets, altered
from memnet.devices._equation_device import EquationDevice, equation_class
from memnet.devices._equation_table import EquationTable, equation_table
from memnet.devices._models import MODELS
from memnet.devices._variation import Variation


class OwnModel(type):
    """The class of the classes of models that a user made: pickles carry their texts."""


class OwnDevice(EquationDevice, metaclass=OwnModel):
    """A device of a model that a user made."""

    def __reduce__(self) -> tuple[Any, ...]:
        given = {name: value for name, value in self.parameters.items() if value is not None}
        return _rebuilt, (self.model, self.equations, given, self.linked_to, self.variations)


# Names that devices have for something else, so that no parameter may have them.
TAKEN = frozenset((*dir(OwnDevice), *dir(DeviceWithPresets), "parameters", "self"))


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
    made = _made(equation_table(name, text, doc, citation, TAKEN))
    cls = equation_class(made.table, made, OwnDevice)
    cls.equations = {"text": text, "doc": doc, "citation": citation}
    return cls


def _rebuilt(
    name: str,
    of_model: Mapping[str, str],
    parameters: dict[str, Any],
    linked_to: Any,
    variations: tuple[Variation, ...] = (),
) -> EquationDevice:
    made = device_model(name, **of_model)(**parameters)
    return altered(made, linked_to=linked_to, variations=variations)


def _rebuilt_class(name: str, of_model: Mapping[str, str]) -> type[EquationDevice]:
    return device_model(name, **of_model)


def _reduced(cls: OwnModel) -> str | tuple[Any, ...]:
    """Return how pickle writes a class: with its text where it has one of its own, else by its name."""
    own = vars(cls).get("equations")
    return cls.__qualname__ if own is None else (_rebuilt_class, (cls.model, own))  # type: ignore[attr-defined]


copyreg.pickle(OwnModel, _reduced)
RECIPES["equations"] = device_model


def _made(table: EquationTable) -> _core.MadeModel:
    """Return a model as the C library has it."""
    return _core.equation_model(
        name=table.name,
        doc=table.doc,
        citation=table.citation,
        text=table.text,
        check=table.check,
        voltage_field=table.voltage_field,
        flags=table.flags,
        n_noises=table.programs.noises,
        fields=tuple(map(_in_order, table.fields)),
        presets=tuple(map(_in_order, table.presets)),
        events=table.events,
        linked_states=table.linked_states,
        programs=(tuple(map(_program, table.programs.hooks())), tuple(map(_program, table.programs.jumps))),
    )


def _in_order(row: Any) -> tuple[Any, ...]:
    """Return the members of a row."""
    return tuple(vars(row).values())


def _program(program: equations.Program | None) -> Any:
    return None if program is None else (program.core(), program.inputs, program.uniforms)
