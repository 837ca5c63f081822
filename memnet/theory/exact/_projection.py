"""Kirchhoff's laws of a network as one projector: exact voltage drops and conductance, for networks small enough."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from memnet.base import check
from memnet.base.arrays import Floats
from memnet.base.read_only import ReadOnlyArrays, read_only
from memnet.network import Network

# A dense projector of this many edges takes 200 MB.
MAX_EDGES = 5_000


@dataclass(frozen=True, eq=False)
class Projector(ReadOnlyArrays):
    """Omega of a network and its source edge, and what follows from it exactly; made by `projector`.

    Junctions are G = g_min (1 + chi g). The methods take conductances: with any reference g_min > 0,
    chi g = conductance / g_min - 1 is all that the equations need.

    Attributes
    ----------
    omega : ndarray, (n_edges + 1, n_edges + 1)
        Orthogonal projector on the voltage drops that Kirchhoff's voltage law allows; the last edge is the source's.
    source, drain : str
        The electrodes that the source edge joins.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.Network(3, [(0, 1), (1, 2)], electrodes={"in": 0, "out": 2})
    >>> exact = mn.theory.projector(net)
    >>> exact.omega.shape, round(exact.self_response, 12)
    ((3, 3), 0.666666666667)
    >>> exact.block.shape, exact.response.round(6)
    ((2, 2), array([0.333333, 0.333333]))
    >>> round(exact.homogeneous_conductance(1e-3), 9)
    0.0005
    >>> round(exact.rho([1e-3, 2e-3], g_min=1e-3), 6)
    0.6
    >>> exact.all_voltage_drops([1e-3, 2e-3], 1e-3).round(6)
    array([1. , 0.5, 1.5])
    """

    omega: Floats
    source: str
    drain: str

    @property
    def block(self) -> Floats:
        """Omega between the network's own edges, (n_edges, n_edges); not a projector itself."""
        return self.omega[:-1, :-1]

    @property
    def response(self) -> Floats:
        """Omega from the source edge to the others, (n_edges,)."""
        return self.omega[:-1, -1]

    @property
    def self_response(self) -> float:
        """Omega of the source edge with itself: 1 where no path joins source and drain."""
        return float(self.omega[-1, -1])

    @check.known_keywords
    def rho(self, conductance: ArrayLike, *, g_min: float | None = None) -> float:
        """Return rho, the share of the source edge in its own drop (MF23 eq. 22), in (0, 1].

        Parameters
        ----------
        conductance : float or array_like, (n_edges,)
            Conductance of each edge (S), > 0.
        g_min : float, optional
            Reference conductance (S); default: the geometric mean, which keeps the equations well scaled.

        Returns
        -------
        float

        Raises
        ------
        TypeError, ValueError
            A conductance that is not > 0, or an array of another length.
        """
        return self._solved(conductance, g_min)[2]

    @check.known_keywords
    def effective_conductance(self, conductance: ArrayLike) -> float:
        """Return the conductance between source and drain (S): g_min (1 - rho) / rho (MF23 Corollary 2).

        Parameters
        ----------
        conductance : float or array_like, (n_edges,)
            Conductance of each edge (S), > 0.

        Returns
        -------
        float
            In S; 0 where no path joins them.

        Raises
        ------
        TypeError, ValueError
            A conductance that is not > 0, or an array of another length.

        Examples
        --------
        >>> import memnet as mn
        >>> net = mn.Network(3, [(0, 1), (1, 2)], electrodes={"in": 0, "out": 2})
        >>> round(mn.theory.projector(net).effective_conductance([1e-3, 3e-3]), 12)
        0.00075
        """
        g_min, factor, rho = self._solved(conductance, None)
        # 1 - rho without the cancellation: (I + chi Omega g)^-1 Omega is a projector along the same drops.
        carried = float(self._relative(conductance, g_min)[1] @ factor**2)
        return g_min * (carried / rho) / rho

    @check.known_keywords
    def voltage_drops(
        self, conductance: ArrayLike, *, voltage: float | None = None, current: float | None = None
    ) -> Floats:
        """Return the branch voltage of each edge (V), for an applied voltage or an injected current.

        MF23 Corollary 1 with the source edge's conductance gone to zero: for a current j,
        j / (g_min (1 - rho)) (I + chi Omega g)^-1 Omega_source; for a voltage V, V / rho in front.

        Parameters
        ----------
        conductance : float or array_like, (n_edges,)
            Conductance of each edge (S), > 0.
        voltage, current : float
            One of the two: between the electrodes (V), or from source to drain through the network (A).

        Returns
        -------
        ndarray, (n_edges,)
            Potential of an edge's first node minus that of its second (V).

        Raises
        ------
        TypeError, ValueError
            Both or none of the two, one that is no finite number, a conductance that is not > 0, or a current where no
            path joins source and drain.

        Examples
        --------
        >>> import memnet as mn
        >>> net = mn.Network(3, [(0, 1), (1, 2)], electrodes={"in": 0, "out": 2})
        >>> mn.theory.projector(net).voltage_drops([1e-3, 3e-3], voltage=1.0).round(12)
        array([0.75, 0.25])
        """
        if (voltage is None) == (current is None):
            raise ValueError("voltage_drops needs one of voltage= and current=")
        if voltage is None:
            current = check.real("current", current, unit="A")
        else:
            voltage = check.real("voltage", voltage, unit="V")
        _, factor, rho = self._solved(conductance, None)
        if voltage is None:
            assert current is not None
            self._require_path()
            voltage = current / self.effective_conductance(conductance)
        return factor * (voltage / rho)

    @check.known_keywords
    def all_voltage_drops(self, conductance: ArrayLike, current: float) -> Floats:
        """Return the drops of all edges and, last, of the source edge (V) for a current (A), by MF23 Lemma 1.

        The source edge has conductance 0 here, that is g = -1 / chi, and carries `current` from drain to source.

        Parameters
        ----------
        conductance : float or array_like, (n_edges,)
            Conductance of each edge (S), > 0.
        current : float
            From source to drain through the network (A).

        Returns
        -------
        ndarray, (n_edges + 1,)
            In V.

        Raises
        ------
        TypeError, ValueError
            A conductance that is not > 0, a current that is no finite number, or no path for it.
        """
        current = check.real("current", current, unit="A")
        self._require_path()
        g_min, relative = self._relative(conductance, None)
        chi_g = np.append(relative - 1.0, -1.0)
        system = np.eye(len(chi_g)) + self.omega * chi_g
        drops: Floats = np.linalg.solve(system, self.omega[:, -1]) * (current / g_min)
        return drops

    @check.known_keywords
    def mean_state(self, g: ArrayLike) -> float:
        """Return <g> = Tr(Omega^2 g) / Tr(Omega^2) over the network's own edges (MF23 eq. 25).

        Parameters
        ----------
        g : array_like, (n_edges,)
            State of each edge.

        Returns
        -------
        float

        Raises
        ------
        TypeError, ValueError
            An array of another length, or a network in which no edge can have a voltage.
        """
        state = check.array("g", g, (len(self.omega) - 1,))
        weight = np.einsum("ij,ij->i", self.block, self.block)
        if not weight.sum() > 0.0:
            raise ValueError("<g> is not defined: no edge of the network can have a voltage")
        return float(weight @ state / weight.sum())

    @check.known_keywords
    def homogeneous_conductance(self, conductance: float) -> float:
        """Return the conductance (S) of the network when every edge has this one: (1 - Omega) / Omega times it.

        Parameters
        ----------
        conductance : float
            Conductance of every edge (S), >= 0.

        Returns
        -------
        float
            In S.

        Raises
        ------
        TypeError, ValueError
            A conductance that is no number >= 0.
        """
        value = check.real("conductance", conductance, 0.0, np.inf, "[)", "S")
        return float(self.response @ self.response) / self.self_response**2 * value

    def _require_path(self) -> None:
        if self.self_response > 1.0 - 1e-12:
            raise ValueError("current cannot flow: no path joins source and drain")

    def _relative(self, conductance: ArrayLike, g_min: float | None) -> tuple[float, Floats]:
        n = len(self.omega) - 1
        given = check.given_array("conductance", conductance)
        values = check.array("conductance", np.full(n, given) if given.ndim == 0 else given, (n,))
        if n and not (values > 0.0).all():
            bad = int(np.argmin(values))
            raise ValueError(f"conductance must be > 0 S, got {values[bad]:g} at edge {bad}")
        if g_min is None:
            g_min = float(np.exp(np.log(values).mean())) if n else 1.0
        check.real("g_min", g_min, 0.0, np.inf, "()", "S")
        relative: Floats = values / g_min
        return g_min, relative

    def _solved(self, conductance: ArrayLike, g_min: float | None) -> tuple[float, Floats, float]:
        """Return g_min, (I + chi Omega g)^-1 Omega_source and rho."""
        g_min, relative = self._relative(conductance, g_min)
        chi_g = relative - 1.0
        factor = np.asarray(np.linalg.solve(np.eye(len(chi_g)) + self.block * chi_g, self.response), dtype=np.float64)
        return g_min, factor, self.self_response - float(self.response @ (chi_g * factor))


@check.known_keywords
def projector(net: Network, *, source: str | None = None, drain: str | None = None) -> Projector:
    """Return the projector Omega = B^t (B B^t)^+ B of a network with a source edge between two electrodes.

    Every electrode is one node, as in `memnet.solve`; electrodes that are neither source nor drain float.

    Parameters
    ----------
    net : Network
        At most 5,000 edges: the projector is a dense matrix.
    source, drain : str, optional
        Two electrodes; the first two by default.

    Returns
    -------
    Projector
        Omega, and voltage drops, conductance and rho from it.

    Raises
    ------
    TypeError, ValueError
        No network, fewer than two electrodes, an unknown electrode, one that is both, too many edges.

    Notes
    -----
    MF23 eq. 20-25 (doi 10.1002/andp.202300090) with B B^t singular: an orthonormal basis of the row space of B takes
    the place of the inverse. Time and memory grow as the square of the edges times the nodes.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.Network(3, [(0, 1), (1, 2)], electrodes={"in": 0, "out": 2})
    >>> round(mn.theory.projector(net).effective_conductance([2.0, 2.0]), 12)
    1.0
    """
    names = terminals(net, source, drain)
    if net.n_edges > MAX_EDGES:
        raise ValueError(
            f"net must have at most {MAX_EDGES:,} edges for a dense projector, got {net.n_edges:,}; "
            "memnet.solve gives the same drops and conductance at any size"
        )
    node = np.arange(net.n_nodes)
    for members in net.electrodes.values():
        node[members] = members[0]
    ends = np.vstack([node[net.edges].reshape(-1, 2), [net.electrodes[name][0] for name in names]])
    incidence = np.zeros((net.n_nodes, len(ends)))
    columns = np.arange(len(ends))
    np.add.at(incidence, (ends[:, 0], columns), 1.0)
    np.add.at(incidence, (ends[:, 1], columns), -1.0)
    basis = _row_space(incidence, ends)
    omega: Floats = read_only(basis @ basis.T)
    return Projector(omega, *names)


def terminals(net: Network, source: str | None, drain: str | None) -> tuple[str, str]:
    """Return the names of two different electrodes, the network's first two unless given."""
    if not isinstance(net, Network):
        raise TypeError(f"net must be a Network, got {type(net).__name__}")
    names = list(net.electrodes)
    if len(names) < 2:
        raise ValueError(f"net must have two electrodes, a source and a drain; it has: {', '.join(names) or 'none'}")
    first = source if source is not None else next(name for name in names if name != drain)
    second = drain if drain is not None else next(name for name in names if name != first)
    for role, name in (("source", first), ("drain", second)):
        check.one_of(role, name, names)
    if first == second:
        raise ValueError(f"source and drain must be different electrodes, got {first!r} for both")
    return first, second


def _row_space(incidence: Floats, ends: NDArray[np.int64]) -> Floats:
    """Return an orthonormal basis of the rows of an incidence matrix: drop one node a component, then QR."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n = len(incidence)
    graph = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(n, n))
    _, component = connected_components(graph, directed=False)
    keep = np.ones(n, dtype=bool)
    keep[np.unique(component, return_index=True)[1]] = False
    basis: Floats = np.linalg.qr(incidence[keep].T)[0]
    return basis
