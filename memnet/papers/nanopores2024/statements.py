"""The paper's statements against what memnet computes; scripts/statements.py writes a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from memnet.base import check, files
from memnet.papers._statement import Numbers
from memnet.papers.nanopores2024 import _about_answers, _about_loops, _about_membranes, _about_pores

HEAD = ("| statement | judged by | numbers | verdict |", "|---|---|---|---|")
_ABOUT = (_about_membranes, _about_pores, _about_loops, _about_answers)
STATEMENTS = tuple(one for module in _ABOUT for one in module.STATEMENTS)
MEASURES: dict[str, Callable[[], Numbers]] = {
    group: measure for module in _ABOUT for group, measure in module.MEASURES.items()
}


def table(out: str | Path, *, groups: Sequence[str] | None = None, say: Callable[[str], object] = len) -> str:
    """Judge the paper's statements by computed numbers and return the rows as Markdown.

    Nothing is drawn at random, so there are no seeds.

    Parameters
    ----------
    out : path
        Folder for `table.md`.
    groups : sequence of str, optional
        Which measurements: "membrane", "firing", "steady", "deactivation", "folds", "times", "loops", "relaxing",
        "capacitive", "transients", "spectrum", "together", "pulses"; all by default.
    say : function, optional
        Gets a line for each measurement.

    Returns
    -------
    str
        A row a statement: how it is judged, the numbers, and whether it "holds", "holds if ...", or "does not hold".

    Raises
    ------
    ValueError
        An unknown measurement.
    ArithmeticError
        A number that is not finite, by which nothing can be judged.

    Examples
    --------
    >>> from memnet.papers import nanopores2024
    >>> text = nanopores2024.table("numbers", groups=["times"])
    >>> text.splitlines()[-1].split(" | ")[-1]
    'holds |'
    """
    folder = Path(out)
    chosen = list(MEASURES) if groups is None else [check.one_of("group", group, MEASURES) for group in groups]
    folder.mkdir(parents=True, exist_ok=True)
    numbers: dict[str, Numbers] = {}
    for group in chosen:
        numbers[group] = MEASURES[group]()
        say(group)
    rows = [one.row(numbers[one.group]) for one in STATEMENTS if one.group in chosen]
    text = "\n".join([*HEAD, *rows]) + "\n"
    files.write_text(folder / "table.md", text)
    return text
