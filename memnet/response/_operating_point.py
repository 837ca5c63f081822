"""Where a circuit is linearised: the static state that it comes to, or its present one."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memnet import drive as drives
from memnet.base import blas, check
from memnet.circuit import shown
from memnet.devices import Device, EquationDevice, equation_table, table_of
from memnet.drive import ROLE_VOLTAGE, Driven
from memnet.response._at_rest import came_to_rest
from memnet.response._nodes import sorted_nodes
from memnet.response._pencil import Assembly, Coupling, couplings
from memnet.response._reduced import Boundary
from memnet.response._survey import Survey, survey
from memnet.simulate import Equations, Linear, Simulation, boundary, potentials_at_rest

Floats = NDArray[np.float64]
# Devices have voltages of their own, of about this size, however small those of the drive are (V).
LEAST_VOLTS = 1.0
POINTS = ("static", "present")


class NoOperatingPoint(ValueError, ArithmeticError):
    """A circuit has no state to be linearised at, or none was found: what its drive asks for, or numbers, are wrong.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
    >>> sim = mn.Simulation(net, mn.Inductor(), {"in": 1.0, "out": 0.0}, method="adaptive")
    >>> try:
    ...     mn.eigenvalues(sim)
    ... except mn.NoOperatingPoint as error:
    ...     print(str(error)[:26])
    no static state was found:
    """


@dataclass(frozen=True)
class OperatingPoint:
    """A circuit at a point, with all that its linearisation needs."""

    simulation: Simulation  # at the bias; its states are those that it had
    assembly: Assembly
    survey: Survey
    role: NDArray[np.uint8]  # of each electrode
    y: Floats  # free potentials and moving states
    states: Floats  # (n_states,)
    linear: Linear
    coupled: list[Coupling]
    volts: float

    @property
    def equations(self) -> Equations:
        """The circuit's devices as differential equations."""
        return self.assembly.equations

    @property
    def boundary(self) -> Boundary:
        """The network as small departures see it."""
        return Boundary(self.simulation.net, self.role, self.assembly)

    @property
    def potential(self) -> Floats:
        """Potential of each node (n_nodes,) (V), nan where it has none."""
        return self.assembly.potential(self.y)

    def voltage_of(self, electrode: str) -> float:
        """Return the potential of an electrode (V)."""
        return float(self.potential[self.simulation.net.electrodes[electrode][0]])

    def current_into(self, electrode: str) -> float:
        """Return the current into the network at an electrode (A)."""
        net = self.simulation.net
        inside = np.isin(net.edges, net.electrodes[electrode]).astype(float)
        return float((inside[:, 0] - inside[:, 1]) @ np.where(self.assembly.alive, self.linear.i, 0.0))


def operating_point(simulation: Any, bias: Any, at: Any) -> OperatingPoint:
    """Return where a simulation is linearised: arguments as in `impedance`.

    Raises
    ------
    TypeError, ValueError
        Arguments that do not fit; a model without a linearisation, or with a rate that depends on time: it is named.
    NoOperatingPoint
        There is no static state, or none was found; a threshold has been passed there.
    """
    check.instance("sim", simulation, Simulation, "a Simulation")
    check.one_of("at", at, POINTS)
    biased = _biased(simulation, bias)
    role, value = boundary(biased)
    equations = Equations(biased, between_events=True)
    for part in equations.parts:
        _refuse_time(part.device)
    volts = max(float(np.abs(value[role == ROLE_VOLTAGE]).max(initial=0.0)), LEAST_VOLTS)
    with np.errstate(all="ignore"):
        seen = survey(equations, volts)
    net = biased.net
    joins = seen.conducts | (equations.at(np.zeros(net.n_edges), equations.present).q_v != 0.0)
    nodes = sorted_nodes(net, joins, role, value, np.zeros(len(value)), joins)
    moving = np.flatnonzero(seen.moving)
    assembly = Assembly(equations, np.asarray(net.edges), nodes, moving)
    point = OperatingPoint(
        biased, assembly, seen, role, _start(biased, assembly, value), equations.present, _nothing(equations), [], volts
    )
    with blas.one_thread():
        if at == "static":
            try:
                point = replace(point, y=came_to_rest(point.boundary, assembly, seen, point.y, volts))
            except ArithmeticError as error:
                raise NoOperatingPoint(f"no static state was found: {error}") from None
        return _looked_at(point)


def _looked_at(point: OperatingPoint) -> OperatingPoint:
    """Return a point with what devices are there.

    Raises
    ------
    NoOperatingPoint
        A threshold has been passed on the way, or a number is not finite.
    """
    assembly, equations = point.assembly, point.equations
    voltage, states = assembly.voltage(point.y), equations.present.copy()
    states[assembly.moving] = point.y[assembly.n_free :]
    for part in equations.parts:
        charged = table_of(part.device)["voltage_field"]
        if charged is not None:
            states[part.row(charged)] = voltage[part.edges]
    linear = equations.at(voltage, states)
    passed = np.flatnonzero((linear.crossing >= 0.0) & assembly.alive)
    if passed.size:
        raise NoOperatingPoint(
            f"no static state as switches stand: {shown(point.simulation.net, 'edge', passed)} would be past a"
            " threshold there; let the simulation run until it has been crossed, or choose another bias"
        )
    bad = ~np.isfinite(linear.i) | ~np.isfinite(linear.i_v)
    if bad.any():
        where = shown(point.simulation.net, "edge", np.flatnonzero(bad)[:1])
        raise NoOperatingPoint(f"the current of {where} is not finite at the operating point: an exponent overflows")
    coupled = couplings(equations, voltage, states, point.survey)
    return replace(point, states=states, linear=linear, coupled=coupled)


def _biased(simulation: Simulation, bias: Any) -> Simulation:
    """Return a copy at a bias: its own drive, with what `bias` says in place of it."""
    copy = simulation.copy()
    if bias is None:
        return copy
    check.instance("bias", bias, Mapping, "a dict from electrodes to volts, or None")
    drive: dict[str, Driven] = dict(copy.drive)
    for name, value in bias.items():
        wave = drives.waveform(f"bias[{name!r}]", value)
        held, _ = drives.without_limit(f"bias[{name!r}]", wave)
        if drives.constant_value(drives.waveform(f"bias[{name!r}]", held)) is None:
            raise ValueError(f"bias[{name!r}] must be constant, at an operating point nothing moves, got {wave!r}")
        drive[check.known_name("electrode in bias", name, drive)] = wave
    copy.set_drive(drive)
    return copy


def _refuse_time(device: Device) -> None:
    """Raise ValueError for a model whose equations have the time in them, so that nothing is at rest."""
    if isinstance(device, EquationDevice) and _knows_the_time(device.model, device.text):
        raise ValueError(f"{device.model} has the time t in its equations, so it has no operating point")


@functools.lru_cache(maxsize=128)
def _knows_the_time(model: str, text: str) -> bool:
    """Return whether the equations of a text have the time in them: read once, not at every operating point."""
    program = equation_table(model, text).programs.linearise
    return program is not None and "t" in program.uniforms


def _start(simulation: Simulation, assembly: Assembly, value: Floats) -> Floats:
    """Return potentials with the present states, and these: where the way to rest begins."""
    nodes = assembly.nodes
    potential = potentials_at_rest(simulation, value)
    y = np.zeros(assembly.n)
    if potential is not None:
        free = nodes.free >= 0
        y[nodes.free[free]] = np.nan_to_num(potential[free])
    y[assembly.n_free :] = assembly.equations.present[assembly.moving]
    return y


def _nothing(equations: Equations) -> Linear:
    return equations.at(np.zeros(equations.n_edges), equations.present)
