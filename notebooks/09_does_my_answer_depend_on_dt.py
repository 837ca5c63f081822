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
# # 9. Does my answer depend on dt?
#
# A simulation takes steps, and an answer should not tell how long they were. This notebook shows how to find out, why
# the usual way, a shorter step until the curve looks good, may deceive, and what to do instead. [The page on
# time](../docs/time.md) has the rules; here is how they feel.

# %%
import os
import warnings

import matplotlib.pyplot as plt
import numpy as np

import memnet as mn

QUICK = os.environ.get("MEMNET_QUICK") == "1"

net = mn.nanowires(300, size=100.0, length=20.0, length_sd=5.0, seed=3)
junction = mn.RateBalance(kappa_p0=1e-4, kappa_d0=0.5, eta_p=10.0, eta_d=1.0, g_min=1e-3, g_max=0.1)
drive = {"left": 8.0, "right": 0.0}

# %% [markdown]
# ## A run that warns
#
# The network of [notebook 6](06_nanowire_network.ipynb), 8 V from t = 0 on, steps of 50 ms. memnet says what it
# thinks of them; we catch the warning and print it.

# %%
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    coarse = mn.Simulation(net, junction, drive, dt=0.05).run(duration=10.0)
for warning in caught:
    print(f"{warning.category.__name__}: {warning.message}")

# %% [markdown]
# What was compared? One step from the present state, and two of half its length from the same state. You can ask for
# it yourself, at any moment; the simulation does not move.

# %%
for dt in (0.05, 5e-3, 5e-4, 5e-5, 5e-6, 5e-7):
    sim = mn.Simulation(net, junction, drive, dt=dt)
    print(f"dt = {dt:7g} s: the first step and its halves differ by {100 * sim.check_step():.2g} %")

# %% [markdown]
# Above 5 % there is a warning. No warning is no proof: what was compared is *one* step, the first. Steps of 50 µs would
# pass, 200,000 of them for 10 s. Are they good enough?
#
# ## Shorter, until it looks good
#
# What everybody does: repeat with a shorter step until nothing seems to change. We know what is wrong with the long
# ones, so the warning is kept quiet in this cell.

# %%
runs = {0.05: coarse}
with warnings.catch_warnings():
    warnings.simplefilter("ignore", mn.StepWarning)
    for dt in (5e-3, 1e-3) if QUICK else (5e-3, 1e-3, 5e-5):
        runs[dt] = mn.Simulation(net, junction, drive, dt=dt).run(duration=10.0)
for dt, data in runs.items():
    g = data.conductance
    print(f"dt = {dt:6g} s: largest conductance {float(g.max()):.5f} S, after 10 s {float(g[-1]):.5f} S")

# %% [markdown]
# The overshoot goes away, the end converges to three digits. One is tempted to stop here.
#
# ## Steps that follow from their errors
#
# `method="adaptive"` chooses its steps itself, so that errors stay near `rtol`, and `dt` is only the spacing of the rows.
# To see many decades of time, look with rows of several spacings; the answer is the same, so the pieces fit.


# %%
def follow(rtol, devices=junction, last=10.0):
    """Times and conductances over many decades: rows of several spacings, from several runs."""
    times, values = [], []
    for spacing in np.geomspace(last * 1e-7, last / 10.0, 7):
        data = mn.Simulation(net, devices, drive, dt=spacing, method="adaptive", rtol=rtol).run(11)
        times.extend(data.time.values[1:])
        values.extend(data.conductance.values[1:])
    order = np.argsort(times)
    return np.array(times)[order], np.array(values)[order]


fig, ax = plt.subplots(figsize=(9, 4.2), layout="constrained")
for dt, data in runs.items():
    ax.semilogx(data.time[1:], data.conductance[1:], label=f"fixed, dt = {dt:g} s")
ax.semilogx(*follow(1e-3), "k", lw=2, label="adaptive, rtol = 1e-3")
ax.set(xlabel="time since the voltage was applied (s)", ylabel="conductance (S)")
ax.legend();
# %% [markdown]
# All fixed runs end near where they should, and each gets there in its own way, the one without a warning too. The junction with the most voltage has 2.8 V,
# and $\kappa_{P0}\,e^{\eta_P |v|}$ makes that $10^8$ per second. When it has switched, others have its voltage, and so
# the network opens up one junction after the other. A fixed step holds the voltages and lets all of them switch at
# once; what should not have switched takes seconds to decay. Any step beyond some nanoseconds makes this mistake, in
# its very first step, and no later step mends it.
#
# ## What it costs
#
# Count factorisations of the circuit's matrix, the unit of work here.

# %%
for dt in runs:
    print(f"fixed, dt = {dt:g} s: {round(10.0 / dt)} factorisations")
ends = {}
for rtol in (1e-1, 1e-2, 1e-3, 1e-4, 1e-5):
    sim = mn.Simulation(net, junction, drive, dt=10.0, method="adaptive", rtol=rtol)
    ends[rtol] = float(sim.run(2).conductance[-1])
    sim = mn.Simulation(net, junction, drive, dt=10.0, method="adaptive", rtol=rtol)
    sim.step(1)
    count = sim.counters["factorisations"]
    print(f"adaptive, rtol = {rtol:6g}: {count:4d} factorisations, {ends[rtol]:.7f} S after 10 s")

# %% [markdown]
# Each digit more costs a factor of two or three. The test of an adaptive answer is another `rtol`: if a tenth of it
# changes the fourth digit, believe three. Below are the errors on the way, and a dotted line at each tolerance.

# %%
fine = follow(1e-5)[1]
fig, ax = plt.subplots(figsize=(8, 3.6), layout="constrained")
for rtol in (1e-1, 1e-2, 1e-3):
    times, values = follow(rtol)
    ax.loglog(times, abs(values / fine - 1.0), ".", label=f"rtol = {rtol:g}")
    ax.axhline(rtol, color=ax.lines[-1].get_color(), lw=0.6, ls=":")
ax.set(xlabel="time (s)", ylabel="relative difference from rtol = 1e-5")
ax.legend();
# %% [markdown]
# ## Where fixed steps are all right
#
# Slow drives, moderate voltages: then halving the step halves the error, and you can see it. A square lattice under a
# sine, the error of the conductance at one moment:

# %%
lattice = mn.grid(12, 12, "none")
wave = {"left": mn.drive.sine(2.0, 0.5), "right": 0.0}
sim = mn.Simulation(lattice, mn.RateBalance(), wave, dt=1.5, method="adaptive", rtol=1e-6)
truth = float(sim.run(2).conductance[-1])
steps = np.array([0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001])
errors = []
for dt in steps:
    sim = mn.Simulation(lattice, mn.RateBalance(), wave, dt=float(dt))
    errors.append(abs(float(sim.run(round(1.5 / dt) + 1).conductance[-1]) / truth - 1.0))
order = np.polyfit(np.log(steps), np.log(errors), 1)[0]
print(f"the error falls with dt to the power {order:.2f}")
fig, ax = plt.subplots(figsize=(6, 3.6), layout="constrained")
ax.loglog(steps, errors, "o-", label="fixed steps")
ax.loglog(steps, errors[0] * steps / steps[0], "k:", label="first order")
ax.set(xlabel="dt (s)", ylabel="relative error of the conductance at 1.5 s")
ax.legend();
# %% [markdown]
# ## Where dt is part of the model
#
# A spiking tunnel gap jumps at the end of a step. Its rates were published for steps, there is no equation behind them
# that shorter steps would come closer to, and adaptive steps are refused by name. Such runs do not warn: take the step
# of the paper.

# %%
film = mn.percolating(size=40, coverage=0.65, seed=1)
try:
    mn.Simulation(film, mn.TunnelGap(), {"left": 3.0, "right": 0.0}, method="adaptive")
except ValueError as reason:
    print(reason)

# %% [markdown]
# ## Events between two steps
#
# A threshold switch beside a capacitor: it charges, fires, charges. When it fires is decided between two rows, so a step
# has to end there. memnet looks for that moment in both methods; the period has a closed form to compare with.

# %%
circuit = mn.Circuit()
circuit.add("in", "out", mn.Resistor(conductance=5e-5))
circuit.add("out", "gnd", mn.Capacitor(capacitance=1e-9, method="trapezoidal"))
circuit.add("out", "gnd", mn.ThresholdSwitch(v_on=1.2, v_off=0.4, r_on=500.0, r_off=1e6))


def part(r, start, end):
    """Time in which the voltage goes from start to end with the switch at r (s)."""
    return 1e-9 / (5e-5 + 1 / r) * np.log((2.0 * r / (20e3 + r) - start) / (2.0 * r / (20e3 + r) - end))


period = part(1e6, 0.4, 1.2) + part(500.0, 1.2, 0.4)
fig, ax = plt.subplots(figsize=(9, 3.4), layout="constrained")
for options, style in (
    ({"dt": period / 15}, "o"),
    ({"dt": period / 150}, "."),
    ({"dt": period / 150, "method": "adaptive", "rtol": 1e-4}, "k-"),
):
    sim = circuit.simulation({"in": 2.0, "gnd": 0.0}, **options)
    data = sim.run(round(8 * period / options["dt"]), record={"potential": ["out"]})
    closed = data.event_time.values[data.event_kind.values == 1]
    error = np.diff(closed).mean() / period - 1.0
    label = f"{options.get('method', 'fixed')}, rows every T/{period / options['dt']:.0f}"
    print(f"{label:27s}: relative error of the period {error:+.1e}")
    ax.plot(data.time / period, data.potential[:, 0], style, ms=4, lw=0.8, label=label)
ax.set(xlabel="time / T", ylabel="voltage of the switch (V)", xlim=(0.0, 4.0), ylim=(0.0, 1.6))
ax.legend(ncols=3, loc="upper right", fontsize="small");

# %% [markdown]
# ## In short
#
# 1. Differential equations only? `method="adaptive"`, `dt` for the rows that you want, and again with a tenth of `rtol`.
# 2. Event-driven or noisy devices? Fixed steps, `dt` from where the rates come from.
# 3. Fixed steps for another reason? Heed StepWarning, and compare with half of `dt`, transients too, not only ends.
#
# **Exercises.** 1. At which voltage do fixed steps of 5 ms get the rise right to 1 %? 2. Make the wires resistive
# (`wire_resistance=2.0`). Does that help fixed steps? 3. Switch the voltage off after 1 s and on again: how many steps
# does the jump cost (`sim.counters`)? 4. Drive the network with a current, 5 mA. Which step does it take now?
