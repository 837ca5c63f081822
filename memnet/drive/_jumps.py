"""Where a waveform jumps, and where it has its last corner."""

from __future__ import annotations

import numpy as np

from memnet import _core
from memnet.drive._waveform import Waveform, nodes

# Corners that are looked at.
MOST = 1024
# The most corners of a waveform that is thought to end.
MOST_OF_ENDING = 1_000_000
# How far before a corner a value counts as the one before it, as a share of the time since the corner before; and the
# share of the values by which a jump differs from where the waveform was going.
BEFORE, DIFFERENT = 1e-6, 1e-6


def first_jump(wave: Waveform) -> float | None:
    """Return the first time after 0 (s) at which a waveform jumps, None where its first 1,024 corners are no jumps.

    A corner at which the value only may jump, as between two parts of `concat`, counts if it does.
    """
    waves, root = nodes([wave])
    jump, time = _core.wave_corners(waves, root[0], np.array([0.0, np.finfo(float).max]), MOST)
    there = np.isfinite(time) & (time > 0.0)
    time, jump = time[there], jump[there]
    step = BEFORE * np.diff(time, prepend=0.0)
    for k in np.flatnonzero(jump):
        one, two, now = np.asarray(wave(time[k] - step[k] * np.array([2.0, 1.0, 0.0])))
        if abs(now - (2.0 * two - one)) > DIFFERENT * max(abs(one), abs(now)):
            return float(time[k])
    return None


def last_corner(wave: Waveform) -> float | None:
    """Return the last time (s) at which a waveform jumps or turns, 0 without any, None of more than 1,000,000."""
    waves, root = nodes([wave])
    _, time = _core.wave_corners(waves, root[0], np.array([0.0, np.finfo(float).max]), MOST_OF_ENDING)
    there = time[np.isfinite(time)]
    return None if there.size == MOST_OF_ENDING else float(there[-1]) if there.size else 0.0
