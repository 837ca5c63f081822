"""A simulation of memnet as a transformer of sequences."""

from __future__ import annotations

import inspect
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.utils.validation import check_is_fitted

from memnet import drive as drives
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.learn._transformers._sequences import Advance, SequenceTransformer
from memnet.simulate import Simulation

MASKS = ("uniform", "signs", "identity")
SOURCES = ("voltage", "current")
# What of `Simulation.run`'s record is over electrodes, and is there always; the rest is over nodes or edges.
OF_ELECTRODES = ("current", "voltage")
# What of it is over nodes or edges, and the attribute of a simulation that has it now.
OF_PLACES = {
    "potential": "potential",
    "branch_voltage": "branch_voltage",
    "branch_current": "branch_current",
    "edge_conductance": "conductance",
}
# Steps that are recorded at a time: all of a long sequence, at every node, would take more memory than a machine has.
BLOCK = 4096


class Reservoir(SequenceTransformer):
    """A memristive network that is driven by sequences; what is read of it are the features.

    At each step of a sequence the electrodes `inputs` have the voltages ``offset + scaling * (mask @ x)``, x the
    numbers of that step, for `steps` steps of the simulation; with virtual nodes one after the other with masks of
    their own. Electrodes that are not among `inputs` keep the drive of the simulation. Each call begins with the
    simulation as it was made, so equal sequences give equal bits; nothing is learnt: a readout of scikit-learn does
    that.

    Parameters
    ----------
    simulation : Simulation or callable
        The network with its devices, drive and dt, or a function that returns it, called by `fit`; with a number
        where it has a parameter ``seed``. A simulation is copied, with the step and the states that it has.
    inputs : sequence of str
        Electrodes that carry the sequence.
    read : sequence of str, or mapping
        Electrodes whose currents (A) are read; or a mapping from names of `Simulation.run`'s `record` to what is read
        of it: "current" and "voltage" of electrodes, "potential" of nodes, "branch_voltage", "branch_current" and
        "edge_conductance" of edges; True for all of them, but for nodes that hang at no electrode and have no
        potential. A list among nodes or edges is a group, whose mean is one value.
    scaling : float or array_like, (n_inputs,)
        Voltage (V) of an input of 1, of all electrodes or of each; in A where `source` is "current".
    offset : float or array_like, (n_inputs,)
        Voltage (V) of an input of 0. Many devices look at abs(V): without an offset they cannot tell x from -x.
    source : {"voltage", "current"}
        What drives the inputs.
    mask : {"uniform", "signs", "identity"} or array_like
        What of each channel goes to each electrode: drawn from [-1, 1], or -1 or 1, for each virtual node; or channel
        k to electrode k; or numbers (virtual_nodes, n_inputs, channels), without the first axis where there is one.
    virtual_nodes : int
        Parts of a step of the sequence with masks of their own; each is read.
    steps : int
        Steps of the simulation for each virtual node.
    shape : array_like, (steps,), optional
        Factor of the input at each of these, such as 0 where a pulse is over; 1 by default.
    at : int
        Which of these is read, as an index; the last by default. It is read as solved, before the states move.
    sequences : {"rows", "columns"}
        Whether the rows of X are the steps of one sequence, or each row is a sequence of its own, from the first step
        to the last, a step's channels side by side. In "columns" a row does not know the others, as scikit-learn has
        it.
    channels : int
        Numbers of a step, in "columns"; in "rows" they are the features.
    keep : {"all", "last", "mean"}
        In "columns": the values at all steps are the features of a sequence, those at the last, or their means.
    washout : int
        Steps that the first step of the sequence is held for before it, and that are not read. No row is dropped: X and
        y stay as long as they are; and no row knows a later one, so what is predicted has not been seen.
    random_state : int, RandomState instance or None
        Of masks and of the `seed` of the simulation.

    Attributes
    ----------
    simulation_ : Simulation
        What each call begins with.
    mask_ : ndarray, (virtual_nodes, n_inputs, channels)
    n_features_in_ : int
    feature_names_in_ : ndarray of str
        Where features have names.

    Raises
    ------
    TypeError, ValueError
        By `fit`: a parameter outside its range, an electrode, node or edge that is not there, or a node without a
        potential; numbers as scikit-learn refuses them.
    ArithmeticError
        By `transform`: a state or potential became non-finite.
    ImportError
        Without scikit-learn: ``pip install "memnet-sim[learn]"``.

    References
    ----------
    .. [1] G. Milano et al., Nat. Mater. 2022, 21, 195, doi 10.1038/s41563-021-01099-9.
    .. [2] L. Appeltant et al., Nat. Commun. 2011, 2, 468, doi 10.1038/ncomms1476: virtual nodes.

    Examples
    --------
    >>> from sklearn.linear_model import Ridge
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> import memnet as mn
    >>> net = mn.grid(6, 6, seed=1, electrodes={"a": 0, "b": 5, "ground": 35})
    >>> sim = mn.Simulation(net, mn.RateBalance(), {"a": 0.0, "b": 0.0, "ground": 0.0}, dt=1.0)
    >>> u, y = mn.learn.narma(300, seed=1)
    >>> reservoir = mn.learn.Reservoir(sim, ["a", "b"], {"potential": True}, offset=0.5, random_state=0)
    >>> reservoir.fit_transform(u).shape
    (300, 36)
    >>> sorted(reservoir.drive_of(u[:10]))
    ['a', 'b']
    >>> model = make_pipeline(reservoir, StandardScaler(), Ridge(1e-6)).fit(u, y)
    >>> model.predict(u).shape
    (300,)
    """

    def __init__(
        self,
        simulation: Any,
        inputs: Any,
        read: Any,
        *,
        scaling: Any = 1.0,
        offset: Any = 0.0,
        source: str = "voltage",
        mask: Any = "uniform",
        virtual_nodes: int = 1,
        steps: int = 1,
        shape: Any = None,
        at: int = -1,
        sequences: str = "rows",
        channels: int = 1,
        keep: str = "all",
        washout: int = 0,
        random_state: Any = None,
    ) -> None:
        self.simulation = simulation
        self.inputs = inputs
        self.read = read
        self.scaling = scaling
        self.offset = offset
        self.source = source
        self.mask = mask
        self.virtual_nodes = virtual_nodes
        self.steps = steps
        self.shape = shape
        self.at = at
        self.sequences = sequences
        self.channels = channels
        self.keep = keep
        self.washout = washout
        self.random_state = random_state

    def _prepare(self, channels: int, random: Any) -> int:
        seed, masks = int(random.randint(2**31 - 1)), np.random.RandomState(random.randint(2**31 - 1))
        self.simulation_ = made_simulation(self.simulation, seed)
        electrodes = self.simulation_.net.electrodes
        self._inputs = _names("inputs", self.inputs, electrodes)
        virtual = check.integer("virtual_nodes", self.virtual_nodes, 1, 2**20)
        steps = check.integer("steps", self.steps, 1, 2**31)
        self._at = range(steps)[check.integer("at", self.at, -steps, steps - 1)]
        self._shape = np.ones(steps) if self.shape is None else check.array("shape", self.shape, (steps,))
        self._scaling = _each("scaling", self.scaling, len(self._inputs))
        self._offset = _each("offset", self.offset, len(self._inputs))
        check.one_of("source", self.source, SOURCES)
        self.mask_ = _masked(self.mask, (virtual, len(self._inputs), channels), masks)
        driven = self.simulation_.copy()
        driven.set_drive({**driven.drive, **self._waves(np.zeros((1, channels)), driven)})
        self._record, self._groups = _reads(self.read, driven)
        return virtual * sum(len(groups) for groups in self._groups.values())

    def _begin(self) -> Advance:
        simulation = self.simulation_.copy()
        steps = len(self._shape)
        block = max(BLOCK // steps, 1)

        def advance(sequence: Floats) -> Floats:
            simulation.set_drive({**simulation.drive, **self._waves(sequence, simulation)})
            n_reads = len(sequence) * len(self.mask_)
            blocks = [self._run(simulation, min(block, n_reads - first)) for first in range(0, n_reads, block)]
            return np.concatenate(blocks).reshape(len(sequence), -1)

        return advance

    def _waves(self, sequence: Floats, simulation: Simulation) -> dict[str, drives.Waveform]:
        """Return what each input electrode has along a sequence from the step on that the simulation is at."""
        with np.errstate(over="ignore", invalid="ignore"):  # what is not finite is refused
            inputs = np.einsum("vec,tc->tve", self.mask_, sequence)[:, :, np.newaxis] * self._shape[:, np.newaxis]
            levels = (self._offset + self._scaling * inputs).reshape(-1, len(self._inputs))
        if not np.isfinite(levels).all():
            raise ValueError("X must be such that all voltages are finite; with this scaling and offset they are not")
        times = (simulation.steps_done + np.arange(len(levels))) * simulation.dt
        waves = {name: drives.steps(level, times) for name, level in zip(self._inputs, levels.T, strict=True)}
        return waves if self.source == "voltage" else {name: drives.current(wave) for name, wave in waves.items()}

    def _run(self, simulation: Simulation, n_reads: int) -> Floats:
        """Return the next reads (n_reads, n_values)."""
        steps = len(self._shape)
        data = simulation.run(n_reads * steps, record=self._record, events=False)
        found = []
        for name, groups in self._groups.items():
            over = data[name].isel(time=slice(self._at, None, steps)).to_numpy()
            found.append(np.stack([over[:, places].mean(axis=1) for places in groups], axis=1))
        return np.concatenate(found, axis=1)

    def drive_of(self, X: Any) -> dict[str, drives.Waveform]:
        """Return the waveforms of the input electrodes for a sequence, washout included, to look at.

        Parameters
        ----------
        X : array_like, (n_steps, channels)
            One sequence.

        Returns
        -------
        dict
            From electrodes to waveforms.

        Raises
        ------
        NotFittedError
            Before `fit`.
        TypeError, ValueError
            Other numbers.
        """
        check_is_fitted(self)
        sequence = check.array("X", X, (None, self._channels))
        if not len(sequence):
            raise ValueError("X must have a step or more, got none")
        return self._waves(self._held(sequence), self.simulation_)


def made_simulation(given: Any, seed: int) -> Simulation:
    """Return a copy of a simulation, or what a function returns."""
    if isinstance(given, Simulation):
        return given.copy()
    if not callable(given):
        raise TypeError(f"simulation must be a Simulation, or a function that returns one, got {check.shown(given)}")
    try:
        wants_seed = "seed" in inspect.signature(given).parameters
    except ValueError:  # builtins without a signature
        wants_seed = False
    made: Simulation = given(seed=seed) if wants_seed else given()
    check.instance("what the function simulation returns", made, Simulation, "a Simulation")
    return made


def _names(name: str, value: Any, electrodes: Mapping[str, Any]) -> list[str]:
    """Return names of electrodes, each once, or raise TypeError or ValueError."""
    if isinstance(value, (str, bytes)) or not isinstance(value, (Sequence, np.ndarray)) or not len(value):
        raise TypeError(f"{name} must be a list of electrodes, one or more, got {check.shown(value)}")
    found = [check.known_name(f"electrode of {name}", one, electrodes) for one in value]
    if len(set(found)) < len(found):
        raise ValueError(f"{name} must name each electrode once, got {check.shown(found)}")
    return [str(one) for one in found]


def _each(name: str, value: Any, n: int) -> Floats:
    """Return one finite number an input."""
    given = check.given_array(name, value)
    if given.ndim == 0:
        return np.full(n, check.real(name, value, -math.inf, math.inf))
    return check.array(name, value, (n,))


def _masked(mask: Any, shape: tuple[int, int, int], random: Any) -> Floats:
    """Return the masks (virtual_nodes, n_inputs, channels)."""
    if not isinstance(mask, str):
        given = check.given_array("mask", mask)
        if given.ndim == 2 and shape[0] == 1:
            given = given[np.newaxis]
        return check.array("mask", given, shape)
    if check.one_of("mask", mask, MASKS) == "identity":
        if shape[1] != shape[2]:
            raise ValueError(f"mask 'identity' takes a channel for each of {shape[1]} inputs, got {shape[2]} channels")
        return np.tile(np.eye(shape[1]), (shape[0], 1, 1))
    drawn = random.uniform(-1.0, 1.0, size=shape)
    return np.asarray(np.sign(drawn) if mask == "signs" else drawn)


def _reads(read: Any, simulation: Simulation) -> tuple[Any, dict[str, list[list[int]]]]:
    """Return what `run` records of a driven simulation, and of each record which columns make each value."""
    order = list(simulation.net.electrodes)
    if read is True or (isinstance(read, Mapping) and not read):
        raise TypeError(f"read must be a list of electrodes, or name what is read of what, got {check.shown(read)}")
    wanted = read if isinstance(read, Mapping) else {"current": read}
    record: dict[str, Any] = {}
    groups: dict[str, list[list[int]]] = {}
    for name, places in wanted.items():
        check.one_of("read", name, (*OF_ELECTRODES, *OF_PLACES))
        if name in OF_ELECTRODES:
            names = order if places is True else _names(f"read[{name!r}]", places, simulation.net.electrodes)
            groups[name] = [[order.index(one)] for one in names]
        else:
            ids, groups[name] = _grouped(f"read[{name!r}]", places, getattr(simulation, OF_PLACES[name]))
            record[name] = ids
    return record or ("current",), groups


def _grouped(name: str, places: Any, now: Floats) -> tuple[list[int], list[list[int]]]:
    """Return the ids that are recorded, and of each value which of these it is the mean of."""
    count = len(now)
    if places is True:
        known = np.flatnonzero(np.isfinite(now)).tolist()
        return known, [[k] for k in range(len(known))]
    if isinstance(places, (str, bytes)) or not isinstance(places, (Sequence, np.ndarray)) or not len(places):
        raise TypeError(f"{name} must be True, or a list of ids or of lists of ids, got {check.shown(places)}")
    lists = [one if isinstance(one, (list, tuple, range, np.ndarray)) and np.ndim(one) else [one] for one in places]
    groups = [[check.integer(name, k, 0, count - 1) for k in one] for one in lists]
    if not all(groups):
        raise ValueError(
            f"{name} must have no group without ids, got one at index {[bool(g) for g in groups].index(False)}"
        )
    ids = sorted({k for one in groups for k in one})
    unknown = [k for k in ids if not np.isfinite(now[k])]
    if unknown:
        raise ValueError(f"{name} must name what has a potential, got {unknown[0]}, which hangs at no driven electrode")
    place = {k: column for column, k in enumerate(ids)}
    return ids, [[place[k] for k in one] for one in groups]
