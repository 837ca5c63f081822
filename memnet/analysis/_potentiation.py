"""Long-term potentiation and depression: a train of pulses up and one down, and how linear the weight follows."""

from __future__ import annotations

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

__all__ = ["linearity", "potentiation"]

DIRECTIONS = ("up", "down")


@check.known_keywords
def linearity(values: ArrayLike) -> float:
    """Say how near to a straight line a weight follows the pulses of a train.

    With y_n = (w_n - w_0)/(w_N - w_0), the way that n of N pulses have gone, it is 1 - max |y_n - n/N|: 1 where each
    pulse changes the weight alike, 1/N where one pulse does all, below 0 where the weight leaves the range between its
    first and last value far behind.

    Parameters
    ----------
    values : array_like, (n,)
        The weight before the train and after each pulse, n >= 3; in any unit, rising or falling.

    Returns
    -------
    float
        The index; nan where the last value is the first.

    Raises
    ------
    TypeError, ValueError
        Values that are not finite, fewer than three.

    Examples
    --------
    >>> import memnet as mn
    >>> mn.analysis.linearity([0.0, 1.0, 2.0, 3.0])
    1.0
    >>> mn.analysis.linearity([4.0, 0.0, 0.0, 0.0, 0.0])
    0.25
    """
    weights = check.array("values", values, (None,))
    if weights.size < 3:
        raise ValueError(f"values must hold at least 3 weights, got {weights.size}")
    halves = 0.5 * weights  # whose difference is finite
    way = halves - halves[0]
    if way[-1] == 0.0:
        return math.nan
    return float(1.0 - np.abs(way / way[-1] - np.linspace(0.0, 1.0, weights.size)).max())


@check.known_keywords
def potentiation(
    system: Any,
    *,
    amplitude: float,
    depression: float | None = None,
    width: float,
    interval: float,
    count: int = 50,
    dt: float,
    realisations: int = 1,
    seed: int = 0,
    weight: str | int | None = None,
    state: str | None = None,
    ports: tuple[str, str] = ("in", "out"),
    others: Mapping[str, drives.Driven] | None = None,
    priming: tuple[drives.Driven, float] | None = None,
    method: str = "fixed",
    rtol: float | None = None,
) -> xr.Dataset:
    """Apply a train of pulses that potentiate and then one that depress, and say how a weight follows: LTP and LTD.

    Parameters
    ----------
    system, width, dt, realisations, seed, ports, others, priming, method, rtol
        As for `paired_pulse`.
    amplitude : float
        Of the pulses of the first train (V), at the first port with the second at 0 V; not 0, of either sign.
    depression : float, optional
        Of those of the second train (V), by default -`amplitude`.
    interval : float
        From the end of a pulse to the start of the next (s), > 0; at 0 V. The weight is read at its end.
    count : int
        Pulses of each train, >= 2.
    weight, state
        As for `srdp`.

    Returns
    -------
    xarray.Dataset
        `weight` (direction, realisation, pulse), in S or the unit of the state, at rest: before the train, pulse 0, and
        after each of its pulses; the direction is "up" for the first train and "down" for the second. `weight_mean`
        and `weight_error` (direction, pulse): mean over realisations and its standard error, nan with one. `linearity`
        (direction): that of the mean. `asymmetry`: how far the mean on its way down, pulse for pulse backwards, is from
        that on its way up at most, as a part of what the way up changes; 0 where each pulse takes back what one gave.
        ``attrs["message"]`` says of a weight that does not rise, or not fall, that it does not; it is empty elsewhere.

    Raises
    ------
    TypeError, ValueError
        As for `srdp`.

    Notes
    -----
    Which direction is up is decided by the weight: where the first train makes it fall, the message says so. Source:
    Chen et al., Adv. Mater. 2023, doi 10.1002/adma.202301924, section 4.1.2 and figure 10 a.

    Examples
    --------
    >>> import memnet as mn
    >>> device = mn.BipolarThreshold(w_initial=0.0)
    >>> found = mn.analysis.potentiation(device, amplitude=1.2, width=1e-3, interval=1e-3, count=20, dt=1e-3)
    >>> found["linearity"].round(9).values, found.asymmetry.round(9).item()
    (array([1., 1.]), 0.0)
    >>> never = mn.analysis.potentiation(mn.RateBalance(), amplitude=0.5, width=1.0, interval=0.1, count=9, dt=0.1)
    >>> never.attrs["message"]
    'no depression: the weight does not fall under the second train'
    """
    import xarray as xr

    own = protocols.protocol(
        system, ports=ports, others=others, realisations=realisations, seed=seed, dt=dt, method=method, rtol=rtol,
        priming=priming, weight=weight, state=state,
    )  # fmt: skip
    pulses = check.whole("count", count, 2)
    rising = stimuli.train(amplitude, width, pulses, own.dt)
    down = -rising.amplitude if depression is None else check.real("depression", depression, unit="V")
    if down == 0.0:
        raise ValueError("depression must not be 0 V, which is no pulse")
    falling = stimuli.train(down, width, pulses, own.dt)
    (gap,), (gap_steps,) = stimuli.intervals_of(check.real("interval", interval, 0.0, math.inf, "()", "s"), own.dt)
    protocols.refuse_many(directions=2, realisations=own.realisations, count=pulses + 1)
    weights = _weights(own, rising, falling, float(gap), gap_steps)
    mean, error = weights.mean(axis=1), protocols.standard_error(weights)
    described, dims = protocols.described, ("direction", "realisation", "pulse")
    return xr.Dataset(
        {
            "weight": (dims, weights, described(own.unit, "weight")),
            "weight_mean": (("direction", "pulse"), mean, described(own.unit, "mean weight")),
            "weight_error": (("direction", "pulse"), error, described(own.unit, "standard error of the weight")),
            "linearity": ("direction", [linearity(one) for one in mean], described("1", "linearity")),
            "asymmetry": ((), _asymmetry(mean), described("1", "asymmetry")),
        },
        {
            "direction": list(DIRECTIONS),
            "realisation": np.arange(own.realisations),
            "pulse": ("pulse", np.arange(pulses + 1), described("1", "number of pulses")),
        },
        {
            **rising.attributes(),
            "depression": down,
            "interval": float(gap),
            **own.attributes(),
            "message": _message(mean),
        },
    )


def _weights(
    own: protocols.Protocol, rising: stimuli.Train, falling: stimuli.Train, gap: float, gap_steps: int
) -> Floats:
    """Return the weights before each train and after each pulse (2, realisations, pulses + 1)."""
    length = rising.length(gap) + gap
    wave = drives.concat([(rising.wave(gap), length), (falling.wave(gap), None)])

    def read(trial: protocols.Trial) -> Floats:
        found = [trial.weight()]
        for _ in range(rising.count + falling.count):
            trial.advance(rising.steps + gap_steps)
            found.append(trial.weight())
        return np.stack(found, axis=1)

    both = own.measured(wave, 0.0, 2.0 * length, read)
    return np.stack((both[:, : rising.count + 1], both[:, rising.count :]))


def _asymmetry(mean: Floats) -> float:
    """Return how far the way down is from the way up, as a part of what the way up changes."""
    rises = abs(mean[0, -1] - mean[0, 0])
    return float(np.abs(mean[1, ::-1] - mean[0]).max() / rises) if rises > 0.0 else math.nan


def _message(mean: Floats) -> str:
    """Return what is to be said of a weight that does not rise under the first train, or not fall under the second."""
    small = protocols.rounding(mean)
    rises, falls = mean[0, -1] - mean[0, 0] > small, mean[1, 0] - mean[1, -1] > small
    if np.ptp(mean) <= small:
        return "no plasticity: no pulse changes the weight"
    said = {
        "no potentiation: the weight does not rise under the first train": not rises,
        "no depression: the weight does not fall under the second train": not falls,
    }
    return "; ".join(text for text, holds in said.items() if holds)
