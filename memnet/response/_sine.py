"""The impedance of a circuit as an instrument measures it: a small sine on the bias, run until it repeats."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from memnet import drive as drives
from memnet.base import check
from memnet.devices import Device, Resistor, state_fields, table_of
from memnet.drive import Driven, Waveform
from memnet.response._eigenvalues import warn_of_growth
from memnet.response._impedance import admittances, checked_frequency, checked_port, spectrum, states_by_voltage
from memnet.response._operating_point import OperatingPoint, operating_point
from memnet.simulate import Simulation, boundary

if TYPE_CHECKING:
    import xarray as xr

Floats = NDArray[np.float64]
Complex = NDArray[np.complex128]
# Rows a period: at first, and at most. Their number is doubled until the answer no longer changes.
FIRST_ROWS, MOST_ROWS = 64, 65536
# Of steps that rows cut: they are never refused, so all are as long as rows are apart.
LOOSE = 0.5
# Amplitude at the port where none is given (V).
SMALL = 1e-4
# Amplitudes below this part of the bias are lost in its rounding, and below that number (V, A) in those of doubles.
LOST, SMALLEST = 1e-12, 1e-250
# Voltages and currents that differ by less than this part of them are equal.
ROUNDING = 1e-6


@check.known_keywords
def impedance_by_sine(
    sim: Any,
    port: tuple[str, str] = ("left", "right"),
    frequency: ArrayLike = 1.0,
    amplitude: float | None = None,
    bias: Mapping[str, Driven] | None = None,
    *,
    rtol: float = 1e-7,
    max_cycles: float = 1000,
) -> xr.DataArray:
    """Return the impedance as an instrument measures it: a sine on the bias, cycle after cycle, until it repeats.

    That is the whole, nonlinear circuit in adaptive steps, so it checks `impedance`, and shows from which amplitude on
    the circuit is no longer linear. It takes some hundred times as long.

    Parameters
    ----------
    sim : Simulation
        It is looked at, not changed; its devices must be differential equations, but for those whose conductance moves
        at events alone: these are resistors here.
    port : tuple of two str
        As for `impedance`. The sine is a voltage on the first electrode, or a current into it where the bias is one or
        it floats; the second one is held at the potential that it has.
    frequency : float or array_like, (n,)
        In Hz, > 0.
    amplitude : float, optional
        Of the sine (V, or A of a current), > 0; by default 0.1 mV, or the current that makes about 0.1 mV.
    bias : dict, optional
        As for `impedance`.
    rtol : float
        How far the result may be from that of infinitely short steps, relative, in [1e-12, 0.1].
    max_cycles : int
        How many cycles to take at most at one frequency until they repeat, >= 2; a whole float such as 1e3 will do.

    Returns
    -------
    xarray.DataArray
        As that of `impedance`; `attrs` have the amplitude, the largest one where they differ, and as "error" the
        largest relative difference that shorter steps have made.

    Raises
    ------
    TypeError, ValueError
        As for `impedance` and `Simulation` with method="adaptive"; a device that carries a waveform; an amplitude that
        rounding of the bias hides.
    NoOperatingPoint
        As for `impedance`.
    ArithmeticError
        Cycles that do not repeat, or repeat elsewhere, as at an unstable operating point; steps that do not become
        short enough.

    Warns
    -----
    UnstableWarning
        As for `impedance`.

    Notes
    -----
    States begin where the linearisation has them in the sine's periodic state, so few cycles are needed even where a
    device is a thousand times slower than the sine; whether that is right, the cycles themselves say. Voltage and
    current over the last cycle, less the drift to the next one, give their fundamentals. Steps of one length, a 64th of
    a period at first, are halved and extrapolated (Richardson) until two results agree.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
    >>> sim = mn.Simulation(net, mn.RateBalance(kappa_p0=0.01, kappa_d0=0.5, eta_p=10.0), {"in": 0.3, "out": 0.0})
    >>> exact = mn.impedance(sim, ("in", "out"), 0.1)
    >>> measured = mn.impedance_by_sine(sim, ("in", "out"), 0.1, 1e-4)
    >>> bool(abs(measured / exact - 1)[0] < 1e-6)
    True
    """
    names = checked_port(sim, port)
    f = checked_frequency(frequency)
    size = None if amplitude is None else check.real("amplitude", amplitude, 0.0, math.inf, "()")
    allowed = check.real("rtol", rtol, 1e-12, 0.1, "[]")
    most = check.whole("max_cycles", max_cycles, 2)
    point = operating_point(sim, bias, "static")
    stable = warn_of_growth(point, 4)
    sizes = _small_amplitudes(point, names, f) if size is None else np.full(len(f), size)
    _refuse_lost(point, names, size)
    sines = [
        _Measurement(point, names, one, of_one, stable) for one, of_one in zip(f.tolist(), sizes.tolist(), strict=True)
    ]
    found = [sine.converged(allowed, most) for sine in sines]
    data = spectrum(point, names, f, np.array([value for value, _ in found]), stable)
    data.attrs |= {"amplitude": float(sizes.max()), "error": max(error for _, error in found)}
    return data


def _small_amplitudes(point: OperatingPoint, port: tuple[str, str], frequency: Floats) -> Floats:
    """Return amplitudes (V, or A of a current) with which the port's voltage is small."""
    if not _is_current(point, port):
        return np.full(len(frequency), SMALL)
    small: Floats = SMALL * np.abs(admittances(point, port, frequency)[0])
    return small


def _refuse_lost(point: OperatingPoint, port: tuple[str, str], size: float | None) -> None:
    """Raise ValueError for an amplitude that is nothing beside the bias, in whose rounding it would be lost."""
    level = point.current_into(port[0]) if _is_current(point, port) else np.nanmax(np.abs(point.potential), initial=0.0)
    least = max(LOST * abs(float(level)), SMALLEST)
    if size is not None and size < least:
        unit = "A" if _is_current(point, port) else "V"
        raise ValueError(f"amplitude must be at least {least:.3g} {unit}, or rounding hides it, got {size:g}")


def _is_current(point: OperatingPoint, port: tuple[str, str]) -> bool:
    """Return whether the sine is a current, as the bias of the port's first electrode is one or it floats."""
    names = list(point.simulation.net.electrodes)
    return bool(point.role[names.index(port[0])] != drives.ROLE_VOLTAGE)


@dataclass(frozen=True)
class _Measurement:
    """One frequency."""

    point: OperatingPoint
    port: tuple[str, str]
    frequency: float
    amplitude: float
    stable: bool  # the operating point

    def converged(self, rtol: float, max_cycles: int) -> tuple[complex, float]:
        """Return the impedance, and how much the last halving of steps has changed it.

        Raises
        ------
        ArithmeticError
            Cycles do not repeat, or steps do not become short enough.
        """
        n = FIRST_ROWS
        coarse, before = self.periodic(n, rtol, max_cycles), complex(np.nan)
        while n < MOST_ROWS:
            n *= 2
            fine = self.periodic(n, rtol, max_cycles)
            now = (4.0 * fine - coarse) / 3.0
            difference = abs(now - before) / abs(now)
            if difference <= rtol:
                return now, difference
            coarse, before = fine, now
        raise ArithmeticError(
            f"at {self.frequency:g} Hz the impedance still changes by {difference:.2g} where a period has {n:,} steps,"
            f" above rtol = {rtol:g}"
        )

    def periodic(self, n_rows: int, rtol: float, max_cycles: int) -> complex:
        """Return the impedance of the first cycle that repeats the one before.

        Raises
        ------
        ArithmeticError
            None does, or it is at another operating point.
        """
        running = self._running(n_rows)
        before, change = complex(np.nan), np.inf
        cycle = self._cycle(running, n_rows)
        for _ in range(max_cycles):
            following = self._cycle(running, n_rows)
            now = _ratio(cycle, following)
            change = abs(now - before) / abs(now)
            if change <= 0.1 * rtol:
                if not self.stable:
                    self._check_place(following)
                return now
            before, cycle = now, following
        raise ArithmeticError(
            f"at {self.frequency:g} Hz no cycle of {max_cycles} repeats the one before: the impedance still changes by"
            f" {change:.2g}; the operating point may be unstable, or take longer to be come to: max_cycles"
        )

    def _check_place(self, cycle: Floats) -> None:
        """Raise ArithmeticError where a cycle is not around the operating point: it was unstable, and has been left."""
        point, (first, second) = self.point, self.port
        volts, amps = point.voltage_of(first) - point.voltage_of(second), point.current_into(first)
        away = np.abs(cycle.mean(axis=1) - [volts, amps])
        if (away > np.maximum(np.ptp(cycle, axis=1), ROUNDING * np.abs([volts, amps]))).any():
            raise ArithmeticError(
                f"at {self.frequency:g} Hz cycles repeat elsewhere, at {cycle[0].mean():.4g} V and"
                f" {cycle[1].mean():.4g} A: the operating point, {volts:.4g} V and {amps:.4g} A, is unstable and was"
                " left"
            )

    def _cycle(self, running: Simulation, n_rows: int) -> Floats:
        """Return voltage (V) and current (A) of the port over a cycle, (2, n_rows)."""
        data = running.run(n_rows, record=["voltage", "current"], events=False)
        first, second = (data.voltage.sel(electrode=name).values for name in self.port)
        return np.stack([first - second, data.current.sel(electrode=self.port[0]).values])

    def _running(self, n_rows: int) -> Simulation:
        """Return a simulation with the sine, at the start of a cycle of its periodic state."""
        point = self.point
        sim = point.simulation
        period = 1.0 / self.frequency
        running = Simulation(
            sim.net,
            _smooth_devices(point),
            self._drive(),
            dt=period / n_rows,
            seed=sim.seed,
            solver=sim.solver,
            method="adaptive",
            rtol=LOOSE,
        )
        departures = self._departures()
        for part in point.equations.parts:
            fields = state_fields(table_of(part.device))
            values = {name: (point.states + departures)[part.row(name)] for name in part.names}
            for name, field in fields.items():
                if field["kind"] == "real":
                    values[name] = np.clip(values[name], field["low"], field["high"])
                else:
                    values[name] = point.states[part.row(name)]
            running.set_state(part.device, **values)
        return running

    def _departures(self) -> Floats:
        """Return where states are beside the operating point at the start of a cycle, (n_states,)."""
        point, frequency = self.point, np.array([self.frequency])
        into, potential = admittances(point, self.port, frequency)
        volts = self.amplitude / (into[0] if _is_current(point, self.port) else 1.0)
        ends = np.asarray(point.simulation.net.edges)
        v = np.nan_to_num(potential[0])
        across = np.where(point.assembly.alive, v[ends[:, 0]] - v[ends[:, 1]], 0.0) * volts
        own, read = states_by_voltage(point, 2j * np.pi * self.frequency)
        edge = point.equations.edge
        moved = own * across[edge] + read * across[point.equations.linked[edge]]
        for part in point.equations.parts:
            charged = table_of(part.device)["voltage_field"]
            if charged is not None:
                moved[part.row(charged)] = across[part.edges]
        departures: Floats = moved.imag
        return departures

    def _drive(self) -> dict[str, Driven]:
        """Return the bias as constants, with the sine on it."""
        point = self.point
        sim = point.simulation
        role, value = boundary(sim)
        drive: dict[str, Driven] = {}
        for name, kind, one in zip(sim.net.electrodes, role.tolist(), value.tolist(), strict=True):
            constant = {drives.ROLE_VOLTAGE: one, drives.ROLE_CURRENT: drives.current(one)}
            drive[name] = constant.get(kind)
            if name == self.port[0]:
                sine = drives.sine(self.amplitude, self.frequency, offset=one)
                drive[name] = drives.current(sine) if _is_current(point, self.port) else sine
            elif name == self.port[1]:
                drive[name] = point.voltage_of(name)
        return drive


def _ratio(cycle: Floats, following: Floats) -> complex:
    """Return voltage over current at the frequency of a cycle, without the drift that the cycle behind it shows."""
    phase = np.arange(cycle.shape[1]) / cycle.shape[1]
    drift = following[:, :1] - cycle[:, :1]
    level = cycle - cycle.mean(axis=1, keepdims=True) - drift * phase
    of_voltage, of_current = level @ np.exp(-2j * np.pi * phase)
    return complex(of_voltage / of_current)


def _smooth_devices(point: OperatingPoint) -> list[Device]:
    """Return a device for each own edge, resistors in the place of those that wait for events.

    Raises
    ------
    ValueError
        A device carries a waveform that changes: beside it there is no periodic state.
    """
    sim = point.simulation
    own = sim.net.n_own_edges
    devices: list[Any] = [None] * own
    resistor = Resistor(conductance=np.maximum(point.linear.i_v[:own], 0.0))
    for device in sim.devices:
        signal = table_of(device)["signal"]
        wave = None if signal is None else getattr(device, signal["name"])
        if isinstance(wave, Waveform) and drives.constant_value(wave) is None:
            raise ValueError(f"{check.shown(device)} carries a waveform that changes, beside which no sine repeats")
        for edge in sim.edges_of(device).tolist():
            if edge < own:
                devices[edge] = resistor if device in point.equations.held else device
    return devices
