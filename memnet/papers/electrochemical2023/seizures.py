"""Figure 20: bands of a signal filtered on a crossbar, their powers, and a perceptron that detects seizures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from memnet import arrays
from memnet.base import check
from memnet.base.arrays import Floats
from memnet.papers import _pages
from memnet.papers._registry import Example
from memnet.papers.electrochemical2023 import _elements as elements
from memnet.papers.electrochemical2023.common import PAPER

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

__all__ = ["figure20", "plot_figure20"]

MICRO = 1e6
RATE = 173.61
BANDS = {"delta": (0.5, 4.0), "theta": (4.0, 8.0), "alpha": (8.0, 13.0), "beta": (13.0, 30.0)}
G_MIN, G_MAX = 1e-6, 100e-6
# A window of a decision (s), and one seizure in each of so many seconds.
WINDOW, EVERY = 2.0, 20.0


def encoding(bits: int | None = None) -> arrays.Differential:
    """Return pairs of cells with that many bits; None is ideal."""
    return arrays.Differential(G_MIN, G_MAX, bits=bits)


def filters(bits: int | None = None) -> arrays.FilterBank:
    """Return the four bands on a crossbar."""
    return arrays.FilterBank.of_bands(RATE, list(BANDS.values()), encoding(bits))


def response(bank: arrays.FilterBank, frequency: Floats) -> Floats:
    """Return gains (band, frequency) of what a crossbar has in place of the filters."""
    from scipy.signal import freqz

    return np.array([np.abs(freqz(taps, worN=frequency, fs=RATE)[1]) for taps in bank.taps])


def signal(duration: float, seed: int) -> tuple[Floats, Floats]:
    """Return a made signal (V) with seizures, and when they are."""
    made = arrays.synthetic_eeg(duration, sampling_rate=RATE, bursts=max(1, round(duration / EVERY)), seed=seed)
    return made["signal"].values, made["seizure"].values


def detected(duration: float, bits: int | None, seed: int, shuffled: bool = False) -> tuple[float, float]:
    """Return sensitivity and specificity on a signal after learning on another one; shuffled seizures mean nothing."""
    detector = arrays.SeizureDetector(RATE, list(BANDS.values()), encoding(bits), window=WINDOW, seed=seed)
    volts, seizure = signal(duration, 2 * seed)
    if shuffled:
        seizure = np.roll(seizure, seizure.size // 2 + round(0.5 * EVERY * RATE))
    scores = detector.fit(volts, seizure).score(*signal(duration, 2 * seed + 1))
    return scores.sensitivity, scores.specificity


@PAPER.figure(
    "20",
    title="seizures in a made signal: bands on a crossbar, and a perceptron on another one",
    quick={"duration": 120.0, "bits": (4, 8), "seeds": 1},
    example=Example(
        "duration=40.0, bits=(6,), seeds=1",
        {"time": 3472, "band": 4, "resolution": 2, "frequency": 300, "bits": 1, "score": 2},
        panels=3,
    ),
)
def figure20(*, duration: float = 600.0, bits: Sequence[int] = (1, 2, 3, 4, 6, 8), seeds: int = 2) -> xr.Dataset:
    """Return a signal, its bands by filters on a crossbar, and how well seizures in another signal are detected.

    Parameters
    ----------
    duration : float
        Of the signals that are learned and that are judged (s), at least 40 s.
    bits : sequence of int
        Of cells of both crossbars, 1 to 24; the largest makes the bands that are shown.
    seeds : int
        Pairs of signals over which scores are averaged, >= 1.

    Returns
    -------
    xarray.Dataset
        Of the first 20 s of a signal: `signal` (time) (V), `seizure` (time) and `filtered` (band, time) (V). `gain`
        (resolution, band, frequency) of the filters that cells of these bits and ideal ones make. `balanced` (bits,
        score), the mean of sensitivity and specificity, where seizures are learned as they are and where they are
        shifted to other times.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong kind or outside its range.

    Notes
    -----
    The paper shows Liu et al., Nat. Commun. 2020, 11, 4234, doi 10.1038/s41467-020-18105-4, whose signals are those
    of Bonn; `memnet.arrays.synthetic_eeg` makes these. Powers of bands are digital, as there.
    """
    import xarray as xr

    length = check.real("duration", duration, 40.0, 1e6, "[]")
    digits = elements.whole("bits", bits, 1, 24)
    draws = range(check.integer("seeds", seeds, 1, 1000))
    volts, seizure = (one[: round(EVERY * RATE)] for one in signal(length, 0))
    frequency = np.linspace(0.1, 40.0, 300)
    gains = [response(filters(one), frequency) for one in (None, min(digits))]
    scores = [
        [np.mean([np.mean(detected(length, one, k, shuffled)) for k in draws]) for shuffled in (False, True)]
        for one in digits
    ]
    return xr.Dataset(
        {
            "signal": ("time", volts, {"units": "V"}),
            "seizure": ("time", seizure),
            "filtered": (("band", "time"), filters(max(digits)).apply(volts).T, {"units": "V"}),
            "gain": (("resolution", "band", "frequency"), gains),
            "balanced": (("bits", "score"), scores),
        },
        {
            "time": ("time", np.arange(volts.size) / RATE, {"units": "s"}),
            "band": list(BANDS),
            "resolution": ["ideal", f"{min(digits)} bits"],
            "frequency": ("frequency", frequency, {"units": "Hz"}),
            "bits": digits,
            "score": ["as they are", "shifted"],
        },
    )  # fmt: skip


@PAPER.drawing("20")
def plot_figure20(data: xr.Dataset) -> Figure:
    """Draw the signal (red: seizures) and its bands, gains of filters, and how well seizures are detected."""
    figure = _pages.page(8.5, 6.4)
    cells = figure.add_gridspec(2, 2)
    axes = [figure.add_subplot(cells[0, :]), figure.add_subplot(cells[1, 0]), figure.add_subplot(cells[1, 1])]
    shades = _pages.shades(data.sizes["band"])
    time, rows = data["time"].values, [data["signal"].values, *data["filtered"].values]
    step = 6.0 * float(np.std(rows[0]))
    for k, (row, colour) in enumerate(zip(rows, ["k", *shades], strict=True)):
        axes[0].plot(time, row - k * step, color=colour, lw=0.6)
    seizing = np.where(data["seizure"].values, rows[0], np.nan)
    axes[0].plot(time, seizing, color=_pages.RED, lw=0.7)
    axes[0].set_yticks(-step * np.arange(len(rows)), ["signal", *(str(one) for one in data["band"].values)])
    axes[0].set(xlabel="$t$ (s)", xlim=(0.0, float(time[-1])))
    bar = float(f"{0.5 * step:.0e}")
    axes[0].plot([0.992 * time[-1]] * 2, [0.55 * step, 0.55 * step + bar], color="k", lw=2.0)
    axes[0].text(0.987 * time[-1], 0.55 * step, f"{MICRO * bar:g} µV", ha="right", fontsize="x-small")
    for resolution, look in zip(data["resolution"].values, ("-", ":"), strict=True):
        for band, colour in zip(data["band"].values, shades, strict=True):
            label = str(band) if look == "-" else None
            row = data["gain"].sel(resolution=resolution, band=band)
            axes[1].plot(data["frequency"], row, look, color=colour, lw=1.1, label=label)
    axes[1].set(xlabel="frequency (Hz)", ylabel="gain", title=f"full: ideal, dots: {data['resolution'].values[1]}")
    axes[1].title.set_fontsize("medium")
    axes[1].legend(frameon=False, fontsize="x-small")
    for score, colour in zip(data["score"].values, (_pages.PURPLE, _pages.GREY), strict=True):
        axes[2].plot(
            data["bits"], data["balanced"].sel(score=score), "o-", color=colour, ms=4, label=f"seizures {score}"
        )
    axes[2].axhline(0.5, color="0.6", ls="--", lw=0.8)
    axes[2].set(xlabel="bits of a cell", ylabel="(sensitivity + specificity) / 2", ylim=(0.0, 1.03))
    axes[2].legend(frameon=False, fontsize="x-small", loc="lower right")
    _pages.letters(axes)
    return figure
