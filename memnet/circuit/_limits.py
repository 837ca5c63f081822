"""Electrodes at voltages whose currents have limits."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from memnet.network import Network


def refuse_limits_alone(net: Network, limited: NDArray[np.bool_], held: NDArray[np.bool_]) -> None:
    """Raise ValueError where a part of the network has an electrode with a limit and none that a voltage holds.

    Parameters
    ----------
    net : Network
        The network.
    limited, held : ndarray (n_electrodes,) of bool
        Electrodes with a limit, and those at voltages without one, all the time.
    """
    if not limited.any():
        return
    part = net.core.component[[int(nodes[0]) for nodes in net.electrodes.values()]]
    alone = limited & ~np.isin(part, part[held])
    if alone.any():
        name = list(net.electrodes)[int(np.argmax(alone))]
        raise ValueError(
            f"drive must hold an electrode at a voltage without a limit, all the time, in the part of the network of"
            f" electrode {name!r}, whose current is limited: at their limits currents alone would say nothing of the"
            " voltages there"
        )
