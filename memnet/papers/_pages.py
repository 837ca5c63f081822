"""Pages that figures of papers are drawn on, their panels and colours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


BROWN, PURPLE, GREY, BLUE, ORANGE, GREEN, RED, MAGENTA = (
    "#8a5a2b",
    "#7b3fa0",
    "#8a8f98",
    "#1f5fd0",
    "#e8820c",
    "#2f9e44",
    "#d6283a",
    "#c02bb5",
)


def page(width: float, height: float, layout: Literal["constrained"] | None = "constrained") -> Figure:
    """Return an empty figure that no window shows."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout=layout)


def shades(count: int) -> list[Any]:
    """Return colours of that many lines, dark to bright."""
    from matplotlib import colormaps

    return [colormaps["viridis"](0.1 + 0.75 * k / max(count - 1, 1)) for k in range(count)]


def grid(count: int, columns: int, side: float = 3.0) -> tuple[Figure, list[Axes]]:
    """Return a page with that many panels in rows of `columns`."""
    columns = min(columns, count)
    rows = -(-count // columns)
    figure = page(1.15 * side * columns, side * rows)
    return figure, [figure.add_subplot(rows, columns, k + 1) for k in range(count)]


def ticks(ax: Axes, values: Sequence[float]) -> None:
    """Put ticks of the first axis at some values, and at no others."""
    ax.set_xticks(values, [f"{one:g}" for one in values])
    ax.minorticks_off()


def letters(axes: Sequence[Axes]) -> None:
    """Name panels (a), (b), ... and take away the frame's upper and right side."""
    for k, ax in enumerate(axes):
        ax.set_title(f"({chr(ord('a') + k)})", loc="left", fontsize="medium", weight="bold")
        ax.spines[["top", "right"]].set_visible(False)
