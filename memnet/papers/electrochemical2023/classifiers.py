"""Figure 17: perceptrons on two arrays or on one, programmed or taught online, and kernels on a staircase array."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from memnet import arrays
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.network import cell_conductances, crossbar
from memnet.papers import _pages
from memnet.papers._registry import Example
from memnet.papers.electrochemical2023 import _elements as elements
from memnet.papers.electrochemical2023.common import PAPER

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

__all__ = ["figure17a", "figure17c", "plot_figure17a", "plot_figure17c"]

LAYERS = {"one layer": (), "one hidden layer": (8,)}
PARTS = {"two arrays": False, "one array in parts": True}
HIDDEN, LEARN = (32,), 1200
# Kernels that a staircase has: edges down and across.
KERNELS = np.array(
    [[[1.0, 2.0, 1.0], [0.0, 0.0, 0.0], [-1.0, -2.0, -1.0]], [[1.0, 0.0, -1.0], [2.0, 0.0, -2.0], [1.0, 0.0, -1.0]]]
)


def exclusive_or(count: int = 200, seed: int = 1) -> tuple[Floats, Any]:
    """Return points around the corners of a square, and whether one of their two bits is set and one not."""
    rng = np.random.default_rng(seed)
    corners = rng.integers(0, 2, (count, 2))
    points: Floats = corners + rng.normal(0.0, 0.15, corners.shape)
    return points, corners[:, 0] ^ corners[:, 1]


def of_two_classes(layers: tuple[int, ...]) -> Any:
    """Return a classifier of arrays that was taught exclusive or."""
    from sklearn.neural_network import MLPClassifier

    taught = MLPClassifier(layers, activation="tanh", solver="lbfgs", random_state=1, max_iter=500) if layers else None
    made = arrays.ArrayClassifier(hidden_layer_sizes=layers, activation="tanh", estimator=taught, random_state=0)
    return made.fit(*exclusive_or())


def digits() -> tuple[Any, Any]:
    """Return inputs and classes of digits that are learned, and of others."""
    from sklearn.datasets import load_digits

    inputs, classes = load_digits(return_X_y=True)
    order = np.random.default_rng(0).permutation(classes.size)
    first, others = order[:LEARN], order[LEARN:]
    return (inputs[first] / 16.0, classes[first]), (inputs[others] / 16.0, classes[others])


def taught(spread: float, *, partitioned: bool, epochs: int, seed: int = 0) -> list[float]:
    """Return the share of digits that is right after programming with a spread, and after each epoch of learning."""
    learned, others = digits()
    made = arrays.ArrayClassifier(
        hidden_layer_sizes=HIDDEN, partitioned=partitioned, spread=spread, learning_rate=0.02, random_state=seed
    )
    made.fit(*learned)
    right = [float(made.score(*others))]
    for _ in range(epochs):
        made.partial_fit(*learned)
        right.append(float(made.score(*others)))
    return right


def pairs(weights: Floats) -> arrays.Differential:
    """Return the encoding of weights by pairs of cells of 1 to 100 uS, whose largest is what one of them is."""
    return arrays.Differential(1e-6, 100e-6).fitted(weights)


def convolved(image: Floats) -> Floats:
    """Return what a staircase array gives for an image (kernel, row, column), all places at once."""
    weights = np.nan_to_num(arrays.staircase_matrix(KERNELS, image.shape))
    encoding = pairs(weights)
    cells = encoding.encode(weights)
    net = crossbar(*cells.shape)
    current = arrays.vmm(net, cell_conductances(net, cells), image.ravel())
    high, wide = (size - kernel + 1 for size, kernel in zip(image.shape, KERNELS.shape[1:], strict=True))
    return np.moveaxis(encoding.decode(current).reshape(high, wide, len(KERNELS)), -1, 0)


@PAPER.figure(
    "17a",
    title="perceptrons on arrays: exclusive or, and digits with cells that miss what they were given",
    place="Fig. 17 a, b",
    quick={"spreads": (0.0, 0.8), "epochs": 1},
    example=Example(
        "spreads=(0.4,), epochs=0",
        {"point": 200, "coordinate": 2, "layers": 2, "row": 41, "column": 41, "arrays": 2, "spread": 1, "epoch": 1},
        panels=3,
    ),
)
def figure17a(*, spreads: Sequence[float] = (0.0, 0.2, 0.4, 0.6, 0.8), epochs: int = 3) -> xr.Dataset:
    """Return what perceptrons of one and of two layers tell apart, and how online learning mends cells with a spread.

    Parameters
    ----------
    spreads : sequence of float
        Standard deviations of the logarithm of the factor by which programmed cells miss their conductances, 0 to 5.
    epochs : int
        How often all digits are learned online after that, 0 to 100.

    Returns
    -------
    xarray.Dataset
        `points` (point, coordinate) and `classes` (point) of exclusive or, `told` (layers, row, column), the class that
        a perceptron of one layer, and one with a hidden layer, gives to places of the square, and `exclusive_or`
        (layers), the share of points that are right. `right` (arrays, spread, epoch): the share of 597 digits that a
        perceptron of 64, 32 and 10 units has right, on two arrays and on parts of one, after programming (epoch 0) and
        after each epoch online.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or outside its range.
    ImportError
        Without scikit-learn.

    Notes
    -----
    The paper shows Merrikh Bayat et al., Nat. Commun. 2018, 9, 2331, and Li et al., Nat. Commun. 2018, 9, 2385, who
    use MNIST. Digits here are those of scikit-learn, 8 x 8 pixels.
    """
    import xarray as xr

    widths = [check.real("spreads", one, 0.0, 5.0, "[]") for one in elements.several("spreads", spreads)]
    count = check.integer("epochs", epochs, 0, 100)
    points, classes = exclusive_or()
    side = np.linspace(-0.5, 1.5, 41)
    places = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    made = {name: of_two_classes(layers) for name, layers in LAYERS.items()}
    told = [one.predict(places).reshape(side.size, -1) for one in made.values()]
    right = [[taught(one, partitioned=parts, epochs=count) for one in widths] for parts in PARTS.values()]
    return xr.Dataset(
        {
            "points": (("point", "coordinate"), points),
            "classes": ("point", classes),
            "told": (("layers", "row", "column"), told),
            "exclusive_or": ("layers", [one.score(points, classes) for one in made.values()]),
            "right": (("arrays", "spread", "epoch"), right),
        },
        {
            "layers": list(LAYERS),
            "row": side,
            "column": side,
            "arrays": list(PARTS),
            "spread": widths,
            "epoch": np.arange(count + 1),
        },
    )  # fmt: skip


@PAPER.drawing("17a")
def plot_figure17a(data: xr.Dataset) -> Figure:
    """Draw what both perceptrons make of the square, and digits that are right over the spread."""
    figure, axes = _pages.grid(3, 3, side=3.2)
    side = (float(data["column"][0]), float(data["column"][-1]))
    for ax, layers in zip(axes[:2], data["layers"].values, strict=True):
        one = data.sel(layers=layers)
        ax.imshow(one["told"], origin="lower", extent=(*side, *side), cmap="coolwarm", alpha=0.35)
        x, y = data["points"].values.T
        ax.scatter(x, y, c=data["classes"], cmap="coolwarm", s=6)
        ax.set(xlabel="first input", ylabel="second input")
        ax.set_title(f"{layers}: {100.0 * float(one['exclusive_or']):.0f} %", fontsize="medium")
    last = data.sizes["epoch"] - 1
    for one, look in zip(data["arrays"].values, ("o-", "s--"), strict=True):
        row = data["right"].sel(arrays=one)
        axes[2].plot(
            data["spread"], row.isel(epoch=0), look, color=_pages.RED, ms=4, lw=0.9, label=f"programmed, {one}"
        )
        if last:
            best = row.isel(epoch=slice(1, None)).max("epoch")
            axes[2].plot(data["spread"], best, look, color=_pages.BLUE, ms=4, lw=0.9, label=f"taught online, {one}")
    axes[2].axhline(0.1, color="0.6", ls="--", lw=0.8)
    axes[2].set(xlabel="spread of programmed cells", ylabel="digits right", ylim=(0.0, 1.03))
    axes[2].legend(frameon=False, fontsize="x-small", loc="lower left", bbox_to_anchor=(0.0, 0.1))
    _pages.letters(axes)
    return figure


@PAPER.figure(
    "17c",
    title="a staircase array convolves a whole image in one read",
    place="Fig. 17 c to e",
    example=Example("digit=3", {"row": 8, "column": 8, "kernel": 2, "high": 6, "wide": 6}, panels=4),
)
def figure17c(*, digit: int = 0) -> xr.Dataset:
    """Return an image and what a staircase array with two kernels makes of it.

    Parameters
    ----------
    digit : int
        Which of the 1797 digits of scikit-learn is the image, from 0.

    Returns
    -------
    xarray.Dataset
        `image` (row, column), 0 to 1; `convolved` (kernel, high, wide), by currents of the array, and `exact`, by
        `scipy.signal.correlate2d`; `cells`, the share of crossings of pillars and stairs at which there is a cell.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or outside its range.
    ImportError
        Without scikit-learn.

    Notes
    -----
    The paper shows Lin et al., Nat. Electron. 2020, 3, 225, doi 10.1038/s41928-020-0397-9. Pixels are voltages at
    pillars, and each stair has a cell where its kernel lies on a pixel; kernels are those of Sobel.
    """
    import xarray as xr
    from scipy.signal import correlate2d
    from sklearn.datasets import load_digits

    images = load_digits().images
    image = images[check.integer("digit", digit, 0, len(images) - 1)] / 16.0
    there = np.isfinite(arrays.staircase_matrix(KERNELS, image.shape))
    return xr.Dataset(
        {
            "image": (("row", "column"), image),
            "convolved": (("kernel", "high", "wide"), convolved(image)),
            "exact": (("kernel", "high", "wide"), [correlate2d(image, one, mode="valid") for one in KERNELS]),
            "cells": ((), float(there.mean())),
        },
        {"kernel": ["down", "across"]},
    )


@PAPER.drawing("17c")
def plot_figure17c(data: xr.Dataset) -> Figure:
    """Draw the image and both of its convolutions."""
    figure, axes = _pages.grid(3, 3, side=2.8)
    axes[0].imshow(data["image"], cmap="Greys")
    axes[0].set(xlabel="pillars", ylabel="pillars")
    most = float(np.abs(data["convolved"]).max())
    for ax, kernel in zip(axes[1:], data["kernel"].values, strict=True):
        shown = ax.imshow(data["convolved"].sel(kernel=kernel), cmap="coolwarm", vmin=-most, vmax=most)
        ax.set(xlabel="stairs", ylabel="stairs")
        ax.set_title(f"edges {kernel}", fontsize="medium")
    figure.colorbar(shown, ax=axes[1:], label="product", shrink=0.6)
    _pages.letters(axes)
    return figure
