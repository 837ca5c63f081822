"""Panels of the figures of NP24: loops, states and relaxation times, in the units of its captions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from memnet.papers import _pages

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

MICRO, MILLI, KILO = 1e6, 1e3, 1e-3


def dimension(loops: xr.Dataset) -> str:
    """Return over what loops are told apart."""
    return "frequency" if "frequency" in loops.dims else "amplitude"


def labels(loops: xr.Dataset) -> list[str]:
    """Return what a legend says of loops."""
    if dimension(loops) == "frequency":
        return [f"{KILO * one:g} kHz" for one in loops["frequency"].values]
    return [f"$U_0$ = {one:g} V" for one in loops["amplitude"].values]


def currents(ax: Axes, loops: xr.Dataset) -> None:
    """Draw loops of current against voltage, with arrows."""
    over, tints = dimension(loops), _pages.shades(loops.sizes[dimension(loops)])
    for k, (text, colour) in enumerate(zip(labels(loops), tints, strict=True)):
        one = loops.isel({over: k})
        volts, micro = one["voltage"].values, MICRO * one["current"].values
        ax.plot(volts, micro, color=colour, lw=1.2, label=text)
        arrow(ax, volts, micro, colour)
    ax.axhline(0.0, color="0.8", lw=0.6, zorder=0)
    ax.set(xlabel="$u$ (V)", ylabel="$I_{tot}$ (µA)")
    ax.legend(frameon=False, fontsize="x-small")


def arrow(ax: Axes, x: Any, y: Any, colour: Any) -> None:
    """Draw the direction in which a cycle is run through, on its way up and on its way down."""
    size = len(x) - 1
    for share in (0.12, 0.38):
        k = round(share * size)
        ends = (x[k], y[k]), (x[k + max(size // 200, 1)], y[k + max(size // 200, 1)])
        ax.annotate("", ends[1], ends[0], arrowprops={"arrowstyle": "-|>", "color": colour, "lw": 0.8})


def states(ax: Axes, loops: xr.Dataset, curve: xr.Dataset, colour: str) -> None:
    """Draw loops of the gating variable, where it settles (dotted), and the relaxation time (right)."""
    over = dimension(loops)
    for k, tint in enumerate(_pages.shades(loops.sizes[over])):
        ax.plot(loops.isel({over: k})["voltage"], loops.isel({over: k})["x"], color=tint, lw=1.2)
    volts = curve["voltage"].values
    ax.plot(volts, curve["state_x"], color="k", lw=0.8, ls=":")
    ax.set(xlabel="$u$ (V)", ylabel="$x$", ylim=(-0.03, 1.03))
    relaxation(ax, curve, colour)


def branches(ax: Axes, curve: xr.Dataset) -> None:
    """Draw the lines of the two conductances, without changing what is seen of the panel."""
    top = ax.get_ylim()
    volts = curve["voltage"].values
    for name in ("g_L", "g_H"):
        line = MICRO * curve.attrs[name] * (volts - curve.attrs["E_0"])
        ax.plot(volts, line, color="0.7", lw=0.8, ls="--", zorder=0)
        inside = np.flatnonzero((line > top[0]) & (line < top[1]))
        at = int(inside[-1])
        ax.annotate(f"${name}$", (volts[at], line[at]), color="0.5", fontsize="small", ha="right", va="bottom")
    ax.set_ylim(top)


def settled(ax: Axes, curve: xr.Dataset, colour: str) -> None:
    """Draw where the gating variable settles, and the relaxation time (right)."""
    ax.plot(curve["voltage"], curve["state_x"], color=_pages.BLUE, lw=1.2)
    ax.set(xlabel="$u$ (V)", ylabel="$x_{eq}$")
    relaxation(ax, curve, colour)


def relaxation(ax: Axes, curve: xr.Dataset, colour: str) -> None:
    """Draw the relaxation time on an axis of its own."""
    twin = ax.twinx()
    twin.plot(curve["voltage"], MILLI * curve["tau_x"].values, color=colour, lw=1.0, ls="--")
    twin.set_ylabel(r"$\tau_k$ (ms)", color=colour)
    twin.tick_params(colors=colour)
    twin.set_ylim(bottom=0.0)
    twin.spines["top"].set_visible(False)
