"""What all figures share: colours, new axes, lines, colour bars, checks of arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from memnet.base import check, job
from memnet.base.arrays import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import Collection, LineCollection
    from matplotlib.colorbar import Colorbar
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure
    from matplotlib.image import AxesImage


# Up to this many edges lines have their full width.
MAX_WIDE_EDGES = 8_000
# Room for the numbers and the label of a colour bar (inches).
LABEL_ROOM = 0.65
# Height of a row of a legend (inches).
LEGEND_ROW = 0.19
PALE = "#c9d7e8"
NO_POTENTIAL = "#bdbdbd"
ELECTRODES = ("#e8710a", "#d6409f", "#0b8a6b", "#6f4bd8", "#9a6700", "#0a7ea4")
DEVICES = ("#8a8f98", "#1f5fd0", "#1c9a55", "#d9480f", "#9c36b5", "#b08900")
GROUPS = ("#7aa6c2", "#c9b28f", "#93b88a", "#b99ac4", "#d39a86", "#86b5b0", "#c7c36f", "#a3a9b8")


class Drawn:
    """What a function of `memnet.plot` drew on one or more axes."""

    ax: Axes

    @property
    def _axes(self) -> Axes:
        return self.ax

    @property
    def figure(self) -> Figure:
        """The figure, to be saved: ``drawn.figure.savefig("loop.pdf")``."""
        return self._axes.figure.canvas.figure  # the whole one, where the axes are in a part of a figure

    def __repr__(self) -> str:
        """Return no more than the kind: in a notebook this stands beside the figure."""
        return f"<{type(self).__name__}>"


def check_dataset(data: Any) -> None:
    """Raise TypeError for anything but a Dataset."""
    import xarray

    check.instance("data", data, xarray.Dataset, "the Dataset that Simulation.run returned")


def check_axes(ax: Any) -> None:
    """Raise TypeError for anything but axes, or None."""
    job.load("matplotlib.axes")  # every figure begins with this check or the next
    from matplotlib.axes import Axes

    check.instance("ax", ax, (Axes, type(None)), "matplotlib Axes, or None for a new figure")


def check_figure(figure: Any) -> None:
    """Raise TypeError for anything but a figure, or None."""
    job.load("matplotlib.figure")
    from matplotlib.figure import Figure

    check.instance("figure", figure, (Figure, type(None)), "a matplotlib Figure, or None for a new one")


def new_axes(ax: Axes | None, size: tuple[float, float]) -> Axes:
    """Return the axes, or those of a new figure of a size (inches)."""
    if ax is not None:
        return ax
    job.load("matplotlib.pyplot")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=size, layout="constrained")
    pad(figure)
    return axes


def pad(figure: Figure) -> None:
    """Leave room at the rim for the names of electrodes, which the layout does not count in full."""
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.set(w_pad=0.16, h_pad=0.06, hspace=0.0)  # type: ignore[call-arg]


def say_instead(ax: Axes, why: str) -> None:
    """Write into the axes why there is no curve."""
    ax.text(0.5, 0.5, why, ha="center", va="center", color="#475569", transform=ax.transAxes)


def legend_above(ax: Axes) -> None:
    """Draw a legend of one column above the curves or, where no layout makes room for it, where they are few."""
    if ax.figure.get_layout_engine() is None:
        ax.legend(frameon=False, fontsize="small", loc="best")
    else:
        ax.legend(frameon=False, fontsize="small", loc="lower left", bbox_to_anchor=(0.0, 1.0))


def colour_map(name: str | None, default: str) -> Colormap:
    """Return the colour map of a name, or the default one."""
    from matplotlib import colormaps

    return colormaps[check.one_of("cmap", default if name is None else name, colormaps)]


def add_lines(ax: Axes, segments: Floats, colour: Any, width: Any, zorder: float = 1.5) -> LineCollection:
    """Draw straight lines, thinner where there are many."""
    from matplotlib.collections import LineCollection

    width = np.asarray(width) * min(1.0, (MAX_WIDE_EDGES / max(1, len(segments))) ** 0.5)
    lines = LineCollection(list(segments), colors=colour, linewidths=width, zorder=zorder, capstyle="round")
    lines.set_rasterized(len(segments) > 20_000)
    ax.add_collection(lines, autolim=False)
    return lines


def add_colorbar(ax: Axes, drawn: Collection | AxesImage, label: str) -> Colorbar:
    """Draw a colour bar beside the axes.

    Without a layout engine nobody makes room for its numbers and label, so the axes give it of their own: they stay
    clear of the neighbours in plain subplots.
    """
    figure = ax.figure
    if figure.get_layout_engine() is None:
        box = ax.get_position()
        room = min(LABEL_ROOM / float(figure.bbox.width / figure.dpi), 0.3 * box.width)
        ax.set_position((box.x0, box.y0, box.width - room, box.height))
    pad = 0.05 if figure.get_layout_engine() is not None else 0.12  # the name of an electrode stands between
    bar = figure.colorbar(drawn, ax=ax, label=label, fraction=0.046, pad=pad, use_gridspec=False)
    bar.outline.set_linewidth(0.5)
    return bar
