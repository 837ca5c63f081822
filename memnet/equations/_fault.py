"""What is wrong with a text, and where."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A line and a column of a text, both from 1."""

    line: int
    column: int

    def after(self, text: str) -> Place:
        """Return the place behind a text that begins here."""
        n_lines = text.count("\n")
        return Place(self.line + n_lines, len(text) - text.rfind("\n") if n_lines else self.column + len(text))


def plain(text: str) -> str:
    """Return a text with one kind of line end and of blank, whatever editors and web pages made of them."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(" " if letter in _BLANKS else letter for letter in text) if _BLANKS & set(text) else text


# What no text has: control letters but tabs and line ends, and halves of letters.
NO_LETTERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
# A mark at the beginning of a file, a blank that joins, narrow blanks.
_BLANKS = frozenset("\ufeff\u00a0\u2007\u2009\u202f")


class EquationError(ValueError):
    """A text that is no model: the message shows its line, marks the column and says why.

    Attributes
    ----------
    line, column : int
        Where, from 1.
    reason : str
        Why, without the line.

    Examples
    --------
    >>> import memnet as mn
    >>> mn.device_model("Bad", "i = g*v")
    Traceback (most recent call last):
    memnet.equations.EquationError: Bad, line 1, column 5: g is not defined
        i = g*v
            ^
    """

    def __init__(self, reason: str, place: Place, text: str = "", model: str = "") -> None:
        self.reason, self.line, self.column = reason, place.line, place.column
        super().__init__(reason, place, text, model)

    def __str__(self) -> str:
        reason, place, text, model = self.args
        where = f"{model + ', ' if model else ''}line {place.line}, column {place.column}: {reason}"
        lines = plain(text).split("\n")
        if not 1 <= place.line <= len(lines) or not lines[place.line - 1].strip():
            return where
        # Long lines are cut around the column; tabs count as one column, and are shown so.
        line = NO_LETTERS.sub("\ufffd", lines[place.line - 1].expandtabs(1))
        start = max(0, place.column - 60)
        return f"{where}\n    {line[start : start + 100]}\n    {' ' * (place.column - 1 - start)}^"

    def located(self, text: str, model: str) -> EquationError:
        """Return the same fault with the text and the name of the model, for its message."""
        return EquationError(self.reason, self.args[1], text, model)
