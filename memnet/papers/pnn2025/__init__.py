"""PNN25: learning and spiking in percolating networks with memristors (Nanoscale Horiz. 2025, 10, 2475).

The protocols of its figures as functions that return data, and a function that draws each as the paper does.
`memnet reproduce pnn2025 --figure KEY` runs one, `--table` judges the paper's statements over several networks.
"""

from typing import TYPE_CHECKING

from memnet.base import rooms
from memnet.papers.pnn2025.common import PAPER as _PAPER, SETTING
from memnet.papers.pnn2025.statements import STATEMENTS, table

if TYPE_CHECKING:
    from memnet.papers.pnn2025.learning import *
    from memnet.papers.pnn2025.maps import *
    from memnet.papers.pnn2025.spiking import *
    from memnet.papers.pnn2025.sweeps import *

rooms.modules(globals())  # which have the figures
FIGURES = _PAPER.figures
COVERAGE, SEED, VOLTAGE = SETTING.coverage, SETTING.seed, dict(SETTING.voltage)
TUNED, TUNED_LARGE = dict(SETTING.tuned), dict(SETTING.tuned_large)
globals().update(_PAPER.functions)

__all__ = ["COVERAGE", "FIGURES", "SEED", "STATEMENTS", "TUNED", "TUNED_LARGE", "VOLTAGE", "table", *_PAPER.functions]
rooms.close(globals())
