"""A network with devices and a drive, stepped through time."""

from __future__ import annotations

import copy
import json
import math
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from memnet import _check, _core, _text, long_calls, results
from memnet import drive as drives
from memnet import port as ports
from memnet import record as records
from memnet import run as runs
from memnet.device import Device, field_index, state_fields, state_values
from memnet.fields import Seen, SolvedFields
from memnet.mix import Mix, assigned
from memnet.network import Network
from memnet.solve import SOLVERS, warn_of_accuracy

if TYPE_CHECKING:
    import xarray as xr

    from memnet.store import Store

# How long the C library runs before Python sees to Ctrl-C and the progress bar (s).
BUDGET = 0.05
# What `_make_core` and `assigned` make again from the rest.
MADE_AGAIN = ("assignment", "_core", "_described", "_driven", "_edges", "_lock", "_population", "_seen")


class Simulation(SolvedFields, _text.Summary):
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
    One thread at a time may use a simulation; another gets SimulationBusy. Its repr, `info`, `time` and `steps_done`
    answer at any time; while it runs they are those of a moment ago. Different simulations run in parallel.

    `copy.copy`, `copy.deepcopy` and pickle give simulations that stand at the same step and go on with the same bits,
    each for itself, also in another process. `copy` says what they share.

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
        self.last_events = records.joined_events([])
        self._make_core()

    def _make_core(self) -> None:
        """Make what cannot be copied or kept: the C simulation at step 0, its lock, and what goes with them."""
        n_edges = int(self.net.n_edges)
        used = [k for k, edges in enumerate(self._edges) if edges.size]
        self._population = {k: place for place, k in enumerate(used)}
        populations = [
            (self.devices[k].model, self._edges[k], self.devices[k].core_values(self._edges[k], n_edges)) for k in used
        ]
        waves, root = drives.flatten(self._drive, list(self.net.electrodes))
        self._core = _core.Simulation(
            self.net._core,
            populations,
            waves,
            root,
            self.solver,
            self.dt,
            self.seed,
            incremental=self.incremental,
            event_driven=self.event_driven,
        )
        self._lock = threading.Lock()
        self._driven = ports.DrivenElectrodes(self._drive, self._core.roles)
        self._described: str | None = None
        self._seen = self._look()

    # ------------------------------------------------------------ running

    @_check.known_keywords
    def run(
        self,
        n_steps: float | None = None,
        *,
        duration: float | None = None,
        record: Any = ("current",),
        every: float = 1,
        events: bool = True,
        progress: bool = False,
        out: str | Path | Store | None = None,
    ) -> xr.Dataset:
        """Take steps and return what was recorded.

        Row k is step k as solved, before the states move on, so consecutive runs concatenate. `event_step` is the step
        whose voltages caused the event, the conductance changes in the next row.

        Parameters
        ----------
        n_steps : int
            Number of steps, >= 0; a whole float such as 1e3 will do. Either it or `duration` is given.
        duration : float
            Simulated time instead (s): a whole number of steps, to 1e-9 of the duration.
        record : sequence of str or dict
            Names, or a dict from name to what part of it. The electrodes' `current` and `voltage` (time, electrode) and
            the network's `conductance` (time) are there always, unless the dict says ``"current": False``.

            * ``"conductance": electrodes``: the port of the conductance, two or more electrodes: from the first of them
              in the network's order to the others joined. Without it the port is that of the run's first row in which
              two electrodes are driven, at voltages or by currents. Rows in which other electrodes are driven are nan.
              ``attrs["conductance_port"]`` of the dataset and of the variable says which it is.
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
        events : bool
            Keep all events, whatever `every` is: `event_step`, `event_edge` and `event_kind` (event). With False there
            are no such variables, and a long run needs no memory for them.
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
            Both or none of `n_steps` and `duration`, or a duration between two steps; an unknown name (with the nearest
            one), or a part that does not exist.
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
            `partial` holds what was recorded (with `out`, the store does). Its text says how many rows these are.

        Examples
        --------
        >>> import memnet as mn
        >>> net = mn.percolating(size=30, coverage=0.6, seed=1)
        >>> sim = mn.Simulation(net, mn.RateBalance(), {"left": 1.0, "right": 0.0}, dt=0.5)
        >>> sim.run(10, record={"state:g": sim.devices[0]}, every=5).state_g.sizes["time"]
        2
        >>> sim.run(duration=5.0).sizes["time"]
        10
        """
        every = _check.whole("every", every, 1)
        _check.flag("events", events)
        _check.flag("progress", progress)
        import xarray  # noqa: F401  (Ctrl-C in the run must not wait for it)

        with self._alone():
            first = self._core.step
            steps = range(first, first + runs.step_count(n_steps, duration, self.dt, first))
            wanted = records.normalised(record, self)
            run = runs.Run(self, wanted, steps, every, keep_events=events, out=out)
            self.partial = None
            try:
                with long_calls.progress_bar(progress, len(steps), "step") as bar:
                    run.take_steps(bar)
                return run.result()
            except BaseException as error:
                with suppress(Exception):  # what stopped the run matters more than what stops its result
                    self.partial = run.result()
                if isinstance(error, KeyboardInterrupt):
                    error.args = (runs.stopped(self._core.step - first, len(steps), self.partial),)
                raise
            finally:
                run.end()

    def _chunk(self, n_steps: int, collect: Callable[[], None]) -> int:
        """Take at most some steps, for about 0.05 s, and return how many; then or on an error have events collected."""
        try:
            return self._core.run(n_steps, BUDGET)[1]
        finally:
            self._seen = self._look()
            collect()

    def _description(self) -> str:
        """Return what builds the simulation again with this drive: JSON, left open for `results.extended`."""
        if self._described is None:
            self._described = json.dumps(results.describe(self), allow_nan=False).removesuffix("}")
        return self._described

    @_check.known_keywords
    def step(self, n: float = 1) -> None:
        """Take one step or several and record nothing but `last_events`, those of all these steps.

        `potential`, `branch_voltage` and so on are then those of the last step taken; states are already the next ones.

        Parameters
        ----------
        n : int
            Number of steps, >= 0; a whole float such as 1e3 will do.

        Raises
        ------
        TypeError, ValueError
            No whole number, or a negative one.
        ArithmeticError
            A state or potential became non-finite; the simulation stays at the last good step.
        KeyboardInterrupt
            Ctrl-C, seen between steps; the simulation can go on with the same bits.

        Examples
        --------
        >>> import memnet as mn
        >>> net = mn.percolating(size=30, coverage=0.6, seed=1)
        >>> sim = mn.Simulation(net, mn.RateBalance(), {"left": 1.0, "right": 0.0})
        >>> sim.step(1000)
        >>> sim.steps_done
        1000
        """
        with self._alone():
            first = self._core.step
            runs.step_until(self, first + runs.steps_after("n", n, self.dt, first))

    # ------------------------------------------------------------ looking

    @property
    def steps_done(self) -> int:
        """Number of steps taken: the index of the next one."""
        return self._seen.steps_done

    @property
    def time(self) -> float:
        """Time of the next step (s)."""
        return self._seen.steps_done * self.dt

    @property
    def drive(self) -> Mapping[str, drives.Waveform]:
        """The waveform of each electrode; set it with `set_drive`."""
        return MappingProxyType(self._drive)

    def _look(self) -> Seen:
        return Seen(self._core.step, self._core.info(), self._core.counters)

    def _solved(self) -> _core.Simulation:
        with self._alone():
            if not self._core.solved:
                self._core.solve()
                self._seen = self._look()
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
        raise ValueError(f"{device!r} is not in this simulation (devices compare by identity): {list(self.devices)}")

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
        shape = (int(edges.size),)
        checked = {name: state_values(f"{device.model}.{name}", v, shape, table[name]) for name, v in states.items()}
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
            self._driven = ports.DrivenElectrodes(checked, self._core.roles)
            self._described = None
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
        _check.path("path", path)
        with self._alone():
            self._write(path)

    def _write(self, path: str | Path, **further: Any) -> None:
        """Write a checkpoint, with further entries of its note, where nobody else uses the simulation."""
        note = results.extended(self._description(), {"set_by_hand": self.set_by_hand, **further})
        self._core.write(os.fspath(path), note.encode("utf-8"))

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
        _check.path("path", path)
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
            simulation._restore(checkpoint)
        except _core.CheckpointError as error:
            raise _core.CheckpointError(f"{path}: {error}") from None
        return simulation

    def _restore(self, checkpoint: _core.Checkpoint) -> None:
        self._core.restore(checkpoint)
        self._seen = self._look()

    def copy(self) -> Simulation:
        """Return a simulation at the same step that goes on with the same bits, for itself.

        Network, devices and waveforms, which never change, are shared, so both know the same devices; `copy.copy` does
        the same. `copy.deepcopy` and pickle copy these too: ask the new simulation for its `devices`. `partial` stays
        behind.

        Returns
        -------
        Simulation

        Raises
        ------
        SimulationBusy
            Another thread is using the simulation.

        Examples
        --------
        >>> import memnet as mn
        >>> net = mn.percolating(size=30, coverage=0.6, seed=1)
        >>> sim = mn.Simulation(net, mn.RateBalance(), {"left": 1.0, "right": 0.0})
        >>> other = sim.copy()
        >>> other.step(5)
        >>> sim.steps_done, other.steps_done
        (0, 5)
        """
        return copy.copy(self)

    def __getstate__(self) -> dict[str, Any]:
        with self._alone():
            given: Any = self.devices[0] if self.assignment is None else self.assignment
            if isinstance(given, np.ndarray):
                given = [self.devices[k] for k in given]
            kept = {name: value for name, value in self.__dict__.items() if name not in MADE_AGAIN}
            return {**kept, "devices": given, "partial": None, "checkpoint": self._core.dumps(b"")}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        self.__dict__.update({name: value for name, value in state.items() if name not in ("devices", "checkpoint")})
        self.devices, self.assignment, self._edges = assigned(state["devices"], int(self.net.n_edges))
        self._make_core()
        self._restore(_core.Checkpoint.from_bytes(state["checkpoint"]))

    @property
    def info(self) -> dict[str, Any]:
        """Sizes, the solver's structure, and what the steps so far took."""
        return {
            "n_nodes": int(self.net.n_nodes),
            "n_edges": int(self.net.n_edges),
            "devices": {repr(device): int(edges.size) for device, edges in zip(self.devices, self._edges, strict=True)},
            "solver": {"name": self.solver, **self._seen.solver},
            "steps_done": self._seen.steps_done,
            "counters": dict(self._seen.counters),
        }

    def __repr__(self) -> str:
        return f"<Simulation of {'; '.join(f'{name}: {text}' for name, text in self._summary().items())}>"

    def _summary(self) -> dict[str, str]:
        return results.in_words(self)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the simulation's lock, or raise SimulationBusy where another thread has it."""
        if not self._lock.acquire(blocking=False):
            raise _core.SimulationBusy("this simulation is being used by another thread; give each thread its own")
        try:
            yield
            if self.solver != "kron":
                warn_of_accuracy({"solver": self.solver, **self._core.accuracy()}, stacklevel=6)
        finally:
            self._lock.release()
