"""Gates of memtransistors: NAND of two in series below a load, NOT of one, and what they make together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memnet.arrays._logic_table import MOST_INPUTS, Bits, Expected, all_cases, expected_bits, names_of
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.base.read_only import ReadOnlyArrays, read_only
from memnet.base.text import Summary, quantity
from memnet.devices import Capacitor, Memtransistor, Resistor, link
from memnet.simulate import Circuit, Simulation

__all__ = ["NandLogic", "VoltageTable"]

SUPPLY, GROUND = "supply", "ground"
# How the node between two memtransistors of a gate is called, behind the name of its output.
BETWEEN = ".between"
# Steps in load times capacitance, and how many of these times a gate has to settle.
STEPS_IN_TIME = 50
TIMES_TO_SETTLE = 15


@dataclass(frozen=True, repr=False, eq=False)
class VoltageTable(ReadOnlyArrays, Summary):
    """What gates made of every combination of their inputs, as voltages.

    Attributes
    ----------
    inputs, outputs : tuple of str
        Nodes.
    supply : float
        The voltage of a 1 (V); a 0 is 0 V.
    cases : ndarray of int8, (case, input)
        All combinations, the last input fastest.
    expected : ndarray of int8, (case, output)
    voltage : ndarray, (case, output)
        Of each output once it has settled (V).

    Examples
    --------
    >>> import memnet as mn
    >>> logic = mn.arrays.NandLogic()
    >>> logic.nand("a", "b", "out")
    >>> print(logic.table(["a", "b"], {"out": lambda a, b: not (a and b)}))
    a b   out
    0 0   2 V
    0 1   2 V
    1 0   1.995 V
    1 1   130.3 mV
    >>> found = logic.table(["a", "b"], {"out": lambda a, b: not (a and b)})
    >>> found.bits.ravel().tolist(), found.right, found.right_cases.tolist(), round(found.margin, 2)
    ([1, 1, 1, 0], True, [True, True, True, True], 0.87)
    """

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    supply: float
    cases: Bits
    expected: Bits
    voltage: Floats

    def __post_init__(self) -> None:
        for values in (self.cases, self.expected, self.voltage):
            read_only(values)

    @property
    def bits(self) -> Bits:
        """1 where an output is above half the supply, (case, output)."""
        return np.asarray(self.voltage > 0.5 * self.supply, dtype=np.int8)

    @property
    def right_cases(self) -> NDArray[np.bool_]:
        """Whether all outputs are right, (case,)."""
        return np.asarray((self.bits == self.expected).all(axis=1))

    @property
    def right(self) -> bool:
        """Whether all outputs are right in all cases."""
        return bool(self.right_cases.all())

    @property
    def margin(self) -> float:
        """The least distance of an output from half the supply, as a share of that; negative where one is wrong."""
        above = self.voltage / (0.5 * self.supply) - 1.0
        return float(np.where(self.expected == 1, above, -above).min())

    def _summary(self) -> dict[str, str]:
        return {
            "": f"{', '.join(self.inputs)} to {', '.join(self.outputs)}: right in"
            f" {int(self.right_cases.sum())} of {len(self.cases)} cases",
            "least margin": f"{self.margin:.4g}",
        }

    def __str__(self) -> str:
        rows = [f"{' '.join(self.inputs)}   {' '.join(self.outputs)}"]
        for case, bits, wanted, volts in zip(self.cases, self.bits, self.expected, self.voltage, strict=True):
            given = " ".join(f"{bit:<{len(name)}}" for name, bit in zip(self.inputs, case.tolist(), strict=True))
            found = [
                f"{quantity(volt, 'V')}{'' if bit == right else ', wrong'}"
                for bit, right, volt in zip(bits, wanted, volts, strict=True)
            ]
            rows.append(f"{given}   {' '.join(found)}")
        return "\n".join(rows)


class NandLogic(Summary):
    """Gates of memtransistors between a supply and ground, as a circuit that grows gate by gate.

    Each gate pulls its output down through memtransistors in series, whose gates are its inputs, against a load to the
    supply. Charges at the outputs and between the memtransistors decide how fast it settles.

    Parameters
    ----------
    device : Memtransistor, optional
        That of all gates which are given no other; by default one with its own parameters, erased.
    supply : float
        Voltage of the supply and of an input at 1 (V), > 0. Below `V_program` of the device, or inputs program it.
    load : float
        Resistance between the supply and an output (ohm), > 0.
    capacitance : float
        From each output and each node between two memtransistors to ground (F), > 0.

    Raises
    ------
    TypeError, ValueError
        Another device, one that is linked already; numbers that are not > 0.

    References
    ----------
    .. [1] Y. Zheng et al., Nat. Commun. 2022, 13, 5578, doi 10.1038/s41467-022-33053-x, whose NAND has a third
       memtransistor as its load; EC23 fig. 18 d.

    Examples
    --------
    >>> import memnet as mn
    >>> logic = mn.arrays.NandLogic()
    >>> logic.multiplexer("s", "a", "b", "out")
    >>> logic.table(["s", "a", "b"], {"out": lambda s, a, b: a if s else b})
    <VoltageTable: s, a, b to out: right in 8 of 8 cases; least margin 0.8696>
    >>> logic.invert("out", "not_out")
    >>> logic.inputs, logic.simulation({"s": 1, "a": 0, "b": 1}).steps_done
    (('s', 'a', 'b'), 0)
    >>> logic.nand("a", "b", "other")
    """

    def __init__(
        self,
        device: Memtransistor | None = None,
        *,
        supply: float = 2.0,
        load: float = 1e6,
        capacitance: float = 1e-12,
    ) -> None:
        self.device = _memtransistor(device) or Memtransistor()
        self.supply = check.real("supply", supply, 0.0, math.inf, "()", "V")
        self.load = check.real("load", load, 0.0, math.inf, "()", "ohm")
        self.capacitance = check.real("capacitance", capacitance, 0.0, math.inf, "()", "F")
        self.circuit = Circuit()
        self.outputs: tuple[str, ...] = ()

    @check.known_keywords
    def nand(self, a: str, b: str, out: str, *, device: Memtransistor | None = None) -> None:
        """Add a NAND: two memtransistors in series from the output to ground, that of `a` on top.

        Parameters
        ----------
        a, b : str
            Nodes: inputs, or outputs of other gates.
        out : str
            A new output.
        device : Memtransistor, optional
            What both are, such as programmed ones.

        Raises
        ------
        TypeError, ValueError
            Names that are no names, or of nodes inside of gates, which end with ".between"; an output that is there
            already or is an input of itself; another device.
        """
        self._pull_down({"a": a, "b": b}, out, device)

    @check.known_keywords
    def invert(self, a: str, out: str, *, device: Memtransistor | None = None) -> None:
        """Add a NOT: one memtransistor from the output to ground.

        Parameters
        ----------
        a, out, device
            As for `nand`.

        Raises
        ------
        TypeError, ValueError
            As for `nand`.
        """
        self._pull_down({"a": a}, out, device)

    @check.known_keywords
    def multiplexer(self, select: str, one: str, zero: str, out: str) -> None:
        """Add a multiplexer of three NANDs and a NOT: `one` where `select` is 1, else `zero`.

        Parameters
        ----------
        select, one, zero : str
            Nodes.
        out : str
            A new output; further ones are `out` with ".not", ".one" and ".zero" behind it.

        Raises
        ------
        TypeError, ValueError
            As for `nand`.
        """
        made = (f"{out}.not", f"{out}.one", f"{out}.zero")
        given = {"select": select, "one": one, "zero": zero}
        self._refuse_names(given, out)
        for name in made:
            self._refuse_names({}, name)
            if name in given.values():
                raise ValueError(f"select, one and zero must be nodes that the multiplexer does not make, got {name!r}")
        self.invert(select, f"{out}.not")
        self.nand(select, one, f"{out}.one")
        self.nand(f"{out}.not", zero, f"{out}.zero")
        self.nand(f"{out}.one", f"{out}.zero", out)

    @check.known_keywords
    def table(self, inputs: Sequence[str], expected: Expected) -> VoltageTable:
        """Return the truth table: the circuit runs from rest for every combination of its inputs until it has settled.

        Parameters
        ----------
        inputs : sequence of str
            All nodes that are no outputs, in the order of the cases; at most 12.
        expected : dict
            What outputs should be: for each a function of the inputs, in their order, or a bit for each case.

        Returns
        -------
        VoltageTable

        Raises
        ------
        TypeError, ValueError
            Inputs that are not those of the circuit; outputs that it has not; expected values that are no bits.

        Notes
        -----
        Steps are a fiftieth of load times capacitance, and as many gates follow each other, as often 15 of these times
        pass.
        """
        names = names_of("inputs", inputs, self.inputs)
        if len(names) < len(self.inputs) or len(names) > MOST_INPUTS:
            raise ValueError(f"inputs must be {', '.join(self.inputs)}, at most {MOST_INPUTS}, got {', '.join(names)}")
        nodes = (*names, *self.outputs)
        wanted = expected_bits(expected, names, nodes, {})
        for name in expected:
            check.known_name("output in expected", name, dict.fromkeys(self.outputs))
        cases = all_cases(len(names))
        volts = [self._settled(dict(zip(names, case, strict=True)), list(expected)) for case in cases.tolist()]
        at = [nodes.index(name) for name in expected]
        return VoltageTable(names, tuple(expected), self.supply, cases, wanted[:, at], np.array(volts))

    @check.known_keywords
    def simulation(self, volts: dict[str, float]) -> Simulation:
        """Return a simulation of the circuit at rest, with inputs at constant voltages.

        Parameters
        ----------
        volts : dict
            For every input its voltage (V).

        Returns
        -------
        Simulation
            In steps of a fiftieth of load times capacitance.

        Raises
        ------
        TypeError, ValueError
            An input that is missing or unknown, no gates.
        """
        check.instance("volts", volts, dict, "a dict from inputs to voltages")
        if not self.outputs:
            raise ValueError("the circuit has no gates yet, add one with nand, invert or multiplexer")
        missing = [name for name in self.inputs if name not in volts]
        if missing:
            raise ValueError(f"volts must have every input, got none for {', '.join(missing)}")
        for name in volts:
            check.known_name("input in volts", name, dict.fromkeys(self.inputs))
        drive = {SUPPLY: self.supply, GROUND: 0.0, **volts}
        return self.circuit.simulation(drive, dt=self.load * self.capacitance / STEPS_IN_TIME)

    @property
    def inputs(self) -> tuple[str, ...]:
        """Nodes that gates read and that are no outputs."""
        probed = dict.fromkeys(one.a for one in self.circuit if one.name.endswith(".gate"))
        return tuple(name for name in probed if name not in self.outputs)

    def _settled(self, bits: dict[str, int], outputs: list[str]) -> list[float]:
        sim = self.simulation({name: self.supply * bit for name, bit in bits.items()})
        sim.step(STEPS_IN_TIME * TIMES_TO_SETTLE * len(self.outputs))
        return [sim[name] for name in outputs]

    def _pull_down(self, given: dict[str, str], out: str, device: Memtransistor | None) -> None:
        """Add a gate whose output memtransistors in series join to ground while all inputs are 1."""
        self._refuse_names(given, out)
        inputs = list(given.values())
        channel = _memtransistor(device) or self.device
        self.circuit.add(SUPPLY, out, Resistor(conductance=1.0 / self.load), name=f"{out}.load")
        drain, charge = out, Capacitor(capacitance=self.capacitance)
        for k, name in enumerate(inputs):
            source = GROUND if k == len(inputs) - 1 else f"{out}{BETWEEN}"
            probe = f"{out}.{k + 1}.gate"
            self.circuit.add(drain, source, link(channel, to=probe), name=f"{out}.{k + 1}")
            self.circuit.add(name, source, Resistor(conductance=0.0), name=probe)
            self.circuit.add(drain, GROUND, charge, name=f"{drain}.charge")
            drain = source
        self.outputs = (*self.outputs, out)

    def _refuse_names(self, given: dict[str, str], out: str) -> None:
        """Raise TypeError or ValueError for names of a gate that cannot be; the circuit is as it was then."""
        for argument, name in {**given, "out": out}.items():
            if check.new_name(argument, name) in (SUPPLY, GROUND):
                raise ValueError(f'{argument} must not be "{SUPPLY}" or "{GROUND}", got {name!r}')
            if name.endswith(BETWEEN):
                raise ValueError(f'{argument} must not end with "{BETWEEN}", as nodes inside of gates do, got {name!r}')
        if out in self.outputs or out in given.values() or out in self.inputs:
            raise ValueError(f"out must be a new output that no gate reads yet, got {out!r}")

    def _summary(self) -> dict[str, str]:
        return {
            "": f"{len(self.outputs)} gates of {self.device.model}: {', '.join(self.outputs)}",
            "supply": quantity(self.supply, "V"),
            "load": quantity(self.load, "ohm"),
        }


def _memtransistor(device: Memtransistor | None) -> Memtransistor | None:
    check.instance("device", device, (Memtransistor, type(None)), "a Memtransistor, or None")
    if device is not None and device.linked_to is not None:
        raise ValueError(f"device must not be linked, gates link it themselves, got {device!r}")
    return device
