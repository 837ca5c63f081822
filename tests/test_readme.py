"""The code in the README and in the pages on devices and waveforms is what it claims to be."""

import re
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import matplotlib.pyplot
import pytest

from memnet import devices

ROOT = Path(__file__).resolve().parent.parent


def test_example_runs_as_printed(tmp_path, monkeypatch):
    import xarray as xr

    matplotlib.use("Agg")
    text = (ROOT / "README.md").read_text()
    code = re.search(r"<!-- test: runs as printed -->\n```python\n(.*?)```", text, re.S)
    assert code is not None
    lines = [line for line in code[1].splitlines() if line.strip()]
    assert len(lines) <= 12
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec(compile(code[1], "README.md", "exec"), names)
    matplotlib.pyplot.close("all")
    with xr.open_dataset(tmp_path / "pulses.nc", engine="h5netcdf") as data:
        assert data.sizes["time"] == 3500
        assert data.sizes["event"] > 0
        assert set(data.electrode.values) == {"left", "right"}


def test_e_the_examples_of_figures_run_and_name_every_figure(tmp_path, monkeypatch):
    import memnet as mn

    matplotlib.use("Agg")
    text = (ROOT / "docs" / "figures.md").read_text()
    blocks = re.findall(r"```python\n(.*?)```", text, re.S)
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for block in blocks:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", mn.theory.NotIdentifiable)
            exec(compile(block, "figures.md", "exec"), names)
        matplotlib.pyplot.close("all")
    assert {path.name for path in tmp_path.iterdir()} == {"particles.gif", "run.gif", "run.png"}
    functions = [name for name in mn.plot.__all__ if name.islower()]
    assert [name for name in functions if f"| `{name}` |" not in text] == []
    assert [name for name in functions if f"mn.plot.{name}(" not in "".join(blocks)] == []


def test_links_of_the_readme_lead_somewhere():
    text = (ROOT / "README.md").read_text()
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert len(links) >= 6
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_e_the_readme_says_how_to_install_and_how_long_tests_take():
    text = (ROOT / "README.md").read_text()
    install = text.partition("## Install\n")[2].partition("\n## ")[0]
    for way in ("from a clone", "from a wheel", "conda", "macOS", "SuiteSparse", "notebook", "make dev"):
        assert way in install
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    named = re.findall(r"make ([a-z-]+)", text)
    assert {"demo", "check", "test", "dev", "check-pins"} <= set(named)
    assert [name for name in named if name not in targets] == []
    assert re.search(r"`make test`.*minutes", text)


def test_the_readme_names_all_commands_extras_and_notebooks():
    from memnet import cli

    text = (ROOT / "README.md").read_text()
    row = re.search(r"^\| command line \|.*$", text, re.MULTILINE)[0]
    assert [
        one.callback.__name__ for one in cli.app.registered_commands if f"`memnet {one.callback.__name__}`" not in row
    ] == []
    extras = re.findall(
        r"^([a-z]+) = \[",
        (ROOT / "pyproject.toml").read_text().partition("optional-dependencies]")[2].partition("\n[")[0],
        re.MULTILINE,
    )
    assert {"zarr", "cluster", "dev"} <= set(extras)
    for page in ("README.md", "docs/installation.md"):
        told = (ROOT / page).read_text()
        assert [name for name in extras if f"`{name}`" not in told] == [], page
    count = len(list((ROOT / "notebooks").glob("*.ipynb")))
    assert f"a course of {dict(enumerate(('twenty', 'twenty-one', 'twenty-two'), 20))[count]}" in text


def test_tests_that_the_documentation_names_exist():
    pages = [*(ROOT / "docs").glob("*.md"), ROOT / "README.md"]
    named = {name for page in pages for name in re.findall(r"`(tests/[^`]+)`", page.read_text())}
    assert len(named) >= 8
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


@pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler")
def test_the_device_of_the_walkthrough_compiles_without_warnings(tmp_path):
    text = (ROOT / "docs" / "adding-a-device.md").read_text()
    code = re.search(r"```c\n(/\* The linear drift.*?)```", text, re.S)
    assert code is not None
    source = tmp_path / "linear_drift.c"
    source.write_text(code[1])
    flags = ["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror", "-fsyntax-only"]
    done = subprocess.run(["cc", *flags, f"-I{ROOT / 'csrc'}", str(source)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler")
def test_the_first_text_of_the_page_on_equations_is_written_as_c(tmp_path):
    """As scripts/generate_models.py does with a text of memnet's own."""
    page = (ROOT / "docs" / "equations.md").read_text()
    code = re.search(r'device_model\("Forgetful", """\n(.*?)"""\)', page, re.S)
    assert code is not None
    assert "memnet/devices/models/Forgetful.txt" in page
    table = devices.equation_table("Forgetful", "doc A conductance that forgets.\nsource This page.\n" + code[1])
    source = tmp_path / f"{devices.file_name('Forgetful')}.c"
    source.write_text(devices.model_in_c(table))
    flags = ["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror", "-fsyntax-only"]
    done = subprocess.run(["cc", *flags, f"-I{ROOT / 'csrc'}", str(source)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "mn_forgetful" in source.read_text()


@pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler")
def test_the_waveform_of_the_walkthrough_compiles_without_warnings(tmp_path):
    functions, row = re.findall(r"```c\n(.*?)```", (ROOT / "docs" / "adding-a-waveform.md").read_text(), re.S)
    shutil.copytree(ROOT / "csrc", tmp_path / "csrc")
    for name, text in (("leaves.c", functions), ("waves.def", row)):
        with (tmp_path / "csrc" / "drive" / name).open("a") as file:
            file.write("\n" + text)
    flags = ["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror", "-fsyntax-only"]
    sources = [tmp_path / "csrc" / "drive" / name for name in ("leaves.c", "waveform.c")]
    done = subprocess.run(["cc", *flags, f"-I{tmp_path / 'csrc'}", *sources], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_python_dash_m_is_the_command_line():
    done = subprocess.run([sys.executable, "-m", "memnet", "--help"], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert all(command in done.stdout for command in ("demo", "run", "info"))
