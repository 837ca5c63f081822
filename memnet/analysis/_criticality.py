"""Exponents of avalanches and the relations between them that hold at a critical point."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memnet.analysis import _grid as grid, _verdict as verdict
from memnet.analysis._avalanches import Avalanches, avalanches_of
from memnet.analysis._exponents import NO_SURROGATES, Estimate, Exponents, Surrogates
from memnet.analysis._line import ENOUGH, log_slope, not_enough
from memnet.analysis._power_law import PowerLaw, fit_power_law
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.base.text import Summary, estimate

__all__ = ["Criticality", "criticality"]


# Shapes of shorter avalanches are nothing but their ends.
SHORTEST = 5
# Where shapes are compared: within the middles of the first and last bin of the shortest ones.
GRID = np.linspace(0.1, 0.9, 33)
GAMMA = np.arange(0.0, 2.005, 0.01)


@dataclass(frozen=True, repr=False)
class Criticality(Exponents, Summary):
    """What avalanches say about criticality.

    Attributes
    ----------
    tau, alpha : PowerLaw
        Fits of size and duration, p(S) ~ S**-tau and p(T) ~ T**-alpha.
    crackling : Estimate
        (alpha - 1)/(tau - 1), error in quadrature.
    mean_size : Estimate
        Exponent of the mean size at a duration, <S>(T) ~ T**mean_size.
    shape : Estimate
        1 + gamma of the collapse of mean shapes, s(t, T) = T**gamma f(t/T).
    branching, sigma : Estimate
        `Avalanches.branching` and `Avalanches.sigma`.
    duration, size_at : ndarray, shape (n,)
        Durations that occur, in bins, and the mean size at each.
    shape_duration : ndarray, shape (m,)
        Durations whose mean shapes were collapsed.
    shapes : ndarray, shape (m, 33)
        Those mean shapes at t/T from 0.1 to 0.9, in events per bin.
    n : int
        Number of avalanches.
    seed : int
        Seed of all resamples.
    message : str
        Empty, or "not enough data: ...".
    surrogates : Surrogates
        What the same intervals give in random order.
    largest : int
        Size of the largest avalanche; 0 without any.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> steps = np.flatnonzero(np.random.default_rng(1).random(5000) < 0.3)
    >>> mn.analysis.criticality(mn.analysis.avalanches(steps), seed=2, n_bootstrap=2, n_p=0).verdict
    'not critical'
    >>> found = mn.analysis.criticality(mn.analysis.avalanches(steps), seed=2, n_bootstrap=2, n_p=0)
    >>> found.summary().splitlines()[0]
    'avalanches   366'
    """

    def _summary(self) -> dict[str, str]:
        if self.message:
            return {"": self.message, "verdict": self.verdict}
        exponents = {name: estimate(fit.exponent, fit.error) for name, fit in self._fits()}
        return {"avalanches": f"{self.n:,}", **exponents, "verdict": self.verdict}

    def _details(self) -> dict[str, str]:
        return {**dict(self._numbers()), "verdict": self.verdict}

    def _fits(self) -> tuple[tuple[str, PowerLaw], ...]:
        return ("tau", self.tau), ("alpha", self.alpha)

    @property
    def verdict(self) -> str:
        """What the numbers say: "consistent with criticality", "not critical" or "cannot tell"; see `summary`."""
        return verdict.judge(self).word

    def summary(self) -> str:
        """Return the numbers, those of the surrogates, and a verdict with its reasons, as text.

        The criteria are those of docs/analysis.md. A verdict rests on all of them; where one cannot be tested the
        verdict is "cannot tell", unless another one fails.
        """
        judged = verdict.judge(self)
        lines = [f"{name:12s} {value}" for name, value in self._numbers()]
        return "\n".join([*lines, f"{'verdict':12s} {judged.word}", *(f"  {line}" for line in judged.lines)])

    def _numbers(self) -> list[tuple[str, str]]:
        rows = [("avalanches", f"{self.n:,} {f'({self.message})' if self.message else ''}".strip())]
        for name, fit in self._fits():
            value = estimate(fit.exponent, fit.error)
            p = "" if math.isnan(fit.p_value) else f", p {fit.p_value:.2g}"
            span = "" if fit.message else f", {fit.n:,} values in {fit.xmin:g} to {fit.xmax:g}{p}"
            rows.append((name, fit.message or value + span))
        parts = ("crackling", "mean_size", "shape", "branching", "sigma")
        rows += [(name, str(getattr(self, name))) for name in parts]
        shuffled = self.surrogates
        described = (
            "none"
            if not shuffled.n
            else (
                f"{shuffled.n} of shuffled intervals: branching {shuffled.branching}, largest size {shuffled.largest};"
                f" sizes differ from them with p {shuffled.p:.2g}"
            )
        )
        return [*rows, ("surrogates", described)]


def criticality(
    avalanches: Avalanches,
    *,
    size_min: float | None = None,
    size_max: float | None = None,
    duration_min: float | None = None,
    duration_max: float | None = None,
    n_bootstrap: int = 100,
    n_p: int = 100,
    n_shape: int = 20,
    n_surrogates: int = 19,
    seed: int | None = None,
) -> Criticality:
    """Return the exponents of avalanches and the relations between them.

    At a critical point sizes and durations are power laws, and three routes lead to one number: the crackling relation
    (alpha - 1)/(tau - 1), the growth of the mean size with duration, and the collapse of mean shapes. Power laws alone
    also come from uncorrelated events, so the avalanches of the same intervals in random order stand beside them.
    `Criticality.summary` weighs all of it.

    Parameters
    ----------
    avalanches : Avalanches
        From `avalanches`.
    size_min, size_max, duration_min, duration_max : float, optional
        Ranges of the fits, as xmin and xmax of `fit_power_law`. Sizes are cut off by the number of gaps or by the
        length of the run; give size_max and duration_max below that cut-off.
    n_bootstrap, n_p : int
        As in `fit_power_law`; n_bootstrap is also the number of resamples for the error of `mean_size`.
    n_shape : int
        Resamples for the error of the shape collapse.
    n_surrogates : int
        Trains of the same intervals in random order; the smallest p they can give is 1/(n_surrogates + 1).
    seed : int, optional
        Seed of all resamples, drawn and reported where it is not given.

    Returns
    -------
    Criticality
        Each part has a message where its data do not suffice: fewer than 50 avalanches in a range, fewer than 3
        durations of 5 bins or more that occur 50 times, a collapse that is best at the end of the range of gamma.

    Raises
    ------
    TypeError
        Something else than what `avalanches` returned.
    ValueError
        As `fit_power_law`.

    Notes
    -----
    Sethna, Dahmen and Myers, Nature 410, 242 (2001); the protocol for nanowire networks is that of Hochstetter et al.,
    Nat. Commun. 12, 4008 (2021). Differences: xmin is the one nearest to the data instead of the first range whose p is
    0.5, which makes p an outcome instead of a stopping rule; the error of the crackling relation is
    sqrt((d_alpha/(alpha - 1))**2 + (d_tau/(tau - 1))**2) times its value.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> steps = np.flatnonzero(np.random.default_rng(1).random(20_000) < 0.3)
    >>> found = mn.analysis.criticality(mn.analysis.avalanches(steps), seed=2, n_bootstrap=10, n_p=10)
    >>> found.branching.value < 1
    True
    """
    check.instance("avalanches", avalanches, Avalanches, "what analysis.avalanches returns")
    ends = {"size_min": size_min, "size_max": size_max, "duration_min": duration_min, "duration_max": duration_max}
    for name, value in ends.items():
        if value is not None:
            check.real(name, value, 0.0)
    shapes = check.integer("n_shape", n_shape, 0)
    number = check.integer("n_surrogates", n_surrogates, 0)
    drawn = check.seed("seed", seed)
    seeds = [int(s) for s in np.random.SeedSequence(drawn).generate_state(5, np.uint64)]
    fit = functools.partial(fit_power_law, discrete=True, n_bootstrap=n_bootstrap, n_p=n_p)
    tau = fit(avalanches.size, xmin=size_min, xmax=size_max, seed=seeds[0])
    alpha = fit(avalanches.duration, xmin=duration_min, xmax=duration_max, seed=seeds[1])
    duration, size_at = _mean_sizes(avalanches.size, avalanches.duration)
    chosen, mean_shapes, shape = _collapse(avalanches, alpha.xmax, shapes, np.random.default_rng(seeds[3]))
    return Criticality(
        tau=tau,
        alpha=alpha,
        crackling=_crackling(tau, alpha),
        mean_size=_mean_size(avalanches, alpha, n_bootstrap, np.random.default_rng(seeds[2])),
        shape=shape,
        branching=Estimate(*avalanches.branching(), message=not_enough(len(avalanches), "avalanches")),
        sigma=Estimate(*avalanches.sigma(), message=not_enough(len(avalanches), "avalanches")),
        duration=duration,
        size_at=size_at,
        shape_duration=chosen,
        shapes=mean_shapes,
        n=len(avalanches),
        seed=drawn,
        message=avalanches.message or not_enough(len(avalanches), "avalanches"),
        surrogates=_surrogates(avalanches, number, np.random.default_rng(seeds[4])),
        largest=int(avalanches.size.max()) if len(avalanches) else 0,
    )


def _surrogates(avalanches: Avalanches, number: int, rng: np.random.Generator) -> Surrogates:
    """Return what the same intervals in random order give, in the same bins."""
    if not number or len(avalanches) < ENOUGH or not avalanches.trains:
        return NO_SURROGATES
    shuffled = [
        avalanches_of([_shuffled(train, rng) for train in avalanches.trains], avalanches.bin) for _ in range(number)
    ]
    sizes = [avalanches.size, *(one.size for one in shuffled)]
    far = [_distance(one, np.concatenate(sizes[:k] + sizes[k + 1 :])) for k, one in enumerate(sizes)]
    branching = np.array([one.branching()[0] for one in shuffled])
    largest = np.array([float(one.size.max()) for one in shuffled])
    return Surrogates(
        n=number,
        branching=_spread(branching),
        largest=_spread(largest),
        distance=far[0],
        p=sum(one >= far[0] for one in far) / len(far),
    )


def _spread(values: Floats) -> Estimate:
    return Estimate(float(values.mean()), float(values.std(ddof=1)) if values.size > 1 else math.nan)


def _distance(some: NDArray[np.int64], others: NDArray[np.int64]) -> float:
    """Return the Kolmogorov-Smirnov distance of two samples."""
    at = np.unique(np.concatenate((some, others)))
    first, second = (np.searchsorted(np.sort(one), at, side="right") / one.size for one in (some, others))
    return float(np.abs(first - second).max())


def _shuffled(times: NDArray[Any], rng: np.random.Generator) -> NDArray[Any]:
    """Return a train with the same intervals between its times, and the same numbers of events at one, in new orders.

    Times on a grid stay on it.
    """
    gaps = np.diff(times) if times.dtype.kind == "i" else grid.differences(times)
    apart = gaps > 0
    number = np.diff(np.concatenate(([0], np.flatnonzero(apart) + 1, [times.size])))
    moments = np.concatenate((times[:1], times[0] + np.cumsum(rng.permutation(gaps[apart]))))
    return np.repeat(moments, rng.permutation(number))


def _crackling(tau: PowerLaw, alpha: PowerLaw) -> Estimate:
    """Return (alpha - 1)/(tau - 1) with its error in quadrature."""
    message = tau.message or alpha.message
    if not message and (tau.exponent <= 1 or alpha.exponent <= 1):
        message = f"exponents must be above 1, got tau = {tau.exponent:.3g} and alpha = {alpha.exponent:.3g}"
    if message:
        return Estimate(math.nan, math.nan, message)
    value = (alpha.exponent - 1) / (tau.exponent - 1)
    return Estimate(value, value * math.hypot(alpha.error / (alpha.exponent - 1), tau.error / (tau.exponent - 1)))


def _mean_sizes(size: NDArray[np.int64], duration: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Return the durations that occur and the mean size at each."""
    number = np.bincount(duration)
    there = np.flatnonzero(number)
    return there.astype(np.float64), np.bincount(duration, weights=size)[there] / number[there]


def _mean_size(avalanches: Avalanches, alpha: PowerLaw, n_bootstrap: int, rng: np.random.Generator) -> Estimate:
    """Return the slope of log <S> against log T in the range of the fit of T, with its bootstrap error."""
    if alpha.message:
        return Estimate(math.nan, math.nan, alpha.message)

    def slope(size: NDArray[np.int64], duration: NDArray[np.int64]) -> float:
        return log_slope(*_mean_sizes(size, duration), low=alpha.xmin, high=alpha.xmax).slope

    value = slope(avalanches.size, avalanches.duration)
    if math.isnan(value):
        return Estimate(math.nan, math.nan, "not enough data: fewer than 3 durations in the range")
    again = []
    for _ in range(n_bootstrap):
        pick = rng.integers(len(avalanches), size=len(avalanches))
        again.append(slope(avalanches.size[pick], avalanches.duration[pick]))
    known = np.array(again)[~np.isnan(again)] if again else np.empty(0)
    return Estimate(value, float(known.std(ddof=1)) if known.size > 1 else math.nan)


def _collapse(
    avalanches: Avalanches, longest: float, n_bootstrap: int, rng: np.random.Generator
) -> tuple[Floats, Floats, Estimate]:
    """Return durations, mean shapes and 1 + gamma of the best collapse."""
    number = np.bincount(avalanches.duration, minlength=1)
    often = np.flatnonzero(number >= ENOUGH)
    often = often[(often >= SHORTEST) & (often <= longest)]
    if often.size < 3:
        text = f"not enough data: {often.size} durations of {SHORTEST} bins or more that occur {ENOUGH} times"
        return np.empty(0), np.empty((0, GRID.size)), Estimate(math.nan, math.nan, text)
    first = avalanches.first
    profiles = [
        avalanches.profile[first[avalanches.duration == t][:, None] + np.arange(t)].astype(np.float64) for t in often
    ]
    durations = often.astype(np.float64)
    mean = _shapes([p.mean(axis=0) for p in profiles])
    gamma = _best_gamma(durations, mean)
    if gamma in (GAMMA[0], GAMMA[-1]):
        message = f"no collapse: the best gamma is {gamma:g}, at the end of its range"
        return durations, mean, Estimate(math.nan, math.nan, message)
    again = [
        _best_gamma(
            durations, _shapes([rng.multinomial(len(p), np.full(len(p), 1 / len(p))) @ p / len(p) for p in profiles])
        )
        for _ in range(n_bootstrap)
    ]
    return durations, mean, Estimate(1 + gamma, float(np.std(again, ddof=1)) if len(again) > 1 else math.nan)


def _shapes(profiles: list[Floats]) -> Floats:
    """Return profiles on the common grid of t/T, each bin at its middle."""
    return np.array([np.interp(GRID, (np.arange(p.size) + 0.5) / p.size, p) for p in profiles])


def _best_gamma(duration: Floats, shapes: Floats) -> float:
    """Return the gamma for which shapes * T**-gamma differ least, relative to the range of their mean."""
    scaled = shapes * duration[:, None] ** -GAMMA[:, None, None]
    mean = scaled.mean(axis=1)
    cost = scaled.var(axis=1).mean(axis=1) / np.maximum(np.ptp(mean, axis=1) ** 2, 1e-300)
    return float(GAMMA[int(np.argmin(cost))])
