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
# # 7. One equation for a whole network?
#
# A *mean field* replaces all states of a network by one number, $\langle g\rangle$, and Kirchhoff's laws by one factor.
# `memnet.theory` derives such equations from a network and its device, after Caravelli, Milano, Ricciardi and Kuncic
# (Ann. Phys. 2023, 535, 2300090). This notebook asks when they may be believed: it begins with what is exact, goes on
# to networks where nothing is lost, then to a nanowire network, and ends with transitions. [The theory
# page](../docs/theory.md) has the equations.

# %%
import os

import matplotlib.pyplot as plt
import numpy as np

import memnet as mn

QUICK = os.environ.get("MEMNET_QUICK") == "1"

theory = mn.theory
junction = mn.RateBalance(kappa_p0=1e-4, kappa_d0=0.5, eta_p=10.0, eta_d=1.0, g_min=1e-3, g_max=0.1)

# %% [markdown]
# ## Kirchhoff's laws as a projector
#
# Join source and drain by one more edge. The branch voltages that potentials can produce form a linear space, and
# $\Omega$ projects on it. It knows the wiring only; conductances come in afterwards, and what comes out is exact. The
# projector is a dense matrix, so this is for small networks; `mn.solve` gives the same numbers at any size.

# %%
small = mn.nanowires(120, size=60.0, length=20.0, seed=1)
omega = theory.projector(small)
error = abs(omega.omega @ omega.omega - omega.omega).max()
print(f"{small.n_edges} junctions; largest entry of Omega^2 - Omega {error:.1e}")

rng = np.random.default_rng(0)
conductance = 1e-3 * np.exp(2.0 * rng.standard_normal(small.n_edges))
solution = mn.solve(small, conductance, {"left": 1.0, "right": 0.0})
ends = np.nan_to_num(solution.potential[small.edges])
solved = ends[:, 0] - ends[:, 1]
projected = omega.voltage_drops(conductance, voltage=1.0)
print(f"conductances from {conductance.min():.1e} to {conductance.max():.1e} S")
print(f"largest difference of a voltage drop {abs(projected - solved).max():.1e} V of 1 V")
relative = omega.effective_conductance(conductance) / solution.conductance - 1.0
print(f"conductance of the network {solution.conductance:.6e} S, relative difference {relative:.1e}")

# %% [markdown]
# Equal junctions make it simple: each one then has a fixed share of the applied voltage, proportional to its entry in
# the last column of $\Omega$, *whatever the common state*. A mean field replaces all these shares by one. Which one?
# The plain mean over the junctions that carry current (`average="uniform"`, as in the paper), or the mean weighted with
# $v^2$, the weight that a junction has in the conductance of the network (`average="power"`).

# %%
net = mn.nanowires(280, size=100.0, length=20.0, seed=3)
ends = np.nan_to_num(mn.solve(net, 1.0, {"left": 1.0, "right": 0.0}).potential[net.edges])
share = abs(ends[:, 0] - ends[:, 1])
mean = {name: theory.mean_field(net, junction, average=name).scale for name in ("uniform", "power")}
fig, ax = plt.subplots(figsize=(8, 3.4), layout="constrained")
ax.hist(share, bins=60, color="0.75")
ax.set_yscale("log")
for (name, value), colour in zip(mean.items(), ("#1f5fd0", "#d9480f"), strict=True):
    ax.axvline(value, color=colour, label=f"{name} mean {value:.3f}")
    print(f"{name:8s} mean share {value:.4f}, largest share {share.max():.4f}")
ax.set(xlabel="voltage of a junction per applied volt", ylabel="junctions")
ax.legend();

# %% [markdown]
# Most junctions see next to nothing and a few see a lot. One number cannot be right for both; how wrong it is, the
# rest of this notebook measures.
#
# ## Where nothing is lost
#
# In a chain all junctions carry one current, in a bundle they share one voltage. If they are equal, they stay equal,
# and the mean field is no approximation. Simulate both under a current and under a voltage, and let the mean field take
# the same steps.

# %%
chain = mn.Network(9, [(k, k + 1) for k in range(8)], electrodes={"left": 0, "right": 8})
bundle = mn.Network(2, [(0, 1)] * 8, electrodes={"left": 0, "right": 1})


def pulses(high):
    """A low level, then `high` for 10 s, and again."""
    return mn.drive.pulses(low=0.1 * high, high=high, length=10.0, spacing=10.0)


cases = {
    ("chain", "voltage"): (chain, pulses(8.0)),
    ("chain", "current"): (chain, mn.drive.current(pulses(0.02))),
    ("bundle", "voltage"): (bundle, pulses(1.0)),
    ("bundle", "current"): (bundle, mn.drive.current(pulses(0.16))),
}
fig, axes = plt.subplots(1, 2, figsize=(11, 4), layout="constrained", sharex=True)
for ax, shape in zip(axes, ("chain", "bundle"), strict=True):
    for kind, colour in (("voltage", "#1f5fd0"), ("current", "#d9480f")):
        one, drive = cases[shape, kind]
        data = mn.Simulation(one, junction, {"left": drive, "right": 0.0}, dt=0.1).run(600)
        field = theory.mean_field(one, junction, drive=kind)
        found = field.integrate(data.time, drive, method="steps")
        worst = float(abs(found.conductance / data.conductance - 1.0).max())
        print(f"{shape:6s} under a {kind}: largest relative error of the mean field {worst:.1e}")
        assert worst < 1e-9
        ax.plot(data.time, data.conductance, color=colour, lw=4, alpha=0.3, label=f"{shape}, {kind} pulses")
        ax.plot(found.time, found.conductance, color=colour, lw=1, ls="--", label="its mean field")
    ax.set(xlabel="time (s)", ylabel="conductance (S)")
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, frameon=False)

# %% [markdown]
# Note the two drives. Under a *voltage* a junction keeps its share whatever the state, so nothing feeds back. Under a
# *current* a network that conducts more has less voltage: that is the factor $1/(1+\chi\langle g\rangle)$ of the paper,
# and it belongs to the current. memnet derives both from a network; a field made from parameters has
# `drive="effective"`, the paper's equation with a voltage in place of the current.
#
# ## A network of nanowires
#
# Now the network whose shares we have seen. `mean_field_error` simulates it beside its mean field for several
# strengths $\sigma$ of *disorder*: `g_min` and `g_max` of each junction are multiplied by $e^{\sigma N(0,1)}$.
# Junctions switch fast when the drive begins, and steps of a fixed length would add errors of their own ([notebook
# 9](09_does_my_answer_depend_on_dt.ipynb)). So both are followed by steps that errors decide, and what is left is the
# error of the mean field.

# %%
dt, duration = (0.1, 20.0) if QUICK else (0.02, 40.0)
disorder = [0.0, 0.25, 0.5, 1.0]
drives = {"4 V": 4.0, "10 mA": mn.drive.current(0.01)}
averages = {"uniform": "#1f5fd0", "power": "#d9480f"}
errors = {}
for name, drive in drives.items():
    for average in averages:
        errors[name, average] = theory.mean_field_error(
            net,
            junction,
            drive,
            steps=round(duration / dt),
            dt=dt,
            disorder=disorder,
            average=average,
            seed=1,
            method="adaptive",
        )

# %%
fig, axes = plt.subplots(2, 2, figsize=(11, 6.4), layout="constrained", sharex=True)
for column, name in enumerate(drives):
    top, bottom = axes[:, column]
    for average, colour in averages.items():
        found = errors[name, average]
        top.semilogx(found.time[1:], found.mean_field[1:], "--", color=colour, label=f"mean field, {average}")
        bottom.semilogx(found.time[1:], found.error[0, 1:], color=colour, label=f"{average}, no disorder")
        bottom.semilogx(found.time[1:], found.error[-1, 1:], color=colour, ls=":", label=f"{average}, disorder 1")
    top.semilogx(found.time[1:], found.network[0, 1:], color="black", label="network")
    top.set(title=f"{name} between the pads", ylabel="conductance (S)")
    bottom.axhline(0.0, color="0.6", lw=0.8)
    bottom.set(xlabel="time (s)", ylabel="mean field / network - 1")
    top.legend(fontsize="small")
fig.legend(*bottom.get_legend_handles_labels(), loc="outside lower center", ncols=4, title="errors");

# %%
print("drive   average   error at the end for disorder", disorder)
for (name, average), found in errors.items():
    print(f"{name:7s} {average:8s}", np.round(found.error[:, -1].values, 3))
fig, ax = plt.subplots(figsize=(7, 3.4), layout="constrained")
for name, marker in zip(drives, "os", strict=True):
    for average, colour in averages.items():
        line = "-" if average == "power" else "--"
        ax.plot(disorder, errors[name, average].error[:, -1], marker + line, color=colour, label=f"{name}, {average}")
ax.axhline(0.0, color="0.6", lw=0.8)
ax.set(xlabel=r"disorder $\sigma$", ylabel="mean field / network - 1, at the end")
ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False);

# %% [markdown]
# Under a voltage no average is right in general: the junctions with more than the mean voltage switch first, and
# nothing in one variable can say so. The plain mean does not see them, the power mean takes all for them. Under a
# current the network corrects itself, for what switches lowers the voltage for all, and the power mean ends closer to
# the truth. Disorder shifts these errors, and may shift one through zero, which is an accident and no merit of the mean
# field; most of them is there without disorder and comes from the wiring.
#
# ## Potential and equilibria
#
# One variable has a potential, $d\langle g\rangle/dt = -dV/d\langle g\rangle$, and equilibria are its extrema. For rate
# balance there is one minimum at each drive: it moves, steeply perhaps, but never jumps. The dots are the network, at
# rest after a minute at each drive.

# %%
states = np.linspace(0.0, 1.0, 300)
by_voltage = theory.mean_field(net, junction, drive="voltage", average="power")
fig, (left, middle, right) = plt.subplots(1, 3, figsize=(15, 4.4), layout="constrained")
for k, voltage in enumerate((5.0, 6.5, 7.0, 7.5, 9.0)):
    colour = plt.colormaps["viridis"](k / 4.5)
    potential = by_voltage.potential(states, voltage)
    (point,) = by_voltage.fixed_points(voltage)
    scaled = (potential - by_voltage.potential(point.g, voltage)) / np.ptp(potential)
    left.plot(states, scaled, color=colour, label=f"{voltage:g} V")
    left.plot(point.g, 0.0, "o", color=colour)
left.set(xlabel=r"$\langle g\rangle$", ylabel="potential, scaled to its range", title="Potential, power mean")
left.legend()

points = 7 if QUICK else 19
ranges = {"voltage": np.linspace(1.0, 25.0, points), "current": np.geomspace(1e-3, 1.0, points)}
for ax, (kind, drive) in zip((middle, right), ranges.items(), strict=True):
    fine = np.linspace(drive[0], drive[-1], 1000)
    for average, colour in averages.items():
        sweep = theory.mean_field(net, junction, drive=kind, average=average).bifurcation(fine)
        ax.semilogy(fine, sweep.conductance_up, color=colour, label=f"mean field, {average}")
    ends = []
    for value in drive:
        applied = value if kind == "voltage" else mn.drive.current(value)
        sim = mn.Simulation(net, junction, {"left": applied, "right": 0.0}, dt=60.0, method="adaptive")
        ends.append(float(sim.run(2).conductance[-1]))
    ax.semilogy(drive, ends, "ko", ms=4, label="network")
    ax.set(xlabel=f"{kind} ({'V' if kind == 'voltage' else 'A'})", ylabel="conductance (S)")
    ax.set_title(f"Equilibrium under a {kind}")
    ax.legend()
right.set_xscale("log");

# %% [markdown]
# Under a voltage the mean field turns over within a few volts, while the network takes its time: its junctions switch
# one after another, over the whole width of the distribution of shares. Under a current the power mean stays close to
# the network over three decades, and the plain mean is late. At rest all agree, since there all junctions are equal.
#
# ## A jump, and the clamp that forbids it
#
# Hillocks (`Hillock`, in gaps of one length) feed back harder: the closer a hillock comes to the other side, the larger
# the field that makes it grow. Without a limit the curve of equilibria turns round at
# $g^* = \left(a - 2 + \sqrt{a^2 + 4}\right)/2a$, always beyond one half. There the stable branch ends, and the state
# runs into the singularity at 1: a transition of first order. The device does not go that far. It stops the hillock at
# half the gap (`z_max_fraction`), before the fold, and the transition is continuous.

# %%
a = 1.0
free = theory.HillockField(strength=1.0, tau=1.0, a=a, clamp=None)
held = theory.HillockField(strength=1.0, tau=1.0, a=a, clamp=0.5)
((g_fold, u_fold),) = free.turning_points()
closed = (a - 2.0 + np.sqrt(a**2 + 4.0)) / (2.0 * a)
print(f"fold at <g> = {g_fold:.6f} (closed form {closed:.6f}), drive {u_fold:.6f}")
print("folds with the clamp:", held.turning_points(), " jump:", held.jump())

# %%
fig, (left, right) = plt.subplots(1, 2, figsize=(12, 4.4), layout="constrained")
g = np.linspace(0.0, 0.99, 400)
curve, stable = free.drive_at(g), g <= g_fold
left.plot(curve[stable], g[stable], color="#1f5fd0", label="no clamp, stable")
left.plot(curve[~stable], g[~stable], color="#1f5fd0", ls="--", label="no clamp, unstable")
sweep = held.bifurcation(np.linspace(0.0, 0.65, 200))
left.plot(sweep.drive, sweep.up, color="#2f9e44", lw=4, alpha=0.5, label="with the clamp")
left.plot(u_fold, g_fold, "o", color="#d9480f", label="fold")
left.set(xlabel="drive (V)", ylabel=r"$\langle g\rangle$", title="Equilibria", xlim=(0.0, 0.65), ylim=(0.0, 1.0))
left.legend(fontsize="small")

ramp_time = 400.0
times = np.linspace(0.0, ramp_time, 2001)
ramp = mn.drive.triangle(low=0.0, high=0.65, period=2.0 * ramp_time)
found = held.integrate(times, ramp)
right.plot(found.drive, found.g, color="#2f9e44", lw=4, alpha=0.5, label="with the clamp")
try:
    free.integrate(times, ramp)
except ArithmeticError as reason:
    print("without the clamp:", reason)
below = times[ramp(times) < 1.004 * u_fold]
found = free.integrate(below, ramp)
right.plot(found.drive, found.g, color="#1f5fd0", label="no clamp, until it runs away")
right.axvline(u_fold, color="#d9480f", lw=0.8, label="fold")
right.set(xlabel="drive (V)", ylabel=r"$\langle g\rangle$", title="A slow ramp", xlim=(0.0, 0.65), ylim=(0.0, 1.0))
right.legend(fontsize="small");

# %% [markdown]
# A ramp of finite speed passes the fold before it runs away, so read thresholds from `turning_points`, not from ramps.
#
# **Exercises.** 1. Put eight junctions into a ladder, four in series, twice in parallel. Is the mean field exact? Now
# join the middles. 2. Under a voltage, which share of it would make the mean field right at the end? 3. A clamp of 0.7
# in place of 0.5: find the drives between which two states are stable (`bistable_region`), and ramp up and down through
# them. 4. `theory.LinearDriftField` jumps under a voltage for $\chi > 1/2$. Find that from `turning_points`.
