"""What memnet offers to users: its public modules, and every public name in them once."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from types import ModuleType
from typing import Any

import memnet


def public_modules(package: ModuleType = memnet) -> list[ModuleType]:
    """Return memnet and every room and module below it that says what is public, found on the path."""
    found = [package]
    for one in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        if not one.name.rpartition(".")[2].startswith("_"):
            module = importlib.import_module(one.name)
            found += public_modules(module) if one.ispkg else [module]
    return [module for module in found if hasattr(module, "__all__")]


def public_names() -> dict[str, Any]:
    """Return every public function and class by the first name that leads to it; memnet's own names first."""
    found: dict[str, Any] = {}
    for module in public_modules():
        for name in module.__all__:
            value = getattr(module, name)
            if (inspect.isclass(value) or inspect.isroutine(value)) and value not in found.values():
                found[f"{module.__name__}.{name}"] = value
    return found


def members(cls: type) -> dict[str, Any]:
    """Return the public methods and properties of a class that memnet documents, its own before inherited ones."""
    found: dict[str, Any] = {}
    for owner in cls.__mro__:
        if not owner.__module__.startswith("memnet"):
            continue
        for name, member in vars(owner).items():
            told = getattr(member, "__func__", member)
            if not name.startswith("_") and (callable(told) or inspect.isdatadescriptor(told)) and inspect.getdoc(told):
                found.setdefault(name, told)
    return found
