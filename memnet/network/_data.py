"""The data that a network keeps for its edges or nodes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

from memnet.base import check
from memnet.network import _networkx


def data(name: str, given: Any, count: int) -> dict[str, NDArray[Any]]:
    """Return data of all edges or all nodes as arrays, or raise TypeError or ValueError."""
    if given is None:
        return {}
    if not isinstance(given, Mapping) or not all(isinstance(key, str) for key in given):
        raise TypeError(f"{name} must be a dict from names to arrays, got {given!r:.200}")
    found = {}
    for key, values in given.items():
        label = f"{name}[{key!r}]"
        check.unmasked(label, values)
        array = _networkx.column(values) if isinstance(values, (list, tuple)) else check.given_array(label, values)
        if array.shape[:1] != (count,):
            raise ValueError(f"{label} must have {count} values along its first axis, got shape {array.shape}")
        found[key] = array
    return found
