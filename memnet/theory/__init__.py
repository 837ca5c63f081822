"""Theory of memristive networks: exact statements, mean fields, fits of measured traces (MF23)."""

from __future__ import annotations

from memnet.theory.fit import NotIdentifiable, TraceFit, fit_mean_field, fit_rate_balance
from memnet.theory.landau import Landau, critical_chi, landau
from memnet.theory.mean_field import (
    FixedPoint,
    HillockField,
    LinearDriftField,
    MeanField,
    RateBalanceField,
    mean_field,
)
from memnet.theory.phase_diagram import phase_diagram
from memnet.theory.potential import rate_balance_potential
from memnet.theory.projector import Projector, projector
from memnet.theory.validity import mean_field_error

__all__ = [
    "FixedPoint",
    "HillockField",
    "Landau",
    "LinearDriftField",
    "MeanField",
    "NotIdentifiable",
    "Projector",
    "RateBalanceField",
    "TraceFit",
    "critical_chi",
    "fit_mean_field",
    "fit_rate_balance",
    "landau",
    "mean_field",
    "mean_field_error",
    "phase_diagram",
    "projector",
    "rate_balance_potential",
]
