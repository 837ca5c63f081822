"""memnet: simulation of self-organised memristive networks.

Networks are graphs whose edges carry devices and whose electrodes are driven; a C library solves and integrates them.
`percolating`, `mix`, `Simulation` and `solve` are where to start.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from memnet._core import CheckpointError, SimulationBusy, __version__
from memnet.base import check
from memnet.circuit import IllConditionedWarning, Solution, oriented, terminal_conductance
from memnet.devices import (
    MODELS,
    cell_devices,
    device_model,
    link,
    lognormal,
    mix,
    normal,
    series,
    spread,
    uniform,
    wire_devices,
)
from memnet.network import GENERATORS, Network, ShortCircuit, cell_conductances, from_networkx

if TYPE_CHECKING:
    from memnet import analysis, arrays, devices, drive, electrochemistry, learn, live, network, papers, plot, theory
    from memnet.devices import *  # noqa: F403
    from memnet.live import view
    from memnet.network import crossbar, grid, nanowires, nanowires_at, percolating, random_network  # noqa: F401
    from memnet.response import (
        Equilibria,
        NoOperatingPoint,
        UnstableWarning,
        eigenvalues,
        equilibria,
        impedance,
        impedance_by_sine,
        periodic,
    )
    from memnet.simulate import (
        Circuit,
        Simulation,
        StepWarning,
        UnfinishedRunWarning,
        devices_of,
        load_network,
        open_run,
        react,
        rerun,
        resume,
        solve,
    )
    from memnet.spice import to_spice
    from memnet.study import FailedPointsWarning, concat, ensemble, open_sweep, replica, sweep

# Rooms, and the rooms of names, that are imported when they are first asked for.
_ROOMS = (
    "analysis",
    "arrays",
    "electrochemistry",
    "learn",
    "live",
    "papers",
    "plot",
    "response",
    "simulate",
    "spice",
    "study",
    "theory",
)
_HOMES = (
    {"to_spice": "spice", "view": "live"}
    | dict.fromkeys(("FailedPointsWarning", "concat", "ensemble", "open_sweep", "replica", "sweep"), "study")
    | dict.fromkeys(
        (
            "Equilibria",
            "NoOperatingPoint",
            "UnstableWarning",
            "eigenvalues",
            "equilibria",
            "impedance",
            "impedance_by_sine",
            "periodic",
        ),
        "response",
    )
    | dict.fromkeys(
        (
            "Circuit",
            "Simulation",
            "StepWarning",
            "UnfinishedRunWarning",
            "devices_of",
            "load_network",
            "open_run",
            "react",
            "rerun",
            "resume",
            "solve",
        ),
        "simulate",
    )
)

__all__ = [
    "CheckpointError",
    "Circuit",
    "Equilibria",
    "FailedPointsWarning",
    "IllConditionedWarning",
    "Network",
    "NoOperatingPoint",
    "ShortCircuit",
    "Simulation",
    "SimulationBusy",
    "Solution",
    "StepWarning",
    "UnfinishedRunWarning",
    "UnstableWarning",
    "__version__",
    "analysis",
    "arrays",
    "cell_conductances",
    "cell_devices",
    "concat",
    "devices",
    "device_model",
    "devices_of",
    "drive",
    "eigenvalues",
    "electrochemistry",
    "ensemble",
    "learn",
    "equilibria",
    "from_networkx",
    "impedance",
    "impedance_by_sine",
    "link",
    "live",
    "load_network",
    "lognormal",
    "mix",
    "network",
    "normal",
    "open_run",
    "open_sweep",
    "oriented",
    "papers",
    "periodic",
    "plot",
    "react",
    "replica",
    "rerun",
    "resume",
    "series",
    "solve",
    "spread",
    "sweep",
    "terminal_conductance",
    "theory",
    "to_spice",
    "uniform",
    "view",
    "wire_devices",
    *GENERATORS,
]


def __getattr__(name: str) -> Any:
    """Import a part of the package when it is first asked for; any other is a device model's or a generator's."""
    if name in _ROOMS:
        return importlib.import_module(f"memnet.{name}")
    if name in _HOMES:
        value = getattr(importlib.import_module(f"memnet.{_HOMES[name]}"), name)
    elif name in MODELS:
        value = MODELS[name]
    elif name in GENERATORS:
        value = GENERATORS[name].function
    else:
        near = "" if name.startswith("_") else check.did_you_mean(name, [*__all__, *MODELS])
        raise AttributeError(f"module 'memnet' has no attribute {name!r}{near}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*__all__, *MODELS})
