"""One run of a simulation: which steps, what is recorded of them, and the dataset that comes of it."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from memnet.base import check, long_calls
from memnet.base.plain import encode
from memnet.simulate import _dataset as datasets, _port as ports, _record as records
from memnet.simulate._engine import Engine
from memnet.simulate._events import EventArrays, joined_events
from memnet.simulate._store import Store

if TYPE_CHECKING:
    import xarray as xr

# The largest number of a step.
LAST_STEP = 2**63 - 1
# How far a duration may miss a whole number of steps, as a part of the duration.
DURATION_TOLERANCE = 1e-9


class Run:
    """A run that is ready to take its steps; its simulation is held by nobody else until `end`."""

    def __init__(
        self,
        simulation: Engine,
        wanted: Mapping[str, Any],
        steps: range,
        every: int,
        *,
        keep_events: bool,
        out: str | Path | Store | None,
    ) -> None:
        self.simulation = simulation
        self.steps = steps
        channels = records.plan(wanted, every, simulation, steps.start, steps.stop)
        self._store = out if out is None or isinstance(out, Store) else Store(out)
        port = self._port(wanted, every)
        # Before the steps, so that what has no place in a file is refused before the work is done.
        recorded = {**wanted, "conductance": port.electrodes} if port.may_be_absent else wanted
        self._arguments = {
            "record": encode(recorded, simulation.devices),
            "every": every,
            "events": bool(keep_events),
        }
        if out is None:
            records.refuse_too_large(channels, steps.start, steps.stop, every)
        else:
            snapshots = [channel for channel in channels if channel.steps is not None]
            records.refuse_too_large(snapshots, steps.start, steps.stop)
        self._recording = records.Recording(
            simulation._core,
            channels,
            every,
            steps.start,
            steps.stop,
            port=port,
            keep_events=keep_events,
        )

    def _port(self, wanted: Mapping[str, Any], every: int) -> ports.Port:
        """Return the port that was asked for, or that of the first row that has one; none without a conductance."""
        driven = self.simulation._driven
        if not wanted["current"]:
            return ports.Port(())
        if "conductance" in wanted:
            return ports.Port(tuple(wanted["conductance"]), driven)
        first = self.steps.start if self._store is None else self._store.first_of(self.steps)
        first_row = -(-first // every) * every
        return driven.first_port(range(first_row, self.steps.stop, every), self.simulation.dt)

    def take_steps(self, bar: Any) -> None:
        """Take the steps in blocks; between two calls of the core nothing but whole steps has happened.

        Raises
        ------
        KeyboardInterrupt
            Ctrl-C, after the steps that were under way.
        """
        simulation, recording, store = self.simulation, self._recording, self._store
        core, stop = simulation._core, self.steps.stop
        simulation._watch_steps()
        block = len(self.steps) if store is None else records.block_steps(recording.channels, recording.every)
        with long_calls.held_interrupt(core.cancel) as interrupted:
            recording.begin(core.step, min(core.step + max(block, 1), stop))
            if store is not None:
                store.begin(recording, simulation, self.steps, self._arguments, self._attributes)
            while core.step < stop and not interrupted:
                until = min(core.step + block, stop)
                if store is not None and core.step > recording.start:
                    store.append(recording, simulation)
                    recording.begin(core.step, until)
                while core.step < until:
                    try:
                        bar.update(simulation._chunk(until - core.step, recording.collect))
                    finally:  # what is known of the steps says more of an error that they end in
                        simulation._say_steps(stacklevel=4)  # the caller of run, which has a wrapper
                    if interrupted or (store is not None and store.is_due):
                        break
        if interrupted:
            raise KeyboardInterrupt

    def result(self) -> xr.Dataset:
        """Return what was recorded so far."""
        simulation, first = self.simulation, self.steps.start
        if self._store is not None:
            return self._store.finish(self._recording, simulation)
        attrs = self._attributes(self._arguments, first, simulation._core.step - first)
        return datasets.dataset(self._recording, simulation, attrs)

    def _attributes(self, arguments: Mapping[str, Any], first: int, n_steps: int) -> dict[str, str]:
        """Return the attributes of a dataset for a run's own arguments, its first step, and how many it took."""
        by_hand = self.simulation.set_by_hand
        text = datasets.parameters(self.simulation._description(), arguments, first, n_steps, set_by_hand=by_hand)
        return datasets.attributes(text, self._recording.port, first, n_steps)

    def end(self) -> None:
        """Let go of what the rows were written to."""
        self._recording.end()
        if self._store is not None:
            self._store.close()


def step_until(simulation: Engine, stop: int) -> None:
    """Take steps until one, and record their events alone, in `last_events`.

    Raises
    ------
    KeyboardInterrupt
        Ctrl-C, after the steps that were under way.
    """
    core, first = simulation._core, simulation._core.step
    pieces: list[EventArrays] = []
    hold: AbstractContextManager[list[bool]] = nullcontext([])
    if stop - first > 1:  # one step is over before anybody could act on Ctrl-C, and to hold that back takes longer
        hold = long_calls.held_interrupt(core.cancel)
    try:
        with hold as interrupted:
            while core.step < stop and not interrupted:
                simulation._chunk(stop - core.step, lambda: pieces.append(core.events()))
        if interrupted:
            raise KeyboardInterrupt
    except KeyboardInterrupt as error:
        error.args = (stopped(core.step - first, stop - first),)
        raise
    finally:
        simulation.last_events = joined_events(pieces)[:3]


def stopped(done: int, n_steps: int, partial: xr.Dataset | None = None) -> str:
    """Return what a call that Ctrl-C stopped has to say: how far it came, and where its rows are."""
    said = f"stopped by Ctrl-C after {done} of {n_steps} steps; the simulation can go on"
    return said if partial is None else f"{said}, and its `partial` has {partial.sizes['time']} rows"


def steps_after(name: str, value: Any, dt: float, first: int) -> int:
    """Return a number of steps of length dt (s) that follow a first one.

    Raises
    ------
    TypeError, ValueError
        No whole number, a negative one, or so many that their number or their time has no room in its type.
    """
    count = check.whole(name, value, 0, LAST_STEP - first)
    if not math.isfinite((first + count) * dt):
        raise ValueError(
            f"{name} must leave times below {sys.float_info.max:.2g} s; step {first} and steps of dt = {dt:g} s allow"
            f" no {check.shown(value)}"
        )
    return count


def step_count(n_steps: Any, duration: Any, dt: float, first: int) -> int:
    """Return how many steps of length dt (s) to take from a first one, of which one of both says.

    Raises
    ------
    TypeError, ValueError
        Both or neither; no whole number of steps, a negative one, or more than there are; a duration between two steps.
    """
    if (n_steps is None) == (duration is None):
        raise TypeError(f"run() takes n_steps or duration (s), got {'neither' if n_steps is None else 'both'}")
    most = LAST_STEP - first
    if duration is None:
        return steps_after("n_steps", n_steps, dt, first)
    seconds = check.real("duration", duration, 0.0, math.inf, "[)", "s")
    exact = seconds / dt
    if exact > most:
        raise ValueError(f"duration must be in [0, {most * dt:g}] s, which is {most} steps, got {seconds!r}")
    count = round(exact)
    if abs(count * dt - seconds) > DURATION_TOLERANCE * seconds:
        below = math.floor(exact)
        raise ValueError(
            f"duration must be a whole number of steps of {dt!r} s, got {seconds!r}; the nearest are"
            f" {below * dt:.15g} s ({below} steps) and {(below + 1) * dt:.15g} s ({below + 1} steps)"
        )
    return steps_after("duration", count, dt, first)
