"""The paper's statements against what memnet computes; scripts/statements.py writes a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from memnet.papers import _statement
from memnet.papers.nanopores2024 import _about_answers, _about_loops, _about_membranes, _about_pores

_ALL = _statement.Statements.of(_about_membranes, _about_pores, _about_loops, _about_answers)
STATEMENTS, MEASURES = _ALL.all, _ALL.measures


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
    return _ALL.table(out, groups, say)
