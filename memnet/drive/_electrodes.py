"""Which waveform drives which electrode."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memnet import _core
from memnet.base import check
from memnet.drive._table import CONSTANT, CURRENT, FLOATING, LIMITED, ROLE_CURRENT, ROLE_FLOATING, ROLE_VOLTAGE
from memnet.drive._waveform import Driven, Waveform, nodes, waveform


def checked(drive: Any, electrodes: Iterable[str], joints: Collection[str] = ()) -> dict[str, Waveform]:
    """Return a drive as one waveform an electrode, in the network's order.

    Parameters
    ----------
    drive : dict
        Electrode name to waveform, number (V) or None (floating); every electrode of the network.
    electrodes : iterable of str
        The network's electrodes.
    joints : collection of str
        Those of them that float where the drive does not name them.

    Raises
    ------
    TypeError, ValueError
        No dict, an unknown or missing electrode, a value that is no drive, or nothing driven at all.
    """
    names = list(electrodes)
    if not names:
        raise ValueError("drive has nothing to drive: the network has no electrode")
    if not isinstance(drive, Mapping):
        raise TypeError(f"drive must be a dict from electrode to waveform, got {check.shown(drive)}; allowed: {names}")
    for name in drive:
        if name not in names:
            near = check.did_you_mean(name, names) if isinstance(name, str) else ""
            said = f"{check.shown(name)}{near}"
            raise ValueError(f"drive names an unknown electrode {said}; electrodes: {', '.join(names)}")
    for name in names:
        if name not in drive and name not in joints:
            raise ValueError(f"drive says nothing about electrode {name!r}; give it a value, or None to let it float")
    waves = {name: waveform(f"drive[{name!r}]", drive.get(name)) for name in names}
    if all(wave.roles == {ROLE_FLOATING} for wave in waves.values()):
        raise ValueError(f"drive must drive at least one electrode of {names}, all of them float")
    return waves


def flatten(drive: Mapping[str, Driven], names: Sequence[str]) -> tuple[list[_core.Wave], NDArray[np.int32]]:
    """Return waveforms as the C library takes them: nodes with children before parents, and each electrode's root.

    Parameters
    ----------
    drive : mapping
        Electrode name to waveform, number or None.
    names : sequence of str
        The electrodes, in the network's order.

    Returns
    -------
    waves : list of tuple
        kind, parameters, samples or None, indices of the children.
    root : ndarray (n_electrodes,) int32
        Index of each electrode's waveform, -1 for floating.
    """
    given = [waveform(f"drive[{name!r}]", drive[name]) for name in names]
    waves, places = nodes(wave for wave in given if wave.kind != FLOATING)
    root = np.full(len(given), -1, dtype=np.int32)
    root[[wave.kind != FLOATING for wave in given]] = places
    return waves, root


def constant_value(wave: Waveform) -> tuple[int, float] | None:
    """Return role and value (V or A) of a waveform that is constant by its kind, None of any other."""
    if wave.kind == FLOATING:
        return ROLE_FLOATING, 0.0
    if wave.kind == CONSTANT:
        return ROLE_VOLTAGE, wave.parameters[0]
    if wave.kind == CURRENT and wave.children[0].kind == CONSTANT:
        return ROLE_CURRENT, wave.children[0].parameters[0]
    return None


def without_limit(name: str, value: Driven) -> tuple[Driven, float]:
    """Return what a limit of the current belongs to, and the limit (A); inf of what has none."""
    wave = waveform(name, value)
    return (wave.children[0], wave.parameters[0]) if wave.kind == LIMITED else (value, math.inf)


def role_and_value(name: str, value: Driven) -> tuple[int, float]:
    """Return role (0 floating, 1 voltage, 2 current) and value (V or A) of something constant.

    Raises
    ------
    TypeError, ValueError
        Not a number, None, `constant` or `current` of those.
    """
    found = constant_value(waveform(name, value))
    if found is None:
        shown = check.shown(value)
        raise ValueError(f"{name} must be constant: a number (V), None to float, or mn.drive.current(A), got {shown}")
    return found
