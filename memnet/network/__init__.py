"""Networks: conductors as nodes, edges for devices, electrodes as named sets of nodes; and how to make them."""

from memnet.network._description import FORMS as FORMS
from memnet.network._description import FUNCTIONS as FUNCTIONS
from memnet.network._description import describe_network as describe_network
from memnet.network._description import rebuild_network as rebuild_network
from memnet.network._discs import percolating
from memnet.network._electrodes import ShortCircuit
from memnet.network._electrodes import refuse_ambiguous as refuse_ambiguous
from memnet.network._lattices import grid, random_network
from memnet.network._network import Floats as Floats
from memnet.network._network import Network, from_networkx
from memnet.network._turned import turned as turned
from memnet.network._wire_layout import Wires
from memnet.network._wires import nanowires, nanowires_at

__all__ = [
    "Network",
    "ShortCircuit",
    "Wires",
    "from_networkx",
    "grid",
    "nanowires",
    "nanowires_at",
    "percolating",
    "random_network",
]


def __dir__() -> list[str]:
    return list(__all__)
