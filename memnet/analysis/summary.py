"""How results show themselves: one short line, and a table in a notebook."""

from __future__ import annotations

import html
import math

PREFIXES = {-15: "f", -12: "p", -9: "n", -6: "u", -3: "m", 0: "", 3: "k", 6: "M", 9: "G"}


def quantity(value: float, unit: str = "") -> str:
    """Return a number in four digits with its unit and a prefix.

    Examples
    --------
    >>> quantity(2.5e-7, "S"), quantity(0.5)
    ('250 nS', '0.5')
    """
    if not unit:
        return f"{value:.4g}"
    if value == 0.0 or not math.isfinite(value):
        return f"{value:g} {unit}"
    power = min(max(3 * math.floor(math.log10(abs(value) * (1.0 + 1e-9)) / 3), min(PREFIXES)), max(PREFIXES))
    return f"{value / 10.0**power:.4g} {PREFIXES[power]}{unit}"


def span(low: float, high: float, unit: str) -> str:
    """Return a range as text, such as "-1 V to 1 V"."""
    return f"{quantity(low, unit)} to {quantity(high, unit)}"


class Summary:
    """A result that names itself in one line; a dataclass of it has `repr=False`."""

    def _summary(self) -> dict[str, str]:
        """Return what there is to say, by name."""
        raise NotImplementedError

    def __repr__(self) -> str:
        said = ", ".join(f"{name} {text}" for name, text in self._summary().items())
        return f"<{type(self).__name__}: {said}>"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th style='text-align:left'>{html.escape(name)}</th><td>{html.escape(text)}</td></tr>"
            for name, text in self._summary().items()
        )
        return f"<table><caption>{type(self).__name__}</caption>{rows}</table>"
