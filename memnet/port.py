"""The port of a run: the driven electrodes that its conductance is measured between.

The conductance of a step is that from its first driven electrode to its other driven ones joined, so it belongs to a
port, and another set of driven electrodes is another port. A run has one port; it is nan in rows of other ports.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memnet import _check, _core, drive

# How many rows to look at together for the first one that has a port.
BLOCK_ROWS = 4096


def asked(name: str, given: object, electrodes: Sequence[str]) -> list[str]:
    """Return the electrodes of a port that a user asks for, in the network's order.

    Raises
    ------
    TypeError, ValueError
        Not names of electrodes, an unknown or repeated one, fewer than two.
    """
    if isinstance(given, (str, bytes, Mapping)) or not isinstance(given, (Sequence, np.ndarray)):
        raise TypeError(f"{name} must be a list of the electrodes that are driven, got {_check.shown(given)}")
    names = [_check.one_of("electrode", one, electrodes) for one in given]
    if len(names) < 2 or len(set(names)) < len(names):
        raise ValueError(f"{name} must name two or more different electrodes, got {_check.shown(given)}")
    return [one for one in electrodes if one in names]


@dataclass(frozen=True)
class Port:
    """The driven electrodes of a run's conductance, in the network's order; fewer than two are no port."""

    electrodes: tuple[str, ...]
    drive: DrivenElectrodes

    def __str__(self) -> str:
        """Return it in words: "left to right, top", or "none"."""
        return "none" if len(self.electrodes) < 2 else f"{self.electrodes[0]} to {', '.join(self.electrodes[1:])}"

    @property
    def may_be_absent(self) -> bool:
        """Whether it is a port at all, and the drive one that changes which electrodes are driven."""
        return len(self.electrodes) > 1 and self.drive.changes

    def absent(self, time: NDArray[np.float64]) -> NDArray[np.bool_] | None:
        """Return at which times other electrodes are driven than those of the port; None where that is never."""
        return self.drive.other_than(self.electrodes, time)


class DrivenElectrodes:
    """Which electrodes a drive holds or feeds, and when; the others float."""

    def __init__(self, waves: Mapping[str, drive.Waveform]) -> None:
        roles = {name: wave.roles for name, wave in waves.items()}
        self.names = [name for name, some in roles.items() if some != {drive.ROLE_FLOATING}]
        self._changing = {
            name: drive.flatten({"": waves[name]}, [""]) for name in self.names if drive.ROLE_FLOATING in roles[name]
        }
        self._always = frozenset(name for name in self.names if name not in self._changing)

    @property
    def changes(self) -> bool:
        """Whether some electrode is driven at one time and floats at another."""
        return bool(self._changing)

    def first_port(self, rows: range, dt: float) -> Port:
        """Return the port of the first of some steps at which two or more electrodes are driven."""
        if not self._changing:
            return Port(tuple(self.names), self)
        for start in range(0, len(rows), BLOCK_ROWS):
            time = np.asarray(rows[start : start + BLOCK_ROWS], dtype=np.int64) * np.float64(dt)
            driven = np.array([self._driven(name, time) for name in self.names])
            enough = driven.sum(axis=0) > 1
            if enough.any():
                return Port(tuple(np.array(self.names)[driven[:, np.argmax(enough)]].tolist()), self)
        return Port((), self)

    def other_than(self, port: Sequence[str], time: NDArray[np.float64]) -> NDArray[np.bool_] | None:
        """Return at which times other electrodes are driven than those of the port; None where that is never."""
        if not self._always.issubset(port) or not set(port).issubset(self.names):
            return np.ones(time.shape, dtype=bool)
        found: NDArray[np.bool_] | None = None
        for name in self._changing:
            differs = self._driven(name, time) != (name in port)
            found = differs if found is None else found | differs
        return found

    def _driven(self, name: str, time: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return when an electrode is driven, by the word of the C library that also steps."""
        if name not in self._changing:
            return np.ones(time.shape, dtype=bool)
        nodes, root = self._changing[name]
        driven: NDArray[np.bool_] = _core.wave_evaluate(nodes, int(root[0]), time)[0] != drive.ROLE_FLOATING
        return driven
