"""News: every fragment has a name that a release reads, and a text of the form that the changelog wants."""

import re
import subprocess
import sys

import pytest
import tree
from tree import ROOT

FRAGMENT = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\.(added|changed|results|fixed|removed)\.md")
OTHERS = {"README.md", "_template.md"}
FRAGMENTS = sorted(path for path in (ROOT / "news").iterdir() if path.name not in OTHERS)


def draft(folder):
    """Return the ended process that shows the next release from the news of a folder."""
    pytest.importorskip("towncrier")
    command = [sys.executable, "-m", "towncrier", "build", "--draft", "--version", "9.9.9", "--date", "2030-01-01"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)


@pytest.fixture
def folder(tmp_path):
    """A copy of the tree's news and their configuration, with two fragments and no others."""
    tree.copy(tmp_path, "pyproject.toml", "CHANGELOG.md", "news/README.md", "news/_template.md")
    (tmp_path / "news" / "two-words.results.md").write_text("Numbers moved\nby 1e-16.\n")
    (tmp_path / "news" / "wave.added.md").write_text("A new waveform. " + "It has many words. " * 10 + "\n")
    return tmp_path


@pytest.mark.parametrize("path", FRAGMENTS, ids=lambda path: path.name)
def test_fragments_have_names_and_texts_that_a_release_can_join(path):
    assert FRAGMENT.fullmatch(path.name)
    text = path.read_text(encoding="utf-8")
    assert text.strip()
    assert text.endswith(".\n")
    assert not text.startswith(("-", "*", "#"))


def test_a_release_joins_fragments_by_kind_in_the_lines_of_the_changelog(folder):
    done = draft(folder)
    assert done.returncode == 0, done.stderr
    head, added, results = re.split("\n### ", done.stdout.rstrip())
    assert head == "## [9.9.9] - 2030-01-01\n"
    assert added.startswith("Added\n\n- A new waveform. It has many words.")
    assert all(line.startswith("  ") for line in added.splitlines()[3:-1])
    assert max(map(len, added.splitlines())) <= 120
    assert results == "Results\n\n- Numbers moved\n  by 1e-16."


def test_a_release_refuses_names_that_it_cannot_read(folder):
    (folder / "news" / "wave.new.md").write_text("A new waveform.\n")
    done = draft(folder)
    assert done.returncode != 0
    assert "wave.new.md" in done.stderr


def test_what_is_joined_stands_before_what_was(folder):
    text = (folder / "CHANGELOG.md").read_text(encoding="utf-8")
    before, _, after = text.partition("<!-- releases -->\n\n")
    assert "## [" not in before
    assert after.startswith("## [")
