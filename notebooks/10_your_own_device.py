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
# # 10. Your own device
#
# A device model is a text: how its current depends on its voltage, and how its states move. This notebook writes one, makes
# it wrong on purpose, runs it alone and in a network, and gives it a threshold. [The page on
# equations](../docs/equations.md) has the rules.

# %%
import matplotlib.pyplot as plt
import numpy as np

import memnet as mn
from memnet.equations import EquationError

# %% [markdown]
# ## A memristor in nine lines
#
# A filament of length x grows with the voltage and dissolves by itself. What is between `in` and `:` is the range, behind `:`
# what it is.

# %%
TEXT = """
    i     = (g_off + (g_on - g_off)*x)*v
    dx/dt = k*sinh(v/v_0)*window - x/tau
    window = where(v > 0, 1 - x, x)

    parameter g_on  = 1 mS in (0, inf)      : conductance at x = 1
    parameter g_off = 10 uS in (0, inf)     : conductance at x = 0
    parameter k     = 0.5 1/s in [0, inf)   : speed at small voltages
    parameter v_0   = 0.25 V in (0, inf)    : voltage scale of the speed
    parameter tau   = 2 s in (0, inf)       : how long it remembers
    state x = 0 in [0, 1]                   : length of the filament
"""
Filament = mn.device_model("Filament", TEXT)
Filament(tau=5.0)

# %% [markdown]
# `Filament` is a class like `mn.RateBalance`: `help(Filament)` shows parameters, states and equations.

# %%
print(Filament.__doc__)

# %% [markdown]
# ## Made wrong on purpose
#
# Units are checked when the model is defined, and what is meant is often clear.

# %%
for right, wrong in (("v/v_0", "v"), ("1 - x, x", "1 - X, x"), ("sinh", "math.sinh"), ("= 0.25 V", "= 0.25 W")):
    try:
        mn.device_model("Wrong", TEXT.replace(right, wrong))
    except EquationError as error:
        print(error, end="\n\n")

# %% [markdown]
# ## Alone: the pinched loop
#
# Three voltage sweeps of different periods. The slowest has the time to open it fully; the fastest sees a resistor.

# %%
alone = mn.Network(2, [[0, 1]], electrodes={"in": 0, "ground": 1})
fig, ax = plt.subplots(figsize=(5, 3.5))
for period in (0.2, 2.0, 20.0):
    drive = {"in": mn.drive.sine(1.0, frequency=1 / period), "ground": 0.0}
    sim = mn.Simulation(alone, Filament(), drive, dt=period / 400, method="adaptive", rtol=1e-6)
    run = sim.run(duration=2 * period)
    ax.plot(run.voltage.sel(electrode="in")[400:], 1e3 * run.current.sel(electrode="in")[400:], label=f"{period:g} s")
ax.set(xlabel="voltage (V)", ylabel="current (mA)")
ax.legend(title="period");

# %% [markdown]
# The derivatives that adaptive steps need were made of the text. Nothing else had to be written.

# %% [markdown]
# ## In a network, each edge a little different
#
# A parameter is one number or one for each edge.

# %%
net = mn.grid(12, 12, seed=1)
rng = np.random.default_rng(1)
device = Filament(v_0=0.25 * rng.lognormal(0.0, 0.2, net.n_edges))
sim = mn.Simulation(net, device, {"left": 8.0, "right": 0.0}, dt=0.05, method="adaptive", rtol=1e-4)
run = sim.run(duration=5.0)
fig, ax = plt.subplots(figsize=(5, 3))
ax.plot(run.time, 1e3 * run.conductance)
ax.set(xlabel="time (s)", ylabel="conductance (mS)");

# %% [markdown]
# ## A threshold
#
# A line more, and the filament breaks when it is complete: an event, located in time, after which the state starts anew.

# %%
Breaking = mn.device_model("Breaking", TEXT + "    event breaks when x > 0.9: x = 0.1 : it is heated until it breaks")
sim = mn.Simulation(alone, Breaking(), {"in": 0.8, "ground": 0.0}, dt=0.01, method="adaptive", rtol=1e-6)
run = sim.run(duration=2.0)
fig, ax = plt.subplots(figsize=(5, 3))
ax.plot(run.time, 1e3 * run.conductance)
ax.set(xlabel="time (s)", ylabel="conductance (mS)")
print("breaks at", np.round(run.event_time.values[:4], 4), "s")

# %% [markdown]
# ## For others
#
# Files carry the text: whoever loads this run, or repeats it with `mn.rerun`, needs no definition.

# %%
again = mn.rerun(run)
print("dx/dt" in run.attrs["parameters"], bool((again.conductance == run.conductance).all()))
