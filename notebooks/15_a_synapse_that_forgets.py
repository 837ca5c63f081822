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
# # 15. A synapse that forgets
#
# Silver particles diffuse in an oxide between two terminals. A voltage pulls them into a bridge, and without it they fall
# back: a memristor that forgets by itself, as the calcium in a synapse is pumped out. From one pulse to delay and
# relaxation, from two to facilitation and depression, and with a second memristor that does not forget to a weight that
# learns from the rate of pulses and from the time between spikes. After Wang et al., Nature Materials 2017, 16, 101.
#
# Units are the device's own: times in $1/\kappa$, the time in which it cools (about 1 ms), voltages in $V_{th}$ (about 0.4 V).

# %%
import os

import matplotlib.pyplot as plt
import numpy as np

import memnet as mn

QUICK = os.environ.get("MEMNET_QUICK") == "1"
RUNS = 12 if QUICK else 48

device = mn.DiffusiveMemristor()
g_max = 1.0 / ((device.n + 1) * np.exp(2.0 / ((device.n + 1) * device.lam)))  # all gaps alike


def side_by_side(wave, dt, seed=1):
    """Realisations as parallel edges of one simulation; each has noise of its own."""
    net = mn.Network(2, [(0, 1)] * RUNS, electrodes={"in": 0, "out": 1})
    return mn.Simulation(net, device, {"in": wave, "out": 0.0}, dt=dt, seed=seed)


# %% [markdown]
# ## One pulse: delay and relaxation
#
# $2\,V_{th}$ for $2.5/\kappa$, as 0.75 V for 2.5 ms. Nothing happens for a while, then the current jumps; after the pulse it
# goes on conducting.

# %%
sim = side_by_side(mn.drive.steps([2.0, 0.0], [0.0, 2.5]), dt=0.02)
data = sim.run(duration=100.0, record=["state:r", "state:x"], every=5)
share = 1.0 / data.state_r.values / g_max
fig, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.4), layout="constrained")
left.semilogy(data.time, share[:, :12], color="0.8", lw=0.7)
left.semilogy(data.time, share.mean(axis=1), color="#1f5fd0", label="mean")
left.axvspan(0.0, 2.5, color="#e8820c", alpha=0.15, label="pulse")
left.axhline(0.02, color="0.4", lw=0.8, ls="--", label="relaxed")
left.set(xlabel=r"time ($1/\kappa$)", ylabel=r"$G/G_{max}$", xscale="log", xlim=(0.1, 100.0))
left.legend(fontsize="small", loc="lower left")
x = data.state_x.values[:, 0]
right.plot(data.time, x[:, ::2], lw=0.4, color="#7b3fa0")
right.set(xlabel=r"time ($1/\kappa$)", ylabel="place of each second particle", xscale="log", xlim=(0.1, 100.0))
found = mn.analysis.switching(data.time.values, share, on=0.0, off=2.5, g_max=1.0)
delay, relaxation = (found.quantile(what)[0] for what in ("delay", "relaxation"))  # medians
print(f"{found.switched.sum()} of {RUNS} switch within the pulse; median delay, the others counted too: {delay:.2f}")
print(
    f"{found.relaxed.sum()} are then above the dashed line and come back to it; median {relaxation:.0f} after the pulse"
)

# %% [markdown]
# The delay is random, as the first particles have to leave their wells. Relaxation takes many times longer than cooling
# ($1/\kappa$): it is diffusion, hop by hop, back to the terminals. So the device knows for some ten $1/\kappa$ that there
# was a pulse. That is what all that follows lives on.
#
# ## Two pulses, ten pulses: facilitation and depression
#
# `mn.analysis.paired_pulse` applies trains with several gaps $t_{zero}$, and reads at the end of each pulse. First short
# pulses, which are far from a bridge; then long ones, each of which makes one.

# %%
intervals = [0.1, 1.0, 10.0] if QUICK else [0.1, 0.3, 1.0, 3.0, 10.0, 30.0]
fig, axes = plt.subplots(1, 3, figsize=(11, 3.4), layout="constrained")
for ax, volts, width, colour in ((axes[0], 5.0, 0.1, "#2f9e44"), (axes[1], 3.0, 2.0, "#d6283a")):
    trains = mn.analysis.paired_pulse(
        device, intervals, amplitude=volts, width=width, count=10, dt=0.05, realisations=RUNS, seed=1
    )
    for k, interval in enumerate(intervals):
        shade = plt.colormaps["viridis"](0.9 * k / len(intervals))
        ax.errorbar(
            trains.pulse, trains.index[k], trains.index_error[k], fmt="o-", ms=3, color=shade, label=f"{interval:g}"
        )
    ax.axhline(1.0, color="0.7", lw=0.8)
    ax.set(xlabel="pulse", ylabel="$G_n/G_1$", yscale="log", title=rf"{volts:g} $V_{{th}}$ for {width:g}/$\kappa$")
    second = trains.index.sel(pulse=2), trains.index_error.sel(pulse=2)
    axes[2].errorbar(intervals, *second, fmt="o-", color=colour, label=rf"{volts:g} $V_{{th}}$ for {width:g}/$\kappa$")
    print(f"{volts:g} V_th for {width:g}: second over first " + ", ".join(f"{one:.2f}" for one in second[0].values))
axes[0].legend(title=r"$t_{zero}\kappa$", fontsize="x-small", title_fontsize="x-small")
axes[2].axhline(1.0, color="0.7", lw=0.8)
axes[2].set(xlabel=r"$t_{zero}$ ($1/\kappa$)", ylabel="$G_2/G_1$", xscale="log")
axes[2].legend(fontsize="small")
assert (trains.index.sel(pulse=2) < 1.0).all()  # of the long pulses

# %% [markdown]
# Short pulses facilitate (PPF), and the more so the faster they come: particles are in the gap that have not found back.
# Long ones depress (PPD): each carries particles across to the other terminal, from where none come back, and a terminal
# that is empty builds no bridge. Both are in one train if it only goes on long enough:

# %%
sim = side_by_side(mn.drive.pulses(0.0, 5.0, length=0.1, spacing=0.1), dt=0.05)
rows = [4 * k + 2 for k in range(40)]  # the last moment of each pulse
data = sim.run(rows[-1] + 1, record={"snapshot:state:r": (device, rows), "snapshot:state:x": (device, rows)})
share = 1.0 / data.snapshot_state_r.values / g_max
on_the_left = (data.snapshot_state_x.values < 0.0).sum(axis=-1)
pulse = np.arange(1, 41)
fig, ax = plt.subplots(figsize=(6.5, 3.4), layout="constrained")
ax.errorbar(pulse, share.mean(axis=1), share.std(axis=1) / RUNS**0.5, fmt="o-", ms=3, color="#1f5fd0")
ax.set(xlabel="pulse", ylabel=r"$G/G_{max}$")
ax.yaxis.label.set_color("#1f5fd0")
other = ax.twinx()
other.plot(pulse, on_the_left.mean(axis=1), color="#8a5a2b")
other.set_ylabel("particles in the left half", color="#8a5a2b")
peak = pulse[share.mean(axis=1).argmax()]
level = share.mean(axis=1)
print(f"after 4 pulses {level[3]:.2f}, after 7 {level[6]:.2f}; most after {peak}: {level[peak - 1]:.2f}")
assert 7 <= peak <= 15

# %% [markdown]
# ## A weight that stays: rate
#
# In series with a memristor that drifts, and only above a threshold of voltage. Where the diffusive one does not conduct, it
# takes nearly all of the voltage. Where fast pulses have opened it, the rest is for the other. So the weight learns the
# *rate*: `mn.analysis.srdp`.

# %%
drift = {"r_on": 200.0, "r_off": 1000.0, "mu": 2.0, "d": 1.0, "v_threshold": 3.0}  # 200 to 1,000 r_t, dx/dt = 400 i


def synapse(weight, first="in", last="out"):
    circuit = mn.Circuit()
    circuit.add(first, "middle", device, name="diffusive")
    circuit.add("middle", last, mn.LinearDrift(**drift, x_initial=weight), name="drift")
    return circuit


intervals = [0.1, 1.0, 10.0] if QUICK else [0.1, 0.3, 1.0, 3.0, 10.0, 30.0]
rate = mn.analysis.srdp(
    synapse(0.0), intervals, amplitude=6.5, width=0.1, count=15, weight="drift", state="x", dt=0.02,
    realisations=RUNS, seed=1,
)  # fmt: skip
fig, ax = plt.subplots(figsize=(6, 3.4), layout="constrained")
ax.semilogx(intervals, rate.change, ".", color="0.8", ms=4)
ax.errorbar(intervals, rate.change_mean, rate.change_error, fmt="o--", color="#d6283a")
ax.set(xlabel=r"$t_{zero}$ ($1/\kappa$)", ylabel="change of the weight by 15 pulses")
print("mean change:", ", ".join(f"{t:g}: {one:.2f}" for t, one in zip(intervals, rate.change_mean.values, strict=True)))
assert rate.change_mean[0] > 0.9 > rate.change_mean[-1]

# %% [markdown]
# Single synapses learn all or little; only their mean is a smooth curve. (At long $t_{zero}$ it takes luck to get one bridge,
# but then the drift memristor switches at once.)
#
# ## And time
#
# A spike is a short high and then a long low voltage. The high part comes too early for the diffusive memristor of a fresh
# synapse, the low part opens it but is below the threshold of the other: so *one* spike changes nothing, exactly. The second
# spike finds the path open, if it does not come too late. Both are the same at their own ends, and so of opposite sign across
# the synapse; which is first decides the sign: `mn.analysis.stdp`.

# %%
spike = mn.drive.concat([(-5.0, 0.1), (-2.5, 10.0), (0.0, None)])
sizes = [1.0, 20.0] if QUICK else [1.0, 5.0, 10.0, 20.0, 40.0, 80.0]
delays = [-one for one in sizes[::-1]] + sizes
timing = mn.analysis.stdp(
    synapse(0.5, "pre", "post"), delays, pre=spike, delay_from="end", weight="drift", state="x", dt=0.02,
    realisations=RUNS, seed=1,
)  # fmt: skip
fig, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.4), layout="constrained")
t = np.linspace(-1.0, 24.0, 2501)
late = mn.drive.concat([(0.0, 12.1), (spike, None)])
across = np.array([(spike(one) if one >= 0 else 0.0) - (late(one) if one >= 0 else 0.0) for one in t])
left.plot(t, across, color="#d6283a", label="pre first")
left.plot(t, -across - 13.0, color="#1f5fd0", label="post first")
left.set(xlabel=r"time ($1/\kappa$)", ylabel="voltage across ($V_{th}$)", yticks=[-5, 0, 5])
left.legend(fontsize="small")
right.plot(delays, timing.change, ".", color="0.85", ms=4)
right.errorbar(delays, timing.change_mean, timing.change_error, fmt="o", color="k")
right.axhline(0.0, color="0.7", lw=0.8)
right.set(xlabel=r"$\Delta t$ ($1/\kappa$)", ylabel="change of the weight")
print(f"first spike alone: {np.abs(timing.change_first).max().item()}")
for one in (1.0, -1.0):
    at = timing.sel(delay=one)
    print(f"delta t = {one:+g}: {at.change_mean.item():+.3f} +- {at.change_error.item():.3f}")
assert (timing.change_first == 0.0).all()
assert timing.change_mean.sel(delay=1.0) > 0.1
assert timing.change_mean.sel(delay=-1.0) < -0.1

# %% [markdown]
# Spikes need not overlap, as they must for a drift memristor alone: the particles keep the time. The window is as wide as
# they take to diffuse back.
#
# Not everything in the paper comes out: [docs/papers/diffusive2017.md](../docs/papers/diffusive2017.md) has its statements
# beside numbers. `memnet reproduce diffusive2017 --all` draws its figures.
#
# **Exercises.** 1. Colder, `theta0=0.3`: how wide does the window become? 2. `c_t=0` switches the heat off. What needs it?
# 3. Send bipolar pulses, +5 and -5 in turns. Do they deplete a terminal? 4. Which gap between fast pulses is best for a
# large peak?
