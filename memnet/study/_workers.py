"""Processes on this machine that compute the points of a sweep.

Each has a connection of its own and is given one point at a time, so one that dies takes nothing but its point with
it: there is no queue, and no lock, that it could hold. Pools of the standard library and of joblib give up as a whole
when one process dies.
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import warnings
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterator, Sequence
from multiprocessing import Pipe, spawn
from multiprocessing.connection import wait
from typing import Any

from memnet.study._axes import Points
from memnet.study._outcome import Failure, Outcome

# How often a point may end its process: from outside, by a kill or for want of memory, and by its own fault.
MOST_KILLS, MOST_CRASHES = 10, 3
# How often it is looked after workers that say nothing (s): a process that the function left may hold the connection of
# a dead one open, so that nobody hears its end.
LOOK = 1.0
# One thread a process, in all that may know of more.
THREADS = ("OMP", "OPENBLAS", "MKL", "VECLIB", "NUMEXPR", "BLIS")
# Not by the module multiprocessing, whose processes run the user's script again unless it has a guard.
START = "import sys, json; sys.path[:] = json.loads(sys.argv[1]); from memnet.study._worker import main; main({}, {})"


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Worker:
    """One process.

    Attributes
    ----------
    connection : Connection
        To it.
    point : int or None
        What it computes; None where it has nothing to do.
    ready : bool
        Whether it has said that it can.
    """

    def __init__(self, job_file: int) -> None:
        self.connection, theirs = Pipe()
        command = [os.fsdecode(spawn.get_executable()), *(f"-W{one}" for one in sys.warnoptions)]
        environment = {**os.environ, **{f"{name}_NUM_THREADS": "1" for name in THREADS}}
        # A session of its own: Ctrl-C is for the sweep, which ends its workers.
        self._process = subprocess.Popen(
            [*command, "-c", START.format(theirs.fileno(), job_file), json.dumps(sys.path)],
            stdin=subprocess.PIPE,
            pass_fds=(theirs.fileno(), job_file),
            env=environment,
            start_new_session=True,
        )
        theirs.close()
        self.point: int | None = None
        self.ready = False

    def give(self, k: int) -> None:
        """Have it compute point k. One that is dead takes the point too, and says nothing."""
        self.point = k
        with contextlib.suppress(OSError):
            self.connection.send(k)

    @property
    def dead(self) -> bool:
        """Whether its process has ended."""
        return self._process.poll() is not None

    def take(self) -> Outcome | Failure | None:
        """Return what it says; None that it is ready.

        Raises
        ------
        EOFError
            It is dead.
        """
        try:
            if self.dead and not self.connection.poll():
                raise EOFError
            said = self.connection.recv_bytes()
        except OSError as error:
            raise EOFError from error
        found: Outcome | Failure | None = pickle.loads(said)
        return found

    def end(self) -> int:
        """End it at once, with what the function has begun there, and return its exit status, minus the signal."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        status = self._process.wait()
        self.connection.close()
        if self._process.stdin is not None:
            self._process.stdin.close()
        return status


class Workers:
    """Some processes, and the points that are still to be given to them."""

    def __init__(self, job_file: int, todo: Sequence[int], count: int) -> None:
        self._job_file = job_file
        self._todo = deque(todo)
        self._ends: Counter[tuple[int, bool]] = Counter()  # of a point, from outside or not
        self._lost_starts = 0
        self._workers: list[Worker] = []
        for _ in range(min(count, len(todo))):
            self._start()

    def _start(self) -> None:
        self._workers.append(Worker(self._job_file))
        self._next(self._workers[-1])

    def _next(self, worker: Worker) -> None:
        worker.point = None
        if self._todo:
            worker.give(self._todo.popleft())

    def results(self) -> Iterator[tuple[int, Outcome | Failure]]:
        """Give the points as they are done.

        Raises
        ------
        RuntimeError
            Processes die before they could begin.
        """
        while any(worker.point is not None for worker in self._workers):
            at = {worker.connection: worker for worker in self._workers if worker.point is not None}
            for connection in wait(list(at), LOOK) or [one for one, worker in at.items() if worker.dead]:
                yield from self._heard(at[connection])  # type: ignore[index]

    def _heard(self, worker: Worker) -> Iterator[tuple[int, Outcome | Failure]]:
        k = worker.point
        assert k is not None
        try:
            said = worker.take()
        except EOFError:
            yield from self._lost(worker, k)
            return
        if worker.ready and said is not None:
            self._next(worker)
            yield k, said
        elif isinstance(said, Failure):
            raise said.error()
        else:
            worker.ready, self._lost_starts = True, 0

    def _lost(self, worker: Worker, k: int) -> Iterator[tuple[int, Outcome | Failure]]:
        """Put another process in the place of one that is dead, and have its point computed again."""
        self._workers.remove(worker)
        status = worker.end()
        outside = -status in (signal.SIGKILL, signal.SIGTERM)
        if worker.ready:
            self._ends[k, outside] += 1
        else:
            self._lost_starts += 1
        if self._lost_starts > MOST_KILLS:
            raise RuntimeError(f"workers cannot start: {self._lost_starts} processes ended ({_said(status)}) before it")
        ends = self._ends[k, outside]
        if ends >= (MOST_KILLS if outside else MOST_CRASHES):
            yield k, Failure("RuntimeError", f"its process ended {ends} times, the last time by {_said(status)}")
        else:
            self._todo.appendleft(k)
        if self._todo:
            self._start()

    def end(self) -> None:
        """End all processes at once; they hold nothing."""
        for worker in self._workers:
            worker.end()


def _said(status: int) -> str:
    return f"signal {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"


def packed(function: Callable[..., Any], *others: Any) -> bytes:
    """Return a function, and what goes with it, as it is sent to other processes.

    Raises
    ------
    TypeError
        It holds something that belongs to this process.
    """
    import cloudpickle

    try:
        return bytes(cloudpickle.dumps((function, *others)))
    except Exception as error:  # whatever objects of others say
        raise TypeError(
            f"function and the values of axes must be such as can be sent to other processes: {error}; workers=1 calls"
            " it in this one"
        ) from error


def computed(
    function: Callable[..., Any], points: Points, todo: Sequence[int], count: int
) -> Generator[tuple[int, Outcome | Failure], None, None]:
    """Give what a function gives at these points, in the order in which they are done, from so many processes."""
    with tempfile.TemporaryFile() as job:
        job.write(packed(function, points, warnings.filters))
        job.flush()
        workers = Workers(job.fileno(), todo, count)
        try:
            yield from workers.results()
        finally:
            workers.end()
