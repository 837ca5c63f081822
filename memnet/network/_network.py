"""Networks: conductors as nodes, devices on edges, electrodes as named sets of nodes."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Container, Hashable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from memnet import _core
from memnet.base import check, read_only, text
from memnet.base.arrays import Floats, Ids
from memnet.network import _attached, _data, _electrodes, _networkx
from memnet.network._attached import Attached
from memnet.network._crossbar_layout import Crossbar
from memnet.network._disc_layout import Discs
from memnet.network._layout import Layout
from memnet.network._wire_layout import Wires

if TYPE_CHECKING:
    import networkx as nx


# Tunnelling decay (1/pd) that weighs the gaps of `path_gaps`.
BETA = 200.0


@check.known_keywords
def from_networkx(
    graph: nx.Graph,
    *,
    electrodes: Mapping[str, Any] | None = None,
    length: str | None = "length",
    position: str | None = "position",
    reciprocal: str = "error",
) -> Network:
    """Return the network of a networkx graph; its node labels are kept in `Network.labels`.

    Nodes are numbered in the graph's order. Edges keep the graph's order too, and the direction in which it lists them;
    a graph that came from `Network.to_networkx`, by way of GraphML or not, gives back the same arrays. Attributes of
    edges and nodes that are not used otherwise are kept in `Network.edge_data` and `Network.node_data`.

    Parameters
    ----------
    graph : networkx graph
        Any kind. Parallel edges of a multigraph are parallel devices. Directions say where branch voltages start.
    electrodes : dict, optional
        Name to a node label or a list of labels. Default: the nodes' attribute "electrode", where they have one.
    length : str or None
        Edge attribute that holds the length; used where the edges have it.
    position : str or None
        Node attribute that holds (x, y); used where the nodes have it, else ``x`` and ``y`` where all nodes have both,
        else ``pos``, as networkx's own generators call it, where all nodes have two numbers there.
    reciprocal : {"error", "one", "both"}
        What an edge from a to b is in a directed graph that has one from b to a, as those of symmetric matrices do:
        refused, or one edge with it (the direction listed first; attributes must agree), or parallel to it, which
        doubles the conductance between a and b.

    Returns
    -------
    Network

    Raises
    ------
    TypeError, ValueError
        No graph, a node joined to itself, edges in both directions, a label the graph does not have, a length or
        position that only some have, or any of the reasons that `Network` has.

    Examples
    --------
    >>> import networkx, memnet as mn
    >>> net = mn.from_networkx(networkx.path_graph("abc"), electrodes={"in": "a", "out": "c"})
    >>> net.labels
    ('a', 'b', 'c')
    >>> graph = networkx.path_graph(3)
    >>> networkx.set_edge_attributes(graph, {(0, 1): 1e-6, (1, 2): 2e-6}, "conductance")
    >>> mn.from_networkx(graph).edge_data["conductance"]
    array([1.e-06, 2.e-06])
    """
    arguments, labels = _networkx.parts_of(graph, electrodes, length, position, reciprocal)
    return with_labels(Network(**arguments), labels)


def with_labels(net: Network, labels: tuple[Hashable, ...]) -> Network:
    """Return a network that was just made, with the labels that its nodes have in networkx."""
    net._labels = labels
    net._history = {**net._history, "source": "from_networkx"}
    return net


class Network(text.Summary):
    """A graph whose edges carry devices and whose electrodes are driven.

    Parameters
    ----------
    n_nodes : int
        Number of nodes.
    edges : array_like of int, (n_edges, 2)
        The two nodes of each edge; its branch voltage is that of the first minus that of the second. Edges that join
        the same nodes, in either direction, are devices in parallel. (``numpy.argwhere`` of a symmetric matrix has
        each edge twice; that of ``numpy.triu(matrix, 1)`` has it once.) Edges from a node to itself are refused.
    length : array_like of float, (n_edges,), optional
        Length of each edge (pd for networks of discs), >= 0.
    position : array_like of float, (n_nodes, 2), optional
        Place of each node, for plots.
    electrodes : dict, optional
        Name to a node or a list of nodes that are held together. Electrodes share no node.
    edge_data, node_data : dict, optional
        Name to an array_like whose first axis is the edges, or the nodes: numbers, text or anything else that is to
        stay with the network, such as measured conductances. memnet computes nothing from it.

    Attributes
    ----------
    n_nodes, n_edges : int
    edges : ndarray of int32, (n_edges, 2)
    length : ndarray of float64, (n_edges,), or None
    position : ndarray of float64, (n_nodes, 2), or None
    electrodes : mapping from str to ndarray of int32
        Ascending nodes of each electrode.
    edge_data, node_data : mapping from str to ndarray
        What is kept for each edge, (n_edges, ...), and each node, (n_nodes, ...). All arrays are read-only.
    layout : Layout
        What the network knows of the function that made it.
    attached : tuple of Attached
        The circuits that `attach` put at electrodes; their nodes and edges are behind the network's own ones.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong type, shape or range; an empty electrode; electrodes that share a node.

    Notes
    -----
    Networks never change and are compared by identity. They can be pickled.

    Examples
    --------
    >>> import memnet as mn
    >>> mn.Network(3, [(0, 1), (1, 2)], electrodes={"in": 0, "out": 2})
    <Network: 3 nodes, 2 edges; electrodes in (1 node), out (1 node)>
    >>> net = mn.percolating(30, 0.6, seed=1)
    >>> net.n_nodes, net.n_edges, net.edges[0], net.length[0].round(4)
    (101, 215, array([0, 7], dtype=int32), np.float64(0.4045))
    >>> net.position.shape, list(net.electrodes), net.size, net.layout.function
    ((101, 2), ['left', 'right'], (30.0, 30.0), 'percolating')
    >>> net.disc_position.shape, net.disc_group.max() + 1 == net.n_nodes, net.gap_discs[0]
    ((1050, 2), np.True_, array([619, 670], dtype=int32))
    >>> sorted(net.info)[:3], sorted(net.provenance)
    (['coverage', 'max_gap', 'mean_degree'], ['arguments', 'function'])
    >>> net.to_networkx().number_of_edges() == net.n_edges
    True
    >>> wired = net.attach("left", mn.Resistor(conductance=1e-3))
    >>> wired.n_edges - wired.n_own_edges, wired.n_nodes - wired.n_own_nodes, wired.attached_devices
    (1, 2, (Resistor(conductance=0.001),))
    >>> wired.attached, len(wired.joints), wired.contacts is None
    ((<Attached: Resistor(conductance=0.001) at left, in series with left.inner>,), 1, False)
    >>> wires = mn.nanowires_at([[[0, 5], [6, 5]], [[4, 0], [4, 9]]], wire_resistance=1.0)
    >>> len(wires.wires.length), len(wires.junctions), len(wires.segments), wires.segment_conductance.round(3)
    (2, 1, 2, array([0.25, 0.5 ]))
    >>> named = mn.Network(2, [(0, 1)], edge_data={"w": [2.0]}, node_data={"z": [0.0, 1.0]})
    >>> named.edge_data["w"], named.node_data["z"], mn.crossbar(2, 2).cell.tolist()
    (array([2.]), array([0., 1.]), [[[0, 1], [2, 3]]])
    """

    __slots__ = (
        "__weakref__",
        "_attached",
        "_edge_data",
        "_edges",
        "_electrodes",
        "_history",
        "_info",
        "_labels",
        "_layout",
        "_length",
        "_node_data",
        "_position",
        "core",
    )

    @check.known_keywords
    def __init__(
        self,
        n_nodes: int,
        edges: ArrayLike,
        *,
        length: ArrayLike | None = None,
        position: ArrayLike | None = None,
        electrodes: Mapping[str, Any] | None = None,
        edge_data: Mapping[str, Any] | None = None,
        node_data: Mapping[str, Any] | None = None,
    ) -> None:
        n_nodes = check.integer("n_nodes", n_nodes, 1, 2**31 - 1)
        rows = check.given_array("edges", edges)
        pairs = check.ids("edges", rows.reshape(-1, 2) if rows.size == 0 else rows, (None, 2), n_nodes, "nodes")
        looped = np.flatnonzero(pairs[:, 0] == pairs[:, 1])
        if looped.size:
            raise ValueError(
                f"edges must join two nodes, got edge {looped[0]} from node {pairs[looped[0], 0]} to itself"
            )
        lengths = None if length is None else check.array("length", length, (len(pairs),))
        if lengths is not None and (lengths < 0).any():
            bad = int(np.argmax(lengths < 0))
            raise ValueError(f"length must be in [0, inf), got {lengths[bad]} at edge {bad}")
        named = {
            name: _electrodes.nodes(name, value, n_nodes)
            for name, value in _electrodes.mapping({} if electrodes is None else electrodes).items()
        }
        self._fill(
            n_nodes=n_nodes,
            edges=pairs,
            length=lengths,
            position=None if position is None else check.array("position", position, (n_nodes, 2)),
            electrodes=_electrodes.apart(named, {}, n_nodes),
            edge_data=_data.data("edge_data", edge_data, len(pairs)),
            node_data=_data.data("node_data", node_data, n_nodes),
            layout=Layout(function="Network", arguments={"n_nodes": n_nodes, "n_edges": len(pairs)}),
        )

    def _fill(
        self,
        *,
        n_nodes: int,
        edges: Ids,
        length: Floats | None,
        position: Floats | None,
        electrodes: dict[str, Ids],
        layout: Layout,
        history: Mapping[str, Any] | None = None,
        labels: tuple[Hashable, ...] | None = None,
        edge_data: Mapping[str, NDArray[Any]] | None = None,
        node_data: Mapping[str, NDArray[Any]] | None = None,
        attached: tuple[Attached, ...] = (),
        are_ours: Container[str] = (),
    ) -> None:
        """Take checked arrays, of those that are ours and read-only no copies."""
        electrode = np.empty(n_nodes, dtype=np.int32)
        electrode.fill(-1)
        if electrodes:
            held, number = np.concatenate(list(electrodes.values())), np.arange(len(electrodes))
            if len(held) > len(number):
                number = np.repeat(number, [len(nodes) for nodes in electrodes.values()])
            electrode[held] = number
        self.core = _core.Network(n_nodes, edges, length, len(electrodes), electrode, position)
        self._edges: Ids = edges if "edges" in are_ours else read_only.frozen(edges)
        self._length = None if length is None else read_only.frozen(length)
        self._position = position if position is None or "position" in are_ours else read_only.frozen(position)
        self._electrodes = (
            MappingProxyType(electrodes) if "electrodes" in are_ours else read_only.frozen_data(electrodes)
        )
        self._layout = layout
        # What happened to the network after it was made.
        self._history = read_only.frozen_plain({} if history is None else history)
        self._labels = labels
        self._edge_data = read_only.frozen_data(edge_data or {})
        self._node_data = read_only.frozen_data(node_data or {})
        self._attached = attached
        self._info: dict[str, Any] | None = None

    @property
    def n_nodes(self) -> int:
        """Number of nodes."""
        return self.core.n_nodes

    @property
    def n_edges(self) -> int:
        """Number of edges."""
        return self.core.n_edges

    @property
    def edges(self) -> Ids:
        """The two nodes of each edge, (n_edges, 2); branch voltages are v[a] - v[b]."""
        return self._edges

    @property
    def length(self) -> Floats | None:
        """Length of each edge, (n_edges,), in pd for networks of discs; 0 of those attached; None without any."""
        return self._length

    @property
    def position(self) -> Floats | None:
        """Place of each node, (n_nodes, 2), in pd for discs and µm for wires; None where there are none."""
        return self._position

    @property
    def electrodes(self) -> Mapping[str, Ids]:
        """Nodes of each electrode, ascending, by name."""
        return self._electrodes

    @property
    def labels(self) -> tuple[Hashable, ...] | None:
        """Label of each node in the networkx graph that the network came from, else None."""
        return self._labels

    @property
    def edge_data(self) -> Mapping[str, NDArray[Any]]:
        """What is kept for each own edge, by name, (n_own_edges, ...): attributes of a networkx graph, or as given."""
        return self._edge_data

    @property
    def node_data(self) -> Mapping[str, NDArray[Any]]:
        """What is kept for each own node, by name, (n_own_nodes, ...)."""
        return self._node_data

    @property
    def layout(self) -> Layout:
        """What the network knows of what made it: `Discs`, `Wires`, `Lattice`, `Crossbar` or a plain `Layout`."""
        return self._layout

    @property
    def cell(self) -> Ids:
        """The edge of each cell of a crossbar, (layers, rows, columns); AttributeError where the network is none."""
        if not isinstance(self._layout, Crossbar):
            raise AttributeError(f"only a network that mn.crossbar made has cells, got {self!r}")
        return self._layout.cell

    @property
    def size(self) -> tuple[float, float] | None:
        """Width and height of a network of discs (pd) or of nanowires (µm), else None."""
        return self._layout.size

    @property
    def disc_position(self) -> Floats | None:
        """Centre of each disc (pd), (n_discs, 2); None where the network has no discs."""
        return self._layout.position if isinstance(self._layout, Discs) else None

    @property
    def disc_group(self) -> Ids | None:
        """Node that each disc belongs to, (n_discs,); None where the network has no discs."""
        return self._layout.group if isinstance(self._layout, Discs) else None

    @property
    def gap_discs(self) -> Ids | None:
        """The two discs nearest to each other at each edge, (n_edges, 2); None where the network has no discs."""
        return self._layout.gap_discs if isinstance(self._layout, Discs) else None

    @property
    def wires(self) -> Wires | None:
        """The wires of a network of nanowires, with their pads, junctions and segments; else None."""
        return self._layout if isinstance(self._layout, Wires) else None

    @property
    def junctions(self) -> Ids | None:
        """The edges that are junctions between two wires, (n_junctions,); None where the network has no wires."""
        return None if self.wires is None else self.wires.junctions

    @property
    def segments(self) -> Ids | None:
        """The edges that are pieces of a wire, (n_segments,); None where the network has no wires."""
        return None if self.wires is None else self.wires.segments

    @property
    def segment_conductance(self) -> Floats | None:
        """Conductance of each segment (S), (n_segments,); None where the network has no wires."""
        return None if self.wires is None else self.wires.segment_conductance

    @property
    def provenance(self) -> dict[str, Any]:
        """How the network was made: the function and its arguments, the seed included. Can be written as JSON."""
        attached = {"attached": [one.plain() for one in self._attached]} if self._attached else {}
        return {**self._layout.plain(), **self._history, **attached}

    # ------------------------------------------------------------ circuits at electrodes

    @property
    def attached(self) -> tuple[Attached, ...]:
        """The series circuits that `attach` put at electrodes, in that order."""
        return self._attached

    @property
    def attached_devices(self) -> tuple[Any, ...]:
        """The different devices of these, in that order."""
        return _attached.distinct_devices(self._attached)

    @property
    def n_own_nodes(self) -> int:
        """Number of nodes that `attach` did not add; they come first."""
        return self.n_nodes - sum(len(one.nodes) for one in self._attached)

    @property
    def n_own_edges(self) -> int:
        """Number of edges that `attach` did not add; they come first, and devices given to a simulation are theirs."""
        return self.n_edges - sum(len(one.edges) for one in self._attached)

    @property
    def joints(self) -> Mapping[str, str]:
        """The electrodes that `attach` made of the former nodes of others, and those; they float unless driven."""
        return MappingProxyType({one.inner: one.electrode for one in self._attached if one.inner is not None})

    @property
    def contacts(self) -> Mapping[str, Ids]:
        """The own nodes that each electrode touches, by itself or at the end of what was attached to it."""
        return MappingProxyType(dict(_attached.contacts(self._electrodes, self.joints, self.n_own_nodes)))

    @check.known_keywords
    def attach(self, electrode: str, *devices: Any, to: str | None = None) -> Network:
        """Return the network with a series circuit at an electrode.

        In series the outer end of the circuit is the electrode from then on, and its inner end is held together with
        the nodes that the electrode had. These are one conductor, a further electrode named ``"<electrode>.inner"``
        that floats unless a drive names it; so ``data.voltage.sel(electrode="left.inner")`` is the voltage at the
        network itself, and ``attach("left.inner", device, to="right")`` puts a device beside the network alone.

        Nodes, edges, discs and wires of the network keep their numbers and places, and devices, mixtures and what is
        given per edge are for its own edges as before: a simulation adds what is attached. The nodes and edges of the
        circuit come after them (`attached`).

        Parameters
        ----------
        electrode : str
            The electrode. Its devices point from it towards the network, or towards `to`.
        *devices : Device
            One or more, from the electrode on.
        to : str, optional
            Another electrode: the circuit then joins the two, in parallel to the network, and neither changes.

        Returns
        -------
        Network

        Raises
        ------
        TypeError, ValueError
            Something that is no device, or none; an unknown electrode; both ends at one electrode; a network of a
            `Circuit`, whose elements have names.

        Notes
        -----
        Takes time and memory in proportion to the network, which is not changed.

        Examples
        --------
        >>> import memnet as mn
        >>> net = mn.percolating(30, 0.6, seed=1).attach("left", mn.Resistor(conductance=1e-4))
        >>> net = net.attach("left.inner", mn.Capacitor(capacitance=1e-6), to="right")
        >>> list(net.electrodes)
        ['left', 'right', 'left.inner']
        >>> sim = mn.Simulation(net, mn.RateBalance(), {"left": 1.0, "right": 0.0}, dt=0.1)
        >>> sim.run(10).voltage.sel(electrode="left.inner").to_numpy()[-1] < 1.0
        np.True_
        """
        if not self._layout.may_attach:
            raise ValueError("net of a Circuit has a name for each element; add the devices to the circuit instead")
        return build(**_attached.extended(state_of(self), electrode, devices, to))

    @property
    def info(self) -> dict[str, Any]:
        """Counts: what the network is like.

        What `attach` added counts, but not for ``path_gaps`` and ``percolates``.

        ``n_nodes``, ``n_edges``, ``n_components`` (electrodes join what they touch), ``n_islands`` and
        ``n_island_nodes`` (components without an electrode, and the nodes in them, whose potential is nan),
        ``mean_degree``, ``path_gaps`` (edges on the path of least resistance exp(200 length) between the first two
        electrodes, or fewest edges where there are no lengths; None where there is no path), ``percolates`` (whether
        there is a path from the first electrode to each other one; None with fewer than two), for discs ``n_discs``,
        ``size``, ``coverage``, ``max_gap``, ``periodic``, ``seed``, for wires ``n_wires``, ``n_junctions``,
        ``n_segments`` and arguments of `nanowires`, and for grids and random networks their arguments.
        """
        if self._info is None:
            own = self._without_attached()
            path = own.core.path(BETA, 0, 1) if len(own.electrodes) > 1 else -1
            self._info = {
                "n_nodes": self.n_nodes,
                "n_edges": self.n_edges,
                "n_components": self.core.n_components,
                "n_islands": self.core.n_islands,
                "n_island_nodes": self.core.n_island_nodes,
                "mean_degree": 2 * self.n_edges / self.n_nodes,
                "path_gaps": None if path < 0 else path,
                "percolates": own._percolates(),
            }
            self._info |= self._layout.info
        return dict(self._info)

    def _percolates(self) -> bool | None:
        """Whether paths lead from the first electrode to all others."""
        if len(self._electrodes) < 2:
            return None
        component = self.core.component
        return len({int(component[nodes[0]]) for nodes in self._electrodes.values()}) == 1

    def _without_attached(self) -> Network:
        """Return the network as it was before anything was attached to its electrodes."""
        if not self._attached:
            return self
        nodes, edges = slice(self.n_own_nodes), slice(self.n_own_edges)
        own = {
            "n_nodes": self.n_own_nodes,
            "edges": self._edges[edges],
            "length": None if self._length is None else self._length[edges],
            "position": None if self._position is None else self._position[nodes],
            "electrodes": dict(self.contacts),
            "attached": (),
        }
        return build(**{**state_of(self), **own})

    def to_networkx(self) -> nx.MultiGraph:
        """Return the network as a networkx MultiGraph.

        Nodes are the labels the network came with, else 0 to n_nodes - 1, and ``"<electrode>:<k>"`` of what `attach`
        added, with attributes ``x``, ``y`` and ``electrode`` where they have them. Edges have ``length`` where there
        are lengths, ``edge`` (their index) and ``first`` (the label, as text, of the node that the branch voltage
        starts at), from which `from_networkx` gives back the same arrays. `node_data` and `edge_data` become
        attributes, too. All are text and numbers unless data are something else, so that ``networkx.write_graphml`` and
        JSON take the graph. GraphML has no rows: data of shape (n, k), which are tuples in the graph, must be taken out
        of it before. Devices do not go with the graph.

        Returns
        -------
        networkx.MultiGraph
        """
        return _networkx.graph_of(
            self._all_labels(),
            self.edges,
            length=self.length,
            position=self.position,
            electrodes=self.electrodes,
            node_data=self.node_data,
            edge_data=self.edge_data,
        )

    def _all_labels(self) -> Sequence[Hashable]:
        """Return a label for each node, those of attached circuits included."""
        own = self.labels or range(self.n_own_nodes)
        if not self._attached:
            return own
        taken = {str(label) for label in own}
        further: list[str] = []
        for one in self._attached:
            free = (label for k in itertools.count(1) if (label := f"{one.electrode}:{k}") not in taken)
            here = list(itertools.islice(free, len(one.nodes)))
            taken.update(here)
            further += here
        return [*own, *further]

    def __reduce__(self) -> tuple[Callable[..., Network], tuple[dict[str, Any]]]:
        return _restored, (state_of(self),)

    def _summary(self) -> dict[str, str]:
        size = f"{self.n_nodes} nodes, {self.n_edges} edges; {self._electrode_text()}"
        attached = [repr(one).removeprefix("<Attached: ").removesuffix(">") for one in self._attached]
        with_them = f"attached {text.listed(attached, 'circuits', ', ')}" if attached else ""
        return {"": "; ".join(part for part in (size, with_them, self._layout.caption()) if part)}

    def _electrode_text(self) -> str:
        if not self._electrodes:
            return "no electrodes"
        counts = [f"{name} ({len(n)} node{'s' if len(n) > 1 else ''})" for name, n in self._electrodes.items()]
        many = len(counts) > text.MOST_ITEMS
        return f"{'' if many else 'electrodes '}{text.listed(counts, 'electrodes')}"

    def _details(self) -> dict[str, str]:
        units = self._layout.units
        shown = {
            name: " ".join([_shown(value, " x " if name == "size" else ", "), *units.get(name, "").split()])
            for name, value in self.info.items()
            if value is not None
        }
        electrodes = self._electrode_text().removeprefix("electrodes ")
        return {"electrodes": electrodes, **shown}


def state_of(net: Network) -> dict[str, Any]:
    """Return all that a network is made of."""
    return {
        "n_nodes": net.n_nodes,
        "edges": net._edges,
        "length": net._length,
        "position": net._position,
        "electrodes": dict(net._electrodes),
        "layout": net._layout,
        "history": net._history,
        "labels": net._labels,
        "edge_data": dict(net._edge_data),
        "node_data": dict(net._node_data),
        "attached": net._attached,
    }


def build(**parts: Any) -> Network:
    """Return the network of parts that are checked, as `Network._fill` takes them."""
    net = Network.__new__(Network)
    net._fill(**parts)
    return net


def _restored(state: Mapping[str, Any]) -> Network:
    return build(**state)


def _shown(value: Any, separator: str = ", ") -> str:
    if isinstance(value, list):
        return separator.join(_shown(part) for part in value)
    return f"{value:.4g}" if isinstance(value, float) else str(value)
