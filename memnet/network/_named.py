"""Networks whose nodes and edges have names: those of circuits."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from memnet.base import check
from memnet.network._layout import Layout
from memnet.network._network import Network, build, state_of

# What a file calls a network that was made of a circuit.
CIRCUIT = "Circuit"
# What the C library calls an edge and a node.
EDGE = re.compile(r"\bedge (\d+) \(n(\d+)-n(\d+)\)")
NODE = re.compile(r"\bnode (\d+)\b")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Named(Layout):
    """The names of nodes and elements: the layout of networks that `Circuit.network` makes.

    Attributes
    ----------
    nodes : tuple of str, (n_nodes,)
        The name of each node.
    elements : tuple of str, (n_edges,)
        The name of each edge.

    Examples
    --------
    >>> import memnet as mn
    >>> circuit = mn.Circuit()
    >>> _ = circuit.add("in", "gnd", mn.Resistor(conductance=1e-3), name="R1")
    >>> circuit.network(["in", "gnd"]).layout.elements
    ('R1',)
    """

    nodes: tuple[str, ...]
    elements: tuple[str, ...]

    may_attach = False

    @functools.cached_property
    def node_number(self) -> dict[str, int]:
        """The number of each node, by name."""
        return {name: k for k, name in enumerate(self.nodes)}

    @functools.cached_property
    def element_number(self) -> dict[str, int]:
        """The edge of each element, by name."""
        return {name: k for k, name in enumerate(self.elements)}

    def numbers(self, label: str, over: str, part: Any) -> Any:
        """Return the ids of nodes or edges (`over`) that are given by name; ids and anything else as it came.

        Raises
        ------
        ValueError
            An unknown name, with the nearest one.
        """
        word, table = ("node", self.node_number) if over == "node" else ("element", self.element_number)
        if isinstance(part, str):
            part = [part]
        if isinstance(part, (list, tuple, np.ndarray)) and any(isinstance(one, str) for one in part):
            return [table[check.known_name(f"{word} in {label}", one, table)] for one in part]
        return part

    def named(self, said: str) -> str:
        """Return a message of the C library with names in place of its numbers of edges and nodes."""
        said = EDGE.sub(lambda found: f"element {self.elements[int(found[1])]} from {self._ends(found)}", said)
        return NODE.sub(lambda found: f"node {self.nodes[int(found[1])]!r}", said)

    def _ends(self, found: re.Match[str]) -> str:
        return f"{self.nodes[int(found[2])]} to {self.nodes[int(found[3])]}"

    def of(self, over: str) -> tuple[str, ...]:
        """Return the names of all nodes or edges."""
        return self.nodes if over == "node" else self.elements


def name_places(error: Exception, net: Network) -> None:
    """Have an error of the C library, which knows numbers, name the nodes and elements of a circuit."""
    if isinstance(net.layout, Named) and len(error.args) == 1:
        error.args = (net.layout.named(str(error)),)


def named_edge(net: Network, edge: int) -> str:
    """Return what messages call an edge: with its ends, and of a circuit by the name of the element."""
    a, b = net.edges[edge]
    said = f"edge {edge} (n{a}-n{b})"
    return net.layout.named(said) if isinstance(net.layout, Named) else said


def node_names(net: Network) -> tuple[str, ...]:
    """Return the names of nodes where the network is that of a circuit, else none."""
    return net.layout.nodes if isinstance(net.layout, Named) else ()


def named_network(nodes: Sequence[str], elements: Sequence[str], **arguments: Any) -> Network:
    """Return the network of checked names, with the arguments that `Network` takes."""
    net = Network(len(nodes), edge_data={"name": np.array(elements, dtype=np.str_)}, **arguments)
    sizes = {"n_nodes": len(nodes), "n_edges": len(elements)}
    layout = Named(function=CIRCUIT, arguments=sizes, nodes=tuple(nodes), elements=tuple(elements))
    return build(**{**state_of(net), "layout": layout, "labels": tuple(nodes)})
