"""Programming through the circuit: pulses on lines, and a read of the row after each of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from memnet import drive as drives
from memnet.arrays._one_layer import is_one_layer
from memnet.arrays._schemes import SCHEMES
from memnet.base import check
from memnet.base.arrays import Flags, Floats
from memnet.base.text import Summary
from memnet.simulate import Simulation

__all__ = ["ProgrammingReport", "write_verify"]

Integers = NDArray[np.int64]
Others: TypeAlias = Mapping[str, drives.Driven] | Callable[[int], Mapping[str, drives.Driven]]

# Schemes that write. By their symmetry a word line is moved from others by the share that other bit lines have.
WRITING = ("V/2", "V/3")
VERIFIED, STUCK, OUT_OF_RANGE, NOT_REACHED, DISTURBED = (
    "verified",
    "stuck",
    "out of range",
    "not reached",
    "disturbed",
)
# A cell is given up after so many pulses at the largest voltage that moved it by less than a tenth of the tolerance.
PATIENCE = 5
# What a pulse moved, as a share of what was missing, and by how many steps the next voltage is then larger.
BOOSTS = ((0.02, 6), (0.1, 3), (0.35, 1))
# After a pulse too far: voltages of both signs go back by so many steps for each factor of 2 that it was too far.
BACK = 4
MOST_LEVELS = 100_000
# Voltages are kept to 12 digits after the point, so that those that mean the same are the same.
LEAST_VOLTS, MOST_VOLTS = 1e-9, 1e6


@dataclass(frozen=True, eq=False, repr=False)
class ProgrammingReport(Summary):
    """What `write_verify` did. Arrays have the shape (rows, columns).

    Attributes
    ----------
    targets, conductances : ndarray
        What was wanted and what a last read of all rows found (S), with what lines lose on the way.
    status : ndarray of str
        "verified"; "stuck": its pulses moved it by no more than the tolerance; "out of range": it moved, but not as far
        as its target at the largest voltage; "not reached" within the number of pulses; "disturbed": outside of the
        tolerance again after pulses on other cells.
    pulses : ndarray of int
        Pulses that each cell got.
    failed : tuple of (int, int)
        Row and column of each cell that is not "verified".
    disturbance : float
        Largest relative change of a cell from its own verification to the last read; 0 where none was verified.
    time : float
        Time that it took in the simulation (s), reads included.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.crossbar(1, 1)
    >>> sim = mn.Simulation(net, mn.BipolarThreshold(g_on=10e-6), {"w0": 0.0, "b0": 0.0}, dt=1e-3)
    >>> report = mn.arrays.write_verify(sim, [[2e-5]], set_volts=(1.0, 1.9), reset_volts=(-1.0, -1.9))
    >>> report.status.tolist(), report.failed
    ([['out of range']], ((0, 0),))
    >>> report.error
    array([[-0.5]])
    """

    targets: Floats
    conductances: Floats
    status: NDArray[np.str_]
    pulses: Integers
    failed: tuple[tuple[int, int], ...]
    disturbance: float
    time: float

    @property
    def error(self) -> Floats:
        """Relative error of each cell."""
        return np.asarray(self.conductances / self.targets - 1.0)

    def _summary(self) -> dict[str, str]:
        names, counts = np.unique(self.status, return_counts=True)
        missed = [f"{count} {name}" for name, count in zip(names, counts, strict=True) if name != VERIFIED]
        good = self.status == VERIFIED
        within = f"within {np.abs(self.error[good]).max():.2g}" if good.any() else ""
        return {
            "": f"{int(good.sum())} of {good.size} cells verified {within}".rstrip(),
            "failed": ", ".join(missed),
            "pulses": f"{np.median(self.pulses):.4g} a cell, at most {self.pulses.max()}",
            "disturbance": f"{self.disturbance:.2g}",
        }


@dataclass
class _Row:
    """The cells of one row while they are programmed, (columns,)."""

    target: Floats
    read: Floats
    allowed: Floats  # how far from the target (S)
    level: Integers  # steps above the least voltage, of set (row 0) and of reset (row 1) pulses, (2, columns)
    pulses: Integers
    idle: Integers  # pulses in a row at the largest voltage that moved nothing
    travel: Floats  # by how much its own pulses moved a cell, all together, and the furthest that was (S)
    reach: Floats

    @classmethod
    def unread(cls, target: Floats, share: float) -> _Row:
        """Return cells that nothing is known of."""
        pulses, idle = np.zeros((2, len(target)), dtype=np.int64)
        level = np.zeros((2, len(target)), dtype=np.int64)
        return cls(target, target, share * target, level, pulses, idle, 0.0 * target, 0.0 * target)

    def wanting(self, found: Floats, most: int) -> Flags:
        """Return which cells get another pulse, with these conductances."""
        missed = np.abs(self.target - found) > self.allowed
        return np.asarray(missed & (self.pulses < most) & (self.idle < PATIENCE))

    def learn(self, active: Flags, rising: Flags, found: Floats, top: Integers) -> None:
        """Take what a read found after a pulse on active cells, and choose the voltages of the next pulse."""
        sign = np.where(rising, 1.0, -1.0)
        missing, moved = sign * (self.target - self.read), sign * (found - self.read)
        kind, columns = np.where(rising, 0, 1), np.arange(len(found))
        level = self.level[kind, columns]
        still = (level >= top[kind]) & (np.abs(moved) < 0.1 * self.allowed)
        self.idle = np.where(active, np.where(still, self.idle + 1, 0), self.idle)
        share = moved / np.maximum(missing, np.finfo(float).tiny)
        boost = np.zeros(len(found), dtype=np.int64)
        for below, steps in reversed(BOOSTS):
            boost[share < below] = steps
        too_far = share > 1.0
        boost[too_far] = -BACK * np.ceil(np.log2(np.minimum(share[too_far], 2.0**20))).astype(np.int64)
        self.level[kind, columns] = np.where(active, np.clip(level + boost, 0, top[kind]), level)
        self.pulses += active
        self.travel = self.travel + np.where(active, found - self.read, 0.0)
        self.reach = np.maximum(self.reach, np.abs(self.travel))
        self.read = found


class _Programmer:
    """The lines of an array as a programmer drives them: pulses on one row, and its read."""

    def __init__(self, sim: Simulation, scheme: str, volts: Floats, step: float, read: float, steps: int) -> None:
        layout: Any = sim.net.layout
        self.sim, self.volts, self.step, self.read_volts, self.steps = sim, volts, step, read, steps
        self.words = [str(name) for name in layout.words[0, :, 0]]
        self.bits = [str(name) for name in layout.bits[0, 0, :]]
        # Other word lines are at 0 V here, so other bit lines are at what these have more in the scheme.
        word_share, bit_share = (share or 0.0 for share in SCHEMES[scheme])
        self.share, self.bit_share = bit_share, bit_share - word_share
        names = list(sim.net.electrodes)
        self.bit_places = np.array([names.index(name) for name in self.bits])
        self.zero = drives.constant(0.0)
        self.rest: dict[str, Any] = dict.fromkeys(names) | dict.fromkeys(self.words + self.bits, self.zero)
        self.top = np.array([math.ceil(abs(high - low) / step * (1.0 - 1e-9)) for low, high in volts])
        self.others: Others = {}
        self.limit = math.inf  # of the current of each bit line in set pulses (A)
        self.waves: dict[tuple[float, bool], drives.Waveform] = {}

    def wave(self, volts: float, limited: bool = False) -> drives.Waveform:
        """Return a constant, the same one each time: drives of known waveforms are set faster."""
        known = self.waves.get((volts, limited))
        if known is None:
            known = drives.constant(volts)
            if limited:
                known = drives.limited(known, current=self.limit)
            self.waves[volts, limited] = known
        return known

    def beside(self, row: int) -> Mapping[str, drives.Driven]:
        """Return the drive of electrodes beside the lines."""
        others = self.others(row) if callable(self.others) else self.others
        check.instance("others", others, Mapping, "a dict, or a function of the row that returns one")
        if own := [name for name in (*self.words, *self.bits) if name in others]:
            raise ValueError(f"others must name no line of the array, which has pulses and reads, got {own[0]!r}")
        return others

    def apply(self, row: int, drive: dict[str, Any]) -> Floats:
        """Drive the lines for the length of a pulse and return the current into each bit line (A)."""
        self.sim.set_drive({**self.rest, **self.beside(row), **drive})
        self.sim.step(self.steps)
        return np.asarray(self.sim.current[self.bit_places])

    def read(self, row: int) -> Floats:
        """Return the conductances of a row (S), every other line at 0 V."""
        current = self.apply(row, {self.words[row]: self.wave(self.read_volts)})
        return np.asarray(-current / self.read_volts)

    def pulse(self, row: int, kind: int, columns: NDArray[np.intp], level: Integers) -> None:
        """Put a pulse on cells of a row, each of its own level; unselected lines keep half-selected cells low."""
        low, high = self.volts[kind]
        sign = 1.0 if high > low else -1.0
        amplitude = np.round(low + sign * np.minimum(self.step * level[columns], abs(high - low)), 12)
        largest = amplitude[np.argmax(np.abs(amplitude))]
        word = self.share * largest
        other = self.bit_share * largest + 0.0
        drive: dict[str, Any] = dict.fromkeys(self.bits, self.wave(float(other)))
        limited = math.isfinite(self.limit) and kind == 0
        for column, volts in zip(columns, amplitude, strict=True):
            drive[self.bits[column]] = self.wave(float(np.round(word - volts, 12)), limited)
        self.apply(row, {**drive, self.words[row]: self.wave(float(word))})


@check.known_keywords
def write_verify(
    simulation: Simulation,
    targets: ArrayLike,
    *,
    set_volts: tuple[float, float],
    reset_volts: tuple[float, float],
    volts_step: float = 0.01,
    read_volts: float = 0.1,
    scheme: str = "V/2",
    tolerance: float = 0.01,
    most_pulses: int = 200,
    passes: int = 4,
    pulse_steps: int = 1,
    compliance: float | None = None,
    others: Others | None = None,
) -> ProgrammingReport:
    """Program the cells of a crossbar to targets through its lines: a pulse, a read, a larger or a reversed pulse.

    Row after row: all cells of a row that are below their targets get a set pulse, each of its own voltage by its bit
    line, then those above a reset pulse, and the row is read. A pulse that moved a cell little is followed by a larger
    one, one that went too far by one of the other sign. Nothing looks at the states of devices: cells are known by
    the currents of bit lines, with all that lines lose and sneak paths add.

    Parameters
    ----------
    simulation : Simulation
        Of a network of `mn.crossbar` with one layer. It is programmed in place; its drive is 0 V afterwards, at lines
        of the array, and all other electrodes float. So it is when an error or Ctrl-C ends the programming.
    targets : array_like, (rows, columns)
        Conductances wanted (S), > 0.
    set_volts, reset_volts : (float, float)
        Voltages from word to bit line (V) of the first pulse and of the largest one that raises a conductance, and of
        those that lower it; each pair of one sign, the pairs of opposite signs.
    volts_step : float
        Steps of these voltages (V), > 0; the last, to the largest voltage, may be smaller.
    read_volts : float
        Voltage of the selected word line at a read (V), not 0.
    scheme : {"V/2", "V/3"}
        What half-selected cells see: half of the largest voltage of a pulse on the lines of the selected cell and
        nothing elsewhere, or a third of it everywhere.
    tolerance : float
        Relative distance from a target that will do, in (0, 1).
    most_pulses : int
        Pulses that a cell may get, in all passes together, >= 1.
    passes : int
        How often the rows are gone through, >= 1, while cells are found outside of the tolerance again: what the lines
        of one row lose depends on the cells of all others.
    pulse_steps : int
        Steps of the simulation that a pulse lasts, and so a read, >= 1.
    compliance : float, optional
        Limit of the current of each pulsed bit line during set pulses (A), as `mn.drive.limited` has it.
    others : dict, or function of a row that returns one, optional
        Drive of electrodes beside the lines of the array while a row is programmed or read: of dummy lines, or of the
        gates of the row's transistors. Those that it does not name float.

    Returns
    -------
    ProgrammingReport

    Raises
    ------
    TypeError, ValueError
        A simulation of another network; targets of another shape, or not > 0; a voltage, tolerance or number outside
        of its range, or voltages of wrong signs.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.crossbar(2, 2, line_resistance=1.0)
    >>> devices = mn.cell_devices(net, mn.BipolarThreshold(g_on=100e-6, g_off=1e-6, soft=1.0))
    >>> sim = mn.Simulation(net, devices, dict.fromkeys(net.electrodes, 0.0), dt=1e-3)
    >>> targets = [[20e-6, 40e-6], [60e-6, 80e-6]]
    >>> report = mn.arrays.write_verify(sim, targets, set_volts=(1.0, 1.9), reset_volts=(-1.0, -1.9))
    >>> report.failed, bool(abs(report.error).max() < 0.01)
    ((), True)
    """
    check.instance("simulation", simulation, Simulation, "a Simulation")
    if not is_one_layer(simulation.net):
        raise ValueError("simulation must be of a network of mn.crossbar with one layer of lines, got another network")
    wanted = check.array("targets", targets, simulation.net.cell.shape[1:])
    check.numbers_within("targets", wanted, 0.0, math.inf, "()", "S")
    check.one_of("scheme", scheme, WRITING)
    step = check.real("volts_step", volts_step, 0.0, math.inf, "()", "V")
    volts = _voltages(set_volts, reset_volts, step)
    read = check.real("read_volts", read_volts, -MOST_VOLTS, MOST_VOLTS, bounds="()0", unit="V")
    share = check.real("tolerance", tolerance, 0.0, 1.0, "()")
    most = check.integer("most_pulses", most_pulses, 1)
    passes = check.integer("passes", passes, 1)
    steps = check.integer("pulse_steps", pulse_steps, 1)
    lines = _Programmer(simulation, scheme, volts, step, read, steps)
    if compliance is not None:
        lines.limit = check.real("compliance", compliance, 0.0, math.inf, "()", "A")
    lines.others = {} if others is None else others
    if not callable(others):
        lines.beside(0)
    start = simulation.time
    rows = [_Row.unread(target, share) for target in wanted]
    try:
        for _ in range(passes):
            for k, row in enumerate(rows):
                _program_row(lines, k, row, most)
            found = np.array([lines.read(k) for k in range(len(rows))])
            if not any(row.wanting(now, most).any() for row, now in zip(rows, found, strict=True)):
                break
    finally:
        simulation.set_drive(lines.rest)
    return _report(wanted, rows, found, share, simulation.time - start)


def _voltages(set_volts: Any, reset_volts: Any, step: float) -> Floats:
    """Return the first and the largest voltage of set and of reset pulses, (2, 2)."""
    pairs = []
    for name, pair in (("set_volts", set_volts), ("reset_volts", reset_volts)):
        pair = pair.tolist() if isinstance(pair, np.ndarray) else pair
        check.instance(name, pair, (tuple, list), "a pair of voltages")
        if len(pair) != 2:
            raise ValueError(f"{name} must be a pair of voltages, got {check.shown(pair)}")
        low, high = (check.real(f"{name}[{k}]", one, -MOST_VOLTS, MOST_VOLTS, "[]", "V") for k, one in enumerate(pair))
        if low * high <= 0.0 or abs(low) >= abs(high):
            raise ValueError(f"{name} must go from a voltage to a larger one of its sign, got {check.shown(pair)}")
        if abs(low) < LEAST_VOLTS:
            raise ValueError(f"{name} must begin with {LEAST_VOLTS:g} V or more, got {check.shown(pair)}")
        if abs(high - low) / step > MOST_LEVELS:
            raise ValueError(f"volts_step must make at most {MOST_LEVELS:,} steps of {name}, got {step:g} V")
        pairs.append((low, high))
    if pairs[0][0] * pairs[1][0] > 0.0:
        raise ValueError(f"set_volts and reset_volts must be of opposite signs, got {set_volts} and {reset_volts}")
    return np.array(pairs)


def _program_row(lines: _Programmer, row: int, cells: _Row, most: int) -> None:
    """Give pulses to the cells of a row until all are done or given up."""
    cells.read = lines.read(row)
    while (active := cells.wanting(cells.read, most)).any():
        rising = cells.read < cells.target
        for kind, wants in enumerate((active & rising, active & ~rising)):
            if wants.any():
                lines.pulse(row, kind, np.flatnonzero(wants), cells.level[kind])
        cells.learn(active, rising, lines.read(row), lines.top)


def _report(targets: Floats, rows: list[_Row], found: Floats, share: float, time: float) -> ProgrammingReport:
    """Return what became of all cells."""
    read, reach = (np.array([getattr(row, name) for row in rows]) for name in ("read", "reach"))
    idle = np.array([row.idle for row in rows])
    verified, good = (np.abs(one - targets) <= share * targets for one in (read, found))
    status = np.full(targets.shape, NOT_REACHED, dtype="<U12")
    status[idle >= PATIENCE] = OUT_OF_RANGE
    status[(idle >= PATIENCE) & (reach <= share * targets)] = STUCK
    status[verified] = DISTURBED
    status[good] = VERIFIED  # also where what lines lose changed in its favour
    change = np.abs(found[verified] / read[verified] - 1.0)
    return ProgrammingReport(
        targets=targets,
        conductances=found,
        status=status,
        pulses=np.array([row.pulses for row in rows]),
        failed=tuple((int(row), int(column)) for row, column in np.argwhere(status != VERIFIED)),
        disturbance=float(change.max(initial=0.0)),
        time=time,
    )
