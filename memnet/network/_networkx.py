"""Networks as networkx graphs and back, in attributes that GraphML and JSON can hold.

A node has `x`, `y` and `electrode`, an edge `length`, `edge` (its number) and `first` (the label, as text, of the node
that its branch voltage starts at); the graph has `electrodes`, their names in order as JSON. Everything else is data.
"""

from __future__ import annotations

import json
import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from memnet.base import check, job
from memnet.network import _electrodes
from memnet.network._shapes import Members, Shape

if TYPE_CHECKING:
    import networkx as nx

# What happens to an edge from a to b where there is one from b to a.
RECIPROCAL = ("error", "one", "both")
# An edge as networkx lists it: from, to, attributes.
Row = tuple[Any, Any, dict[str, Any]]


def graph_of(
    labels: Sequence[Hashable],
    edges: NDArray[np.int32],
    *,
    length: NDArray[np.float64] | None,
    position: NDArray[np.float64] | None,
    electrodes: Mapping[str, NDArray[np.int32]],
    node_data: Mapping[str, NDArray[Any]],
    edge_data: Mapping[str, NDArray[Any]],
) -> nx.MultiGraph:
    """Return what `Network.to_networkx` describes, from its arrays and the labels of its nodes."""
    job.load("networkx")
    import networkx as nx

    graph = nx.MultiGraph()
    if electrodes:
        graph.graph["electrodes"] = json.dumps(list(electrodes), ensure_ascii=False)
    owner = {node: name for name, nodes in electrodes.items() for node in nodes.tolist()}
    places = None if position is None else position.tolist()
    for k, (label, data) in enumerate(zip(labels, _rows(node_data, len(labels)), strict=True)):
        if places is not None:
            data |= {"x": places[k][0], "y": places[k][1]}
        if k in owner:
            data["electrode"] = owner[k]
        graph.add_node(label)
        graph.nodes[label].update(data)
    lengths = None if length is None else length.tolist()
    for k, ((a, b), data) in enumerate(zip(edges.tolist(), _rows(edge_data, len(edges)), strict=True)):
        if lengths is not None:
            data["length"] = lengths[k]
        key = graph.add_edge(labels[a], labels[b])
        graph.edges[labels[a], labels[b], key].update(data, edge=k, first=str(labels[a]))
    return graph


def _rows(data: Mapping[str, NDArray[Any]], count: int) -> list[dict[str, Any]]:
    """Return the attributes of each node or edge; those that are None are left out."""
    rows: list[dict[str, Any]] = [{} for _ in range(count)]
    for name, values in data.items():
        for row, value in zip(rows, values.tolist(), strict=False):  # none of what is attached, which comes last
            if value is not None:
                row[name] = tuple(value) if isinstance(value, list) else value
    return rows


def parts_of(
    graph: Any, electrodes: Mapping[str, Any] | None, length: str | None, position: str | None, reciprocal: str
) -> tuple[dict[str, Any], tuple[Hashable, ...]]:
    """Return the arguments of `Network` that a graph stands for, and the labels of its nodes."""
    if not all(hasattr(graph, name) for name in ("nodes", "edges", "is_directed")):
        raise TypeError(f"graph must be a networkx graph, got {type(graph).__name__}")
    check.one_of("reciprocal", reciprocal, RECIPROCAL)
    labels = tuple(graph.nodes)
    number = {label: k for k, label in enumerate(labels)}
    rows = _edges(graph, reciprocal)
    edges = np.empty((len(rows), 2), dtype=np.int32)  # from generators: other threads, and Ctrl-C, get their turn
    edges[:, 0] = np.fromiter((number[a] for a, _, _ in rows), np.int32, len(rows))
    edges[:, 1] = np.fromiter((number[b] for _, b, _ in rows), np.int32, len(rows))
    nodes = [dict(graph.nodes[label]) for label in labels]
    members = _members(nodes) if electrodes is None else _named(electrodes, number)
    arguments = {
        "n_nodes": len(labels),
        "edges": edges,
        "length": _attribute("edges", length, "length", [data for _, _, data in rows]),
        "position": _position(position, nodes),
        "electrodes": _in_order(members, graph.graph.get("electrodes")) if electrodes is None else members,
        "edge_data": columns("edges", [data for _, _, data in rows]),
        "node_data": columns("nodes", [{name: x for name, x in data.items() if name != "electrode"} for data in nodes]),
    }
    return arguments, labels


def _edges(graph: Any, reciprocal: str) -> list[Row]:
    """Return the edges in the order and direction that `graph_of` noted where it did, else in the graph's."""
    rows = [(a, b, dict(data)) for a, b, data in graph.edges(data=True)]
    for a, b, data in rows:
        if a == b:
            raise ValueError(
                f"graph joins node {check.shown(a)} to itself; edges join two nodes:"
                f" graph.remove_edges_from(list(networkx.selfloop_edges(graph))) leaves such edges out"
            )
        if "edge_default" in graph.graph:
            data.pop("id", None)  # the key that networkx gives an edge on its way through GraphML
    if graph.is_directed():
        rows = _without_reciprocal(rows, reciprocal)
    numbers = [data.get("edge") for _, _, data in rows]
    starts = [data.get("first") for _, _, data in rows]
    if not all(type(k) is int for k in numbers) or len(set(numbers)) < len(rows) or None in starts:
        return rows
    rows = [rows[k] for k in np.argsort(np.array(numbers, dtype=np.int64))]
    rows = [(b, a, data) if data["first"] == str(b) else (a, b, data) for a, b, data in rows]
    return [(a, b, {name: x for name, x in data.items() if name not in ("edge", "first")}) for a, b, data in rows]


def _without_reciprocal(rows: list[Row], reciprocal: str) -> list[Row]:
    """Treat edges that a directed graph lists in both directions, which most often are one device."""
    waiting: dict[tuple[Any, Any], list[int]] = {}
    pairs = []
    for k, (a, b, _) in enumerate(rows):
        if waiting.get((b, a)):
            pairs.append((waiting[b, a].pop(0), k))
        else:
            waiting.setdefault((a, b), []).append(k)
    if not pairs or reciprocal == "both":
        return rows
    if reciprocal == "error":
        a, b = map(check.shown, rows[pairs[0][0]][:2])
        raise ValueError(
            f"graph is directed and joins {a} and {b} in both directions, as it does {len(pairs)} times in all;"
            f" reciprocal='one' takes such a pair for one edge, as graph.to_undirected() does, reciprocal='both' for"
            f" two in parallel, with twice the conductance"
        )
    for first, second in pairs:
        a, b, data = rows[first]
        other = rows[second][2]
        for name in {**data, **other}:
            if name not in data or name not in other or not _same(data[name], other[name]):
                there, back, a, b = map(check.shown, (data.get(name), other.get(name), a, b))
                raise ValueError(
                    f"reciprocal='one' needs equal attributes in both directions, got {name!r} = {there} from {a} to"
                    f" {b} and {back} back"
                )
    doubles = {second for _, second in pairs}
    return [row for k, row in enumerate(rows) if k not in doubles]


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float) and math.isnan(one) and math.isnan(other):
        return True
    return bool(np.array_equal(one, other))


def _attribute(of: str, name: str | None, default: str, data: Sequence[dict[str, Any]]) -> list[Any] | None:
    """Return an attribute of all nodes or edges, taken out of their data, or None where none has it."""
    if name is None:
        return None
    check.instance(default, name, str, "the name of an attribute, or None")
    values = [each[name] for each in data if name in each]
    if len(values) == len(data) and data:
        for each in data:
            del each[name]
        return values
    if values or (name != default and data):
        raise ValueError(
            f"{default}={name!r} must be an attribute of all {of} of the graph, {len(values)} of {len(data)} have it"
        )
    return None


def _position(name: str | None, nodes: Sequence[dict[str, Any]]) -> list[Any] | None:
    """Return the place of each node, from one attribute, from x and y, or from the pos of networkx's generators."""
    places = _attribute("nodes", name, "position", nodes)
    if places is not None or name is None or not nodes:
        return places
    if all(isinstance(data.get(axis), Real) for data in nodes for axis in ("x", "y")):
        return [(data.pop("x"), data.pop("y")) for data in nodes]
    pos = column([data.get("pos") for data in nodes])
    if pos.dtype == object or pos.shape != (len(nodes), 2) or not np.isfinite(pos).all():
        return None
    return [data.pop("pos") for data in nodes]


def _members(nodes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the electrodes that the nodes name."""
    members: dict[str, Any] = {}
    for k, data in enumerate(nodes):
        if data.get("electrode") is not None:
            members.setdefault(data["electrode"], []).append(k)
    return members


def _in_order(members: dict[str, Any], names_text: Any) -> dict[str, Any]:
    """Return electrodes in the order that `graph_of` noted; others follow."""
    try:
        order = json.loads(names_text) if isinstance(names_text, str) else []
    except ValueError:
        order = []  # somebody else's attribute
    names = [name for name in order if isinstance(name, str) and name in members] if isinstance(order, list) else []
    return {name: members[name] for name in dict.fromkeys([*names, *members])}


def _named(electrodes: Mapping[str, Any], number: Mapping[Any, int]) -> dict[str, Any]:
    return {name: _numbers(name, value, number) for name, value in _electrodes.mapping(electrodes).items()}


def _numbers(name: str, value: Any, number: Mapping[Any, int]) -> Any:
    """Return the node numbers of one label or of several, or what has numbers already."""
    if isinstance(value, (Members, Shape)):
        return value
    try:
        if value in number:
            return [number[value]]
    except TypeError:
        pass  # a list is no label
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise ValueError(f"electrodes[{name!r}] must name nodes of the graph, got {check.shown(value)}")
    labels = list(value)
    for label in labels:
        if label not in number:
            words = [one for one in number if isinstance(one, str) and isinstance(label, str)]
            near = check.did_you_mean(label, words) if words else ""
            raise ValueError(f"electrodes[{name!r}] must name nodes of the graph, got {check.shown(label)}{near}")
    return [number[label] for label in labels]


def columns(of: str, rows: Sequence[Mapping[Any, Any]]) -> dict[str, NDArray[Any]]:
    """Return attributes of nodes or edges as one array each, in the order in which they first appear.

    Raises
    ------
    ValueError
        A value is masked.
    """
    arrays = {}
    for name in dict.fromkeys(name for row in rows for name in row):
        values = [row.get(name) for row in rows]
        check.unmasked(f"attribute {name!r} of {of}", values)
        arrays[str(name)] = column(values)
    return arrays


def column(values: Sequence[Any]) -> NDArray[Any]:
    """Return values as an array: of numbers, nan for None; of text; of rows of numbers; or else of objects."""
    known = [value for value in values if value is not None]
    if known and all(isinstance(value, (bool, int, float, complex, np.number, np.bool_)) for value in known):
        numbers = np.asarray(values if len(known) == len(values) else [math.nan if x is None else x for x in values])
        if numbers.dtype.kind in "biufc":
            return numbers
    if known and len(known) == len(values):
        if all(isinstance(value, str) for value in values):
            return np.asarray(values)
        if all(isinstance(value, (tuple, list, np.ndarray)) for value in values):
            try:
                rows = np.asarray(values)
            except ValueError:
                rows = np.empty(0, dtype=object)  # of unequal lengths
            if rows.dtype.kind in "biufc":
                return rows
    objects = np.empty(len(values), dtype=object)
    objects[:] = values
    return objects
