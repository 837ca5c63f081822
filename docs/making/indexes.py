"""Pages that list others: notebooks, device models, papers."""

from __future__ import annotations

import inspect
from typing import Any

from making.pages import Files, title
from memnet.devices import MODELS, file_name
from memnet.papers import names

COURSE = "A course: each notebook stands on those before it. They are shown as they were executed, with their outputs."


def of_notebooks(notebooks: dict[str, Any]) -> str:
    """Return the list of notebooks, with what each begins with."""
    lines = []
    for name, notebook in notebooks.items():
        first = notebook["cells"][0]["source"]
        lines.append(f"**[{title(first)}]({name.rpartition('/')[2]})**\n: {first.strip().split(chr(10) * 2)[1]}\n")
    return f"# Tutorials\n\n{COURSE}\n\n" + "\n".join(lines)


def of_models() -> str:
    """Return the table of device models, from their tables."""
    rows = []
    for name, model in MODELS.items():
        told = (inspect.getdoc(model) or "").split("\n\n")[0].replace("\n", " ").replace("|", "\\|")
        fields = model._table["fields"]
        rows.append(f"| [{name}]({file_name(name)}.md) | {told} | {len(fields)} |")
    return "# Device models\n\n| model | what it is | parameters |\n|---|---|---|\n" + "\n".join(rows) + "\n"


def of_papers(files: Files) -> str:
    """Return the list of papers."""
    lines = [f"* [{title(files[f'papers/{name}.md'].decode())}]({name}.md)" for name in names()]
    return "# Papers\n\nPublished figures and statements, made again.\n\n" + "\n".join(lines) + "\n"


def with_classes(files: Files) -> Files:
    """Return the pages of device models with a link to the class, whose docstring has the equations of a text."""
    found = {}
    for name in MODELS:
        page = f"models/{file_name(name)}.md"
        found[page] = files[page] + f"\nAs a class: [memnet.{name}](../api/memnet.devices.{name}.rst).\n".encode()
    return found


def pages(files: Files, notebooks: dict[str, Any]) -> Files:
    """Return these pages by their places in the site."""
    texts = {
        "notebooks/index.md": of_notebooks(notebooks),
        "models/index.md": of_models(),
        "papers/index.md": of_papers(files),
    }
    return with_classes(files) | {name: text.encode() for name, text in texts.items()}
