"""Electrodes as arguments: names for sides, shapes or numbers of nodes, the same way for every kind of network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Integral
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from memnet import _check

Ids: TypeAlias = NDArray[np.int32]
# A side, a shape (the numbers of its fields), or members by number.
Place: TypeAlias = str | tuple[float, ...] | list[int]

SIDES = ("left", "right", "top", "bottom")
RECTANGLE = ("x_low", "x_high", "y_low", "y_high")
DISC = ("x", "y", "radius")


@dataclass(frozen=True)
class Form:
    """What an electrode of one kind of network may be."""

    members: str  # what it consists of, in the plural
    shapes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # fields of each shape, each of another length
    unit: str = ""
    unbounded: bool = False  # whether a rectangle may reach to infinity
    sides: Sequence[str] = SIDES

    def __str__(self) -> str:
        one = self.members.removesuffix("s")
        ways = ["a side"] * bool(self.sides) + [f"a {name}" for name in self.shapes] + [f"a {one}"]
        return f"{', '.join(ways)} or a list of {self.members}"


NODES = Form("nodes")
NUMBERED_NODES = Form("nodes", sides=())
GROUPS = Form("groups", {"band": RECTANGLE}, "pd")
WIRES = Form("wires", {"rectangle": RECTANGLE, "disc": DISC}, "µm", unbounded=True)


def wanted(electrodes: Any, form: Form) -> dict[str, Place]:
    """Return the place of each electrode, of a dict or of a sequence of sides."""
    if form.sides and not isinstance(electrodes, Mapping):
        if isinstance(electrodes, str) or not isinstance(electrodes, Sequence):
            raise TypeError(f"electrodes must be a sequence of sides or a dict, got {electrodes!r}")
        sides = [_check.one_of("electrodes", side, form.sides) for side in electrodes]
        if len(set(sides)) != len(sides):
            raise ValueError(f"electrodes must name a side only once, got {sides}")
        electrodes = {side: side for side in sides}
    return {name: place(f"electrodes[{name!r}]", value, form) for name, value in mapping(electrodes).items()}


def mapping(electrodes: Any) -> Mapping[str, Any]:
    """Return electrodes as a mapping with names for keys."""
    if not isinstance(electrodes, Mapping):
        raise TypeError(f"electrodes must be a dict from names to nodes, got {electrodes!r}")
    for name in electrodes:
        if not isinstance(name, str) or not name:
            raise TypeError(f"electrodes must have names that are non-empty strings, got {name!r}")
    return electrodes


def place(label: str, value: Any, form: Form) -> Place:
    """Return where one electrode is.

    A tuple, or a list or an array of floats, is a shape; a list or an array of integers has members; a mapping with one
    key says which it is.
    """
    if isinstance(value, str) and form.sides:
        return _check.one_of(label, value, form.sides)
    if isinstance(value, Mapping):
        return _named(label, value, form)
    numbers = _check.given_array(label, _listed(value))
    if form.shapes and (isinstance(value, tuple) or (numbers.size and numbers.dtype.kind == "f")):
        if isinstance(value, list) and any(isinstance(each, Integral) for each in value):
            raise ValueError(
                f"{label} must be floats for a shape or integers for {form.members}, got both in {value!r:.200};"
                f" {_named_ways(form)}"
            )
        return _shape(label, value, numbers, form.shapes, form)
    return _members(label, value, numbers, form, str(form))


def refuse_ambiguous(label: str, value: Any, form: Form) -> None:
    """Raise ValueError for a list of integers in a TOML file that may be meant for a shape."""
    if not isinstance(value, list) or not all(isinstance(each, Integral) for each in value):
        return
    if len(value) in [len(fields) for fields in form.shapes.values()]:
        raise ValueError(f"{label} may be a shape or {form.members}, got {value!r}; {_named_ways(form, '{} = ')}")


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, (range, set, frozenset)) else value


def _named_ways(form: Form, colon: str = "'{}': ") -> str:
    ways = [f"{{{colon.format(name)}[{', '.join(fields)}]}}" for name, fields in form.shapes.items()]
    return f"say which by {', '.join(ways)} or {{{colon.format(form.members)}[...]}}"


def _named(label: str, value: Mapping[str, Any], form: Form) -> Place:
    """Return what a mapping from the name of a shape, or of the members, to numbers stands for."""
    if len(value) != 1:
        names = ", ".join(repr(name) for name in (*form.shapes, form.members))
        raise ValueError(f"{label} must have one key out of {names}, got {value!r}")
    ((name, given),) = value.items()
    _check.one_of(f"key of {label}", name, (*form.shapes, form.members))
    label = f"{label}[{name!r}]"
    numbers = _check.given_array(label, _listed(given))
    if name in form.shapes:
        return _shape(label, given, numbers, {name: form.shapes[name]}, form)
    return _members(label, given, numbers, form, f"a list of {form.members}")


def _members(label: str, value: Any, numbers: NDArray[Any], form: Form, allowed: str) -> list[int]:
    if numbers.ndim > 1 or (numbers.size and numbers.dtype.kind not in "iu"):
        raise TypeError(f"{label} must be {allowed}, got {value!r:.200}")
    ids: list[int] = numbers.reshape(-1).tolist()
    if form.shapes and len(set(ids)) < len(ids):
        found, counts = np.unique(numbers, return_counts=True)
        raise ValueError(
            f"{label} must name each of the {form.members} once, got {found[counts > 1][0]} more than once in"
            f" {value!r:.200}; if it is a shape, {_named_ways(form)}"
        )
    return ids


def _shape(
    label: str, value: Any, numbers: NDArray[Any], shapes: Mapping[str, tuple[str, ...]], form: Form
) -> tuple[float, ...]:
    """Return the numbers of the shape that has so many."""
    fit = [name for name, fields in shapes.items() if numbers.shape == (len(fields),)]
    if not fit or numbers.dtype.kind not in "iuf":
        each = " or ".join(f"a {name} ({', '.join(fields)})" for name, fields in shapes.items())
        raise ValueError(f"{label} must be {each} in {form.unit}, got {value!r}")
    found = tuple(float(number) for number in numbers)
    finite = bool(np.isfinite(numbers).all())
    if shapes[fit[0]] == DISC and not (finite and found[2] > 0.0):
        raise ValueError(f"{label} must be a {fit[0]} with a radius > 0, all finite, got {value!r}")
    if shapes[fit[0]] == RECTANGLE and not (
        found[0] <= found[1] and found[2] <= found[3] and (finite or form.unbounded)
    ):
        bounds = "" if form.unbounded else ", finite"
        raise ValueError(f"{label} must be a {fit[0]} with x_low <= x_high and y_low <= y_high{bounds}, got {value!r}")
    return found


def plain(places: Mapping[str, Place], form: Form) -> dict[str, Any]:
    """Return places as what JSON can hold and `place` reads."""
    found: dict[str, Any] = {}
    for name, where in places.items():
        if isinstance(where, str) or not form.shapes:
            found[name] = where
        elif isinstance(where, list):
            found[name] = {form.members: where}
        else:
            shape = next(shape for shape, fields in form.shapes.items() if len(fields) == len(where))
            found[name] = {shape: list(where)}
    return found


def nodes(name: str, value: Any, n_nodes: int, what: str = "nodes") -> Ids:
    """Return the ascending nodes of one electrode."""
    label = f"electrodes[{name!r}]"
    given = np.atleast_1d(_check.given_array(label, list(value) if isinstance(value, (set, frozenset)) else value))
    found = np.unique(_check.ids(label, given, (None,), n_nodes, what))
    if found.size == 0:
        raise ValueError(f"{label} must name at least one of the {what}, got none")
    return found


def refuse_shared(members: Mapping[str, Ids], wanted: Mapping[str, Any], seed: int | None) -> None:
    """Raise ValueError where two electrodes have a node in common."""
    names = list(members)
    for k, name in enumerate(names):
        for other in names[:k]:
            shared = np.intersect1d(members[other], members[name])
            if shared.size == 0:
                continue
            if all(isinstance(wanted.get(one), (str, tuple)) for one in (other, name)):
                raise ValueError(
                    f"group {shared[0]} spans from electrode {other!r} to electrode {name!r} with seed={seed}:"
                    f" such a sample is a short circuit; try another seed, such as seed={(seed or 0) + 1}"
                    f" (or a larger size, a lower coverage, or bands that lie further apart)"
                )
            kind = "group" if wanted else "node"
            raise ValueError(f"electrodes {other!r} and {name!r} share {kind} {shared[0]}; electrodes must be apart")
