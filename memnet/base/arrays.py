"""What arrays hold: the types that signatures of all rooms name."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]
Steps: TypeAlias = NDArray[np.int64]
Ids: TypeAlias = NDArray[np.int32]
