"""Steady curves: where the states of one device settle at each voltage, and what it then carries."""

from memnet.theory.steady._curve import steady_curve

__all__ = ["steady_curve"]
