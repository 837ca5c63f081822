"""The rooms of memnet/ and the arrows between them, drawn from the sources: docs/architecture.md shows them."""

import ast
import functools
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent / "memnet"

# The rooms that each room may import, as docs/architecture.md draws them, and those that these may.
ARROWS = {
    "base": (),
    "network": ("base",),
    "drive": ("base",),
    "equations": ("base",),
    "devices": ("network", "drive", "equations"),
    "circuit": ("network", "drive"),
    "simulate": ("devices", "circuit"),
    "response": ("simulate",),
    "study": ("simulate",),
    "theory.exact": ("network",),
    "theory.fields": ("theory.exact", "simulate"),
    "theory.fits": ("base",),
    "theory.steady": ("simulate",),
    "theory.transitions": ("theory.fields",),
    "theory": ("theory.fits", "theory.steady", "theory.transitions"),
    "analysis": ("simulate",),
    "arrays": ("simulate",),
    "learn": ("simulate",),
    "electrochemistry": ("base",),
    "spice": ("simulate",),
    "plot": ("simulate", "analysis", "theory"),
    "papers": ("plot", "response", "study", "spice", "electrochemistry", "arrays"),
    "live": ("study",),
    "cli": ("papers", "live"),
}


@dataclass(frozen=True)
class Import:
    """One imported module or name: from which module, in which line, and whether inside a function."""

    by: str
    line: int
    target: str  # dotted, without "memnet."
    inside_function: bool


def modules(root: Path) -> dict[str, Path]:
    """Return the modules below a folder by their dotted names, without that of the folder."""
    paths = {path.relative_to(root).with_suffix("").as_posix().replace("/", "."): path for path in root.rglob("*.py")}
    return {name.removesuffix("__init__").removesuffix("."): path for name, path in paths.items()}


@functools.cache
def nodes(text: str) -> list[ast.AST]:
    """Return everything in the source of a module."""
    return list(ast.walk(ast.parse(text)))


def imports(root: Path) -> list[Import]:
    """Return everything of memnet, but for the C library, that its modules import: anywhere, for types only, too."""
    return [one for by, path in modules(root).items() for one in imports_of(by, path.read_text(encoding="utf-8"))]


@functools.cache
def imports_of(by: str, text: str) -> list[Import]:
    """Return those of one module."""
    found = []
    inside = {
        id(node)
        for function in nodes(text)
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        for node in ast.walk(function)
    }
    for node in nodes(text):
        names: Iterable[str] = ()
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{by}:{node.lineno} imports relative to its place"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            if (name == "memnet" or name.startswith("memnet.")) and not name.startswith("memnet._core"):
                target = name.removeprefix("memnet").removeprefix(".")
                found.append(Import(by, node.lineno, target, id(node) in inside))
    return found


def room(name: str) -> str:
    """Return the room of a module: its folder, in theory with the drawer; of memnet itself nothing."""
    parts = name.split(".")
    two = ".".join(parts[:2])
    return two if two in ARROWS else parts[0] if parts[0] in ARROWS else ""


def module(target: str, known: Iterable[str]) -> str:
    """Return the module that an imported name is, or is of."""
    while target and target not in known:
        target = target.rpartition(".")[0]
    return target


def reachable(start: str) -> set[str]:
    """Return the rooms that a room may import."""
    below, waiting = set(), [start]
    while waiting:
        for one in ARROWS[waiting.pop()]:
            if one not in below:
                below.add(one)
                waiting.append(one)
    return below


def backward(root: Path) -> list[Import]:
    """Return imports against the arrows: of a room that is not below one's own; of memnet itself by a room."""
    known = modules(root)
    bad = []
    for one in imports(root):
        mine, other = room(one.by), room(one.target)
        if mine and other != mine and other not in reachable(mine):
            bad.append(one)
        assert room(one.by) or one.by in ("", "__main__"), f"{one.by} has no room: ARROWS and docs/architecture.md"
    assert all(room(name) or name in ("", "__main__") for name in known)
    return bad


def private(root: Path) -> list[Import]:
    """Return imports of another room's private module or name, or past its `__init__`; base has open modules."""
    bad = []
    for one in imports(root):
        mine, other = room(one.by), room(one.target)
        beyond = one.target.removeprefix(other).removeprefix(".").split(".")
        hidden = any(part.startswith("_") for part in beyond)
        if other not in ("", mine) and (hidden or (other != "base" and len(beyond) > 1)):
            bad.append(one)
    return bad


def lazy(root: Path) -> list[Import]:
    """Return imports of memnet inside functions: only weight is a reason, and memnet has none."""
    return [one for one in imports(root) if one.inside_function]


# Where a module is found by its name at run time: of an open set, or when it is first asked for.
BY_NAME = {"", "base.job", "base.rooms", "cli", "network", "papers._registry"}


def by_name(root: Path) -> list[Import]:
    """Return imports that no rule above sees: by a name made at run time, where that is nobody's job."""
    bad = []
    for by, path in modules(root).items():
        for node in nodes(path.read_text(encoding="utf-8")):
            used = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
            of_sys = used == "modules" and ast.unparse(node) == "sys.modules"
            if (used in ("import_module", "__import__") or of_sys) and by not in BY_NAME:
                bad.append(Import(by, node.lineno, ast.unparse(node), False))
    return bad


def circles(root: Path) -> list[list[str]]:
    """Return modules that import each other in a circle, for types only or not."""
    known = modules(root)
    arrows: dict[str, set[str]] = {name: set() for name in known}
    for one in imports(root):
        target = module(one.target, known)
        if target != one.by:
            arrows[one.by].add(target)
    return [sorted(part) for part in components(arrows) if len(part) > 1]


def components(arrows: dict[str, set[str]]) -> list[list[str]]:
    """Return the strongly connected components of a graph, after Tarjan."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(name: str) -> None:
        order[name] = low[name] = len(order)
        stack.append(name)
        for other in sorted(arrows[name]):
            if other not in order:
                visit(other)
            if other in stack:
                low[name] = min(low[name], low[other])
        if low[name] == order[name]:
            part = []
            while not part or part[-1] != name:
                part.append(stack.pop())
            found.append(part)

    for name in arrows:
        if name not in order:
            visit(name)
    return found


def lines(found: list[Import]) -> list[str]:
    return [f"memnet/{one.by.replace('.', '/')}.py:{one.line} imports {one.target}" for one in found]


@pytest.mark.parametrize("rule", [backward, private, lazy, by_name])
def test_imports_follow_the_arrows(rule):
    assert lines(rule(ROOT)) == []


def test_no_circle_of_modules():
    assert circles(ROOT) == []


def test_modules_of_rooms_are_private():
    """A room is imported through its __init__. base, the papers and the command line are open."""
    open_rooms = ("", "base", "papers", "cli")
    named = [name for name in modules(ROOT) if "." in name and room(name) not in open_rooms and name not in ARROWS]
    assert [name for name in named if not name.rpartition(".")[2].startswith("_")] == []


def put(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)


@pytest.mark.parametrize(
    ("rule", "path", "text"),
    [
        (backward, "network/_bad.py", "from memnet.devices import Device\n"),
        (backward, "circuit/_bad.py", "import memnet as mn\n"),
        (backward, "base/bad.py", "from memnet import drive\n"),
        (private, "plot/_bad.py", "from memnet.simulate._engine import Engine\n"),
        (private, "plot/_bad.py", "from memnet.network import _network\n"),
        (private, "plot/_bad.py", "from memnet.base.check import _with_mask\n"),
        (lazy, "plot/_bad.py", "def f():\n    from memnet.network import Network\n    return Network\n"),
        (by_name, "plot/_bad.py", "import importlib\nx = importlib.import_module('memnet.network')\n"),
        (by_name, "plot/_bad.py", "import sys\nx = sys.modules['memnet.network']\n"),
        (circles, "base/bad.py", "from memnet.base.worse import x\n"),
        (circles, "base/bad.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import memnet.base.worse\n"),
    ],
)
def test_the_rules_find_what_is_put_in(tmp_path, rule, path, text):
    put(tmp_path, "base/worse.py", "from memnet.base.bad import y\n" if rule is circles else "")
    for name in ("network", "devices", "drive", "circuit", "simulate", "plot"):
        put(tmp_path, f"{name}/__init__.py", "")
    put(tmp_path, "network/_network.py", "from memnet.base import worse\n")
    if rule is not circles:
        assert rule(tmp_path) == []
    put(tmp_path, path, text)
    assert len(rule(tmp_path)) == 1


def private_attributes(root: Path) -> list[str]:
    """Return uses of `x._name` where another room gives something that name, and no module of the own room does."""
    used: list[tuple[str, str, int, str]] = []
    given: dict[str, set[str]] = {}
    for name, path in modules(root).items():
        mine = given.setdefault(room(name), set())
        mine.add(name.rpartition(".")[2])
        for node in nodes(path.read_text(encoding="utf-8")):
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                mine.add(node.name)
            elif isinstance(node, ast.Name):
                mine.add(node.id)
            elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__slots__":
                mine.update(one.value for one in ast.walk(node.value) if isinstance(one, ast.Constant))
            elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("getattr", "setattr", "hasattr", "delattr"):
                asked = node.args[1]
                if isinstance(asked, ast.Constant) and asked.value.startswith("_") and not asked.value.startswith("__"):
                    used.append((name, room(name), node.lineno, asked.value))
            elif isinstance(node, ast.alias):
                mine.add(node.asname or node.name)
            elif isinstance(node, ast.Attribute) and node.attr.startswith("_") and not node.attr.startswith("__"):
                if isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"):
                    mine.add(node.attr)
                else:
                    used.append((name, room(name), node.lineno, node.attr))
    return [
        f"{name}:{line} {attribute}"
        for name, mine, line, attribute in used
        if attribute not in given[mine] and any(attribute in names for names in given.values())
    ]


def test_no_room_uses_private_attributes_of_another():
    assert private_attributes(ROOT) == []


def test_private_attributes_of_another_room_are_found(tmp_path):
    put(tmp_path, "network/_network.py", "class Network:\n    def __init__(self):\n        self._edges = []\n")
    put(tmp_path, "plot/_map.py", "def edges(net):\n    return net._edges, net._of_another_library\n")
    put(tmp_path, "plot/_by_word.py", "def edges(net):\n    return getattr(net, '_edges')\n")
    put(tmp_path, "plot/_by_module.py", "def edges(room):\n    return room._network\n")
    found = ["plot._by_module:2 _network", "plot._by_word:2 _edges", "plot._map:2 _edges"]
    assert sorted(private_attributes(tmp_path)) == found
