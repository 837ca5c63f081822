"""Samples of power laws, which several tests share."""

import numpy as np

# A fit without errors and p values.
QUICK = {"n_bootstrap": 0, "n_p": 0, "seed": 1}


def zeta_sample(s, n, seed, xmin=1, xmax=None):
    """Integers with p ~ k**-s, by NumPy's or SciPy's sampler, not ours."""
    rng = np.random.default_rng(seed)
    if xmax is not None:
        k = np.arange(xmin, xmax + 1)
        return rng.choice(k, size=n, p=k**-s / (k**-s).sum())
    values = rng.zipf(s, size=20 * n if xmin > 1 else n)
    return values[values >= xmin][:n]


def pareto_sample(s, n, seed, xmin=1.0):
    return xmin * (1 + np.random.default_rng(seed).pareto(s - 1, size=n))


def cut_sample(seed, discrete):
    """p ~ x**-1.5 exp(-x/30) by rejection."""
    rng = np.random.default_rng(seed)
    x = zeta_sample(1.5, 20_000, seed) if discrete else pareto_sample(1.5, 20_000, seed)
    return x[rng.random(x.size) < np.exp(-(x - 1) / 30)][:3000]
