"""A simulation's devices as differential equations, at any voltages and states."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from memnet import drive as drives
from memnet.devices import Device, field_index, state_fields, table_of

if TYPE_CHECKING:
    from memnet.simulate._engine import Engine

Floats = NDArray[np.float64]
# How far a voltage that is read over a link is moved for a slope, as a part of it or of 1 V.
LINK_STEP = 1e-4
# What `Linear` has of each edge and of each state.
OF_EDGES = ("i", "i_v", "i_u", "q_v")
OF_STATES = ("f", "f_x", "f_v", "f_u", "i_x", "q_x")


@dataclass(frozen=True)
class Linear:
    """Edges and states at one point: the current i(v, x), the charge q(v, x), rates f(v, x), and their derivatives."""

    i: Floats  # (n_edges,) A, from a to b
    i_v: Floats
    i_u: Floats  # by the voltage of the edge that an edge reads (mn.link), 0 without
    q_v: Floats
    f: Floats  # (n_states,) [x]/s
    f_x: Floats
    f_v: Floats
    f_u: Floats  # as i_u, of the edge that the state's edge reads
    i_x: Floats
    q_x: Floats  # 0 without a charge
    crossing: Floats  # (n_edges,): >= 0 where the law of an edge changes; -inf where it never does


@dataclass(frozen=True)
class Part:
    """The states of one device: a block of the vector of all states, one row of its members a state."""

    device: Device
    population: int
    edges: NDArray[np.int32]
    names: tuple[str, ...]
    block: slice

    @property
    def shape(self) -> tuple[int, int]:
        """States and members."""
        return len(self.names), int(self.edges.size)

    def row(self, name: str) -> slice:
        """Return where a state of the members stands in the vector of all states."""
        n_members = int(self.edges.size)
        start = self.block.start + self.names.index(name) * n_members
        return slice(start, start + n_members)


class Equations:
    """The differential equations that a simulation integrates, at its present time; it is looked at, not changed.

    With `between_events` edges whose conductance moves at events alone are conductances, as they are now, without
    states: what the circuit is until the next event.

    Raises
    ------
    ValueError
        A model that has none: it is named.
    """

    def __init__(self, simulation: Engine, *, between_events: bool = False) -> None:
        self._core = simulation._core
        self.held = [one for one in simulation.devices if between_events and _waits(one)]
        self._held_conductance = _conductances(simulation, self.held)
        self.n_edges = int(simulation.net.n_edges)
        self.parts: list[Part] = []
        low, high, flags, edges = [], [], [], []
        present: list[Floats] = []
        start = 0
        for device in simulation.devices:
            on = simulation.edges_of(device)
            if not on.size or device in self.held:
                continue
            fields = state_fields(table_of(device))
            stop = start + len(fields) * int(on.size)
            self.parts.append(Part(device, simulation.population_of(device), on, tuple(fields), slice(start, stop)))
            start = stop
            for name, field in fields.items():
                place = self.parts[-1].population, field_index(table_of(device), name)
                present.append(self._core.field(*place))
                of_table = np.full(on.size, field["low"]), np.full(on.size, field["high"])
                ends = self._core.own_range(*place) or of_table
                low.append(ends[0])
                high.append(ends[1])
                flags.append(np.full(on.size, field["kind"] != "real"))
                edges.append(on)
        self.n_states = start
        self.present = np.concatenate([np.empty(0), *present])
        self.low = np.concatenate([np.empty(0), *low])
        self.high = np.concatenate([np.empty(0), *high])
        self.discrete = np.concatenate([np.empty(0, dtype=bool), *flags])
        self.edge = np.concatenate([np.empty(0, dtype=np.int32), *edges])
        self.linked = np.full(self.n_edges, -1)
        for part in self.parts:
            if part.device.linked_to is not None:
                self.linked[part.edges] = part.device.linked_to
        self._where = [_as_slice(part.edges) for part in self.parts]
        self.at(np.zeros(self.n_edges), self.present)

    def starting(self, states: Floats) -> Equations:
        """Return the same equations with other present states."""
        other = copy.copy(self)
        other.present = states
        return other

    def at(self, voltage: Floats, states: Floats) -> Linear:
        """Return the equations at branch voltages (n_edges,) (V) and states (n_states,)."""
        of_edges = {name: np.zeros(self.n_edges) for name in OF_EDGES}
        crossing = np.full(self.n_edges, -np.inf)
        of_states = {name: np.zeros(self.n_states) for name in OF_STATES}
        for edges, conductance in self._held_conductance:
            of_edges["i"][edges] = conductance * voltage[edges]
            of_edges["i_v"][edges] = conductance
        for part, where in zip(self.parts, self._where, strict=True):
            values = np.ascontiguousarray(states[part.block].reshape(part.shape))
            found = self._core.linearise(part.population, voltage, values)
            if part.device.linked_to is not None:
                found |= self._by_links(part, voltage, values)
            for name, into in of_edges.items():
                if name in found:
                    into[where] = found[name]
            if part.names:
                for name, into in of_states.items():
                    if name in found:
                        into[part.block] = found[name].ravel()
            if "crossing" in found:
                crossing[where] = found["crossing"]
        return Linear(**of_edges, **of_states, crossing=crossing)

    def rates(self, part: Part, voltage: Floats, states: Floats) -> Floats:
        """Return the rates of one part's states (part.block), as `at` does."""
        values = np.ascontiguousarray(states[part.block].reshape(part.shape))
        found: Floats = self._core.linearise(part.population, voltage, values)["f"].ravel()
        return found

    def _by_links(self, part: Part, voltage: Floats, states: Floats) -> dict[str, Floats]:
        """Return slopes of currents and rates by the voltages that members read: differences of fourth order."""
        read = self.linked[part.edges]
        h = LINK_STEP * np.maximum(1.0, np.abs(voltage[read]))
        at = {}
        for times in (-2, -1, 1, 2):
            other = voltage.copy()
            other[read] = voltage[read] + times * h
            at[times] = self._core.linearise(part.population, other, states)
        return {
            f"{name}_u": (8.0 * (at[1][name] - at[-1][name]) - (at[2][name] - at[-2][name])) / (12.0 * h)
            for name in ("i", "f")
        }

    def part_of(self, device: Device) -> Part:
        """Return the part of a device, which compares by identity."""
        return next(part for part in self.parts if part.device is device)


def _as_slice(places: NDArray[np.int32]) -> NDArray[np.int32] | slice:
    """Return places as a slice where they follow each other: arrays are then read and written much faster."""
    first, n = int(places[0]), int(places.size)
    return slice(first, first + n) if (places == np.arange(first, first + n)).all() else places


def _waits(device: Device) -> bool:
    """Return whether the conductance of a device's edges stays as it is from event to event."""
    table = table_of(device)
    return bool(table["event_driven"] and not table["smooth"])


def _conductances(simulation: Engine, devices: list[Device]) -> list[tuple[NDArray[np.int32], Floats]]:
    """Return the edges of some devices and their conductances (S)."""
    if not devices:
        return []
    conductance = simulation.copy().conductance
    return [(edges, conductance[edges]) for edges in map(simulation.edges_of, devices)]


def boundary(simulation: Engine) -> tuple[NDArray[np.uint8], Floats]:
    """Return role and value (V or A) of each electrode at a simulation's present time, in the network's order.

    Raises
    ------
    ValueError
        The current of an electrode is limited, which depends on what flows.
    """
    for name, wave in simulation.drive.items():
        if drives.ROLE_LIMITED in wave.roles:
            raise ValueError(f"drive must limit no current here, got {wave!r} at {name!r}")
    role = simulation._core.roles(np.array([simulation.time]))[0]
    values = [wave(simulation.time) for wave in simulation.drive.values()]
    return role, np.where(role == drives.ROLE_FLOATING, 0.0, values)


def potentials_at_rest(simulation: Engine, value: Floats) -> Floats | None:
    """Return the potentials (V) at which currents balance with states as they are and electrodes at these values.

    Parameters
    ----------
    simulation : Simulation
        It is looked at, not changed; which electrodes float or have a current is what it is at its present time.
    value : ndarray, (n_electrodes,)
        V or A, in the network's order.

    Returns
    -------
    ndarray, (n_nodes,), or None
        None where there are none, or none were found.
    """
    resting = simulation.copy()
    waves: dict[str, drives.Driven] = {}
    for name, role, one in zip(simulation.drive, boundary(simulation)[0], value.tolist(), strict=True):
        waves[name] = None if role == drives.ROLE_FLOATING else one
        if role == drives.ROLE_CURRENT:
            waves[name] = drives.current(one)
    try:
        resting.set_drive(waves)
        resting._core.solve_static()
    except (ArithmeticError, ValueError):
        return None
    potential: Floats = resting._core.potential
    return potential
