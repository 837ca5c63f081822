"""Networks some of whose edges point the other way."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from memnet.base import check
from memnet.network._network import Network, build, state_of


def turned(net: Network, edges: ArrayLike) -> Network:
    """Return a network in which the given edges point the other way, and all else is as it was."""
    which = check.ids("edges", edges, (None,), net.n_edges, "edges")
    state = state_of(net)
    before = np.asarray(state["history"].get("turned", []), dtype=np.int32)
    now = np.setxor1d(before, which)
    pairs = np.array(state["edges"])
    pairs[which] = pairs[which, ::-1]
    history = {name: value for name, value in state["history"].items() if name != "turned"}
    if now.size:
        history["turned"] = now.tolist()
    return build(**{**state, "edges": pairs, "layout": net.layout.turned(which), "history": history})
