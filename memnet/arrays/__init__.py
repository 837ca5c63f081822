"""Arrays that compute: crossbars as circuits that hold weights, multiply, learn and decide.

`mn.crossbar` makes the network; here is what turns numbers into its cells and drives, and its currents into numbers.
"""

from typing import TYPE_CHECKING

from memnet.base import rooms

if TYPE_CHECKING:
    from memnet.arrays._converters import *
    from memnet.arrays._crossbar_row import *
    from memnet.arrays._edf import *
    from memnet.arrays._eeg import *
    from memnet.arrays._encodings import *
    from memnet.arrays._filter_bank import *
    from memnet.arrays._gates import *
    from memnet.arrays._logic_gates import *
    from memnet.arrays._logic_levels import *
    from memnet.arrays._logic_map import *
    from memnet.arrays._logic_row import *
    from memnet.arrays._logic_step import *
    from memnet.arrays._logic_table import *
    from memnet.arrays._minterms import *
    from memnet.arrays._nand_logic import *
    from memnet.arrays._neuron_array import *
    from memnet.arrays._programming import *
    from memnet.arrays._read_margin import *
    from memnet.arrays._schemes import *
    from memnet.arrays._seizures import *
    from memnet.arrays._sneak_paths import *
    from memnet.arrays._stochastic_bits import *
    from memnet.arrays._vmm import *
    from memnet.arrays._write_verify import *

rooms.offer(globals())
