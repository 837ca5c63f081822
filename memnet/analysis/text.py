"""Results as text: numbers with units, and small tables for notebooks."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable

PREFIXES = {-15: "f", -12: "p", -9: "n", -6: "u", -3: "m", 0: "", 3: "k", 6: "M", 9: "G"}


def quantity(value: float, unit: str) -> str:
    """Return a number with its unit; those of physics with a prefix, those that are counted in the plural."""
    if unit in ("step", "sample", "bin"):
        return f"{value:,.4g} {unit}{'' if value == 1 else 's'}" if value < 1e4 else f"{value:,.0f} {unit}s"
    if not unit or not math.isfinite(value) or value == 0.0:
        return f"{value:.4g} {unit}".rstrip()
    power = 3 * math.floor(math.log10(abs(value)) / 3 + 1e-12)
    if power not in PREFIXES:
        return f"{value:.4g} {unit}"
    return f"{value / 10.0**power:.4g} {PREFIXES[power]}{unit}"


def estimate(value: float, error: float) -> str:
    """Return a number and its standard error, or a dash where there is none."""
    if math.isnan(value):
        return "-"
    return f"{value:.3g}" if math.isnan(error) else f"{value:.3g} +- {error:.2g}"


def table(title: str, rows: Iterable[tuple[str, str]]) -> str:
    """Return an HTML table of names and values, rows without a value left out."""
    body = "".join(
        f"<tr><th>{html.escape(name)}</th><td>{html.escape(value)}</td></tr>" for name, value in rows if value
    )
    return f"<table><caption>{html.escape(title)}</caption>{body}</table>"
