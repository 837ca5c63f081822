"""The device models, and which edge carries which device."""

from typing import TYPE_CHECKING

from memnet.base import rooms
from memnet.devices._assigned import (
    assigned as assigned,
    reassigned as reassigned,
)
from memnet.devices._cell_devices import cell_devices as cell_devices
from memnet.devices._description import (
    RECIPES as RECIPES,
    describe_devices as describe_devices,
    describe_parts as describe_parts,
    rebuild_assignment as rebuild_assignment,
    rebuild_each as rebuild_each,
    rebuild_of as rebuild_of,
)
from memnet.devices._device import Device, table_of as table_of
from memnet.devices._device_class import device_class as device_class
from memnet.devices._distributions import (
    DISTRIBUTIONS as DISTRIBUTIONS,
    Distribution,
    lognormal,
    normal,
    uniform,
)
from memnet.devices._equation_device import EquationDevice
from memnet.devices._equation_table import equation_table as equation_table
from memnet.devices._equations import device_model
from memnet.devices._field import (
    argument_fields as argument_fields,
    field_index as field_index,
    parameter_fields as parameter_fields,
    state_fields as state_fields,
)
from memnet.devices._links import link, refuse_linked_units as refuse_linked_units, with_edges as with_edges
from memnet.devices._mix import (
    Mix,
    checked_pairs as checked_pairs,
    mix,
)
from memnet.devices._model_in_c import file_name as file_name, model_in_c as model_in_c
from memnet.devices._models import MODELS
from memnet.devices._preset import Preset, PresetWarning
from memnet.devices._series import Series, series
from memnet.devices._spread import core_cycles as core_cycles, spread
from memnet.devices._states import (
    check_own_range as check_own_range,
    refuse_outputs as refuse_outputs,
    state_shape as state_shape,
    state_values as state_values,
    state_width as state_width,
)
from memnet.devices._variation import read_currents as read_currents
from memnet.devices._wire_devices import wire_devices as wire_devices

if TYPE_CHECKING:
    from memnet.devices._models import *  # noqa: F403

globals().update(MODELS)

__all__ = [
    "MODELS",
    "Device",
    "Distribution",
    "EquationDevice",
    "Mix",
    "Preset",
    "PresetWarning",
    "Series",
    "device_model",
    "link",
    "lognormal",
    "mix",
    "normal",
    "series",
    "spread",
    "uniform",
    *MODELS,
]
rooms.close(globals())
