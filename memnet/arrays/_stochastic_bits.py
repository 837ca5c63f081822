"""Bits that a switch draws: how likely a pulse closes it, streams of them, and what gates make of streams."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from memnet.base import check
from memnet.base.arrays import Flags, Floats
from memnet.devices import StochasticSwitch
from memnet.network import Network
from memnet.simulate import Simulation

__all__ = ["multiplexer", "stochastic_bits", "switching_probability", "switching_voltage"]

MOST_BITS = 10_000_000


@check.known_keywords
def stochastic_bits(
    n: int,
    voltage: float,
    width: float,
    *,
    device: StochasticSwitch | None = None,
    seed: int | None = None,
) -> Flags:
    """Return bits that are 1 where a pulse has closed an open switch: n switches side by side, one pulse on all.

    Parameters
    ----------
    n : int
        How many bits, from 1 to 10,000,000.
    voltage : float
        Of the pulse (V), finite.
    width : float
        Its length (s), > 0.
    device : StochasticSwitch, optional
        By default one with its own parameters: tau0 = 1 s, V0 = 0.05 V. With parameters that are arrays, (n,), each bit
        has a switch of its own kind.
    seed : int, optional
        Of the draws; by default drawn from the system.

    Returns
    -------
    ndarray of bool, (n,)
        1 with the probability that `switching_probability` gives. ``a & b`` of two streams of different seeds is their
        product, ``~a`` the complement, `multiplexer` a weighted sum.

    Raises
    ------
    TypeError, ValueError
        A number outside its range; a device that is no StochasticSwitch, or is closed at the start.

    Notes
    -----
    One step of the circuit, at the law of `StochasticSwitch`, which does not depend on how a pulse is divided in steps.

    References
    ----------
    .. [1] S. Gaba et al., Nanoscale 2013, 5, 5872, doi 10.1039/c3nr01176c.

    Examples
    --------
    >>> import memnet as mn
    >>> bits = mn.arrays.stochastic_bits(100_000, 0.672450, 1e-6, seed=1)
    >>> bits.size, bool(abs(bits.mean() - 0.5) < 0.005)
    (100000, True)
    """
    count = check.integer("n", n, 1, MOST_BITS)
    volts = check.real("voltage", voltage, unit="V")
    seconds = check.real("width", width, 0.0, math.inf, "()", "s")
    switch = _switch(device)
    edges = np.tile(np.array([[0, 1]], dtype=np.int32), (count, 1))
    net = Network(2, edges, electrodes={"in": 0, "out": 1})
    sim = Simulation(net, switch, {"in": volts, "out": 0.0}, dt=seconds, seed=seed)
    if sim.state(switch, "on").any():
        raise ValueError("device must be open at the start, got on_initial = True")
    sim.step()
    return np.asarray(sim.state(switch, "on") != 0.0)


@check.known_keywords
def switching_probability(
    voltage: ArrayLike, width: ArrayLike, *, device: StochasticSwitch | None = None
) -> Floats | float:
    """Return how likely a pulse closes an open switch: P = 1 - exp(-T/tau), tau = tau0 exp(-V/V0).

    Parameters
    ----------
    voltage : float or array_like
        Of the pulse (V).
    width : float or array_like
        Its length (s), >= 0.
    device : StochasticSwitch, optional
        As for `stochastic_bits`.

    Returns
    -------
    float or ndarray

    Raises
    ------
    TypeError, ValueError
        No numbers, nan, a negative width; shapes that do not go together.

    Examples
    --------
    >>> import memnet as mn
    >>> round(mn.arrays.switching_probability(0.66, 1e-6), 6)
    0.417464
    """
    volts = check.numbers_within("voltage", voltage, -math.inf, math.inf, "()", "V")
    seconds = check.numbers_within("width", width, 0.0, math.inf, "[)", "s")
    switch = _switch(device)
    _refuse_shapes(voltage=volts, width=seconds, tau0=switch.tau0, V0=switch.V0)
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        hazard = np.exp(np.log(seconds) - np.log(switch.tau0) + volts / switch.V0)
    return _plain(np.where(seconds > 0.0, -np.expm1(-hazard), 0.0))


@check.known_keywords
def switching_voltage(
    probability: ArrayLike, width: ArrayLike, *, device: StochasticSwitch | None = None
) -> Floats | float:
    """Return the voltage at which a pulse closes an open switch with a probability: `switching_probability` solved.

    Parameters
    ----------
    probability : float or array_like
        In (0, 1).
    width : float or array_like
        Length of the pulse (s), > 0.
    device : StochasticSwitch, optional
        As for `stochastic_bits`.

    Returns
    -------
    float or ndarray
        V0 (ln(-ln(1 - P)) - ln(T/tau0)) (V); negative where the pulse is long beside tau0.

    Raises
    ------
    TypeError, ValueError
        A probability that is not in (0, 1), a width that is not > 0; shapes that do not go together.

    Examples
    --------
    >>> import memnet as mn
    >>> round(mn.arrays.switching_voltage(0.5, 1e-6), 6)
    0.67245
    """
    chance = check.numbers_within("probability", probability, 0.0, 1.0, "()")
    seconds = check.numbers_within("width", width, 0.0, math.inf, "()", "s")
    switch = _switch(device)
    _refuse_shapes(probability=chance, width=seconds, tau0=switch.tau0, V0=switch.V0)
    hazard = np.log(-np.log1p(-chance))
    return _plain(switch.V0 * (hazard - np.log(seconds) + np.log(switch.tau0)))


@check.known_keywords
def multiplexer(select: ArrayLike, one: ArrayLike, zero: ArrayLike) -> Flags:
    """Return the bits of one stream where a third selects them and of another elsewhere: P = s p_1 + (1 - s) p_0.

    Of independent streams it is the weighted sum of their probabilities, as AND is the product.

    Parameters
    ----------
    select, one, zero : array_like of bool, (n,)
        Streams of equal length: which is taken, what is taken at 1, what is taken at 0. Integers 0 and 1 will do.

    Returns
    -------
    ndarray of bool, (n,)

    Raises
    ------
    TypeError, ValueError
        Streams that are no bits, or of different lengths.

    See Also
    --------
    NandLogic.multiplexer : The same as a circuit of three NANDs and a NOT.

    Examples
    --------
    >>> import memnet as mn
    >>> mn.arrays.multiplexer([1, 0, 1], [1, 1, 0], [0, 0, 0]).tolist()
    [True, False, False]
    """
    s, a, b = (_stream(name, value) for name, value in (("select", select), ("one", one), ("zero", zero)))
    for name, stream in (("one", a), ("zero", b)):
        if len(stream) != len(s):
            raise ValueError(f"{name} must have as many bits as select, {len(s)}, got {len(stream)}")
    return np.where(s, a, b)


def _switch(device: Any) -> Any:
    if device is None:
        return StochasticSwitch()
    check.instance("device", device, StochasticSwitch, "a StochasticSwitch, or None")
    return device


def _refuse_shapes(**given: Any) -> None:
    """Raise ValueError where arrays do not broadcast, with the shape of each."""
    shapes = {name: np.shape(value) for name, value in given.items() if np.ndim(value)}
    try:
        np.broadcast_shapes(*shapes.values())
    except ValueError:
        said = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        raise ValueError(f"{next(iter(given))} must have a shape that goes with the others, got {said}") from None


def _stream(name: str, value: ArrayLike) -> Flags:
    given = check.given_array(name, value)
    if given.dtype.kind not in "biu" and given.size:
        raise TypeError(f"{name} must be bits, got {check.shown(value)}")
    check.check_shape(name, given.shape, (None,))
    if not np.isin(given, (0, 1)).all():
        raise ValueError(f"{name} must be 0 and 1, got {check.shown(value)}")
    return given.astype(np.bool_)


def _plain(value: Any) -> Floats | float:
    return float(value) if np.ndim(value) == 0 else np.asarray(value)
