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
# # 8. Fit a measured trace
#
# A network was given a pulse, and its conductance was recorded. Which model describes the trace, and what do its
# parameters mean? `mn.theory.fit_mean_field` fits the effective mean field of [notebook
# 7](07_mean_field_against_network.ipynb), `fit_rate_balance` one rate balance that sees the whole voltage. We try them
# on a trace that we make ourselves, because then the truth is known; at the end you put in your own.

# %%
import os
import warnings
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import memnet as mn

QUICK = os.environ.get("MEMNET_QUICK") == "1"
STARTS = 2 if QUICK else 5

# %% [markdown]
# ## A trace
#
# The protocol is a common one: a moment at a small reading voltage, a pulse of 2 V for a good minute and a half, and
# reading again while the network forgets. Samples come quickly in the pulse and slowly afterwards. The conductance is
# that of a mean field with known parameters, and normal noise stands for the instrument.

# %%
truth = mn.theory.RateBalanceField(
    drive="effective", kappa_p0=1e-8, kappa_d0=150.0, eta_p=95.0, eta_d=9500.0, g_min=1.4e-4, chi=16.0
)
start, noise = 0.3, 5e-6  # <g> at the beginning; standard deviation of the noise (S)
thin = 20 if QUICK else 4
time = np.concatenate(
    ([0.0], 0.2 + 0.05 * thin * np.arange(2000 // thin), 102.8 + 0.24 * thin * np.arange(1000 // thin))
)
voltage = np.where((time > 0.1) & (time < 102.0), 2.0, 0.01)


def answer(field, g0, seed):
    """Conductance (S) of a field under the protocol, with noise; the voltage of a sample is set, then measured."""
    applied = mn.drive.steps(np.append(voltage[1:], voltage[-1]), time)
    clean = field.integrate(time, applied, g0=g0).conductance.values
    return clean + noise * np.random.default_rng(seed).standard_normal(time.size)


conductance = answer(truth, start, seed=0)
fig, (top, bottom) = plt.subplots(2, 1, figsize=(9, 4.6), sharex=True, height_ratios=(1, 3), layout="constrained")
top.step(time, voltage, where="pre", color="#d9480f")
top.set(ylabel="voltage (V)")
bottom.plot(time, 1e3 * conductance, lw=0.8)
bottom.set(xlabel="time (s)", ylabel="conductance (mS)")
print(f"{time.size} samples, noise {noise:g} S")

# %% [markdown]
# ## Two fits
#
# Both models have seven free numbers, the state at the first sample among them, and one more for each jump of the
# voltage: what held while it jumped is not in the file. A fit starts from several random points and keeps the best
# end. It warns if the trace does not determine the parameters; we keep the warnings to read them below.


# %%
def both(time, voltage, conductance, **options):
    """Fit both models; returns the fits and the warnings."""
    found, said = {}, {}
    for name, fit in (("mean field", mn.theory.fit_mean_field), ("rate balance", mn.theory.fit_rate_balance)):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            found[name] = fit(time, voltage, conductance, seed=0, **options)
        said[name] = [f"{warning.category.__name__}: {warning.message}" for warning in caught]
    return found, said


def compare(found):
    """Print what the criteria say."""
    best = min(fit.aic for fit in found.values())
    for name, fit in found.items():
        print(
            f"{name:13s} RMSE {fit.rmse:.3e} S   AIC {fit.aic:9.1f} (best {fit.aic - best:+9.1f})   BIC {fit.bic:9.1f}"
        )


fits, said = both(time, voltage, conductance, n_starts=STARTS)
compare(fits)

# %%
colours = {"mean field": "#1f5fd0", "rate balance": "#d9480f"}


def residuals(time, found, level=None):
    """Draw what each fit leaves of the trace."""
    _, ax = plt.subplots(figsize=(9, 3.6), layout="constrained")
    for name, fit in found.items():
        ax.plot(time, 1e6 * fit.residual, ".", ms=3, color=colours[name], label=name)
    if level is not None:
        for sign in (-2, 2):
            ax.axhline(sign * 1e6 * level, color="black", lw=0.8, ls=":")
    ax.set_yscale("symlog", linthresh=20.0)
    ax.set(xlabel="time (s)", ylabel="fit - trace (µS)", title="Linear up to 20 µS, then logarithmic")
    ax.legend(markerscale=3)


for fit in fits.values():
    mn.plot.fit(fit)
residuals(time, fits, noise)

# %% [markdown]
# The dotted lines are two standard deviations of the noise. The residuals of the mean field fill that band without a
# pattern, so there is nothing left to explain. Those of the rate balance are waves: with the voltage constant it
# relaxes by one exponential, and this trace does not. Waves are what to look for; an RMSE alone does not show them.
#
# AIC and BIC charge for parameters. Here both models have as many, so the charge cancels and both criteria rank as the
# RMSE does. They take residuals as independent, and for waves they are not: read a difference as a direction, not as
# odds. And do they find the other truth, too? Make a trace with one rate balance and ask again.

# %%
single = mn.theory.RateBalanceField(
    drive="voltage", kappa_p0=0.03, kappa_d0=0.03, eta_p=0.5, eta_d=0.5, g_min=8e-4, chi=2.0
)
other, _ = both(time, voltage, answer(single, 0.1, seed=1), n_starts=STARTS)
compare(other)

# %% [markdown]
# ## What the trace does not say
#
# The fit of the right model is as good as the noise allows. Are its parameters the true ones?

# %%
fit = fits["mean field"]
true = {name: getattr(truth, name) for name in ("g_min", "chi", "kappa_p0", "kappa_d0", "eta_p", "eta_d")} | {
    "g0": start
}
print("parameter        true       found    error (1 sd)")
for name, value in true.items():
    note = "not determined" if name in fit.undetermined else ""
    print(f"{name:9s} {value:11.4g} {fit.params[name].value:11.4g} {fit.params[name].stderr:11.2g}  {note}")
for text in said["mean field"]:
    print("\n" + text)

# %% [markdown]
# Hence the warning. Written for the conductance, the equation contains $\eta g_{min}$, $\kappa_{P0}(g_{max}-g_{min})$,
# $\kappa_{D0}$, $g_{min}$ and $g_{max}$. If $g_{min}$ is far below all that was measured, it may as well be zero: then
# $\chi$ and $\eta$ grow together without bound and the curve stays. What a trace may determine better are products,
# which the fit lists in `determined`.
#
# The errors above are those of a fit that is linear near its best, and where parameters hang together this one is not.
# `interval` holds a parameter at one value after the other, fits all others anew, and ends where the fit becomes worse
# by one standard deviation, so one in three misses the truth. That is what to quote; inf says that nothing in the trace limits it. Like AIC and BIC it
# takes residuals as independent: with waves in them it is too narrow.

# %%
exact = {
    "g_min chi": truth.g_min * truth.chi,
    "eta_p g_min": truth.eta_p * truth.g_min,
    "eta_d g_min": truth.eta_d * truth.g_min,
    "eta_p / chi": truth.eta_p / truth.chi,
    "eta_d / chi": truth.eta_d / truth.chi,
}
for name, (value, error) in fit.determined.items():
    print(f"{name:12s} true {exact[name]:9.4g}   found {value:9.4g} +- {error:.2g}")
for name, value in {"eta_p g_min": exact["eta_p g_min"], "kappa_d0": truth.kappa_d0, "chi": truth.chi}.items():
    bottom_end, top_end = fit.interval(name)
    print(f"{name:12s} true {value:9.4g}   interval {bottom_end:.5g} to {top_end:.5g}")
for jump in fit.jumps:
    print(f"{jump.voltage:.4g} +- {jump.error:.2g} V in the {jump.duration:.3g} s after t = {jump.time:.4g} s")

names = list(true)
correlation = np.array([[1.0 if a == b else fit.params[a].correl[b] for b in names] for a in names])
fig, ax = plt.subplots(figsize=(5.4, 4.4), layout="constrained")
image = ax.imshow(correlation, cmap="RdBu_r", vmin=-1.0, vmax=1.0)
ax.set_xticks(range(len(names)), names, rotation=45)
ax.set_yticks(range(len(names)), names)
ax.set_title("Correlation of the parameters")
fig.colorbar(image, ax=ax, label="correlation");

# %% [markdown]
# ## Starts and boxes
#
# A fit ends in the valley that it started in, so it needs several starts. `boxes` says what they are drawn from, and
# `starts` where each of them ended.

# %%
for name, (box_low, box_high) in fit.boxes.items():
    print(f"{name:42s} {box_low:9.3g} to {box_high:.3g}")
print(f"{fit.successes} of {len(fit.starts)} starts ended within 0.1 % of the best RMSE; RMSE of all of them (S):")
print(", ".join(f"{start.rmse:.3e}" for start in fit.starts))

# %% [markdown]
# Boxes of your own go in by the same names; the starts come from them, but a fit may leave them. `limits` it may not
# leave. Here they hold $g_{min}$ at one value after the other, and all else is fitted.

# %%
valley = []
for share in (0.01, 0.3, 0.9) if QUICK else (0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
    g_min = share * conductance.min()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mn.theory.NotIdentifiable)  # that is what is shown
        valley.append(
            mn.theory.fit_mean_field(
                time, voltage, conductance, seed=1, n_starts=1, limits={"g_min": (g_min, 1.001 * g_min)}
            )
        )
chi = np.array([end.params["chi"].value for end in valley])
rmse = np.array([end.rmse for end in valley])
good = rmse < 1.01 * min(fit.rmse, rmse.min())
print(f"RMSE within 1 % of the best: chi from {chi[good].min():.3g} to {chi[good].max():.3g} ({truth.chi:g} is true)")
for product, value in (("g_min chi", exact["g_min chi"]), ("eta_p g_min", exact["eta_p g_min"])):
    ends = np.array([end.determined[product][0] for end in valley])[good]
    print(f"  {product}: from {ends.min():.4g} to {ends.max():.4g} ({value:.4g} is true)")
fig, ax = plt.subplots(figsize=(7, 3.6), layout="constrained")
ax.semilogx(chi, 1e6 * rmse, "o-", color=colours["mean field"])
ax.axvline(truth.chi, color="0.5", lw=0.8, label="true value")
ax.axhline(1e6 * noise, color="black", lw=0.8, ls=":", label="noise")
ax.set(xlabel=r"$\chi$ of the best fit with its $g_{min}$", ylabel="RMSE (µS)", ylim=(0.0, 2e6 * noise))
ax.legend();

# %% [markdown]
# Along the bottom fits are equally good, and the products differ far less between them than $\chi$ does. So do not
# quote $\chi$ from such a trace. If you need it, measure what fixes it: the conductance of a network that forgot
# everything, which is $g_{min}$, or saturation, which is $g_{max}$; then give it as a limit.
#
# ## Your own trace
#
# Anything with time (s), voltage (V) and conductance (S) can be fitted. This notebook reads text files with five
# columns, time, current, voltage, resistance, conductance, without a header. Name yours in the environment variable
# `MEMNET_DATA` and run it again; a folder will do if the file in it is called `agnw_pulse_2V.txt`, which is what
# `memnet reproduce meanfield2023` looks for, too. Times must increase without gaps (or say `max_gap=`), and `hold=`
# says which voltage holds between two samples: that of the later one ("next") or of the earlier one ("previous"). The
# default, "fitted", is "next" except in jumps, as above.


# %%
def load(place):
    """Time (s), voltage (V) and conductance (S) of a file with five columns."""
    file = Path(place)
    if file.is_dir():
        file = file / "agnw_pulse_2V.txt"
    seconds, _, volts, _, siemens = np.loadtxt(file, unpack=True)
    return seconds, volts, siemens


place = os.environ.get("MEMNET_DATA")
if place is None:
    print("MEMNET_DATA is not set: no measured trace is fitted")
else:
    measured = [column[:: 15 if QUICK else 1] for column in load(place)]
    own, own_said = both(*measured, n_starts=STARTS)
    compare(own)
    print(own["mean field"].report())
    for text in own_said["mean field"]:
        print("\n" + text)
    mn.plot.fit(own["mean field"])
    residuals(measured[0], own)

# %% [markdown]
# **Exercises.** 1. Ten times the noise: which model does the AIC prefer now, and can you still see waves? 2. Give the
# protocol a second pulse of 1 V. Which parameters become determined? 3. Drop the first two samples of the pulse. What
# does the fit lose? 4. Fit with `hold="previous"` and look at the residuals right after the voltage changes; then with
# the default.
