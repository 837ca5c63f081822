"""What a waveform is: a frozen expression that the C library evaluates."""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from memnet import _core
from memnet.base import check
from memnet.base.read_only import ReadOnlyArrays, frozen, read_only
from memnet.drive import _table
from memnet.drive._table import (
    CONCAT,
    CONSTANT,
    CURRENT,
    FLOATING,
    LIMITED,
    ROLE_CURRENT,
    ROLE_FLOATING,
    ROLE_VOLTAGE,
    ROWS,
    SUM,
)

# The most corners that are listed at a time, and waveforms that one is made of where text and files write it out.
MOST_CORNERS = MOST_WAVES = 10_000_000

_ROLES = {name: getattr(_core, f"ROLE_{name.upper()}") for name in ("floating", "voltage", "current", "limited")}


@dataclass(frozen=True, eq=False, repr=False)
class Waveform(ReadOnlyArrays):
    """A voltage or current over time; made by the functions of `memnet.drive`, not by hand.

    Attributes
    ----------
    kind : int
        What it is, a row of the C library's table of waveforms.
    parameters : tuple of float
        Its numbers, in the order in which its function takes them.
    samples : ndarray or None
        Its arrays, one after the other, where it has any.
    children : tuple of Waveform
        The waveforms it is made of.

    Examples
    --------
    >>> import memnet as mn
    >>> wave = mn.drive.triangle(0.0, 2.0, period=4.0) + 0.5
    >>> wave([0.0, 1.0, 2.0])
    array([0.5, 1.5, 2.5])
    >>> (8.0 * wave)([0.0, 1.0, 2.0])
    array([ 4., 12., 20.])
    >>> wave.corners(0.0, 5.0)
    array([0., 2., 4.])
    """

    # NumPy's numbers leave sums and products to a waveform, its arrays refuse them.
    __array_ufunc__ = None

    kind: int
    parameters: tuple[float, ...] = ()
    samples: NDArray[np.float64] | None = None
    children: tuple[Waveform, ...] = ()

    def __post_init__(self) -> None:
        row = ROWS[check.integer("kind", self.kind, 0, len(ROWS) - 1)]
        check.instance("parameters", self.parameters, (tuple, list), "a list of numbers")
        check.instance("children", self.children, (tuple, list), "a list of waveforms")
        for child in self.children:
            check.instance("a child", child, Waveform, "a waveform of mn.drive")
        own: _table.Parts = tuple(check.real("a parameter", x, bounds="[]") for x in self.parameters), None
        if self.samples is not None:
            own = own[0], frozen(check.array("samples", self.samples, (None,), finite=False))
        if not _table.fits(row, *own, len(self.children)):
            raise ValueError(f"{row['name']} has other parts than {check.shown((*own, self.children))}")
        if own[1] is not None and not row["leaf"]:
            own = _table.checked_durations(own[1].tolist())
        else:
            given = {one["name"]: _table.plain(one, value) for one, value in _table.parts_of(row, *own)}
            own = _table.joined(_table.checked_arguments(row, given))
        vars(self).update(vars(made(self.kind, own, tuple(self.children))))

    def __call__(self, t: ArrayLike) -> Any:
        """Return the value (V or A) at times t (s): an array of t's shape, or a float for a number; nan where floating.

        Raises
        ------
        TypeError, ValueError
            A time is no number or not finite.
        """
        times = check.given_array("t", t)
        flat = check.array("t", times.ravel(), (None,))
        waves, root = nodes([self])
        role, value = _core.wave_evaluate(waves, root[0], flat)
        shown = np.where(role == ROLE_FLOATING, np.nan, value).reshape(times.shape)
        return float(shown) if times.ndim == 0 else shown

    @check.known_keywords
    def corners(self, start: float, stop: float, *, jumps: bool | None = None) -> NDArray[np.float64]:
        """Return the times at which it jumps or turns; between two of them it is smooth.

        Where one piece of it ends and the next begins counts as a corner, whatever the two have in common: `concat`
        may join parts of equal values. A sum has the corners of its terms, and where rounding keeps two of them apart,
        both; those nearer to each other than the numbers that a time can be are one, which jumps where any of them
        does. The values at a jump count as reached 1e-9 of its own interval early, for times that are rounded.

        Parameters
        ----------
        start, stop : float
            First and last time (s), stop >= start; corners at either belong to it.
        jumps : bool, optional
            Only those at which the value may jump (True), or where just its slope changes (False); default: all.

        Returns
        -------
        ndarray (n,)
            Times (s), increasing, read-only.

        Raises
        ------
        TypeError, ValueError
            A time that is not finite, stop < start, or more than 10,000,000 corners.

        Examples
        --------
        >>> import memnet as mn
        >>> mn.drive.pulses(0.0, 1.0, length=1.0, spacing=3.0).corners(0.0, 6.0)
        array([0., 1., 4., 5.])
        """
        first = check.real("start", start, unit="s")
        last = check.real("stop", stop, first, math.inf, "[)", "s")
        wanted = None if jumps is None else check.flag("jumps", jumps)
        waves, root = nodes([self])
        after, found, total, n = max(math.nextafter(first, -math.inf), -np.finfo(float).max), [], 0, 1_024
        while math.isfinite(after):
            jump, time = _core.wave_corners(waves, root[0], np.array([after, last]), n)
            after = time[-1]
            there = np.isfinite(time)
            total += int(there.sum())
            if total > MOST_CORNERS:
                at_most = f"at most {MOST_CORNERS:,} corners are listed from {start:g} s on"
                raise ValueError(f"stop must be nearer to start, got {stop:g} s: {at_most}")
            found.append(time[there if wanted is None else there & (jump == wanted)])
            n *= 2
        return read_only(np.concatenate(found))

    def __add__(self, other: Any) -> Waveform:
        if not isinstance(other, Waveform) and not is_number(other):
            return NotImplemented
        return _sum(self, waveform("other", other))

    def __radd__(self, other: Any) -> Waveform:
        return _sum(waveform("other", other), self) if is_number(other) else NotImplemented

    def __mul__(self, factor: Any) -> Waveform:
        return _scaled(self, check.real("factor", factor), {}) if is_number(factor) else NotImplemented

    __rmul__ = __mul__

    @cached_property
    def roles(self) -> frozenset[int]:
        """The roles that it takes at one time or another: floating 0, voltage 1, current 2, limited 3."""
        own = _ROLES.get(ROWS[self.kind]["gives"])
        return frozenset({own}) if own is not None else frozenset.union(*(child.roles for child in self.children))

    @cached_property
    def depth(self) -> int:
        """How many waveforms are nested in one another, itself the first."""
        return 1 + max((child.depth for child in self.children), default=0)

    @cached_property
    def size(self) -> int:
        """How many waveforms it is written out as, itself the first and shared ones again and again."""
        return 1 + sum(child.size for child in self.children)

    @cached_property
    def flat(self) -> bool:
        """Whether it is constant between its corners."""
        return ROWS[self.kind]["flat"] and all(child.flat for child in self.children)

    def __repr__(self) -> str:
        if self.kind == FLOATING:
            return "None"
        if self.kind == SUM:
            return "(" + " + ".join(map(repr, self.children)) + ")"
        if self.kind == CURRENT:
            return f"current({self.children[0]!r})"
        if self.kind == LIMITED:
            return f"limited({self.children[0]!r}, current={self.parameters[0]!r})"
        if self.kind == CONCAT and self.samples is not None:
            lasting = (None if math.isinf(length) else length for length in self.samples.tolist())
            return f"concat([{', '.join(map(repr, zip(self.children, lasting, strict=True)))}])"
        parts = _table.parts_of(ROWS[self.kind], self.parameters, self.samples)
        return f"{ROWS[self.kind]['name']}({', '.join(_table.text(argument, value) for argument, value in parts)})"


Driven: TypeAlias = Waveform | float | None


def is_number(value: Any) -> bool:
    """Return whether a value is a number; masked arrays, which would go on by themselves, are refused at once."""
    if isinstance(value, np.ma.MaskedArray):
        raise TypeError(f"a waveform takes numbers and waveforms beside it, got {check.shown(value)}")
    return isinstance(value, numbers.Real) and not isinstance(value, bool)


def waveform(name: str, value: Any, unit: str = "V") -> Waveform:
    """Return a waveform, a number as a constant, or None as floating; raise TypeError for anything else."""
    if value is None:
        return made(FLOATING)
    if isinstance(value, Waveform):
        return value
    many = isinstance(value, (np.ndarray, list, tuple))
    if many or not is_number(value):
        hint = "; use mn.drive.from_array(values, dt) for sampled values" if many or callable(value) else ""
        allowed = f"a number ({unit}), None to float, or a waveform of mn.drive"
        raise TypeError(f"{name} must be {allowed}, got {check.shown(value)}{hint}")
    return made(CONSTANT, ((check.real(name, value, unit=unit),), None))


def nodes(waves: Iterable[Waveform]) -> tuple[list[_core.Wave], list[int]]:
    """Return waveforms as the C library takes them, children before parents and each once, and the place of each."""
    flat: list[_core.Wave] = []
    place: dict[int, int] = {}

    def add(wave: Waveform) -> int:
        if id(wave) not in place:
            children = tuple(add(child) for child in wave.children)
            flat.append((wave.kind, wave.parameters, wave.samples, children))
            place[id(wave)] = len(flat) - 1
        return place[id(wave)]

    return flat, [add(wave) for wave in waves]


def made(kind: int, own: _table.Parts = ((), None), children: tuple[Waveform, ...] = ()) -> Waveform:
    """Return a waveform of parameters and samples that were checked already, and of children that are checked here."""
    wave: Waveform = object.__new__(Waveform)
    vars(wave).update(kind=kind, parameters=own[0], samples=own[1], children=children)
    if kind == SUM and wave.roles not in ({ROLE_VOLTAGE}, {ROLE_CURRENT}):
        shown = " + ".join(map(check.shown, children))
        raise ValueError(f"a sum must be of voltages or of currents alone, got {shown}")
    if kind == CURRENT and children[0].roles != {ROLE_VOLTAGE}:
        shown = check.shown(children[0])
        raise ValueError(f"value of a current must be a number or a waveform of plain values, got {shown}")
    if kind == LIMITED and children[0].roles != {ROLE_VOLTAGE}:
        shown = check.shown(children[0])
        raise ValueError(f"voltage of limited must be a number or a waveform of plain voltages, got {shown}")
    if children and wave.depth > _core.WAVE_DEPTH:
        raise ValueError(f"a waveform must be nested at most {_core.WAVE_DEPTH} deep; give concat all parts at once")
    if children and wave.size > MOST_WAVES:
        raise ValueError(f"a waveform must be made of at most {MOST_WAVES:,} others, got {wave.size:,} written out")
    return wave


def _sum(first: Waveform, second: Waveform) -> Waveform:
    terms = [wave.children if wave.kind == SUM else (wave,) for wave in (first, second)]
    return made(SUM, children=terms[0] + terms[1])


def _scaled(wave: Waveform, factor: float, known: dict[int, Waveform]) -> Waveform:
    """Return a waveform with every value times a number: C needs no node for that, the leaves take it."""
    if id(wave) in known:
        return known[id(wave)]
    row = ROWS[wave.kind]
    with np.errstate(over="ignore"):
        values = [
            factor * value if argument["unit"] == _table.VALUE else value
            for argument, value in _table.parts_of(row, wave.parameters, wave.samples)
        ]
    if not np.isfinite(_table.spans_of(row, _table.levels_of(row, values))).all():
        raise ValueError(f"factor must keep the values of the waveform finite, got {factor:g}")
    children = tuple(_scaled(child, factor, known) for child in wave.children)
    return known.setdefault(id(wave), made(wave.kind, _table.joined(values), children))
