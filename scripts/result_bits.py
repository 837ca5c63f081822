"""Hashes of what memnet computes, to see whether a change moved a bit.

    python scripts/result_bits.py                   print a name and a hash a line
    python scripts/result_bits.py --check FILE      name what differs from a stored table, and end with 1
    python scripts/result_bits.py --write FILE      store a table

named_results.py says what is computed, with public names only, so that both run on older and newer trees alike. A hash
is half a SHA-256 over every array (type, shape, bytes), number and text of a result; versions, times and hosts are left
out. Results of kind `fixed` are compared everywhere, those of kind `library` where the processor, the system and the
libraries are as they were when the table was made.
"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import importlib
import importlib.metadata
import platform
import sys
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import threadpoolctl
import xarray as xr
from named_results import BY_LIBRARY, FIXED

import memnet as mn

# What a dataset says of when and with what it was made.
LEFT_OUT = ("created", "memnet_version", "core_version", "python_version", "numpy_version", "scipy_version")
LIBRARIES = ("numpy", "scipy", "lmfit")


# ---------------------------------------------------------------- hashes


def hash_of_computed(function: Callable[[], Any]) -> str:
    """Return the hash of what a function returns, with one thread of BLAS, whose sums hang on their number."""
    with threadpoolctl.threadpool_limits(1, user_api="blas"):
        return hash_of(function())


def hash_of(result: Any) -> str:
    """Return the first half of the SHA-256 of a result."""
    digest = hashlib.sha256()
    _feed(digest, result)
    return digest.hexdigest()[:32]


def _feed(digest: Any, value: Any) -> None:
    """Add a value with its type: containers item by item, arrays as bytes, all nan as one."""
    if isinstance(value, np.ndarray) and value.dtype.kind in "biufc":
        plain = np.where(np.isnan(value), np.nan, value) if value.dtype.kind in "fc" else value
        little = np.ascontiguousarray(plain, dtype=value.dtype.newbyteorder("<"))
        digest.update(f"array {little.dtype.str} {value.shape} ".encode())
        digest.update(little.tobytes())
    elif isinstance(value, np.ndarray):
        _feed(digest, [f"array {value.shape}", *value.ravel().tolist()])
    elif isinstance(value, xr.Dataset):
        _feed(digest, {name: value[name] for name in value.variables})
        _feed(digest, {name: text for name, text in value.attrs.items() if name not in LEFT_OUT})
    elif isinstance(value, xr.DataArray):
        attrs = {name: text for name, text in value.attrs.items() if name not in LEFT_OUT}
        _feed(digest, [list(map(str, value.dims)), np.asarray(value.values), attrs])
    elif isinstance(value, mn.Network):
        _feed(digest, _network(value))
    elif isinstance(value, Mapping):
        for name in sorted(set(value) - {"bytes"}, key=str):  # how much memory a solver takes
            _feed(digest, [str(name), value[name]])
    elif isinstance(value, (list, tuple)):
        digest.update(f"{len(value)} of ".encode())
        for part in value:
            _feed(digest, part)
    elif dataclasses.is_dataclass(value):
        _feed(digest, {one.name: getattr(value, one.name) for one in dataclasses.fields(value)})
    elif isinstance(value, np.generic):
        _feed(digest, value.item())
    elif value is None or isinstance(value, (bool, int, float, complex, str)):
        digest.update(f"{type(value).__name__} {value!r};".encode())
    else:
        raise TypeError(f"no hash of {type(value).__name__}: {value!r}")


def _network(net: mn.Network) -> dict[str, Any]:
    """Return what a network holds and says of itself."""
    arrays = ("edges", "length", "position", "labels", "disc_group", "disc_position", "gap_discs", "segments")
    further = ("segment_conductance", "junctions", "size", "electrodes", "edge_data", "node_data", "info")
    wires = None if net.wires is None else [net.wires.length, repr(net.wires)]
    return {"wires": wires, "text": repr(net), **{name: getattr(net, name) for name in (*arrays, *further)}}


def surroundings() -> dict[str, str]:
    """Return what the bits of `by_library` rest on: processor, system, libraries and the BLAS that they carry."""
    importlib.import_module("scipy.linalg")  # its BLAS shows once it is loaded
    system = platform.freedesktop_os_release()["PRETTY_NAME"] if Path("/etc/os-release").exists() else platform.system()
    found = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    blas = [one for one in threadpoolctl.threadpool_info() if one["user_api"] == "blas"]
    return {
        "machine": f"{platform.machine()} {' '.join(found)}",
        "system": f"{system} {' '.join(platform.libc_ver())}",
        "blas": ", ".join(sorted(f"{one['internal_api']} {one['version']} {one['architecture']}" for one in blas)),
        **{name: importlib.metadata.version(name) for name in LIBRARIES},
    }


# ---------------------------------------------------------------- tables


def table() -> dict[str, tuple[str, str]]:
    """Return kind and hash of every result, by name."""
    kinds = {"fixed": FIXED, "library": BY_LIBRARY}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mn.theory.NotIdentifiable)
        return {
            name: (kind, hash_of_computed(result))
            for kind, results in kinds.items()
            for name, result in results.items()
        }


def read(path: str | Path) -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
    """Return the surroundings and the results of a stored table."""
    rows = [line.split(maxsplit=2) for line in Path(path).read_text().splitlines() if line and line[0] != "#"]
    return (
        {name: text for kind, name, text in rows if kind == "with"},
        {name: (kind, text) for kind, name, text in rows if kind != "with"},
    )


def write(path: str | Path) -> None:
    """Store the surroundings and the results."""
    head = "# Made by scripts/result_bits.py --write: where the bits of `library` were made, then kind, name and hash."
    rows = [f"with {name} {text}" for name, text in surroundings().items()]
    rows += [f"{kind} {name} {text}" for name, (kind, text) in table().items()]
    Path(path).write_text("\n".join([head, *rows, ""]))


def check(path: str | Path) -> list[str]:
    """Return a line for each result that is not as stored; the results of libraries count where these are the same."""
    made_with, stored = read(path)
    differ = {name: text for name, text in surroundings().items() if made_with.get(name) != text}
    lines = []
    for name, (kind, found) in table().items():
        if name not in stored:
            lines.append(f"{name}: not in the table")
        elif found != stored[name][1] and (kind == "fixed" or not differ):
            lines.append(f"{name}: {found}, stored is {stored[name][1]}")
    return lines + [f"{name}: in the table only" for name in stored if name not in FIXED | BY_LIBRARY]


def main() -> int:
    """Print, store or compare hashes."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--check", metavar="FILE", help="name what differs from a stored table, and end with 1")
    group.add_argument("--write", metavar="FILE", help="store a table")
    wanted = parser.parse_args()
    warnings.filterwarnings("ignore", message="the conductance depends on dt")  # steps are coarse: bits do not care
    if wanted.write:
        write(wanted.write)
    elif wanted.check:
        lines = check(wanted.check)
        print("\n".join(lines) or "equal bits")
        return 1 if lines else 0
    else:
        print("\n".join(f"{name} {text}" for name, (_, text) in table().items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
