"""Long calls of other libraries, made so that Ctrl-C need not wait for their end."""

from __future__ import annotations

import importlib
import sys
import threading
from collections.abc import Callable
from typing import Any


def interruptible(function: Callable[..., Any], *arguments: Any) -> Any:
    """Return function(*arguments), called in a thread of its own while this one waits for it or for a signal.

    For calls that hold no lock and change nothing: after Ctrl-C the call goes on to its end, which nobody sees. What
    memnet's own library computes is stopped instead (csrc/python/job.h).
    """
    answer: list[Any] = []
    failure: list[BaseException] = []

    def work() -> None:
        try:
            answer.append(function(*arguments))
        except BaseException as error:
            failure.append(error)

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    worker.join()
    if failure:
        raise failure[0]
    return answer[0]


def load(module: str) -> None:
    """Import a module of another library as a whole: Ctrl-C halfway would leave a broken half for all later calls."""
    if module not in sys.modules:
        interruptible(importlib.import_module, module)
