"""What Sphinx does otherwise here: sections of docstrings that numpydoc does not know, and formulas without JavaScript."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from docutils.utils.math import latex2mathml
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

# Sections of devices and their models, behind those of numpydoc.
OWN = ("States", "Presets", "Equations", "Source")

_cut: dict[str, list[str]] = {}


def cut(_app: Sphinx, _what: str, name: str, _obj: Any, _options: Any, lines: list[str]) -> None:
    """Take our own sections out of a docstring before numpydoc reads it."""
    head, *parts = re.split(r"(?m)^(?=[A-Z][A-Za-z ]+\n-+$)", "\n".join(lines))
    own = [part for part in parts if part.partition("\n")[0] in OWN]
    lines[:] = "".join([head, *(part for part in parts if part not in own)]).split("\n")
    _cut[name] = own


def put_back(_app: Sphinx, _what: str, name: str, _obj: Any, _options: Any, lines: list[str]) -> None:
    """Put our own sections behind what numpydoc made of the others; names with their meanings are a list as they stand."""
    for part in _cut.pop(name, []):
        heading, _, text = part.split("\n", 2)
        lines += ["", f".. rubric:: {heading}", "", *text.rstrip().split("\n"), ""]


def _mathml(translator: HTML5Translator, node: nodes.Element, *, block: bool) -> None:
    found = latex2mathml.tex2mathml(node.astext(), block)
    translator.body.append(f'<div class="math">{found}</div>' if block else found)
    raise nodes.SkipNode


def _inline(translator: HTML5Translator, node: nodes.Element) -> None:
    _mathml(translator, node, block=False)


def _display(translator: HTML5Translator, node: nodes.Element) -> None:
    _mathml(translator, node, block=True)


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx; formulas become MathML, which browsers draw themselves, so that no page loads MathJax from a host."""
    app.connect("autodoc-process-docstring", cut, priority=400)
    app.connect("autodoc-process-docstring", put_back, priority=600)
    app.add_html_math_renderer("mathml", (_inline, None), (_display, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
