"""Figures: maps of a network, traces, loops, distributions, fits, animations; each returns what it drew."""

from memnet.plot._animations import Film, animate
from memnet.plot._distributions import AvalanchePlot, DistributionPlot, avalanches, distribution
from memnet.plot._fits import FitPlot, fit
from memnet.plot._loops import LoopPlot, loop
from memnet.plot._maps import NetworkPlot, network
from memnet.plot._pages import overview
from memnet.plot._traces import TracePlot, trace

__all__ = [
    "AvalanchePlot",
    "DistributionPlot",
    "Film",
    "FitPlot",
    "LoopPlot",
    "NetworkPlot",
    "TracePlot",
    "animate",
    "avalanches",
    "distribution",
    "fit",
    "loop",
    "network",
    "overview",
    "trace",
]


def __dir__() -> list[str]:
    return list(__all__)
