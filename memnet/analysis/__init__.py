"""Analysis of runs and of measured traces: events, intervals, correlations, power laws, avalanches, criticality.

Plain functions over arrays or over the dataset of a run; and protocols of plasticity, which make the runs themselves.
Where there is too little data to say something, a result's `message` says so ("not enough data: 31 values") and its
numbers are nan.
"""

from typing import TYPE_CHECKING

from memnet.analysis._alternatives import ALTERNATIVES as ALTERNATIVES
from memnet.base import rooms

if TYPE_CHECKING:
    from memnet.analysis._arrhenius import *
    from memnet.analysis._avalanches import *
    from memnet.analysis._correlation import *
    from memnet.analysis._criticality import *
    from memnet.analysis._cycles import *
    from memnet.analysis._events import *
    from memnet.analysis._exponents import *
    from memnet.analysis._hysteresis import *
    from memnet.analysis._impedance_fit import *
    from memnet.analysis._intervals import *
    from memnet.analysis._line import *
    from memnet.analysis._loop_class import *
    from memnet.analysis._paired_pulse import *
    from memnet.analysis._plasticity import *
    from memnet.analysis._postsynaptic import *
    from memnet.analysis._potentiation import *
    from memnet.analysis._power_law import *
    from memnet.analysis._pulses import *
    from memnet.analysis._spike_rate import *
    from memnet.analysis._spike_timing import *
    from memnet.analysis._switching import *
    from memnet.analysis._transient import *
    from memnet.analysis._trend import *

rooms.offer(globals())
