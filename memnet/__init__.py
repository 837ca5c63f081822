"""memnet: simulation of self-organised memristive networks.

Networks are graphs whose edges carry devices and whose electrodes are driven; a C library solves and integrates them.
`percolating`, `mix`, `Simulation` and `solve` are where to start.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from memnet._core import CheckpointError, SimulationBusy, __version__

# Functions named like their module: bound here, before anything imports the module and leaves its name instead.
from memnet.lattices import grid, random_network
from memnet.mix import mix
from memnet.network import Network, from_networkx, percolating
from memnet.solve import Solution, solve, terminal_conductance
from memnet.wires import nanowires, nanowires_at, wire_devices

if TYPE_CHECKING:
    from memnet import drive, plot
    from memnet.devices import *  # noqa: F403
    from memnet.results import rerun
    from memnet.simulation import Simulation
    from memnet.spice import to_spice
    from memnet.store import UnfinishedRunWarning, open_run, resume

_MODULES = ("analysis", "devices", "drive", "papers", "plot", "theory")
_HOMES = {
    "to_spice": "memnet.spice",
    "Simulation": "memnet.simulation",
    "rerun": "memnet.results",
    "UnfinishedRunWarning": "memnet.store",
    "open_run": "memnet.store",
    "resume": "memnet.store",
}

__all__ = [
    "CheckpointError",
    "Network",
    "Simulation",
    "SimulationBusy",
    "Solution",
    "UnfinishedRunWarning",
    "__version__",
    "drive",
    "from_networkx",
    "grid",
    "mix",
    "nanowires",
    "nanowires_at",
    "open_run",
    "percolating",
    "plot",
    "random_network",
    "rerun",
    "resume",
    "solve",
    "terminal_conductance",
    "to_spice",
    "wire_devices",
]


def __getattr__(name: str) -> Any:
    """Import a part of the package when it is first asked for; any other name may be a device model's."""
    if name.startswith("_"):
        raise AttributeError(f"module 'memnet' has no attribute {name!r}")
    if name in _MODULES:
        try:
            return importlib.import_module(f"memnet.{name}")
        except ModuleNotFoundError as error:
            if error.name != f"memnet.{name}":
                raise
            raise AttributeError(f"module 'memnet' has no attribute {name!r}") from None
    if name in _HOMES:
        value = getattr(importlib.import_module(_HOMES[name]), name)
    else:
        from memnet import _check, devices

        if name not in devices.MODELS:
            near = _check.did_you_mean(name, [*__all__, *devices.MODELS])
            raise AttributeError(f"module 'memnet' has no attribute {name!r}{near}")
        value = devices.MODELS[name]
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    from memnet import devices

    return sorted({*__all__, "devices", *devices.MODELS})
