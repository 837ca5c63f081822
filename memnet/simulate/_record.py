"""What a run records: channels of the C recorder, their size, and the xarray variables they become."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memnet import _core
from memnet.base import check, memory
from memnet.devices import Device, field_index, state_fields, state_width, table_of
from memnet.network import Named
from memnet.simulate import _port as ports
from memnet.simulate._engine import Engine
from memnet.simulate._events import EventArrays, joined_events

# Quantities that can be recorded whole or in part: unit, what it is over, description.
QUANTITIES: dict[str, tuple[str, str, str]] = {
    "potential": ("V", "node", "potential of the node"),
    "branch_voltage": ("V", "edge", "v[a] - v[b] of the edge (a, b)"),
    "branch_current": ("A", "edge", "current from a to b through the edge (a, b)"),
    "edge_conductance": ("S", "edge", "conductance of the edge"),
}

# What is recorded unless "current" is False.
ALWAYS = ("current", "voltage", "conductance")

# Rows of a block that is streamed to a file.
BLOCK_BYTES = 64 * 2**20
BLOCK_ROWS = 100_000


@dataclasses.dataclass
class Channel:
    """One recorded variable; its quantity is one of those that the recorder knows (MN_QUANTITIES in memnet.h)."""

    name: str
    quantity: str
    index: NDArray[np.int32]
    unit: str
    text: str
    dim: str | None  # the dimension beside time; None for a single number a row
    inner: tuple[str, int] | None = None  # of vectors: the dimension of their numbers, and how many
    population: int = -1
    field: int = -1
    attrs: dict[str, str] = dataclasses.field(default_factory=dict)
    every: int = 1
    steps: NDArray[np.int64] | None = None  # snapshots: the steps inside the run
    left: bool = False  # rows at which the drive jumps are the circuit before the jump

    @property
    def width(self) -> int:
        """Numbers a row."""
        return int(self.index.size)

    def rows(self, start: int, stop: int) -> int:
        """Rows that steps start to stop - 1 write."""
        if self.steps is not None:
            return int(((self.steps >= start) & (self.steps < stop)).sum())
        return rows_between(start, stop, self.every)


def rows_between(start: int, stop: int, every: int) -> int:
    """Return how many of the steps start to stop - 1 are multiples of `every`."""
    return -(-stop // every) + (-start // every)


def normalised(record: Any, simulation: Engine) -> dict[str, Any]:
    """Return what to record as a dict: name to True (all of it) or what part.

    Raises
    ------
    TypeError, ValueError
        Not names or a dict; an unknown name (with the nearest one); left sides of jumps at steps of a fixed length.
    """
    check.instance("record", record, Iterable, "names, or a dict from name to what part of it")
    names = (record,) if isinstance(record, str) else list(record)
    known = known_names(simulation.devices)
    for name in names:
        check.one_of("record", name, known)
    parts = dict(record) if isinstance(record, Mapping) else dict.fromkeys(names, True)
    current = check.flag('record["current"]', parts.pop("current", True))
    if not check.flag('record["voltage"]', parts.pop("voltage", True)):
        raise ValueError(f'record["voltage"] must be True; {{"current": False}} leaves out {", ".join(ALWAYS)}')
    selection: dict[str, Any] = {"current": current}
    if check.flag('record["left"]', parts.pop("left", False)):
        _refuse_left(simulation)
        selection["left"] = True
    between = parts.pop("conductance", True)
    if between is not True:
        if not current:
            raise ValueError('record["conductance"] names a port, and "current": False leaves the conductance out')
        selection["conductance"] = ports.asked('record["conductance"]', between, list(simulation.net.electrodes))
    return {**selection, **{name: _plain(part) for name, part in parts.items()}}


def _refuse_left(simulation: Engine) -> None:
    """Raise ValueError where rows have no left side."""
    if simulation.method != "adaptive":
        raise ValueError(
            f'record["left"] is of adaptive steps, which know both sides of a jump; with method="{simulation.method}"'
            ' a row has no state of its own before the jump; use method="adaptive"'
        )


def _plain(part: Any) -> Any:
    """Return what part of a name is wanted as it is kept: None is all of it, and what can be run through a list.

    A set, which has no order, becomes a sorted list. Arrays stay, and other things become arrays where they can.
    """
    if part is None:
        return True
    if isinstance(part, np.ndarray) and part.dtype != object:
        return part
    if isinstance(part, tuple):
        return tuple(_plain(one) for one in part)
    if isinstance(part, (set, frozenset)) and not any(isinstance(one, Device) for one in part):
        return sorted(part)
    if isinstance(part, (str, bytes, Mapping, list, range)) or not isinstance(part, Iterable):
        return part
    return np.asarray(part) if hasattr(part, "__array__") and not isinstance(part, np.ndarray) else list(part)


def known_names(devices: Iterable[Device]) -> list[str]:
    """Return every name that can be recorded with these devices."""
    states = dict.fromkeys(f"state:{name}" for device in devices for name in state_fields(table_of(device)))
    whole = [*QUANTITIES, *states]
    return [*ALWAYS, "left", *whole, "limited", "member_current", *(f"snapshot:{name}" for name in whole)]


def plan(record: Mapping[str, Any], every: int, simulation: Engine, start: int, stop: int) -> list[Channel]:
    """Return the channels that record the given names during steps start to stop - 1.

    Parameters
    ----------
    record : mapping
        As `normalised` returns it.
    every : int
        Rows are of the steps that this divides.
    simulation : Simulation
        Whose network and devices.
    start, stop : int
        Absolute steps.

    Raises
    ------
    TypeError, ValueError
        A part that does not exist: an edge, a node, an electrode, a device, a state.
    """
    channels: list[Channel] = []
    for name, part in record.items():
        if name in ("conductance", "left"):
            continue  # no channels of their own
        if name == "current":
            channels += electrode_channels(simulation) if part else []
        elif name == "limited":
            channels.append(limited_channel(part, simulation))
        elif name == "member_current":
            channels += member_channels(part, simulation)
        elif name.startswith("snapshot:"):
            channels += snapshot_channels(name, part, simulation, start, stop)
        elif name.startswith("state:"):
            channels += state_channels(name, part, simulation)
        else:
            channels.append(quantity_channel(name, part, simulation))
    if record.get("left", False):
        channels += [left_channel(channel) for channel in channels if channel.steps is None]
    names = [channel.name for channel in channels]
    for channel in channels:
        if names.count(channel.name) > 1:
            raise ValueError(f"record names what {channel.name} is of twice, got {check.shown(record)}")
        channel.every = every
    _refuse_two_lengths(channels)
    return channels


def left_channel(channel: Channel) -> Channel:
    """Return the channel of the left sides of jumps beside one of right sides."""
    text = f"{channel.text}; where the drive jumps, before the jump"
    return dataclasses.replace(channel, name=f"{channel.name}_left", text=text, attrs=dict(channel.attrs), left=True)


def _refuse_two_lengths(channels: Iterable[Channel]) -> None:
    """Raise ValueError where one dataset would have to have one dimension in two lengths."""
    known: dict[str, tuple[str, int]] = {}
    for channel in channels:
        if channel.inner is None:
            continue
        dim, length = channel.inner
        other, before = known.setdefault(dim, (channel.name, length))
        if before != length:
            raise ValueError(
                f"record names {other} with {before} and {channel.name} with {length} along the dimension {dim!r};"
                " record them in two runs"
            )


def electrode_channels(simulation: Engine) -> list[Channel]:
    """Return current and voltage of every electrode, and the conductance between the driven ones."""
    all_of_them = np.arange(len(simulation.net.electrodes), dtype=np.int32)
    return [
        Channel("current", "current", all_of_them, "A", "current into the network at the electrode", "electrode"),
        Channel("voltage", "voltage", all_of_them, "V", "potential of the electrode", "electrode"),
        Channel(
            "conductance",
            "conductance",
            np.zeros(1, dtype=np.int32),
            "S",
            "conductance from the first driven electrode to the other driven ones joined",
            None,
        ),
    ]


def limited_channel(part: Any, simulation: Engine) -> Channel:
    """Return whether the current of each electrode is at its limit."""
    if part is not True:
        raise ValueError(f'record["limited"] must be True: it is of all electrodes, got {check.shown(part)}')
    every = np.arange(len(simulation.net.electrodes), dtype=np.int32)
    return Channel("limited", "limited", every, "1", "1 where the current is at its limit, else 0", "electrode")


def quantity_channel(name: str, part: Any, simulation: Engine) -> Channel:
    """Return a quantity of all nodes or edges, or of those named."""
    unit, over, text = QUANTITIES[name]
    count = int(simulation.net.n_nodes if over == "node" else simulation.net.n_edges)
    label = f'record["{name}"]'
    if part is True:
        index = np.arange(count, dtype=np.int32)
    else:
        layout = simulation.net.layout
        numbers = layout.numbers(label, over, part) if isinstance(layout, Named) else part
        index = check.ids(label, _listed(numbers), (None,), count, f"{over}s")
        if not index.size:
            raise ValueError(f"{label} must name at least one {over}, got none")
    return Channel(name, name, index, unit, text, f"{name}_{over}")


def _listed(part: Any) -> Any:
    """Return ids as something that NumPy makes one dimension of: one id as a list."""
    return [part] if np.ndim(part) == 0 else part


def member_channels(part: Any, simulation: Engine) -> list[Channel]:
    """Return the current into the network at each node of an electrode, or of each of several."""
    electrodes = simulation.net.electrodes
    if part is True:
        raise TypeError(
            'record["member_current"] must be an electrode or a list of them, as in {"member_current": "right"}'
        )
    several = not isinstance(part, str)
    channels = []
    for name in _several('record["member_current"]', part, "an electrode") if several else [part]:
        check.one_of("electrode", name, electrodes)
        variable = f"member_current_{name}" if several else "member_current"
        nodes = np.asarray(electrodes[name], dtype=np.int32)
        text = f"current into the network at the node of electrode {name}"
        channels.append(
            Channel(variable, "member_current", nodes, "A", text, f"{variable}_node", attrs={"electrode": str(name)})
        )
    return channels


def _several(name: str, part: Any, what: str) -> list[Any]:
    """Return the devices or electrodes of a list, of which each gives a variable of its own.

    Raises
    ------
    TypeError, ValueError
        No list, or an empty one.
    """
    if isinstance(part, (str, bytes, Mapping)) or not isinstance(part, Iterable):
        raise TypeError(f"{name} must be {what} or a list of them, got {check.shown(part)}")
    several = list(part)
    if not several:
        raise ValueError(f"{name} must name {what} or several, got none")
    return several


def state_channels(name: str, part: Any, simulation: Engine) -> list[Channel]:
    """Return a state of one device, or of each of several (the variable's name then ends in the device's index)."""
    state = name.removeprefix("state:")
    if part is True:
        fitting = [device for device in simulation.devices if state in state_fields(table_of(device))]
        if len(fitting) > 1:
            raise ValueError(f'several devices have a state {state!r}; name one or a list, as in {{"{name}": device}}')
        part = fitting[0]
    several = not isinstance(part, Device)
    devices = _several(f'record["{name}"]', part, "a device") if several else [part]
    return [state_channel(state, device, several, simulation) for device in devices]


def state_channel(state: str, device: Any, several: bool, simulation: Engine) -> Channel:
    """Return one state of all members of one device."""
    k = simulation.index_of(device)
    table = state_fields(table_of(device))
    check.one_of(f"state of {device.model}", state, table)
    variable = f"state_{state}_{k}" if several else f"state_{state}"
    field = table[state]
    width = state_width(device, field)
    return Channel(
        variable,
        "state",
        np.arange(simulation.edges_of(device).size * width, dtype=np.int32),
        field["unit"],
        field["doc"],
        f"{variable}_edge",
        None if field["dimension"] is None else (field["dimension"], width),
        population=simulation.population_of(device),
        field=field_index(table_of(device), state),
        attrs={"device": repr(device), "device_index": str(k)},
    )


def snapshot_channels(name: str, part: Any, simulation: Engine, start: int, stop: int) -> list[Channel]:
    """Return a whole quantity at absolute steps; those outside the run are left out."""
    whole = name.removeprefix("snapshot:")
    if whole.startswith("state:"):
        if not isinstance(part, tuple) or len(part) != 2:
            raise TypeError(f'record["{name}"] must be a pair (device, steps), got {part!r}')
        channels, given = state_channels(whole, part[0], simulation), part[1]
    else:
        channels, given = [quantity_channel(whole, True, simulation)], part
    steps = np.unique(check.ids(f'record["{name}"]', _listed(given), (None,), 2**31 - 1, "steps")).astype(np.int64)
    if not steps.size:
        raise ValueError(f'record["{name}"] must name at least one step, got none')
    for channel in channels:
        channel.name = f"snapshot_{channel.name}"
        channel.dim = f"snapshot_{channel.dim}"
        channel.steps = steps[(steps >= start) & (steps < stop)]
    return channels


def estimate(channels: Sequence[Channel], start: int, stop: int, every: int | None = None) -> int:
    """Return the bytes of all rows that steps start to stop - 1 write, times included.

    With `every`, the times of rows count even where nothing is recorded in them.
    """
    times = 0 if every is None else rows_between(start, stop, every)
    times = max((channel.rows(start, stop) for channel in channels if channel.steps is None), default=times)
    return 8 * (times + sum(channel.rows(start, stop) * channel.width for channel in channels))


def refuse_too_large(channels: Sequence[Channel], start: int, stop: int, every: int | None = None) -> None:
    """Raise MemoryError, with numbers and advice, where the rows would take more than half of the machine's memory.

    Parameters
    ----------
    channels : sequence of Channel
        What is recorded.
    start, stop : int
        Steps start to stop - 1.
    every : int, optional
        As for `estimate`.
    """
    limit = memory.usable()
    size = estimate(channels, start, stop, every)
    if size > limit:
        largest = max(channels, key=lambda channel: channel.rows(start, stop) * channel.width, default=None)
        what = f"{rows_between(start, stop, every or 1)} rows, without a value in them"
        if largest is not None:
            what = f"the largest is {largest.name}: {largest.rows(start, stop)} rows x {largest.width} values"
        raise MemoryError(
            f"recording would take {size / 1e9:.3g} GB, more than {limit / 1e9:.3g} GB that may be used; {what}. Record"
            f' fewer rows (every=), fewer values (as in record={{"potential": nodes}}), stream the rows to a file'
            f' (out="run.zarr"), or take steps without rows (step(n))'
        )


def block_steps(channels: Sequence[Channel], every: int) -> int:
    """Return how many steps to run between two writes to a file."""
    width = 1 + sum(channel.width for channel in channels if channel.steps is None)
    return max(1, min(BLOCK_ROWS, BLOCK_BYTES // (8 * width))) * every


class Recording:
    """The channels of one run, bound to the C recorder, and the rows and events collected so far."""

    def __init__(
        self,
        core: _core.Simulation,
        channels: Sequence[Channel],
        every: int,
        start: int,
        stop: int,
        *,
        port: ports.Port,
        keep_events: bool = True,
    ) -> None:
        self.channels = list(channels)
        self.every = every
        self.start = start
        self.stop = stop
        self.port = port
        self.keep_events = keep_events
        self.located = core.locates_events
        self._core = core
        self._buffers: list[NDArray[np.float64]] = []
        self._events: list[EventArrays] = []
        core.record_clear()
        core.events()
        try:
            for channel in self.channels:
                core.record(
                    channel.quantity,
                    channel.index,
                    channel.population,
                    channel.field,
                    channel.every,
                    channel.steps,
                    channel.left,
                )
        except BaseException:
            self.end()
            raise

    def begin(self, start: int, stop: int) -> None:
        """Give every channel a buffer for steps start to stop - 1; snapshots keep theirs for the whole run."""
        first = not self._buffers
        self.start = start
        for k, channel in enumerate(self.channels):
            if first:
                self._buffers.append(np.empty((0, 0)))
            elif channel.steps is not None:
                continue
            until = stop if channel.steps is None else self.stop
            self._buffers[k] = np.empty((channel.rows(start, until), channel.width))
            self._core.bind(k, self._buffers[k])

    def begin_in(self, buffers: Sequence[NDArray[np.float64]]) -> None:
        """Give every channel the caller's array, (rows of the whole run, width), to write to."""
        self._buffers = list(buffers)
        for k, rows in enumerate(self._buffers):
            self._core.bind(k, rows)

    def collect(self) -> None:
        """Take the events that the core has logged, and forget them where they are not wanted."""
        events = self._core.events()
        if self.keep_events and events[0].size:
            self._events.append(events)

    def rows(self, k: int) -> NDArray[np.float64]:
        """Return the rows that channel k has written since `begin`."""
        return self._buffers[k][: self._core.n_rows(k)]

    def row_times(self, dt: float) -> NDArray[np.float64]:
        """Return the times of the rows since `begin` (s), as the core finds them."""
        times: NDArray[np.float64] = self.row_steps() * np.float64(dt)
        return times

    def row_steps(self) -> NDArray[np.int64]:
        """Return the absolute steps of the rows since `begin`."""
        first = -(-self.start // self.every)
        return np.arange(first, first + rows_between(self.start, self._core.step, self.every)) * self.every

    def snapshot_steps(self, k: int) -> NDArray[np.int64]:
        """Return the absolute steps of the rows of snapshot channel k."""
        steps = self.channels[k].steps
        assert steps is not None
        return steps[: self._core.n_rows(k)]

    def events(self, forget: bool = False) -> EventArrays | None:
        """Return the collected events, None where they are not kept."""
        joined = joined_events(self._events) if self.keep_events else None
        if forget:
            self._events = []
        return joined

    def end(self) -> None:
        """Let go of the buffers."""
        self._core.record_clear()
