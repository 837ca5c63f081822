"""Means and quantiles of waiting times of which some were cut short: the Kaplan-Meier estimate."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from memnet.base.arrays import Floats

# Shares of a step function that are one number.
EQUAL = 1e-12


def quantile_time(known: Floats, at_least: Floats, share: float) -> float:
    """Return the time within which a share has happened; nan where that was not seen.

    Where the estimate is at the share over a stretch of times, it is the middle of that.
    """
    if not _seen(known).any():
        return math.nan
    estimate = _survival(known, at_least)
    times, happened = estimate.quantiles, 1.0 - estimate.probabilities
    first = int(np.searchsorted(happened, share - EQUAL))
    if first == times.size:
        return math.nan
    if happened[first] > share + EQUAL:
        return float(times[first])
    later = np.flatnonzero(happened > share + EQUAL)
    return 0.5 * float(times[first] + times[later[0]]) if later.size else math.nan


def mean_time(known: Floats, at_least: Floats, horizon: float | None) -> float:
    """Return the mean; or up to a horizon, where that was seen, that of the smaller of time and horizon."""
    waits = at_least[_seen(at_least)]
    if not waits.size:
        return math.nan
    if horizon is None:
        return float(known[_seen(at_least)].mean())
    estimate = _survival(known, at_least)
    times, survival = estimate.quantiles, estimate.probabilities
    if horizon > times[-1] and survival[-1] > EQUAL:
        return math.nan
    edges = np.concatenate(([0.0], times[times < horizon], [horizon]))
    left = np.concatenate(([1.0], survival[times < horizon]))
    return float((left * np.diff(edges)).sum())


def _seen(times: Floats) -> Any:
    """Return where there are times."""
    return ~np.isnan(times)


def _survival(known: Floats, at_least: Floats) -> Any:
    """Return the share that waits longer than each time, by SciPy."""
    from scipy import stats

    here = _seen(at_least)
    done = _seen(known) & here
    return stats.ecdf(stats.CensoredData(uncensored=known[done], right=at_least[here & ~done])).sf
