"""Published sets of a model's parameters."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from memnet import _core
from memnet.devices._field import from_number, parameter_fields


class PresetWarning(UserWarning):
    """A published parameter set is used with another choice than the one it was fitted with.

    Examples
    --------
    >>> import warnings, memnet as mn
    >>> with warnings.catch_warnings(record=True) as said:
    ...     warnings.simplefilter("always")
    ...     device = mn.RateBalance.preset("connectome-2022")
    >>> [one.category.__name__ for one in said]
    ['PresetWarning']
    """


@dataclasses.dataclass(frozen=True)
class Preset:
    """A published set of parameters of a device model.

    Attributes
    ----------
    name : str
        What `preset` of the model takes.
    doc : str
        What the set describes.
    citation : str
        Where it was published.
    parameters : mapping
        The values it gives by name; every other parameter keeps its default.
    fitted_with : mapping
        Choices the set was fitted with where they are not the model's defaults; empty where there are none.

    Examples
    --------
    >>> import memnet as mn
    >>> preset = mn.RateBalance.presets()["connectome-2022"]
    >>> preset.name, preset.parameters["g_max"]
    ('connectome-2022', 0.1)
    """

    name: str
    doc: str
    citation: str
    parameters: Mapping[str, Any] = dataclasses.field(hash=False)
    fitted_with: Mapping[str, str] = dataclasses.field(hash=False)

    def __post_init__(self) -> None:
        for name in ("parameters", "fitted_with"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def __repr__(self) -> str:
        return f"<Preset {self.name!r}: {', '.join(f'{name}={value!r}' for name, value in self.parameters.items())}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return Preset, (self.name, self.doc, self.citation, dict(self.parameters), dict(self.fitted_with))


def model_presets(model: _core.Model) -> dict[str, Preset]:
    """Return the published parameter sets of a model by name."""
    table = parameter_fields(model)
    return {
        preset["name"]: Preset(
            name=preset["name"],
            doc=preset["doc"],
            citation=preset["citation"],
            parameters=MappingProxyType(
                {name: from_number(table[name], value) for name, value in preset["values"].items()}
            ),
            fitted_with=MappingProxyType(
                {preset["fitted_field"]: preset["fitted_choice"]}
                if preset["fitted_field"] is not None and preset["fitted_choice"] is not None
                else {}
            ),
        )
        for preset in model["presets"]
    }


def preset_text(preset: Preset) -> str:
    """Return what a preset is, with what it was fitted with."""
    fitted = "".join(f' Fitted with {name}="{word}".' for name, word in preset.fitted_with.items())
    return f"{preset.doc.rstrip('.')}.{fitted}"
