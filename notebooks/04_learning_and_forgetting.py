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
# # 4. Learning and forgetting
#
# Replace a quarter of the spiking gaps by memristive synapses and drive the network with voltage pulses. During a
# pulse synapses potentiate, conductance and event rate rise; between pulses they relax.
#
# `analysis.plasticity` looks for the pulses in the voltage. We tell it at which voltage the network rests: long pulses
# with short rests look like short pulses downwards, and nothing in the voltage tells which is meant.

# %%
import os

import matplotlib.pyplot as plt

import memnet as mn

QUICK = os.environ.get("MEMNET_QUICK") == "1"

net = mn.percolating(size=150 if QUICK else 400, coverage=0.65, seed=5)
rest = 1.25
pulses = mn.drive.pulses(low=rest, high=6.0, length=250, spacing=250, count=7)


def train(devices, drive=pulses, duration=3500.0):
    """One run under pulses; returns the data and how the network answered."""
    data = mn.Simulation(net, devices, {"left": drive, "right": 0.0}, seed=0).run(duration=duration)
    return data, mn.analysis.plasticity(data, window=100, rest=rest)


mixture = mn.mix(net, [(mn.TunnelGap(), 0.75), (mn.RateBalance(), 0.25)], seed=6)
data, answer = train(mixture)

# %%
fig, (top, bottom) = plt.subplots(2, 1, figsize=(11, 5), sharex=True)
top.plot(data.time, data.conductance, lw=0.5, color="0.6")
top.plot(answer.time, answer.conductance.average, label="mean of the last 100 s")
top.set(ylabel="conductance (S)")
top.legend(loc="upper left")
bottom.plot(answer.time, answer.rate.average)
bottom.set(ylabel="events a step", xlabel="time (s)")
for ax in (top, bottom):
    for start, stop in zip(answer.start, answer.stop, strict=True):
        ax.axvspan(start, stop, color="gold", alpha=0.2)

# %% [markdown]
# Mean conductance in each pulse, and a trend test (Kendall's tau): does it rise from pulse to pulse?

# %%
response = answer.conductance
print("in the pulses   ", response.pulse.round(3))
print("forgotten after ", response.forgetting.round(3))
print(f"trend: tau = {response.trend.tau:.2f}, p = {response.trend.p_rising:.3f} {response.trend.message}")

# %% [markdown]
# ## The control
#
# Pure Type A also starts from nothing: its filaments need time to grow, so its first pulses rise, too. Learning is
# what memristors add *beyond* that. Run the control beside it, and again after a warm-up that fills the filaments.

# %%
control_data, control = train(mn.TunnelGap())
warm_up = mn.drive.concat([(6.0, 1750.0), (rest, 250.0), (pulses, float("inf"))])
sim = mn.Simulation(net, mn.TunnelGap(), {"left": warm_up, "right": 0.0}, seed=0)
sim.run(duration=2000.0)
warm = mn.analysis.plasticity(sim.run(duration=3500.0), window=100, rest=rest)
for name, one in (("A:C", answer), ("A", control), ("A, warmed up", warm)):
    trend = one.conductance.trend
    print(f"{name:13s} pulses {one.conductance.pulse.round(3)}  tau {trend.tau:+.2f}  p {trend.p_rising:.3f}")

# %% [markdown]
# The control rises as steadily as the mixture, as tau says, but from nothing to less than a fifth of the mixture's
# conductance; once its filaments are there, seven pulses show no trend (p above 0.05). What the synapses add is the
# level, and its rise over the first pulses.
#
# ## Forgetting takes time
#
# The longer the spacing between pulses, the more should be lost before the next one. Filaments that happen to be
# bridged in a pause blur that on a small network: average over seeds before you call a curve monotone
# ([pnn2025.md](../docs/papers/pnn2025.md) does, on 800 x 800).

# %%
spacings = (50, 250, 1000)
lost = []
for spacing in spacings:
    drive = mn.drive.pulses(low=rest, high=6.0, length=250, spacing=spacing, count=4)
    fresh = mn.mix(net, [(mn.TunnelGap(), 0.75), (mn.RateBalance(), 0.25)], seed=6)
    _, one = train(fresh, drive, duration=4.0 * (250 + spacing))
    lost.append(float(one.conductance.forgetting.mean()))
fig, ax = plt.subplots(figsize=(5, 3))
ax.semilogx(spacings, lost, "o-")
ax.set(xlabel="spacing (s)", ylabel="forgotten share", xticks=spacings, xticklabels=spacings)
ax.minorticks_off()

# %% [markdown]
# **Exercises.** 1. Type B synapses instead of C: which learns more? 2. Fractions of 5, 50 and 100 % synapses. Where
# do the spikes go? 3. Retune: raise `r_d` for a larger network until its event rate matches that of the smaller one.
