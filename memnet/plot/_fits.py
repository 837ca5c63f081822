"""Fits of measured traces: the trace, the fit, and what is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from memnet.base import check
from memnet.plot._style import Drawn, check_figure, pad
from memnet.theory import TraceFit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

__all__ = ["FitPlot", "fit"]


@dataclass(frozen=True, repr=False)
class FitPlot(Drawn):
    """What `fit` drew: axes of the trace, the voltage and the residuals, and the lines of trace and fit.

    Examples
    --------
    >>> import warnings, memnet as mn
    >>> net = mn.Network(2, [(0, 1)], electrodes={"left": 0, "right": 1})
    >>> device = mn.RateBalance(kappa_p0=2e-3, kappa_d0=0.08, eta_p=1.5, eta_d=0.4, g_min=1e-3, g_max=3e-3)
    >>> drive = {"left": mn.drive.triangle(0.05, 2.0, period=40), "right": 0.0}
    >>> data = mn.Simulation(net, device, drive, dt=1.0).run(100)
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     volts = data.voltage.sel(electrode="left")
    ...     found = mn.theory.fit_rate_balance(data.time, volts, data.conductance, seed=1, n_starts=2)
    >>> drawn = mn.plot.fit(found)
    >>> len(drawn.lines)
    2
    """

    ax: Axes
    voltage: Axes
    residual: Axes
    lines: list[Line2D]


@check.known_keywords
def fit(found: TraceFit, *, figure: Figure | None = None) -> FitPlot:
    """Draw a fit over the trace that it is of, with the voltage above and the residuals below.

    Parameters
    ----------
    found : TraceFit
        What `theory.fit_mean_field` or `theory.fit_rate_balance` returned.
    figure : matplotlib Figure, optional
        Where to draw; a new one by default.

    Returns
    -------
    FitPlot
        The axes and the artists. Times count from the first sample.

    Raises
    ------
    TypeError
        No TraceFit, or no figure.

    Examples
    --------
    >>> import numpy as np, warnings, memnet as mn
    >>> t = np.linspace(0.0, 60.0, 61)
    >>> v = np.where((t > 0) & (t < 30), 2.0, 0.1)
    >>> g = 1e-3 + 5e-4 * (1 - np.exp(-t / 9)) * (v > 1) + 1e-6 * np.random.default_rng(0).standard_normal(61)
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     found = mn.theory.fit_rate_balance(t, v, g, seed=1, n_starts=2)
    >>> drawn = mn.plot.fit(found)
    """
    check.instance("found", found, TraceFit, "a result of theory.fit_mean_field or theory.fit_rate_balance")
    check_figure(figure)
    if figure is None:
        from matplotlib import pyplot

        figure = pyplot.figure(figsize=(7.0, 5.6), layout="constrained")
    pad(figure)
    above, ax, below = figure.subplots(3, 1, sharex=True, height_ratios=(0.5, 2.0, 0.7))
    time = np.concatenate(([0.0], np.cumsum(found.problem.dt)))
    above.stairs(found.problem.voltage, time, baseline=None, color="#30343b", lw=1.0)
    above.set_ylabel("|V| (V)")
    measured = ax.plot(time, found.best_fit - found.residual, ".", ms=3.0, color="#7d838c", label="trace")
    fitted = ax.plot(time, found.best_fit, lw=1.2, color="#d9480f", label=f"{found.model}, RMSE {found.rmse:.3g} S")
    ax.set_ylabel("conductance (S)")
    ax.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), frameon=False, ncols=2)
    below.plot(time, found.residual, lw=0.8, color="#d9480f")
    below.axhline(0.0, color="#9aa0a8", lw=0.6)
    below.set_ylabel("residual (S)")
    below.set_xlabel("time since the first sample (s)")
    for one in (above, ax, below):
        one.spines[["top", "right"]].set_visible(False)
    return FitPlot(ax, above, below, [*measured, *fitted])
