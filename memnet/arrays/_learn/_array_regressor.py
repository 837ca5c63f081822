"""A regressor on arrays, as scikit-learn has regressors."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import RegressorMixin
from sklearn.linear_model import Ridge
from sklearn.neural_network import MLPRegressor
from sklearn.utils.validation import validate_data

from memnet.arrays._learn._array_estimator import ArrayEstimator
from memnet.base.arrays import Floats


class ArrayRegressor(RegressorMixin, ArrayEstimator):  # type: ignore[misc]
    """A regressor whose weights are pairs of cells of crossbars: linear, or a perceptron with hidden layers.

    Outputs of the arrays are targets less their mean, in shares of the largest departure from it that the first
    examples had. All else is as of `ArrayClassifier`.

    Parameters
    ----------
    learning, estimator, hidden_layer_sizes, activation, partitioned, g_min, g_max, weight_bits, dac_bits, adc_bits, \
spread, line_resistance, bounds, device, pulse, gain, learning_rate, epochs, batch_size, random_state
        As of `ArrayClassifier`. The default of `estimator` is Ridge, or MLPRegressor with hidden layers. In situ the
        outputs are linear, and a learning rate times gain times the square of an example above 1 does not converge.

    Attributes
    ----------
    perceptron_ : Perceptron
        The arrays.
    estimator_ : estimator
        What was trained in software, on the scaled targets; only there.
    target_mean_, target_range_ : ndarray, (n_targets,)
        What outputs are scaled with.
    n_features_in_ : int
    feature_names_in_ : ndarray of str
        Where features have names.

    Raises
    ------
    TypeError, ValueError
        By `fit`: a parameter outside its range, as the arrays say; examples as scikit-learn refuses them.
    ImportError
        Without scikit-learn: ``pip install "memnet-sim[learn]"``.

    Examples
    --------
    >>> import numpy as np
    >>> import memnet as mn
    >>> X = np.linspace(-1.0, 1.0, 50).reshape(-1, 1)
    >>> y = 3.0 * X[:, 0] + 1.0
    >>> found = mn.arrays.ArrayRegressor(learning="in situ", epochs=20, random_state=0).fit(X, y)
    >>> round(found.score(X, y), 3)
    1.0
    >>> found.predict([[0.0]]).round(2)
    array([1.])
    >>> found.partial_fit(X, y) is found
    True
    """

    def _software(self, hidden: list[int], seed: int) -> Any:
        if not hidden:
            return Ridge()
        return MLPRegressor(tuple(hidden), activation=self.activation, random_state=seed, max_iter=500)

    def _software_outputs(self, found: Floats, X: Floats) -> Floats:  # noqa: ARG002
        return np.asarray(self.estimator_.predict(X)).reshape(len(X), -1)

    def fit(self, X: Any, y: Any) -> ArrayRegressor:
        """Train in software and program the arrays, or learn in situ from the beginning.

        Parameters
        ----------
        X : array_like, (n_samples, n_features)
            Examples, one a row.
        y : array_like, (n_samples,) or (n_samples, n_targets)
            Their targets.

        Returns
        -------
        ArrayRegressor
            Itself.
        """
        X, y = self._checked(X, y, reset=True)
        self._start()
        scaled = self._take_scale(y)
        if self.learning == "software":
            self._fit_software(X, scaled.ravel() if self._one else scaled)
        else:
            self._fit_in_situ(X, scaled, "identity")
        return self

    def partial_fit(self, X: Any, y: Any) -> ArrayRegressor:
        """Learn in situ from examples once, in their order; the first call sets the ranges of inputs and targets.

        Parameters
        ----------
        X : array_like, (n_samples, n_features)
            Examples, one a row.
        y : array_like, (n_samples,) or (n_samples, n_targets)
            Their targets.

        Returns
        -------
        ArrayRegressor
            Itself.
        """
        first = not hasattr(self, "perceptron_")
        X, y = self._checked(X, y, reset=first)
        if first:
            self._start()
            self._begin(X, self._take_scale(y).shape[1])
        elif y.reshape(len(y), -1).shape[1] != len(self.target_mean_):
            raise ValueError(f"y must have {len(self.target_mean_)} targets as in the first call, got {y.shape}")
        self._learn(X, self._scaled(y), "identity")
        return self

    def predict(self, X: Any) -> Floats:
        """Return the targets (n_samples,), or (n_samples, n_targets) where they had two axes."""
        found = self._outputs(X) * self.target_range_ + self.target_mean_
        return np.asarray(found[:, 0] if self._one else found)

    def _checked(self, X: Any, y: Any, *, reset: bool) -> tuple[Floats, Floats]:
        X, y = validate_data(self, X, y, dtype=np.float64, multi_output=True, y_numeric=True, reset=reset)
        return X, y.astype(np.float64)

    def _take_scale(self, y: Floats) -> Floats:
        """Take mean and range of the targets, and return them scaled."""
        self._one = y.ndim == 1
        columns = y.reshape(len(y), -1)
        self.target_mean_ = columns.mean(axis=0)
        ranges = np.abs(columns - self.target_mean_).max(axis=0)
        self.target_range_ = np.where(ranges > 0.0, ranges, 1.0)
        return self._scaled(y)

    def _scaled(self, y: Floats) -> Floats:
        return np.asarray((y.reshape(len(y), -1) - self.target_mean_) / self.target_range_)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags
