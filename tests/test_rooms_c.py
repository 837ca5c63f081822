"""The rooms of csrc/ and the arrows between them, drawn from what its files include (docs/architecture.md)."""

import graphlib
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent / "csrc"

# The rooms whose headers each room may include, besides its own and memnet.h, which is the public one.
ARROWS = {
    "base": set(),
    "network": {"base"},
    "drive": {"base"},
    "circuit": {"base", "network"},
    "equations": {"base"},
    "devices": {"base", "equations"},
    "devices/generated": {"base", "equations", "devices"},
    "simulate": {"base", "network", "drive", "circuit", "devices"},
    "theory": {"base"},
    "python": {"base", "equations", "network", "drive", "circuit", "devices", "simulate", "theory"},
}
# A header that memnet.h is made of, besides lists (.def), which any room may give it.
PUBLIC_PARTS = {"base/numbers.h"}


@dataclass(frozen=True)
class Include:
    """One line `#include "..."`: in which file, and which file it names; both relative to csrc."""

    by: str
    line: int
    target: str


def files(root: Path) -> dict[str, str]:
    """Return the text of each file of C below a folder, by its path there."""
    paths = (path for ending in ("c", "h", "def") for path in root.rglob(f"*.{ending}"))
    return {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def includes(root: Path) -> list[Include]:
    """Return every line that includes a file of ours, which may stand beside the one that includes it."""
    every = []
    for by, text in files(root).items():
        for number, line in enumerate(text.splitlines(), 1):
            match = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
            if match:
                beside = Path(by).parent / match[1]
                target = beside if (root / beside).exists() else Path(match[1])
                every.append(Include(by, number, target.as_posix()))
    return every


def room(path: str) -> str:
    """Return the room of a file, nothing for the public header."""
    return path.rpartition("/")[0]


def backward(root: Path) -> list[str]:
    """Return includes of a room that is not to the left of one's own."""
    bad = []
    for one in includes(root):
        mine, other = room(one.by), room(one.target)
        allowed = ARROWS[mine] | {mine, ""} if mine else {""}
        public_part = not mine and (one.target.endswith(".def") or one.target in PUBLIC_PARTS)
        if other not in allowed and not public_part:
            bad.append(f"{one.by}:{one.line} includes {one.target}")
    return bad


def circles(root: Path) -> list[str]:
    """Return the first circle of files: one uses the .c of each header that it includes."""
    uses: dict[str, set[str]] = {}
    for one in includes(root):
        by, target = (Path(path).with_suffix("").as_posix() for path in (one.by, one.target))
        if by != target:
            uses.setdefault(by, set()).add(target)
    try:
        graphlib.TopologicalSorter(uses).prepare()
    except graphlib.CycleError as error:
        return [" <- ".join(error.args[1])]
    return []


# A function that begins at the start of a line and is not static, and one that is declared.
DEFINITION = re.compile(r"^(?!static|typedef)[a-z][\w \*]*?\b(mn_\w+)\([^;{]*\)\n\{", re.MULTILINE)
DECLARATION = re.compile(r"\b(mn_\w+)\(")
LISTED = re.compile(r"\b(mn_\w+)\b")


def undeclared(root: Path) -> list[str]:
    """Return functions that are seen outside their file, and no header of their room, nor memnet.h, declares."""
    texts = files(root)
    declared: dict[str, set[str]] = {}
    for path, text in texts.items():
        if not path.endswith(".c"):  # a list's names are declared by whoever includes it
            names = DECLARATION if path.endswith(".h") else LISTED
            declared.setdefault(room(path), set()).update(names.findall(text))
    return [
        f"{path} {name}"
        for path, text in texts.items()
        if path.endswith(".c")
        for name in DEFINITION.findall(text)
        if name not in declared.get("", set()) | declared.get(room(path), set())
    ]


# A constant that is seen outside its file, such as a device model.
CONSTANT = re.compile(r"^const \w+ (mn_\w+) = \{", re.MULTILINE)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def calls(root: Path) -> list[str]:
    """Return uses of functions and constants of rooms that may not be included: memnet.h declares those of all."""
    texts = {path: COMMENT.sub("", text) for path, text in files(root).items() if path.endswith((".c", ".h"))}
    home = {
        name: room(path)
        for path, text in texts.items()
        if path.endswith(".c")
        for name in DEFINITION.findall(text) + CONSTANT.findall(text)
    }
    return [
        f"{path} {name}"
        for path, text in texts.items()
        if room(path)
        for name in sorted(set(LISTED.findall(text)) & home.keys())
        if home[name] not in ARROWS[room(path)] | {room(path)}
    ]


def test_every_file_has_a_room():
    assert {room(path) for path in files(ROOT)} - {""} <= set(ARROWS)


@pytest.mark.parametrize("rule", [backward, circles, undeclared, calls])
def test_files_follow_the_arrows(rule):
    assert rule(ROOT) == []


def test_functions_are_seen():
    """The rule about declarations would hold of nothing if it found no function."""
    names = {name for path, text in files(ROOT).items() if path.endswith(".c") for name in DEFINITION.findall(text)}
    assert names >= {"mn_alloc", "mn_solver_solve", "mn_kron_factor", "mn_simulation_run"}


@pytest.mark.parametrize(
    ("rule", "path", "text"),
    [
        (backward, "network/bad.c", '#include "circuit/solver.h"\n'),
        (backward, "base/bad.h", '#  include "network/sets.h"\n'),
        (backward, "devices/bad.c", '#include "circuit/solver.h"\n'),
        (backward, "memnet.h", '#include "base/cancel.h"\n'),
        (circles, "network/sets.h", '#include "pairs.h"\n'),
        (circles, "network/sets.c", '#include "network/pairs.h"\n'),
        (undeclared, "network/bad.c", "int mn_bad(int64_t n,\n           int32_t *a)\n{\n"),
        (undeclared, "network/bad.c", "int mn_solver(void)\n{\n"),
        (calls, "base/bad.c", "static int bad(void)\n{\n    return mn_sets(1);\n}\n"),
    ],
)
def test_the_rules_find_what_is_put_in(tmp_path, rule, path, text):
    tree = {
        "memnet.h": '#include "base/errors.def"\nint mn_public(void);\n',
        "base/errors.def": "",
        "base/cancel.h": '#include "memnet.h"\n',
        "network/sets.h": "int mn_sets(int64_t n);\n",
        "network/pairs.h": '#include "network/sets.h"\n',
        "network/pairs.c": '#include "pairs.h"\n\nint mn_public(void)\n{\n}\n\nint mn_sets(int64_t n)\n{\n}\n',
        "circuit/solver.h": '#include "network/sets.h"\nint mn_solver(void);\n',
    }
    for name, content in tree.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    assert rule(tmp_path) == []
    (tmp_path / path).parent.mkdir(exist_ok=True)
    (tmp_path / path).write_text(tree.get(path, "") + text)
    assert len(rule(tmp_path)) == 1
