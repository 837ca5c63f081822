"""The paper's statements against what memnet computes; scripts/statements.py writes a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from memnet.papers import _statement
from memnet.papers.diffusive2017 import _about_methods, _about_plasticity, _about_switching

_ALL = _statement.Statements.of(_about_methods, _about_switching, _about_plasticity)
STATEMENTS, MEASURES = _ALL.all, _ALL.measures


def table(out: str | Path, *, groups: Sequence[str] | None = None, say: Callable[[str], object] = len) -> str:
    """Judge the paper's statements by computed numbers and return the rows as Markdown.

    Noise has fixed seeds, and so many realisations that verdicts do not hang on them.

    Parameters
    ----------
    out : path
        Folder for `table.md`.
    groups : sequence of str, optional
        Which measurements: "formulas", "switching", "sweeps", "relaxation", "train", "intervals", "rates", "rate",
        "timing"; all by default.
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
    >>> from memnet.papers import diffusive2017
    >>> text = diffusive2017.table("numbers", groups=["formulas"])
    >>> text.splitlines()[2].split(" | ")[-1]
    'holds if N counts the gaps, one more than particles |'
    """
    return _ALL.table(out, groups, say)
