"""Analysis of runs and of measured traces."""

from memnet.analysis.hysteresis import Branch, Cycle, Hysteresis, Lobe, Piece, hysteresis, loop_distance
from memnet.analysis.plasticity import (
    Plasticity,
    Response,
    Trend,
    moving_average,
    plasticity,
    pulse_windows,
    trend,
)

__all__ = [
    "Branch",
    "Cycle",
    "Hysteresis",
    "Lobe",
    "Piece",
    "Plasticity",
    "Response",
    "Trend",
    "hysteresis",
    "loop_distance",
    "moving_average",
    "plasticity",
    "pulse_windows",
    "trend",
]
