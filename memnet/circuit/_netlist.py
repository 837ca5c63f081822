"""Circuits as lists of named elements between named nodes, whatever the elements are."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from memnet.base import check, text
from memnet.base.carried import Carried, carried
from memnet.network import Network, named_network


@dataclass(frozen=True, eq=False, repr=False)
class Element(text.Summary):
    """A device between two nodes of a `Circuit`.

    Attributes
    ----------
    name : str
        Its name in the circuit.
    a, b : str
        Its nodes: its voltage is that of `a` minus that of `b`, and its current flows from `a` to `b`.
    device : Device
        What it is.

    Examples
    --------
    >>> import memnet as mn
    >>> mn.Circuit().add("in", "out", mn.Resistor(conductance=1e-3), name="R1")
    <Element: R1 Resistor(conductance=0.001) from in to out>
    """

    name: str
    a: str
    b: str
    device: Any  # a `Carried`, of which this room knows no more

    def _summary(self) -> dict[str, str]:
        return {"": f"{self.name} {self.device!r} from {self.a} to {self.b}"}


class Netlist(text.Summary):
    """Named elements between named nodes; `Circuit` documents it."""

    def __init__(self) -> None:
        self._elements: dict[str, Element] = {}
        self._nodes: dict[str, int] = {}
        self._numbers: dict[str, int] = {}  # the last number that a name of each model was made with

    @check.known_keywords
    def add(self, a: str, b: str, device: Any, *, name: str | None = None) -> Element:
        """Add an element between two nodes, which are there as soon as they are named.

        Parameters
        ----------
        a, b : str
            The nodes; current counts from `a` to `b`. Elements between the same nodes are in parallel.
        device : Device
            What it is. Two elements may be one device: they share its parameters, have states of their own, and are
            stepped together, which is faster where there are thousands.
        name : str, optional
            Its name, which no other element has; default: the model with a number, such as "Resistor1".

        Returns
        -------
        Element

        Raises
        ------
        TypeError, ValueError
            A name that is no text or taken, something that is no device, an element from a node to itself. Nothing is
            added then.

        Examples
        --------
        >>> import memnet as mn
        >>> circuit = mn.Circuit()
        >>> circuit.add("in", "out", mn.Capacitor(capacitance=1e-6)).name
        'Capacitor1'
        """
        ends = check.new_name("a", a), check.new_name("b", b)
        part = carried("device", device)
        if name is not None and check.new_name("name", name) in self._elements:
            taken = self._elements[name]
            raise ValueError(f"name {name!r} is taken by the element from {taken.a!r} to {taken.b!r}; each has its own")
        if a == b:
            raise ValueError(f"b must be another node than a, got {a!r} for both: an element joins two nodes")
        element = Element(self._free_name(part) if name is None else name, *ends, part)
        for node in ends:
            self._nodes.setdefault(node, len(self._nodes))
        self._elements[element.name] = element
        return element

    def _free_name(self, device: Carried) -> str:
        model = device.model or type(device).__name__
        for number in itertools.count(self._numbers.get(model, 0) + 1):
            self._numbers[model] = number
            if f"{model}{number}" not in self._elements:
                break
        return f"{model}{self._numbers[model]}"

    @property
    def nodes(self) -> tuple[str, ...]:
        """The names of the nodes, in the order in which they were first named."""
        return tuple(self._nodes)

    @property
    def elements(self) -> Mapping[str, Element]:
        """The elements by name, in the order in which they were added."""
        return MappingProxyType(self._elements)

    @property
    def devices(self) -> list[Any]:
        """The device of each element, in the order of `elements`: one an edge of `network`."""
        return [element.device for element in self._elements.values()]

    @check.known_keywords
    def network(self, electrodes: Iterable[str]) -> Network:
        """Return the circuit as a network, whose edges are the elements.

        Parameters
        ----------
        electrodes : iterable of str
            The nodes that are electrodes; a drive, whose keys they are, will do.

        Returns
        -------
        Network
            Nodes and edges in the order of `nodes` and `elements`; its ``layout`` has their names. What is added to the
            circuit later does not change it.

        Raises
        ------
        TypeError, ValueError
            No names of nodes, an unknown one (with the nearest one), one named twice; a circuit without elements.

        Examples
        --------
        >>> import memnet as mn
        >>> circuit = mn.Circuit()
        >>> for a, b in [("in", "mid"), ("mid", "gnd"), ("mid", "gnd")]:
        ...     _ = circuit.add(a, b, mn.Resistor(conductance=1.0))
        >>> net = circuit.network(["in", "gnd"])
        >>> mn.solve(net, 1.0, {"in": 3.0, "gnd": 0.0}).potential
        array([3., 1., 0.])
        """
        if not self._elements:
            raise ValueError("the circuit has no elements; add some first")
        if isinstance(electrodes, str) or not isinstance(electrodes, Iterable):
            raise TypeError(f"electrodes must be a list of names of nodes, got {check.shown(electrodes)}")
        names = [check.known_name("node in electrodes", name, self._nodes) for name in electrodes]
        if len(set(names)) < len(names):
            raise ValueError(f"electrodes must name each node once, got {check.shown(names)}")
        ends = [self._nodes[node] for one in self._elements.values() for node in (one.a, one.b)]
        return named_network(
            self.nodes,
            tuple(self._elements),
            edges=np.array(ends, dtype=np.int32).reshape(-1, 2),
            electrodes={name: [self._nodes[name]] for name in names},
        )

    def __getitem__(self, name: str) -> Element:
        return self._elements[check.known_name("name of an element", name, self._elements)]

    def __contains__(self, name: object) -> bool:
        return name in self._elements

    def __iter__(self) -> Iterator[Element]:
        return iter(self._elements.values())

    def __len__(self) -> int:
        return len(self._elements)

    def _summary(self) -> dict[str, str]:
        return {"": f"{len(self._nodes)} nodes, {len(self)} elements{': ' if len(self) else ''}{self._listed()}"}

    def _details(self) -> dict[str, str]:
        return {"nodes": text.listed(self.nodes, "nodes"), "elements": self._listed()}

    def _listed(self) -> str:
        shown = list(self._elements.values())
        if len(shown) > text.MOST_ITEMS:
            shown = [*shown[:2], shown[-1]]
        said = [f"{one.name} from {one.a} to {one.b}" for one in shown]
        return ", ".join(said) if len(self) <= text.MOST_ITEMS else f"{said[0]}, {said[1]}, ..., {said[2]}"
