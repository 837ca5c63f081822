"""A room whose modules are an open set: it offers what they list, so a new module is named nowhere else."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType
from typing import Any


def modules(namespace: dict[str, Any]) -> list[ModuleType]:
    """Import the modules of a room, of which `namespace` are the globals, and return them."""
    room = namespace["__name__"]
    return [importlib.import_module(f"{room}.{one.name}") for one in pkgutil.iter_modules(namespace["__path__"])]


def close(namespace: dict[str, Any]) -> None:
    """Let `dir` of a room, of which `namespace` are the globals, list what its `__all__` offers and nothing else.

    Its classes are then at home in the room, as help, messages and pickles have it, not in a private module of it.
    """
    names, room = sorted(namespace["__all__"]), namespace["__name__"]
    namespace["__dir__"] = lambda: list(names)
    for value in (namespace[name] for name in names):
        if isinstance(value, type) and value.__module__.startswith(f"{room}."):
            value.__module__ = room


def offer(namespace: dict[str, Any]) -> None:
    """Give a room the names that its modules list in `__all__`, and an `__all__` and a `dir` of these.

    Type checkers do not follow: for them the room imports everything of its modules under TYPE_CHECKING.

    Raises
    ------
    ImportError
        Two modules list one name.
    """
    home: dict[str, str] = {}
    for module in modules(namespace):
        for name in getattr(module, "__all__", ()):
            if name in home:
                raise ImportError(f"{home[name]} and {module.__name__} both offer {name!r}")
            home[name] = module.__name__
            namespace[name] = getattr(module, name)
    namespace["__all__"] = sorted(home)
    close(namespace)
