"""The current of one branch of a loop as a function of the voltage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memnet.base.arrays import Floats

# A polynomial goes through so many samples; one through fewer tells whether they are smooth.
MOST, FEWER = 6, 4
# They are where the two polynomials differ by less than this share of how far the second is from a straight line.
SMOOTH = 0.1


@dataclass(frozen=True)
class BranchCurve:
    """A branch: its samples by ascending voltage, in parts between which nothing is smooth."""

    voltage: Floats
    current: Floats
    part: NDArray[np.intp]  # of each sample
    noise: float = 0.0  # of the voltage (V): no polynomial goes through samples that are nearer to each other

    @staticmethod
    def of(
        volts: Floats, amps: Floats, at: NDArray[np.intp], ring: int, closes: bool, noise: float = 0.0
    ) -> BranchCurve:
        """Return the branch of samples `at` of a ring of so many; where that does not close it is torn at its end.

        What lies beyond the last sample of a cycle is its first one again, with the last one's current if torn.
        """
        torn = not closes and bool((at >= ring).any())
        index = at % ring
        part = np.where(at >= ring, 1, 0) if torn else np.zeros(at.size, dtype=np.intp)
        v, i = volts[index], amps[index]
        if torn and volts.size > ring:
            first = int(np.flatnonzero(at >= ring)[0])
            v, i = np.insert(v, first, volts[ring]), np.insert(i, first, amps[ring])
            part = np.insert(part, first, 0)
        order = np.argsort(v, kind="stable")
        return BranchCurve(v[order], i[order], part[order], noise)

    @property
    def low(self) -> float:
        """Return the lowest voltage."""
        return float(self.voltage[0])

    @property
    def high(self) -> float:
        """Return the highest voltage."""
        return float(self.voltage[-1])

    def __call__(self, voltage: Floats) -> Floats:
        """Return the current at voltages inside the branch."""
        line = np.interp(voltage, self.voltage, self.current)
        if self.voltage.size < MOST:
            return line
        right = np.clip(np.searchsorted(self.voltage, voltage, side="left"), 1, self.voltage.size - 1)
        (most, is_smooth), (fewer, _) = (self._polynomial(voltage, right, n) for n in (MOST, FEWER))
        is_smooth &= np.abs(most - fewer) <= SMOOTH * np.abs(fewer - line)
        return np.where(is_smooth, most, line)

    def _polynomial(self, voltage: Floats, right: NDArray[np.intp], n: int) -> tuple[Floats, NDArray[np.bool_]]:
        """Return Lagrange's polynomial of the n samples around each voltage, and where they are apart, of one part."""
        first = np.clip(right - n // 2, 0, self.voltage.size - n)
        index = first[:, None] + np.arange(n)
        x, y = self.voltage[index], self.current[index]
        apart = (np.diff(x, axis=1) > self.noise).all(axis=1) & (self.part[index[:, 0]] == self.part[index[:, -1]])
        value = np.zeros(voltage.shape)
        with np.errstate(divide="ignore", invalid="ignore"):
            for k in range(n):
                others = np.delete(np.arange(n), k)
                factor = (voltage[:, None] - x[:, others]) / (x[:, k, None] - x[:, others])
                value += y[:, k] * factor.prod(axis=1)
        return np.where(apart, value, 0.0), apart
