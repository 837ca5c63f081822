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
# # 16. From the Nernst potential to a spike
#
# A nerve cell has much potassium inside and much sodium outside. That is all it needs to be at a voltage, and to change it:
# each kind of ion would rest at a potential of its own, and the membrane decides which of them it lets through. From there
# to the resting potential, a pump, a spike, and a spike that runs along an axon. After sections 2.1 and 2.2 of
# Chen et al., Adv. Mater. 2023, doi 10.1002/adma.202301924
# ([membranes and cells](../docs/electrochemistry.md)).

# %%
import os

import matplotlib.pyplot as plt
import numpy as np
from scipy.constants import physical_constants

import memnet as mn

QUICK = os.environ.get("MEMNET_QUICK") == "1"
ec = mn.electrochemistry
faraday = physical_constants["Faraday constant"][0]  # C/mol

# %% [markdown]
# ## One kind of ion: Nernst
#
# Diffusion carries ions out where there are fewer, and leaves a voltage behind that pulls them back. They rest where both are
# equal: $E = (RT/zF)\,\ln(c_{out}/c_{in})$. A tenfold concentration is worth the same millivolts for all of one charge, and
# half of that, with two charges.

# %%
ions = {row.ion: row for row in ec.TABLE_1}
fig, ax = plt.subplots(figsize=(6.5, 3.4), layout="constrained")
ratio = np.geomspace(1e-3, 1e5, 200)
for z, colour in ((1, "#c8282d"), (2, "#2f9e44"), (-1, "#1f5fd0")):
    ax.semilogx(ratio, 1e3 * ec.nernst(z, 1.0, ratio, temperature=310), color=colour, lw=1, label=f"z = {z:+d}")
for name in ("Na+", "K+", "Cl-", "Ca2+"):
    row = ions[name]
    volts = ec.nernst(row.z, row.inside, row.outside, temperature=310)
    ax.plot(row.outside / row.inside, 1e3 * volts, "ko", ms=4)
    ax.annotate(name, (row.outside / row.inside, 1e3 * volts), xytext=(5, -11), textcoords="offset points")
    print(f"{name:5} {row.inside:8g} mmol/l inside, {row.outside:5g} outside: {1e3 * volts:+8.3f} mV at 310 K")
ax.axhline(0.0, color="0.8", lw=0.8, zorder=0)
ax.set(xlabel="outside / inside", ylabel="E (mV)")
ax.legend(fontsize="small");

# %% [markdown]
# ## Several kinds: Goldman, Hodgkin and Katz
#
# A membrane that lets several kinds through rests between their potentials, each of which draws by its permeability. At rest
# potassium draws most. What if it opens for sodium?

# %%
chosen = [ions[name] for name in ("K+", "Cl-", "Na+")]
cell = {name: [getattr(row, name) for row in chosen] for name in ("z", "inside", "outside")}
permeability = 1e-8 * np.array([1.0, 0.1, 0.03])  # m/s
rest = ec.ghk_voltage(permeability=permeability, **cell)
times = np.geomspace(1.0, 3000.0, 200)
opened = ec.ghk_voltage(permeability=permeability * np.stack([[1, 1, k] for k in times]), **cell)
print(f"rests at {1e3 * rest:.4f} mV; with 500 times the sodium at {1e3 * np.interp(500, times, opened):+.1f} mV")
fig, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.4), layout="constrained")
left.semilogx(times, 1e3 * opened, "k")
for name, colour in (("Na+", "#c8282d"), ("K+", "#1f5fd0")):
    volts = ec.nernst(ions[name].z, ions[name].inside, ions[name].outside, temperature=310)
    left.axhline(1e3 * volts, color=colour, lw=0.8, ls="--", label=name)
left.set(xlabel="permeability for sodium, times that at rest", ylabel="the cell rests at (mV)")
left.legend(fontsize="small")
v = np.append(np.linspace(-0.12, 0.04, 101), rest)
for k, (name, colour) in enumerate((("K+", "#1f5fd0"), ("Cl-", "#2f9e44"), ("Na+", "#c8282d"))):
    flux = ec.ghk_flux(cell["z"][k], permeability[k], cell["inside"][k], cell["outside"][k], v)
    density = 1e3 * cell["z"][k] * faraday * flux
    right.plot(1e3 * v[:-1], density[:-1], color=colour, label=name)
    print(f"{name:3} carries {density[-1]:+.2f} mA/m² at rest")
right.axhline(0.0, color="0.8", lw=0.8, zorder=0)
right.axvline(1e3 * rest, color="0.4", lw=0.8, ls=":", label="rest")
right.set(xlabel="V (mV)", ylabel="current out of the cell (mA/m²)", ylim=(-30, 80))
right.legend(fontsize="small")
assert abs(1e3 * rest + 74.7787) < 1e-4

# %% [markdown]
# The lines at the right bend, as ions flow more easily from where there are more of them. At rest the three currents cancel,
# but none of them is nothing: the cell runs down.
#
# ## A pump
#
# So it takes pumps that carry ions back. Three sodium ions out for two of potassium in leave a current: the membrane moves,
# a little. Here as a circuit, a `Goldman` edge for each kind of ion, and a capacitance; the pump is switched on after 0.2 s.

# %%
area = 1e-7  # m2
membrane = mn.Circuit()
for row, name, share in zip(chosen, ("potassium", "chloride", "sodium"), permeability, strict=True):
    membrane.add("inside", "outside", mn.Goldman.preset(name, P=share * area), name=row.ion)
membrane.add("inside", "outside", mn.Capacitor(capacitance=1e-2 * area), name="C")
fig, ax = plt.subplots(figsize=(6, 3), layout="constrained")
for density in (2e-3, 5e-3, 10e-3):
    pump = mn.drive.steps([0.0, -density * area], [0.0, 0.2])
    sim = membrane.simulation({"inside": mn.drive.current(pump), "outside": 0.0}, dt=1e-3, method="adaptive", rtol=1e-6)
    data = sim.run(duration=0.8)
    volts = data.voltage.sel(electrode="inside").values
    want = ec.ghk_voltage(permeability=permeability, pump_current=density, **cell)
    ax.plot(data.time, 1e3 * volts, label=f"{1e3 * density:g} mA/m²")
    print(f"{1e3 * density:4g} mA/m²: {1e3 * volts[-1]:.3f} mV, by the root of the sum of currents {1e3 * want:.3f} mV")
    assert abs(volts[-1] - want) < 1e-5
ax.set(xlabel="time (s)", ylabel="V (mV)", xlim=(0.17, 0.3), ylim=(-88, -72))
ax.legend(fontsize="small", title="pump", title_fontsize="small");

# %% [markdown]
# ## A membrane that opens and closes by itself: Hodgkin and Huxley
#
# Channels whose gates follow the voltage turn this into a spike. `HodgkinHuxley.preset("absolute")` is the squid's membrane,
# with potentials of the inside from the outside. Under a constant current of 10 µA/cm²:

# %%
squid = mn.HodgkinHuxley.preset("absolute")
E_Na, E_K, E_leak = (squid.V_R + one for one in (squid.E_Na, squid.E_K, squid.E_leak))
print(f"potassium at {1e3 * E_K:.1f} mV, the leak at {1e3 * E_leak:.1f} mV, sodium at {1e3 * E_Na:.1f} mV")


def fire(current, duration, dt=2e-5):
    circuit = mn.Circuit()
    circuit.add("inside", "outside", squid, name="membrane")
    drive = {"inside": mn.drive.current(current), "outside": 0.0}
    sim = circuit.simulation(drive, dt=dt, method="adaptive", rtol=1e-6)
    return sim.run(duration=duration, record=["voltage", "state:m", "state:h", "state:n"])


quiet = fire(0.0, 0.05, dt=1e-3).voltage.values[-1, 0]
data = fire(10e-6, 0.06 if QUICK else 0.15)
volts, time = data.voltage.values[:, 0], data.time.values
up = np.flatnonzero((volts[1:] > 0.0) & (volts[:-1] <= 0.0))
crossed = time[up] - volts[up] / (volts[up + 1] - volts[up]) * (time[up + 1] - time[up])
print(f"rests at {1e3 * quiet:.3f} mV; fires {up.size} times, every {1e3 * np.diff(crossed)[-1]:.3f} ms in the end")
print(f"peaks: first {1e3 * volts.max():.3f} mV, then {1e3 * volts[time > crossed[-1]].max():.3f} mV")
m, h, n = (data[f"state_{gate}"].values[:, 0] for gate in "mhn")
sodium, potassium = squid.g_Na * m**3 * h, squid.g_K * n**4
pull = (sodium * E_Na + potassium * E_K + squid.g_leak * E_leak) / (sodium + potassium + squid.g_leak)
shown = time < 0.02
fig, (top, bottom) = plt.subplots(2, 1, figsize=(7, 5), sharex=True, layout="constrained")
top.plot(1e3 * time[shown], 1e3 * volts[shown], "k", label="V")
top.plot(1e3 * time[shown], 1e3 * pull[shown], color="#e8820c", lw=1, label="where the open channels would rest")
for level, colour, name in ((E_Na, "#c8282d", "sodium"), (E_K, "#1f5fd0", "potassium")):
    top.axhline(1e3 * level, color=colour, lw=0.8, ls="--", label=f"Nernst, {name}")
top.set(ylabel="mV")
top.legend(fontsize="x-small", loc="upper center")
bottom.plot(1e3 * time[shown], 0.1 * sodium[shown], color="#c8282d", label="sodium")
bottom.plot(1e3 * time[shown], 0.1 * potassium[shown], color="#1f5fd0", label="potassium")
bottom.set(xlabel="time (ms)", ylabel="conductance (mS/cm²)")
bottom.legend(fontsize="small")
assert abs(1e3 * quiet + 65.0) < 1e-3

# %% [markdown]
# The orange line is what Goldman's curve was above: the potential to which the channels that are open would bring the membrane.
# It jumps to sodium's as gates $m$ open, and falls to potassium's as $h$ closes them and $n$ opens the others. The
# capacitance makes the voltage follow.
#
# ## An axon
#
# Fifty such membranes of 0.5 mm, joined by what is inside, at 18.5 °C. Where one is at its peak, current flows to the next and
# brings it to its threshold: the spike runs, and does not get smaller.

# %%
radius, resistivity, length = 238e-6, 0.354, 5e-4  # m, ohm m, m
piece = mn.HodgkinHuxley.preset("absolute", area=2 * np.pi * radius * length, phi=3 ** ((18.5 - 6.3) / 10))
core = mn.Resistor(conductance=np.pi * radius**2 / (resistivity * length))
axon = mn.Circuit()
for k in range(50):
    axon.add(f"n{k}", "outside", piece, name=f"membrane {k}")
for k in range(49):
    axon.add(f"n{k}", f"n{k + 1}", core, name=f"core {k}")
kick = mn.drive.current(mn.drive.steps([20e-6, 0.0], [0.0, 2e-4]))
sim = axon.simulation({"n0": kick, "outside": 0.0}, dt=2e-5, method="adaptive", rtol=1e-4)
data = sim.run(duration=4e-3, record="potential")
along = data.potential.sel(potential_node=[f"n{k}" for k in range(50)]).values
time = data.time.values
arrive = [time[np.argmax(one > 0.0)] for one in along.T]
fig, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
for k in (0, 10, 20, 30, 40, 49):
    left.plot(1e3 * time, 1e3 * along[:, k], label=f"{k * 0.5:g} mm")
left.set(xlabel="time (ms)", ylabel="V (mV)")
left.legend(fontsize="small")
mesh = right.pcolormesh(np.arange(50) * 0.5, 1e3 * time, 1e3 * along, shading="nearest", cmap="magma", rasterized=True)
right.set(xlabel="place (mm)", ylabel="time (ms)")
fig.colorbar(mesh, ax=right, label="V (mV)")
speed = 20 * length / (arrive[35] - arrive[15])
peaks = 1e3 * along.max(axis=0)[[15, 25, 35]]
print(f"between 7.5 and 17.5 mm it runs at {speed:.1f} m/s; its peaks there: {peaks.round(1)} mV")
assert 18.0 < speed < 20.0

# %% [markdown]
# More of axons is in [notebook 13](13_neuron_and_axon.ipynb), and what a spike does to the next cell in
# [notebook 17](17_a_synapse_learns.ipynb).
#
# **Exercises.** 1. Ten times the potassium outside, `c_b=45` of its `Goldman` edge: where does the cell rest? Potassium chloride
# stops a heart. 2. Is there a pump current that makes the cell rest at 0 mV? 3. Halve the sodium outside the squid (`E_Na` by
# `mn.electrochemistry.nernst`). How high is the spike, and how fast?
