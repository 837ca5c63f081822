"""What takes a simulation as a thing: its static states, periodic ones, and how it answers small departures."""

from memnet.base import rooms
from memnet.response._eigenvalues import UnstableWarning, eigenvalues
from memnet.response._equilibria import Equilibria, equilibria
from memnet.response._impedance import impedance
from memnet.response._operating_point import NoOperatingPoint
from memnet.response._periodic import periodic
from memnet.response._sine import impedance_by_sine

__all__ = [
    "Equilibria",
    "NoOperatingPoint",
    "UnstableWarning",
    "eigenvalues",
    "equilibria",
    "impedance",
    "impedance_by_sine",
    "periodic",
]
rooms.close(globals())
