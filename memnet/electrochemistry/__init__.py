"""Electrochemistry of membranes and cells: equilibrium and resting potentials, ionic fluxes, electromotive forces.

Plain functions over numbers and arrays, which broadcast. Concentrations are in mol/m^3, which is mmol/l. Potentials of
membranes are those of the inside from the outside, and fluxes and currents out of the cell are positive.
"""

from memnet.base import rooms
from memnet.electrochemistry._cells import Electrode, emf
from memnet.electrochemistry._junctions import diffusion_potential
from memnet.electrochemistry._membranes import ghk_flux, ghk_voltage, nernst
from memnet.electrochemistry._table import TABLE_1, Ion

__all__ = ["TABLE_1", "Electrode", "Ion", "diffusion_potential", "emf", "ghk_flux", "ghk_voltage", "nernst"]
rooms.close(globals())
