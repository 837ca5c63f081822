"""Files that are there whole or not at all: written beside their place, flushed, renamed.

csrc/base/file.c has the same law for checkpoints, whose bytes C writes.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import xarray as xr

# How many processes may write at one place at a time.
PLACES = 100
# What a netCDF file takes beside its values (bytes).
NETCDF_ROOM = 2**18
# About how large a part of an array is that has a checksum of its own (bytes).
CHUNK = 2**20


def target(path: str | os.PathLike[str]) -> Path:
    """Return the file that writing to `path` replaces or makes: links are followed.

    Raises
    ------
    OSError
        Something else than a file stands there, the file or its folder may not be written, or there is no folder.
        `filename` is `path`.
    """
    place = Path(os.path.realpath(path))
    reason = _refusal(place)
    if reason is not None:
        text = "not a regular file" if reason == errno.EINVAL else os.strerror(reason)
        raise OSError(reason, text, os.fspath(path))
    return place


def _refusal(place: Path) -> int | None:
    """Return the errno that forbids to write a file, None where nothing does."""
    if not place.parent.exists():
        return errno.ENOENT
    if not place.parent.is_dir():
        return errno.ENOTDIR
    if place.is_dir():
        return errno.EISDIR
    if place.is_symlink():  # a circle: realpath followed every other link
        return errno.ELOOP
    if place.exists() and not place.is_file():
        return errno.EINVAL
    if not os.access(place if place.exists() else place.parent, os.W_OK) or not os.access(place.parent, os.W_OK):
        return errno.EACCES
    return None


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a name to write to; it then replaces `path`, whose mode stays. Where the block fails, nothing changes.

    The name has the ending of `path`, from which some writers tell the format.

    Raises
    ------
    OSError
        As `target`, or the disk is full.
    """
    place = target(path)
    with beside(place) as folder:
        written = folder / place.name
        yield written
        if place.exists():
            written.chmod(stat.S_IMODE(place.stat().st_mode))
        flush(written)
        written.replace(place)
    flush(place.parent)


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Replace a file by one with this text, as UTF-8."""
    with replacing(path) as written:
        written.write_text(text, encoding="utf-8")


def write_netcdf(path: str | os.PathLike[str], groups: Mapping[str | None, xr.Dataset]) -> None:
    """Replace a file by one with these datasets, by the name of their group; None is the file itself.

    Arrays of numbers carry checksums, so that values which a disk or a copy has changed are refused, not read.

    Whether there is room is asked first: HDF5 that meets a full disk may take the process down when it lets go of the
    file.
    """
    sizes = [data.nbytes + sum(len(str(value)) for value in data.attrs.values()) for data in groups.values()]
    padding = sum(CHUNK + values.nbytes // 64 for data in groups.values() for values in data.variables.values())
    with replacing(path) as written:
        _refuse_without_room(written, sum(sizes) + min(padding, sum(sizes)) + NETCDF_ROOM)
        for k, (group, data) in enumerate(groups.items()):
            checked = {
                str(name): {"fletcher32": True, "chunksizes": _chunks(values)}
                for name, values in data.variables.items()
                if values.size and values.ndim and values.dtype.kind in "biuf"
            }
            data.to_netcdf(written, engine="h5netcdf", group=group, mode="a" if k else "w", encoding=checked)


def _chunks(values: xr.Variable) -> tuple[int, ...]:
    """Return the shape of the parts of a netCDF array that have a checksum each: whole rows, about CHUNK bytes."""
    rows = CHUNK * values.shape[0] // values.nbytes
    return (max(1, min(rows, values.shape[0])), *values.shape[1:])


def _refuse_without_room(path: Path, size: int) -> None:
    """Raise OSError where the disk, or a quota, has no room for a new file of that size."""
    with path.open("wb") as file:
        try:
            os.posix_fallocate(file.fileno(), 0, size)
        except AttributeError:
            pass  # a system without that question
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                raise OSError(error.errno, os.strerror(error.errno), str(path)) from None
    path.unlink()


@contextmanager
def beside(place: Path) -> Iterator[Path]:
    """Give an empty folder beside `place`, for this process alone, and remove it with what is in it.

    One that a dead process left is taken over: nobody holds its lock.
    """
    for k in range(PLACES):
        folder = place.with_name(f"{place.name}.{k}.tmp")
        lock = _locked(folder)
        if lock is not None:
            break
    else:
        raise BlockingIOError(errno.EAGAIN, f"{PLACES} processes are writing it at this moment", os.fspath(place))
    try:
        for found in folder.iterdir():
            if found.name != "lock":
                _remove(found)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _locked(folder: Path) -> int | None:
    """Return the open lock of a folder that is made if it is not there; None where another process holds it."""
    file = folder / "lock"
    try:
        folder.mkdir(exist_ok=True)
    except FileExistsError:
        return None  # a file of that name
    try:
        lock = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except FileNotFoundError:
        return None  # its owner has just removed the folder
    if lock_file(lock) and file.exists() and os.path.samestat(os.fstat(lock), file.stat()):
        return lock
    os.close(lock)
    return None


def lock_file(file: int) -> bool:
    """Take the lock of an open file; False where another process has it. It ends with the process or with closing."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # a file system without locks
    return True


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def put(path: Path, data: bytes) -> None:
    """Replace a file in a folder where nobody else writes."""
    written = path.with_name(f"{path.name}.tmp")
    with written.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    written.replace(path)


def flush(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk. Some file systems cannot flush a folder."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    except OSError:
        if not path.is_dir():
            raise
    finally:
        os.close(file)
