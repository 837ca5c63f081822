"""The waveforms of numbers. Written by scripts/generate_waveforms.py from csrc/drive/waves.def: do not edit."""

from collections.abc import Callable, Mapping

from numpy.typing import ArrayLike

from memnet.drive._waveform import Waveform

LEAVES: Mapping[str, Callable[..., Waveform]]

def constant(value: float) -> Waveform:
    """Return a voltage that stays.

    Parameters
    ----------
    value : float
        Voltage (V).
    """

def triangle(low: float, high: float, period: float, phase: float = 0.0) -> Waveform:
    """Return a triangle that rises from `low` to `high` in half a period and falls back in the other half.

    Parameters
    ----------
    low : float
        Lower turning point (V).
    high : float
        Upper turning point (V).
    period : float
        Period (s), > 0.
    phase : float, default 0.0
        Where in its period it starts, in turns: 0 at `low` rising, 0.25 half-way up, 0.5 at `high`.
    """

def sine(amplitude: float, frequency: float, offset: float = 0.0, phase: float = 0.0) -> Waveform:
    """Return offset + amplitude sin(2 pi (frequency t + phase)).

    Parameters
    ----------
    amplitude : float
        Voltage from the middle to the top (V).
    frequency : float
        Frequency (Hz), > 0.
    offset : float, default 0.0
        Voltage in the middle (V).
    phase : float, default 0.0
        Phase, in turns.
    """

def pulses(
    low: float, high: float, length: float, spacing: float, count: int | None = None, start: float = 0.0
) -> Waveform:
    """Return pulses of `high` for `length`, apart by `spacing` at `low`.

    Parameters
    ----------
    low : float
        Voltage between the pulses (V).
    high : float
        Voltage in the pulses (V).
    length : float
        Duration of a pulse (s), > 0.
    spacing : float
        From the end of a pulse to the next one (s), > 0.
    count : int, optional
        Number of pulses; without it they go on for ever, >= 1.
    start : float, default 0.0
        Start of the first pulse; `low` before it (s).
    """

def steps(values: ArrayLike, times: ArrayLike) -> Waveform:
    """Return values that each hold from their time until the next one's.

    Parameters
    ----------
    values : array_like (n,)
        Voltages, n >= 1 (V).
    times : array_like (n,)
        When each value starts, increasing; the first also counts before its time (s).
    """

def from_array(values: ArrayLike, dt: float, repeat: bool = False) -> Waveform:
    """Return sampled values, each held for `dt`, from t = 0 on.

    Parameters
    ----------
    values : array_like (n,)
        Voltages of one electrode, n >= 1 (V).
    dt : float
        Sample interval (s), > 0.
    repeat : bool, default False
        Whether they start again after the last; else the last one holds.
    """

def piecewise_linear(times: ArrayLike, values: ArrayLike) -> Waveform:
    """Return straight lines between points, the first value before them and the last one after.

    Parameters
    ----------
    times : array_like (n,)
        Times of the points, n >= 1, increasing; at a time that stands twice it jumps, and has the second value from
        there on (s).
    values : array_like (n,)
        Voltages at these times (V).
    """
