"""The last rows of something that grows without an end."""

from __future__ import annotations

from collections import deque

import numpy as np

from memnet.base.arrays import Floats


class Rows:
    """Rows of numbers that are counted from the first on, of which only the last are kept."""

    def __init__(self, width: int, most: int) -> None:
        self.end = 0  # the number of the next row
        self._width = width
        self._most = most
        self._blocks: deque[Floats] = deque()
        self._kept = 0

    def add(self, block: Floats) -> None:
        """Append rows, (n, width); the oldest go."""
        block = block[-self._most :]
        if not len(block):
            return
        self._blocks.append(block)
        self.end += len(block)
        self._kept += len(block)
        while self._kept - len(self._blocks[0]) >= self._most:
            self._kept -= len(self._blocks.popleft())

    def since(self, number: int) -> Floats:
        """Return the rows from a number on, or from the oldest that is kept."""
        wanted = max(0, min(self.end - number, self._kept, self._most))
        last: list[Floats] = []
        found = 0
        for block in reversed(self._blocks):
            if found >= wanted:
                break
            last.append(block)
            found += len(block)
        if not last:
            return np.empty((0, self._width))
        rows: Floats = np.concatenate(last[::-1])[-wanted:]
        return rows

    def clear(self) -> None:
        """Forget all rows; their numbers go on."""
        self._blocks.clear()
        self._kept = 0
