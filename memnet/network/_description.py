"""Networks as plain data: the call that made one, or its arrays, as JSON holds them, and the network again."""

from __future__ import annotations

import weakref
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memnet.base import check
from memnet.base.carried import Carried
from memnet.base.plain import decode, encode
from memnet.network._generators import GENERATORS
from memnet.network._named import CIRCUIT, Named, named_network
from memnet.network._network import Network, with_labels
from memnet.network._turned import turned

# What `describe_network` said of networks that are still there: they do not change, and large ones take a while.
_DESCRIPTIONS: weakref.WeakKeyDictionary[Network, dict[str, Any]] = weakref.WeakKeyDictionary()
# The key of an encoded label in JSON.
LABEL = "!label"
# What a file calls a network that was made by hand.
BY_HAND = Network.__name__


def describe_network(net: Network) -> dict[str, Any]:
    """Return a network as the call that made it, or as its arrays where it was made by hand; not to be changed.

    Devices attached to electrodes are numbers, their places in ``net.attached_devices``.
    """
    if net not in _DESCRIPTIONS:
        by_hand = net.layout.function in (BY_HAND, CIRCUIT)
        spec = _describe_arrays(net) if by_hand else _describe_call(net)
        _DESCRIPTIONS[net] = {**spec, **_describe_attached(net)}
    return _DESCRIPTIONS[net]


def _describe_attached(net: Network) -> dict[str, Any]:
    """Return the calls of `attach` that a network came from; nothing where there was none."""
    place = {id(device): k for k, device in enumerate(net.attached_devices)}
    calls = [
        {"electrode": one.electrode, "to": one.to, "devices": [place[id(device)] for device in one.devices]}
        for one in net.attached
    ]
    return {"attached": calls} if calls else {}


def _describe_call(net: Network) -> dict[str, Any]:
    spec: dict[str, Any] = encode(net.layout.plain())
    return {**spec, "turned": encode(np.array(edges))} if (edges := net.provenance.get("turned")) else spec


def _describe_arrays(net: Network) -> dict[str, Any]:
    arguments = {
        "n_nodes": int(net.n_own_nodes),
        "edges": np.asarray(net.edges[: net.n_own_edges]),
        "length": None if net.length is None else net.length[: net.n_own_edges],
        "position": None if net.position is None else net.position[: net.n_own_nodes],
        "electrodes": {name: np.asarray(nodes) for name, nodes in net.contacts.items()},
        **{name: data for name in ("edge_data", "node_data") if (data := describe_data(getattr(net, name)))},
    }
    if isinstance(net.layout, Named):
        del arguments["n_nodes"], arguments["edge_data"]
        names = {"nodes": list(net.layout.nodes), "elements": list(net.layout.elements)}
        return {"function": CIRCUIT, "arguments": encode({**names, **arguments})}
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


def rebuild_network(spec: Mapping[str, Any], attached: Sequence[Carried] = ()) -> Network:
    """Return the network that `describe_network` described, given the devices that were attached to it."""
    name = check.one_of("function that makes a network", spec["function"], (BY_HAND, CIRCUIT, *GENERATORS))
    by_hand: dict[str, Any] = {BY_HAND: Network, CIRCUIT: named_network}
    function = by_hand[name] if name in by_hand else GENERATORS[name].function
    net: Network = function(**decode(spec["arguments"]))
    if "turned" in spec:
        net = turned(net, decode(spec["turned"]))
    if "labels" in spec:
        net = with_labels(net, tuple(decode_label(label) for label in spec["labels"]))
    for call in spec.get("attached", ()):
        net = net.attach(call["electrode"], *(attached[k] for k in call["devices"]), to=call["to"])
    return net
