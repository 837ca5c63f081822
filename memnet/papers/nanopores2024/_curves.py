"""Zeros and peaks of smooth functions of a voltage, and regions in which a steady current falls."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from memnet import theory
from memnet.base.arrays import Floats
from memnet.devices import Device

# Samples among which zeros and peaks are looked for; each is then found to rounding.
SAMPLES = 501
Curve = Callable[[Any], Floats]


def of(device: Device, name: str) -> Curve:
    """Return a quantity of the steady curve of a device as a function of the voltage (V)."""

    def curve(volts: Any) -> Floats:
        return np.asarray(theory.steady_curve(device, np.atleast_1d(volts))[name].values)

    return curve


def zeros(curve: Curve, low: float, high: float) -> Floats:
    """Return where a function changes its sign between two voltages (V), ascending."""
    from scipy import optimize

    grid = np.linspace(low, high, SAMPLES)
    values = curve(grid)
    between = np.flatnonzero(np.sign(values[1:]) * np.sign(values[:-1]) < 0.0)
    found = [
        optimize.brentq(lambda volt: float(curve(np.array([volt]))[0]), grid[k], grid[k + 1], xtol=1e-15, rtol=1e-14)
        for k in between
    ]
    return np.sort(np.r_[found, grid[values == 0.0]])


def peak(curve: Curve, low: float, high: float) -> tuple[float, float]:
    """Return where a function is largest between two voltages (V), and its value there."""
    from scipy import optimize

    grid = np.linspace(low, high, SAMPLES)
    k = int(np.clip(curve(grid).argmax(), 1, SAMPLES - 2))
    found = optimize.minimize_scalar(
        lambda volt: -float(curve(np.array([volt]))[0]),
        bounds=(grid[k - 1], grid[k + 1]),
        method="bounded",
        options={"xatol": 1e-9 * (high - low)},
    )
    return float(found.x), float(-found.fun)


def lowest(curve: Curve, low: float, high: float) -> tuple[float, float]:
    """Return where a function is smallest between two voltages (V), and its value there."""
    at, value = peak(lambda volts: -curve(volts), low, high)
    return at, -value


@dataclass(frozen=True)
class Falling:
    """Where the steady current of a device falls with the voltage between two others.

    Attributes
    ----------
    voltage : ndarray
        The extrema of the current (V), ascending.
    current : ndarray
        The current there (A).
    at, conductance : float
        The voltage at which the slope is smallest (V), and that slope (S).
    """

    voltage: Floats
    current: Floats
    at: float
    conductance: float

    @staticmethod
    def of(device: Device, low: float, high: float) -> Falling:
        """Return it for a device between two voltages (V)."""
        slope = of(device, "conductance")
        extrema = zeros(slope, low, high)
        current = of(device, "current")(extrema) if extrema.size else np.empty(0)
        return Falling(extrema, current, *lowest(slope, low, high))

    def regions(self) -> list[tuple[float, float]]:
        """Return the ends of the regions in which the current falls (V)."""
        return [
            (float(a), float(b))
            for (a, b), (up, down) in zip(
                itertools.pairwise(self.voltage), itertools.pairwise(self.current), strict=True
            )
            if down < up
        ]
