"""Simulations of one network that take their steps together, and the one dataset that they record."""

from __future__ import annotations

import dataclasses
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from memnet import _core, drive as drives
from memnet.base import check, job, long_calls, memory
from memnet.base.plain import encode, extended
from memnet.devices import Device, reassigned
from memnet.network import name_places
from memnet.simulate import _dataset as datasets, _port as ports, _record as records, _run as runs
from memnet.simulate._engine import BUDGET
from memnet.simulate._simulation import Simulation

if TYPE_CHECKING:
    import xarray as xr

# About how long a round of steps is to take (s), after which all simulations stand at the same step. Ctrl-C waits for
# its end; where one step of all takes longer, for that of some of them, and the others take theirs back.
ROUND_TIME = 0.2
# Memory of a simulation: as much (bytes) whatever it is of, and so many times its states and parameters.
LEAST_SIZE = 20_000
STATES_AND_WORK = 4
# How much longer than the last round the next one may be.
MOST_GROWTH = 8


def varied(
    simulation: Simulation,
    *,
    seed: int | None = None,
    drive: Mapping[str, drives.Driven] | None = None,
    devices: Mapping[int, Device] | None = None,
) -> Simulation:
    """Return another simulation of the same network, at the same step, that is apart in what is given.

    It has one thread: what is varied are many that go on together.

    Parameters
    ----------
    simulation : Simulation
        At step 0, with no state set by hand, where a seed or devices are given.
    seed : int, optional
        Another seed, of noise and of what devices draw at their start.
    drive : mapping, optional
        Another drive.
    devices : mapping, optional
        What takes the place of a device, by the number of that in `simulation.devices`.

    Raises
    ------
    TypeError, ValueError
        Those of `Simulation`.
    """
    if seed is None and devices is None:
        other = simulation._copied(threads=1)
        if drive is not None:
            other.set_drive(drive)
        return other
    changed = {id(simulation.devices[k]): device for k, device in (devices or {}).items()}
    return Simulation(
        simulation.net,
        reassigned(simulation.devices, simulation.assignment, changed),
        simulation.drive if drive is None else drive,
        dt=simulation.dt,
        seed=simulation.seed if seed is None else seed,
        solver=simulation.solver,
        order=simulation.order,
        incremental=simulation.incremental,
        event_driven=simulation.event_driven,
        method=simulation.method,
        rtol=simulation.rtol,
        reactions=[
            dataclasses.replace(one, device=changed.get(id(one.device), one.device)) for one in simulation.reactions
        ],
    )


def refuse_too_many(simulation: Simulation, n: int) -> None:
    """Raise MemoryError where n simulations like one would take more than half of the machine's memory."""
    with simulation._alone():
        states = len(simulation._core.dumps(b""))
    size = n * (LEAST_SIZE + STATES_AND_WORK * states + simulation.info["solver"].get("bytes", 0))
    limit = memory.usable()
    if size > limit:
        raise MemoryError(
            f"{n} replicas would take about {size / 1e9:.3g} GB, more than {limit / 1e9:.3g} GB that may be used; make"
            " several ensembles of fewer, one after the other"
        )


class Together:
    """Simulations of one network, which nobody else uses, that stand at the same step.

    Parameters
    ----------
    simulations : sequence of Simulation
    failed : mapping, optional
        Errors of those that have failed before.
    steps_done : int
        Steps that are done, where all have failed.

    Attributes
    ----------
    simulations : tuple of Simulation
    failed : dict
        The error of each simulation that has failed, by its number; it takes no more steps.
    steps_done : int
        Steps that all others have taken.
    """

    def __init__(
        self, simulations: Sequence[Simulation], failed: Mapping[int, Exception] | None = None, steps_done: int = 0
    ) -> None:
        self.simulations = tuple(simulations)
        self.failed: dict[int, Exception] = dict(failed or {})
        # Those that may step; all, which then take none, where there is no such.
        self._stepping = self._standing() or list(range(len(self.simulations)))
        self.steps_done = self.simulations[self._stepping[0]].steps_done if self._standing() else steps_done
        self._core = _core.Ensemble([self.simulations[k]._core for k in self._stepping])
        self._round_steps = 1
        self._has_long_rounds = False
        self._lock = threading.Lock()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the lock, or raise SimulationBusy where another thread has it."""
        if not self._lock.acquire(blocking=False):
            raise _core.SimulationBusy("this ensemble is being used by another thread; give each thread its own")
        try:
            yield
        finally:
            self._lock.release()

    # ------------------------------------------------------------ steps

    def _standing(self) -> list[int]:
        """Return the simulations that have not failed."""
        return [k for k in range(len(self.simulations)) if k not in self.failed]

    def _note_failures(self) -> None:
        for k in self._standing():
            try:
                self._core.check(self._stepping.index(k))
            except Exception as error:  # whatever a step may raise
                if isinstance(error, (ArithmeticError, ValueError)):
                    name_places(error, self.simulations[k].net)
                self.failed[k] = error

    def _refresh(self) -> None:
        for one in self.simulations:
            one._report = one._ask()

    def _round(self, until: int, collect: Callable[[], None], interrupted: Any) -> None:
        """Take the steps before `until` of every simulation, or none of any.

        Raises
        ------
        KeyboardInterrupt
            Ctrl-C, where a step of all takes long, or nobody knows how long; all stand where they were.
        """
        begun = {}
        if self._core.long_steps or self._has_long_rounds:
            begun = {k: self.simulations[k]._core.dumps(b"") for k in self._standing()}
        try:
            done = False
            while not done:
                if begun and interrupted:
                    raise KeyboardInterrupt
                done = self._core.run(until, BUDGET)
                collect()
                self._note_failures()
        except BaseException:
            for k, state in begun.items():
                core = self.simulations[k]._core
                if k not in self.failed and core.step != self.steps_done:
                    core.restore(_core.Checkpoint.from_bytes(state))
            raise
        self.steps_done = until

    def take_steps(self, stop: int, collect: Callable[[], None], bar: Any) -> None:
        """Take the steps before `stop` of all that have not failed; have their events collected.

        Raises
        ------
        KeyboardInterrupt
            Ctrl-C; all then stand at the same step.
        """
        with long_calls.held_interrupt(self._core.cancel if self._core.long_steps else None) as interrupted:
            try:
                while self.steps_done < stop and self._standing():
                    if interrupted:
                        raise KeyboardInterrupt
                    first, start = self.steps_done, time.perf_counter()
                    self._round(min(first + self._round_steps, stop), collect, interrupted)
                    bar.update(self.steps_done - first)
                    fits = ROUND_TIME / max(time.perf_counter() - start, 1e-6)
                    self._has_long_rounds = (self.steps_done - first) * fits < 1.0
                    most = MOST_GROWTH * self._round_steps
                    self._round_steps = max(1, min(int((self.steps_done - first) * fits), most))
            finally:
                self._refresh()
        if not self._standing():
            self.steps_done = stop

    def step(self, n: Any) -> None:
        """Take some steps and record nothing."""
        first = self.steps_done
        stop = first + runs.steps_after("n", n, self.simulations[0].dt, first)

        def forget() -> None:
            for one in self.simulations:
                one._core.events()

        self.take_steps(stop, forget, long_calls.NoBar())

    def set_drives(self, given: Sequence[Mapping[str, drives.Driven]]) -> None:
        """Give each simulation another drive, or none of them where one of these is refused."""
        for k, (one, drive) in enumerate(zip(self.simulations, given, strict=True)):
            with said_of(k):
                one._checked_drive(drive)
        for one, drive in zip(self.simulations, given, strict=True):
            one.set_drive(drive)

    # ------------------------------------------------------------ runs

    def run(
        self, n_steps: Any, duration: Any, record: Any, every: Any, *, events: Any, progress: Any, partial: list[Any]
    ) -> xr.Dataset:
        """Take steps and return what was recorded, or put that into `partial` where they are stopped."""
        every = check.whole("every", every, 1)
        check.flag("events", events)
        check.flag("progress", progress)
        job.load("xarray")  # Ctrl-C in the run must not wait for it
        first, dt = self.steps_done, self.simulations[0].dt
        steps = range(first, first + runs.step_count(n_steps, duration, dt, first))
        run = _Run(self, record, steps, every, keep_events=bool(events))
        try:
            with long_calls.progress_bar(progress, len(steps), "step") as bar:
                run.take_steps(bar)
            return run.result()
        except BaseException as error:
            partial.append(run.result())
            if isinstance(error, KeyboardInterrupt):
                error.args = (runs.stopped(self.steps_done - first, len(steps), partial[0]),)
            raise
        finally:
            run.end()


@contextmanager
def said_of(replica: int) -> Iterator[None]:
    """Have an error say which replica it is of."""
    try:
        yield
    except (TypeError, ValueError) as error:
        raise type(error)(f"replica {replica}: {error}") from error


class _Run:
    """One run of simulations together: what each records, and the dataset of all."""

    def __init__(self, together: Together, record: Any, steps: range, every: int, *, keep_events: bool) -> None:
        self._together = together
        self._simulations = together.simulations
        self._steps = steps
        self._every = every
        self._keep_events = keep_events
        self._wanted = records.normalised(record, self._simulations[0])
        own = [self._own(one) for one in self._simulations]
        channels = [
            records.plan(wanted, every, one, steps.start, steps.stop)
            for wanted, one in zip(own, self._simulations, strict=True)
        ]
        records.refuse_too_large([one for each in channels for one in each], steps.start, steps.stop, every)
        self._ports = [self._port(one) for one in self._simulations]
        self._arguments = [self._described(*one) for one in zip(own, self._ports, self._simulations, strict=True)]
        self._rows: list[Any] = [
            np.full((len(own), one.rows(steps.start, steps.stop), one.width), np.nan) for one in channels[0]
        ]
        self._recordings = [
            records.Recording(
                one._core, channels[k], every, steps.start, steps.stop, port=self._ports[k], keep_events=keep_events
            )
            for k, one in enumerate(self._simulations)
        ]
        for k, recording in enumerate(self._recordings):
            recording.begin_in([rows[k] for rows in self._rows])

    def _own(self, simulation: Simulation) -> dict[str, Any]:
        """Return what is wanted of one simulation, whose devices may be others than those that were named."""
        named = self._simulations[0].devices

        def own(part: Any) -> Any:
            if isinstance(part, Device) and any(part is one for one in named):
                return simulation.devices[next(k for k, one in enumerate(named) if one is part)]
            return type(part)(map(own, part)) if isinstance(part, (list, tuple)) else part

        return {name: own(part) for name, part in self._wanted.items()}

    def _port(self, simulation: Simulation) -> ports.Port:
        driven = simulation._driven
        if not self._wanted["current"]:
            return ports.Port(())
        if "conductance" in self._wanted:
            return ports.Port(tuple(self._wanted["conductance"]), driven)
        first_row = -(-self._steps.start // self._every) * self._every
        return driven.first_port(range(first_row, self._steps.stop, self._every), simulation.dt)

    def _described(self, wanted: Mapping[str, Any], port: ports.Port, simulation: Simulation) -> dict[str, Any]:
        """Return the arguments of the run that `rerun` takes for one simulation."""
        recorded = {**wanted, "conductance": port.electrodes} if port.may_be_absent else wanted
        return {"record": encode(recorded, simulation.devices), "every": self._every, "events": self._keep_events}

    def take_steps(self, bar: Any) -> None:
        """Take the steps; say once for all simulations where they are too long."""
        for one in self._simulations:
            one._watch_steps()
        self._together.take_steps(self._steps.stop, self._collect, bar)
        for one in self._simulations:
            one._say_steps(stacklevel=7)  # the caller of the ensemble's run
            if one.warned_of_steps or one.warned_of_controls:
                for other in self._simulations:
                    other.warned_of_steps |= one.warned_of_steps
                    other.warned_of_controls |= one.warned_of_controls

    def _collect(self) -> None:
        for recording in self._recordings:
            recording.collect()

    def end(self) -> None:
        """Let go of the rows."""
        for recording in self._recordings:
            recording.end()

    # ------------------------------------------------------------ the dataset

    def result(self) -> xr.Dataset:
        """Return what all have recorded until the step at which they stand."""
        import xarray as xr

        n = len(self._simulations)
        variables: dict[str, Any] = {}
        coords: dict[str, Any] = {
            "replica": np.arange(n),
            "seed": ("replica", np.array([one.seed for one in self._simulations], dtype=np.uint64)),
            "time": ("time", self._row_steps() * np.float64(self._simulations[0].dt), _TIME),
        }
        for k, channel in enumerate(self._recordings[0].channels):
            dim = "time" if channel.steps is None else f"{channel.name}_step"
            rows = self._rows_of(k)
            parts = [datasets.variable(channel, one, dim) for one in rows]
            dims, _, attrs = parts[0]
            variables[channel.name] = (("replica", *dims), np.stack([values for _, values, _ in parts]), attrs)
            if channel.steps is not None:
                coords[dim] = self._snapshot_steps(k)
            if channel.dim is not None:
                coords.update(datasets.coordinates(channel, self._simulations[0]))
        return xr.Dataset({**variables, **self._events()}, coords, self._attributes())

    def _row_steps(self) -> NDArray[np.int64]:
        first = -(-self._steps.start // self._every)
        count = records.rows_between(self._steps.start, self._together.steps_done, self._every)
        return np.arange(first, first + count) * self._every

    def _snapshot_steps(self, k: int) -> NDArray[np.int64]:
        steps = self._recordings[0].channels[k].steps
        assert steps is not None
        return steps[steps < self._together.steps_done]

    def _rows_of(self, k: int) -> list[NDArray[np.float64]]:
        """Return the rows of channel k of each simulation; those that a failed one did not reach are nan."""
        parts: list[NDArray[np.float64]] = []
        for one, recording in zip(self._simulations, self._recordings, strict=True):
            channel = recording.channels[k]
            steps = self._row_steps() if channel.steps is None else self._snapshot_steps(k)
            rows = self._rows[k][len(parts), : len(steps)]
            if channel.quantity == "conductance" and channel.steps is None:
                absent = recording.port.absent(steps * np.float64(one.dt))
                if absent is not None:
                    rows[absent] = np.nan
                channel.attrs["conductance_port"] = self._port_text()
            parts.append(datasets.as_read(channel, rows, steps, one))
        return parts

    def _port_text(self) -> str:
        return "; ".join(dict.fromkeys(port.text for port in self._ports))

    def _events(self) -> dict[str, Any]:
        """Return the events of all, by replica and then in time; nothing where a run keeps none."""
        own = [recording.events() for recording in self._recordings]
        if any(one is None for one in own):
            return {}
        kept = [tuple(x[one[0] < self._together.steps_done] for x in one) for one in own if one is not None]
        located = any(recording.located for recording in self._recordings)
        joined = tuple(np.concatenate([one[k] for one in kept]) for k in range(4))
        variables, _ = datasets.event_parts(joined, located)  # type: ignore[arg-type]
        replica = np.repeat(np.arange(len(kept)), [one[0].size for one in kept])
        return {
            **variables,
            "event_replica": (("event",), replica, {"units": "1", "long_name": "replica of the event"}),
        }

    def _attributes(self) -> dict[str, str]:
        """Return the attributes of the first simulation's run, and what the others have else."""
        first, n_steps = self._steps.start, self._together.steps_done - self._steps.start
        texts = [
            datasets.parameters(one._description(), arguments, first, n_steps, set_by_hand=one.set_by_hand)
            for one, arguments in zip(self._simulations, self._arguments, strict=True)
        ]
        specs = [json.loads(text) for text in texts]
        differ = [{name: value for name, value in spec.items() if value != specs[0][name]} for spec in specs]
        if len({port.text for port in self._ports}) > 1:
            differ = [{**one, "conductance_port": port.text} for one, port in zip(differ, self._ports, strict=True)]
        text = extended(texts[0].removesuffix("}"), {"replicas": differ})
        attrs = datasets.attributes(text, self._ports[0], first, n_steps)
        count = f"memnet ensemble of {len(specs)} replicas, {n_steps} steps from step {first}"
        return {**attrs, "title": count, "conductance_port": self._port_text()}


_TIME = {"units": "s", "long_name": "time of the step"}


def replica_of(data: xr.Dataset, replica: int) -> xr.Dataset:
    """Return one replica of an ensemble's run as a dataset of its own."""
    spec = json.loads(data.attrs["parameters"])
    differ = spec.pop("replicas")
    own = {**spec, **differ[replica]}
    port = own.pop("conductance_port", data.attrs["conductance_port"])
    alone = data.isel(replica=replica, drop=True).drop_vars(["seed", "error"], errors="ignore")
    if "event" in data.dims:
        alone = alone.isel(event=np.flatnonzero(data.event_replica.values == replica)).drop_vars("event_replica")
    title = f"memnet simulation, {spec['n_steps']} steps from step {spec['first_step']}"
    if "conductance" in alone:
        alone["conductance"] = alone.conductance.assign_attrs(conductance_port=port)
    attrs = {"title": title, "conductance_port": port, "parameters": json.dumps(own, allow_nan=False)}
    own_data: xr.Dataset = alone.assign_attrs(attrs)
    return own_data
