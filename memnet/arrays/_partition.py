"""Several layers on one array: each is a part of its rows and columns, and is read while the other rows are at 0 V."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from memnet.arrays._layer import Layer, vectors
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.base.text import Summary

__all__ = ["LayerPart", "partition"]


class LayerPart(Summary):
    """Rows and pairs of columns of a `Layer` that are a layer of their own; `partition` makes them.

    It is called, and has `back`, `update`, `program`, `weights`, `matrix` and `conductances`, as a `Layer` does.

    Parameters
    ----------
    array : Layer
        The whole array.
    rows, columns : slice
        Its inputs and its pairs of columns, from a number to a larger one in steps of 1.

    Attributes
    ----------
    array : Layer
        The whole array.

    Raises
    ------
    TypeError, ValueError
        No layer; no slices, or such as hold nothing.

    Examples
    --------
    >>> import memnet as mn
    >>> first, second = mn.arrays.partition([(3, 2), (2, 1)])
    >>> second.program([[0.5], [-0.5]])
    >>> second([1.0, 0.0]).round(12), first.array is second.array
    (array([0.5]), True)
    >>> second.weights.ravel().round(12), second.matrix.ravel().round(12), second.conductances.shape
    (array([ 0.5, -0.5]), array([ 0.5, -0.5]), (2, 2))
    >>> second.update([[0.1], [0.0]])
    >>> second.back([1.0]).round(12)
    array([ 0.6, -0.5])
    """

    @check.known_keywords
    def __init__(self, array: Layer, rows: slice, columns: slice) -> None:
        check.instance("array", array, Layer, "a Layer")
        self.array = array
        n_rows, n_columns = array.weights.shape
        self._rows, self._columns = _part("rows", rows, n_rows), _part("columns", columns, n_columns)

    @property
    def conductances(self) -> Floats:
        """Conductance of each cell of the part (S)."""
        return self.array.conductances[self._rows, 2 * self._columns.start : 2 * self._columns.stop]

    @property
    def weights(self) -> Floats:
        """What the cells of the part hold."""
        return self.array.weights[self._rows, self._columns]

    @property
    def matrix(self) -> Floats:
        """What the circuit makes of the weights of the part."""
        return self.array.matrix[self._rows, self._columns]

    def program(self, weights: Any, **how: Any) -> None:
        """Set the cells of the part to weights, as `Layer.program` does; the others stay."""
        self.array.program(weights, rows=self._rows, columns=self._columns, **how)

    def __call__(self, values: Any) -> Floats:
        """Return products of inputs and the weights of the part."""
        return np.asarray(vectors("values", values, len(self.weights)) @ self.matrix)

    def back(self, errors: Any) -> Floats:
        """Return products of errors and the transposed weights of the part."""
        return np.asarray(vectors("errors", errors, self.weights.shape[1]) @ self.matrix.T)

    def update(self, change: Any) -> None:
        """Move the cells of the part by a change, as `Layer.update` does."""
        whole = np.zeros(self.array.weights.shape)
        whole[self._rows, self._columns] = check.array("change", change, self.weights.shape)
        self.array.update(whole)

    def _summary(self) -> dict[str, str]:
        rows, columns = self._rows, self._columns
        return {
            "rows": f"{rows.start} to {rows.stop - 1}",
            "pairs of columns": f"{columns.start} to {columns.stop - 1}",
        }


def partition(shapes: Sequence[tuple[int, int]], **settings: Any) -> list[LayerPart]:
    """Return layers that share one array, as the two of a perceptron on one chip do (figure 17 b of EC23).

    Rows of the layers follow each other; each begins at the first column. The array is as wide as the widest layer, and
    cells that belong to none stay as they begin.

    Parameters
    ----------
    shapes : sequence of (int, int)
        Inputs and outputs of each layer.
    **settings
        Those of `Layer`.

    Returns
    -------
    list of LayerPart

    Raises
    ------
    TypeError, ValueError
        No layers, or as `Layer` raises them.

    References
    ----------
    .. [1] C. Li et al., Nat. Commun. 2018, 9, 2385, doi 10.1038/s41467-018-04484-2; figure 17 b of EC23.

    Examples
    --------
    >>> import memnet as mn
    >>> mn.arrays.partition([(3, 2), (2, 1)])
    [<LayerPart: rows 0 to 2; pairs of columns 0 to 1>, <LayerPart: rows 3 to 4; pairs of columns 0 to 0>]
    """
    if not isinstance(shapes, (list, tuple)) or not shapes:
        raise TypeError(f"shapes must be a list of inputs and outputs of layers, got {check.shown(shapes)}")
    sizes = []
    for k, shape in enumerate(shapes):
        if not isinstance(shape, (list, tuple)) or len(shape) != 2:
            raise TypeError(f"shapes[{k}] must be inputs and outputs of a layer, got {check.shown(shape)}")
        sizes.append(tuple(check.integer(f"shapes[{k}]", one, 1, 2**20) for one in shape))
    array = Layer(sum(rows for rows, _ in sizes), max(columns for _, columns in sizes), **settings)
    ends = np.cumsum([rows for rows, _ in sizes]).tolist()
    return [
        LayerPart(array, slice(end - rows, end), slice(0, columns))
        for end, (rows, columns) in zip(ends, sizes, strict=True)
    ]


def _part(name: str, value: Any, length: int) -> slice:
    """Return a slice whose ends are known to lie in some rows or columns."""
    check.instance(name, value, slice, "a slice")
    start, stop, step = value.indices(length)
    if step != 1 or start >= stop:
        raise ValueError(f"{name} must be some of {length} in steps of 1, got {check.shown(value)}")
    return slice(start, stop)
