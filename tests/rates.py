"""Networks as differential equations, in plain NumPy and SciPy: what adaptive steps are compared with.

A law is what a device does to the circuit and how its states move. `solution` hands a network of laws to Radau of
SciPy, which knows nothing of the C library: potentials follow from the states by a dense solve, and corners of the
drive are breaks.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

Floats = NDArray[np.float64]


@dataclass
class Law:
    """A device on one edge: its states at the start, its conductance, and their rates."""

    start: Sequence[float]
    conductance: Callable[[Floats], float]
    rates: Callable[[Floats, float], Sequence[float]]


def bounded(low: float, x: float, high: float, rate: float) -> float:
    """Return the rate of a state that the ends of its range hold."""
    return 0.0 if (x <= low and rate < 0.0) or (x >= high and rate > 0.0) else rate


def rate_balance(*, kappa_p0=5e-4, kappa_d0=5e-2, eta_p=10.0, eta_d=10.0, g_min=0.0, g_max=1.0, g_initial=None) -> Law:
    """PNN25 eq. 8 to 10."""
    if g_initial is None:
        g_initial = kappa_p0 / (kappa_p0 + kappa_d0)

    def rates(x, v):
        up, down = kappa_p0 * np.exp(eta_p * abs(v)), kappa_d0 * np.exp(-eta_d * abs(v))
        return [up * (1.0 - x[0]) - down * x[0]]

    return Law([g_initial], lambda x: g_min * (1.0 - x[0]) + g_max * x[0], rates)


def hillock(length, *, mu=3.46e-5, kappa=3.8e-2, alpha=10.0, beta=200.0, tau=20.0, z_max_fraction=0.5) -> Law:
    """PNN25 eq. 4 to 6."""
    high = z_max_fraction * length

    def inside(x):
        return min(max(x[0], 0.0), high)

    def rates(x, v):
        z = inside(x)
        return [bounded(0.0, x[0], high, (mu / kappa * abs(v) / (length - z) - z) / tau)]

    return Law([0.0], lambda x: alpha * np.exp(-beta * (length - inside(x))), rates)


def window_of(window, p):
    """Return what slows a boundary near its ends."""
    return {
        "none": lambda x: 1.0,
        "strukov": lambda x: x * (1.0 - x),
        "joglekar": lambda x: 1.0 - abs(2.0 * x - 1.0) ** (2.0 * p),
    }[window]


def linear_drift(*, r_on=100.0, r_off=16e3, mu=1e-14, d=1e-8, window="none", p=1.0, x_initial=0.1, decay=0.0) -> Law:
    """Strukov 2008 eq. 5 and 6, and a decay."""
    f = window_of(window, p)

    def inside(x):
        return min(max(x[0], 0.0), 1.0)

    def conductance(x):
        return 1.0 / (r_on * inside(x) + r_off * (1.0 - inside(x)))

    def rates(x, v):
        move = mu * r_on / d**2 * conductance(x) * v * f(inside(x)) - decay * inside(x)
        return [bounded(0.0, x[0], 1.0, move)]

    return Law([x_initial], conductance, rates)


def short_long_term_drift(
    *,
    r_on=100.0,
    r_off=16e3,
    mu=1e-14,
    d=1e-8,
    window="none",
    p=1.0,
    sigma=0.03,
    theta=1e-4,
    a=0.75,
    w_initial=0.055,
    tau_initial=0.2,
    eps_initial=0.055,
) -> Law:
    """Chen 2014: a drift memristor that forgets."""
    f = window_of(window, p)

    def inside(x):
        return min(max(x[0], 0.0), 1.0)

    def conductance(x):
        return 1.0 / (r_on * inside(x) + r_off * (1.0 - inside(x)))

    def rates(x, v):
        w, tau, eps = inside(x), x[1], x[2]
        drift = mu * r_on / d**2 * conductance(x) * v
        move = bounded(0.0, x[0], 1.0, (drift - (w - eps) / tau) * f(w))
        return [move, theta * drift * (a - w), bounded(0.0, eps, 1.0, sigma * drift * f(w))]

    return Law([w_initial, tau_initial, eps_initial], conductance, rates)


def resistor(*, conductance) -> Law:
    return Law([], lambda x: conductance, lambda x, v: [])


@dataclass
class Circuit:
    """Laws on the edges of a network; `electrode` gives the electrode of each node or -1."""

    n_nodes: int
    edges: Sequence[tuple[int, int]]
    laws: Sequence[Law]
    electrode: Sequence[int]
    offsets: list[int] = field(init=False)
    incidence: Floats = field(init=False)  # (n_edges, n_nodes): 1 where an edge begins, -1 where it ends

    def __post_init__(self) -> None:
        self.offsets = [0, *itertools.accumulate(len(law.start) for law in self.laws)]
        self.incidence = np.zeros((len(self.edges), self.n_nodes))
        for row, (a, b) in zip(self.incidence, self.edges, strict=True):
            row[a] += 1.0
            row[b] -= 1.0
        self.has_island = functools.cache(self.has_island)

    def states(self, y: Floats) -> list[Floats]:
        return [y[a:b] for a, b in itertools.pairwise(self.offsets)]

    def start(self) -> Floats:
        return np.array([x for law in self.laws for x in law.start])

    def conductances(self, y: Floats) -> Floats:
        return np.array([law.conductance(x) for law, x in zip(self.laws, self.states(y), strict=True)])

    def voltages(self, y: Floats, roles: Sequence[str], values: Sequence[float]) -> Floats:
        """Return the voltage of each edge; roles are "V", "A" and "-"."""
        matrix, right = self.incidence.T @ (self.conductances(y)[:, None] * self.incidence), np.zeros(self.n_nodes)
        for node, e in enumerate(self.electrode):
            if e >= 0 and roles[e] == "V":
                matrix[node], right[node] = 0.0, values[e]
                matrix[node, node] = 1.0
            elif e >= 0 and roles[e] == "A":
                right[node] = values[e]
        if self.has_island(roles):
            return self.incidence @ np.linalg.lstsq(matrix, right, rcond=None)[0]
        return self.incidence @ np.linalg.solve(matrix, right)

    def has_island(self, roles: Sequence[str]) -> bool:
        """Whether some node is held by no voltage; currents then balance, and differences are what they are."""
        held = {node for node, e in enumerate(self.electrode) if e >= 0 and roles[e] == "V"}
        grown = True
        while grown:
            more = {n for edge in self.edges if held & set(edge) for n in edge} - held
            grown = bool(more)
            held |= more
        return len(held) < self.n_nodes

    def rhs(self, t: float, y: Floats, drive: Callable[[float], tuple[Sequence[str], Sequence[float]]]) -> Floats:
        v = self.voltages(y, *drive(t))
        each = zip(self.laws, self.states(y), v, strict=True)
        return np.array([rate for law, x, one in each for rate in law.rates(x, one)])


def solution(
    circuit: Circuit,
    drive: Callable[[float], tuple[Sequence[str], Sequence[float]]],
    times: Floats,
    breaks: Sequence[float] = (),
    rtol: float = 1e-10,
) -> Floats:
    """Return the conductance of each edge at each time (n_times, n_edges); the drive is smooth between the breaks."""
    y, answer = circuit.start(), np.empty((len(times), len(circuit.edges)))
    ends = [times[0], *(t for t in breaks if times[0] < t < times[-1]), times[-1]]
    for begin, end in itertools.pairwise(ends):
        inside = (times >= begin) & (times <= end)
        tiny = 1e-9 * (end - begin)  # the drive of this part alone, on both sides

        def within(t, begin=begin, end=end, tiny=tiny):
            return drive(min(max(t, begin + tiny), end - tiny))

        wanted = np.unique([begin, *times[inside], end])
        found = solve_ivp(
            circuit.rhs, (begin, end), y, method="Radau", t_eval=wanted, rtol=rtol, atol=1e-14, args=(within,)
        )
        assert found.success, found.message
        for k in np.flatnonzero(inside):
            answer[k] = circuit.conductances(found.y[:, np.searchsorted(wanted, times[k])])
        y = found.y[:, -1]
    return answer
