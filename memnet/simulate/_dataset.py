"""What a run returns: xarray datasets with units and with everything needed to repeat the run."""

from __future__ import annotations

import functools
import platform
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from memnet import _core
from memnet.base.plain import extended
from memnet.devices import read_currents
from memnet.network import Named
from memnet.simulate._engine import Engine
from memnet.simulate._events import EventArrays
from memnet.simulate._port import Port
from memnet.simulate._record import Channel, Recording

if TYPE_CHECKING:
    import xarray as xr

# Of dt: how long before a row electrodes are looked at for what drove them before a jump there. A corner counts as
# reached up to 1e-9 of the drive's own interval early, which may be many dt.
BESIDE_ROW = 1e-3


def parameters(described: str, recorded: Mapping[str, Any], first: int, n_steps: int, *, set_by_hand: bool) -> str:
    """Return the attribute that `rerun` reads: one JSON string.

    Parameters
    ----------
    described : str
        What builds the simulation, as JSON that is still open at its end: the same with one drive.
    recorded : mapping
        The run's own arguments: "record", "every" and "events".
    first, n_steps : int
        First step of the run, and how many it took.
    set_by_hand : bool
        Whether states or the drive were set before.
    """
    of_the_run = {**recorded, "first_step": first, "n_steps": n_steps, "set_by_hand": set_by_hand}
    return extended(described, of_the_run)


def versions() -> dict[str, str]:
    """Return the versions that a result depends on."""
    return {
        "memnet_version": _core.__version__,
        "core_version": _core.__version__,
        "python_version": platform.python_version(),
        "numpy_version": np.__version__,
    }


def attributes(parameters: str, port: Port, first: int, n_steps: int) -> dict[str, str]:
    """Return a dataset's attributes; all are strings, as netCDF wants them."""
    return {
        "title": f"memnet simulation, {n_steps} steps from step {first}",
        "created": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        **versions(),
        "conductance_port": port.text,
        "parameters": parameters,
    }


@functools.lru_cache(maxsize=64)
def electrode_index(names: tuple[str, ...]) -> xr.IndexVariable:
    """Return the coordinate of the electrodes; making one takes as long as a third of a dataset."""
    import xarray as xr

    return xr.Variable("electrode", list(names)).to_index_variable()


def coordinate(channel: Channel, simulation: Engine) -> Any:
    """Return the values of the dimension beside time."""
    if channel.dim == "electrode":
        return electrode_index(tuple(simulation.net.electrodes))
    index = channel.index
    if channel.population >= 0:
        index = simulation.edges_of(simulation.devices[int(channel.attrs["device_index"])])
    layout = simulation.net.layout
    if isinstance(layout, Named):  # a circuit is read by the names of its nodes and elements
        return [layout.of(str(channel.dim).rpartition("_")[2])[k] for k in index]
    return index


def coordinates(channel: Channel, simulation: Engine) -> dict[str, Any]:
    """Return the values of every dimension beside time, by name."""
    coords = {str(channel.dim): coordinate(channel, simulation)}
    return coords if channel.inner is None else {**coords, channel.inner[0]: np.arange(channel.inner[1])}


def variable(channel: Channel, rows: NDArray[np.float64], time_dim: str) -> tuple[Any, ...]:
    """Return a variable as xarray takes it."""
    attrs = {"units": channel.unit, "long_name": channel.text, **channel.attrs}
    if channel.dim is None:
        return (time_dim,), rows[:, 0], attrs
    if channel.inner is None:
        return (time_dim, channel.dim), rows, attrs
    dim, width = channel.inner
    return (time_dim, channel.dim, dim), rows.reshape(len(rows), channel.width // width, width), attrs


def as_read(
    channel: Channel, rows: NDArray[np.float64], steps: NDArray[np.int64], simulation: Engine
) -> NDArray[np.float64]:
    """Return recorded rows as an instrument reads them, where devices have one that is noisy."""
    noisy = [one for one in simulation.devices if any(variation.read for variation in one.variations)]
    if channel.quantity != "branch_current" or not noisy:
        return rows
    rows = rows.copy()
    for device in noisy:
        columns = np.flatnonzero(np.isin(channel.index, simulation.edges_of(device)))
        rows[:, columns] = read_currents(device.variations, channel.index[columns], steps, rows[:, columns])
    channel.attrs["read_as"] = ", ".join(map(repr, noisy))
    return rows


Parts = tuple[dict[str, Any], dict[str, Any]]  # variables and coordinates of a dataset


def _before(time: NDArray[np.float64], dt: float) -> NDArray[np.float64]:
    """Return when the drive is what it was before it jumped at rows; the first row of all has no such moment."""
    return np.where(time > 0.0, time - BESIDE_ROW * dt, time)


def time_parts(recording: Recording, simulation: Engine) -> Parts:
    """Return what is recorded step by step since the recording's last `begin`."""
    time = recording.row_times(simulation.dt)
    coords: dict[str, Any] = {"time": ("time", time, {"units": "s", "long_name": "time of the step"})}
    variables, steps = {}, recording.row_steps()
    for k, channel in enumerate(recording.channels):
        if channel.steps is not None:
            continue
        rows = recording.rows(k)
        if channel.quantity == "conductance":
            absent = recording.port.absent(_before(time, simulation.dt) if channel.left else time)
            if absent is not None:
                rows[absent] = np.nan
            channel.attrs["conductance_port"] = recording.port.text
        rows = as_read(channel, rows, steps, simulation)
        variables[channel.name] = variable(channel, rows, "time")
        if channel.dim is not None:
            coords.update(coordinates(channel, simulation))
    return variables, coords


def event_parts(events: EventArrays | None, located: bool) -> Parts:
    """Return events over the dimension event; nothing where a run kept none. `located`: also their times."""
    if events is None:
        return {}, {}
    step, edge, kind, time = events
    times = {"event_time": (("event",), time, {"units": "s", "long_name": "time of the event"})}
    return {
        "event_step": (("event",), step, {"units": "1", "long_name": "step whose voltages caused the event"}),
        "event_edge": (("event",), edge, {"units": "1", "long_name": "edge of the event"}),
        "event_kind": (("event",), kind, {"units": "1", "long_name": "+1 closed, -1 opened, or the model's own"}),
        **(times if located else {}),
    }, {}


def snapshot_parts(recording: Recording, simulation: Engine) -> Parts:
    """Return whole quantities at some steps; each has a dimension of its own for its steps."""
    variables: dict[str, Any] = {}
    coords: dict[str, Any] = {}
    for k, channel in enumerate(recording.channels):
        if channel.steps is not None:
            dim = f"{channel.name}_step"
            steps = recording.snapshot_steps(k)
            variables[channel.name] = variable(channel, as_read(channel, recording.rows(k), steps, simulation), dim)
            coords[dim] = steps
            coords.update(coordinates(channel, simulation))
    return variables, coords


def together(*parts: Parts, attrs: Mapping[str, str] | None = None) -> xr.Dataset:
    """Return one dataset of all parts; xarray takes most of a millisecond to merge datasets that are made already."""
    import xarray as xr

    variables = {name: values for some, _ in parts for name, values in some.items()}
    coords = {name: values for _, some in parts for name, values in some.items()}
    return xr.Dataset(variables, coords, attrs)


def time_dataset(recording: Recording, simulation: Engine) -> xr.Dataset:
    """Return what is recorded step by step since the recording's last `begin`, as a dataset."""
    return together(time_parts(recording, simulation))


def event_dataset(events: EventArrays | None, located: bool) -> xr.Dataset:
    """Return events as a dataset over the dimension event; an empty one where a run kept none."""
    return together(event_parts(events, located))


def snapshot_dataset(recording: Recording, simulation: Engine) -> xr.Dataset:
    """Return whole quantities at some steps; each has a dimension of its own for its steps."""
    return together(snapshot_parts(recording, simulation))


def dataset(recording: Recording, simulation: Engine, attrs: Mapping[str, str]) -> xr.Dataset:
    """Return everything that a run recorded."""
    rows, snapshots = time_parts(recording, simulation), snapshot_parts(recording, simulation)
    return together(rows, snapshots, event_parts(recording.events(), recording.located), attrs=attrs)
