"""A simulation that is played: run, paused and stepped in a thread, its drive turned, and pictures taken of it."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from memnet._core import SimulationBusy
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.live._knobs import Knobs
from memnet.live._message import packed
from memnet.live._rows import Rows
from memnet.network import named_edge, node_names
from memnet.simulate import Simulation

# What may colour the edges: arrays of a simulation, and what the scene has already.
VALUES = {"current": "branch_current", "conductance": "conductance", "voltage": "branch_voltage"}
EDGES = (*VALUES, "device", "none")
# No more pictures a second than these; one is taken after that long (s) even where the steps of a picture take longer.
MOST_PICTURES, LONGEST_PICTURE = 30.0, 0.1
# A quantity that nobody asked for in that time (s) is in no picture any more.
FORGOTTEN = 60.0
# The steps of one call take about that long (s), so that a pause waits no longer.
PIECE = 0.04
# Rows of the trace and events that are kept, and rows of one picture.
MOST_ROWS, MOST_EVENTS, ROWS_OF_PICTURE = 8_192, 4_096, 512
# The most steps a picture, and electrodes whose currents are traced.
MOST_STEPS, MOST_TRACED = 1_000_000, 8
# How long the rate of steps is averaged (s), and how long somebody else may use the simulation before that is an error.
RATE_TIME, PATIENCE = 1.0, 2.0

T = TypeVar("T")


class Player:
    """A simulation and the thread that plays it, which ends where there is nothing to do.

    All that touches the simulation is done in that thread, between two pieces of a run: no step waits for a browser,
    and a simulation that is paused is nobody's.
    """

    def __init__(self, simulation: Simulation, speed: int = 1) -> None:
        self.simulation = simulation
        self.speed = speed
        self.error: str | None = None
        self.picture = 0  # the number of the last one
        self.running = False
        self.patience: float | None = None  # how long it goes on while nobody looks (s)
        self.traced = tuple(simulation.net.electrodes)[:MOST_TRACED]
        self._places = np.arange(len(self.traced))
        self.listeners: list[Callable[[], None]] = []
        self._due = 0.0  # when the next picture is
        self._left: int | None = None  # steps until it pauses; None: without an end
        self._jobs: deque[tuple[Callable[[], Any], Future[Any]]] = deque()
        self._thread: threading.Thread | None = None
        self._changed = threading.Condition()
        self._begun = 0  # how often it began: rows are counted anew then
        self._asked: dict[str, float] = {}  # when each quantity of the edges was asked for last
        self._looked = time.monotonic()
        self._begin()
        self._start = simulation.__getstate__()
        self.do(self.show)

    # ------------------------------------------------------------ from any thread

    def do(self, job: Callable[[], T]) -> T:
        """Do something with the simulation between two pieces, and return what comes of it."""
        return self.soon(job).result()

    def soon(self, job: Callable[[], T]) -> Future[T]:
        """Have something done between two pieces."""
        future: Future[T] = Future()
        if threading.current_thread() is self._thread:
            future.set_result(job())
            return future
        with self._changed:
            self._jobs.append((job, future))
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, daemon=True, name="memnet live view")
                self._thread.start()
            self._changed.notify_all()
        return future

    def command(self, words: Any) -> Future[Any]:
        """Do what a browser asks for: {"do": what, ...}.

        Returns
        -------
        Future
            Of the reply, as JSON has it.

        Raises
        ------
        ValueError, TypeError
            Nothing that can be done; also as what the future raises.
        """
        check.instance("the command", words, dict, "an object")
        what = check.one_of("command", words.get("do"), COMMANDS)
        given = {name: value for name, value in words.items() if name != "do"}
        check.keywords(f"the command {what}", given, COMMANDS[what][1])
        missing = [name for name in COMMANDS[what][1] if name not in given]
        if missing:
            raise TypeError(f"the command {what} needs {', '.join(missing)}")
        return self.soon(lambda: COMMANDS[what][0](self, **given))

    def wait(self, after: int, timeout: float) -> bool:
        """Wait until there is a picture later than one, or some time (s) is over; return whether there is."""
        self._looked = time.monotonic()
        with self._changed:
            return self._changed.wait_for(lambda: self.picture != after, timeout)

    def frame(self, begun: int, rows: int, events: int, edges: str) -> bytes:
        """Return the message of the last picture.

        Parameters
        ----------
        begun : int
            What the last message that the browser has said of `begun`, else 0.
        rows, events : int
            The number of the first row of the trace, and of the first event, that are new to it.
        edges : str
            What colours the edges: one of `EDGES`.
        """
        wanted = check.one_of("edges", edges, EDGES)
        with self._changed:
            self._asked[wanted] = time.monotonic()
        if edges in VALUES and edges not in self._values:
            self.do(self.show)
        with self._changed:
            rows, events = (rows, events) if begun == self._begun else (0, 0)
            arrays: dict[str, NDArray[Any]] = {"potential": self._potential, "trace": self._trace.since(rows).ravel()}
            if edges in self._values:
                arrays["values"] = self._values[edges]
            arrays["event_edge"] = self._events.since(events).ravel().astype(np.int32)
            return packed({**self._header(), "edges": edges}, arrays)

    def _header(self) -> dict[str, Any]:
        return {
            "kind": "frame",
            "picture": self.picture,
            "begun": self._begun,
            "step": self._step,
            "time": self._time,
            "rate": self._rate if self.running else 0.0,
            "running": self.running,
            "speed": self.speed,
            "error": self.error,
            "up": self._up,
            "down": self._down,
            "rows": self._trace.end,
            "events": self._events.end,
            "knobs": self._knobs.listed(),
        }

    # ------------------------------------------------------------ what a browser asks for

    def run(self) -> None:
        """Go on until something stops it."""
        self._go(None)

    def take(self, steps: Any) -> None:
        """Take some steps, then pause."""
        self._go(check.integer("steps", steps, 1, MOST_STEPS))

    def pause(self) -> None:
        """Stop between two steps."""
        self.running = False
        self.show()

    def set_speed(self, steps: Any) -> None:
        """Set the most steps from one picture to the next."""
        self.speed = check.integer("steps", steps, 1, MOST_STEPS)
        self.show()

    def turn(self, electrode: Any, value: Any) -> None:
        """Turn a knob: the value of a constant drive, the factor of any other."""
        if not self._knows_drive():
            self._knobs = Knobs(self.simulation.drive)
        self._when_free(lambda: self.simulation.set_drive(self._knobs.drive(electrode, value)))
        self._knobs.turn(electrode, value)
        self._drive = dict(self.simulation.drive)
        self.error = None
        self.show()

    def reset(self) -> None:
        """Go back to how the simulation was when the view was made."""
        fresh = type(self.simulation).__new__(type(self.simulation))
        fresh.__setstate__(self._start)
        self.simulation = fresh
        self.running, self.error = False, None
        self._begin()
        self.show()

    def tell(self, kind: Any, number: Any) -> dict[str, Any]:
        """Return all there is to say of a node or an edge, in full precision."""
        sim = self.simulation
        if check.one_of("kind", kind, ("node", "edge")) == "node":
            node = check.integer("number", number, 0, sim.net.n_nodes - 1)
            names = node_names(sim.net)
            potential = self._when_free(lambda: float(sim.potential[node]))
            return {"node": node, "name": names[node] if names else "", "potential": potential}
        edge = check.integer("number", number, 0, sim.net.n_edges - 1)
        return self._when_free(lambda: self._of_edge(edge))

    def _of_edge(self, edge: int) -> dict[str, Any]:
        sim = self.simulation
        device = next(one for one in sim.devices if edge in sim.edges_of(one))
        return {
            "edge": edge,
            "name": named_edge(sim.net, edge),
            "device": repr(device),
            "voltage": float(sim.branch_voltage[edge]),
            "current": float(sim.branch_current[edge]),
            "conductance": float(sim.conductance[edge]),
        }

    # ------------------------------------------------------------ in the thread

    def _work(self) -> None:
        while True:
            with self._changed:
                if not self._jobs and not self.running:
                    self._thread = None
                    return
                self._changed.wait_for(lambda: bool(self._jobs), max(0.0, self._due - time.monotonic()))
                job, future = self._jobs.popleft() if self._jobs else (None, None)
            if job is None:
                try:
                    self._play()
                except Exception as error:  # of a listener; a thread that ended would leave all that wait for it
                    self._fail(error)
            elif future is not None and future.set_running_or_notify_cancel():
                try:
                    future.set_result(job())
                except BaseException as error:
                    future.set_exception(error)

    def _begin(self) -> None:
        """Forget what was seen: the simulation stands where it stands."""
        self._knobs = Knobs(self.simulation.drive)
        self._drive = dict(self.simulation.drive)
        self._trace = Rows(1 + 2 * len(self.traced), MOST_ROWS)
        self._events = Rows(1, MOST_EVENTS)
        self._up = self._down = 0
        self._potential: NDArray[np.float32] = np.zeros(0, dtype=np.float32)
        self._values: dict[str, NDArray[np.float32]] = {}
        self._step, self._time, self._rate = self.simulation.steps_done, self.simulation.time, 0.0
        self._begun += 1
        self._pace: float | None = None  # how long a step takes (s)
        self._counted = (time.monotonic(), self.simulation.steps_done)

    def _knows_drive(self) -> bool:
        now = self.simulation.drive
        return now.keys() == self._drive.keys() and all(now[name] is self._drive[name] for name in now)

    def _go(self, left: int | None) -> None:
        self.error = None
        self._left = left
        self.running = True
        self._counted, self._rate = (time.monotonic(), self.simulation.steps_done), 0.0
        self.show()

    def _play(self) -> None:
        """Take the steps of one picture and show it; the next one has its time."""
        begun = time.monotonic()
        wanted = self.speed if self._left is None else min(self.speed, self._left)
        stride = -(-wanted // ROWS_OF_PICTURE)
        while wanted and self.running and not self._jobs and time.monotonic() - begun < LONGEST_PICTURE:
            taken = self._advance(min(stride, wanted))
            wanted -= taken
            if self._left is not None:
                self._left -= taken
        if self._left == 0 or (self.patience is not None and begun - self._looked > self.patience):
            self.running = False
        self.show()
        self._due = begun + 1.0 / MOST_PICTURES

    def _advance(self, most: int) -> int:
        """Take at most some steps, in about the time of a piece, and keep the row of the last; return how many."""
        sim = self.simulation
        n = min(most, 1 if self._pace is None else max(1, int(PIECE / self._pace)))
        first, begun = sim.steps_done, time.perf_counter()
        try:
            self._when_free(lambda: sim.step(n))
            taken = n  # others may have taken steps, too
            self._pace = (time.perf_counter() - begun) / taken
            self._keep(self._when_free(lambda: np.concatenate([sim.current[self._places], sim.voltage[self._places]])))
        except Exception as error:
            self._fail(error)
            taken = min(n, sim.steps_done - first)
        if taken:
            self._keep_events(sim.last_events)
        return taken

    def _keep(self, row: Floats) -> None:
        time_of_row = (self.simulation.steps_done - 1) * self.simulation.dt
        with self._changed:
            self._trace.add(np.concatenate([[time_of_row], row])[None])

    def _keep_events(self, events: tuple[NDArray[Any], ...]) -> None:
        _, edge, kind = events
        self._up += int((kind > 0).sum())
        self._down += int((kind < 0).sum())
        with self._changed:
            self._events.add(edge[:, None].astype(np.float64))

    def show(self) -> None:
        """Take a picture and tell everybody."""
        sim = self.simulation
        looked: tuple[NDArray[np.float32], dict[str, NDArray[np.float32]]] = (self._potential, {})
        try:
            looked = self._when_free(self._look)
        except Exception as error:
            self._fail(error)
        self._count()
        with self._changed:
            self._potential, self._values = looked
            self._step, self._time = sim.steps_done, sim.time
            self.picture += 1
            self._changed.notify_all()
        for listener in tuple(self.listeners):
            listener()

    def _count(self) -> None:
        """Say how many steps a second there were, over about a second."""
        (since, first), now, done = self._counted, time.monotonic(), self.simulation.steps_done
        if now - since > RATE_TIME or (self._rate == 0.0 and now > since):
            self._rate = (done - first) / (now - since)
            self._counted = (now, done)

    def _look(self) -> tuple[NDArray[np.float32], dict[str, NDArray[np.float32]]]:
        sim, now = self.simulation, time.monotonic()
        with self._changed:
            self._asked = {name: asked for name, asked in self._asked.items() if now - asked < FORGOTTEN}
            names = self._asked.keys() & VALUES.keys()
        with np.errstate(divide="ignore", over="ignore"):  # they span more decades than a float32 has
            shown = {name: np.log10(np.abs(getattr(sim, VALUES[name]))).astype(np.float32) for name in names}
            return sim.potential.astype(np.float32), shown

    def _when_free(self, use: Callable[[], T]) -> T:
        """Use the simulation; where another thread, as that of a notebook's cells, has it, after that."""
        patience = time.monotonic() + PATIENCE
        while True:
            try:
                return use()
            except SimulationBusy:
                if time.monotonic() > patience:
                    raise
            time.sleep(0.005)

    def _fail(self, error: Exception) -> None:
        self.running = False
        self.error = f"{type(error).__name__}: {error}"


# What a browser may ask for, and what it has to give with that.
COMMANDS: dict[str, tuple[Callable[..., Any], tuple[str, ...]]] = {
    "run": (Player.run, ()),
    "pause": (Player.pause, ()),
    "take": (Player.take, ("steps",)),
    "speed": (Player.set_speed, ("steps",)),
    "turn": (Player.turn, ("electrode", "value")),
    "reset": (Player.reset, ()),
    "tell": (Player.tell, ("kind", "number")),
}
