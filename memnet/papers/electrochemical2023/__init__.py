"""EC23: artificial neurons and synapses of electrochemical memristors (Adv. Mater. 2023, doi 10.1002/adma.202301924).

Its figures as functions that return data, and functions that draw them.
`memnet reproduce electrochemical2023 --figure KEY` runs one, `--table` judges the paper's statements.
"""

from typing import TYPE_CHECKING

from memnet.base import rooms
from memnet.papers.electrochemical2023.common import PAPER as _PAPER
from memnet.papers.electrochemical2023.statements import STATEMENTS, table

if TYPE_CHECKING:
    from memnet.papers.electrochemical2023.axons import *
    from memnet.papers.electrochemical2023.batteries import *
    from memnet.papers.electrochemical2023.brains import *
    from memnet.papers.electrochemical2023.cells import *
    from memnet.papers.electrochemical2023.classifiers import *
    from memnet.papers.electrochemical2023.crossbars import *
    from memnet.papers.electrochemical2023.ecram import *
    from memnet.papers.electrochemical2023.history import *
    from memnet.papers.electrochemical2023.hybrids import *
    from memnet.papers.electrochemical2023.logic import *
    from memnet.papers.electrochemical2023.membranes import *
    from memnet.papers.electrochemical2023.neuristors import *
    from memnet.papers.electrochemical2023.neuron_arrays import *
    from memnet.papers.electrochemical2023.neuron_learning import *
    from memnet.papers.electrochemical2023.neurons import *
    from memnet.papers.electrochemical2023.pairs import *
    from memnet.papers.electrochemical2023.pillars import *
    from memnet.papers.electrochemical2023.scaling import *
    from memnet.papers.electrochemical2023.seizures import *
    from memnet.papers.electrochemical2023.stacks import *
    from memnet.papers.electrochemical2023.switches import *
    from memnet.papers.electrochemical2023.synapses import *
    from memnet.papers.electrochemical2023.trains import *

rooms.modules(globals())  # which have the figures
FIGURES = _PAPER.figures
globals().update(_PAPER.functions)

__all__ = ["FIGURES", "STATEMENTS", "table", *_PAPER.functions]
rooms.close(globals())
