"""Power laws in data: exact maximum likelihood, bootstrap errors, goodness of fit, and comparison with alternatives."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from memnet.analysis._alternatives import ALTERNATIVES, LIMITS, NESTED
from memnet.analysis._line import ENOUGH, not_enough
from memnet.analysis._power_sums import log_norm, relative_sum
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.base.text import Summary, ends, estimate, quantity

__all__ = ["Comparison", "PowerLaw", "fit_power_law"]


# Exponents that are looked for, by default and at most; without xmax the sum converges above 1 only.
LOWEST, HIGHEST, STEEPEST = -5.0, 10.0, 500.0
# Discrete values are drawn from a table of so many probabilities, larger ones by bisection.
TABLE = 4096
# Norms of laws steeper than this hardly bend, so that their derivatives need longer steps.
STEEP = 15.0
# Of more distinct values than this, the largest distance is first bracketed on every 16th.
COARSE, STRIDE = 4096, 16


@dataclass(frozen=True, repr=False)
class Comparison(Summary):
    """A power law against another distribution on the same range, by their likelihoods.

    Attributes
    ----------
    alternative : str
        "exponential", "lognormal", "stretched_exponential" or "truncated_power_law".
    ratio : float
        Log-likelihood of the power law minus that of the alternative; negative when the alternative is better.
    p : float
        Probability of a ratio as far from 0 by chance; the sign of `ratio` means something where p is small.
    parameters : dict
        Maximum-likelihood parameters of the alternative.
    message : str
        Empty, or why there are no numbers.
    x, density : ndarray, shape (k,)
        The different values in the range, and the density of the alternative there, scaled to the share of all values
        in the range, as `PowerLaw.density` is.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> values = np.random.default_rng(1).geometric(0.3, 500)
    >>> found = mn.analysis.fit_power_law(values, discrete=True, xmin=1, n_bootstrap=0, n_p=0).compare("exponential")
    >>> found.ratio < 0, found.p < 1e-6
    (True, True)
    """

    alternative: str
    ratio: float
    p: float
    parameters: dict[str, float]
    message: str = ""
    x: Floats = field(default_factory=lambda: np.empty(0), repr=False, compare=False)
    density: Floats = field(default_factory=lambda: np.empty(0), repr=False, compare=False)

    def _summary(self) -> dict[str, str]:
        if self.message:
            return {"alternative": self.alternative, "": self.message}
        numbers = {"ratio": self.ratio, "p": self.p, **self.parameters}
        return {"alternative": self.alternative, **{name: quantity(value) for name, value in numbers.items()}}


@dataclass(frozen=True, repr=False)
class PowerLaw(Summary):
    """A power law p(x) ~ x**-exponent for xmin <= x <= xmax, fitted to data.

    Attributes
    ----------
    exponent, error : float
        Maximum-likelihood exponent and its standard error, by bootstrap (with xmin looked for in every resample where
        it was looked for in the data), or without bootstrap from the curvature of the likelihood.
    xmin, xmax : float
        Range of the fit; xmax is inf where no upper end was given.
    p_value : float
        Share of samples drawn from the fit that lie farther from their own fit than the data do from theirs (Kolmogorov
        and Smirnov's distance). Small: not a power law. Every sample is fitted again; without that, p comes out too
        large (docs/analysis.md). nan where it was not asked for.
    distance : float
        That distance of the data.
    n, n_total : int
        Number of values in the range and of all values.
    discrete : bool
        Whether the values are integers.
    seed : int
        Seed of the resamples.
    message : str
        Empty, or why there are no numbers, such as "not enough data: 31 values".

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> values = np.random.default_rng(1).zipf(2.0, 2000)
    >>> round(mn.analysis.fit_power_law(values, discrete=True, xmin=1, n_bootstrap=0, n_p=0).exponent, 2)
    2.0
    >>> found = mn.analysis.fit_power_law(values, discrete=True, xmin=1, n_bootstrap=0, n_p=0)
    >>> found.density([1, 2, 4]).round(2)
    array([0.61, 0.15, 0.04])
    >>> found.compare("exponential").ratio > 0
    True
    """

    exponent: float
    error: float
    xmin: float
    xmax: float
    p_value: float
    distance: float
    n: int
    n_total: int
    discrete: bool
    seed: int
    message: str = ""
    sample: Sample | None = field(default=None, repr=False, compare=False)

    def _summary(self) -> dict[str, str]:
        if self.message:
            return {"": self.message, "values": str(self.n_total)}
        return {
            "exponent": estimate(self.exponent, self.error),
            "from": ends(self.xmin, self.xmax) if math.isfinite(self.xmax) else quantity(self.xmin),
            "values": f"{self.n} of {self.n_total}",
            "p": quantity(self.p_value),
            "distance": quantity(self.distance),
            "discrete": "yes" if self.discrete else "no",
        }

    def density(self, x: ArrayLike) -> Floats:
        """Return the fitted density at x, scaled to the share of all values in the range; nan outside it."""
        at = check.given_array("x", x)
        at = check.array("x", at, at.shape, finite=False).reshape(at.shape)
        if self.message:
            return np.full(at.shape, np.nan)
        norm = float(log_norm(self.exponent, self.xmin, self.xmax, discrete=self.discrete))
        inside = (at >= self.xmin) & (at <= self.xmax)
        with np.errstate(divide="ignore", invalid="ignore"):
            value = self.n / self.n_total * np.exp(-self.exponent * np.log(at) - norm)
        return np.where(inside, value, np.nan)

    def compare(self, alternative: str) -> Comparison:
        """Compare with an alternative on the same range.

        Both distributions are normalised on [xmin, xmax] and fitted by maximum likelihood; of integers, both are summed
        over the same integers. p is Vuong's: the ratio is a sum over the values, and p the probability of a normal sum
        of its variance to be as far from 0. Log-normal and stretched exponential hold the power law as a limit; a fit
        that runs off to it is the power law, ratio 0 and p 1. The truncated power law x**-s exp(-rate x) holds the
        power law as rate = 0, so its ratio is never positive and p comes from the chi-squared distribution of twice the
        ratio with one degree of freedom, which is on the safe side by a factor 2 because the rate cannot be negative.

        The comparison is about the fitted range only. Where xmin was looked for, that is often a short tail in which
        nothing can be told apart; to ask what the whole distribution is, fit with xmin = 1 (the smallest value) first.

        Parameters
        ----------
        alternative : {"exponential", "lognormal", "stretched_exponential", "truncated_power_law"}

        Returns
        -------
        Comparison
            Numbers are nan where the fit has none.

        Notes
        -----
        Vuong, Econometrica 57, 307 (1989); Clauset, Shalizi and Newman, SIAM Rev. 51, 661 (2009).
        """
        name = check.one_of("alternative", alternative, ALTERNATIVES)
        if self.message or self.sample is None:
            return Comparison(name, math.nan, math.nan, {}, self.message)
        from scipy import special, stats

        part = self.sample.between(self.xmin, self.xmax)
        x, count = part.value, part.count
        norm = float(log_norm(self.exponent, self.xmin, self.xmax, discrete=self.discrete))
        ours = -self.exponent * np.log(x) - norm
        theirs, parameters = ALTERNATIVES[name](
            x, count, self.xmin, self.xmax, discrete=self.discrete, exponent=self.exponent
        )
        density = self.n / self.n_total * np.exp(theirs)
        difference = ours - theirs
        ratio = float(np.dot(count, difference))
        if name in NESTED:
            ratio = min(ratio, 0.0)
            return Comparison(name, ratio, float(stats.chi2.sf(-2 * ratio, 1)), parameters, "", x, density)
        if name in LIMITS and ratio > 0.0:  # what is left of the way to the limit
            return Comparison(name, 0.0, 1.0, parameters, "", x, density)
        variance = float(np.dot(count, (difference - ratio / self.n) ** 2))
        # alternatives that tend to the power law itself leave nothing but rounding
        p = 1.0 if variance < 1e-12 * self.n else float(special.erfc(abs(ratio) / math.sqrt(2 * variance)))
        return Comparison(name, ratio, p, parameters, "", x, density)


@dataclass(frozen=True)
class Sample:
    """Distinct values in increasing order with their numbers, and running sums of those."""

    value: Floats
    count: Floats
    log: Floats
    above: Floats  # number of values from each on, and 0
    log_above: Floats  # sum of their logarithms

    @classmethod
    def of(cls, value: Floats, count: Floats, log: Floats | None = None) -> Sample:
        """Return a sample of distinct increasing values."""
        logs = np.log(value) if log is None else log
        above = np.r_[np.cumsum(count[::-1])[::-1], 0.0]
        return cls(value, count, logs, above, np.r_[np.cumsum((count * logs)[::-1])[::-1], 0.0])

    @property
    def n(self) -> int:
        """Number of values."""
        return int(self.above[0])

    def between(self, xmin: float, xmax: float) -> Sample:
        """Return the values in [xmin, xmax]."""
        part = slice(int(np.searchsorted(self.value, xmin)), int(np.searchsorted(self.value, xmax, "right")))
        return Sample.of(self.value[part], self.count[part], self.log[part])

    def resampled(self, rng: np.random.Generator) -> Sample:
        """Return as many values drawn from these with replacement."""
        count = rng.multinomial(self.n, self.count / self.above[0]).astype(np.float64)
        drawn = count > 0
        return Sample.of(self.value[drawn], count[drawn], self.log[drawn])


def fit_power_law(
    values: ArrayLike,
    *,
    discrete: bool,
    xmin: float | None = None,
    xmax: float | None = None,
    n_bootstrap: int = 100,
    n_p: int = 100,
    seed: int | None = None,
    max_xmin: int = 100,
    max_exponent: float = HIGHEST,
) -> PowerLaw:
    """Fit a power law to values by maximum likelihood.

    The likelihood is exact: integers are normalised by the sum over integers (the Hurwitz zeta function; a finite sum
    with xmax), not by an integral that is put in its place. Without `xmin` it is the value that brings the data closest
    to their fit, in the distance of Kolmogorov and Smirnov.

    Parameters
    ----------
    values : array_like, shape (n,)
        Positive values, in any order.
    discrete : bool
        The values are integers.
    xmin : float, optional
        Smallest value of the range, looked for where it is not given.
    xmax : float, optional
        Largest value of the range; values above it are left out and the law is normalised on [xmin, xmax]. Where a
        network is small or an observation short, the tail ends for a reason that is not in the power law, and fits
        without xmax come out too steep.
    n_bootstrap : int
        Resamples for the error; with 0 it is the asymptotic one, which does not know of the choice of xmin.
    n_p : int
        Samples drawn from the fit for the p value; with 0 there is none.
    seed : int, optional
        Seed of all of these, drawn and reported where it is not given.
    max_xmin : int
        At most so many values are tried as xmin, spaced evenly in the logarithm of the number of values that they
        leave; the smallest value always is. Every one leaves at least 50 values.
    max_exponent : float
        Exponents are looked for below this one, in (1, 500], and above 1, or above -5 where xmax is given. A value that
        is tried as xmin and leaves a steeper tail is passed over, with a warning.

    Returns
    -------
    PowerLaw
        With fewer than 50 values in the range it has no numbers and says so in `message`.

    Raises
    ------
    ValueError
        Values that are not positive or not finite, integers asked for but not given, a range without extent.
    TypeError
        Values or arguments of another type.

    Warns
    -----
    UserWarning
        Values passed over as xmin, or resamples left out, because their exponent is out of reach.

    Notes
    -----
    Clauset, Shalizi and Newman, SIAM Rev. 51, 661 (2009): the choice of xmin and the p value, whose samples are drawn
    from the data below xmin and from the law above it. A p value above 0.1 does not make it a power law: compare with
    alternatives, too, above all the truncated power law.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> values = (1 - np.random.default_rng(1).random(5000)) ** (-1 / 1.5)  # p(x) ~ x**-2.5 from 1 on
    >>> fit = mn.analysis.fit_power_law(values, discrete=False, xmin=1.0, seed=2)
    >>> abs(fit.exponent - 2.5) < 3 * fit.error
    True
    >>> fit.compare("exponential").ratio > 0
    True
    """
    sample = _sample(values, discrete)
    search = _search(xmin, xmax, bool(discrete), max_xmin, max_exponent)
    low, high = search.xmin, search.xmax
    bootstraps = check.integer("n_bootstrap", n_bootstrap, 0)
    draws = check.integer("n_p", n_p, 0)
    drawn = check.seed("seed", seed)

    n_total = sample.n if sample.value.size else 0
    below = sample.between(0.0, high)
    n = below.between(low or 0.0, high).n if below.value.size else 0
    message = not_enough(n, "values")
    best = None if message else _fit(below, search)
    if best is None:
        message = message or _why(below, search)
        nan = math.nan
        return PowerLaw(nan, nan, low or nan, high, nan, nan, n, n_total, search.discrete, drawn, message)
    if best.skipped:
        warnings.warn(
            f"{best.skipped} of {best.tried} values were passed over as xmin: what lies above them has no exponent"
            f" below max_exponent = {search.max_exponent:g}",
            stacklevel=2,
        )

    inside = below.between(best.xmin, high)
    rng = np.random.default_rng(drawn)
    error, p_value = _asymptotic_error(best.exponent, best.xmin, high, search.discrete, inside.n), math.nan
    if bootstraps:
        exponents = [fit.exponent for fit in _refits((below.resampled(rng) for _ in range(bootstraps)), search)]
        error = float(np.std(exponents, ddof=1)) if len(exponents) > 1 else math.nan
    if draws:
        distances = [fit.distance for fit in _refits((_draw(below, best, search, rng) for _ in range(draws)), search)]
        p_value = float(np.mean(np.array(distances) >= best.distance)) if distances else math.nan
    return PowerLaw(
        best.exponent,
        error,
        best.xmin,
        high,
        p_value,
        best.distance,
        inside.n,
        n_total,
        search.discrete,
        drawn,
        sample=sample,
    )


def _search(xmin: float | None, xmax: float | None, discrete: bool, max_xmin: int, max_exponent: float) -> Search:
    """Return where a fit is looked for, checked."""
    low = None if xmin is None else check.real("xmin", xmin, 0.0)
    high = math.inf if xmax is None else check.real("xmax", xmax, 0.0 if low is None else low)
    candidates = check.integer("max_xmin", max_xmin, 1)
    highest = check.real("max_exponent", max_exponent, 1.0, STEEPEST, "(]")
    if discrete:
        low, high = (low if low is None else float(math.ceil(low))), (high if xmax is None else float(math.floor(high)))
    return Search(low, high, discrete, candidates, highest)


def _refits(samples: Iterable[Sample], search: Search) -> list[Fit]:
    """Return the fits of resamples, less those without one, which a warning counts."""
    fits = [_fit(sample, search) for sample in samples]
    usable = [fit for fit in fits if fit is not None]
    if len(usable) < len(fits):
        warnings.warn(
            f"{len(fits) - len(usable)} of {len(fits)} resamples were left out: their exponent is not below"
            f" max_exponent = {search.max_exponent:g}",
            stacklevel=3,
        )
    return usable


def _sample(values: ArrayLike, discrete: bool) -> Sample:
    """Return the values as a sample, checked."""
    check.flag("discrete", discrete)
    numbers = check.array("values", values, (None,))
    if numbers.size and numbers.min() <= 0:
        raise ValueError(f"values must be positive, got {numbers.min():g}")
    value, count = np.unique(numbers, return_counts=True)
    if discrete and (value != np.floor(value)).any():
        bad = value[value != np.floor(value)][0]
        raise ValueError(f"discrete=True needs integers, got {bad:g}; use discrete=False")
    if discrete and value.size and value[-1] > 2**50:
        raise ValueError(f"discrete values must be at most 2**50, got {value[-1]:g}; use discrete=False")
    return Sample.of(value, count.astype(np.float64))


def _why(sample: Sample, search: Search) -> str:
    """Return why a sample of enough values has no fit."""
    distinct = sample.between(search.xmin or 0.0, math.inf).value.size
    if distinct < 2:
        return "not enough data: 1 distinct value"
    lowest = 1.0 if math.isinf(search.xmax) else LOWEST
    return (
        f"no exponent between {lowest:g} and max_exponent = {search.max_exponent:g} fits the {distinct} distinct values"
    )


# ---------------------------------------------------------------- one fit


@dataclass(frozen=True)
class Search:
    """Where a fit is looked for."""

    xmin: float | None
    xmax: float
    discrete: bool
    max_xmin: int
    max_exponent: float


@dataclass(frozen=True)
class Fit:
    """One fit, and how many values were tried and passed over as xmin."""

    exponent: float
    xmin: float
    distance: float
    tried: int
    skipped: int


def _fit(sample: Sample, search: Search) -> Fit | None:
    """Return the best fit, or None where there is none."""
    xmin, xmax, discrete = search.xmin, search.xmax, search.discrete
    first = _candidates(sample, search.max_xmin) if xmin is None else np.array([np.searchsorted(sample.value, xmin)])
    first = first[sample.above[first] > 0] if first.size else first
    if not first.size:
        return None
    begin = sample.value[first] if xmin is None else np.array([float(xmin)])
    mean_log = sample.log_above[first] / sample.above[first]
    exponents = max_likelihood(mean_log, begin, xmax, discrete, search.max_exponent)
    good = np.flatnonzero(np.isfinite(exponents))
    best: tuple[float, float, float] | None = None
    for k in good:
        s, low = float(exponents[k]), float(begin[k])
        distance = _distance(sample, int(first[k]), s, low, xmax, discrete, best[2] if best else math.inf)
        if best is None or distance < best[2]:
            best = s, low, distance
    return None if best is None else Fit(*best, tried=first.size, skipped=first.size - good.size)


def _candidates(sample: Sample, number: int) -> NDArray[np.intp]:
    """Return the indices of the values that are tried as xmin."""
    allowed = np.flatnonzero(sample.above[:-1] >= ENOUGH)
    allowed = allowed[allowed < sample.value.size - 1]
    if allowed.size <= number:
        return allowed
    levels = np.geomspace(sample.above[0], sample.above[allowed[-1]], number)
    return np.unique(np.searchsorted(-sample.above[allowed], -levels * (1 + 1e-12)))


def max_likelihood(mean_log: Floats, xmin: Floats, xmax: float, discrete: bool, highest: float = HIGHEST) -> Floats:
    """Return the exponents for which the expected logarithm is the mean one; nan where none in range is.

    The log-likelihood -n (s <log x> + log Z(s)) is concave in s. Newton's method, kept inside a shrinking bracket.
    """
    if not discrete and math.isinf(xmax):
        with np.errstate(divide="ignore"):
            hill = 1.0 + 1.0 / (mean_log - np.log(xmin))
        return np.where((hill > 1) & (hill <= highest), hill, np.nan)
    low = np.full(mean_log.shape, 1.0 + 1e-4 if math.isinf(xmax) else LOWEST)
    high = np.full(mean_log.shape, highest)
    edges = low.copy(), high.copy()
    s = np.clip(1.0 + 1.0 / np.maximum(mean_log - np.log(np.maximum(xmin - 0.5 * discrete, 0.5 * xmin)), 1e-3), 1.1, 5)
    for _ in range(100):
        h = np.where(s > STEEP, 1e-3, 1e-5)  # the norm of a steep law hardly bends
        below, here, above = log_norm(np.stack([s - h, s, s + h]), xmin, xmax, discrete=discrete)
        slope = (above - below) / (2 * h) + mean_log  # of minus the log-likelihood
        curvature = np.maximum((above - 2 * here + below) / h**2, 1e-12)
        low, high = np.where(slope < 0, s, low), np.where(slope >= 0, s, high)
        newton = s - slope / curvature
        after = np.where((newton > low) & (newton < high), newton, 0.5 * (low + high))
        moved = np.abs(after - s)
        s = after
        if (moved < 1e-6).all():
            break
    return np.where((s - edges[0] > 1e-4) & (edges[1] - s > 1e-4), s, np.nan)


def _asymptotic_error(s: float, xmin: float, xmax: float, discrete: bool, n: int) -> float:
    """Return the standard error from the curvature of the log-likelihood, which is n times the variance of log x."""
    h = 1e-3 * min(1.0, abs(s - 1.0)) if math.isinf(xmax) else 1e-3
    below, here, above = (float(log_norm(s + d, xmin, xmax, discrete=discrete)) for d in (-h, 0.0, h))
    return 1.0 / math.sqrt(n * (above - 2 * here + below) / h**2)


def _distance(sample: Sample, first: int, s: float, xmin: float, xmax: float, discrete: bool, enough: float) -> float:
    """Return the largest distance between the cumulative distributions of the sample from `first` on and of the law.

    A distance that is above `enough` may be returned short.
    """
    count, n = sample.above[first:-1], sample.above[first]
    before = 1.0 - count / n  # share of the sample below each value
    after = 1.0 - sample.above[first + 1 :] / n
    value, log = sample.value[first:], sample.log[first:]
    if value.size <= COARSE:
        return _largest(before, after, *_cumulative(value, log, s, xmin, xmax, discrete))
    # Both distributions grow, so between two values they differ by at most the lower one's end from the other's start.
    place = np.unique(np.r_[np.arange(0, value.size, STRIDE), value.size - 1])
    low, up = _cumulative(value[place], log[place], s, xmin, xmax, discrete)
    largest = _largest(before[place], after[place], low, up)
    if largest > enough:
        return largest
    bound = np.maximum(np.abs(before[place[1:]] - up[:-1]), np.abs(low[1:] - after[place[:-1]]))
    for k in np.flatnonzero(bound > largest):
        part = slice(place[k] + 1, place[k + 1])
        inside = _cumulative(value[part], log[part], s, xmin, xmax, discrete)
        largest = max(largest, _largest(before[part], after[part], *inside)) if part.stop > part.start else largest
    return largest


def _largest(before: Floats, after: Floats, low: Floats, up: Floats) -> float:
    """Return the largest of the distances just below the values and at them."""
    return float(max(np.abs(before - low).max(), np.abs(after - up).max()))


def _cumulative(
    value: Floats, log: Floats, s: float, xmin: float, xmax: float, discrete: bool
) -> tuple[Floats, Floats]:
    """Return the law's probability of less than each value, and of up to each value."""
    if discrete:
        here = np.exp(-s * (log - math.log(xmin))) / float(relative_sum(s, xmin, xmax))  # probability of each value
        tail = here * relative_sum(s, value, xmax)
        return 1.0 - tail, 1.0 - (tail - here)
    u = (1.0 - s) * (log - math.log(xmin))
    if math.isinf(xmax):
        up = -np.expm1(u)
    elif abs(s - 1.0) < 1e-9:
        up = (log - math.log(xmin)) / math.log(xmax / xmin)
    else:
        up = np.expm1(u) / math.expm1((1.0 - s) * math.log(xmax / xmin))
    return up, up


# ---------------------------------------------------------------- samples from the law


def _draw(sample: Sample, fit: Fit, search: Search, rng: np.random.Generator) -> Sample:
    """Return as many values as the sample has: from its own below xmin, from the law above, in the same shares."""
    xmin = fit.xmin
    below = int(np.searchsorted(sample.value, xmin))
    n_law = int(rng.binomial(sample.n, sample.above[below] / sample.above[0]))
    value, count = draw_power_law(n_law, fit.exponent, xmin, search.xmax, search.discrete, rng)
    if below and sample.n > n_law:
        body = rng.multinomial(sample.n - n_law, sample.count[:below] / sample.count[:below].sum())
        drawn = body > 0
        value, count = np.r_[sample.value[:below][drawn], value], np.r_[body[drawn], count]
    return Sample.of(value, count.astype(np.float64))


def draw_power_law(
    n: int, s: float, xmin: float, xmax: float, discrete: bool, rng: np.random.Generator
) -> tuple[Floats, NDArray[np.int64]]:
    """Return n values of a power law as distinct values and their numbers."""
    if not discrete:
        value, count = np.unique(_quantile(rng.random(n), s, xmin, xmax), return_counts=True)
        return value, count.astype(np.int64)
    table = np.arange(xmin, min(xmin + TABLE, xmax + 1))
    whole = float(relative_sum(s, xmin, xmax))
    probability = np.exp(-s * np.log(table / xmin)) / whole
    far_from = xmin + TABLE
    rest = float(relative_sum(s, far_from, xmax) * math.exp(-s * math.log(far_from / xmin)) / whole)
    count = rng.multinomial(n, np.r_[probability, rest] / (probability.sum() + rest))
    far, far_count = np.unique(_far(rng.random(int(count[-1])), s, xmin + TABLE, xmax), return_counts=True)
    drawn = count[:-1] > 0
    return np.r_[table[drawn], far], np.r_[count[:-1][drawn], far_count].astype(np.int64)


def _quantile(u: Floats, s: float, xmin: float, xmax: float) -> Floats:
    """Return where the continuous law's cumulative probability is u."""
    if math.isinf(xmax):
        return np.asarray(xmin * (1.0 - u) ** (-1.0 / (s - 1.0)))
    ratio = math.log(xmax / xmin)
    if abs(s - 1.0) < 1e-9:
        return np.asarray(xmin * np.exp(u * ratio))
    return np.asarray(xmin * np.exp(np.log1p(u * math.expm1((1.0 - s) * ratio)) / (1.0 - s)))


def _far(u: Floats, s: float, first: float, last: float) -> Floats:
    """Return the integers from `first` on whose share of the tail above them falls to u, by bisection."""
    if not u.size:
        return np.empty(0)
    goal = u * float(relative_sum(s, first, last))
    low, high = np.full(u.size, first), np.full(u.size, min(last, 2.0**53) + 1)
    while (high - low > 1).any():
        # geometric at first: the tail spans many decades
        middle = np.floor(np.where(high > 4 * low, np.sqrt(low * high), 0.5 * (low + high)))
        reached = np.exp(-s * np.log(middle / first)) * relative_sum(s, middle, last) >= goal
        low, high = np.where(reached, middle, low), np.where(reached, high, middle)
    return low
