"""Mean fields: one equation for the mean state of a network."""

from memnet.theory.fields._field import FixedPoint, MeanField
from memnet.theory.fields._hillock_field import HillockField
from memnet.theory.fields._linear_drift_field import LinearDriftField
from memnet.theory.fields._network_field import mean_field
from memnet.theory.fields._rate_balance_field import RateBalanceField
from memnet.theory.fields._validity import mean_field_error

__all__ = [
    "FixedPoint",
    "HillockField",
    "LinearDriftField",
    "MeanField",
    "RateBalanceField",
    "mean_field",
    "mean_field_error",
]
