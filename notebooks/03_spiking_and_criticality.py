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
# # 3. Spiking, correlations, and how not to fool yourself about criticality
#
# A network of spiking gaps at constant voltage never comes to rest: filaments form and break, and each switch moves
# the voltages on all others. Are the events independent? Are they *critical*? This notebook measures, and at each
# step compares with a surrogate that has the same intervals in random order.

# %%
import os

import matplotlib.pyplot as plt
import numpy as np

import memnet as mn

QUICK = os.environ.get("MEMNET_QUICK") == "1"
STEPS = 100_000 if QUICK else 500_000

net = mn.percolating(size=100 if QUICK else 200, coverage=0.65, seed=5)
data = mn.Simulation(net, mn.TunnelGap(), {"left": 2.0, "right": 0.0}, seed=0).run(STEPS)
events = mn.analysis.events(data, per_step=True, start=STEPS // 5)  # the first fifth is warm-up
print(f"{events.step.size} steps with events, {events.rate:.4f} a step")

# %%
fig, ax = plt.subplots(figsize=(11, 3))
mn.plot.trace(data.isel(time=slice(STEPS - 3000, STEPS)), variable="conductance", ax=ax);

# %% [markdown]
# ## Intervals between events
#
# A straight line on logarithmic axes is *not* evidence of a power law: fit by maximum likelihood, ask for the goodness
# of fit, and compare with the alternatives. A negative ratio says that the alternative is better.

# %%
intervals = mn.analysis.inter_event_intervals(events)
fit = mn.analysis.fit_power_law(intervals, discrete=True, n_bootstrap=20, n_p=20, seed=1)
print(f"{fit.n} of {fit.n_total} intervals are in the fit, those from {fit.xmin:g} on")

# %% [markdown]
# The lower end was searched: it is where the law lies nearest to the data. Such a search may hide the answer, for it
# moves into the tail, where fewer and fewer values decide. Ask the same of all intervals: `xmin=1`.

# %%
whole = mn.analysis.fit_power_law(intervals, discrete=True, xmin=1, n_bootstrap=20, n_p=20, seed=1)
fig, axes = plt.subplots(1, 2, figsize=(11, 4.8), layout="constrained")
for ax, one in zip(axes, (fit, whole), strict=True):
    names = ["exponential", "lognormal", "truncated_power_law"]
    mn.plot.distribution(one, ax=ax, alternatives=names, label="interval (steps)")

# %% [markdown]
# Both times p is 0, so a power law is refused, and what bends down is better: a log-normal, a power law with a cut-off.
# An exponential is worse than any of them. The intervals are broad, and that is all.

# %% [markdown]
# ## Correlations between intervals
#
# The autocorrelation of the event train decays slowly, and so does that of its surrogate: much of what looks like
# long memory is only the broad distribution of intervals. What counts is the distance between the two.

# %%
correlation = mn.analysis.autocorrelation(events, max_lag=10_000, n_surrogates=20, seed=1)
print(f"above its surrogates over {correlation.decades_above():.2f} decades of lag")
fig, ax = plt.subplots(figsize=(5, 4))
ax.fill_between(correlation.lag, np.maximum(correlation.low, 1e-6), correlation.high, alpha=0.3, label="surrogates")
ax.loglog(correlation.lag, np.maximum(correlation.value, 1e-6), "o-", label="events")
ax.set(xlabel="lag (steps)", ylabel="autocorrelation", ylim=(1e-4, 1))
ax.legend();

# %% [markdown]
# ## Avalanches
#
# Bin the events by their mean interval; runs of non-empty bins are avalanches. A critical system has power laws in
# size ($\tau$) and duration ($\alpha$), a mean size that scales with duration, one shape for all durations, and
# exponents that fit together: $(\alpha-1)/(\tau-1)$ equals the exponent of the mean size. `summary` weighs them, beside
# surrogates whose intervals are the same and in random order: whatever survives the shuffle was never about
# correlations.

# %%
found = mn.analysis.avalanches(mn.analysis.events(data, start=STEPS // 5))
critical = mn.analysis.criticality(found, n_bootstrap=20, n_p=20, seed=1)
print(critical.summary())

# %%
mn.plot.avalanches(critical);

# %% [markdown]
# The fits hold for the last, steep end of both distributions only, over less than a decade, so nothing can be concluded
# about a critical point from this run, although its avalanches differ a little from those of shuffled intervals.

# %% [markdown]
# **Exercises.** 1. Repeat with five network seeds: is the spread between networks larger than the error bars? 2. Use
# networks with longer paths (`coverage=0.60`, 3 V). 3. The map in [tunnel_gap.md](../docs/models/tunnel_gap.md) shows
# where in voltage and rates correlations exceed the surrogate. Pick a point in each region and look at its trace.
