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
# # 13. A Hodgkin-Huxley neuron, and an axon of 50 membranes
#
# The membrane of a nerve fibre is pores in parallel: sodium channels that open and close again ($m^3 h$), potassium channels
# that open later ($n^4$), a leak, and a capacitance. Hodgkin and Huxley's equations of 1952 are a device of memnet, so a
# membrane has loops, impedances and eigenvalues like any memristor, and an axon is a circuit of them. Potentials are
# counted from rest, currents are per cm² ([the page on pores](../docs/pores.md#a-membrane)).

# %%
import os

import matplotlib.pyplot as plt
import numpy as np
from scipy.optimize import brentq

import memnet as mn

QUICK = os.environ.get("MEMNET_QUICK") == "1"

# %% [markdown]
# ## Gates
#
# Where each gate settles at a constant voltage, and how long it takes. $m$ is the quick one.

# %%
membrane = mn.HodgkinHuxley()  # 1 cm2
u = np.linspace(-0.05, 0.12, 341)
curve = mn.theory.steady_curve(membrane, u)
fig, (left, middle, right) = plt.subplots(1, 3, figsize=(11, 3.2), layout="constrained")
for gate in "mhn":
    left.plot(1e3 * u, curve[f"state_{gate}"], label=gate)
    middle.semilogy(1e3 * u, 1e3 * curve[f"tau_{gate}"], label=gate)
fast = membrane.area * membrane.g_Na * curve.state_m**3 * float(curve.state_h.interp(voltage=0.0)) * (u - membrane.E_Na)
right.plot(1e3 * u, 1e3 * curve.current, "k", label="all gates settled")
right.plot(1e3 * u, 1e3 * fast, color="#c8282d", label="sodium, before h moves")
left.set(xlabel="u (mV)", ylabel="settles at")
middle.set(xlabel="u (mV)", ylabel="relaxation time (ms)")
right.set(xlabel="u (mV)", ylabel="current (mA/cm²)", ylim=(-4, 4), xlim=(-20, 120))
left.legend()
right.legend(fontsize="small");

# %% [markdown]
# At rest nothing in the steady curve falls. The negative resistance that makes a spike is in the sodium current alone, as long
# as $h$ has not yet followed.
#
# ## A spike
#
# 20 µA for half a millisecond, and the currents of both channels, from the recorded gates.

# %%
MICRO = 1e-6


def neuron(wave, duration, device=membrane, dt=2e-5):
    """The membrane under a current (A), with its gates."""
    circuit = mn.Circuit()
    circuit.add("in", "out", device, name="membrane")
    sim = circuit.simulation({"in": mn.drive.current(wave), "out": 0.0}, dt=dt, method="adaptive", rtol=1e-6)
    return sim.run(duration=duration, record=["voltage", "state:m", "state:h", "state:n"])


def pulse(current, length=5e-4):
    return mn.drive.steps([current * MICRO, 0.0], [0.0, length])


data = neuron(pulse(20.0), 0.02)
volts = data.voltage.values[:, 0]
m, h, n = (data[f"state_{gate}"].values[:, 0] for gate in "mhn")
fig, (top, bottom) = plt.subplots(2, 1, figsize=(7, 4.5), sharex=True, layout="constrained")
top.plot(1e3 * data.time, 1e3 * volts, "k")
top.set(ylabel="u (mV)")
bottom.plot(1e3 * data.time, 1e3 * membrane.g_Na * m**3 * h * (volts - membrane.E_Na) * membrane.area, label="sodium")
bottom.plot(1e3 * data.time, 1e3 * membrane.g_K * n**4 * (volts - membrane.E_K) * membrane.area, label="potassium")
bottom.set(xlabel="time (ms)", ylabel="current (mA/cm²)")
bottom.legend()
peak = volts.argmax()
print(
    f"peak {1e3 * volts[peak]:.2f} mV at {1e3 * data.time.values[peak]:.2f} ms, then down to {1e3 * volts.min():.1f} mV"
)
assert abs(1e3 * volts[peak] - 104.3205) < 0.05

# %% [markdown]
# All or nothing: where is the threshold of such a pulse? Bisect.

# %%
low, high = 5.0, 20.0
for _ in range(8 if QUICK else 14):
    tried = (low + high) / 2
    fires = neuron(pulse(tried), 0.015, dt=1e-4).voltage.values.max() > 0.05
    low, high = (low, tried) if fires else (tried, high)
print(f"threshold between {low:.4f} and {high:.4f} µA/cm²")
assert low < 13.27981 < high
fig, ax = plt.subplots(figsize=(6, 3), layout="constrained")
for current in (0.5 * low, 0.95 * low, low, high, 1.5 * high):
    data = neuron(pulse(current), 0.015)
    ax.plot(1e3 * data.time, 1e3 * data.voltage[:, 0], label=f"{current:.3f}")
ax.set(xlabel="time (ms)", ylabel="u (mV)")
ax.legend(title="µA/cm²", fontsize="small");

# %% [markdown]
# ## Rest, firing, and both
#
# Under a constant current the membrane fires again and again, in a window of currents. Is rest stable there? The eigenvalues
# of the linearised membrane tell: where the real part of a pair passes 0 (a Hopf point), rest becomes unstable.

# %%
circuit = mn.Circuit()
circuit.add("in", "out", membrane)
sim = circuit.simulation({"in": mn.drive.current(0.0), "out": 0.0}, method="adaptive")


def growth(current):
    """The largest real part of the eigenvalues at rest (1/s)."""
    return mn.eigenvalues(sim, bias={"in": mn.drive.current(current * MICRO), "out": 0.0})[0].real


hopf = [brentq(growth, *bracket, rtol=1e-9) for bracket in ((5.0, 15.0), (100.0, 200.0))]
rate = mn.eigenvalues(sim, bias={"in": mn.drive.current(hopf[0] * MICRO), "out": 0.0})[0]
rings = abs(rate.imag) / (2 * np.pi)
print(f"rest is unstable from {hopf[0]:.5f} to {hopf[1]:.4f} µA/cm²; at the first it rings with {rings:.2f} Hz")
assert abs(hopf[0] / 9.779338 - 1) < 1e-5
assert abs(hopf[1] / 154.526334 - 1) < 1e-5


# %%
def spikes(data):
    """When the potential rises through 50 mV (s)."""
    volts = data.voltage.values[:, 0]
    return data.time.values[1:][(volts[1:] > 0.05) & (volts[:-1] <= 0.05)]


currents = np.array([5.0, 6.0, 6.2, 6.3, 7.0, 8.0, 9.0, 10.0, 14.0, 20.0, 40.0, 80.0])
rates = []
for current in currents:
    found = spikes(neuron(mn.drive.constant(current * MICRO), 0.2, dt=1e-4))
    goes_on = found.size > 2 and found[-1] > 0.18
    rates.append(1 / np.diff(found[-3:]).mean() if goes_on else 0.0)
    print(f"{current:5g} µA/cm² from t = 0 on: {found.size:2d} spikes, {rates[-1]:5.1f} a second in the end")
fig, ax = plt.subplots(figsize=(6, 3.2), layout="constrained")
ax.semilogx(currents, rates, "o-")
ax.axvline(hopf[0], color="0.6", lw=0.8)
ax.set(xlabel="current (µA/cm²)", ylabel="spikes a second", xticks=[5, 10, 20, 40, 80], xticklabels=[5, 10, 20, 40, 80])
ax.minorticks_off()

# %% [markdown]
# Firing begins below the Hopf point (grey), and at once with 50 spikes a second. A step of the current is itself a kick. What if
# the same current, 8 µA, comes on slowly? Then the membrane stays at rest, until a short kick sets it off, for ever; and a
# second one that comes at the right moment sets it at rest again. Both are stable, and the history decides.

# %%
slow = [(0.0, 0.0), (0.1, 8.0)]
kicked = [(0.15, 8.0), (0.15, 18.0), (0.1505, 18.0), (0.1505, 8.0)]


def history(stop_at):
    """The membrane under 8 µA that comes slowly, a kick, and a second one of the other sign."""
    stopped = [(stop_at, 8.0), (stop_at, -2.0), (stop_at + 5e-4, -2.0), (stop_at + 5e-4, 8.0)]
    times, values = np.array(slow + kicked + stopped).T
    return neuron(mn.drive.piecewise_linear(times, values * MICRO), 0.35, dt=1e-4)


free = spikes(history(0.349))
inside = free[(free > 0.15) & (free < 0.345)]
rate = 1 / np.diff(inside)[-3:].mean()
print(f"before the kick {(free < 0.15).sum()} spikes, after it {inside.size}, {rate:.1f} a second")
assert (free < 0.15).sum() == 0
assert inside.size > 10
delays = 1e-3 * np.arange(2, 16, 4 if QUICK else 1)
ended = {}
for delay in delays:
    data = history(inside[3] + delay)
    if spikes(data)[-1] < 0.3:
        ended[delay] = data
print("delays of a second kick (ms):", 1e3 * delays, "; those that end it:", 1e3 * np.array(list(ended)))
assert 0 < len(ended) < len(delays)
fig, ax = plt.subplots(figsize=(8, 3), layout="constrained")
for shown, colour in ((data, "0.75"), *((one, "k") for one in list(ended.values())[:1])):
    ax.plot(1e3 * shown.time, 1e3 * shown.voltage[:, 0], colour, lw=0.8)
ax.set(xlabel="time (ms)", ylabel="u (mV)");

# %% [markdown]
# Grey: the last delay that was tried; black: the first that ended it.
#
# ## Potassium channels are an inductor
#
# The impedance of the membrane at rest has a peak: the capacitance resonates with the slow opening of potassium channels.
# Cole measured that in 1941, eleven years before the equations.

# %%
f = np.geomspace(1.0, 1e4, 300)
spectra = {}
for current in (0.0, 3.0, 5.0):
    z = mn.impedance(sim, ("in", "out"), f, {"in": mn.drive.current(current * MICRO), "out": 0.0})
    spectra[f"{current:g} µA/cm²"] = z
    size = abs(z.values)
    print(
        f"{current:g} µA/cm²: |Z| is largest at {f[size.argmax()]:.0f} Hz, {size.max() / size[0]:.1f} times |Z(1 Hz)|"
    )
fig, ax = plt.subplots(figsize=(6, 4.2), layout="constrained")
mn.plot.nyquist(spectra, ax=ax);

# %% [markdown]
# ## An axon
#
# Hodgkin and Huxley's squid axon: a radius of 238 µm, axoplasm of 35.4 ohm cm, 18.5 °C, where rates are 3.8 times as fast. 50
# membranes of 0.5 mm each, joined by the resistance of what is inside. A current kicks the left end.

# %%
RADIUS, RESISTIVITY, PHI = 238e-6, 0.354, 3 ** ((18.5 - 6.3) / 10)


def axon(count, dx, phi=PHI):
    """A circuit of membranes, and the device on all of them."""
    piece = mn.HodgkinHuxley(area=2 * np.pi * RADIUS * dx, phi=phi)
    inside = mn.Resistor(conductance=np.pi * RADIUS**2 / (RESISTIVITY * dx))
    circuit = mn.Circuit()
    for k in range(count):
        circuit.add(f"n{k}", "out", piece, name=f"membrane {k}")
    for k in range(count - 1):
        circuit.add(f"n{k}", f"n{k + 1}", inside)
    return circuit


def run(circuit, waves, duration, dt=1e-5):
    """Potentials (V), (time, membrane), and times (s)."""
    drive = {node: mn.drive.current(wave) for node, wave in waves.items()}
    sim = circuit.simulation({**drive, "out": 0.0}, dt=dt, method="adaptive", rtol=1e-5)
    data = sim.run(duration=duration, record={"potential": True})
    count = len(circuit.nodes) - 1
    return data.potential.sel(potential_node=[f"n{k}" for k in range(count)]).values, data.time.values


def arrivals(volts, times, level=0.05):
    """When the potential first rises through a level (s), nan where it never does."""
    found = np.full(volts.shape[1], np.nan)
    for k, one in enumerate(volts.T):
        rises = np.flatnonzero((one[1:] > level) & (one[:-1] <= level))
        if rises.size:
            i = rises[0]
            found[k] = times[i] + (times[i + 1] - times[i]) * (level - one[i]) / (one[i + 1] - one[i])
    return found


kick = mn.drive.steps([20e-6, 0.0], [0.0, 2e-4])
volts, times = run(axon(50, 5e-4), {"n0": kick}, 4e-3)
fig, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
for k in (0, 10, 20, 30, 40, 49):
    left.plot(1e3 * times, 1e3 * volts[:, k], label=f"{k * 0.5:g} mm")
left.set(xlabel="time (ms)", ylabel="u (mV)")
left.legend(fontsize="small")
mesh = right.pcolormesh(np.arange(50) * 0.5, 1e3 * times[::4], 1e3 * volts[::4], shading="nearest", cmap="magma")
right.set(xlabel="place (mm)", ylabel="time (ms)")
fig.colorbar(mesh, ax=right, label="u (mV)");


# %%
def speed(count, dx, **more):
    volts, times = run(axon(count, dx, **more), {"n0": kick}, 4e-3)
    at = arrivals(volts, times)
    first, last = int(0.4 * count), int(0.7 * count)
    return (last - first) * dx / (at[last] - at[first])


for count, dx in ((25, 1e-3), (50, 5e-4)) if QUICK else ((25, 1e-3), (50, 5e-4), (100, 2.5e-4)):
    print(f"{count:3d} membranes of {1e3 * dx:g} mm: {speed(count, dx):.2f} m/s")

# %% [markdown]
# Hodgkin and Huxley, with a hand-cranked calculator and a travelling wave assumed, got 18.8 m/s; their axon had 21.2 m/s. With
# shorter pieces the speed converges, and that of 50 is within half a percent. (The front is measured between 40 and 70 % of the length, away from the kick and from the end, where it is faster.)
#
# ## Two spikes that meet, and two that follow
#
# Behind a spike sodium channels are closed ($h$) and potassium channels open. Two spikes from both ends therefore end
# each other, and one that follows too soon does not get through.

# %%
circuit = axon(50, 5e-4)
met, times = run(circuit, {"n0": kick, "n49": kick}, 6e-3)
fig, axes = plt.subplots(1, 3, figsize=(11, 3.4), layout="constrained", sharey=True)
axes[0].pcolormesh(np.arange(50) * 0.5, 1e3 * times[::4], 1e3 * met[::4], shading="nearest", cmap="magma")
axes[0].set(title="from both ends", xlabel="place (mm)", ylabel="time (ms)")
for ax, delay in zip(axes[1:], (1.2e-3, 3e-3), strict=True):
    twice = mn.drive.steps([20e-6, 0.0, 20e-6, 0.0], [0.0, 2e-4, delay, delay + 2e-4])
    followed, times = run(circuit, {"n0": twice}, 6e-3)
    end = followed[:, 49]
    count = ((end[1:] > 0.05) & (end[:-1] <= 0.05)).sum()
    print(f"a second kick after {1e3 * delay:g} ms: spikes that arrive: {count}")
    ax.pcolormesh(np.arange(50) * 0.5, 1e3 * times[::4], 1e3 * followed[::4], shading="nearest", cmap="magma")
    ax.set(title=f"again after {1e3 * delay:g} ms", xlabel="place (mm)")
after = met[times > arrivals(met, times)[25] + 2e-3]
print(f"after they have met, u stays below {1e3 * after.max():.1f} mV")
assert after.max() < 0.02

# %% [markdown]
# **Exercises.** 1. What ends the window of firing at 154 µA/cm²? Look at the amplitude there. 2. Cool the axon to 6.3 °C
# (`phi=1`). How does the speed change, and why less than 3.8 times? 3. How large may the pieces be before no spike gets
# through? 4. Give one membrane in the middle ten times the area, as where a fibre branches. Does the spike pass?
