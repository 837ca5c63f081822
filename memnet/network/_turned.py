"""Networks some of whose edges point the other way."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from memnet.base import check
from memnet.network._network import Network, rebuilt, state_of


def turned(net: Network, edges: ArrayLike) -> Network:
    """Return a network in which the given edges point the other way, and all else is as it was."""
    which = check.ids("edges", edges, (None,), net.n_edges, "edges")
    state = state_of(net)
    before = state["provenance"].get("turned", [])
    made = {name: value for name, value in state["provenance"].items() if name != "turned"}
    now = np.setxor1d(np.asarray(before, dtype=np.int32), which)
    for name in ("edges", "gap_discs"):
        if state[name] is not None:
            pairs = np.array(state[name])
            pairs[which] = pairs[which, ::-1]
            state[name] = pairs
    return rebuilt({**state, "provenance": {**made, "turned": now.tolist()} if now.size else made})
