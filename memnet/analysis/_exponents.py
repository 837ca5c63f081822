"""The numbers that avalanches have beside a critical point."""

from __future__ import annotations

import math
from dataclasses import dataclass

from memnet.analysis._power_law import PowerLaw
from memnet.base.arrays import Floats
from memnet.base.text import estimate

__all__ = ["Estimate"]


@dataclass(frozen=True)
class Estimate:
    """A number with its standard error; nan and a message where there is none.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> avalanches = mn.analysis.avalanches(np.arange(0, 600, 2), bin=1)
    >>> mn.analysis.criticality(avalanches, seed=1, n_bootstrap=2, n_p=0).branching
    Estimate(value=0.0, error=0.0, message='')
    """

    value: float
    error: float
    message: str = ""

    def __str__(self) -> str:
        return self.message or estimate(self.value, self.error)


@dataclass(frozen=True)
class Surrogates:
    """Avalanches of the same intervals, and the same numbers of events at one time, in random order.

    Attributes
    ----------
    n : int
        Number of surrogates; 0 where there are none.
    branching : Estimate
        Mean of `Avalanches.branching` over them, and its standard deviation.
    largest : Estimate
        Mean of the largest size, and its standard deviation.
    distance : float
        Kolmogorov-Smirnov distance of the sizes of the data from those of all surrogates together.
    p : float
        Share of surrogates at least as far from the others, the data counted among them: at least 1/(n + 1).
    """

    n: int
    branching: Estimate
    largest: Estimate
    distance: float
    p: float


NO_SURROGATES = Surrogates(0, Estimate(math.nan, math.nan), Estimate(math.nan, math.nan), math.nan, math.nan)


@dataclass(frozen=True, repr=False)
class Exponents:
    """What `Criticality` documents, without the verdict on it."""

    tau: PowerLaw
    alpha: PowerLaw
    crackling: Estimate
    mean_size: Estimate
    shape: Estimate
    branching: Estimate
    sigma: Estimate
    duration: Floats
    size_at: Floats
    shape_duration: Floats
    shapes: Floats
    n: int
    seed: int
    message: str = ""
    surrogates: Surrogates = NO_SURROGATES
    largest: int = 0
