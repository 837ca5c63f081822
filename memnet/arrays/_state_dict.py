"""Weights of layers from a PyTorch state_dict, or any mapping of names to arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from memnet.base import check
from memnet.base.arrays import Floats

__all__ = ["state_dict_weights"]


@check.known_keywords
def state_dict_weights(state_dict: Mapping[str, Any]) -> list[tuple[Floats, Floats]]:
    """Return weights and biases of layers, as `Perceptron.program` takes them, from those of a PyTorch module.

    Parameters
    ----------
    state_dict : mapping
        Names such as "0.weight" and "0.bias" to arrays or tensors, in the order of the layers. Weights are (outputs,
        inputs), as PyTorch's Linear has them, or (kernels, channels, height, width), as Conv2d; a bias may be missing.

    Returns
    -------
    list of (ndarray (inputs, outputs), ndarray (outputs,))
        Weights of Conv2d are unrolled as `kernel_matrix` does.

    Raises
    ------
    TypeError, ValueError
        No mapping, or one with other names or shapes. PyTorch is not needed.

    Examples
    --------
    >>> import memnet as mn
    >>> (weights, bias), = mn.arrays.state_dict_weights({"0.weight": [[1.0, 2.0, 3.0]], "0.bias": [0.5]})
    >>> weights.tolist(), bias.tolist()
    ([[1.0], [2.0], [3.0]], [0.5])
    """
    check.instance("state_dict", state_dict, Mapping, "a mapping of names to arrays")
    given = {name: _array(name, value) for name, value in state_dict.items()}
    found = []
    for name, value in given.items():
        layer, _, part = name.rpartition("weight")
        if name.endswith("bias") and f"{name[:-4]}weight" in given:
            continue
        if part or not name.endswith("weight") or value.ndim not in (2, 4):
            raise ValueError(
                f"state_dict must have weights and biases of Linear and Conv2d only, got {name!r} of {value.shape}"
            )
        weights = value.reshape(len(value), -1).T
        bias = given.get(f"{layer}bias", np.zeros(weights.shape[1]))
        check.check_shape(f"state_dict[{layer + 'bias'!r}]", bias.shape, (weights.shape[1],))
        found.append((np.ascontiguousarray(weights), bias))
    if not found:
        raise ValueError("state_dict must have the weights of at least one layer")
    return found


def _array(name: object, value: Any) -> Floats:
    """Return an array, or a tensor that may be on another device or know its gradient, as float64."""
    if not isinstance(name, str):
        raise TypeError(f"state_dict must have names as keys, got {check.shown(name)}")
    if callable(getattr(value, "detach", None)):
        value = value.detach().cpu().numpy()
    return check.numbers_within(f"state_dict[{name!r}]", value, -np.inf, np.inf, "()").astype(np.float64, copy=False)
