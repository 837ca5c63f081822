"""Exact statements: the projector of a network's cycles, the stationary density of one junction."""

from memnet.theory.exact._potential import rate_balance_potential
from memnet.theory.exact._projection import Projector, projector, terminals as terminals

__all__ = ["Projector", "projector", "rate_balance_potential"]
