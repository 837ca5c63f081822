"""What is varied: the whole drive, or the value of one electrode."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memnet.base import check
from memnet.drive import ROLE_FLOATING, ROLE_VOLTAGE
from memnet.response._system import Point
from memnet.simulate import Simulation

Floats = NDArray[np.float64]
# Factors on the drive, or on 1 V where that is more, between which branches are followed to find its states.
WINDOW = (-10.0, 10.0)


@dataclass(frozen=True)
class Load:
    """Electrodes have the values `base + load * slope`."""

    base: Floats  # (n_electrodes,) V or A
    slope: Floats
    scale: float
    window: tuple[float, float]  # between which branches are followed
    anchors: tuple[float, ...]  # where all states are searched for
    points: tuple[float, ...] | None  # where states are wanted; None: all along the branches

    def within(self, points: Iterable[Point]) -> list[Point]:
        """Return points inside the window."""
        return [one for one in points if self.window[0] <= one.load <= self.window[1]]


def whole_drive(role: NDArray[np.uint8], value: Floats) -> Load:
    """Return the drive times a factor, of which 1 is wanted.

    All of it times anything is 0 where it is 0; then the first held electrode is at (factor - 1) volts.
    """
    if not value.any():
        first = (np.arange(len(role)) == int(np.argmax(role == ROLE_VOLTAGE))).astype(float)
        return Load(-first, first, 1.0, WINDOW, (1.0,), (1.0,))
    largest = float(np.abs(value[role == ROLE_VOLTAGE]).max(initial=0.0))
    scale = max(1.0, 1.0 / largest) if largest > 0.0 else 1.0
    return Load(np.zeros(len(value)), value, scale, (WINDOW[0] * scale, WINDOW[1] * scale), (1.0,), (1.0,))


def one_electrode(simulation: Simulation, role: NDArray[np.uint8], value: Floats, electrode: Any, values: Any) -> Load:
    """Return one electrode's value as the load.

    Raises
    ------
    TypeError, ValueError
        An unknown or a floating electrode; values that are no finite numbers, or none, or a range that is empty.
    """
    names = list(simulation.net.electrodes)
    k = names.index(check.one_of("electrode", electrode, names))
    if role[k] == ROLE_FLOATING:
        raise ValueError(f"electrode {electrode!r} floats: drive it at a voltage or with a current to vary that")
    base, slope = value.copy(), np.zeros(len(value))
    base[k], slope[k] = 0.0, 1.0
    if isinstance(values, tuple) and len(values) == 2:
        low, high = (check.real(f"values[{j}]", one) for j, one in enumerate(values))
        if not low < high:
            raise ValueError(f"values must be (low, high) with low < high, or an array, got {check.shown(values)}")
        return Load(base, slope, high - low, (low, high), (low, (low + high) / 2.0, high), None)
    wanted = np.atleast_1d(check.numeric("values", values))
    wanted = check.array("values", wanted, (None,))
    if not wanted.size:
        raise ValueError("values must hold at least one number")
    low, high = float(wanted.min()), float(wanted.max())
    scale = max(high - low, 0.1 * abs(high), 0.1 * abs(low)) or 1.0
    anchors = tuple(dict.fromkeys((low, float(wanted[len(wanted) // 2]), high)))
    return Load(base, slope, scale, (low - 0.01 * scale, high + 0.01 * scale), anchors, tuple(wanted.tolist()))
