"""Checks of arguments: every message names the argument, its value and what is allowed."""

from __future__ import annotations

import difflib
import errno
import functools
import inspect
import itertools
import keyword
import math
import numbers
import os
import re
import warnings
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


class UnknownName(ValueError, KeyError):
    """A name that is none of those there are; it says the nearest one."""

    __str__ = ValueError.__str__  # that of KeyError would show a repr


# The largest count that the C library takes.
LARGEST_COUNT = 2**63 - 1
# Names that a message lists of those there are.
MOST_NAMES = 20
# Endings of single files, which a store is not.
OTHER_FORMATS = (
    *(".nc", ".nc4", ".cdf", ".netcdf", ".h5", ".hdf5", ".hdf", ".he5", ".mat", ".npy", ".npz", ".zip", ".parquet"),
    *(".csv", ".tsv", ".txt", ".dat", ".json", ".toml", ".pkl", ".pickle"),
)
# The end of a line, and what the next begins with.
LINES = re.compile(r"\s*\n\s*")


def shown(value: Any, length: int = 120) -> str:
    """Return a value's repr for a message on one line, cut where it is long; so an integer of too many digits."""
    try:
        text = repr(value)
    except Exception:  # a repr of somebody else's class, or an integer of more than 4,300 digits
        return f"a value of type {type(value).__name__} that cannot be printed"
    text = LINES.sub(" ", text)
    return text if len(text) <= length else f"{text[: length - 20]} ... ({len(text)} characters)"


def interval(low: float, high: float, bounds: str) -> str:
    """Return an interval as text, such as "(0, 1]"; with bounds of "()0" it is one without 0."""
    return f"{bounds[0]}{low:g}, {high:g}{bounds[1]}{' without 0' if bounds[2:] else ''}"


def inside(value: Any, low: float, high: float, bounds: str) -> Any:
    """Return whether a number, or each of an array, is in an interval."""
    above = value >= low if bounds[0] == "[" else value > low
    below = value <= high if bounds[1] == "]" else value < high
    within = above & below
    return within & (value != 0.0) if bounds[2:] else within


def real(
    name: str, value: Any, low: float = -math.inf, high: float = math.inf, bounds: str = "()", unit: str = ""
) -> float:
    """Return `value` as a float inside the interval, or raise TypeError or ValueError."""
    if type(value) is not float and (isinstance(value, (bool, np.timedelta64)) or not isinstance(value, numbers.Real)):
        raise TypeError(f"{name} must be a number, got {shown(value)} ({type(value).__name__})")
    try:
        number = float(value)
    except OverflowError:  # an integer or a fraction beyond the largest float is outside of every interval
        number = math.nan
    if not inside(number, low, high, bounds):
        suffix = f" {unit}" if unit and unit != "1" else ""
        raise ValueError(f"{name} must be in {interval(low, high, bounds)}{suffix}, got {shown(value)}")
    return number


def integer(name: str, value: Any, low: int = -LARGEST_COUNT, high: int = LARGEST_COUNT) -> int:
    """Return `value` as an int inside [low, high], or raise TypeError or ValueError."""
    if type(value) is not int and (
        isinstance(value, (bool, np.bool_, np.timedelta64)) or not isinstance(value, (numbers.Integral, np.integer))
    ):
        raise TypeError(f"{name} must be an integer, got {shown(value)} ({type(value).__name__})")
    number = int(value)
    if not low <= number <= high:
        raise ValueError(f"{name} must be an integer in [{low}, {high}], got {shown(number)}")
    return number


def whole(name: str, value: Any, low: int = -LARGEST_COUNT, high: int = LARGEST_COUNT) -> int:
    """Return `value` as `integer` does, and take whole floats such as 1e3 as well."""
    if isinstance(value, (float, np.floating)):
        number = float(value)
        if not number.is_integer():  # nan and the infinities are not either
            raise ValueError(f"{name} must be a whole number in [{low}, {high}], got {shown(value)}")
        value = int(number)
    return integer(name, value, low, high)


def flag(name: str, value: Any) -> bool:
    """Return `value` as a bool, or raise TypeError where it is not True or False."""
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be True or False, got {shown(value)}")
    return bool(value)


def seed(name: str, value: Any) -> int:
    """Return a seed in [0, 2**64), drawn from the system where it is None."""
    if value is None:
        return int(np.random.SeedSequence().generate_state(1, np.uint64)[0])
    return integer(name, value, 0, 2**64 - 1)


def instance(name: str, value: Any, classes: type | tuple[type, ...], what: str) -> None:
    """Raise TypeError where `value` is of none of the classes; `what` says which, as in "a Network"."""
    if not isinstance(value, classes):
        raise TypeError(f"{name} must be {what}, got {shown(value)} ({type(value).__name__})")


def optional_text(name: str, value: Any) -> None:
    """Raise TypeError for anything but a string, or None."""
    instance(name, value, (str, type(None)), "a string, or None")


def path(name: str, value: Any) -> Path:
    """Return `value`, a path or its text, as a path; ValueError for one that no file system has."""
    instance(name, value, (str, os.PathLike), "a path")
    if "\0" in os.fsdecode(value):
        raise ValueError(f"{name} must be a path without null characters, got {shown(value)}")
    return Path(value)


def existing_path(name: str, value: Any) -> Path:
    """Return `value` as a path at which something is, or raise FileNotFoundError."""
    place = path(name, value)
    if not place.exists():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), os.fspath(value))
    return place


def new_store(name: str, value: Any) -> Path:
    """Return `value` as the path of a zarr store to be made; ValueError for the name of a file of another kind."""
    place = path(name, value)
    if place.name.lower().endswith(OTHER_FORMATS):
        raise ValueError(
            f"{name} must name a zarr store, which is a folder, such as {place.with_suffix('.zarr').name!r}, got"
            f" {shown(os.fspath(value))}; .to_netcdf() of what is returned, or --out on the command line, writes a file"
        )
    return place


def one_of(name: str, value: Any, allowed: Iterable[str]) -> str:
    """Return `value` if it is one of the allowed words, else raise ValueError with the nearest one."""
    words = list(allowed)
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a string, one of {words}, got {shown(value)}")
    if value not in words:
        raise ValueError(f"unknown {name} {shown(value)}{did_you_mean(value, words)}; allowed: {', '.join(words)}")
    return value


def known_name(what: str, name: Any, known: Mapping[str, Any]) -> str:
    """Return a name that is among many, else raise TypeError, or UnknownName with the nearest one."""
    if not isinstance(name, str):
        raise TypeError(f"{what} must be a string, got {shown(name)}")
    if name not in known:
        first = ", ".join(itertools.islice(known, MOST_NAMES)) or "none"
        others = f", ... ({len(known)} in all)" if len(known) > MOST_NAMES else ""
        raise UnknownName(f"unknown {what} {shown(name)}{did_you_mean(name, known)}; allowed: {first}{others}")
    return name


def new_name(what: str, name: Any) -> str:
    """Return a name that files can hold, or raise TypeError or ValueError."""
    if not isinstance(name, str) or not name:
        raise TypeError(f"{what} must be a non-empty string, got {shown(name)}")
    if "\0" in name or any("\ud800" <= letter <= "\udfff" for letter in name):
        raise ValueError(f"{what} must have no NUL and no lone surrogate, got {shown(name)}")
    return name


def unused(what: str, name: Any, table: Mapping[str, Any], value: Any, reserved: Iterable[str] = ()) -> None:
    """Raise ValueError for what is no word, or the table has for something else; to define it again is no fault."""
    place = f"{value.__module__}.{value.__qualname__}"
    if not isinstance(name, str) or not name.isidentifier() or keyword.iskeyword(name) or name in reserved:
        others = f" other than {', '.join(reserved)}" if reserved else ""
        raise ValueError(f"{what} of {place} must be an identifier{others}, got {shown(name)}")
    known = table.get(name)
    if known is not None and f"{known.__module__}.{known.__qualname__}" != place:
        raise ValueError(f"{what} {name!r} of {place} is taken by {known.__module__}.{known.__qualname__}")


def did_you_mean(word: str, allowed: Iterable[str]) -> str:
    """Return ", did you mean 'x'?" for the nearest allowed word, or nothing."""
    near = difflib.get_close_matches(str(word), list(allowed), n=1, cutoff=0.6)
    return f", did you mean {near[0]!r}?" if near else ""


def keywords(owner: str, given: Iterable[str], allowed: Iterable[str]) -> None:
    """Raise TypeError for the first keyword that is not allowed."""
    words = list(allowed)
    for word in given:
        if word not in words:
            raise TypeError(
                f"{owner} got an unknown keyword {word!r}{did_you_mean(word, words)}; allowed: {', '.join(words)}"
            )


def known_keywords(function: Callable[P, R]) -> Callable[P, R]:
    """Make a public function refuse unknown keywords with the nearest one that it has.

    A misspelt keyword is named as such even where a required argument is missing because of it, and so are arguments by
    position that must have their keywords.
    """
    arguments = inspect.signature(function).parameters.values()
    named = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    words = [one.name for one in arguments if one.kind in named and one.name not in ("self", "cls")]
    known = set(words)
    first = next((one.name for one in arguments), "")
    bound = first in ("self", "cls")
    places = [one.name for one in arguments if one.kind is named[0] and one.name in words]
    any_number = any(one.kind is inspect.Parameter.VAR_POSITIONAL for one in arguments)
    most = math.inf if any_number else len(places) + bound
    taken = f"{len(places)} positional argument{'s'[len(places) == 1 :]}"
    taken = f"{taken} ({', '.join(places)})" if places else taken

    def owner(args: tuple[Any, ...]) -> str:
        whose, _, method = function.__qualname__.rpartition(".")
        if first == "self" and args:
            whose = type(args[0]).__name__  # not the base class that happens to define it
        return f"{'.'.join(one for one in (whose, method) if one not in ('', '__init__'))}()"

    @functools.wraps(function)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        if not kwargs.keys() <= known:
            keywords(owner(args), kwargs, words)
        if len(args) > most:
            raise TypeError(f"{owner(args)} takes {taken}, got {len(args) - bound}; write the others as keyword=value")
        return function(*args, **kwargs)

    return checked


def known_fields(cls: type[T]) -> type[T]:
    """Make a public dataclass refuse unknown keywords as `known_keywords` does."""
    cls.__init__ = known_keywords(cls.__init__)  # type: ignore[method-assign]
    return cls


def numeric(name: str, value: Any) -> Any:
    """Return a number as a float, and numbers of any shape as a float64 array; nan stays nan.

    Raises
    ------
    TypeError, ValueError
        No numbers, or masked ones.
    """
    if type(value) is float:
        return value
    given = given_array(name, value)
    if given.dtype.kind not in "iuf":
        raise TypeError(f"{name} must be a number or an array of numbers, got {shown(value)}")
    return float(given) if given.ndim == 0 else given.astype(np.float64, copy=False)


def numeric_arguments(method: Callable[..., R]) -> Callable[..., R]:
    """Make a public method of numbers and arrays of any shape take nothing else, and unknown keywords as little."""
    names = list(inspect.signature(method).parameters)[1:]

    def checked(owner: Any, *args: Any, **kwargs: Any) -> Any:
        given = [numeric(name, value) for name, value in zip(names, args, strict=False)]
        return method(owner, *given, *args[len(names) :], **{name: numeric(name, kwargs[name]) for name in kwargs})

    return known_keywords(functools.wraps(method)(checked))


def given_array(name: str, value: Any) -> NDArray[Any]:
    """Return `value` as an array of whatever NumPy makes of it.

    Raises
    ------
    ValueError
        Its rows are unequal, or a value of it is masked: NumPy would drop the mask and show what is behind it.
    """
    if type(value) is np.ndarray and value.dtype != object:
        return value
    try:
        given = _with_mask(value) if has_masks(value) else np.asarray(value)
    except ValueError as error:
        raise ValueError(f"{name} must be an array with rows of equal length, got {shown(value)}") from error
    if isinstance(given, np.ma.MaskedArray):
        masked = np.ma.getmaskarray(given)
        if masked.any():
            where = tuple(int(k) for k in np.argwhere(masked)[0])
            raise ValueError(
                f"{name} must have no masked values, got one at index {where[0] if len(where) == 1 else where};"
                " leave them out (.compressed()) or fill them (.filled(...))"
            )
        return given.data
    return given


def unmasked(name: str, values: Any) -> None:
    """Raise ValueError where a value of a list that is no array of numbers is masked, or part of one is."""
    for k, value in enumerate(values) if isinstance(values, (list, tuple)) else ():
        if has_masks(value):
            given_array(f"{name}[{k}]", value)


def _with_mask(value: Any) -> NDArray[Any]:
    """Return what NumPy makes of values with masks, which it warns of where it replaces one by nan on the way."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return np.ma.asarray(value)


def has_masks(value: Any) -> bool:
    """Return whether a value is a masked array, or a list or an array of objects with one in it."""
    if isinstance(value, np.ma.MaskedArray):
        return True
    if isinstance(value, (list, tuple)):
        return any(has_masks(part) for part in value if isinstance(part, (list, tuple, np.ndarray)))
    return isinstance(value, np.ndarray) and value.dtype == object and any(map(has_masks, value.ravel()))


def array(
    name: str,
    value: Any,
    shape: tuple[int | None, ...],
    *,
    finite: bool = True,
) -> NDArray[np.float64]:
    """Return `value` as a C-ordered float64 array of that shape (None: any length)."""
    given = given_array(name, value)
    if given.dtype.kind not in "iuf":
        what = shown(value) if given.size < 10 else f"an array of {given.dtype}"
        raise TypeError(f"{name} must be an array of numbers, got {what}{_way_out(given)}")
    check_shape(name, given.shape, shape)
    result = np.ascontiguousarray(given, dtype=np.float64)
    if finite and not np.isfinite(result).all():
        where = tuple(int(k) for k in np.argwhere(~np.isfinite(result))[0])
        raise ValueError(f"{name} must be finite, got {result[where]} at index {where}")
    return result


def _way_out(given: NDArray[Any]) -> str:
    """Return what to say of dates, or of the first text among values, most often a decimal comma or a header."""
    if given.dtype.kind in "mM":
        return "; give seconds, such as (time - time[0]) / numpy.timedelta64(1, 's')"
    for text in given.ravel().tolist() if given.dtype.kind in "OUST" else ():
        if isinstance(text, str):
            comma = re.fullmatch(r"\s*[-+]?\d*,\d+([eE][-+]?\d+)?\s*", text)
            return f", text such as {shown(text)}" + ("; read it with decimal=','" if comma else "")
    return ""


def rows_of_run(data: Any, *names: str) -> None:
    """Raise ValueError unless a dataset has these variables as `Simulation.run` returned them, and their times."""
    for name in names:
        if name not in data:
            raise ValueError(f"data has no variable {name}, only {', '.join(sorted(map(str, data.data_vars)))}")
        dims = ("time", "electrode") if name in ("current", "voltage") else ("time",)
        if data[name].dims != dims:
            raise ValueError(
                f"{name} of data must have the dimensions {dims} that Simulation.run gave it, got {data[name].dims};"
                " select with a list or slice, which keeps a dimension, and do not rename them"
            )
    if "time" not in data.coords:
        raise ValueError("data has no coordinate time, which says when its rows were; do not drop it from a run")


def numbers_within(
    name: str, value: Any, low: float, high: float, bounds: str = "[]", unit: str = "", *, finite: bool = True
) -> NDArray[np.float64]:
    """Return `value`, of any shape, as a float64 array of numbers in the interval."""
    given = given_array(name, value)
    if given.dtype == np.float64 and given.size and not bounds[2:]:
        ends = float(given.min()), float(given.max())  # nan where there is one
        if all(math.isfinite(end) and inside(end, low, high, bounds) for end in ends):
            return np.ascontiguousarray(given).reshape(given.shape)
    result = array(name, given, tuple(given.shape), finite=finite)
    good = inside(result, low, high, bounds)
    if not good.all():
        suffix = f" {unit}" if unit else ""
        raise ValueError(f"{name} must be in {interval(low, high, bounds)}{suffix}, got {result[~good][0]:g}")
    return result.reshape(given.shape)


def increasing(name: str, values: NDArray[Any], *, strictly: bool = True, slack: float = 0.0, unit: str = "") -> None:
    """Raise ValueError at the first value that is not after (strictly) or at least not before the one before it."""
    with np.errstate(over="ignore"):
        step = np.diff(values)
    bad = np.flatnonzero(step <= 0 if strictly else step < -slack)
    if bad.size:
        k = int(bad[0])
        first, then = (f"{value:.15g} {unit}".rstrip() for value in values[k : k + 2])
        must = "increase" if strictly else "not decrease"
        raise ValueError(f"{name} must {must}, got {first} and then {then} at index {k + 1}")


def ids(name: str, value: Any, shape: tuple[int | None, ...], count: int, what: str) -> NDArray[np.int32]:
    """Return `value` as int32 ids in [0, count)."""
    given = given_array(name, value)
    if given.size == 0:
        given = given.astype(np.int64)
    if given.dtype.kind not in "iu":
        raise TypeError(f"{name} must be an array of integers, got dtype {given.dtype}")
    check_shape(name, given.shape, shape)
    if given.size and (given.min() < 0 or given.max() >= count):
        bad = given[(given < 0) | (given >= count)][0]
        raise ValueError(f"{name} must name {what} 0 to {count - 1}, got {bad}")
    return np.ascontiguousarray(given, dtype=np.int32)


def check_shape(name: str, got: tuple[int, ...], shape: tuple[int | None, ...]) -> None:
    """Raise ValueError where a shape does not fit."""
    if got == shape:
        return
    if len(got) != len(shape) or any(w is not None and w != g for g, w in zip(got, shape, strict=True)):
        want = "(" + ", ".join("any" if n is None else str(n) for n in shape) + ("," if len(shape) == 1 else "") + ")"
        raise ValueError(f"{name} must have shape {want}, got {got}")
