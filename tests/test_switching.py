"""Delays, rises and relaxations of threshold switching, of closed forms and with censored ones among them."""

import numpy as np
import pytest

import memnet as mn

switching = mn.analysis.switching

IN_SIEMENS = {"g_max": 1.0, "level": 0.1, "relaxed": 0.02}


def exponentials(time, rates, *, on=1.0, off=6.0, low=0.01):
    """Conductances that grow exponentially in a pulse and fall as fast after it; and those at its end."""
    top = low * np.exp((off - on) * np.asarray(rates))
    up = low * np.exp(np.outer(np.clip(time, on, off) - on, rates))
    down = top * np.exp(-np.outer(np.maximum(time - off, 0.0), rates))
    return np.where((time <= off)[:, None], up, down), top


@pytest.mark.parametrize("seed", range(5))
def test_exponential_times_are_exact_at_any_rows(seed):
    rates = np.array([0.7, 1.0, 1.7])
    time = np.unique(np.r_[0.0, 1.0, 6.0, 12.0, np.random.default_rng(seed).uniform(0.0, 12.0, 40)])
    g, top = exponentials(time, rates)
    found = switching(time, g, on=1.0, off=6.0, **IN_SIEMENS)
    np.testing.assert_allclose(found.delay[0], np.log(10.0) / rates, rtol=1e-12)
    np.testing.assert_allclose(found.relaxation[0], np.log(top / 0.02) / rates, rtol=1e-12)
    assert found.switched.all() and found.relaxed.all() and not found.on_before.any()
    low, high = (0.01 + share * (top - 0.01) for share in (0.1, 0.9))
    np.testing.assert_allclose(found.rise[0], np.log(high / low) / rates, rtol=1e-12)
