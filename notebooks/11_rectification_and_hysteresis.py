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
# # 11. Rectification and hysteresis of a nanopore
#
# A charged conical pore in a salt solution lets ions through at one polarity and hardly at the other: it *rectifies*. As
# the ions in it need time to rearrange, the current at a voltage depends on where the voltage comes from: it has
# *hysteresis*. Both follow from one variable, the share $x$ of open paths, as in the membrane of a nerve (Bisquert, Adv.
# Phys. Res. 2024, doi 10.1002/apxr.202400029). This notebook goes from the steady current to loops, says which of them are
# capacitive or inductive, and puts two pores together. [The page on pores](../docs/pores.md) has the models.

# %%
import os

import matplotlib.pyplot as plt
import numpy as np

import memnet as mn

QUICK = os.environ.get("MEMNET_QUICK") == "1"
ROWS = 400 if QUICK else 2000

# %% [markdown]
# ## A current that rectifies
#
# $$I = [g_L + (g_H - g_L)\,x]\,(u - E_0), \qquad x_{eq} = \frac{1}{1 + e^{-(u - V_B)/V_m}}$$
#
# At rest $x = x_{eq}(u)$, and the current turns from the line of the closed pore, $g_L$, to that of the open one, $g_H$,
# around $V_B$. `mn.theory.steady_curve` computes that from the model's own equations, and the relaxation time with it.

# %%
pore = mn.Nanopore.preset("figure-29a")
volts = np.linspace(-0.75, 1.5, 451)
curve = mn.theory.steady_curve(pore, volts)

fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3.4), layout="constrained")
left.plot(volts, 1e6 * curve.current, "k", label="steady current")
left.plot(volts, 1e6 * pore.g_L * volts, ":", label="closed")
left.plot(volts, 1e6 * pore.g_H * volts, ":", label="open")
left.set(xlabel="voltage (V)", ylabel="current (µA)", ylim=(-0.2, 1.5))
left.legend()
right.plot(volts, 1e3 * curve.tau_x, "k")
right.set(xlabel="voltage (V)", ylabel="relaxation time (ms)")
for ax in (left, right):
    ax.axvline(pore.V_B, color="0.7", lw=0.8)
forward, backward = np.interp([1.0, -0.7], volts, curve.current)
slowest = volts[curve.tau_x.values.argmax()]
print(f"V_B = {pore.V_B} V; slowest at {slowest:.3f} V, {1e3 * float(curve.tau_x.max()):.2f} ms")
print(f"rectifies: {1e6 * forward:.2f} µA at +1 V, {1e6 * backward:.2f} µA at -0.7 V")

# %% [markdown]
# Where is it slowest? Paths open with the rate $x_{eq}/\tau$ and close with $(1 - x_{eq})/\tau$. Each is an exponential of
# the voltage, and detailed balance joins their slopes: $1/n_A + 1/n_D = 1$. The peak is at
# $V_B + V_m \ln(n_A/n_D)$, so at $V_B$ only if both share the voltage evenly.

# %%
for n_A in (1.3, 1.5, 2.0, 4.0):
    other = mn.Nanopore(n_A=n_A, V_A=1.0, V_D=0.0)
    fine = np.linspace(other.V_B - 0.5, other.V_B + 0.5, 200_001)
    slowest = fine[mn.theory.steady_curve(other, fine).tau_x.values.argmax()]
    predicted = other.V_B + other.V_m * np.log(n_A / other.n_D)
    shown = f"V_B {other.V_B:.4f} V, slowest at {slowest:.4f} V, predicted {predicted:.4f} V"
    print(f"n_A {n_A}, n_D {other.n_D:.3f}: {shown}")
    assert abs(slowest - predicted) < 2e-5

# %% [markdown]
# ## Loops
#
# A sine of 1.5 V, slow and fast. `mn.periodic` runs cycles until they repeat, and `analysis.loop_class` takes each loop
# apart: where more current flows on the way up, the loop is *capacitive* there, where less, *inductive*.

# %%
edge = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})


def sweep(make, frequency, amplitude=1.5, rows=ROWS):
    """A periodic cycle under a sine; `make` makes the simulation."""
    drive = {"in": mn.drive.sine(amplitude, frequency), "out": 0.0}
    sim = make(drive, dt=1 / frequency / rows, method="adaptive", rtol=1e-6)
    return mn.periodic(sim, 1 / frequency, 1e-6, record=["current"])


def alone(device):
    return lambda drive, **options: mn.Simulation(edge, device, drive, **options)


def around(values):
    """A cycle, closed for drawing."""
    return np.append(values, values[0])


def show(ax, data, **style):
    ax.plot(around(data.voltage.values[:, 0]), 1e6 * around(data.current.values[:, 0]), **style)


fig, ax = plt.subplots(figsize=(6, 4), layout="constrained")
for frequency in (1.0, 10.0, 100.0, 1000.0, 10_000.0):
    data = sweep(alone(pore), frequency)
    found = mn.analysis.loop_class(data)
    wings = "; ".join(
        f"{wing.low:+.2f} to {wing.high:+.2f} V {wing.type} {1e6 * wing.area:+.2g}" for wing in found.wings
    )
    print(f"{frequency:7g} Hz: {wings} µW")
    assert abs(found.crossings - pore.E_0).max() < 1e-6
    show(ax, data, label=f"{frequency:g} Hz")
ax.set(xlabel="voltage (V)", ylabel="current (µA)")
ax.legend();

# %% [markdown]
# All of them cross at $E_0 = 0$, exactly: without a voltage no current flows, whatever $x$ is. Above $E_0$ opening adds to
# the current late, as an inductor would; below, closing takes it away late, which looks like a capacitor. A slow sweep
# is the steady curve, and in between the loop is open. A sweep so fast that $x$ has no time to move is a straight line.
# Which one? In the first cycle that of $x$ at rest, since nothing has moved yet. Over many cycles $x$ goes to a mean over
# the cycle, weighted with $1/\tau$, and that is another line: so say which one you mean. (Closing at -1.5 V takes 0.3 µs.
# Fast means fast beside that.)

# %%
fast = 3e7
opening = mn.Nanopore.preset("figure-29a", v_initial=0.5)  # rested at 0.5 V, half open
sim = mn.Simulation(edge, opening, {"in": mn.drive.sine(1.5, fast), "out": 0.0}, dt=1 / fast / 100, method="adaptive")
first = sim.run(100, record=["current"])
many = sweep(alone(opening), fast, rows=100)
phase = 2 * np.pi * (np.arange(100_000) + 0.5) / 100_000
rest = mn.theory.steady_curve(pore, 1.5 * np.sin(phase))
mean = float((rest.state_x / rest.tau_x).mean() / (1 / rest.tau_x).mean())
predicted = {"half open": 0.5, "weighted mean": mean}
for name, data in (("half open", first), ("weighted mean", many)):
    slope = float(data.current[25, 0] / data.voltage[25, 0])
    expected = pore.g_L + (pore.g_H - pore.g_L) * predicted[name]
    cycles = data.attrs.get("cycles", 1)
    print(f"slope in cycle {cycles}: {1e6 * slope:.3f} µS, of the {name} {1e6 * expected:.3f} µS")
    assert abs(slope / expected - 1) < 2e-2

# %% [markdown]
# ## How far it opens, against the frequency
#
# The area of the inductive wing has one peak, where a period is a few relaxation times long.

# %%
plain = mn.PlainNanopore.preset("figure-21")  # its relaxation time is 1 s at any voltage
frequencies = np.geomspace(0.01, 2.0, 9 if QUICK else 25)
areas = [mn.analysis.loop_class(sweep(alone(plain), f, 1.0, 400)).wings[-1].area for f in frequencies]
best = frequencies[np.argmax(areas)]
print(f"largest near {best:.3f} Hz; 1/(2 pi tau) is {1 / (2 * np.pi * plain.tau_0):.3f} Hz")
assert 0.08 < best < 0.2
fig, ax = plt.subplots(figsize=(5, 3), layout="constrained")
ax.semilogx(frequencies, 1e6 * np.array(areas), "o-")
ax.set(xlabel="frequency (Hz)", ylabel="area above $E_0$ (µW)");

# %% [markdown]
# ## A capacitance moves the crossing
#
# A membrane has a capacitance beside its pore, and its current leads. Now the loop crosses where both cancel. For slow
# sweeps that is where $C_m = g_a \tau$, with $g_a = (g_H - g_L)\,x_{eq}'\,(u - E_0)$: at no voltage, or at two.

# %%
membrane = mn.MembraneNanopore(V_A=1.0, V_D=0.0, C_m=1e-11)
slow = mn.theory.steady_curve(membrane, np.linspace(0.01, 1.49, 14801))
x = slow.state_x
g_a = (membrane.g_H - membrane.g_L) * x * (1 - x) / membrane.V_m * slow.voltage
balance = g_a * slow.tau_x - membrane.C_m
predicted = slow.voltage.values[:-1][np.diff(np.sign(balance)) != 0]
fig, ax = plt.subplots(figsize=(6, 4), layout="constrained")
for frequency in (1.0, 500.0):
    data = sweep(alone(membrane), frequency)
    found = mn.analysis.loop_class(data)
    print(f"{frequency:3g} Hz: {', '.join(wing.type for wing in found.wings)}; crosses at {found.crossings.round(3)} V")
    if frequency == 1.0:
        print("   predicted for slow ones:", predicted.round(3), "V")
        assert abs(found.crossings - predicted).max() < 0.01
    show(ax, data, label=f"{frequency:g} Hz")
ax.set(xlabel="voltage (V)", ylabel="current (µA)")
ax.legend();

# %% [markdown]
# ## Two pores
#
# Pores of opposite polarity are edges in opposite directions. In series each blocks the other, and what is left is
# capacitive all over; in parallel one of them conducts at each polarity, and the loop crosses twice.

# %%
fig, ax = plt.subplots(figsize=(6, 4), layout="constrained")
for name, elements in (
    ("one", [("in", "out")]),
    ("opposite in series", [("in", "n"), ("out", "n")]),
    ("opposite in parallel", [("in", "out"), ("out", "in")]),
):
    circuit = mn.Circuit()
    for a, b in elements:
        circuit.add(a, b, membrane)
    data = sweep(circuit.simulation, 500.0)
    found = mn.analysis.loop_class(data)
    print(f"{name:21s}: {', '.join(wing.type for wing in found.wings):35s} crosses at {found.crossings.round(4)} V")
    show(ax, data, label=name)
ax.set(xlabel="voltage (V)", ylabel="current (µA)")
ax.legend();

# %% [markdown]
# Is it the capacitance or the pores? Without it, two opposite pores in series make a loop that touches itself at 0 and is
# inductive on both sides.

# %%
circuit = mn.Circuit()
circuit.add("in", "n", pore)
circuit.add("out", "n", pore)
found = mn.analysis.loop_class(sweep(circuit.simulation, 500.0))
print(found)
assert found.type == "inductive"

# %% [markdown]
# ## Negative resistance
#
# A pore that opens *below* its reversal potential $E_0$ can carry less current the higher the voltage is. $V_B < E_0$ alone
# is not enough for that: the curve falls somewhere exactly where
# $V_B - E_0 < V_m\,[\ln(g_H/g_L) - 2\,(g_H + g_L)/(g_H - g_L)]$.

# %%
ratio = 10.0
limit = np.log(ratio) - 2 * (ratio + 1) / (ratio - 1)
fig, ax = plt.subplots(figsize=(6, 3.6), layout="constrained")
for V_B in (0.2, 0.1 * limit + 1e-3, 0.1 * limit - 1e-3, -0.5):
    # A window of both, as a falling piece just beyond the criterion is short.
    u = np.linspace(V_B - 1.0, V_B + 1.5, 100_001)
    steady = mn.theory.steady_curve(mn.PlainNanopore(E_0=0.0, V_B=V_B), u)
    falls = float(steady.conductance.min()) < 0
    print(f"V_B - E_0 = {V_B:+.4f} V: falls somewhere: {falls}; criterion: {0.1 * limit > V_B}")
    assert falls == (0.1 * limit > V_B)
    ax.plot(u, 1e6 * steady.current, label=f"$V_B$ = {V_B:.3f} V")
ax.set(xlabel="voltage (V)", ylabel="current (µA)", xlim=(-1.2, 0.6), ylim=(-0.4, 0.6))
ax.legend();

# %% [markdown]
# **Exercises.** 1. Give the pore an $E_0$ of 50 mV, as ions of unequal concentrations do. Where does the loop cross now, and
# where with the capacitance? 2. `mn.Nanopore.preset("figure-30")` closes with the voltage. Which wing is inductive? 3. Put
# `mn.CapacitivePore()` in place of the pore. Does its loop cross at any frequency? 4. Put a resistor in series with the last
# pore and look for folds with `mn.equilibria`.
