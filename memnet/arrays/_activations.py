"""Activations of neurons, and how steep they are."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from memnet.base.arrays import Floats


def logistic(values: Floats) -> Floats:
    """Return 1/(1 + exp(-x)) without an overflow."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * values)))


def softmax(values: Floats) -> Floats:
    """Return shares of exponentials in each row."""
    grown = np.exp(values - values.max(axis=1, keepdims=True))
    return np.asarray(grown / grown.sum(axis=1, keepdims=True))


ACTIVATIONS: dict[str, Callable[[Floats], Floats]] = {
    "relu": lambda values: np.maximum(values, 0.0),
    "tanh": np.tanh,
    "logistic": logistic,
    "identity": lambda values: values,
    "softmax": softmax,
}
# Slope of the activations of hidden layers, from what these gave.
SLOPES: dict[str, Callable[[Floats], Floats]] = {
    "relu": lambda values: np.asarray(values > 0.0, dtype=np.float64),
    "tanh": lambda values: np.asarray(1.0 - values**2),
    "logistic": lambda values: np.asarray(values * (1.0 - values)),
    "identity": np.ones_like,
}
