"""The data that a network keeps for its edges or nodes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

from memnet.base import check
from memnet.network import _networkx


def data(name: str, values_by_name: Any, count: int) -> dict[str, NDArray[Any]]:
    """Return data of all edges or all nodes as arrays, or raise TypeError or ValueError."""
    if values_by_name is None:
        return {}
    if not isinstance(values_by_name, Mapping) or not all(isinstance(key, str) for key in values_by_name):
        raise TypeError(f"{name} must be a dict from names to arrays, got {check.shown(values_by_name)}")
    columns = {}
    for key, values in values_by_name.items():
        label = f"{name}[{key!r}]"
        check.unmasked(label, values)
        array = _networkx.column(values) if isinstance(values, (list, tuple)) else check.given_array(label, values)
        if array.shape[:1] != (count,):
            raise ValueError(f"{label} must have {count} values along its first axis, got shape {array.shape}")
        columns[key] = array
    return columns
