"""The store of a sweep: a journal to which each point is added when it is computed, and in the end zarr arrays.

A point is one record, which is written by one call and carries a checksum: it is there or not. What a dead process left
half written at the end is cut off. The arrays are made of the journal when all points are there; `.zgroup`, without
which no reader takes a folder for a store, comes last.
"""

from __future__ import annotations

import errno
import json
import math
import os
import shutil
import struct
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from memnet.base import check, files, long_calls
from memnet.base.plain import UNREADABLE, decode, encode
from memnet.study._axes import points_described
from memnet.study._outcome import KINDS, Failure, Outcome, Variable

if TYPE_CHECKING:
    import xarray as xr

# A subgroup without arrays: readers of zarr pass it by, and files of ours in it are in nobody's way.
OURS = "sweep_points"
HEADER, RECORDS, LOCK = "sweep.json", "records", "lock"
# What a record begins with: how long it is, the checksum of that, and the checksum of the rest.
HEAD = struct.Struct("<QII")
# The longest time for which a point is with the system but not on the disk yet (s); kill -9 loses none of these.
SYNC_SECONDS = 5.0
FORMAT = 1
# What a header has, and of what kind.
ENTRIES: dict[str, type | tuple[type, ...]] = {
    "axes": list,
    "seeds": (int, type(None)),
    "function": str,
    "function_source": (str, type(None)),
    "function_sha256": str,
    "versions": dict,
    "ragged": bool,
    "keep": bool,
    "accepted": list,
}


class Journal:
    """The open store of a sweep; no other process may write there meanwhile.

    Attributes
    ----------
    path : Path
        The store.
    header : dict
        What its sweep was.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = os.open(path / OURS / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if not files.lock_file(self._lock):
            os.close(self._lock)
            raise BlockingIOError(errno.EWOULDBLOCK, "another process is sweeping into this store", str(path))
        try:
            self.header = read_header(path)
            self._file = os.open(path / OURS / RECORDS, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o666)
        except BaseException:
            os.close(self._lock)
            raise
        self._synced = time.monotonic()

    @classmethod
    def create(cls, path: Path, header: Mapping[str, Any]) -> Journal:
        """Make a store, which appears when it is whole.

        Raises
        ------
        FileExistsError
            Something stands at `path`.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        with files.beside(path) as folder:
            store = folder / path.name
            (store / OURS).mkdir(parents=True)
            (store / OURS / RECORDS).touch()
            files.put(store / OURS / ".zgroup", b'{"zarr_format": 2}')
            files.put(store / OURS / HEADER, _header_bytes(header))
            if os.path.lexists(path):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
            store.rename(path)
            files.flush(path.parent)
        return cls(path)

    def replace_header(self, header: Mapping[str, Any]) -> None:
        """Say that the store goes on as another sweep; arrays of the old one go."""
        self.remove_arrays()
        files.put(self.path / OURS / HEADER, _header_bytes(header))
        files.flush(self.path / OURS)
        self.header = dict(header)

    def entries(self) -> Iterator[tuple[str, Outcome | Failure]]:
        """Give all points that are there, by their keys, and cut off what was written in part."""
        whole = 0
        for end, key, found in _records(self.path):
            whole = end
            yield key, found
        if whole < os.fstat(self._file).st_size:
            os.ftruncate(self._file, whole)

    def append(self, key: str, found: Outcome | Failure) -> None:
        """Add a point; Ctrl-C waits until it is there."""
        payload = _packed(key, found)
        length = len(payload).to_bytes(8, "little")
        record = memoryview(HEAD.pack(len(payload), zlib.crc32(length), zlib.crc32(payload)) + payload)
        with long_calls.held_interrupt() as interrupted:
            while record:
                record = record[os.write(self._file, record) :]
        if interrupted:
            raise KeyboardInterrupt
        if time.monotonic() - self._synced > SYNC_SECONDS:
            self.sync()

    def sync(self) -> None:
        """Wait until all points are on the disk."""
        os.fsync(self._file)
        self._synced = time.monotonic()

    @property
    def has_arrays(self) -> bool:
        """Whether the arrays of the whole sweep stand in the store."""
        return (self.path / ".zgroup").exists()

    def write_arrays(self, data: xr.Dataset) -> None:
        """Put the whole sweep into the store as zarr arrays, for all readers of zarr."""
        self.sync()
        self.remove_arrays()
        with files.beside(self.path / OURS / "arrays") as folder:
            data.to_zarr(folder / "arrays", mode="w", zarr_format=2, consolidated=True)
            last = (".zattrs", ".zmetadata", ".zgroup")
            parts = [part for part in (folder / "arrays").iterdir() if part.name not in last]
            for part in [*parts, *(folder / "arrays" / name for name in last)]:
                if part.exists():
                    part.rename(self.path / part.name)
        files.flush(self.path)

    def remove_arrays(self) -> None:
        """Take the arrays away, before there are points that they do not have."""
        for name in (".zgroup", ".zmetadata", ".zattrs"):
            (self.path / name).unlink(missing_ok=True)
        for part in self.path.iterdir():
            if part.name != OURS and part.is_dir():
                shutil.rmtree(part)

    def close(self) -> None:
        """Let other processes write."""
        for file in (self._file, self._lock):
            if file >= 0:
                os.close(file)
        self._file = self._lock = -1


def is_store(path: Path) -> bool:
    """Return whether a sweep has its store there."""
    return (path / OURS / HEADER).is_file()


def read_header(path: Path) -> dict[str, Any]:
    """Return what the sweep of a store was.

    Raises
    ------
    ValueError
        There is none that this memnet can read.
    """
    if not is_store(path):
        raise ValueError(f"{path} is no store of a sweep")
    try:
        header = json.loads((path / OURS / HEADER).read_text("utf-8"))
        if header["format"] != FORMAT:
            raise ValueError(f"its format is {header['format']!r}, that of this memnet is {FORMAT}")
        if header["checksum"] != _checksum(header["sweep"]):
            raise ValueError("it is damaged")
        found = dict(header["sweep"])
        for name, kinds in ENTRIES.items():
            if not isinstance(found[name], kinds):
                raise ValueError(f"its entry {name!r} is {check.shown(found[name])}")
        points_described(found["axes"], found["seeds"])
        return found
    except UNREADABLE as error:
        raise ValueError(f"{path} is no store of a sweep that this memnet can read: {error}") from error


def refuse_names(names: Iterable[str]) -> None:
    """Raise ValueError for a name that no array in a store can have."""
    for name in names:
        if name == OURS or name.startswith(".") or "/" in name:
            raise ValueError(
                f"a store cannot have the name {name!r}: choose one that is not {OURS!r}, has no '/' and begins with no"
                " '.'"
            )


def _header_bytes(header: Mapping[str, Any]) -> bytes:
    return json.dumps({"format": FORMAT, "checksum": _checksum(header), "sweep": header}).encode("utf-8")


def _checksum(header: Mapping[str, Any]) -> int:
    """Return the checksum of a header, however its JSON is laid out."""
    return zlib.crc32(json.dumps(header, sort_keys=True).encode("utf-8"))


def stored(path: Path) -> Iterator[tuple[str, Outcome | Failure]]:
    """Give all points of a store, which may be written meanwhile."""
    return ((key, found) for _, key, found in _records(path))


def _records(path: Path) -> Iterator[tuple[int, str, Outcome | Failure]]:
    """Give where each record ends, its key and what it holds; what is half written at the end is passed by.

    Raises
    ------
    ValueError
        A record that is not the last has been changed.
    """
    with (path / OURS / RECORDS).open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        place = 0
        while size - place >= HEAD.size:
            head = file.read(HEAD.size)
            length, length_checksum, checksum = HEAD.unpack(head)
            end = place + HEAD.size + length
            if zlib.crc32(head[:8]) != length_checksum:
                if not any(head) and not any(file.read()):
                    break  # the system made room for what never came
                raise _damaged(path, place)
            if end > size:
                break
            payload = file.read(length)
            if zlib.crc32(payload) != checksum:
                if end == size:
                    break
                raise _damaged(path, place)
            try:
                key, found = _unpacked(payload)
            except UNREADABLE as error:
                raise ValueError(f"{path} is damaged: a point at byte {place} cannot be read: {error}") from error
            yield end, key, found
            place = end


def _damaged(path: Path, place: int) -> ValueError:
    return ValueError(f"{path} is damaged: {OURS}/{RECORDS} is not what was written, from byte {place} on")


def _packed(key: str, found: Outcome | Failure) -> bytes:
    """Return a point as bytes: JSON that says what there is, and behind it the arrays."""
    if isinstance(found, Failure):
        error = {"kind": found.kind, "message": found.message, "traceback": found.traceback}
        return _joined({"key": key, "error": error}, b"")
    about, parts = [], []
    for name, one in found.items():
        values = np.asarray(one.values, dtype=one.values.dtype.newbyteorder("<"), order="C")
        parts.append(values.tobytes())
        about.append(
            {
                "name": name,
                "dims": list(one.dims),
                "dtype": values.dtype.str,
                "shape": list(values.shape),
                "attrs": encode(one.attrs),
                "coordinate": one.coordinate,
            }
        )
    return _joined({"key": key, "variables": about}, b"".join(parts))


def _joined(about: Mapping[str, Any], arrays: bytes) -> bytes:
    text = json.dumps(about).encode("utf-8")
    return struct.pack("<Q", len(text)) + text + arrays


def _unpacked(payload: bytes) -> tuple[str, Outcome | Failure]:
    (length,) = struct.unpack_from("<Q", payload)
    about, place = json.loads(payload[8 : 8 + length].decode("utf-8")), 8 + length
    if "error" in about:
        error = about["error"]
        return str(about["key"]), Failure(str(error["kind"]), str(error["message"]), str(error["traceback"]))
    found: Outcome = {}
    for one in about["variables"]:
        dtype, shape = np.dtype(one["dtype"]), tuple(int(size) for size in one["shape"])
        if dtype.kind not in KINDS:
            raise ValueError(f"{one['name']} is of {dtype}")
        values = np.frombuffer(payload, dtype, math.prod(shape), place).reshape(shape)
        place += values.nbytes
        values = values.astype(dtype.newbyteorder("="))
        found[str(one["name"])] = Variable(tuple(one["dims"]), values, decode(one["attrs"]), bool(one["coordinate"]))
    return str(about["key"]), found
