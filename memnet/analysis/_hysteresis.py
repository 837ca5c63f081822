"""Hysteresis: branches and cycles of a voltage sweep, areas of their lobes, and how alike two loops are."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from memnet.analysis import _cycles as cycles
from memnet.analysis._cycles import Branch
from memnet.analysis._local_conductance import AT_ZERO, NEAR_ZERO, WINDOW, chord, smoothed, zero_current
from memnet.analysis._sweep import of_run
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.base.text import Summary, ends, quantity, span

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Cycle", "Hysteresis", "Lobe", "Piece", "hysteresis", "loop_distance"]

Curves = dict[tuple[int, bool], tuple[Floats, Floats]]

# Voltages at which two branches are compared.
GRID = 400
# A loop whose opening is smaller than this fraction of its conductance is rounding, not hysteresis.
ROUNDING = 1e-12


@dataclass(frozen=True, repr=False)
class Lobe(Summary):
    """One side of a loop in the I-V plane.

    Attributes
    ----------
    sign : int
        +1 for the part at positive voltages, -1 for the other.
    area : float
        Area that the current encloses (W), positive where it is run through counter-clockwise: a larger current on the
        way back from the peak.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> phase = np.linspace(0.0, 2.0 * np.pi, 2001)
    >>> loop = mn.analysis.hysteresis(np.sin(phase), conductance=1.3 - 0.3 * np.cos(phase))
    >>> [(lobe.sign, lobe.direction) for lobe in loop.cycles[0].lobes]
    [(1, 'counter-clockwise'), (-1, 'clockwise')]
    """

    sign: int
    area: float

    @property
    def direction(self) -> str:
        """Return "counter-clockwise", "clockwise" or "none"."""
        return "none" if self.area == 0.0 else "counter-clockwise" if self.area > 0.0 else "clockwise"

    def _summary(self) -> dict[str, str]:
        return {"voltage": "> 0" if self.sign > 0 else "< 0", "area": quantity(self.area, "W"), "turns": self.direction}


@dataclass(frozen=True, repr=False)
class Piece(Summary):
    """A part of a cycle over which the drive goes away from 0 V (outward) or comes back, at one sign of the voltage.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> phase = np.linspace(0.0, 2.0 * np.pi, 2001)
    >>> loop = mn.analysis.hysteresis(np.sin(phase), conductance=1.3 - 0.3 * np.cos(phase))
    >>> [(piece.sign, piece.voltage.size) for piece in loop.cycles[0].pieces()]
    [(1, 501), (1, 501), (-1, 500), (-1, 501)]
    """

    sign: int
    outward: bool
    voltage: Floats
    current: Floats
    conductance: Floats

    def _summary(self) -> dict[str, str]:
        return {
            "voltage": ends(self.voltage[0], self.voltage[-1], "V"),
            "way": "out" if self.outward else "back",
            "samples": str(self.voltage.size),
        }


@dataclass(frozen=True, repr=False)
class Cycle(Summary):
    """One period of a sweep.

    Attributes
    ----------
    start, stop : int
        Samples start to stop - 1.
    voltage, current, conductance : ndarray
        The loop (V, A, S), as in `Hysteresis`.
    lobes : tuple of Lobe
        One, or one for each sign of the voltage.
    pinch : float
        Current where the voltage passes 0, as a fraction of the largest current: 0 for a pinched loop, apart from the
        `Hysteresis.offset` of an instrument. nan for a cycle that does not reach 0 V.
    opening : float
        Largest distance between the conductances of the way out and the way back at one voltage, divided by the range
        of the conductance; 0 without hysteresis.
    ratio : float
        Largest over smallest conductance, in the whole loop or, where `read` was given, at that voltage (way out and
        way back; nan where the loop has not both). inf where the smallest is 0, nan where it is negative.
    branches : tuple of Branch
        Where the drive rises or falls, in samples of this cycle.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> phase = np.linspace(0.0, 2.0 * np.pi, 2001)
    >>> loop = mn.analysis.hysteresis(np.sin(phase), conductance=1.3 - 0.3 * np.cos(phase))
    >>> loop.cycles[0].direction, round(loop.cycles[0].area, 3)
    ('crossing', 0.4)
    >>> [len(piece.voltage) for piece in loop.cycles[0].pieces()]
    [501, 501, 500, 501]
    """

    start: int
    stop: int
    voltage: Floats
    current: Floats
    conductance: Floats
    lobes: tuple[Lobe, ...]
    pinch: float
    opening: float
    ratio: float
    branches: tuple[Branch, ...]

    @property
    def area(self) -> float:
        """Return the sum of the magnitudes of the lobes' areas (W)."""
        return float(sum(abs(lobe.area) for lobe in self.lobes))

    @property
    def direction(self) -> str:
        """Return the direction of the lobe, of both where they agree, else "crossing" (a loop like an 8)."""
        directions = {lobe.direction for lobe in self.lobes} - {"none"}
        return "crossing" if len(directions) > 1 else directions.pop() if directions else "none"

    def pieces(self) -> Iterator[Piece]:
        """Return the parts of the loop, out and back, at each sign of the voltage."""
        return _pieces(self.voltage, self.current, self.conductance, self.branches)

    def _summary(self) -> dict[str, str]:
        return {
            "samples": f"{self.start} to {self.stop - 1}",
            "voltage": span(self.voltage, "V"),
            "lobes": str(len(self.lobes)),
            "area": quantity(self.area, "W"),
            "turns": self.direction,
            "opening": quantity(self.opening),
            "ratio": quantity(self.ratio),
        }


@dataclass(frozen=True, repr=False)
class Hysteresis(Summary):
    """A voltage sweep, split.

    Attributes
    ----------
    voltage, current, conductance : ndarray, shape (n,)
        The whole sweep (V, A, S). Where no conductance was given it is (current - offset)/voltage, and nan below 5 % of
        the largest voltage, where that says nothing.
    branches : tuple of Branch
        Where the drive rises or falls, in order of time.
    cycles : tuple of Cycle
        Whole periods, each from the phase of the first sample to its return.
    closed : bool
        Whether the last sample agrees with the first one, to within the noise and a step of the sweep.
    offset : float
        Current (A) that the instrument adds, as seen at 0 V; 0 where none can be told from the noise.
    tolerance : float
        Reversals of the drive up to this fraction of its range were taken for noise.
    message : str
        Empty, or "not enough data: ..." where there is no whole period.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> phase = np.linspace(0.0, 2.0 * np.pi, 2001)
    >>> loop = mn.analysis.hysteresis(np.sin(phase), conductance=1.3 - 0.3 * np.cos(phase))
    >>> loop.closed, len(loop.cycles), len(loop.branches)
    (True, 1, 3)
    >>> sorted(loop.to_dataset())[:3]
    ['area', 'direction', 'opening']
    """

    voltage: Floats
    current: Floats
    conductance: Floats
    branches: tuple[Branch, ...]
    cycles: tuple[Cycle, ...]
    closed: bool
    offset: float
    tolerance: float
    message: str = ""

    def _summary(self) -> dict[str, str]:
        return {
            "cycles": str(len(self.cycles)),
            "branches": str(len(self.branches)),
            "samples": str(self.voltage.size),
            "voltage": span(self.voltage, "V"),
            "closed": "yes" if self.closed else "no",
            "offset": quantity(self.offset, "A"),
            "": self.message,
        }

    def to_dataset(self) -> xr.Dataset:
        """Return the measures of all cycles as a dataset over `cycle`."""
        import xarray as xr

        def column(name: str, unit: str) -> tuple[str, Floats, dict[str, str]]:
            return "cycle", np.array([getattr(one, name) for one in self.cycles], dtype=np.float64), {"units": unit}

        units = {"area": "W", "pinch": "1", "opening": "1", "ratio": "1"}
        variables: dict[str, Any] = {name: column(name, unit) for name, unit in units.items()}
        variables["direction"] = ("cycle", [one.direction for one in self.cycles])
        return xr.Dataset(variables, attrs={"message": self.message})


def hysteresis(
    data: Any,
    current: ArrayLike | None = None,
    *,
    conductance: ArrayLike | None = None,
    time: ArrayLike | None = None,
    electrode: str | None = None,
    drive: ArrayLike | None = None,
    read: float | None = None,
    tolerance: float | None = None,
) -> Hysteresis:
    """Split a voltage sweep into branches and cycles and measure its loops.

    Cycles come from the turning points that the eye sees: reversals beyond the noise. A device voltage that falls back
    where the device switches on, behind a series resistor, and then goes on does not turn there.

    Parameters
    ----------
    data : xarray.Dataset or array_like, shape (n,)
        The result of `Simulation.run` on a network with two electrodes, or the voltage (V).
    current : array_like, shape (n,), optional
        Current (A). Either it or `conductance` is needed beside a voltage.
    conductance : array_like, shape (n,), optional
        Conductance (S), nan where it is not known; those samples are left out. By default it comes from the current,
        less the current at 0 V, and never from samples near 0 V; `opening` and `ratio` then use local fits.
    time : array_like, shape (n,), optional
        Times of the samples (s), checked to increase.
    electrode : str, optional
        Electrode of `data` whose voltage and current these are, by default its first one; its voltage counts against
        the other one's. With a dataset only.
    drive : array_like, shape (n,), optional
        Voltage (V) that defines branches and cycles, such as that of the source where `data` is the one at the device;
        by default the voltage itself.
    read : float, optional
        Voltage (V) at which the conductances of `Cycle.ratio` are read; by default it is of the whole loop.
    tolerance : float, optional
        Reversals of the drive up to this fraction of its range are noise and start no branch, in [0, 1); by default
        found from the noise.

    Returns
    -------
    Hysteresis

    Raises
    ------
    ValueError
        Fewer than two branches (a constant voltage has none), values that are not finite, times that do not increase,
        arrays of different lengths, a dataset without the conductance or with more than two electrodes, an electrode
        beside arrays, a read voltage outside the sweep.
    TypeError
        Arrays of anything but numbers.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> phase = np.linspace(0.0, 2.0 * np.pi, 2001)
    >>> voltage, flux = np.sin(phase), 1.0 - np.cos(phase)
    >>> loop = mn.analysis.hysteresis(voltage, conductance=1.0 + 0.3 * flux).cycles[0]
    >>> [round(lobe.area, 4) for lobe in loop.lobes], loop.direction
    ([0.2, -0.2], 'crossing')
    """
    limit = None if tolerance is None else check.real("tolerance", tolerance, 0.0, 1.0, "[)")
    if hasattr(data, "data_vars"):
        if current is not None or conductance is not None or time is not None:
            raise ValueError("current, conductance and time are taken from the dataset; give voltages to use arrays")
        data, current, conductance, time = of_run(data, electrode)
    elif electrode is not None:
        raise ValueError(f"electrode is of a dataset; got electrode={electrode!r} beside arrays, which have none")
    volts = check.array("voltage", data, (None,))
    if volts.size < 3:
        raise ValueError(f"voltage must hold at least 3 samples, got {volts.size}")
    if time is not None:
        check.increasing("time", check.array("time", time, volts.shape))
    source = volts if drive is None else check.array("drive", drive, volts.shape)
    level = None if read is None else _read_voltage(read, volts)
    amps, siemens = _both(volts, current, conductance)
    sweep = cycles.split(source, limit, amps if drive is None else None)
    if len(sweep.branches) < 2:
        raise ValueError(
            f"hysteresis needs a sweep with at least 2 branches, got {len(sweep.branches)} in {volts.size} voltages"
            f" from {source.min():g} to {source.max():g} V"
        )
    offset = zero_current(volts, amps, sweep.branches)
    width = 0.0 if siemens is not None else WINDOW * float(np.abs(volts).max())
    if siemens is None:
        siemens = chord(volts, amps, offset)
    peak = float(np.abs(volts).max())
    noise = max(AT_ZERO * peak, min(sweep.tolerance * float(np.ptp(source)), NEAR_ZERO * peak))
    trace = _Trace(volts, amps, siemens, sweep.branches, noise, width, level)
    loops = tuple(_cycle(first, stop, trace) for first, stop in sweep.cycles)
    message = "" if loops else f"not enough data: {len(sweep.branches)} branches without a whole period"
    return Hysteresis(volts, amps, siemens, sweep.branches, loops, sweep.closed, offset, sweep.tolerance, message)


def _read_voltage(read: float, volts: Floats) -> float:
    """Return a read voltage inside the sweep."""
    level = check.real("read", read, float(volts.min()), float(volts.max()), "[]", "V")
    if level == 0.0:
        raise ValueError("read must not be 0 V, where a current says nothing about the conductance")
    return level


def loop_distance(first: Cycle, second: Cycle) -> float:
    """Return how far apart the shapes of two G-V loops are.

    Voltages are divided by their largest magnitude and conductances by that at the largest voltage. The distance is the
    root mean square difference over all voltages that both loops reach, way out and way back alike, divided by the
    range of the second loop's conductance. So 0 means the same shape, and the order matters where ranges differ.

    Parameters
    ----------
    first, second : Cycle
        The loops, such as a single device's and a network's.

    Returns
    -------
    float
        The distance; nan where the second loop's conductance does not vary or where no part of them can be compared.

    Raises
    ------
    ValueError
        A conductance of 0 at the largest voltage.
    TypeError
        Anything but cycles.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> v = np.r_[0:11, 9:-1:-1] / 10.0
    >>> up_and_down = np.r_[1.0 + v[:11], 2.0 * np.ones(10)]
    >>> one, ten = (mn.analysis.hysteresis(k * v, conductance=up_and_down).cycles[0] for k in (1, 10))
    >>> mn.analysis.loop_distance(one, ten)
    0.0
    """
    for name, cycle in (("first", first), ("second", second)):
        check.instance(name, cycle, Cycle, "a Cycle, such as hysteresis(...).cycles[0]")
    ours, theirs = (_normalised(cycle) for cycle in (first, second))
    if not theirs:
        return math.nan
    both = np.concatenate([g for _, g in theirs.values()])
    span = float(both.max() - both.min())
    squares = []
    for side in sorted(ours.keys() & theirs.keys()):
        (x, g), (y, h) = ours[side], theirs[side]
        low, high = max(x[0], y[0]), min(x[-1], y[-1])
        if high > low:
            at = np.linspace(low, high, GRID)
            squares.append((np.interp(at, x, g) - np.interp(at, y, h)) ** 2)
    if not squares or not span > ROUNDING:
        return math.nan
    return float(np.sqrt(np.mean(squares)) / span)


def _both(volts: Floats, current: Any, conductance: Any) -> tuple[Floats, Floats | None]:
    """Return the current, from the conductance where it was not given, and the conductance where it was."""
    if current is None and conductance is None:
        raise ValueError("hysteresis needs current or conductance beside the voltage")
    siemens = None if conductance is None else _known(conductance, volts.shape)
    if current is not None:
        return check.array("current", current, volts.shape), siemens
    assert siemens is not None
    at, known = np.arange(siemens.size), np.isfinite(siemens)
    return volts * np.interp(at, at[known], siemens[known]), siemens


def _known(conductance: ArrayLike, shape: tuple[int, ...]) -> Floats:
    """Return conductances of which some may be nan."""
    siemens = check.array("conductance", conductance, shape, finite=False)
    if np.isinf(siemens).any():
        where = int(np.flatnonzero(np.isinf(siemens))[0])
        raise ValueError(f"conductance must be finite, or nan where it is not known, got inf at index {where}")
    if np.isnan(siemens).all():
        raise ValueError("conductance must have values, got nan alone")
    return siemens


@dataclass(frozen=True)
class _Trace:
    """A whole sweep, and how its cycles are measured."""

    voltage: Floats
    current: Floats
    conductance: Floats
    branches: tuple[Branch, ...]
    noise: float  # V; a side of the loop that does not go beyond it is none
    width: float  # V; conductances are fitted within it where it is not 0
    read: float | None


def _cycle(start: int, stop: int, trace: _Trace) -> Cycle:
    """Return one cycle of a sweep, measured."""
    volts, amps, siemens = (one[start:stop] for one in (trace.voltage, trace.current, trace.conductance))
    inside = tuple(
        Branch(max(one.start, start) - start, min(one.stop, stop) - start, one.direction)
        for one in trace.branches
        if one.start < stop - 1 and one.stop > start + 1
    )
    curves = _curves(volts, amps, siemens, inside)
    known = siemens[np.isfinite(siemens)]
    if trace.width:
        curves = {side: (x, smoothed(x, g, x, trace.width)) for side, (x, g) in curves.items()}
        known = np.concatenate([g for _, g in curves.values()]) if curves else known
    low, high = (float(known.min()), float(known.max())) if known.size else (math.nan, math.nan)
    lobes, zero = _lobes(volts, amps, trace.noise)
    peak = float(np.abs(amps).max())
    return Cycle(
        start=start,
        stop=stop,
        voltage=volts,
        current=amps,
        conductance=siemens,
        lobes=lobes,
        pinch=zero / peak if peak > 0.0 else zero,
        opening=_opening(curves, low, high),
        ratio=_ratio(low, high) if trace.read is None else _ratio(*_at(curves, trace.read)),
        branches=inside,
    )


def _ratio(low: float, high: float) -> float:
    if low == 0.0:
        return math.inf
    return high / low if low > 0.0 else math.nan


def _lobes(volts: Floats, amps: Floats, noise: float) -> tuple[tuple[Lobe, ...], float]:
    """Return the area at each sign of the voltage, and the largest current at 0 V (nan where it is not reached)."""
    v, i = _with_zeros(volts, amps)
    at_zero = np.abs(i[v == 0.0])
    lobes = []
    for sign in (1, -1):
        inside = np.maximum(sign * v, 0.0) * sign
        if np.ptp(inside) > noise:
            shown = np.where(sign * v >= 0.0, i, 0.0)
            x, y = np.append(inside, inside[0]), np.append(shown, shown[0])
            area = -float(np.sum(0.5 * (y[1:] + y[:-1]) * np.diff(x)))
            scale = float(np.abs(x).max() * np.abs(y).max())
            lobes.append(Lobe(sign, 0.0 if abs(area) <= ROUNDING * scale else area))
    return tuple(lobes), float(at_zero.max()) if at_zero.size else math.nan


def _with_zeros(volts: Floats, values: Floats) -> tuple[Floats, Floats]:
    """Return the samples with one more, by linear interpolation, wherever the voltage changes sign between two."""
    cross = np.flatnonzero(volts[:-1] * volts[1:] < 0.0)
    share = volts[cross] / (volts[cross] - volts[cross + 1])
    between = values[cross] + share * (values[cross + 1] - values[cross])
    return np.insert(volts, cross + 1, 0.0), np.insert(values, cross + 1, between)


def _pieces(volts: Floats, amps: Floats, siemens: Floats, branches: tuple[Branch, ...]) -> Iterator[Piece]:
    """Cut a loop where the drive turns and where the voltage changes sign; samples at 0 V belong to both sides."""
    sides = np.sign(volts)
    for branch in branches:
        inside = branch.start + np.flatnonzero(sides[branch.start : branch.stop])
        if not inside.size:
            continue
        changes = np.flatnonzero(np.diff(sides[inside]))
        firsts = np.r_[branch.start, inside[changes] + 1]
        stops = np.r_[inside[changes + 1], branch.stop]
        for first, stop, side in zip(firsts, stops, sides[inside[np.r_[0, changes + 1]]], strict=True):
            part = slice(first, stop)
            yield Piece(int(side), side == branch.direction, volts[part], amps[part], siemens[part])


def _curves(volts: Floats, amps: Floats, siemens: Floats, branches: tuple[Branch, ...]) -> Curves:
    """Return conductance against the magnitude of the voltage, ascending, for each side and way."""
    parts: dict[tuple[int, bool], list[tuple[Floats, Floats]]] = {}
    for piece in _pieces(volts, amps, siemens, branches):
        known = np.isfinite(piece.conductance)
        if known.any():
            here = (np.abs(piece.voltage[known]), piece.conductance[known])
            parts.setdefault((piece.sign, piece.outward), []).append(here)
    curves = {}
    for side, found in parts.items():
        x, g = (np.concatenate(columns) for columns in zip(*found, strict=True))
        order = np.argsort(x, kind="stable")
        if order.size > 1:
            curves[side] = (x[order], g[order])
    return curves


def _opening(curves: Curves, low: float, high: float) -> float:
    """Return the largest distance between way out and way back, as a fraction of the conductance's range."""
    if not high - low > ROUNDING * max(abs(high), abs(low)):
        return 0.0
    widest = 0.0
    for sign in (1, -1):
        if (sign, True) in curves and (sign, False) in curves:
            (x, g), (y, h) = curves[sign, True], curves[sign, False]
            start, stop = max(x[0], y[0]), min(x[-1], y[-1])
            if stop > start:
                at = np.linspace(start, stop, GRID)
                widest = max(widest, float(np.abs(np.interp(at, x, g) - np.interp(at, y, h)).max()))
    return widest / (high - low)


def _at(curves: Curves, read: float) -> tuple[float, float]:
    """Return the smaller and the larger conductance of way out and way back at one voltage; nan without both."""
    sign, level = (1 if read > 0.0 else -1), abs(read)
    siemens = [
        float(np.interp(level, *curves[sign, outward], left=np.nan, right=np.nan))
        for outward in (True, False)
        if (sign, outward) in curves
    ]
    return (min(siemens), max(siemens)) if len(siemens) == 2 and np.isfinite(siemens).all() else (math.nan, math.nan)


def _normalised(cycle: Cycle) -> dict[tuple[int, bool], tuple[Floats, Floats]]:
    top = int(np.abs(cycle.voltage).argmax())
    peak, scale = float(abs(cycle.voltage[top])), float(cycle.conductance[top])
    if scale == 0.0:
        raise ValueError(f"the conductance at the largest voltage, {cycle.voltage[top]:g} V, is 0: no scale")
    curves = _curves(cycle.voltage, cycle.current, cycle.conductance, cycle.branches)
    return {side: (x / peak, g / scale) for side, (x, g) in curves.items()}
