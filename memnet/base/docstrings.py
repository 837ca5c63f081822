"""Docstrings in sections: an override, or a function like another one, says only what is its own."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])

_SECTION = re.compile(r"\n\n(?=[A-Z][A-Za-z ]*\n-+\n)")


def like(model: Callable[..., Any]) -> Callable[[Function], Function]:
    """Make a docstring have the sections that it lacks and another one has, in that one's order; not its examples."""

    def complete(function: Function) -> Function:
        own, others = _sections(function), _sections(model)
        head = own.pop("", "")
        parts = [own.pop(title, text) for title, text in others.items() if title not in ("", "Examples")]
        function.__doc__ = "\n\n".join([head, *parts, *own.values()])
        return function

    return complete


def inherit(cls: type) -> None:
    """Make the overrides of a class `like` the methods that they override, where both have docstrings."""
    for name, method in vars(cls).items():
        overridden = getattr(super(cls, cls), name, None)
        if inspect.isfunction(method) and method.__doc__ and overridden is not None and not name.startswith("_"):
            like(overridden)(method)


def _sections(function: Callable[..., Any]) -> dict[str, str]:
    """Return the parts of a docstring by their titles; what comes before the first has the title ""."""
    head, *parts = _SECTION.split(inspect.cleandoc(function.__doc__ or ""))
    return {"": head, **{part.partition("\n")[0]: part for part in parts}}
