"""Current-voltage loops of sweeps."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from memnet.analysis import Hysteresis
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.plot._style import Drawn, check_axes, colour_map, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D
    from matplotlib.text import Annotation

__all__ = ["LoopPlot", "loop"]

# Above this many cycles they are told apart by colour alone, without a legend.
MOST_NAMED = 6


@dataclass(frozen=True, repr=False)
class LoopPlot(Drawn):
    """What `loop` drew: the axes, one line a cycle, and the arrows that say which way it is run through.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> phase = np.linspace(0.0, 2.0 * np.pi, 201)
    >>> found = mn.analysis.hysteresis(np.sin(phase), conductance=1.3 - 0.3 * np.cos(phase))
    >>> drawn = mn.plot.loop(found)
    >>> len(drawn.lines)
    1
    """

    ax: Axes
    lines: list[Line2D]
    arrows: list[Annotation]


@check.known_keywords
def loop(
    found: Hysteresis, *, ax: Axes | None = None, log: bool = False, arrows: bool = True, cmap: str | None = None
) -> LoopPlot:
    """Draw the cycles of a sweep, current against voltage, the first one dark and the last one bright.

    Parameters
    ----------
    found : Hysteresis
        What `analysis.hysteresis` found; a run or a measured sweep goes through that first.
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.
    log : bool
        Magnitude of the current on a logarithmic axis.
    arrows : bool
        Mark which way the first cycle is run through.
    cmap : str, optional
        Colour map of the cycles, where there are several.

    Returns
    -------
    LoopPlot
        The axes and the artists.

    Raises
    ------
    TypeError, ValueError
        No result of `analysis.hysteresis`, an unknown colour map, flags that are none.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> phase = np.linspace(0.0, 2.0 * np.pi, 401)
    >>> volts = np.sin(phase)
    >>> found = mn.analysis.hysteresis(volts, volts * (1.0 + 0.5 * np.cos(phase)))
    >>> drawn = mn.plot.loop(found)
    >>> len(drawn.lines)
    1
    """
    check.instance("found", found, Hysteresis, "a result of analysis.hysteresis")
    check_axes(ax)
    check.flag("log", log)
    check.flag("arrows", arrows)
    colours = colour_map(cmap, "viridis")(np.linspace(0.0, 0.85, max(len(found.cycles), 1)))
    ax = new_axes(ax, (5.0, 4.2))
    curves = [(cycle.voltage, cycle.current) for cycle in found.cycles] or [(found.voltage, found.current)]
    lines, marks = [], []
    for k, (volts, amps) in enumerate(curves):
        shown = np.abs(amps) if log else amps
        lines += ax.plot(volts, shown, lw=1.1, color=colours[k], label=f"cycle {k + 1}")
    if arrows:
        turns = [branch.start for branch in (found.cycles[0].branches if found.cycles else found.branches)]
        marks = _arrows(ax, *curves[0], turns, colours[0], log)
    if log:
        ax.set_yscale("log")
    else:
        ax.axhline(0.0, color="#9aa0a8", lw=0.6, zorder=1.0)
    ax.axvline(0.0, color="#9aa0a8", lw=0.6, zorder=1.0)
    ax.set_xlabel("voltage (V)")
    ax.set_ylabel("|current| (A)" if log else "current (A)")
    if 1 < len(curves) <= MOST_NAMED:
        ax.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), frameon=False, ncols=len(curves))
    ax.spines[["top", "right"]].set_visible(False)
    return LoopPlot(ax, lines, marks)


def _arrows(ax: Axes, volts: Floats, amps: Floats, turns: list[int], colour: Floats, log: bool) -> list[Annotation]:
    """Draw an arrow in the middle of each stretch between turning points of the voltage and its passages through 0."""
    passages = np.flatnonzero(np.diff(np.signbit(volts))) + 1
    ends = np.unique(np.concatenate(([0], turns, passages, [volts.size - 1])))
    span = float(np.ptp(volts))
    drawn = []
    for start, stop in itertools.pairwise(ends):
        if abs(volts[stop] - volts[start]) < 0.25 * span:
            continue
        middle = (int(start) + int(stop)) // 2
        after = min(middle + max(1, (int(stop) - int(start)) // 20), int(stop))
        points = [(float(volts[k]), float(abs(amps[k]) if log else amps[k])) for k in (middle, after)]
        style = {"arrowstyle": "-|>", "color": tuple(colour), "lw": 1.1}
        drawn.append(ax.annotate("", xy=points[1], xytext=points[0], arrowprops=style))
    return drawn
