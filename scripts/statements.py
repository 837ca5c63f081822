"""Write the tables of statements in docs/papers: what a paper says, how it is judged, what memnet measures.

    python scripts/statements.py                 # measure what build/statements does not hold yet, and write; hours
    python scripts/statements.py nanopores2024   # of one paper; this one takes a minute
    python scripts/statements.py --check         # measure nothing, fail where a page has other statements

A table stands between two marks in the page of its paper; the rest of the page stays.
"""

from __future__ import annotations

import argparse
import inspect
from pathlib import Path
from types import ModuleType

from memnet import papers
from memnet.base import files

ROOT = Path(__file__).resolve().parent.parent
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"


def papers_with_tables() -> dict[str, ModuleType]:
    """Return the papers whose statements are judged."""
    modules = {name: papers.load(name) for name in papers.names()}
    return {name: module for name, module in modules.items() if hasattr(module, "table")}


def takes_seeds(paper: ModuleType) -> bool:
    """Return whether the statements of a paper are judged over several networks."""
    return "seeds" in inspect.signature(paper.table).parameters


def parts(page: Path) -> tuple[str, str, str]:
    """Return what stands before, between and behind the marks of a page."""
    text = page.read_text(encoding="utf-8")
    if text.count(BEGIN) != 1 or text.count(END) != 1 or text.index(BEGIN) > text.index(END):
        raise ValueError(f"{page} must have one line {BEGIN!r} and, behind it, one {END!r}")
    before, rest = text.split(BEGIN)
    table, after = rest.split(END)
    return before, table, after


def write(page: Path, table: str) -> None:
    """Put a table between the marks of a page."""
    before, _, after = parts(page)
    files.write_text(page, f"{before}{BEGIN}\n{table}{END}{after}")


def differences(page: Path, paper: ModuleType) -> list[str]:
    """Return where the table of a page has not the statements of its paper, in their words and order."""
    _, table, _ = parts(page)
    rows = [tuple(cell.strip() for cell in line.split("|")[1:3]) for line in table.strip().splitlines()[2:]]
    statements = [(one.text, one.judged) for one in paper.STATEMENTS]
    return [
        f"{page}: {text}"
        for text in [f"has {one[0]!r}, which {paper.__name__} has not" for one in rows if one not in statements]
        + [f"has not {one[0]!r} as {paper.__name__} has it" for one in statements if one not in rows]
        + (["has the statements in another order"] if sorted(rows) == sorted(statements) and rows != statements else [])
    ]


def main(arguments: list[str] | None = None) -> int:
    """Write or check the pages of all papers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    tables = papers_with_tables()
    parser.add_argument("papers", nargs="*", metavar="paper", help=f"which of {', '.join(tables)}; all by default")
    parser.add_argument("--check", action="store_true", help="measure nothing, only compare the statements")
    parser.add_argument("--seeds", type=int, nargs="+", help="seeds of the networks; those of the paper by default")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "statements", help="folder of measured numbers")
    parser.add_argument("--pages", type=Path, default=ROOT / "docs" / "papers", help="folder of the pages")
    options = parser.parse_args(arguments)
    for name in options.papers:
        if name not in tables:
            parser.error(f"unknown paper {name!r}; there are {', '.join(tables)}")
    chosen = {name: paper for name, paper in tables.items() if name in options.papers or not options.papers}
    if options.seeds and not any(map(takes_seeds, chosen.values())):
        parser.error(f"--seeds: nothing is random in the tables of {', '.join(chosen)}")
    wrong: list[str] = []
    for name, paper in chosen.items():
        page = options.pages / f"{name}.md"
        if options.check:
            wrong += differences(page, paper)
            continue
        parts(page)  # before hours of measuring
        seeds = {"seeds": options.seeds} if options.seeds and takes_seeds(paper) else {}
        write(page, paper.table(options.out / name, say=print, **seeds))
    for line in wrong:
        print(line)
    return bool(wrong)


if __name__ == "__main__":
    raise SystemExit(main())
