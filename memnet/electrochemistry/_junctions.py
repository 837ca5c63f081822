"""Diffusion potentials: what a gradient of ions holds between its ends while no current flows."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from memnet.base import check
from memnet.base.arrays import Floats
from memnet.electrochemistry import _arguments as arguments
from memnet.electrochemistry._arguments import F, R

__all__ = ["diffusion_potential"]


@check.known_keywords
def diffusion_potential(
    z: ArrayLike, diffusivity: ArrayLike, first: ArrayLike, second: ArrayLike, temperature: ArrayLike = 298.15
) -> Any:
    """Return the potential across ions that diffuse between two places, by the equation of Henderson.

    Parameters
    ----------
    z, diffusivity, first, second : array_like, shape (..., ions)
        Charges with sign, diffusion coefficients (in any unit; ions that do not move have 0), and concentrations at the
        two places (in any unit, 0 where there are none) of the ions along the last axis.
    temperature : array_like, shape (...)
        In K.

    Returns
    -------
    float or ndarray, shape (...)
        Potential (V) of the first place from the second one.

    Raises
    ------
    ValueError
        A negative diffusion coefficient or concentration, no ion that moves at one of the places, z = 0, a temperature
        that is not above 0, a value that is not finite, shapes that do not broadcast.
    TypeError
        Arguments that are no numbers.

    See Also
    --------
    ghk_voltage : the same question where the field is constant, not the mixture linear.

    Notes
    -----
    At every point dV = -(R T/F) sum (t/z) d log c, with the transference numbers t of the ions; between the places the
    concentrations are linear. With one salt t is constant, and the potential -(R T/F) sum (t/z) log(first/second).

    References
    ----------
    P. Henderson, 1907, on the potentials of liquid junctions.

    Examples
    --------
    Potassium chloride hardly has one, hydrochloric acid has (diffusion coefficients in 1e-9 m^2/s):

    >>> import memnet as mn
    >>> for cation in (1.957, 9.311):
    ...     volts = mn.electrochemistry.diffusion_potential([1, -1], [cation, 2.032], [100, 100], [10, 10])
    ...     print(f"{1e3 * volts:.2f} mV")
    1.11 mV
    -37.96 mV
    """
    charge = arguments.charges("z", z)
    mobile = arguments.not_negative("diffusivity", diffusivity, "m^2/s")
    here = arguments.not_negative("first", first, "mol/m^3")
    there = arguments.not_negative("second", second, "mol/m^3")
    kelvin = arguments.positive("temperature", temperature, "K")
    shape = arguments.together(z=charge, diffusivity=mobile, first=here, second=there) or (1,)
    charge, mobile, here, there = (np.broadcast_to(one, shape) for one in (charge, mobile, here, there))
    conductance = [(charge**2 * mobile * one).sum(axis=-1) for one in (here, there)]
    for name, one in zip(("first", "second"), conductance, strict=True):
        if not one.all():
            raise ValueError(f"{name} must have an ion that moves, with a concentration and diffusivity above 0")
    carried = (charge * mobile * (here - there)).sum(axis=-1)
    arguments.together(ions=carried, temperature=kelvin)
    return (-R * kelvin / F * carried * _inverse_mean(*conductance))[()]


def _inverse_mean(first: Floats, second: Floats) -> Floats:
    """Return the mean of 1/g as g goes from one conductance to another: log(first/second)/(first - second).

    Where these are alike, it keeps its digits as 2 atanh(far)/far/(first + second), with far as below.
    """
    far = (first - second) / (first + second)
    like = np.where(np.abs(far) < 0.5, far, 0.5)
    with np.errstate(divide="ignore", invalid="ignore"):
        near = np.where(like == 0.0, 1.0, np.arctanh(like) / like) * 2.0 / (first + second)
        return np.where(np.abs(far) < 0.5, near, arguments.log_ratio(first, second) / (first - second))
