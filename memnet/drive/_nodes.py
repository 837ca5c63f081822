"""The waveforms made of others that are not written as sums and products: currents, and one after the other."""

from __future__ import annotations

from collections.abc import Iterable

from memnet.base import check
from memnet.drive._table import CONCAT, CURRENT, LIMITED, ROWS, checked_durations, checked_number
from memnet.drive._waveform import Driven, Waveform, made, waveform


@check.known_keywords
def current(value: Driven) -> Waveform:
    """Return a drive by a current (A, positive into the network) with the values of a number or a waveform.

    Parameters
    ----------
    value : float or Waveform
        The current (A), or a waveform whose values are currents (A).

    Raises
    ------
    TypeError, ValueError
        None, or a waveform that floats or is a current already.

    Examples
    --------
    >>> import memnet as mn
    >>> mn.drive.current(1e-6)
    current(constant(value=1e-06))
    """
    return made(CURRENT, children=(waveform("value", value, "A"),))


@check.known_keywords
def limited(voltage: Driven, *, current: float) -> Waveform:
    """Return a drive by a voltage as long as the current stays within a limit (compliance).

    Where the current into the network would pass the limit, in either direction, the electrode is driven by a current
    of that size and sign instead, and its voltage is what the network needs for it. It goes back to the voltage where
    it would otherwise have to pass that one. Each solve finds anew which electrodes are at their limits; adaptive
    steps, and those of circuits, end where one turns.

    Parameters
    ----------
    voltage : float or Waveform
        The voltage (V).
    current : float
        The limit of the current's magnitude (A), > 0.

    Returns
    -------
    Waveform
        Times a number, its voltage is multiplied and the limit stays. It cannot be a part of a sum or of a current.

    Raises
    ------
    TypeError, ValueError
        A voltage that floats, is a current or is limited already; a limit that is not positive.

    Examples
    --------
    >>> import memnet as mn
    >>> net = mn.Network(2, [(0, 1)], electrodes={"in": 0, "out": 1})
    >>> solution = mn.solve(net, 2e-3, {"in": mn.drive.limited(3.0, current=1e-3), "out": 0.0})
    >>> solution.voltage_of("in"), solution.current_of("in"), solution.info["limited"]
    (0.5, 0.001, ('in',))
    """
    (limit,) = ROWS[LIMITED]["arguments"]
    return made(LIMITED, ((checked_number(limit, current, "current"),), None), (waveform("voltage", voltage),))


@check.known_keywords
def concat(parts: Iterable[tuple[Driven, float | None]]) -> Waveform:
    """Return waveforms one after the other; each starts at its own t = 0.

    Parameters
    ----------
    parts : iterable of pairs (waveform, duration)
        A waveform, number (V) or None (floating) and how long it lasts (s, > 0). The last goes on for ever; its
        duration may be None.

    Raises
    ------
    TypeError, ValueError
        No part, something else than pairs, a duration that is not positive, or None before the last.

    Examples
    --------
    >>> import memnet as mn
    >>> mn.drive.concat([(3.0, 100.0), (None, 50.0), (mn.drive.sine(1.0, 0.1), None)])(120.0)
    nan
    """
    check.instance("parts", parts, Iterable, "a list of pairs (waveform, duration)")
    pairs = list(parts)
    if not pairs:
        raise ValueError("parts must hold at least one pair (waveform, duration), got none")
    for k, pair in enumerate(pairs):
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            raise TypeError(f"parts[{k}] must be a pair (waveform, duration), got {check.shown(pair)}")
    children = tuple(waveform(f"waveform of parts[{k}]", part) for k, (part, _) in enumerate(pairs))
    return made(CONCAT, checked_durations([length for _, length in pairs]), children)
