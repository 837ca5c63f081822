"""Values that a device is made with, checked against the fields of its model's table."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memnet import _core, drive
from memnet.base import check
from memnet.base.read_only import read_only
from memnet.devices._field import unit_behind


def checked_value(name: str, value: Any, field: _core.Field) -> Any:
    """Return a parameter as it is kept, or raise TypeError or ValueError with its name, value, range and unit."""
    if field["kind"] == "choice":
        return check.one_of(name, value, field["choices"])
    if field["kind"] == "flag":
        return check.flag(name, value)
    if field["kind"] == "waveform":
        return carried(name, value, field)
    if field["kind"] == "count":
        return checked_count(name, value, field)
    optional = math.isnan(field["initial"])
    if value is None and optional:
        return None
    if isinstance(value, (list, tuple, range)) or (hasattr(value, "__array__") and np.ndim(value) > 0):
        return checked_array(name, value, field, optional)
    scalar = check.real(name, value, field["low"], field["high"], field["bounds"], field["unit"])
    if not math.isfinite(scalar):
        raise ValueError(f"{name} must be finite, got {value!r}")
    return scalar


def checked_count(name: str, value: Any, field: _core.Field) -> int:
    """Return a whole number inside the field's range, which is one for all edges of a device."""
    if np.ndim(value) > 0:
        raise ValueError(f"{name} must be one whole number for all edges of the device, got {check.shown(value)}")
    return check.whole(name, value, int(field["low"]), int(field["high"]))


def carried(name: str, value: Any, field: _core.Field) -> drive.Waveform:
    """Return the waveform that a device carries, a number as a constant: its values count, so it has to have some."""
    if value is not None:
        wave = drive.waveform(name, value, field["unit"])
        if wave.roles == {drive.ROLE_VOLTAGE}:
            return wave
    raise ValueError(
        f"{name} must be a number ({field['unit']}) or a waveform of plain values, which does not float and is no"
        f" current, got {check.shown(value)}"
    )


def checked_array(name: str, value: Any, field: _core.Field, optional: bool) -> NDArray[np.float64]:
    """Return per-edge values as a read-only float64 copy, each inside the field's range."""
    values: NDArray[np.float64] = np.array(check.array(name, value, (None,), finite=False))
    check_range(name, values, field, optional)
    return read_only(values)


def check_order(model: str, values: Mapping[str, Any], table: Mapping[str, _core.Field]) -> None:
    """Raise ValueError for a parameter that must stay below another and does not.

    Arrays of different lengths, one over the network's edges and one over the device's, are left to the C library.
    """
    for name, field in table.items():
        if field["below"] is None:
            continue
        value, limit = np.asarray(values[name]), np.asarray(values[field["below"]])
        if 0 not in (value.ndim, limit.ndim) and value.shape != limit.shape:
            continue
        wrong = np.flatnonzero(~np.less(value, limit))
        if wrong.size:
            value, limit = (np.broadcast_to(one, np.broadcast(value, limit).shape) for one in (value, limit))
            place = f" at index {wrong[0]}" if value.ndim else ""
            raise ValueError(
                f"{model}.{name} must be below {field['below']} ({limit.flat[wrong[0]]:g}{unit_behind(field)}), got"
                f" {value.flat[wrong[0]]:g}{place}"
            )


def check_range(name: str, values: NDArray[np.float64], field: _core.Field, optional: bool = False) -> None:
    """Raise ValueError for the first value that the field does not allow (nan is allowed where it is optional)."""
    low, high, bounds = field["low"], field["high"], field["bounds"]
    good = np.isfinite(values) & check.inside(values, low, high, bounds)
    if optional:
        good |= np.isnan(values)
    if not good.all():
        first = np.unravel_index(int(np.argmin(good)), good.shape)
        where = tuple(map(int, first)) if good.ndim > 1 else int(first[0])
        raise ValueError(
            f"{name} must be in {check.interval(low, high, bounds)}{unit_behind(field)}, got {values[where]} at index"
            f" {where}"
        )


def value_text(value: Any) -> str:
    """Return a parameter's value for repr: arrays are cut short."""
    if isinstance(value, np.ndarray):
        inner = ", ".join(f"{x:g}" for x in value[:3])
        return f"array([{inner}{', ...' if value.size > 3 else ''}])"
    constant = drive.constant_value(value) if isinstance(value, drive.Waveform) else None
    return repr(value if constant is None else constant[1])
