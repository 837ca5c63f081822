"""What goes to the browser: a few words as JSON, and arrays as the bytes that they are."""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Kinds of arrays that the browser knows, little-endian as all browsers are.
KINDS = {"f4": "<f4", "f8": "<f8", "i4": "<i4"}
# Each array begins at a multiple of this, so that the browser can look at it where it lies.
ALIGNMENT = 8


def packed(header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Return a message: the length of its header (uint32), the header, and the arrays that the header lists."""
    listed = [[name, values.dtype.str[1:], int(values.size)] for name, values in arrays.items()]
    text = json.dumps(plain({**header, "arrays": listed}), allow_nan=False).encode("utf-8")
    pieces = [_filled(struct.pack("<I", len(text)) + text)]
    for name, kind, _ in listed:
        pieces.append(_filled(np.ascontiguousarray(arrays[name], dtype=KINDS[kind]).tobytes()))
    return b"".join(pieces)


def plain(value: Any) -> Any:
    """Return a value as JSON has it: numbers that are not finite, which it lacks, are None."""
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _filled(piece: bytes) -> bytes:
    return piece + bytes(-len(piece) % ALIGNMENT)
