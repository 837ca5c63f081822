"""Groups on a map, as discs, wires or circles, and their potentials."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from memnet.network import Network, Wires
from memnet.plot import _layout as layout
from memnet.plot._style import ELECTRODES, GROUPS, NO_POTENTIAL, Floats, add_lines, colour_map

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import Collection, LineCollection
    from matplotlib.image import AxesImage

# Above this many discs a disc is hardly a pixel of a screen, and all of them are drawn as one image.
MAX_DISCS = 200_000
# Pixels along the longer side of that image.
IMAGE_SIDE = 1_600


def is_image(net: Network, style: str) -> bool:
    """Return whether there are so many discs that they are drawn as one image."""
    discs = layout.discs_of(net)
    return style == "discs" and discs is not None and len(discs[0]) > MAX_DISCS


def draw_groups(
    ax: Axes, net: Network, style: str, position: Floats, volts: Floats | None, cmap: str | None
) -> Collection | AxesImage:
    """Draw the groups of a network in a style, and their potentials (V) where they are given."""
    if style == "wires" and net.wires is not None:
        return _draw_wires(ax, net, net.wires, position, volts, cmap)
    discs = layout.discs_of(net)
    if is_image(net, style):
        return _draw_image(ax, net, volts, cmap)
    drawn: Collection
    if style == "discs" and discs is not None:
        drawn = ellipses(ax, discs[0], 1.0)
    else:
        drawn = ax.scatter(position[:, 0], position[:, 1], s=node_size(net), linewidths=0.0, zorder=2.0)
    drawn.set_rasterized(len(_node_of_artist(net, style)) > 20_000)
    if volts is not None:
        _scale_potential(drawn, volts, cmap, bad=NO_POTENTIAL)
        drawn.set_array(_shown_potential(net, style, volts))
    else:
        colours: Any = _group_colours(net)[_node_of_artist(net, style)] if style == "discs" else "#3c4654"
        drawn.set_facecolor(colours)
    return drawn


def _draw_wires(
    ax: Axes, net: Network, wires: Wires, position: Floats, volts: Floats | None, cmap: str | None
) -> LineCollection:
    """Draw all wires, and their potential: that of a node, or of the middle of each segment."""
    if volts is None or not len(wires.segments):
        colour, width = ("#8f9aa8", 0.8) if volts is None else (None, 1.2)
        drawn = add_lines(ax, wires.end, colour, width, 1.4)
    else:
        add_lines(ax, wires.end, "#d5d9de", 0.7, 1.3)
        drawn = add_lines(ax, position[net.edges[wires.segments]], None, 1.2, 1.4)
    if volts is not None:
        _scale_potential(drawn, volts, cmap, bad=NO_POTENTIAL)
        drawn.set_array(_shown_potential(net, "wires", volts))
    return drawn


def _node_of_artist(net: Network, style: str) -> NDArray[np.int32]:
    """Return the group that each disc or circle belongs to."""
    discs = layout.discs_of(net)
    return discs[1] if style == "discs" and discs is not None else np.arange(net.n_nodes, dtype=np.int32)


def _shown_potential(net: Network, style: str, volts: Floats) -> Any:
    """Return the potential of each artist; of a segment of a wire that of its middle."""
    if style == "wires" and net.wires is not None:
        segments = net.wires.segments
        return np.ma.masked_invalid(volts[net.edges[segments]].mean(axis=1) if len(segments) else volts)
    return np.ma.masked_invalid(volts[_node_of_artist(net, style)])


def show_potential(drawn: Collection | AxesImage, net: Network, style: str, volts: Floats) -> None:
    """Give what is drawn the colours of other potentials (V)."""
    from matplotlib.image import AxesImage

    if isinstance(drawn, AxesImage):
        drawn.set_data(_image_potential(volts, _pixels(net, layout.extent(net, np.empty((0, 2)))[1])))
        return
    drawn.set_array(_shown_potential(net, style, volts))


def ellipses(ax: Axes, where: Floats, zorder: float) -> Collection:
    """Draw discs of diameter 1."""
    from matplotlib.collections import EllipseCollection

    discs = EllipseCollection([1.0], [1.0], [0.0], units="xy", offsets=where, offset_transform=ax.transData)
    discs.set(linewidth=0.0, zorder=zorder)
    ax.add_collection(discs, autolim=False)
    return discs


def _group_colours(net: Network) -> Floats:
    """Return a colour for each group (n_nodes, 4); neighbouring numbers are far apart in the palette."""
    from matplotlib.colors import to_rgba_array

    group = np.arange(net.n_nodes)
    palette: Floats = to_rgba_array(GROUPS)
    colours: Floats = palette[(group * 5 + group // len(GROUPS) * 3) % len(GROUPS)]
    return colours


def _scale_potential(drawn: Collection | AxesImage, volts: Floats, cmap: str | None, **extremes: Any) -> None:
    """Give the colours of potentials the range of those that are known."""
    known = volts[np.isfinite(volts)]
    drawn.set_cmap(colour_map(cmap, "viridis").with_extremes(**extremes))
    drawn.set_clim(*((known.min(), known.max()) if known.size else (0.0, 1.0)))


def _draw_image(ax: Axes, net: Network, volts: Floats | None, cmap: str | None) -> AxesImage:
    """Draw all discs as one image."""
    from matplotlib.colors import to_rgba

    low, high = layout.extent(net, np.empty((0, 2)))
    group = _pixels(net, high)
    empty = group < 0
    where: dict[str, Any] = {"extent": (low[0], high[0], low[1], high[1]), "origin": "lower", "zorder": 1.0}
    if volts is None:
        colours = _group_colours(net)
        for rank, nodes in enumerate(net.electrodes.values()):
            colours[nodes] = to_rgba(ELECTRODES[rank % len(ELECTRODES)])
        return ax.imshow(np.where(empty[..., None], 0.0, colours[group]), **where)
    drawn = ax.imshow(_image_potential(volts, group), interpolation="nearest", **where)
    _scale_potential(drawn, volts, cmap, bad=(0.0, 0.0, 0.0, 0.0), under=NO_POTENTIAL)
    return drawn


def _image_potential(volts: Floats, group: NDArray[np.int32]) -> Any:
    """Return the potential at each pixel, masked where there is no disc, below all others where it is not known."""
    known = np.isfinite(volts)
    below = volts[known].min(initial=0.0) - 1.0
    return np.ma.masked_array(np.where(known, volts, below)[group], group < 0)


def _pixels(net: Network, size: Floats) -> NDArray[np.int32]:
    """Return the group at each pixel of an image of the network, -1 where there is no disc."""
    discs = layout.discs_of(net)
    assert discs is not None
    side = float(size.max()) / IMAGE_SIDE
    n = np.ceil(size / side).astype(np.int64)
    group = np.full((n[1], n[0]), -1, dtype=np.int32)
    centre = np.floor(discs[0] / side).astype(np.int64)
    reach = int(np.ceil(0.5 / side))
    for dx in range(-reach, reach + 1):
        for dy in range(-reach, reach + 1):
            pixel = centre + np.array([dx, dy])
            covered = np.sum(((pixel + 0.5) * side - discs[0]) ** 2, axis=1) <= 0.25
            covered |= (dx == 0) & (dy == 0)
            covered &= ((pixel >= 0) & (pixel < n)).all(axis=1)
            group[pixel[covered, 1], pixel[covered, 0]] = discs[1][covered]
    return group


def node_size(net: Network) -> Floats:
    """Return areas of the circles of nodes (points squared): larger for larger groups, smaller where there are many."""
    area = np.ones(net.n_nodes)
    discs = layout.discs_of(net)
    if discs is not None:
        members = np.bincount(discs[1], minlength=net.n_nodes)
        area = 0.4 + members / max(1.0, float(members.mean()))
    return np.clip(area, 0.3, 12.0) * min(60.0, 8_000.0 / max(1, net.n_nodes))
