"""The language of device models: text, tree, units, values in single assignment, derivatives, programs; a pass a file.

    text -> _statements, _tokens, _tree -> _model -> _units (_dimensions), _table
                                  _model -> _lower (_graph) -> _derivatives -> _programs -> _registers -> _c_writer

Nothing here knows the engine. `memnet.devices` makes device classes of what comes out.
"""

from memnet.base import rooms
from memnet.equations._c_writer import number_in_c as number_in_c, program_in_c as program_in_c
from memnet.equations._fault import EquationError
from memnet.equations._model import (
    CHARGE as CHARGE,
    CHARGE_VOLTAGE as CHARGE_VOLTAGE,
    CONSTANTS as CONSTANTS,
    HOLDS as HOLDS,
    INFLOW as INFLOW,
    START_VOLTAGE as START_VOLTAGE,
    Model as Model,
    parse as parse,
)
from memnet.equations._programs import (
    Programs as Programs,
    each_step_events as each_step_events,
    events_at_steps as events_at_steps,
    located_events as located_events,
    programs as programs,
)
from memnet.equations._registers import Program as Program
from memnet.equations._statements import Quantity as Quantity
from memnet.equations._subcircuit import Subcircuit as Subcircuit, subcircuit as subcircuit
from memnet.equations._table import Field as Field, Table as Table, table as table
from memnet.equations._units import same_unit as same_unit
from memnet.equations._verilog_a import verilog_a as verilog_a

__all__ = ["EquationError"]
rooms.close(globals())
