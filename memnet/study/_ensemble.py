"""Ensembles: replicas of one simulation that step together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from memnet.base import check, text
from memnet.devices import Device, parameter_fields, table_of
from memnet.drive import Driven
from memnet.simulate import Simulation, Together, described, refuse_too_many, replica_of, said_of, varied

if TYPE_CHECKING:
    import xarray as xr

# What becomes of an error of one replica.
ERRORS = ("raise", "keep")
# Replicas: their numbers, and the arrays of all, have to have room.
MOST_REPLICAS = 1_000_000


class Ensemble(text.Summary):
    """Replicas of one simulation that step together: what `ensemble` returns.

    ``ens[i]`` is replica i as a `Simulation` of its own, at its present step, which goes on alone with the same bits;
    what is done to it is not done to the ensemble. ``len(ens)`` and loops over ``ens`` work. `copy.copy`,
    `copy.deepcopy` and pickle give an ensemble that goes on for itself.

    Attributes
    ----------
    failed : dict
        The error of each replica that has failed, by its number. It stays at its last good step.
    partial : xarray.Dataset or None
        What a run that was stopped by Ctrl-C or by an error had recorded; None after a whole run.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.percolating(size=30, coverage=0.6, seed=1)
    >>> sim = mn.Simulation(net, mn.TunnelGap(), {"left": 2.0, "right": 0.0}, seed=0)
    >>> ens = mn.ensemble(sim, 3, drives={"left": [1.0, 2.0, 3.0], "right": 0.0})
    >>> data = ens.run(100)
    >>> dict(data.conductance.sizes), ens[2].steps_done
    ({'replica': 3, 'time': 100}, 100)
    >>> ens.set_drives({"left": [3.0, 2.0, 1.0], "right": 0.0})
    >>> float(ens.run(50).time[0]), ens.time, ens.failed, ens.devices
    (100.0, 150.0, {}, (TunnelGap(),))
    """

    def __init__(
        self, simulations: Sequence[Simulation], failed: Mapping[int, Exception] | None = None, steps_done: int = 0
    ) -> None:
        self._together = Together(simulations, failed, steps_done)
        self.partial: xr.Dataset | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        with self._together.alone():
            own = tuple(one.copy() for one in self._together.simulations)
            return Ensemble, (own, self.failed, self.steps_done)

    def __len__(self) -> int:
        return len(self._together.simulations)

    def __getitem__(self, i: int) -> Simulation:
        number = check.integer("i", i)
        if not -len(self) <= number < len(self):
            raise IndexError(f"i must be in [{-len(self)}, {len(self) - 1}], got {number}")
        with self._together.alone():
            return self._together.simulations[number].copy()

    def __iter__(self) -> Iterator[Simulation]:
        return (self[i] for i in range(len(self)))

    @property
    def failed(self) -> dict[int, Exception]:
        """The error of each replica that has failed, by its number."""
        return dict(sorted(self._together.failed.items()))

    @property
    def steps_done(self) -> int:
        """Number of steps taken by all replicas that have not failed: the index of the next one."""
        return self._together.steps_done

    @property
    def time(self) -> float:
        """Time of the next step (s)."""
        return self._together.steps_done * self._together.simulations[0].dt

    @property
    def devices(self) -> tuple[Device, ...]:
        """The devices of replica 0, by which `run`, `state` and `set_state` know those of all."""
        return self._together.simulations[0].devices

    def _device_of(self, device: Device, simulation: Simulation) -> Device:
        return simulation.devices[self._together.simulations[0].index_of(device)]

    @check.known_keywords
    def state(self, device: Device, name: str) -> NDArray[np.float64]:
        """Return a state of a device's edges in each replica: (replicas, edges), or (replicas, edges, width).

        Parameters
        ----------
        device : Device
            One of `devices`.
        name : str
            A state of its model, such as "g".

        Raises
        ------
        ValueError
            As for `Simulation.state`.

        Examples
        --------
        >>> import memnet as mn
        >>> pair = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
        >>> sim = mn.Simulation(pair, mn.RateBalance(), {"in": 1.0, "out": 0.0})
        >>> ens = mn.ensemble(sim, 2, parameters={"g_initial": [0.25, 0.5]})
        >>> ens.state(ens.devices[0], "g")
        array([[0.25],
               [0.5 ]])
        """
        with self._together.alone():
            every = self._together.simulations
            return np.stack([one.state(self._device_of(device, one), name) for one in every])

    def set_state(self, device: Device, **states: Any) -> None:
        """Set states of a device's edges, in each replica its own.

        Parameters
        ----------
        device : Device
            One of `devices`.
        **states : sequence
            Values by name, one entry a replica, each as `Simulation.set_state` takes it.

        Raises
        ------
        TypeError, ValueError
            As for `Simulation.set_state`, or another number of entries than replicas. Nothing is set then.

        Examples
        --------
        >>> import memnet as mn
        >>> pair = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
        >>> sim = mn.Simulation(pair, mn.RateBalance(), {"in": 1.0, "out": 0.0})
        >>> ens = mn.ensemble(sim, 2, seeds=[0, 1])
        >>> ens.set_state(ens.devices[0], g=[0.5, 1.0])
        >>> ens.state(ens.devices[0], "g").tolist()
        [[0.5], [1.0]]
        """
        for name, values in states.items():
            _one_each(name, values, len(self))
        with self._together.alone():
            for set_on in ((one.copy() for one in self._together.simulations), self._together.simulations):
                for i, one in enumerate(set_on):
                    with said_of(i):
                        one.set_state(self._device_of(device, one), **{name: x[i] for name, x in states.items()})

    @check.known_keywords
    def set_drives(self, drives: Any) -> None:
        """Replace the drives; time goes on counting.

        Parameters
        ----------
        drives : sequence or dict
            As for `ensemble`.

        Raises
        ------
        TypeError, ValueError
            As for `ensemble`; the drives then stay as they were.
        """
        with self._together.alone():
            every = self._together.simulations
            self._together.set_drives(_own_drives(drives, len(every), [one.drive for one in every]))

    @check.known_keywords
    def run(
        self,
        n_steps: float | None = None,
        *,
        duration: float | None = None,
        record: Any = ("current",),
        every: float = 1,
        events: bool = True,
        progress: bool = False,
        errors: str = "raise",
    ) -> xr.Dataset:
        """Take steps in all replicas and return what was recorded.

        Parameters
        ----------
        n_steps, duration, record, every, events, progress
            As for `Simulation.run`. Devices in `record` are those of `devices`.
        errors : {"raise", "keep"}
            What becomes of an error in one replica, such as a state that is no longer finite. That replica stays at its
            last good step, and all others take their steps. "raise": the first such error is then raised, which says
            of which replica it is, and `partial` has the dataset. "keep": it is in `failed`, and the dataset has a
            variable `error`.

        Returns
        -------
        xarray.Dataset
            As that of `Simulation.run`, with the dimension "replica" before the others, and the seeds as a coordinate.
            Events have `event_replica`, and are sorted by it. Rows that a replica did not reach are nan. `replica`
            returns one of them as a dataset of its own.

        Raises
        ------
        TypeError, ValueError, MemoryError
            As for `Simulation.run`.
        ArithmeticError, RuntimeError
            With errors="raise", as for `Simulation.run`. An ensemble of which a replica has failed raises this again
            in the next run; with errors="keep" the others go on.
        KeyboardInterrupt
            Ctrl-C, seen when all replicas stand at the same step, about every 0.2 s; where a step of all takes longer,
            after one of some of them, and in steps of unknown length, as adaptive ones, at once: all then go back to
            the step before. They can go on with the same bits; `partial` has what was recorded.

        Examples
        --------
        >>> import memnet as mn
        >>> net = mn.percolating(size=30, coverage=0.6, seed=1)
        >>> sim = mn.Simulation(net, mn.RateBalance(), {"left": 1.0, "right": 0.0}, dt=0.5)
        >>> ens = mn.ensemble(sim, 4, parameters={"eta_p": [8.0, 9.0, 10.0, 11.0]})
        >>> data = ens.run(10, record={"state:g": ens.devices[0]}, every=5)
        >>> data.state_g.sizes["replica"], data.state_g.sizes["time"]
        (4, 2)
        """
        check.one_of("errors", errors, ERRORS)
        partial: list[Any] = []
        with self._together.alone():
            if errors == "raise":
                self._raise_first()
            self.partial = None
            try:
                data = self._together.run(
                    n_steps, duration, record, every, events=events, progress=progress, partial=partial
                )
            except BaseException:
                self.partial = partial[0] if partial else None
                raise
            if errors == "keep":
                said = [str(self.failed.get(i, "")) for i in range(len(self))]
                data["error"] = ("replica", said, {"long_name": "why the replica failed"})
            elif self.failed:
                self.partial = data
                self._raise_first()
            return data

    def _raise_first(self) -> None:
        for error in self.failed.values():
            raise error

    @check.known_keywords
    def step(self, n: float = 1) -> None:
        """Take one step or several in all replicas and record nothing.

        Parameters
        ----------
        n : int
            Number of steps, >= 0; a whole float such as 1e3 will do.

        Raises
        ------
        TypeError, ValueError
            No whole number, or a negative one.
        ArithmeticError, RuntimeError, KeyboardInterrupt
            As for `run` with errors="raise".

        Examples
        --------
        >>> import memnet as mn
        >>> net = mn.percolating(size=30, coverage=0.6, seed=1)
        >>> sim = mn.Simulation(net, mn.RateBalance(), {"left": 1.0, "right": 0.0})
        >>> ens = mn.ensemble(sim, 2, seeds=[1, 2])
        >>> ens.step(1000)
        >>> ens.steps_done
        1000
        """
        with self._together.alone():
            self._raise_first()
            self._together.step(n)
            self._raise_first()

    def _summary(self) -> dict[str, str]:
        first = self._together.simulations[0]
        seeds = [str(one.seed) for one in self._together.simulations]
        return {
            "": f"{len(self)} replicas of {first.net.n_nodes} nodes, {first.net.n_edges} edges",
            "time": f"{self.time:g} s, {self.steps_done} steps of {first.dt:g} s",
            "seeds": text.listed(list(dict.fromkeys(seeds)), "seeds"),
            "failed": text.listed(list(map(str, self.failed)), "replicas"),
        }


# ------------------------------------------------------------ what differs


def _one_each(name: str, values: Any, n: int) -> Any:
    """Return values of which there has to be one a replica."""
    listed = isinstance(values, np.ndarray) and values.ndim > 0
    if not listed and (isinstance(values, (str, bytes)) or not isinstance(values, Sequence)):
        raise TypeError(
            f"{name} must be a sequence with one entry for each of the {n} replicas, got {check.shown(values)}"
        )
    if len(values) != n:
        raise ValueError(f"{name} must have one entry for each of the {n} replicas, got {len(values)}")
    return values


def _own_drives(given: Any, n: int, before: Sequence[Mapping[str, Driven]]) -> list[Mapping[str, Driven]]:
    """Return the drive of each replica."""
    if not isinstance(given, Mapping):
        return list(_one_each("drives", given, n))
    own: list[dict[str, Driven]] = [dict(one) for one in before]
    for name, waves in given.items():
        known = check.one_of("electrode of drives", name, before[0])
        several = isinstance(waves, (list, tuple, range)) or (isinstance(waves, np.ndarray) and waves.ndim > 0)
        each = _one_each(f"drives[{name!r}]", waves, n) if several else [waves] * n
        for one, wave in zip(own, each, strict=True):
            one[known] = wave
    return list[Mapping[str, Driven]](own)


def _device_with(name: str, devices: Sequence[Device]) -> int:
    """Return the number of the only device that has a parameter of a name."""
    tables = [parameter_fields(table_of(device)) for device in devices]
    check.one_of("parameters", name, dict.fromkeys(one for table in tables for one in table))
    fitting = [k for k, table in enumerate(tables) if name in table]
    if len(fitting) > 1:
        raise ValueError(f"several devices have a parameter {name!r}; name one, as in {{device: {{{name!r}: values}}}}")
    return fitting[0]


def _own_parameters(given: Any, n: int, sim: Simulation) -> list[Mapping[int, Device]]:
    """Return the devices of each replica that are other ones, by their numbers."""
    check.instance("parameters", given, Mapping, "a dict: parameter to values, or device to such a dict")
    changes: dict[int, dict[str, Any]] = {}
    for key, values in given.items():
        if isinstance(key, Device):
            check.instance(f"parameters[{key!r}]", values, Mapping, "a dict from parameter to values")
            changes.setdefault(sim.index_of(key), {}).update(values)
        else:
            changes.setdefault(_device_with(key, sim.devices), {})[key] = values
    attached = {id(device) for device in sim.net.attached_devices}
    for k, some in changes.items():
        if id(sim.devices[k]) in attached:
            raise ValueError(
                f"parameters of {sim.devices[k]!r} are the same in all replicas: it is attached to the network"
            )
        check.keywords(f"parameters of {sim.devices[k].model}", some, parameter_fields(table_of(sim.devices[k])))
        for name, values in some.items():
            _one_each(f"parameters[{name!r}]", values, n)
    own: list[Mapping[int, Device]] = []
    for i in range(n):
        with said_of(i):
            each = {k: {name: values[i] for name, values in some.items()} for k, some in changes.items()}
            own.append({k: sim.devices[k].changed(**some) for k, some in each.items()})
    return own


def _own_seeds(given: Any, n: int) -> list[int]:
    return [
        check.seed(f"seeds[{i}]", check.integer(f"seeds[{i}]", x)) for i, x in enumerate(_one_each("seeds", given, n))
    ]


@check.known_keywords
def ensemble(sim: Simulation, n: int, *, seeds: Any = None, parameters: Any = None, drives: Any = None) -> Ensemble:
    """Make replicas of a simulation that step together: much faster than one after the other, with the same bits.

    In steps of a fixed length the circuits of eight replicas are solved at once, one in each SIMD lane of a processor
    core. Each replica has every bit of a run of its own. Where that does not help (event-driven networks between
    events, dense lattices, implicit and adaptive steps, solver="umfpack", devices with sources, limits of currents)
    the replicas take turns, and nothing is lost.

    Parameters
    ----------
    sim : Simulation
        What all replicas are copies of, states and step included. It stays as it is.
    n : int
        Number of replicas, >= 1.
    seeds : sequence of int, optional
        The seed of each replica: of its noise, and of what devices draw at the start. Without it all have that of
        `sim`.
    parameters : dict, optional
        Parameter of a device to n values, of which each is a number, a word, or an array over edges, as the device
        takes them; where several devices have the name, device to such a dict.
    drives : sequence or dict, optional
        n drives, each as `Simulation` takes it; or electrode to n waveforms, or to one waveform for all. Electrodes
        that are not named are driven as in `sim`.

    Returns
    -------
    Ensemble

    Raises
    ------
    TypeError, ValueError
        Nothing differs; another number of entries than n; an unknown device, parameter or electrode, a value outside
        its range; `seeds` or `parameters`, which a simulation starts with, of one that has taken steps or whose states
        were set.
    MemoryError
        The replicas would not fit in memory.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.percolating(size=30, coverage=0.6, seed=1)
    >>> sim = mn.Simulation(net, mn.StochasticRateBalance(sigma=0.2), {"left": 1.0, "right": 0.0})
    >>> ens = mn.ensemble(sim, 8, seeds=range(8))
    >>> data = ens.run(50)
    >>> alone = mn.Simulation(net, sim.devices[0], {"left": 1.0, "right": 0.0}, seed=3).run(50)
    >>> bool((data.current.sel(replica=3) == alone.current).all())
    True
    """
    check.instance("sim", sim, Simulation, "a Simulation")
    count = check.integer("n", n, 1, MOST_REPLICAS)
    if seeds is None and parameters is None and drives is None:
        raise ValueError("replicas must differ in something: give seeds, parameters or drives")
    refuse_too_many(sim, count)
    starts = seeds is not None or parameters is not None
    if starts and (sim.steps_done or sim.set_by_hand):
        raise ValueError(
            "seeds and parameters are what a simulation starts with, and sim has taken steps, or its states were set by"
            " hand; make the ensemble before, and see Ensemble.set_state"
        )
    own_seeds = [sim.seed] * count if seeds is None else _own_seeds(seeds, count)
    own_devices: Sequence[Mapping[int, Device]] = [{}] * count
    if parameters is not None:
        own_devices = _own_parameters(parameters, count, sim)
    own_drives: Sequence[Mapping[str, Driven] | None] = [None] * count
    if drives is not None:
        own_drives = _own_drives(drives, count, [sim.drive] * count)
    replicas = []
    for i in range(count):
        with said_of(i):
            if starts:
                replicas.append(varied(sim, seed=own_seeds[i], devices=own_devices[i], drive=own_drives[i]))
            else:
                replicas.append(varied(sim, drive=own_drives[i]))
    return Ensemble(replicas)


@check.known_keywords
def replica(data: xr.Dataset, i: int) -> xr.Dataset:
    """Return one replica of an ensemble's run as the dataset of a run of its own.

    Parameters
    ----------
    data : xarray.Dataset
        What `Ensemble.run` returned.
    i : int
        Number of the replica.

    Returns
    -------
    xarray.Dataset
        Rows and events as `Simulation.run` has them; `rerun` repeats it.

    Raises
    ------
    TypeError, ValueError
        It is no run of an ensemble, or has no such replica.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.percolating(size=30, coverage=0.6, seed=1)
    >>> sim = mn.Simulation(net, mn.TunnelGap(), {"left": 2.0, "right": 0.0}, seed=0)
    >>> data = mn.ensemble(sim, 3, drives={"left": [1.0, 2.0, 3.0]}).run(100)
    >>> one = mn.replica(data, 2)
    >>> bool((mn.rerun(one).current == one.current).all())
    True
    """
    replicas = described(data).get("replicas")
    if replicas is None or "replica" not in getattr(data, "dims", ()):
        raise ValueError(f"data must be a dataset that Ensemble.run returned, got {check.shown(data)}")
    return replica_of(data, check.integer("i", i, 0, len(replicas) - 1))
