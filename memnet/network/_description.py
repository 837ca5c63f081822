"""Networks as plain data: the call that made one, or its arrays, as JSON holds them, and the network again."""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memnet.base import check
from memnet.base.plain import decode, encode
from memnet.network._generators import GENERATORS
from memnet.network._network import Network, with_labels
from memnet.network._turned import turned

# What `describe_network` said of networks that are still there: they do not change, and large ones take a while.
_DESCRIPTIONS: weakref.WeakKeyDictionary[Network, dict[str, Any]] = weakref.WeakKeyDictionary()
# The key of an encoded label in JSON.
LABEL = "!label"
# What a file calls a network that was made by hand.
BY_HAND = Network.__name__


def describe_network(net: Network) -> dict[str, Any]:
    """Return a network as the call that made it, or as its arrays where it was made by hand; not to be changed."""
    if net not in _DESCRIPTIONS:
        by_hand = net.layout.function == BY_HAND
        _DESCRIPTIONS[net] = _describe_arrays(net) if by_hand else _describe_call(net)
    return _DESCRIPTIONS[net]


def _describe_call(net: Network) -> dict[str, Any]:
    spec: dict[str, Any] = encode(net.layout.plain())
    return {**spec, "turned": encode(np.array(edges))} if (edges := net.provenance.get("turned")) else spec


def _describe_arrays(net: Network) -> dict[str, Any]:
    arguments = {
        "n_nodes": int(net.n_nodes),
        "edges": np.asarray(net.edges),
        "length": net.length,
        "position": net.position,
        "electrodes": {name: np.asarray(nodes) for name, nodes in net.electrodes.items()},
        **{name: data for name in ("edge_data", "node_data") if (data := describe_data(getattr(net, name)))},
    }
    labels = describe_labels(net)
    spec = {"function": BY_HAND, "arguments": encode(arguments)}
    return spec if labels is None else {**spec, "labels": labels}


def describe_data(data: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
    """Return data of edges or nodes as `encode` takes it; objects that have no place in a file are left out."""
    columns: dict[str, Any] = {}
    for name, values in data.items():
        if values.dtype.kind in "biufcU":
            columns[name] = values
        elif values.dtype.kind == "O" and all(x is None or isinstance(x, (bool, int, float, str)) for x in values.flat):
            columns[name] = values.tolist()
    return columns


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
    raise TypeError(f"cannot write a label of type {type(label).__name__} to a file: {check.shown(label)}")


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
    name = check.one_of("function that makes a network", spec["function"], (BY_HAND, *GENERATORS))
    function = Network if name == BY_HAND else GENERATORS[name].function
    net: Network = function(**decode(spec["arguments"]))
    if "turned" in spec:
        net = turned(net, decode(spec["turned"]))
    if "labels" in spec:
        net = with_labels(net, tuple(decode_label(label) for label in spec["labels"]))
    return net
