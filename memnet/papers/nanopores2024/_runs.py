"""Runs that statements are judged by: periodic loops, transients, and pulses, of a pore or of several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from memnet import drive, response
from memnet.base.arrays import Floats
from memnet.devices import Device
from memnet.drive import Waveform
from memnet.simulate import Circuit, Simulation

if TYPE_CHECKING:
    import xarray as xr

Elements = Sequence[tuple[str, str, Device]]
ROWS, RTOL = 1000, 1e-5


def circuit(elements: Elements | Device) -> Circuit:
    """Return a circuit of elements (from, to, device) between "in" and "gnd", or of one device."""
    made = Circuit()
    for a, b, device in [("in", "gnd", elements)] if isinstance(elements, Device) else elements:
        made.add(a, b, device)
    return made


def simulation(elements: Elements | Device, wave: Any, dt: float, rtol: float = RTOL) -> Simulation:
    """Return a simulation with adaptive steps and rows every dt (s)."""
    return circuit(elements).simulation({"in": wave, "gnd": 0.0}, dt=dt, method="adaptive", rtol=rtol)


def loop(
    elements: Elements | Device,
    amplitude: float,
    frequency: float,
    *,
    wave: Callable[[float, float], Waveform] = drive.sine,
    start: Callable[[Simulation], object] | None = None,
    record: Sequence[str] = ("current",),
    rows: int = ROWS,
    rtol: float = RTOL,
) -> xr.Dataset:
    """Return the periodic state under a wave of an amplitude (V) and a frequency (Hz).

    `start` may bring states near it; a cycle must repeat all the same.
    """
    sim = simulation(elements, wave(amplitude, frequency), 1.0 / frequency / rows, rtol)
    if start is not None:
        start(sim)
    return response.periodic(sim, 1.0 / frequency, rtol, record=list(record))


def triangle(amplitude: float, frequency: float) -> Waveform:
    """Return a triangle around 0, which begins at 0 V and rises: a constant scan rate."""
    return drive.triangle(-amplitude, amplitude, 1.0 / frequency, phase=0.25)


def of(data: xr.Dataset) -> tuple[Floats, Floats]:
    """Return voltage (V) and current (A) at "in"."""
    return tuple(data[name].sel(electrode="in").values for name in ("voltage", "current"))


def train(volts: Sequence[float], length: float) -> tuple[Waveform, int]:
    """Return pulses of a length (s) with as long a pause at 0 V behind each, and the number of half periods."""
    times = length * np.arange(2 * len(volts))
    return drive.steps(np.c_[volts, np.zeros(len(volts))].ravel(), times), 2 * len(volts)


def pulsed(elements: Elements | Device, volts: Sequence[float], length: float) -> Floats:
    """Return the conductance (S) behind the pause that follows each pulse of a voltage (V) and a length (s)."""
    wave, halves = train(volts, length)
    data = simulation(elements, wave, length, 1e-6).run(halves + 1)
    read: Floats = data["conductance"].values[2::2]
    return read
