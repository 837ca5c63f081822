"""A network with devices and a drive, stepped through time."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from memnet import _core, drive as drives
from memnet.base import check, job, long_calls
from memnet.base.plain import UNREADABLE, decode
from memnet.circuit import MOST_THREADS
from memnet.devices import Device, rebuild_assignment, rebuild_each
from memnet.network import Network, rebuild_network
from memnet.simulate import _method as methods, _record as records, _run as runs
from memnet.simulate._engine import Engine
from memnet.simulate._reactions import from_spec as reaction_from_spec
from memnet.simulate._store import Store

if TYPE_CHECKING:
    import xarray as xr


class Simulation(Engine):
    """Devices on the edges of a network, its electrodes driven, stepped through time.

    In each step: the drive at t = step dt; conductances from the states; the potentials; what is recorded; then
    every state moves on with the voltages just solved.

    Parameters
    ----------
    net : Network
        The network, with at least one electrode.
    devices : Device, Mix or sequence of Device
        One device for all edges, of a crossbar for all cells (`cell_devices`) unless it has a value for each edge;
        what `mix` returns; or one device an edge (devices compare by identity). Those that `Network.attach` put at
        electrodes come with the network and are not among these edges.
    drive : dict
        For every electrode a waveform of `memnet.drive`, a number (a constant voltage, V), or None to let it float.
        ``Network.joints`` may be left out, and float.
    dt : float
        Time step (s), > 0; with method="adaptive" the time from row to row.
    seed : int, optional
        Seed of the devices' noise; drawn where it is not given, and kept in every result.
    solver : {"kron", "umfpack"}
        The linear solver.
    order : {"auto", "fast", "best"}
        How kron looks for the order in which it eliminates nodes. "fast": straight cuts where nodes have the places of
        a lattice, as in crossbars with lines and grids (10 ms for 128 x 128 cells, half of the updates), else minimum
        degree (SuiteSparse's AMD; 0.04 s for 50,000 nanowires). "auto": where it is likely to pay within some hundred
        steps, nested dissection is tried as well (0.4 s for these wires) and taken where it saves 15 % of the updates
        or more (35 %); lattices, small and thin networks have "fast". "best": the best of five or six orders (3 s).
        What was found is kept with the network, so that the next simulation on it is made at once. Results differ in
        the last digits.
    threads : int
        How many threads work on each step, 1 to 1024: on the circuit with kron, and on devices. The bits are the same.
        What that saves depends on the network and the machine (`benchmarks/run.py threads` measures it).
        Many simulations at a time are better off with one thread each (`ensemble`, `sweep`).
    incremental : bool
        Redo only the part of a factorisation that changed edges reach. Same bits; off only to compare.
    event_driven : bool
        Between events, step only what moves, where every model allows it. Same bits; off only to compare.
    method : {"fixed", "adaptive"}
        "fixed": steps of length dt, of first order, in which each state moves on with the voltages at their start.
        "adaptive": between rows, steps of the linearly implicit pair ode23s [1]_ whose length errors decide, so that
        results do not depend on dt. Only for devices that are differential equations.
    rtol : float, optional
        With method="adaptive": how large the error of a step may be, in [1e-14, 0.5], of each edge's conductance beside
        itself and of its voltage beside the largest one; 1e-3 where it is not given.
    reactions : sequence of Reaction
        What `react` returned: events of devices that start waveforms at electrodes.

    Attributes
    ----------
    net : Network
    devices : tuple of Device
        The different devices, in the order given; those attached to electrodes come last.
    dt : float
        Time step (s).
    seed : int
    solver : str
    order : str
    threads : int
    method : str
    rtol : float or None
        None at fixed steps.
    reactions : tuple of Reaction
    counters : dict
        What the steps so far took: "steps", "factorisations", "solves", "refused" and "negative".
    partial : xarray.Dataset or None
        What a run that was stopped by Ctrl-C or by an error had recorded; None after a whole run.
    last_events : tuple of ndarray
        Step, edge and kind of the events of the last `step()`.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or outside its range, a per-edge parameter or device list that does not fit the
        network, a missing or unknown electrode, nothing driven, an edge without the length that its model needs; with
        method="adaptive" a device for which a step of a fixed length is part of the model, or that draws random
        numbers.
    MemoryError
        No memory for the solver's schedule.
    RuntimeError
        The system starts no more threads.

    Notes
    -----
    One thread at a time may use a simulation; another gets SimulationBusy. Its repr, `info`, `time` and `steps_done`
    answer at any time; while it runs they are those of a moment ago. Different simulations run in parallel.

    `copy.copy`, `copy.deepcopy` and pickle give simulations that stand at the same step and go on with the same bits,
    each for itself, also in another process. `copy` says what they share. A child of the process (``os.fork``) goes on
    with one thread.

    ``sim["left"]`` is the present potential (V) of an electrode, and in a simulation of a `Circuit` of any node.

    References
    ----------
    .. [1] L. F. Shampine and M. W. Reichelt, SIAM J. Sci. Comput. 1997, 18, 1, doi 10.1137/S1064827594276424.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.percolating(size=30, coverage=0.6, seed=1)
    >>> sim = mn.Simulation(net, mn.TunnelGap(), {"left": 2.0, "right": 0.0}, seed=0)
    >>> data = sim.run(100)
    >>> data.sizes["time"], sim.steps_done
    (100, 100)
    >>> drive = {"left": 2.0, "right": 0.0}
    >>> fine = mn.Simulation(net, mn.RateBalance(), drive, dt=5.0, method="adaptive", rtol=1e-4).run(20)
    >>> coarse = mn.Simulation(net, mn.RateBalance(), drive, dt=50.0, method="adaptive", rtol=1e-4).run(2)
    >>> bool(abs(fine.conductance[10] / coarse.conductance[1] - 1) < 1e-4)
    True
    >>> sim.save("run.checkpoint")
    >>> sim.step(20)
    >>> sim.load("run.checkpoint").steps_done
    100
    """

    # ------------------------------------------------------------ running

    @check.known_keywords
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
              ``_edge`` behind it. In a simulation of a `Circuit` names of nodes and elements will do, and the dimension
              has them.
            * ``"state:g": device``: a state of all edges of a device, as `state_g`; with a list of devices as
              `state_g_0`, `state_g_2`, numbered as in `devices`. A bare name will do where one device has that state.
            * ``"limited"``: 1 at each electrode whose current is at the limit of its `drive.limited`, else 0.
            * ``"member_current": "right"``: the current into the network at each node of an electrode; with a list of
              electrodes as `member_current_right` and so on.
            * ``"snapshot:potential": steps`` (and so for all that is over nodes or edges), ``"snapshot:state:g":
              (device, steps)``: all of it at these absolute steps; those outside the run are left out.
            * ``"left"`` (or ``"left": True``), of adaptive steps: beside each variable over time, say `current`, also
              `current_left`. In rows at which the drive jumps this is the circuit right before the jump, in all others,
              and in row 0, it is the same as without.
        every : int
            Record the steps that this divides, counted from step 0 (not from the start of the run), >= 1.
        events : bool
            Keep all events, whatever `every` is: `event_step`, `event_edge` and `event_kind` (event), and `event_time`
            where they are located inside steps. With False there are no such variables, and a long run needs no memory
            for them.
        progress : bool
            Show a progress bar (tqdm).
        out : path, optional
            A new zarr store to stream to, with no name of a file, such as ``x.nc``; the returned dataset then reads
            from it lazily. Whatever ends the run, the store keeps what was committed, at the latest every 20 s:
            `open_run` shows it, `resume` goes on.

        Returns
        -------
        xarray.Dataset
            With units in every variable's attributes, and all parameters as one JSON string in
            ``attrs["parameters"]``, from which `rerun` repeats the run. For pandas take variables one by one, as in
            ``data.current.to_pandas()``: a data frame of the whole has a row for each combination of time, electrode
            and event, and none where there are no events.

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

        Warns
        -----
        StepWarning
            At fixed steps, once for a simulation, where `check_step` finds more than 0.05; the run does so itself at
            its first step, and where the drive jumps or the conductance changes much, at most once in some hundred
            steps. Not where a device is event-driven or draws random numbers for whole steps: dt is then a part of the
            model. And once where a device that reads another edge (`link`) does so one step late, and swings by what it
            feeds back.

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
        every = check.whole("every", every, 1)
        check.flag("events", events)
        check.flag("progress", progress)
        job.load("xarray")  # Ctrl-C in the run must not wait for it
        with self._alone():
            first = self._core.step
            steps = range(first, first + runs.step_count(n_steps, duration, self.dt, first))
            selection = records.normalised(record, self)
            run = runs.Run(self, selection, steps, every, keep_events=events, out=out)
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

    @check.known_keywords
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

    @check.known_keywords
    def check_step(self) -> float:
        """Return how much the conductance depends on the length of the next step: one against two of half of it.

        Both go from the present state. Where the network's conductance is then G, and G' after the two,
        ``abs(G - G') / (G + G')`` says how far both are from their mean, from 0 to 1. Where no two electrodes are
        driven the edges' conductances stand for it, their differences and their sums added up. The simulation and
        its counters stay as they are. Both have the same noise where devices draw it for parts of a step
        (`DiffusiveMemristor`): what is left is what comes of voltages that are held for the step, and is exactly 0
        where the drive holds them anyway.

        Returns
        -------
        float

        Raises
        ------
        ValueError
            Steps of no fixed length (method="adaptive"), or a device of which it is a part: one that is event-driven,
            draws random numbers for a step as a whole, or has a rule from step to step.
        ArithmeticError
            A state or potential became non-finite on the way.

        Examples
        --------
        >>> import memnet as mn
        >>> net = mn.percolating(size=30, coverage=0.6, seed=1)
        >>> def checked(dt):
        ...     return mn.Simulation(net, mn.RateBalance(), {"left": 6.0, "right": 0.0}, dt=dt).check_step()
        >>> checked(1.0) > 0.05, checked(1e-6) < 0.01
        (True, True)
        """
        if self.method != "fixed":
            raise ValueError(f'check_step() is of steps of a fixed length; with method="{self.method}" rtol says it')
        methods.refuse_steps("check_step() compares", self._used(), methods.incomparable)
        with self._alone():
            try:
                return self._core.check_step()
            finally:
                self._report = self._ask()

    @classmethod
    @check.known_keywords
    def load(cls, path: str | Path, *, threads: int = 1) -> Simulation:
        """Return the simulation that was saved, at its step.

        Parameters
        ----------
        path : str or Path
            What `save` wrote.
        threads : int
            As in `Simulation`; files do not know how many there were.

        Raises
        ------
        CheckpointError
            The file is no checkpoint, is damaged, or is of another format version.
        OSError
            The file cannot be read: FileNotFoundError where there is none.
        TypeError
            `path` is no path, or `threads` no integer.
        ValueError
            `threads` is outside its range.
        RuntimeError
            The system starts no more threads.
        """
        check.path("path", path)
        check.integer("threads", threads, 1, MOST_THREADS)
        try:
            checkpoint = _core.Checkpoint(os.fspath(path))
        except _core.CheckpointError as error:
            raise _core.CheckpointError(f"{path}: {error}") from None
        try:
            note = json.loads(checkpoint.note.decode("utf-8"))
            simulation = rebuilt(note, threads)
            simulation.set_by_hand = bool(note["set_by_hand"])
        except UNREADABLE as error:
            raise _core.CheckpointError(f"{path}: this memnet cannot rebuild what was saved: {error}") from error
        try:
            simulation._restore(checkpoint)
        except _core.CheckpointError as error:
            raise _core.CheckpointError(f"{path}: {error}") from None
        return simulation


def rebuilt(spec: Mapping[str, Any], threads: int = 1) -> Simulation:
    """Return the simulation that a description is of, at step 0."""
    net, devices, different = rebuilt_parts(spec)
    return Simulation(
        net,
        devices,
        {name: drives.from_spec(decode(wave)) for name, wave in spec["drive"].items()},
        dt=spec["dt"],
        seed=spec["seed"],
        solver=spec["solver"],
        order=spec.get("order", "auto"),
        threads=threads,
        incremental=spec["incremental"],
        event_driven=spec["event_driven"],
        method=spec.get("method", "fixed"),
        rtol=spec.get("rtol"),
        reactions=[reaction_from_spec(one, different) for one in spec.get("reactions", ())],
    )


def rebuilt_parts(spec: Mapping[str, Any]) -> tuple[Network, Any, list[Device]]:
    """Return the network of a description, devices of its own edges as `Simulation` takes them, and all there are."""
    devices = rebuild_each(spec)
    net = rebuild_network(spec["network"], [devices[k] for k in spec.get("attached", ())])
    return net, rebuild_assignment(spec["assignment"], devices, net.n_own_edges), devices


def run_options(spec: Mapping[str, Any], simulation: Simulation) -> dict[str, Any]:
    """Return the keywords of `Simulation.run` that a description of a run holds."""
    record = {name: _tupled(part) for name, part in decode(spec["record"], simulation.devices).items()}
    return {"record": record, "every": spec["every"], "events": spec.get("events", True)}


def _tupled(part: Any) -> Any:
    """JSON has no tuples: (device, steps) comes back as a list."""
    if isinstance(part, list) and part and isinstance(part[0], (Device, list)) and not isinstance(part[-1], Device):
        return tuple(part)
    return part
