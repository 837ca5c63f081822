"""Perceptrons on arrays: layers one behind the other, with converters between, that infer and learn."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from memnet.arrays._activations import ACTIVATIONS, SLOPES
from memnet.arrays._converters import ADC, DAC
from memnet.arrays._layer import Layer
from memnet.arrays._partition import LayerPart, partition
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.base.text import Summary

__all__ = ["Perceptron"]


class Perceptron(Summary):
    """Layers of weights on arrays, with an activation between them: one for each layer, or all on one array.

    Each layer has one input more, which is always 1: its weights are the biases.

    Parameters
    ----------
    sizes : sequence of int
        Number of inputs, of the outputs of each hidden layer, and of outputs.
    activation : {"relu", "tanh", "logistic", "identity"}
        Of hidden layers.
    gain : float
        What a weight of a full range of a cell is worth, > 0; `program` finds a gain for each layer.
    partitioned : bool
        Put all layers on one array (`partition`).
    dac_bits, adc_bits : int, optional
        Bits of the converters before and behind each array, from 1 to 24; by default both are ideal. Their ranges are
        those of the inputs that `program` or `fit_ranges` was given.
    seed : int, optional
        Of the weights that hidden layers begin with, and of the rounding of pulses.
    **settings
        Those of `Layer`: g_min, g_max, line_resistance, bounds, device, pulse.

    Attributes
    ----------
    layers : list of Layer or LayerPart
    gains : list of float

    Raises
    ------
    TypeError, ValueError
        Fewer than two sizes, an unknown activation, or as `Layer` raises them.

    Examples
    --------
    >>> import memnet as mn
    >>> both = mn.arrays.Perceptron([2, 1], seed=0)
    >>> both.program([([[2.0], [-1.0]], [0.5])])
    >>> both([[1.0, 0.0], [1.0, 1.0]]).round(12)
    array([[2.5],
           [1.5]])
    >>> _ = both.fit_ranges([[1.0, 1.0], [-1.0, 0.5]])
    >>> both.learn([[1.0, 0.0]], [[2.0]], output="identity", step=0.1)
    """

    def __init__(
        self,
        sizes: Sequence[int],
        *,
        activation: str = "relu",
        gain: float = 6.0,
        partitioned: bool = False,
        dac_bits: int | None = None,
        adc_bits: int | None = None,
        seed: int | None = None,
        **settings: Any,
    ) -> None:
        if not isinstance(sizes, (list, tuple)) or len(sizes) < 2:
            raise TypeError(f"sizes must be a list of two or more integers, got {check.shown(sizes)}")
        counts = [check.integer(f"sizes[{k}]", one, 1, 2**20) for k, one in enumerate(sizes)]
        self.activation = check.one_of("activation", activation, SLOPES)
        for name, bits in (("dac_bits", dac_bits), ("adc_bits", adc_bits)):
            if bits is not None:
                check.integer(name, bits, 1, 24)
        self._dac_bits, self._adc_bits = dac_bits, adc_bits
        rng = np.random.default_rng(check.seed("seed", seed))
        shapes = [(m + 1, n) for m, n in itertools.pairwise(counts)]
        seeds = [int(one) for one in rng.integers(2**63, size=len(shapes))]
        self.layers: list[Layer | LayerPart]
        if check.flag("partitioned", partitioned):
            self.layers = list(partition(shapes, seed=seeds[0], **settings))
        else:
            self.layers = [Layer(*shape, seed=one, **settings) for shape, one in zip(shapes, seeds, strict=True)]
        self.gains = [check.real("gain", gain, 0.0, math.inf, "()")] * len(shapes)
        self.input_ranges = [1.0] * len(shapes)
        self.output_ranges = [1.0] * len(shapes)
        self._signed = [True] * len(shapes)
        if settings.get("device") is None:
            for layer in self.layers[:-1]:  # hidden neurons that are alike would stay so
                layer.program(rng.uniform(-1.0, 1.0, layer.weights.shape) / math.sqrt(len(layer.weights)))

    @check.known_keywords
    def program(
        self,
        weights: Sequence[tuple[ArrayLike, ArrayLike]],
        inputs: ArrayLike | None = None,
        *,
        bits: int | None = None,
        spread: float = 0.0,
        seed: int | None = None,
    ) -> None:
        """Set the arrays to weights that were found elsewhere.

        Parameters
        ----------
        weights : sequence of (array_like (inputs, outputs), array_like (outputs,))
            Weights and biases of each layer, as `state_dict_weights` and estimators of scikit-learn have them.
        inputs : array_like, (n, inputs), optional
            Examples, from which the ranges of converters are taken; by default the range of inputs is 1.
        bits, spread, seed
            As of `Layer.program`.

        Raises
        ------
        TypeError, ValueError
            Another number of layers, or weights of another shape.
        """
        if not isinstance(weights, (list, tuple)) or len(weights) != len(self.layers):
            raise ValueError(f"weights must be a list of {len(self.layers)} layers, got {check.shown(weights)}")
        numbers = np.random.default_rng(check.seed("seed", seed)).integers(2**63, size=len(self.layers))
        values = None if inputs is None else self._inputs(inputs)
        for k, layer in enumerate(self.layers):
            rows, columns = layer.weights.shape
            if not isinstance(weights[k], (list, tuple)) or len(weights[k]) != 2:
                raise TypeError(f"weights[{k}] must be weights and biases, got {check.shown(weights[k])}")
            one = check.array(f"weights[{k}][0]", weights[k][0], (rows - 1, columns))
            bias = check.array(f"weights[{k}][1]", weights[k][1], (columns,))
            self._take_range(k, values)
            whole = np.vstack([one * self.input_ranges[k], bias])
            self.gains[k] = _largest(whole)
            layer.program(whole / self.gains[k], bits=bits, spread=spread, seed=int(numbers[k]))
            if values is not None:
                self.output_ranges[k] = _largest(layer(self._with_bias(k, values)))
                values = ACTIVATIONS[self.activation](self._product(k, values))

    @check.known_keywords
    def fit_ranges(self, inputs: ArrayLike) -> None:
        """Take the range of the first layer's inputs from examples (n, inputs)."""
        self._take_range(0, self._inputs(inputs))

    @check.known_keywords
    def __call__(self, inputs: ArrayLike) -> Floats:
        """Return the outputs of the last layer (n, outputs), before any activation, for inputs (n, inputs)."""
        return self._forward(self._inputs(inputs))[1][-1]

    @check.known_keywords
    def learn(self, inputs: ArrayLike, targets: ArrayLike, *, output: str, step: float) -> None:
        """Move the cells once by the errors of a batch: the delta rule, and backpropagation through hidden layers.

        Errors are targets less outputs, and go back through the arrays (`Layer.back`).

        Parameters
        ----------
        inputs : array_like, (n, inputs)
            Examples, one a row.
        targets : array_like, (n, outputs)
            What the outputs should be.
        output : {"logistic", "softmax", "identity"}
            What outputs are before they are compared with targets.
        step : float
            Learning rate, > 0: the share of its range by which an error of 1 at an input of 1 moves a cell.

        Raises
        ------
        TypeError, ValueError
            Arrays of other shapes, an unknown output, a step that is not > 0.
        """
        rate = check.real("step", step, 0.0, math.inf, "()")
        function = ACTIVATIONS[check.one_of("output", output, ("logistic", "softmax", "identity"))]
        given = self._inputs(inputs)
        values, products = self._forward(given)
        error = check.array("targets", targets, products[-1].shape) - function(products[-1])
        for k in reversed(range(len(self.layers))):
            change = rate * self._with_bias(k, values[k]).T @ error
            if k:
                back = self.layers[k].back(error)[:, :-1] * (self.gains[k] / self.input_ranges[k])
                error = back * SLOPES[self.activation](values[k])
            self.layers[k].update(change)

    def _take_range(self, k: int, values: Floats | None) -> None:
        """Take the range of the inputs of a layer from examples."""
        self.input_ranges[k] = _largest(values)
        self._signed[k] = values is None or bool((values < 0.0).any())

    def _forward(self, values: Floats) -> tuple[list[Floats], list[Floats]]:
        """Return what goes into each layer, and what comes out of each."""
        into, out = [values], []
        for k in range(len(self.layers)):
            out.append(self._product(k, into[-1]))
            into.append(ACTIVATIONS[self.activation](out[-1]))
        return into[:-1], out

    def _product(self, k: int, values: Floats) -> Floats:
        """Return what comes out of a layer and its converters."""
        found = self.layers[k](self._with_bias(k, values))
        if self._adc_bits is not None:
            end = self.output_ranges[k]
            found = ADC(self._adc_bits, -end, end)(found).values
        return np.asarray(found * self.gains[k])

    def _with_bias(self, k: int, values: Floats) -> Floats:
        """Return what drives the word lines of a layer, in units of the voltage that reads."""
        share = values / self.input_ranges[k]
        if self._dac_bits is not None:
            share = DAC(self._dac_bits, -1.0 if self._signed[k] else 0.0, 1.0)(share).values
        return np.hstack([share, np.ones((len(share), 1))])

    def _inputs(self, inputs: ArrayLike) -> Floats:
        return check.array("inputs", inputs, (None, len(self.layers[0].weights) - 1))

    def _summary(self) -> dict[str, str]:
        sizes = [len(layer.weights) - 1 for layer in self.layers] + [self.layers[-1].weights.shape[1]]
        alone = len(self.layers) == 1 or isinstance(self.layers[0], LayerPart)
        where = "one array" if alone else f"{len(self.layers)} arrays"
        return {"": " to ".join(map(str, sizes)), " ": f"on {where}"}


def _largest(values: Any) -> float:
    """Return the largest magnitude of an array, 1 where all are 0 or there are none."""
    return 1.0 if values is None else float(np.abs(values).max(initial=0.0)) or 1.0
