"""What is done to the electrodes over time: waveforms of voltage and current.

A drive is a dict from electrode name to a waveform, a number (a constant voltage, V) or None (floating). Waveforms are
frozen, can be added, multiplied by a number, called with times to see their values, and are evaluated by the C library
alone.
"""

from memnet.base import rooms
from memnet.drive._description import from_spec as from_spec, to_spec as to_spec
from memnet.drive._electrodes import (
    checked as checked,
    constant_value as constant_value,
    flatten as flatten,
    role_and_value as role_and_value,
    without_limit as without_limit,
)
from memnet.drive._jumps import first_jump as first_jump, last_corner as last_corner
from memnet.drive._leaves import *  # noqa: F403
from memnet.drive._leaves import LEAVES as LEAVES
from memnet.drive._nodes import concat, current, limited
from memnet.drive._table import (
    CURRENT as CURRENT,
    KINDS as KINDS,
    ROLE_CURRENT as ROLE_CURRENT,
    ROLE_FLOATING as ROLE_FLOATING,
    ROLE_LIMITED as ROLE_LIMITED,
    ROLE_VOLTAGE as ROLE_VOLTAGE,
)
from memnet.drive._waveform import (
    MOST_CORNERS as MOST_CORNERS,
    Driven as Driven,
    Waveform,
    nodes as nodes,
    waveform as waveform,
)

__all__ = ["Waveform", "concat", "current", "limited", *LEAVES]

Waveform.__module__ = __name__  # where pickles of it look
rooms.close(globals())
