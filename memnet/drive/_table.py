"""The table of waveforms, `waves.def` of the C library: what each takes, how arguments are checked and shown."""

from __future__ import annotations

import inspect
import math
import numbers
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from memnet import _core
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.base.read_only import read_only

ROWS = _core.waveforms()
# The number of each waveform in the C library, by name.
KINDS = {row["name"]: kind for kind, row in enumerate(ROWS)}
FLOATING, CONSTANT, SUM, CONCAT, CURRENT, LIMITED = (
    KINDS[name] for name in ("floating", "constant", "sum", "concat", "current", "limited")
)
ROLE_FLOATING, ROLE_VOLTAGE, ROLE_CURRENT = _core.ROLE_FLOATING, _core.ROLE_VOLTAGE, _core.ROLE_CURRENT
ROLE_LIMITED = _core.ROLE_LIMITED  # of waveforms alone: a voltage until the current reaches a limit

# The unit of arguments that are values: what a factor multiplies.
VALUE = "V"
SCALARS = ("number", "count", "flag")

# The parameters and samples of a waveform.
Parts: TypeAlias = "tuple[tuple[float, ...], Floats | None]"


def fits(row: _core.WaveRow, parameters: Sequence[float], samples: Floats | None, n_children: int) -> bool:
    """Return whether a waveform of this row is made of so many numbers, arrays of one length, and others."""
    scalars, count = counts(row)
    n_samples = 0 if samples is None else samples.size
    whole = n_samples > 0 and n_samples % count == 0 if count else samples is None
    durations = any(argument["kind"] == "durations" for argument in row["arguments"])
    least, most = {"none": (0, 0), "one": (1, 1), "any": (1, math.inf)}[row["children"]]
    of_others = least <= n_children <= most and (not durations or n_children == n_samples)
    return whole and of_others and len(parameters) == scalars


def counts(row: _core.WaveRow) -> tuple[int, int]:
    """Return how many numbers and how many arrays a waveform takes."""
    scalars = sum(argument["kind"] in SCALARS for argument in row["arguments"])
    return scalars, len(row["arguments"]) - scalars


def parts_of(row: _core.WaveRow, parameters: Sequence[float], samples: Floats | None) -> Iterator[tuple[Any, Any]]:
    """Give each argument of a waveform with its number or its array, in the order in which Python takes them."""
    scalars = iter(parameters)
    arrays = iter(() if samples is None else np.split(samples, counts(row)[1]))
    for argument in row["arguments"]:
        yield argument, next(scalars if argument["kind"] in SCALARS else arrays)


def joined(values: Sequence[Any]) -> Parts:
    """Return numbers and arrays as a waveform keeps them: its parameters and its samples."""
    arrays = [value for value in values if isinstance(value, np.ndarray)]
    scalars = tuple(value for value in values if not isinstance(value, np.ndarray))
    return scalars, read_only(np.concatenate(arrays)) if arrays else None


# ---------------------------------------------------------------- checks


def checked_arguments(row: _core.WaveRow, given: Mapping[str, Any]) -> list[Any]:
    """Return the arguments of a waveform as it keeps them, each a float or an array.

    Raises
    ------
    TypeError, ValueError
        An argument of another type, or outside its range.
    """
    values: list[Any] = []
    size = None
    for argument in row["arguments"]:
        value = given[argument["name"]]
        if argument["kind"] in SCALARS:
            values.append(checked_number(argument, value, argument["name"]))
        else:
            values.append(_checked_array(argument, value, size))
            size = values[-1].size
    if all(isinstance(value, float) and not 1e300 < abs(value) < math.inf for value in values):
        return values  # the many small numbers, whose sums need no look
    levels = levels_of(row, values)
    if not np.isfinite(spans_of(row, levels)).all():
        names = " and ".join(argument["name"] for argument in row["arguments"] if argument["unit"] == VALUE)
        first, second = levels[np.isinf(spans_of(row, levels)).argmax() :][:2].tolist()
        raise ValueError(f"{names} must be of a size whose sum and difference are finite, got {first!r} and {second!r}")
    return values


def checked_number(argument: _core.WaveArgument, value: Any, name: str) -> float:
    """Return one number as C takes it; None is a count without an end."""
    low, high, unit = argument["low"], argument["high"], argument["unit"]
    if argument["kind"] == "flag":
        return float(check.flag(name, value))
    if argument["kind"] == "count":
        return math.inf if value is None else float(check.integer(name, value, int(low)))
    if low > 0.0:  # the plain reason first: a range from 1e-300 on is for who needs it
        check.real(name, value, 0.0, math.inf, "()", unit)
    return check.real(name, value, low, high, "()" if math.isinf(high) else "[]", unit)


def checked_durations(given: Iterable[Any]) -> Parts:
    """Return how long each part of a concatenation lasts, as its parts; None and inf are for ever, at the end."""
    (lasting,) = ROWS[CONCAT]["arguments"]
    *most, last = enumerate(given)
    for_ever = last[1] is None or (isinstance(last[1], numbers.Real) and last[1] == math.inf)
    checked = [checked_number(lasting, x, f"duration of parts[{k}]") for k, x in (most if for_ever else (*most, last))]
    return (), read_only(np.array([*checked, math.inf] if for_ever else checked))


def _checked_array(argument: _core.WaveArgument, value: Any, size: int | None) -> Floats:
    name, is_value = argument["name"], argument["unit"] == VALUE
    given = check.given_array(name, value)
    if given.ndim != 1:
        way_out = " (one electrode's values)" if is_value else ""
        check.array(name, given, given.shape, finite=False)  # what is no number at all
        hint = "; give each electrode a waveform of its own" if is_value else ""
        raise ValueError(f"{name} must be one-dimensional{way_out}, got shape {given.shape}{hint}")
    array = check.array(name, given, (size,))
    if array.size == 0:
        raise ValueError(f"{name} must hold at least one value, got none")
    if not is_value:
        check.numbers_within(name, array, argument["low"], argument["high"])
        check.increasing(name, array, strictly=argument["kind"] == "times", unit=argument["unit"])
        thrice = np.flatnonzero(array[2:] == array[:-2])
        if thrice.size:
            k = int(thrice[0])
            raise ValueError(f"{name} must hold no time more than twice, got {array[k]:.15g} s again at index {k + 2}")
    return array


def levels_of(row: _core.WaveRow, values: Sequence[Any]) -> Floats:
    """Return all values (V or A) among the arguments of a waveform."""
    pairs = zip(row["arguments"], values, strict=True)
    return np.concatenate([np.empty(0), *(np.atleast_1d(x) for argument, x in pairs if argument["unit"] == VALUE)])


def spans_of(row: _core.WaveRow, levels: Floats) -> Floats:
    """Return what must be finite for a waveform with these values: where it is not flat, it takes their differences."""
    with np.errstate(over="ignore"):
        return levels if row["flat"] or levels.size == 1 else np.abs(levels[1:]) + np.abs(levels[:-1])


# ---------------------------------------------------------------- text


def text(argument: _core.WaveArgument, value: Any) -> str:
    """Return an argument of a waveform as Python source."""
    if isinstance(value, np.ndarray):
        return "[" + ", ".join(repr(float(x)) for x in value) + "]"
    return f"{argument['name']}={plain(argument, value)!r}"


def plain(argument: _core.WaveArgument, value: Any) -> Any:
    """Return an argument of a waveform as Python gives it: an array or a float, but for flags and counts."""
    if argument["kind"] == "flag" and value in (0.0, 1.0):
        return bool(value)
    if argument["kind"] == "count" and value == math.inf:
        return None
    return int(value) if argument["kind"] == "count" and value.is_integer() else value


def signature(row: _core.WaveRow) -> inspect.Signature:
    """Return how the function of a waveform is called."""
    types = {"number": "float", "count": "int | None", "flag": "bool"}
    way, needed = inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.empty
    arguments = []
    for one in row["arguments"]:
        default = needed if math.isnan(one["initial"]) else plain(one, one["initial"])
        annotation = types.get(one["kind"], "ArrayLike")
        arguments.append(inspect.Parameter(one["name"], way, default=default, annotation=annotation))
    return inspect.Signature(arguments, return_annotation="Waveform")


def docstring(row: _core.WaveRow) -> str:
    """Return the numpydoc docstring of a waveform's function."""
    lines = []
    for argument in row["arguments"]:
        kind = {"number": "float", "count": "int, optional", "flag": "bool"}.get(argument["kind"], "array_like (n,)")
        if argument["kind"] in ("number", "flag") and not math.isnan(argument["initial"]):
            kind += f", default {plain(argument, argument['initial'])!r}"
        unit = "" if argument["unit"] == "1" else f" ({argument['unit']})"
        least = {"count": f", >= {argument['low']:g}", "number": ", > 0" if argument["low"] > 0.0 else ""}
        said = argument["doc"][0].upper() + argument["doc"][1:] + unit + least.get(argument["kind"], "") + "."
        lines.append(f"{argument['name']} : {kind}\n{textwrap.indent(textwrap.fill(said, 112), '    ')}")
    return (
        f"{row['doc']}\n\nParameters\n----------\n" + "\n".join(lines) + "\n\nRaises\n------\nTypeError, ValueError\n"
        "    An argument of another type or shape, a number that is not finite or outside its range.\n\n"
        f"Examples\n--------\n>>> import memnet as mn\n>>> {row['example']}\n{row['answer']}\n"
    )
