"""Membranes of Hodgkin and Huxley in absolute potentials, and what their traces say: rises, peaks, rests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from memnet import drive
from memnet.base.arrays import Floats
from memnet.devices import HodgkinHuxley
from memnet.drive import Waveform
from memnet.simulate import Circuit

if TYPE_CHECKING:
    import xarray as xr

# A membrane of 1 cm2, so that 1 uA is 1 uA/cm2.
MICROAMPERE, MILLI = 1e-6, 1e3
# The paper's V_L and conductances; E_K -77 and E_Na 50 mV, which it does not print, are customary.
V_R = HodgkinHuxley.preset("absolute").parameters["V_R"]
ROW, RTOL = 2e-5, 1e-6


@dataclass(frozen=True)
class Trace:
    """A potential (mV) over the time (ms), at evenly spaced rows."""

    time: Floats
    potential: Floats

    @staticmethod
    def of(data: xr.Dataset, potential: xr.DataArray) -> Trace:
        """Return that of a run, from a potential (V) over its time (s)."""
        return Trace(MILLI * data["time"].values, MILLI * potential.values)

    def rises(self, level: float = 0.0) -> Floats:
        """Return when it rises through a level (mV), by a cubic curve through the rows."""
        curve = self._curve()
        times = curve.solve(level, extrapolate=False)
        found: Floats = times[curve(times, 1) > 0.0]
        return found

    def peak(self) -> float:
        """Return its largest value, between rows, too."""
        curve = self._curve()
        tops = curve(curve.derivative().roots(extrapolate=False))
        return float(max(self.potential.max(), *np.r_[tops, -np.inf]))

    def _curve(self) -> Any:
        from scipy.interpolate import CubicSpline

        return CubicSpline(self.time, self.potential)


def membrane(**parameters: float) -> HodgkinHuxley:
    """Return a membrane of 1 cm2 with absolute potentials."""
    return HodgkinHuxley.preset("absolute", **parameters)


def alone(**parameters: float) -> Circuit:
    """Return a circuit of one membrane from the inside to the outside."""
    made = Circuit()
    made.add("inside", "outside", membrane(**parameters), name="membrane")
    return made


def pulse(current: float, duration: float = 0.5e-3, start: float = 0.0) -> Waveform:
    """Return one pulse of a current (uA)."""
    times, values = [0.0, start, start + duration], [0.0, current * MICROAMPERE, 0.0]
    return drive.steps(values, times) if start > 0.0 else drive.steps(values[1:], times[1:])


def run(
    circuit: Circuit,
    wave: Waveform | float,
    duration: float,
    *,
    record: Sequence[str] = (),
    row: float = ROW,
    rtol: float = RTOL,
) -> xr.Dataset:
    """Run a circuit from "inside", where a current (A) enters, to "outside", with adaptive steps and rows (s)."""
    sources: dict[str, Any] = {"inside": drive.current(wave), "outside": 0.0}
    sim = circuit.simulation(sources, dt=row, method="adaptive", rtol=rtol)
    return sim.run(duration=duration, record=["voltage", *record])


def trace(circuit: Circuit, wave: Waveform | float, duration: float, **options: Any) -> Trace:
    """Return the potential of the inside over such a run."""
    data = run(circuit, wave, duration, **options)
    return Trace.of(data, data["voltage"].sel(electrode="inside"))


def threshold(fires: Callable[[float], bool], low: float, high: float, share: float = 1e-3) -> float:
    """Return where a stimulus begins to do something, which it does at `high` and not at `low`, by bisection.

    Raises
    ------
    ArithmeticError
        It does so at both, or at neither.
    """
    if fires(low) or not fires(high):
        raise ArithmeticError(f"nothing begins between {low:g} and {high:g}")
    while high - low > share * abs(high):
        middle = 0.5 * (low + high)
        low, high = (low, middle) if fires(middle) else (middle, high)
    return 0.5 * (low + high)
