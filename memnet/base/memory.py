"""The memory of the machine, and how much of it one call may take."""

from __future__ import annotations

import functools
import math
import os

# The share of the machine's memory that one call may take.
SHARE = 0.5


def usable() -> float:
    """Return the bytes that one call may take, infinity where the machine does not say what it has."""
    return SHARE * physical()


@functools.cache
def physical() -> float:
    """Return the machine's memory in bytes, infinity where it does not say."""
    try:
        return float(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    except (AttributeError, ValueError, OSError):
        return math.inf
