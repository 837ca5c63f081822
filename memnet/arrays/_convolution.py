"""Convolutions on arrays: patches of images, kernels unrolled in columns, and kernels on a staircase."""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from memnet.base import check
from memnet.base.arrays import Floats

__all__ = ["kernel_matrix", "patches", "staircase_matrix"]

Pair: TypeAlias = tuple[int, int]
MODES = ("valid", "same", "full")
# The largest matrix that is made: 2**27 float64 are 1 GiB.
MOST_CELLS = 2**27


@check.known_keywords
def patches(
    images: ArrayLike,
    kernel_shape: int | tuple[int, int],
    *,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] | str = 0,
) -> Floats:
    """Return the patches of images under a kernel that slides over them, each unrolled (im2col).

    Parameters
    ----------
    images : array_like, (n, height, width) or (n, channels, height, width)
        Finite. Three axes are images of one channel.
    kernel_shape : int or (int, int)
        Height and width of the kernel; an int is both.
    stride : int or (int, int)
        Pixels from one place of the kernel to the next, down and across.
    padding : int, (int, int) or {"valid", "same", "full"}
        Zeros around each image, at both ends of an axis. "valid" is none; "full" one less than the kernel; "same", with
        a stride of 1, what keeps the size of the image, at an even kernel one more behind than before, as
        `scipy.signal.correlate2d` and PyTorch have it.

    Returns
    -------
    ndarray, (n, rows, columns, channels * kernel height * kernel width)
        One patch for each place of the kernel, in the order of `kernel_matrix`.

    Raises
    ------
    TypeError, ValueError
        Images of another shape; a kernel that is larger than a padded image; "same" with another stride than 1.

    Examples
    --------
    >>> import numpy as np
    >>> import memnet as mn
    >>> mn.arrays.patches(np.arange(9.0).reshape(1, 3, 3), 2)[0, 0]
    array([[0., 1., 3., 4.],
           [1., 2., 4., 5.]])
    """
    given = _four_axes("images", images)
    kernel, step, around = _geometry(given.shape[2:], kernel_shape, stride, padding)
    padded = np.pad(given, ((0, 0), (0, 0), *around))
    windows = np.lib.stride_tricks.sliding_window_view(padded, kernel, axis=(2, 3))
    windows = windows[:, :, :: step[0], :: step[1]]
    n, channels, rows, columns = windows.shape[:4]
    _refuse_size(n * rows * columns * channels * math.prod(kernel), "patches of these images")
    return np.ascontiguousarray(windows.transpose(0, 2, 3, 1, 4, 5)).reshape(n, rows, columns, -1)


@check.known_keywords
def kernel_matrix(kernels: ArrayLike) -> Floats:
    """Return kernels as weights of an array: each unrolled in a column, so that `patches` times it convolves.

    Parameters
    ----------
    kernels : array_like, (n, height, width) or (n, channels, height, width)
        Finite. Three axes are kernels of one channel.

    Returns
    -------
    ndarray, (channels * height * width, n)

    Raises
    ------
    TypeError, ValueError
        Kernels of another shape, or not finite.

    Notes
    -----
    ``patches(images, ...) @ kernel_matrix(kernels)`` is the cross-correlation, as of `scipy.signal.correlate2d` and
    PyTorch's ``conv2d``: kernels are not turned. Its shape is (n, rows, columns, kernels).

    Examples
    --------
    >>> import numpy as np
    >>> import memnet as mn
    >>> image, kernel = np.arange(9.0).reshape(1, 3, 3), [[[1.0, 0.0], [0.0, -1.0]]]
    >>> (mn.arrays.patches(image, 2) @ mn.arrays.kernel_matrix(kernel))[0, :, :, 0]
    array([[-4., -4.],
           [-4., -4.]])
    """
    given = _four_axes("kernels", kernels)
    return np.ascontiguousarray(given.reshape(len(given), -1).T)


@check.known_keywords
def staircase_matrix(
    kernels: ArrayLike,
    image_shape: tuple[int, int],
    *,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] | str = 0,
) -> Floats:
    """Return kernels as weights of a staircase array, which convolves a whole image in one read.

    Every pixel is an input, a pillar of the array, and every place of a kernel an output, a stair that meets the
    pillars under the kernel there and no other (figure 17 c to e of EC23). Cells that are not there are weights of nan.

    Parameters
    ----------
    kernels : array_like, (n, height, width) or (n, channels, height, width)
        Finite. Three axes are kernels of one channel.
    image_shape : (int, int)
        Height and width of an image.
    stride, padding
        As in `patches`.

    Returns
    -------
    ndarray, (channels * image height * image width, rows * columns * n)
        The weights, nan where there is no cell. Outputs are in the order (row, column, kernel).

    Raises
    ------
    TypeError, ValueError
        As in `patches`; a matrix of more than 1 GiB.

    References
    ----------
    .. [1] P. Lin et al., Nat. Electron. 2020, 3, 225, doi 10.1038/s41928-020-0397-9; figure 17 of EC23.

    Examples
    --------
    >>> import memnet as mn
    >>> mn.arrays.staircase_matrix([[[1.0, 2.0]]], (1, 3))
    array([[ 1., nan],
           [ 2.,  1.],
           [nan,  2.]])
    """
    given = _four_axes("kernels", kernels)
    n, channels = given.shape[:2]
    height, width = _pair("image_shape", image_shape, 1)
    kernel, step, around = _geometry((height, width), given.shape[2:], stride, padding)
    rows, columns = (
        (size + sum(zeros) - length) // hop + 1
        for size, zeros, length, hop in zip((height, width), around, kernel, step, strict=True)
    )
    _refuse_size(channels * height * width * rows * columns * n, "a staircase of these kernels")
    weights = np.full((channels, height, width, rows, columns, n), np.nan)
    row, column, down, across = np.ix_(*map(np.arange, (rows, columns, *kernel)))
    y = row * step[0] - around[0][0] + down
    x = column * step[1] - around[1][0] + across
    row, column, down, across, y, x = np.broadcast_arrays(row, column, down, across, y, x)
    there = (y >= 0) & (y < height) & (x >= 0) & (x < width)
    values = given[:, :, down[there], across[there]].transpose(1, 2, 0)
    weights[:, y[there], x[there], row[there], column[there]] = values
    return weights.reshape(channels * height * width, rows * columns * n)


def _four_axes(name: str, value: ArrayLike) -> Floats:
    """Return images or kernels as (n, channels, height, width), none of which is 0."""
    given = check.numbers_within(name, value, -math.inf, math.inf, "()")
    if given.ndim not in (3, 4) or not given.size:
        raise ValueError(
            f"{name} must have shape (n, height, width) or (n, channels, height, width), got {given.shape}"
        )
    return given[:, np.newaxis] if given.ndim == 3 else given


def _geometry(
    image: tuple[int, ...], kernel_shape: object, stride: object, padding: object
) -> tuple[Pair, Pair, tuple[Pair, Pair]]:
    """Return the kernel's shape, its stride, and the zeros before and behind each axis."""
    kernel, step = _pair("kernel_shape", kernel_shape, 1), _pair("stride", stride, 1)
    if isinstance(padding, str):
        mode = check.one_of("padding", padding, MODES)
        if mode == "same" and step != (1, 1):
            raise ValueError(f'padding "same" needs a stride of 1, got {check.shown(stride)}')
        full = (kernel[0] - 1, kernel[1] - 1)
        half = (full[0] // 2, full[1] // 2)
        before = {"valid": (0, 0), "same": half, "full": full}[mode]
        behind = (full[0] - half[0], full[1] - half[1]) if mode == "same" else before
    else:
        before = behind = _pair("padding", padding, 0)
    for size, length, one, other in zip(image, kernel, before, behind, strict=True):
        if length > size + one + other:
            raise ValueError(f"kernel_shape {kernel} must fit into images of {tuple(image)} with padding {before}")
    return kernel, step, ((before[0], behind[0]), (before[1], behind[1]))


def _pair(name: str, value: object, low: int) -> Pair:
    """Return an int, or two, as two."""
    most = 2**31 - 1
    if isinstance(value, (tuple, list)) or (isinstance(value, np.ndarray) and value.ndim == 1):
        if len(value) != 2:
            raise ValueError(f"{name} must be an integer or two, got {check.shown(value)}")
        first, second = (check.integer(f"{name}[{k}]", one, low, most) for k, one in enumerate(value))
        return first, second
    one = check.integer(name, value, low, most)
    return one, one


def _refuse_size(cells: int, what: str) -> None:
    """Raise ValueError where a matrix would be larger than a GiB."""
    if cells > MOST_CELLS:
        raise ValueError(f"{what} would have {cells:,} entries, more than {MOST_CELLS:,}: take fewer at a time")
