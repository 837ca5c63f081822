"""Shapes that electrodes may have: a class each, found by the word that run files and datasets have for it."""

from __future__ import annotations

import dataclasses
import math
import sys
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from memnet.base import check
from memnet.base.arrays import Floats, Ids
from memnet.network import _plane

if TYPE_CHECKING:
    from memnet import _core

# Parts of wires in a shape: the wire of each, ascending, and where it begins and ends, as fractions of the wire (n, 2).
Contacts: TypeAlias = tuple[Ids, Floats]

# Each class by its word.
SHAPES: dict[str, type[Shape]] = {}
# Corners of the outline of what is round, and the most of a polygon, whose sides are compared two by two.
ROUND = 256
MOST_CORNERS = 4096
# What electrodes may be besides shapes, and the other word of a rectangle: no shape may be called so.
RESERVED = ("band", "groups", "nodes", "wires")


@dataclass(frozen=True)
class Shape(ABC):
    """A closed region of the plane, in the unit of the network; a subclass is a frozen dataclass of its numbers.

    Raises
    ------
    TypeError, ValueError
        What is no number, or numbers that make no such shape.

    Examples
    --------
    >>> import memnet as mn
    >>> [shape.word for shape in mn.network.Shape.__subclasses__()][:3]
    ['rectangle', 'disc', 'polygon']
    >>> mn.network.Disc(0, 0, 2).contains([(1, 1), (2, 1)])
    array([ True, False])
    >>> disc = mn.network.Disc(0, 0, 2)
    >>> disc.numbers, disc.centre, disc.plain(), disc.is_possible()
    ((0.0, 0.0, 2.0), array([0., 0.]), [0.0, 0.0, 2.0], True)
    >>> disc.outline().shape[1]
    2
    """

    word: ClassVar[str]
    example: ClassVar[tuple[Any, ...]]  # numbers of one that is a few units wide and holds its centre
    rule: ClassVar[str] = "numbers that are finite"  # what a refusal demands
    unbounded: ClassVar[bool] = False  # whether numbers may be infinite

    def __init_subclass__(cls, *, word: str) -> None:
        super().__init_subclass__()
        check.unused("word", word, SHAPES, cls, RESERVED)
        cls.word = word
        SHAPES[word] = cls

    def __post_init__(self) -> None:
        for name in self.coordinates():
            number = check.real(f"{type(self).__name__}.{name}", getattr(self, name), bounds="[]")
            object.__setattr__(self, name, number)
        self._refuse()

    def _refuse(self) -> None:
        if not self.is_possible() or not (self.unbounded or self.is_finite()):
            raise ValueError(f"{type(self).__name__} must have {self.rule}, got {check.shown(self.numbers)}")

    def __str__(self) -> str:
        return f"{self.word} {check.shown(self.numbers)}"

    @classmethod
    def coordinates(cls) -> tuple[str, ...]:
        """Return what its numbers are."""
        return tuple(one.name for one in dataclasses.fields(cls))

    @classmethod
    def fits(cls, numbers: NDArray[Any]) -> bool:
        """Return whether an array has as many numbers as the shape needs."""
        return numbers.shape == (len(cls.coordinates()),)

    @classmethod
    def of(cls, numbers: NDArray[Any]) -> Shape:
        """Return the shape of an array that fits."""
        return cls(*numbers.tolist())

    @property
    def numbers(self) -> tuple[Any, ...]:
        """Its numbers in order."""
        return tuple(getattr(self, name) for name in self.coordinates())

    def plain(self) -> list[Any]:
        """Return its numbers as JSON holds them."""
        return list(self.numbers)

    def is_finite(self) -> bool:
        return bool(np.isfinite(np.array(self.numbers)).all())

    def is_possible(self) -> bool:
        """Return whether there is a shape with these numbers; nan is in none."""
        return True

    @property
    def centre(self) -> Floats:
        """The middle of its box, (2,); ValueError for a rectangle that reaches to infinity."""
        if not self.is_finite():
            raise ValueError(f"a shape must end to have a centre, got {self}")
        corners = self.outline()
        middle: Floats = 0.5 * corners.min(axis=0) + 0.5 * corners.max(axis=0)
        return middle

    def contains(self, points: ArrayLike) -> NDArray[np.bool_]:
        """Return whether each point is in the shape or on its rim, (n,).

        Parameters
        ----------
        points : array_like of float, (n, 2)
            x and y of each; nan is nowhere.

        Returns
        -------
        ndarray of bool, (n,)

        Raises
        ------
        TypeError, ValueError
            No such array.
        """
        return self.holds(check.array("points", points, (None, 2), finite=False))

    @abstractmethod
    def holds(self, points: Floats) -> NDArray[np.bool_]:
        """Return what `contains` does, of an array that is checked."""

    @abstractmethod
    def outline(self) -> Floats:
        """Return the corners of its rim in order, (n, 2), as a map draws it."""

    def contacts(self, wires: _core.Wires) -> Contacts:
        """Return the parts of wires that are in the shape: by default, in the polygon of its outline.

        Raises
        ------
        ValueError
            A shape that it cannot be decided for; the message says what it must be.
        """
        return _plane.contacts(self.outline(), wires.end, wires.grid)


@check.known_fields
@dataclass(frozen=True)
class Rectangle(Shape, word="rectangle"):
    """An electrode that is a rectangle along the axes; sides may be at infinity for networks of wires.

    Parameters
    ----------
    x_low, x_high, y_low, y_high : float
        Its sides (pd for discs, µm for wires); x_low <= x_high, y_low <= y_high.

    Raises
    ------
    TypeError, ValueError
        What is no number, or sides that are turned round.

    Examples
    --------
    >>> import memnet as mn
    >>> pads = {"in": mn.network.Rectangle(0, 10, 0, 60), "out": mn.network.Disc(50, 50, 8)}
    >>> net = mn.nanowires(200, size=60, length=20, seed=1, electrodes=pads)
    >>> pads["in"].is_possible(), pads["in"].outline().tolist()
    (True, [[0.0, 0.0], [10.0, 0.0], [10.0, 60.0], [0.0, 60.0]])
    >>> pads["in"].centre
    array([ 5., 30.])
    """

    x_low: float
    x_high: float
    y_low: float
    y_high: float

    example = (2.0, 9.0, 1.0, 5.0)
    rule = "x_low <= x_high and y_low <= y_high"
    unbounded = True

    def __str__(self) -> str:
        return f"x {self.x_low:g} to {self.x_high:g}, y {self.y_low:g} to {self.y_high:g}"

    def is_possible(self) -> bool:
        return self.x_low <= self.x_high and self.y_low <= self.y_high

    def holds(self, points: Floats) -> NDArray[np.bool_]:
        x, y = points.T
        inside: NDArray[np.bool_] = (x >= self.x_low) & (x <= self.x_high) & (y >= self.y_low) & (y <= self.y_high)
        return inside

    def outline(self) -> Floats:
        x, y = (self.x_low, self.x_high), (self.y_low, self.y_high)
        return np.array([(x[0], y[0]), (x[1], y[0]), (x[1], y[1]), (x[0], y[1])])

    def contacts(self, wires: _core.Wires) -> Contacts:
        return _touching(wires.rectangle(*self.numbers))

    def meets(self, other: Rectangle) -> bool:
        """Return whether two rectangles have a point in common."""
        across = self.x_low <= other.x_high and other.x_low <= self.x_high
        return across and self.y_low <= other.y_high and other.y_low <= self.y_high


@check.known_fields
@dataclass(frozen=True)
class Disc(Shape, word="disc"):
    """An electrode that is a disc.

    Parameters
    ----------
    x, y : float
        Its centre (pd for discs, µm for wires).
    radius : float
        Above 0, in the same unit.

    Raises
    ------
    TypeError, ValueError
        What is no number or not finite, or a radius that is not above 0.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.percolating(30, 0.6, seed=1, electrodes={"tip": mn.network.Disc(15, 15, 3), "rim": "left"})
    >>> tip = mn.network.Disc(15, 15, 3)
    >>> tip.is_possible(), tip.contains([(16, 16), (18, 18)])
    (True, array([ True, False]))
    """

    x: float
    y: float
    radius: float

    example = (5.0, 4.0, 3.0)
    rule = "a radius > 0, all finite"

    def is_possible(self) -> bool:
        return self.radius > 0.0

    def holds(self, points: Floats) -> NDArray[np.bool_]:
        with np.errstate(over="ignore"):  # what is beyond the largest double is beyond the radius, too
            inside: NDArray[np.bool_] = np.hypot(points[:, 0] - self.x, points[:, 1] - self.y) <= self.radius
        return inside

    def outline(self) -> Floats:
        turn = np.arange(ROUND) * (2.0 * math.pi / ROUND)
        with np.errstate(over="ignore"):
            rim = np.array([self.x, self.y]) + self.radius * np.stack([np.cos(turn), np.sin(turn)], axis=1)
        return np.clip(rim, -sys.float_info.max, sys.float_info.max)

    def contacts(self, wires: _core.Wires) -> Contacts:
        try:
            return _touching(wires.disc(*self.numbers))
        except ValueError as error:
            raise ValueError("a disc whose centre and radius are at most about 4 times the network's extent") from error


@check.known_fields
@dataclass(frozen=True)
class Polygon(Shape, word="polygon"):
    """An electrode that is a polygon, convex or not; its sides do not cross or touch.

    Parameters
    ----------
    points : array_like of float, (n, 2)
        x and y of its 3 to 4,096 corners, in order either way round (pd for discs, µm for wires).

    Raises
    ------
    TypeError, ValueError
        No such array, corners that are not finite, or sides that cross or touch.

    Notes
    -----
    Which points and which wires are in it or touch its rim is decided exactly; for wires, the corners are rounded to
    their grid first, as those of rectangles are. A wire that leaves the polygon and enters it again is part of it
    twice.

    Examples
    --------
    >>> import memnet as mn
    >>> wedge = mn.network.Polygon([(0, 0), (12, 0), (0, 12)])
    >>> net = mn.nanowires(200, size=40, length=12, seed=1, electrodes={"wedge": wedge, "far": "right"})
    >>> wedge.numbers, wedge.plain(), wedge.is_possible()
    (((0.0, 0.0), (12.0, 0.0), (0.0, 12.0)), [[0.0, 0.0], [12.0, 0.0], [0.0, 12.0]], True)
    >>> wedge.contains([(1, 1), (11, 11)])
    array([ True, False])
    """

    points: tuple[tuple[float, float], ...]

    example = ((1.0, 1.0), (9.0, 2.0), (6.0, 4.0), (8.0, 8.0), (2.0, 7.0))
    rule = f"3 to {MOST_CORNERS} corners, all finite, and sides that do not cross or touch"

    def __post_init__(self) -> None:
        array = given_numbers("Polygon.points", self.points)
        if not self.fits(array) or array.dtype.kind not in "iuf":
            raise ValueError(f"Polygon.points must be {', '.join(self.coordinates())}, got {check.shown(self.points)}")
        object.__setattr__(self, "points", tuple((float(x), float(y)) for x, y in array.tolist()))
        self._refuse()

    @classmethod
    def coordinates(cls) -> tuple[str, ...]:
        return "(x, y)", "(x, y)", "(x, y)", "..."

    @classmethod
    def fits(cls, numbers: NDArray[Any]) -> bool:
        return numbers.ndim == 2 and numbers.shape[1] == 2

    @classmethod
    def of(cls, numbers: NDArray[Any]) -> Shape:
        return cls(numbers.tolist())

    @property
    def numbers(self) -> tuple[Any, ...]:
        return self.points

    def plain(self) -> list[Any]:
        return [list(point) for point in self.points]

    def is_possible(self) -> bool:
        return 3 <= len(self.points) <= MOST_CORNERS and self.is_finite() and _plane.is_simple(self.outline())

    def holds(self, points: Floats) -> NDArray[np.bool_]:
        return _plane.contains(self.outline(), points)

    def outline(self) -> Floats:
        return np.array(self.points)


@check.known_fields
@dataclass(frozen=True)
class Members:
    """Conductors by number: groups of discs, wires, or nodes.

    Parameters
    ----------
    numbers : array_like of int, (n,)
        Each once.

    Raises
    ------
    TypeError, ValueError
        Anything but whole numbers, or one that is there twice.

    Examples
    --------
    >>> import memnet as mn
    >>> mn.grid(3, 3, electrodes={"corners": mn.network.Members([0, 8]), "middle": 4}).electrodes["corners"]
    array([0, 8], dtype=int32)
    """

    numbers: tuple[int, ...]

    def __post_init__(self) -> None:
        array = given_numbers("Members.numbers", self.numbers)
        if array.ndim != 1 or (array.size and array.dtype.kind not in "iu"):
            raise TypeError(f"Members.numbers must be a list of whole numbers, got {check.shown(self.numbers)}")
        if len(np.unique(array)) < len(array):
            raise ValueError(f"Members.numbers must be different numbers, got {check.shown(self.numbers)}")
        object.__setattr__(self, "numbers", tuple(array.tolist()))


def given_numbers(name: str, value: Any) -> NDArray[Any]:
    """Return an array as `check.given_array` does, of objects where True or False is among numbers."""
    given = check.given_array(name, value)
    if given.dtype.kind not in "iuf" or isinstance(value, np.ndarray):
        return given
    objects = np.asarray(value, dtype=object)
    return objects if any(isinstance(one, (bool, np.bool_)) for one in objects.flat) else given


def _touching(part: Floats) -> Contacts:
    """Return contacts from the part of each wire (n_wires, 2), nan where it has none."""
    wire = np.flatnonzero(~np.isnan(part[:, 0])).astype(np.int32)
    return wire, part[wire]
