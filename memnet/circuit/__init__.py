"""A network at one moment: potentials and currents from conductances, and which way edges point."""

from memnet.base import rooms
from memnet.circuit._orientation import oriented
from memnet.circuit._solve import (
    SOLVERS as SOLVERS,
    IllConditionedWarning,
    Solution,
    solve_conductances as solve_conductances,
    terminal_conductance,
    warn_of_accuracy as warn_of_accuracy,
)

__all__ = ["IllConditionedWarning", "Solution", "oriented", "terminal_conductance"]
rooms.close(globals())
