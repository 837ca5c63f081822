"""What changed between two runs of the bench:

    python benchmarks/compare.py OLD.json NEW.json [--all] [--alone 0.1]

Files are those of results/. A row has changed where the two spreads (records.py) do not touch; a row of one sample,
which has no spread, where it moved by more than --alone (a tenth). Rows that met their bar and now miss it, or the
other way round, are always told. Prints a Markdown table; ends with 1 where a bar is newly missed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from records import read

ALONE = 0.1
SAME_FOR_BOTH = ("machine", "cores", "quick")
LESS_IS_BETTER = ("s", "MB", "M")


class Change(NamedTuple):
    """A row in both files: its relative change, whether that is more than the spread, and how its bar fares."""

    benchmark: str
    what: str
    old: dict[str, Any]
    new: dict[str, Any]
    by: float
    beyond: bool

    @property
    def verdict(self) -> str:
        """What the change means; empty where nothing says which way is better."""
        if self.old["good"] != self.new["good"] and None not in (self.old["good"], self.new["good"]):
            return "now met" if self.new["good"] else "**now missed**"
        bar = self.new["bar"].lstrip()
        if not self.beyond or not (bar[:1] in (">", "<") or self.new["unit"] in LESS_IS_BETTER):
            return ""
        return "better" if (self.by > 0.0) == bar.startswith(">") else "worse"

    @property
    def told(self) -> bool:
        return self.beyond or "now" in self.verdict


def by_name(rows: list[dict[str, Any]]) -> dict[tuple[str, str, int], dict[str, Any]]:
    """Return rows by benchmark, text and, of equal texts, their number."""
    named: dict[tuple[str, str, int], dict[str, Any]] = {}
    for row in rows:
        count = sum(key[:2] == (row["benchmark"], row["what"]) for key in named)
        named[(row["benchmark"], row["what"], count)] = row
    return named


def moved(old: dict[str, Any], new: dict[str, Any], alone: float) -> tuple[float, bool]:
    """Return the relative change of the median, and whether it is more than the spread."""
    before, after = old["median"], new["median"]
    by = 0.0 if before == after else after / before - 1.0 if before != 0.0 else float("inf")
    if min(old["samples"], new["samples"]) == 1:
        return by, abs(by) > alone
    return by, new["low"] > old["high"] or new["high"] < old["low"]


def changes(old: dict[str, Any], new: dict[str, Any], alone: float = ALONE) -> Iterator[Change]:
    """Yield the rows that both have and that have a number."""
    others = by_name(old["rows"])
    for key, row in by_name(new["rows"]).items():
        if key in others and "median" in row and "median" in others[key]:
            yield Change(*key[:2], others[key], row, *moved(others[key], row, alone))


def number(row: dict[str, Any]) -> str:
    """Return the median of a row with its spread."""
    if row["samples"] == 1:
        return f"{row['median']:.4g} {row['unit']}".rstrip()
    return f"{row['median']:.4g} ({row['low']:.4g} to {row['high']:.4g}) {row['unit']}".rstrip()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("--all", action="store_true", help="every row, changed or not")
    parser.add_argument("--alone", type=float, default=ALONE, help="what a row without a spread may move by (0.1)")
    options = parser.parse_args()
    try:
        old, new = read(options.old), read(options.new)
    except ValueError as error:
        parser.error(str(error))
    for which, held in (("old", old), ("new", new)):
        print(f"{which}: commit {held['commit']}, {held['date']}, {held['machine']}, load {held['load']}")
    differ = [name for name in SAME_FOR_BOTH if old[name] != new[name]]
    if differ:
        print(f"\nNot alike: {', '.join(differ)}. Only ratios and counts can be compared.")
    found = list(changes(old, new, options.alone))
    print("\n| benchmark | what | old | new | change | |\n|---|---|---|---|---|---|")
    for one in found:
        if one.told or options.all:
            cells = (one.benchmark, one.what, number(one.old), number(one.new), f"{one.by:+.1%}", one.verdict)
            print(f"| {' | '.join(cells)} |")
    named = by_name(old["rows"]), by_name(new["rows"])
    n_old, n_new = (len(named[k].keys() - named[1 - k].keys()) for k in range(2))
    n_changed = sum(one.beyond for one in found)
    print(f"\n{len(found)} rows compared, {n_changed} changed; {n_old} only in old, {n_new} only in new")
    return int(any(one.verdict == "**now missed**" for one in found))


if __name__ == "__main__":
    sys.exit(main())
