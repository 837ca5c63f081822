"""The last steps of a sequence as they are: what every reservoir is to be compared with."""

from __future__ import annotations

from typing import Any

import numpy as np

from memnet.base import check
from memnet.base.arrays import Floats
from memnet.learn._transformers._sequences import Advance, SequenceTransformer


class DelayLine(SequenceTransformer):
    """The present step of a sequence and those before it, side by side: a linear shift register.

    With one tap it is the input itself. Steps before the first are 0.

    Parameters
    ----------
    taps : int
        Steps that are seen, the present one among them.
    sequences, channels, keep, washout
        As of `Reservoir`.

    Attributes
    ----------
    n_features_in_ : int
    feature_names_in_ : ndarray of str
        Where features have names.

    Raises
    ------
    TypeError, ValueError
        By `fit`: a parameter outside its range, or numbers as scikit-learn refuses them.
    ImportError
        Without scikit-learn: ``pip install "memnet-sim[learn]"``.

    Examples
    --------
    >>> import memnet as mn
    >>> mn.learn.DelayLine(taps=3).fit_transform([[1.0], [2.0], [3.0], [4.0]])
    array([[1., 0., 0.],
           [2., 1., 0.],
           [3., 2., 1.],
           [4., 3., 2.]])
    """

    random_state = None

    def __init__(
        self, taps: int = 10, *, sequences: str = "rows", channels: int = 1, keep: str = "all", washout: int = 0
    ) -> None:
        self.taps = taps
        self.sequences = sequences
        self.channels = channels
        self.keep = keep
        self.washout = washout

    def _prepare(self, channels: int, random: Any) -> int:  # noqa: ARG002
        return check.integer("taps", self.taps, 1, 2**20) * channels

    def _begin(self) -> Advance:
        before = np.zeros((self.taps - 1, self._channels))

        def advance(sequence: Floats) -> Floats:
            nonlocal before
            known = np.concatenate([before, sequence])
            before = known[len(sequence) :]
            ends = range(self.taps - 1, -1, -1)
            return np.concatenate([known[k : k + len(sequence)] for k in ends], axis=1)

        return advance
