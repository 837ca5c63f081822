"""The process of a worker: it is given numbers of points, and says what the function gives there."""

from __future__ import annotations

import contextlib
import mmap
import os
import pickle
import signal
import threading
import warnings
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from memnet.base import blas
from memnet.study._outcome import evaluate, failure


def main(connection_file: int, job_file: int) -> None:
    """Answer until nobody asks any more.

    Parameters
    ----------
    connection_file : int
        An open file: the connection to the sweep.
    job_file : int
        An open file that holds the function, the points, and which warnings are shown, pickled.
    """
    _end_with_the_sweep()
    with contextlib.suppress(EOFError, OSError):  # nobody asks any more, or hears the answer
        _answer(Connection(connection_file), job_file)


def _answer(connection: Connection, job_file: int) -> None:
    try:
        import cloudpickle

        with mmap.mmap(job_file, 0, access=mmap.ACCESS_READ) as job:
            function, points, filters = cloudpickle.loads(job)
    except Exception as error:  # a module that is not to be found here, or whatever it does when it is imported
        connection.send(failure(error))
        return
    warnings.filters[:] = filters  # type: ignore[index]
    warnings.showwarning = _shown_once(warnings.showwarning)
    connection.send(None)
    with blas.one_thread():
        while True:
            k = connection.recv()
            try:
                found = evaluate(function, points, k)
            except BaseException as error:  # KeyboardInterrupt of the function's own: Ctrl-C does not come here
                found = failure(error)
            connection.send_bytes(pickle.dumps(found, protocol=5))


def _shown_once(show: Callable[..., None]) -> Callable[..., None]:
    """Return what shows a warning once a line of code: the next point warns of the same in other numbers."""
    seen: set[tuple[Any, ...]] = set()

    def shown(message: Any, category: Any, filename: str, lineno: int, *others: Any, **named: Any) -> None:
        place = (category, filename, lineno)
        if place not in seen:
            seen.add(place)
            show(message, category, filename, lineno, *others, **named)

    return shown


def _end_with_the_sweep() -> None:
    """End this process, whatever it is doing, when the other end of its standard input is gone."""
    lifeline = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)

    def watch() -> None:
        os.read(lifeline, 1)
        os.killpg(0, signal.SIGKILL)  # its own session: this process, and what the function has begun

    threading.Thread(target=watch, daemon=True).start()
