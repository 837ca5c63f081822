"""How a simulation gets from row to row, and which devices allow it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from memnet.base import check
from memnet.devices import Device, table_of

METHODS = ("fixed", "adaptive")
DEFAULT_RTOL = 1e-3
MOST_RTOL = 0.5


def checked(method: Any, rtol: Any) -> tuple[str, float | None]:
    """Return a method, and the tolerance of its steps: None where their length is fixed.

    Raises
    ------
    TypeError, ValueError
        No method, no number in (0, 0.5], or a tolerance of steps that have none.
    """
    check.one_of("method", method, METHODS)
    if method == "fixed":
        if rtol is not None:
            raise ValueError(f'rtol belongs to method="adaptive", and method is "fixed"; got {check.shown(rtol)}')
        return method, None
    return method, check.real("rtol", DEFAULT_RTOL if rtol is None else rtol, 0.0, MOST_RTOL, "(]")


def refuse_steps(devices: Iterable[Device]) -> None:
    """Raise ValueError for the first device that is no differential equation.

    Its message says what the device has instead, and what to do.
    """
    for device in devices:
        why = obstacle(device)
        if why:
            raise ValueError(f'method="adaptive" takes steps of any length, but {check.shown(device)} {why}')


def obstacle(device: Device) -> str:
    """Return why a device is no differential equation, and what to do; nothing where it is one."""
    table = table_of(device)
    if table["stochastic"]:
        return 'draws random numbers at each step; use method="fixed", or a device without noise'
    if not table["smooth"]:
        what = "a rule from step to step, and the length"
        if table["event_driven"]:
            what = "event-driven: its conductance jumps at the end of a step, and the length"
        return f'is {what} dt of steps is part of the model; use method="fixed", or another device'
    field = table["fixed_field"]
    if field is not None:
        first = next(one["choices"][0] for one in table["fields"] if one["name"] == field)
        if device.parameters[field] != first:
            return (
                f"has {field}={device.parameters[field]!r}, a rule from step to step of which the length dt is a part;"
                f' use {field}={first!r}, or method="fixed"'
            )
    return ""


def described(rtol: float | None) -> dict[str, Any]:
    """Return what a description of a simulation says of its method: of fixed steps nothing, as it always was."""
    return {} if rtol is None else {"method": "adaptive", "rtol": rtol}


def summary(rtol: float | None) -> dict[str, str]:
    """Return what the summary of a simulation says of its method: of fixed steps nothing."""
    return {} if rtol is None else {"method": f"adaptive, rtol {rtol:g}"}


def unit(rtol: float | None) -> str:
    """Return what lies dt apart."""
    return "steps" if rtol is None else "rows"
