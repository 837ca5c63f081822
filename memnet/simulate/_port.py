"""The port of a run: the driven electrodes that its conductance is measured between.

The conductance of a step is that from its first driven electrode to its other driven ones joined, so it belongs to a
port, and another set of driven electrodes is another port. A run has one port; it is nan in rows of other ports.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memnet import drive
from memnet.base import check

# The port of a run in none of whose rows two electrodes are driven.
NO_PORT = "none"
# Rows whose roles are looked at together.
BLOCK_ROWS = 4096


def asked(name: str, given: object, electrodes: Sequence[str]) -> list[str]:
    """Return the electrodes of a port that a user asks for, in the network's order.

    Raises
    ------
    TypeError, ValueError
        Not names of electrodes, an unknown or repeated one, fewer than two.
    """
    if isinstance(given, (str, bytes, Mapping)) or not isinstance(given, (Sequence, np.ndarray)):
        raise TypeError(f"{name} must be a list of the electrodes that are driven, got {check.shown(given)}")
    names = [check.one_of("electrode", one, electrodes) for one in given]
    if len(names) < 2 or len(set(names)) < len(names):
        raise ValueError(f"{name} must name two or more different electrodes, got {check.shown(given)}")
    return [one for one in electrodes if one in names]


@dataclass(frozen=True)
class Port:
    """The driven electrodes of a run's conductance, in the network's order; fewer than two are no port."""

    electrodes: tuple[str, ...]
    drive: DrivenElectrodes | None = None  # one that changes which electrodes are driven

    @functools.cached_property
    def text(self) -> str:
        """The port in words: "left to right, top", or `NO_PORT`."""
        return NO_PORT if len(self.electrodes) < 2 else f"{self.electrodes[0]} to {', '.join(self.electrodes[1:])}"

    @property
    def may_be_absent(self) -> bool:
        """Whether it is a port at all, and other electrodes may be driven at other times."""
        return len(self.electrodes) > 1 and self.drive is not None

    def absent(self, time: NDArray[np.float64]) -> NDArray[np.bool_] | None:
        """Return at which times (s) other electrodes are driven than those of the port; None where that is never."""
        return None if self.drive is None else self.drive.other_than(self.electrodes, time)


class DrivenElectrodes:
    """Which electrodes a drive holds or feeds, and when; the others float.

    Parameters
    ----------
    waves : mapping
        The waveform of each electrode, in the network's order.
    roles : callable
        Gives the role of each electrode at some times (s), by the word of the C library that also steps.
    """

    def __init__(
        self,
        waves: Mapping[str, drive.Waveform],
        roles: Callable[[NDArray[np.float64]], NDArray[np.uint8]],
    ) -> None:
        taken = [wave.roles for wave in waves.values()]
        self._names = list(waves)
        self._roles = roles
        changes = any(len(one) > 1 and drive.ROLE_FLOATING in one for one in taken)
        always = tuple(name for name, one in zip(waves, taken, strict=True) if one != {drive.ROLE_FLOATING})
        self._only_port = None if changes else Port(always)

    def first_port(self, rows: range, dt: float) -> Port:
        """Return the port of the first of some steps of dt (s) at which two or more electrodes are driven."""
        if self._only_port is not None:
            return self._only_port
        for start in range(0, len(rows), BLOCK_ROWS):
            time = np.asarray(rows[start : start + BLOCK_ROWS], dtype=np.int64) * np.float64(dt)
            driven = self._roles(time) != drive.ROLE_FLOATING
            enough = driven.sum(axis=1) > 1
            if enough.any():
                there = driven[np.argmax(enough)]
                return Port(tuple(name for name, one in zip(self._names, there, strict=True) if one), self)
        return Port((), self)

    def other_than(self, port: Sequence[str], time: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return at which times (s) other electrodes are driven than those of a port."""
        wanted = np.array([name in port for name in self._names])
        found = np.empty(time.shape, dtype=bool)
        for start in range(0, len(time), BLOCK_ROWS):
            block = slice(start, start + BLOCK_ROWS)
            found[block] = ((self._roles(time[block]) != drive.ROLE_FLOATING) != wanted).any(axis=1)
        return found
