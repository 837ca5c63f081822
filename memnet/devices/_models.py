"""The device models: one class a model of the C library, made from its field table.

`_models.pyi` beside this file says what they are to editors and mypy; `scripts/generate_models.py` writes it.
"""

from memnet import _core
from memnet.devices._device_class import device_class
from memnet.devices._equation_device import EquationDevice, equation_class
from memnet.devices._nanopore import BASES

MODELS = {
    model["name"]: device_class(model)
    if model["text"] is None
    else equation_class(model, base=BASES.get(model["name"], EquationDevice))
    for model in _core.models()
}
globals().update(MODELS)

__all__ = ["MODELS", *MODELS]
