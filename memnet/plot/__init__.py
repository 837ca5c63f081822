"""Figures: maps of a network, traces, loops, distributions, fits, animations; each returns what it drew."""

from memnet.plot.animations import Film, animate
from memnet.plot.distributions import AvalanchePlot, DistributionPlot, avalanches, distribution
from memnet.plot.fits import FitPlot, fit
from memnet.plot.loops import LoopPlot, loop
from memnet.plot.maps import NetworkPlot, network
from memnet.plot.pages import overview
from memnet.plot.traces import TracePlot, trace

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
