"""Points of a sweep that the workers of a dask.distributed cluster compute."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Generator, Sequence
from itertools import islice
from typing import Any

from memnet import _core
from memnet.base import blas, check
from memnet.study._axes import Points
from memnet.study._outcome import Failure, Outcome, evaluate, failure
from memnet.study._workers import packed

# Points that the scheduler knows of at a time: enough for any cluster, few enough for its memory.
AT_A_TIME = 5000


class OneThread:
    """BLAS on one thread while any of the threads of this process computes a point."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._limits: Any = None

    def __enter__(self) -> None:
        with self._lock:
            if self._inside == 0:
                self._limits = blas.one_thread()
                self._limits.__enter__()
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0:
                self._limits.__exit__(None, None, None)


ONE_THREAD = OneThread()


def refuse_other(client: Any) -> None:
    """Raise TypeError for anything but a client of dask.distributed that waits for its results."""
    try:
        from distributed import Client
    except ImportError:
        Client = ()
    if not isinstance(client, Client):
        raise TypeError(
            f"client must be a dask.distributed.Client, got {check.shown(client)} ({type(client).__name__}); it comes"
            ' with pip install "memnet-sim[cluster]"'
        )
    if client.asynchronous:
        raise TypeError("client must not be asynchronous: a sweep waits for its points")


def computed(
    client: Any, function: Callable[..., Any], points: Points, todo: Sequence[int]
) -> Generator[tuple[int, Outcome | Failure], None, None]:
    """Give what a function gives at these points, in the order in which a cluster has them.

    Raises
    ------
    Exception
        A worker cannot load the function.
    """
    from distributed import KilledWorker, as_completed

    # A task of its own, not data: if the worker that has it dies, the scheduler makes it again.
    job = client.submit(bytes, packed(function, points), pure=False)
    rest = iter(todo)
    places: dict[Any, int] = {}

    def submit(most: int) -> list[Any]:
        made = [(client.submit(point, job, k, _core.__version__, pure=False), k) for k in islice(rest, most)]
        places.update(made)
        return [future for future, _ in made]

    try:
        pending = as_completed(submit(AT_A_TIME), with_results=True, raise_errors=False)
        for future, found in pending:
            pending.update(submit(1))
            k = places.pop(future)
            if future.status == "error":
                _, error, _ = found
                if not isinstance(error, KilledWorker):  # not of the function: nothing goes right on this worker
                    raise error
                found = failure(error)
            del future  # so that the cluster lets go of the result
            yield k, found
    finally:
        client.cancel([*places, job])


def point(job: bytes, k: int, version: str) -> Outcome | Failure:
    """Return what the function of a job gives at point k, on a worker."""
    if version != _core.__version__:
        raise RuntimeError(f"this worker has memnet {_core.__version__}, the sweep has {version}")
    function, points = _loaded(job)
    with ONE_THREAD:
        return evaluate(function, points, k)


@functools.lru_cache(maxsize=2)
def _loaded(job: bytes) -> Any:
    import cloudpickle

    return cloudpickle.loads(job)
