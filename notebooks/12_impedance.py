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
# # 12. Impedance of a pore and of a memristive network
#
# A small alternating voltage on a bias, and the current that answers: as a function of frequency their ratio is the
# impedance. It tells how fast a device reacts, and whether its memory looks like a capacitor or like an inductor. Here are
# a pore, the equivalent circuit behind its spectrum, how to measure and to fit it, an operating point that is unstable, and
# networks of hundreds of memristors. [The page on impedance](../docs/impedance.md) has the rules.

# %%
import os
import warnings

import matplotlib.pyplot as plt
import numpy as np

import memnet as mn

QUICK = os.environ.get("MEMNET_QUICK") == "1"

# %% [markdown]
# ## A pore behind a resistor
#
# A nanopore opens with the voltage, has a small capacitance, and the solution is a resistance in series. `mn.impedance`
# finds the static state at each bias, linearises the circuit there, and solves it at all frequencies.

# %%
pore = mn.MembraneNanopore.preset("figure-28")
g_s = 10e-6
circuit = mn.Circuit()
circuit.add("in", "u", mn.Resistor(conductance=g_s), name="solution")
circuit.add("u", "gnd", pore, name="pore")
sim = circuit.simulation({"in": 0.0, "gnd": 0.0}, method="adaptive")

f = np.geomspace(1.0, 1e7, 80)
spectra = {f"{bias} V": mn.impedance(sim, ("in", "gnd"), f, {"in": bias}) for bias in (-0.1, 0.05, 0.2)}
fig, ax = plt.subplots(figsize=(6, 4.5), layout="constrained")
mn.plot.nyquist(spectra, ax=ax);

# %% [markdown]
# Arcs above the axis are capacitive. The one at high frequencies is the membrane's capacitance with the pore's resistance.
# Below it is the memory of the pore: at negative bias an arc above the axis, at positive bias one below, as an inductor's.
# Why two signs? A higher voltage opens the pore, after some time. Where the current flows forwards, opening adds to the
# change late, as an inductor does; where it flows backwards, opening lets more flow back, against the change. Over frequency:

# %%
mn.plot.bode(spectra, figure=plt.figure(figsize=(7, 4.5), layout="constrained"))
for name, z in spectra.items():
    middle = np.degrees(np.angle(z.sel(frequency=100.0, method="nearest").item()))
    print(f"{name:>6}: {abs(z.values[0]) / 1e6:.2f} Mohm at 1 Hz; phase {middle:+.1f} degrees near 100 Hz")

# %% [markdown]
# ## Two branches
#
# At the inner voltage $u$ the linearised pore is a conductance $g_b = g_L + (g_H - g_L)\,x_{eq}$ beside the capacitance and
# beside a branch with the memory: $g_a = (g_H - g_L)\,x_{eq}'\,(u - E_0)$ in series with the inductance $L_a = \tau/g_a$,
#
# $$Y = g_b + i\omega C_m + \frac{g_a}{1 + i\omega\tau}, \qquad Z = \frac{1}{g_s} + \frac{1}{Y}.$$
#
# At $u < E_0$ both $g_a$ and $L_a$ are negative, which is a capacitance for slow changes.


# %%
def branches(u):
    """g_b, g_a (S) and tau (s) of the pore at an inner voltage (V)."""
    at = mn.theory.steady_curve(pore, u)
    x, tau = at.state_x.item(), at.tau_x.item()
    return pore.g_L + (pore.g_H - pore.g_L) * x, (pore.g_H - pore.g_L) * x * (1 - x) / pore.V_m * u, tau


w = 2 * np.pi * f
for bias, z in zip((-0.1, 0.05, 0.2), spectra.values(), strict=True):
    u = bias - z.attrs["current"] / g_s
    g_b, g_a, tau = branches(u)
    formula = 1 / g_s + 1 / (g_b + 1j * w * pore.C_m + g_a / (1 + 1j * w * tau))
    apart = abs(z.values / formula - 1).max()
    print(f"u {u:+.4f} V: g_b {1e6 * g_b:.4f} µS, g_a {1e6 * g_a:+.4f} µS, tau {1e3 * tau:.3f} ms; off by {apart:.0e}")
    assert apart < 1e-10

# %% [markdown]
# ## As an instrument does it
#
# `mn.impedance_by_sine` runs the whole nonlinear circuit with a sine until cycles repeat. With a tiny amplitude it is the
# linearisation. How large may a sine be in the laboratory?

# %%
where = [10.0, 100.0, 1000.0, 1e6]
exact = mn.impedance(sim, ("in", "gnd"), where, {"in": 0.2})
for amplitude in (1e-4, 5e-3, 20e-3, 50e-3, 100e-3):
    measured = mn.impedance_by_sine(sim, ("in", "gnd"), where, amplitude, {"in": 0.2}, rtol=1e-5)
    apart = abs(measured.values / exact.values - 1)
    print(f"{1e3 * amplitude:5g} mV: off by", "  ".join(f"{one:.0e}" for one in apart))
    assert amplitude > 1e-4 or apart.max() < 1e-5

# %% [markdown]
# The usual 5 or 10 mV are small beside $V_m$ = 100 mV. The error grows with the square of the amplitude, and it is largest
# where the pore follows the sine.
#
# ## From a measured spectrum back to the pore
#
# Take a spectrum with 0.5 % noise, and fit the equivalent circuit of the two branches. Strings are those of impedance.py.

# %%
rng = np.random.default_rng(0)
clean = spectra["0.2 V"]
noisy = clean * (1 + 0.005 * (rng.standard_normal(f.size) + 1j * rng.standard_normal(f.size)))
found = mn.analysis.fit_impedance(f, noisy.values, "R0-p(R1,C1,R2-L2)")
print(found.report())
g_b, g_a, tau = branches(0.2 - clean.attrs["current"] / g_s)
truth = {"R0": 1 / g_s, "R1": 1 / g_b, "C1": pore.C_m, "R2": 1 / g_a, "L2": tau / g_a}
for name, value in truth.items():
    fitted = found.params[name]
    errors = (fitted.value - value) / fitted.stderr
    print(f"{name}: {fitted.value / value - 1:+.2%} from the truth, {errors:+.1f} standard errors")
    assert abs(fitted.value - value) < 4 * fitted.stderr
fit_tau = found.params["L2"].value / found.params["R2"].value
print(f"tau = L2/R2 = {1e3 * fit_tau:.3f} ms; the pore has {1e3 * tau:.3f} ms")

# %% [markdown]
# ## Time constants
#
# `mn.eigenvalues` gives the rates with which small departures die out: a fast one, of the charge, and a slow one, of $x$.
# They must be those of a transient. A step of 0.1 mV, and the slope of the logarithm of what is left:

# %%
rates = mn.eigenvalues(sim, bias={"in": 0.2}).real
step = circuit.simulation(
    {"in": mn.drive.steps([0.2, 0.2001], [0.0, 0.1]), "gnd": 0.0}, dt=1e-4, method="adaptive", rtol=1e-10
)
data = step.run(duration=0.2, record=["current"])
left = data.current.values[1000:, 0] - data.current.values[-1, 0]
slope = np.log(left[10] / left[40]) / (30e-4)
print(f"eigenvalues {rates.round(1)} 1/s; the transient dies out with {slope:.1f} 1/s")
assert abs(slope / -rates[0] - 1) < 2e-3
fig, ax = plt.subplots(figsize=(5, 3), layout="constrained")
ax.semilogy(1e3 * (data.time[1000:1080] - 0.1), 1e9 * abs(left[:80]), ".", label="what is left of the current")
times = np.linspace(0, 8e-3, 50)
ax.semilogy(1e3 * times, 1e9 * abs(left[10]) * np.exp(rates[0] * (times - 1e-3)), "k", lw=0.8, label="slow eigenvalue")
ax.set(xlabel="time after the step (ms)", ylabel="current (nA)")
ax.legend();

# %% [markdown]
# (The first point is the fast part.) The slow rate is not $1/\tau$: the resistor lets the pore take its own voltage away, which makes it faster by
# $1 + g_a/(g_s + g_b)$.

# %%
predicted = (1 + g_a / (g_s + g_b)) / tau
print(f"1/tau {1 / tau:.1f}, times 1 + g_a/(g_s + g_b): {predicted:.1f} 1/s, eigenvalue {-rates[0]:.1f}")
assert abs(predicted / -rates[0] - 1) < 1e-3

# %% [markdown]
# ## An unstable operating point
#
# A pore whose steady current falls somewhere, behind a resistor that is large enough, has three static states at one
# voltage. The middle one cannot be held, and memnet says so. It is not the sign of $Z(0)$ that tells: with a voltage
# source a state is stable where $g_s + g_{dc} > 0$, and $Z(0) = 1/g_s + 1/g_{dc}$ is negative between $-g_s$ and 0.

# %%
falling = mn.PlainNanopore.preset("figure-14")
bistable = mn.Circuit()
bistable.add("in", "u", mn.Resistor(conductance=0.5e-6))
bistable.add("u", "gnd", falling, name="pore")
V = -1.1913053532
found = mn.equilibria(bistable, {"in": V, "gnd": 0.0})
rest = bistable.simulation({"in": V, "gnd": 0.0}, method="adaptive")
slow = np.geomspace(1e-3, 1e2, 60)
spectra = {}
for k in range(len(found)):
    u = found.potential[k, found.nodes.index("u")]
    rest.set_state(falling, x=found.state(falling, "x")[k])
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        spectra[f"u = {u:.3f} V"] = z = mn.impedance(rest, ("in", "gnd"), slow)
    g_dc = mn.theory.steady_curve(falling, u).conductance.item()
    shown = f"g_s + g_dc {0.5 + 1e6 * g_dc:+.3f} µS, Z(0) {z.values[0].real / 1e6:+.2f} Mohm"
    print(f"u = {u:+.4f} V: {shown}, stable: {bool(found.stable[k])}")
    assert (0.5e-6 + g_dc > 0) == found.stable[k]
    for warning in caught:
        print("   ", warning.message)
    z.values[:] /= abs(z.values[0])
fig, ax = plt.subplots(figsize=(6, 4), layout="constrained")
mn.plot.nyquist(spectra, ax=ax)
ax.set(xlabel="Re Z / |Z(0)|", ylabel="-Im Z / |Z(0)|");

# %% [markdown]
# ## A network
#
# 300 nanowires whose junctions grow and decay. The relaxation time of a junction depends on its voltage, so the network has
# as many as it has voltages. What does that look like from outside?

# %%
net = mn.nanowires(300, size=100, length=20, length_sd=5, seed=3)
junction = mn.RateBalance()
sim = mn.Simulation(net, junction, {"left": 1.0, "right": 0.0})
slow = np.geomspace(1e-4, 10.0, 60)
biases = (0.1, 0.5, 1.0, 2.0, 4.0)
spectra = {f"{bias} V": mn.impedance(sim, ("left", "right"), slow, {"left": bias, "right": 0.0}) for bias in biases}
mn.plot.bode(spectra, figure=plt.figure(figsize=(7, 4.5), layout="constrained"))
for name, z in spectra.items():
    phase = np.degrees(np.angle(z.values))
    low, high = z.values[0].real, z.values[-1].real
    print(f"{name}: {low:.3f} ohm slow, {high:.3f} ohm fast; phase up to {phase.max():.1f} degrees")
    assert (phase > 0).all()

# %% [markdown]
# All of it is inductive: junctions add current late. In the middle of the range the network is most alive; at high voltages
# its junctions are full, and at low ones nothing moves. Why does the peak of the phase go to lower frequencies with the
# bias? A junction forgets within $1/\kappa_D$ = 20 s at 0 V. With the voltage it decays more slowly and grows faster, and
# it is slowest where both are equal:

# %%
volts = np.linspace(0.0, 1.0, 1001)
curve = mn.theory.steady_curve(junction, volts)
slowest = volts[curve.tau_g.values.argmax()]
tau = curve.tau_g.values
print(f"slowest at {slowest:.2f} V: {tau.max():.0f} s; at 0 V {tau[0]:.0f} s, at 1 V {tau[-1]:.2f} s")

# %% [markdown]
# Junctions have all kinds of voltages, and so all kinds of relaxation times. Does the network's arc show that? One relaxation
# makes a half circle: half as high as the range of Re Z, and 1.14 decades wide at half its height.

# %%
edge = mn.Network(2, [(0, 1)], electrodes={"left": 0, "right": 1})
one = mn.Simulation(edge, junction, {"left": 0.2, "right": 0.0})
fine = np.geomspace(1e-4, 1.0, 120)


def shape(z):
    """Im Z over the range of Re Z, and its width at half height in decades."""
    height = z.values.imag / np.ptp(z.values.real)
    inside = np.log10(fine)[height > height.max() / 2]
    return height, inside[-1] - inside[0]


fig, ax = plt.subplots(figsize=(6, 3.6), layout="constrained")
single = mn.impedance(one, ("left", "right"), fine)
shown = {"one junction, 0.2 V": single}
shown |= {
    f"network, {bias} V": mn.impedance(sim, ("left", "right"), fine, {"left": bias, "right": 0.0})
    for bias in (1.0, 2.0)
}
for name, z in shown.items():
    height, width = shape(z)
    print(f"{name:20s}: {height.max():.3f} high, {width:.2f} decades wide at half height")
    ax.semilogx(fine / fine[height.argmax()], height, label=name)
ax.set(xlabel="frequency / that of the peak", ylabel="Im Z / range of Re Z")
ax.legend();

# %% [markdown]
# Hardly! The network looks almost like one junction, although its relaxation times and its eigenvalues do differ. The reason
# is in the junction. Its own impedance $1/(g_b + g_a/(1 + i\omega\tau))$ is an arc with the time constant
# $\tau g_b/(g_a + g_b)$: the voltage that makes a junction slow makes it also open much, $g_a$ is large, and much of
# the spread cancels.

# %%
small = mn.nanowires(140, size=66, length=20, length_sd=5, seed=3)
sim_small = mn.Simulation(small, junction, {"left": 2.0, "right": 0.0}, method="adaptive", dt=100.0)
sim_small.run(duration=5000.0)
rest = mn.theory.steady_curve(junction, sim_small.branch_voltage)
times = {
    "relaxation times": rest.tau_g.values,
    "eigenvalues": -1 / mn.eigenvalues(sim_small).real,
    "arcs": rest.tau_g.values * rest.state_g.values / rest.conductance.values,
}
fig, ax = plt.subplots(figsize=(6, 3.2), layout="constrained")
for name, one in times.items():
    low, median, high = np.percentile(one, [10, 50, 90])
    print(f"{name:16s} of {small.n_edges} junctions: 80 % between {low:.1f} and {high:.1f} s, median {median:.1f} s")
    ax.hist(one, np.geomspace(1.0, 200.0, 60), histtype="step", label=name)
ax.set(xscale="log", xlabel="time constant (s)", ylabel="how many")
ax.legend();

# %% [markdown]
# Is it right? The whole network under a sine, at three frequencies.

# %%
at = [slow[20], slow[30]] if QUICK else [slow[20], slow[30], slow[45]]
exact = mn.impedance(sim, ("left", "right"), at)
measured = mn.impedance_by_sine(sim, ("left", "right"), at, 1e-4, rtol=1e-5)
apart = abs(measured.values / exact.values - 1)
print("off by", "  ".join(f"{one:.0e}" for one in apart))
assert apart.max() < 1e-5

# %% [markdown]
# ## A network of pores
#
# The same wires with pores at their junctions. A pore has a direction, here that in which its wires happen to be
# numbered, so paths have pores of both polarities in series, and one that blocks decides. What a single pore does at
# positive voltages, the network does at neither of these.

# %%
f = np.geomspace(0.1, 1e6, 80)
alone = mn.Simulation(edge, pore, {"left": 0.2, "right": 0.0}, method="adaptive")
many = mn.Simulation(net, pore, {"left": 1.0, "right": 0.0}, method="adaptive")
spectra = {"one pore, 0.2 V": mn.impedance(alone, ("left", "right"), f)}
spectra |= {
    f"network, {bias} V": mn.impedance(many, ("left", "right"), f, {"left": bias, "right": 0.0}) for bias in (1.0, 4.0)
}
mn.plot.bode(spectra, figure=plt.figure(figsize=(7, 4.5), layout="constrained"))
for name, z in spectra.items():
    print(f"{name}: largest phase {np.degrees(np.angle(z.values)).max():+.2f} degrees")

# %% [markdown]
# **Exercises.** 1. Fit the network's spectrum at 1 V with one branch, `"R0-p(R1,L1)"`. Where are the residuals? 2. Turn all
# pores from left to right with `mn.oriented`: is the network inductive now? 3. At which bias is the network's phase largest,
# and is its conductance steepest there? 4. Take the impedance with `at="present"` in the middle of a pulse. What is kept?
