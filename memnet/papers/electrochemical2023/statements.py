"""The paper's statements against what memnet computes; scripts/statements.py writes a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from memnet.papers import _statement
from memnet.papers.electrochemical2023 import (
    _about_applications,
    _about_arrays,
    _about_cells,
    _about_devices,
    _about_membranes,
    _about_neurons,
    _about_plasticity,
    _about_signals,
    _about_switches,
)

_ALL = _statement.Statements.of(
    _about_membranes,
    _about_neurons,
    _about_signals,
    _about_cells,
    _about_devices,
    _about_switches,
    _about_plasticity,
    _about_arrays,
    _about_applications,
)
STATEMENTS, MEASURES = _ALL.all, _ALL.measures


def table(out: str | Path, *, groups: Sequence[str] | None = None, say: Callable[[str], object] = len) -> str:
    """Judge the paper's statements by computed numbers and return the rows as Markdown.

    Parameters
    ----------
    out : path
        Folder for `table.md`.
    groups : sequence of str, optional
        Which measurements, as "nernst"; all by default. `MEASURES` of this module names them.
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
    >>> from memnet.papers import electrochemical2023
    >>> text = electrochemical2023.table("numbers", groups=["nernst"])
    >>> text.splitlines()[2].split(" | ")[-1]
    'holds |'
    """
    return _ALL.table(out, groups, say)
