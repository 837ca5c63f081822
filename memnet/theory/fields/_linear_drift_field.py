"""The mean field of linear-drift memristors with decay."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from memnet.base import check
from memnet.base.arrays import Floats
from memnet.theory.fields._field import FixedPoint, Junctions, MeanField, Numbers


@check.known_fields
@dataclass(frozen=True, kw_only=True)
class LinearDriftField(MeanField):
    """Linear drift with decay: strength i - decay <x>, i the mean current of a junction, R = r_off (1 - chi <x>).

    Here the state follows the current, so the factor 1 / (1 - chi <x>) belongs to a voltage drive (MF23 eq. 15 and
    Sci. Adv. 2021, 7, eabh1542) and is absent under a current. For chi > 1/2 a voltage drive is bistable.

    Parameters
    ----------
    drive, scale, gain
        As in `MeanField`.
    strength : float
        mu r_on / D^2 (1/C): drift of the state per charge.
    decay : float
        Relaxation rate (1/s), > 0.
    r_off, chi : float
        Resistance of a junction at <x> = 0 (ohm), and (r_off - r_on) / r_off in (0, 1).

    Raises
    ------
    TypeError, ValueError
        A parameter that is missing, unknown or out of its range.

    Examples
    --------
    Bistable between decay (1 - chi) and decay / (4 chi).

    >>> import memnet as mn
    >>> field = mn.theory.LinearDriftField(drive="voltage", strength=1.0, decay=2.0, r_off=1.0, chi=0.8)
    >>> low, high = field.bistable_region()
    >>> round(low, 12), round(high, 12)
    (0.4, 0.625)
    >>> [(round(point.g, 4), point.stable) for point in field.fixed_points(0.5)]
    [(0.3455, True), (0.9045, False), (1.0, True)]
    >>> [round(float(f(0.5)), 6) for f in (field.conductance, field.drive_at, field.drive_slope)]
    [1.666667, 0.6, 0.4]
    >>> round(field.rate(0.5, 0.5), 6), round(float(field.potential(0.5, 0.5)), 6), round(field.step(0.5, 0.5, 0.1), 6)
    (-0.166667, -0.069266, 0.483333)
    """

    _model: ClassVar[str] = "LinearDrift"

    strength: float
    decay: float
    r_off: float
    chi: float

    @classmethod
    def _of(cls, junctions: Junctions) -> LinearDriftField:
        r_on, r_off, decay = (junctions.number(name) for name in ("r_on", "r_off", "decay"))
        if junctions.device.parameters["window"] != "none" or junctions.number("v_threshold") != 0.0:
            raise ValueError("LinearDrift must have window='none' and v_threshold=0 for a mean field")
        if not decay > 0.0:
            raise ValueError("LinearDrift.decay must be > 0 1/s for a mean field: without decay the state never rests")
        if not r_off > r_on:
            raise ValueError(f"LinearDrift.r_off must be above r_on = {r_on:g} ohm for a mean field, got {r_off:g}")
        if junctions.against:
            raise ValueError("LinearDrift is bipolar: every edge must point from source to drain for a mean field")
        return cls(
            drive=junctions.drive,
            scale=junctions.share if junctions.drive == "voltage" else junctions.share * r_off / junctions.gain,
            gain=junctions.gain,
            strength=junctions.number("mu") * r_on / junctions.number("d") ** 2,
            decay=decay,
            r_off=r_off,
            chi=(r_off - r_on) / r_off,
        )

    def __post_init__(self) -> None:
        check.real("strength", self.strength, 0.0, math.inf, "()", "1/C")
        check.real("decay", self.decay, 0.0, math.inf, "()", "1/s")
        check.real("r_off", self.r_off, 0.0, math.inf, "()", "ohm")
        check.real("chi", self.chi, 0.0, 1.0, "()")
        super().__post_init__()

    @check.numeric_arguments
    def rate(self, g: Numbers, u: Numbers) -> Any:
        """Return d<x>/dt (1/s) at states and drives."""
        return self.strength * self.scale / self.r_off * u / self._share(g) - self.decay * g

    @check.numeric_arguments
    def conductance(self, g: Numbers) -> Any:
        """Return the conductance of the network (S)."""
        return self.gain / (self.r_off * (1.0 - self.chi * np.asarray(g, dtype=np.float64)))

    @check.numeric_arguments
    def drive_at(self, g: Numbers) -> Any:
        """Return decay <x> (1 - chi <x>) r_off / (strength scale), without the factor under a current."""
        state = np.asarray(g, dtype=np.float64)
        return self.decay * state * self._share(state) * self.r_off / (self.strength * self.scale)

    @check.numeric_arguments
    def drive_slope(self, g: Numbers) -> Any:
        """Return the derivative of `drive_at`."""
        state = np.asarray(g, dtype=np.float64)
        curve = np.ones_like(state) if self.drive == "current" else 1.0 - 2.0 * self.chi * state
        return self.decay * curve * self.r_off / (self.strength * self.scale)

    @check.known_keywords
    def potential(self, g: ArrayLike, u: float) -> Floats:
        """Return V(<x>) - V(0) (1/s): decay x^2 / 2 + (v / chi) log(1 - chi x), linear in x under a current."""
        state = self._states(g)
        push = self.strength * self.scale / self.r_off * check.real("u", u)
        driven = -push * state if self.drive == "current" else push / self.chi * np.log1p(-self.chi * state)
        result: Floats = 0.5 * self.decay * state**2 + driven
        return result

    @check.known_keywords
    def fixed_points(self, u: float) -> list[FixedPoint]:
        """Return the equilibria at a drive, in order of <x>; one against the devices' direction leaves only <x> = 0.

        Parameters
        ----------
        u : float
            The drive (A or V), positive in the devices' direction.

        Returns
        -------
        list of FixedPoint
            At most three: a stable one, an unstable one, and the held end.
        """
        u = check.real("u", u)
        return super().fixed_points(u) if u >= 0.0 else [FixedPoint(self.lower, True)]

    @check.known_keywords
    def step(self, g: float, u: float, dt: float) -> float:
        """Return the state after an explicit Euler step."""
        g, u, dt = self._step_arguments(g, u, dt)
        return min(max(g + float(self.rate(g, u)) * dt, 0.0), 1.0)

    def _share(self, g: Any) -> Any:
        return np.ones_like(g) if self.drive == "current" else 1.0 - self.chi * g
