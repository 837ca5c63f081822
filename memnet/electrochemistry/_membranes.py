"""Membranes that ions cross: the potential at which one kind rests, its flux at others, and where all together rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from memnet.base import check
from memnet.base.arrays import Floats
from memnet.electrochemistry import _arguments as arguments
from memnet.electrochemistry._arguments import F, R

__all__ = ["ghk_flux", "ghk_voltage", "nernst"]

# What a bracket of a root has more than its bound, for rounding, relative and absolute.
PADDING = 1e-9


@check.known_keywords
def nernst(z: ArrayLike, inside: ArrayLike, outside: ArrayLike, temperature: ArrayLike = 310.0) -> Any:
    """Return the Nernst potential of an ion, at which its flux through a membrane is 0.

    Parameters
    ----------
    z : array_like
        Charges of an ion, with sign.
    inside, outside : array_like
        Concentrations (mol/m^3, which is mmol/l, or any unit that both have).
    temperature : array_like
        In K.

    Returns
    -------
    float or ndarray
        Potential (V) of the inside from the outside, R T/(z F) log(outside/inside), in the shape to which the arguments
        broadcast.

    Raises
    ------
    ValueError
        A concentration or temperature that is not above 0, z = 0, a value that is not finite, shapes that do not
        broadcast.
    TypeError
        Arguments that are no numbers.

    See Also
    --------
    ghk_voltage : the potential of a membrane that several kinds of ions cross.

    Notes
    -----
    Equation 4 of Adv. Mater. 2023, doi 10.1002/adma.202301924. With the concentration of an anion, too, `outside`
    stands above: its sign comes from z.

    Examples
    --------
    >>> import numpy as np, memnet as mn
    >>> volts = mn.electrochemistry.nernst(z=[1, 1, -1], inside=[12, 150, 10], outside=[145, 4.5, 115], temperature=300)
    >>> (1e3 * volts).round(3)
    array([ 64.419, -90.652, -63.14 ])
    """
    charge = arguments.charges("z", z)
    within = arguments.positive("inside", inside, "mol/m^3")
    without = arguments.positive("outside", outside, "mol/m^3")
    kelvin = arguments.positive("temperature", temperature, "K")
    arguments.together(z=charge, inside=within, outside=without, temperature=kelvin)
    return (R * kelvin / (charge * F) * arguments.log_ratio(without, within))[()]


@check.known_keywords
def ghk_flux(
    z: ArrayLike,
    permeability: ArrayLike,
    inside: ArrayLike,
    outside: ArrayLike,
    v: ArrayLike,
    temperature: ArrayLike = 310.0,
) -> Any:
    """Return the flux of an ion through a membrane in a constant field: the equation of Goldman, Hodgkin and Katz.

    Parameters
    ----------
    z : array_like
        Charges of an ion, with sign.
    permeability : array_like
        In m/s, diffusion coefficient over thickness.
    inside, outside : array_like
        Concentrations (mol/m^3, which is mmol/l).
    v : array_like
        Potential (V) of the inside from the outside.
    temperature : array_like
        In K.

    Returns
    -------
    float or ndarray
        Flux (mol/(m^2 s)) out of the cell, in the shape to which the arguments broadcast. The current density (A/m^2)
        is z F times as much. Its error is below 1e-14 of the larger one of the two fluxes that it is the difference of,
        at and next to v = 0, too.

    Raises
    ------
    ValueError
        A concentration or temperature that is not above 0, a negative permeability, z = 0, a value that is not finite,
        shapes that do not broadcast.
    TypeError
        Arguments that are no numbers.

    See Also
    --------
    memnet.Goldman : the same as a device, on an edge from the inside to the outside.

    Notes
    -----
    The solution of equation 8 of Adv. Mater. 2023, doi 10.1002/adma.202301924, with x = z F v/(R T),
    P x (inside - outside e^-x)/(1 - e^-x); its equation 10 has inside and outside exchanged.

    Examples
    --------
    >>> import memnet as mn
    >>> flux = mn.electrochemistry.ghk_flux(1, 1.0, inside=12.0, outside=145.0, v=[-0.075, 0.0, 0.075])
    >>> flux.round(2)
    array([-431.08, -133.  ,    9.71])
    """
    charge = arguments.charges("z", z)
    meters = arguments.not_negative("permeability", permeability, "m/s")
    within = arguments.positive("inside", inside, "mol/m^3")
    without = arguments.positive("outside", outside, "mol/m^3")
    volts = arguments.finite("v", v, "V")
    kelvin = arguments.positive("temperature", temperature, "K")
    arguments.together(z=charge, permeability=meters, inside=within, outside=without, v=volts, temperature=kelvin)
    x = charge * F * volts / (R * kelvin)
    distance = x - arguments.log_ratio(without, within)
    far = within * against(-x) - without * against(x)
    # Near equilibrium the one is the other times exp(distance), and their difference loses no digits.
    along, source = np.where(x >= 0.0, 1.0, -1.0), np.where(x >= 0.0, within, without)
    near = -along * source * against(-np.abs(x)) * np.expm1(-along * np.clip(distance, -1.0, 1.0))
    return (meters * np.where(np.abs(distance) < 1.0, near, far))[()]


@check.known_keywords
def ghk_voltage(
    z: ArrayLike,
    permeability: ArrayLike,
    inside: ArrayLike,
    outside: ArrayLike,
    temperature: ArrayLike = 310.0,
    *,
    pump_current: ArrayLike = 0.0,
) -> Any:
    """Return the potential at which a membrane rests: that at which the currents of all ions and of pumps cancel.

    Parameters
    ----------
    z, permeability, inside, outside : array_like, shape (..., ions)
        Charges with sign, permeabilities (m/s; in any unit, if there is no pump), concentrations (mol/m^3, which is
        mmol/l) of the ions along the last axis.
    temperature : array_like, shape (...)
        In K.
    pump_current : array_like, shape (...)
        Current density (A/m^2) out of the cell that pumps carry: the sodium-potassium pump brings three charges out for
        two that it brings in.

    Returns
    -------
    float or ndarray, shape (...)
        Potential (V) of the inside from the outside.

    Raises
    ------
    ValueError
        A concentration or temperature that is not above 0, a negative permeability, z = 0, permeabilities that are all
        0, a value that is not finite, shapes that do not broadcast; concentrations, or a pump and what the
        permeabilities can balance, too far apart for doubles.
    TypeError
        Arguments that are no numbers.

    Notes
    -----
    Of ions with one charge, without a pump, the closed form of equation 12 of Adv. Mater. 2023, doi
    10.1002/adma.202301924; else the one root of sum z j + pump_current/F = 0, where its equation 11 lacks z. The
    currents rise with the potential.

    Examples
    --------
    >>> import memnet as mn
    >>> cell = dict(z=[1, -1, 1], inside=[150.0, 10.0, 12.0], outside=[4.5, 115.0, 145.0])
    >>> rest = mn.electrochemistry.ghk_voltage(permeability=[1.0, 0.1, 0.03], **cell)
    >>> print(f"{1e3 * rest:.4f} mV")
    -74.7787 mV

    A pump that carries 10 mA/m^2 makes it more negative:

    >>> pumped = mn.electrochemistry.ghk_voltage(permeability=[1e-8, 1e-9, 3e-10], pump_current=0.01, **cell)
    >>> print(f"{1e3 * pumped:.3f} mV")
    -84.966 mV
    """
    charge = arguments.charges("z", z)
    meters = arguments.not_negative("permeability", permeability, "m/s")
    within = arguments.positive("inside", inside, "mol/m^3")
    without = arguments.positive("outside", outside, "mol/m^3")
    kelvin = arguments.positive("temperature", temperature, "K")
    pumped = arguments.finite("pump_current", pump_current, "A/m^2")
    shape = arguments.together(z=charge, permeability=meters, inside=within, outside=without) or (1,)
    most = np.broadcast_to(meters, shape).max(axis=-1, initial=0.0)
    if not most.all():
        raise ValueError(f"permeability must be above 0 for one ion at least, got {check.shown(permeability)}")
    arguments.together(ions=most, temperature=kelvin, pump_current=pumped)
    largest = np.broadcast_to(np.maximum(within, without), shape).max(axis=-1)
    scaled = (meters / most[..., np.newaxis], *(one / largest[..., np.newaxis] for one in (within, without)))
    ions = Ions(*(np.broadcast_to(one, shape) for one in (charge, *scaled)))
    if np.all(np.abs(charge) == 1.0) and not pumped.any():
        at_rest = ions.monovalent()
    else:
        with np.errstate(over="ignore"):
            at_rest = ions.with_pump(pumped / F / most / largest)
    return (R * kelvin / F * at_rest)[()]


def against(x: Floats) -> Floats:
    """Return x/(exp(x) - 1), 1 at x = 0: what of a flux is left against a field; expm1 keeps its digits next to 0."""
    with np.errstate(over="ignore", invalid="ignore"):
        return np.where(x == 0.0, 1.0, x / np.expm1(x))


@dataclass(frozen=True)
class Ions:
    """Ions of membranes along the last axis; permeabilities and concentrations are shares of a membrane's largest."""

    z: Floats
    permeability: Floats
    inside: Floats
    outside: Floats

    def monovalent(self) -> Floats:
        """Return F v/(R T) at rest of ions with one charge each, without a pump."""
        cation = self.z > 0.0
        above = (self.permeability * np.where(cation, self.outside, self.inside)).sum(axis=-1)
        below = (self.permeability * np.where(cation, self.inside, self.outside)).sum(axis=-1)
        return arguments.log_ratio(above, below)

    def with_pump(self, pump: Floats) -> Floats:
        """Return F v/(R T) at which sum z j and what a pump carries, of shape (...), cancel."""
        shape, n = np.broadcast_shapes(self.z.shape[:-1], pump.shape), self.z.shape[-1]
        ions = [
            np.broadcast_to(one, (*shape, n)).reshape(-1, n)
            for one in (self.z, self.permeability, self.inside, self.outside)
        ]
        pumps = np.broadcast_to(pump, shape).ravel()
        found = [Ions(*(one[k] for one in ions)).root(float(pumps[k])) for k in range(pumps.size)]
        return np.array(found).reshape(shape)

    def current(self, u: float) -> float:
        """Return sum z j of one membrane at F v/(R T) = u."""
        x = self.z * u
        return float((self.z * self.permeability * (self.inside * against(-x) - self.outside * against(x))).sum())

    def root(self, pump: float) -> float:
        """Return F v/(R T) at rest of one membrane.

        Of the current of an ion, what goes with the field is z^2 P c u at least, and what goes against it, at most what
        it is at u = 0. So the sum has its sign beyond two bounds. It also has it beyond all potentials of Nernst, where
        a pump does not carry as much the other way.
        """
        from scipy import optimize

        size, cation = np.abs(self.z) * self.permeability, self.z > 0.0
        outwards = size * np.where(cation, self.inside, self.outside)
        inwards = size * np.where(cation, self.outside, self.inside)
        with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
            alone = (arguments.log_ratio(self.outside, self.inside) / self.z)[self.permeability > 0.0]
            high = np.fmax((inwards.sum() - pump) / (np.abs(self.z) * outwards).sum(), 0.0)
            low = np.fmin((-outwards.sum() - pump) / (np.abs(self.z) * inwards).sum(), 0.0)
        # One whose concentrations are both too small beside the others' has none, nan, and limits nothing.
        low = float(np.fmax(low, alone.min()) if pump <= 0.0 else low)
        high = float(np.fmin(high, alone.max()) if pump >= 0.0 else high)
        if not (np.isfinite(low) and np.isfinite(high)):
            if pump == 0.0:
                raise ValueError("inside and outside must not be more than 1e300 times each other")
            raise ValueError(f"pump_current is beyond what permeability can balance, by a factor of {abs(pump):g}")
        low, high = low - PADDING * (1.0 + abs(low)), high + PADDING * (1.0 + abs(high))
        rtol = 4.0 * np.finfo(np.float64).eps
        return float(optimize.brentq(lambda u: self.current(u) + pump, low, high, xtol=1e-300, rtol=rtol, maxiter=5000))
