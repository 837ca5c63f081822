"""Problems as files: JSON with everything, and netCDF with lists of numbers as variables and the rest as JSON."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
from scipy.io import netcdf_file

# Lists of fewer numbers stay where they are.
LONG = 8


def write(problem: dict[str, Any], folder: Path) -> None:
    """Write problem.json and problem.nc into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "problem.json").write_text(text_of(problem) + "\n", encoding="utf-8")
    write_netcdf(problem, folder / "problem.nc")


def text_of(problem: dict[str, Any]) -> str:
    """Return a problem as JSON in which a list of numbers, or of pairs, is one line."""
    text = json.dumps(problem, indent=1, ensure_ascii=False)
    joined = re.compile(r"\[\s+([^\[\]{}\"]*?)\s+\]")
    text = joined.sub(lambda found: "[" + re.sub(r",\s+", ", ", found[1]) + "]", text)
    pairs = re.compile(r"\[\s+((?:\[[^\[\]]*\],?\s*)+)\]")
    return pairs.sub(lambda found: "[" + re.sub(r"\],\s+\[", "], [", found[1].strip()) + "]", text)


def write_netcdf(problem: dict[str, Any], path: Path) -> None:
    arrays: dict[str, np.ndarray] = {}
    rest = _without_arrays(problem, (), arrays)
    with netcdf_file(path, "w") as file:  # netCDF 3, which every reader knows
        file.problem = json.dumps(rest, ensure_ascii=False).encode()
        for name, values in arrays.items():
            over = tuple(f"{name}_{k}" for k in range(values.ndim))
            for dimension, length in zip(over, values.shape, strict=True):
                file.createDimension(dimension, length)
            file.createVariable(name, values.dtype, over)[:] = values


def read_netcdf(path: Path) -> dict[str, Any]:
    """Return the problem in a netCDF file, which is that of the JSON file beside it."""
    with netcdf_file(path, mmap=False) as file:
        arrays = {name: variable.data.tolist() for name, variable in file.variables.items()}
        return _with_arrays(json.loads(file.problem.decode()), arrays)


def _without_arrays(part: Any, where: tuple[str, ...], arrays: dict[str, np.ndarray]) -> Any:
    if isinstance(part, dict):
        return {key: _without_arrays(value, (*where, key), arrays) for key, value in part.items()}
    if isinstance(part, list) and len(part) >= LONG and not isinstance(part[0], (str, dict)):
        values = np.array(part)
        name = "_".join(where).replace(" ", "_")
        arrays[name] = values.astype("i4") if values.dtype.kind == "i" else values
        return {"variable": name}
    return part


def _with_arrays(part: Any, arrays: dict[str, Any]) -> Any:
    if isinstance(part, dict):
        if set(part) == {"variable"}:
            return arrays[part["variable"]]
        return {key: _with_arrays(value, arrays) for key, value in part.items()}
    return part
