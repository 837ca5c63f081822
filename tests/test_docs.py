"""The pages: links lead somewhere, decisions have their parts, and the map of rooms is that of the folders."""

import re
import textwrap
from urllib.parse import urlsplit

import pytest
import tree
from tree import ROOT

PAGES = sorted(name for name in tree.tracked() if name.endswith(".md")) if (ROOT / ".git").exists() else []
DECISIONS = sorted(path for path in (ROOT / "docs" / "decisions").glob("*.md") if path.name != "README.md")


def targets(text):
    """Return where the links of a page lead, without those of its code."""
    prose = re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.S)
    return [link for link in re.findall(r"\]\(([^)\s]+)\)", prose) if not urlsplit(link).scheme]


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_to_files_that_are_there(name):
    page = ROOT / name
    paths = [link.partition("#")[0] for link in targets(page.read_text(encoding="utf-8"))]
    assert [path for path in paths if path and not (page.parent / path).exists()] == []


def test_decisions_are_numbered_without_a_gap_and_listed():
    numbers = [int(path.name[:4]) for path in DECISIONS]
    assert numbers == list(range(1, len(DECISIONS) + 1))
    listed = re.findall(r"\]\((\d{4}-[a-z0-9-]+\.md)\)", (ROOT / "docs" / "decisions" / "README.md").read_text())
    assert listed == [path.name for path in DECISIONS]


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_says_what_else_was_tried_and_numbers(path):
    text = path.read_text(encoding="utf-8")
    assert text.startswith(f"# {path.name[:4]} ")
    parts = re.findall(r"^\*\*(Decided|Also tried|Numbers)\b", text, re.MULTILINE)
    assert parts == ["Decided", "Also tried", "Numbers"]
    assert all(len(line) <= 130 for line in text.splitlines())


@tree.needs_sources
def test_contributing_fits_a_page_and_maps_every_room():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 90
    rows = re.findall(r"^\| [a-z ]+ \|(.*?)\| `(.*?)` \| [^|]+ \|$", text.partition("## The map")[2], re.MULTILINE)
    c_rooms = {cell.strip(" `") for cell, _ in rows} - {""}
    assert c_rooms == {path.name for path in (ROOT / "csrc").iterdir() if path.is_dir()}
    rooms = {path.name for path in (ROOT / "memnet").iterdir() if (path / "__init__.py").exists()}
    modules = {path.name for path in (ROOT / "memnet").glob("[a-z]*.py")}
    assert {cell for _, cell in rows} - {"_core.pyi"} == rooms | modules


MAKE_TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "scripts/release.md", "news/README.md", ".pre-commit-config.yaml"])
def test_targets_of_make_that_are_named_exist(name):
    commands = re.findall(r"\bmake((?: (?:&& make|--no-print-directory|[a-z][a-z-]+))+)", (ROOT / name).read_text())
    named = {word for command in commands for word in command.split() if word not in ("&&", "make")}
    named.discard("--no-print-directory")
    assert named
    assert named <= MAKE_TARGETS


def test_hooks_are_of_this_repository_and_fetch_nothing():
    text = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert re.findall(r"\brepo: (\S+)", text) == ["local"]
    assert set(re.findall(r"\blanguage: (\S+)", text)) == {"system"}


# Pages whose listings run, each with what it prints below it.
PRINTED = (
    "analysis.md",
    "arrays-learning.md",
    "arrays-signals.md",
    "arrays.md",
    "cells.md",
    "closed-loop.md",
    "diffusive.md",
    "electrochemistry.md",
    "ensembles.md",
    "equations.md",
    "equilibria.md",
    "impedance.md",
    "index.md",
    "learning-circuits.md",
    "live-view.md",
    "logic.md",
    "neurons.md",
    "papers/electrochemical2023.md",
    "plasticity.md",
    "pores.md",
    "recipes/animation.md",
    "recipes/cluster.md",
    "recipes/electrode-circuit.md",
    "recipes/impedance.md",
    "recipes/inference.md",
    "recipes/measured-csv.md",
    "recipes/own-device.md",
    "recipes/potentiation.md",
    "recipes/reservoir.md",
    "recipes/sweep.md",
    "reservoirs.md",
    "sweeps.md",
    "switching-devices.md",
    "time.md",
    "variability.md",
)
# Of each listing the line before it, itself, and what it prints. One that takes "some seconds" is a slow test.
FOUND = [
    found
    for name in PRINTED
    for found in re.findall(
        r"([^\n]*)\n\n^```python\n((?:(?!```).)*)^```\n\n((?:    [^\n]*\n)+)",
        (ROOT / "docs" / name).read_text(encoding="utf-8"),
        re.DOTALL | re.MULTILINE,
    )
]
LISTINGS = [(listing, printed) for _, listing, printed in FOUND]
MARKED = [
    pytest.param(listing, printed, marks=[pytest.mark.slow] if "some seconds" in words else [], id=str(k))
    for k, (words, listing, printed) in enumerate(FOUND)
]


def test_every_listing_of_these_pages_has_what_it_prints_below_it():
    begun = [(ROOT / "docs" / name).read_text(encoding="utf-8").count("```python\n") for name in PRINTED]
    assert min(begun) > 0
    assert len(LISTINGS) == sum(begun)


def test_guarantees_name_the_pages_whose_listings_run():
    text = (ROOT / "docs" / "guarantees.md").read_text(encoding="utf-8")
    (row,) = (line for line in text.splitlines() if line.startswith("| listings of "))
    assert re.findall(r"\]\(([^)]+)\)", row) == list(PRINTED)


@pytest.mark.parametrize(("listing", "printed"), MARKED)
def test_listings_print_what_stands_below_them(listing, printed, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    exec(compile(listing, "a page of docs", "exec"), {})
    assert capsys.readouterr().out == textwrap.dedent(printed)


def test_every_recipe_is_printed_and_listed():
    recipes = {f"recipes/{path.name}" for path in (ROOT / "docs" / "recipes").glob("*.md")} - {"recipes/README.md"}
    assert recipes - set(PRINTED) == {
        "recipes/instrument.md",
        "recipes/rcbench.md",
    }  # optional
    listed = targets((ROOT / "docs" / "recipes" / "README.md").read_text(encoding="utf-8"))
    assert {f"recipes/{name}" for name in listed if "/" not in name} == recipes


def test_listings_of_time_are_found():
    assert sum('method="adaptive"' in listing for listing, _ in LISTINGS) >= 2
    assert sum("check_step()" in listing for listing, _ in LISTINGS) == 1
    assert sum("ThresholdSwitch(" in listing for listing, _ in LISTINGS) >= 1


def test_hysteresis_and_plasticity_have_such_listings():
    assert sum("an.hysteresis(" in listing for listing, _ in LISTINGS) == 1
    assert sum("an.plasticity(" in listing for listing, _ in LISTINGS) == 1
