"""Analysis of runs and of measured traces: events, intervals, correlations, power laws, avalanches, criticality.

Plain functions over arrays or over the dataset of a run. Where there is too little data to say something, a result's
`message` says so ("not enough data: 31 values") and its numbers are nan.
"""

from __future__ import annotations

from memnet.analysis._alternatives import ALTERNATIVES as ALTERNATIVES

# Functions named like their module are bound here, before anything imports the module and leaves its name instead.
from memnet.analysis._avalanches import Avalanches, avalanches
from memnet.analysis._correlation import Autocorrelation, autocorrelation, series_autocorrelation
from memnet.analysis._criticality import Criticality, criticality
from memnet.analysis._cycles import Branch
from memnet.analysis._events import Events, events
from memnet.analysis._exponents import Estimate
from memnet.analysis._hysteresis import Cycle, Hysteresis, Lobe, Piece, hysteresis, loop_distance
from memnet.analysis._intervals import Histogram, IntervalDistribution, iei_distribution, inter_event_intervals
from memnet.analysis._line import Line, log_slope
from memnet.analysis._plasticity import Plasticity, Response, Train, moving_average, plasticity, pulse_windows
from memnet.analysis._power_law import Comparison, PowerLaw, fit_power_law
from memnet.analysis._pulses import Pulses, find_pulses
from memnet.analysis._trend import Trend, trend

__all__ = [
    "Autocorrelation",
    "Avalanches",
    "Branch",
    "Comparison",
    "Criticality",
    "Cycle",
    "Estimate",
    "Events",
    "Histogram",
    "Hysteresis",
    "IntervalDistribution",
    "Line",
    "Lobe",
    "Piece",
    "Plasticity",
    "PowerLaw",
    "Pulses",
    "Response",
    "Train",
    "Trend",
    "autocorrelation",
    "avalanches",
    "criticality",
    "events",
    "find_pulses",
    "fit_power_law",
    "hysteresis",
    "iei_distribution",
    "inter_event_intervals",
    "log_slope",
    "loop_distance",
    "moving_average",
    "plasticity",
    "pulse_windows",
    "series_autocorrelation",
    "trend",
]


def __dir__() -> list[str]:
    return list(__all__)
