"""Spike-rate-dependent plasticity: what trains of pulses change, against the time between the pulses."""

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

__all__ = ["srdp"]


@check.known_keywords
def srdp(
    system: Any,
    interval: ArrayLike,
    *,
    amplitude: float,
    width: float,
    count: int = 15,
    dt: float,
    realisations: int = 1,
    seed: int = 0,
    weight: str | int | None = None,
    state: str | None = None,
    settle: float = 0.0,
    ports: tuple[str, str] = ("in", "out"),
    others: Mapping[str, drives.Driven] | None = None,
    priming: tuple[drives.Driven, float] | None = None,
    method: str = "fixed",
    rtol: float | None = None,
) -> xr.Dataset:
    """Apply trains of equal pulses and say how much they change a weight, against the time between them.

    Parameters
    ----------
    system, interval, amplitude, width, dt, realisations, seed, ports, others, priming, method, rtol
        As for `paired_pulse`.
    count : int
        Pulses of a train, >= 1.
    weight : str or int, optional
        The element of the circuit (the edge of a network) whose conductance is the weight, by default the whole
        between the ports.
    state : str, optional
        The state of that element, or of the only one, that is the weight in place of its conductance.
    settle : float
        How long after the last pulse the weight is read (s), >= 0; a whole number of dt.

    Returns
    -------
    xarray.Dataset
        `before`, `after` and `change` = after - before (interval, realisation), in S or the unit of the state, at rest:
        with both ports at 0 V. `change_mean` and `change_error` (interval): mean over realisations and its standard
        error, which is nan with one. ``attrs["message"]`` says where no train changes the weight, or all do alike; it
        is empty elsewhere.

    Raises
    ------
    TypeError, ValueError
        As for `paired_pulse`; a state that the element has not; the whole, or an element, as weight that holds a
        charge, whose conductance is that of a step.

    Notes
    -----
    Weights are read from the states, without a current: nothing is disturbed. The conductance of an element whose
    current is not linear in its voltage is the slope at rest. As for `paired_pulse`, intervals share their random
    numbers.

    Source: Wang et al., Nature Materials 2017, 16, 101, figure 6 b.

    Examples
    --------
    >>> import memnet as mn
    >>> found = mn.analysis.srdp(mn.RateBalance(), [1.0, 20.0], amplitude=0.5, width=1.0, dt=1.0)
    >>> bool(found.change_mean[0] > found.change_mean[1])
    True
    """
    own = protocols.protocol(
        system, ports=ports, others=others, realisations=realisations, seed=seed, dt=dt, method=method, rtol=rtol,
        priming=priming, weight=weight, state=state,
    )  # fmt: skip
    train = stimuli.train(amplitude, width, check.whole("count", count, 1), own.dt)
    times, gaps = stimuli.intervals_of(interval, own.dt)
    rest = check.real("settle", settle, 0.0, bounds="[)", unit="s")
    rest_steps = stimuli.steps_in("settle", rest, own.dt) if rest else 0
    protocols.refuse_many(interval=times.size, realisations=own.realisations)

    def weights(gap: int, time: float) -> Floats:
        steps = train.count * train.steps + (train.count - 1) * gap + rest_steps
        return own.measured(train.wave(time), 0.0, train.length(time), lambda trial: trial.around(steps))

    found = np.stack([weights(gap, float(time)) for time, gap in zip(times, gaps, strict=True)])
    change = found[..., 1] - found[..., 0]
    attrs = {**train.attributes(), "settle": rest, **own.attributes(), "message": _message(change, found[..., 0])}
    return protocols.changes(
        "interval", times, {"before": found[..., 0], "after": found[..., 1], "change": change}, own, attrs
    )


def _message(change: Floats, before: Floats) -> str:
    """Return what is to be said of changes that do not depend on the rate."""
    mean, small = change.mean(axis=1), protocols.rounding(before)
    if (np.abs(change) <= small).all():
        return "no plasticity: no train changes the weight"
    if mean.size > 1 and np.ptp(mean) <= small:
        return "the rate does not matter: all trains change the weight alike"
    return ""
