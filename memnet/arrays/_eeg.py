"""Signals of a brain for detectors to be tried on: a made one with seizures, and the powers of bands in windows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from memnet.base import check
from memnet.base.arrays import Floats

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["synthetic_eeg", "window_powers"]

# Samples that one signal may have.
MOST = 2**28
# A period of spike and wave, in parts of it: where the spike is, how wide, where the wave begins, and how high it is.
SPIKE, WIDTH, WAVE, DEPTH = 0.15, 0.04, 0.3, 0.6
# Share of a burst over which it rises, and falls.
RISE = 0.2


@check.known_keywords
def synthetic_eeg(
    duration: float,
    *,
    sampling_rate: float = 173.61,
    bursts: int = 1,
    burst_duration: float = 5.0,
    frequency: float = 3.0,
    background: float = 30e-6,
    amplitude: float = 100e-6,
    seed: int = 0,
) -> xr.Dataset:
    """Make a signal like that of an absence seizure: noise with a spectrum of 1/f, and bursts of spikes and waves.

    Parameters
    ----------
    duration : float
        Of the signal (s), > 0.
    sampling_rate : float
        Samples a second (Hz), > 0; 173.61 Hz by default, as the recordings of Bonn have it.
    bursts : int
        How many seizures, from 0 to the number of samples. Each is somewhere in its own one of so many equal parts of
        the signal.
    burst_duration : float
        Of a seizure (s), > 0, at most `duration` / `bursts`.
    frequency : float
        Spikes a second in a seizure (Hz), in (0, `sampling_rate` / 8].
    background : float
        Standard deviation of the noise (V), >= 0.
    amplitude : float
        Height of the spikes (V), >= 0; waves have 0.6 of it and the other sign. A burst rises and falls over a fifth of
        its time.
    seed : int
        Of the noise, and of where the bursts are, >= 0.

    Returns
    -------
    xarray.Dataset
        `signal` (time) (V) and `seizure` (time), whether the sample is of a burst. ``attrs``: `sampling_rate` (Hz).

    Raises
    ------
    TypeError, ValueError
        An argument outside its range, bursts that do not fit, less than two samples or more than 2**28.
    ArithmeticError
        A sample beyond the range of numbers.

    Notes
    -----
    The noise has no frequencies but those of whole periods in `duration`, a random phase and normal amplitude of each,
    and no mean.

    Source: spikes and waves at 3 Hz on a background of 1/f are what an absence seizure looks like in textbooks; the
    shape here is made up, and no model of a brain.

    Examples
    --------
    >>> import memnet as mn
    >>> eeg = mn.arrays.synthetic_eeg(60.0, bursts=3, seed=1)
    >>> eeg.signal.size, round(float(eeg.seizure.mean()), 3)
    (10416, 0.25)
    """
    import xarray as xr

    whole = check.real("duration", duration, 0.0, unit="s")
    rate = check.real("sampling_rate", sampling_rate, 0.0, unit="Hz")
    if not 2 <= whole * rate <= MOST:
        raise ValueError(f"duration must give 2 to {MOST:,} samples at {rate:g} Hz, got {whole:g} s")
    many = check.whole("bursts", bursts, 0, int(whole * rate))
    long = check.real("burst_duration", burst_duration, 0.0, unit="s")
    if many * long > whole:
        raise ValueError(
            f"burst_duration must be at most {whole / many:g} s for {many} bursts in {whole:g} s, got {long:g}"
        )
    beat = check.real("frequency", frequency, 0.0, rate / 8, "(]", "Hz")
    noise = check.real("background", background, 0.0, bounds="[)", unit="V")
    height = check.real("amplitude", amplitude, 0.0, bounds="[)", unit="V")
    rng = np.random.default_rng(check.integer("seed", seed, 0, 2**64 - 1))
    time = np.arange(int(whole * rate + 1e-9)) / rate
    with np.errstate(over="ignore"):
        trace = noise * _pink(time.size, rng)
    seizure = np.zeros(time.size, dtype=np.bool_)
    for k in range(many):
        begins = (k + rng.random() * (1.0 - many * long / whole)) * whole / many
        first, last = np.searchsorted(time, [begins, begins + long])
        since = time[first:last] - begins
        trace[first:last] += height * _burst(since / long, since * beat)
        seizure[first:last] = True
    if not np.isfinite(trace).all():
        raise ArithmeticError("a sample is above 1.8e308 V: give a smaller background or amplitude")
    return xr.Dataset(
        {"signal": ("time", trace, {"units": "V"}), "seizure": ("time", seizure)},
        coords={"time": ("time", time, {"units": "s"})},
        attrs={"sampling_rate": rate},
    )


def _pink(count: int, rng: np.random.Generator) -> Floats:
    """Return noise whose power is as 1/f, without a mean and with a standard deviation of 1."""
    amplitudes = rng.standard_normal(count // 2 + 1) + 1j * rng.standard_normal(count // 2 + 1)
    amplitudes[0] = 0.0
    amplitudes[1:] /= np.sqrt(np.arange(1.0, amplitudes.size))
    trace: Floats = np.fft.irfft(amplitudes, count)
    trace /= trace.std()
    return trace


def _burst(share: Floats, turns: Floats) -> Floats:
    """Return spikes of height 1 and waves at these shares of a burst and numbers of periods since its beginning."""
    phase = turns % 1.0
    spike = np.exp(-(((phase - SPIKE) / WIDTH) ** 2))
    wave = np.sin(np.pi * np.clip((phase - WAVE) / (1.0 - WAVE), 0.0, 1.0))
    envelope = np.clip(np.minimum(share, 1.0 - share) / RISE, 0.0, 1.0)
    return envelope * (spike - DEPTH * wave)


@check.known_keywords
def window_powers(signals: ArrayLike, length: int, step: int | None = None) -> Floats:
    """Return the mean squares of signals in windows.

    Parameters
    ----------
    signals : array_like, (n,) or (n, n_bands)
        Signals over time, as `FilterBank.apply` returns them; flags give the share of True.
    length : int
        Of a window (samples), in [1, n].
    step : int, optional
        From the start of a window to that of the next (samples), >= 1; by default `length`, without an overlap.

    Returns
    -------
    ndarray, (n_windows,) or (n_windows, n_bands)
        In the squared unit of the signals. What is behind the last whole window is left out.

    Raises
    ------
    TypeError, ValueError
        Signals of another shape or with nan, a window that is longer than they are.
    ArithmeticError
        A power beyond the range of numbers.

    Examples
    --------
    >>> import memnet as mn
    >>> mn.arrays.window_powers([1.0, 1.0, 2.0, 2.0, 3.0], 2)
    array([1., 4.])
    """
    given = check.given_array("signals", signals)
    if given.dtype == np.bool_:
        given = given.astype(np.float64)
    if given.ndim not in (1, 2):
        raise ValueError(f"signals must have shape (n,) or (n, n_bands), got {given.shape}")
    values = check.array("signals", given, given.shape)
    width = check.whole("length", length, 1, len(values))
    stride = width if step is None else check.whole("step", step, 1)
    windows = np.lib.stride_tricks.sliding_window_view(values, width, axis=0)[::stride]
    with np.errstate(over="ignore"):
        powers: Floats = np.einsum("...k,...k->...", windows, windows) / width
    if not np.isfinite(powers).all():
        raise ArithmeticError("a power is above 1.8e308: give signals in a larger unit")
    return powers
