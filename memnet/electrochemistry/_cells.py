"""Cells of two electrodes: their electromotive force, as that of batteries and of switching devices."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from memnet.base import check
from memnet.electrochemistry import _arguments as arguments
from memnet.electrochemistry._arguments import F, R

__all__ = ["Electrode", "emf"]


@check.known_fields
@dataclass(frozen=True)
class Electrode:
    """A half-cell: what is oxidised and reduced at an electrode, oxidised + z electrons = reduced.

    Parameters
    ----------
    z : array_like
        Electrons that the reaction takes: 1 for Ag+ + e- = Ag, 4 for O2 + 4 H+ + 4 e- = 2 H2O.
    standard : array_like
        Standard potential (V), where all activities are 1.
    oxidised : array_like
        Activity of what takes the electrons, of a dilute ion its concentration in mol/l. Of several reactants, the
        product of their activities, each to the power that it has in the reaction: p_O2 [H+]^4.
    reduced : array_like
        Activity of what they make, 1 for a pure metal, below 1 for one in an alloy.
    radius : array_like
        Radius (m) of the electrode if it is a small particle or the tip of a filament, infinite if it is flat.
    surface_energy : array_like, optional
        Of the metal's surface (J/m^2), where there is a radius.
    molar_volume : array_like, optional
        Of the metal (m^3/mol), where there is a radius.

    Raises
    ------
    ValueError
        An activity or radius that is not above 0, z = 0, a radius without a surface energy and a molar volume, a value
        that is not finite, shapes that do not broadcast.
    TypeError
        Arguments that are no numbers.

    Examples
    --------
    Silver in contact with 1 mmol/l of its ions, flat, and as a particle of 5 nm:

    >>> import memnet as mn
    >>> flat = mn.electrochemistry.Electrode(standard=0.7996, oxidised=1e-3)
    >>> small = mn.electrochemistry.Electrode(
    ...     standard=0.7996, oxidised=1e-3, radius=5e-9, surface_energy=1.2, molar_volume=10.27e-6
    ... )
    >>> print(f"{flat.potential():.4f} V, {small.potential():.4f} V")
    0.6221 V, 0.5710 V
    """

    z: ArrayLike = 1.0
    standard: ArrayLike = 0.0
    oxidised: ArrayLike = 1.0
    reduced: ArrayLike = 1.0
    radius: ArrayLike = math.inf
    surface_energy: ArrayLike | None = None
    molar_volume: ArrayLike | None = None

    def __post_init__(self) -> None:
        self.potential()

    def potential(self, temperature: ArrayLike = 298.15) -> Any:
        """Return its potential from a standard hydrogen electrode (V), at temperatures (K).

        standard + R T/(z F) log(oxidised/reduced) - 2 surface_energy molar_volume/(z F radius): equation of Nernst, and
        of Gibbs and Thomson, by which a small particle dissolves more easily.
        """
        z = arguments.charges("z", self.z)
        standard = arguments.finite("standard", self.standard, "V")
        above = arguments.positive("oxidised", self.oxidised, "")
        below = arguments.positive("reduced", self.reduced, "")
        radius = check.numbers_within("radius", self.radius, 0.0, math.inf, "(]", "m", finite=False)
        kelvin = arguments.positive("temperature", temperature, "K")
        energy, volume = self._surface(bool(np.isfinite(radius).any()))
        arguments.together(
            z=z,
            standard=standard,
            oxidised=above,
            reduced=below,
            radius=radius,
            surface_energy=energy,
            molar_volume=volume,
            temperature=kelvin,
        )
        thermal = R * kelvin / (z * F) * arguments.log_ratio(above, below)
        return (standard + thermal - 2.0 * energy * volume / (z * F * radius))[()]

    def _surface(self, curved: bool) -> tuple[Any, Any]:
        """Return surface energy and molar volume, which a curved surface must have."""
        given = []
        for name, unit in (("surface_energy", "J/m^2"), ("molar_volume", "m^3/mol")):
            value = getattr(self, name)
            if value is None and curved:
                raise ValueError(f"{name} must be given beside a radius, got None")
            given.append(arguments.not_negative(name, 0.0 if value is None else value, unit))
        return given[0], given[1]


@check.known_keywords
def emf(first: Electrode, second: Electrode, *, temperature: ArrayLike = 298.15, diffusion: ArrayLike = 0.0) -> Any:
    """Return the electromotive force of a cell: the potential of the first electrode from the second one at no current.

    Parameters
    ----------
    first, second : Electrode
        What goes on at the two electrodes.
    temperature : array_like
        Of the cell (K).
    diffusion : array_like
        Potential (V) across the electrolyte, of its place at the first electrode from that at the second one, as
        `diffusion_potential` returns it.

    Returns
    -------
    float or ndarray
        In V, positive where the first electrode is the positive one.

    Raises
    ------
    ValueError
        A temperature that is not above 0, a value that is not finite, shapes that do not broadcast.
    TypeError
        Electrodes that are none, arguments that are no numbers.

    See Also
    --------
    memnet.Nanobattery : a device with an emf, and with electrons that let one measure less of it.

    Notes
    -----
    Origins of an emf in switching films, by section 3.1 of Adv. Mater. 2023, doi 10.1002/adma.202301924: electrodes of
    other metals or alloys, other partial pressures of oxygen or water at them, surface energies, and gradients of ions
    between them. They add up, or cancel in part. Where electrons carry the share t_e of the conductance, (1 - t_e) emf
    is measured.

    Examples
    --------
    A silver electrode and a platinum one at which oxygen of the air reacts (pH 7):

    >>> import memnet as mn
    >>> silver = mn.electrochemistry.Electrode(standard=0.7996, oxidised=1e-3)
    >>> oxygen = mn.electrochemistry.Electrode(z=4, standard=1.229, oxidised=0.21 * 1e-28)
    >>> print(f"{mn.electrochemistry.emf(silver, oxygen):.4f} V")
    -0.1827 V

    Silver at both ends of a gradient of its ions that carry all current has none:

    >>> ends = [mn.electrochemistry.Electrode(oxidised=c) for c in (1e-1, 1e-3)]
    >>> across = mn.electrochemistry.diffusion_potential([1, -1], [1, 0], [100, 100], [1, 1])
    >>> print(f"{1e3 * across:.3f} mV, {1e3 * abs(mn.electrochemistry.emf(*ends, diffusion=across)):.3f} mV")
    -118.319 mV, 0.000 mV
    """
    for name, one in (("first", first), ("second", second)):
        check.instance(name, one, Electrode, "an Electrode")
    across = arguments.finite("diffusion", diffusion, "V")
    potentials = [np.asarray(one.potential(temperature)) for one in (first, second)]
    arguments.together(first=potentials[0], second=potentials[1], diffusion=across)
    return (potentials[0] - potentials[1] + across)[()]
