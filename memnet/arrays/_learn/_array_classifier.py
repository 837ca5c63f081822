"""A classifier on arrays, as scikit-learn has classifiers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.utils.multiclass import check_classification_targets, unique_labels
from sklearn.utils.validation import validate_data

from memnet.arrays._activations import ACTIVATIONS, softmax
from memnet.arrays._learn._array_estimator import ArrayEstimator
from memnet.base import check
from memnet.base.arrays import Floats


class ArrayClassifier(ClassifierMixin, ArrayEstimator):  # type: ignore[misc]
    """A classifier whose weights are pairs of cells of crossbars: linear, or a perceptron with hidden layers.

    Inputs are voltages, in shares of the largest magnitude that `fit` saw; an output is the difference of the currents
    of two bit lines, and the class that with the largest output. It is an inference engine, whose weights are found in
    software and programmed, or learns in situ: errors move the cells by the delta rule, and go back through the same
    arrays where there are hidden layers. `partial_fit` always learns in situ, and goes on from programmed weights too.

    Parameters
    ----------
    learning : {"software", "in situ"}
        What `fit` does.
    estimator : estimator, optional
        What is trained in software: any classifier with ``coef_`` and ``intercept_``, or with ``coefs_`` and
        ``intercepts_``, which decides by these alone. By default LogisticRegression, or MLPClassifier where there are
        hidden layers. In situ there is none, and neither `weight_bits` nor `spread`.
    hidden_layer_sizes : tuple of int, or int
        Outputs of each hidden layer; by default there are none.
    activation : {"relu", "tanh", "logistic", "identity"}
        Of hidden layers.
    partitioned : bool
        Put all layers on parts of one array; else each has one of its own.
    g_min, g_max : float
        Range of a cell (S).
    weight_bits, dac_bits, adc_bits : int, optional
        Bits of programmed cells, of inputs and of outputs of each array; ideal by default. Ranges of converters are
        what the examples of `fit` need.
    spread : float
        Standard deviation of the logarithm of the factor by which a programmed cell misses its conductance.
    line_resistance : float
        Resistance of lines from cell to cell (ohm). Above 0 all reads go through the circuit.
    bounds : {"hard", "soft"}
        How cells move in situ (`Layer`).
    device : Device, optional
        Cells that learn in situ: pulses move them in a simulation of the array.
    pulse : (float, float)
        Voltage (V) and length (s) of such pulses.
    gain : float
        What a full weight is worth before the activation, in situ.
    learning_rate : float
        Share of its range by which an error of 1 at a full input moves a cell.
    epochs : int
        Passes over the examples in situ.
    batch_size : int
        Examples whose errors are summed before cells move. With lines or devices each batch solves a circuit.
    random_state : int, RandomState instance or None
        Of the order of examples, the spread, hidden weights, pulses and the software's training.

    Attributes
    ----------
    classes_ : ndarray
    perceptron_ : Perceptron
        The arrays.
    estimator_ : estimator
        What was trained in software; only there.
    n_features_in_ : int
    feature_names_in_ : ndarray of str
        Where features have names.

    Raises
    ------
    TypeError, ValueError
        By `fit`: a parameter outside its range, as the arrays say; examples as scikit-learn refuses them.
    ImportError
        Without scikit-learn: ``pip install "memnet-sim[learn]"``.

    References
    ----------
    .. [1] F. Alibart, E. Zamanidoost and D. B. Strukov, Nat. Commun. 2013, 4, 2072, doi 10.1038/ncomms3072.
    .. [2] F. Merrikh Bayat et al., Nat. Commun. 2018, 9, 2331, doi 10.1038/s41467-018-04482-4; figure 17 a of EC23.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> import memnet as mn
    >>> X, y = load_iris(return_X_y=True)
    >>> ideal = mn.arrays.ArrayClassifier().fit(X, y)
    >>> round(ideal.score(X, y), 2), ideal.perceptron_
    (0.97, <Perceptron: 4 to 3; on one array>)
    >>> ideal.predict(X[:2]), ideal.predict_proba(X[:2]).shape, ideal.decision_function(X[:2]).shape
    (array([0, 0]), (2, 3), (2, 3))
    >>> taught = mn.arrays.ArrayClassifier(learning="in situ", random_state=0)
    >>> taught.partial_fit(X, y, classes=[0, 1, 2]) is taught
    True
    """

    def _software(self, hidden: list[int], seed: int) -> Any:
        if not hidden:
            return LogisticRegression(max_iter=3000)
        return MLPClassifier(tuple(hidden), activation=self.activation, random_state=seed, max_iter=500)

    def _software_outputs(self, found: Floats, X: Floats) -> Floats:
        classes = getattr(self.estimator_, "classes_", None)
        if classes is None or not np.array_equal(classes, self.classes_):
            raise ValueError(
                f"estimator must be a classifier with the classes of y, {check.shown(self.classes_.tolist())}, got"
                f" {check.shown(self.estimator_)} of {check.shown(np.asarray(classes).tolist())}"
            )
        if hasattr(self.estimator_, "decision_function"):
            return np.asarray(self.estimator_.decision_function(X)).reshape(len(X), -1)
        which = (found[:, 0] > 0.0).astype(int) if found.shape[1] == 1 else found.argmax(axis=1)
        is_right = max(which) < len(classes) and (classes[which] == self.estimator_.predict(X)).all()
        return found if is_right else np.empty((0, 0))

    def fit(self, X: Any, y: Any) -> ArrayClassifier:
        """Train in software and program the arrays, or learn in situ from the beginning.

        Parameters
        ----------
        X : array_like, (n_samples, n_features)
            Examples, one a row.
        y : array_like, (n_samples,)
            Two classes or more.

        Returns
        -------
        ArrayClassifier
            Itself.
        """
        X, y = validate_data(self, X, y, dtype=np.float64)
        check_classification_targets(y)
        self._start()
        self._take_classes(np.unique(y))
        if self.learning == "software":
            self._fit_software(X, y)
            self.output_ = "softmax" if len(self.classes_) > 2 else "logistic"
        else:
            self.output_ = "logistic"
            self._fit_in_situ(X, self._targets(y), self.output_)
        return self

    def partial_fit(self, X: Any, y: Any, classes: Any = None) -> ArrayClassifier:
        """Learn in situ from examples once, in their order.

        Parameters
        ----------
        X : array_like, (n_samples, n_features)
            At the first call they set the range of the inputs.
        y : array_like, (n_samples,)
            Their classes.
        classes : array_like, optional
            All classes; by default, at the first call, those of `y`.

        Returns
        -------
        ArrayClassifier
            Itself.
        """
        first = not hasattr(self, "perceptron_")
        X, y = validate_data(self, X, y, dtype=np.float64, reset=first)
        check_classification_targets(y)
        if first:
            self._start()
            self._take_classes(unique_labels(y if classes is None else classes))
            self.output_ = "logistic"
            self._begin(X, 1 if len(self.classes_) == 2 else len(self.classes_))
        elif classes is not None and not np.array_equal(self.classes_, unique_labels(classes)):
            raise ValueError(f"classes must be those of the first call, {self.classes_.tolist()}, got {classes!r}")
        self._learn(X, self._targets(y), self.output_)
        return self

    def decision_function(self, X: Any) -> Floats:
        """Return the outputs of the arrays (n_samples, n_classes); (n_samples,) of two classes."""
        found = self._outputs(X)
        return np.asarray(found[:, 0]) if len(self.classes_) == 2 else found

    def predict_proba(self, X: Any) -> Floats:
        """Return what outputs mean as probabilities (n_samples, n_classes)."""
        found = self._outputs(X)
        if len(self.classes_) == 2:
            shares = ACTIVATIONS[self.output_](found)
            return np.asarray(np.hstack([1.0 - shares, shares]))
        # Shares of logistic functions by their logarithms, as all of them may be 0 far from the examples.
        return softmax(-np.logaddexp(0.0, -found) if self.output_ == "logistic" else found)

    def predict(self, X: Any) -> NDArray[Any]:
        """Return the class of each example (n_samples,)."""
        found = self._outputs(X)
        which = (found[:, 0] > 0.0).astype(int) if len(self.classes_) == 2 else found.argmax(axis=1)
        return np.asarray(self.classes_[which])

    def _take_classes(self, classes: NDArray[Any]) -> None:
        if len(classes) < 2:
            raise ValueError(f"y must have two classes or more, got one class: {classes.tolist()}")
        self.classes_ = classes

    def _targets(self, y: NDArray[Any]) -> Floats:
        """Return 1 for the class of each example and 0 for others; one column of two classes."""
        unknown = np.setdiff1d(y, self.classes_)
        if unknown.size:
            raise ValueError(f"y must have classes of {self.classes_.tolist()} only, got {unknown.tolist()}")
        found = (y[:, np.newaxis] == self.classes_).astype(np.float64)
        return np.asarray(found[:, 1:] if len(self.classes_) == 2 else found)
