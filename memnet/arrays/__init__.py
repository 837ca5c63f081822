"""Arrays that compute: crossbars as circuits that hold weights, multiply, learn and decide.

`mn.crossbar` makes the network; here is what turns numbers into its cells and drives, and its currents into numbers.
"""

from typing import TYPE_CHECKING

from memnet.base import rooms

if TYPE_CHECKING:
    from memnet.arrays._converters import *
    from memnet.arrays._convolution import *
    from memnet.arrays._crossbar_row import *
    from memnet.arrays._edf import *
    from memnet.arrays._eeg import *
    from memnet.arrays._encodings import *
    from memnet.arrays._filter_bank import *
    from memnet.arrays._gates import *
    from memnet.arrays._layer import *
    from memnet.arrays._learn._array_classifier import ArrayClassifier as ArrayClassifier
    from memnet.arrays._learn._array_convolution import ArrayConvolution as ArrayConvolution
    from memnet.arrays._learn._array_regressor import ArrayRegressor as ArrayRegressor
    from memnet.arrays._logic_gates import *
    from memnet.arrays._logic_levels import *
    from memnet.arrays._logic_map import *
    from memnet.arrays._logic_row import *
    from memnet.arrays._logic_step import *
    from memnet.arrays._logic_table import *
    from memnet.arrays._minterms import *
    from memnet.arrays._nand_logic import *
    from memnet.arrays._neuron_array import *
    from memnet.arrays._partition import *
    from memnet.arrays._perceptron import *
    from memnet.arrays._programming import *
    from memnet.arrays._read_margin import *
    from memnet.arrays._schemes import *
    from memnet.arrays._seizures import *
    from memnet.arrays._sneak_paths import *
    from memnet.arrays._spiking_layer import *
    from memnet.arrays._state_dict import *
    from memnet.arrays._stochastic_bits import *
    from memnet.arrays._vmm import *
    from memnet.arrays._write_verify import *

rooms.offer(globals())
rooms.offer_later(
    globals(),
    {
        "ArrayClassifier": "_learn._array_classifier",
        "ArrayConvolution": "_learn._array_convolution",
        "ArrayRegressor": "_learn._array_regressor",
    },
    package="sklearn",
    extra="learn",
)
