"""The device models: one class a model of the C library, made from its field table.

`devices.pyi` beside this file says what they are to editors and mypy; `scripts/generate_models.py` writes it.
"""

from memnet import _core
from memnet.device import Device, Preset, PresetWarning, device_class
from memnet.mix import Mix, mix

MODELS = {model["name"]: device_class(model) for model in _core.models()}
globals().update(MODELS)

__all__ = ["MODELS", "Device", "Mix", "Preset", "PresetWarning", "mix", *MODELS]


def __dir__() -> list[str]:
    return list(__all__)
