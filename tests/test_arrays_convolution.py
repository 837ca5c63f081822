"""Convolutions on arrays: unrolled and on a staircase against SciPy, and as a step of a pipeline."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.signal import correlate2d

import memnet as mn

SIZES = st.tuples(st.integers(1, 4), st.integers(1, 4))


def by_scipy(images, kernels, mode):
    """Return the cross-correlation (n, rows, columns, kernels), channels summed."""
    found = [[sum(map(correlate2d, image, kernel, [mode] * len(image))) for kernel in kernels] for image in images]
    return np.moveaxis(np.array(found), 1, -1)


def on_a_staircase(images, kernels, **how):
    """Return what one read of a staircase array gives, as rows of outputs."""
    weights = mn.arrays.staircase_matrix(kernels, images.shape[-2:], **how)
    layer = mn.arrays.Layer(*weights.shape)
    layer.program(weights / abs(kernels).max())
    return layer(images.reshape(len(images), -1)) * abs(kernels).max(), layer


@settings(deadline=None, max_examples=40, derandomize=True)
@given(SIZES, st.integers(1, 3), st.integers(1, 3), st.sampled_from(["valid", "same", "full"]), st.integers(0, 99))
def test_unrolled_and_staircase_are_scipys_correlation(kernel, channels, n_kernels, mode, seed):
    rng = np.random.default_rng(seed)
    images = rng.normal(size=(2, channels, 6, 5))
    kernels = rng.normal(size=(n_kernels, channels, *kernel))
    expected = by_scipy(images, kernels, mode)
    unrolled = mn.arrays.patches(images, kernel, padding=mode) @ mn.arrays.kernel_matrix(kernels)
    assert unrolled.shape == expected.shape
    size = abs(expected).max()
    assert abs(unrolled - expected).max() <= 1e-12 * size
    stairs, _ = on_a_staircase(images, kernels, padding=mode)
    assert abs(stairs.reshape(expected.shape) - expected).max() <= 1e-12 * size


@settings(deadline=None, max_examples=30, derandomize=True)
@given(SIZES, st.tuples(st.integers(1, 3), st.integers(1, 3)), st.tuples(st.integers(0, 2), st.integers(0, 2)))
def test_strides_and_padding_are_those_of_plain_loops(kernel, stride, padding):
    rng = np.random.default_rng(3)
    images, kernels = rng.normal(size=(2, 2, 5, 4)), rng.normal(size=(3, 2, *kernel))
    padded = np.pad(images, ((0, 0), (0, 0), (padding[0],) * 2, (padding[1],) * 2))
    expected = by_scipy(padded, kernels, "valid")[:, :: stride[0], :: stride[1]]
    how = {"stride": stride, "padding": padding}
    unrolled = mn.arrays.patches(images, kernel, **how) @ mn.arrays.kernel_matrix(kernels)
    stairs, _ = on_a_staircase(images, kernels, **how)
    assert unrolled == pytest.approx(expected, abs=1e-12)
    assert stairs.reshape(unrolled.shape) == pytest.approx(unrolled, abs=1e-12)


def test_a_stair_meets_the_pillars_under_its_kernel_and_no_others():
    kernels = np.ones((2, 1, 2, 3))
    weights = mn.arrays.staircase_matrix(kernels, (4, 5))
    assert weights.shape == (20, 3 * 3 * 2)
    assert ((~np.isnan(weights)).sum(axis=0) == 6).all()
    _, layer = on_a_staircase(np.ones((1, 1, 4, 5)), kernels)
    there = np.repeat(~np.isnan(weights), 2, axis=1)
    assert (layer.conductances[~there] == 0.0).all()
    assert (layer.conductances[there] >= 1e-6).all()
    layer.update(np.full(weights.shape, 0.1))
    assert (layer.conductances[~there] == 0.0).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"images": np.ones((2, 2))}, "images must have shape"),
        ({"images": [[[np.nan]]]}, "images"),
        ({"kernel_shape": 4}, "must fit into images of"),
        ({"kernel_shape": 0}, "kernel_shape"),
        ({"stride": 0}, "stride"),
        ({"stride": (1, 2, 3)}, "stride must be an integer or two"),
        ({"padding": -1}, "padding"),
        ({"padding": "valid "}, "did you mean 'valid'"),
        ({"padding": "same", "stride": 2}, 'padding "same" needs a stride of 1'),
    ],
)
def test_what_is_no_convolution_is_refused(arguments, message):
    with pytest.raises((TypeError, ValueError), match=message):
        mn.arrays.patches(**{"images": np.ones((1, 3, 3)), "kernel_shape": 2, **arguments})


def test_a_staircase_beyond_a_gibibyte_is_refused():
    with pytest.raises(ValueError, match="more than 134,217,728"):
        mn.arrays.staircase_matrix(np.ones((8, 3, 3)), (200, 200))
