"""Theory of memristive networks: exact statements, mean fields, fits of measured traces (MF23)."""

from __future__ import annotations

from memnet.theory.field import FixedPoint, MeanField
from memnet.theory.fit import NotIdentifiable, TraceFit, fit_mean_field, fit_rate_balance
from memnet.theory.hillock_field import HillockField
from memnet.theory.linear_drift_field import LinearDriftField
from memnet.theory.network_field import mean_field
from memnet.theory.phases import phase_diagram
from memnet.theory.potential import rate_balance_potential
from memnet.theory.projection import Projector, projector
from memnet.theory.rate_balance_field import RateBalanceField
from memnet.theory.transition import Landau, critical_chi, landau
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


def __dir__() -> list[str]:
    return list(__all__)
