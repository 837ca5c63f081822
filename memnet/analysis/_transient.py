"""Transients behind a step of the voltage: the fast and the slow part of a current, with their time constants."""

from __future__ import annotations

import bisect
import functools
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from memnet.analysis import _cycles as cycles
from memnet.base import blas, check, job
from memnet.base.arrays import Floats
from memnet.base.read_only import ReadOnlyArrays, read_only
from memnet.base.text import Summary, estimate, quantity

__all__ = ["Decay", "Transient", "transient"]

# Fewer samples than this behind the step are no transient, fewer than that no fit of a part.
ENOUGH, LEAST = 20, 6
# No data are better than this share of their range: simulations have errors, too.
EXACT = 1e-7
# A part counts from this many standard deviations of its amplitude, and of the noise, on.
SIGNIFICANT = 5.0
# A time constant whose error is a larger share of it than this is not known.
KNOWN = 0.3
# Parts whose times differ by less are one that is not exponential.
APART = 8.0
# How far, in spacings of samples, rounding may move the time of one.
ROUNDING = 1e-6
# How far a fast part is fitted, in its own time constants.
LENGTH = 8.0
# Where the slow part is looked for: starts from which on it may be alone, halvings of the window.
STARTS, HALVINGS = 25, 12
# How far from an exponential it may be, in standard deviations of the noise; and its tau, in lengths of the window.
ALLOWED = (1.0, 10.0, 100.0, 1000.0)
SEEN = 20.0


@dataclass(frozen=True, repr=False)
class Decay(Summary):
    """An exponential part of a current, amplitude exp(-t/tau), t from the step on.

    Attributes
    ----------
    amplitude, amplitude_error : float
        What it adds to the final current at the step (A), and its standard error. Below 0 the current rises to its end.
    tau, tau_error : float
        Time constant (s) and its standard error.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> t = np.linspace(0.0, 1.0, 200)
    >>> mn.analysis.transient(t, 2e-6 - 1e-6 * np.exp(-t / 0.2)).slow
    <Decay: amplitude -1 µA; tau 200 ms>
    """

    amplitude: float = math.nan
    amplitude_error: float = math.nan
    tau: float = math.nan
    tau_error: float = math.nan

    def __bool__(self) -> bool:
        """Whether there is such a part."""
        return not math.isnan(self.amplitude)

    def _summary(self) -> dict[str, str]:
        if not self:
            return {"": "none"}
        return {"amplitude": quantity(self.amplitude, "A"), "tau": quantity(self.tau, "s")}

    def _details(self) -> dict[str, str]:
        return {
            "amplitude (A)": estimate(self.amplitude, self.amplitude_error),
            "tau (s)": estimate(self.tau, self.tau_error),
        }


@dataclass(frozen=True, repr=False)
class Transient(ReadOnlyArrays, Summary):
    """A current behind a step of the voltage, in its parts.

    Attributes
    ----------
    time : ndarray, (n,)
        Times (s) from the step on.
    remaining : ndarray, (n,)
        What is missing from the final current (A): i_c = I_dc - I, nan where the final current is not known.
    before : float
        The last current before the step (A), nan without a sample there.
    initial : float
        The first current behind it (A).
    final, final_error : float
        Current in the end (A), I_dc, and its standard error; nan where samples end too early to tell.
    fast, slow : Decay
        The last part is the slow one, and a part that has ended before is the fast one; nan where there is none.
    start : float
        Since when the slow part is alone (s, from the step on): there its fit begins.
    message : str
        Empty, or why numbers are nan.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> t = np.linspace(0.0, 1.0, 500)
    >>> mn.analysis.transient(t, 2e-6 - 1e-6 * np.exp(-t / 0.2) + 3e-6 * np.exp(-t / 0.01))
    <Transient: final 2 µA; initial 4 µA; fast 3 µA, 10 ms; slow -1 µA, 200 ms>
    >>> found = mn.analysis.transient(t, 2e-6 - 1e-6 * np.exp(-t / 0.2) + 3e-6 * np.exp(-t / 0.01))
    >>> (1e6 * found.current([0.0, 1.0])).round(3)
    array([4.   , 1.993])
    """

    time: Floats
    remaining: Floats
    before: float
    initial: float
    final: float
    final_error: float
    fast: Decay
    slow: Decay
    start: float
    message: str = ""

    @property
    def jump(self) -> float:
        """Height of the step of the current (A), initial - before."""
        return self.initial - self.before

    def current(self, time: ArrayLike) -> Floats:
        """Return the current of the final value and both parts (A) at times from the step on (s), (n,).

        Raises
        ------
        TypeError, ValueError
            Times that are no numbers >= 0.
        """
        t = check.array("time", np.atleast_1d(check.numeric("time", time)), (None,))
        if (t < 0.0).any():
            raise ValueError(f"time must be >= 0 s from the step on, got {t.min():g}")
        found = np.full(t.shape, self.final)
        for part in (self.fast, self.slow):
            if part and not math.isnan(part.tau):
                found += part.amplitude * np.exp(-t / part.tau)
        return found

    def _summary(self) -> dict[str, str]:
        parts = {
            name: f"{quantity(part.amplitude, 'A')}, {quantity(part.tau, 's')}" if part else "none"
            for name, part in (("fast", self.fast), ("slow", self.slow))
        }
        values = {"final": quantity(self.final, "A"), "initial": quantity(self.initial, "A")}
        return values | parts | {"": self.message}


@check.known_keywords
def transient(
    data: Any,
    current: ArrayLike | None = None,
    *,
    electrode: str | None = None,
    start: float | None = None,
    stop: float | None = None,
    final: float | None = None,
) -> Transient:
    """Split the current behind a step of the voltage into a fast and a slow part.

    Parameters
    ----------
    data : xarray.Dataset or array_like, shape (n,)
        The result of `Simulation.run`, or times (s), which increase.
    current : array_like, shape (n,), optional
        Current (A), beside times.
    electrode : str, optional
        Electrode of `data` whose current this is, by default its first one. With a dataset only.
    start : float, optional
        When the step was (s), by default at the first sample. A sample there is one just behind the step.
    stop : float, optional
        The last time that belongs to it (s), such as that of the next step; by default the last sample's.
    final : float, optional
        Current in the end (A) where it is known; else it is fitted.

    Returns
    -------
    Transient
        With a message where a part is not there, or not known.

    Raises
    ------
    TypeError, ValueError
        Arrays of anything but finite numbers or of different lengths, times that do not increase, a dataset without
        currents, times `start` and `stop` without samples between them.

    See Also
    --------
    memnet.eigenvalues : time constants of the linearised circuit, which the slow one tends to.
    memnet.theory.branch_circuit : both time constants in closed form.

    Notes
    -----
    A large step is not exponential all along: time constants of pores move with the voltage. So the slow part is fitted
    from the earliest sample on from which an exponential is within the noise, which is found from differences of
    neighbours: the better data are, the nearer its tau comes to that of the circuit linearised at its end. What is left
    before is the fast part, beside a parabola; its tau is that of the circuit at the step. Where both are exponential
    all along, one fit to all samples gives both. Parts whose times differ by less than a factor of 8 are taken as one.
    Fits are those of lmfit; errors are those of its covariances with the size of the residuals, and do not say how far
    an exponential itself is from the truth.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> circuit = mn.Circuit()
    >>> _ = circuit.add("in", "u", mn.Resistor(conductance=1e-6))
    >>> _ = circuit.add("u", "gnd", mn.MembraneNanopore.preset("figure-27"))
    >>> sim = circuit.simulation({"in": 0.5, "gnd": 0.0}, dt=1e-6, method="adaptive", rtol=1e-6)
    >>> found = mn.analysis.transient(sim.run(4000, record=["current"]))
    >>> slowest = mn.eigenvalues(sim)[0].real
    >>> bool(abs(slowest * found.slow.tau + 1.0) < 1e-3), round(1e6 * found.fast.tau, 2)
    (True, 6.04)
    """
    t, amps = _samples(data, current, electrode)
    at = t[0] if start is None else check.real("start", start, unit="s")
    last = t[-1] if stop is None else check.real("stop", stop, unit="s")
    known = None if final is None else check.real("final", final, unit="A")
    slack = ROUNDING * float(np.diff(t).min(initial=math.inf)) if t.size > 1 else 0.0
    inside = (t >= at - slack) & (t <= last + slack)
    if not inside.any():
        raise ValueError(f"start and stop must have samples between them, got {at:g} and {last:g} s")
    earlier = amps[t < at - slack]
    passed = np.maximum(t[inside] - at, 0.0)
    return _split(passed, amps[inside], float(earlier[-1]) if earlier.size else math.nan, known)


def _samples(data: Any, current: Any, electrode: str | None) -> tuple[Floats, Floats]:
    """Return times and currents of what `transient` was given."""
    if hasattr(data, "data_vars"):
        if current is not None:
            raise ValueError("current is taken from the dataset; give times to use arrays")
        check.rows_of_run(data, "current")
        names = [str(name) for name in data["electrode"].values]
        one = names[0] if electrode is None else check.one_of("electrode", electrode, names)
        data, current = data["time"].values, data["current"].sel(electrode=one).values
    elif electrode is not None:
        raise ValueError(f"electrode is of a dataset; got electrode={electrode!r} beside arrays, which have none")
    elif current is None:
        raise ValueError("transient needs current beside the times")
    t = check.array("time", data, (None,))
    if not t.size:
        raise ValueError("time must hold at least one sample, got none")
    check.increasing("time", t)
    return t, check.array("current", current, t.shape)


def _split(t: Floats, amps: Floats, before: float, known: float | None) -> Transient:
    """Return the parts of a current behind a step at 0."""
    final, error = (math.nan, math.nan) if known is None else (known, 0.0)
    fast, slow, start = Decay(), Decay(), math.nan
    span = float(np.ptp(amps))
    noise = max(cycles.scatter(amps), EXACT * span)
    message = ""
    if t.size < ENOUGH:
        message = f"not enough data: {t.size} samples behind the step"
    elif span <= 2.0 * SIGNIFICANT * noise:
        message = "nothing moves behind the step"
        if known is None:
            final, error = float(amps.mean()), float(amps.std()) / math.sqrt(t.size)
    else:
        with blas.one_thread(), np.errstate(all="ignore"):
            tail = _tail(t, amps, noise, known)
            if tail is None:
                fast = _head(t, amps, t.size, noise, float(t[-1]) / APART)
                message = "no slow part: the current does not settle among the samples"
            else:
                fast = _head(t, amps - tail.current(t), tail.first, noise, tail.slow.tau / APART)
                if fast and not math.isnan(fast.tau):
                    fast, tail = _together(t, amps, noise, fast, tail)
                slow, start = tail.slow, float(t[tail.first])
                final, error = tail.final, tail.final_error
    return Transient(
        time=read_only(t),
        remaining=read_only(final - amps),
        before=before,
        initial=float(amps[0]),
        final=final,
        final_error=error,
        fast=fast,
        slow=slow,
        start=start,
        message=message,
    )


@dataclass(frozen=True)
class _Tail:
    """The slow part, alone from a sample on."""

    slow: Decay
    final: float
    final_error: float
    first: int

    def current(self, t: Floats) -> Floats:
        """Return its current (A), also before it is alone."""
        found: Floats = self.final + self.slow.amplitude * np.exp(-t / self.slow.tau)
        return found


def _tail(t: Floats, amps: Floats, noise: float, known: float | None) -> _Tail | None:
    """Return the slow part from the earliest sample on from which it is exponential; None where none is found."""
    starts = np.searchsorted(t, t[-1] * np.r_[0.0, np.geomspace(2.0**-HALVINGS, 0.8, STARTS)])
    firsts = [first for first in sorted({0, 1, 2, *starts.tolist()}) if t.size - first >= ENOUGH]

    @functools.cache
    def fit(first: int) -> _Fit | None:
        return _exponential(t[first:], amps[first:], 0, known)

    def is_straight(first: int, allowed: float) -> bool:
        found = fit(first)
        return found is not None and _within(found.residual, allowed)

    for allowed in noise * np.array(ALLOWED):  # what bends to its end is taken as straight where it bends least
        k = bisect.bisect_left(firsts, True, key=functools.partial(is_straight, allowed=allowed))
        found = fit(firsts[k]) if k < len(firsts) else None
        if found is not None and found.is_known(noise) and found.tau < SEEN * (t[-1] - t[firsts[k]]):
            return _Tail(found.decay(t[firsts[k]]), found.constant, found.constant_error, firsts[k])
    return None


def _head(t: Floats, rest: Floats, alone: int, noise: float, longest: float) -> Decay:
    """Return the fast part of what the slow one has left before it is alone."""
    if not alone:
        return Decay()
    tau = max(float(t[min(LEAST, t.size) - 1]) / LENGTH, float(t[1]) / 2.0)
    while tau < longest:
        found, now = None, tau
        for _ in range(10):
            n = int(np.searchsorted(t, LENGTH * now, side="right"))
            found = _exponential(t[:n], rest[:n], 2 if n >= 2 * LEAST else 1, None, now) if n >= LEAST else None
            if found is None or abs(math.log(found.tau / now)) < 0.02:
                break
            now = min(max(found.tau, now / 3.0), 3.0 * now)
        if found is not None and found.is_known(noise) and found.tau < longest and t[1] < 3.0 * found.tau:
            return found.decay(0.0)
        tau *= 2.0
    if alone < LEAST and abs(rest[0]) > 2.0 * SIGNIFICANT * noise:
        return Decay(float(rest[0]), noise)
    return Decay()


@dataclass(frozen=True)
class _Fit:
    """An exponential beside a polynomial."""

    amplitude: float
    amplitude_error: float
    tau: float
    tau_error: float
    constant: float
    constant_error: float
    residual: Floats

    def is_known(self, noise: float) -> bool:
        """Whether there is an exponential, as far as errors and noise tell."""
        seen = abs(self.amplitude) > max(SIGNIFICANT * self.amplitude_error, noise)
        return seen and self.tau_error < KNOWN * self.tau

    def decay(self, time: float) -> Decay:
        """Return it as a part whose amplitude is that at the step, `time` before the first sample of the fit."""
        grown = math.exp(min(time / self.tau, 700.0))
        # Far back the error of tau is what counts.
        error = grown * math.hypot(self.amplitude_error, self.amplitude * time * self.tau_error / self.tau**2)
        return Decay(self.amplitude * grown, error, self.tau, self.tau_error)


def _exponential(t: Floats, amps: Floats, degree: int, known: float | None, tau: float | None = None) -> _Fit | None:
    """Return the best exponential beside a polynomial, from a time constant or the best of several ones."""
    job.load("lmfit")
    import lmfit

    offset, size = t - t[0], max(float(np.ptp(amps)), 1e-300)
    length = float(offset[-1])
    constant = float(amps[-1]) if known is None else known
    scaled = (amps - constant) / size
    powers = (offset[:, None] / length) ** np.arange(1, degree + 1)
    if tau is None:
        each = np.geomspace(max(offset[1], 1e-4 * length), SEEN * length, 24)
        tau = float(each[np.argmin([np.sum(_linear(offset, scaled, powers, one, known)[1] ** 2) for one in each])])
    values = _linear(offset, scaled, powers, tau, known)[0]
    params = lmfit.Parameters()
    params.add("log_tau", math.log(tau), min=math.log(tau) - 7.0, max=math.log(tau) + 7.0)
    params.add("amplitude", values[0])
    params.add("constant", values[1], vary=known is None)
    for k, value in enumerate(values[2:]):
        params.add(f"power{k + 1}", value)
    minimiser = lmfit.Minimizer(functools.partial(_residual, offset, scaled, powers), params)
    try:
        best = minimiser.least_squares(x_scale="jac", xtol=1e-12, ftol=1e-14, gtol=1e-14, max_nfev=100)
    except (ValueError, np.linalg.LinAlgError):
        return None
    found = best.params
    errors = {name: math.inf if one.stderr is None else float(one.stderr) for name, one in found.items()}
    time = math.exp(found["log_tau"].value)
    return _Fit(
        amplitude=size * found["amplitude"].value,
        amplitude_error=size * errors["amplitude"],
        tau=time,
        tau_error=time * errors["log_tau"],
        constant=constant + size * found["constant"].value,
        constant_error=size * errors["constant"] if known is None else 0.0,
        residual=size * np.asarray(best.residual),
    )


def _residual(offset: Floats, scaled: Floats, powers: Floats, params: Any) -> Floats:
    values = [one.value for name, one in params.items() if name.startswith("power")]
    decay = params["amplitude"].value * np.exp(-offset / math.exp(params["log_tau"].value))
    found: Floats = decay + params["constant"].value + powers @ np.array(values) - scaled
    return found


def _together(t: Floats, amps: Floats, noise: float, fast: Decay, tail: _Tail) -> tuple[Decay, _Tail]:
    """Return both parts from one fit to all samples where both are exponential all along; else as they are."""
    import lmfit

    size = max(float(np.ptp(amps)), 1e-300)
    params = lmfit.Parameters()
    for name, part in (("fast", fast), ("slow", tail.slow)):
        params.add(f"{name}_log_tau", math.log(part.tau))
        params.add(f"{name}_amplitude", part.amplitude / size)
    params.add("final", (tail.final - amps[-1]) / size, vary=tail.final_error > 0.0)
    minimiser = lmfit.Minimizer(functools.partial(_of_both, t, (amps - amps[-1]) / size), params)
    try:
        best = minimiser.least_squares(x_scale="jac", xtol=1e-12, ftol=1e-14, gtol=1e-14, max_nfev=100)
    except (ValueError, np.linalg.LinAlgError):
        return fast, tail
    if not _within(size * np.asarray(best.residual), noise) or not best.errorbars:
        return fast, tail

    def part_of(name: str) -> Decay:
        log_tau, amplitude = best.params[f"{name}_log_tau"], best.params[f"{name}_amplitude"]
        tau = math.exp(log_tau.value)
        return Decay(size * amplitude.value, size * amplitude.stderr, tau, tau * log_tau.stderr)

    final = best.params["final"]
    end, error = (amps[-1] + size * final.value, size * final.stderr) if final.vary else (tail.final, 0.0)
    return part_of("fast"), _Tail(part_of("slow"), float(end), float(error), tail.first)


def _of_both(t: Floats, scaled: Floats, params: Any) -> Floats:
    found: Floats = params["final"].value - scaled
    for name in ("fast", "slow"):
        found += params[f"{name}_amplitude"].value * np.exp(-t / math.exp(params[f"{name}_log_tau"].value))
    return found


def _linear(offset: Floats, scaled: Floats, powers: Floats, tau: float, known: float | None) -> tuple[Floats, Floats]:
    """Return amplitude, constant and powers that are best beside a time constant, and what they leave."""
    columns = np.column_stack([np.exp(-offset / tau), np.full(offset.size, float(known is None)), powers])
    values = np.linalg.lstsq(columns, scaled, rcond=None)[0]
    return values, scaled - columns @ values


def _within(residual: Floats, noise: float) -> bool:
    """Return whether residuals are noise, also in the beginning, where what is not exponential shows."""
    count = np.arange(1, residual.size + 1)
    power = np.cumsum(np.square(residual / noise)) / count
    drift = np.abs(np.cumsum(residual / noise)) / np.sqrt(count)
    return bool((power <= 1.3 * (1.0 + 6.0 * np.sqrt(2.0 / count))).all() and (drift <= 5.0).all())
