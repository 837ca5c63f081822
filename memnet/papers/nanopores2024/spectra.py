"""Figs 17 and 28: loops and spectra of a capacitor and an inductor, and the impedance of a pore."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from memnet import analysis, drive, response, theory
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.devices import Capacitor, Device, Inductor, MembraneNanopore, Resistor
from memnet.drive import Driven
from memnet.papers import _pages
from memnet.papers._registry import Example
from memnet.papers.nanopores2024.common import PAPER
from memnet.simulate import Circuit

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Complex = NDArray[np.complex128]
PORT = ("in", "gnd")
GREEN, PURPLE, RED, BLUE, GREY = "#2f9e44", "#7b3fa0", "#d9480f", "#1f5fd0", "#8a8f98"
TO_MICRO, TO_MEGA = 1e6, 1e-6
# Fig. 28: a conductance in series that it does not print.
SERIES = 1e-5


def band(low: float, high: float, points: int) -> Floats:
    """Return frequencies (Hz) that are evenly spaced in their logarithm.

    Raises
    ------
    ValueError
        `low` is not > 0, `high` not above it; fewer than three frequencies.
    """
    check.real("slowest", low, 0.0, unit="Hz")
    check.real("fastest", high, low, np.inf, "()", "Hz")
    return np.geomspace(low, high, check.integer("points", points, 3))


# ---------------------------------------------------------------- Fig. 17


def basic(kind: str, g_L: float, g_H: float, capacitance: float, tau: float) -> Circuit:
    """Return the circuit of Fig. 17 c or e: a capacitor, or an inductor behind a resistor, beside a resistor.

    The capacitive one has the conductance g_H; the inductive one g_L at once, and g_H after tau.
    """
    circuit = Circuit()
    if kind == "capacitive":
        circuit.add("in", "gnd", Resistor(conductance=g_H), name="R")
        circuit.add("in", "gnd", Capacitor(capacitance=capacitance), name="C")
    else:
        circuit.add("in", "gnd", Resistor(conductance=g_L), name="R")
        circuit.add("in", "a", Resistor(conductance=g_H - g_L), name="R_a")
        circuit.add("a", "gnd", Inductor(inductance=tau / (g_H - g_L)), name="L")
    return circuit


@PAPER.figure(
    "17",
    title="loops and impedance spectra of a capacitive and of an inductive circuit",
    quick={"rows": 400},
    example=Example("points=5, rows=100", ["capacitive", "inductive"], panels=5),
)
def figure17(
    *,
    U_0: float = 1.0,
    frequency: float = 100.0,
    g_L: float = 1e-7,
    g_H: float = 1e-6,
    capacitance: float = 1e-9,
    tau: float = 1e-3,
    slowest: float = 1.0,
    fastest: float = 1e5,
    points: int = 61,
    rows: int = 1000,
) -> dict[str, xr.Dataset]:
    """Return periodic loops and impedances of the basic capacitive and inductive circuit.

    Parameters
    ----------
    U_0, frequency : float
        Amplitude (V) and frequency (Hz) of the sine.
    g_L, g_H : float
        Conductance of the inductive circuit to fast and to slow voltages (S), 0 < g_L < g_H; the capacitive circuit has
        g_H. These, and what follows, are ours.
    capacitance : float
        Of the capacitive circuit (F).
    tau : float
        Of the inductive circuit (s): its inductance is tau/(g_H - g_L).
    slowest, fastest, points
        Range (Hz) and number of frequencies of the spectra.
    rows : int
        Rows of a loop, >= 8.

    Returns
    -------
    dict of xarray.Dataset
        "capacitive" and "inductive", each over `time` (s) with `voltage` (V), `current` and `steady_current` (A), the
        second one with `fast_current`, too; and over `frequency` (Hz) with `resistance` and `reactance`, the parts of
        the impedance (ohm), and `capacitance`, the effective one of what is not conductance (F): C* of eq. 32 for an
        inductor alone. Attributes: `loop`, the class of the loop, and its `area` (W), positive counter-clockwise.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or outside its range.

    Notes
    -----
    NP24 Fig. 17, eqs 25 and 27 to 32.
    """
    import xarray as xr

    check.real("U_0", U_0, 0.0, unit="V")
    check.real("frequency", frequency, 0.0, unit="Hz")
    check.real("g_L", g_L, 0.0, unit="S")
    check.real("g_H", g_H, g_L, unit="S")
    check.integer("rows", rows, 8)
    f = band(slowest, fastest, points)
    parts = {kind: basic(kind, g_L, g_H, capacitance, tau) for kind in ("capacitive", "inductive")}
    found = {
        kind: xr.merge([_loop_of(circuit, U_0, frequency, rows), _spectrum_of(circuit, f)], combine_attrs="override")
        for kind, circuit in parts.items()
    }
    for kind, slope, name in (
        ("capacitive", g_H, "steady_current"),
        ("inductive", g_H, "steady_current"),
        ("inductive", g_L, "fast_current"),
    ):
        found[kind][name] = ("time", slope * found[kind]["voltage"].values, {"units": "A"})
    return found


def _loop_of(circuit: Circuit, amplitude: float, frequency: float, rows: int) -> xr.Dataset:
    """Return the periodic state of a circuit under a sine, and the class of its loop."""
    import xarray as xr

    wave: dict[str, Driven] = {"in": drive.sine(amplitude, frequency), "gnd": 0.0}
    sim = circuit.simulation(wave, dt=1.0 / frequency / rows, method="adaptive", rtol=1e-7)
    cycle = response.periodic(sim, 1.0 / frequency, 1e-7)
    u, current = cycle["voltage"].sel(electrode="in").values, cycle["current"].sel(electrode="in").values
    loop = analysis.loop_class(u, current)
    return xr.Dataset(
        {"voltage": ("time", u, {"units": "V"}), "current": ("time", current, {"units": "A"})},
        {"time": ("time", np.arange(rows) / (frequency * rows), {"units": "s"})},
        {"loop": loop.type, "area": float(sum(wing.area for wing in loop.wings))},
    )


def _spectrum_of(circuit: Circuit, f: Floats) -> xr.Dataset:
    """Return the impedance of a circuit at rest over frequency (Hz)."""
    import xarray as xr

    sim = circuit.simulation({"in": 0.0, "gnd": 0.0}, method="adaptive")
    z = response.impedance(sim, PORT, f).values
    return xr.Dataset(_parts_of(z, f, ("frequency",)), {"frequency": ("frequency", f, {"units": "Hz"})})


def _parts_of(z: Complex, f: Floats, over: tuple[str, ...], series: float = 0.0) -> dict[str, Any]:
    """Return the parts of an impedance (ohm), and the effective capacitance behind a resistance (ohm), as variables."""
    admittance: Complex = 1.0 / (z - series)
    return {
        "resistance": (over, z.real, {"units": "ohm"}),
        "reactance": (over, z.imag, {"units": "ohm"}),
        "capacitance": (over, admittance.imag / (2.0 * np.pi * f), {"units": "F"}),
    }


@PAPER.drawing("17")
def plot_figure17(data: dict[str, xr.Dataset]) -> Figure:
    """Draw the voltage, and each circuit's loop beside its spectrum, with arrows along time and frequency."""
    figure = _pages.page(11.0, 6.2)
    a, b, c, d, e = figure.subplot_mosaic("abc;ade").values()
    one = data["capacitive"]
    _draw_cycle(a, one)
    for loop, spectrum, part in ((b, c, one), (d, e, data["inductive"])):
        u = part["voltage"].values
        order = np.argsort(u)
        loop.plot(u[order], TO_MICRO * part["steady_current"].values[order], color=GREEN, label="stationary")
        if "fast_current" in part:
            loop.plot(u[order], TO_MICRO * part["fast_current"].values[order], color=PURPLE, label="very fast")
        current = TO_MICRO * part["current"].values
        loop.plot(np.append(u, u[0]), np.append(current, current[0]), color=RED)
        for k in (0, u.size // 2):
            _arrow(loop, u, current, k, u.size // 12)
        loop.set_xlabel("u (V)")
        loop.set_ylabel("I (µA)")
        loop.legend(frameon=False, fontsize=8, title=part.attrs["loop"], loc="upper left")
        _draw_nyquist(spectrum, part["resistance"].values, part["reactance"].values, BLUE)
        middle = int(np.abs(part["reactance"].values).argmax())
        _arrow(spectrum, TO_MEGA * part["resistance"].values, -TO_MEGA * part["reactance"].values, middle - 1, 2)
        _frame_nyquist(spectrum)
    c.set_title("R and C in parallel", fontsize="medium")
    e.set_title("R in parallel with R$_a$ and L", fontsize="medium")
    _pages.letters([a, b, c, d, e])
    return figure


def _draw_cycle(ax: Axes, data: xr.Dataset) -> None:
    t, u = 1e3 * data["time"].values, data["voltage"].values
    rises = np.gradient(u) >= 0.0
    ax.plot(t, np.where(rises, u, np.nan), color=RED, label="1: forward")
    ax.plot(t, np.where(rises, np.nan, u), color=BLUE, label="2: reverse")
    ax.axhline(0.0, color=GREY, lw=0.6)
    ax.set_xlabel("t (ms)")
    ax.set_ylabel("u (V)")
    ax.legend(frameon=False, fontsize=8)


def _arrow(ax: Axes, x: Floats, y: Floats, k: int, step: int) -> None:
    """Draw an arrow along a curve, from sample k on."""
    ends = (x[k], y[k]), (x[(k + step) % x.size], y[(k + step) % x.size])
    ax.annotate("", ends[1], ends[0], arrowprops={"arrowstyle": "-|>", "color": "black", "lw": 1.2})


def _draw_nyquist(ax: Axes, resistance: Floats, reactance: Floats, colour: Any, label: str | None = None) -> None:
    """Draw an impedance in MOhm, the end of low frequencies filled."""
    ax.plot(TO_MEGA * resistance, -TO_MEGA * reactance, color=colour, lw=1.3, label=label)
    ax.plot(TO_MEGA * resistance[:1], -TO_MEGA * reactance[:1], "o", color=colour, ms=4)


def _frame_nyquist(ax: Axes) -> None:
    ax.axhline(0.0, color=GREY, lw=0.6)
    ax.set_aspect("equal", adjustable="datalim")
    ax.set_xlabel("Re Z (MΩ)")
    ax.set_ylabel("-Im Z (MΩ)")


# ---------------------------------------------------------------- Fig. 28


def membrane_pore(device: Device, series: float = SERIES) -> Circuit:
    """Return a pore between "u" and ground behind a conductance (S) at "in"."""
    circuit = Circuit()
    circuit.add("in", "u", Resistor(conductance=series), name="series")
    circuit.add("u", "gnd", device, name="pore")
    return circuit


def branches(device: Device, volts: Floats) -> dict[str, Floats]:
    """Return the elements of the equivalent circuit of a pore at internal voltages (V): eqs 55 to 58.

    `g_b` conducts at once, `g_a` after `tau` (S, s), and `current` is the steady one (A).
    """
    circuits = [theory.branch_circuit(device, volt) for volt in volts.tolist()]
    return {
        "g_b": np.array([one.g_b for one in circuits]),
        "g_a": np.array([one.g_a for one in circuits]),
        "tau": np.array([one.tau_k for one in circuits]),
        "current": np.array([one.current for one in circuits]),
    }


@PAPER.figure(
    "28",
    title="impedance of a pore with its membrane behind a resistance, at several operating points",
    quick={"points": 81},
    example=Example("voltages=(-0.2, 0.2), points=11", {"voltage": 2, "frequency": 11}, panels=3),
)
def figure28(
    *,
    voltages: Sequence[float] = (-0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3),
    series: float = SERIES,
    slowest: float = 1.0,
    fastest: float = 1e8,
    points: int = 161,
) -> xr.Dataset:
    """Return the impedance of a pore with a capacitance behind a conductance in series, from its linearised circuit.

    Parameters
    ----------
    voltages : sequence of float
        Internal voltages u of the operating points (V).
    series : float
        Conductance in series g_s (S).
    slowest, fastest, points
        Range (Hz) and number of frequencies.

    Returns
    -------
    xarray.Dataset
        Over `voltage` (V) and `frequency` (Hz): `resistance` and `reactance`, the parts of the impedance (ohm), and
        `capacitance`, the effective one of the pore with its membrane (F), C_m + Re C_a of eq. 58. Over `voltage`:
        `applied` (V), `current` (A), `g_a` and `g_b` (S), `tau` (s) and `inductance` = tau/g_a (H), of the equivalent
        circuit; `slow_arc` and `fast_arc`, the reactance (ohm) at the top of the gate's and of the membrane's arc,
        negative where it is capacitive, 0 without an arc. Attributes: `deviation`, the largest relative difference from
        the formula Z = 1/g_s + 1/(g_b + i w C_m + g_a/(1 + i w tau)); `series` (S) and `C_m` (F).

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or outside its range.

    Notes
    -----
    NP24 Fig. 28, eqs 55 to 58. Its n_A = 1.5 and n_D = 2 are in no detailed balance; n_D is 3 here. It prints neither
    E_0, here 0, nor g_s.
    """
    import xarray as xr

    device = MembraneNanopore.preset("figure-28")
    u = check.array("voltages", voltages, (None,))
    f = band(slowest, fastest, points)
    parts = branches(device, u)
    applied = u + parts["current"] / check.real("series", series, 0.0, unit="S")
    sim = membrane_pore(device, series).simulation({"in": 0.0, "gnd": 0.0}, method="adaptive")
    z = np.array([response.impedance(sim, PORT, f, bias={"in": float(one)}).values for one in applied])
    w, (g_a, g_b, tau) = 2.0 * np.pi * f, (parts[name][:, None] for name in ("g_a", "g_b", "tau"))
    c_m = device.parameters["C_m"]
    formula = 1.0 / series + 1.0 / (g_b + 1j * w * c_m + g_a / (1.0 + 1j * w * tau))
    # Between the rate of the gate and that of the membrane.
    slow = w < np.sqrt(g_b / c_m / tau)
    units = {"current": "A", "g_a": "S", "g_b": "S", "tau": "s"}
    return xr.Dataset(
        {
            **_parts_of(z, f, ("voltage", "frequency"), 1.0 / series),
            **{name: ("voltage", parts[name], {"units": unit}) for name, unit in units.items()},
            "applied": ("voltage", applied, {"units": "V"}),
            "inductance": ("voltage", _inductance(parts), {"units": "H"}),
            "slow_arc": ("voltage", _arcs(z.imag, slow), {"units": "ohm"}),
            "fast_arc": ("voltage", _arcs(z.imag, ~slow), {"units": "ohm"}),
        },
        {"voltage": ("voltage", u, {"units": "V"}), "frequency": ("frequency", f, {"units": "Hz"})},
        {"deviation": float(np.abs(z / formula - 1.0).max()), "series": series, "C_m": c_m},
    )


def _inductance(parts: dict[str, Floats]) -> Floats:
    """Return L_a (H), infinite where g_a is 0."""
    g_a = parts["g_a"]
    return np.divide(parts["tau"], g_a, out=np.full_like(g_a, np.inf), where=g_a != 0.0)


def _arcs(reactance: Floats, inside: NDArray[np.bool_]) -> Floats:
    """Return the reactance at the top of the arc of each row among some frequencies, 0 where there is none."""
    from scipy import signal

    tops = np.zeros(reactance.shape[0])
    for k, row in enumerate(reactance):
        found = [one for one in signal.find_peaks(np.abs(row))[0] if inside[k, one]]
        tops[k] = max(row[found], key=abs, default=0.0)
    return tops


@PAPER.drawing("28")
def plot_figure28(data: xr.Dataset) -> Figure:
    """Draw the equivalent circuit, the spectra at negative and those at positive voltages."""
    from matplotlib import colormaps

    figure = _pages.page(13.0, 4.0)
    axes = figure.subplots(1, 3, width_ratios=(1.0, 1.4, 1.4))
    _draw_circuit(axes[0])
    for ax, chosen in zip(axes[1:], (data["voltage"] <= 0.0, data["voltage"] >= 0.0), strict=True):
        part = data.isel(voltage=np.flatnonzero(chosen.values))
        for k, u in enumerate(part["voltage"].values):
            colour = colormaps["viridis"](0.85 * k / max(part.sizes["voltage"] - 1, 1))
            one = part.isel(voltage=k)
            _draw_nyquist(ax, one["resistance"].values, one["reactance"].values, colour, f"u = {u:g} V")
        _frame_nyquist(ax)
        if part.sizes["voltage"]:
            ax.legend(frameon=False, fontsize=8)
    _pages.letters(list(axes))
    return figure


def _draw_circuit(ax: Axes) -> None:
    """Draw g_s in series with C_m, g_b, and g_a with L_a, in parallel."""
    lines: Any = {"color": "black", "lw": 1.2}
    ax.plot([0.5, 0.5], [1.0, 0.6], zorder=0.0, **lines)
    _box(ax, 0.5, 0.8, "$g_s$")
    ax.plot([0.15, 0.85], [0.6, 0.6], **lines)
    for x, names in ((0.15, ("$C_m$",)), (0.5, ("$g_b$",)), (0.85, ("$g_a$", "$L_a$"))):
        ax.plot([x, x], [0.6, 0.15], zorder=0.0, **lines)
        for name, y in zip(names, (0.375,) if len(names) == 1 else (0.47, 0.27), strict=True):
            _box(ax, x, y, name)
    ax.plot([0.15, 0.85, 0.5, 0.5], [0.15, 0.15, 0.15, 0.0], **lines)
    ax.annotate("", (0.02, 0.15), (0.02, 0.6), arrowprops={"arrowstyle": "<->"})
    ax.text(0.0, 0.375, "$u$", ha="right", va="center")
    ax.set_xlim(-0.1, 1.05)
    ax.set_axis_off()


def _box(ax: Axes, x: float, y: float, name: str) -> None:
    style = {"boxstyle": "square,pad=0.35", "facecolor": "white", "edgecolor": "black"}
    ax.text(x, y, name, ha="center", va="center", bbox=style)
