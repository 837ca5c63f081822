"""Electrodes as arguments: names for sides, shapes or numbers of nodes, the same way for every kind of network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Integral
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from memnet.base import check
from memnet.base.arrays import Ids
from memnet.base.check import shown
from memnet.network._shapes import SHAPES, Disc, Members, Rectangle, Shape, given_numbers

# A shape or members by number; a place may be a side, too.
Region: TypeAlias = Shape | Members
Place: TypeAlias = str | Region

SIDES = ("left", "right", "top", "bottom")
# What happens to a conductor that two electrodes touch.
SHARED = ("error", "first")


class ShortCircuit(ValueError):
    """A sample in which one conductor touches two electrodes: no drive can hold them at two voltages.

    `percolating`, `nanowires`, `nanowires_at` and `grid` raise it, so that a loop over seeds can go on to the next one.

    Examples
    --------
    >>> import memnet as mn
    >>> networks = []
    >>> for seed in range(10):
    ...     try:
    ...         networks.append(mn.percolating(20, 0.67, seed=seed))
    ...     except mn.ShortCircuit:
    ...         continue
    >>> 0 < len(networks) < 10
    True
    """


ShortCircuit.__module__ = "memnet"


@dataclass(frozen=True)
class Form:
    """What an electrode of one kind of network may be."""

    members: str  # what it consists of, in the plural
    bare: Mapping[str, type[Shape]] = field(default_factory=dict)  # what numbers without a word are, by their count
    unit: str = ""
    unbounded: bool = False  # whether a shape may reach to infinity
    sides: Sequence[str] = SIDES

    @property
    def shapes(self) -> Mapping[str, type[Shape]]:
        """Every shape by its word here, those that need no word first; none where the network is no place."""
        others = {word: kind for word, kind in SHAPES.items() if kind not in self.bare.values()}
        return {**self.bare, **others} if self.bare else {}

    def __str__(self) -> str:
        one = self.members.removesuffix("s")
        ways = ["a side"] * bool(self.sides) + [f"a {word}" for word in self.bare] + [f"a {one}"]
        return f"{', '.join(ways)} or a list of {self.members}"


NODES = Form("nodes")
NUMBERED_NODES = Form("nodes", sides=())
GROUPS = Form("groups", {"band": Rectangle}, "pd")
WIRES = Form("wires", {"rectangle": Rectangle, "disc": Disc}, "µm", unbounded=True)


def placed(electrodes: Any, form: Form) -> dict[str, Place]:
    """Return the place of each electrode, of a dict or of a sequence of sides."""
    if form.sides and not isinstance(electrodes, Mapping):
        if isinstance(electrodes, str) or not isinstance(electrodes, Sequence):
            raise TypeError(f"electrodes must be a sequence of sides or a dict, got {shown(electrodes)}")
        sides = [check.one_of("electrodes", side, form.sides) for side in electrodes]
        if len(set(sides)) != len(sides):
            raise ValueError(f"electrodes must name a side only once, got {sides}")
        electrodes = {side: side for side in sides}
    return {name: place(f"electrodes[{name!r}]", value, form) for name, value in mapping(electrodes).items()}


def mapping(electrodes: Any) -> Mapping[str, Any]:
    """Return electrodes as a mapping with names for keys, which files can hold."""
    if not isinstance(electrodes, Mapping):
        raise TypeError(f"electrodes must be a dict from names to nodes, got {shown(electrodes)}")
    for name in electrodes:
        if not isinstance(name, str) or not name:
            raise TypeError(f"electrodes must have names that are non-empty strings, got {shown(name)}")
        if "\0" in name or any("\ud800" <= letter <= "\udfff" for letter in name):
            raise ValueError(f"electrodes must have names without NUL and lone surrogates, got {shown(name)}")
    return electrodes


def place(label: str, value: Any, form: Form) -> Place:
    """Return where one electrode is.

    A tuple, or a list or an array of floats, is a shape; a list or an array of integers has members; a mapping with one
    key says which it is, and so does an object of the class.
    """
    if isinstance(value, Shape) and type(value) in form.shapes.values():
        return _bounded(label, value, value, form)
    if isinstance(value, Members):
        value = list(value.numbers)
    if isinstance(value, str) and form.sides:
        return check.one_of(label, value, form.sides)
    if isinstance(value, Mapping):
        return _named(label, value, form)
    numbers = given_numbers(label, _listed(value))
    if form.shapes and (isinstance(value, tuple) or (numbers.size and numbers.dtype.kind == "f")):
        if isinstance(value, list) and any(isinstance(each, Integral) for each in value):
            raise ValueError(
                f"{label} must be floats for a shape or integers for {form.members}, got both in {shown(value)};"
                f" {_named_ways(form)}"
            )
        return _shape(label, value, numbers, form.bare, form)
    return _members(label, value, numbers, form, str(form))


def refuse_ambiguous(label: str, value: Any, form: Form) -> None:
    """Raise ValueError for a list of integers in a TOML file that may be meant for a shape."""
    if not isinstance(value, list) or not all(isinstance(each, Integral) for each in value):
        return
    if any(shape.fits(np.array(value)) for shape in form.bare.values()):
        raise ValueError(f"{label} may be a shape or {form.members}, got {shown(value)}; {_named_ways(form, '{} = ')}")


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, (range, set, frozenset)) else value


def _named_ways(form: Form, colon: str = "'{}': ") -> str:
    ways = [f"{{{colon.format(word)}[{', '.join(shape.coordinates())}]}}" for word, shape in form.bare.items()]
    return f"say which by {', '.join(ways)} or {{{colon.format(form.members)}[...]}}"


def _named(label: str, value: Mapping[str, Any], form: Form) -> Place:
    """Return what a mapping from the name of a shape, or of the members, to numbers stands for."""
    words = (*form.bare, form.members, *(word for word in form.shapes if word not in form.bare))
    if len(value) != 1:
        names = ", ".join(repr(word) for word in words)
        raise ValueError(f"{label} must have one key out of {names}, got {shown(value)}")
    ((name, content),) = value.items()
    check.one_of(f"key of {label}", name, words)
    label = f"{label}[{name!r}]"
    numbers = given_numbers(label, _listed(content))
    if name in form.shapes:
        return _shape(label, content, numbers, {name: form.shapes[name]}, form)
    return _members(label, content, numbers, form, f"a list of {form.members}")


def _members(label: str, value: Any, numbers: NDArray[Any], form: Form, allowed: str) -> Members:
    if numbers.ndim > 1 or (numbers.size and numbers.dtype.kind not in "iu"):
        raise TypeError(f"{label} must be {allowed}, got {shown(value)}{_other_shape(numbers, form)}")
    ids: list[int] = numbers.reshape(-1).tolist()
    if form.shapes and len(set(ids)) < len(ids):
        each, counts = np.unique(numbers, return_counts=True)
        raise ValueError(
            f"{label} must name each of the {form.members} once, got {each[counts > 1][0]} more than once in"
            f" {shown(value)}; if it is a shape, {_named_ways(form)}"
        )
    return Members(tuple(dict.fromkeys(ids)))


def _other_shape(numbers: NDArray[Any], form: Form) -> str:
    """Return how to say that numbers are a shape which needs its word."""
    words = [word for word, shape in form.shapes.items() if word not in form.bare and shape.fits(numbers)]
    return f"; if it is a {words[0]}, say {{{words[0]!r}: [...]}}" if words else ""


def _shape(label: str, value: Any, numbers: NDArray[Any], shapes: Mapping[str, type[Shape]], form: Form) -> Shape:
    """Return the shape that has so many numbers."""
    fit = [(word, shape) for word, shape in shapes.items() if shape.fits(numbers)]
    if not fit or numbers.dtype.kind not in "iuf":
        each = " or ".join(f"a {word} ({', '.join(shape.coordinates())})" for word, shape in shapes.items())
        raise ValueError(f"{label} must be {each} in {form.unit}, got {shown(value)}{_other_shape(numbers, form)}")
    ((word, kind), *_) = fit
    try:
        return _bounded(label, kind.of(numbers), value, form)
    except ValueError:
        finite = ", finite" if kind.unbounded and not form.unbounded else ""
        raise ValueError(f"{label} must be a {word} with {kind.rule}{finite}, got {shown(value)}") from None


def _bounded(label: str, shape: Shape, value: Any, form: Form) -> Shape:
    """Return a shape, or raise ValueError where it reaches to infinity and may not."""
    if not form.unbounded and not shape.is_finite():
        raise ValueError(f"{label} must be finite, got {shown(value)}")
    return shape


def plain(places: Mapping[str, Place], form: Form) -> dict[str, Any]:
    """Return places as what JSON can hold and `place` reads."""
    words = {shape: word for word, shape in form.shapes.items()}
    texts: dict[str, Any] = {}
    for name, where in places.items():
        if isinstance(where, Shape):
            texts[name] = {words[type(where)]: where.plain()}
        elif isinstance(where, Members):
            texts[name] = {form.members: list(where.numbers)} if form.shapes else list(where.numbers)
        else:
            texts[name] = where
    return texts


def nodes(name: str, value: Any, n_nodes: int, what: str = "nodes") -> Ids:
    """Return the ascending nodes of one electrode."""
    label = f"electrodes[{name!r}]"
    if isinstance(value, Shape):
        raise TypeError(f"{label} must be a node or a list of nodes, got {value}; here nodes have no places")
    value = value.numbers if isinstance(value, Members) else _listed(value)
    numbers = np.atleast_1d(given_numbers(label, value))
    ids = np.unique(check.ids(label, numbers, (None,), n_nodes, what))
    if ids.size == 0:
        raise ValueError(f"{label} must name at least one of the {what}, got none")
    return ids


def apart(
    touched: Mapping[str, Ids],
    places: Mapping[str, Place],
    n_nodes: int,
    *,
    shared: str = "error",
    one: str = "node",
    number: Ids | None = None,
    seed: int | None = None,
) -> dict[str, Ids]:
    """Return the nodes of each electrode so that no two have a node in common.

    Parameters
    ----------
    touched : mapping from str to ndarray
        The nodes that each electrode touches, ascending.
    places : mapping from str to a place
        Where each electrode is.
    n_nodes : int
        Number of nodes.
    shared : {"error", "first"}
        Whether a node that two of them touch is refused or belongs to the one that is named first.
    one, number : str, ndarray
        What messages call a node, and by which number.
    seed : int, optional
        The seed that the nodes were drawn with.

    Raises
    ------
    ShortCircuit
        Two electrodes touch one node, at least one of them by its place, or nothing is left of one of them.
    ValueError
        Two electrodes name one node.
    """
    owner = np.full(n_nodes, -1, dtype=np.int32)
    names = list(touched)
    for k, nodes in enumerate(touched.values()):
        taken = nodes[owner[nodes] >= 0]
        if taken.size and shared == "error":
            node = int(taken[0])
            what = f"{one} {node if number is None else number[node]}"
            raise _joined(what, names[owner[node]], names[k], places, seed)
        owner[nodes[owner[nodes] < 0]] = k
    members = {name: np.flatnonzero(owner == k).astype(np.int32) for k, name in enumerate(names)}
    for name, nodes in members.items():
        if not nodes.size:
            raise ShortCircuit(
                f"electrode {name!r} has no {one} left{_with_seed(seed)}: all that touch it belong to electrodes before"
                f" it; name it first, or use a larger size or electrodes that lie further apart"
            )
    return members


def apart_by_number(
    places: Mapping[str, Place], sides: Mapping[str, Ids], n_nodes: int, *, shared: str = "error"
) -> dict[str, Ids]:
    """Return the nodes of each electrode of a network whose sides are known by their nodes, as `apart` does."""
    touched = {
        name: nodes(name, where.numbers, n_nodes) if isinstance(where, Members) else sides[str(where)]
        for name, where in places.items()
    }
    return apart(touched, places, n_nodes, shared=shared)


def resolved(places: Mapping[str, Place], sides: Mapping[str, Region]) -> dict[str, Region]:
    """Return places with the rectangles, or members, that sides stand for."""
    return {name: sides[where] if isinstance(where, str) else where for name, where in places.items()}


def _joined(what: str, first: str, second: str, places: Mapping[str, Place], seed: int | None) -> ValueError:
    """Return the error for something that two electrodes touch, with what helps."""
    one, other = places.get(first, Members(())), places.get(second, Members(()))
    if isinstance(one, Members) and isinstance(other, Members):
        return ValueError(f"electrodes {first!r} and {second!r} share {what}; electrodes must be apart")
    if _meet(one, other):
        why = "the two meet, so nearly every sample has something there that joins them"
        ways = "give one of them a shape, or members by number, that ends before the other"
    elif seed is None:
        why, ways = "such a sample is a short circuit", "use electrodes that lie further apart"
    else:
        why = "such a sample is a short circuit"
        ways = f"try another seed, such as seed={seed + 1}, a larger size, or electrodes that lie further apart"
    return ShortCircuit(
        f"electrodes {first!r} and {second!r} share {what}{_with_seed(seed)}: {why};"
        f" shared='first' gives it to {first!r}, or {ways}"
    )


def _meet(one: Place, other: Place) -> bool:
    """Whether two sides have a corner in common, or two rectangles a point."""
    if isinstance(one, str) and isinstance(other, str):
        return (one in ("left", "right")) != (other in ("left", "right"))
    if isinstance(one, Rectangle) and isinstance(other, Rectangle):
        return one.meets(other)
    return False


def _with_seed(seed: int | None) -> str:
    return "" if seed is None else f" with seed={seed}"


def box_size(size: Any, unit: str = "pd") -> tuple[float, float]:
    """Return width and height of the box whose sides electrodes may be."""
    if isinstance(size, np.ndarray):
        size = size.tolist()
    if isinstance(size, Sequence) and not isinstance(size, str):
        if len(size) != 2:
            raise ValueError(f"size must be a number or (width, height), got {shown(size)}")
        width, height = (check.real(f"size[{k}]", size[k], 0.0, np.inf, unit=unit) for k in (0, 1))
        return width, height
    side = check.real("size", size, 0.0, np.inf, unit=unit)
    return side, side
