"""Arrays on disk that grow along their first dimension, in the zarr format, and are never seen half written.

A chunk is a file that is replaced whole. How long each array is stands in one file for all of them, the store's
consolidated metadata, which is replaced last: whoever opens the store sees what the last `commit` said. The single
arrays' own metadata follow when writing ends (`settle`).
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from memnet import _files

if TYPE_CHECKING:
    import xarray as xr

# Version 3 of the format has no fixed text type for the electrodes' names yet.
FORMAT: dict[str, Any] = {"zarr_format": 2, "consolidated": False}
METADATA = ".zmetadata"
# A subgroup without arrays: readers pass it by, and files of ours in it are in nobody's way.
OURS = "restart"


class GrowingArrays:
    """The arrays of one store, open for writing; no other process may write there meanwhile.

    Attributes
    ----------
    path : Path
        The store's folder.
    ours : Path
        A folder in it for further files.
    attrs : dict
        The store's attributes as the last commit wrote them.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.ours = path / OURS
        self._lock = os.open(path / ".zgroup", os.O_RDWR | os.O_CLOEXEC)
        if not _files.lock_file(self._lock):
            os.close(self._lock)
            raise BlockingIOError(errno.EWOULDBLOCK, "another process is writing this store", str(path))
        self._metadata: dict[str, Any] = json.loads((path / METADATA).read_text("utf-8"))["metadata"]
        self.attrs: dict[str, Any] = self._metadata[".zattrs"]

    @classmethod
    def create(cls, path: Path, template: xr.Dataset, chunks: Mapping[str, tuple[int, ...]]) -> GrowingArrays:
        """Make a store for a dataset whose growing dimensions are of length 0; `chunks` names the arrays that grow.

        Raises
        ------
        FileExistsError
            Something stands at `path`.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        with _files.beside(path) as folder:
            made = folder / path.name
            encoding = {name: {"chunks": shape} for name, shape in chunks.items()}
            template.to_zarr(made, mode="w-", encoding=encoding, **FORMAT)
            (made / OURS).mkdir()
            _files.put(made / OURS / ".zgroup", (made / ".zgroup").read_bytes())
            files = sorted([*made.glob(".z*"), *made.glob("*/.z*")])
            metadata = {file.relative_to(made).as_posix(): json.loads(file.read_text("utf-8")) for file in files}
            metadata.setdefault(".zattrs", {})
            _write_metadata(made, metadata)
            if os.path.lexists(path):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
            made.rename(path)
            _files.flush(path.parent)
        return cls(path)

    def length(self, name: str) -> int:
        """Rows of an array that were committed or written since."""
        return int(self._metadata[f"{name}/.zarray"]["shape"][0])

    def append(self, name: str, rows: NDArray[Any]) -> None:
        """Write rows behind those that an array has; nobody sees them before the next `commit`."""
        array = self._metadata[f"{name}/.zarray"]
        start, stop, height = array["shape"][0], array["shape"][0] + len(rows), array["chunks"][0]
        for k in range(start // height, -(-stop // height) if len(rows) else 0):
            low, high = max(start, k * height), min(stop, (k + 1) * height)
            self._write_chunk(name, k, low - k * height, rows[low - start : high - start])
        array["shape"][0] = stop
        if len(rows):
            _files.flush(self.path / name)

    def _write_chunk(self, name: str, k: int, first: int, rows: NDArray[Any]) -> None:
        """Replace chunk k by one with the same rows before `first` and the given ones from there."""
        array = self._metadata[f"{name}/.zarray"]
        file = self.path / name / ".".join([str(k), *("0" for _ in array["chunks"][1:])])
        chunk = np.zeros(array["chunks"], dtype=array["dtype"])
        codec = _codec(array)
        if first > 0:
            chunk[:first] = np.frombuffer(codec.decode(file.read_bytes()), array["dtype"]).reshape(chunk.shape)[:first]
        chunk[first : first + len(rows)] = rows
        _files.put(file, bytes(codec.encode(chunk)))

    def commit(self, attrs: Mapping[str, Any]) -> None:
        """Let everybody who opens the store see all that was appended, and these attributes."""
        self.attrs.clear()
        self.attrs.update(attrs)
        _write_metadata(self.path, self._metadata)

    def settle(self) -> None:
        """Write each array's own metadata, for readers that do not know the consolidated ones."""
        for key, part in self._metadata.items():
            if key.endswith((".zarray", ".zattrs")):
                _files.put(self.path / key, json.dumps(part).encode("utf-8"))

    def close(self) -> None:
        """Let other processes write."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


def _write_metadata(path: Path, metadata: Mapping[str, Any]) -> None:
    text = json.dumps({"zarr_consolidated_format": 1, "metadata": metadata})
    _files.put(path / METADATA, text.encode("utf-8"))
    _files.flush(path)


class _Plain:
    """What stands for a codec where chunks are not compressed."""

    def encode(self, chunk: NDArray[Any]) -> bytes:
        return chunk.tobytes()

    def decode(self, data: bytes) -> bytes:
        return data


def _codec(array: Mapping[str, Any]) -> Any:
    import numcodecs

    given = array["compressor"]
    return _Plain() if given is None else numcodecs.get_codec(given)


def chunk_shape(shape: Sequence[int], rows: int) -> tuple[int, ...]:
    """Return chunks of about 1 MB, whole in all dimensions but the first, where at most `rows` rows are expected."""
    width = max(1, int(np.prod(shape[1:])))
    return (max(1, min(131072 // width, rows)), *(max(1, n) for n in shape[1:]))
