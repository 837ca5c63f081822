"""MF23: mean field theory of self-organising memristive connectomes (Ann. Phys. 2023, 535, 2300090).

Its figures 2 to 4 as functions that return data, and functions that draw them as the paper does.
`memnet reproduce meanfield2023 --figure 2 --option path='"pulse.txt"'` fits a measured trace.
"""

from __future__ import annotations

import os
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from memnet import drive, theory
from memnet.base import rooms
from memnet.base.arrays import Floats
from memnet.papers._registry import Example, Paper
from memnet.theory import HillockField, RateBalanceField, landau, phase_diagram
from memnet.theory.transitions import STICK_THRESHOLD

if TYPE_CHECKING:
    import matplotlib.figure
    import xarray as xr


@dataclass(frozen=True)
class Setting:
    """What the figures share.

    Attributes
    ----------
    fitted : RateBalanceField
        The fit that `figure2` draws the potential of, on the measured 2 V trace: RMSE 1.142e-5 S, from G = g_min on.
    reach : float
        Largest g_max - g_min of that fit, in largest conductances: what is beyond, the trace does not tell.
    limited_starts : int
        Starts of that fit, at most.
    length : float
        Length of the wires of the phase diagram (µm).
    """

    fitted: RateBalanceField
    reach: float = 1.9
    limited_starts: int = 4
    length: float = 20.0


PARAMETERS = ("kappa_p0", "kappa_d0", "eta_p", "eta_d", "g_min", "chi")
SETTING = Setting(
    RateBalanceField(
        drive="effective", kappa_p0=1.0514e-10, kappa_d0=28.244, eta_p=19.301, eta_d=1205.4, g_min=8.3359e-4, chi=4.7985
    )
)
PAPER = Paper("MF23", "Mean field theory of self-organizing memristive connectomes, doi 10.1002/andp.202300090")


def effective_field() -> RateBalanceField:
    """Return the effective mean field with the parameters that `figure2` finds for the measured 2 V trace.

    Examples
    --------
    >>> from memnet.papers import meanfield2023
    >>> round(meanfield2023.effective_field().switching_drive(), 3)
    0.073
    """
    return SETTING.fitted


def synthetic_trace(noise: float = 5e-6, seed: int = 0) -> tuple[Floats, Floats, Floats]:
    """Return a trace with the protocol of the measured one: time (s), voltage (V), conductance (S).

    0.01 V, 2 V for 102 s, 0.01 V for 240 s, as the effective mean field answers it, with normal noise (S).

    Examples
    --------
    >>> from memnet.papers import meanfield2023
    >>> time, voltage, conductance = meanfield2023.synthetic_trace(noise=0.0)
    >>> time.shape, sorted(set(voltage.tolist()))
    ((3001,), [0.01, 2.0])
    """
    time = np.concatenate(([11.47], 11.67 + 0.051 * np.arange(2000), 114.3 + 0.24 * np.arange(1000)))
    voltage = np.where((np.arange(time.size) > 0) & (np.arange(time.size) <= 2000), 2.0, 0.01)
    wave = drive.steps(np.append(voltage[1:], voltage[-1]), time)
    conductance = effective_field().integrate(time, wave, g0=0.0)["conductance"].to_numpy()
    return time, voltage, conductance + noise * np.random.default_rng(seed).standard_normal(time.size)


@PAPER.figure(
    "2",
    title="fit of a conductance trace, effective potential, phase diagram",
    quick={"n_starts": 3, "n_networks": 1, "densities": 5, "voltages": 5},
    example=Example(
        'path="trace.txt", n_starts=1, n_networks=1, densities=2, voltages=2',
        ["fit", "phase", "potential"],
        panels=5,
        before=(
            "import numpy as np",
            "t, v, g = (one[::100] for one in meanfield2023.synthetic_trace())",
            'np.savetxt("trace.txt", np.stack([t, g * v, v, 1 / g, g], axis=1))',
        ),
    ),
)
def figure2(
    path: str | None = None,
    n_starts: int = 10,
    seed: int = 0,
    n_networks: int = 3,
    densities: int = 9,
    voltages: int = 9,
    progress: bool = False,
) -> dict[str, xr.Dataset]:
    """Return the fit of a conductance trace, the effective potential, and the phase diagram.

    Parameters
    ----------
    path : str, optional
        A measured trace: columns time (s), current (A), voltage (V), resistance (ohm), conductance (S), no header.
        Default: the file, or ``agnw_pulse_2V.txt`` in the folder, that MEMNET_DATA names; without one a synthetic
        trace of the same protocol, and the data say so.
    n_starts, seed : int
        Starts of the fits, and seed of starts and networks.
    n_networks, densities, voltages : int
        Networks at each density, and points of the phase diagram.
    progress : bool
        Show a progress bar.

    Returns
    -------
    dict of xarray.Dataset
        "fit", "potential" and "phase". The potential is that of the best fit with g_max - g_min up to 1.9 times the
        largest conductance: without that limit chi may run to infinity, as it does for the measured trace.

    Raises
    ------
    FileNotFoundError
        `path` names no file.
    ValueError
        The file does not hold five columns of numbers, or not a trace that can be fitted.
    """
    fit, field = _fit(path, n_starts, seed)
    return {
        "fit": fit,
        "potential": _potential(field),
        "phase": _phase(n_networks, densities, voltages, seed, progress),
    }


@PAPER.figure(
    "3",
    title="effective force of the nanoparticle mean field",
    example=Example("n=50", {"q": 5, "g": 50, "axis": 120}, panels=2),
)
def figure3(drives: tuple[float, ...] = (0.1, 0.25, 0.35, 0.5, 0.65), n: int = 400) -> xr.Dataset:
    """Return the effective force of the nanoparticle mean field, kappa = a = 1, without the clamp, and its fold.

    Parameters
    ----------
    drives : tuple of float
        Effective voltages q.
    n : int
        Points in <g>.
    """
    import xarray as xr

    field = _nanoparticles(clamp=None)
    ((g_fold, q_fold),) = field.turning_points()
    clamped = _nanoparticles(clamp=0.5)
    g, q = np.linspace(0.0, 0.93, n), np.array(drives, dtype=np.float64)
    axis = np.linspace(0.0, 1.5 * q_fold, 120)
    sweep = clamped.bifurcation(axis)["up"].to_numpy()
    data = {
        "force": (("q", "g"), np.array([field.rate(g, x) for x in q]), {"units": "1/s"}),
        "equilibrium_drive": ("g", field.drive_at(g)),
        "clamped": ("axis", sweep),
    }
    attrs = {
        "g_fold": g_fold,
        "q_fold": q_fold,
        "clamped_folds": len(clamped.turning_points()),
        "kappa": 1.0,
        "a": 1.0,
    }
    return xr.Dataset(data, {"g": g, "q": q, "axis": axis}, attrs)


@PAPER.figure(
    "4",
    title="graphical solution: continuous and first-order transitions",
    example=Example("n=101", ["continuous", "first_order"], panels=2),
)
def figure4(n: int = 801) -> dict[str, xr.Dataset]:
    """Return the graphical solution Q(s) = a v s of a convex and of a non-convex Q, and s against a v.

    Parameters
    ----------
    n : int
        Points in s.
    """
    import xarray as xr

    parts = {}
    for name, cost in {"continuous": _convex, "first_order": _non_convex}.items():
        theory = landau(cost, np.expm1, r_max=1.6, form="graphical", n=n)
        axis = np.linspace(0.4, 1.8, 281)
        roots = [theory.equilibria(float(x)) for x in axis]
        table = np.full((axis.size, 2), np.nan)
        for k, row in enumerate(roots):
            table[k, : len(row)] = row[-2:]
        jump = theory.jump()
        parts[name] = xr.Dataset(
            {"q": ("s", theory.q), "load": ("s", theory.load), "equilibrium": (("av", "branch"), table)},
            {"s": theory.s, "av": axis},
            {"order": theory.order, "threshold": theory.threshold, "jump": list(jump) if jump else []},
        )
    return parts


# ---------------------------------------------------------------- data


def _measured(path: str | None) -> tuple[Floats, Floats, Floats, str]:
    place = path if path is not None else os.environ.get("MEMNET_DATA")
    if place is None:
        return (*synthetic_trace(), "synthetic")
    file = Path(place)
    if file.is_dir():
        file = file / "agnw_pulse_2V.txt"
    if not file.is_file():
        if path is None:
            warnings.warn(f"MEMNET_DATA names no trace: {place}; a synthetic one takes its place", stacklevel=5)
            return (*synthetic_trace(), "synthetic")
        raise FileNotFoundError(f"path names no file: {path}")
    layout = f"{file} must hold five columns of numbers: time, current, voltage, resistance, conductance"
    try:
        columns = np.loadtxt(file, ndmin=2)
    except ValueError as error:
        raise ValueError(f"{layout}; {error}") from error
    if columns.shape[1] != 5:
        raise ValueError(f"{layout}; got {columns.shape[1]}")
    return columns[:, 0], columns[:, 2], columns[:, 4], file.name


def _fit(path: str | None, n_starts: int, seed: int) -> tuple[xr.Dataset, RateBalanceField]:
    import xarray as xr

    time, voltage, conductance, source = _measured(path)
    with warnings.catch_warnings():
        # What is not determined goes into the data.
        warnings.simplefilter("ignore", theory.NotIdentifiable)
        whole = theory.fit_mean_field(time, voltage, conductance, seed=seed, n_starts=n_starts)
        single = theory.fit_rate_balance(time, voltage, conductance, seed=seed, n_starts=n_starts)
        limits = {"g_max - g_min": (1e-3 * conductance.max(), SETTING.reach * conductance.max())}
        limited = theory.fit_mean_field(
            time, voltage, conductance, seed=seed, n_starts=min(n_starts, SETTING.limited_starts), limits=limits
        )
    units = {"units": "S"}
    parameters = {name: float(limited.params[name].value) for name in PARAMETERS}
    data = xr.Dataset(
        {
            "voltage": ("time", voltage, {"units": "V"}),
            "conductance": ("time", conductance, units),
            "mean_field": ("time", whole.best_fit, units),
            "rate_balance": ("time", single.best_fit, units),
            "rmse_of_starts": ("start", [start.rmse for start in whole.starts], units),
        },
        {"time": ("time", time, {"units": "s"})},
        {
            "source": source,
            "rmse": whole.rmse,
            "rmse_rate_balance": single.rmse,
            "rmse_limited": limited.rmse,
            "report": whole.report(),
            "not_determined": ", ".join(whole.undetermined),
        },
    )
    return data, theory.RateBalanceField(drive="effective", **parameters)


def _potential(field: RateBalanceField) -> xr.Dataset:
    import xarray as xr

    g = np.linspace(0.0, 1.0, 301)
    switching = field.switching_drive()
    volts = switching * np.array([0.25, 0.5, 0.75, 0.9, 1.0, 1.1, 1.5, 2.5])
    rows = []
    for v in volts:
        potential = field.potential(g, float(v))
        rows.append((potential - potential.min()) / np.ptp(potential))
    axis = switching * np.geomspace(0.05, 20.0, 120)
    equilibrium = [field.fixed_points(float(v))[0].g for v in axis]
    return xr.Dataset(
        {"potential": (("voltage", "g"), np.array(rows)), "equilibrium": ("axis", equilibrium)},
        {"voltage": ("voltage", volts, {"units": "V"}), "g": g, "axis": ("axis", axis, {"units": "V"})},
        {"switching_voltage": switching, **{name: getattr(field, name) for name in PARAMETERS}},
    )


def _phase(n_networks: int, densities: int, voltages: int, seed: int, progress: bool) -> xr.Dataset:
    threshold = STICK_THRESHOLD / SETTING.length**2
    return phase_diagram(
        threshold * np.linspace(0.25, 3.0, densities),
        np.linspace(1.0, 25.0, voltages),
        length=SETTING.length,
        n_networks=n_networks,
        seed=seed,
        progress=progress,
    )


def _nanoparticles(clamp: float | None) -> HillockField:
    return HillockField(strength=1.0, tau=1.0, a=1.0, clamp=clamp)


def _convex(s: Floats) -> Floats:
    return s + 0.5 * s**2


def _non_convex(s: Floats) -> Floats:
    return s - 1.2 * s**2 + s**3


# ---------------------------------------------------------------- pictures

BLUE, GREEN, RED, GREY = "#1f5fd0", "#2f9e44", "#d9480f", "#8a8f98"


@PAPER.drawing("2")
def plot_figure2(data: dict[str, xr.Dataset]) -> matplotlib.figure.Figure:
    """Draw trace and fit, potential, and phase diagram."""
    from matplotlib.figure import Figure as Canvas

    canvas = Canvas(figsize=(14.0, 4.4), layout="constrained")
    a, b, c = canvas.subplots(1, 3)
    _draw_fit(a, data["fit"])
    _draw_potential(b, data["potential"])
    _draw_phase(canvas, c, data["phase"])
    return canvas


def _draw_fit(ax: Any, fit: xr.Dataset) -> None:
    time = fit["time"].to_numpy()
    kind = "synthetic" if fit.attrs["source"] == "synthetic" else "experiment"
    single = f"one rate balance, {fit.attrs['rmse_rate_balance']:.2g} S"
    ax.plot(time, 1e3 * fit["conductance"], color=GREEN, lw=3.0, alpha=0.7, label=kind)
    ax.plot(
        time,
        1e3 * fit["rate_balance"],
        color=GREY,
        lw=1.0,
        ls=":",
        label=single,
    )
    ax.plot(time, 1e3 * fit["mean_field"], color=BLUE, lw=1.4, ls="--", label=f"mean field, {fit.attrs['rmse']:.2g} S")
    ax.set_xlabel("time (s)")
    ax.set_ylabel("conductance (mS)")
    ax.legend(frameon=False, title="RMSE", loc="upper right")
    twin = ax.twinx()
    twin.plot(time, fit["voltage"], color=RED, lw=0.8, alpha=0.6, drawstyle="steps-pre")
    twin.set_ylim(-0.1, 12.0)
    twin.set_yticks([0, 2])
    twin.set_ylabel("voltage (V)", color=RED, loc="bottom")
    ax.set_ylim(bottom=1e3 * float(fit["conductance"].min()) - 0.45)
    ax.set_title("(a)", loc="left")


def _draw_potential(ax: Any, potential: xr.Dataset) -> None:
    from matplotlib import colormaps

    volts = potential["voltage"].to_numpy()
    for k, v in enumerate(volts):
        colour = colormaps["viridis"](k / max(len(volts) - 1, 1))
        row = potential["potential"][k]
        ax.plot(potential["g"], row, color=colour, lw=1.5, label=f"{v:.3g} V")
        ax.plot(float(potential["g"][int(np.argmin(row.to_numpy()))]), 0.0, "o", color=colour, ms=5)
    ax.set_xlabel(r"$\langle g\rangle$")
    ax.set_ylabel(r"$V_{\Delta v}(\langle g\rangle)$, scaled to its range")
    ax.set_title(f"(b) half-way at {potential.attrs['switching_voltage']:.3f} V", loc="left")
    ax.legend(frameon=False, fontsize=8, ncols=2, loc="upper center")
    ax.set_ylim(-0.04, 1.25)


def _draw_phase(canvas: Any, ax: Any, phase: xr.Dataset) -> None:
    order = phase["order"].mean("network")
    junctions = phase["junction_density"].mean("network").to_numpy()
    image = ax.pcolormesh(junctions, phase["voltage"], order.T, cmap="viridis", vmin=0.0, vmax=1.0, shading="nearest")
    canvas.colorbar(image, ax=ax, label=r"$\langle g\rangle$ from the conductance")
    shares = phase["percolates"].mean("network").to_numpy()
    ax.set_facecolor("#dddddd")
    wires = phase["density"].to_numpy()
    edge = float(np.interp(phase.attrs["percolation_threshold"], wires, junctions))
    ax.axvline(edge, color=RED, lw=1.5, label="percolation threshold")
    line = phase["mean_field_switching"].mean("network", skipna=True)
    ax.plot(junctions, line, color="white", lw=1.5, ls="--", label="mean field: 1/2")
    ax.set_ylim(float(phase["voltage"].min()), float(phase["voltage"].max()))
    first = int(np.argmax(shares > 0))
    if first > 0:
        middle = 0.5 * (junctions[0] + junctions[first - 1]), 0.5 * float(phase["voltage"].max())
        ax.text(*middle, "insulating", rotation=90, ha="center", va="center", fontsize=8)
    ax.set_xlabel("junctions per area (1/µm²)")
    ax.set_ylabel("voltage (V)")
    ax.legend(loc="lower right", fontsize=8, facecolor="#888888", labelcolor="white")
    ax.set_title(f"(c) {int((shares > 0).sum())} of {len(shares)} densities percolate", loc="left")


@PAPER.drawing("3")
def plot_figure3(data: xr.Dataset) -> matplotlib.figure.Figure:
    """Draw the effective force with its directions, and the equilibria with and without the clamp."""
    from matplotlib import colormaps
    from matplotlib.figure import Figure as Canvas

    canvas = Canvas(figsize=(11.0, 4.4), layout="constrained")
    left, right = canvas.subplots(1, 2)
    g, drives = data["g"].to_numpy(), data["q"].to_numpy()
    left.axhline(0.0, color="black", lw=0.8)
    for k, q in enumerate(drives):
        colour = colormaps["plasma"](0.85 * k / max(len(drives) - 1, 1))
        force = data["force"][k].to_numpy()
        left.plot(g, force, color=colour, lw=1.6, label=f"q = {q:g}")
        for at in np.linspace(0.08, 0.85, 7):
            y = float(np.interp(at, g, force))
            shift = 0.03 * np.sign(y)
            left.annotate("", (at + shift, y), (at, y), arrowprops={"arrowstyle": "->", "color": colour, "lw": 1.3})
    left.set_ylim(-0.4, 0.9)
    left.set_xlabel(r"$\langle g\rangle$")
    left.set_ylabel(r"effective force $-\partial V$")
    left.legend(frameon=False)
    left.set_title(f"q* = {data.attrs['q_fold']:.4f} at <g>* = {data.attrs['g_fold']:.4f}", loc="left")

    curve = data["equilibrium_drive"].to_numpy()
    stable = g <= data.attrs["g_fold"]
    right.plot(curve[stable], g[stable], color=BLUE, lw=2.0, label="stable")
    right.plot(curve[~stable], g[~stable], color=BLUE, lw=1.2, ls="--", label="unstable")
    right.plot(data["axis"], data["clamped"], color=GREEN, lw=4.0, alpha=0.45, label="with the clamp z = D/2")
    right.axvline(data.attrs["q_fold"], color=RED, lw=0.8, label="q*: without it, runs away beyond")
    for q in np.linspace(0.04, 0.6, 8):
        for at in np.linspace(0.06, 0.88, 8):
            up = q / ((1 - at) * np.exp(at)) > at
            arrow = {"arrowstyle": "->", "color": GREY, "lw": 0.9}
            right.annotate("", (q, at + (0.05 if up else -0.05)), (q, at), arrowprops=arrow)
    right.set_xlabel("effective voltage q")
    right.set_ylabel(r"$\langle g\rangle$")
    right.set_xlim(0.0, 0.65)
    right.legend(frameon=True, fontsize=8, loc="lower right")
    return canvas


@PAPER.drawing("4")
def plot_figure4(data: dict[str, xr.Dataset]) -> matplotlib.figure.Figure:
    """Draw the graphical solution for a continuous (top) and a first-order transition (bottom), s(v) inset."""
    from matplotlib.figure import Figure as Canvas

    canvas = Canvas(figsize=(6.0, 8.4), layout="constrained")
    for ax, (name, part) in zip(canvas.subplots(2, 1), data.items(), strict=True):
        s = part["s"].to_numpy()
        ax.plot(s, part["q"], color=BLUE, lw=2.0, label=r"$\tilde Q(s)$")
        slopes = (0.7, 1.0, 1.4) if name == "continuous" else (0.55, 0.75, 1.0, 1.2)
        for k, slope in enumerate(slopes):
            ax.plot(s, slope * s, color=RED, lw=1.0, alpha=0.4 + 0.15 * k, label=f"a v s, a v = {slope:g}")
            load = part["load"].to_numpy()
            cross = np.flatnonzero((load[1:-1] - slope) * (load[2:] - slope) <= 0) + 1
            ax.plot(s[cross], slope * s[cross], "o", color="black", ms=5)
        ax.plot(0.0, 0.0, "o", color="black", ms=5)
        ax.set_ylim(-0.05, 2.6)
        ax.set_xlabel("s")
        ax.set_ylabel(r"$\tilde Q(s)$, $a v s$")
        ax.set_title(f"{part.attrs['order'].replace('first', 'first-order')} transition", loc="left")
        ax.legend(frameon=False, fontsize=8, loc="lower right")
        _inset(ax.inset_axes((0.11, 0.6, 0.36, 0.36)), part, name)
    return canvas


def _inset(ax: Any, part: xr.Dataset, name: str) -> None:
    axis, roots = part["av"].to_numpy(), part["equilibrium"].to_numpy()
    high = np.nanmax(np.nan_to_num(roots, nan=-1.0), axis=1)
    upper = np.where(high >= 0.0, high, np.nan)
    start = float(part["load"][1])
    ax.plot(axis[axis <= start], 0.0 * axis[axis <= start], color=BLUE, lw=1.6)
    ax.plot(axis, upper, color=BLUE, lw=1.6)
    if name != "continuous":
        both = np.isfinite(roots).all(axis=1)
        ax.plot(axis[both], np.nanmin(roots[both], axis=1), color=BLUE, lw=1.0, ls=":")
        av, before, after = part.attrs["jump"]
        ax.plot([av, av], [before, after], color=RED, lw=1.2)
    ax.set_xlabel("a v", fontsize=8)
    ax.set_ylabel("s", fontsize=8)
    ax.tick_params(labelsize=7)


FIGURES = PAPER.figures
__all__ = ["FIGURES", "effective_field", "synthetic_trace", *PAPER.functions]
rooms.close(globals())
