"""Distributions of sizes and times beside the laws fitted to them, and the three figures of avalanches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from memnet.analysis import ALTERNATIVES, Criticality, PowerLaw
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.plot._style import LEGEND_ROW, Drawn, check_axes, check_figure, legend_above, new_axes, pad, say_instead

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.container import ErrorbarContainer
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

__all__ = ["AvalanchePlot", "DistributionPlot", "avalanches", "distribution"]

# Of the alternatives, in the order of their table.
COLOURS = ("#1c9a55", "#9c36b5", "#b08900", "#1f5fd0")
BINS_PER_DECADE = 8


@dataclass(frozen=True, repr=False)
class DistributionPlot(Drawn):
    """What `distribution` drew: the axes, the measured points, the power law, and a line an alternative.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> values = np.random.default_rng(1).zipf(2.0, 500)
    >>> fit = mn.analysis.fit_power_law(values, discrete=True, xmin=1, n_bootstrap=0, n_p=0)
    >>> drawn = mn.plot.distribution(fit)
    >>> drawn.ax.get_xscale()
    'log'
    """

    ax: Axes
    points: ErrorbarContainer
    law: list[Line2D]
    alternatives: dict[str, Line2D]


@dataclass(frozen=True, repr=False)
class AvalanchePlot(Drawn):
    """What `avalanches` drew: the distributions of size and duration, and the axes of mean size over duration.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> steps = np.flatnonzero(np.random.default_rng(1).random(5000) < 0.3)
    >>> found = mn.analysis.criticality(mn.analysis.avalanches(steps), seed=2, n_bootstrap=2, n_p=0)
    >>> drawn = mn.plot.avalanches(found, alternatives=())
    >>> drawn.size.ax.get_xscale()
    'log'
    """

    size: DistributionPlot
    duration: DistributionPlot
    mean_size: Axes

    @property
    def _axes(self) -> Axes:
        return self.mean_size


@check.known_keywords
def distribution(
    found: PowerLaw, *, ax: Axes | None = None, alternatives: Sequence[str] = (), label: str | None = None
) -> DistributionPlot:
    """Draw the density of a sample on logarithmic axes, with the power law fitted to it and alternatives.

    Parameters
    ----------
    found : PowerLaw
        What `analysis.fit_power_law` found.
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.
    alternatives : sequence of str
        Distributions to be drawn beside it, each with the p of its comparison: "exponential", "lognormal",
        "stretched_exponential", "truncated_power_law".
    label : str, optional
        What the values are, for the horizontal axis, such as "interval (s)".

    Returns
    -------
    DistributionPlot
        The axes and the artists. Bars are the errors of counts, sqrt(n).

    Raises
    ------
    TypeError, ValueError
        No result of `analysis.fit_power_law`, or an unknown alternative.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> values = np.random.default_rng(1).pareto(1.5, 1000) + 1.0
    >>> found = mn.analysis.fit_power_law(values, discrete=False, xmin=1.0, n_bootstrap=20, n_p=20, seed=1)
    >>> drawn = mn.plot.distribution(found, alternatives=["lognormal"])
    """
    check.instance("found", found, PowerLaw, "a result of analysis.fit_power_law")
    check_axes(ax)
    names = _checked(alternatives)
    check.optional_text("label", label)
    ax = new_axes(ax, (5.2, 4.2 + LEGEND_ROW * len(names)))
    x, density, error = _measured(found)
    points = ax.errorbar(
        x, density, yerr=error, fmt="o", ms=3.5, lw=0.8, color="#30343b", label=f"{found.n_total:,} values"
    )
    law = _draw_law(ax, found)
    drawn = {name: _draw_alternative(ax, found, name) for name in names} if not found.message else {}
    if x.size:
        ax.set_xscale("log")
        ax.set_yscale("log")
        ax.set_ylim(0.3 * density.min(), 3.0 * density.max())
    if found.message:
        say_instead(ax, found.message)
    ax.set_xlabel("value" if label is None else label)
    ax.set_ylabel("probability" if found.discrete else "density")
    legend_above(ax)
    ax.spines[["top", "right"]].set_visible(False)
    return DistributionPlot(ax, points, law, drawn)


def _checked(alternatives: Any) -> list[str]:
    check.instance("alternatives", alternatives, (list, tuple), "a list of names")
    return [check.one_of("alternatives", name, ALTERNATIVES) for name in alternatives]


def _measured(found: PowerLaw) -> tuple[Floats, Floats, Floats]:
    """Return centre, density and error of bins that grow by a factor; of integers a bin holds whole ones."""
    if found.sample is None or not found.sample.value.size:
        return np.empty(0), np.empty(0), np.empty(0)
    value, count = found.sample.value, found.sample.count
    low, high = float(value[0]), float(value[-1])
    number = max(1, int(np.ceil(BINS_PER_DECADE * np.log10(max(high / low, 10.0)))))
    edges = np.geomspace(low, high * (1.0 + 1e-9), number + 1)
    if found.discrete:
        edges = np.unique(np.concatenate((np.ceil(edges[:-1]), [high + 1.0]))) - 0.5
    counts, _ = np.histogram(value, edges, weights=count)
    filled = counts > 0
    width = np.diff(edges)[filled]
    first, last = (edges[:-1] + 0.5, edges[1:] - 0.5) if found.discrete else (edges[:-1], edges[1:])
    centre = np.sqrt(first[filled] * last[filled])
    total = float(found.n_total)
    return centre, counts[filled] / total / width, np.sqrt(counts[filled]) / total / width


def _draw_law(ax: Axes, found: PowerLaw) -> list[Line2D]:
    if found.message or found.sample is None:
        return []
    end = min(found.xmax, float(found.sample.value[-1]))
    x = np.geomspace(found.xmin, end, 100)
    said = f"exponent {found.exponent:.3g} ± {found.error:.2g}"
    if np.isfinite(found.p_value):
        said += f", p = {found.p_value:.2g}"
    return ax.plot(x, found.density(x), lw=1.4, color="#d9480f", label=said)


def _draw_alternative(ax: Axes, found: PowerLaw, name: str) -> Line2D:
    against = found.compare(name)
    said = f"{name.replace('_', ' ')}: ratio {against.ratio:.3g}, p = {against.p:.2g}"
    colour = COLOURS[list(ALTERNATIVES).index(name) % len(COLOURS)]
    (line,) = ax.plot(against.x, against.density, lw=1.1, ls="--", color=colour, label=said)
    return line


@check.known_keywords
def avalanches(
    found: Criticality,
    *,
    figure: Figure | None = None,
    alternatives: Sequence[str] = ("lognormal", "truncated_power_law"),
) -> AvalanchePlot:
    """Draw what avalanches say: distributions of size and duration, and the mean size at each duration.

    Parameters
    ----------
    found : Criticality
        What `analysis.criticality` found.
    figure : matplotlib Figure, optional
        Where to draw; a new one by default.
    alternatives : sequence of str
        As in `distribution`.

    Returns
    -------
    AvalanchePlot
        The axes and the artists.

    Raises
    ------
    TypeError, ValueError
        No result of `analysis.criticality`, no figure, or an unknown alternative.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> times = np.cumsum(np.random.default_rng(3).exponential(1.0, 3000))
    >>> found = mn.analysis.criticality(mn.analysis.avalanches(times), n_bootstrap=20, n_p=20, seed=1)
    >>> drawn = mn.plot.avalanches(found)
    """
    check.instance("found", found, Criticality, "a result of analysis.criticality")
    check_figure(figure)
    names = _checked(alternatives)
    if figure is None:
        from matplotlib import pyplot

        figure = pyplot.figure(figsize=(12.0, 4.2 + LEGEND_ROW * len(names)), layout="constrained")
    pad(figure)
    first, second, third = figure.subplots(1, 3)
    size = distribution(found.tau, ax=first, alternatives=names, label="size (events)")
    duration = distribution(found.alpha, ax=second, alternatives=names, label="duration (bins)")
    _draw_mean_size(third, found)
    return AvalanchePlot(size, duration, third)


def _draw_mean_size(ax: Axes, found: Criticality) -> None:
    """Draw the mean size over the duration, with the slopes that the data has and that crackling noise would have."""
    ax.set_xlabel("duration (bins)")
    ax.set_ylabel("mean size (events)")
    ax.spines[["top", "right"]].set_visible(False)
    if not found.duration.size:
        say_instead(ax, found.tau.message)
        return
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.plot(found.duration, found.size_at, "o", ms=3.5, color="#30343b")
    x = np.array([found.duration[0], found.duration[-1]], dtype=np.float64)
    slopes: list[tuple[str, Any, str]] = [
        ("fitted", found.mean_size, "#d9480f"),
        (r"$(\alpha - 1)/(\tau - 1)$", found.crackling, "#1f5fd0"),
    ]
    for name, slope, colour in slopes:
        if np.isfinite(slope.value):
            # Through the middle of the points: their height is no number of the fit.
            height = np.exp(np.mean(np.log(found.size_at) - slope.value * np.log(found.duration)))
            ax.plot(
                x, height * x**slope.value, lw=1.2, color=colour, label=f"{name}: {slope.value:.3g} ± {slope.error:.2g}"
            )
    legend_above(ax)
