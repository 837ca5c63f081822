"""What drives a mean field over time, and when it jumps: an integrator must not step across that."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from memnet import _core
from memnet import drive as waves
from memnet.base import check

Floats = NDArray[np.float64]
Drive: TypeAlias = "float | waves.Waveform | Callable[[float], float] | ArrayLike"


def as_function(drive: Any, times: Floats, breaks: Sequence[float]) -> tuple[Callable[[float], float], Floats, bool]:
    """Return a drive as a function of time (s), the times at which it may jump, and whether it is constant in between.

    Raises
    ------
    TypeError, ValueError
        A waveform that floats, an array of another length than `times`, something that is no drive. The function of a
        callable raises them where its value is no finite number.
    """
    marks = check.array("breaks", breaks if np.size(breaks) else np.empty(0), (None,))
    if isinstance(drive, waves.Waveform):
        wave = drive.children[0] if drive.kind == waves.CURRENT else drive
        if wave.roles != {waves.ROLE_VOLTAGE}:
            raise ValueError(f"drive must be of values alone, got {drive!r}; a mean field is driven all the time")
        jumps = corners(wave, 0.0, float(times[-1]))
        flat, root = waves.flatten({"": wave}, [""])

        def value(t: float) -> float:
            return float(_core.wave_evaluate(flat, int(root[0]), np.array([t]))[1][0])

        return value, np.concatenate((marks, jumps)), _flat(wave)
    if callable(drive):
        return (lambda t: _number(f"drive({t:g})", drive(t))), marks, False
    if np.ndim(drive) == 0:
        constant = check.real("drive", drive)
        return (lambda _: constant), marks, True
    values = check.array("drive", drive, (len(times),))
    changes = times[1:][np.diff(values) != 0.0]
    return (lambda t: float(values[max(np.searchsorted(times, t, side="right") - 1, 0)])), changes, True


def _number(name: str, value: Any) -> float:
    return check.real(name, value.item() if isinstance(value, np.ndarray) and value.ndim == 0 else value)


def _flat(wave: waves.Waveform) -> bool:
    if wave.kind in (waves.SUM, waves.CONCAT):
        return all(_flat(child) for child in wave.children)
    return wave.kind not in (waves.TRIANGLE, waves.SINE)


def corners(wave: waves.Waveform, start: float, end: float) -> Floats:
    """Return the times in [start, end] at which a waveform that starts at `start` jumps or turns."""
    if wave.kind == waves.TRIANGLE:
        period, phase = wave.parameters[2:4]
        found = _every(0.5 * period, -phase * period, end - start)
    elif wave.kind == waves.PULSES:
        length, spacing, count, first = wave.parameters[2:6]
        starts = _every(length + spacing, first, end - start)
        starts = starts[starts >= first * (1.0 - 1e-12)][: int(min(count, 1e9))]
        found = np.concatenate((starts, starts + length))
    elif wave.kind == waves.STEPS:
        assert wave.samples is not None
        found = np.split(wave.samples, 2)[1]
    elif wave.kind == waves.ARRAY:
        found = _every(wave.parameters[0], 0.0, end - start)
    elif wave.kind == waves.SUM:
        found = np.concatenate([corners(child, 0.0, end - start) for child in wave.children])
    elif wave.kind == waves.CONCAT:
        assert wave.samples is not None
        parts, at = [np.empty(0)], 0.0
        for child, duration in zip(wave.children, wave.samples, strict=True):
            until = min(at + duration, end - start)
            parts += [corners(child, at, until), np.array([at])]
            at += duration
            if at > end - start or not math.isfinite(at):
                break
        found = np.concatenate(parts)
    else:
        found = np.empty(0)
    return np.unique(found[(found >= 0.0) & (found <= end - start)]) + start


def _every(period: float, offset: float, end: float) -> Floats:
    """Return offset + k period in [0, end]."""
    first = math.ceil(-offset / period)
    last = math.floor((end - offset) / period)
    if last - first > 10_000_000:
        raise ValueError(f"the drive changes {last - first:,} times within {end:g} s; give fewer times or a slower one")
    return offset + period * np.arange(first, last + 1, dtype=np.float64)
