"""What a dataset or a file tells of the simulation that it came from: its network, its devices, and the run again."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from memnet import _core
from memnet.base import check
from memnet.base.plain import UNREADABLE
from memnet.circuit import MOST_THREADS
from memnet.devices import Device, Mix
from memnet.network import Network, rebuild_network
from memnet.simulate._simulation import rebuilt, rebuilt_parts, run_options
from memnet.simulate._store import open_run

if TYPE_CHECKING:
    import xarray as xr

CHECKPOINT_START = b"\x89memnet\n"


@check.known_keywords
def load_network(data: xr.Dataset | str | Path) -> Network:
    """Return the network of a run or a checkpoint.

    Parameters
    ----------
    data : xarray.Dataset or path
        What `Simulation.run` returned, or a file: a run as netCDF or zarr, a checkpoint of `Simulation.save`.

    Returns
    -------
    Network

    Raises
    ------
    ValueError, CheckpointError
        It is no run and no checkpoint, or it is damaged.
    FileNotFoundError
        There is no such file.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.percolating(size=30, coverage=0.6, seed=1)
    >>> sim = mn.Simulation(net, mn.RateBalance(), {"left": 1.0, "right": 0.0})
    >>> mn.load_network(sim.run(10)).n_edges == net.n_edges
    True
    """
    spec = described(data)
    with _said_of("network"):
        return rebuilt_parts(spec)[0] if "attached" in spec else rebuild_network(spec["network"])


@check.known_keywords
def devices_of(data: xr.Dataset | str | Path) -> Device | Mix | list[Device]:
    """Return the devices of a run or a checkpoint, as `Simulation` takes them together with its network.

    Parameters
    ----------
    data : xarray.Dataset or path
        As for `load_network`.

    Returns
    -------
    Device, Mix or list of Device
        One device for all edges, a mixture, or one device an edge.

    Raises
    ------
    ValueError, CheckpointError, FileNotFoundError
        As for `load_network`.

    Examples
    --------
    >>> import memnet as mn
    >>> pair = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
    >>> mn.devices_of(mn.Simulation(pair, mn.RateBalance(eta_p=9.0), {"in": 1.0, "out": 0.0}).run(10))
    RateBalance(eta_p=9.0)
    """
    spec = described(data)
    with _said_of("network or devices"):
        devices: Device | Mix | list[Device] = rebuilt_parts(spec)[1]
        return devices


@contextmanager
def _said_of(what: str) -> Iterator[None]:
    """Turn what a description of another memnet, or of nobody, leads to into one error."""
    try:
        yield
    except UNREADABLE as error:
        raise ValueError(f"data describes a {what} that this memnet cannot build: {error}") from error


def described(data: Any, name: str = "data") -> dict[str, Any]:
    """Return what a dataset, or a file of a run or a checkpoint, says of its simulation; errors call it `name`.

    Raises
    ------
    ValueError, CheckpointError, OSError
        It is neither a dataset of a run nor such a file.
    """
    if isinstance(data, (str, os.PathLike)):
        return _described_in_file(check.existing_path(name, data))
    if "parameters" not in getattr(data, "attrs", {}):
        raise ValueError(
            f'{name} has no attribute "parameters"; it must be a dataset that Simulation.run returned, or a path, got'
            f" {check.shown(data)}"
        )
    try:
        spec: dict[str, Any] = json.loads(data.attrs["parameters"])
        if not isinstance(spec, dict) or "network" not in spec:
            raise ValueError("there is no network in it")
    except UNREADABLE as error:
        raise ValueError(f'{name} has an attribute "parameters" that Simulation.run did not write') from error
    return spec


def _described_in_file(path: Path) -> dict[str, Any]:
    if path.is_file() and _starts_like_a_checkpoint(path):
        try:
            spec: dict[str, Any] = json.loads(_core.Checkpoint(str(path)).note.decode("utf-8"))
        except (_core.CheckpointError, *UNREADABLE) as error:
            raise _core.CheckpointError(f"{path}: {error}") from error
        return spec
    with open_run(path) as data:
        return described(data)


def _starts_like_a_checkpoint(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(CHECKPOINT_START)) == CHECKPOINT_START


@check.known_keywords
def rerun(
    data: xr.Dataset | str | Path, *, threads: int = 1, progress: bool = False, out: str | Path | None = None
) -> xr.Dataset:
    """Repeat the run that gave a dataset, from its attributes alone: the arrays are identical.

    A run that started at a later step is reached again from step 0, without recording.

    Parameters
    ----------
    data : xarray.Dataset or path
        What `Simulation.run` returned, also when it was written to netCDF or zarr and read again, or such a file.
    threads : int
        As in `Simulation`; attributes do not know how many there were.
    progress : bool
        Show a progress bar.
    out : path, optional
        Stream to this zarr store, as in `Simulation.run`.

    Returns
    -------
    xarray.Dataset

    Raises
    ------
    ValueError
        The dataset has no such attributes, or states or the drive were set by hand before its run.
    FileNotFoundError
        There is no such file.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.percolating(size=30, coverage=0.6, seed=1)
    >>> sim = mn.Simulation(net, mn.RateBalance(), {"left": 1.0, "right": 0.0})
    >>> data = sim.run(10)
    >>> bool((mn.rerun(data).current == data.current).all())
    True
    """
    check.integer("threads", threads, 1, MOST_THREADS)
    spec = described(data)
    if "n_steps" not in spec:
        raise ValueError("data is a checkpoint, which tells of no run; Simulation.load goes on from it")
    if "replicas" in spec:
        raise ValueError(
            f"data is of an ensemble of {len(spec['replicas'])} replicas, and a run is one of them: repeat"
            " mn.replica(data, 0), and so on"
        )
    if spec.get("set_by_hand"):
        raise ValueError(
            "states or the drive of this simulation were set by hand before the run, so its attributes do not tell how"
            " to repeat it; use Simulation.save and load to keep such a state"
        )
    with _said_of("run"):
        simulation = rebuilt(spec, threads)
        options = run_options(spec, simulation)
        first, n_steps = spec["first_step"], spec["n_steps"]
    simulation.step(first)
    return simulation.run(n_steps, **options, progress=progress, out=out)
