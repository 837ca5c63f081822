"""What protocols apply: trains of pulses and spikes, in whole steps."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from memnet import drive as drives
from memnet.base import check
from memnet.base.arrays import Floats

# How far a time may miss a whole number of steps, as a part of it: as for the duration of a run.
STEP_TOLERANCE = 1e-9
MOST_STEPS = 2**53
# Where it is looked whether a spike stays at rest, behind its end in its own lengths.
LATER = (0.0, 1e-3, 0.1, math.e, 1e3)


@dataclass(frozen=True)
class Train:
    """Equal pulses from 0 V, the first at once.

    Attributes
    ----------
    amplitude : float
        In V.
    width : float
        In s.
    count : int
    steps : int
        How many steps a pulse lasts.
    """

    amplitude: float
    width: float
    count: int
    steps: int

    def wave(self, interval: float) -> drives.Waveform:
        """Return the train with a time between the end of a pulse and the start of the next (s)."""
        return drives.pulses(0.0, self.amplitude, length=self.width, spacing=interval, count=self.count)

    def length(self, interval: float) -> float:
        """Return how long it takes (s)."""
        return self.count * self.width + (self.count - 1) * interval

    def attributes(self) -> dict[str, Any]:
        """Return the arguments as attributes of a result."""
        return {"amplitude": self.amplitude, "width": self.width, "count": self.count}


def train(amplitude: float, width: float, count: int, dt: float) -> Train:
    """Return a train of checked pulses.

    Raises
    ------
    TypeError, ValueError
        An amplitude of 0 V, a width that is no whole number of steps of dt (s).
    """
    volts = check.real("amplitude", amplitude, unit="V")
    if volts == 0.0:
        raise ValueError("amplitude must not be 0 V, which is no pulse")
    seconds = check.real("width", width, 0.0, math.inf, "()", "s")
    return Train(volts, seconds, count, steps_in("width", seconds, dt))


@dataclass(frozen=True)
class Spike:
    """A waveform that comes to rest at 0 V.

    Attributes
    ----------
    wave : Waveform
    length : float
        When it is at rest (s).
    steps : int
        How many steps that are.
    """

    wave: drives.Waveform
    length: float
    steps: int


def spike(name: str, value: Any, dt: float) -> Spike:
    """Return a waveform with the time of its last corner, from which on it is at 0 V.

    Raises
    ------
    TypeError, ValueError
        No waveform of voltages, one that does not come to rest, or is 0 V at all times, or does not end with a step of
        dt (s).
    """
    check.instance(name, value, drives.Waveform, "a waveform of mn.drive that ends at 0 V")
    if value.roles != {drives.ROLE_VOLTAGE}:
        raise ValueError(f"{name} must be a waveform of voltages, got {check.shown(value)}")
    end = drives.last_corner(value)
    if end is None or np.any(value(end + max(end, dt) * np.array(LATER))):
        raise ValueError(
            f"{name} must come to rest at 0 V, got {check.shown(value)}; end it as in"
            " mn.drive.concat([(spike, duration), (0.0, None)])"
        )
    places = np.concatenate(([0.0], value.corners(0.0, end)))
    if not np.any(value(np.concatenate((places, (places[1:] + places[:-1]) / 2.0)))):
        raise ValueError(f"{name} must not be empty, got {check.shown(value)}, which is 0 V at all times")
    return Spike(value, end, steps_in(f"length of {name}", end, dt))


def steps_in(name: str, seconds: float, dt: float) -> int:
    """Return how many steps of dt (s) a time (s) is, at least one.

    Raises
    ------
    ValueError
        No whole number of steps, to 1e-9 of the time, or too many.
    """
    exact = seconds / dt
    if not exact < MOST_STEPS:
        raise ValueError(f"{name} must be below {MOST_STEPS * dt:g} s, which is {MOST_STEPS} steps, got {seconds!r}")
    count = round(exact)
    if count < 1 or abs(count * dt - seconds) > STEP_TOLERANCE * seconds:
        near = [f"{k * dt:.15g} s ({k} steps)" for k in (math.floor(exact), math.floor(exact) + 1) if k > 0]
        raise ValueError(
            f"{name} must be a whole number of steps of dt = {dt!r} s, got {float(seconds)!r}; the nearest:"
            f" {' and '.join(near)}"
        )
    return count


def refuse_jumps_inside(name: str, wave: drives.Waveform, stop: float, dt: float) -> None:
    """Raise ValueError where a waveform jumps inside a step of dt (s), which has one voltage."""
    times = wave.corners(0.0, stop, jumps=True)
    inside = np.flatnonzero(np.abs(times - np.round(times / dt) * dt) > STEP_TOLERANCE * times)
    if inside.size:
        raise ValueError(
            f"{name} must jump between steps of dt = {dt!r} s, got a jump at {times[inside[0]]:.15g} s; choose dt so"
            " that its parts are whole numbers of steps"
        )


def axis_of(name: str, value: ArrayLike, noun: str = "number") -> Floats:
    """Return numbers, one or several, as an axis of a result: finite, at least one, each once."""
    values = check.array(name, np.atleast_1d(check.given_array(name, value)), (None,))
    if not values.size:
        raise ValueError(f"{name} must hold at least one {noun}, got none")
    if np.unique(values).size < values.size:
        raise ValueError(f"{name} must hold each {noun} once, got {check.shown(values.tolist())}")
    return values


def times_of(name: str, value: ArrayLike) -> Floats:
    """Return times (s), one or several, as an axis of a result."""
    return axis_of(name, value, "time")


def intervals_of(value: ArrayLike, dt: float) -> tuple[Floats, list[int]]:
    """Return intervals (s), each > 0, and how many steps of dt (s) each is."""
    times = times_of("interval", value)
    for one in times:
        check.real("interval", float(one), 0.0, math.inf, "()", "s")
    return times, [steps_in("interval", float(one), dt) for one in times]
