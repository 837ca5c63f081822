"""The process of a worker: it is given numbers of points, and says what the function gives there."""

from __future__ import annotations

import mmap
import os
import pickle
import threading
from multiprocessing.connection import Connection

from memnet.base import blas
from memnet.study._outcome import evaluate, failure


def main(connection_file: int, job_file: int) -> None:
    """Answer until nobody asks any more.

    Parameters
    ----------
    connection_file : int
        An open file: the connection to the sweep.
    job_file : int
        An open file that holds the function and the points, pickled.
    """
    _end_with_the_sweep()
    connection = Connection(connection_file)
    try:
        import cloudpickle

        with mmap.mmap(job_file, 0, access=mmap.ACCESS_READ) as job:
            function, points = cloudpickle.loads(job)
    except Exception as error:  # a module that is not to be found here, or whatever it does when it is imported
        connection.send(failure(error))
        return
    connection.send(None)
    with blas.one_thread():
        while True:
            try:
                k = connection.recv()
            except EOFError:
                return
            connection.send_bytes(pickle.dumps(evaluate(function, points, k), protocol=5))


def _end_with_the_sweep() -> None:
    """End this process, whatever it is doing, when the other end of its standard input is gone."""
    lifeline = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)

    def watch() -> None:
        os.read(lifeline, 1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
