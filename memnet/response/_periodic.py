"""Periodic states: the same cycle again and again until it repeats."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from memnet.base import check, long_calls
from memnet.devices import state_fields, table_of
from memnet.simulate import Simulation

if TYPE_CHECKING:
    import xarray as xr

# How far a period may miss a whole number of steps, as a part of the period.
PERIOD_TOLERANCE = 1e-9


@check.known_keywords
def periodic(
    sim: Simulation,
    period: float,
    tolerance: float = 1e-6,
    *,
    max_cycles: float = 1000,
    record: Any = ("current",),
    progress: bool = False,
) -> xr.Dataset:
    """Run a simulation, cycle after cycle of its drive, until a cycle repeats the one before; return that cycle.

    What repeats is everything that is recorded over time, the voltages and currents of the electrodes and the
    conductance at least, and every state of every device at the end of a cycle.

    Parameters
    ----------
    sim : Simulation
        It goes on from where it stands, and stands at the end of the last cycle afterwards.
    period : float
        Of the drive (s): a whole number of steps of `Simulation.dt`.
    tolerance : float
        Largest difference between two cycles, as a part of the largest value of that quantity, in (0, 1).
    max_cycles : int
        How many cycles to take at most, >= 2; a whole float such as 1e3 will do.
    record : sequence of str or dict
        As for `Simulation.run`.
    progress : bool
        Show a bar that counts cycles.

    Returns
    -------
    xarray.Dataset
        The last cycle, as `Simulation.run` returns it. ``attrs["cycles"]`` says how many cycles were taken, the last
        one included, and ``attrs["difference"]`` by how much that one differs from the one before.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or outside its range; a period between two steps.
    ArithmeticError
        No cycle of `max_cycles` repeated the one before; the message says what still differs, by how much, and whether
        that was falling. The simulation stands at the end of the last one and can go on. And as `Simulation.run`.
    KeyboardInterrupt
        Ctrl-C; the simulation can go on with the same bits, and its `partial` holds what the cycle had recorded.

    Notes
    -----
    Two cycles that differ little are near the periodic state only where differences fall quickly: where each is r times
    the one before, what is left is r / (1 - r) times the last one. States that drift slowly need a smaller tolerance.

    A state that forgets nothing, such as that of `LinearDrift` without decay, comes back after each cycle from wherever
    it starts, but for the error of the steps: adaptive ones need an `rtol` well below `tolerance` there.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
    >>> synapse = mn.RateBalance(kappa_p0=0.01, kappa_d0=0.1, eta_p=5.0)
    >>> wave = mn.drive.sine(amplitude=1.0, frequency=0.5)
    >>> sim = mn.Simulation(net, synapse, {"in": wave, "out": 0.0}, dt=0.02)
    >>> loop = mn.periodic(sim, 2.0, 1e-6)
    >>> loop.sizes["time"], loop.attrs["cycles"]
    (100, 15)
    """
    check.instance("sim", sim, Simulation, "a Simulation")
    steps = _steps(period, sim.dt)
    allowed = check.real("tolerance", tolerance, 0.0, 1.0, "()")
    most = check.whole("max_cycles", max_cycles, 2)
    check.flag("progress", progress)
    differences: list[float] = []
    before: dict[str, NDArray[np.float64]] | None = None
    with long_calls.progress_bar(progress, most, "cycle") as bar:
        for cycle in range(1, most + 1):
            data: xr.Dataset = sim.run(steps, record=record)
            bar.update(1)
            now = _repeating(data, sim)
            if before is not None:
                name, difference = _largest_difference(before, now)
                differences.append(difference)
                if difference <= allowed:
                    data.attrs.update(cycles=cycle, difference=difference)
                    return data
            before = now
    said = _not_repeated(name, differences, allowed, most, steps * sim.dt)
    if sim.rtol is not None:
        said = f"{said}; it may be what adaptive steps are off by, which a smaller rtol than {sim.rtol:g} tells"
    if not _drive_repeats(sim, data.time.values, steps * sim.dt, allowed):
        said = f"{said}; the drive itself does not have this period"
    raise ArithmeticError(said)


def _steps(period: Any, dt: float) -> int:
    """Return a period in steps of length dt (s).

    Raises
    ------
    TypeError, ValueError
        No number, or none of whole steps.
    """
    seconds = check.real("period", period, 0.0, math.inf, "()", "s")
    steps = round(seconds / dt) if seconds / dt < 2**53 else 0
    if steps < 1 or abs(steps * dt - seconds) > PERIOD_TOLERANCE * seconds:
        near = max(steps, 1)
        raise ValueError(
            f"period must be a whole number of steps of {dt!r} s, got {seconds!r}; {near} of them take"
            f" {near * dt:.15g} s"
        )
    return steps


def _repeating(data: xr.Dataset, sim: Simulation) -> dict[str, NDArray[np.float64]]:
    """Return what a cycle must have in common with the next one, by name."""
    values = {str(name): one.values for name, one in data.data_vars.items() if "time" in one.dims}
    for k, device in enumerate(sim.devices):
        for name in state_fields(table_of(device)):
            values[f"state {name} of devices[{k}] ({device.model})"] = sim.state(device, name)
    return values


def _largest_difference(
    before: dict[str, NDArray[np.float64]], now: dict[str, NDArray[np.float64]]
) -> tuple[str, float]:
    """Return the quantity that differs most between two cycles, and by how much of its largest value."""
    found = {name: _difference(before[name], values) for name, values in now.items()}
    name = max(found, key=lambda one: found[one])
    return name, found[name]


def _difference(before: NDArray[np.float64], now: NDArray[np.float64]) -> float:
    """Return the largest difference of two arrays as a part of the largest value; what is not finite must be equal."""
    same = (before == now) | (np.isnan(before) & np.isnan(now))
    if same.all():
        return 0.0
    a, b = before[~same], now[~same]
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        return math.inf
    largest = max(np.abs(x[np.isfinite(x)]).max() for x in (before, now))
    return float(np.abs(a - b).max() / largest)


def _not_repeated(name: str, differences: list[float], tolerance: float, most: int, period: float) -> str:
    last = differences[-1]
    said = (
        f"no cycle of {most} repeated the one before to tolerance = {tolerance:g}: {name} still differs by {last:.3g}"
        f" of its largest value after {most} cycles of {period:g} s"
    )
    if len(differences) > 1 and 0.0 < last < differences[-2]:
        ratio = last / differences[-2]
        more = math.ceil(math.log(tolerance / last) / math.log(ratio))
        return f"{said}, {ratio:.6g} times as much as a cycle before: at that rate it takes some {more:,} cycles more"
    return f"{said}, and that is not falling"


def _drive_repeats(sim: Simulation, time: NDArray[np.float64], period: float, tolerance: float) -> bool:
    """Return whether every waveform had the values of the cycle before at the times of the last one."""
    pairs = [(wave(time - period), wave(time)) for wave in sim.drive.values()]
    return max(_difference(before, now) for before, now in pairs) <= tolerance
