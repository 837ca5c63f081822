"""Arrays that compute: crossbars as circuits that hold weights, multiply, learn and decide.

`mn.crossbar` makes the network; here is what turns numbers into its cells and drives, and its currents into numbers.
"""

from typing import TYPE_CHECKING

from memnet.base import rooms

if TYPE_CHECKING:
    from memnet.arrays._crossbar_row import *
    from memnet.arrays._gates import *
    from memnet.arrays._logic_levels import *
    from memnet.arrays._logic_map import *
    from memnet.arrays._logic_row import *
    from memnet.arrays._logic_step import *
    from memnet.arrays._logic_table import *
    from memnet.arrays._minterms import *
    from memnet.arrays._nand_logic import *
    from memnet.arrays._stochastic_bits import *

rooms.offer(globals())
