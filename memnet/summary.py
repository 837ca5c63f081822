"""A simulation in a few lines, as text and as a table of a notebook."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from memnet.simulation import Simulation


def of_simulation(simulation: Simulation) -> dict[str, str]:
    """Return what a simulation is and how far it has come, by name."""
    devices = (f"{device!r} on {simulation.edges_of(device).size} edges" for device in simulation.devices)
    return {
        "network": f"{simulation.net.n_nodes} nodes, {simulation.net.n_edges} edges",
        "devices": ", ".join(devices),
        "drive": ", ".join(f"{name} {wave!r}" for name, wave in simulation.drive.items()),
        "time": f"{simulation.time:g} s, {simulation.steps_done} steps of {simulation.dt:g} s",
        "solver": simulation.solver,
        "seed": str(simulation.seed),
    }


def table(caption: str, rows: Mapping[str, str]) -> str:
    """Return names and values as a table in HTML."""
    cells = "".join(
        f"<tr><th style='text-align:left'>{html.escape(name)}</th><td style='text-align:left'>"
        f"{html.escape(value)}</td></tr>"
        for name, value in rows.items()
    )
    return f"<table><caption>{html.escape(caption)}</caption>{cells}</table>"
