"""Transitions between phases: Landau's expansion of a mean field, and phases by simulation."""

from memnet.theory.transitions._phases import STICK_THRESHOLD, phase_diagram
from memnet.theory.transitions._transition import Landau, critical_chi, landau

__all__ = ["STICK_THRESHOLD", "Landau", "critical_chi", "landau", "phase_diagram"]
