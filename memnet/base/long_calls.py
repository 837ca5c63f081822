"""What long calls share: Ctrl-C between whole pieces of their work, and a progress bar."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

# From how many units on a bar counts them with prefixes.
SCALED = 10_000


class NoBar:
    """A progress bar that shows nothing."""

    def update(self, n: int) -> None:
        """Show nothing."""


@contextmanager
def progress_bar(shown: bool, total: int, unit: str, done: int = 0) -> Iterator[Any]:
    """Give a bar of tqdm for `total` units of work, some of them done before, or one that shows nothing."""
    if not shown:
        yield NoBar()
        return
    from tqdm.auto import tqdm

    with tqdm(total=total, initial=done, unit=unit, unit_scale=total >= SCALED) as bar:
        yield bar


@contextmanager
def held_interrupt(cancel: Callable[[bool], None] | None = None) -> Iterator[list[bool]]:
    """Note Ctrl-C in a list instead of raising it, so that it never falls between a piece of work and its bookkeeping.

    Whoever sees something in the list stops and raises KeyboardInterrupt. `cancel(True)` is called then, to end a piece
    that takes long, under way or about to begin, and `cancel(False)` in the end. Only where Python's own handler is in
    place, in the main thread; any other handler stays.
    """
    noted: list[bool] = []

    def note(_number: int, _frame: FrameType | None) -> None:
        noted.append(True)
        if cancel is not None:
            cancel(True)

    ours = (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    )
    if not ours:
        yield noted
        return
    signal.signal(signal.SIGINT, note)
    try:
        yield noted
    finally:
        try:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        finally:
            if cancel is not None:
                cancel(False)
