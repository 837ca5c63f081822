"""Pages that figures of papers are drawn on, and the letters of their panels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def page(width: float, height: float, layout: Literal["constrained"] | None = "constrained") -> Figure:
    """Return an empty figure that no window shows."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout=layout)


def letters(axes: Sequence[Axes]) -> None:
    """Name panels (a), (b), ... and take away the frame's upper and right side."""
    for k, ax in enumerate(axes):
        ax.set_title(f"({chr(ord('a') + k)})", loc="left", fontsize="medium", weight="bold")
        ax.spines[["top", "right"]].set_visible(False)
