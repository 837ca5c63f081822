"""Plain NumPy twins of the devices that reference.py has no room for."""

# ruff: noqa: ARG002 (a device need not use all that the loop hands to it)

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np
from reference import Device, Floats, RateBalance
from scipy.integrate import odeint

from memnet import _core

SYDNEY = {
    "v_set": 1e-2, "v_reset": 5e-3, "lambda_crit": 0.01, "lambda_max": 0.015, "b": 10.0, "g_on": 7.77e-5,
    "g_off": 7.77e-8,
}  # fmt: skip


class AtomicSwitch(Device):
    """A filament of flux lambda grows above v_set, decays below v_reset, and conducts at |lambda| >= lambda_crit."""

    defaults: ClassVar = {**SYDNEY, "decay": "to-zero"}
    states = ("lambda",)

    def start(self) -> None:
        self.flux = np.zeros(self.n)

    def __getattr__(self, name: str) -> Floats:
        if name == "lambda":  # not a name that Python lets us write
            return self.flux
        raise AttributeError(name)

    def current_law(self, dt: float) -> tuple[Floats, Floats]:
        return np.where(np.abs(self.flux) >= self.lambda_crit, self.g_on, self.g_off), np.zeros(self.n)

    def move(self, v: Floats, dt: float) -> None:
        size = np.abs(v)
        if self.decay == "past-zero":  # as ASN_simulation has it
            grows, decays = size > self.v_set, size < self.v_reset
            flux = self.flux + grows * (size - self.v_set) * np.sign(v) * dt
            flux = flux - decays * (self.v_reset - size) * np.sign(flux) * dt * self.b
            self.flux = np.clip(flux, -self.lambda_max, self.lambda_max)
            return
        grown = self.flux + np.sign(v) * np.where(size > self.v_set, size - self.v_set, 0.0) * dt
        decay = np.where(size < self.v_reset, self.b * (self.v_reset - size) * dt, 0.0)
        self.flux = np.sign(grown) * np.clip(np.abs(grown) - decay, 0.0, self.lambda_max)

    def advance(self, v: Floats, dt: float) -> list[tuple[int, int]]:
        before = np.abs(self.flux) >= self.lambda_crit
        self.move(v, dt)
        after = np.abs(self.flux) >= self.lambda_crit
        return [(int(k), 1 if after[k] else -1) for k in np.flatnonzero(before != after)]


class TunnelSwitch(AtomicSwitch):
    """The same filament, which leaves a gap d to tunnel through."""

    defaults: ClassVar = {
        **SYDNEY, "d_max": 5.0, "phi": 0.81, "a": 0.17, "exponent": "phi^2", "prefactor": "d", "switch_at": 1.1,
        "decay": "to-zero",
    }  # fmt: skip

    def current_law(self, dt: float) -> tuple[Floats, Floats]:
        d = self.d_max * np.maximum(self.lambda_crit - np.abs(self.flux), 0.0) / self.lambda_crit
        power = self.phi**2 if self.exponent == "phi^2" else np.sqrt(self.phi)
        before = d if self.prefactor == "d" else d**2
        resistance = (2.0 / self.a) * before / np.sqrt(self.phi) * np.exp(10.19 * d * power) / 4.71307e-5
        return 1.0 / (resistance + 1.0 / self.g_on) + self.g_off, np.zeros(self.n)

    def advance(self, v: Floats, dt: float) -> list[tuple[int, int]]:
        before = self.current_law(dt)[0] > self.switch_at * self.g_off
        self.move(v, dt)
        after = self.current_law(dt)[0] > self.switch_at * self.g_off
        return [(int(k), 1 if after[k] else -1) for k in np.flatnonzero(before != after)]


def fraction(s: Any) -> Any:
    """The doped fraction of a logit, exact near both ends."""
    e = np.exp(-np.abs(s))
    return np.where(np.asarray(s) > 0.0, 1.0, e) / (1.0 + e)


def steepness(name: str, p: float, s: float) -> float:
    """f(x) / (x (1 - x)) of a window at a logit."""
    e = math.exp(-abs(s))
    if name == "strukov":
        return 1.0
    if e == 0.0:
        return 4.0 * p
    if e == 1.0:
        return 4.0  # half-way
    return -math.expm1(2.0 * p * math.log1p(-2.0 * e / (1.0 + e))) * (1.0 + e) ** 2 / e


def exact_logit(
    s: float, dt: float, push: float, r_on: float, r_off: float, name: str, p: float, *,
    decay: float = 0.0, level: float = 0.0, rate: float = 0.0,
) -> float:  # fmt: skip
    """The logit after dt of dx/dt = (push / r(x) + rate (level - x)) f(x) - decay x, by scipy's integrator."""

    def speed(y: Floats, _: float) -> float:
        s = float(y[0])
        e = math.exp(-abs(s))
        low, high = e / (1.0 + e), 1.0 / (1.0 + e)
        x, undoped = (high, low) if s > 0.0 else (low, high)
        relaxation = rate * ((level - 1.0) + undoped if s > 0.0 else level - x)
        lost = decay / undoped if decay > 0.0 else 0.0
        return (push / (r_on * x + r_off * undoped) + relaxation) * steepness(name, p, s) - lost

    return float(odeint(speed, [s], (0.0, dt), rtol=1e-12, atol=1e-12, mxstep=100_000)[-1, 0])


def window(name: str, p: Floats, x: Floats) -> Floats:
    """What slows a boundary at x down near the ends of its device."""
    if name == "none":
        return np.ones_like(x)
    return x * (1.0 - x) if name == "strukov" else 1.0 - np.abs(2.0 * x - 1.0) ** (2.0 * p)


class LinearDrift(Device):
    """dx/dt = (mu r_on / d^2) i f(x) - decay x in r_on x + r_off (1 - x): Euler's step, with a window the solution."""

    defaults: ClassVar = {
        "r_on": 100.0, "r_off": 16e3, "mu": 1e-14, "d": 1e-8, "window": "none", "p": 1.0, "v_threshold": 0.0,
        "decay": 0.0, "x_initial": 0.1,
    }  # fmt: skip
    states = ("x",)

    def start(self) -> None:
        self.x, self.logit = self.x_initial.copy(), np.zeros(self.n)

    def current_law(self, dt: float) -> tuple[Floats, Floats]:
        return 1.0 / (self.r_on * self.x + self.r_off * (1.0 - self.x)), np.zeros(self.n)

    def advance(self, v: Floats, dt: float) -> list[tuple[int, int]]:
        push = self.mu * self.r_on / self.d**2 * np.where(np.abs(v) > self.v_threshold, v, 0.0)
        if str(self.window) == "none":
            self.x = np.clip(self.x + self.rate(self.x, push) * dt, 0.0, 1.0)
            return []
        left = np.minimum(self.x, 1.0 - self.x)
        near = (self.logit != 0.0) | ((self.x > 0.0) & (np.abs(self.rate(self.x, push)) * dt > left / 8.0))
        moved = self.in_parts(push, dt)
        for k in np.flatnonzero(near):
            s = self.logit[k] if self.logit[k] != 0.0 else np.log(self.x[k]) - np.log1p(-self.x[k])
            name, p, decay = str(self.window), self.p[k], self.decay[k]
            s = exact_logit(s, dt, push[k], self.r_on[k], self.r_off[k], name, p, decay=decay)
            moved[k] = fraction(s)
            self.logit[k] = s if fraction(-abs(s)) < 1.0 / 16.0 else 0.0
        self.x = moved
        return []

    def rate(self, x: Floats, push: Floats) -> Floats:
        f = window(str(self.window), self.p, x)
        return push / (self.r_on * x + self.r_off * (1.0 - x)) * f - self.decay * x

    def in_parts(self, push: Floats, dt: float, parts: int = 8) -> Floats:
        """x after dt, in steps of Runge and Kutta's rule: 8 of what moves x by at most 1/8 leave 1e-12."""
        x, h = self.x.copy(), dt / parts
        for _ in range(parts):
            a = self.rate(x, push)
            b = self.rate(x + 0.5 * h * a, push)
            c = self.rate(x + 0.5 * h * b, push)
            x += h * (a + 2.0 * b + 2.0 * c + self.rate(x + h * c, push)) / 6.0
        return x


class ShortLongTermDrift(Device):
    """dw/dt = (l - (w - eps) / tau) f(w), dtau/dt = theta l (a - w), deps/dt = sigma l f(w), l = (mu r_on / d^2) i.

    A step solves the first as if l, f, tau and eps stood still, and takes Euler's of the others.
    """

    defaults: ClassVar = {
        "r_on": 100.0, "r_off": 16e3, "mu": 1e-14, "d": 1e-8, "window": "none", "p": 1.0, "sigma": 0.03, "theta": 1e-4,
        "a": 0.75, "w_initial": 0.055, "tau_initial": 0.2, "eps_initial": 0.055,
    }  # fmt: skip
    states = ("w", "tau", "eps")

    def start(self) -> None:
        self.w, self.tau, self.eps = self.w_initial.copy(), self.tau_initial.copy(), self.eps_initial.copy()

    def current_law(self, dt: float) -> tuple[Floats, Floats]:
        return 1.0 / (self.r_on * self.w + self.r_off * (1.0 - self.w)), np.zeros(self.n)

    def advance(self, v: Floats, dt: float) -> list[tuple[int, int]]:
        drift = self.mu * self.r_on / self.d**2 * self.current_law(dt)[0] * v
        f = window(str(self.window), self.p, self.w)
        with np.errstate(divide="ignore"):
            gone = -np.expm1(-f * dt / self.tau)
        w = self.w + (self.eps - self.w + drift * self.tau) * gone
        tau = self.tau + self.theta * drift * (self.a - self.w) * dt
        eps = self.eps + self.sigma * drift * f * dt
        self.w, self.tau, self.eps = np.clip(w, 0.0, 1.0), np.maximum(tau, 0.0), np.clip(eps, 0.0, 1.0)
        return []


class StochasticRateBalance(RateBalance):
    """Rate balance with noise and jumps; the random numbers are Philox of (seed, stream) at (edge, step)."""

    defaults: ClassVar = {
        **RateBalance.defaults,
        "sigma": 0.0,
        "jump_rate": 0.0,
        "jump_exponent": 2.78,
        "jump_low": 6.4e-4,
        "jump_high": 1.02e-2,
    }

    def draw_from(self, seed: int, stream: int, edges: Floats) -> StochasticRateBalance:
        self.seed, self.stream, self.edges, self.steps_done = seed, stream, edges, 0
        return self

    def uniform(self, k: int, past: int) -> tuple[float, float]:
        """Two numbers in [0, 1) from four words of 32 bits, the low word first."""
        word = [int(w) for w in _core.philox(self.seed, self.stream, past + int(self.edges[k]), self.steps_done)]
        return ((word[0] | word[1] << 32) >> 11) * 2.0**-53, ((word[2] | word[3] << 32) >> 11) * 2.0**-53

    def advance(self, v: Floats, dt: float) -> list[tuple[int, int]]:
        old, size = self.g, np.abs(v)
        super().advance(v, dt)
        k_p, k_d = self.kappa_p0 * np.exp(self.eta_p * size), self.kappa_d0 * np.exp(-self.eta_d * size)
        theta, g_inf = k_p + k_d, k_p / (k_p + k_d)
        deviation = np.sqrt(self.sigma**2 * -np.expm1(-2.0 * theta * dt) / (2.0 * theta))
        for k in range(self.n):
            u = self.uniform(k, 0)
            self.g[k] += deviation[k] * np.sqrt(-2.0 * np.log(1.0 - u[0])) * np.cos(2.0 * np.pi * u[1])
            u = self.uniform(k, 2**32)
            if u[0] < self.jump_rate[k] * dt:
                q, low, high = 1.0 - self.jump_exponent[k], self.jump_low[k], self.jump_high[k]
                jump = (low**q + u[1] * (high**q - low**q)) ** (1.0 / q)
                up = 0.5 + (g_inf[k] - old[k]) / (2.0 * (1.0 + 2.0 * high))
                self.g[k] += jump if u[0] < self.jump_rate[k] * dt * up else -jump
        self.g = np.clip(self.g, 0.0, 1.0)
        self.steps_done += 1
        return []


class DiffusiveMemristor(Device):
    """Particles in a potential that the voltage tilts (DM17 eq. 3 to 5), one Euler step after the other."""

    defaults: ClassVar = {
        "w_i": 4.5, "r_i": 0.1, "x_c": 0.85, "w_p": 1.0, "phase": 0.0, "r_p": 0.15, "lam": 0.2, "v_th": 1.0,
        "tilt": 9.0, "eta": 30.0, "theta0": 0.45, "c_t": 20.0, "kappa": 1.0, "r_t": 1.0, "left": 0.5,
        "substep": 2e-3, "potential": "wells",
    }  # fmt: skip
    states = ("x", "theta", "r", "largest_gap")

    def __init__(self, members: int | None = None, *, n: int = 40, **parameters: Any) -> None:
        self.n_particles = n
        super().__init__(members, **parameters)

    def start(self) -> None:
        """All particles in the middle of their wells, as at theta0 = 0."""
        left = np.arange(self.n_particles) < np.floor(self.left * self.n_particles + 0.5)[:, None]
        self.x = np.where(left, -self.x_c[:, None], self.x_c[:, None])
        self.theta = self.theta0.copy()
        self.seed, self.edges, self.steps_done = 0, np.arange(self.n), 0

    def draw_from(self, seed: int, edges: Any, x: Floats) -> DiffusiveMemristor:
        self.seed, self.edges, self.x = seed, np.asarray(edges), x.copy()
        return self

    def gaps(self) -> Floats:
        ends = np.ones((self.n, 1))
        return np.diff(np.hstack([-ends, np.sort(self.x, axis=1), ends]), axis=1)

    @property
    def r(self) -> Floats:
        return self.r_t * np.exp(self.gaps() / self.lam[:, None]).sum(axis=1)

    @property
    def largest_gap(self) -> Floats:
        return self.gaps().max(axis=1)

    def current_law(self, dt: float) -> tuple[Floats, Floats]:
        return 1.0 / self.r, np.zeros(self.n)

    def pull(self, d: Floats, depth: Floats) -> Floats:
        """The force back from a distance in a Gaussian well."""
        r = self.r_i[:, None]
        return -2.0 * depth[:, None] * d / r**2 * np.exp(-(d**2) / r**2)

    def force(self) -> Floats:
        """-U'(x) without the tilt."""
        x, c = self.x, self.x_c[:, None]
        phase = 2.0 * np.pi * (x / self.r_p[:, None] + self.phase[:, None])
        pinned = -np.pi * (self.w_p / self.r_p)[:, None] * np.cos(phase)
        wells = self.pull(x + c, self.w_i) + self.pull(x - c, self.w_i)
        if self.potential == "wells":
            return pinned + wells
        each = self.w_i / x.shape[1]
        return pinned + 0.5 * wells + sum(self.pull(x - x[:, [j]], each) for j in range(x.shape[1]))

    def normals(self, substep: int) -> Floats:
        """Pairs by Box and Muller from two words each, four numbers to a block of Philox."""
        z = np.empty((self.n, 4 * -(-self.x.shape[1] // 4)))
        for k in range(self.n):
            for block in range(z.shape[1] // 4):
                index = int(self.edges[k]) | substep << 32 | block << 58
                word = _core.philox(self.seed, 0x64696666, index, self.steps_done).astype(float)
                radius = np.sqrt(-2.0 * np.log((word[[0, 0, 2, 2]] + 1.0) / 2.0**32))
                turns = 2.0 * np.pi * word[[1, 1, 3, 3]] / 2.0**32
                z[k, 4 * block : 4 * block + 4] = radius * np.where([1, 0, 1, 0], np.cos(turns), np.sin(turns))
        return z[:, : self.x.shape[1]]

    def advance(self, v: Floats, dt: float) -> list[tuple[int, int]]:
        count = int(np.ceil(dt / np.max(self.substep) * (1.0 - 1e-12)))
        h = self.kappa * dt / count
        for substep in range(count):
            push = self.force() + (self.tilt * v / self.v_th)[:, None]
            noise = np.sqrt(2.0 * self.theta * h / self.eta)[:, None] * self.normals(substep)
            target = self.theta0 + self.c_t * (v / self.v_th) ** 2 * self.r_t / self.r
            self.theta = target + (self.theta - target) * np.exp(-h)
            self.x = mirrored(self.x + (h / self.eta)[:, None] * push + noise)
        self.steps_done += 1
        return []


def mirrored(x: Floats) -> Floats:
    """x between mirrors at -1 and 1."""
    turned = np.mod(x + 1.0, 4.0)
    return np.where(turned <= 2.0, turned, 4.0 - turned) - 1.0
