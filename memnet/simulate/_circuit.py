"""Circuits of named elements, and the simulations of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from memnet.base import check
from memnet.circuit import Netlist, capacitor_paths, shown
from memnet.devices import table_of, with_edges
from memnet.drive import ROLE_VOLTAGE, Driven, Waveform, checked, first_jump
from memnet.network import Network
from memnet.simulate._simulation import Simulation


class Circuit(Netlist):
    """Named elements between named nodes, as SPICE has them: a circuit that becomes a simulation.

    Nodes are there as soon as an element names them, and none is special: those that a drive names are electrodes. The
    elements are the devices of memnet, memristors and all others.

    Attributes
    ----------
    nodes : tuple of str
        In the order in which they were first named.
    elements : mapping from str to Element
        In the order in which they were added. ``circuit["R1"]`` is one of them, and a loop over the circuit gives all.
    devices : list of Device
        That of each element.

    Notes
    -----
    Takes time and memory in proportion to the number of elements. Those that share a device are stepped together.

    Examples
    --------
    >>> import memnet as mn
    >>> circuit = mn.Circuit()
    >>> _ = circuit.add("in", "n1", mn.Resistor(conductance=1e-3), name="R1")
    >>> _ = circuit.add("n1", "gnd", mn.Capacitor(capacitance=1e-6), name="C1")
    >>> circuit
    <Circuit: 3 nodes, 2 elements: R1 from in to n1, C1 from n1 to gnd>
    >>> sim = circuit.simulation({"in": 1.0, "gnd": 0.0}, dt=1e-4)
    >>> data = sim.run(10, record={"potential": "n1", "branch_current": True})
    >>> round(float(data.potential.sel(potential_node="n1")[-1]), 6) == round(1 - 1.1**-10, 6)
    True
    >>> data.branch_current.sel(branch_current_edge="C1").shape
    (10,)
    >>> circuit.devices
    [Resistor(conductance=0.001), Capacitor(capacitance=1e-06)]
    """

    @property
    def devices(self) -> list[Any]:
        """The device of each element, in the order of `elements`: one an edge of `network`, linked to such edges."""
        edges = {name: number for number, name in enumerate(self.elements)}
        linked = {id(device): with_edges(device, edges) for device in super().devices}
        return [linked[id(device)] for device in super().devices]

    def simulation(self, drive: Mapping[str, Driven], **options: Any) -> Simulation:
        """Return a simulation of the circuit.

        Its recorded potentials and branch currents are read by the names of nodes and elements, ``sim["n1"]`` is the
        present potential of a node, ``sim.device("R1")`` the device of an element.

        Parameters
        ----------
        drive : dict
            For every node that is to be an electrode a waveform of `memnet.drive`, a number (a constant voltage, V), or
            None to let it float.
        **options
            Those of `Simulation`: `dt`, `seed`, `solver` and so on.

        Returns
        -------
        Simulation
            What is added to the circuit later does not change it.

        Raises
        ------
        TypeError, ValueError
            An unknown node (with the nearest one), nothing driven, an option that `Simulation` refuses; electrodes
            whose voltages jump against each other and between which nothing but capacitors lies, so that the current
            would have no bound.

        Examples
        --------
        >>> import memnet as mn
        >>> circuit = mn.Circuit()
        >>> _ = circuit.add("in", "mid", mn.Resistor(conductance=1.0))
        >>> _ = circuit.add("mid", "gnd", mn.Resistor(conductance=3.0))
        >>> sim = circuit.simulation({"in": 2.0, "gnd": 0.0})
        >>> sim["mid"]
        0.5
        """
        if not isinstance(drive, Mapping):
            raise TypeError(f"drive must be a dict from names of nodes to waveforms, got {check.shown(drive)}")
        for node in drive:
            check.known_name("node in drive", node, dict.fromkeys(self.nodes))
        net, devices = self.network(drive), self.devices
        _refuse_unbounded(net, devices, checked(drive, net.electrodes))
        return Simulation(net, devices, drive, **options)


def _refuse_unbounded(net: Network, devices: list[Any], waves: Mapping[str, Waveform]) -> None:
    """Raise ValueError where a jump of the drive would charge capacitors without a resistance in series."""
    charged = np.array([table_of(device)["has_charge"] for device in devices], dtype=np.bool_)
    if not charged.any():
        return
    held = [name for name, wave in waves.items() if wave.roles == {ROLE_VOLTAGE}]
    for names, edges in capacitor_paths(net, charged, held):
        for name in names[1:]:
            time = first_jump(waves[name] + -1.0 * waves[names[0]])
            if time is not None:
                raise ValueError(
                    f"drive jumps at t = {time:g} s between electrodes {names[0]!r} and {name!r}, which only"
                    f" capacitors keep apart ({shown(net, 'edge', edges)}): the current has no bound; put a resistor in"
                    " series, or let the voltage rise in a finite time"
                )
