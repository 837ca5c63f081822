"""What protocols of plasticity share: arguments, trials of a system on the bench, and what is read there."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from memnet import drive as drives
from memnet.analysis._bench import Bench, bench
from memnet.analysis._stimulus import MOST_STEPS, refuse_jumps_inside, steps_in
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.circuit import solve_conductances
from memnet.devices import state_fields, table_of
from memnet.simulate import Simulation

if TYPE_CHECKING:
    import xarray as xr

# The most numbers of a result.
MOST_VALUES = 10_000_000
# What variables of weights, and the times over which they are asked for, are called at the axes of plots.
CHANGES = {
    "before": "weight before",
    "after": "weight after",
    "change": "change of the weight",
    "change_first": "change of the weight by the earlier spike alone",
}
AXES = {"delay": "delay from first to second port", "interval": "time between pulses"}
# How far apart two weights may be that are the same, as a part of the largest.
ROUNDING = 1e-13


@dataclass(frozen=True)
class Protocol:
    """A system and how trials of it are made.

    Attributes
    ----------
    bench : Bench
    ports : tuple of str
        The two electrodes that are driven.
    others : dict
        What drives further electrodes.
    realisations : int
    seed : int
    dt : float
        Step, or with adaptive steps the time between rows (s).
    options : dict
        Further options of the simulations.
    priming : tuple of (Waveform or float, float), optional
        What is applied to the first port before, and for how long (s).
    element, state : optional
        What the weight is of: an element, one of its states; the whole and the conductance where there is none.
    system, unit : str
        What the system looks like, and the unit of the weight.
    """

    bench: Bench
    ports: tuple[str, str]
    others: Mapping[str, drives.Driven]
    realisations: int
    seed: int
    dt: float
    options: Mapping[str, Any]
    priming: tuple[drives.Driven, float] | None
    element: Any
    state: str | None
    system: str
    unit: str

    def attributes(self) -> dict[str, Any]:
        """Return the arguments as attributes of a result, which files can hold: text and numbers."""
        given: dict[str, Any] = {
            "system": self.system,
            "ports": ", ".join(self.ports),
            "others": ", ".join(f"{name} {wave!r}" for name, wave in self.others.items()),
            "priming": "" if self.priming is None else f"{self.priming[0]!r} for {self.priming[1]:g} s",
            "weight": "" if self.element is None else str(self.element),
            "state": self.state or "",
            "dt": self.dt,
            "realisations": self.realisations,
            "seed": self.seed,
            "method": self.options["method"],
        }
        return given if self.options["rtol"] is None else {**given, "rtol": float(self.options["rtol"])}

    def measured(
        self, first: drives.Driven, second: drives.Driven, length: float, procedure: Callable[[Trial], Floats]
    ) -> Floats:
        """Return what a procedure reads in trials with these drives of the ports: (realisations, ...).

        `length` is how long a trial goes on (s): until then nothing may jump inside a step.
        """
        return np.concatenate([procedure(trial) for trial in self._trials(first, second, length)])

    def _trials(self, first: drives.Driven, second: drives.Driven, length: float) -> Iterator[Trial]:
        """Give trials that stand where the drives begin, which is behind the priming."""
        waves = dict(zip(self.ports, (first, second), strict=True))
        lead = 0.0
        if self.priming is not None:
            before, lead = self.priming
            waves[self.ports[0]] = drives.concat([(before, lead), (first, None)])
            waves[self.ports[1]] = drives.concat([(0.0, lead), (second, None)])
        if self.options["method"] == "fixed":
            for name, wave in {**waves, **self.others}.items():
                refuse_jumps_inside(f"the drive of {name!r}", drives.waveform(name, wave), lead + length, self.dt)
        for run in range(self.realisations // self.bench.n_copies):
            given = self.of_copies({**waves, **self.others})
            sim = self.bench.start(given, dt=self.dt, seed=self.seed + run, **self.options)
            trial = Trial(self, sim)
            if lead:
                trial.advance(steps_in("duration of priming", lead, self.dt))
            yield trial

    def of_copies(self, waves: Mapping[str, drives.Driven]) -> dict[str, drives.Driven]:
        """Return what drives the electrodes of all copies, from what drives those of one."""
        return {self.bench.renamed(n, k): wave for k in range(self.bench.n_copies) for n, wave in waves.items()}

    def at_ports(self, first: float, second: float) -> dict[str, drives.Driven]:
        """Return constant voltages (V) at the ports of all copies."""
        return self.of_copies(dict(zip(self.ports, (first, second), strict=True)))


@dataclass(frozen=True)
class Trial:
    """A simulation of copies of a system, which is stepped and read. Reading changes nothing: it is done on a copy."""

    protocol: Protocol
    sim: Simulation

    def advance(self, steps: int) -> None:
        """Take steps, with the warnings that runs give where they are too long, and keep nothing."""
        self.sim.run(steps, record={"current": False}, events=False, every=MOST_STEPS)

    def conductance(self, voltage: float) -> Floats:
        """Return current over voltage of each copy (S), of the whole or the element, with a voltage (V) applied."""
        own, held = self.protocol, self._held(voltage)
        if own.element is not None:
            edges = self._edges()
            volts, amps = held.branch_voltage[edges], held.branch_current[edges]
            return np.where(volts == 0.0, held.conductance[edges], amps / np.where(volts == 0.0, 1.0, volts))
        return np.asarray(held.current[self._port(0)] / voltage)

    def outflow(self, voltage: float) -> Floats:
        """Return the current that leaves each copy at its second port (A) with a voltage (V) at the first."""
        return np.asarray(0.0 - self._held(voltage).current[self._port(1)])

    def weight(self) -> Floats:
        """Return the weight of each copy: conductance at rest (S), of the whole or an element, or a state of that."""
        own = self.protocol
        if own.state is not None:
            return self._states(own.state)
        self._refuse_charges()
        held = self._held(0.0)
        return held.conductance[self._edges()] if own.element is not None else self._whole(held)

    def around(self, steps: int) -> Floats:
        """Return the weights before some steps, which are taken, and after them: (copies, 2)."""
        before = self.weight()
        self.advance(steps)
        return np.stack((before, self.weight()), axis=1)

    def _refuse_charges(self) -> None:
        """Raise ValueError where the weight is of an edge that holds a charge: its conductance is that of a step."""
        own, devices = self.protocol, self.sim.devices
        read = devices if own.element is None else [own.bench.device(own.bench.edge(own.element, 0))]
        charged = [device for device in read if table_of(device)["has_charge"]]
        if charged:
            raise ValueError(
                f"weight must be of elements without charge, whose conductance would be that of a step, got"
                f" {charged[0]!r}; name another element, or a state"
            )

    def _held(self, voltage: float) -> Simulation:
        """Return a copy of the simulation in which the first port is held at a voltage (V), the second at 0 V."""
        held = self.sim.copy()
        held.set_drive({**self.sim.drive, **self.protocol.at_ports(voltage, 0.0)})
        return held

    def _whole(self, held: Simulation) -> Floats:
        """Return the conductance of each copy from port to port (S), of what its edges conduct now.

        Other electrodes are at 0 V, as for all small changes, where the drive holds them, and float where it does not.
        """
        own, siemens = self.protocol, held.conductance
        others = {name: 0.0 if wave.roles == {drives.ROLE_VOLTAGE} else None for name, wave in held.drive.items()}
        driven = {**others, **own.at_ports(1.0, 0.0)}
        found = solve_conductances(held.net, siemens, driven, "kron" if (siemens >= 0.0).all() else "umfpack")
        return np.array([found.current_of(own.bench.renamed(own.ports[0], k)) for k in range(own.bench.n_copies)])

    def _port(self, number: int) -> list[int]:
        """Return which electrodes are the first or the second ports of the copies."""
        own, place = self.protocol, {name: k for k, name in enumerate(self.sim.net.electrodes)}
        return [place[own.bench.renamed(own.ports[number], k)] for k in range(own.bench.n_copies)]

    def _edges(self) -> list[int]:
        """Return the edge of the element in each copy."""
        own = self.protocol
        return [own.bench.edge(own.element, k) for k in range(own.bench.n_copies)]

    def _states(self, name: str) -> Floats:
        """Return a state of the element in each copy."""
        values = np.full(int(self.sim.net.n_edges), math.nan)
        edges = self._edges()
        for device in self.sim.devices:
            mine = self.sim.edges_of(device)
            if np.isin(edges, mine).any():
                state = self.sim.state(device, name)
                if state.ndim > 1:
                    raise ValueError(f"state must be one number an element, got {name!r} of {device!r}")
                values[mine] = state
        return values[edges]


def protocol(
    system: Any,
    *,
    ports: tuple[str, str],
    others: Mapping[str, drives.Driven] | None,
    realisations: int,
    seed: int,
    dt: float,
    method: str,
    rtol: float | None,
    priming: tuple[drives.Driven, float] | None,
    weight: Any = None,
    state: str | None = None,
) -> Protocol:
    """Return the arguments that all protocols have, checked, with the system on the bench.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or outside its range, an electrode or element that the system has not.
    """
    names = _ports(ports)
    further = {} if others is None else others
    check.instance("others", further, Mapping, "a dict from electrode to waveform, number or None")
    for name in further:
        if name in names:
            raise ValueError(f"others must name electrodes that are no ports, got {name!r}")
    step = check.real("dt", dt, 0.0, math.inf, "()", "s")
    copies = check.integer("realisations", realisations, 1, MOST_VALUES)
    on_bench = bench(system, (*names, *further), copies)
    unit = "S"
    if weight is not None or state is not None:
        device = on_bench.device(on_bench.edge(weight, 0))
        if state is not None:
            fields = state_fields(table_of(device))
            unit = fields[check.one_of(f"state of {device.model}", state, fields)]["unit"]
    return Protocol(
        bench=on_bench,
        ports=names,
        others=dict(further),
        realisations=copies,
        seed=check.integer("seed", seed, 0),
        dt=step,
        options={"method": method, "rtol": rtol},
        priming=_priming(priming, step),
        element=weight,
        state=state,
        system=check.shown(system),
        unit=unit,
    )


def _ports(ports: Any) -> tuple[str, str]:
    """Return the names of the two ports."""
    if not isinstance(ports, (tuple, list)) or len(ports) != 2 or not all(isinstance(one, str) for one in ports):
        raise TypeError(f"ports must be the names of two electrodes, got {check.shown(ports)}")
    if ports[0] == ports[1]:
        raise ValueError(f"ports must be two different electrodes, got {ports[0]!r} twice")
    return ports[0], ports[1]


def _priming(priming: Any, dt: float) -> tuple[drives.Driven, float] | None:
    """Return what is applied before a protocol, and for how long (s)."""
    if priming is None:
        return None
    if not isinstance(priming, (tuple, list)) or len(priming) != 2:
        raise TypeError(f"priming must be a pair (waveform, duration in s), got {check.shown(priming)}")
    length = check.real("duration of priming", priming[1], 0.0, math.inf, "()", "s")
    steps_in("duration of priming", length, dt)
    return drives.waveform("waveform of priming", priming[0]), length


def refuse_many(**sizes: int) -> None:
    """Raise ValueError where a result would have too many numbers; `sizes` are its dimensions."""
    if math.prod(sizes.values()) > MOST_VALUES:
        said = " x ".join(f"{size:,} of {name}" for name, size in sizes.items())
        raise ValueError(f"a result must hold at most {MOST_VALUES:,} numbers, got {said}; ask for fewer")


def standard_error(values: Floats) -> Floats:
    """Return the standard errors of the means over the second axis; nan where it has one value."""
    n = values.shape[1]
    if n < 2:
        return np.full((len(values), *values.shape[2:]), math.nan)
    return np.asarray(values.std(axis=1, ddof=1) / math.sqrt(n))


def index_of(values: Floats) -> tuple[Floats, Floats]:
    """Return the ratio of each pulse's mean to that of the first pulse, and its standard error by the delta method.

    Values are (n, realisations, pulses), both results (n, pulses); nan where the mean of the first pulse is 0.
    """
    mean = values.mean(axis=1)
    first = np.where(mean[:, :1] == 0.0, math.nan, mean[:, :1])
    index = mean / first
    away = values - index[:, np.newaxis, :] * values[:, :, :1]  # of mean 0; the ratio's error is that of its mean
    return index, standard_error(away) / np.abs(first)


def rounding(weights: Floats) -> float:
    """Return what two weights may differ by where they are the same."""
    return ROUNDING * float(np.abs(weights).max(initial=0.0))


def described(unit: str, text: str) -> dict[str, str]:
    """Return attributes of a variable, which xarray writes at the axes of its plots."""
    return {"units": unit, "long_name": text}


def changes(
    axis: str, times: Floats, weights: Mapping[str, Floats], own: Protocol, attrs: dict[str, Any]
) -> xr.Dataset:
    """Return weights and their `change` (times, realisations) as a dataset with its mean and standard error."""
    import xarray as xr

    variables: dict[str, Any] = {
        name: ((axis, "realisation"), values, described(own.unit, CHANGES[name])) for name, values in weights.items()
    }
    mean, error = weights["change"].mean(axis=1), standard_error(weights["change"])
    variables["change_mean"] = (axis, mean, described(own.unit, "mean change of the weight"))
    variables["change_error"] = (axis, error, described(own.unit, "standard error of the change"))
    places = {axis: (axis, times, described("s", AXES[axis])), "realisation": np.arange(own.realisations)}
    return xr.Dataset(variables, places, attrs)
