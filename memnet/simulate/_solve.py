"""The circuit at one moment: of conductances, or of devices at rest."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from memnet.base import check
from memnet.circuit import (
    MOST_THREADS,
    ORDERS,
    SOLVERS,
    Solution,
    refuse_undefined,
    solve_conductances,
    undefined_nodes,
    warn_of_accuracy,
)
from memnet.devices import Device, Mix, table_of
from memnet.drive import role_and_value, without_limit
from memnet.network import Network, name_places, node_names
from memnet.simulate._circuit import Circuit
from memnet.simulate._engine import Engine


@check.known_keywords
def solve(
    net: Network | Circuit,
    conductance: ArrayLike | None = None,
    drive: Mapping[str, Any] | None = None,
    *,
    devices: Device | Mix | Sequence[Device] | None = None,
    solver: str = "kron",
    order: str = "fast",
    threads: int = 1,
    injected: ArrayLike | Mapping[int, Any] | None = None,
) -> Solution:
    """Return potentials and currents of a network at one moment: of conductances, or of devices at rest.

    Parameters
    ----------
    net : Network or Circuit
        With at least one electrode. A circuit has its devices, and electrodes where the drive says so.
    conductance : float or array_like, (n_edges,) or (r, n_edges), optional
        Conductance of each edge (S), finite; with kron it is >= 0, or complex (an admittance) with a real part >= 0.
        With r rows, r replicas of the network are solved in one call; kron takes 8 at a time.
    drive : dict
        For every electrode a voltage (V), ``mn.drive.current(A)`` for a current into the network,
        ``mn.drive.limited(V, current=A)`` for a voltage with a limit of the current, or None to let it float. With no
        voltage the currents must sum to zero, and the first electrode is at 0 V. With r rows of conductances a voltage
        may be an array (r,), and a current a list of r currents; there are no limits then.
    devices : Device, Mix or sequence of Device, optional
        In place of `conductance`: what sits on the edges, as for `Simulation`. Their static operating point is found:
        states are those at the start, charges carry nothing, and currents that are not linear in the voltage are
        balanced by Newton's method. `conductance` of the result is that of each edge's i/v. Where a negative resistance
        leaves several such points it is one of them, stable or not: `equilibria` finds all.
    solver : {"kron", "umfpack"}
        Elimination in sum form, which is exact to rounding over any range of conductances >= 0, and of admittances
        whose imaginary parts have one sign; or a general sparse LU factorisation with iterative refinement, which also
        takes negative conductances.
    order : {"fast", "auto", "best"}
        How kron looks for the order in which it eliminates nodes, as in `Simulation`. Once found it is kept with the
        network: the next call is free of it. One call alone rarely pays for more than "fast"; many on one large
        network do. Results differ in the last digits.
    threads : int
        How many threads work on it with kron, 1 to 1024, as in `Simulation`: the bits are the same. For the network of
        one large problem, from some million updates on; the search for an order, which may take longer, has one.
    injected : array_like, (n_nodes,), or dict, optional
        Current into each node (A), or a dict from node to current. Not with r rows of conductances or with devices.

    Returns
    -------
    Solution
        With `potential`, `voltage`, `current` and `conductance`, whose first axis is the replica where there are r.

    Raises
    ------
    ValueError
        An array of the wrong shape; a conductance that is not finite, or negative with kron; an unknown electrode, one
        without a drive, or none driven; a current into a part of the network that no voltage holds; conductances over
        more than 298 decades, or drives over more than 352; a node that only capacitors or held currents reach.
    TypeError
        An argument of the wrong type, or an unknown keyword.
    ArithmeticError
        The system is singular (umfpack, or a resonance); a result is above 1.8e308; no potentials were found at which
        the currents of devices balance.

    Warns
    -----
    IllConditionedWarning
        The solution may be off by more than 1e-10: with umfpack, conductances over more decades than it resolves;
        near a resonance of imaginary parts of both signs.
    RuntimeWarning
        A result that is not 0 is too small for a double (2.2e-308) and has lost digits, or all of them.

    Notes
    -----
    Any finite numbers will do: those far from 1 are multiplied by powers of two, which is exact, and results divided.
    kron takes one factorisation, with order="fast" in the elimination order of straight cuts through a lattice or of
    SuiteSparse's AMD: for planar networks about O(n log n) time and memory. Potentials of voltage-driven networks are
    accurate componentwise to about 1e-15; a terminal current to as much of what flows to and from the other electrodes,
    of which it may be a small difference. Replicas have the bits that they have one by one.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.Network(3, [(0, 1), (1, 2)], electrodes={"in": 0, "out": 2})
    >>> solution = mn.solve(net, [1.0, 1.0], {"in": 1.0, "out": 0.0})
    >>> solution.potential
    array([1. , 0.5, 0. ])
    >>> solution.current_of("in")
    0.5
    >>> mn.solve(net, [[1.0, 1.0], [3.0, 1.0]], {"in": [1.0, 4.0], "out": 0.0}).potential
    array([[1. , 0.5, 0. ],
           [4. , 3. , 0. ]])
    >>> rectifier = mn.solve(net, drive={"in": 5.0, "out": 0.0}, devices=[mn.Resistor(conductance=1e-3), mn.Diode()])
    >>> round(float(rectifier.potential[1]), 4)
    0.6929
    >>> circuit = mn.Circuit()
    >>> _ = circuit.add("in", "out", mn.Resistor(conductance=1e-3))
    >>> _ = circuit.add("out", "gnd", mn.Diode())
    >>> round(mn.solve(circuit, drive={"in": 5.0, "gnd": 0.0}).voltage_of("out"), 4)
    0.6929
    """
    check.instance("net", net, (Network, Circuit), "a Network or a Circuit")
    check.one_of("solver", solver, SOLVERS)
    check.one_of("order", order, ORDERS)
    check.integer("threads", threads, 1, MOST_THREADS)
    if isinstance(net, Circuit) and not (conductance is None and devices is None):
        raise TypeError("solve of a Circuit takes drive= alone: its elements have the devices")
    if not isinstance(net, Circuit) and (conductance is None) == (devices is None):
        raise TypeError("solve needs conductance or devices, and not both")
    if drive is None:
        raise TypeError("solve needs drive: a dict with a voltage, a current or None for every electrode")
    if isinstance(net, Circuit):
        return _at_rest(net.network(drive), net.devices, drive, solver, order, threads, injected)
    if devices is None:
        assert conductance is not None
        return solve_conductances(net, conductance, drive, solver, injected, order=order, threads=threads)
    return _at_rest(net, devices, drive, solver, order, threads, injected)


def _at_rest(net: Network, devices: Any, drive: Any, solver: str, order: str, threads: int, injected: Any) -> Solution:
    """Return the static operating point of devices."""
    if injected is not None:
        raise ValueError("injected needs conductance; with devices drive an electrode with mn.drive.current(A)")
    engine = Engine(net, devices, drive, seed=0, solver=solver, order=order, threads=threads)
    limits = {}
    for name, wave in engine.drive.items():
        voltage, limits[name] = without_limit(f"drive[{name!r}]", wave)
        role_and_value(f"drive[{name!r}]", voltage)
    core = engine._core
    try:
        core.solve_static()
    except (ArithmeticError, ValueError) as error:
        name_places(error, net)
        raise
    _refuse_undefined(engine)
    info = {"solver": solver, **core.info(), **core.accuracy(), "newton_steps": core.step_counters["solves"]}
    if any(map(math.isfinite, limits.values())):
        info["limited"] = tuple(name for name, side in zip(net.electrodes, core.limited, strict=True) if side)
    warn_of_accuracy(info, stacklevel=5)
    return Solution(
        potential=core.potential,
        voltage=core.voltage,
        current=core.current,
        conductance=core.terminal_conductance,
        electrodes=tuple(net.electrodes),
        info=info,
        nodes=node_names(net),
    )


def _refuse_undefined(engine: Engine) -> None:
    """Raise ValueError for a node without a potential that is more to the circuit than an end of open conductances."""
    net = engine.net
    counts = np.zeros(net.n_nodes, dtype=bool)
    for device in engine.devices:
        table = table_of(device)
        source = table["has_source"] and np.any(device.parameters.get("emf", 1.0))  # a resistor without one has none
        if table["has_charge"] or source or table["implicit"]:
            counts[net.edges[engine.edges_of(device)]] = True
    counts[undefined_nodes(net, np.ones(net.n_edges, dtype=bool), net.electrodes)] = False
    refuse_undefined(net, np.flatnonzero(counts & np.isnan(engine._core.potential)).astype(np.int32))
