"""What an edge carries, for the rooms that put devices on edges without knowing them."""

from __future__ import annotations

from typing import Any, ClassVar

from memnet.base import check


class Carried:
    """What may sit on an edge: the base of all devices, which rooms below theirs take as it is."""

    model: ClassVar[str] = ""


def carried(name: str, value: Any) -> Carried:
    """Return a device, or raise TypeError for anything else, the class of one included."""
    if isinstance(value, type) and issubclass(value, Carried):
        raise TypeError(f"{name} must be a device, got the class {value.__name__}; write {value.__name__}(...)")
    if not isinstance(value, Carried):
        raise TypeError(f"{name} must be a device, such as mn.Resistor(conductance=1e-3), got {check.shown(value)}")
    return value
