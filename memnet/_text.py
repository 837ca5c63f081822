"""Quantities and tables as text: what the short forms of objects are made of."""

from __future__ import annotations

import cmath
import html
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

PREFIXES = {-15: "f", -12: "p", -9: "n", -6: "µ", -3: "m", 0: "", 3: "k", 6: "M", 9: "G"}
# Electrodes and pads beyond these many are counted instead of listed.
MOST_NAMES = 6


def quantity(value: Any, unit: str) -> str:
    """Return a number with its unit, scaled by a prefix where it has one: 1.2e-6 S is "1.2 µS"."""
    if isinstance(value, complex):
        return f"{value:.4g} {unit}"
    number = float(value)
    if number == 0.0 or not math.isfinite(number):
        return f"{number:g} {unit}"
    power = 3 * math.floor(math.log10(abs(float(f"{number:.4g}"))) / 3)
    if power not in PREFIXES:
        return f"{number:.4g} {unit}"
    return f"{number / 10.0**power:.4g} {PREFIXES[power]}{unit}"


def span(values: Iterable[Any], unit: str) -> str:
    """Return the least and the greatest of some numbers, those that are nan left out; all of them if complex."""
    known = [value for value in values if not cmath.isnan(value)]
    if not known:
        return f"nan {unit}"
    if any(isinstance(value, complex) for value in known):
        return listed([quantity(complex(value), unit) for value in known], "values")
    low, high = quantity(min(known), unit), quantity(max(known), unit)
    return low if low == high else f"{low} to {high}"


def number_span(values: Iterable[Any]) -> str:
    """Return the least and the greatest of some numbers of which there is at least one, without a unit."""
    found = [float(value) for value in values]
    low, high = f"{min(found):.4g}", f"{max(found):.4g}"
    return low if low == high else f"{low} to {high}"


def listed(items: Sequence[str], what: str, separator: str = ", ") -> str:
    """Return items in a row; where there are many, how many and the first and last of them."""
    if len(items) <= MOST_NAMES:
        return separator.join(items)
    return f"{len(items)} {what}: {separator.join(items[:2])}{separator}...{separator}{items[-1]}"


def table(caption: str, rows: Mapping[str, Any]) -> str:
    """Return an HTML table of names and values."""
    cells = "".join(
        f"<tr><th style='text-align:left'>{html.escape(name)}</th><td style='text-align:left'>"
        f"{html.escape(str(value))}</td></tr>"
        for name, value in rows.items()
    )
    return f"<table><caption>{html.escape(caption)}</caption>{cells}</table>"
