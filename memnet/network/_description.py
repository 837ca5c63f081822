"""Networks as plain data: the call that made one, or its arrays, as JSON holds them, and the network again."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memnet.base import check
from memnet.base.plain import decode, encode
from memnet.network import _electrodes
from memnet.network._discs import percolating
from memnet.network._lattices import grid, random_network
from memnet.network._network import Network, with_labels
from memnet.network._turned import turned
from memnet.network._wires import nanowires, nanowires_at

# What `describe_network` said of networks that are still there: they do not change, and large ones take a while.
_DESCRIBED: weakref.WeakKeyDictionary[Network, dict[str, Any]] = weakref.WeakKeyDictionary()
# The key of an encoded label in JSON.
LABEL = "!label"
# The functions that a file may name to make a network; no other is ever called.
FUNCTIONS: dict[str, Callable[..., Network]] = {
    function.__name__: function for function in (Network, percolating, nanowires, nanowires_at, grid, random_network)
}
# What an electrode may be where a generator takes shapes.
FORMS = {"percolating": _electrodes.GROUPS, "nanowires": _electrodes.WIRES, "nanowires_at": _electrodes.WIRES}


def describe_network(net: Network) -> dict[str, Any]:
    """Return a network as the call that made it, or as its arrays where it was made by hand; not to be changed."""
    if net not in _DESCRIBED:
        _DESCRIBED[net] = _described_network(net)
    return _DESCRIBED[net]


def _described_network(net: Network) -> dict[str, Any]:
    made = net.provenance
    if made and made.get("function") not in (None, "Network"):
        try:
            spec = {"function": made["function"], "arguments": encode(made["arguments"])}
            return {**spec, "turned": encode(np.array(made["turned"]))} if "turned" in made else spec
        except TypeError:
            pass  # made from something that has no place in a file, such as a networkx graph
    arguments = {
        "n_nodes": int(net.n_nodes),
        "edges": np.asarray(net.edges),
        "length": net.length,
        "position": net.position,
        "electrodes": {name: np.asarray(nodes) for name, nodes in net.electrodes.items()},
        **{name: data for name in ("edge_data", "node_data") if (data := describe_data(getattr(net, name)))},
    }
    labels = describe_labels(net)
    spec = {"function": "Network", "arguments": encode(arguments)}
    return spec if labels is None else {**spec, "labels": labels}


def describe_data(data: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
    """Return data of edges or nodes as `encode` takes it; objects that have no place in a file are left out."""
    found: dict[str, Any] = {}
    for name, values in data.items():
        if values.dtype.kind in "biufcU":
            found[name] = values
        elif values.dtype.kind == "O" and all(x is None or isinstance(x, (bool, int, float, str)) for x in values.flat):
            found[name] = values.tolist()
    return found


def encode_label(label: Any) -> Any:
    """Return a node's label as JSON can hold it: strings, numbers, None, and tuples of them; NumPy's become Python's.

    Raises
    ------
    TypeError
        A label of another kind.
    """
    if isinstance(label, tuple):
        return {LABEL: [encode_label(part) for part in label]}
    if isinstance(label, (np.bool_, np.integer, np.floating)):
        label = label.item()
    if label is None or isinstance(label, (bool, int, float, str)):
        return encode(label)
    raise TypeError(f"cannot write a label of type {type(label).__name__} to a file: {label!r}")


def decode_label(value: Any) -> Any:
    """Return the label that `encode_label` was given."""
    if isinstance(value, dict) and LABEL in value:
        return tuple(decode_label(part) for part in value[LABEL])
    return decode(value)


def describe_labels(net: Network) -> list[Any] | None:
    """Return the labels that a network got from networkx; None where it has none, or they have no place in a file."""
    if net.labels is None:
        return None
    try:
        return [encode_label(label) for label in net.labels]
    except TypeError:
        return None


def rebuild_network(spec: Mapping[str, Any]) -> Network:
    """Return the network that `describe_network` described."""
    function = check.one_of("function that makes a network", spec["function"], FUNCTIONS)
    made: Network = FUNCTIONS[function](**decode(spec["arguments"]))
    if "turned" in spec:
        made = turned(made, decode(spec["turned"]))
    if "labels" in spec:
        made = with_labels(made, tuple(decode_label(label) for label in spec["labels"]))
    return made
