"""Paired-pulse facilitation and depression: conductances at the ends of pulses, beside that of the first one."""

from __future__ import annotations

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

__all__ = ["paired_pulse"]


@check.known_keywords
def paired_pulse(
    system: Any,
    interval: ArrayLike,
    *,
    amplitude: float,
    width: float,
    count: int = 2,
    dt: float,
    realisations: int = 1,
    seed: int = 0,
    weight: str | int | None = None,
    ports: tuple[str, str] = ("in", "out"),
    others: Mapping[str, drives.Driven] | None = None,
    priming: tuple[drives.Driven, float] | None = None,
    method: str = "fixed",
    rtol: float | None = None,
) -> xr.Dataset:
    """Apply trains of equal pulses and say how the conductance at their ends goes on: PPF, PPD, potentiation.

    The index of pulse n is G_n/G_1: above 1 the pulses before facilitate, below 1 they depress.

    Parameters
    ----------
    system : Device, Circuit or (Network, devices)
        A device between the two ports; a circuit, of which two nodes are the ports; a network with devices for its
        edges, of which two electrodes are.
    interval : float or array_like, (n,)
        From the end of a pulse to the start of the next (s), > 0; at 0 V.
    amplitude : float
        Of the pulses (V), at the first port with the second at 0 V; not 0, of either sign.
    width : float
        Of the pulses (s), > 0.
    count : int
        Pulses of a train, >= 2.
    dt : float
        Step (s), > 0; with method="adaptive" the time between rows. Widths and intervals are whole numbers of it.
    realisations : int
        How often each train is applied to a system as it is made, each time with other noise, >= 1. Those of a device
        or a circuit are copies side by side in one simulation; those of a network are simulations with the seeds
        `seed`, `seed` + 1 and so on.
    seed : int
        Of the noise, >= 0. It is the same for all intervals: see Notes.
    weight : str or int, optional
        The element of the circuit (the edge of a network) whose conductance is read, by default the whole.
    ports : tuple of str
        The two electrodes.
    others : dict, optional
        Further electrodes, such as a gate, and what drives them: waveform, number (V) or None, as for `Simulation`.
        Those of a network that are not named float.
    priming : tuple of (waveform or float, float), optional
        What is applied to the first port before the train, and for how long (s).
    method, rtol
        As for `Simulation`.

    Returns
    -------
    xarray.Dataset
        `conductance` (interval, realisation, pulse) (S): current over voltage at the last moment of each pulse, when it
        is still on. `index` (interval, pulse): ratio of the means over realisations. `index_error` (interval, pulse):
        its standard error by the delta method, nan with one realisation. ``attrs["message"]`` says where nothing
        changes, or nothing conducts; it is empty elsewhere.

    Raises
    ------
    TypeError, ValueError
        An argument outside its range, times that are no whole numbers of dt, an unknown electrode or element, more
        than 10,000,000 conductances, a system that `Simulation` refuses.

    Notes
    -----
    Each interval has its own simulation, from the same start with the same random numbers, so an interval gives the
    same numbers whichever others are asked for, the first pulse is the same for all, and differences between intervals
    are surer than their errors tell. What is read is read on copies and disturbs nothing; nothing else is kept, so
    long trains need no memory.

    Source: Wang et al., Nature Materials 2017, 16, 101, figure 5.

    Examples
    --------
    >>> import memnet as mn
    >>> found = mn.analysis.paired_pulse(mn.RateBalance(), [1.0, 5.0, 20.0], amplitude=0.5, width=1.0, dt=1.0)
    >>> found["index"].sel(pulse=2).round(6).values
    array([1.774188, 1.632585, 1.296579])
    """
    import xarray as xr

    own = protocols.protocol(
        system, ports=ports, others=others, realisations=realisations, seed=seed, dt=dt, method=method, rtol=rtol,
        priming=priming, weight=weight,
    )  # fmt: skip
    train = stimuli.train(amplitude, width, check.whole("count", count, 2), own.dt)
    times, gaps = stimuli.intervals_of(interval, own.dt)
    protocols.refuse_many(interval=times.size, realisations=own.realisations, count=train.count)
    siemens = np.stack([_conductances(own, train, gap, float(time)) for time, gap in zip(times, gaps, strict=True)])
    index, error = protocols.index_of(siemens)
    dims = ("interval", "realisation", "pulse")
    return xr.Dataset(
        {
            "conductance": (dims, siemens, protocols.described("S", "conductance")),
            "index": (("interval", "pulse"), index, protocols.described("1", "ratio to the first pulse")),
            "index_error": (("interval", "pulse"), error, protocols.described("1", "standard error of the ratio")),
        },
        {
            "interval": ("interval", times, protocols.described("s", protocols.AXES["interval"])),
            "realisation": np.arange(own.realisations),
            "pulse": np.arange(1, train.count + 1),
        },
        {**train.attributes(), **own.attributes(), "message": _message(siemens)},
    )


def _conductances(own: protocols.Protocol, train: stimuli.Train, gap: int, interval: float) -> Floats:
    """Return the conductance at the end of each pulse (realisations, pulses) (S)."""

    def read(trial: protocols.Trial) -> Floats:
        found = np.empty((own.bench.n_copies, train.count))
        for k in range(train.count):
            trial.advance(train.steps if k == 0 else gap + train.steps)
            found[:, k] = trial.conductance(train.amplitude)
        return found

    return own.measured(train.wave(interval), 0.0, train.length(interval), read)


def _message(siemens: Floats) -> str:
    """Return what is to be said of conductances from which no index, or none but 1, comes."""
    if (siemens.mean(axis=1)[:, 0] == 0.0).any():
        return "no index: nothing conducts at the end of the first pulse"
    if (siemens == siemens[:, :, :1]).all():
        return "no plasticity: the conductance is the same at the end of every pulse"
    return ""
