"""Arrays that nobody can write to, and objects that hold them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Array = TypeVar("Array", bound="NDArray[Any]")


def read_only(values: Array) -> Array:
    """Return an array that was just made, from now on read-only."""
    values.flags.writeable = False
    return values


def frozen(values: Array) -> Array:
    """Return an array of our own that nobody can write to, a copy unless it is one."""
    return read_only(values.copy(order="C")) if values.flags.writeable or values.base is not None else values


def frozen_data(data: Mapping[str, NDArray[Any]]) -> Mapping[str, NDArray[Any]]:
    """Return arrays by name, each as `frozen` does."""
    return MappingProxyType({name: frozen(values) for name, values in data.items()})


class ReadOnlyArrays:
    """A class whose objects keep their arrays read-only in copies and pickles, from which NumPy drops that."""

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        for value in state.values():
            if isinstance(value, np.ndarray):
                read_only(value)
        self.__dict__.update(state)
