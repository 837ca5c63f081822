"""The gallery: what the notebooks drew, and what the examples of memnet.plot draw, as thumbnails that lead there."""

from __future__ import annotations

import base64
import doctest
import inspect
import io
import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import matplotlib

matplotlib.use("Agg")

from matplotlib import pyplot
from PIL import Image

import memnet as mn
from making.pages import ROOT

WIDTH = 400  # pixels of a thumbnail
# Functions of memnet.plot whose examples leave a picture; a film and classes do not.
DRAW = tuple(name for name in mn.plot.__all__ if inspect.isfunction(getattr(mn.plot, name)) and name != "animate")


@dataclass(frozen=True)
class Picture:
    """A picture of the site.

    Attributes
    ----------
    name : str
        Of its file in gallery/, without `.png`.
    caption : str
        What it shows.
    page : str
        Where it comes from, a place in the site without its ending.
    png : bytes
        Itself.
    """

    name: str
    caption: str
    page: str
    png: bytes

    def thumbnail(self) -> bytes:
        """Return it small."""
        with Image.open(io.BytesIO(self.png)) as whole:
            small = whole.convert("RGB")
        small.thumbnail((WIDTH, WIDTH))
        file = io.BytesIO()
        small.save(file, "png", optimize=True)
        return file.getvalue()


def of_notebooks(notebooks: dict[str, Any]) -> list[Picture]:
    """Return the pictures of the notebooks as they are stored, each with the heading above it."""
    found = []
    for name, notebook in notebooks.items():
        page, caption = name.removesuffix(".ipynb"), ""
        for cell in notebook["cells"]:
            if cell["cell_type"] == "markdown":
                caption = ([caption, *re.findall(r"^#+ (.*)$", cell["source"], re.MULTILINE)])[-1]
            for output in cell.get("outputs", []):
                if "image/png" in output.get("data", {}):
                    png = base64.b64decode("".join(output["data"]["image/png"]))
                    found.append(Picture(f"{page.rpartition('/')[2]}_{len(found)}", caption, page, png))
    return found


def of_plots() -> list[Picture]:
    """Return what the examples of memnet.plot draw, the last figure of each."""
    found = []
    for name in DRAW:
        value = getattr(mn.plot, name)
        examples = doctest.DocTestParser().get_doctest(inspect.getdoc(value), {}, name, None, 0)
        doctest.DocTestRunner().run(examples, out=lambda _: None)
        file = io.BytesIO()
        pyplot.gcf().savefig(file, dpi=80, bbox_inches="tight")
        pyplot.close("all")
        found.append(Picture(f"plot_{name}", f"mn.plot.{name}", f"api/memnet.plot.{name}", file.getvalue()))
    return found


def of_pages() -> list[Picture]:
    """Return the pictures that pages and papers show, each with the page that shows it first."""
    found: dict[str, Picture] = {}
    for path in sorted((ROOT / "docs").rglob("*.md")):
        page = path.relative_to(ROOT / "docs").as_posix()
        text = path.read_text(encoding="utf-8")
        for caption, link in re.findall(r"!\[([^\]]*)\]\(([^)]+\.png)\)", text):
            name = PurePosixPath(link).stem
            png = (path.parent / link).read_bytes()
            found.setdefault(name, Picture(f"page_{name}", " ".join(caption.split()), page.removesuffix(".md"), png))
    return list(found.values())


def _grid(pictures: list[Picture]) -> str:
    cards = (
        f":::{{grid-item-card}} {one.caption}\n:img-top: gallery/{one.name}.png\n:img-alt: {one.caption}\n"
        f":link: /{one.page}\n:link-type: doc\n:::\n"
        for one in pictures
    )
    return f"::::{{grid}} 2 3 4 4\n:gutter: 2\n\n{''.join(cards)}::::\n"


def files(notebooks: dict[str, Any]) -> dict[str, bytes]:
    """Return the page of the gallery, and its thumbnails."""
    drawn, plots, shown = of_notebooks(notebooks), of_plots(), of_pages()
    parts = {"Notebooks": drawn, "Functions that draw": plots, "Pages and papers": shown}
    text = "# Gallery\n\n" + "\n".join(f"## {title}\n\n{_grid(pictures)}" for title, pictures in parts.items())
    small = {f"gallery/{one.name}.png": one.thumbnail() for one in drawn + shown}
    return {"gallery.md": text.encode()} | small | {f"gallery/{one.name}.png": one.png for one in plots}
