"""A convolution on an array as a step of a pipeline of scikit-learn."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from memnet.arrays._activations import ACTIVATIONS, SLOPES
from memnet.arrays._convolution import kernel_matrix, patches, staircase_matrix
from memnet.arrays._layer import Layer
from memnet.arrays._learn._array_estimator import random_of
from memnet.base import check
from memnet.base.arrays import Floats

ARRAYS = ("unrolled", "staircase")
# Images whose patches are held at a time: all of a large set would take more memory than a machine has.
BLOCK = 1024


class ArrayConvolution(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Features of images: kernels on an array, an activation, and the largest of neighbours.

    Parameters
    ----------
    kernels : int or array_like, (n, height, width) or (n, channels, height, width)
        How many principal components of the patches that `fit` sees are the kernels, at most one for each pixel of a
        patch; or the kernels themselves, from wherever they were trained.
    kernel_shape : int or (int, int)
        Height and width of kernels that are found; smaller where the image is.
    image_shape : (int, int), optional
        Height and width of an image. By default a square where the number of features makes one, else one row.
    channels : int
        A row of features is (channels, height, width), unrolled.
    stride, padding
        As in `patches`.
    array : {"unrolled", "staircase"}
        Kernels in columns of an array that reads one patch after the other, or on a staircase that reads a whole image
        at once (`staircase_matrix`).
    activation : {"relu", "tanh", "logistic", "identity"}
        Of what the array gives.
    pool : int
        Side of the square of neighbours of which the largest is taken; what is left over at the ends is dropped.
    g_min, g_max, weight_bits, spread, line_resistance, random_state
        As of `ArrayClassifier`.

    Attributes
    ----------
    kernels_ : ndarray, (n, channels, height, width)
    layer_ : Layer
        The array.
    gain_ : float
        What a full weight is worth.
    n_features_in_ : int

    Raises
    ------
    TypeError, ValueError
        By `fit`: a parameter outside its range, or features that are no images of that shape.
    ImportError
        Without scikit-learn: ``pip install "memnet-sim[learn]"``.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> import memnet as mn
    >>> X, _ = load_digits(return_X_y=True)
    >>> mn.arrays.ArrayConvolution(kernels=6, pool=2).fit_transform(X[:10]).shape
    (10, 54)
    >>> filters = mn.arrays.ArrayConvolution(kernels=6).fit(X)
    >>> filters.transform(X[:2]).shape
    (2, 216)
    """

    def __init__(
        self,
        kernels: Any = 8,
        *,
        kernel_shape: Any = 3,
        image_shape: Any = None,
        channels: int = 1,
        stride: Any = 1,
        padding: Any = 0,
        array: str = "unrolled",
        activation: str = "relu",
        pool: int = 1,
        g_min: float = 1e-6,
        g_max: float = 1e-4,
        weight_bits: int | None = None,
        spread: float = 0.0,
        line_resistance: float = 0.0,
        random_state: Any = None,
    ) -> None:
        self.kernels = kernels
        self.kernel_shape = kernel_shape
        self.image_shape = image_shape
        self.channels = channels
        self.stride = stride
        self.padding = padding
        self.array = array
        self.activation = activation
        self.pool = pool
        self.g_min = g_min
        self.g_max = g_max
        self.weight_bits = weight_bits
        self.spread = spread
        self.line_resistance = line_resistance
        self.random_state = random_state

    def fit(self, X: Any, y: Any = None) -> ArrayConvolution:  # noqa: ARG002
        """Find the kernels where none are given, and program the array.

        Parameters
        ----------
        X : array_like, (n_samples, n_features)
            Images, unrolled.
        y : object
            Not looked at.

        Returns
        -------
        ArrayConvolution
            Itself.
        """
        X = validate_data(self, X, dtype=np.float64)
        check.one_of("array", self.array, ARRAYS)
        check.one_of("activation", self.activation, SLOPES)
        check.integer("pool", self.pool, 1, 2**20)
        if self.weight_bits is not None:
            check.integer("weight_bits", self.weight_bits, 1, 24)
        images = self._images(X)
        self.kernels_ = self._found(images) if np.ndim(self.kernels) == 0 else self._given(images)
        self._geometry = {"stride": self.stride, "padding": self.padding}
        if self.array == "unrolled":
            weights = kernel_matrix(self.kernels_)
        else:
            weights = staircase_matrix(self.kernels_, images.shape[2:], **self._geometry)
        self.gain_ = float(np.nanmax(np.abs(weights), initial=0.0)) or 1.0
        self.layer_ = Layer(
            *weights.shape, g_min=self.g_min, g_max=self.g_max, line_resistance=self.line_resistance, seed=0
        )
        seed = int(random_of(self.random_state).randint(2**31 - 1))
        self.layer_.program(weights / self.gain_, bits=self.weight_bits, spread=self.spread, seed=seed)
        self._n_features_out = self._features(images[:1]).shape[1]
        return self

    def transform(self, X: Any) -> Floats:
        """Return the features (n_samples, rows * columns * kernels) of images (n_samples, n_features)."""
        check_is_fitted(self)
        images = self._images(validate_data(self, X, dtype=np.float64, reset=False))
        return np.concatenate([self._features(images[k : k + BLOCK]) for k in range(0, len(images), BLOCK)])

    def _features(self, images: Floats) -> Floats:
        windows = patches(images, self.kernels_.shape[2:], **self._geometry)
        n, rows, columns = windows.shape[:3]
        read = windows if self.array == "unrolled" else images
        inputs = read.reshape(-1, len(self.layer_.weights))
        maps = (self.layer_(inputs) * self.gain_).reshape(n, rows, columns, -1)
        maps = ACTIVATIONS[self.activation](maps)
        side = min(self.pool, rows, columns)
        maps = maps[:, : rows // side * side, : columns // side * side]
        maps = maps.reshape(n, rows // side, side, columns // side, side, -1).max(axis=(2, 4))
        return np.asarray(maps.reshape(n, -1))

    def _images(self, X: Floats) -> Floats:
        """Return rows of features as images (n, channels, height, width)."""
        channels = check.integer("channels", self.channels, 1, 2**20)
        pixels = X.shape[1] // channels
        side = math.isqrt(pixels)
        shape = self.image_shape
        if shape is None:
            shape = (side, side) if side * side == pixels else (1, pixels)
        if not isinstance(shape, (tuple, list)) or len(shape) != 2:
            raise TypeError(f"image_shape must be two integers, or None, got {check.shown(shape)}")
        height, width = (check.integer(f"image_shape[{k}]", one, 1, 2**20) for k, one in enumerate(shape))
        if channels * height * width != X.shape[1]:
            raise ValueError(
                f"image_shape must fit {X.shape[1]} features of {channels} channels, got {(height, width)}"
            )
        return X.reshape(len(X), channels, height, width)

    def _found(self, images: Floats) -> Floats:
        """Return the principal components of patches, each with its largest entry above 0."""
        count = check.integer("kernels", self.kernels, 1, 2**20)
        given = self.kernel_shape if np.ndim(self.kernel_shape) else (self.kernel_shape, self.kernel_shape)
        if len(given) != 2:
            raise ValueError(f"kernel_shape must be an integer or two, got {check.shown(self.kernel_shape)}")
        wanted = [check.integer(f"kernel_shape[{k}]", one, 1, 2**20) for k, one in enumerate(given)]
        shape = (min(wanted[0], images.shape[2]), min(wanted[1], images.shape[3]))
        products: Floats = np.zeros(())
        for k in range(0, len(images), BLOCK):
            rows = patches(images[k : k + BLOCK], shape, stride=self.stride, padding=self.padding)
            rows = rows.reshape(-1, rows.shape[-1])
            products = products + rows.T @ rows
        parts = np.linalg.eigh(products)[1][:, ::-1][:, :count].T
        largest = np.take_along_axis(parts, np.abs(parts).argmax(axis=1)[:, np.newaxis], axis=1)
        return np.asarray((parts * np.sign(largest)).reshape(len(parts), images.shape[1], *shape))

    def _given(self, images: Floats) -> Floats:
        """Return kernels of the user as (n, channels, height, width)."""
        kernels = check.numbers_within("kernels", self.kernels, -math.inf, math.inf, "()")
        kernels = kernels[:, np.newaxis] if kernels.ndim == 3 else kernels
        if kernels.ndim != 4 or kernels.shape[1] != images.shape[1] or not kernels.size:
            raise ValueError(
                f"kernels must have shape (n, {images.shape[1]}, height, width), got {np.shape(self.kernels)}"
            )
        return kernels
