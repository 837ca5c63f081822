"""Objects that hold arrays to which nobody can write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np


class ReadOnlyArrays:
    """A class whose objects keep their arrays read-only in copies and pickles, from which NumPy drops that."""

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        for value in state.values():
            if isinstance(value, np.ndarray):
                value.flags.writeable = False
        self.__dict__.update(state)
