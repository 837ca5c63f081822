"""Classes of current-voltage loops: capacitive, inductive, or both, with the voltages at which they cross."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from memnet.analysis import _cycles as cycles
from memnet.analysis._branch_curve import BranchCurve
from memnet.analysis._sweep import of_run
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.base.read_only import ReadOnlyArrays, read_only
from memnet.base.text import Summary, ends, listed, quantity

__all__ = ["LoopClass", "LoopWing", "loop_class"]

# Currents that differ by less than this share of their range are equal, or by less than the second one of their size.
ROUNDING, DIGITS = 1e-10, 1e-14
# Noise hides differences of currents up to so many times its standard deviation.
DEVIATIONS = 10.0
# Slopes are those of chords so many times as long to both sides as what hides in the noise of the voltage, and at least
# this share of its range long.
CHORD, SHORTEST = 2.0, 2e-3
# A loop goes through the origin where its currents at 0 V are smaller than this share of their range, noise aside.
ORIGIN = 1e-4
# Scatter from sample to sample is uneven sampling where less than this share of it is left beside the voltage.
UNEVEN = 0.1
# Times are evenly apart up to this share of their distance, as rounding leaves them.
EVEN = 1e-6


@dataclass(frozen=True, repr=False)
class LoopWing(Summary):
    """A part of a loop between two voltages at which it crosses itself or ends.

    Attributes
    ----------
    low, high : float
        Its ends (V).
    area : float
        Area (W) that it encloses, positive where it is run through counter-clockwise, as by an inductor: a larger
        current on the way down than on the way up.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> phase = np.linspace(0.0, 2.0 * np.pi, 2001)
    >>> wings = mn.analysis.loop_class(np.sin(phase), np.sin(phase) * (1.3 - 0.3 * np.cos(phase))).wings
    >>> [(round(wing.low, 6), round(wing.high, 6), wing.type) for wing in wings]
    [(-1.0, 0.0, 'capacitive'), (0.0, 1.0, 'inductive')]
    """

    low: float
    high: float
    area: float

    @property
    def type(self) -> str:
        """Return "inductive" (counter-clockwise) or "capacitive" (clockwise)."""
        return "inductive" if self.area > 0.0 else "capacitive"

    def _summary(self) -> dict[str, str]:
        return {"": self.type, "voltage": ends(self.low, self.high, "V"), "area": quantity(self.area, "W")}


@dataclass(frozen=True, repr=False)
class LoopClass(ReadOnlyArrays, Summary):
    """A loop of current and voltage, classified.

    Attributes
    ----------
    wings : tuple of LoopWing
        Its parts between crossings, from low voltages to high ones; none where the loop does not open.
    crossings : ndarray
        Voltages (V) at which the currents up and down are equal and exchange places, ascending. A loop that only
        touches itself does not cross.
    start, stop : int
        The cycle: samples start to stop - 1.
    message : str
        Empty, or "not enough data: ..." where there is no whole cycle.
    at_zero : ndarray, shape (2,)
        Currents (A) at 0 V on the way up and on the way down, nan where it does not come to 0 V.
    pinched : bool
        Whether both are 0, as those of any memristor, within the tolerance, or 1e-4 of the range of currents and what
        hides in the noise. What stores energy is not pinched at the origin, nor a battery, even where its loop crosses
        at 0 V.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> phase = np.linspace(0.0, 2.0 * np.pi, 2001)
    >>> mn.analysis.loop_class(np.sin(phase), np.sin(phase) + 0.1 * np.cos(phase))
    <LoopClass: capacitive; 1 wing; crossings none; area 314.2 mW; at 0 V 100 mA and -100 mA>

    A memristor, alone and beside a battery:

    >>> memristor = np.sin(phase) * (1.3 - 0.3 * np.cos(phase))
    >>> loops = [mn.analysis.loop_class(np.sin(phase), memristor + shift) for shift in (0.0, 0.1)]
    >>> [(loop.pinched, loop.at_zero.round(6).tolist(), abs(loop.crossings).round(6).tolist()) for loop in loops]
    [(True, [0.0, 0.0], [0.0]), (False, [0.1, 0.1], [0.0])]
    >>> loops[0].type, round(loops[0].area, 3)
    ('crossing', 0.4)
    """

    wings: tuple[LoopWing, ...]
    crossings: Floats
    start: int
    stop: int
    message: str = ""
    at_zero: Floats = field(default_factory=lambda: read_only(np.full(2, np.nan)))
    pinched: bool = False

    @property
    def type(self) -> str:
        """Return "capacitive" or "inductive" where all wings are so, "crossing" with both, "none" without wings."""
        types = {wing.type for wing in self.wings}
        return "crossing" if len(types) > 1 else types.pop() if types else "none"

    @property
    def area(self) -> float:
        """Return the sum of the magnitudes of the wings' areas (W)."""
        return float(sum(abs(wing.area) for wing in self.wings))

    def _summary(self) -> dict[str, str]:
        if self.message:
            return {"": self.message}
        said = {
            "": self.type,
            " ": f"{len(self.wings)} wing{'s' * (len(self.wings) != 1)}",
            "crossings": listed([quantity(float(one), "V") for one in self.crossings], "crossings") or "none",
            "area": quantity(self.area, "W"),
        }
        if self.pinched:
            return {**said, "at 0 V": "pinched"}
        met = [quantity(float(one), "A") for one in self.at_zero if np.isfinite(one)]
        return {**said, "at 0 V": " and ".join(dict.fromkeys(met))} if met else said


@check.known_keywords
def loop_class(
    data: Any,
    current: ArrayLike | None = None,
    *,
    time: ArrayLike | None = None,
    electrode: str | None = None,
    cycle: int = -1,
    tolerance: float | None = None,
) -> LoopClass:
    """Tell whether a loop is capacitive or inductive, part by part, and where it crosses itself.

    On the way up a capacitor takes current and an inductor holds it back. So where the current on the way up is the
    larger one of both, whatever its sign, the loop is capacitive (run through clockwise), where it is the smaller one,
    inductive (counter-clockwise).

    Parameters
    ----------
    data : xarray.Dataset or array_like, shape (n,)
        The result of `Simulation.run` or `mn.periodic` on a network with two electrodes, or the voltage (V).
    current : array_like, shape (n,), optional
        Current (A), beside a voltage.
    time : array_like, shape (n,), optional
        Times of the samples (s), increasing: where these are not equally far apart, noise is looked for beside them.
    electrode : str, optional
        Electrode of `data` whose voltage and current these are, by default its first one; its voltage counts against
        the other one's. With a dataset only.
    cycle : int
        Which whole cycle: -1 the last one, which is nearest to the periodic state, 0 the first.
    tolerance : float, optional
        Currents that differ by up to this share of their range are equal, in [0, 1); by default found from the noise.

    Returns
    -------
    LoopClass

    Raises
    ------
    ValueError
        A voltage without a sweep, a cycle that goes up or down more than once or that does not exist, values that are
        not finite, times that do not increase, arrays of different lengths, a dataset with more than two electrodes.
    TypeError
        Arrays of anything but numbers.

    See Also
    --------
    hysteresis : measures of the loops of all cycles, at each sign of the voltage.

    Notes
    -----
    Both ways are compared at all voltages of samples. Between samples a current is a polynomial through six of them,
    where these are smooth, else a straight line. A loop that does not close, as the first cycle, is taken as it is.

    Examples
    --------
    >>> import memnet as mn
    >>> pore = mn.MembraneNanopore(V_A=1.0, V_D=0.0, C_m=1e-11)
    >>> edge = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
    >>> wave = mn.drive.sine(1.5, frequency=500.0)
    >>> sim = mn.Simulation(edge, pore, {"in": wave, "out": 0.0}, dt=2e-6, method="adaptive", rtol=1e-6)
    >>> loop = mn.analysis.loop_class(mn.periodic(sim, 2e-3))
    >>> [wing.type for wing in loop.wings], loop.crossings.round(3)
    (['capacitive', 'inductive'], array([0.11]))
    """
    limit = None if tolerance is None else check.real("tolerance", tolerance, 0.0, 1.0, "[)")
    number = check.integer("cycle", cycle)
    volts, amps, seconds = _sweep(data, current, time, electrode)
    sweep = cycles.split(volts, None)
    if len(sweep.branches) < 2:
        raise ValueError(f"data must have a voltage that goes up and down, got {len(sweep.branches)} branches")
    if not sweep.cycles:
        said = f"not enough data: {len(sweep.branches)} branches without a whole cycle"
        return LoopClass((), read_only(np.empty(0)), 0, volts.size, said)
    if not -len(sweep.cycles) <= number < len(sweep.cycles):
        raise ValueError(f"cycle must be one of the {len(sweep.cycles)} whole cycles of data, got {number}")
    start, stop = sweep.cycles[number]
    noise = (DEVIATIONS * cycles.scatter(amps, seconds), DEVIATIONS * cycles.scatter(volts, seconds))
    least_turn = sweep.tolerance * float(np.ptp(volts))
    ways = _ways(volts[start:stop], amps[start:stop], least_turn, noise[1])
    share = _share_of_noise(ways, *noise)
    if share < UNEVEN:
        noise = (share * noise[0], share * noise[1])
        ways = _ways(volts[start:stop], amps[start:stop], least_turn, noise[1])
    at = _compared(*ways)
    hidden = _hidden(at, ways, *(noise if limit is None else (limit * float(np.ptp(amps)), 0.0)))
    rounding = max(ROUNDING * float(np.ptp(amps)), DIGITS * float(np.abs(amps).max()))
    wings, crossings = _wings(at, *ways, np.maximum(hidden, rounding))
    at_zero = _at_zero(*ways)
    known = np.isfinite(hidden)
    least = float(np.interp(0.0, at[known], hidden[known])) if known.any() else 0.0
    least += ORIGIN * float(np.ptp(amps)) if limit is None else 0.0
    pinched = bool(np.all(np.abs(at_zero) <= max(least, rounding)))
    return LoopClass(wings, crossings, start, stop, at_zero=at_zero, pinched=pinched)


def _sweep(data: Any, current: Any, time: Any, electrode: str | None) -> tuple[Floats, Floats, Floats | None]:
    """Return voltage, current, and times where they are given and not evenly apart, of what `loop_class` was given."""
    if hasattr(data, "data_vars"):
        if current is not None or time is not None:
            raise ValueError("current and time are taken from the dataset; give voltages to use arrays")
        data, current, _, time = of_run(data, electrode)
    elif electrode is not None:
        raise ValueError(f"electrode is of a dataset; got electrode={electrode!r} beside arrays, which have none")
    elif current is None:
        raise ValueError("loop_class needs current beside the voltage")
    volts = check.array("voltage", data, (None,))
    if volts.size < 3:
        raise ValueError(f"voltage must hold at least 3 samples, got {volts.size}")
    amps = check.array("current", current, volts.shape)
    if time is None:
        return volts, amps, None
    seconds = check.array("time", time, volts.shape)
    check.increasing("time", seconds)
    steps = np.diff(seconds)
    return volts, amps, None if np.ptp(steps) <= EVEN * steps.max() else seconds


def _ways(volts: Floats, amps: Floats, least_turn: float, noise: float) -> tuple[BranchCurve, BranchCurve]:
    """Return the current on the way up and on the way down, over the voltage.

    The cycle is a ring: it is cut where it turns, so that a way is one part if the loop closes.
    """
    returns = abs(volts[-1] - volts[0]) <= ROUNDING * float(np.ptp(volts))
    ring = volts.size - 1 if returns else volts.size
    turns = cycles.turning_points(np.append(volts[:ring], volts[:ring]), least_turn)
    inner = [one % ring for one in turns[1:-1]]
    lowest, highest = int(volts[:ring].argmin()), int(volts[:ring].argmax())
    if len(set(inner)) > 2:
        raise ValueError(f"data must go up once and down once in a cycle, got {len(set(inner))} turns")
    closes = not returns or abs(amps[-1] - amps[0]) <= ROUNDING * float(np.ptp(amps))
    ways = []
    for first, last in ((lowest, highest), (highest, lowest)):
        at = np.arange(first, last + (ring if last < first else 0) + 1)
        ways.append(BranchCurve.of(volts, amps, at, ring, closes, noise))
    return ways[0], ways[1]


def _compared(up: BranchCurve, down: BranchCurve) -> Floats:
    """Return the voltages of all samples between those that both ways reach."""
    low, high = max(up.low, down.low), min(up.high, down.high)
    at = np.unique(np.concatenate([up.voltage, down.voltage]))
    return at[(at >= low) & (at <= high)]


def _at_zero(*ways: BranchCurve) -> Floats:
    """Return the currents of both ways at 0 V, nan where they do not come there."""
    zero = np.zeros(1)
    return read_only(np.array([float(way(zero)[0]) if way.low <= 0.0 <= way.high else np.nan for way in ways]))


def _hidden(at: Floats, ways: tuple[BranchCurve, BranchCurve], of_current: float, of_voltage: float) -> Floats:
    """Return by how much (A) currents may differ at some voltages and be equal, given what hides in noise (A, V).

    That of the voltage counts where currents are steep, and hides all where it turns: there samples are on either way.
    """
    half = max(CHORD * of_voltage, 0.5 * SHORTEST * float(np.ptp(at)))
    low, high = np.maximum(at - half, at[0]), np.minimum(at + half, at[-1])
    rises = [np.interp(high, one.voltage, one.current) - np.interp(low, one.voltage, one.current) for one in ways]
    steepest = np.max(np.abs(rises), axis=0) / (high - low)
    turns = np.minimum(at - at[0], at[-1] - at) < of_voltage
    return np.where(turns, np.inf, of_current + steepest * of_voltage)


def _share_of_noise(ways: tuple[BranchCurve, BranchCurve], of_current: float, of_voltage: float) -> float:
    """Return which share of what scatters from sample to sample is noise of the current over the voltage.

    Where samples of a smooth loop are not equally far apart, both scatter, but the current follows the voltage.
    """
    shares = []
    for way in ways:
        size, n = _hidden(way.voltage, ways, of_current, of_voltage) / DEVIATIONS, way.voltage.size
        for order in (one for one in cycles.ORDERS if one < n):
            of_middle = size[order // 2 : order // 2 + n - order]
            with np.errstate(divide="ignore", invalid="ignore"):
                share = cycles.departures(way.current, way.voltage, order) / of_middle
            if not np.isnan(share).all():
                shares.append(float(np.nanmedian(share)) / 0.6745)
    return min(shares, default=1.0)


def _wings(at: Floats, up: BranchCurve, down: BranchCurve, limit: Floats) -> tuple[tuple[LoopWing, ...], Floats]:
    """Return the parts of a loop in which one way has more current by more than `limit`, and where they meet."""
    more = down(at) - up(at)
    runs: list[tuple[int, int]] = []  # first and last sample of what is one wing, rounding and noise left out
    for first, stop in _same_signs(more):
        seen = first + np.flatnonzero(np.abs(more[first:stop]) > limit[first:stop])
        if not seen.size:
            continue
        if runs and (more[runs[-1][0]] > 0.0) == (more[seen[0]] > 0.0):
            runs[-1] = runs[-1][0], int(seen[-1])
        else:
            runs.append((int(seen[0]), int(seen[-1])))
    crossings = [_root(up, down, at[a[1]], at[b[0]]) for a, b in itertools.pairwise(runs)]
    edges = [at[0], *crossings, at[-1]]
    wings = tuple(
        LoopWing(float(a), float(b), _area(at, more, a, b, more[run[0]]))
        for (a, b), run in zip(itertools.pairwise(edges), runs, strict=bool(runs))
    )
    return wings, read_only(np.array(crossings))


def _same_signs(values: Floats) -> list[tuple[int, int]]:
    """Return where values of one sign begin and stop."""
    changes = np.flatnonzero(np.diff(np.sign(values))) + 1
    return list(itertools.pairwise([0, *changes.tolist(), values.size]))


def _root(up: BranchCurve, down: BranchCurve, low: float, high: float) -> float:
    """Return where both ways have one current, between voltages at which one of them has more and less."""
    from scipy import optimize

    def more(volt: float) -> float:
        return float((down(np.array([volt])) - up(np.array([volt])))[0])

    return float(optimize.brentq(more, low, high, xtol=1e-15 * max(abs(low), abs(high)), rtol=1e-15))


def _area(at: Floats, more: Floats, low: float, high: float, sign: float) -> float:
    """Return the integral of a difference of currents between two voltages; it has the sign of the wing."""
    inside = (at > low) & (at < high)
    ends_of = np.interp([low, high], at, more)
    x = np.r_[low, at[inside], high]
    y = np.r_[ends_of[0], more[inside], ends_of[1]]
    area = float(np.sum(0.5 * (y[1:] + y[:-1]) * np.diff(x)))
    return float(np.copysign(area, sign))
