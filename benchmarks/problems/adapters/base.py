"""What an adapter is: a class whose methods are named after the problems that its code can take."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Answer = Mapping[str, Any]


class Adapter:
    """A code that takes part; `solve` is all that `score.py` asks for.

    A method `wire_pulses(problem)` answers the problem "wire-pulses", given as the dict of its file without the
    reference: it returns a dict with an array for each key of ``problem["ask"]`` and, if the code counts them, "steps".
    Problems without a method are not tried.
    """

    name = "unnamed"

    def solve(self, problem: dict[str, Any]) -> Answer | None:
        """Return the answer to a problem, or None where the code has none."""
        method: Callable[[dict[str, Any]], Answer] | None = getattr(self, problem["name"].replace("-", "_"), None)
        return None if method is None else method(problem)
