"""Electrodes on a map: their groups, pads and names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from memnet.network import Network, Wires
from memnet.plot import _groups as groups
from memnet.plot import _layout as layout
from memnet.plot._style import ELECTRODES, Floats, add_lines

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import Collection


def draw_electrodes(ax: Axes, net: Network, style: str, position: Floats, muted: bool) -> dict[str, Collection]:
    """Draw the groups of each electrode in its colour, unless colours show potentials, and its name."""
    discs = layout.discs_of(net)
    low, high = layout.extent(net, position)
    marked: dict[str, Collection] = {}
    for rank, (name, nodes) in enumerate(net.electrodes.items()):
        colour = ELECTRODES[rank % len(ELECTRODES)]
        if style == "discs" and discs is not None:
            where = discs[0][np.isin(discs[1], nodes)]
            if not muted and not groups.is_image(net, style):
                marked[name] = groups.ellipses(ax, where, 1.1)
                marked[name].set_facecolor(colour)
        elif style == "wires" and net.wires is not None:
            touching = net.wires.end[np.unique(net.wires.node_wire[nodes])]
            where = _contacts(net.wires.pads[name], touching, position[nodes])
            if not muted:
                marked[name] = add_lines(ax, touching, colour, 1.4, 1.45)
        else:
            where = position[np.asarray(nodes)]
            size = np.maximum(groups.node_size(net)[np.asarray(nodes)], 4.0)
            marked[name] = ax.scatter(where[:, 0], where[:, 1], s=size, color=colour, linewidths=0.0, zorder=3.0)
        _name_electrode(ax, name, colour, where, low, high)
    return marked


def draw_pads(ax: Axes, wires: Wires) -> None:
    """Draw pads that are rectangles or discs."""
    from matplotlib.patches import Circle, Rectangle

    for rank, pad in enumerate(wires.pads.values()):
        if not isinstance(pad, tuple) or not np.isfinite(pad).all():
            continue
        colour = ELECTRODES[rank % len(ELECTRODES)]
        if len(pad) == 3:
            shape: Circle | Rectangle = Circle((pad[0], pad[1]), pad[2])
        else:
            shape = Rectangle((pad[0], pad[2]), pad[1] - pad[0], pad[3] - pad[2])
        shape.set(facecolor=colour, edgecolor=colour, alpha=0.3, linewidth=1.2, zorder=1.0)
        ax.add_patch(shape)


def _contacts(pad: Any, touching: Floats, nodes: Floats) -> Floats:
    """Return points around which the name of an electrode belongs: on its pad, else on its wires."""
    if isinstance(pad, tuple) and np.isfinite(pad).all():
        centre = pad[:2] if len(pad) == 3 else (0.5 * (pad[0] + pad[1]), 0.5 * (pad[2] + pad[3]))
        return np.array([centre])
    if not isinstance(pad, str):
        return nodes
    axis = 0 if pad in ("left", "right") else 1
    reach = touching[..., axis]
    pick = reach.argmin(axis=1) if pad in ("left", "bottom") else reach.argmax(axis=1)
    reached: Floats = touching[np.arange(len(touching)), pick]
    return reached


def _name_electrode(ax: Axes, name: str, colour: str, where: Floats, low: Floats, high: Floats) -> None:
    """Write the name beside the electrode, outside the map at the side that it is nearest to."""
    if not len(where):
        return
    middle = (np.median(where, axis=0) - low) / np.maximum(high - low, 1e-300)
    distance = np.array([middle[0], 1.0 - middle[0], middle[1], 1.0 - middle[1]])
    side = int(distance.argmin())
    along = float(np.clip(middle[1 if side < 2 else 0], 0.08, 0.92))
    x, y, rotation = [(-0.015, along, 90), (1.015, along, 270), (along, -0.015, 0), (along, 1.015, 0)][side]
    horizontal = ("right", "left", "center", "center")[side]
    vertical = ("center", "center", "top", "bottom")[side]
    # The bar for the scale stands at the lower side, so a name there stands below it.
    ax.annotate(
        name,
        (x, y),
        xycoords="axes fraction",
        xytext=(0.0, -12.0 if side == 2 else 0.0),
        textcoords="offset points",
        rotation=rotation,
        ha=horizontal,
        va=vertical,
        color=colour,
        weight="bold",
    )
