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

# %%
import os

import matplotlib.pyplot as plt

import memnet as mn

QUICK = os.environ.get("MEMNET_QUICK") == "1"

net = mn.percolating(size=150 if QUICK else 400, coverage=0.65, seed=5)
pulses = mn.drive.pulses(low=1.25, high=6.0, length=250, spacing=250, count=7)


def train(devices, drive=pulses, steps=3500):
    """One run under pulses; returns the data and how the network answered."""
    data = mn.Simulation(net, devices, {"left": drive, "right": 0.0}, seed=0).run(steps)
    return data, mn.analysis.plasticity(data, window=100)


mixture = mn.mix(net, [(mn.TunnelGap(), 0.75), (mn.RateBalance(), 0.25)], seed=6)
data, answer = train(mixture)

# %%
fig, (top, bottom) = plt.subplots(2, 1, figsize=(11, 5), sharex=True)
top.plot(data.time, data.conductance, lw=0.5, color="0.6")
top.plot(answer.time, answer.conductance.average)
top.set(ylabel="conductance (S)")
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
warm_up = mn.drive.concat([(6.0, 1750.0), (1.25, 250.0), (pulses, float("inf"))])
sim = mn.Simulation(net, mn.TunnelGap(), {"left": warm_up, "right": 0.0}, seed=0)
sim.run(2000)
warm = mn.analysis.plasticity(sim.run(3500), window=100)
for name, one in (("A:C", answer), ("A", control), ("A, warmed up", warm)):
    trend = one.conductance.trend
    print(f"{name:13s} pulses {one.conductance.pulse.round(3)}  tau {trend.tau:+.2f}  p {trend.p_rising:.3f}")

# %% [markdown]
# ## Forgetting takes time
#
# The longer the spacing between pulses, the more should be lost before the next one. Filaments that happen to be
# bridged in a pause blur that on a small network: average over seeds before you call a curve monotone
# ([pnn2025.md](../docs/papers/pnn2025.md) does, on 800 x 800).

# %%
spacings = (50, 250, 1000)
lost = []
for spacing in spacings:
    drive = mn.drive.pulses(low=1.25, high=6.0, length=250, spacing=spacing, count=4)
    fresh = mn.mix(net, [(mn.TunnelGap(), 0.75), (mn.RateBalance(), 0.25)], seed=6)
    _, one = train(fresh, drive, steps=4 * (250 + spacing))
    lost.append(float(one.conductance.forgetting.mean()))
fig, ax = plt.subplots(figsize=(5, 3))
ax.semilogx(spacings, lost, "o-")
ax.set(xlabel="spacing (s)", ylabel="share of the conductance that is forgotten")

# %% [markdown]
# **Exercises.** 1. Type B synapses instead of C: which learns more? 2. Fractions of 5, 50 and 100 % synapses. Where
# do the spikes go? 3. Retune: raise `r_d` for a larger network until its event rate matches that of the smaller one.
