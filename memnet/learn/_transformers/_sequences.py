"""What transformers of sequences have in common: which numbers are one sequence, and what comes before its start."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from memnet.base import check
from memnet.base.arrays import Floats

SEQUENCES = ("rows", "columns")
KEPT: dict[str, Callable[[Floats], Floats]] = {
    "all": np.ravel,
    "last": lambda values: values[-1],
    "mean": lambda values: values.mean(axis=0),
}
Advance = Callable[[Floats], Floats]
Same = TypeVar("Same", bound="SequenceTransformer")


class SequenceTransformer(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """A transformer whose values at a moment come of the sequence up to it; each call begins anew."""

    sequences: str
    channels: int
    keep: str
    washout: int
    random_state: Any
    n_features_in_: int

    def _prepare(self, channels: int, random: Any) -> int:
        """Make what transforms sequences of so many channels, and return how many values it gives a step."""
        raise NotImplementedError

    def _begin(self) -> Advance:
        """Return what takes the next steps (n_steps, channels) of one sequence and returns the values along them."""
        raise NotImplementedError

    def fit(self: Same, X: Any, y: Any = None) -> Same:  # noqa: ARG002
        """Make what the parameters say; nothing is learnt from the numbers of X, only how many there are.

        Parameters
        ----------
        X : array_like, (n_samples, n_features)
            A step of one sequence a row, or a sequence a row, as `sequences` says.
        y : object
            Not looked at.

        Returns
        -------
        SequenceTransformer
            Itself.
        """
        X = validate_data(self, X, dtype=np.float64)
        check.one_of("sequences", self.sequences, SEQUENCES)
        check.one_of("keep", self.keep, KEPT)
        check.integer("washout", self.washout, 0, 2**31)
        channels = check.integer("channels", self.channels, 1, 2**20)
        steps = 1
        if self.sequences == "rows":
            channels = X.shape[1]
        elif X.shape[1] % channels:
            raise ValueError(f"channels must divide the number of features, {X.shape[1]}, got {channels}")
        else:
            steps = X.shape[1] // channels if self.keep == "all" else 1
        self._channels = channels
        self._n_features_out = steps * self._prepare(channels, random_of(self.random_state))
        return self

    def transform(self, X: Any) -> Floats:
        """Return the values along the sequence, or those of each sequence.

        Parameters
        ----------
        X : array_like, (n_samples, n_features)
            As in `fit`.

        Returns
        -------
        ndarray, (n_samples, n_features_out)
        """
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False)
        if self.sequences == "rows":
            return self._along(X, self._begin())
        rows = [row.reshape(-1, self._channels) for row in X]
        return np.stack([KEPT[self.keep](self._along(row, self._begin())) for row in rows])

    def _along(self, sequence: Floats, advance: Advance) -> Floats:
        """Return the values along the beginning of a sequence, after the washout."""
        return advance(self._held(sequence))[self.washout :]

    def _held(self, sequence: Floats) -> Floats:
        """Return a sequence whose first step is held for the washout: of later steps the first must know nothing."""
        return np.pad(sequence, ((self.washout, 0), (0, 0)), mode="edge")


def random_of(state: Any) -> Any:
    """Return the RandomState of a parameter `random_state`, or raise TypeError or ValueError."""
    message = f"random_state must be None, an integer in [0, 2**32) or a RandomState, got {check.shown(state)}"
    if isinstance(state, (bool, np.bool_)):
        raise TypeError(message)
    try:
        return check_random_state(state)
    except (TypeError, ValueError) as error:
        raise ValueError(message) from error
