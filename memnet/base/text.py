"""Quantities, estimates and tables as text: what the short forms of objects are made of."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

PREFIXES = {-15: "f", -12: "p", -9: "n", -6: "µ", -3: "m", 0: "", 3: "k", 6: "M", 9: "G"}
# What is counted has no prefix but a plural.
COUNTED = ("bin", "sample", "step")
# Of more items than these, such as the electrodes of a large network, only some are listed.
MOST_ITEMS = 6


class Summary:
    """What names itself in one line, and as a table in a notebook; a dataclass of it has `repr=False`."""

    __slots__ = ()

    def _summary(self) -> Mapping[str, str]:
        """Return what the line says, by name; a text that needs no name has an empty one."""
        raise NotImplementedError

    def _details(self) -> Mapping[str, str]:
        """Return what the table says, by name; a row without a text is left out."""
        return self._summary()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {named(self._summary())}>"

    def _repr_html_(self) -> str:
        return table(f"memnet {type(self).__name__}", self._details())


def quantity(value: Any, unit: str = "") -> str:
    """Return a number in four digits with its unit, which has a prefix, or a plural if it is something counted.

    Examples
    --------
    >>> quantity(2.5e-7, "S"), quantity(0.5), quantity(12000, "step")
    ('250 nS', '0.5', '12,000 steps')
    """
    if isinstance(value, complex):
        return f"{value:.4g} {unit}".rstrip()
    number = float(value)
    if unit in COUNTED:
        shown = f"{number:,.0f}" if abs(number) >= 1e4 else f"{number:,.4g}"
        return f"{shown} {unit}{'' if number == 1.0 else 's'}"
    if not unit or number == 0.0 or not math.isfinite(number):
        return f"{number:.4g} {unit}".rstrip()
    power = 3 * math.floor(math.log10(abs(float(f"{number:.4g}"))) / 3)
    if power not in PREFIXES:
        return f"{number:.4g} {unit}"
    return f"{number / 10.0**power:.4g} {PREFIXES[power]}{unit}"


def estimate(value: float, error: float) -> str:
    """Return a number and its standard error, or a dash where there is none."""
    if math.isnan(value):
        return "-"
    return f"{value:.4g}" if math.isnan(error) else f"{value:.4g} ± {error:.2g}"


def span(values: Any, unit: str = "") -> str:
    """Return the least and the greatest of some numbers, those that are nan left out; all of them if complex."""
    known = np.atleast_1d(values)
    known = known[~np.isnan(known)]
    if not known.size:
        return quantity(math.nan, unit)
    if np.iscomplexobj(known):
        return listed([quantity(complex(value), unit) for value in known], "values")
    return ends(known.min(), known.max(), unit)


def ends(first: float, last: float, unit: str = "") -> str:
    """Return both ends of a range, such as "-1 V to 1 V", once where they look alike."""
    low, high = quantity(first, unit), quantity(last, unit)
    return low if low == high else f"{low} to {high}"


def listed(items: Sequence[str], what: str, separator: str = ", ") -> str:
    """Return items in a row; where there are many, how many and the first and last of them."""
    if len(items) <= MOST_ITEMS:
        return separator.join(items)
    return f"{len(items)} {what}: {separator.join(items[:2])}{separator}...{separator}{items[-1]}"


def named(rows: Mapping[str, str], separator: str = "; ") -> str:
    """Return names and texts in a row, those without a text left out."""
    return separator.join(f"{name} {text}".strip() for name, text in rows.items() if text)


def table(caption: str, rows: Mapping[str, str]) -> str:
    """Return an HTML table of names and texts, rows without a text left out."""
    cells = "".join(
        f"<tr><th style='text-align:left'>{html.escape(name)}</th>"
        f"<td style='text-align:left'>{html.escape(text)}</td></tr>"
        for name, text in rows.items()
        if text
    )
    return f"<table><caption>{html.escape(caption)}</caption>{cells}</table>"
