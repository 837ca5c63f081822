"""Runs on disk: streamed to a zarr store block by block, opened again, and gone on with after an end of any kind.

A commit is three steps, of which the last counts: rows and events go to the store's chunks, the state of the simulation
to a checkpoint in it, and then one file says how many rows there are.
"""

from __future__ import annotations

import errno
import importlib.util
import json
import os
import time
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from memnet.base import check
from memnet.simulate import _dataset as datasets
from memnet.simulate._engine import Engine
from memnet.simulate._growing import FORMAT, METADATA, OURS, GrowingArrays, chunk_shape, opened
from memnet.simulate._record import Recording

if TYPE_CHECKING:
    import xarray as xr

# The longest time between two commits, unless one step takes longer (s).
COMMIT_SECONDS = 20.0
# Events that a chunk has room for.
EVENT_ROWS = 65536


class UnfinishedRunWarning(UserWarning):
    """A store that is opened holds less than its run was to give; `mn.resume` goes on with it.

    Examples
    --------
    >>> import warnings, memnet as mn
    >>> warnings.simplefilter("ignore", mn.UnfinishedRunWarning)  # to look into runs that go on
    """


class Store:
    """A zarr store that a run is streamed to, block by block.

    Parameters
    ----------
    path : path
        Where the store is made; nothing may stand there.
    arrays : GrowingArrays, optional
        The open arrays of a store that is gone on with.
    arguments : mapping, optional
        And the arguments that its run began with.
    """

    def __init__(
        self, path: str | Path, arrays: GrowingArrays | None = None, arguments: Mapping[str, Any] | None = None
    ) -> None:
        self.path = (check.path if arrays is not None else check.new_store)("out", path).absolute()
        if importlib.util.find_spec("zarr") is None:
            raise ImportError('out= needs zarr: pip install "memnet-sim[zarr]"')
        if arrays is None and os.path.lexists(self.path):
            raise FileExistsError(
                errno.EEXIST, "exists already; name another store, remove it, or go on with it (mn.resume)", str(path)
            )
        self._arrays = arrays
        self.arguments = arguments or {}
        self._whole = True  # nothing that was taken from the recording is missing in the arrays
        self._committed_at = time.monotonic()
        self._snapshots: dict[str, int] = {}  # rows of this recording that were written, by dimension

    def first_of(self, steps: range) -> int:
        """Return the first step of the whole run, of which `steps` are to be taken."""
        return steps.start if self._arrays is None else steps_of(self._arrays.attrs)[0]

    def begin(
        self,
        recording: Recording,
        simulation: Engine,
        steps: range,
        arguments: Mapping[str, Any],
        attributes: Callable[[Mapping[str, Any], int, int], Mapping[str, str]],
    ) -> None:
        """Make the store, without rows, before the first step; one that is gone on with is there already.

        Parameters
        ----------
        recording : Recording
            Begun, with no rows yet.
        simulation : Simulation
            Its simulation.
        steps : range
            Those that are to be taken.
        arguments : mapping
            The run's own arguments, as JSON holds them; a run that is gone on with keeps those that it began with.
        attributes : callable
            Gives the dataset's attributes for arguments, the run's first step, and how many steps it took.
        """
        self._attributes = attributes
        self._first, self._stop = self.first_of(steps), steps.stop
        if self._arrays is not None:
            return
        self.arguments = arguments
        template = datasets.dataset(recording, simulation, {})
        dims = growing_dims(template)
        expected = {"event": EVENT_ROWS, "time": -(-len(steps) // recording.every)}
        chunks = {
            str(name): chunk_shape(values.shape, expected.get(str(values.dims[0]), len(steps)))
            for name, values in template.variables.items()
            if values.dims and values.dims[0] in dims
        }
        template = template.assign_attrs(self._attrs(simulation))
        self._arrays = GrowingArrays.create(self.path, template, chunks, lambda ours: self._keep(simulation, ours))

    @property
    def is_due(self) -> bool:
        """Whether the last commit was long ago."""
        return time.monotonic() - self._committed_at > COMMIT_SECONDS

    def append(self, recording: Recording, simulation: Engine) -> None:
        """Commit the rows since the recording's last `begin`, and its events, which it then forgets."""
        self._append(recording, simulation)
        self._commit(simulation)

    def finish(self, recording: Recording, simulation: Engine) -> xr.Dataset:
        """Commit the last rows and open the whole lazily."""
        self.append(recording, simulation)
        arrays = self._open()
        arrays.settle()
        arrays.close()
        return opened_store(self.path)

    def close(self) -> None:
        """Let other processes write to the store."""
        if self._arrays is not None:
            self._arrays.close()

    def _open(self) -> GrowingArrays:
        if self._arrays is None or not self._whole:
            raise OSError(errno.EIO, "rows were lost when writing failed; the store ends before them", str(self.path))
        return self._arrays

    def _append(self, recording: Recording, simulation: Engine) -> None:
        arrays = self._open()
        self._whole = False
        block = datasets.time_dataset(recording, simulation)
        block = block.merge(datasets.event_dataset(recording.events(forget=True), recording.located))
        block = block.merge(self._new_snapshots(datasets.snapshot_dataset(recording, simulation)))
        dims = growing_dims(block)
        for name, values in block.variables.items():
            if values.dims and values.dims[0] in dims:
                arrays.append(str(name), values.to_numpy())
        self._whole = True

    def _new_snapshots(self, whole: xr.Dataset) -> xr.Dataset:
        """Return the rows that are not written yet: a recording keeps snapshots from its beginning to its end."""
        for dim in growing_dims(whole):
            written = self._snapshots.get(dim, 0)
            self._snapshots[dim] = whole.sizes[dim]
            whole = whole.isel({dim: slice(written, None)})
        return whole

    def _commit(self, simulation: Engine) -> None:
        arrays = self._open()
        state = self._keep(simulation, arrays.ours)
        arrays.commit(self._attrs(simulation))
        for old in arrays.ours.glob("state-*"):
            if old != state:
                old.unlink()
        self._committed_at = time.monotonic()

    def _keep(self, simulation: Engine, folder: Path) -> Path:
        """Write the state of the simulation, and how its run is to go on, to a file of its own for each step."""
        state = folder / f"state-{simulation.steps_done}"
        simulation._write(state, run={"arguments": self.arguments, "stop_step": self._stop})
        return state

    def _attrs(self, simulation: Engine) -> dict[str, str]:
        done, asked = simulation.steps_done - self._first, self._stop - self._first
        attrs = dict(self._attributes(self.arguments, self._first, done))
        if done < asked:
            attrs["unfinished"] = f"{done} of {asked} steps; memnet.resume goes on"
        return attrs


def growing_dims(data: xr.Dataset) -> list[str]:
    """Return the dimensions along which a run's dataset grows while it runs: time, events, and those of snapshots."""
    return [
        str(dim)
        for dim in data.dims
        if dim in ("time", "event") or (str(dim).startswith("snapshot_") and str(dim).endswith("_step"))
    ]


def steps_of(attrs: Mapping[str, Any]) -> tuple[int, int]:
    """Return the first step of a run, and the one after its last."""
    spec = json.loads(attrs["parameters"])
    return spec["first_step"], spec["first_step"] + spec["n_steps"]


def opened_store(path: Path) -> xr.Dataset:
    """Open a store; one of a memnet that kept no count of rows is opened as it stands."""
    import xarray as xr

    if (path / METADATA).exists():
        return opened(path)
    if (path / OURS).exists():
        raise ValueError(f"it is damaged: its file {METADATA}, which says how many rows there are, is missing")
    data: xr.Dataset = xr.open_zarr(path, **FORMAT)
    return data


@check.known_keywords
def open_run(path: str | Path) -> xr.Dataset:
    """Open what a run left on disk: a zarr store that it was streamed to, or a netCDF file.

    Of a store whose run did not end, by whatever cause, or still goes on, it shows the rows and events up to the last
    commit, all of them right; its attribute "unfinished" then says how far it came.

    Parameters
    ----------
    path : path
        A zarr store that `Simulation.run` streamed to (``out=``), or a netCDF file of a run.

    Returns
    -------
    xarray.Dataset
        Its values are read when they are used; ``.load()`` reads all.

    Raises
    ------
    FileNotFoundError
        Nothing is there.
    ValueError
        What is there is no run of memnet, or a store whose metadata are damaged or of which a chunk is missing.
    RuntimeError
        Raised where values are read: a chunk is not what was written.

    Warns
    -----
    UnfinishedRunWarning
        The run has not ended; `resume` goes on with it.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.percolating(size=30, coverage=0.6, seed=1)
    >>> sim = mn.Simulation(net, mn.RateBalance(), {"left": 1.0, "right": 0.0})
    >>> data = sim.run(10, out="run.zarr")
    >>> mn.open_run("run.zarr").sizes["time"]
    10
    """
    place = check.existing_path("path", path)
    try:
        if place.is_dir():
            data = opened_store(place)
        else:
            import xarray as xr

            data = xr.open_dataset(place, engine="h5netcdf")
    except (OSError, ValueError, LookupError, TypeError) as error:
        if isinstance(error, PermissionError):
            raise
        raise ValueError(f"{path} cannot be opened as a zarr store or a netCDF file of a run: {error}") from error
    if "parameters" not in data.attrs:
        data.close()
        raise ValueError(f'{path} has no attribute "parameters": no run of memnet, or one that an old memnet left open')
    if "unfinished" in data.attrs:
        warnings.warn(f"{path} is unfinished: {data.attrs['unfinished']}", UnfinishedRunWarning, stacklevel=3)
    return data
