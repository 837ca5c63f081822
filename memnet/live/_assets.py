"""The JavaScript, the style and the page of the live view, as they lie in the package."""

from __future__ import annotations

import functools
import re
from importlib import resources

# The modules in the order in which they need each other, and the entries of the page and of the notebook.
MODULES = (
    "message.js",
    "colours.js",
    "camera.js",
    "webgl.js",
    "canvas.js",
    "trace.js",
    "hover.js",
    "controls.js",
    "view.js",
)
ENTRIES = {"page": "page.js", "notebook": "notebook.js"}
# A line that imports from a sibling, and what stands before what one offers to those.
IMPORT = re.compile(r"^import .*?;\n", re.MULTILINE | re.DOTALL)
EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)


@functools.cache
def script(entry: str) -> str:
    """Return all modules as one: what a notebook loads has no siblings, and the page is to run the same."""
    return "\n".join(EXPORT.sub("", IMPORT.sub("", text(name))) for name in (*MODULES, ENTRIES[entry]))


@functools.cache
def text(name: str) -> str:
    """Return a file of the package."""
    return resources.files("memnet.live").joinpath("web").joinpath(name).read_text(encoding="utf-8")
