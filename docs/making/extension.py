"""What Sphinx does otherwise here: sections that numpydoc does not know, and formulas without JavaScript."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from docutils.utils.math import latex2mathml
from numpydoc.docscrape import NumpyDocString
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

# Sections of device models, shown behind those of numpydoc.
OWN = ("States", "Presets", "Equations", "Source")
# |v| is a magnitude here; reStructuredText would look for a substitution.
MAGNITUDE = re.compile(r"\|(\(?\w[^|\n]*)\|")

_own: dict[str, list[str]] = {}


def plain_bars(text: str) -> str:
    """Return prose in which the bars of magnitudes are only bars."""
    return text if text.lstrip().startswith((">>>", "...")) else MAGNITUDE.sub(r"\|\1\|", text)


def before(_app: Sphinx, _what: str, name: str, _obj: Any, _options: Any, lines: list[str]) -> None:
    """Keep our own sections of a docstring, as numpydoc leaves them out."""
    parts = re.split(r"(?m)^(?=[A-Z][A-Za-z ]+\n-+$)", "\n".join(lines))
    _own[name] = [part for part in parts if part.partition("\n")[0] in OWN]
    lines[:] = [plain_bars(line) for line in lines]


def after(_app: Sphinx, _what: str, name: str, _obj: Any, _options: Any, lines: list[str]) -> None:
    """Put our own sections behind the others; names with their meanings are lists as they stand."""
    for part in _own.pop(name, []):
        heading, _, text = part.split("\n", 2)
        body = text.rstrip().split("\n")
        lines += ["", f".. rubric:: {heading}", "", *(body if heading == "Equations" else map(plain_bars, body)), ""]


def _mathml(translator: HTML5Translator, node: nodes.Element, *, block: bool) -> None:
    found = latex2mathml.tex2mathml(node.astext(), block)
    translator.body.append(f'<div class="math">{found}</div>' if block else found)
    raise nodes.SkipNode


def _inline(translator: HTML5Translator, node: nodes.Element) -> None:
    _mathml(translator, node, block=False)


def _display(translator: HTML5Translator, node: nodes.Element) -> None:
    _mathml(translator, node, block=True)


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx; formulas become MathML, which browsers draw themselves: no page loads MathJax from a host."""
    NumpyDocString.sections = {**NumpyDocString.sections, **dict.fromkeys(OWN, "")}
    app.connect("autodoc-process-docstring", before, priority=400)
    app.connect("autodoc-process-docstring", after, priority=600)
    app.add_html_math_renderer("mathml", (_inline, None), (_display, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
