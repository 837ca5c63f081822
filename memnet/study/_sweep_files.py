"""Run files with a section [sweep]: one run at each point of some axes, and what is read from each."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from memnet.base import check
from memnet.circuit import MOST_THREADS
from memnet.study._axes import points_of
from memnet.study._run_files import SECTIONS, RunFile, build, load

if TYPE_CHECKING:
    import xarray as xr

KEYS = ("axes", "paired", "read", "errors", "ragged")
# The keys of a table that stands for evenly spaced values.
SPACED = ("first", "last", "count", "spacing")
# What is read of a variable along a dimension, and what may be done with it there.
READ = ("variable", "reduce", "over")
REDUCTIONS = ("first", "last", "count", "max", "mean", "min", "std", "sum")


@dataclass(frozen=True)
class RunOfFile:
    """A run file as a function of some of its keys; what it gives is what is read from the run.

    Attributes
    ----------
    tables, read : str
        The file's sections without [sweep], and what is read, as JSON: what is read from it belongs to one run alone.
    source_text : str
        What stands for the source of this function in results.
    method, rtol : optional
        Instead of the file's.
    """

    tables: str
    read: str
    source_text: str
    method: str | None = None
    rtol: float | None = None

    def __call__(self, **point: Any) -> dict[str, Any]:
        return self.read_from(self.job(point))

    def job(self, point: Mapping[str, Any], most_threads: int = MOST_THREADS) -> RunFile:
        """Return the run of a point, with no more threads than that unless an axis says how many."""
        tables = self.at(point)
        asked = [
            tables[name].get("threads")
            for name in ("simulation", "start")
            if isinstance(tables.get(name), Mapping) and f"{name}.threads" not in point
        ]
        too_many = any(isinstance(n, int) and n > most_threads for n in asked)
        threads = most_threads if too_many and most_threads < MOST_THREADS else None
        return build(tables, method=self.method, rtol=self.rtol, threads=threads)

    def read_from(self, job: RunFile) -> dict[str, Any]:
        """Run it, and return what is read from it."""
        data = job.run()
        return {name: _read(name, how, data) for name, how in json.loads(self.read).items()}

    def at(self, point: Mapping[str, Any]) -> dict[str, Any]:
        """Return the sections at a point, whose keys are dotted."""
        tables: dict[str, Any] = json.loads(self.tables)
        for key, value in point.items():
            _set(tables, key, value)
        return tables


@dataclass(frozen=True)
class WithFewerThreads:
    """A run file as a function, where several runs share a machine: the bits are those of any number of threads.

    Attributes
    ----------
    function : RunOfFile
        The function.
    most_threads : int
        How many threads a run may have, where the file asks for more.
    """

    function: RunOfFile
    most_threads: int

    def __call__(self, **point: Any) -> dict[str, Any]:
        return self.function.read_from(self.function.job(point, self.most_threads))


@dataclass(frozen=True)
class SweepFile:
    """A run file with a section [sweep] that was read: what `sweep` takes.

    Examples
    --------
    >>> from pathlib import Path
    >>> import memnet as mn
    >>> from memnet import study
    >>> text = '''
    ... network = {kind = "grid", rows = 3, columns = 3}
    ... devices = [{model = "RateBalance"}]
    ... drive = {left = 1.0, right = 0.0}
    ... run = {steps = 5}
    ... [sweep]
    ... axes = {"drive.left" = [1.0, 2.0]}
    ... read = {conductance = {variable = "conductance", reduce = "last"}}
    ... '''
    >>> size = Path("sweep.toml").write_text(text)
    >>> found = study.read_sweep_file("sweep.toml")
    >>> data = mn.sweep(found.function, found.axes, workers=1, progress=False)
    >>> data.conductance.dims
    ('drive.left',)
    """

    function: Callable[..., Any]
    axes: dict[Any, Any]
    errors: str
    ragged: bool


@check.known_keywords
def read_sweep_file(path: str | Path, *, method: str | None = None, rtol: float | None = None) -> SweepFile:
    """Read a run file with a section [sweep], and build the run of its first point.

    Parameters
    ----------
    path : str or Path
        A file as docs/run-files.md describes it.
    method, rtol : optional
        As for `read_run_file`.

    Returns
    -------
    SweepFile
        What `sweep` takes.

    Raises
    ------
    ValueError, TypeError, EquationError, OSError
        As `read_run_file`; there is no section [sweep], an axis names nothing in the file, or nothing is read.

    Examples
    --------
    >>> from pathlib import Path
    >>> from memnet import study
    >>> text = '''
    ... network = {kind = "grid", rows = 3, columns = 3}
    ... devices = [{model = "RateBalance"}]
    ... drive = {left = 1.0, right = 0.0}
    ... run = {steps = 5}
    ... [sweep]
    ... axes = {"drive.left" = [1.0, 2.0], "network.seed" = [1, 2]}
    ... read = ["current"]
    ... '''
    >>> size = Path("sweep.toml").write_text(text)
    >>> study.read_sweep_file("sweep.toml").axes
    {'drive.left': [1.0, 2.0], 'network.seed': [1, 2]}
    """
    file = Path(path)
    tables = load(file)
    table = tables.pop("sweep", None)
    if not isinstance(table, Mapping):
        raise ValueError("the file needs a section [sweep]")
    for key in table:
        if key not in KEYS:
            near = check.did_you_mean(key, KEYS)
            raise ValueError(f"[sweep] has an unknown key {key!r}{near}; allowed: {', '.join(KEYS)}")
    axes = _axes(table)
    try:
        function = RunOfFile(
            json.dumps(tables), json.dumps(_readings(table.get("read"))), file.read_text("utf-8"), method, rtol
        )
    except TypeError as error:
        raise TypeError(f"the file must hold no dates: {error}") from None
    errors = check.one_of("[sweep] errors", table.get("errors", "raise"), ("raise", "keep"))
    points = points_of(axes)
    build(function.at(points.arguments(0)), method=method, rtol=rtol)
    return SweepFile(function, axes, errors, check.flag("[sweep] ragged", table.get("ragged", False)))


def _axes(table: Mapping[str, Any]) -> dict[Any, Any]:
    """Return the axes by their dotted keys, and by tuples of such those whose values go together."""
    given = table.get("axes", {})
    check.instance("[sweep] axes", given, Mapping, "a table of lists")
    axes: dict[Any, Any] = dict(_flat("", given))
    paired = table.get("paired", [])
    if not isinstance(paired, list) or not all(isinstance(one, Mapping) for one in paired):
        raise TypeError(f"[[sweep.paired]] must be tables of lists that go together, got {check.shown(paired)}")
    for one in paired:
        columns = dict(_flat("", one))
        lengths = {key: len(values) for key, values in columns.items()}
        if len(columns) < 2 or len(set(lengths.values())) > 1:
            raise ValueError(f"[[sweep.paired]] must have two or more lists of one length, got lengths {lengths}")
        axes[tuple(columns)] = list(zip(*columns.values(), strict=True))
    if not axes:
        raise ValueError('[sweep] needs axes, such as axes = { "network.seed" = [1, 2] }')
    return axes


def _flat(before: str, table: Mapping[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    """Give the lists of nested tables by their dotted keys; keys of TOML with and without quotes come to the same."""
    for name, value in table.items():
        key = f"{before}{name}"
        if isinstance(value, list):
            yield key, value
        elif isinstance(value, Mapping) and "count" in value and not value.keys() - set(SPACED):
            yield key, _spaced(key, value)
        elif isinstance(value, Mapping):
            yield from _flat(f"{key}.", value)
        else:
            raise TypeError(
                f"[sweep] axes {key} must be a list of values or a table with first, last and count, got"
                f" {check.shown(value)}"
            )


def _spaced(key: str, table: Mapping[str, Any]) -> list[float]:
    """Return evenly spaced values, or such whose logarithms are."""
    where = f"[sweep] axes {key}"
    for name in ("first", "last"):
        if name not in table:
            raise ValueError(f"{where} needs a key {name!r}")
    count = check.integer(f"{where} count", table["count"], 1, 1_000_000)
    if check.one_of(f"{where} spacing", table.get("spacing", "linear"), ("linear", "log")) == "linear":
        first, last = (check.real(f"{where} {name}", table[name]) for name in ("first", "last"))
        return [float(value) for value in np.linspace(first, last, count)]
    first, last = (check.real(f"{where} {name}", table[name], 0.0, math.inf, "()") for name in ("first", "last"))
    return [float(value) for value in np.geomspace(first, last, count)]


def _readings(given: Any) -> dict[str, dict[str, Any]]:
    """Return what is read from a run, by the names that it has in the result."""
    if isinstance(given, list) and given and all(isinstance(name, str) for name in given):
        return {name: {"variable": name} for name in given}
    if not isinstance(given, Mapping) or not given:
        raise ValueError(
            f"[sweep] needs a key 'read': a list of variables, or a table of them, got {check.shown(given)}"
        )
    found = {}
    for name, how in given.items():
        one = {"variable": how} if isinstance(how, str) else how
        if not isinstance(one, Mapping):
            raise TypeError(f"[sweep.read] {name} must be a variable or a table, got {check.shown(how)}")
        if "reduce" in one:
            check.one_of(f"[sweep.read] {name} reduce", one["reduce"], REDUCTIONS)
        elif "over" in one:
            raise ValueError(f"[sweep.read] {name} needs a key 'reduce' beside 'over'")
        found[name] = {"variable": name, **one}
    return found


def _read(name: str, how: Mapping[str, Any], data: xr.Dataset) -> Any:
    """Return what is read from a run: a variable, at places of some dimensions, reduced along one."""
    variable = how["variable"]
    if variable not in data:
        near = check.did_you_mean(str(variable), map(str, data.variables))
        raise ValueError(
            f"[sweep.read] {name}: a run has no variable {variable!r}{near}; it has"
            f" {', '.join(map(str, data.data_vars))}"
        )
    values = data[variable]
    places = {dim: value for dim, value in how.items() if dim not in READ}
    for dim, place in places.items():
        if dim not in values.dims:
            raise ValueError(f"[sweep.read] {name}: {variable} has no dimension {dim!r}, only {values.dims}")
        if dim not in values.coords or place not in values[dim].values.tolist():
            raise ValueError(f"[sweep.read] {name}: {dim} has no {place!r}")
    values = values.sel(places, drop=True)
    if "reduce" not in how:
        return values
    dim = how.get("over", values.dims[0] if values.dims else None)
    if dim not in values.dims:
        raise ValueError(f"[sweep.read] {name}: {variable} has no dimension {dim!r} to reduce, only {values.dims}")
    return _reduced(values, how["reduce"], dim)


def _reduced(values: xr.DataArray, how: str, dim: str) -> Any:
    if how == "count":
        return values.sizes[dim]
    if how in ("first", "last"):
        return values.isel({dim: 0 if how == "first" else -1}, drop=True)
    return getattr(values, how)(dim)


def _set(tables: dict[str, Any], key: str, value: Any) -> None:
    """Set a dotted key; lists of tables are numbered from 1 on."""
    names = key.split(".")
    place: Any = tables
    for k, name in enumerate(names):
        last = k == len(names) - 1
        if isinstance(place, list):
            if not name.isdecimal() or not 1 <= int(name) <= len(place):
                raise ValueError(
                    f"[sweep] axes {key}: {'.'.join(names[:k])} has numbers 1 to {len(place)}, no {name!r}"
                )
            index: Any = int(name) - 1
        elif isinstance(place, dict) and (last or name in place):
            index = name
        elif isinstance(place, dict) and k == 0 and name in SECTIONS:
            place[name], index = {}, name
        else:
            before = ".".join(names[:k])
            what = f"{before} is no table" if before and not isinstance(place, dict) else f"there is no {name!r}"
            near = check.did_you_mean(name, place) if isinstance(place, dict) else ""
            raise ValueError(f"[sweep] axes {key}: {what}{near}")
        if last:
            place[index] = value
        else:
            place = place[index]
