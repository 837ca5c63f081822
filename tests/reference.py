"""The engine again, in plain NumPy: the same numbers, slowly, written to be read.

A network is a list of edges between numbered nodes; `electrode` says for each node which electrode it belongs to, -1
for a free node. Every edge carries one device. A time step is

    drive(t) -> conductances(state) -> solve -> record -> advance(state, voltages, dt)

The C engine is tested against this file: same events at the same steps, states to 1e-10. Two things matter for that.
The solver eliminates in sum form, because tunnelling conductances span a hundred decades and `np.linalg.solve`
loses the small ones. And Type A decides on its events with the same expressions in the same order as the C code.

    result = run(3, [(0, 1), (1, 2)], electrode=[0, -1, 1],
                 devices=[(TunnelGap(length=[0.05]), [0]), (RateBalance(1), [1])],
                 role=[VOLTAGE, VOLTAGE], value=[1.0, 0.0], n_steps=100, dt=1.0)
    result.current, result.events, result.states[1]["g"]
"""

# ruff: noqa: ARG002 (a device need not use all that the loop hands to it)

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

FLOATING, VOLTAGE, CURRENT = 0, 1, 2  # what may be done to an electrode; a current is positive into the network


# ---------------------------------------------------------------------------------------------------------------
# Solving
# ---------------------------------------------------------------------------------------------------------------


@dataclass
class Solution:
    potential: Floats  # (n_nodes,) V; nan where no path of conductances > 0 leads to a driven electrode
    voltage: Floats  # (n_electrodes,) V; nan as above
    current: Floats  # (n_electrodes,) A into the network
    conductance: float  # S, from the first driven electrode to the other driven ones joined


def eliminate(weight: Floats, source: Floats, vertices: Sequence[int]) -> tuple[Floats, Floats]:
    """Eliminate vertices from a graph by star-mesh transforms (sum form, Grassmann-Taksar-Heyman).

    Vertex k with neighbours j and W = sum_j w_kj goes, and each pair of its neighbours gets w_ki w_kj / W more. The
    current injected at k passes to its neighbours in the shares w_kj / W. Nothing is subtracted anywhere, so every
    number keeps its relative accuracy. `weight` (symmetric, zero diagonal) and `source` are changed in place.

    Returns share and offset, with which v_k = sum_j share[k, j] v_j + offset[k].
    """
    share = np.zeros_like(weight)
    offset = np.zeros_like(source)
    for k in vertices:
        star = weight[k].copy()
        star[k] = 0.0
        total = star.sum()
        if total == 0.0:
            continue  # an island, or the last vertex of one
        share[k] = star / total
        offset[k] = source[k] / total
        weight[k, :] = 0.0
        weight[:, k] = 0.0
        weight += star[:, None] * share[k]
        source += source[k] * share[k]
        source[k] = 0.0
    np.fill_diagonal(weight, 0.0)
    return share, offset


def reached(weight: Floats, start: Sequence[int]) -> NDArray[np.bool_]:
    """Vertices with a path of conductances > 0 to one of `start`."""
    found = np.zeros(len(weight), dtype=bool)
    found[list(start)] = True
    while True:
        wider = found | (weight[found] > 0.0).any(axis=0)
        if (wider == found).all():
            return found
        found = wider


def terminal_conductance(weight: Floats, role: Ids) -> float:
    """From the first driven electrode to the other driven ones joined; floating electrodes are left floating."""
    driven = np.flatnonzero(role != FLOATING)
    if len(driven) < 2:
        return float("nan")
    weight = weight.copy()
    eliminate(weight, np.zeros(len(weight)), list(np.flatnonzero(role == FLOATING)))
    return float(weight[driven[0]].sum())


def solve(
    n_nodes: int,
    edges: ArrayLike,
    conductance: ArrayLike,
    electrode: ArrayLike,
    role: ArrayLike,
    value: ArrayLike,
    source: ArrayLike | None = None,
) -> Solution:
    """Potentials and electrode currents of a network of conductances (S).

    `source` (A) flows through each edge from its first to its second node on top of conductance times voltage. Where no
    electrode is driven by a voltage, the currents must sum to zero and the first electrode is at 0 V.
    """
    a, b = np.asarray(edges, dtype=np.int64).reshape(-1, 2).T
    g = np.asarray(conductance, dtype=float)
    electrode, role = np.asarray(electrode, dtype=np.int64), np.asarray(role, dtype=np.int64)
    value = np.where(role == FLOATING, 0.0, np.asarray(value, dtype=float))

    # One vertex for each free node, then one for each electrode.
    free = electrode < 0
    n_free = int(free.sum())
    vertex = np.where(free, np.cumsum(free) - 1, n_free + electrode)
    n = n_free + len(role)
    weight, injected = np.zeros((n, n)), np.zeros(n)
    np.add.at(weight, (vertex[a], vertex[b]), g)
    np.add.at(weight, (vertex[b], vertex[a]), g)
    np.fill_diagonal(weight, 0.0)  # an edge inside an electrode carries nothing
    if source is not None:
        np.subtract.at(injected, vertex[a], np.asarray(source, dtype=float))
        np.add.at(injected, vertex[b], np.asarray(source, dtype=float))
    terminals = np.arange(n_free, n)
    injected[terminals] += np.where(role == CURRENT, value, 0.0)

    if not (role != FLOATING).any():
        raise ValueError("no electrode is driven")
    held = [int(k) for k in terminals[role == VOLTAGE]]
    if not held:
        if abs(value.sum()) > 1e-12 * np.abs(value).sum():
            raise ValueError("without a driven voltage the currents must sum to zero")
        held = [n_free]
    has_potential = reached(weight, held)
    if (~has_potential[terminals] & (role == CURRENT) & (value != 0.0)).any():
        raise ValueError("a current is driven into a part of the network that no voltage holds")

    # Free nodes first, then the electrodes that nothing holds; what is left joins the held ones.
    share, offset = eliminate(weight, injected, range(n_free))
    conductance_out = terminal_conductance(weight[n_free:, n_free:], role)
    loose = [int(k) for k in terminals if k not in held]
    share_loose, offset_loose = eliminate(weight, injected, loose)
    share[loose], offset[loose] = share_loose[loose], offset_loose[loose]

    v = np.zeros(n)
    v[terminals] = np.where(role == VOLTAGE, value, 0.0)
    for k in [*loose[::-1], *range(n_free - 1, -1, -1)]:
        v[k] = share[k] @ v + offset[k]
    current = np.where(role == CURRENT, value, 0.0)
    for k in terminals[role == VOLTAGE]:
        current[k - n_free] = weight[k] @ (v[k] - v) - injected[k]
    v[~has_potential] = np.nan
    return Solution(potential=v[vertex], voltage=v[terminals], current=current, conductance=conductance_out)


# ---------------------------------------------------------------------------------------------------------------
# Devices: each knows its conductance and source current (i = g v + i0) and how its state moves under a voltage
# ---------------------------------------------------------------------------------------------------------------


class Device:
    """All edges that carry one device. Parameters are scalars or arrays over these edges."""

    defaults: ClassVar[dict[str, Any]] = {}
    states: tuple[str, ...] = ()

    def __init__(self, n: int | None = None, *, length: ArrayLike | None = None, **parameters: Any) -> None:
        self.length = None if length is None else np.asarray(length, dtype=float)
        self.n = len(self.length) if self.length is not None else int(n or 0)
        unknown = set(parameters) - set(self.defaults)
        if unknown:
            raise TypeError(f"{type(self).__name__} has no parameter {sorted(unknown)}")
        for name, default in self.defaults.items():
            value = parameters.get(name, default)
            is_word = isinstance(value, str) or value is None
            setattr(self, name, value if is_word else np.broadcast_to(np.asarray(value, dtype=float), self.n))
        self.start()

    def start(self) -> None:
        """Set the states before step 0."""

    def current_law(self, dt: float) -> tuple[Floats, Floats]:
        """Return g (S) and i0 (A) of i = g v + i0, from the present state."""
        raise NotImplementedError

    def advance(self, v: Floats, dt: float) -> list[tuple[int, int]]:
        """Move the states over one step at branch voltages v; returns events as (member, kind)."""
        return []


def tunnelling(alpha: Floats, beta: Floats, gap: Floats) -> Floats:
    """alpha exp(-beta gap), exactly 0 where beta gap > 300."""
    return np.where(beta * gap > 300.0, 0.0, alpha * np.exp(-beta * gap))


class TunnelGap(Device):
    """Type A (PNN25 sec. 5.2, eq. 2 and 3): a filament of length d grows in a strong field E and bridges the gap at
    d = L; a current above i_t thins its width w until it breaks. Two conductances, nothing between."""

    defaults: ClassVar = {
        "alpha": 1.0, "beta": 200.0, "g_on": 10.0, "e_t": 10.0, "i_t": 0.01, "r_d": 1e-6, "r_w": 1e-2, "w0": 1.0,
        "d_leak": 0.0, "d_after_break": 0.0, "field": "remaining",
    }  # fmt: skip
    states = ("d", "w", "closed")

    def start(self) -> None:
        self.d, self.w, self.closed = np.zeros(self.n), self.w0.copy(), np.zeros(self.n)

    def current_law(self, dt: float) -> tuple[Floats, Floats]:
        g = np.where(self.closed != 0.0, self.g_on, tunnelling(self.alpha, self.beta, self.length))
        return g, np.zeros(self.n)

    def advance(self, v: Floats, dt: float) -> list[tuple[int, int]]:
        open_before = self.closed == 0.0
        bridged = open_before & self.grow(open_before & (self.d < self.length), v, dt)
        broken = ~open_before & self.thin(~open_before, v, dt)
        self.d = np.where(bridged, self.length, np.where(broken, self.d_after_break * self.length, self.d))
        self.w = np.where(bridged | broken, self.w0, self.w)
        self.closed = np.where(bridged, 1.0, np.where(broken, 0.0, self.closed))
        return [(int(k), +1 if bridged[k] else -1) for k in np.flatnonzero(bridged | broken)]

    def grow(self, where: NDArray[np.bool_], v: Floats, dt: float) -> NDArray[np.bool_]:
        # E = |v| / span, so E - e_t = excess / span
        span = self.length - self.d if self.field == "remaining" else self.length
        excess = np.abs(v) - self.e_t * span
        grows, leaks = where & (excess > 0.0), where & (excess <= 0.0) & (self.d_leak > 0.0)
        self.d[grows] += (self.r_d * np.divide(excess, span, out=np.zeros(self.n), where=grows) * dt)[grows]
        self.d[leaks] *= np.exp(-(self.d_leak * dt))[leaks]
        return self.d >= self.length

    def thin(self, where: NDArray[np.bool_], v: Floats, dt: float) -> NDArray[np.bool_]:
        excess = np.abs(self.g_on * v) - self.i_t
        self.w -= np.where(where & (excess > 0.0), self.r_w * excess * dt, 0.0)
        return self.w <= 0.0


class Hillock(Device):
    """Type B (MF23 eq. 29, PNN25 Table 1): a hillock of height z narrows a gap of length D, up to z_max_fraction D;
    dz/dt = ((mu/kappa) |v| / (D - z) - z) / tau by explicit Euler."""

    defaults: ClassVar = {
        "mu": 3.46e-5,
        "kappa": 3.8e-2,
        "alpha": 10.0,
        "beta": 200.0,
        "tau": 20.0,
        "z_max_fraction": 0.5,
    }
    states = ("z",)

    def start(self) -> None:
        self.z = np.zeros(self.n)

    def current_law(self, dt: float) -> tuple[Floats, Floats]:
        return tunnelling(self.alpha, self.beta, self.length - self.z), np.zeros(self.n)

    def advance(self, v: Floats, dt: float) -> list[tuple[int, int]]:
        push = self.mu * np.abs(v) / (self.kappa * (self.length - self.z))
        self.z = np.clip(self.z + (push - self.z) * dt / self.tau, 0.0, self.z_max_fraction * self.length)
        return []


class RateBalance(Device):
    """Type C (PNN25 eq. 8-10, MF23 eq. 2-4): dg/dt = kP (1 - g) - kD g, solved exactly at constant voltage;
    kP = kappa_p0 exp(eta_p |v|), kD = kappa_d0 exp(-eta_d |v|). g_initial None: the equilibrium at 0 V."""

    defaults: ClassVar = {
        "kappa_p0": 5e-4, "kappa_d0": 5e-2, "eta_p": 10.0, "eta_d": 10.0, "g_min": 0.0, "g_max": 1.0,
        "g_initial": None, "step": "exact",
    }  # fmt: skip
    states = ("g",)

    def start(self) -> None:
        if self.g_initial is None:
            total = self.kappa_p0 + self.kappa_d0
            self.g_initial = np.divide(self.kappa_p0, total, out=np.zeros(self.n), where=total > 0.0)
        self.g = self.g_initial.copy()

    def current_law(self, dt: float) -> tuple[Floats, Floats]:
        return self.g_min * (1.0 - self.g) + self.g_max * self.g, np.zeros(self.n)

    def advance(self, v: Floats, dt: float) -> list[tuple[int, int]]:
        size = np.abs(v)
        k_p = self.kappa_p0 * np.exp(np.minimum(self.eta_p * size, 700.0))  # beyond it g is 1 anyway
        k_d = self.kappa_d0 * np.exp(-self.eta_d * size)
        ratio = np.divide(k_d, k_p, out=np.full(self.n, np.inf), where=k_p > 0.0)
        g_inf = 1.0 / (1.0 + ratio)
        x = (k_p + k_d) * dt
        if self.step == "exact":
            self.g = g_inf * -np.expm1(-x) + self.g * np.exp(-x)
        else:  # the published scripts, with their misplaced bracket
            self.g = g_inf + (1.0 - g_inf) * self.g * np.exp(-x)
        return []


class Resistor(Device):
    """i = conductance (v - emf)."""

    defaults: ClassVar = {"conductance": 1.0, "emf": 0.0}

    def current_law(self, dt: float) -> tuple[Floats, Floats]:
        return self.conductance, -self.conductance * self.emf


class Capacitor(Device):
    """i = C dv/dt by backward Euler: a conductance C/dt beside a source that remembers the voltage before."""

    defaults: ClassVar = {"capacitance": 1.0, "v_initial": 0.0}
    states = ("v",)

    def start(self) -> None:
        self.v = self.v_initial.copy()

    def current_law(self, dt: float) -> tuple[Floats, Floats]:
        g = self.capacitance / dt
        return g, -g * self.v

    def advance(self, v: Floats, dt: float) -> list[tuple[int, int]]:
        self.v = v.copy()
        return []


# ---------------------------------------------------------------------------------------------------------------
# The time loop
# ---------------------------------------------------------------------------------------------------------------


@dataclass
class Result:
    """Row k is step k as solved, before the states advance; the last row of a state is the one after the last step."""

    current: Floats  # (n_steps, n_electrodes)
    voltage: Floats  # (n_steps, n_electrodes)
    conductance: Floats  # (n_steps,)
    potential: Floats  # (n_steps, n_nodes)
    branch_voltage: Floats  # (n_steps, n_edges)
    edge_conductance: Floats  # (n_steps, n_edges)
    states: list[dict[str, Floats]]  # for each device: name -> (n_steps + 1, n)
    events: list[tuple[int, int, int]] = field(default_factory=list)  # step whose voltages caused it, edge, kind


def run(
    n_nodes: int,
    edges: ArrayLike,
    electrode: ArrayLike,
    devices: Sequence[tuple[Device, ArrayLike]],
    role: ArrayLike,
    value: ArrayLike,
    n_steps: int,
    dt: float,
) -> Result:
    """Run a network of devices, each given with the edges it sits on (ascending; every edge has one device).

    `role` (FLOATING, VOLTAGE, CURRENT) and `value` (V or A) are (n_electrodes,) or, changing in time,
    (n_steps, n_electrodes).
    """
    a, b = np.asarray(edges, dtype=np.int64).reshape(-1, 2).T
    members = [(device, np.asarray(ids, dtype=np.int64)) for device, ids in devices]
    n_electrodes = np.shape(role)[-1]
    roles = np.broadcast_to(np.asarray(role), (n_steps, n_electrodes))
    values = np.broadcast_to(np.asarray(value, dtype=float), (n_steps, n_electrodes))
    result = Result(
        current=np.empty((n_steps, n_electrodes)),
        voltage=np.empty((n_steps, n_electrodes)),
        conductance=np.empty(n_steps),
        potential=np.empty((n_steps, n_nodes)),
        branch_voltage=np.empty((n_steps, len(a))),
        edge_conductance=np.empty((n_steps, len(a))),
        states=[
            {name: np.empty((n_steps + 1, *np.shape(getattr(device, name)))) for name in device.states}
            for device, _ in members
        ],
    )
    g, i0 = np.empty(len(a)), np.empty(len(a))
    solved = b""
    for step in range(n_steps):
        for device, ids in members:
            g[ids], i0[ids] = device.current_law(dt)
        wanted = b"".join(one.tobytes() for one in (g, i0, roles[step], values[step]))
        if wanted != solved:  # else the solution is that of the step before
            solution, solved = solve(n_nodes, edges, g, electrode, roles[step], values[step], i0), wanted
        v = solution.potential[a] - solution.potential[b]
        v[np.isnan(v)] = 0.0  # a device on an island sees no voltage
        result.current[step], result.voltage[step] = solution.current, solution.voltage
        result.conductance[step], result.potential[step] = solution.conductance, solution.potential
        result.branch_voltage[step], result.edge_conductance[step] = v, g
        for (device, ids), history in zip(members, result.states, strict=True):
            for name in device.states:
                history[name][step] = getattr(device, name)
            result.events += [(step, int(ids[k]), kind) for k, kind in device.advance(v[ids], dt)]
    for (device, _), history in zip(members, result.states, strict=True):
        for name in device.states:
            history[name][n_steps] = getattr(device, name)
    return result
