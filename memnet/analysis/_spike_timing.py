"""Spike-timing-dependent plasticity: what two spikes change, against the time between them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from memnet import drive as drives
from memnet.analysis import _protocol as protocols, _stimulus as stimuli
from memnet.base import check
from memnet.base.arrays import Floats

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["stdp"]

# Where in a step a spike is looked at for peaks that its start misses, and from which share on that is said.
PLACES = np.array([0.0, 0.5, 1.0 - 1e-9])
MISSED = 1e-3


@check.known_keywords
def stdp(
    system: Any,
    delay: ArrayLike,
    *,
    pre: drives.Waveform,
    post: drives.Waveform | None = None,
    delay_from: str = "start",
    duration: float | None = None,
    dt: float,
    realisations: int = 1,
    seed: int = 0,
    weight: str | int | None = None,
    state: str | None = None,
    ports: tuple[str, str] = ("pre", "post"),
    others: Mapping[str, drives.Driven] | None = None,
    priming: tuple[drives.Driven, float] | None = None,
    method: str = "fixed",
    rtol: float | None = None,
) -> xr.Dataset:
    """Apply a spike at either port and say how much the pair changes a weight, against the time between them.

    Parameters
    ----------
    system, dt, realisations, seed, others, priming, method, rtol
        As for `paired_pulse`.
    delay : float or array_like, (n,)
        Time from the spike at the first port to that at the second (s): > 0 where that at the first, pre, comes first.
    pre, post : Waveform
        The spikes, of any shape, which begin at their t = 0 and come to rest at 0 V: `mn.drive.concat` with 0 V as its
        last part. By default `post` is `pre` as well. Equal spikes are of opposite sign for a device between the ports.
    delay_from : {"start", "end"}
        Whether delays count from start to start of the spikes, which may overlap, or from the end of the earlier to
        the start of the later one, which cannot. The latter has no delay of 0.
    duration : float, optional
        Length of the record (s), at whose end the weight is read, the same for all delays; by default it is read when
        both spikes are over.
    weight, state
        As for `srdp`.
    ports : tuple of str
        The electrodes of the spikes. The voltage between the ports is that of the first minus that of the second.

    Returns
    -------
    xarray.Dataset
        `before`, `after` and `change` = after - before (delay, realisation), in S or the unit of the state, at rest.
        `change_first` (delay, realisation): what the earlier spike changes alone, from its own start to its own end;
        nan for a delay of 0, where none is. `change_mean` and `change_error` (delay): mean over realisations and its
        standard error, which is nan with one. ``attrs["message"]`` says of a flat window that it is one, and of a
        weight that never falls, or never rises, that it does not; it is empty elsewhere.

    Raises
    ------
    TypeError, ValueError
        As for `srdp`; a spike that is 0 V at all times or does not come to rest, a delay beyond the record, a delay of
        0 from the end.

    Notes
    -----
    Weights are read as for `srdp`. Delays share their random numbers, as intervals of `paired_pulse` do.

    Source: Wang et al., Nature Materials 2017, 16, 101, figure 6 d.

    Examples
    --------
    >>> import memnet as mn
    >>> spike = mn.drive.concat([(1.0, 0.5), (-0.5, 1.0), (0.0, None)])
    >>> found = mn.analysis.stdp(mn.RateBalance(), [-1.0, 1.0, 2.0], pre=spike, dt=0.5)
    >>> found.attrs["message"]
    'no depression: the weight does not fall at any of these delays'
    """
    own = protocols.protocol(
        system, ports=ports, others=others, realisations=realisations, seed=seed, dt=dt, method=method, rtol=rtol,
        priming=priming, weight=weight, state=state,
    )  # fmt: skip
    first = stimuli.spike("pre", pre, own.dt)
    second = first if post is None else stimuli.spike("post", post, own.dt)
    check.one_of("delay_from", delay_from, ("start", "end"))
    record = None if duration is None else check.real("duration", duration, 0.0, math.inf, "()", "s")
    times = stimuli.times_of("delay", delay)
    pairs = [_pair(float(time), first, second, delay_from, record, own.dt) for time in times]
    protocols.refuse_many(delay=times.size, realisations=own.realisations)
    found = np.stack([_weights(own, pair) for pair in pairs])
    alone = {sign: _alone(own, first, second, sign) for sign in {pair.sign for pair in pairs}}
    before, after = found[..., 0], found[..., 1]
    change = after - before
    weights = {
        "before": before,
        "after": after,
        "change": change,
        "change_first": np.stack([alone[pair.sign] for pair in pairs]),
    }
    said = {"pre": repr(pre), "post": repr(second.wave), "delay_from": delay_from}
    attrs = {
        **said,
        **({} if record is None else {"duration": record}),
        **own.attributes(),
        "message": _message(change, before, lambda: _unseen(own, (first, second))),
    }
    return protocols.changes("delay", times, weights, own, attrs)


@dataclass(frozen=True)
class Pair:
    """Two spikes with a delay.

    Attributes
    ----------
    sign : int
        1 where pre comes first, -1 where post does, 0 where they come together.
    pre, post : Waveform
        The drives of the two ports.
    length : float
        When the weight is read (s).
    steps : int
        How many steps that are.
    """

    sign: int
    pre: drives.Waveform
    post: drives.Waveform
    length: float
    steps: int


def _pair(
    delay: float, pre: stimuli.Spike, post: stimuli.Spike, delay_from: str, record: float | None, dt: float
) -> Pair:
    """Return the drives of a pair of spikes with a delay (s), and when its weight is read (s)."""
    if delay == 0.0 and delay_from == "end":
        raise ValueError("delay must not be 0 where delay_from='end', since either spike may be the earlier one")
    earlier, later = (pre, post) if delay >= 0.0 else (post, pre)
    gap = stimuli.steps_in("delay", abs(delay), dt) if delay else 0
    onset = gap + (earlier.steps if delay_from == "end" else 0)
    steps = max(earlier.steps, onset + later.steps)
    if record is not None:
        longest = stimuli.steps_in("duration", record, dt)
        if steps > longest:
            raise ValueError(
                f"delay must leave both spikes inside the record, got {delay!r} s, with which they end after"
                f" {steps * dt:.15g} s; duration = {record!r} s"
            )
        steps = longest
    start = abs(delay) + (earlier.length if delay_from == "end" else 0.0)
    waves = (earlier.wave, drives.concat([(0.0, start), (later.wave, None)]) if onset else later.wave)
    ordered = waves if delay >= 0.0 else waves[::-1]
    return Pair(int(np.sign(delay)), *ordered, steps * dt, steps)


def _weights(own: protocols.Protocol, pair: Pair) -> Floats:
    """Return the weights before and after a pair (realisations, 2)."""
    return own.measured(pair.pre, pair.post, pair.length, lambda trial: trial.around(pair.steps))


def _alone(own: protocols.Protocol, pre: stimuli.Spike, post: stimuli.Spike, sign: int) -> Floats:
    """Return what the earlier spike alone changes (realisations,); nan where none is earlier."""
    if sign == 0:
        return np.full(own.realisations, math.nan)
    one = pre if sign > 0 else post
    first, second = (one.wave, 0.0) if sign > 0 else (0.0, one.wave)
    found = own.measured(first, second, one.length, lambda trial: trial.around(one.steps))
    return np.asarray(found[:, 1] - found[:, 0])


def _unseen(own: protocols.Protocol, spikes: tuple[stimuli.Spike, ...]) -> str:
    """Return what is to be said where fixed steps, which hold the voltage of their start, miss the peak of a spike."""
    if own.options["method"] != "fixed":
        return ""
    for one in spikes:
        volts = np.abs(one.wave(own.dt * (np.arange(one.steps)[:, np.newaxis] + PLACES)))
        seen, peak = float(volts[:, 0].max()), float(volts.max())
        if peak > (1.0 + MISSED) * seen:
            return (
                f"steps of dt = {own.dt:g} s see {seen:.3g} V of a peak of {peak:.3g} V; shorten dt, or give"
                " method='adaptive'"
            )
    return ""


def _message(change: Floats, before: Floats, unseen: Callable[[], str]) -> str:
    """Return what is to be said of a window that is flat, for which peaks may be unseen, or that has one sign."""
    mean, small = change.mean(axis=1), protocols.rounding(before)
    if (np.abs(change) <= small).all():
        return "; ".join(filter(None, ("flat window: no pair of spikes changes the weight", unseen())))
    said = {
        "flat window: all pairs of spikes change the weight alike": mean.size > 1 and np.ptp(mean) <= small,
        "no depression: the weight does not fall at any of these delays": (mean >= -small).all(),
        "no potentiation: the weight does not rise at any of these delays": (mean <= small).all(),
    }
    return "; ".join(text for text, holds in said.items() if holds)
