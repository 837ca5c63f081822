"""Groups on a map, as discs, wires or circles, and their potentials: a class for each kind of marks of a layout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from memnet.base.arrays import Floats
from memnet.network import DiscMarks, LineMarks, Marks, Network
from memnet.plot import _layout as layout
from memnet.plot._style import ELECTRODES, GROUPS, NO_POTENTIAL, PALE, add_lines, colour_map

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import Collection, LineCollection
    from matplotlib.image import AxesImage

# Above this many discs a disc is hardly a pixel of a screen, and all of them are drawn as one image.
MAX_DISCS = 200_000
# Pixels along the longer side of that image.
IMAGE_SIDE = 1_600

Kind = TypeVar("Kind", bound=Marks)


@dataclass(frozen=True)
class Groups(Generic[Kind]):
    """The groups of a network on a map: as circles at their positions, of which the subclasses are other forms."""

    net: Network
    marks: Kind
    position: Floats

    has_pads = False  # whether the shapes of electrodes belong on the map

    def draw(self, ax: Axes, volts: Floats | None, cmap: str | None) -> Collection | AxesImage:
        """Draw the groups, and their potentials (V) where they are given."""
        drawn = self._circles(ax)
        drawn.set_rasterized(len(self._node()) > 20_000)
        if volts is None:
            drawn.set_facecolor(self._colours())
        else:
            _scale_potential(drawn, volts, cmap, bad=NO_POTENTIAL)
            self.show(drawn, volts)
        return drawn

    def show(self, drawn: Collection | AxesImage, volts: Floats) -> None:
        """Give what is drawn the colours of other potentials (V)."""
        drawn.set_array(np.ma.masked_invalid(volts[self._node()]))

    def mark(self, ax: Axes, name: str, colour: str, muted: bool) -> tuple[Collection | None, Floats]:
        """Draw the groups of an electrode in its colour; return also where they are."""
        del muted
        nodes = np.asarray(self.net.contacts[name])
        where = self.position[nodes]
        size = np.maximum(self._areas()[nodes], 4.0)
        return ax.scatter(where[:, 0], where[:, 1], s=size, color=colour, linewidths=0.0, zorder=3.0), where

    def draw_edges(self, ax: Axes, segments: Floats, muted: bool) -> LineCollection:
        """Draw edges that show nothing; thinner where colours show potentials."""
        return add_lines(ax, segments, PALE, 0.35 if muted else 0.5)

    def _circles(self, ax: Axes) -> Collection:
        x, y = self.position.T
        return ax.scatter(x, y, s=self._areas(), linewidths=0.0, zorder=2.0)

    def _areas(self) -> Floats:
        """Return areas of circles (points squared): larger for larger groups, smaller where there are many."""
        area = self.net.layout.marks().weight(self.net.n_nodes)
        return np.clip(area, 0.3, 12.0) * min(60.0, 8_000.0 / max(1, self.net.n_nodes))

    def _colours(self) -> Any:
        return "#3c4654"

    def _node(self) -> NDArray[np.int32]:
        """Return the group that each artist belongs to."""
        return np.arange(self.net.n_nodes, dtype=np.int32)


class DiscGroups(Groups[DiscMarks]):
    """Groups as the discs that they consist of."""

    has_pads = True

    def mark(self, ax: Axes, name: str, colour: str, muted: bool) -> tuple[Collection | None, Floats]:
        where = self.marks.centre[np.isin(self.marks.node, self.net.contacts[name])]
        if muted:
            return None, where
        marked = self._ellipses(ax, where, 1.1)
        marked.set_facecolor(colour)
        return marked, where

    def draw_edges(self, ax: Axes, segments: Floats, muted: bool) -> LineCollection:
        return add_lines(ax, segments, *(("#7d838c", 0.35) if muted else ("#20242b", 0.5)))

    def _circles(self, ax: Axes) -> Collection:
        return self._ellipses(ax, self.marks.centre, 1.0)

    def _ellipses(self, ax: Axes, where: Floats, zorder: float) -> Collection:
        from matplotlib.collections import EllipseCollection

        size = [self.marks.diameter]
        discs = EllipseCollection(size, size, [0.0], units="xy", offsets=where, offset_transform=ax.transData)
        discs.set(linewidth=0.0, zorder=zorder)
        ax.add_collection(discs, autolim=False)
        return discs

    def _colours(self) -> Any:
        return _palette(self.net)[self.marks.node]

    def _node(self) -> NDArray[np.int32]:
        return self.marks.node


class DiscImage(DiscGroups):
    """So many discs that all of them are one image."""

    def draw(self, ax: Axes, volts: Floats | None, cmap: str | None) -> AxesImage:
        from matplotlib.colors import to_rgba

        low, high = layout.extent(self.net, self.position)
        group = self._pixels()
        where: dict[str, Any] = {"extent": (low[0], high[0], low[1], high[1]), "origin": "lower", "zorder": 1.0}
        if volts is None:
            colours = _palette(self.net)
            for rank, nodes in enumerate(self.net.contacts.values()):
                colours[nodes] = to_rgba(ELECTRODES[rank % len(ELECTRODES)])
            return ax.imshow(np.where((group < 0)[..., None], 0.0, colours[group]), **where)
        drawn = ax.imshow(_image_potential(volts, group), interpolation="nearest", **where)
        _scale_potential(drawn, volts, cmap, bad=(0.0, 0.0, 0.0, 0.0), under=NO_POTENTIAL)
        return drawn

    def show(self, drawn: Any, volts: Floats) -> None:
        drawn.set_data(_image_potential(volts, self._pixels()))

    def mark(self, ax: Axes, name: str, colour: str, muted: bool) -> tuple[Collection | None, Floats]:
        del muted
        return super().mark(ax, name, colour, muted=True)

    def _pixels(self) -> NDArray[np.int32]:
        """Return the group at each pixel of an image of the network, -1 where there is no disc."""
        low, high = layout.extent(self.net, self.position)
        size, where = high - low, self.marks.centre - low
        side = float(size.max()) / IMAGE_SIDE
        n = np.ceil(size / side).astype(np.int64)
        group = np.full((n[1], n[0]), -1, dtype=np.int32)
        centre = np.floor(where / side).astype(np.int64)
        radius = 0.5 * self.marks.diameter
        reach = int(np.ceil(radius / side))
        for dx in range(-reach, reach + 1):
            for dy in range(-reach, reach + 1):
                pixel = centre + np.array([dx, dy])
                covered = np.sum(((pixel + 0.5) * side - where) ** 2, axis=1) <= radius**2
                covered |= (dx == 0) & (dy == 0)
                covered &= ((pixel >= 0) & (pixel < n)).all(axis=1)
                group[pixel[covered, 1], pixel[covered, 0]] = self.marks.node[covered]
        return group


class LineGroups(Groups[LineMarks]):
    """Groups as lines, or as places on them."""

    has_pads = True

    def draw(self, ax: Axes, volts: Floats | None, cmap: str | None) -> Collection:
        """Draw all lines, and their potential: that of a node, or of the middle of each piece."""
        ends = self.marks.ends
        if volts is None:
            return add_lines(ax, ends, "#8f9aa8", 0.8, 1.4)
        if len(self.marks.pieces):
            add_lines(ax, ends, "#d5d9de", 0.7, 1.3)
            ends = self.position[self.net.edges[self.marks.pieces]]
        drawn = add_lines(ax, ends, None, 1.2, 1.4)
        _scale_potential(drawn, volts, cmap, bad=NO_POTENTIAL)
        self.show(drawn, volts)
        return drawn

    def show(self, drawn: Collection | AxesImage, volts: Floats) -> None:
        pieces = self.net.edges[self.marks.pieces]
        shown = volts[pieces].mean(axis=1) if len(pieces) else volts[: len(self.marks.line)]
        drawn.set_array(np.ma.masked_invalid(shown))

    def mark(self, ax: Axes, name: str, colour: str, muted: bool) -> tuple[Collection | None, Floats]:
        nodes = self.net.contacts[name]
        touching = self.marks.ends[np.unique(self.marks.line[nodes])]
        where = layout.contact_points(self.net.layout.places.get(name), touching, self.position[nodes])
        return None if muted else add_lines(ax, touching, colour, 1.4, 1.45), where

    def draw_edges(self, ax: Axes, segments: Floats, muted: bool) -> LineCollection:
        """Draw the edges that are dots."""
        return add_lines(ax, segments[self.marks.dots], *(("#7d838c", 0.9) if muted else ("#20242b", 1.7)))


# What draws each kind of marks.
KINDS: dict[type[Marks], type[Groups[Any]]] = {DiscMarks: DiscGroups, LineMarks: LineGroups, Marks: Groups}


def groups_of(net: Network, marks: Marks, position: Floats) -> Groups[Any]:
    """Return what draws the groups of a network with marks."""
    if isinstance(marks, DiscMarks) and len(marks.centre) > MAX_DISCS:
        return DiscImage(net, marks, position)
    return KINDS[type(marks)](net, marks, position)


def _palette(net: Network) -> Floats:
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


def _image_potential(volts: Floats, group: NDArray[np.int32]) -> Any:
    """Return the potential at each pixel, masked where there is no disc, below all others where it is not known."""
    known = np.isfinite(volts)
    below = volts[known].min(initial=0.0) - 1.0
    return np.ma.masked_array(np.where(known, volts, below)[group], group < 0)
