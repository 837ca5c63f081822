"""A network at one moment: potentials and currents from conductances, and which way edges point."""

from memnet.base import rooms
from memnet.circuit._limits import refuse_limits_alone as refuse_limits_alone
from memnet.circuit._orientation import oriented
from memnet.circuit._solve import (
    SOLVERS as SOLVERS,
    IllConditionedWarning,
    Solution,
    solve,
    terminal_conductance,
    warn_of_accuracy as warn_of_accuracy,
)

__all__ = ["IllConditionedWarning", "Solution", "oriented", "solve", "terminal_conductance"]
rooms.close(globals())
