"""Theory of memristive networks: exact statements, mean fields, fits of measured traces (MF23)."""

from __future__ import annotations

from memnet.theory.landau import Landau, critical_chi, landau
from memnet.theory.mean_field import (
    FixedPoint,
    HillockField,
    LinearDriftField,
    MeanField,
    RateBalanceField,
    mean_field,
)
from memnet.theory.potential import rate_balance_potential
from memnet.theory.projector import Projector, projector

__all__ = [
    "FixedPoint",
    "HillockField",
    "Landau",
    "LinearDriftField",
    "MeanField",
    "Projector",
    "RateBalanceField",
    "critical_chi",
    "landau",
    "mean_field",
    "projector",
    "rate_balance_potential",
]
