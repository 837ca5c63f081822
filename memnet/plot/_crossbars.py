"""Crossbars: heat maps of cells, voltage lost along lines, and drawings of arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from memnet.base import check, text
from memnet.base.arrays import Floats
from memnet.drive import Waveform
from memnet.network import Crossbar, Network, checked_cell, crossbar_layout
from memnet.plot._style import (
    NO_POTENTIAL,
    Drawn,
    add_colorbar,
    add_lines,
    check_axes,
    colour_map,
    new_axes,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.collections import LineCollection, PathCollection
    from matplotlib.colorbar import Colorbar
    from matplotlib.colors import Normalize
    from matplotlib.image import AxesImage

__all__ = ["CellsPlot", "CrossbarPlot", "LineDropsPlot", "cells", "crossbar", "line_drops"]

WORD, BIT, GATE, SELECTED = "#1f4e8c", "#b4530a", "#2e7d4f", "#d6409f"
# Of more lines than these only the first and the last are named, and of more rows only some have a curve.
MOST_NAMES, MOST_CURVES = 16, 64
# Cells of arrays that are longer than that, as a multiple of their width, are no squares on a heat map.
MOST_ASPECT = 20.0


@dataclass(frozen=True, repr=False)
class CellsPlot(Drawn):
    """What `cells` drew: a panel a layer, and the colour bar that they share.

    Examples
    --------
    >>> import memnet as mn
    >>> drawn = mn.plot.cells(mn.crossbar(2, 3), [[1e-6, 2e-6, 3e-6], [4e-6, 5e-6, 6e-6]])
    >>> len(drawn.images)
    1
    """

    ax: Axes
    axes: list[Axes]
    images: list[AxesImage]
    colorbar: Colorbar


@dataclass(frozen=True, repr=False)
class LineDropsPlot(Drawn):
    """What `line_drops` drew: a panel of word lines and one of bit lines, with the curves of each.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.crossbar(4, 4, line_resistance=1.0)
    >>> solution = mn.solve(net, mn.cell_conductances(net, 1e-3), mn.arrays.vmm_drive(net, [1.0] * 4))
    >>> drawn = mn.plot.line_drops(net, solution.potential)
    >>> len(drawn.words), len(drawn.bits)
    (4, 4)
    """

    ax: Axes
    axes: list[Axes]
    words: list[Any]
    bits: list[Any]


@dataclass(frozen=True, repr=False)
class CrossbarPlot(Drawn):
    """What `crossbar` drew: the axes, lines, cells, names and the colour bar of cells.

    Examples
    --------
    >>> import memnet as mn
    >>> drawn = mn.plot.crossbar(mn.crossbar(2, 3))
    >>> [name.get_text() for name in drawn.names]
    ['w0', 'w1', 'b0', 'b1', 'b2']
    """

    ax: Axes
    lines: list[LineCollection]
    cells: PathCollection
    names: list[Any] = field(default_factory=list)
    colorbar: Colorbar | None = None


@check.known_keywords
def cells(
    net: Network,
    values: ArrayLike,
    *,
    ax: Axes | None = None,
    cell: Sequence[int] | None = None,
    log: bool = False,
    limits: tuple[float, float] | None = None,
    label: str = "conductance (S)",
    cmap: str | None = None,
    title: str | None = None,
) -> CellsPlot:
    """Draw a value of each cell of a crossbar as a heat map, with a panel for each layer.

    Parameters
    ----------
    net : Network
        A network that `memnet.crossbar` made.
    values : array_like, (rows, columns) or (layers, rows, columns), or (n_edges,)
        The value of each cell, or of each edge, of which those of cells are taken. nan is grey.
    ax : matplotlib Axes, optional
        Where to draw, of one layer; a new figure by default.
    cell : (int, int) or (int, int, int), optional
        A cell to frame.
    log : bool
        Colours on a logarithmic scale; values that are not above 0 are grey.
    limits : (float, float), optional
        Ends of the scale; by default those of the values.
    label : str
        What the colours show, with its unit.
    cmap : str, optional
        Colour map.
    title : str, optional
        Title, of the first panel where there are layers.

    Returns
    -------
    CellsPlot
        The axes and the artists.

    Raises
    ------
    TypeError, ValueError
        A network that is no crossbar, values of another shape, a cell outside, axes for more than one layer.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.crossbar(4, 6, layers=2)
    >>> sim = mn.Simulation(net, mn.RateBalance(), dict.fromkeys(net.electrodes, 0.0), seed=0)
    >>> drawn = mn.plot.cells(net, sim.conductance)
    >>> [panel.get_title() for panel in drawn.axes]
    ['layer 0', 'layer 1']
    """
    layout = crossbar_layout(net)
    shown = _of_cells(net, "values", values)
    check_axes(ax)
    check.optional_text("title", title)
    check.instance("label", label, str, "a string")
    framed = None if cell is None else checked_cell(layout, cell)
    colours = colour_map(cmap, "viridis").with_extremes(bad=NO_POTENTIAL)
    norm, shown = _scale(shown, check.flag("log", log), limits)
    panels = _panels(ax, layout.cell.shape)
    long = max(layout.cell.shape[1:]) > MOST_ASPECT * min(layout.cell.shape[1:])
    images = [
        panel.imshow(layer, cmap=colours, norm=norm, interpolation="nearest", aspect="auto" if long else "equal")
        for panel, layer in zip(panels, shown, strict=True)
    ]
    for k, panel in enumerate(panels):
        panel.set(xlabel="bit line", ylabel="word line" if k == 0 else "")
        _whole_numbers(panel.xaxis, panel.yaxis)
        panel.set_title(f"layer {k}" if len(panels) > 1 else "")
    if title is not None:
        panels[0].set_title(f"{title}, layer 0" if len(panels) > 1 else title)
    if framed is not None:
        _frame(panels[framed[0]], framed[1:])
    bar = panels[0].figure.colorbar(images[0], ax=panels, label=label, shrink=0.9, pad=0.03)
    return CellsPlot(panels[0], panels, images, bar)


def _whole_numbers(*axes: Axis) -> None:
    """Have axes count lines."""
    from matplotlib.ticker import MaxNLocator

    for axis in axes:
        axis.set_major_locator(MaxNLocator("auto", integer=True, min_n_ticks=1))


def _panels(ax: Axes | None, shape: tuple[int, ...]) -> list[Axes]:
    """Return one panel a layer."""
    layers, rows, columns = shape
    if ax is not None:
        if layers > 1:
            raise ValueError(f"ax must be None where there are layers, which have a panel each, got {layers} layers")
        return [ax]
    from matplotlib import pyplot

    across = min(layers, 4)
    height = float(np.clip(3.4 * rows / columns, 1.4, 6.0))
    size = (
        1.2 + 3.6 * across * np.clip(height * columns / (3.4 * rows), 0.3, 1.0),
        (height + 0.8) * -(-layers // across),
    )
    grid = pyplot.subplots(-(-layers // across), across, figsize=size, layout="constrained", squeeze=False)[1]
    for unused in grid.ravel()[layers:]:
        unused.set_visible(False)
    return list(grid.ravel()[:layers])


def _frame(ax: Axes, where: Sequence[int]) -> None:
    from matplotlib.patches import Rectangle

    row, column = where
    ax.add_patch(Rectangle((column - 0.5, row - 0.5), 1.0, 1.0, fill=False, edgecolor=SELECTED, linewidth=1.6))


def _of_cells(net: Network, name: str, values: Any) -> Floats:
    """Return values of cells, (layers, rows, columns), out of those of cells or of all edges."""
    shape = net.cell.shape
    given = check.given_array(name, values)
    flat = given.ndim == 1 and len(given) in (net.n_edges, net.n_own_edges)
    if not flat and given.shape != shape and not (shape[0] == 1 and given.shape == shape[1:]):
        raise ValueError(
            f"{name} must have the shape of the cells, {shape if shape[0] > 1 else shape[1:]}, or ({net.n_edges},) of"
            f" all edges, got {given.shape}"
        )
    checked: Floats = check.array(name, given, given.shape, finite=False)
    return checked[net.cell] if flat else checked.reshape(shape)


def _scale(values: Floats, log: bool, limits: Any) -> tuple[Normalize, Any]:
    """Return the scale of colours, and the values that it can show."""
    from matplotlib.colors import LogNorm, Normalize

    shown = np.ma.masked_invalid(values)
    shown = np.ma.masked_less_equal(shown, 0.0) if log else shown
    if limits is not None:
        low, high = check.array("limits", limits, (2,)).tolist()
        if not low < high or (log and low <= 0.0):
            raise ValueError(f"limits must be (low, high){' above 0' if log else ''}, low < high, got {limits}")
    elif shown.count():
        low, high = float(shown.min()), float(shown.max())
    else:
        low, high = 0.1, 1.0
    return (LogNorm if log else Normalize)(low, high), shown


@check.known_keywords
def line_drops(
    net: Network, potential: ArrayLike, *, layer: int = 0, ax: Sequence[Axes] | None = None
) -> LineDropsPlot:
    """Draw the voltage between each line's electrode and its cells: what is lost along lines.

    Parameters
    ----------
    net : Network
        A network that `memnet.crossbar` made, with resistance of lines or contacts; without, nothing is lost.
    potential : array_like, (n_nodes,)
        Potential of each node (V), as of `Solution` and `Simulation`.
    layer : int
        The layer of cells.
    ax : two matplotlib Axes, optional
        Where to draw word lines and bit lines; a new figure by default.

    Returns
    -------
    LineDropsPlot
        A curve a line, dark for the first and light for the last; of more than 64 lines only 64 of them. Pillars are
        drawn over layers, and a plane as a curve for each of its rows.

    Raises
    ------
    TypeError, ValueError
        A network that is no crossbar, potentials of another shape, an unknown layer.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.crossbar(16, 16, line_resistance=1.0, contact_resistance=1.0)
    >>> solution = mn.solve(net, mn.cell_conductances(net, 1e-4), mn.arrays.vmm_drive(net, [1.0] * 16))
    >>> drawn = mn.plot.line_drops(net, solution.potential)
    >>> f"{max(drawn.words[0].get_ydata()):.5f}"  # V
    '0.01327'
    """
    layout = crossbar_layout(net)
    volts = check.array("potential", potential, (net.n_nodes,), finite=False)
    if np.isinf(volts).any():
        raise ValueError(f"potential must be finite, or nan, got {volts[np.isinf(volts)][0]:g}")
    layer = check.integer("layer", layer, 0, layout.cell.shape[0] - 1)
    panels = _two_panels(ax)
    vertical = layout.arguments["stacking"] == "vertical"
    lost_words = _at_electrodes(net, layout.words, volts) - volts[layout.word_node]
    lost_bits = volts[layout.bit_node] - _at_electrodes(net, layout.bits, volts)
    words = lost_words.reshape(len(lost_words), -1).T if vertical else lost_words[layer]
    bits = lost_bits[layer] if vertical else lost_bits[layer].T
    drawn = []
    for panel, rows, kind, along in (
        (panels[0], words, "pillars" if vertical else "word lines", "layer" if vertical else "bit line"),
        (panels[1], bits, "rows of the plane" if vertical else "bit lines", "bit line" if vertical else "word line"),
    ):
        drawn.append(_curves(panel, rows))
        panel.set(xlabel=along, ylabel="voltage lost (V)", title=f"{len(rows)} {kind}")
        _whole_numbers(panel.xaxis)
    return LineDropsPlot(panels[0], panels, *drawn)


def _two_panels(ax: Any) -> list[Axes]:
    if ax is None:
        from matplotlib import pyplot

        return list(pyplot.subplots(1, 2, figsize=(7.0, 2.9), layout="constrained")[1])
    if not isinstance(ax, (Sequence, np.ndarray)) or len(ax) != 2:
        raise TypeError(f"ax must be two matplotlib Axes, or None for a new figure, got {check.shown(ax)}")
    for one in ax:
        check_axes(one)
        if one is None:
            raise TypeError("ax must be two matplotlib Axes, or None for a new figure, got None among them")
    return list(ax)


def _at_electrodes(net: Network, names: Any, volts: Floats) -> Floats:
    """Return the potential of the electrode of each cell's line."""
    different, where = np.unique(names, return_inverse=True)
    each = np.array([volts[net.electrodes[str(name)][0]] for name in different])
    found: Floats = each[where.reshape(names.shape)]
    return found


def _curves(ax: Axes, rows: Floats) -> list[Any]:
    """Draw a curve a line, from dark to light."""
    from matplotlib import colormaps

    which = np.unique(np.linspace(0, len(rows) - 1, min(len(rows), MOST_CURVES)).astype(int))
    colours = colormaps["viridis"](np.linspace(0.0, 0.85, len(which)))
    marker = "o" if rows.shape[1] <= 2 else None
    return [
        ax.plot(np.arange(rows.shape[1]), rows[k], lw=0.9, color=colour, marker=marker, ms=2.5)[0]
        for k, colour in zip(which, colours, strict=True)
    ]


@check.known_keywords
def crossbar(
    net: Network,
    *,
    ax: Axes | None = None,
    values: ArrayLike | None = None,
    drive: Mapping[str, Any] | None = None,
    cell: Sequence[int] | None = None,
    log: bool = False,
    limits: tuple[float, float] | None = None,
    label: str = "conductance (S)",
    cmap: str | None = None,
    title: str | None = None,
) -> CrossbarPlot:
    """Draw a crossbar: word lines, bit lines and the cells where they cross, in layers one behind the other.

    Parameters
    ----------
    net : Network
        A network that `memnet.crossbar` made.
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.
    values : array_like, (rows, columns) or (layers, rows, columns), or (n_edges,), optional
        A value of each cell, shown as its colour; nan is grey.
    drive : dict, optional
        A drive, such as `memnet.arrays.read_drive` returns: the names of lines say their voltages.
    cell : (int, int) or (int, int, int), optional
        A cell to mark, with its lines.
    log, limits, label, cmap
        As for `cells`.
    title : str, optional
        Title of the axes.

    Returns
    -------
    CrossbarPlot
        The axes and the artists.

    Raises
    ------
    TypeError, ValueError
        A network that is no crossbar, values of another shape, a cell outside, a drive that is no dict from electrodes
        to voltages.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.crossbar(3, 3)
    >>> drawn = mn.plot.crossbar(net, drive=mn.arrays.read_drive(net, (0, 2), 0.2), cell=(0, 2))
    >>> drawn.names[0].get_text()
    'w0: 200 mV'
    """
    layout = crossbar_layout(net)
    check_axes(ax)
    check.optional_text("title", title)
    check.instance("label", label, str, "a string")
    check.instance("drive", drive, (Mapping, type(None)), "a dict, or None")
    for name, value in (drive or {}).items():
        check.known_name("electrode of drive", name, net.electrodes)
        if value is not None and not isinstance(value, Waveform):
            check.real(f"drive[{name!r}]", value, unit="V")
    marked = None if cell is None else checked_cell(layout, cell)
    shown = None if values is None else _of_cells(net, "values", values)
    colours = colour_map(cmap, "viridis")
    scale = _scale(np.zeros(1) if shown is None else shown, check.flag("log", log), limits)
    low, high = layout.box()
    wide, tall = np.clip((0.55 if layout.cell.shape[0] == 1 else 0.85) * (high - low) + 1.2, 2.4, 7.5)
    ax = new_axes(ax, (wide, tall))
    lines = _draw_lines(ax, layout, marked)
    through, place = _stubs(layout)
    lines.append(add_lines(ax, through, "#4a5563", 1.0, 2.0))
    dots = ax.scatter(place[:, 0], place[:, 1], s=_dot_area(layout), c="#20242b", linewidths=0.0, zorder=3.0)
    bar = None
    if shown is not None:
        dots.set(cmap=colours.with_extremes(bad=NO_POTENTIAL), norm=scale[0], edgecolor="#20242b", linewidth=0.5)
        dots.set_array(scale[1].ravel())
        bar = add_colorbar(ax, dots, label)
    if marked is not None:
        x, y = place.reshape(*layout.cell.shape, 2)[marked]
        ax.scatter(
            [x], [y], s=3.0 * _dot_area(layout), facecolor="none", edgecolor=SELECTED, linewidths=1.4, zorder=4.0
        )
    ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), aspect="equal", title=title or "")
    ax.set_axis_off()
    return CrossbarPlot(ax, lines, dots, _name_lines(ax, layout, drive), bar)


def _draw_lines(ax: Axes, layout: Crossbar, marked: Any) -> list[LineCollection]:
    """Draw word, bit and gate lines, dummy lines pale, those of a marked cell in its colour."""
    names = _line_names(layout)
    of_cells = (layout.words, layout.bits, *([] if layout.gates is None else [layout.gates]))
    own = () if marked is None else tuple(str(one[marked]) for one in of_cells)
    drawn = []
    for letter, colour in (("w", WORD), ("b", BIT), ("g", GATE)):
        which = [k for k, name in enumerate(names) if name.removeprefix("d").startswith(letter)]
        if letter == "g" and not which:
            continue
        shades = [SELECTED if names[k] in own else "#b8bec6" if names[k] in layout.dummies else colour for k in which]
        ends = layout.line_ends[which]
        if letter == "b" and layout.arguments["stacking"] == "vertical":
            _draw_planes(ax, layout, shades)
        drawn.append(add_lines(ax, ends, shades, 1.5, 1.5))
        ax.scatter(ends[:, 0, 0], ends[:, 0, 1], s=14.0, marker="s", c=shades, linewidths=0.0, zorder=2.5)
    return drawn


def _draw_planes(ax: Axes, layout: Crossbar, shades: Sequence[str]) -> None:
    """Draw planes as sheets, the lowest first."""
    from matplotlib.patches import Rectangle

    place = layout.cell_place[layout.cell.ravel()].reshape(*layout.cell.shape, 2)
    for k, shade in enumerate(shades):
        corners = place[k].reshape(-1, 2)
        low, size = corners.min(axis=0) - 0.6, np.ptp(corners, axis=0) + 0.9
        ax.add_patch(Rectangle((low[0], low[1] + 0.3), *size, facecolor=shade, alpha=0.13, edgecolor=shade, zorder=0.5))


def _line_names(layout: Crossbar) -> list[str]:
    """Return the electrode of each line, gate lines last, in the order of `line_ends`."""
    gates = [] if layout.gates is None else list(dict.fromkeys(map(str, layout.gates.ravel())))
    names = [""] * (layout.info["n_lines"] - len(gates))
    for nodes, those in ((layout.word_node, layout.words), (layout.bit_node, layout.bits)):
        for line, name in zip(layout.node_line[nodes].ravel().tolist(), those.ravel().tolist(), strict=True):
            names[line] = name
    dummies = iter(layout.dummies)
    return [name or next(dummies) for name in names] + gates


def _stubs(layout: Crossbar) -> tuple[Floats, Floats]:
    """Return the piece between the two lines of each cell, (n, 2, 2), and its middle, where the cell is drawn."""
    word = layout.line_ends[layout.node_line[layout.word_node.ravel()], 0]
    bit = layout.line_ends[layout.node_line[layout.bit_node.ravel()], 0]
    place = layout.cell_place[layout.cell.ravel()]
    if layout.arguments["stacking"] == "vertical":
        return np.stack([place, place], axis=1), place
    lift_word, lift_bit = word[:, 1] - place[:, 1], bit[:, 0] - place[:, 0]
    ends = np.stack([place + lift_word[:, None], place + lift_bit[:, None]], axis=1)
    return ends, ends.mean(axis=1)


def _dot_area(layout: Crossbar) -> float:
    layers, rows, columns = layout.cell.shape
    return float(np.clip(4_000.0 / max(rows, columns) ** 2, 2.0, 70.0 if layers == 1 else 35.0))


def _name_lines(ax: Axes, layout: Crossbar, drive: Mapping[str, Any] | None) -> list[Any]:
    """Write names beside the contacts of lines, with their voltages where there is a drive."""
    from matplotlib.patheffects import withStroke

    names = _line_names(layout)
    texts = []
    for letter, colour in (("w", WORD), ("b", BIT), ("g", GATE)):
        which = [k for k, name in enumerate(names) if name.removeprefix("d").startswith(letter)]
        if len(which) > MOST_NAMES:
            inner = [k for k in which if names[k] not in layout.dummies]
            which = [inner[0], inner[-1]]
        below = letter == "b" or (letter == "g" and layout.arguments["gates"] == "columns")
        left = not below or layout.arguments["stacking"] == "vertical"
        for k in which:
            said = names[k] if drive is None else f"{names[k]}: {_said(drive.get(names[k]))}"
            texts.append(
                ax.annotate(
                    said,
                    layout.line_ends[k, 0],
                    xytext=(-5.0, 0.0) if left else (0.0, -5.0),
                    textcoords="offset points",
                    fontsize="small",
                    color=colour,
                    rotation=90.0 if drive is not None and not left else 0.0,
                    ha="right" if left else "left" if letter == "g" else "center",
                    va="center" if left else "top",
                    path_effects=[withStroke(linewidth=2.0, foreground="white")],  # names of pillars lie on planes
                )
            )
    return texts


def _said(value: Any) -> str:
    """Return what a line is driven with, in a word."""
    if value is None:
        return "floats"
    return "wave" if isinstance(value, Waveform) else text.quantity(value, "V")
