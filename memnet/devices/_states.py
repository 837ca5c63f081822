"""States of devices as arrays: their shapes, and what may be set."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memnet import _core
from memnet.base import check
from memnet.devices._argument import check_range
from memnet.devices._device import Device, table_of
from memnet.devices._field import state_fields, unit_behind


def state_width(device: Device, field: _core.Field) -> int:
    """Return how many numbers a state has for each edge of a device: 1, or the length of a vector."""
    told = field["width_field"]
    return field["width"] if told is None else int(device.parameters[told])


def state_shape(n_edges: int, device: Device, field: _core.Field) -> tuple[int, ...]:
    """Return the shape of a state of so many edges: (edges,), or (edges, width) of a vector."""
    return (n_edges,) if field["dimension"] is None else (n_edges, state_width(device, field))


def refuse_outputs(device: Device, names: Iterable[str]) -> None:
    """Raise ValueError where a name is of what follows from the states of a device, and cannot be set."""
    table = state_fields(table_of(device))
    for name in names:
        if table[name]["role"] == "output":
            settable = [other for other, field in table.items() if field["role"] == "state"]
            raise ValueError(f"{device.model}.{name} follows from {' and '.join(settable)}: set these")


def state_values(name: str, value: Any, shape: tuple[int, ...], field: _core.Field) -> NDArray[np.float64]:
    """Return one value for all, or one for each, as an array of values that the field allows."""
    given = check.given_array(name, value)
    values = check.array(name, np.full(shape, given[()]) if given.ndim == 0 else given, shape, finite=False)
    check_range(name, values, field)
    return values


def check_own_range(
    name: str, values: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64], field: _core.Field
) -> None:
    """Raise ValueError for the first value outside the range of its edge, where each has one of its own."""
    wrong = np.flatnonzero(~((values >= low) & (values <= high)))
    if wrong.size:
        k = wrong[0]
        here = check.interval(low[k], high[k], "[]")
        raise ValueError(
            f"{name} must be in {field['own_range']}, which is {here}{unit_behind(field)} there, got {values[k]} at"
            f" index {k}"
        )
