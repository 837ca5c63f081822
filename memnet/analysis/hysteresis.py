"""Hysteresis: branches and cycles of a voltage sweep, areas of their lobes, and how alike two loops are."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from memnet import _check

if TYPE_CHECKING:
    import xarray as xr

Floats = NDArray[np.float64]

# Voltages at which two branches are compared.
GRID = 400
# A loop whose opening is smaller than this fraction of its conductance is rounding, not hysteresis.
ROUNDING = 1e-12


@dataclass(frozen=True)
class Branch:
    """Samples start to stop - 1, over which the voltage rises (direction +1) or falls (-1)."""

    start: int
    stop: int
    direction: int


@dataclass(frozen=True)
class Lobe:
    """One side of a loop in the I-V plane.

    Attributes
    ----------
    sign : int
        +1 for the part at positive voltages, -1 for the other.
    area : float
        Area that the current encloses (W), positive where it is run through counter-clockwise: a larger current on the
        way back from the peak.
    """

    sign: int
    area: float

    @property
    def direction(self) -> str:
        """Return "counter-clockwise", "clockwise" or "none"."""
        return "none" if self.area == 0.0 else "counter-clockwise" if self.area > 0.0 else "clockwise"


@dataclass(frozen=True)
class Piece:
    """A part of a cycle over which the magnitude of the voltage grows (outward) or shrinks, at one sign of it."""

    sign: int
    outward: bool
    voltage: Floats
    current: Floats
    conductance: Floats


@dataclass(frozen=True)
class Cycle:
    """One period of a sweep.

    Attributes
    ----------
    start, stop : int
        Samples start to stop - 1.
    voltage, current, conductance : ndarray
        The loop (V, A, S); the conductance is nan where only a current was given and the voltage is 0.
    lobes : tuple of Lobe
        One, or one for each sign of the voltage.
    pinch : float
        Current where the voltage passes 0, as a fraction of the largest current: 0 for a pinched loop. nan for a cycle
        that does not reach 0 V.
    opening : float
        Largest distance between the conductances of the way out and the way back at one voltage, divided by the range
        of the conductance; 0 without hysteresis.
    ratio : float
        Largest over smallest conductance; inf where that is 0.
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

    @property
    def area(self) -> float:
        """Return the sum of the magnitudes of the lobes' areas (W)."""
        return float(sum(abs(lobe.area) for lobe in self.lobes))

    @property
    def direction(self) -> str:
        """Return the direction of the lobe, of both where they agree, else "crossing" (a loop like an 8)."""
        found = {lobe.direction for lobe in self.lobes} - {"none"}
        return "crossing" if len(found) > 1 else found.pop() if found else "none"

    def pieces(self) -> Iterator[Piece]:
        """Return the parts of the loop, out and back, at each sign of the voltage."""
        return _pieces(self.voltage, self.current, self.conductance)


@dataclass(frozen=True)
class Hysteresis:
    """A voltage sweep, split.

    Attributes
    ----------
    voltage, current, conductance : ndarray, shape (n,)
        The whole sweep (V, A, S).
    branches : tuple of Branch
        Where the voltage rises or falls, in order of time.
    cycles : tuple of Cycle
        Whole periods. A sweep of one sign has its periods from 0 V, or what is nearest to it, and back; one of both
        signs from one rise through 0 V to the next.
    message : str
        Empty, or "not enough data: ..." where there is no whole period.
    """

    voltage: Floats
    current: Floats
    conductance: Floats
    branches: tuple[Branch, ...]
    cycles: tuple[Cycle, ...]
    message: str = ""

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
    tolerance: float = 1e-9,
) -> Hysteresis:
    """Split a voltage sweep into branches and cycles and measure its loops.

    Parameters
    ----------
    data : xarray.Dataset or array_like, shape (n,)
        The result of `Simulation.run` on a network with two electrodes, or the voltage (V).
    current : array_like, shape (n,), optional
        Current (A). Either it or `conductance` is needed beside a voltage.
    conductance : array_like, shape (n,), optional
        Conductance (S); by default current over voltage.
    time : array_like, shape (n,), optional
        Times of the samples (s), checked to increase.
    electrode : str, optional
        Electrode of `data` whose voltage and current these are, by default its first one; its voltage counts against
        the other one's.
    tolerance : float
        Reversals of the voltage below this fraction of its range are noise and start no branch, in [0, 1).

    Returns
    -------
    Hysteresis

    Raises
    ------
    ValueError
        Fewer than two branches (a constant voltage has none), values that are not finite, times that do not increase,
        arrays of different lengths, a dataset without the conductance or with more than two electrodes.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> phase = np.linspace(0.0, 2.0 * np.pi, 2001)
    >>> voltage, flux = np.sin(phase), 1.0 - np.cos(phase)
    >>> loop = mn.analysis.hysteresis(voltage, conductance=1.0 + 0.3 * flux).cycles[0]
    >>> [round(lobe.area, 4) for lobe in loop.lobes], loop.direction
    ([0.2, -0.2], 'crossing')
    """
    limit = _check.real("tolerance", tolerance, 0.0, 1.0, "[)")
    if hasattr(data, "data_vars"):
        if current is not None or conductance is not None or time is not None:
            raise ValueError("current, conductance and time are taken from the dataset; give voltages to use arrays")
        data, current, conductance, time = _of_run(data, electrode)
    volts = _check.array("voltage", data, (None,))
    if volts.size < 3:
        raise ValueError(f"voltage must hold at least 3 samples, got {volts.size}")
    if time is not None:
        _increasing(_check.array("time", time, volts.shape))
    amps, siemens = _both(volts, current, conductance)
    branches = _branches(volts, limit * float(np.ptp(volts)))
    if len(branches) < 2:
        raise ValueError(
            f"hysteresis needs a sweep with at least 2 branches, got {len(branches)} in {volts.size} voltages from"
            f" {volts.min():g} to {volts.max():g} V"
        )
    cycles = tuple(
        _cycle(first, stop, volts[first:stop], amps[first:stop], siemens[first:stop])
        for first, stop in _periods(volts, branches)
    )
    message = "" if cycles else f"not enough data: {len(branches)} branches without a whole period"
    return Hysteresis(volts, amps, siemens, branches, cycles, message)


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

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> v = np.r_[0:11, 9:-1:-1] / 10.0
    >>> up_and_down = np.r_[1.0 + v[:11], 2.0 * np.ones(10)]
    >>> one, ten = (mn.analysis.hysteresis(k * v, conductance=up_and_down).cycles[0] for k in (1, 10))
    >>> mn.analysis.loop_distance(one, ten)
    0.0
    """
    ours, theirs = (_normalised(cycle) for cycle in (first, second))
    both = np.concatenate([g for _, g in theirs.values()])
    span = float(np.nanmax(both) - np.nanmin(both))
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


def _of_run(data: xr.Dataset, electrode: str | None) -> tuple[Any, Any, Any, Any]:
    """Return voltage, current, conductance and time of a run with two electrodes."""
    missing = [name for name in ("voltage", "current", "conductance") if name not in data]
    if missing:
        raise ValueError(f"data has no variable {missing[0]}; record the current of the run")
    names = [str(name) for name in data["electrode"].values]
    if len(names) != 2:
        raise ValueError(f"data must have two electrodes, got {names}; give voltage and current as arrays")
    one = names[0] if electrode is None else _check.one_of("electrode", electrode, names)
    other = next(name for name in names if name != one)
    volts = data["voltage"].sel(electrode=one).values - data["voltage"].sel(electrode=other).values
    return volts, data["current"].sel(electrode=one).values, data["conductance"].values, data["time"].values


def _both(volts: Floats, current: Any, conductance: Any) -> tuple[Floats, Floats]:
    """Return current and conductance, one from the other where it was not given."""
    if current is None and conductance is None:
        raise ValueError("hysteresis needs current or conductance beside the voltage")
    siemens = None if conductance is None else _check.array("conductance", conductance, volts.shape)
    amps = None if current is None else _check.array("current", current, volts.shape)
    if siemens is None:
        assert amps is not None
        siemens = np.full(volts.shape, np.nan)
        np.divide(amps, volts, out=siemens, where=volts != 0.0)
    return volts * siemens if amps is None else amps, siemens


def _increasing(time: Floats) -> None:
    bad = np.flatnonzero(np.diff(time) <= 0)
    if bad.size:
        k = int(bad[0])
        raise ValueError(f"time must increase, got {time[k]:g} and then {time[k + 1]:g} at index {k + 1}")


def _branches(volts: Floats, noise: float) -> tuple[Branch, ...]:
    """Return where the voltage rises and falls; a turning point belongs to both branches."""
    turns = [0]
    direction = 0
    extreme = 0
    for k in range(1, volts.size):
        change = volts[k] - volts[extreme]
        if direction == 0:
            if abs(change) > noise:
                direction = 1 if change > 0 else -1
                extreme = k
        elif change * direction >= 0:
            extreme = k
        elif abs(change) > noise:
            turns.append(extreme)
            direction, extreme = -direction, k
    if direction == 0:
        return ()
    turns.append(volts.size - 1)
    return tuple(
        Branch(start, stop + 1, 1 if volts[stop] > volts[start] else -1) for start, stop in itertools.pairwise(turns)
    )


def _periods(volts: Floats, branches: tuple[Branch, ...]) -> list[tuple[int, int]]:
    """Return the first sample and the one behind the last of each whole period."""
    step = 1.5 * float(np.abs(np.diff(volts)).max())
    if volts.min() < 0.0 < volts.max() and min(-volts.min(), volts.max()) > step:
        rises = np.flatnonzero((volts[:-1] < 0.0) & (volts[1:] >= 0.0)) + 1
        starts = [0, *rises.tolist()] if abs(volts[0]) <= step and branches[0].direction > 0 else rises.tolist()
    else:
        outward = 1 if volts.max() > -volts.min() else -1
        starts = [branch.start for branch in branches if branch.direction == outward]
    last = volts.size - 1
    if starts and starts[-1] < last and abs(volts[last] - volts[starts[-1]]) <= step and _turns_after(starts, branches):
        starts.append(last)
    return [(first, stop + 1) for first, stop in itertools.pairwise(starts)]


def _turns_after(starts: list[int], branches: tuple[Branch, ...]) -> bool:
    """Return whether the sweep came back after the last start."""
    return any(branch.start > starts[-1] for branch in branches)


def _cycle(start: int, stop: int, volts: Floats, amps: Floats, siemens: Floats) -> Cycle:
    known = siemens[np.isfinite(siemens)]
    low, high = (float(known.min()), float(known.max())) if known.size else (math.nan, math.nan)
    lobes, zero = _lobes(volts, amps)
    peak = float(np.abs(amps).max())
    return Cycle(
        start=start,
        stop=stop,
        voltage=volts,
        current=amps,
        conductance=siemens,
        lobes=lobes,
        pinch=zero / peak if peak > 0.0 else zero,
        opening=_opening(volts, amps, siemens, low, high),
        ratio=high / low if low > 0.0 else math.inf,
    )


def _lobes(volts: Floats, amps: Floats) -> tuple[tuple[Lobe, ...], float]:
    """Return the area at each sign of the voltage, and the largest current at 0 V (nan where it is not reached)."""
    v, i = _with_zeros(volts, amps)
    at_zero = np.abs(i[v == 0.0])
    lobes = []
    for sign in (1, -1):
        inside = np.maximum(sign * v, 0.0) * sign
        if np.ptp(inside) > 0.0:
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


def _pieces(volts: Floats, amps: Floats, siemens: Floats) -> Iterator[Piece]:
    """Cut a loop where the voltage changes sign and at the largest magnitude on each side."""
    sign = np.where(volts >= 0.0, 1, -1) if volts.max() > -volts.min() else np.where(volts > 0.0, 1, -1)
    cuts = np.flatnonzero(np.diff(sign)) + 1
    for first, stop in zip(np.r_[0, cuts], np.r_[cuts, volts.size], strict=True):
        peak = first + int(np.abs(volts[first:stop]).argmax())
        for part, outward in ((slice(first, peak + 1), True), (slice(peak, stop), False)):
            yield Piece(int(sign[first]), outward, volts[part], amps[part], siemens[part])


def _curves(volts: Floats, amps: Floats, siemens: Floats) -> dict[tuple[int, bool], tuple[Floats, Floats]]:
    """Return conductance against the magnitude of the voltage, ascending, for each side and way."""
    parts: dict[tuple[int, bool], list[tuple[Floats, Floats]]] = {}
    for piece in _pieces(volts, amps, siemens):
        known = np.isfinite(piece.conductance)
        if known.sum() > 1:
            here = (np.abs(piece.voltage[known]), piece.conductance[known])
            parts.setdefault((piece.sign, piece.outward), []).append(here)
    curves = {}
    for side, found in parts.items():
        x, g = (np.concatenate(columns) for columns in zip(*found, strict=True))
        order = np.argsort(x, kind="stable")
        curves[side] = (x[order], g[order])
    return curves


def _opening(volts: Floats, amps: Floats, siemens: Floats, low: float, high: float) -> float:
    """Return the largest distance between way out and way back, as a fraction of the conductance's range."""
    if not high - low > ROUNDING * max(abs(high), abs(low)):
        return 0.0
    curves = _curves(volts, amps, siemens)
    widest = 0.0
    for sign in (1, -1):
        if (sign, True) in curves and (sign, False) in curves:
            (x, g), (y, h) = curves[sign, True], curves[sign, False]
            at = np.linspace(max(x[0], y[0]), min(x[-1], y[-1]), GRID)
            widest = max(widest, float(np.abs(np.interp(at, x, g) - np.interp(at, y, h)).max()))
    return widest / (high - low)


def _normalised(cycle: Cycle) -> dict[tuple[int, bool], tuple[Floats, Floats]]:
    top = int(np.abs(cycle.voltage).argmax())
    peak, scale = float(abs(cycle.voltage[top])), float(cycle.conductance[top])
    if scale == 0.0:
        raise ValueError(f"the conductance at the largest voltage, {cycle.voltage[top]:g} V, is 0: no scale")
    curves = _curves(cycle.voltage, cycle.current, cycle.conductance)
    return {side: (x / peak, g / scale) for side, (x, g) in curves.items()}
