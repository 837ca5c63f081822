"""A layer of neurons that finds patterns by itself: synapses of a crossbar between spikes of rows and of columns."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from memnet import drive as waves
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.base.text import Summary, quantity
from memnet.devices import BipolarThreshold, Device, ElectrodeIntegrateAndFire, state_fields, table_of
from memnet.simulate import Circuit, Simulation, react

__all__ = ["SpikingLayer"]

# How long a pattern is shown, when the next begins, and the step (s).
SHOWN, PERIOD, STEP = 8e-3, 40e-3, 2e-4
# How long each half of a spike that teaches lasts (s).
HALF = 1e-3
# Neurons inhibit each other, so their reactions grow with the square of their number; synapses are edges of a circuit.
MOST_NEURONS, MOST_SYNAPSES = 2**10, 2**18


class SpikingLayer(Summary):
    """Neurons at the columns of a crossbar whose spikes go back into it and teach the synapses that made them fire.

    A pattern is a pulse of 0.5 V for 8 ms at the rows that it has, one pattern every 40 ms. A column is held at 0 V and
    its current charges a neuron. Where that fires, its column takes a spike of two halves, 1 ms each: with the first,
    synapses of rows that are on pass their threshold upwards; with the second, the others do downwards. All other
    columns take a pulse that keeps their neurons from firing, so that one neuron learns a pattern. With
    the default devices a pattern fires a neuron if four rows or more are on.

    Parameters
    ----------
    inputs, neurons : int
        Rows and columns, at most 1,024 columns and 262,144 synapses.
    synapse : Device, optional
        A device with a state w, which starts anew for each synapse; by default BipolarThreshold with soft bounds, 0.4
        to 4 nS.
    neuron : Device, optional
        One with an event "spike" that reads the current of an electrode; by default ElectrodeIntegrateAndFire with 1 nF
        and 100 nS, which is refractory for 12 ms.
    teach : (float, float)
        The two halves of the spike (V). With (0, 0) nothing is learnt, and all else is the same.
    inhibition : float
        Voltage of other columns after a spike (V), for 8 ms.
    seed : int, optional
        Of the weights at the start, from 0.4 to 0.6, and the noise of devices.

    Attributes
    ----------
    weights : ndarray, (inputs, neurons)
        State w of each synapse.

    Raises
    ------
    TypeError, ValueError
        Numbers outside their range; a synapse or neuron that is no device, or not such a one.

    References
    ----------
    .. [1] D. Querlioz, O. Bichler, P. Dollfus and C. Gamrat, IEEE Trans. Nanotechnol. 2013, 12, 288,
       doi 10.1109/TNANO.2013.2250995: the rule of two halves, and inhibition.

    Examples
    --------
    >>> import memnet as mn
    >>> layer = mn.arrays.SpikingLayer(8, 1, seed=1)
    >>> pattern = [1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]
    >>> spikes = layer.learn([pattern] * 10)
    >>> spikes.sum(), layer.weights[:, 0].round(1).tolist()
    (np.int64(10), [1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0])
    >>> layer.respond([pattern]).shape
    (1, 1)
    """

    @check.known_keywords
    def __init__(
        self,
        inputs: int,
        neurons: int,
        *,
        synapse: Device | None = None,
        neuron: Device | None = None,
        teach: tuple[float, float] = (-0.8, 1.2),
        inhibition: float = 0.45,
        seed: int | None = None,
    ) -> None:
        self._shape = check.integer("inputs", inputs, 1, 2**16), check.integer("neurons", neurons, 1, MOST_NEURONS)
        if math.prod(self._shape) > MOST_SYNAPSES:
            raise ValueError(f"inputs * neurons must be no more than {MOST_SYNAPSES:,}, got {math.prod(self._shape):,}")
        if not isinstance(teach, (tuple, list)) or len(teach) != 2:
            raise TypeError(f"teach must be two voltages (V), got {check.shown(teach)}")
        self._halves = tuple(check.real(f"teach[{k}]", one, -100.0, 100.0, "[]", "V") for k, one in enumerate(teach))
        self._inhibition = check.real("inhibition", inhibition, -100.0, 100.0, "[]", "V")
        for name, device in (("synapse", synapse), ("neuron", neuron)):
            if device is not None:
                check.instance(name, device, Device, "a device, or None")
        self._seed = check.seed("seed", seed)
        if synapse is not None and "w" not in state_fields(table_of(synapse)):
            raise ValueError(f"synapse must be a device with a state w, got {synapse!r}")
        self.synapse = synapse or BipolarThreshold(g_on=4e-9, g_off=4e-10, I_0=0.6, soft=1.0)
        self.neuron = neuron or ElectrodeIntegrateAndFire(C_m=1e-9, g_L=1e-7, t_ref=12e-3)
        self._sim = self._simulation(self._halves)
        start = np.random.default_rng(self._seed).uniform(0.4, 0.6, self._shape)
        self._sim.set_state(self.synapse, w=start.ravel())

    @property
    def weights(self) -> Floats:
        """State w of each synapse (inputs, neurons)."""
        return np.asarray(self._sim.state(self.synapse, "w")).reshape(self._shape)

    @check.known_keywords
    def learn(self, patterns: ArrayLike) -> NDArray[np.int64]:
        """Show patterns once, in their order, and let spikes teach.

        Parameters
        ----------
        patterns : array_like, (n, inputs)
            From 0, off, to 1, the full pulse.

        Returns
        -------
        ndarray of int, (n, neurons)
            Spikes of each neuron while each pattern was shown and before the next one.

        Raises
        ------
        TypeError, ValueError
            Patterns of another shape, or beyond 0 to 1.
        """
        return self._shown(self._sim, patterns)

    @check.known_keywords
    def respond(self, patterns: ArrayLike) -> NDArray[np.int64]:
        """Show patterns as `learn` does, to a copy of the layer whose spikes teach nothing."""
        copy = self._simulation((0.0, 0.0))
        copy.set_state(self.synapse, w=self.weights.ravel())
        return self._shown(copy, patterns)

    def _simulation(self, halves: Any) -> Simulation:
        """Return the circuit in its first state, whose spikes have these halves."""
        rows, columns = self._shape
        circuit = Circuit()
        for k in range(rows * columns):
            circuit.add(f"w{k // columns}", f"b{k % columns}", self.synapse)
        for column in range(columns):
            circuit.add(f"b{column}", "gnd", self.neuron)
        spike = waves.concat([(halves[0], HALF), (halves[1], HALF), (0.0, None)])
        quiet = waves.concat([(self._inhibition, SHOWN), (0.0, None)])
        edges = rows * columns + np.arange(columns)
        reactions = []
        for column, own in enumerate(edges):
            for wave, of in ((spike, edges[edges == own]), (quiet, edges[edges != own])):
                if len(of):
                    at = f"b{column}"
                    reactions.append(react(self.neuron, "spike", electrode=at, wave=wave, edges=of, overlap="last"))
        drive = dict.fromkeys([f"w{k}" for k in range(rows)] + [f"b{k}" for k in range(columns)] + ["gnd"], 0.0)
        return circuit.simulation(drive, dt=STEP, reactions=reactions, seed=self._seed)

    def _shown(self, sim: Simulation, patterns: ArrayLike) -> NDArray[np.int64]:
        """Show patterns and count spikes."""
        rows, columns = self._shape
        given = check.numbers_within("patterns", patterns, 0.0, 1.0)
        check.check_shape("patterns", given.shape, (None, rows))
        counts = np.zeros((len(given), columns), dtype=np.int64)
        if not len(given):
            return counts
        first = sim.steps_done
        steps = round(PERIOD / STEP)
        begin = (first + steps * np.arange(len(given))) * STEP
        times = np.stack([begin, begin + SHOWN], axis=1).ravel()
        drive = dict(sim.drive)
        for row in range(rows):
            volts = np.zeros(2 * len(given))
            volts[0::2] = 0.5 * given[:, row]
            drive[f"w{row}"] = waves.steps(volts, times)
        sim.set_drive(drive)
        run = sim.run(steps * len(given), record=["voltage"])
        fired = (run.event_kind.values == 1) & (run.event_edge.values >= rows * columns)
        shown = (run.event_step.values[fired] - first) // steps
        np.add.at(counts, (shown, run.event_edge.values[fired] - rows * columns), 1)
        return counts

    def _summary(self) -> dict[str, str]:
        rows, columns = self._shape
        halves = " and ".join(quantity(one, "V") for one in self._halves)
        return {"": f"{rows} inputs, {columns} neurons", "teach": halves}
