"""What a simulation shows: the circuit as it was solved last, and what the C library says of its work."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from memnet import _core


class Report(NamedTuple):
    """What the C library said of itself when nothing ran, so that other threads may ask at any time."""

    steps_done: int
    solver: dict[str, Any]
    counters: dict[str, int]
    step_counters: dict[str, int]


class LastSolution(ABC):
    """The circuit in the step last taken; every access gives an array of its own."""

    @abstractmethod
    def _solved(self) -> _core.Simulation:
        """Return the C simulation with a solution in it."""

    @property
    def potential(self) -> NDArray[np.float64]:
        """Potential of each node (n_nodes,) (V), nan where no driven electrode reaches.

        Like what follows it is of the step last taken. Where there is none, or after `set_state` or `set_drive`,
        it is solved for the present step.
        """
        return self._solved().potential

    @property
    def voltage(self) -> NDArray[np.float64]:
        """Potential of each electrode (n_electrodes,) (V)."""
        return self._solved().voltage

    @property
    def current(self) -> NDArray[np.float64]:
        """Current into the network at each electrode (n_electrodes,) (A)."""
        return self._solved().current

    @property
    def limited(self) -> NDArray[np.bool_]:
        """Whether the current of each electrode is at the limit of its `drive.limited` (n_electrodes,)."""
        return self._solved().limited.astype(np.bool_)

    @property
    def branch_voltage(self) -> NDArray[np.float64]:
        """Voltage v[a] - v[b] of each edge (a, b) (n_edges,) (V), 0 where a node has no potential."""
        return self._solved().branch_voltage

    @property
    def branch_current(self) -> NDArray[np.float64]:
        """Current from a to b through each edge (a, b) (n_edges,) (A), its device's source included.

        0 where a node has no potential.
        """
        return self._solved().branch_current

    @property
    def conductance(self) -> NDArray[np.float64]:
        """Conductance of each edge (n_edges,) (S)."""
        return self._solved().conductance

    @property
    def terminal_conductance(self) -> float:
        """Conductance from the first driven electrode to the other driven ones joined (S).

        The electrodes are those that are driven at that step, in the network's order; nan where fewer than two are.
        """
        return self._solved().terminal_conductance
