"""DM17: diffusive memristors, their switching and plasticity (Nat. Mater. 2017, 16, 101, doi 10.1038/nmat4756).

Its figures as functions that return data, and functions that draw them.
`memnet reproduce diffusive2017 --figure KEY` runs one, `--table` judges the paper's statements.
"""

from typing import TYPE_CHECKING

from memnet.base import rooms
from memnet.papers.diffusive2017.common import PAPER as _PAPER
from memnet.papers.diffusive2017.statements import STATEMENTS, table

if TYPE_CHECKING:
    from memnet.papers.diffusive2017.clusters import *
    from memnet.papers.diffusive2017.long_term import *
    from memnet.papers.diffusive2017.short_term import *
    from memnet.papers.diffusive2017.sweeps import *
    from memnet.papers.diffusive2017.transients import *

rooms.modules(globals())  # which have the figures
FIGURES = _PAPER.figures
globals().update(_PAPER.functions)

__all__ = ["FIGURES", "STATEMENTS", "table", *_PAPER.functions]
rooms.close(globals())
