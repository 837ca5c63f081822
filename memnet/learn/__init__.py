"""Reservoir computing: networks as transformers of scikit-learn, tasks, and how well they are done.

A network that is driven by a sequence holds a fading, nonlinear memory of it, of which a linear readout computes.
"""

from typing import TYPE_CHECKING

from memnet.base import rooms

if TYPE_CHECKING:
    from memnet.learn._capacities import *
    from memnet.learn._lorenz import *
    from memnet.learn._mackey_glass import *
    from memnet.learn._narma import *
    from memnet.learn._nrmse import *
    from memnet.learn._transformers._delay_line import DelayLine as DelayLine
    from memnet.learn._transformers._echo_state import EchoState as EchoState
    from memnet.learn._transformers._free_run import free_run as free_run
    from memnet.learn._transformers._reservoir import Reservoir as Reservoir
    from memnet.learn._waveforms import *

rooms.offer(globals())
rooms.offer_later(
    globals(),
    {
        "DelayLine": "_transformers._delay_line",
        "EchoState": "_transformers._echo_state",
        "Reservoir": "_transformers._reservoir",
        "free_run": "_transformers._free_run",
    },
    package="sklearn",
    extra="learn",
)
