"""The pages of the API: one a public name with its docstring, one a public module with a table of its names."""

from __future__ import annotations

import inspect
import pprint
import re
from types import ModuleType
from typing import Any

from making import gallery
from making.extension import plain_bars
from making.names import members, public_modules, public_names
from memnet.devices import MODELS, file_name

ROOT_MODULE = "memnet"
# Pages that show what their example draws.
DRAWING = {f"memnet.plot.{name}" for name in gallery.DRAW}


def heading(text: str, line: str = "=") -> str:
    """Return a heading as reStructuredText has it."""
    return f"{text}\n{line * len(text)}\n"


def first_line(value: Any) -> str:
    """Return what a docstring says first, without marks of references, which stay on the page of the name."""
    text = (inspect.getdoc(value) or "").split("\n\n")[0].replace("\n", " ")
    return plain_bars(re.sub(r" \[\w+\]_(?!\w)", "", text))


def page_of_function(name: str) -> str:
    """Return the page of a function."""
    short = name.rpartition(".")[2]
    drawn = f"\n.. image:: /gallery/plot_{short}.png\n" if name in DRAWING else ""
    return f"{heading(short)}\n.. autofunction:: {name}\n{drawn}"


def page_of_class(name: str, cls: type) -> str:
    """Return the page of a class with its methods and properties; those of a device are told in its parameters."""
    shown = list(members(cls))
    if cls in MODELS.values():
        fields = {field["name"] for field in cls._table["fields"]}
        shown = [member for member in shown if member in vars(cls) and member not in fields]
    option = f"   :members: {', '.join(shown)}\n" if shown else ""
    more = f"\n.. seealso:: :doc:`/models/{file_name(cls.__name__)}`\n" if cls in MODELS.values() else ""
    directive = "autoexception" if issubclass(cls, BaseException) else "autoclass"
    return f"{heading(name.rpartition('.')[2])}\n.. {directive}:: {name}\n{option}{more}"


def page_of_module(module: ModuleType, homes: dict[int, str], below: list[str]) -> str:
    """Return the page of a module: what it is for, its names, and its constants with their values."""
    rows, data, own = [], [], []
    for name in sorted(module.__all__, key=str.lower):
        value = getattr(module, name)
        full = f"{module.__name__}.{name}"
        if isinstance(value, ModuleType):
            continue
        if id(value) in homes:
            home = homes[id(value)]
            own += [home] if home == full else []
            rows.append(f"   * - :doc:`{name} </api/{home}>`\n     - {first_line(value)}\n")
        else:
            shown = pprint.pformat(value, width=100, compact=True)
            text = "\n".join(f"      {line}" for line in shown.splitlines()[:40])
            data.append(f".. py:data:: {full}\n\n   {type(value).__name__}::\n\n{text}\n")
    trees = "\n".join(f"   /api/{name}" for name in [*below, *own])
    parts = [
        heading("API" if module.__name__ == ROOT_MODULE else module.__name__),
        f".. py:module:: {module.__name__}\n",
        f"{inspect.getdoc(module) or ''}\n",
        ".. list-table::\n   :widths: 30 70\n\n" + "".join(rows) if rows else "",
        heading("Constants", "-") + "\n" + "\n".join(data) if data else "",
        f".. toctree::\n   :hidden:\n\n{trees}\n",
    ]
    return "\n".join(part for part in parts if part)


def pages() -> dict[str, str]:
    """Return the pages of the API by their places in the site."""
    public = public_names()
    homes = {id(value): name for name, value in public.items()}
    found = {
        f"api/{name}.rst": page_of_class(name, value) if inspect.isclass(value) else page_of_function(name)
        for name, value in public.items()
    }
    modules = {module.__name__: module for module in public_modules()}
    for name, module in modules.items():
        below = [other for other in modules if other.rpartition(".")[0] == name]
        where = "index" if name == ROOT_MODULE else name
        found[f"api/{where}.rst"] = page_of_module(module, homes, below)
    return found
