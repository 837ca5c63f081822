"""Edges whose model is a text: a subcircuit a model, and an instance of it an edge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memnet import equations
from memnet.devices import Device, EquationDevice, Series, table_of
from memnet.simulate import Simulation

Floats = NDArray[np.float64]


class Subcircuits:
    """The subcircuits of the models of a simulation that are texts."""

    def __init__(self, sim: Simulation) -> None:
        self.sim = sim
        self._of: dict[tuple[str, str], equations.Subcircuit] = {}
        for device in sim.devices:
            for part in device.own_parts:
                if isinstance(part, EquationDevice) and sim.edges_of(device).size:
                    self._add(part)

    def _add(self, part: EquationDevice) -> None:
        if (part.model, part.text) not in self._of:
            model = equations.parse(part.model, part.text)
            name = f"m{len(self._of)}_{part.model}"  # two texts may have one name, but for letters' case at least
            found = equations.subcircuit(model, equations.table(model), name=name, time=self.sim.time)
            self._of[part.model, part.text] = found

    def __contains__(self, part: Device) -> bool:
        return isinstance(part, EquationDevice)

    def of(self, part: Device) -> equations.Subcircuit:
        """Return the subcircuit of a device whose model is a text."""
        assert isinstance(part, EquationDevice)
        return self._of[part.model, part.text]

    def lines(self) -> Iterator[str]:
        """Return all subcircuits."""
        for one in self._of.values():
            yield from one.lines

    def edge(self, part: Device, label: str, a: str, b: str, p: Mapping[str, Any]) -> Iterator[str]:
        """Return the lines of an edge: of its fields, and what `charges` and `links` have found."""
        of = self.of(part)
        nodes = [a, b, *(state_node(label, word) for word in of.states.values()), *p.get("linked.", ())]
        values = {word: p[name] for name, word in [*of.parameters.items(), *of.starts.items()]}
        values |= dict(zip(of.charge, p.get("charge.", ()), strict=True))
        yield f"X{label} {' '.join(nodes)} {of.name}"
        if values:
            yield "+ " + " ".join(f"{word}={value!r}" for word, value in values.items())

    def charges(self, device: Device, numbers: Mapping[str, Floats]) -> list[tuple[float, ...]]:
        """Return of each edge of a device its charge now, and a unit to count it in (C)."""
        if device not in self or not self.of(device).charge:
            return []
        assert isinstance(device, EquationDevice)
        model = equations.parse(device.model, device.text)
        program = equations.programs(model, equations.table(model)).linearise
        assert program is not None
        zero = np.zeros(self.sim.edges_of(device).size)
        given = {**dict.fromkeys(program.inputs, zero), **numbers, "v": numbers["v_q"]}
        found = program.core().run(
            np.array([given[name] for name in program.inputs]).reshape(len(program.inputs), zero.size),
            np.array([{"t": self.sim.time}[name] for name in program.uniforms]),
        )
        charge, capacitance = (found[program.outputs.index(name)].tolist() for name in ("q", "q_v"))
        return [(one, _power_of_ten(size)) for one, size in zip(charge, capacitance, strict=True)]

    def links(self, device: Device, names: list[str]) -> list[tuple[str, ...]]:
        """Return the nodes that each edge of a device reads: of the linked edge, and of its states.

        Raises
        ------
        ValueError
            A linked edge is not in the netlist, or has no node for a state.
        """
        reader = next((part for part in device.own_parts if table_of(part)["linked_states"] is not None), None)
        if reader is None:
            return []
        edges, net = self.sim.edges_of(device), self.sim.net
        to = device.core_device(edges, net.n_own_edges)[-1]
        assert to is not None
        found = []
        for edge, other in zip(edges.tolist(), to.tolist(), strict=True):
            ends = [names[node] for node in net.edges[other]]
            if not all(ends) or ends[0] == ends[1]:
                raise ValueError(f"edge {edge} reads edge {other}, which has no part in the circuit and no netlist")
            states = (self._state_node(other, state) for state in table_of(reader)["linked_states"] or ())
            found.append((*ends, *states))
        return found

    def _state_node(self, edge: int, state: str) -> str:
        """Return the node of a state of an edge."""
        device = next(one for one in self.sim.devices if edge in self.sim.edges_of(one))
        part, label = device, str(edge)
        if isinstance(device, Series):
            state, _, number = state.rpartition("_")
            part, label = device.parts[int(number) - 1], f"{edge}_{number}"
        if part in self:
            return state_node(label, self.of(part).states[state])
        if (part.model, state) == ("RateBalance", "g"):
            return f"g{label}"
        raise ValueError(f"{state} of {part.model} has no node in a netlist, so no other edge can read it there")


def state_node(label: str, word: str) -> str:
    """Return the node whose voltage is a state of an edge."""
    return f"x{label}_{word}"


def _power_of_ten(size: float) -> float:
    """Return the power of ten of a number, 1 of 0 and of what is not finite."""
    return float(10.0 ** np.floor(np.log10(abs(size)))) if size != 0.0 and np.isfinite(size) else 1.0
