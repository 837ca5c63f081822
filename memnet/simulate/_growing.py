"""Arrays on disk that grow along their first dimension, in the zarr format, and are never seen half written.

A chunk is a file that is replaced whole. How long each array is stands in one file for all of them, the store's
consolidated metadata, which is replaced last: whoever opens the store sees what the last `commit` said. The single
arrays' own metadata follow when writing ends (`settle`).

Chunks and the consolidated metadata carry checksums, so what a disk or a copy has changed is refused, not read.
"""

from __future__ import annotations

import errno
import json
import os
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from memnet.base import files

if TYPE_CHECKING:
    import xarray as xr

# Version 3 of the format has no fixed text type for the electrodes' names yet.
FORMAT: dict[str, Any] = {"zarr_format": 2, "consolidated": False}
METADATA = ".zmetadata"
# The key of the metadata's own checksum, which zarr passes by.
CHECKSUM = "memnet_crc32"
# The last thing done to a chunk.
CHUNK_CHECKSUM = {"id": "crc32"}
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
        if not files.lock_file(self._lock):
            os.close(self._lock)
            raise BlockingIOError(errno.EWOULDBLOCK, "another process is writing this store", str(path))
        self._metadata = _read_metadata(path)
        self.attrs: dict[str, Any] = self._metadata[".zattrs"]

    @classmethod
    def create(
        cls, path: Path, template: xr.Dataset, chunks: Mapping[str, tuple[int, ...]], add: Callable[[Path], object]
    ) -> GrowingArrays:
        """Make a store, which appears when it is whole.

        Parameters
        ----------
        path : Path
            Where; its folder is made if it is not there.
        template : xarray.Dataset
            Everything in it, growing dimensions of length 0.
        chunks : mapping
            The arrays that grow, and the shapes of their chunks.
        add : callable
            Writes further files into the folder that it is given (`ours`).

        Raises
        ------
        FileExistsError
            Something stands at `path`.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        with files.beside(path) as folder:
            made = folder / path.name
            encoding = {name: {"chunks": shape} for name, shape in chunks.items()}
            template.to_zarr(made, mode="w-", encoding=encoding, write_empty_chunks=True, **FORMAT)
            for file in made.glob("*/.zarray"):
                _add_checksums(file)
            (made / OURS).mkdir()
            files.put(made / OURS / ".zgroup", (made / ".zgroup").read_bytes())
            add(made / OURS)
            parts = sorted([*made.glob(".z*"), *made.glob("*/.z*")])
            metadata = {file.relative_to(made).as_posix(): json.loads(file.read_text("utf-8")) for file in parts}
            metadata.setdefault(".zattrs", {})
            _write_metadata(made, metadata)
            if os.path.lexists(path):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
            made.rename(path)
            files.flush(path.parent)
        return cls(path)

    def refuse_missing(self) -> None:
        """Raise ValueError where a chunk is missing."""
        _refuse_missing(self.path, self._metadata)

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
            files.flush(self.path / name)

    def _write_chunk(self, name: str, k: int, first: int, rows: NDArray[Any]) -> None:
        """Replace chunk k by one with the same rows before `first` and the given ones from there."""
        array = self._metadata[f"{name}/.zarray"]
        file = self.path / name / ".".join([str(k), *("0" for _ in array["chunks"][1:])])
        chunk = np.zeros(array["chunks"], dtype=array["dtype"])
        codecs = _codecs(array)
        if first > 0:
            chunk[:first] = np.frombuffer(_decoded(file, codecs), array["dtype"]).reshape(chunk.shape)[:first]
        chunk[first : first + len(rows)] = rows
        data: Any = chunk
        for codec in codecs:
            data = codec.encode(data)
        files.put(file, bytes(data))

    def commit(self, attrs: Mapping[str, Any]) -> None:
        """Let everybody who opens the store see all that was appended, and these attributes."""
        self.attrs.clear()
        self.attrs.update(attrs)
        _write_metadata(self.path, self._metadata)
        files.put(self.path / ".zattrs", json.dumps(self.attrs).encode("utf-8"))  # some readers take these

    def settle(self) -> None:
        """Write each array's own metadata, for readers that do not know the consolidated ones."""
        for key, part in self._metadata.items():
            if key.endswith((".zarray", ".zattrs")):
                files.put(self.path / key, json.dumps(part).encode("utf-8"))

    def close(self) -> None:
        """Let other processes write."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


def opened(path: Path) -> xr.Dataset:
    """Open a store as the last commit left it, also while it is written.

    Raises
    ------
    OSError, ValueError, LookupError
        There is no such store.
    """
    import xarray as xr

    metadata = _read_metadata(path)
    _refuse_missing(path, metadata)
    data: xr.Dataset = xr.open_zarr(path, **{**FORMAT, "consolidated": True})
    # Between reading the one and the other a further commit may have come.
    lengths = {
        dim: slice(length)
        for name, values in data.variables.items()
        for dim, length in zip(values.dims, metadata[f"{name}/.zarray"]["shape"], strict=True)
        if length < data.sizes[dim]
    }
    data = data.isel(lengths)
    data.attrs = metadata[".zattrs"]
    return data


def _write_metadata(path: Path, metadata: Mapping[str, Any]) -> None:
    text = json.dumps({"zarr_consolidated_format": 1, CHECKSUM: _checksum(metadata), "metadata": metadata})
    files.put(path / METADATA, text.encode("utf-8"))
    files.flush(path)


def _read_metadata(path: Path) -> dict[str, Any]:
    """Return a store's metadata.

    Raises
    ------
    OSError, ValueError
        There are none, or they are not what was written.
    """
    try:
        whole = json.loads((path / METADATA).read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{METADATA} is damaged: {error}") from error
    metadata = whole.get("metadata") if isinstance(whole, dict) else None
    if not isinstance(metadata, dict) or not isinstance(metadata.get(".zattrs"), dict):
        raise ValueError(f"{METADATA} is damaged: it does not describe arrays")
    if whole.get(CHECKSUM, _checksum(metadata)) != _checksum(metadata):
        raise ValueError(f"{METADATA} is damaged: its checksum is another")
    return metadata


def _checksum(metadata: Mapping[str, Any]) -> int:
    return zlib.crc32(json.dumps(metadata).encode("utf-8"))


def _add_checksums(file: Path) -> None:
    """Have the chunks of an array that zarr has just made carry checksums; `file` is its metadata."""
    import numcodecs

    array = json.loads(file.read_text("utf-8"))
    before = [one for one in (*(array["filters"] or ()), array["compressor"]) if one is not None]
    files.put(file, json.dumps({**array, "filters": before or None, "compressor": CHUNK_CHECKSUM}).encode("utf-8"))
    for chunk in file.parent.glob("[0-9]*"):
        files.put(chunk, bytes(numcodecs.get_codec(CHUNK_CHECKSUM).encode(chunk.read_bytes())))


def _refuse_missing(path: Path, metadata: Mapping[str, Any]) -> None:
    """Raise ValueError where a chunk is missing, which zarr would read as if nothing had been recorded.

    A store without checksums is of a memnet that did not write all chunks, and passes.
    """
    for key, array in metadata.items():
        if not key.endswith("/.zarray") or array["compressor"] != CHUNK_CHECKSUM:
            continue
        name = key.removesuffix("/.zarray")
        there = {chunk.name for chunk in (path / name).iterdir()}
        missing = next((chunk for chunk in _chunks(array) if chunk not in there), None)
        if missing is not None:
            raise ValueError(f"it is damaged: its file {name}/{missing} is missing")


def _chunks(array: Mapping[str, Any]) -> Iterator[str]:
    """Return the names of an array's chunks."""
    counts = [-(-size // height) for size, height in zip(array["shape"], array["chunks"], strict=True)]
    return (".".join(map(str, place)) or "0" for place in np.ndindex(*counts))


def _codecs(array: Mapping[str, Any]) -> list[Any]:
    """Return what a chunk goes through on its way to the disk, in order."""
    import numcodecs

    given = [*(array["filters"] or ()), array["compressor"]]
    return [numcodecs.get_codec(one) for one in given if one is not None]


def _decoded(file: Path, codecs: Sequence[Any]) -> bytes:
    data: Any = file.read_bytes()
    for codec in reversed(codecs):
        data = codec.decode(data)
    return bytes(data)


def chunk_shape(shape: Sequence[int], rows: int) -> tuple[int, ...]:
    """Return chunks of about 1 MB, whole in all dimensions but the first, where at most `rows` rows are expected."""
    width = max(1, int(np.prod(shape[1:])))
    return (max(1, min(131072 // width, rows)), *(max(1, n) for n in shape[1:]))
