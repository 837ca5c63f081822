"""Fits of measured traces."""

from memnet.theory.fits._fit import NotIdentifiable, TraceFit, fit_mean_field, fit_rate_balance

__all__ = ["NotIdentifiable", "TraceFit", "fit_mean_field", "fit_rate_balance"]
