"""Postsynaptic currents: against the amplitude, duration and frequency of spikes, and from spike to spike."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from memnet import drive as drives
from memnet.analysis import _protocol as protocols, _stimulus as stimuli
from memnet.base import check
from memnet.base.arrays import Floats

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["epsc"]

# What the axes of trains are called in plots.
AXES = {
    "amplitude": "amplitude of the spikes",
    "duration": "duration of a spike",
    "interval": "time between spikes",
    "frequency": "frequency of the spikes",
}


@check.known_keywords
def epsc(
    system: Any,
    *,
    amplitude: ArrayLike,
    duration: ArrayLike,
    interval: ArrayLike | None = None,
    frequency: ArrayLike | None = None,
    count: int = 1,
    dt: float,
    realisations: int = 1,
    seed: int = 0,
    ports: tuple[str, str] = ("pre", "post"),
    others: Mapping[str, drives.Driven] | None = None,
    priming: tuple[drives.Driven, float] | None = None,
    method: str = "fixed",
    rtol: float | None = None,
) -> xr.Dataset:
    """Apply trains of spikes and read the postsynaptic current: EPSC against amplitude, duration, frequency; PPF.

    Every amplitude is combined with every duration and every interval or frequency, each from the same start.

    Parameters
    ----------
    system, dt, realisations, seed, others, priming, method, rtol
        As for `paired_pulse`.
    amplitude : float or array_like, (n,)
        Of the rectangular spikes (V), at the first port; not 0, of either sign.
    duration : float or array_like, (n,)
        Of a spike (s), > 0; a whole number of dt.
    interval : float or array_like, (n,), optional
        From the end of a spike to the start of the next (s), > 0; a whole number of dt.
    frequency : float or array_like, (n,), optional
        How many spikes start in a second (Hz), in place of `interval`: one period is a whole number of dt, and longer
        than a spike. One of the two is needed where there are several spikes.
    count : int
        Spikes of a train, >= 1.
    ports : tuple of str
        The electrodes of the presynaptic spikes and of the postsynaptic current; the second is at 0 V.

    Returns
    -------
    xarray.Dataset
        Along `amplitude`, `duration` and, where it was given, `interval` or `frequency`: `current` (..., realisation,
        spike): what leaves at the second port (A) at the last moment of each spike, when it is still on; `after`
        (..., realisation, spike): the same when it has just ended, at 0 V. `rest` (realisation): before the first
        spike, which is not 0 where `others` drive something. `epsc` and `epsc_error` (..., spike): mean of current -
        rest over realisations and its standard error, nan with one. `index` and `index_error` (..., spike): the mean
        beside that of the first spike, PPF for the second, as in `paired_pulse`. ``attrs["message"]`` says where
        nothing flows, or all spikes of a train bring the same; it is empty elsewhere.

    Raises
    ------
    TypeError, ValueError
        As for `paired_pulse`; both or none of interval and frequency with several spikes, one of them with a single
        spike; a period that is no longer than a spike.

    Notes
    -----
    Where `others` hold a third electrode, such as the source of a channel, spikes at a gate are seen in the current of
    the channel. Source: Bisquert, Adv. Phys. Res. 2024, doi 10.1002/apxr.202400029 (NP24), figure 2 A to F.

    Examples
    --------
    >>> import memnet as mn
    >>> device = mn.RateBalance()
    >>> found = mn.analysis.epsc(device, amplitude=0.5, duration=1.0, interval=[1.0, 5.0, 20.0], count=2, dt=1.0)
    >>> found["index"].sel(spike=2).squeeze().round(6).values
    array([1.774188, 1.632585, 1.296579])
    >>> longer = mn.analysis.epsc(device, amplitude=0.5, duration=[1.0, 2.0, 4.0], dt=1.0)
    >>> bool((longer.epsc.squeeze().diff("duration") > 0.0).all())
    True
    """
    import xarray as xr

    own = protocols.protocol(
        system, ports=ports, others=others, realisations=realisations, seed=seed, dt=dt, method=method, rtol=rtol,
        priming=priming,
    )  # fmt: skip
    spikes = check.whole("count", count, 1)
    axes = {
        "amplitude": (stimuli.axis_of("amplitude", amplitude), "V"),
        "duration": (_times("duration", duration), "s"),
        **_repeated(interval, frequency, spikes),
    }
    sizes = {name: values.size for name, (values, _) in axes.items()}
    protocols.refuse_many(**sizes, realisations=own.realisations, count=spikes)
    pairs = [
        _pair(own, dict(zip(axes, map(float, one), strict=True)), spikes)
        for one in itertools.product(*(values for values, _ in axes.values()))
    ]
    found = np.stack([_currents(own, train, interval) for train, interval in pairs])
    rest, current, after = found[0, :, 0], found[:, :, 1::2], found[:, :, 2::2]
    felt = current - rest[:, np.newaxis]
    index, error = protocols.index_of(felt)
    grid, described = tuple(sizes.values()), protocols.described
    each, every = (*axes, "spike"), (*axes, "realisation", "spike")
    mean, deviation = felt.mean(axis=1), protocols.standard_error(felt)
    return xr.Dataset(
        {
            "rest": ("realisation", rest, described("A", "current before the first spike")),
            "current": (
                every,
                current.reshape(*grid, *current.shape[1:]),
                described("A", "current at the end of a spike"),
            ),
            "after": (every, after.reshape(*grid, *after.shape[1:]), described("A", "current at once after a spike")),
            "epsc": (each, mean.reshape(*grid, spikes), described("A", "postsynaptic current")),
            "epsc_error": (each, deviation.reshape(*grid, spikes), described("A", "standard error of it")),
            "index": (each, index.reshape(*grid, spikes), described("1", "ratio to the first spike")),
            "index_error": (each, error.reshape(*grid, spikes), described("1", "standard error of the ratio")),
        },
        {
            **{name: (name, values, described(unit, AXES[name])) for name, (values, unit) in axes.items()},
            "realisation": np.arange(own.realisations),
            "spike": np.arange(1, spikes + 1),
        },
        {"count": spikes, **own.attributes(), "message": _message(felt)},
    )


def _times(name: str, value: ArrayLike) -> Floats:
    """Return times (s), one or several, as an axis of a result, each > 0."""
    times = stimuli.times_of(name, value)
    for one in times:
        check.real(name, float(one), 0.0, math.inf, "()", "s")
    return times


def _repeated(interval: ArrayLike | None, frequency: ArrayLike | None, count: int) -> dict[str, tuple[Floats, str]]:
    """Return the axis of intervals or frequencies with its unit; none where there is one spike."""
    if interval is not None and frequency is not None:
        raise ValueError("interval and frequency must not both be given")
    if count == 1:
        if interval is not None or frequency is not None:
            raise ValueError("interval and frequency must not be given with a count of 1, which repeats nothing")
        return {}
    if interval is not None:
        return {"interval": (_times("interval", interval), "s")}
    if frequency is None:
        raise ValueError(f"interval or frequency must be given with a count of {count}")
    values = stimuli.axis_of("frequency", frequency)
    for one in values:
        check.real("frequency", float(one), 0.0, math.inf, "()", "Hz")
    return {"frequency": (values, "Hz")}


def _pair(own: protocols.Protocol, place: Mapping[str, float], count: int) -> tuple[stimuli.Train, float]:
    """Return the train at a place of the grid, with the time between its spikes (s), 0 where there is one."""
    stimuli.steps_in("duration", place["duration"], own.dt)
    train = stimuli.train(place["amplitude"], place["duration"], count, own.dt)
    if "frequency" not in place:
        return train, place.get("interval", 0.0)
    period = stimuli.steps_in("period of frequency", 1.0 / place["frequency"], own.dt)
    if period <= train.steps:
        raise ValueError(
            f"frequency must be below {1.0 / train.width:g} Hz where spikes last {train.width!r} s, got"
            f" {place['frequency']!r}"
        )
    return train, (period - train.steps) * own.dt


def _currents(own: protocols.Protocol, train: stimuli.Train, interval: float) -> Floats:
    """Return currents (realisations, 1 + 2 count) (A): before, then at the end of each spike and at once after it."""
    gap = stimuli.steps_in("interval", interval, own.dt) if train.count > 1 else 0

    def read(trial: protocols.Trial) -> Floats:
        found = [trial.outflow(0.0)]
        for k in range(train.count):
            trial.advance(train.steps if k == 0 else gap + train.steps)
            found += [trial.outflow(train.amplitude), trial.outflow(0.0)]
        return np.stack(found, axis=1)

    wave = train.wave(interval) if gap else drives.concat([(train.amplitude, train.width), (0.0, None)])
    return own.measured(wave, 0.0, train.length(interval), read)


def _message(felt: Floats) -> str:
    """Return what is to be said of currents (grid, realisations, spikes) of which nothing, or little, is to be seen."""
    if (felt == 0.0).all():
        return "no current: no spike changes what flows at the second port"
    if felt.shape[2] > 1 and np.abs(felt - felt[:, :, :1]).max() <= protocols.rounding(felt):
        return "no plasticity: all spikes of a train bring the same current"
    return ""
