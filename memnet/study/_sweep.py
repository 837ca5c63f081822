"""Sweeps: a function at all combinations of some values, as one Dataset."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from memnet.base import blas, check, long_calls
from memnet.circuit import MOST_THREADS
from memnet.simulate import UnfinishedRunWarning, versions
from memnet.study import _cluster, _workers
from memnet.study._axes import Points, points_described, points_of, refuse_unknown
from memnet.study._collected import Collected
from memnet.study._journal import Journal, is_store, read_header, refuse_names, stored
from memnet.study._outcome import FailedPoint, Failure, Outcome, evaluate
from memnet.study._source import digest_of, name_of, source_of
from memnet.study._sweep_files import RunOfFile, WithFewerThreads

if TYPE_CHECKING:
    import distributed
    import xarray as xr

# What of a store may be another than that of the sweep, where `accept` says so.
ACCEPTED = ("axes", "function", "seeds", "versions")


class FailedPointsWarning(UserWarning):
    """Points of a sweep ended in errors, which its Dataset has in `sweep_error`.

    Examples
    --------
    >>> import warnings, memnet as mn
    >>> warnings.simplefilter("ignore", mn.FailedPointsWarning)  # whoever reads sweep_error anyway
    """


@check.known_keywords
def sweep(
    function: Callable[..., Any],
    axes: Mapping[Any, Any],
    *,
    workers: int | None = None,
    client: distributed.Client | None = None,
    store: str | Path | None = None,
    progress: bool = True,
    errors: Literal["raise", "keep"] = "raise",
    seeds: int | None = None,
    ragged: bool = False,
    accept: Iterable[str] = (),
    retry: bool = False,
) -> xr.Dataset:
    """Call a function at all combinations of some values, in several processes, and return all results as one Dataset.

    Parameters
    ----------
    function : callable
        Takes the axes as keywords and returns a number, a text, an array, a dict of such, a DataArray or a Dataset. A
        value of a dict may be a tuple (dims, array). What it gives must depend on its arguments alone. Lambdas and
        functions of notebooks will do.
    axes : mapping
        From each argument to its values: numbers, texts, None, tuples, or any objects; a mapping gives labels to
        objects. A tuple of arguments has rows of values that go together.
    workers : int, optional
        Processes; 1 calls the function in this one. As many as there are processors, unless said; the runs of a
        file then have no more threads together, whatever the file asks for.
    client : dask.distributed.Client, optional
        A cluster whose workers compute the points instead.
    store : path, optional
        A zarr store, which is a folder. Each point is kept there as soon as it is done, and a sweep that was stopped or
        killed goes on with the points that are not there. `open_sweep` opens it at any time, all that read zarr when it
        is whole. A new one has no name of a file, such as ``x.nc``.
    progress : bool
        Show a bar with the rate and the time that is left.
    errors : {"raise", "keep"}
        Whether an error of the function stops the sweep. Kept ones leave nan, stand in the variable ``sweep_error``,
        and are counted in a warning. `sys.exit` in the function is an error too.
    seeds : int, optional
        The function gets one more argument, ``seed``, that is independent at each point. It follows from this number
        and the values at the point alone, so that further points change none.
    ragged : bool
        Sizes, and what variables there are, may differ between points; nan fills up.
    accept : sequence of {"axes", "function", "seeds", "versions"}
        What may be another than it was for the points that the store has. With other axes, those points of the store
        are taken that are among the new ones.
    retry : bool
        Compute points again of which the store has an error.

    Returns
    -------
    xarray.Dataset
        With the axes as its first dimensions, and whatever the function's results have behind them. Attributes tell the
        source of the function and the versions.

    Raises
    ------
    TypeError, ValueError
        An argument is refused; results of two points do not go together (both are named); the store is of another
        sweep.
    FileExistsError
        Something else than the store of a sweep stands there.
    BlockingIOError
        Another process sweeps into the store.
    RuntimeError
        Processes that compute the points cannot start, or one point ends them again and again.
    Exception
        That of the function; its cause names the point.

    Warns
    -----
    FailedPointsWarning
        Errors were kept.

    See Also
    --------
    open_sweep : What a store holds.

    Examples
    --------
    >>> import memnet as mn
    >>> def final(voltage, seed):
    ...     net = mn.grid(4, 4, seed=seed)
    ...     sim = mn.Simulation(net, mn.RateBalance(), {"left": voltage, "right": 0.0})
    ...     return {"conductance": sim.run(20).conductance[-1].item()}
    >>> data = mn.sweep(final, {"voltage": [1.0, 2.0, 3.0], "seed": range(2)}, workers=1, progress=False)
    >>> dict(data.sizes), data.conductance.dims
    ({'voltage': 3, 'seed': 2}, ('voltage', 'seed'))
    """
    if not callable(function):
        raise TypeError(f"function must be a function, got {check.shown(function)} ({type(function).__name__})")
    points = points_of(axes, seeds)
    refuse_unknown(function, points)
    for name, value in {"progress": progress, "ragged": ragged, "retry": retry}.items():
        check.flag(name, value)
    keep = check.one_of("errors", errors, ("raise", "keep")) == "keep"
    accepted = _accepted(accept)
    count = _workers.processors() if workers is None else check.integer("workers", workers, 1)
    if client is not None:
        _cluster.refuse_other(client)
        if workers is not None:
            raise ValueError("workers must be left out where a client has its own")
    work = Sweep(function, points, Collected(points, ragged), keep)
    with contextlib.ExitStack() as stack:
        if store is not None:
            refuse_names(points.own_names())
            work.journal = journal = _opened(_place(store), work.header(), points, accepted)
            stack.callback(journal.close)
            work.take_stored(journal, retry)
        work.run(count, client, progress, shares=workers is None)
        data = work.dataset()
        if work.journal is not None and not (work.computed == 0 and work.journal.has_arrays):
            work.journal.write_arrays(data)
    if work.collected.failures:
        warnings.warn(work.collected.report(), FailedPointsWarning, stacklevel=3)
    return data


class Sweep:
    """One sweep: what is computed, what there is already, and where it goes."""

    def __init__(self, function: Callable[..., Any], points: Points, collected: Collected, keep: bool) -> None:
        self.function = function
        self.points = points
        self.collected = collected
        self.keep = keep
        self.journal: Journal | None = None
        self.computed = 0

    def header(self) -> dict[str, Any]:
        """Return what the store of this sweep says of it."""
        function = self.function
        return {
            "axes": self.points.described(),
            "seeds": self.points.seeds,
            "function": name_of(function),
            "function_source": source_of(function),
            "function_sha256": digest_of(function),
            "versions": versions(),
            "ragged": self.collected.ragged,
            "keep": self.keep,
            "accepted": [],
        }

    def take_stored(self, journal: Journal, retry: bool) -> None:
        """Take the points that the store has; errors only where they are kept, and not to be tried again."""
        places = {self.points.key(k): k for k in range(len(self.points))}
        for key, found in journal.entries():
            if key in places and not (isinstance(found, Failure) and (retry or not self.keep)):
                self.collected.add(places[key], found)

    def run(self, count: int, client: Any, progress: bool, *, shares: bool) -> None:
        """Compute the points that are not there yet; with `shares`, runs of a file share the processors.

        Raises
        ------
        Exception
            That of a point, where errors are not kept.
        KeyboardInterrupt
            Ctrl-C, at once; it says how many points there are.
        """
        todo = [k for k in range(len(self.points)) if not self.collected.done[k]]
        if not todo:
            return
        if self.journal is not None:
            self.journal.remove_arrays()
        together = min(count, len(todo))
        if client is not None:
            results = _cluster.computed(client, _fewer_threads(self.function, 1), self.points, todo)
        elif together == 1:
            results = _here(self.function, self.points, todo)
        else:
            most = max(1, _workers.processors() // together) if shares else MOST_THREADS
            results = _workers.computed(_fewer_threads(self.function, most), self.points, todo, count)
        done = len(self.points) - len(todo)
        with contextlib.closing(results), long_calls.progress_bar(progress, len(self.points), "point", done) as bar:
            try:
                for k, found in results:
                    self._take(k, found)
                    bar.update(1)
            except KeyboardInterrupt as error:
                error.args = (self._stopped(),)
                raise

    def _take(self, k: int, found: Outcome | Failure) -> None:
        if isinstance(found, Failure) and not self.keep:
            raise found.error() from FailedPoint(self.points.text(k), found.traceback)
        self.collected.add(k, found)
        if self.journal is not None:
            refuse_names([] if isinstance(found, Failure) else found)
            self.journal.append(self.points.key(k), found)
        self.computed += 1

    def _stopped(self) -> str:
        said = f"stopped by Ctrl-C after {int(self.collected.done.sum())} of {len(self.points)} points"
        return said if self.journal is None else f"{said}; the same sweep with store={str(self.journal.path)!r} goes on"

    def dataset(self) -> xr.Dataset:
        """Return all that was collected."""
        header = self.header() if self.journal is None else self.journal.header
        return _dataset(self.collected, header, errors=self.keep)


def _fewer_threads(function: Callable[..., Any], most: int) -> Callable[..., Any]:
    """Return a function in which the runs of a file have no more threads; what other functions do is their own."""
    return WithFewerThreads(function, most) if isinstance(function, RunOfFile) else function


def _here(
    function: Callable[..., Any], points: Points, todo: Sequence[int]
) -> Generator[tuple[int, Outcome | Failure], None, None]:
    """Give what a function gives at these points, called in this process."""
    with contextlib.ExitStack() as stack:
        for k in todo:
            if k in todo[:2]:  # again after the first point, which may have brought libraries with threads of their own
                stack.enter_context(blas.one_thread())
            yield k, evaluate(function, points, k)


def _place(store: Any) -> Path:
    """Return where the store is, or is to be; one that is there may have any name."""
    place = check.path("store", store).absolute()
    return place if is_store(place) else check.new_store("store", store).absolute()


def _accepted(accept: Any) -> frozenset[str]:
    if isinstance(accept, str) or not isinstance(accept, (list, tuple, set, frozenset)):
        raise TypeError(f"accept must be a list of {', '.join(ACCEPTED)}, got {check.shown(accept)}")
    return frozenset(check.one_of("accept", one, ACCEPTED) for one in accept)


def _opened(path: Path, header: dict[str, Any], points: Points, accepted: frozenset[str]) -> Journal:
    """Return the open store of a sweep, new or gone on with.

    Raises
    ------
    ValueError
        It is of another sweep; the message names what differs.
    """
    unnamed = [(column.name, label) for axis in points.axes for column in axis.columns for label in column.unnamed]
    for name, label in unnamed[:1]:
        raise ValueError(
            f"axes[{name!r}] must have labels for a store, since values such as {label!r} cannot be known again:"
            ' {"first": ..., "second": ...}'
        )
    if not path.exists():
        return Journal.create(path, header)
    if not is_store(path):
        raise FileExistsError(17, "exists already, and is no store of a sweep", str(path))
    journal = Journal(path)
    try:
        differences = _differences(journal.header, header)
        for what, text in differences.items():
            if what not in accepted:
                raise ValueError(
                    f'store {path} is of other {what}: {text}; accept=["{what}"] goes on with it all the same, another'
                    " store begins anew"
                )
        if differences or any(journal.header[name] != header[name] for name in ("ragged", "keep")):
            before = {*journal.header["accepted"], *differences} - {"axes"}
            journal.replace_header({**header, "accepted": sorted(before)})
    except BaseException:
        journal.close()
        raise
    return journal


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, str]:
    """Return what differs between the sweep of a store and another one, in words."""
    found = {}
    before, now = _keys(old["axes"]), _keys(new["axes"])
    if before.keys() != now.keys():
        found["axes"] = f"{', '.join(before)} there, {', '.join(now)} here"
    else:
        for dim in before:
            if before[dim] != now[dim]:
                found["axes"] = f"{dim} has other values ({_counted(before[dim])} there, {_counted(now[dim])} here)"
                break
    if old["function_sha256"] != new["function_sha256"]:
        same = old["function"] == new["function"]
        names = "its source, or what it names, has changed" if same else f"{old['function']} there"
        found["function"] = f"{new['function']} here, {names}"
    if old["seeds"] != new["seeds"]:
        found["seeds"] = f"{old['seeds']} there, {new['seeds']} here"
    for name in new["versions"]:
        there, here = old["versions"].get(name), new["versions"][name]
        if there != here:
            found["versions"] = f"{name} {there} there, {here} here"
            break
    return found


def _keys(axes: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return what files have of the values of each axis."""
    return {axis["dim"]: {column["name"]: column["keys"] for column in axis["columns"]} for axis in axes}


def _counted(columns: Mapping[str, Sequence[Any]]) -> str:
    count = len(next(iter(columns.values())))
    return f"{count} value{'s'[count == 1 :]}"


def _dataset(collected: Collected, header: Mapping[str, Any], *, errors: bool) -> xr.Dataset:
    """Return what was collected, with attributes that say where it is from."""
    data = collected.dataset(errors=errors)
    done = int(collected.done.sum())
    data.attrs = {
        "title": f"memnet sweep of {header['function']}, {len(collected.points)} points",
        "created": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        **header["versions"],
        "function": header["function"],
        "function_source": header["function_source"] or "not known: it was typed in, and nobody kept it",
        "function_sha256": header["function_sha256"],
    }
    if header["seeds"] is not None:
        data.attrs["seeds"] = str(header["seeds"])
    if header["accepted"]:
        data.attrs["accepted"] = f"some points are of other {', '.join(header['accepted'])}"
    if collected.failures:
        data.attrs["failed"] = collected.report()
    if done < len(collected.points):
        data.attrs["unfinished"] = f"{done} of {len(collected.points)} points; the same memnet.sweep goes on"
    return data


@check.known_keywords
def open_sweep(path: str | Path) -> xr.Dataset:
    """Open what a sweep has kept in its store, whether it ended, was stopped or killed, or still goes on.

    Parameters
    ----------
    path : path
        The store (``store=`` of `sweep`).

    Returns
    -------
    xarray.Dataset
        What `sweep` returns; points that are not there are nan, and the attribute "unfinished" says how many there are.

    Raises
    ------
    FileNotFoundError
        Nothing is there.
    ValueError
        What is there is no store of a sweep, or a damaged one.

    Warns
    -----
    UnfinishedRunWarning
        Points are missing; the same `sweep` goes on with them.

    Examples
    --------
    >>> import memnet as mn
    >>> data = mn.sweep(lambda x: x**2, {"x": [1.0, 2.0]}, store="squares.zarr", workers=1, progress=False)
    >>> mn.open_sweep("squares.zarr").result.values
    array([1., 4.])
    """
    place = check.existing_path("path", path)
    header = read_header(place)
    points = points_described(header["axes"], header["seeds"])
    collected = Collected(points, header["ragged"])
    places = {points.key(k): k for k in range(len(points))}
    for key, found in stored(place):
        if key in places:
            collected.add(places[key], found)
    data = _dataset(collected, header, errors=header["keep"] or bool(collected.failures))
    if "unfinished" in data.attrs:
        warnings.warn(f"{path} is unfinished: {data.attrs['unfinished']}", UnfinishedRunWarning, stacklevel=3)
    return data
