"""The pages of the site: those of this repository, with links that fit where the site has them, in sections.

What lies in docs/ keeps its place below the site's root, all else its place below the repository's. A section is a
page, and has its pages in the order in which it links to them, then those that it does not name: the sidebar says what
the page says.
"""

from __future__ import annotations

import fnmatch
import json
import os
import re
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
# Pages that lie elsewhere than in docs/ and notebooks/.
ELSEWHERE = (
    "CHANGELOG.md",
    "CODE_OF_CONDUCT.md",
    "CONTRIBUTING.md",
    "benchmarks/README.md",
    "benchmarks/problems/README.md",
    "news/README.md",
    "scripts/release.md",
)
# What stands in the bar at the top.
TOP = (
    "installation.md",
    "notebooks/index.md",
    "guide.md",
    "recipes/README.md",
    "models/index.md",
    "api/index.rst",
    "gallery.md",
    "papers/index.md",
    "performance.md",
    "guarantees.md",
    "CONTRIBUTING.md",
)
# Sections, and patterns of their pages: a page is in the first whose pattern it fits.
SECTIONS: dict[str, tuple[str, ...]] = {
    "CONTRIBUTING.md": (
        "architecture.md",
        "decisions/README.md",
        "adding-*",
        "CHANGELOG.md",
        "CODE_OF_CONDUCT.md",
        "news/*",
        "scripts/*",
    ),
    "notebooks/index.md": ("notebooks/*",),
    "recipes/README.md": ("recipes/*",),
    "models/index.md": ("models/*",),
    "papers/index.md": ("papers/*",),
    "decisions/README.md": ("decisions/*",),
    "problems.md": ("benchmarks/problems/*",),
    "performance.md": ("benchmarks/README.md",),
    "guide.md": ("*",),
}
LINK = re.compile(r"```.*?```|`[^`]*`|\]\(([^)\s]+)\)", re.DOTALL)
Files = dict[str, bytes]


def place(path: str) -> str:
    """Return where the site has a file, or the page about a folder, of the repository."""
    if (ROOT / path).is_dir():
        path = f"{path}/{'README' if (ROOT / path / 'README.md').exists() else 'index'}.md"
    return "index.md" if path == "README.md" else path.removeprefix("docs/")


def links(text: str) -> list[str]:
    """Return where the links of a page lead, without those of its code and those out of the repository."""
    return [link for link in LINK.findall(text) if link and not urlsplit(link).scheme]


def linked(text: str, page: str) -> list[str]:
    """Return the files and folders of the repository to which a page of it links."""
    paths = (link.partition("#")[0] for link in links(text))
    return [os.path.normpath(PurePosixPath(page).parent / path) for path in paths if path]


def relinked(text: str, page: str) -> str:
    """Return the text of a page with links that lead to the same things in the site."""

    def moved(found: re.Match[str]) -> str:
        link = found[1]
        if not link or link.startswith("#") or urlsplit(link).scheme:
            return found[0]
        path, hash_, anchor = link.partition("#")
        wanted = place(os.path.normpath(PurePosixPath(page).parent / path))
        return f"]({os.path.relpath(wanted, PurePosixPath(place(page)).parent)}{hash_}{anchor})"

    return LINK.sub(moved, text)


def written() -> Files:
    """Return the pages of the repository, and what files of it they link to, by their places in the site."""
    names = [*ELSEWHERE, *(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md"))]
    texts = {name: (ROOT / name).read_text(encoding="utf-8") for name in names}
    files = {place(name): relinked(text, name).encode() for name, text in texts.items()}
    for name, text in texts.items():
        for path in linked(text, name):
            if (ROOT / path).is_file() and path not in texts and not path.endswith((".ipynb", "README.md")):
                files[place(path)] = (ROOT / path).read_bytes()
    return files


def notebooks() -> dict[str, Any]:
    """Return the notebooks as they are stored, with their outputs, by their places in the site."""
    found = {}
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        name = path.relative_to(ROOT).as_posix()
        found[name] = json.loads(path.read_text(encoding="utf-8"))
        for cell in found[name]["cells"]:
            if cell["cell_type"] == "markdown":
                cell["source"] = relinked("".join(cell["source"]), name)
    return found


def title(text: str) -> str:
    """Return the first heading of a page."""
    return re.search(r"^# (.*)$", text, re.MULTILINE)[1].strip()


def _fits(name: str, pattern: str) -> bool:
    return name.count("/") == pattern.count("/") and fnmatch.fnmatch(name, pattern)


def sections(files: Files) -> dict[str, list[str]]:
    """Return the pages of each section in their order; every page of the site but the first is in one.

    Raises
    ------
    ValueError
        A page of no section.
    """
    waiting = {name for name in files if name.endswith((".md", ".ipynb"))} - {"index.md", *TOP}
    found = {"index.md": list(TOP)}
    for section, patterns in SECTIONS.items():
        own = {name for name in waiting if any(_fits(name, pattern) for pattern in patterns)}
        near = dict.fromkeys(name for name in linked(files[section].decode(), section) if name in own)
        found[section] = [*near, *sorted(own - set(near))]
        waiting -= own
    if waiting:
        raise ValueError(f"pages of no section: {', '.join(sorted(waiting))}; see SECTIONS in docs/making/pages.py")
    return found


def tree(names: list[str]) -> str:
    """Return what puts pages into the sidebar, below the page that has it, and shows nothing in its text."""
    places = "\n".join(f"/{name.rpartition('.')[0]}" for name in names)
    return f"\n\n```{{toctree}}\n:hidden:\n\n{places}\n```\n"


def with_trees(files: Files) -> Files:
    """Return the files with the pages of each section in its page."""
    found = sections(files)
    return {name: text + tree(found[name]).encode() if found.get(name) else text for name, text in files.items()}


def write(files: Files, folder: Path) -> None:
    """Make a folder hold these files, and touch only what is another than before, as Sphinx reads what was touched."""
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        if path.relative_to(folder).as_posix() not in files:
            path.unlink()
    for name, content in files.items():
        path = folder / name
        if not path.exists() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
