"""Static states of a circuit, with their stability, and the branches that they form as a load changes."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from memnet.base import blas, check, text
from memnet.devices import Device, table_of
from memnet.drive import ROLE_VOLTAGE, Driven
from memnet.network import Named
from memnet.response._branches import crossings
from memnet.response._load import Load, one_electrode, whole_drive
from memnet.response._nodes import sorted_nodes
from memnet.response._search import Found, Search, allowed
from memnet.response._stability import stability
from memnet.response._survey import survey
from memnet.response._system import Point, System
from memnet.simulate import Equations, Simulation, boundary, potentials_at_rest

if TYPE_CHECKING:
    import xarray as xr

Floats = NDArray[np.float64]
Ids = NDArray[np.int32]
# More unknowns than these are no small circuit: each step solves a dense system.
MOST_UNKNOWNS = 2000
# Devices have voltages of their own, of about this size, however small those of the drive are (V).
LEAST_VOLTS = 1.0
# Edges that may stand in two ways: all combinations are tried.
MOST_SWITCHES = 10


@dataclass(frozen=True, eq=False, repr=False)
class Equilibria(text.Summary):
    """Static states, one a row of each array.

    Attributes
    ----------
    value : ndarray, (n,)
        Of the electrode that was asked for (V, or A where it is driven by a current); where none was, the factor by
        which all voltages and currents of the drive are multiplied: 1. A drive of zeros has no such factor; at its
        folds the first held electrode is at (value - 1) volts.
    potential : ndarray, (n, n_nodes)
        Potential of each node (V), nan where no driven electrode reaches.
    voltage : ndarray, (n, n_electrodes)
        Voltage of each electrode (V), in the order of `electrodes`.
    current : ndarray, (n, n_electrodes)
        Current into the network at each electrode (A).
    branch_current : ndarray, (n, n_edges)
        Current from a to b through each edge (a, b) (A).
    stable : ndarray of bool, (n,)
        Whether every small departure dies out: all eigenvalues have real parts < 0, and potentials without a capacitor
        come to rest, as they do with a very small one from each to ground. False where an eigenvalue is 0, or no
        further from it than rounding: at folds, and where a state keeps what it is put to.
    eigenvalues : ndarray of complex, (n, m)
        Of the linearised circuit (1/s), one for each charge and each state that moves, the rightmost first; -inf for a
        state that the end of its range holds, nan where rows have fewer.
    branch : ndarray of int, (n,)
        Which branch each row is on. Rows of one branch follow each other along it where a range of values was asked
        for; -1 for states on none, such as one of a continuum.
    electrodes : tuple of str
        Names, in the order of the network.
    nodes, edges : tuple of str or of int
        Names of nodes and elements where the circuit has some, else numbers.
    devices : tuple of Device
        Those of the circuit, as in `Simulation.devices`, without those that have no edge.
    folds : Equilibria or None
        The points at which a branch turns back, so that two states meet and end; None in folds themselves.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.Network(2, [(0, 1)], length=[0.05], electrodes={"in": 0, "out": 1})
    >>> hillock = mn.Hillock(z_max_fraction=0.9)
    >>> states = mn.equilibria(mn.Simulation(net, hillock, {"in": 0.5, "out": 0.0}))
    >>> states.state(hillock, "z").round(6).ravel().tolist()
    [0.011972, 0.038028, 0.045]
    >>> states.stable.tolist()
    [True, False, True]
    >>> states.devices
    (Hillock(z_max_fraction=0.9),)
    >>> states.voltage_of("in"), (1e3 * states.current_of("in")).round(6)
    (array([0.5, 0.5, 0.5]), array([   2.48813 ,  456.165208, 1839.397206]))
    """

    value: Floats
    potential: Floats
    voltage: Floats
    current: Floats
    branch_current: Floats
    stable: NDArray[np.bool_]
    eigenvalues: NDArray[np.complex128]
    branch: NDArray[np.int64]
    electrodes: tuple[str, ...]
    nodes: tuple[str, ...] | tuple[int, ...]
    edges: tuple[str, ...] | tuple[int, ...]
    folds: Equilibria | None
    _states: tuple[tuple[Device, Mapping[str, Floats], Ids], ...]

    def __len__(self) -> int:
        return len(self.value)

    @property
    def devices(self) -> tuple[Device, ...]:
        """The devices whose states there are."""
        return tuple(device for device, _, _ in self._states)

    @check.known_keywords
    def state(self, device: Device, name: str) -> Floats:
        """Return a state of a device's edges, (n, edges of the device), in the order of `Simulation.edges_of`.

        Raises
        ------
        ValueError
            The device is not in the circuit or has no edge there, or its model has no such state.
        """
        check.instance("device", device, Device, "a device of this circuit")
        for mine, states, _ in self._states:
            if mine is device:
                return states[check.one_of(f"state of {device.model}", name, states)]
        raise ValueError(f"{check.shown(device)} is on no edge of this circuit (devices compare by identity)")

    @check.known_keywords
    def voltage_of(self, electrode: str) -> Floats:
        """Return the voltage of an electrode (n,) (V)."""
        return self.voltage[:, self._index(electrode)]

    @check.known_keywords
    def current_of(self, electrode: str) -> Floats:
        """Return the current into the network at an electrode (n,) (A)."""
        return self.current[:, self._index(electrode)]

    def to_dataset(self) -> xr.Dataset:
        """Return everything as an xarray dataset, for plots and tables, without the folds, which have their own.

        Returns
        -------
        xarray.Dataset
            Over `row`, with the coordinates `value`, `branch` and `stable`, and over `node`, `edge`, `electrode` and
            `eigenvalue`; nodes and edges by name where the circuit has names. The states of a device are variables
            such as ``state_z_0``, state z of ``devices[0]``, over `edge_0`, its edges.

        Examples
        --------
        >>> import memnet as mn
        >>> circuit = mn.Circuit()
        >>> _ = circuit.add("in", "out", mn.Resistor(conductance=1 / 3), name="load")
        >>> _ = circuit.add("out", "gnd", mn.CubicResistor(g_1=-1.0, g_3=1 / 3), name="diode")
        >>> data = mn.equilibria(circuit, {"in": 0.5, "gnd": 0.0}).to_dataset()
        >>> data.potential.sel(node="out").round(3).values.tolist()
        [-1.267, -0.259, 1.526]
        >>> data.branch_current.sel(edge="diode").round(3).values.tolist()
        [0.589, 0.253, -0.342]
        """
        import xarray as xr

        over = {
            "potential": ("node", "V"),
            "voltage": ("electrode", "V"),
            "current": ("electrode", "A"),
            "branch_current": ("edge", "A"),
            "eigenvalues": ("eigenvalue", "1/s"),
        }
        variables = {name: (("row", dim), getattr(self, name), {"units": unit}) for name, (dim, unit) in over.items()}
        coords: dict[str, Any] = {name: ("row", getattr(self, name)) for name in ("value", "branch", "stable")}
        coords |= {"node": list(self.nodes), "edge": list(self.edges), "electrode": list(self.electrodes)}
        for k, (_, states, edges) in enumerate(self._states):
            if states:
                coords[f"edge_{k}"] = [self.edges[edge] for edge in edges]
            for name, values in states.items():
                variables[f"state_{name}_{k}"] = (("row", f"edge_{k}"), values, {})
        return xr.Dataset(variables, coords)

    def _index(self, electrode: str) -> int:
        return self.electrodes.index(check.one_of("electrode", electrode, self.electrodes))

    def _summary(self) -> dict[str, str]:
        folds = 0 if self.folds is None else len(self.folds)
        return {
            "": f"{len(self)} static state{'' if len(self) == 1 else 's'}, {int(self.stable.sum())} stable",
            "branches": str(len({*self.branch.tolist()} - {-1})),
            "folds": str(folds) if folds else "",
            "value": text.span(self.value) if len(self) else "",
        }


@check.known_keywords
def equilibria(
    circuit: Any,
    drive: Mapping[str, Driven] | None = None,
    *,
    electrode: str | None = None,
    values: ArrayLike | tuple[float, float] | None = None,
    n_starts: int = 16,
    seed: int = 0,
) -> Equilibria:
    """Return the static states of a small circuit, stable or not, and the folds at which they end.

    At direct current capacitors are open and inductors are short. States that the end of their range holds, with a
    rate that pushes outwards, are at rest, too.

    Parameters
    ----------
    circuit : Simulation or Circuit
        The circuit; it is looked at, not changed. Its present states are where the search begins, and what states that
        nothing moves stay at. Where the drive changes in time it is taken at the simulation's present time.
    drive : dict, optional
        As for `Simulation`; without it a simulation's own.
    electrode : str, optional
        The electrode whose voltage, or current, is varied; `values` belong to it.
    values : array_like or tuple of two, optional
        A tuple (low, high): the points of all branches between these, as they were followed. An array: all states at
        each of its values.
    n_starts : int
        How many guesses in a row may find nothing new before a search ends, >= 0.
    seed : int
        Of the random guesses.

    Returns
    -------
    Equilibria

    Raises
    ------
    TypeError, ValueError
        Arguments that do not fit; a model that is not a set of differential equations, by name; a node that nothing
        defines at direct current; more than 2,000 unknowns.

    Notes
    -----
    Newton's method with deflation (Farrell, Birkisson and Funke, SIAM J. Sci. Comput. 2015, 37, A2026) from the present
    states, from the ends of the ranges, and from random guesses; then the branch through each state that it finds is
    followed by its arc length, through folds, as the electrode's value or the whole drive is varied, and gives the
    other states on it. So does a current into each of up to 8 nodes at which an edge with a falling steady current
    ends, from 0 until it leads back to 0: for one such element and a load that is all of them. A state or fold that is
    returned is a solution to 1e-10. With several such elements that there is no other is likely, not proven; above all
    where devices have voltages far from both 1 V and those of the drive. Branches are followed between -10 and 10 times
    the drive, or 1 V where that is less, or between the least and the largest of `values`.

    Stochastic models are taken without their noise. An edge with a threshold has both of its states tried where that is
    a flag; states beyond a threshold do not count. What events set is not looked at: a membrane that its current would
    hold above the voltage at which it fires has a static state there, stable between events.

    Examples
    --------
    The pull-in of a hillock without a clamp in its way is at kappa D^2 / (4 mu):

    >>> import memnet as mn
    >>> net = mn.Network(2, [(0, 1)], length=[0.05], electrodes={"in": 0, "out": 1})
    >>> sim = mn.Simulation(net, mn.Hillock(z_max_fraction=0.9), {"in": 0.5, "out": 0.0})
    >>> branches = mn.equilibria(sim, electrode="in", values=(0.1, 1.0))
    >>> round(float(branches.folds.value[0]), 10), round(3.8e-2 * 0.05**2 / (4 * 3.46e-5), 10)
    (0.686416185, 0.686416185)
    """
    simulation = _simulation(circuit, drive)
    check.integer("n_starts", n_starts, 0)
    seed = check.seed("seed", seed)
    if (electrode is None) != (values is None):
        raise TypeError("equilibria() takes electrode and values together, got one of them")
    role, value = boundary(simulation)
    load = whole_drive(role, value) if electrode is None else one_electrode(simulation, role, value, electrode, values)
    searches = [Search(system, load.window, []) for system in _systems(simulation, role, load)]
    at_rest = {value: potentials_at_rest(simulation, load.base + value * load.slope) for value in load.anchors}
    rows, folds = [], []
    with blas.one_thread(), np.errstate(invalid="ignore", over="ignore"):  # exponents overflow far from solutions
        for search in searches:
            rows.append(_rows(search, load, at_rest, n_starts, seed))
            turns = [load.within(branch.folds) for branch in search.branches]
            folds.append([Found(fold, k) for k, points in enumerate(turns) for fold in points])
        return _answer(simulation, searches, rows, _answer(simulation, searches, folds, None))


def _simulation(circuit: Any, drive: Mapping[str, Driven] | None) -> Simulation:
    """Return the simulation of a circuit at a drive; one that is given is not changed."""
    if isinstance(circuit, Simulation):
        if drive is None:
            return circuit
        simulation = circuit.copy()
        simulation.set_drive(drive)
        return simulation
    make = getattr(circuit, "simulation", None)
    if not callable(make):
        raise TypeError(f"circuit must be a Simulation or a Circuit, got {check.shown(circuit)}")
    if drive is None:
        raise TypeError("equilibria() of a circuit needs drive, a dict as for its simulation()")
    made: Simulation = make(drive)
    check.instance("circuit.simulation(drive)", made, Simulation, "a Simulation")
    return made


def _systems(simulation: Simulation, role: NDArray[np.uint8], load: Load) -> list[System]:
    """Return the static equations, once for each way in which its switches may stand."""
    equations = Equations(simulation)
    held = (role == ROLE_VOLTAGE) * np.abs([load.base + value * load.slope for value in load.anchors])
    volts = max(float(np.max(held)), LEAST_VOLTS)
    seen = survey(equations, volts)
    nodes = sorted_nodes(simulation.net, seen.conducts, role, load.base, load.slope)
    systems = []
    for one in _modes(equations):
        system = System(one, survey(one, volts), np.asarray(simulation.net.edges), nodes, volts, load.scale)
        systems.append(system)
    if systems[0].n > MOST_UNKNOWNS:
        raise ValueError(f"circuit must have at most {MOST_UNKNOWNS} unknown potentials and states, got {systems[0].n}")
    return systems


def _modes(equations: Equations) -> list[Equations]:
    """Return the equations for every combination of the flags of edges that have a threshold."""
    linear = equations.at(np.zeros(equations.n_edges), equations.present)
    flags = np.flatnonzero(equations.discrete & np.isfinite(linear.crossing[equations.edge]))
    if len(flags) > MOST_SWITCHES:
        raise ValueError(f"circuit must have at most {MOST_SWITCHES} edges with two states, got {len(flags)}")
    modes = []
    for flipped in itertools.product((False, True), repeat=len(flags)):
        states = equations.present.copy()
        states[flags] = np.where(flipped, 1.0 - states[flags], states[flags])
        modes.append(equations.starting(states))
    return modes


# ---------------------------------------------------------------- rows


def _rows(search: Search, load: Load, at_rest: Mapping[float, Floats | None], n_starts: int, seed: int) -> list[Found]:
    """Return the states that were asked for, those of one value or one branch together."""
    found = {value: search.at(value, at_rest[value], n_starts, seed) for value in load.anchors}
    if load.points is None:
        alone = [one for value in load.anchors for one in found[value] if one.branch < 0]
        return alone + [one for k in range(len(search.branches)) for one in _along(search, k, load.window)]
    rows = []
    for value in load.points:
        at_value = found[value] if value in found else search.known(value)
        rows += sorted(at_value, key=lambda one: tuple(np.round(one.point.y / search.system.scale, 9)))
    return rows


def _along(search: Search, number: int, window: tuple[float, float]) -> list[Found]:
    """Return the points of a branch between the ends of a window, and those at its ends."""
    branch = search.branches[number]
    ends: dict[int, list[Point]] = {}
    for value in window:
        for k, point in crossings(search.system, branch, value):
            if k >= 0 and value not in (branch.points[k].load, branch.points[k + 1].load):
                ends.setdefault(k, []).append(point)
    points: list[Point] = []
    for k, point in enumerate(branch.points):
        if window[0] <= point.load <= window[1]:
            points.append(point)
        points += ends.get(k, [])
    return [Found(point, number) for point in points if allowed(search.system, point)]


def _answer(
    simulation: Simulation, searches: list[Search], rows: list[list[Found]], folds: Equilibria | None
) -> Equilibria:
    """Return rows of several searches as arrays; branches are numbered through."""
    every: list[tuple[System, Point, int]] = []
    first = 0
    for search, found in zip(searches, rows, strict=True):
        every += [(search.system, one.point, one.branch + first if one.branch >= 0 else -1) for one in found]
        first += len(search.branches)
    net, layout = simulation.net, simulation.net.layout
    shapes = {"potential": net.n_nodes, "branch_current": net.n_edges, "voltage": len(net.electrodes)}
    arrays = {name: np.empty((len(every), n)) for name, n in shapes.items()}
    arrays["current"] = np.empty((len(every), len(net.electrodes)))
    states = np.empty((len(every), searches[0].system.equations.n_states))
    spectra, stable = [], []
    for k, (system, point, _) in enumerate(every):
        arrays["potential"][k] = system.potential(point.y, point.load)
        states[k] = system.states(point.y, point.pins)
        for part in system.equations.parts:
            charged = table_of(part.device)["voltage_field"]
            if charged is not None:
                states[k, part.row(charged)] = system.voltage(point.y, point.load)[part.edges]
        through = np.where(system.alive, system.linear(point).i, 0.0)
        arrays["branch_current"][k] = through
        for e, members in enumerate(net.electrodes.values()):
            arrays["voltage"][k, e] = arrays["potential"][k, members[0]]
            inside = np.isin(net.edges, members).astype(float)
            arrays["current"][k, e] = (inside[:, 0] - inside[:, 1]) @ through
        departures = stability(system, point)
        spectra.append(departures.values)
        # At a fold an eigenvalue is 0, whatever rounding makes of it.
        stable.append(departures.stable and folds is not None)
    width = max((len(one) for one in spectra), default=0)
    eigenvalues = np.full((len(every), width), np.nan, dtype=np.complex128)
    for k, values in enumerate(spectra):
        eigenvalues[k, : len(values)] = values
    return Equilibria(
        value=np.array([point.load for _, point, _ in every]),
        stable=np.array(stable, dtype=bool),
        eigenvalues=eigenvalues,
        branch=np.array([number for _, _, number in every], dtype=np.int64),
        electrodes=tuple(net.electrodes),
        nodes=layout.nodes if isinstance(layout, Named) else tuple(range(net.n_nodes)),
        edges=layout.elements if isinstance(layout, Named) else tuple(range(net.n_edges)),
        folds=folds,
        _states=_by_device(searches[0].system.equations, states),
        **arrays,
    )


def _by_device(equations: Equations, states: Floats) -> tuple[tuple[Device, Mapping[str, Floats], Ids], ...]:
    return tuple(
        (part.device, {name: states[:, part.row(name)] for name in part.names}, part.edges) for part in equations.parts
    )
