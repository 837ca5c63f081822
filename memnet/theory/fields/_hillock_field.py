"""The mean field of hillocks in gaps of one length."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from memnet.base import check
from memnet.base.arrays import Floats
from memnet.theory.fields._field import Junctions, MeanField, Numbers


@check.known_fields
@dataclass(frozen=True, kw_only=True)
class HillockField(MeanField):
    """Hillocks in gaps of one length: (strength scale u / ((1 - <g>) (1 + chi f(<g>))) - <g>) / tau, <g> = z / D.

    f(x) = (exp(a x) - 1) / (exp(a) - 1) and chi = exp(a) - 1, so that the factor is exp(a <g>): the conductance is
    g_min exp(a <g>) with a = beta D. Under an applied voltage that factor is absent. Without the clamp the lower branch
    ends in a fold; a clamp at or below 1/2 comes before it.

    Parameters
    ----------
    drive, scale, gain
        As in `MeanField`.
    strength : float
        mu / (kappa D^2) (1/V).
    tau : float
        Relaxation time (s).
    a : float
        beta D, > 0.
    g_min : float
        Conductance of a junction without a hillock (S).
    clamp : float or None
        Largest <g> (z_max_fraction), or None for an unclamped equation, which is singular at 1.

    Raises
    ------
    TypeError, ValueError
        A parameter that is missing, unknown or out of its range.

    Examples
    --------
    The fold of the unclamped equation for a = 1 is the golden ratio.

    >>> import memnet as mn
    >>> field = mn.theory.HillockField(strength=1.0, tau=1.0, a=1.0, clamp=None)
    >>> ((g, drive),) = field.turning_points()
    >>> round(g, 6), round(drive, 6)
    (0.618034, 0.437971)
    >>> round(field.chi, 6), round(field.upper, 6), field.bounded
    (1.718282, 1.0, False)
    >>> abs(field.rate(g, drive)) < 1e-12, round(field.conductance(g), 6)
    (np.True_, np.float64(1.855277))
    >>> round(field.drive_at(g), 6), abs(field.drive_slope(g)) < 1e-6, round(field.step(g, drive, 0.1), 6)
    (np.float64(0.437971), np.True_, 0.618034)
    """

    _model: ClassVar[str] = "Hillock"

    strength: float
    tau: float
    a: float
    g_min: float = 1.0
    clamp: float | None = 0.5

    @classmethod
    def _of(cls, junctions: Junctions) -> HillockField:
        length, gaps = junctions.length, junctions.net.length
        if length is None:
            if gaps is None or np.ptp(gaps) > 1e-12 * gaps.max():
                raise ValueError(
                    "length must be given: the network's gaps are not all of one length, a mean field's are"
                )
            length = check.real("length of the network's gaps", float(gaps[0]), 0.0, math.inf, "()", "pd")
        alpha, beta = junctions.number("alpha"), junctions.number("beta")
        g_min = alpha * math.exp(-beta * length)
        return cls(
            drive=junctions.drive,
            scale=junctions.share if junctions.drive == "voltage" else junctions.share / (junctions.gain * g_min),
            gain=junctions.gain,
            strength=junctions.number("mu") / (junctions.number("kappa") * length**2),
            tau=junctions.number("tau"),
            a=beta * length,
            g_min=g_min,
            clamp=junctions.number("z_max_fraction") if junctions.clamp else None,
        )

    def __post_init__(self) -> None:
        check.real("strength", self.strength, 0.0, math.inf, "()", "1/V")
        check.real("tau", self.tau, 0.0, math.inf, "()", "s")
        check.real("a", self.a, 0.0, 700.0, "()")
        check.real("g_min", self.g_min, 0.0, math.inf, "()", "S")
        if self.clamp is not None:
            check.real("clamp", self.clamp, 0.0, 1.0)
        super().__post_init__()

    @property
    def chi(self) -> float:
        """Range of the conductance: exp(a) - 1."""
        return math.expm1(self.a)

    @property
    def upper(self) -> float:
        """The clamp, or just below the singularity."""
        return self.clamp if self.clamp is not None else math.nextafter(1.0, 0.0)

    @property
    def bounded(self) -> bool:
        """Whether there is a clamp."""
        return self.clamp is not None

    def _top(self) -> float:
        return self.clamp if self.clamp is not None else 1.0

    def _states(self, g: ArrayLike) -> Floats:
        # The equation goes on beyond the clamp.
        return check.numbers_within("g", g, 0.0, math.nextafter(1.0, 0.0))

    @check.numeric_arguments
    def rate(self, g: Numbers, u: Numbers) -> Any:
        """Return d<g>/dt (1/s) at states and drives."""
        push = self.strength * self.scale * np.abs(u)
        return (push / ((1.0 - g) * self._factor(g)) - g) / self.tau

    @check.numeric_arguments
    def conductance(self, g: Numbers) -> Any:
        """Return the conductance of the network (S)."""
        return self.gain * self.g_min * np.exp(self.a * np.asarray(g, dtype=np.float64))

    @check.numeric_arguments
    def drive_at(self, g: Numbers) -> Any:
        """Return <g> (1 - <g>) (1 + chi f(<g>)) / (strength scale)."""
        state = np.asarray(g, dtype=np.float64)
        return state * (1.0 - state) * self._factor(state) / (self.strength * self.scale)

    @check.numeric_arguments
    def drive_slope(self, g: Numbers) -> Any:
        """Return the derivative of `drive_at`."""
        state = np.asarray(g, dtype=np.float64)
        a = 0.0 if self.drive == "voltage" else self.a
        return (1.0 - 2.0 * state + a * state * (1.0 - state)) * self._factor(state) / (self.strength * self.scale)

    def turning_points(self) -> list[tuple[float, float]]:
        """Return the fold, if it lies inside the clamp.

        Returns
        -------
        list of (float, float)
            <g> and the drive (A or V); empty, or one.
        """
        return [(g, u) for g, u in super().turning_points() if self.clamp is None or g < self.clamp]

    @check.known_keywords
    def step(self, g: float, u: float, dt: float) -> float:
        """Return the state after the explicit Euler step that Hillock takes."""
        g, u, dt = self._step_arguments(g, u, dt)
        return min(max(g + float(self.rate(g, u)) * dt, 0.0), self.upper)

    def _factor(self, g: Any) -> Any:
        return np.ones_like(g) if self.drive == "voltage" else np.exp(self.a * g)
