"""A network with devices and a drive, stepped through time."""

from __future__ import annotations

import html
import json
import math
import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from types import FrameType, MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from memnet import _check, _core, results
from memnet import drive as drives
from memnet import record as records
from memnet.device import Device, check_range, field_index, state_fields
from memnet.mix import Mix
from memnet.network import Network
from memnet.store import Store

if TYPE_CHECKING:
    import xarray as xr

# How long the C library runs before Python sees to Ctrl-C and the progress bar (s).
BUDGET = 0.05
SOLVERS = ("kron", "umfpack")

Events = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int8]]


class Simulation:
    """Devices on the edges of a network, its electrodes driven, stepped through time.

    In each step: the drive at t = step dt; conductances from the states; the potentials; what is recorded; then
    every state moves on with the voltages just solved.

    Parameters
    ----------
    net : Network
        The network, with at least one electrode.
    devices : Device, Mix or sequence of Device
        One device for all edges, what `mix` returns, or one device an edge (devices compare by identity).
    drive : dict
        For every electrode a waveform of `memnet.drive`, a number (a constant voltage, V), or None to let it float.
    dt : float
        Time step (s), > 0.
    seed : int, optional
        Seed of the devices' noise; drawn where it is not given, and kept in every result.
    solver : {"kron", "umfpack"}
        The linear solver.
    incremental : bool
        Redo only the part of a factorisation that changed edges reach. Same bits; off only to compare.
    event_driven : bool
        Between events, step only what moves, where every model allows it. Same bits; off only to compare.

    Attributes
    ----------
    net : Network
    devices : tuple of Device
        The different devices, in the order given.
    dt : float
        Time step (s).
    seed : int
    solver : str
    partial : xarray.Dataset or None
        What a run that was stopped by Ctrl-C or by an error had recorded; None after a whole run.
    last_events : tuple of ndarray
        Step, edge and kind of the events of the last `step()`.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or outside its range, a per-edge parameter or device list that does not fit the
        network, a missing or unknown electrode, nothing driven, an edge without the length that its model needs.
    MemoryError
        No memory for the solver's schedule.

    Notes
    -----
    One thread at a time may use a simulation; another gets SimulationBusy. Different simulations run in parallel.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.percolating(size=30, coverage=0.6, seed=1)
    >>> sim = mn.Simulation(net, mn.TunnelGap(), {"left": 2.0, "right": 0.0}, seed=0)
    >>> data = sim.run(100)
    >>> data.sizes["time"], sim.steps_done
    (100, 100)
    """

    @_check.known_keywords
    def __init__(
        self,
        net: Network,
        devices: Device | Mix | Sequence[Device],
        drive: Mapping[str, drives.Driven],
        *,
        dt: float = 1.0,
        seed: int | None = None,
        solver: str = "kron",
        incremental: bool = True,
        event_driven: bool = True,
    ) -> None:
        _check.instance("net", net, Network, "a Network")
        self.net = net
        self.devices, self.assignment, self._edges = assigned(devices, int(net.n_edges))
        self._drive = drives.checked(drive, net.electrodes)
        self.dt = _check.real("dt", dt, 0.0, math.inf, "()", "s")
        self.seed = _check.seed("seed", seed)
        self.solver = _check.one_of("solver", solver, SOLVERS)
        self.incremental = _check.flag("incremental", incremental)
        self.event_driven = _check.flag("event_driven", event_driven)
        self.set_by_hand = False
        self.partial: xr.Dataset | None = None
        self.last_events: Events = _no_events()
        self._lock = threading.Lock()
        used = [k for k, edges in enumerate(self._edges) if edges.size]
        self._population = {k: place for place, k in enumerate(used)}
        populations = [
            (self.devices[k].model, self._edges[k], self.devices[k].core_values(self._edges[k], int(net.n_edges)))
            for k in used
        ]
        waves, root = drives.flatten(self._drive, list(net.electrodes))
        self._core = _core.Simulation(
            net._core,
            populations,
            waves,
            root,
            self.solver,
            self.dt,
            self.seed,
            incremental=self.incremental,
            event_driven=self.event_driven,
        )

    # ------------------------------------------------------------ running

    @_check.known_keywords
    def run(
        self,
        n_steps: int,
        *,
        record: Any = ("current",),
        every: int = 1,
        progress: bool = False,
        out: str | Path | Store | None = None,
    ) -> xr.Dataset:
        """Take steps and return what was recorded.

        Row k is step k as solved, before the states move on, so consecutive runs concatenate. Events are always kept:
        `event_step` is the step whose voltages caused the event, the conductance changes in the next row.

        Parameters
        ----------
        n_steps : int
            Number of steps, >= 0.
        record : sequence of str or dict
            Names, or a dict from name to what part of it. The electrodes' `current` and `voltage` (time, electrode) and
            the network's `conductance` (time) are there always, unless the dict says ``"current": False``.

            * ``"potential": nodes``, ``"branch_voltage": edges``, ``"branch_current": edges``,
              ``"edge_conductance": edges``: ids, or True for all. The second dimension is the name with ``_node`` or
              ``_edge`` behind it.
            * ``"state:g": device``: a state of all edges of a device, as `state_g`; with a list of devices as
              `state_g_0`, `state_g_2`, numbered as in `devices`. A bare name will do where one device has that state.
            * ``"member_current": "right"``: the current into the network at each node of an electrode; with a list of
              electrodes as `member_current_right` and so on.
            * ``"snapshot:potential": steps`` (and so for the other fields), ``"snapshot:state:g": (device, steps)``:
              the whole field at these absolute steps; those outside the run are left out.
        every : int
            Record the steps that this divides, counted from step 0 (not from the start of the run), >= 1.
        progress : bool
            Show a progress bar (tqdm).
        out : path, optional
            A new zarr store to stream to; the returned dataset then reads from it lazily. Whatever ends the run, the
            store keeps what was committed, at the latest every 20 s: `open_run` shows it, `resume` goes on.

        Returns
        -------
        xarray.Dataset
            With units in every variable's attributes, and all parameters as one JSON string in
            ``attrs["parameters"]``, from which `rerun` repeats the run.

        Raises
        ------
        TypeError, ValueError
            An unknown name (with the nearest one), or a part that does not exist.
        MemoryError
            The rows would not fit in memory; the message says what would.
        FileExistsError
            `out` exists.
        ImportError
            `out` is given and zarr is not installed.
        ArithmeticError
            A state or potential became non-finite. The simulation stays at the last good step.
        KeyboardInterrupt
            Ctrl-C. It is seen between steps, about every 0.05 s; the simulation can go on with the same bits, and
            `partial` holds what was recorded (with `out`, the store does).

        Examples
        --------
        >>> import memnet as mn
        >>> net = mn.percolating(size=30, coverage=0.6, seed=1)
        >>> sim = mn.Simulation(net, mn.RateBalance(), {"left": 1.0, "right": 0.0})
        >>> sim.run(10, record={"state:g": sim.devices[0]}, every=5).state_g.sizes["time"]
        2
        """
        n_steps = _check.integer("n_steps", n_steps, 0)
        every = _check.integer("every", every, 1)
        _check.flag("progress", progress)
        import xarray  # noqa: F401  (Ctrl-C must not wait for it)

        with self._alone():
            first = self._core.step
            wanted = records.normalised(record, self)
            channels = records.plan(wanted, every, self, first, first + n_steps)
            kept = channels if out is None else [channel for channel in channels if channel.steps is not None]
            records.refuse_too_large(kept, first, first + n_steps)
            store = out if out is None or isinstance(out, Store) else Store(out)
            recording = records.Recording(self._core, channels, every, first, first + n_steps)
            arguments = {"record": results.encode(wanted, self.devices), "every": every}
            self.partial = None
            try:
                with _bar(progress, n_steps) as bar:
                    self._advance(recording, store, arguments, n_steps, bar)
                return self._result(recording, store, arguments, first)
            except BaseException:
                with suppress(Exception):  # what stopped the run matters more than what stops its result
                    self.partial = self._result(recording, store, arguments, first)
                raise
            finally:
                recording.end()
                if store is not None:
                    store.close()

    def _advance(
        self, recording: records.Recording, store: Store | None, arguments: Mapping[str, Any], n_steps: int, bar: Any
    ) -> None:
        """Take steps in blocks; between two calls of the core nothing but whole steps has happened."""
        block = n_steps if store is None else records.block_steps(recording.channels, recording.every)
        stop = self._core.step + n_steps
        with _held_interrupt(self._core.cancel) as interrupted:
            recording.begin(self._core.step, min(self._core.step + max(block, 1), stop))
            if store is not None:
                store.begin(recording, self, range(self._core.step, stop), arguments, partial(results.attributes, self))
            while self._core.step < stop:
                until = min(self._core.step + block, stop)
                if store is not None and self._core.step > recording.start:
                    store.append(recording, self)
                    recording.begin(self._core.step, until)
                while self._core.step < until:
                    bar.update(self._chunk(until - self._core.step, recording))
                    if interrupted:
                        return
                    if store is not None and store.is_due:
                        break

    def _chunk(self, n_steps: int, recording: records.Recording) -> int:
        try:
            return self._core.run(n_steps, BUDGET)[1]
        finally:
            recording.collect()

    def _result(
        self, recording: records.Recording, store: Store | None, arguments: Mapping[str, Any], first: int
    ) -> xr.Dataset:
        if store is not None:
            return store.finish(recording, self)
        return results.dataset(recording, self, results.attributes(self, arguments, first, self._core.step - first))

    def step(self) -> None:
        """Take one step and record nothing but `last_events`.

        `potential`, `branch_voltage` and so on are then those of the step just taken; states are already the next ones.

        Raises
        ------
        ArithmeticError
            A state or potential became non-finite; the simulation stays where it was.
        """
        with self._alone():
            self._core.run(1, math.inf)
            self.last_events = self._core.events()

    # ------------------------------------------------------------ looking

    @property
    def steps_done(self) -> int:
        """Number of steps taken: the index of the next one."""
        return self._core.step

    @property
    def time(self) -> float:
        """Time of the next step (s)."""
        return self._core.step * self.dt

    @property
    def drive(self) -> Mapping[str, drives.Waveform]:
        """The waveform of each electrode; set it with `set_drive`."""
        return MappingProxyType(self._drive)

    @property
    def potential(self) -> NDArray[np.float64]:
        """Potential of each node (n_nodes,) (V), nan where no driven electrode reaches.

        Like the four below it is of the step last taken. Where there is none, or after `set_state` or `set_drive`,
        it is solved for the present step.
        """
        return self._solved().potential

    @property
    def voltage(self) -> NDArray[np.float64]:
        """Potential of each electrode (n_electrodes,) (V)."""
        return self._solved().voltage

    @property
    def current(self) -> NDArray[np.float64]:
        """Current into the network at each electrode (n_electrodes,) (A)."""
        return self._solved().current

    @property
    def branch_voltage(self) -> NDArray[np.float64]:
        """Voltage v[a] - v[b] of each edge (a, b) (n_edges,) (V), 0 where a node has no potential."""
        return self._solved().branch_voltage

    @property
    def conductance(self) -> NDArray[np.float64]:
        """Conductance of each edge (n_edges,) (S)."""
        return self._solved().conductance

    @property
    def terminal_conductance(self) -> float:
        """Conductance from the first driven electrode to the other driven ones joined (S)."""
        return self._solved().terminal_conductance

    def _solved(self) -> _core.Simulation:
        with self._alone():
            if not self._core.solved:
                self._core.solve()
            return self._core

    @_check.known_keywords
    def index_of(self, device: Device) -> int:
        """Return the place of a device in `devices`.

        Raises
        ------
        ValueError
            It is not one of them; devices compare by identity.
        """
        for k, mine in enumerate(self.devices):
            if mine is device:
                return k
        if not isinstance(device, Device):
            raise TypeError(f"device must be one of this simulation's devices, got {device!r}: {list(self.devices)}")
        raise ValueError(
            f"{device!r} is not in this simulation (devices compare by identity); it has {list(self.devices)}"
        )

    @_check.known_keywords
    def edges_of(self, device: Device) -> NDArray[np.int32]:
        """Return the edges that carry a device, ascending, read-only.

        Raises
        ------
        ValueError
            The device is not in this simulation.
        """
        return self._edges[self.index_of(device)]

    def population_of(self, device: Device) -> int:
        """Return the number of a device's population in the C library.

        Raises
        ------
        ValueError
            The device is not in this simulation, or it has no edge.
        """
        k = self.index_of(device)
        if k not in self._population:
            raise ValueError(f"{device!r} has no edge in this network")
        return self._population[k]

    @_check.known_keywords
    def state(self, device: Device, name: str) -> NDArray[np.float64]:
        """Return a state of a device's edges, in the order of `edges_of`.

        Parameters
        ----------
        device : Device
            One of this simulation's devices.
        name : str
            A state of its model, such as "g".

        Raises
        ------
        ValueError
            An unknown device, or an unknown state (with the nearest one).
        """
        edges = self.edges_of(device)
        _check.one_of(f"state of {device.model}", name, state_fields(device._table))
        if not edges.size:
            return np.empty(0)
        return self._core.field(self.population_of(device), field_index(device._table, name))

    def set_state(self, device: Device, **states: Any) -> None:
        """Set states of a device's edges.

        Parameters
        ----------
        device : Device
            One of this simulation's devices.
        **states : float or array (edges of the device,)
            Values by name, in the order of `edges_of`, each inside the field's range.

        Raises
        ------
        TypeError, ValueError
            An unknown device or state, a value outside its range. Nothing is set then.
        """
        edges = self.edges_of(device)
        table = state_fields(device._table)
        _check.keywords(f"set_state of {device.model}", states, table)
        checked = {}
        for name, value in states.items():
            label = f"{device.model}.{name}"
            shape = (int(edges.size),)
            given = _check.given_array(label, value)
            filled = np.full(shape, given[()]) if given.ndim == 0 else given
            checked[name] = _check.array(label, filled, shape, finite=False)
            check_range(label, checked[name], table[name])
        with self._alone():
            for name, values in checked.items() if edges.size else ():
                self._core.set_field(self.population_of(device), field_index(device._table, name), values)
                self.set_by_hand = True

    @_check.known_keywords
    def set_drive(self, drive: Mapping[str, drives.Driven]) -> None:
        """Replace the drive; time goes on counting.

        Parameters
        ----------
        drive : dict
            As for `Simulation`: every electrode.

        Raises
        ------
        TypeError, ValueError
            As for `Simulation`; the drive then stays as it was.
        """
        checked = drives.checked(drive, self.net.electrodes)
        with self._alone():
            self._core.set_drive(*drives.flatten(checked, list(self.net.electrodes)))
            self._drive = checked
            self.set_by_hand = self.set_by_hand or self._core.step > 0

    # ------------------------------------------------------------ keeping

    @_check.known_keywords
    def save(self, path: str | Path) -> None:
        """Write everything to a checkpoint file, from which `load` goes on with the same bits.

        It is written beside `path` and renamed, so that a crash leaves the old file. Links are followed, and the mode
        of the old file stays.

        Raises
        ------
        TypeError
            `path` is no path.
        OSError
            The file cannot be written, or `path` is a folder or anything but a file; the class (PermissionError,
            IsADirectoryError and so on), `errno` and `filename` are those that `open` gives.
        """
        _check.instance("path", path, (str, os.PathLike), "a path")
        with self._alone():
            self._write(path)

    def _write(self, path: str | Path, **further: Any) -> None:
        """Write a checkpoint, with further entries of its note, where nobody else uses the simulation."""
        note = {**results.describe(self), "set_by_hand": self.set_by_hand, **further}
        self._core.write(os.fspath(path), json.dumps(note, allow_nan=False).encode("utf-8"))

    @classmethod
    @_check.known_keywords
    def load(cls, path: str | Path) -> Simulation:
        """Return the simulation that was saved, at its step.

        Raises
        ------
        CheckpointError
            The file is no checkpoint, is damaged, or is of another format version.
        OSError
            The file cannot be read: FileNotFoundError where there is none.
        TypeError
            `path` is no path.
        """
        _check.instance("path", path, (str, os.PathLike), "a path")
        try:
            checkpoint = _core.Checkpoint(os.fspath(path))
        except _core.CheckpointError as error:
            raise _core.CheckpointError(f"{path}: {error}") from None
        try:
            note = json.loads(checkpoint.note.decode("utf-8"))
            simulation = results.rebuild(note)
            simulation.set_by_hand = bool(note["set_by_hand"])
        except results.UNREADABLE as error:
            raise _core.CheckpointError(f"{path}: this memnet cannot rebuild what was saved: {error}") from error
        try:
            simulation._core.restore(checkpoint)
        except _core.CheckpointError as error:
            raise _core.CheckpointError(f"{path}: {error}") from None
        return simulation

    @property
    def info(self) -> dict[str, Any]:
        """Sizes, the solver's structure, and what the steps so far took."""
        return {
            "n_nodes": int(self.net.n_nodes),
            "n_edges": int(self.net.n_edges),
            "devices": {repr(device): int(edges.size) for device, edges in zip(self.devices, self._edges, strict=True)},
            "solver": {"name": self.solver, **self._core.info()},
            "steps_done": self.steps_done,
            "counters": dict(self._core.counters),
        }

    def __repr__(self) -> str:
        return f"<Simulation of {'; '.join(f'{name}: {value}' for name, value in self._summary().items())}>"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th style='text-align:left'>{html.escape(name)}</th><td style='text-align:left'>"
            f"{html.escape(value)}</td></tr>"
            for name, value in self._summary().items()
        )
        return f"<table><caption>memnet Simulation</caption>{rows}</table>"

    def _summary(self) -> dict[str, str]:
        return {
            "network": f"{self.net.n_nodes} nodes, {self.net.n_edges} edges",
            "devices": ", ".join(
                f"{device!r} on {edges.size} edges" for device, edges in zip(self.devices, self._edges, strict=True)
            ),
            "drive": ", ".join(f"{name} {wave!r}" for name, wave in self._drive.items()),
            "time": f"{self.time:g} s, {self.steps_done} steps of {self.dt:g} s",
            "solver": self.solver,
            "seed": str(self.seed),
        }

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the simulation's lock, or raise SimulationBusy where another thread has it."""
        if not self._lock.acquire(blocking=False):
            raise _core.SimulationBusy("this simulation is being used by another thread; give each thread its own")
        try:
            yield
        finally:
            self._lock.release()


def assigned(
    devices: Any, n_edges: int
) -> tuple[tuple[Device, ...], Mix | NDArray[np.int32] | None, list[NDArray[np.int32]]]:
    """Return the different devices, how they were assigned, and each one's edges.

    Raises
    ------
    TypeError, ValueError
        Something else than devices, or not one for each edge.
    """
    if isinstance(devices, Device):
        return (devices,), None, [_read_only(np.arange(n_edges, dtype=np.int32))]
    if isinstance(devices, Mix):
        _check_count(len(devices), n_edges)
        return devices.devices, devices, [devices.edges_of(device) for device in devices.devices]
    if isinstance(devices, Mapping):
        raise TypeError("devices must be a Device, a Mix or one device an edge; use mn.mix(net, {...}) for fractions")
    if isinstance(devices, str) or not isinstance(devices, Sequence):
        raise TypeError(f"devices must be a Device, a Mix or a list with one device an edge, got {devices!r}")
    _check_count(len(devices), n_edges)
    place: dict[int, int] = {}
    different: list[Device] = []
    assignment = np.empty(n_edges, dtype=np.int32)
    for edge, device in enumerate(devices):
        if not isinstance(device, Device):
            raise TypeError(f"devices[{edge}] must be a Device, got {device!r}")
        if id(device) not in place:
            place[id(device)] = len(different)
            different.append(device)
        assignment[edge] = place[id(device)]
    edges = [_read_only(np.flatnonzero(assignment == k).astype(np.int32)) for k in range(len(different))]
    return tuple(different), _read_only(assignment), edges


def _check_count(count: int, n_edges: int) -> None:
    if count != n_edges:
        raise ValueError(f"devices must hold one device for each of the network's {n_edges} edges, got {count}")


def _read_only(values: NDArray[np.int32]) -> NDArray[np.int32]:
    values.flags.writeable = False
    return values


def _no_events() -> Events:
    return np.empty(0, np.int64), np.empty(0, np.int32), np.empty(0, np.int8)


class _NoBar:
    def update(self, n: int) -> None:
        """Show nothing."""


@contextmanager
def _bar(progress: bool, n_steps: int) -> Iterator[Any]:
    if not progress:
        yield _NoBar()
        return
    from tqdm.auto import tqdm

    with tqdm(total=n_steps, unit="step", unit_scale=True) as bar:
        yield bar


@contextmanager
def _held_interrupt(cancel: Callable[[], None]) -> Iterator[list[bool]]:
    """Note Ctrl-C in a list and raise it on leaving, so that it never falls between a chunk and its bookkeeping.

    `cancel` ends a step that takes long. Only where Python's own handler is in place, in the main thread; any other
    handler stays.
    """
    noted: list[bool] = []

    def note(_number: int, _frame: FrameType | None) -> None:
        noted.append(True)
        cancel()

    ours = (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    )
    if ours:
        signal.signal(signal.SIGINT, note)
    try:
        yield noted
    finally:
        if ours:
            signal.signal(signal.SIGINT, signal.default_int_handler)
    if noted:
        raise KeyboardInterrupt
