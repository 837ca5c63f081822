"""What takes a simulation as a thing: its static states, and its periodic ones."""

from memnet.base import rooms
from memnet.response._equilibria import Equilibria, equilibria
from memnet.response._periodic import periodic

__all__ = ["Equilibria", "equilibria", "periodic"]
rooms.close(globals())
