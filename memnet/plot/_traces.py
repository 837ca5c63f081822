"""Traces of a run: what was recorded over time, with its events."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from memnet import analysis
from memnet.base import check
from memnet.plot._style import ELECTRODES, Drawn, check_axes, check_dataset, new_axes, say_instead

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.collections import LineCollection
    from matplotlib.lines import Line2D

__all__ = ["TracePlot", "trace"]


@dataclass(frozen=True, repr=False)
class TracePlot(Drawn):
    """What `trace` drew: the axes, one line a curve, and the marks of events (up: formed, down: broken).

    Examples
    --------
    >>> import memnet as mn
    >>> sim = mn.Simulation(mn.grid(3, 3), mn.RateBalance(), {"left": 1.0, "right": 0.0}, dt=0.1)
    >>> drawn = mn.plot.trace(sim.run(5))
    >>> len(drawn.lines)
    1
    >>> text = drawn.ax.set_title("nine nodes")
    """

    ax: Axes
    lines: list[Line2D]
    events: list[LineCollection] = field(default_factory=list)


@check.known_keywords
def trace(
    data: xr.Dataset,
    *,
    ax: Axes | None = None,
    variable: str = "conductance",
    electrode: str | Sequence[str] | None = None,
    events: bool = True,
    log: bool = False,
    label: str | None = None,
) -> TracePlot:
    """Draw a recorded quantity against time, with a mark for every switching event.

    Parameters
    ----------
    data : xarray.Dataset
        The result of `Simulation.run`.
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.
    variable : str
        "conductance" (S), "current" (A), "voltage" (V) or any other recorded variable over time.
    electrode : str or sequence of str, optional
        Electrodes to draw; all by default. Only for variables that have electrodes.
    events : bool
        Mark events below the curve: filaments that formed in one row, filaments that broke in the other.
    log : bool
        Logarithmic vertical axis.
    label : str, optional
        Label of the curve, where there is just one.

    Returns
    -------
    TracePlot
        The axes and the artists.

    Raises
    ------
    ValueError
        A variable or electrode that the data does not have, or events of data that has lost its attributes.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.percolating(size=30, coverage=0.6, seed=1)
    >>> sim = mn.Simulation(net, mn.TunnelGap(), drive={"left": 2.0, "right": 0.0})
    >>> drawn = mn.plot.trace(sim.run(100))
    """
    check_dataset(data)
    check_axes(ax)
    check.flag("events", events)
    check.flag("log", log)
    check.optional_text("label", label)
    check.rows_of_run(data)
    over_time = [str(name) for name, values in data.data_vars.items() if values.dims[:1] == ("time",)]
    values = data[check.one_of("variable", variable, over_time)]
    names = _electrode_names(values, electrode)
    ax = new_axes(ax, (8.0, 3.2))
    time = np.asarray(data["time"].values, dtype=np.float64)

    lines: list[Line2D] = []
    if names:
        for name in names:
            colour = None if len(names) > len(ELECTRODES) else ELECTRODES[len(lines)]
            lines += ax.plot(time, values.sel(electrode=name), lw=0.9, color=colour, label=label or name)
    else:
        rows = np.asarray(values.values, dtype=np.float64).reshape(len(time), values[:1].size or 1)
        names = [] if label else _element_names(values)
        colour = "#1f4e8c" if rows.shape[1] == 1 else None
        lines += ax.plot(time, rows, lw=0.9, color=colour, label=names or label)
    if len(names) > 1 or label:
        # Above the curves, where no peak is.
        ax.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), frameon=False, ncols=min(6, max(1, len(lines))))
    if log:
        ax.set_yscale("log")
    ax.set_xlabel(f"time ({data['time'].attrs.get('units', 's')})")
    unit = values.attrs.get("units", "")
    shown = variable.replace("_", " ")
    ax.set_ylabel(f"{shown} ({unit})" if unit else shown)
    ax.margins(x=0.01)
    ax.spines[["top", "right"]].set_visible(False)
    if not np.isfinite(values.values).any():
        _say_why_empty(ax, values)
    if events:
        _make_room(ax)
    marks = _draw_events(ax, data) if events else []
    return TracePlot(ax, lines, marks)


def _say_why_empty(ax: Axes, values: xr.DataArray) -> None:
    """Write into axes without a curve that there are no rows, or that every value is nan, and of which port."""
    port = values.attrs.get("conductance_port")
    what = str(values.name) if port is None else f"{values.name} of {port}"
    why = f"{what} is nan in every row" if values.size else f"{what} has no rows"
    say_instead(ax, why)
    ax.set_yticks([])


def _electrode_names(values: xr.DataArray, electrode: str | Sequence[str] | None) -> list[str]:
    if "electrode" not in values.dims:
        if electrode is not None:
            raise ValueError(f"electrode={electrode!r} given, but {values.name} has no electrodes")
        return []
    known = [str(name) for name in values["electrode"].values]
    if electrode is None:
        return known
    check.instance("electrode", electrode, (str, Iterable), "the name of an electrode, or names")
    names = [electrode] if isinstance(electrode, str) else list(electrode)
    return [check.one_of("electrode", name, known) for name in names]


def _element_names(values: xr.DataArray) -> list[str]:
    """Return the names of the nodes or elements of a circuit, where a legend has room for them."""
    coordinate = values.coords.get(values.dims[-1])
    if values.ndim < 2 or coordinate is None or coordinate.dtype.kind not in "UO" or coordinate.size > len(ELECTRODES):
        return []
    return [str(name) for name in coordinate.values]


def _draw_events(ax: Axes, data: xr.Dataset) -> list[LineCollection]:
    """Draw two rows of ticks along the lower edge: conductance rose (kind > 0) and conductance fell."""
    if "event_step" not in data or "event_kind" not in data or data.sizes.get("event", 0) == 0:
        return []
    if "parameters" not in data.attrs:
        raise ValueError("data has lost its attributes, which say how long a step is; pass events=False")
    events = analysis.events(data)
    if not len(events):
        return []
    time, up = events.time, np.asarray(events.kind) > 0
    blend = ax.get_xaxis_transform()
    alpha = float(np.clip(400.0 / len(time), 0.05, 0.9))
    marks = []
    for chosen, colour, row, word in ((up, "#c2410c", 0.04, "closed"), (~up, "#475569", 0.0, "opened")):
        ax.text(1.004, row + 0.015, word, color=colour, fontsize="x-small", va="center", transform=ax.transAxes)
        marks.append(
            ax.vlines(time[chosen], row, row + 0.03, transform=blend, color=colour, lw=0.6, alpha=alpha, zorder=3)
        )
    return marks


def _make_room(ax: Axes) -> None:
    """Move the curve up by a tenth, so that the rows of events stand below it."""
    scale = ax.yaxis.get_transform()
    lines = np.concatenate([np.asarray(line.get_ydata(), dtype=np.float64) for line in ax.lines])
    values = lines[np.isfinite(lines) & ((lines > 0.0) | (ax.get_yscale() != "log"))]
    if values.size:
        low, high = scale.transform(np.array([values.min(), values.max()]))
        span = (high - low) or abs(high) or 1.0
        ax.set_ylim(*scale.inverted().transform(np.array([low - 0.15 * span, high + 0.05 * span])))
