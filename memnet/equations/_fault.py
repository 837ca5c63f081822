"""What is wrong with a text, and where."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A line and a column of a text, both from 1."""

    line: int
    column: int


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
        lines = text.split("\n")
        if not 1 <= place.line <= len(lines) or not lines[place.line - 1].strip():
            return where
        # Long lines are cut around the column; tabs count as one column, and are shown so.
        line = lines[place.line - 1].expandtabs(1)
        start = max(0, place.column - 60)
        return f"{where}\n    {line[start : start + 100]}\n    {' ' * (place.column - 1 - start)}^"

    def located(self, text: str, model: str) -> EquationError:
        """Return the same fault with the text and the name of the model, for its message."""
        return EquationError(self.reason, self.args[1], text, model)
