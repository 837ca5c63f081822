# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 19. An array learns digits
#
# A crossbar multiplies a vector with a matrix in one read. Here it reads digits: with weights from software, with
# weights that it learns where its cells are, and with neurons that find patterns by themselves. After section 4.5.1
# of Chen et al., Adv. Mater. 2023, doi 10.1002/adma.202301924 ([arrays that learn](../docs/arrays-learning.md)).

# %%
import os

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

import memnet as mn

QUICK = os.environ.get("MEMNET_QUICK") == "1"
X, y = load_digits(return_X_y=True)
order = np.random.default_rng(0).permutation(len(X))
X, y = X[order] / 16, y[order]
train, test = slice(0, 1200), slice(1200, None)

# %% [markdown]
# ## Weights from software
#
# Each of 64 pixels and a bias drives a word line; each digit has a pair of bit lines, and a weight is the difference
# of two conductances from 1 to 100 µS. Ideal cells give what the software gives.

# %%
software = FrozenEstimator(LogisticRegression(max_iter=3000).fit(X[train], y[train]))


def score(**parameters):
    model = mn.arrays.ArrayClassifier(estimator=software, **{"random_state": 0, **parameters})
    return model.fit(X[train], y[train]).score(X[test], y[test])


print(f"software {software.score(X[test], y[test]):.4f}, array {score():.4f}")

# %% [markdown]
# What real cells, converters and lines make of it:

# %%
draws = 2 if QUICK else 10
cases = {
    "bits of a weight": ("weight_bits", [6, 5, 4, 3, 2, 1]),
    "bits of the converter": ("adc_bits", [8, 7, 6, 5, 4, 3, 2]),
    "spread of cells": ("spread", [0.05, 0.1, 0.2, 0.4, 0.8]),
    "line resistance (ohm)": ("line_resistance", [1.0, 3.0, 10.0, 30.0, 100.0]),
}
fig, axes = plt.subplots(1, 4, figsize=(10, 2.8), sharey=True, layout="constrained")
for ax, (label, (name, values)) in zip(axes, cases.items(), strict=True):
    seeds = range(draws if name == "spread" else 1)
    found = np.array([[score(**{name: value, "random_state": seed}) for seed in seeds] for value in values])
    ax.errorbar(values, found.mean(axis=1), found.std(axis=1), fmt="o-", ms=4)
    ax.set(xlabel=label, xscale="log" if name == "line_resistance" else "linear", ylim=(0, 1.02))
axes[0].set_ylabel("digits read right");
# %% [markdown]
# ## Learning where the cells are
#
# The delta rule: after each digit, the cells of a pair move by the learning rate times input times error, one up and
# one down. With soft bounds a cell moves by what is left of its range, as many devices do.

# %%
n_epochs = 2 if QUICK else 8


def epochs(n, **parameters):
    model = mn.arrays.ArrayClassifier(learning="in situ", random_state=0, **parameters)
    orders, found = np.random.default_rng(0), []
    for _ in range(n):
        places = orders.permutation(1200)
        model.partial_fit(X[places], y[places], classes=np.arange(10))
        found.append(model.score(X[test], y[test]))
    return model, found


fig, ax = plt.subplots(figsize=(6.5, 3.2), layout="constrained")
models = {}
for name, parameters in {
    "hard bounds": {},
    "soft bounds": {"bounds": "soft"},
    "lines of 1 ohm, batches of 20": {"line_resistance": 1.0, "batch_size": 20, "learning_rate": 0.005},
    "hidden layer of 32": {"hidden_layer_sizes": 32, "learning_rate": 0.005},
}.items():
    models[name], found = epochs(n_epochs, **parameters)
    ax.plot(range(1, n_epochs + 1), found, ".-", label=name)
    print(f"{name}: best {max(found):.4f}")
ax.set(xlabel="epoch", ylabel="digits read right")
ax.legend(fontsize="small");
# %% [markdown]
# The weights that it has learnt, a picture of each digit: red where a pixel speaks for it, blue against.

# %%
fig, axes = plt.subplots(1, 10, figsize=(10, 1.4), layout="constrained")
weights = models["hard bounds"].perceptron_.layers[0].weights
for digit, ax in enumerate(axes):
    image = ax.imshow(weights[:64, digit].reshape(8, 8), cmap="coolwarm", vmin=-1, vmax=1)
    ax.set_title(digit, fontsize="medium")
    ax.set(xticks=[], yticks=[])
fig.colorbar(image, ax=axes, label="weight", aspect=8);

# %% [markdown]
# ## Cells that missed
#
# Cells programmed with a spread of 0.4 read worse. One pass of learning in situ over the same digits mends most of
# it.

# %%
model = mn.arrays.ArrayClassifier(estimator=software, spread=0.4, learning_rate=0.005, random_state=3)
before = model.fit(X[train], y[train]).score(X[test], y[test])
after = model.partial_fit(X[train], y[train]).score(X[test], y[test])
print(f"programmed {before:.4f}, after one pass {after:.4f}")
assert after > before

# %% [markdown]
# ## Kernels
#
# A convolution on a second array, a step of a pipeline before the classifier. On a staircase array a whole image is
# convolved in one read, with the same result.

# %%
features = mn.arrays.ArrayConvolution(kernels=8, pool=2)
pipeline = make_pipeline(features, mn.arrays.ArrayClassifier()).fit(X[train], y[train])
print(f"with kernels {pipeline.score(X[test], y[test]):.4f}")
stairs = mn.arrays.ArrayConvolution(kernels=8, pool=2, array="staircase").fit(X[train])
print(
    "staircase and unrolled differ by less than 1e-12:", abs(stairs.transform(X) - features.transform(X)).max() < 1e-12
)

# %% [markdown]
# ## Neurons that find patterns by themselves
#
# Six neurons at the columns of an array see four patterns. A neuron that fires sends a spike of two halves back into
# its column, which teaches the synapses, and keeps the other neurons quiet. Below: what is shown, and the weights of
# each neuron.

# %%
words = ("1111100010000000", "0001000100110010", "0000011001101100", "1001011000001001")
patterns = np.array([[int(one) for one in word] for word in words])
shown = patterns[np.random.default_rng(103).integers(4, size=80)]
layers = {
    name: mn.arrays.SpikingLayer(16, 6, teach=teach, seed=3)
    for name, teach in (("taught", (-0.8, 1.2)), ("0 V", (0.0, 0.0)))
}
for layer in layers.values():
    layer.learn(shown)
fig, axes = plt.subplots(3, 6, figsize=(7, 3.6), layout="constrained")
rows = {"shown": patterns.T, **{name: layer.weights for name, layer in layers.items()}}
for row, (name, columns) in zip(axes, rows.items(), strict=True):
    for k, ax in enumerate(row):
        ax.set(xticks=[], yticks=[])
        if k < columns.shape[1]:
            image = ax.imshow(columns[:, k].reshape(4, 4), cmap="gray_r", vmin=0, vmax=1)
        else:
            ax.set_visible(False)
    row[0].set_title(name, loc="left", fontsize="small")
fig.colorbar(image, ax=axes, label="pixel, weight")
print(
    "who fires for each pattern:",
    {name: layer.respond(patterns).argmax(axis=1).tolist() for name, layer in layers.items()},
)

# %% [markdown]
# ## Now you
#
# * How many bits does a hidden layer need? `hidden_layer_sizes=32` and `weight_bits`.
# * `device=mn.BipolarThreshold(g_on=1e-4, g_off=1e-6, I_0=0.005)` in situ: cells that pulses move.
# * More patterns than neurons.
