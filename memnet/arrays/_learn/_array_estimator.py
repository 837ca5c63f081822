"""What classifiers and regressors on arrays have in common: their parameters, and how a perceptron is fitted."""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np
from sklearn.base import BaseEstimator, clone
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from memnet.arrays._activations import ACTIVATIONS, SLOPES
from memnet.arrays._perceptron import Perceptron
from memnet.base import check
from memnet.base.arrays import Floats

LEARNING = ("software", "in situ")
# Weights and biases of each layer.
Layers: TypeAlias = list[tuple[Floats, Floats]]


class ArrayEstimator(BaseEstimator):  # type: ignore[misc]
    """A perceptron on arrays that is trained in software and programmed, or learns where its cells are."""

    def __init__(
        self,
        *,
        learning: str = "software",
        estimator: Any = None,
        hidden_layer_sizes: Any = (),
        activation: str = "relu",
        partitioned: bool = False,
        g_min: float = 1e-6,
        g_max: float = 1e-4,
        weight_bits: int | None = None,
        dac_bits: int | None = None,
        adc_bits: int | None = None,
        spread: float = 0.0,
        line_resistance: float = 0.0,
        bounds: str = "hard",
        device: Any = None,
        pulse: Any = (1.2, 1e-3),
        gain: float = 6.0,
        learning_rate: float = 0.02,
        epochs: int = 5,
        batch_size: int = 1,
        random_state: Any = None,
    ) -> None:
        self.learning = learning
        self.estimator = estimator
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.partitioned = partitioned
        self.g_min = g_min
        self.g_max = g_max
        self.weight_bits = weight_bits
        self.dac_bits = dac_bits
        self.adc_bits = adc_bits
        self.spread = spread
        self.line_resistance = line_resistance
        self.bounds = bounds
        self.device = device
        self.pulse = pulse
        self.gain = gain
        self.learning_rate = learning_rate
        self.epochs = epochs
        self.batch_size = batch_size
        self.random_state = random_state

    def _software(self, hidden: list[int], seed: int) -> Any:
        """Return the estimator that is trained where none is given."""
        raise NotImplementedError

    def _hidden(self) -> list[int]:
        """Return the sizes of hidden layers; an int is one."""
        given = self.hidden_layer_sizes
        sizes = list(given) if isinstance(given, (tuple, list, np.ndarray)) else [given]
        return [check.integer("hidden_layer_sizes", one, 1, 2**20) for one in sizes]

    def _seed(self) -> int:
        return int(self._random.randint(2**31 - 1))

    def _fit_software(self, X: Floats, targets: Any) -> None:
        """Train the estimator and program arrays with its weights."""
        if self.device is not None:
            raise ValueError("device must be None where learning is 'software': pulses do not set weights")
        hidden, seed = self._hidden(), self._seed()
        self.estimator_ = self._software(hidden, seed) if self.estimator is None else clone(self.estimator)
        self.estimator_.fit(X, targets)
        layers = weights_of(self.estimator_)
        self._refuse_other_outputs(layers, X)
        sizes = [len(layers[0][0]), *(len(bias) for _, bias in layers)]
        activation = getattr(self.estimator_, "activation", self.activation)
        self.perceptron_ = self._perceptron(sizes, activation)
        self.perceptron_.program(layers, X, bits=self.weight_bits, spread=self.spread, seed=self._seed())

    def _refuse_other_outputs(self, layers: Layers, X: Floats) -> None:
        """Raise ValueError where an estimator decides by more than its weights, such as pairs of classes or a link."""
        activation = getattr(self.estimator_, "activation", "identity") if len(layers) > 1 else "identity"
        found, function = X, ACTIVATIONS[check.one_of("activation of estimator", activation, SLOPES)]
        for k, (weights, bias) in enumerate(layers):
            if len(weights) != found.shape[1]:
                raise ValueError(f"estimator must have weights for {found.shape[1]} inputs, got {len(weights)}")
            found = (function(found) if k else found) @ weights + bias
        wanted = self._software_outputs(found, X)
        unit = float(np.abs(wanted).max(initial=0.0)) or 1.0
        if wanted.shape != found.shape or not np.allclose(found / unit, wanted / unit, rtol=0.0, atol=1e-6):
            raise ValueError(
                f"estimator must decide by coef_ and intercept_, or coefs_ and intercepts_, alone, which"
                f" {check.shown(self.estimator_)} does not"
            )

    def _software_outputs(self, found: Floats, X: Floats) -> Floats:
        """Return the software's outputs for inputs (n_samples, n_outputs); those of its weights where it has none."""
        raise NotImplementedError

    def _fit_in_situ(self, X: Floats, targets: Floats, output: str) -> None:
        """Learn in epochs, each in an order of its own."""
        for name, ideal in (("estimator", None), ("weight_bits", None), ("spread", 0.0)):
            if getattr(self, name) != ideal:
                raise ValueError(
                    f"{name} must be {ideal} where learning is 'in situ': it is of weights from software, got"
                    f" {check.shown(getattr(self, name))}"
                )
        self._begin(X, targets.shape[1])
        for _ in range(self.epochs):
            order = self._random.permutation(len(X))
            self._learn(X[order], targets[order], output)

    def _begin(self, X: Floats, n_outputs: int) -> None:
        """Make arrays that know nothing yet."""
        self.perceptron_ = self._perceptron([X.shape[1], *self._hidden(), n_outputs], self.activation)
        self.perceptron_.fit_ranges(X)

    def _learn(self, X: Floats, targets: Floats, output: str) -> None:
        """Learn from all examples once, in their order."""
        size = check.integer("batch_size", self.batch_size, 1, 2**31)
        for start in range(0, len(X), size):
            batch = slice(start, start + size)
            self.perceptron_.learn(X[batch], targets[batch], output=output, step=self.learning_rate)

    def _perceptron(self, sizes: list[int], activation: str) -> Perceptron:
        """Return a perceptron with the parameters of this estimator."""
        return Perceptron(
            sizes,
            activation=activation,
            gain=self.gain,
            partitioned=self.partitioned,
            dac_bits=self.dac_bits,
            adc_bits=self.adc_bits,
            seed=self._seed(),
            g_min=self.g_min,
            g_max=self.g_max,
            line_resistance=self.line_resistance,
            bounds=self.bounds,
            device=self.device,
            pulse=self.pulse,
        )

    def _start(self) -> None:
        """Check what the arrays do not check by these names, and begin to draw."""
        check.one_of("learning", self.learning, LEARNING)
        if self.weight_bits is not None:
            check.integer("weight_bits", self.weight_bits, 1, 24)
        check.real("spread", self.spread, 0.0, 100.0, "[]")
        check.real("learning_rate", self.learning_rate, 0.0, math.inf, "()")
        check.integer("epochs", self.epochs, 1, 10**9)
        check.integer("batch_size", self.batch_size, 1, 2**31)
        self._hidden()
        self._random = random_of(self.random_state)

    def _outputs(self, X: Any) -> Floats:
        """Return what the arrays make of inputs."""
        check_is_fitted(self)
        return self.perceptron_(validate_data(self, X, dtype=np.float64, reset=False))


def random_of(random_state: Any) -> Any:
    """Return what draws, as scikit-learn has it; an error names the parameter."""
    if isinstance(random_state, (bool, np.bool_)):
        raise TypeError(f"random_state must be a seed, a RandomState or None, got {random_state}")
    try:
        return check_random_state(random_state)
    except ValueError as error:
        raise ValueError(f"random_state must be a seed, a RandomState or None: {error}") from error


def weights_of(estimator: Any) -> Layers:
    """Return weights and biases of the layers of a fitted linear model or multilayer perceptron of scikit-learn."""
    if hasattr(estimator, "coefs_"):
        both = zip(estimator.coefs_, estimator.intercepts_, strict=True)
        return [(np.asarray(one), np.asarray(bias)) for one, bias in both]
    if not hasattr(estimator, "coef_"):
        raise TypeError(f"estimator must have coef_ or coefs_ after fit, got {check.shown(estimator)}")
    given = estimator.coef_
    given = given.toarray() if hasattr(given, "toarray") else given
    weights = np.atleast_2d(np.asarray(given, dtype=np.float64)).T
    return [(weights, np.broadcast_to(estimator.intercept_, weights.shape[1]).astype(np.float64))]
