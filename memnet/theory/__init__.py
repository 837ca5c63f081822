"""Theory of memristive networks: exact statements, mean fields, fits of measured traces (MF23), steady curves."""

from __future__ import annotations

from memnet.base import rooms
from memnet.theory.exact import Projector, projector, rate_balance_potential
from memnet.theory.fields import (
    FixedPoint,
    HillockField,
    LinearDriftField,
    MeanField,
    RateBalanceField,
    mean_field,
    mean_field_error,
)
from memnet.theory.fits import NotIdentifiable, TraceFit, fit_mean_field, fit_rate_balance
from memnet.theory.steady import Arc, BranchCircuit, StateBranch, branch_circuit, steady_curve
from memnet.theory.transitions import Landau, critical_chi, landau, phase_diagram

__all__ = [
    "Arc",
    "BranchCircuit",
    "FixedPoint",
    "HillockField",
    "Landau",
    "LinearDriftField",
    "MeanField",
    "NotIdentifiable",
    "Projector",
    "RateBalanceField",
    "StateBranch",
    "TraceFit",
    "branch_circuit",
    "critical_chi",
    "fit_mean_field",
    "fit_rate_balance",
    "landau",
    "mean_field",
    "mean_field_error",
    "phase_diagram",
    "projector",
    "rate_balance_potential",
    "steady_curve",
]
rooms.close(globals())
