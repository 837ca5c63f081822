"""Maps of a network: groups, potentials, devices, currents, electrodes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from memnet.base import check
from memnet.base.arrays import Floats
from memnet.devices import Device
from memnet.network import Marks, Network
from memnet.plot import _electrodes as electrode_marks, _groups as group_marks, _layout as layout
from memnet.plot._style import DEVICES, PALE, Drawn, add_colorbar, add_lines, check_axes, colour_map, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import Collection, LineCollection
    from matplotlib.colorbar import Colorbar
    from matplotlib.image import AxesImage

__all__ = ["NetworkPlot", "network"]

UNITS = {"current": "A", "conductance": "S"}


@dataclass(frozen=True, repr=False)
class NetworkPlot(Drawn):
    """What `network` drew: the axes and the artists on it, to be changed at will.

    Attributes
    ----------
    ax : matplotlib Axes
    groups : matplotlib artist
        Groups of particles, wires or nodes.
    edges : list of LineCollection
        Edges; of a current or a conductance the pale ones first.
    electrodes : dict
        Name to what marks the electrode.
    colorbars : list of Colorbar

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.percolating(size=30, coverage=0.6, seed=1)
    >>> sim = mn.Simulation(net, mn.TunnelGap(), drive={"left": 2.0, "right": 0.0}, seed=0)
    >>> drawn = mn.plot.network(net, potential=sim.potential)
    >>> sim.step(100)
    >>> drawn.update(potential=sim.potential)
    """

    ax: Axes
    groups: Collection | AxesImage
    edges: list[LineCollection]
    electrodes: dict[str, Collection] = field(default_factory=dict)
    colorbars: list[Colorbar] = field(default_factory=list)
    drawing: Drawing | None = field(default=None, repr=False)

    @check.known_keywords
    def update(
        self,
        *,
        potential: ArrayLike | None = None,
        current: ArrayLike | None = None,
        conductance: ArrayLike | None = None,
    ) -> None:
        """Show other values of what the map shows, on the same scales.

        Parameters
        ----------
        potential : array (n_nodes,), optional
            Potential of each group (V).
        current, conductance : array (n_edges,), optional
            Current through each edge (A) or its conductance (S).

        Raises
        ------
        ValueError
            A quantity that the map was not drawn with, or a wrong shape.
        """
        drawing = self.drawing
        for name, value in (("potential", potential), ("current", current), ("conductance", conductance)):
            if value is not None and (drawing is None or name not in drawing.shows):
                shown = ", ".join(drawing.shows) if drawing is not None and drawing.shows else "none"
                raise ValueError(f"{name} is not what this map shows ({shown}); draw it with network(..., {name}=...)")
        if drawing is None:
            return
        if potential is not None:
            volts = _potential(drawing.groups.net, potential)
            drawing.groups.show(self.groups, volts)
        given = current if current is not None else conductance
        if given is not None:
            self._show_edges("current" if current is not None else "conductance", given, drawing)

    def _show_edges(self, name: str, value: ArrayLike, drawing: Drawing) -> None:
        magnitude = _of_edges(drawing.groups.net, name, value)
        if not drawing.scale[1] > 0.0:  # there was nothing yet to take a scale from
            drawing.scale = _down_from(magnitude, drawing.decades)
        for lines in self.edges:
            lines.remove()
        self.edges[:] = _draw_log(self.ax, drawing.segments, magnitude, drawing.scale, drawing.edge_cmap)
        bars = [bar for bar in self.colorbars if bar.mappable is not self.groups]
        for bar in bars if len(self.edges) == 2 else ():
            bar.update_normal(self.edges[1])
        if drawing.colorbar and not bars:
            self.colorbars.extend(_edge_bar(self.ax, self.edges, name))


@dataclass
class Drawing:
    """How a map was drawn, for those that change what it shows."""

    groups: group_marks.Groups[Any]
    shows: tuple[str, ...]
    segments: Floats
    scale: tuple[float, float]
    edge_cmap: str | None
    decades: float
    colorbar: bool


@check.known_keywords
def network(
    net: Network,
    *,
    ax: Axes | None = None,
    groups: Literal["discs", "wires", "nodes"] | None = None,
    potential: ArrayLike | None = None,
    device: Any | None = None,
    current: ArrayLike | None = None,
    conductance: ArrayLike | None = None,
    electrodes: bool = True,
    colorbar: bool = True,
    decades: float = 6.0,
    limits: tuple[float, float] | None = None,
    cmap: str | None = None,
    title: str | None = None,
) -> NetworkPlot:
    """Draw a network as a map.

    At most one of `device`, `current` and `conductance` colours the edges; without one they are thin and pale.

    Parameters
    ----------
    net : Network
        The network. One without positions is laid out by springs, up to 2,000 nodes.
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.
    groups : "discs", "wires" or "nodes", optional
        Groups as the discs they consist of, with edges between the nearest discs of two groups, or as one circle
        at their centre. Default: discs where the network has them and no quantity of the edges is shown; else nodes.
        More than 200,000 discs are drawn as one image. "wires" draws nanowires as they lie, a dot for each junction and
        the pads; it is the default where the network has wires.
    potential : array (n_nodes,), optional
        Potential of each group (V), shown as colour; nan (no path to a driven electrode) is grey.
    device : device, sequence of devices (n_edges,) or the result of `mix`, optional
        Colours edges by their device; the most frequent one stays in the background.
    current : array (n_edges,), optional
        Current through each edge (A); its magnitude is shown as colour and width on a logarithmic scale.
    conductance : array (n_edges,), optional
        Conductance of each edge (S), shown as `current` is.
    electrodes : bool
        Highlight the groups of each electrode and name them.
    colorbar : bool
        Add a colour bar for each quantity shown.
    decades : float
        Range of the logarithmic scale below its maximum; edges below it are pale.
    limits : (float, float), optional
        Ends of that scale (A or S) instead, so that several maps can share one; what is above it looks like its end.
    cmap : str, optional
        Colour map of the potential or, without one, of the edges.
    title : str, optional
        Title of the axes.

    Returns
    -------
    NetworkPlot
        The axes and the artists.

    Raises
    ------
    ValueError
        A wrong shape, discs of a network that has none, or two quantities for the edges.

    Notes
    -----
    The maps are those of PNN25 Fig. 4: topology, potential and current.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.percolating(size=30, coverage=0.6, seed=1)
    >>> drawn = mn.plot.network(net)
    """
    check.instance("net", net, Network, "a Network")
    check_axes(ax)
    check.flag("electrodes", electrodes)
    check.flag("colorbar", colorbar)
    check.optional_text("title", title)
    colour_map(cmap, "viridis")
    coloured = [name for name, value in _edge_quantities(device, current, conductance) if value is not None]
    if len(coloured) > 1:
        raise ValueError(f"only one of device, current and conductance can colour the edges, got {', '.join(coloured)}")
    decades = check.real("decades", decades, 0.0, 300.0)
    scale = _limits(limits)
    marks = _marks(net, groups, bool(coloured))
    ax = new_axes(ax, (7.0, 6.2))
    position = layout.node_position(net)
    pictured = group_marks.groups_of(net, marks, position)
    segments = layout.on_map(net, net.layout.edge_ends(net.edges, position, marks).T, net.n_own_edges).T
    bars: list[Colorbar] = []

    volts = None if potential is None else _potential(net, potential)
    drawn = pictured.draw(ax, volts, cmap)
    shows = [] if volts is None else ["potential"]
    if volts is not None and colorbar:
        bars.append(add_colorbar(ax, drawn, "potential (V)"))

    edge_cmap = cmap if volts is None else None
    name, value = _magnitude(net, current, conductance)
    if value is not None:
        scale = scale or _down_from(value, decades)
        edges = _draw_log(ax, segments, value, scale, edge_cmap)
        shows.append(name)
        bars.extend(_edge_bar(ax, edges, name) if colorbar else ())
    elif device is not None:
        edges = _draw_devices(ax, net, segments, device)
    else:
        edges = [pictured.draw_edges(ax, segments, volts is not None)]

    if electrodes and pictured.has_pads:
        electrode_marks.draw_pads(ax, net.layout)
    marked = electrode_marks.draw_electrodes(ax, pictured, volts is not None) if electrodes else {}
    _dress_map(ax, net, position, title)
    drawing = Drawing(pictured, tuple(shows), segments, scale or (0.0, 0.0), edge_cmap, decades, colorbar)
    return NetworkPlot(ax, drawn, edges, marked, bars, drawing)


def _marks(net: Network, groups: str | None, edges_coloured: bool) -> Marks:
    """Return what stands for the groups: what they are made of, or circles at their centres."""
    own = net.layout.marks()
    if groups is None:
        return own if own.with_edges or not edges_coloured else Marks()
    kinds = {kind.word: kind for kind in group_marks.KINDS}
    kind = kinds[check.one_of("groups", groups, kinds)]
    if kind is Marks or kind is type(own):
        return own if kind is type(own) else Marks()
    raise ValueError(f"groups={groups!r} needs {kind.maker}; use groups='nodes'")


def _edge_quantities(device: Any, current: Any, conductance: Any) -> list[tuple[str, Any]]:
    return [("device", device), ("current", current), ("conductance", conductance)]


def _magnitude(net: Network, current: Any, conductance: Any) -> tuple[str, Floats | None]:
    """Return what the edges show by colour, and its name; None where they show nothing."""
    name, given = ("current", current) if current is not None else ("conductance", conductance)
    return name, None if given is None else _of_edges(net, name, given)


def _of_edges(net: Network, name: str, given: Any) -> Floats:
    magnitude: Floats = np.abs(check.array(name, given, (net.n_edges,), finite=False))
    return layout.on_map(net, magnitude, net.n_own_edges)


def _potential(net: Network, given: Any) -> Floats:
    return layout.on_map(net, check.array("potential", given, (net.n_nodes,), finite=False), net.n_own_nodes)


def _edge_bar(ax: Axes, edges: list[LineCollection], name: str) -> list[Colorbar]:
    """Draw the colour bar of edges, where some are coloured."""
    return [add_colorbar(ax, edges[1], f"{name} ({UNITS[name]})")] if len(edges) == 2 else []


def _limits(limits: Any) -> tuple[float, float] | None:
    if limits is None:
        return None
    low, high = check.array("limits", limits, (2,)).tolist()
    if not 0.0 < low < high:
        raise ValueError(f"limits must be (low, high) with 0 < low < high, got ({low:g}, {high:g})")
    return low, high


def _down_from(value: Floats, decades: float) -> tuple[float, float]:
    """Return the scale that ends at the largest value."""
    top = float(np.nanmax(value, initial=0.0))
    return top * 10.0**-decades, top


def _draw_log(
    ax: Axes, segments: Floats, value: Floats, scale: tuple[float, float], cmap: str | None
) -> list[LineCollection]:
    """Draw edges by magnitude: what is below the scale in one pale collection, the rest in order, largest on top."""
    from matplotlib.colors import LogNorm

    low, top = scale
    shown = (value > low) & np.isfinite(value)
    drawn = [add_lines(ax, segments[~shown], PALE, 0.4, 1.2)]
    if top > 0.0 and shown.any():
        order = np.flatnonzero(shown)[np.argsort(value[shown], kind="stable")]
        rank = np.minimum(np.log(value[order] / low) / np.log(top / low), 1.0)
        lines = add_lines(ax, segments[order], None, 0.4 + 2.4 * rank**2, 2.5)
        lines.set_cmap(colour_map(cmap, "plasma_r"))
        lines.set_norm(LogNorm(low, top))
        lines.set_array(value[order])
        drawn.append(lines)
    return drawn


def _draw_devices(ax: Axes, net: Network, segments: Floats, device: Any) -> list[LineCollection]:
    """Draw one collection a device, the most frequent first and thinnest."""
    of_edge = _device_of_edge(net, device)
    kinds: dict[int, tuple[Any, list[int]]] = {}
    for edge, one in enumerate(of_edge):
        kinds.setdefault(id(one), (one, []))[1].append(edge)
    drawn = []
    for rank, (one, edges) in enumerate(sorted(kinds.values(), key=lambda kind: -len(kind[1]))):
        lines = add_lines(
            ax, segments[edges], DEVICES[rank % len(DEVICES)], 0.45 if rank == 0 else 1.1, 1.5 + 0.1 * rank
        )
        lines.set_label(f"{type(one).__name__} ({len(edges):,})")
        drawn.append(lines)
    # Below the names of electrodes at the lower side, however small the map is: pads are in heights of its letters.
    ax.legend(handles=drawn, loc="upper center", bbox_to_anchor=(0.5, 0.0), borderaxespad=3.2, ncols=3, frameon=False)
    return drawn


def _device_of_edge(net: Network, device: Any) -> list[Any]:
    attached = [one for circuit in net.attached for one in circuit.devices]
    if isinstance(device, Device):
        return [device] * net.n_own_edges + attached
    if not isinstance(device, Sequence) or not all(isinstance(one, Device) for one in device):
        raise TypeError(f"device must be a device, the result of mix() or one device an edge, got {device!r:.80}")
    if len(device) != net.n_own_edges:
        raise ValueError(f"device must have one device an edge, {net.n_own_edges}, got {len(device)}")
    return [*device, *attached]


def _dress_map(ax: Axes, net: Network, position: Floats, title: str | None) -> None:
    """Set equal scales, no ticks, and a bar for the scale where lengths have a meaning."""
    low, high = layout.extent(net, position)
    ax.set_xlim(float(low[0]), float(high[0]))
    ax.set_ylim(float(low[1]), float(high[1]))
    ax.set_aspect("equal")
    ax.set_xticks([])
    ax.set_yticks([])
    for spine in ax.spines.values():
        spine.set_color("#9aa0a8")
        spine.set_linewidth(0.6)
    if net.layout.unit:
        width = float(high[0] - low[0])
        length = _round_length(0.25 * width)
        ax.plot([0.0, length / width], [-0.022, -0.022], color="#30343b", lw=2.0, transform=ax.transAxes, clip_on=False)
        label = f"{length:g} {net.layout.unit}"
        ax.text(length / width + 0.012, -0.012, label, va="top", fontsize="small", transform=ax.transAxes)
    if title:
        # Above the name of an electrode, where one stands at the upper side.
        ax.set_title(title, pad=20.0 if any(text.xy[1] > 1.0 for text in ax.texts if hasattr(text, "xy")) else None)


def _round_length(length: float) -> float:
    power = 10.0 ** np.floor(np.log10(max(length, 1e-300)))
    return float(max(k for k in (1.0, 2.0, 5.0) if k * power <= length * (1.0 + 1e-12)) * power)
