"""Autocorrelation of event trains, beside that of the same intervals in random order."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from memnet.analysis import _grid as grid
from memnet.analysis._events import Events, as_times, stretches
from memnet.analysis._intervals import bin_centers, log_edges
from memnet.analysis._line import Line, log_slope, not_enough
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.base.text import Summary, ends, quantity

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Autocorrelation", "autocorrelation", "series_autocorrelation"]


# The window of an event train is an array with an entry a step.
MAX_STEPS = 2**28


def series_autocorrelation(values: ArrayLike, max_lag: int | None = None, *, unbiased: bool = False) -> Floats:
    """Return the autocorrelation of a series, by FFT.

    A(k) = sum_{t=0}^{N-k-1} (x_t - m)(x_{t+k} - m) / sum_{t=0}^{N-1} (x_t - m)^2 with the mean m of the whole series.
    The sum in the numerator has N - k terms, so A falls off towards large lags (the usual, biased estimator);
    `unbiased` multiplies it by N/(N - k).

    Parameters
    ----------
    values : array_like, shape (n,)
        The series.
    max_lag : int, optional
        Largest lag, by default n // 10.
    unbiased : bool
        Divide by the number of terms.

    Returns
    -------
    ndarray, shape (max_lag + 1,)
        A(0) = 1 to A(max_lag). All nan for a constant series, which has no correlation.

    Raises
    ------
    ValueError
        Fewer than two values, or values that are not finite; a lag as long as the series.

    Examples
    --------
    >>> import memnet as mn
    >>> mn.analysis.series_autocorrelation([1.0, -1.0, 1.0, -1.0], 2).round(6)
    array([ 1.  , -0.75,  0.5 ])
    """
    check.flag("unbiased", unbiased)
    series = check.array("values", values, (None,))
    if series.size < 2:
        raise ValueError(f"values must hold at least 2 numbers, got {series.size}")
    lag = series.size // 10 if max_lag is None else check.integer("max_lag", max_lag, 0, series.size - 1)
    if series.min() == series.max():
        return np.full(lag + 1, np.nan)
    return _autocorrelation(series - series.mean(), lag, unbiased)


def _autocorrelation(centred: Floats, lag: int, unbiased: bool) -> Floats:
    """Return A(0) to A(lag) of a series without its mean."""
    from scipy import fft

    n = fft.next_fast_len(centred.size + lag, real=True)
    spectrum = fft.rfft(centred, n)
    power = spectrum.real**2 + spectrum.imag**2
    sums = fft.irfft(power, n)[: lag + 1]
    result = sums / np.dot(centred, centred)
    if unbiased:
        result *= centred.size / (centred.size - np.arange(lag + 1))
    return np.asarray(result)


@dataclass(frozen=True, repr=False)
class Autocorrelation(Summary):
    """Autocorrelation of an event train in logarithmic bins of lag, and what shuffled intervals give.

    Attributes
    ----------
    lag : ndarray, shape (n,)
        Geometric middle of each bin of lags, in steps.
    value : ndarray, shape (n,)
        Mean autocorrelation over the lags of each bin.
    surrogate, low, high : ndarray, shape (n,)
        Mean over the surrogates, and their quantiles; nan without surrogates.
    edges : ndarray, shape (n + 1,)
        Bin k holds the lags edges[k] to edges[k + 1] - 1.
    n_events, n_surrogates : int
        Number of distinct event steps, and of surrogates.
    seed : int
        Seed of the surrogates.
    message : str
        Empty, or "not enough data: ..."; then there are no bins.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> found = mn.analysis.autocorrelation(np.arange(0, 2000, 5), max_lag=20, n_surrogates=0, seed=1)
    >>> float(found.lag[3]), found.value[:5].round(2)
    (5.0, array([-0.25, -0.25, -0.25,  1.  , -0.25]))
    >>> found.to_dataset().sizes["lag"] == len(found.lag)
    True
    """

    lag: Floats
    value: Floats
    surrogate: Floats
    low: Floats
    high: Floats
    edges: Floats
    n_events: int
    n_surrogates: int
    seed: int
    message: str = ""

    def _summary(self) -> dict[str, str]:
        if self.message:
            return {"": self.message}
        return {
            "events": f"in {quantity(self.n_events, 'step')}",
            "lags": f"{ends(self.lag[0], self.lag[-1], 'step')} in {quantity(self.lag.size, 'bin')}",
            "surrogates": str(self.n_surrogates or "none"),
            "above them": f"over {self.decades_above():.2g} decades" if self.n_surrogates else "",
        }

    def slope(self, low: float = 1.0, high: float = math.inf) -> Line:
        """Return the least-squares line through log value against log lag, over positive values in [low, high]."""
        return log_slope(self.lag, self.value, low=low, high=high)

    def decades_above(self) -> float:
        """Return over how many decades of lag the autocorrelation stays above the surrogates' upper quantile.

        The longest run of neighbouring bins that are all positive and above `high`, from the centre of its first to
        that of its last one, so a single bin counts as 0. One bin in twenty exceeds the 0.95 quantile by chance.
        nan without surrogates or with too few events.
        """
        if self.message or not self.n_surrogates:
            return math.nan
        above = (self.value > self.high) & (self.value > 0)
        longest = 0.0
        first = -1
        for k, here in enumerate(above):
            first = (first if first >= 0 else k) if here else -1
            if first >= 0:
                longest = max(longest, math.log10(self.lag[k] / self.lag[first]))
        return longest

    def to_dataset(self) -> xr.Dataset:
        """Return the autocorrelation as a dataset over `lag`."""
        import xarray as xr

        variables = {name: (("lag",), getattr(self, name)) for name in ("value", "surrogate", "low", "high")}
        variables |= {"lag_low": (("lag",), self.edges[:-1]), "lag_high": (("lag",), self.edges[1:])}
        attrs = {
            "n_events": self.n_events,
            "n_surrogates": self.n_surrogates,
            "seed": str(self.seed),  # netCDF has no integer that holds every seed
            "message": self.message,
        }
        return xr.Dataset(variables, {"lag": ("lag", self.lag, {"units": "step"})}, attrs)


def autocorrelation(
    events: Any,
    *,
    max_lag: int | None = None,
    n_surrogates: int = 50,
    seed: int | None = None,
    per_decade: float = 10,
    quantiles: tuple[float, float] = (0.05, 0.95),
    unbiased: bool = False,
) -> Autocorrelation:
    """Return the autocorrelation of an event train, log-binned, with that of its shuffled intervals.

    The train is x_t = 1 in steps with an event and 0 in others, from the first event to the last. Its autocorrelation
    (`series_autocorrelation`) is averaged over the lags of each bin. A renewal process, whose intervals know nothing of
    each other, has an autocorrelation too, long ones if its intervals are heavy-tailed. What correlations *between*
    intervals add shows only beside the surrogates: the same intervals in random order.

    Parameters
    ----------
    events : Events, xarray.Dataset or array_like of int, shape (n,)
        Events, the dataset of a run, or the steps of events, never decreasing. Several in one step count once.
    max_lag : int, optional
        Largest lag in steps, by default a tenth of the train.
    n_surrogates : int
        Number of surrogates; with 0 there are none.
    seed : int, optional
        Seed of the shuffles, drawn and reported where it is not given.
    per_decade : float
        Bins per decade of lag; their edges are integers, each only once.
    quantiles : (float, float)
        Quantiles of the surrogates reported as `low` and `high`.
    unbiased : bool
        As in `series_autocorrelation`.

    Returns
    -------
    Autocorrelation
        Without bins and with a `message` where there are fewer than 50 events or all steps have one.

    Raises
    ------
    ValueError
        Steps that decrease or are not integers (up to rounding); events with gaps, or of a trace that is not evenly
        sampled; a train of more than 2**28 steps; quantiles out of order.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> steps = np.flatnonzero(np.random.default_rng(1).random(50_000) < 0.1)
    >>> found = mn.analysis.autocorrelation(steps, max_lag=1000, n_surrogates=20, seed=2)
    >>> found.decades_above() < 0.5
    True
    """
    steps = _whole_steps(events)
    number = check.integer("n_surrogates", n_surrogates, 0)
    bins = check.real("per_decade", per_decade, 0.0, 1000.0, "(]")
    below, above = check.numbers_within("quantiles", check.array("quantiles", quantiles, (2,)), 0.0, 1.0).tolist()
    check.flag("unbiased", unbiased)
    if below > above:
        raise ValueError(f"quantiles must be in order, got {quantiles}")
    if max_lag is not None:
        check.integer("max_lag", max_lag, 1)
    drawn = check.seed("seed", seed)

    steps = np.unique(steps)
    length = int(steps[-1] - steps[0]) + 1 if steps.size else 0
    message = not_enough(steps.size, "steps with events")
    if not message and steps.size == length:
        message = "not enough data: all steps have an event"
    if message:
        nothing = np.empty(0)
        return Autocorrelation(nothing, nothing, nothing, nothing, nothing, nothing, steps.size, 0, drawn, message)
    if length > MAX_STEPS:
        raise ValueError(f"the train spans {length} steps, more than {MAX_STEPS}; use a part, or coarser steps")
    lag = max(1, length // 10) if max_lag is None else min(max_lag, length - 1)

    edges = log_edges(1.0, float(lag), bins, whole=True)
    intervals = np.diff(steps)
    value = _binned(intervals, length, lag, edges, unbiased)
    rng = np.random.default_rng(drawn)
    shuffled = np.array([_binned(rng.permutation(intervals), length, lag, edges, unbiased) for _ in range(number)])
    unknown = np.full(value.size, np.nan)
    return Autocorrelation(
        lag=bin_centers(edges, whole=True, log=True),
        value=value,
        surrogate=shuffled.mean(axis=0) if number else unknown,
        low=np.quantile(shuffled, below, axis=0) if number else unknown,
        high=np.quantile(shuffled, above, axis=0) if number else unknown,
        edges=edges,
        n_events=steps.size,
        n_surrogates=number,
        seed=drawn,
    )


def _whole_steps(events: Any) -> NDArray[np.int64]:
    """Return the steps of one train without gaps."""
    parts = stretches(events)
    if len(parts) != 1:
        raise ValueError(f"events must have no gaps, got {len(parts) - 1}; take one of events.parts()")
    if isinstance(parts[0], Events) and not parts[0].even:
        raise ValueError("events must be of evenly spaced samples; resample the trace first")
    if isinstance(parts[0], Events):
        return parts[0].step
    times = as_times("events", parts[0])
    steps = np.rint(times)
    if times.dtype.kind == "f" and (np.abs(times - steps) > grid.slack(times)).any():
        raise ValueError("events must be integer steps; divide times by the time step and round them first")
    return np.asarray(steps, dtype=np.int64)


def _binned(intervals: NDArray[np.int64], length: int, lag: int, edges: Floats, unbiased: bool) -> Floats:
    """Return the mean autocorrelation in each bin of lags of a train with these intervals."""
    train = np.zeros(length)
    train[np.r_[0, np.cumsum(intervals)]] = 1.0
    train -= train.mean()
    raw = _autocorrelation(train, lag, unbiased)
    return np.asarray(np.add.reduceat(raw, edges[:-1].astype(np.intp)) / np.diff(edges))
