"""A crossbar whose bit lines end in neurons: who fires at which pattern of the word lines, and learning from that."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from memnet.arrays._one_layer import one_layer
from memnet.base import check
from memnet.base.arrays import Flags, Floats, Ids
from memnet.base.text import Summary
from memnet.circuit import terminal_conductance
from memnet.devices import MODELS, Device, cell_devices, state_fields, table_of
from memnet.network import Network, cell_conductances
from memnet.simulate import Simulation

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["NeuronArray"]

# Share of the level of a spike below which the current must fall before there is another one.
ARMED = 0.5


class NeuronArray(Summary):
    """A crossbar of one layer with a neuron, and a capacitance beside it, from each bit line to ground.

    Patterns are voltages at word lines. Each presentation is a simulation of the whole circuit that begins with neurons
    at rest and cells as they stand; what it does to cells is not kept. Pulses that write are another simulation, of the
    crossbar with all lines driven and neurons cut off, whose cells stay as pulses leave them.

    Parameters
    ----------
    net : Network
        Of `mn.crossbar`, with one layer.
    cells : Device, dict or array_like of Device
        As `mn.cell_devices` takes them; ``mn.Resistor(conductance=g.ravel())`` has a conductance for each cell.
    neuron : Device, or sequence of Device, (n_columns,)
        From bit line, its first node, to ground, such as `ThresholdSwitch`, `IntegrateAndFire`, `DiffusiveMemristor`.
    gate : float
        Voltage of all gate lines (V), where the crossbar has any (1T1R).
    capacitance : float, optional
        Beside each neuron (F), > 0; by default none.
    level : float, optional
        Current through a neuron (A), > 0, that is a spike when it is passed upwards; there is another one only after it
        has been below half of it. By default events of the neuron are spikes: of the first kind that it has.
    width : float
        Length of a pulse of `write` (s), > 0, which is one step.
    seed : int
        Of cells that are stochastic when they are written, >= 0.

    Attributes
    ----------
    net : Network
        As given.
    conductances : ndarray, (n_rows, n_columns)
        Of the cells as they stand (S).

    Raises
    ------
    TypeError, ValueError
        No crossbar, or one of several layers; devices that are none; a neuron without events, and no level.

    Notes
    -----
    Source: Duan et al., Nat. Commun. 2020, 11, 3399, doi 10.1038/s41467-020-17215-3, passive arrays with neurons of
    threshold switches; Wang et al., Nat. Electron. 2018, 1, 137, doi 10.1038/s41928-018-0023-2, with diffusive ones:
    figure 16 of EC23.

    Examples
    --------
    >>> import memnet as mn
    >>> cells = mn.Resistor(conductance=[40e-6, 10e-6, 10e-6, 40e-6])
    >>> array = mn.arrays.NeuronArray(mn.crossbar(2, 2), cells, mn.ThresholdSwitch(), capacitance=1e-9)
    >>> array.respond([[2.0, 0.0], [0.0, 2.0]], 1e-4, dt=1e-6)["count"].values
    array([[4, 0],
           [0, 4]])
    >>> (1e6 * array.conductances).round(3)
    array([[40., 10.],
           [10., 40.]])
    """

    @check.known_keywords
    def __init__(
        self,
        net: Network,
        cells: Device | Sequence[Any] | Mapping[Device, ArrayLike],
        neuron: Device | Sequence[Device],
        *,
        capacitance: float | None = None,
        gate: float = 0.0,
        level: float | None = None,
        width: float = 1e-6,
        seed: int = 0,
    ) -> None:
        one_layer(net)
        self.net = net
        self._words, self._bits = ([name for name in net.electrodes if name[0] == letter] for letter in "wb")
        self._cells = cell_devices(net, cells)
        # Where one device serves as both, cells and neurons have states of their own.
        neurons = [copy.copy(one) if any(one is cell for cell in self._cells) else one for one in self._neurons(neuron)]
        beside = None if capacitance is None else check.real("capacitance", capacitance, 0.0, math.inf, "()", "F")
        self._level = None if level is None else check.real("level", level, 0.0, math.inf, "()", "A")
        silent = [one for one in neurons if not table_of(one)["events"]]
        if self._level is None and silent:
            raise ValueError(f"level must be given where a neuron has no events, got None for {silent[0]!r}")
        self._circuit, self._edges = _with_neurons(net, self._bits, neurons, beside)
        seconds = check.real("width", width, 0.0, math.inf, "()", "s")
        volts = check.real("gate", gate, unit="V")
        self._ground: dict[str, float | None] = dict.fromkeys([*self._words, *self._bits], 0.0)
        # Besides there are gates, which all have one voltage, and dummy lines, which float.
        self._others = {name: volts if name[0] == "g" else None for name in net.electrodes if name not in self._ground}
        self._ground |= self._others
        self._written = Simulation(net, self._cells, self._ground, dt=seconds, seed=check.integer("seed", seed, 0))

    def _neurons(self, neuron: Any) -> list[Device]:
        """Return the neuron of each bit line."""
        if isinstance(neuron, Device):
            return [neuron] * len(self._bits)
        check.instance("neuron", neuron, (list, tuple), "a device, or one for each bit line")
        if len(neuron) != len(self._bits):
            raise ValueError(f"neuron must have {len(self._bits)} devices, one for each bit line, got {len(neuron)}")
        for k, one in enumerate(neuron):
            check.instance(f"neuron[{k}]", one, Device, "a device")
        return list(neuron)

    @property
    def conductances(self) -> Floats:
        """Conductance of each cell as it stands, with all lines at 0 V (n_rows, n_columns) (S)."""
        trial = self._written.copy()
        trial.set_drive(self._ground)
        trial.step()
        return np.asarray(trial.conductance[self.net.cell[0]])

    @check.known_keywords
    def sources(self, patterns: ArrayLike) -> xr.Dataset:
        """Return what the crossbar is for each neuron: a voltage behind a resistance (Thevenin).

        Parameters
        ----------
        patterns : array_like, (n_patterns, n_rows)
            Voltage of each word line (V); nan lets it float.

        Returns
        -------
        xarray.Dataset
            `voltage` (pattern, neuron) (V), of a bit line at which no neuron is, and `resistance` (pattern, neuron)
            (ohm), with other bit lines floating; nan and inf where nothing conducts to it.

        Raises
        ------
        TypeError, ValueError
            Patterns of another shape, or infinite.

        Examples
        --------
        >>> import memnet as mn
        >>> cells = mn.Resistor(conductance=[40e-6, 10e-6])
        >>> array = mn.arrays.NeuronArray(mn.crossbar(2, 1), cells, mn.ThresholdSwitch(), capacitance=1e-9)
        >>> found = array.sources([[2.0, 0.0]])
        >>> found.voltage.item(), found.resistance.item()
        (1.6, 20000.0)
        """
        import xarray as xr

        given = self._patterns(patterns)
        matrix = terminal_conductance(self.net, cell_conductances(self.net, self.conductances))
        names = list(self.net.electrodes)
        words, bits = ([names.index(one) for one in group] for group in (self._words, self._bits))
        found = [_thevenin(matrix, dict(zip(words, volts, strict=True)), bits) for volts in given]
        voltage, resistance = np.moveaxis(np.reshape(found, (len(given), 2, len(bits))), 1, 0)
        dims = ("pattern", "neuron")
        return xr.Dataset({"voltage": (dims, voltage), "resistance": (dims, resistance)})

    @check.known_keywords
    def respond(
        self,
        patterns: ArrayLike,
        duration: float,
        *,
        dt: float,
        method: str = "fixed",
        rtol: float | None = None,
        seed: int = 0,
    ) -> xr.Dataset:
        """Present patterns, one after the other, and count spikes.

        Parameters
        ----------
        patterns : array_like, (n_patterns, n_rows)
            Voltage of each word line (V); nan lets it float.
        duration : float
            Of each presentation (s), > 0.
        dt : float
            Step (s), > 0; with method="adaptive" the time between rows. Events are located within it, a level is looked
            at once a row.
        method, rtol
            As for `Simulation`.
        seed : int
            Of stochastic neurons and cells in the first presentation, >= 0; it grows by 1 from each to the next.

        Returns
        -------
        xarray.Dataset
            `count` (pattern, neuron), spikes of each neuron, and `first` (pattern, neuron), when the first one was (s),
            nan where there is none.

        Raises
        ------
        TypeError, ValueError
            Patterns of another shape, or infinite; a duration that is no whole number of steps; what `Simulation`
            refuses.

        Examples
        --------
        >>> import memnet as mn
        >>> cells = mn.Resistor(conductance=[40e-6, 10e-6])
        >>> array = mn.arrays.NeuronArray(mn.crossbar(2, 1), cells, mn.ThresholdSwitch(), capacitance=1e-9)
        >>> found = array.respond([[2.0, 0.0], [0.0, 2.0]], 1e-4, dt=1e-6)
        >>> found["count"].values.ravel().tolist(), round(1e6 * found["first"].values[0, 0], 1)
        ([4, 0], 27.7)
        """
        import xarray as xr

        given = self._patterns(patterns)
        first_seed = check.integer("seed", seed, 0, 2**64 - 1 - len(given))
        options = {"dt": dt, "method": method} | ({} if rtol is None else {"rtol": rtol})
        count = np.zeros((len(given), len(self._bits)), dtype=np.int64)
        first = np.full(count.shape, np.nan)
        for k, volts in enumerate(given):
            for column, times in enumerate(self._spikes(volts, duration, {**options, "seed": first_seed + k})):
                count[k, column] = times.size
                if times.size:
                    first[k, column] = times[0]
        dims = ("pattern", "neuron")
        return xr.Dataset({"count": (dims, count), "first": (dims, first, {"units": "s"})})

    @check.known_keywords
    def write(self, words: ArrayLike, bits: ArrayLike) -> None:
        """Apply one pulse to all lines, the neurons cut off.

        Parameters
        ----------
        words : array_like, (n_rows,)
            Voltage of each word line during the pulse (V).
        bits : array_like, (n_columns,)
            Voltage of each bit line (V). A cell has the voltage of its word line less that of its bit line.

        Raises
        ------
        TypeError, ValueError
            Voltages of another shape, or not finite.
        """
        volts = np.append(
            check.array("words", words, (len(self._words),)), check.array("bits", bits, (len(self._bits),))
        )
        lines = dict(zip([*self._words, *self._bits], volts.tolist(), strict=True))
        self._written.set_drive({**self._ground, **lines})
        self._written.step()

    @check.known_keywords
    def learn(
        self,
        patterns: ArrayLike,
        targets: ArrayLike,
        *,
        voltage: float,
        duration: float,
        dt: float,
        epochs: int = 20,
        method: str = "fixed",
        rtol: float | None = None,
        seed: int = 0,
    ) -> xr.Dataset:
        """Teach neurons which patterns to fire at, by a delta rule of pulses.

        A neuron that should fire at a pattern and does not gets a pulse of `voltage` at the cells of the word lines
        that are above 0 V, and one of the other sign at those below 0 V; a neuron that should not and does gets the
        opposite. Half of the voltage comes from the word lines and half from the bit line, so that other cells see no
        more than half: give more than their threshold, and less than twice of it.

        Parameters
        ----------
        patterns : array_like, (n_patterns, n_rows)
            As for `respond`.
        targets : array_like of bool, (n_patterns, n_columns)
            Which neurons should fire at which pattern.
        voltage : float
            Of a pulse that makes a cell conduct better (V), not 0, of either sign.
        duration, dt, method, rtol
            Of a presentation, as for `respond`.
        epochs : int
            How often all patterns are shown, at most, >= 1; it ends after an epoch without an error.
        seed : int
            Of the order of patterns, which each epoch has anew, and of presentations, >= 0.

        Returns
        -------
        xarray.Dataset
            `wrong` (epoch): neurons that fired and should not or the other way round, over all patterns, as they were
            shown. `pulses` (epoch): how many were applied.

        Raises
        ------
        TypeError, ValueError
            Patterns or targets of another shape; a voltage of 0; what `respond` refuses.

        Notes
        -----
        Source: the simplified delta rule of Duan et al., Nat. Commun. 2020, 11, 3399, doi 10.1038/s41467-020-17215-3.
        """
        import xarray as xr

        given = self._patterns(patterns)
        wanted = check.given_array("targets", targets)
        if wanted.dtype != np.bool_:
            raise TypeError(f"targets must be an array of True and False, got one of {wanted.dtype}")
        check.check_shape("targets", wanted.shape, (len(given), len(self._bits)))
        height = check.real("voltage", voltage, -math.inf, math.inf, "()0", "V")
        most = check.whole("epochs", epochs, 1, 10**6)
        rng = np.random.default_rng(check.integer("seed", seed, 0, 2**63))
        wrong: list[int] = []
        pulses: list[int] = []
        while len(wrong) < most and not (wrong and wrong[-1] == 0):
            wrong.append(0)
            pulses.append(0)
            for k in rng.permutation(len(given)):
                own = int(rng.integers(2**63))
                shown = self.respond(given[k : k + 1], duration, dt=dt, method=method, rtol=rtol, seed=own)
                error = wanted[k].astype(int) - (shown["count"].values[0] > 0)
                wrong[-1] += int(np.abs(error).sum())
                pulses[-1] += self._correct(np.nan_to_num(given[k]), error, height)
        return xr.Dataset({"wrong": ("epoch", wrong), "pulses": ("epoch", pulses)})

    def _correct(self, volts: Floats, error: Ids, height: float) -> int:
        """Apply the pulses that a pattern with these errors of neurons asks for, and return how many there were."""
        pulses = 0
        for column in np.flatnonzero(error):
            for sign in (1.0, -1.0):
                rows = sign * volts > 0.0
                if rows.any():
                    half = 0.5 * sign * error[column] * height
                    self.write(half * rows, -half * (np.arange(len(error)) == column))
                    pulses += 1
        return pulses

    def _spikes(self, volts: Floats, duration: float, options: dict[str, Any]) -> list[Floats]:
        """Return the times of spikes of each neuron during one presentation."""
        drive: dict[str, float | None] = dict(
            zip(self._words, [None if np.isnan(v) else v for v in volts], strict=True)
        )
        sim = Simulation(self._circuit, self._cells, {**self._ground, **drive}, **options)
        for device in dict.fromkeys(self._cells):
            fields = state_fields(table_of(device))
            names = [name for name, field in fields.items() if field["role"] == "state"]
            if names:
                sim.set_state(device, **{name: self._written.state(device, name) for name in names})
        if self._level is None:
            run = sim.run(duration=duration, record=[])
            spikes = run.event_kind.values == 1
            return [run.event_time.values[spikes & (run.event_edge.values == edge)] for edge in self._edges]
        run = sim.run(duration=duration, record={"branch_current": self._edges})
        currents = np.abs(run.branch_current.values).T
        return [run.time.values[_crossings(one, self._level)] for one in currents]

    def _patterns(self, patterns: ArrayLike) -> Floats:
        given = check.array("patterns", patterns, (None, len(self._words)), finite=False)
        if np.isinf(given).any():
            raise ValueError("patterns must be voltages, or nan for a line that floats, got inf")
        return given

    def _summary(self) -> dict[str, str]:
        rows, columns = len(self._words), len(self._bits)
        cells = ", ".join(dict.fromkeys(one.model for one in self._cells[: rows * columns]))
        return {"": f"{rows} x {columns} cells of {cells}", "neurons": str(self._circuit.attached[1].devices[0].model)}


def _with_neurons(
    net: Network, bits: Sequence[str], neurons: Sequence[Device], capacitance: float | None
) -> tuple[Network, Ids]:
    """Return a crossbar with neurons between bit lines and electrodes at ground, and the edges of the neurons."""
    beside = (
        MODELS["Resistor"](conductance=0.0)
        if capacitance is None
        else MODELS["Capacitor"](capacitance=capacitance, method="trapezoidal")
    )
    for bit, neuron in zip(bits, neurons, strict=True):
        # In series at the electrode, which becomes ground; the bit line is then the electrode behind it, and floats.
        net = net.attach(bit, beside).attach(f"{bit}.inner", neuron, to=bit)
    return net, np.array([one.edges[0] for one in net.attached if one.to is not None], dtype=np.int32)


def _thevenin(matrix: Floats, driven: Mapping[int, float], wanted: Sequence[int]) -> tuple[Floats, Floats]:
    """Return open-circuit voltages and resistances of electrodes, others than the driven ones floating."""
    held = [k for k, volts in driven.items() if not np.isnan(volts)]
    free = [k for k in range(len(matrix)) if k not in held and matrix[k, k] > 0.0]
    voltage, resistance = np.full(len(matrix), np.nan), np.full(len(matrix), np.inf)
    if free and held:
        inverse = np.linalg.inv(matrix[np.ix_(free, free)])
        voltage[free] = -inverse @ matrix[np.ix_(free, held)] @ [driven[k] for k in held]
        resistance[free] = np.diag(inverse)
    return voltage[wanted], resistance[wanted]


def _crossings(values: Floats, level: float) -> Flags:
    """Return where values have risen to a level after they were below a share of it, as they are at the start."""
    found = np.zeros(values.size, dtype=np.bool_)
    is_armed = True
    for k in np.flatnonzero((values >= level) | (values < ARMED * level)):
        found[k] = is_armed and values[k] >= level
        is_armed = bool(values[k] < ARMED * level)
    return found
