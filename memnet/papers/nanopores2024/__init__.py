"""NP24: nanopores, their hysteresis, impedance and transients (Adv. Phys. Res. 2024, doi 10.1002/apxr.202400029).

Its figures as functions that return data, and functions that draw them.
`memnet reproduce nanopores2024 --figure KEY` runs one, `--table` judges the paper's statements.
"""

from typing import TYPE_CHECKING

from memnet.base import rooms
from memnet.papers.nanopores2024.common import PAPER as _PAPER
from memnet.papers.nanopores2024.statements import STATEMENTS, table

if TYPE_CHECKING:
    from memnet.papers.nanopores2024.combinations import *
    from memnet.papers.nanopores2024.logic import *
    from memnet.papers.nanopores2024.loops import *
    from memnet.papers.nanopores2024.pulses import *
    from memnet.papers.nanopores2024.spectra import *
    from memnet.papers.nanopores2024.steady import *
    from memnet.papers.nanopores2024.transients import *

rooms.modules(globals())  # which have the figures
FIGURES = _PAPER.figures
globals().update(_PAPER.functions)

__all__ = ["FIGURES", "STATEMENTS", "table", *_PAPER.functions]
rooms.close(globals())
