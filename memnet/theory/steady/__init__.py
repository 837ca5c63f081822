"""One device at rest: where its states settle at a voltage, what it then carries, and what small changes see."""

from memnet.theory.steady._branches import Arc, BranchCircuit, StateBranch, branch_circuit
from memnet.theory.steady._curve import steady_curve

__all__ = ["Arc", "BranchCircuit", "StateBranch", "branch_circuit", "steady_curve"]
