"""A room whose modules are an open set: it offers what they list, so a new module is named nowhere else."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections.abc import Mapping
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


def offer_later(namespace: dict[str, Any], homes: Mapping[str, str], package: str, extra: str) -> None:
    """Let a room offer names whose modules need a package that is heavy, or not there: imported when first asked for.

    Without the package they are not among what the room lists, and asking for one says how to get it.

    Parameters
    ----------
    namespace : dict
        The globals of the room, behind `offer`.
    homes : mapping
        The module of each name, inside the room.
    package : str
        What the modules import.
    extra : str
        The extra of memnet-sim that brings it.
    """
    room = namespace["__name__"]
    missing = importlib.util.find_spec(package) is None

    def of_a_module(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {room!r} has no attribute {name!r}")
        if missing:
            raise ImportError(f'{room}.{name} needs {package}: pip install "memnet-sim[{extra}]"')
        value = getattr(importlib.import_module(f"{room}.{homes[name]}"), name)
        if isinstance(value, type):  # functions say where they are written, here as in `offer`
            value.__module__ = room
        namespace[name] = value
        return value

    namespace["__getattr__"] = of_a_module
    if not missing:
        namespace["__all__"] = names = sorted([*namespace["__all__"], *homes])
        namespace["__dir__"] = lambda: list(names)
