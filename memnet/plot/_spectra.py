"""Impedance over frequency: in the complex plane, and as magnitude and phase."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from memnet.base import check
from memnet.plot._style import DEVICES, Drawn, check_axes, check_figure, legend_above, new_axes, pad

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

__all__ = ["BodePlot", "NyquistPlot", "bode", "nyquist"]

# Colours of spectra, the grey of `DEVICES` last.
COLOURS = (*DEVICES[1:], DEVICES[0])


@dataclass(frozen=True, repr=False)
class NyquistPlot(Drawn):
    """What `nyquist` drew: the axes, and one line a spectrum.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
    >>> sim = mn.Simulation(net, mn.RateBalance(), {"in": 0.3, "out": 0.0})
    >>> drawn = mn.plot.nyquist(mn.impedance(sim, ("in", "out"), [1e-3, 1e-2, 1e-1]))
    >>> len(drawn.lines)
    1
    """

    ax: Axes
    lines: list[Line2D]


@dataclass(frozen=True, repr=False)
class BodePlot(Drawn):
    """What `bode` drew: axes of the magnitude and of the phase, and one line a spectrum on each.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
    >>> sim = mn.Simulation(net, mn.RateBalance(), {"in": 0.3, "out": 0.0})
    >>> drawn = mn.plot.bode(mn.impedance(sim, ("in", "out"), [1e-3, 1e-2, 1e-1]))
    >>> drawn.phase.get_ylabel()
    'phase (degrees)'
    """

    ax: Axes
    phase: Axes
    lines: list[Line2D]


@check.known_keywords
def nyquist(spectra: xr.DataArray | Mapping[str, xr.DataArray], *, ax: Axes | None = None) -> NyquistPlot:
    """Draw impedances in the complex plane, as electrochemists do: -Im Z over Re Z, in one scale.

    Capacitive arcs lie above the real axis, inductive ones below it. The end of low frequencies is a filled circle, an
    open one that of high frequencies.

    Parameters
    ----------
    spectra : DataArray or dict of str to DataArray
        What `impedance` or `impedance_by_sine` returned, or measured, over `frequency`; several by name.
    ax : matplotlib Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    NyquistPlot
        The axes and the artists.

    Raises
    ------
    TypeError, ValueError
        No DataArray over frequency, no axes.

    Examples
    --------
    >>> import memnet as mn
    >>> circuit = mn.Circuit()
    >>> _ = circuit.add("in", "mid", mn.Resistor(conductance=1e-3))
    >>> _ = circuit.add("mid", "gnd", mn.Capacitor(capacitance=1e-6))
    >>> _ = circuit.add("mid", "gnd", mn.Resistor(conductance=1e-3))
    >>> sim = circuit.simulation({"in": 0.0, "gnd": 0.0})
    >>> drawn = mn.plot.nyquist(mn.impedance(sim, ("in", "gnd"), [10.0, 100.0, 1000.0]))
    >>> drawn.ax.get_xlabel()
    'Re Z (ohm)'
    """
    named = _named(spectra)
    check_axes(ax)
    ax = new_axes(ax, (5.0, 4.2))
    lines: list[Line2D] = []
    for k, (name, one) in enumerate(named.items()):
        z = np.asarray(one.values)[np.argsort(one.frequency.values)]
        colour = COLOURS[k % len(COLOURS)]
        lines += ax.plot(z.real, -z.imag, lw=1.2, marker=".", ms=3.0, color=colour, label=name)
        ax.plot(z.real[:1], -z.imag[:1], "o", ms=5.0, color=colour)
        ax.plot(z.real[-1:], -z.imag[-1:], "o", ms=5.0, color=colour, markerfacecolor="white")
    ax.axhline(0.0, color="#9aa0a8", lw=0.6, zorder=1.0)
    ax.set_aspect("equal", adjustable="datalim")
    ax.set_xlabel("Re Z (ohm)")
    ax.set_ylabel("-Im Z (ohm)")
    ax.spines[["top", "right"]].set_visible(False)
    if len(named) > 1:
        legend_above(ax)
    return NyquistPlot(ax, lines)


@check.known_keywords
def bode(spectra: xr.DataArray | Mapping[str, xr.DataArray], *, figure: Figure | None = None) -> BodePlot:
    """Draw magnitude and phase of impedances over frequency.

    Parameters
    ----------
    spectra : DataArray or dict of str to DataArray
        As for `nyquist`.
    figure : matplotlib Figure, optional
        Where to draw; a new one by default.

    Returns
    -------
    BodePlot
        The axes and the artists; those of the magnitude are `ax`.

    Raises
    ------
    TypeError, ValueError
        No DataArray over frequency, a frequency that is not > 0, no figure.

    Examples
    --------
    >>> import memnet as mn
    >>> circuit = mn.Circuit()
    >>> _ = circuit.add("in", "gnd", mn.Capacitor(capacitance=1e-6))
    >>> sim = circuit.simulation({"in": 0.0, "gnd": 0.0})
    >>> drawn = mn.plot.bode({"C": mn.impedance(sim, ("in", "gnd"), [10.0, 100.0, 1000.0])})
    >>> drawn.lines[1].get_ydata().round(3).tolist()
    [-90.0, -90.0, -90.0]
    """
    named = _named(spectra)
    for one in named.values():
        if not (one.frequency.values > 0.0).all():
            raise ValueError(f"frequency must be > 0 Hz in spectra, got {one.frequency.values.min()!r}")
    check_figure(figure)
    if figure is None:
        from matplotlib import pyplot

        figure = pyplot.figure(figsize=(5.4, 4.8), layout="constrained")
    pad(figure)
    ax, phase = figure.subplots(2, 1, sharex=True)
    lines: list[Line2D] = []
    for k, (name, one) in enumerate(named.items()):
        order = np.argsort(one.frequency.values)
        f, z = one.frequency.values[order], np.asarray(one.values)[order]
        style = {"lw": 1.2, "marker": ".", "ms": 3.0, "color": COLOURS[k % len(COLOURS)], "label": name}
        lines += ax.loglog(f, np.abs(z), **style)
        lines += phase.semilogx(f, _degrees(z), **style)
    phase.axhline(0.0, color="#9aa0a8", lw=0.6, zorder=1.0)
    ax.set_ylabel("|Z| (ohm)")
    phase.set_ylabel("phase (degrees)")
    phase.set_xlabel("frequency (Hz)")
    for axes in (ax, phase):
        axes.spines[["top", "right"]].set_visible(False)
    if len(named) > 1:
        legend_above(ax)
    return BodePlot(ax, phase, lines)


def _degrees(z: NDArray[np.complex128]) -> NDArray[np.float64]:
    """Return the phase without jumps from one frequency to the next."""
    angle: NDArray[np.float64] = np.degrees(np.unwrap(np.angle(z)))
    return angle


def _named(spectra: Any) -> dict[str, xr.DataArray]:
    """Return spectra by name.

    Raises
    ------
    TypeError, ValueError
        Something else, or none.
    """
    import xarray

    given = dict(spectra) if isinstance(spectra, Mapping) else {"": spectra}
    if not given:
        raise ValueError("spectra must hold at least one DataArray, got an empty dict")
    for name, one in given.items():
        check.optional_text("name in spectra", name)
        check.instance("spectra", one, xarray.DataArray, "what mn.impedance returned, or a dict of that by name")
        if one.dims != ("frequency",) or one.dtype.kind not in "cfiu" or not one.size:
            raise ValueError(f"spectra must be impedances over frequency, got {check.shown(one.dims)}")
        if "frequency" not in one.coords:
            raise ValueError("spectra must have the coordinate frequency (Hz), got an array without it")
        for what, values in (("impedances", one.values), ("frequencies", one.frequency.values)):
            bad = np.flatnonzero(~np.isfinite(values))
            if bad.size:
                raise ValueError(f"spectra must have finite {what}, got {values[bad[0]]} at index ({bad[0]},)")
    return given
