"""Analysis of runs and of measured traces: events, intervals, correlations, power laws, avalanches, criticality.

Plain functions over arrays or over the dataset of a run. Where there is too little data to say something, a result's
`message` says so ("not enough data: 31 values") and its numbers are nan.
"""

from __future__ import annotations

# Functions named like their module are bound here, before anything imports the module and leaves its name instead.
from memnet.analysis.avalanches import Avalanches, avalanches
from memnet.analysis.correlation import Autocorrelation, autocorrelation, series_autocorrelation
from memnet.analysis.criticality import Criticality, Estimate, criticality
from memnet.analysis.cycles import Branch
from memnet.analysis.events import Events, events
from memnet.analysis.hysteresis import Cycle, Hysteresis, Lobe, Piece, hysteresis, loop_distance
from memnet.analysis.intervals import Histogram, IntervalDistribution, iei_distribution, inter_event_intervals
from memnet.analysis.line import Line, log_slope
from memnet.analysis.plasticity import Plasticity, Response, Train, moving_average, plasticity, pulse_windows
from memnet.analysis.power_law import Comparison, PowerLaw, fit_power_law
from memnet.analysis.pulses import Pulses, find_pulses
from memnet.analysis.trend import Trend, trend

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
