"""The waveforms made of others that are not written as sums and products: currents, and one after the other."""

from __future__ import annotations

from collections.abc import Iterable

from memnet.base import check
from memnet.drive._table import CONCAT, CURRENT, checked_durations
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
