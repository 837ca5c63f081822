"""What is done to the electrodes over time: waveforms of voltage and current.

A drive is a dict from electrode name to a waveform, a number (a constant voltage, V) or None (floating). Waveforms are
frozen, can be added, multiplied by a number, called with times to see their values, and are evaluated by the C library
alone.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from memnet import _core
from memnet.base import check as _check
from memnet.base.read_only import ReadOnlyArrays, read_only

__all__ = ["Waveform", "concat", "constant", "current", "from_array", "pulses", "sine", "steps", "triangle"]

# The kinds of mn_wave_kind in memnet.h.
FLOATING, CONSTANT, TRIANGLE, SINE, PULSES, STEPS, ARRAY, SUM, CONCAT, CURRENT = range(10)
# The roles of mn_role in memnet.h.
ROLE_FLOATING, ROLE_VOLTAGE, ROLE_CURRENT = range(3)

_NAMES = ("floating", "constant", "triangle", "sine", "pulses", "steps", "from_array", "sum", "concat", "current")
_KEYWORDS: dict[int, tuple[str, ...]] = {
    CONSTANT: ("value",),
    TRIANGLE: ("low", "high", "period", "phase"),
    SINE: ("amplitude", "frequency", "offset", "phase"),
    PULSES: ("low", "high", "length", "spacing", "count", "start"),
}
# Times and frequencies are between its reciprocal and it, so that neither their product nor their quotient overflows.
LARGEST_TIME = 1e300

# Which of the parameters are values, in V or A; the others are times, counts and phases.
_VALUES: dict[int, tuple[int, ...]] = {CONSTANT: (0,), TRIANGLE: (0, 1), SINE: (0, 2), PULSES: (0, 1)}


def __dir__() -> list[str]:
    return list(__all__)


@dataclass(frozen=True, eq=False, repr=False)
class Waveform(ReadOnlyArrays):
    """A voltage or current over time; made by the functions of this module, not by hand.

    Attributes
    ----------
    kind : int
        What it is, a number of `mn_wave_kind` in memnet.h.
    parameters : tuple of float
        Its numbers, in the order of memnet.h.
    samples : ndarray or None
        Its sampled values, where it has any.
    children : tuple of Waveform
        The waveforms it is made of.

    Examples
    --------
    >>> wave = triangle(0.0, 2.0, period=4.0) + 0.5
    >>> wave([0.0, 1.0, 2.0])
    array([0.5, 1.5, 2.5])
    >>> (8.0 * wave)([0.0, 1.0, 2.0])
    array([ 4., 12., 20.])
    """

    # NumPy's numbers leave sums and products to a waveform, its arrays refuse them.
    __array_ufunc__ = None

    kind: int
    parameters: tuple[float, ...] = ()
    samples: NDArray[np.float64] | None = None
    children: tuple[Waveform, ...] = ()

    def __call__(self, t: ArrayLike) -> Any:
        """Return the value (V or A) at times t (s): an array of t's shape, or a float for a number; nan where floating.

        Raises
        ------
        TypeError, ValueError
            A time is no number or not finite.
        """
        times = _check.given_array("t", t)
        flat = _check.array("t", times.ravel(), (None,))
        waves, root = flatten({"": self}, [""])
        role, value = _core.wave_evaluate(waves, int(root[0]), flat)
        shown = np.where(role == ROLE_FLOATING, np.nan, value).reshape(times.shape)
        return float(shown) if times.ndim == 0 else shown

    def __add__(self, other: Any) -> Waveform:
        if not isinstance(other, Waveform) and not _is_number(other):
            return NotImplemented
        return _sum([self, waveform("other", other)])

    def __radd__(self, other: Any) -> Waveform:
        return _sum([waveform("other", other), self]) if _is_number(other) else NotImplemented

    def __mul__(self, factor: Any) -> Waveform:
        return _scaled(self, _check.real("factor", factor)) if _is_number(factor) else NotImplemented

    __rmul__ = __mul__

    @property
    def roles(self) -> frozenset[int]:
        """The roles that it takes at one time or another: floating 0, voltage 1, current 2."""
        if self.kind == FLOATING:
            return frozenset({ROLE_FLOATING})
        if self.kind == CURRENT:
            return frozenset({ROLE_CURRENT})
        if self.kind in (SUM, CONCAT):
            return frozenset[int]().union(*(child.roles for child in self.children))
        return frozenset({ROLE_VOLTAGE})

    def __repr__(self) -> str:
        if self.kind == FLOATING:
            return "None"
        if self.kind == SUM:
            return "(" + " + ".join(map(repr, self.children)) + ")"
        if self.kind == CONCAT:
            assert self.samples is not None
            pairs = zip(self.children, self.samples, strict=True)
            return "concat([" + ", ".join(f"({child!r}, {_text(length)})" for child, length in pairs) + "])"
        if self.kind == CURRENT:
            return f"current({self.children[0]!r})"
        return f"{_NAMES[self.kind]}({self._arguments()})"

    def _arguments(self) -> str:
        if self.kind in _KEYWORDS:
            pairs = zip(_KEYWORDS[self.kind], self.parameters, strict=True)
            return ", ".join(f"{name}={_text(value, whole=name == 'count')}" for name, value in pairs)
        assert self.samples is not None
        if self.kind == STEPS:
            values, times = np.split(self.samples, 2)
            return f"{_list(values)}, {_list(times)}"
        interval, repeat = self.parameters
        return f"{_list(self.samples)}, dt={interval!r}, repeat={bool(repeat)}"


Driven: TypeAlias = Waveform | float | None


def _is_number(value: Any) -> bool:
    """Return whether a value is a number; masked arrays, which would go on by themselves, are refused at once."""
    if isinstance(value, np.ma.MaskedArray):
        raise TypeError(f"a waveform takes numbers and waveforms beside it, got {_check.shown(value)}")
    return isinstance(value, numbers.Real) and not isinstance(value, bool)


def _text(value: float, whole: bool = False) -> str:
    if math.isinf(value):
        return "None"
    return repr(int(value) if whole else float(value))


def _list(values: NDArray[np.float64]) -> str:
    return "[" + ", ".join(repr(float(x)) for x in values) + "]"


def waveform(name: str, value: Any, unit: str = "V") -> Waveform:
    """Return a waveform, a number as a constant, or None as floating; raise TypeError for anything else."""
    if value is None:
        return Waveform(FLOATING)
    if isinstance(value, Waveform):
        return value
    if isinstance(value, (np.ndarray, list, tuple)):
        raise TypeError(
            f"{name} must be a number, None or a waveform, got {type(value).__name__}; "
            "use mn.drive.from_array(values, dt) for sampled values"
        )
    if not _is_number(value):
        raise TypeError(
            f"{name} must be a number ({unit}), None to float, or a waveform of mn.drive, got {_check.shown(value)}"
        )
    return Waveform(CONSTANT, (_check.real(name, value, unit=unit),))


@_check.known_keywords
def constant(value: float) -> Waveform:
    """Return a voltage that stays.

    Parameters
    ----------
    value : float
        Voltage (V).

    Raises
    ------
    TypeError, ValueError
        Not a finite number.

    Examples
    --------
    >>> constant(3.0)(0.0)
    3.0
    """
    return Waveform(CONSTANT, (_check.real("value", value, unit="V"),))


@_check.known_keywords
def triangle(low: float, high: float, period: float, phase: float = 0.0) -> Waveform:
    """Return a triangle that rises from `low` to `high` in half a period and falls back in the other half.

    Parameters
    ----------
    low, high : float
        Turning points (V).
    period : float
        Period (s), > 0.
    phase : float
        Where in its period it starts, in turns: 0 at `low` rising, 0.25 half-way up, 0.5 at `high`.

    Raises
    ------
    TypeError, ValueError
        A number that is not finite, a period that is not positive.

    Examples
    --------
    >>> triangle(0.0, 2.0, period=200.0)(50.0)
    1.0
    """
    low, high = _check.real("low", low, unit="V"), _check.real("high", high, unit="V")
    _refuse_overflow("low and high", low, high, high - low)
    return Waveform(TRIANGLE, (low, high, _positive("period", period), _check.real("phase", phase)))


@_check.known_keywords
def sine(amplitude: float, frequency: float, offset: float = 0.0, phase: float = 0.0) -> Waveform:
    """Return offset + amplitude sin(2 pi (frequency t + phase)).

    Parameters
    ----------
    amplitude, offset : float
        Voltages (V).
    frequency : float
        Frequency (Hz), > 0.
    phase : float
        Phase (turns).

    Raises
    ------
    TypeError, ValueError
        A number that is not finite, a frequency that is not positive.

    Examples
    --------
    >>> round(sine(2.0, frequency=0.25)(1.0), 12)
    2.0
    """
    amplitude, offset = _check.real("amplitude", amplitude, unit="V"), _check.real("offset", offset, unit="V")
    _refuse_overflow("amplitude and offset", amplitude, offset, abs(amplitude) + abs(offset))
    return Waveform(SINE, (amplitude, _positive("frequency", frequency, "Hz"), offset, _check.real("phase", phase)))


@_check.known_keywords
def pulses(
    low: float, high: float, length: float, spacing: float, count: int | None = None, start: float = 0.0
) -> Waveform:
    """Return pulses of `high` for `length`, apart by `spacing` at `low`.

    Parameters
    ----------
    low, high : float
        Voltage between the pulses and in them (V).
    length, spacing : float
        Duration of a pulse, and from its end to the next pulse (s), > 0.
    count : int, optional
        Number of pulses, >= 1; without it they go on for ever.
    start : float
        Start of the first pulse (s); `low` before it.

    Raises
    ------
    TypeError, ValueError
        A number that is not finite, a duration that is not positive, a count below 1.

    Examples
    --------
    >>> pulses(1.25, 6.0, length=250.0, spacing=250.0, count=7)(260.0)
    1.25
    """
    times = (_positive("length", length), _positive("spacing", spacing))
    n = math.inf if count is None else float(_check.integer("count", count, 1))
    levels = (_check.real("low", low, unit="V"), _check.real("high", high, unit="V"))
    return Waveform(PULSES, (*levels, *times, n, _time("start", start)))


@_check.known_keywords
def steps(values: ArrayLike, times: ArrayLike) -> Waveform:
    """Return values that each hold from their time until the next one's.

    Parameters
    ----------
    values : array_like (n,)
        Voltages (V), n >= 1.
    times : array_like (n,)
        When each value starts (s), increasing; the first also counts before its time.

    Raises
    ------
    TypeError, ValueError
        Arrays of other shapes, a number that is not finite, times that do not increase.

    Examples
    --------
    >>> steps([0.0, 3.0], [0.0, 100.0])(100.0)
    3.0
    """
    level = _samples("values", values)
    when = _check.array("times", times, (level.size,))
    _check.numbers_within("times", when, -LARGEST_TIME, LARGEST_TIME)
    _check.increasing("times", when, unit="s")
    return Waveform(STEPS, (), read_only(np.concatenate((level, when))))


@_check.known_keywords
def from_array(values: ArrayLike, dt: float, repeat: bool = False) -> Waveform:
    """Return sampled values, each held for `dt`, from t = 0 on.

    Parameters
    ----------
    values : array_like (n,)
        Voltages (V), n >= 1. One electrode's: a two-dimensional array is refused.
    dt : float
        Sample interval (s), > 0.
    repeat : bool
        Whether they start again after the last; else the last one holds.

    Raises
    ------
    TypeError, ValueError
        An array of another shape, a number that is not finite, dt <= 0.

    Examples
    --------
    >>> from_array([1.0, 2.0], dt=0.5)(0.5)
    2.0
    """
    _check.flag("repeat", repeat)
    return Waveform(ARRAY, (_positive("dt", dt), float(repeat)), read_only(np.array(_samples("values", values))))


@_check.known_keywords
def current(value: Driven) -> Waveform:
    """Return a drive by a current (A, positive into the network) with the values of a number or a waveform.

    Parameters
    ----------
    value : float or Waveform
        The current (A), or a waveform whose values are currents (A).

    Raises
    ------
    TypeError, ValueError
        None, or a waveform that floats or is a current already.

    Examples
    --------
    >>> current(1e-6)
    current(constant(value=1e-06))
    """
    child = waveform("value", value, "A")
    if child.roles != {ROLE_VOLTAGE}:
        raise ValueError(
            f"value of a current must be a number or a waveform of plain values, got {_check.shown(value)}"
        )
    return Waveform(CURRENT, (), None, (child,))


@_check.known_keywords
def concat(parts: Iterable[tuple[Driven, float | None]]) -> Waveform:
    """Return waveforms one after the other; each starts at its own t = 0.

    Parameters
    ----------
    parts : iterable of pairs (waveform, duration)
        A waveform, number (V) or None (floating) and how long it lasts (s, > 0). The last goes on for ever; its
        duration may be None.

    Raises
    ------
    TypeError, ValueError
        No part, something else than pairs, a duration that is not positive, or None before the last.

    Examples
    --------
    >>> concat([(3.0, 100.0), (None, 50.0), (sine(1.0, 0.1), None)])(120.0)
    nan
    """
    _check.instance("parts", parts, Iterable, "a list of pairs (waveform, duration)")
    pairs = list(parts)
    if not pairs:
        raise ValueError("parts must hold at least one pair (waveform, duration), got none")
    children, durations = [], []
    for k, pair in enumerate(pairs):
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            raise TypeError(f"parts[{k}] must be a pair (waveform, duration), got {_check.shown(pair)}")
        children.append(waveform(f"waveform of parts[{k}]", pair[0]))
        last = k == len(pairs) - 1 and (pair[1] is None or pair[1] == math.inf)
        durations.append(math.inf if last else _positive(f"duration of parts[{k}]", pair[1]))
    return Waveform(CONCAT, (), read_only(np.array(durations)), tuple(children))


def _sum(children: Sequence[Waveform]) -> Waveform:
    roles = frozenset[int]().union(*(child.roles for child in children))
    if len(roles) != 1 or ROLE_FLOATING in roles:
        raise ValueError(f"a sum must be of voltages or of currents alone, got {' + '.join(map(repr, children))}")
    flat = [part for child in children for part in (child.children if child.kind == SUM else (child,))]
    return Waveform(SUM, (), None, tuple(flat))


def _scaled(wave: Waveform, factor: float) -> Waveform:
    """Return a waveform with every value times a number: C needs no node for that, the leaves take it."""
    places = _VALUES.get(wave.kind, ())
    parameters = tuple(factor * x if k in places else x for k, x in enumerate(wave.parameters))
    samples = wave.samples
    if samples is not None and wave.kind in (STEPS, ARRAY):
        n = samples.size // 2 if wave.kind == STEPS else samples.size
        with np.errstate(over="ignore"):
            samples = read_only(np.concatenate((factor * samples[:n], samples[n:])))
        finite = bool(np.isfinite(samples).all())
    else:
        finite = all(math.isfinite(parameters[k]) for k in places)
    if finite and wave.kind in (TRIANGLE, SINE):
        first, second = (parameters[k] for k in places)
        finite = math.isfinite(abs(first) + abs(second))
    if not finite:
        raise ValueError(f"factor must keep the values of the waveform finite, got {factor:g}")
    return Waveform(wave.kind, parameters, samples, tuple(_scaled(child, factor) for child in wave.children))


def _positive(name: str, value: Any, unit: str = "s") -> float:
    number = _check.real(name, value, 0.0, math.inf, "()", unit)
    return _check.real(name, number, 1.0 / LARGEST_TIME, LARGEST_TIME, "[]", unit)


def _time(name: str, value: Any) -> float:
    return _check.real(name, value, -LARGEST_TIME, LARGEST_TIME, "[]", "s")


def _refuse_overflow(names: str, first: float, second: float, extent: float) -> None:
    if not math.isfinite(extent):
        raise ValueError(f"{names} must be of a size whose sum and difference are finite, got {first!r} and {second!r}")


def _samples(name: str, values: Any) -> NDArray[np.float64]:
    given = _check.given_array(name, values)
    if given.ndim != 1:
        raise ValueError(
            f"{name} must be one-dimensional (one electrode's values), got shape {given.shape}; "
            "give each electrode a waveform of its own"
        )
    result = _check.array(name, given, (None,))
    if result.size == 0:
        raise ValueError(f"{name} must hold at least one value, got none")
    return result


def checked(drive: Any, electrodes: Iterable[str]) -> dict[str, Waveform]:
    """Return a drive as one waveform an electrode, in the network's order.

    Parameters
    ----------
    drive : dict
        Electrode name to waveform, number (V) or None (floating); every electrode of the network.
    electrodes : iterable of str
        The network's electrodes.

    Raises
    ------
    TypeError, ValueError
        No dict, an unknown or missing electrode, a value that is no drive, or nothing driven at all.
    """
    names = list(electrodes)
    if not names:
        raise ValueError("drive has nothing to drive: the network has no electrode")
    if not isinstance(drive, Mapping):
        raise TypeError(f"drive must be a dict from electrode to waveform, got {drive!r}; electrodes: {names}")
    for name in drive:
        if name not in names:
            near = _check.did_you_mean(str(name), names)
            raise ValueError(f"drive names an unknown electrode {name!r}{near}; electrodes: {', '.join(names)}")
    for name in names:
        if name not in drive:
            raise ValueError(f"drive says nothing about electrode {name!r}; give it a value, or None to let it float")
    waves = {name: waveform(f"drive[{name!r}]", drive[name]) for name in names}
    if all(wave.roles == {ROLE_FLOATING} for wave in waves.values()):
        raise ValueError(f"drive must drive at least one electrode of {names}, all of them float")
    return waves


def flatten(drive: Mapping[str, Driven], names: Sequence[str]) -> tuple[list[_core.Wave], NDArray[np.int32]]:
    """Return waveforms as the C library takes them: nodes with children before parents, and each electrode's root.

    Parameters
    ----------
    drive : mapping
        Electrode name to waveform, number or None.
    names : sequence of str
        The electrodes, in the network's order.

    Returns
    -------
    waves : list of tuple
        kind, parameters, samples or None, indices of the children.
    root : ndarray (n_electrodes,) int32
        Index of each electrode's waveform, -1 for floating.
    """
    waves: list[_core.Wave] = []
    place: dict[int, int] = {}

    def add(wave: Waveform) -> int:
        if id(wave) not in place:
            children = tuple(add(child) for child in wave.children)
            waves.append((wave.kind, wave.parameters, wave.samples, children))
            place[id(wave)] = len(waves) - 1
        return place[id(wave)]

    given = [waveform(f"drive[{name!r}]", drive[name]) for name in names]
    root = [-1 if wave.kind == FLOATING else add(wave) for wave in given]
    return waves, np.array(root, dtype=np.int32)


def role_and_value(name: str, value: Driven) -> tuple[int, float]:
    """Return role (0 floating, 1 voltage, 2 current) and value (V or A) of something constant.

    Raises
    ------
    TypeError, ValueError
        Not a number, None, `constant` or `current` of those.
    """
    wave = waveform(name, value)
    if wave.kind == FLOATING:
        return ROLE_FLOATING, 0.0
    if wave.kind == CONSTANT:
        return ROLE_VOLTAGE, wave.parameters[0]
    if wave.kind == CURRENT and wave.children[0].kind == CONSTANT:
        return ROLE_CURRENT, wave.children[0].parameters[0]
    raise ValueError(f"{name} must be constant: a number (V), None to float, or mn.drive.current(A), got {value!r}")


def to_spec(wave: Waveform) -> dict[str, Any]:
    """Return a waveform as plain data: dicts, lists, numbers and arrays, for files and provenance.

    Raises
    ------
    TypeError
        No waveform.
    """
    _check.instance("wave", wave, Waveform, "a waveform of mn.drive")
    spec: dict[str, Any] = {"kind": _NAMES[wave.kind]}
    if wave.parameters:
        spec["parameters"] = list(wave.parameters)
    if wave.samples is not None:
        spec["samples"] = wave.samples
    if wave.children:
        spec["children"] = [to_spec(child) for child in wave.children]
    return spec


def from_spec(spec: Mapping[str, Any]) -> Waveform:
    """Return the waveform that `to_spec` described.

    Raises
    ------
    TypeError, ValueError
        No mapping, an unknown kind.
    """
    if not isinstance(spec, Mapping) or "kind" not in spec:
        raise TypeError(f'spec must be a dict with a "kind", as to_spec returns it, got {_check.shown(spec)}')
    kind = _NAMES.index(_check.one_of("kind of waveform", spec["kind"], _NAMES))
    samples = spec.get("samples")
    return Waveform(
        kind,
        tuple(float(x) for x in spec.get("parameters", ())),
        None if samples is None else read_only(np.array(_check.array("samples", samples, (None,), finite=False))),
        tuple(from_spec(child) for child in spec.get("children", ())),
    )
