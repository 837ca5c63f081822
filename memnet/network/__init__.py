"""Networks: conductors as nodes, edges for devices, electrodes as named sets of nodes; and how to make them.

A module of this folder with a generator (`_generators.generator`) or a shape (`_shapes.Shape`) needs no other line:
it is imported here, and its function or class is found by its name.
"""

from typing import TYPE_CHECKING

from memnet.base import rooms
from memnet.network._attached import Attached
from memnet.network._crossbar import (
    Cell as Cell,
    cell_conductances as cell_conductances,
    checked_cell as checked_cell,
    crossbar_layout as crossbar_layout,
)
from memnet.network._crossbar_layout import SINK as SINK, Crossbar
from memnet.network._description import describe_network as describe_network, rebuild_network as rebuild_network
from memnet.network._disc_layout import Discs
from memnet.network._electrodes import ShortCircuit, refuse_ambiguous as refuse_ambiguous
from memnet.network._generators import GENERATORS as GENERATORS
from memnet.network._lattices import Lattice
from memnet.network._layout import DiscMarks as DiscMarks, Layout, LineMarks as LineMarks, Marks as Marks
from memnet.network._named import (
    Named,
    name_places as name_places,
    named_edge as named_edge,
    named_network as named_network,
    node_names as node_names,
)
from memnet.network._network import Network, from_networkx
from memnet.network._shapes import SHAPES as SHAPES, Members, Shape
from memnet.network._turned import turned as turned
from memnet.network._wire_layout import Wires

if TYPE_CHECKING:  # for editors and mypy alone
    from memnet.network._crossbar import crossbar as crossbar
    from memnet.network._discs import percolating as percolating
    from memnet.network._lattices import grid as grid, random_network as random_network
    from memnet.network._shapes import Disc as Disc, Polygon as Polygon, Rectangle as Rectangle
    from memnet.network._wires import nanowires as nanowires, nanowires_at as nanowires_at

rooms.modules(globals())  # which have the generators and the shapes
_classes = {shape.__name__: shape for shape in SHAPES.values()}
_functions = {name: generator.function for name, generator in GENERATORS.items()}
globals().update({**_classes, **_functions})

__all__ = [
    "Attached",
    "Crossbar",
    "Discs",
    "Lattice",
    "Layout",
    "Members",
    "Named",
    "Network",
    "Shape",
    "ShortCircuit",
    "Wires",
    "from_networkx",
    *_functions,
    *_classes,
]
rooms.close(globals())
