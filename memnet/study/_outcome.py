"""What the function of a sweep gave at one point: named arrays, or the error that it ended in."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from memnet.base import check
from memnet.base.plain import decode, encode
from memnet.study._axes import Points

# What a value without a name is called.
RESULT = "result"
# Booleans, numbers, dates and texts.
KINDS = "biufcmMU"


@dataclass(frozen=True)
class Variable:
    """One array of a point; `coordinate` says that it is one in the result."""

    dims: tuple[str, ...]
    values: NDArray[Any]
    attrs: dict[str, Any]
    coordinate: bool = False


@dataclass(frozen=True)
class Failure:
    """The error that a point ended in."""

    kind: str
    message: str
    traceback: str = ""
    pickled: bytes | None = None

    @property
    def text(self) -> str:
        """The error in one line."""
        return f"{self.kind}: {self.message}" if self.message else self.kind

    def error(self) -> Exception:
        """Return the error itself, or one that says the same where its class cannot be had here."""
        try:
            import cloudpickle

            found = cloudpickle.loads(self.pickled) if self.pickled else None
        except Exception:  # classes of others, which may want whatever arguments
            found = None
        said = self.message if self.kind == "RuntimeError" else self.text
        return found if isinstance(found, Exception) else RuntimeError(said)


Outcome: TypeAlias = dict[str, Variable]


class FailedPoint(RuntimeError):
    """Where in a sweep the error was raised that has this as its cause."""

    def __init__(self, place: str, where: str) -> None:
        super().__init__(f"at {place}\n\n{where}".rstrip())
        self.place = place


def evaluate(function: Callable[..., Any], points: Points, k: int) -> Outcome | Failure:
    """Return what a function gives at point k; no error of it is raised here, and none by which it would end Python."""
    process = os.getpid()
    try:
        return outcome(function(**points.arguments(k)))
    except (Exception, SystemExit) as error:
        return failure(error)
    finally:
        if os.getpid() != process:  # a child that the function left: its answer would be taken for another point's
            os._exit(1)


def failure(error: BaseException) -> Failure:
    """Return an error in the form in which it goes to other processes and to files."""
    import cloudpickle

    try:
        pickled: bytes | None = cloudpickle.dumps(error)
    except Exception:  # an error may carry anything
        pickled = None
    said = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    return Failure(type(error).__name__, " ".join(str(error).split()), said, pickled)


def outcome(value: Any) -> Outcome:
    """Return what a function returned as named arrays.

    Raises
    ------
    TypeError
        It is no number, text or array, nor a mapping, DataArray or Dataset of such.
    """
    if _is_xarray(value, "Dataset"):
        coords = {str(name): _variable(str(name), one.variable, True) for name, one in value.coords.items()}
        return coords | {str(name): _variable(str(name), one.variable) for name, one in value.data_vars.items()}
    found: Outcome = _of_mapping(value) if isinstance(value, Mapping) else _named(RESULT, value)
    sizes: dict[str, tuple[str, int]] = {}
    for name, variable in found.items():
        for dim, size in zip(variable.dims, variable.values.shape, strict=True):
            first, known = sizes.setdefault(dim, (name, size))
            if known != size:
                raise ValueError(
                    f"a dimension must have one size, but {dim!r} is {known} in {first!r} and {size} in {name!r}"
                )
    return found


def _of_mapping(value: Mapping[Any, Any]) -> Outcome:
    found: Outcome = {}
    for name, one in value.items():
        check.new_name("the name of a result", name)
        for part, variable in _named(name, one).items():
            if part in found and not _same(found[part], variable):
                raise ValueError(f"a result must have one {part!r}, got two that differ")
            found[part] = variable
    return found


def _named(name: str, value: Any) -> Outcome:
    """Return one value, and the coordinates of a DataArray beside it."""
    if not _is_xarray(value, "DataArray"):
        return {name: _variable(name, value)}
    own = str(value.name) if name == RESULT and value.name is not None else name
    coords = {str(one): _variable(str(one), part.variable, True) for one, part in value.coords.items()}
    return {**coords, own: _variable(own, value.variable)}


def _is_xarray(value: Any, name: str) -> bool:
    """Return whether a value is of a class of xarray, which takes long to import where nobody has yet."""
    return any(one.__name__ == name and one.__module__.startswith("xarray.") for one in type(value).__mro__)


def _same(one: Variable, other: Variable) -> bool:
    return one.dims == other.dims and one.values.tobytes() == other.values.tobytes()


def _variable(name: str, value: Any, coordinate: bool = False) -> Variable:
    """Return an array with its dimensions: those of xarray, those of a tuple (dims, values), or numbered ones."""
    if _is_xarray(value, "Variable"):
        dims = tuple(map(str, value.dims))
        return Variable(dims, _array(name, value.values), _attributes(value.attrs), coordinate or dims == (name,))
    attrs: Mapping[str, Any] = {}
    given: Any = None
    if isinstance(value, tuple) and len(value) in (2, 3) and _are_dims(value[0]):
        given = (value[0],) if isinstance(value[0], str) else tuple(value[0])
        attrs = value[2] if len(value) == 3 else {}
        check.instance(f"the attributes of {name}", attrs, Mapping, "a mapping")
        value = value[1]
    values = _array(name, value)
    dims = tuple(f"{name}_{k}" for k in range(values.ndim)) if given is None else given
    if len(dims) != values.ndim:
        raise ValueError(f"{name} must have a dimension for each of {dims}, got the shape {values.shape}")
    return Variable(dims, values, _attributes(attrs), coordinate or dims == (name,))


def _are_dims(value: Any) -> bool:
    """Return whether something names dimensions, as the first part of a tuple (dims, values) does."""
    return isinstance(value, str) or (
        isinstance(value, (list, tuple)) and all(isinstance(one, str) for one in value) and bool(value)
    )


def _array(name: str, value: Any) -> NDArray[Any]:
    values = check.given_array(name, value)
    if values.dtype.kind == "O" and values.size and all(isinstance(one, str) for one in values.ravel()):
        values = values.astype(str)
    if values.dtype.kind not in KINDS:
        what = "nothing (None)" if value is None else f"{check.shown(value)} ({type(value).__name__})"
        raise TypeError(
            f"{name} must be a number, a text or an array of such; a function of a sweep returns one, a dict of them, a"
            f" DataArray or a Dataset, got {what}"
        )
    return np.array(values)  # a copy: the function may go on with its own


def _attributes(attrs: Mapping[Any, Any]) -> dict[str, Any]:
    """Return the attributes that files can hold, as they come out of one."""
    kept = {}
    for name, value in attrs.items():
        try:
            kept[str(name)] = decode(encode(value))
        except TypeError:
            continue
    return kept
