"""The waveforms of numbers. Written by scripts/generate_waveforms.py from csrc/drive/waves.def: do not edit."""

from collections.abc import Callable, Mapping

from numpy.typing import ArrayLike

from memnet.drive._waveform import Waveform

LEAVES: Mapping[str, Callable[..., Waveform]]

def constant(value: float) -> Waveform:
    """Return a voltage that stays."""

def triangle(low: float, high: float, period: float, phase: float = 0.0) -> Waveform:
    """Return a triangle that rises from `low` to `high` in half a period and falls back in the other half."""

def sine(amplitude: float, frequency: float, offset: float = 0.0, phase: float = 0.0) -> Waveform:
    """Return offset + amplitude sin(2 pi (frequency t + phase))."""

def pulses(
    low: float, high: float, length: float, spacing: float, count: int | None = None, start: float = 0.0
) -> Waveform:
    """Return pulses of `high` for `length`, apart by `spacing` at `low`."""

def steps(values: ArrayLike, times: ArrayLike) -> Waveform:
    """Return values that each hold from their time until the next one's."""

def from_array(values: ArrayLike, dt: float, repeat: bool = False) -> Waveform:
    """Return sampled values, each held for `dt`, from t = 0 on."""

def piecewise_linear(times: ArrayLike, values: ArrayLike) -> Waveform:
    """Return straight lines between points, the first value before them and the last one after."""

def spike(high: float, low: float, rise: float, fall: float, before: float, after: float) -> Waveform:
    """Return an action potential: an exponential that rises to `high`, a jump to `low`, one that fades, then 0."""
