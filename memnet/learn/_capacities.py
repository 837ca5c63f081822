"""How much of its past input a system holds: the capacity for memory, and for functions of the input."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from memnet.base import check, text
from memnet.base.arrays import Floats
from memnet.base.read_only import ReadOnlyArrays, read_only

__all__ = ["Capacities", "information_processing_capacity", "memory_capacity"]

# Targets that are projected at a time, and that are looked at in all.
BLOCK = 512
MOST_TARGETS = 2_000_000


@dataclass(frozen=True, eq=False, repr=False)
class Capacities(ReadOnlyArrays, text.Summary):
    """Capacities of a system for functions of its past input, each from 0 to 1.

    Attributes
    ----------
    capacity : ndarray, (n_targets,)
        Of each target; what chance alone may give, below `threshold`, is 0.
    targets : tuple of tuple of (int, int)
        What each target is: pairs of a delay and the degree of the Legendre polynomial of the input at that delay,
        whose product it is.
    threshold : float
        Capacity that a target which the states know nothing of exceeds with the probability `chance`.
    rank : int
        Linearly independent states: what capacities of all targets there are would sum to.

    Examples
    --------
    >>> import numpy as np
    >>> import memnet as mn
    >>> u = np.random.default_rng(0).uniform(-1.0, 1.0, 1000)
    >>> states = mn.learn.DelayLine(taps=4).fit_transform(u[:, np.newaxis])
    >>> found = mn.learn.memory_capacity(states, u, max_delay=20, washout=20)
    >>> found
    <Capacities: 4 of 4 states; degree 1: 4; threshold 0.0238>
    >>> round(found.total, 6), found.by_degree.round(6).tolist(), found.by_delay[:6].round(6).tolist()
    (4.0, [0.0, 4.0], [1.0, 1.0, 1.0, 1.0, 0.0, 0.0])
    """

    capacity: Floats
    targets: tuple[tuple[tuple[int, int], ...], ...]
    threshold: float
    rank: int

    @property
    def total(self) -> float:
        """Sum of all capacities; the memory capacity where all targets are delays."""
        return float(self.capacity.sum())

    @property
    def by_degree(self) -> Floats:
        """Sums of the capacities for targets of degree 0, 1, 2, ... (n_degrees,)."""
        degrees = [sum(degree for _, degree in target) for target in self.targets]
        return np.asarray(np.bincount(degrees, weights=self.capacity), dtype=np.float64)

    @property
    def by_delay(self) -> Floats:
        """Sums of the capacities for targets whose longest delay is 0, 1, 2, ... (n_delays,)."""
        delays = [max(delay for delay, _ in target) for target in self.targets]
        return np.asarray(np.bincount(delays, weights=self.capacity), dtype=np.float64)

    def _summary(self) -> Mapping[str, str]:
        sums = [(k, value) for k, value in enumerate(self.by_degree) if value > 0.0]
        return {
            "": f"{self.total:.4g} of {self.rank} states",
            **{f"degree {k}:": f"{value:.4g}" for k, value in sums},
            "threshold": f"{self.threshold:.4g}",
        }


@check.known_keywords
def memory_capacity(
    states: ArrayLike,
    u: ArrayLike,
    *,
    max_delay: int,
    washout: int = 0,
    chance: float = 1e-4,
    tolerance: float = 1e-10,
) -> Capacities:
    """Return how well linear readouts of states give the input of earlier steps.

    Of each delay k from 0 to `max_delay` it is the squared correlation of u(t-k) and its best linear readout [1]_, on
    the same steps: 1 minus the mean squared error over the variance. A target that the states know nothing of has, by
    chance, about n_states / n_steps; what does not exceed `threshold` counts as 0, as in [2]_.

    Parameters
    ----------
    states : array_like, (n_steps, n_states)
        What is read; a constant is added.
    u : array_like, (n_steps,) or (n_steps, 1)
        The input, independent from step to step.
    max_delay : int
        The longest delay; 0 is the present input, which papers with the sum from 1 leave out.
    washout : int
        Steps at the start that are left out, at least `max_delay` of them: before there is no earlier input.
    chance : float
        Probability that a target unknown to the states counts nevertheless, in (0, 1): from the distribution of the
        squared multiple correlation of independent normal numbers, a beta distribution, of which [2]_ takes the limit
        of many steps.
    tolerance : float
        Directions of the states, each scaled to standard deviation 1, with less than this share of the largest
        singular value are rounding, not states, in [0, 1). With the noise of an instrument take its share of a signal.

    Returns
    -------
    Capacities

    Raises
    ------
    TypeError, ValueError
        An argument outside its range; states and inputs of different lengths; not more steps than states.

    References
    ----------
    .. [1] H. Jaeger, GMD Report 152, 2002.
    .. [2] J. Dambre et al., Sci. Rep. 2012, 2, 514, doi 10.1038/srep00514.

    Examples
    --------
    >>> import numpy as np
    >>> import memnet as mn
    >>> u = np.random.default_rng(0).uniform(-1.0, 1.0, 1000)
    >>> states = mn.learn.DelayLine(taps=4).fit_transform(u[:, np.newaxis])
    >>> found = mn.learn.memory_capacity(states, u, max_delay=20, washout=20)
    >>> found.by_delay[:6].round(6).tolist(), round(found.total, 6)
    ([1.0, 1.0, 1.0, 1.0, 0.0, 0.0], 4.0)
    """
    max_delay = check.integer("max_delay", max_delay, 0, MOST_TARGETS - 1)
    targets = [((delay, 1),) for delay in range(max_delay + 1)]
    return _capacities(states, u, targets, washout, chance, tolerance, None)


@check.known_keywords
def information_processing_capacity(
    states: ArrayLike,
    u: ArrayLike,
    *,
    max_delays: Sequence[int],
    low: float = -1.0,
    high: float = 1.0,
    washout: int = 0,
    chance: float = 1e-4,
    tolerance: float = 1e-10,
) -> Capacities:
    """Return how well linear readouts of states give products of Legendre polynomials of earlier inputs.

    For an input that is uniform and independent from step to step these products are orthogonal functions of its past,
    and the capacities for all of them sum to the number of linearly independent states, if the system forgets [1]_.
    Those that exceed the threshold are too large by about n_states / n_steps each, which adds up where there are many:
    a sum above the rank asks for more steps.

    Parameters
    ----------
    states : array_like, (n_steps, n_states)
        What is read; a constant is added.
    u : array_like, (n_steps,) or (n_steps, 1)
        The input, uniform in [low, high] and independent from step to step.
    max_delays : sequence of int
        The longest delay of the products of degree 1, 2, 3 and so on: ``[50, 20, 10]`` looks at 568 products.
    low, high : float
        Range of the input.
    washout : int
        Steps at the start that are left out, at least the largest of `max_delays`.
    chance, tolerance
        As of `memory_capacity`.

    Returns
    -------
    Capacities

    Raises
    ------
    TypeError, ValueError
        As `memory_capacity`; more than two million products; an input outside its range.

    References
    ----------
    .. [1] J. Dambre et al., Sci. Rep. 2012, 2, 514, doi 10.1038/srep00514.

    Examples
    --------
    >>> import numpy as np
    >>> import memnet as mn
    >>> u = np.random.default_rng(0).uniform(-1.0, 1.0, 2000)
    >>> states = np.stack([u, np.roll(u, 1) * np.roll(u, 2), u**2], axis=1)
    >>> mn.learn.information_processing_capacity(states, u, max_delays=[5, 5, 5], washout=5)
    <Capacities: 3 of 3 states; degree 1: 1; degree 2: 2; threshold 0.01054>
    """
    given = check.given_array("max_delays", max_delays)
    longest = check.ids("max_delays", given, (None,), 2**20, "delays").tolist()
    if not longest:
        raise ValueError("max_delays must have a delay for degree 1 or more, got none")
    low, high = check.real("low", low), check.real("high", high)
    if not low < high:
        raise ValueError(f"high must be above low, {low:g}, got {high:g}")
    count = sum(math.comb(delay + degree, degree) for degree, delay in enumerate(longest, 1))
    if count > MOST_TARGETS:
        raise ValueError(f"max_delays must be of at most {MOST_TARGETS:,} products, got {longest} of {count:,}")
    targets = [one for degree, delay in enumerate(longest, 1) for one in _products(degree, delay)]
    return _capacities(states, u, targets, washout, chance, tolerance, (low, high))


def _products(degree: int, max_delay: int) -> Iterator[tuple[tuple[int, int], ...]]:
    """Give all products of polynomials at delays up to one whose degrees sum to a number."""
    for delays in itertools.combinations_with_replacement(range(max_delay + 1), degree):
        yield tuple((delay, len(list(same))) for delay, same in itertools.groupby(delays))


def _capacities(
    states: Any, u: Any, targets: list[Any], washout: Any, chance: Any, tolerance: Any, ends: Any
) -> Capacities:
    """Return the capacities of states for targets; without `ends` of an input, targets are the input itself."""
    from scipy.stats import beta

    given = check.array("states", states, (None, None))
    inputs = check.given_array("u", u)
    inputs = check.array("u", inputs[:, 0] if inputs.ndim == 2 and inputs.shape[1] == 1 else inputs, (len(given),))
    longest = max(delay for target in targets for delay, _ in target)
    washout = check.integer("washout", washout, 0, 2**31)
    if washout < longest:
        raise ValueError(f"washout must be the longest delay, {longest}, or more, got {washout}")
    chance = check.real("chance", chance, 0.0, 1.0)
    tolerance = check.real("tolerance", tolerance, 0.0, 1.0, "[)")
    basis = _basis(given[washout:], tolerance)
    n_steps, rank = basis.shape
    threshold = float(beta.isf(chance, rank / 2.0, (n_steps - 1 - rank) / 2.0)) if rank else 1.0
    degrees = max(degree for target in targets for _, degree in target)
    polynomials = inputs[np.newaxis] if ends is None else _legendre(inputs, degrees, *ends)
    capacity = np.empty(len(targets))
    for start in range(0, len(targets), BLOCK):
        wanted = np.stack([_target(one, polynomials, washout) for one in targets[start : start + BLOCK]], axis=1)
        wanted -= wanted.mean(axis=0)
        power = (wanted**2).sum(axis=0)
        known = ((basis.T @ wanted) ** 2).sum(axis=0)
        capacity[start : start + BLOCK] = np.divide(known, power, out=np.zeros_like(known), where=power > 0.0)
    capacity[capacity <= threshold] = 0.0
    return Capacities(read_only(np.minimum(capacity, 1.0)), tuple(targets), threshold, rank)


def _basis(states: Floats, tolerance: float) -> Floats:
    """Return orthonormal combinations of states without their means (n_steps, rank)."""
    least = states.shape[1] + 2
    if len(states) < least:
        raise ValueError(f"states must have {least} steps or more behind the washout, got {len(states)}")
    centred = states - states.mean(axis=0)
    spread = np.sqrt((centred**2).mean(axis=0))
    # What is left of a constant is rounding.
    moving = spread > 1e-14 * np.abs(states).max(axis=0, initial=0.0)
    if not moving.any():
        return np.zeros((len(states), 0))
    left, values, _ = np.linalg.svd(centred[:, moving] / spread[moving], full_matrices=False)
    return np.asarray(left[:, values > max(tolerance, 1e-15) * values[0]])


def _legendre(u: Floats, degree: int, low: float, high: float) -> Floats:
    """Return the polynomials of degree 1 and more of the input, scaled to [-1, 1] (degree, n_steps)."""
    from scipy.special import eval_legendre

    x = 2.0 * (u - low) / (high - low) - 1.0
    if np.abs(x).max(initial=0.0) > 1.0 + 1e-9:
        raise ValueError(f"u must be in [{low:g}, {high:g}], got {u[np.abs(x).argmax()]:g}")
    return np.stack([eval_legendre(k, x) for k in range(1, degree + 1)])


def _target(target: Any, polynomials: Floats, washout: int) -> Floats:
    """Return a product of polynomials of earlier inputs at the steps behind the washout."""
    n = polynomials.shape[1]
    return np.asarray(
        np.prod([polynomials[degree - 1, washout - delay : n - delay] for delay, degree in target], axis=0)
    )
