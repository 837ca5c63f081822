"""A simulation that is watched and steered while it runs: in a notebook, or as a page on this machine."""

from memnet.base import rooms
from memnet.live._server import Page as Page
from memnet.live._view import View, view

__all__ = ["View", "view"]
rooms.close(globals())
