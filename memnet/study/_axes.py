"""The axes of a sweep and its points: what the function is given at each, and what that is called in the result."""

from __future__ import annotations

import hashlib
import inspect
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memnet.base import check
from memnet.base.plain import decode, encode
from memnet.study._source import fingerprint

# The most points of a sweep; each takes room in the result.
MOST_POINTS = 10_000_000
# What the seed of a point is called, as an argument of the function and in the result.
SEED = "seed"
# The key of a value that no file can hold: its label stands for it.
LABEL = "!label"
REAL = (int, float)


@dataclass(frozen=True)
class Column:
    """The values of one argument along an axis.

    Attributes
    ----------
    name : str
        The argument.
    values : tuple
        What the function is given; empty in a sweep that was read from a store.
    keys : tuple
        What JSON holds of each value: the value, or a label.
    coordinate : ndarray
        How the values are called in the result: numbers, or texts.
    """

    name: str
    values: tuple[Any, ...]
    keys: tuple[Any, ...]
    coordinate: NDArray[Any]

    @property
    def unnamed(self) -> list[str]:
        """Labels of values that say nothing of themselves, and so cannot be known again."""
        return [str(key[LABEL]) for key in self.keys if isinstance(key, dict) and key.get("unnamed")]


@dataclass(frozen=True)
class Axis:
    """A dimension of the result: one column, or several whose values go together."""

    dim: str
    columns: tuple[Column, ...]

    def __len__(self) -> int:
        return len(self.columns[0].keys)

    def described(self) -> dict[str, Any]:
        """Return the axis as JSON holds it."""
        columns = [
            {"name": one.name, "keys": list(one.keys), "coordinate": encode(one.coordinate)} for one in self.columns
        ]
        return {"dim": self.dim, "columns": columns}


def _called(key: Any) -> Any:
    """Return how a value is called: an object by its label alone, numbers that are equal alike (0, 0.0 and -0.0)."""
    if isinstance(key, dict) and LABEL in key:
        return {LABEL: key[LABEL]}
    return int(key) if isinstance(key, float) and key.is_integer() else key


class Points:
    """All points of a sweep, in the order of its dimensions, the last one fastest.

    Parameters
    ----------
    axes : sequence of Axis
        The dimensions.
    seeds : int, optional
        The root of a seed for each point.
    """

    def __init__(self, axes: Sequence[Axis], seeds: int | None = None) -> None:
        self.axes = tuple(axes)
        self.seeds = seeds
        self.dims = tuple(axis.dim for axis in self.axes)
        self.shape = tuple(len(axis) for axis in self.axes)
        self.names = tuple(column.name for axis in self.axes for column in axis.columns)

    def __len__(self) -> int:
        return math.prod(self.shape)

    def _places(self, k: int) -> list[tuple[Column, int]]:
        """Return the columns, and which value of each belongs to point k."""
        index = [0] * len(self.shape)
        for d in range(len(self.shape) - 1, -1, -1):
            k, index[d] = divmod(k, self.shape[d])
        return [(column, i) for axis, i in zip(self.axes, index, strict=True) for column in axis.columns]

    def arguments(self, k: int) -> dict[str, Any]:
        """Return what the function is given at point k."""
        given = {column.name: column.values[i] for column, i in self._places(k)}
        return given if self.seeds is None else {**given, SEED: self.seed(k)}

    def text(self, k: int) -> str:
        """Return point k in words."""
        return ", ".join(f"{column.name}={column.coordinate[i]}" for column, i in self._places(k))

    def key(self, k: int) -> str:
        """Return the JSON by which point k is known again, whatever the order and the other values of the axes."""
        return json.dumps({column.name: column.keys[i] for column, i in self._places(k)}, sort_keys=True)

    def _called(self, k: int) -> str:
        """Return the JSON of how the values at point k are called; objects by their labels alone."""
        keys = {column.name: column.keys[i] for column, i in self._places(k)}
        return json.dumps({name: _called(key) for name, key in keys.items()}, sort_keys=True)

    def seed(self, k: int) -> int:
        """Return the seed of point k, below 2**63: it follows from the root and the values at the point alone."""
        words = np.frombuffer(hashlib.sha256(self._called(k).encode("utf-8")).digest(), dtype="<u4")
        child = np.random.SeedSequence(self.seeds, spawn_key=tuple(words.tolist()))
        return int(child.generate_state(1, np.uint64)[0] >> np.uint64(1))

    def coordinates(self) -> dict[str, tuple[tuple[str, ...], NDArray[Any]]]:
        """Return the coordinates of the result: the axes, and the seeds where each point has one of its own."""
        found: dict[str, tuple[tuple[str, ...], NDArray[Any]]] = {
            column.name: ((axis.dim,), column.coordinate) for axis in self.axes for column in axis.columns
        }
        if self.seeds is not None:
            seeds = np.array([self.seed(k) for k in range(len(self))], dtype=np.int64)
            found[SEED] = (self.dims, seeds.reshape(self.shape))
        return found

    def own_names(self) -> set[str]:
        """Return the names that the result has from the axes."""
        return {*self.dims, *self.names, *([SEED] if self.seeds is not None else [])}

    def described(self) -> list[dict[str, Any]]:
        """Return the axes as JSON holds them."""
        return [axis.described() for axis in self.axes]


def points_of(axes: Any, seeds: Any = None) -> Points:
    """Return the points of a mapping from arguments to their values.

    Raises
    ------
    TypeError, ValueError
        It is no such mapping, an axis has no values or one value twice, or there are too many points.
    """
    if not isinstance(axes, Mapping):
        raise TypeError(f"axes must be a mapping from arguments to lists of their values, got {check.shown(axes)}")
    if not axes:
        raise ValueError("axes must have at least one axis, got none")
    lengths = [_length(name, values) for name, values in axes.items()]
    if math.prod(lengths) > MOST_POINTS:
        raise ValueError(f"axes must have at most {MOST_POINTS:,} points in all, got {math.prod(lengths):,}")
    made = [_axis(name, values) for name, values in axes.items()]
    root = None if seeds is None else check.integer("seeds", seeds, 0, 2**64 - 1)
    points = Points(made, root)
    taken = [
        *points.names,
        *(axis.dim for axis in made if len(axis.columns) > 1),
        *([SEED] if root is not None else []),
    ]
    for name in taken:
        if taken.count(name) > 1:
            why = "; leave out seeds=, or name the axis otherwise" if name == SEED and root is not None else ""
            raise ValueError(f"axes must have names of their own, got {name!r} twice{why}")
    return points


def points_described(described: Sequence[Mapping[str, Any]], seeds: int | None) -> Points:
    """Return the points of axes that were read from a file; they have no values, only keys and coordinates.

    Raises
    ------
    ValueError, or another of `base.plain.UNREADABLE`
        They are not as `Points.described` gives them.
    """
    axes = [
        Axis(
            str(axis["dim"]),
            tuple(
                Column(str(one["name"]), (), tuple(one["keys"]), np.asarray(decode(one["coordinate"])))
                for one in axis["columns"]
            ),
        )
        for axis in described
    ]
    for axis in axes:
        if any(column.coordinate.shape != (len(axis),) or len(column.keys) != len(axis) for column in axis.columns):
            raise ValueError(f"the axis {axis.dim!r} has columns of other lengths")
    points = Points(axes, None if seeds is None else check.integer("seeds", seeds, 0, 2**64 - 1))
    if not axes or not 0 < len(points) <= MOST_POINTS:
        raise ValueError(f"its axes have {len(points)} points")
    return points


def refuse_unknown(function: Callable[..., Any], points: Points) -> None:
    """Raise TypeError where the function does not take the axes as its arguments."""
    names = [*points.names, *([SEED] if points.seeds is not None else [])]
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return  # of some functions written in C nobody knows the arguments
    any_name = any(one.kind is inspect.Parameter.VAR_KEYWORD for one in signature.parameters.values())
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.VAR_POSITIONAL)
    known = [one.name for one in signature.parameters.values() if one.kind not in positional]
    for name in names:
        if not any_name and name not in known:
            near = check.did_you_mean(name, known)
            raise TypeError(
                f"function must take the axes as keywords: it has no argument {name!r}{near}; it has {', '.join(known)}"
            )
    try:
        signature.bind(**dict.fromkeys(names))
    except TypeError as error:
        raise TypeError(f"function must need no argument beside the axes {', '.join(names)}: {error}") from None


def _length(name: Any, values: Any) -> int:
    """Return how many values an axis has, or raise TypeError or ValueError."""
    where = f"axes[{check.shown(name)}]"
    if isinstance(values, (str, bytes)) or not (
        isinstance(values, (Sequence, Mapping)) or (hasattr(values, "__array__") and np.ndim(values) > 0)
    ):
        raise TypeError(f"{where} must be a list of values, got {check.shown(values)}")
    try:
        length = len(values)
    except OverflowError:
        raise ValueError(f"{where} must have at most {MOST_POINTS:,} values, got {check.shown(values)}") from None
    if length == 0:
        raise ValueError(f"{where} must have at least one value, got none")
    return length


def _axis(name: Any, values: Any) -> Axis:
    if isinstance(name, tuple):
        return _paired(name, values)
    check.new_name("the name of an axis", name)
    return Axis(name, (_column(name, values),))


def _paired(names: tuple[Any, ...], rows: Any) -> Axis:
    """Return an axis of several arguments whose values go together, a row each."""
    for name in names:
        check.new_name("the name of an axis", name)
    where = f"axes[{check.shown(names)}]"
    if len(names) < 2 or isinstance(rows, Mapping):
        raise TypeError(f"{where} must be two or more arguments and a list of rows, got {check.shown(rows)}")
    rows = list(rows)
    for k, row in enumerate(rows):
        if isinstance(row, str) or not hasattr(row, "__len__") or len(row) != len(names):
            raise ValueError(f"{where} must have rows of {len(names)} values, got {check.shown(row)} at index {k}")
    columns = tuple(_column(name, [row[i] for row in rows], paired=True) for i, name in enumerate(names))
    found = [tuple(json.dumps(one.keys[k]) for one in columns) for k in range(len(rows))]
    _refuse_twice(where, found, rows)
    return Axis("_".join(names), columns)


def _column(name: str, given: Any, paired: bool = False) -> Column:
    """Return the values of one argument. A mapping gives labels to values that have no names of their own."""
    where = f"axes[{name!r}]"
    if isinstance(given, Mapping):
        labels = [check.new_name(f"a label of {where}", label) for label in given]
        return Column(name, tuple(given.values()), tuple({LABEL: one} for one in labels), np.array(labels))
    if not isinstance(given, (list, tuple, range)):
        given = check.given_array(where, given)
        if given.ndim != 1:
            raise ValueError(f"{where} must have one dimension, got the shape {given.shape}")
    check.unmasked(where, given)
    values = tuple(_python(value) for value in given)
    labels = [_label(value, k) for k, value in enumerate(values)]
    keys = tuple(_key(value, label) for value, label in zip(values, labels, strict=True))
    if not paired:
        _refuse_twice(where, [json.dumps(key) for key in keys], values)
    coordinate = _coordinate(values, labels)
    if not paired:  # numbers too: 1 and 1.0, or 0.0 and -0.0, are one place in the result
        _refuse_twice(where, coordinate.tolist(), values)
    return Column(name, values, keys, coordinate)


def _python(value: Any) -> Any:
    """Return numbers of NumPy as Python's, which are the same after a file; dates stay."""
    return value.item() if isinstance(value, np.generic) and value.dtype.kind not in "mMO" else value


def _label(value: Any, k: int) -> str:
    """Return how a value is called that is no number: functions and classes by their names, objects by their repr."""
    if isinstance(value, str):
        return check.new_name("a value of an axis", value) if value else ""
    if isinstance(value, np.generic):
        return str(value)
    if isinstance(getattr(value, "__name__", None), str) and callable(value):
        return str(value.__name__)
    text = check.shown(value)
    return f"{type(value).__name__} {k}" if " at 0x" in text else text


def _key(value: Any, label: str) -> Any:
    try:
        return encode(value)
    except TypeError:
        content = fingerprint(value) if label == check.shown(value) or isinstance(value, np.generic) else None
        return {LABEL: label, "unnamed": True} if content is None else {LABEL: label, "sha256": content}


def _coordinate(values: Sequence[Any], labels: Sequence[str]) -> NDArray[Any]:
    """Return numbers, dates and texts as they are, anything else as texts."""
    if all(isinstance(value, bool) for value in values):
        return np.array(values)
    if all(isinstance(value, int) and not isinstance(value, bool) for value in values):
        if min(values) >= -(2**63) and max(values) < 2**63:
            return np.array(values, dtype=np.int64)
        return np.array(values, dtype=np.uint64) if min(values) >= 0 and max(values) < 2**64 else np.array(labels)
    for types, dtype in ((REAL, np.float64), ((*REAL, complex), np.complex128)):
        if all(isinstance(value, types) and not isinstance(value, bool) for value in values):
            try:
                return np.array(values, dtype=dtype)
            except OverflowError:  # an integer beyond all floats
                return np.array(labels)
    kinds = {value.dtype.kind if isinstance(value, np.generic) else "" for value in values}
    return np.array(values) if kinds in ({"m"}, {"M"}) else np.array(labels)


def _refuse_twice(where: str, keys: Sequence[Any], values: Sequence[Any]) -> None:
    """Raise ValueError where two values of an axis are the same, or are called the same."""
    seen: dict[Any, int] = {}
    for k, key in enumerate(keys):
        if key in seen:
            raise ValueError(
                f"{where} must have different values, got {check.shown(values[k])} at {seen[key]} and {k}; objects that"
                ' read alike get labels: {"first": ..., "second": ...}'
            )
        seen[key] = k
