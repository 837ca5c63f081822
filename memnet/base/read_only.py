"""Arrays that nobody can write to, and objects that hold them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Array = TypeVar("Array", bound="NDArray[Any]")

# What cannot be changed, and is no mapping: to know that before asking for mappings is much quicker.
PLAIN = (str, int, float, tuple, type(None))


def read_only(values: Array) -> Array:
    """Return an array that was just made, from now on read-only, and what it is a view of."""
    one: Any = values
    while isinstance(one, np.ndarray):
        one.flags.writeable = False
        one = one.base
    return values


def frozen(values: Array) -> Array:
    """Return an array that nobody can write to, a copy unless it is one."""
    one: Any = values
    while isinstance(one, np.ndarray) and not one.flags.writeable:
        if one.base is None:
            return values
        one = one.base
    own: Array = values.copy(order="C")
    return read_only(own)


def frozen_data(data: Mapping[str, NDArray[Any]]) -> Mapping[str, NDArray[Any]]:
    """Return arrays by name, each as `frozen` does."""
    return MappingProxyType({name: frozen(values) for name, values in data.items()})


class _Closed:
    """A dict or a list that nobody can change. What copies and pickles of it give can be, as what `.copy()` does."""

    __slots__ = ()

    def _refuse(self, *_: Any, **__: Any) -> Any:
        raise TypeError("what a network keeps cannot be changed; change what its .copy() returns")

    __setitem__ = __delitem__ = clear = pop = _refuse
    __ior__ = popitem = setdefault = update = _refuse  # of dicts
    __iadd__ = __imul__ = append = extend = insert = remove = sort = reverse = _refuse  # of lists

    def __reduce__(self) -> tuple[Any, ...]:
        plain = self.copy()  # type: ignore[attr-defined]
        return type(plain), (plain,)


_Dict, _List = (type(f"ReadOnly{kind.__name__}", (_Closed, kind), {"__slots__": ()}) for kind in (dict, list))


def frozen_plain(value: Any) -> Any:
    """Return dicts and lists in one another as what nobody can change."""
    if isinstance(value, PLAIN):
        return value
    if isinstance(value, (dict, Mapping)):
        return _Dict({name: frozen_plain(part) for name, part in value.items()})
    return _List([frozen_plain(part) for part in value]) if isinstance(value, list) else value


class ReadOnlyArrays:
    """A class whose objects keep their arrays read-only in copies and pickles, from which NumPy drops that."""

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        for value in state.values():
            if isinstance(value, np.ndarray):
                read_only(value)
        self.__dict__.update(state)
