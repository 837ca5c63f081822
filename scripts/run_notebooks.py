"""Run notebooks and keep them with their outputs: small, and nothing in them that tells machines apart.

    python scripts/run_notebooks.py notebooks/*.py                     stores NAME.ipynb beside NAME.py
    python scripts/run_notebooks.py --into build/notebooks ...         stores it elsewhere; --jobs 2: two at a time

A notebook is a script (jupytext's percent format); each runs in a kernel of its own, in the folder of its script.
"""

from __future__ import annotations

import argparse
import base64
import concurrent.futures
import io
import re
import time
from pathlib import Path
from typing import Any

import jupytext
import nbclient
import nbformat
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.spatial import KDTree

# What a run writes differently each time: pattern and what stands for it.
VARYING = (
    (re.compile(r" at 0x[0-9a-f]+"), ""),
    (re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(\+00:00|Z)"), "(when it was run)"),
)
# xarray numbers the parts of its tables by these.
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# A palette of this size holds the colours of two scales in steps of APART (of 255) that hardly show.
COLOURS = 256
APART = 7.0


def run(script: Path) -> Any:
    """Return the executed notebook of a script."""
    notebook = jupytext.read(script)
    client = nbclient.NotebookClient(
        notebook,
        timeout=None,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(script.parent)}},
    )
    client.execute()
    return notebook


def tidy(notebook: Any) -> None:
    """Leave in a notebook what a reader sees, the same on every machine."""
    metadata = notebook.metadata
    notebook.metadata = nbformat.from_dict(
        {
            "jupytext": {"formats": metadata["jupytext"]["formats"]},
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    known: dict[str, str] = {}
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number:02d}"
        cell.metadata = nbformat.from_dict({})
        if "outputs" in cell:
            cell.outputs = joined(cell.outputs)
        for output in cell.get("outputs", []):
            if "text" in output:
                output.text = steady(output.text, known)
            for kind, content in output.get("data", {}).items():
                output.data[kind] = smaller(content) if kind == "image/png" else steady(content, known)


def joined(outputs: list[Any]) -> list[Any]:
    """Return outputs with one piece of printed text; a kernel sends as many as its timing makes."""
    streams: dict[str, Any] = {}
    kept = []
    for output in outputs:
        name = output.get("name") if output.output_type == "stream" else None
        if name in streams:
            streams[name].text += output.text
            continue
        if name is not None:
            streams[name] = output
        kept.append(output)
    return kept


def steady(text: Any, known: dict[str, str]) -> Any:
    """Return a text without what varies from run to run; anything else as it is."""
    if not isinstance(text, str):
        return text
    for pattern, instead in VARYING:
        text = pattern.sub(instead, text)
    return UUID.sub(lambda found: known.setdefault(found[0], f"part-{len(known)}"), text)


def smaller(encoded: str) -> str:
    """Return a PNG with a palette, about a third of the size, without a note of what wrote it."""
    with Image.open(io.BytesIO(base64.b64decode(encoded))) as image:
        plain = Image.new("RGBA", image.size, "white")
        plain.alpha_composite(image.convert("RGBA"))
    pixels = np.asarray(plain.convert("RGB"))
    colours, where, count = np.unique(pixels.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True)
    palette = frequent(colours[np.argsort(-count, kind="stable")].astype(np.float64))
    _, nearest = KDTree(palette).query(colours)
    small = Image.fromarray(nearest[where.ravel()].reshape(pixels.shape[:2]).astype(np.uint8), mode="P")
    small.putpalette(palette.astype(np.uint8).tobytes())
    file = io.BytesIO()
    small.save(file, "png", optimize=True)
    return base64.b64encode(file.getvalue()).decode("ascii")


def frequent(colours: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return those of a list that are apart from all before them: a scale of colours keeps an even spacing."""
    palette = np.empty((0, 3))
    for colour in colours:
        if len(palette) == COLOURS:
            break
        if not len(palette) or ((palette - colour) ** 2).sum(axis=1).min() >= APART**2:
            palette = np.vstack((palette, colour))
    return palette


def store(script: Path, into: Path) -> str:
    """Run a script, store its notebook in a folder, and return a line about it."""
    start = time.monotonic()
    notebook = run(script)
    tidy(notebook)
    into.mkdir(parents=True, exist_ok=True)
    path = into / f"{script.stem}.ipynb"
    nbformat.write(notebook, path)
    return f"{path}: {path.stat().st_size / 1e3:.0f} kB, {time.monotonic() - start:.0f} s"


def main() -> None:
    """Run what the command line names, some at a time where it says so."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scripts", nargs="+", type=Path)
    parser.add_argument("--into", type=Path, help="folder of the notebooks; that of the scripts by default")
    parser.add_argument("--jobs", type=int, default=1, help="notebooks at a time")
    given = parser.parse_args()
    with concurrent.futures.ProcessPoolExecutor(given.jobs) as pool:
        for line in pool.map(store, given.scripts, [given.into or script.parent for script in given.scripts]):
            print(line, flush=True)


if __name__ == "__main__":
    main()
