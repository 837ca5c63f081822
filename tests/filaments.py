"""The compact filament again in plain NumPy, from regime to regime by SciPy, with filament and residue as unknowns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.integrate import solve_ivp

FILAMENT, RESIDUE, THICKNESS, VOLTAGE = range(4)
OPEN, HELD, THICK = "open", "held", "thick"  # m < 1; m = 1 and S = 1; S > 1


def cut_noise(s):
    """Return the factor that the model has for noise of a relative deviation s of a rate that is not negative."""
    b = np.maximum(np.asarray(s) / (np.sqrt(2 * np.pi) * np.log(2)), 1e-3)
    return 1 + b * np.log1p(np.exp(-1 / b))


@dataclass(frozen=True)
class Filament:
    """The law with its parameters by the paper's letters."""

    p: Mapping[str, float]

    def resistance(self, m, thickness):
        p = self.p
        gap = (np.exp((1 - m) / p["lam"]) - 1) / (np.exp(1 / p["lam"]) - 1)
        return p["R_on"] * m / thickness**2 + p["R_off"] * gap

    def drive(self, v, m):
        return self.p["mu"] * np.abs(v) / (self.p["alpha"] + 1 - m)

    def lost(self, f, r):
        """Return what filament and residue lose outwards."""
        p = self.p
        return p["gamma1"] * f * cut_noise(p["sigma1"] * f), p["gamma2"] * r * cut_noise(p["sigma2"] * r)

    def thickening(self, v, thickness):
        return self.p["theta"] * np.abs(v) * np.exp(1 - thickness) - self.p["gamma3"] * np.exp(thickness - 1)

    def rates(self, regime: str, v, f, r, thickness):
        """Return df/dt, dr/dt and dS/dt."""
        if regime == THICK:
            return 0.0, 0.0, self.thickening(v, thickness)
        of_f, of_r = self.lost(f, r)
        turned = self.p["beta"] * f
        residue = turned - of_r
        return (-residue if regime == HELD else self.drive(v, f + r) - of_f - turned), residue, 0.0

    def surplus(self, v, f, r):
        return self.drive(v, 1.0) - sum(self.lost(f, r))

    def closed(self, v, f, r) -> str:
        """Return the regime at m = 1 and S = 1."""
        if self.surplus(v, f, r) < 0:
            return OPEN
        return THICK if self.thickening(v, 1.0) > 0 else HELD


@dataclass(frozen=True)
class Neuron:
    """A filament beside a capacitor, both behind a resistor at a voltage that is constant."""

    filament: Filament
    source: float
    resistor: float
    capacitor: float

    def voltage(self, y):
        return y[VOLTAGE]

    def rate_of_voltage(self, y) -> float:
        through = y[VOLTAGE] / self.filament.resistance(y[FILAMENT] + y[RESIDUE], y[THICKNESS])
        return ((self.source - y[VOLTAGE]) / self.resistor - through) / self.capacitor


@dataclass(frozen=True)
class Divider:
    """A filament behind a resistor at a voltage that is constant."""

    filament: Filament
    source: float
    resistor: float

    def voltage(self, y):
        own = self.filament.resistance(y[FILAMENT] + y[RESIDUE], y[THICKNESS])
        return self.source * own / (own + self.resistor)

    def rate_of_voltage(self, _) -> float:
        return 0.0


def _ends(circuit: Neuron | Divider, regime: str) -> list[Callable]:
    """Return where a regime ends."""
    filament = circuit.filament

    def bridges(_, y):
        return y[FILAMENT] + y[RESIDUE] - 1

    def opens(_, y):
        return filament.surplus(circuit.voltage(y), y[FILAMENT], y[RESIDUE])

    def thickens(_, y):
        return filament.thickening(circuit.voltage(y), 1.0)

    def thins(_, y):
        return y[THICKNESS] - 1

    bridges.direction, opens.direction, thickens.direction, thins.direction = 1, -1, 1, -1
    ends = {OPEN: [bridges], HELD: [opens, thickens], THICK: [thins]}[regime]
    for end in ends:
        end.terminal = True
    return ends


@dataclass(frozen=True)
class Way:
    """Where a circuit was at some times, when its voltage rose through a level, and its regimes in order."""

    y: np.ndarray
    rises: np.ndarray
    regimes: list[str]


def follow(circuit: Neuron | Divider, start, times, *, level=np.inf, rtol=1e-10) -> Way:
    """Integrate from regime to regime; times begin at the start."""
    filament, y, t = circuit.filament, np.asarray(start, dtype=float), times[0]
    found, rises, regimes = np.empty((len(times), 4)), [], []

    def rises_through(_, y):
        return circuit.voltage(y) - level

    rises_through.direction = 1
    regime = OPEN if y[FILAMENT] + y[RESIDUE] < 1 else THICK if y[THICKNESS] > 1 else None
    while t < times[-1]:
        regime = regime or filament.closed(circuit.voltage(y), y[FILAMENT], y[RESIDUE])
        regimes.append(regime)

        def rates(_, y, regime=regime):
            of_states = filament.rates(regime, circuit.voltage(y), y[FILAMENT], y[RESIDUE], y[THICKNESS])
            return [*of_states, circuit.rate_of_voltage(y)]

        way = solve_ivp(rates, (t, times[-1]), y, method="LSODA", dense_output=True, rtol=rtol, atol=1e-13,
                        events=[rises_through, *_ends(circuit, regime)])  # fmt: skip
        here = (times >= t) & (times <= way.t[-1])
        if here.any():
            found[here] = way.sol(times[here]).T
        rises.extend(way.t_events[0])
        t, y = way.t[-1], way.y[:, -1].copy()
        if way.status == 1 and regime == OPEN:
            y[FILAMENT] = 1 - y[RESIDUE]
        if way.status == 1 and regime == THICK:
            y[THICKNESS] = 1.0
        regime = OPEN if regime == HELD and len(way.t_events[1]) else None
    return Way(found, np.array(rises), regimes)
