"""Figures: maps of a network, traces, loops, distributions, fits, animations; each returns what it drew."""

from typing import TYPE_CHECKING

from memnet.base import rooms

if TYPE_CHECKING:
    from memnet.plot._animations import *
    from memnet.plot._crossbars import *
    from memnet.plot._distributions import *
    from memnet.plot._fits import *
    from memnet.plot._logic import *
    from memnet.plot._loops import *
    from memnet.plot._maps import *
    from memnet.plot._pages import *
    from memnet.plot._spectra import *
    from memnet.plot._traces import *

rooms.offer(globals())
