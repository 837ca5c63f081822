"""Electrodes on a map: their groups, pads and names."""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING, Any

import numpy as np

from memnet.base.arrays import Floats
from memnet.network import Disc, Layout, Rectangle, Shape
from memnet.plot import _layout as layout
from memnet.plot._groups import Groups
from memnet.plot._style import ELECTRODES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import Collection
    from matplotlib.patches import Patch

# How far from each side of a map a pad must be, as a share of the map, for its name to stand beside it.
MIDDLE = 0.15


def draw_electrodes(ax: Axes, groups: Groups[Any], muted: bool) -> dict[str, Collection]:
    """Draw the groups of each electrode in its colour, unless colours show potentials, and its name."""
    low, high = layout.extent(groups.net, groups.position)
    marked: dict[str, Collection] = {}
    for rank, name in enumerate(groups.net.contacts):
        colour = ELECTRODES[rank % len(ELECTRODES)]
        drawn, where = groups.mark(ax, name, colour, muted)
        if drawn is not None:
            marked[name] = drawn
        if len(where):
            place = groups.net.layout.places.get(name) if groups.has_pads else None
            options = _above(place, low, high) or _outside(where, low, high)
            ax.annotate(name, textcoords="offset points", color=colour, weight="bold", **options)
    return marked


def draw_pads(ax: Axes, of: Layout) -> None:
    """Draw the electrodes that are shapes."""
    for rank, place in enumerate(of.places.values()):
        if isinstance(place, Shape) and place.is_finite():
            colour = ELECTRODES[rank % len(ELECTRODES)]
            shape = _patch(place)
            shape.set(facecolor=colour, edgecolor=colour, alpha=0.3, linewidth=1.2, zorder=0.9)
            ax.add_patch(shape)


@singledispatch
def _patch(shape: Shape) -> Patch:
    from matplotlib.patches import Polygon

    return Polygon(shape.outline())


@_patch.register(Rectangle)
def _(shape: Rectangle) -> Patch:
    from matplotlib import patches

    return patches.Rectangle((shape.x_low, shape.y_low), shape.x_high - shape.x_low, shape.y_high - shape.y_low)


@_patch.register(Disc)
def _(shape: Disc) -> Patch:
    from matplotlib.patches import Circle

    return Circle((shape.x, shape.y), shape.radius)


def _above(place: object, low: Floats, high: Floats) -> dict[str, Any]:
    """Return where a name stands above a pad that lies far from all sides of the map; else nothing."""
    if not isinstance(place, Shape) or not place.is_finite():
        return {}
    rim, edge = place.outline(), MIDDLE * (high - low)
    if ((rim < low + edge) | (rim > high - edge)).any():
        return {}
    from matplotlib.patheffects import withStroke

    top = (place.centre[0], rim[:, 1].max())
    halo = [withStroke(linewidth=2.5, foreground="white")]
    return {"xy": top, "xytext": (0.0, 3.0), "ha": "center", "va": "bottom", "zorder": 4.0, "path_effects": halo}


def _outside(where: Floats, low: Floats, high: Floats) -> dict[str, Any]:
    """Return where a name stands beside the map, at the side that the electrode is nearest to."""
    middle = (np.median(where, axis=0) - low) / np.maximum(high - low, 1e-300)
    distance = np.array([middle[0], 1.0 - middle[0], middle[1], 1.0 - middle[1]])
    side = int(distance.argmin())
    along = float(np.clip(middle[1 if side < 2 else 0], 0.08, 0.92))
    x, y, rotation = [(-0.015, along, 90), (1.015, along, 270), (along, -0.015, 0), (along, 1.015, 0)][side]
    horizontal = ("right", "left", "center", "center")[side]
    vertical = ("center", "center", "top", "bottom")[side]
    # The bar for the scale stands at the lower side, so a name there stands below it.
    place = {"xy": (x, y), "xycoords": "axes fraction", "xytext": (0.0, -12.0 if side == 2 else 0.0)}
    return {**place, "rotation": rotation, "ha": horizontal, "va": vertical}
