"""What tab completion and help offer: every name that is meant, and no other."""

import inspect
import types

import pytest

import memnet as mn


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
