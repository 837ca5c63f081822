"""What the points of a sweep gave, put side by side, whatever the order in which they come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from memnet.study._axes import Points
from memnet.study._outcome import Failure, Outcome, Variable

if TYPE_CHECKING:
    import xarray as xr

# The table of errors in the result.
ERROR = "sweep_error"


class Stack:
    """One variable of all points: the arrays of the points along a first dimension, with room for those to come."""

    def __init__(self, name: str, count: int, first: int, variable: Variable) -> None:
        self.name = name
        self.dims = variable.dims
        self.attrs = variable.attrs
        self.coordinate = variable.coordinate
        self.first = first  # a point that has it, for messages
        self.filled = np.zeros(count, dtype=bool)
        self.values: NDArray[Any] = np.zeros((count, *variable.values.shape), dtype=variable.values.dtype)

    def put(self, k: int, values: NDArray[Any]) -> None:
        """Write the array of point k; room and type grow as it needs."""
        dtype = _common(self.values.dtype, values.dtype)
        sizes = [max(pair) for pair in zip(self.values.shape[1:], values.shape, strict=True)]
        if tuple(sizes) != self.values.shape[1:]:
            dtype = _with_missing(dtype)
            old, self.values = self.values, _missing((len(self.values), *sizes), dtype)
            self.values[tuple(slice(size) for size in old.shape)] = old
        elif values.shape != self.values.shape[1:]:
            dtype = _with_missing(dtype)
        if dtype != self.values.dtype:
            self.values = self.values.astype(dtype)
        if values.shape != self.values.shape[1:]:
            self.values[k] = _missing(self.values.shape[1:], dtype)
        place: tuple[Any, ...] = (k, *(slice(size) for size in values.shape))
        self.values[place] = values
        self.filled[k] = True

    def grid(self, shape: tuple[int, ...], sizes: Mapping[str, int]) -> NDArray[Any]:
        """Return all arrays on the grid of the axes; what is not there is nan, NaT or an empty text."""
        values = self.values
        wanted = (len(values), *(sizes[dim] for dim in self.dims))
        values = _padded(values, wanted)
        if not self.filled.all():
            values = values.astype(_with_missing(values.dtype))
            values[~self.filled] = _missing((), values.dtype)
        return values.reshape(*shape, *values.shape[1:])


class Collected:
    """The results of a sweep so far.

    Parameters
    ----------
    points : Points
        All of them.
    ragged : bool
        Whether sizes, and what variables there are, may differ between points.
    """

    def __init__(self, points: Points, ragged: bool) -> None:
        self.points = points
        self.ragged = ragged
        self.failures: dict[int, Failure] = {}
        self.done = np.zeros(len(points), dtype=bool)
        self._stacks: dict[str, Stack] = {}
        self._indexes: dict[str, Variable] = {}
        self._first: int | None = None  # the first point that came
        self._own = points.own_names() | {ERROR}

    def add(self, k: int, found: Outcome | Failure) -> None:
        """Take what point k gave.

        Raises
        ------
        ValueError
            It does not go together with that of another point, or has a name of the sweep's own.
        """
        if isinstance(found, Failure):
            self.failures[k] = found
        else:
            self._check(k, found)
            for name, variable in found.items():
                if variable.dims == (name,):
                    self._indexes[name] = max(
                        (variable, self._indexes.get(name, variable)), key=lambda v: v.values.size
                    )
                else:
                    if name not in self._stacks:
                        self._stacks[name] = Stack(name, len(self.points), k, variable)
                    self._stacks[name].put(k, variable.values)
            self._first = k if self._first is None else self._first
            self.failures.pop(k, None)
        self.done[k] = True

    def _check(self, k: int, found: Outcome) -> None:
        for name, variable in found.items():
            for one in {name, *variable.dims} & self._own:
                raise ValueError(
                    f"a result must have no {one!r}, which is a name of the sweep itself: rename it, or drop it"
                    f" (drop_vars); point {self.points.text(k)} has one"
                )
            self._check_against_others(k, name, variable)
        if self._first is not None and not self.ragged:
            before = {*self._stacks, *self._indexes}
            for name in sorted(before ^ found.keys()):
                has, not_ = (self._first, k) if name in before else (k, self._first)
                raise ValueError(
                    f"all points must give the same, but {self.points.text(has)} has {name!r} and"
                    f" {self.points.text(not_)} has not; ragged=True fills with nan"
                )

    def _check_against_others(self, k: int, name: str, variable: Variable) -> None:
        texts = self.points.text
        index, stack = self._indexes.get(name), self._stacks.get(name)
        if index is not None and variable.dims != index.dims:
            raise ValueError(
                f"all points must give the same, but {name!r} is a coordinate of its own in others and has the"
                f" dimensions {variable.dims} in {texts(k)}"
            )
        if index is not None and self._first is not None:
            size = min(index.values.size, variable.values.size)
            same_start = _same(index.values[:size], variable.values[:size])
            if not same_start or (index.values.size != variable.values.size and not self.ragged):
                raise ValueError(
                    f"all points must have the same coordinate {name!r}, but {texts(self._first)} and {texts(k)}"
                    " differ; return it as a variable, or, where one is the beginning of the other, say ragged=True"
                )
        if stack is None:
            return
        if stack.dims != variable.dims:
            raise ValueError(
                f"all points must give the same, but {name!r} has the dimensions {stack.dims} in {texts(stack.first)}"
                f" and {variable.dims} in {texts(k)}"
            )
        if stack.values.shape[1:] != variable.values.shape and not self.ragged:
            raise ValueError(
                f"all points must give the same, but {name!r} has the shape {stack.values.shape[1:]} in"
                f" {texts(stack.first)} and {variable.values.shape} in {texts(k)}; ragged=True fills with nan"
            )
        try:
            _common(stack.values.dtype, variable.values.dtype)
        except TypeError:
            raise ValueError(
                f"all points must give the same, but {name!r} is of {stack.values.dtype} in {texts(stack.first)} and of"
                f" {variable.values.dtype} in {texts(k)}"
            ) from None

    def dataset(self, *, errors: bool) -> xr.Dataset:
        """Return all as one Dataset, with a table of errors if it is wanted."""
        import xarray as xr

        points = self.points
        variables: dict[str, Any] = {}
        coords: dict[str, Any] = dict(points.coordinates())
        sizes = {name: index.values.size for name, index in self._indexes.items()}
        for stack in self._stacks.values():
            for dim, size in zip(stack.dims, stack.values.shape[1:], strict=True):
                sizes[dim] = max(size, sizes.get(dim, 0))
        for name, index in self._indexes.items():
            coords[name] = (index.dims, _padded(index.values, (sizes[name],)), index.attrs)
        for name, stack in self._stacks.items():
            made = ((*points.dims, *stack.dims), stack.grid(points.shape, sizes), stack.attrs)
            (coords if stack.coordinate else variables)[name] = made
        if errors:
            texts = np.array([self.failures[k].text if k in self.failures else "" for k in range(len(points))])
            about = {"long_name": "error that the point ended in, empty where it did not"}
            variables[ERROR] = (points.dims, texts.reshape(points.shape), about)
        return xr.Dataset(variables, coords)

    def report(self) -> str:
        """Return how many points failed, of what, and the first of them; nothing where none did."""
        if not self.failures:
            return ""
        kinds = Counter(one.kind for one in self.failures.values())
        first = min(self.failures)
        counts = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
        return (
            f"{len(self.failures)} of {len(self.points)} points failed: {counts}; the first is"
            f" {self.points.text(first)}: {self.failures[first].text}"
        )


def _same(one: NDArray[Any], other: NDArray[Any]) -> bool:
    """Return whether two arrays have the same values, or have none in the same places."""
    missing = [np.isnat(x) if x.dtype.kind in "mM" else x != x for x in (one, other)]
    return np.array_equal(missing[0], missing[1]) and np.array_equal(one[~missing[0]], other[~missing[1]])


def _common(one: np.dtype[Any], other: np.dtype[Any]) -> np.dtype[Any]:
    """Return a type for the values of both, or raise TypeError; texts are no numbers."""
    if (one.kind == "U") != (other.kind == "U") or (one.kind != other.kind and {one.kind, other.kind} & {*"mM"}):
        raise TypeError(f"{one} and {other}")
    return np.result_type(one, other)


def _with_missing(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """Return a type that has a value for what is missing."""
    return np.dtype(np.float64) if dtype.kind in "biu" else dtype


def _padded(values: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    """Return an array with what is missing behind it, as it is where nothing is."""
    if shape == values.shape:
        return values
    padded = _missing(shape, _with_missing(values.dtype))
    padded[tuple(slice(size) for size in values.shape)] = values
    return padded


def _missing(shape: tuple[int, ...], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Return nan, NaT or empty texts."""
    if dtype.kind == "U":
        return np.zeros(shape, dtype=dtype)
    if dtype.kind in "mM":
        return np.full(shape, np.array("NaT", dtype=dtype))
    return np.full(shape, np.nan, dtype=dtype)
