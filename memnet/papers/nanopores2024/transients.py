"""Figures 26 and 27: currents after steps of the voltage on a pore behind a conductance in series."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from memnet import drive
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.devices import Device, MembraneNanopore, Resistor
from memnet.papers import _pages
from memnet.papers._registry import Example
from memnet.papers.nanopores2024 import cycles, panels
from memnet.papers.nanopores2024.common import PAPER
from memnet.response import eigenvalues
from memnet.simulate import Simulation
from memnet.theory import branch_circuit, steady_curve

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Rows at 0 V before the first step.
BEFORE = 10
# The slow part is alone after so many time constants of the fast one. It is linear between these shares of what it
# begins with. Where it begins with less than another share of all, there is none.
FAST_TIMES = 20.0
SLOW_PART = 1e-5, 3e-4
NO_SLOW_PART = 1e-6


@dataclass(frozen=True)
class Steps:
    """Voltages on a pore behind a conductance: 0 V first, then each of `volts` for so many `rows`."""

    pore: Device
    g_s: float
    volts: tuple[float, ...]
    rows: tuple[int, ...]
    dt: float
    rtol: float

    def response(self) -> xr.Dataset:
        """Return currents and states over the time since the first step, and what is told of each step."""
        import xarray as xr

        starts = np.cumsum([BEFORE, *self.rows[:-1]])
        circuit = cycles.pores(("in", "u", Resistor(conductance=self.g_s)), ("u", "out", self.pore))
        wave = drive.steps([0.0, *self.volts], [0.0, *(starts * self.dt)])
        sim = circuit.simulation({"in": wave, "out": 0.0}, dt=self.dt, method="adaptive", rtol=self.rtol)
        record = {"current": True, "potential": True, "state:x": True, "left": True}
        run = sim.run(BEFORE + sum(self.rows), record=record)
        settled = [self._settled(sim, volt) for volt in (0.0, *self.volts)]
        level = np.searchsorted(starts, np.arange(run.sizes["time"]), side="right")
        data = self._traces(run, np.array([one["settled_current"] for one in settled])[level])
        for name in settled[0]:
            data[name] = ("step", [one[name] for one in settled[1:]])
        total, before = (run[name].sel(electrode="in").values[starts] for name in ("current", "current_left"))
        away = data["x"].values - np.array([one["settled_x"] for one in settled])[level]
        spans = list(zip(starts, [*starts[1:], run.sizes["time"]], strict=True))
        for name, values in (("current_rate", data["remaining_current"].values), ("x_rate", away)):
            rates = [
                self._slow_rate(values[a:b], rate) for (a, b), rate in zip(spans, data["fast_rate"].values, strict=True)
            ]
            data[name] = ("step", rates)
        data["spike"] = ("step", total - before)
        data["g_s_dV"] = ("step", self.g_s * np.diff([0.0, *self.volts]))
        data["step_time"] = ("step", (starts - BEFORE) * self.dt)
        data["step_voltage"] = ("step", list(self.volts))
        for name, units in UNITS.items():
            data[name].attrs["units"] = units
        time = (np.arange(run.sizes["time"]) - BEFORE) * self.dt
        return xr.Dataset(data.data_vars, {"time": ("time", time, {"units": "s"})}, {"g_s": self.g_s})

    def _traces(self, run: xr.Dataset, settled: Floats) -> xr.Dataset:
        import xarray as xr

        p = self.pore.parameters
        total = run["current"].sel(electrode="in").values
        inner, x = run["potential"].sel(potential_node="u").values, run["state_x"].values[:, 0]
        internal = (p["g_L"] + (p["g_H"] - p["g_L"]) * x) * (inner - p["E_0"])
        traces = {
            "applied_voltage": run["voltage"].sel(electrode="in").values,
            "inner_voltage": inner,
            "current": total,
            "current_before": run["current_left"].sel(electrode="in").values,
            "internal_current": internal,
            "capacitive_current": total - internal,
            "remaining_current": settled - total,
            "x": x,
        }
        return xr.Dataset({name: ("time", values) for name, values in traces.items()})

    def _settled(self, sim: Simulation, volt: float) -> dict[str, float]:
        """Return where the circuit settles under a voltage, and how fast: eigenvalues, and closed forms of each part.

        Fast, the capacitance is charged through g_s and the pore as it is; slow, the pore moves with g_s beside it.
        """
        inner = self._inner(volt)
        at = branch_circuit(self.pore, inner, g_s=self.g_s)
        slow, fast = -eigenvalues(sim, bias={"in": volt}).real
        return {
            "settled_voltage": inner,
            "settled_x": float(self._curve(inner)["state_x"]),
            "settled_current": at.current,
            "tau_k": at.tau_k,
            "g_a": at.g_a,
            "g_b": at.g_b,
            "slow_rate": float(slow),
            "fast_rate": float(fast),
            "slow_rate_alone": at.slow_rate,
            "fast_rate_alone": 1.0 / at.fast_time,
        }

    def _curve(self, inner: float) -> xr.Dataset:
        curve: xr.Dataset = steady_curve(self.pore, [inner]).isel(voltage=0)
        return curve

    def _inner(self, volt: float) -> float:
        """Return the voltage on the pore at which both carry the same steady current, between E_0 and `volt`."""
        from scipy import optimize

        def excess(inner: float) -> float:
            return self.g_s * (volt - inner) - float(self._curve(inner)["current"])

        ends = sorted((float(self.pore.parameters["E_0"]), volt))
        return ends[0] if ends[0] == ends[1] else float(optimize.brentq(excess, *ends, xtol=1e-15, rtol=1e-14))

    def _slow_rate(self, remaining: Floats, fast_rate: float) -> float:
        """Return the rate (1/s) with which something fades at the end of a step, nan where nothing slow is in it."""
        after = round(FAST_TIMES / (fast_rate * self.dt))
        size = np.abs(remaining[after:])
        if not size.size or size.max() < NO_SLOW_PART * np.abs(remaining).max():
            return math.nan
        low, high = (share * size.max() for share in SLOW_PART)
        rows = np.flatnonzero((size > low) & (size < high))
        if rows.size < 3 or (np.diff(rows) != 1).any():
            return math.nan
        return float(-np.polyfit(rows * self.dt, np.log(size[rows]), 1)[0])


UNITS = {
    "applied_voltage": "V",
    "inner_voltage": "V",
    "current": "A",
    "current_before": "A",
    "internal_current": "A",
    "capacitive_current": "A",
    "remaining_current": "A",
    "x": "1",
    "settled_voltage": "V",
    "settled_x": "1",
    "settled_current": "A",
    "tau_k": "s",
    "g_a": "S",
    "g_b": "S",
    "slow_rate": "1/s",
    "fast_rate": "1/s",
    "slow_rate_alone": "1/s",
    "fast_rate_alone": "1/s",
    "current_rate": "1/s",
    "x_rate": "1/s",
    "spike": "A",
    "g_s_dV": "A",
    "step_time": "s",
    "step_voltage": "V",
}


def _rows(name: str, duration: Any, dt: float) -> int:
    return check.integer(f"{name}/dt", round(check.real(name, duration, 0.0, math.inf, "()", "s") / dt), 1)


def _steady(pore: Device, g_s: float, low: float, high: float) -> xr.Dataset:
    """Return the steady curve over the inner voltage, with the voltage that is applied behind g_s.

    Raises
    ------
    ValueError
        The applied voltage falls somewhere, so that several inner ones belong to it.
    """
    curve = steady_curve(pore, np.linspace(low, high, 401))
    least = max(0.0, -float(curve["conductance"].min()))
    check.real("g_s", g_s, least, math.inf, "()", "S")
    curve["applied_voltage"] = curve["voltage"] + curve["current"] / g_s
    curve["applied_voltage"].attrs["units"] = "V"
    return curve


@PAPER.figure(
    "26",
    title="currents after a step of the voltage, two final voltages",
    quick={"rtol": 1e-6},
    example=Example("voltages=(1.0,), on=1e-3, off=1e-3, rtol=1e-5", ["steady", "steps"], panels=7),
)
def figure26(
    *,
    voltages: Sequence[float] = (0.5, 1.0),
    on: float = 5e-3,
    off: float = 10e-3,
    g_s: float = 5e-6,
    dt: float = 1e-5,
    rtol: float = 1e-9,
) -> dict[str, xr.Dataset]:
    """Return the response of `MembraneNanopore` figure-26 behind a conductance to steps from 0 V and back.

    Parameters
    ----------
    voltages : sequence of float
        What is applied for a time (V).
    on, off : float
        How long it is, and how long 0 V after it (s), in whole numbers of rows.
    g_s : float
        The conductance in series (S).
    dt : float
        Spacing of rows (s).
    rtol : float
        Error of adaptive steps, in [1e-12, 1e-3].

    Returns
    -------
    dict of xarray.Dataset
        `steps` (voltage, time), from the first step on, with ten rows before it. Rows at a step are right after it;
        `current_before` has the current before it. `remaining_current` is i_c of equation 54, and `internal_current`
        the total without the capacitance's. Over `step`, up and down: `settled_voltage`, `settled_current` and
        `settled_x`, where it leads to; `slow_rate` and `fast_rate`, the eigenvalues of the linearised circuit there;
        `slow_rate_alone` (1 + g_a/(g_s + g_b))/tau_k and `fast_rate_alone` (g_s + g_b)/C_m, what each part is without
        the other; `current_rate` and `x_rate`, those at the end of `remaining_current` and of x, nan where a step is
        too short for that, or the current does not tell of x; and `spike`, by how much the current jumps, beside
        `g_s_dV`. `steady` (voltage): the steady curve over the inner voltage, and the `applied_voltage` that leads
        there.
    """
    import xarray as xr

    pore, error = MembraneNanopore.preset("figure-26"), check.real("rtol", rtol, 1e-12, 1e-3, "[]")
    rows = _rows("on", on, dt), _rows("off", off, dt)
    if not len(voltages):
        raise ValueError("voltages must hold at least one number, got none")
    widest = max(1.0, *(abs(volt) for volt in voltages))
    steady = _steady(pore, g_s, -widest, widest)
    steps = [Steps(pore, g_s, (volt, 0.0), rows, dt, error).response() for volt in voltages]
    table = xr.concat(steps, xr.DataArray(list(voltages), dims="voltage", name="voltage"), combine_attrs="override")
    return {"steps": table, "steady": steady}


@PAPER.drawing("26")
def plot_figure26(data: dict[str, xr.Dataset]) -> Figure:
    """Draw the steady curve over both voltages, x and time, currents, x over time, the way in the plane, and i_c.

    The remaining current has the slope of the slow eigenvalue beside it (dotted).
    """
    steady, steps = data["steady"], data["steps"]
    figure, axes = _pages.grid(6, 3)
    _draw_steady(axes[0], steady)
    panels.settled(axes[1], steady, _pages.GREY)
    tints = _pages.shades(steps.sizes["voltage"])
    milli = panels.MILLI * steps["time"].values
    for k, tint in enumerate(tints):
        one = steps.isel(voltage=k)
        text = f"{float(one['voltage']):g} V"
        axes[2].plot(milli, panels.MICRO * one["internal_current"], color=tint, label=text)
        axes[2].axhline(panels.MICRO * float(one["settled_current"][0]), color=_pages.MAGENTA, lw=0.8)
        axes[3].plot(milli, one["x"], color=tint, label=text)
        rising = (one["time"].values >= 0.0) & (one["time"].values < float(one["step_time"][1]))
        axes[4].plot(one["inner_voltage"][rising], panels.MICRO * one["internal_current"][rising], color=tint, lw=1.5)
        size = np.abs(one["remaining_current"].values[rising]) / abs(float(one["settled_current"][0]))
        axes[5].semilogy(milli[rising], size, color=tint)
        late = np.searchsorted(-np.log(size), -math.log(0.1))
        if late < size.size:
            fading = size[late] * np.exp(-float(one["slow_rate"][0]) * (milli[rising] - milli[rising][late]) * 1e-3)
            axes[5].semilogy(milli[rising], fading, color="k", lw=0.8, ls=":")
    _draw_steady(axes[4], steady)
    axes[2].set(xlabel="$t$ (ms)", ylabel=r"$[g_L + x(g_H - g_L)]u$ (µA)")
    axes[2].legend(frameon=False, fontsize="x-small")
    axes[3].set(xlabel="$t$ (ms)", ylabel="$x$")
    axes[5].set(xlabel="$t$ (ms)", ylabel=r"$|i_c|/I_{dc}$", ylim=(1e-6, 10.0))
    _pages.letters(axes)
    return figure


def _draw_steady(ax: Axes, steady: xr.Dataset) -> None:
    micro = panels.MICRO * steady["current"].values
    ax.plot(steady["voltage"], micro, color=_pages.BROWN, lw=1.2, label="$u$")
    ax.plot(steady["applied_voltage"], micro, color=_pages.BLUE, lw=1.0, ls="--", label="$V_{app}$")
    ax.set(xlabel="voltage (V)", ylabel="$I$ (µA)")
    ax.legend(frameon=False, fontsize="x-small")


# ---------------------------------------------------------------- 27


@PAPER.figure(
    "27",
    title="currents after steps of the voltage with the capacitive spike, and after inverted pulses",
    quick={"rtol": 1e-6},
    example=Example("on=1e-3, off=1e-3, rtol=1e-5", ["pulses", "steady", "steps"], panels=4),
)
def figure27(
    *,
    voltage: float = 0.5,
    on: float = 10e-3,
    off: float = 10e-3,
    g_s: float = 1e-6,
    dt: float = 1e-5,
    rtol: float = 1e-9,
) -> dict[str, xr.Dataset]:
    """Return the response of `MembraneNanopore` figure-27 behind a conductance to a step and to inverted pulses.

    Parameters
    ----------
    voltage : float
        Of the step, and of the first pulse; that of the second one is its negative (V).
    on, off : float
        How long each is applied, and how long 0 V at the end (s), in whole numbers of rows.
    g_s, dt, rtol
        As for `figure26`.

    Returns
    -------
    dict of xarray.Dataset
        `steps` (time), up and back (panels b, c), and `pulses` (time), up, inverted, and back (d), with the variables
        of `figure26`; `steady` as there.
    """
    pore, error = MembraneNanopore.preset("figure-27"), check.real("rtol", rtol, 1e-12, 1e-3, "[]")
    up, down = _rows("on", on, dt), _rows("off", off, dt)
    steady = _steady(pore, g_s, -abs(voltage), abs(voltage))
    return {
        "steps": Steps(pore, g_s, (voltage, 0.0), (up, down), dt, error).response(),
        "pulses": Steps(pore, g_s, (voltage, -voltage, 0.0), (up, up, down), dt, error).response(),
        "steady": steady,
    }


@PAPER.drawing("27")
def plot_figure27(data: dict[str, xr.Dataset]) -> Figure:
    """Draw the steady curve over both voltages, currents after a step, their way in the plane, and inverted pulses."""
    steady, steps, pulses = data["steady"], data["steps"], data["pulses"]
    figure, axes = _pages.grid(4, 2, side=3.3)
    _draw_steady(axes[0], steady)
    _draw_transient(axes[1], steps)
    axes[1].legend(frameon=False, fontsize="x-small")
    inner = steps["inner_voltage"].values
    axes[2].plot(inner, panels.MICRO * steps["current"], color=_pages.BLUE, lw=1.2)
    axes[2].plot(inner, panels.MICRO * steps["internal_current"], color=_pages.ORANGE, lw=1.2)
    axes[2].plot(steady["voltage"], panels.MICRO * steady["current"], color=_pages.BROWN, lw=0.8, ls=":")
    axes[2].set(xlabel="$u$ (V)", ylabel="$I$ (µA)", xlim=(-0.05, 1.1 * inner.max()))
    _draw_transient(axes[3], pulses)
    _pages.letters(axes)
    return figure


def _draw_transient(ax: Axes, one: xr.Dataset) -> None:
    """Draw total (blue) and internal current (orange), and where they lead (magenta); spikes go straight up."""
    time, starts = panels.MILLI * one["time"].values, panels.MILLI * one["step_time"].values
    at = np.searchsorted(time, starts - 1e-6)
    total = panels.MICRO * np.insert(one["current"].values, at, one["current_before"].values[at])
    ax.plot(np.insert(time, at, time[at]), total, color=_pages.BLUE, lw=1.2, label="$I_{tot}$")
    ax.plot(time, panels.MICRO * one["internal_current"], color=_pages.ORANGE, lw=1.2, label="internal")
    for start, stop, amps in zip(starts, [*starts[1:], time[-1]], one["settled_current"].values, strict=True):
        ax.hlines(panels.MICRO * amps, start, stop, color=_pages.MAGENTA, lw=0.8)
    ax.set(xlabel="$t$ (ms)", ylabel="$I$ (µA)")
