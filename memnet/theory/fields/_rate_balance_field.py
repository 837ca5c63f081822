"""The mean field of rate-balance junctions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from memnet.base import check
from memnet.base.arrays import Floats
from memnet.theory.exact import rate_balance_potential
from memnet.theory.fields._field import FixedPoint, Junctions, MeanField, Numbers


@check.known_fields
@dataclass(frozen=True, kw_only=True)
class RateBalanceField(MeanField):
    """Rate balance: kappa_p0 exp(eta_p x) (1 - <g>) - kappa_d0 exp(-eta_d x) <g>.

    x = scale u / (1 + chi <g>) under a current and in the effective equation (MF23 eq. 8-10), scale u under a voltage.
    It has one equilibrium at every drive, and that is stable: x falls as <g> grows.

    Parameters
    ----------
    drive, scale, gain
        As in `MeanField`.
    kappa_p0, kappa_d0 : float
        Rates at 0 V (1/s), > 0.
    eta_p, eta_d : float
        Growth and decay of the rates with voltage (1/V), >= 0.
    g_min, chi : float
        Conductance of a junction is g_min (1 + chi <g>) (S).

    Raises
    ------
    TypeError, ValueError
        A parameter that is missing, unknown or out of its range.

    Examples
    --------
    >>> import memnet as mn
    >>> field = mn.theory.RateBalanceField(kappa_p0=1e-3, kappa_d0=2.0, eta_p=9.0, eta_d=4.0, g_min=1e-4, chi=30.0)
    >>> round(field.switching_drive(), 3)
    9.355
    >>> drive = field.switching_drive()
    >>> abs(field.rate(0.5, drive)) < 1e-12, round(field.step(0.5, drive, 1.0), 9), field.turning_points()
    (np.True_, 0.5, [])
    >>> round(float(field.branch_voltage(0.5, drive)), 6)
    0.584685
    >>> [round(float(f(0.5)), 6) for f in (field.conductance, field.drive_at, field.drive_slope)]
    [0.0016, 9.354957, 22.463621]
    >>> [(round(point.g, 9), point.stable) for point in field.fixed_points(drive)]
    [(0.5, True)]
    """

    _model: ClassVar[str] = "RateBalance"

    kappa_p0: float
    kappa_d0: float
    eta_p: float
    eta_d: float
    g_min: float
    chi: float

    @classmethod
    def _of(cls, junctions: Junctions) -> RateBalanceField:
        rates = {name: junctions.number(name) for name in ("kappa_p0", "kappa_d0", "eta_p", "eta_d")}
        g_min, g_max = junctions.number("g_min"), junctions.number("g_max")
        if not g_min > 0.0:
            raise ValueError("RateBalance.g_min must be > 0 S for a mean field: chi = g_max / g_min - 1 enters it")
        if junctions.device.parameters["step"] != "exact":
            raise ValueError(
                "RateBalance.step must be 'exact' for a mean field: the as-published step solves no equation"
            )
        if g_max < g_min:
            raise ValueError(f"RateBalance.g_max must be at least g_min = {g_min:g} S for a mean field, got {g_max:g}")
        return cls(
            drive=junctions.drive,
            scale=junctions.share if junctions.drive == "voltage" else junctions.share / (junctions.gain * g_min),
            gain=junctions.gain,
            g_min=g_min,
            chi=g_max / g_min - 1.0,
            **rates,
        )

    def __post_init__(self) -> None:
        check.real("kappa_p0", self.kappa_p0, 0.0, math.inf, "()", "1/s")
        check.real("kappa_d0", self.kappa_d0, 0.0, math.inf, "()", "1/s")
        check.real("eta_p", self.eta_p, 0.0, math.inf, "[)", "1/V")
        check.real("eta_d", self.eta_d, 0.0, math.inf, "[)", "1/V")
        check.real("g_min", self.g_min, 0.0, math.inf, "()", "S")
        check.real("chi", self.chi, 0.0, math.inf, "[)")
        super().__post_init__()

    @check.numeric_arguments
    def branch_voltage(self, g: Numbers, u: Numbers) -> Any:
        """Return the mean branch voltage (V).

        Parameters
        ----------
        g : float or ndarray
            States <g>.
        u : float or ndarray
            Drives (A or V, see `drive`), of a shape that broadcasts with g's.

        Returns
        -------
        float or ndarray
            In V.
        """
        x = np.abs(u) * self.scale
        return x if self.drive == "voltage" else x / (1.0 + self.chi * g)

    @check.numeric_arguments
    def rate(self, g: Numbers, u: Numbers) -> Any:
        """Return d<g>/dt (1/s) at states and drives."""
        x = self.branch_voltage(g, u)
        up = self.kappa_p0 * np.exp(self.eta_p * x)
        return up * (1.0 - g) - self.kappa_d0 * np.exp(-self.eta_d * x) * g

    @check.numeric_arguments
    def conductance(self, g: Numbers) -> Any:
        """Return the conductance of the network (S)."""
        return self.gain * self.g_min * (1.0 + self.chi * np.asarray(g, dtype=np.float64))

    @check.numeric_arguments
    def drive_at(self, g: Numbers) -> Any:
        """Return ln(s g / (1 - g)) (1 + chi g) / ((eta_p + eta_d) scale), s = kappa_d0 / kappa_p0 (MF23 eq. 12).

        Raises
        ------
        TypeError, ValueError
            States that are no numbers in [0, 1], or eta_p = eta_d = 0: no drive moves the equilibrium then.
        """
        x = self._voltage_at(g) / (self.eta_p + self.eta_d)
        return x * self._share(np.asarray(g, dtype=np.float64)) / self.scale

    @check.numeric_arguments
    def drive_slope(self, g: Numbers) -> Any:
        """Return the derivative of `drive_at`.

        Raises
        ------
        TypeError, ValueError
            States that are no numbers in [0, 1], or eta_p = eta_d = 0: no drive moves the equilibrium then.
        """
        x = self._voltage_at(g)
        state = np.asarray(g, dtype=np.float64)
        growth = 0.0 if self.drive == "voltage" else self.chi * x
        with np.errstate(divide="ignore", invalid="ignore"):
            slope = self._share(state) / (state * (1.0 - state)) + growth
        # At both ends the logarithm is the weaker of the two infinities.
        return np.where(np.isinf(x), np.inf, slope) / ((self.eta_p + self.eta_d) * self.scale)

    def turning_points(self) -> list[tuple[float, float]]:
        """Return none: the right-hand side of the equilibrium falls with <g>, so there is one at every drive.

        Returns
        -------
        list
            Empty.
        """
        return []

    @check.known_keywords
    def fixed_points(self, u: float) -> list[FixedPoint]:
        """Return the one equilibrium at a drive.

        Parameters
        ----------
        u : float
            The drive (A or V); its sign does not matter.

        Returns
        -------
        list of FixedPoint
            One, stable.
        """
        from scipy.optimize import brentq
        from scipy.special import expit

        u = abs(check.real("u", u))
        offset, eta = math.log(self.kappa_d0 / self.kappa_p0), self.eta_p + self.eta_d

        def short(g: float) -> float:
            return float(expit(eta * self.branch_voltage(g, u) - offset)) - g

        low, high = float(expit(-offset)), float(expit(eta * self.scale * u - offset))
        if self.drive == "voltage" or short(high) >= 0.0:
            return [FixedPoint(high, True)]
        if short(low) <= 0.0:
            return [FixedPoint(low, True)]
        return [FixedPoint(float(brentq(short, low, high, xtol=1e-16, rtol=1e-14)), True)]

    @check.known_keywords
    def switching_drive(self, g: float | None = None) -> float:
        """Return the drive at which the equilibrium passes a state: for one half, (1 + chi/2) ln s / (eta scale).

        Parameters
        ----------
        g : float, optional
            The state that separates low from high; default: one half.

        Raises
        ------
        TypeError, ValueError
            A state outside (0, 1), or rates that no voltage changes (eta_p = eta_d = 0).
        """
        return float(self.drive_at(0.5 if g is None else check.real("g", g, 0.0, 1.0)))

    @check.known_keywords
    def potential(self, g: ArrayLike, u: float) -> Floats:
        """Return V(<g>) - V(0) (1/s) in closed form; see `rate_balance_potential`.

        Raises
        ------
        TypeError, ValueError
            States or a drive that are no finite numbers, or states out of range.
        OverflowError
            eta_p times the branch voltage is beyond 700.
        """
        x = abs(check.real("u", u)) * self.scale
        return rate_balance_potential(
            self._states(g),
            chi=0.0 if self.drive == "voltage" else self.chi,
            kappa_p0=self.kappa_p0,
            kappa_d0=self.kappa_d0,
            a=self.eta_p * x,
            b=self.eta_d * x,
        )

    @check.known_keywords
    def step(self, g: float, u: float, dt: float) -> float:
        """Return the state after the exact step at constant branch voltage that RateBalance takes."""
        g, u, dt = self._step_arguments(g, u, dt)
        x = float(self.branch_voltage(g, u))
        down = self.kappa_d0 * math.exp(-self.eta_d * x)
        try:
            up = self.kappa_p0 * math.exp(self.eta_p * x)
        except OverflowError:
            return 1.0
        kept = math.exp(-(up + down) * dt)
        return up / (up + down) * (1.0 - kept) + g * kept

    def _voltage_at(self, g: ArrayLike) -> Floats:
        """Return (eta_p + eta_d) times the branch voltage at which <g> is an equilibrium, -inf at 0 and inf at 1."""
        from scipy.special import logit

        if self.eta_p + self.eta_d == 0.0:
            raise ValueError("eta_p and eta_d are 0 1/V, so no drive moves the equilibrium")
        result: Floats = math.log(self.kappa_d0 / self.kappa_p0) + logit(self._states(g))
        return result

    def _share(self, g: Any) -> Any:
        return 1.0 if self.drive == "voltage" else 1.0 + self.chi * g
