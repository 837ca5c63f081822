"""BLAS on one thread: more are slower for the small matrices here, and give other bits."""

from __future__ import annotations

import contextlib
from typing import Any


def one_thread() -> contextlib.AbstractContextManager[Any]:
    """Return a context in which BLAS runs on one thread."""
    try:
        from threadpoolctl import threadpool_limits
    except ImportError:
        return contextlib.nullcontext()
    limits: contextlib.AbstractContextManager[Any] = threadpool_limits(limits=1, user_api="blas")
    return limits
