"""What a run returns: xarray datasets with units and with everything needed to repeat the run."""

from __future__ import annotations

import base64
import functools
import json
import math
import platform
import weakref
import zlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from memnet import _check, _core
from memnet import drive as drives
from memnet.device import Device
from memnet.mix import Mix
from memnet.orientation import turned
from memnet.record import Channel, EventArrays, Recording

if TYPE_CHECKING:
    import xarray as xr

    from memnet.network import Network
    from memnet.port import Port
    from memnet.simulation import Simulation

# What `describe_network` said of networks that are still there: they do not change, and large ones take a while.
_DESCRIBED: weakref.WeakKeyDictionary[Network, dict[str, Any]] = weakref.WeakKeyDictionary()

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
    if isinstance(value, np.ndarray) and value.dtype != object:
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


def in_words(simulation: Simulation) -> dict[str, str]:
    """Return what a simulation is and how far it has come, by name, for people."""
    carried = (f"{device!r} on {simulation.edges_of(device).size} edges" for device in simulation.devices)
    return {
        "network": f"{simulation.net.n_nodes} nodes, {simulation.net.n_edges} edges",
        "devices": ", ".join(carried),
        "drive": ", ".join(f"{name} {wave!r}" for name, wave in simulation.drive.items()),
        "time": f"{simulation.time:g} s, {simulation.steps_done} steps of {simulation.dt:g} s",
        "solver": simulation.solver,
        "seed": str(simulation.seed),
    }


def describe_network(net: Network) -> dict[str, Any]:
    """Return a network as the call that made it, or as its arrays where it was made by hand; not to be changed."""
    if net not in _DESCRIBED:
        _DESCRIBED[net] = _described_network(net)
    return _DESCRIBED[net]


def _described_network(net: Network) -> dict[str, Any]:
    made = net.provenance
    if made and made.get("function") not in (None, "Network"):
        try:
            spec = {"function": made["function"], "arguments": encode(made["arguments"])}
            return {**spec, "turned": encode(np.array(made["turned"]))} if "turned" in made else spec
        except TypeError:
            pass  # made from something that has no place in a file, such as a networkx graph
    arguments = {
        "n_nodes": int(net.n_nodes),
        "edges": np.asarray(net.edges),
        "length": net.length,
        "position": net.position,
        "electrodes": {name: np.asarray(nodes) for name, nodes in net.electrodes.items()},
        **{name: data for name in ("edge_data", "node_data") if (data := describe_data(getattr(net, name)))},
    }
    labels = describe_labels(net)
    spec = {"function": "Network", "arguments": encode(arguments)}
    return spec if labels is None else {**spec, "labels": labels}


def describe_data(data: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
    """Return data of edges or nodes as `encode` takes it; objects that have no place in a file are left out."""
    found: dict[str, Any] = {}
    for name, values in data.items():
        if values.dtype.kind in "biufcU":
            found[name] = values
        elif values.dtype.kind == "O" and all(x is None or isinstance(x, (bool, int, float, str)) for x in values.flat):
            found[name] = values.tolist()
    return found


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
    from memnet.simulation import Simulation

    net = rebuild_network(spec["network"])
    return Simulation(
        net,
        rebuild_devices(spec, net),
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
    if "turned" in spec:
        made = turned(made, decode(spec["turned"]))
    if "labels" in spec:
        made = network.with_labels(made, tuple(decode_label(label) for label in spec["labels"]))
    return made


def rebuild_devices(spec: Mapping[str, Any], net: Network) -> Any:
    """Return the devices that `describe` described, as `Simulation` takes them."""
    from memnet.devices import MODELS

    devices = [MODELS[given["model"]](**decode(given["parameters"])) for given in spec["devices"]]
    return rebuild_assignment(spec["assignment"], devices, net)


def rebuild_assignment(spec: Any, devices: Sequence[Device], net: Network) -> Any:
    """Return what `Simulation` takes as devices."""
    if spec is None:
        return devices[0]
    if "fractions" in spec:
        return Mix(devices, spec["fractions"], spec["seed"], int(net.n_edges))
    return [devices[k] for k in decode(spec)]


def run_options(spec: Mapping[str, Any], simulation: Simulation) -> dict[str, Any]:
    """Return the keywords of `Simulation.run` that a description of a run holds."""
    record = {name: _tupled(part) for name, part in decode(spec["record"], simulation.devices).items()}
    return {"record": record, "every": spec["every"], "events": spec.get("events", True)}


def _tupled(part: Any) -> Any:
    """JSON has no tuples: (device, steps) comes back as a list."""
    if isinstance(part, list) and part and isinstance(part[0], (Device, list)) and not isinstance(part[-1], Device):
        return tuple(part)
    return part


# ---------------------------------------------------------------- datasets


def parameters(described: str, recorded: Mapping[str, Any], first: int, n_steps: int, *, set_by_hand: bool) -> str:
    """Return the attribute that `rerun` reads: one JSON string.

    Parameters
    ----------
    described : str
        What `describe` says of the simulation, as JSON that is still open at its end: the same with one drive.
    recorded : mapping
        The run's own arguments: "record", "every" and "events".
    first, n_steps : int
        First step of the run, and how many it took.
    set_by_hand : bool
        Whether states or the drive were set before.
    """
    of_the_run = {**recorded, "first_step": first, "n_steps": n_steps, "set_by_hand": set_by_hand}
    return extended(described, of_the_run)


def extended(described: str, entries: Mapping[str, Any]) -> str:
    """Return the JSON that describes a simulation, which is still open at its end, with further entries."""
    return f"{described}, {json.dumps(entries, allow_nan=False)[1:]}"


def versions() -> dict[str, str]:
    """Return the versions that a result depends on."""
    from memnet import __version__

    return {
        "memnet_version": __version__,
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


def coordinate(channel: Channel, simulation: Simulation) -> Any:
    """Return the values of the dimension beside time."""
    if channel.dim == "electrode":
        return electrode_index(tuple(simulation.net.electrodes))
    if channel.population >= 0:
        return simulation.edges_of(simulation.devices[int(channel.attrs["device_index"])])
    return channel.index


def variable(channel: Channel, rows: NDArray[np.float64], time_dim: str) -> tuple[Any, ...]:
    """Return a variable as xarray takes it."""
    attrs = {"units": channel.unit, "long_name": channel.text, **channel.attrs}
    if channel.dim is None:
        return (time_dim,), rows[:, 0], attrs
    return (time_dim, channel.dim), rows, attrs


Parts = tuple[dict[str, Any], dict[str, Any]]  # variables and coordinates of a dataset


def time_parts(recording: Recording, simulation: Simulation) -> Parts:
    """Return what is recorded step by step since the recording's last `begin`."""
    time = recording.row_times(simulation.dt)
    coords: dict[str, Any] = {"time": ("time", time, {"units": "s", "long_name": "time of the step"})}
    variables = {}
    for k, channel in enumerate(recording.channels):
        if channel.steps is not None:
            continue
        rows = recording.rows(k)
        if channel.quantity == "conductance":
            absent = recording.port.absent(time)
            if absent is not None:
                rows[absent] = np.nan
            channel.attrs["conductance_port"] = recording.port.text
        variables[channel.name] = variable(channel, rows, "time")
        if channel.dim is not None:
            coords[channel.dim] = coordinate(channel, simulation)
    return variables, coords


def event_parts(events: EventArrays | None) -> Parts:
    """Return events over the dimension event; nothing where a run kept none."""
    if events is None:
        return {}, {}
    step, edge, kind = events
    return {
        "event_step": (("event",), step, {"units": "1", "long_name": "step whose voltages caused the event"}),
        "event_edge": (("event",), edge, {"units": "1", "long_name": "edge of the event"}),
        "event_kind": (("event",), kind, {"units": "1", "long_name": "+1 closed, -1 opened, or the model's own"}),
    }, {}


def snapshot_parts(recording: Recording, simulation: Simulation) -> Parts:
    """Return the whole fields at given steps; each has a dimension of its own for its steps."""
    variables: dict[str, Any] = {}
    coords: dict[str, Any] = {}
    for k, channel in enumerate(recording.channels):
        if channel.steps is not None:
            dim = f"{channel.name}_step"
            variables[channel.name] = variable(channel, recording.rows(k), dim)
            coords[dim] = recording.snapshot_steps(k)
            coords[str(channel.dim)] = coordinate(channel, simulation)
    return variables, coords


def together(*parts: Parts, attrs: Mapping[str, str] | None = None) -> xr.Dataset:
    """Return one dataset of all parts; xarray takes most of a millisecond to merge datasets that are made already."""
    import xarray as xr

    variables = {name: values for some, _ in parts for name, values in some.items()}
    coords = {name: values for _, some in parts for name, values in some.items()}
    return xr.Dataset(variables, coords, attrs)


def time_dataset(recording: Recording, simulation: Simulation) -> xr.Dataset:
    """Return what is recorded step by step since the recording's last `begin`, as a dataset."""
    return together(time_parts(recording, simulation))


def event_dataset(events: EventArrays | None) -> xr.Dataset:
    """Return events as a dataset over the dimension event; an empty one where a run kept none."""
    return together(event_parts(events))


def snapshot_dataset(recording: Recording, simulation: Simulation) -> xr.Dataset:
    """Return the whole fields at given steps; each has a dimension of its own for its steps."""
    return together(snapshot_parts(recording, simulation))


def dataset(recording: Recording, simulation: Simulation, attrs: Mapping[str, str]) -> xr.Dataset:
    """Return everything that a run recorded."""
    rows, snapshots = time_parts(recording, simulation), snapshot_parts(recording, simulation)
    return together(rows, snapshots, event_parts(recording.events()), attrs=attrs)
