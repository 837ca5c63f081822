"""A network at one moment: potentials and currents, which way edges point; circuits of named elements."""

from memnet.base import rooms
from memnet.circuit._defined import (
    capacitor_paths as capacitor_paths,
    refuse_undefined as refuse_undefined,
    shown as shown,
    undefined_nodes as undefined_nodes,
)
from memnet.circuit._limits import refuse_limits_alone as refuse_limits_alone
from memnet.circuit._netlist import Element, Netlist as Netlist
from memnet.circuit._orientation import oriented
from memnet.circuit._solve import (
    MOST_THREADS as MOST_THREADS,
    ORDERS as ORDERS,
    SOLVERS as SOLVERS,
    IllConditionedWarning,
    Solution,
    solve_conductances as solve_conductances,
    terminal_conductance,
    warn_of_accuracy as warn_of_accuracy,
)

__all__ = ["Element", "IllConditionedWarning", "Solution", "oriented", "terminal_conductance"]
rooms.close(globals())
