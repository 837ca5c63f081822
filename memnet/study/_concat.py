"""Runs of one simulation that follow each other, joined in time."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from memnet.base import check
from memnet.base.plain import decode
from memnet.simulate import NO_PORT, described, growing_dims, open_run, rows_between

if TYPE_CHECKING:
    import xarray as xr

# What must be the same in all runs, in words. The drive may be set between two runs; `rerun` then says that it was.
SAME = {
    "network": "networks",
    "devices": "devices",
    "assignment": "devices on the edges",
    "attached": "devices at electrodes",
    "dt": "time steps dt",
    "method": "methods",
    "rtol": "tolerances rtol",
    "seed": "seeds",
    "reactions": "reactions",
    "solver": "solvers",
    "order": "orders",
    "every": "every=",
    "events": "events=",
}


@dataclass(frozen=True)
class Part:
    """One run: its data, what they say of their simulation, and its steps."""

    name: str
    data: xr.Dataset
    spec: dict[str, Any]

    @property
    def steps(self) -> range:
        """The steps that it took."""
        return range(self.spec["first_step"], self.spec["first_step"] + self.spec["n_steps"])


@check.known_keywords
def concat(runs: Iterable[xr.Dataset | str | Path]) -> xr.Dataset:
    """Join runs that follow each other in time: rows, events and snapshots.

    The result is the dataset of one run over all their steps, which `rerun` repeats; where states or the drive were set
    between two runs, it has the rows and events too, and `rerun` says why it cannot repeat them.

    Parameters
    ----------
    runs : sequence of xarray.Dataset or path
        What `Simulation.run` returned for one simulation, in the order of time, or the files of such runs.

    Returns
    -------
    xarray.Dataset

    Raises
    ------
    ValueError
        There is no run; a gap or overlap between two; runs of other networks, devices, time steps or seeds, or that
        recorded other things; rows that were cut from a run.
    TypeError
        Something else than datasets and paths.
    FileNotFoundError
        There is no such file.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.percolating(size=30, coverage=0.6, seed=1)
    >>> sim = mn.Simulation(net, mn.TunnelGap(), {"left": 2.0, "right": 0.0})
    >>> whole = mn.concat([sim.run(10), sim.run(20)])
    >>> whole.sizes["time"], bool((mn.rerun(whole).current == whole.current).all())
    (30, True)
    """
    parts = _parts(runs)
    for before, part in itertools.pairwise(parts):
        _refuse_other(parts[0], part)
        _refuse_other_variables(parts[0], part)
        _refuse_gap(before, part)
    spec = _joined_spec([part.spec for part in parts])
    port = _port(parts)
    data = _joined([part.data for part in parts])
    attributes = {name: value for name, value in parts[0].data.attrs.items() if name != "unfinished"}
    if port is not None:
        attributes["conductance_port"] = port
        for name in {"conductance", "conductance_left"} & set(data):
            data[name].attrs["conductance_port"] = port
    data.attrs = {
        **attributes,
        "title": f"memnet simulation, {spec['n_steps']} steps from step {spec['first_step']}",
        "created": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "parameters": json.dumps(spec, allow_nan=False),
    }
    return data


def _parts(runs: Any) -> list[Part]:
    if isinstance(runs, (str, os.PathLike)) or hasattr(runs, "attrs") or not isinstance(runs, Iterable):
        raise TypeError(f"runs must be a list of datasets or paths, got {check.shown(runs)}")
    parts = []
    for k, run in enumerate(runs):
        name = f"runs[{k}]"
        if isinstance(run, (str, os.PathLike)):
            run = _read(Path(run))
        if not hasattr(run, "attrs"):
            raise TypeError(f"{name} must be a dataset or a path, got {check.shown(run)}")
        spec = described(run, name)
        if not {"first_step", "n_steps", "every", "record", "drive"} <= spec.keys():
            raise ValueError(f'{name} has an attribute "parameters" that Simulation.run did not write')
        parts.append(Part(name, run, spec))
        _refuse_cut(parts[-1])
    if not parts:
        raise ValueError("runs must hold at least one run, got none")
    return parts


def _read(path: Path) -> xr.Dataset:
    with open_run(path) as data:
        loaded: xr.Dataset = data.load()
    return loaded


def _refuse_cut(part: Part) -> None:
    rows = rows_between(part.steps.start, part.steps.stop, part.spec["every"])
    present = part.data.sizes.get("time", rows)
    if present != rows:
        raise ValueError(
            f"{part.name} has {present} rows where its run of {len(part.steps)} steps had {rows}; join whole runs, then"
            " take rows from the whole"
        )


def _refuse_gap(before: Part, part: Part) -> None:
    end, start = before.steps.stop, part.steps.start
    if start != end:
        fault = "a gap" if start > end else "an overlap"
        raise ValueError(
            f"{part.name} must begin at step {end}, where {before.name} ends, got step {start}: {fault} of"
            f" {abs(start - end)} steps"
        )


def _refuse_other(first: Part, part: Part) -> None:
    for key, words in SAME.items():
        one, other = first.spec.get(key), part.spec.get(key)
        if one != other:
            values = "" if isinstance(one, (dict, list)) or isinstance(other, (dict, list)) else f": {one} and {other}"
            raise ValueError(f"{first.name} and {part.name} have different {words}{values}")


def _port(parts: list[Part]) -> str | None:
    """Return the port of the conductance in all runs; one in whose rows nothing flows between two has none of its own.

    Such a run is nan or empty, so the whole is what one unbroken run would have given.
    """
    named = [(part, part.data.attrs.get("conductance_port")) for part in parts]
    (first, port), *others = [(part, text) for part, text in named if text != NO_PORT] or named
    for part, other in others:
        if "conductance" in first.data and other != port:
            raise ValueError(
                f'{first.name} has the conductance of the port "{port}", {part.name} of "{other}"; run both with'
                ' record={"conductance": electrodes}, or leave it out: concat([run.drop_vars("conductance") for ...])'
            )
    return port


def _refuse_other_variables(first: Part, part: Part) -> None:
    mine, theirs = set(first.data.variables), set(part.data.variables)
    if mine != theirs:
        lone = ", ".join(sorted(map(str, mine ^ theirs)))
        raise ValueError(f"{first.name} and {part.name} recorded different things: only one of them has {lone}")
    dims = growing_dims(first.data)
    for name, values in first.data.variables.items():
        other = part.data.variables[name]
        if values.dims != other.dims:
            raise ValueError(f"{first.name} and {part.name} have {name} over {values.dims} and over {other.dims}")
        grows = any(dim in dims for dim in values.dims)
        if not grows and values.to_numpy().tolist() != other.to_numpy().tolist():
            raise ValueError(f"{first.name} and {part.name} recorded different parts of the network: see {name}")


def _joined(parts: list[xr.Dataset]) -> xr.Dataset:
    """Return all rows; what does not grow is that of the first part, and so are all attributes of variables."""
    import xarray as xr

    dims = growing_dims(parts[0])
    variables = {}
    for name, values in parts[0].variables.items():
        along = [dim for dim in values.dims if dim in dims]
        pieces = [part.variables[name] for part in parts]
        variables[name] = xr.Variable.concat(pieces, along[0]) if along else values  # type: ignore[no-untyped-call]
        variables[name].attrs = dict(values.attrs)
    coords = {name: variables.pop(name) for name in parts[0].coords}
    return xr.Dataset(variables, coords)


def _joined_spec(specs: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the description of one run over all steps; snapshots are at the steps of all."""
    drive_set = any(spec["drive"] != specs[0]["drive"] for spec in specs)
    return {
        **specs[0],
        "record": _joined_record(specs),
        "n_steps": sum(spec["n_steps"] for spec in specs),
        "set_by_hand": drive_set or any(spec["set_by_hand"] for spec in specs),
    }


def _joined_record(specs: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what was recorded: that of the first run, with the snapshots that each one took."""
    first: dict[str, Any] = specs[0]["record"]
    if all(spec["record"] == first for spec in specs):
        return first
    return {
        name: _joined_snapshots(name, specs) if name.startswith("snapshot:") else part for name, part in first.items()
    }


def _joined_snapshots(name: str, specs: list[dict[str, Any]]) -> Any:
    taken: set[int] = set()
    for spec in specs:
        part = spec["record"][name]
        steps = np.atleast_1d(decode(part[1] if name.startswith("snapshot:state:") else part))
        taken.update(step for step in steps.tolist() if 0 <= step - spec["first_step"] < spec["n_steps"])
    return [specs[0]["record"][name][0], sorted(taken)] if name.startswith("snapshot:state:") else sorted(taken)
