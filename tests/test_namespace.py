"""What tab completion and help offer: every name that is meant, and no other."""

import ast
import importlib
import inspect
import sys
import types
from pathlib import Path

import pytest

import memnet as mn
from memnet.base import rooms


def public_modules():
    """Return memnet and every module that its names lead to, by name."""
    found, waiting = {}, [mn]
    while waiting:
        module = waiting.pop()
        found[module.__name__] = module
        for name in dir(module):
            value = getattr(module, name)
            if isinstance(value, types.ModuleType) and value.__name__ not in found:
                waiting.append(value)
    return found


MODULES = public_modules()
# Constants of papers and tables, which are plain data.
DATA = (int, float, str, dict, tuple, types.MappingProxyType)


def test_e_dir_shows_every_part_of_the_package():
    parts = {"analysis", "devices", "drive", "papers", "plot", "theory"}
    assert parts <= set(dir(mn))
    assert parts <= set(mn.__all__)
    assert {f"memnet.{part}" for part in parts} <= set(MODULES)
    assert set(mn.papers.names()) <= set(dir(mn.papers))
    assert {"TunnelGap", "RateBalance", "ShortCircuit", "percolating"} <= set(dir(mn))


@pytest.mark.parametrize("name", MODULES)
def test_e_a_public_module_offers_only_what_is_meant(name):
    module = MODULES[name]
    offered = [one for one in dir(module) if one != "__version__"]
    assert offered
    assert [one for one in offered if one.startswith("_")] == []
    assert set(module.__all__) - {"__version__"} <= set(offered)
    assert len(set(module.__all__)) == len(module.__all__)
    for one in offered:
        value = getattr(module, one)
        if isinstance(value, types.ModuleType):
            assert value.__name__.startswith("memnet."), one
        elif inspect.isclass(value) or inspect.isroutine(value):
            assert value.__module__.startswith("memnet"), one
            assert inspect.getdoc(value), one
        else:
            assert isinstance(value, DATA), one
    names: dict[str, object] = {}
    exec(f"from {name} import *", names)
    assert set(module.__all__) <= set(names)


@pytest.mark.parametrize("name", MODULES)
def test_e_what_a_module_defines_for_users_is_offered(name):
    """A function with an example in its docstring is meant for users."""
    module = MODULES[name]
    for one, value in vars(module).items():
        mine = getattr(value, "__module__", None) == name and not one.startswith("_")
        if mine and inspect.isroutine(value) and "Examples\n--------" in (inspect.getdoc(value) or ""):
            assert one in dir(module)


@pytest.mark.parametrize(
    "name",
    [
        "memnet.analysis",
        "memnet.arrays",
        "memnet.learn",
        "memnet.plot",
        "memnet.papers.diffusive2017",
        "memnet.papers.electrochemical2023",
        "memnet.papers.nanopores2024",
        "memnet.papers.pnn2025",
    ],
)
def test_type_checkers_see_what_a_room_offers(name):
    """They do not follow the walk over modules; a line a module tells them."""
    room = importlib.import_module(name)
    tree = ast.parse(Path(room.__file__).read_text(encoding="utf-8"))
    read = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    values = [getattr(room, one) for one in room.__all__]
    homes = {value.__module__ for value in values if inspect.isroutine(value)}
    # Classes are at home in the room, but listed where they are made.
    homes |= {
        module.__name__
        for module in rooms.modules(vars(room))
        if any(id(getattr(module, one)) in map(id, values) for one in getattr(module, "__all__", ()))
    }
    assert homes
    assert homes - read == set()


@pytest.fixture
def room(tmp_path, monkeypatch):
    """Return a function that makes a room of modules and imports it."""

    def make(**modules):
        (tmp_path / "made_up").mkdir()
        modules["__init__"] = "from memnet.base import rooms\n\nrooms.offer(globals())\n"
        for name, text in modules.items():
            (tmp_path / "made_up" / f"{name}.py").write_text(text)
        monkeypatch.syspath_prepend(tmp_path)
        return importlib.import_module("made_up")

    yield make
    for name in [name for name in sys.modules if name.split(".")[0] == "made_up"]:
        del sys.modules[name]


def test_a_room_offers_what_its_modules_list(room):
    made = room(
        _b='__all__ = ["two", "one"]\none, two, three = 1, 2, 3\n', _a="four = 4\n", c='__all__ = ["five"]\nfive = 5\n'
    )
    assert made.__all__ == dir(made) == ["five", "one", "two"]
    assert (made.one, made.two, made.five) == (1, 2, 5)
    assert not hasattr(made, "three")
    assert not hasattr(made, "four")


def test_two_modules_of_a_room_cannot_offer_one_name(room):
    with pytest.raises(ImportError, match=r"made_up\._a and made_up\._b both offer 'one'"):
        room(_a='__all__ = ["one"]\none = 1\n', _b='__all__ = ["one"]\none = 2\n')
