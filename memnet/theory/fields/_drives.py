"""What drives a mean field over time, and when it jumps: an integrator must not step across that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from memnet import _core, drive as waves
from memnet.base import check
from memnet.base.arrays import Floats

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
            said = check.shown(drive)
            raise ValueError(f"drive must be of values alone, got {said}; a mean field is driven all the time")
        try:
            corners = wave.corners(float(times[0]), float(times[-1]))
        except ValueError:  # its message is about arguments of corners()
            many = f"changes more than {waves.MOST_CORNERS:,} times within {times[-1] - times[0]:g} s"
            raise ValueError(f"the drive {many}; give fewer times or a slower one") from None
        flat, root = waves.flatten({"": wave}, [""])

        def value(t: float) -> float:
            return float(_core.wave_evaluate(flat, int(root[0]), np.array([t]))[1][0])

        return value, np.concatenate((marks, corners)), wave.flat
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
