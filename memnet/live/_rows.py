"""The last rows of something that grows without an end."""

from __future__ import annotations

import numpy as np

from memnet.base.arrays import Floats


class Rows:
    """Rows of numbers that are counted from the first on, of which only the last are kept."""

    def __init__(self, width: int, most: int) -> None:
        self.end = 0  # the number of the next row
        self._ring = np.empty((most, width))

    def add(self, block: Floats) -> None:
        """Append rows, (n, width); the oldest go."""
        self.end += len(block)
        block = block[-len(self._ring) :]
        self._ring[np.arange(self.end - len(block), self.end) % len(self._ring)] = block

    def since(self, number: int) -> Floats:
        """Return the rows from a number on, or from the oldest that is kept."""
        first = max(number, self.end - len(self._ring), 0)
        rows: Floats = self._ring[np.arange(first, self.end) % len(self._ring)]
        return rows
