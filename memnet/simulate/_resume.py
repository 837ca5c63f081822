"""Runs that were streamed to a store and did not end, gone on with."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from memnet import _core
from memnet.base import check
from memnet.base.plain import UNREADABLE
from memnet.circuit import MOST_THREADS
from memnet.simulate._growing import METADATA, GrowingArrays
from memnet.simulate._simulation import Simulation, run_options
from memnet.simulate._store import Store, opened_store, steps_of

if TYPE_CHECKING:
    import xarray as xr


@check.known_keywords
def resume(path: str | Path, *, n_steps: float | None = None, threads: int = 1, progress: bool = False) -> xr.Dataset:
    """Go on with a run that was streamed to a zarr store and did not end.

    The store then holds the bits and rows of a run that was never stopped. One that ended is left as it is, unless
    `n_steps` asks for more.

    Parameters
    ----------
    path : path
        The store.
    n_steps : int, optional
        Steps of the whole run, from its beginning, a whole float such as 1e3 will do; as many as were asked for when it
        began.
    threads : int
        As in `Simulation`; stores do not know how many there were.
    progress : bool
        Show a progress bar.

    Returns
    -------
    xarray.Dataset
        The whole run, from its first step; reads from the store lazily.

    Raises
    ------
    FileNotFoundError
        Nothing is there.
    ValueError
        What is there is no store of a run, or a damaged one, or it has more steps than `n_steps`.
    BlockingIOError
        Another process is writing the store.
    CheckpointError
        The state that the store holds is damaged.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.percolating(size=30, coverage=0.6, seed=1)
    >>> sim = mn.Simulation(net, mn.RateBalance(), {"left": 1.0, "right": 0.0})
    >>> data = sim.run(10, out="run.zarr")
    >>> mn.resume("run.zarr", n_steps=30).sizes["time"]
    30
    """
    check.flag("progress", progress)
    check.integer("threads", threads, 1, MOST_THREADS)
    if n_steps is not None:
        n_steps = check.whole("n_steps", n_steps, 0)
    place = check.existing_path("path", path)
    if not (place / METADATA).is_file():
        raise ValueError(f"{path} is no store that a run of memnet was streamed to (out=)")
    try:
        arrays = GrowingArrays(place)
    except (ValueError, LookupError, TypeError) as error:
        raise ValueError(f"{path} cannot be gone on with: {error}") from error
    try:
        return _go_on(place, arrays, n_steps, threads, progress)
    finally:
        arrays.close()


def _go_on(path: Path, arrays: GrowingArrays, n_steps: int | None, threads: int, progress: bool) -> xr.Dataset:
    try:
        first, done = steps_of(arrays.attrs)
    except (KeyError, ValueError, TypeError) as error:
        raise ValueError(f"{path} is no store that a run of memnet was streamed to (out=)") from error
    try:
        arrays.refuse_missing()
    except (OSError, ValueError) as error:
        raise ValueError(f"{path} cannot be gone on with: {error}") from error
    state = arrays.ours / f"state-{done}"
    simulation = Simulation.load(state, threads=threads)
    try:
        run = json.loads(_core.Checkpoint(os.fspath(state)).note.decode("utf-8"))["run"]
        options, stop = run_options(run["arguments"], simulation), int(run["stop_step"])
    except UNREADABLE as error:
        raise _core.CheckpointError(f"{state}: this memnet cannot read how the run was to go on: {error}") from error
    stop = stop if n_steps is None else first + n_steps
    if stop < done:
        raise ValueError(f"n_steps must be at least the {done - first} steps that {path} has, got {n_steps}")
    if stop == done and "unfinished" not in arrays.attrs:
        return opened_store(path)
    return simulation.run(stop - done, **options, progress=progress, out=Store(path, arrays, run["arguments"]))
