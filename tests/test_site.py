"""The web site before it is built: every page has a place, every public name a page, and nothing asks a network."""

import inspect
import io
import sys

import pytest
from tree import ROOT

sys.path.insert(0, str(ROOT / "docs"))

making = pytest.importorskip("making", reason="docs/ is not here")
sphinx = pytest.importorskip("sphinx", reason="needs the extra docs")

from making import checked, extension, gallery, indexes, names, pages, reference  # noqa: E402


@pytest.fixture(scope="module")
def notebooks():
    return pages.notebooks()


@pytest.fixture(scope="module")
def files(notebooks):
    """All files that Sphinx reads, but what takes time to draw."""
    found = pages.written() | dict.fromkeys(notebooks, b"")
    found |= {name: text.encode() for name, text in reference.pages().items()}
    found["gallery.md"] = b"# Gallery\n"
    return found | indexes.pages(found, notebooks)


def test_every_page_is_in_one_section(files):
    found = pages.sections(files)
    shown = [name for one in found.values() for name in one]
    wanted = {name for name in files if name.endswith((".md", ".ipynb"))} | {"api/index.rst"}
    assert sorted(shown) == sorted(wanted - {"index.md"})
    own = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")}
    assert own <= set(shown) | {"index.md"}
    assert found["guide.md"][:3] == ["networks.md", "circuits.md", "netlists.md"]  # as the page has them


def test_a_page_that_no_section_takes_is_named(files):
    with pytest.raises(ValueError, match=r"pages of no section: elsewhere/x\.md"):
        pages.sections({**files, "elsewhere/x.md": b"# X\n"})


def test_links_lead_to_files_of_the_site(files):
    for name in files:
        if name.endswith(".md"):
            missing = [path for path in pages.linked(files[name].decode(), name) if path not in files]
            assert [path for path in missing if not path.startswith("images/")] == [], name


@pytest.mark.parametrize(
    ("page", "text", "there"),
    [
        ("docs/time.md", "[n](../notebooks/09_x.ipynb#a)", "[n](notebooks/09_x.ipynb#a)"),
        ("docs/models/x.md", "[t](../time.md)", "[t](../time.md)"),
        ("README.md", "[m](docs/models) [`c`](docs/time.md)", "[m](models/index.md) [`c`](time.md)"),
        ("docs/index.md", "[t](../notebooks)", "[t](notebooks/index.md)"),
        ("CONTRIBUTING.md", "[d](docs/decisions)", "[d](decisions/README.md)"),
        ("docs/time.md", "`](../x)` [d](https://doi.org/1) [h](#here)", "`](../x)` [d](https://doi.org/1) [h](#here)"),
        ("docs/a.md", "```\n[x](../y.md)\n```", "```\n[x](../y.md)\n```"),
    ],
)
def test_links_are_those_of_the_site(page, text, there):
    assert pages.relinked(text, page) == there


def test_files_are_written_where_they_changed_and_others_go(tmp_path):
    pages.write({"a/b.md": b"1", "c.md": b"2"}, tmp_path)
    before = (tmp_path / "c.md").stat().st_mtime_ns
    pages.write({"c.md": b"2", "d.md": b"3"}, tmp_path)
    assert sorted(path.name for path in tmp_path.rglob("*.md")) == ["c.md", "d.md"]
    assert (tmp_path / "c.md").stat().st_mtime_ns == before


def test_every_public_name_has_a_page_and_a_line_in_its_module(files):
    public = names.public_names()
    assert {f"api/{name}.rst" for name in public} <= set(files)
    homes = {id(value): name for name, value in public.items()}
    for module in names.public_modules():
        where = "index" if module.__name__ == "memnet" else module.__name__
        text = files[f"api/{where}.rst"].decode()
        for name in module.__all__:
            value = getattr(module, name)
            full = homes.get(id(value), value.__name__ if inspect.ismodule(value) else f"{module.__name__}.{name}")
            assert f"/api/{full}" in text or f".. py:data:: {full}" in text, full


def test_pages_of_modules_have_no_marks_of_references(files):
    """The references are on the pages of the names: elsewhere such a mark is an error of Sphinx."""
    modules = {f"api/{name.__name__}.rst" for name in names.public_modules()} | {"api/index.rst"}
    assert [name for name in modules & set(files) if b"]_" in files[name]] == []
    assert " of Lorenz: x'" in files["api/memnet.learn.rst"].decode()


def test_pages_of_classes_list_their_methods(files):
    text = files["api/memnet.Simulation.rst"].decode()
    assert all(f" {name}," in text or f" {name}\n" in text for name in ("run", "step", "save", "load", "potential"))
    assert ":members:" not in files["api/memnet.devices.RateBalance.rst"].decode()  # its fields are its parameters


def test_magnitudes_in_docstrings_are_no_substitutions():
    assert extension.plain_bars("where |v| > v_th, |y''|/(8 |y'|)") == r"where \|v\| > v_th, \|y''\|/(8 \|y'\|)"
    assert extension.plain_bars(">>> a |b| c") == ">>> a |b| c"


def test_formulas_of_notebooks_become_mathml(notebooks):
    from docutils.utils.math import latex2mathml

    sources = (cell["source"] for one in notebooks.values() for cell in one["cells"] if cell["cell_type"] == "markdown")
    formulas = {part for text in sources for part in text.replace("$$", "$").split("$")[1::2]}
    assert len(formulas) > 20
    for formula in formulas:
        assert latex2mathml.tex2mathml(formula).startswith("<math")


def test_the_site_is_set_up_to_load_nothing():
    text = (ROOT / "docs" / "conf.py").read_text(encoding="utf-8")
    assert "http" not in text
    assert 'html_math_renderer = "mathml"' in text
    assert "nitpicky = True" in text


def test_pictures_of_notebooks_have_captions_and_small_copies(notebooks):
    from PIL import Image

    found = gallery.of_notebooks(notebooks)
    assert {one.page for one in found} == {name.removesuffix(".ipynb") for name in notebooks}
    assert all(one.caption for one in found)
    assert len({one.name for one in found}) == len(found)
    with Image.open(io.BytesIO(found[0].thumbnail())) as small:
        assert max(small.size) == gallery.WIDTH


GOOD = '<a href="b.html#there">b</a> <a href="https://doi.org/10.1/x">paper</a> <img alt="" src="b.png"/>'


def test_faults_of_a_site_are_found(tmp_path):
    (tmp_path / "b.html").write_text('<h1 id="there">B</h1>')
    (tmp_path / "b.png").write_bytes(b"")
    (tmp_path / "a.html").write_text(GOOD)
    assert checked.faults(tmp_path) == []
    (tmp_path / "bad.html").write_text(
        '<a href="c.html">c</a> <a href="b.html#nowhere">b</a> <a href="#x">x</a> '
        '<script async src="https://github.com/x.js"></script><link rel="stylesheet" href="//github.com/x.css"/>'
    )
    assert checked.faults(tmp_path) == [
        "bad.html: loads https://github.com/x.js",
        "bad.html: loads //github.com/x.css",
        "bad.html: no file c.html",
        "bad.html: no anchor b.html#nowhere",
        "bad.html: no anchor #x",
    ]
