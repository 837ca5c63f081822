"""A network with devices and a drive as the C library steps it: made, looked at, set, copied and kept."""

from __future__ import annotations

import copy
import json
import math
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from memnet import _core, drive as drives
from memnet.base import check, text
from memnet.base.plain import encode, extended
from memnet.circuit import MOST_THREADS, ORDERS, SOLVERS, refuse_limits_alone, warn_of_accuracy
from memnet.devices import (
    Device,
    Mix,
    assigned,
    check_own_range,
    core_cycles,
    describe_devices,
    field_index,
    parameter_fields,
    refuse_linked_units,
    refuse_outputs,
    state_fields,
    state_shape,
    state_values,
    table_of,
)
from memnet.network import Named, Network, describe_network, name_places, named_edge
from memnet.simulate import _method as methods, _port as ports
from memnet.simulate._events import joined_events
from memnet.simulate._reactions import Reaction, checked_reactions, core_reactions, refuse_roles
from memnet.simulate._solved import LastSolution, Report

if TYPE_CHECKING:
    import xarray as xr

# How long the C library runs before Python sees to Ctrl-C and the progress bar (s).
BUDGET = 0.05
# What a simulation is made with; the C library has it, and another value here would be none there.
MADE_WITH = frozenset(
    [
        "net",
        "devices",
        "assignment",
        "dt",
        "seed",
        "solver",
        "order",
        "threads",
        "incremental",
        "event_driven",
        "method",
        "rtol",
        "reactions",
    ]
)
# What `_make_core` and `assigned` make again from the rest.
MADE_AGAIN = ("assignment", "_core", "_described", "_driven", "_edges", "_lock", "_place", "_population", "_report")

Same = TypeVar("Same", bound="Engine")


class Engine(LastSolution, text.Summary):
    """What `Simulation` is apart from its runs; `Simulation` documents it."""

    @check.known_keywords
    def __init__(
        self,
        net: Network,
        devices: Device | Mix | Sequence[Device],
        drive: Mapping[str, drives.Driven],
        *,
        dt: float = 1.0,
        seed: int | None = None,
        solver: str = "kron",
        order: str = "auto",
        threads: int = 1,
        incremental: bool = True,
        event_driven: bool = True,
        method: str = "fixed",
        rtol: float | None = None,
        reactions: Sequence[Reaction] = (),
    ) -> None:
        check.instance("net", net, Network, "a Network")
        self.net = net
        self.devices, self.assignment, self._edges = assigned(devices, net)
        self.dt = check.real("dt", dt, 0.0, math.inf, "()", "s")
        self.seed = check.seed("seed", seed)
        self.solver = check.one_of("solver", solver, SOLVERS)
        self.order = check.one_of("order", order, ORDERS)
        self.threads = check.integer("threads", threads, 1, MOST_THREADS)
        self.incremental = check.flag("incremental", incremental)
        self.event_driven = check.flag("event_driven", event_driven)
        self.method, self.rtol = methods.checked(method, rtol)
        if self.rtol is not None:
            methods.refuse_steps('method="adaptive" takes', self._used())
        self._drive = self._checked_drive(drive)
        self.reactions = checked_reactions(reactions, net, self.devices)
        refuse_roles(self.reactions, self._drive)
        self.set_by_hand = False
        self.warned_of_steps = self.warned_of_controls = False  # True, too, where nobody wants to hear of it
        self.partial: xr.Dataset | None = None
        self.last_events = joined_events([])[:3]
        self._make_core()

    def __setattr__(self, name: str, value: Any) -> None:
        if name in MADE_WITH and name in self.__dict__:
            raise AttributeError(
                f"{name} is what the simulation was made with, {check.shown(self.__dict__[name])}, and cannot be set; "
                f"make another one with {name}=..."
            )
        super().__setattr__(name, value)

    def _make_core(self) -> None:
        """Make what cannot be copied or kept: the C simulation at step 0, its lock, and what goes with them."""
        n_edges = int(self.net.n_own_edges)
        self._place = {id(device): k for k, device in enumerate(self.devices)}
        used = [k for k, edges in enumerate(self._edges) if edges.size]
        self._population = {k: place for place, k in enumerate(used)}
        populations = [self.devices[k].core_device(self._edges[k], n_edges) for k in used]
        waves, root = drives.flatten(self._drive, list(self.net.electrodes))
        self._core = _core.Simulation(
            self.net.core,
            populations,
            waves,
            root,
            self.solver,
            self.dt,
            self.seed,
            incremental=self.incremental,
            event_driven=self.event_driven,
            rtol=self.rtol or 0.0,
            order=self.order,
            threads=self.threads,
        )
        refuse_linked_units(self.devices, self._edges)
        if self.reactions:
            members = {id(self.devices[k]): (place, self._edges[k]) for k, place in self._population.items()}
            self._core.react(*core_reactions(self.reactions, list(self.net.electrodes), members))
        cycles = [
            {"population": place, **one}
            for k, place in self._population.items()
            for one in core_cycles(self.devices[k], self._edges[k], n_edges)
        ]
        if cycles:
            self._core.cycle(tuple(cycles))
        self._lock = threading.Lock()
        self._driven = ports.DrivenElectrodes(self._drive, self._core.roles)
        self._described: str | None = None
        self._report = self._ask()

    def _checked_drive(self, drive: Any) -> dict[str, drives.Waveform]:
        """Return the waveform of each electrode, where the network can be driven so."""
        checked = drives.checked(drive, self.net.electrodes, self.net.joints)
        roles = [wave.roles for wave in checked.values()]
        limited = np.array([drives.ROLE_LIMITED in one for one in roles])
        refuse_limits_alone(self.net, limited, np.array([one == {drives.ROLE_VOLTAGE} for one in roles]))
        return checked

    def _used(self) -> Iterator[Device]:
        """Give the devices that have edges."""
        return (device for device, edges in zip(self.devices, self._edges, strict=True) if edges.size)

    def _watch_steps(self) -> None:
        """Have the C library compare steps now and then, where that says something that nobody has said before."""
        if self.method == "fixed" and not self.warned_of_steps and not any(map(methods.incomparable, self._used())):
            self._core.watch_steps()
        if self.method == "fixed" and not self.warned_of_controls:
            self._core.watch_controls()

    def _say_steps(self, stacklevel: int) -> None:
        """Warn, once, where steps were found to be too long."""
        loop = self._core.control_loop
        if loop is not None and not self.warned_of_controls:
            self.warned_of_controls = True
            model = next(d.model for d, edges in zip(self.devices, self._edges, strict=True) if loop["edge"] in edges)
            methods.warn_of_control(loop, named_edge(self.net, loop["edge"]), model, self.dt, stacklevel + 1)
        difference = self._core.step_difference
        if difference > methods.STEP_LIMIT and not self.warned_of_steps:
            self.warned_of_steps = True
            has_noise = any(map(methods.obstacle, self._used()))
            methods.warn_of_steps(difference, self.dt, stacklevel + 1, has_noise=has_noise)

    def _chunk(self, n_steps: int, collect: Callable[[], None]) -> int:
        """Take at most some steps, for about 0.05 s, and return how many; then or on an error have events collected."""
        try:
            return self._core.run(n_steps, BUDGET)[1]
        except (ArithmeticError, ValueError) as error:
            name_places(error, self.net)
            raise
        finally:
            self._report = self._ask()
            collect()

    def _description(self) -> str:
        """Return all that builds the simulation again at step 0 with this drive: JSON, left open for `extended`."""
        if self._described is None:
            spec = {
                "network": describe_network(self.net),
                **describe_devices(self.devices, self.assignment),
                **self._describe_attached(),
                "drive": {name: encode(drives.to_spec(wave)) for name, wave in self._drive.items()},
                "dt": self.dt,
                "seed": self.seed,
                "solver": self.solver,
                **self._described_order(),
                "incremental": self.incremental,
                "event_driven": self.event_driven,
                **methods.described(self.rtol),
            }
            if self.reactions:
                spec["reactions"] = [one.to_spec(self.index_of(one.device)) for one in self.reactions]
            self._described = json.dumps(spec, allow_nan=False).removesuffix("}")
        return self._described

    def _described_order(self) -> dict[str, str]:
        """Return the order where it is not that of every day."""
        return {} if self.order == "auto" else {"order": self.order}

    def _describe_attached(self) -> dict[str, list[int]]:
        """Return which of `devices` were attached to electrodes; nothing where there are none."""
        attached = self.net.attached_devices
        return {"attached": [self._place[id(device)] for device in attached]} if attached else {}

    # ------------------------------------------------------------ looking

    @property
    def steps_done(self) -> int:
        """Number of steps taken: the index of the next one."""
        return self._report.steps_done

    @property
    def time(self) -> float:
        """Time of the next step (s)."""
        return self._report.steps_done * self.dt

    @property
    def counters(self) -> dict[str, int]:
        """What the steps so far took.

        "steps" that were taken between the rows, "factorisations" of the circuit's matrix and "solves" with them, steps
        that were "refused" and taken again shorter, factorisations of a matrix with a "negative" conductance. Rows take
        one factorisation and one solve each. At fixed steps every step is one of each, but for those between events.
        """
        rows, between = self._report.counters["n_solves"], self._report.step_counters
        return {
            **between,
            "steps": between["steps"] or self._report.steps_done,
            "factorisations": rows + between["factorisations"],
            "solves": rows + between["solves"],
        }

    @property
    def drive(self) -> Mapping[str, drives.Waveform]:
        """The waveform of each electrode; set it with `set_drive`."""
        return MappingProxyType(self._drive)

    def _ask(self) -> Report:
        return Report(self._core.step, self._core.info(), self._core.counters, self._core.step_counters)

    def _solved(self) -> _core.Simulation:
        with self._alone():
            if not self._core.solved:
                self._core.solve()
                self._report = self._ask()
            return self._core

    @check.known_keywords
    def index_of(self, device: Device) -> int:
        """Return the place of a device in `devices`.

        Raises
        ------
        ValueError
            It is not one of them; devices compare by identity.
        """
        if id(device) in self._place:
            return self._place[id(device)]
        known = text.listed(list(map(repr, self.devices)), "devices")
        hint = f"; sim.device({device!r}) is that of an element" if isinstance(self.net.layout, Named) else ""
        if not isinstance(device, Device):
            raise TypeError(f"device must be one of this simulation's devices, got {device!r}: {known}{hint}")
        raise ValueError(f"{device!r} is not in this simulation (devices compare by identity): {known}")

    @check.known_keywords
    def edges_of(self, device: Device) -> NDArray[np.int32]:
        """Return the edges that carry a device, ascending, read-only.

        Raises
        ------
        ValueError
            The device is not in this simulation.
        """
        return self._edges[self.index_of(device)]

    def __getitem__(self, name: str) -> float:
        """Return the potential (V) of a node of a `Circuit` by its name, of any other network that of an electrode."""
        layout = self.net.layout
        if isinstance(layout, Named):
            number = layout.node_number[check.known_name("name of a node", name, layout.node_number)]
            return float(self.potential[number])
        return float(self.potential[self.net.electrodes[check.known_name("electrode", name, self.net.electrodes)][0]])

    @check.known_keywords
    def edge(self, name: str) -> int:
        """Return the edge of an element of a `Circuit`.

        Parameters
        ----------
        name : str
            Name of the element.

        Raises
        ------
        ValueError
            There is no such element (with the nearest one), or the network was not made of a circuit.
        """
        layout = self.net.layout
        if not isinstance(layout, Named):
            raise ValueError(f"name {check.shown(name)} is of no element: the network was not made of a Circuit")
        return layout.element_number[check.known_name("name of an element", name, layout.element_number)]

    @check.known_keywords
    def device(self, name: str) -> Device:
        """Return the device of an element of a `Circuit`.

        Parameters
        ----------
        name : str
            Name of the element.

        Raises
        ------
        ValueError
            As for `edge`.
        """
        edge = self.edge(name)
        return next(device for device, edges in zip(self.devices, self._edges, strict=True) if edge in edges)

    def population_of(self, device: Device) -> int:
        """Return the number of a device's population in the C library.

        Raises
        ------
        ValueError
            The device is not in this simulation, or it has no edge.
        """
        k = self.index_of(device)
        if k not in self._population:
            raise ValueError(f"{device!r} has no edge in this network")
        return self._population[k]

    @check.known_keywords
    def state(self, device: Device, name: str) -> NDArray[np.float64]:
        """Return a state of a device's edges, in the order of `edges_of`: (edges,), or (edges, width) of a vector.

        Parameters
        ----------
        device : Device
            One of this simulation's devices.
        name : str
            A state of its model, such as "g".

        Raises
        ------
        ValueError
            An unknown device, or an unknown state (with the nearest one).
        """
        edges = self.edges_of(device)
        table = state_fields(table_of(device))
        shape = state_shape(edges.size, device, table[check.one_of(f"state of {device.model}", name, table)])
        if not edges.size:
            return np.empty(shape)
        return self._core.field(self.population_of(device), field_index(table_of(device), name)).reshape(shape)

    @check.known_keywords
    def parameter(self, device: Device, name: str) -> NDArray[np.float64]:
        """Return a parameter of a device's edges as it is now, in the order of `edges_of`: (edges,).

        That is what `spread` has drawn, and of a parameter that is None the model's own choice. A word is its number
        among the choices, a flag 0 or 1.

        Parameters
        ----------
        device : Device
            One of this simulation's devices.
        name : str
            A parameter of its model, such as "g_max".

        Raises
        ------
        ValueError
            An unknown device, or an unknown parameter (with the nearest one).

        Examples
        --------
        >>> import memnet as mn
        >>> pair = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
        >>> device = mn.spread(mn.Resistor(conductance=2.0), conductance=mn.uniform(0.0), seed=1)
        >>> mn.Simulation(pair, device, {"in": 1.0, "out": 0.0}).parameter(device, "conductance")
        array([2.])
        """
        edges = self.edges_of(device)
        check.one_of(f"parameter of {device.model}", name, parameter_fields(table_of(device)))
        if not edges.size:
            return np.empty(0)
        return self._core.field(self.population_of(device), field_index(table_of(device), name))

    def set_state(self, device: Device, **states: Any) -> None:
        """Set states of a device's edges.

        Parameters
        ----------
        device : Device
            One of this simulation's devices.
        **states : float or array (edges of the device,)
            Values by name, in the order of `edges_of`, each inside the field's range, and that of its edge where each
            has one of its own; (edges of the device, width) of a state that is a vector.

        Raises
        ------
        TypeError, ValueError
            An unknown device or state, a value outside its range. Nothing is set then.
        """
        edges = self.edges_of(device)
        table = state_fields(table_of(device))
        check.keywords(f"set_state of {device.model}", states, table)
        refuse_outputs(device, states)
        checked = {
            name: state_values(
                f"{device.model}.{name}", value, state_shape(edges.size, device, table[name]), table[name]
            )
            for name, value in states.items()
        }
        if not edges.size:
            return
        population, indices = (
            self.population_of(device),
            {name: field_index(table_of(device), name) for name in checked},
        )
        with self._alone():
            for name, values in checked.items():
                ends = self._core.own_range(population, indices[name])
                if ends is not None:
                    check_own_range(f"{device.model}.{name}", values, *ends, table[name])
            for name, values in checked.items():
                self._core.set_field(population, indices[name], values.ravel())
                self.set_by_hand = True

    @check.known_keywords
    def set_drive(self, drive: Mapping[str, drives.Driven]) -> None:
        """Replace the drive; time goes on counting.

        Parameters
        ----------
        drive : dict
            As for `Simulation`: every electrode.

        Raises
        ------
        TypeError, ValueError
            As for `Simulation`; the drive then stays as it was.
        """
        checked = self._checked_drive(drive)
        refuse_roles(self.reactions, checked)
        with self._alone():
            self._core.set_drive(*drives.flatten(checked, list(self.net.electrodes)))
            self._drive = checked
            self._driven = ports.DrivenElectrodes(checked, self._core.roles)
            self._described = None
            self.set_by_hand = self.set_by_hand or self._core.step > 0

    # ------------------------------------------------------------ keeping

    @check.known_keywords
    def save(self, path: str | Path) -> None:
        """Write everything to a checkpoint file, from which `load` goes on with the same bits.

        It is written beside `path` and renamed, so that a crash leaves the old file. Links are followed, and the mode
        of the old file stays.

        Raises
        ------
        TypeError
            `path` is no path.
        OSError
            The file cannot be written, or `path` is a folder or anything but a file; the class (PermissionError,
            IsADirectoryError and so on), `errno` and `filename` are those that `open` gives.
        """
        check.path("path", path)
        with self._alone():
            self._write(path)

    def _write(self, path: str | Path, **further: Any) -> None:
        """Write a checkpoint, with further entries of its note, where nobody else uses the simulation."""
        note = extended(self._description(), {"set_by_hand": self.set_by_hand, **further})
        self._core.write(os.fspath(path), note.encode("utf-8"))

    def _restore(self, checkpoint: _core.Checkpoint) -> None:
        self._core.restore(checkpoint)
        self._report = self._ask()

    def copy(self: Same) -> Same:
        """Return a simulation at the same step that goes on with the same bits, for itself.

        Network, devices and waveforms, which never change, are shared, so both know the same devices; `copy.copy` does
        the same. `copy.deepcopy` and pickle copy these too: ask the new simulation for its `devices`. `partial` stays
        behind.

        Returns
        -------
        Simulation

        Raises
        ------
        SimulationBusy
            Another thread is using the simulation.

        Examples
        --------
        >>> import memnet as mn
        >>> net = mn.percolating(size=30, coverage=0.6, seed=1)
        >>> sim = mn.Simulation(net, mn.RateBalance(), {"left": 1.0, "right": 0.0})
        >>> other = sim.copy()
        >>> other.step(5)
        >>> sim.steps_done, other.steps_done
        (0, 5)
        """
        return copy.copy(self)

    def _copied(self: Same, threads: int) -> Same:
        """Return a copy that works with so many threads."""
        other = type(self).__new__(type(self))
        other.__setstate__({**self.__getstate__(), "threads": threads})
        return other

    def __getstate__(self) -> dict[str, Any]:
        with self._alone():
            devices: Any = self.devices[0] if self.assignment is None else self.assignment
            if isinstance(devices, np.ndarray):
                devices = [self.devices[k] for k in devices]
            attributes = {name: value for name, value in self.__dict__.items() if name not in MADE_AGAIN}
            return {**attributes, "devices": devices, "partial": None, "checkpoint": self._core.dumps(b"")}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        self.__dict__.update({name: value for name, value in state.items() if name not in ("devices", "checkpoint")})
        self.devices, self.assignment, self._edges = assigned(state["devices"], self.net)
        self._make_core()
        self._restore(_core.Checkpoint.from_bytes(state["checkpoint"]))

    @property
    def info(self) -> dict[str, Any]:
        """Sizes, the solver's structure, and what the steps so far took."""
        return {
            "n_nodes": int(self.net.n_nodes),
            "n_edges": int(self.net.n_edges),
            "devices": self._edge_counts(),
            "solver": {"name": self.solver, **self._report.solver},
            "threads": self.threads,
            "steps_done": self._report.steps_done,
            "counters": dict(self._report.counters),
        }

    def _edge_counts(self) -> dict[str, int]:
        """Return the number of edges by what a device looks like: some may look alike."""
        counts: dict[str, int] = {}
        for device, edges in zip(self.devices, self._edges, strict=True):
            counts[repr(device)] = counts.get(repr(device), 0) + int(edges.size)
        return counts

    def __repr__(self) -> str:
        return f"<Simulation of {'; '.join(f'{name}: {text}' for name, text in self._summary().items())}>"

    def _summary(self) -> dict[str, str]:
        carried = [f"{name} on {count} edges" for name, count in self._edge_counts().items()]
        return {
            "network": f"{self.net.n_nodes} nodes, {self.net.n_edges} edges",
            "devices": text.listed(carried, "devices"),
            "drive": ", ".join(f"{name} {wave!r}" for name, wave in self.drive.items()),
            "time": f"{self.time:g} s, {self.steps_done} {methods.unit(self.rtol)} of {self.dt:g} s",
            **methods.summary(self.rtol),
            "solver": self.solver,
            **self._described_order(),
            **({"threads": str(self.threads)} if self.threads > 1 else {}),
            "seed": str(self.seed),
            **({"reactions": ", ".join(map(repr, self.reactions))} if self.reactions else {}),
        }

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the simulation's lock, or raise SimulationBusy where another thread has it."""
        if not self._lock.acquire(blocking=False):
            raise _core.SimulationBusy("this simulation is being used by another thread; give each thread its own")
        try:
            yield
            if self.solver != "kron":
                warn_of_accuracy({"solver": self.solver, **self._core.accuracy()}, stacklevel=6)
        finally:
            self._lock.release()
