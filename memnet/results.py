"""What a run returns: xarray datasets with units and with everything needed to repeat the run."""

from __future__ import annotations

import base64
import json
import math
import platform
import zlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from memnet import _check, _core
from memnet import drive as drives
from memnet.device import Device
from memnet.mix import Mix
from memnet.record import Channel, Recording

if TYPE_CHECKING:
    import xarray as xr

    from memnet.network import Network
    from memnet.simulation import Simulation

# The key of an encoded array, number, device or label in JSON; no parameter has such a name.
ARRAY, NUMBER, DEVICE, LABEL = "!array", "!number", "!device", "!label"

# What reading a description may raise where it is not one that memnet wrote.
UNREADABLE = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError, zlib.error)
# Bytes compressed at a time, a few hundredths of a second.
PIECE = 1 << 20


# ---------------------------------------------------------------- plain data


def encode(value: Any, devices: Sequence[Device] = ()) -> Any:
    """Return a value as what strict JSON can hold; arrays become compressed base64, devices their index.

    Raises
    ------
    TypeError
        A value that has no such form.
    """
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, (np.bool_, np.integer, np.floating)):
        return encode(value.item())
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return value if np.isfinite(value) else {NUMBER: repr(value)}
    if isinstance(value, np.ndarray):
        packed = base64.b64encode(_compressed(np.ascontiguousarray(value).tobytes())).decode("ascii")
        return {ARRAY: packed, "dtype": value.dtype.newbyteorder("<").str, "shape": list(value.shape)}
    if isinstance(value, Device):
        return {DEVICE: next(k for k, device in enumerate(devices) if device is value)}
    if isinstance(value, Mapping):
        return {str(name): encode(part, devices) for name, part in value.items()}
    if isinstance(value, (list, tuple, range)):
        return [encode(part, devices) for part in value]
    raise TypeError(f"cannot write {type(value).__name__} to a file: {value!r}")


def _compressed(data: bytes) -> bytes:
    """Compress piece by piece, so that Ctrl-C need not wait for the end."""
    packing = zlib.compressobj(6)
    pieces = [packing.compress(data[k : k + PIECE]) for k in range(0, len(data), PIECE)]
    return b"".join([*pieces, packing.flush()])


def decode(value: Any, devices: Sequence[Device] = ()) -> Any:
    """Return what `encode` was given, tuples as lists."""
    if isinstance(value, list):
        return [decode(part, devices) for part in value]
    if not isinstance(value, dict):
        return value
    if NUMBER in value:
        return float(value[NUMBER])
    if DEVICE in value:
        return devices[value[DEVICE]]
    if ARRAY in value:
        flat = np.frombuffer(_unpacked(value), dtype=value["dtype"])
        return flat.reshape(value["shape"]).astype(flat.dtype.newbyteorder("="))
    return {name: decode(part, devices) for name, part in value.items()}


def _unpacked(value: Mapping[str, Any]) -> bytes:
    """Return an array's bytes, and never more than its shape says: a small text may unpack to any size."""
    size = math.prod(value["shape"]) * np.dtype(value["dtype"]).itemsize
    unpacking = zlib.decompressobj()
    unpacked = unpacking.decompress(base64.b64decode(value[ARRAY]), size + 1)
    if len(unpacked) != size or not unpacking.eof:
        raise ValueError(f"an array of shape {value['shape']} does not have {size} bytes")
    return unpacked


# ---------------------------------------------------------------- simulations as plain data


def describe(simulation: Simulation) -> dict[str, Any]:
    """Return everything that builds a simulation again at step 0, as what JSON can hold."""
    devices = simulation.devices
    return {
        "network": describe_network(simulation.net),
        "devices": [{"model": device.model, "parameters": encode(dict(device.parameters))} for device in devices],
        "assignment": describe_assignment(simulation.assignment),
        "drive": {name: encode(drives.to_spec(wave)) for name, wave in simulation.drive.items()},
        "dt": simulation.dt,
        "seed": simulation.seed,
        "solver": simulation.solver,
        "incremental": simulation.incremental,
        "event_driven": simulation.event_driven,
    }


def describe_network(net: Network) -> dict[str, Any]:
    """Return a network as the call that made it, or as its arrays where it was made by hand."""
    made = net.provenance
    if made and made.get("function") not in (None, "Network"):
        try:
            return {"function": made["function"], "arguments": encode(made["arguments"])}
        except TypeError:
            pass  # made from something that has no place in a file, such as a networkx graph
    arguments = {
        "n_nodes": int(net.n_nodes),
        "edges": np.asarray(net.edges),
        "length": net.length,
        "position": net.position,
        "electrodes": {name: np.asarray(nodes) for name, nodes in net.electrodes.items()},
    }
    labels = describe_labels(net)
    spec = {"function": "Network", "arguments": encode(arguments)}
    return spec if labels is None else {**spec, "labels": labels}


def encode_label(label: Any) -> Any:
    """Return a node's label as JSON can hold it: strings, numbers, None, and tuples of them; NumPy's become Python's.

    Raises
    ------
    TypeError
        A label of another kind.
    """
    if isinstance(label, tuple):
        return {LABEL: [encode_label(part) for part in label]}
    if isinstance(label, (np.bool_, np.integer, np.floating)):
        label = label.item()
    if label is None or isinstance(label, (bool, int, float, str)):
        return encode(label)
    raise TypeError(f"cannot write a label of type {type(label).__name__} to a file: {label!r}")


def decode_label(value: Any) -> Any:
    """Return the label that `encode_label` was given."""
    if isinstance(value, dict) and LABEL in value:
        return tuple(decode_label(part) for part in value[LABEL])
    return decode(value)


def describe_labels(net: Network) -> list[Any] | None:
    """Return the labels that a network got from networkx; None where it has none, or they have no place in a file."""
    if net.labels is None:
        return None
    try:
        return [encode_label(label) for label in net.labels]
    except TypeError:
        return None


def describe_assignment(assignment: Any) -> Any:
    """Return which device is on which edge: None for one on all, a mixture's fractions and seed, or an array."""
    if isinstance(assignment, Mix):
        return {"fractions": list(assignment.fractions), "seed": assignment.seed}
    return None if assignment is None else encode(assignment)


def rebuild(spec: Mapping[str, Any]) -> Simulation:
    """Return the simulation that `describe` described, at step 0."""
    from memnet.devices import MODELS
    from memnet.simulation import Simulation

    net = rebuild_network(spec["network"])
    devices = [MODELS[given["model"]](**decode(given["parameters"])) for given in spec["devices"]]
    return Simulation(
        net,
        rebuild_assignment(spec["assignment"], devices, net),
        {name: drives.from_spec(decode(wave)) for name, wave in spec["drive"].items()},
        dt=spec["dt"],
        seed=spec["seed"],
        solver=spec["solver"],
        incremental=spec["incremental"],
        event_driven=spec["event_driven"],
    )


def network_functions() -> dict[str, Callable[..., Network]]:
    """Return the functions that a file may name to make a network; no other is ever called."""
    from memnet import lattices, network, wires

    made = (network.Network, network.percolating, lattices.grid, lattices.random_network)
    return {function.__name__: function for function in (*made, wires.nanowires, wires.nanowires_at)}


def rebuild_network(spec: Mapping[str, Any]) -> Network:
    """Return the network that `describe_network` described."""
    from memnet import network

    function = _check.one_of("function that makes a network", spec["function"], network_functions())
    made: Network = network_functions()[function](**decode(spec["arguments"]))
    if "labels" in spec:
        made = network.with_labels(made, tuple(decode_label(label) for label in spec["labels"]))
    return made


def rebuild_assignment(spec: Any, devices: Sequence[Device], net: Network) -> Any:
    """Return what `Simulation` takes as devices."""
    if spec is None:
        return devices[0]
    if "fractions" in spec:
        return Mix(devices, spec["fractions"], spec["seed"], int(net.n_edges))
    return [devices[k] for k in decode(spec)]


@_check.known_keywords
def rerun(data: xr.Dataset, *, progress: bool = False, out: str | Path | None = None) -> xr.Dataset:
    """Repeat the run that gave a dataset, from its attributes alone: the arrays are identical.

    A run that started at a later step is reached again from step 0, without recording.

    Parameters
    ----------
    data : xarray.Dataset
        What `Simulation.run` returned, also when it was written to netCDF or zarr and read again.
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

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.percolating(size=30, coverage=0.6, seed=1)
    >>> sim = mn.Simulation(net, mn.RateBalance(), {"left": 1.0, "right": 0.0})
    >>> data = sim.run(10)
    >>> bool((mn.rerun(data).current == data.current).all())
    True
    """
    if "parameters" not in getattr(data, "attrs", {}):
        raise ValueError('data has no attribute "parameters"; rerun needs a dataset that Simulation.run returned')
    try:
        spec = json.loads(data.attrs["parameters"])
        by_hand = spec["set_by_hand"]
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError('data has an attribute "parameters" that Simulation.run did not write') from error
    if by_hand:
        raise ValueError(
            "states or the drive of this simulation were set by hand before the run, so its attributes do not tell how"
            " to repeat it; use Simulation.save and load to keep such a state"
        )
    simulation = rebuild(spec)
    if spec["first_step"]:
        simulation.run(spec["first_step"], record={"current": False})
    return simulation.run(spec["n_steps"], **run_options(spec, simulation), progress=progress, out=out)


def run_options(spec: Mapping[str, Any], simulation: Simulation) -> dict[str, Any]:
    """Return the keywords of `Simulation.run` that a description of a run holds."""
    record = {name: _tupled(part) for name, part in decode(spec["record"], simulation.devices).items()}
    return {"record": record, "every": spec["every"]}


def _tupled(part: Any) -> Any:
    """JSON has no tuples: (device, steps) comes back as a list."""
    if isinstance(part, list) and part and isinstance(part[0], (Device, list)) and not isinstance(part[-1], Device):
        return tuple(part)
    return part


# ---------------------------------------------------------------- datasets


def parameters(simulation: Simulation, arguments: Mapping[str, Any], first: int, n_steps: int) -> str:
    """Return the attribute that `rerun` reads: one JSON string."""
    return json.dumps(
        {
            **describe(simulation),
            **arguments,
            "first_step": first,
            "n_steps": n_steps,
            "set_by_hand": simulation.set_by_hand,
        },
        allow_nan=False,
    )


def versions() -> dict[str, str]:
    """Return the versions that a result depends on."""
    from memnet import __version__

    return {
        "memnet_version": __version__,
        "core_version": _core.__version__,
        "python_version": platform.python_version(),
        "numpy_version": np.__version__,
    }


def attributes(simulation: Simulation, arguments: Mapping[str, Any], first: int, n_steps: int) -> dict[str, str]:
    """Return a dataset's attributes; all are strings, as netCDF wants them."""
    return {
        "title": f"memnet simulation, {n_steps} steps from step {first}",
        "created": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        **versions(),
        "parameters": parameters(simulation, arguments, first, n_steps),
    }


def coordinate(channel: Channel, simulation: Simulation) -> Any:
    """Return the values of the dimension beside time."""
    if channel.dim == "electrode":
        return list(simulation.net.electrodes)
    if channel.population >= 0:
        return simulation.edges_of(simulation.devices[int(channel.attrs["device_index"])])
    return channel.index


def variable(channel: Channel, rows: NDArray[np.float64], time_dim: str) -> tuple[Any, ...]:
    """Return a variable as xarray takes it."""
    attrs = {"units": channel.unit, "long_name": channel.text, **channel.attrs}
    if channel.dim is None:
        return (time_dim,), rows[:, 0], attrs
    return (time_dim, channel.dim), rows, attrs


def time_dataset(recording: Recording, simulation: Simulation) -> xr.Dataset:
    """Return what is recorded step by step since the recording's last `begin`."""
    import xarray as xr

    time = recording.row_steps() * simulation.dt
    coords: dict[str, Any] = {"time": ("time", time, {"units": "s", "long_name": "time of the step"})}
    variables = {}
    for k, channel in enumerate(recording.channels):
        if channel.steps is None:
            variables[channel.name] = variable(channel, recording.rows(k), "time")
            if channel.dim is not None:
                coords[channel.dim] = coordinate(channel, simulation)
    return xr.Dataset(variables, coords)


def event_dataset(events: tuple[NDArray[Any], NDArray[Any], NDArray[Any]]) -> xr.Dataset:
    """Return events as variables over the dimension event."""
    import xarray as xr

    step, edge, kind = events
    return xr.Dataset(
        {
            "event_step": (("event",), step, {"units": "1", "long_name": "step whose voltages caused the event"}),
            "event_edge": (("event",), edge, {"units": "1", "long_name": "edge of the event"}),
            "event_kind": (("event",), kind, {"units": "1", "long_name": "+1 closed, -1 opened, or the model's own"}),
        }
    )


def snapshot_dataset(recording: Recording, simulation: Simulation) -> xr.Dataset:
    """Return the whole fields at given steps; each has a dimension of its own for its steps."""
    import xarray as xr

    variables, coords = {}, {}
    for k, channel in enumerate(recording.channels):
        if channel.steps is not None:
            dim = f"{channel.name}_step"
            variables[channel.name] = variable(channel, recording.rows(k), dim)
            coords[dim] = recording.snapshot_steps(k)
            coords[str(channel.dim)] = coordinate(channel, simulation)
    return xr.Dataset(variables, coords)


def dataset(recording: Recording, simulation: Simulation, attrs: Mapping[str, str]) -> xr.Dataset:
    """Return everything that a run recorded."""
    rows = time_dataset(recording, simulation)
    data: xr.Dataset = rows.merge(snapshot_dataset(recording, simulation)).merge(event_dataset(recording.events()))
    data.attrs.update(attrs)
    return data
