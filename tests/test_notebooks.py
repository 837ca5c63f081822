"""Notebooks come in pairs: the script is what is read and edited, the .ipynb what Jupyter opens, with its outputs."""

import base64
import io
import re
import runpy
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from PIL import Image

jupytext = pytest.importorskip("jupytext", reason="notebooks are for developers: pip install memnet-sim[dev]")
nbformat = pytest.importorskip("nbformat", reason="notebooks are for developers: pip install memnet-sim[dev]")

ROOT = Path(__file__).parents[1]
NOTEBOOKS = ROOT / "notebooks"
SCRIPTS = sorted(NOTEBOOKS.glob("*.py"))
RUNNER = runpy.run_path(str(ROOT / "scripts" / "run_notebooks.py"))

each_script = pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)

# What would say where or when a notebook was run, and reprs that say nothing to a reader.
PERSONAL = re.compile(r"(^|[\s\"'=(])/(?:[\w.-]+/)+[\w.-]+|site-packages|\d{4}-\d\d-\d\dT\d\d:\d\d")
DRAWS = re.compile(r"^(\w[\w, ()]* = )?(plt\.|mn\.plot\.)", re.MULTILINE)
USELESS = re.compile(r"^\[?(<matplotlib|Text\(|\[<matplotlib|\w*Plot\()")


def stored(script):
    return nbformat.read(script.with_suffix(".ipynb"), as_version=4)


def code_cells(script):
    return [cell for cell in stored(script).cells if cell.cell_type == "code"]


def cells(path):
    return [(cell.cell_type, cell.source) for cell in jupytext.read(path).cells]


def texts(cell):
    for output in cell.outputs:
        yield output.get("text", "")
        yield from (text for kind, text in output.get("data", {}).items() if kind.startswith("text/"))


def test_there_are_notebooks():
    assert len(SCRIPTS) >= 8
    assert {path.stem for path in SCRIPTS} == {path.stem for path in NOTEBOOKS.glob("*.ipynb")}


@each_script
def test_both_halves_of_a_pair_have_the_same_cells(script):
    assert cells(script) == cells(script.with_suffix(".ipynb"))


@each_script
def test_e_notebooks_are_stored_as_they_ran_from_top_to_bottom(script):
    found = code_cells(script)
    assert [cell.execution_count for cell in found] == list(range(1, len(found) + 1))
    outputs = [output for cell in found for output in cell.outputs]
    assert sum("image/png" in output.get("data", {}) for output in outputs) >= 2
    assert [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"] == []
    drawing = [cell for cell in found if DRAWS.search(cell.source)]
    assert drawing
    assert all(any("image/png" in output.get("data", {}) for output in cell.outputs) for cell in drawing)


@each_script
def test_e_outputs_tell_nothing_of_the_machine(script):
    notebook = stored(script)
    assert set(notebook.metadata) == {"jupytext", "kernelspec", "language_info"}
    assert notebook.metadata.kernelspec == {"display_name": "Python 3", "language": "python", "name": "python3"}
    assert notebook.metadata.language_info == {"name": "python"}
    assert all(not cell.metadata for cell in notebook.cells)
    assert [text for cell in code_cells(script) for text in texts(cell) if PERSONAL.search(text)] == []


@each_script
def test_e_no_cell_shows_a_repr_that_says_nothing(script):
    shown = [
        output.data["text/plain"]
        for cell in code_cells(script)
        for output in cell.outputs
        if output.output_type == "execute_result"
    ]
    assert [text for text in shown if USELESS.search(text)] == []


def test_e_stored_notebooks_are_small():
    sizes = {script.stem: script.with_suffix(".ipynb").stat().st_size for script in SCRIPTS}
    assert {name: size for name, size in sizes.items() if size > 500_000} == {}
    assert sum(sizes.values()) < 4_000_000


def test_what_varies_from_run_to_run_is_taken_out_of_outputs():
    known = {}
    text = "<A at 0x7f1b> created: 2026-01-02T03:04:05.678+00:00"
    assert RUNNER["steady"](text, known) == "<A> created: (when it was run)"
    first, second = "01234567-89ab-cdef-0123-456789abcdef", "11234567-89ab-cdef-0123-456789abcdef"
    assert RUNNER["steady"](f"{first} {second} {first}", known) == "part-0 part-1 part-0"
    assert RUNNER["steady"]({"a": 1}, known) == {"a": 1}


def test_printed_text_is_one_output_however_a_kernel_sends_it():
    first, second = (nbformat.v4.new_output("stream", name="stdout", text=text) for text in ("a\n", "b\n"))
    picture = nbformat.v4.new_output("display_data", data={"image/png": ""})
    found = RUNNER["joined"]([first, picture, second])
    assert [output.output_type for output in found] == ["stream", "display_data"]
    assert found[0].text == "a\nb\n"


def test_pictures_keep_their_scales_of_colours():
    scale = (255 * matplotlib.colormaps["viridis"](np.linspace(0.0, 1.0, 256))).astype(np.uint8)
    pixels = np.repeat(np.repeat(scale[None, :, :3], 40, axis=0), 2, axis=1)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "png")
    small = RUNNER["smaller"](base64.b64encode(file.getvalue()).decode())
    with Image.open(io.BytesIO(base64.b64decode(small))) as image:
        shown = np.asarray(image.convert("RGB")).astype(float)
        assert image.info == {}
    assert np.sqrt(((shown - pixels) ** 2).sum(axis=2)).max() < RUNNER["APART"]
