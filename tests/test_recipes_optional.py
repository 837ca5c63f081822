"""Recipes that need a package which memnet does not: their listings print what stands below them, where it is there."""

import re
import textwrap

import pytest
from tree import ROOT


@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # those of the packages are not ours
@pytest.mark.parametrize(("page", "packages"), [("rcbench", ["rcbench"]), ("instrument", ["pyvisa", "pyvisa_sim"])])
def test_a_listing_prints_what_stands_below_it(page, packages, capsys):
    for package in packages:
        pytest.importorskip(package)
    text = (ROOT / "docs" / "recipes" / f"{page}.md").read_text(encoding="utf-8")
    ((listing, printed),) = re.findall(r"```python\n(.*?)```\n\n((?:    [^\n]*\n)+)", text, re.S)
    exec(compile(listing, page, "exec"), {})
    assert capsys.readouterr().out == textwrap.dedent(printed)
