"""The recipes of docs/adding-*.md, carried out word by word in a copy of the tree: what they say works today.

A heading that ends in a path says which file the block below it goes to: a new one, or an old one, at its end or after
the line that the text before the block quotes ("After `...`:"). Blocks of `>>>` lines are a session, whose answers are
compared. The blocks of shell commands are run last.
"""

import contextlib
import doctest
import io
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import tree
from tree import ROOT

RECIPES = {path.stem.removeprefix("adding-"): path for path in sorted((ROOT / "docs").glob("adding-*.md"))}
HEADING = re.compile(r"^## [^\n]*?: ([\w./-]+\.\w+)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def edits(text):
    """Return the edits of a recipe: file, line to insert after or None, and the text."""
    for path, section in HEADING.findall(text):
        block = BLOCK.search(section)
        after = re.search(r"\bAfter\s+`([^\n`]+)`:", section[: block.start()])
        yield path, after and after[1], block[2]


def carry_out(text, folder):
    """Make the edits of a recipe."""
    for path, after, code in edits(text):
        place = folder / path
        if not place.exists():
            place.write_text(code, encoding="utf-8")
            continue
        old = place.read_text(encoding="utf-8")
        line = old if after is None else f"{after}\n"
        assert old.count(line) == 1, f"{path} has the line {after!r} {old.count(line)} times"
        place.write_text(old.replace(line, line + code), encoding="utf-8")


def session(text):
    """Return the examples of a recipe's sessions, in order."""
    blocks = (code for kind, code in BLOCK.findall(text) if kind == "python" and code.startswith(">>>"))
    return [one for code in blocks for one in doctest.DocTestParser().get_examples(code)]


def answers(text):
    """Run a recipe's sessions and return what differs: what was typed, the answer wanted, the answer given."""
    names, differ = {}, []
    for one in session(text):
        said, raised = io.StringIO(), ""
        with contextlib.redirect_stdout(said):
            try:
                exec(compile(one.source, "recipe", "single"), names)
            except Exception as error:
                raised = f"{type(error).__name__}: {error}\n"
        answer = said.getvalue() + raised
        if (one.want or raised) and answer != one.want:
            differ.append((one.source, one.want, answer))
    return differ


def commands(text):
    """Return the shell commands of a recipe, as lists of words."""
    lines = (line for kind, code in BLOCK.findall(text) if kind == "sh" for line in code.splitlines())
    return [shlex.split(line) for line in lines if line != "make build"]


def programs(words):
    """Return a command with the programs of .venv replaced by those of this interpreter."""
    name = words[0].removeprefix(".venv/bin/")
    if name == words[0]:
        return words
    return [sys.executable, *words[1:]] if name == "python" else [sys.executable, "-m", name, *words[1:]]


def run(*command, cwd, path):
    environment = {**os.environ, "PYTHONPATH": f"{path}{os.pathsep}{path / 'tests'}"}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=1200)
    assert done.returncode == 0, f"{shlex.join(map(str, command))}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return done.stdout


def of_c(name):
    return any(path.startswith("csrc/") for path, _, _ in edits(RECIPES[name].read_text(encoding="utf-8")))


# Those that compile, or whose checks go through all kinds of analyses, networks and shapes, take from 8 s to minutes.
LONG = {name for name in RECIPES if of_c(name)} | {"a-figure", "an-analysis", "a-network", "an-electrode-shape"}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow if name in LONG else ()) for name in RECIPES]
)
def test_a_recipe_works_as_written(name, tmp_path):
    text = RECIPES[name].read_text(encoding="utf-8")
    folder = tmp_path / "copy"
    tree.copy(folder)
    carry_out(text, folder)
    if of_c(name):
        run(sys.executable, "setup.py", "-q", "build_ext", "--inplace", cwd=folder, path=folder)
    else:
        (core,) = (ROOT / "memnet").glob("_core.*.so")
        (folder / "memnet" / core.name).symlink_to(core)
    ask = (
        "import pathlib, memnet, test_recipes; print(memnet.__file__); "
        f"print(test_recipes.answers(pathlib.Path({str(RECIPES[name])!r}).read_text()))"
    )
    place, differ = run(sys.executable, "-c", ask, cwd=tmp_path, path=folder).splitlines()
    assert Path(place) == folder / "memnet" / "__init__.py"
    assert differ == "[]"
    for words in commands(text):
        run(*programs(words), cwd=folder, path=folder)


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_has_edits_a_session_and_commands(name):
    text = RECIPES[name].read_text(encoding="utf-8")
    assert list(edits(text))
    assert session(text)
    assert any("pytest" in words for words in commands(text))


def test_contributing_links_every_recipe():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"\]\(docs/(adding-[\w-]+\.md)\)", text)) == sorted(path.name for path in RECIPES.values())


RECIPE = """# Adding a line

## One line: old.txt

After `two`:

```text
two and a half
```

## One file: new.txt

```text
new
```

```python
>>> 1 + 1
3
>>> int("x")
ValueError: invalid literal for int() with base 10: 'x'
>>> one = 1
>>> two = int("y")
```
"""


def test_what_a_recipe_says_is_done_and_compared(tmp_path):
    (tmp_path / "old.txt").write_text("one\ntwo\nthree\n")
    carry_out(RECIPE, tmp_path)
    assert (tmp_path / "old.txt").read_text() == "one\ntwo\ntwo and a half\nthree\n"
    assert (tmp_path / "new.txt").read_text() == "new\n"
    unasked = "ValueError: invalid literal for int() with base 10: 'y'\n"
    assert answers(RECIPE) == [("1 + 1\n", "3\n", "2\n"), ('two = int("y")\n', "", unasked)]
    with pytest.raises(AssertionError, match="has the line 'two' 0 times"):
        carry_out(RECIPE.replace("new.txt", "newer.txt"), _without_two(tmp_path))


def _without_two(folder):
    (folder / "old.txt").write_text("one\n")
    return folder
