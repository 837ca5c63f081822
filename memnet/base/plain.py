"""Values as what strict JSON holds, and back: numbers that JSON has not, arrays, and what a list has by its place."""

from __future__ import annotations

import base64
import json
import math
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

# The key of an encoded array, number or device in JSON.
ARRAY, NUMBER, DEVICE = "!array", "!number", "!device"
# What reading a description may raise where it is not one that memnet wrote.
UNREADABLE = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError, zlib.error)
# Bytes compressed at a time, a few hundredths of a second.
PIECE = 1 << 20


def encode(value: Any, devices: Sequence[object] = ()) -> Any:
    """Return a value as what strict JSON can hold; arrays become compressed base64, devices of a list their index.

    Raises
    ------
    TypeError
        A value that has no such form.
    """
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, (np.bool_, np.integer, np.floating)):
        return encode(value.item())
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return value if np.isfinite(value) else {NUMBER: repr(value)}
    if isinstance(value, np.ndarray) and value.dtype != object:
        stored = np.asarray(value, dtype=value.dtype.newbyteorder("<"))
        packed = base64.b64encode(_compressed(stored.tobytes())).decode("ascii")
        return {ARRAY: packed, "dtype": stored.dtype.str, "shape": list(value.shape)}
    if isinstance(value, Mapping):
        return {_escaped(str(name)): encode(part, devices) for name, part in value.items()}
    if isinstance(value, (list, tuple, range)):
        return [encode(part, devices) for part in value]
    for k, device in enumerate(devices):
        if device is value:
            return {DEVICE: k}
    raise TypeError(f"cannot write {type(value).__name__} to a file: {value!r}")


def _escaped(name: str) -> str:
    """Return a name that is none of the keys above: any may be that of an electrode, or of data."""
    return f"!{name}" if name.startswith("!") else name


def _compressed(data: bytes) -> bytes:
    """Compress piece by piece, so that Ctrl-C need not wait for the end."""
    packing = zlib.compressobj(6)
    pieces = [packing.compress(data[k : k + PIECE]) for k in range(0, len(data), PIECE)]
    return b"".join([*pieces, packing.flush()])


def decode(value: Any, devices: Sequence[Any] = ()) -> Any:
    """Return what `encode` was given, tuples as lists."""
    if isinstance(value, list):
        return [decode(part, devices) for part in value]
    if not isinstance(value, dict):
        return value
    if NUMBER in value:
        return float(value[NUMBER])
    if DEVICE in value:
        return devices[value[DEVICE]]
    if ARRAY in value:
        flat = np.frombuffer(_unpacked(value), dtype=value["dtype"])
        return flat.reshape(value["shape"]).astype(flat.dtype.newbyteorder("="))
    return {name[1:] if name.startswith("!!") else name: decode(part, devices) for name, part in value.items()}


def _unpacked(value: Mapping[str, Any]) -> bytes:
    """Return an array's bytes, and never more than its shape says: a small text may unpack to any size."""
    size = math.prod(value["shape"]) * np.dtype(value["dtype"]).itemsize
    unpacking = zlib.decompressobj()
    unpacked = unpacking.decompress(base64.b64decode(value[ARRAY]), size + 1)
    if len(unpacked) != size or not unpacking.eof:
        raise ValueError(f"an array of shape {value['shape']} does not have {size} bytes")
    return unpacked


def extended(described: str, entries: Mapping[str, Any]) -> str:
    """Return the JSON that describes a simulation, which is still open at its end, with further entries."""
    return f"{described}, {json.dumps(entries, allow_nan=False)[1:]}"
