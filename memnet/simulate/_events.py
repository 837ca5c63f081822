"""The events of a run as the C library gives them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

# Step, edge, kind and time (s) of events.
EventArrays: TypeAlias = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int8], NDArray[np.float64]]


def joined_events(parts: Sequence[EventArrays]) -> EventArrays:
    """Return the events of consecutive pieces of a run as one."""
    if len(parts) == 1:
        return parts[0]
    step, edge, kind, time = zip(*parts, strict=True) if parts else ((), (), (), ())
    return (
        np.concatenate((np.empty(0, np.int64), *step)),
        np.concatenate((np.empty(0, np.int32), *edge)),
        np.concatenate((np.empty(0, np.int8), *kind)),
        np.concatenate((np.empty(0, np.float64), *time)),
    )
