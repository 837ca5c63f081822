"""Waveforms of several kinds, to be told apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memnet.base import check
from memnet.base.arrays import Floats

__all__ = ["waveforms"]

# A period of each kind, by its phase in [0, 1); the root of the mean square is that of a sine of amplitude 1, so no
# kind is told by its power.
KINDS = {
    "sine": lambda phase: np.sin(2.0 * np.pi * phase),
    "square": lambda phase: np.where(phase < 0.5, 1.0, -1.0) / np.sqrt(2.0),
    "triangle": lambda phase: (1.0 - 4.0 * np.abs((phase + 0.25) % 1.0 - 0.5)) * -np.sqrt(1.5),
    "sawtooth": lambda phase: (2.0 * phase - 1.0) * np.sqrt(1.5),
}


@check.known_keywords
def waveforms(
    n: int,
    *,
    length: int = 40,
    kinds: Sequence[str] = ("sine", "square", "triangle", "sawtooth"),
    period: Any = (8.0, 16.0),
    noise: float = 0.1,
    seed: int | None = None,
) -> tuple[Floats, NDArray[np.str_]]:
    """Return waveforms with random kinds, phases and periods, all of one power, and their kinds.

    Parameters
    ----------
    n : int
        Number of waveforms, >= 1; each kind is as frequent as any other, to one.
    length : int
        Steps of each, >= 1.
    kinds : sequence of str
        Out of "sine", "square", "triangle" and "sawtooth"; one or more, each once.
    period : (float, float)
        Range that periods are drawn from, in steps, >= 2.
    noise : float
        Standard deviation of normal noise at each step, >= 0; the waveform itself has 0.71.
    seed : int, optional
        Fixes what is drawn; drawn itself where it is not given.

    Returns
    -------
    X : ndarray, (n, length)
        For `Reservoir` with ``sequences="columns"``.
    y : ndarray of str, (n,)

    Raises
    ------
    TypeError, ValueError
        An argument outside its range, or an unknown kind.

    Examples
    --------
    >>> import memnet as mn
    >>> X, y = mn.learn.waveforms(4, seed=0)
    >>> X.shape, sorted(y.tolist())
    ((4, 40), ['sawtooth', 'sine', 'square', 'triangle'])
    """
    n = check.integer("n", n, 1, 2**31)
    length = check.integer("length", length, 1, 2**31)
    if isinstance(kinds, (str, bytes)) or not isinstance(kinds, Sequence) or not len(kinds):
        raise TypeError(f"kinds must be a sequence of one or more of {', '.join(KINDS)}, got {check.shown(kinds)}")
    words = [check.one_of("kinds", one, KINDS) for one in kinds]
    if len(set(words)) < len(words):
        raise ValueError(f"kinds must have each kind once, got {check.shown(words)}")
    ends = check.array("period", check.numbers_within("period", period, 2.0, 1e9), (2,))
    check.increasing("period", ends, strictly=False)
    noise = check.real("noise", noise, 0.0, 1e6, "[]")
    random = np.random.default_rng(check.seed("seed", seed))
    y = random.permutation(np.array([words[k % len(words)] for k in range(n)]))
    cycles = np.arange(length) / random.uniform(ends[0], ends[1], size=(n, 1)) + random.random((n, 1))
    X = np.stack([KINDS[kind](row % 1.0) for kind, row in zip(y, cycles, strict=True)])
    return X + noise * random.normal(size=X.shape), y
