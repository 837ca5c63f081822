"""The waveforms made of others that are not written as sums and products: currents, and one after the other."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from memnet.base import check
from memnet.base.read_only import read_only
from memnet.drive import _table
from memnet.drive._table import CONCAT, CURRENT, ROLE_VOLTAGE
from memnet.drive._waveform import Driven, Waveform, waveform


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
    child = waveform("value", value, "A")
    if child.roles != {ROLE_VOLTAGE}:
        raise ValueError(f"value of a current must be a number or a waveform of plain values, got {check.shown(value)}")
    return Waveform(CURRENT, (), None, (child,))


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
    (lasting,) = _table.ROWS[CONCAT]["arguments"]
    children, durations = [], []
    for k, pair in enumerate(pairs):
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            raise TypeError(f"parts[{k}] must be a pair (waveform, duration), got {check.shown(pair)}")
        children.append(waveform(f"waveform of parts[{k}]", pair[0]))
        last = k == len(pairs) - 1 and (pair[1] is None or pair[1] == math.inf)
        durations.append(math.inf if last else _table.checked_number(lasting, pair[1], f"duration of parts[{k}]"))
    return Waveform(CONCAT, (), read_only(np.array(durations)), tuple(children))
