"""Netlists for SPICE."""

from memnet.base import rooms
from memnet.spice._netlist import to_spice

__all__ = ["to_spice"]
rooms.close(globals())
